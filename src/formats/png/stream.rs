//! A compressed picture spread over chunks: where its zlib stream ends, and whether that is all of it.
//!
//! Editors that overwrite a file with a smaller picture and forget to cut it leave the end of the old one behind the new
//! stream (CVE-2023-21036, "aCropalypse"). So the stream is inflated once to see where it ends; what it needs is copied
//! byte by byte, the rest goes.

use std::borrow::Cow;
use std::io::Write;

use flate2::{Compression, Decompress, FlushDecompress, Status, write::ZlibEncoder};

use crate::formats::Context;
use crate::refusal::Refusal;

/// Bytes that are inflated at a time.
const WINDOW: usize = 64 << 10;

/// The pieces of a stream that stay, and how much went.
pub(super) struct Trimmed<'a> {
    /// Contents of the chunks, none of them empty.
    pub(super) pieces: Vec<Cow<'a, [u8]>>,
    /// Compressed bytes behind the end of the stream.
    pub(super) behind: usize,
    /// Inflated bytes behind the last row.
    pub(super) surplus: u64,
}

/// Cuts a stream at its end. `rows` is the number of bytes that the picture inflates to.
///
/// # Errors
/// [`crate::Reason::Damaged`] when the stream is broken or gives less than that; [`crate::Reason::OverLimit`].
pub(super) fn trim<'a>(pieces: &[&'a [u8]], rows: u64, context: &Context<'_>) -> Result<Trimmed<'a>, Refusal> {
    let mut inflated = 0_u64;
    let used = inflate(pieces, &mut |bytes| {
        inflated = inflated.saturating_add(bytes.len() as u64);
        context.charge_decompressed(bytes.len() as u64)
    })?;
    if inflated < rows {
        return Err(Refusal::damaged(format!("the picture has {inflated} of its {rows} bytes")));
    }
    let mut kept = Vec::new();
    let mut left = used;
    for piece in pieces {
        let part = piece.get(..left.min(piece.len())).unwrap_or_default();
        left = left.saturating_sub(part.len());
        if !part.is_empty() {
            kept.push(Cow::Borrowed(part));
        }
    }
    let behind = pieces.iter().map(|piece| piece.len()).sum::<usize>().saturating_sub(used);
    let surplus = inflated.saturating_sub(rows);
    if surplus > 0 {
        kept = vec![Cow::Owned(deflate_rows(pieces, rows)?)];
    }
    Ok(Trimmed { pieces: kept, behind, surplus })
}

/// Inflates a zlib stream piece by piece into `take` and returns how many compressed bytes it used.
fn inflate(pieces: &[&[u8]], take: &mut dyn FnMut(&[u8]) -> Result<(), Refusal>) -> Result<usize, Refusal> {
    let broken = || Refusal::damaged("the compressed picture is broken");
    let mut inflater = Decompress::new(true);
    let mut window = vec![0; WINDOW];
    let mut used = 0_usize;
    for piece in pieces {
        let mut rest = *piece;
        loop {
            let (read, made) = (inflater.total_in(), inflater.total_out());
            let status = inflater.decompress(rest, &mut window, FlushDecompress::None).map_err(|_| broken())?;
            let read = usize::try_from(inflater.total_in().saturating_sub(read)).map_err(|_| broken())?;
            let made = usize::try_from(inflater.total_out().saturating_sub(made)).map_err(|_| broken())?;
            take(window.get(..made).unwrap_or_default())?;
            used = used.saturating_add(read);
            rest = rest.get(read..).unwrap_or_default();
            if status == Status::StreamEnd {
                return Ok(used);
            }
            // A full window means that there may be more to come without further input.
            if read == 0 && made == 0 || rest.is_empty() && made < window.len() {
                break;
            }
        }
        if !rest.is_empty() {
            return Err(broken());
        }
    }
    Err(Refusal::damaged("the compressed picture has no end: it is cut off"))
}

/// Compresses the first `rows` inflated bytes of a stream anew: the way out when bytes hide behind the last row.
fn deflate_rows(pieces: &[&[u8]], rows: u64) -> Result<Vec<u8>, Refusal> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let mut left = usize::try_from(rows).unwrap_or(usize::MAX);
    let failed = |_| Refusal::new(crate::Reason::Internal, "the picture could not be compressed");
    let mut failure = None;
    inflate(pieces, &mut |bytes| {
        let part = bytes.get(..left.min(bytes.len())).unwrap_or_default();
        left = left.saturating_sub(part.len());
        if let Err(error) = encoder.write_all(part) {
            failure = Some(error);
        }
        Ok(())
    })?;
    failure.map_or(Ok(()), |error| Err(failed(error)))?;
    encoder.finish().map_err(failed)
}
