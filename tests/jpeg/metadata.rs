//! Metadata blocks with planted markers, built by code. Every marker begins with `PLANTED` and is unique, so that a test can
//! look for all of them at once.

#![allow(dead_code)] // each test crate uses its part

use std::sync::LazyLock;

use fieldstrip::Policy;

/// What no copy may hold.
pub(crate) const MARKER: &[u8] = b"PLANTED";

/// True when the marker stands in the bytes as ASCII or as UTF-16.
pub(crate) fn holds_marker(bytes: &[u8]) -> bool {
    let wide: Vec<u8> = MARKER.iter().flat_map(|byte| [*byte, 0]).collect();
    [MARKER, wide.as_slice()].iter().any(|marker| bytes.windows(marker.len()).any(|window| window == *marker))
}

enum Value {
    Ascii(&'static str),
    Bytes(Vec<u8>),
    Short(u16),
    Long(u32),
    Degrees([u32; 3]),
}

/// A little-endian TIFF structure: IFD0 with EXIF, GPS and a thumbnail behind it.
pub(crate) fn exif(orientation: u16) -> Vec<u8> {
    let mut exif = b"II*\0\x08\0\0\0".to_vec();
    let wide: Vec<u8> = "PLANTED-xpauthor\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut comment = b"ASCII\0\0\0".to_vec();
    comment.extend(b"PLANTED-usercomment");
    let picture = [
        (0x010f, Value::Ascii("PLANTED-make")),
        (0x0112, Value::Short(orientation)),
        (0x013b, Value::Ascii("PLANTED-artist")),
        (0x9c9d, Value::Bytes(wide)),
        (0x8769, Value::Long(0)),
        (0x8825, Value::Long(0)),
    ];
    let details = [
        (0x9286, Value::Bytes(comment)),
        (0x927c, Value::Bytes(b"PLANTED-makernote".to_vec())),
        (0xa431, Value::Ascii("PLANTED-serial")),
    ];
    let gps = [
        (0x0001, Value::Ascii("S")),
        (0x0002, Value::Degrees([33, 51, 25])),
        (0x0003, Value::Ascii("E")),
        (0x0004, Value::Degrees([151, 12, 55])),
        (0x001b, Value::Bytes(b"PLANTED-gpsmethod".to_vec())),
    ];
    let thumbnail = [(0x0201, Value::Long(0)), (0x0202, Value::Long(17))];
    let pointers = directory(&mut exif, &picture);
    let link = exif.len() - 4 - pointers.1;
    for (tag, values) in [(0x8769, &details[..]), (0x8825, &gps[..])] {
        let at = exif.len() as u32;
        let (_, pointer) = pointers.0.iter().find(|(known, _)| *known == tag).expect("pointer");
        exif[*pointer..*pointer + 4].copy_from_slice(&at.to_le_bytes());
        directory(&mut exif, values);
    }
    let at = exif.len() as u32;
    exif[link..link + 4].copy_from_slice(&at.to_le_bytes());
    let (values, _) = directory(&mut exif, &thumbnail);
    let at = exif.len() as u32;
    exif[values[0].1..values[0].1 + 4].copy_from_slice(&at.to_le_bytes());
    exif.extend(b"PLANTED-thumbnail");
    exif
}

/// Appends a directory and its values. Returns where the value of each tag stands, and the size of the values behind it.
fn directory(exif: &mut Vec<u8>, entries: &[(u16, Value)]) -> (Vec<(u16, usize)>, usize) {
    let start = exif.len();
    let values_at = start + 2 + entries.len() * 12 + 4;
    let mut values: Vec<u8> = Vec::new();
    let mut places = Vec::new();
    exif.extend((entries.len() as u16).to_le_bytes());
    for (tag, value) in entries {
        let (kind, count, bytes): (u16, usize, Vec<u8>) = match value {
            Value::Ascii(text) => (2, text.len() + 1, [text.as_bytes(), b"\0"].concat()),
            Value::Bytes(bytes) => (7, bytes.len(), bytes.clone()),
            Value::Short(number) => (3, 1, number.to_le_bytes().to_vec()),
            Value::Long(number) => (4, 1, number.to_le_bytes().to_vec()),
            Value::Degrees(parts) => {
                (5, 3, parts.iter().flat_map(|part| [part.to_le_bytes(), 1_u32.to_le_bytes()].concat()).collect())
            }
        };
        exif.extend(tag.to_le_bytes());
        exif.extend(kind.to_le_bytes());
        exif.extend((count as u32).to_le_bytes());
        places.push((*tag, exif.len()));
        if bytes.len() <= 4 {
            exif.extend(bytes.iter().copied().chain([0; 4]).take(4));
        } else {
            exif.extend(((values_at + values.len()) as u32).to_le_bytes());
            values.extend(bytes);
        }
    }
    exif.extend([0; 4]);
    exif.extend(&values);
    (places, values.len())
}

/// An XMP packet with simple, attribute, list and nested properties.
pub(crate) fn xmp() -> String {
    r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="PLANTED toolkit">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
    xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
    photoshop:City="PLANTED city" aux:SerialNumber="PLANTED &amp; serial">
   <dc:creator><rdf:Seq><rdf:li>PLANTED Jane</rdf:li><rdf:li>PLANTED Joe</rdf:li></rdf:Seq></dc:creator>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">PLANTED &lt;title&gt;</rdf:li></rdf:Alt></dc:title>
   <xmpMM:DocumentID>PLANTED-document-id</xmpMM:DocumentID>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"#
        .to_owned()
}

/// Photoshop resources with an IPTC record and a thumbnail.
pub(crate) fn photoshop() -> Vec<u8> {
    let mut iptc = Vec::new();
    for (number, value) in [(80_u8, "PLANTED by-line"), (90, "PLANTED city"), (105, "PLANTED headline")] {
        iptc.extend([0x1c, 2, number]);
        iptc.extend((value.len() as u16).to_be_bytes());
        iptc.extend(value.as_bytes());
    }
    let mut resources = Vec::new();
    for (number, data) in [(0x0404_u16, iptc.as_slice()), (0x040c, b"PLANTED-8bim-thumb"), (0x03ed, b"PLANTED-res")] {
        resources.extend(b"8BIM");
        resources.extend(number.to_be_bytes());
        resources.extend([0, 0]);
        resources.extend((data.len() as u32).to_be_bytes());
        resources.extend(data);
        resources.resize(resources.len().next_multiple_of(2), 0);
    }
    resources
}

/// The policy of the tests: the built-in one, which keeps colour profiles.
pub(crate) fn policy() -> &'static Policy {
    static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::built_in("public-release").unwrap());
    &POLICY
}

