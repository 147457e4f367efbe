//! Shapes of slides with text that nobody sees: hidden ones, and those outside of the slide. Where the policy takes hidden text
//! out, those are no part of the essence that nothing can bring into view, and the copy may not have them. What may come into
//! view stays, and the copy must be held for it.

use std::collections::{HashMap, HashSet};

use super::objects::objects_go;
use super::package::{Package, Target};
use super::slide_shapes::{Place, Shape, Slide, pair, place};
use super::slides;
use crate::formats::{Context, Report};
use crate::policy::{Action, Class};
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Element, Token, Xml};
use crate::refusal::Refusal;

/// How far outside of a slide a shape cannot reach into it, in EMU: a quarter of an inch.
const FAR: f64 = 228_600.0;

/// What is the same for all slides.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Show {
    size: Option<(f64, f64)>,
    /// Slides morph into one another, and shapes may come in from outside.
    morphs: bool,
    /// Objects are left where they are, and so are the shapes around them.
    objects_stay: bool,
}

impl Show {
    /// Reads what there is to know; `None` where the policy leaves hidden text, and for what is no presentation.
    ///
    /// # Errors
    /// When a part cannot be read.
    pub(crate) fn of(package: &Package, context: &Context<'_>) -> Result<Option<Self>, Refusal> {
        let main = package.main()?;
        let part = package.part(main)?;
        if context.policy.action(Class::ContentHiddenText) != Action::Remove || part.related("slide").next().is_none() {
            return Ok(None);
        }
        let mut show = Self { size: None, morphs: false, objects_stay: !objects_go(context) };
        let mut reader = part.xml(context.limits)?.reader();
        while let Some(token) = reader.next() {
            let Token::Start(element) = token else { continue };
            if element.is(Ns::Slide, "sldSz") {
                show.size = show.size.or(pair(&element, ["cx", "cy"]));
            }
        }
        let gone = match slides::action(context) {
            Action::Remove => slides::hidden(package, context)?,
            _ => HashMap::new(),
        };
        for relationship in part.related("slide") {
            let Target::Part(slide) = relationship.target else { continue };
            if gone.contains_key(&slide) {
                continue;
            }
            let mut reader = package.part(slide)?.xml(context.limits)?.reader();
            while let Some(token) = reader.next() {
                show.morphs |= matches!(token, Token::Start(element) if element.local == "morph");
            }
        }
        Ok(Some(show))
    }
}

/// The shapes of one slide that go.
#[derive(Debug, Default)]
pub(crate) struct Unseen {
    /// Where the content of each begins.
    pub(crate) starts: HashSet<usize>,
    /// Their ids, and those of the shapes in them.
    ids: HashSet<String>,
    /// How many shapes stay although nobody sees them.
    left: usize,
}

impl Unseen {
    /// Reads a part; nothing of what is no slide.
    pub(crate) fn of(xml: Xml<'_>, show: Show) -> Self {
        let mut unseen = Self::default();
        let Some(slide) = Slide::read(xml.reader()) else { return unseen };
        let Slide { shapes, animated } = slide;
        let mut within: Option<usize> = None;
        for (at, shape) in shapes.iter().enumerate() {
            // What lies in a shape that goes, or is held, is judged with it.
            if within.is_some_and(|end| shape.start < end) {
                continue;
            }
            let outside = place(&shapes, shape).is_some_and(|place| !shape.is_group && show.is_outside(place, 0.0));
            if !shape.text || !(shape.hidden || outside) {
                continue;
            }
            let next = shapes.iter().skip(at.saturating_add(1)).find(|other| other.depth <= shape.depth);
            within = Some(next.map_or(usize::MAX, |next| next.start));
            let named = shape.ids.iter().any(|id| animated.contains(id));
            let stays = named || shape.object && show.objects_stay || shape.alternative;
            if stays || !shape.hidden && !show.never_shows(&shapes, shape) {
                unseen.left = unseen.left.saturating_add(1);
            } else {
                unseen.starts.insert(shape.start);
                unseen.ids.extend(shape.ids.iter().cloned());
            }
        }
        unseen
    }

    /// True for the end of a connector that was glued to a shape that goes.
    pub(crate) fn unglues(&self, element: &Element<'_>) -> bool {
        element.ns == Ns::Drawing
            && matches!(element.local, "stCxn" | "endCxn")
            && element.plain("id").is_some_and(|id| self.ids.contains(id))
    }
}

impl Show {
    fn is_beside(self, [left, _, width, _]: Place, far: f64) -> bool {
        self.size.is_some_and(|(right, _)| left >= right + far || left + width <= -far)
    }

    fn is_outside(self, place: Place, far: f64) -> bool {
        let [_, top, _, height] = place;
        let above_or_below = self.size.is_some_and(|(_, bottom)| top >= bottom + far || top + height <= -far);
        above_or_below || self.is_beside(place, far)
    }

    /// True for a shape outside of the slide of which nothing can reach into it.
    fn never_shows(self, shapes: &[Shape], shape: &Shape) -> bool {
        let turned =
            shape.turned || shape.groups.iter().any(|group| shapes.get(*group).is_some_and(|group| group.turned));
        let plain = shape.is_plain && shape.has_body && shape.flat && !shape.placeholder && !shape.effects;
        let apart = place(shapes, shape)
            .is_some_and(|place| self.is_beside(place, FAR) || shape.fits && self.is_outside(place, FAR));
        plain && !turned && apart && !self.morphs
    }
}

/// Checks that the slides of a copy have no shape that was to go, and that it is held for those that could not.
///
/// # Errors
/// [`crate::Reason::Unprovable`] when they have.
pub(crate) fn check(copy: &Package, report: &Report, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(show) = Show::of(copy, context)? else { return Ok(()) };
    let held = report.hits.iter().any(|hit| hit.class == Class::ContentHiddenText && hit.action == Action::Hold);
    for relationship in copy.part(copy.main()?)?.related("slide") {
        let Target::Part(slide) = relationship.target else { continue };
        let part = copy.part(slide)?;
        let unseen = Unseen::of(part.xml(context.limits)?, show);
        if !unseen.starts.is_empty() {
            return Err(
                Refusal::unprovable("a shape with text that nobody sees remains in the copy").in_part(&part.name)
            );
        }
        if unseen.left > 0 && !held {
            let detail = "a shape with text that may come into view remains in the copy, unreported";
            return Err(Refusal::unprovable(detail).in_part(&part.name));
        }
    }
    Ok(())
}
