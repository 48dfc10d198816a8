//! Bringing all companies further: one that fails or is busy does not stop the others, and what was
//! changed by hand is told.

use vama::inside::store::{self, Checked, Migrated, Migrations, SchemaState, StoreError};
use vama::inside::value::slug::schema_of;

use crate::alone::{Alone, connect};
use crate::common::server;
use crate::sample::{self, TABLE, VERSION};

async fn migrate(alone: &mut Alone, migrations: &Migrations) -> Vec<Migrated> {
    store::migrate_companies(&mut alone.session, migrations).await.unwrap()
}

async fn check(alone: &mut Alone, migrations: &Migrations) -> Vec<Checked> {
    store::check_companies(&mut alone.session, migrations).await.unwrap()
}

/// Makes companies, and returns their slugs in order.
async fn companies(alone: &mut Alone, count: usize) -> Vec<String> {
    let mut slugs = Vec::with_capacity(count);
    for _ in 0..count {
        slugs.push(alone.company("several").await);
    }
    slugs.sort();
    slugs
}

/// Returns the slugs of the companies that were changed.
fn changed(migrated: &[Migrated]) -> Vec<&str> {
    let changed = migrated.iter().filter(|it| matches!(it.result, Ok(true)));
    changed.map(|it| it.slug.as_str()).collect()
}

/// Returns the slugs of the companies that failed, each with its error.
fn failed(migrated: &[Migrated]) -> Vec<(&str, &StoreError)> {
    let failed =
        migrated.iter().filter_map(|it| Some((it.slug.as_str(), it.result.as_ref().err()?)));
    failed.collect()
}

/// Returns the versions that the company has had, each as often as it is noted.
async fn versions(alone: &mut Alone, slug: &str) -> String {
    let schema = schema_of(slug).unwrap();
    let versions = format!(
        "select string_agg(version::text, ' ' order by version) from {schema}.vama_migrations"
    );
    alone.column(&versions).await.concat()
}

/// Returns the columns of the sample's table in a company.
async fn columns(alone: &mut Alone, slug: &str) -> String {
    let schema = schema_of(slug).unwrap();
    let columns = format!(
        "select string_agg(attname, ' ' order by attnum) from pg_attribute \
         where attrelid = to_regclass('{schema}.{TABLE}') and attnum > 0"
    );
    alone.column(&columns).await.concat()
}

#[tokio::test]
async fn one_new_file_adds_a_table_to_every_company() {
    let mut alone = Alone::new("one_more").await;
    let slugs = companies(&mut alone, 3).await;
    let one_more = sample::with_one_more().await;

    let migrated = migrate(&mut alone, &one_more).await;
    assert_eq!(changed(&migrated), slugs, "{migrated:?}");
    for slug in &slugs {
        let schema = schema_of(slug).unwrap();
        let insert = format!("insert into {TABLE} (card_number, granted_on, points)");
        alone
            .run(&format!(
                "set local role vama_{schema}; set local search_path = {schema}; \
                 {insert} values ('1', '2026-03-02', 10); update {TABLE} set points = 20; \
                 {insert} select '1', granted_on, 30 from {TABLE} on conflict do nothing;"
            ))
            .await;
        let rows = format!("select points::text from {schema}.{TABLE}");
        assert_eq!(alone.column(&rows).await, ["20.00"], "the key holds");
    }

    let again = migrate(&mut alone, &one_more).await;
    assert!(again.iter().all(|it| matches!(it.result, Ok(false))), "already there: {again:?}");
    for checked in check(&mut alone, &one_more).await {
        assert_eq!(
            (checked.state, checked.version),
            (SchemaState::Current, VERSION),
            "{checked:?}"
        );
    }
    for checked in check(&mut alone, Migrations::built_in()).await {
        assert_eq!((checked.state, checked.version), (SchemaState::Other, VERSION), "{checked:?}");
        assert_eq!(checked.expected, store::newest_company());
    }
}

/// Making the companies takes most of the time: 0.1 s each on a server that others use too; the
/// embedded engine needs 0.3 s each.
#[tokio::test]
async fn three_companies_that_fail_stop_none_of_the_others() {
    three_fail_among(if server().is_some() { 40 } else { 12 }).await;
}

#[tokio::test]
#[ignore = "the long form of the test above"]
async fn three_companies_that_fail_stop_none_of_two_hundred() {
    three_fail_among(200).await;
}

