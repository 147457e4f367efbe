//! What a decoder takes from coded bytes: AV1 units and NAL units, without those that it ignores and without messages that
//! change no picture. Walked on its own, from the specifications (AV1, section 5.3; ITU-T H.264 and H.265, annexes B and D).

use crate::refusal::Refusal;

fn broken() -> Refusal {
    Refusal::damaged("a coded picture is not made of whole units")
}

/// Where units are handed to.
pub(super) type Take<'a> = dyn FnMut(&[u8]) + 'a;

/// Hands over a unit behind its size, so that units cannot run into each other.
fn give(take: &mut Take<'_>, unit: &[u8]) {
    take(&(unit.len() as u64).to_be_bytes());
    take(unit);
}

/// The type of the configuration of a coding.
pub(super) fn config_of(kind: [u8; 4]) -> Option<&'static [u8; 4]> {
    match &kind {
        b"av01" => Some(b"av1C"),
        b"hvc1" | b"hev1" => Some(b"hvcC"),
        b"avc1" | b"avc3" => Some(b"avcC"),
        _ => None,
    }
}

/// Hands over what a decoder takes from the bytes of a picture; returns how many bytes it ignores.
pub(super) fn picture(kind: [u8; 4], config: &[u8], bytes: &[u8], take: &mut Take<'_>) -> Result<usize, Refusal> {
    let (hevc, size_at) = match &kind {
        b"av01" => return open_units(bytes, take),
        b"hvc1" | b"hev1" => (true, 21),
        _ => (false, 4),
    };
    let width = usize::from(config.get(size_at).ok_or_else(broken)? & 3).saturating_add(1);
    let (mut rest, mut ignored) = (bytes, 0_usize);
    while !rest.is_empty() {
        let (size, behind) = rest.split_at_checked(width).ok_or_else(broken)?;
        let size = size.iter().fold(0_usize, |size, byte| size << 8 | usize::from(*byte));
        let (nal, behind) = behind.split_at_checked(size).ok_or_else(broken)?;
        ignored = ignored.saturating_add(nal_unit(hevc, nal, take)?);
        rest = behind;
    }
    Ok(ignored)
}

/// Hands over what a decoder takes from its configuration; returns how many bytes it ignores.
pub(super) fn config(name: [u8; 4], contents: &[u8], take: &mut Take<'_>) -> Result<usize, Refusal> {
    let fixed = |size: usize| contents.split_at_checked(size).ok_or_else(broken);
    match &name {
        b"av1C" => {
            let (head, units) = fixed(4)?;
            take(head);
            open_units(units, take)
        }
        b"hvcC" => {
            let (head, rest) = fixed(22)?;
            take(head);
            let (lists, mut rest) = rest.split_first().ok_or_else(broken)?;
            let mut ignored = 0_usize;
            for _ in 0..*lists {
                let (about, behind) = rest.split_first_chunk::<3>().ok_or_else(broken)?;
                rest = behind;
                let [kind, high, low] = *about;
                for _ in 0..u16::from_be_bytes([high, low]) {
                    let (nal, behind) = sized(rest)?;
                    rest = behind;
                    ignored = ignored.saturating_add(nal_unit(true, nal, &mut |part| {
                        take(&[kind]);
                        take(part);
                    })?);
                }
            }
            Ok(ignored.saturating_add(rest.len()))
        }
        _ => {
            let (head, mut rest) = fixed(5)?;
            let mut lists = |mask: u8, before: usize| -> Result<(), Refusal> {
                rest = rest.get(before..).ok_or_else(broken)?;
                let (count, behind) = rest.split_first().ok_or_else(broken)?;
                rest = behind;
                for _ in 0..*count & mask {
                    rest = sized(rest)?.1;
                }
                Ok(())
            };
            lists(0x1f, 0)?;
            lists(0xff, 0)?;
            let high = matches!(head.get(1), Some(100 | 110 | 122 | 144));
            if high && rest.len() >= 4 {
                let mut tail = rest.get(3..).unwrap_or_default();
                let (count, behind) = tail.split_first().ok_or_else(broken)?;
                tail = behind;
                for _ in 0..*count {
                    tail = sized(tail)?.1;
                }
                rest = tail;
            }
            give(take, contents.get(..contents.len().saturating_sub(rest.len())).unwrap_or_default());
            Ok(rest.len())
        }
    }
}

/// A unit behind its size in two bytes, and what follows.
fn sized(bytes: &[u8]) -> Result<(&[u8], &[u8]), Refusal> {
    let (size, rest) = bytes.split_first_chunk::<2>().ok_or_else(broken)?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*size))).ok_or_else(broken)
}

