//! SpreadsheetML: people and paths in the workbook, hidden sheets, rows, columns and cells, orphan strings.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Concealment, Unwanted, is_unwanted, unwanted};
use crate::formats::xml::Notes;
use crate::formats::xml::{Element, Filter, Ns, Path, Step};
use crate::policy::Class;
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
    hidden_columns: Vec<(u64, u64)>,
    hidden_by_default: bool,
    hidden_row: bool,
    column: u64,
    shared: bool,
    content: bool,
    value: String,
    row_reported: bool,
    reported_columns: BTreeSet<usize>,
}

impl<'s> Workbooks<'s> {
    /// A filter that knows what the formats of cells conceal.
    pub(in crate::formats::ooxml) fn new(concealing: &'s [Option<Concealment>]) -> Self {
        Self {
            used_strings: BTreeSet::new(),
            concealing,
            concealed: None,
            text: false,
            header: PathCodes::default(),
            hidden_columns: Vec::new(),
            hidden_by_default: false,
            hidden_row: false,
            column: 0,
            shared: false,
            content: false,
            value: String::new(),
            row_reported: false,
            reported_columns: BTreeSet::new(),
        }
    }

    /// A row is hidden by name, by height, or because all rows are that say nothing.
    fn enter_row(&mut self, element: &Element<'_>) {
        let no_height = element.own("ht").is_some_and(|height| height.parse::<f64>() == Ok(0.0));
        let default = self.hidden_by_default && element.own("ht").is_none();
        self.hidden_row = element.flag("hidden").unwrap_or(default) || no_height;
        (self.row_reported, self.column) = (false, 0);
    }

    fn enter_cell(&mut self, element: &Element<'_>) {
        let next = self.column.saturating_add(1);
        self.column = element.own("r").and_then(|reference| column(&reference)).unwrap_or(next);
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
            notes.found(Class::ContentHiddenText, concealment);
        }
        if !self.content {
            return;
        }
        if self.hidden_row && !self.row_reported {
            self.row_reported = true;
            notes.found(Class::ContentHiddenRows, "hidden row");
        }
        let hidden = self.hidden_columns.iter().position(|(min, max)| (*min..=*max).contains(&self.column));
        if hidden.is_some_and(|index| self.reported_columns.insert(index)) {
            notes.found(Class::ContentHiddenRows, "hidden column");
        }
    }

    fn enter_column(&mut self, element: &Element<'_>) {
        let number = |name| element.own(name).and_then(|value| value.parse::<u64>().ok());
        let no_width = element.own("width").is_some_and(|width| width.parse::<f64>() == Ok(0.0));
        let hidden = element.flag("hidden").unwrap_or(false) || no_width;
        if let (true, Some(min), Some(max)) =
            (hidden && self.hidden_columns.len() < 20_000, number("min"), number("max"))
        {
            self.hidden_columns.push((min, max));
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
            "sheet" if element.own("state").is_some_and(|state| state == "hidden" || state == "veryHidden") => {
                notes.found(Class::ContentHiddenSheets, "hidden sheet");
            }
            "customWorkbookViews" | "hyperlinks" | "tableParts" | "externalReferences" | "pivotCaches" => {
                return Ok(Step::KeepUnlessEmpty);
            }
            "table" if element.own("tableType").as_deref() == Some("xml") => {
                element.take(Ns::None, "tableType");
            }
            local if HEADERS.contains(&local) => self.header = PathCodes::default(),
            "sheetFormatPr" => self.hidden_by_default = element.flag("zeroHeight").unwrap_or(false),
            "col" => self.enter_column(element),
            "row" => self.enter_row(element),
            "c" if path.parent_is(Ns::S, "row") => self.enter_cell(element),
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

/// The number of the column of a reference such as `AB12`.
fn column(reference: &str) -> Option<u64> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    letters.take(4).try_fold(0_u64, |number, letter| {
        let digit = u64::from(letter.to_ascii_uppercase().checked_sub(b'A')?).checked_add(1)?;
        number.checked_mul(26)?.checked_add(digit)
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_references() {
        for (reference, expected) in [("A1", 1), ("Z9", 26), ("AA1", 27), ("XFD1", 16_384)] {
            assert_eq!(column(reference), Some(expected));
        }
    }
}
