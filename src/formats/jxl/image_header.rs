//! The image header (ISO/IEC 18181-1 annexes C and D): what frames need to know of it, and the parts of it that go.

use std::ops::Range;

use super::bits::{Bits, Ways};
use super::removed::Removed;
use crate::refusal::Refusal;

/// How the coordinate of a chromaticity is coded.
const CHROMATICITY: Ways = [(0, 19), (524_288, 19), (1_048_576, 20), (2_097_152, 21)];
/// The number that stands for own values in the enumerations of white points and primaries.
const CUSTOM: u32 = 2;
/// Colour spaces.
const RGB: u32 = 0;
const GREY: u32 = 1;
const XYB: u32 = 2;
/// The type of the extra channel that makes CMYK of three colour channels.
const BLACK: u32 = 4;
/// The widest profile of the format allows so many extra channels.
const MOST_CHANNELS: u32 = 256;

/// What an image header says of the colour profile that follows it.
#[derive(Clone)]
pub(super) struct ProfileFields {
    /// Where it says so.
    bits: Range<usize>,
    /// The kind of colour space.
    space: u32,
}

/// What is known of a picture before its frames.
#[derive(Default)]
pub(super) struct ImageHeader {
    /// Width and height.
    pub(super) size: (u32, u32),
    /// Width and height of the preview frame, if there is one.
    pub(super) preview: Option<(u32, u32)>,
    /// Whether frames have durations.
    pub(super) animated: bool,
    /// Whether frames have time codes.
    pub(super) timecodes: bool,
    /// The types of the extra channels.
    pub(super) channels: Vec<u32>,
    /// Whether colours are coded as XYB.
    pub(super) xyb: bool,
    /// What the header says of a colour profile, if one follows.
    pub(super) profile: Option<ProfileFields>,
    /// What goes of it.
    pub(super) removed: Removed,
}

impl ImageHeader {
    /// Reads the header at the start of a codestream, its signature included.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when there is none.
    pub(super) fn read(bits: &mut Bits<'_>) -> Result<Self, Refusal> {
        if bits.bits(16)? != 0x0aff {
            return Err(Refusal::damaged("the codestream does not begin with its signature"));
        }
        let mut header = Self { size: size(bits)?, xyb: true, ..Self::default() };
        if !bits.flag()? {
            header.read_metadata(bits)?;
        }
        header.skip_transform(bits)?;
        Ok(header)
    }

    /// `ImageMetadata` that are not the default (section D.2).
    fn read_metadata(&mut self, bits: &mut Bits<'_>) -> Result<(), Refusal> {
        let extra_fields = bits.flag()?;
        if extra_fields {
            bits.skip(3)?; // orientation
            if bits.flag()? {
                size(bits)?; // intrinsic size
            }
            self.read_preview(bits)?;
            self.read_animation(bits)?;
        }
        skip_bit_depth(bits)?;
        bits.skip(1)?; // whether 16 bits are enough for modular samples
        let channels = bits.coded([(0, 0), (1, 0), (2, 4), (1, 12)])?;
        if channels > MOST_CHANNELS {
            return Err(Refusal::damaged(format!("more than {MOST_CHANNELS} extra channels")));
        }
        for _ in 0..channels {
            self.read_channel(bits)?;
        }
        self.xyb = bits.flag()?;
        self.read_colour(bits)?;
        if extra_fields && !bits.flag()? {
            bits.halves(2)?; // tone mapping
            bits.skip(1)?;
            bits.halves(1)?;
        }
        self.removed.extensions(bits)
    }

    fn read_preview(&mut self, bits: &mut Bits<'_>) -> Result<(), Refusal> {
        let start = bits.at();
        if !bits.flag()? {
            return Ok(());
        }
        let eighths = bits.flag()?;
        let ways =
            if eighths { [(16, 0), (32, 0), (1, 5), (33, 9)] } else { [(1, 6), (65, 8), (321, 10), (1_345, 12)] };
        let unit = if eighths { 8 } else { 1 };
        let height = bits.coded(ways)?.saturating_mul(unit);
        let width = match bits.bits(3)? {
            0 => bits.coded(ways)?.saturating_mul(unit),
            ratio => of_ratio(ratio, height)?,
        };
        self.preview = Some((width, height));
        self.removed.cut(start..bits.at(), 1);
        Ok(())
    }

    fn read_animation(&mut self, bits: &mut Bits<'_>) -> Result<(), Refusal> {
        self.animated = bits.flag()?;
        if self.animated {
            bits.coded([(100, 0), (1_000, 0), (1, 10), (1, 30)])?;
            bits.coded([(1, 0), (1_001, 0), (1, 8), (1, 10)])?;
            bits.coded([(0, 0), (0, 3), (0, 16), (0, 32)])?;
            let start = bits.at();
            self.timecodes = bits.flag()?;
            if self.timecodes {
                self.removed.cut(start..bits.at(), 1);
            }
        }
        Ok(())
    }

