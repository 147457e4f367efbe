//! Layers (8.11): which of them the document shows when it is opened, and what goes when it is flattened to that view.
//!
//! The default configuration decides: its base state, its lists of layers that are on and off. A configuration may also
//! switch layers by their usage when the document is viewed (8.11.4.4); readers differ about that, so where it would change
//! what is shown, a person has to look.

use std::collections::{BTreeMap, BTreeSet};

use super::pages::Page;
use super::source::{Dictionary, Object, ObjectId, Source, as_dictionary, text};
use crate::formats::Report;
use crate::policy::{Action, Class, Policy};
use crate::refusal::Refusal;

/// Expressions of visibility nested deeper than this count as visible.
const EXPRESSION_DEPTH: usize = 32;

/// The layers of a document in its default view.
#[derive(Debug, Default)]
pub(super) struct Layers {
    off: BTreeSet<ObjectId>,
    /// True when content is flattened to the default view.
    pub(super) flatten: bool,
}

impl Layers {
    /// Reads the default view and reports what the policy does with layers.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] where the configuration was lost on loading.
    pub(super) fn read(source: &Source, policy: &Policy, report: &mut Report) -> Result<Self, Refusal> {
        let Some(properties) = source.dictionary(source.catalog()?, "OCProperties")? else {
            return Ok(Self::default());
        };
        let all = references(source.list(properties, "OCGs")?);
        let nothing = Dictionary::new();
        let configuration = source.dictionary(properties, "D")?.unwrap_or(&nothing);
        let mut off = BTreeSet::new();
        if source.name(configuration, "BaseState")? == Some(b"OFF") {
            off.extend(all.iter().copied());
        }
        for id in references(source.list(configuration, "ON")?) {
            off.remove(&id);
        }
        off.extend(references(source.list(configuration, "OFF")?));
        let action = policy.action(Class::ContentLayers);
        let layers = Self { off, flatten: action == Action::Flatten };
        if !layers.off.is_empty() {
            report.hit(Class::ContentLayers, action, "OCG", "", layers.off.len() as u64, 0);
        }
        if layers.flatten {
            if switched_by_usage(source, configuration)?.iter().any(|(id, on)| layers.off.contains(id) == *on) {
                report.hit(Class::ContentLayers, Action::Hold, "OCG/Usage", "", 1, 0);
            }
            names(source, properties, configuration, &all, report)?;
        }
        Ok(layers)
    }

    /// True when what belongs to this layer or membership is not shown.
    ///
    /// # Errors
    /// As [`Layers::read`].
    pub(super) fn hides(&self, source: &Source, layer: &Object) -> Result<bool, Refusal> {
        let (id, target) = source.resolve(layer)?;
        let Some(dictionary) = as_dictionary(target) else { return Ok(false) };
        if source.name(dictionary, "Type")? != Some(b"OCMD") {
            return Ok(id.is_some_and(|id| self.off.contains(&id)));
        }
        if let Object::Array(expression) = source.get(dictionary, "VE")? {
            return Ok(!self.holds(source, expression, 0)?);
        }
        let groups = references(source.list(dictionary, "OCGs")?);
        let on = |id: &ObjectId| !self.off.contains(id);
        let shown = groups.is_empty()
            || match source.name(dictionary, "P")? {
                Some(b"AllOn") => groups.iter().all(on),
                Some(b"AnyOff") => !groups.iter().all(on),
                Some(b"AllOff") => !groups.iter().any(on),
                _ => groups.iter().any(on),
            };
        Ok(!shown)
    }

    /// The value of a visibility expression (8.11.2.2).
    fn holds(&self, source: &Source, expression: &[Object], depth: usize) -> Result<bool, Refusal> {
        if depth > EXPRESSION_DEPTH {
            return Ok(true);
        }
        let Some((operator, operands)) = expression.split_first() else { return Ok(true) };
        let operator = source.resolve(operator)?.1.as_name().unwrap_or_default();
        let mut values = Vec::new();
        for operand in operands {
            values.push(match source.resolve(operand)? {
                (_, Object::Array(inner)) => self.holds(source, inner, depth.saturating_add(1))?,
                (Some(id), Object::Dictionary(_)) => !self.off.contains(&id),
                _ => continue,
            });
        }
        Ok(match operator {
            b"And" => values.iter().all(|value| *value),
            b"Or" => values.iter().any(|value| *value),
            b"Not" => values.first().is_none_or(|value| !value),
            _ => true,
        })
    }

