//! The text of one XML part as it flows: runs joined to paragraphs, paragraphs of a shape joined to its text.
//!
//! One walk serves all parts. It knows the elements that make text in Word, in drawings and in sheets; text in any other
//! element becomes a span of its own, so that nothing is passed over for want of a name.

use std::collections::HashSet;
use std::rc::Rc;

use super::attributes;
use super::cells::{self, SharedStrings};
use super::hidden::HiddenStyles;
use super::ink::Ink;
use super::roles::{properties_of, scope_of};
use super::shapes::{Shapes, Size};
use crate::prove::ooxml::package::{Part, Target};
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Element, Token, XmlReader, is_true};
use crate::refusal::Refusal;
use crate::text::{Observation, Place, Scope, TextSpan};

/// How the places in a part are named.
#[derive(Debug, Clone)]
enum Naming {
    Paragraphs,
    Slide(u32),
    Page(u32),
    Sheet { name: String, hidden: bool, strings: Rc<SharedStrings> },
    Properties(&'static str),
    Part,
}

/// What is known of a part before it is read.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    naming: Naming,
    scope: Scope,
    /// The size of a slide.
    size: Option<Size>,
}

impl Setting {
    /// A part by itself.
    pub(super) fn of_part(part: &Part) -> Self {
        let is_word = part
            .content_type
            .as_deref()
            .is_some_and(|kind| kind.contains("wordprocessingml") || kind.contains("ms-word"));
        let naming = match properties_of(part) {
            Some(prefix) => Naming::Properties(prefix),
            None if is_word => Naming::Paragraphs,
            None => Naming::Part,
        };
        Self { naming, scope: scope_of(part), size: None }
    }

    /// A slide.
    pub(super) fn slide(part: &Part, number: u32, size: Option<Size>) -> Self {
        Self { naming: Naming::Slide(number), scope: scope_of(part), size }
    }

    /// A page of a drawing.
    pub(super) fn page(part: &Part, number: u32) -> Self {
        Self { naming: Naming::Page(number), scope: scope_of(part), size: None }
    }

    /// A sheet.
    pub(super) fn sheet(part: &Part, name: &str, hidden: bool, strings: &Rc<SharedStrings>) -> Self {
        let scope = if hidden { Scope::Hidden } else { scope_of(part) };
        Self { naming: Naming::Sheet { name: name.to_owned(), hidden, strings: Rc::clone(strings) }, scope, size: None }
    }

    /// A part that belongs to this one: its notes, comments, charts.
    pub(super) fn for_related(&self, part: &Part) -> Self {
        let own = scope_of(part);
        let scope = if self.scope == Scope::Hidden && own == Scope::Body { Scope::Hidden } else { own };
        Self { naming: self.naming.clone(), scope, size: None }
    }
}

/// What an open element is.
#[derive(Debug)]
enum Role {
    Paragraph,
    /// A body of text whose paragraphs are lines: `txBody`, `dgm:t`.
    Lines,
    Run {
        hidden_before: bool,
        ink_before: Ink,
    },
    Text,
    /// The text of a shape in Visio, or a field in it.
    ShapeText {
        is_field: bool,
    },
    Deleted,
    Instruction,
    Alternate {
        first_span: usize,
        text_at: usize,
    },
    Branch {
        first_span: usize,
        text_at: usize,
    },
    /// The header or footer of a sheet's or chart's pages.
    PageHeader,
    /// A shape or group of shapes.
    Shape,
    /// Something that lies behind its text: a table, a text box.
    Ground {
        on_page_before: bool,
    },
    /// A rule for cells that names them only at its end: `x14:dataValidation`.
    Rule {
        first_span: usize,
    },
    /// The cells of such a rule: `xm:sqref`.
    Reference,
    Other,
}

#[derive(Debug)]
struct Frame {
    role: Role,
    /// The element's own text, when no role takes it.
    text: String,
    is_formula: bool,
}

/// A paragraph or body of text that is being put together.
#[derive(Debug, Default)]
struct Lines {
    shown: String,
    hidden: String,
    fields: String,
}

