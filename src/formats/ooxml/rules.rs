//! The allow-list of parts: what becomes of a part by the relationship that leads to it.
//!
//! Office finds every part through a relationship, and the type of the relationship says what the part is for. A type that
//! is not in this table is never followed: the relationship goes, and with it the part ([`Class::ContentUnknown`]).
//!
//! Types are those of ECMA-376 part 1 (annex A, with the names of Strict and Transitional) and of Microsoft's extensions
//! \[MS-DOCX\], \[MS-XLSX\], \[MS-PPTX\], \[MS-VSDX\], \[MS-OFFMACRO\], \[MS-OWEXML\].

use crate::kind::Kind;
use crate::policy::Class;

/// What becomes of the part that a relationship leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Treatment {
    /// XML that goes through the filters.
    Xml,
    /// XML that goes through the filters, and the policy decides about the file.
    XmlUnder(Class),
    /// A picture, for its own handler.
    Picture,
    /// An Office document inside this one, for its own handler.
    Document,
    /// Bytes that stay as they are: embedded fonts.
    Verbatim,
    /// Bytes that nobody can look into; the policy decides about the file.
    Opaque(Class),
    /// Gone.
    Remove(Class),
    /// Gone if the policy removes the class; otherwise as [`Treatment::XmlUnder`].
    RemoveOr(Class),
    /// Gone if the policy removes the class; otherwise as [`Treatment::Opaque`].
    RemoveOrKeep(Class),
    /// Followed, but the part is no part of the content: a link inside of the package.
    Link,
}

/// How the source refers to a relationship of this type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reference {
    /// Not at all: the type says enough.
    Implicit,
    /// By its id. Without a reference the part is not part of the document.
    ById,
    /// By its id from the main part, not at all from others.
    ByIdFromMain,
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    /// The type; see [`super::relationships::Relationship::kind`].
    pub(super) kind: &'static str,
    /// How the source refers to it.
    pub(super) reference: Reference,
    /// What becomes of the target.
    pub(super) treatment: Treatment,
}

macro_rules! rules {
    ($($reference:ident $treatment:expr => $($kind:literal)+;)*) => {
        &[$($(Rule { kind: $kind, reference: Reference::$reference, treatment: $treatment },)+)*]
    };
}

use Treatment::{Document, Link, Opaque, Picture, Remove, RemoveOr, RemoveOrKeep, Verbatim, Xml, XmlUnder};

const RULES: &[Rule] = rules! {
    Implicit Xml => "document" "pages" "masters" "master";
    ById Xml => "page";
    Implicit Xml => "officeDocument" "styles" "settings" "webSettings" "fontTable" "numbering" "theme" "themeOverride"
        "stylesWithEffects" "footnotes" "endnotes" "sharedStrings" "presProps" "viewProps" "tableStyles" "slideLayout"
        "sheetMetadata" "chartStyle" "chartColorStyle" "diagramDrawing" "themeManager"
        "rdRichValue" "rdRichValueStructure" "rdRichValueTypes" "rdSupportingPropertyBag" "rdSupportingPropertyBagStructure"
        "rdArray" "richStyles" "richValueRel" "FeaturePropertyBag" "ctrlProp";
    ByIdFromMain Xml => "slide" "slideMaster" "notesMaster" "handoutMaster" "worksheet" "chartsheet" "dialogsheet";
    ById Xml => "header" "footer" "chart" "chartEx" "chartUserShapes" "drawing" "vmlDrawing" "table" "diagramData"
        "diagramLayout" "diagramQuickStyle" "diagramColors" "legacyDiagramText" "slicer" "slicerCache" "timeline"
        "timelineCache";
    ById Picture => "image" "hdphoto";
    ById Document => "package";
    ById Verbatim => "font";
    ById Opaque(Class::EmbeddedUnsupported) => "audio" "video" "media" "model3d";
    ById RemoveOrKeep(Class::EmbeddedImports) => "aFChunk";
    ById Opaque(Class::ActiveObjects) => "oleObject" "activeXControlBinary" "legacyDiagram";
    ById XmlUnder(Class::ActiveObjects) => "control";
    Implicit RemoveOrKeep(Class::ActiveMacros) => "vbaProject";
    Implicit RemoveOr(Class::ActiveMacros) => "wordVbaData";
    ByIdFromMain XmlUnder(Class::ActiveMacros) => "xlMacrosheet" "xlIntlMacrosheet";
    ById XmlUnder(Class::ActiveMacros) => "webextension";
    ById XmlUnder(Class::ContentCachedData) => "externalLink";
    Implicit XmlUnder(Class::ContentCachedData) => "pivotTable" "pivotCacheDefinition" "pivotCacheRecords";
    Implicit XmlUnder(Class::ContentConnections) => "connections" "queryTable" "recordsets" "recordSets";
    ById XmlUnder(Class::ContentConnections) => "recordset" "recordSet";
    Implicit Opaque(Class::ContentConnections) => "powerPivotData";
    ById Link => "hyperlink";
    Implicit RemoveOr(Class::ContentSpeakerNotes) => "notesSlide";
    Implicit Remove(Class::MetadataOther) => "core-properties" "extended-properties" "extendedProperties"
        "custom-properties" "customProperties" "calcChain" "volatileDependencies" "attachedSchema" "transform"
        "validation" "extensions";
    Implicit Remove(Class::MetadataSensitivityLabels) => "classificationlabels";
    Implicit Remove(Class::MetadataOrganisation) => "workbookmetadata";
    Implicit Remove(Class::ContentThumbnails) => "thumbnail";
    Implicit Remove(Class::MetadataPrinter) => "printerSettings";
    Implicit Remove(Class::ContentCustomXml) => "customXml" "customXmlProps" "tags" "customProperty" "xmlMaps"
        "tableSingleCells" "customData" "customDataProps" "mailMergeSource" "mailMergeHeaderSource" "recipientData"
        "mailMergeRecipientData" "keyMapCustomizations" "attachedToolbars" "glossaryDocument" "solutions"
        "solution";
    Implicit Remove(Class::MetadataPaths) => "attachedTemplate" "htmlPubSaveAs" "windows";
    Implicit Remove(Class::ContentComments) => "comments" "commentsExtended" "commentsIds" "commentsExtensible" "people"
        "person" "threadedComment" "commentAuthors" "authors" "documenttasks" "documentTasks" "tasks";
    Implicit Remove(Class::ContentOldRevisions) => "revisionHeaders" "revisionLog" "usernames" "revisionInfo" "changesInfo"
        "changesInfos" "imgLayer";
    Implicit Remove(Class::Signatures) => "origin" "signature" "certificate" "vbaProjectSignature"
        "vbaProjectSignatureAgile" "vbaProjectSignatureV3";
    Implicit Remove(Class::ActiveMacros) => "extensibility" "customization" "webextensiontaskpanes";
    ById Xml => "frame" "subDocument" "ink";
};

