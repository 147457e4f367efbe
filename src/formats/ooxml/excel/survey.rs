//! One look at a part of a workbook: what in it refers to what goes, and whether that can go too.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::Cell;
use super::charts;
use super::formulas::Lost;
use super::known::Known;
use crate::formats::ooxml::filters::HiddenCells;
use crate::formats::xml::{Element, Ns, Token, Tokens};
use crate::limits::Limits;
use crate::policy::Class;
use crate::refusal::Refusal;

/// Why something of a class cannot be taken out.
pub(super) type Obstacles = BTreeMap<Class, &'static str>;

/// What was found in a part.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Elements that go, by their offset, with the class for which they go.
    pub(super) dropped: BTreeMap<usize, Class>,
    /// Cells whose formula goes.
    pub(super) frozen_cells: BTreeSet<usize>,
    /// Cells that are emptied, with the name of the finding.
    pub(super) emptied: BTreeMap<usize, &'static str>,
    /// What stands in the way.
    pub(super) obstacles: Obstacles,
    /// There are cells with content in hidden rows or columns.
    pub(super) hidden_cells: bool,
    /// There are cells with text that their format conceals.
    pub(super) concealed_cells: bool,
}

struct Surveyor<'s> {
    lost: &'s Lost,
    known: &'s Known,
    found: Survey,
    hidden: HiddenCells,
    cell: Cell,
    /// Shared formulas that go (ECMA-376 part 1, 18.3.1.40, `si`).
    shared: BTreeMap<String, Class>,
    formats: bool,
    /// The sheet has a table or a picture behind the cells.
    backgrounds: bool,
    /// It is a chart that draws cells of hidden rows and columns, which go.
    draws_hidden_cells: bool,
}

/// An open element.
struct Open<'x> {
    element: Element<'x>,
    text: String,
}

/// Looks through a part.
///
/// # Errors
/// As [`Tokens::next`].
pub(super) fn survey(text: &str, lost: &Lost, known: &Known, limits: &Limits) -> Result<Survey, Refusal> {
    let mut tokens = Tokens::new(text, limits);
    let mut surveyor = Surveyor {
        lost,
        known,
        found: Survey::default(),
        hidden: HiddenCells::default(),
        cell: Cell::default(),
        shared: BTreeMap::new(),
        formats: false,
        backgrounds: false,
        draws_hidden_cells: lost.hidden_cells && charts::draw_hidden_cells(text, limits)?,
    };
    let mut open: Vec<Open<'_>> = Vec::new();
    while let Some(token) = tokens.next()? {
        match token {
            Token::Start(element) => {
                surveyor.start(&element);
                if lost.slicers.are_shown_by(&element) {
                    surveyor.slicer(&open);
                }
                let empty = element.empty;
                open.push(Open { element, text: String::new() });
                if empty {
                    surveyor.end(&mut open);
                }
            }
            Token::End(_) => surveyor.end(&mut open),
            Token::Text(raw) => {
                if let Some(last) = open.last_mut() {
                    last.text.push_str(&quick_xml::escape::unescape(raw).unwrap_or(raw.into()));
                }
            }
            Token::CData(raw) => {
                if let Some(last) = open.last_mut() {
                    last.text.push_str(raw);
                }
            }
            _ => {}
        }
    }
    if surveyor.formats {
        surveyor.cell_obstacle("conditional formats may depend on it");
    }
    if surveyor.backgrounds && !surveyor.found.emptied.is_empty() {
        surveyor.obstacle(Class::ContentHiddenText, "a table or picture may show it");
    }
    Ok(surveyor.found)
}

