//! Rows that somebody else wrote: none of them ever stops an import, whichever way it goes in, and none
//! of them is touched.

use std::cell::RefCell;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use vama::inside::lab::emag::Payout;
use vama::inside::lab::month::GeneratedFile;
use vama::inside::lab::random::Random;
use vama::inside::lab::sameday;
use vama::inside::road::report::{FileReport, Status};

use crate::paths::{IBAN, TEXTS, adds_up, fill, rows, together};
use crate::world::{Company, month, told};

/// References of the bank, of the customer, none; the old platform cut the last one at its first dot.
const REFERENCES: [(&str, &str); 4] = [
    ("NONREF", IBAN),
    ("NONREF//OP1", "OP1"),
    ("CLIENT7", "CLIENT7"),
    ("NONREF//OLP1.5111430.61303787", "OLP1.5111430.61303787"),
];

/// A movement of the bank: the day of March, its lei, the number of its reference.
type Parts = (u32, u32, usize);

/// A stored row of the platform: its columns as they stand in an INSERT.
type Stored = [String; COLUMNS.len()];

const COLUMNS: [&str; 9] = [
    "transaction_hash",
    "transaction_date",
    "amount",
    "currency",
    "account_iban",
    "op_reference",
    "booking_date",
    "details",
    "import_id",
];

fn parts() -> impl Strategy<Value = Parts> {
    (1_u32..3, 1_u32..3, 0..REFERENCES.len())
}

/// A few statements of the same few movements, and enough others that the stored rows of a range of
/// keys are read, not looked up.
fn files() -> impl Strategy<Value = Vec<String>> {
    let entry = (parts(), prop::option::of(1_u32..3), 0..=TEXTS.len());
    let statement = prop::collection::vec(entry, 0..8);
    let file = prop::collection::vec(statement, 1..3);
    prop::collection::vec(file, 1..3).prop_map(|files| {
        let numbered = (1..).zip(files);
        let written = numbered.map(|(number, file)| -> String {
            let statements = (10 * number..).zip(&file);
            let more = many(1000 * number);
            let written = statements.map(|(n, entries)| written(n, entries)).chain([more]);
            written.collect()
        });
        written.collect()
    })
}

fn written(number: u32, entries: &[(Parts, Option<u32>, usize)]) -> String {
    let sum: u32 = entries.iter().map(|((_, lei, _), ..)| lei).sum();
    let mut text = format!(":20:S{number}\n:25:{IBAN}\n:28C:{number}/1\n:60F:C260301RON0,00\n");
    for ((day, lei, reference), booked, words) in entries {
        let booked = booked.map(|day| format!("030{day}")).unwrap_or_default();
        let (reference, words) = (REFERENCES[*reference].0, TEXTS.get(*words).unwrap_or(&""));
        text.push_str(&format!(":61:26030{day}{booked}C{lei},00NTRF{reference}\n:86:{words}\n"));
    }
    text + &format!(":62F:C260331RON{sum},00\n")
}

/// Writes a statement of 40 movements that no stored row is like.
fn many(number: u32) -> String {
    let mut text = format!(":20:S{number}\n:25:{IBAN}\n:28C:{number}/1\n:60F:C260301RON0,00\n");
    for k in 0..40 {
        text.push_str(&format!(":61:260304C1,00NTRFNONREF//M{}\n:86:Plata\n", number + k));
    }
    text + ":62F:C260331RON40,00\n"
}

/// One of the values, quoted, or NULL.
fn any_of(values: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::option::weighted(0.8, select(values))
        .prop_map(|value| value.map_or("null".to_owned(), |it| format!("'{it}'")))
}

