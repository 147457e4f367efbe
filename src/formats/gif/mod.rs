//! GIF, still and animated: the compressed pictures are copied byte by byte, the blocks around them are chosen.
//!
//! A GIF is a row of blocks (GIF89a specification, W3C copy). Screen, palettes, pictures, their timing and transparency, the
//! number of repetitions and the colour profile stay. Comments, plain text, XMP and every other extension go, and so do the
//! bytes behind the end of the file and behind the last code of a picture, where nobody looks.

mod blocks;
mod extensions;
mod lzw;
mod reencode;

use std::io::Write;

use self::blocks::{Block, Blocks};
use super::{Context, Handler, Report};
use crate::kind::Kind;
use crate::policy::{Class, Policy};
use crate::refusal::{Reason, Refusal};

/// The handler for GIF.
pub(crate) struct Gif;

impl Handler for Gif {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Gif]
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
        let copy = rebuild(bytes, context, &mut report)?;
        out.write_all(&copy).map_err(|_| Refusal::new(Reason::Internal, "the copy could not be written"))?;
        Ok(report)
    }

    fn reencode(&self, _kind: Kind, copy: &[u8], context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
        reencode::reencode(copy, context)
    }
}

fn rebuild(bytes: &[u8], context: &Context<'_>, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let mut blocks = Blocks::new(bytes)?;
    let (width, height) = blocks.size();
    check_size(width, height, context)?;
    let mut copy = blocks.head().to_vec();
    // Timing and transparency of the next picture: the last ones before it count.
    let mut control: Option<&[u8; 4]> = None;
    let (mut frames, mut profile_seen) = (0_usize, false);
    for count in 1_usize.. {
        context.limits.check_parts(count, "blocks")?;
        match blocks.next()? {
            Block::Padding(size) => {
                report.removed_bytes(Class::ContentTrailingBytes, "zeros between blocks", "", size);
            }
            Block::Control(data) => {
                if control.replace(data).is_some() {
                    report.removed_bytes(Class::ContentUnknown, "graphic control without a picture", "", 8);
                }
            }
            Block::Picture(picture) => {
                frames = frames.saturating_add(1);
                context.limits.check_frames(frames)?;
                check_size(picture.width, picture.height, context)?;
                if let Some(data) = control.take() {
                    copy.extend_from_slice(&[0x21, 0xf9, 4]);
                    copy.extend_from_slice(data);
                    copy.push(0);
                }
                copy.extend_from_slice(picture.head);
                let trimmed = lzw::trim(&picture, context)?;
                if trimmed.behind > 0 {
                    let item = "bytes behind the compressed picture";
                    report.removed_bytes(Class::ContentTrailingBytes, item, "", trimmed.behind);
                }
                trimmed.write(&picture, &mut copy);
            }
            Block::Extension(extension) => {
                extensions::take(&extension, &mut profile_seen, context.policy, &mut copy, report);
            }
            Block::End => break,
        }
    }
    if control.is_some() {
        report.removed_bytes(Class::ContentUnknown, "graphic control without a picture", "", 8);
    }
    if frames == 0 {
        return Err(Refusal::damaged("there is no picture in it"));
    }
    copy.push(blocks::TRAILER);
    report.trailer(blocks.rest(), "the end");
    Ok(copy)
}

fn check_size(width: u16, height: u16, context: &Context<'_>) -> Result<(), Refusal> {
    if u64::from(width).saturating_mul(u64::from(height)) > context.limits.image_pixels {
        return Err(Refusal::over_limit("image-pixels", format!("the picture is {width}×{height}")));
    }
    Ok(())
}
