//! What the status of an order says, in the words of the shops' programs.

use super::normalize::plain;

/// Words that say that the order has arrived: Gomag's `Comanda Finalizata (Facturata)` and `Livrata`,
/// easySales' `Completed`, `Delivered` and `Finalizată`.
const DELIVERED: [&str; 7] =
    ["finalizata", "finalizat", "livrata", "livrat", "completed", "complete", "delivered"];

/// Words beside which it has not arrived: `Not delivered`.
const NOT: [&str; 3] = ["not", "nu", "partial"];

/// Words that say that it has gone back or was taken back: `Retur finalizat`, `Anulata`.
const GONE_BACK: [&str; 9] = [
    "retur",
    "returnata",
    "returnat",
    "returned",
    "return",
    "refuzata",
    "anulata",
    "canceled",
    "cancelled",
];

/// Returns whether the status says that the order was delivered, and is still with the client.
pub fn says_delivered(status: &str) -> bool {
    has(status, &DELIVERED) && !has(status, &NOT) && !says_gone_back(status)
}

/// Returns whether the status says that the order has gone back or was cancelled.
pub fn says_gone_back(status: &str) -> bool {
    has(status, &GONE_BACK)
}

fn has(status: &str, any: &[&str]) -> bool {
    plain(status).split(|c: char| !c.is_alphanumeric()).any(|word| any.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_of_an_order_says_whether_it_arrived() {
        for status in [
            "Comanda Finalizata (Facturata)",
            "Livrata",
            "LIVRATĂ",
            "Completed",
            "Delivered",
            "Finalizată",
        ] {
            assert!(says_delivered(status) && !says_gone_back(status), "{status}");
        }
        for status in ["", "In curs de livrare", "Nelivrata", "Not delivered"] {
            assert!(!says_delivered(status) && !says_gone_back(status), "{status}");
        }
        for status in ["Retur finalizat", "Anulată", "Comanda Returnata", "Cancelled"] {
            assert!(!says_delivered(status) && says_gone_back(status), "{status}");
        }
    }
}
