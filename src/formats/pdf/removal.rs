//! Names what the allow-list leaves behind: every key with its class, every metadata item with its value.

use super::actions::{class_of, file_name};
use super::attachments;
use super::schema::Type;
use super::source::{Dictionary, Object, ObjectId, Source, Stream, as_dictionary, text};
use super::streams::{decode, filters};
use super::trees::{Key, entries};
use crate::formats::metadata::xmp;
use crate::formats::{Context, Report};
use crate::policy::{Class, Policy};
use crate::refusal::Refusal;

/// Longer names of keys are not shown: they may be values in disguise.
const LONGEST_NAME: usize = 40;
/// Removed values kept from one attached or scripted name tree.
const MOST_NAMES: usize = 1_000;

/// A key name as it may stand in a log.
pub(super) fn key_name(key: &[u8]) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
    if !key.is_empty() && key.len() <= LONGEST_NAME && key.iter().all(plain) {
        String::from_utf8_lossy(key).into_owned()
    } else {
        "private-key".to_owned()
    }
}

/// Keys that are written anew or only describe how the old file was laid out: their loss is no removal.
fn is_structural(kind: Type, key: &[u8]) -> bool {
    match key {
        b"Length" | b"Filter" | b"DecodeParms" | b"DP" | b"DL" => true,
        b"Parent" => kind == Type::Page,
        b"Pages" | b"Names" | b"Dests" | b"Version" => kind == Type::Catalog,
        b"Kids" | b"Nums" | b"Names " | b"Limits" => {
            matches!(kind, Type::PageLabels | Type::ParentTree | Type::IdTree)
        }
        // What becomes of names and dates of attached files, `attachments` tells; of notes beside them, `annotations`.
        b"F" | b"UF" | b"Unix" | b"DOS" | b"Mac" | b"Desc" | b"EF" => kind == Type::FileSpecification,
        b"Params" | b"Subtype" => kind == Type::EmbeddedFile,
        b"D" => kind == Type::Collection,
        b"T" | b"Contents" | b"RC" | b"Subj" | b"NM" | b"M" | b"CreationDate" | b"P" | b"A" => {
            kind == Type::FileAttachment
        }
        b"Type" => matches!(kind, Type::FileSpecification | Type::EmbeddedFile),
        b"Name" => matches!(kind, Type::Image | Type::Form),
        _ => false,
    }
}

/// Records a key that is not on the list of its type.
///
/// # Errors
/// [`crate::Reason::Damaged`] where what it leads to was lost on loading.
pub(super) fn dropped_key(
    source: &Source,
    kind: Type,
    key: &[u8],
    value: &Object,
    context: &Context<'_>,
    report: &mut Report,
) -> Result<(), Refusal> {
    if is_structural(kind, key) || value.is_null() {
        return Ok(());
    }
    let item = format!("{kind:?}/{}", key_name(key));
    let class = match key {
        b"Metadata" => return metadata(source, &item, value, context, report),
        b"OpenAction" | b"AA" => class_of(source, value)?,
        b"JS" | b"JavaScript" => Class::ActiveJavascript,
        b"Next" | b"PA" => Class::ActiveActions,
        b"PieceInfo" | b"Private" => Class::ContentCustomXml,
        b"LastModified" | b"M" | b"CreationDate" | b"ModDate" => {
            if let Some(value) = text(source.resolve(value)?.1) {
                report.removed_value(Class::MetadataDates, item, "", value);
                return Ok(());
            }
            Class::MetadataDates
        }
        b"Creator" | b"Author" => Class::MetadataAuthor,
        b"CreatorInfo" | b"User" => Class::MetadataPeople,
        b"Thumb" => Class::ContentThumbnails,
        b"VP" | b"Measure" | b"LGIDict" | b"PtData" => Class::MetadataLocation,
        b"Perms" | b"DSS" | b"Legal" | b"SigFlags" | b"Lock" | b"SV" => Class::Signatures,
        b"XFA" | b"DV" | b"RV" | b"DS" | b"CO" | b"TM" => Class::ContentFormFields,
        b"AF" | b"Collection" | b"EF" | b"RF" | b"FS" => Class::EmbeddedFiles,
        b"Alternates" => Class::ContentSecondaryImages,
        b"OPI" => Class::MetadataPaths,
        b"ID" | b"NM" | b"UID" => Class::MetadataIdentifiers,
        b"SpiderInfo" => Class::MetadataPaths,
        b"URI" if kind == Type::Catalog => Class::LinksLocal,
        b"UserProperties" => Class::MetadataOther,
        b"Popup" | b"IRT" => Class::ContentAnnotations,
        b"FFilter" | b"FDecodeParms" | b"Ref" => Class::LinksLocal,
        b"Contents" | b"Subj" | b"RC" => Class::ContentComments,
        _ => Class::ContentUnknown,
    };
    report.removed(class, item, "");
    Ok(())
}

