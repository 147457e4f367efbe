//! Bitmaps and icons built by code, with markers wherever bytes can hide.

/// A bitmap as its parts, to be changed before it is put together.
#[derive(Clone)]
pub(crate) struct Bmp {
    /// Header, with masks where they stand behind it.
    pub(crate) header: Vec<u8>,
    pub(crate) palette: Vec<u8>,
    pub(crate) gap: Vec<u8>,
    pub(crate) pixels: Vec<u8>,
    pub(crate) trailer: Vec<u8>,
    pub(crate) reserved: [u8; 4],
}

fn noise(size: usize) -> Vec<u8> {
    (0..size).map(|at| (at * 7 + at / 5) as u8).collect()
}

pub(crate) fn set(header: &mut [u8], at: usize, value: u32) {
    header[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

impl Bmp {
    /// A bitmap with a header of `size` bytes and rows of noise with clean ends.
    pub(crate) fn new(size: usize, width: u32, height: i32, bits: u16, compression: u32) -> Self {
        let mut header = vec![0; size];
        set(&mut header, 0, size as u32);
        let rows = height.unsigned_abs() as usize;
        let row_bits = width as usize * usize::from(bits);
        let stride = row_bits.div_ceil(32) * 4;
        if size == 12 {
            header[4..6].copy_from_slice(&(width as u16).to_le_bytes());
            header[6..8].copy_from_slice(&(height as u16).to_le_bytes());
            header[8] = 1;
            header[10..12].copy_from_slice(&bits.to_le_bytes());
        } else {
            set(&mut header, 4, width);
            set(&mut header, 8, height as u32);
            header[12] = 1;
            header[14..16].copy_from_slice(&bits.to_le_bytes());
        }
        if size >= 40 {
            set(&mut header, 16, compression);
            set(&mut header, 20, (stride * rows) as u32);
            set(&mut header, 24, 2835);
            set(&mut header, 28, 2835);
        }
        let masks: &[u32] =
            if bits == 16 { &[0xf800, 0x07e0, 0x001f] } else { &[0x00ff_0000, 0xff00, 0xff, 0xff00_0000] };
        if compression == 3 && size == 40 {
            header.extend(masks.iter().take(3).flat_map(|mask| mask.to_le_bytes()));
        } else if compression == 3 {
            for (at, mask) in masks.iter().enumerate().take((size - 40) / 4) {
                set(&mut header, 40 + at * 4, *mask);
            }
        }
        let entry = if size == 12 { 3 } else { 4 };
        let mut palette = if bits <= 8 { noise(entry << bits) } else { Vec::new() };
        if entry == 4 {
            palette.iter_mut().skip(3).step_by(4).for_each(|unused| *unused = 0);
        }
        let mut pixels = noise(stride * rows);
        for row in pixels.chunks_mut(stride) {
            for bit in row_bits..stride * 8 {
                row[bit / 8] &= !(0x80 >> (bit % 8));
            }
        }
        Self { header, palette, gap: Vec::new(), pixels, trailer: Vec::new(), reserved: [0; 4] }
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        let at = 14 + self.header.len() + self.palette.len() + self.gap.len();
        let size = at + self.pixels.len() + self.trailer.len();
        let numbers = [&(size as u32).to_le_bytes()[..], &self.reserved, &(at as u32).to_le_bytes()].concat();
        [b"BM", &numbers[..], &self.header, &self.palette, &self.gap, &self.pixels, &self.trailer].concat()
    }

    /// The picture in an icon: doubled height, and a mask behind it.
    pub(crate) fn in_icon(&self, mask: bool) -> Vec<u8> {
        let mut header = self.header.clone();
        let width = u32::from_le_bytes(header[4..8].try_into().unwrap()) as usize;
        let height = u32::from_le_bytes(header[8..12].try_into().unwrap());
        set(&mut header, 8, height * 2);
        let mask = if mask { vec![0; width.div_ceil(32) * 4 * height as usize] } else { Vec::new() };
        set(&mut header, 20, (self.pixels.len() + mask.len()) as u32);
        [header, self.palette.clone(), self.pixels.clone(), mask].concat()
    }
}

/// Fifth version with a profile behind the pixels, or the path of one.
pub(crate) fn with_profile(space: &[u8; 4], profile: &[u8]) -> Bmp {
    let mut bmp = Bmp::new(124, 6, 5, 24, 0);
    bmp.header[56..60].copy_from_slice(space);
    set(&mut bmp.header, 108, 4);
    set(&mut bmp.header, 112, (124 + bmp.pixels.len()) as u32);
    set(&mut bmp.header, 116, profile.len() as u32);
    bmp.trailer = profile.to_vec();
    bmp
}

/// Runs with a literal, a jump, ends of lines and the end of the picture.
pub(crate) fn runs() -> Bmp {
    let mut bmp = Bmp::new(40, 8, 4, 8, 1);
    bmp.pixels = vec![8, 1, 0, 0, 0, 3, 4, 5, 6, 0, 5, 9, 0, 0, 0, 2, 2, 1, 3, 7, 0, 1];
    let size = bmp.pixels.len() as u32;
    set(&mut bmp.header, 20, size);
    bmp
}

/// Bitmaps that need nothing.
pub(crate) fn plain() -> Vec<(&'static str, Vec<u8>)> {
    let mut fixtures = Vec::new();
    for (name, size, bits, compression) in [
        ("core 1", 12, 1, 0),
        ("core 24", 12, 24, 0),
        ("info 1", 40, 1, 0),
        ("info 4", 40, 4, 0),
        ("info 8", 40, 8, 0),
        ("info 16", 40, 16, 0),
        ("info 16 masks", 40, 16, 3),
        ("info 24", 40, 24, 0),
        ("info 32", 40, 32, 0),
        ("info 32 masks", 40, 32, 3),
        ("version 2", 52, 16, 3),
        ("version 3", 56, 32, 3),
        ("version 4", 108, 32, 3),
        ("version 5", 124, 24, 0),
    ] {
        fixtures.push((name, Bmp::new(size, 7, 5, bits, compression).build()));
    }
    fixtures.push(("upper row first", Bmp::new(40, 7, -5, 24, 0).build()));
    fixtures.push(("runs", runs().build()));
    fixtures
}

/// Bitmaps with markers.
pub(crate) fn laden(profile: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut gap = Bmp::new(40, 7, 5, 8, 0);
    gap.gap = b"PLANTED gap".to_vec();
    gap.trailer = b"PLANTED trailer".to_vec();
    gap.reserved = *b"PLAN";
    let mut ends = Bmp::new(40, 9, 4, 24, 0);
    for row in ends.pixels.chunks_mut(28) {
        row[27] = b'P';
    }
    let mut entries = Bmp::new(40, 7, 5, 8, 0);
    entries.palette.iter_mut().skip(3).step_by(4).for_each(|unused| *unused = b'P');
    let mut deep = Bmp::new(40, 7, 5, 24, 0);
    deep.palette = b"PLANTED palette.".to_vec();
    set(&mut deep.header, 32, 4);
    let mut masks = Bmp::new(108, 7, 5, 24, 0);
    masks.header[40..47].copy_from_slice(b"PLANTED");
    masks.header[56..60].copy_from_slice(b"BGRs");
    masks.header[60..67].copy_from_slice(b"PLANTED");
    let mut os2 = Bmp::new(64, 7, 5, 8, 0);
    os2.header[44..51].copy_from_slice(b"PLANTED");
    let mut behind_runs = runs();
    behind_runs.pixels.extend(b"PLANTED behind");
    set(&mut behind_runs.header, 20, behind_runs.pixels.len() as u32);
    let linked = with_profile(b"KNIL", b"C:\\Users\\PLANTED\\monitor.icc\0");
    let mut embedded = with_profile(b"DEBM", profile);
    embedded.trailer.extend(b"PLANTED");
    let broken = with_profile(b"DEBM", b"PLANTED no profile");
    [
        ("gap, trailer, reserved", gap),
        ("ends of rows", ends),
        ("palette entries", entries),
        ("palette of a deep picture", deep),
        ("masks and primaries", masks),
        ("OS/2", os2),
        ("behind the runs", behind_runs),
        ("linked profile", linked),
        ("embedded profile", embedded),
        ("broken profile", broken),
    ]
    .map(|(name, bmp)| (name, bmp.build()))
    .into()
}

/// An icon or cursor (`kind` 1 or 2) of these pictures, `between` before each of them and behind the last.
pub(crate) fn icon(kind: u8, pictures: &[(u8, Vec<u8>)], between: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, kind, 0, pictures.len() as u8, 0];
    let mut at = 6 + 16 * pictures.len();
    for (side, picture) in pictures {
        at += between.len();
        bytes.extend([*side, *side, 0, if between.is_empty() { 0 } else { b'P' }, 1, 0, 32, 0]);
        bytes.extend((picture.len() as u32).to_le_bytes());
        bytes.extend((at as u32).to_le_bytes());
        at += picture.len();
    }
    for (_, picture) in pictures {
        bytes.extend(between);
        bytes.extend(picture);
    }
    bytes.extend(between);
    bytes
}

/// Pictures for an icon: with and without a mask, with a palette, and a PNG.
pub(crate) fn pictures(png: Vec<u8>) -> Vec<(u8, Vec<u8>)> {
    vec![
        (8, Bmp::new(40, 8, 8, 32, 0).in_icon(true)),
        (8, Bmp::new(40, 8, 8, 32, 0).in_icon(false)),
        (16, Bmp::new(40, 16, 16, 8, 0).in_icon(true)),
        (16, Bmp::new(40, 16, 16, 24, 0).in_icon(true)),
        (20, png),
    ]
}
