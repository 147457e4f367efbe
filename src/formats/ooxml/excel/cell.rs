//! A cell of a sheet while it is looked through.

use super::known::Known;
use crate::formats::ooxml::filters::Concealment;
use crate::formats::xml::Element;
use crate::policy::Class;

/// The cell at hand.
#[derive(Default)]
pub(super) struct Cell {
    pub(super) offset: usize,
    /// Its formula, when that goes, by offset and class.
    pub(super) formula: Option<(usize, Class)>,
    pub(super) has_formula: bool,
    /// It has a value, if perhaps an empty one.
    pub(super) value: bool,
    /// Why its text is not seen.
    pub(super) concealment: Option<Concealment>,
    /// It has text.
    pub(super) text: bool,
    /// Some of its text has a colour of its own.
    pub(super) coloured: bool,
    shared_string: bool,
}

impl Cell {
    /// A cell by its start tag.
    pub(super) fn enter(element: &Element<'_>, known: &Known) -> Self {
        let format = element.own("s").and_then(|format| format.parse::<usize>().ok()).unwrap_or_default();
        Self {
            offset: element.offset,
            concealment: known.formats.get(format).copied().flatten(),
            shared_string: element.own("t").as_deref() == Some("s"),
            ..Self::default()
        }
    }

    /// Takes note of the stored value: a number, a text or the number of a shared string.
    pub(super) fn value(&mut self, text: &str, known: &Known) {
        self.value = true;
        self.text |= !text.trim().is_empty();
        let string = text.trim().parse().ok().filter(|_| self.shared_string);
        self.coloured |= string.is_some_and(|index: u64| known.coloured.contains(&index));
    }
}
