//! What a reader does not see, and what therefore is no part of the essence: marks of editing, ids, metadata, and what the
//! cleaner removes on purpose. Everything that is not named here counts.

use super::ink;
use crate::prove::links::is_private;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Attribute, Element};

/// What the walk does with an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Treat {
    /// The element and all in it is no part of the essence.
    Skip,
    /// Only what is in it is.
    Unwrap,
    /// Properties: hashed as a whole, empty groups left out.
    Properties,
    /// Counts as it stands.
    Count,
}

/// What to do with an element, by its name alone.
pub(crate) fn treat(element: &Element<'_>) -> Treat {
    let skip = match element.ns {
        Ns::Word => return word(element.local),
        Ns::Compatibility => return Treat::Unwrap,
        Ns::SheetRevision => true,
        Ns::Visio => is_invisible_in_diagrams(element),
        Ns::Ink => ink::is_invisible(element.local),
        Ns::Sheet => is_invisible_in_sheets(element),
        Ns::Slide => matches!(
            element.local,
            "extLst"
                | "custDataLst"
                | "tags"
                | "modifyVerifier"
                | "notesMasterIdLst"
                | "handoutMasterIdLst"
                | "cmAuthorLst"
        ),
        Ns::Drawing => matches!(element.local, "extLst" | "hlinkClick" | "hlinkHover" | "hlinkMouseOver"),
        Ns::Chart => matches!(element.local, "extLst" | "externalData" | "printSettings" | "protection"),
        Ns::ChartExtension => element.local == "externalData",
        Ns::Diagram => element.local == "extLst",
        Ns::Math => element.local == "ctrlPr",
        Ns::ExcelVml => matches!(element.local, "ClientData"),
        Ns::SheetExtension => element.local == "absPath",
        Ns::WordExtension => matches!(element.local, "docId" | "conflictIns" | "conflictDel"),
        _ => false,
    };
    let is_list = element.is(Ns::Sheet, "hyperlinks");
    if skip {
        Treat::Skip
    } else if is_list {
        Treat::Unwrap
    } else {
        Treat::Count
    }
}

fn word(local: &str) -> Treat {
    match local {
        "ins" | "moveTo" | "smartTag" | "customXml" | "sdt" | "sdtContent" | "hyperlink" => Treat::Unwrap,
        "rPr" | "pPr" | "tblPr" | "trPr" | "tcPr" | "sectPr" | "tblPrEx" | "numPr" | "tblGrid" => Treat::Properties,
        _ if is_revision_mark(local) || is_editing_mark(local) => Treat::Skip,
        _ => Treat::Count,
    }
}

/// Tracked changes and all that belongs to them (ECMA-376 part 1, section 17.13.5), insertions left out: their content stays.
pub(crate) fn is_revision_mark(local: &str) -> bool {
    matches!(
        local,
        "del"
            | "moveFrom"
            | "delText"
            | "delInstrText"
            | "cellIns"
            | "cellDel"
            | "cellMerge"
            | "rPrChange"
            | "pPrChange"
            | "sectPrChange"
            | "tblPrChange"
            | "tblPrExChange"
            | "tblGridChange"
            | "trPrChange"
            | "tcPrChange"
            | "numberingChange"
            | "moveFromRangeStart"
            | "moveFromRangeEnd"
            | "moveToRangeStart"
            | "moveToRangeEnd"
            | "customXmlInsRangeStart"
            | "customXmlInsRangeEnd"
            | "customXmlDelRangeStart"
            | "customXmlDelRangeEnd"
            | "customXmlMoveFromRangeStart"
            | "customXmlMoveFromRangeEnd"
            | "customXmlMoveToRangeStart"
            | "customXmlMoveToRangeEnd"
    )
}

/// Marks of comments, proofing, permissions, bookmarks, styles' and lists' ids.
fn is_editing_mark(local: &str) -> bool {
    matches!(
        local,
        "commentRangeStart"
            | "commentRangeEnd"
            | "commentReference"
            | "annotationRef"
            | "proofErr"
            | "permStart"
            | "permEnd"
            | "bookmarkStart"
            | "bookmarkEnd"
            | "lastRenderedPageBreak"
            | "sdtPr"
            | "sdtEndPr"
            | "smartTagPr"
            | "customXmlPr"
            | "ffData"
            | "rsid"
            | "nsid"
            | "tmpl"
            | "latentStyles"
    )
}