/// Bytes of [`profile`] before the numbers of its curve.
pub(crate) const PROFILE_CURVE: usize = 252;

/// A gray colour profile of version 4 that says nothing but a curve, of `size` bytes: a multiple of four.
pub(crate) fn profile(size: usize) -> Vec<u8> {
    let number = |value: usize| (value as u32).to_be_bytes();
    let text = |text: &str| {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        [b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS", &number(wide.len())[..], &number(28), &wide].concat()
    };
    let curve: Vec<u8> = (0..size - PROFILE_CURVE).map(|at| (at % 251) as u8).collect();
    let curve = [b"curv\0\0\0\0", &number(curve.len() / 2)[..], &curve].concat();
    let header = [
        &number(size)[..],
        b"\0\0\0\0\x04\x30\0\0mntrGRAYXYZ ",
        &[0; 12],
        b"acsp",
        &[0; 28],
        b"\0\0\xf6\xd6\0\x01\0\0\0\0\xd3\x2d",
        &[0; 48],
    ];
    let mut table = number(3).to_vec();
    let mut at = 168;
    let tags = [(b"desc", text("Gray")), (b"cprt", text("none")), (b"kTRC", curve)];
    for (name, data) in &tags {
        table.extend([name.as_slice(), &number(at), &number(data.len())].concat());
        at += data.len();
    }
    let data = tags.iter().flat_map(|(_, data)| data.clone()).collect();
    [header.concat(), table, data].concat()
}
