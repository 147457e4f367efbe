//! SVG drawings, plain or compressed: read into a tree of what may stay, cleaned there, and written anew.
//!
//! An SVG is XML (SVG 1.1 and SVG 2 by the W3C) in which every program keeps more than the drawing: names of layers,
//! paths of exports, a whole copy in the program's own format. The handler decodes it, puts in the entities of the
//! document type ([`entities`]), and reads what [`names`] lists ([`read`]); comments, instructions, other namespaces,
//! metadata and scripts never enter the tree. In the tree, styles lose what draws nothing ([`css`]), references are
//! followed as far as they may ([`references`]), and what nobody sees and nothing refers to goes ([`unused`]).

mod css;
mod entities;
mod gzip;
mod hidden;
mod names;
mod read;
mod references;
mod removed;
mod scan;
mod tree;
mod unused;

use std::io::Write;

use self::css::Sheets;
use self::references::{References, Use};
use self::tree::{Attribute, Element, Node, Space};
use super::links::is_path_or_file_name;
use super::{Context, Handler, Report, xml};
use crate::kind::Kind;
use crate::policy::{Class, Policy};
use crate::refusal::{Reason, Refusal};

/// The handler for SVG.
pub(crate) struct Svg;

impl Handler for Svg {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Svg]
    }

    fn clean(
        &self,
        _kind: Kind,
        bytes: &[u8],
        policy: &Policy,
        context: &Context<'_>,
        out: &mut dyn Write,
    ) -> Result<Report, Refusal> {
        let mut report = Report::default();
        let copy = if gzip::is_member(bytes) {
            let drawing = gzip::unpack(bytes, context, &mut report)?;
            gzip::pack(clean_drawing(&drawing, policy, context, &mut report)?.as_bytes())
        } else {
            Ok(clean_drawing(bytes, policy, context, &mut report)?.into_bytes())
        };
        let failed = |_| Refusal::new(Reason::Internal, "the copy could not be written");
        out.write_all(&copy.map_err(failed)?).map_err(failed)?;
        Ok(report)
    }
}

fn clean_drawing(bytes: &[u8], policy: &Policy, context: &Context<'_>, report: &mut Report) -> Result<String, Refusal> {
    let text = xml::decode(bytes)?;
    let (text, had_doctype) = entities::resolve(&text)?;
    if had_doctype {
        report.removed(Class::ContentUnknown, "document type", "");
    }
    context.charge_decompressed(text.len() as u64)?;
    let mut root = read::read(&text, context, report)?;
    let mut references = References::new(context, policy, report);
    let mut sheets = Sheets::default();
    style_sheets(&mut root, &mut references, &mut sheets)?;
    element(&mut root, &mut references)?;
    unused::remove(&mut root, &sheets, report)?;
    hidden::report(&root, policy, report);
    Ok(tree::write(&root))
}

/// Cleans all `<style>` elements.
fn style_sheets(parent: &mut Element, references: &mut References<'_>, sheets: &mut Sheets) -> Result<(), Refusal> {
    for child in parent.elements_mut() {
        if child.name == "style" {
            let text: String = child
                .children
                .iter()
                .filter_map(|node| match node {
                    Node::Text(text) => Some(text.as_str()),
                    Node::Element(_) => None,
                })
                .collect();
            let cleaned = css::style_sheet(&text, references, sheets)?;
            child.children = if cleaned.is_empty() { Vec::new() } else { vec![Node::Text(cleaned)] };
        } else {
            style_sheets(child, references, sheets)?;
        }
    }
    Ok(())
}

/// Cleans the attributes of an element and of everything in it, and drops elements that may not stay.
fn element(this: &mut Element, references: &mut References<'_>) -> Result<(), Refusal> {
    let mut kept = Vec::with_capacity(this.attributes.len());
    for attribute in std::mem::take(&mut this.attributes) {
        kept.extend(cleaned(&this.name, attribute, references)?);
    }
    this.attributes = kept;
    this.children.retain(|node| match node {
        Node::Element(child) => stays(child, references),
        Node::Text(_) => true,
    });
    for child in this.elements_mut() {
        element(child, references)?;
    }
    Ok(())
}

/// Whether an element stays, by its name and content.
fn stays(child: &Element, references: &mut References<'_>) -> bool {
    let animates = child.get("attributeName").is_some_and(|name| {
        let name = name.trim().to_ascii_lowercase();
        name.ends_with("href") || name.starts_with("on")
    });
    if animates && child.name != "style" {
        references.report().removed(Class::ActiveActions, format!("<{}> that changes a link", child.name), "");
        return false;
    }
    if matches!(child.name.as_str(), "title" | "desc") {
        let (text, item) = (child.text(), format!("<{}>", child.name));
        if removed::is_generator(&text) {
            references.report().removed(Class::MetadataSoftware, item, "");
            return false;
        }
        if is_path_or_file_name(&text) {
            references.report().removed_value(Class::MetadataPaths, item, "", text);
            return false;
        }
    }
    true
}

/// The attribute as it may stay.
fn cleaned(name: &str, attribute: Attribute, references: &mut References<'_>) -> Result<Option<Attribute>, Refusal> {
    let value = if attribute.is_href() {
        match name {
            "a" => references.link(&attribute.value),
            "image" | "feImage" => references.resource(&attribute.value, Use::Picture)?,
            "font-face-uri" => references.resource(&attribute.value, Use::Style)?,
            _ => references.resource(&attribute.value, Use::Element)?,
        }
    } else if attribute.space != Space::None {
        Some(attribute.value)
    } else if attribute.name == "style" {
        Some(css::style_attribute(&attribute.value, references)?).filter(|style| !style.is_empty())
    } else if matches!(attribute.name.as_str(), "from" | "to" | "by" | "values")
        || names::is_property(&attribute.name) && attribute.name != "d" && attribute.name != "transform"
    {
        css::presentation(&attribute.name, &attribute.value, references)?
    } else {
        Some(attribute.value)
    };
    Ok(value.map(|value| Attribute { value, ..attribute }))
}
