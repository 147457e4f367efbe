//! References of charts to what the policy takes out of a workbook: of those, only the stored values count, as if they were
//! literal. The copy has none such.

use super::workbook::Removed;
use crate::prove::Side;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Element, Token, XmlReader, is_true};
use crate::refusal::Refusal;

/// What an element of a chart counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counts {
    AsUsual,
    /// As an element of another name, without its attributes.
    As(&'static str),
    /// Only what is in it does.
    Within,
    Not,
}

/// Follows a chart from start tag to start tag.
#[derive(Debug, Default)]
pub(crate) struct Literals {
    /// The last element outside of references.
    before: String,
    /// The depth of the reference at hand, and whether only its first text counts.
    reference: Option<(u32, bool)>,
    told: bool,
    /// The chart draws cells that were emptied.
    draws_emptied: bool,
}

impl Literals {
    /// Judges the element whose start was the last token.
    ///
    /// # Errors
    /// [`crate::Reason::Unprovable`] when the copy refers to what was taken out.
    pub(crate) fn meet(
        &mut self,
        element: &Element<'_>,
        side: Side,
        removed: &Removed,
        reader: &XmlReader<'_>,
    ) -> Result<Counts, Refusal> {
        let depth = reader.depth();
        self.reference = self.reference.filter(|(reference, _)| depth > *reference);
        if let Some((_, is_name)) = self.reference {
            return Ok(match element.local {
                "f" | "extLst" => Counts::Not,
                "ptCount" if is_name => Counts::Not,
                "v" if is_name && std::mem::replace(&mut self.told, true) => Counts::Not,
                "strCache" | "pt" if is_name => Counts::Within,
                "numCache" => Counts::As("numLit"),
                "strCache" => Counts::As("strLit"),
                _ => Counts::AsUsual,
            });
        }
        if element.local == "chartSpace" {
            self.draws_emptied = removed.hidden_cells && draws_all_cells(reader.clone())?;
        }
        if matches!(element.local, "numRef" | "strRef" | "multiLvlStrRef")
            && (self.draws_emptied || removed.draws(&formula(reader)?))
        {
            if side == Side::Output {
                return Err(Refusal::unprovable("a chart in the copy refers to what was removed"));
            }
            self.reference = Some((depth, self.before == "tx"));
            self.told = false;
            return Ok(Counts::Within);
        }
        element.local.clone_into(&mut self.before);
        Ok(Counts::AsUsual)
    }
}

/// True when the chart whose start was the last token draws hidden cells like the others: nothing in it tells it not to.
fn draws_all_cells(mut reader: XmlReader<'_>) -> Result<bool, Refusal> {
    while let Some(token) = reader.next() {
        if let Token::Start(element) = token
            && element.is(Ns::Chart, "plotVisOnly")
        {
            return Ok(element.plain("val").is_some_and(|value| !is_true(value)));
        }
    }
    Ok(true)
}

/// The formula of the reference whose start was the last token.
fn formula(reader: &XmlReader<'_>) -> Result<String, Refusal> {
    let mut ahead = reader.clone();
    let outside = ahead.depth().saturating_sub(1);
    let (mut text, mut within) = (String::new(), false);
    while ahead.depth() > outside {
        match ahead.next() {
            Some(Token::Start(element)) => within = element.is(Ns::Chart, "f"),
            Some(Token::Text(more)) if within => text.push_str(more),
            Some(Token::End) if within => break,
            Some(_) => {}
            None => break,
        }
    }
    Ok(text)
}
