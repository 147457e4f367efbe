//! The types of relationships that a copy may have. A type is a URI that the standard or Microsoft has published, and nobody
//! reads one that is not: it would be a place for words that no program shows.
//!
//! Types are those of ECMA-376 part 1 (annex A, Transitional and Strict) and of \[MS-DOCX\], \[MS-XLSX\], \[MS-PPTX\],
//! \[MS-VSDX\], \[MS-OFFMACRO\] and \[MS-OWEXML\], without what goes from every document.

/// The last segments.
const NAMES: &[&str] = &[
    // of the package and of parts that all three programs know
    "officeDocument",
    "theme",
    "themeOverride",
    "image",
    "hdphoto",
    "hyperlink",
    "package",
    "oleObject",
    "control",
    "activeXControlBinary",
    "audio",
    "video",
    "media",
    "model3d",
    "font",
    "vbaProject",
    "webextension",
    "customXml", // to ink
    // of charts, diagrams and drawings
    "chart",
    "chartEx",
    "chartStyle",
    "chartColorStyle",
    "chartUserShapes",
    "diagramColors",
    "diagramData",
    "diagramDrawing",
    "diagramLayout",
    "diagramQuickStyle",
    "drawing",
    "vmlDrawing",
    "legacyDiagram",
    "legacyDiagramText",
    // of documents
    "styles",
    "stylesWithEffects",
    "settings",
    "webSettings",
    "fontTable",
    "numbering",
    "footnotes",
    "endnotes",
    "header",
    "footer",
    "frame",
    "subDocument",
    "aFChunk",
    "wordVbaData",
    // of workbooks
    "worksheet",
    "chartsheet",
    "dialogsheet",
    "xlMacrosheet",
    "xlIntlMacrosheet",
    "sharedStrings",
    "sheetMetadata",
    "table",
    "ctrlProp",
    "pivotTable",
    "pivotCacheDefinition",
    "pivotCacheRecords",
    "slicer",
    "slicerCache",
    "timeline",
    "timelineCache",
    "connections",
    "queryTable",
    "powerPivotData",
    "externalLink",
    "externalLinkPath",
    "externalLinkLongPath",
    "xlPathMissing",
    "xlStartup",
    "xlAlternateStartup",
    "xlLibrary",
    "rdRichValue",
    "rdRichValueStructure",
    "rdRichValueTypes",
    "rdSupportingPropertyBag",
    "rdSupportingPropertyBagStructure",
    "rdArray",
    "richStyles",
    "richValueRel",
    "FeaturePropertyBag",
    // of presentations
    "slide",
    "slideLayout",
    "slideMaster",
    "notesMaster",
    "notesSlide",
    "handoutMaster",
    "presProps",
    "viewProps",
    "tableStyles",
    "themeManager",
    // of diagrams of Visio
    "document",
    "pages",
    "page",
    "masters",
    "master",
    "recordsets",
    "recordset",
    "recordSets",
    "recordSet",
];

/// True when a type is published and a copy may have it.
pub(super) fn is_published(uri: &str) -> bool {
    let Some((place, name)) = uri.strip_prefix("http://").and_then(|uri| uri.rsplit_once('/')) else { return false };
    let segments: Vec<&str> = place.split('/').collect();
    let is_place = match segments.as_slice() {
        ["schemas.openxmlformats.org", "officeDocument", "2006", "relationships"]
        | ["purl.oclc.org", "ooxml", "officeDocument", "relationships"]
        | ["schemas.microsoft.com", "office", "2006", "relationships", "xlExternalLinkPath"] => true,
        ["schemas.microsoft.com", "office" | "visio", year, "relationships"] => is_year(year),
        ["schemas.microsoft.com", "office", year, month, "relationships"] => is_year(year) && is_month(month),
        _ => false,
    };
    is_place && NAMES.contains(&name)
}

/// Of this century: the first types are of 2006.
fn is_year(segment: &str) -> bool {
    segment.strip_prefix("20").is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9', b'0'..=b'9']))
}

fn is_month(segment: &str) -> bool {
    matches!(segment.as_bytes(), [b'0', b'1'..=b'9'] | [b'1', b'0'..=b'2'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_relationships() {
        for uri in [
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles",
            "http://purl.oclc.org/ooxml/officeDocument/relationships/styles",
            "http://schemas.microsoft.com/office/2017/06/relationships/model3d",
            "http://schemas.microsoft.com/visio/2010/relationships/masters",
            "http://schemas.microsoft.com/office/2006/relationships/xlExternalLinkPath/xlPathMissing",
        ] {
            assert!(is_published(uri), "{uri}");
        }
        for uri in [
            "",
            "styles",
            "http://schemas.openxmlformats.org/officeDocument/2006/relationshipsstyles",
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/stylesJane",
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/",
            "http://schemas.openxmlformats.org/Jane-Doe/2006/relationships/styles",
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/Jane/styles",
            "http://schemas.openxmlformats.org/officeDocument/31415926/relationships/styles",
            "http://schemas.microsoft.com/office/2017/31/relationships/model3d",
            "http://schemas.microsoft.com/office/2017/06/05/relationships/model3d",
            "http://schemas.microsoft.com/office/1955/relationships/media",
            "http://example.org/officeDocument/2006/relationships/styles",
        ] {
            assert!(!is_published(uri), "{uri}");
        }
    }
}
