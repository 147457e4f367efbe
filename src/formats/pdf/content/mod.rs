//! Content streams (7.8): read to their last byte, and edited without a change to what is not edited.
//!
//! [`tokens`] and [`operations`] take content apart, [`inline_image`] finds where the data of an inline image ends, [`splice`]
//! drops and replaces stretches. [`cleaning`] decides what goes out of one stream: comments, operators that do not exist,
//! operands that none takes, private marks and properties ([`marks`]), and what layers hide ([`hiding`]), whose text
//! [`shown_text`] reads for the report. [`scopes`] walks all streams of a document from their [`roots`], with the resources
//! that they draw from, and drops resources that none of them names. [`hidden_text`] takes out text that nobody sees. [`form_uses`] makes sure before all that drawing a page
//! ends.

mod cleaning;
mod form_uses;
pub(super) mod hidden_text;
mod hiding;
mod inline_cleaning;
mod inline_image;
mod marks;
mod operations;
mod operators;
mod resources;
mod roots;
mod scopes;
mod shown_text;
pub(super) mod splice;
pub(super) mod tokens;

pub(super) use form_uses::check_form_uses;
pub(super) use scopes::clean;
pub(super) use shown_text::characters;
