//! The second pair of eyes on a PDF: hayro, which shares no code with the parser that rebuilds the file.
//!
//! The prover and the text extractor both look at pages through this module. [`read`] opens a document, checks that it stays
//! within the budgets (hayro has none of its own, see [`budget`]), and hands a [`Reading`] to its caller. A reading
//! interprets pages in two ways: for the prover into a [`Page`], a digest of everything exact and a list of everything
//! measured ([`recorder`]); for reading into a [`Scene`], the glyphs with their text and place and whatever could hide them
//! ([`scene`], [`hidden`]).
//!
//! hayro may panic on a hostile file, and the only way to stop it in the middle of a page is to unwind through it. Both end
//! in [`read`], the one place that catches them.

pub(crate) mod annotation;
pub(crate) mod budget;
pub(crate) mod hidden;
pub(crate) mod layers;
pub(crate) mod pictures;
pub(crate) mod recorder;
mod rendering;
pub(crate) mod scene;
pub(crate) mod unpack;
pub(crate) mod uses;
pub(crate) mod walk;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use hayro_interpret::hayro_syntax::object::{Array, Dict, ObjRef, ObjectIdentifier};
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf, page};
use hayro_interpret::kurbo::{Affine, Rect};
use hayro_interpret::{Device, InterpreterCache, InterpreterSettings, RenderContent, interpret_page};

use crate::formats::Context;
use crate::limits::Limits;
use crate::prove::opened;
use crate::refusal::Refusal;

use layers::Layers;

pub(crate) use recorder::Page;
pub(crate) use scene::{Glyph, Scene};

/// Opens a PDF within the budgets and lets `work` read it.
///
/// # Errors
/// What `work` returns; a [`Refusal`] when the file cannot be opened, is locked, exceeds a limit or makes the reader fail.
pub(crate) fn read<T>(
    bytes: &[u8],
    context: &Context<'_>,
    work: impl FnOnce(&Reading<'_>) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    guard(|| {
        let place = context.opened().and_then(|opened| opened.pdf(bytes));
        // Nothing is charged: each opening is held to the budgets for itself, and what is open already was.
        let pdf = opened::package(place, bytes, &|_| Ok(()), |_| open(bytes, context))?;
        let layers = Layers::of(&pdf);
        let view = |bytes| Pdf::new(bytes).map_err(|error| unreadable(&error));
        let all_on = layers.some_are_off().then(|| view(Layers::all_on())).transpose()?;
        let all_off = layers.exist().then(|| view(layers.all_off())).transpose()?;
        let views = all_on.iter().chain(&all_off).collect();
        work(&Reading::new(&pdf, layers, views, bytes, context.limits)?)
    })
}

/// Opens a PDF if it stays within the budgets.
fn open(bytes: &[u8], context: &Context<'_>) -> Result<Pdf, Refusal> {
    let budget = budget::Budget::new(context.limits);
    budget.check_before_loading(bytes)?;
    let own = || Arc::new(bytes.to_vec());
    let shared = context.opened().map_or_else(own, |opened| opened.share(bytes));
    let pdf = Pdf::new(shared).map_err(|error| unreadable(&error))?;
    budget.check_objects(&pdf)?;
    Ok(pdf)
}

/// Runs `work`; a panic of the reader and a budget that ran out in the middle of a page become refusals.
pub(crate) fn guard<T>(work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    // Everything that `work` touches is thrown away when it unwinds.
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result,
        Err(cause) => match cause.downcast::<Refusal>() {
            Ok(refusal) => Err(*refusal),
            Err(_) => Err(Refusal::damaged("the second PDF reader failed on this file")),
        },
    }
}

/// Leaves the interpretation of a page from inside; [`guard`] turns it into an error without any message on the terminal.
fn stop(refusal: Refusal) -> ! {
    resume_unwind(Box::new(refusal))
}

fn unreadable(error: &LoadPdfError) -> Refusal {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            Refusal::encrypted("the document opens only with a password")
        }
        LoadPdfError::Decryption(_) => Refusal::encrypted("the document is encrypted in a way that cannot be read"),
        LoadPdfError::Invalid => Refusal::damaged("the second PDF reader finds no page tree"),
    }
}

/// An opened document.
pub(crate) struct Reading<'a> {
    /// The document.
    pub(crate) pdf: &'a Pdf,
    /// Its bytes as they were given.
    pub(crate) bytes: &'a [u8],
    /// The budgets.
    pub(crate) limits: &'a Limits,
    layers: Layers,
    /// Documents with whose layers a page shows what it does not show with its own.
    views: Vec<&'a Pdf>,
    misled: OnceCell<bool>,
    pages: Vec<&'a page::Page<'a>>,
    cache: InterpreterCache<'a>,
    settings: InterpreterSettings,
    shared: RefCell<recorder::Shared>,
    known: RefCell<scene::Known>,
    uses: RefCell<uses::Uses>,
    rendering: hayro::RenderCache<'a>,
    /// Pixels rendered so far.
    rendered: Cell<u64>,
}

