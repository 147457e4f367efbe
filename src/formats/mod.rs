//! Handlers: one per format, each a pure function of bytes and policy.
//!
//! A handler takes a file apart and rebuilds it from an allow-list: structures that it knows to be needed are copied, all
//! else is dropped and listed in its [`Report`]. What is unknown and cannot be dropped safely is a [`Refusal`]. A handler
//! never touches files, clocks, threads or the terminal, and it never certifies itself: [`crate::prove`] does.
//!
//! [`HANDLERS`] is the one place that lists them. To add a format, write a folder here, a prover, an extractor where the
//! format carries text, and a line in each of the three tables.

mod bmff;
mod bmp;
mod context;
mod cut;
mod fields;
mod gif;
mod heif;
mod ico;
mod jp2;
mod jpeg;
mod jxl;
mod labels;
mod legacy;
mod links;
mod metadata;
mod odf;
mod ooxml;
mod pdf;
mod png;
mod report;
mod rtf;
mod svg;
mod text;
mod tiff;
pub(crate) mod unhandled;
mod webp;
mod xml;
mod zip_container;

use std::io::Write;

pub use context::{Context, Surroundings};
pub use report::{Attached, EmbeddedReport, Hit, RemovedValue, Report, size_title};

use crate::kind::Kind;
use crate::policy::Policy;
use crate::refusal::Refusal;

/// Cleans one family of formats.
pub trait Handler: Sync {
    /// The kinds that this handler cleans.
    fn kinds(&self) -> &'static [Kind];

    /// Writes the cleaned document to `out` and reports every removal.
    ///
    /// `out` may have received bytes when an error is returned; the caller throws them away.
    ///
    /// # Errors
    /// A [`Refusal`] when the document is damaged, locked, over a limit or holds something that can neither be kept nor
    /// dropped safely.
    fn clean(
        &self,
        kind: Kind,
        bytes: &[u8],
        policy: &Policy,
        context: &Context<'_>,
        out: &mut dyn Write,
    ) -> Result<Report, Refusal>;

    /// Lists the metadata, hidden content and embedded files of a document without a copy.
    ///
    /// By default it is what [`Handler::clean`] would remove under the strictest policy, so that the two cannot disagree.
    ///
    /// # Errors
    /// As [`Handler::clean`].
    fn inspect(&self, kind: Kind, bytes: &[u8], context: &Context<'_>) -> Result<Report, Refusal> {
        let context = context.under(Policy::strictest());
        self.clean(kind, bytes, context.policy, &context, &mut std::io::sink())
    }

    /// Takes the text that nobody sees out of a cleaned copy, for policies with `content.hidden-text = "remove"`: the copy
    /// without it, and what was taken out; `None` when the copy has none. Only for formats whose [`Handler::clean`] does not
    /// do so by itself, because only a finished page tells what is seen.
    ///
    /// # Errors
    /// [`Reason::Unsupported`](crate::Reason) where that is not possible; the copy can still be held.
    fn without_hidden_text(
        &self,
        kind: Kind,
        copy: &[u8],
        context: &Context<'_>,
    ) -> Result<Option<(Vec<u8>, Report)>, Refusal> {
        let _ = (kind, copy, context);
        Ok(None)
    }

    /// Codes the pictures of a cleaned copy anew at the same size, depth and timing, for policies with
    /// [`ImageMode::Reencode`](crate::policy::ImageMode). The result is a file like any other: it is cleaned again.
    ///
    /// # Errors
    /// [`Reason::Unsupported`](crate::Reason) where there is no encoder for the format or for this coding,
    /// [`Reason::Damaged`](crate::Reason) where the decoder stumbles.
    fn reencode(&self, kind: Kind, copy: &[u8], context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
        let _ = (copy, context);
        Err(no_encoder(kind.described()))
    }
}

/// Looks into one family of formats that is never cleaned, because no copy could be proved.
pub trait Inspector: Sync {
    /// The kinds that this inspector knows; none of them has a [`Handler`].
    fn kinds(&self) -> &'static [Kind];

    /// Lists the metadata, hidden content and embedded files of a document, as [`Handler::inspect`] does.
    ///
    /// # Errors
    /// A [`Refusal`] when the document is damaged, locked or over a limit.
    fn inspect(&self, kind: Kind, bytes: &[u8], context: &Context<'_>) -> Result<Report, Refusal>;
}

/// The refusal of a picture that the policy wants coded anew, where that is not possible.
fn no_encoder(what: impl std::fmt::Display) -> Refusal {
    Refusal::unsupported(format!("the policy asks to code pictures anew, and there is no encoder for {what}"))
        .with_hint("convert the picture to PNG, TIFF or JPEG first, or clean with `images.mode = \"lossless\"`")
}

/// The one place that lists handlers.
pub static HANDLERS: &[&dyn Handler] = &[
    &jpeg::Jpeg,
    &png::Png,
    &tiff::Tiff,
    &gif::Gif,
    &webp::WebP,
    &heif::Heif,
    &jp2::Jpeg2000,
    &jxl::JpegXl,
    &bmp::Bmp,
    &ico::Ico,
    &svg::Svg,
    &pdf::Pdf,
    &ooxml::OoxmlHandler,
    &odf::OpenDocument,
    &rtf::RichText,
    &text::PlainText,
];

/// The handler for a kind, if the kind can be cleaned.
#[must_use]
pub fn handler_for(kind: Kind) -> Option<&'static dyn Handler> {
    HANDLERS.iter().copied().find(|handler| handler.kinds().contains(&kind))
}

/// The one place that lists inspectors.
pub static INSPECTORS: &[&dyn Inspector] = &[&legacy::LegacyOffice];

/// The inspector for a kind that is never cleaned, if it can be looked into.
#[must_use]
pub fn inspector_for(kind: Kind) -> Option<&'static dyn Inspector> {
    INSPECTORS.iter().copied().find(|inspector| inspector.kinds().contains(&kind))
}

/// Lists what is in a document of a kind that is cleaned or at least looked into.
///
/// # Errors
/// As [`Handler::inspect`]; for other kinds the advice what to do with them.
pub(crate) fn inspect(
    kind: Kind,
    detail: Option<&str>,
    bytes: &[u8],
    context: &Context<'_>,
) -> Result<Report, Refusal> {
    let mut report = match (handler_for(kind), inspector_for(kind)) {
        (Some(handler), _) => handler.inspect(kind, bytes, context)?,
        (None, Some(inspector)) => inspector.inspect(kind, bytes, context)?,
        (None, None) => return Err(unhandled::refusal(kind, detail)),
    };
    report.decide_labels(context.policy);
    Ok(report)
}
