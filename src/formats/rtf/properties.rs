//! Properties of the file: all of them go, each reported by its name.

use std::borrow::Cow;

use encoding_rs::Encoding;

use super::text;
use super::tree::{Group, Heading, Node};
use crate::formats::{Report, labels};
use crate::policy::Class;

/// Reports the information group (RTF 1.9.1, "Information Group").
pub(super) fn info(group: &Group<'_>, encoding: &'static Encoding, report: &mut Report) {
    for (at, node) in group.nodes.iter().enumerate() {
        match node {
            Node::Group(inner) => {
                let Some(heading) = inner.heading() else { continue };
                match heading.word.name {
                    // Both forms of a property whose text is not of the document's code page.
                    "upr" | "ud" => info(inner, encoding, report),
                    name => report.removed_value(class(name), item(name), "", text::of(inner, encoding)),
                }
            }
            Node::Word(word) if !matches!(word.name, "info" | "upr" | "ud") => {
                // Within `\upr` a property stands without braces of its own.
                let rest = Group { nodes: group.nodes.get(at..).unwrap_or_default().to_vec() };
                report.removed_value(class(word.name), item(word.name), "", text::of(&rest, encoding));
            }
            _ => {}
        }
    }
}

/// Reports properties that the user made (RTF 1.9.1, "User-Defined Properties").
pub(super) fn user(group: &Group<'_>, encoding: &'static Encoding, report: &mut Report) {
    let mut name = String::new();
    for value in group.groups() {
        match value.heading().map(|heading| heading.word.name) {
            Some(word @ ("propname" | "staticval" | "linkval")) => {
                let text = text::of(value, encoding);
                if word == "propname" {
                    name.clone_from(&text);
                }
                // The name of a label's property has its id in it; the value tells of both.
                let is_label = match word {
                    "propname" => labels::is_property(&name),
                    "staticval" => report.removed_label("\\*\\userprops ", &name, "", &text),
                    _ => false,
                };
                if !is_label {
                    report.removed_value(Class::MetadataOther, format!("\\*\\userprops \\{word}"), "", text);
                }
            }
            _ => user(value, encoding, report),
        }
    }
}

/// Programs whose name may stay without version and system.
const PROGRAMS: &[&str] = &["LibreOffice", "OpenOffice", "Msftedit", "Riched20", "AbiWord", "Calligra"];
/// The name of all others.
const OTHER: &str = "other program";

/// The generator as it may stay. `LibreOffice` lays out a file as Word does, unless another program says that it wrote it: that
/// and no more is left of it.
pub(super) fn generator<'a>(
    group: Group<'a>,
    heading: &Heading<'_>,
    encoding: &'static Encoding,
    report: &mut Report,
) -> Option<Group<'a>> {
    let written = text::of(&group, encoding);
    let program = PROGRAMS.iter().find(|program| written.starts_with(*program)).unwrap_or(&OTHER);
    let left = format!("{program};");
    if written == left {
        return Some(group);
    }
    report.removed_value(Class::MetadataSoftware, "\\*\\generator", "", written.trim_end_matches(';'));
    if written.is_empty() || written.starts_with("Microsoft") {
        return None;
    }
    let mut nodes: Vec<Node<'a>> = group.nodes.into_iter().take(heading.at.saturating_add(1)).collect();
    nodes.push(Node::Text(Cow::Owned(left.into_bytes())));
    Some(Group { nodes })
}

/// The name under which a property is reported.
fn item(name: &str) -> String {
    match class(name) {
        Class::ContentUnknown => "\\info: unknown property".to_owned(),
        _ => format!("\\info \\{name}"),
    }
}

fn class(name: &str) -> Class {
    match name {
        "author" | "operator" | "manager" => Class::MetadataAuthor,
        "company" => Class::MetadataOrganisation,
        "title" | "subject" | "keywords" | "comment" | "doccomm" | "category" => Class::MetadataDescription,
        "hlinkbase" => Class::MetadataPaths,
        "creatim" | "revtim" | "printim" | "buptim" => Class::MetadataDates,
        "version" | "vern" => Class::MetadataSoftware,
        "id" => Class::MetadataIdentifiers,
        "edmins" | "nofpages" | "nofwords" | "nofchars" | "nofcharsws" => Class::MetadataOther,
        _ => Class::ContentUnknown,
    }
}
