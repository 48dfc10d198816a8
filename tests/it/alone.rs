//! A database of a test's own, and what can be seen in it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use vama::inside::store::{self, Database, NewCompany, Session};
use vama::inside::value::slug::schema_of;

use crate::common::own::Own;
use crate::common::{cif_of, unique};

/// A database in which a test is alone, and a session in it.
pub struct Alone {
    pub session: Session,
    pub own: Own,
}

impl Alone {
    /// Makes the database, with a registry and no company.
    pub async fn new(name: &str) -> Self {
        let own = Own::new(name);
        let mut session = connect(&own).await;
        store::migrate_public(&mut session).await.unwrap();
        Self { session, own }
    }

    /// Makes a company, and returns its slug. No other test has that slug, since roles belong to
    /// the server.
    pub async fn company(&mut self, name: &str) -> String {
        let new = new_company(name);
        store::create(&mut self.session, &new).await.unwrap();
        new.slug
    }

    /// Runs statements as the user who is connected, and commits them.
    pub async fn run(&mut self, sql: &str) {
        let mut tx = self.session.begin().await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Returns the one column of a query's rows.
    pub async fn column(&mut self, sql: &str) -> Vec<String> {
        let mut tx = self.session.begin().await.unwrap();
        let query = sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned())).persistent(false);
        let rows: Vec<Option<String>> = query.fetch_all(&mut *tx).await.unwrap();
        tx.rollback().await.unwrap();
        rows.into_iter().map(Option::unwrap_or_default).collect()
    }

    /// Returns everything there is: relations with their columns, keys, indexes and rights, the rows of
    /// each table, functions, schemas, and the companies' roles.
    pub async fn everything(&mut self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for line in self.column(CATALOG).await {
            all.insert(line, String::new());
        }
        let tables = "select quote_ident(nspname) || '.' || quote_ident(relname) from pg_class c \
             join pg_namespace n on n.oid = relnamespace where relkind = 'r' \
             and nspname !~ '^(pg_|information_schema)' order by 1";
        for table in self.column(tables).await {
            let rows =
                format!("select md5(string_agg(t::text, '|' order by t::text)) from {table} t");
            all.insert(format!("rows of {table}"), self.column(&rows).await.concat());
        }
        all
    }
}

/// Opens a session, also after a command that failed: its session has freed the embedded database.
pub async fn connect(own: &Own) -> Session {
    let database = Database::choose(Some(own.url()), PathBuf::new).unwrap();
    database.connect().await.unwrap()
}

/// Returns a company that can be made.
pub fn new_company(name: &str) -> NewCompany {
    let slug = unique(name);
    NewCompany {
        name: format!("Firma {slug} SRL"),
        schema: schema_of(&slug).unwrap(),
        cif: cif_of(&slug),
        industry: None,
        accounts: vec![format!("gls:{slug}")],
        admin: None,
        slug,
    }
}

const CATALOG: &str = "
    select 'schema ' || nspname || ' ' || coalesce(nspacl::text, '') as line
      from pg_namespace where nspname !~ '^(pg_|information_schema)'
    union all
    select 'relation ' || c.oid::regclass || ' ' || relkind::text || ' '
           || coalesce((select string_agg(acl::text, ',' order by acl::text)
                          from unnest(relacl) as acl
                         where acl::text <> (select r.rolname || '=arwdDxt/' || r.rolname
                                               from pg_roles r where r.oid = relowner)
                           and acl::text <> (select r.rolname || '=arwdDxtm/' || r.rolname
                                               from pg_roles r where r.oid = relowner)
                           and acl::text <> (select r.rolname || '=rwU/' || r.rolname
                                               from pg_roles r where r.oid = relowner)), '')
      from pg_class c join pg_namespace n on n.oid = relnamespace
     where nspname !~ '^(pg_|information_schema)'
    union all
    select 'column ' || c.oid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod)
           || ' ' || attnotnull || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
      from pg_attribute a join pg_class c on c.oid = attrelid
      join pg_namespace n on n.oid = relnamespace
      left join pg_attrdef d on d.adrelid = attrelid and d.adnum = attnum
     where attnum > 0 and not attisdropped and relkind = 'r'
       and nspname !~ '^(pg_|information_schema)'
    union all
    select 'key ' || k.conrelid::regclass || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
      from pg_constraint k join pg_namespace n on n.oid = connamespace
     where nspname !~ '^(pg_|information_schema)' and k.conrelid <> 0
    union all
    select 'index ' || pg_get_indexdef(indexrelid)
      from pg_index join pg_class c on c.oid = indexrelid join pg_namespace n on n.oid = relnamespace
     where nspname !~ '^(pg_|information_schema)'
    union all
    select 'function ' || p.oid::regprocedure
      from pg_proc p join pg_namespace n on n.oid = pronamespace
     where nspname !~ '^(pg_|information_schema)'
    union all
    select 'role ' || rolname from pg_roles
     where exists (select from public.companies where rolname = 'vama_' || schema_name)
    order by 1";
