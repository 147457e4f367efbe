//! Codestreams of tiny modular pictures, built bit by bit (ISO/IEC 18181-1).

/// Writes numbers; the lowest bit of a byte comes first.
#[derive(Default)]
pub(crate) struct Bits {
    bits: Vec<bool>,
}

impl Bits {
    fn put(&mut self, value: u64, count: u32) -> &mut Self {
        self.bits.extend((0..count).map(|bit| value >> bit & 1 == 1));
        self
    }

    fn flag(&mut self, value: bool) -> &mut Self {
        self.put(u64::from(value), 1)
    }

    /// A `U32` by the number of its way, and the bits that follow.
    fn coded(&mut self, way: u64, value: u64, count: u32) -> &mut Self {
        self.put(way, 2).put(value, count)
    }

    /// Side of a picture up to 512.
    fn side(&mut self, side: u32) -> &mut Self {
        self.coded(0, u64::from(side) - 1, 9)
    }

    fn name(&mut self, name: &str) -> &mut Self {
        match name.len() as u64 {
            0 => self.coded(0, 0, 0),
            size @ ..16 => self.coded(1, size, 4),
            size @ ..48 => self.coded(2, size - 16, 5),
            size => self.coded(3, size - 48, 10),
        };
        self.text(name)
    }

    fn text(&mut self, text: &str) -> &mut Self {
        for byte in text.bytes() {
            self.put(u64::from(byte), 8);
        }
        self
    }

    /// Extensions number 0 and 2; no text means none.
    fn extensions(&mut self, text: &str) -> &mut Self {
        if text.is_empty() {
            return self.put(0, 2);
        }
        self.put(1, 2).put(5 - 1, 4); // both bits are set
        let size = text.len() as u64 * 8;
        assert!((17..273).contains(&size));
        self.put(2, 2).put(size - 17, 8).put(1, 2).put(3, 4).text(text).put(0b1010, 4)
    }

    fn align(&mut self) -> &mut Self {
        self.bits.resize(self.bits.len().next_multiple_of(8), false);
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let byte = |bits: &[bool]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
        self.bits.chunks(8).map(byte).collect()
    }
}

/// A frame over the whole canvas.
#[derive(Clone, Default)]
pub(crate) struct Frame {
    pub(crate) name: &'static str,
    pub(crate) extensions: &'static str,
    pub(crate) filter_extensions: &'static str,
    /// How long it is shown; 0 without animation.
    pub(crate) duration: u32,
    /// What the noise of its pixels begins with.
    pub(crate) seed: u32,
    /// Whether its table of contents has an order of its own.
    pub(crate) ordered: bool,
}

/// A picture of 8 bits, grey or with three colours.
#[derive(Clone)]
pub(crate) struct Picture {
    pub(crate) size: (u32, u32),
    pub(crate) coloured: bool,
    /// Types and names of extra channels.
    pub(crate) channels: Vec<(u64, &'static str)>,
    pub(crate) orientation: u64,
    pub(crate) profile: Option<Vec<u8>>,
    /// What stands behind the profile in its code, where no decoder looks.
    pub(crate) behind_profile: &'static str,
    pub(crate) extensions: &'static str,
    pub(crate) preview: Option<(u32, u32)>,
    pub(crate) animated: bool,
    pub(crate) timecodes: bool,
    pub(crate) frames: Vec<Frame>,
}

impl Default for Picture {
    fn default() -> Self {
        Self {
            size: (21, 13),
            coloured: false,
            channels: Vec::new(),
            orientation: 1,
            profile: None,
            behind_profile: "",
            extensions: "",
            preview: None,
            animated: false,
            timecodes: false,
            frames: vec![Frame::default()],
        }
    }
}

/// The text that stands in the pixels of a preview frame.
pub(crate) const PREVIEW: &str = "PLANTED in the preview";

impl Picture {
    /// The codestream.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.header();
        if let Some(size) = self.preview {
            bytes.extend(self.frame(size, &Frame { name: PREVIEW, ..Frame::default() }, true));
        }
        for (index, frame) in self.frames.iter().enumerate() {
            bytes.extend(self.frame(self.size, frame, index + 1 == self.frames.len()));
        }
        bytes
    }

    fn header(&self) -> Vec<u8> {
        let mut bits = Bits::default();
        bits.put(0x0aff, 16).flag(false).side(self.size.1).put(0, 3).side(self.size.0);
        bits.flag(false).flag(true); // not all default, extra fields
        bits.put(self.orientation - 1, 3).flag(false).flag(self.preview.is_some());
        if let Some((width, height)) = self.preview {
            bits.flag(false).coded(0, u64::from(height) - 1, 6).put(0, 3).coded(0, u64::from(width) - 1, 6);
        }
        bits.flag(self.animated);
        if self.animated {
            bits.put(0, 2).put(0, 2).put(0, 2).flag(self.timecodes);
        }
        bits.flag(false).put(0, 2).flag(true); // 8 bits
        match self.channels.len() as u64 {
            count @ ..2 => bits.coded(count, 0, 0),
            count => bits.coded(2, count - 2, 4),
        };
        for (kind, name) in &self.channels {
            bits.flag(false);
            match *kind {
                kind @ ..2 => bits.coded(kind, 0, 0),
                kind => bits.coded(2, kind - 2, 4),
            };
            bits.flag(false).put(0, 2).put(0, 2).name(name);
            if *kind == 0 {
                bits.flag(false);
            }
        }
        bits.flag(false); // no XYB
        if self.profile.is_some() {
            bits.flag(false).flag(true).coded(u64::from(!self.coloured), 0, 0);
        } else if self.coloured {
            bits.flag(true); // sRGB
        } else {
            // Grey, D65, sRGB, relative
            bits.flag(false).flag(false).coded(1, 0, 0).coded(1, 0, 0).flag(false).coded(2, 11, 4).coded(1, 0, 0);
        }
        bits.flag(true).extensions(self.extensions).flag(true);
        if let Some(profile) = &self.profile {
            put_profile(&mut bits, profile, self.behind_profile);
        }
        bits.align().bytes()
    }

