//! Objects and controls on sheets of which only a picture stays, for policies that take them out.
//!
//! The essence leaves out on both sides what is not a picture of the original: its objects, and of its drawings the hidden
//! twins of their shapes (\[MS-ODRAWXML\] 2.3.1.4); of the drawings of the copy the pictures at their ends. These are
//! compared here with what the original shows of its objects: the same picture, between the same cells.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::objects;
use super::package::{Package, Part};
use super::vml;
use super::walk::Walk;
use super::workbook::Removed;
use crate::formats::Context;
use crate::prove::Side;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::stream::Digest32;
use crate::prove::xml::{Element, Token, decode};
use crate::refusal::Refusal;

/// EMU in a pixel of VML.
const PIXEL: i64 = 9_525;

/// The only elements of a picture that takes the place of an object.
const OF_PICTURE: &[&str] = &[
    "from",
    "to",
    "col",
    "colOff",
    "row",
    "rowOff",
    "pic",
    "nvPicPr",
    "cNvPr",
    "cNvPicPr",
    "picLocks",
    "blipFill",
    "blip",
    "stretch",
    "fillRect",
    "spPr",
    "prstGeom",
    "avLst",
    "solidFill",
    "sysClr",
    "ln",
    "clientData",
];

/// What the essence leaves out of two workbooks.
#[derive(Debug, Default)]
pub(crate) struct Pictured {
    /// Numbers of the anchors in drawings, with the index of the part.
    original: HashSet<(usize, usize)>,
    copy: HashSet<(usize, usize)>,
    /// Drawings of the copy that its original does not have.
    drawings: HashSet<usize>,
}

/// An object, by the shape that shows it.
#[derive(Debug, Default, Clone)]
struct Object {
    relationship: Option<String>,
    picture: Option<usize>,
    corners: Vec<i64>,
    /// The shape shows all of its picture, upright.
    upright: bool,
}

/// An anchor in a drawing.
#[derive(Debug, Default)]
struct Anchor {
    corners: Vec<i64>,
    pictures: Vec<usize>,
    /// The shape that it holds the twin of.
    twin: Option<String>,
    shapes: usize,
    /// True when it may show something else than one picture.
    more: bool,
}

impl Pictured {
    /// Compares the objects of the original with the pictures in the copy.
    ///
    /// # Errors
    /// [`crate::Reason::Unprovable`] when a picture is missing or another one.
    pub(crate) fn between(original: &Package, copy: &Package, context: &Context<'_>) -> Result<Self, Refusal> {
        let mut pictured = Self::default();
        if !objects::objects_go(context) {
            return Ok(pictured);
        }
        let copies: HashMap<String, usize> = sheets(copy, context)?.into_iter().collect();
        for (name, at) in sheets(original, context)? {
            let Some(copied) = copies.get(&name) else { continue };
            let before = listed(original, at, context)?;
            let after = listed(copy, *copied, context)?;
            let stays = |shape: &String| after.iter().any(|(other, _)| other == shape);
            let gone: Vec<&(String, Object)> = before.iter().filter(|(shape, _)| !stays(shape)).collect();
            if !gone.is_empty() {
                pictured.compare(original, copy, (at, *copied), &gone, context)?;
            }
        }
        Ok(pictured)
    }

    fn compare(
        &mut self,
        original: &Package,
        copy: &Package,
        sheets: (usize, usize),
        gone: &[&(String, Object)],
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        let lost = |what: &str| Refusal::unprovable(format!("the picture of an object on a sheet {what}"));
        if let Some(drawing) = original.first(sheets.0, "drawing") {
            for (number, anchor) in (1..).zip(anchors(original, drawing, context)?) {
                let twin = anchor.twin.filter(|_| anchor.shapes == 1);
                if twin.is_some_and(|twin| gone.iter().any(|(shape, _)| *shape == twin)) {
                    self.original.insert((drawing, number));
                }
            }
        }
        let drawing = copy.first(sheets.1, "drawing").ok_or_else(|| lost("is gone"))?;
        let shown = anchors(copy, drawing, context)?;
        let first = shown.len().checked_sub(gone.len()).ok_or_else(|| lost("is gone"))?;
        if original.first(sheets.0, "drawing").is_none() {
            if first > 0 {
                return Err(lost("is not alone"));
            }
            self.drawings.insert(drawing);
        }
        for ((number, anchor), (_, object)) in (1..).zip(&shown).skip(first).zip(gone) {
            let [picture] = anchor.pictures.as_slice() else { return Err(lost("is gone")) };
            let expected = object.picture.filter(|_| object.upright).ok_or_else(|| lost("is not known"))?;
            if anchor.more || anchor.corners.len() != 8 || anchor.corners != object.corners {
                return Err(lost("lies elsewhere"));
            }
            if digest(original, expected, Side::Input, context)? != digest(copy, *picture, Side::Output, context)? {
                return Err(lost("is another one"));
            }
            self.copy.insert((drawing, number));
        }
        Ok(())
    }

    /// True for an anchor that is no part of the essence, by its number in its part.
    pub(crate) fn leaves_out(&self, side: Side, part: usize, number: usize) -> bool {
        let left_out = if side == Side::Input { &self.original } else { &self.copy };
        left_out.contains(&(part, number))
    }

    /// True for a drawing that the original does not have.
    pub(crate) fn is_new(&self, side: Side, part: usize) -> bool {
        side == Side::Output && self.drawings.contains(&part)
    }
}

