//! Invented companies with accounts and fiscal codes that are valid, and those that pay the shop.

use super::random::Random;
use crate::value::fiscal;

/// Banks an invented account is at: bank code of the IBAN, BIC.
const BANKS: [(&str, &str); 5] = [
    ("BTRL", "BTRLRO22"),
    ("RNCB", "RNCBROBU"),
    ("BRDE", "BRDEROBU"),
    ("INGB", "INGBROBU"),
    ("RZBR", "RZBRROBU"),
];

/// The other side of a transfer.
#[derive(Debug, Clone)]
pub(super) struct Party {
    pub name: String,
    pub cif: String,
    pub iban: String,
    pub bic: &'static str,
}

impl Party {
    fn known(name: &str, cif: &str, bban: &str, bic: &'static str) -> Party {
        Party { name: name.to_owned(), cif: cif.to_owned(), iban: romanian_iban(bban), bic }
    }

    /// The courier, its name cut as the bank cuts it.
    pub fn gls() -> Party {
        let name = "GLS GENERAL LOGISTICS SYSTEMS ROMAN";
        Party::known(name, "21611392", "BTRL00000000G0000001", "BTRLRO22")
    }

    /// The card processor.
    pub fn netopia() -> Party {
        let name = "NETOPIA FINANCIAL SERVICES SA";
        Party::known(name, "43131360", "BFER0000000000000002", "BFERROBU")
    }

    /// The company behind the marketplace eMag.
    pub fn emag() -> Party {
        let name = "DANTE INTERNATIONAL SA";
        Party::known(name, "14399840", "INGB0000000000000003", "INGBROBU")
    }
}

/// Returns an invented account number at the bank of that code, with valid check digits.
///
/// The code is the four letters that stand in a Romanian IBAN, such as `BTRL`.
pub fn iban(random: &mut Random, bank: &str) -> String {
    let account = random.below(10_000_000_000);
    let bban = match bank {
        "BTRL" => format!("BTRLRONCRT{account:010}"),
        _ => format!("{bank}{account:016}"),
    };
    romanian_iban(&bban)
}

/// Returns the account number with its country and check digits before it.
fn romanian_iban(bban: &str) -> String {
    let check = fiscal::iban_check_digits("RO", bban).unwrap_or_default();
    format!("RO{check:02}{bban}")
}

/// Returns the digits of an invented CIF: valid, and higher than any that has been given out.
pub fn cif(random: &mut Random) -> String {
    let digits = format!("9{:06}", random.below(1_000_000));
    let check = fiscal::cif_check_digit(&digits).unwrap_or_default();
    format!("{digits}{check}")
}

/// Returns an invented company of that name, with an account at one of the banks.
pub(super) fn party(random: &mut Random, name: &str) -> Party {
    let (bank, bic) = random.pick(&BANKS);
    Party { name: name.to_owned(), cif: cif(random), iban: iban(random, bank), bic }
}
