//! What files say of orders and invoices → states in, and orders and invoices made of them.
//!
//! An order that comes again is there already, whatever state it is in now. One that contradicts what
//! is stored of it (amount, currency, client) is held.

use std::collections::{BTreeMap, HashMap, HashSet};

use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use super::ask::ask;
use super::copy::copy_rows;
use super::derive::{DERIVING, Names};
use super::group_load::{GroupLoad, no_file};
use super::kept::KeptRows;
use super::settle::{keys, settle, settle_with};
use crate::record::{InvoiceReport, OrderList};
use crate::row::{
    HeldRow, Identity, OrderRows, ProductRow, Row, SaleRow, State, Table, invoice_states,
    order_rows, own_oblio_id,
};
use crate::store::StoreError;
use crate::store::connection::turn::Turn;

const LOOKING: &str = "looking up the orders and invoices that are there";

/// What the database tells of an order or invoice.
#[derive(Debug, sqlx::FromRow)]
struct Stored {
    name: String,
    key: String,
    total: Option<String>,
    currency: Option<String>,
    client: Option<String>,
    says: Option<String>,
    import_id: Option<Uuid>,
    is_other: bool,
}

/// An order or invoice that is there.
#[derive(Debug)]
struct Known {
    /// The key of its row.
    key: String,
    identity: Identity,
    /// A digest of all that its row says; none where it came with this transaction.
    says: Option<String>,
    /// Whether the row is another invoice, which has the key that this one would get.
    is_other: bool,
}

impl Known {
    fn of(stored: Stored) -> Self {
        // An amount that no file says, as NaN, is none.
        let total: Option<Decimal> = stored.total.and_then(|it| it.parse().ok());
        let identity = Identity::of(total, stored.currency.as_deref(), stored.client.as_deref());
        Self { key: stored.key, identity, says: stored.says, is_other: stored.is_other }
    }

    fn new<S: State>(state: &S) -> Self {
        let key = match S::OF {
            Table::Orders => state.name().to_owned(),
            _ => own_oblio_id(state.name()),
        };
        Self { key, identity: state.identity(), says: None, is_other: false }
    }
}

/// Loads the invoices of reports, each with the number of its file.
pub(crate) async fn invoices(
    connection: &mut PgConnection,
    reports: &[(usize, &InvoiceReport)],
    group: &mut GroupLoad,
) -> Result<(), StoreError> {
    let of_report = |(file, report): &(usize, &InvoiceReport)| {
        let file = *file;
        invoice_states(report).into_iter().map(move |state| (file, state))
    };
    let came: Vec<_> = reports.iter().flat_map(of_report).collect();
    take_in(connection, &came, &[], group).await.map(drop)
}

/// Loads the orders of lists, each with the number of its file; and what was sold with those that are
/// not held.
pub(crate) async fn orders(
    connection: &mut PgConnection,
    lists: &[(usize, &OrderList)],
    group: &mut GroupLoad,
) -> Result<(), StoreError> {
    let (mut came, mut sold) = (Vec::new(), Vec::new());
    for (file, list) in lists {
        for OrderRows { state, products, sales } in order_rows(list) {
            came.push((*file, state));
            sold.push((products, sales));
        }
    }
    let went_in = take_in(connection, &came, &sold, group).await?;
    let (mut all_products, mut all_sales) = (Vec::new(), Vec::new());
    for (((file, _), (products, sales)), went_in) in came.iter().zip(sold).zip(went_in) {
        if went_in {
            all_products.extend(products.into_iter().map(|it| (*file, it)));
            all_sales.extend(sales.into_iter().map(|it| (*file, it)));
        }
    }
    take_sales_in(connection, all_products, all_sales, group).await
}

/// What was sold with an order.
type SoldWith = (Vec<ProductRow>, Vec<SaleRow>);

/// Takes states in, and makes the orders or invoices what they say. Returns of each whether it went in;
/// else it is held, with what was sold.
async fn take_in<S: State>(
    connection: &mut PgConnection,
    came: &[(usize, S)],
    sold: &[SoldWith],
    group: &mut GroupLoad,
) -> Result<Vec<bool>, StoreError> {
    let names = came.iter().map(|(_, state)| state.name().to_owned());
    let stored = look_up(connection, &Names::parts(S::OF, names)).await?;
    // A row of its own counts, not that another invoice has the key which this one would have got.
    let (others, own): (Vec<_>, Vec<_>) = stored.into_iter().partition(|it| it.is_other);
    let known = others.into_iter().chain(own).map(|it| (it.name.clone(), Known::of(it)));
    let mut deciding = Deciding::<S> { known: known.collect(), ..Deciding::default() };
    let mut went_in = Vec::with_capacity(came.len());
    for (at, (file, state)) in came.iter().enumerate() {
        went_in.push(deciding.decide(*file, state, sold.get(at), group)?);
    }
    let Deciding { known, touched, new, .. } = deciding;
    let parts = Names::parts(S::OF, touched.keys().cloned());
    for names in &parts {
        group.kept_of_platform += names.keep_platform(connection, &mut group.ids).await?;
    }
    copy_rows(connection, &new, &group.stamps).await?;
    for names in &parts {
        let turn = names.ask(names.derive(Turn::default()), DERIVING);
        let mut answers = turn.take(connection).await?;
        answers.skip(1);
        for now in answers.values::<Stored>(DERIVING)? {
            let before = known.get(&now.name).and_then(|it| it.says.as_ref());
            if before.is_some_and(|before| Some(before) != now.says.as_ref()) {
                let said_by =
                    group.stamps.iter().position(|it| Some(it.import_id) == now.import_id);
                let file = said_by.or_else(|| touched.get(&now.name).copied());
                group.imported(file.ok_or_else(no_file)?)?.changed += 1;
            }
        }
    }
    Ok(went_in)
}

