//! Pictures that say that they are huge, or that they are many.

use super::{Bomb, Outcome, inflating, zlib};

const HUGE: u32 = 65_500;

pub(super) fn bombs() -> Vec<Bomb> {
    let pixels = Outcome::Limit("image-pixels");
    let frames = Outcome::Limit("image-frames");
    vec![
        Bomb { name: "dimensions.png", build: || png(HUGE, HUGE, &[], 1), outcome: pixels },
        Bomb { name: "dimensions.gif", build: || gif(HUGE as u16, HUGE as u16, 1), outcome: pixels },
        Bomb { name: "dimensions.jpg", build: || jpeg(HUGE as u16, HUGE as u16, &[]), outcome: pixels },
        Bomb { name: "dimensions.bmp", build: bmp, outcome: pixels },
        Bomb { name: "dimensions.tiff", build: || tiff(HUGE, 1), outcome: pixels },
        Bomb { name: "dimensions.jp2", build: jp2, outcome: pixels },
        Bomb { name: "dimensions.jxl", build: jxl, outcome: pixels },
        Bomb { name: "dimensions.heic", build: heif, outcome: pixels },
        Bomb { name: "dimensions.webp", build: || webp(16_383, 1, true), outcome: Outcome::Refused("damaged") },
        Bomb { name: "frames.gif", build: || gif(1, 1, 1_000_000), outcome: frames },
        Bomb { name: "canvas.gif", build: || gif(20_000, 20_000, 20_000), outcome: Outcome::Harmless },
        Bomb { name: "frames.png", build: || animated_png(1, 25_000), outcome: frames },
        Bomb { name: "canvas.png", build: || animated_png(10_000, 5_000), outcome: Outcome::Harmless },
        Bomb { name: "frames.webp", build: || webp(1, 25_000, false), outcome: frames },
        Bomb { name: "canvas.webp", build: || webp(16_000, 5_000, false), outcome: Outcome::Harmless },
        Bomb { name: "frames.tiff", build: || tiff(1, 25_000), outcome: frames },
        Bomb { name: "loop.tiff", build: looping_tiff, outcome: Outcome::Refused("damaged") },
        Bomb { name: "frames.ico", build: || ico(65_535), outcome: Outcome::Limit("image-frames") },
        Bomb { name: "exif-loop.jpg", build: looping_exif, outcome: Outcome::Harmless },
        Bomb { name: "xmp-laughs.jpg", build: laughing_xmp, outcome: Outcome::Harmless },
        Bomb { name: "profile.png", build: profile, outcome: Outcome::Harmless },
        Bomb { name: "inflates.png", build: inflating_png, outcome: Outcome::Limit("decompressed-bytes") },
        Bomb { name: "chunks.png", build: chunks, outcome: Outcome::Limit("image-parts") },
    ]
}

pub fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [name.as_slice(), data].concat();
    let checksum = crc32fast::hash(&body);
    [&(data.len() as u32).to_be_bytes(), body.as_slice(), &checksum.to_be_bytes()].concat()
}

/// A grey PNG whose picture is too short; `between` are chunks before it, and there are so many of them.
pub fn png(width: u32, height: u32, between: &[u8], times: usize) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    let picture = zlib(&vec![0; (width as usize + 1) * height.min(1) as usize]);
    let head = [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), between.repeat(times)].concat();
    [head, chunk(b"IDAT", &picture), chunk(b"IEND", &[])].concat()
}

fn chunks() -> Vec<u8> {
    png(1, 1, &chunk(b"tEXt", b"a\0b"), 1_000_001)
}

/// A profile of three gigabytes in a chunk of three megabytes.
fn profile() -> Vec<u8> {
    let packed = [b"a\0\0\x78\x9c".to_vec(), inflating(0, 3_000)].concat();
    png(1, 1, &chunk(b"iCCP", &packed), 1)
}

/// A picture of one pixel whose data inflate to three gigabytes.
fn inflating_png() -> Vec<u8> {
    let header = [&1_u32.to_be_bytes()[..], &1_u32.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    let picture = [b"\x78\x9c".to_vec(), inflating(0, 3_000), vec![0; 4]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), chunk(b"IDAT", &picture), chunk(b"IEND", &[])].concat()
}