/// Lists an XMP packet property by property.
fn metadata(
    source: &Source,
    item: &str,
    value: &Object,
    context: &Context<'_>,
    report: &mut Report,
) -> Result<(), Refusal> {
    match source.resolve(value)? {
        (_, Object::Stream(stream)) => {
            let plain = packet(source, stream, context);
            xmp::list(&plain, item, report);
        }
        _ => report.removed(Class::MetadataOther, item, ""),
    }
    Ok(())
}

/// The packet is dropped in any case: if it cannot be unpacked, only its properties go unnamed.
fn packet(source: &Source, stream: &Stream, context: &Context<'_>) -> Vec<u8> {
    let filters = filters(source, stream).unwrap_or_default();
    decode(source, &stream.content, &filters, context).unwrap_or_default()
}

/// Records the information dictionary, private keys of the trailer and the identifier.
///
/// # Errors
/// [`crate::Reason::Damaged`] where the information dictionary was lost on loading.
pub(super) fn trailer(source: &Source, report: &mut Report) -> Result<(), Refusal> {
    for (key, value) in source.trailer() {
        match key.as_slice() {
            b"Root" | b"Size" | b"Prev" | b"XRefStm" | b"Type" | b"W" | b"Index" | b"Length" | b"Filter"
            | b"DecodeParms" | b"Encrypt" | b"ID" => {}
            b"Info" => information(source, value, report)?,
            other => report.removed(Class::MetadataOther, format!("Trailer/{}", key_name(other)), ""),
        }
    }
    Ok(())
}

/// The two identifiers of the file (14.4) in hexadecimal, as far as it has any.
///
/// # Errors
/// [`crate::Reason::Damaged`] where one was lost on loading.
pub(super) fn identifiers(source: &Source) -> Result<Vec<String>, Refusal> {
    let mut identifiers = Vec::new();
    for part in source.list(source.trailer(), "ID")? {
        identifiers.push(source.resolve(part)?.1.as_str().map(crate::report::hex).unwrap_or_default());
    }
    Ok(identifiers)
}

/// Records the identifiers of the file where the copy has another one: they stay the same through all states of a document,
/// and some programs make them of the path and the time.
pub(super) fn other_identifier(old: &[String], new: &str, report: &mut Report) {
    for _ in old.iter().filter(|old| !old.is_empty() && *old != new) {
        report.removed(Class::MetadataIdentifiers, "Trailer/ID", "");
    }
}

fn information(source: &Source, value: &Object, report: &mut Report) -> Result<(), Refusal> {
    let Some(information) = as_dictionary(source.resolve(value)?.1) else { return Ok(()) };
    for (key, value) in information {
        let class = match key.as_slice() {
            b"Author" => Class::MetadataAuthor,
            b"Creator" | b"Producer" | b"PTEX.Fullbanner" => Class::MetadataSoftware,
            b"Title" | b"Subject" | b"Keywords" => Class::MetadataDescription,
            b"CreationDate" | b"ModDate" | b"SourceModified" => Class::MetadataDates,
            b"Company" | b"Manager" => Class::MetadataOrganisation,
            _ => Class::MetadataOther,
        };
        let written = text(source.resolve(value)?.1);
        let name = String::from_utf8_lossy(key);
        if report.removed_label("PDF:", &name, "", written.as_deref().unwrap_or_default()) {
            continue;
        }
        let item = format!("PDF:{}", key_name(key));
        match written {
            Some(value) => report.removed_value(class, item, "", value),
            None => report.removed(class, item, ""),
        }
    }
    Ok(())
}

