//! The text of legacy Office files, as far as it can be read, and their properties. What is locked, coded in a way that is not
//! known, or cut off is listed as unread.

mod excel;
mod message;
mod powerpoint;
mod word;

use super::{Extraction, Extractor, Place, Scope, TextSpan, Unread};
use crate::formats::Context;
use crate::kind::Kind;
use crate::legacy_reading::property_set::{Value, read};
use crate::legacy_reading::{Compound, title};
use crate::refusal::Refusal;

/// Reads legacy Office files.
pub(super) struct LegacyText;

impl Extractor for LegacyText {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::LegacyWord, Kind::LegacyExcel, Kind::LegacyPowerPoint, Kind::OutlookMessage]
    }

    fn extract(&self, kind: Kind, bytes: &[u8], context: &Context<'_>) -> Result<Extraction, Refusal> {
        let mut compound = Compound::open(bytes, context)?;
        let mut out = Extraction::default();
        match kind {
            Kind::LegacyWord => word::extract(&mut compound, &mut out)?,
            Kind::LegacyExcel => excel::extract(&mut compound, context.limits.text_bytes, &mut out)?,
            Kind::LegacyPowerPoint => powerpoint::extract(&mut compound, &mut out)?,
            _ => message::extract(&mut compound, &mut out)?,
        }
        properties(&mut compound, &mut out)?;
        let items = compound.items();
        if items.iter().any(|item| item.name() == "VBA" && !item.is_stream) {
            out.unread(Place::Part { part: "VBA".to_owned() }, "the text of macros is not read", false);
        }
        if items.iter().any(|item| item.is_stream && matches!(item.name(), "Pictures" | "Data")) {
            out.unread(Place::File, "pictures in it are not looked into", true);
        }
        if items.iter().any(|item| item.name() == "ObjectPool" || item.name().starts_with("MBD")) {
            out.unread(Place::File, "objects in it are not read", false);
        }
        Ok(out)
    }
}

impl Extraction {
    fn unread(&mut self, place: Place, why: impl Into<String>, expected: bool) {
        self.unread.push(Unread { place, why: why.into(), expected });
    }

    fn span(&mut self, text: &str, place: Place, scope: Scope) {
        if !text.trim().is_empty() {
            self.spans.push(TextSpan::new(text, place, scope));
        }
    }
}

/// The texts in property sets.
fn properties(compound: &mut Compound<'_, '_>, out: &mut Extraction) -> Result<(), Refusal> {
    let streams: Vec<_> =
        compound.items().iter().filter(|item| item.name().ends_with("SummaryInformation")).cloned().collect();
    for item in streams.iter().filter(|item| item.is_stream) {
        for (_, name, value) in read(&compound.read(&item.path)?).into_iter().flat_map(|set| set.properties) {
            let place = || Place::Metadata { item: title(&item.path) };
            if let Value::Text(text) = value {
                out.span(&text, place(), Scope::Metadata);
            }
            out.span(&name.unwrap_or_default(), place(), Scope::Metadata);
        }
    }
    Ok(())
}
