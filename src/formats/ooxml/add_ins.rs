//! Add-ins in the content of a document (\[MS-OWEXML\]), taken out where the policy takes macros out.
//!
//! Such an add-in is a frame with a `we:webextensionref`. Programs that know no add-ins show the picture of it in the other
//! branch of an `mc:AlternateContent` (ECMA-376 part 3, 7.1), which stays. An add-in without a picture stays and is held.

use crate::formats::xml::Notes;
use crate::formats::xml::{self, Branch, Node, Ns};
use crate::limits::Limits;
use crate::policy::{Action, Class, Policy};
use crate::refusal::Refusal;

/// The name of the element that refers to an add-in.
const REFERENCE: &str = "webextensionref";

/// The part without the add-ins that have a picture; `None` when it has none.
///
/// # Errors
/// As [`xml::read`].
pub(super) fn remove(
    text: &str,
    limits: &Limits,
    policy: &Policy,
    notes: &mut Notes<'_>,
) -> Result<Option<String>, Refusal> {
    if policy.action(Class::ActiveMacros) != Action::Remove || !text.contains(REFERENCE) {
        return Ok(None);
    }
    let mut changed = false;
    let nodes = nodes(xml::read(text, limits)?, &mut changed, notes);
    Ok(changed.then(|| xml::written(&nodes, text)))
}

/// The depth of the recursion is that of the XML, which is limited.
fn nodes<'x>(before: Vec<Node<'x>>, changed: &mut bool, notes: &mut Notes<'_>) -> Vec<Node<'x>> {
    let mut out = Vec::with_capacity(before.len());
    for node in before {
        let Node::Element(mut branch) = node else {
            out.push(node);
            continue;
        };
        if branch.is(Ns::Mc, "AlternateContent") && is_pictured(&branch) {
            notes.removed(Class::ActiveMacros, "we:webextensionref");
            *changed = true;
            for node in branch.into_children() {
                if let Node::Element(fallback) = node
                    && fallback.is(Ns::Mc, "Fallback")
                {
                    out.extend(fallback.into_children());
                }
            }
            continue;
        }
        branch.children = nodes(std::mem::take(&mut branch.children), changed, notes);
        out.push(Node::Element(branch));
    }
    out
}

/// True for alternatives that are all add-ins, but for a last one that is a picture.
fn is_pictured(alternatives: &Branch<'_>) -> bool {
    let mut choices = alternatives.elements().filter(|branch| branch.is(Ns::Mc, "Choice"));
    let picture = alternatives.child(Ns::Mc, "Fallback").is_some_and(|branch| find(branch, "blip") && !refers(branch));
    picture && choices.all(refers)
}

fn refers(branch: &Branch<'_>) -> bool {
    find(branch, REFERENCE)
}

fn find(branch: &Branch<'_>, local: &str) -> bool {
    branch.elements().any(|child| child.tag.local == local || find(child, local))
}
