//! The font in which the text of a field is written (12.7.4.3).
//!
//! A field names a font among the resources of the form. Where that font is in the file and has all characters of the text,
//! it is used as it is: it says itself which codes they have, by its map to Unicode or by a plain encoding. Else a standard
//! font is used if it has them all. What is left are characters for which readers go to a font of their own, as they did for
//! the field: where the form's font is not in the file, they are asked for it under the names of their glyphs.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::content::characters;
use super::super::source::{Dictionary, Object, ObjectId, Source, number};
use super::standard_fonts::{StandardFont, win_ansi};
use crate::formats::Context;
use crate::refusal::Refusal;

/// The width of characters of which nothing is known, in thousandths of the font size.
const UNKNOWN_WIDTH: f64 = 600.0;
/// The first code that stands for a character of the text where the codes are ours to choose.
const FIRST_FREE: u8 = 0x80;
/// Bit of `/Flags` (table 121): the characters are those of Latin text, and names of glyphs count.
const NONSYMBOLIC: i64 = 1 << 5;
/// Fonts that every reader has, with the characters of WinAnsiEncoding and no others.
const STANDARD: [&[u8]; 6] = [b"Arial", b"Helvetica", b"Times", b"Courier", b"Symbol", b"ZapfDingbats"];

/// A character in a font.
struct Glyph {
    code: Vec<u8>,
    /// In thousandths of the font size.
    width: f64,
}

type Glyphs = BTreeMap<char, Glyph>;

/// A font with what it can write.
pub(super) struct FieldFont {
    /// Its dictionary, or a reference to that of the file.
    pub(super) resource: Object,
    glyphs: Rc<Glyphs>,
}

/// The fonts of a form, each of which is read once.
pub(in super::super) struct FormFonts<'a> {
    context: &'a Context<'a>,
    /// The glyphs of those whose programs are in the file.
    embedded: BTreeMap<ObjectId, Option<Rc<Glyphs>>>,
}

impl<'a> FormFonts<'a> {
    /// None so far.
    pub(in super::super) fn new(context: &'a Context<'a>) -> Self {
        Self { context, embedded: BTreeMap::new() }
    }

    fn embedded(&mut self, source: &Source, font: &Object) -> Result<Option<Rc<Glyphs>>, Refusal> {
        let (Some(id), Object::Dictionary(dictionary)) = source.resolve(font)? else { return Ok(None) };
        if let Some(known) = self.embedded.get(&id) {
            return Ok(known.clone());
        }
        let glyphs = embedded(source, dictionary, self.context)?.map(Rc::new);
        self.embedded.insert(id, glyphs.clone());
        Ok(glyphs)
    }
}

impl FieldFont {
    /// A standard font in WinAnsiEncoding.
    pub(super) fn standard(font: StandardFont) -> Self {
        let mut dictionary = described(b"Type1", font.name());
        dictionary.set("Encoding", Object::Name(b"WinAnsiEncoding".to_vec()));
        let glyph = |code: u8| Some((win_ansi(code)?, Glyph { code: vec![code], width: font.width(code) }));
        Self { resource: Object::Dictionary(dictionary), glyphs: Rc::new((b' '..=u8::MAX).filter_map(glyph).collect()) }
    }

    /// The font of check marks, in its own encoding.
    pub(super) fn check_marks() -> Self {
        let glyph = |code: u8| (char::from(code), Glyph { code: vec![code], width: UNKNOWN_WIDTH });
        let resource = Object::Dictionary(described(b"Type1", b"ZapfDingbats"));
        Self { resource, glyphs: Rc::new((b'!'..=b'~').map(glyph).collect()) }
    }

    /// The font for a text of which the field wants it in the font `named` of the form, or whose name is `name`.
    ///
    /// # Errors
    /// [`crate::Reason::Unsupported`] when no font has all characters of the text; what comes from unpacking a map.
    pub(super) fn choose(
        source: &Source,
        named: Option<&Object>,
        name: &str,
        text: &str,
        fonts: &mut FormFonts<'_>,
    ) -> Result<Self, Refusal> {
        let has_all = |font: &Self| text.chars().all(|one| one == '\n' || font.glyphs.contains_key(&one));
        let given = named.and_then(|font| Some((font, source.resolve(font).ok()?.1.as_dict().ok()?)));
        let mut like = name.as_bytes();
        if let Some((reference, dictionary)) = given {
            if let Some(glyphs) = fonts.embedded(source, reference)? {
                let font = Self { resource: reference.clone(), glyphs };
                if has_all(&font) {
                    return Ok(font);
                }
            }
            like = source.name(dictionary, "BaseFont")?.unwrap_or_default();
        }
        let standard = Self::standard(StandardFont::like(like));
        if has_all(&standard) {
            return Ok(standard);
        }
        if let Some((_, dictionary)) = given
            && let Some(font) = by_glyph_names(source, dictionary, text)?
        {
            return Ok(font);
        }
        Err(Refusal::unsupported("a form field has no valid appearance, and no font has all characters of its value")
            .with_hint("open it in a PDF reader, print it to a new PDF and clean that"))
    }

