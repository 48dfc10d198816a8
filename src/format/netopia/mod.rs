//! Netopia's batches: the card operations that one transfer to the shop pays, as CSV.
//!
//! A payment has several lines, for its gross amount and its fees, so lines are grouped first, and
//! groups become operations. The payer's e-mail, telephone and card digits never leave this room.

mod amount;
mod cells;
mod columns;
mod export;
mod group;
mod line;
mod names;
mod records;
mod table;

use super::Format;
use crate::fault::Refusal;
use crate::record::export::HeldImport;
use crate::record::{Batch, Document, Warning};
use crate::source::Source;
use crate::value::normalize;
use line::{CsvRow, CsvRows};

/// Bytes that are read to recognise a batch: its header line has about 300.
const RECOGNISED_WITHIN: usize = 16 * 1024;

/// The format of Netopia batches.
#[derive(Debug)]
pub struct Netopia;

impl Format for Netopia {
    fn name(&self) -> &'static str {
        "netopia"
    }

    fn word(&self) -> &'static str {
        "batch"
    }

    fn export(&self) -> &'static str {
        "csv (Netopia batches)"
    }

    fn recognise(&self, source: &Source) -> bool {
        let bytes = source.bytes();
        let start = bytes.get(..RECOGNISED_WITHIN).unwrap_or(bytes);
        !source.is_zip() && table::delimiter(&normalize::decode(start)).is_some()
    }

    fn export_held(&self, import: &HeldImport) -> Option<(&'static str, Vec<u8>)> {
        Some(("csv", export::text(import)?))
    }

    fn read<'s>(&self, source: &'s Source) -> Result<Document<'s>, Refusal> {
        let rows = table::rows(source.text()?)?;
        let names = source.member().into_iter().chain([source.name()]);
        Ok(Document::Batch(batch(&rows, names)?))
    }
}

fn batch<'n>(read: &CsvRows<'_>, names: impl Iterator<Item = &'n str>) -> Result<Batch, Refusal> {
    let rows = &read.list;
    let Some(first) = rows.first() else {
        return Err(Refusal::Unreadable {
            line: None,
            reason: "no operations below the header line".to_owned(),
        });
    };
    let line = first.line;
    let batch_id = first.batch_id.to_string();
    if batch_id.is_empty() {
        return Err(Refusal::unreadable(line, "column # names no batch"));
    }
    let (paid_on, currency) = common(rows)?;
    let strays = rows.iter().filter(|row| row.is_whole && row.batch_id != batch_id);
    let strays = strays.map(|row| (row.line, row.batch_id.to_string())).collect();
    let other_day = |row: &&CsvRow<'_>| row.details.as_ref().is_ok_and(|it| it.paid_on != paid_on);
    let warnings = rows.iter().find(other_day).map(|row| Warning {
        line: Some(row.line),
        text: format!("not all lines were paid on {paid_on}"),
    });
    let net = rows.iter().flat_map(|row| &row.money).map(|money| money.net()).sum();
    let named = names.into_iter().find_map(names::batch_and_report).unzip();
    let (operations, damaged) = group::operations(read);
    Ok(Batch {
        line,
        batch_id,
        strays,
        name_batch_id: named.0,
        report_id: named.1,
        paid_on,
        currency,
        net,
        operations,
        damaged,
        warnings: warnings.into_iter().collect(),
    })
}

