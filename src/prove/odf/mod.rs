//! OpenDocument: does the copy show what the original shows, and nothing else?
//!
//! # The essence
//!
//! A reader of this module's own walks over styles, content and settings of the document, and from there over the documents
//! and pictures that it shows, in packages and in flat XML. Each part becomes a stream of elements, attributes and text, and
//! the digest is the hash of these streams. What counts is everything *except* what [`visible`] names: comments, marks of
//! editing, notes of speakers, fields that reveal (their result counts as text), ids, links, properties of the file, settings
//! of printers and programs. Names are resolved by namespace, so prefixes make no difference; where a formula names its
//! language by a prefix, the namespace counts.
//!
//! - Tracked changes are read as accepted: what was deleted stands in a list of its own, which is skipped with its marks.
//! - Text on both sides of what is skipped is one stretch.
//! - Pictures and documents count by what they show, wherever the member lies; a file that no prover reads counts byte for byte.
//! - The preview of a chart or formula does not count: programs draw it anew.
//!
//! # The rest of the proof
//!
//! [`leftovers`] looks for what may never remain in the XML, [`properties`] at what is left of properties and settings,
//! [`members`] that the package holds nothing else and its manifest says so, [`zip_container`] that the ZIP tells
//! nothing, [`media`] proves every file in it; links and alternative texts are compared one by one with what the cleaner says it
//! removed.

mod held;
mod leftovers;
mod media;
mod members;
pub(crate) mod package;
mod properties;
mod seen;
mod story;
mod unpacked;
pub(crate) mod visible;
mod walk;

use held::Held;
use std::rc::Rc;

use package::Package;
use seen::Seen;
use walk::Walk;

use super::{Check, Essence, Prover, Side, copy_unreadable, fewer, shared, zip_container};
use crate::formats::{Context, Report};
use crate::kind::Kind;
use crate::policy::{Action, Class};
use crate::refusal::Refusal;

/// The kinds of OpenDocument.
pub(crate) const KINDS: &[Kind] = &[Kind::Odt, Kind::Ods, Kind::Odp, Kind::Odg, Kind::OdfOther, Kind::FlatOdf];

/// Proves OpenDocument files.
pub(super) struct OdfProver;

impl Prover for OdfProver {
    fn kinds(&self) -> &'static [Kind] {
        KINDS
    }

    fn essence(&self, kind: Kind, bytes: &[u8], side: Side, context: &Context<'_>) -> Result<Essence, Refusal> {
        Ok(seen(&open(kind, bytes, context)?, side, context)?.0)
    }

    fn verify(
        &self,
        kind: Kind,
        input: &[u8],
        output: &[u8],
        report: &Report,
        context: &Context<'_>,
    ) -> Result<Vec<Check>, Refusal> {
        Ok(self.prove(kind, input, output, report, context)?.1)
    }

    fn prove(
        &self,
        kind: Kind,
        input: &[u8],
        output: &[u8],
        report: &Report,
        context: &Context<'_>,
    ) -> Result<(Essence, Vec<Check>), Refusal> {
        let held = Held::of(report, context.policy);
        let original = open(kind, input, context)?;
        let (essence, before, _) = seen(&original, Side::Input, context)?;
        let read = |refusal: Refusal| copy_unreadable(&refusal);
        let copy = open_copy(kind, output, context).map_err(read)?;
        let (after_essence, after, reached) = seen(&copy, Side::Output, context).map_err(read)?;
        let essence = shared(&essence, after_essence)?;
        let mut checks = Vec::new();
        if !copy.is_flat {
            let count = zip_container::check(output)?;
            members::type_first(output, &copy)?;
            members::check(&copy, &reached, &held, context.limits)?;
            checks.push(Check::new("container-plain", format!("{count} members without dates, comments or gaps")));
            checks.push(Check::new("package-closed", "the type first, every member needed and in the manifest"));
        }
        leftovers::check(&copy, &held, context)?;
        properties::generators(&original, &copy, context.limits)?;
        properties::settings(&copy, context.limits)?;
        checks.push(Check::new("nothing-left", "no properties, changes, comments, ids, local links or hashes"));
        let files = media::check((&original, &before), (&copy, &after), &held, report, context)?;
        checks.push(Check::new("files-proved", format!("{files} files in the document")));
        compare(&before, &after, report)?;
        checks.push(Check::new("counts-kept", after.describe()));
        Ok((essence, checks))
    }

    fn payloads(
        &self,
        kind: Kind,
        bytes: &[u8],
        context: &Context<'_>,
        visit: &mut dyn FnMut(&str, &[u8]),
    ) -> Result<(), Refusal> {
        unpacked::visit(&*open_copy(kind, bytes, context)?, context, visit)
    }
}

/// Opens a file. Its bytes were charged when it was cleaned; here each opening is bounded on its own.
fn open(kind: Kind, bytes: &[u8], context: &Context<'_>) -> Result<Package, Refusal> {
    Package::open(kind, bytes, context.limits, &|_| Ok(()), context.limits.decompressed_bytes)
}

/// Opens the copy, as [`open`].
fn open_copy(kind: Kind, bytes: &[u8], context: &Context<'_>) -> Result<Rc<Package>, Refusal> {
    Package::of_copy(kind, bytes, context, &|_| Ok(()), context.limits.decompressed_bytes)
}

/// The essence of a document, what was counted on the way, and which members it was led to.
fn seen(package: &Package, side: Side, context: &Context<'_>) -> Result<(Essence, Seen, Vec<bool>), Refusal> {
    let mut walk = Walk::new(package, side, context);
    let digest = walk.document("")?.ok_or_else(|| Refusal::damaged("there is no document in it"))?;
    Ok((Essence(digest), walk.seen, walk.reached))
}

/// Compares what the digest leaves open.
fn compare(before: &Seen, after: &Seen, report: &Report) -> Result<(), Refusal> {
    let hits = report.all_hits();
    let removed = |classes: &[Class]| {
        let hits = hits.iter().filter(|hit| classes.contains(&hit.class) && hit.action == Action::Remove);
        hits.fold(0, |sum: u64, hit| sum.saturating_add(hit.count))
    };
    fewer(&before.labels, &after.labels, removed(&[Class::MetadataPaths]), "names and alternative texts")?;
    let links = [Class::LinksLocal, Class::ActiveJavascript, Class::ActiveActions];
    fewer(&before.links, &after.links, removed(&links), "links")?;
    fewer(&before.outside, &after.outside, u64::MAX, "links to content")
}
