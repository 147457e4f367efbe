//! Style sheets and style attributes: rules and properties that draw stay; comments, imports and what editors keep go.
//!
//! The grammar is that of CSS Syntax 3, of which a drawing needs little: rules, a few rules with an `@`, declarations.
//! Outside of strings no escape is kept, since an escaped name could be any name.

use super::names;
use super::references::{References, Use};
use super::scan::{is_closed, opens_url, split, string, url};
use crate::policy::Class;
use crate::refusal::Refusal;

/// How deep rules may lie in rules.
const DEEPEST: u32 = 16;

/// What the style sheets of a drawing say about its elements.
#[derive(Debug, Default)]
pub(super) struct Sheets {
    /// The selectors of all rules.
    pub(super) selectors: String,
    /// Classes that `display: none` hides.
    pub(super) hidden_classes: Vec<String>,
    /// A rule sets `display` in a way that only a full reading of the selectors could tell.
    pub(super) uncertain: bool,
}

/// Cleans one style sheet and adds what it says to `sheets`.
///
/// # Errors
/// What the files in its `data:` URIs are refused for.
pub(super) fn style_sheet(text: &str, references: &mut References<'_>, sheets: &mut Sheets) -> Result<String, Refusal> {
    let text = without_comments(text, references);
    let mut out = String::new();
    rules(&text, 0, references, sheets, &mut out)?;
    Ok(out)
}

/// Cleans the declarations of a style attribute.
///
/// # Errors
/// As [`style_sheet`].
pub(super) fn style_attribute(text: &str, references: &mut References<'_>) -> Result<String, Refusal> {
    let text = without_comments(text, references);
    Ok(declarations(&text, names::is_property, references)?.join(";"))
}

/// Cleans the value of a presentation attribute; `None` when it has to go.
///
/// # Errors
/// As [`style_sheet`].
pub(super) fn presentation(
    name: &str,
    value: &str,
    references: &mut References<'_>,
) -> Result<Option<String>, Refusal> {
    if !value.contains(['(', '\\', '/']) {
        return Ok(Some(value.to_owned()));
    }
    self::value(&without_comments(value, references), name, references)
}

/// The last value that declarations give to a property, as it is written.
pub(super) fn declared<'d>(style: &'d str, property: &str) -> Option<&'d str> {
    let found = style.split(';').filter_map(|declaration| declaration.split_once(':'));
    found.filter(|(name, _)| name.trim().eq_ignore_ascii_case(property)).map(|(_, value)| value.trim()).next_back()
}

fn rules(
    mut text: &str,
    depth: u32,
    references: &mut References<'_>,
    sheets: &mut Sheets,
    out: &mut String,
) -> Result<(), Refusal> {
    loop {
        text = text.trim_start();
        text = text.strip_prefix("<!--").or_else(|| text.strip_prefix("-->")).unwrap_or(text).trim_start();
        if text.is_empty() {
            return Ok(());
        }
        let (prelude, rest) = split(text, if text.starts_with('@') { &[';', '{'] } else { &['{'] });
        let Some(body) = rest.strip_prefix('{') else {
            statement(prelude, references, out);
            text = rest.strip_prefix(';').unwrap_or(rest);
            continue;
        };
        let (body, rest) = split(body, &['}']);
        text = rest.strip_prefix('}').unwrap_or(rest);
        let prelude = prelude.trim();
        let Some(keyword) = at_keyword(prelude) else {
            let kept = declarations(body, names::is_property, references)?;
            if !kept.is_empty() {
                sheets.note(prelude, &kept, depth);
                out.push_str(&format!("{prelude}{{{}}}\n", kept.join(";")));
            }
            continue;
        };
        match keyword.as_str() {
            "@font-face" => {
                let kept = declarations(body, names::is_font_descriptor, references)?;
                out.push_str(&format!("@font-face{{{}}}\n", kept.join(";")));
            }
            "@media" | "@supports" | "@keyframes" | "@-webkit-keyframes"
                if depth < DEEPEST && !prelude.contains(['\\', '"', '\'']) =>
            {
                out.push_str(&format!("{prelude}{{\n"));
                rules(body, depth.saturating_add(1), references, sheets, out)?;
                out.push_str("}\n");
            }
            _ => references.report().removed(Class::ContentUnknown, "CSS rule with @", ""),
        }
    }
}

/// A rule that ends with a semicolon.
fn statement(prelude: &str, references: &mut References<'_>, out: &mut String) {
    match at_keyword(prelude).as_deref() {
        Some("@namespace") if prelude.contains(names::SVG) || prelude.contains(names::XLINK) => {
            out.push_str(&format!("{};\n", prelude.trim()));
        }
        Some("@import") => references.import(),
        _ => references.report().removed(Class::ContentUnknown, "CSS statement", ""),
    }
}

