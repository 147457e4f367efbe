//! TIFF files built by code, with markers where things hide.

use image::ImageEncoder;

/// What may never be in a copy.
pub(crate) const MARKER: &[u8] = b"PLANTED";

/// Byte order and size of offsets.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    pub(crate) big_endian: bool,
    pub(crate) big: bool,
}

/// All four forms.
pub(crate) const FORMS: [Form; 4] = [
    Form { big_endian: false, big: false },
    Form { big_endian: true, big: false },
    Form { big_endian: false, big: true },
    Form { big_endian: true, big: true },
];

/// A tag: number, type, count, value in the byte order of the form.
pub(crate) type Tag = (u16, u16, u64, Vec<u8>);

/// The tags of a page, its strips or tiles, and whether they are tiles.
pub(crate) type Page = (Vec<Tag>, Vec<Vec<u8>>, bool);

impl Form {
    pub(crate) fn put(self, value: u64, size: usize) -> Vec<u8> {
        let bytes = value.to_be_bytes()[8 - size..].to_vec();
        if self.big_endian { bytes } else { bytes.into_iter().rev().collect() }
    }

    pub(crate) fn short(self, tag: u16, values: &[u64]) -> Tag {
        (tag, 3, values.len() as u64, values.iter().flat_map(|value| self.put(*value, 2)).collect())
    }

    pub(crate) fn text(self, tag: u16, text: &[u8]) -> Tag {
        (tag, 2, text.len() as u64, text.to_vec())
    }

    /// Pages one after the other, each with its strips, and bytes that nothing refers to between and behind them.
    pub(crate) fn file(self, pages: &[Page], loose: &[u8]) -> Vec<u8> {
        let word = if self.big { 8 } else { 4 };
        let mut out = if self.big_endian { b"MM".to_vec() } else { b"II".to_vec() };
        out.extend(self.put(if self.big { 43 } else { 42 }, 2));
        if self.big {
            out.extend(self.put(8, 2));
            out.extend(self.put(0, 2));
        }
        let mut pointer = out.len();
        out.extend(self.put(0, word));
        for (tags, strips, tiled) in pages {
            out.extend_from_slice(loose);
            let mut tags = tags.clone();
            let (mut offsets, mut sizes) = (Vec::new(), Vec::new());
            for strip in strips {
                offsets.extend(self.put(out.len() as u64, 4));
                sizes.extend(self.put(strip.len() as u64, 4));
                out.extend_from_slice(strip);
            }
            tags.push((if *tiled { 324 } else { 273 }, 4, strips.len() as u64, offsets));
            tags.push((if *tiled { 325 } else { 279 }, 4, strips.len() as u64, sizes));
            tags.sort_by_key(|tag| tag.0);
            let mut directory = self.put(tags.len() as u64, if self.big { 8 } else { 2 });
            for (tag, kind, count, data) in tags {
                directory.extend(self.put(u64::from(tag), 2));
                directory.extend(self.put(u64::from(kind), 2));
                directory.extend(self.put(count, word));
                let mut value = data.clone();
                if data.len() > word {
                    value = self.put(out.len() as u64, word);
                    out.extend(data);
                }
                value.resize(word, 0);
                directory.extend(value);
            }
            let at = self.put(out.len() as u64, word);
            out.splice(pointer..pointer + word, at);
            pointer = out.len() + directory.len();
            out.extend(directory);
            out.extend(self.put(0, word));
        }
        out.extend_from_slice(loose);
        out
    }

    /// The tags of a grey page of 8×6 pixels in two strips.
    pub(crate) fn grey(self, compression: u64) -> Vec<Tag> {
        vec![
            self.short(256, &[8]),
            self.short(257, &[6]),
            self.short(258, &[8]),
            self.short(259, &[compression]),
            self.short(262, &[1]),
            self.short(274, &[6]),
            self.short(277, &[1]),
            self.short(278, &[3]),
        ]
    }

