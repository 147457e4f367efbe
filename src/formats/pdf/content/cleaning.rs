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
use super::marks::Mark;
use super::operations::{Item, Operand, Operation, Operations, inside, values};
use super::operators::{Arity, Category, arity, resource};
use super::splice::Edits;
use crate::formats::pdf::layers::Layers;
use crate::formats::pdf::source::{Dictionary, Source};
use crate::formats::{Context, RemovedValue, Report};
use crate::policy::{Action, Class};
use crate::refusal::Refusal;

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

/// A content stream that is being cleaned.
pub(super) struct Cleaning<'a, 'r> {
    pub(super) scope: &'a Scope<'a>,
    pub(super) bytes: &'a [u8],
    pub(super) report: &'r mut Report,
    pub(super) cleaned: Cleaned,
    /// Marked content that is open.
    pub(super) marks: Vec<Mark>,
    /// The operations that build the current path, where nothing of it is shown, and whether it clips.
    pub(super) path: Vec<Range<usize>>,
    pub(super) clips: bool,
    pub(super) painted: u64,
    /// The font that is set, and the text that is not shown.
    pub(super) font: Vec<u8>,
    pub(super) unseen: String,
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
        font: Vec::new(),
        unseen: String::new(),
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
    if !cleaning.unseen.trim().is_empty() {
        let (class, item, value) = (Class::ContentLayers, "text in a hidden layer".to_owned(), cleaning.unseen);
        cleaning.report.hit(class, Action::Flatten, &item, &scope.place, 1, value.len() as u64);
        cleaning.report.values.push(RemovedValue { class, item, value });
    }
    Ok(cleaning.cleaned)
}

impl Cleaning<'_, '_> {
    pub(super) fn text(&self, range: &Range<usize>) -> &[u8] {
        self.bytes.get(range.clone()).unwrap_or_default()
    }

    /// Drops a stretch that means nothing.
    fn unknown(&mut self, what: &str, range: Range<usize>) {
        let item = format!("content/{what}");
        self.report.removed_bytes(Class::ContentUnknown, item, &self.scope.place, range.len());
        self.cleaned.edits.drop(range);
    }

    pub(super) fn hidden(&self) -> bool {
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
        if let (b"Tf", Some((_, name))) = (operation.operator, resource(self.bytes, operation)) {
            self.font = name;
        }
        if self.hidden() {
            self.note_text(operation)?;
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
}