async fn look_up(
    connection: &mut PgConnection,
    parts: &[Names],
) -> Result<Vec<Stored>, StoreError> {
    let mut stored = Vec::new();
    for names in parts {
        let mut answers = names.ask(Turn::default(), LOOKING).take(connection).await?;
        stored.extend(answers.values(LOOKING)?);
    }
    Ok(stored)
}

/// What becomes of records, one after the other.
struct Deciding<'s, S> {
    /// The orders or invoices that are there, by name.
    known: HashMap<String, Known>,
    /// Which name has each key that this transaction gives.
    given: HashMap<String, String>,
    /// What each file said already.
    said: HashSet<(usize, String)>,
    /// The orders or invoices that get states, each with the file that it was last in.
    touched: BTreeMap<String, usize>,
    /// The states that go in.
    new: Vec<(Uuid, usize, &'s S)>,
}

impl<S> Default for Deciding<'_, S> {
    fn default() -> Self {
        Self {
            known: HashMap::new(),
            given: HashMap::new(),
            said: HashSet::new(),
            touched: BTreeMap::new(),
            new: Vec::new(),
        }
    }
}

impl<'s, S: State> Deciding<'s, S> {
    /// Returns whether the record goes in; else it is held.
    fn decide(
        &mut self,
        file: usize,
        state: &'s S,
        sold: Option<&SoldWith>,
        group: &mut GroupLoad,
    ) -> Result<bool, StoreError> {
        let name = state.name();
        if let Some((key, reason)) = self.against(state) {
            let stamp = group.stamps.get(file).ok_or_else(no_file)?;
            let mut rows = KeptRows::default();
            rows.add(state, group.ids.one(), stamp);
            if let Some((products, sales)) = sold {
                products.iter().for_each(|it| rows.add(it, group.ids.one(), stamp));
                sales.iter().for_each(|it| rows.add(it, group.ids.one(), stamp));
            }
            let held = HeldRow::conflict(S::OF, Some(key), reason, state.raw());
            group.hold(file, HeldRow { rows: Some(rows.into_text()), ..held })?;
            return Ok(false);
        }
        match self.known.get_mut(name) {
            Some(known) => {
                group.counts(file, S::OF)?.duplicates += 1;
                known.identity.fill(state.identity());
            }
            None => {
                group.counts(file, S::OF)?.inserted += 1;
                let known = Known::new(state);
                self.given.insert(known.key.clone(), name.to_owned());
                self.known.insert(name.to_owned(), known);
            }
        }
        self.touched.insert(name.to_owned(), file);
        if self.said.insert((file, state.key().into_owned())) {
            group.counts(file, S::TABLE)?.inserted += 1;
            self.new.push((group.ids.one(), file, state));
        }
        Ok(true)
    }

    /// Returns why a record is held, and the key of the row that it contradicts.
    fn against(&self, state: &S) -> Option<(String, String)> {
        const TAKEN: &str = "another invoice has the key that its series and number make";
        let Some(known) = self.known.get(state.name()) else {
            let key = Known::new(state).key;
            return self.given.contains_key(&key).then(|| (key, TAKEN.to_owned()));
        };
        if known.is_other {
            return Some((known.key.clone(), TAKEN.to_owned()));
        }
        let differs = state.identity().contradictions(&known.identity);
        let reason = || format!("it is there already and differs in: {}", differs.join(", "));
        (!differs.is_empty()).then(|| (known.key.clone(), reason()))
    }
}

/// Takes products in, and what was sold of them. A sale names its invoice by the identifier that it is
/// stored with; one that is there under the invoice's series and number is the same sale.
async fn take_sales_in(
    connection: &mut PgConnection,
    products: Vec<(usize, ProductRow)>,
    mut sales: Vec<(usize, SaleRow)>,
    group: &mut GroupLoad,
) -> Result<(), StoreError> {
    if products.is_empty() {
        return Ok(());
    }
    settle(connection, &products, group).await?;
    let names = sales.iter().map(|(_, sale)| sale.invoice().to_owned());
    let invoices = look_up(connection, &Names::parts(Table::Invoices, names)).await?;
    let invoices = invoices.into_iter().filter(|it| !it.is_other);
    let invoices: HashMap<String, String> = invoices.map(|it| (it.name, it.key)).collect();
    let mut other_keys = HashMap::new();
    for (_, sale) in &mut sales {
        if let Some(oblio_id) = invoices.get(sale.invoice()) {
            let other = sale.of_stored(oblio_id).to_string();
            other_keys.insert(sale.key().into_owned(), other);
        }
    }
    let mut wanted = keys(&sales);
    wanted.extend(other_keys.values().cloned());
    let mut stored = ask(connection, Table::ProductSales, &wanted).await?;
    for (key, other) in other_keys {
        if !stored.contains_key(&key)
            && let Some(same) = stored.remove(&other)
        {
            stored.insert(key, same);
        }
    }
    settle_with(connection, &sales, stored, group).await.map(drop)
}
