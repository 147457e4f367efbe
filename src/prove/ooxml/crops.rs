//! Pictures of which the copy has only what the original shows.
//!
//! Each relationship keeps its id, so a use of a picture in the copy is found again in the part of the same name of the
//! original. There, the crops say which rectangle of whole pixels encloses all that is shown. A picture of the copy that is of
//! another size must be just that rectangle, pixel by pixel, and each crop of the copy must show what it showed before. A
//! picture of the same size is proved like any other; if all of its uses leave pixels off, the copy must be held.

use std::collections::{BTreeMap, HashMap};
use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageReader};

use super::crop::{Crop, Uses, uses};
use super::package::{Package, Part, Target};
use crate::formats::{Context, Report, Surroundings};
use crate::identify::identify;
use crate::kind::Kind;
use crate::policy::{Action, Class};
use crate::prove::picture::EssenceHash;
use crate::prove::xml::stream::Digest32;
use crate::prove::{Side, png, profile, prover_for};
use crate::refusal::Refusal;

/// The pictures that were cut, by their part on each side, with the digest of what is left.
#[derive(Debug, Default)]
pub(crate) struct Crops {
    before: HashMap<usize, Digest32>,
    after: HashMap<usize, Digest32>,
}

impl Crops {
    /// Finds and proves the pictures that were cut; none where the policy does not want it.
    ///
    /// # Errors
    /// [`crate::Reason::Unprovable`] when a picture or a crop is not what it should be.
    pub(crate) fn between(original: &Package, copy: &Package, context: &Context<'_>) -> Result<Self, Refusal> {
        let mut crops = Self::default();
        if context.policy.action(Class::ContentCroppedAreas) != Action::Remove {
            return Ok(crops);
        }
        let names = original.parts.iter().enumerate().map(|(at, part)| (part.name.as_str(), at)).collect();
        let both = Both { original, copy, names };
        let shown_before = pictures(original, context)?;
        for (picture, shown) in pictures(copy, context)? {
            let after = copy.part(picture)?;
            let Some(source) = both.source(&shown) else { continue };
            let before = original.part(source)?;
            let (Some(old), Some(new)) = (size(&before.bytes), size(&after.bytes)) else { continue };
            if old == new {
                continue;
            }
            let digest = shown_before
                .get(&source)
                .ok_or_else(|| Refusal::unprovable("a picture was cut that the original does not show"))
                .and_then(|before| both.pairs(before, &shown, (old, new)))
                .and_then(|pairs| check_cut(&pairs, before, after, (old, new), context))
                .map_err(|refusal| refusal.in_part(&after.name))?;
            crops.before.insert(source, digest);
            crops.after.insert(picture, digest);
        }
        Ok(crops)
    }

    /// The digest of what is left of a picture that was cut.
    pub(crate) fn digest(&self, side: Side, part: usize) -> Option<Digest32> {
        if side == Side::Input { self.before.get(&part) } else { self.after.get(&part) }.copied()
    }

    /// How many pictures were cut.
    pub(crate) fn count(&self) -> usize {
        self.after.len()
    }
}

/// The uses of a picture, by the part that they are in and the id of the relationship there.
type Shown = BTreeMap<(usize, String), Vec<Option<Crop>>>;

/// The uses of each picture of a package. A part that does not say how it uses a picture shows all of it.
fn pictures(package: &Package, context: &Context<'_>) -> Result<BTreeMap<usize, Shown>, Refusal> {
    let mut pictures: BTreeMap<usize, Shown> = BTreeMap::new();
    for (at, part) in package.parts.iter().enumerate() {
        let images = part.related("image").filter_map(|line| match line.target {
            Target::Part(to) => Some((line.id.as_str(), to)),
            _ => None,
        });
        let images: Vec<(&str, usize)> = images.collect();
        if images.is_empty() {
            continue;
        }
        let mut uses = if part.is_xml() {
            part.xml(context.limits).map(|xml| uses(xml.reader())).unwrap_or_default()
        } else {
            Uses::new()
        };
        for (id, picture) in images {
            let crops = uses.remove(id).unwrap_or_else(|| vec![Some(Crop::default())]);
            pictures.entry(picture).or_default().insert((at, id.to_owned()), crops);
        }
    }
    Ok(pictures)
}

/// The original and its copy.
struct Both<'p> {
    original: &'p Package,
    copy: &'p Package,
    /// The parts of the original by their names.
    names: HashMap<&'p str, usize>,
}

impl Both<'_> {
    /// The part of the original with the name of a part of the copy.
    fn twin(&self, part: usize) -> Option<usize> {
        self.names.get(self.copy.parts.get(part)?.name.as_str()).copied()
    }

    /// The one picture of the original that these uses of the copy showed.
    fn source(&self, shown: &Shown) -> Option<usize> {
        let mut sources = shown.keys().map(|(part, id)| self.original.follow(self.twin(*part)?, id));
        let first = sources.next()??;
        sources.all(|other| other == Some(first)).then_some(first)
    }

    /// Each crop of the copy with the one that it was in the original.
    fn pairs(
        &self,
        shown_before: &Shown,
        shown: &Shown,
        (old, new): ((u32, u32), (u32, u32)),
    ) -> Result<Vec<(Crop, Crop)>, Refusal> {
        let lost = || Refusal::unprovable("a crop of the copy is none of the original's");
        let mut pairs = Vec::new();
        for ((part, id), after) in shown {
            let twin = (self.twin(*part).ok_or_else(lost)?, id.clone());
            let (before, after) = (readable(shown_before.get(&twin).ok_or_else(lost)?)?, readable(after)?);
            if before.len() == after.len() {
                pairs.extend(before.into_iter().zip(after));
                continue;
            }
            // Some uses went with text that was deleted or hidden: those that stay show as much as before, in their order.
            let mut rest = before.into_iter();
            for crop in after {
                let same = rest.find(|before| before.shows_as_much(old, crop, new)).ok_or_else(lost)?;
                pairs.push((same, crop));
            }
        }
        Ok(pairs)
    }
}

