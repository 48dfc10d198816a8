//! Making companies, handing them over, taking them away; and what a failure in the middle leaves.

use secrecy::SecretString;
use vama::inside::store::user::{NewUser, username_hash};
use vama::inside::store::{self, Adopt, Migrations, SchemaState, StoreError};

use crate::alone::{Alone, connect, new_company};
use crate::common::{server, unique};
use crate::world::behind_pooler;

fn admin(name: &str) -> NewUser {
    NewUser::new(name, Some("Administrator"), &SecretString::from("corect cal baterie")).unwrap()
}

#[tokio::test]
async fn a_company_is_made_with_its_first_user_and_shown_with_all_that_belongs_to_it() {
    let mut alone = Alone::new("made").await;
    let mut new = new_company("made");
    new.admin = Some(admin("Admin"));
    assert!(store::create(&mut alone.session, &new).await.unwrap());
    let schema = &new.schema;
    alone.run(&format!("insert into {schema}.products (sku) values ('a'), ('b')")).await;

    let all = store::overview(&mut alone.session).await.unwrap();
    let [Ok(overview)] = &all[..] else { panic!("{all:?}") };
    assert_eq!((overview.version, overview.tables, overview.rows), (Some(12), 23, 2));
    assert!(overview.bytes > 0 && overview.last_import.is_none());
    let portrait = store::details(&mut alone.session, &new.slug).await.unwrap();
    let [user] = &portrait.users[..] else { panic!("{portrait:?}") };
    assert_eq!((user.username.as_str(), user.role.as_str()), ("Admin", "admin"));
    let stored = "select username_hash || ' ' || left(password_hash, 10) from public.users";
    let expected = format!("{} $argon2id$", username_hash("admin"));
    assert_eq!(alone.column(stored).await, [expected]);

    // The name belongs to one user, in whatever case, whatever the company.
    let mut other = new_company("other");
    other.admin = Some(admin("ADMIN"));
    let error = store::create(&mut alone.session, &other).await.unwrap_err();
    assert_eq!(error.to_string(), format!("taken already: user Admin ({})", new.slug));
}

#[tokio::test]
async fn an_account_is_one_companys_until_it_is_removed() {
    let mut alone = Alone::new("accounts").await;
    let (one, other) = (alone.company("one").await, alone.company("other").await);
    let session = &mut alone.session;
    assert!(store::add_account(session, &one, "netopia:1").await.unwrap());
    assert!(!store::add_account(session, &one, "netopia:1").await.unwrap());
    let error = store::add_account(session, &other, "netopia:1").await.unwrap_err();
    assert_eq!(error.to_string(), format!("taken already: account netopia:1 ({one})"));
    assert!(!store::remove_account(session, &other, "netopia:1").await.unwrap());
    assert!(store::remove_account(session, &one, "netopia:1").await.unwrap());
    assert!(store::add_account(session, &other, "netopia:1").await.unwrap());
    let accounts = |slug: &str, all: &[store::Company]| {
        all.iter().find(|it| it.slug == slug).unwrap().accounts.clone()
    };
    let all = store::companies(session).await.unwrap();
    assert_eq!(accounts(&one, &all), [format!("gls:{one}")]);
    assert_eq!(accounts(&other, &all), [format!("gls:{other}"), "netopia:1".to_owned()]);
    let unknown = store::add_account(session, "nobody", "netopia:2").await.unwrap_err();
    assert!(matches!(unknown, StoreError::UnknownCompany { .. }), "{unknown}");
}

