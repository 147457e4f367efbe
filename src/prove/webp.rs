//! The proof of a WebP: same coded pictures, canvas, animation, profile and orientation, same decoded frames, no other chunk.

use crate::formats::{Context, Report, Surroundings};
use crate::kind::Kind;
use crate::prove::picture::{self, EssenceHash};
use crate::prove::{Check, Essence, Prover, Side, profile};
use crate::refusal::Refusal;

/// Proves WebP files.
pub(super) struct WebPProver;

impl Prover for WebPProver {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::WebP]
    }

    fn essence(&self, _kind: Kind, bytes: &[u8], side: Side, context: &Context<'_>) -> Result<Essence, Refusal> {
        let file = File::read(bytes)?;
        let mut hash = EssenceHash::default();
        if let Some((flags, canvas)) = file.extended() {
            hash.part("canvas", canvas);
            hash.part("flags", &[flags & 0x12]);
        }
        profile::add(file.profile(), side, context, &mut hash);
        if context.surroundings != Surroundings::Pdf {
            hash.part("orientation", &[file.exif().map_or(1, picture::orientation)]);
        }
        if file.is_animated() {
            let animation = file.find(b"ANIM").and_then(|data| data.get(..6));
            hash.part("animation", animation.ok_or_else(|| Refusal::damaged("an animation without its header"))?);
            for (_, data) in file.chunks.iter().filter(|(name, _)| name == b"ANMF") {
                let (place, rest) = data.split_at_checked(15).ok_or_else(cut_off)?;
                let (flags, rest) = rest.split_first().ok_or_else(cut_off)?;
                hash.part("frame", place);
                hash.part("disposal", &[flags & 0x03]);
                hash_picture(&chunks(rest)?.0, &mut hash)?;
            }
        } else {
            hash_picture(&file.chunks, &mut hash)?;
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
        let (before, after) = (File::read(input)?, File::read(output)?);
        let mut checks = vec![after.check_leftovers(output.len(), context)?];
        checks.push(picture::compare(kind, input, output, context)?);
        checks.extend(profile::verify(before.profile().as_slice(), after.profile().as_slice())?);
        Ok(checks)
    }
}

/// FourCC and contents.
type Chunk<'a> = ([u8; 4], &'a [u8]);

/// The chunks inside the size that the file states.
struct File<'a> {
    chunks: Vec<Chunk<'a>>,
    /// Whether all padding is zero.
    blank: bool,
}

fn cut_off() -> Refusal {
    Refusal::damaged("the file ends inside a chunk")
}

/// Splits bytes into chunks. Also tells whether all padding is zero.
fn chunks(mut bytes: &[u8]) -> Result<(Vec<Chunk<'_>>, bool), Refusal> {
    let (mut chunks, mut blank) = (Vec::new(), true);
    while !bytes.is_empty() {
        let ([a, b, c, d, s0, s1, s2, s3], rest) = bytes.split_first_chunk::<8>().ok_or_else(cut_off)?;
        let size = usize::try_from(u32::from_le_bytes([*s0, *s1, *s2, *s3])).map_err(|_| cut_off())?;
        let (data, rest) = rest.split_at_checked(size).ok_or_else(cut_off)?;
        chunks.push(([*a, *b, *c, *d], data));
        let (padding, rest) = rest.split_at_checked(size % 2).unwrap_or_default();
        blank &= padding.iter().all(|byte| *byte == 0);
        bytes = rest;
    }
    Ok((chunks, blank))
}

