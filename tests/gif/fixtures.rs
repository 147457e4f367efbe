//! GIF files built by code.

use weezl::{BitOrder, encode::Encoder};

use crate::metadata;

/// Data sub-blocks of at most `size` bytes and the empty one at their end.
pub(crate) fn sub_blocks(data: &[u8], size: usize) -> Vec<u8> {
    let mut blocks: Vec<u8> = data.chunks(size).flat_map(|part| [&[part.len() as u8], part].concat()).collect();
    blocks.push(0);
    blocks
}

/// An extension with this label.
pub(crate) fn extension(label: u8, data: &[u8]) -> Vec<u8> {
    [&[0x21, label], sub_blocks(data, 255).as_slice()].concat()
}

/// An application extension.
pub(crate) fn application(name: &[u8; 11], data: &[u8]) -> Vec<u8> {
    [&[0x21, 0xff, 11], name.as_slice(), &sub_blocks(data, 255)].concat()
}

/// A graphic control extension.
pub(crate) fn control(flags: u8, delay: u16, transparent: u8) -> Vec<u8> {
    let [low, high] = delay.to_le_bytes();
    extension(0xf9, &[flags, low, high, transparent])
}

/// Repetitions of an animation.
pub(crate) fn repetitions(count: u16) -> Vec<u8> {
    let [low, high] = count.to_le_bytes();
    application(b"NETSCAPE2.0", &[1, low, high])
}

/// A palette of so many colours.
pub(crate) fn palette(colours: usize) -> Vec<u8> {
    (0..colours * 3).map(|at| (at * 37) as u8).collect()
}

/// Colour indexes of noise with `bits` bits.
pub(crate) fn pixels(count: usize, bits: u8) -> Vec<u8> {
    (0..count as u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8 & (0xff >> (8 - bits))).collect()
}

pub(crate) fn compress(pixels: &[u8], bits: u8) -> Vec<u8> {
    Encoder::new(BitOrder::Lsb, bits).encode(pixels).expect("memory")
}

/// A picture as its parts, to be changed before it is put together.
#[derive(Clone)]
pub(crate) struct Picture {
    pub(crate) left: u16,
    pub(crate) top: u16,
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) bits: u8,
    pub(crate) interlaced: bool,
    pub(crate) palette: bool,
    pub(crate) data: Vec<u8>,
    pub(crate) split: usize,
}

impl Picture {
    pub(crate) fn new(width: u16, height: u16, bits: u8) -> Self {
        let data = compress(&pixels(usize::from(width) * usize::from(height), bits), bits.max(2));
        Self { left: 0, top: 0, width, height, bits, interlaced: false, palette: false, data, split: 255 }
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        let mut bytes = vec![0x2c];
        for side in [self.left, self.top, self.width, self.height] {
            bytes.extend(side.to_le_bytes());
        }
        let local = if self.palette { 0x80 | (self.bits - 1) } else { 0 };
        bytes.push(local | if self.interlaced { 0x40 } else { 0 });
        if self.palette {
            bytes.extend(palette(1 << self.bits));
        }
        bytes.push(self.bits.max(2));
        bytes.extend(sub_blocks(&self.data, self.split));
        bytes
    }
}

/// A file with a screen of this size, a global palette of `bits` bits, and these blocks.
pub(crate) fn gif(width: u16, height: u16, bits: u8, blocks: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"GIF89a".to_vec();
    bytes.extend(width.to_le_bytes());
    bytes.extend(height.to_le_bytes());
    bytes.extend([0x80 | (bits - 1) << 4 | (bits - 1), 1, 0]);
    bytes.extend(palette(1 << bits));
    bytes.extend(blocks.concat());
    bytes.push(0x3b);
    bytes
}

/// The blocks of an animation: three pictures, the second with a palette of its own, every kind of disposal.
pub(crate) fn animation() -> Vec<Vec<u8>> {
    let part = Picture { left: 3, top: 2, palette: true, ..Picture::new(6, 5, 3) };
    let part = Picture { interlaced: true, ..part };
    vec![
        repetitions(3),
        control(0x04, 10, 0),
        Picture::new(12, 9, 4).build(),
        control(0x09, 5, 2),
        part.build(),
        control(0x0d, 200, 1),
        Picture { left: 1, top: 1, ..Picture::new(8, 8, 4) }.build(),
    ]
}

