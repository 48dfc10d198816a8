//! eMag's payout documents: the orders that a payout pays, and the fees that are taken off.

use std::io;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use rust_decimal::{Decimal, RoundingStrategy};

use super::month::GeneratedFile;
use super::random::Random;
use super::shop::Person;
use super::workbook::{self, Cell, Sheet};
use crate::value::month::in_romanian;

const ORDER_HEADERS: [&str; 19] = [
    "Payout date",
    "Reference period start",
    "Reference period end",
    "DP ID",
    "Seller",
    "Seller ID",
    "Supplier ID",
    "Unique Identification Code",
    "Order ID",
    "OFID",
    "Fraction type",
    "Client name",
    "Order date",
    "Order finalization date",
    "Order eligibility date",
    "Payment method",
    "Fraction value",
    "Reference",
    "Courier",
];
const COMMISSION_HEADERS: [&str; 24] = [
    "Luna",
    "Sheet ID",
    "Seller",
    "Seller ID",
    "ID comanda",
    "Tip comanda",
    "OLID",
    "Nume client",
    "Data comanda",
    "Data finalizare comanda",
    "Mod plata",
    "Categorie",
    "Brand",
    "Nume produs",
    "PNK",
    "Part number",
    "Url",
    "Cantitate",
    "Valoare produse",
    "Comision Net",
    "Procent Comision Net",
    "Total vouchere cumparate",
    "Total vouchere cadou",
    "Valoare vouchere",
];
/// The headers of deliveries; eMag has the seller's name and number the wrong way round below them.
const DELIVERY_HEADERS: [&str; 13] = [
    "Luna",
    "Sheet ID",
    "Seller ID",
    "Seller",
    "ID comanda",
    "Numar AWB",
    "Nume client",
    "Data comanda",
    "Data finalizare comanda",
    "Mod plata",
    "Metoda de livrare",
    "Cantitate",
    "Valoare produs",
];
const CHARGE_HEADERS: [&str; 7] =
    ["Luna", "Sheet ID", "Seller", "Seller ID", "ID comanda", "Cantitate", "Valoare vouchere"];

/// What eMag pays a seller at one time.
#[derive(Debug, Clone)]
pub struct Payout {
    /// The seller's name.
    pub seller: String,
    /// The seller's number.
    pub seller_id: u32,
    /// The number of its documents of fees.
    pub sheet_id: u32,
    /// The number of its first list of orders.
    pub list_id: u32,
    /// The moment at which its documents were made.
    pub made_at: DateTime<Utc>,
    /// The first day of the month whose fees it takes.
    pub month: NaiveDate,
    /// The orders: those paid by card, and those paid on delivery.
    pub orders: [Vec<Order>; 2],
    /// The documents of fees.
    pub fees: Vec<Fees>,
}

/// An order that is paid out, or taken back.
#[derive(Debug, Clone)]
pub struct Order {
    /// eMag's number of it.
    pub number: u64,
    /// Who ordered.
    pub client: String,
    /// What is paid out; below zero where the order comes back.
    pub amount: Decimal,
}

/// A document of fees: its short word, and for each order the fee without VAT and the voucher.
#[derive(Debug, Clone)]
pub struct Fees {
    /// `dc`, `dccd`, `dcco`, `dcs`, `ded` or `dy`.
    pub kind: &'static str,
    /// Each with the order's number.
    pub lines: Vec<(u64, Decimal, Decimal)>,
}

impl Fees {
    fn net(&self) -> Decimal {
        self.lines.iter().map(|(_, net, _)| net).sum()
    }

    fn vouchers(&self) -> Decimal {
        self.lines.iter().map(|(.., voucher)| voucher).sum()
    }
}

