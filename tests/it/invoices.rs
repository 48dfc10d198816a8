//! Invoices: they are what the newest report says, or the platform where that wrote later.

use vama::inside::road::report::ExitStatus;
use vama::inside::store::StoreError;

use crate::same_rows::{IBAN, statement};
use crate::world::{Company, told};

const PLATFORM: &str = "insert into invoices (oblio_id, series_name, invoice_number, total, currency, \
    invoice_type, client_name, pdf_link, updated_at) \
    values ('4711', 'fnt', '0092', 119.50, 'RON', 'Normala', null, 'https://a.example/92', \
            '2026-04-05 09:00:00.123456+00')";

const BEFORE: &str = "4711|fnt|0092|119.50|Normala|f|f|-|https://a.example/92|05|-";

#[tokio::test]
async fn an_invoice_is_what_the_newest_report_says() {
    let mut company = Company::new("invoices").await;
    let first =
        company.invoices(10, &["FNT|92|119.50|Ana|Normala|yes", "FNT|93|-5|Ion|Storno"]).await;
    assert_eq!(told(&first), "Imported: 2 read, 2 inserted, 0 duplicates, 0 held");
    let older = company.invoices(8, &["fnt|0092|119.50|Ana|Normala"]).await;
    assert_eq!(told(&older), "Imported: 1 read, 0 inserted, 1 duplicates, 0 held");
    let expected = [
        "FNT92|FNT|92|119.50|Normala|f|t|Ana|-|10|10",
        "FNT93|FNT|93|-5.00|Storno|f|f|Ion|-|10|10",
    ];
    assert_eq!(company.stored_invoices().await, expected);
    let newest = company.invoices(12, &["FNT|92|119.50|Ana|Stornata|yes"]).await;
    assert_eq!((newest.duplicates, newest.changed), (1, 1));
    assert_eq!(company.stored_invoices().await[0], "FNT92|FNT|92|119.50|Stornata|f|t|Ana|-|12|12");
    company.take_out(&first).await;
    company.take_out(&newest).await;
    let left = ["FNT92|fnt|0092|119.50|Normala|f|f|Ana|-|08|08"];
    assert_eq!(company.stored_invoices().await, left);
}

#[tokio::test]
async fn an_invoice_of_the_platform_keeps_its_key_and_is_given_back_as_it_was() {
    let mut company = Company::new("platform").await;
    company.execute(PLATFORM).await;
    let whole = "select to_jsonb(i)::text from invoices i";
    let before = company.column(whole).await;
    // As of a day before the platform's, it changes only what the platform does not know.
    let older = company.invoices(3, &["FNT|92|119.50|Ana|Normala|yes"]).await;
    assert_eq!(told(&older), "Imported: 1 read, 0 inserted, 1 duplicates, 0 held");
    assert_eq!(company.stored_invoices().await, [BEFORE.replace("|-|h", "|Ana|h")]);
    let newer = company.invoices(10, &["FNT|92|119.50|Ana|Normala|yes"]).await;
    assert_eq!(newer.changed, 1);
    let now = ["4711|fnt|0092|119.50|Normala|f|t|Ana|https://a.example/92|10|10"];
    assert_eq!(company.stored_invoices().await, now);
    company.take_out(&newer).await;
    company.take_out(&older).await;
    assert_eq!(company.column(whole).await, before);
    assert_eq!(company.count("invoice_states").await, 0);
}

#[tokio::test]
async fn what_the_platform_writes_later_is_a_newer_state() {
    let mut company = Company::new("platform-later").await;
    company.execute(PLATFORM).await;
    let first = company.invoices(10, &["FNT|92|119.50|Ana|Normala|yes"]).await;
    // Its sync says that the invoice was cancelled, in one company without touching updated_at.
    company.execute("update invoices set is_canceled = true").await;
    let second = company.invoices(9, &["FNT|92|119.50|Ana|Normala|yes"]).await;
    assert_eq!((second.duplicates, second.changed), (1, 0), "{}", told(&second));
    let now = ["4711|fnt|0092|119.50|Normala|t|t|Ana|https://a.example/92|10|-"];
    assert_eq!(company.stored_invoices().await, now);
    company.execute("update invoices set is_collected = false, updated_at = '2026-04-20Z'").await;
    let third = company.invoices(15, &["FNT|92|119.50|Ana|Normala|yes"]).await;
    assert_eq!(third.changed, 0, "the platform is newer");
    company.take_out(&second).await;
    company.take_out(&third).await;
    company.take_out(&first).await;
    let now = ["4711|fnt|0092|119.50|Normala|t|f|Ana|https://a.example/92|20|-"];
    assert_eq!(company.stored_invoices().await, now);
}

#[tokio::test]
async fn an_invoice_that_the_platform_stores_later_is_joined_into_its_row() {
    let mut company = Company::new("joined").await;
    let first = company.invoices(10, &["FNT|92|119.50|Ana|Normala|yes"]).await;
    company.execute(PLATFORM).await;
    assert_eq!(company.count("invoices").await, 2);
    let second = company.invoices(11, &["FNT|92|119.50|Ana|Normala|yes"]).await;
    assert_eq!(told(&second), "Imported: 1 read, 0 inserted, 1 duplicates, 0 held");
    let now = ["4711|fnt|0092|119.50|Normala|f|t|Ana|https://a.example/92|11|11"];
    assert_eq!(company.stored_invoices().await, now);
    company.take_out(&first).await;
    assert_eq!(company.stored_invoices().await, now);
    company.take_out(&second).await;
    assert_eq!(company.stored_invoices().await, [BEFORE]);
}

