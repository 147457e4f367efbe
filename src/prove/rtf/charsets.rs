//! Bytes of text as characters: by the code page of the document and the character set of the font (RTF 1.9.1, "Character
//! Set", "Font Table").

use std::collections::HashMap;

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GBK, IBM866, MACINTOSH, SHIFT_JIS, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252,
    WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258, X_MAC_CYRILLIC,
};

/// The upper half of the code page of the IBM PC, for `\pc`.
const PAGE_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
/// The upper half of its code page for Western Europe, for `\pca`.
const PAGE_850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// How bytes become characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Charset {
    Encoding(&'static Encoding),
    Table(&'static str),
    /// Signs of a font such as Wingdings, which are no letters.
    Symbols,
}

/// Decodes the text of one document.
#[derive(Debug)]
pub(crate) struct Charsets {
    page: Charset,
    fonts: HashMap<i64, Charset>,
    default_font: i64,
    /// The font that the table of fonts tells of.
    defined: i64,
    pending: Vec<u8>,
    charset: Charset,
    units: Vec<u16>,
}

impl Default for Charsets {
    fn default() -> Self {
        let page = Charset::Encoding(WINDOWS_1252);
        Self {
            page,
            fonts: HashMap::new(),
            default_font: 0,
            defined: 0,
            pending: Vec::new(),
            charset: page,
            units: Vec::new(),
        }
    }
}

impl Charsets {
    /// Takes in a word. `in_fonts` tells that it stands in the table of fonts.
    pub(crate) fn word(&mut self, name: &str, number: Option<i64>, in_fonts: bool) {
        let number = number.unwrap_or(0);
        match name {
            "mac" => self.page = Charset::Encoding(MACINTOSH),
            "pc" => self.page = Charset::Table(PAGE_437),
            "pca" => self.page = Charset::Table(PAGE_850),
            "ansicpg" => self.page = page(number).unwrap_or(self.page),
            "deff" => self.default_font = number,
            "f" if in_fonts => self.defined = number,
            "fcharset" if in_fonts => {
                if let Some(charset) = font_charset(number) {
                    self.fonts.insert(self.defined, charset);
                }
            }
            "cpg" if in_fonts => {
                if let Some(charset) = page(number) {
                    self.fonts.insert(self.defined, charset);
                }
            }
            _ => {}
        }
    }

    /// Takes in a byte of text in a font; -1 is the font that the document begins with.
    pub(crate) fn byte(&mut self, byte: u8, font: i64, out: &mut String) {
        let font = if font < 0 { self.default_font } else { font };
        let charset = self.fonts.get(&font).copied().unwrap_or(self.page);
        if charset != self.charset || !self.units.is_empty() {
            self.flush(out);
            self.charset = charset;
        }
        self.pending.push(byte);
    }

    /// Takes in a unit of UTF-16.
    pub(crate) fn unit(&mut self, unit: u16, out: &mut String) {
        if !self.pending.is_empty() {
            self.flush(out);
        }
        self.units.push(unit);
    }

    /// Writes what is still to be written.
    pub(crate) fn flush(&mut self, out: &mut String) {
        out.push_str(&String::from_utf16_lossy(&self.units));
        self.units.clear();
        match self.charset {
            Charset::Encoding(encoding) => out.push_str(&encoding.decode_without_bom_handling(&self.pending).0),
            Charset::Table(table) => out.extend(self.pending.iter().map(|byte| match byte.checked_sub(0x80) {
                Some(upper) => table.chars().nth(usize::from(upper)).unwrap_or(char::REPLACEMENT_CHARACTER),
                None => char::from(*byte),
            })),
            // Where Unicode keeps room for such signs.
            Charset::Symbols => out.extend(self.pending.iter().filter_map(|byte| match byte {
                b' '..=b'~' => Some(char::from(*byte)),
                _ => char::from_u32(0xf000_u32.saturating_add(u32::from(*byte))),
            })),
        }
        self.pending.clear();
    }
}

fn page(number: i64) -> Option<Charset> {
    Some(Charset::Encoding(match number {
        437 => return Some(Charset::Table(PAGE_437)),
        850 => return Some(Charset::Table(PAGE_850)),
        866 => IBM866,
        874 => WINDOWS_874,
        932 => SHIFT_JIS,
        936 => GBK,
        949 | 1361 => EUC_KR,
        950 => BIG5,
        1250 => WINDOWS_1250,
        1251 => WINDOWS_1251,
        1252 => WINDOWS_1252,
        1253 => WINDOWS_1253,
        1254 => WINDOWS_1254,
        1255 => WINDOWS_1255,
        1256 => WINDOWS_1256,
        1257 => WINDOWS_1257,
        1258 => WINDOWS_1258,
        10_000 => MACINTOSH,
        10_007 => X_MAC_CYRILLIC,
        65_001 => encoding_rs::UTF_8,
        _ => return None,
    }))
}

fn font_charset(number: i64) -> Option<Charset> {
    page(match number {
        0 => 1252,
        2 => return Some(Charset::Symbols),
        77 => 10_000,
        89 => 10_007,
        128 => 932,
        129 | 130 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 | 181 => 1255,
        178..=180 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        254 => 437,
        255 => 850,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_have_their_length() {
        assert_eq!(PAGE_437.chars().count(), 128);
        assert_eq!(PAGE_850.chars().count(), 128);
    }
}
