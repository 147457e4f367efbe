//! The proof: a second pair of eyes on every cleaned copy.
//!
//! Nothing here reuses a cleaner. Each prover walks the input and the copy with its own reader and computes the *essence
//! digest* of both: a hash over the parts that carry pixels, glyphs or cells. The digests must be equal, apart from what
//! the policy removes on purpose. Then the copy is re-read and compared in the ways that fit its format (pixels decoded,
//! EXIF listed, pages interpreted, parts walked), and nothing that may never remain may be found. At last every removed
//! value is looked for in the unpacked copy ([`echo`]).
//!
//! What cannot be proved is refused with [`crate::Reason::Unprovable`].

mod bmp;
pub mod echo;
mod embedded;
mod gif;
mod heif;
mod jp2;
mod jpeg;
pub(crate) mod jxl;
pub(crate) mod links;
pub(crate) mod odf;
pub(crate) mod ooxml;
pub(crate) mod opened;
mod pdf;
mod picture;
mod png;
mod profile;
mod reencoded;
pub(crate) mod rtf;
pub(crate) mod svg;
mod text;
mod tiff;
mod webp;
pub(crate) mod xml;
mod zip_container;

pub(crate) use pdf::prove_without_hidden_text;
pub(crate) use reencoded::prove_reencoded;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::formats::{Context, Report};
use crate::kind::Kind;
use crate::refusal::{Reason, Refusal};

/// Which of the two documents a prover looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The original: what the policy removes on purpose is not part of its essence.
    Input,
    /// The cleaned copy: everything visible is part of its essence.
    Output,
}

/// SHA-256 over the parts that carry pixels, glyphs or cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Essence(pub [u8; 32]);

impl Essence {
    /// Lower-case hexadecimal.
    #[must_use]
    pub fn to_hex(self) -> String {
        crate::report::hex(&self.0)
    }
}

/// One check of a proof that held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// What was checked, for example `pixels-equal`.
    pub name: String,
    /// What was compared, for example `1 frame, 4032×3024`.
    pub detail: String,
}

impl Check {
    /// A check that held.
    pub fn new(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { name: name.into(), detail: detail.into() }
    }
}

/// A proof that held. There is no other kind: a failed proof is a [`Refusal`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Proof {
    /// The essence digest shared by input and copy, hexadecimal.
    pub essence: String,
    /// The checks that held.
    pub checks: Vec<Check>,
}

/// Proves one family of formats. Pure: bytes in, verdict out.
pub trait Prover: Sync {
    /// The kinds that this prover knows.
    fn kinds(&self) -> &'static [Kind];

