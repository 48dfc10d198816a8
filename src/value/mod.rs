//! Values as vama writes them: text, days, moments and amounts normalised, fiscal codes, names of schemas.

pub mod bucharest;
pub mod company_name;
pub mod day;
pub mod fiscal;
pub mod import_name;
pub mod month;
pub mod near;
pub mod normalize;
pub mod order_status;
pub mod slug;

/// A line of a text file or a row of a sheet, counted from 1.
pub type Line = u32;