fn at_keyword(prelude: &str) -> Option<String> {
    let name = prelude.strip_prefix('@')?;
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(name.len());
    Some(format!("@{}", name.get(..end)?.to_ascii_lowercase()))
}

impl Sheets {
    fn note(&mut self, selector: &str, declarations: &[String], depth: u32) {
        self.selectors.push_str(selector);
        self.selectors.push(',');
        let style = declarations.join(";");
        let Some(display) = declared(&style, "display") else { return };
        for one in selector.split(',').map(str::trim) {
            let class =
                one.strip_prefix('.').filter(|name| name.chars().all(|c| c.is_alphanumeric() || "-_".contains(c)));
            match class {
                Some(class) if depth == 0 && display.eq_ignore_ascii_case("none") => {
                    self.hidden_classes.push(class.to_owned());
                }
                _ => self.uncertain = true,
            }
        }
    }

    /// True when a selector names the class (`.`) or id (`#`).
    pub(super) fn names(&self, mark: char, name: &str) -> bool {
        if self.selectors.contains('\\') {
            return true;
        }
        self.selectors.match_indices(&format!("{mark}{name}")).any(|(at, found)| {
            let behind = self.selectors.get(at.saturating_add(found.len())..).and_then(|rest| rest.chars().next());
            !behind.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii())
        })
    }
}

/// The declarations that stay, each as `name:value`.
fn declarations(
    mut text: &str,
    known: fn(&str) -> bool,
    references: &mut References<'_>,
) -> Result<Vec<String>, Refusal> {
    let mut kept = Vec::new();
    while !text.is_empty() {
        let (declaration, rest) = split(text, &[';']);
        text = rest.strip_prefix(';').unwrap_or(rest);
        let Some((name, written)) = declaration.split_once(':') else {
            if !declaration.trim().is_empty() {
                references.report().removed(Class::ContentUnknown, "CSS declaration that is none", "");
            }
            continue;
        };
        let name = name.trim();
        if !(known(&name.to_ascii_lowercase()) || name.starts_with("--")) {
            let class = if name.starts_with('-') { Class::ContentCustomXml } else { Class::ContentUnknown };
            let shown: String = name.chars().take(64).collect();
            references.report().removed(class, format!("CSS property {shown}"), "");
            continue;
        }
        if let Some(value) = value(written.trim(), name, references)? {
            kept.push(format!("{name}:{value}"));
        }
    }
    Ok(kept)
}

/// The value with its references cleaned; `None` when it has to go.
fn value(written: &str, property: &str, references: &mut References<'_>) -> Result<Option<String>, Refusal> {
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = rest.find(['(', '"', '\'', '\\', '{', '}']) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        rest = match from.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let (string, behind) = string(from, quote);
                out.push_str(string);
                behind
            }
            Some('(') => {
                let start = before.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
                let name = before.get(start.map_or(0, |at| at.saturating_add(1))..).unwrap_or_default();
                let name = name.to_ascii_lowercase();
                let inner = from.get(1..).unwrap_or_default();
                if name == "url" {
                    let (target, behind) = url(inner);
                    if target.contains('\\') {
                        references.report().removed(
                            Class::ContentUnknown,
                            format!("CSS {property} with an escape"),
                            "",
                        );
                        return Ok(None);
                    }
                    let Some(target) = references.resource(target, Use::Style)? else { return Ok(None) };
                    out.push_str(&format!("({})", quoted(&target)));
                    behind
                } else if names::is_function(&name) {
                    out.push('(');
                    inner
                } else {
                    references.report().removed(Class::ContentUnknown, format!("CSS {property} with a function"), "");
                    return Ok(None);
                }
            }
            _ => {
                references.report().removed(Class::ContentUnknown, format!("CSS {property} with an escape"), "");
                return Ok(None);
            }
        };
    }
    out.push_str(rest);
    if !is_closed(&out) {
        references.report().removed(Class::ContentUnknown, format!("CSS {property} without an end"), "");
        return Ok(None);
    }
    Ok(Some(out))
}

fn quoted(target: &str) -> String {
    if target.contains(['"', '\'', '(', ')', ' ']) {
        format!("\"{}\"", target.replace('"', "%22"))
    } else {
        target.to_owned()
    }
}

/// The text without its comments, each reported.
fn without_comments(text: &str, references: &mut References<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let step = if let Some(comment) = rest.strip_prefix("/*") {
            let (comment, behind) = comment.split_once("*/").unwrap_or((comment, ""));
            super::removed::comment(comment, "CSS comment", references.report());
            out.push(' ');
            rest = behind;
            continue;
        } else {
            match c {
                '"' | '\'' => string(rest, c).0.len(),
                '(' if opens_url(text, rest) => rest.find(')').unwrap_or(rest.len()),
                _ => c.len_utf8(),
            }
        };
        let (piece, behind) = rest.split_at_checked(step).unwrap_or((rest, ""));
        out.push_str(piece);
        rest = behind;
    }
    out
}
