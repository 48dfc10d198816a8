//! Sameday's borderouri: which parcels' cash one transfer pays.

use std::io;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use super::random::Random;
use super::shop::{Person, Shop};
use super::workbook::{self, Cell, Sheet};
use crate::value::normalize;

const CLIENT_HEADERS: [&str; 6] =
    ["Nume client / companie", "Brand", "Banca", "IBAN", "Suma totala", "Perioada export"];
const PARCEL_HEADERS: [&str; 11] = [
    "AWB",
    "Nume destinatar",
    "Judet destinatar",
    "Oras destinatar",
    "Adresa destinatar",
    "Adresa ridicare",
    "Referinta client",
    "Suma ramburs",
    "Data",
    "Data colectare ramburs",
    "Numar colete livrate",
];

/// Counties and towns of recipients.
const TOWNS: [(&str, &str); 4] =
    [("Brasov", "Fagaras"), ("Cluj", "Turda"), ("Iasi", "Pascani"), ("Bucuresti", "Sectorul 3")];

/// What Sameday pays with one transfer.
#[derive(Debug, Clone)]
pub struct Borderou {
    /// The client's name.
    pub client_name: String,
    /// The account that is paid.
    pub account_iban: String,
    /// The day on which it is paid, the one behind the two whose cash it pays.
    pub date: NaiveDate,
    /// The parcels paid for.
    pub parcels: Vec<Parcel>,
}

/// A parcel that its recipient paid for.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// Sameday's number of the parcel.
    pub awb: String,
    /// Who received it.
    pub recipient: String,
    /// The county and the town.
    pub town: (&'static str, &'static str),
    /// The shop's order; empty where the shop stated none.
    pub reference: String,
    /// The sum paid, in lei.
    pub amount: Decimal,
    /// The day on which it was paid.
    pub collected: NaiveDate,
}

impl Borderou {
    /// Invents the borderou of a day; `first` is the number of its first parcel.
    pub fn invent(
        shop: &Shop,
        date: NaiveDate,
        first: u64,
        count: u64,
        random: &mut Random,
    ) -> Self {
        let parcels = (first..first + count).map(|number| Parcel {
            awb: format!("1ONBLN{}001", 500_000_000 + number),
            recipient: Person::invent(random).name(),
            town: random.pick(&TOWNS),
            reference: match random.below(6) {
                0 => String::new(),
                _ => format!("COMANDA {}", 3_116_000_000 + number),
            },
            amount: random.lei(60, 400),
            collected: before(date, 1 + random.below(2)),
        });
        Self {
            client_name: shop.name.clone(),
            account_iban: shop.account_iban.clone(),
            date,
            parcels: parcels.collect(),
        }
    }

    /// Returns the sum of its parcels.
    pub fn total(&self) -> Decimal {
        self.parcels.iter().map(|parcel| parcel.amount).sum()
    }

    /// Returns the name that Sameday gives the file.
    pub fn file_name(&self) -> String {
        let name = normalize::plain(&self.client_name).replace([' ', '.'], "-");
        format!("{}-{name}-ramburs-de-transferat-ron.xlsx", self.date)
    }
}

fn before(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_sub_days(Days::new(days)).unwrap_or(date)
}

/// Writes a borderou as Sameday does.
///
/// # Errors
///
/// None in practice: what writing a zip into memory reports.
pub fn write(borderou: &Borderou) -> io::Result<Vec<u8>> {
    write_stating(borderou, borderou.total())
}

