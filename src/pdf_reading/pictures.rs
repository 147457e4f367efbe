//! Pictures: how many pixels a stream would decode to, and the digest of its decoded samples.
//!
//! The digest covers the samples as they would be painted, colours converted and soft mask included, so that it is the same
//! for a JPEG with and without its metadata and different when one sample differs.

use hayro_interpret::hayro_syntax::Filter;
use hayro_interpret::hayro_syntax::object::{Object, Stream};
use hayro_interpret::{Image, ImageData, LumaData};
use sha2::{Digest, Sha256};

use super::unpack::{Unpacked, is_picture, unpack};

/// Enough of a picture stream to find its header in.
const MOST: u64 = 1 << 30;

/// Width times height of a picture by its dictionary or by its own header, whichever is more; soft masks included.
pub(crate) fn pixels(stream: &Stream<'_>) -> u64 {
    let own = pixels_alone(stream);
    [b"SMask".as_slice(), b"Mask"]
        .into_iter()
        .filter_map(|key| match stream.dict().get::<Object<'_>>(key) {
            Some(Object::Stream(mask)) => Some(pixels_alone(&mask)),
            _ => None,
        })
        .fold(own, u64::max)
}

fn pixels_alone(stream: &Stream<'_>) -> u64 {
    let dict = stream.dict();
    let side = |long: &[u8], short: &[u8]| dict.get::<u32>(long).or_else(|| dict.get::<u32>(short)).unwrap_or(0);
    let told = u64::from(side(b"Width", b"W")).saturating_mul(u64::from(side(b"Height", b"H")));
    let filters = stream.filters();
    let coded = match filters.iter().copied().find(|filter| is_picture(*filter)) {
        Some(filter) => match unpack(&stream.raw_data(), &filters, MOST) {
            Unpacked::Data(data) => coded_pixels(&data, filter).unwrap_or(0),
            Unpacked::TooMuch => u64::MAX,
        },
        None => 0,
    };
    told.max(coded)
}

/// Width times height by the picture's own header.
fn coded_pixels(data: &[u8], filter: Filter) -> Option<u64> {
    match filter {
        Filter::DctDecode => jpeg_pixels(data),
        Filter::JpxDecode => jpeg_2000_pixels(data),
        Filter::Jbig2Decode => jbig2_pixels(data),
        _ => None,
    }
}

/// The frame header of a JPEG, ITU-T T.81, B.2.2.
fn jpeg_pixels(data: &[u8]) -> Option<u64> {
    let mut rest = data;
    loop {
        let [0xFF, marker, tail @ ..] = rest else {
            rest = rest.get(1..)?;
            continue;
        };
        match marker {
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                return Some(number_16(tail, 3)?.saturating_mul(number_16(tail, 5)?));
            }
            0x01 | 0xD0..=0xD9 | 0xFF | 0x00 => rest = rest.get(1..)?,
            _ => rest = tail.get(usize::try_from(number_16(tail, 0)?).ok()?..)?,
        }
    }
}

/// The SIZ marker segment of a JPEG 2000 code stream, ITU-T T.800, A.5.1.
fn jpeg_2000_pixels(data: &[u8]) -> Option<u64> {
    let at = super::budget::find(data, &[0xFF, 0x4F, 0xFF, 0x51])?;
    let size = data.get(at..)?;
    let width = number_32(size, 8)?.saturating_sub(number_32(size, 16)?);
    let height = number_32(size, 12)?.saturating_sub(number_32(size, 20)?);
    Some(width.saturating_mul(height))
}

/// The page information segment of an embedded JBIG2 stream, ITU-T T.88, 7.4.8.
fn jbig2_pixels(data: &[u8]) -> Option<u64> {
    const PAGE_INFORMATION: u8 = 48;
    (data.get(4)? & 63 == PAGE_INFORMATION).then_some(())?;
    let height = number_32(data, 15)?;
    let height = if height == u64::from(u32::MAX) { 0 } else { height };
    Some(number_32(data, 11)?.saturating_mul(height))
}

fn number_16(data: &[u8], at: usize) -> Option<u64> {
    let bytes = data.get(at..)?.first_chunk::<2>()?;
    Some(u64::from(u16::from_be_bytes(*bytes)))
}

fn number_32(data: &[u8], at: usize) -> Option<u64> {
    let bytes = data.get(at..)?.first_chunk::<4>()?;
    Some(u64::from(u32::from_be_bytes(*bytes)))
}

/// SHA-256 over the decoded samples. A picture that cannot be decoded counts with its stored bytes, so that it must be kept
/// as it is.
pub(crate) fn digest(image: &Image<'_, '_>) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut decoded = false;
    match image {
        Image::Stencil(stencil) => stencil.with_stencil(
            |luma, _| {
                decoded = true;
                hash.update(b"stencil");
                add_luma(&mut hash, &luma);
            },
            None,
        ),
        Image::Raster(raster) => raster.with_rgba(
            |colours, alpha| {
                decoded = true;
                match colours {
                    ImageData::Rgb(rgb) => {
                        hash.update(b"rgb");
                        add(&mut hash, &rgb.data, rgb.width, rgb.height, rgb.interpolate);
                    }
                    ImageData::Luma(luma) => {
                        hash.update(b"luma");
                        add_luma(&mut hash, &luma);
                    }
                }
                if let Some(alpha) = alpha {
                    hash.update(b"alpha");
                    add_luma(&mut hash, &alpha);
                }
            },
            None,
        ),
    }
    if !decoded {
        hash.update(b"undecoded");
        hash.update(stream(image).raw_data());
    }
    hash.finalize().into()
}

fn add_luma(hash: &mut Sha256, luma: &LumaData) {
    add(hash, &luma.data, luma.width, luma.height, luma.interpolate);
}

fn add(hash: &mut Sha256, data: &[u8], width: u32, height: u32, interpolate: bool) {
    hash.update(width.to_be_bytes());
    hash.update(height.to_be_bytes());
    hash.update([u8::from(interpolate)]);
    hash.update(data);
}

/// The stream of a picture.
pub(crate) fn stream<'b>(image: &'b Image<'_, '_>) -> &'b Stream<'b> {
    match image {
        Image::Stencil(stencil) => stencil.stream(),
        Image::Raster(raster) => raster.stream(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_come_from_the_headers() {
        let jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC2, 0, 11, 8, 0x01, 0x00, 0x02, 0x00, 1];
        assert_eq!(jpeg_pixels(&jpeg), Some(0x100 * 0x200));
        let mut siz = vec![0, 0, 0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0];
        for number in [70_000_u32, 60_000, 0, 0] {
            siz.extend(number.to_be_bytes());
        }
        assert_eq!(jpeg_2000_pixels(&siz), Some(70_000 * 60_000));
        let jbig2 = [0, 0, 0, 0, 48, 0, 1, 0, 0, 0, 19, 0, 0, 1, 0, 0, 0, 2, 0];
        assert_eq!(jbig2_pixels(&jbig2), Some(0x100 * 0x200));
    }

    #[test]
    fn cut_headers_have_no_size() {
        for cut in 0..17 {
            let jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC2, 0, 11, 8, 0x01, 0x00, 0x02, 0x00];
            assert_eq!(jpeg_pixels(&jpeg[..cut]), None);
        }
    }
}
