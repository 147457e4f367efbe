//! Under which class the things go that no drawing needs.

use super::names::{SVG, XLINK};
use crate::formats::Report;
use crate::formats::metadata::{MOST_TEXT, xmp};
use crate::policy::{Action, Class, Policy};

/// Where the namespaces of Inkscape and its predecessor lie, over the years.
const EDITORS: &[&str] = &["http://sodipodi.", "http://inkscape.", "http://www.inkscape.org/"];
/// The module of RDF in which drawings describe themselves, and XMP.
const DESCRIPTIONS: &[&str] = &["http://www.w3.org/1999/02/22-rdf-syntax-ns#", "adobe:ns:meta/"];

/// How an attribute that goes is reported: its class, its name, and whether its value is worth an echo search.
pub(super) fn attribute(space: &str, local: &str, name: &str, value: &str) -> (Class, String, bool) {
    let named = format!("@{name}");
    let is_script = space.is_empty() && local.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on"));
    let is_editor = EDITORS.iter().any(|start| space.starts_with(start));
    match (space, local) {
        _ if is_script => (Class::ActiveJavascript, named, false),
        ("", _) if local.starts_with("data-") => (Class::ContentCustomXml, named, false),
        (_, "docname" | "docbase" | "export-filename" | "absref") if is_editor => (Class::MetadataPaths, named, true),
        (_, "version" | "output_extension") if is_editor => (Class::MetadataSoftware, named, false),
        (_, "label") if is_editor => (Class::MetadataOther, named, true),
        ("" | XLINK, _) => (Class::ContentUnknown, named, false),
        // An address is a place, whatever program wrote it.
        _ if value.contains(":\\")
            || value.contains("file:")
            || value.contains("/home/")
            || value.contains("/Users/") =>
        {
            (Class::MetadataPaths, named, true)
        }
        _ => (Class::ContentCustomXml, named, false),
    }
}

/// Reports an element that goes. `raw` is all of it, `name` its name with prefix.
pub(super) fn element(space: &str, local: &str, name: &str, raw: &str, policy: &Policy, report: &mut Report) {
    let item = format!("<{}>", name.chars().take(64).collect::<String>());
    let bytes = raw.len() as u64;
    match (space, local) {
        (SVG, "metadata") => xmp::list(raw.as_bytes(), "<metadata>", report),
        (SVG, "script") | (_, "script") => report.removed_bytes(Class::ActiveJavascript, item, "", raw.len()),
        (SVG, "foreignObject") if raw.split('>').next().is_some_and(|tag| tag.contains("requiredExtensions")) => {
            // A program that lacks the extension, and that is every browser, shows nothing of it.
            report.removed_bytes(Class::ContentCustomXml, "<foreignObject requiredExtensions>", "", raw.len());
        }
        (SVG, "foreignObject") => {
            // It shows a page within the drawing, which no handler cleans: gone, and a person has to see what is
            // missing.
            let class = Class::EmbeddedUnsupported;
            report.hit(class, policy.action(class), "<foreignObject> (taken out)", "", 1, bytes);
        }
        (SVG, "audio" | "video" | "iframe" | "canvas") => {
            report.removed_bytes(Class::ActiveActions, item, "", raw.len());
        }
        (SVG, _) => report.removed_bytes(Class::ContentUnknown, item, "", raw.len()),
        _ if DESCRIPTIONS.contains(&space) => xmp::list(raw.as_bytes(), &item, report),
        _ => {
            report.hit(Class::ContentCustomXml, Action::Remove, item, "", 1, bytes);
        }
    }
}

/// Reports a comment. Those that name the program are no secret of a person.
pub(super) fn comment(text: &str, item: &str, report: &mut Report) {
    let text = text.trim();
    if is_generator(text) {
        report.removed(Class::MetadataSoftware, item, "");
    } else {
        let beginning: String = text.chars().take(MOST_TEXT).collect();
        report.removed_value(Class::ContentComments, item, "", beginning);
    }
}

/// True for the text in which a program names itself.
pub(super) fn is_generator(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    ["generator", "created with", "created using", "created by", "made with", "uploaded to"]
        .iter()
        .any(|start| text.starts_with(start))
}
