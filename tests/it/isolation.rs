//! A statement inside one company reads and writes no row of another one.

use sqlx::Row;
use vama::inside::store::{self, Access, Answer, Session, StoreError, run_statement};
use vama::inside::value::slug::schema_of;

use crate::alone::Alone;
use crate::world::{Company, cif_of, unique};

/// What stands in the other company's row; no answer may have it.
const SECRET: &str = "rand-strain-7f3a";

/// Two companies with one row each in the same table.
struct Two {
    own: Company,
    other: String,
}

impl Two {
    async fn new() -> Self {
        Self::beside(Company::new("own").await).await
    }

    /// Makes another company beside one.
    async fn beside(mut own: Company) -> Self {
        let other = unique("other");
        let new = store::NewCompany {
            name: format!("Firma {other} SRL"),
            schema: schema_of(&other).unwrap(),
            cif: cif_of(&other),
            industry: None,
            accounts: Vec::new(),
            slug: other.clone(),
            admin: None,
        };
        store::create(&mut own.session, &new).await.unwrap();
        let mut two = Self { own, other };
        for (slug, reference) in
            [(two.own.slug.clone(), "rand-propriu"), (two.other.clone(), SECRET)]
        {
            let insert =
                format!("insert into products (sku, name) values ('{reference}', '{reference}')");
            let session = &mut two.own.session;
            let answer = run_statement(session, &slug, &insert, Access::Write).await.unwrap();
            assert_eq!(answer.affected, Some(1));
        }
        two
    }

    /// Runs a statement inside the own company; `%O` is the other's schema, `%S` the own.
    async fn run(&mut self, statement: &str, access: Access) -> Result<Answer, StoreError> {
        let statement = self.filled(statement);
        run_statement(&mut self.own.session, &self.own.slug, &statement, access).await
    }

    fn filled(&self, statement: &str) -> String {
        let statement = statement.replace("%O", &schema_of(&self.other).unwrap());
        statement.replace("%S", &schema_of(&self.own.slug).unwrap())
    }

    /// Runs a statement, asserts that nothing of the other company came out, and returns what came.
    async fn attempt(&mut self, statement: &str, access: Access) -> Result<String, StoreError> {
        let answer = self.run(statement, access).await;
        let told = match &answer {
            Ok(answer) => shown(answer),
            Err(error) => error.with_cause(),
        };
        assert!(!told.contains(SECRET), "{statement}\n{told}");
        self.assert_as_it_was(statement).await;
        answer.map(|_| told)
    }

    /// Asserts that both rows are there and unchanged, and the connection is as at the beginning.
    async fn assert_as_it_was(&mut self, statement: &str) {
        for (slug, reference) in [(&self.own.slug, "rand-propriu"), (&self.other, SECRET)] {
            let all = "select sku, name from products";
            let answer = run_statement(&mut self.own.session, slug, all, Access::Read).await;
            let expected = format!("sku,name\n\"{reference}\",\"{reference}\"");
            assert_eq!(shown(&answer.unwrap()), expected, "{statement}");
        }
        assert_eq!(traces(&mut self.own.session).await, CLEAN, "{statement}");
    }
}

const CLEAN: &str = "user t, functions 0, relations 0, prepared 0, cursors 0, locks 0, set 0";

/// Returns what a statement could have left on the connection.
async fn traces(session: &mut Session) -> String {
    const TRACES: &str = "select format('user %s, functions %s, relations %s, prepared %s, \
        cursors %s, locks %s, set %s', current_user = session_user,
        (select count(*) from pg_proc where pronamespace = pg_my_temp_schema()),
        (select count(*) from pg_class where relnamespace = pg_my_temp_schema()),
        (select count(*) from pg_prepared_statements where from_sql),
        (select count(*) from pg_cursors where is_holdable),
        (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()),
        (select count(*) from pg_settings where source = 'session' and name in
           ('role', 'search_path', 'session_authorization', 'work_mem')))";
    let mut tx = session.begin().await.unwrap();
    let row = sqlx::query(TRACES).persistent(false).fetch_one(&mut *tx).await.unwrap();
    let traces = row.get(0);
    tx.rollback().await.unwrap();
    traces
}

