//! Do a courier's parcels make its transfer; is a batch one batch?

use rust_decimal::Decimal;

use super::Findings;
use crate::fault::Refusal;
use crate::record::{Batch, Borderou};

/// Checks that the parcels make exactly the total row, and that every parcel could be read.
pub(super) fn check_borderou(borderou: &Borderou, findings: &mut Findings) -> Result<(), Refusal> {
    findings.warnings.extend(borderou.warnings.iter().cloned());
    if borderou.account.is_empty() {
        return Err(Refusal::unreadable(borderou.line, "the borderou names no bank account"));
    }
    if borderou.parcels.is_empty() && borderou.damaged.is_empty() {
        return Err(Refusal::unreadable(borderou.line, "the borderou lists no parcels"));
    }
    let computed: Decimal = borderou.parcels.iter().map(|parcel| parcel.amount).sum();
    // The key of a borderou is made of all its parcels. Without one of them it would be another
    // borderou, and the corrected file would go in as a second one.
    if let Some(damaged) = borderou.damaged.first() {
        let reason = format!("{}; a borderou goes in with all its parcels", damaged.reason);
        findings.unproven(damaged.line, reason);
    }
    match borderou.total {
        None => findings.unproven(borderou.line, "the borderou has no total row"),
        Some((_, stated)) if stated == computed => findings.fits(),
        Some((line, stated)) => findings.unbalanced.push(Refusal::Unbalanced {
            line,
            what: "total of the parcels".to_owned(),
            stated,
            computed,
        }),
    }
    if let Some(odd) = borderou.parcels.iter().find(|it| it.currency != borderou.currency) {
        let reason = format!("a parcel in {}, expected {}", odd.currency, borderou.currency);
        return Err(Refusal::unreadable(odd.line, reason));
    }
    Ok(())
}

/// Checks that every line and the file's name state the same batch.
pub(super) fn check_batch(batch: &Batch, findings: &mut Findings) -> Result<(), Refusal> {
    findings.warnings.extend(batch.warnings.iter().cloned());
    if let Some((line, stray)) = batch.strays.first() {
        let reason =
            format!("batch {stray}, expected {} as in line {}", batch.batch_id, batch.line);
        return Err(Refusal::unreadable(*line, reason));
    }
    if let Some(named) = batch.name_batch_id.as_ref().filter(|it| **it != batch.batch_id) {
        let reason = format!("batch {}, expected {named} as in the file's name", batch.batch_id);
        return Err(Refusal::unreadable(batch.line, reason));
    }
    Ok(())
}
