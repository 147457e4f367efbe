//! JPEG files with further pictures, videos and trailers behind the first picture, built by code.

use image::codecs::jpeg::JpegEncoder;
use image::{ColorType, ImageEncoder};

use crate::fixtures::{photo, segment, with};

/// A picture of another size with a comment.
pub(crate) fn picture(width: u32, height: u32, segments: &[u8]) -> Vec<u8> {
    let pixels: Vec<u8> = (0..width * height).map(|at| (at * 7) as u8).collect();
    let mut bytes = Vec::new();
    JpegEncoder::new(&mut bytes)
        .write_image(&pixels, width, height, ColorType::L8.into())
        .expect("the encoder takes it");
    with(&bytes, &[segments, &segment(0xfe, b"PLANTED second comment")].concat())
}

fn xmp(text: &str) -> Vec<u8> {
    segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", text.as_bytes()].concat())
}

/// A photo with an index (CIPA DC-007) of further pictures, which follow it; each with the code of its purpose.
pub(crate) fn multi_picture(segments: &[u8], further: &[(u32, Vec<u8>)], big_endian: bool) -> Vec<u8> {
    let long = |value: usize| match big_endian {
        true => (value as u32).to_be_bytes(),
        false => (value as u32).to_le_bytes(),
    };
    let short = |value: u16| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let index = |size: usize, at: usize| {
        let mut tiff = if big_endian { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
        tiff.extend(long(8));
        tiff.extend(short(2));
        tiff.extend([&short(0xb001)[..], &short(4), &long(1), &long(further.len() + 1)].concat());
        tiff.extend([&short(0xb002)[..], &short(7), &long(16 * (further.len() + 1)), &long(38)].concat());
        tiff.extend(long(0));
        let mut offset = size - at;
        tiff.extend([long(0x2003_0000), long(size), long(0), long(0)].concat());
        for (purpose, picture) in further {
            tiff.extend([long(*purpose as usize), long(picture.len()), long(offset), long(0)].concat());
            offset += picture.len();
        }
        segment(0xe2, &[b"MPF\0", tiff.as_slice()].concat())
    };
    let photo = photo();
    let at = 2 + segments.len() + 8;
    let size = photo.len() + segments.len() + index(at, at).len();
    let main = with(&photo, &[segments, &index(size, at)].concat());
    further.iter().fold(main, |file, (_, picture)| [file, picture.clone()].concat())
}

/// An Ultra HDR photo: gain map by index, ISO 21496-1 segment, XMP of Google and Adobe.
pub(crate) fn ultra_hdr() -> Vec<u8> {
    let iso = segment(0xe2, b"urn:iso:std:iso:ts:21496:-1\0\0\0\0PLANTED-gainmap");
    let container = xmp(
        r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description xmlns:Container="http://ns.google.com/photos/1.0/container/" xmlns:Item="http://ns.google.com/photos/1.0/container/item/"
        xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="PLANTED"><Container:Directory><rdf:Seq>
        <rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="GainMap" Item:Mime="image/jpeg"/></rdf:li>
        </rdf:Seq></Container:Directory></rdf:Description></rdf:RDF></x:xmpmeta>"#,
    );
    let map =
        picture(24, 16, &xmp(r#"<a xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:GainMapMax="PLANTED"/>"#));
    multi_picture(&[iso, container].concat(), &[(0, map)], true)
}

/// A video as phones put it behind the picture.
fn video() -> Vec<u8> {
    [&b"\0\0\0\x18ftypmp42PLANTEDmp42isom"[..], &[7; 1_200]].concat()
}

/// A motion photo in Google's way.
pub(crate) fn motion_photo() -> Vec<u8> {
    let announced = xmp(r#"<a xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" GCamera:MotionPhoto="1"/>"#);
    [with(&photo(), &announced), video()].concat()
}

/// A motion photo in Samsung's way: named blocks and their directory.
pub(crate) fn samsung() -> Vec<u8> {
    let mut blocks = Vec::new();
    let mut starts = Vec::new();
    for (kind, name, data) in [
        (0x0a01_u16, "Image_UTC_Data", b"PLANTED 1700000000".to_vec()),
        (0x0aa1, "MCC_Data", b"PLANTED 262".to_vec()),
        (0x0a30, "MotionPhoto_Data", video()),
        (0x0ba1, "PhotoEditor_Re_Edit_Data", b"PLANTED edit".to_vec()),
        (0x0ab3, "DualShot_DepthMap_1", b"PLANTED depth".to_vec()),
    ] {
        let start = blocks.len();
        blocks.extend([0, 0]);
        blocks.extend(kind.to_le_bytes());
        blocks.extend((name.len() as u32).to_le_bytes());
        blocks.extend(name.as_bytes());
        blocks.extend(data);
        starts.push((kind, start, blocks.len() - start));
    }
    let mut directory = b"SEFH\x6b\0\0\0".to_vec();
    directory.extend((starts.len() as u32).to_le_bytes());
    for (kind, start, size) in starts {
        directory.extend([0, 0]);
        directory.extend(kind.to_le_bytes());
        directory.extend(((blocks.len() - start) as u32).to_le_bytes());
        directory.extend((size as u32).to_le_bytes());
    }
    let size = (directory.len() as u32).to_le_bytes();
    [photo(), blocks, directory, size.to_vec(), b"SEFT".to_vec()].concat()
}

/// Name and bytes of the fixtures.
pub(crate) fn all() -> Vec<(&'static str, Vec<u8>)> {
    let pictures = || {
        vec![(0x01_0001, picture(40, 30, &[])), (0x02_0002, picture(32, 32, &[])), (0x02_0003, picture(48, 32, &[]))]
    };
    let depth = xmp(r#"<a xmlns:GDepth="http://ns.google.com/photos/1.0/depthmap/" GDepth:Near="PLANTED"/>"#);
    vec![
        ("multi-picture", multi_picture(&[], &pictures(), true)),
        ("multi-picture, little-endian", multi_picture(&[], &pictures(), false)),
        ("Ultra HDR", ultra_hdr()),
        ("motion photo", motion_photo()),
        ("Samsung", samsung()),
        ("uncropped original", [photo(), picture(96, 64, &[])].concat()),
        ("depth map", [photo(), picture(24, 16, &depth)].concat()),
        ("camera trailer", [photo(), b"CANON OPTIONAL DATA\0PLANTED".to_vec()].concat()),
        ("another format", [photo(), b"GIF89aPLANTED".to_vec()].concat()),
    ]
}