    /// The essence digest of a document, by this prover's own walk. It is the same for a document and its cleaned copy.
    ///
    /// # Errors
    /// A [`Refusal`] when the document cannot be walked.
    fn essence(&self, kind: Kind, bytes: &[u8], side: Side, context: &Context<'_>) -> Result<Essence, Refusal>;

    /// The essence digests of a document and its copy. By default each on its own; a prover that has to know the one to read
    /// the other, because the copy shows more than the input brought along, overrides it.
    ///
    /// # Errors
    /// As [`Prover::essence`]; for the copy [`Reason::Unprovable`].
    fn essences(
        &self,
        kind: Kind,
        input: &[u8],
        output: &[u8],
        context: &Context<'_>,
    ) -> Result<(Essence, Essence), Refusal> {
        let before = self.essence(kind, input, Side::Input, context)?;
        let after = self.essence(kind, output, Side::Output, context).map_err(|refusal| copy_unreadable(&refusal))?;
        Ok((before, after))
    }

    /// Compares copy and input beyond the essence, and looks in the copy for what may never remain.
    /// `report` tells what the cleaner says it removed on purpose.
    ///
    /// # Errors
    /// [`Reason::Unprovable`], naming the difference or the leftover.
    fn verify(
        &self,
        kind: Kind,
        input: &[u8],
        output: &[u8],
        report: &Report,
        context: &Context<'_>,
    ) -> Result<Vec<Check>, Refusal>;

    /// The whole proof: equal essences, which are returned, and then what [`Prover::verify`] checks. A prover whose documents
    /// are costly to take apart overrides it and does that once.
    ///
    /// # Errors
    /// As [`Prover::essences`] and [`Prover::verify`].
    fn prove(
        &self,
        kind: Kind,
        input: &[u8],
        output: &[u8],
        report: &Report,
        context: &Context<'_>,
    ) -> Result<(Essence, Vec<Check>), Refusal> {
        let (before, after) = self.essences(kind, input, output, context)?;
        let essence = shared(&before, after)?;
        Ok((essence, self.verify(kind, input, output, report, context)?))
    }

    /// The other kind that the policy lets a copy be of; none by default.
    fn other_kind(&self, kind: Kind, context: &Context<'_>) -> Option<Kind> {
        let _ = (kind, context);
        None
    }

    /// Hands every unpacked stretch of bytes of a document to `visit`, with the part it belongs to: inflated members,
    /// decoded streams, decrypted strings. The echo search reads them. By default the bytes as they are.
    ///
    /// # Errors
    /// A [`Refusal`] when the document cannot be walked.
    fn payloads(
        &self,
        kind: Kind,
        bytes: &[u8],
        context: &Context<'_>,
        visit: &mut dyn FnMut(&str, &[u8]),
    ) -> Result<(), Refusal> {
        let _ = (kind, context);
        visit("", bytes);
        Ok(())
    }
}

/// The one place that lists provers.
pub static PROVERS: &[&dyn Prover] = &[
    &jpeg::JpegProver,
    &png::PngProver,
    &tiff::TiffProver,
    &gif::GifProver,
    &webp::WebPProver,
    &heif::HeifProver,
    &jp2::Jpeg2000Prover,
    &jxl::JpegXlProver,
    &bmp::BmpProver,
    &bmp::icon::IcoProver,
    &svg::SvgProver,
    &pdf::PdfProver,
    &ooxml::OoxmlProver,
    &odf::OdfProver,
    &rtf::RichTextProver,
    &text::PlainTextProver,
];

/// The prover for a kind.
#[must_use]
pub fn prover_for(kind: Kind) -> Option<&'static dyn Prover> {
    PROVERS.iter().copied().find(|prover| prover.kinds().contains(&kind))
}

/// Proves that `output` is `input` without what had to go.
///
/// # Errors
/// [`Reason::Unprovable`] when it is not, or when it cannot be shown.
pub fn prove(
    kind: Kind,
    input: &[u8],
    output: &[u8],
    report: &Report,
    context: &Context<'_>,
) -> Result<Proof, Refusal> {
    let prover =
        prover_for(kind).ok_or_else(|| Refusal::unprovable(format!("there is no proof for {}", kind.described())))?;
    let found = crate::identify::identify(output, "").kind;
    let expected = match report.copy_kind {
        Some(other) if prover.other_kind(kind, context) == Some(other) => other,
        _ => kind,
    };
    if found != expected && kind.family() != crate::kind::Family::Text {
        return Err(Refusal::unprovable(format!("the copy of {} reads as {}", kind.described(), found.described())));
    }
    let (essence, more) = prover.prove(kind, input, output, report, context)?;
    let mut checks = vec![Check::new("essence-equal", "input and copy carry the same visible content")];
    checks.extend(more);
    Ok(Proof { essence: essence.to_hex(), checks })
}

/// What original and copy show alike: their essence, or a part of it.
///
/// # Errors
/// [`Reason::Unprovable`] when they do not.
fn shared<T: PartialEq>(before: &T, after: T) -> Result<T, Refusal> {
    if *before != after {
        return Err(Refusal::unprovable("the visible content of the copy differs from the original"));
    }
    Ok(after)
}

/// Checks that `after` is `before` in its order, with no more than `gone` left out.
///
/// # Errors
/// [`Reason::Unprovable`] when it is not.
fn fewer(before: &[String], after: &[String], gone: u64, what: &str) -> Result<(), Refusal> {
    let mut rest = before.iter();
    let in_order = after.iter().all(|text| rest.any(|other| other == text));
    let missing = u64::try_from(before.len().saturating_sub(after.len())).unwrap_or(u64::MAX);
    if !in_order || missing > gone {
        return Err(Refusal::unprovable(format!("the {what} of the copy differ from those of the original")));
    }
    Ok(())
}

/// A copy that the prover cannot read is unprovable, whatever the reader calls it; exceeded limits keep their name.
fn copy_unreadable(refusal: &Refusal) -> Refusal {
    match refusal.reason {
        Reason::OverLimit | Reason::Unprovable => refusal.clone(),
        _ => Refusal::unprovable(format!("the copy cannot be read again ({refusal})")),
    }
}
