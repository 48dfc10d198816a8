//! Sealed credentials: each opens in its own row, under its own key, and all are sealed anew or none.

use std::path::PathBuf;

use secrecy::SecretBox;
use vama::inside::store::secrets::{Credentials, SealingKey, Service, UnsealError};
use vama::inside::store::{self, Database, NewCompany, Session, StoreError};

use crate::common::own::Own;
use crate::world::{Company, cif_of};

const IMAP: &str = r#"{"host": "imap.example.ro", "port": 993, "password": "sesame"}"#;
const GLS: &str = r#"{"username": "ana", "password": "păpădie", "client_number": 100200300.10}"#;

/// Returns the key of 32 times that letter, in base64.
fn key(letter: char) -> SealingKey {
    let text = match letter {
        'a' => "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=",
        _ => "YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI=",
    };
    SealingKey::of_text(text.as_bytes(), "VAMA_KEY").unwrap()
}

fn credentials(json: &str) -> Credentials {
    Credentials::parse(SecretBox::new(Box::new(json.into()))).unwrap()
}

/// Stores credentials under the key a.
async fn set(session: &mut Session, slug: &str, service: Service, json: &str) -> bool {
    store::set_credentials(session, slug, service, &credentials(json), &key('a')).await.unwrap()
}

/// Returns what opens under that key.
async fn shown(session: &mut Session, slug: &str, service: Service, letter: char) -> String {
    let shown = store::show_credentials(session, slug, service, &key(letter)).await;
    shown.unwrap().expose().to_owned()
}

/// Returns why it does not open under that key.
async fn unopened(
    session: &mut Session,
    slug: &str,
    service: Service,
    letter: char,
) -> UnsealError {
    match store::show_credentials(session, slug, service, &key(letter)).await {
        Err(StoreError::Unopened { company, service: named, source }) => {
            assert_eq!((company.as_str(), named.as_str()), (slug, service.name()));
            source
        }
        other => panic!("{other:?}"),
    }
}

/// Runs statements and commits them.
async fn execute(session: &mut Session, statements: &str) {
    let mut tx = session.begin().await.unwrap();
    let statements = sqlx::AssertSqlSafe(statements.to_owned());
    sqlx::raw_sql(statements).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn credentials_come_back_as_they_were_stored_and_nobody_else_reads_them() {
    let Company { slug, session, .. } = &mut Company::new("sealed").await;
    assert!(!set(session, slug, Service::Imap, IMAP).await);
    assert!(!set(session, slug, Service::Gls, GLS).await);
    assert_eq!(shown(session, slug, Service::Imap, 'a').await, IMAP);
    assert_eq!(shown(session, slug, Service::Gls, 'a').await, GLS);

    let statement = format!(
        "select credentials::text from public.api_credentials a \
           join public.companies c on c.id = company_id where slug = '{slug}'"
    );
    let mut tx = session.begin().await.unwrap();
    let stored: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(statement))
        .persistent(false)
        .fetch_all(&mut *tx)
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(stored.len(), 2);
    for stored in stored {
        assert!(!stored.contains("sesame") && !stored.contains("host"), "{stored}");
    }
}

#[tokio::test]
async fn what_is_stored_again_takes_the_place_of_what_was_there() {
    let Company { slug, session, .. } = &mut Company::new("again").await;
    assert!(!set(session, slug, Service::Imap, IMAP).await);
    let before = store::list_credentials(session, Some(slug)).await.unwrap();
    assert!(set(session, slug, Service::Imap, GLS).await);
    let after = store::list_credentials(session, Some(slug)).await.unwrap();
    assert_eq!((before.len(), after.len()), (1, 1));
    assert_eq!(after[0].created_at, before[0].created_at);
    assert!(after[0].updated_at > before[0].updated_at);
    assert_eq!(after[0].kid.as_deref(), Some(key('a').kid()));
    assert_eq!(shown(session, slug, Service::Imap, 'a').await, GLS);
}

#[tokio::test]
async fn what_was_removed_is_gone_and_what_is_there_is_named() {
    let Company { slug, session, .. } = &mut Company::new("removed").await;
    set(session, slug, Service::Imap, IMAP).await;
    set(session, slug, Service::Gls, GLS).await;
    store::remove_credentials(session, slug, Service::Imap).await.unwrap();
    let told = format!("{slug} has no credentials for imap; there is only gls");
    let error = store::remove_credentials(session, slug, Service::Imap).await.unwrap_err();
    assert_eq!(error.to_string(), told);
    let error = store::show_credentials(session, slug, Service::Imap, &key('a')).await.unwrap_err();
    assert_eq!(error.to_string(), told);
    assert_eq!(shown(session, slug, Service::Gls, 'a').await, GLS);
}

