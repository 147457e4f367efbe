//! WebP, still and animated: the chunks that carry pixels are copied byte by byte, the others are chosen.
//!
//! A WebP is a RIFF file (RFC 9649). Picture, transparency, animation, colour profile, and the orientation in an EXIF of its
//! own stay. XMP, the rest of the EXIF, unknown chunks and the bytes behind the end that the file states go. The bits that
//! announce chunks are set anew.

mod chunks;
mod picture;
mod reencode;

use std::borrow::Cow;
use std::io::Write;

use self::chunks::{Chunk, Chunks};
use self::picture::Picture;
use super::metadata::{exif, icc, xmp};
use super::{Context, Handler, Report, Surroundings};
use crate::kind::Kind;
use crate::policy::{Class, Policy};
use crate::refusal::{Reason, Refusal};

/// The handler for WebP.
pub(crate) struct WebP;

impl Handler for WebP {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::WebP]
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
        let (body, rest) = chunks::body(bytes)?;
        report.trailer(rest, "the end");
        let copy = rebuild(Chunks::new(body), context, &mut report)?;
        let failed = |_| Refusal::new(Reason::Internal, "the copy could not be written");
        chunks::write_file(&copy, out).map_err(failed)?;
        Ok(report)
    }

    fn reencode(&self, _kind: Kind, copy: &[u8], context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
        reencode::reencode(copy, context)
    }
}

/// Flags of the VP8X chunk (RFC 9649 section 2.7).
const PROFILE: u8 = 0x20;
const ALPHA: u8 = 0x10;
const EXIF: u8 = 0x08;
const ANIMATION: u8 = 0x02;
/// Size of the header of a frame in its ANMF chunk (section 2.7.1.1).
const FRAME_HEADER: usize = 16;
/// The chunks of the copy.
type Copied<'a> = Vec<([u8; 4], Cow<'a, [u8]>)>;

fn rebuild<'a>(mut chunks: Chunks<'a>, context: &Context<'_>, report: &mut Report) -> Result<Copied<'a>, Refusal> {
    let first = chunks.next()?.ok_or_else(|| Refusal::damaged("there is no picture in it"))?;
    match &first.name {
        b"VP8 " | b"VP8L" => {
            Picture::read(&first)?.check_size(context)?;
            // Decoders look at nothing else.
            let rest = Extended::default();
            while let Some(chunk) = chunks.next()? {
                rest.drop(&chunk, report);
            }
            Ok(vec![(first.name, Cow::Borrowed(first.data))])
        }
        b"VP8X" => {
            let mut parts = Extended::of(first.data, context)?;
            for count in 1_usize.. {
                context.limits.check_parts(count, "chunks")?;
                let Some(chunk) = chunks.next()? else { break };
                parts.take(&chunk, context, report)?;
            }
            parts.finish()
        }
        _ => Err(Refusal::damaged("the file does not begin with a picture")),
    }
}

/// Everything of a file with VP8X chunk that stays.
#[derive(Default)]
struct Extended<'a> {
    flags: u8,
    /// Width and height of the canvas, both minus one, as they are stored.
    canvas: [u8; 6],
    size: (u32, u32),
    profile: Option<Cow<'a, [u8]>>,
    profile_seen: bool,
    exif_seen: bool,
    orientation: Option<u16>,
    /// Contents of ANIM: background and repetitions.
    animation: Option<&'a [u8]>,
    /// Transparency that waits for its picture.
    alpha: Option<&'a [u8]>,
    /// ALPH with VP8, or VP8L; of an animation ANMF chunks.
    pictures: Copied<'a>,
}

impl<'a> Extended<'a> {
    /// Reads the contents of VP8X.
    fn of(data: &[u8], context: &Context<'_>) -> Result<Self, Refusal> {
        let [flags, _, _, _, w0, w1, w2, h0, h1, h2] = *data else {
            return Err(Refusal::damaged("the VP8X chunk is not valid"));
        };
        let side = |low, middle, high| u32::from_le_bytes([low, middle, high, 0]).saturating_add(1);
        let size = (side(w0, w1, w2), side(h0, h1, h2));
        picture::check_size(size, context)?;
        Ok(Self { flags, canvas: [w0, w1, w2, h0, h1, h2], size, ..Self::default() })
    }

    fn is_animated(&self) -> bool {
        self.flags & ANIMATION != 0
    }

    /// Takes one chunk behind VP8X.
    fn take(&mut self, chunk: &Chunk<'a>, context: &Context<'_>, report: &mut Report) -> Result<(), Refusal> {
        match &chunk.name {
            b"VP8X" => return Err(Refusal::damaged("a second VP8X chunk")),
            // Decoders ask the flags whether there is a profile or an EXIF.
            b"ICCP" if self.flags & PROFILE != 0 && !self.profile_seen && self.pictures.is_empty() => {
                self.profile_seen = true;
                self.profile = icc::clean(chunk.data, "ICCP", "", context.policy, report);
            }
            b"EXIF" if self.flags & EXIF != 0 && !self.exif_seen => {
                self.exif_seen = true;
                let data = exif_body(chunk.data);
                let keep = context.surroundings != Surroundings::Pdf;
                self.orientation = exif::orientation(data).filter(|value| keep && *value != 1);
                exif::list(data, self.orientation.is_some(), report);
            }
            b"ANIM" if self.is_animated() && self.animation.is_none() => {
                let data = chunk.data.get(..6).ok_or_else(|| Refusal::damaged("the ANIM chunk is not valid"))?;
                if chunk.data.len() > 6 {
                    report.removed_bytes(
                        Class::ContentUnknown,
                        "ANIM (further data)",
                        "",
                        chunk.data.len().saturating_sub(6),
                    );
                }
                self.animation = Some(data);
            }
            b"ANMF" if self.is_animated() && self.animation.is_some() => {
                let frame = self.frame(chunk.data, context, report)?;
                self.pictures.push((chunk.name, Cow::Owned(frame)));
                context.limits.check_frames(self.pictures.len())?;
            }
            b"VP8 " | b"VP8L" | b"ALPH" | b"ANMF" if self.is_animated() => {
                return Err(Refusal::damaged("a picture of an animation is out of place"));
            }
            b"ALPH" if self.alpha.is_none() && self.pictures.is_empty() => self.alpha = Some(chunk.data),
            b"VP8 " | b"VP8L" if self.pictures.is_empty() => {
                let picture = Picture::read(chunk)?;
                if picture.size != self.size {
                    return Err(Refusal::damaged("picture and canvas differ in size"));
                }
                self.pictures.extend(with_alpha(self.alpha, chunk, report));
            }
            _ => self.drop(chunk, report),
        }
        Ok(())
    }

