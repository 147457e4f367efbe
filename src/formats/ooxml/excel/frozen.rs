//! The filter that carries out what the [`Plan`] says.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::plan::Plan;
use super::survey::Survey;
use crate::formats::ooxml::filters::{HiddenFate, is_hidden_sheet};
use crate::formats::xml::{Element, Filter, Notes, Ns, Path, Step};
use crate::policy::{Action, Class};
use crate::refusal::Refusal;

/// Where a filter is in a name that stands for a local path.
#[derive(Debug, PartialEq, Eq)]
enum LocalName {
    No,
    Begin,
    Rest,
}

/// Takes out of one part what goes, and freezes what refers to it.
pub(in crate::formats::ooxml) struct Frozen<'p> {
    plan: &'p Plan,
    found: Survey,
    /// How many names there were so far.
    name: usize,
    local_name: LocalName,
    /// Names that stand for a local path, by their place.
    local_names: BTreeMap<usize, String>,
    /// The cell at hand is emptied.
    emptying: bool,
}

impl<'p> Frozen<'p> {
    /// A filter for a part in which this was found.
    pub(super) fn new(plan: &'p Plan, found: Survey, local_names: BTreeMap<usize, String>) -> Self {
        Self { plan, found, name: 0, local_name: LocalName::No, local_names, emptying: false }
    }

    fn sheet(&self, element: &mut Element<'_>, notes: &mut Notes<'_>) -> Step {
        let id = element.get(Ns::R, "id").unwrap_or_default();
        if let Some(class) = self.plan.takes_target(&id) {
            let item = if class == Class::ActiveMacros { "sheet of macros" } else { "hidden sheet" };
            notes.removed(class, item);
            return Step::Drop;
        }
        if self.plan.sheets == HiddenFate::Shown && is_hidden_sheet(element) {
            element.take(Ns::None, "state");
            notes.changed(Class::ContentHiddenSheets, Action::Unhide, "hidden sheet");
        }
        Step::Keep
    }

    fn name(&mut self, element: &mut Element<'_>, notes: &mut Notes<'_>) -> Step {
        let place = self.name;
        self.name = self.name.saturating_add(1);
        if let Some(class) = self.plan.names.get(&place) {
            notes.removed(*class, "name that refers to it");
            return Step::Drop;
        }
        if self.plan.takes_sheets() {
            renumber(element, "localSheetId", |place| self.plan.renumber(place));
        }
        if let Some(path) = self.local_names.get(&place) {
            notes.value(Class::MetadataPaths, "path in a defined name", path);
            self.local_name = LocalName::Begin;
        }
        Step::Keep
    }
}

/// Gives a sheet its new number.
fn renumber(element: &mut Element<'_>, attribute: &str, number: impl Fn(usize) -> usize) {
    let place = element.own(attribute).and_then(|place| place.parse().ok());
    if let Some(new) = place.map(number) {
        element.set(Ns::None, attribute, &new.to_string());
    }
}

impl Filter for Frozen<'_> {
    fn start(&mut self, element: &mut Element<'_>, path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        if let Some(class) = self.found.dropped.get(&element.offset) {
            let item = match (element.ns, element.local) {
                (Ns::S, "f") => "formula, kept as its value",
                (Ns::Xdr | Ns::Mc, _) => "slicer or timeline",
                (_, local) => local,
            };
            notes.removed(*class, item);
            return Ok(Step::Drop);
        }
        if self.emptying && path.parent_is(Ns::S, "c") {
            return Ok(Step::Drop);
        }
        let cached = self.plan.lost.cached;
        if self.plan.lost.slicers.own(element) {
            notes.removed(Class::ContentCachedData, "slicer or timeline");
            return Ok(Step::Drop);
        }
        Ok(match (element.ns, element.local) {
            (Ns::S, "sheet") => self.sheet(element, notes),
            (Ns::S, "definedNames") => Step::KeepUnlessEmpty,
            (Ns::S, "definedName") => self.name(element, notes),
            (Ns::S, "workbookView") if self.plan.takes_sheets() => {
                renumber(element, "activeTab", |place| self.plan.tab_instead_of(place));
                renumber(element, "firstSheet", |place| self.plan.tab_instead_of(place));
                Step::Keep
            }
            (Ns::S, "c") if self.found.emptied.contains_key(&element.offset) => {
                let item = self.found.emptied.get(&element.offset).copied().unwrap_or_default();
                notes.removed(Class::ContentHiddenText, item);
                // What remains is the place and its format.
                element.strip(|attribute| !matches!(attribute.local, "r" | "s"));
                self.emptying = !element.empty;
                Step::Keep
            }
            (Ns::S, "c") if self.found.frozen_cells.contains(&element.offset) => {
                // The mark of a formula that spills over further cells.
                element.take(Ns::None, "cm");
                Step::Keep
            }
            (Ns::S | Ns::SExt, "dataValidations") if !self.found.dropped.is_empty() => {
                element.take(Ns::None, "count");
                Step::KeepUnlessEmpty
            }
            (Ns::S, "pivotSelection") | (Ns::C, "pivotSource" | "pivotFmts") | (Ns::AExt, "pivotOptions") if cached => {
                notes.removed(Class::ContentCachedData, element.name());
                Step::Drop
            }
            (Ns::S, "conditionalFormatting") if cached => {
                element.take(Ns::None, "pivot");
                Step::Keep
            }
            (Ns::S | Ns::SExt, "pivotCaches" | "pivotTableReferences")
            | (Ns::SExt, "slicerList" | "slicerCaches" | "timelineRefs" | "timelineCacheRefs")
            | (Ns::S, "extLst" | "ext")
                if cached =>
            {
                Step::KeepUnlessEmpty
            }
            (Ns::SExt, "dataModel") if self.plan.lost.connections => {
                notes.removed(Class::ContentConnections, element.name());
                Step::Drop
            }
            (Ns::S, "table") if self.plan.lost.connections => {
                element.take(Ns::None, "connectionId");
                if element.own("tableType").as_deref() == Some("queryTable") {
                    element.take(Ns::None, "tableType");
                    notes.removed(Class::ContentConnections, "query of a table");
                }
                Step::Keep
            }
            (Ns::S, "tableColumn") if self.plan.lost.connections => {
                element.take(Ns::None, "queryTableFieldId");
                element.take(Ns::None, "uniqueName");
                Step::Keep
            }
            _ => Step::Keep,
        })
    }

    fn text(&mut self, text: &mut Cow<'_, str>, path: &Path<'_>, _notes: &mut Notes<'_>) {
        if self.local_name == LocalName::No || !path.parent_is(Ns::S, "definedName") {
            return;
        }
        let first = std::mem::replace(&mut self.local_name, LocalName::Rest) == LocalName::Begin;
        *text = Cow::Borrowed(if first { "#REF!" } else { "" });
    }

    fn end(&mut self, ns: Ns, local: &str, _path: &Path<'_>, _notes: &mut Notes<'_>) {
        match (ns, local) {
            (Ns::S, "definedName") => self.local_name = LocalName::No,
            (Ns::S, "c") => self.emptying = false,
            _ => {}
        }
    }
}