    /// Takes the layers out of the document itself: annotations of layers that are off, and every mention of a layer outside
    /// of content streams, which are cleaned by themselves.
    ///
    /// # Errors
    /// As [`Layers::read`].
    pub(super) fn flatten_annotations(
        &self,
        source: &Source,
        pages: &mut [Page],
        report: &mut Report,
    ) -> Result<(), Refusal> {
        if !self.flatten {
            return Ok(());
        }
        for (number, page) in (1_u64..).zip(pages) {
            let mut kept = Vec::new();
            let mut dropped = 0_u64;
            for element in source.list(&page.dictionary, "Annots")? {
                let hidden = match as_dictionary(source.resolve(element)?.1).and_then(|one| one.get(b"OC").ok()) {
                    Some(layer) => self.hides(source, layer)?,
                    None => false,
                };
                if hidden {
                    dropped = dropped.saturating_add(1);
                } else {
                    kept.push(element.clone());
                }
            }
            if dropped > 0 {
                let place = format!("page {number}");
                report.hit(Class::ContentLayers, Action::Flatten, "Annot in a hidden layer", place, dropped, 0);
                page.dictionary.set("Annots", Object::Array(kept));
            }
        }
        Ok(())
    }

    /// Drops the layers of forms, pictures and annotations, and the list of layers. Call it when content was cleaned.
    pub(super) fn forget(&self, source: &mut Source) {
        if !self.flatten {
            return;
        }
        for object in source.objects_mut() {
            match object {
                Object::Stream(stream) => drop(stream.dict.remove(b"OC")),
                Object::Dictionary(dictionary) if dictionary.has(b"Rect") => drop(dictionary.remove(b"OC")),
                Object::Dictionary(dictionary) => drop(dictionary.remove(b"OCProperties")),
                _ => {}
            }
        }
    }
}

fn references(elements: &[Object]) -> Vec<ObjectId> {
    elements.iter().filter_map(|element| element.as_reference().ok()).collect()
}

/// The states that usage gives to layers when the document is viewed (8.11.4.4).
fn switched_by_usage(source: &Source, configuration: &Dictionary) -> Result<BTreeMap<ObjectId, bool>, Refusal> {
    let mut states = BTreeMap::new();
    for application in source.list(configuration, "AS")? {
        let Some(application) = as_dictionary(source.resolve(application)?.1) else { continue };
        if source.name(application, "Event")? != Some(b"View") {
            continue;
        }
        let categories = source.list(application, "Category")?;
        if !categories.iter().any(|category| category.as_name().is_ok_and(|name| name == b"View")) {
            continue;
        }
        for group in source.list(application, "OCGs")? {
            let (Some(id), Object::Dictionary(group)) = source.resolve(group)? else { continue };
            let Some(usage) = source.dictionary(group, "Usage")? else { continue };
            let Some(view) = source.dictionary(usage, "View")? else { continue };
            if let Some(state) = source.name(view, "ViewState")? {
                states.insert(id, state != b"OFF");
            }
        }
    }
    Ok(states)
}

/// Lists the names of layers and of those who made them.
fn names(
    source: &Source,
    properties: &Dictionary,
    configuration: &Dictionary,
    groups: &[ObjectId],
    report: &mut Report,
) -> Result<(), Refusal> {
    let mut configurations = vec![configuration];
    for other in source.list(properties, "Configs")? {
        configurations.extend(as_dictionary(source.resolve(other)?.1));
    }
    for configuration in configurations {
        for (key, class) in [("Name", Class::MetadataOther), ("Creator", Class::MetadataSoftware)] {
            if let Some(value) = text(source.get(configuration, key)?) {
                report.removed_value(class, format!("OCProperties/{key}"), "", value);
            }
        }
    }
    for id in groups {
        let reference = Object::Reference(*id);
        let Some(group) = as_dictionary(source.resolve(&reference)?.1) else { continue };
        if let Some(name) = text(source.get(group, "Name")?) {
            report.removed_value(Class::MetadataOther, "OCG/Name", "", name);
        }
        let Some(usage) = source.dictionary(group, "Usage")? else { continue };
        for (part, key, class) in
            [("CreatorInfo", "Creator", Class::MetadataSoftware), ("User", "Name", Class::MetadataPeople)]
        {
            let Some(part_of_usage) = source.dictionary(usage, part)? else { continue };
            if let Some(value) = text(source.get(part_of_usage, key)?) {
                report.removed_value(class, format!("OCG/{part}"), "", value);
            }
        }
    }
    Ok(())
}
