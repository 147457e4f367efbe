//! A small picture of a copy, for whoever has to decide about it.
//!
//! A picture is shown as viewers show it, of a PDF one page. The picture comes as bare pixels: the program asks a worker for it
//! ([`crate::worker`]) and codes it itself, so that nothing but colours can get from a document into a report. What is found on
//! a page is told in the coordinates of that page; a preview knows where they lie in the picture.
//!
//! A preview is made of the copy, never of the input: what was removed does not show up again. One that cannot be made, or
//! costs too much, is missing; nothing else depends on it.

mod page;
mod picture;

use crate::formats::Context;
use crate::identify::identify;
use crate::kind::{Family, Kind};
use crate::limits::Spent;
use crate::policy::Policy;
use crate::refusal::Refusal;

/// Most pixels of a side.
pub const SIDE: u16 = 360;

/// The numbers of an affine map from points of a page to pixels, as in a PDF: `[a b c d e f]` (ISO 32000-2, 8.3.3).
pub(crate) type Map = [f64; 6];

/// A small picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    width: u16,
    height: u16,
    /// Red, green and blue, row by row.
    pixels: Vec<u8>,
    /// Where the points of the page lie, if it is one.
    map: Option<Map>,
}

impl Preview {
    /// A picture of these pixels; `None` when there are too many or too few of them.
    pub(crate) fn new(width: u16, height: u16, pixels: Vec<u8>, map: Option<Map>) -> Option<Self> {
        let sides = 1..=SIDE;
        let expected = usize::from(width).saturating_mul(usize::from(height)).saturating_mul(3);
        let fits = sides.contains(&width) && sides.contains(&height) && pixels.len() == expected;
        fits.then_some(Self { width, height, pixels, map })
    }

    /// Width and height in pixels.
    #[must_use]
    pub fn size(&self) -> (u16, u16) {
        (self.width, self.height)
    }

    /// Red, green and blue of all pixels, row by row.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    pub(crate) fn map(&self) -> Option<Map> {
        self.map
    }

    /// Where an area of the page, `[left, bottom, right, top]` in points, lies in the picture: `[left, top, right, bottom]` in
    /// pixels. `None` when it lies outside, or when this is no page.
    #[must_use]
    pub fn place(&self, [left, bottom, right, top]: [i32; 4]) -> Option<[f64; 4]> {
        let [a, b, c, d, e, f] = self.map?;
        let corners = [(left, bottom), (left, top), (right, bottom), (right, top)].map(|(x, y)| {
            let (x, y) = (f64::from(x), f64::from(y));
            (a * x + c * y + e, b * x + d * y + f)
        });
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        let across = corners.map(|(x, _)| x.clamp(0.0, width));
        let down = corners.map(|(_, y)| y.clamp(0.0, height));
        let least = |values: [f64; 4]| values.into_iter().fold(f64::INFINITY, f64::min);
        let most = |values: [f64; 4]| values.into_iter().fold(f64::NEG_INFINITY, f64::max);
        let (left, top, right, bottom) = (least(across), least(down), most(across), most(down));
        (left < right && top < bottom).then_some([left, top, right, bottom])
    }
}

/// True for kinds of which there can be a preview.
#[must_use]
pub fn is_drawn(kind: Kind) -> bool {
    kind == Kind::Pdf || kind.family() == Family::Image
}

/// What is said of all other kinds.
pub(crate) fn not_drawn() -> Refusal {
    Refusal::unsupported("files of this kind are not drawn")
}

/// Draws a copy; of a PDF the page with this number.
///
/// # Errors
/// Why there is no preview.
pub(crate) fn preview(bytes: &[u8], page: u32, policy: &Policy) -> Result<Preview, Refusal> {
    let spent = Spent::default();
    let context = Context::new(policy, &spent);
    match identify(bytes, "").kind {
        Kind::Pdf => page::preview(bytes, page, &context),
        kind => picture::preview(kind, bytes, &context),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_the_pixels_that_its_size_says() {
        assert!(Preview::new(2, 3, vec![0; 18], None).is_some());
        for (width, height, bytes) in [(2, 3, 17), (0, 3, 0), (SIDE + 1, 1, 3 * usize::from(SIDE + 1))] {
            assert_eq!(Preview::new(width, height, vec![0; bytes], None), None, "{width}×{height}");
        }
    }

    #[test]
    fn areas_are_placed_and_cut_at_the_edges() {
        // A page of 200 by 100 points, half as large and upside down.
        let preview = Preview::new(100, 50, vec![0; 15_000], Some([0.5, 0.0, 0.0, -0.5, 0.0, 50.0])).unwrap();
        assert_eq!(preview.place([20, 80, 60, 100]), Some([10.0, 0.0, 30.0, 10.0]));
        assert_eq!(preview.place([150, -10, 900, 20]), Some([75.0, 40.0, 100.0, 50.0]));
        assert_eq!(preview.place([201, 0, 300, 50]), None);
        let quarter = Preview::new(50, 100, vec![0; 15_000], Some([0.0, 0.5, 0.5, 0.0, 0.0, 0.0])).unwrap();
        assert_eq!(quarter.place([20, 80, 60, 100]), Some([40.0, 10.0, 50.0, 30.0]));
        let absurd = Preview::new(1, 1, vec![0; 3], Some([f64::NAN; 6])).unwrap();
        assert_eq!(absurd.place([0, 0, 1, 1]), None);
    }
}