    /// The width of text at a size, in points.
    pub(super) fn width(&self, text: &str, size: f64) -> f64 {
        let widths = text.chars().filter_map(|character| self.glyphs.get(&character)).map(|glyph| glyph.width);
        widths.sum::<f64>() * size / 1000.0
    }

    /// Text in the codes of the font.
    pub(super) fn encode(&self, text: &str) -> Vec<u8> {
        text.chars().filter_map(|character| self.glyphs.get(&character)).flat_map(|glyph| glyph.code.clone()).collect()
    }
}

/// Text as it is written: line ends as line feeds, one kind of space, without what no reader shows.
pub(super) fn writable(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let shown = |character| match character {
        '\n' => Some('\n'),
        '\t' | '\u{a0}' | '\u{2002}' | '\u{2003}' | '\u{2009}' | '\u{202f}' => Some(' '),
        '\u{200b}' | '\u{feff}' => None,
        '\u{2010}' | '\u{2011}' => Some('-'),
        other => Some(other).filter(|other| !other.is_control()),
    };
    text.chars().filter_map(shown).collect()
}

fn described(subtype: &[u8], name: &[u8]) -> Dictionary {
    let mut dictionary = Dictionary::new();
    dictionary.set("Type", Object::Name(b"Font".to_vec()));
    dictionary.set("Subtype", Object::Name(subtype.to_vec()));
    dictionary.set("BaseFont", Object::Name(name.to_vec()));
    dictionary
}

/// The glyphs of a font whose program is in the file; none for other fonts.
fn embedded(source: &Source, font: &Dictionary, context: &Context<'_>) -> Result<Option<Glyphs>, Refusal> {
    let composite = source.name(font, "Subtype")? == Some(b"Type0");
    let described = match source.list(font, "DescendantFonts")?.first() {
        Some(descendant) if composite => source.resolve(descendant)?.1.as_dict().ok(),
        _ => Some(font),
    };
    let Some(described) = described else { return Ok(None) };
    let Some(descriptor) = source.dictionary(described, "FontDescriptor")? else { return Ok(None) };
    if !["FontFile", "FontFile2", "FontFile3"].iter().any(|key| descriptor.has(key.as_bytes())) {
        return Ok(None);
    }
    if composite && source.name(font, "Encoding")? != Some(b"Identity-H") {
        return Ok(None); // one whose codes are not the numbers of its glyphs
    }
    let listed = listed(source, described)?;
    let default = number(source.get(described, "DW")?).unwrap_or(1000.0);
    let mut glyphs = BTreeMap::new();
    if let Some(map) = characters(source, font, context)? {
        for (code, text) in map {
            let mut characters = text.chars();
            let (Some(character), None) = (characters.next(), characters.next()) else { continue };
            let width = match code.as_slice() {
                [code] if !composite => narrow(source, font, descriptor, *code)?.unwrap_or(UNKNOWN_WIDTH),
                [high, low] if composite => *listed.get(&u16::from_be_bytes([*high, *low])).unwrap_or(&default),
                _ => continue,
            };
            glyphs.entry(character).or_insert(Glyph { code, width });
        }
        return Ok(Some(glyphs));
    }
    // A subset has glyphs for few of the characters in its encoding, and does not tell which.
    let subset = source.name(font, "BaseFont")?.unwrap_or_default().get(6) == Some(&b'+');
    if composite || subset || source.name(font, "Encoding")? != Some(b"WinAnsiEncoding") {
        return Ok(Some(glyphs));
    }
    for code in b' '..=u8::MAX {
        let width = narrow(source, font, descriptor, code)?.filter(|width| *width > 0.0);
        if let (Some(character), Some(width)) = (win_ansi(code), width) {
            glyphs.insert(character, Glyph { code: vec![code], width });
        }
    }
    Ok(Some(glyphs))
}

/// The width of a code in a simple font (9.2.4); none for codes that it does not list.
fn narrow(source: &Source, font: &Dictionary, descriptor: &Dictionary, code: u8) -> Result<Option<f64>, Refusal> {
    let first = source.get(font, "FirstChar")?.as_i64().unwrap_or_default();
    let index = i64::from(code).checked_sub(first).and_then(|index| usize::try_from(index).ok());
    let listed = match index.and_then(|index| source.list(font, "Widths").ok()?.get(index)) {
        Some(width) => number(source.resolve(width)?.1),
        None => None,
    };
    Ok(match listed {
        Some(width) => Some(width),
        None => number(source.get(descriptor, "MissingWidth")?),
    })
}

