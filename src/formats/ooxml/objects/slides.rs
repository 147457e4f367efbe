//! Objects in frames of a slide (ECMA-376 part 1, 19.3.2.4) and its controls (19.3.2.1).
//!
//! Since Office 2010 each brings a `p:pic` along, at least as an alternative; before, it named a shape of the slide's VML drawing
//! (`spid`), which has a picture. The picture takes the place of the frame. Controls lie beside the shapes of their slide and
//! are drawn over them, so their pictures become the last shapes.

use std::borrow::Cow;

use super::{Removal, collect, find, shape_of};
use crate::formats::ooxml::relationships::Relationship;
use crate::formats::ooxml::vml_shapes::Place;
use crate::formats::xml::{self, Branch, Element, Node, Ns};

impl Removal<'_, '_> {
    /// Puts the picture of an object in the place of its frame, where the object goes.
    pub(super) fn frame<'x>(&mut self, frame: Branch<'x>, out: &mut Vec<Node<'x>>) {
        let mut objects = Vec::new();
        collect(&frame, Ns::P, "oleObj", &mut objects);
        if let Some(class) = self.classes(&objects).filter(|_| is_pictured(&frame)) {
            self.note(&objects, "p:oleObj", class);
            out.extend(picture_of(frame).map(Node::Element));
        } else if let Some(class) = self.classes(&objects)
            && let Some(picture) = self.legacy_frame(&frame, &objects)
        {
            self.note(&objects, "p:oleObj", class);
            out.push(Node::New(picture));
        } else {
            out.push(Node::Element(frame));
        }
    }

    /// The picture that only the VML drawing has of the object in a frame, where the frame lies.
    fn legacy_frame(&mut self, frame: &Branch<'_>, objects: &[Element<'_>]) -> Option<String> {
        let name = frame.child(Ns::P, "nvGraphicFramePr").and_then(|names| names.child(Ns::P, "cNvPr"))?;
        let transform = frame.child(Ns::P, "xfrm").filter(|transform| transform.tag.attributes().is_empty())?;
        let [Some(x), Some(y), Some(cx), Some(cy)] = place_of(transform) else { return None };
        if count(frame) > 0 {
            return None;
        }
        let (id, _) = self.legacy_picture(objects)?;
        let mut named = String::new();
        xml::write(&[Node::Element(name.clone())], &mut named);
        Some(markup(&named, &id, [&x, &y, &cx, &cy]))
    }

    /// The id of a relationship to the picture in the one VML shape that these objects name, and where it lies.
    fn legacy_picture(&mut self, objects: &[Element<'_>]) -> Option<(String, Option<Place>)> {
        let mut shapes = objects.iter().filter_map(shape_of);
        let shape = shapes.next()?;
        let picture = self.legacy.get(&shape).filter(|_| shapes.all(|other| other == shape))?;
        let relationship = Relationship::to("image", &picture.image, self.relationships);
        let id = relationship.id.clone();
        self.relationships.push(relationship);
        Some((id, picture.place))
    }

    /// Makes the controls of a slide that go its last shapes, as pictures.
    pub(super) fn controls<'x>(&mut self, slide: &mut Branch<'x>) {
        let position =
            slide.children.iter().position(|node| node.element().is_some_and(|child| child.is(Ns::P, "controls")));
        let Some(position) = position.filter(|_| slide.child(Ns::P, "spTree").is_some()) else { return };
        let Node::Element(list) = slide.children.remove(position) else { return };
        let mut numbers = Numbers::of(slide);
        let tag = list.tag.clone();
        let (mut pictures, mut stay) = (Vec::new(), Vec::new());
        for node in list.into_children() {
            match node {
                Node::Element(control) => match self.control(control, &mut numbers) {
                    Ok(picture) => pictures.push(picture),
                    Err(control) => stay.push(Node::Element(control)),
                },
                other => stay.push(other),
            }
        }
        if stay.iter().any(|node| node.element().is_some()) {
            slide.children.insert(position, Node::Element(Branch { tag, children: stay }));
        }
        if let Some(shapes) = slide.child_mut(Ns::P, "spTree") {
            shapes.tag.open();
            let end = |node: &Node<'_>| node.element().is_some_and(|child| child.is(Ns::P, "extLst"));
            let end = shapes.children.iter().position(end).unwrap_or(shapes.children.len());
            shapes.children.splice(end..end, pictures);
        }
    }

    /// The picture of a control with its alternatives, or what came when it stays.
    fn control<'x>(&mut self, control: Branch<'x>, numbers: &mut Numbers) -> Result<Node<'x>, Branch<'x>> {
        let mut controls: Vec<Element<'x>> =
            if control.is(Ns::P, "control") { vec![control.tag.clone()] } else { Vec::new() };
        collect(&control, Ns::P, "control", &mut controls);
        let Some(class) = self.classes(&controls) else { return Err(control) };
        let shape = controls.iter().find_map(shape_of).and_then(|shape| shape.parse().ok());
        if has_placed_picture(&control) {
            let Some(mut picture) = dig(control.clone()) else { return Err(control) };
            let names = picture.child_mut(Ns::P, "nvPicPr").and_then(|names| names.child_mut(Ns::P, "cNvPr"));
            let Some(names) = names.filter(|names| names.tag.get(Ns::None, "id").is_some()) else {
                return Err(control);
            };
            names.tag.set(Ns::None, "id", &numbers.take(shape).to_string());
            self.note(&controls, "p:control", class);
            return Ok(Node::Element(picture));
        }
        let placed = self.legacy.get(&shape.unwrap_or_default().to_string()).is_some_and(|shape| shape.place.is_some());
        if count(&control) > 0 || !placed {
            return Err(control);
        }
        let Some((id, Some(place))) = self.legacy_picture(&controls) else { return Err(control) };
        self.note(&controls, "p:control", class);
        let name = controls.iter().find_map(|control| control.get(Ns::None, "name")).unwrap_or_default();
        let number = numbers.take(shape);
        let named = format!("<p:cNvPr id=\"{number}\" name=\"{}\"/>", quick_xml::escape::escape(name.as_ref()));
        let [x, y, cx, cy] = place.map(|length| length.to_string());
        Ok(Node::New(markup(&named, &id, [&x, &y, &cx, &cy])))
    }
}

