//! What the policy takes out of a workbook, as far as it is out of the copy: hidden sheets, sheets of macros, cells in hidden rows
//! and columns, pivot tables, other workbooks, connections, and all that refers to them.
//!
//! The original says what there is, the copy what is left. What is left must have been reported as held; the rest is no
//! part of the essence, on neither side, and a formula of the copy that still refers to it is an error.

use std::collections::HashSet;

use super::concealed::Concealing;
use super::hiding::{Hiding, Leaving};
use super::package::Package;
use super::references::Targets;
use super::slicers::Slicers;
use crate::formats::{Context, Report};
use crate::policy::{Action, Class};
use crate::prove::Side;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Attribute, Element, XmlReader};
use crate::refusal::Refusal;

/// What is no part of the essence.
#[derive(Debug, Default)]
pub(crate) struct Removed {
    pub(crate) targets: Targets,
    /// For each sheet of the original, whether it goes.
    sheets: Vec<bool>,
    /// The relationships that lead to those that go.
    sheet_ids: HashSet<String>,
    /// Cells in hidden rows and columns go, and all formulas.
    pub(crate) hidden_cells: bool,
    /// The formats of cells whose content goes, and all formulas.
    concealing: Option<Concealing>,
    /// Cells that may have been seen were emptied.
    emptied_in_doubt: bool,
    /// Tables lost the cells of their headers.
    beheaded: bool,
    /// The slicers and timelines that go with their pivot tables.
    slicers: Slicers,
    /// Pivot tables went that cells need.
    bared: bool,
    shows_sheets: bool,
    shows_rows: bool,
    /// Classes that the policy takes out or shows and that are still in the copy.
    left: Vec<Class>,
}

impl Removed {
    /// Compares original and copy.
    ///
    /// # Errors
    /// When a part cannot be read.
    pub(crate) fn between(input: &Package, output: &Package, context: &Context<'_>) -> Result<Self, Refusal> {
        let action = |class| context.policy.action(class);
        let classes = [
            Class::ContentHiddenSheets,
            Class::ContentHiddenRows,
            Class::ContentHiddenText,
            Class::ContentCachedData,
            Class::ContentConnections,
            Class::ActiveMacros,
        ];
        if !classes.iter().any(|class| matches!(action(*class), Action::Remove | Action::Unhide)) {
            return Ok(Self::default());
        }
        let concealing = |package| match action(Class::ContentHiddenText) {
            Action::Remove => Concealing::of(package, context),
            _ => Ok(Concealing::default()),
        };
        let after = Hiding::of(output, Leaving::default(), &concealing(output)?, context)?;
        let leaving = Leaving {
            hidden: action(Class::ContentHiddenSheets) == Action::Remove && !after.hidden_sheets,
            macros: action(Class::ActiveMacros) == Action::Remove && !after.macro_sheets,
        };
        let formats = concealing(input)?;
        let before = Hiding::of(input, leaving, &formats, context)?;
        let removes = |class, before: bool, after: bool| action(class) == Action::Remove && before && !after;
        let conceals = removes(Class::ContentHiddenText, before.concealed_cells, after.concealed_cells);
        let mut removed = Self {
            sheets: before.sheets.iter().map(|sheet| sheet.is_of(leaving)).collect(),
            hidden_cells: removes(Class::ContentHiddenRows, before.hidden_cells, after.hidden_cells),
            concealing: conceals.then_some(formats),
            emptied_in_doubt: conceals && before.coloured_otherwise,
            shows_sheets: action(Class::ContentHiddenSheets) == Action::Unhide,
            shows_rows: action(Class::ContentHiddenRows) == Action::Unhide,
            ..Self::default()
        };
        let gone = before.sheets.iter().filter(|sheet| sheet.is_of(leaving));
        removed.sheet_ids = gone.clone().map(|sheet| sheet.id.clone()).collect();
        removed.targets = Targets {
            sheets: gone.map(|sheet| sheet.name.to_lowercase()).collect(),
            names: before.tables.clone(),
            cached: removes(Class::ContentCachedData, before.cached, after.cached),
            connections: removes(Class::ContentConnections, before.connections, after.connections),
        };
        if removed.targets.cached {
            removed.targets.names.extend(before.slicers.caches.iter().cloned());
            removed.slicers = before.slicers;
        }
        if leaving.macros && before.macro_sheets {
            removed.targets.names.extend(before.macro_names.iter().cloned());
        }
        removed.beheaded = removed.hidden_cells && before.hidden_headers;
        removed.bared = removed.targets.cached && before.less_without_pivots;
        // Names may stand for names, in any order.
        for _ in 0..=before.names.len().min(64) {
            let known = removed.targets.names.len();
            for (name, sheet, text) in &before.names {
                if !sheet.is_some_and(|sheet| removed.goes(sheet)) && removed.targets.are_in(text) {
                    removed.targets.names.insert(name.to_lowercase());
                }
            }
            if removed.targets.names.len() == known {
                break;
            }
        }
        let rows_left = match action(Class::ContentHiddenRows) {
            Action::Unhide => after.hidden_rows,
            _ => after.hidden_cells,
        };
        let left = [
            after.hidden_sheets,
            rows_left,
            after.concealed_cells,
            after.cached,
            after.connections,
            after.macro_sheets,
        ];
        removed.left = classes
            .into_iter()
            .zip(left)
            .filter(|(class, left)| *left && matches!(action(*class), Action::Remove | Action::Unhide))
            .map(|(class, _)| class)
            .collect();
        Ok(removed)
    }