async fn three_fail_among(count: usize) {
    let mut alone = Alone::new("many").await;
    let slugs = companies(&mut alone, count).await;
    let one_more = sample::with_one_more().await;
    let obstructed = [&slugs[1], &slugs[count / 2], &slugs[count - 1]];
    for slug in obstructed {
        let schema = schema_of(slug).unwrap();
        alone.run(&format!("create table {schema}.{TABLE} (note text)")).await;
    }
    let before = versions(&mut alone, &slugs[0]).await;

    let migrated = migrate(&mut alone, &one_more).await;
    let told: Vec<&str> = migrated.iter().map(|it| it.slug.as_str()).collect();
    assert_eq!(told, slugs, "each company has its line");
    assert_eq!(changed(&migrated).len(), count - 3);
    let failures = failed(&migrated);
    assert_eq!(failures.iter().map(|it| it.0).collect::<Vec<_>>(), obstructed);
    for (slug, error) in failures {
        let told = format!("migrating {slug} failed: relation \"{TABLE}\" already exists");
        assert_eq!(error.with_cause(), told);
        assert!(!error.fault().is_transient());
        assert_eq!(versions(&mut alone, slug).await, before);
        assert_eq!(columns(&mut alone, slug).await, "note");
    }
    for slug in changed(&migrated) {
        assert_eq!(versions(&mut alone, slug).await, format!("{before} {VERSION}"));
    }

    for slug in obstructed {
        alone.run(&format!("drop table {}.{TABLE}", schema_of(slug).unwrap())).await;
    }
    let again = migrate(&mut alone, &one_more).await;
    assert_eq!(changed(&again), obstructed, "only what was left over");
    assert_eq!(failed(&again).len(), 0);
    for slug in obstructed {
        assert_eq!(versions(&mut alone, slug).await, format!("{before} {VERSION}"));
        assert_eq!(columns(&mut alone, slug).await, "id card_number granted_on points");
    }
}

#[tokio::test]
async fn two_migrations_at_once_bring_each_company_once() {
    if server().is_none() {
        // The embedded engine has one connection.
        return;
    }
    let mut alone = Alone::new("at_once").await;
    let slugs = companies(&mut alone, 12).await;
    let one_more = sample::with_one_more().await;
    let before = versions(&mut alone, &slugs[0]).await;
    let mut other = connect(&alone.own).await;

    let (mine, theirs) = tokio::join!(
        store::migrate_companies(&mut alone.session, &one_more),
        store::migrate_companies(&mut other, &one_more),
    );
    other.close().await;
    for (mine, theirs) in mine.unwrap().iter().zip(&theirs.unwrap()) {
        assert_eq!(mine.slug, theirs.slug);
        let one_of_them = matches!((&mine.result, &theirs.result), (Ok(a), Ok(b)) if a != b);
        assert!(one_of_them, "{mine:?}, {theirs:?}");
    }
    for slug in &slugs {
        assert_eq!(versions(&mut alone, slug).await, format!("{before} {VERSION}"));
    }
}

/// Takes as long as the migration is patient: three tries of ten seconds.
#[tokio::test]
async fn a_company_that_an_import_keeps_busy_does_not_stop_the_others() {
    if server().is_none() {
        // The embedded engine has one connection.
        return;
    }
    let mut alone = Alone::new("busy").await;
    let slugs = companies(&mut alone, 6).await;
    let one_more = sample::with_one_more().await;
    let busy = &slugs[2];
    let mut importing = connect(&alone.own).await;
    let mut import = importing.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('vama import ' || $1, 0))")
        .bind(busy)
        .persistent(false)
        .execute(&mut *import)
        .await
        .unwrap();

    let migrated = migrate(&mut alone, &one_more).await;
    assert_eq!(changed(&migrated).len(), slugs.len() - 1, "{migrated:?}");
    let [(slug, error)] = failed(&migrated)[..] else { panic!("{migrated:?}") };
    assert_eq!(slug, busy);
    let told = "waiting for another import into this company failed: \
                canceling statement due to lock timeout";
    assert_eq!(error.with_cause(), told);
    assert!(error.fault().is_transient());
    assert_eq!(error.advice(), Some("run the same command again; nothing goes in twice"));

    import.rollback().await.unwrap();
    importing.close().await;
    let again = migrate(&mut alone, &one_more).await;
    assert_eq!(changed(&again), [busy]);
}

