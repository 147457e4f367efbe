//! The stream of tokens that an essence digest is made of, in an encoding that no two streams share.

use sha2::{Digest, Sha256};

use super::namespace::Ns;

/// A digest of a part, a note, a set of properties or a picture.
pub(crate) type Digest32 = [u8; 32];

const START: u8 = 1;
const ATTRIBUTE: u8 = 2;
const END: u8 = 3;
const TEXT: u8 = 4;
const MARK: u8 = 5;
/// Ends a stretch of text; it cannot occur in UTF-8.
const TEXT_END: u8 = 0xff;

/// Collects tokens and hashes them.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    hasher: Sha256,
    buffer: Vec<u8>,
    /// The format of the stretch of text that is being written.
    text: Option<Option<Digest32>>,
}

impl Stream {
    pub(crate) fn start(&mut self, ns: Ns, local: &str) {
        self.close_text();
        put_start(&mut self.buffer, ns, local);
    }

    pub(crate) fn attribute(&mut self, ns: Ns, local: &str, value: &[u8]) {
        put_attribute(&mut self.buffer, ns, local, value);
    }

    pub(crate) fn end(&mut self) {
        self.close_text();
        self.buffer.push(END);
        if self.buffer.len() > 1 << 16 {
            self.hasher.update(&self.buffer);
            self.buffer.clear();
        }
    }

    /// Text in a format. Stretches of the same format that follow each other are one, however they were split.
    pub(crate) fn text(&mut self, format: Option<Digest32>, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.text != Some(format) {
            self.close_text();
            self.buffer.push(TEXT);
            self.buffer.push(u8::from(format.is_some()));
            self.buffer.extend(format.unwrap_or_default());
            self.text = Some(format);
        }
        self.buffer.extend(text.as_bytes());
    }

    /// A named mark with a value.
    pub(crate) fn mark(&mut self, name: &str, value: &[u8]) {
        self.close_text();
        self.buffer.push(MARK);
        put_bytes(&mut self.buffer, name.as_bytes());
        put_bytes(&mut self.buffer, value);
    }

    pub(crate) fn finish(mut self) -> Digest32 {
        self.close_text();
        self.hasher.update(&self.buffer);
        self.hasher.finalize().into()
    }

    fn close_text(&mut self) {
        if self.text.take().is_some() {
            self.buffer.push(TEXT_END);
        }
    }
}

/// Collects the tokens of properties. What turns out to be an empty group is taken back.
#[derive(Debug, Default)]
pub(crate) struct Properties {
    buffer: Vec<u8>,
    /// For each open element: where it began, where its content began, and whether it may be taken back.
    open: Vec<(usize, usize, bool)>,
    in_text: bool,
}

impl Properties {
    pub(crate) fn start(&mut self, ns: Ns, local: &str, is_group: bool) {
        self.close_text();
        let from = self.buffer.len();
        put_start(&mut self.buffer, ns, local);
        self.open.push((from, self.buffer.len(), is_group));
    }

    pub(crate) fn attribute(&mut self, ns: Ns, local: &str, value: &[u8]) {
        put_attribute(&mut self.buffer, ns, local, value);
    }

    /// Text; what follows without a tag in between belongs to it.
    pub(crate) fn text(&mut self, text: &str) {
        if !std::mem::replace(&mut self.in_text, true) {
            self.buffer.push(TEXT);
        }
        self.buffer.extend(text.as_bytes());
    }

    pub(crate) fn end(&mut self) {
        self.close_text();
        match self.open.pop() {
            Some((from, content, true)) if self.buffer.len() == content => self.buffer.truncate(from),
            _ => self.buffer.push(END),
        }
    }

    /// Nothing when no property is left.
    pub(crate) fn finish(mut self) -> Option<Digest32> {
        self.close_text();
        (!self.buffer.is_empty()).then(|| Sha256::digest(&self.buffer).into())
    }

    fn close_text(&mut self) {
        if std::mem::take(&mut self.in_text) {
            self.buffer.push(TEXT_END);
        }
    }
}

fn put_start(buffer: &mut Vec<u8>, ns: Ns, local: &str) {
    buffer.push(START);
    buffer.extend(ns.code().to_be_bytes());
    put_bytes(buffer, local.as_bytes());
}

fn put_attribute(buffer: &mut Vec<u8>, ns: Ns, local: &str, value: &[u8]) {
    buffer.push(ATTRIBUTE);
    buffer.extend(ns.code().to_be_bytes());
    put_bytes(buffer, local.as_bytes());
    put_bytes(buffer, value);
}

fn put_bytes(buffer: &mut Vec<u8>, bytes: &[u8]) {
    buffer.extend((bytes.len() as u64).to_be_bytes());
    buffer.extend(bytes);
}
