//! Resource dictionaries (7.8.3): which is which, what is used of them, and the end of what is not.

use std::collections::{BTreeMap, BTreeSet};

use super::operators::Category;
use crate::formats::Report;
use crate::formats::pdf::pages::Page;
use crate::formats::pdf::source::{Dictionary, Object, ObjectId, Source, Stream, as_dictionary};
use crate::policy::{Action, Class};
use crate::refusal::Refusal;

/// Colour spaces that count without being named (8.6.5.6).
const DEFAULTS: [&[u8]; 3] = [b"DefaultGray", b"DefaultRGB", b"DefaultCMYK"];
/// Names that are not found where they belong: more than this is no document.
const MOST_FREE: usize = 10_000;

/// Where a resource dictionary stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Resources {
    /// It is an object of its own, which many may share.
    Object(ObjectId),
    /// In the dictionary of a page.
    Page(usize),
    /// In a form, pattern or Type 3 font.
    In(ObjectId),
    /// In the form of fields.
    Form,
}

impl Resources {
    fn under(source: &Source, holder: &Dictionary, key: &str, inside: Self) -> Result<Option<Self>, Refusal> {
        let Ok(value) = holder.get(key.as_bytes()) else { return Ok(None) };
        Ok(match source.resolve(value)? {
            (Some(id), Object::Dictionary(_)) => Some(Self::Object(id)),
            (None, Object::Dictionary(_)) => Some(inside),
            _ => None,
        })
    }

    pub(super) fn of_page(source: &Source, index: usize, page: &Page) -> Result<Option<Self>, Refusal> {
        Self::under(source, &page.dictionary, "Resources", Self::Page(index))
    }

    pub(super) fn of_stream(source: &Source, id: ObjectId, stream: &Stream) -> Result<Option<Self>, Refusal> {
        Self::under(source, &stream.dict, "Resources", Self::In(id))
    }

    pub(super) fn of_font(source: &Source, id: ObjectId, font: &Dictionary) -> Result<Option<Self>, Refusal> {
        Self::under(source, font, "Resources", Self::In(id))
    }

    pub(super) fn of_form(source: &Source) -> Result<Option<Self>, Refusal> {
        match source.dictionary(source.catalog()?, "AcroForm")? {
            Some(form) => Self::under(source, form, "DR", Self::Form),
            None => Ok(None),
        }
    }

    /// The dictionary itself.
    pub(super) fn dictionary<'a>(
        self,
        source: &'a Source,
        pages: &'a [Page],
    ) -> Result<Option<&'a Dictionary>, Refusal> {
        match self {
            Self::Object(id) => Ok(source.at(id)?.and_then(|(_, object)| as_dictionary(object))),
            Self::In(id) => match source.at(id)?.and_then(|(_, object)| as_dictionary(object)) {
                Some(holder) => source.dictionary(holder, "Resources"),
                None => Ok(None),
            },
            Self::Page(index) => match pages.get(index) {
                Some(page) => source.dictionary(&page.dictionary, "Resources"),
                None => Ok(None),
            },
            Self::Form => match source.dictionary(source.catalog()?, "AcroForm")? {
                Some(form) => source.dictionary(form, "DR"),
                None => Ok(None),
            },
        }
    }

    /// The dictionary itself, for changes.
    fn dictionary_mut<'a>(
        self,
        source: &'a mut Source,
        pages: &'a mut [Page],
    ) -> Result<Option<&'a mut Dictionary>, Refusal> {
        let (holder, key) = match self {
            Self::Object(id) => return Ok(source.object_mut(id).and_then(dictionary_of)),
            Self::In(id) => (source.object_mut(id).and_then(dictionary_of), b"Resources".as_slice()),
            Self::Page(index) => (pages.get_mut(index).map(|page| &mut page.dictionary), b"Resources".as_slice()),
            Self::Form => (source.form_mut()?, b"DR".as_slice()),
        };
        Ok(holder.and_then(|holder| holder.get_mut(key).ok()).and_then(dictionary_of))
    }
}

fn dictionary_of(object: &mut Object) -> Option<&mut Dictionary> {
    match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&mut stream.dict),
        _ => None,
    }
}

/// One part of a resource dictionary: an object of its own, or where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Table {
    Object(ObjectId),
    In(Resources),
}

/// The parts of all resource dictionaries met, and the names used of each.
#[derive(Default)]
pub(super) struct Tables {
    met: BTreeMap<(Category, Table), Met>,
    free: BTreeSet<(Category, Vec<u8>)>,
    /// Entries found by a name that is looked for everywhere, until they are handed out.
    found: Vec<(Category, Object, Resources)>,
}

