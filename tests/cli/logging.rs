//! `-v` and `RUST_LOG`: what is done, on standard error, and never what stands in a document.

use std::fs;

use crate::support::Workplace;

/// Values that no line may tell: in text, in metadata, in file content that parsers stumble over.
const PLANTED: [&str; 4] = ["+49 30 901820", "Agathe Verfasserin", "KORMORAN-7", "4111 1111 1111 1111"];
const POLICY: &str = "schema = 1\nname = \"mine\"\nextends = \"public-release\"\n[text.lexicons.words]\n\
                      match = \"anywhere\"\nterms = [\"KORMORAN-7\"]\n";

/// A PDF whose objects are broken where the values stand, so that parsers have something to complain of.
fn broken_pdf() -> Vec<u8> {
    let [phone, author, word, card] = PLANTED;
    format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/{word} 9 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>\
         endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 5 0 R>>endobj\n\
         4 0 obj<</Author({author})/Title({phone}>>endobj\n5 0 obj<</Length 99/Filter/{word}>>stream\n({card}) Tj ({phone})\
         endstream endobj\ntrailer<</Size 6/Root 1 0 R/Info 4 0 R>>\nstartxref\n{word}\n%%EOF\n"
    )
    .into_bytes()
}

/// A PDF that is cleaned, with an author.
fn pdf() -> Vec<u8> {
    let author = PLANTED[1];
    format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n4 0 obj<</Author({author})>>endobj\n\
         trailer<</Size 5/Root 1 0 R/Info 4 0 R>>\n%%EOF\n"
    )
    .into_bytes()
}

fn place() -> Workplace {
    let [phone, author, word, card] = PLANTED;
    // A library that reads style sheets logs the rules that it does not know.
    let picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><style>@{word} x; rect:{word} {{fill:red}}\
         </style><rect width=\"9\" height=\"9\"/></svg>"
    );
    let text = format!("Tel. {phone}, card {card}\n{author} about {word}\n");
    let place = Workplace::with(&[
        ("a/broken.pdf", &broken_pdf()),
        ("a/good.pdf", &pdf()),
        ("a/picture.svg", picture.as_bytes()),
        ("a/text.txt", text.as_bytes()),
        ("b/data.bin", format!("\u{1}\u{2}{phone}{author}{word}{card}").as_bytes()),
        ("b/plain.txt", b"Nothing to see here.\n"),
    ]);
    fs::write(place.path("mine.toml"), POLICY).unwrap();
    place
}

/// True for a line of the log: seconds since the beginning and a level.
fn is_logged(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let seconds = words.next().is_some_and(|word| word.contains('.') && word.parse::<f64>().is_ok());
    seconds && words.next().is_some_and(|word| ["error", "warn", "info", "debug", "trace"].contains(&word))
}

fn logged(text: &str) -> Vec<&str> {
    text.lines().filter(|line| is_logged(line)).collect()
}

