//! How opaque a picture is, and where.

use hayro_interpret::kurbo::Point;
use hayro_interpret::{Image, LumaData, Paint};

/// Samples kept along each side.
const SIDE: usize = 256;

/// The opacity of a picture, made smaller; 255 is opaque.
#[derive(Debug)]
pub(crate) struct Alpha {
    width: usize,
    height: usize,
    samples: Vec<u8>,
}

impl Alpha {
    fn new(full: &LumaData) -> Self {
        let (wide, high) = (full.width as usize, full.height as usize);
        let (width, height) = (wide.clamp(1, SIDE), high.clamp(1, SIDE));
        let from = |at: usize, size: usize, whole: usize| {
            at.saturating_mul(2).saturating_add(1).saturating_mul(whole) / size.saturating_mul(2).max(1)
        };
        let mut samples = Vec::with_capacity(width.saturating_mul(height));
        for row in 0..height {
            let line = from(row, height, high).saturating_mul(wide);
            samples.extend((0..width).map(|column| {
                let at = line.saturating_add(from(column, width, wide));
                full.data.get(at).copied().unwrap_or_default()
            }));
        }
        Self { width, height, samples }
    }

    /// True when it is opaque everywhere.
    pub(super) fn is_full(&self) -> bool {
        self.samples.iter().all(|sample| *sample == u8::MAX)
    }

    /// The opacity at a point of the unit square, 0 to 1; the first row of samples lies at the top.
    pub(super) fn at(&self, place: Point) -> f32 {
        let column = along(place.x, self.width);
        let row = along(1.0 - place.y, self.height);
        let at = row.saturating_mul(self.width).saturating_add(column);
        self.samples.get(at).map_or(0.0, |sample| f32::from(*sample) / 255.0)
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)] // 256 at most
fn along(share: f64, count: usize) -> usize {
    ((share * count as f64).floor().max(0.0) as usize).min(count.saturating_sub(1))
}

/// Decodes the opacity of a picture: `None` when it is opaque everywhere. For a stencil also the colour it is painted in.
pub(super) fn opacity(image: &Image<'_, '_>) -> (Option<Alpha>, Option<[u8; 4]>) {
    const HINT: Option<(u32, u32)> = Some((256, 256));
    let (mut alpha, mut colour) = (None, None);
    match image {
        Image::Stencil(stencil) => stencil.with_stencil(
            |luma, paint| {
                alpha = Some(Alpha::new(&luma));
                if let Paint::Color(paint) = paint {
                    colour = Some(paint.to_rgba().to_rgba8());
                }
            },
            HINT,
        ),
        Image::Raster(raster) => raster.with_rgba(|_, mask| alpha = mask.map(|mask| Alpha::new(&mask)), HINT),
    }
    (alpha, colour)
}