fn shown(answer: &Answer) -> String {
    let mut lines = vec![answer.columns.join(",")];
    for row in &answer.rows {
        lines.push(row.iter().map(|value| value.get()).collect::<Vec<_>>().join(","));
    }
    lines.join("\n")
}

/// Statements that must fail, whether they may write or not.
const REFUSED: &[&str] = &[
    // Names in full.
    "select * from %O.products",
    "table %O.products",
    "select (select name from %O.products limit 1)",
    "with stolen as (select * from %O.products) select * from stolen",
    "explain analyze select * from %O.products",
    "insert into %O.products (sku) values ('x')",
    "update %O.products set name = 'x'",
    "delete from %O.products",
    "truncate %O.products",
    "with gone as (delete from %O.products returning *) select * from gone",
    "insert into products (sku, name) select 'x', name from %O.products",
    "lock table %O.products",
    "drop schema %O cascade",
    "drop table %O.products",
    // The registry.
    "select * from public.companies",
    "select * from public.api_credentials",
    "select * from public.users",
    "update public.companies set schema_name = '%O'",
    // Another role.
    "set role none",
    "reset role",
    "set local role none",
    "set role vama_%O",
    "set session authorization default",
    "reset session authorization",
    "select set_config('role', 'none', true)",
    "select set_config('role', 'none', false)",
    "select set_config('session_authorization', session_user, true)",
    "do $$ begin perform set_config('role', 'none', true); end $$",
    "do $$ begin set role none; end $$",
    "do $$ begin execute 'reset role'; end $$",
    // Another path, and functions that run a text.
    "select set_config('search_path', '%O', true), query_to_xml('select * from products', true, true, '')",
    "select set_config('role', 'none', true), query_to_xml('select * from %O.products', true, true, '')",
    "select set_config('role', 'none', true), table_to_xml('%O.products'::regclass, true, true, '')",
    "select table_to_xml('%O.products'::regclass, true, true, '')",
    "select query_to_xml('select set_config(''role'', ''none'', true)', true, true, '')",
    "select ts_stat('select to_tsvector(name) from %O.products')",
    // Out of the transaction.
    "commit",
    "rollback",
    "begin",
    "savepoint s",
    "rollback to savepoint _sqlx_savepoint_1",
    "do $$ begin commit; end $$",
    "do $$ begin rollback; end $$",
    "prepare transaction 'x'",
    "discard all",
    "vacuum",
    // Files, programs, other servers.
    "copy products to stdout",
    "copy %O.products to stdout",
    "copy products from stdin",
    "copy (select 1) to program 'cat'",
    "copy (select 1) to '/vama.csv'",
    "select pg_read_file('PG_VERSION')",
    "select lo_import('/etc/passwd')",
    "select * from dblink('dbname=postgres', 'select 1') as t(a int)",
    "create extension dblink",
    // Objects and rights.
    "create table stays (a int)",
    "create table %S.stays (a int)",
    "create view stays as select 1",
    "create schema stays",
    "create function %S.stays() returns int language sql as 'select 1'",
    "create role stays",
    "alter role current_user superuser",
    "alter table products add column stays int",
    "alter table products owner to vama_%O",
    "alter schema %S owner to vama_%O",
    "grant vama_%O to vama_%S",
    "alter system set work_mem = '1MB'",
    "load 'auto_explain'",
    // Several statements.
    "select 1; select 2",
    "select 1; set role none; select * from %O.products",
    "delete from products; select 1",
    "select 1; commit; select * from %O.products",
    "",
    " ; ",
    "-- nothing",
    // Out of the texts that vama wraps around a statement.
    "select 1) as t on true; delete from products; --",
    "$function$; delete from products; --",
];

