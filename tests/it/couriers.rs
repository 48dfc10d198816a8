//! Borderouri of couriers that share their tables.

use vama::inside::lab::random::Random;
use vama::inside::lab::sameday::{self, Borderou};
use vama::inside::lab::shop::Shop;
use vama::inside::road::report::{ExitStatus, FileReport, Status};
use vama::inside::road::{Options, import_source};
use vama::inside::store;

use crate::world::{Company, only_source, seed, told};

fn borderou(seed: u64, parcels: u64) -> Borderou {
    let day = "2026-04-02".parse().unwrap();
    Borderou::invent(&Shop::invent(seed), day, 1, parcels, &mut Random::of(&[seed]))
}

async fn import(company: &mut Company, borderou: &Borderou) -> FileReport {
    company.import(&borderou.file_name(), &sameday::write(borderou).unwrap()).await
}

/// Returns how many heads, parcels of borderouri and parcels by themselves there are.
async fn counts(company: &mut Company) -> [i64; 3] {
    [
        company.count("courier_borderouri").await,
        company.count("courier_borderou_parcels").await,
        company.count("sameday_parcels").await,
    ]
}

#[tokio::test]
async fn a_borderou_goes_in_by_its_iban_is_there_when_it_was_saved_again_and_can_be_undone() {
    let borderou = borderou(seed(), 5);
    let mut company = Company::with_accounts("sameday", vec![borderou.account_iban.clone()]).await;
    let source = only_source(&borderou.file_name(), &sameday::write(&borderou).unwrap());
    let first = import_source(&mut company.session, source, None, &Options::default()).await;
    assert_eq!(told(&first), "Imported: 5 read, 5 inserted, 0 duplicates, 0 held");
    assert_eq!(counts(&mut company).await, [1, 5, 5]);

    let again = import(&mut company, &borderou).await;
    assert_eq!(again.status, Status::AlreadyImported, "{}", told(&again));
    let saved_again = sameday::write_saved_again(&borderou).unwrap();
    let saved_again = company.import("lista.xlsx", &saved_again).await;
    assert_eq!(told(&saved_again), "Imported: 5 read, 0 inserted, 5 duplicates, 0 held");
    assert_eq!(counts(&mut company).await, [1, 5, 5]);

    let head: Vec<(String, String, String)> = company
        .rows(
            "select courier, borderou_date::text, period_from || ' ' || period_to \
             from courier_borderouri",
        )
        .await;
    let expected = ["sameday", "2026-04-02", "2026-03-31 2026-04-01"].map(str::to_owned);
    assert_eq!(head, [expected.into()]);
    let (slug, number) = (company.slug.clone(), first.import.unwrap());
    let undone = store::undo(&mut company.session, &slug, number).await.unwrap();
    assert_eq!(undone.rows.values().sum::<u64>(), 11);
    assert_eq!(counts(&mut company).await, [0, 0, 0]);
    let anew = import(&mut company, &borderou).await;
    assert_eq!(told(&anew), "Imported: 5 read, 5 inserted, 0 duplicates, 0 held");
}

#[tokio::test]
async fn a_parcel_that_is_stored_by_itself_is_left_as_it_is() {
    let borderou = borderou(1, 3);
    let mut company = Company::new("sameday-parcel").await;
    let sql = format!(
        "insert into %S.sameday_parcels (awb_number, cod_amount, status) values ('{}', 1, 'in tranzit')",
        borderou.parcels[0].awb
    );
    company.as_owner(&sql).await;
    let report = import(&mut company, &borderou).await;
    assert_eq!(told(&report), "Imported: 3 read, 3 inserted, 0 duplicates, 0 held");
    let left: Vec<(i64,)> = company
        .rows("select count(*) from sameday_parcels where cod_amount = 1 and not is_delivered")
        .await;
    assert_eq!((left, counts(&mut company).await), (vec![(1,)], [1, 3, 3]));
}

#[tokio::test]
async fn a_borderou_that_comes_again_with_another_amount_is_held_as_a_whole() {
    let first = borderou(2, 4);
    let mut company = Company::new("sameday-corrected").await;
    import(&mut company, &first).await;
    let mut corrected = first.clone();
    corrected.parcels[1].amount += rust_decimal::Decimal::TEN;
    let report = import(&mut company, &corrected).await;
    assert_eq!((report.read, report.inserted, report.duplicates), (4, 0, 3), "{}", told(&report));
    assert_eq!(report.exit(), ExitStatus::Held);
    assert_eq!(counts(&mut company).await, [1, 4, 4]);
    let reason = &report.held_rows.last().unwrap().reason;
    let amounts = [&first, &corrected].map(|it| it.parcels[1].amount);
    assert_eq!(
        *reason,
        format!("{:.2} in the books from import #1, {:.2} here", amounts[0], amounts[1])
    );

    let (slug, held) = (company.slug.clone(), (report.import.unwrap(), 1));
    let accepted = store::accept(&mut company.session, &slug, held).await.unwrap();
    assert_eq!(accepted.replaced, [1], "in the place of the first");
    assert_eq!(counts(&mut company).await, [1, 4, 4]);
    let total: Vec<(rust_decimal::Decimal,)> =
        company.rows("select sum(cod_amount) from courier_borderou_parcels").await;
    assert_eq!(total, [(corrected.total(),)]);
}

#[tokio::test]
async fn a_borderou_that_lost_a_row_is_refused_with_the_sum() {
    let whole = borderou(3, 4);
    let mut part = whole.clone();
    let lost = part.parcels.remove(2);
    let total = whole.total();
    let mut company = Company::new("sameday-lost").await;
    let bytes = sameday::write_stating(&part, total).unwrap();
    let report = company.import(&whole.file_name(), &bytes).await;
    let expected = format!(
        "line 2: total of the parcels: stated {total:.2}, computed {:.2}, difference {:.2}",
        part.total(),
        lost.amount
    );
    assert_eq!(report.error.unwrap().message, expected);
    assert_eq!(counts(&mut company).await, [0, 0, 0]);
}
