//! Where drawing begins: the content of pages, the appearances of annotations, the default appearances of fields.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::cleaning::clean as clean_stream;
use super::resources::Resources;
use super::scopes::{Drawn, Walk};
use super::splice::Edits;
use crate::formats::Report;
use crate::formats::pdf::pages::Page;
use crate::formats::pdf::source::{Object, as_dictionary};
use crate::refusal::Refusal;

/// The keys under which icons of buttons stand (Table 192).
const ICONS: [&str; 3] = ["I", "RI", "IX"];

impl<'a> Walk<'a, '_> {
    /// Cleans the content of a page and queues what it draws.
    pub(super) fn page(&mut self, index: usize, page: &'a Page) -> Result<(), Refusal> {
        let number = index.saturating_add(1);
        let resources = Resources::of_page(self.source, index, page)?;
        let mut joined = Vec::new();
        let mut pieces = Vec::new();
        for content in self.source.list(&page.dictionary, "Contents")? {
            let (Some(id), Object::Stream(stream)) = self.source.resolve(content)? else { continue };
            let Some(plain) = self.unpacked(id, stream)? else { continue };
            let start = joined.len();
            joined.extend_from_slice(&plain);
            pieces.push((id, start..joined.len()));
            // A token does not go on in the next stream (7.8.2).
            joined.push(b'\n');
        }
        let place = format!("page {number}");
        let table = self.source.dictionary(&page.dictionary, "Resources")?;
        let scope = self.scope(table, place.clone());
        let cleaned = clean_stream(&joined, &scope, self.report).map_err(|refusal| refusal.in_part(&place))?;
        if !cleaned.edits.is_empty() {
            let contents = pieces.into_iter().map(|(id, range)| {
                let edits: Edits = cleaned.edits.within(&range);
                let piece = joined.get(range).unwrap_or_default();
                (id, (!edits.is_empty()).then(|| edits.apply(piece)))
            });
            self.contents.push((index, contents.collect()));
        }
        let names = Rc::new(cleaned.used);
        self.draw(&names, resources, table, None)?;
        self.appearances(page, resources)
    }

    /// Queues the appearances and icons of the annotations of a page.
    fn appearances(&mut self, page: &Page, outer: Option<Resources>) -> Result<(), Refusal> {
        let source = self.source;
        for annotation in source.list(&page.dictionary, "Annots")? {
            let Some(annotation) = as_dictionary(source.resolve(annotation)?.1) else { continue };
            let mut open: Vec<&Object> = Vec::new();
            if let Some(appearances) = source.dictionary(annotation, "AP")? {
                open.extend(appearances.iter().map(|(_, value)| value));
            }
            if let Some(characteristics) = source.dictionary(annotation, "MK")? {
                open.extend(ICONS.iter().filter_map(|key| characteristics.get(key.as_bytes()).ok()));
            }
            while let Some(value) = open.pop() {
                match source.resolve(value)? {
                    (Some(id), Object::Stream(_)) => {
                        self.open.push_back(Drawn { id, outer, nested: true });
                    }
                    // The states of a button; nothing lies deeper.
                    (_, Object::Dictionary(states)) if open.len() < 1_000 => {
                        open.extend(states.iter().map(|(_, value)| value).filter(|value| value.as_reference().is_ok()));
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// The fonts that fields are filled in with (12.7.4.3): those of default appearances, among the resources of the form.
    pub(super) fn form_fields(&mut self) -> Result<(), Refusal> {
        let source = self.source;
        let Some(form) = source.dictionary(source.catalog()?, "AcroForm")? else { return Ok(()) };
        let mut names = BTreeSet::new();
        let mut appearances: Vec<&Object> = form.get(b"DA").into_iter().collect();
        appearances.extend(source.objects().filter_map(|(_, object)| as_dictionary(object)?.get(b"DA").ok()));
        for page in self.pages {
            // Annotations may stand in the page itself.
            let direct = source.list(&page.dictionary, "Annots")?.iter().filter_map(as_dictionary);
            appearances.extend(direct.filter_map(|annotation| annotation.get(b"DA").ok()));
        }
        for appearance in appearances {
            if let Object::String(content, _) = source.resolve(appearance)?.1 {
                let scope = self.scope(None, String::new());
                names.extend(clean_stream(content, &scope, &mut Report::default())?.used);
            }
        }
        let resources = Resources::of_form(source)?;
        let table = source.dictionary(form, "DR")?;
        self.draw(&Rc::new(names), resources, table, None)
    }
}
