//! What a company is called on the command line, and the name of its schema.

use super::company_name::folded;

/// Why a text cannot be a slug.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlugError {
    /// Wrong letters, or too short or long.
    #[error("slug {0:?} does not fit: a small letter, then 1 to 40 small letters, digits or -")]
    Form(String),
    /// A schema of PostgreSQL or of a platform on it has that name.
    #[error("slug {slug:?} is reserved: its schema {schema} belongs to the database itself")]
    Reserved {
        /// The slug.
        slug: String,
        /// The schema it would have.
        schema: String,
    },
}

/// Characters behind the first one, at least and at most.
const REST: std::ops::RangeInclusive<usize> = 1..=40;

/// Schemas of PostgreSQL and Supabase.
const RESERVED: [&str; 18] = [
    "public",
    "information_schema",
    "auth",
    "storage",
    "realtime",
    "extensions",
    "vault",
    "cron",
    "net",
    "pgbouncer",
    "pgsodium",
    "pgsodium_masks",
    "graphql",
    "graphql_public",
    "supabase_functions",
    "supabase_migrations",
    "topology",
    "citus",
];

/// Beginnings of names that schemas of PostgreSQL, Supabase or Citus have or may have in future.
const RESERVED_STARTS: [&str; 5] = ["pg_", "graphql", "supabase", "citus_", "columnar"];

/// Returns the name of the slug's schema: the slug with `_` for `-`.
///
/// # Errors
///
/// A slug of the wrong form, or whose schema is reserved.
pub fn schema_of(slug: &str) -> Result<String, SlugError> {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let well_formed = match slug.as_bytes() {
        [first, rest @ ..] => {
            first.is_ascii_lowercase()
                && REST.contains(&rest.len())
                && rest.iter().all(|b| inner(*b))
        }
        [] => false,
    };
    if !well_formed {
        return Err(SlugError::Form(slug.to_owned()));
    }
    let schema = slug.replace('-', "_");
    match is_reserved(&schema) {
        true => Err(SlugError::Reserved { slug: slug.to_owned(), schema }),
        false => Ok(schema),
    }
}

/// Returns a slug made of a company's name: its words without the legal form, as far as they have
/// letters and digits of ASCII.
pub fn slug_of(name: &str) -> String {
    let name = folded(name);
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    // A name may begin with a digit, be very short, or be that of a schema of PostgreSQL's.
    let slug = |words: Vec<&str>| {
        let mut slug = words.join("-");
        slug.truncate(1 + REST.end());
        slug.trim_end_matches('-').to_owned()
    };
    let words: Vec<&str> = words.collect();
    let plain = slug(words.clone());
    match schema_of(&plain) {
        Ok(_) => plain,
        Err(_) => slug([&["firma"], words.as_slice()].concat()),
    }
}

/// Returns whether a schema belongs to the database itself, or to the platform that hosts it.
pub fn is_reserved(schema: &str) -> bool {
    RESERVED.contains(&schema) || RESERVED_STARTS.iter().any(|start| schema.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hyphen_becomes_an_underscore() {
        assert_eq!(schema_of("firma-noua").unwrap(), "firma_noua");
    }

    #[test]
    fn a_slug_that_is_none_is_refused() {
        for slug in ["", "a", "Firma", "1firma", "firma noua", "firma\"", "f;drop", "ț-firma"] {
            assert!(matches!(schema_of(slug), Err(SlugError::Form(_))), "{slug}");
        }
        assert!(schema_of(&"a".repeat(41)).is_ok());
        assert!(schema_of(&"a".repeat(42)).is_err());
    }

    #[test]
    fn a_name_makes_a_slug_that_fits() {
        for (name, slug) in [
            ("Firma Nouă SRL", "firma-noua"),
            ("S.C. ȘTEFAN & FIII S.R.L.", "stefan-fiii"),
            ("3D Print SRL", "firma-3d-print"),
            ("Auth SRL", "firma-auth"),
            ("X SRL", "firma-x"),
            ("", "firma"),
            ("Фирма", "firma"),
        ] {
            assert_eq!(slug_of(name), slug, "{name}");
        }
        let long = slug_of(&"Lunga Denumire ".repeat(9));
        assert!(schema_of(&long).is_ok() && !long.ends_with('-'), "{long}");
    }

    #[test]
    fn schemas_of_the_database_itself_are_reserved() {
        for slug in ["public", "pg-catalog", "information-schema", "auth", "supabase-functions"] {
            assert!(matches!(schema_of(slug), Err(SlugError::Reserved { .. })), "{slug}");
        }
    }
}