impl Surveyor<'_> {
    fn obstacle(&mut self, class: Class, why: &'static str) {
        self.found.obstacles.entry(class).or_insert(why);
    }

    /// Something depends on the content of cells that are emptied.
    fn cell_obstacle(&mut self, why: &'static str) {
        self.lost.emptied().for_each(|class| self.obstacle(class, why));
    }

    /// A frame goes with its place in the drawing, which is a child of the root.
    fn slicer(&mut self, open: &[Open<'_>]) {
        let grouped = open.iter().any(|above| above.element.is(Ns::Xdr, "grpSp"));
        match open.get(1) {
            Some(anchor) if !grouped => {
                self.found.dropped.insert(anchor.element.offset, Class::ContentCachedData);
            }
            _ => self.obstacle(Class::ContentCachedData, "a slicer or timeline is part of a group"),
        }
    }

    fn start(&mut self, element: &Element<'_>) {
        self.attributes(element);
        if element.ns != Ns::S {
            return;
        }
        match element.local {
            "sheetFormatPr" => {
                self.hidden.enter_sheet(element);
            }
            "col" => {
                self.hidden.enter_column(element);
            }
            "row" => {
                self.hidden.enter_row(element);
            }
            "c" => {
                self.hidden.enter_cell(element);
                self.cell = Cell::enter(element, self.known);
            }
            "color" => self.cell.coloured = true,
            "tablePart" | "picture" => self.backgrounds = true,
            "conditionalFormatting" => self.formats = true,
            "mergeCell" => {
                let top_left = element.own("ref").is_some_and(|range| self.hidden.hides_start(&range));
                if top_left && self.lost.hidden_cells {
                    self.obstacle(Class::ContentHiddenRows, "a merged cell begins in it");
                }
            }
            "cacheSource"
                if self.lost.connections && !self.lost.cached && element.own("type").as_deref() == Some("external") =>
            {
                self.obstacle(Class::ContentConnections, "a pivot table needs it");
            }
            "worksheetSource" => {
                let lower = |name| element.own(name).map(|value| value.to_lowercase()).unwrap_or_default();
                let (sheet, name) = (self.lost.sheets.get(&lower("sheet")), self.lost.names.get(&lower("name")));
                if let Some(class) = sheet.or(name).filter(|_| !self.lost.cached) {
                    self.obstacle(*class, "a pivot table reads from it");
                }
            }
            _ => {}
        }
    }

    /// References in attributes cannot be frozen, but for links to a place.
    fn attributes(&mut self, element: &Element<'_>) {
        for attribute in element.attributes() {
            let value = attribute.value();
            let linked = attribute.local == "textlink" && !value.is_empty();
            if linked {
                self.cell_obstacle("a shape shows a cell's text");
            }
            if !value.contains('!') {
                continue;
            }
            // Calls of macros go with them.
            let call = attribute.local == "fmlaMacro";
            match self.lost.refers(&value).filter(|class| !call || *class != Class::ActiveMacros) {
                Some(class) if element.is(Ns::S, "hyperlink") && attribute.local == "location" => {
                    self.found.dropped.insert(element.offset, class);
                }
                Some(class) if linked || attribute.local.starts_with("fmla") => {
                    self.obstacle(class, "a shape or control refers to it");
                }
                _ => {}
            }
        }
    }

    fn end(&mut self, open: &mut Vec<Open<'_>>) {
        let Some(Open { element, text }) = open.pop() else { return };
        let parent = open.last().map(|parent| (parent.element.ns, parent.element.local));
        match (element.ns, element.local) {
            (Ns::S, "f") if parent == Some((Ns::S, "c")) => self.formula(&element, &text),
            (Ns::S, "v") => self.cell.value(&text, self.known),
            (Ns::S, "is") => self.cell.value = true,
            (Ns::S, "t") => self.cell.text |= !text.trim().is_empty(),
            (Ns::S, "c") => self.leave_cell(),
            (Ns::S, "calculatedColumnFormula" | "totalsRowFormula") => {
                if let Some(class) = self.lost.freezes(&text) {
                    self.found.dropped.insert(element.offset, class);
                }
            }
            (Ns::S, "formula1" | "formula2") => self.validation(open, &text),
            (_, "f") if open.iter().any(|above| above.element.local == "dataValidation") => {
                self.validation(open, &text);
            }
            (Ns::C, "f") => {
                let concealed = self.lost.concealed_cells.then_some(Class::ContentHiddenText);
                let drawn = self.draws_hidden_cells.then_some(Class::ContentHiddenRows);
                if let Some(class) = self.lost.refers(&text).or(concealed).or(drawn) {
                    self.obstacle(class, "a chart draws it");
                }
            }
            (Ns::X, "FmlaMacro") if self.lost.refers(&text) == Some(Class::ActiveMacros) => {}
            (Ns::X, local) if local.starts_with("Fmla") && self.lost.emptied().next().is_some() => {
                self.cell_obstacle("a control refers to cells");
            }
            (_, "f") if self.lost.emptied().next().is_some() => {
                self.cell_obstacle("a sparkline or conditional format may depend on it");
            }
            _ if is_formula(&element) => {
                if let Some(class) = self.lost.refers(&text) {
                    self.obstacle(class, "a conditional format, sparkline or control refers to it");
                }
            }
            _ => {}
        }
    }

    fn formula(&mut self, element: &Element<'_>, text: &str) {
        let shared = element.own("si").filter(|_| element.own("t").as_deref() == Some("shared"));
        let mut class = self.lost.freezes(text);
        if let Some(index) = shared {
            match class {
                Some(class) => drop(self.shared.insert(index.into_owned(), class)),
                None if text.is_empty() => class = self.shared.get(index.as_ref()).copied(),
                None => {}
            }
        }
        self.cell.has_formula = true;
        self.cell.formula = class.map(|class| (element.offset, class));
    }

    fn leave_cell(&mut self) {
        let cell = std::mem::take(&mut self.cell);
        self.found.hidden_cells |= (cell.value || cell.has_formula) && self.hidden.hides_cell();
        if self.lost.hidden_cells && self.hidden.hides_cell() {
            return; // the cell goes as a whole
        }
        if let Some(concealment) = cell.concealment.filter(|_| cell.text) {
            self.found.concealed_cells = true;
            if self.lost.concealed_cells {
                if !concealment.certain || cell.coloured && concealment.is_by_colour() {
                    self.obstacle(Class::ContentHiddenText, "it may show in another colour");
                }
                self.found.emptied.insert(cell.offset, concealment.item);
                return;
            }
        }
        let Some((formula, class)) = cell.formula else { return };
        if !cell.value {
            self.obstacle(class, "a formula that refers to it has no stored value");
            return;
        }
        self.found.dropped.insert(formula, class);
        self.found.frozen_cells.insert(cell.offset);
    }

    /// A validation whose list or limits go, goes.
    fn validation(&mut self, open: &[Open<'_>], text: &str) {
        let literal = text.starts_with('"') || text.trim().parse::<f64>().is_ok() || text.is_empty();
        let emptied = self.lost.emptied().next().filter(|_| !literal);
        let Some(class) = emptied.or_else(|| self.lost.refers(text)) else { return };
        let around = open.iter().rev().find(|above| above.element.local == "dataValidation");
        if let Some(validation) = around {
            self.found.dropped.insert(validation.element.offset, class);
        }
    }
}

/// Elements whose text is a formula or a reference, in the formats of Excel and their extensions.
fn is_formula(element: &Element<'_>) -> bool {
    matches!(element.local, "f" | "formula" | "sqref" | "dir") || element.local.starts_with("Fmla")
}
