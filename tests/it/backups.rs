//! A company goes into a file and comes back out of it, or nothing of it does.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use vama::inside::store::{self, Backup, Outside, Restored, Session, StoreError};
use vama::inside::value::slug::schema_of;

use crate::world::{Company, behind_pooler, month, server, unique};

/// Runs statements as the user who is connected.
async fn run(session: &mut Session, sql: String) {
    let mut tx = session.begin().await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn ask<T>(session: &mut Session, sql: String) -> Vec<T>
where
    T: for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow> + Send + Unpin,
{
    let mut tx = session.begin().await.unwrap();
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).persistent(false).fetch_all(&mut *tx).await.unwrap()
}

/// A company with rows in most tables, and a folder for its backup.
struct Shop {
    company: Option<Company>,
    folder: TempDir,
    slug: String,
}

impl Shop {
    async fn new(name: &str) -> Self {
        let mut company = Company::with_accounts(name, vec![format!("gls:{}", unique("b"))]).await;
        for file in &month().files {
            company.import_file(file).await;
        }
        let slug = company.slug.clone();
        Self { company: Some(company), folder: tempfile::tempdir().unwrap(), slug }
    }

    fn company(&mut self) -> &mut Company {
        self.company.as_mut().unwrap()
    }

    fn session(&mut self) -> &mut Session {
        &mut self.company().session
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn backup(&mut self, name: &str) -> Result<Backup, StoreError> {
        let file = self.file(name);
        let company = self.company.take().unwrap();
        let (company, backup) = company.backup(&file, Outside::default()).await?;
        self.company = Some(company);
        Ok(backup)
    }

    async fn restore(&mut self, name: &str, slug: Option<&str>) -> Result<Restored, StoreError> {
        let file = self.file(name);
        store::restore(self.session(), &file, slug).await
    }

    /// Takes the company away as somebody would by hand.
    async fn remove(&mut self, slug: &str) {
        let schema = schema_of(slug).unwrap();
        let of = format!("company_id = (select id from public.companies where slug = '{slug}')");
        run(
            self.session(),
            format!(
                "delete from public.users where {of}; delete from public.api_credentials where {of}; \
                 delete from public.companies where slug = '{slug}'; \
                 drop schema \"{schema}\" cascade; drop role \"vama_{schema}\""
            ),
        )
        .await;
    }

    /// Returns a digest of all rows of each table of the schema.
    async fn digests(&mut self, schema: &str) -> Vec<(String, String)> {
        let statements: Vec<(String,)> = ask(
            self.session(),
            format!(
                "select format('select %L::text, coalesce(md5(string_agg(t::text, chr(10) order by \
                 t::text)), %L) from %I.%I t', relname, '', nspname, relname) \
                 from pg_class c join pg_namespace n on n.oid = relnamespace \
                 where nspname = '{schema}' and relkind = 'r' order by relname"
            ),
        )
        .await;
        let all: Vec<String> = statements.into_iter().map(|(it,)| it).collect();
        ask(self.session(), all.join(" union all ")).await
    }

    /// Counts what there is under a slug: rows of the registry, schemas, roles.
    async fn traces(&mut self, slug: &str) -> i64 {
        let schema = schema_of(slug).unwrap();
        let counts: Vec<(i64,)> = ask(
            self.session(),
            format!(
                "select (select count(*) from public.companies where slug = '{slug}') \
                 + (select count(*) from pg_namespace where nspname = '{schema}' \
                       or nspname like 'vama\\_aside%') \
                 + (select count(*) from pg_roles where rolname = 'vama_{schema}')"
            ),
        )
        .await;
        counts[0].0
    }
}

fn change(file: &Path, to: &Path, change: impl Fn(String) -> String) {
    let before = fs::read_to_string(file).unwrap();
    let after = change(before.clone());
    assert_ne!(before, after);
    fs::write(to, after).unwrap();
}

const USERS: &str = "insert into public.users (username, username_hash, password_hash, company_id) \
    select 'ana', '%S', 'x', id from public.companies where schema_name = '%S'; \
    insert into public.api_credentials (company_id, service_type, credentials) \
    select id, 'gls', '{\"v\":1,\"data\":\"sealed\",\"n\":1.10}' \
      from public.companies where schema_name = '%S'";

async fn registry(shop: &mut Shop, slug: &str) -> Vec<(String, i64, i64, Option<String>)> {
    ask(
        shop.session(),
        format!(
            "select to_jsonb(c)::text, (select count(*) from public.users u where u.company_id = c.id), \
             (select count(*) from public.api_credentials k where k.company_id = c.id \
               and k.credentials ->> 'n' = '1.10'), c.cif \
             from public.companies c where slug = '{slug}'"
        ),
    )
    .await
}

#[tokio::test]
async fn a_company_comes_back_as_it_was() {
    let mut shop = Shop::new("back").await;
    let (slug, schema) = (shop.slug.clone(), schema_of(&shop.slug).unwrap());
    shop.company().as_owner(USERS).await;
    let (rows, row) = (shop.digests(&schema).await, registry(&mut shop, &slug).await);
    let backup = shop.backup("it.sql").await.unwrap();
    assert!(backup.tables["bank_transactions"] > 0);
    assert_eq!(backup.bytes, fs::metadata(shop.file("it.sql")).unwrap().len());
    assert_eq!(shop.digests(&schema).await, rows, "the session that came back works");
    shop.remove(&slug).await;
    assert_eq!(shop.traces(&slug).await, 0);

    let restored = shop.restore("it.sql", None).await.unwrap();
    assert!(!restored.is_copy && restored.has_role && !restored.migrated, "{restored:?}");
    assert_eq!(restored.tables, backup.tables);
    assert_eq!(shop.digests(&schema).await, rows);
    assert_eq!(registry(&mut shop, &slug).await, row);
    assert_eq!((row[0].1, row[0].2), (1, 1));
    // It is a company like any other: what is there is known, and a new import gets the next number.
    let files = month().files;
    for file in &files {
        let report = shop.company().import_file(file).await;
        assert_eq!(report.inserted, 0, "{report:?}");
    }
    shop.company().import("new.sta", b"no statement").await;
    shop.remove(&slug).await;
}

#[tokio::test]
async fn under_another_slug_it_keeps_what_nobody_else_has() {
    let mut shop = Shop::new("renamed").await;
    let (slug, other) = (shop.slug.clone(), unique("other"));
    shop.company().as_owner(USERS).await;
    let rows = shop.digests(&schema_of(&slug).unwrap()).await;
    let before = registry(&mut shop, &slug).await;
    shop.backup("it.sql").await.unwrap();
    shop.remove(&slug).await;
    let restored = shop.restore("it.sql", Some(&other)).await.unwrap();
    assert!(!restored.is_copy);
    assert_eq!(shop.digests(&schema_of(&other).unwrap()).await, rows);
    let after = registry(&mut shop, &other).await;
    assert_eq!((after[0].1, after[0].2, &after[0].3), (1, 1, &before[0].3));
    assert_eq!(shop.traces(&slug).await, 0);
    shop.remove(&other).await;
}

#[tokio::test]
async fn beside_its_original_it_is_a_copy_without_what_only_one_can_have() {
    let mut shop = Shop::new("original").await;
    let (slug, copy) = (shop.slug.clone(), unique("copy"));
    shop.company().as_owner(USERS).await;
    let schema = schema_of(&slug).unwrap();
    let (rows, row) = (shop.digests(&schema).await, registry(&mut shop, &slug).await);
    shop.backup("it.sql").await.unwrap();
    let restored = shop.restore("it.sql", Some(&copy)).await.unwrap();
    assert!(restored.is_copy);
    for schema in [&schema, &restored.company_schema] {
        assert_eq!(shop.digests(schema).await, rows);
    }
    assert_eq!(registry(&mut shop, &slug).await, row, "the original stays as it was");
    let after = registry(&mut shop, &copy).await;
    assert_eq!((after[0].1, after[0].2, &after[0].3), (0, 0, &None));
    let companies = store::companies(shop.session()).await.unwrap();
    let found = |slug: &str| companies.iter().find(|it| it.slug == slug).unwrap();
    assert!(found(&copy).accounts.is_empty() && found(&copy).id != found(&slug).id);
    // Each has its own rows.
    shop.company().execute("delete from bank_transactions").await;
    assert_eq!(shop.digests(&restored.company_schema).await, rows);
    shop.remove(&copy).await;
    shop.remove(&slug).await;
}

#[tokio::test]
async fn what_is_taken_is_refused() {
    let mut shop = Shop::new("taken").await;
    let slug = shop.slug.clone();
    shop.backup("it.sql").await.unwrap();
    let told = |error: StoreError| match error {
        StoreError::Taken(what) => what.join(", "),
        other => panic!("{other:?}"),
    };
    let error = told(shop.restore("it.sql", None).await.unwrap_err());
    for what in ["slug ", "schema ", "the company itself", "CIF ", "account "] {
        assert!(error.contains(what), "{what}: {error}");
    }
    assert!(told(shop.restore("it.sql", Some(&slug)).await.unwrap_err()).contains("slug "));
    shop.remove(&slug).await;
}

#[tokio::test]
async fn a_file_that_is_no_whole_backup_is_refused() {
    let mut shop = Shop::new("refused").await;
    let slug = shop.slug.clone();
    shop.backup("it.sql").await.unwrap();
    shop.remove(&slug).await;
    let whole = fs::read(shop.file("it.sql")).unwrap();
    let first = whole.iter().position(|b| *b == b'\n').unwrap() + 1;
    for length in [first, first + 10, whole.len() / 2, whole.len() - 10, whole.len() - 1] {
        fs::write(shop.file("cut.sql"), &whole[..length]).unwrap();
        let error = shop.restore("cut.sql", None).await.unwrap_err().to_string();
        assert!(error.ends_with("cut.sql is not whole: its last line is missing"), "{error}");
    }
    for text in
        ["", "--\n-- PostgreSQL database dump\n--\n", "-- vama backup {}\n-- end of vama backup\n"]
    {
        fs::write(shop.file("other.sql"), text).unwrap();
        let error = shop.restore("other.sql", None).await.unwrap_err().to_string();
        assert!(error.ends_with("other.sql is not a backup that vama made"), "{error}");
    }
    let (it, newer) = (shop.file("it.sql"), shop.file("newer.sql"));
    change(&it, &newer, |text| text.replacen("\"v\":1", "\"v\":2", 1));
    let error = shop.restore("newer.sql", None).await.unwrap_err().to_string();
    assert!(error.ends_with("newer.sql is of form 2, expected 1"), "{error}");
    change(&it, &newer, |text| text.replacen("\"schema\":\"", "\"schema\":\"pg_", 1));
    let error = shop.restore("newer.sql", None).await.unwrap_err().to_string();
    assert!(error.ends_with("is not a backup that vama made"), "{error}");
    assert_eq!(shop.traces(&slug).await, 0);
}

#[tokio::test]
async fn what_fails_in_the_middle_leaves_nothing() {
    let mut shop = Shop::new("middle").await;
    let (slug, copy) = (shop.slug.clone(), unique("copy"));
    shop.company().execute("insert into products (sku, purchase_price) values ('marker', 1)").await;
    shop.backup("it.sql").await.unwrap();
    let (it, bad) = (shop.file("it.sql"), shop.file("bad.sql"));
    let damages: [&dyn Fn(String) -> String; 4] = [
        // One value too many, in a row of COPY or of INSERT.
        &|text| text.replace("\tmarker\t", "\tmarker\tx\t").replace("'marker',", "'marker', 'x',"),
        &|text| text.replacen("\"products\":1", "\"products\":2", 1),
        &|text| text.replacen("\"products\":1", "\"product\":1", 1),
        &|text| text.replacen("\nCREATE TABLE", "\nCREATE TABEL", 1),
    ];
    shop.remove(&slug).await;
    for damage in damages {
        change(&it, &bad, damage);
        for name in [None, Some(copy.as_str())] {
            let error = shop.restore("bad.sql", name).await.unwrap_err().to_string();
            assert!(error.ends_with("nothing was kept"), "{error}");
            assert_eq!(shop.traces(&slug).await + shop.traces(&copy).await, 0, "{error}");
        }
    }
    // The session is as good as before.
    shop.restore("it.sql", None).await.unwrap();
    // A copy that fails leaves its original as it was, too, although that steps aside meanwhile.
    change(&it, &bad, damages[0]);
    let rows = shop.digests(&schema_of(&slug).unwrap()).await;
    shop.restore("bad.sql", Some(&copy)).await.unwrap_err();
    assert_eq!(shop.digests(&schema_of(&slug).unwrap()).await, rows);
    assert_eq!(shop.traces(&copy).await, 0);
    shop.remove(&slug).await;
}

#[tokio::test]
async fn what_the_platform_added_and_every_text_survive() {
    let mut shop = Shop::new("platform").await;
    let (slug, copy) = (shop.slug.clone(), unique("copy"));
    let schema = schema_of(&slug).unwrap();
    shop.company()
        .as_owner(
            "alter table \"%S\".products add column \"Colour; x\" text default 'a;''b'; \
             create table \"%S\".\"odd \"\"table\" (id int generated always as identity primary key, \
                 t text, b bytea, n numeric, j jsonb, at timestamptz, twice numeric generated always as (n * 2) stored); \
             insert into \"%S\".\"odd \"\"table\" (t, b, n, j, at) values \
                 (E'back\\\\slash \\\\. \\\\N', '\\x00ff', 1.10, '{\"a\": 1.10}', '2026-03-01 10:11:12.123456+02'), \
                 (E'line\\nbreak\\n\\\\.\\n-- end of vama backup\\nSET a = 1;\\n', null, null, null, null), \
                 (E'\\ttab ''quote'' \"name\" $$ ; E''', null, 'NaN', null, 'infinity'), \
                 (E'\\\\.', '', 0, '[]', null), (null, null, null, null, null), ('', null, null, null, null), \
                 (U&'\\0219\\021B \\+01F600 NULL', null, -1e-20, '\"\\u2028\"', null); \
             create view \"%S\".named as select t, E'a;\\nb' as x from \"%S\".\"odd \"\"table\"; \
             create materialized view \"%S\".kept as select count(*) from \"%S\".\"odd \"\"table\"; \
             create function \"%S\".f(a int) returns int language sql as $f$ select a; $f$; \
             create function \"%S\".g(a int) returns int language sql begin atomic select a; select $1 + 1; end; \
             comment on table \"%S\".\"odd \"\"table\" is E'a comment;\\n\\n--\\nSET x = 1;'",
        )
        .await;
    let rows = shop.digests(&schema).await;
    assert_eq!(rows.len(), 25);
    let backup = shop.backup("it.sql").await.unwrap();
    assert_eq!(backup.tables["odd \"table"], 7);
    shop.restore("it.sql", Some(&copy)).await.unwrap();
    let of = schema_of(&copy).unwrap();
    assert_eq!(shop.digests(&of).await, rows);
    let sql = format!(
        "select (select count(*) from \"{of}\".named where x = E'a;\\nb'), (select * from \"{of}\".kept), \
         \"{of}\".f(1)::int8, \"{of}\".g(1)::int8, obj_description('\"{of}\".\"odd \"\"table\"'::regclass)"
    );
    let found: Vec<(i64, i64, i64, i64, String)> = ask(shop.session(), sql).await;
    assert_eq!(found, [(7, 7, 1, 2, "a comment;\n\n--\nSET x = 1;".to_owned())]);
    shop.remove(&copy).await;
    shop.remove(&slug).await;
}

#[tokio::test]
async fn roles_that_had_rights_get_them_back_where_they_are() {
    let mut shop = Shop::new("rights").await;
    let slug = shop.slug.clone();
    let reader = unique("reader").replace('-', "_");
    let gone = unique("gone").replace('-', "_");
    shop.company()
        .as_owner(&format!(
            "create role {reader}; create role {gone}; \
             grant usage on schema \"%S\" to {reader}, {gone}; \
             grant select on all tables in schema \"%S\" to {reader}; \
             grant insert on \"%S\".products to {reader}"
        ))
        .await;
    shop.backup("it.sql").await.unwrap();
    shop.remove(&slug).await;
    run(shop.session(), format!("drop role {gone}")).await;
    let restored = shop.restore("it.sql", None).await.unwrap();
    assert_eq!(restored.missing_roles, [gone]);
    let schema = schema_of(&slug).unwrap();
    let sql = format!(
        "select has_schema_privilege('{reader}', '{schema}', 'usage'), \
         has_table_privilege('{reader}', '{schema}.invoices', 'select'), \
         has_table_privilege('{reader}', '{schema}.products', 'insert')"
    );
    let found: Vec<(bool, bool, bool)> = ask(shop.session(), sql).await;
    assert_eq!(found, [(true, true, false)]);
    shop.remove(&slug).await;
    run(shop.session(), format!("drop role {reader}")).await;
}

#[tokio::test]
async fn tables_outside_of_the_schema_stand_behind_it_and_stay_in_the_file() {
    let mut shop = Shop::new("outside").await;
    let slug = shop.slug.clone();
    let table = unique("Bank").replace('-', "_");
    run(
        shop.session(),
        format!(
            "create table public.\"{table}\" (a text); insert into public.\"{table}\" values ('x')"
        ),
    )
    .await;
    let file = shop.file("it.sql");
    let company = shop.company.take().unwrap();
    let outside = [table.clone(), "there_is_none".to_owned()];
    let outside = Outside { schema: "public", tables: &outside };
    let (company, backup) = company.backup(&file, outside).await.unwrap();
    shop.company = Some(company);
    assert_eq!(backup.outside.into_iter().collect::<Vec<_>>(), [(table.clone(), 1)]);
    shop.remove(&slug).await;
    let restored = shop.restore("it.sql", None).await.unwrap();
    assert_eq!(restored.outside.keys().collect::<Vec<_>>(), [&table]);
    let text = fs::read_to_string(&file).unwrap();
    let (own, behind) = text.split_once(store::OUTSIDE).unwrap();
    assert!(
        behind.contains(&format!("CREATE TABLE public.\"{table}\"")) && !own.contains(&table[5..])
            || own.contains("\"outside\"")
    );
    run(shop.session(), format!("drop table public.\"{table}\"")).await;
    shop.remove(&slug).await;
}

#[tokio::test]
async fn a_company_that_is_behind_is_brought_to_the_newest_version() {
    let mut shop = Shop::new("behind").await;
    let slug = shop.slug.clone();
    shop.company()
        .as_owner(
            "drop index \"%S\".bank_transactions_import_idx;\n\
             create index bank_transactions_import_idx on \"%S\".bank_transactions (import_id);\n\
             delete from \"%S\".vama_migrations where version = 12;\n\
             update public.companies set is_active = false where schema_name = '%S'",
        )
        .await;
    shop.backup("it.sql").await.unwrap();
    shop.remove(&slug).await;
    assert!(shop.restore("it.sql", None).await.unwrap().migrated);
    let companies = store::companies(shop.session()).await.unwrap();
    assert!(!companies.iter().find(|it| it.slug == slug).unwrap().is_active);
    shop.remove(&slug).await;
}

#[tokio::test]
async fn only_its_owner_may_read_a_backup_and_none_is_overwritten() {
    let mut shop = Shop::new("mode").await;
    let slug = shop.slug.clone();
    shop.backup("it.sql").await.unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(shop.file("it.sql")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let bytes = fs::read(shop.file("it.sql")).unwrap();
    shop.remove(&slug).await;
    let error = shop.backup("it.sql").await.unwrap_err();
    assert!(error.to_string().ends_with("it.sql is there already"), "{error}");
    assert_eq!(fs::read(shop.file("it.sql")).unwrap(), bytes);
    assert_eq!(
        fs::read_dir(shop.folder.path()).unwrap().count(),
        1,
        "nothing half-written is left"
    );
}

/// What is written while a backup is made is in it and in its counts, or in neither.
#[tokio::test]
async fn a_server_lets_nobody_write_between_the_counts_and_the_dump() {
    if server().is_none() {
        // The embedded engine has one connection.
        return;
    }
    let mut shop = Shop::new("writers").await;
    let slug = shop.slug.clone();
    let schema = schema_of(&slug).unwrap();
    let mut writer = crate::world::database().connect().await.unwrap();
    let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
    let insert = format!("insert into \"{schema}\".products (sku) values (gen_random_uuid())");
    let writing = tokio::spawn(async move {
        while stopped.try_recv().is_err() {
            run(&mut writer, insert.clone()).await;
        }
    });
    for turn in 0..3 {
        shop.backup(&format!("{turn}.sql")).await.unwrap();
    }
    stop.send(()).unwrap();
    writing.await.unwrap();
    shop.remove(&slug).await;
    for turn in 0..3 {
        let restored = shop.restore(&format!("{turn}.sql"), None).await.unwrap();
        assert!(restored.tables["products"] >= 0);
        shop.remove(&slug).await;
    }
}

/// What pg_dump sets for its session would stay with the pooler's next client.
#[tokio::test]
async fn a_pooler_in_transaction_mode_is_refused() {
    if behind_pooler().is_none() {
        return;
    }
    let mut shop = Shop::new("pooler").await;
    let (slug, file) = (shop.slug.clone(), shop.file("it.sql"));
    let company = shop.company.take().unwrap();
    let error = store::backup(company.session, &slug, &file, Outside::default()).await.unwrap_err();
    assert!(error.to_string().starts_with("a pooler in transaction mode"), "{error}");
    assert!(!file.exists());
}
