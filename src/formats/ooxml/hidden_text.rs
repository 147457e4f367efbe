//! Hidden text of WordprocessingML (`w:vanish`, ECMA-376 part 1, 17.3.2.41): found always, taken out where the policy says so.
//!
//! `w:vanish` is a toggle property (17.7.3): what stands in the run decides; otherwise the text is hidden when the defaults
//! say so, or when one of the styles of its paragraph and of itself does and the other does not. `w:webHidden`, which
//! every table of contents has, hides nothing on paper and is left alone, and so is the hidden mark of a paragraph.
//!
//! A hidden run goes with its content. Marks and instructions of fields stay: entries of an index are always hidden, and
//! the other fields that someone has hidden are for a person to look at. A link that loses all of its text goes too.

use std::borrow::Cow;
use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;

use crate::formats::xml::Notes;
use crate::formats::xml::{self, Branch, Element, Node, Ns, Token, Tokens};
use crate::limits::Limits;
use crate::policy::Class;
use crate::refusal::Refusal;

/// How deep styles may build on one another; programs allow less.
const DEEPEST_STYLE: usize = 64;

/// Fields that make entries of an index or a table; Word hides them by itself.
const ENTRIES: &[&str] = &["XE", "TC", "TA", "RD"];

/// What the styles of a document say about hidden text.
#[derive(Debug, Default)]
pub(super) struct Styles {
    defaults: bool,
    styles: BTreeMap<String, Style>,
    /// The style of paragraphs that name none.
    paragraph: Option<String>,
}

#[derive(Debug, Default)]
struct Style {
    hidden: Option<bool>,
    parent: Option<String>,
}

impl Styles {
    /// Reads the styles part.
    ///
    /// # Errors
    /// As [`Tokens::next`].
    pub(super) fn read(text: &str, limits: &Limits) -> Result<Self, Refusal> {
        let mut tokens = Tokens::new(text, limits);
        let mut styles = Self::default();
        let mut current: Option<String> = None;
        let mut levels: Vec<&str> = Vec::new();
        while let Some(token) = tokens.next()? {
            match token {
                Token::Start(element) => {
                    if element.ns == Ns::W {
                        styles.read_element(&element, &levels, &mut current);
                    }
                    if !element.empty {
                        levels.push(element.local);
                    }
                }
                Token::End(_) => {
                    levels.pop();
                }
                _ => {}
            }
        }
        Ok(styles)
    }

    fn read_element(&mut self, element: &Element<'_>, levels: &[&str], current: &mut Option<String>) {
        let parent = levels.iter().rev().take(2).copied().collect::<Vec<_>>();
        match (element.local, parent.as_slice()) {
            ("style", _) => {
                let id = element.own("styleId").map(Cow::into_owned).unwrap_or_default();
                if element.own("type").as_deref() == Some("paragraph") && element.flag("default") == Some(true) {
                    self.paragraph = Some(id.clone());
                }
                self.styles.insert(id.clone(), Style::default());
                *current = Some(id);
            }
            ("vanish", ["rPr", "rPrDefault"]) => self.defaults = element.flag("val").unwrap_or(true),
            ("vanish", ["rPr", "style"]) => {
                if let Some(style) = current.as_ref().and_then(|id| self.styles.get_mut(id)) {
                    style.hidden = Some(element.flag("val").unwrap_or(true));
                }
            }
            ("basedOn", ["style", ..]) => {
                if let Some(style) = current.as_ref().and_then(|id| self.styles.get_mut(id)) {
                    style.parent = element.own("val").map(Cow::into_owned);
                }
            }
            _ => {}
        }
    }

    /// True when text of this style is hidden by it: the nearest style that says anything decides.
    fn hides(&self, id: Option<&str>) -> bool {
        let mut style = id.and_then(|id| self.styles.get(id));
        for _ in 0..DEEPEST_STYLE {
            let Some(current) = style else { return false };
            if let Some(hidden) = current.hidden {
                return hidden;
            }
            style = current.parent.as_deref().and_then(|parent| self.styles.get(parent));
        }
        false
    }

    /// True when a part with these styles may have hidden text although it says so nowhere: when something hides all text, or
    /// when it names a style that hides. A name that is written with references could be any.
    fn may_hide_in(&self, text: &str) -> bool {
        if self.defaults || self.hides(self.paragraph.as_deref()) {
            return true;
        }
        let hiding: Vec<&String> = self.styles.keys().filter(|id| self.hides(Some(id))).collect();
        if hiding.is_empty() {
            return false;
        }
        has_references(text)
            || hiding.iter().any(|id| id.contains(['&', '<', '>', '"', '\'', '\r', '\n']))
            || AhoCorasick::new(hiding.iter().flat_map(|id| [format!("\"{id}\""), format!("'{id}'")]))
                .ok()
                .is_none_or(|values| values.is_match(text))
    }
}