/// What stands in the table for ink, which has no type of its own.
pub(super) const INK: &str = "ink";

/// The rule for a type of relationship; `None` for types that are not followed.
pub(super) fn rule(kind: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.kind == kind)
}

/// The types of the main part, and whether the document may hold macros (ECMA-376 part 1, 11.3.10, 12.3.23, 13.3.6).
pub(super) fn is_main(content_type: &str) -> bool {
    const MAIN: &[&str] = &[
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        "application/vnd.ms-excel.template.macroEnabled.main+xml",
        "application/vnd.ms-excel.addin.macroEnabled.main+xml",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
        "application/vnd.openxmlformats-officedocument.presentationml.template.main+xml",
        "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml",
        "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
        "application/vnd.ms-powerpoint.template.macroEnabled.main+xml",
        "application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml",
        "application/vnd.ms-powerpoint.addin.macroEnabled.main+xml",
        "application/vnd.ms-visio.drawing.main+xml",
        "application/vnd.ms-visio.drawing.macroEnabled.main+xml",
        "application/vnd.ms-visio.template.main+xml",
        "application/vnd.ms-visio.template.macroEnabled.main+xml",
        "application/vnd.ms-visio.stencil.main+xml",
        "application/vnd.ms-visio.stencil.macroEnabled.main+xml",
    ];
    MAIN.iter().any(|main| main.eq_ignore_ascii_case(content_type))
}

/// The type of a main part without macros, and the kind of the package then; nothing for types without macros. An add-in
/// becomes an ordinary document.
pub(super) fn without_macros(content_type: &str) -> Option<(&'static str, Kind)> {
    const TYPES: &[(&str, &str, Kind)] = &[
        ("ms-word.document.macroEnabled", "wordprocessingml.document", Kind::Docx),
        ("ms-word.template.macroEnabledTemplate", "wordprocessingml.template", Kind::Dotx),
        ("ms-excel.sheet.macroEnabled", "spreadsheetml.sheet", Kind::Xlsx),
        ("ms-excel.template.macroEnabled", "spreadsheetml.template", Kind::Xltx),
        ("ms-excel.addin.macroEnabled", "spreadsheetml.sheet", Kind::Xlsx),
        ("ms-powerpoint.presentation.macroEnabled", "presentationml.presentation", Kind::Pptx),
        ("ms-powerpoint.template.macroEnabled", "presentationml.template", Kind::Potx),
        ("ms-powerpoint.slideshow.macroEnabled", "presentationml.slideshow", Kind::Ppsx),
        ("ms-powerpoint.addin.macroEnabled", "presentationml.presentation", Kind::Pptx),
    ];
    let name = content_type.strip_prefix("application/vnd.")?.strip_suffix(".main+xml")?;
    TYPES.iter().find(|(with, ..)| with.eq_ignore_ascii_case(name)).map(|(_, without, kind)| (*without, *kind))
}

/// The types of the main part of a workbook.
pub(super) fn is_workbook(content_type: &str) -> bool {
    let content_type = content_type.to_ascii_lowercase();
    is_main(&content_type) && (content_type.contains(".spreadsheetml.") || content_type.contains(".ms-excel."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_one_rule() {
        let mut kinds: Vec<&str> = RULES.iter().map(|rule| rule.kind).collect();
        kinds.sort_unstable();
        let count = kinds.len();
        kinds.dedup();
        assert_eq!(kinds.len(), count);
        assert!(rule("").is_none());
    }
}
