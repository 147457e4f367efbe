//! The walk along the content of a page in the order in which it is drawn, forms as often as they are drawn: every operation
//! that shows text, with where it stands and what one unit of its text space is on the page (9.4.4).

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::matrix::{self, Matrix};
use crate::formats::Context;
use crate::formats::pdf::content::operations::{Item, Operand, Operation, Operations, inside, values};
use crate::formats::pdf::content::operators::resource;
use crate::formats::pdf::content::shown_text::unescaped;
use crate::formats::pdf::content::splice::Edits;
use crate::formats::pdf::pages::Page;
use crate::formats::pdf::source::{Dictionary, Object, ObjectId, Source, number, part};
use crate::formats::pdf::streams::{decode, filters};
use crate::refusal::Refusal;

/// One use of a content stream.
pub(super) struct Drawing<'a> {
    /// The form; none for the page itself.
    pub(super) form: Option<ObjectId>,
    pub(super) bytes: Rc<Vec<u8>>,
    pub(super) resources: Option<&'a Dictionary>,
    /// What draws it, and the name of it there.
    pub(super) drawn_by: Option<(usize, Range<usize>)>,
    /// What changes in this use.
    pub(super) edits: Edits,
}

/// A piece of the text that an operation shows.
pub(super) enum Element {
    /// A number of `TJ`.
    Adjustment(Range<usize>, f64),
    /// A string, and its bytes without escapes.
    String(Range<usize>, Vec<u8>),
}

/// An operation that shows text.
pub(super) struct Shown {
    /// The use of a stream in which it stands.
    pub(super) drawing: usize,
    pub(super) range: Range<usize>,
    /// What it does besides showing text, as operators of their own: `'` and `"` go to the next line.
    pub(super) before: Vec<u8>,
    pub(super) elements: Vec<Element>,
    /// From text space to the page, without the place.
    pub(super) matrix: Matrix,
    /// A thousandth of it is the unit of `TJ`: font size and horizontal scaling.
    pub(super) size: f64,
    /// The same for operations that go on where the one before ended.
    pub(super) line: usize,
    /// The innermost marked content that it stands in.
    pub(super) mark: Option<usize>,
}

/// Marked content with properties.
pub(super) struct Mark {
    pub(super) drawing: usize,
    pub(super) range: Range<usize>,
    /// The end of its tag.
    pub(super) tag: usize,
    pub(super) properties: Option<(Operand, Range<usize>)>,
    pub(super) outer: Option<usize>,
}

/// What the walk along a page found.
#[derive(Default)]
pub(super) struct Found<'a> {
    /// The page first; whatever is drawn comes after what draws it.
    pub(super) drawings: Vec<Drawing<'a>>,
    pub(super) shown: Vec<Shown>,
    pub(super) marks: Vec<Mark>,
}

/// What is unpacked so far of a document.
pub(super) struct Walker<'a> {
    source: &'a Source,
    context: &'a Context<'a>,
    forms: HashMap<ObjectId, Rc<Vec<u8>>>,
}

/// What counts of the graphics state.
#[derive(Clone)]
struct State {
    matrix: Matrix,
    text: Matrix,
    font_size: f64,
    scaling: f64,
}

impl<'a> Walker<'a> {
    pub(super) fn new(source: &'a Source, context: &'a Context<'a>) -> Self {
        Self { source, context, forms: HashMap::new() }
    }

