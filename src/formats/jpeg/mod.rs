//! JPEG: the coded picture is copied byte by byte, everything around it is rebuilt.
//!
//! What decides how the picture looks stays: frame header, tables and all scans in their order, the JFIF header without its
//! thumbnail, the Adobe segment (it tells YCCK from RGB), the colour profile, and the orientation in an EXIF of its own.
//! Every other segment goes, whatever it is, and so does every byte after the end of the first image: there phones keep
//! videos, second pictures and depth maps. The report names what each dropped segment held.

mod frame;
mod mpf;
mod reencode;
mod samsung;
pub(super) mod segments;
mod trailer;
pub(super) mod walk;

use std::io::Write;

use self::frame::{Frame, check_shape, is_frame};
use self::segments::{ADOBE_SIZE, adobe};
use self::walk::{Piece, Walk, marker};
use super::metadata::exif;
use super::{Context, Handler, Report, Surroundings};
use crate::kind::Kind;
use crate::policy::{Class, Policy};
use crate::refusal::{Reason, Refusal};

/// The handler for JPEG files of every coding process apart from the hierarchical ones.
pub(crate) struct Jpeg;

impl Handler for Jpeg {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Jpeg]
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
        parts.write(out).map_err(|_| Refusal::new(Reason::Internal, "the copy could not be written"))?;
        Ok(report)
    }

    fn reencode(&self, _kind: Kind, copy: &[u8], context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
        reencode::reencode(copy, context)
    }
}

/// A segment of the coded picture: marker, payload, and the entropy-coded data when it is a scan.
struct Coded<'a> {
    marker: u8,
    payload: &'a [u8],
    data: &'a [u8],
}

/// Everything of a JPEG that stays.
#[derive(Default)]
struct Parts<'a> {
    /// JFIF header without thumbnail.
    jfif: Option<[u8; JFIF_SIZE]>,
    /// 2 to 8; 1 is not worth a segment.
    orientation: Option<u16>,
    /// Colour profile, cleaned.
    profile: Vec<u8>,
    /// Adobe segment.
    adobe: Option<[u8; ADOBE_SIZE]>,
    coded: Vec<Coded<'a>>,
}

/// JFIF 1.02: identifier, version, density and the two sizes of the thumbnail.
const JFIF_SIZE: usize = 14;
/// Profile bytes that fit into one APP2 segment beside the identifier and two counters (ICC.1:2022 annex B.4).
const PROFILE_CHUNK: usize = 65_519;

impl<'a> Parts<'a> {
    /// Walks the file, sorts its pieces into what stays and the report.
    fn collect(bytes: &'a [u8], context: &Context<'_>, report: &mut Report) -> Result<Self, Refusal> {
        let mut parts = Self::default();
        let mut metadata = segments::Metadata::default();
        let mut frame: Option<Frame> = None;
        let mut scans = 0_usize;
        let mut walk = Walk::new(bytes)?;
        for index in 0_usize.. {
            let Some(piece) = walk.next() else { break };
            context.limits.check_parts(index, "segments")?;
            match piece? {
                Piece::Segment { marker: code @ (marker::APP0..=marker::APP15 | marker::COM), payload } => {
                    let late = scans > 0;
                    let stays = !late && parts.keep(code, payload, report);
                    if !stays {
                        let at = walk.at().saturating_sub(payload.len());
                        metadata.take(code, payload, at, late, report);
                    }
                }
                Piece::Segment { marker: code, payload } if is_frame(code) => {
                    let header = Frame::parse(payload)?;
                    if frame.replace(header).is_some() {
                        return Err(Refusal::damaged("more than one frame header"));
                    }
                    header.check_size(context)?;
                    parts.coded.push(Coded { marker: code, payload, data: &[] });
                }
                Piece::Segment { marker: marker::DNL, payload } => {
                    let frame = frame.as_mut().filter(|_| scans == 1);
                    let frame = frame.ok_or_else(|| Refusal::damaged("a DNL segment out of place"))?;
                    frame.define_lines(payload)?;
                    frame.check_size(context)?;
                    parts.coded.push(Coded { marker: marker::DNL, payload, data: &[] });
                }
                Piece::Segment { marker: code, payload } => {
                    known_table(code)?;
                    check_shape(code, payload)?;
                    parts.coded.push(Coded { marker: code, payload, data: &[] });
                }
                Piece::Scan { header, data } => {
                    if frame.is_none() {
                        return Err(Refusal::damaged("a scan without a frame header"));
                    }
                    check_shape(marker::SOS, header)?;
                    scans = scans.saturating_add(1);
                    let most = context.limits.jpeg_scans;
                    if scans as u64 > most {
                        return Err(Refusal::over_limit("jpeg-scans", format!("more than {most} scans")));
                    }
                    parts.coded.push(Coded { marker: marker::SOS, payload: header, data });
                }
                Piece::Junk(size) => {
                    report.removed_bytes(Class::ContentTrailingBytes, "bytes between segments", "", size);
                }
                Piece::End { rest } => {
                    metadata.announced.frame = frame;
                    trailer::list(rest, walk.at(), &metadata.announced, report);
                }
            }
        }
        if scans == 0 || frame.is_none_or(Frame::lacks_height) {
            return Err(Refusal::damaged("there is no picture in it"));
        }
        let upright = context.surroundings == Surroundings::Pdf;
        parts.orientation = metadata.finish(!upright, report);
        parts.profile = metadata.profile(context.policy, report).unwrap_or_default();
        Ok(parts)
    }