/// Adds the picture among these chunks: the first coded one, with the transparency before it if it is lossy.
fn hash_picture(chunks: &[Chunk<'_>], hash: &mut EssenceHash) -> Result<(), Refusal> {
    let is_coded = |chunk: &&Chunk<'_>| matches!(&chunk.0, b"VP8 " | b"VP8L");
    let (name, data) =
        chunks.iter().find(is_coded).ok_or_else(|| Refusal::damaged("there is no picture where one should be"))?;
    if name == b"VP8 " {
        let before = chunks.iter().take_while(|chunk| !is_coded(chunk));
        if let Some((_, alpha)) = before.into_iter().find(|(name, _)| name == b"ALPH") {
            hash.part("alpha", alpha);
        }
    }
    hash.part(if name == b"VP8L" { "lossless" } else { "lossy" }, data);
    Ok(())
}

impl<'a> File<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let stated = bytes.get(4..8).and_then(|size| size.first_chunk::<4>()).ok_or_else(cut_off)?;
        let end = usize::try_from(u32::from_le_bytes(*stated)).ok().and_then(|size| size.checked_add(8));
        let body = end.and_then(|end| bytes.get(12..end)).ok_or_else(cut_off)?;
        let (chunks, blank) = chunks(body)?;
        Ok(Self { chunks, blank })
    }

    fn find(&self, wanted: &[u8; 4]) -> Option<&'a [u8]> {
        self.chunks.iter().find(|(name, _)| name == wanted).map(|(_, data)| *data)
    }

    /// Flags and canvas, if the file begins with VP8X.
    fn extended(&self) -> Option<(u8, &'a [u8])> {
        let (_, data) = self.chunks.first().filter(|(name, _)| name == b"VP8X")?;
        Some((*data.first()?, data.get(4..10)?))
    }

    fn announces(&self, flag: u8) -> bool {
        self.extended().is_some_and(|(flags, _)| flags & flag != 0)
    }

    fn is_animated(&self) -> bool {
        self.announces(0x02)
    }

    /// The first profile, if it is announced, is one, and stands before the picture.
    fn profile(&self) -> Option<&'a [u8]> {
        let before = |chunk: &&Chunk<'_>| !matches!(&chunk.0, b"VP8 " | b"VP8L" | b"ANMF");
        let chunk = self.chunks.iter().take_while(before).find(|(name, _)| name == b"ICCP")?;
        profile::usable(chunk.1).filter(|_| self.announces(0x20))
    }

    /// The first EXIF, if it is announced.
    fn exif(&self) -> Option<&'a [u8]> {
        let data = self.find(b"EXIF").filter(|_| self.announces(0x08))?;
        Some(if data.starts_with(b"Exif\0\0") { data.get(6..)? } else { data })
    }

    /// Checks that the copy holds nothing but what belongs there, each thing once and every byte accounted for.
    fn check_leftovers(&self, size: usize, context: &Context<'_>) -> Result<Check, Refusal> {
        let left = |what: String| Err(Refusal::unprovable(format!("the copy still holds {what}")));
        let padded = |chunks: &[Chunk<'_>]| -> usize {
            chunks.iter().map(|(_, data)| data.len().next_multiple_of(2).saturating_add(8)).sum()
        };
        if padded(&self.chunks).saturating_add(12) != size {
            return left("bytes behind its end".to_owned());
        }
        if !self.blank {
            return left("bytes in its padding".to_owned());
        }
        let names: Vec<[u8; 4]> = self.chunks.iter().map(|(name, _)| *name).collect();
        let mut pictures = 0_usize;
        for (name, data) in &self.chunks {
            let once = names.iter().filter(|other| *other == name).take(2).count() == 1;
            let allowed = match name {
                b"VP8X" => {
                    matches!(data, [flags, 0, 0, 0, _, _, _, _, _, _] if flags & 0xc5 == 0)
                        && self.announces(0x20) == names.contains(b"ICCP")
                        && self.announces(0x08) == names.contains(b"EXIF")
                        && self.is_animated() == names.contains(b"ANMF")
                        && once
                }
                b"ICCP" => once && profile::is_whole(data),
                b"EXIF" => {
                    picture::only_orientation(data)?;
                    once && context.surroundings != Surroundings::Pdf
                }
                b"ANIM" => once && self.is_animated() && data.len() == 6,
                b"ANMF" => {
                    pictures = pictures.saturating_add(1);
                    let (inner, blank) = chunks(data.get(16..).unwrap_or_default())?;
                    let clear = data.get(15).is_some_and(|flags| flags & 0xfc == 0);
                    let whole = padded(&inner).saturating_add(16) == data.len();
                    self.is_animated() && clear && whole && blank && is_one_picture(&inner)
                }
                b"VP8 " | b"VP8L" | b"ALPH" => {
                    pictures = 1;
                    let coded: Vec<Chunk<'_>> = self
                        .chunks
                        .iter()
                        .filter(|(name, _)| !matches!(name, b"VP8X" | b"ICCP" | b"EXIF"))
                        .copied()
                        .collect();
                    is_one_picture(&coded)
                }
                _ => false,
            };
            if !allowed {
                return left(format!("a chunk {} that does not belong there", String::from_utf8_lossy(name)));
            }
        }
        Ok(Check::new("nothing-left", format!("pictures: {pictures}, one end, no metadata")))
    }
}

/// Whether the chunks are those of one picture and no others.
fn is_one_picture(chunks: &[Chunk<'_>]) -> bool {
    let names: Vec<&[u8; 4]> = chunks.iter().map(|(name, _)| name).collect();
    matches!(names.as_slice(), [b"VP8 "] | [b"VP8L"] | [b"ALPH", b"VP8 "])
}
