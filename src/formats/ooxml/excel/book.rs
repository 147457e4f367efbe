//! The main part of a workbook: its sheets and names (ECMA-376 part 1, 18.2.5, 18.2.19).

use std::borrow::Cow;

use crate::formats::ooxml::filters::{is_hidden_sheet, is_macro_name};
use crate::formats::ooxml::relationships::Relationship;
use crate::formats::xml::{Ns, Token, Tokens};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// What the main part says.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) sheets: Vec<Sheet>,
    pub(super) names: Vec<Name>,
}

/// A sheet as the list of sheets has it.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) hidden: bool,
    /// It holds macros or their dialog.
    pub(super) macros: bool,
}

/// A defined name; `sheet` is the place of the sheet on which alone it is known.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) name: String,
    /// It is the name of a macro.
    pub(super) is_macro: bool,
    pub(super) sheet: Option<usize>,
    pub(super) text: String,
}

impl Name {
    /// The name stands for a place on somebody's disk or file server.
    pub(super) fn is_local(&self) -> bool {
        let text = self.text.to_lowercase();
        text.contains(":\\") || text.contains("\\\\") || text.contains("file:")
    }
}

impl Book {
    pub(super) fn read(text: &str, limits: &Limits) -> Result<Self, Refusal> {
        let mut tokens = Tokens::new(text, limits);
        let mut book = Self::default();
        let mut in_name = false;
        while let Some(token) = tokens.next()? {
            match token {
                Token::Start(element) => {
                    in_name = element.is(Ns::S, "definedName") && !element.empty;
                    let get = |name| element.own(name).map(Cow::into_owned).unwrap_or_default();
                    match element.local {
                        "sheet" if element.ns == Ns::S => book.sheets.push(Sheet {
                            name: get("name"),
                            id: element.get(Ns::R, "id").map(Cow::into_owned).unwrap_or_default(),
                            hidden: is_hidden_sheet(&element),
                            macros: false,
                        }),
                        "definedName" if element.ns == Ns::S => book.names.push(Name {
                            name: get("name"),
                            is_macro: is_macro_name(&element),
                            sheet: get("localSheetId").parse().ok(),
                            text: String::new(),
                        }),
                        _ => {}
                    }
                }
                Token::Text(raw) | Token::CData(raw) if in_name => {
                    if let Some(name) = book.names.last_mut() {
                        name.text.push_str(&quick_xml::escape::unescape(raw).unwrap_or(raw.into()));
                    }
                }
                Token::End(_) => in_name = false,
                _ => {}
            }
        }
        Ok(book)
    }

    /// Learns from the relationships which sheets hold macros or their dialogs.
    pub(super) fn know_macros(&mut self, edges: &[Relationship]) {
        for sheet in &mut self.sheets {
            sheet.macros = edges.iter().any(|edge| edge.id == sheet.id && is_macro_sheet(edge.kind()));
        }
    }
}

/// A relationship of this type leads to a sheet of macros (\[MS-OFFMACRO\] 2.2.1.2, 2.2.1.3) or to a dialog, which only a macro
/// can open (ECMA-376 part 1, 12.3.7).
pub(super) fn is_macro_sheet(kind: &str) -> bool {
    matches!(kind, "xlMacrosheet" | "xlIntlMacrosheet" | "dialogsheet")
}
