//! `\x05SummaryInformation` and `\x05DocumentSummaryInformation`, in the document and in every object in it.

use super::Listing;
use crate::formats::labels;
use crate::legacy_reading::property_set::{PropertySet, Value, read};
use crate::legacy_reading::{Compound, title};
use crate::policy::Class;
use crate::refusal::Refusal;

const SUMMARY: &str = "\u{5}SummaryInformation";
const DOCUMENT_SUMMARY: &str = "\u{5}DocumentSummaryInformation";

/// Lists the properties of all property sets.
pub(super) fn list(compound: &mut Compound<'_, '_>, listing: &mut Listing<'_>) -> Result<(), Refusal> {
    let streams: Vec<_> = compound.items().iter().filter(|item| item.is_stream).cloned().collect();
    for item in streams {
        let known: fn(u32) -> (&'static str, Class) = match item.name() {
            SUMMARY => summary,
            DOCUMENT_SUMMARY => document_summary,
            _ => continue,
        };
        let place = title(&item.path);
        let sets = read(&compound.read(&item.path)?);
        if sets.is_empty() {
            listing.add(Class::MetadataOther, "document properties that cannot be read", &place, 1, item.size);
        }
        for set in sets {
            list_set(&set, known, &place, listing);
        }
    }
    Ok(())
}

fn list_set(set: &PropertySet, known: fn(u32) -> (&'static str, Class), place: &str, listing: &mut Listing<'_>) {
    for (id, name, value) in &set.properties {
        if let Some(name) = name.as_deref().filter(|name| set.is_user_defined && labels::is_property(name)) {
            let text = if let Value::Text(text) = value { text.trim_end_matches('\0') } else { "" };
            listing.report.removed_label("", name, place, text);
            continue;
        }
        let (item, class) = if set.is_user_defined { custom(name.as_deref()) } else { known(*id) };
        match value {
            Value::Text(text) => listing.add_value(class, item, place, text),
            Value::Number => listing.add(class, item, place, 1, 0),
            Value::Blob(size) => listing.add(class, item, place, 1, *size as u64),
        }
        // The name of a property of the user may tell as much as its value.
        if let Some(name) = name.as_deref().filter(|_| item == "custom property") {
            listing.add_value(class, "name of a custom property", place, name);
        }
    }
}

/// [MS-OLEPS] 3.1.2, the summary information.
fn summary(id: u32) -> (&'static str, Class) {
    match id {
        0x02 => ("Title", Class::MetadataDescription),
        0x03 => ("Subject", Class::MetadataDescription),
        0x04 => ("Author", Class::MetadataAuthor),
        0x05 => ("Keywords", Class::MetadataDescription),
        0x06 => ("Comments", Class::MetadataDescription),
        0x07 => ("Template", Class::MetadataPaths),
        0x08 => ("LastAuthor", Class::MetadataAuthor),
        0x09 => ("RevNumber", Class::MetadataIdentifiers),
        0x0a => ("EditTime", Class::MetadataDates),
        0x0b => ("LastPrinted", Class::MetadataDates),
        0x0c => ("CreateTime", Class::MetadataDates),
        0x0d => ("LastSaveTime", Class::MetadataDates),
        0x11 => ("Thumbnail", Class::ContentThumbnails),
        0x12 => ("AppName", Class::MetadataSoftware),
        0x0e..=0x10 => ("counts of pages, words and characters", Class::MetadataOther),
        _ => ("other summary property", Class::MetadataOther),
    }
}

/// [MS-OSHARED] 2.3.3.2.2.1, the document summary information.
fn document_summary(id: u32) -> (&'static str, Class) {
    match id {
        0x02 => ("Category", Class::MetadataDescription),
        0x03 => ("PresentationFormat", Class::MetadataDescription),
        0x0d => ("DocParts", Class::MetadataDescription),
        0x0e => ("Manager", Class::MetadataAuthor),
        0x0f => ("Company", Class::MetadataOrganisation),
        0x17 => ("Version", Class::MetadataSoftware),
        0x1a => ("ContentType", Class::MetadataDescription),
        0x1b => ("ContentStatus", Class::MetadataDescription),
        0x1c => ("Language", Class::MetadataDescription),
        0x1d => ("DocVersion", Class::MetadataIdentifiers),
        _ => ("other document property", Class::MetadataOther),
    }
}

/// Names that programs give, told by name; those that people give are values.
fn custom(name: Option<&str>) -> (&'static str, Class) {
    match name.unwrap_or_default() {
        "_PID_LINKBASE" => ("HyperlinkBase", Class::MetadataPaths),
        "_PID_HLINKS" => ("Hyperlinks", Class::LinksLocal),
        "_PID_GUID" => ("_PID_GUID", Class::MetadataIdentifiers),
        "_AuthorEmail" | "_AuthorEmailDisplayName" => ("_AuthorEmail", Class::MetadataAuthor),
        "_EmailSubject" => ("_EmailSubject", Class::MetadataDescription),
        "_AdHocReviewCycleID" | "_PreviousAdHocReviewCycleID" => ("_AdHocReviewCycleID", Class::MetadataIdentifiers),
        "ContentTypeId" => ("ContentTypeId", Class::MetadataIdentifiers),
        _ => ("custom property", Class::MetadataOther),
    }
}
