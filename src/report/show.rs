//! One record for people: every member of it, whatever members records come to have.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::audit::FileRecord;
use super::terminal::printable;

/// Members that lead, in this order; others follow by name.
const LEADING: &[&str] = &[
    "path",
    "part",
    "outcome",
    "copy",
    "kind",
    "rule",
    "class",
    "name",
    "item",
    "where",
    "severity",
    "verdict",
    "action",
    "masked",
    "at",
    "count",
    "bytes",
    "sha256",
    "detail",
    "input",
    "output",
    "refusal",
    "conversion",
    "findings",
    "removals",
    "inspected",
    "embedded",
    "proof",
];

/// The record as indented text that a terminal may show.
#[must_use]
pub fn render(record: &FileRecord) -> String {
    let mut text = String::new();
    if let Ok(Value::Object(members)) = serde_json::to_value(record) {
        write_members(&members, 0, &mut text);
    }
    text
}

/// As deep as records are: files in files, to the limit of their policy.
fn write_members(members: &Map<String, Value>, indent: usize, text: &mut String) {
    let rank = |name: &str| LEADING.iter().position(|leading| *leading == name).unwrap_or(LEADING.len());
    let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
    sorted.sort_by_key(|(name, _)| (rank(name), *name));
    for (name, value) in sorted {
        let name = printable(name);
        match value {
            Value::Object(members) => {
                let _ = writeln!(text, "{:indent$}{name}", "");
                write_members(members, indent.saturating_add(2), text);
            }
            Value::Array(items) if items.iter().any(Value::is_object) => {
                let _ = writeln!(text, "{:indent$}{name}: {}", "", items.len());
                for item in items {
                    write_item(item, indent.saturating_add(2), text);
                }
            }
            value => {
                let _ = writeln!(text, "{:indent$}{name:12} {}", "", one_line(value));
            }
        }
    }
}

/// An item of a list: a dash, its members below one another.
fn write_item(item: &Value, indent: usize, text: &mut String) {
    let mut inner = String::new();
    match item {
        Value::Object(members) => write_members(members, indent.saturating_add(2), &mut inner),
        value => {
            let _ = writeln!(inner, "{:indent$}  {}", "", one_line(value));
        }
    }
    let rest = inner.get(indent.saturating_add(2)..).unwrap_or_default();
    let _ = write!(text, "{:indent$}- {rest}", "");
}

fn one_line(value: &Value) -> String {
    match value {
        Value::String(text) => printable(text),
        Value::Array(items) => items.iter().map(one_line).collect::<Vec<_>>().join(", "),
        other => printable(&other.to_string()),
    }
}