struct Met {
    resources: Resources,
    used: BTreeSet<Vec<u8>>,
}

/// The part of a resource dictionary, and what it is called here.
fn part<'a>(
    source: &'a Source,
    resources: Resources,
    table: &'a Dictionary,
    category: Category,
) -> Result<Option<(Table, &'a Dictionary)>, Refusal> {
    let Ok(value) = table.get(category.key().as_bytes()) else { return Ok(None) };
    Ok(match source.resolve(value)? {
        (Some(id), Object::Dictionary(entries)) => Some((Table::Object(id), entries)),
        (None, Object::Dictionary(entries)) => Some((Table::In(resources), entries)),
        _ => None,
    })
}

impl Tables {
    /// Notes that a resource dictionary is drawn with.
    pub(super) fn meet(&mut self, source: &Source, resources: Resources, table: &Dictionary) -> Result<(), Refusal> {
        for category in Category::ALL {
            let Some((id, entries)) = part(source, resources, table, category)? else { continue };
            if self.met.contains_key(&(category, id)) {
                continue;
            }
            self.met.insert((category, id), Met { resources, used: BTreeSet::new() });
            for (_, name) in self.free.range((category, Vec::new())..).take_while(|(other, _)| *other == category) {
                if let Ok(target) = entries.get(name) {
                    self.found.push((category, target.clone(), resources));
                }
            }
        }
        Ok(())
    }

    /// Notes that a name is used; what it stands for, or none where the dictionary does not have it.
    pub(super) fn mark(
        &mut self,
        source: &Source,
        resources: Resources,
        table: &Dictionary,
        category: Category,
        name: &[u8],
    ) -> Result<Option<Object>, Refusal> {
        let Some((id, entries)) = part(source, resources, table, category)? else { return Ok(None) };
        let Ok(target) = entries.get(name) else { return Ok(None) };
        let met = self.met.entry((category, id)).or_insert_with(|| Met { resources, used: BTreeSet::new() });
        met.used.insert(name.to_vec());
        Ok(Some(target.clone()))
    }

    /// Notes a name that may be meant wherever it stands.
    ///
    /// # Errors
    /// [`crate::Reason::OverLimit`] for an absurd number of them.
    pub(super) fn free(
        &mut self,
        source: &Source,
        pages: &[Page],
        category: Category,
        name: &[u8],
    ) -> Result<(), Refusal> {
        if !self.free.insert((category, name.to_vec())) {
            return Ok(());
        }
        if self.free.len() > MOST_FREE {
            return Err(Refusal::over_limit("pdf-objects", "the content names too many resources that do not exist"));
        }
        for (_, met) in
            self.met.range((category, Table::Object((0, 0)))..).take_while(|((other, _), _)| *other == category)
        {
            let Some(table) = met.resources.dictionary(source, pages)? else { continue };
            let Some((_, entries)) = part(source, met.resources, table, category)? else { continue };
            if let Ok(target) = entries.get(name) {
                self.found.push((category, target.clone(), met.resources));
            }
        }
        Ok(())
    }

    /// The entries that were found under such names since the last call.
    pub(super) fn take_found(&mut self) -> Vec<(Category, Object, Resources)> {
        std::mem::take(&mut self.found)
    }

    /// Drops the entries that nothing names.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] where a dictionary was lost on loading.
    pub(super) fn drop_unused(
        self,
        source: &mut Source,
        pages: &mut [Page],
        report: &mut Report,
    ) -> Result<(), Refusal> {
        for ((category, table), met) in self.met {
            let entries = match table {
                Table::Object(id) => source.object_mut(id).and_then(dictionary_of),
                Table::In(resources) => {
                    let holder = resources.dictionary_mut(source, pages)?;
                    holder.and_then(|holder| holder.get_mut(category.key().as_bytes()).ok()).and_then(dictionary_of)
                }
            };
            let Some(entries) = entries else { continue };
            let is_used = |name: &Vec<u8>| {
                met.used.contains(name)
                    || self.free.contains(&(category, name.clone()))
                    || (category == Category::ColorSpace && DEFAULTS.contains(&name.as_slice()))
            };
            let unused: Vec<Vec<u8>> =
                entries.iter().map(|(name, _)| name).filter(|name| !is_used(name)).cloned().collect();
            if unused.is_empty() {
                continue;
            }
            let item = format!("Resources/{}", category.key());
            report.hit(Class::ContentUnreferenced, Action::Remove, item, "", unused.len() as u64, 0);
            let kept = std::mem::take(entries).into_iter().filter(|(name, _)| !unused.contains(name));
            *entries = kept.collect();
        }
        Ok(())
    }
}
