//! Objects in frames of slides and controls beside their shapes, of which only the picture stays, for policies that take them out.
//!
//! The essence has that picture in their place: the `p:pic` inside, or what the VML drawing of the slide shows. Pictures of controls
//! follow the last shape.

use std::collections::{HashMap, HashSet};

use super::objects::class_of;
use super::package::{Package, Part, Target};
use super::visible::is_invisible;
use super::vml::{self, Shape};
use crate::formats::Context;
use crate::policy::Action;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::stream::{Digest32, Stream};
use crate::prove::xml::{Element, Token, XmlReader, decode};

/// Offset and size of something on a slide, as written.
type Place = [Option<String>; 4];

/// The picture of an object that goes.
pub(crate) enum Picture<'x> {
    /// A `p:pic`, and a reader that stands behind its start.
    Own(Box<(Element<'x>, XmlReader<'x>)>),
    /// The picture of a VML shape.
    Legacy(Box<LegacyPicture<'x>>),
}

/// The picture of a VML shape.
pub(crate) struct LegacyPicture<'x> {
    /// What names it.
    pub(crate) name: Option<Element<'x>>,
    /// The links in that.
    pub(crate) links: Vec<Element<'x>>,
    place: [String; 4],
    /// Its part.
    pub(crate) image: usize,
}

/// The objects of a slide that go. Elements are known by the position of a reader behind their start.
#[derive(Default)]
pub(crate) struct SlideObjects<'x> {
    /// The pictures in the place of frames.
    pub(crate) frames: HashMap<usize, Picture<'x>>,
    /// Controls with their alternatives.
    pub(crate) controls: HashSet<usize>,
    /// Their pictures.
    pub(crate) last: Vec<Picture<'x>>,
}

/// What stands around the picture of an object on a slide and shows nothing itself.
pub(crate) fn is_around_picture(element: &Element<'_>) -> bool {
    element.ns == Ns::Compatibility
        || matches!(element.local, "graphic" | "graphicData" | "oleObj" | "nvGraphicFramePr" | "graphicFrame")
}

/// A frame or a control while it is read.
#[derive(Default)]
struct Reading<'x> {
    start: usize,
    depth: u32,
    is_control: bool,
    object: bool,
    stays: bool,
    pictures: u32,
    own: Option<Box<(Element<'x>, XmlReader<'x>)>>,
    frame: Place,
    /// The frame says more of its place than that.
    turned: bool,
    picture: Place,
    name: Option<Element<'x>>,
    links: Vec<Element<'x>>,
    shapes: HashSet<String>,
}

impl<'x> SlideObjects<'x> {
    /// Reads a slide.
    pub(crate) fn read(mut reader: XmlReader<'x>, package: &Package, part: &Part, context: &Context<'_>) -> Self {
        let mut objects = Self::default();
        let mut open: Vec<(Ns, &str)> = Vec::new();
        let mut reading: Option<Reading<'x>> = None;
        while let Some(token) = reader.next() {
            match token {
                Token::Start(element) => {
                    let is_control = matches!(open.as_slice(), [.., (Ns::Slide, "cSld"), (Ns::Slide, "controls")]);
                    if reading.is_none() && (is_control || element.is(Ns::Slide, "graphicFrame")) {
                        let (start, depth) = (reader.position(), reader.depth());
                        reading = Some(Reading { start, depth, is_control, ..Reading::default() });
                    }
                    if let Some(reading) = &mut reading {
                        reading.hear(&element, open.last().copied(), &reader);
                        if matches!(element.local, "oleObj" | "control") {
                            reading.stays |= context.policy.action(class_of(&element, part)) != Action::Remove;
                        }
                    }
                    open.push((element.ns, element.local));
                }
                Token::End => {
                    open.pop();
                    if let Some(read) = reading.take_if(|reading| reader.depth() < reading.depth) {
                        let (start, is_control) = (read.start, read.is_control);
                        let Some(picture) = read.picture(package, part) else { continue };
                        if is_control {
                            objects.controls.insert(start);
                            objects.last.push(picture);
                        } else {
                            objects.frames.insert(start, picture);
                        }
                    }
                }
                _ => {}
            }
        }
        objects
    }
}

