//! Where coded data ends by its own rules, for filters that mark their end.

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

/// The bytes of a fax image (7.4.6) up to the end of its block; none when there is none. Two ends of line after each other
/// end a two-dimensional image (ITU-T T.6), six a one-dimensional one (T.4); no other code begins with eleven zeros.
pub(super) fn fax(bytes: &[u8], two_dimensional: bool) -> Option<usize> {
    let wanted = if two_dimensional { 2 } else { 6 };
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
        assert_eq!(fax(b"\x26\xa0\x01\x00\x10tail", true), Some(5));
        assert_eq!(fax(b"\x26\xa0\x01\x00\x00", true), None);
        let six = [0x00, 0x10, 0x01, 0x00, 0x10, 0x01, 0x00, 0x10, 0x01];
        assert_eq!(fax(&[&[0x35], six.as_slice(), b"tail"].concat(), false), Some(10));
    }
}
