//! Making companies and looking at them.

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
    with("Firma", &slug, "18547291", &[]).says("expected the check digit 0");
    with("Firma", &slug, "RO", &[]).says("is not a CIF");
    with(" ", &slug, &cif, &[]).says("the name is empty");
    with("Firma", "Firma", &cif, &[]).says("slug \"Firma\" does not fit");
    with("Firma", "x", &cif, &[]).says("does not fit");
    for reserved in ["public", "pg-temp", "auth", "information-schema"] {
        with("Firma", reserved, &cif, &[]).says("is reserved");
    }
    for account in ["RO49AAAA1B31007593840001", "gls:", "emag:1", ""] {
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
    create(&other, &cif, &[]).says(&format!("taken already: CIF {cif} ({slug})"));
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
    assert_eq!(company["cif"], cif.as_str());
    assert_eq!(company["industry"], "retail");
    assert_eq!(company["accounts"], serde_json::json!([iban, format!("gls:{slug}")]));
    let people = books.run(&["company", "show", slug]).ends(0);
    assert!(people.stdout.starts_with(&format!("Ceasuri SRL ({slug})\n  CIF: RO{cif}\n")));
    let list = books.run(&["company", "list"]).ends(0);
    assert!(list.stdout.contains(&format!("RO{cif}")), "{}", list.stdout);
}
