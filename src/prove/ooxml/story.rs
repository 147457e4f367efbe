//! One XML part as the stream of what it shows.
//!
//! Most elements count as they stand. Word needs more: tracked changes are read as accepted, runs of one format are one
//! stretch of text, and a paragraph whose mark was deleted flows into the next one.

mod slides;

use std::collections::HashMap;

use super::active::{ADD_IN, is_macro_call, is_macro_name, is_pictured_add_in};
use super::cells;
use super::charts::{Counts, Literals};
use super::hidden::Says;
use super::objects;
use super::package::Target;
use super::rows::HiddenCells;
use super::seen::Seen;
use super::slide_objects::SlideObjects;
use super::unseen_shapes::Unseen;
use super::visible::{Treat, is_crop, is_group, is_invisible, is_lasting_field, is_visible_setting, treat};
use super::walk::Walk;
use super::workbook::name_text;
use crate::prove::Side;
use crate::prove::links::is_local;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::stream::{Digest32, Properties, Stream};
use crate::prove::xml::{Element, Token, Xml, XmlReader};
use crate::refusal::Refusal;

/// An open element.
enum Frame {
    /// Its start stands in the stream and wants its end.
    Counted,
    /// Nothing of it stands in the stream.
    Unwrapped,
    /// `w:p`.
    Paragraph(Paragraph),
    /// `w:r`, with the format outside of it.
    Run {
        outer: Option<Digest32>,
        says: Says,
    },
    /// `w:t` or another element whose text counts as it stands.
    Text {
        text: String,
        kind: Wording,
    },
    /// `w:instrText`.
    Instruction,
    /// `w:tbl`, `w:tr` or `w:tc`: written when the first thing in it turns out to stay.
    Table(Lazy),
    Row(Lazy),
    Cell(Lazy),
    /// `w:txbxContent`.
    Box,
    /// `w:footnote` or `w:endnote`, with the stream outside of it.
    Note {
        id: String,
        outer: Stream,
        before: Box<Seen>,
    },
}

/// What a text belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wording {
    /// `w:t`: part of a run.
    Run { keep_space: bool },
    /// An element of its own.
    Plain,
    /// The header or footer of a sheet.
    Header,
}

#[derive(Default)]
struct Paragraph {
    properties: Option<Digest32>,
    /// The mark is deleted: the paragraph flows into the next one.
    joined: bool,
    /// Something of it stands in the stream.
    filled: bool,
    says: Says,
}

#[derive(Default)]
struct Lazy {
    properties: Vec<Digest32>,
    written: bool,
    /// The depth within the element.
    depth: u32,
}

/// The beginning of a paragraph whose mark was deleted, waiting for the next paragraph of its container.
type Carry = Option<Paragraph>;

/// What [`Story::properties`] found.
struct Found {
    digest: Option<Digest32>,
    deleted: bool,
    cell_deleted: bool,
    section: bool,
    says: Says,
}

/// A field between its begin and its end.
#[derive(Default)]
struct Field {
    instruction: String,
    told: bool,
}

/// A footnote or endnote.
pub(crate) struct Note {
    /// What it says.
    pub(crate) digest: Digest32,
    /// What is in it, until it is counted.
    pub(crate) seen: Option<Seen>,
}

pub(crate) struct Story<'s, 'w, 'x> {
    walk: &'s mut Walk<'w>,
    part: usize,
    reader: XmlReader<'x>,
    out: Stream,
    frames: Vec<Frame>,
    carries: Vec<Carry>,
    fields: Vec<Field>,
    format: Option<Digest32>,
    notes: HashMap<String, Note>,
    is_settings: bool,
    is_pivot_table: bool,
    xml: Xml<'x>,
    /// The objects of a slide that go.
    objects: SlideObjects<'x>,
    /// The tree of its shapes, by its depth.
    shapes: Option<u32>,
    /// The frame of an object and the picture in it, by their depths.
    in_frame: Option<u32>,
    in_picture: Option<u32>,
    /// The name of that frame.
    frame_name: Option<Element<'x>>,
    /// How many children of the root were met: in a drawing these are anchors.
    anchors: usize,
    /// True when the part may have add-ins that go.
    add_ins: bool,
    /// The alternatives of one, by their depth.
    add_in: Option<u32>,
    hidden: HiddenCells,
    /// Shapes that are no part of the essence.
    unseen: Unseen,
    literals: Literals,
    /// The picture that was named last was cut, so its crop is no part of the essence.
    cut: bool,
}