impl<'a> Reading<'a> {
    fn new(
        pdf: &'a Pdf,
        layers: Layers,
        views: Vec<&'a Pdf>,
        bytes: &'a [u8],
        limits: &'a Limits,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            pdf,
            bytes,
            limits,
            layers,
            views,
            misled: OnceCell::new(),
            pages: in_order(pdf, limits)?,
            cache: InterpreterCache::new(),
            settings: InterpreterSettings { render_content: RenderContent::PAGE, ..InterpreterSettings::default() },
            shared: RefCell::default(),
            known: RefCell::default(),
            uses: RefCell::default(),
            rendering: hayro::RenderCache::new(),
            rendered: Cell::new(0),
        })
    }

    /// The pages in reading order.
    pub(crate) fn pages(&self) -> impl ExactSizeIterator<Item = &'a page::Page<'a>> + '_ {
        self.pages.iter().copied()
    }

    /// Interprets the content of a page, and after it the appearances of those annotations that `drawn` chooses.
    ///
    /// # Errors
    /// [`crate::Reason::OverLimit`] when the page costs too much.
    pub(crate) fn interpret(
        &self,
        page: &'a page::Page<'a>,
        drawn: &dyn Fn(&annotation::Annotation<'a>) -> bool,
    ) -> Result<Page, Refusal> {
        self.interpret_until(page, drawn, u64::MAX)
    }

    /// As [`Reading::interpret`], but records only the first so many drawing operations, and of the others the glyphs.
    ///
    /// # Errors
    /// As [`Reading::interpret`].
    pub(crate) fn interpret_until(
        &self,
        page: &'a page::Page<'a>,
        drawn: &dyn Fn(&annotation::Annotation<'a>) -> bool,
        operations: u64,
    ) -> Result<Page, Refusal> {
        let mut recorder = recorder::Recorder::new(self.limits, &self.shared).until(operations);
        self.draw_page(page, self.pdf, &mut recorder)?;
        self.draw_annotations(page, self.pdf, drawn, &mut recorder)?;
        Ok(recorder.finish())
    }

    /// As [`Reading::interpret`], without annotations, without these glyphs and without the places of the others.
    ///
    /// # Errors
    /// As [`Reading::interpret`].
    pub(crate) fn interpret_without(
        &self,
        page: &'a page::Page<'a>,
        glyphs: &BTreeSet<(u32, u32)>,
    ) -> Result<Page, Refusal> {
        let mut recorder = recorder::Recorder::new(self.limits, &self.shared).without(glyphs);
        self.draw_page(page, self.pdf, &mut recorder)?;
        Ok(recorder.finish())
    }

    /// Interprets the appearances of the chosen annotations of a page, without the page itself.
    ///
    /// # Errors
    /// As [`Reading::interpret`].
    pub(crate) fn interpret_annotations(
        &self,
        page: &'a page::Page<'a>,
        drawn: &dyn Fn(&annotation::Annotation<'a>) -> bool,
    ) -> Result<Page, Refusal> {
        let mut recorder = recorder::Recorder::new(self.limits, &self.shared);
        self.draw_annotations(page, self.pdf, drawn, &mut recorder)?;
        Ok(recorder.finish())
    }

    /// What a page shows, with the appearances of the annotations that `drawn` chooses, and with the glyphs of layers that
    /// are switched off.
    ///
    /// # Errors
    /// As [`Reading::interpret`].
    pub(crate) fn scene(
        &self,
        page: &'a page::Page<'a>,
        drawn: &dyn Fn(&annotation::Annotation<'a>) -> bool,
    ) -> Result<Scene, Refusal> {
        let media = page.media_box();
        let whole = Rect::new(media.x0, media.y0, media.x1, media.y1);
        let recorder = || scene::SceneRecorder::new(visible(page), whole, self.limits, &self.known, &self.layers);
        let mut seen = recorder();
        self.draw_page(page, self.pdf, &mut seen)?;
        let page_runs = seen.runs();
        self.draw_annotations(page, self.pdf, &|one| drawn(one) && !self.is_switched_off(one), &mut seen)?;
        let mut seen = seen.finish();
        seen.page_runs = page_runs;
        for view in &self.views {
            let mut other = recorder();
            self.draw_page(page, view, &mut other)?;
            self.draw_annotations(page, view, drawn, &mut other)?;
            seen.add_switched_off(&other.finish());
        }
        seen.complete &= !self.misled.get_or_init(|| self.layers.mislead(self.pdf));
        Ok(seen)
    }

    /// Draws the content of a page with the layers of a document.
    fn draw_page(
        &self,
        page: &'a page::Page<'a>,
        layers: &'a Pdf,
        device: &mut impl Device<'a>,
    ) -> Result<(), Refusal> {
        self.uses.borrow_mut().charge_page(page, self.limits)?;
        let mut context = self.context(page, Affine::IDENTITY, layers);
        interpret_page(page, &mut context, device);
        Ok(())
    }

    /// True for annotations of layers that are off, and for those whose appearance belongs to one.
    fn is_switched_off(&self, annotation: &annotation::Annotation<'a>) -> bool {
        let appearance = || annotation.appearance().is_some_and(|form| self.layers.hide_owner(form.stream.dict()));
        self.layers.hide(annotation) || appearance()
    }

    fn draw_annotations(
        &self,
        page: &'a page::Page<'a>,
        layers: &'a Pdf,
        drawn: &dyn Fn(&annotation::Annotation<'a>) -> bool,
        device: &mut impl Device<'a>,
    ) -> Result<(), Refusal> {
        for annotation in annotation::annotations(page).iter().filter(|annotation| drawn(annotation)) {
            let Some(appearance) = annotation.appearance() else { continue };
            self.uses.borrow_mut().charge_form(&appearance.stream, page.resources(), self.limits)?;
            let mut context = self.context(page, appearance.placement, layers);
            appearance.draw(page.resources(), &mut context, device);
        }
        Ok(())
    }

    /// A fresh interpreter in the coordinates of the page itself: points, origin where the page has it, not rotated.
    fn context(&self, page: &page::Page<'a>, transform: Affine, layers: &'a Pdf) -> hayro_interpret::Context<'a> {
        hayro_interpret::Context::new(transform, visible(page), &self.cache, layers.xref(), self.settings.clone())
    }
}

/// The part of a page that is shown.
fn visible(page: &page::Page<'_>) -> Rect {
    let shown = page.intersected_crop_box();
    Rect::new(shown.x0, shown.y0, shown.x1, shown.y1)
}

/// The pages in reading order. hayro lists a page that occurs twice in the page tree only once, but readers show it twice;
/// so the tree is walked again here, and hayro's pages are taken in that order. A tree that gives fewer pages than hayro
/// found is broken, and hayro has searched for them.
fn in_order<'a>(pdf: &'a Pdf, limits: &Limits) -> Result<Vec<&'a page::Page<'a>>, Refusal> {
    /// Page tree nodes above one another.
    const DEPTH: usize = 1_000;
    let known: HashMap<ObjectIdentifier, &page::Page<'_>> =
        pdf.pages().iter().filter_map(|page| Some((page.raw().obj_id()?, page))).collect();
    let mut visits = 0_u64;
    let mut order = Vec::new();
    let xref = pdf.xref();
    let root = xref.get::<Dict<'_>>(xref.root_id()).and_then(|catalog| catalog.get::<Dict<'_>>(b"Pages"));
    let mut open: Vec<(Vec<ObjRef>, ObjectIdentifier)> = root.as_ref().and_then(children).into_iter().collect();
    while let Some((kids, _)) = open.last_mut() {
        let Some(kid) = kids.pop() else {
            open.pop();
            continue;
        };
        visits = visits.saturating_add(1);
        if order.len() as u64 > limits.pdf_pages || visits > limits.pdf_objects {
            return Err(Refusal::over_limit("pdf-pages", "the page tree shows pages over and over"));
        }
        let id = kid.into();
        if let Some(page) = known.get(&id) {
            order.push(*page);
        } else if open.len() < DEPTH
            && !open.iter().any(|(_, node)| *node == id)
            && let Some(inner) = xref.get::<Dict<'_>>(id).as_ref().and_then(children)
        {
            open.push(inner);
        }
    }
    Ok(if order.len() < pdf.pages().len() { pdf.pages().iter().collect() } else { order })
}

/// The references to the children of a page tree node, the last one first, and its own identifier.
fn children(node: &Dict<'_>) -> Option<(Vec<ObjRef>, ObjectIdentifier)> {
    let kids = node.get::<Array<'_>>(b"Kids")?;
    let references: Vec<ObjRef> = kids.raw_iter().filter_map(|kid| kid.as_obj_ref()).collect();
    Some((references.into_iter().rev().collect(), node.obj_id()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reason;

    #[test]
    fn a_panic_becomes_a_refusal() {
        let outcome: Result<(), Refusal> = guard(|| resume_unwind(Box::new("as a panic does")));
        assert_eq!(outcome.unwrap_err().reason, Reason::Damaged);
    }

    #[test]
    fn a_budget_that_runs_out_inside_keeps_its_name() {
        let outcome: Result<(), Refusal> = guard(|| stop(Refusal::over_limit("pdf-form-uses", "too many")));
        assert_eq!(outcome.unwrap_err().reason, Reason::OverLimit);
    }
}
