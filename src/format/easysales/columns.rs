//! The header row of easySales' list.

use crate::format::headers::Headers;
use crate::format::listed;
use crate::format::workbook::SheetRow;

/// Where each column is.
#[derive(Debug)]
pub(super) struct Columns {
    /// `ID comandă`.
    pub id: u32,
    /// `Valoarea totală Cu taxă`.
    pub total: u32,
    /// `Data comenzii`.
    pub ordered_at: u32,
    /// `Data de finalizare a comenzii`.
    pub finished_at: Option<u32>,
    /// `Data facturii`.
    pub invoiced_at: Option<u32>,
    /// `Data facturii storno`: its series and number are those of another document.
    pub reversed_at: Option<u32>,
    /// `Status`.
    pub status: Option<u32>,
    /// `Metoda de plată`.
    pub payment: Option<u32>,
    /// Who ordered.
    pub client: Option<u32>,
    /// The tax number of who ordered.
    pub cif: Option<u32>,
    /// `Moneda`.
    pub currency: Option<u32>,
    /// `Număr AWB`.
    pub awb: Option<u32>,
    /// `Serie factură`.
    pub series: Option<u32>,
    /// `Numărul facturii`.
    pub number: Option<u32>,
    /// The columns of products, where the list has SKU and quantity.
    pub product: Option<ProductColumns>,
}

/// Where the columns of a product are.
#[derive(Debug)]
pub(super) struct ProductColumns {
    /// Its code.
    pub sku: u32,
    /// How many.
    pub quantity: u32,
    /// What it is called.
    pub name: Option<u32>,
    /// The price of one, taxes included.
    pub price: Option<u32>,
    /// What the shop paid for one.
    pub purchase: Option<u32>,
}

impl listed::Columns for Columns {
    fn of(row: &SheetRow) -> Option<Self> {
        let headers = Headers::of(row);
        let total = headers
            .any_of(&["valoarea totala cu taxa", "valoare totala cu taxa"])
            .or_else(|| headers.beginning("valoarea totala cu "))
            .or_else(|| headers.any_of(&["valoarea totala", "valoare totala"]));
        Some(Self {
            id: headers.named("id comanda")?,
            total: total?,
            ordered_at: headers.any_of(&["data comenzii", "data comanda"])?,
            finished_at: headers.beginning("data de finalizare"),
            invoiced_at: headers.any_of(&["data facturii", "data factura"]),
            reversed_at: headers.any_of(&["data facturii storno", "data factura storno"]),
            status: headers.any_of(&["status", "status comanda"]),
            payment: headers.any_of(&["metoda de plata", "modalitate de plata"]),
            client: headers.any_of(&["nume client", "client", "nume facturare", "nume"]),
            cif: headers.any_of(&["cui", "cif", "cod fiscal", "cui client", "cif client"]),
            currency: headers.any_of(&["moneda", "valuta"]),
            awb: headers.any_of(&["numar awb", "awb"]),
            series: headers.any_of(&["serie factura", "seria facturii"]),
            number: headers.any_of(&["numarul facturii", "numar factura"]),
            product: ProductColumns::of(&headers),
        })
    }

    fn number(&self) -> u32 {
        self.id
    }
}

impl ProductColumns {
    fn of(headers: &Headers) -> Option<Self> {
        Some(Self {
            sku: headers.any_of(&["sku", "sku produs", "cod produs"])?,
            quantity: headers.any_of(&["cantitate", "cantitate produs"])?,
            name: headers.any_of(&["nume produs", "denumire produs", "produs"]),
            price: headers.any_of(&[
                "pret cu taxa",
                "pret cu tva",
                "pret unitar cu taxa",
                "pret",
                "pret produs",
                "pret unitar",
            ]),
            purchase: headers.any_of(&["pret de achizitie", "pret achizitie"]),
        })
    }
}
