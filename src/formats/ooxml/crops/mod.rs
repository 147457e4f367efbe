//! Areas of pictures that every use crops away.
//!
//! Programs keep the whole picture when somebody crops it, so that the crop can be undone: by anybody who gets the file.
//! Once all parts are clean, this module looks at every use of each picture, in slides, layouts, headers, charts, in
//! DrawingML and in VML. Where no use shows the whole picture, it is cut to the smallest rectangle of whole pixels around all that
//! is shown, and each crop becomes what is left of it: less than a pixel, and so nothing to cut the next time.
//!
//! What cannot be cut without a change to a pixel that is shown ([`crate::formats::cut`]) stays and is held.

mod sides;
mod uses;

use std::collections::{BTreeMap, BTreeSet};

use self::sides::Sides;
use self::uses::{Rewrite, Shown, Use};
use super::content_types::ContentTypes;
use super::part_name;
use super::relationships::{self, Relationship};
use crate::formats::xml::{self, Filter, Notes};
use crate::formats::{Context, Report, Surroundings, cut};
use crate::identify::identify;
use crate::kind::Kind;
use crate::policy::{Action, Class};
use crate::refusal::{Reason, Refusal};

/// The finished parts of a package by their names.
type Parts = BTreeMap<String, Vec<u8>>;

/// A use of a picture with the part that it is in.
struct Place {
    part: String,
    shown: Shown,
    offset: usize,
}

/// Crops to be written, by the part that they are in.
type Crops = BTreeMap<String, Rewrite>;

