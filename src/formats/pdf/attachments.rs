//! Attached files (7.11.4): every one that a file specification holds, wherever that stands.
//!
//! They hang on the name tree of the catalog, on annotations, and as associated files on anything (14.13). All of them go;
//! but whoever answers for the release should know what would have gone out with them, so each is looked into by the handler
//! of its kind, and what it would have given away is reported beneath it.

use std::collections::BTreeSet;

use super::source::{Object, ObjectId, Source, as_dictionary, part};
use super::streams::{decode, filters};
use crate::formats::{Context, Report};
use crate::refusal::Refusal;

/// Attachments that are looked into; the others are counted where they hang.
const MOST: usize = 1_000;

/// Looks into all attached files.
///
/// # Errors
/// [`crate::Reason::Damaged`] where one was lost on loading.
pub(super) fn report(source: &Source, context: &Context<'_>, report: &mut Report) -> Result<(), Refusal> {
    let mut streams = BTreeSet::new();
    for (_, object) in source.objects() {
        find(object, &mut streams);
    }
    for id in streams.into_iter().take(MOST) {
        let reference = Object::Reference(id);
        let (Some(id), Object::Stream(stream)) = source.resolve(&reference)? else { continue };
        // What does not unpack is of no use to anybody; it goes like the others.
        let Ok(filters) = filters(source, stream) else { continue };
        if let Ok(plain) = decode(source, &stream.content, &filters, context) {
            context.inspect_embedded(&part(id), &plain, report);
        }
    }
    Ok(())
}

/// The streams that file specifications in this object refer to. Depth is bounded by the loader.
fn find(object: &Object, streams: &mut BTreeSet<ObjectId>) {
    if let Some(entries) = as_dictionary(object) {
        if let Ok(Object::Dictionary(files)) = entries.get(b"EF") {
            streams.extend(files.iter().filter_map(|(_, file)| file.as_reference().ok()));
        }
        for (_, value) in entries {
            find(value, streams);
        }
    }
    if let Object::Array(elements) = object {
        for element in elements {
            find(element, streams);
        }
    }
}
