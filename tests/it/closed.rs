//! The registry is closed: only who owns it, or bypasses row-level security, decides into whose books a
//! statement goes.

use std::path::PathBuf;

use vama::inside::store::{self, Database, SchemaState, Session, StoreError};

use crate::alone::{Alone, connect, new_company};
use crate::common::own::Own;
use crate::common::{server, unique};
use crate::world::behind_pooler;

/// The tables, each with what writes into it.
const TABLES: [(&str, &str, &str); 4] = [
    ("companies", "(name, slug, schema_name) values ('x', 'x-srl', 'x_srl')", "name = name"),
    ("users", "(username, username_hash, password_hash) values ('x', 'x', 'x')", "username = ''"),
    (
        "api_credentials",
        "(company_id, service_type, credentials) select id, 'gls', '{}' from public.companies",
        "credentials = '{}'",
    ),
    (
        "vama_migrations",
        "(version, description, checksum) values (99, 'x', '')",
        "description = description",
    ),
];

/// The roles that Supabase brings, where they are not there yet.
const ROLES: [(&str, &str); 3] =
    [("anon", ""), ("authenticated", ""), ("service_role", "bypassrls")];

/// What Supabase says of every table that is made in public.
const DEFAULTS: &str = "grant usage on schema public to anon, authenticated, service_role; \
    alter default privileges in schema public grant all on tables to anon, authenticated, service_role";

/// Makes the roles; they belong to the server, and stay for other tests.
async fn make_roles(session: &mut Session) {
    for (role, attribute) in ROLES {
        // Another test may make it at the same moment.
        drop(try_run(session, &format!("create role {role} nologin {attribute}")).await);
    }
}

async fn try_run(session: &mut Session, sql: &str) -> Result<u64, String> {
    let mut tx = session.begin().await.unwrap();
    let done = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut *tx).await;
    match done {
        Ok(done) => {
            tx.commit().await.unwrap();
            Ok(done.rows_affected())
        }
        Err(error) => Err(error.as_database_error().unwrap().message().to_owned()),
    }
}

/// Tries everything with every table as a role, and returns what worked, as `select companies 1`.
async fn tried(alone: &mut Alone, role: &str) -> Vec<String> {
    let mut worked = Vec::new();
    for (table, insert, update) in TABLES {
        let attempts = [
            ("select", format!("select from public.{table}")),
            ("insert", format!("insert into public.{table} {insert}")),
            ("update", format!("update public.{table} set {update}")),
            ("delete", format!("delete from public.{table} where false")),
            ("truncate", format!("truncate public.{table} cascade")),
        ];
        for (verb, statement) in attempts {
            let mut tx = alone.session.begin().await.unwrap();
            let role = sqlx::AssertSqlSafe(format!("set local role {role}"));
            sqlx::raw_sql(role).execute(&mut *tx).await.unwrap();
            let statement = sqlx::AssertSqlSafe(statement);
            let done = sqlx::raw_sql(statement).execute(&mut *tx).await;
            if let Ok(done) = done {
                worked.push(format!("{verb} {table} {}", done.rows_affected()));
            }
            tx.rollback().await.unwrap();
        }
    }
    worked
}

/// Makes a company with a user, and asserts what each role may do with the registry.
async fn assert_closed(alone: &mut Alone) {
    alone.company("closed").await;
    alone
        .run(
            "insert into public.users (username, username_hash, password_hash) values ('u', 'u', 'p'); \
             insert into public.api_credentials (company_id, service_type, credentials) \
             select id, 'oblio', '{}' from public.companies limit 1",
        )
        .await;
    for visitor in ["anon", "authenticated"] {
        let seen = tried(alone, visitor).await;
        let companies = seen[0].strip_prefix("select companies ").unwrap();
        assert_ne!(companies, "0", "{visitor} may see which companies there are");
        let nothing = ["select users 0", "select api_credentials 0", "select vama_migrations 0"];
        assert_eq!(seen[1..], nothing, "{visitor}");
    }
    for own in ["service_role", "current_user"] {
        let own = if own == "current_user" { "none" } else { own };
        let done = tried(alone, own).await;
        assert_eq!(done.len(), TABLES.len() * 5, "{own}: {done:?}");
    }
}

/// Returns how the registry stands, with what is told of it.
async fn checked(alone: &mut Alone) -> (SchemaState, Vec<String>) {
    let checked = store::check_public(&mut alone.session).await.unwrap();
    (checked.state, checked.differences)
}

#[tokio::test]
async fn in_a_new_database_visitors_change_nothing_of_the_registry() {
    let own = Own::new("closed");
    let mut session = connect(&own).await;
    make_roles(&mut session).await;
    try_run(&mut session, DEFAULTS).await.unwrap();
    store::migrate_public(&mut session).await.unwrap();
    let mut alone = Alone { session, own };
    assert_closed(&mut alone).await;
    assert_eq!(checked(&mut alone).await, (SchemaState::Current, Vec::new()));
    assert!(!store::migrate_public(&mut alone.session).await.unwrap(), "there is nothing to close");
}

