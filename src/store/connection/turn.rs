//! Statements that go to the server together and are answered together: one turn.
//!
//! A turn is the time in which the client waits for the server once. A statement with parameters
//! takes two turns (the driver asks for its types first), and a database 30 ms away makes each turn
//! cost 30 ms. So statements that need no answer of each other are sent as one text, with their
//! values in it as quoted literals. The server runs them one after the other; each sees what those
//! before it did.
//!
//! The rows of files do not travel this way: the server's log may show the text of a statement that
//! fails, and rows are personal data. Slugs, digests, accounts and keys do.

use std::mem;
use std::vec;

use futures_util::TryStreamExt;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Either, FromRow, PgConnection};

use super::wait::wait_for_lock;
use crate::fault::Impossible;
use crate::store::StoreError;

/// The value of a placeholder.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'v> {
    Null,
    Number(i64),
    Text(&'v str),
    Texts(&'v [String]),
}

/// Statements that are sent together.
#[derive(Clone, Default)]
pub(crate) struct Turn {
    text: String,
    /// What messages call each statement.
    steps: Vec<&'static str>,
    /// What a statement that takes a lock waits for.
    waits_for: Option<String>,
    /// The first placeholder that could not be filled in.
    impossible: Option<Impossible>,
}

impl Turn {
    /// Adds the statement of a `.sql` file, with a value for each of its placeholders `$1`, `$2` …
    pub(crate) fn add(
        mut self,
        step: &'static str,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Self {
        if let Err(impossible) = fill_in(sql, values, &mut self.text) {
            self.impossible.get_or_insert(impossible);
        }
        self.text.push_str(";\n");
        self.steps.push(step);
        self
    }

    /// Adds a statement that the server itself has put together and quoted.
    pub(crate) fn add_quoted(mut self, step: &'static str, statement: &str) -> Self {
        self.text.push_str(statement);
        self.text.push_str(";\n");
        self.steps.push(step);
        self
    }

    /// Adds the statements of another turn.
    pub(crate) fn add_all(mut self, other: &Self) -> Self {
        self.text.push_str(&other.text);
        self.steps.extend(&other.steps);
        self.waits_for = self.waits_for.or_else(|| other.waits_for.clone());
        self.impossible = self.impossible.or(other.impossible);
        self
    }

    /// Returns how many statements there are.
    pub(crate) fn count(&self) -> usize {
        self.steps.len()
    }

    /// Tells the user what a lock is waited for, where that takes long.
    pub(crate) fn waiting_for(mut self, what: String) -> Self {
        self.waits_for = Some(what);
        self
    }

    /// Sends the statements and waits for all answers.
    ///
    /// # Errors
    ///
    /// The first statement that fails; those behind it are not run.
    pub(crate) async fn take(&self, connection: &mut PgConnection) -> Result<Answers, StoreError> {
        self.try_take(connection).await.map_err(|failed| failed.error)
    }

    /// Sends the statements as [`take`](Self::take) does; the error knows how many were answered.
    pub(crate) async fn try_take(&self, connection: &mut PgConnection) -> Result<Answers, Failed> {
        let asking = self.ask(connection);
        match &self.waits_for {
            Some(what) => wait_for_lock(what, asking).await,
            None => asking.await,
        }
    }

    async fn ask(&self, connection: &mut PgConnection) -> Result<Answers, Failed> {
        if let Some(impossible) = &self.impossible {
            return Err(Failed { answered: 0, error: (*impossible).into() });
        }
        let (mut answers, mut rows) = (Vec::with_capacity(self.steps.len()), Vec::new());
        // Every value in the text was quoted by this module.
        let text = AssertSqlSafe(self.text.clone());
        let mut answering = sqlx::raw_sql(text).fetch_many(connection);
        loop {
            match answering.try_next().await {
                Ok(Some(Either::Right(row))) => rows.push(row),
                Ok(Some(Either::Left(_))) => answers.push(mem::take(&mut rows)),
                Ok(None) => return Ok(Answers(answers.into_iter())),
                Err(source) => {
                    let answered = answers.len();
                    let step = self.steps.get(answered).copied().unwrap_or("ending a statement");
                    return Err(Failed { answered, error: StoreError::at(step)(source) });
                }
            }
        }
    }
}

/// A turn in which a statement failed.
pub(crate) struct Failed {
    /// How many statements were answered before.
    pub(crate) answered: usize,
    pub(crate) error: StoreError,
}

/// The rows of each statement of a turn, in their order.
pub(crate) struct Answers(vec::IntoIter<Vec<PgRow>>);

impl Answers {
    /// Passes over the answers of `count` statements.
    pub(crate) fn skip(&mut self, count: usize) {
        self.0.by_ref().take(count).for_each(drop);
    }

    /// Returns the rows of the next statement.
    pub(crate) fn rows(&mut self) -> Result<Vec<PgRow>, StoreError> {
        self.0.next().ok_or_else(|| StoreError::impossible("a statement without an answer"))
    }

    /// Returns the rows of the next statement as values of a type.
    pub(crate) fn values<T>(&mut self, step: &'static str) -> Result<Vec<T>, StoreError>
    where
        T: for<'r> FromRow<'r, PgRow>,
    {
        let rows = self.rows()?;
        let values = rows.iter().map(T::from_row).collect::<Result<_, _>>();
        values.map_err(StoreError::at(step))
    }

    /// Returns the one row of the next statement as a value of a type.
    pub(crate) fn value<T>(&mut self, step: &'static str) -> Result<T, StoreError>
    where
        T: for<'r> FromRow<'r, PgRow>,
    {
        let value = self.values(step)?.into_iter().next();
        value.ok_or_else(|| StoreError::at(step)(sqlx::Error::RowNotFound))
    }
}

/// Writes a statement without its comments, and with a literal for each placeholder.
fn fill_in(sql: &str, values: &[Value<'_>], out: &mut String) -> Result<(), Impossible> {
    let mut rest = sql;
    while let Some(at) = rest.find(['-', '\'', '$']) {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        let passed_over = if let Some(comment) = found.strip_prefix("--") {
            "--".len() + comment.find('\n').unwrap_or(comment.len())
        } else if let Some(text) = found.strip_prefix('\'') {
            let length = 1 + text.find('\'').map_or(text.len(), |end| end + 1);
            out.push_str(found.get(..length).unwrap_or_default());
            length
        } else if let Some(placeholder) = found.strip_prefix('$') {
            let digits = placeholder.bytes().take_while(u8::is_ascii_digit).count();
            let number: Option<usize> = placeholder.get(..digits).and_then(|it| it.parse().ok());
            let value = number.and_then(|number| values.get(number.checked_sub(1)?));
            literal(value.ok_or_else(|| Impossible::new("a placeholder without a value"))?, out)?;
            1 + digits
        } else {
            out.push('-');
            1
        };
        rest = found.get(passed_over..).unwrap_or_default();
    }
    out.push_str(rest.trim_end());
    Ok(())
}

fn literal(value: &Value<'_>, out: &mut String) -> Result<(), Impossible> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Number(number) => out.push_str(&format!("({number})::bigint")),
        Value::Text(text) => quote(text, out)?,
        Value::Texts(texts) => {
            quote(&array(texts), out)?;
            out.push_str("::text[]");
        }
    }
    Ok(())
}

/// Returns the array of the texts as PostgreSQL writes one ("Array Input and Output Syntax"): one
/// literal, however many texts there are.
fn array(texts: &[String]) -> String {
    let mut array = String::from("{");
    for (number, text) in texts.iter().enumerate() {
        array.push_str(if number > 0 { ",\"" } else { "\"" });
        for character in text.chars() {
            if matches!(character, '"' | '\\') {
                array.push('\\');
            }
            array.push(character);
        }
        array.push('"');
    }
    array.push('}');
    array
}

/// Writes a text as a literal with escapes (PostgreSQL, "String Constants with C-Style Escapes"),
/// which means the same whatever the server's settings are. Only a quote and a backslash have a
/// meaning of their own in it; both are doubled.
fn quote(text: &str, out: &mut String) -> Result<(), Impossible> {
    if text.contains('\0') {
        return Err(Impossible::new("a text with a zero byte, which no column holds"));
    }
    out.push_str("E'");
    for character in text.chars() {
        if matches!(character, '\'' | '\\') {
            out.push(character);
        }
        out.push(character);
    }
    out.push('\'');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(sql: &'static str, values: &[Value<'_>]) -> String {
        let turn = Turn::default().add("a step", sql, values);
        assert!(turn.impossible.is_none());
        turn.text
    }

    #[test]
    fn values_take_the_place_of_placeholders_and_nothing_else() {
        let sql =
            "-- It's $1.\nselect $1, '$1 -- no', a - $2 -- the end\n from t where b = any($3)\n";
        let texts = ["x".to_owned(), r#"y'z\""#.to_owned()];
        let values = [Value::Text(r"it's \"), Value::Number(-7), Value::Texts(&texts)];
        let expected = concat!(
            "\nselect E'it''s \\\\', '$1 -- no', a - (-7)::bigint \n from t where b = any(",
            r#"E'{"x","y''z\\\\\\""}'::text[]);"#,
            "\n",
        );
        assert_eq!(filled(sql, &values), expected);
        assert_eq!(filled("select $1::text", &[Value::Null]), "select null::text;\n");
        assert_eq!(filled("select any($1)", &[Value::Texts(&[])]), "select any(E'{}'::text[]);\n");
    }

    #[test]
    fn a_placeholder_without_a_value_and_a_zero_byte_are_refused() {
        for (sql, value) in
            [("select $2", "a"), ("select $0", "a"), ("select $", "a"), ("$1", "\0")]
        {
            let turn = Turn::default().add("a step", sql, &[Value::Text(value)]);
            assert!(turn.impossible.is_some(), "{sql}");
        }
    }
}