impl<'s, 'w, 'x> Story<'s, 'w, 'x> {
    pub(crate) fn new(walk: &'s mut Walk<'w>, part: usize, xml: Xml<'x>) -> Self {
        let add_ins = walk.macros_go && xml.text().contains(ADD_IN);
        Self {
            walk,
            part,
            reader: xml.reader(),
            out: Stream::default(),
            frames: Vec::new(),
            carries: vec![None],
            fields: Vec::new(),
            format: None,
            notes: HashMap::new(),
            is_settings: false,
            is_pivot_table: false,
            xml,
            objects: SlideObjects::default(),
            shapes: None,
            in_frame: None,
            in_picture: None,
            frame_name: None,
            anchors: 0,
            add_ins,
            add_in: None,
            hidden: HiddenCells::default(),
            unseen: Unseen::default(),
            literals: Literals::default(),
            cut: false,
        }
    }

    /// Reads the part to its end.
    pub(crate) fn read(mut self) -> Result<Stream, Refusal> {
        self.run()?;
        Ok(self.out)
    }

    /// Reads a part of footnotes or endnotes: digest and counts for each id.
    pub(crate) fn notes(mut self) -> Result<HashMap<String, Note>, Refusal> {
        self.run()?;
        Ok(self.notes)
    }

    fn run(&mut self) -> Result<(), Refusal> {
        if let Some(show) = self.walk.show {
            self.unseen = Unseen::of(self.xml, show);
        }
        let named = ["oleObj", "control"].iter().any(|name| self.xml.text().contains(name));
        if self.walk.objects_go && named {
            let package = self.walk.package;
            self.objects = SlideObjects::read(self.xml.reader(), package, package.part(self.part)?, self.walk.context);
        }
        while let Some(token) = self.reader.next() {
            self.token(token)?;
        }
        self.flush();
        Ok(())
    }

    fn token(&mut self, token: Token<'x>) -> Result<(), Refusal> {
        match token {
            Token::Start(element) => self.start(&element)?,
            Token::End => {
                self.end_shapes()?;
                if let Some(frame) = self.frames.pop() {
                    self.end(frame);
                }
            }
            Token::Text(text) => self.text(text),
            Token::Aside(_) => {}
        }
        Ok(())
    }

    fn start(&mut self, element: &Element<'x>) -> Result<(), Refusal> {
        if self.is_left_out(element)? {
            self.reader.skip();
            return Ok(());
        }
        if self.walk.objects_go && element.ns == Ns::Sheet && matches!(element.local, "oleObjects" | "controls") {
            self.frames.push(Frame::Unwrapped);
            return Ok(());
        }
        if self.walk.objects_go && !self.enter_object(element)? {
            return Ok(());
        }
        if self.walk.removed.is_active() {
            if self.is_removed(element)? {
                self.reader.skip();
                return Ok(());
            }
            if element.ns == Ns::Chart && !self.enter_chart(element)? {
                return Ok(());
            }
            if self.walk.removed.opens(element) {
                self.frames.push(Frame::Unwrapped);
                return Ok(());
            }
        }
        self.count(element);
        match (self.reader.depth(), element.ns) {
            (1, _) => {
                self.is_settings = element.is(Ns::Word, "settings");
                self.is_pivot_table = element.is(Ns::Sheet, "pivotTableDefinition");
            }
            (2, Ns::Math) if self.is_settings => {}
            (2, Ns::Word) if self.is_settings && is_visible_setting(element.local) => {}
            (2, _) if self.is_settings => {
                self.reader.skip();
                return Ok(());
            }
            _ => {}
        }
        match treat(element) {
            Treat::Skip => {
                self.reader.skip();
                return Ok(());
            }
            Treat::Unwrap => {
                self.frames.push(Frame::Unwrapped);
                return Ok(());
            }
            Treat::Properties => return self.properties_of(element),
            Treat::Count => {}
        }
        match element.ns {
            Ns::Word => self.word(element),
            Ns::Sheet if element.local == "c" => {
                let cell = cells::read(self.walk, &mut self.reader, element)?;
                cell.write(&mut self.out, &mut self.walk.seen);
                Ok(())
            }
            _ => self.counted(element),
        }
    }

