//! The filters, one subject each.
//!
//! All of them run over every XML part, flat documents included: they ask for names with their namespaces, so a filter does
//! nothing where its vocabulary does not occur. [`Vocabulary`] comes first, since nothing unknown is for the others to judge;
//! [`References`] is the last of the chain, because it must see only what the others have kept.

mod active;
mod changes;
mod connections;
mod crops;
mod drawings;
mod fields;
mod hidden;
mod identifiers;
mod properties;
mod references;
mod settings;
mod tables;
mod vocabulary;

pub(super) use active::Active;
pub(super) use changes::Changes;
pub(super) use connections::Connections;
pub(super) use crops::Crops;
pub(super) use drawings::Drawings;
pub(super) use fields::Fields;
pub(super) use hidden::Hidden;
pub(super) use identifiers::Identifiers;
pub(super) use properties::Properties;
pub(super) use references::{Members, Reference, References};
pub(super) use settings::Settings;
pub(super) use tables::Tables;
pub(super) use vocabulary::Vocabulary;
