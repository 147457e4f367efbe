//! The page about a run: it says everything that the log says, and text from documents stays text.
#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice, clippy::disallowed_methods)]

mod hostile;
mod logs;
mod previews;
mod run;

use fieldstrip::report::html;
use logs::{file, harmless, header, log, page, text_of, totals};
use serde_json::{Value, json};

/// Strings and numbers in a record with the names that they stand under.
fn leaves(name: &str, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => found.push((name.to_owned(), text.clone())),
        Value::Number(number) => found.push((name.to_owned(), number.to_string())),
        Value::Array(items) => items.iter().for_each(|item| leaves(name, item, found)),
        Value::Object(members) => members.iter().for_each(|(name, item)| leaves(name, item, found)),
        Value::Bool(_) | Value::Null => {}
    }
}

#[test]
fn everything_in_a_record_shows_up() {
    for record in harmless() {
        let page = page(&log(&[header(), record.clone(), totals()]));
        let text = text_of(&page);
        let mut expected = Vec::new();
        leaves("", &record, &mut expected);
        assert!(expected.len() > 3, "{record}");
        for (name, leaf) in expected {
            let shown = match (name.as_str(), leaf.as_str()) {
                ("record" | "at" | "class" | "area", _) => continue, // the area is told in words
                ("kind", "docx") => "Word document",
                ("kind", "jpeg") => "JPEG image",
                ("kind", "doc") => "Word 97-2003 document",
                ("action", "remove") => "removed",
                ("action", "hold") => "held for a decision",
                ("bytes", "70001") => "70.0 kB",
                (_, other) => other,
            };
            let grouped = shown.parse().map_or_else(|_| shown.to_owned(), grouped);
            assert!(text.contains(shown) || text.contains(&grouped), "{name} {shown}: {text}");
        }
    }
}

fn grouped(number: u64) -> String {
    if number < 1000 { number.to_string() } else { format!("{},{:03}", number / 1000, number % 1000) }
}

#[test]
fn everything_in_header_and_totals_shows_up() {
    let text = text_of(&page(&log(&[header(), file("a.pdf", "released"), totals()])));
    let mut expected = Vec::new();
    leaves("", &header(), &mut expected);
    leaves("", &json!({"finished": totals()["finished"], "stale": totals()["stale-decisions"]}), &mut expected);
    for (name, leaf) in expected.into_iter().filter(|(name, _)| name != "record") {
        assert!(text.contains(&leaf), "{name} {leaf}: {text}");
    }
}

#[test]
fn what_was_accepted_is_not_told_as_held() {
    let told = |allowed: Option<&str>| {
        let mut record = file("a.docm", "released");
        record["removals"] =
            json!([{"class": "active.macros", "item": "vbaProject.bin", "count": 1, "action": "hold"}]);
        if let Some(decision) = allowed {
            record["removals"][0]["allowed"] = json!(decision);
        }
        text_of(&page(&log(&[header(), record, totals()])))
    };
    let (open, accepted) = (told(None), told(Some("accepted by A Person on a day: a reason")));
    assert!(open.contains("active.macros · held for a decision"), "{open}");
    assert!(accepted.contains("active.macros · accepted") && accepted.contains("by A Person on a day: a reason"));
    assert!(!accepted.contains("held for a decision"), "{accepted}");
}

