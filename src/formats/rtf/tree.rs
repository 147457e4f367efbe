//! Rich Text as groups of words, symbols and text (RTF 1.9.1, "Basic Entities"), and back to bytes.
//!
//! Everything keeps the bytes that it was written with; text holds its `\'xx` escapes. Only where something between a word
//! and a text is gone, a space is put in, so that the text does not become part of the word.

use std::borrow::Cow;

use crate::formats::Context;
use crate::refusal::Refusal;

/// A piece of a group.
#[derive(Debug, Clone)]
pub(super) enum Node<'a> {
    /// `{…}`
    Group(Group<'a>),
    /// `\word`, `\word12`, with the space that ends it.
    Word(Word<'a>),
    /// `\~`: a backslash and a sign.
    Symbol(u8),
    /// Text, escapes and line breaks as they were written.
    Text(Cow<'a, [u8]>),
    /// `\binN` and its bytes.
    Binary(Cow<'a, [u8]>),
}

/// A control word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a> {
    /// Its letters.
    pub(super) name: &'a str,
    /// The number behind them.
    pub(super) parameter: Option<i64>,
    raw: &'a [u8],
}

impl Word<'_> {
    /// True for a property that is switched on: without a number, or with one that is not zero.
    pub(super) fn is_on(&self) -> bool {
        self.parameter != Some(0)
    }
}

/// A group.
#[derive(Debug, Clone, Default)]
pub(super) struct Group<'a> {
    /// What it holds.
    pub(super) nodes: Vec<Node<'a>>,
}

/// What a group says of itself with its first word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heading<'a> {
    /// `\*` stands before the word: readers that do not know it skip the group.
    pub(super) starred: bool,
    /// The word.
    pub(super) word: Word<'a>,
    /// The place of the word among the nodes.
    pub(super) at: usize,
}

impl<'a> Group<'a> {
    /// The first word, if nothing but `\*` and line breaks stands before it.
    pub(super) fn heading(&self) -> Option<Heading<'a>> {
        let mut starred = false;
        for (at, node) in self.nodes.iter().enumerate() {
            match node {
                Node::Symbol(b'*') => starred = true,
                Node::Word(word) => return Some(Heading { starred, word: *word, at }),
                Node::Text(text) if text.iter().all(|byte| matches!(byte, b'\r' | b'\n')) => {}
                _ => return None,
            }
        }
        None
    }

    /// The groups directly in this one.
    pub(super) fn groups(&self) -> impl Iterator<Item = &Self> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Group(group) => Some(group),
            _ => None,
        })
    }

    /// The groups directly in this one that begin with a word of this name.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = &Self> {
        self.groups().filter(move |group| group.heading().is_some_and(|heading| heading.word.name == name))
    }

    /// What the groups hold that begin with a word of this name, each in a group without that word.
    pub(super) fn contents_of(self, name: &str) -> Vec<Node<'a>> {
        let contents = self.nodes.into_iter().filter_map(|node| match node {
            Node::Group(group) => {
                let heading = group.heading().filter(|heading| heading.word.name == name)?;
                Some(Node::Group(Group { nodes: group.nodes.into_iter().skip(heading.at.saturating_add(1)).collect() }))
            }
            _ => None,
        });
        contents.collect()
    }

    /// How many bytes the group takes up in the file, about.
    pub(super) fn size(&self) -> usize {
        self.nodes
            .iter()
            .map(|node| match node {
                Node::Group(group) => group.size(),
                Node::Word(word) => word.raw.len(),
                Node::Symbol(_) => 2,
                Node::Text(text) => text.len(),
                Node::Binary(data) => data.len(),
            })
            .fold(2, usize::saturating_add)
    }
}