impl Payout {
    /// Invents a payout; `first` is the number of its first order.
    pub fn invent(made_at: DateTime<Utc>, first: u64, random: &mut Random) -> Self {
        let mut numbers = first..;
        let mut orders = |random: &mut Random| -> Vec<Order> {
            let count = 3 + random.below(6);
            let order = |(place, number): (u64, u64)| Order {
                number,
                client: Person::invent(random).name(),
                // The third order comes back.
                amount: if place == 2 { -random.lei(20, 60) } else { random.lei(60, 500) },
            };
            (0..count).zip(numbers.by_ref()).map(order).collect()
        };
        let orders = [orders(random), orders(random)];
        let all: Vec<u64> = orders.iter().flatten().map(|order| order.number).collect();
        let kinds = [("dc", 1), ("dccd", 1), ("dcco", 1), ("dcs", -1), ("ded", 1), ("dy", 1)];
        let fees = kinds.map(|(kind, sign)| {
            let mut fee = || Decimal::from(sign) * random.lei(2, 30);
            let line = |(place, number): (usize, &u64)| match kind {
                "dy" => (*number, Decimal::ZERO, fee()),
                "dc" if place == 1 => (*number, fee(), -Decimal::new(576, 2)),
                _ => (*number, fee(), Decimal::ZERO),
            };
            let count = if kind == "dy" { 1 } else { 3 };
            Fees { kind, lines: all.iter().take(count).enumerate().map(line).collect() }
        });
        let day = made_at.date_naive();
        Self {
            seller: "FirmaInventata".to_owned(),
            seller_id: 186_000 + u32::try_from(random.below(1000)).unwrap_or_default(),
            sheet_id: 22_000_000 + u32::try_from(random.below(1000)).unwrap_or_default(),
            list_id: 14_000_000 + u32::try_from(random.below(1000)).unwrap_or_default(),
            made_at,
            month: day.with_day(1).unwrap_or(day),
            orders,
            fees: fees.to_vec(),
        }
    }

    /// Returns what is paid, with a VAT of 21 percent on fees.
    pub fn total(&self) -> Decimal {
        let orders: Decimal = self.orders.iter().flatten().map(|order| order.amount).sum();
        let taken = self.fees.iter().map(|fees| {
            let gross = fees.net() * Decimal::new(121, 2);
            let half_up = RoundingStrategy::MidpointAwayFromZero;
            gross.round_dp_with_strategy(2, half_up) + fees.vouchers()
        });
        orders - taken.sum::<Decimal>()
    }

    /// Returns all its documents as files.
    ///
    /// # Errors
    ///
    /// None in practice: what writing a zip into memory reports.
    pub fn files(&self) -> io::Result<Vec<GeneratedFile>> {
        let lists = (self.list_id..).step_by(5).zip(&self.orders).zip([true, false]);
        let lists = lists.map(|((id, orders), by_card)| self.list(id, orders, by_card));
        let fees = self.fees.iter().map(|fees| self.fees_file(fees));
        lists.chain(fees).collect()
    }

    fn day(&self) -> NaiveDate {
        self.made_at.date_naive()
    }

    fn list(&self, id: u32, orders: &[Order], by_card: bool) -> io::Result<GeneratedFile> {
        let (kind, method) = match by_card {
            true => ("CO", "Online CARD"),
            false => ("COD", "Cash on delivery"),
        };
        let before = |days| self.day().checked_sub_days(Days::new(days)).unwrap_or_default();
        let ordered = before(20);
        let row = |order: &Order| {
            let fraction = match order.amount.is_sign_negative() {
                true => format!("Refund {kind}"),
                false => format!("{kind} Cashing"),
            };
            vec![
                Cell::text(self.day().to_string()),
                Cell::text(before(17).to_string()),
                Cell::text(before(2).to_string()),
                Cell::number(id),
                Cell::text(&self.seller),
                Cell::number(self.seller_id),
                Cell::number(261_000),
                Cell::text("20587563"),
                Cell::number(order.number),
                Cell::number(order.number - 2_930_000_000),
                Cell::text(fraction),
                Cell::text(&order.client),
                Cell::text(format!("{ordered} 08:00:00")),
                Cell::text(format!("{ordered} 12:00:00")),
                Cell::text(ordered.to_string()),
                Cell::text(method),
                Cell::number(order.amount),
                Cell::Empty,
                Cell::text("-"),
            ]
        };
        let mut rows = vec![ORDER_HEADERS.map(Cell::text).to_vec()];
        rows.extend(orders.iter().map(row));
        let day = self.day().format("%d_%m_%Y");
        self.file(format!("{}_dp_{id}_{day}.xlsx", self.slug()), "Sheet1", rows)
    }

