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
    /// Pages of a Visio drawing.
    pub(crate) pages: u64,
    /// Pictures, counted each time that they are shown.
    pub(crate) pictures: u64,
    /// Bookmarks, that of the last edit left out.
    pub(crate) bookmarks: u64,
    /// Objects with an alternative text.
    pub(crate) descriptions: u64,
    /// Links that lead out of the document.
    pub(crate) links: u64,
    /// Conditions of filters over rows.
    pub(crate) conditions: u64,
}

impl Seen {
    /// What was seen since `before`.
    pub(crate) fn since(self, before: Self) -> Self {
        self.with(before, u64::saturating_sub)
    }

    /// Both together.
    pub(crate) fn plus(self, other: Self) -> Self {
        self.with(other, u64::saturating_add)
    }

    fn with(self, other: Self, count: impl Fn(u64, u64) -> u64) -> Self {
        Self {
            paragraphs: count(self.paragraphs, other.paragraphs),
            joined: count(self.joined, other.joined),
            rows: count(self.rows, other.rows),
            cells: count(self.cells, other.cells),
            formulas: count(self.formulas, other.formulas),
            sheets: count(self.sheets, other.sheets),
            slides: count(self.slides, other.slides),
            pages: count(self.pages, other.pages),
            pictures: count(self.pictures, other.pictures),
            bookmarks: count(self.bookmarks, other.bookmarks),
            descriptions: count(self.descriptions, other.descriptions),
            links: count(self.links, other.links),
            conditions: count(self.conditions, other.conditions),
        }
    }
}
