//! Where a statement ends: at a `;` that is not quoted.

/// Returns the statements of a text, each of which begins and ends on lines of its own. What is
/// only a comment is left out.
///
/// They are sent one by one: a cluster passes on to its nodes the text that it was sent, and a node
/// takes one statement at a time.
pub fn statements(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (mut quotes, mut length) = (Quotes::default(), 0);
        for line in rest.split_inclusive('\n') {
            length += line.len();
            if quotes.ends_statement(line.as_bytes()) {
                break;
            }
        }
        let (statement, behind) = rest.split_at_checked(length)?;
        rest = behind;
        (!statement.is_empty()).then_some(statement)
    })
    .filter(|it| it.lines().any(|line| !line.is_empty() && !line.starts_with("--")))
}

/// Inside which quotes a line ends, and so the next line begins.
#[derive(Debug, Default, PartialEq, Eq)]
enum Within {
    #[default]
    Nothing,
    /// `'…'`, in which a backslash is a plain character.
    Text,
    /// `E'…'`, in which a backslash escapes the next character.
    Escapes,
    /// `"…"`.
    Name,
    /// `$tag$…$tag$`; has the tag with its dollar signs.
    Dollars(Vec<u8>),
    /// `/* … */`; has how deep the comments are nested.
    Comment(u32),
}

/// Follows the quotes of statements, line by line.
#[derive(Debug, Default)]
pub(crate) struct Quotes(Within);

impl Quotes {
    /// Takes the next line; returns whether a statement ends with it.
    pub(crate) fn ends_statement(&mut self, line: &[u8]) -> bool {
        let (mut rest, mut before, mut ends) = (line, b' ', false);
        while let Some((&byte, behind)) = rest.split_first() {
            rest = behind;
            match &mut self.0 {
                Within::Nothing => {
                    if byte == b'-' && rest.starts_with(b"-") {
                        return ends;
                    }
                    if !byte.is_ascii_whitespace() {
                        ends = byte == b';';
                    }
                    rest = self.open(byte, before, rest);
                }
                Within::Text | Within::Name => {
                    let quote = if self.0 == Within::Text { b'\'' } else { b'"' };
                    // A doubled quote stands for one quote. It is read as an end and a new
                    // beginning, which comes to the same.
                    if byte == quote {
                        self.0 = Within::Nothing;
                    }
                }
                Within::Escapes => match byte {
                    b'\\' => rest = rest.get(1..).unwrap_or_default(),
                    // A doubled quote. Read as an end and a new beginning, it would begin a text
                    // without escapes.
                    b'\'' if rest.starts_with(b"'") => rest = rest.get(1..).unwrap_or_default(),
                    b'\'' => self.0 = Within::Nothing,
                    _ => {}
                },
                Within::Dollars(tag) => {
                    // The tag's first dollar sign was just read.
                    let end = tag.get(1..).unwrap_or_default();
                    if byte == b'$' && rest.starts_with(end) {
                        rest = rest.get(end.len()..).unwrap_or_default();
                        self.0 = Within::Nothing;
                    }
                }
                Within::Comment(depth) => {
                    let (opens, closes) = (
                        byte == b'/' && rest.starts_with(b"*"),
                        byte == b'*' && rest.starts_with(b"/"),
                    );
                    if opens || closes {
                        rest = rest.get(1..).unwrap_or_default();
                        *depth = if opens { *depth + 1 } else { *depth - 1 };
                        if *depth == 0 {
                            self.0 = Within::Nothing;
                        }
                    }
                }
            }
            before = byte;
        }
        ends && self.0 == Within::Nothing
    }

    /// Enters the quotes that the byte opens, if any; returns the text behind their beginning.
    fn open<'l>(&mut self, byte: u8, before: u8, rest: &'l [u8]) -> &'l [u8] {
        match byte {
            b'\'' if matches!(before, b'E' | b'e') => self.0 = Within::Escapes,
            b'\'' => self.0 = Within::Text,
            b'"' => self.0 = Within::Name,
            b'/' if rest.starts_with(b"*") => {
                self.0 = Within::Comment(1);
                return rest.get(1..).unwrap_or_default();
            }
            b'$' if !is_of_name(before) => {
                let length = rest.iter().take_while(|b| is_of_name(**b)).count();
                if let Some((tag, b"$")) = rest.get(..=length).map(|it| it.split_at(length)) {
                    // `$1` is a parameter, and no tag begins with a digit.
                    if !tag.first().is_some_and(u8::is_ascii_digit) {
                        self.0 = Within::Dollars([b"$", tag, b"$"].concat());
                        return rest.get(length + 1..).unwrap_or_default();
                    }
                }
            }
            _ => {}
        }
        rest
    }
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_its_statements() {
        let text = "-- why; so\ncreate table t (\n    a text -- b;\n);\n\ncreate index on t (a)\n  \
                    with (x = ';');\n\n-- the end\n";
        let expected = [
            "-- why; so\ncreate table t (\n    a text -- b;\n);\n",
            "\ncreate index on t (a)\n  with (x = ';');\n",
        ];
        assert_eq!(statements(text).collect::<Vec<_>>(), expected);
        assert_eq!(statements("select 1").collect::<Vec<_>>(), ["select 1"]);
        assert_eq!(statements("-- nothing\n").count(), 0);
    }

    #[test]
    fn a_statement_ends_at_a_semicolon_that_is_not_quoted() {
        let cases: [(&[&str], &[bool]); 12] = [
            (&["select 1;"], &[true]),
            (&["select 1; -- yes", "-- no"], &[true, false]),
            (&["select ';", "';"], &[false, true]),
            (&["select 'it''s;", "';"], &[false, true]),
            (&["select '\\';"], &[true]),
            (&["select E'\\';", "\\\\'' ;", "';"], &[false, false, true]),
            (&["select 1 as \"a;", "\"\";\";"], &[false, true]),
            (&["as $$ select 1;", "$x$;", "$$;"], &[false, false, true]),
            (&["as $_$ $1; $$;", "$$;", "$_$;"], &[false, false, true]),
            (&["select $1, a$b, $2;"], &[true]),
            (&["/* ; /* */", ";", "*/;"], &[false, false, true]),
            (&["select 1;", "  "], &[true, false]),
        ];
        for (lines, expected) in cases {
            let mut quotes = Quotes::default();
            let found: Vec<bool> =
                lines.iter().map(|line| quotes.ends_statement(line.as_bytes())).collect();
            assert_eq!(found, expected, "{lines:?}");
        }
    }
}
