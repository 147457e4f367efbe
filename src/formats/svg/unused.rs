//! What nobody sees and nothing refers to: switched-off elements, leftover definitions, ids and classes.

use std::collections::HashSet;

use super::css::{self, Sheets};
use super::names;
use super::tree::{Attribute, Element, Node, Space};
use crate::formats::Report;
use crate::policy::{Action, Class};
use crate::refusal::Refusal;

/// Definitions that refer to definitions: real drawings have chains of two or three.
const MOST_ROUNDS: usize = 100;

/// Takes out what nothing needs, until nothing more can go.
///
/// # Errors
/// [`crate::Reason::OverLimit`] when definitions refer to each other in too long a chain.
pub(super) fn remove(root: &mut Element, sheets: &Sheets, report: &mut Report) -> Result<(), Refusal> {
    for _ in 0..MOST_ROUNDS {
        let mut used = HashSet::new();
        root.walk(&mut |element| referred(element, &mut used));
        let mut pass = Pass { sheets, used, report, changed: false };
        pass.children(root);
        if !pass.changed {
            names_without_use(root, &pass.used, sheets, report);
            return Ok(());
        }
    }
    Err(Refusal::over_limit("xml-depth", format!("definitions refer to each other over {MOST_ROUNDS} steps")))
}

/// One look at every element.
struct Pass<'p> {
    sheets: &'p Sheets,
    used: HashSet<String>,
    report: &'p mut Report,
    changed: bool,
}

impl Pass<'_> {
    fn children(&mut self, parent: &mut Element) {
        let in_switch = parent.name == "switch";
        let is_defs = parent.name == "defs";
        let mut children = std::mem::take(&mut parent.children);
        children.retain_mut(|node| {
            let Node::Element(child) = node else { return true };
            if self.goes(child, in_switch, is_defs) {
                self.changed = true;
                return false;
            }
            self.children(child);
            true
        });
        parent.children = children;
    }

    /// Reports and answers whether an element goes.
    fn goes(&mut self, element: &Element, in_switch: bool, is_definition: bool) -> bool {
        if self.is_needed(element) {
            return false;
        }
        if !in_switch && names::is_displayed(&element.name) && self.is_hidden(element) {
            let item = format!("<{}> with display: none", element.name);
            self.report.removed_value(Class::ContentHiddenElements, item, "", element.text());
            return true;
        }
        let defined = is_definition && !names::works_in_defs(&element.name);
        if defined || names::is_by_reference(&element.name) {
            let item = format!("<{}> without use", element.name);
            self.report.removed_value(Class::ContentUnreferenced, item, "", element.text());
            return true;
        }
        false
    }

    /// True when something refers into the element, or when it does what reaches beyond it.
    fn is_needed(&self, element: &Element) -> bool {
        let own = element.get("id").is_some_and(|id| self.used.contains(id));
        own || matches!(element.name.as_str(), "style" | "symbol" | "view" | "font" | "font-face")
            || element.elements().any(|child| self.is_needed(child))
    }

    fn is_hidden(&self, element: &Element) -> bool {
        let animated = element.elements().any(|child| child.name == "set" || child.name.starts_with("animate"));
        !animated && hides(element, self.sheets)
    }
}

/// True when the element has `display: none` for sure.
fn hides(element: &Element, sheets: &Sheets) -> bool {
    if sheets.uncertain {
        return false;
    }
    if let Some(display) = element.get("style").and_then(|style| css::declared(style, "display")) {
        return display.eq_ignore_ascii_case("none");
    }
    let classes = element.get("class").unwrap_or_default().split_ascii_whitespace();
    let by_class = classes.into_iter().any(|class| sheets.hidden_classes.iter().any(|hidden| hidden == class));
    by_class || element.get("display").is_some_and(|display| display.trim() == "none")
}

/// Collects the ids that an element refers to.
fn referred(element: &Element, used: &mut HashSet<String>) {
    for Attribute { name, value, .. } in &element.attributes {
        match name.as_str() {
            "id" | "d" | "points" | "transform" => {}
            "href" => used.extend(value.trim().strip_prefix('#').map(fragment)),
            "begin" | "end" => {
                let events = value.split(';').filter_map(|event| event.trim().rsplit_once('.'));
                used.extend(events.map(|(id, _)| id.replace('\\', "")));
            }
            _ if name.starts_with("aria-") => used.extend(value.split_ascii_whitespace().map(str::to_owned)),
            _ => targets(value, used),
        }
    }
    if element.name == "style" {
        targets(&element.text(), used);
    }
}

/// Collects the ids in `url(#id)`.
fn targets(value: &str, used: &mut HashSet<String>) {
    let found = value.split("url(").skip(1).filter_map(|rest| rest.split(')').next());
    used.extend(found.filter_map(|target| target.trim_matches(['"', '\'', ' ']).strip_prefix('#').map(fragment)));
}

/// A fragment as an id: programs write some characters percent-encoded. `xpointer(id(x))` and views are no ids.
fn fragment(text: &str) -> String {
    crate::formats::links::percent_decode(text.trim())
}

/// Takes out ids and classes that nothing refers to.
fn names_without_use(root: &mut Element, used: &HashSet<String>, sheets: &Sheets, report: &mut Report) {
    let (mut ids, mut classes) = (0_u64, 0_u64);
    tidy_names(root, &mut |name, attribute| match attribute.name.as_str() {
        // Other files may refer to these.
        "id" if matches!(name, "symbol" | "view") || used.contains(&attribute.value) => true,
        "id" if sheets.names('#', &attribute.value) => true,
        "id" => {
            ids = ids.saturating_add(1);
            false
        }
        "class" => {
            let all = attribute.value.split_ascii_whitespace().count();
            let kept: Vec<&str> =
                attribute.value.split_ascii_whitespace().filter(|class| sheets.names('.', class)).collect();
            classes = classes.saturating_add(u64::try_from(all.saturating_sub(kept.len())).unwrap_or(u64::MAX));
            attribute.value = kept.join(" ");
            !attribute.value.is_empty()
        }
        _ => true,
    });
    for (count, item) in [(ids, "id without use"), (classes, "class without use")] {
        if count > 0 {
            report.hit(Class::MetadataIdentifiers, Action::Remove, item, "", count, 0);
        }
    }
}

fn tidy_names(element: &mut Element, keep: &mut dyn FnMut(&str, &mut Attribute) -> bool) {
    let name = element.name.clone();
    element.attributes.retain_mut(|attribute| attribute.space != Space::None || keep(&name, attribute));
    for child in element.elements_mut() {
        tidy_names(child, keep);
    }
}
