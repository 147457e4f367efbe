//! The namespaces of Office Open XML, Transitional (ECMA-376 part 4) and Strict (ISO/IEC 29500-1) as one, and those of
//! OpenDocument.

use sha2::{Digest, Sha256};

use super::odf::Odf;

/// A namespace by what it is for. Prefixes are free to choose in XML and mean nothing here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Ns {
    /// No namespace.
    None,
    /// WordprocessingML.
    Word,
    /// SpreadsheetML.
    Sheet,
    /// PresentationML.
    Slide,
    /// DrawingML.
    Drawing,
    /// Where a drawing stands in a Word document.
    WordDrawing,
    /// Where a drawing stands on a sheet.
    SheetDrawing,
    /// Pictures in DrawingML.
    Picture,
    /// Charts.
    Chart,
    /// Charts since Office 2016.
    ChartExtension,
    /// Drawings on top of charts.
    ChartDrawing,
    /// `SmartArt`.
    Diagram,
    /// Formulas of mathematics.
    Math,
    /// VML, the older drawing language.
    Vml,
    /// Office's additions to VML.
    OfficeVml,
    /// Excel's additions to VML.
    ExcelVml,
    /// Word's additions to VML.
    WordVml,
    /// `r:` attributes: ids of relationships.
    Relations,
    /// Markup compatibility: alternatives and what may be ignored.
    Compatibility,
    /// Properties of the package.
    Properties,
    /// Microsoft's additions to WordprocessingML: `w14`, `w15`, `w16` and what follows.
    WordExtension,
    /// Ids of drawings in Word: `wp14`.
    WordDrawing14,
    /// Shapes of Word 2010: `wps`, `wpg`, `wpc`.
    WordShape,
    /// Microsoft's additions to SpreadsheetML: `x14`, `x15` and what follows.
    SheetExtension,
    /// Row measures of Excel 2009: `x14ac`.
    SheetMeasure,
    /// Revision ids of Excel: `xr` and what follows.
    SheetRevision,
    /// `xml:`.
    Xml,
    /// Visio drawings.
    Visio,
    /// `InkML`: strokes of a pen.
    Ink,
    /// OpenDocument.
    Odf(Odf),
    /// Any other, by a part of the SHA-256 of its URI.
    Other(u64),
}

const MICROSOFT: &str = "http://schemas.microsoft.com/office/";

impl Ns {
    /// The namespace of a URI.
    pub(crate) fn of(uri: &str) -> Self {
        let known = uri
            .strip_prefix("http://schemas.openxmlformats.org/")
            .map(|rest| rest.replacen("/2006", "", 1))
            .or_else(|| uri.strip_prefix("http://purl.oclc.org/ooxml/").map(str::to_owned))
            .and_then(|name| Self::of_standard(&name));
        let odf = || Odf::of(uri).map(Self::Odf);
        known.or_else(|| Self::of_vendor(uri)).or_else(odf).unwrap_or_else(|| Self::hashed(uri))
    }

    fn of_standard(name: &str) -> Option<Self> {
        Some(match name {
            "wordprocessingml/main" => Self::Word,
            "spreadsheetml/main" => Self::Sheet,
            "presentationml/main" => Self::Slide,
            "drawingml/main" => Self::Drawing,
            "drawingml/wordprocessingDrawing" => Self::WordDrawing,
            "drawingml/spreadsheetDrawing" => Self::SheetDrawing,
            "drawingml/picture" => Self::Picture,
            "drawingml/chart" => Self::Chart,
            "drawingml/chartDrawing" => Self::ChartDrawing,
            "drawingml/diagram" => Self::Diagram,
            "officeDocument/math" => Self::Math,
            "officeDocument/relationships" => Self::Relations,
            "markup-compatibility" => Self::Compatibility,
            _ if name.starts_with("package/metadata") || name.starts_with("officeDocument/extended-prop") => {
                Self::Properties
            }
            _ if name.starts_with("officeDocument/extendedProp")
                || name.starts_with("officeDocument/custom")
                || name.starts_with("officeDocument/docPropsVTypes") =>
            {
                Self::Properties
            }
            _ => return None,
        })
    }

