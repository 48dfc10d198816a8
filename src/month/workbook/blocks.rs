//! Credits and what they pay → blocks, whose rows come to the credit's amount.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;

use super::{Known, words};
use crate::month::{BankEntry, KnownTie, PaidLine, Stated};
use crate::tie::SettlementId;

/// A credit that pays settlements.
pub(super) struct Block<'a> {
    /// The credit.
    pub(super) credit: &'a BankEntry,
    pub(super) rows: Vec<Row<'a>>,
    /// What the rows come to.
    pub(super) total: Decimal,
}

/// A row of a block: a line of a settlement, or what stands for its lines.
pub(super) struct Row<'a> {
    /// The kind of the settlement.
    pub(super) kind: &'a str,
    pub(super) document: String,
    pub(super) order: Option<&'a str>,
    /// The invoice, or what the row is where it is no line.
    pub(super) invoice: Option<String>,
    pub(super) amount: Decimal,
    pub(super) error: Option<String>,
    pub(super) difference: Option<Decimal>,
}

/// Returns a block for each credit of the month that pays settlements, the oldest first.
pub(super) fn blocks<'a>(known: &'a Known<'a>) -> Vec<Block<'a>> {
    let ties = Ties::of(&known.contents.bank.ties);
    let mut blocks: Vec<Block<'a>> = ties
        .of_credits
        .iter()
        .filter(|(_, ties)| ties.iter().any(|tie| !tie.is_direct()))
        .filter_map(|(credit, of_credit)| {
            let credit = *known.entries.get(credit)?;
            let rows: Vec<Row<'a>> =
                of_credit.iter().flat_map(|tie| rows(known, tie, &ties)).collect();
            let total = rows.iter().map(|row| row.amount).sum();
            Some(Block { credit, rows, total })
        })
        .collect();
    blocks.sort_by_key(|it| (it.credit.day, &it.credit.reference, &it.credit.key));
    blocks
}

/// The ties by their credits, and by their settlements.
struct Ties<'a> {
    of_credits: BTreeMap<&'a str, Vec<&'a KnownTie>>,
    of_settlements: HashMap<&'a SettlementId, Vec<&'a KnownTie>>,
}

impl<'a> Ties<'a> {
    fn of(ties: &'a [KnownTie]) -> Self {
        let mut all = Self { of_credits: BTreeMap::new(), of_settlements: HashMap::new() };
        for tie in ties {
            all.of_credits.entry(&tie.credit).or_default().push(tie);
            all.of_settlements.entry(&tie.settlement).or_default().push(tie);
        }
        all.of_credits
            .values_mut()
            .for_each(|it| it.sort_by_key(|tie| (tie.dated, &tie.settlement)));
        // The oldest credit has the lines; one whose row is gone has no block to put them in.
        all.of_settlements
            .values_mut()
            .for_each(|it| it.sort_by_key(|tie| (tie.day.is_none(), tie.day, &tie.credit)));
        all
    }
}

/// Returns the rows of what a credit pays: the lines of a settlement at its oldest credit, and what
/// stands for them at the others.
fn rows<'a>(known: &Known<'a>, tie: &'a KnownTie, ties: &Ties<'a>) -> Vec<Row<'a>> {
    let Some(stated) = known.settlements.get(&tie.settlement).copied() else {
        return vec![without_settlement(tie)];
    };
    let all = ties.of_settlements.get(&tie.settlement).map(Vec::as_slice).unwrap_or_default();
    match all.first() {
        Some(first) if first.credit != tie.credit => {
            let at = words::credit(first.reference.as_deref(), first.day);
            let error = format!("parte din decont; rândurile lui sunt la {at}");
            vec![standing(stated, None, tie.amount, Some(error))]
        }
        _ => {
            let mut rows = whole(known, stated);
            for other in all.iter().filter(|it| it.credit != tie.credit) {
                let of = words::credit(other.reference.as_deref(), other.day);
                let label = Some("Alt OP".to_owned());
                rows.push(standing(stated, label, -other.amount, Some(format!("plătit cu {of}"))));
            }
            rows
        }
    }
}

/// Returns the lines of a settlement, and what they lack to its amount: fees, most of it.
fn whole<'a>(known: &Known<'a>, stated: &'a Stated) -> Vec<Row<'a>> {
    let settlement = &stated.settlement;
    let lines = known.lines(&settlement.id);
    if lines.is_empty() {
        let error = "rândurile decontului nu sunt cunoscute".to_owned();
        return vec![standing(stated, None, settlement.amount, Some(error))];
    }
    let document = words::document(stated);
    let row = |line: &&'a PaidLine| Row {
        kind: &settlement.id.kind,
        document: document.clone(),
        order: line.order.as_deref(),
        invoice: line.invoice.clone(),
        amount: line.amount,
        error: words::line_error(line).or_else(|| {
            let invoice = known.odd_invoices.get(line.invoice.as_deref()?)?;
            Some(words::odd_invoice(invoice))
        }),
        difference: words::differs(line),
    };
    let mut rows: Vec<Row<'a>> = lines.iter().map(row).collect();
    let rest = settlement.amount - lines.iter().map(|line| line.amount).sum::<Decimal>();
    if !rest.is_zero() {
        let (label, error) = words::rest_of_lines(&settlement.id.kind);
        let error = error.map(str::to_owned);
        rows.push(standing(stated, Some(label.to_owned()), rest, error));
    }
    rows
}

/// Returns a row that is no line.
fn standing<'a>(
    stated: &'a Stated,
    label: Option<String>,
    amount: Decimal,
    error: Option<String>,
) -> Row<'a> {
    Row {
        kind: &stated.settlement.id.kind,
        document: words::document(stated),
        order: None,
        invoice: label,
        amount,
        error,
        difference: None,
    }
}

/// Returns the row of an invoice or order that is paid beside settlements, or of a settlement that is
/// gone.
fn without_settlement(tie: &KnownTie) -> Row<'_> {
    let SettlementId { kind, key } = &tie.settlement;
    let (document, invoice, error) = match tie.is_direct() {
        true => (String::new(), Some(words::direct(tie)), None),
        false => (key.clone(), None, Some("decontul nu mai este importat".to_owned())),
    };
    Row { kind, document, order: None, invoice, amount: tie.amount, error, difference: None }
}

/// Returns that a credit is not what its rows come to, and by how much; `None` where it is.
pub(super) fn off_by(block: &Block<'_>) -> Option<(String, Decimal)> {
    let by = block.credit.amount - block.total;
    let than = if by > Decimal::ZERO { "mai mult" } else { "mai puțin" };
    let what = format!("OP-ul are cu {} {than} decât rândurile", words::amount(by));
    (!by.is_zero()).then_some((what, by))
}
