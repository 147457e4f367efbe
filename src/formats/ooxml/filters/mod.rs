//! The filters, one subject each.
//!
//! All of them run over every XML part: they ask for names with their namespaces, so a filter does nothing where its
//! vocabulary does not occur, and a drawing is cleaned alike in Word, Excel and PowerPoint. [`References`] is the last of
//! the chain, because it must see only what the others have kept.

mod cell_formats;
mod drawing;
mod excel;
mod fields;
mod hidden_cells;
mod ink;
mod macros;
mod powerpoint;
mod references;
mod visio;
mod vml;
mod word;

pub(super) use cell_formats::{Concealment, concealing_formats, doubt_colours, is_black_on_white};
pub(super) use drawing::Drawings;
pub(super) use excel::{Fate as HiddenFate, SharedStrings, Workbooks, is_hidden_sheet};
pub(super) use fields::{Fields, survey as survey_fields};
pub(super) use hidden_cells::HiddenCells;
pub(super) use ink::Inks;
pub(super) use macros::{MacroCalls, is_macro_name};
pub(super) use powerpoint::Presentations;
pub(super) use references::References;
pub(super) use visio::Diagrams;
pub(super) use vml::{Notes as VmlNotes, survey as survey_vml};
pub(super) use word::{Documents, OrphanNotes};

use crate::formats::xml::Notes;
use crate::formats::xml::{Element, Ns};
use crate::policy::Class;

/// An element that always goes, and what it is reported as.
struct Unwanted {
    ns: Ns,
    local: &'static str,
    class: Class,
    /// The attribute whose value is worth an echo search.
    value: Option<&'static str>,
}

const fn unwanted(ns: Ns, local: &'static str, class: Class) -> Unwanted {
    Unwanted { ns, local, class, value: None }
}

/// Reports an element of the table; true when it goes.
fn is_unwanted(table: &[Unwanted], element: &Element<'_>, notes: &mut Notes<'_>) -> bool {
    let Some(row) = table.iter().find(|row| element.is(row.ns, row.local)) else { return false };
    match row.value.and_then(|name| element.own(name)) {
        Some(value) => notes.value(row.class, element.name(), &value),
        None => notes.removed(row.class, element.name()),
    }
    true
}
