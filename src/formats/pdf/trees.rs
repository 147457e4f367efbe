//! Name trees and number trees (7.9.6, 7.9.7): read whatever their shape, written anew.

use std::collections::{BTreeMap, HashSet};

use super::source::{Dictionary, Object, ObjectId, Source, as_dictionary};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// The key of an entry: numbers come before names, and a tree has only one sort.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Number(i64),
    Name(Vec<u8>),
}

impl Key {
    fn of(object: &Object) -> Option<Self> {
        match object {
            Object::Integer(number) => Some(Self::Number(*number)),
            Object::String(bytes, _) => Some(Self::Name(bytes.clone())),
            _ => None,
        }
    }

    /// The key as it is written.
    pub(super) fn object(&self) -> Object {
        match self {
            Self::Number(number) => Object::Integer(*number),
            Self::Name(bytes) => Object::String(bytes.clone(), lopdf::StringFormat::Literal),
        }
    }
}

/// All entries of the tree under `root`, in order. Where a key occurs twice, the first one counts.
///
/// # Errors
/// [`crate::Reason::OverLimit`] for trees of absurd size.
pub(super) fn entries<'a>(
    source: &'a Source,
    root: &'a Dictionary,
    leaves: &str,
    limits: &Limits,
) -> Result<BTreeMap<Key, &'a Object>, Refusal> {
    let mut entries = BTreeMap::new();
    let mut seen: HashSet<ObjectId> = HashSet::new();
    let mut open = vec![root];
    let mut visits = 0u64;
    while let Some(node) = open.pop() {
        visits = visits.saturating_add(1);
        if visits > limits.pdf_objects || entries.len() as u64 > limits.pdf_objects {
            return Err(Refusal::over_limit("pdf-objects", "a name or number tree has too many nodes"));
        }
        for pair in source.list(node, leaves)?.chunks_exact(2) {
            let [key, value] = pair else { continue };
            if let Some(key) = Key::of(source.resolve(key)?.1) {
                entries.entry(key).or_insert(value);
            }
        }
        for kid in source.list(node, "Kids")?.iter().rev() {
            let (id, target) = source.resolve(kid)?;
            let new = id.is_none_or(|id| seen.insert(id));
            if let (true, Some(kid)) = (new, as_dictionary(target)) {
                open.push(kid);
            }
        }
    }
    Ok(entries)
}
