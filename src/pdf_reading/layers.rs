//! Layers: whether a document has some that are switched off when it is opened. ISO 32000-2, 8.11.4.3.

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name};

/// True when the default configuration switches an optional content group off.
pub(super) fn some_are_off(pdf: &Pdf) -> bool {
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    let Some(properties) = catalog.and_then(|catalog| catalog.get::<Dict<'_>>(b"OCProperties")) else { return false };
    let Some(default) = properties.get::<Dict<'_>>(b"D") else { return false };
    let off = default.get::<Array<'_>>(b"OFF").is_some_and(|off| off.raw_iter().next().is_some());
    let base = default.get::<Name<'_>>(b"BaseState").is_some_and(|state| state.as_ref() == b"OFF");
    off || base
}
