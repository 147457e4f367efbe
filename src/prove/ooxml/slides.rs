//! Hidden slides, which a policy may take out or show.

use std::collections::{HashMap, HashSet};

use super::package::Package;
use crate::formats::Context;
use crate::policy::{Action, Class};
use crate::prove::xml::Token;
use crate::prove::xml::namespace::Ns;
use crate::refusal::Refusal;

/// What the policy does with hidden slides.
pub(crate) fn action(context: &Context<'_>) -> Action {
    context.policy.action(Class::ContentHiddenSlides)
}

/// The parts of slides that the show leaves out, with the numbers that the presentation gives them; none where it leaves
/// out all of them, since a presentation without slides is none.
pub(crate) fn hidden(package: &Package, context: &Context<'_>) -> Result<HashMap<usize, String>, Refusal> {
    let main = package.main()?;
    let mut reader = package.part(main)?.xml(context.limits)?.reader();
    let mut hidden = HashMap::new();
    let (mut slides, mut left_out) = (0_usize, 0_usize);
    while let Some(token) = reader.next() {
        let Token::Start(element) = token else { continue };
        if !element.is(Ns::Slide, "sldId") {
            continue;
        }
        slides = slides.saturating_add(1);
        let slide = element.attribute(Ns::Relations, "id").and_then(|id| package.follow(main, id));
        if let Some(slide) = slide
            && is_hidden(package, slide, context)?
        {
            left_out = left_out.saturating_add(1);
            hidden.insert(slide, element.plain("id").unwrap_or_default().to_owned());
        }
    }
    Ok(if left_out < slides { hidden } else { HashMap::new() })
}

fn is_hidden(package: &Package, slide: usize, context: &Context<'_>) -> Result<bool, Refusal> {
    let part = package.part(slide)?;
    let mut reader = part.named_xml(context.limits)?.reader();
    while let Some(token) = reader.next() {
        if let Token::Start(root) = token {
            let shown = root.plain("show").map(str::trim);
            return Ok(root.is(Ns::Slide, "sld") && matches!(shown, Some("0" | "false" | "off")));
        }
    }
    Ok(false)
}

/// Checks that a copy has no hidden slide and no name of one where the policy does not leave them.
///
/// # Errors
/// [`crate::Reason::Unprovable`] when it has.
pub(crate) fn check(input: &Package, copy: &Package, context: &Context<'_>) -> Result<(), Refusal> {
    let remains = || Refusal::unprovable("a hidden slide remains in the copy");
    if action(context) == Action::Unhide {
        for slide in 0..copy.parts.len() {
            if copy.part(slide)?.is_xml() && is_hidden(copy, slide, context)? {
                return Err(remains());
            }
        }
    }
    if action(context) != Action::Remove {
        return Ok(());
    }
    if !hidden(copy, context)?.is_empty() {
        return Err(remains());
    }
    let numbers: HashSet<String> = hidden(input, context)?.into_values().collect();
    let mut reader = copy.part(copy.main()?)?.xml(context.limits)?.reader();
    while let Some(token) = reader.next() {
        if let Token::Start(element) = token
            && element.local == "sldId"
            && element.plain("id").is_some_and(|number| numbers.contains(number))
        {
            return Err(remains());
        }
    }
    Ok(())
}