/// True when a character may be written as a reference. Ends of lines are, in the pictures that Word puts into attributes.
fn has_references(text: &str) -> bool {
    const ENDS_OF_LINES: [&str; 4] = ["xA;", "xD;", "10;", "13;"];
    let mut behind = text.split("&#").skip(1);
    behind.any(|rest| !ENDS_OF_LINES.iter().any(|end| rest.starts_with(end)))
}

/// Looks for hidden text in a part, and takes it out if `remove` says so; `None` when nothing was taken out.
///
/// # Errors
/// As [`Tokens::next`].
pub(super) fn treat(
    text: &str,
    limits: &Limits,
    styles: &Styles,
    remove: bool,
    notes: &mut Notes<'_>,
) -> Result<Option<String>, Refusal> {
    if !text.contains("vanish") && !styles.may_hide_in(text) {
        return Ok(None);
    }
    let mut search = Search { styles, remove, notes, fields: Vec::new(), changes: 0 };
    let mut tokens = Tokens::new(text, limits);
    let mut visible = String::new();
    let mut written = 0_usize;
    // One paragraph at a time: a tree takes many times the memory of its text.
    while let Some(token) = tokens.next()? {
        let Token::Start(tag) = token else { continue };
        if tag.ns != Ns::W || !matches!(tag.local, "p" | "r" | "hyperlink") {
            continue;
        }
        let (start, before) = (tag.offset, search.changes);
        let mut nodes = Vec::new();
        search.branch(xml::read_branch(tag, &mut tokens, &mut 0)?, None, &mut nodes);
        if search.changes != before {
            visible.push_str(text.get(written..start).unwrap_or_default());
            xml::write(&nodes, &mut visible);
            written = tokens.position();
        }
    }
    if search.changes == 0 {
        return Ok(None);
    }
    visible.push_str(text.get(written..).unwrap_or_default());
    Ok(Some(visible))
}

struct Search<'s, 'n, 'a> {
    styles: &'s Styles,
    remove: bool,
    notes: &'n mut Notes<'a>,
    /// The names of the open fields.
    fields: Vec<String>,
    /// How many things it took out.
    changes: u64,
}

