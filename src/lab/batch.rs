//! Netopia batches: the csv that says which card payments were paid out, and the zip it comes in.

use std::io;

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::{Decimal, RoundingStrategy};
use zip::CompressionMethod;

use super::pack::pack;
use super::shop::Person;

const HEADERS: [&str; 25] = [
    "#",
    "Comerciant",
    "Id",
    "Data platii",
    "Data operatiei",
    "Procesat",
    "Creditat",
    "Comision",
    "TVA",
    "Moneda",
    "Discount campanie",
    "Discount refund campanie",
    "Prenume",
    "Nume",
    "Email",
    "Telefon",
    "Descriere",
    "Metoda de plata",
    "ID Terminal",
    "Numar rate",
    "Banca",
    "RRN",
    "Bin card",
    "Cod tara",
    "Categorie card",
];
/// Decimals that Netopia reckons fees with.
const FEE_SCALE: u32 = 5;

/// What Netopia pays out at once.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Its number.
    pub id: u64,
    /// The number of the report, the second in the file's name.
    pub report: u64,
    /// The day on which it is paid.
    pub paid_on: NaiveDate,
    /// What Netopia calls the shop.
    pub merchant: String,
    /// The shop's terminal.
    pub terminal: u64,
    /// The shop's address on the web.
    pub site: String,
    /// The earlier batch whose bank transfer is charged here, and when that was booked.
    pub payout_of: Option<(u64, NaiveDateTime)>,
    /// The card payments.
    pub payments: Vec<Payment>,
    /// The refunds, of payments of this batch or of an earlier one.
    pub refunds: Vec<Refund>,
    /// The fees that come back alone, of payments of this batch or of an earlier one.
    pub fee_returns: Vec<FeeReturn>,
}

/// A card payment.
#[derive(Debug, Clone)]
pub struct Payment {
    /// Its number within the shop.
    pub id: u64,
    /// When it was made.
    pub at: NaiveDateTime,
    /// What the client paid, in lei.
    pub gross: Decimal,
    /// Who paid.
    pub payer: Person,
    /// The shop's order.
    pub order: u64,
}

impl Payment {
    /// Returns the fee that follows the amount: 0.99 %, of five decimals.
    pub fn percentage_fee(&self) -> Decimal {
        rounded(self.gross * Decimal::new(99, 4), FEE_SCALE)
    }
}

/// Money given back to a payer.
#[derive(Debug, Clone)]
pub struct Refund {
    /// The payment, as it was.
    pub payment: Payment,
    /// When it was given back.
    pub at: NaiveDateTime,
    /// How much of it, in lei.
    pub amount: Decimal,
    /// Whether Netopia gives its percentage fee back too.
    pub fee_returned: bool,
}

/// The percentage fee of a payment, given back while the payment stays.
#[derive(Debug, Clone)]
pub struct FeeReturn {
    /// The payment.
    pub payment: Payment,
    /// When its fee came back.
    pub at: NaiveDateTime,
}

impl Batch {
    /// Returns what arrives at the bank: the sum of all lines, rounded half up to the ban.
    pub fn net(&self) -> Decimal {
        let lines = self.lines();
        let sums = lines.iter().map(|l| l.gross + l.refunded + l.fee + l.vat);
        rounded(sums.sum(), 2)
    }

    /// Returns the name that Netopia gives the csv; the zip's has `.zip` behind it.
    pub fn file_name(&self) -> String {
        format!("batchId.{}.{}.csv", self.id, self.report)
    }

    /// Returns the lines of the csv. A payment has several: the gross, the fixed fee, the
    /// percentage fee.
    fn lines(&self) -> Vec<CsvLine<'_>> {
        let mut lines = Vec::new();
        if let Some((earlier, at)) = self.payout_of {
            lines.push(CsvLine::fee(Decimal::from(-5), at, Subject::Payout(earlier)));
        }
        for payment in &self.payments {
            let line = |fee| CsvLine::fee(fee, payment.at, Subject::Payment(payment));
            let gross = payment.gross;
            lines.push(CsvLine { gross, ..line(Decimal::ZERO) });
            lines.push(line(Decimal::new(-30, 2)));
            lines.push(line(-payment.percentage_fee()));
        }
        for refund in &self.refunds {
            let line = |fee| CsvLine::fee(fee, refund.at, Subject::Payment(&refund.payment));
            if refund.fee_returned {
                lines.push(line(refund.payment.percentage_fee()));
            }
            let refunded = -refund.amount;
            lines.push(CsvLine { refunded, ..line(Decimal::ZERO) });
        }
        lines.extend(self.fee_returns.iter().map(|FeeReturn { payment, at }| {
            CsvLine::fee(payment.percentage_fee(), *at, Subject::Payment(payment))
        }));
        lines
    }
}

