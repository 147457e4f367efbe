//! The proof of a picture that was coded anew: it shows what the cleaned copy shows, and nothing else is in it.
//!
//! Formats without loss must decode to the very same pixels. JPEG may differ by what its coding costs at high quality.

use std::io::Cursor;

use jpeg_decoder::{Decoder, PixelFormat};

use super::{Check, Proof, Side, copy_unreadable, prover_for};
use crate::formats::{Context, Report};
use crate::kind::Kind;
use crate::refusal::Refusal;

/// Mean square of the difference of samples that JPEG may cost: 34 dB, where an eye begins to look for it.
const MOST_ERROR: u64 = 26;

/// Proves that `anew` is `copy` with its pictures coded anew.
///
/// # Errors
/// [`crate::Reason::Unprovable`] when it is not, or when it cannot be shown.
pub(crate) fn prove_reencoded(kind: Kind, copy: &[u8], anew: &[u8], context: &Context<'_>) -> Result<Proof, Refusal> {
    let prover = prover_for(kind).ok_or_else(|| Refusal::unprovable("there is no proof for a picture coded anew"))?;
    let essence = prover.essence(kind, anew, Side::Output, context).map_err(|refusal| copy_unreadable(&refusal))?;
    let report = Report::default();
    let mut checks = match kind {
        Kind::Jpeg => {
            prover.verify(kind, anew, anew, &report, context)?;
            vec![similar(copy, anew, context)?]
        }
        _ => prover.verify(kind, copy, anew, &report, context)?,
    };
    if !checks.iter().any(|check| matches!(check.name.as_str(), "pixels-equal" | "pixels-similar")) {
        return Err(Refusal::unprovable("the picture that was coded anew cannot be compared"));
    }
    checks.insert(0, Check::new("coded-anew", "decoded and coded again, as the policy asks"));
    Ok(Proof { essence: essence.to_hex(), checks })
}

/// Compares two JPEGs sample by sample.
fn similar(copy: &[u8], anew: &[u8], context: &Context<'_>) -> Result<Check, Refusal> {
    let (before, after) = (samples(copy, context)?, samples(anew, context)?);
    if before.size != after.size || before.format != after.format || before.samples.len() != after.samples.len() {
        return Err(Refusal::unprovable("the picture that was coded anew has another size or colour type"));
    }
    let squares = before.samples.iter().zip(&after.samples).map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2));
    let error = squares.fold(0_u64, u64::saturating_add).checked_div(before.samples.len() as u64).unwrap_or(0);
    if error > MOST_ERROR {
        return Err(Refusal::unprovable("the picture that was coded anew looks different"));
    }
    let (width, height) = after.size;
    Ok(Check::new("pixels-similar", format!("{width}×{height}, mean square error {error} of at most {MOST_ERROR}")))
}

/// What a JPEG decodes to.
struct Samples {
    size: (u16, u16),
    format: PixelFormat,
    samples: Vec<u8>,
}

fn samples(bytes: &[u8], context: &Context<'_>) -> Result<Samples, Refusal> {
    let broken = || Refusal::unprovable("the picture that was coded anew cannot be decoded");
    let mut decoder = Decoder::new(Cursor::new(bytes));
    decoder.set_max_decoding_buffer_size(usize::try_from(context.decompressed_left()).unwrap_or(usize::MAX));
    let samples = decoder.decode().map_err(|_| broken())?;
    context.charge_decompressed(samples.len() as u64)?;
    let info = decoder.info().ok_or_else(broken)?;
    Ok(Samples { size: (info.width, info.height), format: info.pixel_format, samples })
}
