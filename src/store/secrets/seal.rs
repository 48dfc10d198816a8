//! Sealing: credentials to the JSON that is stored, and back.
//!
//! The stored form is a contract with the platform, which reads and writes it too:
//!
//! ```json
//! {"v": 1, "alg": "XChaCha20-Poly1305", "kid": "8 hex digits",
//!  "nonce": "24 bytes, base64", "data": "ciphertext and 16 bytes of tag, base64"}
//! ```
//!
//! Base64 is RFC 4648's standard one, padded. `kid` is the [fingerprint](SealingKey::kid) of the
//! key; rows that others wrote may lack it. The fingerprint decides nothing: it only tells why a
//! row does not open.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, Generate, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use secrecy::SecretBox;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::store::secrets::{CredentialsError, SealingKey};

/// The version of the stored form.
const VERSION: u64 = 1;
/// The only algorithm of that version.
const ALGORITHM: &str = "XChaCha20-Poly1305";
/// Bytes of a nonce.
const NONCE_BYTES: usize = 24;
/// Bytes of the tag behind the ciphertext.
const TAG_BYTES: usize = 16;

/// What is sealed, before it is sealed and after it is opened.
pub type Plain = SecretBox<Vec<u8>>;

/// Where sealed credentials belong: they open in no other row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound<'a> {
    /// The company's identifier.
    pub company: Uuid,
    /// The service's name, as in `service_type`.
    pub service: &'a str,
}

impl Bound<'_> {
    /// Returns the associated data: `vama:credentials:1:`, the company's id in lower case with
    /// hyphens, `:`, and the service's name, in UTF-8 without anything behind.
    ///
    /// As in `vama:credentials:1:0190c8f2-7a51-7cc3-98a1-5b0f6d3e2a10:imap`. The 1 is the version
    /// of the stored form.
    fn associated_data(self) -> Vec<u8> {
        format!("vama:credentials:{VERSION}:{}:{}", self.company.hyphenated(), self.service)
            .into_bytes()
    }
}

/// The system gave no random bytes, or the cipher refused its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system has no random bytes to seal with")]
pub struct SealError;

/// Why a stored row does not open. Says nothing of what stands in it but version and key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnsealError {
    /// It has not the stored form at all; unsealed credentials, perhaps.
    #[error("they are not sealed: found {0}, expected an object with v, alg, nonce and data")]
    NotSealed(&'static str),
    /// It has a version that came later.
    #[error("they are sealed as version {0}, expected {VERSION}")]
    Version(u64),
    /// It has another algorithm.
    #[error("they are sealed with an unknown algorithm, expected {ALGORITHM}")]
    Algorithm,
    /// A field of it has the wrong form.
    #[error("the field {field} of their seal is damaged: found {found}")]
    Field {
        /// The field.
        field: &'static str,
        /// What was found and expected.
        found: String,
    },
    /// Another key sealed it.
    #[error("they are sealed under another key: theirs is {sealed}, this one is {key}")]
    OtherKey {
        /// The fingerprint in the row.
        sealed: String,
        /// The fingerprint of the key that was tried.
        key: String,
    },
    /// This key sealed it, but not for this place or not like this.
    #[error(
        "they are sealed under this key ({0}), but for another company or service, or were changed \
         since"
    )]
    Moved(String),
    /// The row does not say which key sealed it.
    #[error(
        "they are sealed under another key than this one ({0}), or for another company or service, \
         or were changed since"
    )]
    Unknown(String),
    /// It opened, but its content is no credentials.
    #[error("they open, but are no credentials: {0}")]
    Content(CredentialsError),
}

impl UnsealError {
    /// Returns what the user can do next.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Version(_) | Self::Algorithm => {
                "install the newest vama, or store them again with `vama credentials set`"
            }
            Self::OtherKey { .. } => {
                "take the key of that fingerprint (VAMA_KEY or VAMA_KEY_FILE), or store them again \
                 with `vama credentials set`"
            }
            Self::Unknown(_) => {
                "compare VAMA_KEY or VAMA_KEY_FILE with the key that sealed them, or store them \
                 again with `vama credentials set`"
            }
            Self::NotSealed(_) | Self::Field { .. } | Self::Moved(_) | Self::Content(_) => {
                "store them again with `vama credentials set`"
            }
        }
    }
}

