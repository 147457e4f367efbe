//! The document as it came in: `lopdf` behind a type of our own, which catches what that library loses silently.
//!
//! `lopdf` logs and skips what it cannot read: an object at a wrong offset, an object stream that does not unpack, a
//! stream without a length, text that it could not decrypt. The copy would then lack it without a word. So every access
//! goes through [`Source::resolve`], which tells a reference that leads nowhere (a null object, ISO 32000-2, 7.3.10) from
//! one whose object is in the file but was lost: the latter refuses the document.

use std::collections::{BTreeSet, HashSet};

use lopdf::xref::{XrefEntry, XrefRecovery};
use lopdf::{DecompressError, Document, LoadOptions};
pub(super) use lopdf::{Dictionary, Object, ObjectId, Stream};

use crate::formats::Context;
use crate::refusal::Refusal;

/// How many references may lead to one another.
const REFERENCE_CHAIN: usize = 32;
/// A loaded document.
pub(super) struct Source {
    document: Document,
    /// True when the file was encrypted with an empty user password, and the objects are decrypted.
    pub(super) was_encrypted: bool,
    /// How many states of the document the file holds.
    pub(super) revisions: usize,
    /// Bytes before the header.
    pub(super) leading_bytes: usize,
    /// Bytes between one object and the next that are neither blank nor the end of a revision.
    pub(super) gaps: usize,
    /// Live objects of the cross-reference table that were not read.
    lost: BTreeSet<u32>,
    /// The table was rebuilt by looking for objects: a reference that leads nowhere may be a loss.
    rebuilt: bool,
}

/// Names an object in refusals and reports.
pub(super) fn part(id: ObjectId) -> String {
    format!("object {} {}", id.0, id.1)
}

impl Source {
    /// Loads a document.
    ///
    /// # Errors
    /// [`crate::Reason::Encrypted`] when it needs a password, [`crate::Reason::OverLimit`], else
    /// [`crate::Reason::Damaged`].
    pub(super) fn load(bytes: &[u8], context: &Context<'_>) -> Result<Self, Refusal> {
        let leading_bytes = bytes.windows(5).take(4096).position(|window| window == b"%PDF-").unwrap_or(0);
        let file = bytes.get(leading_bytes..).unwrap_or_default();
        let mut document = read(file, false, context)?;
        if document.xref_recovery != Some(XrefRecovery::Reconstructed) && !offsets_hold(&document, file) {
            // A table that points elsewhere may give stale objects; looking for the objects themselves does not.
            if let Ok(rebuilt) = read(file, true, context) {
                document = rebuilt;
            }
        }
        if document.is_encrypted() {
            return Err(Refusal::encrypted("the document needs a password"));
        }
        let count = document.objects.len() as u64;
        if count > context.limits.pdf_objects {
            return Err(Refusal::over_limit("pdf-objects", format!("the document has {count} objects")));
        }
        let mut source = Self {
            was_encrypted: document.was_encrypted(),
            revisions: document.revision_count(),
            leading_bytes,
            gaps: gaps(&document, file),
            lost: lost(&document),
            rebuilt: document.xref_recovery == Some(XrefRecovery::Reconstructed),
            document,
        };
        source.recover_unmeasured_streams(file)?;
        source.check_filters(context.limits.pdf_filters)?;
        Ok(source)
    }

    /// Holds all streams to the budget of filters over one of them.
    fn check_filters(&self, most: u64) -> Result<(), Refusal> {
        for (id, object) in self.objects() {
            let Object::Stream(stream) = object else { continue };
            if self.list(&stream.dict, "Filter").is_ok_and(|filters| filters.len() as u64 > most) {
                let detail = format!("it has more than {most} filters");
                return Err(Refusal::over_limit("pdf-filters", detail).in_part(part(id)));
            }
        }
        Ok(())
    }

    /// The version in the header, such as `1.7`.
    pub(super) fn version(&self) -> &str {
        &self.document.version
    }

    /// The trailer, without the keys of cross-reference streams.
    pub(super) fn trailer(&self) -> &Dictionary {
        &self.document.trailer
    }

