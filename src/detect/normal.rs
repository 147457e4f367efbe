//! Logical text made comparable: what looks the same becomes the same characters.
//!
//! A number with non-breaking spaces, a key with a zero-width joiner in it, full-width digits from a form: a reader sees no
//! difference, and neither may a rule. [`Normal`] folds such variants (Unicode NFKC per character cluster, typographic
//! spaces, dashes and quotes, invisible characters removed, digits of other scripts) and leads every offset back to the
//! original text.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// How many combining marks are taken together with their base character; more are folded one by one.
const CLUSTER_CHARS: usize = 16;

/// Normalised text with the way back.
#[derive(Debug, Clone)]
pub struct Normal<'t> {
    text: Cow<'t, str>,
    /// Where the distance between the two texts changes, in order. Empty when nothing did.
    edges: Vec<Edge>,
}

/// From here on, normalised and original offsets run in parallel, or (`folded`) a piece was replaced as a whole.
#[derive(Debug, Clone, Copy)]
struct Edge {
    normal: usize,
    original: usize,
    folded: bool,
}

/// A text in the making.
pub(super) struct Folding {
    text: String,
    edges: Vec<Edge>,
}

impl Folding {
    /// Nothing yet; the first character comes from the offset `original`.
    pub(super) fn new(capacity: usize, original: usize) -> Self {
        Self { text: String::with_capacity(capacity), edges: vec![Edge { normal: 0, original, folded: false }] }
    }

    /// Adds a piece as it stands in the original.
    pub(super) fn copy(&mut self, piece: &str) {
        self.text.push_str(piece);
    }

    /// Adds a character of as many bytes as the one in its place.
    pub(super) fn push(&mut self, c: char) {
        self.text.push(c);
    }

    /// Adds `piece` for the bytes `from..to` of the original.
    pub(super) fn replace(&mut self, piece: &str, from: usize, to: usize) {
        self.edges.push(Edge { normal: self.text.len(), original: from, folded: true });
        self.text.push_str(piece);
        self.edges.push(Edge { normal: self.text.len(), original: to, folded: false });
    }

    pub(super) fn finish<'t>(self) -> Normal<'t> {
        Normal { text: Cow::Owned(self.text), edges: self.edges }
    }
}

impl<'t> Normal<'t> {
    /// Normalises a text. ASCII text is borrowed as it is.
    #[must_use]
    pub fn new(original: &'t str) -> Self {
        if original.is_ascii() {
            return Self { text: Cow::Borrowed(original), edges: Vec::new() };
        }
        let mut folding = Folding::new(original.len(), 0);
        let mut cluster = String::new();
        let mut folded = String::new();
        let mut end = 0_usize;
        while let Some(rest) = original.get(end..).filter(|rest| !rest.is_empty()) {
            // ASCII is copied as it is, but for the last character before another one: that may be a mark on it.
            let ascii = rest.bytes().take_while(u8::is_ascii).count();
            let plain = if ascii == rest.len() { ascii } else { ascii.saturating_sub(1) };
            if plain > 0 {
                folding.copy(rest.get(..plain).unwrap_or_default());
                end = end.saturating_add(plain);
                continue;
            }
            let start = end;
            let mut characters = rest.chars();
            let Some(first) = characters.next() else { break };
            cluster.clear();
            cluster.push(first);
            cluster.extend(characters.take(CLUSTER_CHARS).take_while(|c| is_mark(*c)));
            end = start.saturating_add(cluster.len());
            let marks = cluster.len() > first.len_utf8();
            if !marks && first.is_ascii() {
                folding.push(first);
                continue;
            }
            folded.clear();
            fold(&cluster, &mut folded);
            if folded == cluster {
                folding.copy(&cluster);
            } else {
                folding.replace(&folded, start, end);
            }
        }
        if folding.edges.len() == 1 {
            return Self { text: Cow::Borrowed(original), edges: Vec::new() };
        }
        folding.finish()
    }