    /// Walks along the content of a page.
    ///
    /// # Errors
    /// What comes from unpacking it; [`crate::Reason::OverLimit`] when forms lie too deep in forms.
    pub(super) fn page(&mut self, page: &'a Page) -> Result<Found<'a>, Refusal> {
        let mut bytes = Vec::new();
        for content in self.source.list(&page.dictionary, "Contents")? {
            let (Some(id), Object::Stream(_)) = self.source.resolve(content)? else { continue };
            bytes.extend_from_slice(&self.unpacked(id)?);
            // A token does not go on in the next stream (7.8.2).
            bytes.push(b'\n');
        }
        let resources = self.source.dictionary(&page.dictionary, "Resources")?;
        let state = State { matrix: matrix::UNIT, text: matrix::UNIT, font_size: 0.0, scaling: 1.0 };
        let mut found = Found::default();
        let page = Drawing { form: None, bytes: Rc::new(bytes), resources, drawn_by: None, edits: Edits::default() };
        Course { walker: self, found: &mut found, line: 0 }.stream(page, state, None, 0)?;
        Ok(found)
    }

    fn unpacked(&mut self, id: ObjectId) -> Result<Rc<Vec<u8>>, Refusal> {
        if let Some(known) = self.forms.get(&id) {
            return Ok(Rc::clone(known));
        }
        let plain = match self.source.at(id)? {
            Some((_, Object::Stream(stream))) => {
                let filters = filters(self.source, stream)?;
                decode(self.source, &stream.content, &filters, self.context)
                    .map_err(|refusal| refusal.in_part(part(id)))?
            }
            _ => Vec::new(),
        };
        let plain = Rc::new(plain);
        self.forms.insert(id, Rc::clone(&plain));
        Ok(plain)
    }
}

/// The way along one page.
struct Course<'w, 'a> {
    walker: &'w mut Walker<'a>,
    found: &'w mut Found<'a>,
    line: usize,
}

impl<'a> Course<'_, 'a> {
    fn stream(
        &mut self,
        drawing: Drawing<'a>,
        mut state: State,
        outer: Option<usize>,
        depth: usize,
    ) -> Result<(), Refusal> {
        let deepest = self.walker.context.limits.pdf_form_depth;
        if depth as u64 > deepest {
            return Err(Refusal::over_limit("pdf-form-depth", format!("forms lie more than {deepest} deep")));
        }
        let (bytes, resources) = (Rc::clone(&drawing.bytes), drawing.resources);
        let at = self.found.drawings.len();
        self.found.drawings.push(drawing);
        let mut saved: Vec<State> = Vec::new();
        let mut marks = vec![outer];
        for item in Operations::new(&bytes) {
            let Item::Operation(operation) = item else { continue };
            if moves_text(operation.operator) {
                self.line = self.line.saturating_add(1);
            }
            let mark = marks.last().copied().flatten();
            match operation.operator {
                b"q" => saved.push(state.clone()),
                b"Q" => state = saved.pop().unwrap_or(state),
                b"cm" => state.matrix = matrix::product(matrix_of(&bytes, &operation), state.matrix),
                b"BT" => state.text = matrix::UNIT,
                b"Tm" => state.text = matrix_of(&bytes, &operation),
                b"Tf" => state.font_size = last_number(&bytes, &operation),
                b"Tz" => state.scaling = last_number(&bytes, &operation) / 100.0,
                b"Tj" | b"TJ" | b"'" | b"\"" => self.shown(at, &bytes, &operation, &state, mark),
                b"BMC" | b"BDC" => {
                    marks.push(Some(self.found.marks.len()));
                    self.found.marks.push(mark_of(at, &operation, mark));
                }
                b"EMC" if marks.len() > 1 => drop(marks.pop()),
                b"Do" => {
                    let Some(form) = self.form(&bytes, &operation, resources, at)? else { continue };
                    let inner = State { matrix: matrix::product(form.1, state.matrix), ..state.clone() };
                    self.stream(form.0, inner, mark, depth.saturating_add(1))?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn shown(&mut self, drawing: usize, bytes: &[u8], operation: &Operation<'_>, state: &State, mark: Option<usize>) {
        let text = |range: &Range<usize>| bytes.get(range.clone()).unwrap_or_default();
        let Some((kind, operand)) = operation.operands.last() else { return };
        let parts = match kind {
            Operand::Array => values(bytes, inside(operand, Operand::Array)),
            kind => vec![(Some(*kind), operand.clone())],
        };
        let elements = parts.into_iter().filter_map(|(kind, range)| match kind {
            Some(Operand::String) => Some(Element::String(range.clone(), unescaped(text(&range)))),
            Some(Operand::Number) => Some(Element::Adjustment(range.clone(), value(text(&range)))),
            _ => None,
        });
        let before = match (operation.operator, operation.operands.as_slice()) {
            (b"'", _) => b"T*".to_vec(),
            (b"\"", [.., (_, word), (_, character), _]) => {
                [text(word), b" Tw ".as_slice(), text(character), b" Tc T*"].concat()
            }
            _ => Vec::new(),
        };
        self.found.shown.push(Shown {
            drawing,
            range: operation.range.clone(),
            before,
            elements: elements.collect(),
            matrix: matrix::product(state.text, state.matrix),
            size: state.font_size * state.scaling,
            line: self.line,
            mark,
        });
    }

    /// The form that an operation draws, and its matrix.
    fn form(
        &mut self,
        bytes: &[u8],
        operation: &Operation<'_>,
        resources: Option<&'a Dictionary>,
        drawn_by: usize,
    ) -> Result<Option<(Drawing<'a>, Matrix)>, Refusal> {
        let source = self.walker.source;
        let (Some((_, name)), Some((_, operand)), Some(resources)) =
            (resource(bytes, operation), operation.operands.last(), resources)
        else {
            return Ok(None);
        };
        let Some(table) = source.dictionary(resources, "XObject")? else { return Ok(None) };
        let Ok(value) = table.get(&name) else { return Ok(None) };
        let (Some(id), Object::Stream(stream)) = source.resolve(value)? else { return Ok(None) };
        if source.name(&stream.dict, "Subtype")? != Some(b"Form") {
            return Ok(None);
        }
        let mut numbers = Vec::new();
        for element in source.list(&stream.dict, "Matrix")? {
            numbers.extend(number(source.resolve(element)?.1));
        }
        let resources = source.dictionary(&stream.dict, "Resources")?.or(Some(resources));
        let bytes = self.walker.unpacked(id)?;
        let drawn_by = Some((drawn_by, operand.clone()));
        let form = Drawing { form: Some(id), bytes, resources, drawn_by, edits: Edits::default() };
        Ok(Some((form, matrix::of(&numbers).unwrap_or(matrix::UNIT))))
    }
}

/// True for operators after which text does not begin where the text before ended.
fn moves_text(operator: &[u8]) -> bool {
    matches!(operator, b"BT" | b"ET" | b"Td" | b"TD" | b"Tm" | b"T*" | b"'" | b"\"" | b"q" | b"Q" | b"cm" | b"Do")
}

fn mark_of(drawing: usize, operation: &Operation<'_>, outer: Option<usize>) -> Mark {
    Mark {
        drawing,
        range: operation.range.clone(),
        tag: operation.operands.first().map_or(operation.range.start, |(_, range)| range.end),
        properties: operation.operands.get(1).cloned(),
        outer,
    }
}

/// The value of a number; not a number where it is none.
fn value(token: &[u8]) -> f64 {
    std::str::from_utf8(token).ok().and_then(|token| token.parse().ok()).unwrap_or(f64::NAN)
}

fn last_number(bytes: &[u8], operation: &Operation<'_>) -> f64 {
    operation.operands.last().map_or(f64::NAN, |(_, range)| value(bytes.get(range.clone()).unwrap_or_default()))
}

fn matrix_of(bytes: &[u8], operation: &Operation<'_>) -> Matrix {
    let numbers: Vec<f64> =
        operation.operands.iter().map(|(_, range)| value(bytes.get(range.clone()).unwrap_or_default())).collect();
    matrix::of(&numbers).unwrap_or(matrix::UNKNOWN)
}
