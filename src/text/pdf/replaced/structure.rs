//! Elements of the structure tree that replace their content by a text. ISO 32000-2, 14.7.

use std::collections::HashMap;

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, String as PdfString};

use super::Shown;
use crate::pdf_reading::walk::{Item, text_of, walk};

/// Elements within elements, and above elements.
const DEPTH: u32 = 64;
/// Children of all elements with a replacement text, together.
const MOST: usize = 1 << 20;

/// Marked content: the page that it is on, and its number there.
type Content = (ObjectIdentifier, i32);

/// An element with a replacement text.
pub(super) struct Element {
    pub(super) id: Option<ObjectIdentifier>,
    pub(super) actual: String,
    /// True for what may show its text without glyphs.
    pub(super) is_picture: bool,
    content: Vec<Content>,
}

/// The elements of a document that have a replacement text, and what is seen of their content.
#[derive(Default)]
pub(super) struct Elements {
    elements: Vec<Element>,
    content: HashMap<Content, Seen>,
}

/// What is seen of marked content.
#[derive(Default)]
pub(super) struct Seen {
    page: Option<u32>,
    shown: Shown,
}

impl Seen {
    pub(super) fn add(&mut self, page: u32, shown: &Shown) {
        self.page = self.page.or(Some(page));
        self.shown.append(shown);
    }
}

impl Elements {
    pub(super) fn of(pdf: &Pdf) -> Self {
        let mut found = Self::default();
        let mut visits = 0_usize;
        walk(pdf, &mut |id, item| {
            let Item::Dict(_, dict) = item else { return };
            let (Some(kind), Some(actual)) = (dict.get::<Name<'_>>(b"S"), dict.get::<PdfString<'_>>(b"ActualText"))
            else {
                return;
            };
            let mut content = Vec::new();
            if let Some(child) = dict.get::<Object<'_>>(b"K") {
                gather(&child, page_of(dict), 0, &mut visits, &mut content);
            }
            found.content.extend(content.iter().map(|content| (*content, Seen::default())));
            let is_picture = matches!(kind.as_ref(), b"Figure" | b"Formula");
            found.elements.push(Element { id, actual: text_of(actual.as_bytes()), is_picture, content });
        });
        found
    }

    /// Where to put what is seen of marked content that belongs to an element.
    pub(super) fn wanted(&mut self, page: ObjectIdentifier, number: i32) -> Option<&mut Seen> {
        self.content.get_mut(&(page, number))
    }

    /// Each element with the first page of its content and all that is seen of it, as long as `letters` of all of them
    /// together last; then nothing more.
    pub(super) fn shown(&self, letters: usize) -> impl Iterator<Item = (&Element, Option<u32>, Shown)> {
        let mut left = Some(letters);
        self.elements.iter().map_while(move |element| {
            let mut shown = Shown::default();
            let mut page = None;
            for seen in element.content.iter().filter_map(|content| self.content.get(content)) {
                left = left?.checked_sub(seen.shown.letters.len());
                left?;
                page = page.or(seen.page);
                shown.append(&seen.shown);
            }
            Some((element, page, shown))
        })
    }

    pub(super) fn len(&self) -> usize {
        self.elements.len()
    }
}

/// The page that an element names, or one above it.
fn page_of(element: &Dict<'_>) -> Option<ObjectIdentifier> {
    let mut element = element.clone();
    for _ in 0..DEPTH {
        if let Some(page) = element.get_ref(b"Pg") {
            return Some(page.into());
        }
        element = element.get::<Dict<'_>>(b"P")?;
    }
    None
}

/// Collects the marked content below an element (14.7.5.2). The content of forms is numbered by itself (`Stm`); it is drawn on
/// the page, and taken by its number there.
fn gather(
    child: &Object<'_>,
    page: Option<ObjectIdentifier>,
    depth: u32,
    visits: &mut usize,
    content: &mut Vec<Content>,
) {
    *visits = visits.saturating_add(1);
    if depth > DEPTH || *visits > MOST {
        return;
    }
    let deeper = depth.saturating_add(1);
    match child {
        Object::Number(_) => content.extend(page.zip(child.clone().into_i32())),
        Object::Array(children) => gather_all(children, page, deeper, visits, content),
        Object::Dict(dict) => {
            let page = dict.get_ref(b"Pg").map(Into::into).or(page);
            if let Some(number) = dict.get::<i32>(b"MCID") {
                content.extend(page.map(|page| (page, number)));
            } else if let Some(children) = dict.get::<Object<'_>>(b"K") {
                gather(&children, page, deeper, visits, content);
            }
        }
        _ => {}
    }
}

fn gather_all(
    children: &Array<'_>,
    page: Option<ObjectIdentifier>,
    depth: u32,
    visits: &mut usize,
    content: &mut Vec<Content>,
) {
    for child in children.iter::<Object<'_>>() {
        gather(&child, page, depth, visits, content);
    }
}
