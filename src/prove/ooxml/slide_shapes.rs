//! What a slide says about its shapes: where they lie (ECMA-376 part 1, 20.1.7.5 and 20.1.7.6), what is in them, and which of them
//! its animations name.

use std::collections::HashSet;

use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Element, Token, XmlReader, is_true};

/// The shapes of a slide.
#[derive(Debug)]
pub(crate) struct Slide {
    /// In the order of the part, groups before what is in them.
    pub(crate) shapes: Vec<Shape>,
    /// The ids of the shapes that animations name.
    pub(crate) animated: HashSet<String>,
}

/// What a slide says about one shape.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    /// Where its content begins in the text of the part.
    pub(crate) start: usize,
    pub(crate) depth: u32,
    pub(crate) is_group: bool,
    /// It is a `p:sp`.
    pub(crate) is_plain: bool,
    /// Its name was read, which says whether it is hidden.
    pub(crate) named: bool,
    pub(crate) hidden: bool,
    /// Its own id, and those of what is in it.
    pub(crate) ids: Vec<String>,
    pub(crate) text: bool,
    pub(crate) object: bool,
    pub(crate) placeholder: bool,
    pub(crate) effects: bool,
    /// One of several alternatives.
    pub(crate) alternative: bool,
    pub(crate) turned: bool,
    pub(crate) offset: Option<(f64, f64)>,
    pub(crate) extent: Option<(f64, f64)>,
    pub(crate) inner_offset: Option<(f64, f64)>,
    pub(crate) inner_extent: Option<(f64, f64)>,
    pub(crate) has_body: bool,
    /// Its text keeps to its width.
    pub(crate) flat: bool,
    /// Its text keeps to its height.
    pub(crate) fits: bool,
    /// The groups around it, the innermost first.
    pub(crate) groups: Vec<usize>,
}

/// Left, top, width and height.
pub(crate) type Place = [f64; 4];

impl Slide {
    /// Reads a slide; `None` for what is none.
    pub(crate) fn read(mut reader: XmlReader<'_>) -> Option<Self> {
        let (mut shapes, mut animated): (Vec<Shape>, HashSet<String>) = (Vec::new(), HashSet::new());
        let mut open: Vec<usize> = Vec::new();
        // The elements around the place at hand.
        let mut path: Vec<(Ns, String)> = Vec::new();
        while let Some(token) = reader.next() {
            let element = match token {
                Token::Start(element) => element,
                Token::End => {
                    path.pop();
                    open.retain(|at| shapes.get(*at).is_some_and(|shape| shape.depth <= reader.depth()));
                    continue;
                }
                Token::Text(text) => {
                    let words = path.last().is_some_and(|(ns, local)| *ns == Ns::Drawing && local == "t");
                    if words && !text.trim().is_empty() {
                        each(&mut shapes, &open, |shape| shape.text = true);
                    }
                    continue;
                }
                Token::Aside(_) => continue,
            };
            if path.is_empty() && !element.is(Ns::Slide, "sld") {
                return None;
            }
            let on_slide = path.get(1).is_some_and(|(_, local)| local == "cSld");
            if !on_slide && path.len() > 1 || path.len() == 1 && element.local != "cSld" {
                animated.extend(element.plain("spid").map(str::to_owned));
            }
            let parent = path.iter().rev().find(|(ns, _)| *ns != Ns::Compatibility);
            let in_tree =
                parent.is_some_and(|(ns, local)| *ns == Ns::Slide && matches!(local.as_str(), "spTree" | "grpSp"));
            let drawn = matches!(element.local, "sp" | "pic" | "graphicFrame" | "grpSp" | "cxnSp");
            if on_slide && in_tree && drawn && element.ns == Ns::Slide {
                let start = reader.position();
                let above = open.iter().rev().copied();
                let alternative = path.iter().any(|(ns, _)| *ns == Ns::Compatibility);
                let (is_group, is_plain) = (element.local == "grpSp", element.local == "sp");
                let (depth, groups) = (reader.depth(), above.collect());
                open.push(shapes.len());
                shapes.push(Shape { start, depth, is_group, is_plain, alternative, groups, ..Shape::default() });
            }
            hear(&element, &mut shapes, &open, &path);
            path.push((element.ns, element.local.to_owned()));
        }
        Some(Self { shapes, animated })
    }
}