/// The numbers of the shapes on a slide.
struct Numbers(std::collections::BTreeSet<u32>);

impl Numbers {
    fn of(slide: &Branch<'_>) -> Self {
        let mut names = Vec::new();
        collect(slide, Ns::P, "cNvPr", &mut names);
        Self(names.iter().filter_map(|name| name.get(Ns::None, "id")?.parse().ok()).collect())
    }

    /// A number for another shape: the one by which animations know it, if no other shape has it.
    fn take(&mut self, wanted: Option<u32>) -> u32 {
        let free = |number: &u32| *number > 0 && !self.0.contains(number);
        let number = wanted.filter(free).or_else(|| (1..=u32::MAX).find(free)).unwrap_or_default();
        self.0.insert(number);
        number
    }
}

/// A picture (part 1, 19.3.1.37) with the element that names it, the id of the relationship to its part, and its place.
fn markup(named: &str, id: &str, [x, y, cx, cy]: [&str; 4]) -> String {
    let [x, y, cx, cy] = [x, y, cx, cy].map(quick_xml::escape::escape);
    format!(
        "<p:pic xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><p:nvPicPr>{named}<p:cNvPicPr>\
         <a:picLocks noChangeAspect=\"1\"/></p:cNvPicPr><p:nvPr/></p:nvPicPr><p:blipFill><a:blip r:embed=\"{id}\"/><a:stretch>\
         <a:fillRect/></a:stretch></p:blipFill><p:spPr><a:xfrm><a:off x=\"{x}\" y=\"{y}\"/><a:ext cx=\"{cx}\" cy=\"{cy}\"/></a:xfrm>\
         <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr></p:pic>"
    )
}

/// True for a control with one picture that says where it lies.
fn has_placed_picture(control: &Branch<'_>) -> bool {
    let picture = find(control, Ns::P, "pic");
    let shape = picture.and_then(|picture| picture.child(Ns::P, "spPr"));
    let place = shape.and_then(|shape| shape.child(Ns::A, "xfrm")).map(place_of);
    count(control) == 1 && place.is_some_and(|place| place.iter().all(Option::is_some))
}

/// True for a frame with an object and one picture of it that lies where the frame does.
fn is_pictured(frame: &Branch<'_>) -> bool {
    let name = frame.child(Ns::P, "nvGraphicFramePr").and_then(|names| names.child(Ns::P, "cNvPr"));
    let place = frame.child(Ns::P, "xfrm").map(place_of);
    let picture = find(frame, Ns::P, "pic");
    let drawn =
        picture.and_then(|pic| pic.child(Ns::P, "spPr")).and_then(|shape| shape.child(Ns::A, "xfrm")).map(place_of);
    let named = picture.is_some_and(|pic| pic.child(Ns::P, "nvPicPr").is_some());
    find(frame, Ns::P, "oleObj").is_some()
        && count(frame) == 1
        && name.is_some()
        && named
        && place.is_some()
        && place == drawn
}

/// The offset and size of something.
fn place_of(transform: &Branch<'_>) -> [Option<String>; 4] {
    let value = |child, name| {
        transform.child(Ns::A, child).and_then(|child| child.tag.get(Ns::None, name).map(Cow::into_owned))
    };
    [value("off", "x"), value("off", "y"), value("ext", "cx"), value("ext", "cy")]
}

/// How many pictures there are in it. The depth of the recursion is that of the XML, which is limited.
fn count(branch: &Branch<'_>) -> usize {
    let own = usize::from(branch.is(Ns::P, "pic"));
    branch.elements().map(count).fold(own, usize::saturating_add)
}

/// The picture in a frame, under the name of the frame, which animations know it by.
fn picture_of(frame: Branch<'_>) -> Option<Branch<'_>> {
    let name = frame.child(Ns::P, "nvGraphicFramePr").and_then(|names| names.child(Ns::P, "cNvPr")).cloned();
    let mut picture = dig(frame)?;
    let names = picture.child_mut(Ns::P, "nvPicPr")?;
    if let (Some(old), Some(name)) = (names.child_mut(Ns::P, "cNvPr"), name) {
        *old = name;
    }
    Some(picture)
}

/// The picture in an element, with the namespaces that are declared around it.
fn dig(branch: Branch<'_>) -> Option<Branch<'_>> {
    if branch.is(Ns::P, "pic") {
        return Some(branch);
    }
    branch.into_children().into_iter().find_map(|node| match node {
        Node::Element(child) => dig(child),
        _ => None,
    })
}
