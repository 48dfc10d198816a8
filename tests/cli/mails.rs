//! Mails saved as files: what is attached goes in as files do.

use std::fs;

use vama::inside::lab::mail;

use crate::program::Books;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n";
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Writes a mail with a borderou, an invoice and a zipped batch; returns the borderou's name, and
/// the name of the batch without `.zip`.
pub fn put_mail(books: &Books) -> (String, String) {
    let of = |folder| books.month.files.iter().find(|file| file.folder == folder).unwrap();
    let (gls, netopia) = (of("gls"), of("netopia"));
    let attached: [mail::Attachment<'_>; 3] = [
        ("application/pdf", "factură.pdf", PDF),
        (WORKBOOK, &gls.name, &gls.bytes),
        ("application/zip", &netopia.name, &netopia.bytes),
    ];
    fs::create_dir_all(books.path().join("mails")).unwrap();
    books.write("mails/raport.eml", &mail::write("Raportul zilei", &attached));
    (gls.name.clone(), netopia.name.trim_end_matches(".zip").to_owned())
}

#[test]
fn what_is_attached_to_a_mail_goes_in_once() {
    let books = Books::new("mail");
    let (borderou, batch) = put_mail(&books);

    let first = books.run(&["import", "--json", "mails/raport.eml"]).ends(0).json();
    let rows = books.rows();
    let again = books.run(&["import", "--json", "mails/raport.eml"]).ends(0).json();

    let files = first["files"].as_array().unwrap();
    assert_eq!(files.len(), 2, "{first}");
    for (file, member) in files.iter().zip([&borderou, &format!("{batch}.zip/{batch}")]) {
        assert_eq!(file["file"], "mails/raport.eml");
        assert_eq!(file["member"], member.as_str());
        assert_eq!(file["status"], "imported");
        assert_eq!(file["company"], books.slug.as_str());
    }
    assert_eq!((&files[0]["format"], &files[1]["format"]), (&"gls".into(), &"netopia".into()));
    let note = "left out beside it: factură.pdf (a PDF); if it is a statement, get that as MT940 or \
                MT942 from the bank";
    assert_eq!(files[0]["warnings"], serde_json::json!([note]));
    assert_eq!(files[1]["warnings"], serde_json::json!([]));
    assert_eq!(rows["gls_borderouri"], 1);
    assert_eq!(rows["netopia_batches"], 1);
    assert_eq!(again["totals"]["inserted"], 0);
    assert_eq!(again["files"][1]["status"], "already_imported");
    assert_eq!(books.rows(), rows);
}

#[test]
fn the_report_names_the_mail_and_what_is_attached() {
    let books = Books::empty("mail-report");
    let (borderou, batch) = put_mail(&books);

    let told = books.run(&["check", "mails/raport.eml"]).ends(0);

    let lines: Vec<&str> = told.stdout.lines().collect();
    assert_eq!(lines[1], "   raport.eml");
    assert!(lines[2].starts_with(&format!(" ✓   {borderou} ")), "{}", told.stdout);
    assert!(lines[4].starts_with(&format!(" ✓   {batch}.zip ")), "{}", told.stdout);
    told.says(&format!("warning: raport.eml › {borderou}: left out beside it: "))
        .says("factură.pdf (a PDF)");
}

#[test]
fn a_folder_of_mails_is_a_batch() {
    let books = Books::new("mail-batch");
    put_mail(&books);
    let report = books.run(&["batch", "--json", "mails"]).ends(0).json();
    assert_eq!(report["totals"]["files"], 2, "{report}");
    assert_eq!(books.rows()["netopia_batches"], 1);
}

#[test]
fn a_mail_with_nothing_to_import_says_so() {
    let books = Books::empty("mail-empty");
    books.write("letter.eml", b"From: a@b.example\nSubject: x\n\n:20:X\n");
    books.write("invoice.eml", &mail::write("Factura", &[("application/pdf", "f.pdf", PDF)]));

    let told = books.run(&["check", "letter.eml"]).ends(4);
    told.says("letter.eml: the mail has no attachment").says("next: save it again as a whole");
    let told = books.run(&["check", "invoice.eml"]).ends(4);
    told.says("invoice.eml › f.pdf: no known format matches: it looks like a PDF");
}
