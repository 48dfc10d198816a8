//! The documents of which a marketplace's payout is made.

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

use super::{Currency, Damaged, Line};
use crate::value::normalize::to_ban;

/// The first month whose fees have the VAT rate of today.
const VAT_SINCE: Option<NaiveDate> = NaiveDate::from_ymd_opt(2025, 8, 1);

/// The VAT rate of fees in percent, from August 2025 on.
const VAT_NOW: Decimal = Decimal::from_parts(21, 0, 0, false, 0);

/// The VAT rate of fees in percent, to July 2025.
const VAT_BEFORE: Decimal = Decimal::from_parts(19, 0, 0, false, 0);

/// Returns the VAT rate of the fees of a month, in percent.
pub fn vat_rate(month: NaiveDate) -> Decimal {
    match VAT_SINCE {
        Some(since) if month < since => VAT_BEFORE,
        _ => VAT_NOW,
    }
}

/// What a payout document lists. Each kind has the short word by which eMag names its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PayoutKind {
    /// `dp`: the orders that are paid out, by card or on delivery.
    Orders,
    /// `dc`: the commission.
    Commission,
    /// `dccd`: the commission of one kind of cancelled orders.
    CancelledDelivery,
    /// `dcco`: the commission of the other kind of cancelled orders.
    CancelledOrder,
    /// `dcs`: commission that comes back.
    Reversed,
    /// `ded`: deliveries by eMag's couriers.
    Deliveries,
    /// `dy`: a charge with its VAT.
    Charge,
    /// `dv`: the vouchers, one by one; their sum stands in `dc`.
    Vouchers,
    /// `dvs`: vouchers that come back, one by one; their sum stands in `dcs`.
    ReversedVouchers,
}

impl PayoutKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Orders,
        Self::Commission,
        Self::CancelledDelivery,
        Self::CancelledOrder,
        Self::Reversed,
        Self::Deliveries,
        Self::Charge,
        Self::Vouchers,
        Self::ReversedVouchers,
    ];

    /// Returns the short word of the kind.
    pub fn name(self) -> &'static str {
        match self {
            Self::Orders => "dp",
            Self::Commission => "dc",
            Self::CancelledDelivery => "dccd",
            Self::CancelledOrder => "dcco",
            Self::Reversed => "dcs",
            Self::Deliveries => "ded",
            Self::Charge => "dy",
            Self::Vouchers => "dv",
            Self::ReversedVouchers => "dvs",
        }
    }

    /// Returns the kind of that short word.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Returns whether the documents of the kind state the total of their lines.
    pub fn states_total(self) -> bool {
        use PayoutKind::{CancelledDelivery, CancelledOrder, Commission, Deliveries, Reversed};
        matches!(self, Commission | CancelledDelivery | CancelledOrder | Reversed | Deliveries)
    }
}

/// One document of a payout. A payout is all documents of one seller that were made on one day.
#[derive(Debug, Clone)]
pub struct PayoutDocument {
    /// Where its lines start.
    pub line: Line,
    /// What it lists.
    pub kind: PayoutKind,
    /// The number that the marketplace gave it: `DP ID` in a list of orders, `Sheet ID` in the others.
    pub document_id: String,
    /// The seller's number.
    pub seller_id: String,
    /// The day on which it was made.
    pub made_on: NaiveDate,
    /// The first and the last day of the orders, where it states them.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// The first day of the month whose fees it lists, where it is about a month.
    pub month: Option<NaiveDate>,
    /// What the amounts are counted in.
    pub currency: Currency,
    /// The total row and where it stands.
    pub total: Option<(Line, PayoutTotal)>,
    /// The lines that could be read, in the order of the file.
    pub lines: Vec<PayoutLine>,
    /// The rows that could not be read.
    pub damaged: Vec<Damaged>,
}

/// The total row of a payout document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayoutTotal {
    /// The total of the amounts, without VAT.
    pub net: Option<Decimal>,
    /// The total of the vouchers.
    pub vouchers: Option<Decimal>,
}

/// One line of a payout document.
#[derive(Debug, Clone)]
pub struct PayoutLine {
    /// Its sheet row.
    pub line: Line,
    /// The marketplace's number of the order.
    pub order_id: Option<String>,
    /// What it is: `CO Cashing`, `Refund COD`; in a document of fees its kind.
    pub kind: String,
    /// What is paid out for the order, or the fee without VAT; in a document of vouchers the voucher.
    pub amount: Decimal,
    /// The voucher beside a fee.
    pub voucher: Option<Decimal>,
    /// How the order was paid.
    pub payment_method: Option<String>,
    /// Who ordered.
    pub client_name: Option<String>,
    /// The moment of the order, local time of Romania as the file writes it.
    pub ordered_at: Option<NaiveDateTime>,
    /// The row's cells, joined with tabs.
    pub raw: String,
}

impl PayoutDocument {
    /// Returns the sum of the amounts of its lines, to the ban.
    pub fn sum(&self) -> Decimal {
        to_ban(self.lines.iter().map(|line| line.amount).sum())
    }

    /// Returns the sum of the vouchers of its lines, to the ban; `None` where no line has one.
    pub fn sum_of_vouchers(&self) -> Option<Decimal> {
        let vouchers = self.lines.iter().filter_map(|line| line.voucher);
        vouchers.reduce(|sum, voucher| sum + voucher).map(to_ban)
    }

    /// Returns its amount without VAT: that of its total row, else the sum of its lines.
    pub fn net(&self) -> Decimal {
        match self.kind {
            PayoutKind::Charge | PayoutKind::Vouchers | PayoutKind::ReversedVouchers => {
                Decimal::ZERO
            }
            _ => self.total.and_then(|(_, total)| total.net).map_or_else(|| self.sum(), to_ban),
        }
    }

    /// Returns its vouchers, or the charge that stands in their place, with their VAT.
    pub fn vouchers(&self) -> Decimal {
        let stated = self.total.and_then(|(_, total)| total.vouchers).map(to_ban);
        let of_lines = match self.kind {
            PayoutKind::Charge | PayoutKind::Vouchers | PayoutKind::ReversedVouchers => {
                Some(self.sum())
            }
            _ => self.sum_of_vouchers(),
        };
        stated.or(of_lines).unwrap_or_default()
    }

    /// Returns the VAT rate of its fees in percent; `None` for what has no VAT of its own.
    pub fn vat_rate(&self) -> Option<Decimal> {
        self.month.filter(|_| self.kind.states_total()).map(vat_rate)
    }

    /// Returns its fees with VAT, rounded by itself as eMag rounds each document; zero for what has
    /// no fees.
    pub fn gross(&self) -> Decimal {
        let with_vat = |rate| self.net() * (Decimal::ONE_HUNDRED + rate) / Decimal::ONE_HUNDRED;
        self.vat_rate().map(with_vat).map(to_ban).unwrap_or_default()
    }

    /// Returns what it adds to its payout: orders add, fees and vouchers take away, and the lists of
    /// single vouchers do neither, since their sums stand elsewhere.
    pub fn adds(&self) -> Decimal {
        match self.kind {
            PayoutKind::Orders => self.net(),
            PayoutKind::Vouchers | PayoutKind::ReversedVouchers => Decimal::ZERO,
            // Not with a minus sign alone, which would make zero a negative zero.
            _ => Decimal::ZERO - self.gross() - self.vouchers(),
        }
    }
}
