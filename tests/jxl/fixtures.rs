//! JPEG XL files: boxes built by code around tiny codestreams.

use crate::codestream::{Frame, Picture};
use crate::metadata;
use crate::profiles::{Made, V4, localised};

/// Bytes of the profile of [`bare`].
const PROFILE: usize = 504;

/// A box.
pub(crate) fn boxed(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [&(data.len() as u32 + 8).to_be_bytes(), name.as_slice(), data].concat()
}

/// A file of these boxes behind signature and brands.
pub(crate) fn file(boxes: &[Vec<u8>]) -> Vec<u8> {
    let start = [boxed(b"JXL ", b"\r\n\x87\n"), boxed(b"ftyp", b"jxl \0\0\0\0jxl ")];
    [start.concat(), boxes.concat()].concat()
}

/// A whole codestream in its box.
pub(crate) fn whole(picture: &Picture) -> Vec<u8> {
    boxed(b"jxlc", &picture.bytes())
}

/// A codestream cut into parts of this size.
pub(crate) fn parts(codestream: &[u8], size: usize) -> Vec<Vec<u8>> {
    let count = codestream.chunks(size).len() as u32;
    let part = |(index, data): (usize, &[u8])| {
        let last = if index as u32 + 1 == count { 1 << 31 } else { 0 };
        boxed(b"jxlp", &[&(index as u32 | last).to_be_bytes(), data].concat())
    };
    codestream.chunks(size).enumerate().map(part).collect()
}

/// What Brotli makes of data that it stores.
pub(crate) fn stored(data: &[u8]) -> Vec<u8> {
    // Window of 16 bits, not the last block, four nibbles of size, not compressed.
    let start = (data.len() as u32 - 1) << 4 | 1 << 20;
    [&start.to_le_bytes()[..3], data, &[3]].concat()
}

/// A box packed by Brotli.
pub(crate) fn packed(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    boxed(b"brob", &[name.as_slice(), &stored(data)].concat())
}

/// The contents of an `Exif` box.
pub(crate) fn exif() -> Vec<u8> {
    [&[0; 4], metadata::exif(6).as_slice()].concat()
}

/// Three frames and two layers with alpha.
pub(crate) fn animated() -> Picture {
    let shown = |seed| Frame { duration: 10, seed, ..Frame::default() };
    let layer = |seed| Frame { seed, ..Frame::default() };
    Picture {
        channels: vec![(0, "")],
        animated: true,
        frames: vec![shown(1), layer(2), shown(3), layer(4), shown(5)],
        ..Picture::default()
    }
}

/// A picture with everything that a codestream can carry beside its pixels, of which nothing may stay.
pub(crate) fn laden() -> Picture {
    let mut picture = animated();
    picture.channels = vec![(0, "PLANTED-alpha"), (1, "PLANTED the name of a channel with depth, longer than 48")];
    picture.orientation = 6;
    picture.profile = Some(laden_profile());
    picture.behind_profile = "PLANTED in the code of the profile";
    picture.extensions = "PLANTED in the image";
    picture.preview = Some((9, 7));
    picture.timecodes = true;
    for (index, frame) in picture.frames.iter_mut().enumerate() {
        frame.name = "PLANTED name";
        // Not both in one header, and libjxl takes none of a filter.
        if index % 2 == 0 {
            frame.extensions = "PLANTED in a frame";
        } else {
            frame.filter_extensions = "PLANTED in a filter";
        }
    }
    picture.frames[2].ordered = true;
    picture
}

/// [`laden`] without what goes.
pub(crate) fn bare() -> Picture {
    let mut picture = laden();
    picture.channels.iter_mut().for_each(|(_, name)| *name = "");
    picture.profile = Some(metadata::profile(PROFILE));
    picture.behind_profile = "";
    (picture.extensions, picture.preview, picture.timecodes) = ("", None, false);
    for frame in &mut picture.frames {
        (frame.name, frame.extensions, frame.filter_extensions) = ("", "", "");
    }
    picture
}

/// The profile of [`bare`], with texts and dates.
pub(crate) fn laden_profile() -> Vec<u8> {
    let curve = metadata::profile(PROFILE)[metadata::PROFILE_CURVE - 12..].to_vec();
    let made = Made { space: b"GRAY", tags: vec![(b"kTRC", curve)], ..Made::rgb(V4) };
    let texts =
        made.and(b"desc", localised("PLANTED")).and(b"cprt", localised("PLANTED")).and(b"meta", b"PLANTED".into());
    texts.field(4, b"PLAN").field(24, b"PLANTED").field(40, b"APPL").field(80, b"PLAN").build()
}

/// Boxes of every kind that goes.
pub(crate) fn unwanted() -> Vec<Vec<u8>> {
    vec![
        boxed(b"Exif", &exif()),
        boxed(b"xml ", metadata::xmp().as_bytes()),
        boxed(b"jumb", b"PLANTED credentials"),
        boxed(b"jbrd", b"PLANTED markers of a JPEG"),
        boxed(b"jhgm", b"PLANTED gain map"),
        boxed(b"jxli", b"PLANTED frame index"),
        boxed(b"free", b"PLANTED in free space"),
        boxed(b"uuid", b"PLANTED user type"),
        boxed(b"abcd", b"PLANTED unknown"),
        packed(b"Exif", &exif()),
        packed(b"xml ", metadata::xmp().as_bytes()),
        packed(b"jumb", b"PLANTED packed credentials"),
        packed(b"abcd", b"PLANTED packed"),
        boxed(b"brob", b"xml PLANTED and not packed"),
        boxed(b"brob", b"PL"),
    ]
}

/// The laden picture in parts, with all boxes before, between and behind them, and bytes in all places between.
pub(crate) fn laden_file() -> Vec<u8> {
    let codestream = [laden().bytes(), b"PLANTED behind the codestream".to_vec()].concat();
    let mut boxes = vec![boxed(b"jxll", &[10])];
    boxes.extend(unwanted());
    for part in parts(&codestream, 333) {
        boxes.push(part);
        boxes.extend(unwanted());
    }
    let mut bytes = file(&boxes);
    let brands = boxed(b"ftyp", b"jxl \0\0\0\0jxl PLANTED ");
    bytes.splice(12..32, brands);
    bytes.extend(b"PLANTED behind the last box");
    bytes
}

/// Name and bytes of every fixture that must be cleaned; those that need nothing first.
pub(crate) fn all() -> Vec<(&'static str, Vec<u8>)> {
    let plain = Picture::default();
    vec![
        ("plain", plain.bytes()),
        ("animated", animated().bytes()),
        ("profile, depth, orientation", bare().bytes()),
        ("boxed", file(&[whole(&plain)])),
        ("boxed with level", file(&[boxed(b"jxll", &[5]), whole(&bare())])),
        ("laden codestream", [laden().bytes(), b"PLANTED behind".to_vec()].concat()),
        ("laden file", laden_file()),
    ]
}
