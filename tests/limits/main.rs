//! Every budget can be lowered by a policy, and a small document over it is refused with its name.

#![allow(clippy::unwrap_used)] // a failed builder is a failed test

use std::collections::BTreeSet;

use fieldstrip::detect::{Engine, Fingerprinter};
use fieldstrip::job::{Scanner, process};
use fieldstrip::limits::Limits;
use fieldstrip::{Policy, Reason, Refusal};

#[path = "../bombs/builders/mod.rs"]
mod builders;

use builders::{packages, pdf, pictures};

/// Name and value of a limit, name and bytes of a file that exceeds it.
type Row = (&'static str, u64, &'static str, fn() -> Vec<u8>);

const TABLE: &[Row] = &[
    ("input-bytes", 9, "a.txt", || b"ten bytes.".to_vec()),
    ("decompressed-bytes", 500, "a.docx", || packages::docx("<w:p/>")),
    ("compression-ratio", 9, "a.docx", || packages::docx(&" ".repeat(2 << 20))),
    ("nesting-depth", 0, "a.ico", || pictures::ico(1)),
    ("archive-members", 2, "a.docx", || packages::docx("<w:p/>")),
    ("package-depth", 0, "a.docx", || packages::docx("<w:p/>")),
    ("relationships", 0, "a.docx", || packages::docx("<w:p/>")),
    ("sheets", 1, "a.xlsx", || packages::sheets(2)),
    ("xml-bytes", 99, "a.docx", || packages::docx("<w:p/>")),
    ("xml-nodes", 1, "a.svg", drawing),
    ("xml-depth", 1, "a.docx", || packages::docx("<w:p/>")),
    ("xml-attributes", 0, "a.svg", drawing),
    ("xml-name-bytes", 7, "a.docx", || packages::docx("<w:p/>")),
    ("xml-text-bytes", 9, "a.svg", drawing),
    ("rtf-depth", 1, "a.rtf", || b"{\\rtf1 {a}}".to_vec()),
    ("pdf-objects", 3, "a.pdf", pdf::text),
    ("pdf-stream-bytes", 9, "a.pdf", || pdf::filters(2)),
    ("pdf-pages", 0, "a.pdf", pdf::text),
    ("pdf-page-tree-depth", 1, "a.pdf", || pdf::tree_depth(4)),
    ("pdf-filters", 1, "a.pdf", || pdf::filters(2)),
    ("pdf-form-depth", 1, "a.pdf", || pdf::forms(2, 1)),
    ("pdf-operations", 0, "a.pdf", || pdf::forms(1, 1)),
    ("pdf-glyphs", 3, "a.pdf", pdf::text),
    ("pdf-form-uses", 1, "a.pdf", || pdf::forms(2, 1)),
    ("image-pixels", 3, "a.png", || pictures::png(2, 2, &[], 0)),
    ("image-frames", 1, "a.gif", || pictures::gif(1, 1, 2)),
    ("image-parts", 1, "a.png", || pictures::png(1, 1, &[], 0)),
    ("jpeg-scans", 0, "a.jpg", || pictures::jpeg(8, 8, &[])),
    ("ifds", 0, "a.tiff", pictures::tiff_with_exif),
    ("ifd-entries", 7, "a.tiff", || pictures::tiff(1, 1)),
    ("text-bytes", 9, "a.txt", || b"ten bytes.".to_vec()),
    ("findings", 1, "a.txt", || b"anna@fieldmail.org\nbert@fieldmail.org\ncleo@fieldmail.org\n".to_vec()),
];

/// Limits that need more than a document to be exceeded, and the tests that do it.
const ELSEWHERE: &[(&str, &str)] = &[
    ("conversion-seconds", "tests/legacy/converted.rs"),
    ("cpu-seconds", "tests/isolation/main.rs"),
    ("cpu-seconds-per-megabyte", "tests/isolation/main.rs"),
    ("wall-seconds", "tests/isolation/main.rs"),
    ("wall-seconds-per-megabyte", "tests/isolation/main.rs"),
    ("worker-memory", "tests/isolation/main.rs"),
];

fn drawing() -> Vec<u8> {
    b"<svg xmlns=\"http://www.w3.org/2000/svg\"><g><rect width=\"1\" height=\"1\"/></g></svg>".to_vec()
}

fn refusal(limits: &str, name: &str, bytes: &[u8]) -> Option<Refusal> {
    let text = format!("schema = 1\nname = \"mine\"\nextends = \"public-release\"\n[limits]\n{limits}\n");
    let policy = Policy::from_toml(&text, "mine.toml").unwrap();
    let engine = Engine::for_policy(&policy).unwrap();
    let key = Fingerprinter::new(b"key of a test");
    process(bytes, name, &Scanner::new(&policy, &engine, &key)).result.err()
}

#[test]
fn a_document_over_a_lowered_limit_is_refused_with_its_name() {
    let mut wrong = Vec::new();
    for (limit, value, name, build) in TABLE {
        match refusal(&format!("{limit} = {value}"), name, &build()) {
            Some(refused)
                if refused.reason == Reason::OverLimit && refused.detail.starts_with(&format!("limit `{limit}`")) => {}
            Some(refused) => wrong.push(format!("{limit} = {value}: {name}: {refused}")),
            None => wrong.push(format!("{limit} = {value}: {name} is not refused")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_limit_is_in_the_table() {
    let serde_json::Value::Object(limits) = serde_json::to_value(Limits::default()).unwrap() else { panic!("a table") };
    let all: BTreeSet<&str> = limits.keys().map(String::as_str).collect();
    let tested: BTreeSet<&str> =
        TABLE.iter().map(|row| row.0).chain(ELSEWHERE.iter().map(|(limit, _)| *limit)).collect();
    assert_eq!(tested, all);
    for (limit, place) in ELSEWHERE {
        let text = std::fs::read_to_string(place).unwrap();
        assert!(text.contains(limit), "{place} does not know {limit}");
    }
}