    /// `ExtraChannelInfo` (section D.3.6).
    fn read_channel(&mut self, bits: &mut Bits<'_>) -> Result<(), Refusal> {
        let mut kind = 0;
        if !bits.flag()? {
            kind = bits.enumeration()?;
            skip_bit_depth(bits)?;
            bits.coded([(0, 0), (3, 0), (4, 0), (1, 3)])?;
            self.removed.name(bits)?;
            match kind {
                0 => bits.skip(1)?,
                2 => bits.halves(4)?,
                5 => drop(bits.coded([(1, 0), (0, 2), (3, 4), (19, 8)])?),
                1 | 3 | 4 | 6 | 15 | 16 => {}
                _ => {
                    return Err(Refusal::unsupported(
                        "an extra channel is of a type that no version of the format has",
                    ));
                }
            }
        }
        self.channels.push(kind);
        Ok(())
    }

    /// `ColourEncoding` (section E.2).
    fn read_colour(&mut self, bits: &mut Bits<'_>) -> Result<(), Refusal> {
        let start = bits.at();
        if bits.flag()? {
            return Ok(());
        }
        let profile = bits.flag()?;
        let space = bits.enumeration()?;
        if profile {
            self.profile = Some(ProfileFields { bits: start..bits.at(), space });
            return Ok(());
        }
        let mut chromaticities = 0_u32;
        if space != XYB && bits.enumeration()? == CUSTOM {
            chromaticities = 1;
        }
        for _ in 0..chromaticities.saturating_mul(2) {
            bits.coded(CHROMATICITY)?;
        }
        if space != XYB && space != GREY && bits.enumeration()? == CUSTOM {
            for _ in 0..6 {
                bits.coded(CHROMATICITY)?;
            }
        }
        if space != XYB {
            if bits.flag()? {
                bits.skip(24)?; // gamma
            } else {
                bits.enumeration()?; // transfer function
            }
        }
        bits.enumeration()?; // rendering intent
        Ok(())
    }

    /// Says sRGB where the header says that a profile follows, or its gray scale.
    ///
    /// # Errors
    /// [`crate::Reason::Unsupported`] when the numbers of the picture can be neither.
    pub(super) fn replace_profile(&mut self, fields: ProfileFields) -> Result<(), Refusal> {
        let instead = match fields.space {
            RGB if !self.channels.contains(&BLACK) => (1, 1), // all default
            // From the lowest bit on: not all default, no profile, gray, D65, no gamma, but the function of sRGB, relative.
            GREY => (0b011_0111_0001_0100, 15),
            _ => return Err(Refusal::unsupported("its colours have no meaning without the colour profile")),
        };
        self.removed.replace(fields.bits, instead);
        Ok(())
    }

    /// Opsin inverse matrix and upsampling weights (sections L.2 and K.2).
    fn skip_transform(&self, bits: &mut Bits<'_>) -> Result<(), Refusal> {
        if bits.flag()? {
            return Ok(());
        }
        if self.xyb && !bits.flag()? {
            bits.halves(16)?;
        }
        let own = bits.bits(3)?;
        for (mask, weights) in [(1, 15), (2, 55), (4, 210)] {
            if own & mask != 0 {
                bits.halves(weights)?;
            }
        }
        Ok(())
    }
}

/// `SizeHeader` (section D.2.1) as width and height.
fn size(bits: &mut Bits<'_>) -> Result<(u32, u32), Refusal> {
    let small = bits.flag()?;
    let side = |bits: &mut Bits<'_>| {
        if small {
            Ok(bits.bits(5)?.saturating_add(1).saturating_mul(8))
        } else {
            bits.coded([(1, 9), (1, 13), (1, 18), (1, 30)])
        }
    };
    let height = side(bits)?;
    let width = match bits.bits(3)? {
        0 => side(bits)?,
        ratio => of_ratio(ratio, height)?,
    };
    Ok((width, height))
}

/// The width to a height by the number of a ratio, 1 to 7 (table D.2).
fn of_ratio(ratio: u32, height: u32) -> Result<u32, Refusal> {
    let (above, below) = match ratio {
        1 => (1, 1),
        2 => (12, 10),
        3 => (4, 3),
        4 => (3, 2),
        5 => (16, 9),
        6 => (5, 4),
        _ => (2_u64, 1_u64),
    };
    u32::try_from(u64::from(height).saturating_mul(above) / below)
        .map_err(|_| Refusal::damaged("the picture is wider than the format allows"))
}

/// `BitDepth` (section D.3.5).
fn skip_bit_depth(bits: &mut Bits<'_>) -> Result<(), Refusal> {
    if bits.flag()? {
        bits.coded([(32, 0), (16, 0), (24, 0), (1, 6)])?;
        bits.skip(4)
    } else {
        bits.coded([(8, 0), (10, 0), (12, 0), (1, 6)]).map(drop)
    }
}
