//! What the log looks like, for programs: JSON Schema, generated from the types that write it.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::audit::Record;

/// The JSON Schema of each line of the log, `schemas/audit-log.schema.json`.
#[must_use]
pub fn log() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<Record>().to_value();
    if let Some(definitions) = schema.get_mut("$defs").and_then(Value::as_object_mut) {
        for (_, definition) in definitions.iter_mut().filter(|(name, _)| !is_record(name)) {
            close(definition);
        }
    }
    if let Some(records) = schema.get_mut("oneOf").and_then(Value::as_array_mut) {
        records.iter_mut().filter_map(Value::as_object_mut).for_each(chain);
    }
    if let Some(members) = schema.as_object_mut() {
        members.insert("title".to_owned(), json!("Line of the audit log of fieldstrip"));
    }
    schema
}

/// The types of lines, to which the members of the chain come.
fn is_record(name: &str) -> bool {
    ["Header", "FileRecord", "Totals"].contains(&name)
}

/// Adds the members of the chain to a kind of line, and allows no others than it has.
fn chain(line: &mut Map<String, Value>) {
    let sha256 = |about: &str| json!({ "type": "string", "pattern": "^[0-9a-f]{64}$", "description": about });
    if let Some(properties) = line.entry("properties").or_insert_with(|| json!({})).as_object_mut() {
        properties.insert("prev".to_owned(), sha256("Hash of the line before; zeros for the first."));
        properties.insert("hash".to_owned(), sha256("SHA-256 of this line up to this member, and a closing brace."));
    }
    if let Some(required) = line.entry("required").or_insert_with(|| json!([])).as_array_mut() {
        required.extend([json!("prev"), json!("hash")]);
    }
    line.insert("unevaluatedProperties".to_owned(), json!(false));
}

/// Allows no other members than an object has. The depth is that of the types.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.contains_key("properties") && !members.contains_key("additionalProperties") {
                members.insert("additionalProperties".to_owned(), json!(false));
            }
            members.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}
