//! Credentials as they are given: a JSON object whose values stay as they were written.

use std::collections::HashSet;
use std::{fmt, mem};

use secrecy::zeroize::Zeroize;
use secrecy::{ExposeSecret, ExposeSecretMut, SecretBox, SecretString};
use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde::ser::Serializer as _;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::store::secrets::{Bound, Plain, SealError, SealingKey, UnsealError, open, seal};

/// Bytes of credentials at most: a certificate and its key fit several times over.
pub const CREDENTIALS_BYTES_MAX: usize = 64 * 1024;

/// The credentials of one service: a JSON object of texts, numbers and booleans, with one field at
/// least.
#[derive(Debug)]
pub struct Credentials(SecretBox<String>);

/// What a person answers when asked for a field.
#[derive(Debug)]
pub enum FieldAnswer {
    /// A text, secret or not.
    Text(SecretString),
    /// A TCP port.
    Port(u16),
}

/// Why a text cannot be credentials; the text itself is never repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    /// The text is too long.
    #[error("found more than {CREDENTIALS_BYTES_MAX} bytes, expected a JSON object")]
    TooLong,
    /// The bytes are no text.
    #[error("byte {0}: found what is not UTF-8, expected a JSON object")]
    NoText(usize),
    /// There is nothing, or something else in JSON.
    #[error("found no object, expected {{ at the beginning")]
    NoObject,
    /// It has no field.
    #[error("found an object without fields, expected at least one")]
    Empty,
    /// It is not JSON, or has a field that is not one value.
    #[error("line {line} column {column}: {reason}")]
    Json {
        /// The line, from 1.
        line: usize,
        /// The byte in the line, from 1.
        column: usize,
        /// What was found or expected there.
        reason: String,
    },
}

impl Credentials {
    /// Takes the bytes of a JSON object, white space around it trimmed.
    ///
    /// # Errors
    ///
    /// Anything else: nested objects, lists and nulls too, and a name that stands there twice.
    pub fn parse(mut bytes: Plain) -> Result<Self, CredentialsError> {
        if bytes.expose_secret().len() > CREDENTIALS_BYTES_MAX {
            return Err(CredentialsError::TooLong);
        }
        // Moved, not copied, so that no second copy is left in memory.
        let text = String::from_utf8(mem::take(bytes.expose_secret_mut())).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            error.into_bytes().zeroize();
            CredentialsError::NoText(at)
        })?;
        let text = SecretBox::new(Box::new(text));
        match parsed(text.expose_secret())?.is_empty() {
            true => Err(CredentialsError::Empty),
            false => Ok(Self(text)),
        }
    }

    /// Makes them from what a person answered, each field by its name.
    ///
    /// # Errors
    ///
    /// More than [`CREDENTIALS_BYTES_MAX`], or no answer.
    pub fn of_answers(answers: &[(&str, FieldAnswer)]) -> Result<Self, CredentialsError> {
        #[derive(serde::Serialize)]
        #[serde(untagged)]
        enum Exposed<'a> {
            Text(&'a str),
            Port(u16),
        }
        let exposed = answers.iter().map(|(name, answer)| match answer {
            FieldAnswer::Text(text) => (name, Exposed::Text(text.expose_secret())),
            FieldAnswer::Port(port) => (name, Exposed::Port(*port)),
        });
        // Made as large as it may become: when a vector grows, a copy of its content is left in
        // memory.
        let mut json = Plain::new(Box::new(Vec::with_capacity(CREDENTIALS_BYTES_MAX)));
        serde_json::Serializer::new(json.expose_secret_mut())
            .collect_map(exposed)
            .map_err(|error| misread(&error))?;
        Self::parse(json)
    }

    /// Opens sealed credentials: `stored` is the text of the column's JSON, `bound` says where they
    /// belong.
    ///
    /// # Errors
    ///
    /// As [`open`], or a content that is no credentials.
    pub fn open(stored: &str, bound: Bound<'_>, key: &SealingKey) -> Result<Self, UnsealError> {
        Self::parse(open(stored, bound, key)?).map_err(UnsealError::Content)
    }

    /// Seals them for one place; returns the JSON to store.
    ///
    /// # Errors
    ///
    /// As [`seal()`](super::seal()).
    pub fn seal(&self, bound: Bound<'_>, key: &SealingKey) -> Result<Value, SealError> {
        seal(self.expose().as_bytes(), bound, key)
    }

    /// Returns the JSON object, for those who asked to see it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret().trim_ascii()
    }

    /// Returns the fields in their order, each with its value in JSON, for those who asked to see
    /// it.
    pub fn expose_fields(&self) -> Vec<(String, &RawValue)> {
        // The text was read when these credentials were made, so it can be read.
        parsed(self.0.expose_secret()).unwrap_or_default()
    }
}