fn digest(package: &Package, at: usize, side: Side, context: &Context<'_>) -> Result<Option<Digest32>, Refusal> {
    Walk::new(package, side, &Removed::default(), context).part(at)
}

/// Calls `hear` with each element of a part, its depth, and the text that stands before the next element.
fn each<'p>(
    part: &'p Part,
    context: &Context<'_>,
    hear: &mut dyn FnMut(&Element<'_>, u32, &str),
) -> Result<(), Refusal> {
    let mut reader = part.named_xml(context.limits)?.reader();
    let mut open: Option<(Element<'_>, u32)> = None;
    let mut words = String::new();
    loop {
        match reader.next() {
            Some(Token::Start(element)) => {
                if let Some((before, depth)) = open.replace((element, reader.depth())) {
                    hear(&before, depth, &words);
                }
                words.clear();
            }
            Some(Token::Text(more)) if open.is_some() => words.push_str(more),
            Some(Token::End) => {
                if let Some((before, depth)) = open.take() {
                    hear(&before, depth, &words);
                }
                words.clear();
            }
            Some(_) => {}
            None => return Ok(()),
        }
    }
}

/// The sheets of a workbook by name; none for other documents.
fn sheets(package: &Package, context: &Context<'_>) -> Result<Vec<(String, usize)>, Refusal> {
    let main = package.main()?;
    let mut sheets = Vec::new();
    each(package.part(main)?, context, &mut |element, _, _| {
        if element.is(Ns::Sheet, "sheet")
            && let Some(at) = element.attribute(Ns::Relations, "id").and_then(|id| package.follow(main, id))
        {
            sheets.push((element.plain("name").unwrap_or_default().to_owned(), at));
        }
    })?;
    Ok(sheets)
}

/// The objects of a sheet that go under the policy, in the order of their shapes' numbers as text.
fn listed(package: &Package, sheet: usize, context: &Context<'_>) -> Result<Vec<(String, Object)>, Refusal> {
    let part = package.part(sheet)?;
    let mut objects: BTreeMap<String, Object> = BTreeMap::new();
    let mut current = String::new();
    each(part, context, &mut |element, _, words| match (element.ns, element.local) {
        (Ns::Sheet, "oleObject" | "control") => {
            element.plain("shapeId").unwrap_or_default().clone_into(&mut current);
            let object = objects.entry(current.clone()).or_default();
            if let Some(id) = element.attribute(Ns::Relations, "id") {
                object.relationship = Some(id.to_owned());
            }
        }
        (Ns::Sheet, "objectPr" | "controlPr") => {
            let picture = element.attribute(Ns::Relations, "id").and_then(|id| package.follow(sheet, id));
            let object = objects.entry(current.clone()).or_default();
            (object.picture, object.corners) = (picture, Vec::new());
        }
        (Ns::SheetDrawing, "col" | "colOff" | "row" | "rowOff") => {
            if let (Some(object), Ok(number)) = (objects.get_mut(&current), words.trim().parse()) {
                object.corners.push(number);
            }
        }
        _ => {}
    })?;
    objects.retain(|_, object| objects::sheet_object_goes(object.relationship.as_deref(), part, context));
    if let Some(drawing) = package.first(sheet, "vmlDrawing").filter(|_| !objects.is_empty()) {
        complete(&mut objects, package, drawing);
    }
    Ok(objects.into_iter().collect())
}

/// What a sheet does not say of its objects, told by the shapes of the VML drawing. What is shown there in another way than a
/// picture in a drawing, of that no picture can take the place.
fn complete(objects: &mut BTreeMap<String, Object>, package: &Package, drawing: usize) {
    let Some(part) = package.parts.get(drawing) else { return };
    let Ok(text) = decode(&part.bytes) else { return };
    for shape in vml::shapes(&text) {
        let Some(object) = objects.get_mut(&shape.number) else { continue };
        object.upright = shape.is_upright();
        if object.picture.is_none() {
            object.picture = shape.image(part);
        }
        if object.corners.is_empty() {
            let numbers = shape.anchor.split(',').zip([1, PIXEL].into_iter().cycle());
            object.corners =
                numbers.filter_map(|(field, unit)| field.trim().parse::<i64>().ok()?.checked_mul(unit)).collect();
        }
    }
}

/// The anchors of a drawing in their order.
fn anchors(package: &Package, drawing: usize, context: &Context<'_>) -> Result<Vec<Anchor>, Refusal> {
    let mut anchors: Vec<Anchor> = Vec::new();
    each(package.part(drawing)?, context, &mut |element, depth, words| {
        if depth == 2 {
            anchors.push(Anchor { more: element.local != "twoCellAnchor", ..Anchor::default() });
            return;
        }
        let Some(anchor) = anchors.last_mut() else { return };
        anchor.more |= !OF_PICTURE.contains(&element.local) || element.plain("hidden").is_some();
        if matches!(element.local, "sp" | "pic" | "graphicFrame" | "grpSp" | "cxnSp") {
            anchor.shapes = anchor.shapes.saturating_add(1);
        }
        match element.local {
            "col" | "colOff" | "row" | "rowOff" => anchor.corners.extend(words.trim().parse::<i64>().ok()),
            "blip" => {
                let picture = element.attribute(Ns::Relations, "embed").and_then(|id| package.follow(drawing, id));
                anchor.pictures.extend(picture);
            }
            "compatExt" => {
                let shape = element.plain("spid").and_then(|id| id.strip_prefix("_x0000_s"));
                anchor.twin = shape.map(str::to_owned);
            }
            _ => {}
        }
    })?;
    Ok(anchors)
}
