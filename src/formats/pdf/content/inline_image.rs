//! Inline images: `BI`, a dictionary without brackets, `ID`, data, `EI` (8.9.7).
//!
//! The data may contain the bytes `EI`. Its end is found by its coding where that tells it (unfiltered samples, Flate, JPEG,
//! run lengths, the ASCII filters), else by looking for an `EI` that content follows.

use std::ops::Range;

use flate2::{Decompress, FlushDecompress, Status};

use super::operations::{Entry, Operand, entries, inside, values};
use super::tokens::{Kind, Tokens, is_delimiter, is_space, name};
use crate::formats::pdf::ends;

/// No inline image unpacks to more.
const MOST: u64 = 256 << 20;
/// How many bytes after `EI` must look like content.
const CONTENT: usize = 12;

/// The parts of an inline image.
#[derive(Debug)]
pub(in crate::formats::pdf) struct InlineImage {
    /// The entries of its dictionary.
    pub(in crate::formats::pdf) dictionary: Range<usize>,
    /// Everything between the white space after `ID` and `EI`.
    pub(in crate::formats::pdf) data: Range<usize>,
    /// How many bytes of the data its coding explains, where that is known.
    pub(in crate::formats::pdf) coded: Option<usize>,
    /// After `EI`.
    pub(in crate::formats::pdf) end: usize,
}

/// The long form of a key (Table 91).
pub(in crate::formats::pdf) fn key(key: &[u8]) -> &[u8] {
    match key {
        b"BPC" => b"BitsPerComponent",
        b"CS" => b"ColorSpace",
        b"D" => b"Decode",
        b"DP" => b"DecodeParms",
        b"F" => b"Filter",
        b"H" => b"Height",
        b"IM" => b"ImageMask",
        b"I" => b"Interpolate",
        b"L" => b"Length",
        b"W" => b"Width",
        other => other,
    }
}

/// The names under `Filter`, in decoding order.
pub(in crate::formats::pdf) fn filters(bytes: &[u8], entries: &[Entry]) -> Vec<Vec<u8>> {
    let Some(entry) = entries.iter().find(|entry| key(&entry.key) == b"Filter") else { return Vec::new() };
    let range = match entry.kind {
        Some(Operand::Array) => inside(&entry.value, Operand::Array),
        _ => entry.value.clone(),
    };
    let names = values(bytes, range).into_iter().filter(|(kind, _)| *kind == Some(Operand::Name));
    names.map(|(_, range)| name(bytes.get(range).unwrap_or_default())).collect()
}

/// Reads the image after the operator `BI` that ends at `from`; none when it has no end.
pub(super) fn read(bytes: &[u8], from: usize) -> Option<InlineImage> {
    let mut depth = 0_usize;
    let operator = Tokens::new(bytes, from).find(|token| {
        match token.kind {
            Kind::ArrayOpen | Kind::DictionaryOpen => depth = depth.saturating_add(1),
            Kind::ArrayClose | Kind::DictionaryClose => depth = depth.saturating_sub(1),
            _ => {}
        }
        token.kind == Kind::Word && depth == 0 && bytes.get(token.range.clone()) == Some(b"ID")
    })?;
    let dictionary = from..operator.range.start;
    let start = operator.range.end.saturating_add(1).min(bytes.len());
    let rest = bytes.get(start..)?;
    let coded = coded_length(rest, bytes, &entries(bytes, dictionary.clone()));
    let length = exact_end(rest, coded).or_else(|| probable_end(rest, coded.unwrap_or(0)))?;
    let data = start..start.saturating_add(length);
    let end = data.end.saturating_add(2);
    Some(InlineImage { dictionary, data, coded, end })
}

/// The offset of `EI` when only white space stands between it and the end that the coding tells.
fn exact_end(rest: &[u8], coded: Option<usize>) -> Option<usize> {
    let coded = coded?;
    let after = rest.get(coded..)?;
    let blank = after.iter().take_while(|byte| is_space(**byte)).count();
    let mark = after.get(blank..)?;
    let ends = mark.starts_with(b"EI") && mark.get(2).is_none_or(|byte| is_space(*byte) || is_delimiter(*byte));
    ends.then(|| coded.saturating_add(blank))
}

/// The offset of the first `EI` at or after `from` that stands alone and that something like content follows.
fn probable_end(rest: &[u8], from: usize) -> Option<usize> {
    let content = |byte: &u8| byte.is_ascii_graphic() || matches!(byte, b'\t' | b'\n' | b'\r' | b' ');
    (from..rest.len().saturating_sub(1)).find(|at| {
        let Some([b'E', b'I', after @ ..]) = rest.get(*at..) else { return false };
        let before = at.checked_sub(1).and_then(|before| rest.get(before));
        before.is_none_or(|byte| is_space(*byte))
            && after.first().is_none_or(|byte| is_space(*byte))
            && after.iter().take(CONTENT).all(content)
    })
}

