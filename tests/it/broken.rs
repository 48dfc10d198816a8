//! A file that breaks off while it loads, a connection that is lost, a server that says no: a file
//! that was under way goes in as a whole or not at all, and files that come behind it go in.

use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use vama::inside::fault::Fault;
use vama::inside::lab::month::GeneratedFile;
use vama::inside::road::Options;
use vama::inside::road::land::land;
use vama::inside::road::meter::Meter;
use vama::inside::road::prepare::{Prepared, prepare};
use vama::inside::road::report::{FileReport, Status};
use vama::inside::source::Source;
use vama::inside::store::{Database, Session};

use crate::common::server;
use crate::proxy::{Cut, Proxy};
use crate::world::{Company, month, only_source, told};

/// What each try of a group sends once, whatever becomes of it.
const ONE_TRY: &str = "set_config('lock_timeout'";

/// A file that was read and adds up.
type Ready = Box<Prepared>;

fn ready(source: Source) -> Ready {
    prepare(&Arc::new(source), &Options::default(), &Meter::default()).unwrap()
}

fn all_ready(files: &[&GeneratedFile]) -> Vec<Ready> {
    files.iter().map(|file| ready(only_source(&file.name, &file.bytes))).collect()
}

async fn land_in(session: &mut Session, slug: &str, files: Vec<Ready>) -> Vec<FileReport> {
    land(session, slug, files, &Options::default(), &Meter::default()).await
}

fn statuses(reports: &[FileReport]) -> Vec<Status> {
    reports.iter().map(|report| report.status).collect()
}

/// A session that goes through a proxy; none where the suite runs without a server.
async fn through_proxy() -> Option<(Proxy, Session)> {
    let proxy = Proxy::new(&server()?);
    let database = Database::choose(Some(proxy.url()), PathBuf::new).unwrap();
    let session = database.connect().await.unwrap();
    Some((proxy, session))
}

/// Returns a statement of so many entries that stays on the disk, and its file.
fn on_disk(entries: u32) -> (Source, File) {
    let mut text =
        ":20:S\n:25:RO49AAAA1B31007593840000\n:28C:9/1\n:60F:C260301RON0,00\n".to_owned();
    for number in 0..entries {
        text.push_str(&format!(":61:260302C1,00NTRFNONREF//OP{number}\n:86:Plata\n"));
    }
    text.push_str(&format!(":62F:C260331RON{entries},00\n"));
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file.rewind().unwrap();
    (Source::of_large("large.sta", file.try_clone().unwrap()).unwrap(), file)
}

#[tokio::test]
async fn a_file_that_is_cut_off_while_it_loads_fails_alone() {
    let month = month();
    let mut company = Company::new("cut-off").await;
    let (source, disk) = on_disk(2000);
    let mut files = all_ready(&[&month.files[2]]);
    files.push(ready(source));
    files.extend(all_ready(&[&month.files[3]]));
    disk.set_len(40_000).unwrap();
    let slug = company.slug.clone();

    let reports = land_in(&mut company.session, &slug, files).await;

    let expected = [Status::Imported, Status::Refused, Status::Imported];
    assert_eq!(statuses(&reports), expected, "{}", told(&reports[1]));
    assert_eq!(reports[1].error.as_ref().unwrap().fault, Fault::Changed);
    // The same session takes the next file too, and the failed one is in the log.
    let next = company.import_file(&month.files[4]).await;
    assert_eq!(next.status, Status::Imported, "{}", told(&next));
    let failed: Vec<(String,)> =
        company.rows("select file_names[1] from sync_logs where status = 'failed'").await;
    assert_eq!(failed, [("large.sta".to_owned(),)]);
    assert_eq!(company.count("bank_transactions").await, 0);
}

#[tokio::test]
async fn a_file_that_is_cut_off_between_two_buckets_leaves_nothing() {
    let mut company = Company::new("cut-bucket").await;
    let (source, disk) = on_disk(70_000);
    let files = vec![ready(source)];
    let slug = company.slug.clone();
    // The first buckets are read before it is found that the last bytes are missing.
    disk.set_len(disk.metadata().unwrap().len() - 60).unwrap();
    let reports = land_in(&mut company.session, &slug, files).await;
    assert_eq!(statuses(&reports), [Status::Refused], "{}", told(&reports[0]));
    assert_eq!(company.count("bank_transactions").await, 0);
    let next = company.import_file(&month().files[0]).await;
    assert_eq!(next.status, Status::Imported, "{}", told(&next));
}

