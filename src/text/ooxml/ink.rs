//! Text of Word that is there, but cannot be seen: in the colour of its ground, or too small (ECMA-376 part 1, 17.3.2.6,
//! 17.3.2.38, 17.3.2.32).
//!
//! White text is ordinary in the head of a table or on a coloured shape. It counts as unseen where nothing but the page lies
//! behind it, and any text does on a shading of its own colour.

use crate::prove::xml::Element;

/// Smaller text, in half points, is a line of dust.
const SMALLEST: u32 = 4;

/// The direct formatting of a run, as far as it decides whether the run is seen.
#[derive(Debug, Clone, Default)]
pub(super) struct Ink {
    color: Option<String>,
    fill: Option<String>,
    highlighted: bool,
    half_points: Option<u32>,
}

impl Ink {
    /// Takes in a property of the run.
    pub(super) fn hear(&mut self, element: &Element<'_>) {
        match element.local {
            "color" => self.color = element.val().map(str::to_ascii_uppercase),
            "shd" => self.fill = element.own("fill").map(str::to_ascii_uppercase),
            "highlight" => self.highlighted = element.val().is_some_and(|name| name != "none"),
            "sz" => self.half_points = element.val().and_then(|size| size.parse().ok()),
            _ => {}
        }
    }

    /// True when nobody sees the run. `on_page`: only the white of the page lies behind its paragraph.
    pub(super) fn is_unseen(&self, on_page: bool) -> bool {
        let fill = self.fill.as_deref().filter(|fill| *fill != "AUTO");
        let ground = match fill {
            _ if self.highlighted => None,
            Some(fill) => Some(fill),
            None => on_page.then_some("FFFFFF"),
        };
        let drowned = self.color.is_some() && self.color.as_deref() == ground;
        drowned || self.half_points.is_some_and(|size| size < SMALLEST)
    }
}