    /// True for what is no part of the essence, with all that is in it.
    fn is_left_out(&mut self, element: &Element<'x>) -> Result<bool, Refusal> {
        let slide = element.ns == Ns::Slide && matches!(element.local, "sldId" | "sld");
        let leads_to_left_out = |id| self.walk.leads_to_left_out(self.part, id);
        if slide && element.attribute(Ns::Relations, "id").is_some_and(leads_to_left_out) {
            return Ok(true);
        }
        let unseen = self.unseen.starts.contains(&self.reader.position()) || self.unseen.unglues(element);
        if self.is_hidden(element) || unseen || self.is_add_in(element)? {
            return Ok(true);
        }
        if element.is(Ns::Word, "altChunk") {
            // It fills a cell like a paragraph, and an empty one may take its place or follow it there.
            self.open_cell();
            self.walk.seen.joined = self.walk.seen.joined.saturating_add(1);
            if self.walk.imports_go {
                return Ok(true);
            }
        }
        Ok(self.walk.objects_go && self.is_of_sheet_object(element)?)
    }

    /// True for an object or control on a sheet, and for what shows it.
    fn is_of_sheet_object(&mut self, element: &Element<'x>) -> Result<bool, Refusal> {
        let (side, at) = (self.walk.side, self.part);
        let (Some(pictured), package) = (self.walk.pictured, self.walk.package) else { return Ok(false) };
        let id = element.attribute(Ns::Relations, "id");
        Ok(match (element.ns, element.local) {
            (Ns::Sheet, "oleObject" | "control") => {
                objects::sheet_object_goes(id, package.part(at)?, self.walk.context)
            }
            (Ns::Sheet, "drawing") => {
                let drawing = id.and_then(|id| package.follow(at, id));
                drawing.is_some_and(|drawing| pictured.is_new(side, drawing))
            }
            _ if self.reader.depth() == 2 => {
                self.anchors = self.anchors.saturating_add(1);
                pictured.leaves_out(side, at, self.anchors)
            }
            _ => false,
        })
    }

    /// True for an add-in that the policy takes out, which leaves its picture.
    fn is_add_in(&mut self, element: &Element<'x>) -> Result<bool, Refusal> {
        if !self.add_ins || element.ns != Ns::Compatibility {
            return Ok(false);
        }
        let depth = self.reader.depth();
        self.add_in = self.add_in.filter(|alternatives| depth > *alternatives);
        if element.local == "AlternateContent" && self.add_in.is_none() && is_pictured_add_in(self.reader.clone()) {
            self.add_in = Some(depth);
        }
        Ok(element.local == "Choice" && self.add_in.is_some_and(|alternatives| depth == alternatives.saturating_add(1)))
    }

    /// Takes a reference of a chart to what was taken out as its values; true for an element that counts as usual.
    fn enter_chart(&mut self, element: &Element<'x>) -> Result<bool, Refusal> {
        let (side, removed) = (self.walk.side, self.walk.removed);
        match self.literals.meet(element, side, removed, &self.reader)? {
            Counts::AsUsual => return Ok(true),
            Counts::Not => self.reader.skip(),
            Counts::Within => self.frames.push(Frame::Unwrapped),
            Counts::As(name) => {
                self.out.start(element.ns, name);
                self.frames.push(Frame::Counted);
            }
        }
        Ok(false)
    }

