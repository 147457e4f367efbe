//! What the proofs of all picture formats share: the essence hash, decoded pixels, and the EXIF that may remain.

mod jpeg;

use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::ico::IcoDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::error::ImageError;
use image::{AnimationDecoder, DynamicImage, Frames, ImageDecoder};
use sha2::{Digest, Sha256};

use super::{Check, Essence};
use crate::formats::Context;
use crate::kind::Kind;
use crate::limits::Limits;
use crate::refusal::Refusal;

/// Collects the parts of an essence. Every part is hashed with its name and size, so that parts cannot run into each other.
#[derive(Default)]
pub(super) struct EssenceHash(Sha256);

impl EssenceHash {
    /// Adds a part.
    pub(super) fn part(&mut self, name: &str, bytes: &[u8]) {
        self.0.update((name.len() as u64).to_be_bytes());
        self.0.update(name);
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    /// Adds a part that comes in pieces; the split does not matter. `feed` hands them over one by one.
    ///
    /// # Errors
    /// What `feed` returns.
    pub(super) fn pieces(
        &mut self,
        name: &str,
        feed: impl FnOnce(&mut dyn FnMut(&[u8])) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let mut inner = Sha256::new();
        feed(&mut |bytes| inner.update(bytes))?;
        self.part(name, &inner.finalize());
        Ok(())
    }

    /// The digest of all parts.
    pub(super) fn finish(self) -> Essence {
        Essence(self.0.finalize().into())
    }
}

/// The orientation that viewers apply, 1 to 8.
pub(super) fn orientation(exif: &[u8]) -> u8 {
    image::metadata::Orientation::from_exif_chunk(exif).map_or(1, image::metadata::Orientation::to_exif)
}

/// Checks that an EXIF of the copy holds the orientation and nothing else.
///
/// # Errors
/// [`crate::Reason::Unprovable`] when it does not.
pub(super) fn only_orientation(exif: &[u8]) -> Result<(), Refusal> {
    // The size leaves no room for values that the reader does not list.
    if exif.len() != 26 {
        return Err(Refusal::unprovable("the EXIF of the copy has another size than that of an orientation alone"));
    }
    let read = exif::Reader::new().read_raw(exif.to_vec());
    let read = read.map_err(|_| Refusal::unprovable("the EXIF of the copy cannot be read"))?;
    let mut fields = read.fields().map(|field| field.tag);
    match (fields.next(), fields.next()) {
        (Some(exif::Tag::Orientation), None) => Ok(()),
        _ => Err(Refusal::unprovable("the EXIF of the copy holds more than an orientation")),
    }
}

/// Pixels of a canvas on which frames are composed. A few bytes can state a canvas of gigabytes and a thousand frames of one
/// pixel; what the frames hold is compared without it.
const MOST_COMPOSED: u64 = 64 << 20;

/// Decoded samples, to be compared with others: as they are, unless they are many.
#[derive(PartialEq, Eq)]
pub(super) enum Pixels {
    Samples(Vec<u8>),
    Digest([u8; 32]),
}

impl Pixels {
    /// Most bytes that are kept. To hash takes half as long as to decode, and to keep takes memory twice.
    const MOST_KEPT: usize = 64 << 20;

    pub(super) fn of(samples: impl AsRef<[u8]> + Into<Vec<u8>>) -> Self {
        if samples.as_ref().len() > Self::MOST_KEPT {
            Self::Digest(Sha256::digest(samples).into())
        } else {
            Self::Samples(samples.into())
        }
    }
}

/// What a decoder makes of a picture.
pub(super) struct Decoded {
    pub(super) pixels: Pixels,
    /// For people: size, colour type.
    pub(super) title: String,
    pub(super) animation: Animation,
}

/// What a decoder makes of the frames of an animation.
#[derive(PartialEq, Eq)]
pub(super) enum Animation {
    /// It is a still picture.
    Still,
    /// This many frames were decoded; `all` tells that there are no more.
    Frames { digest: [u8; 32], count: u64, all: bool },
    /// The decoder stumbles over a frame.
    Broken,
}

impl Decoded {
    /// Whether the copy decodes to the same. Frames of the original that the decoder stumbles over cannot be compared.
    fn agrees(&self, copy: &Self) -> bool {
        let frames = self.animation == copy.animation || self.animation == Animation::Broken;
        frames && (&self.pixels, &self.title) == (&copy.pixels, &copy.title)
    }