/// Hands over the units of AV1.
fn open_units(bytes: &[u8], take: &mut Take<'_>) -> Result<usize, Refusal> {
    let (mut rest, mut ignored) = (bytes, 0_usize);
    while let Some((head, behind)) = rest.split_first() {
        let mut behind = behind.get(usize::from(head >> 2 & 1)..).ok_or_else(broken)?;
        let mut size = behind.len();
        if head & 2 != 0 {
            (size, behind) = variable(behind)?;
        }
        let (data, behind) = behind.split_at_checked(size).ok_or_else(broken)?;
        let unit = rest.get(..rest.len().saturating_sub(behind.len())).unwrap_or_default();
        let needed = match head >> 3 {
            5 => open_metadata(data),
            kind => matches!(kind, 1..=4 | 6..=8),
        };
        match needed {
            true => give(take, unit),
            false => ignored = ignored.saturating_add(unit.len()),
        }
        rest = behind;
    }
    Ok(ignored)
}

/// Whether metadata of AV1 tells how a picture is to be shown.
fn open_metadata(data: &[u8]) -> bool {
    match variable(data) {
        Ok((1..=3, _)) => true,
        Ok((4, message)) => tone_mapping(message),
        _ => false,
    }
}

fn variable(bytes: &[u8]) -> Result<(usize, &[u8]), Refusal> {
    let end = bytes.iter().take(8).position(|byte| *byte < 0x80).ok_or_else(broken)?;
    let (number, rest) = bytes.split_at_checked(end.saturating_add(1)).ok_or_else(broken)?;
    let number = number.iter().rev().fold(0_u64, |number, byte| number << 7 | u64::from(byte & 0x7f));
    Ok((usize::try_from(number).map_err(|_| broken())?, rest))
}

/// HDR10+ (SMPTE ST 2094-40) in a message of ITU-T T.35.
fn tone_mapping(message: &[u8]) -> bool {
    matches!(message, [0xb5, 0, 0x3c, 0, 1, 4, ..])
}

/// Hands over a NAL unit, or the messages in it that matter.
fn nal_unit(hevc: bool, nal: &[u8], take: &mut Take<'_>) -> Result<usize, Refusal> {
    let header = if hevc { 2 } else { 1 };
    let (head, body) = nal.split_at_checked(header).ok_or_else(broken)?;
    let first = head.first().copied().unwrap_or_default();
    let (message, picture) = match hevc {
        true => (matches!(first >> 1 & 0x3f, 39 | 40), first >> 1 & 0x3f < 38),
        false => (first & 0x1f == 6, matches!(first & 0x1f, 1..=5 | 7..=11 | 13..=15 | 19..=21)),
    };
    match (message, picture) {
        (true, _) => messages(hevc, head, body, take),
        (_, true) => {
            give(take, nal);
            Ok(0)
        }
        _ => Ok(nal.len()),
    }
}

/// Hands over the messages that tell how a picture is to be shown (ITU-T H.265, annex D.2).
fn messages(hevc: bool, head: &[u8], body: &[u8], take: &mut Take<'_>) -> Result<usize, Refusal> {
    const SHOWN: [usize; 21] =
        [0, 1, 6, 23, 45, 47, 129, 130, 132, 137, 142, 144, 147, 148, 149, 150, 151, 154, 155, 165, 4];
    let mut plain: Vec<u8> = Vec::with_capacity(body.len());
    let mut zeros = 0_u32;
    for byte in body {
        // A three behind two zeros only keeps them from being a start code.
        if (zeros, *byte) == (2, 3) {
            zeros = 0;
            continue;
        }
        zeros = if *byte == 0 { zeros.saturating_add(1).min(2) } else { 0 };
        plain.push(*byte);
    }
    let end =
        plain.iter().rposition(|byte| *byte != 0).filter(|end| plain.get(*end) == Some(&0x80)).ok_or_else(broken)?;
    let mut rest = plain.get(..end).unwrap_or_default();
    let mut ignored = 0_usize;
    while !rest.is_empty() {
        let mut number = || -> Result<usize, Refusal> {
            let full = rest.iter().take_while(|byte| **byte == 0xff).count();
            let last = *rest.get(full).ok_or_else(broken)?;
            rest = rest.get(full.saturating_add(1)..).unwrap_or_default();
            Ok(full.saturating_mul(255).saturating_add(usize::from(last)))
        };
        let (kind, size) = (number()?, number()?);
        let (payload, behind) = rest.split_at_checked(size).ok_or_else(broken)?;
        rest = behind;
        let shown = SHOWN.contains(&kind) && (kind != 4 || tone_mapping(payload)) && (kind != 1 || hevc);
        match shown {
            true => {
                give(take, head);
                give(take, &(kind as u64).to_be_bytes());
                give(take, payload);
            }
            false => ignored = ignored.saturating_add(payload.len()).saturating_add(2),
        }
    }
    Ok(ignored)
}
