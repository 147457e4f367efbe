//! A drawing as `roxmltree` reads it: another XML reader than that of the cleaner, entities included.

use std::io::Read;

use roxmltree::{Document, Node, ParsingOptions};

use crate::formats::Context;
use crate::prove::xml::decode;
use crate::refusal::Refusal;

/// The namespaces of SVG and XLink.
pub(crate) const SVG: &str = "http://www.w3.org/2000/svg";
pub(crate) const XLINK: &str = "http://www.w3.org/1999/xlink";

/// The text of a drawing, plain or compressed. What follows the first gzip member is no part of it.
///
/// # Errors
/// [`crate::Reason::Damaged`] when it cannot be unpacked or decoded, [`crate::Reason::OverLimit`].
pub(crate) fn text(bytes: &[u8], context: &Context<'_>) -> Result<String, Refusal> {
    if !bytes.starts_with(b"\x1f\x8b") {
        return Ok(decode(bytes)?.into_owned());
    }
    let mut drawing = Vec::new();
    let most = context.decompressed_left().min(context.limits.xml_bytes);
    let read = flate2::read::GzDecoder::new(bytes).take(most.saturating_add(1)).read_to_end(&mut drawing);
    context.charge_decompressed(drawing.len() as u64)?;
    context.limits.xml().check_size(drawing.len())?;
    read.map_err(|_| Refusal::damaged("its compression is broken"))?;
    Ok(decode(&drawing)?.into_owned())
}

/// Parses the text of a drawing. The copy has no document type.
///
/// # Errors
/// [`crate::Reason::Damaged`] when it is no XML, [`crate::Reason::OverLimit`] when it has too many nodes.
pub(crate) fn parse<'t>(text: &'t str, allow_dtd: bool, context: &Context<'_>) -> Result<Document<'t>, Refusal> {
    let most = context.limits.xml_nodes;
    let nodes_limit = u32::try_from(most).unwrap_or(u32::MAX);
    let options = ParsingOptions { allow_dtd, nodes_limit, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => {
            Refusal::over_limit("xml-nodes", format!("more than {most} elements and texts"))
        }
        _ => Refusal::damaged("it is no XML that can be read"),
    })
}

/// The local name of an element of the SVG namespace.
pub(crate) fn name<'d>(node: Node<'d, '_>) -> Option<&'d str> {
    (node.is_element() && node.tag_name().namespace() == Some(SVG)).then(|| node.tag_name().name())
}

/// The target of an element, by `href` or `xlink:href`.
pub(crate) fn href<'d>(node: Node<'d, '_>) -> Option<&'d str> {
    node.attribute("href").or_else(|| node.attribute((XLINK, "href"))).map(str::trim)
}

/// What the style attribute gives to a property, else the presentation attribute.
pub(crate) fn property<'d>(node: Node<'d, '_>, property: &str) -> Option<&'d str> {
    let style = node.attribute("style").unwrap_or_default();
    let declared =
        simplecss::DeclarationTokenizer::from(style).filter(|d| d.name.eq_ignore_ascii_case(property)).last();
    declared.map(|declaration| declaration.value).or_else(|| node.attribute(property)).map(str::trim)
}

/// The targets of `url(…)` in a value, without quotes.
pub(crate) fn urls(value: &str) -> Vec<&str> {
    let lower = value.to_ascii_lowercase();
    lower
        .match_indices("url(")
        .filter_map(|(at, opening)| target(value.get(at.saturating_add(opening.len())..)?))
        .collect()
}

/// The target behind `url(`.
fn target(rest: &str) -> Option<&str> {
    let rest = rest.trim_start();
    match rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        Some(quote) => rest.get(1..)?.split(quote).next().map(str::trim),
        None => rest.split(')').next().map(str::trim),
    }
}