    /// True for what stands in a hidden run, where the policy takes it out. What belongs to fields stays.
    fn is_hidden(&self, element: &Element<'_>) -> bool {
        let (Some(styles), Some(Frame::Run { says: run, .. })) = (&self.walk.hidden, self.frames.last()) else {
            return false;
        };
        if element.ns == Ns::Word && matches!(element.local, "rPr" | "fldChar" | "instrText") {
            return false;
        }
        let paragraph = self.frames.iter().rev().find_map(|frame| match frame {
            Frame::Paragraph(paragraph) => Some(&paragraph.says),
            _ => None,
        });
        styles.hide(paragraph.unwrap_or(&Says::default()), run)
    }

    /// True for what the policy takes out of a workbook.
    fn is_removed(&mut self, element: &Element<'x>) -> Result<bool, Refusal> {
        let removed = self.walk.removed;
        if element.ns == Ns::Sheet {
            self.hidden.meet(element);
            if element.local == "sheetData" {
                self.walk.frozen.clear();
            }
            if element.local == "c" && removed.hidden_cells && self.hidden.is_hidden_cell() {
                return Ok(true);
            }
        }
        if removed.takes_place(self.walk.side, element, &self.reader)? {
            return Ok(true);
        }
        if removed.takes_conditions(element) && !self.is_pivot_table {
            return self.filter_column(element).map(|()| true);
        }
        if !removed.may_take(element) {
            return Ok(removed.takes(self.walk.side, element));
        }
        let mut ahead = self.reader.clone();
        let (outside, mut formula) = (ahead.depth().saturating_sub(1), String::new());
        while ahead.depth() > outside {
            match ahead.next() {
                Some(Token::Start(_)) => formula.clear(),
                Some(Token::Text(more)) => formula.push_str(more),
                Some(Token::End) if removed.takes_for(element, &std::mem::take(&mut formula)) => return Ok(true),
                Some(_) => {}
                None => break,
            }
        }
        Ok(false)
    }

    /// The column of a filter without its conditions, which are counted. The copy has none.
    fn filter_column(&mut self, element: &Element<'x>) -> Result<(), Refusal> {
        let mut ahead = self.reader.clone();
        let outside = ahead.depth().saturating_sub(1);
        let within = ahead.depth().saturating_add(1);
        while ahead.depth() > outside {
            match ahead.next() {
                Some(Token::Start(_)) if ahead.depth() == within && self.walk.side == Side::Output => {
                    return Err(Refusal::unprovable("a filter in the copy has conditions, but its rows are shown"));
                }
                Some(Token::Start(_)) if ahead.depth() == within => {
                    self.walk.seen.conditions = self.walk.seen.conditions.saturating_add(1);
                }
                Some(_) => {}
                None => break,
            }
        }
        self.out.start(element.ns, element.local);
        for attribute in element.attributes.iter().filter(|attribute| !is_invisible(element, attribute)) {
            self.out.attribute(attribute.ns, attribute.local, attribute.value.as_bytes());
        }
        self.out.end();
        Ok(())
    }

    /// A name with what it stands for.
    fn defined_name(&mut self, element: &Element<'x>) -> Result<(), Refusal> {
        let text = cells::plain_text(&mut self.reader);
        if self.walk.macros_go && is_macro_name(element) {
            return Ok(());
        }
        let (removed, side) = (self.walk.removed, self.walk.side);
        let sheet = element.plain("localSheetId").and_then(|sheet| sheet.parse().ok());
        if removed.takes_name(side, sheet, element.plain("name").unwrap_or_default(), &text) {
            return match side {
                Side::Input => Ok(()),
                Side::Output => Err(Refusal::unprovable("a name in the copy refers to what was removed")),
            };
        }
        self.out.start(element.ns, element.local);
        for attribute in element.attributes.iter().filter(|attribute| !is_invisible(element, attribute)) {
            self.out.attribute(
                attribute.ns,
                attribute.local,
                match sheet {
                    Some(sheet) if attribute.local == "localSheetId" => removed.number(side, sheet).to_string(),
                    _ => attribute.value.to_string(),
                }
                .as_bytes(),
            );
        }
        self.out.text(None, &name_text(text));
        self.out.end();
        Ok(())
    }