#[tokio::test]
async fn a_database_that_an_earlier_version_made_is_closed_by_migrating() {
    let mut alone = Alone::new("open").await;
    make_roles(&mut alone.session).await;
    // As the third migration left it, under Supabase.
    alone
        .run(
            "drop policy vama_read on public.companies; \
             drop policy vama_read on public.vama_migrations; \
             alter table public.companies disable row level security; \
             alter table public.vama_migrations disable row level security; \
             delete from public.vama_migrations where version = 4; \
             grant usage on schema public to anon, authenticated, service_role; \
             grant all on all tables in schema public to anon, authenticated, service_role",
        )
        .await;
    let done = tried(&mut alone, "anon").await;
    assert!(done.iter().any(|it| it.starts_with("insert companies")), "{done:?}");
    let (state, told) = checked(&mut alone).await;
    assert_eq!(state, SchemaState::Behind);
    let open = "vama_migrations lets anon write (INSERT, UPDATE, DELETE, TRUNCATE), \
                expected nobody but who owns it";
    assert!(told.iter().any(|it| it == open), "{told:?}");

    assert!(store::migrate_public(&mut alone.session).await.unwrap());
    assert_closed(&mut alone).await;
    assert_eq!(checked(&mut alone).await, (SchemaState::Current, Vec::new()));
}

#[tokio::test]
async fn what_was_opened_since_is_told_by_the_check_and_closed_by_migrating() {
    let mut alone = Alone::new("opened").await;
    make_roles(&mut alone.session).await;
    let company = alone.company("opened").await;
    alone
        .run(
            "grant usage on schema public to anon, authenticated, service_role; \
             grant all on public.companies, public.users, public.api_credentials, \
             public.vama_migrations to service_role; \
             grant select on all tables in schema public to anon, authenticated; \
             grant update (settings) on public.companies to authenticated; \
             grant truncate, delete on public.users to public; \
             alter table public.api_credentials disable row level security",
        )
        .await;
    let (state, told) = checked(&mut alone).await;
    assert_eq!(state, SchemaState::Drifted);
    let nobody = "expected nobody but who owns it";
    let expected = [
        "api_credentials has no row-level security".to_owned(),
        format!("companies lets authenticated write (UPDATE), {nobody}"),
        format!("users lets PUBLIC write (DELETE, TRUNCATE), {nobody}"),
        format!("users lets anon write (DELETE, TRUNCATE), {nobody}"),
        format!("users lets authenticated write (DELETE, TRUNCATE), {nobody}"),
    ];
    assert_eq!(told, expected);

    assert!(store::migrate_public(&mut alone.session).await.unwrap());
    assert_closed(&mut alone).await;
    assert_eq!(checked(&mut alone).await, (SchemaState::Current, Vec::new()));
    let (tx, _) = store::enter(&mut alone.session, &company).await.unwrap();
    tx.rollback().await.unwrap();
}

/// Opens a session as another user of the server, by the same way.
async fn sign_in(own: &Own, user: &str) -> Session {
    let url = own.url().replacen("postgres@", &format!("{user}@"), 1);
    Database::choose(Some(&url), PathBuf::new).unwrap().connect().await.unwrap()
}

#[tokio::test]
async fn a_user_who_owns_the_registry_or_has_rights_on_it_goes_on_working() {
    // A pooler gives everybody its own user.
    let (Some(_), None) = (server(), behind_pooler()) else { return };
    let mut alone = Alone::new("users").await;
    let slug = alone.company("users").await;
    let schema = vama::inside::value::slug::schema_of(&slug).unwrap();
    let database = alone.column("select current_database()::text").await.concat();
    let [owner, importer] = ["owner", "importer"].map(|it| unique(it).replace('-', "_"));
    alone
        .run(&format!(
            "create role {owner} login createrole; create role {importer} login; \
             grant create on database \"{database}\" to {owner}; grant all on schema public to {owner}; \
             grant vama_{schema} to {importer}; grant usage on schema {schema} to {importer}; \
             grant select, insert, update on public.companies, public.vama_migrations to {importer}"
        ))
        .await;
    let tables = TABLES.map(|(table, ..)| format!("alter table public.{table} owner to {owner}"));
    alone.run(&tables.join("; ")).await;

    let mut session = sign_in(&alone.own, &owner).await;
    assert!(!store::migrate_public(&mut session).await.unwrap());
    let new = new_company("owned");
    store::create(&mut session, &new).await.unwrap();
    assert!(store::add_account(&mut session, &new.slug, "gls:9").await.unwrap());
    let (session, _) = store::remove(session, &new.slug, None).await.unwrap();
    session.close().await;

    let mut session = sign_in(&alone.own, &importer).await;
    assert!(!store::companies(&mut session).await.unwrap().is_empty());
    let (tx, _) = store::enter(&mut session, &slug).await.unwrap();
    tx.rollback().await.unwrap();
    // Where row-level security refuses the row, that is an error, not an account that was there
    // already.
    let error = store::add_account(&mut session, &slug, "gls:9").await.unwrap_err();
    assert!(matches!(error, StoreError::Query { .. }), "{error}");
    assert!(error.with_cause().contains("row-level security"), "{}", error.with_cause());
    session.close().await;
    alone
        .run(&format!(
            "reassign owned by {owner} to postgres; drop owned by {owner}, {importer}; \
             drop role {owner}; drop role {importer}"
        ))
        .await;
}
