//! What somebody says by hand, as ties.

use rust_decimal::Decimal;

use super::bill::{Bill, bill_named};
use super::name::{NotNamed, credit_name, credit_named, settlement_named};
use super::{Books, Credit, Rule, Settlement, SettlementId, Tie};

/// Why a tie cannot be made or undone by hand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotTie {
    /// A name is nobody's, or that of several.
    #[error(transparent)]
    NotNamed(#[from] NotNamed),
    /// The credit has another currency than the settlement.
    #[error("the credit {credit} is in {found}, expected {expected}")]
    OtherCurrency {
        /// The credit's name.
        credit: String,
        /// Its currency.
        found: String,
        /// The settlement's currency.
        expected: String,
    },
    /// The credit arrived on another account than the settlement states.
    #[error("the credit {credit} arrived on another account than the settlement states")]
    OtherAccount {
        /// The credit's name.
        credit: String,
    },
    /// The invoice or order is cancelled.
    #[error("{name} is cancelled")]
    Cancelled {
        /// Its name.
        name: String,
    },
    /// The invoice or order states no total.
    #[error("{name} states no total, so nothing can be tied to it")]
    NoTotal {
        /// Its name.
        name: String,
    },
    /// All of the credit pays other settlements, by hand.
    #[error("all of the credit {credit} is tied by hand to something else")]
    UsedUp {
        /// The credit's name.
        credit: String,
    },
    /// The settlement is paid already, by hand, before this credit.
    #[error("nothing is left that the credit {credit} could pay")]
    Paid {
        /// The credit's name.
        credit: String,
    },
    /// The settlement has no tie, or none to this credit.
    #[error("it is not tied to {}", .credit.as_deref().unwrap_or("any credit"))]
    NotTied {
        /// The credit's name, where one was named.
        credit: Option<String>,
    },
}

/// What somebody says by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Credits that pay a settlement, or over nothing, that do not pay it.
    pub ties: Vec<Tie>,
    /// Ties by hand that are taken back: the rules decide again.
    pub taken_back: Vec<Tie>,
}

/// Returns the ties that say: these credits pay this settlement, invoice or order. Of each credit the part
/// counts that no other tie by hand has, up to what is left to be paid.
///
/// # Errors
///
/// A name that is not one thing's, a contradiction, or nothing that is left to be tied.
pub fn tie_by_hand(books: &Books, owed: &str, credits: &[String]) -> Result<Said, CannotTie> {
    let (owed, credits) = named(books, owed, credits)?;
    let is_named = |tie: &Tie| credits.iter().any(|credit| credit.key == tie.credit);
    let sum = |is_meant: &dyn Fn(&Tie) -> bool| -> Decimal {
        books.by_hand().filter(is_meant).map(|tie| tie.amount).sum()
    };
    let mut left = owed.amount()? - sum(&|tie| tie.settlement == *owed.id() && !is_named(tie));
    let mut ties = Vec::new();
    for credit in credits {
        owed.refuse_contradiction(credit)?;
        let elsewhere = |tie: &Tie| tie.credit == credit.key && tie.settlement != *owed.id();
        let amount = (credit.amount - sum(&elsewhere)).min(left);
        if left <= Decimal::ZERO {
            return Err(CannotTie::Paid { credit: credit_name(credit) });
        }
        if amount <= Decimal::ZERO {
            return Err(CannotTie::UsedUp { credit: credit_name(credit) });
        }
        left -= amount;
        let (settlement, credit) = (owed.id().clone(), credit.key.clone());
        ties.push(Tie { settlement, credit, amount, rule: Rule::ByHand });
    }
    Ok(Said { ties, taken_back: Vec::new() })
}

