//! Legacy Office files: what they give away is listed under the right class, their text is read, no copy is made.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)] // a failed helper is a failed test
#![allow(clippy::disallowed_methods)] // tests write their inputs

#[cfg(unix)]
mod converted;
mod fixtures;
#[allow(dead_code)] // of the tests of runs, which use all of it
#[path = "../run/support.rs"]
mod support;

use fieldstrip::detect::{Engine, Fingerprinter};
use fieldstrip::formats::{Context, Report, inspector_for};
use fieldstrip::identify::identify;
use fieldstrip::job::{Scanner, process};
use fieldstrip::limits::Spent;
use fieldstrip::policy::{Action, Class};
use fieldstrip::text::{Extraction, Scope, extract};
use fieldstrip::{Kind, Policy, Reason, Refusal, clean};
use fixtures::{MARKER, all, atom, compound, message, presentation, record, wide, word, workbook};

fn inspect(kind: Kind, bytes: &[u8]) -> Result<Report, Refusal> {
    let spent = Spent::default();
    let context = Context::new(Policy::strictest(), &spent);
    inspector_for(kind).unwrap().inspect(kind, bytes, &context)
}

fn read(kind: Kind, bytes: &[u8]) -> Result<Extraction, Refusal> {
    let spent = Spent::default();
    extract(kind, bytes, &Context::new(Policy::strictest(), &spent))
}

fn items(report: &Report) -> Vec<(Class, &str)> {
    report.hits.iter().map(|hit| (hit.class, hit.item.as_str())).collect()
}

#[test]
fn every_hiding_place_is_listed_and_no_copy_is_made() {
    for fixture in all() {
        let name = fixture.name;
        assert_eq!(identify(&fixture.bytes, "").kind, fixture.kind, "{name}");
        let report = inspect(fixture.kind, &fixture.bytes).unwrap();
        let values = report.values.iter().filter(|value| value.value.contains(MARKER));
        let classes: Vec<_> = values.map(|value| value.class).collect();
        assert!(classes.contains(&fixture.class), "{name}: {classes:?}");
        assert!(!report.hits.iter().any(|hit| hit.item.contains(MARKER)), "{name}: a value in the log");
        let refusal = clean(&fixture.bytes, "old", Policy::strictest()).unwrap_err();
        assert_eq!(refusal.reason, Reason::Unsupported, "{name}");
        let hint = if fixture.kind == Kind::OutlookMessage { "print the message" } else { "soffice --headless" };
        assert!(refusal.hint.contains(hint), "{name}: {}", refusal.hint);
    }
}

/// A refused file has no removals; what it gives away stands in the log all the same, without a value.
#[test]
fn the_log_of_a_refused_file_lists_what_it_gives_away() {
    let policy = Policy::built_in("public-release").unwrap();
    let engine = Engine::for_policy(&policy).unwrap();
    let key = Fingerprinter::new(b"key of a test");
    for fixture in all() {
        let processed = process(&fixture.bytes, "old", &Scanner::new(&policy, &engine, &key));
        assert!(processed.result.is_err());
        let listed = &processed.inspected;
        assert!(listed.iter().any(|hit| hit.class == fixture.class), "{}: {listed:?}", fixture.name);
        assert!(listed.iter().all(|hit| hit.action == Action::Refuse && !hit.item.contains(MARKER)));
    }
}

#[test]
fn text_is_read_with_its_scope() {
    let marked = |scope, kind, bytes: Vec<u8>| (scope, kind, bytes);
    let body = format!("Dear {MARKER}\r");
    let field = format!("\u{13} HYPERLINK {MARKER} \u{14}here\u{15}\r");
    let slide = |inner: Vec<u8>| presentation(&[atom(0x03ee, 0, true, &inner)], "Ann");
    let notes = presentation(&[atom(0x03f0, 0, true, &atom(0x0fa0, 0, false, &wide(MARKER)))], "Ann");
    let name = [&[0; 3][..], &[17], &[0; 10], &[0], MARKER.as_bytes()].concat();
    let cases = [
        marked(Scope::Body, Kind::LegacyWord, word(&body, "more\r", "", None)),
        marked(Scope::Body, Kind::LegacyWord, word("first\r", &body, "", None)),
        // A word may go over from one piece into the next.
        marked(Scope::Body, Kind::LegacyWord, word(&body[..9], &body[9..], "", None)),
        marked(Scope::Field, Kind::LegacyWord, word(&field, "more\r", "", None)),
        marked(Scope::Hidden, Kind::LegacyWord, word("first\r", "more\r", MARKER, None)),
        marked(Scope::Body, Kind::LegacyExcel, workbook(&[], [MARKER, "x"])),
        marked(Scope::Hidden, Kind::LegacyExcel, workbook(&[], ["x", MARKER])),
        marked(Scope::Field, Kind::LegacyExcel, workbook(&[record(0x18, &name)], ["x", "y"])),
        marked(Scope::Body, Kind::LegacyPowerPoint, slide(atom(0x0fa0, 0, false, &wide(MARKER)))),
        marked(Scope::Body, Kind::LegacyPowerPoint, slide(atom(0x0fa8, 0, false, MARKER.as_bytes()))),
        marked(Scope::Note, Kind::LegacyPowerPoint, notes),
        marked(Scope::Body, Kind::OutlookMessage, message(&[("__substg1.0_1000001F", &wide(MARKER))])),
        marked(Scope::Body, Kind::OutlookMessage, message(&[("__substg1.0_10130102", MARKER.as_bytes())])),
    ];
    for (number, (scope, kind, bytes)) in cases.iter().enumerate() {
        let text = read(*kind, bytes).unwrap();
        let scopes: Vec<_> =
            text.spans.iter().filter(|span| span.text.contains(MARKER)).map(|span| span.scope).collect();
        assert_eq!(scopes, [*scope], "case {number}, {kind}");
    }
    let cell = read(Kind::LegacyExcel, &workbook(&[], [MARKER, "x"])).unwrap();
    let place = cell.spans.iter().find(|span| span.text == MARKER).map(|span| span.place.to_string());
    assert_eq!(place.as_deref(), Some("People!AB3"));
}