/// Reads the outermost group of a file. The second part is what stands behind it.
///
/// # Errors
/// [`crate::Reason::Damaged`] when a group has no end, [`crate::Reason::OverLimit`] when groups lie too deep.
pub(super) fn parse<'a>(bytes: &'a [u8], context: &Context<'_>) -> Result<(Group<'a>, &'a [u8]), Refusal> {
    let mut open: Vec<Group<'a>> = Vec::new();
    let mut rest = bytes;
    loop {
        let Some((&first, behind)) = rest.split_first() else {
            return Err(Refusal::damaged("the file ends within a group"));
        };
        let node = match first {
            b'{' => {
                if open.len() >= context.limits.rtf_depth as usize {
                    let detail = format!("groups lie more than {} deep", context.limits.rtf_depth);
                    return Err(Refusal::over_limit("rtf-depth", detail));
                }
                open.push(Group::default());
                rest = behind;
                continue;
            }
            b'}' => {
                rest = behind;
                let Some(group) = open.pop() else { return Err(Refusal::damaged("it does not begin with a group")) };
                if open.is_empty() {
                    return Ok((group, rest));
                }
                Node::Group(group)
            }
            b'\\' if !is_escape(rest) => control(&mut rest)?,
            _ => Node::Text(Cow::Borrowed(text(&mut rest))),
        };
        context.charge_decompressed(size_of::<Node<'_>>() as u64)?;
        let Some(group) = open.last_mut() else { return Err(Refusal::damaged("it does not begin with a group")) };
        group.nodes.push(node);
    }
}

/// `\'xx`
fn is_escape(bytes: &[u8]) -> bool {
    matches!(bytes, [b'\\', b'\'', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

/// Takes text up to the next brace or control.
fn text<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let mut end = 0_usize;
    while let Some(ahead) = rest.get(end..) {
        end = match ahead.first() {
            Some(b'\\') if is_escape(ahead) => end.saturating_add(4),
            None | Some(b'{' | b'}' | b'\\') => break,
            Some(_) => end.saturating_add(1),
        };
    }
    let (text, behind) = rest.split_at_checked(end).unwrap_or((rest, &[]));
    *rest = behind;
    text
}

/// Takes a control word or symbol.
fn control<'a>(rest: &mut &'a [u8]) -> Result<Node<'a>, Refusal> {
    let cut = || Refusal::damaged("the file ends within a control word");
    let start = *rest;
    let body = start.get(1..).ok_or_else(cut)?;
    let letters = body.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    if letters == 0 {
        let (sign, behind) = body.split_first().ok_or_else(cut)?;
        *rest = behind;
        return Ok(Node::Symbol(*sign));
    }
    let (name, tail) = body.split_at_checked(letters).ok_or_else(cut)?;
    let sign = usize::from(tail.first() == Some(&b'-') && tail.get(1).is_some_and(u8::is_ascii_digit));
    let digits = tail.iter().skip(sign).take_while(|byte| byte.is_ascii_digit()).count();
    let (number, tail) = tail.split_at_checked(sign.saturating_add(digits)).ok_or_else(cut)?;
    let parameter = match std::str::from_utf8(number) {
        Ok("") => None,
        Ok(number) => {
            Some(number.parse().map_err(|_| Refusal::damaged("the number of a control word is out of range"))?)
        }
        Err(_) => return Err(cut()),
    };
    let tail = tail.strip_prefix(b" ").unwrap_or(tail);
    let raw = start.get(..start.len().saturating_sub(tail.len())).ok_or_else(cut)?;
    let name = std::str::from_utf8(name).map_err(|_| cut())?;
    if name == "bin" {
        let size = usize::try_from(parameter.unwrap_or(0)).ok();
        let (data, behind) = size
            .and_then(|size| tail.split_at_checked(size))
            .ok_or_else(|| Refusal::damaged("binary data is said to reach beyond the end of the file"))?;
        *rest = behind;
        return Ok(Node::Binary(Cow::Borrowed(data)));
    }
    *rest = tail;
    Ok(Node::Word(Word { name, parameter, raw }))
}

/// The bytes of a group.
pub(super) fn write(group: &Group<'_>, out: &mut Vec<u8>) {
    out.push(b'{');
    let mut bare_word = false;
    for node in &group.nodes {
        match node {
            Node::Group(group) => write(group, out),
            Node::Word(word) => out.extend_from_slice(word.raw),
            Node::Symbol(sign) => out.extend_from_slice(&[b'\\', *sign]),
            Node::Text(text) => {
                let joins = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-');
                if bare_word && text.first().is_some_and(joins) {
                    out.push(b' ');
                }
                out.extend_from_slice(text);
            }
            Node::Binary(data) => {
                out.extend_from_slice(format!("\\bin{} ", data.len()).as_bytes());
                out.extend_from_slice(data);
            }
        }
        bare_word = match node {
            Node::Word(word) => !word.raw.ends_with(b" "),
            Node::Text(text) => bare_word && text.is_empty(),
            _ => false,
        };
    }
    out.push(b'}');
}