#[tokio::test]
async fn a_role_gets_a_company_with_its_future_tables_and_gives_it_back() {
    let mut alone = Alone::new("grants").await;
    let (one, other) = (alone.company("one").await, alone.company("other").await);
    let (schema, role) = (one.replace('-', "_"), unique("web").replace('-', "_"));
    alone.run(&format!("create role {role}")).await;
    let can = |what: &str| {
        format!("select has_table_privilege('{role}', '{schema}.{what}', 'INSERT')::text")
    };
    assert_eq!(store::grant(&mut alone.session, &one, &role).await.unwrap(), [""; 0]);
    alone.run(&format!("create table {schema}.later (n int)")).await;
    for table in ["bank_transactions", "later"] {
        assert_eq!(alone.column(&can(table)).await, ["true"], "{table}");
    }
    let also = store::grant(&mut alone.session, &other, &role).await.unwrap();
    assert_eq!(also, std::slice::from_ref(&one), "who works under it sees both");
    let shown = store::details(&mut alone.session, &one).await.unwrap();
    assert_eq!(shown.grants, std::slice::from_ref(&role));
    assert!(store::revoke(&mut alone.session, &one, &role).await.unwrap());
    assert!(!store::revoke(&mut alone.session, &one, &role).await.unwrap());
    alone.run(&format!("create table {schema}.latest (n int)")).await;
    for table in ["bank_transactions", "later", "latest"] {
        assert_eq!(alone.column(&can(table)).await, ["false"], "{table}");
    }
    let own = format!("vama_{schema}");
    let error = store::grant(&mut alone.session, &other, &own).await.unwrap_err();
    assert!(matches!(error, StoreError::CompanyRole(_)), "{error}");
    let error = store::grant(&mut alone.session, &other, "a\"; drop role x").await.unwrap_err();
    assert!(matches!(error, StoreError::UnknownRole(_)), "{error}");
    store::revoke(&mut alone.session, &other, &role).await.unwrap();
    alone.run(&format!("drop role {role}")).await;
}

#[tokio::test]
async fn a_company_that_is_dropped_leaves_nothing_and_another_nothing_less() {
    let mut alone = Alone::new("dropped").await;
    alone.company("kept").await;
    let before = alone.everything().await;
    let mut new = new_company("dropped");
    new.admin = Some(admin("Admin"));
    store::create(&mut alone.session, &new).await.unwrap();
    let insert = "insert into public.api_credentials (company_id, service_type, credentials) \
                  select id, 'gls', '{}' from public.companies where slug = ";
    alone.run(&format!("{insert}'{}'", new.slug)).await;
    alone.run(&format!("insert into {}.products (sku) values ('a')", new.schema)).await;

    // A view outside that depends on the company would be dropped with it, so the company stays.
    let view = format!("create view public.sales as select * from {}.products", new.schema);
    alone.run(&view).await;
    let own = alone.own;
    let error = store::remove(alone.session, &new.slug, None).await.unwrap_err();
    assert!(error.to_string().contains("view sales uses it"), "{error}");
    let mut alone = Alone { session: connect(&own).await, own };
    alone.run("drop view public.sales").await;

    let Alone { session, own } = alone;
    let (session, removed) = store::remove(session, &new.slug, None).await.unwrap();
    assert_eq!((removed.users, removed.credentials, removed.role_dropped), (1, 1, true));
    let mut alone = Alone { session, own };
    assert_eq!(alone.everything().await, before);
}

/// Makes the last statement of a command fail, when all its work is done: at COMMIT.
const FAIL_AT_COMMIT: &str = "
    create function public.fail() returns trigger language plpgsql as
        $$ begin raise exception 'injected'; end $$;
    create constraint trigger fail after insert or update or delete on public.companies
        deferrable initially deferred for each row execute function public.fail();";

/// Makes a command fail at its first statement of a kind, in the middle of its work.
fn fail_at(tag: &str) -> String {
    format!(
        "create function public.fail() returns event_trigger language plpgsql as \
            $$ begin raise exception 'injected'; end $$; \
         create event trigger fail on ddl_command_end when tag in ('{tag}') \
            execute function public.fail();"
    )
}