/// Returns what says that these credits do not pay this settlement, invoice or order; without credits: none
/// of those that are tied to it now. A tie by hand is taken back, and the rules decide again; a tie
/// of a rule becomes one over nothing.
///
/// # Errors
///
/// A name that is not one thing's, or a tie that is not there.
pub fn untie_by_hand(books: &Books, owed: &str, credits: &[String]) -> Result<Said, CannotTie> {
    let (owed, mut credits) = named(books, owed, credits)?;
    let tie_to = |credit: &Credit| {
        let mut ties = books.ties.iter().filter(|tie| !tie.amount.is_zero());
        ties.find(|tie| tie.settlement == *owed.id() && tie.credit == credit.key)
    };
    if credits.is_empty() {
        credits = books.credits.iter().filter(|credit| tie_to(credit).is_some()).collect();
    }
    if credits.is_empty() {
        return Err(CannotTie::NotTied { credit: None });
    }
    let mut said = Said::default();
    for credit in credits {
        match tie_to(credit) {
            Some(tie) if tie.rule == Rule::ByHand => said.taken_back.push(tie.clone()),
            Some(tie) => {
                let apart = Tie { amount: Decimal::ZERO, rule: Rule::ByHand, ..tie.clone() };
                said.ties.push(apart);
            }
            None => return Err(CannotTie::NotTied { credit: Some(credit_name(credit)) }),
        }
    }
    Ok(said)
}

/// What somebody names as that which is paid.
enum Owed<'a> {
    Settlement(&'a Settlement),
    Bill(&'a Bill),
}

impl Owed<'_> {
    fn id(&self) -> &SettlementId {
        match self {
            Self::Settlement(settlement) => &settlement.id,
            Self::Bill(bill) => &bill.id,
        }
    }

    fn currency(&self) -> &str {
        match self {
            Self::Settlement(settlement) => &settlement.currency,
            Self::Bill(bill) => &bill.currency,
        }
    }

    /// Returns what is to be paid, where it can be.
    fn amount(&self) -> Result<Decimal, CannotTie> {
        match self {
            Self::Settlement(settlement) => Ok(settlement.amount),
            Self::Bill(bill) if bill.is_cancelled => {
                Err(CannotTie::Cancelled { name: bill.name() })
            }
            Self::Bill(bill) => bill.total.ok_or_else(|| CannotTie::NoTotal { name: bill.name() }),
        }
    }

    fn refuse_contradiction(&self, credit: &Credit) -> Result<(), CannotTie> {
        // Rows of others may state no currency; that contradicts nothing.
        if credit.currency != self.currency() && !self.currency().is_empty() {
            return Err(CannotTie::OtherCurrency {
                credit: credit_name(credit),
                found: credit.currency.clone(),
                expected: self.currency().to_owned(),
            });
        }
        match (self, &credit.account) {
            (Self::Settlement(Settlement { account: Some(stated), .. }), Some(account))
                if stated != account =>
            {
                Err(CannotTie::OtherAccount { credit: credit_name(credit) })
            }
            _ => Ok(()),
        }
    }
}

/// Returns what is paid and the credits of these names. The credit of a pair may be named first.
fn named<'a>(
    books: &'a Books,
    owed: &str,
    credits: &[String],
) -> Result<(Owed<'a>, Vec<&'a Credit>), CannotTie> {
    let credit = |name: &str| credit_named(name, &books.credits);
    let found = owed_named(books, owed);
    if let (Err(NotNamed::Nothing { .. }), [only]) = (&found, credits)
        && let (Ok(found), Ok(credit)) = (owed_named(books, only), credit(owed))
    {
        return Ok((found, vec![credit]));
    }
    Ok((found?, credits.iter().map(|it| credit(it)).collect::<Result<_, _>>()?))
}

fn owed_named<'a>(books: &'a Books, name: &str) -> Result<Owed<'a>, NotNamed> {
    match settlement_named(name, &books.settlements) {
        Err(NotNamed::Nothing { .. }) => bill_named(name, &books.bills).map(Owed::Bill),
        found => found.map(Owed::Settlement),
    }
}
