//! What the second reader sees on a page, operation by operation, and which character of which string that is.
//!
//! The reader tells for each operation that shows text the codes of its characters, in the order of drawing. The walk along
//! the content tells the strings. Both must agree in every code of the page: nothing is taken out where they do not.

use std::ops::Range;

use hayro_interpret::kurbo::Point;

use super::walk::{Element, Shown};
use crate::formats::Context;
use crate::pdf_reading::hidden::{sights, taken};
use crate::pdf_reading::{self, Reading};
use crate::refusal::Refusal;

/// A character on a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Character {
    code: u32,
    /// Where it begins on the base line.
    pub(super) origin: Point,
    /// It is hidden, or a blank that belongs to what is hidden.
    pub(super) goes: bool,
}

/// A page with hidden text.
pub(super) struct Seen {
    /// The characters of each operation that shows text.
    runs: Vec<Vec<Character>>,
    /// The hidden text, one for each stretch on one line.
    pub(super) texts: Vec<String>,
    /// How many characters go.
    pub(super) count: u64,
}

/// A character with its bytes.
pub(super) struct Placed {
    pub(super) character: Character,
    /// The element of the operation, and the bytes in it.
    pub(super) element: usize,
    pub(super) bytes: Range<usize>,
}

/// Looks at all pages of a document: for each with hidden text what is seen on it, for the others nothing.
///
/// # Errors
/// When the document cannot be read; [`crate::Reason::Unsupported`] where hidden text is not in the content of a page.
pub(super) fn look(document: &[u8], context: &Context<'_>) -> Result<Vec<Option<Seen>>, Refusal> {
    pdf_reading::read(document, context, |reading| {
        let pages = reading.pages().zip(1_u64..);
        pages
            .map(|(page, number)| look_at(reading, page).map_err(|one| one.in_part(format!("page {number}"))))
            .collect()
    })
}

fn look_at<'a>(
    reading: &Reading<'a>,
    page: &'a hayro_interpret::hayro_syntax::page::Page<'a>,
) -> Result<Option<Seen>, Refusal> {
    let scene = reading.scene(page, &|annotation| !annotation.is_hidden())?;
    let seen = sights(&scene, &|part, size| reading.render(page, &scene, part, size));
    let goes = taken::taken(&scene, &seen);
    if !goes.contains(&true) {
        return Ok(None);
    }
    let mut runs: Vec<Vec<Character>> = Vec::new();
    let mut count = 0_u64;
    for (glyph, goes) in scene.glyphs.iter().zip(&goes) {
        if glyph.run == 0 || glyph.run > scene.page_runs {
            if *goes && glyph.run == 0 {
                return Err(Refusal::unsupported("hidden text in a layer that the policy keeps cannot be taken out"));
            }
            if *goes {
                return Err(Refusal::unsupported("hidden text in the appearance of an annotation cannot be taken out"));
            }
            continue;
        }
        count = count.saturating_add(u64::from(*goes));
        let at = usize::try_from(glyph.run).unwrap_or(usize::MAX);
        if runs.len() < at {
            runs.push(Vec::new());
        }
        match runs.last_mut() {
            Some(run) if usize::try_from(glyph.index).is_ok_and(|index| index == run.len()) => {
                run.push(Character { code: glyph.code, origin: glyph.origin, goes: *goes });
            }
            _ => return Err(unclear()),
        }
    }
    Ok(Some(Seen { runs, texts: taken::texts(&scene, &goes), count }))
}

fn unclear() -> Refusal {
    Refusal::unsupported("hidden text cannot be taken out: two readers do not agree about the text of the page")
}

impl Seen {
    /// Finds the characters in the strings of the operations: for each operation its characters.
    ///
    /// # Errors
    /// [`crate::Reason::Unsupported`] when operations or codes are not the same.
    pub(super) fn find_in(&self, shown: &[Shown]) -> Result<Vec<Vec<Placed>>, Refusal> {
        let mut runs = self.runs.iter();
        let mut found = Vec::with_capacity(shown.len());
        for operation in shown {
            found.push(match operation.elements.iter().any(|element| length(element) > 0) {
                true => place(runs.next().ok_or_else(unclear)?, &operation.elements).ok_or_else(unclear)?,
                false => Vec::new(),
            });
        }
        if runs.next().is_some() { Err(unclear()) } else { Ok(found) }
    }
}

fn length(element: &Element) -> usize {
    match element {
        Element::String(_, bytes) => bytes.len(),
        Element::Adjustment(..) => 0,
    }
}

/// Finds characters in strings: in codes of one byte, of two, or of as many as each needs.
fn place(characters: &[Character], elements: &[Element]) -> Option<Vec<Placed>> {
    let needs = |code: u32| match code {
        0..=0xff => 1,
        0x100..=0xffff => 2,
        0x1_0000..=0xff_ffff => 3,
        _ => 4,
    };
    let ways: [&dyn Fn(u32) -> usize; 3] = [&|_| 1, &|_| 2, &needs];
    ways.into_iter().find_map(|width| place_by(characters, elements, width))
}

fn place_by(characters: &[Character], elements: &[Element], width: &dyn Fn(u32) -> usize) -> Option<Vec<Placed>> {
    let mut characters = characters.iter();
    let mut found = Vec::with_capacity(characters.len());
    for (element, text) in elements.iter().enumerate() {
        let Element::String(_, text) = text else { continue };
        let mut at = 0_usize;
        while at < text.len() {
            let character = characters.next()?;
            let end = at.checked_add(width(character.code))?;
            let code = text.get(at..end)?.iter().fold(0_u32, |code, byte| (code << 8) | u32::from(*byte));
            if code != character.code {
                return None;
            }
            found.push(Placed { character: *character, element, bytes: at..end });
            at = end;
        }
    }
    characters.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_lead_to_their_bytes() {
        let find = |strings: &[&[u8]], codes: &[u32]| {
            let elements: Vec<Element> = strings.iter().map(|text| Element::String(0..0, text.to_vec())).collect();
            let character = |code: &u32| Character { code: *code, origin: Point::ZERO, goes: false };
            let characters: Vec<Character> = codes.iter().map(character).collect();
            let placed = place(&characters, &elements)?;
            Some(placed.into_iter().map(|one| (one.element, one.bytes)).collect::<Vec<_>>())
        };
        assert_eq!(find(&[b"AB", b"C"], &[0x41, 0x42, 0x43]), Some(vec![(0, 0..1), (0, 1..2), (1, 0..1)]));
        assert_eq!(find(&[b"\0A\0B"], &[0x41, 0x42]), Some(vec![(0, 0..2), (0, 2..4)]));
        assert_eq!(find(&[b"A\x81\x40"], &[0x41, 0x8140]), Some(vec![(0, 0..1), (0, 1..3)]));
        assert_eq!(find(&[b"AB"], &[0x41]), None, "a character too few");
        assert_eq!(find(&[b"A"], &[0x41, 0x42]), None, "a character too many");
        assert_eq!(find(&[b"AB"], &[0x41, 0x43]), None, "another character");
    }
}
