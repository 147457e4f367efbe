//! Settings: those that change how the document is laid out stay, those that tell of a machine, a printer or a person go.

use crate::formats::odf::survey::Survey;
use crate::formats::xml::{Element, Filter, Notes, Ns, Odf, Path, Step};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Settings that stay: compatibility and appearance. Those of formulas name fonts and sizes.
const KEPT: &[&str] = &[
    "AddExternalLeading",
    "AddFrameOffsets",
    "AddParaLineSpacingToTableCells",
    "AddParaSpacingToTableCells",
    "AddParaTableSpacing",
    "AddParaTableSpacingAtStart",
    "AddVerticalFrameOffsets",
    "AlignTabStopPosition",
    "Alignment",
    "AllowTextAfterFloatingTableBreak",
    "AnchoredTextOverflowLegacy",
    "ApplyParagraphMarkFormatToNumbering",
    "ApplyTextAttrToEmptyLineAtEndOfParagraph",
    "AutoCalculate",
    "AutoFirstLineIndentDisregardLineSpace",
    "BackgroundParaOverDrawings",
    "BaseFontHeight",
    "BaseLine",
    "BeginLine",
    "BottomMargin",
    "CharacterCompressionType",
    "ClipAsCharacterAnchoredWriterFlyFrames",
    "ClippedPictures",
    "CollapseEmptyCellPara",
    "ConnectorUseSnapRect",
    "ConsiderTextWrapOnObjPos",
    "ContinuousEndnotes",
    "Country",
    "CustomFontNameFixed",
    "CustomFontNameSans",
    "CustomFontNameSerif",
    "DefaultTabStop",
    "DisableOffPagePositioning",
    "DoNotBreakWrappedTables",
    "DoNotCaptureDrawObjsOnPage",
    "DoNotJustifyLinesWithManualBreak",
    "DoNotMirrorRtlDrawObjs",
    "DoNotResetParaAttrsForNumFont",
    "DropCapPunctuation",
    "EmptyDbFieldHidesPara",
    "EndLine",
    "FloattableNomargins",
    "FontFixedIsBold",
    "FontFixedIsItalic",
    "FontFunctionsIsBold",
    "FontFunctionsIsItalic",
    "FontNameFunctions",
    "FontNameNumbers",
    "FontNameText",
    "FontNameVariables",
    "FontNumbersIsBold",
    "FontNumbersIsItalic",
    "FontSansIsBold",
    "FontSansIsItalic",
    "FontSerifIsBold",
    "FontSerifIsItalic",
    "FontTextIsBold",
    "FontTextIsItalic",
    "FontVariablesIsBold",
    "FontVariablesIsItalic",
    "FootnoteInColumnToPageEnd",
    "FrameAutowidthWithMorePara",
    "FullySpecifiedDefaultTabs",
    "GreekCharStyle",
    "GutterAtTop",
    "HandoutsHorizontal",
    "HasColumnRowHeaders",
    "HasSheetTabs",
    "HeaderSpacingBelowLastPara",
    "HyphenateURLs",
    "IgnoreBreakAfterMultilineField",
    "IgnoreFirstLineIndentInNumbering",
    "IgnoreHiddenCharsForLineCalculation",
    "IgnoreTabsAndBlanksForLineCalculation",
    "ImagePreferredDPI",
    "InvertBorderSpacing",
    "IsKernAsianPunctuation",
    "IsLabelDocument",
    "IsOutlineSymbolsSet",
    "IsScaleAllBrackets",
    "IsTextMode",
    "JustifyLinesWithShrinking",
    "Language",
    "LeftMargin",
    "LegacySingleLineFontwork",
    "MathBaselineAlignment",
    "MinRowHeightInclBorder",
    "MsWordCompGridMetrics",
    "MsWordCompMinLineHeightByFly",
    "MsWordCompTrailingBlanks",
    "NoClippingWithWrapPolygon",
    "NoGapAfterNoteNumber",
    "NoNumberingShowFollowBy",
    "OutlineLevelYieldsNumbering",
    "PageNumberFormat",
    "ParagraphSummation",
    "PrintEmptyPages",
    "PrinterIndependentLayout",
    "PropLineSpacingShrinksFirstLine",
    "ProtectBookmarks",
    "ProtectFields",
    "ProtectForm",
    "RelativeBracketDistance",
    "RelativeBracketExcessSize",
    "RelativeFontHeightFunctions",
    "RelativeFontHeightIndices",
    "RelativeFontHeightLimits",
    "RelativeFontHeightOperators",
    "RelativeFontHeightText",
    "RelativeFractionBarExcessLength",
    "RelativeFractionBarLineWeight",
    "RelativeFractionDenominatorDepth",
    "RelativeFractionNumeratorHeight",
    "RelativeIndexSubscript",
    "RelativeIndexSuperscript",
    "RelativeLineSpacing",
    "RelativeLowerLimitDistance",
    "RelativeMatrixColumnSpacing",
    "RelativeMatrixLineSpacing",
    "RelativeOperatorExcessSize",
    "RelativeOperatorSpacing",
    "RelativeRootSpacing",
    "RelativeScaleBracketExcessSize",
    "RelativeSpacing",
    "RelativeSymbolMinimumHeight",
    "RelativeSymbolPrimaryHeight",
    "RelativeUpperLimitDistance",
    "RightMargin",
    "ScaleParagraphBorderPadding",
    "ShowZeroValues",
    "SmallCapsPercentage66",
    "StylesNoDefault",
    "SubtractFlysAnchoredAtFlys",
    "SurroundTextWrapSmall",
    "SyntaxStringRef",
    "TabAtLeftIndentForParagraphsInList",
    "TabOverMargin",
    "TabOverSpacing",
    "TabOverflow",
    "TableRowKeep",
    "TabsRelativeToIndent",
    "TopMargin",
    "TreatSingleColumnBreakAsPageBreak",
    "UnbreakableNumberings",
    "UnxForceZeroExtLeading",
    "UseFormerLineSpacing",
    "UseFormerObjectPositioning",
    "UseFormerTextWrapping",
    "UseOldNumbering",
    "UseOldPrinterMetrics",
    "UseVariableWidthNBSP",
    "Variant",
    "WordLikeWrapForAsCharFlys",
];

