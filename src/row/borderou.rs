//! Borderouri → heads and parcels, in the tables of their courier.

use std::borrow::Cow;
use std::collections::HashMap;
use std::marker::PhantomData;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::record::{Borderou, Courier, Parcel};
use crate::row::key::{Key, borderou_key, parcel_key};
use crate::row::{
    BorderouTables, ColumnWriter, Head, Line, Row, Said, Stamp, Table, WRITER, clean, tidy,
};
use crate::value::normalize::amount_text;

/// The head of a borderou: one transfer of the courier to the shop.
#[derive(Debug)]
pub struct BorderouRow<T> {
    key: Key,
    pub(super) courier: Courier,
    date: NaiveDate,
    pub(super) period: Option<(NaiveDate, NaiveDate)>,
    client_name: Option<String>,
    account: String,
    currency: String,
    total: Decimal,
    parcels_count: u32,
    line: u32,
    tables: PhantomData<T>,
}

/// A parcel as its borderou lists it.
#[derive(Debug)]
pub struct ParcelRow<T> {
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
    tables: PhantomData<T>,
}

/// The rows of a borderou.
#[derive(Debug)]
pub struct BorderouRows<T: BorderouTables> {
    /// Its head.
    pub head: BorderouRow<T>,
    /// Its parcels.
    pub parcels: Vec<ParcelRow<T>>,
    /// The parcels by themselves, each once.
    pub by_themselves: Vec<T::Alone>,
}

/// Returns the rows of a borderou.
pub fn borderou_rows<T: BorderouTables>(borderou: &Borderou) -> BorderouRows<T> {
    let pairs = borderou.parcels.iter().map(|it| (it.number.as_str(), it.amount));
    let head = BorderouRow {
        key: borderou_key(borderou.courier, &borderou.account, borderou.date, pairs),
        courier: borderou.courier,
        date: borderou.date,
        period: borderou.period,
        client_name: clean(borderou.client_name.as_deref()),
        account: tidy(&borderou.account),
        currency: borderou.currency.to_string(),
        total: borderou.parcels.iter().map(|it| it.amount).sum(),
        parcels_count: u32::try_from(borderou.parcels.len()).unwrap_or(u32::MAX),
        line: borderou.line,
        tables: PhantomData,
    };
    let mut seen: HashMap<&str, u32> = HashMap::new();
    let mut parcels = Vec::with_capacity(borderou.parcels.len());
    let mut by_themselves = Vec::with_capacity(borderou.parcels.len());
    // Sorted, so that each parcel has the same number in an export that lists them in another
    // order.
    let mut sorted: Vec<&Parcel> = borderou.parcels.iter().collect();
    sorted.sort_by(|a, b| (&a.number, a.amount).cmp(&(&b.number, b.amount)));
    for parcel in sorted {
        let occurrence = seen.entry(&parcel.number).and_modify(|k| *k += 1).or_insert(1);
        parcels.push(listed(&head, parcel, *occurrence));
        if *occurrence == 1 {
            by_themselves.extend(T::by_itself(borderou, parcel));
        }
    }
    BorderouRows { head, parcels, by_themselves }
}

fn listed<T>(head: &BorderouRow<T>, parcel: &Parcel, occurrence: u32) -> ParcelRow<T> {
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
        tables: PhantomData,
    }
}

impl<T> BorderouRow<T> {
    /// Returns the account that was paid.
    pub fn account(&self) -> &str {
        &self.account
    }
}

impl<T: BorderouTables> Row for BorderouRow<T> {
    const TABLE: Table = T::HEADS;
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
        T::put_more(self, out);
    }
}

impl<T: BorderouTables> Head for BorderouRow<T> {
    fn says_briefly(&self) -> String {
        format!("{}, {} {}", self.date, amount_text(self.total), self.currency)
    }
}

impl<T: BorderouTables> Line for ParcelRow<T> {
    fn name(&self) -> &str {
        &self.number
    }

    fn says_briefly(&self) -> String {
        amount_text(self.amount)
    }

    fn belongs_to(&mut self, head: Uuid) {
        self.borderou_id = head;
    }
}

impl<T: BorderouTables> Row for ParcelRow<T> {
    const TABLE: Table = T::PARCELS;
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
