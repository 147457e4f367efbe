//! What a policy may take out of a workbook instead of holding it: hidden sheets, sheets of macros, the content of hidden rows
//! and columns and of cells whose format shows nothing, pivot caches, cells cached from other workbooks, connections.
//!
//! None of these stands alone: formulas, names, validations and charts refer to it. [`Plan`] looks at all parts of the
//! workbook before the first is cleaned and says what goes. What refers to it:
//!
//! - *Formulas* keep their stored value and are formulas no longer ([`Lost`] says which).
//! - *Names* go, and what uses them counts as referring to what they stood for.
//! - *Charts* keep their stored values, which become literal ([`charts`]).
//! - *Calls of macros* by shapes and controls go with the sheets of macros.
//! - *Slicers and timelines* go with their pivot tables ([`slicers`]).
//! - *Validations, calculated columns, links* go: none of them has a value of its own.
//! - *Anything else*, such as a sparkline or a conditional format, cannot be frozen. So nothing of that class is taken out,
//!   and the workbook is held with the reason.
//!
//! When cells are emptied, all formulas of the workbook are frozen: a sum over a range with hidden rows in it, an
//! `OFFSET` or a `SUBTOTAL` says nothing of them, and yet would change.

mod book;
mod cell;
mod charts;
mod formulas;
mod frozen;
mod known;
mod parts;
mod pivots;
mod plan;
mod slicers;
mod survey;
mod tables;

pub(super) use plan::Plan;
