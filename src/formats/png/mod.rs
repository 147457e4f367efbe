//! PNG and animated PNG: the compressed pictures are copied byte by byte, the chunks around them are chosen.
//!
//! What decides how the picture looks stays: header, palette, transparency, colour chunks, physical size, animation, the
//! colour profile under a name that says nothing, and the orientation in an EXIF of its own. Every other optional chunk
//! goes; an unknown critical chunk is a refusal, since without it the picture would be another one. Bytes behind IEND and
//! behind the end of a compressed stream go too: there the rest of an overwritten screenshot survives.

mod animation;
mod chunks;
mod cut;
mod header;
mod reencode;
mod stream;
mod text;

use std::borrow::Cow;
use std::io::{Read, Write};

pub(super) use self::cut::cut;

use self::animation::Animation;
use self::chunks::{Chunk, Chunks, SIGNATURE};
use self::header::Header;
use super::metadata::{exif, icc};
use super::{Context, Handler, Report, Surroundings};
use crate::kind::Kind;
use crate::policy::{Class, Policy};
use crate::refusal::{Reason, Refusal};

/// The handler for PNG and animated PNG.
pub(crate) struct Png;

impl Handler for Png {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Png]
    }

    fn clean(
        &self,
        _kind: Kind,
        bytes: &[u8],
        _policy: &Policy,
        context: &Context<'_>,
        out: &mut dyn Write,
    ) -> Result<Report, Refusal> {
        let mut report = Report::default();
        let parts = Parts::collect(bytes, context, &mut report)?;
        let streams = parts.streams(context, &mut report)?;
        parts.write(&streams, out).map_err(|_| Refusal::new(Reason::Internal, "the copy could not be written"))?;
        Ok(report)
    }

    fn reencode(&self, _kind: Kind, copy: &[u8], context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
        reencode::reencode(copy, context)
    }
}

/// The name that every kept colour profile gets.
const PROFILE_NAME: &[u8] = b"icc";
/// Bytes that a profile may inflate to.
const MOST_PROFILE: u64 = 16 << 20;

/// Ancillary chunks that stay as they are.
const KEPT: [[u8; 4]; 11] =
    [*b"cHRM", *b"gAMA", *b"sBIT", *b"sRGB", *b"cICP", *b"mDCV", *b"cLLI", *b"bKGD", *b"hIST", *b"tRNS", *b"pHYs"];

/// Everything of a PNG that stays.
struct Parts<'a> {
    header: Header,
    /// The chunks before the picture, header included, in their order.
    before: Vec<([u8; 4], Cow<'a, [u8]>)>,
    /// Number of palette entries.
    palette: usize,
    /// 2 to 8; 1 is not worth a chunk.
    orientation: Option<u16>,
    exif_seen: bool,
    /// Contents of the IDAT chunks.
    main: Vec<&'a [u8]>,
    animation: Animation<'a>,
}

impl<'a> Parts<'a> {
    /// Walks the file, sorts its chunks into what stays and the report.
    fn collect(bytes: &'a [u8], context: &Context<'_>, report: &mut Report) -> Result<Self, Refusal> {
        let mut chunks = Chunks::new(bytes)?;
        let first = chunks.next()?;
        if &first.name == b"CgBI" {
            return Err(Refusal::unsupported("this is a PNG in the variant that iPhone applications use"));
        }
        if &first.name != b"IHDR" || !first.intact {
            return Err(Refusal::damaged("the image header is missing or broken"));
        }
        let header = Header::parse(first.data)?;
        if header.pixels() > context.limits.image_pixels {
            let detail = format!("the picture is {}×{}", header.width, header.height);
            return Err(Refusal::over_limit("image-pixels", detail));
        }
        let mut parts = Self {
            header,
            before: vec![(*b"IHDR", Cow::Borrowed(first.data))],
            palette: 0,
            orientation: None,
            exif_seen: false,
            main: Vec::new(),
            animation: Animation::default(),
        };
        let mut main_ended = false;
        for count in 1_usize.. {
            context.limits.check_parts(count, "chunks")?;
            let chunk = chunks.next()?;
            if !chunk.intact && (chunk.is_critical() || matches!(&chunk.name, b"fcTL" | b"fdAT" | b"acTL" | b"tRNS")) {
                return Err(Refusal::damaged(format!("the checksum of a chunk {} is wrong", chunk.title())));
            }
            match &chunk.name {
                b"IEND" => break,
                b"IDAT" if main_ended => return Err(Refusal::damaged("the picture is interrupted by another chunk")),
                b"IDAT" => parts.main.push(chunk.data),
                _ => {
                    main_ended = !parts.main.is_empty();
                    parts.take(&chunk, context, report)?;
                }
            }
        }
        if parts.main.is_empty() {
            return Err(Refusal::damaged("there is no picture in it"));
        }
        let palette = parts.before.iter().find(|(name, _)| name == b"PLTE").map(|(_, data)| data.len());
        header.check_palette(palette)?;
        if parts.animation.control.is_some() {
            parts.animation.check()?;
        }
        report.trailer(chunks.rest(), "IEND");
        Ok(parts)
    }

