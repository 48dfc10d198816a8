//! Orders and what was sold with them: they are what the newest export says.

use std::path::PathBuf;

use vama::inside::road::report::{ExitStatus, Status};
use vama::inside::store::{self, Database};

use crate::proxy::Proxy;
use crate::world::{Company, server, told};

#[tokio::test]
async fn an_order_is_what_the_newest_export_says_whatever_came_first() {
    let mut company = Company::new("orders").await;
    let newer = company.orders(10, &["1|119.50|Ana Model|Livrata|7001|FNT|24001"]).await;
    assert_eq!(told(&newer), "Imported: 1 read, 1 inserted, 0 duplicates, 0 held");
    let older = company.orders(8, &["1|119.50|ANA  MODEL|Noua", "2|20|Ion|Noua"]).await;
    assert_eq!(told(&older), "Imported: 2 read, 1 inserted, 1 duplicates, 0 held");
    assert_eq!(older.changed, 0);
    let expected = [
        "1|119.50|Livrata|7001|24001|Ana Model|10".to_owned(),
        "2|20.00|Noua|-|-|Ion|08".to_owned(),
    ];
    assert_eq!(company.stored_orders().await, expected);

    let newest = company.orders(12, &["2|20.00||Livrata|7002", "1|119.5|Ana Model|Retur"]).await;
    assert_eq!(told(&newest), "Imported: 2 read, 0 inserted, 2 duplicates, 0 held");
    assert_eq!(newest.changed, 2);
    // The newest says nothing of Ion, and its word on the first order's invoice counts.
    let now = ["1|119.50|Retur|-|-|Ana Model|12", "2|20.00|Livrata|7002|-|Ion|12"];
    assert_eq!(company.stored_orders().await, now);
    assert_eq!(company.count("order_states").await, 5);

    let undone = company.take_out(&newest).await;
    assert_eq!(undone.rows.into_iter().collect::<Vec<_>>(), [("orders".to_owned(), 2)]);
    assert_eq!(company.stored_orders().await, expected);
    // Of the older one nothing else is to be given again.
    let undone = company.take_out(&older).await;
    assert!(undone.later.is_empty(), "{:?}", undone.later);
    assert_eq!(company.stored_orders().await, expected[..1]);
    company.take_out(&newer).await;
    assert_eq!((company.count("orders").await, company.count("order_states").await), (0, 0));
}

#[tokio::test]
async fn an_order_twice_in_a_file_is_there_once_and_held_where_it_contradicts_itself() {
    let mut company = Company::new("orders-twice").await;
    let lines = ["1|10|Ana|Noua", "1|10|Ana|Noua", "1|10|Ana|Noua|7001", "1|11|Ana|Noua"];
    let report = company.orders(10, &lines).await;
    assert_eq!(told(&report), "Imported: 4 read, 1 inserted, 2 duplicates, 1 held");
    assert_eq!(report.held_rows[0].line, 5);
    // The one with a parcel is behind the one without.
    assert_eq!(company.stored_orders().await, ["1|10.00|Noua|7001|-|Ana|10"]);
    let again = company.orders(10, &lines).await;
    assert_eq!(again.status, Status::AlreadyImported, "{}", told(&again));
}

#[tokio::test]
async fn an_order_of_another_amount_or_client_is_held_until_somebody_decides() {
    let mut company = Company::new("orders-held").await;
    let first = company.orders(8, &["1|10|Ana Model|Noua", "2|20|Ion|Noua"]).await;
    let held = company.orders(10, &["1|12|Ana Model|Livrata", "2|20|Dan|Livrata"]).await;
    assert_eq!((held.inserted, held.held, held.exit()), (0, 2, ExitStatus::Held));
    let reasons: Vec<&str> = held.held_rows.iter().map(|it| it.reason.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "it is there already and differs in: total (10.00 in the books, 12.00 here)",
            "it is there already and differs in: client",
        ]
    );
    let before = ["1|10.00|Noua|-|-|Ana Model|08", "2|20.00|Noua|-|-|Ion|08"];
    assert_eq!(company.stored_orders().await, before);
    let (slug, number) = (company.slug.clone(), held.import.unwrap());
    let (record, stored) =
        store::held_record(&mut company.session, &slug, (number, 1)).await.unwrap();
    assert_eq!(record.kept.unwrap()["total"], "12");
    let stored = stored.unwrap();
    assert_eq!((stored.stored["total"].as_f64(), stored.import), (Some(10.0), first.import));

    // Accepted, it takes the place of what was said before; that import's file is read again then.
    let accepted = company.let_in(&held).await.unwrap();
    assert_eq!(accepted.replaced, [first.import.unwrap()]);
    assert_eq!(company.stored_orders().await[0], "1|12.00|Livrata|-|-|Ana Model|10");
    let again = company.orders(10, &["1|12|Ana Model|Livrata", "2|20|Dan|Livrata"]).await;
    let became = (again.status, again.duplicates, again.held);
    assert_eq!(became, (Status::AlreadyImported, 1, 1), "{}", told(&again));
    let again = company.orders(8, &["1|10|Ana Model|Noua", "2|20|Ion|Noua"]).await;
    assert_eq!(told(&again), "Imported: 2 read, 0 inserted, 1 duplicates, 1 held");
    let logged = company.column(
        "select concat_ws(' ', records_processed, records_inserted, records_skipped, records_failed) \
         from sync_logs order by number",
    );
    assert_eq!(logged.await, ["2 2 0 0", "2 1 0 1", "2 0 1 1"]);
    // Undone, nothing tells of the first order any more.
    company.take_out(&held).await;
    assert_eq!(company.stored_orders().await, [before[1]]);
}

