//! The published schemas are those of the types, and what is written follows them.

use std::fs;
use std::path::{Path, PathBuf};

use fieldstrip::policy::BUILT_IN;
use serde_json::Value;

use crate::cleaned;

fn root(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// What is wrong with a value, each with its place.
pub(crate) fn wrong(schema: &Value, value: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap();
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_committed_schemas_are_those_that_the_program_prints() {
    for (of, name) in [("log", "schemas/audit-log.schema.json"), ("policy", "schemas/policy.schema.json")] {
        let (code, printed, _) = crate::Workplace::with(&[]).run(&["schema", of]);
        assert_eq!(code, 0);
        let committed = fs::read_to_string(root(name)).unwrap();
        assert!(committed == printed, "`fieldstrip schema {of} > {name}` brings it up to date");
        assert_eq!(
            jsonschema::meta::validate(&serde_json::from_str(&committed).unwrap()).err().map(|e| e.to_string()),
            None
        );
    }
}

#[test]
fn every_line_of_a_real_log_follows_the_schema() {
    let place = cleaned();
    assert_eq!(place.run(&["clean", "in", "--output", "out", "--resume"]).0, 1);
    let schema = fieldstrip::report::schema::log();
    for line in place.log() {
        assert_eq!(wrong(&schema, &line), Vec::<String>::new(), "{}", line["path"]);
        for (name, value) in [("surprise", Value::from(1)), ("record", Value::from("note")), ("prev", Value::from("0"))]
        {
            let mut other = line.clone();
            other[name] = value;
            assert!(!wrong(&schema, &other).is_empty(), "{name} must not follow it");
        }
    }
}

/// A policy as a value; dates become text.
fn as_json(toml: &str) -> Value {
    fn convert(value: &toml::Value) -> Value {
        match value {
            toml::Value::Table(members) => members.iter().map(|(name, value)| (name.clone(), convert(value))).collect(),
            toml::Value::Array(items) => items.iter().map(convert).collect(),
            toml::Value::Datetime(date) => Value::from(date.to_string()),
            other => serde_json::to_value(other).unwrap(),
        }
    }
    convert(&toml::Value::Table(toml.parse().unwrap()))
}

#[test]
fn every_policy_follows_the_schema() {
    let schema = fieldstrip::policy::schema::policy();
    let readme = fs::read_to_string(root("README.md")).unwrap();
    let examples = readme.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let examples: Vec<&str> = examples.filter(|text| text.contains("extends")).collect();
    assert!(!examples.is_empty());
    for text in BUILT_IN.iter().map(|(_, text)| *text).chain(examples) {
        assert_eq!(wrong(&schema, &as_json(text)), Vec::<String>::new());
    }
    for broken in [
        "schema = 2\nname = \"x\"",
        "schema = 1",
        "schema = 1\nname = \"x\"\ncolour = 3",
        "schema = 1\nname = \"x\"\n[classes]\n\"metadata.gps\" = \"remove\"",
        "schema = 1\nname = \"x\"\n[classes]\n\"metadata.author\" = \"accept\"",
        "schema = 1\nname = \"x\"\n[text.severity]\nsevere = \"hold\"",
        "schema = 1\nname = \"x\"\n[[text.allow]]\nvalues = [\"a\"]",
        "schema = 1\nname = \"x\"\n[limits]\npages = 3",
        "schema = 1\nname = \"x\"\n[proof]\npdf-pages = \"most\"",
    ] {
        assert!(!wrong(&schema, &as_json(broken)).is_empty(), "{broken}");
    }
}
