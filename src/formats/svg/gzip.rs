//! The gzip member around a compressed drawing (RFC 1952).

use std::io::{self, Read, Write};

use flate2::bufread::GzDecoder;
use flate2::{Compression, GzBuilder};

use crate::formats::{Context, Report};
use crate::policy::Class;
use crate::refusal::Refusal;

/// True for bytes that begin like a gzip member.
pub(super) fn is_member(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1f\x8b")
}

/// Unpacks the first member. What its header says and what follows it is reported as removed.
///
/// # Errors
/// [`crate::Reason::Damaged`] for a broken member, [`crate::Reason::OverLimit`].
pub(super) fn unpack(bytes: &[u8], context: &Context<'_>, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let mut decoder = GzDecoder::new(bytes);
    let mut drawing = Vec::new();
    let most = context.decompressed_left().min(context.limits.xml_bytes);
    let read = decoder.by_ref().take(most.saturating_add(1)).read_to_end(&mut drawing);
    context.charge_decompressed(drawing.len() as u64)?;
    context.limits.xml().check_size(drawing.len())?;
    read.map_err(|_| Refusal::damaged("its compression is broken"))?;
    if let Some(header) = decoder.header() {
        let text = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect::<String>();
        if let Some(name) = header.filename() {
            report.removed_value(Class::MetadataPaths, "gzip file name", "", text(name));
        }
        if let Some(comment) = header.comment() {
            report.removed_value(Class::MetadataContainer, "gzip comment", "", text(comment));
        }
        if let Some(extra) = header.extra() {
            report.removed_bytes(Class::MetadataContainer, "gzip extra field", "", extra.len());
        }
        if header.mtime() != 0 {
            report.removed(Class::MetadataDates, "gzip modification time", "");
        }
        if header.operating_system() != UNKNOWN_SYSTEM {
            report.removed(Class::MetadataSoftware, "gzip operating system", "");
        }
    }
    report.trailer(decoder.into_inner(), "the gzip member");
    Ok(drawing)
}

/// The value that says nothing about the system (RFC 1952, 2.3.1).
const UNKNOWN_SYSTEM: u8 = 255;

/// Packs a drawing into one member that says nothing else.
///
/// # Errors
/// When memory cannot be written.
pub(super) fn pack(drawing: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().mtime(0).operating_system(UNKNOWN_SYSTEM).write(Vec::new(), Compression::best());
    encoder.write_all(drawing)?;
    encoder.finish()
}