/// An animation on a square canvas: the first frame fills it, the others are one pixel.
fn animated_png(side: u32, count: u32) -> Vec<u8> {
    let header = [&side.to_be_bytes()[..], &side.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    let mut sequence = 0_u32;
    let mut control = |side: u32| {
        let mut data = sequence.to_be_bytes().to_vec();
        for number in [side, side, 0, 0] {
            data.extend(number.to_be_bytes());
        }
        data.extend([0, 1, 0, 10, 0, 0]);
        sequence += 1;
        chunk(b"fcTL", &data)
    };
    let pixel = zlib(&[0, 0]);
    let mut file = [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header)].concat();
    file.extend(chunk(b"acTL", &[count.to_be_bytes(), [0; 4]].concat()));
    file.extend(control(side));
    file.extend(chunk(b"IDAT", &zlib(&vec![0; (side as usize + 1) * side as usize])));
    let mut number = 1_u32;
    for _ in 1..count {
        // Numbers count controls and data together.
        let mut data = number.to_be_bytes().to_vec();
        for value in [1_u32, 1, 0, 0] {
            data.extend(value.to_be_bytes());
        }
        data.extend([0, 1, 0, 10, 0, 0]);
        file.extend(chunk(b"fcTL", &data));
        file.extend(chunk(b"fdAT", &[&(number + 1).to_be_bytes()[..], &pixel].concat()));
        number += 2;
    }
    file.extend(chunk(b"IEND", &[]));
    file
}

/// A GIF with a screen of this size and so many pictures of one pixel.
pub fn gif(width: u16, height: u16, count: usize) -> Vec<u8> {
    let picture = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
    let mut file = b"GIF89a".to_vec();
    file.extend(width.to_le_bytes());
    file.extend(height.to_le_bytes());
    file.extend([0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
    file.extend(picture.repeat(count));
    file.push(0x3b);
    file
}

/// A grey JPEG of this size that ends in its scan, with segments before it.
pub fn jpeg(width: u16, height: u16, segments: &[u8]) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    file.extend(segments);
    file.extend([0xff, 0xdb, 0, 67, 0]);
    file.extend([1; 64]);
    file.extend([0xff, 0xc0, 0, 11, 8]);
    file.extend(height.to_be_bytes());
    file.extend(width.to_be_bytes());
    file.extend([1, 1, 0x11, 0]);
    for class in [0x00, 0x10] {
        file.extend([0xff, 0xc4, 0, 20, class, 1]);
        file.extend([0; 16]);
    }
    file.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x3f, 0xff, 0xd9]);
    file
}

/// EXIF whose first directory leads to itself, as the next one and as the one beneath.
fn looping_exif() -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0".to_vec();
    exif.extend([0x69, 0x87, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0]);
    jpeg(8, 8, &[&[0xff, 0xe1, 0, exif.len() as u8 + 2], exif.as_slice()].concat())
}