#[tokio::test]
async fn a_connection_that_is_cut_in_the_middle_of_a_copy_is_made_anew() {
    let Some((proxy, mut session)) = through_proxy().await else { return };
    let month = month();
    let mut company = Company::new("cut-copy").await;
    let slug = company.slug.clone();
    proxy.cut(Cut::Before, "PGCOPY\n", 1);
    let files = all_ready(&[&month.files[0], &month.files[2]]);
    let reports = land_in(&mut session, &slug, files).await;
    assert_eq!(statuses(&reports), [Status::Imported; 2], "{}", told(&reports[0]));
    assert_eq!(reports[0].inserted, reports[0].read);
    let all = company.count("bank_transactions").await as usize;
    assert_eq!(all, month.expected.bank_transactions);
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_told_as_the_import_that_it_was() {
    let Some((proxy, mut session)) = through_proxy().await else { return };
    let month = month();
    let mut company = Company::new("lost-answer").await;
    let slug = company.slug.clone();
    proxy.cut(Cut::Behind, "commit\0", 1);
    let files = all_ready(&[&month.files[0], &month.files[2]]);
    let reports = land_in(&mut session, &slug, files).await;
    assert_eq!(statuses(&reports), [Status::Imported; 2], "{}", told(&reports[0]));
    assert_eq!(reports[0].inserted, reports[0].read, "{}", told(&reports[0]));
    let logged: Vec<(i64, i64)> =
        company.rows("select number, records_inserted from sync_logs order by 1").await;
    let told: Vec<(i64, i64)> =
        reports.iter().map(|it| (it.import.unwrap(), it.inserted as i64)).collect();
    assert_eq!(logged, told);
}

#[tokio::test]
async fn a_commit_that_never_arrived_is_sent_again() {
    let Some((proxy, mut session)) = through_proxy().await else { return };
    let month = month();
    let mut company = Company::new("lost-commit").await;
    let slug = company.slug.clone();
    proxy.cut(Cut::Before, "commit\0", 2);
    let reports = land_in(&mut session, &slug, all_ready(&[&month.files[0]])).await;
    assert_eq!(statuses(&reports), [Status::Imported], "{}", told(&reports[0]));
    let all = company.count("bank_transactions").await as usize;
    assert_eq!(all, month.expected.bank_transactions);
}

#[tokio::test]
async fn a_connection_that_is_lost_between_two_files_costs_none() {
    let Some((proxy, mut session)) = through_proxy().await else { return };
    let month = month();
    let company = Company::new("lost-between").await;
    let slug = company.slug.clone();
    let first = land_in(&mut session, &slug, all_ready(&[&month.files[0]])).await;
    proxy.cut(Cut::Before, ONE_TRY, 1);
    let second = land_in(&mut session, &slug, all_ready(&[&month.files[2]])).await;
    let statuses = [statuses(&first), statuses(&second)].concat();
    assert_eq!(statuses, [Status::Imported; 2], "{}", told(&second[0]));
}

#[tokio::test]
async fn a_right_that_is_missing_is_told_of_all_files_after_one_try() {
    let month = month();
    let mut company = Company::new("no-right").await;
    let role = format!("vama_{}", company.slug.replace('-', "_"));
    company.as_owner(&format!("revoke insert on %S.gls_borderouri from {role}")).await;
    let files: Vec<_> = month.files.iter().filter(|it| it.folder == "gls").collect();
    let slug = company.slug.clone();
    let mut tries = None;
    let reports = match through_proxy().await {
        Some((proxy, mut session)) => {
            let reports = land_in(&mut session, &slug, all_ready(&files)).await;
            tries = Some(proxy.count(ONE_TRY));
            reports
        }
        None => land_in(&mut company.session, &slug, all_ready(&files)).await,
    };
    assert!(files.len() > 10);
    for report in &reports {
        let error = report.error.as_ref().unwrap();
        assert_eq!(error.fault, Fault::Rights, "{}", told(report));
        assert!(error.advice.as_ref().unwrap().contains("right"));
    }
    // One transaction for the files, and one that logs them.
    assert!(tries.is_none_or(|tries| tries == 2), "{tries:?}");
    let logged: Vec<(i64,)> =
        company.rows("select count(*) from sync_logs where status = 'failed'").await;
    assert_eq!(logged, [(files.len() as i64,)]);
}

#[tokio::test]
async fn rows_that_a_constraint_turns_down_are_sent_once() {
    let Some((proxy, mut session)) = through_proxy().await else { return };
    let month = month();
    let mut company = Company::new("turned-down").await;
    if !company.is_here().await {
        return;
    }
    company.as_owner("alter table %S.gls_parcels add constraint none check (false)").await;
    let files: Vec<_> = month.files.iter().filter(|it| it.folder == "gls").take(8).collect();
    let slug = company.slug.clone();
    let reports = land_in(&mut session, &slug, all_ready(&files)).await;
    assert!(reports.iter().all(|it| it.error.as_ref().unwrap().fault == Fault::Rows));
    // The halves down to single files make 15 transactions; one more logs the failures.
    assert_eq!(proxy.count(ONE_TRY), 16);
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_sent_in_parts_until_one_file_alone_is_too_much() {
    let Some((proxy, mut session)) = through_proxy().await else { return };
    let month = month();
    let mut company = Company::new("too-long").await;
    if !company.is_here().await {
        return;
    }
    company
        .as_owner(
            "create function %S.too_long() returns trigger language plpgsql as $$ \
             begin raise exception 'canceling statement' using errcode = 'query_canceled'; end $$;\n\
             create trigger too_long before insert on %S.gls_parcels \
             for each row execute function %S.too_long()",
        )
        .await;
    let files: Vec<_> = month.files.iter().filter(|it| it.folder == "gls").take(16).collect();
    let slug = company.slug.clone();
    let reports = land_in(&mut session, &slug, all_ready(&files)).await;
    assert_eq!(reports.len(), files.len());
    for (report, file) in reports.iter().zip(&files) {
        let error = report.error.as_ref().unwrap();
        assert_eq!((error.fault, report.exit().code()), (Fault::Slow, 5), "{}", told(report));
        assert!(error.advice.as_ref().unwrap().contains("statement_timeout"));
        assert_eq!(report.file, file.name);
    }
    assert_eq!(proxy.count(ONE_TRY), 5);
}

#[tokio::test]
async fn an_import_is_not_bound_by_the_time_that_the_server_gives_a_question() {
    let month = month();
    let mut company = Company::new("own-time").await;
    if !company.is_here().await {
        return;
    }
    company
        .as_owner(
            "create function %S.look() returns trigger language plpgsql as $$ begin \
             if current_setting('statement_timeout') <> '12h' then \
             raise exception 'found %', current_setting('statement_timeout'); end if;\n\
             return new; end $$;\n\
             create trigger look before insert on %S.bank_transactions \
             for each row execute function %S.look()",
        )
        .await;
    let report = company.import_file(&month.files[0]).await;
    assert_eq!(report.status, Status::Imported, "{}", told(&report));
}
