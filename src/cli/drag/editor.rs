//! The line that files are dropped on. The only place that knows rustyline.

use rustyline::config::Configurer;
use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;
use rustyline::{Config, Editor as Rustyline};
use tokio::task::spawn_blocking;

use crate::cli::interrupt;

/// A line editor. Its history is in memory alone: paths may hold account numbers, which belong in
/// no file of vama's.
pub(super) struct Editor(Option<Rustyline<(), MemHistory>>);

impl Editor {
    /// Makes an editor on the terminal.
    pub(super) fn new() -> anyhow::Result<Self> {
        let mut editor = Rustyline::with_history(Config::default(), MemHistory::new())?;
        editor.set_auto_add_history(true);
        // What is pasted comes as one piece, line ends and all, not as so many lines.
        editor.enable_bracketed_paste(true);
        Ok(Self(Some(editor)))
    }

    /// Asks for a line; `None` at the end: an empty line or Ctrl-D.
    pub(super) async fn line(&mut self, prompt: &'static str) -> anyhow::Result<Option<String>> {
        let Some(mut editor) = self.0.take() else { return Ok(None) };
        let (editor, line) = spawn_blocking(move || {
            let line = editor.readline(prompt);
            (editor, line)
        })
        .await?;
        self.0 = Some(editor);
        match line {
            Ok(line) => Ok(Some(line).filter(|line| !line.trim().is_empty())),
            Err(ReadlineError::Eof) => Ok(None),
            // While the editor reads a line, it gets Ctrl-C, and not the listener for signals.
            Err(ReadlineError::Interrupted) => interrupt::leave(interrupt::INTERRUPTED),
            Err(error) => Err(error.into()),
        }
    }
}
