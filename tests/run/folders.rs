//! What happens to inputs, outputs and everything between them.

use std::fs;

use crate::support::{Workplace, tree};

const TEXT: &[u8] = b"Nothing to see here.\n";

#[test]
fn every_input_gets_one_record_and_only_clean_ones_a_copy() {
    let place = Workplace::with(&[
        ("a.txt", TEXT),
        (".hidden.txt", TEXT),
        ("sub/b.md", b"# Title\n"),
        ("sub/.DS_Store", b"litter"),
        ("unknown.bin", b"\x01\x02\x03"),
        ("cut.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF"),
        ("empty.txt", b""),
    ]);
    let (code, ..) = place.clean();
    assert_eq!(code, 1, "there are refused files");
    let outcomes: Vec<(String, String)> =
        place.files().into_keys().map(|path| (path.clone(), place.outcome(&path))).collect();
    let expected = [
        (".hidden.txt", "released"),
        ("a.txt", "released"),
        ("cut.jpg", "refused"),
        ("empty.txt", "refused"),
        ("sub/.DS_Store", "skipped"),
        ("sub/b.md", "released"),
        ("unknown.bin", "refused"),
    ];
    assert_eq!(outcomes, expected.map(|(path, outcome)| (path.to_owned(), outcome.to_owned())));
    let copies: Vec<String> = tree(&place.path("out")).keys().map(|path| path.display().to_string()).collect();
    assert_eq!(copies, [".hidden.txt", "a.txt", "sub/b.md"]);
    for (path, record) in place.files().iter().filter(|(_, record)| record["outcome"] == "refused") {
        assert!(!record["refusal"]["detail"].as_str().unwrap().is_empty(), "{path}");
        assert!(!record["refusal"]["hint"].as_str().unwrap().is_empty(), "{path}");
    }
}

#[test]
fn all_well_is_exit_code_0_and_prints_the_head_of_the_log() {
    let place = Workplace::with(&[("a.txt", TEXT)]);
    let (code, out, _) = place.clean();
    assert_eq!(code, 0);
    let last = place.log().pop().unwrap();
    assert_eq!(last["record"], "totals");
    assert!(out.contains(last["hash"].as_str().unwrap()));
}

#[test]
fn a_single_file_maps_to_its_base_name() {
    let place = Workplace::with(&[("deep/down/a.txt", TEXT)]);
    let (code, ..) = place.run(&["clean", "in/deep/down/a.txt", "--output", "out"]);
    assert_eq!(code, 0);
    assert_eq!(fs::read(place.path("out/a.txt")).unwrap(), TEXT);
}

#[test]
fn two_runs_give_the_same_bytes_and_a_clean_folder_stays_as_it_is() {
    let place = Workplace::with(&[("a.txt", TEXT), ("sub/b.csv", b"x,y\n1,2\n")]);
    place.clean();
    let first = tree(&place.path("out"));
    place.clean();
    assert_eq!(tree(&place.path("out")), first);
    place.run(&["clean", "out", "--output", "again"]);
    assert_eq!(tree(&place.path("again")), first);
}

#[test]
fn a_rerun_forgets_copies_of_inputs_that_are_gone() {
    let place = Workplace::with(&[("a.txt", TEXT), ("b.txt", TEXT)]);
    place.clean();
    fs::remove_file(place.path("in/b.txt")).unwrap();
    let (code, ..) = place.clean();
    assert_eq!(code, 0);
    assert!(!place.path("out/b.txt").exists());
    assert!(place.path("out.review/audit.1.jsonl").exists(), "the earlier log is kept");
}

#[test]
fn folders_that_cannot_be_right_stop_the_run_before_the_first_file() {
    let place = Workplace::with(&[("a.txt", TEXT), ("sub/a.txt", TEXT)]);
    fs::create_dir(place.path("foreign")).unwrap();
    fs::write(place.path("foreign/mine.txt"), "mine").unwrap();
    let cases: &[(&[&str], &str)] = &[
        (&["clean", "in", "--output", "in/out"], "lie in one another"),
        (&["clean", "in", "--output", "."], "lie in one another"),
        (&["clean", "in", "--output", "out", "--review", "out/review"], "the log would be published"),
        (&["clean", "in", "--output", "out", "--review", "in/review"], "lie in one another"),
        (&["clean", "in", "in/sub", "--output", "out"], "would both be written to a.txt"),
        (&["clean", "in", "--output", "foreign"], "which no earlier run made"),
        (&["clean", "nowhere", "--output", "out"], "nowhere"),
        (&["clean", "in", "--output", "out", "--policy", "none"], "no policy `none`"),
        (&["clean", "in", "--output", "out", "--fail-on", "everything"], "everything"),
    ];
    for (arguments, message) in cases {
        let (code, _, err) = place.run(arguments);
        assert_eq!(code, 2, "{arguments:?}: {err}");
        assert!(err.contains(message), "{arguments:?}: {err}");
        assert!(!place.path("out/a.txt").exists(), "{arguments:?}");
    }
    assert_eq!(fs::read(place.path("foreign/mine.txt")).unwrap(), b"mine");
}