#[tokio::test]
async fn a_failure_in_the_middle_or_at_the_end_of_a_command_leaves_everything_as_it_was() {
    let cases: [(&str, &[&str]); 4] = [
        ("create", &["CREATE INDEX", "GRANT"]),
        ("adopt", &["ALTER TABLE", "CREATE INDEX", "DROP TABLE"]),
        ("release", &["REVOKE", "ALTER TABLE", "DROP SCHEMA"]),
        ("drop", &["DROP SCHEMA"]),
    ];
    let mut alone = Alone::new("injected").await;
    let slug = alone.company("injected").await;
    let schema = slug.replace('-', "_");
    let (from, to) = (format!("old_{schema}"), format!("new_{schema}"));
    alone.run(&format!("create schema {from}; create schema {to};")).await;
    alone.run(&old_bank(&from, &["('r1', md5('x'), 12.00)"])).await;
    for (command, tags) in cases {
        let injections = tags.iter().map(|tag| fail_at(tag));
        for injection in injections.chain([FAIL_AT_COMMIT.to_owned()]) {
            alone.run(&injection).await;
            let before = alone.everything().await;
            let Alone { mut session, own } = alone;
            let what = Adopt { from: &from, tables: &[], backup: None, dry_run: false };
            let failed = match command {
                "create" => {
                    let created = store::create(&mut session, &new_company("made")).await;
                    session.close().await;
                    created.map(drop)
                }
                "adopt" => store::adopt(session, &slug, what).await.map(drop),
                "release" => store::release(session, &slug, &to, None).await.map(drop),
                _ => store::remove(session, &slug, None).await.map(drop),
            };
            let error = failed.unwrap_err().with_cause();
            assert!(error.contains("injected"), "{command}, {injection}: {error}");
            alone = Alone { session: connect(&own).await, own };
            assert_eq!(alone.everything().await, before, "{command}, {injection}");
            alone
                .run("drop event trigger if exists fail; drop function public.fail() cascade")
                .await;
        }
    }
}

/// Returns statements that make an old platform's table of bank transactions in the schema: without
/// our columns, and with amounts as floats.
pub fn old_bank(schema: &str, rows: &[&str]) -> String {
    format!(
        "create table {schema}.bank_transactions (
            id uuid primary key default gen_random_uuid(), op_reference text,
            transaction_hash varchar(32) unique, amount double precision not null,
            transaction_date date not null default '2026-03-02', currency varchar(3) default 'RON',
            details text);
         create index on {schema}.bank_transactions (op_reference);
         insert into {schema}.bank_transactions (op_reference, transaction_hash, amount)
         values {};",
        rows.join(", ")
    )
}

#[tokio::test]
async fn what_the_migrations_make_holds_on_a_cluster_too() {
    let mut alone = Alone::new("cluster").await;
    let schema = alone.company("cluster").await.replace('-', "_");
    let rules = [
        (
            "a trigger",
            "select tgname::text from pg_trigger t join pg_class c on c.oid = tgrelid \
                       where not tgisinternal and relnamespace = '%S'::regnamespace",
        ),
        (
            "a foreign key that leaves the schema",
            "select conname::text from pg_constraint k \
            join pg_class a on a.oid = conrelid join pg_class b on b.oid = confrelid \
            where contype = 'f' and a.relnamespace <> b.relnamespace",
        ),
        (
            "a foreign key into a company",
            "select conname::text from pg_constraint k \
            join pg_class b on b.oid = confrelid join pg_class a on a.oid = conrelid \
            where contype = 'f' and b.relnamespace = '%S'::regnamespace \
            and a.relnamespace <> '%S'::regnamespace",
        ),
        ("a function", "select proname::text from pg_proc where pronamespace = '%S'::regnamespace"),
        (
            "a rule, or another view than those of the settlements and their lines",
            "select relname::text from pg_class c \
            where relnamespace = '%S'::regnamespace and relkind not in ('r', 'i', 'S', 't') \
            and relname not in ('settlements', 'line_orders', 'settlement_lines')",
        ),
        (
            "a sequence that no column owns",
            "select relname::text from pg_class c \
            where relnamespace = '%S'::regnamespace and relkind = 'S' and not exists \
            (select from pg_depend where objid = c.oid and deptype in ('a', 'i'))",
        ),
        ("an exclusion", "select conname::text from pg_constraint where contype = 'x'"),
    ];
    for (what, rule) in rules {
        let found = alone.column(&rule.replace("%S", &schema)).await;
        assert_eq!(found, [""; 0], "{what}");
    }
    let tables = alone
        .column(&format!(
            "select count(*)::text from pg_class where relnamespace = '{schema}'::regnamespace \
             and relkind = 'r' and relname <> 'vama_migrations'"
        ))
        .await;
    assert_eq!(tables, ["23"]);
    let checked = store::check_companies(&mut alone.session, Migrations::built_in()).await.unwrap();
    assert!(checked.iter().all(|it| it.state == SchemaState::Current), "{checked:?}");
}

