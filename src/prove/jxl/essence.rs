//! What decides the look of a codestream: its headers field by field, the colours of its profile, its coded sections.

use jxl_oxide::color::ColourEncoding;
use jxl_oxide::frame::FrameHeader;
use jxl_oxide::image::ImageMetadata;
use jxl_oxide::{EnumColourEncoding, Frame, JxlImage, RenderingIntent};

use crate::formats::Context;
use crate::prove::picture::EssenceHash;
use crate::prove::{Essence, Side, profile};
use crate::refusal::Refusal;

/// The essence digest of a picture.
///
/// # Errors
/// [`crate::Reason::Damaged`] when a section is not there.
pub(super) fn of(image: &JxlImage, side: Side, context: &Context<'_>) -> Result<Essence, Refusal> {
    let mut hash = EssenceHash::default();
    let header = image.image_header();
    hash.part("size", format!("{:?}", header.size).as_bytes());
    hash.part("image", metadata(&header.metadata).as_bytes());
    let profile = image.original_icc().and_then(profile::usable);
    let stays = profile.is_some() && profile::stays(side, context);
    hash.part("colours", colours(&header.metadata, stays).as_bytes());
    profile::add(profile, side, context, &mut hash);
    for index in 0..image.num_loaded_frames() {
        let frame = image.frame(index).ok_or_else(missing)?;
        hash.part("frame", fields(frame.header()).as_bytes());
        for group in frame.toc().iter_bitstream_order() {
            hash.part(&format!("{:?}", group.kind), frame.data(group.kind).ok_or_else(missing)?);
        }
    }
    Ok(hash.finish())
}

fn missing() -> Refusal {
    Refusal::damaged("a section of a frame is not there")
}

/// How an image header says that colours are coded. Where it announces a profile that does not stay, they are those of sRGB.
fn colours(header: &ImageMetadata, profile_stays: bool) -> String {
    let default = match (&header.colour_encoding, header.grayscale()) {
        (ColourEncoding::IccProfile(_), false) if !profile_stays => EnumColourEncoding::srgb,
        (ColourEncoding::IccProfile(_), true) if !profile_stays => EnumColourEncoding::gray_srgb,
        (encoding, _) => return format!("{encoding:?}"),
    };
    format!("{:?}", ColourEncoding::Enum(default(RenderingIntent::Relative)))
}

/// The fields of an image header that decide how the picture looks.
fn metadata(header: &ImageMetadata) -> String {
    let channels: Vec<_> =
        header.ec_info.iter().map(|channel| (channel.ty, channel.bit_depth, channel.dim_shift)).collect();
    let animation = header.animation.as_ref();
    format!(
        "{:?}",
        (
            (header.orientation, &header.intrinsic_size),
            animation.map(|animation| (animation.tps_numerator, animation.tps_denominator, animation.num_loops)),
            (header.bit_depth, header.modular_16bit_buffers, channels),
            (header.xyb_encoded, &header.tone_mapping),
            (
                &header.opsin_inverse_matrix,
                &header.up2_weight,
                &header.up4_weight.as_slice(),
                &header.up8_weight.as_slice()
            ),
        )
    )
}

/// The fields of a frame header that decide how the frame looks.
fn fields(header: &FrameHeader) -> String {
    format!(
        "{:?}",
        (
            (header.frame_type, header.encoding, header.flags, header.do_ycbcr, header.jpeg_upsampling),
            (header.upsampling, &header.ec_upsampling, header.group_size_shift, header.x_qm_scale, header.b_qm_scale),
            (&header.passes, header.lf_level, header.x0, header.y0, header.width, header.height),
            (&header.blending_info, &header.ec_blending_info, header.duration, header.is_last),
            (header.save_as_reference, header.resets_canvas, header.save_before_ct),
            (&header.restoration_filter.gab, &header.restoration_filter.epf),
        )
    )
}

/// Checks that the codestream of a copy, of `size` bytes, has no names, time codes, extensions, preview, nor bytes behind
/// its last frame.
///
/// # Errors
/// [`crate::Reason::Unprovable`], naming what is left.
pub(super) fn check_leftovers(image: &JxlImage, size: usize) -> Result<(), Refusal> {
    let left = |what: &str| Err(Refusal::unprovable(format!("the codestream of the copy still has {what}")));
    let header = &image.image_header().metadata;
    if header.preview.is_some() {
        return left("a preview");
    }
    if header.animation.as_ref().is_some_and(|animation| animation.have_timecodes) {
        return left("time codes");
    }
    let mut names = header.ec_info.iter().map(|channel| &channel.name);
    if names.any(|name| !name.is_empty()) {
        return left("names of extra channels");
    }
    let mut extensions = vec![format!("{:?}", header.extensions)];
    let mut end = 0;
    for index in 0..image.num_loaded_frames() {
        let frame: &Frame = image.frame(index).ok_or_else(missing)?;
        if !frame.header().name.is_empty() {
            return left("names of frames");
        }
        extensions.push(format!("{:?}", frame.header().extensions));
        extensions.push(format!("{:?}", frame.header().restoration_filter.extensions));
        let start = image.frame_offset(index).unwrap_or_default();
        end = start.saturating_add(frame.toc().bookmark()).saturating_add(frame.toc().total_byte_size());
    }
    // The library shows no more of them than this.
    let none = format!("{:?}", jxl_oxide::image::Extensions::default());
    if extensions.iter().any(|shown| *shown != none) {
        return left("extensions");
    }
    if end != size {
        return left("bytes behind its last frame");
    }
    Ok(())
}
