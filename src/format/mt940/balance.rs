//! Fields 60 and 62 (balances), 90D and 90C (sums of an MT942) and 34F (currency of an MT942).

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::record::{Balance, Currency, Line, Turnover, Warning};
use crate::value::normalize;

use super::envelope::trimmed;
use super::fields::{clamped, day, signed};

/// A balance as it stands in the file; some banks leave its currency out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stated {
    pub(super) line: Line,
    date: NaiveDate,
    amount: Decimal,
    pub(super) currency: Option<Currency>,
    intermediate: bool,
}

impl Stated {
    /// Returns the balance. Where it states no currency, it has that of the statement's other
    /// balance.
    pub(super) fn settle(self, other: Option<Currency>) -> Option<Balance> {
        Some(Balance {
            line: self.line,
            date: self.date,
            amount: self.amount,
            currency: self.currency.or(other)?,
            intermediate: self.intermediate,
        })
    }
}

/// Returns the balance that `C` or `D`, `YYMMDD`, a currency and an amount state.
///
/// The currency may be missing: the amount then begins behind the date's six digits. `None` where
/// anything else is missing, or the amount has more digits than a money column keeps.
pub(super) fn read(
    content: &str,
    line: Line,
    intermediate: bool,
    warnings: &mut Vec<Warning>,
) -> Option<Stated> {
    let content = trimmed(content, false).trim_start();
    let (mark, rest) = content.split_at_checked(1)?;
    let positive = match mark {
        "C" | "c" => true,
        "D" | "d" => false,
        _ => return None,
    };
    let (digits, rest) = rest.split_at_checked(6)?;
    let (date, exists) = day(digits)?;
    let (currency, amount) = match rest.split_at_checked(3) {
        Some((code, amount)) if Currency::new(code).is_some() => (Currency::new(code), amount),
        _ => (None, rest),
    };
    let amount = normalize::amount(amount).filter(|amount| normalize::fits_money(*amount))?;
    if !exists {
        warnings.push(clamped("balance date", digits, date, line));
    }
    Some(Stated { line, date, amount: signed(amount, positive), currency, intermediate })
}

/// Returns number and sum of the debits or of the credits, and the currency of the sum.
pub(super) fn turnover(content: &str, line: Line) -> Option<(Turnover, Currency)> {
    let content = trimmed(content, false).trim_start();
    let rest = content.trim_start_matches(|c: char| c.is_ascii_digit());
    let count = content.strip_suffix(rest)?.parse().ok()?;
    let (code, sum) = rest.split_at_checked(3)?;
    let sum = normalize::amount(sum).filter(|sum| normalize::fits_money(*sum))?;
    Some((Turnover { line, count, sum }, Currency::new(code)?))
}

/// Returns the currency of a floor limit.
pub(super) fn floor_currency(content: &str) -> Option<Currency> {
    Currency::new(content.trim_start().get(..3)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(content: &str) -> Option<(Decimal, Currency)> {
        let stated = read(content, 1, false, &mut Vec::new())?;
        let balance = stated.settle(Some(Currency::RON))?;
        Some((balance.amount, balance.currency))
    }

    #[test]
    fn a_balance_is_signed_by_its_mark() {
        let eur = Currency::new("EUR").unwrap();
        let amount = |text: &str| text.parse::<Decimal>().unwrap();
        let cases = [
            ("C260131RON110,00", Some((amount("110.00"), Currency::RON))),
            ("D100318EUR00,12", Some((amount("-0.12"), eur))),
            ("c260131eur0,-}", Some((amount("0"), eur))),
            ("C180410EUR0000000000000000,00", Some((amount("0"), eur))),
            ("C020315105000,00", Some((amount("105000"), Currency::RON))),
            ("C02032495000,00", Some((amount("95000"), Currency::RON))),
            ("Dnullnull7414,3", None),
            ("C260131RON-110,00", None),
            ("C260131RON", None),
            ("C261331RON1,00", None),
            ("X260131RON1,00", None),
            ("C2601ăRON", None),
        ];
        for (content, expected) in cases {
            assert_eq!(settled(content), expected, "{content}");
        }
    }

    #[test]
    fn a_balance_on_a_day_that_does_not_exist_holds_for_the_months_last() {
        let mut warnings = Vec::new();
        let stated = read("C021131EUR4387,95", 9, true, &mut warnings).unwrap();
        assert_eq!(stated.date, NaiveDate::from_ymd_opt(2002, 11, 30).unwrap());
        assert_eq!(warnings.len(), 1);
        assert_eq!(warnings[0].line, Some(9));
    }

    #[test]
    fn a_turnover_counts_and_sums() {
        let (turnover, currency) = turnover("3PLN0,03", 1).unwrap();
        assert_eq!((turnover.count, turnover.sum), (3, Decimal::new(3, 2)));
        assert_eq!(currency.as_str(), "PLN");
        assert_eq!(super::turnover("x", 1), None);
        assert_eq!(floor_currency("EURD0,00"), Currency::new("EUR"));
    }
}
