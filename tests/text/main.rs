//! Text files go through unchanged or not at all, and are read whole.

#![allow(clippy::expect_used)] // a failed helper is a failed test

use fieldstrip::formats::Context;
use fieldstrip::limits::Spent;
use fieldstrip::text::{Place, extract};
use fieldstrip::{Kind, Policy, Reason, clean};
use proptest::prelude::*;

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

fn text_of(kind: Kind, bytes: &[u8]) -> String {
    let spent = Spent::default();
    let context = Context::new(Policy::strictest(), &spent);
    extract(kind, bytes, &context).expect("text").spans.into_iter().map(|span| span.text).collect()
}

#[test]
fn copied_as_they_are() {
    let texts: Vec<(&str, Vec<u8>, &str)> = vec![
        ("ascii", b"one\r\ntwo\n".to_vec(), "one\r\ntwo\n"),
        ("utf-8", "Zürich – 東京\n".into(), "Zürich – 東京\n"),
        ("utf-8 with mark", "\u{feff}name,city\n".into(), "name,city\n"),
        ("utf-16 le", utf16("Größe\n", false), "Größe\n"),
        ("utf-16 be", utf16("Größe\n", true), "Größe\n"),
        ("windows-1252", b"caf\xe9 \x84Gr\xf6\xdfe\x93 aus Z\xfcrich\n".to_vec(), "café „Größe“ aus Zürich\n"),
        ("old Mac", b"one\rtwo".to_vec(), "one\ntwo"),
        ("terminal log", b"\x1b[1mbold\x1b[0m\n".to_vec(), "\x1b[1mbold\x1b[0m\n"),
    ];
    for (name, bytes, text) in texts {
        let cleaned = clean(&bytes, "notes.txt", Policy::strictest()).expect(name);
        assert_eq!(cleaned.bytes, bytes, "{name}");
        assert!(cleaned.report.hits.is_empty(), "{name}");
        assert_eq!(cleaned.proof.checks.len(), 3, "{name}");
        assert_eq!(text_of(Kind::PlainText, &bytes), text, "{name}");
    }
}

#[test]
fn refused_when_not_text() {
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("NUL", b"looks like text\0hidden".to_vec()),
        ("control characters", b"a text\x01\x02\x03 with a tail".to_vec()),
        ("NUL in utf-16", utf16("a\0b", false)),
        ("lone surrogate", vec![0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00]),
        ("odd utf-16", [utf16("abc", false), vec![0x41]].concat()),
        ("broken utf-8 behind its mark", b"\xef\xbb\xbfabc\xff".to_vec()),
    ];
    for (name, bytes) in cases {
        let refusal = clean(&bytes, "notes.txt", Policy::strictest()).expect_err(name);
        assert!(
            matches!(refusal.reason, Reason::Damaged | Reason::UnknownKind | Reason::Unprovable),
            "{name}: {refusal}"
        );
    }
}

#[test]
fn lines_are_counted_across_stretches() {
    let text = "filler line\n".repeat(100_000) + "needle\n";
    let spent = Spent::default();
    let context = Context::new(Policy::strictest(), &spent);
    let spans = extract(Kind::PlainText, text.as_bytes(), &context).expect("text").spans;
    assert!(spans.len() > 1);
    let last = spans.last().expect("a span");
    let start = last.text.find("needle").expect("needle");
    assert_eq!(last.place_of(start, start + 6), Place::Line { line: 100_001 });
}

#[test]
fn json_reads_as_a_person_reads_it() {
    assert_eq!(text_of(Kind::Json, br#"["Andr\u00e9", "C:\\x"]"#), r#"["André", "C:\x"]"#);
}

proptest! {
    #[test]
    fn never_panics_and_never_changes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(cleaned) = clean(&bytes, "x.txt", Policy::strictest()) {
            prop_assert!(cleaned.kind != Kind::PlainText || cleaned.bytes == bytes);
        }
        let spent = Spent::default();
        let context = Context::new(Policy::strictest(), &spent);
        let _ = extract(Kind::Json, &bytes, &context);
    }
}