fn laughing_xmp() -> Vec<u8> {
    let packet = format!(
        "{}<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><a>&l9;&file;</a></x:xmpmeta>",
        super::packages::laughs("x:xmpmeta")
    );
    let segment = [b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat();
    jpeg(8, 8, &[&[0xff, 0xe1], &(segment.len() as u16 + 2).to_be_bytes()[..], &segment].concat())
}

fn bmp() -> Vec<u8> {
    let mut file = b"BM\x76\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    file.extend(HUGE.to_le_bytes());
    file.extend(HUGE.to_le_bytes());
    file.extend([1, 0, 24, 0]);
    file.extend([0; 24]);
    file.extend([0; 64]);
    file
}

/// Square grey pages, all with the same strip of one byte.
pub fn tiff(side: u32, pages: usize) -> Vec<u8> {
    let mut file = b"II*\0\x0a\0\0\0\0\0".to_vec();
    for page in 0..pages {
        let tags = [(256_u16, side), (257, side), (258, 8), (259, 1), (262, 1), (273, 8), (278, side), (279, 1)];
        file.extend((tags.len() as u16).to_le_bytes());
        for (tag, value) in tags {
            file.extend(tag.to_le_bytes());
            file.extend([4, 0, 1, 0, 0, 0]);
            file.extend(value.to_le_bytes());
        }
        let next = if page + 1 < pages { file.len() as u32 + 4 } else { 0 };
        file.extend(next.to_le_bytes());
    }
    file
}

/// One page whose EXIF is the directory of the page.
pub fn tiff_with_exif() -> Vec<u8> {
    let mut file = tiff(1, 1);
    let end = file.len() - 4;
    file[10] += 1;
    file.splice(end..end, [0x69, 0x87, 4, 0, 1, 0, 0, 0, 10, 0, 0, 0]);
    file
}

/// The one page is followed by itself.
fn looping_tiff() -> Vec<u8> {
    let mut file = tiff(1, 1);
    let at = file.len() - 4;
    file[at..].copy_from_slice(&10_u32.to_le_bytes());
    file
}

/// A directory of pictures that all lie in one place.
pub fn ico(count: u16) -> Vec<u8> {
    let picture = png(1, 1, &[], 0);
    let mut file = vec![0, 0, 1, 0];
    file.extend(count.to_le_bytes());
    for _ in 0..count {
        file.extend([1, 1, 0, 0, 1, 0, 8, 0]);
        file.extend((picture.len() as u32).to_le_bytes());
        file.extend((6 + 16 * u32::from(count)).to_le_bytes());
    }
    file.extend(picture);
    file
}

fn riff(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut made = [name.as_slice(), &(data.len() as u32).to_le_bytes(), data].concat();
    made.resize(made.len().next_multiple_of(2), 0);
    made
}

fn three(value: u32) -> [u8; 3] {
    let [a, b, c, _] = value.to_le_bytes();
    [a, b, c]
}

/// An animation of pictures of one pixel on a square canvas, or a canvas without the picture that it announces.
fn webp(side: u32, count: usize, still: bool) -> Vec<u8> {
    let mut extended = vec![if still { 0 } else { 2 }, 0, 0, 0];
    extended.extend(three(side - 1));
    extended.extend(three(side - 1));
    // One pixel: signature, sizes, version; no transforms, no cache, no groups; five codes of one symbol.
    let pixel = riff(b"VP8L", &[0x2f, 0, 0, 0, 0, 0x88, 0x88, 0x88, 0x08]);
    let frame = riff(b"ANMF", &[&[0; 12][..], &[10, 0, 0, 0], &pixel].concat());
    let mut chunks = riff(b"VP8X", &extended);
    if still {
        chunks.extend(pixel);
    } else {
        chunks.extend(riff(b"ANIM", &[0; 6]));
        chunks.extend(frame.repeat(count));
    }
    riff(b"RIFF", &[b"WEBP".as_slice(), &chunks].concat())
}

fn jp2() -> Vec<u8> {
    let mut size = vec![0xff, 0x4f, 0xff, 0x51, 0, 47, 0, 0];
    for number in [HUGE, HUGE, 0, 0, HUGE, HUGE, 0, 0] {
        size.extend(number.to_be_bytes());
    }
    size.extend([0, 3, 7, 1, 1, 7, 1, 1, 7, 1, 1]);
    size.extend(b"\xff\x52\0\x0c\0\x01\0\x01\x01\0\x04\x04\0\x01\xff\x5c\0\x04\x40\x40");
    size.extend(b"\xff\x90\0\x0a\0\0\0\0\0\x0e\0\x01\xff\x93\xff\xd9");
    size
}

/// Bits from the lowest one on: signature, size in the longest form, default metadata.
fn jxl() -> Vec<u8> {
    let mut bits: Vec<bool> = Vec::new();
    let mut put = |value: u32, count: u32| bits.extend((0..count).map(|bit| value >> bit & 1 == 1));
    put(0, 1);
    put(3, 2);
    put(HUGE - 1, 30);
    put(0, 3);
    put(3, 2);
    put(HUGE - 1, 30);
    put(3, 2);
    let packed = bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |sum, bit| sum << 1 | u8::from(*bit)));
    [0xff, 0x0a].into_iter().chain(packed).chain([0; 32]).collect()
}

fn atom(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [&(data.len() as u32 + 8).to_be_bytes(), name.as_slice(), data].concat()
}

/// One AV1 item whose size is stated as huge.
fn heif() -> Vec<u8> {
    let ispe = atom(b"ispe", &[&[0; 4][..], &HUGE.to_be_bytes(), &HUGE.to_be_bytes()].concat());
    let av1c = atom(b"av1C", &[0x81, 0, 0x0c, 0]);
    let meta = |start: u32| {
        let location =
            [&[0, 0, 0, 0, 0x44, 0, 0, 1, 0, 1, 0, 0, 0, 1][..], &start.to_be_bytes(), &[0, 0, 0, 8]].concat();
        let boxes = [
            atom(b"hdlr", &[&[0; 8][..], b"pict", &[0; 13]].concat()),
            atom(b"pitm", &[0, 0, 0, 0, 0, 1]),
            atom(b"iloc", &location),
            atom(b"iinf", &[&[0, 0, 0, 0, 0, 1][..], &atom(b"infe", b"\x02\0\0\0\0\x01\0\0av01\0")].concat()),
            atom(
                b"iprp",
                &[
                    atom(b"ipco", &[ispe.clone(), av1c.clone()].concat()),
                    atom(b"ipma", &[0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 1, 0x82]),
                ]
                .concat(),
            ),
        ];
        atom(b"meta", &[vec![0; 4], boxes.concat()].concat())
    };
    let head = atom(b"ftyp", b"avif\0\0\0\0mif1miafavif");
    let start = head.len() + meta(0).len() + 8;
    [head, meta(start as u32), atom(b"mdat", &[0x12, 0, 0x0a, 4, 0, 0, 0, 0])].concat()
}