/// Writes the csv of a batch.
pub fn write(batch: &Batch) -> Vec<u8> {
    let mut csv = String::new();
    push_line(&mut csv, HEADERS.map(str::to_owned));
    for line in batch.lines() {
        push_line(&mut csv, line.fields(batch));
    }
    csv.into_bytes()
}

/// Writes the zip that a batch is mailed in: its csv, not compressed.
///
/// # Errors
///
/// None in practice: what writing a zip into memory reports.
pub fn zipped(batch: &Batch) -> io::Result<Vec<u8>> {
    let (name, csv) = (batch.file_name(), write(batch));
    let mailed = (batch.paid_on, 20, 45);
    pack(&[(&name, &csv)], CompressionMethod::Stored, mailed)
}

/// What a line is about.
#[derive(Clone, Copy)]
enum Subject<'b> {
    Payment(&'b Payment),
    Payout(u64),
}

struct CsvLine<'b> {
    subject: Subject<'b>,
    at: NaiveDateTime,
    gross: Decimal,
    refunded: Decimal,
    fee: Decimal,
    vat: Decimal,
}

impl<'b> CsvLine<'b> {
    /// A fee and its VAT of 21 %.
    fn fee(fee: Decimal, at: NaiveDateTime, subject: Subject<'b>) -> CsvLine<'b> {
        CsvLine {
            subject,
            at,
            gross: Decimal::ZERO,
            refunded: Decimal::ZERO,
            fee,
            vat: rounded(fee * Decimal::new(21, 2), FEE_SCALE),
        }
    }

    fn fields(&self, batch: &Batch) -> [String; 25] {
        let mut fields = [const { String::new() }; 25];
        let mut set = |header: &str, value: String| {
            let column = HEADERS.iter().position(|name| *name == header);
            if let Some(field) = column.and_then(|column| fields.get_mut(column)) {
                *field = value;
            }
        };
        set("#", batch.id.to_string());
        set("Data platii", format!("{} 00:00:00", batch.paid_on));
        set("Data operatiei", self.at.to_string());
        set("Procesat", format!("{:.5}", self.gross));
        set("Creditat", format!("{:.5}", self.refunded));
        set("Comision", format!("{:.5}", self.fee));
        set("TVA", self.vat_text());
        set("Moneda", "RON".to_owned());
        set("Discount campanie", "0.00000".to_owned());
        set("Discount refund campanie", "0.00".to_owned());
        match self.subject {
            Subject::Payout(earlier) => {
                set("Comerciant", format!("BankTransfer:{}", batch.terminal));
                set("Descriere", format!("Bank transfer BatchId : {earlier}"));
            }
            Subject::Payment(payment) => {
                let Payment { id, order, payer, .. } = payment;
                set("Comerciant", batch.merchant.clone());
                set("Id", id.to_string());
                set("Prenume", payer.first_name.to_owned());
                set("Nume", payer.last_name.to_owned());
                set("Email", format!("client{id}@mail.example"));
                set("Telefon", format!("407{:08}", id % 100_000_000));
                set("Descriere", format!("Comanda nr. {order} - {}", batch.site));
                set("Metoda de plata", "3".to_owned());
                set("ID Terminal", batch.terminal.to_string());
                set("Numar rate", "1".to_owned());
                set("RRN", format!("52{id:010}"));
            }
        }
        fields
    }

    /// Returns the VAT as Netopia writes it: as short as possible, and zero as `0` or as `-0`.
    fn vat_text(&self) -> String {
        let negative_zero = match self.subject {
            Subject::Payment(payment) => self.vat.is_zero() && payment.id % 3 == 0,
            Subject::Payout(_) => false,
        };
        match negative_zero {
            true => "-0".to_owned(),
            false => self.vat.normalize().to_string(),
        }
    }
}

fn rounded(amount: Decimal, scale: u32) -> Decimal {
    amount.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero)
}

/// Quotes a field as PHP does: for a blank as well as for a comma or a quote.
fn push_line(csv: &mut String, fields: [String; 25]) {
    for (column, field) in fields.iter().enumerate() {
        if column > 0 {
            csv.push(',');
        }
        if field.contains([' ', ',', '"', '\n', '\r', '\t']) {
            csv.push('"');
            csv.push_str(&field.replace('"', "\"\""));
            csv.push('"');
        } else {
            csv.push_str(field);
        }
    }
    csv.push('\n');
}

#[cfg(test)]
mod tests {
    use chrono::Timelike as _;

    use super::*;