/// Cleans settings.
pub(in crate::formats::odf) struct Settings<'s> {
    /// What the settings say.
    pub(in crate::formats::odf) survey: &'s Survey,
}

impl Filter for Settings<'_> {
    fn start(&mut self, element: &mut Element<'_>, path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        if element.ns != Ns::Odf(Odf::Config) {
            let all = element.is(Ns::Odf(Odf::Office), "settings");
            return Ok(if all { Step::KeepUnlessEmpty } else { Step::Keep });
        }
        let name = element.own("name").unwrap_or_default().into_owned();
        if element.local != "config-item" {
            let configuration = name.rsplit_once(':').map_or(name.as_str(), |(_, local)| local);
            if path.parent_is(Ns::Odf(Odf::Office), "settings") && configuration != "configuration-settings" {
                notes.removed(Class::MetadataOther, "settings of the view");
                return Ok(Step::Drop);
            }
            return Ok(Step::KeepUnlessEmpty);
        }
        let value = self.survey.text(element.offset);
        let kind = element.own("type").unwrap_or_default();
        if KEPT.binary_search(&name.as_str()).is_ok() && fits(&name, value, &kind) {
            return Ok(Step::Keep);
        }
        let (class, item) = removed(&name);
        notes.value(
            class,
            item,
            if class == Class::MetadataPrinter || class == Class::MetadataPaths { value } else { "" },
        );
        Ok(Step::Drop)
    }
}

/// True for a value of the type that the setting names (ODF 1.3 part 3, 19.31). Texts are names of fonts, characters that may
/// not begin or end lines with their language, and one word for a choice.
fn fits(name: &str, value: &str, kind: &str) -> bool {
    const TEXTS: &[&str] = &["BeginLine", "Country", "EndLine", "Language", "PrinterIndependentLayout", "Variant"];
    match kind {
        "boolean" => matches!(value, "true" | "false"),
        "short" | "int" | "long" => value.parse::<i64>().is_ok(),
        "double" => value.parse::<f64>().is_ok(),
        "string" => {
            let text = TEXTS.contains(&name) || name.starts_with("FontName") || name.starts_with("CustomFontName");
            text && value.chars().count() <= 200
        }
        _ => false,
    }
}

/// The class of a setting that goes, and what the log calls it.
fn removed(name: &str) -> (Class, &'static str) {
    match name {
        "PrinterName" => (Class::MetadataPrinter, "PrinterName"),
        "PrintFaxName" => (Class::MetadataPrinter, "PrintFaxName"),
        _ if name.starts_with("Print") => (Class::MetadataPrinter, "settings of the printer"),
        "Rsid" | "RsidRoot" => (Class::MetadataIdentifiers, "Rsid"),
        _ if name.starts_with("RedlineProtectionKey") => (Class::ContentProtection, "RedlineProtectionKey"),
        _ if name.contains("Database") => (Class::MetadataPaths, "data source"),
        _ if name.ends_with("URL") || name.ends_with("Path") => (Class::MetadataPaths, "path in the settings"),
        _ => (Class::MetadataOther, "setting of the program"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(KEPT.is_sorted());
    }

    #[test]
    fn values_fit_their_types() {
        for (name, value, kind, fit) in [
            ("TabOverflow", "true", "boolean", true),
            ("TabOverflow", "GONE", "boolean", false),
            ("TabOverflow", "GONE", "string", false),
            ("TopMargin", "12", "int", true),
            ("TopMargin", "GONE", "short", false),
            ("TopMargin", "12", "", false),
            ("FontNameText", "Liberation Serif", "string", true),
        ] {
            assert_eq!(fits(name, value, kind), fit, "{name} {value} {kind}");
        }
    }
}