/// What is changed in a company, and how that is told.
const DRIFT: [(&str, &str); 8] = [
    (
        "alter table bank_transactions drop column details",
        "column bank_transactions.details is missing, expected text",
    ),
    (
        "alter table bank_transactions alter amount type double precision",
        "column bank_transactions.amount is double precision not null, \
      expected numeric(18,2) not null",
    ),
    (
        "alter table gls_parcels drop constraint gls_parcels_parcel_number_key",
        "gls_parcels lacks the key UNIQUE (parcel_number)",
    ),
    (
        "alter table held_rows alter reason drop not null",
        "column held_rows.reason is text, expected text not null",
    ),
    ("drop index held_rows_import_idx", "held_rows lacks an index btree (import_id)"),
    (
        "alter table products add tenant integer not null",
        "column products.tenant is integer not null, expected none that imports must fill",
    ),
    ("drop table bonuri_procesate", "table bonuri_procesate is missing"),
    (
        "alter table sync_logs alter number drop identity",
        "column sync_logs.number is bigint not null, \
      expected bigint generated by default as identity not null",
    ),
];

/// What a platform may add to a company without being told.
const ADDITIONS: &str = "
    create table visits (id bigint primary key, at timestamptz not null);
    alter table bank_transactions add reviewed_by text;
    alter table bank_transactions add is_reviewed boolean not null default false;
    create index on bank_transactions (counterparty_name);
    alter table products add check (purchase_price >= 0);
    create view income as select * from bank_transactions where amount > 0;
    alter table products alter updated_at set default clock_timestamp();";

#[tokio::test]
async fn what_was_changed_by_hand_is_told_and_what_the_platform_added_is_not() {
    let mut alone = Alone::new("drift").await;
    let slugs = companies(&mut alone, 3).await;
    let [drifted, added, untouched] = &slugs[..] else { panic!("{slugs:?}") };
    for (statement, _) in DRIFT {
        let schema = schema_of(drifted).unwrap();
        alone.run(&format!("set local search_path = {schema}; {statement}")).await;
    }
    let schema = schema_of(added).unwrap();
    alone.run(&format!("set local search_path = {schema}; {ADDITIONS}")).await;
    let before = alone.everything().await;

    let checked = check(&mut alone, Migrations::built_in()).await;
    let mut differences = DRIFT.map(|(_, told)| told.to_owned());
    let mut told = checked[0].differences.clone();
    differences.sort();
    told.sort();
    assert_eq!(told, differences);
    let states = [SchemaState::Drifted, SchemaState::Current, SchemaState::Current];
    for ((checked, slug), state) in checked.iter().zip([drifted, added, untouched]).zip(states) {
        assert_eq!((&checked.slug, checked.state), (slug, state), "{checked:?}");
        assert_eq!(checked.version, checked.expected);
        assert!(state == SchemaState::Drifted || checked.differences.is_empty(), "{checked:?}");
    }
    assert_eq!(alone.everything().await, before, "a check changes nothing");
}

#[tokio::test]
async fn a_company_that_is_behind_lacks_nothing_yet() {
    let mut alone = Alone::new("behind").await;
    let slug = alone.company("behind").await;
    let before = alone.everything().await;
    let one_more = sample::with_one_more().await;
    let [checked] = &check(&mut alone, &one_more).await[..] else { panic!() };
    assert_eq!((&checked.slug, checked.state), (&slug, SchemaState::Behind));
    assert_eq!((checked.version, checked.expected), (store::newest_company(), VERSION));
    assert_eq!(checked.differences, [""; 0]);
    assert_eq!(alone.everything().await, before, "a check changes nothing");
}

#[tokio::test]
async fn a_company_with_another_migration_of_the_same_number_is_refused() {
    let mut alone = Alone::new("checksum").await;
    let slugs = companies(&mut alone, 2).await;
    let schema = schema_of(&slugs[0]).unwrap();
    let other = format!("update {schema}.vama_migrations set checksum = '' where version = 3");
    alone.run(&other).await;
    let before = alone.everything().await;

    for (checked, state) in check(&mut alone, Migrations::built_in())
        .await
        .iter()
        .zip([SchemaState::Other, SchemaState::Current])
    {
        assert_eq!(checked.state, state, "{checked:?}");
    }
    let migrated = migrate(&mut alone, Migrations::built_in()).await;
    let [(slug, error)] = failed(&migrated)[..] else { panic!("{migrated:?}") };
    assert_eq!(slug, slugs[0]);
    let told = format!(
        "migrating {slug} failed: migration 3 was previously applied but has been modified"
    );
    assert_eq!(error.with_cause(), told);
    assert_eq!(alone.everything().await, before);
}