    fn batch() -> Batch {
        let paid_on = NaiveDate::from_ymd_opt(2026, 3, 6).unwrap();
        let payment = Payment {
            id: 1401,
            at: paid_on.and_hms_opt(9, 35, 9).unwrap(),
            gross: Decimal::new(18_945, 2),
            payer: Person { first_name: "Florin", last_name: "Probă" },
            order: 3_115_391_222,
        };
        let refund = Refund {
            payment: payment.clone(),
            at: paid_on.and_hms_opt(12, 12, 37).unwrap(),
            amount: Decimal::new(7_085, 2),
            fee_returned: true,
        };
        Batch {
            id: 52_001_836,
            report: 2_201_836,
            paid_on,
            merchant: "Gomag".to_owned(),
            terminal: 35_545,
            site: "exemplu.example".to_owned(),
            payout_of: Some((52_001_000, paid_on.and_hms_opt(9, 12, 37).unwrap())),
            fee_returns: vec![FeeReturn {
                payment: payment.clone(),
                at: refund.at.with_second(38).unwrap(),
            }],
            payments: vec![payment],
            refunds: vec![refund],
        }
    }

    #[test]
    fn the_lines_are_those_that_netopia_writes() {
        let csv = String::from_utf8(write(&batch())).unwrap();
        let expected = r#"#,Comerciant,Id,"Data platii","Data operatiei",Procesat,Creditat,Comision,TVA,Moneda,"Discount campanie","Discount refund campanie",Prenume,Nume,Email,Telefon,Descriere,"Metoda de plata","ID Terminal","Numar rate",Banca,RRN,"Bin card","Cod tara","Categorie card"
52001836,BankTransfer:35545,,"2026-03-06 00:00:00","2026-03-06 09:12:37",0.00000,0.00000,-5.00000,-1.05,RON,0.00000,0.00,,,,,"Bank transfer BatchId : 52001000",,,,,,,,
52001836,Gomag,1401,"2026-03-06 00:00:00","2026-03-06 09:35:09",189.45000,0.00000,0.00000,-0,RON,0.00000,0.00,Florin,Probă,client1401@mail.example,40700001401,"Comanda nr. 3115391222 - exemplu.example",3,35545,1,,520000001401,,,
52001836,Gomag,1401,"2026-03-06 00:00:00","2026-03-06 09:35:09",0.00000,0.00000,-0.30000,-0.063,RON,0.00000,0.00,Florin,Probă,client1401@mail.example,40700001401,"Comanda nr. 3115391222 - exemplu.example",3,35545,1,,520000001401,,,
52001836,Gomag,1401,"2026-03-06 00:00:00","2026-03-06 09:35:09",0.00000,0.00000,-1.87556,-0.39387,RON,0.00000,0.00,Florin,Probă,client1401@mail.example,40700001401,"Comanda nr. 3115391222 - exemplu.example",3,35545,1,,520000001401,,,
52001836,Gomag,1401,"2026-03-06 00:00:00","2026-03-06 12:12:37",0.00000,0.00000,1.87556,0.39387,RON,0.00000,0.00,Florin,Probă,client1401@mail.example,40700001401,"Comanda nr. 3115391222 - exemplu.example",3,35545,1,,520000001401,,,
52001836,Gomag,1401,"2026-03-06 00:00:00","2026-03-06 12:12:37",0.00000,-70.85000,0.00000,-0,RON,0.00000,0.00,Florin,Probă,client1401@mail.example,40700001401,"Comanda nr. 3115391222 - exemplu.example",3,35545,1,,520000001401,,,
52001836,Gomag,1401,"2026-03-06 00:00:00","2026-03-06 12:12:38",0.00000,0.00000,1.87556,0.39387,RON,0.00000,0.00,Florin,Probă,client1401@mail.example,40700001401,"Comanda nr. 3115391222 - exemplu.example",3,35545,1,,520000001401,,,
"#;
        assert_eq!(csv, expected);
        // 189.45 - 6.05 - 0.363 - 2.26943 + 2.26943 - 70.85 + 2.26943
        assert_eq!(batch().net(), Decimal::new(11_446, 2));
    }

    #[test]
    fn the_zip_holds_the_csv_under_its_name() {
        let bytes = zipped(&batch()).unwrap();
        let mut zip = zip::ZipArchive::new(io::Cursor::new(bytes)).unwrap();
        let mut csv = Vec::new();
        let mut member = zip.by_index(0).unwrap();
        assert_eq!(member.name().unwrap(), "batchId.52001836.2201836.csv");
        io::copy(&mut member, &mut csv).unwrap();
        assert_eq!(csv, write(&batch()));
    }
}