/// How many bytes the data takes by its own coding.
fn coded_length(rest: &[u8], bytes: &[u8], entries: &[Entry]) -> Option<usize> {
    match filters(bytes, entries).first().map(Vec::as_slice) {
        None => raw_length(bytes, entries).filter(|length| *length <= rest.len()),
        Some(b"AHx" | b"ASCIIHexDecode") => rest.iter().position(|byte| *byte == b'>')?.checked_add(1),
        Some(b"A85" | b"ASCII85Decode") => rest.windows(2).position(|two| two == b"~>")?.checked_add(2),
        Some(b"Fl" | b"FlateDecode") => flate_length(rest),
        Some(b"RL" | b"RunLengthDecode") => ends::run_length(rest),
        Some(b"LZW" | b"LZWDecode") => ends::lzw(rest, true),
        Some(b"DCT" | b"DCTDecode") => jpeg_length(rest),
        Some(_) => None,
    }
}

/// The length of unfiltered samples; none where the colour space is a resource.
fn raw_length(bytes: &[u8], entries: &[Entry]) -> Option<usize> {
    let value = |wanted: &[u8]| {
        let entry = entries.iter().find(|entry| key(&entry.key) == wanted)?;
        bytes.get(entry.value.clone())
    };
    let number = |wanted: &[u8]| std::str::from_utf8(value(wanted)?).ok()?.parse::<usize>().ok();
    let mask = value(b"ImageMask") == Some(b"true");
    let bits = if mask { 1 } else { number(b"BitsPerComponent")? };
    let space = value(b"ColorSpace").unwrap_or(b"/G");
    let components = match space {
        _ if mask => 1,
        b"/G" | b"/DeviceGray" => 1,
        b"/RGB" | b"/DeviceRGB" => 3,
        b"/CMYK" | b"/DeviceCMYK" => 4,
        array if array.starts_with(b"[") => 1, // indexed
        _ => return None,
    };
    let row = number(b"Width")?.checked_mul(bits)?.checked_mul(components)?.div_ceil(8);
    row.checked_mul(number(b"Height")?)
}

fn flate_length(rest: &[u8]) -> Option<usize> {
    let mut decoder = Decompress::new(true);
    let mut window = vec![0_u8; 32 << 10];
    loop {
        let (consumed, produced) = (decoder.total_in(), decoder.total_out());
        let left = rest.get(usize::try_from(consumed).ok()?..)?;
        match decoder.decompress(left, &mut window, FlushDecompress::None).ok()? {
            Status::StreamEnd => return usize::try_from(decoder.total_in()).ok(),
            _ if decoder.total_in() == consumed && decoder.total_out() == produced => return None,
            _ if decoder.total_out() > MOST => return None,
            _ => {}
        }
    }
}

/// Marker segments until the end of the image. ITU-T T.81, annex B.
fn jpeg_length(rest: &[u8]) -> Option<usize> {
    let mut at = 2_usize;
    (rest.get(..2)? == [0xff, 0xd8]).then_some(())?;
    loop {
        let [0xff, marker] = *rest.get(at..)?.first_chunk::<2>()? else {
            at = at
                .checked_add(rest.get(at.checked_add(1)?..)?.iter().position(|byte| *byte == 0xff)?)?
                .checked_add(1)?;
            continue;
        };
        at = match marker {
            0xd9 => return at.checked_add(2),
            0xff => at.checked_add(1)?,
            0x00 | 0x01 | 0xd0..=0xd8 => at.checked_add(2)?,
            _ => {
                let length = rest.get(at.checked_add(2)?..)?.first_chunk::<2>()?;
                at.checked_add(2)?.checked_add(usize::from(u16::from_be_bytes(*length)))?
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(content: &[u8]) -> Option<(&[u8], Option<usize>, &[u8])> {
        let image = read(content, 2)?;
        Some((content.get(image.data).unwrap(), image.coded, content.get(image.end..).unwrap()))
    }

    #[test]
    fn the_coding_tells_the_end() {
        let cases: &[(&[u8], &[u8], Option<usize>)] = &[
            (b"BI/W 4/H 1/BPC 8/CS/G ID  EI \nEI Q", b" EI \n", Some(4)),
            (b"BI/W 4/H 1/BPC 8/CS/G/F/AHx ID 41 EI 42>\nEI Q", b"41 EI 42>\n", Some(9)),
            (b"BI/W 4/H 1/BPC 8/CS/G/F/RL ID \x00 \x03 EI \x80 EI Q", b"\x00 \x03 EI \x80 ", Some(8)),
            // Bytes that the coding does not explain.
            (b"BI/W 1/H 1/BPC 8/CS/G ID x hidden EI Q", b"x hidden ", Some(1)),
            // A colour space among the resources.
            (b"BI/W 1/H 1/BPC 8/CS/Cs1 ID x EI Q", b"x ", None),
        ];
        for (content, found, coded) in cases {
            assert_eq!(data(content), Some((*found, *coded, b" Q".as_slice())), "{content:?}");
        }
        assert_eq!(data(b"BI/W 1/H 1/BPC 8/CS/G ID x"), None);
    }
}
