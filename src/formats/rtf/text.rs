//! Text of groups that are reported or decided by what they say: names, properties, instructions of fields.

use encoding_rs::Encoding;

use super::tree::{Group, Node};
use crate::formats::metadata::MOST_TEXT;

/// The encoding of a document by its code page. Names and properties of the few documents in DOS code pages are reported in
/// Windows-1252.
pub(super) fn encoding(root: &Group<'_>) -> &'static Encoding {
    let page = root.nodes.iter().take(64).find_map(|node| match node {
        Node::Word(word) if word.name == "ansicpg" => word.parameter,
        Node::Word(word) if word.name == "mac" => Some(10_000),
        _ => None,
    });
    match page {
        Some(874) => encoding_rs::WINDOWS_874,
        Some(932) => encoding_rs::SHIFT_JIS,
        Some(936) => encoding_rs::GBK,
        Some(949) => encoding_rs::EUC_KR,
        Some(950) => encoding_rs::BIG5,
        Some(10_000) => encoding_rs::MACINTOSH,
        Some(page) => Encoding::for_label(format!("windows-{page}").as_bytes()).unwrap_or(encoding_rs::WINDOWS_1252),
        None => encoding_rs::WINDOWS_1252,
    }
}

/// The beginning of the text in a group, that of groups in it included.
pub(super) fn of(group: &Group<'_>, encoding: &'static Encoding) -> String {
    of_parts(group, encoding, &|_| true)
}

/// As [`of`], without the groups in it that `wanted` does not want.
pub(super) fn of_parts(group: &Group<'_>, encoding: &'static Encoding, wanted: &dyn Fn(&Group<'_>) -> bool) -> String {
    let mut reading = Reading { encoding, bytes: Vec::new(), text: String::new(), units: Vec::new(), skip: 0 };
    reading.group(group, 1, wanted);
    reading.flush();
    reading.text.trim().to_owned()
}

struct Reading {
    encoding: &'static Encoding,
    bytes: Vec<u8>,
    /// UTF-16 that is not yet text.
    units: Vec<u16>,
    text: String,
    /// Characters for readers without Unicode that are still to be passed over.
    skip: u32,
}

impl Reading {
    fn group(&mut self, group: &Group<'_>, mut fallback: u32, wanted: &dyn Fn(&Group<'_>) -> bool) {
        for node in &group.nodes {
            if self.text.len() > MOST_TEXT {
                return;
            }
            match node {
                Node::Group(inner) if wanted(inner) => {
                    self.skip = 0;
                    self.group(inner, fallback, wanted);
                }
                Node::Word(word) if word.name == "uc" => {
                    fallback = word.parameter.and_then(|count| u32::try_from(count).ok()).unwrap_or(1);
                }
                Node::Word(word) if word.name == "u" => {
                    self.decode_bytes();
                    // Above 32767 as a negative number (RTF 1.9.1, "Unicode RTF").
                    let [.., high, low] = word.parameter.unwrap_or(0).to_be_bytes();
                    self.units.push(u16::from_be_bytes([high, low]));
                    self.skip = fallback;
                }
                Node::Word(word) if matches!(word.name, "par" | "line" | "tab" | "sect" | "cell") => self.sign(b' '),
                Node::Symbol(sign @ (b'\\' | b'{' | b'}')) => self.sign(*sign),
                Node::Symbol(b'~') => self.sign(b' '),
                Node::Symbol(b'_') => self.sign(b'-'),
                Node::Text(text) => self.raw(text),
                _ => {}
            }
        }
    }

    /// Text with escapes, line breaks left out.
    fn raw(&mut self, mut text: &[u8]) {
        while let Some((first, behind)) = text.split_first() {
            let escaped = text.strip_prefix(b"\\'").and_then(|digits| digits.split_at_checked(2));
            let value = escaped
                .and_then(|(digits, _)| u8::from_str_radix(std::str::from_utf8(digits).unwrap_or_default(), 16).ok());
            match (value, escaped) {
                (Some(value), Some((_, rest))) => {
                    self.sign(value);
                    text = rest;
                }
                _ => {
                    if !matches!(first, b'\r' | b'\n') {
                        self.sign(*first);
                    }
                    text = behind;
                }
            }
        }
    }

    fn sign(&mut self, byte: u8) {
        match self.skip.checked_sub(1) {
            Some(left) => self.skip = left,
            None => {
                self.decode_units();
                self.bytes.push(byte);
            }
        }
    }

    fn decode_bytes(&mut self) {
        let (text, _) = self.encoding.decode_without_bom_handling(&self.bytes);
        self.text.push_str(&text);
        self.bytes.clear();
    }

    fn decode_units(&mut self) {
        self.text.push_str(&String::from_utf16_lossy(&self.units));
        self.units.clear();
    }

    fn flush(&mut self) {
        self.decode_units();
        self.decode_bytes();
    }
}
