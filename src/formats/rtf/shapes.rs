//! Shapes, embedded fonts and objects (RTF 1.9.1, "Drawing Object Properties", "Font Embedding", "Objects").

use super::cleaning::Cleaning;
use super::destinations::Words;
use super::pictures::unhex;
use super::state::State;
use super::text;
use super::tree::{Group, Node};
use crate::formats::links;
use crate::identify::identify;
use crate::kind::Kind;
use crate::policy::{Action, Class};
use crate::refusal::Refusal;
use crate::rtf_vocabulary::is_shape_property;

impl Cleaning<'_> {
    /// A property of a shape, a pair of name and value; `None` when it goes.
    pub(super) fn shape_property<'a>(&mut self, property: Group<'a>) -> Result<Option<Group<'a>>, Refusal> {
        let said = |name| property.named(name).map(|group| text::of(group, self.encoding)).collect::<String>();
        let (name, value) = (said("sn"), said("sv"));
        let gone = match name.as_str() {
            "pibName" | "pibPrintName" | "fillBlipName" | "lineFillBlipName" | "wzName" => Some(Class::MetadataPaths),
            "wzDescription" | "wzTooltip" if links::is_path_or_file_name(&value) => Some(Class::MetadataPaths),
            "wzDescription" | "wzTooltip" | "gtextUNICODE" | "gtextFont" => None,
            "pihlShape" => {
                let targets: Vec<String> = property
                    .named("sv")
                    .flat_map(|value| value.named("hl"))
                    .flat_map(Group::groups)
                    .map(|part| text::of(part, self.encoding))
                    .collect();
                let told = |target: &String| links::is_local(target) || links::is_script(target);
                targets.iter().any(told).then_some(Class::LinksLocal)
            }
            "metroBlob" | "pInkData" => Some(Class::ContentCustomXml),
            "wzScript" => Some(Class::ActiveJavascript),
            name if name.starts_with("wzSigSetup") => Some(Class::MetadataPeople),
            name if is_shape_property(name) && (is_number(&value) || holds_picture(&property)) => None,
            _ => Some(Class::ContentUnknown),
        };
        let Some(class) = gone else { return Ok(Some(self.nodes(property, State::default(), Words::Nothing)?.group)) };
        match class {
            Class::ContentUnknown => self.report.removed(class, "unknown property of a shape", ""),
            Class::ContentCustomXml => self.report.removed_bytes(class, format!("\\sn {name}"), "", property.size()),
            class => self.report.removed_value(class, format!("\\sn {name}"), "", value),
        }
        Ok(None)
    }

    /// An embedded font stays when it is one.
    pub(super) fn font_file<'a>(&mut self, group: Group<'a>) -> Option<Group<'a>> {
        let data: Vec<u8> = group
            .nodes
            .iter()
            .flat_map(|node| match node {
                Node::Text(text) => unhex(text).unwrap_or_default(),
                Node::Binary(data) => data.to_vec(),
                _ => Vec::new(),
            })
            .collect();
        if identify(&data, "").kind != Kind::Font {
            self.report.removed_bytes(Class::ContentUnknown, "\\*\\fontemb", "", group.size());
            return None;
        }
        let mut kept = Vec::new();
        for node in group.nodes {
            match node {
                Node::Group(file) => {
                    self.report.removed_value(
                        Class::MetadataPaths,
                        "\\*\\fontfile",
                        "",
                        text::of(&file, self.encoding),
                    );
                }
                node => kept.push(node),
            }
        }
        Some(Group { nodes: kept })
    }

    /// An object: what the program that made it keeps in it cannot be looked into; the policy decides about the file.
    pub(super) fn object<'a>(&mut self, object: Group<'a>) -> Result<Group<'a>, Refusal> {
        let linked = object
            .nodes
            .iter()
            .any(|node| matches!(node, Node::Word(word) if matches!(word.name, "objlink" | "objautlink" | "objsub")));
        let (class, size) = (Class::ActiveObjects, object.size() as u64);
        if self.policy.action(class) == Action::Remove && object.named("result").any(shows_something) {
            self.report.hit(class, Action::Remove, "\\object", "", 1, size);
            let object = self.nodes(object, State::default(), Words::Nothing)?.group;
            return Ok(Group { nodes: object.contents_of("result") });
        }
        self.report.hit(class, self.policy.action_if_left(class), "\\object", "", 1, size);
        if linked {
            let class = Class::LinksExternalContent;
            self.report.hit(class, self.policy.action(class), "\\object \\objlink", "", 1, 0);
        }
        Ok(self.nodes(object, State::default(), Words::Nothing)?.group)
    }
}

/// True when a result has something to be seen: a picture or words.
fn shows_something(group: &Group<'_>) -> bool {
    group.nodes.iter().any(|node| match node {
        Node::Text(text) => !text.iter().all(u8::is_ascii_whitespace),
        Node::Group(group) => shows_something(group),
        Node::Word(word) => word.name == "u",
        Node::Binary(_) => true,
        Node::Symbol(_) => false,
    })
}

/// True for a value without words: numbers, and lists of numbers such as `8;3;(0,0);(1,@5)`.
fn is_number(value: &str) -> bool {
    value.bytes().all(|byte| {
        byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b',' | b';' | b'(' | b')' | b'@' | b' ')
    })
}

/// True for a value that is a picture alone.
fn holds_picture(property: &Group<'_>) -> bool {
    property.named("sv").any(|value| value.named("pict").next().is_some())
}
