//! What has to be known of a workbook to tell which cells show nothing.

use std::collections::BTreeSet;

use super::pivots::general_formats;
use crate::formats::Context;
use crate::formats::ooxml::filters::{Concealment, concealing_formats, doubt_colours, is_black_on_white};
use crate::formats::ooxml::relationships;
use crate::formats::xml::{Ns, Token, Tokens, decode};
use crate::formats::zip_container::Container;
use crate::limits::Limits;
use crate::refusal::Refusal;

/// Formats and colours.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// What the formats of cells conceal, by their number.
    pub(super) formats: Vec<Option<Concealment>>,
    /// Shared strings with colours of their own.
    pub(super) coloured: BTreeSet<u64>,
    /// Formats without a number format.
    pub(super) general: BTreeSet<usize>,
}

impl Known {
    /// Reads formats, colours of the theme and shared strings.
    ///
    /// # Errors
    /// When a part cannot be read.
    pub(super) fn of(container: &mut Container<'_>, main: &str, context: &Context<'_>) -> Result<Self, Refusal> {
        let limits = context.limits;
        // Without styles, cells have no number format.
        let mut known = Self { general: BTreeSet::from([0]), ..Self::default() };
        let mut plain_colours = true;
        for edge in relationships::of(main, container, context)? {
            let (Some(target), "styles" | "sharedStrings" | "theme") = (edge.part(main, container), edge.kind()) else {
                continue;
            };
            let text = decode(&container.read(&target, context)?)?;
            match edge.kind() {
                "styles" => {
                    known.formats = concealing_formats(&text, limits)?;
                    known.general = general_formats(&text, limits)?;
                }
                "sharedStrings" => known.coloured = coloured_strings(&text, limits)?,
                _ => plain_colours = is_black_on_white(&text, limits)?,
            }
        }
        if !plain_colours {
            doubt_colours(&mut known.formats);
        }
        Ok(known)
    }
}

/// The numbers of the shared strings with colours of their own.
fn coloured_strings(text: &str, limits: &Limits) -> Result<BTreeSet<u64>, Refusal> {
    let mut tokens = Tokens::new(text, limits);
    let (mut coloured, mut next) = (BTreeSet::new(), 0_u64);
    while let Some(token) = tokens.next()? {
        let Token::Start(element) = token else { continue };
        if element.is(Ns::S, "si") {
            next = next.saturating_add(1);
        } else if element.is(Ns::S, "color") {
            coloured.insert(next.saturating_sub(1));
        }
    }
    Ok(coloured)
}