/// The columns of a row beside day, amount and reference.
fn beside() -> impl Strategy<Value = [String; 4]> {
    [
        any_of(&["RON", "RON", "ron", "RON ", ""]).boxed(),
        any_of(&[IBAN, IBAN, "ro49aaaa1b31007593840000", "RO49 AAAA 1B31 0075 9384 0000", ""])
            .boxed(),
        any_of(&["2026-03-01", "2026-03-02", "infinity", "-infinity", "0044-03-15 BC"]).boxed(),
        any_of(&["Parcare Gara", "Parcare\t Gara ", "parcare gara", "Taxa", ""]).boxed(),
    ]
}

/// The twins of a movement, from the first on; days and amounts may be others than those of the
/// key.
fn twins() -> impl Strategy<Value = Vec<Stored>> {
    let odd_day =
        select(&["", "", "", "infinity", "-infinity", "5874897-12-31", "0001-01-01 BC"][..]);
    let odd_amount = select(&["", "", "", "NaN", "0.00", "9999999999999999.99"][..]);
    let row = (beside(), odd_day, odd_amount, any::<bool>());
    (parts(), prop::collection::vec(row, 1..4)).prop_map(|((day, lei, reference), rows)| {
        let (reference, day) = (REFERENCES[reference].1, format!("2026-03-0{day}"));
        let numbered = (1..).zip(rows);
        let row = |(k, (beside, odd_day, odd_amount, of_import))| -> Stored {
            let [currency, account, booked, details] = beside;
            let counted = if k > 1 { format!("#{k}") } else { String::new() };
            let quoted = |odd: &str, right: &str| match odd {
                "" => format!("'{right}'"),
                odd => format!("'{odd}'"),
            };
            [
                format!("md5('{day}|{reference}{counted}|{lei}.00')"),
                quoted(odd_day, &day),
                quoted(odd_amount, &format!("{lei}")),
                currency,
                account,
                format!("'{reference}'"),
                booked,
                details,
                if of_import { "gen_random_uuid()" } else { "null" }.to_owned(),
            ]
        };
        numbered.map(row).collect()
    })
}

/// A row whose key no file makes: the key is missing, is no digest, or was made of a reference that
/// was cut.
fn strange() -> impl Strategy<Value = Vec<Stored>> {
    let key = select(
        &[
            "null",
            "''",
            "'MANUAL-' || clock_timestamp()",
            "repeat('5', 40)",
            "upper(md5('2026-03-01|OP1|1.00'))",
            "md5('2026-03-01|OP1|1.00') || ' '",
            "md5('2026-03-01|OLP1|1.00')",
            "'aa' || substr(md5('Aarhus'), 3)",
        ][..],
    );
    let date = any_of(&["2026-03-01", "infinity", "5874897-12-31"]);
    let amount = any_of(&["1", "NaN", "-9999999999999999.99"]);
    (key, date, amount, beside()).prop_map(|(key, date, amount, beside)| {
        let [currency, account, booked, details] = beside;
        let key = key.to_owned();
        vec![[
            key,
            date,
            amount,
            currency,
            account,
            "'OLP1'".to_owned(),
            booked,
            details,
            "null".to_owned(),
        ]]
    })
}

fn stored() -> impl Strategy<Value = Vec<Stored>> {
    let some = prop_oneof![2 => twins().boxed(), 1 => strange().boxed()];
    prop::collection::vec(some, 0..8).prop_map(|all| all.concat())
}

/// Empties the company's tables and lets the platform write its rows; of two rows of one key, only
/// the first.
async fn reset(company: &mut Company, stored: &[Stored]) {
    let names = COLUMNS.join(", ");
    let inserts = stored.iter().map(|row| {
        let row = row.join(", ");
        format!(
            "insert into %S.bank_transactions ({names}, source) values ({row}, 'theirs') \
             on conflict do nothing;\n"
        )
    });
    let inserts: String = inserts.collect();
    let truncate = "truncate %S.bank_transactions, %S.sync_logs cascade";
    company.as_owner(&format!("{truncate};\n{inserts}")).await;
}