#[tokio::test]
async fn no_statement_that_reaches_for_another_company_is_run() {
    let mut two = Two::new().await;
    for statement in REFUSED {
        for access in [Access::Read, Access::Write] {
            let result = two.attempt(statement, access).await;
            assert!(result.is_err(), "{access:?} {statement}: {result:?}");
        }
    }
}

/// Statements that run, and bring nothing of the other company.
const HARMLESS: &[&str] = &[
    "select set_config('search_path', '%O, public', false)",
    "set search_path = %O",
    "set work_mem = '1MB'",
    "reset all",
    "update pg_settings set setting = 'none' where name in ('role', 'search_path')",
    "select database_to_xml(true, true, '')",
    "select schema_to_xml('%S', true, true, '')",
    "select set_config('search_path', '%O', true), (select max(name) from products)",
    "prepare kept as select * from products",
    "declare kept cursor for select * from products",
    "declare kept cursor with hold for select * from products",
    // The query of such a cursor runs when the transaction commits.
    "declare kept cursor with hold for
     select set_config('role', 'none', true), query_to_xml('select * from %O.products', true, true, '')",
    "select pg_advisory_lock(7)",
    "listen kept",
    "grant select on products to public",
    "select usename, query from pg_stat_activity",
    "select * from pg_stats where schemaname = '%O'",
    "select * from pg_largeobject_metadata where false",
    "with all_rows as (select * from products) select * from all_rows;",
    "select * from products where false -- a comment",
    "explain select * from products",
    "show search_path",
    "select",
];

#[tokio::test]
async fn what_runs_sees_its_own_company_alone_and_leaves_the_connection_as_it_was() {
    let mut two = Two::new().await;
    for statement in HARMLESS {
        for access in [Access::Read, Access::Write] {
            // Some are refused, such as one that finds no table on the changed path: just as well.
            drop(two.attempt(statement, access).await);
        }
    }
    let failed = "do $$ begin execute 'prepare kept as select 1'; perform pg_advisory_lock(7);
                  raise 'stop'; end $$";
    for access in [Access::Read, Access::Write] {
        assert!(two.attempt(failed, access).await.is_err());
    }
}

/// Programs that need objects of their own, so that only a statement that may write can make them.
const PROGRAMS: &[&str] = &[
    // A function with the rights of its owner, and one with those of who calls it.
    "do $do$ begin
       create function pg_temp.f() returns text language plpgsql security definer as $$ begin
         perform set_config('role', 'none', true); return (select max(name) from %O.products); end $$;
       create temp table result as select pg_temp.f(); end $do$",
    "do $do$ begin
       create function pg_temp.f() returns text language plpgsql as $$ begin
         perform set_config('role', 'none', true); return (select max(name) from %O.products); end $$;
       create temp table result as select pg_temp.f(); end $do$",
    // A trigger that waits for the end of the transaction, where nothing fences it in.
    "do $do$ begin
       create temp table bait (a int);
       create function pg_temp.f() returns trigger language plpgsql as $$ begin
         perform set_config('role', 'none', true); delete from %O.products; return null; end $$;
       create constraint trigger t after insert on bait deferrable initially deferred
         for each row execute function pg_temp.f();
       insert into bait values (1); end $do$",
    // The same, with a trigger that puts itself off each time it is called early.
    "do $do$ begin
       create temp table bait (a int);
       create function pg_temp.f() returns trigger language plpgsql as $$ begin
         if (select count(*) from bait) > 3 then
           perform set_config('role', 'none', true); delete from %O.products; return null; end if;
         set constraints all deferred; insert into bait values (2); return null; end $$;
       create constraint trigger t after insert on bait deferrable initially deferred
         for each row execute function pg_temp.f();
       insert into bait values (1); end $do$",
    // On a table of the company, whose trigger would stay.
    "do $do$ begin
       create function pg_temp.f() returns trigger language plpgsql as $$ begin
         perform set_config('role', 'none', true); delete from %O.products; return null; end $$;
       create constraint trigger t after insert on products deferrable initially deferred
         for each row execute function pg_temp.f();
       set constraints all deferred;
       insert into products (sku) values ('bait'); raise 'stop'; end $do$",
    // A constraint that is looked at again when the transaction commits.
    "do $do$ begin
       create function pg_temp.f(a int) returns int immutable language plpgsql as $$ begin
         perform set_config('role', 'none', true); return a; end $$;
       create temp table bait (a int);
       alter table bait add exclude using btree (pg_temp.f(a) with =) deferrable initially deferred;
       insert into bait values (1), (1); end $do$",
    // Temporary objects named like what vama itself uses.
    "do $do$ begin
       create temp table products as select 'x' as sku, 'x' as name;
       create temp table vama_migrations (version bigint);
       create domain pg_temp.text as int;
       create temp view pg_roles as select 1 as oid; end $do$",
    // In place of the fence's own functions.
    "do $do$ begin
       create or replace function pg_temp.vama_rows(statement text) returns setof text
         language plpgsql as $$ begin
         perform set_config('role', 'none', true); return query select name from %O.products; end $$;
       create or replace function pg_temp.vama_run(statement text) returns bigint
         language plpgsql as $$ begin
         perform set_config('role', 'none', true); delete from %O.products; return 0; end $$;
       end $do$",
];

