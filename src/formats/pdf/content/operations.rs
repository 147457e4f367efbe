//! Operations: an operator with the operands before it, each with its bytes (7.8.2).

use std::ops::Range;

use super::inline_image::{self, InlineImage};
use super::tokens::{Kind, Token, Tokens};

/// Arrays and dictionaries nested deeper than this are no operands of anything.
const DEPTH: usize = 32;

/// What an operand is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::formats::pdf) enum Operand {
    Number,
    Name,
    String,
    Array,
    Dictionary,
}

/// An operator with its operands.
#[derive(Debug)]
pub(in crate::formats::pdf) struct Operation<'a> {
    /// The operator as it is written; `BI` for a whole inline image.
    pub(in crate::formats::pdf) operator: &'a [u8],
    /// The operands, in order.
    pub(in crate::formats::pdf) operands: Vec<(Operand, Range<usize>)>,
    /// From the first operand to the end of the operator.
    pub(in crate::formats::pdf) range: Range<usize>,
    /// For `BI`: the parts of the image.
    pub(in crate::formats::pdf) image: Option<InlineImage>,
}

/// What a content stream consists of.
#[derive(Debug)]
pub(in crate::formats::pdf) enum Item<'a> {
    Operation(Operation<'a>),
    /// A comment without the end of its line.
    Comment(Range<usize>),
    /// Operands that no operator follows, at the end of the content.
    Dangling(Range<usize>),
    /// Bytes that are neither: an unbalanced delimiter, an inline image without an end.
    Garbage(Range<usize>),
}

/// Reads the items of a content stream.
pub(in crate::formats::pdf) struct Operations<'a> {
    bytes: &'a [u8],
    tokens: Tokens<'a>,
    operands: Vec<(Operand, Range<usize>)>,
    /// Arrays and dictionaries that are open, with where they begin.
    open: Vec<(Kind, usize)>,
    /// An inline image had no end: no later one has, and nobody looks for it again.
    endless: bool,
}

impl<'a> Operations<'a> {
    /// Reads from the beginning.
    pub(in crate::formats::pdf) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, tokens: Tokens::new(bytes, 0), operands: Vec::new(), open: Vec::new(), endless: false }
    }

    fn push(&mut self, operand: Operand, range: Range<usize>) {
        if self.open.is_empty() {
            self.operands.push((operand, range));
        }
    }

    fn close(&mut self, opening: Kind, operand: Operand, token: &Token) -> Option<Item<'a>> {
        let outermost = self.open.first().map_or(token.range.start, |(_, start)| *start);
        match self.open.pop() {
            Some((kind, start)) if kind == opening => {
                self.push(operand, start..token.range.end);
                None
            }
            _ => {
                self.open.clear();
                Some(Item::Garbage(outermost..token.range.end))
            }
        }
    }

    fn operation(&mut self, token: &Token) -> Item<'a> {
        let operands = std::mem::take(&mut self.operands);
        let start = operands.first().map_or(token.range.start, |(_, range)| range.start);
        let operator = self.bytes.get(token.range.clone()).unwrap_or_default();
        if operator != b"BI" {
            return Item::Operation(Operation { operator, operands, range: start..token.range.end, image: None });
        }
        let image = if self.endless { None } else { inline_image::read(self.bytes, token.range.end) };
        self.endless = image.is_none();
        match image {
            Some(image) => {
                self.tokens.at = image.end;
                let range = start..image.end;
                Item::Operation(Operation { operator, operands, range, image: Some(image) })
            }
            None => Item::Garbage(token.range.clone()),
        }
    }
}

impl<'a> Iterator for Operations<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        loop {
            let Some(token) = self.tokens.next() else {
                // Operands before something that stays open are operands of nothing, either.
                let open = self.open.first().map(|(_, start)| *start);
                let start = self.operands.first().map(|(_, range)| range.start).or(open)?;
                let garbage = !std::mem::take(&mut self.open).is_empty();
                self.operands.clear();
                let range = start..self.bytes.len();
                return Some(if garbage { Item::Garbage(range) } else { Item::Dangling(range) });
            };
            let range = token.range.clone();
            match token.kind {
                Kind::Comment => return Some(Item::Comment(range)),
                Kind::Number => self.push(Operand::Number, range),
                Kind::Name => self.push(Operand::Name, range),
                Kind::String(true) => self.push(Operand::String, range),
                Kind::String(false) | Kind::Stray => return Some(Item::Garbage(range)),
                Kind::ArrayOpen | Kind::DictionaryOpen if self.open.len() < DEPTH => {
                    self.open.push((token.kind, range.start));
                }
                Kind::ArrayOpen | Kind::DictionaryOpen => return Some(Item::Garbage(range)),
                Kind::ArrayClose => {
                    if let Some(garbage) = self.close(Kind::ArrayOpen, Operand::Array, &token) {
                        return Some(garbage);
                    }
                }
                Kind::DictionaryClose => {
                    if let Some(garbage) = self.close(Kind::DictionaryOpen, Operand::Dictionary, &token) {
                        return Some(garbage);
                    }
                }
                // Inside of arrays and dictionaries these are `true`, `false` and `null`.
                Kind::Word if self.open.is_empty() => return Some(self.operation(&token)),
                Kind::Word => {}
            }
        }
    }
}

