//! What the policy takes out of a workbook, as far as it is out of the copy: hidden sheets, cells in hidden rows and columns,
//! pivot tables, other workbooks, connections, and all that refers to them.
//!
//! The original says what there is, the copy what is left. What is left must have been reported as held; the rest is no
//! part of the essence, on neither side, and a formula of the copy that still refers to it is an error.

use std::collections::HashSet;

use super::package::{Package, Target};
use super::references::Targets;
use super::rows::HiddenCells;
use crate::formats::{Context, Report};
use crate::policy::{Action, Class};
use crate::prove::Side;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Attribute, Element, Token, XmlReader, decode};
use crate::refusal::Refusal;

/// What is no part of the essence.
#[derive(Debug, Default)]
pub(crate) struct Removed {
    pub(crate) targets: Targets,
    /// For each sheet of the original, whether it goes.
    sheets: Vec<bool>,
    /// Cells in hidden rows and columns go, and all formulas.
    pub(crate) hidden_cells: bool,
    shows_sheets: bool,
    shows_rows: bool,
    /// Classes that the policy takes out or shows and that are still in the copy.
    left: Vec<Class>,
}

/// What hides in a workbook.
#[derive(Debug, Default)]
struct Hiding {
    sheets: Vec<(String, String, bool)>,
    names: Vec<(String, Option<usize>, String)>,
    tables: HashSet<String>,
    hidden_sheets: bool,
    hidden_cells: bool,
    hidden_rows: bool,
    cached: bool,
    connections: bool,
}

impl Removed {
    /// Compares original and copy.
    ///
    /// # Errors
    /// When a part cannot be read.
    pub(crate) fn between(input: &Package, output: &Package, context: &Context<'_>) -> Result<Self, Refusal> {
        let action = |class| context.policy.action(class);
        let classes =
            [Class::ContentHiddenSheets, Class::ContentHiddenRows, Class::ContentCachedData, Class::ContentConnections];
        if !classes.iter().any(|class| matches!(action(*class), Action::Remove | Action::Unhide)) {
            return Ok(Self::default());
        }
        let after = Hiding::of(output, false, context)?;
        let mut sheets_go = false;
        if action(Class::ContentHiddenSheets) == Action::Remove {
            sheets_go = !after.hidden_sheets;
        }
        let before = Hiding::of(input, sheets_go, context)?;
        let removes = |class, before: bool, after: bool| action(class) == Action::Remove && before && !after;
        let mut removed = Self {
            sheets: before.sheets.iter().map(|(.., hidden)| *hidden && sheets_go).collect(),
            hidden_cells: removes(Class::ContentHiddenRows, before.hidden_cells, after.hidden_cells),
            shows_sheets: action(Class::ContentHiddenSheets) == Action::Unhide,
            shows_rows: action(Class::ContentHiddenRows) == Action::Unhide,
            ..Self::default()
        };
        let gone = before.sheets.iter().filter(|(.., hidden)| *hidden && sheets_go);
        removed.targets = Targets {
            sheets: gone.map(|(name, ..)| name.to_lowercase()).collect(),
            names: before.tables.clone(),
            cached: removes(Class::ContentCachedData, before.cached, after.cached),
            connections: removes(Class::ContentConnections, before.connections, after.connections),
        };
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
        let left = [after.hidden_sheets, rows_left, after.cached, after.connections];
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
        self.hidden_cells || self.shows_rows || self.shows_sheets || !self.targets.is_empty()
    }

    /// A formula is no part of the essence, only its value is.
    pub(crate) fn freezes(&self, formula: &str) -> bool {
        self.hidden_cells || self.targets.are_in(formula)
    }

    /// True when a name goes.
    pub(crate) fn takes_name(&self, side: Side, sheet: Option<usize>, text: &str) -> bool {
        let on_gone_sheet = side == Side::Input && sheet.is_some_and(|sheet| self.goes(sheet));
        on_gone_sheet || self.targets.are_in(text)
    }

    /// The number that a sheet of the original has in the copy.
    pub(crate) fn number(&self, side: Side, sheet: usize) -> usize {
        let gone = self.sheets.iter().take(sheet).filter(|gone| **gone).count();
        if side == Side::Input { sheet.saturating_sub(gone) } else { sheet }
    }

    /// True for an element that goes, whatever is in it.
    pub(crate) fn takes(&self, element: &Element<'_>) -> bool {
        match (element.ns, element.local) {
            (Ns::Sheet, "sheet") => self.sheets.contains(&true) && is_hidden(element),
            (Ns::Sheet, "pivotSelection") | (Ns::Chart, "pivotSource" | "pivotFmts") => self.targets.cached,
            (Ns::Sheet, "filterColumn") => self.shows_rows,
            _ => false,
        }
    }

    /// True for an element that goes when a formula in it refers to what goes.
    pub(crate) fn may_take(&self, element: &Element<'_>) -> bool {
        element.ns == Ns::Sheet
            && matches!(element.local, "dataValidation" | "calculatedColumnFormula" | "totalsRowFormula")
            && (self.hidden_cells || !self.targets.is_empty())
    }

