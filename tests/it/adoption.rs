//! An old platform's tables become a company's, and go back.

use std::fs;

use vama::inside::store::{self, Adopt, Adopted, KeyCounts, StoreError};

use crate::alone::{Alone, connect};
use crate::companies::old_bank;
use crate::world::only_source;

/// A database with a company and an empty schema of an old platform, `old_…`.
struct Platform {
    alone: Alone,
    slug: String,
    old: String,
}

impl Platform {
    async fn new(name: &str) -> Self {
        let mut alone = Alone::new(name).await;
        let slug = alone.company(name).await;
        let old = format!("old_{}", slug.replace('-', "_"));
        alone.run(&format!("create schema {old}")).await;
        Self { alone, slug, old }
    }

    fn schema(&self) -> String {
        self.slug.replace('-', "_")
    }

    /// Runs statements, `%O` in them being the old schema and `%S` the company's.
    async fn run(&mut self, sql: &str) {
        let sql = sql.replace("%O", &self.old).replace("%S", &self.schema());
        self.alone.run(&sql).await;
    }

    async fn column(&mut self, sql: &str) -> Vec<String> {
        let sql = sql.replace("%O", &self.old).replace("%S", &self.schema());
        self.alone.column(&sql).await
    }

    /// Adopts tables of the old schema, all where none are named.
    async fn adopt(self, tables: &[&str], dry_run: bool) -> (Self, Result<Adopted, StoreError>) {
        let Self { alone: Alone { session, own }, slug, old } = self;
        let tables: Vec<String> = tables.iter().map(|it| (*it).to_owned()).collect();
        let what = Adopt { from: &old, tables: &tables, backup: None, dry_run };
        let (session, result) = match store::adopt(session, &slug, what).await {
            Ok((session, adopted)) => (session, Ok(adopted)),
            Err(error) => (connect(&own).await, Err(error)),
        };
        (Self { alone: Alone { session, own }, slug, old }, result)
    }

    /// Gives everything back to the old schema; the company is gone then.
    async fn release(self) -> (Self, store::Released) {
        let Self { alone: Alone { session, own }, slug, old } = self;
        let (session, released) = store::release(session, &slug, &old, None).await.unwrap();
        (Self { alone: Alone { session, own }, slug, old }, released)
    }
}

