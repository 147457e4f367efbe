//! Telling text from binary data, and markup from plain text.

use crate::kind::Kind;

/// How much of a file is looked at. The text handler checks the rest.
const WINDOW: usize = 64 * 1024;

/// Kinds that have no magic number: for them the extension may choose.
const BY_EXTENSION: &[Kind] = &[
    Kind::Markdown,
    Kind::Csv,
    Kind::Json,
    Kind::PlainText,
    Kind::Html,
    Kind::Xml,
    Kind::Email,
    Kind::Svg,
    Kind::FlatOdf,
];

/// The kind of a text; `None` for binary data.
pub(super) fn sniff(bytes: &[u8], extension: &str) -> Option<Kind> {
    let window = bytes.get(..WINDOW.min(bytes.len())).unwrap_or(bytes);
    let text = decode(window)?;
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let head: String = behind_comments(start).chars().take(4096).collect::<String>().to_ascii_lowercase();
    if let Some(kind) = markup(&head) {
        return Some(kind);
    }
    Some(BY_EXTENSION.iter().copied().find(|kind| kind.extensions().contains(&extension)).unwrap_or(Kind::PlainText))
}

/// XML may begin with long comments, such as a licence; what it is stands behind them. The declaration in front of them
/// tells nothing more. A text that only holds a comment is left as it is.
fn behind_comments(start: &str) -> &str {
    let mut rest = start;
    while let Some(skipped) = (rest.starts_with("<!--").then(|| rest.split_once("-->")).flatten())
        .or_else(|| rest.starts_with("<?xml").then(|| rest.split_once("?>")).flatten())
    {
        rest = skipped.1.trim_start();
    }
    if rest.starts_with("<svg") || rest.to_ascii_lowercase().starts_with("<!doctype svg") { rest } else { start }
}

fn markup(head: &str) -> Option<Kind> {
    if head.starts_with("<!doctype html") || head.starts_with("<html") {
        return Some(Kind::Html);
    }
    if !(head.starts_with("<?xml")
        || head.starts_with("<!doctype")
        || head.starts_with("<!--")
        || head.starts_with("<svg"))
    {
        return None;
    }
    // Flat documents have descriptions of pictures in the namespace that is usually called `svg`.
    Some(if head.contains("<office:document") {
        Kind::FlatOdf
    } else if head.contains("<svg") || head.contains("<!doctype svg") {
        Kind::Svg
    } else if head.contains("<html") || head.contains("<!doctype html") {
        Kind::Html
    } else if head.starts_with("<!--") {
        return None;
    } else {
        Kind::Xml
    })
}

/// Decodes enough to look at: UTF-16 with a byte order mark, else bytes as Latin-1. `None` when there are control
/// characters that text does not have.
fn decode(window: &[u8]) -> Option<String> {
    let text: String = if let Some(rest) = window.strip_prefix(b"\xff\xfe") {
        utf16(rest, u16::from_le_bytes)
    } else if let Some(rest) = window.strip_prefix(b"\xfe\xff") {
        utf16(rest, u16::from_be_bytes)
    } else {
        let body = window.strip_prefix(b"\xef\xbb\xbf").unwrap_or(window);
        body.iter().map(|byte| char::from(*byte)).collect()
    };
    let binary = text.chars().any(|c| c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0c' | '\x1b'));
    (!binary).then_some(text)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).filter_map(|pair| pair.first_chunk::<2>().map(|pair| unit(*pair)));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_told_from_markup_and_binary() {
        let cases: &[(&[u8], &str, Option<Kind>)] = &[
            (b"a,b\n1,2\n", "csv", Some(Kind::Csv)),
            (b"# Title", "md", Some(Kind::Markdown)),
            (b"{\"a\": 1}", "json", Some(Kind::Json)),
            (b"words", "", Some(Kind::PlainText)),
            (b"\xff\xfew\0o\0", "txt", Some(Kind::PlainText)),
            (b"\xef\xbb\xbfwords", "txt", Some(Kind::PlainText)),
            (b"caf\xe9", "txt", Some(Kind::PlainText)),
            (b"nul\0byte", "txt", None),
            (b"<!DOCTYPE html><html>", "txt", Some(Kind::Html)),
            (b"<?xml version='1.0'?><!-- x --><svg xmlns='...'/>", "xml", Some(Kind::Svg)),
            (&[b"<!--", [b'x'; 5000].as_slice(), b"--><svg/>"].concat(), "xml", Some(Kind::Svg)),
            (b"<?xml version='1.0'?><gpx/>", "txt", Some(Kind::Xml)),
            (b"<p>fragment", "html", Some(Kind::Html)),
        ];
        for (bytes, extension, kind) in cases {
            assert_eq!(sniff(bytes, extension), *kind, "{extension} {bytes:?}");
        }
    }
}
