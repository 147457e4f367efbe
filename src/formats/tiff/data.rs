//! Strips and tiles in their compression: where does each end?

use std::io::Read;

use crate::formats::Context;
use crate::refusal::Refusal;

/// Refuses compressions that are not known, or that may carry metadata of their own.
pub(super) fn known_compression(compression: u64) -> Result<(), Refusal> {
    match compression {
        // None, CCITT, LZW, JPEG, Deflate, CCITT word-aligned, PackBits, ThunderScan, Deflate (old), SGI Log, LERC, LZMA, Zstandard.
        1..=5 | 7 | 8 | 32_771 | 32_773 | 32_809 | 32_946 | 34_676 | 34_677 | 34_887 | 34_925 | 50_000 => Ok(()),
        6 => Err(Refusal::unsupported("this is JPEG in TIFF of the old style").with_hint(
            "open it in an image program, save it as TIFF with another compression or as PNG, and clean that",
        )),
        32_767 | 32_769 | 32_770 | 32_772 | 34_713 | 65_000 | 65_535 => Err(super::raw()),
        other => Err(Refusal::unsupported(format!("the compression {other} is not known"))
            .with_hint("save it as TIFF with LZW or Deflate compression, or as PNG, and clean that")),
    }
}

/// A strip or tile up to the end of its data, where the compression shows it.
pub(super) fn trim<'a>(
    bytes: &'a [u8],
    compression: u64,
    unpacked: Option<u64>,
    context: &Context<'_>,
) -> Result<&'a [u8], Refusal> {
    let size = match compression {
        8 | 32_946 => deflated(bytes, context)?,
        32_773 => unpacked.and_then(|unpacked| packed(bytes, unpacked)),
        5 => lzw(bytes),
        _ => None,
    };
    Ok(size.and_then(|size| bytes.get(..size)).unwrap_or(bytes))
}

/// The size of the zlib stream that begins `bytes`; `None` when it is broken.
fn deflated(bytes: &[u8], context: &Context<'_>) -> Result<Option<usize>, Refusal> {
    let mut decoder = flate2::bufread::ZlibDecoder::new(bytes);
    let mut buffer = [0; 16 << 10];
    loop {
        match decoder.read(&mut buffer) {
            Ok(0) => return Ok(usize::try_from(decoder.total_in()).ok()),
            Ok(size) => context.charge_decompressed(size as u64)?,
            Err(_) => return Ok(None),
        }
    }
}

/// The size of the PackBits runs that give `unpacked` bytes (TIFF 6.0 section 9); `None` when they end early.
fn packed(bytes: &[u8], unpacked: u64) -> Option<usize> {
    let (mut at, mut made) = (0_usize, 0_u64);
    while made < unpacked {
        let control = *bytes.get(at)?;
        let (size, run) = match control {
            0..=127 => (usize::from(control).checked_add(2)?, u64::from(control).checked_add(1)?),
            128 => (1, 0),
            129..=255 => (2, 257_u64.checked_sub(u64::from(control))?),
        };
        at = at.checked_add(size)?;
        made = made.checked_add(run)?;
    }
    (at <= bytes.len()).then_some(at)
}

/// The size of the LZW stream that begins `bytes` (TIFF 6.0 section 13): up to its end code. `None` when there is none.
fn lzw(bytes: &[u8]) -> Option<usize> {
    // The old variant packs its codes the other way round; its streams begin with a zero byte.
    if bytes.first()? == &0 {
        return None;
    }
    let (mut bit, mut width, mut next) = (0_usize, 9_usize, 258_u32);
    let mut first = true;
    loop {
        let mut code = 0_u32;
        let at = bit / 8;
        for index in 0..3_usize {
            code = code << 8 | u32::from(bytes.get(at.checked_add(index)?).copied().unwrap_or(0));
        }
        let end = bit.checked_add(width)?;
        if end.div_ceil(8) > bytes.len() {
            return None;
        }
        let shift = u32::try_from(24_usize.checked_sub(bit % 8)?.checked_sub(width)?).ok()?;
        code = (code >> shift) & ((1 << width) - 1);
        bit = end;
        match code {
            256 => (width, next, first) = (9, 258, true),
            257 => return Some(bit.div_ceil(8)),
            // The first code behind a clear code adds nothing to the table.
            _ if first => first = false,
            _ => {
                next = next.saturating_add(1);
                width = match next {
                    0..=510 => 9,
                    511..=1022 => 10,
                    1023..=2046 => 11,
                    _ => 12,
                };
            }
        }
    }
}