    /// Tags that give something away.
    pub(crate) fn telling(self) -> Vec<Tag> {
        let double = [MARKER, b"_"].concat();
        vec![
            self.text(270, b"PLANTED description\0"),
            self.text(305, b"PLANTED program\0"),
            self.text(306, b"PLANTED 2026:01:01\0"),
            self.text(315, b"PLANTED artist\0"),
            (700, 1, 16, b"<x>PLANTED</x>  ".to_vec()),
            (33_550, 12, 1, double.clone()),
            (33_723, 7, 13, b"\x1c\x02\x50\0\x08PLANTED_".to_vec()),
            (34_377, 7, 20, b"8BIM\x04\x3a\0\0\0\0\0\x08PLANTED_".to_vec()),
            self.text(34_737, b"PLANTED projection\0"),
            (37_724, 7, 8, double.clone()),
            (50_341, 7, 8, double.clone()),
            (65_000, 7, 8, double),
        ]
    }
}

pub(crate) fn rows() -> Vec<Vec<u8>> {
    vec![(0..24).collect(), (24..48).collect()]
}

pub(crate) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut encoder, bytes).unwrap();
    encoder.finish().unwrap()
}

/// A grey JPEG of 8 columns with application segments and a comment.
pub(crate) fn jpeg(rows: u32) -> Vec<u8> {
    let pixels: Vec<u8> = (0..8 * rows).map(|value| value as u8).collect();
    let mut coded = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new(&mut coded);
    encoder.write_image(&pixels, 8, rows, image::ExtendedColorType::L8).unwrap();
    coded.splice(2..2, *b"\xff\xe1\0\x09PLANTED\xff\xfe\0\x09PLANTED");
    coded
}

/// Every kind of picture, with markers everywhere.
pub(crate) fn all() -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for form in FORMS {
        let name = |what: &str| format!("{what}, big endian {}, BigTIFF {}", form.big_endian, form.big);
        let laden = |compression| [form.grey(compression), form.telling()].concat();
        let longer =
            |strips: Vec<Vec<u8>>| strips.into_iter().map(|strip| [&strip[..], b"PLANTED!"].concat()).collect();
        let deflated = rows().iter().map(|strip| zlib(strip)).collect();
        let packed = rows().iter().map(|strip| [&[23][..], strip].concat()).collect();
        all.push((name("plain"), form.file(&[(laden(1), longer(rows()), false)], b"PLANTED?")));
        all.push((name("deflate"), form.file(&[(laden(8), longer(deflated), false)], b"PLANTED?")));
        all.push((name("packbits"), form.file(&[(laden(32_773), longer(packed), false)], b"PLANTED?")));
        let mut small = form.grey(1);
        small.insert(0, form.short(254, &[1]));
        small.push(form.text(315, b"PLANTED artist\0"));
        let pages = [
            (laden(1), rows(), false),
            (small, vec![b"PLANTED_PLANTED_PLANTED_".to_vec(); 2], false),
            (laden(1), rows(), false),
        ];
        all.push((name("pages"), form.file(&pages, b"PLANTED?")));
        let lzw = |strip: &Vec<u8>| {
            weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8).encode(strip).unwrap()
        };
        let coded = longer(rows().iter().map(lzw).collect());
        all.push((name("lzw"), form.file(&[(laden(5), coded, false)], b"PLANTED?")));
        let coded = longer(vec![jpeg(3), jpeg(3)]);
        all.push((name("jpeg"), form.file(&[(laden(7), coded, false)], b"PLANTED?")));
        let mut tiles = laden(1);
        tiles.retain(|tag| tag.0 != 278);
        tiles.extend([form.short(322, &[16]), form.short(323, &[16])]);
        all.push((name("tiles"), form.file(&[(tiles, vec![(0..=255).collect()], true)], b"PLANTED?")));
    }
    all
}
