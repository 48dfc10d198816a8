//! The orders of an invented shop, as Gomag and easySales list them, and their invoices, as Oblio reports
//! them.

use chrono::{Days, NaiveDate, NaiveDateTime};
use rust_decimal::{Decimal, RoundingStrategy};

use super::random::Random;
use super::shop::Person;
use super::workbook::{Cell, Sheet};

const GOMAG_HEADERS: [&str; 16] = [
    "ID Comanda",
    "Numar Comanda",
    "Serie Factura",
    "Numar Factura",
    "AWB",
    "Data Comenzii",
    "Data Facturii",
    "Nume Client",
    "Nume Client Facturare",
    "Tip Client",
    "CUI",
    "Total Comanda",
    "Total Factura",
    "Status Comanda",
    "Metoda de Plata",
    "Titlu Metoda de Plata",
];
const EASYSALES_HEADERS: [&str; 28] = [
    "Nr",
    "ID comandă",
    "Status",
    "Data comenzii",
    "Data de  finalizare a comenzii",
    "Data facturii storno",
    "Metoda de plată",
    "Taxă de livrare",
    "Discount",
    "Taxă",
    "Valoarea totală Cu taxă",
    "Număr AWB",
    "AWB Url",
    "Serie factură",
    "Numărul facturii",
    "Factura url",
    "Serie factura storno",
    "Număr factura storno",
    "URL factura storno",
    "Curier",
    "Canal",
    "Nume produs",
    "SKU",
    "Cantitate",
    "Preț",
    "Taxă",
    "Valoarea totală Cu taxă",
    "Preț de achiziție",
];
const OBLIO_HEADERS: [&str; 23] = [
    "Nr. crt.",
    "Client",
    "Cod Fiscal",
    "Factura",
    "Data emiterii",
    "Data scadentei",
    "Tip factura",
    "Moneda",
    "Valoare fara TVA",
    "TVA 21%",
    "Total TVA",
    "Total valoare",
    "Total valoare RON",
    "Curs valutar",
    "Incasat",
    "Rest de incasat",
    "Nota",
    "Adresa",
    "Localitate",
    "Telefon",
    "Email",
    "Tara client",
    "Mentiuni",
];

/// What stands in the last row of Oblio's report.
const NOTE: &str = "Documentele anulate si cele de tip storno sunt incluse in raport";

/// An invented order.
#[derive(Debug, Clone)]
pub struct Order {
    /// Its number.
    pub number: u64,
    /// When it was placed.
    pub placed: NaiveDateTime,
    /// Who ordered.
    pub client: String,
    /// The number of its invoice, where it has one.
    pub invoice: Option<u64>,
    /// The number of its parcel.
    pub awb: u64,
    /// What was ordered: SKU, how many, the price of one.
    pub products: Vec<(String, u64, Decimal)>,
}

impl Order {
    /// Invents so many orders from a day on; each has an invoice.
    pub fn invent_many(count: u64, day: NaiveDate, random: &mut Random) -> Vec<Self> {
        let invent = |place: u64| {
            let placed = day.checked_add_days(Days::new(place / 3)).unwrap_or(day);
            let minute = u32::try_from(random.below(60)).unwrap_or_default();
            let products = 1 + random.below(3);
            let product = |number| {
                (format!("SKU-{place}-{number}"), 1 + random.below(3), random.lei(10, 200))
            };
            let products = (1..=products).map(product).collect();
            Self {
                number: 3_116_500_001 + place,
                placed: placed.and_hms_opt(8, minute, 14).unwrap_or_default(),
                client: Person::invent(random).name(),
                invoice: Some(700 + place),
                awb: 480_000_000 + random.below(100_000_000),
                products,
            }
        };
        (0..count).map(invent).collect()
    }

    /// Returns what it costs.
    pub fn total(&self) -> Decimal {
        self.products.iter().map(|(_, count, price)| Decimal::from(*count) * price).sum()
    }
}

fn headers(headers: &[&str]) -> Vec<Cell> {
    headers.iter().map(|header| Cell::text(*header)).collect()
}

/// Returns the list as Gomag exports it: each cell a text.
pub fn gomag(orders: &[Order]) -> Sheet {
    let row = |(id, order): (u32, &Order)| {
        let (total, awb) = (format!("{:.2}", order.total()), order.awb.to_string());
        let (front, back) = awb.split_at(4);
        let invoiced = order.invoice.map(|_| order.placed.format("%Y-%m-%d 14:05:00").to_string());
        let texts = [
            id.to_string(),
            order.number.to_string(),
            order.invoice.map_or(String::new(), |_| "TST".to_owned()),
            order.invoice.unwrap_or_default().to_string(),
            format!("{front} {back}"),
            order.placed.format("%Y-%m-%d %H:%M:%S").to_string(),
            invoiced.unwrap_or_else(|| "0000-00-00 00:00:00".to_owned()),
            order.client.clone(),
            order.client.clone(),
            "enduser".to_owned(),
            String::new(),
            total.clone(),
            order.invoice.map_or("0".to_owned(), |_| total),
            "Comanda Finalizata".to_owned(),
            "Numerar sau Ramburs".to_owned(),
            "Numerar sau Ramburs".to_owned(),
        ];
        texts.map(text_or_nothing).to_vec()
    };
    let rows = (1000..).zip(orders).map(row);
    let rows = std::iter::once(headers(&GOMAG_HEADERS)).chain(rows).collect();
    Sheet { name: "Worksheet".to_owned(), rows }
}

