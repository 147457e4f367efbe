//! SpreadsheetML: people and paths in the workbook, hidden sheets, rows, columns and cells, orphan strings.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::hidden_cells::HiddenCells;
use super::{Concealment, Unwanted, is_unwanted, unwanted};
use crate::formats::xml::Notes;
use crate::formats::xml::{Element, Filter, Ns, Path, Step};
use crate::policy::{Action, Class};
use crate::refusal::Refusal;

const UNWANTED: &[Unwanted] = &[
    Unwanted { ns: Ns::SExt, local: "absPath", class: Class::MetadataPaths, value: Some("url") },
    Unwanted { ns: Ns::S, local: "fileSharing", class: Class::MetadataAuthor, value: Some("userName") },
    Unwanted { ns: Ns::S, local: "customWorkbookView", class: Class::MetadataPeople, value: Some("name") },
    unwanted(Ns::S, "customSheetViews", Class::MetadataPeople),
    unwanted(Ns::SRev, "revisionPtr", Class::MetadataIdentifiers),
    unwanted(Ns::S, "fileVersion", Class::MetadataSoftware),
    unwanted(Ns::S, "fileRecoveryPr", Class::MetadataOther),
    unwanted(Ns::S, "webPublishing", Class::MetadataPaths),
    unwanted(Ns::S, "webPublishObjects", Class::MetadataPaths),
    unwanted(Ns::S, "webPublishItems", Class::MetadataPaths),
    unwanted(Ns::S, "smartTagPr", Class::ContentCustomXml),
    unwanted(Ns::S, "smartTagTypes", Class::ContentCustomXml),
    unwanted(Ns::S, "smartTags", Class::ContentCustomXml),
    unwanted(Ns::S, "customProperties", Class::ContentCustomXml),
    unwanted(Ns::S, "xmlColumnPr", Class::ContentCustomXml),
    unwanted(Ns::S, "scenarios", Class::ContentUnknown),
    unwanted(Ns::S, "securityDescriptor", Class::MetadataPeople),
];

/// Attributes that always go: hashes of passwords, ids of revisions, comments on names.
const UNWANTED_ATTRIBUTES: &[(&str, &[&str], Class)] = &[
    ("workbookProtection", HASHES, Class::ContentProtection),
    ("sheetProtection", HASHES, Class::ContentProtection),
    ("protectedRange", HASHES, Class::ContentProtection),
    ("definedName", &["comment", "description", "help", "statusBar", "customMenu"], Class::ContentComments),
];

const HASHES: &[&str] = &[
    "password",
    "algorithmName",
    "hashValue",
    "saltValue",
    "spinCount",
    "securityDescriptor",
    "workbookPassword",
    "workbookPasswordCharacterSet",
    "workbookAlgorithmName",
    "workbookHashValue",
    "workbookSaltValue",
    "workbookSpinCount",
    "revisionsPassword",
    "revisionsPasswordCharacterSet",
    "revisionsAlgorithmName",
    "revisionsHashValue",
    "revisionsSaltValue",
    "revisionsSpinCount",
];

/// What becomes of something hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::formats::ooxml) enum Fate {
    /// It stays, and the policy says what that means.
    #[default]
    Left,
    /// It is shown.
    Shown,
    /// It goes.
    Gone,
}

/// Cleans SpreadsheetML and notes which shared strings the cells use.
pub(in crate::formats::ooxml) struct Workbooks<'s> {
    /// Indices into the table of shared strings.
    pub(in crate::formats::ooxml) used_strings: BTreeSet<u64>,
    /// What the formats of cells conceal, by the number of the format.
    concealing: &'s [Option<Concealment>],
    concealed: Option<Concealment>,
    /// The cell has text that a reader could see.
    text: bool,
    header: PathCodes,
    rows: Fate,
    hidden: HiddenCells,
    shared: bool,
    content: bool,
    value: String,
    row_reported: bool,
    reported_columns: BTreeSet<usize>,
}

impl<'s> Workbooks<'s> {
    /// A filter that knows what the formats of cells conceal.
    pub(in crate::formats::ooxml) fn new(concealing: &'s [Option<Concealment>], rows: Fate) -> Self {
        Self {
            used_strings: BTreeSet::new(),
            concealing,
            concealed: None,
            text: false,
            header: PathCodes::default(),
            rows,
            hidden: HiddenCells::default(),
            shared: false,
            content: false,
            value: String::new(),
            row_reported: false,
            reported_columns: BTreeSet::new(),
        }
    }

