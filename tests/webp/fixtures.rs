//! WebP files built by code.

use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder};

use crate::metadata;

/// A VP8 key frame of 16×16 pixels in one colour.
const LOSSY_16: [u8; 32] = [
    0x30, 0x01, 0x00, 0x9d, 0x01, 0x2a, 0x10, 0x00, 0x10, 0x00, 0x07, 0x40, 0x96, 0x25, 0xa0, 0x00, 0x03, 0x70, 0x00,
    0xfe, 0xe0, 0xb7, 0x7f, 0xfc, 0x92, 0xf5, 0x27, 0xe5, 0x60, 0x88, 0x00, 0x00,
];
/// A VP8 key frame of 8×6 pixels in one colour.
const LOSSY_8: [u8; 28] = [
    0x30, 0x01, 0x00, 0x9d, 0x01, 0x2a, 0x08, 0x00, 0x06, 0x00, 0x0f, 0xc0, 0xfe, 0x25, 0xa0, 0x00, 0x03, 0x70, 0x00,
    0xfe, 0xad, 0xf7, 0xfa, 0x4b, 0xa5, 0xb5, 0xc0, 0x00,
];

/// A chunk with its padding.
pub(crate) fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut bytes = [name.as_slice(), &(data.len() as u32).to_le_bytes(), data].concat();
    bytes.resize(bytes.len().next_multiple_of(2), 0);
    bytes
}

/// A file of these chunks.
pub(crate) fn webp(chunks: &[Vec<u8>]) -> Vec<u8> {
    let body = [b"WEBP".to_vec(), chunks.concat()].concat();
    [b"RIFF".as_slice(), &(body.len() as u32).to_le_bytes(), &body].concat()
}

/// A lossless chunk of noise.
pub(crate) fn lossless(width: u32, height: u32, alpha: bool) -> Vec<u8> {
    let (channels, colour) = if alpha { (4, ExtendedColorType::Rgba8) } else { (3, ExtendedColorType::Rgb8) };
    let pixels: Vec<u8> =
        (0..width * height * channels).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let mut file = Vec::new();
    WebPEncoder::new_lossless(&mut file).write_image(&pixels, width, height, colour).expect("memory");
    // It writes nothing but header and picture.
    assert_eq!(&file[12..16], b"VP8L");
    file.split_off(12)
}

/// A lossy chunk of 16×16 or of 8×6 pixels.
pub(crate) fn lossy(width: u32) -> Vec<u8> {
    chunk(b"VP8 ", if width == 16 { &LOSSY_16 } else { &LOSSY_8 })
}

/// Stored transparency for so many pixels.
pub(crate) fn alpha(pixels: usize) -> Vec<u8> {
    let data: Vec<u8> = std::iter::once(0).chain((0..pixels).map(|at| (at * 7) as u8)).collect();
    chunk(b"ALPH", &data)
}

/// The contents of a VP8X chunk.
pub(crate) fn extended(flags: u8, width: u32, height: u32) -> Vec<u8> {
    let mut data = vec![flags, 0, 0, 0];
    data.extend(&(width - 1).to_le_bytes()[..3]);
    data.extend(&(height - 1).to_le_bytes()[..3]);
    chunk(b"VP8X", &data)
}

/// A frame at a place on the canvas.
pub(crate) fn frame(left: u32, top: u32, size: (u32, u32), flags: u8, picture: &[Vec<u8>]) -> Vec<u8> {
    let mut data = Vec::new();
    for number in [left / 2, top / 2, size.0 - 1, size.1 - 1, 40] {
        data.extend(&number.to_le_bytes()[..3]);
    }
    data.push(flags);
    data.extend(picture.concat());
    chunk(b"ANMF", &data)
}

/// The header of an animation.
pub(crate) fn animation() -> Vec<u8> {
    chunk(b"ANIM", &[1, 2, 3, 4, 5, 0])
}

/// Three frames: lossless, lossy with transparency, lossy; the parts of the file one by one.
pub(crate) fn animated() -> Vec<Vec<u8>> {
    vec![
        extended(0x12, 16, 16),
        animation(),
        frame(0, 0, (16, 16), 0, &[lossless(16, 16, true)]),
        frame(4, 6, (8, 6), 1, &[alpha(48), lossy(8)]),
        frame(0, 0, (16, 16), 2, &[lossy(16)]),
    ]
}

/// A still lossy picture with everything that decides its look: profile, transparency, orientation.
pub(crate) fn bare() -> Vec<Vec<u8>> {
    vec![
        extended(0x38, 16, 16),
        chunk(b"ICCP", &metadata::profile(504)),
        alpha(256),
        lossy(16),
        chunk(b"EXIF", b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"),
    ]
}

/// The same with every kind of metadata that a WebP can carry.
pub(crate) fn laden() -> Vec<u8> {
    let mut vp8x = extended(0xfd, 16, 16);
    vp8x[9..12].copy_from_slice(&[1, 2, 3]);
    let profile = [&metadata::profile(504), b"PLANTED behind the profile".as_slice()].concat();
    let mut padded = chunk(b"JUNK", b"PLANTED-1");
    *padded.last_mut().expect("padding") = b'P';
    let mut bytes = webp(&[
        vp8x,
        chunk(b"ABCD", b"PLANTED unknown"),
        chunk(b"ICCP", &profile),
        chunk(b"ICCP", b"PLANTED second profile"),
        alpha(256),
        lossy(16),
        padded,
        lossy(16),
        chunk(b"EXIF", &[b"Exif\0\0", metadata::exif(6).as_slice()].concat()),
        chunk(b"EXIF", &metadata::exif(3)),
        chunk(b"XMP ", metadata::xmp().as_bytes()),
        chunk(b"C2PA", b"PLANTED credentials"),
    ]);
    bytes.extend(b"PLANTED behind the end");
    bytes
}

/// An animation with metadata around and inside of its frames.
pub(crate) fn laden_animation() -> Vec<u8> {
    let mut parts = animated();
    parts[0] = extended(0x1e, 16, 16);
    parts[1] = chunk(b"ANIM", b"\x01\x02\x03\x04\x05\0PLANTED");
    let first =
        [lossless(16, 16, true), chunk(b"ABCD", b"PLANTED in a frame"), chunk(b"XMP ", metadata::xmp().as_bytes())];
    parts[2] = frame(0, 0, (16, 16), 0xfc, &first);
    parts.insert(3, chunk(b"XMP ", metadata::xmp().as_bytes()));
    parts.push(chunk(b"EXIF", &metadata::exif(1)));
    parts.push(animation());
    webp(&parts)
}

/// Name and bytes of every fixture that must be cleaned; those that need nothing first.
pub(crate) fn all() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("lossy", webp(&[lossy(16)])),
        ("small lossy", webp(&[lossy(8)])),
        ("lossless", webp(&[lossless(21, 13, false)])),
        ("lossless with alpha", webp(&[lossless(21, 13, true)])),
        ("extended lossless", webp(&[extended(0x10, 21, 13), lossless(21, 13, true)])),
        ("profile, alpha, orientation", webp(&bare())),
        ("animated", webp(&animated())),
        ("laden", laden()),
        ("laden animation", laden_animation()),
    ]
}
