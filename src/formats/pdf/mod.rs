//! PDF: the document is rebuilt, from the catalog down, out of what its pages need to look, read and behave as they do.
//!
//! The way of a document: [`source`] loads it and catches what the library loses silently; [`pages`] finds its pages with
//! what they inherit; [`layers`] tells which layers are shown; [`annotations`] decides what stays on them and [`flatten`]
//! draws in what must not stay alive, with appearances made by [`fields`] where a form brings none; [`content`] cleans what
//! is drawn and drops the resources that nothing draws with; [`rebuild`] copies everything that [`schema`] lists into a new
//! document, with pictures cleaned on the way ([`images`]); [`fonts`] takes names out of embedded fonts; [`identification`]
//! says anew which standard it follows; [`removal`] names what was left behind; [`write`] writes one revision with numbers
//! and order of its own.
//!
//! Where the policy asks for it, a second step takes text that nobody sees out of the finished and proved copy
//! ([`content::hidden_text`]): only then it is known what is seen.
//!
//! Content streams are edited, not written anew: what is not taken out keeps its bytes. Nothing is rendered or re-encoded.

mod actions;
mod annotations;
mod attachments;
mod content;
mod ends;
mod fields;
mod flatten;
mod fonts;
mod identification;
mod images;
mod jbig2;
mod layers;
mod pages;
mod rebuild;
mod removal;
mod schema;
mod source;
mod streams;
mod trees;
mod write;

use std::io::Write;

use self::identification::Identification;
use self::layers::Layers;
use self::source::{Object, Source};
use super::{Context, Handler, Report};
use crate::kind::Kind;
use crate::policy::Policy;
use crate::refusal::{Reason, Refusal};

/// The handler for PDF documents.
pub(super) struct Pdf;

impl Handler for Pdf {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Pdf]
    }

    fn clean(
        &self,
        _kind: Kind,
        bytes: &[u8],
        policy: &Policy,
        context: &Context<'_>,
        out: &mut dyn Write,
    ) -> Result<Report, Refusal> {
        let mut report = Report::default();
        let source = Source::load(bytes, context)?;
        refuse_empty_shell(&source)?;
        let pages = pages::pages(&source, context, &mut report)?;
        content::check_form_uses(&source, &pages, context)?;
        rebuilt(source, pages, bytes, policy, context, &mut report, out)?;
        Ok(report)
    }

    fn without_hidden_text(
        &self,
        _kind: Kind,
        copy: &[u8],
        context: &Context<'_>,
    ) -> Result<Option<(Vec<u8>, Report)>, Refusal> {
        let (mut report, mut aside) = (Report::default(), Report::default());
        let mut source = Source::load(copy, context)?;
        let mut pages = pages::pages(&source, context, &mut aside)?;
        content::check_form_uses(&source, &pages, context)?;
        if !content::hidden_text::take_out(&mut source, &mut pages, copy, context, &mut report)? {
            return Ok(None);
        }
        let mut out = Vec::new();
        // What goes besides served only the text that is gone.
        rebuilt(source, pages, copy, context.policy, context, &mut aside, &mut out)?;
        Ok(Some((out, report)))
    }
}

/// Cleans and rebuilds a loaded document.
fn rebuilt(
    mut source: Source,
    mut pages: Vec<pages::Page>,
    bytes: &[u8],
    policy: &Policy,
    context: &Context<'_>,
    report: &mut Report,
    out: &mut dyn Write,
) -> Result<(), Refusal> {
    removal::container(&source, bytes, report);
    removal::trailer(&source, report)?;
    removal::name_trees(&source, policy, context, report)?;
    let layers = Layers::read(&source, policy, report)?;
    layers.flatten_annotations(&source, &mut pages, report)?;
    let (mut decided, drawings) = annotations::decide(&source, &mut pages, policy, context, report)?;
    for (page, drawings) in pages.iter_mut().zip(&drawings) {
        flatten::draw(&mut source, page, drawings)?;
    }
    if decided.fields.is_empty() {
        fields::forget(&mut source);
    }
    content::clean(&mut source, &mut pages, &layers, context, report)?;
    layers.forget(&mut source);
    let claim = Identification::of(&source, &decided, context, report)?;
    decided.identification = claim.as_ref().map(Identification::packet);
    let mut objects = rebuild::Rebuild::run(&source, &pages, &decided, policy, context, report)?;
    fonts::neutralise(&source, &mut objects, context, report)?;
    if let Some(title) = claim.as_ref().and_then(|claim| claim.title.as_ref()) {
        report.values.retain(|removed| removed.value != *title); // it stays, and is scanned like all text
    }
    let compressed = !claim.is_some_and(|claim| claim.needs_classic_structure());
    let (version, identifiers) = (version(&source, compressed)?, removal::identifiers(&source)?);
    // Source, objects and copy are each as large as the file.
    drop(source);
    let copy = write::file(version, &objects, compressed)?;
    drop(objects);
    removal::other_identifier(&identifiers, &copy.identifier, report);
    out.write_all(&copy.bytes).map_err(|_| Refusal::new(Reason::Internal, "the copy could not be handed over"))?;
    Ok(())
}

/// Refuses documents whose pages are only made when a program with an XFA engine opens them (12.7.8).
fn refuse_empty_shell(source: &Source) -> Result<(), Refusal> {
    let catalog = source.catalog()?;
    let Some(form) = source.dictionary(catalog, "AcroForm")? else { return Ok(()) };
    let dynamic = matches!(source.get(catalog, "NeedsRendering")?, Object::Boolean(true));
    if dynamic && !source.get(form, "XFA")?.is_null() {
        return Err(Refusal::unsupported("this is an XFA form: its pages exist only in programs that run it")
            .with_hint("open it in Adobe Acrobat, print it to a new PDF and clean that"));
    }
    Ok(())
}

/// The version to write: the higher one of header and catalog, and at least 1.5 when the structure goes into streams.
fn version(source: &Source, compressed: bool) -> Result<&'static str, Refusal> {
    const VERSIONS: [&str; 9] = ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "2.0"];
    let rank = |name: &[u8]| VERSIONS.iter().position(|version| version.as_bytes() == name);
    let header = rank(source.version().as_bytes());
    let catalog = source.name(source.catalog()?, "Version")?.and_then(rank);
    let least = if compressed { rank(b"1.5") } else { rank(b"1.0") };
    let chosen = header.or(rank(b"1.7")).max(catalog).max(least).unwrap_or_default();
    Ok(VERSIONS.get(chosen).copied().unwrap_or("1.7"))
}
