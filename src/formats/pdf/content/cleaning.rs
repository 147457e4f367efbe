//! What goes out of one content stream.
//!
//! Dropped are comments, words that are no operators with their operands, operands beyond those that an operator takes,
//! marked-content points, marks without a meaning outside of the program that made them, and properties that are not on the
//! list. Readers differ about unbalanced delimiters: some stop there, others go on. They are dropped too, so that all read what
//! follows; where that shows more than before, the proof refuses the copy. Of layers that are off the painting goes, while what sets the graphics state stays: position, colour and clip after
//! them are as before.

use std::collections::BTreeSet;
use std::ops::Range;

use super::inline_cleaning;
use super::operations::{Entry, Item, Operand, Operation, Operations, entries, inside, values};
use super::operators::{Arity, Category, arity, builds_path, paints_path, resource};
use super::splice::Edits;
use super::tokens::name;
use crate::formats::pdf::layers::Layers;
use crate::formats::pdf::source::{Dictionary, Object, Source, as_dictionary};
use crate::formats::{Context, Report};
use crate::policy::{Action, Class};
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

/// What a content stream is cleaned with.
pub(super) struct Scope<'a> {
    pub(super) source: &'a Source,
    pub(super) resources: Option<&'a Dictionary>,
    pub(super) layers: &'a Layers,
    pub(super) context: &'a Context<'a>,
    /// How reports name the stream.
    pub(super) place: String,
}

/// What came of it.
#[derive(Default)]
pub(super) struct Cleaned {
    /// What changes.
    pub(super) edits: Edits,
    /// The resources that what is left names.
    pub(super) used: BTreeSet<(Category, Vec<u8>)>,
}

/// Marked content that is open.
#[derive(Clone, Copy)]
struct Mark {
    /// Its operators stay.
    kept: bool,
    /// Nothing in it is shown.
    hidden: bool,
}

struct Cleaning<'a, 'r> {
    scope: &'a Scope<'a>,
    bytes: &'a [u8],
    report: &'r mut Report,
    cleaned: Cleaned,
    marks: Vec<Mark>,
    /// The operations that build the current path, where nothing of it is shown, and whether it clips.
    path: Vec<Range<usize>>,
    clips: bool,
    painted: u64,
}

/// Cleans one content stream, or the joined streams of a page.
///
/// # Errors
/// The refusal of a JPEG in an inline image; [`crate::Reason::Damaged`] where a property list was lost on loading.
pub(super) fn clean(bytes: &[u8], scope: &Scope<'_>, report: &mut Report) -> Result<Cleaned, Refusal> {
    let mut cleaning = Cleaning {
        scope,
        bytes,
        report,
        cleaned: Cleaned::default(),
        marks: Vec::new(),
        path: Vec::new(),
        clips: false,
        painted: 0,
    };
    for item in Operations::new(bytes) {
        match item {
            Item::Operation(operation) => cleaning.operation(&operation)?,
            Item::Comment(range) => cleaning.unknown("comment", range),
            Item::Dangling(range) => cleaning.unknown("operand", range),
            Item::Garbage(range) => cleaning.unknown("garbage", range),
        }
    }
    if cleaning.painted > 0 {
        let count = cleaning.painted;
        let item = "drawing in a hidden layer";
        cleaning.report.hit(Class::ContentLayers, Action::Flatten, item, &scope.place, count, 0);
    }
    Ok(cleaning.cleaned)
}

impl Cleaning<'_, '_> {
    fn text(&self, range: &Range<usize>) -> &[u8] {
        self.bytes.get(range.clone()).unwrap_or_default()
    }

    /// Drops a stretch that means nothing.
    fn unknown(&mut self, what: &str, range: Range<usize>) {
        let item = format!("content/{what}");
        self.report.removed_bytes(Class::ContentUnknown, item, &self.scope.place, range.len());
        self.cleaned.edits.drop(range);
    }

    fn hidden(&self) -> bool {
        self.marks.last().is_some_and(|mark| mark.hidden)
    }

