//! The text of one XML part as it flows: spans joined to paragraphs, paragraphs of a cell or shape joined to its text.
//!
//! Text in any element without a role becomes a span of its own, so that nothing is passed over for want of a name.

use std::collections::HashSet;

use super::attributes;
use super::hidden::Hidden;
use super::lines::Lines;
use super::sheet::Sheet;
use super::state::{State, is_shape};
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::odf::Odf;
use crate::prove::xml::{Element, Token, XmlReader};
use crate::text::{Place, Scope, TextSpan};

/// What an open element is.
#[derive(Debug)]
enum Role {
    /// Its text belongs to the paragraph around it.
    Flow,
    Paragraph,
    /// A body of text whose paragraphs are lines: a cell, a shape of a slide, a comment, a reading of words.
    Lines,
    Cell {
        formula: String,
        value: String,
    },
    Sheet,
    Binary,
    Other,
}

/// An open element, with what was true outside of it.
#[derive(Debug)]
struct Frame {
    role: Role,
    /// The element's own text, when no role takes it.
    text: String,
    outer: State,
}

/// What is found in a part.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) spans: Vec<TextSpan>,
    /// Pictures in flat XML.
    pub(super) files: Vec<String>,
}

pub(super) struct Flow<'f> {
    part: &'f str,
    hidden: &'f Hidden,
    /// True for links that lead to another member.
    is_inside: &'f dyn Fn(&str) -> bool,
    found: Found,
    frames: Vec<Frame>,
    state: State,
    open: Vec<Lines>,
    paragraphs: u32,
    /// Number of the innermost open paragraph, with those around it.
    numbers: Vec<u32>,
    slide: u32,
    /// The body has slides or pages for drawings.
    has_slides: bool,
    /// The body has sheets.
    has_sheets: bool,
    sheet: Option<Sheet>,
    told: HashSet<(String, Scope)>,
}

impl<'f> Flow<'f> {
    pub(super) fn new(part: &'f str, scope: Scope, hidden: &'f Hidden, is_inside: &'f dyn Fn(&str) -> bool) -> Self {
        Self {
            part,
            hidden,
            is_inside,
            found: Found::default(),
            frames: Vec::new(),
            state: State::new(scope),
            open: Vec::new(),
            paragraphs: 0,
            numbers: Vec::new(),
            slide: 0,
            has_slides: false,
            has_sheets: false,
            sheet: None,
            told: HashSet::new(),
        }
    }

    /// Reads the part to its end.
    pub(super) fn read(mut self, mut reader: XmlReader<'_>) -> Found {
        while let Some(token) = reader.next() {
            match token {
                Token::Start(element) => self.start(&element),
                Token::End => {
                    if let Some(frame) = self.frames.pop() {
                        self.end(frame);
                    }
                }
                Token::Text(text) => self.text(text),
                Token::Aside(text) => self.push(text.trim(), Place::Part { part: self.part.to_owned() }, Scope::Hidden),
            }
        }
        self.found
    }

    fn start(&mut self, element: &Element<'_>) {
        let outer = self.state.clone();
        self.enter(element);
        let role = self.role(element);
        self.attributes(element);
        self.frames.push(Frame { role, text: String::new(), outer });
    }

    /// What is true within an element.
    fn enter(&mut self, element: &Element<'_>) {
        self.state.enter(element);
        self.state.is_hidden |= self.hidden.hides(element);
        match (element.ns, element.local) {
            (Ns::Odf(Odf::Office), "presentation" | "drawing") => self.has_slides = true,
            (Ns::Odf(Odf::Office), "spreadsheet" | "chart") => self.has_sheets = true,
            (Ns::Odf(Odf::Draw), "page") if self.has_slides => {
                self.slide = self.slide.saturating_add(1);
                self.state.shape.clear();
            }
            _ => {}
        }
    }

    fn role(&mut self, element: &Element<'_>) -> Role {
        let in_flow = matches!(self.frames.last(), Some(Frame { role: Role::Flow | Role::Paragraph, .. }));
        let Ns::Odf(ns) = element.ns else {
            return if in_flow && element.ns != Ns::Properties { Role::Flow } else { Role::Other };
        };
        match (ns, element.local) {
            (Odf::Text, "p" | "h") => {
                self.paragraphs = self.paragraphs.saturating_add(1);
                self.numbers.push(self.paragraphs);
                self.open.push(Lines::default());
                Role::Paragraph
            }
            (Odf::Text, "note-citation" | "ruby-text")
            | (Odf::Office | Odf::OpenOffice, "annotation")
            | (Odf::MathMl, "math") => self.lines(),
            (Odf::Text, "note" | "note-body") => Role::Other,
            (Odf::Text, "s") if in_flow => {
                let count = element.own("c").and_then(|count| count.parse().ok()).unwrap_or(1_usize);
                self.write(&" ".repeat(count.clamp(1, 8)))
            }
            (Odf::Text, "tab") if in_flow => self.write("\t"),
            (Odf::Text, "line-break") if in_flow => self.write("\n"),
            (Odf::Text, "hidden-paragraph") if element.own("is-hidden") == Some("true") => {
                if let Some(lines) = self.open.last_mut() {
                    lines.hide();
                }
                Role::Flow
            }
            (Odf::Text | Odf::LibreOffice | Odf::Field, _) if in_flow => Role::Flow,
            (Odf::MathMl, _) => {
                self.write(" ");
                Role::Flow
            }
            (Odf::Table, "table") if self.has_sheets && self.sheet.is_none() => {
                let name = element.own("name").unwrap_or_default().to_owned();
                self.sheet = Some(Sheet::new(name, self.state.is_hidden));
                Role::Sheet
            }
            (Odf::Table, "table-cell" | "covered-table-cell") => self.cell(element),
            (Odf::Table, local) => {
                match (self.sheet.as_mut(), local) {
                    (Some(sheet), "table-column") => sheet.column(element),
                    (Some(sheet), "table-row") => sheet.row(element),
                    _ => {}
                }
                Role::Other
            }
            (Odf::Draw | Odf::Dr3d, local) if self.slide > 0 && is_shape(local) => self.lines(),
            (Odf::Office, "binary-data") => Role::Binary,
            _ => Role::Other,
        }
    }

