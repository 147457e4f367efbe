//! The proof of a PNG: same inflated rows, same colour chunks, same pixels, no other chunk, one end.
//!
//! The rows are hashed as they inflate, so that neither the split into chunks nor the compression matters, only what a
//! decoder gets to see.

mod rows;

use std::io::Read;

use flate2::bufread::ZlibDecoder;

use self::rows::{Size, Stream};
use crate::formats::{Context, Report, Surroundings};
use crate::kind::Kind;
use crate::prove::picture::{self, EssenceHash};
use crate::prove::{Check, Essence, Prover, Side, profile};
use crate::refusal::Refusal;

/// Proves PNG files.
pub(super) struct PngProver;

impl Prover for PngProver {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Png]
    }

    fn essence(&self, _kind: Kind, bytes: &[u8], side: Side, context: &Context<'_>) -> Result<Essence, Refusal> {
        let file = File::read(bytes)?;
        let mut hash = EssenceHash::default();
        for (name, data) in file.looks() {
            hash.part(&String::from_utf8_lossy(&name), data);
        }
        profile::add(file.profile(context).as_deref(), side, context, &mut hash);
        if context.surroundings != Surroundings::Pdf {
            hash.part("orientation", &[file.orientation()]);
        }
        for stream in file.streams()? {
            hash.part("frame", stream.control);
            hash.pieces("rows", |take| stream.inflate(take).map(drop))?;
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
        let mut checks = vec![after.check_leftovers(context)?];
        checks.push(match before.decodes_like(&after) {
            true => picture::decode_for_both(kind, output, context)?,
            false => picture::compare(kind, input, output, context)?,
        });
        let (before, after) = (before.profile(context), after.profile(context));
        checks.extend(profile::verify(before.as_deref().as_slice(), after.as_deref().as_slice())?);
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
        if let Some(profile) = File::read(bytes)?.profile(context) {
            visit("iCCP", &profile);
        }
        Ok(())
    }
}

/// The name and the contents of a chunk that decides how a picture looks.
type Look<'a> = ([u8; 4], &'a [u8]);

/// How a picture of any size looks besides its samples: depth and colour type, palette, and the chunks that decoders honour.
///
/// # Errors
/// [`crate::Reason::Damaged`] when it is no PNG.
pub(super) fn appearance(bytes: &[u8]) -> Result<Vec<Look<'_>>, Refusal> {
    let mut looks = File::read(bytes)?.looks();
    for (_, data) in looks.iter_mut().filter(|(name, _)| name == b"IHDR") {
        *data = data.get(8..12).unwrap_or_default();
    }
    Ok(looks)
}

/// Whether decoders honour an ancillary chunk that decides how the picture looks: its size must fit the colour type and
/// the number of palette entries before it.
fn is_honoured(name: [u8; 4], size: usize, colour: u8, palette: usize) -> bool {
    match &name {
        b"cHRM" => size == 32,
        b"gAMA" | b"cICP" => size == 4,
        b"sRGB" => size == 1,
        b"mDCV" => size == 24,
        b"cLLI" => size == 8,
        b"pHYs" => size == 9,
        b"sBIT" => matches!((colour, size), (0, 1) | (2 | 3, 3) | (4, 2) | (6, 4)),
        b"bKGD" => matches!((colour, size), (0 | 4, 2) | (2 | 6, 6) | (3, 1)),
        b"hIST" => palette > 0 && size.is_multiple_of(2) && size / 2 == palette,
        b"tRNS" => match colour {
            0 => size == 2,
            2 => size == 6,
            3 => size > 0 && size <= palette,
            _ => false,
        },
        _ => false,
    }
}

/// A chunk with a right or a wrong checksum.
#[derive(PartialEq, Eq)]
struct Chunk<'a> {
    name: [u8; 4],
    data: &'a [u8],
    intact: bool,
}

/// What the stream in an iCCP chunk inflates to, and how many bytes of the chunk are left behind it.
fn inflate_profile(data: &[u8], context: &Context<'_>) -> Option<(Vec<u8>, usize)> {
    let limit = context.limits.decompressed_bytes.min(16 << 20);
    let name = data.iter().position(|byte| *byte == 0)?;
    let stream = data.get(name.checked_add(1)?..)?.strip_prefix(&[0])?;
    let mut decoder = ZlibDecoder::new(stream).take(limit.saturating_add(1));
    let mut inflated = Vec::new();
    decoder.read_to_end(&mut inflated).ok()?;
    let behind = decoder.into_inner().into_inner().len();
    (inflated.len() as u64 <= limit).then_some((inflated, behind))
}