    fn word(&mut self, element: &Element<'x>) -> Result<(), Refusal> {
        let frame = match element.local {
            "p" => {
                self.open_cell();
                let carry = self.carries.last_mut().and_then(Option::take).unwrap_or_default();
                Frame::Paragraph(Paragraph { filled: carry.filled, ..Paragraph::default() })
            }
            "r" => Frame::Run { outer: self.format.take(), says: Says::default() },
            "t" => {
                let keep_space = element.attribute(Ns::Xml, "space") == Some("preserve");
                Frame::Text { text: String::new(), kind: Wording::Run { keep_space } }
            }
            "instrText" => Frame::Instruction,
            "fldSimple" => {
                self.tell_field(element.own("instr").unwrap_or_default());
                Frame::Unwrapped
            }
            "fldChar" => {
                self.field_mark(element.own("fldCharType").unwrap_or_default());
                Frame::Unwrapped
            }
            "footnoteReference" | "endnoteReference" => {
                let kind = if element.local == "footnoteReference" { "footnotes" } else { "endnotes" };
                let digest = self.walk.note(self.part, kind, element.own("id").unwrap_or_default())?;
                self.fill();
                self.out.mark(kind, &digest.unwrap_or_default());
                Frame::Unwrapped
            }
            "footnote" | "endnote" => {
                self.flush();
                let id = element.own("id").unwrap_or_default().to_owned();
                Frame::Note { id, outer: std::mem::take(&mut self.out), before: Box::new(self.walk.seen) }
            }
            "tbl" => {
                self.open_cell();
                self.flush();
                Frame::Table(self.lazy())
            }
            "tr" => Frame::Row(self.lazy()),
            "tc" => Frame::Cell(self.lazy()),
            "txbxContent" => {
                self.fill();
                self.carries.push(None);
                self.out.start(Ns::Word, "txbxContent");
                Frame::Box
            }
            "body" | "hdr" | "ftr" | "document" | "footnotes" | "endnotes" => Frame::Unwrapped,
            _ => return self.counted(element),
        };
        if matches!(frame, Frame::Cell(_)) {
            self.carries.push(None);
        }
        self.frames.push(frame);
        Ok(())
    }

    fn lazy(&self) -> Lazy {
        Lazy { depth: self.reader.depth(), ..Lazy::default() }
    }

    /// Writes an element with all attributes that a reader sees the effect of.
    fn counted(&mut self, element: &Element<'x>) -> Result<(), Refusal> {
        if element.is(Ns::Sheet, "definedName") {
            return self.defined_name(element);
        }
        self.fill();
        self.out.start(element.ns, element.local);
        self.meet_picture(element);
        for attribute in element.attributes.iter() {
            let call = self.walk.macros_go && is_macro_call(&attribute);
            let unhidden = self.walk.shows_all && element.is(Ns::Slide, "sld") && attribute.local == "show";
            let object = self.walk.objects_go && attribute.ns == Ns::OfficeVml && attribute.local == "ole";
            let removed = self.walk.removed.takes_attribute(element, &attribute);
            let crop = self.cut && is_crop(element, &attribute);
            if is_invisible(element, &attribute) || call || unhidden || object || removed || crop {
                continue;
            }
            if attribute.ns == Ns::Relations {
                if let Some(digest) = self.walk.shown(self.part, attribute.value)? {
                    self.out.attribute(attribute.ns, attribute.local, &digest);
                }
            } else if element.ns == Ns::Slide && attribute.local == "spid" && names_vml_shape(element) {
                if let Some(digest) = self.walk.shape(self.part, attribute.value)? {
                    self.out.attribute(attribute.ns, attribute.local, &digest);
                }
            } else {
                self.out.attribute(attribute.ns, attribute.local, attribute.value.as_bytes());
            }
        }
        self.frames.push(if is_header_text(element) {
            Frame::Text { text: String::new(), kind: Wording::Header }
        } else if element.local == "t" {
            Frame::Text { text: String::new(), kind: Wording::Plain }
        } else {
            Frame::Counted
        });
        Ok(())
    }

