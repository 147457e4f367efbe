//! Office Open XML: does the copy show what the original shows, and nothing else?
//!
//! # The essence
//!
//! A reader of this module's own walks from the document part along everything that it shows: headers and notes of a
//! Word document, sheets with their drawings and charts, slides with their layouts and masters, pictures, styles, themes,
//! and the settings that change pages. Each part becomes a stream of elements, attributes and text, and the digest is
//! the hash of these streams. What counts is everything *except* what [`visible`] names: marks of editing, ids, comments,
//! notes of speakers, fields that reveal, links, properties of the file. Names are resolved by namespace, so prefixes and the two
//! dialects make no difference, and neither do the order of members, part names or relationship ids.
//!
//! - Tracked changes are read as accepted: what was deleted or moved away is skipped, deleted rows and cells too, and a
//!   paragraph whose mark was deleted flows into the next one, whose properties win.
//! - Text of one format is one stretch, however many runs it was split into.
//! - A cell counts with its reference, style, formula and stored value; shared strings are looked up.
//! - Pictures count by the essence digest of their own kind; kinds without a prover byte for byte.
//! - Empty paragraphs are left to the counts in [`seen`], for a deletion may leave one behind or not.
//!
//! - Of a picture that was cut, what is left counts, and its crops do not ([`crops`] compares them).
//! - Shapes of slides that nobody sees are left out where the policy takes them out ([`unseen_shapes`]).
//! - What the policy takes out of a workbook instead of holding it is left out on both sides ([`workbook`]).
//!
//! # The rest of the proof
//!
//! [`leftovers`] looks for what may never remain, [`closed`] checks that the package holds together, [`zip_container`](super::zip_container) that the
//! ZIP tells nothing, [`pictures`] that embedded pictures carry nothing else, and the counts are compared with what the
//! cleaner says it did.

mod active;
mod cells;
mod charts;
mod closed;
mod concealed;
mod crop;
mod crops;
mod held;
mod hidden;
mod hiding;
mod ink;
mod leftovers;
mod objects;
pub(crate) mod package;
mod pictures;
mod pivots;
mod references;
mod relationship_types;
mod rows;
mod seen;
mod sheet_objects;
mod slicers;
mod slide_objects;
mod slide_shapes;
mod slides;
mod story;
mod tables;
mod unpacked;
mod unseen_shapes;
mod visible;
mod vml;
mod walk;
mod workbook;

use std::rc::Rc;

use crops::Crops;
use package::Package;
use seen::Seen;
use sheet_objects::Pictured;
use walk::Walk;
use workbook::Removed;

use super::{Check, Essence, Prover, Side, copy_unreadable, shared, zip_container};
use crate::formats::{Context, Report};
use crate::kind::Kind;
use crate::policy::Class;
use crate::refusal::Refusal;

/// The kinds of package whose parts are XML.
pub(crate) const KINDS: &[Kind] = &[
    Kind::Docx,
    Kind::Docm,
    Kind::Dotx,
    Kind::Dotm,
    Kind::Xlsx,
    Kind::Xlsm,
    Kind::Xltx,
    Kind::Xltm,
    Kind::Pptx,
    Kind::Pptm,
    Kind::Ppsx,
    Kind::Ppsm,
    Kind::Potx,
    Kind::Potm,
    Kind::Visio,
];

/// Proves Word documents, workbooks, presentations and Visio drawings.
pub(super) struct OoxmlProver;

impl Prover for OoxmlProver {
    fn kinds(&self) -> &'static [Kind] {
        KINDS
    }

    fn essence(&self, _kind: Kind, bytes: &[u8], side: Side, context: &Context<'_>) -> Result<Essence, Refusal> {
        let package = open(bytes, context)?;
        Ok(Essence(Walk::new(&package, side, &Removed::default(), context).document()?))
    }

    fn essences(
        &self,
        _kind: Kind,
        input: &[u8],
        output: &[u8],
        context: &Context<'_>,
    ) -> Result<(Essence, Essence), Refusal> {
        let pair = Pair::open(input, output, context)?;
        let ((before, _), (after, _)) = pair.walk(context)?;
        Ok((before, after))
    }

    fn verify(
        &self,
        _kind: Kind,
        input: &[u8],
        output: &[u8],
        report: &Report,
        context: &Context<'_>,
    ) -> Result<Vec<Check>, Refusal> {
        let pair = Pair::open(input, output, context)?;
        let ((_, before), (_, after)) = pair.walk(context)?;
        pair.verify(output, (before, after), report, context)
    }

    fn prove(
        &self,
        _kind: Kind,
        input: &[u8],
        output: &[u8],
        report: &Report,
        context: &Context<'_>,
    ) -> Result<(Essence, Vec<Check>), Refusal> {
        let pair = Pair::open(input, output, context)?;
        let ((before, seen_before), (after, seen_after)) = pair.walk(context)?;
        let essence = shared(&before, after)?;
        Ok((essence, pair.verify(output, (seen_before, seen_after), report, context)?))
    }

    fn other_kind(&self, kind: Kind, context: &Context<'_>) -> Option<Kind> {
        kind.without_macros().filter(|_| active::macros_go(context))
    }

    fn payloads(
        &self,
        _kind: Kind,
        bytes: &[u8],
        context: &Context<'_>,
        visit: &mut dyn FnMut(&str, &[u8]),
    ) -> Result<(), Refusal> {
        unpacked::visit(&*open_copy(bytes, context)?, context, visit)
    }
}

