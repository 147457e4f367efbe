//! The tokens of a content stream with their places (7.2, 7.8.2). Nothing is changed or judged here.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::formats::pdf) enum Kind {
    /// Digits, signs and points only.
    Number,
    /// A name with its slash.
    Name,
    /// A literal or hexadecimal string with its delimiters; false when it has no end.
    String(bool),
    /// Any other run of regular characters: an operator, `true`, `null` …
    Word,
    ArrayOpen,
    ArrayClose,
    DictionaryOpen,
    DictionaryClose,
    /// A comment without the end of its line.
    Comment,
    /// A delimiter that begins nothing: `)`, `}`, `{`, a lone `>`.
    Stray,
}

/// A token and the bytes that it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::formats::pdf) struct Token {
    pub(in crate::formats::pdf) kind: Kind,
    pub(in crate::formats::pdf) range: Range<usize>,
}

/// Reads tokens one after the other.
#[derive(Clone)]
pub(in crate::formats::pdf) struct Tokens<'a> {
    bytes: &'a [u8],
    /// Where the next token is looked for.
    pub(in crate::formats::pdf) at: usize,
}

/// White space (Table 1).
pub(in crate::formats::pdf) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

/// Delimiters (Table 2).
pub(in crate::formats::pdf) fn is_delimiter(byte: u8) -> bool {
    b"()<>[]{}/%".contains(&byte)
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !is_delimiter(byte)
}

impl<'a> Tokens<'a> {
    /// Starts at an offset.
    pub(in crate::formats::pdf) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    fn rest(&self, from: usize) -> &'a [u8] {
        self.bytes.get(from..).unwrap_or_default()
    }

    /// Where the run of bytes from `from` ends that all fit.
    fn run(&self, from: usize, fits: impl Fn(u8) -> bool) -> usize {
        from.saturating_add(self.rest(from).iter().take_while(|byte| fits(**byte)).count())
    }

    /// The end of a literal string that opens at `from`, if it has one. Parentheses balance or are escaped (7.3.4.2).
    fn literal_end(&self, from: usize) -> Option<usize> {
        let mut depth = 0_usize;
        let mut bytes = self.rest(from).iter().enumerate();
        while let Some((index, byte)) = bytes.next() {
            match byte {
                b'\\' => drop(bytes.next()),
                b'(' => depth = depth.saturating_add(1),
                b')' if depth <= 1 => return Some(from.saturating_add(index).saturating_add(1)),
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        None
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let start = self.run(self.at, is_space);
        let first = *self.bytes.get(start)?;
        let second = self.bytes.get(start.saturating_add(1)).copied();
        let after = |count: usize| start.saturating_add(count);
        let (kind, end) = match first {
            b'%' => (Kind::Comment, self.run(start, |byte| !matches!(byte, b'\r' | b'\n'))),
            b'(' => match self.literal_end(start) {
                Some(end) => (Kind::String(true), end),
                None => (Kind::String(false), self.bytes.len()),
            },
            b'<' if second == Some(b'<') => (Kind::DictionaryOpen, after(2)),
            b'<' => {
                let end = self.run(after(1), |byte| byte != b'>');
                let closed = end < self.bytes.len();
                (Kind::String(closed), end.saturating_add(usize::from(closed)))
            }
            b'>' if second == Some(b'>') => (Kind::DictionaryClose, after(2)),
            b'[' => (Kind::ArrayOpen, after(1)),
            b']' => (Kind::ArrayClose, after(1)),
            b'/' => (Kind::Name, self.run(after(1), is_regular)),
            byte if is_delimiter(byte) => (Kind::Stray, after(1)),
            _ => {
                let end = self.run(start, is_regular);
                let word = self.bytes.get(start..end).unwrap_or_default();
                let numeric = word.iter().all(|byte| byte.is_ascii_digit() || b"+-.".contains(byte));
                (if numeric { Kind::Number } else { Kind::Word }, end)
            }
        };
        self.at = end;
        Some(Token { kind, range: start..end })
    }
}

/// The name that a token stands for: without its slash, `#xx` resolved (7.3.5).
pub(in crate::formats::pdf) fn name(token: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(token.len());
    let mut rest = token.strip_prefix(b"/").unwrap_or(token);
    while let Some((byte, after)) = rest.split_first() {
        let escaped = match after {
            [high, low, ..] if *byte == b'#' => digit(*high).zip(digit(*low)).map(|(high, low)| (high << 4) | low),
            _ => None,
        };
        out.push(escaped.unwrap_or(*byte));
        rest = if escaped.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    out
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_place() {
        let text: &[u8] = b"q(a(b)\\)%)<41>/N#41[-1.5]<</K true>>%c\nT*'} (open";
        let found: Vec<(Kind, &[u8])> =
            Tokens::new(text, 0).map(|token| (token.kind, text.get(token.range).unwrap())).collect();
        let expected: Vec<(Kind, &[u8])> = vec![
            (Kind::Word, b"q"),
            (Kind::String(true), b"(a(b)\\)%)"),
            (Kind::String(true), b"<41>"),
            (Kind::Name, b"/N#41"),
            (Kind::ArrayOpen, b"["),
            (Kind::Number, b"-1.5"),
            (Kind::ArrayClose, b"]"),
            (Kind::DictionaryOpen, b"<<"),
            (Kind::Name, b"/K"),
            (Kind::Word, b"true"),
            (Kind::DictionaryClose, b">>"),
            (Kind::Comment, b"%c"),
            (Kind::Word, b"T*'"),
            (Kind::Stray, b"}"),
            (Kind::String(false), b"(open"),
        ];
        assert_eq!(found, expected);
        assert_eq!(name(b"/N#41#4"), b"NA#4");
    }
}
