//! JPEG 2000 codestreams and containers built by code around coded tiles.

use crate::metadata;

/// The coded data of a picture of 12×10 pixels in four tiles of up to 8×8: three components, no decomposition, lossless.
const TILES: [&[u8]; 4] = [
    &[
        0xdf, 0x81, 0xc8, 0x12, 0x2b, 0x67, 0x11, 0x9b, 0xf7, 0x1e, 0xda, 0x26, 0x2c, 0x67, 0x4f, 0x5e, 0x68, 0x80,
        0xc2, 0xaf, 0x32, 0xf3, 0xb8, 0xf5, 0x42, 0xe5, 0x57, 0x09, 0xca, 0x49, 0x85, 0x3c, 0xca, 0xb9, 0x74, 0x57,
        0x61, 0x6c, 0xf5, 0x01, 0x17, 0xc4, 0x19, 0x3c, 0x5e, 0xfa, 0x84, 0x22, 0xb5, 0xbb, 0x12, 0xaa, 0x01, 0x70,
        0x6e, 0x00, 0x93, 0x42, 0xce, 0x7f, 0xdf, 0x81, 0x98, 0x3c, 0x4c, 0xab, 0x8c, 0xca, 0xa7, 0xe5, 0x8c, 0x4e,
        0x71, 0x46, 0x47, 0x69, 0x4f, 0xee, 0xc3, 0x67, 0xb6, 0x6c, 0x04, 0xb1, 0xf1, 0x18, 0x06, 0xaf, 0x37, 0xe7,
        0xb1, 0x5f, 0x42, 0x51, 0x95, 0x0d, 0x0a, 0x83, 0x4a, 0x2b, 0x13, 0x13, 0x06, 0xde, 0xd7, 0xa5, 0x42, 0x26,
        0x8e, 0x3d, 0x92, 0x20, 0x00, 0x0f, 0xdf, 0x81, 0x80, 0x36, 0xad, 0xf2, 0x11, 0x85, 0x4d, 0x07, 0x25, 0x45,
        0xff, 0x73, 0x77, 0x99, 0x7e, 0xf5, 0xbd, 0x43, 0xca, 0x47, 0xb6, 0xce, 0x84, 0x21, 0x5c, 0x5f, 0x08, 0x61,
        0x0b, 0x22, 0xe4, 0x17, 0x9e, 0xfc, 0x66, 0x79, 0x9e, 0x53, 0x20, 0xa1, 0x27, 0xa3, 0xcb, 0xcb, 0xe0, 0xe8,
        0x15, 0x4f, 0xa7,
    ],
    &[
        0xcf, 0xb4, 0x74, 0x10, 0xdb, 0xb1, 0x8e, 0x08, 0x34, 0x82, 0x2e, 0x6e, 0x64, 0xaa, 0x41, 0x28, 0x5b, 0xa1,
        0x43, 0xe5, 0xa2, 0x5c, 0x5d, 0xa8, 0xb6, 0x11, 0x47, 0xbc, 0x3d, 0x4b, 0x2f, 0x7f, 0xc7, 0xd4, 0x2a, 0x26,
        0x91, 0xb1, 0x09, 0x68, 0xf6, 0x5c, 0xb6, 0xb4, 0x74, 0x72, 0x83, 0xd9, 0x64, 0x89, 0x0b, 0xa9, 0x9d, 0xed,
        0x24, 0x3f, 0xdf, 0x80, 0xd8, 0x13, 0x8d, 0x06, 0x46, 0x50, 0x54, 0x62, 0x63, 0xf0, 0x24, 0xb0, 0x8f, 0xd9,
        0xb9, 0x00, 0x0e, 0x0f, 0x90, 0xbf, 0x86, 0xcc, 0x5f, 0xe0, 0x94, 0xe4, 0x31, 0x1f,
    ],
    &[
        0xc7, 0xd4, 0x1e, 0x20, 0x6d, 0xcf, 0x27, 0xe1, 0x79, 0x64, 0x06, 0xd2, 0xe9, 0x19, 0x0d, 0x91, 0x03, 0x63,
        0xdf, 0x80, 0x88, 0x08, 0x90, 0x50, 0x5d, 0xab, 0xc1, 0x41, 0x89, 0xb0, 0xd8, 0x74, 0x1a, 0x2b, 0x0d, 0xf7,
        0xed, 0x7f, 0xdf, 0x80, 0x78, 0x08, 0x8f, 0x92, 0x59, 0x4f, 0xdb, 0x6c, 0xb5, 0xc8, 0x6a, 0xbe, 0xe8, 0x26,
        0x85, 0x3f,
    ],
    &[
        0xcf, 0xb4, 0x20, 0x0e, 0xd8, 0x2d, 0xcf, 0x75, 0xe8, 0xcc, 0x67, 0xcf, 0xb4, 0x20, 0x09, 0x19, 0x3c, 0xdf,
        0x35, 0xf3, 0x2a, 0x4d, 0xc7, 0xd4, 0x0e, 0x08, 0xe1, 0x62, 0x8d, 0x5c, 0xea, 0x67,
    ],
];

