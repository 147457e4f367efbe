//! Everything that can be done to a log shows.
//!
//! What no log can show by itself, because a run might have written it so, shows by the head hash that was kept elsewhere:
//! another end of the run in its last line, and a last segment that changed no copy and was cut off whole.

use std::fs;
use std::ops::Range;

use fieldstrip::report::hex;
use fieldstrip::report::verify::{Verification, verify};
use regex::Regex;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::cleaned;
use crate::support::Workplace;

/// A log of two segments and what is needed to check changes of it.
struct Original {
    place: Workplace,
    text: String,
    head: String,
}

impl Original {
    fn new() -> Self {
        let place = cleaned();
        let arguments = ["clean", "in", "--output", "out", "--resume", "--operator", "J. Doe"];
        assert_eq!(place.run(&arguments).0, 1);
        let text = fs::read_to_string(place.path("out.review/audit.jsonl")).unwrap();
        let head = place.log().pop().unwrap()["hash"].as_str().unwrap().to_owned();
        let original = Self { place, text, head };
        let found = original.verify(original.text.as_bytes());
        assert_eq!(found.problems, [], "the log is in order before anything is done to it");
        original
    }

    fn lines(&self) -> Vec<&str> {
        self.text.lines().collect()
    }

    fn verify(&self, log: &[u8]) -> Verification {
        fs::write(self.place.path("out.review/audit.jsonl"), log).unwrap();
        verify(&self.place.path("out.review"), &self.place.path("out")).unwrap()
    }

    /// The log with another text in place of a line.
    fn with_line(&self, at: usize, line: &str) -> Vec<u8> {
        let mut lines = self.lines();
        lines[at] = line;
        whole(&lines)
    }

    /// True when a change shows in the log and its copies alone. With the head hash, every change must.
    fn shows(&self, what: &str, log: &[u8]) -> bool {
        let mut found = self.verify(log);
        let shows = !found.problems.is_empty();
        found.expect_head(&self.head);
        assert!(!found.problems.is_empty(), "{what} does not even show by the head hash");
        shows
    }
}

fn whole(lines: &[&str]) -> Vec<u8> {
    lines.iter().flat_map(|line| line.bytes().chain([b'\n'])).collect()
}

/// A line without its hash and closing brace, and the hash.
fn split(line: &str) -> (&str, &str) {
    let (body, rest) = line.rsplit_once(",\"hash\":\"").unwrap();
    (body, rest.strip_suffix("\"}").unwrap())
}

fn with_hash(body: &str, hash: &str) -> String {
    format!("{body},\"hash\":\"{hash}\"}}")
}

/// A line with a hash that fits it.
fn hashed(body: &str) -> String {
    with_hash(body, &hex(&Sha256::digest(format!("{body}}}").as_bytes())))
}

/// A leaf of a line: the name of its member, where it stands in the text, and another value of its type.
struct Leaf {
    name: String,
    at: Range<usize>,
    other: String,
}