#[tokio::test]
async fn a_company_that_does_not_exist_is_told_by_every_command() {
    let Company { session, .. } = &mut Company::new("exists").await;
    let slug = "no-such-company";
    let (imap, sealed) = (Service::Imap, credentials(IMAP));
    let errors = [
        store::set_credentials(session, slug, imap, &sealed, &key('a')).await.unwrap_err(),
        store::show_credentials(session, slug, imap, &key('a')).await.unwrap_err(),
        store::list_credentials(session, Some(slug)).await.unwrap_err(),
        store::remove_credentials(session, slug, imap).await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, StoreError::UnknownCompany { .. }), "{error}");
    }
}

#[tokio::test]
async fn the_credentials_of_an_inactive_company_can_still_be_looked_at_and_removed() {
    let Company { slug, session, .. } = &mut Company::new("inactive").await;
    set(session, slug, Service::Imap, IMAP).await;
    let stop = format!("update public.companies set is_active = false where slug = '{slug}'");
    execute(session, &stop).await;
    assert_eq!(shown(session, slug, Service::Imap, 'a').await, IMAP);
    assert_eq!(store::list_credentials(session, Some(slug)).await.unwrap().len(), 1);
    store::remove_credentials(session, slug, Service::Imap).await.unwrap();
}

#[tokio::test]
async fn a_row_that_was_moved_does_not_open_there() {
    let Company { slug, session, .. } = &mut Company::new("moved").await;
    set(session, slug, Service::Imap, IMAP).await;
    set(session, slug, Service::Smtp, GLS).await;
    let swap = format!(
        "update public.api_credentials a \
            set credentials = (select credentials from public.api_credentials b \
                                where b.company_id = a.company_id and b.service_type <> a.service_type) \
          where company_id = (select id from public.companies where slug = '{slug}')"
    );
    execute(session, &swap).await;
    let moved = UnsealError::Moved(key('a').kid().to_owned());
    assert_eq!(unopened(session, slug, Service::Imap, 'a').await, moved);
    assert_eq!(unopened(session, slug, Service::Smtp, 'a').await, moved);
    let (sealed, tried) = (key('a').kid().to_owned(), key('b').kid().to_owned());
    let other = UnsealError::OtherKey { sealed, key: tried };
    assert_eq!(unopened(session, slug, Service::Imap, 'b').await, other);
}

#[tokio::test]
async fn any_json_in_the_column_is_listed_and_told() {
    let Company { slug, session, .. } = &mut Company::new("any-json").await;
    let long = format!("1{}", "0".repeat(400));
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let unsealed = r#"{"username": "ana", "kid": "sesame"}"#;
    for json in ["null", "1", "\"sesame\"", "[]", "{}", unsealed, long.as_str(), deep.as_str()] {
        let insert = format!(
            "insert into public.api_credentials (company_id, service_type, credentials) \
             select id, 'oblio', '{json}' from public.companies where slug = '{slug}' \
             on conflict (company_id, service_type) do update set credentials = excluded.credentials"
        );
        execute(session, &insert).await;
        let error = unopened(session, slug, Service::Oblio, 'a').await;
        assert!(matches!(error, UnsealError::NotSealed(_)), "{error}");
        let notes = store::list_credentials(session, Some(slug)).await.unwrap();
        assert_eq!(notes[0].kid, None);
    }
}

/// Two companies, three rows, in a database of their own.
async fn three_rows(own: &Own) -> Session {
    let database = Database::choose(Some(own.url()), PathBuf::new).unwrap();
    let mut session = database.connect().await.unwrap();
    for slug in ["ana", "barbu"] {
        let new = NewCompany {
            name: slug.to_owned(),
            slug: crate::common::unique(slug),
            schema: slug.to_owned(),
            cif: cif_of(slug),
            industry: None,
            accounts: Vec::new(),
            admin: None,
        };
        // The role belongs to the server, so no other test may have the schema's name.
        let schema = new.slug.replace('-', "_");
        store::create(&mut session, &NewCompany { schema, ..new }).await.unwrap();
    }
    let [ana, barbu] = slugs(&mut session).await;
    set(&mut session, &ana, Service::Imap, IMAP).await;
    set(&mut session, &barbu, Service::Imap, GLS).await;
    set(&mut session, &barbu, Service::Gls, GLS).await;
    session
}

async fn slugs(session: &mut Session) -> [String; 2] {
    let companies = store::companies(session).await.unwrap();
    let slugs: Vec<String> = companies.into_iter().map(|it| it.slug).collect();
    slugs.try_into().unwrap()
}

/// Returns every row as it is stored.
async fn all_rows(session: &mut Session) -> Vec<String> {
    let mut tx = session.begin().await.unwrap();
    let rows = sqlx::query_scalar("select a::text from public.api_credentials a order by id")
        .persistent(false)
        .fetch_all(&mut *tx)
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    rows
}

