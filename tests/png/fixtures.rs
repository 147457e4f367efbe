//! PNG files built by code.

use std::io::Write;

use crate::metadata;

/// A chunk with its size and checksum.
pub(crate) fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [name.as_slice(), data].concat();
    let checksum = crc32fast::hash(&body);
    [&(data.len() as u32).to_be_bytes(), body.as_slice(), &checksum.to_be_bytes()].concat()
}

/// A chunk whose checksum is wrong.
pub(crate) fn broken(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut bytes = chunk(name, data);
    *bytes.last_mut().expect("a checksum") ^= 1;
    bytes
}

pub(crate) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// A PNG as its parts, to be changed before it is put together.
#[derive(Clone)]
pub(crate) struct Png {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) depth: u8,
    pub(crate) colour: u8,
    pub(crate) interlaced: bool,
    /// Whole chunks before and behind the picture.
    pub(crate) before: Vec<Vec<u8>>,
    pub(crate) behind: Vec<Vec<u8>>,
    /// Contents of the IDAT chunks.
    pub(crate) picture: Vec<Vec<u8>>,
}

impl Png {
    /// Rows of unfiltered noise.
    pub(crate) fn new(width: u32, height: u32, depth: u8, colour: u8) -> Self {
        let mut png = Self {
            width,
            height,
            depth,
            colour,
            interlaced: false,
            before: Vec::new(),
            behind: Vec::new(),
            picture: Vec::new(),
        };
        if colour == 3 {
            png.before.push(chunk(b"PLTE", &(0..48).collect::<Vec<u8>>()));
        }
        png.picture = vec![zlib(&png.rows(width, height))];
        png
    }

