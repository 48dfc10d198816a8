//! Changing what the registry says of a company, beside what the platform has written there.

use std::collections::BTreeMap;

use proptest::prelude::*;
use vama::inside::store::{self, Change, Edit, StoreError};
use vama::inside::value::fiscal;

use crate::alone::Alone;
use crate::common::cif_of;
use crate::properties::on_database;
use crate::world::{Company, told};

fn setting(key: &str, value: &str) -> Edit {
    let settings = BTreeMap::from([(key.to_owned(), value.to_owned())]);
    Edit { settings, ..Edit::default() }
}

fn with_cif(cif: &str) -> Edit {
    Edit { cif: Some(cif.to_owned()), ..Edit::default() }
}

#[tokio::test]
async fn settings_that_no_edit_names_stay_whatever_the_platform_wrote() {
    let mut alone = Alone::new("settings").await;
    let slug = alone.company("settings").await;
    let read = "select settings::text from public.companies";
    let settings = "'{\"accounts\": [1, \"gls:1\"], \"vat\": 19.00, \"old\": null}'";
    alone.run(&format!("update public.companies set settings = {settings}")).await;
    let changes = store::edit(&mut alone.session, &slug, &setting("old", "")).await.unwrap();
    let gone = Change { what: "setting old".to_owned(), from: Some("null".to_owned()), to: None };
    assert_eq!(changes, [gone]);
    store::edit(&mut alone.session, &slug, &setting("a\"b'c", "[1e3]")).await.unwrap();
    let expected = r#"{"vat": 19.00, "a\"b'c": [1000], "accounts": [1, "gls:1"]}"#;
    assert_eq!(alone.column(read).await, [expected]);

    for other in ["[1]", "null", "\"x\""] {
        alone.run(&format!("update public.companies set settings = '{other}'")).await;
        let named = Edit { name: Some(other.to_owned()), ..Edit::default() };
        store::edit(&mut alone.session, &slug, &named).await.unwrap();
        assert_eq!(alone.column(read).await, [other], "an edit of the name leaves them");
        let details = store::details(&mut alone.session, &slug).await.unwrap();
        assert!(details.settings.is_empty());
        store::edit(&mut alone.session, &slug, &setting("a", "1")).await.unwrap();
        assert_eq!(alone.column(read).await, [r#"{"a": 1}"#]);
    }
    let long = format!("1{}", "0".repeat(400));
    alone.run(&format!("update public.companies set settings = '{{\"n\": {long}}}'")).await;
    let details = store::details(&mut alone.session, &slug).await.unwrap();
    assert_eq!(details.settings["n"], long.as_str());
}

#[tokio::test]
async fn a_cif_is_one_companys_with_ro_and_without() {
    let mut alone = Alone::new("cifs").await;
    let (one, other) = (alone.company("one").await, alone.company("other").await);
    let free = cif_of("free");
    for written in [&free, &format!(" ro {free}"), &format!("RO{free}")] {
        alone
            .run(&format!("update public.companies set cif = '{written}' where slug = '{one}'"))
            .await;
        for wanted in [free.clone(), format!("RO{free}")] {
            let edit = with_cif(&wanted);
            let error = store::edit(&mut alone.session, &other, &edit).await.unwrap_err();
            assert_eq!(error.to_string(), format!("taken already: CIF {written} ({one})"));
        }
    }
    // Its own it may write anew, and a company without one gets one.
    let own = store::edit(&mut alone.session, &one, &with_cif(&free)).await.unwrap();
    assert_eq!(own.len(), 1);
    alone.run(&format!("update public.companies set cif = null where slug = '{one}'")).await;
    let given = store::edit(&mut alone.session, &other, &with_cif(&free)).await.unwrap();
    assert_eq!(given[0].to.as_deref(), Some(free.as_str()));
    let error = store::edit(&mut alone.session, "nobody", &with_cif(&free)).await.unwrap_err();
    assert!(matches!(error, StoreError::UnknownCompany { .. }), "{error}");
}

#[tokio::test]
async fn an_inactive_company_takes_no_file_until_it_is_active_again() {
    let mut company = Company::new("stopped").await;
    let file = crate::world::month().files[0].clone();
    let slug = company.slug.clone();
    assert!(store::set_active(&mut company.session, &slug, false).await.unwrap());
    assert!(!store::set_active(&mut company.session, &slug, false).await.unwrap());
    let report = company.import_file(&file).await;
    assert_eq!(report.error.as_ref().unwrap().kind, "inactive_company", "{}", told(&report));
    assert!(store::set_active(&mut company.session, &slug, true).await.unwrap());
    let report = company.import_file(&file).await;
    assert!(report.error.is_none() && report.inserted > 0, "{}", told(&report));
}

#[test]
fn any_text_goes_into_the_registry_and_comes_back_as_it_was() {
    let text = "[^\\p{C}\\p{Z}]{1,12}";
    on_database(4, prop::collection::vec(text, 3), async |texts: Vec<String>| {
        let mut company = Company::new("any-text").await;
        let [name, key, value] = &texts[..] else { unreachable!() };
        let json = serde_json::json!([value]);
        // The two are vama's own, and no command line comes as far with them.
        let key = format!("x{key}");
        let settings = BTreeMap::from([(key.clone(), json.to_string())]);
        let edit = Edit { name: Some(name.clone()), settings, ..Edit::default() };
        let slug = company.slug.clone();
        store::edit(&mut company.session, &slug, &edit).await.unwrap();
        let details = store::details(&mut company.session, &slug).await.unwrap();
        assert_eq!(&details.overview.company.name, name);
        assert_eq!(details.settings[&key], json);
        assert!(store::edit(&mut company.session, &slug, &edit).await.unwrap().is_empty());
    });
}

proptest! {
    #[test]
    fn a_tax_number_that_is_kept_is_kept_as_it_is(raw in "\\PC{0,24}|(RO|ro)? ?[0-9]{2,10}") {
        for read in [fiscal::kept_cif, fiscal::unchecked_tax_number] {
            if let Ok(kept) = read(&raw) {
                prop_assert_eq!(read(&kept), Ok(kept.clone()));
                prop_assert!(kept.len() <= 20);
            }
        }
    }
}
