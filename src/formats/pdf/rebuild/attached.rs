//! Attached files that the policy keeps: one clean copy of each, wherever it is referred to.
//!
//! They may hang on the name tree of the catalog (7.7.4), on annotations (12.5.6.15), and as associated files on the document,
//! its pages, structure elements, forms and pictures (14.13). A file is cleaned when the walk first meets it; what it never
//! meets does not get into the copy. Of a file specification its name stays, without a path, and how the file is related.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::attachments::{self, Attachment, holds};
use super::super::schema::Type;
use super::super::source::{Dictionary, Object, ObjectId, Source, Stream, text};
use super::super::trees::entries;
use super::super::write::deflate;
use super::{Rebuild, reference, typed};
use crate::policy::{Class, Policy};
use crate::refusal::Refusal;

/// How an associated file may be related (ISO 32000-2, table 43).
const RELATIONSHIPS: [&[u8]; 8] =
    [b"Source", b"Data", b"Alternative", b"Supplement", b"EncryptedPayload", b"FormData", b"Schema", b"Unspecified"];
/// The views of a portfolio that need no program of its own (table 153).
const VIEWS: [&[u8]; 3] = [b"D", b"T", b"H"];

/// The attached files of the document, and what was copied of them.
pub(super) struct Attached<'a> {
    files: BTreeMap<ObjectId, Attachment<'a>>,
    /// The numbers of the file specifications in the copy.
    specifications: HashMap<ObjectId, u32>,
}

impl<'a> Attached<'a> {
    /// The files that may stay: none where the policy removes them.
    pub(super) fn new(source: &'a Source, policy: &Policy) -> Result<Self, Refusal> {
        let files = if attachments::stay(policy) { attachments::all(source)? } else { BTreeMap::new() };
        Ok(Self { files, specifications: HashMap::new() })
    }

    /// The files that are in the copy.
    pub(super) fn kept(&self) -> HashSet<ObjectId> {
        self.specifications.keys().copied().collect()
    }
}

/// The name tree of the attached files, and the portfolio made of them.
type Files = (Dictionary, Option<Dictionary>);

