//! Namespaces of Office Open XML and OpenDocument, known by their URI.
//!
//! Prefixes are up to the producer, and every main vocabulary of Office Open XML exists in two dialects with different URIs:
//! *Transitional* (ECMA-376 part 4, `schemas.openxmlformats.org`) and *Strict* (part 1, `purl.oclc.org`). Both are one [`Ns`]
//! here, so that no rule can forget one of them. Those of OpenDocument stand in [`open_document`](super::open_document).

use super::open_document::{self, Odf};

/// A namespace that some rule knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::formats) enum Ns {
    /// No namespace: most attributes.
    None,
    /// Any namespace that no rule asks for.
    Other,
    /// `xmlns` declarations themselves.
    Xmlns,
    /// Content types of the package.
    ContentTypes,
    /// Relationships parts.
    Relationships,
    /// References to relationships: `r:id`, `r:embed`.
    R,
    /// Markup compatibility: `mc:AlternateContent`.
    Mc,
    /// WordprocessingML.
    W,
    /// Word 2010 and later extensions (`w14`, `w15`, `w16…`).
    WExt,
    /// SpreadsheetML.
    S,
    /// Excel extensions (`x14`, `x15`, `x15ac`, …).
    SExt,
    /// Excel revision marks (`xr`, `xr2`, …).
    SRev,
    /// PresentationML.
    P,
    /// PowerPoint extensions (`p14`, `p15`, `p188`, …).
    PExt,
    /// DrawingML.
    A,
    /// DrawingML extensions (`a14`, `a16`, …).
    AExt,
    /// Drawings in Word.
    Wp,
    /// Drawings in Excel.
    Xdr,
    /// DrawingML pictures.
    Pic,
    /// Charts.
    C,
    /// Math.
    M,
    /// Vector Markup Language.
    V,
    /// Office extensions of VML.
    O,
    /// Excel extensions of VML.
    X,
    /// Visio drawings.
    Visio,
    /// InkML: strokes of a pen.
    Ink,
    /// A namespace of OpenDocument.
    Odf(Odf),
}

const TABLE: &[(&str, Ns)] = &[
    ("http://schemas.openxmlformats.org/package/2006/content-types", Ns::ContentTypes),
    ("http://schemas.openxmlformats.org/package/2006/relationships", Ns::Relationships),
    ("http://schemas.openxmlformats.org/officeDocument/2006/relationships", Ns::R),
    ("http://purl.oclc.org/ooxml/officeDocument/relationships", Ns::R),
    ("http://schemas.openxmlformats.org/markup-compatibility/2006", Ns::Mc),
    ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", Ns::W),
    ("http://purl.oclc.org/ooxml/wordprocessingml/main", Ns::W),
    ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", Ns::S),
    ("http://purl.oclc.org/ooxml/spreadsheetml/main", Ns::S),
    ("http://schemas.openxmlformats.org/presentationml/2006/main", Ns::P),
    ("http://purl.oclc.org/ooxml/presentationml/main", Ns::P),
    ("http://schemas.openxmlformats.org/drawingml/2006/main", Ns::A),
    ("http://purl.oclc.org/ooxml/drawingml/main", Ns::A),
    ("http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing", Ns::Wp),
    ("http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing", Ns::Wp),
    ("http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing", Ns::Xdr),
    ("http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing", Ns::Xdr),
    ("http://schemas.openxmlformats.org/drawingml/2006/picture", Ns::Pic),
    ("http://purl.oclc.org/ooxml/drawingml/picture", Ns::Pic),
    ("http://schemas.openxmlformats.org/drawingml/2006/chart", Ns::C),
    ("http://purl.oclc.org/ooxml/drawingml/chart", Ns::C),
    ("http://schemas.openxmlformats.org/officeDocument/2006/math", Ns::M),
    ("http://purl.oclc.org/ooxml/officeDocument/math", Ns::M),
    ("http://www.w3.org/2003/InkML", Ns::Ink),
    ("urn:schemas-microsoft-com:vml", Ns::V),
    ("urn:schemas-microsoft-com:office:office", Ns::O),
    ("urn:schemas-microsoft-com:office:excel", Ns::X),
];

/// Beginnings of URIs that stand for a whole row of versions.
const FAMILIES: &[(&str, &str, Ns)] = &[
    ("http://schemas.microsoft.com/office/word/", "", Ns::WExt),
    ("http://schemas.microsoft.com/office/visio/", "", Ns::Visio),
    ("http://schemas.microsoft.com/office/powerpoint/", "", Ns::PExt),
    ("http://schemas.microsoft.com/office/drawing/", "", Ns::AExt),
    ("http://schemas.microsoft.com/office/spreadsheetml/", "/revision", Ns::SRev),
    ("http://schemas.microsoft.com/office/spreadsheetml/", "", Ns::SExt),
];

impl Ns {
    /// The namespace of a URI.
    pub(in crate::formats) fn of(uri: &str) -> Self {
        if let Some((_, ns)) = TABLE.iter().find(|(known, _)| *known == uri) {
            return *ns;
        }
        if let Some(ns) = open_document::of(uri) {
            return Self::Odf(ns);
        }
        FAMILIES
            .iter()
            .find(|(begin, within, _)| uri.strip_prefix(begin).is_some_and(|rest| rest.contains(within)))
            .map_or(Self::Other, |(_, _, ns)| *ns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_dialects_are_one_namespace() {
        assert_eq!(Ns::of("http://purl.oclc.org/ooxml/wordprocessingml/main"), Ns::W);
        assert_eq!(Ns::of("http://schemas.openxmlformats.org/wordprocessingml/2006/main"), Ns::W);
        assert_eq!(Ns::of("http://schemas.microsoft.com/office/spreadsheetml/2014/revision"), Ns::SRev);
        assert_eq!(Ns::of("http://schemas.microsoft.com/office/spreadsheetml/2016/revision3"), Ns::SRev);
        assert_eq!(Ns::of("http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"), Ns::SExt);
        assert_eq!(Ns::of("urn:other"), Ns::Other);
    }
}
