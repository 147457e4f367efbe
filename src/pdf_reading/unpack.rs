//! Stream filters with a cap: how much would a stream unpack to, and what does it unpack to when that is little enough?
//!
//! hayro unpacks whatever it is asked to, three gigabytes out of three megabytes if need be. So every stream is unpacked here
//! first, piece by piece and counting. ISO 32000-2, 7.4.

use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro_interpret::hayro_syntax::Filter;

/// What came of unpacking with a cap.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unpacked {
    /// Everything, up to a filter of a picture format or an unknown one, or up to the first error.
    Data(Vec<u8>),
    /// More than the cap.
    TooMuch,
}

/// Unpacks `data` through the filters in order, up to `cap` bytes after each of them.
/// Filters of picture formats end the chain: their size is told by [`super::pictures`].
pub(crate) fn unpack(data: &[u8], filters: &[Filter], cap: u64) -> Unpacked {
    let mut current: Option<Vec<u8>> = None;
    for filter in filters {
        let source = current.as_deref().unwrap_or(data);
        let mut out = Out { bytes: Vec::new(), cap, full: false };
        match filter {
            Filter::FlateDecode => flate(source, &mut out),
            Filter::LzwDecode => lzw(source, &mut out),
            Filter::RunLengthDecode => run_length(source, &mut out),
            Filter::Ascii85Decode => ascii_85(source, &mut out),
            Filter::AsciiHexDecode => ascii_hex(source, &mut out),
            Filter::Crypt => continue,
            Filter::DctDecode | Filter::JpxDecode | Filter::Jbig2Decode | Filter::CcittFaxDecode => break,
        }
        if out.full {
            return Unpacked::TooMuch;
        }
        current = Some(out.bytes);
    }
    Unpacked::Data(current.unwrap_or_else(|| data.to_vec()))
}

/// How many bytes `data` unpacks to at each filter, added up; `None` when more than `cap`.
/// The last step is only counted, not kept.
pub(crate) fn measure(data: &[u8], filters: &[Filter], cap: u64) -> Option<u64> {
    let packed: Vec<Filter> = filters.iter().copied().take_while(|filter| !is_picture(*filter)).collect();
    match packed.as_slice() {
        [] | [Filter::Crypt] => Some(0),
        [Filter::FlateDecode] => count_flate(data, cap),
        _ => match unpack(data, &packed, cap) {
            Unpacked::Data(bytes) => Some(bytes.len() as u64),
            Unpacked::TooMuch => None,
        },
    }
}

/// True for filters that are picture formats of their own.
pub(crate) fn is_picture(filter: Filter) -> bool {
    matches!(filter, Filter::DctDecode | Filter::JpxDecode | Filter::Jbig2Decode | Filter::CcittFaxDecode)
}

/// Collects bytes up to a cap.
struct Out {
    bytes: Vec<u8>,
    cap: u64,
    full: bool,
}

impl Out {
    fn put(&mut self, bytes: &[u8]) -> bool {
        if (self.bytes.len() as u64).saturating_add(bytes.len() as u64) > self.cap {
            self.full = true;
        } else {
            self.bytes.extend_from_slice(bytes);
        }
        !self.full
    }
}

/// Hands out the inflated data in pieces; what comes before an error counts too.
fn inflate(data: &[u8], take: &mut dyn FnMut(&[u8]) -> bool) {
    let mut buffer = vec![0_u8; 64 << 10];
    let mut any = false;
    let mut zlib = ZlibDecoder::new(data);
    while let Ok(count) = zlib.read(&mut buffer) {
        any |= count > 0;
        if count == 0 || !take(buffer.get(..count).unwrap_or_default()) {
            return;
        }
    }
    if any {
        return;
    }
    let mut raw = DeflateDecoder::new(data);
    while let Ok(count) = raw.read(&mut buffer) {
        if count == 0 || !take(buffer.get(..count).unwrap_or_default()) {
            return;
        }
    }
}

fn flate(data: &[u8], out: &mut Out) {
    inflate(data, &mut |piece| out.put(piece));
}

fn count_flate(data: &[u8], cap: u64) -> Option<u64> {
    let mut total = 0_u64;
    inflate(data, &mut |piece| {
        total = total.saturating_add(piece.len() as u64);
        total <= cap
    });
    (total <= cap).then_some(total)
}