/// Reads the fields of an object. Its values are borrowed: no copy of them is left in memory.
fn parsed(text: &str) -> Result<Vec<(String, &RawValue)>, CredentialsError> {
    // Without this check the reader's error would repeat the text or number that stands in the
    // object's place.
    if !text.trim_ascii_start().starts_with('{') {
        return Err(CredentialsError::NoObject);
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let fields = reader.deserialize_map(Fields).map_err(|error| misread(&error))?;
    reader.end().map_err(|error| misread(&error))?;
    let mut names = HashSet::new();
    for (name, value) in &fields {
        let nested = match value.get().bytes().next() {
            Some(b'{') => Some("an object"),
            Some(b'[') => Some("a list"),
            Some(b'n') => Some("null"),
            _ => None,
        };
        let reason = match nested {
            Some(it) => format!("found {it}, expected a text, a number, true or false"),
            None if names.insert(name) => continue,
            None => "found a name for the second time, expected each once".to_owned(),
        };
        let (line, column) = place(text, value.get());
        return Err(CredentialsError::Json { line, column, reason });
    }
    Ok(fields)
}

/// Returns line and column of a part of the text, from 1.
fn place(text: &str, part: &str) -> (usize, usize) {
    let at = part.as_ptr().addr() - text.as_ptr().addr();
    let before = text.get(..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.len() + 1)
}

/// Says where the reader stopped and why; the reader's words for the reason repeat no part of the
/// text.
fn misread(error: &serde_json::Error) -> CredentialsError {
    let told = error.to_string();
    let reason = told.rsplit_once(" at line ").map_or(told.as_str(), |(reason, _)| reason);
    CredentialsError::Json { line: error.line(), column: error.column(), reason: reason.to_owned() }
}

/// Takes the fields of an object as they stand there.
struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Self::Value::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn plain(text: impl Into<Vec<u8>>) -> Plain {
        Plain::new(Box::new(text.into()))
    }

    fn told(text: &str) -> String {
        Credentials::parse(plain(text)).unwrap_err().to_string()
    }

    #[test]
    fn values_stay_as_they_were_written() {
        let text = "{\"port\": 993, \"number\": 12345678901234567890123.50, \"tls\": true, \
                    \"password\": \"a\\u0219\\n\"}";
        let credentials = Credentials::parse(plain(format!("\n{text}\r\n"))).unwrap();
        assert_eq!(credentials.expose(), text);
        let fields: Vec<_> =
            credentials.expose_fields().into_iter().map(|(name, it)| (name, it.get())).collect();
        assert_eq!(fields[1], ("number".to_owned(), "12345678901234567890123.50"));
        assert_eq!(fields[3], ("password".to_owned(), "\"a\\u0219\\n\""));
    }

    #[test]
    fn what_is_no_object_of_values_is_told_by_place_and_kind_alone() {
        for text in ["", " \n", "\"sesame\"", "[\"sesame\"]", "12", "null", "sesame"] {
            assert_eq!(told(text), "found no object, expected { at the beginning");
        }
        assert_eq!(told("{ }"), "found an object without fields, expected at least one");
        let value = "expected a text, a number, true or false";
        let a = told("{\"a\": 1,\n \"sesame\": null}");
        assert_eq!(a, format!("line 2 column 12: found null, {value}"));
        let a = told("{\"a\": [\"sesame\"]}");
        assert_eq!(a, format!("line 1 column 7: found a list, {value}"));
        assert!(told("{\"a\": {\"b\": \"sesame\"}}").contains("found an object"));
        assert!(
            told("{\"sesame\": 1, \"ses\\u0061me\": 2}").contains("a name for the second time")
        );
        assert_eq!(told("{\"a\": \"sesame\"} x"), "line 1 column 17: trailing characters");
        assert_eq!(told("{\"a\": \"sesame}"), "line 1 column 14: EOF while parsing a string");
        assert_eq!(told("{\"a\": sesame}"), "line 1 column 7: expected value");
        assert_eq!(told("{'a': 1}"), "line 1 column 2: key must be a string");
        let error = Credentials::parse(plain(*b"{\"a\": \"\xff\"}")).unwrap_err();
        assert_eq!(error, CredentialsError::NoText(7));
        let long = format!("{{\"a\": \"{}\"}}", "x".repeat(CREDENTIALS_BYTES_MAX));
        assert_eq!(Credentials::parse(plain(long)).unwrap_err(), CredentialsError::TooLong);
    }

    #[test]
    fn credentials_open_as_they_were_sealed_and_anything_else_is_told() {
        let (key, bound) = (SealingKey::of_byte(1), Bound { company: Uuid::nil(), service: "gls" });
        let credentials = Credentials::parse(plain(" {\"password\": \"sesame\"}\n")).unwrap();
        let stored = credentials.seal(bound, &key).unwrap().to_string();
        let opened = Credentials::open(&stored, bound, &key).unwrap();
        assert_eq!(opened.expose(), "{\"password\": \"sesame\"}");
        let stored = seal(b"[\"sesame\"]", bound, &key).unwrap().to_string();
        let error = Credentials::open(&stored, bound, &key).unwrap_err();
        assert_eq!(error, UnsealError::Content(CredentialsError::NoObject));
    }

    #[test]
    fn answers_become_an_object_in_their_order() {
        let answers = [
            ("host", FieldAnswer::Text("imap.example.ro".into())),
            ("port", FieldAnswer::Port(993)),
            ("password", FieldAnswer::Text("a\"\\b".into())),
        ];
        let credentials = Credentials::of_answers(&answers).unwrap();
        let expected = r#"{"host":"imap.example.ro","port":993,"password":"a\"\\b"}"#;
        assert_eq!(credentials.expose(), expected);
        assert!(!format!("{credentials:?} {answers:?}").contains("a\\"));
        assert_eq!(Credentials::of_answers(&[]).unwrap_err(), CredentialsError::Empty);
    }

    proptest! {
        #[test]
        fn any_bytes_get_an_answer_that_does_not_repeat_them(
            bytes in prop::collection::vec(any::<u8>(), 0..80),
            secret in "[q-z]{12}",
        ) {
            let mut text = bytes;
            text.extend(secret.bytes());
            if let Err(error) = Credentials::parse(plain(text)) {
                let told = format!("{error} {error:?}");
                prop_assert!(!told.contains(&secret));
            }
        }

        #[test]
        fn any_text_can_be_a_value(name in ".{0,20}", value in ".{0,80}") {
            let json = serde_json::json!({ name.clone(): value.clone() }).to_string();
            let credentials = Credentials::parse(plain(json)).unwrap();
            let fields = credentials.expose_fields();
            prop_assert_eq!(&fields[0].0, &name);
            prop_assert_eq!(serde_json::from_str::<String>(fields[0].1.get()).unwrap(), value);
        }
    }
}