    fn lines(&mut self) -> Role {
        self.open.push(Lines::default());
        Role::Lines
    }

    fn cell(&mut self, element: &Element<'_>) -> Role {
        let Some(sheet) = self.sheet.as_mut() else { return Role::Other };
        let (reference, is_hidden) = sheet.cell(element);
        self.state.cell = reference;
        self.state.is_hidden |= is_hidden;
        self.open.push(Lines::default());
        let office = |name| element.attribute(Ns::Odf(Odf::Office), name);
        Role::Cell {
            formula: element.own("formula").unwrap_or_default().to_owned(),
            value: office("string-value").or_else(|| office("value")).unwrap_or_default().to_owned(),
        }
    }

    fn text(&mut self, text: &str) {
        let hidden = self.is_hidden();
        let Some(frame) = self.frames.last_mut() else { return };
        match (&frame.role, self.open.last_mut()) {
            (Role::Flow | Role::Paragraph, Some(lines)) => lines.add(text, hidden),
            (Role::Lines, Some(lines)) if !text.trim().is_empty() => lines.add(text, hidden),
            _ => frame.text.push_str(text),
        }
    }

    fn end(&mut self, frame: Frame) {
        match frame.role {
            Role::Flow => {}
            Role::Paragraph => self.end_paragraph(),
            Role::Lines => {
                let lines = self.open.pop().unwrap_or_default();
                self.tell(&lines);
            }
            Role::Cell { formula, value } => {
                let lines = self.open.pop().unwrap_or_default();
                let (place, scope) = (self.place(), self.scope());
                if !lines.has(&value) {
                    self.push(&value, place.clone(), scope);
                }
                self.tell(&lines);
                self.push(&formula, place, Scope::Field);
            }
            Role::Sheet => self.sheet = None,
            Role::Binary => self.found.files.push(frame.text),
            Role::Other => self.loose(frame.text.trim()),
        }
        self.state = frame.outer;
    }

    fn end_paragraph(&mut self) {
        let lines = self.open.pop().unwrap_or_default().finish();
        let in_lines = self.frames.iter().rev().find_map(|frame| match frame.role {
            Role::Lines | Role::Cell { .. } => Some(true),
            Role::Paragraph => Some(false),
            _ => None,
        });
        match self.open.last_mut().filter(|_| in_lines == Some(true)) {
            Some(outer) => outer.append(&lines),
            None => self.tell(&lines),
        }
        self.numbers.pop();
    }

    fn tell(&mut self, lines: &Lines) {
        let (place, scope) = (self.place(), self.state.scope);
        self.push(lines.shown(), place.clone(), scope);
        self.push(lines.hidden(), place, Scope::Hidden);
    }

    /// Text of an element that has no role of its own.
    fn loose(&mut self, text: &str) {
        let has_words = text.chars().any(char::is_alphanumeric);
        if has_words && self.told.insert((text.to_owned(), self.scope())) {
            let (place, scope) = (self.place(), self.scope());
            self.push(text, place, scope);
        }
    }

    fn attributes(&mut self, element: &Element<'_>) {
        for attribute in element.attributes.iter() {
            if attribute.ns == Ns::Odf(Odf::XLink) && attribute.local == "href" {
                if !attribute.value.starts_with('#') && !(self.is_inside)(attribute.value) {
                    let place = self.place();
                    self.push(attribute.value, place, Scope::LinkTarget);
                }
            } else if let Some(scope) = attributes::scope(element, &attribute) {
                let key = (attribute.value.to_string(), scope);
                if !self.told.contains(&key) {
                    let place = self.place();
                    self.push(&key.0, place, scope);
                    self.told.insert(key);
                }
            }
        }
    }

    /// Where the walk is.
    fn place(&self) -> Place {
        if let Some(sheet) = self.sheet.as_ref().filter(|_| !self.state.cell.is_empty()) {
            return Place::Cell { sheet: sheet.name.clone(), cell: self.state.cell.clone() };
        }
        if self.slide > 0 {
            return Place::Slide { slide: self.slide, shape: self.state.shape.clone() };
        }
        if self.state.scope == Scope::Metadata && !self.state.item.is_empty() {
            return Place::Metadata { item: self.state.item.clone() };
        }
        match self.numbers.last() {
            Some(paragraph) => Place::Paragraph { part: self.part.to_owned(), paragraph: *paragraph },
            None => Place::Part { part: self.part.to_owned() },
        }
    }

    fn scope(&self) -> Scope {
        if self.is_hidden() { Scope::Hidden } else { self.state.scope }
    }

    /// Comments and notes that belong to something hidden are what they are all the same.
    fn is_hidden(&self) -> bool {
        self.state.is_hidden && matches!(self.state.scope, Scope::Body | Scope::Footnote | Scope::HeaderFooter)
    }

    fn push(&mut self, text: &str, place: Place, scope: Scope) {
        if !text.trim().is_empty() {
            self.found.spans.push(TextSpan::new(text, place, scope));
        }
    }

    fn write(&mut self, text: &str) -> Role {
        let hidden = self.is_hidden();
        if let Some(lines) = self.open.last_mut() {
            lines.write(text, hidden);
        }
        Role::Flow
    }
}