/// A marker segment.
pub(crate) fn segment(code: u8, contents: &[u8]) -> Vec<u8> {
    [&[0xff, code], (contents.len() as u16 + 2).to_be_bytes().as_slice(), contents].concat()
}

/// A comment that says that it is text.
pub(crate) fn comment(text: &str) -> Vec<u8> {
    segment(0x64, &[&[0, 1], text.as_bytes()].concat())
}

/// The size of a picture whose three components have eight bits and all samples.
pub(crate) fn size(width: u32, height: u32, tile: u32) -> Vec<u8> {
    let mut contents = vec![0, 0];
    for number in [width, height, 0, 0, tile, tile, 0, 0] {
        contents.extend(number.to_be_bytes());
    }
    contents.extend([0, 3, 7, 1, 1, 7, 1, 1, 7, 1, 1]);
    segment(0x51, &contents)
}

/// One layer, colour transformation, no decomposition, code-blocks of 64×64, reversible.
pub(crate) fn coding() -> Vec<u8> {
    segment(0x52, &[0, 1, 0, 1, 1, 0, 4, 4, 0, 1])
}

/// No quantization, two guard bits.
pub(crate) fn quantization() -> Vec<u8> {
    segment(0x5c, &[0x40, 0x40])
}

/// A codestream in parts, to be changed before it is written.
#[derive(Clone)]
pub(crate) struct Codestream {
    /// Marker segments of the main header behind SOC.
    pub(crate) main: Vec<Vec<u8>>,
    /// An index of tile-parts of this form behind the main header.
    pub(crate) index: Option<u8>,
    pub(crate) parts: Vec<TilePart>,
    /// The last tile-part says 0 for its length.
    pub(crate) open: bool,
    /// What stands behind the last tile-part.
    pub(crate) end: Vec<u8>,
}

/// A tile-part.
#[derive(Clone)]
pub(crate) struct TilePart {
    pub(crate) tile: u8,
    pub(crate) number: u8,
    pub(crate) count: u8,
    /// Marker segments of its header behind SOT.
    pub(crate) header: Vec<u8>,
    pub(crate) data: Vec<u8>,
}

impl Codestream {
    /// What needs no cleaning: four tiles of one part each.
    pub(crate) fn bare() -> Self {
        let part = |(tile, data): (u8, &&[u8])| TilePart {
            tile,
            number: 0,
            count: 1,
            header: Vec::new(),
            data: data.to_vec(),
        };
        Self {
            main: vec![size(12, 10, 8), coding(), quantization()],
            index: None,
            parts: (0..).zip(&TILES).map(part).collect(),
            open: false,
            end: vec![0xff, 0xd9],
        }
    }