/// An XMP packet with the bytes behind it that lead a reader of sub-blocks to its end.
pub(crate) fn xmp() -> Vec<u8> {
    let trailer: Vec<u8> = std::iter::once(1).chain((0..=255).rev()).chain([0]).collect();
    [b"\x21\xff\x0bXMP DataXMP", metadata::xmp().as_bytes(), &trailer].concat()
}

/// Every kind of metadata that a GIF can carry.
pub(crate) fn laden() -> Vec<u8> {
    let mut blocks = animation();
    let behind = |data: &[u8]| [data, b"PLANTED behind the last code"].concat();
    let mut picture = Picture::new(12, 9, 4);
    picture.data = behind(&picture.data);
    let added = [
        extension(0xfe, b"PLANTED comment"),
        xmp(),
        application(b"NETSCAPE2.0", b"\x02PLANTED buffer"),
        application(b"ICCRGBG1012", &[&metadata::profile(500), b"PLANTED behind the profile".as_slice()].concat()),
        application(b"MGK8BIM0000", &metadata::photoshop()),
        application(b"MGKIPTC0000", b"\x1c\x02\x50\0\x0dPLANTED Smith"),
        application(b"C2PA_GIF\x01\0\0", b"PLANTED credentials"),
        application(b"ImageMagick", b"gamma=PLANTED"),
        [&[0x21, 0x01, 12], [0; 12].as_slice(), &sub_blocks(b"PLANTED plain text", 7)].concat(),
        control(0, 9, 9),
    ];
    blocks.splice(1..1, added);
    blocks.push(control(0x08, 1, 0));
    blocks.push(extension(0xfe, "PLANTED Zürich".as_bytes()));
    blocks.push(picture.build());
    blocks.push(control(0x08, 1, 0));
    let mut bytes = gif(12, 9, 4, &blocks);
    bytes.extend(b"PLANTED behind the end");
    bytes
}

/// Name and bytes of every fixture that must be cleaned; those that need nothing first.
pub(crate) fn all() -> Vec<(&'static str, Vec<u8>)> {
    let with = |change: fn(&mut Picture)| {
        let mut picture = Picture::new(40, 30, 8);
        change(&mut picture);
        gif(40, 30, 8, &[picture.build()])
    };
    let mut old = gif(7, 5, 2, &[Picture::new(7, 5, 2).build()]);
    old[4] = b'7';
    vec![
        ("two colours", gif(9, 4, 1, &[Picture::new(9, 4, 1).build()])),
        ("87a", old),
        ("256 colours", with(|_| {})),
        ("small sub-blocks", with(|picture| picture.split = 7)),
        ("interlaced", with(|picture| picture.interlaced = true)),
        ("local palette", with(|picture| picture.palette = true)),
        ("transparent", gif(9, 9, 3, &[control(1, 0, 5), Picture::new(9, 9, 3).build()])),
        ("a full table", gif(300, 200, 8, &[Picture::new(300, 200, 8).build()])),
        (
            "long runs",
            gif(200, 200, 4, &[Picture { data: compress(&[3; 40_000], 4), ..Picture::new(200, 200, 4) }.build()]),
        ),
        ("animated", gif(12, 9, 4, &animation())),
        ("fewer pixels than stated", with(|picture| picture.data = compress(&pixels(500, 8), 8))),
        (
            "without end code",
            with(|picture| {
                picture.data.pop();
                picture.data.pop();
            }),
        ),
        (
            "more pixels than stated",
            with(|picture| picture.data = compress(&[&pixels(1_200, 8), b"PLANTED".as_slice()].concat(), 8)),
        ),
        ("zeros between blocks", gif(9, 4, 1, &[vec![0; 3], Picture::new(9, 4, 1).build(), vec![0]])),
        ("unknown extension", gif(9, 4, 1, &[extension(0x42, b"PLANTED"), Picture::new(9, 4, 1).build()])),
        ("laden", laden()),
    ]
}
