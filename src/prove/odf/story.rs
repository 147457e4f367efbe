//! One XML part as the stream of what it shows.

mod links;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use self::links::href;
use super::properties::is_plain;
use super::visible::{Treat, is_invisible, is_labelled, is_text, is_visible_setting, is_window, treat};
use super::walk::Walk;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::odf::Odf;
use crate::prove::xml::stream::Stream;
use crate::prove::xml::{Attribute, Element, Token, XmlReader};
use crate::refusal::Refusal;

/// An open element.
struct Frame {
    role: Role,
    /// White space in it is text.
    in_text: bool,
    /// It is a `draw:frame`.
    is_frame: bool,
    /// For `draw:frame`: a table, chart or formula came first, so that a picture is its preview.
    has_object: bool,
}

enum Role {
    /// Its start stands in the stream and wants its end.
    Counted,
    /// Nothing of it stands in the stream.
    Unwrapped,
    Label(String),
    Binary(String),
    Setting {
        name: String,
        kind: String,
        value: String,
    },
}

pub(crate) struct Story<'s, 'w, 'x> {
    walk: &'s mut Walk<'w>,
    folder: &'s str,
    reader: XmlReader<'x>,
    out: Stream,
    frames: Vec<Frame>,
}

impl<'s, 'w, 'x> Story<'s, 'w, 'x> {
    /// A part of the document in `folder`.
    pub(crate) fn new(walk: &'s mut Walk<'w>, folder: &'s str, reader: XmlReader<'x>) -> Self {
        Self { walk, folder, reader, out: Stream::default(), frames: Vec::new() }
    }

    /// Reads the part to its end.
    ///
    /// # Errors
    /// A [`Refusal`] when it, or something that it shows, cannot be read.
    pub(crate) fn read(mut self) -> Result<Stream, Refusal> {
        while let Some(token) = self.reader.next() {
            match token {
                Token::Start(element) => self.start(&element)?,
                Token::End => {
                    if let Some(frame) = self.frames.pop() {
                        self.end(frame.role)?;
                    }
                }
                Token::Text(text) => self.text(text),
                Token::Aside(_) => {}
            }
        }
        Ok(self.out)
    }

    fn start(&mut self, element: &Element<'x>) -> Result<(), Refusal> {
        let in_text = self.frames.last().is_some_and(|frame| frame.in_text);
        let treat = treat(element, in_text, self.walk.context.policy);
        if element.is(Ns::Odf(Odf::Draw), "image") && self.frames.last().is_some_and(|frame| frame.has_object) {
            return self.preview(element);
        }
        if is_window(element) && href(element).is_some_and(|href| self.leads_astray(href)) {
            self.reader.skip();
            return Ok(());
        }
        if treat != Treat::Skip {
            self.count(element);
        }
        let role = match treat {
            Treat::Skip => {
                self.reader.skip();
                return Ok(());
            }
            Treat::Source => {
                self.walk.seen.outside.push(href(element).unwrap_or_default().to_owned());
                self.reader.skip();
                return Ok(());
            }
            Treat::Unwrap if is_other_setting(element) => {
                self.reader.skip();
                return Ok(());
            }
            Treat::Unwrap => {
                self.unwrapped(element);
                Role::Unwrapped
            }
            Treat::Label => Role::Label(String::new()),
            Treat::Binary => Role::Binary(String::new()),
            Treat::Setting => {
                let name = element.own("name").unwrap_or_default();
                if !is_visible_setting(name) {
                    self.reader.skip();
                    return Ok(());
                }
                Role::Setting {
                    name: name.to_owned(),
                    kind: element.own("type").unwrap_or_default().to_owned(),
                    value: String::new(),
                }
            }
            Treat::Count => {
                self.counted(element)?;
                Role::Counted
            }
        };
        let in_text = match role {
            Role::Unwrapped => in_text || is_text(element),
            _ => is_text(element),
        };
        if self.is_drawn_anew(element)
            && let Some(frame) = self.frames.iter_mut().rev().find(|frame| frame.is_frame)
        {
            frame.has_object = true;
        }
        self.frames.push(Frame { role, in_text, is_frame: element.is(Ns::Odf(Odf::Draw), "frame"), has_object: false });
        Ok(())
    }

    /// True for a table in a frame, and for a chart or formula in flat XML.
    fn is_drawn_anew(&self, element: &Element<'x>) -> bool {
        let in_frame = self.frames.last().is_some_and(|frame| frame.is_frame);
        match element.ns {
            Ns::Odf(Odf::Table) => in_frame && element.local == "table",
            Ns::Odf(Odf::Office) => self.walk.package.is_flat && element.local == "chart",
            Ns::Odf(Odf::MathMl) => self.walk.package.is_flat && element.local == "math",
            _ => false,
        }
    }