    /// The same with everything that a codestream may have beside: registration, index, packet lengths, a tile in two parts.
    pub(crate) fn rich() -> Self {
        let mut stream = Self::bare();
        stream.main.push(segment(0x63, &[0; 12]));
        stream.index = Some(0x50);
        let mut rest = stream.parts[1].clone();
        (rest.number, rest.count, rest.data) = (1, 2, Vec::new());
        stream.parts[1].count = 2;
        stream.parts.insert(3, rest);
        for part in &mut stream.parts {
            part.header = segment(0x58, &[0, 0x81, 0x10]);
        }
        stream
    }

    /// The rich one with comments and reserved markers wherever they may be.
    pub(crate) fn laden() -> Self {
        let mut stream = Self::rich();
        stream.main.insert(1, comment("Created by PLANTED encoder"));
        stream.main.insert(3, segment(0x64, b"\0\0PLANTED binary"));
        stream.main.push(vec![0xff, 0x30]);
        for part in &mut stream.parts {
            part.header = [comment("PLANTED in a tile"), part.header.clone(), vec![0xff, 0x3f]].concat();
        }
        stream.end.extend(b"PLANTED behind the end");
        stream
    }

    /// The codestream.
    pub(crate) fn write(&self) -> Vec<u8> {
        let length = |part: &TilePart| (14 + part.header.len() + part.data.len()) as u32;
        let mut bytes = [vec![0xff, 0x4f], self.main.concat()].concat();
        if let Some(form) = self.index {
            let mut table = vec![0, form];
            for part in &self.parts {
                match form {
                    0x00 => table.extend((length(part) as u16).to_be_bytes()),
                    0x50 => table.extend([&[part.tile], length(part).to_be_bytes().as_slice()].concat()),
                    form => {
                        assert_eq!(form, 0x20, "there are no other forms here");
                        table.extend([[0, part.tile], (length(part) as u16).to_be_bytes()].concat());
                    }
                }
            }
            bytes.extend(segment(0x55, &table));
        }
        for (at, part) in self.parts.iter().enumerate() {
            let stated = if self.open && at + 1 == self.parts.len() { 0 } else { length(part) };
            bytes.extend([0xff, 0x90, 0, 10, 0, part.tile]);
            bytes.extend(stated.to_be_bytes());
            bytes.extend([part.number, part.count]);
            bytes.extend(&part.header);
            bytes.extend([0xff, 0x93]);
            bytes.extend(&part.data);
        }
        bytes.extend(&self.end);
        bytes
    }
}

/// A box.
pub(crate) fn atom(name: &[u8; 4], contents: &[u8]) -> Vec<u8> {
    [(contents.len() as u32 + 8).to_be_bytes().as_slice(), name, contents].concat()
}

/// Signature and brands: the first is the major one.
pub(crate) fn start(brands: &[&[u8; 4]]) -> Vec<u8> {
    let compatible = brands.iter().copied().flatten().copied().collect::<Vec<u8>>();
    let brands = [brands[0].as_slice(), &[0; 4], &compatible].concat();
    [atom(b"jP  ", b"\r\n\x87\n"), atom(b"ftyp", &brands)].concat()
}

/// An image header with its last two bytes.
pub(crate) fn image_header(unknown_colour: u8, property: u8) -> Vec<u8> {
    atom(b"ihdr", &[0, 0, 0, 10, 0, 0, 0, 12, 0, 3, 7, 7, unknown_colour, property])
}

/// A colour space by its number.
pub(crate) fn colour(number: u32) -> Vec<u8> {
    atom(b"colr", &[[1, 0, 0].as_slice(), &number.to_be_bytes()].concat())
}

/// A colour profile with bytes behind it.
pub(crate) fn profile(behind: &[u8]) -> Vec<u8> {
    atom(b"colr", &[[2, 0, 0].as_slice(), &metadata::profile(504), behind].concat())
}

