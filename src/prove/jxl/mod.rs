//! The proof of a JPEG XL file: same headers and coded sections, a colour profile of the same colours, same decoded samples of
//! all frames, nothing around, between or behind them.
//!
//! `jxl-oxide` reads the codestream, header fields and sections apart, so that the essence does not depend on how headers
//! are packed. Names, time codes, extensions and the preview are not part of it: the copy may not have them.

mod boxes;
mod coded_profile;
mod essence;

use jxl_oxide::{AllocTracker, EnumColourEncoding, InitializeResult, JxlImage, RenderingIntent};
use sha2::{Digest, Sha256};

use self::boxes::File;
use crate::formats::{Context, Report};
use crate::kind::Kind;
use crate::prove::{Check, Essence, Prover, Side, picture, profile};
use crate::refusal::Refusal;

/// Proves JPEG XL files.
pub(super) struct JpegXlProver;

impl Prover for JpegXlProver {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::JpegXl]
    }

    fn essence(&self, _kind: Kind, bytes: &[u8], side: Side, context: &Context<'_>) -> Result<Essence, Refusal> {
        essence::of(&read(bytes, context)?, side, context)
    }

    fn verify(
        &self,
        _kind: Kind,
        input: &[u8],
        output: &[u8],
        _report: &Report,
        context: &Context<'_>,
    ) -> Result<Vec<Check>, Refusal> {
        let (before, after) = (File::read(input)?, File::read(output)?);
        after.check_leftovers(output)?;
        if before.level != after.level || before.is_bare() != after.is_bare() {
            return Err(Refusal::unprovable("the copy is wrapped in another way than the original"));
        }
        let mut image = open(&after.codestream, context)?;
        essence::check_leftovers(&image, after.codestream.len())?;
        let profile = image.original_icc().map(<[u8]>::to_vec);
        if let Some(profile) = &profile {
            coded_profile::check(&after.codestream, profile)?;
        }
        let by_essence = picture::essence_alone(context);
        let copy = by_essence.is_none().then(|| Decoded::of(&mut image, context)).transpose()?;
        drop(image);
        let mut original = open(&before.codestream, context)?;
        let pixels = match (by_essence, copy) {
            (Some(check), _) => check,
            (None, Some(copy)) if Decoded::of(&mut original, context)? == copy => {
                Check::new("pixels-equal", copy.title)
            }
            _ => return Err(Refusal::unprovable("the copy decodes to other pixels than the original")),
        };
        let left = Check::new("nothing-left", "one codestream, no box beside it, no name or preview in it");
        let mut checks = vec![left, pixels];
        checks.extend(profile::verify(original.original_icc().as_slice(), profile.as_deref().as_slice())?);
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
        if let Some(profile) = read(bytes, context)?.original_icc() {
            visit("colour profile", profile);
        }
        Ok(())
    }
}

/// Reads all headers and sections of a file; nothing is decoded yet.
///
/// # Errors
/// [`crate::Reason::Damaged`] when they are broken or cut off.
pub(crate) fn read(bytes: &[u8], context: &Context<'_>) -> Result<JxlImage, Refusal> {
    open(&File::read(bytes)?.codestream, context)
}

/// Reads all headers and sections of a codestream.
fn open(codestream: &[u8], context: &Context<'_>) -> Result<JxlImage, Refusal> {
    let unreadable = |_| Refusal::damaged("the codestream cannot be read");
    let limit = usize::try_from(context.decompressed_left()).unwrap_or(usize::MAX);
    let mut reading = JxlImage::builder().alloc_tracker(AllocTracker::with_limit(limit)).build_uninit();
    reading.feed_bytes(codestream).map_err(unreadable)?;
    match reading.try_init().map_err(unreadable)? {
        InitializeResult::Initialized(image) if image.is_loading_done() => Ok(image),
        _ => Err(Refusal::damaged("the codestream is cut off")),
    }
}

/// What the decoder makes of a picture.
#[derive(PartialEq, Eq)]
struct Decoded {
    digest: [u8; 32],
    /// For people: size, number of channels and frames.
    title: String,
}

impl Decoded {
    /// Decodes frame after frame, layers together, as long as they stay within the pixel limit.
    fn of(image: &mut JxlImage, context: &Context<'_>) -> Result<Self, Refusal> {
        let (width, height, format) = (image.width(), image.height(), image.pixel_format());
        if image.image_header().metadata.xyb_encoded {
            // What they are converted to shall not depend on what the decoder makes of a profile.
            image.request_color_encoding(EnumColourEncoding::srgb(RenderingIntent::Relative));
        }
        let pixels = u64::from(width).saturating_mul(u64::from(height));
        let channels = image.image_header().metadata.ec_info.len() as u64 + 3;
        if pixels > context.limits.image_pixels {
            return Err(Refusal::over_limit("image-pixels", format!("the picture is {width}×{height}")));
        }
        if pixels.saturating_mul(channels).saturating_mul(4) > context.decompressed_left() / 2 {
            let detail = format!("the picture is {width}×{height} with {channels} channels");
            return Err(Refusal::over_limit("decompressed-bytes", detail));
        }
        let mut digest = Sha256::new();
        let (mut spent, mut shown) = (0_u64, 0_u64);
        for index in 0..image.num_loaded_frames() {
            let Some(frame) = image.frame(index) else { break };
            let header = frame.header();
            let own = u64::from(header.width).saturating_mul(u64::from(header.height));
            spent = spent.saturating_add(own.max(pixels));
            if spent > context.limits.image_pixels.max(pixels) {
                if shown == 0 {
                    return Err(Refusal::over_limit("image-pixels", "the layers of the picture are too many"));
                }
                break;
            }
            if header.is_keyframe() {
                let position = usize::try_from(shown).unwrap_or(usize::MAX);
                let broken = |_| Refusal::unprovable("the decoder cannot read the picture");
                let render = image.render_frame(position).map_err(broken)?;
                digest.update(render.duration().to_be_bytes());
                for plane in render.image_planar() {
                    digest.update((plane.width() as u64).to_be_bytes());
                    for sample in plane.buf() {
                        digest.update(sample.to_bits().to_be_bytes());
                    }
                }
                shown = shown.saturating_add(1);
            }
        }
        let more =
            if image.num_loaded_keyframes() as u64 > shown { "; the essence of the others is proved" } else { "" };
        let frames = if shown == 1 { "1 frame".to_owned() } else { format!("{shown} frames") };
        let title = format!("{width}×{height}, {format:?}, {frames}{more}");
        Ok(Self { digest: digest.finalize().into(), title })
    }
}