#[tokio::test]
async fn undoing_the_only_report_leaves_the_row_that_the_platform_stored_since() {
    let mut company = Company::new("joined-undo").await;
    let first = company.invoices(10, &["FNT|92|119.50|Ana|Normala|yes"]).await;
    company.execute(PLATFORM).await;
    company.take_out(&first).await;
    assert_eq!(company.stored_invoices().await, [BEFORE]);
}

#[tokio::test]
async fn an_invoice_that_contradicts_the_platform_is_held_and_the_row_stays() {
    let mut company = Company::new("platform-held").await;
    company.execute(PLATFORM).await;
    let held = company.invoices(3, &["FNT|92|120|Ana|Normala|yes"]).await;
    assert_eq!((held.inserted, held.held, held.exit()), (0, 1, ExitStatus::Held));
    assert_eq!(held.held_rows[0].key.as_deref(), Some("4711"));
    assert_eq!(company.stored_invoices().await, [BEFORE]);
    // What the platform wrote since is not for us to replace.
    let refused = company.let_in(&held).await;
    assert!(matches!(refused, Err(StoreError::NotAcceptable { .. })), "{refused:?}");
    assert_eq!(company.stored_invoices().await, [BEFORE]);
    let newer = company.invoices(10, &["FNT|92|120|Ana|Normala|yes"]).await;
    company.let_in(&newer).await.unwrap();
    let now = ["4711|fnt|0092|120.00|Normala|f|t|Ana|https://a.example/92|10|10"];
    assert_eq!(company.stored_invoices().await, now);
    company.take_out(&newer).await;
    assert_eq!(company.stored_invoices().await, [BEFORE]);
}

#[tokio::test]
async fn odd_rows_of_the_platform_stop_no_import() {
    let mut company = Company::new("platform-odd").await;
    company
        .as_owner(
            "alter table %S.invoices alter column oblio_id drop not null;\n\
             alter table %S.invoices alter column updated_at drop not null;\n\
             drop view %S.settlement_lines, %S.line_orders;\n\
             drop index %S.invoices_number_idx;\n\
             alter table %S.invoices alter column invoice_number type bigint using invoice_number::bigint;\n\
             insert into %S.invoices (oblio_id, series_name, invoice_number, total, updated_at) values \
                (null, 'FNT', 92, null, null), ('b', ' fnt ', 92, 'NaN', null), ('a', 'FNT', 92, 1, null), \
                ('c', null, null, null, null), ('A11', 'X', 5, 1, null)",
        )
        .await;
    let lines =
        ["FNT|92|1|Ana|Normala|yes", "A|11|3|Ion", "A1|1|4|Dan", "B1|1|4|Dan", "B|11|4|Dan"];
    let report = company.invoices(10, &lines).await;
    assert_eq!(told(&report), "Imported: 5 read, 1 inserted, 1 duplicates, 3 held");
    let taken = "another invoice has the key that its series and number make";
    assert!(report.held_rows.iter().all(|it| it.reason == taken), "{:?}", report.held_rows);
    let row = "select concat_ws('|', total, client_name, is_collected) from invoices where oblio_id = 'a'";
    assert_eq!(company.column(row).await, ["1.00|Ana|t"]);
    assert_eq!(company.count("invoices").await, 6);
    company.take_out(&report).await;
    assert_eq!(company.column(row).await, ["1.00|f"]);
    assert_eq!(company.count("invoices").await, 5);
}

#[tokio::test]
async fn an_invoice_that_is_let_in_takes_no_other_invoices_row() {
    let mut company = Company::new("invoices-key").await;
    company
        .as_owner(
            "insert into %S.invoices (oblio_id, series_name, invoice_number, total) \
             values ('A11', 'X', '5', 1)",
        )
        .await;
    let held = company.invoices(10, &["A|11|3|Ion"]).await;
    assert_eq!(held.held, 1, "{}", told(&held));
    assert!(company.let_in(&held).await.is_err());
    let row = "select concat_ws('|', series_name, invoice_number, total) from invoices";
    assert_eq!(company.column(row).await, ["X|5|1.00"]);
}

#[tokio::test]
async fn a_tie_by_hand_goes_with_an_invoice_that_is_joined_into_the_platforms_row() {
    let mut company = Company::new("joined-tie").await;
    let entries =
        [("2604150415", 11_950, "NONREF//A", "c/v fact. seria FNT nr 92 CLIENT FICTIV SRL")];
    company.invoices(10, &["FNT|92|119.50|Ana|Normala|yes"]).await;
    let text = statement(1, IBAN, "RON", &entries);
    company.import("a.sta", text.as_bytes()).await;
    company.execute("update settlement_payments set rule = 'by_hand'").await;
    company.execute(PLATFORM).await;
    company.invoices(11, &["FNT|92|119.50|Ana|Normala|yes"]).await;
    let ties = "select settlement_key || ' ' || rule from settlement_payments";
    assert_eq!(company.column(ties).await, ["4711 by_hand"]);
}
