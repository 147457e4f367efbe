//! A writer for PDF files that may have several revisions (ISO 32000-1, sections 7.3 to 7.5).

use std::collections::BTreeMap;
use std::io::Write as _;

use anyhow::Result;
use flate2::{Compression, write::ZlibEncoder};

/// A file under construction. Objects are numbered by the caller; revisions end with [`Pdf::end_revision`].
pub(crate) struct Pdf {
    bytes: Vec<u8>,
    /// Where the objects of the open revision begin.
    offsets: BTreeMap<u32, usize>,
    /// One more than the highest object number of all revisions.
    size: u32,
    /// Where the cross-reference table of the last revision begins.
    previous: Option<usize>,
}

impl Pdf {
    pub(crate) fn new() -> Self {
        Self { bytes: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), offsets: BTreeMap::new(), size: 1, previous: None }
    }

    /// An object that is no stream.
    pub(crate) fn object(&mut self, number: u32, body: &str) {
        self.begin(number);
        self.bytes.extend(format!("{body}\nendobj\n").bytes());
    }

    /// A stream as it is; `entries` are those of its dictionary without the length.
    pub(crate) fn stream(&mut self, number: u32, entries: &str, data: &[u8]) {
        self.begin(number);
        self.bytes.extend(format!("<< {entries} /Length {} >>\nstream\n", data.len()).bytes());
        self.bytes.extend(data);
        self.bytes.extend(b"\nendstream\nendobj\n");
    }

    /// A stream that is compressed.
    pub(crate) fn compressed(&mut self, number: u32, entries: &str, data: &[u8]) -> Result<()> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(data)?;
        self.stream(number, &format!("{entries} /Filter /FlateDecode"), &encoder.finish()?);
        Ok(())
    }

    fn begin(&mut self, number: u32) {
        self.offsets.insert(number, self.bytes.len());
        self.size = self.size.max(number + 1);
        self.bytes.extend(format!("{number} 0 obj\n").bytes());
    }

    /// Cross-reference table and trailer of the objects since the last revision.
    pub(crate) fn end_revision(&mut self, trailer: &str) {
        let table = self.bytes.len();
        let mut text = String::from("xref\n");
        if self.previous.is_none() {
            text += "0 1\n0000000000 65535 f \n";
        }
        for (number, offset) in std::mem::take(&mut self.offsets) {
            text += &format!("{number} 1\n{offset:010} 00000 n \n");
        }
        let previous = self.previous.map(|offset| format!(" /Prev {offset}")).unwrap_or_default();
        text += &format!("trailer\n<< /Size {} {trailer}{previous} >>\nstartxref\n{table}\n%%EOF\n", self.size);
        self.bytes.extend(text.bytes());
        self.previous = Some(table);
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// A literal string.
pub(crate) fn string(text: &str) -> String {
    format!("({})", text.replace('\\', r"\\").replace('(', r"\(").replace(')', r"\)"))
}

/// Lines of text for a content stream: font resource, size, left, top, then the text.
pub(crate) fn lines(lines: &[(&str, u32, u32, u32, &str)]) -> String {
    lines
        .iter()
        .map(|(font, size, left, top, text)| format!("BT /{font} {size} Tf {left} {top} Td {} Tj ET\n", string(text)))
        .collect()
}
