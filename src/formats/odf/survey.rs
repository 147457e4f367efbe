//! What has to be known of a part before the filters go through it: texts that decide about the element around them.

use std::collections::{BTreeMap, BTreeSet};

use crate::formats::xml::{Element, Ns, Odf, Token, Tokens};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// A text that decides anything is short; a hostile one need not be kept whole.
const LONGEST: usize = 4_096;

/// Names that are worth the echo search; a hostile part may hold millions.
const MOST_PEOPLE: usize = 2_000;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// The texts of properties, settings, descriptions, comments and scripts, by where the element stands.
    pub(super) texts: BTreeMap<usize, String>,
    /// Who commented or changed something.
    pub(super) people: BTreeSet<String>,
    /// What the document is: the element in `office:body`, or `math`.
    pub(super) body: Option<String>,
    /// Pictures beside a table, a chart or a formula in one frame, by where they stand: every program draws the other anew.
    pub(super) previews: BTreeSet<usize>,
}

/// A frame while it is read.
struct Frame {
    depth: usize,
    redrawn: bool,
    pictures: Vec<usize>,
}

/// An element whose text is of interest, while it is read.
struct Open {
    depth: usize,
    offset: usize,
    person: bool,
    text: String,
}

/// Goes through a part.
///
/// # Errors
/// As [`Tokens::next`].
pub(super) fn survey(text: &str, limits: &Limits) -> Result<Survey, Refusal> {
    let mut tokens = Tokens::new(text, limits);
    let mut survey = Survey::default();
    let mut path: Vec<(Ns, &str)> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut frames: Vec<Frame> = Vec::new();
    while let Some(token) = tokens.next()? {
        match token {
            Token::Start(element) => {
                let parent = path.last().copied();
                if survey.body.is_none() && (parent == Some(OFFICE_BODY) || parent.is_none() && is_formula(&element)) {
                    survey.body = Some(element.local.to_owned());
                }
                if let Some(frame) = frames.last_mut() {
                    frame.look(&element, parent, path.len());
                }
                if element.empty {
                    continue;
                }
                if element.is(Ns::Odf(Odf::Draw), "frame") {
                    frames.push(Frame { depth: path.len(), redrawn: false, pictures: Vec::new() });
                }
                let (interesting, person) = judge(&element, parent);
                if interesting || person {
                    open.push(Open { depth: path.len(), offset: element.offset, person, text: String::new() });
                }
                path.push((element.ns, element.local));
            }
            Token::End(_) => {
                path.pop();
                if frames.last().is_some_and(|frame| frame.depth == path.len())
                    && let Some(frame) = frames.pop().filter(|frame| frame.redrawn)
                {
                    survey.previews.extend(frame.pictures);
                }
                if open.last().is_some_and(|last| last.depth == path.len())
                    && let Some(closed) = open.pop()
                {
                    survey.close(closed);
                }
            }
            Token::Text(raw) | Token::CData(raw) if !open.is_empty() => {
                let piece = raw.strip_prefix("<![CDATA[").and_then(|rest| rest.strip_suffix("]]>"));
                let piece = piece.map_or_else(|| quick_xml::escape::unescape(raw).unwrap_or_default(), Into::into);
                let dated = path.last().is_some_and(|(_, local)| matches!(*local, "date" | "date-string"));
                let named = open.last().is_some_and(|last| last.person);
                for element in open.iter_mut().filter(|element| element.person || !dated && !named) {
                    let room = LONGEST.saturating_sub(element.text.len());
                    element.text.extend(piece.chars().take(room));
                }
            }
            _ => {}
        }
    }
    Ok(survey)
}

const OFFICE_BODY: (Ns, &str) = (Ns::Odf(Odf::Office), "body");

fn is_formula(element: &Element<'_>) -> bool {
    element.is(Ns::Odf(Odf::MathMl), "math")
}

/// Whether the text of an element decides something, and whether it is somebody's name.
fn judge(element: &Element<'_>, parent: Option<(Ns, &str)>) -> (bool, bool) {
    let Ns::Odf(ns) = element.ns else { return (false, false) };
    let within = |local: &str| parent == Some((Ns::Odf(Odf::Office), local));
    let interesting = within("meta")
        || matches!(
            (ns, element.local),
            (Odf::Config, "config-item")
                | (Odf::Svg, "title" | "desc")
                | (Odf::Office, "annotation" | "script")
                | (Odf::OpenOffice, "annotation")
                | (Odf::Presentation, "notes")
        );
    let person = matches!((ns, element.local), (Odf::Dc, "creator") | (Odf::Meta, "creator-initials"))
        && parent.is_some_and(|(_, local)| matches!(local, "annotation" | "change-info"));
    (interesting, person)
}

impl Frame {
    /// Notes a picture, or something that is drawn anew.
    fn look(&mut self, element: &Element<'_>, parent: Option<(Ns, &str)>, depth: usize) {
        let child = depth == self.depth.saturating_add(1);
        if child && element.is(Ns::Odf(Odf::Draw), "image") {
            self.pictures.push(element.offset);
        }
        let chart = parent == Some(OFFICE_BODY) && element.local == "chart";
        let formula = parent == Some((Ns::Odf(Odf::Draw), "object")) && is_formula(element);
        self.redrawn |= chart || formula || child && element.is(Ns::Odf(Odf::Table), "table");
    }
}

impl Survey {
    fn close(&mut self, closed: Open) {
        if !closed.person {
            self.texts.insert(closed.offset, closed.text);
        } else if self.people.len() < MOST_PEOPLE && !closed.text.trim().is_empty() {
            self.people.insert(closed.text);
        }
    }

    /// The text of the element that stands there.
    pub(super) fn text(&self, offset: usize) -> &str {
        self.texts.get(&offset).map_or("", String::as_str)
    }
}