pub(super) struct Flow<'f> {
    part: &'f Part,
    setting: &'f Setting,
    styles: &'f HiddenStyles,
    spans: Vec<TextSpan>,
    frames: Vec<Frame>,
    open: Vec<Lines>,
    paragraphs: u32,
    /// Number of the innermost open paragraph, with those around it.
    numbers: Vec<u32>,
    shape: String,
    cell: String,
    /// The cell that the part as a whole is about: the first of a table.
    part_cell: String,
    property: String,
    hidden_run: bool,
    ink: Ink,
    /// Nothing but the page lies behind the paragraph.
    on_page: bool,
    /// What that was before each open paragraph.
    grounds: Vec<bool>,
    shapes: Shapes,
    hidden_slide: bool,
    hidden_row: bool,
    hidden_columns: Vec<(u32, u32)>,
    told: HashSet<(String, Scope)>,
    linked: HashSet<String>,
}

impl<'f> Flow<'f> {
    pub(super) fn new(part: &'f Part, setting: &'f Setting, styles: &'f HiddenStyles) -> Self {
        Self {
            part,
            setting,
            styles,
            spans: Vec::new(),
            frames: Vec::new(),
            open: Vec::new(),
            paragraphs: 0,
            numbers: Vec::new(),
            shape: String::new(),
            cell: String::new(),
            part_cell: String::new(),
            property: String::new(),
            hidden_run: false,
            ink: Ink::default(),
            on_page: true,
            grounds: Vec::new(),
            shapes: Shapes::new(setting.size),
            hidden_slide: false,
            hidden_row: false,
            hidden_columns: Vec::new(),
            told: HashSet::new(),
            linked: HashSet::new(),
        }
    }

    /// Reads the part to its end: its text, and what was noticed about it.
    pub(super) fn read(mut self, mut reader: XmlReader<'_>) -> Result<(Vec<TextSpan>, Vec<Observation>), Refusal> {
        while let Some(token) = reader.next() {
            match token {
                // The numbers of a stroke are no text.
                Token::Start(element) if element.is(Ns::Ink, "trace") => reader.skip(),
                Token::Start(element) => {
                    self.refer(&element, reader.depth());
                    self.shapes.hear(&element);
                    self.attributes(&element);
                    self.start(&element, &mut reader)?;
                }
                Token::End => {
                    if let Some(frame) = self.frames.pop() {
                        self.end(frame);
                    }
                }
                Token::Text(text) => {
                    if matches!(self.frames.last(), Some(Frame { role: Role::ShapeText { .. }, .. })) {
                        self.add(text, false);
                    } else if let Some(frame) = self.frames.last_mut() {
                        frame.text.push_str(text);
                    }
                }
                Token::Aside(text) => {
                    self.push(text.trim(), Place::Part { part: self.part.name.clone() }, Scope::Hidden);
                }
            }
        }
        for relationship in &self.part.relationships {
            if let Target::External(target) = &relationship.target
                && !self.linked.contains(&relationship.id)
            {
                let place = self.place();
                self.spans.push(TextSpan::new(target, place, Scope::LinkTarget));
            }
        }
        Ok((self.spans, self.shapes.observations))
    }

