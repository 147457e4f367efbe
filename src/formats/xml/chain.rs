//! A chain of filters over the tokens of one part.
//!
//! Each filter sees every start tag that the filters before it have kept and says what becomes of it ([`Step`]); it may
//! change attributes and text on the way. What nobody touches is written exactly as it came. Comments and processing
//! instructions are dropped always: no Office program needs them, and both are places to hide.

use std::borrow::Cow;

use super::element::{Attribute, Element};
use super::names::Ns;
use super::notes::Notes;
use super::tokens::{Token, Tokens};
use crate::limits::Limits;
use crate::policy::Class;
use crate::refusal::Refusal;

/// What becomes of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::formats) enum Step {
    /// It stays.
    Keep,
    /// It stays if anything in it stays; if all of its content is dropped, it goes too.
    KeepUnlessEmpty,
    /// It goes, its content stays.
    Unwrap,
    /// It goes with all of its content.
    Drop,
}

/// The open elements around a token, the root first, those that were unwrapped included.
#[derive(Debug, Default)]
pub(in crate::formats) struct Path<'x> {
    open: Vec<(Ns, &'x str)>,
}

impl Path<'_> {
    /// True when the innermost open element has this name.
    pub(in crate::formats) fn parent_is(&self, ns: Ns, local: &str) -> bool {
        self.up(0, ns, local)
    }

    /// True when the open element `above` levels over the innermost one has this name.
    pub(in crate::formats) fn up(&self, above: usize, ns: Ns, local: &str) -> bool {
        self.open.iter().rev().nth(above).is_some_and(|(n, l)| *n == ns && *l == local)
    }

    /// True when any open element has this name.
    pub(in crate::formats) fn has(&self, ns: Ns, local: &str) -> bool {
        self.open.iter().rev().any(|(n, l)| *n == ns && *l == local)
    }

    /// How many elements are open.
    pub(in crate::formats) fn depth(&self) -> usize {
        self.open.len()
    }
}

/// One subject of cleaning.
pub(in crate::formats) trait Filter {
    /// Judges a start tag; `path` are the elements around it.
    ///
    /// # Errors
    /// When the element can neither stay nor go.
    fn start(&mut self, element: &mut Element<'_>, path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal>;

    /// Sees the text of elements that stay, piece by piece as written.
    fn text(&mut self, _text: &mut Cow<'_, str>, _path: &Path<'_>, _notes: &mut Notes<'_>) {}

    /// Sees the end of an element that stayed or was unwrapped; `path` are the elements around it.
    fn end(&mut self, _ns: Ns, _local: &str, _path: &Path<'_>, _notes: &mut Notes<'_>) {}
}

/// An element whose end tag is still to come.
struct Open<'x> {
    kept: bool,
    /// Declarations of an unwrapped element, which its children must take over.
    inherited: Vec<Attribute<'x>>,
}

/// The output, with start tags that wait for content.
#[derive(Default)]
struct Sink {
    out: String,
    waiting: Vec<(usize, String)>,
}

impl Sink {
    fn write(&mut self, text: &str) {
        self.flush();
        self.out.push_str(text);
    }

    fn element(&mut self, element: &Element<'_>) {
        self.flush();
        element.write(&mut self.out);
    }

    fn wait(&mut self, depth: usize, element: &Element<'_>) {
        let mut tag = String::new();
        element.write(&mut tag);
        self.waiting.push((depth, tag));
    }

    fn flush(&mut self) {
        for (_, tag) in self.waiting.drain(..) {
            self.out.push_str(&tag);
        }
    }
}

/// Runs a part through the filters.
///
/// # Errors
/// As [`Tokens::next`], and what the filters refuse.
pub(in crate::formats) fn rewrite(
    source: &str,
    limits: &Limits,
    filters: &mut [&mut dyn Filter],
    notes: &mut Notes<'_>,
) -> Result<String, Refusal> {
    let mut tokens = Tokens::new(source, limits);
    let mut sink = Sink { out: String::with_capacity(source.len()), waiting: Vec::new() };
    let mut path = Path::default();
    let mut open: Vec<Open<'_>> = Vec::new();
    while let Some(token) = tokens.next()? {
        match token {
            Token::Start(mut element) => {
                if let Some(parent) = open.last().filter(|parent| !parent.inherited.is_empty()) {
                    element.inherit(&parent.inherited);
                }
                let step = judge(&mut element, &path, filters, notes)?;
                if step == Step::Drop {
                    if !element.empty {
                        skip(&mut tokens)?;
                    }
                    continue;
                }
                match step {
                    Step::KeepUnlessEmpty if !element.empty => sink.wait(path.depth(), &element),
                    Step::Unwrap => {}
                    _ => sink.element(&element),
                }
                if element.empty {
                    for filter in filters.iter_mut() {
                        filter.end(element.ns, element.local, &path, notes);
                    }
                } else {
                    let unwrapped = step == Step::Unwrap;
                    let inherited = if unwrapped { element.declarations().cloned().collect() } else { Vec::new() };
                    open.push(Open { kept: !unwrapped, inherited });
                    path.open.push((element.ns, element.local));
                }
            }
            Token::End(raw) => {
                let Some((ns, local)) = path.open.pop() else { continue };
                let kept = open.pop().is_some_and(|element| element.kept);
                if sink.waiting.last().is_some_and(|(depth, _)| *depth == path.depth()) {
                    sink.waiting.pop();
                } else if kept {
                    sink.write(raw);
                }
                for filter in filters.iter_mut() {
                    filter.end(ns, local, &path, notes);
                }
            }
            Token::Text(raw) | Token::CData(raw) => {
                if !sink.waiting.is_empty() && raw.trim().is_empty() {
                    continue;
                }
                let mut text = Cow::Borrowed(raw);
                for filter in filters.iter_mut() {
                    filter.text(&mut text, &path, notes);
                }
                sink.write(&text);
            }
            Token::Declaration(raw) => sink.write(raw),
            Token::Comment => notes.removed(Class::ContentUnknown, "XML comment"),
            Token::Instruction => notes.removed(Class::ContentUnknown, "XML processing instruction"),
        }
    }
    Ok(sink.out)
}

/// The strictest step of all filters; the first that takes the element away decides.
fn judge(
    element: &mut Element<'_>,
    path: &Path<'_>,
    filters: &mut [&mut dyn Filter],
    notes: &mut Notes<'_>,
) -> Result<Step, Refusal> {
    let mut judged = Step::Keep;
    for filter in filters.iter_mut() {
        match filter.start(element, path, notes)? {
            Step::Keep => {}
            Step::KeepUnlessEmpty => judged = Step::KeepUnlessEmpty,
            step @ (Step::Drop | Step::Unwrap) => return Ok(step),
        }
    }
    Ok(judged)
}

/// Reads over the content of an element that is dropped.
fn skip(tokens: &mut Tokens<'_>) -> Result<(), Refusal> {
    let mut depth = 1_u32;
    while depth > 0 {
        match tokens.next()? {
            Some(Token::Start(element)) if !element.empty => depth = depth.saturating_add(1),
            Some(Token::End(_)) => depth = depth.saturating_sub(1),
            Some(_) => {}
            None => return Err(Refusal::damaged("the XML ends in the middle")),
        }
    }
    Ok(())
}
