//! The page tree and the catalog of the copy (7.7.2, 7.7.3).

use super::super::pages::Page;
use super::super::schema::{Rule, Type};
use super::super::source::{Dictionary, Object, Stream};
use super::{FAN_OUT, Rebuild, reference, typed};
use crate::refusal::Refusal;

impl Rebuild<'_> {
    /// Numbers the nodes and pages of a page tree of our own. Returns the root and, for each page, its number and parent.
    pub(super) fn page_tree(&mut self, pages: &[Page]) -> Result<(u32, Vec<(u32, u32)>), Refusal> {
        let root = self.reserve()?;
        let mut leaves = Vec::with_capacity(pages.len());
        let mut nodes = Vec::new();
        let single = pages.len() <= FAN_OUT;
        for chunk in pages.chunks(FAN_OUT) {
            let node = if single { root } else { self.reserve()? };
            let first = leaves.len();
            for page in chunk {
                let number = self.reserve()?;
                leaves.push((number, node));
                if let Some(id) = page.id {
                    self.pages.entry(id).or_insert(number);
                }
            }
            let kids = leaves.iter().skip(first).map(|(number, _)| reference(*number)).collect();
            let mut dictionary = pages_node(kids, chunk.len());
            if !single {
                dictionary.set("Parent", reference(root));
                nodes.push(reference(node));
            }
            self.put(node, Object::Dictionary(dictionary));
        }
        if !single {
            self.put(root, Object::Dictionary(pages_node(nodes, pages.len())));
        }
        Ok((root, leaves))
    }

    /// The catalog, all but its page tree.
    pub(super) fn catalog(&mut self) -> Result<Dictionary, Refusal> {
        let source = self.source;
        let catalog = source.catalog()?;
        let mut copy = typed(b"Catalog", self.dictionary(catalog, Type::Catalog)?);
        let files = self.file_tree()?;
        if files.is_none()
            && copy.get(b"PageMode").and_then(Object::as_name).is_ok_and(|mode| mode == b"UseAttachments")
        {
            copy = copy.into_iter().filter(|(key, _)| key != b"PageMode").collect(); // keeps the order
        }
        if let Some(packet) = &self.decided.identification {
            let mut entries = Dictionary::new();
            entries.set("Type", Object::Name(b"Metadata".to_vec()));
            entries.set("Subtype", Object::Name(b"XML".to_vec()));
            let number = self.reserve()?;
            self.put(number, Object::Stream(Stream::new(entries, packet.as_bytes().to_vec())));
            copy.set("Metadata", reference(number));
        }
        if let Some(old) = source.dictionary(catalog, "Dests")? {
            let destinations = self.map(old, Type::Destination)?;
            if !destinations.is_empty() {
                copy.set("Dests", Object::Dictionary(destinations));
            }
        }
        let mut trees = Dictionary::new();
        if let Some(names) = source.dictionary(catalog, "Names")?
            && let Some(root) = source.dictionary(names, "Dests")?
            && let Some(tree) = self.tree(root, "Names", Rule::Of(Type::Destination))?
        {
            trees.set("Dests", Object::Dictionary(tree));
        }
        if let Some((tree, collection)) = files {
            trees.set("EmbeddedFiles", Object::Dictionary(tree));
            if let Some(collection) = collection {
                copy.set("Collection", Object::Dictionary(collection));
            }
        }
        if !trees.is_empty() {
            copy.set("Names", Object::Dictionary(trees));
        }
        Ok(copy)
    }
}

fn pages_node(kids: Vec<Object>, count: usize) -> Dictionary {
    let mut node = Dictionary::new();
    node.set("Type", Object::Name(b"Pages".to_vec()));
    node.set("Kids", Object::Array(kids));
    node.set("Count", Object::Integer(i64::try_from(count).unwrap_or(i64::MAX)));
    node
}
