//! Pages of every colour type, layout and compression, and directories beneath a page, built by code.

use crate::fixtures::{Form, MARKER, Page, Tag, jpeg, rows};

/// Values that stand for the offsets of directories until those are there.
const PLACES: [u32; 4] = [0xdead_be01, 0xdead_be02, 0xdead_be03, 0xdead_be04];

impl Form {
    fn long(self, tag: u16, values: &[u32]) -> Tag {
        (tag, 4, values.len() as u64, values.iter().flat_map(|value| self.put(u64::from(*value), 4)).collect())
    }

    /// The tags of a grey page with some of them replaced or added.
    fn page(self, changes: Vec<Tag>, strips: Vec<Vec<u8>>) -> Page {
        let mut tags = [self.grey(1), self.telling()].concat();
        tags.retain(|tag| changes.iter().all(|change| change.0 != tag.0));
        tags.extend(changes);
        (tags, strips, false)
    }

    /// A directory that will lie at `at`, with its longer values behind it.
    fn directory(self, mut tags: Vec<Tag>, at: usize) -> Vec<u8> {
        let word = if self.big { 8 } else { 4 };
        let (head, width) = if self.big { (8, 20) } else { (2, 12) };
        let mut values = Vec::new();
        let end = at + head + tags.len() * width + word;
        let mut directory = self.put(tags.len() as u64, head);
        tags.sort_by_key(|tag| tag.0);
        for (tag, kind, count, mut value) in tags {
            directory.extend(self.put(u64::from(tag), 2));
            directory.extend(self.put(u64::from(kind), 2));
            directory.extend(self.put(count, word));
            if value.len() > word {
                let offset = self.put((end + values.len()) as u64, word);
                values.extend(value);
                value = offset;
            }
            value.resize(word, 0);
            directory.extend(value);
        }
        directory.extend(self.put(0, word));
        [directory, values].concat()
    }

    /// A page with pictures, EXIF and position in directories of their own.
    pub(crate) fn with_beneath(self) -> Vec<u8> {
        let pointers = vec![
            self.text(271, b"Canon\0"),
            self.long(330, &PLACES[..2]),
            self.long(34_665, &PLACES[2..3]),
            self.long(34_853, &PLACES[3..]),
        ];
        let mut file = self.file(&[self.page(pointers, rows())], b"");
        let mut note = self.put(1, 2);
        note.extend([self.put(0x0096, 2), self.put(2, 2), self.put(4, 4), b"PLAN".to_vec(), self.put(0, 4)].concat());
        let picture = |kind: u64, at: usize| {
            vec![
                self.short(254, &[kind]),
                self.long(273, &[at as u32]),
                self.long(279, &[24]),
                self.text(305, b"PLANTED\0"),
            ]
        };
        let degrees = [33, 1, 51, 1, 25, 1].map(|part| self.put(part, 4)).concat();
        for (place, index) in PLACES.into_iter().zip(0..) {
            let pixels = file.len();
            if index < 2 {
                file.extend(b"PLANTED_PLANTED_PLANTED_");
            }
            let tags = match index {
                0 => picture(1, pixels),
                1 => picture(0, pixels),
                2 => vec![
                    self.text(0xa431, b"PLANTED-serial\0"),
                    (0x9286, 7, 15, b"ASCII\0\0\0PLANTED".to_vec()),
                    (0x927c, 7, note.len() as u64, note.clone()),
                ],
                _ => vec![self.text(1, b"S\0"), (2, 5, 3, degrees.clone()), self.text(27, b"PLANTED-method\0")],
            };
            let at = file.len();
            let directory = self.directory(tags, at);
            let pattern = self.put(u64::from(place), 4);
            let pointer = file.windows(4).position(|bytes| bytes == pattern).expect("the pointer is there");
            file.splice(pointer..pointer + 4, self.put(at as u64, 4));
            file.extend(directory);
        }
        file
    }
}