fn each(shapes: &mut [Shape], open: &[usize], mut set: impl FnMut(&mut Shape)) {
    for at in open {
        if let Some(shape) = shapes.get_mut(*at) {
            set(shape);
        }
    }
}

/// Takes note of what an element says about the shapes around it.
fn hear(element: &Element<'_>, shapes: &mut [Shape], open: &[usize], path: &[(Ns, String)]) {
    match element.local {
        "cNvPr" if element.ns == Ns::Slide => {
            let id = element.plain("id").unwrap_or_default();
            each(shapes, open, |shape| shape.ids.push(id.to_owned()));
        }
        "chart" if element.ns == Ns::Chart => each(shapes, open, |shape| shape.text = true),
        "relIds" => each(shapes, open, |shape| shape.text = true),
        "oleObj" | "control" => each(shapes, open, |shape| shape.object = true),
        "ph" if element.ns == Ns::Slide => each(shapes, open, |shape| shape.placeholder = true),
        "scene3d" | "sp3d" => each(shapes, open, |shape| shape.effects = true),
        _ => {}
    }
    let around = |above: usize| path.iter().rev().nth(above).map_or("", |(_, local)| local.as_str());
    if matches!(around(0), "effectLst" | "effectDag") {
        each(shapes, open, |shape| shape.effects = true);
    }
    let Some(shape) = open.last().and_then(|at| shapes.get_mut(*at)) else { return };
    let own = |above: usize| matches!(around(above), "spPr" | "grpSpPr" | "graphicFrame");
    match (element.local, around(0)) {
        // The picture of an object has a name and a place of its own, which come later.
        ("cNvPr", _) if !shape.named => {
            shape.named = true;
            shape.hidden = element.plain("hidden").is_some_and(is_true);
        }
        ("xfrm", _) if own(0) && shape.offset.is_none() => {
            shape.turned = element.plain("rot").is_some_and(|angle| angle != "0");
        }
        ("off", "xfrm") if own(1) => shape.offset = shape.offset.or(pair(element, ["x", "y"])),
        ("ext", "xfrm") if own(1) => shape.extent = shape.extent.or(pair(element, ["cx", "cy"])),
        ("chOff", "xfrm") if own(1) => shape.inner_offset = pair(element, ["x", "y"]),
        ("chExt", "xfrm") if own(1) => shape.inner_extent = pair(element, ["cx", "cy"]),
        ("bodyPr", "txBody") => {
            let usual = |name, value| element.plain(name).is_none_or(|own| own == value);
            shape.has_body = true;
            shape.flat = usual("wrap", "square") && usual("vert", "horz") && usual("rot", "0");
        }
        ("spAutoFit" | "normAutofit", "bodyPr") => shape.fits = true,
        _ => {}
    }
}

/// Two numbers of an element.
pub(crate) fn pair(element: &Element<'_>, [first, second]: [&str; 2]) -> Option<(f64, f64)> {
    let number = |name| element.plain(name).and_then(|text| text.trim().parse().ok());
    number(first).zip(number(second))
}

/// Where a shape lies on its slide, wherever the groups around it put it. A turned one may lie at any angle.
pub(crate) fn place(shapes: &[Shape], shape: &Shape) -> Option<Place> {
    let mut at = shape.own_place()?;
    for group in shape.groups.iter().filter_map(|group| shapes.get(*group)) {
        let [left, top, width, height] = group.own_place()?;
        let inner = group.inner_offset.zip(group.inner_extent);
        at = match inner {
            _ if group.turned => [left, top, width, height],
            Some((_, (inner_width, inner_height))) if inner_width <= 0.0 || inner_height <= 0.0 => return None,
            Some(((x, y), (inner_width, inner_height))) => {
                let [own_left, own_top, own_width, own_height] = at;
                let (across, down) = (width / inner_width, height / inner_height);
                let (own_left, own_top) = ((own_left - x) * across, (own_top - y) * down);
                [left + own_left, top + own_top, own_width * across, own_height * down]
            }
            None => at,
        };
    }
    Some(at)
}

impl Shape {
    fn own_place(&self) -> Option<Place> {
        let ((left, top), (width, height)) = (self.offset?, self.extent?);
        if !self.turned {
            return Some([left, top, width, height]);
        }
        let across = (width * width + height * height).sqrt();
        Some([left + width / 2.0 - across / 2.0, top + height / 2.0 - across / 2.0, across, across])
    }
}
