//! The echo search: does a removed value still stand somewhere in the copy?
//!
//! An author name that was stripped from the properties but stands on page 3 is no leak of the cleaner, but the release
//! officer should know. Every removed value of six characters or more is looked for in everything that the copy unpacks to,
//! as UTF-8, Latin-1 and UTF-16 in both byte orders.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};

use super::prover_for;
use crate::formats::{Context, RemovedValue};
use crate::kind::Kind;
use crate::policy::Class;
use crate::refusal::Refusal;
use crate::text::{Place, TextSpan};

/// Shorter values occur everywhere by chance.
const SHORTEST: usize = 6;
/// Longer values are looked for by their beginning.
const LONGEST: usize = 120;
/// Enough for any real document; the rest adds nothing that a person would read.
const MOST_VALUES: usize = 4_000;

/// A removed value that also stands in the copy. Lives in memory only.
pub struct Echo {
    /// The item that it was the value of.
    pub item: String,
    /// The part of the copy it stands in; empty for the file as a whole.
    pub part: String,
    /// The value.
    pub value: String,
    /// How often.
    pub count: u64,
    /// True for values that tell of a person, place or machine, false for such as program names.
    pub telling: bool,
}

/// Looks for the removed values in the unpacked copy, and on its pages: `spans` is its text as it was read.
///
/// # Errors
/// A [`Refusal`] when the copy cannot be unpacked.
pub fn echoes(
    kind: Kind,
    copy: &[u8],
    spans: &[TextSpan],
    values: &[&RemovedValue],
    context: &Context<'_>,
) -> Result<Vec<Echo>, Refusal> {
    let Some(prover) = prover_for(kind) else { return Ok(Vec::new()) };
    let wanted = wanted(values);
    let (patterns, owners) = patterns(&wanted);
    let Some(automaton) = automaton(&patterns) else { return Ok(Vec::new()) };
    let mut found: BTreeMap<(usize, String), u64> = BTreeMap::new();
    let mut search = |part: &str, bytes: &[u8]| {
        for hit in automaton.find_iter(bytes) {
            if let Some(owner) = owners.get(hit.pattern().as_usize()) {
                let count = found.entry((*owner, part.to_owned())).or_default();
                *count = count.saturating_add(1);
            }
        }
    };
    prover.payloads(kind, copy, context, &mut search)?;
    for span in spans.iter().filter(|span| is_drawn(&span.place)) {
        search(&span.place.to_string(), span.text.as_bytes());
    }
    Ok(found
        .into_iter()
        .filter_map(|((owner, part), count)| {
            let value = wanted.get(owner)?;
            Some(Echo {
                item: value.item.clone(),
                part,
                value: value.value.trim().to_owned(),
                count,
                telling: telling(value.class),
            })
        })
        .collect())
}

/// True for text of a page: its glyphs are numbers in the file, and no payload reads like it.
fn is_drawn(place: &Place) -> bool {
    match place {
        Place::Page { .. } => true,
        Place::Embedded { inner, .. } => is_drawn(inner),
        _ => false,
    }
}

/// The values worth looking for, each once.
fn wanted<'a>(values: &[&'a RemovedValue]) -> Vec<&'a RemovedValue> {
    let mut wanted: Vec<&RemovedValue> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for value in values {
        let text = value.value.trim();
        let worth = text.chars().count() >= SHORTEST && text.chars().any(char::is_alphanumeric);
        if worth && wanted.len() < MOST_VALUES && seen.insert(text) {
            wanted.push(value);
        }
    }
    wanted
}

/// The byte patterns of all values, and for each the index of its value.
fn patterns(wanted: &[&RemovedValue]) -> (Vec<Vec<u8>>, Vec<usize>) {
    let (mut patterns, mut owners) = (Vec::new(), Vec::new());
    for (index, value) in wanted.iter().enumerate() {
        let text: String = value.value.trim().chars().take(LONGEST).collect();
        let mut forms = vec![
            text.clone().into_bytes(),
            text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ];
        let latin: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
        forms.extend(latin);
        forms.sort();
        forms.dedup();
        for form in forms {
            patterns.push(form);
            owners.push(index);
        }
    }
    (patterns, owners)
}

fn automaton(patterns: &[Vec<u8>]) -> Option<AhoCorasick> {
    if patterns.is_empty() {
        return None;
    }
    // Most copies are small, and are searched in less time than the faster automaton takes to be built.
    let kind = Some(AhoCorasickKind::ContiguousNFA);
    AhoCorasickBuilder::new().kind(kind).match_kind(MatchKind::LeftmostLongest).build(patterns).ok()
}

/// Classes whose values identify somebody or something when they turn up in the body.
fn telling(class: Class) -> bool {
    matches!(
        class,
        Class::MetadataAuthor
            | Class::MetadataOrganisation
            | Class::MetadataSensitivityLabels
            | Class::MetadataDevice
            | Class::MetadataLocation
            | Class::MetadataPeople
            | Class::MetadataPaths
            | Class::MetadataPrinter
            | Class::ContentComments
            | Class::ContentHiddenText
    )
}