    /// All objects in the order of their numbers.
    pub(super) fn objects(&self) -> impl Iterator<Item = (ObjectId, &Object)> {
        self.document.objects.iter().map(|(id, object)| (*id, object))
    }

    /// Adds an object of our own, for content that is drawn into a page.
    pub(super) fn add(&mut self, object: Object) -> ObjectId {
        self.document.add_object(object)
    }

    /// Puts another object in the place of one.
    pub(super) fn replace(&mut self, id: ObjectId, object: Object) {
        self.document.objects.insert(id, object);
    }

    /// The object of this number, for changes.
    pub(super) fn object_mut(&mut self, id: ObjectId) -> Option<&mut Object> {
        self.document.objects.get_mut(&id)
    }

    /// All objects, for changes.
    pub(super) fn objects_mut(&mut self) -> impl Iterator<Item = &mut Object> {
        self.document.objects.values_mut()
    }

    /// The object of this number, references followed, and the number of the last one; none when there is no such object.
    ///
    /// # Errors
    /// As [`Source::resolve`].
    pub(super) fn at(&self, id: ObjectId) -> Result<Option<(ObjectId, &Object)>, Refusal> {
        match self.document.objects.get(&id) {
            Some(object @ Object::Reference(_)) => {
                let (id, object) = self.resolve(object)?;
                Ok(id.map(|id| (id, object)))
            }
            Some(object) => Ok(Some((id, object))),
            None => self.absent(id).map(|_| None),
        }
    }

    /// The interactive form, for changes.
    pub(super) fn form_mut(&mut self) -> Result<Option<&mut Dictionary>, Refusal> {
        let root = self.document.trailer.get(b"Root").unwrap_or(&Object::Null).clone();
        let form = self.catalog()?.get(b"AcroForm").unwrap_or(&Object::Null).clone();
        let form = self.resolve(&form)?.0;
        let holder = match form {
            Some(id) => return Ok(self.object_mut(id).and_then(|form| form.as_dict_mut().ok())),
            None => self.resolve(&root)?.0,
        };
        let catalog = holder.and_then(|id| self.object_mut(id)).and_then(|catalog| catalog.as_dict_mut().ok());
        Ok(catalog.and_then(|catalog| catalog.get_mut(b"AcroForm").ok()).and_then(|form| form.as_dict_mut().ok()))
    }

