//! What may not be left in content streams and among resources: comments, private marks and properties, operators that no
//! reader knows, layers where the policy flattens them, and resources that nothing in the document names.

use std::collections::{BTreeMap, BTreeSet};

use hayro_interpret::hayro_syntax::content::UntypedIter;
use hayro_interpret::hayro_syntax::object::{Dict, Name, Object, ObjectIdentifier, Stream};

use crate::pdf_reading::Reading;
use crate::pdf_reading::walk::{Item, object_name, walk};
use crate::policy::{Action, Class, Policy};
use crate::prove::Check;
use crate::refusal::Refusal;

/// What a property list may say.
const PROPERTIES: &[&[u8]] =
    &[b"Type", b"Subtype", b"MCID", b"ActualText", b"Alt", b"E", b"Lang", b"BBox", b"Attached"];
/// Parts of resource dictionaries whose entries must be named somewhere, and the operators that name them.
const NAMED_BY: &[(&[u8], &[&[u8]])] = &[
    (b"ExtGState", &[b"gs"]),
    (b"Pattern", &[b"scn", b"SCN"]),
    (b"Shading", &[b"sh"]),
    (b"XObject", &[b"Do"]),
    (b"Font", &[b"Tf"]),
    (b"Properties", &[b"BDC"]),
];

/// All names that operators of the document have as operands, by operator.
#[derive(Default)]
struct Named(BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>>);

impl Named {
    fn add(&mut self, operator: &[u8], name: &[u8]) {
        if !self.has(operator, name) {
            self.0.entry(operator.to_vec()).or_default().insert(name.to_vec());
        }
    }

    fn has(&self, operator: &[u8], name: &[u8]) -> bool {
        self.0.get(operator).is_some_and(|names| names.contains(name))
    }
}

/// The number of operands that an operator takes at most; `None` for what is no operator. ISO 32000-2, annex A.
fn most_operands(operator: &[u8]) -> Option<usize> {
    Some(match operator {
        b"B" | b"B*" | b"BT" | b"BX" | b"EMC" | b"ET" | b"EX" | b"F" | b"Q" | b"S" | b"T*" | b"W" | b"W*" | b"b"
        | b"b*" | b"f" | b"f*" | b"h" | b"n" | b"q" | b"s" => 0,
        b"BMC" | b"CS" | b"Do" | b"G" | b"J" | b"M" | b"Tc" | b"TL" | b"TJ" | b"Tj" | b"Tr" | b"Ts" | b"Tw" | b"Tz"
        | b"cs" | b"g" | b"gs" | b"i" | b"j" | b"ri" | b"sh" | b"w" | b"'" => 1,
        b"BDC" | b"TD" | b"Td" | b"Tf" | b"d" | b"d0" | b"l" | b"m" => 2,
        b"RG" | b"rg" | b"\"" => 3,
        b"K" | b"k" | b"re" | b"v" | b"y" => 4,
        b"Tm" | b"c" | b"cm" | b"d1" => 6,
        b"BI" | b"SC" | b"SCN" | b"sc" | b"scn" => usize::MAX,
        _ => return None,
    })
}

/// Looks through all content of the copy.
pub(super) fn check(after: &Reading<'_>, policy: &Policy) -> Result<Check, Refusal> {
    let mut named = Named::default();
    let mut count = 0_u64;
    for (page, number) in after.pages().zip(1_u64..) {
        count = count.saturating_add(1);
        let content = page.page_stream().unwrap_or_default();
        in_content(content, &mut named).map_err(|refusal| refusal.in_part(format!("page {number}")))?;
    }
    let procedures = glyph_procedures(after);
    let mut failed: Option<Refusal> = None;
    let flattened = policy.action(Class::ContentLayers) == Action::Flatten;
    walk(after.pdf, &mut |id, item| {
        if failed.is_some() {
            return;
        }
        let found = match item {
            Item::Stream(stream) if is_content(stream, &procedures) => {
                count = count.saturating_add(1);
                in_content(&stream.decoded_data().unwrap_or_default(), &mut named)
            }
            Item::Dict(_, dict) if flattened => in_dict(dict),
            Item::String(string) => {
                // A default appearance is content too; anything else names nothing.
                names_in(string, &mut named);
                Ok(())
            }
            _ => Ok(()),
        };
        failed = found.err().map(|refusal| refusal.in_part(object_name(id)));
    });
    if let Some(refusal) = failed {
        return Err(refusal);
    }
    unused(after, &named)?;
    Ok(Check::new("content-clean", format!("{count} content streams")))
}

