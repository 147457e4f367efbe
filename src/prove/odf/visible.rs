//! What of an OpenDocument file a reader sees (ODF 1.3 part 3): everything that is not named here.

use crate::policy::{Action, Class, Policy};
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::odf::Odf;
use crate::prove::xml::{Attribute, Element};

/// What an element is for an essence digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Treat {
    /// It counts, with its attributes and what is in it.
    Count,
    /// Only what is in it counts.
    Unwrap,
    /// Nothing of it counts.
    Skip,
    /// Nothing of it counts, but where it leads is compared.
    Source,
    /// An alternative text: compared by its text.
    Label,
    /// A picture in flat XML.
    Binary,
    /// A setting that counts by name and value if it is one that changes pages.
    Setting,
}

/// What an element is. `in_text` tells that it stands in the text of a paragraph.
pub(crate) fn treat(element: &Element<'_>, in_text: bool, policy: &Policy) -> Treat {
    let Ns::Odf(ns) = element.ns else {
        // Only the text of elements that nobody knows is shown, and only in paragraphs (ODF 1.3 part 3, 2.2.1).
        return if in_text && element.ns != Ns::Properties { Treat::Unwrap } else { Treat::Skip };
    };
    match (ns, element.local) {
        (
            Odf::Office,
            "document-content" | "document-styles" | "document-settings" | "settings" | "event-listeners",
        )
        | (Odf::Config, "config-item-set")
        | (Odf::Text, "a")
        | (Odf::Draw, "a")
        | (Odf::Svg, "font-face-src" | "font-face-uri" | "font-face-format")
        | (Odf::Presentation, "event-listener")
        | (Odf::LibreOffice, "content-control")
        | (Odf::Field, "fieldmark" | "fieldmark-start" | "fieldmark-separator" | "fieldmark-end") => Treat::Unwrap,
        (Odf::Office, "annotation" | "annotation-end" | "scripts" | "meta" | "change-info")
        | (Odf::OpenOffice, "annotation")
        | (Odf::Script | Odf::XForms | Odf::Meta | Odf::Database, _)
        | (Odf::Form, "properties")
        | (Odf::Field, _)
        | (Odf::LibreOffice, "table-protection") => Treat::Skip,
        (Odf::Office, "dde-source")
        | (Odf::Form, "connection-resource")
        | (Odf::Table, "table-source" | "cell-range-source" | "dde-links")
        | (Odf::Table, "database-source-sql" | "database-source-table" | "database-source-query")
        | (Odf::Text, "section-source" | "alphabetical-index-auto-mark-file") => Treat::Source,
        (Odf::Svg, "title" | "desc") => Treat::Label,
        (Odf::Office, "binary-data") => Treat::Binary,
        (Odf::Config, "config-item") => Treat::Setting,
        (Odf::Config, _) => Treat::Skip,
        (Odf::Presentation, "notes") if policy.action(Class::ContentSpeakerNotes) == Action::Remove => Treat::Skip,
        (Odf::Text, "hidden-text" | "hidden-paragraph") if is_hidden(element) => match element.local {
            "hidden-paragraph" => Treat::Count,
            _ => Treat::Skip,
        },
        (Odf::Text, local) if is_editing_mark(local) => Treat::Skip,
        (Odf::Text, local) if is_field(local) => Treat::Unwrap,
        (Odf::Table, "tracked-changes" | "scenario" | "table-protection") => Treat::Skip,
        _ => Treat::Count,
    }
}

/// A condition that says that the text is not shown.
fn is_hidden(element: &Element<'_>) -> bool {
    element.own("is-hidden") == Some("true")
}

/// Marks of changes and pages, scripts and connections.
fn is_editing_mark(local: &str) -> bool {
    matches!(
        local,
        "tracked-changes"
            | "change"
            | "change-start"
            | "change-end"
            | "soft-page-break"
            | "script"
            | "dde-connection-decls"
            | "database-next"
            | "database-row-select"
    )
}

/// Fields that a cleaner may freeze. Their result is what a reader sees.
pub(crate) fn is_field(local: &str) -> bool {
    local.starts_with("sender-") || is_revealing(local) || matches!(local, "date" | "time" | "meta" | "meta-field")
}

/// Fields that tell of people, files, times or data sources, or that hold text which is not shown.
pub(crate) fn is_revealing(local: &str) -> bool {
    local.starts_with("sender-")
        || matches!(
            local,
            "author-name"
                | "author-initials"
                | "creator"
                | "initial-creator"
                | "printed-by"
                | "file-name"
                | "template-name"
                | "editing-cycles"
                | "editing-duration"
                | "creation-date"
                | "creation-time"
                | "modification-date"
                | "modification-time"
                | "print-date"
                | "print-time"
                | "user-defined"
                | "database-display"
                | "database-name"
                | "database-row-number"
                | "database-next"
                | "database-row-select"
                | "hidden-text"
                | "hidden-paragraph"
                | "conditional-text"
                | "placeholder"
                | "execute-macro"
                | "dde-connection"
                | "description"
                | "title"
                | "subject"
                | "keywords"
        )
}

/// True for elements in which white space is text.
pub(crate) fn is_text(element: &Element<'_>) -> bool {
    match element.ns {
        Ns::Odf(Odf::Text) => {
            !matches!(element.local, "list" | "list-item" | "section" | "note" | "note-body" | "tracked-changes")
        }
        Ns::Odf(Odf::Number | Odf::MathMl | Odf::Field) => true,
        _ => false,
    }
}

