//! Is the package closed? Every relationship leads somewhere, every part is reached, has a type and a name of its own.

use std::collections::HashSet;

use super::package::{Package, Target};
use crate::refusal::Refusal;

/// Checks the graph of a copy.
///
/// # Errors
/// [`crate::Reason::Unprovable`], naming the part that is loose.
pub(crate) fn check(package: &Package) -> Result<(), Refusal> {
    for (source, relationship) in package.all_relationships() {
        if matches!(relationship.target, Target::Missing(_)) {
            return Err(loose("a relationship leads to a part that does not exist", source));
        }
    }
    if let Some(name) = package.stray_relationships.first() {
        return Err(loose("there are relationships of a part that does not exist", name));
    }
    if let Some(name) = package.stray_overrides.first() {
        return Err(loose("a content type is given to a part that does not exist", name));
    }
    let mut names = HashSet::new();
    for (part, reached) in package.parts.iter().zip(package.reachable()) {
        if !names.insert(part.name.to_lowercase()) {
            return Err(loose("two parts have the same name", &part.name));
        }
        if !reached {
            return Err(loose("nothing refers to this part", &part.name));
        }
        if part.content_type.is_none() {
            return Err(loose("the part has no content type", &part.name));
        }
    }
    Ok(())
}

fn loose(what: &str, part: &str) -> Refusal {
    let refusal = Refusal::unprovable(what);
    if part.is_empty() { refusal } else { refusal.in_part(part) }
}