    fn fees_file(&self, fees: &Fees) -> io::Result<GeneratedFile> {
        let headers: &[&str] = match fees.kind {
            "ded" => &DELIVERY_HEADERS,
            "dy" => &CHARGE_HEADERS,
            "dc" | "dcs" => &COMMISSION_HEADERS,
            // Cancelled orders have no vouchers.
            _ => COMMISSION_HEADERS.split_at(21).0,
        };
        let mut rows = vec![headers.iter().copied().map(Cell::text).collect()];
        rows.push(self.row(headers, fees.kind, None, (fees.net(), fees.vouchers())));
        for (order, net, voucher) in &fees.lines {
            rows.push(self.row(headers, fees.kind, Some(*order), (*net, *voucher)));
        }
        let (slug, kind) = (self.slug(), fees.kind);
        let (month, seconds) = (self.month.format("%m%Y"), self.made_at.timestamp());
        self.file(format!("{slug}_{kind}_{month}_{seconds}_v1.xlsx"), "Worksheet", rows)
    }

    /// Returns a row; without an order it is the total, whose other cells eMag fills with a blank.
    fn row(
        &self,
        headers: &[&str],
        kind: &str,
        order: Option<u64>,
        (net, voucher): (Decimal, Decimal),
    ) -> Vec<Cell> {
        let is_total = order.is_none();
        // In lines eMag writes fees as texts, in the total as numbers.
        let fee = if is_total { Cell::number(net) } else { Cell::text(format!("{net:.2}")) };
        let name = in_romanian(self.month);
        let (seller, seller_id) = (Cell::text(&self.seller), Cell::number(self.seller_id));
        let of_line = |header: &str| match header {
            "Luna" => Cell::text(format!("{name} {}", self.month.year())),
            "Sheet ID" => Cell::number(self.sheet_id),
            "Seller" if kind == "ded" => seller_id.clone(),
            "Seller ID" if kind == "ded" => seller.clone(),
            "Seller" => seller.clone(),
            "Seller ID" => seller_id.clone(),
            "ID comanda" => order.map_or(Cell::Empty, Cell::number),
            "Cantitate" => Cell::number(1),
            _ => Cell::Empty,
        };
        let cell = |header: &&str| match *header {
            "Comision Net" | "Valoare produs" => fee.clone(),
            "Valoare vouchere" if !voucher.is_zero() => Cell::number(voucher),
            "Cantitate" if is_total => Cell::text("TOTAL"),
            _ if is_total => Cell::text(" "),
            header => of_line(header),
        };
        headers.iter().map(cell).collect()
    }

    fn slug(&self) -> String {
        self.seller.to_lowercase()
    }

    fn file(&self, name: String, sheet: &str, rows: Vec<Vec<Cell>>) -> io::Result<GeneratedFile> {
        let sheets = [Sheet { name: sheet.to_owned(), rows }];
        Ok(GeneratedFile {
            folder: "emag",
            name,
            bytes: workbook::write(&sheets, self.day(), false)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check;
    use crate::format::detect;
    use crate::record::Document;
    use crate::source::Source;

    #[test]
    fn the_documents_of_a_payout_make_what_is_paid() {
        for seed in 0..20 {
            let at = "2026-04-02T01:31:35Z".parse().unwrap();
            let payout = Payout::invent(at, 3_116_401_145, &mut Random::of(&[seed]));
            let mut paid = Decimal::ZERO;
            for file in payout.files().unwrap() {
                let source = Source::new(&file.name, None, file.bytes);
                let format = detect(&source).unwrap();
                let document = format.read(&source).unwrap();
                assert_eq!(check(&document).unwrap().unbalanced, [], "{}", file.name);
                let Document::Payout(document) = document else { panic!("{}", file.name) };
                assert_eq!(document.made_on.to_string(), "2026-04-02");
                assert_eq!(document.seller_id, payout.seller_id.to_string());
                paid += document.adds();
            }
            assert_eq!(paid, payout.total());
        }
    }
}
