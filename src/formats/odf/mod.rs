//! OpenDocument: text, spreadsheets, presentations and drawings of LibreOffice and others (ODF 1.3, ISO/IEC 26300), as packages
//! and as flat XML.
//!
//! A package is a ZIP container with one document at its root, more of them in folders (charts, formulas), and pictures:
//!
//! 1. [`zip_container`](super::zip_container) checks the ZIP file and reads members, every inflated byte counted.
//! 2. [`manifest`] tells what is encrypted and what the folders are; it is written anew from what is in the copy.
//! 3. The XML of each document is decoded to UTF-8 ([`xml`](super::xml)), surveyed ([`survey`], [`styles`]) and run through a
//!    chain of [`filters`], one subject each ([`document`]). They note which members the document refers to.
//! 4. Only those get into the copy: documents the same way, pictures through their handlers. [`leftovers`] names what stays
//!    behind.
//!
//! Flat XML ([`flat`]) is one document with everything in it, and runs through the same filters. [`cleaning`] holds it together.

mod cleaning;
mod document;
mod filters;
mod flat;
mod leftovers;
mod manifest;
mod media_types;
mod styles;
mod survey;

use std::io::Write;

use super::xml;
use super::{Context, Handler, Report};
use crate::kind::Kind;
use crate::policy::Policy;
use crate::refusal::Refusal;

/// Cleans OpenDocument packages and flat XML.
pub(super) struct OpenDocument;

impl Handler for OpenDocument {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Odt, Kind::Ods, Kind::Odp, Kind::Odg, Kind::OdfOther, Kind::FlatOdf]
    }

    fn clean(
        &self,
        kind: Kind,
        bytes: &[u8],
        policy: &Policy,
        context: &Context<'_>,
        out: &mut dyn Write,
    ) -> Result<Report, Refusal> {
        match kind {
            Kind::FlatOdf => flat::clean(bytes, policy, context, out),
            _ => cleaning::clean(bytes, policy, context, out),
        }
    }
}

/// Decodes XML and leaves out its document type. Old programs named `office.dtd` or `Manifest.dtd`, which nobody reads; a
/// document type with declarations of its own stays, and is refused by the reader.
///
/// # Errors
/// As [`xml::decode`].
fn decode(bytes: &[u8]) -> Result<String, Refusal> {
    let mut text = xml::decode(bytes)?;
    if let Some(start) = text.find("<!DOCTYPE")
        && text.get(..start).is_some_and(is_prolog)
        && let Some(length) = text.get(start..).and_then(|rest| rest.find(['>', '[']))
    {
        let end = start.saturating_add(length);
        if text.get(end..).is_some_and(|rest| rest.starts_with('>')) {
            text.replace_range(start..=end, "");
        }
    }
    Ok(text)
}

/// True for what may stand before a document type: no element.
fn is_prolog(text: &str) -> bool {
    text.split('<').skip(1).all(|tag| tag.starts_with(['?', '!']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmless_document_types_are_left_out() {
        let left = |text: &str| decode(text.as_bytes()).unwrap();
        assert_eq!(left("<?xml version='1.0'?><!DOCTYPE a PUBLIC 'x' 'office.dtd'><a/>"), "<?xml version='1.0'?><a/>");
        for text in ["<a/>", "<!DOCTYPE a [<!ENTITY x 'y'>]><a/>", "<a><![CDATA[<!DOCTYPE b>]]></a>"] {
            assert_eq!(left(text), text);
        }
    }
}