    fn of_vendor(uri: &str) -> Option<Self> {
        if let Some(rest) = uri.strip_prefix(MICROSOFT) {
            let (area, name) = rest.split_once('/')?;
            return Some(match (area, name) {
                ("drawing", "2014/chartex") => Self::ChartExtension,
                ("word", "2010/wordprocessingDrawing") => Self::WordDrawing14,
                ("word", "2010/wordprocessingShape" | "2010/wordprocessingGroup" | "2010/wordprocessingCanvas") => {
                    Self::WordShape
                }
                ("word", _) => Self::WordExtension,
                ("visio", _) => Self::Visio,
                ("spreadsheetml", "2009/9/ac") => Self::SheetMeasure,
                ("spreadsheetml", _) if name.contains("/revision") => Self::SheetRevision,
                ("spreadsheetml", _) => Self::SheetExtension,
                _ => return None,
            });
        }
        Some(match uri {
            "" => Self::None,
            "urn:schemas-microsoft-com:vml" => Self::Vml,
            "urn:schemas-microsoft-com:office:office" => Self::OfficeVml,
            "urn:schemas-microsoft-com:office:excel" => Self::ExcelVml,
            "urn:schemas-microsoft-com:office:word" => Self::WordVml,
            "http://purl.org/dc/elements/1.1/" | "http://purl.org/dc/terms/" => Self::Properties,
            "http://www.w3.org/XML/1998/namespace" => Self::Xml,
            "http://www.w3.org/2003/InkML" => Self::Ink,
            _ => return None,
        })
    }

    fn hashed(uri: &str) -> Self {
        let digest = Sha256::digest(uri.as_bytes());
        Self::Other(digest.iter().take(8).fold(0, |hash, byte| (hash << 8) | u64::from(*byte)))
    }

    /// A number for digests, the same in every run.
    pub(crate) fn code(self) -> u64 {
        match self {
            Self::Other(hash) => hash | 1 << 63,
            Self::None => 0,
            Self::Word => 1,
            Self::Sheet => 2,
            Self::Slide => 3,
            Self::Drawing => 4,
            Self::WordDrawing => 5,
            Self::SheetDrawing => 6,
            Self::Picture => 7,
            Self::Chart => 8,
            Self::ChartDrawing => 9,
            Self::Diagram => 10,
            Self::Math => 11,
            Self::Vml => 12,
            Self::OfficeVml => 13,
            Self::ExcelVml => 14,
            Self::WordVml => 15,
            Self::Relations => 16,
            Self::Compatibility => 17,
            Self::Properties => 18,
            Self::WordExtension => 19,
            Self::WordDrawing14 => 20,
            Self::WordShape => 21,
            Self::SheetExtension => 22,
            Self::SheetMeasure => 23,
            Self::SheetRevision => 24,
            Self::Xml => 25,
            Self::ChartExtension => 26,
            Self::Visio => 27,
            Self::Ink => 28,
            Self::Odf(odf) => odf.code(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_dialects() {
        for (uri, ns) in [
            ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", Ns::Word),
            ("http://purl.oclc.org/ooxml/wordprocessingml/main", Ns::Word),
            ("http://schemas.openxmlformats.org/drawingml/2006/chart", Ns::Chart),
            ("http://purl.oclc.org/ooxml/officeDocument/relationships", Ns::Relations),
            ("http://schemas.openxmlformats.org/officeDocument/2006/relationships", Ns::Relations),
            ("http://schemas.openxmlformats.org/markup-compatibility/2006", Ns::Compatibility),
            ("http://schemas.openxmlformats.org/officeDocument/2006/extended-properties", Ns::Properties),
            ("http://schemas.openxmlformats.org/package/2006/metadata/core-properties", Ns::Properties),
            ("http://schemas.microsoft.com/office/word/2012/wordml", Ns::WordExtension),
            ("http://schemas.microsoft.com/office/spreadsheetml/2014/revision", Ns::SheetRevision),
            ("http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac", Ns::SheetExtension),
        ] {
            assert_eq!(Ns::of(uri), ns, "{uri}");
        }
        assert!(matches!(Ns::of("urn:example"), Ns::Other(_)));
        assert_ne!(Ns::of("urn:example"), Ns::of("urn:example:2"));
    }
}
