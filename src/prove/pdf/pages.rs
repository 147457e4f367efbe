//! Pages side by side: boxes, and everything measured.

use hayro_interpret::hayro_syntax::object::Rect;
use hayro_interpret::hayro_syntax::page;
use sha2::{Digest, Sha256};

use super::{Chosen, fields};
use crate::pdf_reading::{self, Page, Reading};
use crate::policy::Policy;
use crate::prove::{Check, Essence, Side, copy_unreadable, shared};
use crate::refusal::Refusal;

/// Points by which a length may differ, wherever it is: far below what a printer shows.
const TOLERANCE: f64 = 0.05;
/// Part of itself by which a length may differ: numbers may be written anew with seven digits.
const RELATIVE: f64 = 1e-4;
/// Steps of 255 by which a colour may differ.
const COLOUR: u8 = 1;

/// What the comparison of all pages gives.
pub(super) struct Compared {
    /// The essence that both documents have.
    pub(super) essence: Essence,
    pub(super) check: Check,
    /// For each page how many drawing operations it has.
    pub(super) operations: Vec<u64>,
}

/// Compares the pages of both documents, one at a time, so that only two are in memory.
///
/// # Errors
/// A [`Refusal`] when a page cannot be read, [`crate::Reason::Unprovable`] when two differ.
pub(super) fn compare(before: &Reading<'_>, after: &Reading<'_>, policy: &Policy) -> Result<Compared, Refusal> {
    let (count, found) = (before.pages().len(), after.pages().len());
    if count != found {
        return Err(Refusal::unprovable(format!("the copy has {found} pages, the original {count}")));
    }
    let mut measures = 0_usize;
    let mut operations = Vec::with_capacity(count);
    let mut essence = Pages::new(count);
    let (old_chosen, new_chosen) = (Chosen::new(before, Side::Input, policy), Chosen::new(after, Side::Output, policy));
    for ((old, new), number) in before.pages().zip(after.pages()).zip(1_u64..) {
        let in_page = |refusal: Refusal| refusal.in_part(format!("page {number}"));
        let in_copy = |refusal: Refusal| in_page(copy_unreadable(&refusal));
        let boxes = [(old.media_box(), new.media_box()), (old.crop_box(), new.crop_box())];
        if boxes.iter().any(|(old, new)| !same_box(old, new)) {
            return Err(in_page(Refusal::unprovable("the page boxes differ")));
        }
        let (drawn, live) = pdf_reading::guard(|| {
            let drawn = before.interpret(old, &|annotation| old_chosen.is_drawn(annotation))?;
            Ok((drawn, before.interpret_annotations(old, &|annotation| old_chosen.is_live(annotation))?))
        })
        .map_err(in_page)?;
        // What is made for bare fields comes after everything that the page has.
        let bare = old_chosen.bare_fields(old);
        let until = if bare.is_empty() { u64::MAX } else { drawn.operations };
        let copied =
            after.interpret_until(new, &|annotation| new_chosen.is_drawn(annotation), until).map_err(in_copy)?;
        let kept = after.interpret_annotations(new, &|annotation| new_chosen.is_live(annotation)).map_err(in_copy)?;
        essence.add(shared(&Shown::of(old, &drawn, &live), Shown::of(new, &copied, &kept)).map_err(in_page)?);
        fields::check_added(&copied.added, &bare).map_err(in_page)?;
        same_measures(&drawn, &copied).map_err(in_page)?;
        same_measures(&live, &kept).map_err(|refusal| in_page(refusal.in_part("annotations")))?;
        operations.push(drawn.operations);
        measures = measures.saturating_add(drawn.lengths.len()).saturating_add(live.lengths.len());
    }
    let check = Check::new("pages-equal", format!("{count} pages, {measures} measures"));
    Ok(Compared { essence: essence.finish(), check, operations })
}

/// What counts of a page: how it is turned, what is drawn on it, and its annotations that stay what they are.
#[derive(PartialEq, Eq)]
pub(super) struct Shown {
    rotation: u8,
    drawn: [u8; 32],
    live: [u8; 32],
}

impl Shown {
    pub(super) fn of(page: &page::Page<'_>, drawn: &Page, live: &Page) -> Self {
        Self { rotation: page.rotation() as u8, drawn: drawn.digest, live: live.digest }
    }
}

/// The essence of the pages of a document, put together page by page.
pub(super) struct Pages(Sha256);

impl Pages {
    pub(super) fn new(count: usize) -> Self {
        let mut hash = Sha256::new();
        hash.update((count as u64).to_be_bytes());
        Self(hash)
    }

    pub(super) fn add(&mut self, Shown { rotation, drawn, live }: Shown) {
        self.0.update([rotation]);
        self.0.update(drawn);
        self.0.update(live);
    }

    pub(super) fn finish(self) -> Essence {
        Essence(self.0.finalize().into())
    }
}

fn same_box(old: &Rect, new: &Rect) -> bool {
    [(old.x0, new.x0), (old.y0, new.y0), (old.x1, new.x1), (old.y1, new.y1)].iter().all(|(old, new)| close(*old, *new))
}

pub(super) fn same_measures(old: &Page, new: &Page) -> Result<(), Refusal> {
    let lengths = old.lengths.len() == new.lengths.len()
        && old.lengths.iter().zip(&new.lengths).all(|(old, new)| close(f64::from(*old), f64::from(*new)));
    if !lengths {
        return Err(Refusal::unprovable("positions or lengths on the page differ"));
    }
    let near = |old: &[u8; 4], new: &[u8; 4]| old.iter().zip(new).all(|(old, new)| old.abs_diff(*new) <= COLOUR);
    let colours =
        old.colours.len() == new.colours.len() && old.colours.iter().zip(&new.colours).all(|(old, new)| near(old, new));
    if !colours {
        return Err(Refusal::unprovable("colours on the page differ"));
    }
    Ok(())
}

fn close(old: f64, new: f64) -> bool {
    // Broken numbers must be broken alike.
    if !old.is_finite() || !new.is_finite() {
        return old.is_nan() == new.is_nan() && (old.is_nan() || old == new);
    }
    (old - new).abs() <= TOLERANCE + RELATIVE * old.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_differences_pass_and_visible_ones_do_not() {
        for (old, new, same) in [
            (100.0, 100.01, true),
            (100.0, 100.2, false),
            (1e6, 1e6 + 50.0, true),
            (f64::NAN, f64::NAN, true),
            (f64::NAN, 0.0, false),
            (f64::INFINITY, f64::INFINITY, true),
            (f64::INFINITY, f64::NEG_INFINITY, false),
        ] {
            assert_eq!(close(old, new), same, "{old} {new}");
        }
    }

    #[test]
    fn a_missing_measure_is_a_difference() {
        let page = |lengths: &[f32], colours: &[[u8; 4]]| Page {
            lengths: lengths.to_vec(),
            colours: colours.to_vec(),
            ..Page::default()
        };
        assert!(same_measures(&page(&[1.0], &[]), &page(&[1.0], &[])).is_ok());
        assert!(same_measures(&page(&[1.0], &[]), &page(&[], &[])).is_err());
        assert!(same_measures(&page(&[], &[[9; 4]]), &page(&[], &[[10; 4]])).is_ok());
        assert!(same_measures(&page(&[], &[[9; 4]]), &page(&[], &[[11; 4]])).is_err());
    }
}