    /// Shows a row or column that is hidden by name or by its size, if hidden ones are shown.
    fn enter_line(
        &self,
        hidden: bool,
        element: &mut Element<'_>,
        [size, custom]: [&str; 2],
        item: &str,
        notes: &mut Notes<'_>,
    ) {
        if !hidden || self.rows != Fate::Shown {
            return;
        }
        element.take(Ns::None, "hidden");
        if element.own(size).is_some_and(|value| value.parse::<f64>() == Ok(0.0)) {
            element.take(Ns::None, size);
            element.take(Ns::None, custom);
        }
        notes.changed(Class::ContentHiddenRows, Action::Unhide, item);
    }

    fn enter_cell(&mut self, element: &Element<'_>) {
        self.shared = element.own("t").as_deref() == Some("s");
        (self.content, self.text) = (false, false);
        self.value.clear();
        let format = element.own("s").and_then(|format| format.parse::<usize>().ok()).unwrap_or_default();
        self.concealed = self.concealing.get(format).copied().flatten();
    }

    fn leave_cell(&mut self, notes: &mut Notes<'_>) {
        if self.shared
            && let Ok(index) = self.value.trim().parse::<u64>()
        {
            self.used_strings.insert(index);
        }
        if let (true, Some(concealment)) = (self.text, self.concealed) {
            notes.found(Class::ContentHiddenText, concealment.item);
        }
        if !self.content {
            return;
        }
        if self.rows != Fate::Left {
            return;
        }
        if self.hidden.hides_row() && !self.row_reported {
            self.row_reported = true;
            notes.found(Class::ContentHiddenRows, "hidden row");
        }
        if self.hidden.hidden_column().is_some_and(|index| self.reported_columns.insert(index)) {
            notes.found(Class::ContentHiddenRows, "hidden column");
        }
    }
}

impl Filter for Workbooks<'_> {
    fn start(&mut self, element: &mut Element<'_>, path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        if element.attributes().iter().any(|attribute| attribute.ns == Ns::SRev) {
            element.strip(|attribute| {
                let gone = attribute.ns == Ns::SRev;
                if gone {
                    notes.removed(Class::MetadataIdentifiers, "xr:uid");
                }
                gone
            });
        }
        if is_unwanted(UNWANTED, element, notes) {
            return Ok(Step::Drop);
        }
        // The only use of an alternative right below the workbook is the path of its folder.
        if element.ns == Ns::Mc && path.depth() <= 2 && path.has(Ns::S, "workbook") {
            return Ok(Step::KeepUnlessEmpty);
        }
        if element.ns != Ns::S {
            return Ok(Step::Keep);
        }
        if let Some((_, names, class)) = UNWANTED_ATTRIBUTES.iter().find(|(local, ..)| *local == element.local) {
            let name = element.name();
            element.strip(|attribute| {
                let gone = attribute.ns == Ns::None && names.contains(&attribute.local);
                if gone {
                    notes.removed(*class, &format!("{name}/@{}", attribute.local));
                }
                gone
            });
        }
        match element.local {
            "sheet" if is_hidden_sheet(element) => {
                notes.found(Class::ContentHiddenSheets, "hidden sheet");
            }
            "customWorkbookViews" | "hyperlinks" | "tableParts" | "externalReferences" | "pivotCaches" => {
                return Ok(Step::KeepUnlessEmpty);
            }
            "table" if element.own("tableType").as_deref() == Some("xml") => {
                element.take(Ns::None, "tableType");
            }
            local if HEADERS.contains(&local) => self.header = PathCodes::default(),
            "sheetFormatPr" => {
                let hidden = self.hidden.enter_sheet(element);
                self.enter_line(hidden, element, ["defaultColWidth", "baseColWidth"], "hidden column", notes);
                if self.rows == Fate::Shown {
                    element.take(Ns::None, "zeroHeight");
                }
            }
            "col" => {
                let hidden = self.hidden.enter_column(element);
                self.enter_line(hidden, element, ["width", "customWidth"], "hidden column", notes);
            }
            "row" => {
                self.row_reported = false;
                let hidden = self.hidden.enter_row(element);
                self.enter_line(hidden, element, ["ht", "customHeight"], "hidden row", notes);
            }
            // Rows that a filter hides would not agree with its conditions once they are shown. Its buttons stay.
            _ if self.rows == Fate::Shown && is_filter_condition(path) => {
                notes.removed(Class::ContentHiddenRows, "condition of a filter");
                return Ok(Step::Drop);
            }
            "c" if path.parent_is(Ns::S, "row") => {
                self.hidden.enter_cell(element);
                if self.rows == Fate::Gone && self.hidden.hides_cell() {
                    notes.removed(Class::ContentHiddenRows, "cell in a hidden row or column");
                    return Ok(Step::Drop);
                }
                self.enter_cell(element);
            }
            "v" | "f" | "is" if path.parent_is(Ns::S, "c") => self.content = true,
            _ => {}
        }
        Ok(Step::Keep)
    }

    fn text(&mut self, text: &mut Cow<'_, str>, path: &Path<'_>, notes: &mut Notes<'_>) {
        if HEADERS.iter().any(|header| path.parent_is(Ns::S, header)) {
            self.header.strip(text, notes);
        }
        if self.concealed.is_some() && path.has(Ns::S, "c") && !path.parent_is(Ns::S, "f") {
            self.text |= !text.trim().is_empty();
        }
        if self.shared && self.value.len() < 32 && path.parent_is(Ns::S, "v") {
            self.value.push_str(text);
        }
    }

    fn end(&mut self, ns: Ns, local: &str, path: &Path<'_>, notes: &mut Notes<'_>) {
        if ns == Ns::S && local == "c" && path.parent_is(Ns::S, "row") {
            self.leave_cell(notes);
        }
    }
}

