//! Word, Excel and PowerPoint files from before 2007 and Outlook messages: looked into, never cleaned.
//!
//! Their programs leave in them whatever lay in memory: unused sectors, ends of streams, text that was deleted. No copy of such
//! a file could be proved to be clean; [`unhandled`](super::unhandled) says how to convert it. What one can do is to say what
//! it gives away.

mod container;
mod excel;
mod message;
mod objects;
mod powerpoint;
mod properties;
mod sectors;
mod word;

use super::{Context, Inspector, RemovedValue, Report};
use crate::kind::Kind;
use crate::legacy_reading::Compound;
use crate::policy::{Class, Policy};
use crate::refusal::Refusal;

/// Looks into legacy Office files.
pub(super) struct LegacyOffice;

impl Inspector for LegacyOffice {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::LegacyWord, Kind::LegacyExcel, Kind::LegacyPowerPoint, Kind::OutlookMessage]
    }

    fn inspect(&self, kind: Kind, bytes: &[u8], context: &Context<'_>) -> Result<Report, Refusal> {
        let mut compound = Compound::open(bytes, context)?;
        let mut listing = Listing { report: Report::default(), context };
        properties::list(&mut compound, &mut listing)?;
        match kind {
            Kind::LegacyWord => word::list(&mut compound, &mut listing)?,
            Kind::LegacyExcel => excel::list(&mut compound, &mut listing)?,
            Kind::LegacyPowerPoint => powerpoint::list(&mut compound, &mut listing)?,
            _ => message::list(&mut compound, &mut listing)?,
        }
        objects::list(&mut compound, &mut listing)?;
        container::list(&compound, &mut listing);
        sectors::list(bytes, &mut listing);
        Ok(listing.report)
    }
}

/// The list as it grows. Every hit has the action of the strictest policy, as for other formats.
struct Listing<'c> {
    report: Report,
    context: &'c Context<'c>,
}

impl Listing<'_> {
    /// Adds `count` things that have no value worth showing.
    fn add(&mut self, class: Class, item: impl Into<String>, place: impl Into<String>, count: u64, bytes: u64) {
        self.report.hit(class, Policy::strictest().action(class), item, place, count, bytes);
    }

    /// Adds one thing with its value; nothing when that is blank.
    fn add_value(&mut self, class: Class, item: impl Into<String>, place: impl Into<String>, value: &str) {
        let (item, value) = (item.into(), value.trim_matches(|sign: char| sign.is_whitespace() || sign == '\0'));
        if !value.is_empty() {
            self.add(class, item.clone(), place, 1, value.len() as u64);
            self.report.values.push(RemovedValue { class, item, value: value.to_owned() });
        }
    }

    /// Adds a file that lies in this one, and what its own handler finds in it.
    fn add_file(&mut self, part: &str, bytes: Vec<u8>) {
        self.report.embedded.push(self.context.inspect_attached(part, Ok(bytes)));
    }
}
