//! The proof of an icon or cursor: the same pictures in the same order, each proved and decoded on its own.

use super::bitmap::{Bitmap, Rows, number};
use crate::formats::{Context, Report};
use crate::kind::Kind;
use crate::prove::picture::{self, EssenceHash};
use crate::prove::png::PngProver;
use crate::prove::{Check, Essence, Prover, Side};
use crate::refusal::Refusal;

/// Proves icons and cursors.
pub(in crate::prove) struct IcoProver;

/// One picture of an icon.
struct Entry<'a> {
    /// Its entry in the directory without size and place.
    about: &'a [u8],
    /// Where it begins.
    at: usize,
    bytes: &'a [u8],
}

impl Entry<'_> {
    fn is_png(&self) -> bool {
        self.bytes.starts_with(b"\x89PNG")
    }

    /// An icon with this picture alone: decoders give the best picture only.
    fn alone(&self) -> Option<Vec<u8>> {
        let size = u32::try_from(self.bytes.len()).ok()?.to_le_bytes();
        // A cursor has its hot spot where an icon has its depth.
        let sides = self.about.get(..3)?;
        Some([&[0, 0, 1, 0, 1, 0], sides, &[0; 5], &size, &22_u32.to_le_bytes(), self.bytes].concat())
    }
}

fn broken() -> Refusal {
    Refusal::damaged("the icon cannot be taken apart")
}

fn entries(bytes: &[u8]) -> Result<Vec<Entry<'_>>, Refusal> {
    let [0, 0, 1 | 2, 0, low, high, rest @ ..] = bytes else { return Err(broken()) };
    let count = usize::from(u16::from_le_bytes([*low, *high]));
    let (directory, _) = rest.as_chunks::<16>();
    let entry = |entry: &'_ [u8; 16]| {
        let at = usize::try_from(number(entry, 12)?).ok()?;
        let end = usize::try_from(number(entry, 8)?).ok()?.checked_add(at)?;
        Some((at, bytes.get(at..end)?))
    };
    let listed = directory.get(..count).ok_or_else(broken)?;
    listed
        .iter()
        .map(|line| {
            let (at, picture) = entry(line).ok_or_else(broken)?;
            Ok(Entry { about: line.get(..8).unwrap_or_default(), at, bytes: picture })
        })
        .collect()
}

/// The parts of a picture that is a bitmap: palette, picture, mask.
fn parts<'a>(bitmap: &Bitmap<'a>, bytes: &'a [u8]) -> Option<(&'a [u8], Rows<'a>, Option<Rows<'a>>)> {
    let palette = bitmap.palette(bytes)?;
    let rest = bytes.get(bitmap.palette_from().checked_add(palette.len())?..)?;
    let height = bitmap.height.unsigned_abs() / 2;
    let picture = bitmap.rows(rest, bitmap.depth, height)?;
    let mask = bitmap.rows(rest.get(picture.bytes.len()..)?, 1, height);
    Some((palette, picture, mask))
}

impl Prover for IcoProver {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Ico]
    }

    fn essence(&self, _kind: Kind, bytes: &[u8], side: Side, context: &Context<'_>) -> Result<Essence, Refusal> {
        let mut hash = EssenceHash::default();
        hash.part("type", bytes.get(..6).unwrap_or_default());
        for entry in entries(bytes)? {
            hash.part("sides", entry.about.get(..3).unwrap_or_default());
            hash.part("depth or hot spot", entry.about.get(4..).unwrap_or_default());
            if entry.is_png() {
                hash.part("png", &PngProver.essence(Kind::Png, entry.bytes, side, context)?.0);
                continue;
            }
            let bitmap = Bitmap::read(entry.bytes).ok_or_else(broken)?;
            let (palette, picture, mask) = parts(&bitmap, entry.bytes).ok_or_else(broken)?;
            bitmap.look(&mut hash);
            hash.part("palette", &bitmap.colours(palette));
            picture.add(&mut hash, "picture");
            if let Some(mask) = mask {
                mask.add(&mut hash, "mask");
            }
        }
        Ok(hash.finish())
    }

    fn verify(
        &self,
        kind: Kind,
        input: &[u8],
        output: &[u8],
        report: &Report,
        context: &Context<'_>,
    ) -> Result<Vec<Check>, Refusal> {
        let left = |what: &str| Refusal::unprovable(format!("the copy still holds {what}"));
        let (before, after) = (entries(input)?, entries(output)?);
        let mut end = after.len().saturating_mul(16).saturating_add(6);
        let mut checks = Vec::new();
        for (before, after) in before.iter().zip(&after) {
            if after.at != end || after.about.get(3) != Some(&0) {
                return Err(left("bytes between its pictures"));
            }
            end = end.saturating_add(after.bytes.len());
            if after.is_png() {
                checks.extend(PngProver.verify(Kind::Png, before.bytes, after.bytes, report, context)?);
                continue;
            }
            let bitmap = Bitmap::read(after.bytes).ok_or_else(broken)?;
            let (palette, picture, mask) = parts(&bitmap, after.bytes).ok_or_else(broken)?;
            let masked = mask.as_ref().map_or(0, |mask| mask.bytes.len());
            let pixels = picture.bytes.len().saturating_add(masked);
            let known = bitmap.palette_from().saturating_add(palette.len()).saturating_add(pixels);
            bitmap.check_header(palette, pixels, false)?;
            if known != after.bytes.len() || !picture.is_tidy() || mask.is_some_and(|mask| !mask.is_tidy()) {
                return Err(left("bytes that are no pixels"));
            }
            let (before, after) = (before.alone().ok_or_else(broken)?, after.alone().ok_or_else(broken)?);
            checks.push(picture::compare(kind, &before, &after, context)?);
        }
        if end != output.len() {
            return Err(left("bytes behind its pictures"));
        }
        checks.push(Check::new("nothing-left", format!("{} pictures, one after the other", after.len())));
        Ok(checks)
    }

    fn payloads(
        &self,
        _kind: Kind,
        bytes: &[u8],
        context: &Context<'_>,
        visit: &mut dyn FnMut(&str, &[u8]),
    ) -> Result<(), Refusal> {
        visit("", bytes);
        for entry in entries(bytes)?.iter().filter(|entry| entry.is_png()) {
            PngProver.payloads(Kind::Png, entry.bytes, context, visit)?;
        }
        Ok(())
    }
}