    /// Remembers whether the picture that an element names was cut.
    fn meet_picture(&mut self, element: &Element<'x>) {
        let id = match (element.ns, element.local) {
            (Ns::Drawing, "blip") => element.attribute(Ns::Relations, "embed"),
            (Ns::Vml, "imagedata") => {
                element.attribute(Ns::Relations, "id").or_else(|| element.attribute(Ns::OfficeVml, "relid"))
            }
            _ => return,
        };
        self.cut = id.is_some_and(|id| self.walk.leads_to_cut(self.part, id));
    }

    fn text(&mut self, text: &str) {
        match self.frames.last_mut() {
            Some(Frame::Text { text: whole, .. }) => whole.push_str(text),
            Some(Frame::Instruction) => {
                if let Some(field) = self.fields.last_mut() {
                    field.instruction.push_str(text);
                }
            }
            Some(Frame::Counted) if !text.trim().is_empty() => self.out.text(None, text),
            _ => {}
        }
    }

    fn end(&mut self, frame: Frame) {
        match frame {
            Frame::Counted => self.out.end(),
            Frame::Unwrapped | Frame::Instruction => {}
            Frame::Text { text, kind: Wording::Run { keep_space } } => {
                let shown = if keep_space { text.as_str() } else { text.trim() };
                if !shown.is_empty() {
                    self.fill();
                    self.out.text(self.format, shown);
                }
            }
            Frame::Text { text, kind } => {
                let text = if kind == Wording::Header { strip_path_codes(&text) } else { text };
                self.out.text(None, &text);
                self.out.end();
            }
            Frame::Run { outer, .. } => self.format = outer,
            Frame::Paragraph(paragraph) => {
                if paragraph.joined {
                    self.walk.seen.joined = self.walk.seen.joined.saturating_add(1);
                    if let Some(carry) = self.carries.last_mut() {
                        *carry = Some(paragraph);
                    }
                } else {
                    self.walk.seen.paragraphs = self.walk.seen.paragraphs.saturating_add(1);
                    self.paragraph_end(&paragraph);
                }
            }
            Frame::Table(lazy) | Frame::Row(lazy) => {
                if lazy.written {
                    self.out.end();
                }
            }
            Frame::Cell(lazy) => {
                self.flush();
                self.carries.pop();
                if lazy.written {
                    self.out.end();
                }
            }
            Frame::Box => {
                self.flush();
                self.carries.pop();
                self.out.end();
            }
            Frame::Note { id, outer, before } => {
                self.flush();
                let note = std::mem::replace(&mut self.out, outer);
                // Nobody sees a note that no text refers to, so it counts only with its first reference.
                let seen = std::mem::replace(&mut self.walk.seen, *before).since(*before);
                self.notes.insert(id, Note { digest: note.finish(), seen: Some(seen) });
            }
        }
    }

    /// Empty paragraphs are left to the counts: a deletion may leave one or not.
    fn paragraph_end(&mut self, paragraph: &Paragraph) {
        if paragraph.filled {
            self.out.mark("paragraph", paragraph.properties.as_ref().map_or(&[], Digest32::as_slice));
            self.fill();
        }
    }

