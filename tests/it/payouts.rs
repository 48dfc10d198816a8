//! Payouts of eMag: their documents, and what they come to.

use rust_decimal::Decimal;
use vama::inside::lab::emag::Payout;
use vama::inside::lab::month::GeneratedFile;
use vama::inside::lab::random::Random;
use vama::inside::road::report::{ExitStatus, FileReport, Status};
use vama::inside::road::{Options, import_source};
use vama::inside::store;

use crate::world::{Company, only_source, seed, told};

fn payout(seed: u64) -> Payout {
    let at = "2026-04-02T01:31:35Z".parse().unwrap();
    Payout::invent(at, 3_116_401_145, &mut Random::of(&[seed]))
}

/// Returns the file of one document.
fn file(payout: &Payout, kind: &str) -> GeneratedFile {
    let files = payout.files().unwrap();
    files.into_iter().find(|it| it.name.contains(&format!("_{kind}_"))).unwrap()
}

/// Returns what the stored documents of each day come to.
async fn paid(company: &mut Company) -> Vec<(String, Decimal)> {
    company
        .rows(
            "select made_on::text, coalesce(sum(net) filter (where kind = 'dp'), 0) \
                - coalesce(sum(gross + vouchers), 0) \
             from emag_documents group by 1 order by 1",
        )
        .await
}

async fn import(company: &mut Company, file: &GeneratedFile) -> FileReport {
    let source = only_source(&file.name, &file.bytes);
    import_source(&mut company.session, source, None, &Options::default()).await
}

#[tokio::test]
async fn the_documents_of_a_payout_go_in_by_their_seller_and_come_to_what_is_paid() {
    // No other company has this seller.
    let mut payout = payout(seed());
    payout.seller_id = u32::try_from(seed() % 1_000_000_000).unwrap();
    let seller = format!("emag:{}", payout.seller_id);
    let mut company = Company::with_accounts("payout", vec![seller]).await;
    let files = payout.files().unwrap();
    let mut imports = Vec::new();
    for file in &files {
        let report = import(&mut company, file).await;
        assert_eq!(
            (report.status, report.inserted),
            (Status::Imported, report.read),
            "{}",
            told(&report)
        );
        imports.push(report.import.unwrap());
    }
    assert_eq!(paid(&mut company).await, [("2026-04-02".to_owned(), payout.total())]);
    assert_eq!(company.count("emag_documents").await, files.len() as i64);
    let lines: i64 = company.count("emag_lines").await;

    for file in &files {
        let report = import(&mut company, file).await;
        assert_eq!(report.status, Status::AlreadyImported, "{}", told(&report));
    }
    // The same documents in other bytes, as eMag gives them out another time.
    company.as_owner("truncate %S.sync_logs cascade").await;
    for file in &files {
        let report = import(&mut company, file).await;
        assert_eq!((report.duplicates, report.held), (report.read, 0), "{}", told(&report));
    }
    assert_eq!(company.count("emag_lines").await, lines);
}

#[tokio::test]
async fn a_payout_that_is_undone_leaves_nothing() {
    let mut company = Company::new("payout-undone").await;
    let slug = company.slug.clone();
    for file in payout(1).files().unwrap() {
        let report = company.import_file(&file).await;
        let number = report.import.unwrap();
        let undone = store::undo(&mut company.session, &slug, number).await.unwrap();
        assert_eq!(undone.rows.values().sum::<u64>(), report.read + 1);
    }
    for table in ["emag_documents", "emag_lines"] {
        assert_eq!(company.count(table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_document_that_comes_again_with_another_fee_is_held_as_a_whole() {
    let first = payout(2);
    let mut company = Company::new("payout-corrected").await;
    company.import_file(&file(&first, "dc")).await;
    let before = paid(&mut company).await;
    let mut corrected = first.clone();
    corrected.fees[0].lines[0].1 += Decimal::ONE;
    let report = company.import_file(&file(&corrected, "dc")).await;
    let became = (report.read, report.inserted, report.duplicates, report.exit());
    assert_eq!(became, (3, 0, 2, ExitStatus::Held), "{}", told(&report));
    let head = &report.held_rows[0].reason;
    let said = "it is there already from import #1, with other lines: 1 line with another amount";
    assert!(head.starts_with(said), "{head}");
    assert_eq!(paid(&mut company).await, before);

    let (slug, held) = (company.slug.clone(), (report.import.unwrap(), 1));
    let accepted = store::accept(&mut company.session, &slug, held).await.unwrap();
    assert_eq!(accepted.replaced, [1], "in the place of the first");
    let fees = (corrected.fees[0].lines.iter()).map(|(_, net, _)| net).sum::<Decimal>();
    let kept: Vec<(Decimal, i64)> =
        company.rows("select net, (select count(*) from emag_lines) from emag_documents").await;
    assert_eq!(kept, [(fees, 3)]);
}

#[tokio::test]
async fn the_same_document_of_two_sellers_are_two_documents() {
    let mut company = Company::new("payout-sellers").await;
    for seller in [186_001, 186_002] {
        let mut payout = payout(3);
        payout.seller_id = seller;
        let report = company.import_file(&file(&payout, "ded")).await;
        assert_eq!((report.inserted, report.held), (3, 0), "{}", told(&report));
    }
    assert_eq!(company.count("emag_documents").await, 2);
}

#[tokio::test]
async fn equal_lines_of_one_document_are_numbered() {
    let mut payout = payout(4);
    let line = payout.fees[1].lines[0];
    payout.fees[1].lines = vec![line; 3];
    let mut company = Company::new("payout-equal").await;
    let report = company.import_file(&file(&payout, "dccd")).await;
    assert_eq!(told(&report), "Imported: 3 read, 3 inserted, 0 duplicates, 0 held");
    let proven: Vec<(i64,)> = company
        .rows(
            "select count(*) from emag_lines l join emag_documents d on d.id = l.document_id \
             where l.line_hash in (\
                select md5(d.document_hash || '|' || l.order_id || '|' || l.kind || k || '|' || l.amount) \
                  from unnest(array['', '#2', '#3']) as k) \
               and d.document_hash = md5('EMAG|' || d.seller_id || '|dccd|' || d.document_id)",
        )
        .await;
    assert_eq!(proven, [(3,)]);
}