/// The streams that draw the glyphs of Type 3 fonts.
fn glyph_procedures(after: &Reading<'_>) -> BTreeSet<ObjectIdentifier> {
    let mut found: BTreeSet<ObjectIdentifier> = BTreeSet::new();
    walk(after.pdf, &mut |_, item| {
        if let Item::Dict(_, dict) = item
            && let Some(procedures) = dict.get::<Dict<'_>>(b"CharProcs")
        {
            for key in procedures.keys() {
                found.extend(procedures.get_ref(key.as_ref()).map(ObjectIdentifier::from));
            }
        }
    });
    found
}

fn is_content(stream: &Stream<'_>, procedures: &BTreeSet<ObjectIdentifier>) -> bool {
    let dict = stream.dict();
    let form = dict.get::<Name<'_>>(b"Subtype").is_some_and(|subtype| subtype.as_ref() == b"Form");
    form || dict.get::<u32>(b"PatternType") == Some(1) || procedures.contains(&stream.obj_id())
}

/// Layers outside of content.
fn in_dict(dict: &Dict<'_>) -> Result<(), Refusal> {
    let kind = dict.get::<Name<'_>>(b"Type").map(|name| name.as_ref().to_vec()).unwrap_or_default();
    if dict.contains_key(b"OCProperties") || matches!(kind.as_slice(), b"OCG" | b"OCMD") {
        return Err(Refusal::unprovable("the copy still has layers"));
    }
    Ok(())
}