#[tokio::test]
async fn no_program_gets_out_of_the_fence_at_once_or_at_commit() {
    let mut two = Two::new().await;
    for program in PROGRAMS {
        for access in [Access::Read, Access::Write] {
            drop(two.attempt(program, access).await);
        }
    }
}

#[tokio::test]
async fn a_table_of_the_connected_user_in_public_is_out_of_reach() {
    let mut two = Two::new().await;
    let table = unique("bait").replace('-', "_");
    let make = format!("create table public.{table} as select '{SECRET}' as name");
    two.own.as_owner(&make).await;
    let statements = [
        format!("select * from public.{table}"),
        format!("select set_config('search_path', 'public', true), (select name from {table})"),
        format!("update public.{table} set name = 'x'"),
        format!("drop table public.{table}"),
    ];
    for statement in statements {
        assert!(two.attempt(&statement, Access::Write).await.is_err(), "{statement}");
    }
    let count =
        format!("do $$ begin assert (select name from public.{table}) = '{SECRET}'; end $$");
    two.own.as_owner(&count).await;
    two.own.as_owner(&format!("drop table public.{table}")).await;
}

/// Where everybody may create in public, as up to version 14, code of the role could outlive it.
#[tokio::test]
async fn a_statement_that_would_leave_code_in_a_schema_open_to_all_is_undone() {
    let mut two = Two::new().await;
    let open = unique("open").replace('-', "_");
    two.own.as_owner(&format!("create schema {open}; grant all on schema {open} to public")).await;
    let function = format!(
        "create function {open}.f() returns trigger language plpgsql as $$ begin
           perform set_config('role', 'none', true); delete from %O.products; return null; end $$"
    );
    let error = two.attempt(&function, Access::Write).await.unwrap_err();
    assert!(matches!(error, StoreError::LeftBehind(_)), "{}", error.with_cause());
    assert!(error.to_string().contains("function"), "{error}");
    // Nor does a table of the company run code of the role: the role has no right to give it a
    // trigger.
    let trigger = format!(
        "do $do$ begin {function}; create trigger t after insert on products for each row \
         execute function {open}.f(); end $do$"
    );
    let error = two.attempt(&trigger, Access::Write).await.unwrap_err();
    assert!(error.to_string().contains("permission denied for table products"), "{error}");
    // Operators of one's own, on a path of one's own, that vama's last look would call.
    let operator = format!(
        "do $do$ begin
           create function {open}.eq(name, name) returns bool language plpgsql as $$ begin
             perform set_config('role', 'none', true); delete from %O.products; return true; end $$;
           create operator {open}.= (leftarg = name, rightarg = name, function = {open}.eq);
           perform set_config('search_path', '{open}, pg_catalog', false); end $do$"
    );
    let error = two.attempt(&operator, Access::Write).await.unwrap_err();
    assert!(matches!(error, StoreError::LeftBehind(_)), "{}", error.with_cause());
    two.own.as_owner(&format!("drop schema {open} cascade")).await;
}