/// What keeps the tables out, a line each.
fn obstacles(result: Result<Adopted, StoreError>) -> Vec<String> {
    match result {
        Err(StoreError::InTheWay(list)) => list,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn old_rows_get_the_keys_that_imports_look_for() {
    let mut platform = Platform::new("keys").await;
    let rows = [
        // A right key; one made of a float's text; one that is the same either way; none.
        "('right', md5('2026-03-02|right|-119.50'), -119.5)",
        "('float', md5('2026-03-02|float|120.0'), 120)",
        "('tenth', md5('2026-03-02|tenth|-0.5'), -0.5)",
        "('both', md5('2026-03-02|both|12.55'), 12.55)",
        "('zero', md5('2026-03-02|zero|-0.0'), 0)",
        "('none', null, 7), ('empty', '', 7)",
        // Twins: two without a key; one with the right key and one with a float's.
        "('twins', null, 9), ('twins', null, 9)",
        "('mixed', md5('2026-03-02|mixed|9.00'), 9), ('mixed', md5('2026-03-02|mixed|9.0'), 9)",
        // Numbered already, the second before the first.
        "('numbered', md5('2026-03-02|numbered#2|9.00'), 9), ('numbered', null, 9)",
        // A key by another recipe; a row without a reference to make a key of.
        "('other', md5('whatever'), 9), (null, md5('else'), 9)",
    ];
    let sql = old_bank(&platform.old, &rows);
    platform.run(&sql).await;
    let (mut platform, adopted) = platform.adopt(&[], false).await;
    let expected = KeyCounts { right: 4, made: 5, rekeyed: 4, other: 2, without: 0 };
    assert_eq!(adopted.unwrap().keys["bank_transactions"], expected);
    let wrong = "select op_reference || ' ' || transaction_hash from (select *, row_number() over \
        (partition by op_reference order by transaction_hash = md5('2026-03-02|' || op_reference \
         || '|' || amount) desc) as k from %S.bank_transactions) t \
         where transaction_hash <> md5('2026-03-02|' || op_reference \
               || case when k > 1 then '#' || k else '' end || '|' || amount) \
           and op_reference <> 'other'";
    assert_eq!(platform.column(wrong).await, [""; 0]);
    let types = "select format_type(atttypid, atttypmod) from pg_attribute \
        where attrelid = '%S.bank_transactions'::regclass \
        and attname in ('amount', 'transaction_hash', 'currency') order by attname";
    assert_eq!(platform.column(types).await, ["numeric(18,2)", "text", "text"]);
}

#[tokio::test]
async fn a_statement_finds_its_adopted_rows_and_adds_nothing() {
    let mut platform = Platform::new("found").await;
    let month = crate::world::month();
    let file = month.files.iter().find(|file| file.folder == "bank").unwrap();
    let import = async |platform: &mut Platform| {
        let source = only_source(&file.name, &file.bytes);
        let (session, slug) = (&mut platform.alone.session, Some(platform.slug.as_str()));
        vama::inside::road::import_source(session, source, slug, &Default::default()).await
    };
    let first = import(&mut platform).await;
    assert!(first.inserted > 10, "{first:?}");
    // What the old platform would have stored of the month: floats, and keys made of their texts.
    platform
        .run(
            "create table %O.bank_transactions (id uuid primary key, transaction_hash text unique, \
             transaction_date date, amount double precision, currency text, account_iban text, \
             op_reference text, booking_date date, details text); \
             insert into %O.bank_transactions select id, case when transaction_hash = \
                md5(transaction_date || '|' || op_reference || '|' || amount) \
                then md5(transaction_date || '|' || op_reference || '|' || \
                     case when amount = trunc(amount) then trunc(amount) || '.0' \
                     else trim_scale(amount)::text end) else transaction_hash end, \
             transaction_date, amount, currency, account_iban, op_reference, booking_date, details \
             from %S.bank_transactions; \
             truncate %S.bank_transactions, %S.sync_logs cascade",
        )
        .await;
    let (mut platform, adopted) = platform.adopt(&[], false).await;
    let keyed = adopted.unwrap().keys["bank_transactions"];
    assert!(keyed.rekeyed > 0 && keyed.other == 0 && keyed.made == 0, "{keyed:?}");
    let again = import(&mut platform).await;
    assert_eq!((again.inserted, again.held), (0, 0), "{again:?}");
    assert_eq!(again.duplicates, first.inserted);
}

#[tokio::test]
async fn borderouri_and_sales_without_keys_get_theirs() {
    let mut platform = Platform::new("others").await;
    platform
        .run(
            "create table %O.gls_borderouri (id uuid primary key default gen_random_uuid(), \
                borderou_date date not null, account_iban text, total_amount numeric not null, \
                parcels_count int not null, currency text not null default 'RON'); \
             create table %O.gls_borderou_parcels (id uuid primary key default gen_random_uuid(), \
                borderou_id uuid not null references %O.gls_borderouri on delete cascade, \
                parcel_number text not null, cod_amount numeric not null, \
                currency text not null default 'RON'); \
             insert into %O.gls_borderouri (borderou_date, account_iban, total_amount, parcels_count) \
                values ('2026-03-02', 'RO27BTRLRONCRT0144272509', 40.5, 3); \
             insert into %O.gls_borderou_parcels (borderou_id, parcel_number, cod_amount) \
                select id, unnest(array['222', '111', '111']), unnest(array[10, 20, 10.5]) \
                from %O.gls_borderouri; \
             create table %O.product_sales (oblio_id text, sku text, quantity double precision, \
                sale_hash text); \
             insert into %O.product_sales values ('1', 'a', 2, md5('1|a|2.0')), ('1', 'b', 1.5, null)",
        )
        .await;
    let (mut platform, adopted) = platform.adopt(&[], false).await;
    let keys = adopted.unwrap().keys;
    assert_eq!(keys["gls_borderouri"].made, 1);
    assert_eq!(keys["gls_borderou_parcels"].made, 3);
    assert_eq!((keys["product_sales"].rekeyed, keys["product_sales"].made), (1, 1));
    let hashes = platform
        .column(
            "select (borderou_hash = md5('GLS|RO27BTRLRONCRT0144272509|2026-03-02|\
             111:10.50,111:20.00,222:10.00'))::text from %S.gls_borderouri",
        )
        .await;
    assert_eq!(hashes, ["true"]);
    let numbered = "select count(*)::text from %S.gls_borderou_parcels p join %S.gls_borderouri b \
        on b.id = borderou_id where parcel_hash in \
        (md5(borderou_hash || '|' || parcel_number || '|' || cod_amount), \
         md5(borderou_hash || '|' || parcel_number || '#2|' || cod_amount))";
    assert_eq!(platform.column(numbered).await, ["3"]);
    let sales = "select sale_hash = md5('1|' || sku || '|' || trim_scale(quantity)) \
                 from %S.product_sales where sale_hash is not null";
    assert_eq!(
        platform
            .column(&sales.replace("select ", "select (").replace(
                " \
                 from",
                ")::text from"
            ))
            .await,
        ["true", "true"]
    );
}

#[tokio::test]
async fn what_contradicts_is_listed_whole_and_nothing_moves() {
    let mut platform = Platform::new("refused").await;
    platform
        .run(
            "create table %O.products (id uuid primary key default gen_random_uuid(), sku text, \
                purchase_price numeric, name integer); \
             insert into %O.products (sku, purchase_price) values ('a', 1.234), ('a', 1), (null, 2);",
        )
        .await;
    let before = platform.alone.everything().await;
    let (mut platform, refused) = platform.adopt(&[], false).await;
    let expected = [
        "column products.name is integer, expected text",
        "1 rows of products.purchase_price (numeric) do not fit numeric(18,2)",
    ];
    assert_eq!(obstacles(refused), expected);
    assert_eq!(platform.alone.everything().await, before);
    // Once these are out of the way, the rest is told.
    platform
        .run("alter table %O.products drop name; update %O.products set purchase_price = 1")
        .await;
    let before = platform.alone.everything().await;
    let (mut platform, refused) = platform.adopt(&[], false).await;
    let told = obstacles(refused);
    let expected = [
        "products.sku must not be empty, and is in 1 rows",
        "products must have UNIQUE (sku), but several rows share 1 of them",
    ];
    assert_eq!(told, expected);
    assert_eq!(platform.alone.everything().await, before);

    platform
        .run(
            "create table %O.shops (id int primary key); insert into %O.shops values (1); \
             delete from %O.products; alter table %O.products add shop int references %O.shops; \
             alter table %O.products enable row level security; \
             create table %O.notes (product uuid references %O.products); \
             insert into %S.products (sku) values ('own')",
        )
        .await;
    let (platform, refused) = platform.adopt(&["products"], false).await;
    let told = obstacles(refused);
    for (line, expected) in told.iter().zip([
        "stays, refers to products",
        "row-level security",
        "refers to",
        "a table products of its own with 1 rows",
    ]) {
        assert!(line.contains(expected), "{expected}: {told:?}");
    }
    assert_eq!(told.len(), 4, "{told:?}");
    let (platform, refused) = platform.adopt(&["nothing"], false).await;
    let missing = format!("schema {} has no table nothing", platform.old);
    assert_eq!(obstacles(refused), [missing]);
}

#[tokio::test]
async fn a_dry_run_tells_the_same_and_changes_nothing() {
    let mut platform = Platform::new("dry").await;
    let sql = old_bank(&platform.old, &["('a', null, 1), ('b', md5('2026-03-02|b|1.0'), 1)"]);
    platform.run(&sql).await;
    let before = platform.alone.everything().await;
    let (mut platform, planned) = platform.adopt(&[], true).await;
    assert_eq!(platform.alone.everything().await, before);
    let (_, done) = platform.adopt(&[], false).await;
    let (planned, done) = (planned.unwrap(), done.unwrap());
    assert_eq!(planned.keys, done.keys);
    assert_eq!(planned.changes, done.changes);
    assert_eq!(planned.tables, done.tables);
    assert_eq!(done.tables["bank_transactions"], 2);
    let added = "column bank_transactions.import_id added: uuid".to_owned();
    assert!(done.changes.contains(&added), "{:?}", done.changes);
}

#[tokio::test]
async fn released_again_the_tables_have_the_same_rows_keys_and_rights() {
    let mut platform = Platform::new("back").await;
    // Tables as the migrations make them, with rows and a role that may read them.
    let sql: String = {
        let mut files: Vec<_> = fs::read_dir("migrations/company").unwrap().flatten().collect();
        files.sort_by_key(fs::DirEntry::path);
        files.iter().map(|file| fs::read_to_string(file.path()).unwrap()).collect()
    };
    let role = format!("r_{}", platform.schema());
    platform
        .run(&format!(
            "create role {role}; set local search_path = %O; {sql} \
             insert into sync_logs (sync_type, status) values ('mt940', 'completed'); \
             insert into held_rows (import_id, kind, reason, raw) \
                select id, 'malformed', 'x', 'y' from sync_logs; \
             insert into bank_transactions (transaction_hash, transaction_date, amount, currency, \
                op_reference) values (md5('2026-03-02|r|12.00'), '2026-03-02', 12, 'RON', 'r'); \
             insert into gls_borderouri (borderou_hash, borderou_date, currency, total_amount, \
                parcels_count) values ('h', '2026-03-02', 'RON', 1, 1); \
             insert into gls_borderou_parcels (parcel_hash, borderou_id, parcel_number, cod_amount, \
                currency) select 'p', id, '1', 1, 'RON' from gls_borderouri; \
             create view latest as select * from bank_transactions; \
             grant usage on schema %O to {role}; grant select on bank_transactions to {role}; \
             grant insert (name) on products to {role};"
        ))
        .await;
    platform.alone.run("delete from public.companies where false").await;
    let before = platform.alone.everything().await;
    let (mut platform, adopted) = platform.adopt(&[], false).await;
    let adopted = adopted.unwrap();
    assert_eq!(adopted.changes, [""; 0], "nothing was missing");
    assert_eq!(adopted.tables.len(), 23);
    assert!(adopted.warnings.iter().any(|it| it.contains("vama company grant")), "{adopted:?}");
    // The tables have the rights that the migrations give, so an import can work.
    let taken = store::enter(&mut platform.alone.session, &platform.slug).await.unwrap().0;
    taken.rollback().await.unwrap();
    let (mut platform, released) = platform.release().await;
    assert_eq!((released.left.len(), released.dropped.len()), (0, 0), "{released:?}");
    assert!(released.role_dropped);
    assert_eq!(released.tables, adopted.tables);
    let after = platform.alone.everything().await;
    let of_old = |all: &std::collections::BTreeMap<String, String>| {
        let old: Vec<_> = all.iter().filter(|(line, _)| line.contains(&platform.old)).collect();
        old.into_iter().map(|(line, rows)| format!("{line} {rows}")).collect::<Vec<_>>()
    };
    assert_eq!(of_old(&after), of_old(&before));
    assert!(!after.keys().any(|line| line.contains(&format!(" {}", platform.schema()))));
    platform.run(&format!("drop owned by {role}; drop role {role}")).await;
}

#[tokio::test]
async fn a_company_gives_back_what_it_adopted_and_what_has_rows_and_names_in_use_are_refused() {
    let mut platform = Platform::new("partly").await;
    let sql = old_bank(&platform.old, &["('a', md5('x'), 1)"]);
    platform.run(&sql).await;
    let (mut platform, adopted) = platform.adopt(&[], false).await;
    adopted.unwrap();
    platform
        .run(
            "insert into %S.products (sku) values ('a'); create view %S.cheap as select * from \
             %S.products; create function %S.one() returns int language sql as 'select 1'; \
             create table %O.products (n int)",
        )
        .await;
    let Platform { alone: Alone { session, own }, slug, old } = platform;
    let refused = store::release(session, &slug, &old, None).await.map(drop).unwrap_err();
    assert!(refused.to_string().contains(&format!("schema {old} has a products already")));
    let alone = Alone { session: connect(&own).await, own };
    let mut platform = Platform { alone, slug, old };
    platform.run("drop table %O.products").await;
    let (mut platform, released) = platform.release().await;
    let moved: Vec<&str> = released.tables.keys().map(String::as_str).collect();
    assert_eq!(moved, ["bank_transactions", "products"]);
    assert_eq!(released.dropped.len(), 21);
    assert_eq!(released.left.len(), 1, "the function keeps the schema: {:?}", released.left);
    let views = platform
        .column(
            "select relname::text from pg_class where relkind = 'v' \
                                 and relnamespace = '%O'::regnamespace",
        )
        .await;
    assert_eq!(views, ["cheap"]);
    assert_eq!(platform.column("select slug from public.companies").await, [""; 0]);
}