    /// Takes an application segment that stays, cut to what is needed of it; false when it goes.
    fn keep(&mut self, code: u8, payload: &'a [u8], report: &mut Report) -> bool {
        match code {
            marker::APP0 if payload.starts_with(b"JFIF\0") && self.jfif.is_none() => {
                let Some((head, thumbnail)) = payload.split_first_chunk::<JFIF_SIZE>() else { return false };
                let mut head = *head;
                let mut has_thumbnail = false;
                if let Some(size) = head.last_chunk_mut::<2>() {
                    has_thumbnail = *size != [0, 0]; // width and height
                    *size = [0, 0];
                }
                self.jfif = Some(head);
                // Apple writes `AMPF` here when further pictures follow the main one.
                let (class, item) = match has_thumbnail {
                    true => (Class::ContentThumbnails, "APP0 JFIF thumbnail"),
                    false => (Class::ContentUnknown, "APP0 JFIF (further bytes)"),
                };
                if !thumbnail.is_empty() {
                    report.removed_bytes(class, item, "", thumbnail.len());
                }
                true
            }
            // The last one counts, as it does for decoders.
            0xee if payload.starts_with(b"Adobe") => {
                let Some(adobe) = adobe(payload) else { return false };
                let (head, rest) = payload.split_at_checked(ADOBE_SIZE).unwrap_or_default();
                if head != adobe {
                    report.removed(Class::MetadataSoftware, "APP14 Adobe (version and flags)", "");
                }
                if self.adobe.replace(adobe).is_some() {
                    report.removed_bytes(Class::ContentUnknown, "APP14 Adobe (repeated)", "", ADOBE_SIZE);
                }
                if !rest.is_empty() {
                    report.removed_bytes(Class::ContentUnknown, "APP14 Adobe (further bytes)", "", rest.len());
                }
                true
            }
            _ => false,
        }
    }

    fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        out.write_all(&[0xff, marker::SOI])?;
        if let Some(jfif) = &self.jfif {
            segment(out, marker::APP0, &[jfif])?;
        }
        if let Some(orientation) = self.orientation {
            segment(out, 0xe1, &[b"Exif\0\0", &exif::minimal(orientation)])?;
        }
        let chunks = self.profile.chunks(PROFILE_CHUNK);
        let count = u8::try_from(chunks.len()).unwrap_or(u8::MAX);
        for (number, chunk) in (1..=count).zip(chunks) {
            segment(out, 0xe2, &[b"ICC_PROFILE\0", &[number, count], chunk])?;
        }
        if let Some(adobe) = &self.adobe {
            segment(out, 0xee, &[adobe])?;
        }
        for coded in &self.coded {
            segment(out, coded.marker, &[coded.payload])?;
            out.write_all(coded.data)?;
        }
        out.write_all(&[0xff, marker::EOI])
    }
}

/// Writes a marker segment whose payload is the concatenation of `parts`.
fn segment(out: &mut dyn Write, code: u8, parts: &[&[u8]]) -> std::io::Result<()> {
    let size: usize = parts.iter().map(|part| part.len()).sum::<usize>().saturating_add(2);
    let size = u16::try_from(size).map_err(|_| std::io::Error::other("a segment of more than 65,533 bytes"))?;
    out.write_all(&[0xff, code])?;
    out.write_all(&size.to_be_bytes())?;
    parts.iter().try_for_each(|part| out.write_all(part))
}

/// Refuses segments that can be neither kept nor dropped.
fn known_table(code: u8) -> Result<(), Refusal> {
    match code {
        marker::DHT | marker::DAC | marker::DQT | marker::DRI => Ok(()),
        0xc5..=0xc7 | 0xcd..=0xcf | 0xde | 0xdf => Err(Refusal::unsupported("this is a hierarchical JPEG")),
        0xf7 | 0xf8 => Err(Refusal::unsupported("this is a JPEG-LS file")),
        _ => Err(Refusal::unsupported(format!("the segment 0xFF{code:02X} is not known"))),
    }
}