#[tokio::test]
async fn a_user_who_may_not_create_roles_gets_by_without() {
    // A pooler gives everybody its own user.
    let (Some(server), None) = (server(), behind_pooler()) else { return };
    let mut alone = Alone::new("plain").await;
    let user = unique("plain").replace('-', "_");
    let name = alone.column("select current_database()::text").await.concat();
    alone
        .run(&format!("create role {user} login; grant create on database \"{name}\" to {user};"))
        .await;
    alone.run(&format!("alter table public.companies owner to {user}; \
        alter table public.users owner to {user}; alter table public.api_credentials owner to {user}; \
        alter table public.vama_migrations owner to {user}; \
        grant all on schema public to {user}")).await;
    // Connects as that user, in the same way as the others.
    let url = alone.own.url().replacen("postgres@", &format!("{user}@"), 1);
    assert_ne!(url, server);
    let database =
        vama::inside::store::Database::choose(Some(&url), std::path::PathBuf::new).unwrap();
    let mut session = database.connect().await.unwrap();
    let new = new_company("without");
    assert!(!store::create(&mut session, &new).await.unwrap(), "it has no role");
    let migrated = store::migrate_companies(&mut session, Migrations::built_in()).await.unwrap();
    assert!(migrated.iter().all(|it| matches!(it.result, Ok(false))), "{migrated:?}");
    let checked = store::check_companies(&mut session, Migrations::built_in()).await.unwrap();
    assert_eq!(checked[0].state, SchemaState::Current);
    let (tx, _) = store::enter(&mut session, &new.slug).await.unwrap();
    tx.rollback().await.unwrap();
    let mut old = Alone { session, own: alone.own };
    old.run("create schema old").await;
    old.run(&old_bank("old", &["('r1', null, 12.00)"])).await;
    let Alone { session, own } = old;
    let what = Adopt { from: "old", tables: &[], backup: None, dry_run: false };
    let (session, adopted) = store::adopt(session, &new.slug, what).await.unwrap();
    assert_eq!(adopted.keys["bank_transactions"].made, 1);
    let (session, released) = store::release(session, &new.slug, "old", None).await.unwrap();
    assert_eq!(released.tables["bank_transactions"], 1);
    session.close().await;
    let mut owner = Alone { session: connect(&own).await, own };
    // When a user comes by who may create roles, the company gets one.
    let second = new_company("second");
    assert!(store::create(&mut owner.session, &second).await.unwrap());
    owner.run(&format!("drop owned by {user}; drop role {user}")).await;
}

#[tokio::test]
async fn a_role_that_is_no_companys_own_is_not_taken_for_one() {
    let mut alone = Alone::new("foreign").await;
    let new = new_company("foreign");
    let role = format!("vama_{}", new.schema);
    for attribute in ["login", "createrole", "bypassrls"] {
        alone.run(&format!("create role {role} {attribute}")).await;
        let error = store::create(&mut alone.session, &new).await.unwrap_err();
        assert!(matches!(error, StoreError::OtherRole(_)), "{attribute}: {error}");
        alone.run(&format!("drop role {role}")).await;
    }
    let other = unique("other").replace('-', "_");
    alone.run(&format!("create role {other}; create role {role} in role {other}")).await;
    let error = store::create(&mut alone.session, &new).await.unwrap_err();
    assert!(matches!(error, StoreError::OtherRole(_)), "{error}");
    alone.run(&format!("drop role {role}; drop role {other}; create role {role}")).await;
    assert!(store::create(&mut alone.session, &new).await.unwrap(), "one like ours is ours");
}

