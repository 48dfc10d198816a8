//! Making companies and looking at them.

use serde_json::{Value, json};

use crate::common::own::Own;
use crate::common::{cif_of, unique};
use crate::program::{Books, run, vama};

#[test]
fn a_company_that_cannot_be_is_usage_and_leaves_no_trace() {
    let books = Books::empty("cannot-be");
    let slug = unique("cannot-be");
    let cif = cif_of(&slug);
    let with = |name: &str, slug: &str, cif: &str, more: &[&str]| {
        let mut command = vama(books.path());
        command.args(["--database-url", "embedded:db", "company", "create"]);
        command.args(["--name", name, "--slug", slug, "--cif", cif]).args(more);
        run(&mut command).ends(2)
    };
    let mistyped = with("Firma", &slug, "18547291", &[]).says("expected the check digit 0");
    mistyped.says("a tax number of another country goes in with --cif-unchecked");
    with("Firma", &slug, "CHE-123.456", &["--cif-unchecked"]).says("is not a tax number");
    with("Firma", &slug, "RO", &[]).says("is not a CIF");
    with(" ", &slug, &cif, &[]).says("the name is empty");
    with("Firma", "Firma", &cif, &[]).says("slug \"Firma\" does not fit");
    with("Firma", "x", &cif, &[]).says("does not fit");
    for reserved in ["public", "pg-temp", "auth", "information-schema"] {
        with("Firma", reserved, &cif, &[]).says("is reserved");
    }
    for account in ["RO49AAAA1B31007593840001", "gls:", "emag:", "cargus:1", ""] {
        with("Firma", &slug, &cif, &["--account", account]).says("is not an IBAN");
    }
    assert!(!books.path().join("db").exists(), "no database was touched");
}