    /// The check that holds when original and copy both decode to this.
    fn equal(&self) -> Check {
        let title = &self.title;
        let detail = match self.animation {
            Animation::Still | Animation::Frames { count: 1, all: true, .. } => title.clone(),
            Animation::Frames { count, all: true, .. } => format!("{title}, {count} animated frames"),
            Animation::Frames { count, all: false, .. } => {
                format!("{title}, {count} animated frames; the essence of the others is proved")
            }
            Animation::Broken => {
                format!("{title}; the decoder cannot read all frames of the original, their essence is proved")
            }
        };
        Check::new("pixels-equal", detail)
    }
}

/// Why a decoder gives no pixels.
pub(super) enum NoPixels {
    /// It does not know the coding process.
    Unsupported,
    /// It finds the picture broken.
    Broken,
    /// Its canvas is larger than any animation's; see [`MOST_COMPOSED`].
    TooCostly,
    TooLarge(Refusal),
}

impl From<ImageError> for NoPixels {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Unsupported(_) => Self::Unsupported,
            ImageError::Limits(_) => Self::TooLarge(Refusal::over_limit("image-pixels", "the picture is too large")),
            _ => Self::Broken,
        }
    }
}

/// What the proof says in place of pixels where the policy goes by the coded data.
pub(super) fn essence_alone(context: &Context<'_>) -> Option<Check> {
    context
        .goes_by_coded_data()
        .then(|| Check::new("pixels-not-decoded", "the policy goes by the coded data, which is the same"))
}

/// Compares size, colour type and every pixel of every frame of input and copy, unless the policy goes by the coded data alone.
///
/// # Errors
/// [`crate::Reason::Unprovable`] when the copy decodes to something else, [`crate::Reason::OverLimit`].
pub(super) fn compare(kind: Kind, input: &[u8], output: &[u8], context: &Context<'_>) -> Result<Check, Refusal> {
    if input == output {
        return decode_for_both(kind, output, context);
    }
    if let Some(check) = essence_alone(context) {
        return Ok(check);
    }
    let limits = context.limits;
    let before = match decode(kind, input, limits) {
        Err(NoPixels::TooLarge(refusal)) => return Err(refusal),
        other => other,
    };
    match (before, decode(kind, output, limits)) {
        (Ok(before), Ok(after)) if before.agrees(&after) => Ok(before.equal()),
        (Ok(_), Ok(_)) => Err(Refusal::unprovable("the copy decodes to other pixels than the original")),
        (Ok(_), Err(_)) => Err(Refusal::unprovable("the copy cannot be decoded, the original can")),
        (Err(_), Err(trouble)) => undecoded(trouble),
        (Err(_), Ok(after)) => Ok(Check::new(
            "pixels-not-compared",
            format!("the decoder takes only the copy ({}); the essence alone is proved", after.title),
        )),
    }
}

/// As [`compare`], of a copy in which everything that decoders of this kind read is the same bytes in the same order as in the
/// input. They make the same pixels of both, whichever decoder it is, and one decoding shows that they make any.
///
/// # Errors
/// [`crate::Reason::OverLimit`].
pub(super) fn decode_for_both(kind: Kind, copy: &[u8], context: &Context<'_>) -> Result<Check, Refusal> {
    if let Some(check) = essence_alone(context) {
        return Ok(check);
    }
    match decode(kind, copy, context.limits) {
        Ok(both) => Ok(both.equal()),
        Err(trouble) => undecoded(trouble),
    }
}

/// What the proof says where a decoder gives pixels neither of the original nor of the copy.
fn undecoded(trouble: NoPixels) -> Result<Check, Refusal> {
    let why = match trouble {
        NoPixels::Unsupported => "the decoder does not know this coding process",
        NoPixels::TooCostly => "the canvas is too large for frames to be composed on it",
        NoPixels::Broken => "the decoder takes neither original nor copy",
        NoPixels::TooLarge(refusal) => return Err(refusal),
    };
    Ok(Check::new("pixels-not-decoded", format!("{why}; the essence alone is proved")))
}

fn decode(kind: Kind, bytes: &[u8], limits: &Limits) -> Result<Decoded, NoPixels> {
    match kind {
        Kind::Png => decode_png(bytes, limits),
        Kind::Gif => decode_gif(bytes, limits),
        Kind::WebP => decode_webp(bytes, limits),
        Kind::Jpeg => jpeg::decode(bytes, limits),
        Kind::Bmp => {
            let decoder = BmpDecoder::new(Cursor::new(bytes))?;
            check_size(&decoder, limits)?;
            decode_still(decoder)
        }
        Kind::Ico => {
            let decoder = IcoDecoder::new(Cursor::new(bytes))?;
            check_size(&decoder, limits)?;
            decode_still(decoder)
        }
        Kind::Jpeg2000 => super::jp2::decode(bytes, limits),
        _ => Err(NoPixels::Unsupported),
    }
}

fn check_size(decoder: &impl ImageDecoder, limits: &Limits) -> Result<(), NoPixels> {
    let (width, height) = decoder.dimensions();
    check_pixels(width.into(), height.into(), limits)
}

