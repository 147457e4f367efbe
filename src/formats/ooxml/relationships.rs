//! Relationships parts (ECMA-376 part 2, 6.5): the edges of the part graph.

use super::part_name;
use crate::formats::Context;
use crate::formats::xml::{Ns, Token, Tokens, decode};
use crate::formats::zip_container::Container;
use crate::limits::Limits;
use crate::refusal::Refusal;

/// One relationship.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relationship {
    /// Its id, by which the source refers to it.
    pub(super) id: String,
    /// The URI of its type.
    pub(super) uri: String,
    /// What it points to, as written.
    pub(super) target: String,
    /// True when the target lies outside of the package.
    pub(super) external: bool,
}

impl Relationship {
    /// The type without authority and version, in which Transitional and Strict differ: `styles`, `hyperlink`. Empty for
    /// types that neither the standard nor Microsoft has defined.
    pub(super) fn kind(&self) -> &str {
        const AUTHORITIES: &[&str] =
            &["http://schemas.openxmlformats.org/", "http://purl.oclc.org/ooxml/", "http://schemas.microsoft.com/"];
        let known = AUTHORITIES.iter().any(|authority| self.uri.starts_with(authority));
        if known { self.uri.rsplit('/').next().unwrap_or_default() } else { "" }
    }

    /// The part of the package that it leads to from its source; `None` when it leads out of the package, or to nothing.
    pub(super) fn part(&self, source: &str, container: &Container<'_>) -> Option<String> {
        part_name::resolve(source, &self.target).filter(|key| !self.external && container.name(key).is_some())
    }

    /// A relationship to a part, with an id that the others do not have.
    pub(super) fn to(kind: &str, part: &str, others: &[Self]) -> Self {
        let mut number: u64 = 1;
        let id = loop {
            let id = format!("rId{number}");
            if !others.iter().any(|other| other.id == id) {
                break id;
            }
            number = number.saturating_add(1);
        };
        let uri = format!("http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}");
        Self { id, uri, target: format!("/{part}"), external: false }
    }
}

/// The relationships of a part; none when it has no relationships part.
///
/// # Errors
/// As [`parse`], and when the part cannot be read.
pub(super) fn of(
    source: &str,
    container: &mut Container<'_>,
    context: &Context<'_>,
) -> Result<Vec<Relationship>, Refusal> {
    let key = part_name::relationships_key(source);
    let Some(name) = container.name(&key).map(str::to_owned) else { return Ok(Vec::new()) };
    let bytes = container.read(&key, context)?;
    parse(&bytes, context.limits).map_err(|refusal| refusal.in_part(name))
}

/// Reads a relationships part.
///
/// # Errors
/// [`crate::Reason::Damaged`] when it is not well-formed or two relationships have one id,
/// [`crate::Reason::OverLimit`].
pub(super) fn parse(bytes: &[u8], limits: &Limits) -> Result<Vec<Relationship>, Refusal> {
    let text = decode(bytes)?;
    let mut tokens = Tokens::new(&text, limits);
    let mut all = Vec::new();
    let mut ids = std::collections::BTreeSet::new();
    while let Some(token) = tokens.next()? {
        let Token::Start(element) = token else { continue };
        if !element.is(Ns::Relationships, "Relationship") {
            continue;
        }
        let attribute = |name| element.get(Ns::None, name).map(std::borrow::Cow::into_owned).unwrap_or_default();
        let relationship = Relationship {
            id: attribute("Id"),
            uri: attribute("Type"),
            target: attribute("Target"),
            external: attribute("TargetMode").eq_ignore_ascii_case("external"),
        };
        if !ids.insert(relationship.id.clone()) {
            return Err(Refusal::damaged("two relationships have the same id"));
        }
        all.push(relationship);
        if all.len() as u64 > limits.relationships {
            let detail = format!("more than {} relationships of one part", limits.relationships);
            return Err(Refusal::over_limit("relationships", detail));
        }
    }
    Ok(all)
}

/// Writes a relationships part.
pub(super) fn write(relationships: &[Relationship]) -> String {
    use quick_xml::escape::escape;
    let mut out = String::from(super::DECLARATION);
    out.push_str("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">");
    for relationship in relationships {
        out.push_str(&format!(
            "<Relationship Id=\"{}\" Type=\"{}\" Target=\"{}\"",
            escape(&relationship.id),
            escape(&relationship.uri),
            escape(&relationship.target)
        ));
        out.push_str(if relationship.external { " TargetMode=\"External\"/>" } else { "/>" });
    }
    out.push_str("</Relationships>");
    out
}