    /// The contents of an ANMF chunk: its header with the reserved bits cleared, and its picture.
    fn frame(&self, data: &'a [u8], context: &Context<'_>, report: &mut Report) -> Result<Vec<u8>, Refusal> {
        let (header, rest) =
            data.split_at_checked(FRAME_HEADER).ok_or_else(|| Refusal::damaged("a frame is cut off"))?;
        let mut frame = header.to_vec();
        if let Some(flags) = frame.last_mut() {
            *flags &= 3;
        }
        let side = |at: usize| -> u32 {
            let bytes = header.get(at..).and_then(|bytes| bytes.first_chunk::<3>()).copied().unwrap_or_default();
            let [low, middle, high] = bytes;
            u32::from_le_bytes([low, middle, high, 0])
        };
        let (left, top) = (side(0).saturating_mul(2), side(3).saturating_mul(2));
        let size = (side(6).saturating_add(1), side(9).saturating_add(1));
        if left.saturating_add(size.0) > self.size.0 || top.saturating_add(size.1) > self.size.1 {
            return Err(Refusal::damaged("a frame lies outside of the canvas"));
        }
        let mut chunks = Chunks::new(rest);
        let (mut alpha, mut found) = (None, false);
        while let Some(chunk) = chunks.next()? {
            match &chunk.name {
                b"ALPH" if alpha.is_none() && !found => alpha = Some(chunk.data),
                b"VP8 " | b"VP8L" if !found => {
                    let picture = Picture::read(&chunk)?;
                    picture.check_size(context)?;
                    if picture.size != size {
                        return Err(Refusal::damaged("picture and frame differ in size"));
                    }
                    found = true;
                    for (name, data) in with_alpha(alpha, &chunk, report) {
                        chunks::append(&mut frame, name, &data);
                    }
                }
                _ => self.drop(&chunk, report),
            }
        }
        if found { Ok(frame) } else { Err(Refusal::damaged("a frame has no picture")) }
    }

    /// Reports a chunk as removed.
    fn drop(&self, chunk: &Chunk<'_>, report: &mut Report) {
        match &chunk.name {
            b"EXIF" => exif::list(exif_body(chunk.data), false, report),
            b"XMP " => xmp::list(chunk.data, "XMP", report),
            b"VP8 " | b"VP8L" | b"ALPH" | b"ANMF" => {
                let item = format!("further picture {}", chunk.title());
                report.removed_bytes(Class::ContentSecondaryImages, item, "", chunk.data.len());
            }
            b"C2PA" => report.removed_bytes(Class::MetadataProvenance, "C2PA", "", chunk.data.len()),
            _ => report.removed_bytes(Class::ContentUnknown, chunk.title(), "", chunk.data.len()),
        }
    }

    /// The chunks of the copy in the order that the format asks for.
    fn finish(self) -> Result<Copied<'a>, Refusal> {
        if self.pictures.is_empty() {
            return Err(Refusal::damaged("there is no picture in it"));
        }
        let set = |flag: u8, on: bool| if on { flag } else { 0 };
        let flags = (self.flags & (ALPHA | ANIMATION))
            | set(PROFILE, self.profile.is_some())
            | set(EXIF, self.orientation.is_some());
        let mut copy: Copied<'a> = vec![(*b"VP8X", [&[flags, 0, 0, 0], self.canvas.as_slice()].concat().into())];
        copy.extend(self.profile.map(|data| (*b"ICCP", data)));
        copy.extend(self.animation.map(|data| (*b"ANIM", Cow::Borrowed(data))));
        copy.extend(self.pictures);
        copy.extend(self.orientation.map(|value| (*b"EXIF", Cow::Owned(exif::minimal(value)))));
        Ok(copy)
    }
}

/// A picture with the transparency before it. One that brings its own has no use for another.
fn with_alpha<'a>(alpha: Option<&'a [u8]>, picture: &Chunk<'a>, report: &mut Report) -> Copied<'a> {
    let used = alpha.filter(|_| &picture.name == b"VP8 ");
    if let (Some(alpha), None) = (alpha, used) {
        report.removed_bytes(Class::ContentUnknown, "ALPH without use", "", alpha.len());
    }
    let alpha = used.map(|data| (*b"ALPH", Cow::Borrowed(data)));
    alpha.into_iter().chain([(picture.name, Cow::Borrowed(picture.data))]).collect()
}

/// Some programs put the identifier that JPEG needs before the EXIF.
fn exif_body(data: &[u8]) -> &[u8] {
    data.strip_prefix(b"Exif\0\0").unwrap_or(data)
}
