//! Shapes of slides with text that nobody sees, for policies that take hidden text out: those that are hidden (`hidden` of
//! `p:cNvPr`, ECMA-376 part 1, 20.1.2.2.8) and those that lie outside of the slide (20.1.7.6; in groups 20.1.7.5).
//!
//! A shape that an animation names may come to be seen, and so may one outside of the slide when slides morph (\[MS-PPTX\]
//! 2.12.2), when its text flows over, or when it throws a shadow: these stay, and hold the presentation. With a shape go the
//! ends of connectors that are glued to it; the connectors stay where they are.

mod area;

use std::collections::BTreeSet;

use area::{Area, Group, own_area};

use super::objects::Unwanted;
use crate::formats::xml::{self, Branch, Node, Notes, Ns, Token, Tokens};
use crate::limits::Limits;
use crate::policy::Class;
use crate::refusal::Refusal;

/// How far from the slide a shape must lie, in EMU: wider than lines are.
const MARGIN: f64 = 228_600.0;

/// What the presentation says about all of its slides.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Show {
    /// Width and height in EMU.
    size: Option<[f64; 2]>,
    /// A slide comes in by morphing the one before.
    pub(super) morphs: bool,
}

impl Show {
    /// Reads the main part of a presentation.
    ///
    /// # Errors
    /// As [`Tokens::next`].
    pub(super) fn read(presentation: &str, limits: &Limits) -> Result<Self, Refusal> {
        let mut tokens = Tokens::new(presentation, limits);
        let mut show = Self::default();
        while let Some(token) = tokens.next()? {
            let Token::Start(element) = token else { continue };
            if element.is(Ns::P, "sldSz") && show.size.is_none() {
                show.size = area::pair(&element, "cx", "cy").map(|(width, height)| [width, height]);
            }
        }
        Ok(show)
    }
}

