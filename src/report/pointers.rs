//! Where two JSON values differ.

use serde_json::Value;

/// JSON pointers (RFC 6901) of the members in which two values differ.
pub(super) fn differences(a: &Value, b: &Value) -> Vec<String> {
    let mut found = Vec::new();
    add_differences(a, b, String::new(), &mut found);
    found
}

/// As deep as the JSON reader goes.
fn add_differences(a: &Value, b: &Value, at: String, found: &mut Vec<String>) {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            let only_b = b.keys().filter(|key| !a.contains_key(*key));
            for key in a.keys().chain(only_b) {
                let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                add_differences(a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null), at, found);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            for number in 0..a.len().max(b.len()) {
                let (a, b) = (a.get(number).unwrap_or(&Value::Null), b.get(number).unwrap_or(&Value::Null));
                add_differences(a, b, format!("{at}/{number}"), found);
            }
        }
        _ if a == b => {}
        _ => found.push(at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_named_at_every_depth() {
        let (a, b) = (r#"{"a":[1,{"b/c":2}],"d":0,"e":null}"#, r#"{"a":[1,{"b/c":3},4],"e":null,"~":1}"#);
        let value = |text| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(differences(&value(a), &value(b)), ["/a/1/b~1c", "/a/2", "/d", "/~0"]);
        assert_eq!(differences(&value(a), &value(a)), Vec::<String>::new());
    }
}
