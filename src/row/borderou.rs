//! Borderouri → `gls_borderouri`, `gls_borderou_parcels` and `gls_parcels`.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::record::{Borderou, Parcel};
use crate::row::key::{Key, borderou_key, parcel_key};
use crate::row::{
    ColumnWriter, Head, Line, Row, Said, Stamp, Table, WRITER, clean, month_of, tidy,
};
use crate::value::normalize::amount_text;

/// The head of a borderou: one transfer of the courier to the shop.
#[derive(Debug)]
pub struct BorderouRow {
    key: Key,
    date: NaiveDate,
    client_name: Option<String>,
    account: String,
    currency: String,
    total: Decimal,
    parcels_count: u32,
    line: u32,
}

/// A parcel of a borderou: a row of `gls_borderou_parcels`.
#[derive(Debug)]
pub struct ParcelRow {
    key: Key,
    borderou_id: Uuid,
    number: String,
    reference: Option<String>,
    cod_reference: Option<String>,
    delivery_date: Option<NaiveDate>,
    amount: Decimal,
    currency: String,
    recipient_name: Option<String>,
    recipient_address: Option<String>,
    raw: String,
    line: u32,
}

/// A parcel by itself, a row of `gls_parcels`. A parcel that is stored already is left as it is.
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

/// Returns the rows of a borderou: its head, its parcels with their keys, the parcels themselves.
pub fn borderou_rows(borderou: &Borderou) -> (BorderouRow, Vec<ParcelRow>, Vec<GlsParcel>) {
    let pairs = borderou.parcels.iter().map(|it| (it.number.as_str(), it.amount));
    let head = BorderouRow {
        key: borderou_key(&borderou.account, borderou.date, pairs),
        date: borderou.date,
        client_name: clean(borderou.client_name.as_deref()),
        account: tidy(&borderou.account),
        currency: borderou.currency.to_string(),
        total: borderou.parcels.iter().map(|it| it.amount).sum(),
        parcels_count: u32::try_from(borderou.parcels.len()).unwrap_or(u32::MAX),
        line: borderou.line,
    };
    let mut seen: HashMap<&str, u32> = HashMap::new();
    let mut parcels = Vec::with_capacity(borderou.parcels.len());
    let mut alone = Vec::with_capacity(borderou.parcels.len());
    // Sorted, so that each parcel has the same number in an export that lists them in another
    // order.
    let mut sorted: Vec<&Parcel> = borderou.parcels.iter().collect();
    sorted.sort_by(|a, b| (&a.number, a.amount).cmp(&(&b.number, b.amount)));
    for parcel in sorted {
        let occurrence = seen.entry(&parcel.number).and_modify(|k| *k += 1).or_insert(1);
        parcels.push(listed(&head, parcel, *occurrence));
        if *occurrence == 1 {
            alone.push(by_itself(borderou, parcel));
        }
    }
    (head, parcels, alone)
}

fn listed(head: &BorderouRow, parcel: &Parcel, occurrence: u32) -> ParcelRow {
    ParcelRow {
        key: parcel_key(head.key, &parcel.number, occurrence, parcel.amount),
        borderou_id: Uuid::nil(),
        number: tidy(&parcel.number),
        reference: clean(parcel.reference.as_deref()),
        cod_reference: clean(parcel.cod_reference.as_deref()),
        delivery_date: parcel.delivery_date,
        amount: parcel.amount,
        currency: parcel.currency.to_string(),
        recipient_name: clean(parcel.recipient_name.as_deref()),
        recipient_address: clean(parcel.recipient_address.as_deref()),
        raw: parcel.raw.clone(),
        line: parcel.line,
    }
}

fn by_itself(borderou: &Borderou, parcel: &Parcel) -> GlsParcel {
    GlsParcel {
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
    }
}

impl BorderouRow {
    /// Returns the account that was paid.
    pub fn account(&self) -> &str {
        &self.account
    }
}

impl ParcelRow {
    /// Sets the identifier of the parcel's borderou, once the borderou has one.
    pub fn belongs_to(&mut self, borderou_id: Uuid) {
        self.borderou_id = borderou_id;
    }
}

impl Row for BorderouRow {
    const TABLE: Table = Table::GlsBorderouri;
    const SAYS: &'static [&'static str] = &["account", "currency", "date", "total"];

    fn key(&self) -> Cow<'_, str> {
        Cow::Owned(self.key.to_string())
    }

    fn says(&self) -> Said {
        let firm = [
            Some(self.account.as_str()),
            Some(&self.currency),
            Some(&self.date.to_string()),
            Some(&amount_text(self.total)),
        ];
        Said::of(&firm, &[])
    }

    fn raw(&self) -> (Cow<'_, str>, u32) {
        let raw = format!("{}\t{}\t{}", self.date, amount_text(self.total), self.currency);
        (Cow::Owned(raw), self.line)
    }

    fn put(&self, id: Uuid, stamp: &Stamp, out: &mut impl ColumnWriter) {
        out.uuid(id);
        out.text(Some(&self.key.to_string()));
        out.date(Some(self.date));
        out.text(self.client_name.as_deref());
        out.text(Some(&self.account));
        out.text(Some(&self.currency));
        out.decimal(self.total);
        out.int(self.parcels_count);
        out.text(Some(WRITER));
        out.text(Some(&stamp.file_name));
        stamp.put_mail(out);
        out.uuid(stamp.import_id);
        out.int(self.line);
    }
}

impl Head for BorderouRow {
    fn says_briefly(&self) -> String {
        format!("{}, {} {}", self.date, amount_text(self.total), self.currency)
    }
}

impl Line for ParcelRow {
    fn name(&self) -> &str {
        &self.number
    }

    fn says_briefly(&self) -> String {
        amount_text(self.amount)
    }
}

impl Row for ParcelRow {
    const TABLE: Table = Table::GlsBorderouParcels;
    const SAYS: &'static [&'static str] =
        &["parcel number", "amount", "currency", "delivery date", "COD reference", "recipient"];

    fn key(&self) -> Cow<'_, str> {
        Cow::Owned(self.key.to_string())
    }

    fn says(&self) -> Said {
        let delivery_date = self.delivery_date.map(|it| it.to_string());
        let firm = [
            Some(self.number.as_str()),
            Some(&amount_text(self.amount)),
            Some(&self.currency),
            delivery_date.as_deref(),
            self.cod_reference.as_deref(),
            self.recipient_name.as_deref(),
        ];
        Said::of(&firm, &[])
    }

    fn raw(&self) -> (Cow<'_, str>, u32) {
        (Cow::Borrowed(&self.raw), self.line)
    }

    fn put(&self, id: Uuid, stamp: &Stamp, out: &mut impl ColumnWriter) {
        out.uuid(id);
        out.text(Some(&self.key.to_string()));
        out.uuid(self.borderou_id);
        out.text(Some(&self.number));
        out.text(self.reference.as_deref());
        out.text(self.cod_reference.as_deref());
        out.date(self.delivery_date);
        out.decimal(self.amount);
        out.text(Some(&self.currency));
        out.text(self.recipient_name.as_deref());
        out.text(self.recipient_address.as_deref());
        out.uuid(stamp.import_id);
        out.int(self.line);
    }
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
