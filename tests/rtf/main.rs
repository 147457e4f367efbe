//! Rich Text: what is read stays, everything that programs keep beside it goes, and the proof notices when not.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_possible_truncation)] // a failed helper is a failed test

mod fixtures;
mod reading;
#[path = "../svg/fixtures.rs"]
#[allow(dead_code, unreachable_pub)] // shared with the tests of drawings
mod svg;

use fieldstrip::formats::{Context, Report};
use fieldstrip::limits::Spent;
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::prove;
use fieldstrip::{Cleaned, Kind, Policy, Reason, clean};
use fixtures::{KEPT, MARKER, field, hex, jpeg, pict, planted, rtf};
use svg::png;

fn cleaned(bytes: &[u8]) -> Cleaned {
    clean(bytes, "letter.rtf", Policy::strictest()).expect("cleaned")
}

fn text_of(copy: &Cleaned) -> String {
    String::from_utf8_lossy(&copy.bytes).into_owned()
}

fn reason(bytes: &[u8]) -> Reason {
    clean(bytes, "letter.rtf", Policy::strictest()).expect_err("refused").reason
}

/// True when the marker stands in a file, in letters, digits or escapes.
fn holds_marker(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let digits: String = text.split_whitespace().collect::<String>().to_lowercase();
    let escaped: String = MARKER.bytes().map(|byte| format!("\\'{byte:02x}")).collect();
    let units: String = MARKER.bytes().map(|byte| format!("\\u{byte}?")).collect();
    text.contains(MARKER)
        || text.contains(&escaped)
        || text.contains(&units)
        || digits.contains(&hex(MARKER.as_bytes()))
}

fn hits(copy: &Cleaned, class: Class) -> u64 {
    copy.report.all_hits().iter().filter(|hit| hit.class == class).map(|hit| hit.count).sum()
}

#[test]
fn every_hiding_place_is_emptied() {
    for (name, head, body, stays) in planted() {
        let bytes = rtf(&head, &body).into_bytes();
        assert!(holds_marker(&bytes), "{name}: the marker is planted");
        let copy = clean(&bytes, "letter.rtf", Policy::strictest()).expect(&name);
        let text = text_of(&copy);
        assert!(!holds_marker(&copy.bytes), "{name}: {text}");
        assert!(text.contains(stays) && text.contains("SHOWN words"), "{name}: {text}");
        assert!(!copy.report.all_hits().is_empty(), "{name}: the report tells of it");
        let again = cleaned(&copy.bytes);
        assert_eq!(again.bytes, copy.bytes, "{name}: cleaning again changes nothing");
        let left: Vec<_> = again.report.all_hits().into_iter().filter(|hit| hit.action == Action::Remove).collect();
        assert!(left.is_empty(), "{name}: {left:?}");
    }
}

#[test]
fn what_is_read_stays_as_it_is() {
    let whole = rtf("", &KEPT.join("\\par\r\n")).into_bytes();
    assert_eq!(String::from_utf8_lossy(&cleaned(&whole).bytes), String::from_utf8_lossy(&whole));
}

#[test]
fn properties_are_reported_by_name() {
    let info = r"{\info{\title Secret plan}{\author Jane Roe}{\*\company Acme \'c4rzte}{\creatim\yr2020\mo1}\edmins5}";
    let copy = cleaned(rtf(info, "").as_bytes());
    for (class, item, value) in [
        (Class::MetadataDescription, r"\info \title", Some("Secret plan")),
        (Class::MetadataAuthor, r"\info \author", Some("Jane Roe")),
        (Class::MetadataOrganisation, r"\info \company", Some("Acme Ärzte")),
        (Class::MetadataDates, r"\info \creatim", None),
        (Class::MetadataOther, r"\info \edmins", None),
    ] {
        assert!(copy.report.hits.iter().any(|hit| hit.class == class && hit.item == item), "{item}");
        let found =
            copy.report.values.iter().find(|removed| removed.item == item).map(|removed| removed.value.as_str());
        assert_eq!(found, value, "{item}");
    }
}

#[test]
fn of_the_program_stays_what_the_layout_needs() {
    for (written, left) in [
        ("LibreOffice/7.4.7.2$Linux_X86_64 build", Some("LibreOffice;")),
        ("Riched20 10.0.19041", Some("Riched20;")),
        ("Reports of Jane Roe 5", Some("other program;")),
        ("Microsoft Word 12.0;", None),
    ] {
        let text = text_of(&cleaned(rtf(&format!(r"{{\*\generator {written}}}"), "").as_bytes()));
        assert_eq!(text.split(r"\generator ").nth(1).and_then(|rest| rest.split('}').next()), left, "{written}");
    }
}