/// Opens a package. Its bytes were charged when it was cleaned; here each opening is bounded on its own.
fn open(bytes: &[u8], context: &Context<'_>) -> Result<Package, Refusal> {
    Package::open(bytes, context.limits, &|_| Ok(()), context.limits.decompressed_bytes)
}

/// Opens the copy, as [`open`].
fn open_copy(bytes: &[u8], context: &Context<'_>) -> Result<Rc<Package>, Refusal> {
    Package::of_copy(bytes, context, &|_| Ok(()), context.limits.decompressed_bytes)
}

/// The essence of a package, and what was counted on the way.
type Walked = (Essence, Seen);

/// A document and its copy, and what only the two together tell.
struct Pair {
    original: Package,
    copy: Rc<Package>,
    removed: Removed,
    pictured: Pictured,
    crops: Crops,
}

impl Pair {
    fn open(input: &[u8], output: &[u8], context: &Context<'_>) -> Result<Self, Refusal> {
        let original = open(input, context)?;
        let copy = open_copy(output, context).map_err(|refusal| copy_unreadable(&refusal))?;
        let removed = Removed::between(&original, &copy, context)?;
        let pictured = Pictured::between(&original, &copy, context)?;
        let crops = Crops::between(&original, &copy, context)?;
        Ok(Self { original, copy, removed, pictured, crops })
    }

    /// The essence of each, and what was counted on the way.
    fn walk(&self, context: &Context<'_>) -> Result<(Walked, Walked), Refusal> {
        let walk = |package, side| {
            let mut walk = Walk::new(package, side, &self.removed, context);
            (walk.pictured, walk.crops) = (Some(&self.pictured), Some(&self.crops));
            let essence = Essence(walk.document()?);
            if side == Side::Output {
                walk.check_strings()?;
            }
            Ok((essence, walk.seen))
        };
        let after = walk(&self.copy, Side::Output).map_err(|refusal| copy_unreadable(&refusal));
        Ok((walk(&self.original, Side::Input)?, after?))
    }

    /// Everything but the essence. `output` is the copy as a file, `seen` what was counted in the two.
    fn verify(
        &self,
        output: &[u8],
        seen: (Seen, Seen),
        report: &Report,
        context: &Context<'_>,
    ) -> Result<Vec<Check>, Refusal> {
        let (original, copy) = (&self.original, &self.copy);
        let members = zip_container::check(output)?;
        closed::check(copy)?;
        leftovers::check(copy, context)?;
        let pictures = pictures::check(copy, report, context)?;
        slides::check(original, copy, context)?;
        unseen_shapes::check(copy, report, context)?;
        objects::check(copy, report, context)?;
        held::check(copy, report, context)?;
        self.removed.check(report)?;
        crops::check(copy, report, context)?;
        let (before, after) = seen;
        compare(before, after, report)?;
        let mut checks = vec![
            Check::new("container-plain", format!("{members} members without dates, comments or gaps")),
            Check::new("package-closed", format!("{} parts, all reached and typed", copy.parts.len())),
            Check::new("nothing-left", "no properties, revisions, comments, ids, local links or hashes"),
            Check::new("pictures-bare", format!("{pictures} embedded pictures without camera data")),
            Check::new("counts-kept", describe(after)),
        ];
        if self.crops.count() > 0 {
            let detail = format!("{} pictures, each cut to what is shown of it, pixel by pixel", self.crops.count());
            checks.push(Check::new("crops-equal", detail));
        }
        Ok(checks)
    }
}

/// Compares what the digest leaves open.
fn compare(before: Seen, after: Seen, report: &Report) -> Result<(), Refusal> {
    let most = before.paragraphs.saturating_add(before.joined);
    if after.paragraphs < before.paragraphs || after.paragraphs > most {
        return Err(Refusal::unprovable(format!(
            "the copy has {} paragraphs, the original {}",
            after.paragraphs, before.paragraphs
        )));
    }
    let removed = |classes: &[Class]| {
        let hits = report.hits.iter().filter(|hit| classes.contains(&hit.class));
        hits.fold(0, |sum: u64, hit| sum.saturating_add(hit.count))
    };
    lost("bookmarks", before.bookmarks, after.bookmarks, 0)?;
    lost("alternative texts", before.descriptions, after.descriptions, removed(&[Class::MetadataPaths]))?;
    let links = [Class::LinksLocal, Class::ActiveJavascript, Class::ActiveActions, Class::ContentHiddenText];
    lost("links", before.links, after.links, removed(&links))?;
    lost("conditions of filters", before.conditions, after.conditions, removed(&[Class::ContentHiddenRows]))?;
    if after.links > before.links {
        return Err(Refusal::unprovable("the copy has links that the original has not"));
    }
    Ok(())
}

/// Refuses a copy that has fewer of something than were removed on purpose.
fn lost(what: &str, before: u64, after: u64, removed: u64) -> Result<(), Refusal> {
    if before.saturating_sub(after) > removed {
        return Err(Refusal::unprovable(format!(
            "the copy has {after} {what}, the original {before}, and {removed} were removed on purpose"
        )));
    }
    Ok(())
}

fn describe(seen: Seen) -> String {
    [
        (seen.paragraphs, "paragraphs"),
        (seen.sheets, "sheets"),
        (seen.slides, "slides"),
        (seen.pages, "pages"),
        (seen.rows, "rows"),
        (seen.cells, "cells"),
        (seen.formulas, "formulas"),
        (seen.pictures, "pictures"),
        (seen.bookmarks, "bookmarks"),
        (seen.descriptions, "alternative texts"),
        (seen.links, "links"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, name)| format!("{count} {name}"))
    .collect::<Vec<_>>()
    .join(", ")
}
