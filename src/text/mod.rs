//! Logical text with the places it came from.
//!
//! Rules do not look at bytes: a name may be split over five runs, a number over two glyph groups. An extractor per family
//! gives the document's text as [`TextSpan`]s, one per paragraph, cell, shape or page, each with its [`Place`] and its
//! [`Scope`]. What could not be read as text is listed beside it ([`Unread`]) and becomes a finding, never silence.

mod files;
mod jxl;
mod legacy;
mod odf;
mod ooxml;
pub(crate) mod pdf;
pub(crate) mod plain;
mod rtf;
mod svg;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Severity;
use crate::formats::Context;
use crate::kind::Kind;
use crate::refusal::Refusal;

/// Where in a document something stands. Numbers count from 1, as people do.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "at")]
pub enum Place {
    /// The file as a whole.
    File,
    /// The file's name or a folder's name in its path.
    FileName,
    /// A line of a text file.
    Line {
        /// Line number.
        line: u64,
    },
    /// A page of a PDF.
    Page {
        /// Page number.
        page: u32,
        /// The box on the page in points, `[left, bottom, right, top]`, whole numbers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        area: Option<[i32; 4]>,
    },
    /// A paragraph in a word processing part.
    Paragraph {
        /// Package part, for example `word/document.xml`.
        part: String,
        /// Number of the paragraph in that part.
        paragraph: u32,
    },
    /// A cell of a spreadsheet.
    Cell {
        /// Name of the sheet.
        sheet: String,
        /// Reference, for example `B7`.
        cell: String,
    },
    /// A shape on a slide.
    Slide {
        /// Number of the slide in presentation order.
        slide: u32,
        /// Name of the shape; empty when it has none.
        shape: String,
    },
    /// Another part of a container or object of a PDF.
    Part {
        /// Its name, for example `word/settings.xml` or `object 12 0`.
        part: String,
    },
    /// A metadata item.
    Metadata {
        /// Its real name, for example `XMP-dc:creator`.
        item: String,
    },
    /// A place inside an embedded file.
    Embedded {
        /// The embedded file's part name in its parent.
        part: String,
        /// The place inside of it.
        inner: Box<Place>,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => f.write_str("file"),
            Self::FileName => f.write_str("file name"),
            Self::Line { line } => write!(f, "line {line}"),
            Self::Page { page, .. } => write!(f, "page {page}"),
            Self::Paragraph { part, paragraph } => write!(f, "{part}, paragraph {paragraph}"),
            Self::Cell { sheet, cell } => write!(f, "{sheet}!{cell}"),
            Self::Slide { slide, shape } if shape.is_empty() => write!(f, "slide {slide}"),
            Self::Slide { slide, shape } => write!(f, "slide {slide}, {shape}"),
            Self::Part { part } => f.write_str(part),
            Self::Metadata { item } => write!(f, "metadata {item}"),
            Self::Embedded { part, inner } => write!(f, "{part} › {inner}"),
        }
    }
}

/// In which kind of text something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// What a reader sees.
    Body,
    /// Page headers and footers.
    HeaderFooter,
    /// Footnotes and endnotes.
    Footnote,
    /// Comments and annotations.
    Comment,
    /// Speaker notes.
    Note,
    /// Text that a reader does not see.
    Hidden,
    /// Alternative text of pictures and other accessibility text.
    AltText,
    /// Field instructions, formulas, defined names and other text that makes text.
    Field,
    /// Targets of links.
    LinkTarget,
    /// Bookmarks, outline entries, sheet and slide names.
    Bookmark,
    /// Values and names of form fields.
    FormField,
    /// Values of metadata.
    Metadata,
    /// Names of files and folders.
    FileName,
}

/// A stretch of logical text from one place.
#[derive(Debug, Clone, PartialEq)]
pub struct TextSpan {
    /// The text; runs are joined, entities resolved.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// What kind of text it is.
    pub scope: Scope,
    /// For text with positions: where the characters stand, ordered by `start`. Empty otherwise.
    pub boxes: Vec<TextBox>,
}

/// The place of a few characters on a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextBox {
    /// Byte offset in [`TextSpan::text`] at which these characters begin; they end where the next box begins.
    pub start: usize,
    /// `[left, bottom, right, top]` in points.
    pub area: [f32; 4],
}

