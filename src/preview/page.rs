//! A page of a PDF, with its annotations and turned as viewers turn it.

use hayro_interpret::RenderContent;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::Affine;

use super::{Preview, SIDE};
use crate::formats::Context;
use crate::pdf_reading;
use crate::refusal::Refusal;

/// Draws the page with this number.
///
/// # Errors
/// A [`Refusal`] when the document cannot be read, has no such page, or the renderer fails on it.
pub(super) fn preview(bytes: &[u8], number: u32, context: &Context<'_>) -> Result<Preview, Refusal> {
    pdf_reading::read(bytes, context, |reading| {
        let index = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
        let page = reading.pages().nth(index).ok_or_else(|| Refusal::damaged(format!("there is no page {number}")))?;
        let undrawn = || Refusal::unsupported(format!("page {number} cannot be drawn"));
        let (map, size) = map(page).ok_or_else(undrawn)?;
        let pixels = reading.pixels(page, RenderContent::all(), map, size, 0).ok_or_else(undrawn)?;
        Preview::new(size.0, size.1, pixels, Some(map.as_coeffs())).ok_or_else(undrawn)
    })
}

/// The map of the page's points to pixels, and how many there are.
fn map(page: &Page<'_>) -> Option<(Affine, (u16, u16))> {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let scale = f64::from(SIDE) / width.max(height);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped
    let side = |length: f64| (length * scale).round().clamp(1.0, f64::from(SIDE)) as u16;
    let map = Affine::scale(scale) * Affine::new(page.initial_transform(true).as_coeffs());
    map.is_finite().then_some((map, (side(width), side(height))))
}