impl Rebuild<'_> {
    /// Copies what refers to attached files. False for all other keys, and where attached files go.
    pub(super) fn copies_attached(
        &mut self,
        kind: Type,
        key: &[u8],
        value: &Object,
        copy: &mut Dictionary,
    ) -> Result<bool, Refusal> {
        if !attachments::stay(self.policy) {
            return Ok(false);
        }
        match (kind, key) {
            (Type::FileAttachment, b"FS") => {
                let Some(specification) = self.specification(value)? else { return Ok(false) };
                copy.set("FS", specification);
            }
            (
                Type::Catalog | Type::Page | Type::StructElement | Type::Form | Type::Image | Type::FileAttachment,
                b"AF",
            ) => {
                let mut related = Vec::new();
                for element in attachments::elements(self.source, value)? {
                    if let Some(specification) = self.specification(element)?
                        && !related.contains(&specification)
                    {
                        related.push(specification);
                    }
                }
                if related.is_empty() {
                    return Ok(false);
                }
                copy.set("AF", Object::Array(related));
            }
            (Type::Catalog, b"Collection") => {} // by `file_tree`
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The tree of the attached files by their names; nothing when there are none.
    pub(super) fn file_tree(&mut self) -> Result<Option<Files>, Refusal> {
        let source = self.source;
        if !attachments::stay(self.policy) {
            return Ok(None);
        }
        let catalog = source.catalog()?;
        let root = match source.dictionary(catalog, "Names")? {
            Some(names) => source.dictionary(names, "EmbeddedFiles")?,
            None => None,
        };
        let listed =
            root.map(|root| entries(source, root, "Names", self.context.limits)).transpose()?.unwrap_or_default();
        let mut keys: HashMap<ObjectId, Vec<u8>> = HashMap::new();
        let mut tree: BTreeMap<Vec<u8>, &Object> = BTreeMap::new();
        let mut renamed: HashMap<Vec<u8>, Vec<u8>> = HashMap::new();
        for (old, value) in listed {
            let old = old.object();
            let file = holds(source, value)?.and_then(|id| self.attached.files.get(&id).map(|file| (id, file)));
            let Some((id, file)) = file else {
                self.report.removed(Class::EmbeddedFiles, "Names/EmbeddedFiles", "");
                continue;
            };
            let known = text(&old).unwrap_or_default();
            let key = match keys.get(&id) {
                Some(key) => key.clone(),
                None => free_key(&file.file_name(source)?, &known, &tree),
            };
            if text(&string(key.clone())).is_none_or(|new| new != known) {
                self.report.removed_value(Class::EmbeddedFiles, "Names/EmbeddedFiles/name", "", known);
            }
            renamed.insert(old.as_str().unwrap_or_default().to_vec(), key.clone());
            tree.entry(key.clone()).or_insert(value);
            keys.insert(id, key);
        }
        // Copied in the order of the new names, so that a copy of the copy has the same numbers.
        let mut pairs = Vec::with_capacity(tree.len());
        for (key, value) in tree {
            if let Some(specification) = self.specification(value)? {
                pairs.push((string(key), specification));
            }
        }
        let collection = source.dictionary(catalog, "Collection")?;
        let Some(tree) = self.new_tree(&pairs, "Names")? else {
            if collection.is_some() {
                self.report.removed(Class::EmbeddedFiles, "Catalog/Collection", "");
            }
            return Ok(None);
        };
        let collection = match collection {
            Some(collection) => {
                let first = source.get(collection, "D")?.as_str().unwrap_or_default();
                Some(self.collection(collection, renamed.remove(first))?)
            }
            None => None,
        };
        Ok(Some((tree, collection)))
    }

    /// A portfolio (7.11.6) that begins with the file of this name.
    fn collection(&mut self, entries: &Dictionary, shown: Option<Vec<u8>>) -> Result<Dictionary, Refusal> {
        let mut copy = self.dictionary(entries, Type::Collection)?;
        if copy.get(b"View").and_then(Object::as_name).is_ok_and(|view| !VIEWS.contains(&view)) {
            copy.remove(b"View");
        }
        if let Some(shown) = shown {
            copy.set("D", string(shown));
        }
        Ok(typed(b"Collection", copy))
    }

    /// The copy of a file specification with the file that it holds; nothing where it holds none.
    fn specification(&mut self, value: &Object) -> Result<Option<Object>, Refusal> {
        let source = self.source;
        let Some(id) = holds(source, value)? else { return Ok(None) };
        if let Some(number) = self.attached.specifications.get(&id) {
            return Ok(Some(reference(*number)));
        }
        let Some(file) = self.attached.files.get(&id).cloned() else { return Ok(None) };
        let number = self.reserve()?;
        self.attached.specifications.insert(id, number);
        let kept = file.clean(source, self.policy, self.context, self.report)?;
        let name = file.file_name(source)?;
        self.report.values.retain(|removed| removed.value != name); // notes often repeat it, and it stays
        let name = string(text_string(&name));
        let mut related = None;
        for specification in &file.specifications {
            let copy = self.dictionary(specification, Type::FileSpecification)?;
            related = related.or(copy.get(b"AFRelationship").ok().cloned());
        }
        let mut stream = typed(b"EmbeddedFile", self.dictionary(&file.stream.dict, Type::EmbeddedFile)?);
        let media_type = kept.kind.media_type().unwrap_or("application/octet-stream");
        stream.set("Subtype", Object::Name(media_type.as_bytes().to_vec()));
        let mut parameters = Dictionary::new();
        parameters.set("Size", Object::Integer(i64::try_from(kept.bytes.len()).unwrap_or(i64::MAX)));
        stream.set("Params", Object::Dictionary(parameters));
        stream.set("Filter", Object::Name(b"FlateDecode".to_vec()));
        let data = self.reserve()?;
        self.put(data, Object::Stream(Stream::new(stream, deflate(&kept.bytes)?)));
        let mut files = Dictionary::new();
        files.set("F", reference(data));
        files.set("UF", reference(data));
        let mut copy = typed(b"Filespec", Dictionary::new());
        copy.set("F", name.clone());
        copy.set("UF", name);
        copy.set("EF", Object::Dictionary(files));
        if let Some(Object::Name(related)) = related {
            let known = RELATIONSHIPS.contains(&related.as_slice());
            copy.set("AFRelationship", Object::Name(if known { related } else { b"Unspecified".to_vec() }));
        }
        self.put(number, Object::Dictionary(copy));
        Ok(Some(reference(number)))
    }
}

/// A key that no other file has: the name, with a number behind it where several files have the same. One that is such a key
/// already stays.
fn free_key(name: &str, old: &str, taken: &BTreeMap<Vec<u8>, &Object>) -> Vec<u8> {
    let number = old.strip_prefix(name).and_then(|rest| rest.strip_prefix('-'));
    let numbered = number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
    let given = numbered.then(|| old.to_owned());
    let others = (2_u64..).map(|number| format!("{name}-{number}"));
    let mut keys = given.into_iter().chain([name.to_owned()]).chain(others).map(|key| text_string(&key));
    keys.find(|key| !taken.contains_key(key)).unwrap_or_default()
}

fn string(bytes: Vec<u8>) -> Object {
    Object::String(bytes, lopdf::StringFormat::Literal)
}

/// A text string (7.9.2.2): as it is where ASCII will do, else in UTF-16.
fn text_string(text: &str) -> Vec<u8> {
    if text.is_ascii() {
        return text.as_bytes().to_vec();
    }
    [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect()
}
