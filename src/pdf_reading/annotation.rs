//! Annotations of a page and their appearances. ISO 32000-2, 12.5.
//!
//! hayro can draw all annotations of a page or none. The proof needs them one by one: some are drawn into the page by the
//! cleaner, some stay alive, some go.

use hayro_interpret::hayro_syntax::content::TypedIter;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, Rect, Stream};
use hayro_interpret::hayro_syntax::page::{Page, Resources};
use hayro_interpret::kurbo::{Affine, Shape};
use hayro_interpret::{BlendMode, ClipPath, Context, Device, FillRule, interpret};

/// Hidden on the screen: flags Invisible is for unknown kinds only, so Hidden and NoView. ISO 32000-2, table 167.
const NOT_SEEN: u32 = 1 << 1 | 1 << 5;
/// More annotations than any page has.
const MOST: usize = 100_000;

/// Fields above fields.
const FIELD_DEPTH: u32 = 64;

/// One annotation.
pub(crate) struct Annotation<'a> {
    /// Its dictionary.
    pub(crate) dict: Dict<'a>,
    /// The name of its kind, for example `FreeText`; empty when it has none.
    pub(crate) kind: String,
}

/// What an annotation looks like, and where.
pub(crate) struct Appearance<'a> {
    /// The form.
    pub(crate) stream: Stream<'a>,
    /// From the coordinates of the form to those of the page.
    pub(crate) placement: Affine,
    bounds: hayro_interpret::kurbo::Rect,
}

/// The annotations of a page, in the order in which they are drawn.
pub(crate) fn annotations<'a>(page: &Page<'a>) -> Vec<Annotation<'a>> {
    let Some(listed) = page.raw().get::<Array<'_>>(b"Annots") else { return Vec::new() };
    listed
        .iter::<Dict<'_>>()
        .take(MOST)
        .map(|dict| {
            let kind = dict.get::<Name<'_>>(b"Subtype").map(|name| name.as_str().to_owned()).unwrap_or_default();
            Annotation { dict, kind }
        })
        .collect()
}

impl<'a> Annotation<'a> {
    /// The rectangle on the page.
    pub(crate) fn area(&self) -> Option<Rect> {
        self.dict.get::<Rect>(b"Rect")
    }

    /// True when its flags hide it.
    pub(crate) fn is_hidden(&self) -> bool {
        self.dict.get::<u32>(b"F").unwrap_or(0) & NOT_SEEN != 0
    }

    /// True for the field of a digital signature; the type of a field may stand above it (12.7.4.1).
    pub(crate) fn is_signature(&self) -> bool {
        let mut field = self.dict.clone();
        for _ in 0..FIELD_DEPTH {
            if let Some(kind) = field.get::<Name<'_>>(b"FT") {
                return kind.as_ref() == b"Sig";
            }
            let Some(parent) = field.get::<Dict<'_>>(b"Parent") else { break };
            field = parent;
        }
        false
    }

    /// The normal appearance in its current state, placed by the algorithm of 12.5.5; none for hidden annotations.
    pub(crate) fn appearance(&self) -> Option<Appearance<'a>> {
        if self.is_hidden() {
            return None;
        }
        let stream = match self.dict.get::<Dict<'_>>(b"AP")?.get::<Object<'_>>(b"N")? {
            Object::Stream(stream) => stream,
            Object::Dict(states) => {
                let state = self.dict.get::<Name<'_>>(b"AS");
                state.and_then(|state| states.get::<Stream<'_>>(state)).or_else(|| states.get::<Stream<'_>>(b"Off"))?
            }
            _ => return None,
        };
        let area = self.area()?;
        let [left, bottom, right, top] = stream.dict().get::<[f32; 4]>(b"BBox")?.map(f64::from);
        let bounds = hayro_interpret::kurbo::Rect::new(left, bottom, right, top);
        let matrix = stream.dict().get::<[f64; 6]>(b"Matrix").map(Affine::new).unwrap_or_default();
        let drawn = (matrix * bounds.to_path(0.1)).bounding_box();
        let across = (area.x1 - area.x0) / drawn.width();
        let up = (area.y1 - area.y0) / drawn.height();
        if !across.is_finite() || !up.is_finite() {
            return None;
        }
        let fit = Affine::new([across, 0.0, 0.0, up, area.x0 - across * drawn.x0, area.y0 - up * drawn.y0]);
        Some(Appearance { stream, placement: fit * matrix, bounds })
    }
}

impl<'a> Appearance<'a> {
    /// Draws it as a form is drawn; `context` must start with the placement.
    pub(crate) fn draw(&self, outer: &Resources<'a>, context: &mut Context<'a>, device: &mut impl Device<'a>) {
        let Ok(content) = self.stream.decoded_data() else { return };
        let own = self.stream.dict().get::<Dict<'_>>(b"Resources").map(Resources::new);
        let group = self.stream.dict().get::<Dict<'_>>(b"Group").is_some();
        if group {
            device.push_transparency_group(1.0, None, BlendMode::Normal);
        }
        let path = self.placement * self.bounds.to_path(0.1);
        device.push_clip_path(&ClipPath { path, fill: FillRule::NonZero });
        interpret(TypedIter::new(&content), own.as_ref().unwrap_or(outer), context, device);
        device.pop_clip();
        if group {
            device.pop_transparency_group();
        }
    }
}
