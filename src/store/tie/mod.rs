//! The ties of a company are brought in step with its settlements and credits.

mod books;

use std::time::Duration;

use sqlx::PgConnection;
use uuid::Uuid;

use crate::store::connection::enter::enter_locked;
use crate::store::connection::session::done_reading;
use crate::store::connection::silence::unless_silent;
use crate::store::connection::turn::{Turn, Value};
use crate::store::connection::wait::WAIT_MAX;
use crate::store::{Session, StoreError};
use crate::tie::{Books, CannotTie, Changes, Said, Tie};

const TYING: &str = "tying settlements to credits";

/// Brings the stored ties in step with the settlements and credits that are stored now. Where nothing
/// has changed nothing is written; it may be called at any time, and makes up for every call before
/// that failed.
///
/// # Errors
///
/// A company that is unknown, behind, or locked for longer than `lock_wait`; a database that fails. All
/// ties stay as they were then.
pub async fn tie(session: &mut Session, slug: &str, lock_wait: Duration) -> Result<(), StoreError> {
    let database = session.database().clone();
    let tying = async {
        let (mut tx, _) = enter_locked(session, slug, lock_wait).await?;
        let changes = bring_in_step(&mut tx).await?;
        let ended = if changes.is_empty() { tx.rollback().await } else { tx.commit().await };
        ended.map_err(StoreError::at(TYING))
    };
    unless_silent(&database, tying).await
}

/// Makes the changes that `say` makes of the company's books, which have what customers owe as far as
/// `names` may mean it. Returns why there are none, where somebody says what cannot be.
///
/// # Errors
///
/// As [`tie`].
pub async fn tie_as_said(
    session: &mut Session,
    slug: &str,
    names: &[String],
    say: impl FnOnce(&Books) -> Result<Changes, CannotTie>,
) -> Result<Result<(), CannotTie>, StoreError> {
    let (mut tx, _) = enter_locked(session, slug, WAIT_MAX).await?;
    let (mut books, out_of_step) = books::read(&mut tx, books::Credits::All).await?;
    books.bills = books::bills(&mut tx, names).await?;
    match say(&books) {
        Ok(changes) => {
            write(&mut tx, &changes, &out_of_step).await?;
            tx.commit().await.map_err(StoreError::at(TYING))?;
            Ok(Ok(()))
        }
        Err(error) => done_reading(tx).await.map(|()| Err(error)),
    }
}

/// Returns what people call the settlement and the credit of each of these stored ties.
pub(crate) async fn names_of(
    connection: &mut PgConnection,
    ties: &[Tie],
) -> Result<Vec<(String, String)>, StoreError> {
    if ties.is_empty() {
        return Ok(Vec::new());
    }
    let (mut books, _) = books::read(connection, books::Credits::OfSenders).await?;
    books.bills = books::bills(connection, &[]).await?;
    Ok(ties.iter().map(|tie| books.names(tie)).collect())
}

/// Brings the ties in step inside a transaction that keeps other imports of the company out.
pub(crate) async fn bring_in_step(connection: &mut PgConnection) -> Result<Changes, StoreError> {
    let (books, out_of_step) = books::read(connection, books::Credits::OfSenders).await?;
    let changes = books.changes(&Said::default());
    write(connection, &changes, &out_of_step).await?;
    Ok(changes)
}

/// Writes the changes, and says the same in the settlements that they are about and in those that are
/// out of step, in one turn.
async fn write(
    connection: &mut PgConnection,
    changes: &Changes,
    out_of_step: &[String],
) -> Result<(), StoreError> {
    if changes.is_empty() && out_of_step.is_empty() {
        return Ok(());
    }
    fn column(ties: &[Tie], of: impl Fn(&Tie) -> String) -> Vec<String> {
        ties.iter().map(of).collect()
    }
    let ids: Vec<String> = changes.added.iter().map(|_| Uuid::now_v7().to_string()).collect();
    let kinds = |ties: &[Tie]| column(ties, |it| it.settlement.kind.clone());
    let keys = |ties: &[Tie]| column(ties, |it| it.settlement.key.clone());
    let credits = |ties: &[Tie]| column(ties, |it| it.credit.clone());
    let (gone, new) = (&changes.removed, &changes.added);
    let (aside, back) = (&changes.set_aside, &changes.called_back);
    let moved = [aside.clone(), back.clone()].concat();
    let (waiting, counting) = (|it: &Tie| it.waiting(), |it: &Tie| it.counting());
    let before: Vec<Tie> = aside.iter().map(counting).chain(back.iter().map(waiting)).collect();
    let after: Vec<Tie> = aside.iter().map(waiting).chain(back.iter().map(counting)).collect();
    let touched: Vec<String> = [keys(gone), keys(new), keys(&moved), out_of_step.to_vec()].concat();
    Turn::default()
        .add(
            TYING,
            include_str!("../sql/tie/remove.sql"),
            &[Value::Texts(&kinds(gone)), Value::Texts(&keys(gone)), Value::Texts(&credits(gone))],
        )
        .add(
            TYING,
            include_str!("../sql/tie/rename.sql"),
            &[
                Value::Texts(&kinds(&before)),
                Value::Texts(&kinds(&after)),
                Value::Texts(&keys(&moved)),
                Value::Texts(&credits(&moved)),
            ],
        )
        .add(
            TYING,
            include_str!("../sql/tie/add.sql"),
            &[
                Value::Texts(&ids),
                Value::Texts(&kinds(new)),
                Value::Texts(&keys(new)),
                Value::Texts(&credits(new)),
                Value::Texts(&column(new, |it| it.amount.to_string())),
                Value::Texts(&column(new, |it| it.rule.name().to_owned())),
            ],
        )
        .add(TYING, include_str!("../sql/tie/match_gls.sql"), &[Value::Texts(&touched)])
        .add(TYING, include_str!("../sql/tie/match_courier.sql"), &[Value::Texts(&touched)])
        .add(TYING, include_str!("../sql/tie/match_netopia.sql"), &[Value::Texts(&touched)])
        .take(connection)
        .await
        .map(drop)
}