#[test]
fn what_another_company_has_cannot_be_taken() {
    let books = Books::new("taken");
    let shop = &books.month.shop;
    let (slug, cif, other) = (&books.slug, cif_of(&books.slug), unique("other"));
    let create = |slug: &str, cif: &str, more: &[&str]| {
        let words = ["company", "create", "--name", "Alta", "--slug", slug, "--cif", cif];
        books.run(&[&words, more].concat()).ends(1).says("next: choose another")
    };
    create(slug, &cif_of(&other), &[]).says(&format!("taken already: slug {slug}"));
    for same in [cif.clone(), format!("RO{cif}"), format!("ro {cif}")] {
        create(&other, &same, &[]).says(&format!("taken already: CIF {cif} ({slug})"));
    }
    create(&other, &cif_of(&other), &["--account", &shop.account_iban])
        .says(&format!("account {} ({slug})", shop.account_iban));

    let list = books.run(&["company", "list", "--json"]).ends(0).json();
    let slugs: Vec<&str> = list["companies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["slug"].as_str().unwrap())
        .collect();
    assert!(slugs.contains(&slug.as_str()) && !slugs.contains(&other.as_str()), "{slugs:?}");
    books.run(&["company", "show", &other]).ends(4).says(&format!("no company is called {other}"));
}

#[test]
fn a_company_is_shown_as_it_was_made() {
    let books = Books::empty("shown");
    let slug = &books.slug;
    let cif = cif_of(slug);
    let iban = &books.month.shop.account_iban;
    let spaced = format!("{} {}", &iban[..4], iban[4..].to_lowercase());
    let made = books
        .run(&[
            "company",
            "create",
            "--name",
            "  Ceasuri SRL ",
            "--slug",
            slug,
            "--cif",
            &format!("ro {cif}"),
            "--industry",
            "retail",
            "--account",
            &spaced,
            "--account",
            &format!("gls:{slug}"),
            "--json",
        ])
        .ends(0)
        .json();
    assert_eq!(made["created"], slug.as_str());
    assert_eq!(made["company_schema"], slug.replace('-', "_"));
    assert_eq!(made["has_role"], true);

    let shown = books.run(&["company", "show", slug, "--json"]).ends(0).json();
    let company = &shown["company"];
    assert_eq!(company["name"], "Ceasuri SRL");
    assert_eq!(company["cif"], format!("RO{cif}"), "RO says that it pays VAT");
    assert_eq!(company["industry"], "retail");
    assert_eq!(company["accounts"], serde_json::json!([iban, format!("gls:{slug}")]));
    let people = books.run(&["company", "show", slug]).ends(0);
    assert!(people.stdout.starts_with(&format!("Ceasuri SRL ({slug})\n  CIF: RO{cif}\n")));
    let list = books.run(&["company", "list"]).ends(0);
    assert!(list.stdout.contains(&format!("RO{cif}")), "{}", list.stdout);
}

#[test]
fn the_administrators_password_comes_from_a_file_or_a_pipe_and_is_shown_nowhere() {
    let own = Own::new("admin");
    let books = Books::alone(&own, "admin");
    let slug = unique("admin");
    let cif = cif_of(&slug);
    let words = ["company", "create", "--name", "Firma", "--slug", &slug, "--cif", &cif];
    let named = [&words[..], &["--admin-user", "Admin", "--admin-name", "Ana"]].concat();
    let without = books.run(&named).ends(2);
    without.says("--admin-pass-file FILE").says("--admin-pass-file -");
    books.write("short", b"1234567\n");
    let short = [&named[..], &["--admin-pass-file", "short"]].concat();
    books.run(&short).ends(2).says("has 7 characters, expected at least 8").hides("1234567");
    let missing = [&named[..], &["--admin-pass-file", "nothing"]].concat();
    books.run(&missing).ends(1).says("cannot read the password in nothing");
    let blank = [&words[..], &["--admin-user", "a b", "--admin-pass-file", "short"]].concat();
    books.run(&blank).ends(2).says("does not fit");
    books.run(&[&words[..], &["--admin-pass-file", "short"]].concat()).ends(2);
    // None of these commands has made anything.
    let list = books.run(&["company", "list", "--json"]);
    assert!(list.exit == 6 || list.json()["companies"] == json!([]), "{}", list.stdout);

    let piped = [&named[..], &["--admin-pass-file", "-", "--json"]].concat();
    let mut command = vama(books.path());
    command.args(["--database-url", own.url()]).args(piped).write_stdin("sesame sesame\n");
    let made = run(&mut command).ends(0).hides("sesame").json();
    assert_eq!(made["admin_user"], "Admin");
    let shown = books.run(&["company", "show", &slug]).ends(0).hides("argon2");
    assert!(shown.stdout.contains("user: Admin (Ana), admin"), "{}", shown.stdout);
}

#[test]
fn accounts_are_added_and_removed_and_route_files() {
    let books = Books::empty("account");
    let slug = books.slug.as_str();
    books.create(slug, &[]).ends(0);
    let file = books.put(&books.month.files[0]);
    let iban = books.month.shop.account_iban.as_str();
    books.run(&["import", &file]).ends(4).says("no company has the account");
    let account =
        |what: &str, account: &str| books.run(&["company", "account", what, slug, account]);
    let spaced = format!("{} {}", &iban[..4], iban[4..].to_lowercase());
    let added = account("add", &spaced).ends(0);
    assert_eq!(added.stdout, format!("files of {iban} go to {slug} from now on\n"));
    assert!(account("add", iban).ends(0).stdout.contains("already"));
    books.run(&["import", &file]).ends(0);
    account("add", "RO28BTRLRONCRT0144272509").ends(2).says("is not an IBAN");
    books.run(&["company", "account", "add", "nobody", iban]).ends(4).says("is called nobody");
    let other = unique("other");
    books.create(&other, &[]).ends(0);
    let taken = books.run(&["company", "account", "add", &other, iban]).ends(1);
    taken.says(&format!("taken already: account {iban} ({slug})"));
    let removed = books.run(&["company", "account", "remove", slug, iban, "--json"]).ends(0).json();
    assert_eq!(removed["changed"], true);
    assert!(account("remove", iban).ends(0).stdout.contains("nothing was changed"));
}

#[test]
fn a_company_is_dropped_only_when_it_is_confirmed() {
    let books = Books::new("drop");
    let slug = books.slug.as_str();
    books.run(&["company", "drop", slug]).ends(2).says(&format!("add --confirm {slug}"));
    let other = books.run(&["company", "drop", slug, "--confirm", "other"]).ends(2);
    other.says("nothing was dropped");
    books.run(&["company", "drop", "nobody", "--confirm", "nobody", "--no-backup"]).ends(4);
    books.assert_untouched();
    let words = ["company", "drop", slug, "--confirm", slug, "--no-backup", "--json"];
    let dropped = books.run(&words).ends(0).json();
    assert_eq!(dropped["removed"]["role_dropped"], true);
    assert_eq!(dropped["removed"]["backup"], Value::Null);
    books.run(&["company", "show", slug]).ends(4);
    // The name is free again.
    books.create(slug, &[]).ends(0);
}

#[test]
fn old_tables_are_adopted_and_released_again() {
    let own = Own::new("adopt");
    let books = Books::alone(&own, "adopt");
    let slug = books.slug.as_str();
    books.create(slug, &[]).ends(0);
    let adopt = |more: &[&str]| {
        let words = ["company", "adopt", slug, "--no-backup", "--from"];
        books.run(&[&words[..], more].concat())
    };
    adopt(&["nowhere"]).ends(4).says("no schema called nowhere");
    adopt(&["public"]).ends(4).says("schema public has none of a company's tables");
    let schema = slug.replace('-', "_");
    adopt(&[&schema]).ends(4).says(&format!("is that of the company {slug}"));
    books.sql(
        "create table public.products (sku text, name text); \
         insert into public.products values ('a', 'ceas')",
    );
    let plan = adopt(&["public", "-n"]).ends(0);
    assert!(plan.stdout.contains("that would move into"), "{}", plan.stdout);
    assert!(plan.stdout.contains("column products.purchase_price added: numeric(18,2)"));
    assert_eq!(books.rows()["products"], 0);
    let adopted = adopt(&["public", "--json"]).ends(0).json();
    assert_eq!(adopted["adopted"]["tables"], json!({ "products": 1 }));
    assert_eq!(books.rows()["products"], 1);
    let words = ["company", "release", slug, "--no-backup", "--to"];
    let release = |to: &str| books.run(&[&words[..], &[to]].concat());
    release("nowhere").ends(4).says("no schema called nowhere");
    let released = release("public").ends(0);
    assert!(released.stdout.contains("that moved into public: 1"), "{}", released.stdout);
    books.run(&["company", "show", slug]).ends(4);
}

#[test]
fn a_role_is_given_a_company_and_loses_it_again() {
    let own = Own::new("grant");
    let books = Books::alone(&own, "grant");
    let (slug, other) = (books.slug.as_str(), unique("other"));
    books.create(slug, &[]).ends(0);
    books.create(&other, &[]).ends(0);
    let role = unique("web").replace('-', "_");
    let grant = |slug: &str, role: &str| books.run(&["company", "grant", slug, "--to", role]);
    grant(slug, &role).ends(4).says(&format!("no role called {role}"));
    books.sql(&format!("create role {role}"));
    let first = grant(slug, &role).ends(0);
    assert_eq!(first.stderr.matches("warning").count(), 0, "{}", first.stderr);
    grant(&other, &role).ends(0).says(&format!("warning: {role} can use {slug} too"));
    let shown = books.run(&["company", "show", slug]).ends(0);
    assert!(shown.stdout.contains(&format!("granted to: {role}")), "{}", shown.stdout);
    for slug in [slug, &other] {
        books.run(&["company", "revoke", slug, "--from", &role]).ends(0);
    }
    let again = books.run(&["company", "revoke", slug, "--from", &role, "--json"]).ends(0).json();
    assert_eq!(again["changed"], false);
    books.sql(&format!("drop role {role}"));
}
