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
    /// The URI of its type, with its namespace as it is published.
    pub(super) uri: String,
    /// What it points to, as written.
    pub(super) target: String,
    /// True when the target lies outside of the package.
    pub(super) external: bool,
}

impl Relationship {
    /// The type without authority and version, in which Transitional and Strict differ: `styles`, `hyperlink`. Empty for
    /// types that neither the standard nor Microsoft has defined, which no program follows.
    pub(super) fn kind(&self) -> &str {
        match self.uri.rsplit_once('/') {
            Some((namespace, kind)) if is_published(namespace) => kind,
            _ => "",
        }
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

/// Where the standard has its types (ECMA-376 part 1, annex A; part 2, annex E).
const NAMESPACES: [&str; 6] = [
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/metadata",
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata",
    "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships/metadata",
];

/// True for the namespaces of the standard and those of Microsoft: a product and a year, perhaps a month, and in a few a
/// word behind `relationships`.
fn is_published(namespace: &str) -> bool {
    let dated = |product: &str| namespace.strip_prefix("http://schemas.microsoft.com/")?.strip_prefix(product);
    let Some(rest) = dated("office/").or_else(|| dated("visio/")) else { return NAMESPACES.contains(&namespace) };
    let is_number = |text: &str, digits: usize| text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some((date, below)) = rest.split_once("/relationships") else { return false };
    let is_date = match date.split_once('/') {
        Some((year, month)) => is_number(year, 4) && is_number(month, 2),
        None => is_number(date, 4),
    };
    is_date && matches!(below, "" | "/ui" | "/xlExternalLinkPath")
}

/// A type with its namespace as it is published: some programs write `officedocument`.
fn as_published(uri: String) -> String {
    let Some((namespace, kind)) = uri.rsplit_once('/') else { return uri };
    match NAMESPACES.iter().find(|published| published.eq_ignore_ascii_case(namespace)) {
        Some(published) => format!("{published}/{kind}"),
        None => uri,
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
            uri: as_published(attribute("Type")),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_those_of_published_types() {
        for (uri, kind) in [
            ("http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles", "styles"),
            ("http://schemas.openxmlformats.org/officedocument/2006/relationships/styles", "styles"),
            (
                "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
                "core-properties",
            ),
            ("http://purl.oclc.org/ooxml/officeDocument/relationships/styles", "styles"),
            ("http://schemas.microsoft.com/visio/2010/relationships/page", "page"),
            ("http://schemas.microsoft.com/office/2017/06/relationships/model3d", "model3d"),
            ("http://schemas.microsoft.com/office/2006/relationships/ui/extensibility", "extensibility"),
            (
                "http://schemas.microsoft.com/office/2006/relationships/xlExternalLinkPath/xlPathMissing",
                "xlPathMissing",
            ),
            ("http://schemas.openxmlformats.org/officeDocument/2006/relationships/Jane/styles", ""),
            ("http://schemas.openxmlformats.org/Jane/2006/relationships/styles", ""),
            ("http://schemas.microsoft.com/office/Jane/relationships/media", ""),
            ("http://schemas.microsoft.com/office/2017/Jane/relationships/media", ""),
            ("http://schemas.microsoft.com/office/2017/relationships/Jane/media", ""),
            ("http://example.org/relationships/styles", ""),
            ("styles", ""),
        ] {
            let uri = as_published(uri.to_owned());
            let relationship = Relationship { id: String::new(), uri, target: String::new(), external: false };
            assert_eq!(relationship.kind(), kind, "{}", relationship.uri);
        }
    }
}
