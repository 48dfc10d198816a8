//! Do the lines of a payout document make its total?

use rust_decimal::Decimal;

use super::Findings;
use crate::fault::Refusal;
use crate::record::PayoutDocument;
use crate::value::normalize::to_ban;

/// Checks that the lines make the total row, where documents of the kind have one, and that every line
/// could be read.
pub(super) fn check(document: &PayoutDocument, findings: &mut Findings) {
    // A payout is the sum of its documents, so without one line it would be another payout.
    if let Some(damaged) = document.damaged.first() {
        let reason = format!("{}; a payout document goes in with all its lines", damaged.reason);
        findings.unproven(damaged.line, reason);
    }
    let (line, total) = match document.total {
        Some((line, total)) => (line, total),
        None if document.kind.states_total() => {
            return findings.unproven(document.line, "the document has no total row");
        }
        None => return,
    };
    let mut compare =
        |what: &str, stated: Option<Decimal>, computed: Decimal| match stated.map(to_ban) {
            Some(stated) if stated == computed => findings.fits(),
            None => findings.unproven(line, format!("the total row has no {what}")),
            Some(stated) => findings.unbalanced.push(Refusal::Unbalanced {
                line,
                what: format!("{what} of the lines"),
                stated,
                computed,
            }),
        };
    if document.kind.states_total() {
        compare("total", total.net, document.sum());
        // Not every document of fees repeats its vouchers in its lines.
        if let Some(computed) = document.sum_of_vouchers() {
            compare("total of the vouchers", Some(total.vouchers.unwrap_or_default()), computed);
        }
    } else {
        compare("total", total.vouchers, document.sum());
    }
}
