//! A frame header and the table of contents behind it (ISO/IEC 18181-1 annex F): where the frame ends, and what goes of it.

use jxl_bitstream::Bitstream;

use super::bits::{Bits, Ways};
use super::image_header::ImageHeader;
use super::removed::Removed;
use crate::refusal::Refusal;

/// How sizes and places of frames are coded.
const SIDE: Ways = [(0, 8), (256, 11), (2_304, 14), (18_688, 30)];
/// Types of frames (table F.2).
const REGULAR: u32 = 0;
const LOW_FREQUENCY: u32 = 1;
const REFERENCE_ONLY: u32 = 2;
/// The flag of frames whose low frequencies come from another frame.
const USE_LF_FRAME: u64 = 0x20;
/// The blend mode that takes nothing from what lies below.
const REPLACE: u32 = 0;
/// Entries of one table of contents; decoders take no more.
const MOST_SECTIONS: u64 = 65_536;

/// What is known of a frame before its data.
pub(super) struct FrameHeader {
    kind: u32,
    modular: bool,
    group_size_shift: u32,
    upsampling: u32,
    passes: u32,
    lf_level: u32,
    /// Width and height.
    size: (u32, u32),
    duration: u32,
    /// Whether it is the last one.
    pub(super) is_last: bool,
    /// What goes of it.
    pub(super) removed: Removed,
    /// Whether it has a time code.
    pub(super) has_timecode: bool,
}

impl FrameHeader {
    /// Reads the header of a frame on a canvas of this size.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when it breaks the rules of the format.
    pub(super) fn read(bits: &mut Bits<'_>, image: &ImageHeader, canvas: (u32, u32)) -> Result<Self, Refusal> {
        let mut header = Self {
            kind: REGULAR,
            modular: false,
            group_size_shift: 1,
            upsampling: 1,
            passes: 1,
            lf_level: 0,
            size: canvas,
            duration: 0,
            is_last: true,
            removed: Removed::default(),
            has_timecode: false,
        };
        if !bits.flag()? {
            header.read_fields(bits, image, canvas)?;
        }
        Ok(header)
    }

    /// A frame that is shown or drawn over, not only referred to.
    fn is_normal(&self) -> bool {
        self.kind != LOW_FREQUENCY && self.kind != REFERENCE_ONLY
    }

    /// A frame that others are drawn over before anything is shown.
    pub(super) fn is_layer(&self) -> bool {
        self.is_normal() && !self.is_last && self.duration == 0
    }

    fn read_fields(&mut self, bits: &mut Bits<'_>, image: &ImageHeader, canvas: (u32, u32)) -> Result<(), Refusal> {
        self.kind = bits.bits(2)?;
        self.modular = bits.flag()?;
        let from_lf_frame = bits.long()? & USE_LF_FRAME != 0;
        let ycbcr = !image.xyb && bits.flag()?;
        if !from_lf_frame {
            if ycbcr {
                bits.skip(6)?; // chroma subsampling
            }
            self.upsampling = 1 << bits.bits(2)?;
            bits.skip(image.channels.len() as u64 * 2)?;
        }
        if self.modular {
            self.group_size_shift = bits.bits(2)?;
        } else if image.xyb {
            bits.skip(6)?; // quantisation scales
        }
        if self.kind != REFERENCE_ONLY {
            self.read_passes(bits)?;
        }
        if self.kind == LOW_FREQUENCY {
            self.lf_level = bits.bits(2)?.saturating_add(1);
        }
        let full = self.read_place(bits, canvas)?;
        self.is_last = self.kind == REGULAR;
        let mut mode = REPLACE;
        if self.is_normal() {
            mode = read_blending(bits, !image.channels.is_empty(), full)?;
            for _ in &image.channels {
                read_blending(bits, true, full)?;
            }
            if image.animated {
                self.duration = bits.coded([(0, 0), (1, 0), (0, 8), (0, 32)])?;
            }
            if image.timecodes {
                let start = bits.at();
                bits.skip(32)?;
                self.removed.cut(start..bits.at(), 0);
                self.has_timecode = true;
            }
            self.is_last = bits.flag()?;
        }
        let mut saved = 0;
        if self.kind != LOW_FREQUENCY && !self.is_last {
            saved = bits.bits(2)?;
        }
        let may_be_saved = full && mode == REPLACE && !self.is_last && (self.duration == 0 || saved != 0);
        if self.kind == REFERENCE_ONLY || (self.is_normal() && may_be_saved) {
            bits.skip(1)?; // saved before the colour transform
        }
        self.removed.name(bits)?;
        self.read_filter(bits)?;
        self.removed.extensions(bits)
    }

    /// `Passes` (section F.3.2).
    fn read_passes(&mut self, bits: &mut Bits<'_>) -> Result<(), Refusal> {
        self.passes = bits.coded([(1, 0), (2, 0), (3, 0), (4, 3)])?;
        if self.passes != 1 {
            let steps = bits.coded([(0, 0), (1, 0), (2, 0), (3, 1)])?;
            bits.skip(u64::from(self.passes.saturating_sub(1)) * 2)?;
            bits.skip(u64::from(steps) * 2)?;
            for _ in 0..steps {
                bits.coded([(0, 0), (1, 0), (2, 0), (0, 3)])?;
            }
        }
        Ok(())
    }

