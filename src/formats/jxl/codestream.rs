//! The codestream (ISO/IEC 18181-1): walked header by header up to its end, and copied without what its headers need not hold.

use std::borrow::Cow;

use super::bits::{BitWriter, Bits};
use super::frame_header::FrameHeader;
use super::image_header::ImageHeader;
use super::profile;
use crate::formats::metadata::icc;
use crate::formats::{Context, Report};
use crate::policy::{Action, Class};
use crate::refusal::Refusal;

/// The names of extra channels that viewers do not show (table D.6).
const UNSEEN_CHANNELS: [(u32, &str); 6] = [
    (1, "depth"),
    (3, "selection mask"),
    (5, "colour filter array"),
    (6, "thermal"),
    (15, "not optional"),
    (16, "optional"),
];

/// The codestream of the copy: everything up to its end, without preview, names, extensions and time codes.
///
/// # Errors
/// [`crate::Reason::Damaged`], [`crate::Reason::Unsupported`] or [`crate::Reason::OverLimit`].
pub(super) fn rebuild(codestream: &[u8], context: &Context<'_>, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let mut bits = Bits::new(codestream, 0);
    let mut image = ImageHeader::read(&mut bits)?;
    check_size(image.size, context)?;
    image.removed.list("extra channel", report);
    report_unseen(&image, report);
    let header = 0..bits.at();
    let mut kept = None;
    if let Some(fields) = image.profile.clone() {
        let found = profile::read(&mut bits, context)?;
        if !icc::is_usable(&found) {
            return Err(Refusal::unsupported("its colour profile is none that a colour engine takes"));
        }
        kept = icc::clean(&found, "ICC", "", context.policy, report).map(Cow::into_owned);
        if kept.is_none() {
            image.replace_profile(fields)?;
        }
    }
    let mut copy = Vec::with_capacity(codestream.len());
    let mut writer = BitWriter::new(&mut copy);
    writer.header(codestream, header, &image.removed.cuts)?;
    if let Some(kept) = kept {
        profile::write(&kept, &mut writer)?;
    }
    writer.align();
    bits.align()?;
    if let Some(size) = image.preview {
        let start = bits.at();
        append_frame(&mut bits, &image, size, &mut Vec::new())?;
        report.removed_bytes(Class::ContentThumbnails, "preview frame", "", bits.at().saturating_sub(start) / 8);
    }
    let (mut frames, mut layers, mut timecodes) = (0_usize, 0_u64, 0_u64);
    loop {
        let frame = append_frame(&mut bits, &image, image.size, &mut copy)?;
        frame.removed.list("frame", report);
        frames = frames.saturating_add(1);
        context.limits.check_frames(frames)?;
        layers = layers.saturating_add(u64::from(frame.is_layer()));
        timecodes = timecodes.saturating_add(u64::from(frame.has_timecode));
        if frame.is_last {
            break;
        }
    }
    if timecodes > 0 {
        report.hit(
            Class::MetadataDates,
            Action::Remove,
            "time code of a frame",
            "",
            timecodes,
            timecodes.saturating_mul(4),
        );
    }
    if layers > 0 {
        report.hit(Class::ContentSecondaryImages, Action::Keep, "layer beneath others", "", layers, 0);
    }
    report.trailer(codestream.get(bits.at() / 8..).unwrap_or_default(), "the codestream");
    Ok(copy)
}

/// Reports the extra channels that stay although nobody sees them.
fn report_unseen(image: &ImageHeader, report: &mut Report) {
    for channel in &image.channels {
        if let Some((_, name)) = UNSEEN_CHANNELS.iter().find(|(kind, _)| kind == channel) {
            report.hit(Class::ContentSecondaryImages, Action::Keep, format!("extra channel ({name})"), "", 1, 0);
        }
    }
}

fn check_size((width, height): (u32, u32), context: &Context<'_>) -> Result<(), Refusal> {
    if u64::from(width).saturating_mul(u64::from(height)) > context.limits.image_pixels {
        return Err(Refusal::over_limit("image-pixels", format!("the picture is {width}×{height}")));
    }
    Ok(())
}

/// Copies the next frame; its data as they are.
fn append_frame(
    bits: &mut Bits<'_>,
    image: &ImageHeader,
    canvas: (u32, u32),
    copy: &mut Vec<u8>,
) -> Result<FrameHeader, Refusal> {
    let start = bits.at();
    let frame = FrameHeader::read(bits, image, canvas)?;
    frame.read_order(bits)?;
    let mut writer = BitWriter::new(copy);
    writer.header(bits.bytes(), start..bits.at(), &frame.removed.cuts)?;
    writer.align();
    bits.align()?;
    let sizes = bits.at();
    let data = frame.read_sizes(bits)?;
    bits.align()?;
    bits.skip(data.saturating_mul(8))?;
    copy.extend_from_slice(bits.bytes().get(sizes / 8..bits.at() / 8).unwrap_or_default());
    Ok(frame)
}