/// The widths that a composite font lists (9.7.4.3), by the number of the character.
fn listed(source: &Source, font: &Dictionary) -> Result<BTreeMap<u16, f64>, Refusal> {
    let mut widths = BTreeMap::new();
    let mut list = source.list(font, "W")?.iter();
    while let (Some(first), Some(second)) = (list.next(), list.next()) {
        let first = source.resolve(first)?.1.as_i64().ok().and_then(|first| u16::try_from(first).ok());
        match (first, source.resolve(second)?.1) {
            (Some(first), Object::Array(given)) => {
                for (character, width) in (first..=u16::MAX).zip(given) {
                    widths.extend(number(source.resolve(width)?.1).map(|width| (character, width)));
                }
            }
            (Some(first), last) => {
                let last = last.as_i64().ok().and_then(|last| u16::try_from(last).ok()).unwrap_or(first);
                let Some(width) = list.next() else { break };
                let Some(width) = number(source.resolve(width)?.1) else { break };
                widths.extend((first..=last).map(|character| (character, width)));
            }
            _ => break,
        }
    }
    Ok(widths)
}

/// A font that the file names without having it, with codes for characters that a reader's own font of that name may well
/// have: letters of European scripts. None for other characters, and for standard fonts, which lack them.
fn by_glyph_names(source: &Source, font: &Dictionary, text: &str) -> Result<Option<FieldFont>, Refusal> {
    let Some(name) = source.name(font, "BaseFont")? else { return Ok(None) };
    let Some(descriptor) = source.dictionary(font, "FontDescriptor")? else { return Ok(None) };
    let simple = source.name(font, "Subtype")? == Some(b"TrueType");
    if !simple || descriptor.has(b"FontFile2") || STANDARD.iter().any(|standard| name.starts_with(standard)) {
        return Ok(None);
    }
    let mut glyphs = Glyphs::new();
    let mut widths = Vec::new();
    for code in b' '..FIRST_FREE {
        let width = match narrow(source, font, descriptor, code)? {
            Some(width) => width,
            None => StandardFont::like(name).width(code),
        };
        widths.push(real(width));
        glyphs.insert(char::from(code), Glyph { code: vec![code], width });
    }
    let mut names = vec![Object::Integer(i64::from(FIRST_FREE))];
    let mut free = FIRST_FREE..=u8::MAX;
    for character in text.chars().filter(|character| !character.is_ascii()) {
        if glyphs.contains_key(&character) {
            continue;
        }
        let european = matches!(character, '\u{a1}'..'\u{590}' | '\u{1e00}'..'\u{2000}' | '\u{2010}'..'\u{2070}' | '€');
        let (true, Some(code)) = (european, free.next()) else { return Ok(None) };
        names.push(Object::Name(format!("uni{:04X}", u32::from(character)).into_bytes()));
        widths.push(real(UNKNOWN_WIDTH));
        glyphs.insert(character, Glyph { code: vec![code], width: UNKNOWN_WIDTH });
    }
    let mut encoding = Dictionary::new();
    encoding.set("Type", Object::Name(b"Encoding".to_vec()));
    encoding.set("BaseEncoding", Object::Name(b"WinAnsiEncoding".to_vec()));
    encoding.set("Differences", Object::Array(names));
    let mut own = descriptor.clone();
    own.set("Flags", Object::Integer(NONSYMBOLIC));
    let last = i64::from(b' ').saturating_add(i64::try_from(widths.len()).unwrap_or_default()).saturating_sub(1);
    let mut dictionary = described(b"TrueType", name);
    dictionary.set("Encoding", Object::Dictionary(encoding));
    dictionary.set("FirstChar", Object::Integer(i64::from(b' ')));
    dictionary.set("LastChar", Object::Integer(last));
    dictionary.set("Widths", Object::Array(widths));
    dictionary.set("FontDescriptor", Object::Dictionary(own));
    Ok(Some(FieldFont { resource: Object::Dictionary(dictionary), glyphs: Rc::new(glyphs) }))
}

#[allow(clippy::cast_possible_truncation)] // PDF numbers are no finer
fn real(value: f64) -> Object {
    Object::Real(value as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_written_in_the_codes_of_the_font() {
        let font = FieldFont::standard(StandardFont::Helvetica);
        assert_eq!(font.encode(&writable("A–é€\u{a0}B\u{0}\u{200b}")), b"A\x96\xe9\x80 B");
        assert_eq!(writable("A\r\nB\rC"), "A\nB\nC");
        assert!((font.width("AM", 10.0) - 15.0).abs() < 1e-9);
    }
}