#[tokio::test]
async fn all_credentials_are_sealed_anew_and_say_the_same() {
    let own = Own::new("rotated");
    let mut session = three_rows(&own).await;
    let [ana, barbu] = slugs(&mut session).await;
    let count = store::rotate_credentials(&mut session, &key('a'), &key('b')).await.unwrap();
    assert_eq!(count, 3);
    assert_eq!(shown(&mut session, &ana, Service::Imap, 'b').await, IMAP);
    assert_eq!(shown(&mut session, &barbu, Service::Imap, 'b').await, GLS);
    assert_eq!(shown(&mut session, &barbu, Service::Gls, 'b').await, GLS);
    let error = unopened(&mut session, &ana, Service::Imap, 'a').await;
    assert!(matches!(error, UnsealError::OtherKey { .. }), "{error}");
    session.close().await;
}

#[tokio::test]
async fn one_row_that_does_not_open_leaves_all_as_they_were() {
    let own = Own::new("damaged");
    let mut session = three_rows(&own).await;
    let [_, barbu] = slugs(&mut session).await;
    let damages = [
        r#"credentials || '{"data": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}'"#,
        "credentials - 'nonce'",
        "'[]'",
    ];
    for damage in damages {
        let statement = format!(
            "update public.api_credentials set credentials = {damage} where service_type = 'gls'"
        );
        execute(&mut session, &statement).await;
        let before = all_rows(&mut session).await;
        let error = store::rotate_credentials(&mut session, &key('a'), &key('b')).await;
        let told = error.unwrap_err().with_cause();
        let expected = format!("the gls credentials of {barbu} do not open: ");
        assert!(told.starts_with(&expected), "{told}");
        assert_eq!(all_rows(&mut session).await, before);
    }
    session.close().await;
}

#[tokio::test]
async fn the_wrong_old_key_changes_nothing() {
    let own = Own::new("wrong-key");
    let mut session = three_rows(&own).await;
    let before = all_rows(&mut session).await;
    let error = store::rotate_credentials(&mut session, &key('b'), &key('a')).await.unwrap_err();
    assert!(matches!(error, StoreError::Unopened { .. }), "{error}");
    assert_eq!(all_rows(&mut session).await, before);
    session.close().await;
}

/// A trigger that keeps the last row from being written stands for a database that does not do as
/// it is told.
#[tokio::test]
async fn a_row_that_does_not_come_back_as_it_was_sealed_leaves_all_as_they_were() {
    let own = Own::new("unproven");
    let mut session = three_rows(&own).await;
    let [_, barbu] = slugs(&mut session).await;
    execute(
        &mut session,
        "create function public.keep() returns trigger language plpgsql \
             as 'begin new.credentials := old.credentials; return new; end'; \
         create trigger keep before update on public.api_credentials \
             for each row when (old.service_type = 'gls') execute function public.keep()",
    )
    .await;
    let before = all_rows(&mut session).await;
    let error = store::rotate_credentials(&mut session, &key('a'), &key('b')).await.unwrap_err();
    let told = format!("the gls credentials of {barbu} came back changed: all is as it was before");
    assert_eq!(error.to_string(), told);
    assert_eq!(all_rows(&mut session).await, before);
    session.close().await;
}

#[tokio::test]
async fn a_service_that_only_the_platform_knows_is_sealed_anew_too() {
    let own = Own::new("platform");
    let mut session = three_rows(&own).await;
    let [ana, barbu] = slugs(&mut session).await;
    execute(
        &mut session,
        "alter table public.api_credentials drop constraint api_credentials_service_type_check",
    )
    .await;
    let mut tx = session.begin().await.unwrap();
    let id = sqlx::query_scalar("select id from public.companies where slug = $1")
        .persistent(false)
        .bind(&ana)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    let bound = vama::inside::store::secrets::Bound { company: id, service: "emag" };
    // What the platform seals need not be what vama would take, nor say which key it was.
    let mut sealed = vama::inside::store::secrets::seal(b"[1, 2]", bound, &key('a')).unwrap();
    sealed.as_object_mut().unwrap().remove("kid");
    sqlx::query(
        "insert into public.api_credentials (company_id, service_type, credentials) \
         values ($1, 'emag', $2)",
    )
    .persistent(false)
    .bind(id)
    .bind(sealed)
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let count = store::rotate_credentials(&mut session, &key('a'), &key('b')).await.unwrap();
    assert_eq!(count, 4);
    let notes = store::list_credentials(&mut session, None).await.unwrap();
    let names: Vec<_> = notes.iter().map(|it| (it.company.as_str(), it.service.as_str())).collect();
    let (ana, barbu) = (ana.as_str(), barbu.as_str());
    assert_eq!(names, [(ana, "emag"), (ana, "imap"), (barbu, "gls"), (barbu, "imap")]);
    assert!(notes.iter().all(|it| it.kid.as_deref() == Some(key('b').kid())));
    session.close().await;
}
