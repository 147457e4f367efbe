//! What prefixes stand for at a place of the XML (Namespaces in XML 1.0).

use std::borrow::Cow;

use super::names::Ns;
use crate::refusal::Refusal;

/// Most declarations that may be in force in one place.
const MOST: usize = 1_024;

/// The declarations in force.
#[derive(Debug, Default)]
pub(super) struct Scope<'x> {
    /// Prefix, namespace (`None` after a declaration without a URI), and how deep the element is that declares it.
    declared: Vec<(&'x str, Option<Ns>, u32)>,
    /// Prefixes that were looked up since the last change, the latest first: a document uses few, and tens of thousands of times.
    recent: Vec<(&'x str, Ns)>,
}

impl<'x> Scope<'x> {
    /// Puts the declarations among the attributes of a tag into force. Without a namespace an attribute is a declaration where
    /// its name says so.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] for a declaration of `xmlns`, of `xml` as something else, and of too many.
    pub(super) fn declare(&mut self, name: &'x str, uri: &str, depth: u32) -> Result<(), Refusal> {
        let prefix = name.strip_prefix("xmlns:").unwrap_or_default();
        let uri = quick_xml::escape::unescape(uri).unwrap_or(Cow::Borrowed(uri));
        if prefix == "xmlns" || (prefix == "xml") != (uri == XML) || self.declared.len() >= MOST {
            return Err(Refusal::damaged("the XML has a namespace declaration that is not allowed"));
        }
        let ns = match uri.as_ref() {
            "" if prefix.is_empty() => Some(Ns::None),
            "" => None,
            uri => Some(Ns::of(uri)),
        };
        self.declared.push((prefix, ns, depth));
        self.recent.clear();
        Ok(())
    }

    /// Ends what was declared by the element of this depth and by those in it.
    pub(super) fn leave(&mut self, depth: u32) {
        while self.declared.pop_if(|(.., declared)| *declared >= depth).is_some() {
            self.recent.clear();
        }
    }

    /// The namespace of an element's name.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] for a prefix that is not declared.
    pub(super) fn element(&mut self, name: &'x str) -> Result<Ns, Refusal> {
        self.prefix(name.split_once(':').map_or("", |(prefix, _)| prefix))
    }

    /// The namespace of an attribute's name: without a prefix, in none.
    ///
    /// # Errors
    /// As [`Self::element`].
    pub(super) fn attribute(&mut self, name: &'x str) -> Result<Ns, Refusal> {
        name.split_once(':').map_or(Ok(Ns::None), |(prefix, _)| self.prefix(prefix))
    }

    fn prefix(&mut self, prefix: &'x str) -> Result<Ns, Refusal> {
        if let Some(at) = self.recent.iter().position(|(recent, _)| *recent == prefix) {
            self.recent.swap(0, at);
            return Ok(self.recent.first().map_or(Ns::None, |(_, ns)| *ns));
        }
        let declared = self.declared.iter().rev().find(|(other, ..)| *other == prefix).map(|(_, ns, _)| *ns);
        let ns = match (declared, prefix) {
            (Some(declared), _) => declared,
            (None, "") => Some(Ns::None),
            (None, "xml") => Some(Ns::of(XML)),
            (None, _) => None,
        };
        let undeclared = || Refusal::damaged("the XML uses a namespace prefix that it does not declare");
        let ns = ns.ok_or_else(undeclared)?;
        self.recent.push((prefix, ns));
        Ok(ns)
    }
}

/// What `xml:` always stands for.
const XML: &str = "http://www.w3.org/XML/1998/namespace";

#[cfg(test)]
mod tests {
    use super::*;

    const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    fn declare(scope: &mut Scope<'static>, name: &'static str, uri: &'static str, depth: u32) -> Result<(), Refusal> {
        scope.declare(name, uri, depth)
    }

    #[test]
    fn inner_declarations_win_until_their_element_ends() {
        let mut scope = Scope::default();
        declare(&mut scope, "xmlns:w", W, 1).expect("declared");
        declare(&mut scope, "xmlns", W, 1).expect("declared");
        assert_eq!(scope.element("w:p").ok(), Some(Ns::W));
        assert_eq!(scope.element("p").ok(), Some(Ns::W));
        assert_eq!(scope.attribute("val").ok(), Some(Ns::None));
        declare(&mut scope, "xmlns:w", "urn:other", 2).expect("declared");
        declare(&mut scope, "xmlns", "", 2).expect("declared");
        assert_eq!(scope.element("w:p").ok(), Some(Ns::Other));
        assert_eq!(scope.element("p").ok(), Some(Ns::None));
        scope.leave(2);
        assert_eq!(scope.element("w:p").ok(), Some(Ns::W));
        scope.leave(1);
        assert!(scope.element("w:p").is_err());
    }

    #[test]
    fn uris_may_be_written_with_references() {
        let mut scope = Scope::default();
        let uri = "http://schemas.openxmlformats.org/wordprocessingml/2006/m&#97;in";
        declare(&mut scope, "xmlns:w", uri, 1).expect("declared");
        assert_eq!(scope.element("w:p").ok(), Some(Ns::W));
    }

    #[test]
    fn not_allowed() {
        for (name, uri) in [("xmlns:xmlns", "urn:a"), ("xmlns:xml", "urn:a"), ("xmlns:x", XML)] {
            assert!(declare(&mut Scope::default(), name, uri, 1).is_err(), "{name}={uri}");
        }
        let mut scope = Scope::default();
        declare(&mut scope, "xmlns:w", "", 1).expect("declared");
        assert!(scope.element("w:p").is_err());
        assert!(scope.element("undeclared:p").is_err());
        assert!(scope.attribute("xml:space").is_ok());
    }
}