fn readable(crops: &[Option<Crop>]) -> Result<Vec<Crop>, Refusal> {
    let crops: Option<Vec<Crop>> = crops.iter().copied().collect();
    crops.ok_or_else(|| Refusal::unprovable("a picture was cut whose crop cannot be read"))
}

/// Checks that a picture was cut to what its uses show, and returns the digest of what is left.
fn check_cut(
    pairs: &[(Crop, Crop)],
    before: &Part,
    after: &Part,
    (old, new): ((u32, u32), (u32, u32)),
    context: &Context<'_>,
) -> Result<Digest32, Refusal> {
    let hidden = Crop::hidden_by_all(pairs.iter().map(|(before, _)| *before), old);
    let [left, top, right, bottom] = hidden;
    let kept = |size: u32, one: u32, other: u32| size.checked_sub(one).and_then(|size| size.checked_sub(other));
    if (kept(old.0, left, right), kept(old.1, top, bottom)) != (Some(new.0), Some(new.1)) {
        return Err(Refusal::unprovable("a picture of the copy is not cut to what is shown of it"));
    }
    if !pairs.iter().all(|(before, after)| before.shows_the_same(old, hidden, *after)) {
        return Err(Refusal::unprovable("a crop of the copy shows another part of its picture"));
    }
    let (original, before_profile) = decode(&before.bytes, context)?;
    let (cut, after_profile) = decode(&after.bytes, context)?;
    let expected = original.crop_imm(left, top, new.0, new.1);
    if expected.color() != cut.color() || expected.as_bytes() != cut.as_bytes() {
        return Err(Refusal::unprovable("a picture that was cut has other pixels than the original"));
    }
    let inside = context.inside(Surroundings::Package)?;
    profile::verify(before_profile.as_deref().as_slice(), after_profile.as_deref().as_slice())?;
    if profile::stays(Side::Input, context)
        && before_profile.as_deref().and_then(profile::usable).is_some() != after_profile.is_some()
    {
        return Err(Refusal::unprovable("a picture that was cut has lost its colour profile"));
    }
    check_png(&before.bytes, &after.bytes, &inside)?;
    let mut hash = EssenceHash::default();
    hash.part("cut", format!("{}x{} {:?}", new.0, new.1, cut.color()).as_bytes());
    hash.part("pixels", cut.as_bytes());
    Ok(hash.finish().0)
}

/// Checks what a PNG says besides its pixels: nothing that the original did not, and nothing that may not remain.
fn check_png(before: &[u8], after: &[u8], inside: &Context<'_>) -> Result<(), Refusal> {
    let prover = prover_for(Kind::Png).filter(|_| identify(after, "").kind == Kind::Png);
    let prover = prover.ok_or_else(|| Refusal::unprovable("a picture that was cut is no PNG"))?;
    prover.verify(Kind::Png, after, after, &Report::default(), inside)?;
    let same = match identify(before, "").kind {
        Kind::Png => png::appearance(before)? == png::appearance(after)?,
        // The density of a JPEG is all that a PNG takes over besides.
        _ => png::appearance(after)?.iter().all(|(name, _)| matches!(name, b"IHDR" | b"pHYs")),
    };
    if same { Ok(()) } else { Err(Refusal::unprovable("a picture that was cut looks different")) }
}

fn decode(bytes: &[u8], context: &Context<'_>) -> Result<(DynamicImage, Option<Vec<u8>>), Refusal> {
    let broken = || Refusal::unprovable("a picture that was cut cannot be decoded");
    let (width, height) = size(bytes).ok_or_else(broken)?;
    if u64::from(width).saturating_mul(u64::from(height)) > context.limits.image_pixels {
        return Err(Refusal::over_limit("image-pixels", format!("the picture is {width}×{height}")));
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| broken())?;
    let mut limits = image::Limits::no_limits();
    limits.max_alloc = Some(context.limits.decompressed_bytes);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| broken())?;
    let profile = decoder.icc_profile().ok().flatten();
    Ok((DynamicImage::from_decoder(decoder).map_err(|_| broken())?, profile))
}

/// Width and height in pixels.
fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?.into_dimensions().ok()
}

/// Checks that no picture of a copy has pixels, or a thousandth where it has none, that all of its uses leave off, unless the
/// copy is held for it.
///
/// # Errors
/// [`crate::Reason::Unprovable`] when one has.
pub(crate) fn check(copy: &Package, report: &Report, context: &Context<'_>) -> Result<(), Refusal> {
    if context.policy.action(Class::ContentCroppedAreas) != Action::Remove {
        return Ok(());
    }
    let held = |name: &str| {
        let mut hits = report.hits.iter().filter(|hit| hit.class == Class::ContentCroppedAreas);
        hits.any(|hit| hit.action == Action::Hold && hit.place == name)
    };
    for (picture, shown) in pictures(copy, context)? {
        let part = copy.part(picture)?;
        let size = size(&part.bytes).unwrap_or((1_000, 1_000));
        let crops: Vec<Option<Crop>> = shown.into_values().flatten().collect();
        let whole = crops.iter().flatten().any(Crop::is_whole);
        let known: Option<Vec<Crop>> = crops.into_iter().collect();
        let hides = match known {
            Some(crops) => Crop::hidden_by_all(crops.into_iter(), size) != [0; 4],
            None => !whole,
        };
        if hides && !held(&part.name) {
            return Err(
                Refusal::unprovable("areas of a picture that no use shows remain in the copy").in_part(&part.name)
            );
        }
    }
    Ok(())
}
