//! Attached files (7.11.4): every one that a file specification holds, wherever that stands.
//!
//! They hang on the name tree of the catalog, on annotations, and as associated files on anything (14.13). By default all of
//! them go; but whoever answers for the release should know what would have gone out with them, so each is looked into by the
//! handler of its kind, its text is scanned, and what it would have given away is reported beneath it. Those that the policy
//! keeps are cleaned by that handler ([`clean`]) and copied by [`super::rebuild`].

mod clean;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::source::{Dictionary, Object, ObjectId, Source, Stream, as_dictionary, text};
use super::streams::{decode, filters};
use crate::formats::{Context, Report};
use crate::kind::Kind;
use crate::limits::Spent;
use crate::policy::{Action, Class, Policy};
use crate::refusal::Refusal;

/// Attachments that are looked into; of the others only what refers to them is told.
const MOST: usize = 1_000;
/// The longest name of a file that readers and file systems take.
const LONGEST_NAME: usize = 255;
/// The keys of a file specification that name its file (7.11.3), the one that readers prefer first.
const NAMES: [&str; 5] = ["UF", "F", "Unix", "DOS", "Mac"];

/// One attached file.
#[derive(Clone)]
pub(super) struct Attachment<'a> {
    /// Its place among the files of the document, counted from 1.
    number: usize,
    pub(super) stream: &'a Stream,
    /// The file specifications that hold it; none for one that nothing refers to.
    pub(super) specifications: Vec<&'a Dictionary>,
}

/// True when the policy leaves attached files in the copy.
pub(super) fn stay(policy: &Policy) -> bool {
    policy.action(Class::EmbeddedFiles) != Action::Remove
}

/// True for an annotation with a file in it.
///
/// # Errors
/// [`crate::Reason::Damaged`] where it was lost on loading.
pub(super) fn holds_file(source: &Source, annotation: &Dictionary) -> Result<bool, Refusal> {
    let specification = annotation.get(b"FS").unwrap_or(&Object::Null);
    Ok(holds(source, specification)?.is_some())
}

/// The file that readers take out of a file specification; nothing where it only names one elsewhere.
///
/// # Errors
/// [`crate::Reason::Damaged`] where it was lost on loading.
pub(super) fn holds(source: &Source, specification: &Object) -> Result<Option<ObjectId>, Refusal> {
    let Some(specification) = as_dictionary(source.resolve(specification)?.1) else { return Ok(None) };
    let Some(files) = source.dictionary(specification, "EF")? else { return Ok(None) };
    for key in NAMES {
        let file = files.get(key.as_bytes()).unwrap_or(&Object::Null);
        if let (Some(id), Object::Stream(_)) = source.resolve(file)? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// The elements of an array, references followed; a single value counts as an array of one.
///
/// # Errors
/// [`crate::Reason::Damaged`] where it was lost on loading.
pub(super) fn elements<'a>(source: &'a Source, value: &'a Object) -> Result<&'a [Object], Refusal> {
    Ok(match source.resolve(value)?.1 {
        Object::Array(elements) => elements,
        _ => std::slice::from_ref(value),
    })
}

/// Looks into all attached files but those that were kept.
///
/// # Errors
/// [`crate::Reason::Damaged`] where one was lost on loading.
pub(super) fn report(
    source: &Source,
    kept: &HashSet<ObjectId>,
    context: &Context<'_>,
    report: &mut Report,
) -> Result<(), Refusal> {
    // What goes anyway may not use up the budget of what stays. Attachments of attachments share the account.
    let spent = Spent::default();
    let context = if context.depth() == 0 { context.charging(&spent) } else { *context };
    for (_, attachment) in all(source)?.into_iter().filter(|(id, _)| !kept.contains(id)) {
        if attachment.number > MOST {
            report.removed(Class::EmbeddedFiles, "attached file (one of too many to look into)", "");
            continue;
        }
        // What does not unpack is of no use to anybody; it goes like the others.
        let plain = attachment.plain(source, &context);
        let mut embedded = context.inspect_attached(&attachment.part(source)?, plain);
        attachment.values(source, None, &mut embedded.report)?;
        report.embedded.push(embedded);
    }
    Ok(())
}

/// All attached files, in the order of their objects.
///
/// # Errors
/// [`crate::Reason::Damaged`] where one was lost on loading.
pub(super) fn all(source: &Source) -> Result<BTreeMap<ObjectId, Attachment<'_>>, Refusal> {
    let mut found: BTreeMap<ObjectId, Vec<&Dictionary>> = BTreeMap::new();
    for (id, object) in source.objects() {
        if as_dictionary(object).is_some_and(|entries| entries.has_type(b"EmbeddedFile")) {
            found.entry(id).or_default();
        }
        find(source, object, &mut found)?;
    }
    let mut attachments = BTreeMap::new();
    for (id, specifications) in found {
        if let Some((id, Object::Stream(stream))) = source.at(id)? {
            let number = attachments.len().saturating_add(1);
            attachments.entry(id).or_insert(Attachment { number, stream, specifications });
        }
    }
    Ok(attachments)
}

/// The streams that file specifications in this object refer to. Depth is bounded by the loader.
fn find<'a>(
    source: &'a Source,
    object: &'a Object,
    found: &mut BTreeMap<ObjectId, Vec<&'a Dictionary>>,
) -> Result<(), Refusal> {
    if let Some(entries) = as_dictionary(object) {
        for key in ["EF", "RF"] {
            let Some(files) = source.dictionary(entries, key)? else { continue };
            let own: BTreeSet<ObjectId> = files.iter().flat_map(|(_, file)| streams(source, file)).collect();
            for id in own {
                found.entry(id).or_default().push(entries);
            }
        }
        for (_, value) in entries {
            find(source, value, found)?;
        }
    }
    if let Object::Array(elements) = object {
        for element in elements {
            find(source, element, found)?;
        }
    }
    Ok(())
}