impl Search<'_, '_, '_> {
    /// Goes through nodes of a paragraph with this style.
    fn nodes<'x>(&mut self, nodes: Vec<Node<'x>>, paragraph: Option<&str>) -> Vec<Node<'x>> {
        let mut out = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Node::Element(branch) => self.branch(branch, paragraph, &mut out),
                other => out.push(other),
            }
        }
        out
    }

    fn branch<'x>(&mut self, mut branch: Branch<'x>, paragraph: Option<&str>, out: &mut Vec<Node<'x>>) {
        let mut own = None;
        if branch.is(Ns::W, "p") {
            own = style(&branch, "pPr", "pStyle");
        } else if branch.is(Ns::W, "r") {
            self.follow_fields(&branch);
            if self.is_hidden(&branch, paragraph) {
                return self.hidden_run(branch, out);
            }
        }
        let in_link = branch.is(Ns::W, "hyperlink") && !branch.children.is_empty();
        let children = std::mem::take(&mut branch.children);
        branch.children = self.nodes(children, own.as_deref().or(paragraph));
        let is_text = |node: &Node<'_>| node.element().is_some_and(|child| !child.tag.local.starts_with("bookmark"));
        if in_link && self.changes > 0 && !branch.children.iter().any(is_text) {
            self.changes = self.changes.saturating_add(1);
            self.notes.removed(Class::ContentHiddenText, "link without visible text");
            out.extend(branch.into_children());
            return;
        }
        out.push(Node::Element(branch));
    }

    fn is_hidden(&self, run: &Branch<'_>, paragraph: Option<&str>) -> bool {
        let direct = run.child(Ns::W, "rPr").and_then(|properties| properties.child(Ns::W, "vanish"));
        if let Some(vanish) = direct {
            return vanish.tag.flag("val").unwrap_or(true);
        }
        let by_paragraph = self.styles.hides(paragraph.or(self.styles.paragraph.as_deref()));
        let by_run = self.styles.hides(style(run, "rPr", "rStyle").as_deref());
        self.styles.defaults || by_paragraph != by_run
    }

    /// Takes out a hidden run, or notes it. Only what belongs to fields stays.
    fn hidden_run<'x>(&mut self, mut run: Branch<'x>, out: &mut Vec<Node<'x>>) {
        let is_field = |branch: &Branch<'_>| branch.is(Ns::W, "fldChar") || branch.is(Ns::W, "instrText");
        let entry = self.fields.last().is_none_or(|name| name.is_empty() || ENTRIES.contains(&name.as_str()));
        if run.elements().any(|child| child.is(Ns::W, "instrText")) && !entry {
            self.notes.found(Class::ContentHiddenText, "hidden field");
        }
        let shows = |child: &Branch<'_>| !is_field(child) && !child.is(Ns::W, "rPr");
        let mut text = String::new();
        run.elements().filter(|child| shows(child)).for_each(|child| words(&child.children, &mut text));
        let objects = run.elements().any(|child| matches!(child.tag.local, "drawing" | "pict" | "object"));
        if !self.remove {
            if objects || !text.trim().is_empty() {
                self.notes.found(Class::ContentHiddenText, "w:vanish");
            }
            out.push(Node::Element(run));
            return;
        }
        if run.elements().any(shows) {
            self.changes = self.changes.saturating_add(1);
            self.notes.value(Class::ContentHiddenText, "w:vanish", &text);
            run.children.retain(|node| node.element().is_some_and(|child| !shows(child)));
        }
        if run.elements().any(is_field) {
            out.push(Node::Element(run));
        } else {
            self.changes = self.changes.saturating_add(1);
        }
    }

    /// Keeps the names of the fields that are open after this run's first instruction.
    fn follow_fields(&mut self, run: &Branch<'_>) {
        for child in run.elements().filter(|child| child.tag.ns == Ns::W) {
            match (child.tag.local, child.tag.own("fldCharType").as_deref()) {
                ("fldChar", Some("begin")) => self.fields.push(String::new()),
                ("fldChar", Some("end")) => {
                    self.fields.pop();
                }
                ("instrText", _) => {
                    let mut instruction = String::new();
                    words(&child.children, &mut instruction);
                    if let Some(name) = self.fields.last_mut().filter(|name| name.is_empty()) {
                        *name = instruction.split_whitespace().next().unwrap_or_default().to_uppercase();
                    }
                }
                _ => {}
            }
        }
    }
}

/// The style that the properties of a paragraph or run name.
fn style(branch: &Branch<'_>, properties: &str, name: &str) -> Option<String> {
    let style = branch.child(Ns::W, properties)?.child(Ns::W, name)?;
    style.tag.own("val").map(Cow::into_owned)
}

/// The text in nodes.
fn words(nodes: &[Node<'_>], out: &mut String) {
    for node in nodes {
        match node {
            Node::Raw(text) => out.push_str(&quick_xml::escape::unescape(text).unwrap_or_default()),
            Node::Element(branch) => words(&branch.children, out),
            Node::New(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

    #[test]
    fn a_style_that_hides_is_found_by_every_way_to_name_it() {
        let policy = Policy::built_in("public-release").expect("policy");
        let limits = Limits::default();
        let styles = |id: &str, more: &str| {
            let style =
                format!("<w:style w:type=\"paragraph\" {more} w:styleId=\"{id}\"><w:rPr><w:vanish/></w:rPr></w:style>");
            let plain = "<w:style w:type=\"paragraph\" w:styleId=\"Plain\"/>";
            Styles::read(&format!("<w:styles {W}>{style}{plain}</w:styles>"), &limits).expect("styles")
        };
        for (id, more, named, hidden) in [
            ("Quiet", "", "\"Quiet\"", true),
            ("Quiet", "", "'Quiet'", true),
            ("Quiet", "", "\"&#81;uiet\"", true),
            ("A&amp;B", "", "\"A&amp;B\"", true),
            ("Quiet", "", "\"Plain\" w:other=\"line&#xA;line\"", false),
            ("Quiet", "", "\"Quieter\"", false),
            ("Quiet", "w:default=\"1\"", "", true),
        ] {
            let properties =
                if named.is_empty() { String::new() } else { format!("<w:pPr><w:pStyle w:val={named}/></w:pPr>") };
            let text = format!("<w:body {W}><w:p>{properties}<w:r><w:t>word</w:t></w:r></w:p></w:body>");
            let mut notes = Notes::new("word/document.xml", &policy);
            let treated = treat(&text, &limits, &styles(id, more), true, &mut notes).expect("treated");
            assert_eq!(treated.is_some(), hidden, "{id} {more} {named}");
            assert_eq!(styles(id, more).may_hide_in(&text), hidden, "{id} {more} {named}");
        }
    }
}
