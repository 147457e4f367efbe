//! Marked content (14.6): which marks and properties stay, and what layers do to what is marked with them.

use std::ops::Range;

use super::cleaning::Cleaning;
use super::operations::{Entry, Operand, Operation, entries, inside, values};
use super::operators::Category;
use super::tokens::name;
use crate::formats::pdf::source::{Dictionary, Object, as_dictionary};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Marks that mean something without properties: artifacts, text runs, the variable text of form fields, reversed text.
const MARKS: [&[u8]; 5] = [b"Artifact", b"Span", b"Tx", b"ReversedChars", b"Clip"];
/// Properties that stay, and what their values are (14.6.2, 14.8.2.2, 14.9).
const PROPERTIES: [(&[u8], Operand); 9] = [
    (b"Type", Operand::Name),
    (b"Subtype", Operand::Name),
    (b"MCID", Operand::Number),
    (b"ActualText", Operand::String),
    (b"Alt", Operand::String),
    (b"E", Operand::String),
    (b"Lang", Operand::String),
    (b"BBox", Operand::Array),
    (b"Attached", Operand::Array),
];

/// Marked content that is open.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    /// Its operators stay.
    pub(super) kept: bool,
    /// Nothing in it is shown.
    pub(super) hidden: bool,
}

impl Cleaning<'_, '_> {
    /// Begins marked content: decides what stays of its operator.
    pub(super) fn begin(&mut self, operation: &Operation<'_>) -> Result<(), Refusal> {
        let mut mark = Mark { kept: false, hidden: self.hidden() };
        let properties = if operation.operator == b"BDC" { operation.operands.last() } else { None };
        let listed = match properties {
            Some((Operand::Name, range)) => {
                let name = name(self.text(range));
                let list = self.property_list(&name)?;
                match list {
                    Some((value, list)) if self.is_layer(list)? => {
                        mark.kept = !self.scope.layers.flatten;
                        mark.hidden |=
                            self.scope.layers.flatten && self.scope.layers.hides(self.scope.source, value)?;
                        if mark.kept {
                            self.cleaned.used.insert((Category::Properties, name));
                        } else {
                            self.cleaned.edits.drop(operation.range.clone());
                        }
                        self.marks.push(mark);
                        return Ok(());
                    }
                    Some((_, list)) if PROPERTIES.iter().any(|(key, _)| list.has(key)) => {
                        if !mark.hidden {
                            self.cleaned.used.insert((Category::Properties, name));
                        }
                        true
                    }
                    _ => false,
                }
            }
            Some((Operand::Dictionary, range)) => !mark.hidden && self.direct_properties(range),
            _ => false,
        };
        let known = |cleaning: &Self| match operation.operands.first() {
            Some((Operand::Name, range)) => MARKS.contains(&name(cleaning.text(range)).as_slice()),
            _ => false,
        };
        mark.kept = !mark.hidden && (listed || known(self));
        if !mark.kept {
            if !mark.hidden {
                let item = "content/private mark";
                self.report.removed_bytes(Class::ContentUnknown, item, &self.scope.place, operation.range.len());
            }
            self.cleaned.edits.drop(operation.range.clone());
        } else if let (Some((_, tag)), false, Some((_, range))) = (operation.operands.first(), listed, properties) {
            // Nothing is left of the properties.
            if range.start > tag.end {
                self.cleaned.edits.replace(range.start..operation.range.end, b"BMC".to_vec());
            }
        }
        self.marks.push(mark);
        Ok(())
    }

    /// The property list of this name among the resources, and what the name stands for.
    fn property_list(&self, name: &[u8]) -> Result<Option<(&Object, &Dictionary)>, Refusal> {
        let source = self.scope.source;
        let Some(resources) = self.scope.resources else { return Ok(None) };
        let Some(table) = source.dictionary(resources, "Properties")? else { return Ok(None) };
        let Ok(value) = table.get(name) else { return Ok(None) };
        Ok(as_dictionary(source.resolve(value)?.1).map(|list| (value, list)))
    }

    fn is_layer(&self, list: &Dictionary) -> Result<bool, Refusal> {
        Ok(matches!(self.scope.source.name(list, "Type")?, Some(b"OCG" | b"OCMD")))
    }

    /// Cleans a property list in the content itself; true when something of it stays.
    fn direct_properties(&mut self, range: &Range<usize>) -> bool {
        let content = inside(range, Operand::Dictionary);
        let entries = entries(self.bytes, content.clone());
        let kept: Vec<&Entry> = entries.iter().filter(|entry| self.may_stay(entry)).collect();
        let whole = values(self.bytes, content).len();
        if kept.len().saturating_mul(2) == whole {
            return whole > 0;
        }
        let mut list = b"<<".to_vec();
        for entry in &kept {
            list.extend_from_slice(self.text(&entry.range));
            list.push(b' ');
        }
        list.extend_from_slice(b">>");
        let any = !kept.is_empty();
        let item = "content/private property";
        let dropped = range.len().saturating_sub(list.len());
        self.report.removed_bytes(Class::ContentUnknown, item, &self.scope.place, dropped);
        if any {
            self.cleaned.edits.replace(range.clone(), list);
        }
        any
    }

    fn may_stay(&self, entry: &Entry) -> bool {
        let listed = PROPERTIES.iter().any(|(key, kind)| *key == entry.key.as_slice() && entry.kind == Some(*kind));
        let plain = |kind: &Option<Operand>| matches!(kind, Some(Operand::Number | Operand::Name));
        listed
            && (entry.kind != Some(Operand::Array)
                || values(self.bytes, inside(&entry.value, Operand::Array)).iter().all(|(kind, _)| plain(kind)))
    }
}