/// A zstd frame that holds `bytes` as they are (RFC 8878): one segment, one raw block.
fn zstd(bytes: &[u8]) -> Vec<u8> {
    let size = bytes.len() as u8;
    [&[0x28, 0xb5, 0x2f, 0xfd, 0x20, size, size << 3 | 1, size >> 5, 0][..], bytes].concat()
}

/// The tables of a JPEG, and the picture without them.
fn split_tables(coded: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (mut tables, mut picture) = (vec![0xff, 0xd8], vec![0xff, 0xd8]);
    let mut at = 2;
    while coded[at + 1] != 0xda {
        let end = at + 2 + usize::from(u16::from_be_bytes([coded[at + 2], coded[at + 3]]));
        let place = if matches!(coded[at + 1], 0xdb | 0xc4) { &mut tables } else { &mut picture };
        place.extend(&coded[at..end]);
        at = end;
    }
    picture.extend(&coded[at..]);
    tables.extend(b"\xff\xfe\0\x09PLANTED\xff\xd9");
    (tables, picture)
}

/// Name and bytes of the fixtures.
pub(crate) fn all(form: Form) -> Vec<(&'static str, Vec<u8>)> {
    let file = |changes: Vec<Tag>, strips: Vec<Vec<u8>>| form.file(&[form.page(changes, strips)], b"PLANTED?");
    let whole = || form.short(278, &[6]);
    let colour = |photometric: u64, samples: u64, depth: u64| {
        vec![
            whole(),
            form.short(258, &vec![depth; samples as usize]),
            form.short(262, &[photometric]),
            form.short(277, &[samples]),
        ]
    };
    let samples = |count: usize| (0..count).map(|at| (at * 5) as u8).collect::<Vec<u8>>();
    let longer = |strip: Vec<u8>| vec![[strip, MARKER.to_vec()].concat()];
    let planar = [colour(2, 3, 8), vec![form.short(284, &[2])]].concat();
    let floats = [colour(1, 1, 32), vec![form.short(339, &[3])]].concat();
    let alpha = [colour(2, 4, 8), vec![form.short(338, &[2])]].concat();
    let map = form.short(320, &(0..768).map(|value| value * 80).collect::<Vec<u64>>());
    let palette = [colour(3, 1, 8), vec![map]].concat();
    let fax = [colour(0, 1, 1), vec![form.short(259, &[4])]].concat();
    let (tables, picture) = split_tables(&jpeg(6));
    let tables = vec![whole(), form.short(259, &[7]), (347, 7, tables.len() as u64, tables)];
    let hidden = vec![
        form.text(42_112, b"<GDALMetadata>PLANTED</GDALMetadata>\0"),
        form.text(42_113, b"PLANTED\0"),
        (52_545, 7, 7, MARKER.to_vec()),
        (33_922, 12, 1, [MARKER, b"_"].concat()),
        form.short(34_735, &[1, 1, 0, 1, 1024, 0, 1, 1]),
        (34_736, 12, 1, [MARKER, b"_"].concat()),
    ];
    vec![
        ("planar", file(planar, (0..3).map(|plane| samples(48 + plane)[plane..].to_vec()).collect())),
        ("CMYK, 16 bits", file(colour(5, 4, 16), longer(samples(8 * 6 * 8)))),
        (
            "floating point",
            file(floats, longer((0..48).flat_map(|at| form.put(u64::from((at as f32).to_bits()), 4)).collect())),
        ),
        ("transparency", file(alpha, longer(samples(8 * 6 * 4)))),
        ("palette", file(palette, longer(samples(48)))),
        // Six white rows, then the end of the block.
        ("fax", file(fax, vec![vec![0b1111_1100, 0b0000_0000, 0b0100_0000, 0b0000_0100]])),
        ("zstd", file(vec![whole(), form.short(259, &[50_000])], vec![zstd(&samples(48))])),
        ("JPEG with tables", file(tables, vec![picture])),
        ("GDAL, GeoTIFF, C2PA", file(hidden, rows())),
        ("directories beneath", form.with_beneath()),
    ]
}