/// The stream under a key of `/EF`, or those in the array of names and streams under a key of `/RF`.
fn streams(source: &Source, value: &Object) -> Vec<ObjectId> {
    match source.resolve(value) {
        Ok((Some(id), Object::Stream(_))) => vec![id],
        Ok((_, Object::Array(related))) => related.iter().filter_map(|file| file.as_reference().ok()).collect(),
        _ => Vec::new(),
    }
}

impl Attachment<'_> {
    /// How the file is called in reports. Its own name may say too much for a log that is passed on; of it only the extension
    /// of a known kind is shown.
    fn part(&self, source: &Source) -> Result<String, Refusal> {
        let number = self.number;
        let name = self.name(source)?.unwrap_or_default();
        let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default();
        Ok(match Kind::by_extension(&extension).next() {
            Some(_) => format!("attachments/{number}.{extension}"),
            None => format!("attachments/{number}"),
        })
    }

    /// The name that readers show.
    fn name(&self, source: &Source) -> Result<Option<String>, Refusal> {
        for specification in &self.specifications {
            for key in NAMES {
                if let Some(name) = text(source.get(specification, key)?) {
                    return Ok(Some(name));
                }
            }
        }
        Ok(None)
    }

    /// The name that readers show, without the folders that the file came from.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] where it was lost on loading.
    pub(super) fn file_name(&self, source: &Source) -> Result<String, Refusal> {
        let name = self.name(source)?.unwrap_or_default();
        let last = name.rsplit(['/', '\\', ':']).next().unwrap_or_default();
        let plain: String = last.chars().filter(|sign| !sign.is_control()).take(LONGEST_NAME).collect();
        Ok(match plain.trim() {
            "" => "attachment".to_owned(),
            name => name.to_owned(),
        })
    }

    fn plain(&self, source: &Source, context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
        decode(source, &self.stream.content, &filters(source, self.stream)?, context)
    }

    /// Lists what stands beside the file: its names but for the one that stays, its description, when it was made.
    fn values(&self, source: &Source, stays: Option<&str>, report: &mut Report) -> Result<(), Refusal> {
        let mut seen = BTreeSet::new();
        for specification in &self.specifications {
            for key in NAMES.into_iter().chain(["Desc"]) {
                let Some(value) = text(source.get(specification, key)?) else { continue };
                if stays != Some(value.as_str()) && seen.insert((key, value.clone())) {
                    let path = value.contains(['/', '\\', ':']) && key != "Desc";
                    let class = if path { Class::MetadataPaths } else { Class::EmbeddedFiles };
                    report.removed_value(class, format!("Filespec/{key}"), "", value);
                }
            }
        }
        let Some(parameters) = source.dictionary(&self.stream.dict, "Params")? else { return Ok(()) };
        for key in ["CreationDate", "ModDate"] {
            if let Some(value) = text(source.get(parameters, key)?) {
                report.removed_value(Class::MetadataDates, format!("EmbeddedFile/{key}"), "", value);
            }
        }
        if parameters.has(b"CheckSum") {
            report.removed(Class::MetadataIdentifiers, "EmbeddedFile/CheckSum", "");
        }
        Ok(())
    }
}