impl<'x> Reading<'x> {
    fn hear(&mut self, element: &Element<'x>, parent: Option<(Ns, &str)>, reader: &XmlReader<'x>) {
        match (element.ns, element.local, parent) {
            (Ns::Slide, "oleObj" | "control", _) => {
                self.object |= (element.local == "control") == self.is_control;
                let shape = element.plain("spid").map(|shape| shape.strip_prefix("_x0000_s").unwrap_or(shape));
                self.shapes.extend(shape.map(str::to_owned));
            }
            (Ns::Slide, "pic", _) => {
                self.pictures = self.pictures.saturating_add(1);
                self.own.get_or_insert_with(|| Box::new((*element, reader.clone())));
            }
            (Ns::Slide, "xfrm", _) => self.turned |= !element.attributes.is_empty(),
            (Ns::Slide, "cNvPr", Some((Ns::Slide, "nvGraphicFramePr"))) => self.name = Some(*element),
            (Ns::Drawing, "hlinkClick" | "hlinkHover", Some((Ns::Slide, "cNvPr"))) => self.links.push(*element),
            (Ns::Drawing, "off" | "ext", Some((ns, "xfrm"))) => {
                let value = |name| element.plain(name).map(str::to_owned);
                let place = if ns == Ns::Slide { &mut self.frame } else { &mut self.picture };
                let [x, y, cx, cy] = place;
                if element.local == "off" {
                    (*x, *y) = (value("x"), value("y"));
                } else {
                    (*cx, *cy) = (value("cx"), value("cy"));
                }
            }
            _ => {}
        }
    }

    /// The picture, if the object goes.
    fn picture(self, package: &Package, part: &Part) -> Option<Picture<'x>> {
        if !self.object || self.stays {
            return None;
        }
        let place = if self.is_control { &self.picture } else { &self.frame };
        let placed = place.iter().all(Option::is_some);
        if self.pictures > 0 {
            let lies_there = placed && (self.is_control || self.frame == self.picture);
            return self.own.filter(|_| self.pictures == 1 && lies_there).map(Picture::Own);
        }
        let (shape, image) = shape_of(&self.shapes, package, part)?;
        let place = match self.frame {
            _ if self.is_control => shape.place()?,
            [Some(x), Some(y), Some(cx), Some(cy)] if !self.turned && self.name.is_some() => [x, y, cx, cy],
            _ => return None,
        };
        Some(Picture::Legacy(Box::new(LegacyPicture { name: self.name, links: self.links, place, image })))
    }
}

/// The one shape in the one VML drawing of a slide that has this number, and its picture.
fn shape_of(numbers: &HashSet<String>, package: &Package, part: &Part) -> Option<(Shape, usize)> {
    let drawings = part.related("vmlDrawing").filter_map(|relationship| match relationship.target {
        Target::Part(at) => package.parts.get(at),
        _ => None,
    });
    let (numbers, drawings): (Vec<&String>, Vec<&Part>) = (numbers.iter().collect(), drawings.collect());
    let ([number], [drawing]) = (numbers.as_slice(), drawings.as_slice()) else { return None };
    let text = decode(&drawing.bytes).ok()?;
    let shape = vml::shapes(&text).into_iter().find(|shape| shape.number == **number && shape.is_bare())?;
    let image = shape.image(drawing)?;
    Some((shape, image))
}

impl LegacyPicture<'_> {
    /// Writes it as a picture that fills its place and shows nothing else.
    pub(crate) fn write(&self, image: &Digest32, out: &mut Stream) {
        let [x, y, cx, cy] = self.place.each_ref().map(String::as_str);
        start(out, Ns::Slide, "pic", &[]);
        start(out, Ns::Slide, "nvPicPr", &[]);
        out.start(Ns::Slide, "cNvPr");
        if let Some(name) = &self.name {
            for attribute in name.attributes.iter().filter(|attribute| !is_invisible(name, attribute)) {
                out.attribute(attribute.ns, attribute.local, attribute.value.as_bytes());
            }
        }
        out.end();
        start(out, Ns::Slide, "cNvPicPr", &[]);
        empty(out, Ns::Drawing, "picLocks", &[("noChangeAspect", "1")]);
        out.end();
        empty(out, Ns::Slide, "nvPr", &[]);
        out.end();
        start(out, Ns::Slide, "blipFill", &[]);
        out.start(Ns::Drawing, "blip");
        out.attribute(Ns::Relations, "embed", image);
        out.end();
        start(out, Ns::Drawing, "stretch", &[]);
        empty(out, Ns::Drawing, "fillRect", &[]);
        out.end();
        out.end();
        start(out, Ns::Slide, "spPr", &[]);
        start(out, Ns::Drawing, "xfrm", &[]);
        empty(out, Ns::Drawing, "off", &[("x", x), ("y", y)]);
        empty(out, Ns::Drawing, "ext", &[("cx", cx), ("cy", cy)]);
        out.end();
        start(out, Ns::Drawing, "prstGeom", &[("prst", "rect")]);
        empty(out, Ns::Drawing, "avLst", &[]);
        for _ in ["prstGeom", "spPr", "pic"] {
            out.end();
        }
    }
}

fn start(out: &mut Stream, ns: Ns, local: &str, attributes: &[(&str, &str)]) {
    out.start(ns, local);
    for (name, value) in attributes {
        out.attribute(Ns::None, name, value.as_bytes());
    }
}

fn empty(out: &mut Stream, ns: Ns, local: &str, attributes: &[(&str, &str)]) {
    start(out, ns, local, attributes);
    out.end();
}
