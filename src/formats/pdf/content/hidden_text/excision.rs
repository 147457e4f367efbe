//! Takes characters out of the operations of one line of text, and keeps what follows where it stands.
//!
//! The gap that is left must hold what comes after it in place, and so it would tell the exact width of the text that is
//! gone. Together with the font, widths to the thousandth of an em narrow down what a name was to a handful, as Bland, Iyer
//! and Levchenko have shown ("Story Beyond the Eye", PETS 2023). Therefore:
//!
//! * a gap is one number, whatever it was made of: no kerning between what stays and what goes is left in it;
//! * it is a multiple of [`GRID`], so that what follows stands up to half of that beside its old place;
//! * where nothing follows on the line there is no gap at all.
//!
//! What still tells the width is what can be seen: a box that was drawn to fit, and text that the document itself places by
//! coordinates. Neither is moved.

use std::ops::Range;

use super::matrix;
use super::seen::Placed;
use super::walk::{Element, Shown};
use crate::refusal::Refusal;

/// Gaps are multiples of this, in points.
const GRID: f64 = 0.5;

/// A piece of an operation that is written anew.
enum Piece {
    /// As it stands; a number with its value.
    Kept(Range<usize>, Option<f64>),
    /// The bytes of a string.
    String(Vec<u8>),
    /// A number of `TJ`.
    Gap(f64),
}

/// A line of text that is being written anew.
#[derive(Default)]
pub(super) struct Line {
    /// Where the text that went began, and how far before that what stayed ended, in text space.
    open: Option<(hayro_interpret::kurbo::Point, f64)>,
    /// How far what follows stands from its old place, in text space.
    shift: f64,
}

impl Line {
    /// What becomes of the next operation of the line, without what it does besides showing text; none when it stays as it is.
    ///
    /// # Errors
    /// [`crate::Reason::Unsupported`] where a gap cannot be made, as in vertical writing.
    pub(super) fn operation(
        &mut self,
        bytes: &[u8],
        shown: &Shown,
        characters: &[Placed],
    ) -> Result<Option<Vec<u8>>, Refusal> {
        if self.open.is_none() && !characters.iter().any(|one| one.character.goes) {
            return Ok(None);
        }
        let mut pieces: Vec<Piece> = Vec::new();
        let mut characters = characters.iter().peekable();
        for (at, element) in shown.elements.iter().enumerate() {
            match element {
                Element::Adjustment(range, value) if self.open.is_none() => {
                    pieces.push(Piece::Kept(range.clone(), Some(*value)));
                }
                Element::Adjustment(..) => {}
                Element::String(range, text) => {
                    let mut kept: Vec<u8> = Vec::new();
                    while let Some(one) = characters.next_if(|one| one.element == at) {
                        if one.character.goes {
                            flush(&mut pieces, &mut kept);
                            if self.open.is_none() {
                                self.open = Some((one.character.origin, before(&mut pieces, shown)));
                            }
                            continue;
                        }
                        if let Some(gap) = self.gap(one, shown)? {
                            pieces.push(Piece::Gap(gap));
                        }
                        kept.extend_from_slice(text.get(one.bytes.clone()).unwrap_or_default());
                    }
                    match kept == *text {
                        true if !text.is_empty() => pieces.push(Piece::Kept(range.clone(), None)),
                        _ => flush(&mut pieces, &mut kept),
                    }
                }
            }
        }
        Ok(Some(written(bytes, &pieces)))
    }

    /// The number that leads to a character that stays, when something before it went.
    fn gap(&mut self, next: &Placed, shown: &Shown) -> Result<Option<f64>, Refusal> {
        let Some((start, before)) = self.open.take() else { return Ok(None) };
        let way = next.character.origin - start;
        let unclear = || Refusal::unsupported("hidden text cannot be taken out: it is not written from left to right");
        let (along, up) = matrix::undo(shown.matrix, (way.x, way.y)).ok_or_else(unclear)?;
        if up.abs() > along.abs() + shown.size.abs() {
            return Err(unclear());
        }
        let [a, b, ..] = shown.matrix;
        let grid = GRID / a.hypot(b);
        let exact = along + before - self.shift;
        let gap = (exact / grid).round() * grid;
        self.shift = gap - exact;
        let number = -1000.0 * gap / shown.size;
        if number.is_finite() { Ok((gap != 0.0).then_some(number)) } else { Err(unclear()) }
    }
}

/// Takes the numbers before what goes away; how far they lead, in text space.
fn before(pieces: &mut Vec<Piece>, shown: &Shown) -> f64 {
    let mut sum = 0.0;
    while let Some(Piece::Kept(_, Some(value))) = pieces.last() {
        sum += *value;
        pieces.pop();
    }
    -sum / 1000.0 * shown.size
}

fn flush(pieces: &mut Vec<Piece>, kept: &mut Vec<u8>) {
    if !kept.is_empty() {
        pieces.push(Piece::String(std::mem::take(kept)));
    }
}

/// The operation; nothing when it would show nothing.
fn written(bytes: &[u8], pieces: &[Piece]) -> Vec<u8> {
    let shows = |piece: &Piece| matches!(piece, Piece::Kept(_, None) | Piece::String(_));
    if !pieces.iter().any(shows) {
        return Vec::new();
    }
    let mut out = b"[".to_vec();
    for piece in pieces {
        match piece {
            Piece::Kept(range, _) => {
                if out.last().is_some_and(u8::is_ascii_digit) {
                    out.push(b' ');
                }
                out.extend_from_slice(bytes.get(range.clone()).unwrap_or_default());
            }
            Piece::String(text) => {
                out.push(b'<');
                out.extend(text.iter().flat_map(|byte| format!("{byte:02X}").into_bytes()));
                out.push(b'>');
            }
            Piece::Gap(number) => {
                if out.last().is_some_and(u8::is_ascii_digit) {
                    out.push(b' ');
                }
                out.extend_from_slice(format!("{number:.3}").as_bytes());
            }
        }
    }
    out.extend_from_slice(b"]TJ");
    out
}