/// What is printed, without the hash that no two runs have in common.
fn without_head(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with("log head")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn it_tells_on_standard_error_what_is_done_and_never_what_stands_in_a_document() {
    let place = place();
    let clean = ["clean", "in", "--output", "out", "--policy", "mine.toml", "--jobs", "1"];
    let (code, quiet, said) = place.run(&clean);
    assert_eq!(logged(&said), Vec::<&str>::new(), "nothing is logged that nobody asked for");
    for (more, level) in [("-v", "info"), ("-vv", "debug"), ("-vvv", "trace"), ("-vvvv", "trace")] {
        for isolation in ["--isolation=on", "--isolation=off"] {
            let (again, out, err) = place.run(&[&clean[..], &[more, isolation]].concat());
            assert_eq!((again, without_head(&out)), (code, without_head(&quiet)), "{more} changes the result");
            for value in PLANTED {
                assert!(!err.contains(value), "{more} {isolation} tells {value}: {err}");
            }
            let log = logged(&err);
            let has = |what: &str| log.iter().any(|line| line.contains(what));
            assert!(has("info  policy name=mine sha256="), "{err}");
            assert!(has("file outcome=refused reason=unknown-kind kind=unknown"), "{err}");
            let staged = |stage: &str| log.iter().filter(|line| line.contains(&format!("stage={stage} "))).count();
            let stages = [staged("read"), staged("clean"), staged("prove"), staged("stage")];
            assert_eq!(stages, if level == "info" { [0; 4] } else { [6, 6, 4, 4] }, "{more}: {err}");
            let isolated = isolation.ends_with("on");
            assert_eq!(has("worker started"), isolated, "{err}");
            assert_eq!(has("worker asked"), isolated && level == "trace", "{more}: {err}");
            // Whatever else stands there is what stands there without a log.
            let other: Vec<&str> = err.lines().filter(|line| !is_logged(line)).collect();
            assert_eq!(other, said.lines().collect::<Vec<_>>(), "{more} {isolation}");
        }
    }
}

#[test]
fn results_stay_the_same_byte_for_byte() {
    let place = place();
    place.clean();
    for arguments in [
        &["inspect", "in"][..],
        &["inspect", "in", "--format", "json"],
        &["inspect", "in", "--format", "sarif"],
        &["check", "in", "--format", "json"],
        &["audit", "verify", "out.review"],
        &["audit", "show", "out.review", "a/good.pdf"],
        &["policy", "show", "mine.toml"],
        &["formats"],
    ] {
        let (code, out, _) = place.run(arguments);
        let (again, loud, err) = place.run(&[&["-vvv"], arguments].concat());
        assert_eq!((again, loud), (code, out), "{arguments:?}");
        for value in PLANTED {
            assert!(!err.contains(value), "{arguments:?} tells {value}: {err}");
        }
    }
    let (_, _, err) = place.run(&["inspect", "in", "-vv"]);
    assert_eq!(logged(&err).iter().filter(|line| line.contains("stage=inspect ")).count(), 6, "{err}");
}

#[test]
fn the_variable_filters_and_a_wrong_one_is_ignored() {
    let place = place();
    let clean = |variable: &str, more: &[&str]| {
        let mut command = place.fieldstrip();
        command.args(["clean", "in", "--output", "out", "--policy", "mine.toml", "--isolation", "off"]).args(more);
        let output = command.env("RUST_LOG", variable).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{variable}");
        let err = String::from_utf8(output.stderr).unwrap();
        for value in PLANTED {
            assert!(!err.contains(value), "{variable} tells {value}: {err}");
        }
        let levels = ["info", "debug", "trace"];
        let logged = logged(&err);
        let count = |level: &&str| logged.iter().any(|line| line.split_ascii_whitespace().nth(1) == Some(level));
        (levels.iter().filter(|level| count(level)).copied().collect::<Vec<_>>(), err)
    };
    assert_eq!(clean("", &[]).0, Vec::<&str>::new());
    assert_eq!(clean("warn", &[]).0, Vec::<&str>::new());
    assert_eq!(clean("info", &[]).0, ["info"]);
    assert_eq!(clean("other=trace", &[]).0, Vec::<&str>::new());
    // Parsers in this process have much to say at this level, and quote documents.
    assert_eq!(clean("trace", &[]).0, ["info", "debug"]);
    assert_eq!(clean("fieldstrip::pipeline::stage=debug", &[]).0, ["debug"]);
    assert_eq!(clean("off", &["-v"]).0, ["info"], "what is typed counts more");
    let (levels, err) = clean("fieldstrip=much\u{1b}[31m", &[]);
    assert_eq!(levels, Vec::<&str>::new());
    assert!(err.contains("RUST_LOG is ignored") && !err.contains('\u{1b}'), "{err}");
}

#[test]
fn it_tells_what_is_kept_and_why_workers_end() {
    let place = place();
    place.clean();
    place.put("b/plain.txt", b"Something else.\n");
    place.put("b/abort.txt", b"fieldstrip-fault:abort and some text");
    place.put("c.txt", b"The meeting begins at nine.\n");
    let (_, _, err) = place.run(&["clean", "in", "--output", "out", "--resume", "-vv", "--jobs", "1"]);
    for line in [
        "info  resume segment=2 copies=",
        "debug resume kept=true why=same-input path=a/good.pdf",
        "debug resume kept=false why=other-input path=b/plain.txt",
        "debug resume kept=false why=no-earlier-copy path=b/data.bin",
        "reason=internal: the worker was ended by signal 6",
        "info  worker replaced role=clean",
    ] {
        assert!(logged(&err).iter().any(|logged| logged.contains(line)), "no line {line}: {err}");
    }
}
