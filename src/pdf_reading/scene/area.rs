//! Areas: what is painted between the glyphs, and how much of what lies beneath it hides at a point.

use std::rc::Rc;

use hayro_interpret::FillRule;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};

use super::image::Alpha;
use super::{Scene, is_in};

/// From this opacity on nothing shines through.
const OPAQUE: f32 = 0.98;
/// Below this opacity what lies beneath is well readable.
const CLEAR: f32 = 0.6;

/// How much of what lies beneath an area hides at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cover {
    /// Nothing, or so little that it can be read.
    None,
    /// It cannot be told without looking at the pixels: masks, blend modes, gradients with open ends.
    Perhaps,
    /// All.
    Full,
}

/// Something painted over an area of the page.
#[derive(Debug)]
pub(crate) struct Area {
    /// Its number in the order of painting.
    pub(crate) order: u32,
    /// A box that it does not go beyond; what is clipped is left out.
    pub(crate) bounds: Rect,
    /// True without a soft mask and with the blend mode Normal.
    pub(super) plain: bool,
    /// True for pictures that can show something: more than a few pixels, and no stencil without gaps.
    pub(super) detailed: bool,
    pub(super) shape: Shape,
    pub(super) fill: Fill,
    pub(super) clip: usize,
    pub(super) group: usize,
}

/// What of the box is painted.
#[derive(Debug)]
pub(super) enum Shape {
    /// All of an upright rectangle.
    Rectangle(Rect),
    /// The inside of a path.
    Path(BezPath, FillRule),
    /// A picture: from the page to its unit square, and how opaque it is there; `None` when it is opaque everywhere.
    Picture(Affine, Option<Rc<Alpha>>),
}

/// What it is painted with.
#[derive(Debug)]
pub(super) enum Fill {
    /// One colour with opacity.
    Colour([u8; 4]),
    /// Many colours, each opaque, for example a photo.
    Colours,
    /// A gradient or the like: with this opacity, and perhaps not everywhere.
    Gradient(f32),
    /// A cell that is repeated.
    Tiles(Rc<Tiles>),
}

/// The cell of a tiling pattern. ISO 32000-2, 8.7.3.
#[derive(Debug)]
pub(super) struct Tiles {
    /// From the page to the cell.
    pub(super) into_cell: Affine,
    pub(super) cell: Rect,
    pub(super) step: (f64, f64),
    pub(super) opacity: f32,
    /// What it costs to ask all of its areas about a point.
    pub(super) cost: u64,
    pub(super) scene: Scene,
}

impl Area {
    /// True for photos and scans; a picture that is all of one colour is as good as a filled box.
    pub(crate) fn is_picture(&self) -> bool {
        self.detailed
    }

    /// The colour at every point of it, when there is only one.
    pub(crate) fn colour(&self) -> Option<[u8; 3]> {
        match self.fill {
            Fill::Colour([red, green, blue, _]) => Some([red, green, blue]),
            _ => None,
        }
    }

    /// What it costs to ask it about a point.
    pub(crate) fn cost(&self, scene: &Scene) -> u64 {
        let shape = match &self.shape {
            Shape::Path(path, _) => path.elements().len() as u64,
            Shape::Rectangle(_) | Shape::Picture(..) => 1,
        };
        let own = shape.saturating_add(scene.cost_of_clip(self.clip));
        match &self.fill {
            Fill::Tiles(tiles) => own.saturating_add(tiles.cost),
            _ => own,
        }
    }

    /// How much it hides at a point of what was painted before it into the group `under`.
    pub(crate) fn cover(&self, scene: &Scene, under: usize, point: Point) -> Cover {
        if !self.bounds.contains(point) {
            return Cover::None;
        }
        let shape = match &self.shape {
            Shape::Rectangle(rectangle) => f32::from(u8::from(rectangle.contains(point))),
            Shape::Path(path, rule) => f32::from(u8::from(is_in(path, *rule, point))),
            Shape::Picture(into_square, alpha) => {
                let place = *into_square * point;
                match alpha {
                    _ if !Rect::new(0.0, 0.0, 1.0, 1.0).contains(place) => 0.0,
                    Some(alpha) => alpha.at(place),
                    None => 1.0,
                }
            }
        };
        if shape <= 0.0 || !scene.is_inside(self.clip, point) {
            return Cover::None;
        }
        let (opacity, certain) = match &self.fill {
            Fill::Colour([.., alpha]) => (f32::from(*alpha) / 255.0, true),
            Fill::Colours => (1.0, true),
            Fill::Gradient(opacity) => (*opacity, false),
            Fill::Tiles(tiles) => match tiles.cover(point) {
                Cover::None => return Cover::None,
                cover => (tiles.opacity, cover == Cover::Full),
            },
        };
        let common: Vec<usize> = scene.group_numbers(under).collect();
        let mut opacity = opacity * shape;
        let mut plain = self.plain && certain;
        for at in scene.group_numbers(self.group).take_while(|at| !common.contains(at)) {
            let Some(group) = scene.groups.get(at) else { break };
            opacity *= group.opacity;
            plain &= group.blending.is_plain();
        }
        match opacity {
            _ if opacity < CLEAR => Cover::None,
            _ if opacity >= OPAQUE && plain => Cover::Full,
            _ => Cover::Perhaps,
        }
    }
}

impl Tiles {
    fn cover(&self, point: Point) -> Cover {
        let place = self.into_cell * point;
        let fold = |value: f64, from: f64, step: f64| from + (value - from).rem_euclid(step.abs().max(f64::EPSILON));
        let place = Point::new(fold(place.x, self.cell.x0, self.step.0), fold(place.y, self.cell.y0, self.step.1));
        self.scene.areas.iter().map(|area| area.cover(&self.scene, 0, place)).max().unwrap_or(Cover::None)
    }
}
