//! What a document shows: the essence, and beside it what is compared on its own.

use std::ops::Range;

use super::roles::Role;
use super::walk::{Item, Walk};
use crate::identify::identify;
use crate::kind::Kind;
use crate::policy::{Action, Class, Policy};
use crate::prove::Essence;
use crate::prove::links::is_local;
use crate::prove::picture::EssenceHash;
use crate::refusal::Refusal;
use crate::rtf_vocabulary::{Purpose, is_shape_property, purpose};

/// A document as a reader sees it.
#[derive(Default)]
pub(super) struct Look {
    /// Words, text and places of pictures in their order.
    seen: Vec<u8>,
    /// Pictures: the word for their coding, and their data.
    pub(super) pictures: Vec<Picture>,
    /// Instructions of fields.
    pub(super) instructions: Vec<String>,
    /// Texts and targets that shapes carry.
    pub(super) descriptions: Vec<String>,
    /// Embedded fonts.
    pub(super) fonts: Vec<Vec<u8>>,
    /// Text that readers do not show.
    pub(super) has_hidden: bool,
    /// Objects of other programs.
    pub(super) has_objects: bool,
    /// Of objects only their results stay.
    without_objects: bool,
    /// The first thing that no copy may hold.
    pub(super) gone: Option<&'static str>,
    /// Bytes behind the document.
    pub(super) behind: usize,
}

/// A picture.
pub(super) struct Picture {
    pub(super) coding: String,
    pub(super) data: Vec<u8>,
}

/// A group that is being read.
#[derive(Default)]
struct Open {
    role: Option<Role>,
    name: String,
    /// Where it begins in [`Look::seen`], and in the lists.
    start: usize,
    pictures: usize,
    /// It has more than formatting of characters.
    has_content: bool,
    /// What it says; of a property of a shape, its value.
    said: String,
    /// The name of a property of a shape.
    property: String,
    /// Where the results of an object begin and end in [`Look::seen`].
    results: Vec<Range<usize>>,
    /// What it holds besides text, and whether that is written as digits.
    data: Vec<u8>,
    is_digits: bool,
}

const OPEN: u8 = 1;
const CLOSE: u8 = 2;
const WORD: u8 = 3;
const SIGN: u8 = 4;
const BYTE: u8 = 5;
const UNIT: u8 = 6;
const BINARY: u8 = 7;
const PICTURE: u8 = 8;

impl Look {
    /// Reads a document.
    ///
    /// # Errors
    /// As [`Walk::next`].
    pub(super) fn of(bytes: &[u8], policy: &Policy) -> Result<Self, Refusal> {
        let goes = |class| policy.action(class) == Action::Remove;
        let mut look = Self { without_objects: goes(Class::ActiveObjects), ..Self::default() };
        let mut walk = Walk::new(bytes, &policy.limits).without_hidden(goes(Class::ContentHiddenText));
        let mut open: Vec<Open> = Vec::new();
        while let Some(item) = walk.next()? {
            let Some(frame) = walk.frame() else { continue };
            match item {
                Item::Open => {
                    open.push(Open {
                        role: Some(frame.role),
                        name: frame.name.to_owned(),
                        start: look.seen.len(),
                        pictures: look.pictures.len(),
                        ..Open::default()
                    });
                    look.seen.push(OPEN);
                }
                Item::Close => {
                    let Some(group) = open.pop() else { continue };
                    look.close(group, open.last_mut());
                }
                Item::Gone(what) => {
                    look.gone.get_or_insert(what);
                }
                item => {
                    let Some(group) = open.last_mut() else { continue };
                    let is_space = matches!(item, Item::Byte(byte) if byte.is_ascii_whitespace());
                    let is_text = matches!(item, Item::Byte(_) | Item::Unit(_));
                    look.has_hidden |= is_text && frame.role == Role::Shown && frame.is_hidden() && !is_space;
                    look.take(item, group);
                }
            }
        }
        look.behind = walk.rest().len();
        Ok(look)
    }

    /// The hash of what is seen.
    pub(super) fn essence(&self) -> Essence {
        let mut hash = EssenceHash::default();
        hash.part("text", &self.seen);
        hash.finish()
    }

