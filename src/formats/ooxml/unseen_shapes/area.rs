//! Where a shape lies on its slide (`a:xfrm`, ECMA-376 part 1, 20.1.7.5 and 20.1.7.6). All lengths are in EMU.

use crate::formats::xml::{Branch, Element, Ns};

/// A box.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl Area {
    /// It lies to the left or right of a slide of this size, that far away.
    pub(super) fn is_beside(&self, [width, _]: [f64; 2], margin: f64) -> bool {
        self.left >= width + margin || self.left + self.width <= -margin
    }

    /// It lies outside of a slide of this size, that far away.
    pub(super) fn is_outside(&self, size: [f64; 2], margin: f64) -> bool {
        let [_, height] = size;
        self.is_beside(size, margin) || self.top >= height + margin || self.top + self.height <= -margin
    }
}

/// A group around a shape.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    area: Option<Area>,
    inner: Option<Area>,
    /// It is turned, and all in it.
    pub(super) turned: bool,
}

impl Group {
    /// What a group says about itself.
    pub(super) fn of(group: &Branch<'_>) -> Self {
        Self { area: own_area(group), inner: boxed(group, "chOff", "chExt"), turned: is_turned(group) }
    }
}

/// Where a shape lies in what is around it; when turned, where it may lie at any angle. One that takes its place from a layout
/// has none.
pub(super) fn own_area(shape: &Branch<'_>) -> Option<Area> {
    let area = boxed(shape, "off", "ext")?;
    if !is_turned(shape) {
        return Some(area);
    }
    let reach = area.width.hypot(area.height);
    let (left, top) = (area.left + (area.width - reach) / 2.0, area.top + (area.height - reach) / 2.0);
    Some(Area { left, top, width: reach, height: reach })
}

/// Where a shape in these groups, the innermost last, lies on the slide. In a turned group it may lie anywhere.
pub(super) fn on_slide(mut area: Area, groups: &[Group]) -> Option<Area> {
    for group in groups.iter().rev() {
        let outer = group.area?;
        if group.turned {
            area = outer;
            continue;
        }
        let Some(inner) = group.inner else { continue };
        if inner.width <= 0.0 || inner.height <= 0.0 {
            return None;
        }
        let (across, down) = (outer.width / inner.width, outer.height / inner.height);
        area = Area {
            left: outer.left + (area.left - inner.left) * across,
            top: outer.top + (area.top - inner.top) * down,
            width: area.width * across,
            height: area.height * down,
        };
    }
    Some(area)
}

/// A shape that is turned by any angle.
pub(super) fn is_turned(shape: &Branch<'_>) -> bool {
    transform(shape).and_then(|transform| transform.tag.own("rot")).is_some_and(|angle| angle != "0")
}

/// Two numbers of an element.
pub(super) fn pair(element: &Element<'_>, first: &str, second: &str) -> Option<(f64, f64)> {
    let number = |name| element.own(name).and_then(|text| text.trim().parse().ok());
    number(first).zip(number(second))
}

fn boxed(shape: &Branch<'_>, offset: &str, extent: &str) -> Option<Area> {
    let transform = transform(shape)?;
    let (left, top) = pair(&transform.child(Ns::A, offset)?.tag, "x", "y")?;
    let (width, height) = pair(&transform.child(Ns::A, extent)?.tag, "cx", "cy")?;
    Some(Area { left, top, width, height })
}

/// `a:xfrm` in the properties of a shape, or `p:xfrm` of a frame.
fn transform<'b, 'x>(shape: &'b Branch<'x>) -> Option<&'b Branch<'x>> {
    let of_frame = shape.child(Ns::P, "xfrm");
    of_frame.or_else(|| {
        let properties = shape.elements().filter(|child| matches!(child.tag.local, "spPr" | "grpSpPr"));
        properties.filter_map(|properties| properties.child(Ns::A, "xfrm")).next()
    })
}
