//! The keys are a contract with the platform: vectors made elsewhere, reproduced.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::Value;
use vama::inside::row::key::{Key, borderou_key, parcel_key, sale_key, transaction_key};
use vama::inside::value::normalize::amount_text;
use vama::record::Courier;

fn vectors(list: &str) -> Vec<Value> {
    let vectors = include_str!("../../fixtures/hash_vectors.json");
    let mut vectors: Value = serde_json::from_str(vectors).unwrap();
    let Value::Array(vectors) = vectors[list].take() else {
        panic!("no list {list}");
    };
    assert!(!vectors.is_empty(), "{list}");
    vectors
}

fn string<'v>(vector: &'v Value, field: &str) -> &'v str {
    vector[field].as_str().unwrap()
}

fn decimal(vector: &Value, field: &str) -> Decimal {
    Decimal::from_str_exact(string(vector, field)).unwrap()
}

fn date(vector: &Value) -> NaiveDate {
    string(vector, "date").parse().unwrap()
}

fn assert_key(key: Key, vector: &Value) {
    assert_eq!(key.to_string(), string(vector, "md5"), "{vector}");
    assert_eq!(Key::parse(string(vector, "md5")), Some(key), "{vector}");
}

#[test]
fn a_transaction_is_its_date_reference_and_amount() {
    for vector in vectors("transaction_hash") {
        let (date, reference, amount) =
            (date(&vector), string(&vector, "reference"), decimal(&vector, "amount"));
        assert_key(transaction_key(date, reference, 1, amount), &vector);
        let text = format!("{date}|{reference}|{}", amount_text(amount));
        assert_eq!(text, string(&vector, "text"));
    }
}

#[test]
fn twins_are_numbered_from_the_second_on() {
    for vector in vectors("twins") {
        let occurrence = vector["occurrence"].as_u64().unwrap() as u32;
        let (reference, amount) = (string(&vector, "reference"), decimal(&vector, "amount"));
        assert_key(transaction_key(date(&vector), reference, occurrence, amount), &vector);
    }
}

#[test]
fn a_sale_is_its_invoice_product_and_quantity() {
    for vector in vectors("sale_hash") {
        let (invoice, sku) = (string(&vector, "oblio_id"), string(&vector, "sku"));
        let quantity = decimal(&vector, "quantity");
        assert_key(sale_key(invoice, sku, 1, quantity), &vector);
        // Trailing zeros do not make another sale.
        assert_key(sale_key(invoice, sku, 1, quantity * Decimal::new(100, 2)), &vector);
        // The second line of an invoice with that product is one more sale.
        let twin = sale_key(invoice, sku, 2, quantity);
        assert_eq!(twin, sale_key(invoice, &format!("{sku}#2"), 1, quantity));
    }
}

#[test]
fn a_borderou_is_its_account_date_and_parcels_in_any_order() {
    for vector in vectors("borderou_hash") {
        let account = string(&vector, "account_iban");
        let mut parcels: Vec<(&str, Decimal)> = vector["parcels"]
            .as_array()
            .unwrap()
            .iter()
            .map(|parcel| (string(parcel, "parcel"), decimal(parcel, "amount")))
            .collect();
        for _ in 0..2 {
            assert_key(
                borderou_key(Courier::Gls, account, date(&vector), parcels.iter().copied()),
                &vector,
            );
            parcels.reverse();
        }
    }
}

#[test]
fn a_parcel_is_its_borderou_number_and_amount() {
    for vector in vectors("parcel_hash") {
        let borderou = Key::parse(string(&vector, "borderou_hash")).unwrap();
        let (number, amount) = (string(&vector, "parcel"), decimal(&vector, "amount"));
        assert_key(parcel_key(borderou, number, 1, amount), &vector);
    }
}

#[test]
fn an_amount_is_written_as_python_writes_it() {
    for vector in vectors("amount_format") {
        let text = amount_text(decimal(&vector, "decimal"));
        assert_eq!(text, string(&vector, "python_2f"), "{vector}");
    }
}