    /// Follows references. The id is that of the last object on the way; a reference that leads nowhere is null.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when the object is in the file but could not be read.
    pub(super) fn resolve<'a>(&'a self, object: &'a Object) -> Result<(Option<ObjectId>, &'a Object), Refusal> {
        let (mut id, mut object) = (None, object);
        for _ in 0..REFERENCE_CHAIN {
            let Object::Reference(next) = object else { return Ok((id, object)) };
            match self.document.objects.get(next) {
                Some(found) => (id, object) = (Some(*next), found),
                None => return self.absent(*next),
            }
        }
        Err(Refusal::damaged("references lead in a circle"))
    }

    /// The value under a key, references followed; null when there is none.
    pub(super) fn get<'a>(&'a self, dictionary: &'a Dictionary, key: &str) -> Result<&'a Object, Refusal> {
        match dictionary.get(key.as_bytes()) {
            Ok(value) => self.resolve(value).map(|(_, value)| value),
            Err(_) => Ok(&Object::Null),
        }
    }

    /// The name under a key.
    pub(super) fn name<'a>(&'a self, dictionary: &'a Dictionary, key: &str) -> Result<Option<&'a [u8]>, Refusal> {
        Ok(self.get(dictionary, key)?.as_name().ok())
    }

    /// The dictionary under a key, that of a stream included.
    pub(super) fn dictionary<'a>(
        &'a self,
        dictionary: &'a Dictionary,
        key: &str,
    ) -> Result<Option<&'a Dictionary>, Refusal> {
        Ok(as_dictionary(self.get(dictionary, key)?))
    }

    /// The elements of the array under a key; a single value counts as an array of one.
    pub(super) fn list<'a>(&'a self, dictionary: &'a Dictionary, key: &str) -> Result<&'a [Object], Refusal> {
        let Ok(value) = dictionary.get(key.as_bytes()) else { return Ok(&[]) };
        match self.resolve(value)?.1 {
            Object::Array(elements) => Ok(elements),
            Object::Null => Ok(&[]),
            _ => Ok(std::slice::from_ref(value)),
        }
    }

    /// The catalog.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when there is none.
    pub(super) fn catalog(&self) -> Result<&Dictionary, Refusal> {
        match self.get(&self.document.trailer, "Root")? {
            Object::Dictionary(catalog) => Ok(catalog),
            _ => Err(Refusal::damaged("the document has no catalog")),
        }
    }

    /// Objects that nothing in the document leads to, apart from the containers of the file's own structure.
    pub(super) fn unreferenced(&self) -> usize {
        let mut seen: HashSet<ObjectId> = HashSet::new();
        let mut open: Vec<&Object> = self.document.trailer.iter().map(|(_, value)| value).collect();
        while let Some(object) = open.pop() {
            match object {
                Object::Reference(id) if seen.insert(*id) => open.extend(self.document.objects.get(id)),
                Object::Array(elements) => open.extend(elements),
                Object::Dictionary(dictionary) => open.extend(dictionary.iter().map(|(_, value)| value)),
                Object::Stream(stream) => open.extend(stream.dict.iter().map(|(_, value)| value)),
                _ => {}
            }
        }
        let structural = |object: &Object| {
            [b"ObjStm".as_slice(), b"XRef"].iter().any(|name| has_type(object, name))
                || matches!(object, Object::Dictionary(dictionary) if dictionary.has(b"Linearized"))
        };
        self.objects().filter(|(id, object)| !seen.contains(id) && !structural(object)).count()
    }

    fn absent(&self, id: ObjectId) -> Result<(Option<ObjectId>, &Object), Refusal> {
        if self.lost.contains(&id.0) {
            return Err(Refusal::damaged("the object is in the file but cannot be read").in_part(part(id)));
        }
        if self.rebuilt {
            return Err(
                Refusal::damaged("the file was cut off or overwritten, and the object is missing").in_part(part(id))
            );
        }
        Ok((None, &Object::Null))
    }

    /// `lopdf` leaves a stream empty when its `/Length` is missing or wrong beyond repair. Its data ends at `endstream`.
    fn recover_unmeasured_streams(&mut self, file: &[u8]) -> Result<(), Refusal> {
        let mut found = Vec::new();
        for (id, object) in &self.document.objects {
            let Object::Stream(stream) = object else { continue };
            if !stream.content.is_empty() || stream.start_position.is_none() {
                continue;
            }
            let measured =
                stream.dict.get(b"Length").ok().and_then(|length| {
                    self.document.dereference(length).ok().and_then(|(_, length)| length.as_i64().ok())
                });
            if measured == Some(0) {
                continue;
            }
            if self.was_encrypted {
                return Err(Refusal::damaged("an encrypted stream has no length").in_part(part(*id)));
            }
            let rest = stream.start_position.and_then(|start| file.get(start..)).unwrap_or_default();
            let Some(end) = rest.windows(9).position(|window| window == b"endstream") else {
                return Err(Refusal::damaged("a stream has no end").in_part(part(*id)));
            };
            let data = rest.get(..end).unwrap_or_default();
            let data = data.strip_suffix(b"\n").unwrap_or(data);
            found.push((*id, data.strip_suffix(b"\r").unwrap_or(data).to_vec()));
        }
        for (id, data) in found {
            if let Some(Object::Stream(stream)) = self.document.objects.get_mut(&id) {
                stream.set_content(data);
            }
        }
        Ok(())
    }
}

/// The dictionary of a dictionary or stream object.
pub(super) fn as_dictionary(object: &Object) -> Option<&Dictionary> {
    match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}

/// A number as it counts in geometry.
pub(super) fn number(object: &Object) -> Option<f64> {
    match object {
        #[allow(clippy::cast_precision_loss)] // coordinates
        Object::Integer(value) => Some(*value as f64),
        Object::Real(value) => Some(f64::from(*value)),
        _ => None,
    }
}