/// Every leaf at every depth, in the order of the text.
fn leaves(body: &str) -> Vec<Leaf> {
    let tokens = Regex::new(r#"("(?:[^"\\]|\\.)*")(:?)|-?[0-9]+|true|false"#).unwrap();
    let (mut name, mut leaves) = (String::new(), Vec::new());
    for token in tokens.captures_iter(body) {
        let text = token.get(0).unwrap();
        if token.get(2).is_some_and(|colon| !colon.is_empty()) {
            name = token[1].trim_matches('"').to_owned();
            continue;
        }
        let other = match serde_json::from_str(text.as_str()).unwrap() {
            Value::Bool(is) => Value::Bool(!is),
            Value::Number(number) => Value::from(number.as_i64().unwrap() + 1),
            // Another time is as good as the one that was written.
            Value::String(time) if ["started", "finished"].contains(&&*name) => {
                Value::from(time.replacen("20", "21", 1))
            }
            Value::String(text) => Value::from(format!("{text}a")),
            other => panic!("{name}: {other}"),
        };
        leaves.push(Leaf { name: name.clone(), at: text.range(), other: other.to_string() });
    }
    leaves
}

#[test]
fn every_changed_member_shows() {
    let original = Original::new();
    let (lines, mut tried, mut hidden) = (original.lines(), 0, Vec::new());
    for (at, line) in lines.iter().enumerate() {
        let (body, hash) = split(line);
        let leaves = leaves(body);
        assert!(leaves.len() >= 3, "line {at}");
        for Leaf { name, at: place, other } in leaves {
            let mut changed = body.to_owned();
            changed.replace_range(place, &other);
            for line in [with_hash(&changed, hash), hashed(&changed)] {
                let what = format!("line {}: {name} = {other}", at + 1);
                if !original.shows(&what, &original.with_line(at, &line)) {
                    hidden.push((at + 1, name.clone()));
                }
                tried += 1;
            }
        }
        let other_hash = with_hash(body, &format!("{}{}", &hash[1..], &hash[..1]));
        assert!(original.shows("another hash", &original.with_line(at, &other_hash)));
    }
    assert!(tried > 1000, "{tried}");
    assert_eq!(hidden, [(lines.len(), "finished".to_owned())], "what only the head hash shows");
}

#[test]
fn every_removed_repeated_and_moved_line_shows() {
    let original = Original::new();
    let lines = original.lines();
    for at in 0..lines.len() {
        let mut removed = lines.clone();
        removed.remove(at);
        assert!(original.shows("removed", &whole(&removed)), "line {at}");
        for to in 0..lines.len() {
            let mut repeated = lines.clone();
            repeated.insert(to, lines[at]);
            assert!(original.shows("repeated", &whole(&repeated)), "line {at} before {to}");
            let mut swapped = lines.clone();
            swapped.swap(at, to);
            assert!(at == to || original.shows("moved", &whole(&swapped)), "lines {at} and {to}");
        }
        for inserted in ["", " ", "{}", "null", "\u{feff}"] {
            let mut added = lines.clone();
            added.insert(at, inserted);
            assert!(original.shows("inserted", &whole(&added)), "{inserted:?} before line {at}");
        }
    }
}

#[test]
fn every_cut_shows() {
    let original = Original::new();
    let second_header = original.text.match_indices("\"record\":\"header\"").nth(1).unwrap().0;
    let second_segment = original.text[..second_header].rfind('\n').unwrap() + 1;
    let mut start = 0;
    let mut hidden = Vec::new();
    for line in original.text.split_inclusive('\n') {
        let end = start + line.len();
        // Within the chain's members, within the record, around the hash, before and behind the line break.
        let hash = end - 2 - 64 - 2;
        for at in
            [start, start + 1, start + 40, start + line.len() / 2, hash - 8, hash, hash + 30, end - 3, end - 2, end - 1]
        {
            if !original.shows("cut", &original.text.as_bytes()[..at]) {
                hidden.push(at);
            }
        }
        start = end;
    }
    assert_eq!(hidden, [second_segment], "only the head hash shows that a whole segment was cut off");
}

#[test]
fn whatever_stands_behind_the_log_or_in_another_form_shows() {
    let original = Original::new();
    for garbage in ["\n", " ", "\0", "x", "{}\n", "\r\n", "\u{feff}"] {
        let added = format!("{}{garbage}", original.text);
        assert!(original.shows("behind", added.as_bytes()), "{garbage:?}");
        let added = format!("{garbage}{}", original.text);
        assert!(original.shows("in front", added.as_bytes()), "{garbage:?}");
    }
    assert!(original.shows("line breaks", original.text.replace('\n', "\r\n").as_bytes()));
    let lines = original.lines();
    let (last, body) = (lines.len() - 1, split(lines[lines.len() - 1]).0);
    // The same record in other words, with a hash that fits: nothing can hide in a log.
    for (what, found, other) in [
        ("an unknown member", "\"flagged\":", "\"note\":\"hello\",\"flagged\":"),
        ("a member twice", "\"outcomes\":{", "\"outcomes\":{\"released\":4,"),
        ("white space", "\"flagged\":", "\"flagged\": "),
        ("an escaped letter", "\"finished\"", "\"f\\u0069nished\""),
        ("a member that says nothing", "\"flagged\":", "\"interrupted\":false,\"flagged\":"),
    ] {
        let changed = body.replacen(found, other, 1);
        assert_ne!(changed, body, "{what}");
        assert!(original.shows(what, &original.with_line(last, &hashed(&changed))), "{what}");
    }
}

#[test]
fn what_differs_is_named_with_line_and_member() {
    let original = Original::new();
    let lines = original.lines();
    let last = lines.len();
    let body = split(lines[last - 1]).0;
    for (found, other, member, what) in [
        ("\"refused\":3", "\"refused\":2", "/outcomes/refused", "not the sums"),
        ("\"flagged\":", "\"note\":{\"by\":1},\"flagged\":", "/note", "no member"),
        ("\"outcomes\":", "\"sum\":", "", "missing field `outcomes`"),
    ] {
        let changed = body.replacen(found, other, 1);
        assert_ne!(changed, body, "{found}");
        let problems = original.verify(&original.with_line(last - 1, &hashed(&changed))).problems;
        let told = problems.iter().any(|problem| {
            problem.line == Some(last as u64)
                && problem.member.as_deref().unwrap_or_default() == member
                && problem.what.contains(what)
        });
        assert!(told, "{member}: {problems:?}");
    }
    let changed = lines[1].replacen("\"outcome\":\"held\"", "\"outcome\":\"released\"", 1);
    assert_ne!(changed, lines[1]);
    let problems = original.verify(&original.with_line(1, &changed)).problems;
    assert_eq!(problems[0].to_string(), "line 2, /hash: its content does not fit its hash: the line was changed");
}
