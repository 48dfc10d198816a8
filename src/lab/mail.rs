//! Mails as senders send them: a letter of two forms, and what is attached to it.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Characters of a line of base64 (RFC 2045, 6.8).
const LINE_CHARS: usize = 76;

/// Bytes of one piece of a name; each byte may be written as three characters.
const PIECE_BYTES: usize = 20;

/// What is attached: its type, its name, its bytes.
pub type Attachment<'a> = (&'a str, &'a str, &'a [u8]);

/// Writes a mail with these attachments, in their order.
///
/// Names are written by RFC 2231, in pieces where they are long.
pub fn write(subject: &str, attachments: &[Attachment<'_>]) -> Vec<u8> {
    let mut mail = String::new();
    for line in [
        "Return-Path: <raport@expeditor.example>",
        "From: Expeditor <raport@expeditor.example>",
        "To: contabilitate@exemplu.example",
        &format!("Subject: =?UTF-8?B?{}?=", STANDARD.encode(subject)),
        "Date: Mon, 2 Mar 2026 20:45:00 +0200",
        "Message-ID: <20260302204500.1@expeditor.example>",
        "MIME-Version: 1.0",
        "Content-Type: multipart/mixed;\r\n\tboundary=\"=_mail\"",
        "",
        "--=_mail",
        "Content-Type: multipart/alternative; boundary=\"=_mail_text\"",
        "",
        "--=_mail_text",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "Bun=C4=83 ziua, ata=C8=99at raportul.",
        "--=_mail_text",
        "Content-Type: text/html; charset=UTF-8",
        "",
        "<p>Bună ziua, atașat raportul.</p>",
        "--=_mail_text--",
    ] {
        push(&mut mail, line);
    }
    for (kind, name, bytes) in attachments {
        push(&mut mail, "--=_mail");
        push(&mut mail, &format!("Content-Type: {kind}"));
        push(&mut mail, "Content-Transfer-Encoding: base64");
        push(&mut mail, &format!("Content-Disposition: attachment{}", name_parameter(name)));
        push(&mut mail, "");
        pieces(&STANDARD.encode(bytes), LINE_CHARS).for_each(|line| push(&mut mail, line));
    }
    push(&mut mail, "--=_mail--");
    mail.into_bytes()
}

fn push(mail: &mut String, line: &str) {
    mail.push_str(line);
    mail.push_str("\r\n");
}

/// Returns the name as a parameter: in pieces of bytes that are escaped where they are no letters.
fn name_parameter(name: &str) -> String {
    let mut parameter = String::new();
    for (number, piece) in name.as_bytes().chunks(PIECE_BYTES).enumerate() {
        let charset = if number == 0 { "UTF-8''" } else { "" };
        // Writing into a text cannot fail.
        let _ = write!(parameter, ";\r\n filename*{number}*={charset}");
        for byte in piece {
            let is_plain = byte.is_ascii_alphanumeric() || b".-_".contains(byte);
            let _ = match is_plain {
                true => write!(parameter, "{}", char::from(*byte)),
                false => write!(parameter, "%{byte:02X}"),
            };
        }
    }
    parameter
}

/// Cuts a text of ASCII characters.
fn pieces(text: &str, length: usize) -> impl Iterator<Item = &str> {
    (0..text.len()).step_by(length).filter_map(move |at| {
        let rest = text.get(at..)?;
        Some(rest.get(..length).unwrap_or(rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn what_is_attached_comes_out_as_it_was() {
        let name = format!("{} – București „2026”.csv", "borderou ".repeat(12));
        let bytes: Vec<u8> = (0..=255).cycle().take(1000).collect();
        let mail = write("Raportul săptămânii", &[("text/csv", &name, &bytes)]);

        let mut sources = Sources::of_bytes("a.eml", mail).unwrap();

        let source = sources.next().unwrap().unwrap();
        assert_eq!((source.member(), source.bytes()), (Some(name.as_str()), bytes.as_slice()));
        assert!(sources.next().is_none());
    }
}
