//! A server or a pooler that has fewer connections to give than the program asks for.

use std::fs;

use vama::inside::value::slug::schema_of;

use crate::common::own::Own;
use crate::common::server;
use crate::program::Books;
use crate::proxy::Proxy;

/// Companies that have something to do at once; more than there are connections.
const COMPANIES: usize = 6;

/// Companies of one database, reached through a proxy; none where the suite runs without a server,
/// since the embedded engine has one connection.
fn companies(own: &Own) -> Option<(Vec<Books>, Proxy)> {
    server()?;
    let proxy = Proxy::new(own.url());
    let companies = (0..COMPANIES).map(|_| {
        let mut books = Books::alone(own, "few");
        books.create_with_its_accounts();
        books.url = proxy.url().to_owned();
        books
    });
    Some((companies.collect(), proxy))
}

#[test]
fn an_import_of_several_companies_goes_on_over_the_connections_there_are() {
    let own = Own::new("few-connections");
    let Some((companies, proxy)) = companies(&own) else { return };
    for (connections, names) in [(1, 0..2), (2, 2..4)] {
        let folder = companies[0].path().join(format!("by {connections}"));
        fs::create_dir(&folder).unwrap();
        for books in &companies {
            for file in &books.month.files[names.clone()] {
                let name = format!("{} {}", books.slug, file.name);
                fs::write(folder.join(name), &file.bytes).unwrap();
            }
        }
        proxy.allow(connections);
        let before = proxy.refused();
        let folder = folder.to_str().unwrap();
        let run = companies[0].run(&["import", "--json", "--connections", "4", folder]);
        let run = run.ends(0).json();
        assert_eq!(run["totals"]["files"], COMPANIES * names.len());
        for file in run["files"].as_array().unwrap() {
            assert_eq!(file["status"], "imported", "{file}");
        }
        assert!(proxy.refused() > before, "a further connection was asked for");
    }
}

#[test]
fn a_migration_of_several_companies_goes_on_over_the_connection_there_is() {
    let own = Own::new("few-connections");
    let Some((companies, proxy)) = companies(&own) else { return };
    let roles = companies.iter().map(|it| format!("\"vama_{}\"", schema_of(&it.slug).unwrap()));
    let roles = roles.collect::<Vec<_>>().join(", ");
    companies[0].sql(&format!("drop owned by {roles}; drop role {roles}"));
    proxy.allow(1);
    let run = companies[0].run(&["migrate", "--json"]).ends(0).json();
    let migrated = run["migrated"].as_array().unwrap().iter();
    let changed = migrated.filter(|it| it["result"] == "migrated");
    assert_eq!(changed.count(), COMPANIES, "a role was made for each: {run}");
    assert_eq!(proxy.refused(), 1);
    proxy.allow(usize::MAX);
    companies[0].run(&["migrate", "--check"]).ends(0);
}