    pub(crate) fn interlaced(width: u32, height: u32) -> Self {
        let mut png = Self::new(width, height, 8, 2);
        png.interlaced = true;
        let mut rows = Vec::new();
        for (column, row, columns, lines) in
            [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
        {
            let count = |side: u32, start: u32, step: u32| (start..side).step_by(step as usize).count() as u32;
            let (width, height) = (count(width, column, columns), count(height, row, lines));
            if width > 0 {
                rows.extend(png.rows(width, height));
            }
        }
        png.picture = vec![zlib(&rows)];
        png
    }

    /// Filter byte and samples of every row.
    pub(crate) fn rows(&self, width: u32, height: u32) -> Vec<u8> {
        let channels = [1, 0, 3, 1, 2, 0, 4][usize::from(self.colour)];
        let bytes = (width * channels * u32::from(self.depth)).div_ceil(8);
        let noise = |at: u32| (at.wrapping_mul(2_654_435_761) >> 27) as u8;
        (0..height)
            .flat_map(|row| std::iter::once(0).chain((0..bytes).map(move |at| noise(row * 1_000 + at))))
            .collect()
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        let mut header = [self.width.to_be_bytes(), self.height.to_be_bytes()].concat();
        header.extend([self.depth, self.colour, 0, 0, self.interlaced.into()]);
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        bytes.extend(chunk(b"IHDR", &header));
        bytes.extend(self.before.concat());
        bytes.extend(self.picture.iter().flat_map(|data| chunk(b"IDAT", data)));
        bytes.extend(self.behind.concat());
        bytes.extend(chunk(b"IEND", b""));
        bytes
    }
}

/// A frame control chunk.
pub(crate) fn frame_control(sequence: u32, width: u32, height: u32, left: u32, top: u32) -> Vec<u8> {
    let mut data: Vec<u8> =
        [sequence, width, height, left, top].iter().flat_map(|number| number.to_be_bytes()).collect();
    data.extend([0, 1, 0, 10, 0, 1]);
    chunk(b"fcTL", &data)
}

/// A frame data chunk.
pub(crate) fn frame_data(sequence: u32, data: &[u8]) -> Vec<u8> {
    chunk(b"fdAT", &[&sequence.to_be_bytes(), data].concat())
}

/// Three frames; the first is the main picture when `main_is_frame`. The second is split over two chunks.
pub(crate) fn animated(main_is_frame: bool) -> Png {
    let mut png = Png::new(8, 6, 8, 6);
    png.before.push(chunk(b"acTL", &[0, 0, 0, 3, 0, 0, 0, 0]));
    let mut sequence = 0_u32..;
    let mut next = || sequence.next().expect("a number");
    if main_is_frame {
        png.before.push(frame_control(next(), 8, 6, 0, 0));
    } else {
        let data = zlib(&png.rows(8, 6));
        png.behind.push(frame_control(next(), 8, 6, 0, 0));
        png.behind.push(frame_data(next(), &data));
    }
    let data = zlib(&png.rows(3, 4));
    png.behind.push(frame_control(next(), 3, 4, 2, 1));
    png.behind.push(frame_data(next(), &data[..10]));
    png.behind.push(chunk(b"tEXt", b"Comment\0PLANTED between frames"));
    png.behind.push(frame_data(next(), &data[10..]));
    png.behind.push(frame_control(next(), 8, 6, 0, 0));
    let data = [zlib(&png.rows(8, 6)), b"PLANTED behind a frame".to_vec()].concat();
    png.behind.push(frame_data(next(), &data));
    png
}

/// Every kind of metadata that a PNG can carry.
pub(crate) fn laden() -> Vec<u8> {
    let xmp = metadata::xmp();
    let compressed =
        |name: &[u8; 4], keyword: &str, text: &[u8]| chunk(name, &[keyword.as_bytes(), b"\0\0", &zlib(text)].concat());
    let hexadecimal = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let iptc = hexadecimal(&metadata::photoshop());
    let mut png = Png::new(20, 10, 8, 2);
    png.before = vec![
        chunk(b"gAMA", &45_455_u32.to_be_bytes()),
        chunk(b"cHRM", &[1; 32]),
        compressed(b"iCCP", "PLANTED profile name", &metadata::profile(500)),
        chunk(b"pHYs", &[0, 0, 11, 19, 0, 0, 11, 19, 1]),
        chunk(b"tRNS", &[0, 1, 0, 2, 0, 3]),
        chunk(b"tIME", &[7, 234, 11, 23, 3, 4, 5]),
        chunk(b"tEXt", b"Author\0PLANTED author"),
        chunk(b"tEXt", b"Software\0PLANTED software"),
        compressed(b"zTXt", "Creation Time", b"PLANTED time"),
        compressed(b"zTXt", "Raw profile type iptc", format!("\niptc\n{:8}\n{iptc}\n", iptc.len() / 2).as_bytes()),
        chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", xmp.as_bytes()].concat()),
        chunk(b"iTXt", &[&b"Description\0\x01\0en\0PLANTED translated\0"[..], &zlib(b"PLANTED description")].concat()),
        chunk(b"eXIf", &metadata::exif(8)),
        chunk(b"caBX", b"PLANTED-c2pa"),
        chunk(b"prVW", b"PLANTED-preview"),
        chunk(b"vpAg", b"PLANTED-vendor"),
        chunk(b"sBIT", b"PLANTED of the wrong size"),
        broken(b"gAMA", b"PLAN"),
    ];
    let stream = [&zlib(&png.rows(20, 10))[..], b"PLANTED behind the stream, the rest of an older screenshot"].concat();
    png.picture = stream.chunks(50).map(<[u8]>::to_vec).collect();
    png.behind = vec![chunk(b"tEXt", b"Comment\0PLANTED late"), chunk(b"gAMA", b"PLAN")];
    let mut bytes = png.build();
    bytes.extend(b"PLANTED behind the end");
    bytes
}

/// Name and bytes of every fixture that must be cleaned.
pub(crate) fn all() -> Vec<(&'static str, Vec<u8>)> {
    let mut all = vec![
        ("1 bit grey", Png::new(17, 5, 1, 0).build()),
        ("16 bit grey", Png::new(5, 5, 16, 0).build()),
        ("8 bit colour", Png::new(9, 4, 8, 2).build()),
        ("16 bit colour", Png::new(5, 3, 16, 2).build()),
        ("4 bit palette", Png::new(7, 3, 4, 3).build()),
        ("grey with alpha", Png::new(6, 6, 8, 4).build()),
        ("16 bit colour with alpha", Png::new(3, 3, 16, 6).build()),
        ("interlaced", Png::interlaced(13, 11).build()),
        ("interlaced, small", Png::interlaced(3, 1).build()),
        ("animated", animated(true).build()),
        ("animated, another main picture", animated(false).build()),
        ("laden", laden()),
    ];
    let mut more_rows = Png::new(9, 4, 8, 2);
    more_rows.picture = vec![zlib(&[&more_rows.rows(9, 4)[..], b"PLANTED behind the last row"].concat())];
    all.push(("more rows than stated", more_rows.build()));
    all
}