/// The attributes of one crop.
type Attributes = [(&'static str, String); 4];

/// Cuts off what no use of a picture shows, or says so in the report, as the policy wants it.
///
/// # Errors
/// [`Reason::OverLimit`] when a picture is too large to be cut; what cannot be read any more.
pub(super) fn treat(
    parts: &mut Parts,
    types: &mut ContentTypes,
    context: &Context<'_>,
    report: &mut Report,
) -> Result<(), Refusal> {
    let mut crops = Crops::new();
    for (picture, places) in places(parts, context)? {
        let Some(bytes) = parts.get(&picture) else { continue };
        let kind = identify(bytes, &picture).kind;
        let size = cut::size(kind, bytes);
        let Some(hidden) = hidden(&places, size.unwrap_or(UNKNOWN_SIZE)) else { continue };
        let action = context.policy.action(Class::ContentCroppedAreas);
        let item = format!("cropped-away areas of a picture ({})", kind.title());
        if action != Action::Remove {
            report.hit(Class::ContentCroppedAreas, action, item, &picture, 1, 0);
            continue;
        }
        let cut = match (hidden, size) {
            (Hidden::Otherwise(reason), _) => Err(Refusal::unsupported(reason)),
            (Hidden::Pixels(_), None) => Err(Refusal::unsupported("there is no way to cut pictures of this kind")),
            (Hidden::Pixels(gone), Some(size)) => cut_off(kind, &picture, bytes, size, gone, context)
                .and_then(|cut| Ok((cut, rewritten(&places, size, gone)?))),
        };
        match cut {
            Ok((cut, rewritten)) => {
                report.removed(Class::ContentCroppedAreas, item, &picture);
                for (part, offset, sides) in rewritten {
                    let rewrite = crops.entry(part).or_insert_with(|| Rewrite { crops: BTreeMap::new() });
                    rewrite.crops.insert(offset, sides);
                }
                replace(parts, types, &picture, &places, cut, context)?;
            }
            Err(refusal) if matches!(refusal.reason, Reason::OverLimit | Reason::Internal) => {
                return Err(refusal.in_part(picture));
            }
            Err(refusal) => {
                let item = format!("{item} that cannot be cut off: {}", refusal.detail);
                report.hit(Class::ContentCroppedAreas, Action::Hold, item, &picture, 1, 0);
            }
        }
    }
    for (part, mut rewrite) in crops {
        let Some(bytes) = parts.get_mut(&part) else { continue };
        let text = xml::decode(bytes)?;
        let mut notes = Notes::new(&part, context.policy);
        let mut chain: [&mut dyn Filter; 1] = [&mut rewrite];
        *bytes = xml::rewrite(&text, context.limits, &mut chain, &mut notes)?.into_bytes();
    }
    Ok(())
}

/// The uses of every picture, by the picture's name.
fn places(parts: &Parts, context: &Context<'_>) -> Result<BTreeMap<String, Vec<Place>>, Refusal> {
    let names: BTreeMap<String, &String> = parts.keys().map(|name| (part_name::key(name), name)).collect();
    let mut places: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for (part, bytes) in parts {
        let Some(edges) = edges(parts, part, context)? else { continue };
        // What is no XML does not say how much of a picture it shows, and most parts crop none.
        let text = xml::decode(bytes).ok().filter(|text| uses::crops(text));
        let uses = text.and_then(|text| uses::survey(&text, context.limits).ok());
        let mut uses = by_id(uses.unwrap_or_default());
        for edge in edges {
            let target = part_name::resolve(part, &edge.target).and_then(|key| names.get(&key));
            let Some(picture) = target.filter(|_| !edge.external) else { continue };
            let unknown = || vec![Use { id: edge.id.clone(), shown: Shown::Whole, offset: 0 }];
            let own = uses.remove(&edge.id).unwrap_or_else(unknown).into_iter();
            let own = own.map(|used| Place { part: part.clone(), shown: used.shown, offset: used.offset });
            places.entry((*picture).clone()).or_default().extend(own);
        }
    }
    Ok(places)
}

fn by_id(uses: Vec<Use>) -> BTreeMap<String, Vec<Use>> {
    let mut by_id: BTreeMap<String, Vec<Use>> = BTreeMap::new();
    for used in uses {
        by_id.entry(used.id.clone()).or_default().push(used);
    }
    by_id
}

/// The relationships of a part with pictures; `None` when it has no relationships.
fn edges(parts: &Parts, part: &str, context: &Context<'_>) -> Result<Option<Vec<Relationship>>, Refusal> {
    let Some(bytes) = parts.get(&part_name::relationships_name(part)) else { return Ok(None) };
    let mut edges = relationships::parse(bytes, context.limits)?;
    edges.retain(|edge| matches!(edge.kind(), "image" | "hdphoto"));
    Ok(Some(edges))
}

/// What all uses of a picture leave off.
#[derive(Clone, Copy)]
enum Hidden {
    /// Whole pixels on the left, at the top, on the right and at the bottom.
    Pixels([u32; 4]),
    /// Something that cannot be cut off, and why.
    Otherwise(&'static str),
}

/// The size by which crops of pictures without pixels are judged: less than a thousandth is nothing.
const UNKNOWN_SIZE: (u32, u32) = (1_000, 1_000);

/// What all uses leave off; `None` when nothing is hidden.
fn hidden(places: &[Place], size: (u32, u32)) -> Option<Hidden> {
    let mut gone = [u32::MAX; 4];
    let mut otherwise = None;
    for place in places {
        match place.shown {
            Shown::Whole => return None,
            Shown::Part(sides) => {
                for (least, side) in gone.iter_mut().zip(sides.pixels(size)) {
                    *least = side.min(*least);
                }
            }
            Shown::Otherwise(reason) => otherwise = Some(Hidden::Otherwise(reason)),
        }
    }
    let pixels = gone.iter().any(|side| *side > 0).then_some(Hidden::Pixels(gone));
    otherwise.or(pixels.filter(|_| !places.is_empty()))
}

/// The picture without the pixels that are gone, as its own handler leaves it.
fn cut_off(
    kind: Kind,
    name: &str,
    bytes: &[u8],
    size: (u32, u32),
    [left, top, right, bottom]: [u32; 4],
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    let width = size.0.checked_sub(left).and_then(|rest| rest.checked_sub(right));
    let height = size.1.checked_sub(top).and_then(|rest| rest.checked_sub(bottom));
    let (width, height) = width.zip(height).ok_or_else(|| Refusal::unsupported("its crop leaves nothing"))?;
    let cut = cut::cut(kind, bytes, cut::Rectangle { left, top, width, height }, context)?;
    // The picture is in the report already; what is cut from it has nothing new to tell.
    context.clean_embedded(name, &cut, Surroundings::Package, &mut Report::default())
}

/// The crops of all places for the picture that was cut.
fn rewritten(places: &[Place], size: (u32, u32), gone: [u32; 4]) -> Result<Vec<(String, usize, Attributes)>, Refusal> {
    let crop = |sides: Sides| sides.after(size, gone).ok_or_else(|| Refusal::unsupported("its crop leaves nothing"));
    let parts = places.iter().filter_map(|place| match place.shown {
        Shown::Part(sides) => Some((place, sides)),
        _ => None,
    });
    parts.map(|(place, sides)| Ok((place.part.clone(), place.offset, crop(sides)?))).collect()
}

/// Puts a picture in the place of another one. When it became a PNG, its name and content type say so.
fn replace(
    parts: &mut Parts,
    types: &mut ContentTypes,
    picture: &str,
    places: &[Place],
    cut: Vec<u8>,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    const PNG: &str = "image/png";
    if types.of(&part_name::key(picture)) == PNG || identify(&cut, "").kind != Kind::Png {
        parts.insert(picture.to_owned(), cut);
        return Ok(());
    }
    let ending = free_ending(parts, picture);
    let name = format!("{}{ending}", stem(picture));
    let sources: BTreeSet<&str> = places.iter().map(|place| place.part.as_str()).collect();
    for source in sources {
        let Some(bytes) = parts.get_mut(&part_name::relationships_name(source)) else { continue };
        let mut edges = relationships::parse(bytes, context.limits)?;
        for edge in edges.iter_mut().filter(|edge| !edge.external) {
            if part_name::resolve(source, &edge.target) == Some(part_name::key(picture)) {
                edge.target = format!("{}{ending}", stem(&edge.target));
            }
        }
        *bytes = relationships::write(&edges).into_bytes();
    }
    if types.of(&part_name::key(&name)) != PNG {
        types.set(&part_name::key(&name), PNG);
    }
    parts.remove(picture);
    parts.insert(name, cut);
    Ok(())
}

/// How the name of a picture ends as a PNG: with a number where there is a part of that name.
fn free_ending(parts: &Parts, picture: &str) -> String {
    let taken: BTreeSet<String> = parts.keys().map(|name| part_name::key(name)).collect();
    let is_free = |ending: &String| !taken.contains(&part_name::key(&format!("{}{ending}", stem(picture))));
    let mut numbered = (1_u32..).map(|number| format!("_{number}.png"));
    let plain = Some(String::from(".png")).filter(is_free);
    plain.or_else(|| numbered.find(is_free)).unwrap_or_default()
}

/// A name or target without the extension.
fn stem(name: &str) -> &str {
    let extension = part_name::extension(name).len();
    if extension == 0 {
        name
    } else {
        name.get(..name.len().saturating_sub(extension.saturating_add(1))).unwrap_or(name)
    }
}