/// Records the name trees of the catalog other than that of destinations (7.7.4).
///
/// # Errors
/// [`crate::Reason::Damaged`] where a tree was lost on loading, [`crate::Reason::OverLimit`].
pub(super) fn name_trees(
    source: &Source,
    policy: &Policy,
    context: &Context<'_>,
    report: &mut Report,
) -> Result<(), Refusal> {
    let Some(names) = source.dictionary(source.catalog()?, "Names")? else { return Ok(()) };
    for (key, value) in names {
        let class = match key.as_slice() {
            b"Dests" => continue,
            b"JavaScript" => Class::ActiveJavascript,
            b"EmbeddedFiles" if attachments::stay(policy) => continue,
            b"EmbeddedFiles" => Class::EmbeddedFiles,
            b"Renditions" => Class::ActiveActions,
            b"URLS" | b"IDS" => Class::MetadataPaths,
            _ => Class::ContentUnknown,
        };
        let item = format!("Names/{}", key_name(key));
        let Some(root) = as_dictionary(source.resolve(value)?.1) else { continue };
        let found = entries(source, root, "Names", context.limits)?;
        report.hit(class, crate::policy::Action::Remove, &item, "", (found.len() as u64).max(1), 0);
        for (name, value) in found.iter().take(MOST_NAMES) {
            if class == Class::EmbeddedFiles {
                attachment(source, name, value, report)?;
            }
        }
    }
    Ok(())
}

/// Records the name and description of an attached file.
fn attachment(source: &Source, name: &Key, value: &Object, report: &mut Report) -> Result<(), Refusal> {
    if let Some(name) = text(&name.object()) {
        report.removed_value(Class::EmbeddedFiles, "Names/EmbeddedFiles/name", "", name);
    }
    let Some(file) = as_dictionary(source.resolve(value)?.1) else { return Ok(()) };
    if file.has(b"EF") {
        return Ok(()); // `attachments` tells of it
    }
    if let Some(name) = file_name(source, file)? {
        report.removed_value(Class::EmbeddedFiles, "Filespec/F", "", name);
    }
    if let Some(description) = text(source.get(file, "Desc")?) {
        report.removed_value(Class::EmbeddedFiles, "Filespec/Desc", "", description);
    }
    Ok(())
}

/// Records what is dropped of the file as a whole: old states, loose objects, bytes around the document, protection.
pub(super) fn container(source: &Source, bytes: &[u8], report: &mut Report) {
    if source.was_encrypted {
        report.removed(Class::ContentProtection, "Encrypt", "");
    }
    let old = source.revisions.saturating_sub(1) as u64;
    if old > 0 {
        report.hit(Class::ContentOldRevisions, crate::policy::Action::Remove, "revision", "", old, 0);
    }
    let loose = source.unreferenced() as u64;
    if loose > 0 {
        report.hit(Class::ContentUnreferenced, crate::policy::Action::Remove, "object", "", loose, 0);
    }
    if source.leading_bytes > 0 {
        report.removed_bytes(Class::ContentTrailingBytes, "bytes before the header", "", source.leading_bytes);
    }
    if source.gaps > 0 {
        report.removed_bytes(Class::ContentTrailingBytes, "bytes between objects", "", source.gaps);
    }
    let comment = binary_comment(bytes.get(source.leading_bytes..).unwrap_or_default());
    if comment.iter().any(u8::is_ascii_graphic) {
        report.removed_bytes(Class::ContentTrailingBytes, "comment after the header", "", comment.len());
    }
    let mark = b"%%EOF";
    let after = bytes.windows(mark.len()).rposition(|window| window == mark).map(|at| at.saturating_add(mark.len()));
    let rest = after.and_then(|at| bytes.get(at..)).unwrap_or_default();
    if rest.iter().any(|byte| !byte.is_ascii_whitespace() && *byte != 0) {
        report.removed_bytes(Class::ContentTrailingBytes, "bytes after the end", "", rest.len());
    }
}

/// The comment in the line after the header (7.5.2), which need only have four bytes that are no text.
fn binary_comment(file: &[u8]) -> &[u8] {
    let mut lines = file.split(|byte| matches!(byte, b'\r' | b'\n')).skip(1).filter(|line| !line.is_empty());
    lines.next().and_then(|line| line.strip_prefix(b"%")).unwrap_or_default()
}

/// The objects that lie under a key of the catalog, for callers that look at them further.
pub(super) fn catalog_reference(catalog: &Dictionary, key: &str) -> Option<ObjectId> {
    catalog.get(key.as_bytes()).ok().and_then(|value| value.as_reference().ok())
}