/// Seals for one place, with a nonce that was never used before; returns the JSON to store.
///
/// # Errors
///
/// A system without random bytes.
pub fn seal(plain: &[u8], bound: Bound<'_>, key: &SealingKey) -> Result<Value, SealError> {
    let nonce = XNonce::try_generate().map_err(|_| SealError)?;
    let aad = bound.associated_data();
    let payload = Payload { msg: plain, aad: &aad };
    let data = cipher(key).encrypt(&nonce, payload).map_err(|_| SealError)?;
    Ok(serde_json::json!({
        "v": VERSION,
        "alg": ALGORITHM,
        "kid": key.kid(),
        "nonce": STANDARD.encode(nonce),
        "data": STANDARD.encode(data),
    }))
}

/// Opens sealed credentials: `stored` is the text of the column's JSON, `bound` says where they
/// belong.
///
/// # Errors
///
/// The reason why they do not open, as far as it can be known.
pub fn open(stored: &str, bound: Bound<'_>, key: &SealingKey) -> Result<Plain, UnsealError> {
    let stored = object(stored)?;
    let nonce = bytes(&stored, "nonce")?;
    let nonce = <[u8; NONCE_BYTES]>::try_from(nonce).map_err(|nonce| UnsealError::Field {
        field: "nonce",
        found: format!("{} bytes, expected {NONCE_BYTES}", nonce.len()),
    })?;
    let data = bytes(&stored, "data")?;
    if data.len() < TAG_BYTES {
        let found = format!("{} bytes, expected at least {TAG_BYTES}", data.len());
        return Err(UnsealError::Field { field: "data", found });
    }
    let aad = bound.associated_data();
    cipher(key)
        .decrypt(&nonce.into(), Payload { msg: &data, aad: &aad })
        .map(|plain| Plain::new(Box::new(plain)))
        .map_err(|_| unopened(&stored, key))
}

fn cipher(key: &SealingKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.bytes().into())
}