fn check_pixels(width: u64, height: u64, limits: &Limits) -> Result<(), NoPixels> {
    if width.saturating_mul(height) > limits.image_pixels {
        let detail = format!("the picture is {width}×{height}");
        return Err(NoPixels::TooLarge(Refusal::over_limit("image-pixels", detail)));
    }
    Ok(())
}

fn decode_still(decoder: impl ImageDecoder) -> Result<Decoded, NoPixels> {
    let (width, height) = decoder.dimensions();
    let picture = DynamicImage::from_decoder(decoder)?;
    let title = format!("{width}×{height}, {:?}", picture.color());
    Ok(Decoded { pixels: Pixels::of(picture.into_bytes()), title, animation: Animation::Still })
}

/// The main picture, and the frames of an animation.
fn decode_png(bytes: &[u8], limits: &Limits) -> Result<Decoded, NoPixels> {
    let open = || -> Result<_, NoPixels> {
        let mut alloc = image::Limits::no_limits();
        alloc.max_alloc = Some(png_bytes(bytes).min(limits.decompressed_bytes));
        let decoder = PngDecoder::with_limits(Cursor::new(bytes), alloc)?;
        check_size(&decoder, limits)?;
        Ok(decoder)
    };
    let decoder = open()?;
    let animated = decoder.is_apng()?;
    let mut decoded = decode_still(decoder)?;
    if animated {
        let decoder = open()?;
        let size = decoder.dimensions();
        decoded.animation = if is_composed(size) {
            decoder.apng().map_or(Animation::Broken, |decoder| decode_frames(decoder.into_frames(), size, limits))
        } else {
            Animation::Frames { digest: [0; 32], count: 0, all: false }
        };
    }
    Ok(decoded)
}

/// The memory that a decoder of PNG may want: for pixels of the largest type, frames, and a profile, which it inflates too.
fn png_bytes(bytes: &[u8]) -> u64 {
    let side = |at: usize| {
        let four = bytes.get(at..at.saturating_add(4)).and_then(|side| side.first_chunk::<4>());
        four.map_or(0, |side| u64::from(u32::from_be_bytes(*side)))
    };
    side(16).saturating_mul(side(20)).saturating_mul(24).saturating_add(64 << 20)
}

/// The first picture as it is stored, and every frame as it is shown.
fn decode_gif(bytes: &[u8], limits: &Limits) -> Result<Decoded, NoPixels> {
    let decoder = GifDecoder::new(Cursor::new(bytes))?;
    check_size(&decoder, limits)?;
    let size = decoder.dimensions();
    if !is_composed(size) {
        return Err(NoPixels::TooCostly);
    }
    let mut decoded = decode_still(decoder)?;
    decoded.animation = decode_frames(GifDecoder::new(Cursor::new(bytes))?.into_frames(), size, limits);
    Ok(decoded)
}

/// The picture, of an animation the first one, and every frame as it is shown.
fn decode_webp(bytes: &[u8], limits: &Limits) -> Result<Decoded, NoPixels> {
    let decoder = WebPDecoder::new(Cursor::new(bytes))?;
    check_size(&decoder, limits)?;
    let (size, animated) = (decoder.dimensions(), decoder.has_animation());
    if animated && !is_composed(size) {
        return Err(NoPixels::TooCostly);
    }
    let mut decoded = decode_still(decoder)?;
    if animated {
        decoded.animation = decode_frames(WebPDecoder::new(Cursor::new(bytes))?.into_frames(), size, limits);
    }
    Ok(decoded)
}

/// True when frames of this size are put together into what is shown.
fn is_composed((width, height): (u32, u32)) -> bool {
    u64::from(width).saturating_mul(u64::from(height)) <= MOST_COMPOSED
}

/// Every frame as it is shown, with its timing, as long as the frames together stay within the pixel limit.
fn decode_frames(frames: Frames<'_>, (width, height): (u32, u32), limits: &Limits) -> Animation {
    let pixels = u64::from(width).saturating_mul(u64::from(height)).max(1);
    let affordable = (limits.image_pixels / pixels).max(1);
    let mut digest = Sha256::new();
    let (mut count, mut all) = (0_u64, true);
    for frame in frames {
        match frame {
            Ok(frame) => {
                digest.update(format!("{},{},{:?}", frame.left(), frame.top(), frame.delay().numer_denom_ms()));
                digest.update(frame.buffer().as_raw());
                count = count.saturating_add(1);
                if count >= affordable {
                    all = false;
                    break;
                }
            }
            // Some colour types are not composed.
            Err(ImageError::Unsupported(_)) => {
                all = false;
                break;
            }
            Err(_) => return Animation::Broken,
        }
    }
    Animation::Frames { digest: digest.finalize().into(), count, all }
}
