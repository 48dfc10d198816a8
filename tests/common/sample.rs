//! The migrations of a platform that gives its companies one more table.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use vama::inside::store::Migrations;

/// The version that the sample has.
pub const VERSION: i64 = 99;

/// The table that it makes.
pub const TABLE: &str = "loyalty_points";

const FILE: &str = "0099_loyalty_points.sql";

const SQL: &str = "
    create table loyalty_points (
        id          uuid primary key default gen_random_uuid(),
        card_number text collate \"C\" not null unique,
        granted_on  date not null,
        points      numeric(18,2) not null
    );
    create index loyalty_points_granted_on_idx on loyalty_points (granted_on);";

/// Returns vama's own migrations and one more, as they are read from a folder.
pub async fn with_one_more() -> Migrations {
    let folder = TempDir::new().unwrap();
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/company");
    for file in fs::read_dir(ours).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    fs::write(folder.path().join(FILE), SQL).unwrap();
    Migrations::of_folder(folder.path()).await.unwrap()
}