/// Returns the object that the column has, of a version and algorithm that are known.
fn object(stored: &str) -> Result<Map<String, Value>, UnsealError> {
    let stored = match serde_json::from_str(stored) {
        Ok(Value::Object(stored)) => stored,
        Ok(other) => return Err(UnsealError::NotSealed(kind(&other))),
        // The database has checked that it is JSON, so only these two reasons are left.
        Err(_) => return Err(UnsealError::NotSealed("JSON too deep, or with too large a number")),
    };
    let version = stored.get("v").ok_or(UnsealError::NotSealed("an object without v"))?;
    match version.as_u64() {
        Some(VERSION) => {}
        Some(other) => return Err(UnsealError::Version(other)),
        None => {
            let found = format!("{}, expected {VERSION}", kind(version));
            return Err(UnsealError::Field { field: "v", found });
        }
    }
    match stored.get("alg").and_then(Value::as_str) {
        Some(ALGORITHM) => Ok(stored),
        _ => Err(UnsealError::Algorithm),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn bytes(stored: &Map<String, Value>, field: &'static str) -> Result<Vec<u8>, UnsealError> {
    let damaged = |found| UnsealError::Field { field, found: format!("{found}, expected base64") };
    match stored.get(field) {
        Some(Value::String(text)) => STANDARD.decode(text).map_err(|_| damaged("another text")),
        Some(other) => Err(damaged(kind(other))),
        None => Err(damaged("nothing")),
    }
}

/// Says why the row did not open, as far as its fingerprint tells.
fn unopened(stored: &Map<String, Value>, key: &SealingKey) -> UnsealError {
    let ours = key.kid().to_owned();
    let is_kid = |kid: &&str| {
        kid.len() == ours.len() && kid.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    match stored.get("kid").and_then(Value::as_str).filter(is_kid) {
        Some(kid) if kid == ours => UnsealError::Moved(ours),
        Some(kid) => UnsealError::OtherKey { sealed: kid.to_owned(), key: ours },
        None => UnsealError::Unknown(ours),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secrecy::ExposeSecret;

    use super::*;

    const COMPANY: Uuid = Uuid::from_u128(0x0190c8f2_7a51_7cc3_98a1_5b0f6d3e2a10);
    const HERE: Bound<'_> = Bound { company: COMPANY, service: "imap" };
    const PLAIN: &[u8] = br#"{"username":"ana","password":"sesame"}"#;

    fn sealed() -> Value {
        seal(PLAIN, HERE, &SealingKey::of_byte(1)).unwrap()
    }

    fn opened(stored: &Value, bound: Bound<'_>, key: u8) -> Result<Vec<u8>, UnsealError> {
        let plain = open(&stored.to_string(), bound, &SealingKey::of_byte(key))?;
        Ok(plain.expose_secret().clone())
    }

    /// Another program, written from the specifications alone, sealed this under the key 00 01 … 1f
    /// with the nonce 40 41 … 57.
    #[test]
    fn what_another_program_seals_opens() {
        let key = SealingKey::of_text(b"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "VAMA_KEY")
            .unwrap();
        let stored = r#"{"v": 1, "alg": "XChaCha20-Poly1305",
            "nonce": "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZX",
            "data": "rxtwA7WSF3fikaWEjf0L87CWj7RyKiDtBUOZZzMmUPVlmG8Ld++Sbj+ta7qU+4LcynGMwI2L"}"#;
        assert_eq!(open(stored, HERE, &key).unwrap().expose_secret(), PLAIN);
    }

    #[test]
    fn what_is_stored_has_five_fields_and_another_nonce_each_time() {
        let (one, two) = (sealed(), sealed());
        let names: Vec<&str> = one.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["alg", "data", "kid", "nonce", "v"]);
        assert_eq!(one["kid"], SealingKey::of_byte(1).kid());
        assert_ne!(one["nonce"], two["nonce"]);
        assert_ne!(one["data"], two["data"]);
        assert_eq!(opened(&one, HERE, 1).unwrap(), PLAIN);
    }

    #[test]
    fn a_row_opens_only_in_its_own_place() {
        let kid = SealingKey::of_byte(1).kid().to_owned();
        let other = Bound { company: Uuid::from_u128(COMPANY.as_u128() + 1), ..HERE };
        assert_eq!(opened(&sealed(), other, 1).unwrap_err(), UnsealError::Moved(kid.clone()));
        let other = Bound { service: "smtp", ..HERE };
        assert_eq!(opened(&sealed(), other, 1).unwrap_err(), UnsealError::Moved(kid));
    }

    #[test]
    fn a_changed_byte_keeps_it_shut() {
        for field in ["nonce", "data"] {
            let mut stored = sealed();
            let mut bytes = STANDARD.decode(stored[field].as_str().unwrap()).unwrap();
            for at in 0..bytes.len() {
                bytes[at] ^= 1;
                stored[field] = STANDARD.encode(&bytes).into();
                let kid = SealingKey::of_byte(1).kid().to_owned();
                assert_eq!(opened(&stored, HERE, 1).unwrap_err(), UnsealError::Moved(kid));
                bytes[at] ^= 1;
            }
        }
    }

    #[test]
    fn another_key_is_told_by_both_fingerprints() {
        let error = opened(&sealed(), HERE, 2).unwrap_err();
        let (theirs, ours) =
            (SealingKey::of_byte(1).kid().to_owned(), SealingKey::of_byte(2).kid().to_owned());
        assert_eq!(error, UnsealError::OtherKey { sealed: theirs, key: ours });
    }

    #[test]
    fn a_row_without_a_fingerprint_opens_or_names_both_possibilities() {
        for kid in [None, Some(Value::Null), Some("sesame".into()), Some("ABCDEF01".into())] {
            let mut stored = sealed();
            let fields = stored.as_object_mut().unwrap();
            fields.remove("kid");
            fields.extend(kid.map(|kid| ("kid".to_owned(), kid)));
            assert_eq!(opened(&stored, HERE, 1).unwrap(), PLAIN);
            let told = opened(&stored, HERE, 2).unwrap_err().to_string();
            assert!(told.contains("another key") && told.contains("another company"), "{told}");
            assert!(!told.contains("sesame"), "{told}");
        }
    }

    #[test]
    fn another_form_is_told_by_what_is_wrong_with_it() {
        let with = |field: &str, value: Value| {
            let mut stored = sealed();
            stored[field] = value;
            opened(&stored, HERE, 1).unwrap_err()
        };
        assert_eq!(with("v", 2.into()), UnsealError::Version(2));
        assert_eq!(with("alg", "AES".into()), UnsealError::Algorithm);
        let told = |field, value| with(field, value).to_string();
        let damaged = |field, found| format!("the field {field} of their seal is damaged: {found}");
        assert_eq!(told("v", "1".into()), damaged("v", "found a text, expected 1"));
        let found = "found 6 bytes, expected 24";
        assert_eq!(told("nonce", "c2VzYW1l".into()), damaged("nonce", found));
        let found = "found 6 bytes, expected at least 16";
        assert_eq!(told("data", "c2VzYW1l".into()), damaged("data", found));
        let found = "found another text, expected base64";
        assert_eq!(told("data", "sesame!".into()), damaged("data", found));
        assert_eq!(told("data", Value::Null), damaged("data", "found null, expected base64"));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,20}".prop_map(Value::from),
            Just(Value::from(1)),
            Just(Value::from(ALGORITHM)),
            prop::collection::vec(any::<u8>(), 0..60).prop_map(|it| STANDARD.encode(it).into()),
        ];
        let name = prop_oneof!["v|alg|kid|nonce|data", ".{0,8}"];
        leaf.prop_recursive(4, 40, 6, move |inner| {
            let fields = prop::collection::btree_map(name.clone(), inner.clone(), 0..6);
            prop_oneof![
                prop::collection::vec(inner, 0..6).prop_map(Value::from),
                fields.prop_map(|it| Value::Object(it.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_as_it_was(
            plain in prop::collection::vec(any::<u8>(), 0..200),
            company: u128,
            key: u8,
        ) {
            let bound = Bound { company: Uuid::from_u128(company), service: "gls" };
            let stored = seal(&plain, bound, &SealingKey::of_byte(key)).unwrap();
            prop_assert_eq!(opened(&stored, bound, key).unwrap(), plain);
        }

        #[test]
        fn any_json_in_the_column_gets_an_answer(stored in any_json()) {
            prop_assert!(opened(&stored, HERE, 1).is_err());
        }

        #[test]
        fn any_fields_of_a_seal_get_an_answer(
            change in prop::collection::btree_map("v|alg|kid|nonce|data", any_json(), 1..4),
        ) {
            let mut stored = sealed();
            stored.as_object_mut().unwrap().extend(change.clone());
            // The fingerprint decides nothing.
            let still_opens = change.keys().all(|name| name == "kid" || sealed_as(name, &change));
            prop_assert_eq!(opened(&stored, HERE, 1).is_ok(), still_opens);
        }

        #[test]
        fn any_text_in_place_of_json_gets_an_answer(text in ".{0,40}") {
            prop_assert!(open(&text, HERE, &SealingKey::of_byte(1)).is_err());
        }
    }

    /// Whether the change leaves version and algorithm as they are.
    fn sealed_as(name: &str, change: &std::collections::BTreeMap<String, Value>) -> bool {
        match name {
            "v" => change[name].as_u64() == Some(VERSION),
            "alg" => change[name] == ALGORITHM,
            _ => false,
        }
    }
}
