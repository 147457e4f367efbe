//! Names and values of documents that would like to be markup, script or style.

use serde_json::Value;

use crate::logs::{harmless, header, log, page, parsed, text_of, totals};

const HOSTILE: &[&str] = &[
    "\"><script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>",
    "</style><script>alert(1)</script><style>",
    "</script><script>alert(1)</script>",
    "javascript:alert(1)",
    "--><!--<svg onload=alert(1)>",
    "]]><![CDATA[<b>",
    "&lt;script&gt;&#x3c;b&#x3e;&amp;",
    "\u{202e}gpj.exe\u{2066}\u{200f}",
    "\0\u{1}\u{1b}[31m\u{7f}\u{85}\u{fffe}\u{ffff}\r\n\t",
    "</title></textarea></noscript><plaintext>",
    "\u{feff}{{constructor.constructor('alert(1)')()}}",
];

/// Members whose values are not free: of an enumeration, or made by the program.
const CLOSED: &[&str] =
    &["record", "outcome", "kind", "class", "action", "severity", "verdict", "scope", "at", "reason"];

/// Puts a text into every place of a record that can hold any.
fn fill(value: &mut Value, text: &str) {
    match value {
        Value::Array(items) => {
            for item in items {
                match item {
                    Value::String(string) => string.push_str(text),
                    other => fill(other, text),
                }
            }
        }
        Value::Object(members) => {
            for (name, item) in members.iter_mut().filter(|(name, _)| !CLOSED.contains(&name.as_str())) {
                match item {
                    // Paths go on behind the text, so that folders have it too.
                    Value::String(string) if name == "path" => *string = format!("{text}/{text}{string}"),
                    Value::String(string) => string.push_str(text),
                    other => fill(other, text),
                }
            }
        }
        _ => {}
    }
}

fn filled(text: &str) -> String {
    let mut records = vec![header()];
    records.extend(harmless());
    records.push(totals());
    records.iter_mut().for_each(|record| fill(record, text));
    page(&log(&records))
}

/// Names of all elements and their attributes, in order, and the addresses of all links.
fn structure(page: &str) -> Vec<String> {
    let document = parsed(page);
    let elements = document.descendants().filter(roxmltree::Node::is_element);
    elements
        .map(|node| {
            let attributes: Vec<String> = node
                .attributes()
                .map(|attribute| match attribute.name() {
                    // What lies behind `held/` is a path by the numbers of its bytes.
                    "href" if attribute.value().starts_with("held/") => "held".to_owned(),
                    "href" | "class" | "id" | "content" => format!("{}={}", attribute.name(), attribute.value()),
                    name => name.to_owned(),
                })
                .collect();
            format!("{} {}", node.tag_name().name(), attributes.join(" "))
        })
        .collect()
}

#[test]
fn text_from_documents_never_becomes_markup() {
    let harmless = structure(&filled("x/x"));
    assert!(harmless.len() > 200);
    for text in HOSTILE {
        // A text with a slash makes a folder more; the harmless one has the same number of them.
        let slashes = text.matches('/').count();
        let likewise =
            if slashes == 1 { harmless.clone() } else { structure(&filled(&format!("x{}", "/x".repeat(slashes)))) };
        assert_eq!(structure(&filled(text)), likewise, "{text:?}");
    }
}

#[test]
fn hostile_text_is_shown_as_it_is() {
    let shown = text_of(&filled("<script>&amp;\u{202e}'\""));
    assert!(shown.contains("<script>&amp;⟨U+202E⟩'\""), "{shown}");
    assert!(!shown.contains('\u{202e}'));
}

#[test]
fn the_policy_of_the_page_allows_its_own_style_and_script_only() {
    use base64::Engine as _;
    use sha2::Digest as _;
    let page = filled("x");
    let document = parsed(&page);
    let of = |name: &str| {
        let found: Vec<_> = document.descendants().filter(|node| node.has_tag_name(name)).collect();
        assert_eq!(found.len(), 1, "{name}");
        let content = found[0].text().unwrap();
        base64::prelude::BASE64_STANDARD.encode(sha2::Sha256::digest(content))
    };
    let policy = document.descendants().find(|node| node.attribute("http-equiv") == Some("Content-Security-Policy"));
    assert_eq!(
        policy.unwrap().attribute("content").unwrap(),
        format!(
            "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
            of("style"),
            of("script")
        )
    );
    for node in document.descendants() {
        for attribute in node.attributes() {
            assert!(!attribute.name().starts_with("on") && attribute.name() != "style", "{attribute:?}");
            let is_within = attribute.value().starts_with('#') || attribute.value().starts_with("held/");
            assert!(attribute.name() != "href" || is_within, "{attribute:?}");
            assert_ne!(attribute.name(), "src");
        }
    }
}
