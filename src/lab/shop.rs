//! An invented shop and the invented people it deals with.

use super::party::{Party, cif, iban, party};
use super::random::Random;

const SHOPS: [(&str, &str); 8] = [
    ("Atelierul Inventat", "atelierul-inventat"),
    ("Prăvălia Exemplu", "pravalia-exemplu"),
    ("Casa Mostră", "casa-mostra"),
    ("Grădina Fictivă", "gradina-fictiva"),
    ("Dulapul Model", "dulapul-model"),
    ("Librăria Șablon", "libraria-sablon"),
    ("Jucării de Probă", "jucarii-de-proba"),
    ("Ceasuri Închipuite", "ceasuri-inchipuite"),
];
const SUPPLIERS: [&str; 8] = [
    "FURNIZOR FICTIV SRL",
    "AMBALAJE EXEMPLU SRL",
    "TIPOGRAFIA MOSTRA SRL",
    "CARTOANE MODEL SRL",
    "IMPORT INVENTAT SRL",
    "CURATENIE SABLON SRL",
    "SPATII INCHIPUITE SA",
    "ENERGIE DE PROBA SA",
];
const CLIENTS: [&str; 5] = [
    "CLIENT EXEMPLU SRL",
    "BIROU FICTIV SRL",
    "HOTEL MOSTRA SA",
    "SCOALA INVENTATA",
    "CABINET MODEL SRL",
];
const FIRST_NAMES: [&str; 14] = [
    "Ana",
    "Mihai",
    "Dănuț",
    "Elena",
    "Ioan",
    "Florin",
    "Vlad",
    "Maria",
    "Țuțu",
    "Andrei",
    "Daniela",
    "Mărioara",
    "Ștefan",
    "Ilinca",
];
const LAST_NAMES: [&str; 10] = [
    "Mostră",
    "Șablon",
    "Țintă",
    "Model",
    "Probă",
    "Inventat",
    "Exemplu",
    "Fictiv",
    "Martor",
    "Încercare",
];
const TOWNS: [&str; 8] = [
    "RO-010101 București",
    "RO-500010 Brașov",
    "RO-300001 Timișoara",
    "RO-200585 Craiova",
    "RO-807320 Valea Mărului",
    "RO-617398 Traian (Săbăoani)",
    "RO-400001 Cluj-Napoca",
    "RO-700001 Iași",
];
const STREETS: [&str; 5] =
    ["Str. Fictivă", "Str. Exemplului", "Aleea Mostrelor", "Bd. Închipuirii", "Str. Șabloanelor"];

/// An invented web shop with one account at Banca Transilvania.
#[derive(Debug, Clone)]
pub struct Shop {
    /// The company's name as GLS writes it.
    pub name: String,
    /// The digits of its CIF.
    pub cif: String,
    /// Its account, in lei.
    pub account_iban: String,
    /// The web shop's address, under a domain that is reserved for examples.
    pub site: String,
    /// Its client number at GLS.
    pub gls_client: u64,
    /// What Netopia calls it.
    pub merchant: String,
    /// Its terminal at Netopia.
    pub terminal: u64,
    /// The companies it pays.
    pub(super) suppliers: Vec<Party>,
    /// The companies that pay it by transfer.
    pub(super) clients: Vec<Party>,
}

impl Shop {
    /// Invents the shop of a seed.
    pub fn invent(seed: u64) -> Shop {
        let mut random = Random::of(&[seed]);
        let (name, slug) = random.pick(&SHOPS);
        Shop {
            name: format!("{} SRL", name.to_uppercase()),
            cif: cif(&mut random),
            account_iban: iban(&mut random, "BTRL"),
            site: format!("{slug}.example"),
            // The range is so large that shops of different seeds hardly ever share a number.
            gls_client: 553_000_000 + random.below(400_000_000),
            merchant: name.split(' ').next().unwrap_or(name).to_owned(),
            terminal: 10_000_000 + random.below(90_000_000),
            suppliers: SUPPLIERS.map(|name| party(&mut random, name)).to_vec(),
            clients: CLIENTS.map(|name| party(&mut random, name)).to_vec(),
        }
    }

    /// Returns the address that GLS mails its borderouri to.
    pub fn email(&self) -> String {
        format!("comenzi@{}", self.site)
    }
}

/// An invented person.
#[derive(Debug, Clone)]
pub struct Person {
    /// The first name.
    pub first_name: &'static str,
    /// A last name that nobody bears.
    pub last_name: &'static str,
}

impl Person {
    /// Invents a person.
    pub fn invent(random: &mut Random) -> Person {
        Person { first_name: random.pick(&FIRST_NAMES), last_name: random.pick(&LAST_NAMES) }
    }

    /// Returns the first name and the last name.
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// Returns the person with an invented address, as it stands on a parcel.
    pub fn with_address(&self, random: &mut Random) -> String {
        let (town, street) = (random.pick(&TOWNS), random.pick(&STREETS));
        let number = 1 + random.below(99);
        format!("{} {town} {street} {number}", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::fiscal;

    #[test]
    fn every_number_of_an_invented_shop_is_valid() {
        for seed in 0..200 {
            let shop = Shop::invent(seed);
            assert_eq!(fiscal::cif(&shop.cif).as_deref(), Ok(&*shop.cif));
            assert!(fiscal::iban(&shop.account_iban).is_some());
            assert_eq!(shop.account_iban.len(), 24);
            for party in shop.suppliers.iter().chain(&shop.clients) {
                assert!(fiscal::iban(&party.iban).is_some());
                assert!(fiscal::cif(&party.cif).is_ok());
            }
        }
    }
}
