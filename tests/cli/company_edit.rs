//! Changing what the registry says of a company, and whether files may go in.

use std::fs;

use serde_json::{Value, json};

use crate::common::own::Own;
use crate::common::{cif_of, unique};
use crate::program::Books;

#[test]
fn only_what_is_given_changes_and_is_shown_with_what_stood_there() {
    let books = Books::new("edited");
    let (slug, cif) = (books.slug.as_str(), cif_of(&books.slug));
    let edit = |more: &[&str]| books.run(&[&["company", "edit", slug], more].concat());
    let (paying, logo) = (format!("ro {cif}"), "https://firma.ro/logo.svg");
    let words = ["--name", " Ceasuri  SRL ", "--cif", &paying, "--logo", logo];
    let settings = ["--setting", "theme=\"dark\"", "--setting", "days=[1.50, 2]"];
    let told = edit(&[&words[..], &settings].concat()).ends(0).stdout;
    let expected = format!(
        "name: Firma {slug} SRL → Ceasuri  SRL\nCIF: {cif} → RO{cif}\nlogo: – → {logo}\n\
         setting days: – → [1.50, 2]\nsetting theme: – → \"dark\"\n"
    );
    assert_eq!(told, expected);

    let again = edit(&["--name", "Ceasuri  SRL", "--setting", "days=[1.50,2]"]).ends(0);
    assert_eq!(again.stdout, format!("{slug} has all of that already; nothing was changed\n"));
    let gone = edit(&["--logo", "", "--setting", "days=", "--json"]).ends(0).json();
    let changes = json!([
        { "what": "logo", "from": logo, "to": null },
        { "what": "setting days", "from": "[1.50, 2]", "to": null },
    ]);
    assert_eq!(gone, json!({ "schema": 1, "company": slug, "changes": changes }));

    let company = books.run(&["company", "show", slug, "--json"]).ends(0).json()["company"].clone();
    assert_eq!(company["name"], "Ceasuri  SRL");
    assert_eq!(company["cif"], format!("RO{cif}"));
    assert_eq!(company["settings"], json!({ "theme": "dark" }));
    assert_eq!(company["logo_url"], Value::Null);
    assert_eq!(company["accounts"].as_array().unwrap().len(), 3, "the accounts stay");
    let shown = books.run(&["company", "show", slug]).ends(0).stdout;
    assert!(shown.contains("\n  setting theme: \"dark\"\n"), "{shown}");
}

#[test]
fn an_edit_that_does_not_fit_is_usage_and_a_cif_of_another_company_is_told_with_it() {
    let books = Books::new("unfit-edit");
    let slug = books.slug.as_str();
    let edit = |more: &[&str]| books.run(&[&["company", "edit", slug], more].concat());
    edit(&["--name", " "]).ends(2).says("the name is empty");
    edit(&["--cif", "18547291"]).ends(2).says("goes in with --cif-unchecked");
    edit(&["--logo", "logo.svg"]).ends(2).says("expected https://");
    edit(&["--setting", "theme=dark"]).ends(2).says("'theme=\"text\"'");
    edit(&["--setting", "accounts=[]"]).ends(2).says("`vama company account add|remove|move`");
    edit(&["--cif-unchecked"]).ends(2).says("--cif");
    let other = unique("other");
    books.create(&other, &[]).ends(0);
    let taken = format!("ro {}", cif_of(&other));
    let told = edit(&["--name", "Alta", "--cif", &taken]).ends(1);
    told.says(&format!("taken already: CIF {} ({other})", cif_of(&other)));
    let shown = books.run(&["company", "show", slug]).ends(0).stdout;
    assert!(shown.starts_with(&format!("Firma {slug} SRL ({slug})\n")), "nothing was changed");
    books.run(&["company", "edit", "nobody", "--name", "x"]).ends(4).says("is called nobody");
}

#[test]
fn a_tax_number_of_another_country_goes_in_where_that_is_said() {
    let books = Books::empty("foreign");
    let (slug, number) = (books.slug.as_str(), format!("de{}", cif_of(&books.slug)));
    let words = ["company", "create", "--name", "Uhren", "--slug", slug, "--cif", &number];
    books.run(&words).ends(2).says("is not a CIF").says("--cif-unchecked");
    books.run(&[&words[..], &["--cif-unchecked"]].concat()).ends(0);
    let list = books.run(&["company", "list"]).ends(0).stdout;
    assert!(list.contains(&number.to_uppercase()), "{list}");
    let other = number.replace("de", "AT U");
    let edited = books.run(&["company", "edit", slug, "--cif", &other, "--cif-unchecked"]).ends(0);
    let expected = format!("CIF: {} → {}\n", number.to_uppercase(), other.replace(' ', ""));
    assert_eq!(edited.stdout, expected);
}

#[test]
fn no_file_goes_into_a_company_that_is_inactive_and_all_do_again_when_it_is_active() {
    let books = Books::new("stopped");
    let slug = books.slug.as_str();
    let company = |words: &[&str]| books.run(&[&["company"], words].concat());
    company(&["deactivate", slug]).ends(2).says("nobody is here to confirm it: add --yes");
    company(&["deactivate", "nobody", "--yes"]).ends(4).says("is called nobody");
    let told = company(&["deactivate", slug, "--yes"]).ends(0).stdout;
    let until = format!("is inactive: no file goes in until `vama company activate {slug}`");
    assert_eq!(told, format!("{slug} {until}\n"));
    let again = company(&["deactivate", slug, "--json"]).ends(0).json();
    assert_eq!(
        again,
        json!({ "schema": 1, "company": slug, "is_active": false, "changed": false })
    );
    let list = company(&["list"]).ends(0).stdout;
    assert!(list.contains(&format!("Firma {slug} SRL (inactive)")), "{list}");

    // Files in a watched folder wait, whether they lie in the company's own folder or not.
    let files = ["watched/extras.sta".to_owned(), format!("watched/{slug}/extras.sta")];
    fs::create_dir_all(books.path().join("watched").join(slug)).unwrap();
    for file in &files {
        books.write(file, &books.month.files[0].bytes);
    }
    let watch = ["watch", "watched", "--once", "--settle", "0"];
    let told = books.run(&watch).ends(4);
    let told = told.says(&format!("the company {slug} is inactive"));
    told.says(&format!("watched/{slug}: no active company is called so"));
    assert!(files.iter().all(|file| books.path().join(file).exists()));
    let added = company(&["account", "add", slug, &format!("gls:{slug}")]).ends(0);
    added.says(&format!("note: {slug} {until}"));

    let told = company(&["activate", slug]).ends(0).stdout;
    assert_eq!(told, format!("{slug} is active: files go in again\n"));
    assert_eq!(company(&["activate", slug, "--json"]).ends(0).json()["changed"], false);
    books.run(&watch).ends(0);
    assert!(files.iter().all(|file| !books.path().join(file).exists()));
    assert!(books.rows()["bank_transactions"].as_i64().unwrap() > 0);
}

#[test]
fn where_every_company_is_inactive_a_list_says_so() {
    let own = Own::new("all-inactive");
    let books = Books::alone(&own, "all-inactive");
    books.create_with_its_accounts();
    books.run(&["company", "deactivate", &books.slug, "--yes"]).ends(0);
    for list in ["log", "held", "month"] {
        books.run(&[list]).says("left out: every company is inactive");
    }
}