    /// Ends a paragraph that was to flow into a next one where there is none.
    fn flush(&mut self) {
        if let Some(paragraph) = self.carries.last_mut().and_then(Option::take) {
            self.paragraph_end(&paragraph);
        }
    }

    /// Something visible comes: the innermost paragraph is not empty.
    fn fill(&mut self) {
        let paragraph = self.frames.iter_mut().rev().find_map(|frame| match frame {
            Frame::Paragraph(paragraph) => Some(paragraph),
            _ => None,
        });
        if let Some(paragraph) = paragraph {
            paragraph.filled = true;
        }
    }

    /// Writes the starts of the tables, rows and cells around that were not written yet.
    fn open_cell(&mut self) {
        for frame in &mut self.frames {
            let (name, lazy) = match frame {
                Frame::Table(lazy) => ("tbl", lazy),
                Frame::Row(lazy) => ("tr", lazy),
                Frame::Cell(lazy) => ("tc", lazy),
                _ => continue,
            };
            if lazy.written {
                continue;
            }
            lazy.written = true;
            self.out.start(Ns::Word, name);
            for properties in &lazy.properties {
                self.out.mark("properties", properties);
            }
            match name {
                "tr" => self.walk.seen.rows = self.walk.seen.rows.saturating_add(1),
                "tc" => self.walk.seen.cells = self.walk.seen.cells.saturating_add(1),
                _ => {}
            }
        }
    }

    /// Hands properties to the element that they belong to.
    fn properties_of(&mut self, element: &Element<'x>) -> Result<(), Refusal> {
        let found = self.properties(element)?;
        let mut drop_to = None;
        match (self.frames.last_mut(), element.local) {
            (Some(Frame::Paragraph(paragraph)), "pPr") => {
                paragraph.properties = found.digest;
                paragraph.joined = found.deleted;
                paragraph.filled |= found.section;
                paragraph.says = found.says;
            }
            (Some(Frame::Run { says, .. }), "rPr") => {
                *says = found.says;
                self.format = found.digest;
            }
            (Some(Frame::Row(lazy)), "trPr") if found.deleted => drop_to = Some(lazy.depth),
            (Some(Frame::Cell(lazy)), "tcPr") if found.cell_deleted => drop_to = Some(lazy.depth),
            (Some(Frame::Table(lazy) | Frame::Row(lazy) | Frame::Cell(lazy)), _) => {
                lazy.properties.extend(found.digest);
            }
            _ => {
                if let Some(digest) = found.digest {
                    self.out.mark(element.local, &digest);
                }
            }
        }
        if let Some(depth) = drop_to {
            while self.reader.depth() >= depth {
                if self.reader.next().is_none() {
                    break;
                }
            }
            if matches!(self.frames.pop(), Some(Frame::Cell(_))) {
                self.carries.pop();
            }
        }
        Ok(())
    }

    /// Reads properties to their end.
    fn properties(&mut self, root: &Element<'x>) -> Result<Found, Refusal> {
        let mut list = Properties::default();
        let mut found =
            Found { digest: None, deleted: false, cell_deleted: false, section: false, says: Says::default() };
        let outside = self.reader.depth().saturating_sub(1);
        let mut next = Some(*root);
        loop {
            if let Some(element) = next.take() {
                let depth = self.reader.depth().saturating_sub(outside);
                if depth == 2 {
                    found.says.hear(&element);
                }
                if element.ns == Ns::Word {
                    match (element.local, depth) {
                        ("del" | "moveFrom", 2 | 3) => found.deleted = true,
                        ("cellDel", _) => found.cell_deleted = true,
                        ("sectPr", _) => found.section = true,
                        _ => {}
                    }
                }
                let changes_with_cells =
                    element.ns == Ns::Word && matches!(element.local, "gridSpan" | "vMerge" | "ins" | "moveTo");
                if treat(&element) == Treat::Skip || changes_with_cells {
                    self.reader.skip();
                } else {
                    self.property(&element, &mut list)?;
                }
            }
            if self.reader.depth() <= outside {
                break;
            }
            match self.reader.next() {
                Some(Token::Start(element)) => next = Some(element),
                Some(Token::End) => list.end(),
                Some(Token::Text(text)) if !text.trim().is_empty() => list.text(text),
                Some(_) => {}
                None => break,
            }
        }
        found.digest = list.finish();
        Ok(found)
    }

