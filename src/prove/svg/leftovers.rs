//! What may never remain in a copy, and what it refers to.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use roxmltree::Document;

use super::document::{SVG, XLINK, href, name, urls};
use super::look::style_text;
use crate::prove::Check;
use crate::prove::links::is_local;
use crate::refusal::Refusal;

const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// A reference, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Reference {
    pub(super) target: String,
    /// True when only somebody who clicks follows it.
    pub(super) is_link: bool,
}

impl Reference {
    /// The file in a `data:` URI.
    pub(super) fn file(&self) -> Option<Vec<u8>> {
        let (header, data) = strip_scheme(&self.target)?.split_once(',')?;
        let bytes = unescape(data);
        if !header.trim_end().to_ascii_lowercase().ends_with("base64") {
            return Some(bytes);
        }
        let mut text: Vec<u8> = bytes.into_iter().filter(|b| !b.is_ascii_whitespace() && *b != b'=').collect();
        while !text.len().is_multiple_of(4) {
            text.push(b'=');
        }
        STANDARD.decode(text).ok()
    }

    pub(super) fn is_file(&self) -> bool {
        strip_scheme(&self.target).is_some()
    }
}

fn strip_scheme(target: &str) -> Option<&str> {
    let (scheme, rest) = target.split_at_checked(5)?;
    scheme.eq_ignore_ascii_case("data:").then_some(rest)
}

fn unescape(data: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut rest = data.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let code = behind.first_chunk::<2>().and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                out.push(byte);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*first);
                rest = behind;
            }
        }
    }
    out
}

/// All references of a drawing that lead out of it, in order.
pub(super) fn references(document: &Document<'_>) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut add = |target: &str, is_link: bool| {
        let target = target.trim();
        if !target.is_empty() && !target.starts_with('#') {
            found.push(Reference { target: target.to_owned(), is_link });
        }
    };
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        for attribute in node.attributes() {
            let is_href = attribute.name() == "href" && matches!(attribute.namespace(), None | Some(XLINK));
            if is_href {
                add(attribute.value(), name(node) == Some("a"));
            } else {
                urls(attribute.value()).into_iter().for_each(|target| add(target, false));
            }
        }
    }
    urls(&style_text(document)).into_iter().for_each(|target| add(target, false));
    found
}

/// Looks for what may never remain.
///
/// # Errors
/// [`crate::Reason::Unprovable`], naming it.
pub(super) fn check(text: &str, document: &Document<'_>) -> Result<Check, Refusal> {
    let left = |what: &str| Err(Refusal::unprovable(format!("{what} remains in the copy")));
    if text.contains("<!DOCTYPE") || text.contains("<!ENTITY") {
        return left("a document type");
    }
    for node in document.descendants() {
        if node.is_comment() || node.is_pi() {
            return left("a comment or processing instruction");
        }
        if node.is_text() {
            let holder = node.parent().and_then(|parent| name(parent));
            let shown = matches!(
                holder,
                Some("a" | "altGlyph" | "desc" | "style" | "text" | "textPath" | "title" | "tref" | "tspan")
            );
            if !shown && node.text() != Some("\n") {
                return left("text that no program shows");
            }
        }
        if !node.is_element() {
            continue;
        }
        if node.namespaces().any(|space| ![SVG, XLINK, XML].contains(&space.uri())) {
            return left("a namespace of an editor");
        }
        match name(node) {
            None => return left("an element that is not SVG"),
            Some("script" | "foreignObject" | "metadata" | "handler" | "iframe") => {
                return left("a script, page or description");
            }
            Some(_) => {}
        }
        for attribute in node.attributes() {
            let name = attribute.name().to_ascii_lowercase();
            if !matches!(attribute.namespace(), None | Some(XLINK | XML)) {
                return left("an attribute that is not SVG");
            }
            if name.starts_with("on") || name.starts_with("data-") || name == "base" {
                return left("an event handler or data of a program");
            }
            if name == "style" {
                check_style(attribute.value())?;
            }
            let start: String =
                attribute.value().chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(11).collect();
            if start.eq_ignore_ascii_case("javascript:") || start.to_ascii_lowercase().starts_with("vbscript:") {
                return left("a link that runs a script");
            }
        }
        if name(node) != Some("style") && href(node).is_some_and(is_local) {
            return left("a link to somebody's machine");
        }
    }
    check_style(&style_text(document))?;
    Ok(Check::new("nothing-left", "no script, comment, document type, description, editor data or local link"))
}

fn check_style(style: &str) -> Result<(), Refusal> {
    let lower = style.to_ascii_lowercase();
    let found = ["@import", "@charset", "-inkscape-", "expression(", "-moz-binding", "behavior:"];
    // A slash before a star is a comment unless it stands in an address, of which the copy has few.
    if found.iter().any(|text| lower.contains(text)) || (lower.contains("/*") && !lower.contains("url(")) {
        return Err(Refusal::unprovable("an import, comment or script remains in a style"));
    }
    if urls(style).into_iter().any(is_local) {
        return Err(Refusal::unprovable("a link to somebody's machine remains in a style"));
    }
    Ok(())
}
