//! The tables of couriers: GLS has its own, all others share theirs.

use std::borrow::Cow;
use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::record::{Borderou, Courier, Parcel};
use crate::row::{
    BorderouRow, ColumnWriter, Row, Said, Stamp, Table, WRITER, clean, month_of, tidy,
};

/// The tables that the borderouri of a courier go into.
pub trait BorderouTables: fmt::Debug + Send + Sync + Sized + 'static {
    /// The table of the heads.
    const HEADS: Table;

    /// The table of the parcels as the borderouri list them.
    const PARCELS: Table;

    /// A parcel by itself. One that is stored already is left as it is.
    type Alone: Row + fmt::Debug;

    /// Returns the row of a parcel by itself, where the courier's parcels have a table.
    fn by_itself(borderou: &Borderou, parcel: &Parcel) -> Option<Self::Alone>;

    /// Hands over the columns that the table of heads has beyond those of GLS.
    fn put_more(head: &BorderouRow<Self>, out: &mut impl ColumnWriter);
}

/// The tables of GLS.
#[derive(Debug)]
pub enum OfGls {}

impl BorderouTables for OfGls {
    const HEADS: Table = Table::GlsBorderouri;
    const PARCELS: Table = Table::GlsBorderouParcels;

    type Alone = GlsParcel;

    fn by_itself(borderou: &Borderou, parcel: &Parcel) -> Option<GlsParcel> {
        Some(GlsParcel {
            number: tidy(&parcel.number),
            amount: parcel.amount,
            currency: parcel.currency.to_string(),
            cod_reference: clean(parcel.cod_reference.as_deref()),
            client_reference: clean(parcel.reference.as_deref()),
            recipient_name: clean(parcel.recipient_name.as_deref()),
            recipient_city: clean(parcel.recipient_city.as_deref()),
            delivery_date: parcel.delivery_date,
            month: month_of(parcel.delivery_date.unwrap_or(borderou.date)),
            raw: parcel.raw.clone(),
            line: parcel.line,
        })
    }

    fn put_more(_head: &BorderouRow<Self>, _out: &mut impl ColumnWriter) {}
}

/// The tables that all other couriers share.
#[derive(Debug)]
pub enum OfOthers {}

impl BorderouTables for OfOthers {
    const HEADS: Table = Table::CourierBorderouri;
    const PARCELS: Table = Table::CourierBorderouParcels;

    type Alone = SamedayParcel;

    fn by_itself(borderou: &Borderou, parcel: &Parcel) -> Option<SamedayParcel> {
        (borderou.courier == Courier::Sameday).then(|| SamedayParcel {
            number: tidy(&parcel.number),
            amount: parcel.amount,
            currency: parcel.currency.to_string(),
            delivery_date: parcel.delivery_date,
            county: clean(parcel.recipient_county.as_deref()),
            month: month_of(parcel.delivery_date.unwrap_or(borderou.date)),
            raw: parcel.raw.clone(),
            line: parcel.line,
        })
    }

    fn put_more(head: &BorderouRow<Self>, out: &mut impl ColumnWriter) {
        out.text(Some(head.courier.name()));
        out.date(head.period.map(|(from, _)| from));
        out.date(head.period.map(|(_, to)| to));
    }
}

/// A parcel by itself: a row of `gls_parcels`.
#[derive(Debug)]
pub struct GlsParcel {
    number: String,
    amount: Decimal,
    currency: String,
    cod_reference: Option<String>,
    client_reference: Option<String>,
    recipient_name: Option<String>,
    recipient_city: Option<String>,
    delivery_date: Option<NaiveDate>,
    month: String,
    raw: String,
    line: u32,
}

/// A parcel by itself: a row of `sameday_parcels`.
#[derive(Debug)]
pub struct SamedayParcel {
    number: String,
    amount: Decimal,
    currency: String,
    delivery_date: Option<NaiveDate>,
    county: Option<String>,
    month: String,
    raw: String,
    line: u32,
}

impl Row for GlsParcel {
    const TABLE: Table = Table::GlsParcels;
    const SAYS: &'static [&'static str] = &[];

    fn key(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.number)
    }

    /// Returns nothing to compare: a parcel that is stored already is left as it is, whatever the
    /// file says.
    fn says(&self) -> Said {
        Said::default()
    }

    fn raw(&self) -> (Cow<'_, str>, u32) {
        (Cow::Borrowed(&self.raw), self.line)
    }

    fn put(&self, id: Uuid, stamp: &Stamp, out: &mut impl ColumnWriter) {
        out.uuid(id);
        out.text(Some(&self.number));
        out.decimal(self.amount);
        out.text(Some(&self.currency));
        out.text(self.cod_reference.as_deref());
        out.text(self.client_reference.as_deref());
        out.text(self.recipient_name.as_deref());
        out.text(self.recipient_city.as_deref());
        out.bool(true);
        out.date(self.delivery_date);
        out.text(Some(&self.month));
        out.text(Some(WRITER));
        out.uuid(stamp.import_id);
        out.int(self.line);
    }
}

impl Row for SamedayParcel {
    const TABLE: Table = Table::SamedayParcels;
    const SAYS: &'static [&'static str] = &[];

    fn key(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.number)
    }

    /// Returns nothing to compare, as for a parcel of GLS.
    fn says(&self) -> Said {
        Said::default()
    }

    fn raw(&self) -> (Cow<'_, str>, u32) {
        (Cow::Borrowed(&self.raw), self.line)
    }

    fn put(&self, id: Uuid, stamp: &Stamp, out: &mut impl ColumnWriter) {
        out.uuid(id);
        out.text(Some(&self.number));
        out.decimal(self.amount);
        out.text(Some(&self.currency));
        out.bool(true);
        out.date(self.delivery_date);
        out.text(self.county.as_deref());
        out.text(Some(&self.month));
        out.text(Some(WRITER));
        out.uuid(stamp.import_id);
        out.int(self.line);
    }
}
