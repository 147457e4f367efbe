//! JPEG files built by code.

use image::codecs::jpeg::JpegEncoder;
use image::{ColorType, ImageEncoder};

use crate::metadata;

/// A marker segment.
pub(crate) fn segment(code: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xff, code];
    bytes.extend((payload.len() as u16 + 2).to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// `bytes` with `added` behind the SOI marker.
pub(crate) fn with(bytes: &[u8], added: &[u8]) -> Vec<u8> {
    [&bytes[..2], added, &bytes[2..]].concat()
}

/// A 48×32 picture with some detail, in one baseline scan.
pub(crate) fn photo() -> Vec<u8> {
    let pixels: Vec<u8> =
        (0..48 * 32 * 3_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8 / 4 + (at / 48) as u8).collect();
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 85)
        .write_image(&pixels, 48, 32, ColorType::Rgb8.into())
        .expect("the encoder takes it");
    bytes
}

/// A picture of 8×8 blocks put together by hand. Every block is `0 0` in the Huffman code of the only tables: no change of
/// the DC value, no AC values.
pub(crate) struct ByHand {
    /// SOF marker.
    pub(crate) frame: u8,
    pub(crate) width: u16,
    /// As the frame header states it.
    pub(crate) height: u16,
    pub(crate) components: u8,
    /// Bits of a sample.
    pub(crate) precision: u8,
    /// Segments before the first scan.
    pub(crate) before: Vec<Vec<u8>>,
    /// Spectral selection and data of each scan, and segments behind it.
    pub(crate) scans: Vec<([u8; 3], Vec<u8>, Vec<u8>)>,
}

impl ByHand {
    pub(crate) fn grey(frame: u8, scans: Vec<([u8; 3], Vec<u8>, Vec<u8>)>) -> Self {
        Self { frame, width: 16, height: 8, components: 1, precision: 8, before: Vec::new(), scans }
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8];
        bytes.extend(self.before.concat());
        bytes.extend(segment(0xdb, &[&[0][..], &[1; 64]].concat()));
        let mut frame = vec![self.precision];
        frame.extend(self.height.to_be_bytes());
        frame.extend(self.width.to_be_bytes());
        frame.push(self.components);
        frame.extend((1..=self.components).flat_map(|id| [id, 0x11, 0]));
        bytes.extend(segment(self.frame, &frame));
        for class in [0x00, 0x10] {
            // One code of one bit for the value 0.
            bytes.extend(segment(0xc4, &[&[class, 1][..], &[0; 15], &[0]].concat()));
        }
        for (selection, data, behind) in &self.scans {
            let mut header = vec![self.components];
            header.extend((1..=self.components).flat_map(|id| [id, 0]));
            header.extend(selection);
            bytes.extend(segment(0xda, &header));
            bytes.extend(data);
            bytes.extend(behind);
        }
        bytes.extend([0xff, 0xd9]);
        bytes
    }
}

const WHOLE: [u8; 3] = [0, 63, 0];

/// Two blocks with a restart marker between them.
pub(crate) fn restarts() -> Vec<u8> {
    let mut picture = ByHand::grey(0xc0, vec![(WHOLE, vec![0x3f, 0xff, 0xd0, 0x3f], vec![])]);
    picture.before.push(segment(0xdd, &[0, 1]));
    picture.build()
}

/// DC and AC in scans of their own, a comment and metadata between them.
pub(crate) fn progressive() -> Vec<u8> {
    let between = [segment(0xfe, b"PLANTED-between-scans"), segment(0xe1, b"PLANTED-app1")].concat();
    ByHand::grey(0xc2, vec![([0, 0, 0], vec![0x3f], between), ([1, 63, 0], vec![0x3f], vec![])]).build()
}

/// Four components: CMYK with the transform 0 or none, YCCK with 2. The Adobe segment has two bytes too many.
pub(crate) fn four_components(transform: Option<u8>) -> Vec<u8> {
    let mut picture = ByHand::grey(0xc0, vec![(WHOLE, vec![0x00, 0x00], vec![])]);
    picture.components = 4;
    picture
        .before
        .extend(transform.map(|value| segment(0xee, &[b"Adobe\0\x64\0\0\0\0", &[value][..], b"PL"].concat())));
    picture.build()
}