impl TextSpan {
    /// A span without positions.
    pub fn new(text: impl Into<String>, place: Place, scope: Scope) -> Self {
        Self { text: text.into(), place, scope, boxes: Vec::new() }
    }

    /// The place of the bytes `start..end` of the text: line number or box are filled in where the span knows them.
    #[must_use]
    pub fn place_of(&self, start: usize, end: usize) -> Place {
        match &self.place {
            Place::Page { page, .. } => {
                let mut area: Option<[f32; 4]> = None;
                for (index, text_box) in self.boxes.iter().enumerate() {
                    let next = self.boxes.get(index.saturating_add(1)).map_or(usize::MAX, |b| b.start);
                    if text_box.start < end && next > start {
                        let [left, bottom, right, top] = text_box.area;
                        area = Some(area.map_or(text_box.area, |[l, b, r, t]| {
                            [l.min(left), b.min(bottom), r.max(right), t.max(top)]
                        }));
                    }
                }
                #[allow(clippy::cast_possible_truncation)] // float to int saturates, and a page is small
                let area =
                    area.map(|[l, b, r, t]| [l.floor() as i32, b.floor() as i32, r.ceil() as i32, t.ceil() as i32]);
                Place::Page { page: *page, area }
            }
            Place::Line { line } => {
                let before = self.text.as_bytes().get(..start).unwrap_or_default();
                let breaks = memchr::memchr_iter(b'\n', before).count();
                Place::Line { line: line.saturating_add(breaks as u64) }
            }
            other => other.clone(),
        }
    }
}

/// A part of a document whose text could not be read, so that no rule has seen it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Where it is.
    pub place: Place,
    /// Why it could not be read, as a sentence fragment, for example `the page is only a picture`.
    pub why: String,
    /// True when that is in the nature of the file (a photo): worth a note, not a look.
    pub expected: bool,
}

/// Something that a person should look at, whatever the rules say of the text itself: text that no reader sees, text that is
/// not what it seems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Id of the rule, for example `hidden.under-box`.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// What kind of text it is.
    pub scope: Scope,
    /// The text; it is masked before anybody sees it.
    pub text: String,
    /// What is wrong with it, as a sentence fragment.
    pub why: String,
    /// How many words it has.
    pub count: u64,
}

/// All text of a document, and what is missing from it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extraction {
    /// The text, in reading order as far as the format knows one.
    pub spans: Vec<TextSpan>,
    /// What was not read.
    pub unread: Vec<Unread>,
    /// What was noticed about the text.
    pub observations: Vec<Observation>,
}

/// Reads the text of one family of formats. Pure: bytes in, spans out.
pub trait Extractor: Sync {
    /// The kinds that this extractor reads.
    fn kinds(&self) -> &'static [Kind];

    /// All text of the document, hidden text and metadata values included, except that of embedded files.
    ///
    /// # Errors
    /// A [`Refusal`] when the document cannot be read as its kind or exceeds a limit.
    fn extract(&self, kind: Kind, bytes: &[u8], context: &Context<'_>) -> Result<Extraction, Refusal>;
}

/// The one place that lists extractors.
pub static EXTRACTORS: &[&dyn Extractor] = &[
    &pdf::PdfText,
    &ooxml::OoxmlExtractor,
    &odf::OdfExtractor,
    &rtf::RichTextText,
    &legacy::LegacyText,
    &jxl::JpegXlText,
    &svg::SvgText,
    &plain::PlainTextExtractor,
];

/// True for kinds whose text is read.
#[must_use]
pub fn is_read(kind: Kind) -> bool {
    EXTRACTORS.iter().any(|extractor| extractor.kinds().contains(&kind))
}

/// All text of a document of a known kind; see [`Extractor::extract`]. A kind without an extractor is unread as a whole.
///
/// # Errors
/// As [`Extractor::extract`].
pub fn extract(kind: Kind, bytes: &[u8], context: &Context<'_>) -> Result<Extraction, Refusal> {
    match EXTRACTORS.iter().find(|extractor| extractor.kinds().contains(&kind)) {
        Some(extractor) => extractor.extract(kind, bytes, context),
        None => Ok(Extraction {
            spans: Vec::new(),
            unread: vec![Unread {
                place: Place::File,
                why: format!("no text is read from {}", kind.described()),
                expected: kind.family() == crate::kind::Family::Image,
            }],
            observations: Vec::new(),
        }),
    }
}