    /// Takes in a piece of the innermost group.
    fn take(&mut self, item: Item<'_>, group: &mut Open) {
        let role = group.role.unwrap_or(Role::Shown);
        if matches!(group.name.as_str(), "pict" | "fontemb") && !matches!(item, Item::Word(..)) {
            match item {
                Item::Byte(byte) => {
                    group.is_digits = true;
                    group.data.push(byte);
                }
                Item::Binary(data) => group.data.extend_from_slice(data),
                _ => {}
            }
            return;
        }
        match item {
            Item::Word(name, number) => {
                // The result of a field may stand without its field.
                let is_frame = role == Role::Field || matches!(name, "fldrslt" | "fldinst" | "result");
                if is_frame {
                    return;
                }
                if group.name == "pict" && is_coding(name) {
                    group.property = name.to_owned();
                }
                group.has_content |= purpose(name) != Some(Purpose::Characters);
                self.seen.push(WORD);
                self.seen.extend_from_slice(name.as_bytes());
                self.seen.push(0);
                if let Some(number) = number {
                    self.seen.extend_from_slice(number.to_string().as_bytes());
                }
                self.seen.push(0);
                if matches!(name, "par" | "line" | "tab") {
                    group.said.push(' ');
                }
            }
            Item::Sign(sign) => {
                group.has_content = true;
                self.seen.extend_from_slice(&[SIGN, sign]);
                group.said.push(if sign == b'~' { ' ' } else { char::from(sign) });
            }
            Item::Byte(byte) => {
                group.has_content = true;
                self.seen.extend_from_slice(&[BYTE, byte]);
                group.said.push(char::from(byte));
            }
            Item::Unit(unit) => {
                group.has_content = true;
                self.seen.push(UNIT);
                self.seen.extend_from_slice(&unit.to_be_bytes());
                group.said.push(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Item::Binary(data) => {
                group.has_content = true;
                self.seen.push(BINARY);
                self.seen.extend_from_slice(&(data.len() as u64).to_be_bytes());
                self.seen.extend_from_slice(data);
            }
            Item::Open | Item::Close | Item::Gone(_) => {}
        }
    }

    /// Ends a group: what stands for nothing is taken back.
    fn close(&mut self, group: Open, outer: Option<&mut Open>) {
        let data = if group.is_digits { unhex(&group.data) } else { group.data.clone() };
        let stays = match group.name.as_str() {
            "pict" => {
                self.seen.push(PICTURE);
                self.pictures.push(Picture { coding: group.property.clone(), data });
                true
            }
            "fontemb" => {
                match identify(&data, "").kind {
                    Kind::Font => self.fonts.push(data),
                    _ => self.leftover("embedded data that is no font"),
                }
                false
            }
            "fldinst" => {
                let instruction = group.said.split_whitespace().collect::<Vec<_>>().join(" ");
                if !instruction.is_empty() {
                    self.instructions.push(instruction);
                }
                self.seen.truncate(group.start);
                return;
            }
            "bkmkstart" | "bkmkend" if group.said.trim() == "_GoBack" => {
                self.leftover("the bookmark of the last edit");
                false
            }
            "object" => {
                self.object(&group);
                true
            }
            "generator" => self.is_kept_generator(&group),
            "sp" => self.is_kept_property(&group),
            _ => group.has_content,
        };
        if stays {
            self.seen.push(CLOSE);
        } else {
            self.seen.truncate(group.start);
            self.pictures.truncate(group.pictures);
        }
        let Some(outer) = outer else { return };
        outer.has_content |= stays;
        let shows = !group.said.trim().is_empty() || self.pictures.len() > group.pictures;
        if group.name == "result" && shows {
            outer.results.push(group.start..self.seen.len());
        }
        match group.name.as_str() {
            "sn" if outer.name == "sp" => outer.property = group.said,
            "formfield" | "datafield" | "pict" => {}
            name => {
                outer.said.push_str(&group.said);
                if matches!(name, "hlloc" | "hlsrc" | "hlfr") {
                    outer.said.push(' ');
                }
            }
        }
    }

    /// Leaves of an object what it shows, if it shows something and the policy says so.
    fn object(&mut self, group: &Open) {
        if !self.without_objects || group.results.is_empty() {
            self.has_objects = true;
            return;
        }
        self.leftover("an object of another program");
        let results = group.results.iter().filter_map(|result| self.seen.get(result.clone()));
        let results: Vec<u8> = results.flatten().copied().collect();
        self.seen.truncate(group.start.saturating_add(1));
        self.seen.extend(results);
    }

    /// Whether a mark of the program stays: that it was not Word decides about the layout, what it was does not.
    fn is_kept_generator(&mut self, group: &Open) -> bool {
        const NAMES: [&str; 7] =
            ["LibreOffice;", "OpenOffice;", "Msftedit;", "Riched20;", "AbiWord;", "Calligra;", "other program;"];
        let name = group.said.trim();
        if !NAMES.contains(&name) {
            self.leftover("the version of a program");
        }
        self.seen.truncate(group.start.saturating_add(1));
        !name.is_empty() && !name.starts_with("Microsoft")
    }

    /// Whether a property of a shape stays. Texts and targets are compared on their own.
    fn is_kept_property(&mut self, group: &Open) -> bool {
        let value = group.said.trim();
        match group.property.as_str() {
            "gtextUNICODE" | "gtextFont" => true,
            "wzDescription" | "wzTooltip" | "pihlShape" => {
                self.descriptions.push(value.to_owned());
                if value.split(' ').any(is_local) {
                    self.leftover("the path of a file in a shape");
                }
                false
            }
            name if is_shape_property(name) => {
                let is_number = value.bytes().all(|byte| byte.is_ascii_digit() || b"-+.,;()@ ".contains(&byte));
                let has_picture = self.pictures.len() > group.pictures;
                if !is_number && !has_picture {
                    self.leftover("a property of a shape with words in it");
                }
                is_number || has_picture
            }
            _ => {
                self.leftover("a property of a shape that nobody needs");
                false
            }
        }
    }

    fn leftover(&mut self, what: &'static str) {
        self.gone.get_or_insert(what);
    }
}

fn is_coding(name: &str) -> bool {
    matches!(name, "pngblip" | "jpegblip" | "emfblip" | "wmetafile" | "macpict" | "pmmetafile" | "dibitmap" | "wbitmap")
}

/// Digits as bytes; what is no digit is passed over.
fn unhex(text: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = text
        .iter()
        .filter_map(|byte| char::from(*byte).to_digit(16))
        .filter_map(|digit| u8::try_from(digit).ok())
        .collect();
    digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect()
}
