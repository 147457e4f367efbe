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
use crate::policy::Policy;
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
/// Points by which a line may stand out of what is drawn in.
const EDGE: f64 = 2.0;

/// What became of one page.
pub(super) enum Outcome {
    Equal,
    /// Equal but for the places where the copy has something drawn into it that the original shows as an annotation.
    EqualAround,
    /// The page is too large, the renderer failed on it, or all of it is drawn over.
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
    let (mut equal, mut around, mut unrendered) = (0_u64, 0_u64, 0_u64);
    let chosen = Chosen::new(before, Side::Input, policy);
    let pages = before.pages().zip(after.pages()).zip(operations);
    for (((old, new), operations), number) in pages.zip(1_u64..).take(most) {
        let outcome = match *operations > MOST_OPERATIONS {
            true => Outcome::Unrendered,
            false => page(before, old, after, new, &chosen).map_err(|one| one.in_part(format!("page {number}")))?,
        };
        let count = match outcome {
            Outcome::Equal => &mut equal,
            Outcome::EqualAround => &mut around,
            Outcome::Unrendered => &mut unrendered,
        };
        *count = count.saturating_add(1);
    }
    let told =
        format!("{equal} pages rendered alike, {around} alike around what is drawn in, {unrendered} not rendered");
    Ok(Check::new("rendering-equal", told))
}

pub(super) fn page<'a, 'b>(
    before: &Reading<'a>,
    old: &'a Page<'a>,
    after: &Reading<'b>,
    new: &'b Page<'b>,
    chosen: &Chosen<'_>,
) -> Result<Outcome, Refusal> {
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
    let (Some(mut expected), Some(mut found)) = (pixels, after.pixels(new, RenderContent::PAGE, into_pixels, size, 0))
    else {
        return Ok(Outcome::Unrendered);
    };
    let drawn: Vec<Rect> = drawn_areas(old, chosen)
        .map(|area| into_pixels.transform_rect_bbox(area.inflate(EDGE, EDGE)).inflate(1.0, 1.0))
        .collect();
    if !drawn.is_empty() {
        for pixels in [&mut expected, &mut found] {
            keep_around(&drawn, usize::from(size.0), pixels);
        }
    }
    if !are_alike(&expected, &found) {
        Err(Refusal::unprovable("the page renders otherwise than the original"))
    } else if drawn.is_empty() {
        Ok(Outcome::Equal)
    } else if expected.is_empty() {
        Ok(Outcome::Unrendered)
    } else {
        Ok(Outcome::EqualAround)
    }
}

/// The areas of a page in which the copy may show what the page alone does not: those of annotations that become page content.
fn drawn_areas(page: &Page<'_>, chosen: &Chosen<'_>) -> impl Iterator<Item = Rect> {
    let annotations: Vec<_> =
        annotations(page).iter().filter(|one| chosen.is_drawn(one)).filter_map(|one| one.area()).collect();
    let fields: Vec<_> = chosen.bare_fields(page).iter().map(|field| field.area).collect();
    annotations.into_iter().chain(fields).map(|area| Rect::new(area.x0, area.y0, area.x1, area.y1))
}

/// Leaves of rows of pixels, each red, green and blue, those that lie in none of these areas.
fn keep_around(areas: &[Rect], width: usize, pixels: &mut Vec<u8>) {
    let rows = pixels.chunks_exact(width.saturating_mul(3).max(1));
    let mut left = Vec::with_capacity(pixels.len());
    for (row, y) in rows.zip(0_u32..) {
        let crossing: Vec<&Rect> =
            areas.iter().filter(|area| (area.y0..=area.y1).contains(&(f64::from(y) + 0.5))).collect();
        for (pixel, x) in row.chunks_exact(3).zip(0_u32..) {
            let middle = f64::from(x) + 0.5;
            if !crossing.iter().any(|area| (area.x0..=area.x1).contains(&middle)) {
                left.extend_from_slice(pixel);
            }
        }
    }
    *pixels = left;
}

fn are_alike(expected: &[u8], found: &[u8]) -> bool {
    let different = expected.iter().zip(found).filter(|(one, other)| one.abs_diff(**other) > STEPS).count();
    expected.len() == found.len() && different <= expected.len() / FEW
}

#[cfg(test)]
mod tests {
    use hayro_interpret::kurbo::Rect;

    use super::{are_alike, keep_around};

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

    #[test]
    fn what_lies_in_an_area_is_not_compared() {
        let mut pixels: Vec<u8> = (0..12_u8).flat_map(|pixel| [pixel; 3]).collect();
        keep_around(&[Rect::new(1.0, 1.0, 3.0, 2.0), Rect::new(3.2, 0.0, 4.0, 3.0)], 4, &mut pixels);
        let left: Vec<u8> = pixels.iter().step_by(3).copied().collect();
        assert_eq!(left, [0, 1, 2, 4, 8, 9, 10]);
    }
}
