//! The proof of a BMP: same geometry, colours and pixels, and every byte of the copy accounted for.

mod bitmap;
pub(super) mod icon;

use self::bitmap::{Bitmap, Rows, number};
use super::picture::{self, EssenceHash};
use super::{Check, Essence, Prover, Side, profile};
use crate::formats::{Context, Report};
use crate::kind::Kind;
use crate::refusal::Refusal;

/// Proves BMP files.
pub(super) struct BmpProver;

impl Prover for BmpProver {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Bmp]
    }

    fn essence(&self, _kind: Kind, bytes: &[u8], side: Side, context: &Context<'_>) -> Result<Essence, Refusal> {
        let file = File::read(bytes)?;
        let mut hash = EssenceHash::default();
        file.bitmap.look(&mut hash);
        hash.part("palette", &file.bitmap.colours(file.palette));
        profile::add(file.profile, side, context, &mut hash);
        file.pixels.add(&mut hash, "pixels");
        Ok(hash.finish())
    }

    fn verify(
        &self,
        kind: Kind,
        input: &[u8],
        output: &[u8],
        _report: &Report,
        context: &Context<'_>,
    ) -> Result<Vec<Check>, Refusal> {
        let file = File::read(output)?;
        let left = |what: &str| Refusal::unprovable(format!("the copy still holds {what}"));
        let profile = file.profile.map_or(0, <[u8]>::len);
        let head = file.bitmap.palette_from().saturating_add(14);
        let pixels_at = head.saturating_add(file.palette.len());
        let end = pixels_at.saturating_add(file.pixels.bytes.len()).saturating_add(profile);
        if file.pixels_at != pixels_at || end != output.len() {
            return Err(left("bytes that belong to none of its parts"));
        }
        if number(output, 2) != u32::try_from(output.len()).ok() || number(output, 6) != Some(0) {
            return Err(left("a file header with other values than its own"));
        }
        file.bitmap.check_header(file.palette, file.pixels.bytes.len(), file.profile.is_some())?;
        if !file.pixels.is_tidy() {
            return Err(left("bits behind the last pixel of a row"));
        }
        let detail = format!("{} bytes, all of them header, colours or pixels", output.len());
        let before = File::read(input)?.profile;
        let mut checks = vec![Check::new("nothing-left", detail), picture::compare(kind, input, output, context)?];
        checks.extend(profile::verify(before.as_slice(), file.profile.as_slice())?);
        Ok(checks)
    }
}

/// The parts of a BMP file.
struct File<'a> {
    bitmap: Bitmap<'a>,
    palette: &'a [u8],
    pixels: Rows<'a>,
    /// Where the pixels begin in the file.
    pixels_at: usize,
    profile: Option<&'a [u8]>,
}

impl<'a> File<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let broken = || Refusal::damaged("the bitmap cannot be taken apart");
        let body = bytes.strip_prefix(b"BM").and_then(|rest| rest.get(12..)).ok_or_else(broken)?;
        let pixels_at = number(bytes, 10).and_then(|at| usize::try_from(at).ok()).ok_or_else(broken)?;
        let bitmap = Bitmap::read(body).ok_or_else(broken)?;
        let before = bytes.get(14..pixels_at).ok_or_else(broken)?;
        let palette = bitmap.palette(before).ok_or_else(broken)?;
        let pixels = bitmap.pixels(bytes.get(pixels_at..).ok_or_else(broken)?).ok_or_else(broken)?;
        let profile = bitmap.profile(body);
        Ok(Self { bitmap, palette, pixels, pixels_at, profile })
    }
}
