//! The proof of a PDF: both documents read by hayro, which shares nothing with the parser that rebuilt the copy.
//!
//! The **essence** is what must be exactly equal: the number of pages and their rotation, and for each page the drawing
//! operations in their order with text, glyph outlines and decoded picture samples. The cleaner draws some annotations into
//! the page (text boxes, stamps, drawings, signatures): of the input their appearances are part of the essence, at the end of
//! the page; in the copy they are page content. So are form fields, and those without an appearance get one that only the
//! copy has ([`fields`]). Link annotations, and form fields where the policy keeps them, stay alive, and their appearances are
//! compared as such. All other annotations are no part of the essence: they go. So do, of the input, annotations of layers
//! that are off ([`Layers`]), where the policy flattens layers.
//!
//! **Measures** may be written anew with fewer digits, so they are compared with a tolerance in [`pages`], and
//! the first pages are rendered and compared as pixels in [`rendering`]. [`navigation`]
//! compares links and bookmarks, [`attachments`] attached files where the policy keeps them. [`leftovers`] walks every object
//! of the copy for what may never remain, [`keys`] for what needs not be there, [`content`] looks through its content streams
//! and resources, [`fonts`] and [`profiles`] into its fonts and colour profiles, [`container`] and [`objects`] at its raw bytes.
//!
//! Where the policy removes hidden text, that goes out of the proved copy in a second step, with a proof of its own ([`hidden_text`]).

mod attachments;
mod container;
mod content;
mod fields;
mod fonts;
mod hidden_text;
mod identification;
mod keys;
mod leftovers;
mod navigation;
mod objects;
mod pages;
mod profiles;
mod rendering;

pub(crate) use hidden_text::prove_without_hidden_text;

use hayro_interpret::hayro_syntax::page::Page;

use self::fields::BareField;
use self::pages::{Compared, Pages, Shown};
use super::embedded::visit_file;
use super::{Check, Essence, Prover, Side, copy_unreadable};
use crate::formats::{Context, Report};
use crate::kind::Kind;
use crate::pdf_reading::annotation::Annotation;
use crate::pdf_reading::layers::Layers;
use crate::pdf_reading::walk::{Item, object_name, text_of, walk};
use crate::pdf_reading::{self, Reading};
use crate::policy::{Action, Class, Policy};
use crate::refusal::Refusal;

/// Proves PDF documents.
pub(super) struct PdfProver;

impl Prover for PdfProver {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Pdf]
    }

    fn essence(&self, _kind: Kind, bytes: &[u8], side: Side, context: &Context<'_>) -> Result<Essence, Refusal> {
        pdf_reading::read(bytes, context, |reading| essence(reading, &Chosen::new(reading, side, context.policy)))
    }

    fn essences(
        &self,
        _kind: Kind,
        input: &[u8],
        output: &[u8],
        context: &Context<'_>,
    ) -> Result<(Essence, Essence), Refusal> {
        let essence = both(input, output, context, |before, after| {
            pages::compare(before, after, context.policy).map(|compared| compared.essence)
        })?;
        Ok((essence, essence))
    }

    fn verify(
        &self,
        kind: Kind,
        input: &[u8],
        output: &[u8],
        report: &Report,
        context: &Context<'_>,
    ) -> Result<Vec<Check>, Refusal> {
        self.prove(kind, input, output, report, context).map(|(_, checks)| checks)
    }

    fn prove(
        &self,
        _kind: Kind,
        input: &[u8],
        output: &[u8],
        report: &Report,
        context: &Context<'_>,
    ) -> Result<(Essence, Vec<Check>), Refusal> {
        both(input, output, context, |before, after| {
            let Compared { essence, check, operations } = pages::compare(before, after, context.policy)?;
            let mut checks = vec![check, rendering::compare(before, after, &operations, context.policy)?];
            let shown = Chosen::new(before, Side::Input, context.policy);
            checks.push(navigation::compare_links(before, after, &shown, report)?);
            checks.push(navigation::compare_bookmarks(before, after)?);
            checks.push(leftovers::find(after, context.policy)?);
            checks.push(keys::check(after)?);
            checks.push(content::check(after, context.policy)?);
            checks.push(fonts::check(after)?);
            checks.extend(profiles::compare(before, after)?);
            checks.extend(attachments::compare(before, after, report, context)?);
            checks.push(container::check(after)?);
            Ok((essence, checks))
        })
    }

    fn payloads(
        &self,
        _kind: Kind,
        bytes: &[u8],
        context: &Context<'_>,
        visit: &mut dyn FnMut(&str, &[u8]),
    ) -> Result<(), Refusal> {
        pdf_reading::read(bytes, context, |reading| {
            walk(reading.pdf, &mut |id, item| match item {
                Item::String(string) => {
                    let part = object_name(id);
                    visit(&part, string);
                    let text = text_of(string);
                    if text.as_bytes() != string {
                        visit(&part, text.as_bytes());
                    }
                }
                Item::Stream(stream) => {
                    let part = object_name(id);
                    match stream.decoded_data() {
                        Ok(data) if attachments::is_file(stream) => {
                            // One that stays as it is need not unpack.
                            if visit_file(&part, &data, context, visit).is_err() {
                                visit(&part, &data);
                            }
                        }
                        Ok(data) => visit(&part, &data),
                        // Pictures: the metadata in them is stored, not their samples.
                        Err(_) => visit(&part, &stream.raw_data()),
                    }
                }
                Item::Dict(..) => {}
            });
            Ok(())
        })
    }
}

