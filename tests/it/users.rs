//! Users of the registry, beside those that the platform has made.

use secrecy::SecretString;
use vama::inside::store::user::{NewUser, Role, username_hash};
use vama::inside::store::{self, StoreError, UserRemoval};

use crate::alone::Alone;

fn new_user(name: &str) -> NewUser {
    NewUser::new(name, None, &SecretString::from("corect cal baterie")).unwrap()
}

#[tokio::test]
async fn a_name_is_one_users_whatever_the_company_and_the_case() {
    let mut alone = Alone::new("names").await;
    let (one, other) = (alone.company("one").await, alone.company("other").await);
    let session = &mut alone.session;
    store::add_user(session, &one, &new_user("Ștefan"), Role::Viewer).await.unwrap();
    let error =
        store::add_user(session, &other, &new_user("ȘTEFAN"), Role::Admin).await.unwrap_err();
    assert_eq!(error.to_string(), format!("taken already: user Ștefan ({one})"));
    let error = store::add_user(session, "nobody", &new_user("x"), Role::User).await.unwrap_err();
    assert!(matches!(error, StoreError::UnknownCompany { .. }), "{error}");
    let users = store::list_users(session, None).await.unwrap();
    assert_eq!(users.len(), 1);
    assert_eq!((users[0].company.as_deref(), &*users[0].user.role), (Some(&*one), "viewer"));
    assert!(store::list_users(session, Some(&other)).await.unwrap().is_empty());
}

#[tokio::test]
async fn another_password_changes_the_digest_of_that_user_alone() {
    let mut alone = Alone::new("passwords").await;
    let slug = alone.company("passwords").await;
    let other = alone.company("other").await;
    for name in ["ana", "dan"] {
        store::add_user(&mut alone.session, &slug, &new_user(name), Role::User).await.unwrap();
    }
    let digests = "select password_hash from public.users order by username";
    let before = alone.column(digests).await;
    let session = &mut alone.session;
    let note = store::set_password(session, "DAN", Some(&slug), "digest").await.unwrap();
    assert_eq!(note.user.username, "dan");
    let error = store::set_password(session, "dan", Some(&other), "x").await.unwrap_err();
    assert_eq!(error.to_string(), format!("no user of {other} is called dan"));
    let error = store::set_password(session, "nobody", None, "x").await.unwrap_err();
    assert_eq!(error.to_string(), "no user is called nobody");
    assert_eq!(alone.column(digests).await, [before[0].as_str(), "digest"]);
}

#[tokio::test]
async fn the_last_admin_is_the_last_who_may_sign_in_as_one() {
    let mut alone = Alone::new("admins").await;
    let slug = alone.company("admins").await;
    for (name, role) in
        [("ana", Role::Admin), ("dan", Role::Admin), ("ion", Role::User), ("eva", Role::Admin)]
    {
        store::add_user(&mut alone.session, &slug, &new_user(name), role).await.unwrap();
    }
    alone.run("update public.users set is_active = false where username = 'eva'").await;
    let session = &mut alone.session;
    let remove = async |session: &mut store::Session, name: &str, also: bool| {
        store::remove_user(session, name, None, also).await.unwrap()
    };
    assert!(matches!(remove(session, "ana", false).await, UserRemoval::Removed(_)));
    assert!(matches!(remove(session, "dan", false).await, UserRemoval::LastAdmin(_)));
    for name in ["ion", "eva"] {
        assert!(matches!(remove(session, name, false).await, UserRemoval::Removed(_)), "{name}");
    }
    assert_eq!(store::list_users(session, Some(&slug)).await.unwrap().len(), 1);
    assert!(matches!(remove(session, "dan", true).await, UserRemoval::Removed(_)));
}

#[tokio::test]
async fn users_that_the_platform_made_are_listed_and_found_by_their_names() {
    let mut alone = Alone::new("platform").await;
    let slug = alone.company("platform").await;
    // Roles of its own, users of no company, and a digest that was made otherwise.
    alone
        .run(&format!(
            "alter table public.users drop constraint users_role_check; \
             insert into public.users (username, username_hash, password_hash, role, company_id) values \
             ('Sef', 'not a digest', 'x', 'super_admin', null), \
             ('ana', '{}', 'x', 'contabil', (select id from public.companies)), \
             ('Ana', 'other', 'x', 'admin', null)",
            username_hash("ana"),
        ))
        .await;
    let session = &mut alone.session;
    let users = store::list_users(session, None).await.unwrap();
    let told = users.iter().map(|it| (it.company.as_deref(), &*it.user.username, &*it.user.role));
    let expected =
        [(Some(&*slug), "ana", "contabil"), (None, "Ana", "admin"), (None, "Sef", "super_admin")];
    assert_eq!(told.collect::<Vec<_>>(), expected);
    // By the digest of its name first, as where users sign in.
    let note = store::set_password(session, "Ana", None, "y").await.unwrap();
    assert_eq!(note.user.role, "contabil");
    let removal = store::remove_user(session, "Sef", None, false).await.unwrap();
    assert!(matches!(removal, UserRemoval::Removed(_)), "{removal:?}");
    let error = store::remove_user(session, "sef", None, false).await.unwrap_err();
    assert!(matches!(error, StoreError::NoUser { .. }), "{error}");
}
