//! The walk through a document: groups with their roles, the formatting that decides what is seen, tracked changes taken as
//! accepted.

use std::collections::HashSet;

use super::frame::Frame;
use super::reader::{Event, Reader};
use super::roles::{Role, is_inline, role, shows, tells};
use crate::limits::Limits;
use crate::refusal::Refusal;
use crate::rtf_vocabulary::{Purpose, purpose};

/// What is met on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Item<'a> {
    /// A group begins; [`Walk::frame`] is that of the group.
    Open,
    /// The group of [`Walk::frame`] ends.
    Close,
    /// A word that stays.
    Word(&'a str, Option<i64>),
    /// A symbol, without its backslash.
    Sign(u8),
    /// A byte of text.
    Byte(u8),
    /// A unit of UTF-16.
    Unit(u16),
    /// Bytes that are no text.
    Binary(&'a [u8]),
    /// Something that no copy may hold.
    Gone(&'static str),
}

/// Goes through a document.
pub(crate) struct Walk<'a> {
    reader: Reader<'a>,
    frames: Vec<Frame<'a>>,
    /// Also into groups that go.
    everything: bool,
    /// Hidden text goes.
    without_hidden: bool,
    /// Characters that are still to be passed over.
    skip: i64,
    hidden_styles: HashSet<(bool, i64)>,
    /// The frame that was closed last.
    closed: Option<Frame<'a>>,
}

impl<'a> Walk<'a> {
    /// A walk over what stays.
    pub(crate) fn new(bytes: &'a [u8], limits: &Limits) -> Self {
        Self {
            reader: Reader::new(bytes, limits),
            frames: Vec::new(),
            everything: false,
            without_hidden: false,
            skip: 0,
            hidden_styles: HashSet::new(),
            closed: None,
        }
    }

    /// A walk over everything, removed groups and deleted text included.
    pub(crate) fn over_everything(bytes: &'a [u8], limits: &Limits) -> Self {
        Self { everything: true, ..Self::new(bytes, limits) }
    }

    /// The same walk without text that is hidden.
    pub(crate) fn without_hidden(self, without_hidden: bool) -> Self {
        Self { without_hidden, ..self }
    }

    /// The group that the last item belongs to.
    pub(crate) fn frame(&self) -> Option<&Frame<'a>> {
        self.closed.as_ref().or_else(|| self.frames.last())
    }

    /// The names of the groups around the last item, the outermost first.
    pub(crate) fn names(&self) -> impl DoubleEndedIterator<Item = &'a str> {
        self.frames.iter().map(|frame| frame.name)
    }

    /// What stands behind the document, once all of it is read.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.reader.rest()
    }

    /// The next item.
    ///
    /// # Errors
    /// As [`Reader::next`]; [`crate::Reason::Unsupported`] for words that do not stand where they belong.
    pub(crate) fn next(&mut self) -> Result<Option<Item<'a>>, Refusal> {
        self.closed = None;
        while let Some(event) = self.reader.next()? {
            if !matches!(event, Event::Byte(_) | Event::Escape(_)) {
                self.skip = 0;
            }
            let item = match event {
                Event::Open => Some(self.open()?),
                Event::Close => {
                    self.closed = self.frames.pop();
                    Some(Item::Close)
                }
                Event::Word(name, number) => self.word(name, number)?,
                Event::Sign(sign) => self.sign(sign),
                Event::Byte(_) | Event::Escape(_) if self.skip > 0 => {
                    self.skip = self.skip.saturating_sub(1);
                    None
                }
                Event::Byte(byte) => self.text(byte, false),
                Event::Escape(byte) => self.text(byte, true),
                Event::Binary(data) => match self.frames.last().map(|frame| frame.role) {
                    Some(Role::Support | Role::Picture | Role::FontFile) => Some(Item::Binary(data)),
                    _ => Some(Item::Gone("binary data outside of pictures")),
                },
            };
            if item.is_some() {
                return Ok(item);
            }
        }
        Ok(None)
    }

    /// A group begins. Its first word is looked at already, since it says what the group is.
    fn open(&mut self) -> Result<Item<'a>, Refusal> {
        let (name, starred) = self.heading()?;
        let own = role(name);
        let is_better = matches!(name, "shppict" | "shpinst" | "moMath" | "moMathPara");
        let (mut frame, mut in_deleted, mut in_hidden, mut has_better) = (Frame::outermost(), false, false, false);
        if let Some(outer) = self.frames.last_mut() {
            in_deleted = outer.deleted || outer.moved;
            in_hidden = self.without_hidden && outer.is_hidden();
            has_better = outer.has_better;
            outer.has_better = is_better || (has_better && own == Some(Role::Fallback));
            frame = outer.within();
        }
        let gone = match own {
            _ if in_deleted && shows(name) => Some("what a tracked change deletes"),
            Some(role) if in_hidden && shows(name) && role != Role::Support => Some("something hidden"),
            Some(Role::Gone) => Some("a group that is removed from every document"),
            Some(Role::Fallback) if has_better => Some("a second form of what is shown"),
            None if starred && purpose(name).is_none() => Some("a group of an unknown kind"),
            _ => None,
        };
        if let (Some(gone), false) = (gone, self.everything) {
            self.pass_over()?;
            return Ok(Item::Gone(gone));
        }
        if own.is_some() || gone.is_some() {
            frame.role = if gone.is_some() { Role::Gone } else { own.unwrap_or(frame.role) };
            frame.name = name;
            if !is_inline(name) {
                frame.make_plain();
            }
        }
        frame.starred = starred;
        self.frames.push(frame);
        Ok(Item::Open)
    }

    /// The first word of the group that begins here, and whether `\*` stands before it.
    fn heading(&self) -> Result<(&'a str, bool), Refusal> {
        let mut ahead = self.reader.ahead();
        let mut starred = false;
        loop {
            match ahead.next()? {
                Some(Event::Sign(b'*')) => starred = true,
                Some(Event::Word(name, _)) => return Ok((name, starred)),
                _ => return Ok(("", starred)),
            }
        }
    }

    fn pass_over(&mut self) -> Result<(), Refusal> {
        let mut depth = 1_u32;
        while depth > 0 {
            match self.reader.next()? {
                Some(Event::Open) => depth = depth.saturating_add(1),
                Some(Event::Close) => depth = depth.saturating_sub(1),
                Some(_) => {}
                None => return Err(Refusal::damaged("a group does not end")),
            }
        }
        Ok(())
    }

    fn word(&mut self, name: &'a str, number: Option<i64>) -> Result<Option<Item<'a>>, Refusal> {
        let in_styles = self.frames.iter().rev().nth(1).is_some_and(|frame| frame.name == "stylesheet");
        let Some(frame) = self.frames.last_mut() else { return Ok(None) };
        let first = std::mem::take(&mut frame.fresh);
        let on = number != Some(0);
        match name {
            "deleted" => frame.deleted = on,
            "mvf" => frame.moved = on,
            "mvt" => frame.moved = false,
            "v" => {
                (frame.hidden, frame.styled) = (on, false);
                if let Some(style) = frame.style.filter(|_| on) {
                    self.hidden_styles.insert(style);
                }
            }
            "plain" => frame.make_plain(),
            "pard" => frame.styled = false,
            "f" => frame.font = number.unwrap_or(-1),
            "uc" => frame.fallback = number.unwrap_or(1),
            "s" | "cs" => {
                let style = (name == "s", number.unwrap_or(0));
                if in_styles {
                    frame.style = Some(style);
                } else if self.hidden_styles.contains(&style) {
                    frame.styled = true;
                }
            }
            _ => {}
        }
        let deleted = frame.deleted || frame.moved;
        let Some(purpose) = purpose(name) else {
            return Ok((!self.everything).then_some(Item::Gone("a control word that nobody knows")));
        };
        if matches!(purpose, Purpose::Destination | Purpose::Mathematics) && !first {
            return Err(Refusal::unsupported(format!("`\\{name}` does not begin its group")));
        }
        if tells(name) {
            return Ok(Some(Item::Gone("a word that tells of people, times or editing")));
        }
        if deleted && (name == "u" || purpose == Purpose::Content) && !self.everything {
            return Ok(Some(Item::Gone("what a tracked change deletes")));
        }
        let ends = matches!(name, "par" | "sect" | "page" | "column" | "cell" | "nestcell" | "row" | "nestrow");
        if frame.hides_text(self.without_hidden) && (name == "u" || (purpose == Purpose::Content && !ends)) {
            self.skip = if name == "u" { frame.fallback } else { 0 };
            return Ok(Some(Item::Gone("something hidden")));
        }
        if name == "u" {
            self.skip = frame.fallback;
            let [.., high, low] = number.unwrap_or(0).to_be_bytes();
            return Ok(Some(Item::Unit(u16::from_be_bytes([high, low]))));
        }
        Ok(Some(Item::Word(name, number)))
    }

    fn sign(&mut self, sign: u8) -> Option<Item<'a>> {
        let frame = self.frames.last_mut()?;
        match sign {
            b'*' if frame.fresh && frame.starred => None,
            b'~' | b'-' | b'_' | b':' | b'|' | b'\\' | b'{' | b'}' | b'\r' | b'\n' | b'\t' => {
                frame.fresh = false;
                let deleted = (frame.deleted || frame.moved) && !self.everything;
                Some(match sign {
                    _ if deleted => Item::Gone("what a tracked change deletes"),
                    b'\r' | b'\n' => Item::Sign(sign),
                    _ if frame.hides_text(self.without_hidden) => Item::Gone("something hidden"),
                    _ => Item::Sign(sign),
                })
            }
            _ => Some(Item::Gone("a control symbol that nobody knows")),
        }
    }

    /// A byte of text, if text can stand here.
    fn text(&mut self, byte: u8, escaped: bool) -> Option<Item<'a>> {
        let frame = self.frames.last_mut()?;
        frame.fresh = false;
        match frame.role {
            Role::Structure | Role::Field | Role::Property => {
                return (!byte.is_ascii_whitespace()).then_some(Item::Gone("text where no text can be"));
            }
            Role::Colours if byte != b';' => {
                return (!byte.is_ascii_whitespace()).then_some(Item::Gone("text where no text can be"));
            }
            _ => {}
        }
        let shown = frame.role == Role::Shown || frame.role == Role::Fallback;
        let control = byte < b' ' && byte != b'\t' && !(escaped && matches!(byte, b'\r' | b'\n'));
        if control && (!escaped || shown) {
            return Some(Item::Gone("control characters in text"));
        }
        if (frame.deleted || frame.moved) && !self.everything {
            return Some(Item::Gone("what a tracked change deletes"));
        }
        if frame.hides_text(self.without_hidden) {
            return Some(Item::Gone("something hidden"));
        }
        Some(Item::Byte(byte))
    }
}
