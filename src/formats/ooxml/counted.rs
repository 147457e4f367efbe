//! How many sheets or slides a main part lists, before anything is looked up for each of them.

use crate::formats::xml::{Ns, Token, Tokens};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// Holds the sheets of a workbook (ECMA-376 part 1, 18.2.19) and the slides of a presentation (19.2.1.33) to their budget.
///
/// # Errors
/// [`crate::Reason::OverLimit`], and as [`Tokens::next`].
pub(super) fn check(main: &str, limits: &Limits) -> Result<(), Refusal> {
    if !["sheet", "sldId"].iter().any(|name| main.contains(name)) {
        return Ok(());
    }
    let mut tokens = Tokens::new(main, limits);
    let mut count = 0_u64;
    while let Some(token) = tokens.next()? {
        if matches!(token, Token::Start(element) if element.is(Ns::S, "sheet") || element.is(Ns::P, "sldId")) {
            count = count.saturating_add(1);
            if count > limits.sheets {
                return Err(Refusal::over_limit("sheets", format!("more than {} sheets or slides", limits.sheets)));
            }
        }
    }
    Ok(())
}
