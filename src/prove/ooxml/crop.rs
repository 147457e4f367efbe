//! The crops of pictures in a part, as exact fractions.

use std::collections::HashMap;

use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Element, Token, XmlReader};

/// What each use of a picture leaves off, in their order, by the id of its relationship; `None` for what cannot be read.
pub(crate) type Uses = HashMap<String, Vec<Option<Crop>>>;

/// What is left off at the left, the top, the right and the bottom, each as so many parts of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Crop([(i64, i64); 4]);

impl Default for Crop {
    fn default() -> Self {
        Self([(0, 1); 4])
    }
}

/// Twice as many parts as any crop has.
const MOST: i64 = 1 << 32;

impl Crop {
    /// The crop in the attributes of these names.
    fn of(element: &Element<'_>, names: [&str; 4], parts: i64) -> Option<Self> {
        let mut crop = Self::default();
        for (side, name) in crop.0.iter_mut().zip(names) {
            if let Some(value) = element.plain(name) {
                *side = fraction(value.trim(), parts)?;
            }
        }
        Some(crop)
    }

    /// True when no side leaves off anything.
    pub(crate) fn is_whole(&self) -> bool {
        self.0.iter().all(|(parts, _)| *parts <= 0)
    }

    /// The whole pixels of each side that all crops leave off a picture of this size; no pixel when there is no crop.
    pub(crate) fn hidden_by_all(crops: impl Iterator<Item = Self>, (width, height): (u32, u32)) -> [u32; 4] {
        let each = crops.map(|crop| {
            let [left, top, right, bottom] = crop.0;
            [pixels(left, width), pixels(top, height), pixels(right, width), pixels(bottom, height)]
        });
        let least = |[a, b, c, d]: [u32; 4], [e, f, g, h]: [u32; 4]| [a.min(e), b.min(f), c.min(g), d.min(h)];
        each.reduce(least).unwrap_or_default()
    }

    /// True when a crop of the picture from which these pixels were cut off shows what this one shows of the whole. A crop can
    /// only say full parts, and must not hide more than this one does.
    pub(crate) fn shows_the_same(&self, (width, height): (u32, u32), hidden: [u32; 4], after: Self) -> bool {
        let [left, top, right, bottom] = hidden.map(i128::from);
        let (width, height) = (i128::from(width), i128::from(height));
        let columns = width.saturating_sub(left).saturating_sub(right);
        let rows = height.saturating_sub(top).saturating_sub(bottom);
        let sides = [(width, left, columns), (height, top, rows), (width, right, columns), (height, bottom, rows)];
        self.0.iter().zip(after.0).zip(sides).all(|((before, after), (size, gone, left))| {
            let (parts, of) = (i128::from(before.0), i128::from(before.1));
            let (new_parts, new_of) = (i128::from(after.0), i128::from(after.1));
            // hidden before, less what is gone, less what is hidden after: in pixels, times `of` and `new_of`
            let rest = parts.saturating_mul(size).saturating_sub(gone.saturating_mul(of)).saturating_mul(new_of);
            let error = rest.saturating_sub(new_parts.saturating_mul(left).saturating_mul(of));
            let part = left.saturating_mul(of);
            error == 0 || (new_of >= 1 << 16 && (0..part).contains(&error))
        })
    }

    /// True when this crop of a picture and another one of another picture show about as many pixels.
    pub(crate) fn shows_as_much(&self, size: (u32, u32), other: Self, other_size: (u32, u32)) -> bool {
        let shown = |crop: Self, (width, height): (u32, u32)| {
            let [left, top, right, bottom] = crop.0.map(|(parts, of)| parts as f64 / of as f64);
            [(1.0 - left - right) * f64::from(width), (1.0 - top - bottom) * f64::from(height)]
        };
        let ([width, height], [other_width, other_height]) = (shown(*self, size), shown(other, other_size));
        let near = |a: f64, b: f64| (a - b).abs() < 0.01 + a.abs() / 10_000.0;
        near(width, other_width) && near(height, other_height)
    }
}

/// The whole pixels in so many parts of a side.
fn pixels((parts, of): (i64, i64), size: u32) -> u32 {
    let hidden = i128::from(parts.max(0)).saturating_mul(i128::from(size)).checked_div(i128::from(of));
    hidden.and_then(|hidden| u32::try_from(hidden).ok()).unwrap_or(u32::MAX).min(size)
}

/// `12345` in units of `parts`, `12.5%`, and in VML `0.125` and `8192f`.
fn fraction(text: &str, parts: i64) -> Option<(i64, i64)> {
    let (number, parts) = match (text.strip_suffix('%'), text.strip_suffix('f').filter(|_| parts == 1)) {
        (Some(percent), _) => (percent, 100),
        (_, Some(fixed)) => (fixed, 1 << 16),
        _ => (text, parts),
    };
    let (negative, number) = number.strip_prefix('-').map_or((false, number), |number| (true, number));
    let number = number.strip_prefix('+').unwrap_or(number);
    let (mut value, mut of, mut behind_point) = (0_i64, parts, false);
    if !number.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    for byte in number.bytes() {
        match byte {
            b'.' if !std::mem::replace(&mut behind_point, true) => {}
            b'0'..=b'9' => {
                value = value.checked_mul(10)?.checked_add(i64::from(byte.saturating_sub(b'0')))?;
                of = if behind_point { of.checked_mul(10)? } else { of };
            }
            _ => return None,
        }
    }
    (value < MOST && of < MOST).then_some((if negative { value.checked_neg()? } else { value }, of))
}

/// The uses of pictures in a part.
pub(crate) fn uses(mut reader: XmlReader<'_>) -> Uses {
    let mut uses: Vec<(String, Option<Crop>)> = Vec::new();
    // Picture fills that are open: their depth, and the first of their uses without a crop.
    let mut fills: Vec<(u32, usize)> = Vec::new();
    while let Some(token) = reader.next() {
        let depth = reader.depth();
        let element = match token {
            Token::Start(element) => element,
            Token::End => {
                fills.pop_if(|(fill, _)| *fill > depth);
                continue;
            }
            _ => continue,
        };
        if element.local == "blipFill" {
            fills.push((depth, uses.len()));
        }
        let references = element.attributes.iter().filter(|attribute| match attribute.ns {
            Ns::Relations => true,
            Ns::OfficeVml => attribute.local == "relid",
            _ => false,
        });
        let crop = match (element.ns, element.local) {
            (Ns::Vml, "imagedata") => Crop::of(&element, ["cropleft", "croptop", "cropright", "cropbottom"], 1),
            _ => Some(Crop::default()),
        };
        uses.extend(references.map(|attribute| (attribute.value.to_string(), crop)));
        if element.is(Ns::Drawing, "srcRect")
            && let Some((_, first)) = fills.last_mut().filter(|(fill, _)| depth == fill.saturating_add(1))
        {
            let crop = Crop::of(&element, ["l", "t", "r", "b"], 100_000);
            uses.iter_mut().skip(*first).for_each(|(_, used)| *used = crop);
            *first = uses.len();
        }
    }
    let mut by_id = Uses::new();
    for (id, crop) in uses {
        by_id.entry(id).or_default().push(crop);
    }
    by_id
}
