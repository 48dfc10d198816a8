//! `Lipsuri`: what the month lacks: days of statements, documents, money, invoices.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_xlsxwriter::{Workbook, XlsxError};

use super::cell::{Cell, Kind};
use super::sheet::{Columns, Frame, Sheet};
use super::{Known, words};
use crate::check::coverage::Gap;
use crate::month::{PaidLine, State, Stated, sender_word};

const COLUMNS: Columns = &[
    ("Ce lipsește", Kind::Name),
    ("Cont sau plătitor", Kind::Name),
    ("De la", Kind::Day),
    ("Până la", Kind::Day),
    ("Document", Kind::Name),
    ("Order ID", Kind::Name),
    ("Sold înainte", Kind::Amount),
    ("Sold după", Kind::Amount),
    ("Sumă", Kind::Amount),
    ("Monedă", Kind::Name),
    ("Explicație", Kind::Words),
];

/// Something that is missing.
#[derive(Default)]
struct Lack<'a> {
    what: &'static str,
    who: &'a str,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    document: Option<String>,
    order: Option<&'a str>,
    before: Option<Decimal>,
    behind: Option<Decimal>,
    amount: Option<Decimal>,
    currency: &'a str,
    why: String,
}

/// Writes the sheet.
pub(super) fn write(
    workbook: &mut Workbook,
    frame: &Frame,
    known: &Known<'_>,
) -> Result<(), XlsxError> {
    let mut sheet = Sheet::begin(workbook, "Lipsuri", frame, COLUMNS, None)?;
    let settlements = || known.contents.facts.of_month();
    let unpaid = settlements().filter(|it| it.state != State::Paid).map(unpaid);
    let without_invoice = settlements().flat_map(|it| without_invoice(known, it));
    for lack in days(known).chain(documents(known)).chain(unpaid).chain(without_invoice) {
        sheet.row(&[
            Cell::text(lack.what),
            Cell::text(lack.who),
            Cell::maybe_day(lack.from),
            Cell::maybe_day(lack.to),
            Cell::maybe_text(lack.document.as_deref()),
            Cell::maybe_text(lack.order),
            Cell::maybe_amount(lack.before),
            Cell::maybe_amount(lack.behind),
            Cell::maybe_amount(lack.amount),
            Cell::text(lack.currency),
            Cell::text(&lack.why),
        ])?;
    }
    sheet.end()
}

/// Returns the days that the statements lack.
fn days<'a>(known: &'a Known<'a>) -> impl Iterator<Item = Lack<'a>> {
    let page = known.contents.page;
    let none = page.accounts.is_empty().then(|| Lack {
        from: Some(page.month.first()),
        to: Some(page.month.last()),
        why: "niciun extras de cont al lunii nu este importat".to_owned(),
        ..lack_of_days()
    });
    let of_accounts = page.accounts.iter().flat_map(|account| {
        let (who, currency) = (account.account.as_str(), account.currency.as_str());
        let edges = account.edges.iter().map(move |(from, to)| Lack {
            who,
            from: Some(*from),
            to: Some(*to),
            currency,
            ..lack_of_days()
        });
        edges.chain(account.gaps.iter().map(move |gap| Lack { who, currency, ..of_gap(gap) }))
    });
    none.into_iter().chain(of_accounts)
}

fn lack_of_days() -> Lack<'static> {
    let why = "extrasele acestor zile nu sunt importate".to_owned();
    Lack { what: "Zile de extras", why, ..Lack::default() }
}

fn of_gap(gap: &Gap) -> Lack<'static> {
    let whole_days = gap.after.succ_opt().zip(gap.before.pred_opt());
    let whole_days = whole_days.filter(|(from, to)| from <= to);
    let lack = Lack {
        before: Some(gap.closing),
        behind: Some(gap.opening),
        amount: Some(gap.difference),
        ..lack_of_days()
    };
    match whole_days {
        Some((from, to)) => Lack { from: Some(from), to: Some(to), ..lack },
        None => Lack {
            from: Some(gap.after),
            to: Some(gap.before),
            why: "mișcări din aceste zile lipsesc din extrase".to_owned(),
            ..lack
        },
    }
}

/// Returns the documents whose money came.
fn documents<'a>(known: &'a Known<'a>) -> impl Iterator<Item = Lack<'a>> {
    known.contents.page.missing.iter().map(|line| {
        let arrived = known.credits.get(line.key.as_str());
        let credit = arrived.map(|it| &it.credit);
        let sender = credit.map(|it| it.sender.as_str()).unwrap_or_default();
        let reference = credit.and_then(|it| it.reference.as_deref());
        let named = credit.and_then(|it| it.names.as_deref());
        Lack {
            what: "Document",
            who: &line.sender,
            from: Some(line.day),
            document: Some(words::wanted_document(sender, named)),
            amount: Some(line.amount),
            currency: &line.currency,
            why: format!("a venit {}", words::credit(reference, Some(line.day))),
            ..Lack::default()
        }
    })
}

/// Returns a settlement whose money has not come, or not to the ban.
fn unpaid(stated: &Stated) -> Lack<'_> {
    let settlement = &stated.settlement;
    Lack {
        what: "Bani",
        who: sender_word(&settlement.id.kind),
        from: Some(settlement.dated),
        document: Some(words::document(stated)),
        amount: Some(settlement.amount - stated.paid.unwrap_or_default()),
        currency: &settlement.currency,
        why: words::not_paid(stated.state).to_owned(),
        ..Lack::default()
    }
}

/// Returns the lines of a settlement that have no invoice.
fn without_invoice<'a>(known: &Known<'a>, stated: &'a Stated) -> impl Iterator<Item = Lack<'a>> {
    let without = |line: &&&PaidLine| line.invoice.is_none();
    let lines: Vec<&'a PaidLine> =
        known.lines(&stated.settlement.id).iter().filter(without).copied().collect();
    lines.into_iter().map(move |line| Lack {
        what: "Factură",
        who: sender_word(&stated.settlement.id.kind),
        from: Some(stated.settlement.dated),
        document: Some(words::document(stated)),
        order: line.order.as_deref(),
        amount: Some(line.amount),
        currency: &stated.settlement.currency,
        why: words::line_error(line).unwrap_or_default(),
        ..Lack::default()
    })
}
