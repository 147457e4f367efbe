//! Flat XML: a document in one file, with its pictures as Base64 (ODF 1.3 part 3, 3.1.2, 10.4.5).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::document::Document;
use super::filters::{Members, References};
use super::styles::Styles;
use super::survey::{Survey, survey};
use super::{decode, media_types};
use crate::formats::xml::{Element, Filter, Notes, Ns, Odf, Path, Step, Token, Tokens};
use crate::formats::{Context, Report, Surroundings, handler_for};
use crate::identify::identify;
use crate::kind::{Family, Kind};
use crate::limits::Limits;
use crate::policy::{Class, Policy};
use crate::refusal::{Reason, Refusal};

/// Cleans a flat document.
///
/// # Errors
/// See [`crate::formats::Handler::clean`].
pub(super) fn clean(
    bytes: &[u8],
    policy: &Policy,
    context: &Context<'_>,
    out: &mut dyn Write,
) -> Result<Report, Refusal> {
    let limits = context.limits;
    let mut report = Report::default();
    let text = decode(bytes)?;
    check_root(&text, limits)?;
    let mut styles = Styles::default();
    styles.read(&text, limits)?;
    let survey = survey(&text, limits)?;
    let cleaned = clean_binaries(&text, &survey, policy, context, &mut report)?;
    let mut binaries = Binaries { cleaned, waiting: None };
    let mut notes = Notes::new("", policy);
    let members = Members::default();
    let mut references = References::new(&members, "");
    let document = Document { text: &text, survey: &survey, styles: &styles, macros: false };
    let copy = document.rewrite(limits, policy, &mut references, Some(&mut binaries), &mut notes)?;
    notes.finish(&mut report);
    out.write_all(copy.as_bytes()).map_err(|_| Refusal::new(Reason::Internal, "the copy could not be written"))?;
    Ok(report)
}

/// The root must be a document of a known type.
fn check_root(text: &str, limits: &Limits) -> Result<(), Refusal> {
    let mut tokens = Tokens::new(text, limits);
    while let Some(token) = tokens.next()? {
        let Token::Start(element) = token else { continue };
        if !element.is(Ns::Odf(Odf::Office), "document") {
            return Err(Refusal::unsupported("the root element is no OpenDocument document"));
        }
        return media_types::document(&element.own("mimetype").unwrap_or_default()).map(drop);
    }
    Err(Refusal::damaged("the XML has no root element"))
}

/// The files in a document, cleaned.
#[derive(Default)]
struct Cleaned {
    /// By where their elements stand.
    files: BTreeMap<usize, String>,
    /// Where pictures stand that are not needed.
    previews: BTreeSet<usize>,
}

/// Cleans the files in a document.
fn clean_binaries(
    text: &str,
    survey: &Survey,
    policy: &Policy,
    context: &Context<'_>,
    report: &mut Report,
) -> Result<Cleaned, Refusal> {
    let mut tokens = Tokens::new(text, context.limits);
    let mut cleaned = Cleaned::default();
    let mut parent = (0, String::new());
    let mut open: Option<(usize, String)> = None;
    while let Some(token) = tokens.next()? {
        match token {
            Token::Start(element) if element.is(BINARY.0, BINARY.1) && !element.empty => {
                open = Some((element.offset, String::new()));
            }
            Token::Start(element) => parent = (element.offset, element.local.to_owned()),
            Token::Text(raw) | Token::CData(raw) => {
                if let Some((_, data)) = &mut open {
                    data.extend(raw.chars().filter(|c| !c.is_ascii_whitespace()));
                }
            }
            Token::End(_) => {
                let Some((offset, data)) = open.take() else { continue };
                let part = format!("office:binary-data {}", cleaned.files.len().saturating_add(1));
                let damaged = || Refusal::damaged("an embedded file is not in Base64").in_part(&part);
                let bytes = STANDARD.decode(data).map_err(|_| damaged())?;
                context.charge_decompressed(bytes.len() as u64)?;
                let kind = identify(&bytes, "").kind;
                if survey.previews.contains(&parent.0) && !is_picture(kind) {
                    report.removed_bytes(Class::ContentThumbnails, "preview of an object", part, bytes.len());
                    cleaned.previews.insert(parent.0);
                    continue;
                }
                let bytes = clean_binary(&part, bytes, &parent.1, policy, context, report)?;
                cleaned.files.insert(offset, STANDARD.encode(bytes));
            }
            _ => {}
        }
    }
    Ok(cleaned)
}

/// True for a picture that a handler cleans.
fn is_picture(kind: Kind) -> bool {
    kind.family() == Family::Image && handler_for(kind).is_some()
}

/// Cleans one file by its handler; keeps it under a class of the policy when there is none.
fn clean_binary(
    part: &str,
    bytes: Vec<u8>,
    parent: &str,
    policy: &Policy,
    context: &Context<'_>,
    report: &mut Report,
) -> Result<Vec<u8>, Refusal> {
    let kind = identify(&bytes, "").kind;
    if parent == "font-face-uri" && kind == Kind::Font {
        return Ok(bytes);
    }
    let document = matches!(kind.family(), Family::Ooxml | Family::Odf);
    if document || kind.family() == Family::Image {
        match context.clean_embedded(part, &bytes, Surroundings::Package, report) {
            Ok(cleaned) => {
                if document {
                    let class = Class::EmbeddedDocuments;
                    report.hit(class, policy.action_if_left(class), kind.title(), part, 1, bytes.len() as u64);
                }
                return Ok(cleaned);
            }
            Err(refusal) if matches!(refusal.reason, Reason::OverLimit | Reason::Policy | Reason::Internal) => {
                return Err(refusal);
            }
            Err(_) => {}
        }
    }
    let class = if parent == "object-ole" { Class::ActiveObjects } else { Class::EmbeddedUnsupported };
    report.hit(class, policy.action_if_left(class), kind.title(), part, 1, bytes.len() as u64);
    Ok(bytes)
}

const BINARY: (Ns, &str) = (Ns::Odf(Odf::Office), "binary-data");

/// Puts the cleaned files in the place of the old ones.
struct Binaries {
    cleaned: Cleaned,
    waiting: Option<String>,
}

impl Filter for Binaries {
    fn start(&mut self, element: &mut Element<'_>, _path: &Path<'_>, _notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        if self.cleaned.previews.contains(&element.offset) {
            return Ok(Step::Drop);
        }
        if element.is(BINARY.0, BINARY.1) {
            self.waiting = self.cleaned.files.remove(&element.offset);
        }
        Ok(Step::Keep)
    }

    fn text(&mut self, text: &mut Cow<'_, str>, path: &Path<'_>, _notes: &mut Notes<'_>) {
        if path.parent_is(BINARY.0, BINARY.1) {
            *text = Cow::Owned(self.waiting.take().unwrap_or_default());
        }
    }
}
