//! A month as the command line shows it, and ties by hand.

use serde_json::Value;
use vama::inside::value::slug::schema_of;

use crate::common::own::Own;
use crate::program::Books;

/// Returns the one month that the command shows of the books' company.
fn month(books: &Books) -> Value {
    let told = books.run(&["month", "-c", &books.slug, "--json"]).ends(0).json();
    assert_eq!((&told["schema"], &told["left_out"]), (&1.into(), &Value::Array(Vec::new())));
    told["months"][0].clone()
}

/// Imports the month without one borderou; returns the name of that file.
fn import_all_but_a_borderou(books: &Books) -> String {
    let mut files = books.put_month();
    let at = files.iter().position(|name| name.ends_with("_RON_04032026.xlsx")).unwrap();
    let left_out = files.remove(at);
    let mut arguments = vec!["import"];
    arguments.extend(files.iter().map(String::as_str));
    books.run(&arguments).ends(0);
    left_out
}

/// Returns the settlement of that name.
fn settlement<'m>(month: &'m Value, name: &str) -> &'m Value {
    let all = month["settlements"].as_array().unwrap();
    all.iter().find(|it| it["name"] == name).unwrap_or_else(|| panic!("{name}: {all:?}"))
}

#[test]
fn a_month_says_what_keeps_it_from_being_closed() {
    let books = Books::new("closing");
    let left_out = import_all_but_a_borderou(&books);
    let told = month(&books);
    assert_eq!((&told["month"], &told["is_closed"]), (&"2026-03".into(), &false.into()));
    let settlements = told["settlements"].as_array().unwrap();
    let expected = &books.month.expected;
    assert_eq!(settlements.len(), expected.borderouri + expected.batches - 1);
    assert!(settlements.iter().all(|it| it["state"] == "paid"), "{settlements:?}");
    let missing = told["missing"].as_array().unwrap();
    assert_eq!(missing.iter().filter(|it| it["sender"] == "GLS").count(), 1);
    let of_gls = missing.iter().find(|it| it["sender"] == "GLS").unwrap();
    assert_eq!((&of_gls["day"], &of_gls["document"]), (&"2026-03-04".into(), &"a borderou".into()));
    assert!(told["customers"].as_array().unwrap().iter().all(|it| it["sender"] == "Altul"));

    let page = books.run(&["month", "2026-03", "-c", &books.slug]).ends(0).stdout;
    for part in [
        "March 2026, ",
        "2–31 March",
        "GLS      paid            21",
        "Netopia  paid             5",
        "Money came, and its document is missing: ",
        "2026-03-04  GLS ",
        "March 2026 is not closed: ",
    ] {
        assert!(page.contains(part), "{part:?} is not in {page}");
    }
    assert!(!page.contains("Not paid"), "{page}");
    let csv = books.run(&["month", "-c", &books.slug, "--csv"]).ends(0).stdout;
    assert!(csv.starts_with("company,month,what,name,sender,day,amount,currency,state,"), "{csv}");
    assert!(csv.contains(",2026-03,missing,"), "{csv}");

    books.run(&["import", &left_out]).ends(0);
    let told = month(&books);
    let missing = told["missing"].as_array().unwrap();
    assert!(missing.iter().all(|it| it["sender"] != "GLS"), "{missing:?}");
    let empty = books.run(&["month", "2025-01", "-c", &books.slug]).ends(0).stdout;
    assert!(empty.contains("January 2025 is not closed: no statement is here."), "{empty}");
    books.run(&["month", "April"]).ends(2).says("2026-04");
}

#[test]
fn all_companies_have_a_line_each() {
    let own = Own::new("months");
    let (books, other) = (Books::alone(&own, "months-a"), Books::alone(&own, "months-b"));
    for books in [&books, &other] {
        books.create_with_its_accounts();
    }
    books.run(&["month"]).ends(0).says("no entry of a statement was imported yet");
    for books in [&books, &other] {
        let file = books.put(&books.month.files[0]);
        books.run(&["import", &file]).ends(0);
    }
    let told = books.run(&["month"]).ends(0).stdout;
    for slug in [&books.slug, &other.slug] {
        let line = told.lines().find(|line| line.starts_with(slug.as_str())).unwrap();
        assert!(line.contains("  2026-03  ") && line.contains("documents are missing"), "{line}");
    }
    books.run(&["tie", "gls/2026-03-02", "X1"]).ends(2).says("-c SLUG");
}

#[test]
fn what_is_said_by_hand_stays_until_it_is_taken_back() {
    let books = Books::new("by-hand");
    import_all_but_a_borderou(&books);
    let paid = "gls/2026-03-05";
    let credit = settlement(&month(&books), paid)["credit"].as_str().unwrap().to_owned();
    let run = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["-c", &books.slug]);
        books.run(&all)
    };
    let told = run(&["untie", paid]).ends(0).stdout;
    assert!(told.contains(&credit), "{told}");
    run(&["untie", paid]).ends(2).says("not tied to any credit");
    for _ in 0..2 {
        let month = month(&books);
        assert_eq!(settlement(&month, paid)["state"], "late");
        let missing = month["missing"].as_array().unwrap();
        assert!(missing.iter().any(|it| it["name"] == credit.as_str()), "{missing:?}");
        // No import ties them again.
        let file = books.put(&books.month.files[1]);
        books.run(&["import", &file]).ends(0);
    }

    // The credit whose borderou is missing has another amount: the difference shows.
    let page = month(&books);
    let missing = page["missing"].as_array().unwrap().iter();
    let other = missing.clone().find(|it| it["day"] == "2026-03-04").unwrap();
    run(&["tie", paid, other["name"].as_str().unwrap(), "--json"]).ends(0).json();
    let now = month(&books);
    let state = &settlement(&now, paid)["state"];
    assert!(state == "differs" || state == "paid", "{state}");

    run(&["untie", paid]).ends(0);
    run(&["tie", paid, &credit]).ends(0);
    assert_eq!(settlement(&month(&books), paid)["state"], "paid");
    assert!(run(&["tie", paid, &credit]).ends(0).stdout.contains("nothing was changed"));
}

#[test]
fn a_tie_by_hand_that_contradicts_is_refused() {
    let books = Books::new("contradiction");
    import_all_but_a_borderou(&books);
    let schema = schema_of(&books.slug).unwrap();
    let account = &books.month.shop.account_iban;
    books.sql(&format!(
        "insert into {schema}.bank_transactions (transaction_hash, transaction_date, amount, \
         currency, account_iban, op_reference) values \
         ('e', '2026-03-05', 100, 'EUR', '{account}', 'EURO1'), \
         ('o', '2026-03-05', 100, 'RON', 'RO49AAAA1B31007593840000', 'OTHER1')"
    ));
    let tie =
        |settlement: &str, credit: &str| books.run(&["tie", settlement, credit, "-c", &books.slug]);
    tie("gls/2026-03-05", "EURO1").ends(2).says("is in EUR, expected RON");
    tie("gls/2026-03-05", "OTHER1").ends(2).says("on another account").hides(account);
    tie("gls/2026-03-05", "NONE1").ends(2).says("no credit is called NONE1").says("vama month");
    tie("gls/2026-01-01", "EURO1").ends(2).says("no settlement is called gls/2026-01-01");
    assert_eq!(settlement(&month(&books), "gls/2026-03-05")["state"], "paid");
}