/// What Visio does not show (\[MS-VSDX\]): marks of reviewers, previews, actions, data of programs.
pub(crate) fn is_invisible_in_diagrams(element: &Element<'_>) -> bool {
    match element.local {
        "Section" => matches!(element.plain("N"), Some("Reviewer" | "Annotation")),
        "DocumentProperties" | "PreviewPicture" | "Icon" | "EventList" | "AttachedToolbars" | "CustomMenusFile"
        | "CustomToolbarsFile" | "EmailRoutingData" | "SolutionXML" | "Data1" | "Data2" | "Data3" => true,
        _ => false,
    }
}

/// Attributes of the same. The target of a link counts when it leads to where everybody can go.
fn is_invisible_attribute_in_diagrams(element: &Element<'_>, attribute: &Attribute<'_>) -> bool {
    match (element.local, attribute.local) {
        ("Shape", "UniqueID") | ("Page", "ReviewerID" | "AssociatedPage") => true,
        ("Cell", "V") => match element.plain("N") {
            Some("Address") => is_lost(attribute.value),
            Some("SubAddress" | "ExtraInfo" | "Description") => true,
            _ => false,
        },
        ("Cell", "F" | "E") => {
            matches!(element.plain("N"), Some("Address" | "SubAddress" | "ExtraInfo" | "Description"))
        }
        _ => false,
    }
}

/// True for a link target that a copy does not have.
fn is_lost(target: &str) -> bool {
    let scheme = target.trim().split(':').next().unwrap_or_default().to_ascii_lowercase();
    target.is_empty() || is_private(target) || matches!(scheme.as_str(), "javascript" | "vbscript" | "data")
}

fn is_invisible_in_sheets(element: &Element<'_>) -> bool {
    match element.local {
        "definedName" => element.plain("name").is_some_and(|name| name.starts_with("Z_") && name.contains(".wvu.")),
        "extLst"
        | "sheetProtection"
        | "protectedRanges"
        | "scenarios"
        | "customSheetViews"
        | "ignoredErrors"
        | "customProperties"
        | "legacyDrawing"
        | "webPublishItems"
        | "smartTags"
        | "cellWatches"
        | "dimension"
        | "selection"
        | "hyperlink"
        | "fileVersion"
        | "fileSharing"
        | "workbookProtection"
        | "bookViews"
        | "calcPr"
        | "customWorkbookViews"
        | "externalReferences"
        | "pivotCaches"
        | "fileRecoveryPr"
        | "webPublishing"
        | "webPublishObjects"
        | "smartTagPr"
        | "smartTagTypes"
        | "phoneticPr"
        | "rPh"
        | "xmlColumnPr" => true,
        _ => false,
    }
}

/// True for groups of properties that mean nothing when nothing is in them.
pub(crate) fn is_group(element: &Element<'_>) -> bool {
    element.ns == Ns::Word
        && matches!(
            element.local,
            "rPr" | "pPr" | "tblPr" | "trPr" | "tcPr" | "tblPrEx" | "numPr" | "sectPr" | "tblGrid"
        )
}