#[tokio::test]
async fn a_transaction_that_reads_cannot_be_made_to_write() {
    let mut two = Two::new().await;
    let statements = [
        "insert into products (sku) values ('x')",
        "delete from products returning sku",
        "with gone as (delete from products returning *) select * from gone",
        "set transaction read write",
        "set transaction_read_only = off",
        "select set_config('transaction_read_only', 'off', true)",
        "do $$ begin set local transaction_read_only = off; delete from products; end $$",
        "create temp table kept (a int)",
        "explain analyze delete from products",
        "select nextval(pg_get_serial_sequence('sync_logs', 'number'))",
    ];
    for statement in statements {
        assert!(two.attempt(statement, Access::Read).await.is_err(), "{statement}");
    }
}

#[tokio::test]
async fn a_slug_that_is_sql_is_an_unknown_company() {
    let mut two = Two::new().await;
    let schema = schema_of(&two.other).unwrap();
    let slugs = [
        format!("a\"; drop schema {schema} cascade; --"),
        format!("a'; drop schema {schema} cascade; --"),
        format!("{}' or '1' = '1", two.own.slug),
        format!("\"{}\"", two.own.slug),
        format!("{}, {schema}", two.own.slug),
        "public".to_owned(),
        String::new(),
    ];
    for slug in slugs {
        let result = run_statement(&mut two.own.session, &slug, "select 1", Access::Write).await;
        assert!(matches!(result, Err(StoreError::UnknownCompany { .. })), "{slug}: {result:?}");
        let result = store::enter(&mut two.own.session, &slug).await.map(drop);
        assert!(matches!(result, Err(StoreError::UnknownCompany { .. })), "{slug}: {result:?}");
    }
    two.assert_as_it_was("a slug").await;
}

#[tokio::test]
async fn without_a_role_to_run_under_no_statement_is_run() {
    let mut two = Two::new().await;
    two.own.as_owner("alter role vama_%S rename to gone_%S").await;
    let result = two.run("select 1", Access::Read).await;
    assert!(matches!(result, Err(StoreError::NoRole { .. })), "{result:?}");
    two.own.as_owner("alter role gone_%S rename to vama_%S").await;
    two.assert_as_it_was("no role").await;
}

/// A temporary table that somebody left on a pooled connection would hide the company's table of
/// that name.
#[tokio::test]
async fn a_temporary_table_of_somebody_else_is_not_taken_for_the_companys() {
    // In a database of its own: a pooler might hand the table to another test.
    let mut alone = Alone::new("neighbour").await;
    let slug = alone.company("own").await;
    let Alone { session, own: _own } = alone;
    let mut two = Two::beside(Company { slug, session }).await;
    two.own.as_owner("create temp table products as select 'x' as sku, 'x' as name").await;
    let stolen = two.run("update products set name = name", Access::Write).await.unwrap();
    assert_eq!(stolen.affected, Some(1), "the company's own");
    two.assert_as_it_was("a temporary table").await;
}

#[tokio::test]
async fn a_transaction_inside_a_company_names_its_tables_alone() {
    let mut two = Two::new().await;
    let statement = two.filled("select count(*) from %O.products");
    let (mut tx, company) = store::enter(&mut two.own.session, &two.own.slug).await.unwrap();
    assert_eq!(company.slug, two.own.slug);
    let own = sqlx::query("select name from products").persistent(false);
    assert_eq!(own.fetch_one(&mut *tx).await.unwrap().get::<String, _>(0), "rand-propriu");
    let other = sqlx::query(sqlx::AssertSqlSafe(statement)).persistent(false);
    assert!(other.fetch_one(&mut *tx).await.is_err());
    tx.rollback().await.unwrap();
    two.assert_as_it_was("a transaction").await;
}