/// LZW with early change, which is the default; without it the lengths differ only by a few bytes.
fn lzw(data: &[u8], out: &mut Out) {
    const CLEAR: usize = 256;
    const END: usize = 257;
    const MOST: usize = 4096;
    // Each code above 257 is an earlier stretch of the output: where it begins, and how long it is.
    let mut table: Vec<(usize, usize)> = Vec::new();
    let mut previous: Option<(usize, usize)> = None;
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in data {
        bits = (bits << 8) | u32::from(*byte);
        held = held.saturating_add(8);
        loop {
            let next = table.len().saturating_add(END).saturating_add(2);
            let width = if next >= 2048 {
                12
            } else if next >= 1024 {
                11
            } else if next >= 512 {
                10
            } else {
                9
            };
            if held < width {
                break;
            }
            held = held.saturating_sub(width);
            let code = ((bits >> held) & ((1 << width) - 1)) as usize;
            let start = out.bytes.len();
            match code {
                CLEAR => {
                    table.clear();
                    previous = None;
                    continue;
                }
                END => return,
                0..CLEAR => {
                    if !out.put(&[u8::try_from(code).unwrap_or_default()]) {
                        return;
                    }
                }
                _ => {
                    let known = table.get(code.saturating_sub(END).saturating_sub(1)).copied();
                    // The code that is just being made: the previous stretch and its own first byte.
                    let Some((from, length)) =
                        known.or(previous.map(|(from, length)| (from, length.saturating_add(1))))
                    else {
                        return;
                    };
                    for index in 0..length {
                        let byte = out.bytes.get(from.saturating_add(index)).copied().unwrap_or_default();
                        if !out.put(&[byte]) {
                            return;
                        }
                    }
                }
            }
            if let Some((from, length)) = previous
                && table.len() < MOST.saturating_sub(END)
            {
                table.push((from, length.saturating_add(1)));
            }
            previous = Some((start, out.bytes.len().saturating_sub(start)));
        }
    }
}

fn run_length(data: &[u8], out: &mut Out) {
    let mut rest = data;
    while let Some((length, tail)) = rest.split_first() {
        match *length {
            128 => return,
            0..128 => {
                let count = usize::from(*length).saturating_add(1).min(tail.len());
                let (piece, after) = tail.split_at_checked(count).unwrap_or((tail, &[]));
                if !out.put(piece) {
                    return;
                }
                rest = after;
            }
            _ => {
                let Some((byte, after)) = tail.split_first() else { return };
                if !out.put(&vec![*byte; 257_usize.saturating_sub(usize::from(*length))]) {
                    return;
                }
                rest = after;
            }
        }
    }
}

fn ascii_85(data: &[u8], out: &mut Out) {
    let (mut group, mut count) = (0_u32, 0_usize);
    for byte in data {
        match byte {
            b'z' if count == 0 => {
                out.put(&[0; 4]);
            }
            b'!'..=b'u' => {
                group = group.wrapping_mul(85).wrapping_add(u32::from(byte.wrapping_sub(b'!')));
                count = count.saturating_add(1);
                if count == 5 {
                    out.put(&group.to_be_bytes());
                    (group, count) = (0, 0);
                }
            }
            b'~' => break,
            _ => {}
        }
        if out.full {
            return;
        }
    }
    if count > 1 {
        for _ in count..5 {
            group = group.wrapping_mul(85).wrapping_add(84);
        }
        let bytes = group.to_be_bytes();
        out.put(bytes.get(..count.saturating_sub(1)).unwrap_or_default());
    }
}

fn ascii_hex(data: &[u8], out: &mut Out) {
    let mut high: Option<u8> = None;
    for byte in data {
        let digit = match byte {
            b'0'..=b'9' => byte.wrapping_sub(b'0'),
            b'a'..=b'f' => byte.wrapping_sub(b'a').saturating_add(10),
            b'A'..=b'F' => byte.wrapping_sub(b'A').saturating_add(10),
            b'>' => break,
            _ => continue,
        };
        match high.take() {
            None => high = Some(digit),
            Some(first) => {
                if !out.put(&[(first << 4) | digit]) {
                    return;
                }
            }
        }
    }
    if let Some(first) = high {
        out.put(&[first << 4]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn deflated(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn each_filter_unpacks() {
        let cases: &[(&[u8], Filter, &[u8])] = &[
            (b"48656C6c6F>", Filter::AsciiHexDecode, b"Hello"),
            (b"87cURD]j~>", Filter::Ascii85Decode, b"Hello "),
            (&[4, b'H', b'e', b'l', b'l', b'o', 254, b'!', 128], Filter::RunLengthDecode, b"Hello!!!"),
            // The example of ISO 32000-2, 7.4.4.2.
            (
                &[0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01],
                Filter::LzwDecode,
                &[45, 45, 45, 45, 45, 65, 45, 45, 45, 66],
            ),
        ];
        for (packed, filter, plain) in cases {
            assert_eq!(unpack(packed, &[*filter], 1 << 20), Unpacked::Data(plain.to_vec()), "{filter:?}");
        }
        assert_eq!(unpack(&deflated(b"abc"), &[Filter::FlateDecode], 10), Unpacked::Data(b"abc".to_vec()));
    }

    #[test]
    fn a_bomb_is_noticed_at_the_cap() {
        let inner = deflated(&vec![0; 20 << 20]);
        let bomb = deflated(&inner);
        let chain = [Filter::FlateDecode, Filter::FlateDecode];
        assert_eq!(measure(&bomb, &chain, 1 << 20), None);
        assert_eq!(measure(&bomb, &chain, 32 << 20), Some(20 << 20));
        assert_eq!(measure(&inner, &[Filter::FlateDecode], 1 << 20), None);
        assert_eq!(measure(&inner, &[Filter::FlateDecode], 32 << 20), Some(20 << 20));
    }
}
