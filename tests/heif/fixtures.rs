//! HEIF files built by code.

use crate::coding::{config, frame};
use crate::metadata;

/// A box.
pub(crate) fn atom(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut made = (data.len() as u32 + 8).to_be_bytes().to_vec();
    made.extend(name);
    made.extend(data);
    made
}

/// Number of an item, whether its bytes lie in `idat`, its extents.
type Place = (u16, bool, Vec<(usize, usize)>);

/// An item and all that the tables say of it.
#[derive(Clone)]
pub(crate) struct Item {
    pub(crate) id: u16,
    pub(crate) kind: [u8; 4],
    pub(crate) flags: u8,
    pub(crate) protection: u16,
    pub(crate) texts: Vec<u8>,
    /// Pieces, each an extent of its own.
    pub(crate) data: Vec<Vec<u8>>,
    pub(crate) in_idat: bool,
    /// Essential, index from 1.
    pub(crate) properties: Vec<(bool, u8)>,
}

impl Item {
    pub(crate) fn new(id: u16, kind: &[u8; 4], data: &[u8], properties: &[(bool, u8)]) -> Self {
        Self {
            id,
            kind: *kind,
            flags: 0,
            protection: 0,
            texts: b"\0".to_vec(),
            data: vec![data.to_vec()],
            in_idat: false,
            properties: properties.to_vec(),
        }
    }
}

/// A file.
#[derive(Clone)]
pub(crate) struct Heif {
    pub(crate) brands: Vec<u8>,
    pub(crate) primary: u16,
    pub(crate) handler: Vec<u8>,
    pub(crate) items: Vec<Item>,
    pub(crate) properties: Vec<Vec<u8>>,
    pub(crate) references: Vec<([u8; 4], u16, Vec<u16>)>,
    /// Boxes at the end of `meta`, between `meta` and `mdat`, and behind.
    pub(crate) in_meta: Vec<u8>,
    pub(crate) between: Vec<u8>,
    pub(crate) behind: Vec<u8>,
    /// Bytes of no item before each extent.
    pub(crate) gap: Vec<u8>,
    /// Items whose extents are those of another one.
    pub(crate) shared: Vec<(u16, u16)>,
}

pub(crate) const ALPHA: &[u8] = b"\0\0\0\0urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0";

pub(crate) fn ispe(width: u32, height: u32) -> Vec<u8> {
    atom(b"ispe", &[&[0; 4], &width.to_be_bytes()[..], &height.to_be_bytes()].concat())
}

