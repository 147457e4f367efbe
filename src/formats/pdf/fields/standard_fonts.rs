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

    /// The width of a character by its code in WinAnsiEncoding, in thousandths of the font size.
    pub(super) fn width(self, code: u8) -> f64 {
        f64::from(match self {
            Self::Courier => 600,
            Self::Helvetica => HELVETICA.get(usize::from(code.wrapping_sub(b' '))).copied().unwrap_or(OTHER),
        })
    }
}

/// The character of a code in WinAnsiEncoding (annex D.2).
pub(super) fn win_ansi(code: u8) -> Option<char> {
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(std::slice::from_ref(&code));
    text.chars().next().filter(|character| !character.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_characters() {
        assert_eq!([b'A', 0x80, 0xe9].map(win_ansi), [Some('A'), Some('€'), Some('é')]);
        assert_eq!([0x0a, 0x81].map(win_ansi), [None, None]);
    }

    #[test]
    fn widths_are_those_of_the_font() {
        assert!((StandardFont::Helvetica.width(b'M') - 833.0).abs() < 1e-9);
        assert!((StandardFont::Courier.width(b'M') - 600.0).abs() < 1e-9);
        assert_eq!(StandardFont::like(b"ABCDEF+CourierNew"), StandardFont::Courier);
        assert_eq!(StandardFont::like(b"Arial"), StandardFont::Helvetica);
    }
}
