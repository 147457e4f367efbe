//! Office Open XML: Word, Excel and PowerPoint files since 2007 (ECMA-376, ISO/IEC 29500), and Visio drawings since 2013
//! (\[MS-VSDX\]).
//!
//! A file is a package: a ZIP container of parts, a list of their content types, and relationships that lead from part to
//! part. The handler walks that graph from its root and builds a new package from what it meets and knows:
//!
//! 1. [`zip_container`](super::zip_container) checks the ZIP file and reads members, every inflated byte counted.
//! 2. [`content_types`] and [`relationships`] are the graph; [`rules`] says by the type of a relationship what becomes of
//!    the part behind it: cleaned, handed to another handler, held, removed. A type that is not listed is not followed.
//! 3. XML parts are decoded to UTF-8 ([`xml`](super::xml)), their tracked changes accepted ([`revisions`]) and then run through a chain
//!    of [`filters`] in which references to removed parts go too.
//! 4. What a policy takes out of a workbook instead of holding it goes with all that refers to it ([`excel`]).
//! 5. What nothing refers to any more is left behind, and a fresh container is written.
//!
//! [`cleaning`] holds it together. The proof lives elsewhere and shares nothing with it.

mod add_ins;
mod cleaning;
mod content_types;
mod counted;
mod crops;
mod excel;
mod filters;
mod hidden_text;
mod imports;
mod objects;
mod part_name;
mod properties;
mod relationships;
mod revisions;
mod rules;
mod sheet_objects;
mod slides;
mod unseen_shapes;
mod vml_shapes;

use std::io::Write;

use super::{Context, Handler, Report};
use crate::kind::Kind;
use crate::policy::Policy;
use crate::refusal::Refusal;

/// The XML declaration of the parts that are written anew.
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// Cleans Office Open XML packages.
pub(super) struct OoxmlHandler;

impl Handler for OoxmlHandler {
    fn kinds(&self) -> &'static [Kind] {
        &[
            Kind::Docx,
            Kind::Docm,
            Kind::Dotx,
            Kind::Dotm,
            Kind::Xlsx,
            Kind::Xlsm,
            Kind::Xltx,
            Kind::Xltm,
            Kind::Pptx,
            Kind::Pptm,
            Kind::Ppsx,
            Kind::Ppsm,
            Kind::Potx,
            Kind::Potm,
            Kind::Visio,
        ]
    }

    fn clean(
        &self,
        _kind: Kind,
        bytes: &[u8],
        policy: &Policy,
        context: &Context<'_>,
        out: &mut dyn Write,
    ) -> Result<Report, Refusal> {
        cleaning::clean(bytes, policy, context, out)
    }
}