    fn start<'x>(&mut self, element: &Element<'x>, reader: &mut XmlReader<'x>) -> Result<(), Refusal> {
        let role = match (element.ns, element.local) {
            (Ns::Sheet, "c") => return self.cell(element, reader),
            (Ns::Word | Ns::Drawing, "p") => {
                self.paragraphs = self.paragraphs.saturating_add(1);
                self.numbers.push(self.paragraphs);
                self.grounds.push(self.on_page);
                self.open.push(Lines::default());
                Role::Paragraph
            }
            (Ns::Sheet, "text") | (Ns::Diagram, "t") => self.lines(),
            // The reading above a word is no part of the sentence.
            (_, "txBody") | (Ns::Word, "rt") => self.lines(),
            (Ns::Word, "fldChar") => {
                if let Some(lines) = self.open.last_mut().filter(|lines| !lines.fields.is_empty()) {
                    lines.fields.push(' ');
                }
                Role::Other
            }
            (Ns::SheetExtension, "dataValidation" | "conditionalFormatting") => {
                Role::Rule { first_span: self.spans.len() }
            }
            (_, "sqref") => Role::Reference,
            (Ns::Visio, "Text") => {
                self.open.push(Lines::default());
                Role::ShapeText { is_field: false }
            }
            (Ns::Visio, "fld") if !self.open.is_empty() => Role::ShapeText { is_field: true },
            (Ns::Word, "r") => Role::Run { hidden_before: self.hidden_run, ink_before: std::mem::take(&mut self.ink) },
            (Ns::Word, "color" | "shd" | "highlight" | "sz") if self.in_run() => {
                self.ink.hear(element);
                Role::Other
            }
            (Ns::Word, "tbl" | "txbxContent") => Role::Ground { on_page_before: std::mem::take(&mut self.on_page) },
            // A coloured page, or the shading of a paragraph.
            (Ns::Word, "background" | "shd") => {
                self.on_page = false;
                Role::Other
            }
            (Ns::Word, "vanish" | "specVanish") if self.in_run() => {
                self.hidden_run = element.is_on();
                Role::Other
            }
            (Ns::Word, "rStyle" | "pStyle") => {
                let hides = element.val().is_some_and(|id| self.styles.contains(id));
                self.hidden_run |= hides && (element.local == "pStyle" || self.in_run());
                Role::Other
            }
            (Ns::Word | Ns::Drawing | Ns::Math | Ns::Sheet, "t") => Role::Text,
            (Ns::Word, "delText") => Role::Deleted,
            (Ns::Word, "instrText" | "delInstrText") => Role::Instruction,
            (Ns::Word, "tab" | "ptab") if self.in_run() => self.write("\t"),
            (Ns::Word, "br" | "cr") | (Ns::Drawing, "br") => self.write("\n"),
            (Ns::Word, "noBreakHyphen") => self.write("-"),
            (Ns::Compatibility, "AlternateContent") => {
                Role::Alternate { first_span: self.spans.len(), text_at: self.shown_len() }
            }
            (Ns::Compatibility, "Choice" | "Fallback") => {
                Role::Branch { first_span: self.spans.len(), text_at: self.shown_len() }
            }
            (Ns::Sheet, "col") if element.plain("hidden").is_some_and(is_true) => {
                let number = |name| element.plain(name).and_then(|text| text.parse().ok()).unwrap_or(0);
                if self.hidden_columns.len() < 20_000 {
                    self.hidden_columns.push((number("min"), number("max")));
                }
                Role::Other
            }
            (Ns::Sheet, "row") => {
                self.hidden_row = element.plain("hidden").is_some_and(is_true);
                Role::Other
            }
            (
                Ns::Sheet | Ns::Chart,
                "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader" | "firstFooter",
            ) => Role::PageHeader,
            (Ns::Slide, "sld") => {
                self.hidden_slide = element.plain("show").is_some_and(|show| !is_true(show));
                Role::Other
            }
            (_, "cNvPr") => {
                element.plain("name").unwrap_or_default().clone_into(&mut self.shape);
                Role::Other
            }
            _ if self.shapes.enter(element) => Role::Shape,
            _ => Role::Other,
        };
        if reader.depth() == 2 {
            let named = element.plain("name").filter(|_| element.local == "property");
            named.unwrap_or(element.local).clone_into(&mut self.property);
        }
        let is_formula = matches!(
            (element.ns, element.local),
            (
                Ns::Sheet,
                "formula" | "formula1" | "formula2" | "definedName" | "calculatedColumnFormula" | "totalsRowFormula"
            ) | (_, "f")
        );
        self.frames.push(Frame { role, text: String::new(), is_formula });
        Ok(())
    }

    fn end(&mut self, frame: Frame) {
        let text = frame.text;
        match frame.role {
            Role::Text if !self.open.is_empty() => {
                self.add(&text, self.hidden_run || self.ink.is_unseen(self.on_page));
            }
            Role::Deleted if !self.open.is_empty() => self.add(&text, true),
            Role::Instruction if !self.open.is_empty() => {
                if let Some(lines) = self.open.last_mut() {
                    lines.fields.push_str(&text);
                }
            }
            Role::Run { hidden_before, ink_before } => {
                self.hidden_run = hidden_before;
                self.ink = ink_before;
                self.loose(&text, frame.is_formula);
            }
            Role::Paragraph => self.end_paragraph(),
            Role::ShapeText { is_field: true } => {}
            Role::Lines | Role::ShapeText { is_field: false } => {
                let lines = self.open.pop().unwrap_or_default();
                self.tell(&lines);
            }
            Role::Branch { first_span, text_at } => self.end_branch(first_span, text_at),
            Role::PageHeader => {
                let place = Place::Part { part: self.part.name.clone() };
                self.push(&text, place, Scope::HeaderFooter);
            }
            Role::Shape => {
                self.loose(&text, false);
                self.shapes.leave();
            }
            Role::Ground { on_page_before } => {
                self.on_page = on_page_before;
                self.loose(&text, false);
            }
            Role::Rule { .. } => self.cell.clone_from(&self.part_cell),
            Role::Reference => self.end_reference(&text),
            _ => self.loose(&text, frame.is_formula),
        }
    }

    fn lines(&mut self) -> Role {
        self.open.push(Lines::default());
        Role::Lines
    }

    fn end_paragraph(&mut self) {
        let lines = self.open.pop().unwrap_or_default();
        let in_lines = self.frames.iter().rev().find_map(|frame| match frame.role {
            Role::Lines => Some(true),
            Role::Paragraph => Some(false),
            _ => None,
        });
        match self.open.last_mut().filter(|_| in_lines == Some(true)) {
            Some(outer) => {
                for (to, from) in [
                    (&mut outer.shown, &lines.shown),
                    (&mut outer.hidden, &lines.hidden),
                    (&mut outer.fields, &lines.fields),
                ] {
                    if !from.is_empty() {
                        if !to.is_empty() {
                            to.push('\n');
                        }
                        to.push_str(from);
                    }
                }
            }
            None => self.tell(&lines),
        }
        self.numbers.pop();
        self.on_page = self.grounds.pop().unwrap_or(true);
        // A style hides the paragraph that names it, no other.
        self.hidden_run = false;
    }

    fn tell(&mut self, lines: &Lines) {
        let (place, scope) = (self.place(), self.scope());
        self.shapes.observe(&lines.shown, &place);
        self.push(&lines.shown, place.clone(), scope);
        self.push(&lines.hidden, place.clone(), Scope::Hidden);
        self.push(lines.fields.trim_end(), place, Scope::Field);
    }

    /// Text of an element that has no role of its own.
    fn loose(&mut self, text: &str, is_formula: bool) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let is_property = matches!(self.setting.naming, Naming::Properties(_));
        let scope = if is_formula && !is_property { Scope::Field } else { self.scope() };
        let place = match self.setting.naming {
            // Text that is in no cell, such as a page header.
            Naming::Sheet { .. } if self.cell.is_empty() => Place::Part { part: self.part.name.clone() },
            _ => self.place(),
        };
        self.push(text, place, scope);
    }

    /// The same text in the other branches of an alternative is told once.
    fn end_branch(&mut self, first_span: usize, text_at: usize) {
        let start = self.frames.iter().rev().find_map(|frame| match frame.role {
            Role::Alternate { first_span, text_at } => Some((first_span, text_at)),
            _ => None,
        });
        let Some((earlier_span, earlier_text)) = start else { return };
        let told: HashSet<(String, Scope)> = self
            .spans
            .get(earlier_span..first_span)
            .unwrap_or_default()
            .iter()
            .map(|span| (span.text.clone(), span.scope))
            .collect();
        if !told.is_empty() {
            let later = self.spans.split_off(first_span.min(self.spans.len()));
            self.spans.extend(later.into_iter().filter(|span| !told.contains(&(span.text.clone(), span.scope))));
        }
        if let Some(lines) = self.open.last_mut() {
            let earlier = lines.shown.get(earlier_text..text_at).unwrap_or_default();
            let later = lines.shown.get(text_at..).unwrap_or_default();
            if !later.is_empty() && earlier.ends_with(later) {
                lines.shown.truncate(text_at);
            }
        }
    }

    /// The cells of a rule are known: what was read of it belongs to them.
    fn end_reference(&mut self, reference: &str) {
        first_cell(reference).clone_into(&mut self.cell);
        let (part, place) = (Place::Part { part: self.part.name.clone() }, self.place());
        let rule = self.frames.iter().rev().find_map(|frame| match frame.role {
            Role::Rule { first_span } => Some(first_span),
            _ => None,
        });
        let told = rule.and_then(|first_span| self.spans.get_mut(first_span..)).unwrap_or_default();
        for span in told.iter_mut().filter(|span| span.place == part) {
            span.place.clone_from(&place);
        }
    }

    fn cell<'x>(&mut self, element: &Element<'x>, reader: &mut XmlReader<'x>) -> Result<(), Refusal> {
        let reference = element.plain("r").unwrap_or_default().to_owned();
        let empty = SharedStrings::default();
        let (name, hidden, strings) = match &self.setting.naming {
            Naming::Sheet { name, hidden, strings } => (name.as_str(), *hidden, strings.as_ref()),
            _ => ("", false, &empty),
        };
        let cell = cells::read(reader, element.plain("t"), strings)?;
        let column = cells::column(&reference);
        let hidden =
            hidden || self.hidden_row || self.hidden_columns.iter().any(|(from, to)| (*from..=*to).contains(&column));
        let scope = if hidden { Scope::Hidden } else { Scope::Body };
        let place = Place::Cell { sheet: name.to_owned(), cell: reference };
        if !cell.value.is_empty() {
            self.spans.push(TextSpan::new(cell.value, place.clone(), scope));
        }
        if !cell.formula.is_empty() {
            self.spans.push(TextSpan::new(cell.formula, place, Scope::Field));
        }
        Ok(())
    }

    /// Keeps the cell that an element of a sheet, or a comment, says it is about.
    fn refer(&mut self, element: &Element<'_>, depth: u32) {
        if depth == 2 {
            self.cell.clone_from(&self.part_cell);
        }
        if let Some(reference) = element.plain("ref").or_else(|| element.plain("sqref")) {
            first_cell(reference).clone_into(&mut self.cell);
        }
        if depth == 1 {
            self.part_cell.clone_from(&self.cell);
        }
    }

    fn attributes(&mut self, element: &Element<'_>) {
        if element.is(Ns::Sheet, "c") || element.is(Ns::Sheet, "row") {
            return;
        }
        let is_leaf_link = matches!(element.local, "hyperlink" | "hlinkClick" | "hlinkHover" | "blip" | "imagedata");
        for attribute in element.attributes.iter() {
            if attribute.ns == Ns::Relations {
                let external = self.part.relationship(attribute.value).and_then(|found| match &found.target {
                    Target::External(target) => Some((found.id.clone(), target.clone())),
                    _ => None,
                });
                if let Some((id, target)) = external.filter(|_| is_leaf_link) {
                    self.linked.insert(id);
                    let place = self.place();
                    self.spans.push(TextSpan::new(target, place, Scope::LinkTarget));
                }
            } else if let Some(scope) = attributes::scope(element, &attribute) {
                let scope = if scope == Scope::Body { self.scope() } else { scope };
                let is_format = attribute.local == "formatCode";
                let text = if is_format { attributes::literal(attribute.value) } else { attribute.value.to_string() };
                let key = (text, scope);
                if !self.told.contains(&key) {
                    if element.local == "cNvPr" {
                        element.plain("name").unwrap_or_default().clone_into(&mut self.shape);
                    }
                    let place = self.place();
                    self.push(&key.0, place, scope);
                    self.told.insert(key);
                }
            }
        }
    }

    /// Where the walk is.
    fn place(&self) -> Place {
        let part = || Place::Part { part: self.part.name.clone() };
        match &self.setting.naming {
            Naming::Paragraphs => match self.numbers.last() {
                Some(paragraph) => Place::Paragraph { part: self.part.name.clone(), paragraph: *paragraph },
                None => part(),
            },
            Naming::Page(page) => Place::Page { page: *page, area: None },
            Naming::Slide(slide) => Place::Slide { slide: *slide, shape: self.shape.clone() },
            Naming::Sheet { name, .. } if !self.cell.is_empty() => {
                Place::Cell { sheet: name.clone(), cell: self.cell.clone() }
            }
            Naming::Properties(prefix) => Place::Metadata { item: format!("{prefix}:{}", self.property) },
            Naming::Sheet { .. } | Naming::Part => part(),
        }
    }

    fn scope(&self) -> Scope {
        match self.setting.scope {
            Scope::Body if self.hidden_slide || self.shapes.hide() => Scope::Hidden,
            scope => scope,
        }
    }

    fn push(&mut self, text: &str, place: Place, scope: Scope) {
        if !text.trim().is_empty() {
            self.spans.push(TextSpan::new(text, place, scope));
        }
    }

    fn in_run(&self) -> bool {
        self.frames.iter().rev().take(3).any(|frame| matches!(frame.role, Role::Run { .. }))
    }

    fn shown_len(&self) -> usize {
        self.open.last().map_or(0, |lines| lines.shown.len())
    }

    fn add(&mut self, text: &str, hidden: bool) {
        if let Some(lines) = self.open.last_mut() {
            let to = if hidden { &mut lines.hidden } else { &mut lines.shown };
            to.push_str(text);
        }
    }

    fn write(&mut self, text: &str) -> Role {
        self.add(text, self.hidden_run);
        Role::Other
    }
}

/// The first cell of a reference such as `A1:B7 D4`.
fn first_cell(reference: &str) -> &str {
    reference.trim().split([' ', ':']).next().unwrap_or_default()
}