async fn theirs(company: &mut Company) -> Vec<(String,)> {
    let sql = "select t::text from bank_transactions t where source = 'theirs' order by 1";
    company.rows(sql).await
}

/// A way into the table.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Road {
    /// Beside few rows: those of a range of keys are read.
    ByRange,
    /// Beside many rows: keys are looked up.
    ByKeys,
    /// All files in one group.
    Together,
    /// The first try of each file fails, and the second does not look ahead.
    Carefully,
}

const ROADS: [Road; 4] = [Road::ByRange, Road::ByKeys, Road::Together, Road::Carefully];

/// Lets the first COPY of a file fail, as it does where another writer was quicker.
const FAIL_ONCE: &str = "
    create sequence if not exists %S.tries;
    create or replace function %S.fail_once() returns trigger language plpgsql security definer as $$
    begin
        if nextval('%S.tries') = 1 then raise unique_violation; end if;
        return null;
    end $$;
    create trigger fail_once before insert on %S.bank_transactions
        for each statement execute function %S.fail_once()";

/// Brings the files in, and returns what came of each.
async fn bring_in(company: &mut Company, files: &[String], road: Road) -> Vec<FileReport> {
    if road == Road::Together {
        return together(company, files).await;
    }
    let mut reports = Vec::new();
    let carefully = road == Road::Carefully && company.is_here().await;
    for file in files {
        if carefully {
            company.as_owner(FAIL_ONCE).await;
            company.as_owner("alter sequence %S.tries restart").await;
        }
        let report = company.import("a.sta", file.as_bytes()).await;
        adds_up(&report);
        reports.push(report);
        if carefully {
            company.as_owner("drop trigger fail_once on %S.bank_transactions").await;
        }
    }
    reports
}

/// What became of a file, in numbers.
fn numbers(report: &FileReport) -> [u64; 4] {
    [report.inserted, report.duplicates, report.held, report.reworded]
}

async fn every_road(company: &mut Company, stored: &[Stored], files: &[String]) {
    let mut expected = None;
    for road in ROADS {
        reset(company, stored).await;
        let before = theirs(company).await;
        if road == Road::ByKeys {
            fill(company).await;
        }
        let reports = bring_in(company, files, road).await;
        assert_eq!(theirs(company).await, before, "{road:?} leaves what is stored as it is");
        let outcome = (reports.iter().map(numbers).collect::<Vec<_>>(), rows(company).await.len());
        let expected = expected.get_or_insert_with(|| outcome.clone());
        assert_eq!(outcome, *expected, "{road:?}");
    }
}

/// Runs a property on stored rows and files, in one company: few cases, or as many as
/// `PROPTEST_CASES` says. Where the platform shaped the table, anything may be missing in the
/// stored rows.
fn in_company(name: &str, shaped: bool) {
    let more = std::env::var_os("PROPTEST_CASES").is_some();
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let cases = if more { config.cases } else { 5 };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let company = RefCell::new(runtime.block_on(async {
        let mut company = Company::new(name).await;
        if shaped {
            shape(&mut company).await;
        }
        company
    }));
    let mut runner = TestRunner::new(ProptestConfig { cases, ..config });
    let tested = runner.run(&(stored(), files()), |(mut stored, files)| {
        // The migrations demand key, day, amount and currency.
        stored.retain(|row| shaped || row.iter().take(4).all(|value| value != "null"));
        runtime.block_on(every_road(&mut company.borrow_mut(), &stored, &files));
        Ok(())
    });
    tested.unwrap();
}

