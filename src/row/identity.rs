//! What of an order or invoice no export changes.

use rust_decimal::Decimal;

use super::Said;
use crate::value::normalize::{amount_text, fold_blanks, plain, to_ban};

/// What of an order or invoice stays the same from export to export: an order of another amount is
/// another order under the same number, or a mistake. What is missing contradicts nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    total: Option<Decimal>,
    currency: Option<String>,
    client: Option<String>,
}

impl Identity {
    /// The names of its parts.
    pub const PARTS: &'static [&'static str] = &["total", "currency", "client"];

    /// Makes it of what a row says; the client's name is compared without case, diacritics and
    /// further blanks.
    pub fn of(total: Option<Decimal>, currency: Option<&str>, client: Option<&str>) -> Self {
        let text = |text: String| Some(text).filter(|it| !it.is_empty());
        Self {
            total: total.map(to_ban),
            currency: currency.and_then(|it| text(it.trim().to_uppercase())),
            client: client.and_then(|it| text(fold_blanks(&plain(it)))),
        }
    }

    /// Returns in what the two contradict each other, amounts and currencies with what stands there;
    /// nothing of a client.
    pub fn contradictions(&self, stored: &Self) -> Vec<String> {
        let amounts = (self.total.map(amount_text), stored.total.map(amount_text));
        let currencies = (self.currency.clone(), stored.currency.clone());
        let [total, currency, client] = ["total", "currency", "client"];
        let mut told = Vec::new();
        for (part, pair) in [(total, amounts), (currency, currencies)] {
            if let (Some(here), Some(there)) = pair
                && here != there
            {
                told.push(format!("{part} ({there} in the books, {here} here)"));
            }
        }
        if let (Some(here), Some(there)) = (&self.client, &stored.client)
            && here != there
        {
            told.push(client.to_owned());
        }
        told
    }

    /// Takes over what is missing.
    pub fn fill(&mut self, other: Self) {
        self.total = self.total.or(other.total);
        self.currency = self.currency.take().or(other.currency);
        self.client = self.client.take().or(other.client);
    }

    /// Returns it as what two rows are compared by.
    pub fn said(&self) -> Said {
        let total = self.total.map(amount_text);
        Said::of(&[total.as_deref(), self.currency.as_deref(), self.client.as_deref()], &[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(total: &str, currency: &str, client: &str) -> Identity {
        Identity::of(total.parse().ok(), Some(currency), Some(client))
    }

    #[test]
    fn a_client_is_the_same_in_other_letters_and_blanks() {
        let stored = of("119.50", "RON", "Țuțu  Model");
        assert!(of("119.5", "ron ", " tutu MODEL").contradictions(&stored).is_empty());
        assert!(of("", "", "").contradictions(&stored).is_empty());
        assert_eq!(
            of("119.51", "EUR", "Ana Model").contradictions(&stored),
            [
                "total (119.50 in the books, 119.51 here)",
                "currency (RON in the books, EUR here)",
                "client",
            ]
        );
    }

    #[test]
    fn what_was_missing_contradicts_once_it_is_there() {
        let mut stored = of("1", "RON", "");
        stored.fill(of("2", "EUR", "Ana"));
        assert_eq!(stored, of("1", "RON", "Ana"));
    }
}
