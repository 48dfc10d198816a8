//! What opens a company's services: which they are, their credentials, and the key that seals them.
//!
//! Nothing in here can be read by mistake: `Debug` of a key or of credentials shows none of it,
//! errors say where and what kind, never what stands there, and memory is overwritten when it is
//! let go.

mod key;
mod plain;
mod seal;
pub(crate) mod table;

pub use key::{KeyError, KeySource, SealingKey};
pub use plain::{CREDENTIALS_BYTES_MAX, Credentials, CredentialsError, FieldAnswer};
pub use seal::{Bound, Plain, SealError, UnsealError, open, seal};

/// A service that a company has credentials for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Invoices (oblio.eu).
    Oblio,
    /// The courier GLS (MyGLS).
    Gls,
    /// The courier Sameday.
    Sameday,
    /// Card payments (netopia-payments.com).
    Netopia,
    /// The mailbox that files arrive in.
    Imap,
    /// The mailbox that mail is sent from.
    Smtp,
    /// Pictures (cloudinary.com).
    Cloudinary,
    /// The shop (gomag.ro).
    Gomag,
}

/// What a field of a service's credentials holds, and so how it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text that may be seen.
    Text,
    /// A TCP port.
    Port,
    /// A text that nobody may read over a shoulder.
    Secret,
}

/// A field of a service's credentials: its name in the JSON, and what it holds.
pub type Field = (&'static str, Kind);

const MAIL: &[Field] = &[
    ("host", Kind::Text),
    ("port", Kind::Port),
    ("username", Kind::Text),
    ("password", Kind::Secret),
];

impl Service {
    /// Every service, in the order of the help.
    pub const ALL: [Self; 8] = [
        Self::Oblio,
        Self::Gls,
        Self::Sameday,
        Self::Netopia,
        Self::Imap,
        Self::Smtp,
        Self::Cloudinary,
        Self::Gomag,
    ];

    /// Returns its name on the command line and in `service_type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Oblio => "oblio",
            Self::Gls => "gls",
            Self::Sameday => "sameday",
            Self::Netopia => "netopia",
            Self::Imap => "imap",
            Self::Smtp => "smtp",
            Self::Cloudinary => "cloudinary",
            Self::Gomag => "gomag",
        }
    }

    /// Returns the service of that name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.name() == name)
    }

    /// Returns the fields that a person is asked for.
    ///
    /// Their names are those that the services' own interfaces use, as far as they have some. JSON
    /// may bring others: what a service needs is for the platform to know.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Oblio => &[("client_id", Kind::Text), ("client_secret", Kind::Secret)],
            Self::Gls => &[
                ("username", Kind::Text),
                ("password", Kind::Secret),
                ("client_number", Kind::Text),
            ],
            Self::Sameday => &[("username", Kind::Text), ("password", Kind::Secret)],
            Self::Netopia => &[("pos_signature", Kind::Text), ("api_key", Kind::Secret)],
            Self::Imap | Self::Smtp => MAIL,
            Self::Cloudinary => {
                &[("cloud_name", Kind::Text), ("api_key", Kind::Text), ("api_secret", Kind::Secret)]
            }
            Self::Gomag => &[("shop", Kind::Text), ("api_key", Kind::Secret)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_is_found_by_its_name_and_asks_for_one_secret() {
        for service in Service::ALL {
            assert_eq!(Service::by_name(service.name()), Some(service));
            let secrets = service.fields().iter().filter(|(_, kind)| *kind == Kind::Secret);
            assert_eq!(secrets.count(), 1, "{service:?}");
        }
        assert_eq!(Service::by_name("emag"), None);
    }
}