    fn operation(&mut self, operation: &Operation<'_>) -> Result<(), Refusal> {
        let Some(arity) = arity(operation.operator) else {
            // A word that begins like a number is read in many ways.
            if operation.operator.first().is_some_and(u8::is_ascii_alphabetic) {
                self.unknown("operator", operation.range.clone());
            }
            return Ok(());
        };
        match operation.operator {
            b"BMC" | b"BDC" => return self.begin(operation),
            b"EMC" => {
                if self.marks.pop().is_some_and(|mark| !mark.kept) {
                    self.cleaned.edits.drop(operation.range.clone());
                }
                self.path.clear();
                return Ok(());
            }
            b"MP" | b"DP" => {
                self.unknown("marked-content point", operation.range.clone());
                return Ok(());
            }
            _ => {}
        }
        if self.hidden() {
            self.hide(operation);
            return Ok(());
        }
        self.surplus(operation, arity);
        self.cleaned.used.extend(resource(self.bytes, operation));
        match operation.operator {
            b"Do" if self.draws_hidden_object(operation)? => {
                self.painted = self.painted.saturating_add(1);
                self.cleaned.used.remove(&resource(self.bytes, operation).unwrap_or((Category::XObject, Vec::new())));
                self.cleaned.edits.drop(operation.range.clone());
            }
            b"TJ" => self.show_strings(operation),
            b"BI" => inline_cleaning::clean(self.bytes, operation, self.scope, &mut self.cleaned, self.report)?,
            _ => {}
        }
        Ok(())
    }

    /// Drops operands before those that the operator takes: readers use the last ones.
    fn surplus(&mut self, operation: &Operation<'_>, arity: Arity) {
        let surplus = match arity {
            Arity::Exactly(count) => operation.operands.len().saturating_sub(count),
            Arity::Components => {
                let component = |kind: Operand| matches!(kind, Operand::Number | Operand::Name);
                operation.operands.iter().rposition(|(kind, _)| !component(*kind)).map_or(0, |at| at.saturating_add(1))
            }
        };
        let extra = operation.operands.get(..surplus).unwrap_or_default();
        if let (Some((_, first)), Some((_, last))) = (extra.first(), extra.last()) {
            self.unknown("operand", first.start..last.end);
        }
    }

    /// Drops what is neither string nor number from the array of `TJ`.
    fn show_strings(&mut self, operation: &Operation<'_>) {
        let Some((Operand::Array, range)) = operation.operands.last() else { return };
        for (kind, range) in values(self.bytes, inside(range, Operand::Array)) {
            if !matches!(kind, Some(Operand::String | Operand::Number)) {
                self.unknown("operand", range);
            }
        }
    }

    /// Begins marked content: decides what stays of its operator.
    fn begin(&mut self, operation: &Operation<'_>) -> Result<(), Refusal> {
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

    /// True for a form or picture of a layer that is off.
    fn draws_hidden_object(&self, operation: &Operation<'_>) -> Result<bool, Refusal> {
        let (source, layers) = (self.scope.source, self.scope.layers);
        let (true, Some((_, name)), Some(resources)) =
            (layers.flatten, resource(self.bytes, operation), self.scope.resources)
        else {
            return Ok(false);
        };
        let Some(table) = source.dictionary(resources, "XObject")? else { return Ok(false) };
        let Ok(value) = table.get(&name) else { return Ok(false) };
        match source.resolve(value)?.1 {
            Object::Stream(stream) => match stream.dict.get(b"OC") {
                Ok(layer) => layers.hides(source, layer),
                Err(_) => Ok(false),
            },
            _ => Ok(false),
        }
    }

    /// Takes the painting out of an operation that is not shown.
    fn hide(&mut self, operation: &Operation<'_>) {
        let range = operation.range.clone();
        let replacement: Option<Vec<u8>> = match operation.operator {
            b"Tj" | b"TJ" | b"Do" | b"sh" | b"BI" => Some(Vec::new()),
            b"'" => Some(b"T*".to_vec()),
            b"\"" => Some(self.spaced_line(operation)),
            operator if builds_path(operator) => {
                self.path.push(range);
                return;
            }
            b"W" | b"W*" => {
                self.clips = true;
                return;
            }
            operator if paints_path(operator) || operator == b"n" => {
                let path = std::mem::take(&mut self.path);
                if std::mem::take(&mut self.clips) {
                    (operator != b"n").then(|| b"n".to_vec())
                } else {
                    path.into_iter().for_each(|range| self.cleaned.edits.drop(range));
                    Some(Vec::new())
                }
            }
            _ => None,
        };
        match replacement {
            Some(with) => {
                self.painted = self.painted.saturating_add(1);
                self.cleaned.edits.replace(range, with);
            }
            None => self.cleaned.used.extend(resource(self.bytes, operation)),
        }
    }

    /// What `"` does besides showing text: it sets both spacings and goes to the next line (9.4.3).
    fn spaced_line(&self, operation: &Operation<'_>) -> Vec<u8> {
        let [.., (_, word), (_, character), _] = operation.operands.as_slice() else { return b"T*".to_vec() };
        [self.text(word), b" Tw ", self.text(character), b" Tc T*"].concat()
    }
}