    /// What is left in the copy must be known to whoever decides about it.
    ///
    /// # Errors
    /// [`crate::Reason::Unprovable`] when it is not.
    pub(crate) fn check(&self, report: &Report) -> Result<(), Refusal> {
        if self.emptied_in_doubt {
            return Err(Refusal::unprovable("cells were emptied that a table, a picture or a condition may show"));
        }
        if self.beheaded {
            return Err(Refusal::unprovable("a table lost the cells that name its columns"));
        }
        if self.bared {
            return Err(Refusal::unprovable("cells lost what only their pivot table gave them"));
        }
        for class in &self.left {
            if !report.hits.iter().any(|hit| hit.class == *class && hit.action == Action::Hold) {
                return Err(Refusal::unprovable(format!(
                    "the copy has what the policy takes out ({class}), unreported"
                )));
            }
        }
        Ok(())
    }

    fn goes(&self, sheet: usize) -> bool {
        self.sheets.get(sheet).copied().unwrap_or(false)
    }

    /// Anything is left out of the essence.
    pub(crate) fn is_active(&self) -> bool {
        self.empties() || self.shows_rows || self.shows_sheets || !self.targets.is_empty()
    }

    /// Cells are emptied, of which any formula may depend.
    fn empties(&self) -> bool {
        self.hidden_cells || self.concealing.is_some()
    }

    /// True for a cell of which only the place and the format are left, if it has any text.
    pub(crate) fn conceals(&self, side: Side, cell: &Element<'_>) -> bool {
        side == Side::Input && self.concealing.as_ref().is_some_and(|formats| formats.hides(cell))
    }

    /// A formula is no part of the essence, only its value is.
    pub(crate) fn freezes(&self, formula: &str) -> bool {
        self.empties() || self.targets.are_in(formula)
    }

    /// A reference of a chart is no part of the essence, only its values are.
    pub(crate) fn draws(&self, formula: &str) -> bool {
        self.concealing.is_some() || self.targets.are_in(formula)
    }

    /// True when a name goes.
    pub(crate) fn takes_name(&self, side: Side, sheet: Option<usize>, name: &str, text: &str) -> bool {
        let of_slicer = self.slicers.caches.contains(&name.to_lowercase());
        let on_gone_sheet = side == Side::Input && sheet.is_some_and(|sheet| self.goes(sheet));
        on_gone_sheet || of_slicer || self.targets.are_in(text)
    }