impl Heif {
    /// One coded picture with size, configuration, colour and rotation.
    pub(crate) fn still(kind: &[u8; 4]) -> Self {
        let brand = if kind == b"av01" { b"avif" } else { b"heic" };
        Self {
            brands: [&brand[..], &[0; 4], b"mif1miaf", brand].concat(),
            primary: 1,
            handler: vec![0],
            items: vec![Item::new(
                1,
                kind,
                &frame(kind, b"the coded picture"),
                &[(false, 1), (true, 2), (false, 3), (true, 4)],
            )],
            properties: vec![
                ispe(64, 48),
                config(kind),
                atom(b"colr", b"nclx\0\x01\0\x0d\0\x06\x80"),
                atom(b"irot", &[1]),
            ],
            references: vec![],
            in_meta: vec![],
            between: vec![],
            behind: vec![],
            gap: vec![],
            shared: vec![],
        }
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        let mut idat = Vec::new();
        let mut mdat = Vec::new();
        let mut places: Vec<Place> = Vec::new();
        for item in &self.items {
            let into = if item.in_idat { &mut idat } else { &mut mdat };
            let mut extents = Vec::new();
            if !self.shared.iter().any(|(id, _)| *id == item.id) {
                for piece in &item.data {
                    into.extend(&self.gap);
                    extents.push((into.len(), piece.len()));
                    into.extend(piece);
                }
            }
            places.push((item.id, item.in_idat, extents));
        }
        for (id, other) in &self.shared {
            let extents = places.iter().find(|place| place.0 == *other).unwrap().2.clone();
            places.iter_mut().find(|place| place.0 == *id).unwrap().2 = extents;
        }
        let meta = |media: usize| {
            let mut boxes = atom(b"hdlr", &[&[0; 8][..], b"pict", &[0; 12], &self.handler].concat());
            boxes.extend(atom(b"pitm", &[&[0; 4][..], &self.primary.to_be_bytes()].concat()));
            let mut iloc = vec![1, 0, 0, 0, 0x44, 0];
            iloc.extend((places.len() as u16).to_be_bytes());
            for (id, in_idat, extents) in &places {
                iloc.extend(id.to_be_bytes());
                iloc.extend([0, u8::from(*in_idat), 0, 0]);
                iloc.extend((extents.len() as u16).to_be_bytes());
                for (start, size) in extents {
                    let start = if *in_idat { *start } else { start + media };
                    iloc.extend((start as u32).to_be_bytes());
                    iloc.extend((*size as u32).to_be_bytes());
                }
            }
            boxes.extend(atom(b"iloc", &iloc));
            let mut infos = vec![0; 4];
            infos.extend((self.items.len() as u16).to_be_bytes());
            let mut ipma = vec![0; 4];
            ipma.extend((self.items.len() as u32).to_be_bytes());
            for item in &self.items {
                let [high, low] = item.protection.to_be_bytes();
                let head = [&[2, 0, 0, item.flags][..], &item.id.to_be_bytes(), &[high, low], &item.kind].concat();
                infos.extend(atom(b"infe", &[head, item.texts.clone()].concat()));
                ipma.extend(item.id.to_be_bytes());
                ipma.push(item.properties.len() as u8);
                ipma.extend(item.properties.iter().map(|(essential, index)| u8::from(*essential) << 7 | index));
            }
            boxes.extend(atom(b"iinf", &infos));
            let mut iref = vec![0; 4];
            for (kind, from, to) in &self.references {
                let to_bytes: Vec<u8> = to.iter().flat_map(|id| id.to_be_bytes()).collect();
                let count = (to.len() as u16).to_be_bytes();
                iref.extend(atom(kind, &[&from.to_be_bytes()[..], &count, &to_bytes].concat()));
            }
            boxes.extend(atom(b"iref", &iref));
            let ipco = atom(b"ipco", &self.properties.concat());
            boxes.extend(atom(b"iprp", &[ipco, atom(b"ipma", &ipma)].concat()));
            if !idat.is_empty() {
                boxes.extend(atom(b"idat", &idat));
            }
            boxes.extend(&self.in_meta);
            atom(b"meta", &[&[0; 4][..], &boxes].concat())
        };
        let ftyp = atom(b"ftyp", &self.brands);
        let media = ftyp.len() + meta(0).len() + self.between.len() + 8;
        [ftyp, meta(media), self.between.clone(), atom(b"mdat", &mdat), self.behind.clone()].concat()
    }
}

/// A grid of two tiles with its transparency, its description in `idat`.
pub(crate) fn grid() -> Heif {
    let mut heif = Heif::still(b"hvc1");
    heif.properties.push(ispe(128, 48));
    heif.properties.push(atom(b"auxC", ALPHA));
    let mut whole = Item::new(9, b"grid", &[0, 0, 0, 1, 0, 128, 0, 48], &[(false, 5), (true, 4)]);
    whole.in_idat = true;
    let mut second = Item::new(2, b"hvc1", b"another tile", &[(false, 1), (true, 2)]);
    let coded = frame(b"hvc1", b"in twopieces");
    second.data = vec![coded[..12].to_vec(), coded[12..].to_vec()];
    second.flags = 1;
    let alpha = Item::new(7, b"hvc1", &frame(b"hvc1", b"transparency"), &[(false, 5), (true, 2), (true, 6)]);
    heif.items.extend([second, alpha, whole]);
    heif.primary = 9;
    heif.references = vec![(*b"dimg", 9, vec![1, 2]), (*b"auxl", 7, vec![9]), (*b"prem", 9, vec![7])];
    heif
}