    /// Takes one chunk besides IHDR, IDAT and IEND.
    fn take(&mut self, chunk: &Chunk<'a>, context: &Context<'_>, report: &mut Report) -> Result<(), Refusal> {
        let before_main = self.main.is_empty();
        let first = !self.before.iter().any(|(name, _)| *name == chunk.name);
        match &chunk.name {
            b"PLTE" if first && before_main => {
                self.palette = chunk.data.len() / 3;
                self.before.push((chunk.name, Cow::Borrowed(chunk.data)));
            }
            b"acTL" if first && before_main && self.animation.control.is_none() => {
                self.animation.take_control(chunk.data)?;
                self.before.push((chunk.name, Cow::Borrowed(chunk.data)));
            }
            b"fcTL" if self.animation.control.is_some() => {
                self.animation.take_frame(chunk.data, before_main, &self.header)?;
                context.limits.check_frames(self.animation.frames.len())?;
            }
            b"fdAT" if self.animation.control.is_some() && !before_main => self.animation.take_data(chunk.data)?,
            b"iCCP" if first && before_main && chunk.intact => self.take_profile(chunk.data, context, report),
            b"eXIf" if chunk.intact && !self.exif_seen => {
                self.exif_seen = true;
                let keep = context.surroundings != Surroundings::Pdf;
                self.orientation = exif::orientation(chunk.data).filter(|value| keep && *value != 1);
                exif::list(chunk.data, self.orientation.is_some(), report);
            }
            name if KEPT.contains(name)
                && first
                && before_main
                && chunk.intact
                && self.header.fits(*name, chunk.data.len(), self.palette) =>
            {
                self.before.push((chunk.name, Cow::Borrowed(chunk.data)));
            }
            _ if chunk.is_critical() => {
                return Err(Refusal::unsupported(format!("the chunk {} is not known or out of place", chunk.title())));
            }
            _ => text::list(chunk, context, report),
        }
        Ok(())
    }

    /// Keeps a colour profile (PNG 3rd edition, section 11.3.2.3) under a constant name, compressed anew, so that nothing
    /// else is left in the chunk. Decoders ignore a broken one; it goes.
    fn take_profile(&mut self, data: &[u8], context: &Context<'_>, report: &mut Report) {
        let inflated = text::split_keyword(data).and_then(|(_, rest)| match rest {
            [0, stream @ ..] => inflate(stream, MOST_PROFILE, context),
            _ => None,
        });
        let profile = inflated.as_deref().unwrap_or_default();
        let cleaned = icc::clean(profile, "iCCP", "", context.policy, report);
        if let Some((name, _)) = text::split_keyword(data).filter(|(name, _)| *name != PROFILE_NAME) {
            let name = super::metadata::text_or_latin1(name);
            report.removed_value(Class::MetadataOther, "iCCP profile name", "", name);
        }
        let compressed = cleaned.and_then(|profile| {
            let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(&profile).ok()?;
            encoder.finish().ok() // writing to memory does not fail
        });
        if let Some(compressed) = compressed {
            self.before.push((*b"iCCP", Cow::Owned([PROFILE_NAME, &[0, 0], &compressed].concat())));
        }
    }

    /// Cuts every compressed picture at its end: first the main one, then those of the frames that have their own.
    fn streams(&self, context: &Context<'_>, report: &mut Report) -> Result<Vec<Vec<Cow<'a, [u8]>>>, Refusal> {
        let main = (self.header.width, self.header.height, self.main.as_slice());
        let frames = self.animation.frames.iter().map(|frame| (frame.width, frame.height, frame.pieces.as_slice()));
        let mut streams = Vec::new();
        for (width, height, pieces) in std::iter::once(main).chain(frames.skip(self.shared_frames())) {
            let rows = self.header.row_bytes(width, height).ok_or_else(|| Refusal::damaged("an impossible size"))?;
            let trimmed = stream::trim(pieces, rows, context)?;
            if trimmed.behind > 0 {
                report.removed_bytes(
                    Class::ContentTrailingBytes,
                    "bytes behind the compressed picture",
                    "",
                    trimmed.behind,
                );
            }
            if trimmed.surplus > 0 {
                let surplus = usize::try_from(trimmed.surplus).unwrap_or(usize::MAX);
                report.removed_bytes(Class::ContentTrailingBytes, "bytes behind the last row", "", surplus);
            }
            streams.push(trimmed.pieces);
        }
        Ok(streams)
    }

    /// 1 when the main picture is the first frame, else 0.
    fn shared_frames(&self) -> usize {
        usize::from(self.animation.starts_with_main)
    }

    fn write(&self, streams: &[Vec<Cow<'a, [u8]>>], out: &mut dyn Write) -> std::io::Result<()> {
        out.write_all(SIGNATURE)?;
        for (name, data) in &self.before {
            chunks::write(out, *name, &[data])?;
        }
        if let Some(orientation) = self.orientation {
            chunks::write(out, *b"eXIf", &[&exif::minimal(orientation)])?;
        }
        let mut sequence = 0_u32..;
        let mut number = || sequence.next().unwrap_or_default().to_be_bytes();
        let (shared, own) = self.animation.frames.split_at_checked(self.shared_frames()).unwrap_or_default();
        for frame in shared {
            chunks::write(out, *b"fcTL", &[&number(), frame.control])?;
        }
        let (main, rest) = streams.split_first().ok_or_else(|| std::io::Error::other("no picture"))?;
        for piece in main {
            chunks::write(out, *b"IDAT", &[piece])?;
        }
        for (frame, pieces) in own.iter().zip(rest) {
            chunks::write(out, *b"fcTL", &[&number(), frame.control])?;
            for piece in pieces {
                chunks::write(out, *b"fdAT", &[&number(), piece])?;
            }
        }
        chunks::write(out, *b"IEND", &[])
    }
}

/// Inflates at most `limit` bytes of a zlib stream, `None` when it is broken or gives more.
fn inflate(stream: &[u8], limit: u64, context: &Context<'_>) -> Option<Vec<u8>> {
    let limit = limit.min(context.decompressed_left());
    let mut inflated = Vec::new();
    let read = flate2::read::ZlibDecoder::new(stream).take(limit.saturating_add(1)).read_to_end(&mut inflated);
    let charged = context.charge_decompressed(inflated.len() as u64);
    (read.is_ok() && charged.is_ok() && inflated.len() as u64 <= limit).then_some(inflated)
}