#[test]
fn tracked_changes_are_accepted() {
    for (name, body, expected) in [
        ("insertion", r"{\revised\revauth1\revdttm5 new} text", "{new} text"),
        ("deletion", r"old{\deleted\revauthdel1  gone} text", "old text"),
        ("switched off", r"{\deleted gone \deleted0 back}", "{back}"),
        ("plain", r"{\deleted gone\plain  back}", "{\\plain  back}"),
        ("end of a paragraph", r"\pard one{\deleted\par }\pard\qc two", "\\pard one\\pard\\qc two"),
        ("formatting alone goes with it", r"a{\b\deleted gone{\i gone}}b", "ab"),
        ("word before text", r"\b\insrsid5 bold", "\\b bold"),
        ("word before a space", r"\b\insrsid5  bold", "\\b  bold"),
        (
            "rows",
            r"\trowd\cellx9\pard\intbl{\deleted a\cell }{\deleted\row}\trowd\cellx9\pard\intbl b\cell\row",
            "\\trowd\\cellx9\\pard\\intbl\\trowd\\cellx9\\pard\\intbl b\\cell\\row",
        ),
    ] {
        let text = text_of(&cleaned(rtf("", body).as_bytes()));
        assert!(
            text.contains(&format!("\r\n{expected}\\par ")) || text.contains(&format!("\n{expected}\\par ")),
            "{name}: {text}"
        );
    }
    for body in [
        r"\trowd\cellx9\pard\intbl a\cell{\deleted\row}",
        r"\trowd\cellx9\pard\intbl{\deleted a\cell}\row",
        r"\trowd\cldel\cellx9\pard\intbl a\cell\row",
    ] {
        assert_eq!(reason(rtf("", body).as_bytes()), Reason::Unsupported, "{body}");
    }
}

#[test]
fn hidden_text_objects_and_what_cannot_be_read_are_held() {
    for (name, head, body, class) in [
        ("hidden", "", r"{\v hidden words}".to_owned(), Class::ContentHiddenText),
        ("hidden in Unicode", "", r"{\v\u1234?}".to_owned(), Class::ContentHiddenText),
        (
            "hidden by a style",
            r"{\stylesheet{\*\cs11\v Secret;}}",
            r"{\cs11 hidden words}".to_owned(),
            Class::ContentHiddenText,
        ),
        ("object", "", r"{\object\objemb{\*\objdata 0105}{\result x}}".to_owned(), Class::ActiveObjects),
        ("link", "", r"{\object\objautlink{\*\objdata 0105}{\result x}}".to_owned(), Class::LinksExternalContent),
        ("metafile", "", r"{\pict\emfblip 0100}".to_owned(), Class::EmbeddedUnsupported),
        ("broken picture", "", pict("pngblip", &png()[..60]), Class::EmbeddedUnsupported),
    ] {
        let policy = Policy::built_in("public-release").unwrap();
        let copy = clean(rtf(head, &body).as_bytes(), "letter.rtf", &policy).expect(name);
        let held = copy.report.hits.iter().any(|hit| hit.class == class && hit.action != Action::Remove);
        assert!(held, "{name}: {:?}", copy.report.hits);
    }
    for body in [r"{\v0 seen}", r"{\v\plain seen}", r"{\v  }", r"{\xe\v SHOWN entry}", r"{\v{\xe entry}}"] {
        let policy = Policy::built_in("public-release").unwrap();
        let copy = clean(rtf("", body).as_bytes(), "letter.rtf", &policy).expect(body);
        assert_eq!(hits(&copy, Class::ContentHiddenText), 0, "{body}");
    }
}