    /// The number that a sheet of the original has in the copy.
    pub(crate) fn number(&self, side: Side, sheet: usize) -> usize {
        let gone = self.sheets.iter().take(sheet).filter(|gone| **gone).count();
        if side == Side::Input { sheet.saturating_sub(gone) } else { sheet }
    }

    /// True for an element that goes, whatever is in it.
    pub(crate) fn takes(&self, side: Side, element: &Element<'_>) -> bool {
        match (element.ns, element.local) {
            (Ns::Sheet, "sheet") if side == Side::Input => {
                element.attribute(Ns::Relations, "id").is_some_and(|id| self.sheet_ids.contains(id))
            }
            (Ns::Sheet, "pivotSelection") | (Ns::Chart, "pivotSource" | "pivotFmts") => self.targets.cached,
            _ => false,
        }
    }

    /// True for a place in the drawing of a sheet, the element whose start was the last token, that goes with its slicer.
    ///
    /// # Errors
    /// When the place cannot be read, and when it is in the copy.
    pub(crate) fn takes_place(
        &self,
        side: Side,
        element: &Element<'_>,
        reader: &XmlReader<'_>,
    ) -> Result<bool, Refusal> {
        let is_place = reader.depth() == 2 && matches!(element.ns, Ns::SheetDrawing | Ns::Compatibility);
        let taken = is_place && self.slicers.are_in(reader);
        if taken && side == Side::Output {
            return Err(Refusal::unprovable("the copy shows a slicer whose pivot table was removed"));
        }
        Ok(taken)
    }

    /// True for a filter that loses its conditions, for the rows that it hides are shown.
    pub(crate) fn takes_conditions(&self, element: &Element<'_>) -> bool {
        self.shows_rows && element.is(Ns::Sheet, "filterColumn")
    }

    /// True for an element that goes when a formula in it refers to what goes.
    pub(crate) fn may_take(&self, element: &Element<'_>) -> bool {
        element.ns == Ns::Sheet
            && matches!(element.local, "dataValidation" | "calculatedColumnFormula" | "totalsRowFormula")
            && (self.empties() || !self.targets.is_empty())
    }

    /// True when such an element goes for this formula.
    pub(crate) fn takes_for(&self, element: &Element<'_>, formula: &str) -> bool {
        if element.local != "dataValidation" {
            return self.freezes(formula);
        }
        let constant = formula.is_empty() || formula.starts_with('"') || formula.trim().parse::<f64>().is_ok();
        self.targets.are_in(formula) || self.empties() && !constant
    }

    /// True for a list that counts by what is in it.
    pub(crate) fn opens(&self, element: &Element<'_>) -> bool {
        element.ns == Ns::Sheet && matches!(element.local, "dataValidations" | "definedNames") && self.is_active()
    }

    /// True for an attribute that goes.
    pub(crate) fn takes_attribute(&self, element: &Element<'_>, attribute: &Attribute<'_>) -> bool {
        if element.ns != Ns::Sheet || attribute.ns != Ns::None {
            return false;
        }
        let zero = |name| element.plain(name).is_some_and(|size| size.parse::<f64>() == Ok(0.0));
        match (element.local, attribute.local) {
            ("sheet", "state") => self.shows_sheets,
            ("conditionalFormatting", "pivot") => self.targets.cached,
            ("row" | "col", "hidden") | ("sheetFormatPr", "zeroHeight") => self.shows_rows,
            ("sheetFormatPr", "defaultColWidth" | "baseColWidth") => self.shows_rows && zero("defaultColWidth"),
            ("row", "ht" | "customHeight") => self.shows_rows && zero("ht"),
            ("col", "width" | "customWidth") => self.shows_rows && zero("width"),
            _ => false,
        }
    }
}

/// The text of a name, which may be the path of a file: that goes.
pub(crate) fn name_text(text: String) -> String {
    let lower = text.to_lowercase();
    let local = [":\\", "\\\\", "file:"].iter().any(|piece| lower.contains(piece));
    if local { "#REF!".to_owned() } else { text }
}