    /// True when such an element goes for this formula.
    pub(crate) fn takes_for(&self, element: &Element<'_>, formula: &str) -> bool {
        if element.local != "dataValidation" {
            return self.freezes(formula);
        }
        let constant = formula.is_empty() || formula.starts_with('"') || formula.trim().parse::<f64>().is_ok();
        self.targets.are_in(formula) || self.hidden_cells && !constant
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
            ("row", "ht" | "customHeight") => self.shows_rows && zero("ht"),
            ("col", "width" | "customWidth") => self.shows_rows && zero("width"),
            _ => false,
        }
    }
}

impl Hiding {
    /// Looks through a package; hidden sheets are left out if they go.
    fn of(package: &Package, sheets_go: bool, context: &Context<'_>) -> Result<Self, Refusal> {
        let mut hiding = Self::default();
        let main = package.main()?;
        let part = package.part(main)?;
        hiding.read_book(&decode(&part.bytes)?, context)?;
        let gone = hiding.sheets.iter().filter(|(.., hidden)| *hidden && sheets_go);
        let gone: Vec<String> = gone.map(|(_, id, _)| id.clone()).collect();
        let (mut open, mut seen) = (vec![main], HashSet::from([main]));
        while let Some(at) = open.pop() {
            let part = package.part(at)?;
            for relationship in &part.relationships {
                let Target::Part(to) = relationship.target else { continue };
                if at == main && gone.contains(&relationship.id) {
                    hiding.read_tables(package, to, context)?;
                    continue;
                }
                match relationship.kind.as_str() {
                    "pivotTable" | "pivotCacheDefinition" | "pivotCacheRecords" | "externalLink" => {
                        hiding.cached = true;
                    }
                    "connections" | "queryTable" | "powerPivotData" => hiding.connections = true,
                    _ => {}
                }
                if seen.insert(to) {
                    open.push(to);
                    if matches!(relationship.kind.as_str(), "worksheet" | "xlMacrosheet" | "dialogsheet") {
                        let part = package.part(to)?;
                        hiding.read_sheet(&decode(&part.bytes)?, context).map_err(|r| r.in_part(&part.name))?;
                    }
                }
            }
        }
        Ok(hiding)
    }

    fn read_book(&mut self, text: &str, context: &Context<'_>) -> Result<(), Refusal> {
        let mut reader = XmlReader::new(text, context.limits);
        let mut in_name = false;
        while let Some(token) = reader.next()? {
            match token {
                Token::Start(element) => {
                    in_name = element.is(Ns::Sheet, "definedName");
                    let name = element.plain("name").unwrap_or_default().to_owned();
                    if in_name {
                        let sheet = element.plain("localSheetId").and_then(|sheet| sheet.parse().ok());
                        self.names.push((name, sheet, String::new()));
                    } else if element.is(Ns::Sheet, "sheet") {
                        self.hidden_sheets |= is_hidden(&element);
                        let id = element.attribute(Ns::Relations, "id").unwrap_or_default().to_owned();
                        self.sheets.push((name, id, is_hidden(&element)));
                    }
                }
                Token::Text(more) if in_name => {
                    if let Some((.., text)) = self.names.last_mut() {
                        text.push_str(&more);
                    }
                }
                Token::End => in_name = false,
                _ => {}
            }
        }
        Ok(())
    }

    fn read_sheet(&mut self, text: &str, context: &Context<'_>) -> Result<(), Refusal> {
        let mut reader = XmlReader::new(text, context.limits);
        let mut cells = HiddenCells::default();
        while let Some(token) = reader.next()? {
            let Token::Start(element) = token else { continue };
            if element.ns != Ns::Sheet {
                continue;
            }
            cells.meet(&element);
            self.hidden_rows |= matches!(element.local, "row" | "col") && cells.is_hidden_line();
            self.hidden_cells |= matches!(element.local, "v" | "f" | "is") && cells.is_hidden_cell();
        }
        Ok(())
    }

    fn read_tables(&mut self, package: &Package, sheet: usize, context: &Context<'_>) -> Result<(), Refusal> {
        for relationship in package.part(sheet)?.related("table") {
            let Target::Part(table) = relationship.target else { continue };
            let text = decode(&package.part(table)?.bytes)?;
            let mut reader = XmlReader::new(&text, context.limits);
            while let Some(token) = reader.next()? {
                let Token::Start(element) = token else { continue };
                let names = ["name", "displayName"].into_iter().filter_map(|name| element.plain(name));
                self.tables.extend(names.map(str::to_lowercase));
                break; // the root says it
            }
        }
        Ok(())
    }
}

fn is_hidden(sheet: &Element<'_>) -> bool {
    matches!(sheet.plain("state"), Some("hidden" | "veryHidden"))
}

/// The text of a name, which may be the path of a file: that goes.
pub(crate) fn name_text(text: String) -> String {
    let lower = text.to_lowercase();
    let local = [":\\", "\\\\", "file:"].iter().any(|piece| lower.contains(piece));
    if local { "#REF!".to_owned() } else { text }
}