#[test]
fn plain_words_stand_for_items() {
    let text = text_of(&page(&log(&[header(), harmless().remove(0), totals()])));
    for words in ["camera serial number", "GPS position", "3 earlier revisions", "Camera and device"] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn the_worst_comes_first_and_only_the_last_segment_counts() {
    let flagged = |path: &str, severity: &str| {
        let mut record = file(path, "released");
        record["findings"] = json!([{
            "rule": "a.rule", "category": "a", "severity": severity, "verdict": "flag", "place": {"at": "file"},
            "scope": "body", "count": 1,
        }]);
        record
    };
    let mut second = header();
    second["segment"] = json!(2);
    let records = [
        header(),
        file("of-the-first-segment.pdf", "held"),
        second,
        file("5-released.pdf", "released"),
        flagged("4-flagged.pdf", "low"),
        flagged("3-flagged.pdf", "high"),
        file("2-refused.pdf", "refused"),
        file("6-skipped", "skipped"),
        file("1-held.pdf", "held"),
        totals(),
    ];
    let page = page(&log(&records));
    let document = logs::parsed(&page);
    let sections = document.descendants().filter(|node| node.has_tag_name("details"));
    let paths: Vec<&str> = sections
        .map(|node| node.descendants().find(|node| node.attribute("class") == Some("path")).unwrap().text().unwrap())
        .collect();
    assert_eq!(paths, ["1-held.pdf", "2-refused.pdf", "3-flagged.pdf", "4-flagged.pdf", "5-released.pdf", "6-skipped"]);
    assert!(!page.contains("of-the-first-segment"));
}

#[test]
fn a_log_that_is_not_whole_says_so() {
    let whole = log(&[header(), file("a.pdf", "released"), file("b.pdf", "held"), totals()]);
    assert!(!page(&whole).contains("The log is not whole"));
    let text = String::from_utf8(whole).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for (what, broken) in [
        ("line 2: its content does not fit its hash", text.replace("a.pdf", "z.pdf")),
        ("line 2: it does not follow the line before", [lines[0], lines[2], lines[3]].join("\n")),
        ("the log has no totals", lines[..3].join("\n")),
        ("the log has no header", String::new()),
    ] {
        let page = page(broken.as_bytes());
        assert!(page.contains(&format!("The log is not whole: {what}")), "{what}: {page}");
    }
}

#[test]
fn held_copies_can_be_opened_from_the_review_folder() {
    let mut retyped = file("b.docm", "held");
    retyped["copy"] = json!("folder/b c%20?#\u{202e}\".docx");
    let records =
        [header(), file("a.pdf", "held"), retyped, file("../x.pdf", "held"), file("d.pdf", "released"), totals()];
    let links = |page: &str| {
        let document = logs::parsed(page);
        let links = document.descendants().filter_map(|node| node.attribute("href"));
        links.filter(|link| !link.starts_with('#')).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(links(&page(&log(&records))), ["held/a.pdf", "held/folder/b%20c%2520%3F%23%E2%80%AE%22.docx"]);
    let mut elsewhere = Vec::new();
    html::write(&mut std::io::Cursor::new(log(&records)), html::Place::Elsewhere, &mut elsewhere).unwrap();
    assert!(links(std::str::from_utf8(&elsewhere).unwrap()).is_empty());
}

#[test]
fn a_small_report() {
    let mut records = vec![header()];
    records.extend(harmless());
    records.push(totals());
    let log = log(&records);
    let page = page(&log);
    assert_eq!(page, self::page(&log), "the same log gives the same page");
    let begin = page.find("<body>").unwrap();
    let end = page.find("<script>").unwrap();
    insta::assert_snapshot!("small", page[begin..end].replace("><", ">\n<"));
}

#[test]
fn ten_thousand_files_take_no_more_memory_than_their_places() {
    // The writer takes the page in pieces: none of them holds more than a file's section.
    struct Longest(usize, usize);
    impl std::io::Write for Longest {
        fn write(&mut self, piece: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.max(piece.len());
            self.1 += piece.len();
            Ok(piece.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut records = vec![header()];
    records.extend((0..10_000).map(|number| file(&format!("folder-{}/{number}.pdf", number % 30), "released")));
    records.push(totals());
    let mut out = Longest(0, 0);
    html::write(&mut std::io::Cursor::new(log(&records)), html::Place::Elsewhere, &mut out).unwrap();
    assert!(out.0 < 20_000 && out.1 > 3_000_000, "{} {}", out.0, out.1);
}
