//! What came in a mail keeps the mail's date and subject.

use vama::inside::lab::mail;
use vama::inside::road::{Options, import_source};
use vama::inside::source::Sources;

use crate::world::{Company, month};

const SUBJECT: &str = "Raportul săptămânii";

#[tokio::test]
async fn the_mails_date_and_subject_stand_in_the_rows_and_in_the_log() {
    let mut company = Company::new("mail-head").await;
    let month = month();
    let of = |folder| month.files.iter().find(|file| file.folder == folder).unwrap();
    let (gls, netopia) = (of("gls"), of("netopia"));
    let statement = month.statement_of(0..1).unwrap();
    let kind = "application/octet-stream";
    let attached = [
        (kind, &*gls.name, &*gls.bytes),
        (kind, &*netopia.name, &*netopia.bytes),
        (kind, &*statement.name, &*statement.bytes),
    ];
    let letter = mail::write(SUBJECT, &attached);
    for source in Sources::of_bytes("mails/raport.eml", letter).unwrap() {
        let options = Options::default();
        let slug = company.slug.clone();
        let report =
            import_source(&mut company.session, source.unwrap(), Some(&slug), &options).await;
        assert!(report.error.is_none(), "{report:?}");
    }

    let sent = "2026-03-02 18:45:00".to_owned();
    for table in ["gls_borderouri", "netopia_batches"] {
        let rows: Vec<(String, String)> = match table {
            "gls_borderouri" => company.rows(
                "select (email_date at time zone 'utc')::text, email_subject from gls_borderouri",
            ),
            _ => company.rows(
                "select (email_date at time zone 'utc')::text, email_subject from netopia_batches",
            ),
        }
        .await;
        assert_eq!(rows, [(sent.clone(), SUBJECT.to_owned())], "{table}");
    }
    let logged: Vec<(String, String, String, String)> = company
        .rows(
            "select details ->> 'container', details ->> 'member', details ->> 'email_date',
                    details ->> 'email_subject' from sync_logs order by number",
        )
        .await;
    let zipped = format!("{}/{}", netopia.name, netopia.name.trim_end_matches(".zip"));
    let members = [gls.name.clone(), zipped, statement.name.clone()];
    let expected = members.map(|member| {
        let (mail, date) = ("raport.eml".to_owned(), "2026-03-02T20:45:00+02:00".to_owned());
        (mail, member, date, SUBJECT.to_owned())
    });
    assert_eq!(logged, expected);
}

#[tokio::test]
async fn what_came_in_no_mail_has_no_date_or_subject() {
    let mut company = Company::new("no-mail").await;
    let gls = month().files.iter().find(|file| file.folder == "gls").cloned().unwrap();
    company.import_file(&gls).await;
    let rows: Vec<(Option<String>, Option<String>)> =
        company.rows("select email_date::text, email_subject from gls_borderouri").await;
    assert_eq!(rows, [(None, None)]);
}