#[test]
fn a_broken_policy_is_named_by_line_and_column() {
    let place = Workplace::with(&[("a.txt", TEXT)]);
    fs::write(place.path("mine.toml"), "schema = 1\nname = \"mine\"\ncolour = \"red\"\n").unwrap();
    let (code, _, err) = place.run(&["clean", "in", "--output", "out", "--policy", "mine.toml"]);
    assert_eq!(code, 2);
    assert!(err.contains("mine.toml:3:1: unknown field `colour`"), "{err}");
    assert!(!place.path("out").exists());
}

#[test]
fn fail_on_chooses_what_makes_the_exit_code_1() {
    let place = Workplace::with(&[("unknown.bin", b"\x01\x02\x03")]);
    for (fail_on, expected) in [("refused", 1), ("held,flagged", 0), ("never", 0)] {
        let (code, ..) = place.run(&["clean", "in", "--output", "out", "--fail-on", fail_on]);
        assert_eq!(code, expected, "{fail_on}");
    }
}

#[test]
fn a_wrong_name_is_flagged_and_text_under_the_name_of_another_format_is_refused() {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(2, 2).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let place = Workplace::with(&[("picture.jpg", png.get_ref()), ("words.pdf", TEXT)]);
    let (code, ..) = place.clean();
    assert_eq!(code, 1);
    for (path, kind, outcome) in [("picture.jpg", "png", "released"), ("words.pdf", "text", "refused")] {
        let record = &place.files()[path];
        assert_eq!(record["kind"], kind);
        assert_eq!(record["outcome"], outcome);
        assert_eq!(record["findings"][0]["rule"], "file.mismatch");
    }
}

#[cfg(unix)]
#[test]
fn copies_have_a_fixed_time_and_mode_and_links_are_not_followed() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    let place = Workplace::with(&[("sub/a.txt", TEXT)]);
    symlink("sub/a.txt", place.path("in/link.txt")).unwrap();
    symlink("sub", place.path("in/linked-folder")).unwrap();
    place.clean();
    assert_eq!(place.outcome("link.txt"), "refused");
    assert_eq!(place.outcome("linked-folder"), "refused");
    let copy = fs::metadata(place.path("out/sub/a.txt")).unwrap();
    assert_eq!(copy.permissions().mode() & 0o777, 0o644);
    assert_eq!(copy.mtime(), 315_532_800);
    assert_eq!(fs::metadata(place.path("out/sub")).unwrap().mtime(), 315_532_800);
    let review = fs::metadata(place.path("out.review")).unwrap();
    assert_eq!(review.permissions().mode() & 0o777, 0o700);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_fails_the_run_and_leaves_nothing_half_done() {
    // A limit on file size makes every larger write fail, as a full disk does.
    let place = Workplace::with(&[("a.txt", &[b'a'; 200_000]), ("b.txt", TEXT)]);
    let program = place.fieldstrip().get_program().to_owned();
    let script = "trap '' XFSZ; ulimit -f 64; exec \"$0\" clean in --output out --jobs 1";
    let mut shell = std::process::Command::new("bash");
    shell.args(["-c", script]).arg(program).current_dir(place.dir.path()).env("XDG_CONFIG_HOME", place.path("config"));
    let output = shell.output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stderr).contains("the copy of a.txt"));
    assert!(!place.path("out/a.txt").exists());
    assert!(!place.path(".out.fieldstrip-staging").exists());
    let (code, ..) = place.clean();
    assert_eq!(code, 0, "a rerun completes");
    assert_eq!(tree(&place.path("out")).len(), 2);
}

#[test]
fn a_second_run_into_the_same_folder_is_turned_away() {
    let place = Workplace::with(&[("a.txt", TEXT)]);
    place.clean();
    let lock = fs::File::options().write(true).open(place.path("out.review/.lock")).unwrap();
    lock.lock().unwrap();
    let (code, _, err) = place.clean();
    assert_eq!(code, 2);
    assert!(err.contains("another run"), "{err}");
}