/// Changes the table as a platform may: nothing is demanded, types and collations are others.
async fn shape(company: &mut Company) {
    company
        .as_owner(
            "alter table %S.bank_transactions alter transaction_hash drop not null, \
             alter transaction_date drop not null, alter amount drop not null, \
             alter currency drop not null, alter amount type numeric, \
             alter account_iban type varchar(40), alter details type varchar, \
             alter currency type varchar(5)",
        )
        .await;
    // In Danish, aa comes behind z; the embedded database has no such collations.
    let danish = "select collname::text from pg_collation where collname = 'da-x-icu'";
    if !company.rows::<(String,)>(danish).await.is_empty() {
        let other = "drop view %S.settlement_lines, %S.line_orders, %S.settlements;\n\
                     alter table %S.bank_transactions alter transaction_hash type varchar(40) \
                     collate \"da-x-icu\"";
        company.as_owner(other).await;
    }
}

#[test]
fn beside_rows_of_somebody_else_every_road_adds_up_and_comes_to_the_same() {
    in_company("others", false);
}

#[test]
fn in_a_table_that_the_platform_shaped_every_road_comes_to_the_same() {
    in_company("shaped", true);
}

#[tokio::test]
async fn a_stored_key_that_is_no_digest_never_stops_an_import() {
    let mut company = Company::new("odd-keys").await;
    company
        .execute(
            "insert into bank_transactions (transaction_hash, transaction_date, amount, currency) \
             select key, '2026-03-01', 1, 'RON' from unnest(array['MANUAL-1', '', repeat('5', 40), \
             upper(md5('a')), repeat('7', 31) || 'x']) as key",
        )
        .await;
    let report = company.import("a.sta", many(1).as_bytes()).await;
    insta::assert_snapshot!(told(&report), @"Imported: 40 read, 40 inserted, 0 duplicates, 0 held");
    assert_eq!(company.count("bank_transactions").await, 45);
}

#[tokio::test]
async fn an_amount_of_more_decimals_that_are_zeros_is_the_same_and_no_number_is_not() {
    let mut company = Company::new("odd-amounts").await;
    company.as_owner("alter table %S.bank_transactions alter amount type numeric").await;
    for (amount, duplicates, held) in [
        ("1.00000000000000000000000000000000000000", 40, 0),
        ("'NaN'", 0, 40),
        ("'-Infinity'", 0, 40),
        ("1e60", 0, 40),
    ] {
        company.import("a.sta", many(1).as_bytes()).await;
        let odd = format!(
            "update %S.bank_transactions set amount = {amount};\ntruncate %S.sync_logs cascade"
        );
        company.as_owner(&odd).await;
        let report = company.import("a.sta", many(1).as_bytes()).await;
        assert_eq!((report.duplicates, report.held), (duplicates, held), "{amount}");
        company.as_owner("truncate %S.bank_transactions, %S.sync_logs cascade").await;
    }
}

