//! Soft masks and blend modes: why a glyph may not stand out although nothing lies over it and it is not transparent.
//!
//! What they do to a glyph depends on everything beneath, so they only raise a doubt, and the pixels decide.

use hayro_interpret::{BlendMode, SoftMask};

use super::{Glyph, Scene};

/// Steps of 255 by which a colour may differ from one that changes nothing.
const NEUTRAL: u8 = 10;

/// How something is put onto what lies beneath.
#[derive(Debug, Clone, Copy)]
pub(super) struct Blending {
    masked: bool,
    mode: BlendMode,
}

/// Why a glyph may not stand out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// A soft mask may fade it.
    Masked,
    /// It is painted with a pattern or a gradient, which may be that of its ground.
    Patterned,
    /// Its colour changes nothing in its blend mode.
    Neutral,
    /// A blend mode gives it another colour.
    Blended,
}

impl Blending {
    pub(super) const PLAIN: Self = Self { masked: false, mode: BlendMode::Normal };

    pub(super) fn new(mask: Option<&SoftMask<'_>>, mode: BlendMode) -> Self {
        Self { masked: mask.is_some(), mode }
    }

    /// True when it hides what lies beneath.
    pub(super) fn is_plain(self) -> bool {
        !self.masked && self.mode == BlendMode::Normal
    }

    /// True for the colours that change nothing (ISO 32000-2, 11.3.5).
    fn is_neutral(self, [red, green, blue, _]: [u8; 4]) -> bool {
        match self.mode {
            BlendMode::Multiply | BlendMode::Darken | BlendMode::ColorBurn => {
                red.min(green).min(blue) >= u8::MAX.saturating_sub(NEUTRAL)
            }
            BlendMode::Screen
            | BlendMode::Lighten
            | BlendMode::ColorDodge
            | BlendMode::Difference
            | BlendMode::Exclusion => red.max(green).max(blue) <= NEUTRAL,
            _ => false,
        }
    }
}

impl Scene {
    /// Why a glyph may not stand out, by itself or by the groups that it is painted into.
    pub(crate) fn doubt(&self, glyph: &Glyph) -> Option<Doubt> {
        let groups = self.group_numbers(glyph.group).filter_map(|at| self.groups.get(at)).map(|group| group.blending);
        let blendings: Vec<Blending> = groups.chain([glyph.blending]).filter(|blending| !blending.is_plain()).collect();
        if blendings.iter().any(|blending| blending.masked) {
            return Some(Doubt::Masked);
        }
        let Some(colour) = glyph.colour else { return Some(Doubt::Patterned) };
        if blendings.iter().any(|blending| blending.is_neutral(colour)) {
            return Some(Doubt::Neutral);
        }
        (!blendings.is_empty()).then_some(Doubt::Blended)
    }
}
