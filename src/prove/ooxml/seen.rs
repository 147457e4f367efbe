//! Counts of what a walk has seen, for what the digest leaves open.

/// What a reader would count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Paragraphs of Word stories whose mark stays.
    pub(crate) paragraphs: u64,
    /// Paragraphs whose mark is deleted by a tracked change: they join the next one, or stay where none follows.
    pub(crate) joined: u64,
    /// Rows of tables and sheets.
    pub(crate) rows: u64,
    /// Cells of tables and sheets.
    pub(crate) cells: u64,
    /// Formulas.
    pub(crate) formulas: u64,
    /// Sheets.
    pub(crate) sheets: u64,
    /// Slides.
    pub(crate) slides: u64,
    /// Pictures, counted each time that they are shown.
    pub(crate) pictures: u64,
    /// Bookmarks, that of the last edit left out.
    pub(crate) bookmarks: u64,
    /// Objects with an alternative text.
    pub(crate) descriptions: u64,
    /// Links that lead out of the document.
    pub(crate) links: u64,
}
