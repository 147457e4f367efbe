//! The proof of a TIFF: same numbers that decide the look, same strips and tiles, same pixels on every page, and not a byte
//! that belongs to nothing.

mod file;
mod pixels;
mod strip;

use self::file::{File, Page};
use self::strip::Shape;
use crate::formats::{Context, Report};
use crate::kind::Kind;
use crate::prove::picture::{self, EssenceHash};
use crate::prove::{Check, Essence, Prover, Side, profile};
use crate::refusal::Refusal;

/// Proves TIFF and BigTIFF files.
pub(super) struct TiffProver;

/// Tags whose numbers decide what a decoder makes of the strips (TIFF 6.0 and its supplements).
const DECIDING: &[u16] =
    &[256, 257, 258, 259, 262, 266, 277, 284, 292, 293, 317, 320, 322, 323, 332, 334, 338, 339, 529, 530, 532];
/// Tags that a copy may have besides.
const FURTHER: &[u16] = &[
    254, 273, 274, 278, 279, 280, 281, 282, 283, 290, 291, 296, 297, 301, 318, 319, 324, 325, 336, 340, 341, 342, 347,
    531, 34_675,
];

impl Prover for TiffProver {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Tiff]
    }

    fn essence(&self, _kind: Kind, bytes: &[u8], side: Side, context: &Context<'_>) -> Result<Essence, Refusal> {
        let file = File::read(bytes)?;
        let mut hash = EssenceHash::default();
        for page in file.shown() {
            hash.part("page", &[]);
            for tag in DECIDING {
                if let Some(numbers) = file.normal(page, *tag) {
                    hash.part(&tag.to_string(), &numbers);
                }
            }
            hash.part("orientation", &[orientation(&file, page)]);
            for (tag, kind, count) in [(282, 5, 1), (283, 5, 1), (318, 5, 2), (319, 5, 6), (296, 3, 1), (297, 3, 2)] {
                let fits = page.tags.get(&tag).is_some_and(|value| (value.kind, value.count) == (kind, count));
                if let Some(numbers) = file.normal(page, tag).filter(|_| fits) {
                    hash.part(&tag.to_string(), &numbers);
                }
            }
            profile::add(profile_of(page), side, context, &mut hash);
            let shape = Shape::of(&file, page)?;
            if let Some(tables) = page.tags.get(&347).filter(|_| shape.compression == 7) {
                hash.part("tables", &strip::coded(tables.data)?.0);
            }
            for (index, (at, size)) in file.strips(page, shape.count()).into_iter().enumerate() {
                let bytes = shape.bytes(&file, index, at, size)?;
                hash.pieces("strip", |take| shape.feed(bytes, index, context, take).map(drop))?;
            }
        }
        Ok(hash.finish())
    }

    fn verify(
        &self,
        _kind: Kind,
        input: &[u8],
        output: &[u8],
        _report: &Report,
        context: &Context<'_>,
    ) -> Result<Vec<Check>, Refusal> {
        let (before, after) = (File::read(input)?, File::read(output)?);
        let left = check_leftovers(&after, context)?;
        check_exif(output)?;
        let numbers = |file: &File<'_>| file.shown().iter().map(|page| page.index).collect::<Vec<_>>();
        let pixels = match picture::essence_alone(context) {
            Some(check) => check,
            None => pixels::compare(
                &before.in_known_colours(),
                &numbers(&before),
                &after.in_known_colours(),
                &numbers(&after),
                context.limits,
            )?,
        };
        let mut checks = vec![left, pixels];
        let [before, after] =
            [before, after].map(|file| file.shown().into_iter().filter_map(profile_of).collect::<Vec<_>>());
        checks.extend(profile::verify(&before, &after)?);
        Ok(checks)
    }
}

/// The colour profile of a page.
fn profile_of<'a>(page: &Page<'a>) -> Option<&'a [u8]> {
    let value = page.tags.get(&34_675).filter(|value| matches!(value.kind, 1 | 7))?;
    profile::usable(value.data)
}

/// The orientation that viewers apply, 1 to 8.
fn orientation(file: &File<'_>, page: &Page<'_>) -> u8 {
    let single = page.tags.get(&274).is_some_and(|value| value.count == 1 && matches!(value.kind, 1 | 3 | 4));
    let value = file.integer_of(page, 274).filter(|value| single && (1..=8).contains(value));
    value.and_then(|value| u8::try_from(value).ok()).unwrap_or(1)
}

/// Checks that the copy holds nothing but what belongs there.
fn check_leftovers(file: &File<'_>, context: &Context<'_>) -> Result<Check, Refusal> {
    let left = |what: String| Err(Refusal::unprovable(format!("the copy still holds {what}")));
    if file.irregular {
        return left("values in a place or order that hides something".to_owned());
    }
    let mut spans = Vec::new();
    for page in &file.pages {
        for (tag, value) in &page.tags {
            let text = value.kind == 2 || (value.kind == 7 && !matches!(tag, 347 | 34_675));
            if text || !(DECIDING.contains(tag) || FURTHER.contains(tag)) {
                return left(format!("tag {tag}"));
            }
        }
        if file.integer_of(page, 254).is_some_and(|kind| kind & !6 != 0) {
            return left("a page that is marked as a smaller version".to_owned());
        }
        if page.tags.get(&34_675).is_some_and(|value| !profile::is_whole(value.data)) {
            return left("bytes behind a colour profile".to_owned());
        }
        if page.tags.get(&347).map(|tables| strip::coded(tables.data)).transpose()?.is_some_and(|(_, other)| other) {
            return left("a JPEG segment that does not belong there".to_owned());
        }
        let shape = Shape::of(file, page)?;
        let strips = file.strips(page, usize::MAX);
        if strips.len() != shape.count() {
            return left("strips or tiles without a place in the picture".to_owned());
        }
        for (index, (at, size)) in strips.into_iter().enumerate() {
            let bytes = shape.bytes(file, index, at, size)?;
            if Some(bytes.len()) != size || !shape.feed(bytes, index, context, &mut |_| {})? {
                return left("bytes behind a strip or tile".to_owned());
            }
            if !bytes.is_empty() {
                spans.push((at, at.saturating_add(bytes.len())));
            }
        }
    }
    file.check_cover(&spans)?;
    Ok(Check::new("nothing-left", format!("{} pages, every byte accounted for, no metadata", file.pages.len())))
}

/// Another reader lists the tags of a classic TIFF; it does not know BigTIFF.
fn check_exif(output: &[u8]) -> Result<(), Refusal> {
    if matches!(output.get(2..4), Some(b"+\0" | b"\0+")) {
        return Ok(());
    }
    // It stops at a page without EXIF entries of its own; then there is nothing to list.
    let Ok(read) = exif::Reader::new().continue_on_error(true).read_raw(output.to_vec()) else { return Ok(()) };
    let foreign = read.fields().find(|field| {
        let exif::Tag(group, number) = field.tag;
        group != exif::Context::Tiff || !(DECIDING.contains(&number) || FURTHER.contains(&number))
    });
    match foreign {
        Some(field) => Err(Refusal::unprovable(format!("the copy still holds {}", field.tag))),
        None => Ok(()),
    }
}