/// A text string as text (7.9.2.2).
pub(super) fn text(object: &Object) -> Option<String> {
    match object {
        Object::String(bytes, _) => {
            Some(lopdf::decode_text_string(object).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned()))
        }
        Object::Name(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    }
}

fn has_type(object: &Object, name: &[u8]) -> bool {
    as_dictionary(object).is_some_and(|dictionary| dictionary.has_type(name))
}

fn read(file: &[u8], force_reconstruct: bool, context: &Context<'_>) -> Result<Document, Refusal> {
    let most = context.limits.pdf_stream_bytes;
    let options = LoadOptions {
        password: None,
        filter: None,
        strict: false,
        max_decompressed_size: Some(usize::try_from(most).unwrap_or(usize::MAX)),
        force_reconstruct,
    };
    Document::load_mem_with_options(file, options).map_err(|error| refusal_for(&error))
}

/// The refusal for an error of `lopdf`. Its message may quote the file, so only its kind is told.
fn refusal_for(error: &lopdf::Error) -> Refusal {
    match error {
        lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_) | lopdf::Error::UnsupportedSecurityHandler(_) => {
            Refusal::encrypted("the document is encrypted in a way that an empty password does not open")
        }
        lopdf::Error::Decompress(DecompressError::MemoryLimitExceeded { .. }) => {
            Refusal::over_limit("pdf-stream-bytes", "a stream of the file's structure unpacks to too much")
        }
        _ => Refusal::damaged("the structure of the file cannot be read"),
    }
}

/// Whether the entries of the cross-reference table point at the headers of their objects.
fn offsets_hold(document: &Document, file: &[u8]) -> bool {
    document.reference_table.entries.iter().all(|(number, entry)| match entry {
        XrefEntry::Normal { offset: 0, .. } => true, // a free entry as some programs write it
        XrefEntry::Normal { offset, .. } => usize::try_from(*offset)
            .ok()
            .and_then(|offset| file.get(offset..))
            .is_some_and(|rest| object_number(rest) == Some(*number)),
        _ => true,
    })
}

/// How many bytes lie between objects: behind the end of one and before the header of the next.
fn gaps(document: &Document, file: &[u8]) -> usize {
    let end = b"endobj";
    let mut starts: Vec<usize> = document.reference_table.entries.values().filter_map(offset).collect();
    starts.sort_unstable();
    let mut total = 0_usize;
    for pair in starts.windows(2) {
        let [from, to] = pair else { continue };
        let between = file.get(*from..*to).unwrap_or_default();
        let Some(at) = between.windows(end.len()).rposition(|window| window == end) else { continue };
        let gap = between.get(at.saturating_add(end.len())..).unwrap_or_default();
        // Between two revisions lies the trailer of the older one.
        let trailer = gap.windows(9).any(|window| window == b"startxref");
        let blank = gap.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0);
        if !trailer && !blank {
            total = total.saturating_add(gap.trim_ascii().len());
        }
    }
    total
}

fn offset(entry: &XrefEntry) -> Option<usize> {
    match entry {
        XrefEntry::Normal { offset, .. } => usize::try_from(*offset).ok(),
        _ => None,
    }
}

/// The number in an object header `12 0 obj`.
fn object_number(rest: &[u8]) -> Option<u32> {
    let head = rest.get(..rest.len().min(64)).unwrap_or_default();
    let text: String = head.iter().map(|byte| if byte.is_ascii_graphic() { char::from(*byte) } else { ' ' }).collect();
    let mut words = text.split_ascii_whitespace();
    let number = words.next()?.parse().ok()?;
    let _generation: u32 = words.next()?.parse().ok()?;
    words.next()?.starts_with("obj").then_some(number)
}

fn lost(document: &Document) -> BTreeSet<u32> {
    let loaded: HashSet<u32> = document.objects.keys().map(|id| id.0).collect();
    document
        .reference_table
        .entries
        .iter()
        .filter(|(number, entry)| {
            let live = match entry {
                XrefEntry::Normal { offset, .. } => *offset != 0,
                XrefEntry::Compressed { .. } => true,
                XrefEntry::Free | XrefEntry::UnusableFree => false,
            };
            live && !loaded.contains(number)
        })
        .map(|(number, _)| *number)
        .collect()
}
