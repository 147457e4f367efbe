//! The proof of a drawing: same drawn elements, styles, text and definitions; same titles and links but for those that
//! the report tells of; same rendering; every embedded file proved on its own; nothing left that may not remain.
//!
//! `roxmltree`, `simplecss` and `resvg` read here, the cleaner uses none of them.

pub(crate) mod document;
mod leftovers;
mod look;
mod rendering;

use std::collections::HashSet;

use self::leftovers::Reference;
use crate::formats::{Context, Report, Surroundings};
use crate::identify::identify;
use crate::kind::{Family, Kind};
use crate::policy::{Action, Class};
use crate::prove::{Check, Essence, Prover, Side, fewer, prove};
use crate::refusal::Refusal;

/// Proves SVG drawings.
pub(super) struct SvgProver;

impl Prover for SvgProver {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Svg]
    }

    fn essence(&self, _kind: Kind, bytes: &[u8], side: Side, context: &Context<'_>) -> Result<Essence, Refusal> {
        let text = document::text(bytes, context)?;
        let document = document::parse(&text, side == Side::Input, context)?;
        look::look(&document).essence.ok_or_else(|| Refusal::damaged("there is no drawing in it"))
    }

    fn verify(
        &self,
        _kind: Kind,
        input: &[u8],
        output: &[u8],
        report: &Report,
        context: &Context<'_>,
    ) -> Result<Vec<Check>, Refusal> {
        let compression = check_compression(input, output)?;
        let (before, after) = (document::text(input, context)?, document::text(output, context)?);
        let (input, output) = (document::parse(&before, true, context)?, document::parse(&after, false, context)?);
        let left = leftovers::check(&after, &output)?;
        let (seen_before, seen_after) = (look::look(&input), look::look(&output));
        if seen_before.at_rules != seen_after.at_rules {
            return Err(Refusal::unprovable("the copy lacks rules of a style sheet"));
        }
        let gone = |items: &[&str]| -> u64 {
            let hits =
                report.hits.iter().filter(|hit| hit.action == Action::Remove && items.contains(&hit.item.as_str()));
            hits.map(|hit| hit.count).sum()
        };
        fewer(&seen_before.titles, &seen_after.titles, gone(&["<title>", "<desc>"]), "titles")?;
        fewer(&seen_before.links, &seen_after.links, gone(&["link", "link that runs a script"]), "links")?;
        let (references, copied) = (leftovers::references(&input), leftovers::references(&output));
        let elsewhere =
            report.hits.iter().any(|hit| hit.class == Class::LinksExternalContent && hit.action != Action::Remove);
        check_references(&references, &copied, elsewhere)?;
        let files = prove_files(&references, &copied, report, context)?;
        let kept = format!("{} titles and {} links kept", seen_after.titles.len(), seen_after.links.len());
        let checks = [Some(left), Some(Check::new("titles-and-links", kept)), files, compression];
        let mut checks: Vec<Check> = checks.into_iter().flatten().collect();
        checks.push(rendering::compare(&input, &output)?);
        Ok(checks)
    }

    fn payloads(
        &self,
        _kind: Kind,
        bytes: &[u8],
        context: &Context<'_>,
        visit: &mut dyn FnMut(&str, &[u8]),
    ) -> Result<(), Refusal> {
        let text = document::text(bytes, context)?;
        visit("", text.as_bytes());
        Ok(())
    }
}

/// A compressed copy says nothing beside the drawing (RFC 1952, 2.3).
fn check_compression(input: &[u8], output: &[u8]) -> Result<Option<Check>, Refusal> {
    let is_member = |bytes: &[u8]| bytes.starts_with(b"\x1f\x8b");
    if is_member(input) != is_member(output) {
        return Err(Refusal::unprovable("copy and original differ in their compression"));
    }
    if !is_member(output) {
        return Ok(None);
    }
    let mut decoder = flate2::bufread::GzDecoder::new(output);
    std::io::copy(&mut decoder, &mut std::io::sink())
        .map_err(|_| Refusal::unprovable("the compression of the copy is broken"))?;
    // Magic, method, no flags, no time, slowest, no system.
    let bare = output.get(..10) == Some(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
    if !bare || !decoder.into_inner().is_empty() {
        return Err(Refusal::unprovable("the compression of the copy says more than the drawing"));
    }
    Ok(Some(Check::new("compression-bare", "one gzip member without name, time or comment")))
}

/// Checks that the copy leads nowhere that the original does not, and that the report tells of what is loaded.
fn check_references(before: &[Reference], after: &[Reference], elsewhere: bool) -> Result<(), Refusal> {
    let before: HashSet<&Reference> = before.iter().collect();
    for reference in after.iter().filter(|reference| !reference.is_file()) {
        if !before.contains(reference) || !(reference.is_link || elsewhere) {
            return Err(Refusal::unprovable(
                "the copy refers to something that the original or the report does not name",
            ));
        }
    }
    Ok(())
}

/// Proves every file in a `data:` URI against one of the original, in order.
fn prove_files(
    before: &[Reference],
    after: &[Reference],
    report: &Report,
    context: &Context<'_>,
) -> Result<Option<Check>, Refusal> {
    let unproved = || Refusal::unprovable("a file in a data URI of the copy is none of the original");
    let inner = context.inside(Surroundings::Standalone)?;
    let hits = report.of_embedded();
    let mut originals = before.iter().filter_map(Reference::file);
    let mut count = 0_u64;
    for reference in after.iter().filter(|reference| reference.is_file()) {
        let copy = reference.file().ok_or_else(unproved)?;
        let kind = identify(&copy, "").kind;
        let proved = match kind.family() {
            Family::Image => originals.any(|original| {
                identify(&original, "").kind == kind && prove(kind, &original, &copy, &hits, &inner).is_ok()
            }),
            _ if kind == Kind::Font => originals.any(|original| original == copy),
            _ => false,
        };
        if !proved {
            return Err(unproved());
        }
        count = count.saturating_add(1);
    }
    Ok((count > 0).then(|| Check::new("files-proved", format!("{count} files in data URIs"))))
}