    /// Reads place and size; tells whether the frame covers the canvas.
    fn read_place(&mut self, bits: &mut Bits<'_>, canvas: (u32, u32)) -> Result<bool, Refusal> {
        if self.kind == LOW_FREQUENCY || !bits.flag()? {
            return Ok(true);
        }
        let (mut left, mut top) = (0, 0);
        if self.kind != REFERENCE_ONLY {
            left = signed(bits.coded(SIDE)?);
            top = signed(bits.coded(SIDE)?);
        }
        self.size = (bits.coded(SIDE)?, bits.coded(SIDE)?);
        let covers = |start: i64, side: u32, whole: u32| start <= 0 && start + i64::from(side) >= i64::from(whole);
        Ok(covers(left, self.size.0, canvas.0) && covers(top, self.size.1, canvas.1))
    }

    /// `RestorationFilter` (section J.1).
    fn read_filter(&mut self, bits: &mut Bits<'_>) -> Result<(), Refusal> {
        if bits.flag()? {
            return Ok(());
        }
        if bits.flag()? && bits.flag()? {
            bits.halves(6)?; // own weights of the Gabor-like filter
        }
        if bits.bits(2)? > 0 {
            if !self.modular && bits.flag()? {
                bits.halves(8)?; // sharpness
            }
            if bits.flag()? {
                bits.halves(5)?; // weights of the channels
            }
            if bits.flag()? {
                bits.halves(if self.modular { 3 } else { 4 })?; // sigma
            }
            if self.modular {
                bits.halves(1)?;
            }
        }
        self.removed.extensions(bits)
    }

    /// How many sections the frame is coded in (section F.4.1).
    fn sections(&self) -> Result<u64, Refusal> {
        let side = |side: u32| {
            let coded = u64::from(side).div_ceil(u64::from(self.upsampling));
            coded.div_ceil(1 << self.lf_level.saturating_mul(3))
        };
        let (width, height) = (side(self.size.0), side(self.size.1));
        if width == 0 || height == 0 {
            return Err(Refusal::damaged("a frame has no pixels"));
        }
        let group = 128_u64 << self.group_size_shift;
        let count = |side: u64| width.div_ceil(side).saturating_mul(height.div_ceil(side));
        let (groups, lf_groups) = (count(group), count(group.saturating_mul(8)));
        let sections = if groups == 1 && self.passes == 1 {
            1
        } else {
            groups.saturating_mul(u64::from(self.passes)).saturating_add(lf_groups).saturating_add(2)
        };
        if sections > MOST_SECTIONS {
            return Err(Refusal::damaged(format!("a frame has more than {MOST_SECTIONS} sections")));
        }
        Ok(sections)
    }

    /// Reads the order of the sections behind the header; their sizes follow at the next whole byte.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when it is no order.
    pub(super) fn read_order(&self, bits: &mut Bits<'_>) -> Result<(), Refusal> {
        let sections = u32::try_from(self.sections()?).unwrap_or(u32::MAX);
        if bits.flag()? {
            let broken = |_| Refusal::damaged("the order of the sections of a frame cannot be read");
            decoded(bits, |stream| {
                let mut decoder = jxl_coding::Decoder::parse(stream, 8).map_err(broken)?;
                decoder.begin(stream).map_err(broken)?;
                jxl_coding::read_permutation(stream, &mut decoder, sections, 0).map_err(broken)?;
                decoder.finalize().map_err(broken)
            })?;
        }
        Ok(())
    }

    /// Reads the sizes of the sections, which begin at a whole byte, and adds them up.
    ///
    /// # Errors
    /// As [`Bits::bits`].
    pub(super) fn read_sizes(&self, bits: &mut Bits<'_>) -> Result<u64, Refusal> {
        let mut total = 0_u64;
        for _ in 0..self.sections()? {
            let size = bits.coded([(0, 10), (1_024, 14), (17_408, 22), (4_211_712, 30)])?;
            total = total.saturating_add(u64::from(size));
        }
        Ok(total)
    }
}

/// Lets the library read entropy-coded numbers and goes on behind them.
///
/// # Errors
/// What `read` returns.
pub(super) fn decoded<T>(
    bits: &mut Bits<'_>,
    read: impl FnOnce(&mut Bitstream<'_>) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let (byte, bit) = (bits.at() / 8, bits.at() % 8);
    let mut stream = Bitstream::new(bits.bytes().get(byte..).unwrap_or_default());
    stream.skip_bits(bit).map_err(|_| Refusal::damaged("the codestream is cut off"))?;
    let value = read(&mut stream)?;
    bits.skip(stream.num_read_bits().saturating_sub(bit) as u64)?;
    Ok(value)
}

/// `BlendingInfo` (section F.3.3); gives the mode.
fn read_blending(bits: &mut Bits<'_>, channels: bool, full: bool) -> Result<u32, Refusal> {
    let mode = bits.coded([(0, 0), (1, 0), (2, 0), (3, 2)])?;
    let uses_alpha = channels && matches!(mode, 2 | 3);
    if uses_alpha {
        bits.coded([(0, 0), (1, 0), (2, 0), (3, 3)])?;
    }
    if uses_alpha || mode == 4 {
        bits.skip(1)?;
    }
    if !full || mode != REPLACE {
        bits.skip(2)?;
    }
    Ok(mode)
}

/// `UnpackSigned` (section B.2.7).
fn signed(value: u32) -> i64 {
    let half = i64::from(value >> 1);
    if value & 1 == 0 { half } else { -half - 1 }
}
