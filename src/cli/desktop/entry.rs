//! The files that tell a desktop of vama, as freedesktop.org has specified them.

use crate::cli::desktop::words as text;

/// The words by which a file is known as made by vama, whatever language stands around them.
pub(super) const MARK: &str = "vama desktop install";

/// The type of MT940 files, which no desktop knows by itself.
const MT940: &str = "application/x-mt940";

/// How names of MT940 files end.
const MT940_ENDINGS: [&str; 5] = ["sta", "mt940", "940", "mt942", "942"];

/// How MT940 files begin.
const MT940_BEGINNINGS: [&str; 2] = [":20:", "{1:F01"];

/// The types of other files that vama reads, each with its ending. Other programs open these files
/// already.
pub(super) const COMMON_TYPES: [(&str, &str); 6] = [
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("application/vnd.ms-excel", "xls"),
    ("text/csv", "csv"),
    ("application/zip", "zip"),
    ("message/rfc822", "eml"),
    ("text/plain", "txt"),
];

/// A name of the Icon Naming Specification, so every theme has it.
const ICON: &str = "x-office-spreadsheet";

/// Returns the launcher: how to start the program, and for which of the common types it is listed.
pub(super) fn launcher(program: &str, url: Option<&str>, common: &[&str]) -> String {
    let types = [&[MT940], common].concat();
    format!(
        "# {made}\n\
         [Desktop Entry]\n\
         Type=Application\n\
         Version=1.0\n\
         Name={name}\n\
         GenericName={generic}\n\
         Comment={comment}\n\
         Icon={ICON}\n\
         Exec={exec}\n\
         Terminal=true\n\
         Categories=Office;Finance;\n\
         Keywords={keywords}\n\
         MimeType={types}\n",
        made = text::WHO_MADE_IT,
        name = value(text::NAME),
        generic = value(text::GENERIC_NAME),
        comment = value(text::COMMENT),
        exec = value(&command(program, url)),
        keywords = list(&text::KEYWORDS),
        types = list(&types),
    )
}

/// Returns the command of the key `Exec`.
fn command(program: &str, url: Option<&str>) -> String {
    let database = url.map(|url| format!(" --database-url {}", quoted(url))).unwrap_or_default();
    // GLib looks up the first word while its percent signs are still doubled, so that word must be
    // another.
    let env = if program.contains('%') { "env " } else { "" };
    format!("{env}{}{database} desktop open %F", quoted(program))
}

/// Quotes one argument of a command.
fn quoted(word: &str) -> String {
    let mut quoted = String::from('"');
    for c in word.chars() {
        match c {
            '"' | '`' | '$' | '\\' => quoted.extend(['\\', c]),
            // A single percent sign would begin a field code.
            '%' => quoted.push_str("%%"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Returns the text as the value of a key; this makes four backslashes of a quoted one.
fn value(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t")
}

fn list(items: &[&str]) -> String {
    items.iter().map(|item| value(item).replace(';', "\\;") + ";").collect()
}

/// Returns the file that declares vama's own file type.
pub(super) fn mime_types() -> String {
    let beginnings = MT940_BEGINNINGS
        .map(|it| format!("      <match type=\"string\" offset=\"0\" value=\"{it}\"/>\n"));
    let endings = MT940_ENDINGS.map(|it| format!("    <glob pattern=\"*.{it}\"/>\n"));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!-- {made} -->\n\
         <mime-info xmlns=\"http://www.freedesktop.org/standards/shared-mime-info\">\n\
         \x20 <mime-type type=\"{MT940}\">\n\
         \x20   <comment>{comment}</comment>\n\
         \x20   <sub-class-of type=\"text/plain\"/>\n\
         \x20   <generic-icon name=\"{ICON}\"/>\n\
         \x20   <magic priority=\"50\">\n\
         {beginnings}\
         \x20   </magic>\n\
         {endings}\
         \x20 </mime-type>\n\
         </mime-info>\n",
        made = text::WHO_MADE_IT,
        comment = text::MT940_FILE,
        beginnings = beginnings.concat(),
        endings = endings.concat(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a value as the specification says: first the escapes of every value, then the quotes,
    /// then the field codes.
    fn arguments(value: &str) -> Vec<String> {
        let mut plain = String::new();
        let mut chars = value.chars();
        while let Some(c) = chars.next() {
            plain.push(match (c, c == '\\') {
                (_, true) => match chars.next().unwrap() {
                    's' => ' ',
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    '\\' => '\\',
                    other => panic!("\\{other} is no escape"),
                },
                (c, _) => c,
            });
        }
        let (mut words, mut word, mut inside) = (Vec::new(), String::new(), false);
        let mut chars = plain.chars();
        while let Some(c) = chars.next() {
            match c {
                '"' => inside = !inside,
                '\\' if inside => {
                    let next = chars.next().unwrap();
                    assert!("\"`$\\".contains(next), "\\{next} needs no backslash");
                    word.push(next);
                }
                '$' | '`' | '\\' => panic!("{c} stands without a backslash"),
                '%' if inside => {
                    assert_eq!(chars.next(), Some('%'), "a field code in quotes");
                    word.push('%');
                }
                ' ' if !inside => words.push(std::mem::take(&mut word)),
                c => word.push(c),
            }
        }
        words.push(word);
        words
    }

    #[test]
    fn a_command_is_read_back_as_it_was_meant() {
        let programs = [
            "/usr/bin/vama",
            "/opt/my programs/vama",
            "/opt/a\"b/vama",
            "/opt/$HOME/`id`/vama",
            "/opt/50%f/100%/vama",
            "/opt/back\\slash\\/vama",
            "/opt/it's;&|<>~*?#()/vama",
            "/opt/tab\tand\nline\r/vama",
            "/opt/Bănci/vama",
        ];
        for program in programs {
            let exec = value(&command(program, None));
            assert!(!exec.contains(['\n', '\t', '\r']), "{exec:?}");
            let words = |exec: &str| -> Vec<String> {
                let words = arguments(exec).into_iter();
                words.skip(usize::from(program.contains('%'))).collect()
            };
            assert_eq!(words(&exec), [program, "desktop", "open", "%F"], "{exec}");
            let url = "postgres://ana%40firma@db/books?options=-c a=$b\\";
            let exec = value(&command(program, Some(url)));
            let expected = [program, "--database-url", url, "desktop", "open", "%F"];
            assert_eq!(words(&exec), expected, "{exec}");
        }
    }

    #[test]
    fn a_program_with_a_percent_sign_is_found_by_way_of_env() {
        assert_eq!(command("/opt/50%/vama", None), "env \"/opt/50%%/vama\" desktop open %F");
    }

    #[test]
    fn a_backslash_is_four_and_a_dollar_has_two_before_it() {
        assert_eq!(value(&quoted("a\\b$c\"d%")), r#""a\\\\b\\$c\\"d%%""#);
    }

    #[test]
    fn both_files_bear_the_mark() {
        assert!(launcher("/usr/bin/vama", None, &[]).contains(MARK));
        assert!(mime_types().contains(MARK));
        // Two hyphens would end a comment of XML.
        assert!(!text::WHO_MADE_IT.contains("--"));
    }

    #[test]
    fn the_launcher_lists_our_type_and_those_that_it_is_given() {
        let launcher = launcher("/usr/bin/vama", None, &["text/csv", "text/plain"]);
        assert!(launcher.ends_with("MimeType=application/x-mt940;text/csv;text/plain;\n"));
    }
}