/// Returns the list as easySales exports it: a row a product, each cell a text.
pub fn easysales(orders: &[Order]) -> Sheet {
    let rows = orders.iter().flat_map(|order| order.products.iter().map(move |it| (order, it)));
    let row = |(number, (order, product)): (u32, (&Order, &(String, u64, Decimal)))| {
        let (sku, count, price) = product;
        let empty = String::new;
        let texts = [
            number.to_string(),
            order.number.to_string(),
            "Completed".to_owned(),
            order.placed.format("%Y-%m-%d %H:%M:%S").to_string(),
            order.placed.format("%Y-%m-%d 14:05:00").to_string(),
            empty(),
            "Cash on delivery".to_owned(),
            "0.00".to_owned(),
            "0.00".to_owned(),
            empty(),
            format!("{:.2}", order.total()),
            order.awb.to_string(),
            empty(),
            order.invoice.map_or(empty(), |_| "TST".to_owned()),
            order.invoice.map_or(empty(), |invoice| invoice.to_string()),
            empty(),
            "STO".to_owned(),
            "9".to_owned(),
            empty(),
            "Emag".to_owned(),
            "Emag".to_owned(),
            format!("Produs {sku}"),
            sku.clone(),
            count.to_string(),
            format!("{price:.2}"),
            "21".to_owned(),
            format!("{:.2}", Decimal::from(*count) * price),
            format!("{:.4}", price / Decimal::from(3)),
        ];
        texts.map(text_or_nothing).to_vec()
    };
    let rows = (1..).zip(rows).map(row);
    let rows = std::iter::once(headers(&EASYSALES_HEADERS)).chain(rows).collect();
    Sheet { name: "Export".to_owned(), rows }
}

fn text_or_nothing(text: String) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
}

/// An invented invoice.
#[derive(Debug, Clone)]
pub struct Invoice {
    /// Series and number.
    pub name: String,
    /// Whom it is for.
    pub client: String,
    /// The day on which it was issued.
    pub day: NaiveDate,
    /// `Normala`, `Storno`, `Stornata` or `Anulata`.
    pub kind: &'static str,
    /// What it comes to, VAT included.
    pub total: Decimal,
    /// What of it has arrived.
    pub collected: Decimal,
}

impl Invoice {
    /// Returns the invoices of orders, as far as they have one: of each second one the money is here.
    pub fn of_orders(orders: &[Order]) -> Vec<Self> {
        let invoice = |(place, order): (usize, &Order)| {
            let total = order.total();
            Some(Self {
                name: format!("TST{}", order.invoice?),
                client: order.client.clone(),
                day: order.placed.date(),
                kind: "Normala",
                total,
                collected: if place % 2 == 0 { Decimal::ZERO } else { total },
            })
        };
        orders.iter().enumerate().filter_map(invoice).collect()
    }

    /// Returns the amount without VAT, at 21 percent.
    fn net(&self) -> Decimal {
        let half_up = RoundingStrategy::MidpointAwayFromZero;
        (self.total / Decimal::new(121, 2)).round_dp_with_strategy(2, half_up)
    }
}

/// Returns the report as Oblio exports it: a title and the days above, a note below; days are texts.
pub fn oblio(invoices: &[Invoice], from: NaiveDate, to: NaiveDate) -> Sheet {
    let shown = |day: NaiveDate| day.format("%d.%m.%Y").to_string();
    let row = |(number, invoice): (u32, &Invoice)| {
        let (net, total) = (invoice.net(), invoice.total);
        let vat = total - net;
        vec![
            Cell::number(number),
            Cell::text(&*invoice.client),
            Cell::text("-"),
            Cell::text(&*invoice.name),
            Cell::Text(shown(invoice.day)),
            Cell::Text(shown(invoice.day)),
            Cell::text(invoice.kind),
            Cell::text("RON"),
            Cell::number(net),
            Cell::number(vat),
            Cell::number(vat),
            Cell::number(total),
            Cell::number(total),
            Cell::Empty,
            Cell::number(invoice.collected),
            Cell::number(total - invoice.collected),
            Cell::Empty,
            Cell::text("Str. Fictivă 1"),
            Cell::text("Cluj-Napoca"),
            Cell::Empty,
            Cell::Empty,
            Cell::text("Romania"),
            Cell::Empty,
        ]
    };
    let beside = |text: String| vec![Cell::Empty, Cell::Text(text)];
    let above = [
        Vec::new(),
        beside("Raport".to_owned()),
        beside(format!("{} - {}", shown(from), shown(to))),
        Vec::new(),
        headers(&OBLIO_HEADERS),
    ];
    let rows = (1..).zip(invoices).map(row);
    let rows = above.into_iter().chain(rows).chain([beside(NOTE.to_owned())]).collect();
    Sheet { name: "sheet 1".to_owned(), rows }
}
