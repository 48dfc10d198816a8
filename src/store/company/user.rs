//! People who look after a company, as the platform knows them.

use argon2::{Argon2, PasswordHasher};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::value::normalize::text;

/// Characters that a password has at least (NIST SP 800-63B, 3.1.1.2).
pub const PASSWORD_CHARS_MIN: usize = 8;

/// Characters that a username has at most.
const USERNAME_CHARS_MAX: usize = 64;

/// Why somebody cannot be made a user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UserError {
    /// No name, one with blanks in it, or a very long one.
    #[error("username {0:?} does not fit: 1 to {USERNAME_CHARS_MAX} characters without blanks")]
    Username(String),
    /// Too short to withstand guessing.
    #[error("the password has {0} characters, expected at least {PASSWORD_CHARS_MIN}")]
    Password(usize),
    /// The system gives no random bytes.
    #[error("no digest could be made of the password: {0}")]
    Digest(String),
}

/// A user to be made; of the password only the digest is kept.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The name to sign in with.
    pub username: String,
    /// What the user is looked up by: see [`username_hash`].
    pub username_hash: String,
    /// The password's argon2id digest, a PHC string.
    pub password_hash: String,
    /// What the platform calls them.
    pub display_name: Option<String>,
}

impl NewUser {
    /// Makes a user of a name and a password. Takes some 20 ms: guessing shall be slow.
    ///
    /// # Errors
    ///
    /// A name or a password that does not fit; the error does not repeat a name that may be the
    /// password.
    pub fn new(
        username: &str,
        display_name: Option<&str>,
        password: &SecretString,
    ) -> Result<Self, UserError> {
        let username = checked_username(username)?;
        let password_hash = password_hash(password)?;
        let display_name = display_name.map(|name| text(name).into_owned());
        Ok(Self {
            username_hash: username_hash(&username),
            username,
            password_hash,
            display_name: display_name.filter(|name| !name.is_empty()),
        })
    }
}

/// Returns the argon2id digest of a password, as a PHC string. Takes some 20 ms: guessing shall be slow.
///
/// # Errors
///
/// A password that is too short; [`UserError::Digest`].
pub fn password_hash(password: &SecretString) -> Result<String, UserError> {
    let chars = password.expose_secret().chars().count();
    if chars < PASSWORD_CHARS_MIN {
        return Err(UserError::Password(chars));
    }
    // The defaults are argon2id, version 19, as OWASP advises.
    let digest = Argon2::default()
        .hash_password(password.expose_secret().as_bytes())
        .map_err(|error| UserError::Digest(error.to_string()))?;
    Ok(digest.to_string())
}

/// What a user that vama makes may do on the platform, which may know further roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything, other users included.
    Admin,
    /// The daily work.
    User,
    /// Looking.
    Viewer,
}

impl Role {
    /// Every role, in the order of the help.
    pub const ALL: [Self; 3] = [Self::Admin, Self::User, Self::Viewer];

    /// Returns its name on the command line and in the registry.
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::User => "user",
            Self::Viewer => "viewer",
        }
    }

    /// Returns the role of that name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// Returns the name as it is stored, so that it can be refused before a password is asked for.
///
/// # Errors
///
/// [`UserError::Username`].
pub fn checked_username(raw: &str) -> Result<String, UserError> {
    let username = text(raw).into_owned();
    let fits = (1..=USERNAME_CHARS_MAX).contains(&username.chars().count())
        && !username.contains(char::is_whitespace);
    if fits { Ok(username) } else { Err(UserError::Username(raw.chars().take(80).collect())) }
}

/// Returns what a user is looked up by: sha256 of the lower-cased name, in hex; the platform looks
/// users up by the same text.
pub fn username_hash(username: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(username.to_lowercase()).into();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use argon2::PasswordVerifier;
    use argon2::password_hash::phc::PasswordHash;

    use super::*;

    #[test]
    fn a_user_is_looked_up_by_the_digest_of_the_lower_cased_name() {
        let digest = "8c6976e5b5410415bde908bd4dee15dfb167a9c873fc4bb8a81f6f2ab448a918";
        assert_eq!(username_hash("Admin"), digest);
        assert_eq!(username_hash("ȘTEFAN"), username_hash("ștefan"));
    }

    #[test]
    fn a_password_is_kept_as_an_argon2id_digest_that_knows_it_again() {
        let password = SecretString::from("corect cal baterie");
        let user = NewUser::new(" Admin ", Some(" Administrator "), &password).unwrap();
        assert_eq!(user.username, "Admin");
        assert_eq!(user.display_name.as_deref(), Some("Administrator"));
        assert!(user.password_hash.starts_with("$argon2id$v=19$"), "{}", user.password_hash);
        let digest = PasswordHash::new(&user.password_hash).unwrap();
        let knows = |word: &str| Argon2::default().verify_password(word.as_bytes(), &digest);
        assert!(knows("corect cal baterie").is_ok());
        assert!(knows("corect cal bateriE").is_err());
        let again = NewUser::new("admin", None, &password).unwrap();
        assert_ne!(again.password_hash, user.password_hash, "a salt of its own");
    }

    #[test]
    fn a_name_or_password_that_does_not_fit_is_refused_without_showing_the_password() {
        let password = SecretString::from("1234567");
        let error = NewUser::new("admin", None, &password).unwrap_err();
        assert_eq!(error.to_string(), "the password has 7 characters, expected at least 8");
        for name in ["", "  ", "a b", &"x".repeat(65)] {
            assert!(matches!(checked_username(name), Err(UserError::Username(_))), "{name:?}");
        }
    }
}
