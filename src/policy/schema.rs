//! What a policy file looks like, for programs: JSON Schema, generated from the types that read it.

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::Class;
use super::load::PolicyFile;

/// The JSON Schema of policy files, `schemas/policy.schema.json`.
#[must_use]
pub fn policy() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<PolicyFile>();
    schema.insert("title".to_owned(), json!("Policy of fieldstrip"));
    schema.to_value()
}

/// Every class with the actions that it takes.
pub(super) fn classes(_: &mut SchemaGenerator) -> Schema {
    let class =
        |class: &Class| (class.name().to_owned(), json!({ "description": class.about(), "enum": class.actions() }));
    let properties: Map<String, Value> = Class::ALL.iter().map(class).collect();
    schemars::json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
}
