//! MT940 statements as Banca Transilvania writes them.

use std::borrow::Borrow;
use std::io::{self, Write};

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

pub use super::many::many;

/// Columns of a line of field 86, its tag not counted (SWIFT MT940: 65x).
const COLUMNS: usize = 65;

/// One entry of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// The day from which it counts.
    pub value_date: NaiveDate,
    /// The day on which the bank booked it; only its month and day are written.
    pub booking_date: NaiveDate,
    /// The sum, negative for a debit.
    pub amount: Decimal,
    /// Letter and three characters, such as `NTRF`.
    pub type_code: &'static str,
    /// What the customer calls it; the bank writes `NONREF` where he gave nothing.
    pub customer_reference: String,
    /// The bank's own reference; empty where there is none.
    pub bank_reference: String,
    /// The narrative on one line.
    pub text: String,
}

/// What happened on an account on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub date: NaiveDate,
    /// Its entries in the order of the statement.
    pub movements: Vec<Movement>,
}

/// Writes a statement, one message a day, and returns the closing balance.
///
/// Holds one day at a time, so a statement may be of any length. Runs of blanks in a narrative
/// become one, and the account is an IBAN.
///
/// # Errors
///
/// What the output reports, and a balance beyond 28 digits.
pub fn write<I>(
    account_iban: &str,
    currency: &str,
    opening: Decimal,
    days: I,
    out: &mut impl Write,
) -> io::Result<Decimal>
where
    I: IntoIterator,
    I::Item: Borrow<Day>,
{
    let mut balance = opening;
    for day in days {
        balance = message(account_iban, currency, balance, day.borrow(), out)?;
    }
    Ok(balance)
}

fn message(
    account_iban: &str,
    currency: &str,
    opening: Decimal,
    day: &Day,
    out: &mut impl Write,
) -> io::Result<Decimal> {
    let date = day.date.format("%y%m%d").to_string();
    let (year, ordinal) = (day.date.year() % 100, day.date.ordinal());
    let account = account_iban.get(8..).unwrap_or(account_iban);
    write!(
        out,
        "{{1:F01BTRLRO22AXXX00000000000}}{{2:I940BTRLRO22XXXXN}}\
         {{3:{{108:000MSOG{year:02}{ordinal:03}0001}}}}{{4:\r\n\
         :20:{account}{}\r\n:25:{account_iban}\r\n:28C:{ordinal:05}/00001\r\n\
         :60F:{}{date}{currency}{}\r\n",
        day.date.format("%y%m"),
        mark(opening),
        comma(opening),
    )?;
    let mut balance = opening;
    for movement in &day.movements {
        entry(movement, out)?;
        balance = (balance.checked_add(movement.amount))
            .ok_or_else(|| io::Error::other("the balance has more than 28 digits"))?;
    }
    for tag in [":62F:", ":64:"] {
        let (mark, sum) = (mark(balance), comma(balance));
        write!(out, "{tag}{mark}{date}{currency}{sum}\r\n")?;
    }
    let waiting = format!(
        "Total tranzactii card in asteptare la data de {}: 0,00 {currency}",
        day.date.format("%d.%m.%Y")
    );
    narrative(&waiting, out)?;
    // The bank glues the end of the message to its last line.
    write!(out, "  -}}\r\n")?;
    Ok(balance)
}

fn entry(movement: &Movement, out: &mut impl Write) -> io::Result<()> {
    write!(
        out,
        ":61:{}{}{}{}{}{}",
        movement.value_date.format("%y%m%d"),
        movement.booking_date.format("%m%d"),
        mark(movement.amount),
        comma(movement.amount),
        movement.type_code,
        movement.customer_reference,
    )?;
    if !movement.bank_reference.is_empty() {
        write!(out, "//{}", movement.bank_reference)?;
    }
    out.write_all(b"\r\n")?;
    narrative(&movement.text, out)?;
    out.write_all(b"\r\n")
}

/// Writes field 86 without the end of its last line: cut at words, a blank before each next line.
fn narrative(text: &str, out: &mut impl Write) -> io::Result<()> {
    out.write_all(b":86:")?;
    let mut column = 0;
    for word in text.split_whitespace() {
        let width = word.chars().count();
        if column > 0 {
            if column + 1 + width > COLUMNS {
                out.write_all(b"\r\n")?;
                column = 0;
            }
            out.write_all(b" ")?;
            column += 1;
        }
        out.write_all(word.as_bytes())?;
        column += width;
    }
    Ok(())
}

fn mark(amount: Decimal) -> char {
    if amount < Decimal::ZERO { 'D' } else { 'C' }
}

/// Returns the amount without its sign: a comma and at least two decimals.
fn comma(amount: Decimal) -> String {
    let mut amount = amount.abs();
    amount.rescale(amount.scale().max(2));
    amount.to_string().replace('.', ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(amounts: &[(i64, u32)], text: &str) -> Day {
        let date = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let movement = |(amount, scale): &(i64, u32)| Movement {
            value_date: date,
            booking_date: date,
            amount: Decimal::new(*amount, *scale),
            type_code: "NTRF",
            customer_reference: "NONREF".to_owned(),
            bank_reference: "001ZEXA260615663".to_owned(),
            text: text.to_owned(),
        };
        Day { date, movements: amounts.iter().map(movement).collect() }
    }

    fn written(opening: Decimal, day: Day) -> String {
        let mut out = Vec::new();
        write("RO27BTRLRONCRT0144272509", "RON", opening, [day], &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_message_has_the_layout_of_the_bank() {
        let text = "Incasare OP - canal electronic C.I.F.:21611392 TRANSFER RAMBURS TRANSFER \
                    RAMBURS 1 GLS GENERAL LOGISTICS SYSTEMS ROMAN REF: 001ZEXA260615663";
        let expected = "\
{1:F01BTRLRO22AXXX00000000000}{2:I940BTRLRO22XXXXN}{3:{108:000MSOG260610001}}{4:
:20:RONCRT01442725092603
:25:RO27BTRLRONCRT0144272509
:28C:00061/00001
:60F:C260302RON250000,00
:61:2603020302C2067,85NTRFNONREF//001ZEXA260615663
:86:Incasare OP - canal electronic C.I.F.:21611392 TRANSFER RAMBURS
 TRANSFER RAMBURS 1 GLS GENERAL LOGISTICS SYSTEMS ROMAN REF:
 001ZEXA260615663
:62F:C260302RON252067,85
:64:C260302RON252067,85
:86:Total tranzactii card in asteptare la data de 02.03.2026: 0,00
 RON  -}
";
        let day = day(&[(206_785, 2)], text);
        assert_eq!(written(Decimal::from(250_000), day), expected.replace('\n', "\r\n"));
    }

    #[test]
    fn a_balance_below_zero_is_a_debit() {
        let text = written(Decimal::ONE, day(&[(-15, 1), (-7, 0)], "x"));
        assert!(text.contains("D1,50NTRF") && text.contains("D7,00NTRF"));
        assert!(text.contains(":62F:D260302RON7,50\r\n"));
    }

    #[test]
    fn an_entry_without_reference_has_no_slashes() {
        let mut day = day(&[(1, 2)], "");
        day.movements[0].bank_reference.clear();
        assert!(written(Decimal::ZERO, day).contains("C0,01NTRFNONREF\r\n:86:\r\n"));
    }

    #[test]
    fn a_balance_that_no_decimal_holds_is_an_error() {
        let mut day = day(&[(1, 0)], "");
        day.movements[0].amount = Decimal::MAX;
        let fault = write("x", "RON", Decimal::MAX, [day], &mut io::sink());
        assert!(fault.is_err());
    }
}
