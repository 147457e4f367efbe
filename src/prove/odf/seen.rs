//! What a walk has seen besides what the digest is made of.

/// Counts and lists, in the order of the document.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) paragraphs: u64,
    pub(crate) tables: u64,
    pub(crate) cells: u64,
    pub(crate) formulas: u64,
    pub(crate) pages: u64,
    pub(crate) notes: u64,
    pub(crate) pictures: u64,
    pub(crate) objects: u64,
    pub(crate) bookmarks: u64,
    /// Where links lead that a reader can follow.
    pub(crate) links: Vec<String>,
    /// Alternative texts and names of drawings.
    pub(crate) labels: Vec<String>,
    /// Where content comes from that is not in the file.
    pub(crate) outside: Vec<String>,
    /// Pictures of flat XML.
    pub(crate) binaries: Vec<Vec<u8>>,
}

impl Seen {
    /// The counts for people.
    pub(crate) fn describe(&self) -> String {
        [
            (self.paragraphs, "paragraphs"),
            (self.tables, "tables"),
            (self.cells, "cells"),
            (self.formulas, "formulas"),
            (self.pages, "pages"),
            (self.notes, "notes"),
            (self.pictures, "pictures"),
            (self.objects, "objects"),
            (self.bookmarks, "bookmarks"),
            (self.labels.len() as u64, "names and alternative texts"),
            (self.links.len() as u64, "links"),
        ]
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count} {name}"))
        .collect::<Vec<_>>()
        .join(", ")
    }
}
