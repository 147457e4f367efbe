//! The two standard fonts (9.6.2.2) in which values are drawn: how text is written in them, and how wide it is.

/// Widths of Helvetica from space to tilde, in thousandths of the font size.
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];
/// What is beyond ASCII is about as wide as this.
const OTHER: u16 = 600;

/// A standard font.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StandardFont {
    Helvetica,
    Courier,
}

impl StandardFont {
    /// The one that looks most like a font of this name.
    pub(super) fn like(name: &[u8]) -> Self {
        if name.windows(4).any(|part| part.eq_ignore_ascii_case(b"cour")) { Self::Courier } else { Self::Helvetica }
    }

    /// Its name in a font dictionary.
    pub(super) fn name(self) -> &'static [u8] {
        match self {
            Self::Helvetica => b"Helvetica",
            Self::Courier => b"Courier",
        }
    }

    /// The width of encoded text at a size, in points.
    pub(super) fn width(self, encoded: &[u8], size: f64) -> f64 {
        let one = |byte: &u8| match self {
            Self::Courier => 600,
            Self::Helvetica => HELVETICA.get(usize::from(byte.wrapping_sub(b' '))).copied().unwrap_or(OTHER),
        };
        encoded.iter().map(|byte| f64::from(one(byte))).sum::<f64>() * size / 1000.0
    }
}

/// Text in WinAnsiEncoding (annex D.2), line ends as line feeds; nothing where a character is not in it.
pub(super) fn encode(text: &str) -> Option<Vec<u8>> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut encoded = Vec::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => encoded.push(b'\n'),
            '\t' | '\u{a0}' | '\u{2002}' | '\u{2003}' | '\u{2009}' | '\u{202f}' => encoded.push(b' '),
            '\u{0}'..'\u{20}' | '\u{7f}' | '\u{200b}' | '\u{feff}' => {} // nothing that a reader would show
            '\u{2010}' | '\u{2011}' => encoded.push(b'-'),
            _ => {
                let mut utf_8 = [0; 4];
                let (bytes, _, lost) = encoding_rs::WINDOWS_1252.encode(character.encode_utf8(&mut utf_8));
                if lost {
                    return None;
                }
                encoded.extend_from_slice(&bytes);
            }
        }
    }
    Some(encoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_encoded_or_refused() {
        assert_eq!(encode("A–é€\r\nB\u{0}").as_deref(), Some(&b"A\x96\xe9\x80\nB"[..]));
        assert_eq!(encode("日本"), None);
    }

    #[test]
    fn widths_are_those_of_the_font() {
        assert!((StandardFont::Helvetica.width(b"AM", 10.0) - 15.0).abs() < 1e-9);
        assert!((StandardFont::Courier.width(b"AM", 10.0) - 12.0).abs() < 1e-9);
        assert_eq!(StandardFont::like(b"ABCDEF+CourierNew"), StandardFont::Courier);
        assert_eq!(StandardFont::like(b"Arial"), StandardFont::Helvetica);
    }
}