#[test]
fn of_objects_the_picture_stays_where_the_policy_says_so() {
    let policy =
        "schema = 1\nname = \"test\"\nextends = \"public-release\"\n[classes]\n\"active.objects\" = \"remove\"\n";
    let policy = Policy::from_toml(policy, "test.toml").unwrap();
    let without = |body: &str| clean(rtf("", body).as_bytes(), "letter.rtf", &policy).expect("cleaned");
    for result in [r"{\pict\pngblip}shown", r"{\b words}", r"\u8364?"] {
        let body =
            format!(r"a{{\object\objemb\objw9{{\*\objclass X}}{{\*\objdata 504c414e544544}}{{\result {result}}}}}b");
        let copy = without(&body);
        assert!(!holds_marker(&copy.bytes) && !text_of(&copy).contains("object"), "{result}: {}", text_of(&copy));
        assert!(text_of(&copy).contains(result), "{result}");
        let hit = copy.report.hits.iter().find(|hit| hit.class == Class::ActiveObjects).unwrap();
        assert_eq!(hit.action, Action::Remove, "{result}");
        let again = clean(&copy.bytes, "letter.rtf", &policy).expect("cleaned");
        assert_eq!(text_of(&again), text_of(&copy), "{result}");
        let (kept, spent) = (rtf("", &body), Spent::default());
        let proof = prove(Kind::Rtf, kept.as_bytes(), kept.as_bytes(), &copy.report, &Context::new(&policy, &spent));
        assert!(proof.is_err(), "{result}: the proof finds the object that was said to be gone");
    }
    let copy = without(r"{\object\objemb{\*\objdata 0105}{\result }}");
    assert!(text_of(&copy).contains("objdata"));
    assert!(copy.report.hits.iter().any(|hit| hit.class == Class::ActiveObjects && hit.action == Action::Hold));
}

#[test]
fn pictures_keep_their_form() {
    let binary = |data: &[u8]| {
        let body = rtf("", "{\\pict\\jpegblip @}");
        let (start, end) = body.split_once('@').unwrap();
        [start.as_bytes(), format!("\\bin{} ", data.len()).as_bytes(), data, end.as_bytes()].concat()
    };
    let copy = cleaned(&binary(&jpeg()));
    assert!(
        copy.bytes.windows(5).any(|window| window == b"\\bin6" || window.starts_with(b"\\bin")),
        "binary stays binary"
    );
    assert!(!holds_marker(&copy.bytes));
    assert!(copy.report.embedded.iter().any(|embedded| embedded.kind == Kind::Jpeg && embedded.part == "picture 1"));
    let clean_one = cleaned(rtf("", &pict("pngblip", &png())).as_bytes());
    assert!(clean_one.proof.checks.iter().any(|check| check.name == "pictures-proved"));
    let untouched = text_of(&clean_one);
    assert_eq!(text_of(&cleaned(untouched.as_bytes())), untouched);
}

#[test]
fn embedded_fonts_stay() {
    let mut font = b"\0\x01\0\0\0\x01\0\0\0\0\0\0".to_vec();
    font.extend([0; 64]);
    let table = format!(r"{{\fonttbl{{\f5{{\*\fontemb\fttruetype{{\*\fontfile C:\\PLANTED.ttf}}{}}}X;}}}}", hex(&font));
    let copy = cleaned(rtf(&table, "").as_bytes());
    assert!(text_of(&copy).contains(&hex(&font)) && !holds_marker(&copy.bytes));
}

#[test]
fn bytes_around_the_document_go() {
    let inside = rtf("", "");
    for behind in ["\r\n", "\0", "PLANTED", "{\\rtf1 PLANTED}"] {
        let copy = cleaned(format!("{inside}{behind}").as_bytes());
        assert_eq!(text_of(&copy), inside, "{behind}");
        assert_eq!(hits(&copy, Class::ContentTrailingBytes), 1, "{behind}");
    }
}

#[test]
fn white_space_and_control_characters_hide_nothing() {
    let lines = rtf("", "a\r\n\r\n\r\n\r\n\r\nb\0\x01\x7f c\\'01\\'09");
    let text = text_of(&cleaned(lines.as_bytes()));
    assert!(text.contains("a\r\nb\x7f c\\'09"), "{text}");
    let split = text_of(&cleaned(rtf("", "a\r\n{\\*\\unheardof x}\r\n\\unheardof\r\n\0\nb").as_bytes()));
    assert!(split.contains("\na\r\nb\\par"), "{split}");
    assert_eq!(text_of(&cleaned(split.as_bytes())), split);
    // A backslash before a line break ends the paragraph.
    let broken = rtf("", "one\\\r\ntwo\\\nthree");
    assert_eq!(text_of(&cleaned(broken.as_bytes())), broken);
}