/// Returns the day of the transfer and the currency, which all lines share.
fn common(rows: &[CsvRow<'_>]) -> Result<(chrono::NaiveDate, crate::record::Currency), Refusal> {
    let mut details = rows.iter().filter_map(|row| Some((row.line, row.details.as_ref().ok()?)));
    let Some((_, first)) = details.next() else {
        return Err(Refusal::Unreadable {
            line: None,
            reason: "no line has a date of payment and a currency".to_owned(),
        });
    };
    if let Some((line, other)) = details.find(|(_, it)| it.currency != first.currency) {
        let reason = format!("a line in {}, expected {} as above", other.currency, first.currency);
        return Err(Refusal::unreadable(line, reason));
    }
    Ok((first.paid_on, first.currency))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;
    use crate::format::detect;
    use crate::record::{Operation, OperationKind, Reason};
    use crate::source::Sources;

    const HEADER: &str = "#,Comerciant,Id,\"Data platii\",\"Data operatiei\",Procesat,Creditat,\
                          Comision,TVA,Moneda,\"Discount campanie\",\"Discount refund campanie\",\
                          Prenume,Nume,Email,Telefon,Descriere,\"ID Terminal\",RRN,\"Bin card\"";

    /// Returns a line of an `Id` at that second; `money` has Procesat, Creditat, Comision and TVA.
    fn line(id: &str, second: u32, money: &str) -> String {
        let merchant = if id.is_empty() { "BankTransfer:80739" } else { "Gomag" };
        format!(
            "7,{merchant},{id},2026-03-06 00:00:00,2026-03-02 09:35:{second:02},{money},RON,0,0.00,\
             Ana,Țintă,ana@example.ro,40700000401,Comanda nr. 311 - example.ro,35545,5209,411111"
        )
    }

    fn source(lines: &[String]) -> Source {
        let text = format!("{HEADER}\n{}\n", lines.join("\n"));
        Source::new("batchId.7.9.csv", None, text.into_bytes())
    }

    fn read(source: &Source) -> Batch {
        assert!(Netopia.recognise(source));
        match Netopia.read(source).unwrap() {
            Document::Batch(batch) => batch,
            other => panic!("{other:?}"),
        }
    }

    fn batch_of(lines: &[String]) -> Batch {
        read(&source(lines))
    }

    fn refusal(text: &str) -> String {
        let source = Source::new("batch.csv", None, text.as_bytes().to_vec());
        Netopia.read(&source).unwrap_err().to_string()
    }

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn kinds(batch: &Batch) -> Vec<OperationKind> {
        batch.operations.iter().map(|it| it.kind).collect()
    }

    fn money(operation: &Operation) -> [String; 3] {
        [operation.amount, operation.fee, operation.vat].map(|it| it.normalize().to_string())
    }

    #[test]
    fn a_batch_as_netopia_writes_it_is_read_whole() {
        let bytes = include_bytes!("../../../fixtures/netopia/batchId.52001836.2201836.csv");
        let name = "batchId.52001836.2201836.csv";
        let source = Source::new(name, None, bytes.to_vec());
        assert_eq!(detect(&source).unwrap().name(), "netopia");

        let batch = read(&source);

        assert_eq!(batch.batch_id, "52001836");
        assert_eq!(batch.name_batch_id.as_deref(), Some("52001836"));
        assert_eq!(batch.report_id.as_deref(), Some("2201836"));
        assert_eq!(batch.paid_on.to_string(), "2026-03-06");
        assert_eq!(batch.net, dec("1034.34893"));
        assert_eq!(batch.operations.iter().map(Operation::net).sum::<Decimal>(), batch.net);
        assert!(batch.damaged.is_empty() && batch.warnings.is_empty() && batch.strays.is_empty());
        use OperationKind::{Payment, PayoutFee, Refund};
        let expected = [PayoutFee, Payment, Payment, Payment, Payment, Payment, Refund];
        assert_eq!(kinds(&batch), expected);
        let payment = &batch.operations[1];
        assert_eq!((payment.line, payment.netopia_id.as_str()), (3, "1401"));
        assert_eq!(money(payment), ["189.45", "2.17556", "0.45687"]);
        assert_eq!(payment.at.to_string(), "2026-03-02 09:35:09");
        assert_eq!(payment.order_id.as_deref(), Some("3115391222"));
        assert_eq!(payment.payer_name.as_deref(), Some("Florin Probă"));
        assert_eq!(payment.terminal_id.as_deref(), Some("35545"));
        assert_eq!(payment.rrn.as_deref(), Some("520900001401"));
        let refund = &batch.operations[6];
        assert_eq!((refund.line, refund.netopia_id.as_str()), (18, "1417"));
        assert_eq!(money(refund), ["-70.85", "-0.70142", "-0.1473"]);
    }

    #[test]
    fn a_mailed_zip_names_the_batch_of_its_member() {
        let bytes = include_bytes!("../../../fixtures/netopia/batchId.52002673.2202673.csv.zip");
        let name = "attachment; filename=batchId.52002673.2202673.csv.zip";
        let mut sources = Sources::of_bytes(name, bytes.to_vec()).unwrap();

        let batch = read(&sources.next().unwrap().unwrap());

        assert_eq!(batch.net, dec("553.2764"));
        assert_eq!(batch.report_id.as_deref(), Some("2202673"));
        assert!(sources.next().is_none());
    }

    #[test]
    fn email_telephone_and_card_are_kept_nowhere() {
        let batch = batch_of(&[
            line("1", 1, "10,0,0,0"),
            line("2", 1, "x,0,0,0"),
            line("3", 1, "10,0,0,0") + ",one cell more",
            "7,Gomag,4,,ana@example.ro,40700000401,411111".to_owned(),
        ]);
        assert_eq!((batch.operations.len(), batch.damaged.len()), (1, 3));
        let kept = format!("{batch:?}");
        for personal in ["ana@example.ro", "40700000401", "411111"] {
            assert!(!kept.contains(personal), "{personal}");
        }
        assert!(kept.contains("Comanda nr. 311 - example.ro;35545;5209"));
    }

    #[test]
    fn a_payment_and_a_refund_in_one_second_are_two_operations() {
        let batch = batch_of(&[
            line("1", 1, "100,0,0,0"),
            line("1", 1, "0,0,-1.5,-0.315"),
            line("1", 1, "0,-40,0,0"),
        ]);
        assert_eq!(kinds(&batch), [OperationKind::Payment, OperationKind::Refund]);
        assert_eq!(money(&batch.operations[0]), ["100", "1.5", "0.315"]);
        assert_eq!(money(&batch.operations[1]), ["-40", "0", "0"]);
        assert_eq!((batch.operations[0].line, batch.operations[1].line), (2, 4));
        assert_eq!(batch.operations[0].raw.lines().count(), 2);
        assert_eq!(batch.net, dec("58.185"));
    }

    #[test]
    fn two_payout_fees_are_two_operations() {
        let batch = batch_of(&[line("", 1, "0,0,-5,-1.05"), line("", 1, "0,0,-5,-1.05")]);
        assert_eq!(kinds(&batch), [OperationKind::PayoutFee; 2]);
        assert_eq!(batch.operations[1].netopia_id, "80739");
        assert_eq!(batch.operations[1].order_id, None);
        assert_eq!(batch.net, dec("-12.1"));
    }

    #[test]
    fn discounts_are_part_of_the_amount() {
        let discounted = line("1", 1, "100,0,0,-0").replace(",0,0.00,", ",-7.5,0.5,");
        let batch = batch_of(&[discounted]);
        assert_eq!(money(&batch.operations[0]), ["93", "0", "0"]);
        assert_eq!(batch.net, dec("93"));
        assert_eq!(batch.operations[0].fee.to_string(), "0");
    }

    #[test]
    fn a_group_goes_in_whole_or_not_at_all() {
        let good = line("9", 1, "10,0,0,0");
        let unclear_day = line("1", 2, "0,0,-1,0").replace("2026-03-02 09", "2026-13-02 09");
        let no_currency = line("1", 2, "0,0,-1,0").replace("RON", "");
        let too_many = line("1", 2, "0,0,-1,0") + ",x";
        let too_exact = line("1", 2, "0,0,-0.000001,0");
        let cut = "7,Gomag,1,2026-03-06 00:00:00,2026-03-02 09:35:02,0".to_owned();
        for broken in [unclear_day, no_currency, too_many, too_exact, cut] {
            let gross = line("1", 2, "100,0,0,0");
            let batch = batch_of(&[gross, good.clone(), broken.clone()]);

            let held = &batch.damaged[0];
            assert_eq!((batch.operations.len(), batch.damaged.len()), (1, 1), "{broken}");
            assert_eq!((held.line, held.raw.lines().count()), (2, 2), "{broken}");
        }
    }

    #[test]
    fn a_fee_that_comes_back_alone_is_an_operation() {
        let batch = batch_of(&[
            line("1", 1, "0,0,5.37273,1.12827"),
            line("2", 1, "0,0,0.3,0"),
            line("3", 1, "0,0,0,0.063"),
            line("4", 1, "100,0,0,0"),
            line("4", 2, "0,0,0.99,0.2079"),
        ]);
        use OperationKind::{FeeReturn, Payment};
        assert_eq!(kinds(&batch), [FeeReturn, FeeReturn, FeeReturn, Payment, FeeReturn]);
        let of: Vec<_> = batch.operations.iter().map(money).collect();
        assert_eq!(of[0], ["0", "-5.37273", "-1.12827"]);
        assert_eq!(
            (&of[1], &of[2]),
            (&["0", "-0.3", "0"].map(str::to_owned), &["0", "0", "-0.063"].map(str::to_owned))
        );
        assert_eq!(batch.operations[0].order_id.as_deref(), Some("311"));
        assert_eq!(batch.operations[0].payer_name.as_deref(), Some("Ana Țintă"));
        assert_eq!(batch.net, dec("108.0619"));
        assert_eq!(batch.operations.iter().map(Operation::net).sum::<Decimal>(), batch.net);
    }

    #[test]
    fn fees_that_come_back_in_one_second_are_one_operation() {
        let fees = ["0,0,0.3,0.063", "0,0,1.5,0.315", "0,0,0,-0"];
        let batch = batch_of(&fees.map(|fee| line("1", 1, fee)));
        assert_eq!(kinds(&batch), [OperationKind::FeeReturn]);
        assert_eq!(money(&batch.operations[0]), ["0", "-1.8", "-0.378"]);
        assert_eq!(batch.operations[0].raw.lines().count(), 3);
    }

    #[test]
    fn a_fee_that_comes_back_with_a_refund_is_part_of_the_refund() {
        let batch = batch_of(&[line("1", 1, "0,0,0.7,0.147"), line("1", 1, "0,-70,0,0")]);
        assert_eq!(kinds(&batch), [OperationKind::Refund]);
        assert_eq!(money(&batch.operations[0]), ["-70", "-0.7", "-0.147"]);
    }

    #[test]
    fn a_fee_that_comes_back_beside_anything_unclear_is_held() {
        let discount = line("1", 1, "0,0,1,0").replace(",0,0.00,", ",2,0.00,");
        let with_fee = [line("1", 1, "0,0,2,0"), line("1", 1, "0,0,-1,0")];
        let cancelled = [line("1", 1, "5,0,1,0"), line("1", 1, "-5,0,0,0")];
        let other_vat = [line("1", 1, "0,0,2,-1")];
        let nothing = [line("1", 1, "0,0,0,-0")];
        for lines in [&[discount][..], &with_fee, &cancelled, &other_vat, &nothing] {
            let batch = batch_of(lines);
            assert_eq!((batch.operations.len(), batch.damaged.len()), (0, 1), "{lines:?}");
        }
    }

    #[test]
    fn lines_that_neither_pay_nor_refund_are_held() {
        let ownerless = line("1", 1, "5,0,0,0").replace(",1,2026", ",,2026");
        let batch = batch_of(&[line("1", 1, "0,0,-1,0"), ownerless, line("1", 1, "0,0,-2,0")]);
        let held: Vec<_> = batch.damaged.iter().map(|it| (it.line, &it.reason)).collect();
        assert!(matches!(held[0], (2, Reason::Form { .. })));
        assert_eq!(held[1], (3, &Reason::Missing { field: "Id" }));
        assert_eq!(batch.net, dec("2"));
    }

    #[test]
    fn semicolons_and_tabs_with_a_decimal_comma_say_the_same() {
        let lines = [line("1", 1, "100.5,0,-1.25,-0.063"), line("2", 1, "0,-7,0,0")];
        let text = format!("{HEADER}\n{}", lines.join("\n"));
        let expected = format!("{:?}", read(&source(&lines)).operations);
        for delimiter in [";", "\t"] {
            let text = text.replace(',', delimiter).replace(".5", ",5").replace(".25", ",25");
            let batch = read(&Source::new("a.csv", None, text.into_bytes()));
            assert_eq!(batch.net, dec("92.187"));
            let found = format!("{:?}", batch.operations).replace("100,5", "100.5");
            let found = found.replace("-1,25", "-1.25").replace("\\t", ";");
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_byte_order_mark_blank_lines_and_windows_line_ends_change_nothing() {
        let lines = [line("1", 1, "1,0,0,0"), line("2", 1, "2,0,0,0")];
        let text = format!("\u{feff}\r\n{HEADER}\r\n\r\n{}\r\n,,,\r\n{}", lines[0], lines[1]);
        let batch = read(&Source::new("a.csv", None, text.into_bytes()));
        let lines: Vec<_> = batch.operations.iter().map(|it| it.line).collect();
        assert_eq!(lines, [4, 6]);
    }

    #[test]
    fn a_cell_may_run_over_two_lines_if_it_ends() {
        let long = line("1", 1, "1,0,0,0").replace("Comanda nr. 311", "\"Comanda\nnr. 311\"");
        let batch = batch_of(&[long, line("2", 1, "2,0,0,0")]);
        assert_eq!(batch.operations[0].order_id.as_deref(), Some("311"));
        assert_eq!((batch.operations[0].line, batch.operations[1].line), (2, 4));

        let open = line("1", 1, "1,0,0,0").replace("Comanda", "\"Comanda");
        let refused = Netopia.read(&source(&[open, line("2", 1, "2,0,0,0")])).unwrap_err();
        assert_eq!(refused.to_string(), "line 2: a quotation mark that is not closed on its line");
    }

    #[test]
    fn a_line_of_another_batch_is_named() {
        let batch =
            batch_of(&[line("1", 1, "1,0,0,0"), line("2", 1, "1,0,0,0").replacen('7', "8", 1)]);
        assert_eq!((batch.batch_id.as_str(), batch.strays), ("7", vec![(3, "8".to_owned())]));
    }

    #[test]
    fn a_line_paid_on_another_day_is_warned_of() {
        let later = line("2", 1, "1,0,0,0").replace("03-06", "03-07");
        let batch = batch_of(&[line("1", 1, "1,0,0,0"), later]);
        assert_eq!(batch.warnings[0].line, Some(3));
        assert_eq!(batch.paid_on.to_string(), "2026-03-06");
    }

    #[test]
    fn a_file_that_makes_no_batch_is_refused_with_the_reason() {
        let payment = line("1", 1, "1,0,0,0");
        let of = |lines: &str| refusal(&format!("{HEADER}\n{lines}"));
        assert_eq!(of(""), "no operations below the header line");
        let euro = line("2", 1, "1,0,0,0").replace("RON", "EUR");
        assert_eq!(
            of(&format!("{payment}\n{euro}")),
            "line 3: a line in EUR, expected RON as above"
        );
        assert_eq!(of(&payment.replacen('7', "", 1)), "line 2: column # names no batch");
        assert!(of("7,Gomag").starts_with("no line has a date"));
        let header = HEADER.replace("TVA", "Taxa");
        assert_eq!(refusal(&format!("{header}\n{payment}")), "no column TVA in the header line");
        assert!(refusal("a,b\n1,2").starts_with("line 1: no header line"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_reading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            for start in [String::new(), format!("{HEADER}\n")] {
                let source = Source::new("any", None, [start.as_bytes(), &bytes].concat());
                let _ = (Netopia.recognise(&source), Netopia.read(&source).is_ok());
            }
        }

        #[test]
        fn no_damage_to_a_batch_makes_reading_panic(
            damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
            end in any::<prop::sample::Index>(),
        ) {
            let lines = [line("", 1, "0,0,-5,-1.05"), line("1", 1, "1,0,0,0"), line("1", 1, "0,-1,0,0")];
            let mut bytes = source(&lines).bytes().to_vec();
            for (at, byte) in damage {
                let place = at.index(bytes.len());
                bytes[place] = byte;
            }
            bytes.truncate(HEADER.len() + end.index(bytes.len()));
            let source = Source::new("any", None, bytes);
            let _ = (Netopia.recognise(&source), Netopia.read(&source).is_ok());
        }
    }
}