#[test]
fn a_string_that_many_cells_show_does_not_multiply_without_end() {
    let cells = record(0x00fd, &[2, 0, 27, 0, 0, 0, 0, 0, 0, 0]).repeat(1_000);
    let file = workbook(&[cells], ["a string of thirty characters.", "x"]);
    let mut policy = Policy::strictest().clone();
    let mut text = |most| {
        policy.limits.text_bytes = most;
        extract(Kind::LegacyExcel, &file, &Context::new(&policy, &Spent::default()))
    };
    assert_eq!(text(40_000).unwrap().spans.iter().filter(|span| span.text.contains("thirty")).count(), 1_001);
    let refusal = text(20_000).unwrap_err();
    assert_eq!(refusal.reason, Reason::OverLimit);
    assert!(refusal.detail.contains("text-bytes"), "{refusal}");
}

#[test]
fn attachments_are_looked_into() {
    let inner = word("Body\r", "more\r", "", Some((71, Vec::new())));
    let attached = [
        ("__attach_version1.0_#00000000/__substg1.0_37010102", &inner[..]),
        ("__attach_version1.0_#00000000/__substg1.0_3707001F", &wide("old.doc")),
    ];
    let report = inspect(Kind::OutlookMessage, &message(&attached)).unwrap();
    let found: Vec<_> = report.embedded.iter().map(|inner| (inner.part.as_str(), inner.kind)).collect();
    assert_eq!(found, [("old.doc", Kind::LegacyWord)]);
}

#[test]
fn macros_signatures_objects_and_pivot_caches_are_listed() {
    for (stream, class) in [
        ("Macros/VBA/dir", Class::ActiveMacros),
        ("_VBA_PROJECT_CUR/VBA/dir", Class::ActiveMacros),
        ("ObjectPool/_1/CONTENTS", Class::ActiveObjects),
        ("MBD0001/CONTENTS", Class::ActiveObjects),
        ("_signatures", Class::Signatures),
        ("_SX_DB_CUR/0001", Class::ContentCachedData),
    ] {
        let bytes = compound(&[("Workbook", &record(0x0809, &[0, 6, 5, 0])), (stream, b"something")]);
        let report = inspect(Kind::LegacyExcel, &bytes).unwrap();
        assert_eq!(report.hits.iter().filter(|hit| hit.class == class).count(), 1, "{stream}: {:?}", items(&report));
    }
}

#[test]
fn bytes_that_belong_to_no_stream_are_listed() {
    let stream = [record(0x0809, &[0, 6, 5, 0]), vec![0; 5000]].concat();
    let clean = compound(&[("Workbook", &stream)]);
    assert!(
        !items(&inspect(Kind::LegacyExcel, &clean).unwrap())
            .iter()
            .any(|(class, _)| { matches!(class, Class::ContentTrailingBytes | Class::ContentUnreferenced) })
    );
    let mut longer = clean.clone();
    longer.resize(longer.len().next_multiple_of(4096), 0);
    longer.extend(MARKER.as_bytes());
    let report = inspect(Kind::LegacyExcel, &longer).unwrap();
    let found = items(&report);
    assert!(found.iter().any(|(class, _)| matches!(class, Class::ContentTrailingBytes | Class::ContentUnreferenced)));
    // A stream that is gone leaves its sectors behind.
    let mut file = cfb::CompoundFile::open(std::io::Cursor::new(clean)).unwrap();
    let secret = MARKER.repeat(600);
    std::io::Write::write_all(&mut file.create_stream("/gone").unwrap(), secret.as_bytes()).unwrap();
    file.remove_stream("/gone").unwrap();
    file.flush().unwrap();
    let report = inspect(Kind::LegacyExcel, &file.into_inner().into_inner()).unwrap();
    let found = items(&report);
    assert!(found.contains(&(Class::ContentUnreferenced, "unused sector")), "{found:?}");
}

#[test]
fn locked_files_are_called_so() {
    let mut stream = vec![0; 1200];
    stream[..4].copy_from_slice(&[0xec, 0xa5, 0xc1, 0]);
    stream[11] = 1;
    let locked = [
        (Kind::LegacyWord, compound(&[("WordDocument", &stream)])),
        (Kind::LegacyExcel, workbook(&[record(0x2f, &[0; 6])], ["x", "y"])),
    ];
    for (kind, bytes) in locked {
        assert_eq!(inspect(kind, &bytes).unwrap_err().reason, Reason::Encrypted, "{kind}");
        assert!(read(kind, &bytes).unwrap().unread.iter().any(|unread| unread.why.contains("password")), "{kind}");
    }
}

#[test]
fn nothing_panics_on_damage() {
    for fixture in all().iter().step_by(3) {
        let bytes = &fixture.bytes;
        for part in 0..64 {
            let cut = &bytes[..bytes.len() * part / 64];
            let _ = (inspect(fixture.kind, cut), read(fixture.kind, cut));
        }
        let step = (bytes.len() * 8 / 800).max(1) | 1;
        for bit in (0..bytes.len() * 8).step_by(step) {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let _ = (inspect(fixture.kind, &flipped), read(fixture.kind, &flipped));
        }
    }
}
