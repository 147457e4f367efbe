//! Codes a cleaned TIFF anew: strips and tiles are unpacked to their samples and packed again with Deflate, all tags but
//! that of the compression stay. Samples that are not compressed are samples already.

use std::borrow::Cow;
use std::io::{Read, Write};

use flate2::{Compression, bufread::ZlibDecoder, write::ZlibEncoder};
use weezl::{BitOrder, decode::Decoder};

use super::page::Page;
use super::write::Layout;
use super::{chain, pages};
use crate::formats::tiff::reader::Reader;
use crate::formats::{Context, Report, no_encoder};
use crate::refusal::Refusal;

/// Compression tag and the values that can be unpacked here (TIFF 6.0 sections 9 and 13, TIFF supplement 2).
const COMPRESSION: u16 = 259;
const FILL_ORDER: u16 = 266;
const NONE: u64 = 1;
const LZW: u64 = 5;
const DEFLATE: u64 = 8;
const OLD_DEFLATE: u64 = 32_946;
const PACK_BITS: u64 = 32_773;

fn broken() -> Refusal {
    Refusal::damaged("a page cannot be decoded to be coded anew")
}

/// The file with its pages coded anew.
///
/// # Errors
/// [`crate::Reason::Unsupported`] for pages in JPEG, fax and other codings, [`crate::Reason::Damaged`],
/// [`crate::Reason::OverLimit`].
pub(super) fn reencode(copy: &[u8], context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
    let (reader, first) = Reader::new(copy, context.limits)?;
    let layout = Layout { big_endian: reader.big_endian, big: reader.big };
    let mut pages = pages(&reader, &chain(&reader, first)?, context, &mut Report::default())?;
    for page in &mut pages {
        recode(page, layout, context)?;
    }
    layout.write(pages)
}

fn recode(page: &mut Page<'_>, layout: Layout, context: &Context<'_>) -> Result<(), Refusal> {
    let value = |page: &Page<'_>, tag| page.tags.iter().find(|kept| kept.tag == tag).map(|kept| layout.get(&kept.data));
    let compression = value(page, COMPRESSION).unwrap_or(NONE);
    if compression == NONE {
        return Ok(());
    }
    if value(page, FILL_ORDER).is_some_and(|order| order != 1) {
        return Err(no_encoder("TIFF pages whose bits run backwards"));
    }
    for chunk in &mut page.chunks {
        let samples = match compression {
            LZW => lzw(chunk, context)?,
            DEFLATE | OLD_DEFLATE => inflate(chunk, context)?,
            PACK_BITS => unpack(chunk),
            _ => return Err(no_encoder("TIFF pages in JPEG, fax and other codings")),
        };
        context.charge_decompressed(samples.len() as u64)?;
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&samples).map_err(|_| broken())?;
        *chunk = Cow::Owned(encoder.finish().map_err(|_| broken())?);
    }
    for kept in page.tags.iter_mut().filter(|kept| kept.tag == COMPRESSION) {
        let size = kept.data.len();
        let mut data = Vec::new();
        layout.put(&mut data, DEFLATE, size)?;
        kept.data = Cow::Owned(data);
    }
    Ok(())
}

fn inflate(chunk: &[u8], context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
    let mut samples = Vec::new();
    let most = context.decompressed_left().saturating_add(1);
    ZlibDecoder::new(chunk).take(most).read_to_end(&mut samples).map_err(|_| broken())?;
    Ok(samples)
}

fn lzw(chunk: &[u8], context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
    let mut decoder = Decoder::with_tiff_size_switch(BitOrder::Msb, 8);
    let (mut samples, mut rest) = (Vec::new(), chunk);
    let mut window = vec![0; 64 << 10];
    loop {
        let made = decoder.decode_bytes(rest, &mut window);
        samples.extend_from_slice(window.get(..made.consumed_out).unwrap_or_default());
        rest = rest.get(made.consumed_in..).unwrap_or_default();
        if samples.len() as u64 > context.decompressed_left() {
            return Err(Refusal::over_limit("decompressed-bytes", "a strip or tile unpacks to too much"));
        }
        match made.status.map_err(|_| broken())? {
            weezl::LzwStatus::Done => return Ok(samples),
            weezl::LzwStatus::NoProgress => return Err(broken()),
            weezl::LzwStatus::Ok => {}
        }
    }
}

/// Unpacks PackBits, which gives at most 128 bytes for two.
fn unpack(chunk: &[u8]) -> Vec<u8> {
    let mut samples = Vec::new();
    let mut rest = chunk;
    while let Some((control, after)) = rest.split_first() {
        let size = usize::from(*control);
        rest = match control {
            0..=127 => {
                let (run, after) = after.split_at_checked(size.saturating_add(1)).unwrap_or((after, &[]));
                samples.extend_from_slice(run);
                after
            }
            128 => after,
            129..=255 => {
                let Some((byte, after)) = after.split_first() else { break };
                samples.resize(samples.len().saturating_add(257_usize.saturating_sub(size)), *byte);
                after
            }
        };
    }
    samples
}
