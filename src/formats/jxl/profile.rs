//! The colour profile of a codestream: first taken apart into commands and data, then entropy-coded (ISO/IEC 18181-1 section
//! E.4).
//!
//! Every profile that stays is coded anew, also one that everybody has, because both codes have room for bytes that no
//! decoder asks for. The new code is plain: the profile's header as it differs from the usual one, one command that appends
//! everything else, and the same eight bits for every byte.

use super::bits::{BitWriter, Bits};
use super::frame_header::decoded;
use crate::formats::Context;
use crate::refusal::Refusal;

/// Bytes that the library gives a coded colour profile at most.
const LARGEST: u64 = 1 << 28;
/// Bytes of a profile that one byte of its code can become: three entries of its tag table.
const MOST_PER_BYTE: u64 = 36;
/// Bytes of the header of a profile.
const HEADER: usize = 128;
/// The command that appends bytes as they are.
const APPEND: u8 = 1;

/// Reads the profile.
///
/// # Errors
/// [`crate::Reason::Damaged`] when it is broken, [`crate::Reason::OverLimit`] when it is too large.
pub(super) fn read(bits: &mut Bits<'_>, context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
    let size = bits.clone().long()?;
    if size > LARGEST {
        return Err(Refusal::damaged("the colour profile is larger than the format allows"));
    }
    context.charge_decompressed(size.saturating_mul(MOST_PER_BYTE))?;
    let unreadable = || Refusal::damaged("the colour profile cannot be read");
    let coded = decoded(bits, |stream| jxl_color::icc::read_icc(stream).map_err(|_| unreadable()))?;
    jxl_color::icc::decode_icc(&coded).map_err(|_| unreadable())
}

/// Appends a profile.
///
/// # Errors
/// [`crate::Reason::Unsupported`] when it is longer than the format can say.
pub(super) fn write(profile: &[u8], writer: &mut BitWriter<'_>) -> Result<(), Refusal> {
    let coded = commands_and_data(profile);
    let too_long = |_| Refusal::unsupported("the colour profile is longer than the format allows");
    writer.push_long(u32::try_from(coded.len()).map_err(too_long)?);
    writer.push(0, 1); // no repetitions
    writer.push(1, 1); // clusters of contexts are numbers
    writer.push(0, 2); // of no bits: there is one for all
    writer.push(1, 1); // prefix codes
    writer.push(8, 4); // numbers below 2⁸ are symbols
    writer.push(0, 8); // and no bits of larger ones are
    writer.push(1, 1);
    writer.push(7, 4);
    writer.push(127, 7); // 1 + 2⁷ + 127 symbols
    // The lengths of their codes are coded in turn. Of these codes only that of the length 8 has a length, which is the
    // eleventh of eighteen in the order of the format, so that all symbols have codes of eight bits, at no cost.
    for place in 0..19 {
        writer.push(u32::from(place == 11), 2);
    }
    for byte in coded {
        writer.push(u32::from(byte.reverse_bits()), 8);
    }
    Ok(())
}

/// The profile as sizes, commands and data.
fn commands_and_data(profile: &[u8]) -> Vec<u8> {
    let (header, rest) = profile.split_at_checked(HEADER).unwrap_or((profile, &[]));
    // No tags are coded apart.
    let commands = [&[0, APPEND], varint(rest.len()).as_slice()].concat();
    let residuals = header.iter().zip(predicted(header, profile.len())).map(|(byte, likely)| byte.wrapping_sub(likely));
    let sizes = [varint(profile.len()), varint(commands.len())].concat();
    [sizes, commands, residuals.collect(), rest.to_vec()].concat()
}

/// What the bytes of a header are likely to be, by which the format codes the difference.
fn predicted(header: &[u8], size: usize) -> Vec<u8> {
    let field = |at: usize| header.get(at..).and_then(|rest| rest.first_chunk::<4>()).copied().unwrap_or_default();
    let platform = match field(40) {
        [b'A', ..] => *b"\0PPL",
        [b'M', ..] => *b"\0SFT",
        [b'S', b'G', ..] => *b"\0\0I ",
        [b'S', b'U', ..] => *b"\0\0NW",
        _ => [0; 4],
    };
    [
        u32::try_from(size).unwrap_or(u32::MAX).to_be_bytes().as_slice(),
        &[0, 0, 0, 0, 4, 0, 0, 0],
        b"mntrRGB XYZ ",
        &[0; 12],
        b"acsp",
        &platform,
        &[0; 24],
        // Illuminant D50
        &[0, 0, 246, 214, 0, 1, 0, 0, 0, 0, 211, 45],
        // The creator is likely the one who chose the colour engine.
        &field(4),
        &[0; 44],
    ]
    .concat()
}

/// A number in groups of seven bits, the lowest first.
fn varint(mut number: usize) -> Vec<u8> {
    let mut groups = Vec::new();
    while number > 0x7f {
        groups.push(u8::try_from(number & 0x7f).unwrap_or_default() | 0x80);
        number >>= 7;
    }
    groups.push(u8::try_from(number).unwrap_or_default());
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Spent;
    use crate::policy::Policy;

    #[test]
    fn decoders_read_every_profile_as_it_was() {
        let spent = Spent::default();
        let context = Context::new(Policy::strictest(), &spent);
        // Sizes of one, two and three groups, and more than the first twelve bits of a number.
        for size in [132, 300, 5_000, 20_000] {
            for platform in [b"APPL", b"MSFT", b"SGI ", b"SUNW", b"SXYZ", b"\0\0\0\0"] {
                let mut profile: Vec<u8> = (0..size).map(|at| u8::try_from(at * 7 % 256).unwrap()).collect();
                profile[40..44].copy_from_slice(platform);
                let mut bytes = Vec::new();
                let mut writer = BitWriter::new(&mut bytes);
                writer.push(0, 3); // not at a whole byte
                write(&profile, &mut writer).unwrap();
                writer.push(0b101, 3);
                writer.align();
                let mut bits = Bits::new(&bytes, 3);
                assert_eq!(read(&mut bits, &context).unwrap(), profile);
                assert_eq!(bits.bits(3).unwrap(), 0b101);
            }
        }
    }
}