#[tokio::test]
async fn what_was_sold_with_a_held_order_goes_in_with_it() {
    let mut company = Company::new("orders-sold").await;
    company.orders(8, &["1|10|Ana|Noua"]).await;
    let held = company.orders(10, &["1|12|Ana|Livrata||FNT|92|A:2:6"]).await;
    assert_eq!((held.held, company.count("product_sales").await), (1, 0));
    company.let_in(&held).await.unwrap();
    assert_eq!((company.count("products").await, company.count("product_sales").await), (1, 1));
}

#[tokio::test]
async fn a_held_order_closes_where_the_books_say_the_same() {
    let mut company = Company::new("orders-close").await;
    let first = company.orders(8, &["1|10|Ana|Noua"]).await;
    company.orders(10, &["1|12|Țuțu|Livrata"]).await;
    let open = "select count(*)::text from held_rows where resolved_at is null";
    assert_eq!(company.column(open).await, ["1"]);
    let undone = company.take_out(&first).await;
    assert_eq!(undone.later.len(), 1, "the file that held it is to be given again");
    company.orders(9, &["1|12.00|TUTU|Noua"]).await;
    assert_eq!(company.column(open).await, ["0"]);
}

#[tokio::test]
async fn an_order_that_somebody_deleted_is_there_again_when_its_file_comes_again() {
    let mut company = Company::new("orders-gone").await;
    company.orders(8, &["1|10|Ana|Noua", "2|20|Ion|Noua"]).await;
    company.execute("delete from orders where order_number = '1'").await;
    let again = company.orders(8, &["1|10|Ana|Noua", "2|20|Ion|Noua"]).await;
    assert_eq!(told(&again), "Imported: 2 read, 1 inserted, 1 duplicates, 0 held");
    assert_eq!(company.count("orders").await, 2);
}

#[tokio::test]
async fn what_was_sold_goes_in_once_under_the_invoice_that_is_stored() {
    let mut company = Company::new("sales").await;
    let line = "1|10|Ana|Noua||FNT|0092|A:2:1.25,B:1.50:3,A:2:1.25";
    let report = company.orders(8, &[line, "2|5|Ion|Noua||||A:1:5"]).await;
    assert_eq!((report.inserted, report.held), (2, 0), "{}", told(&report));
    assert_eq!(company.count("products").await, 2);
    let sales = "select concat_ws('|', oblio_id, sku, quantity, unit_price, total) from product_sales \
                 where sale_hash in (md5('FNT92|A|2'), md5('FNT92|A#2|2'), md5('FNT92|B|1.5')) order by 1";
    let expected = ["FNT92|A|2|1.25|2.50", "FNT92|A|2|1.25|2.50", "FNT92|B|1.5|3.00|4.50"];
    assert_eq!(company.column(sales).await, expected);

    // The platform stores the invoice since: it is the same sale, and further ones name the invoice so.
    company
        .execute(
            "insert into invoices (oblio_id, series_name, invoice_number) \
             values ('77', 'fnt', '92')",
        )
        .await;
    let line = "1|10|Ana|Livrata||FNT|92|A:2:1.25,A:2:1.25,B:1.5:3,C:1:7";
    let report = company.orders(10, &[line]).await;
    let counts = &report.tables[&vama::Table::ProductSales];
    assert_eq!((counts.inserted, counts.duplicates), (1, 3));
    let of_platform =
        "select sku from product_sales where oblio_id = '77' and sale_hash = md5('77|C|1')";
    assert_eq!(company.column(of_platform).await, ["C"]);
}

#[tokio::test]
async fn orders_with_all_that_was_sold_take_few_turns() {
    let Some(server) = server() else { return };
    let proxy = Proxy::new(&server);
    let mut company = Company::new("orders-turns").await;
    let far = Database::choose(Some(proxy.url()), PathBuf::new).unwrap();
    company.session = far.connect().await.unwrap();
    company.orders(8, &["1|10|Ana|Noua"]).await;
    let lines: Vec<String> = (0..500).map(|k| format!("{k}|10||Noua|||{k}|A:{k}:1")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let before = proxy.turns();
    let report = company.orders(9, &lines).await;
    assert_eq!((report.inserted, report.duplicates, report.changed), (499, 1, 1));
    let turns = proxy.turns() - before;
    assert!(turns <= 24, "{turns} turns");
}