/// An entry of a dictionary operand.
pub(in crate::formats::pdf) struct Entry {
    /// The key as a name.
    pub(in crate::formats::pdf) key: Vec<u8>,
    /// From the key to the end of the value.
    pub(in crate::formats::pdf) range: Range<usize>,
    /// The value.
    pub(in crate::formats::pdf) value: Range<usize>,
    /// What the value is; none for `true`, `false` and `null`.
    pub(in crate::formats::pdf) kind: Option<Operand>,
}

/// The values in `range`: the elements of an array, or keys and values. What is nested too deep lacks its end, which then is
/// that of the range.
pub(in crate::formats::pdf) fn values(bytes: &[u8], range: Range<usize>) -> Vec<(Option<Operand>, Range<usize>)> {
    let mut found = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for token in Tokens::new(bytes.get(..range.end).unwrap_or_default(), range.start) {
        let kind = match token.kind {
            Kind::ArrayOpen | Kind::DictionaryOpen => {
                open.push(token.range.start);
                continue;
            }
            Kind::ArrayClose | Kind::DictionaryClose => {
                let start = open.pop().unwrap_or(token.range.start);
                let kind = if token.kind == Kind::ArrayClose { Operand::Array } else { Operand::Dictionary };
                if open.is_empty() {
                    found.push((Some(kind), start..token.range.end));
                }
                continue;
            }
            Kind::Number => Some(Operand::Number),
            Kind::Name => Some(Operand::Name),
            Kind::String(_) => Some(Operand::String),
            Kind::Comment => continue,
            Kind::Word | Kind::Stray => None,
        };
        if open.is_empty() {
            found.push((kind, token.range));
        }
    }
    found.extend(open.first().map(|start| (Some(Operand::Array), *start..range.end)));
    found
}

/// The elements of an array or the keys and values of a dictionary, given with its delimiters.
pub(in crate::formats::pdf) fn inside(range: &Range<usize>, operand: Operand) -> Range<usize> {
    let delimiter = if operand == Operand::Dictionary { 2 } else { 1 };
    let start = range.start.saturating_add(delimiter);
    start..range.end.saturating_sub(delimiter).max(start)
}

/// The entries between the delimiters of a dictionary. What is not a pair of name and value is left out.
pub(in crate::formats::pdf) fn entries(bytes: &[u8], range: Range<usize>) -> Vec<Entry> {
    let values = values(bytes, range);
    let pairs = values.chunks_exact(2).filter_map(|pair| match pair {
        [(Some(Operand::Name), key), (kind, value)] => Some(Entry {
            key: super::tokens::name(bytes.get(key.clone()).unwrap_or_default()),
            range: key.start..value.end,
            value: value.clone(),
            kind: *kind,
        }),
        _ => None,
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(bytes: &[u8]) -> Vec<String> {
        Operations::new(bytes)
            .map(|item| match item {
                Item::Operation(operation) => format!(
                    "{}({}) {:?}",
                    String::from_utf8_lossy(operation.operator),
                    operation.operands.len(),
                    operation.range
                ),
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn operations_know_their_bytes() {
        assert_eq!(
            shown(b"1 0 0 RG[(a) 3]TJ % x\n/S<</K[1]>>BDC 7"),
            ["RG(3) 0..8", "TJ(1) 8..17", "Comment(18..21)", "BDC(2) 22..36", "Dangling(37..38)"]
        );
    }

    #[test]
    fn what_does_not_balance_is_told() {
        assert_eq!(shown(b"q ] Q"), ["q(0) 0..1", "Garbage(2..3)", "Q(0) 4..5"]);
        assert_eq!(shown(b"[ (a) Tj"), ["Garbage(0..8)"]);
        assert_eq!(shown(b"(a Tj"), ["Garbage(0..5)"]);
        assert_eq!(shown(b"/a/b << c"), ["Garbage(0..9)"]);
        assert_eq!(shown(b"q << /a ] Q"), ["q(0) 0..1", "Garbage(2..9)", "Q(0) 10..11"]);
    }

    #[test]
    fn entries_are_pairs() {
        let bytes = b"<< /A 1 /B [1 2] /C <</D 2>> /E true >>";
        let found = entries(bytes, inside(&(0..bytes.len()), Operand::Dictionary));
        let keys: Vec<&[u8]> = found.iter().map(|entry| entry.key.as_slice()).collect();
        assert_eq!(keys, [b"A", b"B", b"C", b"E"]);
        assert_eq!(bytes.get(found.get(1).unwrap().range.clone()), Some(b"/B [1 2]".as_slice()));
    }
}