/// True for attributes that a reader does not see the effect of.
pub(crate) fn is_invisible(element: &Element<'_>, attribute: &Attribute<'_>) -> bool {
    let local = attribute.local;
    let Ns::Odf(ns) = attribute.ns else {
        return attribute.ns != Ns::None || element.ns != Ns::Odf(Odf::MathMl);
    };
    match ns {
        Odf::OpenOffice => local.ends_with("rsid"),
        Odf::Xhtml | Odf::XLink | Odf::Script | Odf::Meta | Odf::Database | Odf::XForms | Odf::XmlSchema => true,
        Odf::Office => matches!(local, "version" | "mimetype" | "name" | "title" | "target-frame-name"),
        Odf::Draw => match local {
            "id" | "filter-name" | "mime-type" | "caption-id" | "nav-order" => true,
            "display-name" => true,
            "name" => is_labelled(element),
            _ => false,
        },
        Odf::Text => {
            matches!(local, "id" | "protected" | "track-changes" | "filter-name" | "url") || is_protection(local)
        }
        Odf::Table => matches!(local, "protected" | "filter-name") || is_protection(local),
        Odf::LibreOffice => is_protection(local) || local == "mime-type",
        Odf::Form => matches!(
            local,
            "id" | "command"
                | "command-type"
                | "datasource"
                | "escape-processing"
                | "filter"
                | "order"
                | "list-source"
                | "list-source-type"
                | "data-field"
                | "master-fields"
                | "detail-fields"
                | "target-frame"
                | "image-data"
        ),
        _ => false,
    }
}

/// True for what has a name of its own that is for people, not for references.
pub(crate) fn is_labelled(element: &Element<'_>) -> bool {
    element.ns != Ns::Odf(Odf::Draw)
        || !matches!(
            element.local,
            "gradient" | "hatch" | "fill-image" | "marker" | "stroke-dash" | "opacity" | "layer" | "equation" | "param"
        )
}

/// True for elements that only show what their link leads to: without it nothing of them is left.
pub(crate) fn is_window(element: &Element<'_>) -> bool {
    match element.ns {
        Ns::Odf(Odf::Draw) => {
            matches!(
                element.local,
                "image" | "fill-image" | "object" | "object-ole" | "plugin" | "floating-frame" | "applet"
            )
        }
        Ns::Odf(Odf::Style) => element.local == "background-image",
        Ns::Odf(Odf::Presentation) => element.local == "sound",
        Ns::Odf(Odf::Anim) => matches!(element.local, "audio" | "video"),
        _ => false,
    }
}

/// Hashes of passwords, and how they were made.
pub(crate) fn is_protection(local: &str) -> bool {
    local.starts_with("protection-key")
}

/// Settings that change how pages look, all of them of `ooo:configuration-settings`; in formulas these are fonts and measures.
pub(crate) fn is_visible_setting(name: &str) -> bool {
    let is_measure = ["Relative", "FontName", "CustomFontName"].iter().any(|start| name.starts_with(start))
        || name.ends_with("Margin") && name != "TabOverMargin"
        || name.starts_with("Font") && (name.ends_with("IsBold") || name.ends_with("IsItalic"));
    is_measure
        || matches!(
            name,
            "AddExternalLeading"
                | "AddFrameOffsets"
                | "AddParaLineSpacingToTableCells"
                | "AddParaSpacingToTableCells"
                | "AddParaTableSpacing"
                | "AddParaTableSpacingAtStart"
                | "AddVerticalFrameOffsets"
                | "AlignTabStopPosition"
                | "ApplyParagraphMarkFormatToNumbering"
                | "BackgroundParaOverDrawings"
                | "Alignment"
                | "BaseFontHeight"
                | "CharacterCompressionType"
                | "ClipAsCharacterAnchoredWriterFlyFrames"
                | "ClippedPictures"
                | "CollapseEmptyCellPara"
                | "ConsiderTextWrapOnObjPos"
                | "DoNotCaptureDrawObjsOnPage"
                | "DoNotJustifyLinesWithManualBreak"
                | "DoNotResetParaAttrsForNumFont"
                | "FloattableNomargins"
                | "GutterAtTop"
                | "GreekCharStyle"
                | "IgnoreFirstLineIndentInNumbering"
                | "IgnoreTabsAndBlanksForLineCalculation"
                | "InvertBorderSpacing"
                | "IsKernAsianPunctuation"
                | "IsScaleAllBrackets"
                | "IsTextMode"
                | "MathBaselineAlignment"
                | "NoNumberingShowFollowBy"
                | "OutlineLevelYieldsNumbering"
                | "PrinterIndependentLayout"
                | "PropLineSpacingShrinksFirstLine"
                | "SmallCapsPercentage66"
                | "SubtractFlysAnchoredAtFlys"
                | "SurroundTextWrapSmall"
                | "TableRowKeep"
                | "TabAtLeftIndentForParagraphsInList"
                | "TabOverflow"
                | "TabOverMargin"
                | "TabsRelativeToIndent"
                | "TreatSingleColumnBreakAsPageBreak"
                | "UnbreakableNumberings"
                | "UnxForceZeroExtLeading"
                | "UseFormerLineSpacing"
                | "UseFormerObjectPositioning"
                | "UseFormerTextWrapping"
                | "UseOldNumbering"
                | "UseOldPrinterMetrics"
        )
}