    /// Writes an element with all attributes that a reader sees the effect of.
    fn counted(&mut self, element: &Element<'x>) -> Result<(), Refusal> {
        if is_labelled(element) {
            self.walk.seen.labels.extend(
                element.attribute(Ns::Odf(Odf::Draw), "name").filter(|name| !name.is_empty()).map(str::to_owned),
            );
        }
        self.out.start(element.ns, element.local);
        for attribute in element.attributes.iter() {
            if attribute.ns == Ns::Odf(Odf::XLink) && attribute.local == "href" {
                self.link(element, &attribute)?;
            } else if !is_invisible(element, &attribute) {
                if let Some(ns) = self.language(&attribute) {
                    self.out.attribute(Ns::None, "language", &ns.code().to_be_bytes());
                }
                self.out.attribute(attribute.ns, attribute.local, attribute.value.as_bytes());
            }
        }
        Ok(())
    }

    /// The namespace of the prefix that says in which language a formula or condition is written.
    fn language(&self, attribute: &Attribute<'x>) -> Option<Ns> {
        let is_formula = matches!(attribute.ns, Ns::Odf(Odf::Table | Odf::Text | Odf::Style | Odf::CalcExtension))
            && matches!(attribute.local, "formula" | "condition" | "expression" | "value");
        let (prefix, _) = attribute.value.split_once(':').filter(|_| is_formula)?;
        let is_name = !prefix.is_empty() && prefix.len() <= 20 && prefix.chars().all(|c| c.is_ascii_alphanumeric());
        if is_name { self.reader.prefix(prefix) } else { None }
    }

    fn text(&mut self, text: &str) {
        match self.frames.last_mut() {
            Some(Frame {
                role: Role::Label(whole) | Role::Binary(whole) | Role::Setting { value: whole, .. }, ..
            }) => {
                whole.push_str(text);
            }
            Some(frame) if frame.in_text || !text.trim().is_empty() => self.out.text(None, text),
            _ => {}
        }
    }

    fn end(&mut self, role: Role) -> Result<(), Refusal> {
        match role {
            Role::Counted => self.out.end(),
            Role::Unwrapped => {}
            Role::Label(text) => {
                if !text.trim().is_empty() {
                    self.walk.seen.labels.push(text);
                }
            }
            Role::Binary(text) => {
                let bytes = decode_base64(&text)?;
                let digest = self.walk.bytes("", &bytes)?;
                self.out.mark("binary", &digest);
                self.walk.seen.binaries.push(bytes);
            }
            // What is no value of its type changes nothing.
            Role::Setting { name, kind, value } if is_plain(&name, &kind, &value) => {
                self.out.mark(&name, value.trim().as_bytes());
            }
            Role::Setting { .. } => {}
        }
        Ok(())
    }

    fn count(&mut self, element: &Element<'x>) {
        let seen = &mut self.walk.seen;
        if element.attribute(Ns::Odf(Odf::Table), "formula").is_some() {
            seen.formulas = seen.formulas.saturating_add(1);
        }
        let Ns::Odf(ns) = element.ns else { return };
        let counter = match (ns, element.local) {
            (Odf::Text, "p" | "h") => &mut seen.paragraphs,
            (Odf::Text, "note") => &mut seen.notes,
            (Odf::Text, "bookmark" | "bookmark-start") => &mut seen.bookmarks,
            (Odf::Table, "table") => &mut seen.tables,
            (Odf::Table, "table-cell") => &mut seen.cells,
            (Odf::Draw, "page") => &mut seen.pages,
            (Odf::Draw, "image") => &mut seen.pictures,
            (Odf::Draw, "object" | "object-ole") => &mut seen.objects,
            _ => return,
        };
        *counter = counter.saturating_add(1);
    }
}

/// Settings of the view, of programs and printers.
fn is_other_setting(element: &Element<'_>) -> bool {
    element.is(Ns::Odf(Odf::Config), "config-item-set")
        && !element.own("name").is_some_and(|name| name.ends_with("configuration-settings"))
}

fn decode_base64(text: &str) -> Result<Vec<u8>, Refusal> {
    STANDARD
        .decode(text.split_ascii_whitespace().collect::<String>())
        .map_err(|_| Refusal::damaged("the data of a picture are no base64"))
}
