//! The text of Rich Text: paragraphs and cells of the body, headers, footers, notes, text boxes and comments, each in a row of
//! its own, with what stands beside them: properties, instructions of fields, bookmarks, texts and targets of shapes.

mod flows;

use self::flows::{Flow, flow};
use super::{Extraction, Extractor, Place, Unread};
use crate::formats::Context;
use crate::kind::Kind;
use crate::prove::rtf::charsets::Charsets;
use crate::prove::rtf::frame::Frame;
use crate::prove::rtf::roles::Role;
use crate::prove::rtf::walk::{Item, Walk};
use crate::refusal::Refusal;

/// Reads Rich Text.
pub(super) struct RichTextText;

impl Extractor for RichTextText {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Rtf]
    }

    fn extract(&self, _kind: Kind, bytes: &[u8], context: &Context<'_>) -> Result<Extraction, Refusal> {
        let mut walk = Walk::over_everything(bytes, context.limits);
        let mut reading = Reading {
            charsets: Charsets::default(),
            piece: String::new(),
            hidden: false,
            flows: Vec::new(),
            pictures: 0,
            coding: "",
            out: Extraction::default(),
        };
        while let Some(item) = walk.next()? {
            reading.item(item, &walk);
        }
        Ok(reading.out)
    }
}

/// What is found on the way through a document.
struct Reading {
    charsets: Charsets,
    /// Text that is decoded and not yet part of a flow.
    piece: String,
    /// That text is not seen.
    hidden: bool,
    /// The flow of each open group that has one, the innermost last.
    flows: Vec<(usize, Flow)>,
    pictures: u32,
    coding: &'static str,
    out: Extraction,
}

impl Reading {
    fn item(&mut self, item: Item<'_>, walk: &Walk<'_>) {
        let Some(frame) = walk.frame() else { return };
        match item {
            Item::Open => {
                let depth = walk.names().count();
                if let Some(flow) = flow(frame.name, walk) {
                    self.settle();
                    self.flows.push((depth, flow));
                }
            }
            Item::Close => {
                let depth = walk.names().count().saturating_add(1);
                self.close(frame, walk);
                if self.flows.last().is_some_and(|(own, _)| *own == depth) {
                    self.settle();
                    if let Some((_, mut flow)) = self.flows.pop() {
                        flow.end_paragraph(&mut self.out.spans);
                    }
                }
            }
            Item::Byte(byte) => {
                self.turn(frame);
                self.charsets.byte(byte, frame.font, &mut self.piece);
            }
            Item::Unit(unit) => {
                self.turn(frame);
                self.charsets.unit(unit, &mut self.piece);
            }
            Item::Sign(sign) => match sign {
                b'\r' | b'\n' => self.end_paragraph(),
                b'~' => self.sign(frame, '\u{a0}'),
                b'_' => self.sign(frame, '\u{2011}'),
                b'\t' => self.sign(frame, '\t'),
                b'\\' | b'{' | b'}' => self.sign(frame, char::from(sign)),
                _ => {}
            },
            Item::Word(name, number) => {
                self.charsets.word(name, number, walk.names().any(|name| name == "fonttbl"));
                self.word(name, frame);
            }
            Item::Binary(_) | Item::Gone(_) => {}
        }
    }

    fn word(&mut self, name: &str, frame: &Frame<'_>) {
        if let Some(sign) = sign(name) {
            return self.sign(frame, sign);
        }
        match name {
            "par" | "cell" | "nestcell" | "row" | "nestrow" | "sect" | "page" | "column" => self.end_paragraph(),
            "pngblip" | "jpegblip" | "dibitmap" | "wbitmap" => self.coding = "it is a picture",
            "emfblip" | "wmetafile" | "macpict" | "pmmetafile" => self.coding = "no text is read from a metafile",
            _ => {}
        }
    }

    /// What has no text that could be read.
    fn close(&mut self, frame: &Frame<'_>, walk: &Walk<'_>) {
        if walk.names().any(|name| matches!(name, "nonshppict" | "shprslt" | "mmathPict")) {
            return;
        }
        let (part, why, expected) = match (frame.role, frame.name) {
            (Role::Picture, "pict") => {
                self.pictures = self.pictures.saturating_add(1);
                let why = if self.coding.is_empty() { "it is a picture" } else { self.coding };
                (format!("picture {}", self.pictures), why, why == "it is a picture")
            }
            (_, "objdata") => ("object".to_owned(), "no text is read from objects of other programs", false),
            _ => return,
        };
        self.out.unread.push(Unread { place: Place::Part { part }, why: why.to_owned(), expected });
    }

    /// Begins a new piece where seen text meets unseen text.
    fn turn(&mut self, frame: &Frame<'_>) {
        let hidden = frame.is_hidden() || frame.is_deleted();
        if hidden != self.hidden {
            self.settle();
            self.hidden = hidden;
        }
    }

    fn sign(&mut self, frame: &Frame<'_>, sign: char) {
        self.turn(frame);
        self.charsets.flush(&mut self.piece);
        self.piece.push(sign);
    }

    fn end_paragraph(&mut self) {
        self.settle();
        if let Some((_, flow)) = self.flows.last_mut() {
            flow.end_paragraph(&mut self.out.spans);
        }
    }

    /// Gives the decoded text to the innermost flow.
    fn settle(&mut self) {
        self.charsets.flush(&mut self.piece);
        if let Some((_, flow)) = self.flows.last_mut() {
            flow.add(&self.piece, self.hidden);
        }
        self.piece.clear();
    }
}

/// The character that a word stands for.
fn sign(name: &str) -> Option<char> {
    Some(match name {
        "line" | "softline" => '\n',
        "lbr" => '\n',
        "tab" => '\t',
        "emdash" => '—',
        "endash" => '–',
        "emspace" => '\u{2003}',
        "enspace" => '\u{2002}',
        "qmspace" => '\u{2005}',
        "bullet" => '•',
        "lquote" => '‘',
        "rquote" => '’',
        "ldblquote" => '“',
        "rdblquote" => '”',
        "zwj" => '\u{200d}',
        "zwnj" => '\u{200c}',
        "zwbo" => '\u{200b}',
        "zwnbo" => '\u{2060}',
        "ltrmark" => '\u{200e}',
        "rtlmark" => '\u{200f}',
        _ => return None,
    })
}
