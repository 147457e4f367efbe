//! The proof of a JPEG 2000: same header, same coding parameters, same coded data tile-part by tile-part, same decoded
//! samples, and no box, marker segment or byte that these do not need.

mod boxes;
mod codestream;
mod pixels;
mod segments;

use self::boxes::File;
use self::codestream::Codestream;
pub(super) use self::pixels::decode;
use crate::formats::{Context, Report};
use crate::kind::Kind;
use crate::prove::picture::{self, EssenceHash};
use crate::prove::{Check, Essence, Prover, Side, profile};
use crate::refusal::Refusal;

/// Proves JPEG 2000 files.
pub(super) struct Jpeg2000Prover;

impl Prover for Jpeg2000Prover {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Jpeg2000]
    }

    fn essence(&self, _kind: Kind, bytes: &[u8], side: Side, context: &Context<'_>) -> Result<Essence, Refusal> {
        let file = File::read(bytes)?;
        let mut hash = EssenceHash::default();
        if let Some(header) = &file.header {
            hash.part("brand", &header.brand);
            // Readers look for boxes by name; of colours, the first that they know counts.
            for name in boxes::LOOKS {
                for atom in header.children.iter().filter(|atom| atom.name == *name) {
                    if let Some(found) = boxes::profile_in(atom) {
                        if profile::stays(side, context) {
                            hash.part("method", atom.data.get(..3).unwrap_or_default());
                        }
                        profile::add(Some(found), side, context, &mut hash);
                        continue;
                    }
                    for (title, contents) in boxes::looks(atom) {
                        hash.part(title, contents);
                    }
                }
            }
        }
        let stream = Codestream::read(file.codestream)?;
        for segment in stream.main.iter().filter(|segment| segment.is_for_decoding()) {
            hash.part("main header", &[segment.code]);
            hash.part("segment", segment.contents);
        }
        for part in &stream.parts {
            hash.part("tile-part", &[part.tile[0], part.tile[1], part.number, part.count]);
            for segment in part.header.iter().filter(|segment| segment.is_for_decoding()) {
                hash.part("tile-part header", &[segment.code]);
                hash.part("segment", segment.contents);
            }
            hash.part("data", part.data);
        }
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
        let (original, copy) = (File::read(input)?, File::read(output)?);
        check_boxes(&copy)?;
        let stream = Codestream::read(copy.codestream)?;
        stream.check_leftovers()?;
        let detail = format!("{} tile-parts, no other box, marker or byte", stream.parts.len());
        // The decoder takes the last codestream of a file, readers the first.
        let (before, after) = if original.is_single { (input, output) } else { (original.codestream, copy.codestream) };
        let pixels = if pixels::is_affordable(&stream, context.limits) {
            picture::compare(kind, before, after, context)?
        } else {
            Check::new("pixels-not-compared", "the decoder would need too much memory; the essence alone is proved")
        };
        let mut checks = vec![Check::new("nothing-left", detail), pixels];
        let [before, after] = [&original, &copy].map(|file| {
            let children = file.header.iter().flat_map(|header| &header.children);
            children.filter_map(boxes::profile_in).collect::<Vec<_>>()
        });
        checks.extend(profile::verify(&before, &after)?);
        Ok(checks)
    }
}

fn left<T>(what: impl std::fmt::Display) -> Result<T, Refusal> {
    Err(Refusal::unprovable(format!("the copy still holds {what}")))
}

/// Checks that the copy is made of the boxes that belong there, and that none of them is longer than its fields.
fn check_boxes(file: &File<'_>) -> Result<(), Refusal> {
    let Some(header) = &file.header else { return Ok(()) };
    let names: Vec<&[u8; 4]> = file.top.iter().map(|atom| &atom.name).collect();
    if names != [b"jP  ", b"ftyp", b"jp2h", b"jp2c"] || !file.behind.is_empty() {
        return left("boxes or bytes that do not belong there");
    }
    let brands = file.top.get(1).map_or(&[][..], |atom| atom.data);
    let known = |brand: &[u8]| matches!(brand, b"jp2 " | b"jpx " | b"jpxb" | b"jph ");
    let (version, compatible) = (brands.get(4..8), brands.get(8..).unwrap_or_default());
    if version != Some(&[0; 4]) || !compatible.chunks(4).all(known) || compatible.len() > 16 {
        return left("brands that do not belong there");
    }
    for (at, atom) in header.children.iter().enumerate() {
        let kept: usize = boxes::looks(atom).iter().map(|(_, contents)| contents.len()).sum();
        // Headers of the two boxes in `res `, the last two bytes of `ihdr`.
        let besides = match &atom.name {
            b"ihdr" => 2,
            b"res " => boxes::looks(atom).len().saturating_mul(8),
            _ => 0,
        };
        let again = &atom.name != b"colr" && header.children.iter().take(at).any(|other| other.name == atom.name);
        if kept == 0 || again || kept.saturating_add(besides) != atom.data.len() {
            return left("a box in jp2h that no reader needs");
        }
        if atom.name == *b"ihdr" && !matches!(atom.data, [.., 0 | 1, 0]) {
            return left("an announcement of boxes that went");
        }
    }
    Ok(())
}