#[tokio::test]
async fn a_companys_role_writes_rows_and_neither_tables_nor_versions() {
    let mut alone = Alone::new("role").await;
    let slug = alone.company("role").await;
    let attempts = [
        ("insert into products (sku) values ('a')", true),
        ("insert into sync_logs (sync_type, status) values ('x', 'failed')", true),
        ("select count(*) from vama_migrations", true),
        ("update vama_migrations set version = 99", false),
        ("delete from vama_migrations", false),
        ("truncate products", false),
        ("alter table products add extra text", false),
        ("create table extra (n int)", false),
        ("drop table products", false),
    ];
    for (statement, may) in attempts {
        let (mut tx, _) = store::enter(&mut alone.session, &slug).await.unwrap();
        let done = sqlx::query(statement).persistent(false).execute(&mut *tx).await;
        assert_eq!(done.is_ok(), may, "{statement}: {done:?}");
        tx.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn whatever_would_lose_a_part_keeps_a_company_from_being_dropped() {
    let mut alone = Alone::new("depends").await;
    let slug = alone.company("depends").await;
    let schema = slug.replace('-', "_");
    alone
        .run(&format!(
            "create type {schema}.mood as enum ('good'); create table {schema}.extra (n serial); \
             create table public.felt (mood {schema}.mood, n int default nextval('{schema}.extra_n_seq')); \
             create function public.count_them() returns bigint begin atomic \
                select count(*) from {schema}.products; end; \
             create view {schema}.own as select * from {schema}.products"
        ))
        .await;
    let before = alone.everything().await;
    let Alone { session, own } = alone;
    let error = store::remove(session, &slug, None).await.unwrap_err();
    let StoreError::InTheWay(list) = &error else { panic!("{error}") };
    let expected = [
        "column mood of table felt",
        "default value for column n of table felt",
        "function count_them()",
    ];
    let expected = expected.map(|what| format!("{what} uses it"));
    assert_eq!(list, &expected, "its own view is none of them");
    let mut alone = Alone { session: connect(&own).await, own };
    assert_eq!(alone.everything().await, before);
}

#[tokio::test]
async fn tables_go_neither_into_nor_out_of_a_schema_of_the_database_itself() {
    let mut alone = Alone::new("reserved").await;
    let slug = alone.company("reserved").await;
    let own = alone.own;
    let mut session = alone.session;
    for schema in ["pg_catalog", "information_schema"] {
        let error = store::release(session, &slug, schema, None).await.map(drop).unwrap_err();
        assert!(error.to_string().contains("belongs to the database itself"), "{error}");
        let what = Adopt { from: schema, tables: &[], backup: None, dry_run: false };
        let error = store::adopt(connect(&own).await, &slug, what).await.map(drop).unwrap_err();
        assert!(error.to_string().contains("belongs to the database itself"), "{error}");
        session = connect(&own).await;
    }
}

#[tokio::test]
async fn a_role_that_has_a_company_has_the_tables_that_it_adopts_and_only_takes_back_what_was_given()
 {
    let mut alone = Alone::new("regrant").await;
    let slug = alone.company("regrant").await;
    let (schema, role) = (slug.replace('-', "_"), unique("web").replace('-', "_"));
    alone.run(&format!("create role {role}; create schema old_{schema}")).await;
    store::grant(&mut alone.session, &slug, &role).await.unwrap();
    alone.run(&old_bank(&format!("old_{schema}"), &["('a', null, 1)"])).await;
    let from = format!("old_{schema}");
    let what = Adopt { from: &from, tables: &[], backup: None, dry_run: false };
    let Alone { session, own } = alone;
    let (session, _) = store::adopt(session, &slug, what).await.unwrap();
    let mut alone = Alone { session, own };
    let can = format!(
        "select has_table_privilege('{role}', '{schema}.bank_transactions', 'INSERT')::text"
    );
    assert_eq!(alone.column(&can).await, ["true"]);
    // The owner of the schema was given nothing, and loses nothing.
    let owner = alone.column("select current_user::text").await.concat();
    let before = alone.everything().await;
    assert!(!store::revoke(&mut alone.session, &slug, &owner).await.unwrap());
    assert_eq!(alone.everything().await, before);
    store::revoke(&mut alone.session, &slug, &role).await.unwrap();
    alone.run(&format!("drop role {role}")).await;
}

#[tokio::test]
async fn settings_that_the_platform_wrote_otherwise_stop_nobody() {
    let mut alone = Alone::new("settings").await;
    let (one, other) = (alone.company("one").await, alone.company("other").await);
    for settings in [
        "null",
        "3",
        "[]",
        "{}",
        r#"{"accounts": null}"#,
        r#"{"accounts": [1, {"a": 2}]}"#,
        r#"{"accounts": "x", "adopted": 7, "theme": "dark"}"#,
    ] {
        let change = "update public.companies set settings = ";
        alone.run(&format!("{change}'{settings}' where slug = '{one}'")).await;
        let session = &mut alone.session;
        assert_eq!(store::companies(session).await.unwrap().len(), 2, "{settings}");
        assert_eq!(store::overview(session).await.unwrap().len(), 2, "{settings}");
        let owners = store::owners(session, &[format!("gls:{other}")]).await.unwrap();
        assert_eq!(owners.len(), 1, "{settings}");
        assert!(!store::remove_account(session, &one, "netopia:1").await.unwrap(), "{settings}");
        assert!(store::add_account(session, &one, "netopia:1").await.unwrap(), "{settings}");
        let (tx, company) = store::enter(session, &one).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(company.accounts.last().unwrap(), "netopia:1", "{settings}");
    }
    let theme = format!("select settings ->> 'theme' from public.companies where slug = '{one}'");
    assert_eq!(alone.column(&theme).await, ["dark"]);
}

#[tokio::test]
async fn a_temporary_table_of_somebody_else_on_the_connection_hides_no_table() {
    let mut alone = Alone::new("shadow").await;
    let slug = alone.company("shadow").await;
    alone
        .run(
            "create temporary table vama_migrations (version bigint, checksum bytea); \
             insert into vama_migrations values (999, ''); create temporary table products (sku text)",
        )
        .await;
    let (mut tx, _) = store::enter(&mut alone.session, &slug).await.unwrap();
    let columns = sqlx::query_scalar("select purchase_price::text from products").persistent(false);
    let columns: Vec<Option<String>> = columns.fetch_all(&mut *tx).await.unwrap();
    assert_eq!(columns.len(), 0, "the company's table has that column");
    tx.rollback().await.unwrap();
}

#[tokio::test]
async fn a_company_that_is_dropped_while_others_are_looked_at_is_left_out() {
    // The embedded database takes one connection at a time, so nothing can go meanwhile there.
    if server().is_none() {
        return;
    }
    let mut alone = Alone::new("going").await;
    let (going, staying) = (alone.company("a-going").await, alone.company("b-staying").await);
    for what in ["list", "migrate"] {
        let mut dropping = connect(&alone.own).await;
        let mut watching = connect(&alone.own).await;
        let slug = if what == "list" { going.clone() } else { alone.company("c-going").await };
        let schema = slug.replace('-', "_");
        let mut gone = dropping.begin().await.unwrap();
        let drop = format!(
            "drop schema {schema} cascade; \
                            delete from public.companies where slug = '{slug}'"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(drop)).execute(&mut *gone).await.unwrap();
        let commit = async {
            let waits = "select exists (select from pg_stat_activity where wait_event_type = 'Lock' \
                         and datname = current_database())";
            loop {
                let mut tx = watching.begin().await.unwrap();
                let waits = sqlx::query_scalar(waits).persistent(false).fetch_one(&mut *tx).await;
                tx.rollback().await.unwrap();
                if waits.unwrap() {
                    break;
                }
            }
            gone.commit().await.unwrap();
        };
        let look = async {
            match what {
                "list" => {
                    let all = store::overview(&mut alone.session).await.unwrap();
                    all.into_iter().map(|it| it.unwrap().company.slug).collect::<Vec<_>>()
                }
                _ => {
                    let built_in = Migrations::built_in();
                    let all = store::migrate_companies(&mut alone.session, built_in).await.unwrap();
                    assert!(all.iter().all(|it| it.result.is_ok()), "{all:?}");
                    all.into_iter().map(|it| it.slug).collect()
                }
            }
        };
        let (looked, ()) = tokio::join!(look, commit);
        assert_eq!(looked, std::slice::from_ref(&staying), "{what}");
    }
}
