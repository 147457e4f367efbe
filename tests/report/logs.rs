//! Logs as runs write them, and what a page made of one says.

use fieldstrip::report::audit::{AuditWriter, Record};
use fieldstrip::report::html;
use serde_json::{Value, json};

/// A log with these records.
pub(crate) fn log(records: &[Value]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = AuditWriter::new(&mut out);
    for record in records {
        let record: Record = serde_json::from_value(record.clone()).unwrap_or_else(|error| panic!("{error}: {record}"));
        writer.append(&record).unwrap();
    }
    out
}

/// The page about a log.
pub(crate) fn page(log: &[u8]) -> String {
    let mut out = Vec::new();
    html::write(&mut std::io::Cursor::new(log), html::Place::BesideHeld, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The page as XML.
pub(crate) fn parsed(page: &str) -> roxmltree::Document<'_> {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    roxmltree::Document::parse_with_options(page, options).unwrap_or_else(|error| panic!("{error}: {page}"))
}

/// What a reader sees, without styles and script.
pub(crate) fn text_of(page: &str) -> String {
    let document = parsed(page);
    let of_program = |node: &roxmltree::Node<'_, '_>| {
        node.ancestors().any(|node| node.has_tag_name("style") || node.has_tag_name("script"))
    };
    let texts = document.descendants().filter(|node| node.is_text() && !of_program(node));
    texts.filter_map(|node| node.text()).collect::<Vec<_>>().join("\n")
}

fn sha(digit: char) -> String {
    digit.to_string().repeat(64)
}

/// A header with every member.
pub(crate) fn header() -> Value {
    json!({
        "record": "header", "schema": 1, "tool": "fieldstrip 0.0.1", "tool-sha256": sha('a'), "segment": 1, "torn": 17,
        "changed-copies": ["changed/by-hand.pdf"], "started": "2026-01-02T03:04:05Z", "operator": "An Operator",
        "policy": {"name": "a-policy", "sha256": sha('b'), "ended": ["an allowance of last year"]},
        "decisions": {"sha256": sha('d'), "count": 14, "ended": ["a decision of last year"]},
        "packs": [{"name": "a-pack", "sha256": sha('c'), "rules": 12}], "fingerprint-key": "0badcafe",
        "isolation": {"workers": true, "measures": [{"name": "a-measure", "in-force": false, "detail": "why it is not"}]},
        "inputs": ["an-input"], "files": 7,
    })
}

/// Totals; the page makes its own sums.
pub(crate) fn totals() -> Value {
    json!({
        "record": "totals", "outcomes": {}, "flagged": 0, "removals": {}, "findings": {},
        "finished": "2026-01-02T03:04:59Z", "stale-decisions": ["a decision about a file that went away"],
    })
}

/// A file with nothing but an outcome.
pub(crate) fn file(path: &str, outcome: &str) -> Value {
    json!({"record": "file", "path": path, "outcome": outcome})
}

/// Records that between them have every member.
pub(crate) fn harmless() -> Vec<Value> {
    let digested = |bytes: u64, digit| json!({"bytes": bytes, "sha256": sha(digit)});
    let hit = |class: &str, item: &str, count: u64, action: &str| json!({"class": class, "item": item, "where": format!("part of {item}"), "count": count, "action": action});
    let finding = |rule: &str, place: Value| {
        json!({
            "rule": rule, "category": "a-category", "severity": "high", "verdict": "hold", "place": place,
            "scope": "header-footer", "masked": "va••••••ue", "fingerprint": "00112233445566778899aabbccddeeff",
            "why": "because of a keyword", "allowed": "an allowance", "count": 5,
        })
    };
    let held = json!({
        "record": "file", "path": "folder/a letter.docx", "copy": "folder/a copy.docx", "outcome": "held", "kept": true,
        "kind": "docx",
        "conversion": {
            "kind": "docx", "converter": "A Converter 1.2", "converted": digested(1234, '1'), "proved": false,
        },
        "input": digested(2345, '2'), "output": digested(3456, '3'),
        "removals": [
            hit("metadata.device", "EXIF:BodySerialNumber", 1, "remove"),
            hit("metadata.location", "EXIF:GPSLatitude", 2, "remove"),
            hit("content.old-revisions", "revision", 3, "remove"),
            hit("active.macros", "an unheard-of item", 4, "hold"),
            {"class": "links.external-content", "item": "an accepted item", "count": 7, "action": "hold", "allowed": "a decision"},
            {"class": "content.unknown", "item": "another item", "count": 6, "bytes": 70_001, "action": "remove"},
        ],
        "findings": [
            finding("rule.of-the-file", json!({"at": "file"})),
            finding("rule.of-a-page", json!({"at": "page", "page": 31, "area": [72, 650, 210, 664]})),
            finding("rule.of-a-cell", json!({"at": "cell", "sheet": "A Sheet", "cell": "B7"})),
            finding("rule.within", json!({
                "at": "embedded", "part": "an attachment", "inner": {"at": "line", "line": 99},
            })),
        ],
        "traces": [{
            "class": "metadata.author", "item": "property creator", "masked": "J•••ne", "fingerprint": sha('6')[..32],
        }],
        "embedded": [{
            "part": "word/media/picture.jpeg", "kind": "jpeg",
            "removals": [hit("metadata.author", "XMP-dc:creator", 8, "remove")],
            "embedded": [{"part": "a part within", "kind": "jpeg"}],
        }],
        "proof": {"essence": sha('4'), "checks": [{"name": "a-check", "detail": "what was compared"}]},
    });
    let refused = json!({
        "record": "file", "path": "an old letter.doc", "outcome": "refused", "kind": "doc", "input": digested(4567, '5'),
        "refusal": {"reason": "unsupported", "part": "a part", "detail": "what is wrong", "hint": "what to do about it"},
        "inspected": [hit("metadata.author", "author of old", 9, "hold")],
    });
    vec![held, refused]
}
