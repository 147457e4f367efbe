//! Shapes that nobody sees: those that are hidden (`hidden` of `cNvPr` and `docPr`, ECMA-376 part 1, 20.1.2.2.8), and those that
//! lie wholly outside of their slide (20.1.7.6; in groups 20.1.7.5).

use crate::finding::Severity;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Element, is_true};
use crate::text::{Observation, Place, Scope};

/// Observations of one part; what comes after is counted with the last.
const MOST: usize = 20;

/// The size of slides in EMU.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A box in EMU.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Area {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// An open shape or group.
#[derive(Debug, Default)]
struct Shape {
    hidden: bool,
    /// Turned, so that its corners lie elsewhere.
    turned: bool,
    offset: Option<(f64, f64)>,
    extent: Option<(f64, f64)>,
    child_offset: Option<(f64, f64)>,
    child_extent: Option<(f64, f64)>,
}

/// The shapes around the place where a walk is.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    slide: Option<Size>,
    open: Vec<Shape>,
    /// What was seen in shapes that nobody sees.
    pub(super) observations: Vec<Observation>,
}

impl Shapes {
    /// Shapes of a slide of this size, or of another part.
    pub(super) fn new(slide: Option<Size>) -> Self {
        Self { slide, ..Self::default() }
    }

    /// True for an element that is a shape, which is open from here on.
    pub(super) fn enter(&mut self, element: &Element<'_>) -> bool {
        let drawn = match element.ns {
            Ns::Vml => matches!(element.local, "shape" | "rect" | "roundrect" | "oval" | "group"),
            Ns::Word => element.local == "drawing",
            _ => matches!(element.local, "sp" | "pic" | "graphicFrame" | "grpSp" | "cxnSp"),
        };
        if drawn {
            let style: String = element.plain("style").unwrap_or_default().split_whitespace().collect();
            let hidden = element.ns == Ns::Vml && style.to_ascii_lowercase().contains("visibility:hidden");
            self.open.push(Shape { hidden, ..Shape::default() });
        }
        drawn
    }

    /// Ends the innermost shape.
    pub(super) fn leave(&mut self) {
        self.open.pop();
    }

    /// Takes note of what an element says about the innermost shape. Of several places the first is that of the shape itself.
    pub(super) fn hear(&mut self, element: &Element<'_>) {
        let Some(shape) = self.open.last_mut() else { return };
        let pair = |x, y| {
            let number = |name| element.plain(name).and_then(|text| text.trim().parse().ok());
            number(x).zip(number(y))
        };
        let set = |place: &mut Option<(f64, f64)>, found| *place = place.or(found);
        match (element.ns, element.local) {
            (_, "cNvPr" | "docPr") => shape.hidden |= element.plain("hidden").is_some_and(is_true),
            // The shape of a control or object in Excel is hidden because its VML twin is shown ([MS-ODRAWXML] 2.3.1.4).
            (_, "compatExt") => shape.hidden = false,
            (_, "xfrm") if shape.offset.is_none() => {
                shape.turned = element.plain("rot").is_some_and(|angle| angle != "0");
            }
            (Ns::Drawing, "off") => set(&mut shape.offset, pair("x", "y")),
            (Ns::Drawing, "ext") => set(&mut shape.extent, pair("cx", "cy")),
            (Ns::Drawing, "chOff") => set(&mut shape.child_offset, pair("x", "y")),
            (Ns::Drawing, "chExt") => set(&mut shape.child_extent, pair("cx", "cy")),
            _ => {}
        }
    }

    /// True where nobody sees a shape.
    pub(super) fn hide(&self) -> bool {
        self.open.iter().any(|shape| shape.hidden) || self.are_off_slide()
    }

    /// Notes text that stands in a shape which nobody sees.
    pub(super) fn observe(&mut self, text: &str, place: &Place) {
        let (rule, why) = if self.open.iter().any(|shape| shape.hidden) {
            ("hidden.shape", "text in a shape that is hidden")
        } else if self.are_off_slide() {
            ("hidden.off-slide", "text in a shape that lies outside of the slide")
        } else {
            return;
        };
        // The branches of an alternative say the same.
        let told = |found: &Observation| found.rule == rule && found.text == text && found.place == *place;
        if !text.contains(char::is_alphanumeric) || self.observations.iter().any(told) {
            return;
        }
        let count = text.split_whitespace().count() as u64;
        if self.observations.len() >= MOST
            && let Some(last) = self.observations.iter_mut().rfind(|found| found.rule == rule)
        {
            last.count = last.count.saturating_add(count);
            return;
        }
        self.observations.push(Observation {
            rule,
            severity: Severity::Medium,
            place: place.clone(),
            scope: Scope::Hidden,
            text: text.to_owned(),
            why: why.to_owned(),
            count,
        });
    }

    /// True when no part of the innermost shape lies on the slide. One that takes its place from a layout lies there.
    fn are_off_slide(&self) -> bool {
        let (Some(slide), Some(area)) = (self.slide, self.area()) else { return false };
        area.x >= slide.width || area.y >= slide.height || area.x + area.width <= 0.0 || area.y + area.height <= 0.0
    }

    /// Where the innermost shape lies on the slide. In a group that is turned it may lie anywhere in that group.
    fn area(&self) -> Option<Area> {
        let mut shapes = self.open.iter().rev();
        let mut area = shapes.next()?.own_area()?;
        for group in shapes {
            let own = group.own_area()?;
            if group.turned {
                area = own;
                continue;
            }
            let (Some((x, y)), Some((width, height))) = (group.child_offset, group.child_extent) else { continue };
            if width <= 0.0 || height <= 0.0 {
                return None;
            }
            let (across, down) = (own.width / width, own.height / height);
            area = Area {
                x: own.x + (area.x - x) * across,
                y: own.y + (area.y - y) * down,
                width: area.width * across,
                height: area.height * down,
            };
        }
        Some(area)
    }
}

impl Shape {
    /// Where it lies in what is around it; when turned, where it may lie at any angle.
    fn own_area(&self) -> Option<Area> {
        let ((x, y), (width, height)) = (self.offset?, self.extent?);
        if !self.turned {
            return Some(Area { x, y, width, height });
        }
        let reach = width.hypot(height);
        Some(Area { x: x + (width - reach) / 2.0, y: y + (height - reach) / 2.0, width: reach, height: reach })
    }
}
