//! Charts over what goes keep what they show: a reference with its stored values becomes the values alone (ECMA-376 part 1,
//! 21.2.2.24, 21.2.2.122, 21.2.2.200).
//!
//! Series, categories and error bars may be literal (`c:numLit`, `c:strLit`), the name of a series may be a text (`c:v`). Titles
//! and categories of several levels cannot: those references are left, and stand in the way.

use crate::formats::xml::{self, Branch, Node, Notes, Ns, Token, Tokens};
use crate::limits::Limits;
use crate::policy::Class;
use crate::refusal::Refusal;

/// More bytes of values than Excel takes for one literal in a chart: the longest formula.
const LONGEST: usize = 8_192;

/// Makes references literal for which `lost` gives a class; `None` when there are none such.
///
/// # Errors
/// As [`xml::read`].
pub(super) fn freeze(
    text: &str,
    limits: &Limits,
    lost: &dyn Fn(&str) -> Option<Class>,
    mut notes: Option<&mut Notes<'_>>,
) -> Result<Option<String>, Refusal> {
    if !text.contains("Ref>") {
        return Ok(None);
    }
    let mut nodes = xml::read(text, limits)?;
    let mut frozen = 0_u64;
    freeze_below(&mut nodes, ["", ""], lost, &mut |class| {
        frozen = frozen.saturating_add(1);
        if let Some(notes) = notes.as_deref_mut() {
            notes.removed(class, "reference of a chart, kept as its values");
        }
    });
    if frozen == 0 {
        return Ok(None);
    }
    Ok(Some(xml::written(&nodes, text)))
}

/// True for a chart that draws the cells of hidden rows and columns too; it does unless it says otherwise (21.2.2.146).
///
/// # Errors
/// As [`Tokens::next`].
pub(super) fn draw_hidden_cells(text: &str, limits: &Limits) -> Result<bool, Refusal> {
    let mut tokens = Tokens::new(text, limits);
    let mut is_chart = false;
    while let Some(token) = tokens.next()? {
        let Token::Start(element) = token else { continue };
        if element.is(Ns::C, "plotVisOnly") {
            return Ok(element.flag("val") == Some(false));
        }
        is_chart |= element.is(Ns::C, "chartSpace");
        if !is_chart {
            break; // the root says it
        }
    }
    Ok(is_chart)
}

/// Goes through the content of an element of a chart, whose name and that of the one around it are `around`.
fn freeze_below(
    nodes: &mut Vec<Node<'_>>,
    around: [&str; 2],
    lost: &dyn Fn(&str) -> Option<Class>,
    report: &mut dyn FnMut(Class),
) {
    let [_, inner] = around;
    for mut node in std::mem::take(nodes) {
        let Node::Element(branch) = &mut node else {
            nodes.push(node);
            continue;
        };
        match literal(branch, around, lost) {
            Some((class, values)) => {
                report(class);
                nodes.extend(values);
            }
            None => {
                freeze_below(&mut branch.children, [inner, branch.tag.local], lost, report);
                nodes.push(node);
            }
        }
    }
}

/// What a reference becomes that leads to what goes.
fn literal<'x>(
    reference: &Branch<'x>,
    around: [&str; 2],
    lost: &dyn Fn(&str) -> Option<Class>,
) -> Option<(Class, Vec<Node<'x>>)> {
    let (cache, name) = match (reference.tag.local, around) {
        ("numRef", _) => ("numCache", "numLit"),
        ("strRef", [_, "cat" | "xVal"]) => ("strCache", "strLit"),
        ("strRef", ["ser", "tx"]) => ("strCache", "v"),
        _ => return None,
    };
    let class = lost(&content(reference.child(Ns::C, "f")?))?;
    let cache = reference.child(Ns::C, cache)?;
    let points = cache.elements().filter(|child| child.is(Ns::C, "pt"));
    let values: Vec<&Branch<'_>> = points.filter_map(|point| point.child(Ns::C, "v")).collect();
    let length = values.iter().fold(0_usize, |sum, value| sum.saturating_add(content(value).len()));
    if reference.tag.ns != Ns::C || length > LONGEST {
        return None;
    }
    if name == "v" {
        return Some((class, vec![Node::Element((*values.first()?).clone())]));
    }
    let prefix = cache.tag.name().strip_suffix(cache.tag.local).unwrap_or_default();
    let mut nodes = vec![Node::New(format!("<{prefix}{name}>"))];
    nodes.extend(
        cache.children.iter().filter(|node| node.element().is_none_or(|child| child.tag.local != "extLst")).cloned(),
    );
    nodes.push(Node::New(format!("</{prefix}{name}>")));
    Some((class, nodes))
}

/// The text directly in an element.
fn content(branch: &Branch<'_>) -> String {
    let texts = branch.children.iter().filter_map(|node| match node {
        Node::Raw(text) => Some(quick_xml::escape::unescape(text).unwrap_or((*text).into())),
        _ => None,
    });
    texts.collect()
}