/// The height stands in a DNL segment behind the first scan.
pub(crate) fn lines_defined_late() -> Vec<u8> {
    let mut picture = ByHand::grey(0xc0, vec![(WHOLE, vec![0x0f], segment(0xdc, &[0, 8]))]);
    picture.height = 0;
    picture.build()
}

/// Arithmetic coding, which no decoder here knows.
pub(crate) fn arithmetic() -> Vec<u8> {
    let mut picture = ByHand::grey(0xc9, vec![(WHOLE, vec![0x12, 0x34, 0x56], vec![])]);
    picture.before.push(segment(0xcc, &[0x00, 0x10]));
    picture.build()
}

/// Lossless Huffman coding: one code for each sample of 16×8.
pub(crate) fn lossless(precision: u8, components: u8) -> Vec<u8> {
    let picture = ByHand::grey(0xc3, vec![([1, 0, 0], vec![0; 16 * usize::from(components)], vec![])]);
    ByHand { precision, components, ..picture }.build()
}

/// Every kind of metadata that a JPEG can carry, around [`photo`].
pub(crate) fn laden() -> Vec<u8> {
    let xmp = metadata::xmp();
    let (first, second) = xmp.split_at(xmp.len() / 2);
    let extended = |offset: usize, text: &str| {
        let mut payload = b"http://ns.adobe.com/xmp/extension/\0PLANTEDPLANTEDPLANTEDPLANTEDPLAN".to_vec();
        payload.extend((xmp.len() as u32).to_be_bytes());
        payload.extend((offset as u32).to_be_bytes());
        payload.extend(text.as_bytes());
        segment(0xe1, &payload)
    };
    let profile = metadata::profile(600);
    let chunk = |number: u8, bytes: &[u8]| segment(0xe2, &[b"ICC_PROFILE\0", &[number, 2][..], bytes].concat());
    let mut segments = vec![
        segment(0xe0, b"JFIF\0\x01\x02\x01\0\x48\0\x48\x01\x07PLANTED-jfif-thumbnail"),
        segment(0xe0, b"JFXX\0\x10PLANTED-jfxx"),
        segment(0xe1, &[b"Exif\0\0", metadata::exif(6).as_slice()].concat()),
        segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", xmp.as_bytes()].concat()),
        // Out of order on purpose, as the profile's chunks.
        extended(first.len(), second),
        extended(0, first),
        chunk(2, &profile[300..]),
        chunk(1, &profile[..300]),
        segment(0xe2, b"MPF\0PLANTED-mpf"),
        segment(0xe2, b"FPXR\0PLANTED-fpxr"),
        segment(0xe2, b"urn:iso:std:iso:ts:21496:-1\0PLANTED-gainmap"),
        segment(0xeb, b"JP\0\x01PLANTED-jumbf"),
        segment(0xec, b"DuckyPLANTED-ducky"),
        segment(0xed, &[b"Photoshop 3.0\0", metadata::photoshop().as_slice()].concat()),
        segment(0xee, b"Adobe\0\x64\0\0\0\0\x01PLANTED-adobe"),
        segment(0xfe, b"PLANTED comment"),
        b"PLANTED junk".to_vec(),
        vec![0xff; 5],
    ];
    segments.extend((0xe3..=0xea).chain([0xef]).map(|code| segment(code, b"PLANTED-application")));
    let photo = photo();
    // The encoder writes a JFIF segment of 18 bytes; ours comes in its place.
    let mut bytes = photo[..2].to_vec();
    bytes.extend(segments.concat());
    bytes.extend(&photo[20..]);
    bytes.extend(restarts());
    bytes.extend([0; 40]);
    bytes.extend(b"\0\0\0\x18ftypmp42PLANTEDmp42isom");
    bytes
}

/// Name and bytes of every fixture that must be cleaned.
pub(crate) fn all() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("photo", photo()),
        ("restarts", restarts()),
        ("progressive", progressive()),
        ("cmyk", four_components(Some(0))),
        ("cmyk without Adobe", four_components(None)),
        ("ycck", four_components(Some(2))),
        ("extended sequential", ByHand::grey(0xc1, vec![(WHOLE, vec![0x0f], vec![])]).build()),
        ("lines defined late", lines_defined_late()),
        ("arithmetic", arithmetic()),
        ("lossless", lossless(8, 1)),
        ("lossless, 16 bits", lossless(16, 1)),
        ("lossless, three components", lossless(8, 3)),
        ("laden", laden()),
    ]
}