/// The chunks of a file up to IEND.
struct File<'a> {
    chunks: Vec<Chunk<'a>>,
    /// Bytes behind IEND.
    behind: usize,
}

impl<'a> File<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let cut_off = || Refusal::damaged("the file ends inside a chunk");
        let mut rest =
            bytes.strip_prefix(b"\x89PNG\r\n\x1a\n").ok_or_else(|| Refusal::damaged("no image begins here"))?;
        let mut chunks = Vec::new();
        loop {
            let ([l3, l2, l1, l0, n3, n2, n1, n0], _) = rest.split_first_chunk::<8>().ok_or_else(cut_off)?;
            let (size, name) = (u32::from_be_bytes([*l3, *l2, *l1, *l0]), [*n3, *n2, *n1, *n0]);
            let end = usize::try_from(size).ok().and_then(|size| size.checked_add(8)).ok_or_else(cut_off)?;
            let (chunk, after) = rest.split_at_checked(end).ok_or_else(cut_off)?;
            let (stated, after) = after.split_first_chunk::<4>().ok_or_else(cut_off)?;
            let mut checksum = flate2::Crc::new();
            checksum.update(chunk.get(4..).unwrap_or_default());
            let intact = checksum.sum() == u32::from_be_bytes(*stated);
            chunks.push(Chunk { name, data: chunk.get(8..).unwrap_or_default(), intact });
            if &name == b"IEND" {
                return Ok(Self { chunks, behind: after.len() });
            }
            rest = after;
        }
    }

    /// The chunks before the picture: those behind it are too late for a decoder.
    fn early(&self) -> impl Iterator<Item = &Chunk<'a>> {
        self.chunks.iter().take_while(|chunk| &chunk.name != b"IDAT")
    }

    /// Header, palette and the ancillary chunks that decide how the picture looks, the first honoured one of each kind.
    fn looks(&self) -> Vec<Look<'a>> {
        let mut looks: Vec<Look<'a>> = Vec::new();
        let (mut colour, mut palette) = (0, 0_usize);
        for chunk in self.early() {
            let honoured = match &chunk.name {
                b"IHDR" => {
                    colour = chunk.data.get(9).copied().unwrap_or(0xff);
                    true
                }
                b"PLTE" => {
                    palette = chunk.data.len() / 3;
                    true
                }
                name => chunk.intact && is_honoured(*name, chunk.data.len(), colour, palette),
            };
            if honoured && !looks.iter().any(|(name, _)| *name == chunk.name) {
                looks.push((chunk.name, chunk.data));
            }
        }
        looks
    }

    /// The first colour profile that decoders can read.
    fn profile(&self, context: &Context<'_>) -> Option<Vec<u8>> {
        self.early().filter(|chunk| &chunk.name == b"iCCP" && chunk.intact).find_map(|chunk| {
            let (inflated, _) = inflate_profile(chunk.data, context)?;
            profile::usable(&inflated).map(<[u8]>::to_vec)
        })
    }

    /// The orientation in the first EXIF.
    fn orientation(&self) -> u8 {
        let exif = self.chunks.iter().find(|chunk| &chunk.name == b"eXIf" && chunk.intact);
        exif.map_or(1, |chunk| picture::orientation(chunk.data))
    }

    /// The main picture and those of the frames of an animation.
    fn streams(&self) -> Result<Vec<Stream<'a>>, Refusal> {
        let header = self.chunks.first().filter(|chunk| &chunk.name == b"IHDR");
        let size = Size::of(header.map(|chunk| chunk.data).unwrap_or_default())
            .ok_or_else(|| Refusal::damaged("the image header is missing"))?;
        let mut main = Stream { control: &[], bytes: Vec::new(), rows: size.rows(size.width, size.height) };
        let mut frames: Vec<Stream<'a>> = Vec::new();
        let (mut animated, mut started) = (false, false);
        for chunk in &self.chunks {
            let behind_number = chunk.data.get(4..).unwrap_or_default();
            match &chunk.name {
                b"IDAT" => {
                    started = true;
                    main.bytes.extend_from_slice(chunk.data);
                }
                b"acTL" if !started && !animated => {
                    animated = true;
                    frames.push(Stream { control: chunk.data, bytes: Vec::new(), rows: 0 });
                }
                b"fcTL" if animated && !started => main.control = behind_number,
                b"fcTL" if animated => {
                    let sides =
                        behind_number.first_chunk::<8>().map(|sides| u64::from_be_bytes(*sides)).unwrap_or_default();
                    let rows = size.rows(sides >> 32, sides & 0xffff_ffff);
                    frames.push(Stream { control: behind_number, bytes: Vec::new(), rows });
                }
                b"fdAT" if animated => {
                    let frame = frames.last_mut().ok_or_else(|| Refusal::damaged("frame data without a frame"))?;
                    frame.bytes.extend_from_slice(behind_number);
                }
                _ => {}
            }
        }
        frames.insert(0, main);
        Ok(frames)
    }

    /// Whether decoders read the same bytes of both: all critical chunks (PNG, 5.4: an upper-case first letter), transparency
    /// and animation. Where a checksum is wrong, each decoder has its own way to go on.
    fn decodes_like(&self, other: &Self) -> bool {
        fn read<'f>(file: &'f File<'_>) -> impl Iterator<Item = &'f Chunk<'f>> {
            file.chunks.iter().filter(|chunk| {
                chunk.name[0].is_ascii_uppercase() || matches!(&chunk.name, b"tRNS" | b"acTL" | b"fcTL" | b"fdAT")
            })
        }
        let intact = |file: &Self| file.chunks.iter().all(|chunk| chunk.intact);
        intact(self) && intact(other) && read(self).eq(read(other))
    }

    /// Checks that the copy holds nothing but what belongs there.
    fn check_leftovers(&self, context: &Context<'_>) -> Result<Check, Refusal> {
        let left = |what: String| Err(Refusal::unprovable(format!("the copy still holds {what}")));
        if self.behind > 0 {
            return left(format!("{} bytes behind its end", self.behind));
        }
        let (mut colour, mut palette, mut profiles) = (0, 0, 0_usize);
        for chunk in &self.chunks {
            let name = String::from_utf8_lossy(&chunk.name).into_owned();
            if !chunk.intact {
                return Err(Refusal::unprovable(format!("a checksum of the copy is wrong: {name}")));
            }
            let allowed = match &chunk.name {
                b"IHDR" => {
                    colour = chunk.data.get(9).copied().unwrap_or(0xff);
                    true
                }
                b"PLTE" => {
                    palette = chunk.data.len() / 3;
                    true
                }
                b"IDAT" | b"fdAT" => true,
                b"acTL" => chunk.data.len() == 8,
                b"fcTL" => chunk.data.len() == 26,
                b"IEND" => chunk.data.is_empty(),
                b"iCCP" => {
                    profiles = profiles.saturating_add(1);
                    let inflated = inflate_profile(chunk.data, context).filter(|(_, behind)| *behind == 0);
                    let whole = inflated.is_some_and(|(bytes, _)| profile::is_whole(&bytes));
                    chunk.data.starts_with(b"icc\0\0") && whole && profiles == 1
                }
                b"eXIf" => {
                    picture::only_orientation(chunk.data)?;
                    context.surroundings != Surroundings::Pdf
                }
                other => is_honoured(*other, chunk.data.len(), colour, palette),
            };
            if !allowed {
                return left(format!("a chunk {name} that does not belong there"));
            }
        }
        for stream in self.streams()? {
            let (used, exact) = stream.inflate(&mut |_| {})?;
            if used != stream.bytes.len() || !exact {
                return left("bytes behind a compressed picture".to_owned());
            }
        }
        Ok(Check::new("nothing-left", format!("{} chunks, one end, no metadata", self.chunks.len())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(name: &[u8; 4], data: &'static [u8]) -> Chunk<'static> {
        Chunk { name: *name, data, intact: true }
    }

    #[test]
    fn one_decoding_serves_both_only_where_decoders_read_the_same() {
        let file = |chunks: Vec<Chunk<'static>>| File { chunks, behind: 0 };
        let bare = || vec![chunk(b"IHDR", b"header"), chunk(b"IDAT", b"rows"), chunk(b"IEND", b"")];
        let with = |more| {
            let mut chunks = bare();
            chunks.push(more);
            file(chunks)
        };
        let alike = |other: &File<'_>| other.decodes_like(&file(bare()));
        for name in [b"tEXt", b"eXIf", b"iCCP", b"gAMA", b"prVt"] {
            assert!(alike(&with(chunk(name, b"words"))), "{name:?}");
        }
        for name in [b"PLTE", b"IDAT", b"tRNS", b"acTL", b"fcTL", b"fdAT", b"CgBI"] {
            assert!(!alike(&with(chunk(name, b"words"))), "{name:?}");
        }
        assert!(!alike(&with(Chunk { intact: false, ..chunk(b"tEXt", b"words") })));
        assert!(!alike(&file(vec![chunk(b"IHDR", b"Header"), chunk(b"IDAT", b"rows"), chunk(b"IEND", b"")])));
    }
}