/// Writes a borderou that states this total, whatever its parcels come to.
///
/// # Errors
///
/// As [`write`].
pub fn write_stating(borderou: &Borderou, total: Decimal) -> io::Result<Vec<u8>> {
    let text = |text: &str| Cell::text(text);
    let period = |days| before(borderou.date, days).format("%d %b %Y");
    let client = vec![
        text(&borderou.client_name),
        text(&borderou.client_name),
        text("BANCA TRANSILVANIA"),
        text(&borderou.account_iban),
        Cell::number(total),
        text(&format!("{} - {}", period(2), period(1))),
    ];
    let parcel = |parcel: &Parcel| {
        vec![
            text(&parcel.awb),
            text(&parcel.recipient),
            text(parcel.town.0),
            text(parcel.town.1),
            text("Str. Fictiva 1"),
            text("Depozit"),
            text(if parcel.reference.is_empty() { "Nicio referinta" } else { &parcel.reference }),
            Cell::number(parcel.amount),
            text(&before(parcel.collected, 2).to_string()),
            text(&parcel.collected.to_string()),
            Cell::number(1),
        ]
    };
    let mut parcels = vec![PARCEL_HEADERS.map(text).to_vec()];
    parcels.extend(borderou.parcels.iter().map(parcel));
    let sheets = [
        Sheet { name: "client".to_owned(), rows: vec![CLIENT_HEADERS.map(text).to_vec(), client] },
        Sheet { name: "expeditii".to_owned(), rows: parcels },
    ];
    workbook::write(&sheets, borderou.date, false)
}

/// Writes a borderou as somebody saved it again with a spreadsheet program: the sheets renamed and in
/// another order, columns moved and added, days as numbers, amounts as texts.
///
/// # Errors
///
/// As [`write`].
pub fn write_saved_again(borderou: &Borderou) -> io::Result<Vec<u8>> {
    let text = |text: &str| Cell::text(text);
    let lei = |amount: Decimal| Cell::text(format!("{amount:.2}").replace('.', ","));
    let headers =
        ["Observatii", "Data colectare ramburs", "SUMA RAMBURS", "Awb", "Nume destinatar"];
    let parcel = |parcel: &Parcel| {
        vec![
            Cell::Empty,
            Cell::Day(parcel.collected),
            lei(parcel.amount),
            text(&parcel.awb),
            text(&parcel.recipient),
        ]
    };
    let mut parcels = vec![vec![text("Verificat")], headers.map(text).to_vec()];
    parcels.extend(borderou.parcels.iter().map(parcel));
    let period = |days| before(borderou.date, days).format("%d.%m.%Y");
    let client = vec![
        text(&format!("{} - {}", period(2), period(1))),
        lei(borderou.total()),
        text(&borderou.account_iban),
        text(&borderou.client_name),
    ];
    let headers = ["Perioadă export", "Sumă totală", "IBAN", "Nume client / companie"];
    let sheets = [
        Sheet { name: "Foaie1".to_owned(), rows: parcels },
        Sheet { name: "Foaie2".to_owned(), rows: vec![headers.map(text).to_vec(), client] },
    ];
    workbook::write(&sheets, borderou.date, true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check;
    use crate::format::detect;
    use crate::record::Document;
    use crate::source::Source;

    #[test]
    fn a_borderou_is_the_same_as_it_was_sent_and_saved_again() {
        for seed in 0..20 {
            let (shop, mut random) = (Shop::invent(seed), Random::of(&[seed]));
            let day = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
            let borderou = Borderou::invent(&shop, day, 1, 1 + seed, &mut random);
            let read = |bytes: Vec<u8>| {
                let source = Source::new(borderou.file_name(), None, bytes);
                let document = detect(&source).unwrap().read(&source).unwrap();
                assert_eq!(check(&document).unwrap().adds_up(), Some(true));
                let Document::Borderouri(read) = document else { panic!("{document:?}") };
                assert_eq!((read[0].date, &read[0].account), (day, &shop.account_iban));
                let parcels = read[0].parcels.iter();
                parcels
                    .map(|it| (it.number.clone(), it.amount, it.delivery_date))
                    .collect::<Vec<_>>()
            };
            let sent = read(write(&borderou).unwrap());
            assert_eq!(read(write_saved_again(&borderou).unwrap()), sent);
            assert_eq!(sent.len() as u64, 1 + seed);
        }
    }
}
