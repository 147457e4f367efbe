//! XML of package parts: decoding, tokens, a tree where one is needed, and the chain of filters.

mod chain;
mod element;
mod names;
mod tokens;
mod tree;

pub(super) use crate::formats::xml::decode;
pub(super) use chain::{Filter, Path, Step, rewrite};
pub(super) use element::{Attribute, Element};
pub(super) use names::Ns;
pub(super) use tokens::{Token, Tokens};
pub(super) use tree::{Branch, Node, read, write};
