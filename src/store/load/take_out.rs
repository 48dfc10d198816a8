//! Stored settlements → out of the tables, since the same ones come in corrected or whole.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::row::Table;
use crate::store::StoreError;
use crate::store::connection::turn::{Turn, Value};

const TAKING_OUT: &str = "taking out a settlement that comes in again";

/// Takes the settlements with these identifiers out, whose heads are in that table. Their imports are
/// noted as lacking rows, so that their files are read again when they come again. Where another import
/// brings the settlement whole, lines that could not be read are settled by it.
pub(crate) async fn take_out(
    connection: &mut PgConnection,
    heads: Table,
    ids: &[String],
    whole_by: Option<Uuid>,
) -> Result<(), StoreError> {
    let going = [Value::Texts(ids)];
    let imports: Vec<(String,)> = Turn::default()
        .add(TAKING_OUT, include_str!("../sql/accept/imports_of.sql"), &going)
        .take(connection)
        .await?
        .values(TAKING_OUT)?;
    let imports: Vec<String> = imports.into_iter().map(|(it,)| it).collect();
    let imports = Value::Texts(&imports);
    let statements: &[&str] = match heads {
        Table::NetopiaBatches => &[
            include_str!("../sql/accept/take_out_netopia_transactions.sql"),
            include_str!("../sql/accept/take_out_netopia_batches.sql"),
        ],
        Table::EmagDocuments => &[include_str!("../sql/accept/take_out_emag_documents.sql")],
        Table::CourierBorderouri => &[
            include_str!("../sql/accept/take_out_sameday_parcels.sql"),
            include_str!("../sql/accept/take_out_courier_borderouri.sql"),
        ],
        Table::GlsBorderouri => &[
            include_str!("../sql/accept/take_out_gls_parcels.sql"),
            include_str!("../sql/accept/take_out_gls_borderouri.sql"),
        ],
        _ => return Err(StoreError::impossible("a table of heads without settlements")),
    };
    let turn = statements.iter().fold(Turn::default(), |turn, it| turn.add(TAKING_OUT, it, &going));
    let mut turn = turn.add(TAKING_OUT, include_str!("../sql/undo/mark_later.sql"), &[imports]);
    if let Some(import) = whole_by {
        let import = import.to_string();
        let close = include_str!("../sql/accept/close_damaged.sql");
        turn = turn.add(TAKING_OUT, close, &[imports, Value::Text(&import)]);
    }
    turn.take(connection).await.map(drop)
}