    /// The normalised text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The original range of the normalised range `start..end`. A replaced piece is taken as a whole.
    #[must_use]
    pub fn original(&self, start: usize, end: usize) -> (usize, usize) {
        if self.edges.is_empty() {
            return (start, end);
        }
        // The start belongs to the last piece that begins at or before it, the end to the piece that holds the character before.
        let first = self.edges.partition_point(|edge| edge.normal <= start).saturating_sub(1);
        let original_start = self.edges.get(first).map_or(start, |edge| {
            if edge.folded { edge.original } else { edge.original.saturating_add(start.saturating_sub(edge.normal)) }
        });
        let last = self.edges.partition_point(|edge| edge.normal < end).saturating_sub(1);
        let original_end = self.edges.get(last).map_or(end, |edge| {
            if edge.folded {
                self.edges.get(last.saturating_add(1)).map_or(edge.original, |next| next.original)
            } else {
                edge.original.saturating_add(end.saturating_sub(edge.normal))
            }
        });
        (original_start, original_end.max(original_start))
    }
}

fn is_mark(c: char) -> bool {
    !c.is_ascii() && canonical_combining_class(c) != 0
}

/// Writes the comparable form of one character cluster.
fn fold(cluster: &str, out: &mut String) {
    let mut characters = cluster.chars();
    if let (Some(single), None) = (characters.next(), characters.next()) {
        match single {
            c if is_invisible(c) => return,
            '\u{2028}' | '\u{2029}' | '\u{85}' => return out.push('\n'),
            c if c.is_whitespace() && !c.is_ascii() => return out.push(' '),
            // All dashes and the minus sign; quotes and primes; the three look-alikes of the degree sign.
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => return out.push('-'),
            '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2035}' | '\u{2b9}' | '\u{2bc}' => return out.push('\''),
            '\u{201c}'..='\u{201f}' | '\u{2033}' | '\u{2036}' | '\u{2ba}' => return out.push('"'),
            '\u{ba}' | '\u{2da}' => return out.push('°'),
            // Superscript digits are exponents and footnotes, not part of the number before them.
            '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{2070}'..='\u{209c}' => return out.push(single),
            _ => {}
        }
        if let Some(digit) = decimal_digit(single) {
            return out.push(digit);
        }
    }
    out.extend(
        cluster.nfkc().filter(|c| !is_invisible(*c)).map(|c| if c.is_whitespace() && c != '\n' { ' ' } else { c }),
    );
}

/// Characters that take no room: soft hyphen, zero-width ones, directional marks, variation selectors, tags.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
}

/// Decimal digits of scripts whose numbers are written like ours, as ASCII; full-width ones are left to NFKC.
fn decimal_digit(c: char) -> Option<char> {
    /// The zero of each script; nine digits follow it.
    const ZEROS: &[u32] = &[
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
        0x1040, 0x17e0, 0x1810,
    ];
    let point = u32::from(c);
    let zero = ZEROS.iter().find(|zero| (**zero..zero.saturating_add(10)).contains(&point))?;
    char::from_digit(point.saturating_sub(*zero), 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_fold_and_offsets_lead_back() {
        // text, normalised, needle in the normalised text, what it stands for in the original
        let cases = [
            ("plain 123", "plain 123", "123", "123"),
            ("4111\u{a0}1111", "4111 1111", "4111 1111", "4111\u{a0}1111"),
            ("se\u{ad}cr\u{200b}et!", "secret!", "secret", "se\u{ad}cr\u{200b}et"),
            ("x １２３ y", "x 123 y", "123", "１２３"),
            ("rate ٤٢%", "rate 42%", "42", "٤٢"),
            ("51º30′05″", "51°30'05\"", "30'05", "30′05"),
            ("a – b", "a - b", "- b", "– b"),
            ("oﬃce", "office", "ffi", "ﬃ"),
            ("oﬃce", "office", "f", "ﬃ"),
            ("cafe\u{301} x", "café x", "é", "e\u{301}"),
            ("10² m", "10² m", "² m", "² m"),
            ("\u{feff}SECRET", "SECRET", "SECRET", "SECRET"),
        ];
        for (original, normal, needle, want) in cases {
            let made = Normal::new(original);
            assert_eq!(made.text(), normal);
            let start = made.text().find(needle).unwrap();
            let (from, to) = made.original(start, start + needle.len());
            assert_eq!(original.get(from..to), Some(want), "{original}");
        }
    }

    #[test]
    fn unchanged_text_is_borrowed() {
        assert!(matches!(Normal::new("ascii").text, Cow::Borrowed(_)));
        assert!(matches!(Normal::new("größer").text, Cow::Borrowed(_)));
    }
}