/// What somebody may have made of the rows of couriers and cards, and whether all rows are still
/// the same.
const MANGLED: [(&str, bool); 4] = [
    (
        "update %S.gls_borderouri set borderou_date = 'infinity', total_amount = 'NaN';
         update %S.gls_borderou_parcels set delivery_date = '-infinity', cod_amount = 'NaN';
         update %S.netopia_batches set paid_on = 'infinity', net_amount = 'NaN';
         update %S.netopia_transactions set transaction_date = 'infinity', amount = 'NaN';
         update %S.courier_borderouri set borderou_date = 'infinity', total_amount = 'NaN';
         update %S.courier_borderou_parcels set delivery_date = '-infinity', cod_amount = 'NaN';
         update %S.emag_documents set made_on = 'infinity', net = 'NaN', gross = 'NaN';
         update %S.emag_lines set ordered_at = 'infinity', amount = 'NaN'",
        false,
    ),
    (
        "update %S.gls_borderouri set borderou_date = '5874897-12-31', currency = 'ron';
         update %S.gls_borderou_parcels set delivery_date = '0044-03-15 BC', parcel_number = '';
         update %S.netopia_batches set paid_on = '5874897-12-31', currency = '';
         update %S.netopia_transactions set transaction_date = '0044-03-15 BC', fee = 'NaN';
         update %S.courier_borderouri set borderou_date = '5874897-12-31', currency = 'ron';
         update %S.courier_borderou_parcels set delivery_date = '0044-03-15 BC', awb_number = '';
         update %S.emag_documents set made_on = '0044-03-15 BC', currency = '';
         update %S.emag_lines set order_id = '', amount = 'NaN'",
        false,
    ),
    (
        "update %S.gls_borderouri set account_iban = null, source = null, import_id = null;
         update %S.gls_borderou_parcels set delivery_date = null, cod_reference = null,
            recipient_name = null, import_id = null;
         update %S.gls_parcels set cod_amount = null, cod_currency = null, import_id = null;
         update %S.netopia_batches set paid_on = null, currency = null, net_amount = null;
         update %S.netopia_transactions set merchant = null, terminal_id = null;
         update %S.courier_borderouri set account_iban = null, period_to = null, import_id = null;
         update %S.courier_borderou_parcels set delivery_date = null, cod_reference = null;
         update %S.sameday_parcels set cod_amount = null, county = null, import_id = null;
         update %S.emag_documents set month = null, gross = null, vouchers = null;
         update %S.emag_lines set payment_method = null, client_name = null, ordered_at = null",
        true,
    ),
    (
        "drop view %S.settlement_lines, %S.line_orders, %S.settlements;
         alter table %S.gls_borderouri alter total_amount type numeric,
            alter borderou_hash type varchar(40), alter currency type char(5);
         alter table %S.gls_borderou_parcels alter cod_amount type numeric,
            alter parcel_number type varchar(40);
         alter table %S.netopia_batches alter net_amount type numeric, alter batch_id type varchar;
         alter table %S.netopia_transactions alter amount type numeric, alter fee type numeric;
         update %S.gls_borderouri set total_amount = trim_scale(total_amount);
         update %S.gls_borderou_parcels set cod_amount = cod_amount * 1.00000;
         update %S.netopia_batches set net_amount = trim_scale(net_amount);
         update %S.netopia_transactions set amount = amount * 1.0000000, fee = trim_scale(fee)",
        true,
    ),
];

#[tokio::test]
async fn nothing_odd_among_parcels_and_cards_stops_an_import() {
    let month = month();
    let first = |folder| month.files.iter().find(|file| file.folder == folder).unwrap();
    let borderou =
        sameday::Borderou::invent(&month.shop, month.days[0].date, 1, 3, &mut Random::of(&[1]));
    let borderou = GeneratedFile {
        folder: "sameday",
        name: borderou.file_name(),
        bytes: sameday::write(&borderou).unwrap(),
    };
    let made_at = "2026-04-02T01:31:35Z".parse().unwrap();
    let payout = Payout::invent(made_at, 3_116_401_145, &mut Random::of(&[1])).files().unwrap();
    let files = [first("gls"), first("netopia"), &borderou, &payout[0], &payout[2]];
    let mut company = Company::new("odd-cards").await;
    for (mangled, same) in MANGLED {
        for file in files {
            company.import_file(file).await;
        }
        company.as_owner(mangled).await;
        company.as_owner("truncate %S.sync_logs cascade").await;
        for file in files {
            let report = company.import_file(file).await;
            assert_eq!(report.status, Status::Imported, "{}\n{mangled}", told(&report));
            adds_up(&report);
            assert_eq!(report.inserted, 0, "{}\n{mangled}", told(&report));
            let all_the_same = report.exit() == vama::inside::road::report::ExitStatus::Done;
            assert_eq!(all_the_same, same, "{}\n{mangled}", told(&report));
        }
        company
            .as_owner(
                "truncate %S.gls_borderouri, %S.gls_borderou_parcels, %S.gls_parcels, \
                 %S.netopia_batches, %S.netopia_transactions, %S.courier_borderouri, \
                 %S.courier_borderou_parcels, %S.sameday_parcels, %S.emag_documents, %S.emag_lines, \
                 %S.sync_logs cascade",
            )
            .await;
    }
}