/// Resolution of the display.
pub(crate) fn resolution() -> Vec<u8> {
    atom(b"res ", &atom(b"resd", &[0, 1, 0, 2, 0, 3, 0, 4, 5, 6]))
}

/// A container that needs no cleaning, in parts: signature and brands, header, codestream.
pub(crate) fn parts(header: &[Vec<u8>], stream: &Codestream) -> Vec<Vec<u8>> {
    vec![start(&[b"jp2 "]), atom(b"jp2h", &header.concat()), atom(b"jp2c", &stream.write())]
}

/// The least header.
pub(crate) fn least() -> Vec<Vec<u8>> {
    vec![image_header(0, 0), colour(16)]
}

/// A header with all that decides the look: depths, profile, a channel for each component, resolution.
pub(crate) fn full() -> Vec<Vec<u8>> {
    let channels = [0, 3, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 2, 0, 2, 0, 0, 0, 3];
    vec![
        image_header(1, 0),
        atom(b"bpcc", &[7, 7, 7]),
        profile(b""),
        colour(16),
        atom(b"cdef", &channels),
        resolution(),
    ]
}

/// A header with a palette of two colours for the first component, 16 bits a channel.
pub(crate) fn palette() -> Vec<Vec<u8>> {
    let colours = [0, 2, 3, 15, 15, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    let map = [0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 2];
    vec![image_header(0, 0), colour(16), atom(b"pclr", &colours), atom(b"cmap", &map)]
}

fn uuid(id: &[u8; 16], contents: &[u8]) -> Vec<u8> {
    atom(b"uuid", &[id.as_slice(), contents].concat())
}

/// Every box that may stand beside a picture, each with its own marker.
pub(crate) fn beside() -> Vec<Vec<u8>> {
    let id = |start: [u8; 4], rest: [u8; 12]| -> [u8; 16] { [&start[..], &rest].concat().try_into().expect("16") };
    let iptc = id([0x33, 0xc7, 0xa4, 0xd2], [0xb8, 0x1d, 0x47, 0x23, 0xa0, 0xba, 0xf1, 0xa3, 0xe0, 0x97, 0xad, 0x38]);
    let xmp = id([0xbe, 0x7a, 0xcf, 0xcb], [0x97, 0xa9, 0x42, 0xe8, 0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3, 0xaf, 0xac]);
    let adobe = id([0x2c, 0x4c, 0x01, 0x00], [0x85, 0x04, 0x40, 0xb9, 0xa0, 0x3e, 0x56, 0x21, 0x48, 0xd6, 0xdf, 0xeb]);
    let geo = id([0xb1, 0x4b, 0xf8, 0xbd], [0x08, 0x3d, 0x4b, 0x43, 0xa5, 0xae, 0x8c, 0xd7, 0xd5, 0xa6, 0xce, 0x03]);
    let c2pa = id([0xd8, 0xfe, 0xc3, 0xd6], [0x1b, 0x0e, 0x48, 0x3c, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7e, 0xc4, 0x81]);
    let by_line = b"\x1c\x02\x50\0\x0fPLANTED by-line";
    let gml = [atom(b"lbl ", b"gml.PLANTED"), atom(b"xml ", b"<gml:pos>PLANTED 1 2</gml:pos>")].concat();
    let info = [atom(b"ulst", b"\0\x01PLANTED-16-bytes"), atom(b"url ", b"\0\0\0\0https://PLANTED/")].concat();
    vec![
        atom(b"rreq", b"PLANTED features"),
        uuid(b"JpgTiffExif->JP2", &metadata::exif(6)),
        uuid(&iptc, by_line),
        uuid(&xmp, metadata::xmp().as_bytes()),
        uuid(&adobe, &metadata::photoshop()),
        uuid(&geo, b"II*\0PLANTED geo"),
        uuid(&c2pa, b"PLANTED credentials"),
        uuid(b"sixteen bytes id", b"PLANTED unknown id"),
        atom(b"xml ", metadata::xmp().as_bytes()),
        atom(b"xml ", b"<note>PLANTED</note>"),
        atom(b"asoc", &atom(b"asoc", &gml)),
        atom(b"uinf", &info),
        atom(b"jp2i", b"PLANTED owner"),
        atom(b"lbl ", b"PLANTED label"),
        atom(b"cref", b"PLANTED reference"),
        atom(b"free", b"PLANTED free"),
        atom(b"abcd", b"PLANTED unknown"),
        atom(b"dtbl", b"PLANTED files"),
        atom(b"chck", b"PLANTED signature"),
    ]
}

/// A JP2 with everything beside its picture, and in its header and codestream.
pub(crate) fn laden() -> Vec<u8> {
    let mut header = full();
    header[0] = image_header(1, 1);
    header[2] = profile(b"PLANTED behind the profile");
    header[4] = [0, 0, 0, 35].iter().chain(&header[4][4..]).chain(b"PLANTED").copied().collect();
    let resolution = [&resolution()[8..], &atom(b"abcd", b"PLANTED in res")].concat();
    header[5] = atom(b"res ", &resolution);
    header.push(atom(b"lbl ", b"PLANTED in header"));
    header.push(atom(b"colr", b"\x04\0\0PLANTED vendor colour"));
    let brands = [b"jp2 ".as_slice(), b"\0\0PL", b"jp2 PLANTED-", b"jp2 "].concat();
    let mut file = [atom(b"jP  ", b"\r\n\x87\n"), atom(b"ftyp", &brands)].concat();
    let beside = beside();
    file.extend(beside[..9].concat());
    file.extend(atom(b"jp2h", &header.concat()));
    file.extend(beside[9..12].concat());
    file.extend(atom(b"jp2c", &Codestream::laden().write()));
    file.extend(beside[12..].concat());
    file.extend(b"PLANTED trailer");
    file
}

/// A JPX of two pictures with headers for both; the first says what `jp2h` says.
pub(crate) fn two_pictures() -> Vec<Vec<u8>> {
    let label = |text: &[u8]| atom(b"lbl ", text);
    let mut second = Codestream::bare();
    second.main.push(comment("PLANTED in the second"));
    vec![
        start(&[b"jpx ", b"jp2 ", b"jpxb"]),
        atom(b"jp2h", &least().concat()),
        atom(b"jpch", &[label(b"PLANTED first"), image_header(0, 0)].concat()),
        atom(b"jplh", &[label(b"PLANTED layer"), atom(b"cgrp", &colour(16))].concat()),
        atom(b"jpch", &label(b"PLANTED second")),
        atom(b"jplh", &[label(b"PLANTED upper"), atom(b"cgrp", &colour(17)), atom(b"opct", &[0])].concat()),
        atom(b"jp2c", &Codestream::bare().write()),
        atom(b"jp2c", &second.write()),
    ]
}

/// Name and bytes of every fixture that must be cleaned; those that need nothing first.
pub(crate) fn all() -> Vec<(&'static str, Vec<u8>)> {
    let mut open = Codestream::rich();
    (open.open, open.index) = (true, Some(0x20));
    let mut open_laden = Codestream::laden();
    open_laden.open = true;
    vec![
        ("codestream", Codestream::bare().write()),
        ("rich codestream", Codestream::rich().write()),
        ("last tile-part without length", open.write()),
        ("container", parts(&least(), &Codestream::bare()).concat()),
        ("full container", parts(&full(), &Codestream::rich()).concat()),
        ("palette", parts(&palette(), &Codestream::bare()).concat()),
        ("laden codestream", Codestream::laden().write()),
        ("laden without length", open_laden.write()),
        ("laden", laden()),
        ("two pictures", two_pictures().concat()),
    ]
}