/// True for attributes that a reader does not see.
pub(crate) fn is_invisible(element: &Element<'_>, attribute: &Attribute<'_>) -> bool {
    let local = attribute.local;
    if element.ns == Ns::Compatibility {
        return true;
    }
    match attribute.ns {
        Ns::Word => local.starts_with("rsid") || matches!(local, "author" | "date" | "initials"),
        Ns::WordExtension => matches!(local, "paraId" | "textId"),
        Ns::WordDrawing14 | Ns::SheetRevision | Ns::SheetMeasure | Ns::Compatibility | Ns::Xml => true,
        Ns::OfficeVml => matches!(local, "spid" | "title" | "href" | "gfxdata" | "relid" | "althref" | "bwmode"),
        Ns::None => match element.ns {
            Ns::Visio => is_invisible_attribute_in_diagrams(element, attribute),
            Ns::Ink => ink::is_invisible_attribute(element, attribute),
            Ns::Vml => matches!(local, "id" | "alt" | "title" | "href" | "target"),
            Ns::OfficeVml => matches!(local, "ObjectID"),
            Ns::Sheet => match element.local {
                "workbookPr" => local != "date1904",
                "row" => local == "spans",
                "sheetView" => matches!(local, "workbookViewId" | "tabSelected"),
                "definedName" => !matches!(local, "name" | "localSheetId" | "hidden"),
                "pageSetup" => matches!(local, "usePrinterDefaults"),
                "sheetPr" => local == "codeName",
                "table" => matches!(local, "tableType" | "connectionId"),
                "tableColumn" => matches!(local, "uniqueName" | "queryTableFieldId"),
                _ => false,
            },
            Ns::Slide if element.local == "presentation" => {
                matches!(local, "removePersonalInfoOnSave" | "bookmarkIdSeed" | "conformance")
            }
            Ns::Drawing => match element.local {
                "theme" | "clrScheme" | "fontScheme" | "fmtScheme" => local == "name",
                "rPr" | "endParaRPr" | "defRPr" => matches!(local, "dirty" | "err" | "smtClean" | "bmk"),
                "fld" => local == "id",
                "cNvPr" => is_label(local),
                _ => false,
            },
            _ => matches!(element.local, "cNvPr" | "docPr") && is_label(local),
        },
        _ => false,
    }
}

/// True for an attribute that says how much of a picture is left off at a side.
pub(crate) fn is_crop(element: &Element<'_>, attribute: &Attribute<'_>) -> bool {
    match (element.ns, element.local, attribute.ns) {
        (Ns::Drawing, "srcRect", Ns::None) => matches!(attribute.local, "l" | "t" | "r" | "b"),
        (Ns::Vml, "imagedata", Ns::None) => attribute.local.starts_with("crop"),
        _ => false,
    }
}

/// Ids, names and alternative text of shapes. A path in them goes; real alternative text is a matter of the counts.
fn is_label(local: &str) -> bool {
    matches!(local, "id" | "name" | "descr" | "title")
}

/// Settings that change how pages look (ECMA-376 part 1, section 17.15.1). The others are left to the leftovers.
pub(crate) fn is_visible_setting(local: &str) -> bool {
    matches!(
        local,
        "evenAndOddHeaders"
            | "mirrorMargins"
            | "defaultTabStop"
            | "autoHyphenation"
            | "displayBackgroundShape"
            | "bookFoldPrinting"
            | "gutterAtTop"
            | "characterSpacingControl"
            | "clrSchemeMapping"
            | "compat"
            | "footnotePr"
            | "endnotePr"
            | "themeFontLang"
    )
}

/// Fields whose result the program makes anew: without its instruction a page number would stand still. The others that a
/// cleaner may freeze keep their result, which is what a reader sees.
pub(crate) fn is_lasting_field(instruction: &str) -> Option<&'static str> {
    const LASTING: &[&str] = &[
        "PAGE",
        "NUMPAGES",
        "SECTION",
        "SECTIONPAGES",
        "TOC",
        "TOA",
        "PAGEREF",
        "REF",
        "NOTEREF",
        "SEQ",
        "STYLEREF",
        "INDEX",
        "XE",
        "TC",
        "TA",
        "EQ",
        "SYMBOL",
        "FORMTEXT",
        "FORMCHECKBOX",
        "FORMDROPDOWN",
        "LISTNUM",
    ];
    let name = instruction.trim_start().split(|c: char| c.is_whitespace() || c == '\\').next().unwrap_or_default();
    LASTING.iter().find(|lasting| name.eq_ignore_ascii_case(lasting)).copied()
}

/// Relationships whose target is no part of what a reader sees, whatever attribute uses them.
pub(crate) fn is_invisible_relation(kind: &str) -> bool {
    matches!(
        kind,
        "hyperlink"
            | "printerSettings"
            | "package"
            | "oleObject"
            | "comments"
            | "notesSlide"
            | "notesMaster"
            | "handoutMaster"
            | "customXml"
            | "tags"
            | "control"
            | "ctrlProp"
            | "activeXControlBinary"
            | "font"
            | "attachedTemplate"
            | "frame"
            | "subDocument"
            | "pivotCacheDefinition"
            | "externalLinkPath"
            | "customProperty"
            | "vbaProject"
            | "attachedToolbars"
            | "aFChunk"
    )
}
