//! Which company a file belongs to: its own account decides.

use std::collections::BTreeSet;

use vama::inside::lab::month::Month;
use vama::inside::lab::orders::{self, Order};
use vama::inside::lab::random::Random;
use vama::inside::lab::workbook;

use vama::inside::road::report::{ExitStatus, Status};
use vama::inside::road::{Options, import_source};
use vama::inside::store;

use crate::world::{Company, month, only_source, seed, told};

#[tokio::test]
async fn a_file_finds_its_company_by_its_account() {
    let month = Month::invent(seed(), 2026, 3).unwrap();
    let shop = &month.shop;
    let accounts = vec![shop.account_iban.clone(), format!("netopia:{}", shop.terminal)];
    let mut company = Company::with_accounts("by-account", accounts).await;
    for file in &month.files {
        let source = only_source(&file.name, &file.bytes);
        let report = import_source(&mut company.session, source, None, &Options::default()).await;
        assert_eq!(report.status, Status::Imported, "{}", told(&report));
        assert_eq!(report.company.as_deref(), Some(company.slug.as_str()));
    }
}

#[tokio::test]
async fn a_file_of_nobody_is_refused_and_nothing_is_written() {
    let mut company = Company::new("nobody").await;
    let file = &Month::invent(seed(), 2026, 3).unwrap().files[0];
    let source = only_source(&file.name, &file.bytes);
    let report = import_source(&mut company.session, source, None, &Options::default()).await;
    assert_eq!(report.status, Status::Refused);
    assert_eq!(report.error.as_ref().unwrap().kind, "unknown_company");
    assert_eq!(report.exit(), ExitStatus::Refused);
}

#[tokio::test]
async fn a_list_that_states_no_account_is_refused_with_what_to_do() {
    let mut company = Company::new("no-account").await;
    let day = "2026-04-01".parse().unwrap();
    let list = orders::gomag(&Order::invent_many(3, day, &mut Random::of(&[seed()])));
    let source = only_source("comenzi.xlsx", &workbook::write(&[list], day, false).unwrap());
    let report = import_source(&mut company.session, source, None, &Options::default()).await;
    let error = report.error.unwrap();
    assert_eq!((error.kind, report.format), ("unknown_company", Some("gomag")));
    let told = "the file does not say whose it is; there ";
    assert!(error.message.starts_with(told), "{}", error.message);
    assert!(error.advice.unwrap().starts_with("name the company with -c SLUG"));
}

#[tokio::test]
async fn a_statement_of_another_company_is_refused_whatever_is_named() {
    let month = Month::invent(seed(), 2026, 3).unwrap();
    let owner = Company::with_accounts("owner", vec![month.shop.account_iban.clone()]).await;
    drop(owner);
    let mut other = Company::new("other").await;
    let report = other.import_file(&month.files[0]).await;
    assert_eq!(report.error.as_ref().unwrap().kind, "wrong_company", "{}", told(&report));
    assert_eq!(other.count("bank_transactions").await, 0);
    let logged: Vec<(String,)> = other.rows("select status from sync_logs").await;
    assert_eq!(logged, [("failed".to_owned(),)]);
}

#[tokio::test]
async fn a_file_with_accounts_of_two_companies_says_so_and_names_none_as_chosen() {
    let (one, other) =
        (Month::invent(seed(), 2026, 3).unwrap(), Month::invent(seed(), 2026, 3).unwrap());
    // One company after the other: an embedded database takes one connection at a time.
    let first = Company::with_accounts("two-a", vec![one.shop.account_iban.clone()]).await.slug;
    let mut second = Company::with_accounts("two-b", vec![other.shop.account_iban.clone()]).await;
    let days = [one.statement_of(0..1).unwrap().bytes, other.statement_of(0..1).unwrap().bytes];
    let source = only_source("both.sta", &days.concat());
    let report = import_source(&mut second.session, source, None, &Options::default()).await;
    let error = report.error.unwrap();
    assert_eq!(error.kind, "wrong_company");
    let told = format!("accounts of two companies, {first} and {}", second.slug);
    assert!(error.message.contains(&told), "{}", error.message);
    assert!(!error.advice.unwrap().contains("-c"));
}

#[tokio::test]
async fn a_company_that_does_not_exist_is_named_with_those_that_do() {
    let mut company = Company::new("exists").await;
    let file = &month().files[0];
    let source = only_source(&file.name, &file.bytes);
    let (named, options) = (Some("no-such-company"), Options::default());
    let report = import_source(&mut company.session, source, named, &options).await;
    let error = report.error.unwrap();
    assert_eq!(error.kind, "unknown_company");
    let told = "no company is called no-such-company; there ";
    assert!(error.message.starts_with(told), "{}", error.message);
}

#[tokio::test]
async fn a_statement_of_an_inactive_company_goes_to_nobody_else() {
    let month = Month::invent(seed(), 2026, 3).unwrap();
    let mut owner = Company::with_accounts("inactive", vec![month.shop.account_iban.clone()]).await;
    let slug = owner.slug.clone();
    let statement = format!("update public.companies set is_active = false where slug = '{slug}'");
    owner.as_owner(&statement).await;
    drop(owner);
    let mut other = Company::new("heir").await;
    let report = other.import_file(&month.files[0]).await;
    assert_eq!(report.error.as_ref().unwrap().kind, "wrong_company", "{}", told(&report));
}

#[tokio::test]
async fn accounts_of_any_characters_are_found_and_are_no_sql() {
    let mut company = Company::new("odd-accounts").await;
    let unique = &company.slug;
    let odd: Vec<String> = ["'", "''", "\\", "\\'", "\"", "{a,b}", "NULL", "$1", "ă--", "\n;drop"]
        .iter()
        .map(|odd| format!("{odd}{unique}"))
        .collect();
    let slug = company.slug.clone();
    for account in &odd {
        assert!(store::add_account(&mut company.session, &slug, account).await.unwrap());
    }
    let found = store::owners(&mut company.session, &odd).await.unwrap();
    let found: BTreeSet<String> = found.into_iter().map(|(_, account)| account).collect();
    assert_eq!(found, odd.iter().cloned().collect());
    let known = store::companies(&mut company.session).await.unwrap();
    let accounts = known.into_iter().find(|it| it.slug == slug).unwrap().accounts;
    assert_eq!(accounts, odd);
}