/// What stands in a column of a filter over rows (ECMA-376 part 1, 18.3.2.7). The filters of pivot tables hide no rows.
fn is_filter_condition(path: &Path<'_>) -> bool {
    path.parent_is(Ns::S, "filterColumn") && !path.has(Ns::S, "pivotTableDefinition")
}

/// A sheet that no tab leads to (ECMA-376 part 1, 18.18.68).
pub(in crate::formats::ooxml) fn is_hidden_sheet(element: &Element<'_>) -> bool {
    element.is(Ns::S, "sheet") && element.own("state").is_some_and(|state| state == "hidden" || state == "veryHidden")
}

/// Headers and footers of printed pages (ECMA-376 part 1, 18.3.1.46).
const HEADERS: &[&str] = &["oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"];

/// Takes the codes `&Z` and `&F`, which print the path and the name of the file, out of a header, whose text comes in pieces.
#[derive(Default)]
struct PathCodes {
    /// An ampersand was read and is still to be written.
    ampersand: bool,
}

impl PathCodes {
    fn strip(&mut self, text: &mut Cow<'_, str>, notes: &mut Notes<'_>) {
        let is_ampersand = matches!(text.as_ref(), "&amp;" | "&#38;" | "&#x26;");
        if is_ampersand && !self.ampersand {
            self.ampersand = true;
            *text = Cow::Borrowed("");
        } else if std::mem::take(&mut self.ampersand) {
            match text.strip_prefix(['Z', 'F']) {
                Some(rest) => {
                    notes.removed(Class::MetadataPaths, "header or footer code for the file's path or name");
                    *text = Cow::Owned(rest.to_owned());
                }
                None => *text = Cow::Owned(format!("&amp;{text}")),
            }
        }
    }
}

/// Empties shared strings that no cell uses. Their places stay, since cells refer to strings by number.
pub(in crate::formats::ooxml) struct SharedStrings<'s> {
    used: &'s BTreeSet<u64>,
    next: u64,
    orphan: bool,
    emptied: bool,
}

impl<'s> SharedStrings<'s> {
    /// A filter with the indices that are used.
    pub(in crate::formats::ooxml) fn new(used: &'s BTreeSet<u64>) -> Self {
        Self { used, next: 0, orphan: false, emptied: false }
    }
}

impl Filter for SharedStrings<'_> {
    fn start(&mut self, element: &mut Element<'_>, path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        if element.is(Ns::S, "si") && path.parent_is(Ns::S, "sst") {
            self.orphan = !self.used.contains(&self.next);
            self.emptied = false;
            self.next = self.next.saturating_add(1);
        } else if self.orphan && path.parent_is(Ns::S, "si") {
            if !self.emptied {
                notes.removed(Class::ContentUnreferenced, "shared string");
            }
            self.emptied = true;
            return Ok(Step::Drop);
        }
        Ok(Step::Keep)
    }
}
