//! What somebody says by hand, as ties.

use rust_decimal::Decimal;

use super::name::{NotNamed, credit_name, credit_named, settlement_named};
use super::{Books, Credit, Rule, Settlement, Tie};

/// Why a tie cannot be made or undone by hand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotTie {
    /// A name is nobody's, or that of several.
    #[error(transparent)]
    NotNamed(#[from] NotNamed),
    /// The credit has another currency than the settlement.
    #[error("the credit {credit} is in {found}, expected {expected} as the settlement states")]
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
    /// All of the credit pays other settlements, by hand.
    #[error("all of the credit {credit} is tied by hand to other settlements")]
    UsedUp {
        /// The credit's name.
        credit: String,
    },
    /// The settlement is paid already, by hand, before this credit.
    #[error("nothing of the settlement is left that the credit {credit} could pay")]
    Paid {
        /// The credit's name.
        credit: String,
    },
    /// The settlement has no tie, or none to this credit.
    #[error("the settlement is not tied to {}", .credit.as_deref().unwrap_or("any credit"))]
    NotTied {
        /// The credit's name, where one was named.
        credit: Option<String>,
    },
}

/// Returns the ties that say: these credits pay this settlement. Of each credit the part counts that no
/// other tie by hand has, up to what is left of the settlement.
///
/// # Errors
///
/// A name that is not one thing's, a contradiction, or nothing that is left to be tied.
pub fn tie_by_hand(
    books: &Books,
    settlement: &str,
    credits: &[String],
) -> Result<Vec<Tie>, CannotTie> {
    let settlement = settlement_named(settlement, &books.settlements)?;
    let credits: Vec<&Credit> =
        credits.iter().map(|it| credit_named(it, &books.credits)).collect::<Result<_, _>>()?;
    let is_named = |tie: &Tie| credits.iter().any(|credit| credit.key == tie.credit);
    let sum = |is_meant: &dyn Fn(&Tie) -> bool| -> Decimal {
        books.by_hand().filter(|tie| is_meant(tie)).map(|tie| tie.amount).sum()
    };
    let mut left =
        settlement.amount - sum(&|tie| tie.settlement == settlement.id && !is_named(tie));
    let mut ties = Vec::new();
    for credit in credits {
        refuse_contradiction(settlement, credit)?;
        let elsewhere = |tie: &Tie| tie.credit == credit.key && tie.settlement != settlement.id;
        let amount = (credit.amount - sum(&elsewhere)).min(left);
        if left <= Decimal::ZERO {
            return Err(CannotTie::Paid { credit: credit_name(credit) });
        }
        if amount <= Decimal::ZERO {
            return Err(CannotTie::UsedUp { credit: credit_name(credit) });
        }
        left -= amount;
        ties.push(said(settlement, credit, amount));
    }
    Ok(ties)
}

/// Returns the ties that say: these credits do not pay this settlement. Without credits: none of those
/// that are tied to it now.
///
/// # Errors
///
/// A name that is not one thing's, or a tie that is not there.
pub fn untie_by_hand(
    books: &Books,
    settlement: &str,
    credits: &[String],
) -> Result<Vec<Tie>, CannotTie> {
    let settlement = settlement_named(settlement, &books.settlements)?;
    let is_tied = |credit: &Credit| {
        books.ties.iter().any(|tie| {
            tie.settlement == settlement.id && tie.credit == credit.key && !tie.amount.is_zero()
        })
    };
    let named: Vec<&Credit> = match credits {
        [] => books.credits.iter().filter(|credit| is_tied(credit)).collect(),
        names => {
            names.iter().map(|it| credit_named(it, &books.credits)).collect::<Result<_, _>>()?
        }
    };
    let not_tied = named.iter().find(|credit| !is_tied(credit));
    if named.is_empty() || not_tied.is_some() {
        return Err(CannotTie::NotTied { credit: not_tied.map(|it| credit_name(it)) });
    }
    Ok(named.into_iter().map(|credit| said(settlement, credit, Decimal::ZERO)).collect())
}

fn said(settlement: &Settlement, credit: &Credit, amount: Decimal) -> Tie {
    Tie {
        settlement: settlement.id.clone(),
        credit: credit.key.clone(),
        amount,
        rule: Rule::ByHand,
    }
}

fn refuse_contradiction(settlement: &Settlement, credit: &Credit) -> Result<(), CannotTie> {
    if credit.currency != settlement.currency {
        return Err(CannotTie::OtherCurrency {
            credit: credit_name(credit),
            found: credit.currency.clone(),
            expected: settlement.currency.clone(),
        });
    }
    match (&settlement.account, &credit.account) {
        (Some(stated), Some(account)) if stated != account => {
            Err(CannotTie::OtherAccount { credit: credit_name(credit) })
        }
        _ => Ok(()),
    }
}