/// True for a slide that comes in by morphing the one before.
///
/// # Errors
/// As [`Tokens::next`].
pub(super) fn morphs(slide: &str, limits: &Limits) -> Result<bool, Refusal> {
    if !slide.contains("morph") {
        return Ok(false);
    }
    let mut tokens = Tokens::new(slide, limits);
    while let Some(token) = tokens.next()? {
        if matches!(token, Token::Start(element) if element.local == "morph") {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes the shapes out of a slide; `None` when there are none such.
///
/// # Errors
/// As [`xml::read`].
pub(super) fn remove(
    slide: &str,
    limits: &Limits,
    show: Show,
    unwanted: Unwanted,
    notes: &mut Notes<'_>,
) -> Result<Option<String>, Refusal> {
    let mut nodes = xml::read(slide, limits)?;
    let Some(root) = nodes.iter_mut().filter_map(Node::element_mut).find(|root| root.is(Ns::P, "sld")) else {
        return Ok(None);
    };
    let mut animated = BTreeSet::new();
    for branch in root.elements().filter(|branch| !branch.is(Ns::P, "cSld")) {
        named_shapes(branch, &mut animated);
    }
    let mut search = Search { show, objects_stay: !unwanted.any(), animated, gone: BTreeSet::new(), notes };
    let Some(tree) = root.child_mut(Ns::P, "cSld").and_then(|slide| slide.child_mut(Ns::P, "spTree")) else {
        return Ok(None);
    };
    search.tree(tree, &mut Vec::new());
    let gone = search.gone;
    if gone.is_empty() {
        return Ok(None);
    }
    unglue(tree, &gone);
    Ok(Some(xml::written(&nodes, slide)))
}

/// What becomes of a shape.
enum Fate {
    Stays,
    Goes(&'static str),
    Held(&'static str),
}

struct Search<'n, 'a> {
    show: Show,
    objects_stay: bool,
    /// The ids of shapes that animations name.
    animated: BTreeSet<String>,
    /// The ids of shapes that are gone.
    gone: BTreeSet<String>,
    notes: &'n mut Notes<'a>,
}

impl Search<'_, '_> {
    /// Goes through the shapes of a slide or group.
    fn tree(&mut self, tree: &mut Branch<'_>, groups: &mut Vec<Group>) {
        for mut node in std::mem::take(&mut tree.children) {
            let Some(branch) = node.element_mut() else {
                tree.children.push(node);
                continue;
            };
            if branch.tag.ns == Ns::Mc {
                self.alternative(branch, groups);
            } else if is_shape(branch) {
                match self.fate(branch, groups) {
                    Fate::Goes(item) => {
                        let mut text = String::new();
                        words(branch, &mut text);
                        self.notes.value(Class::ContentHiddenText, item, &text);
                        shape_ids(branch, &mut self.gone);
                        continue;
                    }
                    Fate::Held(why) => self.notes.found(Class::ContentHiddenText, why),
                    Fate::Stays if branch.is(Ns::P, "grpSp") => {
                        groups.push(Group::of(branch));
                        self.tree(branch, groups);
                        groups.pop();
                    }
                    Fate::Stays => {}
                }
            }
            tree.children.push(node);
        }
    }

    /// Programs choose between alternatives, so all of them stay.
    fn alternative(&mut self, branch: &Branch<'_>, groups: &mut Vec<Group>) {
        for child in branch.elements() {
            if !is_shape(child) {
                if child.tag.ns == Ns::Mc {
                    self.alternative(child, groups);
                }
                continue;
            }
            match self.fate(child, groups) {
                Fate::Stays if child.is(Ns::P, "grpSp") => {
                    groups.push(Group::of(child));
                    self.alternative(child, groups);
                    groups.pop();
                }
                Fate::Stays => {}
                Fate::Goes(_) | Fate::Held(_) => {
                    self.notes
                        .found(Class::ContentHiddenText, "not removed: a shape that nobody sees has alternatives");
                }
            }
        }
    }

    fn fate(&self, shape: &Branch<'_>, groups: &[Group]) -> Fate {
        if !has_text(shape) {
            return Fate::Stays;
        }
        let hidden = properties(shape).is_some_and(|properties| properties.tag.flag("hidden") == Some(true));
        let area = own_area(shape).and_then(|area| area::on_slide(area, groups));
        let outside = area.zip(self.show.size).is_some_and(|(area, size)| area.is_outside(size, 0.0));
        if !hidden && (!outside || shape.is(Ns::P, "grpSp")) {
            return Fate::Stays;
        }
        let mut ids = BTreeSet::new();
        shape_ids(shape, &mut ids);
        if !ids.is_disjoint(&self.animated) {
            return Fate::Held("not removed: an animation names the shape");
        }
        if self.objects_stay && any(shape, &|branch| matches!(branch.tag.local, "oleObj" | "control")) {
            return Fate::Held("not removed: an object is part of the shape");
        }
        if hidden {
            return Fate::Goes("hidden shape");
        }
        if self.show.morphs {
            return Fate::Held("not removed: slides morph");
        }
        if groups.iter().any(|group| group.turned) || !self.is_wholly_outside(shape, area) {
            return Fate::Held("not removed: a shape outside of the slide may reach into it");
        }
        Fate::Goes("shape outside of the slide")
    }

    /// True for a shape of which nothing, its text and its shadow included, reaches into the slide.
    fn is_wholly_outside(&self, shape: &Branch<'_>, area: Option<Area>) -> bool {
        let (Some(area), Some(size)) = (area, self.show.size) else { return false };
        let Some(body) = shape.child(Ns::P, "txBody").and_then(|text| text.child(Ns::A, "bodyPr")) else {
            return false;
        };
        let is = |name, usual: &str| body.tag.own(name).is_none_or(|value| value == usual);
        let lies_flat = is("wrap", "square") && is("vert", "horz") && is("rot", "0");
        let placeholder = any(shape, &|branch| branch.is(Ns::P, "ph"));
        let effects = any(shape, &|branch| match branch.tag.local {
            "effectLst" | "effectDag" => branch.elements().next().is_some(),
            "scene3d" | "sp3d" => true,
            _ => false,
        });
        let fits = body.elements().any(|child| matches!(child.tag.local, "spAutoFit" | "normAutofit"));
        let apart = area.is_beside(size, MARGIN) || fits && area.is_outside(size, MARGIN);
        shape.is(Ns::P, "sp") && lies_flat && !placeholder && !effects && !area::is_turned(shape) && apart
    }
}

fn is_shape(branch: &Branch<'_>) -> bool {
    branch.tag.ns == Ns::P && matches!(branch.tag.local, "sp" | "pic" | "graphicFrame" | "grpSp" | "cxnSp")
}

/// `p:cNvPr` of a shape.
fn properties<'b, 'x>(shape: &'b Branch<'x>) -> Option<&'b Branch<'x>> {
    shape.elements().find_map(|child| child.child(Ns::P, "cNvPr"))
}

/// A shape with words, a chart or a diagram.
fn has_text(shape: &Branch<'_>) -> bool {
    let mut text = String::new();
    words(shape, &mut text);
    !text.trim().is_empty() || any(shape, &|branch| branch.is(Ns::C, "chart") || branch.tag.local == "relIds")
}

fn any(branch: &Branch<'_>, test: &dyn Fn(&Branch<'_>) -> bool) -> bool {
    branch.elements().any(|child| test(child) || any(child, test))
}

/// The words in a shape, a space after each stretch.
fn words(branch: &Branch<'_>, out: &mut String) {
    for child in branch.elements() {
        if child.is(Ns::A, "t") {
            for node in &child.children {
                if let Node::Raw(text) = node {
                    out.push_str(&quick_xml::escape::unescape(text).unwrap_or_default());
                }
            }
            out.push(' ');
        } else {
            words(child, out);
        }
    }
}

/// The ids of the shapes that something other than a shape names.
fn named_shapes(branch: &Branch<'_>, out: &mut BTreeSet<String>) {
    out.extend(branch.tag.own("spid").map(std::borrow::Cow::into_owned));
    branch.elements().for_each(|child| named_shapes(child, out));
}

/// The ids of a shape and of all in it.
fn shape_ids(branch: &Branch<'_>, out: &mut BTreeSet<String>) {
    if branch.is(Ns::P, "cNvPr") {
        out.extend(branch.tag.own("id").map(std::borrow::Cow::into_owned));
    }
    branch.elements().for_each(|child| shape_ids(child, out));
}

/// Takes the ends of connectors off the shapes that are gone (`a:stCxn`, `a:endCxn`, 20.1.2.2.36, 20.1.2.2.13).
fn unglue(branch: &mut Branch<'_>, gone: &BTreeSet<String>) {
    branch.children.retain_mut(|node| {
        let Some(child) = node.element_mut() else { return true };
        unglue(child, gone);
        let end = child.is(Ns::A, "stCxn") || child.is(Ns::A, "endCxn");
        !(end && child.tag.own("id").is_some_and(|id| gone.contains(id.as_ref())))
    });
}
