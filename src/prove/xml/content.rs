//! The bytes of a member of a package, with their outline where they are XML.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Deref;

use super::outline::{Outline, Xml};
use super::{broken, decode};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// What a member holds. It is looked at as UTF-8 once, when it is taken up.
#[derive(Debug)]
pub(crate) struct Content {
    stored: Stored,
    outline: OnceCell<Result<(Option<String>, Outline), Refusal>>,
}

#[derive(Debug)]
enum Stored {
    Text(String),
    Bytes(Vec<u8>),
}

impl Content {
    /// The content as XML, which is taken apart when it is first asked for. `prepare`, always the same, may change its text
    /// before it is read.
    ///
    /// # Errors
    /// As [`decode`] and [`Outline::read`].
    pub(crate) fn xml(&self, limits: &Limits, prepare: fn(Cow<'_, str>) -> Cow<'_, str>) -> Result<Xml<'_>, Refusal> {
        let made = self.outline.get_or_init(|| {
            let text = prepare(decode(self)?);
            let outline = Outline::read(&text, limits)?;
            // The bytes are the text already, as a rule: they are not kept twice.
            let other = match text {
                Cow::Borrowed(text) if text.len() == self.len() => None,
                text => Some(text.into_owned()),
            };
            Ok((other, outline))
        });
        let (decoded, outline) = made.as_ref().map_err(Refusal::clone)?;
        match (decoded, &self.stored) {
            (Some(text), _) | (None, Stored::Text(text)) => Ok(outline.of(text)),
            (None, Stored::Bytes(_)) => Err(broken("its bytes are no text in its encoding")),
        }
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        let stored = String::from_utf8(bytes).map_or_else(|error| Stored::Bytes(error.into_bytes()), Stored::Text);
        Self { stored, outline: OnceCell::new() }
    }
}

impl Deref for Content {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.stored {
            Stored::Text(text) => text.as_bytes(),
            Stored::Bytes(bytes) => bytes,
        }
    }
}
