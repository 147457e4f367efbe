//! PDF files built by code, object by object.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// A document as a list of objects that a test can change before it is written.
#[derive(Clone)]
pub(crate) struct Fixture {
    /// Object numbers and bodies, without `obj` and `endobj`.
    pub(crate) objects: Vec<(u32, Vec<u8>)>,
    /// What stands in the trailer besides `/Size` and `/Root 1 0 R`.
    pub(crate) trailer: String,
}

/// A dictionary and the data of a stream as one object body.
pub(crate) fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut body = format!("<<{dictionary}/Length {}>>\nstream\n", data.len()).into_bytes();
    body.extend_from_slice(data);
    body.extend_from_slice(b"\nendstream");
    body
}

impl Fixture {
    /// Two pages: text, a path, a picture, a form and links on the first, text on the second; a bookmark for each.
    pub(crate) fn new() -> Self {
        let first = b"q 100 0 0 50 72 600 cm /Im Do Q\n\
            BT /F 12 Tf 72 720 Td (Hello wide world) Tj 0 -14 Td [(Second) -300 (line)] TJ ET\n\
            0.25 0.5 0.75 rg 72 500 100 40 re f 2 w 72 450 m 172 470 l S\n\
            q 1 0 0 1 300 300 cm /Fm Do Q\n";
        let mut fixture = Self { objects: Vec::new(), trailer: String::new() };
        let mut add = |number: u32, body: Vec<u8>| fixture.objects.push((number, body));
        add(1, b"<</Type/Catalog/Pages 2 0 R/Outlines 12 0 R>>".to_vec());
        add(2, b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2/MediaBox[0 0 612 792]>>".to_vec());
        add(3, b"<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources 7 0 R/Annots[10 0 R 11 0 R]>>".to_vec());
        add(4, b"<</Type/Page/Parent 2 0 R/Contents 6 0 R/Resources 7 0 R/Rotate 90>>".to_vec());
        add(5, stream("", first));
        add(6, stream("", b"BT /F 10 Tf 50 50 Td (The second page) Tj ET"));
        add(7, b"<</Font<</F 8 0 R>>/XObject<</Im 9 0 R/Fm 15 0 R>>>>".to_vec());
        add(8, b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_vec());
        let samples = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120];
        add(
            9,
            stream("/Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceRGB/BitsPerComponent 8", &samples),
        );
        add(
            10,
            b"<</Type/Annot/Subtype/Link/Rect[72 715 150 730]/A<</S/URI/URI(https://example.org/report)>>>>".to_vec(),
        );
        add(11, b"<</Type/Annot/Subtype/Link/Rect[72 700 150 712]/Dest[4 0 R/Fit]>>".to_vec());
        add(12, b"<</Type/Outlines/First 13 0 R/Last 14 0 R/Count 2>>".to_vec());
        add(13, b"<</Title(Beginning)/Parent 12 0 R/Next 14 0 R/Dest[3 0 R/Fit]>>".to_vec());
        add(14, b"<</Title(End)/Parent 12 0 R/Prev 13 0 R/Dest[4 0 R/Fit]>>".to_vec());
        add(15, stream("/Type/XObject/Subtype/Form/BBox[0 0 50 50]", b"1 0 0 rg 10 10 30 30 re f"));
        fixture
    }

    /// One page with this content and these further objects, which begin at number 10.
    pub(crate) fn page(content: &str, resources: &str, page: &str, catalog: &str, further: &[Vec<u8>]) -> Self {
        let mut fixture = Self { objects: Vec::new(), trailer: String::new() };
        let mut add = |number: u32, body: Vec<u8>| fixture.objects.push((number, body));
        add(1, format!("<</Type/Catalog/Pages 2 0 R{catalog}>>").into_bytes());
        add(2, b"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 612 792]>>".to_vec());
        add(3, format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<{resources}>>{page}>>").into_bytes());
        add(4, stream("", content.as_bytes()));
        add(5, b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_vec());
        for (body, number) in further.iter().zip(10..) {
            add(number, body.clone());
        }
        fixture
    }

    /// Replaces `from` by `to` in every object that holds it and sets stream lengths right.
    pub(crate) fn swap(&mut self, from: &str, to: &str) -> &mut Self {
        let mut found = false;
        for (_, body) in &mut self.objects {
            while let Some(at) = body.windows(from.len()).position(|window| window == from.as_bytes()) {
                body.splice(at..at + from.len(), to.bytes());
                found = true;
                if to.contains(from) {
                    break;
                }
            }
        }
        assert!(found, "the fixture has no {from:?}");
        self
    }

    /// Takes an object out.
    pub(crate) fn remove(&mut self, number: u32) -> &mut Self {
        self.objects.retain(|(known, _)| *known != number);
        self
    }

    /// Adds an object.
    pub(crate) fn add(&mut self, number: u32, body: impl Into<Vec<u8>>) -> &mut Self {
        self.objects.push((number, body.into()));
        self
    }

    /// The file, with a classic cross-reference table.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut objects = self.objects.clone();
        objects.sort();
        let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
        let size = objects.iter().map(|(number, _)| number + 1).max().unwrap_or(1);
        let mut table = format!("xref\n0 {size}\n0000000000 65535 f \n");
        let mut next = 1;
        for (number, body) in &objects {
            while next < *number {
                table.push_str("0000000000 00000 f \n");
                next += 1;
            }
            let _ = writeln!(table, "{:010} 00000 n ", out.len());
            next += 1;
            out.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            out.extend_from_slice(&fixed_length(body));
            out.extend_from_slice(b"\nendobj\n");
        }
        let start = out.len();
        let digest: String = Sha256::digest(&out)[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        let trailer = &self.trailer;
        let _ = write!(
            table,
            "trailer\n<</Size {size}/Root 1 0 R/ID[<{digest}><{digest}>]{trailer}>>\nstartxref\n{start}\n%%EOF\n"
        );
        out.extend_from_slice(table.as_bytes());
        out
    }
}

/// Sets `/Length` to what the data really has.
fn fixed_length(body: &[u8]) -> Vec<u8> {
    let find = |needle: &[u8]| body.windows(needle.len()).position(|window| window == needle);
    let (Some(key), Some(start), Some(end)) = (find(b"/Length "), find(b"stream\n"), find(b"\nendstream")) else {
        return body.to_vec();
    };
    let close = body[key..].iter().position(|byte| *byte == b'>').unwrap_or(0);
    let length = end - start - 7;
    [&body[..key], format!("/Length {length}").as_bytes(), &body[key + close..]].concat()
}

/// A JPEG's segments with this one among them; no decoder is needed to see it.
pub(crate) fn jpeg_with(segment: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::new();
    let pixels = [200_u8; 8 * 8 * 3];
    image::codecs::jpeg::JpegEncoder::new(&mut encoded)
        .encode(&pixels, 8, 8, image::ExtendedColorType::Rgb8)
        .expect("encodes");
    encoded.splice(2..2, segment.iter().copied());
    encoded
}