#[test]
fn what_cannot_be_decided_is_refused() {
    for (name, bytes, expected) in [
        ("destination in the middle", rtf("", r"text \info PLANTED"), Reason::Unsupported),
        ("long fallback", rtf("", r"\uc40\u65 PLANTED PLANTED PLANTED PLANTED PLANTED "), Reason::Unsupported),
        ("binary data beyond the end", rtf("", r"{\pict\pngblip\bin999999999 x}"), Reason::Damaged),
        ("binary data of negative size", rtf("", r"{\pict\pngblip\bin-5 x}"), Reason::Damaged),
        ("number out of range", rtf("", r"\fs99999999999999999999999 x"), Reason::Damaged),
        ("no end", rtf("", "").trim_end_matches('}').to_owned(), Reason::Damaged),
        ("words in a picture", rtf("", r"{\pict\pngblip PLANTED}"), Reason::Damaged),
        ("other beginning", "{\\rtfd1 text}".to_owned(), Reason::Damaged),
        ("deep groups", format!("{{\\rtf1 {}{}}}", "{".repeat(5_000), "}".repeat(5_000)), Reason::OverLimit),
    ] {
        assert_eq!(reason(bytes.as_bytes()), expected, "{name}");
    }
    let deep = format!("{{\\rtf1 {}x{}}}", "{".repeat(250), "}".repeat(250));
    assert_eq!(text_of(&cleaned(deep.as_bytes())), deep);
}

#[test]
fn the_proof_notices_what_remains_and_what_is_missing() {
    let spent = Spent::default();
    let context = Context::new(Policy::strictest(), &spent);
    let report = Report::default();
    let good = rtf("", "SHOWN2 and more");
    assert!(prove(Kind::Rtf, good.as_bytes(), good.as_bytes(), &report, &context).is_ok());
    // A copy that kept everything. The proof knows disks and file servers, not who is in which network.
    for (name, head, body, _) in planted().into_iter().filter(|(name, ..)| !name.contains("intranet")) {
        let bytes = rtf(&head, &body).into_bytes();
        assert!(prove(Kind::Rtf, &bytes, &bytes, &report, &context).is_err(), "{name}");
    }
    for bad in [
        good.replace("and", "or"),
        good.replace("\\fs24", "\\fs22"),
        good.replace("SHOWN2 and more", "SHOWN2{\\b  and} more"),
        good.replace("SHOWN2 and more", "SHOWN2 and more\\par more"),
        good.replace("and", "{\\v and}"),
        format!("{good}\n"),
        good.replace("and", "a\0nd"),
    ] {
        assert!(prove(Kind::Rtf, good.as_bytes(), bad.as_bytes(), &report, &context).is_err(), "{bad}");
    }
    let linked = rtf("", &field("HYPERLINK https://example.org/", "SHOWN2"));
    let unlinked = rtf("", "{{{SHOWN2}}}");
    assert!(prove(Kind::Rtf, linked.as_bytes(), unlinked.as_bytes(), &report, &context).is_err(), "a link is missing");
    let (one, other) = (rtf("", &pict("jpegblip", &jpeg())), rtf("", &pict("jpegblip", &jpeg()[..100])));
    assert!(prove(Kind::Rtf, one.as_bytes(), other.as_bytes(), &report, &context).is_err(), "another picture");
}

#[test]
fn cut_and_flipped_files_are_refused_or_proved() {
    let refused_or_proved = |bytes: &[u8]| {
        if let Ok(copy) = clean(bytes, "letter.rtf", Policy::strictest())
            && copy.kind == Kind::Rtf
        {
            assert_eq!(cleaned(&copy.bytes).bytes, copy.bytes, "{}", String::from_utf8_lossy(bytes));
        }
    };
    let all: Vec<_> = planted();
    let heads: String = all.iter().map(|(_, head, _, _)| head.as_str()).collect();
    let bodies: String = all.iter().map(|(_, _, body, _)| body.as_str()).chain(KEPT.iter().copied()).collect();
    let bytes = rtf(&heads, &bodies).into_bytes();
    assert!(cleaned(&bytes).bytes.len() > 2_000);
    for part in 0..64 {
        refused_or_proved(&bytes[..bytes.len() * part / 64]);
    }
    let step = (bytes.len() * 8 / 600).max(1) | 1;
    for bit in (0..bytes.len() * 8).step_by(step) {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        refused_or_proved(&flipped);
    }
}