fn in_content(content: &[u8], named: &mut Named) -> Result<(), Refusal> {
    if let Some(left) = leftover(content) {
        return Err(Refusal::unprovable(format!("the copy still has {left} in its content")));
    }
    let mut operations = UntypedIter::new(content);
    while let Some(operation) = operations.next() {
        let operator: &[u8] = operation.operator;
        match most_operands(operator) {
            Some(most) if operation.operands().count() > most => {
                return Err(Refusal::unprovable("the copy still has an operand in its content that nothing takes"));
            }
            None if operator.first().is_some_and(u8::is_ascii_alphabetic) => {
                return Err(Refusal::unprovable("the copy still has a word in its content that is no operator"));
            }
            _ => {}
        }
        for operand in operation.operands() {
            match operand {
                Object::Name(name) => named.add(operator, name.as_ref()),
                Object::Dict(properties) if properties.keys().any(|key| !PROPERTIES.contains(&key.as_ref())) => {
                    return Err(Refusal::unprovable("the copy still has a private property in its content"));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn names_in(content: &[u8], named: &mut Named) {
    let mut operations = UntypedIter::new(content);
    while let Some(operation) = operations.next() {
        for operand in operation.operands() {
            if let Object::Name(name) = operand {
                named.add(operation.operator, name.as_ref());
            }
        }
    }
}

/// What stands in content outside of operations: a comment, a string without end, an operand behind the last operator.
fn leftover(content: &[u8]) -> Option<&'static str> {
    let mut at = 0_usize;
    while let Some(byte) = content.get(at) {
        let rest = content.get(at..).unwrap_or_default();
        let step = match byte {
            b'%' => return Some("a comment"),
            b'(' => match string_end(rest) {
                Some(end) => end,
                None => return Some("a string without end"),
            },
            b'I' if is_word(content, at, b"ID") => image_length(rest),
            _ => 1,
        };
        at = at.saturating_add(step);
    }
    let end = content.iter().rposition(|byte| !is_blank(*byte))?;
    let whole = content.get(..=end).unwrap_or_default();
    let start = whole.iter().rposition(|byte| is_blank(*byte) || is_delimiter(*byte));
    let word = whole.get(start.map_or(0, |start| start.saturating_add(1))..).unwrap_or_default();
    let is_name = start.and_then(|start| whole.get(start)) == Some(&b'/');
    let is_operand = is_name || word.iter().all(|byte| b"+-.0123456789".contains(byte));
    is_operand.then_some("an operand without operator")
}

fn is_delimiter(byte: u8) -> bool {
    b"()<>[]{}/%".contains(&byte)
}

fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0
}

/// True when a word stands alone at an offset.
fn is_word(content: &[u8], at: usize, word: &[u8]) -> bool {
    let end = at.saturating_add(word.len());
    let alone = |byte: &u8| is_blank(*byte) || is_delimiter(*byte);
    content.get(at..end) == Some(word)
        && at.checked_sub(1).and_then(|before| content.get(before)).is_none_or(alone)
        && content.get(end).is_none_or(|byte| is_blank(*byte))
}

/// The length of a literal string with its parentheses; to the end where it has none.
pub(super) fn string_length(rest: &[u8]) -> usize {
    string_end(rest).unwrap_or(rest.len())
}

fn string_end(rest: &[u8]) -> Option<usize> {
    let (mut depth, mut escaped) = (0_usize, false);
    for (index, byte) in rest.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' => depth = depth.saturating_add(1),
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return Some(index.saturating_add(1));
        }
    }
    None
}

/// The length of the data of an inline image with what delimits it: to an `EI` that text follows, or to the end.
fn image_length(rest: &[u8]) -> usize {
    let text = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    let end = (0..rest.len())
        .find(|at| is_word(rest, *at, b"EI") && rest.iter().skip(at.saturating_add(2)).take(12).all(text));
    end.map_or(rest.len(), |at| at.saturating_add(2))
}

/// Refuses resources that no content of the document names. Which content draws with which resources is not asked here.
fn unused(after: &Reading<'_>, named: &Named) -> Result<(), Refusal> {
    let mut left: Option<ObjectIdentifier> = None;
    let mut any = false;
    let mut look = |resources: &Dict<'_>| {
        for (part, operators) in NAMED_BY {
            let Some(entries) = resources.get::<Dict<'_>>(*part) else { continue };
            let is_named = |name: &[u8]| operators.iter().any(|operator| named.has(operator, name));
            if entries.keys().any(|name| !is_named(name.as_ref())) {
                any = true;
                left = left.or(resources.obj_id());
            }
        }
    };
    walk(after.pdf, &mut |_, item| {
        if let Item::Dict(_, dict) = item {
            for key in [b"Resources".as_slice(), b"DR"] {
                if let Some(resources) = dict.get::<Dict<'_>>(key) {
                    look(&resources);
                }
            }
        }
    });
    if any {
        return Err(Refusal::unprovable("the copy still has resources that nothing names").in_part(object_name(left)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_not_be_left_is_seen() {
        for (content, clean) in [
            ("q (a % b) Tj Q", true),
            ("q % c\nQ", false),
            ("BI /W 1 ID %% EI Q", true),
            ("BI /W 1 ID x EI % c", false),
            ("/P <</MCID 0>> BDC EMC", true),
            ("/P <</Secret 0>> BDC EMC", false),
            ("(x) pop", false),
            ("(x) 1 0 0 rg", false),
            ("/P /Q 0.5 scn", true),
            ("q Q\n(x)'\n", true),
            ("q Q (x", false),
            ("q Q (x\\)", false),
            ("q Q (x)", false),
            ("q Q <78>", false),
            ("q Q [1 2]", false),
            ("q Q /Name", false),
            ("q Q 1 -2.5 ", false),
            ("q Q\0", true),
            ("BI /W 1 ID x EI", true),
            ("", true),
        ] {
            let found = in_content(content.as_bytes(), &mut Named::default());
            assert_eq!(found.is_ok(), clean, "{content}");
        }
    }
}
