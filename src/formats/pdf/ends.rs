//! Where coded data ends by its own rules.

use hayro_ccitt::{DecodeError, DecodeSettings, Decoder, DecoderContext, EncodingMode};

/// The bytes of LZW data (7.4.4) up to its end mark; none when there is none.
pub(super) fn lzw(bytes: &[u8], early_change: bool) -> Option<usize> {
    const CLEAR: u32 = 256;
    const END: u32 = 257;
    let early = usize::from(early_change);
    let (mut held, mut bits, mut next, mut first) = (0_u32, 0_u32, 258_usize, true);
    for (index, byte) in bytes.iter().enumerate() {
        bits = (bits << 8) | u32::from(*byte);
        held = held.saturating_add(8);
        let width = match next.saturating_add(early) {
            ..512 => 9,
            512..1024 => 10,
            1024..2048 => 11,
            _ => 12,
        };
        if held < width {
            continue;
        }
        held = held.saturating_sub(width);
        match (bits >> held) & ((1 << width) - 1) {
            END => return index.checked_add(1),
            CLEAR => (next, first) = (258, true),
            // The first code after a clear table makes no entry.
            _ if first => first = false,
            _ => next = next.saturating_add(1).min(4096),
        }
    }
    None
}

/// The bytes of run-length data (7.4.5) up to its end mark; none when there is none.
pub(super) fn run_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 0_usize;
    loop {
        at = match *bytes.get(at)? {
            128 => return at.checked_add(1),
            length @ 0..=127 => at.checked_add(usize::from(length))?.checked_add(2)?,
            _ => at.checked_add(2)?,
        };
    }
}

/// The bytes of a fax image (7.4.6): up to its last row and the end of its block, if it has one. None for an image that is
/// broken in the middle, of which nobody tells where it ends.
pub(super) fn fax(bytes: &[u8], settings: DecodeSettings) -> Option<usize> {
    struct Rows;
    impl Decoder for Rows {
        fn push_row(&mut self, _: &[u32]) {}
    }
    if settings.columns == 0 {
        return None;
    }
    match hayro_ccitt::decode(bytes, &mut Rows, &mut DecoderContext::new(settings)) {
        Ok(end) => Some(end.min(bytes.len())),
        Err(DecodeError::UnexpectedEof) => Some(bytes.len()), // cut off: there is nothing behind it
        Err(_) => end_of_block(bytes, settings.encoding),
    }
}

/// The end of the block of a fax image by its mark alone. Two ends of line after each other end a two-dimensional image (ITU-T
/// T.6), six a one-dimensional one (T.4); no other code begins with eleven zeros.
fn end_of_block(bytes: &[u8], encoding: EncodingMode) -> Option<usize> {
    let wanted = match encoding {
        EncodingMode::Group4 => 2,
        EncodingMode::Group3_1D => 6,
        EncodingMode::Group3_2D => return None,
    };
    let (mut zeros, mut lines) = (0_u32, 0_u32);
    for (index, byte) in bytes.iter().enumerate() {
        for bit in (0..8).rev() {
            if byte >> bit & 1 == 0 {
                zeros = zeros.saturating_add(1);
                continue;
            }
            // Only the first end of line may have fill bits before it.
            lines = match zeros {
                11 => lines.saturating_add(1),
                12.. => 1,
                _ => 0,
            };
            zeros = 0;
            if lines == wanted {
                return index.checked_add(1);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_ends_at_its_mark() {
        // The example of 7.4.4.2.
        let example = [0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01];
        assert_eq!(lzw(&[&example, b"tail".as_slice()].concat(), true), Some(example.len()));
        assert_eq!(lzw(&example[..8], true), None);
        assert_eq!(run_length(b"\x02abc\xfex\x80tail"), Some(7));
        assert_eq!(run_length(b"\x02abc"), None);
    }

    #[test]
    fn fax_images_end_with_their_rows_or_their_block() {
        let settings = |encoding, rows, end_of_block| DecodeSettings {
            columns: 8,
            rows,
            end_of_block,
            end_of_line: false,
            rows_are_byte_aligned: false,
            encoding,
            strict: false,
        };
        // Eight rows like the white one above them: a bit each.
        let group_4 = |rows, end_of_block| settings(EncodingMode::Group4, rows, end_of_block);
        assert_eq!(fax(b"\xfftail", group_4(8, false)), Some(1));
        assert_eq!(fax(b"\xff\x00\x10\x01tail", group_4(8, true)), Some(4));
        assert_eq!(fax(b"\xff\x00\x10\x01tail", group_4(0, true)), Some(4));
        assert_eq!(fax(b"\xff", group_4(9, true)), Some(1));
        // A line of eight white pixels, and one like it: 1 and 10011, 0 and V0.
        let mixed = [0b0000_0000, 0b0001_1100, 0b1100_0000, 0b0000_0101];
        let group_3 = settings(EncodingMode::Group3_2D, 2, true);
        assert_eq!(fax(&[&mixed, b"tail".as_slice()].concat(), group_3), Some(mixed.len()));
        let six = [0x00, 0x10, 0x01, 0x00, 0x10, 0x01, 0x00, 0x10, 0x01];
        assert_eq!(end_of_block(&[&[0x35], six.as_slice(), b"tail"].concat(), EncodingMode::Group3_1D), Some(10));
        assert_eq!(end_of_block(b"\x26\xa0\x01\x00\x10tail", EncodingMode::Group4), Some(5));
    }
}