    fn frame(&self, size: (u32, u32), frame: &Frame, last: bool) -> Vec<u8> {
        let mut bits = Bits::default();
        bits.flag(false).put(0, 2).flag(true).put(0, 2).flag(false).put(0, 2); // regular, modular
        bits.put(0, self.channels.len() as u32 * 2);
        bits.put(1, 2).put(0, 2).flag(false).put(0, 2);
        bits.put(0, self.channels.len() as u32 * 2);
        if self.animated {
            bits.coded(2, u64::from(frame.duration), 8);
            if self.timecodes {
                bits.text("PLAN");
            }
        }
        bits.flag(last);
        if !last {
            bits.put(0, 2);
            if frame.duration == 0 {
                bits.flag(false);
            }
        }
        bits.name(frame.name);
        bits.flag(false).flag(false).put(0, 2).extensions(frame.filter_extensions).extensions(frame.extensions);
        bits.flag(frame.ordered);
        if frame.ordered {
            // A code of eight contexts whose only symbol is 0: an order of no entries out of place.
            bits.flag(false).flag(true).put(0, 2).flag(true).put(0, 4).flag(false);
        }
        let data = self.section(size, frame.seed);
        bits.align().coded(0, data.len() as u64, 10).align();
        [bits.bytes(), data].concat()
    }

    /// Noise of four grey levels, the same way for every channel.
    fn section(&self, size: (u32, u32), seed: u32) -> Vec<u8> {
        let mut bits = Bits::default();
        bits.flag(true).flag(true); // usual quantisation, a global tree
        // The tree is one leaf: all its numbers are 0.
        bits.flag(false).flag(true).put(0, 2).flag(true).put(0, 4).flag(false);
        // Four symbols of two bits each.
        bits.flag(false).flag(true).put(8, 4).put(0, 4).put(0, 4).flag(true).put(7, 4).put(127, 7);
        bits.put(1, 2).put(3, 2);
        for symbol in [0, 100, 200, 254] {
            bits.put(symbol, 8);
        }
        bits.flag(false);
        bits.flag(true).flag(true).put(0, 2); // the global tree, no transforms
        let colours = if self.coloured { 3 } else { 1 };
        for at in 0..size.0 * size.1 * (colours + self.channels.len() as u32) {
            bits.put(u64::from((at + seed).wrapping_mul(2_654_435_761) >> 30), 2);
        }
        bits.bytes()
    }
}

/// A colour profile (annex E.4): its header as it differs from the usual one, everything else as it is.
fn put_profile(bits: &mut Bits, profile: &[u8], behind: &str) {
    let mut usual = [0_u8; 128];
    usual[..4].copy_from_slice(&(profile.len() as u32).to_be_bytes());
    usual[8] = 4;
    usual[12..24].copy_from_slice(b"mntrRGB XYZ ");
    usual[36..40].copy_from_slice(b"acsp");
    (usual[70], usual[71], usual[73], usual[78], usual[79]) = (246, 214, 1, 211, 45);
    let header: Vec<u8> = profile.iter().zip(usual).map(|(byte, usual)| byte.wrapping_sub(usual)).collect();
    let varint = |mut number: usize| {
        let mut bytes = Vec::new();
        while number > 127 {
            bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        bytes.push(number as u8);
        bytes
    };
    let commands = [vec![0, 1], varint(profile.len() - 128)].concat();
    let sizes = [varint(profile.len()), varint(commands.len())].concat();
    let coded = [&sizes, &commands, &header, &profile[128..], behind.as_bytes()].concat();
    assert!(coded.len() < 1 << 12);
    bits.put(3, 2).put(coded.len() as u64, 12).flag(false);
    // One code of 256 symbols for all contexts, each of 8 bits: nothing but the length 8 has a code.
    bits.flag(false).flag(true).put(0, 2).flag(true).put(8, 4).put(0, 4).put(0, 4).flag(true).put(7, 4).put(127, 7);
    bits.put(0, 2);
    // In the order 1, 2, 3, 4, 0, 5, 17, 6, 16, 7, 8, …, 15.
    bits.put(0, 10 * 2).put(0b01, 2).put(0, 7 * 2);
    for byte in coded {
        bits.put(u64::from(byte.reverse_bits()), 8);
    }
}