/// Opens a document and its copy. What cannot be opened of the copy is unprovable.
fn both<T>(
    input: &[u8],
    output: &[u8],
    context: &Context<'_>,
    work: impl FnOnce(&Reading<'_>, &Reading<'_>) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    pdf_reading::read(input, context, |before| {
        let worked = pdf_reading::read(output, context, |after| Ok(work(before, after)));
        worked.map_err(|refusal| copy_unreadable(&refusal))?
    })
}

/// The essence digest of an open document.
fn essence(reading: &Reading<'_>, chosen: &Chosen<'_>) -> Result<Essence, Refusal> {
    let mut pages = Pages::new(reading.pages().len());
    for (page, number) in reading.pages().zip(1_u64..) {
        let in_page = |refusal: Refusal| refusal.in_part(format!("page {number}"));
        let drawn = reading.interpret(page, &|annotation| chosen.is_drawn(annotation)).map_err(in_page)?;
        let live = reading.interpret_annotations(page, &|annotation| chosen.is_live(annotation)).map_err(in_page)?;
        pages.add(Shown::of(page, &drawn, &live));
    }
    Ok(pages.finish())
}

/// Tells which annotations of a document are part of its essence, and how.
struct Chosen<'p> {
    side: Side,
    policy: &'p Policy,
    layers: Option<Layers>,
    /// The form says that the appearances of its fields are out of date.
    stale: bool,
}

impl<'p> Chosen<'p> {
    fn new(reading: &Reading<'_>, side: Side, policy: &'p Policy) -> Self {
        let flattened = side == Side::Input && policy.action(Class::ContentLayers) == Action::Flatten;
        Self { side, policy, layers: flattened.then(|| Layers::of(reading.pdf)), stale: fields::are_stale(reading) }
    }

    /// True when form fields become part of their pages.
    fn flattens_fields(&self) -> bool {
        self.policy.action(Class::ContentFormFields) == Action::Flatten
    }

    /// True for form fields whose appearance the cleaner has to make.
    fn is_bare(&self, annotation: &Annotation<'_>) -> bool {
        fields::is_bare(annotation, self.stale) && !self.is_in_hidden_layer(annotation)
    }

    /// The fields of a page whose appearances the cleaner has to make.
    fn bare_fields(&self, page: &Page<'_>) -> Vec<BareField> {
        if self.side == Side::Output || !self.flattens_fields() {
            return Vec::new();
        }
        fields::bare_fields(page, &|annotation| self.is_bare(annotation))
    }

    /// True for annotations that go with the layer that they belong to.
    fn is_in_hidden_layer(&self, annotation: &Annotation<'_>) -> bool {
        self.layers.as_ref().is_some_and(|layers| layers.hide(annotation))
    }

    /// True for annotations that the cleaner draws into the page. In the copy there are none: what was drawn is page content.
    fn is_drawn(&self, annotation: &Annotation<'_>) -> bool {
        if self.side == Side::Output || self.is_in_hidden_layer(annotation) {
            return false;
        }
        match annotation.kind.as_str() {
            "FreeText" | "Stamp" | "Ink" | "Line" | "Square" | "Circle" | "Polygon" | "PolyLine" | "Watermark"
            | "PrinterMark" => self.policy.action(Class::ContentVisibleAnnotations) == Action::Flatten,
            "Screen" | "Movie" | "RichMedia" | "3D" | "Sound" => true,
            "Widget" => annotation.is_signature() || (self.flattens_fields() && !self.is_bare(annotation)),
            _ => false,
        }
    }

    /// True for annotations that stay what they are.
    fn is_live(&self, annotation: &Annotation<'_>) -> bool {
        !self.is_in_hidden_layer(annotation)
            && match annotation.kind.as_str() {
                "Link" => true,
                "Widget" => !annotation.is_signature() && !self.flattens_fields(),
                "FileAttachment" => attachments::stay(self.policy) && attachments::is_on(annotation),
                _ => false,
            }
    }
}
