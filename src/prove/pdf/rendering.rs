//! Pages rendered before and after: a last look at the whole, by code that neither the cleaner nor the other comparisons use.
//!
//! Operation by operation, [`super::pages`] has shown already that both pages draw the same. What is left for the pixels is
//! everything that lies between an operation and its ink. It costs more than the rest of the proof together, so the policy
//! says for how many pages it is done.

use hayro_interpret::RenderContent;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{Affine, Rect};

use super::Chosen;
use crate::pdf_reading::Reading;
use crate::pdf_reading::annotation::annotations;
use crate::policy::{ImageMode, Policy};
use crate::prove::{Check, Side};
use crate::refusal::Refusal;

/// Pixels of the longer side of a page.
const SIDE: f64 = 300.0;
/// Operations of a page that is still rendered.
const MOST_OPERATIONS: u64 = 500_000;
/// Steps of 255 by which a sample may differ: numbers that were written anew move edges a little.
const STEPS: u8 = 16;
/// One sample in so many may differ more.
const FEW: usize = 500;

/// What became of one page.
pub(super) enum Outcome {
    Equal,
    /// The copy has something drawn into it that the original shows as an annotation.
    Drawn,
    /// The page is too large or the renderer failed on it.
    Unrendered,
}

/// Renders the first pages of both documents, without annotations, and compares them.
/// `operations` says how many drawing operations each page has.
pub(super) fn compare(
    before: &Reading<'_>,
    after: &Reading<'_>,
    operations: &[u64],
    policy: &Policy,
) -> Result<Check, Refusal> {
    let most = usize::try_from(policy.proof.pdf_pages).unwrap_or(usize::MAX);
    let (mut equal, mut drawn, mut unrendered) = (0_u64, 0_u64, 0_u64);
    if policy.images.mode == ImageMode::Lossless {
        let chosen = Chosen::new(before, Side::Input, policy);
        let pages = before.pages().zip(after.pages()).zip(operations);
        for (((old, new), operations), number) in pages.zip(1_u64..).take(most) {
            let outcome = match *operations > MOST_OPERATIONS {
                true => Outcome::Unrendered,
                false => page(before, old, after, new, &chosen).map_err(|one| one.in_part(format!("page {number}")))?,
            };
            let count = match outcome {
                Outcome::Equal => &mut equal,
                Outcome::Drawn => &mut drawn,
                Outcome::Unrendered => &mut unrendered,
            };
            *count = count.saturating_add(1);
        }
    }
    let told = format!("{equal} pages rendered alike, {drawn} with annotations drawn in, {unrendered} not rendered");
    Ok(Check::new("rendering-equal", told))
}

pub(super) fn page<'a, 'b>(
    before: &Reading<'a>,
    old: &'a Page<'a>,
    after: &Reading<'b>,
    new: &'b Page<'b>,
    chosen: &Chosen<'_>,
) -> Result<Outcome, Refusal> {
    let is_drawn = annotations(old).iter().any(|annotation| chosen.is_drawn(annotation));
    if is_drawn || !chosen.bare_fields(old).is_empty() {
        return Ok(Outcome::Drawn);
    }
    let shown = old.intersected_crop_box();
    let shown = Rect::new(shown.x0, shown.y0, shown.x1, shown.y1);
    let scale = SIDE / shown.width().max(shown.height());
    if !scale.is_finite() {
        return Ok(Outcome::Unrendered);
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped
    let side = |length: f64| (length * scale).ceil().clamp(1.0, SIDE) as u16;
    let size = (side(shown.width()), side(shown.height()));
    let into_pixels = Affine::new([scale, 0.0, 0.0, -scale, -shown.x0 * scale, shown.y1 * scale]);
    let pixels = before.pixels(old, RenderContent::PAGE, into_pixels, size, 0);
    let (Some(expected), Some(found)) = (pixels, after.pixels(new, RenderContent::PAGE, into_pixels, size, 0)) else {
        return Ok(Outcome::Unrendered);
    };
    if are_alike(&expected, &found) {
        Ok(Outcome::Equal)
    } else {
        Err(Refusal::unprovable("the page renders otherwise than the original"))
    }
}

fn are_alike(expected: &[u8], found: &[u8]) -> bool {
    let different = expected.iter().zip(found).filter(|(one, other)| one.abs_diff(**other) > STEPS).count();
    expected.len() == found.len() && different <= expected.len() / FEW
}

#[cfg(test)]
mod tests {
    use super::are_alike;

    #[test]
    fn edges_may_move_and_shapes_may_not() {
        let page = vec![255_u8; 3_000];
        let with = |samples: usize, value: u8| {
            let mut page = page.clone();
            page[..samples].fill(value);
            page
        };
        assert!(are_alike(&page, &with(3_000, 240)));
        assert!(are_alike(&page, &with(6, 0)));
        assert!(!are_alike(&page, &with(7, 0)));
        assert!(!are_alike(&page, &page[1..]));
    }
}
