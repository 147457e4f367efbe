//! XML of documents and of the parts of packages: decoding, tokens, a tree where one is needed, and the chain of filters.

mod chain;
mod decode;
mod element;
mod names;
mod notes;
mod open_document;
mod scope;
mod tokens;
mod tree;

pub(super) use chain::{Filter, Path, Step, rewrite};
pub(super) use decode::decode;
pub(super) use element::{Attribute, Element};
pub(super) use names::Ns;
pub(super) use notes::Notes;
pub(super) use open_document::Odf;
pub(super) use tokens::{Token, Tokens};
pub(super) use tree::{Branch, Node, read, read_branch, write, written};