    fn property(&mut self, element: &Element<'x>, list: &mut Properties) -> Result<(), Refusal> {
        list.start(element.ns, element.local, is_group(element) || element.ns == Ns::Compatibility);
        for attribute in element.attributes.iter() {
            if is_invisible(element, &attribute) {
                continue;
            }
            if attribute.ns == Ns::Relations {
                if let Some(digest) = self.walk.shown(self.part, attribute.value)? {
                    list.attribute(attribute.ns, attribute.local, &digest);
                }
            } else {
                list.attribute(attribute.ns, attribute.local, attribute.value.as_bytes());
            }
        }
        Ok(())
    }

    fn field_mark(&mut self, kind: &str) {
        match kind {
            "begin" => self.fields.push(Field::default()),
            "separate" => {
                if let Some(field) = self.fields.last_mut() {
                    let instruction = std::mem::take(&mut field.instruction);
                    field.told = true;
                    self.tell_field(&instruction);
                }
            }
            _ => {
                if let Some(field) = self.fields.pop().filter(|field| !field.told) {
                    self.tell_field(&field.instruction);
                }
            }
        }
    }

    fn tell_field(&mut self, instruction: &str) {
        if let Some(name) = is_lasting_field(instruction) {
            self.fill();
            self.out.mark("field", name.as_bytes());
        }
    }

    /// Counts what is counted whatever becomes of the element.
    fn count(&mut self, element: &Element<'x>) {
        if matches!(element.local, "hyperlink" | "hlinkClick" | "hlinkHover") && self.leads_out(element) {
            self.walk.seen.links = self.walk.seen.links.saturating_add(1);
        }
        let seen = &mut self.walk.seen;
        let counter = match (element.ns, element.local) {
            (Ns::Sheet, "row") => &mut seen.rows,
            (Ns::Sheet, "sheet") => &mut seen.sheets,
            (Ns::Slide, "sldId") => &mut seen.slides,
            (Ns::Word, "bookmarkStart") if element.own("name") != Some("_GoBack") => &mut seen.bookmarks,
            (_, "cNvPr" | "docPr") if element.plain("descr").is_some_and(|text| !text.trim().is_empty()) => {
                &mut seen.descriptions
            }
            (Ns::Visio, "Page") => &mut seen.pages,
            (Ns::Drawing, "blip") | (Ns::Vml, "imagedata") | (Ns::Visio, "ForeignData") => &mut seen.pictures,
            _ => return,
        };
        *counter = counter.saturating_add(1);
    }

    /// True for a link to somewhere outside that is no local file.
    fn leads_out(&self, element: &Element<'x>) -> bool {
        let part = self.walk.package.parts.get(self.part);
        let relationship = element.attribute(Ns::Relations, "id").and_then(|id| part?.relationship(id));
        matches!(relationship.map(|found| &found.target), Some(Target::External(target)) if !is_local(target))
    }
}

/// True for an object or control, which names a shape of the VML drawing; animations name shapes of the slide.
fn names_vml_shape(element: &Element<'_>) -> bool {
    matches!(element.local, "oleObj" | "control")
}

/// Texts of page headers in workbooks and charts.
fn is_header_text(element: &Element<'_>) -> bool {
    matches!(element.ns, Ns::Sheet | Ns::Chart)
        && matches!(
            element.local,
            "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader" | "firstFooter"
        )
}

/// `&Z` and `&F` print the path and name of the file; the cleaner takes them out.
fn strip_path_codes(text: &str) -> String {
    text.replace("&Z", "").replace("&F", "")
}