/// A picture with everything that has to go.
pub(crate) fn laden(kind: &[u8; 4]) -> Heif {
    let mut heif = Heif::still(kind);
    heif.brands.extend(b"tmapPLAN");
    heif.handler = b"PLANTED writer\0".to_vec();
    heif.items[0].texts = b"PLANTED name\0".to_vec();
    heif.gap = b"PLANTED gap".to_vec();
    heif.properties.extend([
        atom(b"colr", &[b"prof".as_slice(), &metadata::profile(300), b"PLANTED behind"].concat()),
        atom(b"udes", b"\0\0\0\0en\0PLANTED title\0\0\0"),
        atom(b"auxC", b"\0\0\0\0urn:com:photo:aux:hdrgainmap\0PLANTED"),
        atom(b"auxC", b"\0\0\0\0urn:mpeg:mpegB:cicp:systems:auxiliary:depth\0PLANTED"),
        atom(b"free", b"PLANTED"),
        atom(b"zzzz", b"PLANTED"),
        atom(b"clli", &[1, 2, 3, 4]),
    ]);
    heif.items[0].properties.extend([(false, 5), (false, 6), (false, 10), (false, 11)]);
    let named = |mut item: Item, texts: &[u8]| {
        item.texts = texts.to_vec();
        item
    };
    let exif = [&6_u32.to_be_bytes()[..], b"Exif\0\0", &metadata::exif(6)].concat();
    heif.items.extend([
        named(Item::new(2, b"Exif", &exif, &[]), b"PLANTED\0"),
        named(Item::new(3, b"mime", metadata::xmp().as_bytes(), &[]), b"\0application/rdf+xml\0"),
        named(Item::new(4, b"mime", b"PLANTED json", &[]), b"\0application/json\0PLANTED\0"),
        named(Item::new(5, b"uri ", b"PLANTED uri", &[]), b"\0urn:PLANTED\0"),
        Item::new(6, kind, b"PLANTED thumbnail", &[(false, 1), (true, 2)]),
        Item::new(7, kind, b"PLANTED gain map", &[(false, 1), (true, 2), (false, 7)]),
        Item::new(8, kind, b"PLANTED depth", &[(false, 1), (true, 2), (false, 8)]),
        Item::new(9, kind, b"PLANTED other", &[(false, 1), (true, 2)]),
        Item::new(10, b"tmap", b"PLANTED tone", &[(false, 1)]),
        Item::new(11, kind, b"PLANTED gains", &[(false, 1), (true, 2)]),
        Item::new(12, b"what", b"PLANTED unknown", &[]),
    ]);
    heif.references = vec![
        (*b"cdsc", 2, vec![1]),
        (*b"cdsc", 3, vec![1]),
        (*b"thmb", 6, vec![1]),
        (*b"auxl", 7, vec![1]),
        (*b"auxl", 8, vec![1]),
        (*b"dimg", 10, vec![1, 11]),
    ];
    heif.in_meta = [
        atom(b"grpl", &atom(b"altr", b"\0\0\0\0\0\0\0\x40\0\0\0\x02\0\0\0\x01\0\0\0\x09PLANTED")),
        atom(b"xml ", b"PLANTED"),
        atom(b"free", b"PLANTED"),
    ]
    .concat();
    let c2pa = b"\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81PLANTED";
    heif.between = [atom(b"free", b"PLANTED"), atom(b"uuid", c2pa), atom(b"uuid", b"0123456789abcdefPLANTED")].concat();
    heif.behind =
        [&atom(b"mpvd", b"PLANTED")[..], &atom(b"moov", b"PLANTED"), &atom(b"sefd", b"PLANTED"), b"PLANTED SEFT"]
            .concat();
    heif
}

/// A coded picture whose place and a tile are shared, and an overlay and an identity over it.
pub(crate) fn derived() -> Heif {
    let mut heif = Heif::still(b"av01");
    heif.items.push(Item::new(2, b"av01", b"", &[(false, 1), (true, 2)]));
    heif.shared = vec![(2, 1)];
    let overlay = [&[0; 10][..], &[0, 64, 0, 48], &[0; 8]].concat();
    heif.items.push(Item::new(3, b"iovl", &overlay, &[(false, 1)]));
    let mut same = Item::new(4, b"iden", b"", &[(false, 1), (true, 4)]);
    same.data.clear();
    heif.items.push(same);
    heif.primary = 4;
    heif.references = vec![(*b"dimg", 3, vec![1, 2]), (*b"dimg", 4, vec![3])];
    heif
}

/// Every fixture.
pub(crate) fn all() -> Vec<(&'static str, Vec<u8>)> {
    let mut pieces = Heif::still(b"av01");
    pieces.items[0].data = vec![frame(b"av01", b"layer one"), frame(b"av01", b"layer two")];
    pieces.properties.push(atom(b"a1lx", &[0, 0, 11, 0, 0, 0, 0]));
    pieces.items[0].properties.push((false, 5));
    vec![
        ("hevc", Heif::still(b"hvc1").build()),
        ("av1", Heif::still(b"av01").build()),
        ("layers", pieces.build()),
        ("grid", grid().build()),
        ("derived", derived().build()),
        ("laden hevc", laden(b"hvc1").build()),
        ("laden av1", laden(b"av01").build()),
    ]
}
