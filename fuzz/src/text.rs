//! The text of documents, and where it stands.

use fieldstrip::formats::Context;
use fieldstrip::identify::identify;
use fieldstrip::kind::Kind;
use fieldstrip::limits::Spent;
use fieldstrip::text::{Extraction, Place, extract, is_read};
use libfuzzer_sys::Corpus;

use crate::{ENGINE, POLICY};

/// Reads the text of a document of any kind that has some: it is the same text twice, it stays within what was unpacked,
/// and every span and every match in it stands at a place that a person can look up.
pub fn read_text(bytes: &[u8]) -> Corpus {
    let kind = identify(bytes, "").kind;
    if !is_read(kind) {
        return Corpus::Reject;
    }
    let Some(text) = same_text(kind, bytes) else { return Corpus::Keep };
    let size: u64 = text.spans.iter().map(|span| span.text.len() as u64).sum();
    assert!(size <= POLICY.limits.decompressed_bytes, "{size} bytes of text come out of {} bytes", bytes.len());
    for place in text.unread.iter().map(|unread| &unread.place).chain(text.observations.iter().map(|seen| &seen.place))
    {
        assert!(can_be_looked_up(place), "{place:?}");
    }
    for span in &text.spans {
        assert!(can_be_looked_up(&span.place), "{:?}", span.place);
        assert!(
            span.boxes.is_sorted_by_key(|text_box| text_box.start),
            "the boxes of {:?} are in disorder",
            span.place
        );
        assert!(span.boxes.iter().all(|text_box| span.text.is_char_boundary(text_box.start)), "{:?}", span.place);
        for found in ENGINE.scan(&span.text) {
            assert!(span.text.get(found.start..found.end).is_some_and(|value| !value.is_empty()));
            assert!(can_be_looked_up(&span.place_of(found.start, found.end)));
        }
    }
    Corpus::Keep
}

/// The text of a document after two readings that must agree; `None` when neither succeeds.
pub(crate) fn same_text(kind: Kind, bytes: &[u8]) -> Option<Extraction> {
    let text = || extract(kind, bytes, &Context::new(&POLICY, &Spent::default()));
    match (text(), text()) {
        (Ok(one), Ok(other)) => {
            // As printed: a number that is none would not equal itself.
            assert!(format!("{one:?}") == format!("{other:?}"), "two readings differ in their text");
            Some(one)
        }
        (one, other) => {
            assert!(one.is_err() && other.is_err(), "only one of two readings succeeds");
            None
        }
    }
}

/// Numbers count from 1, and nothing lies in a part without a name.
fn can_be_looked_up(place: &Place) -> bool {
    match place {
        Place::File | Place::FileName | Place::Cell { .. } => true,
        Place::Line { line } => *line > 0,
        Place::Page { page, area } => {
            *page > 0 && area.is_none_or(|[left, bottom, right, top]| left <= right && bottom <= top)
        }
        Place::Paragraph { part, paragraph } => !part.is_empty() && *paragraph > 0,
        Place::Slide { slide, .. } => *slide > 0,
        Place::Part { part } => !part.is_empty(),
        Place::Metadata { item } => !item.is_empty(),
        Place::Embedded { part, inner } => !part.is_empty() && can_be_looked_up(inner),
    }
}
