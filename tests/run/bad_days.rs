//! Inputs and outputs that are not what they were, or cannot be had: each costs its file or ends the run, and says so.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Workplace, tree};

const TEXT: &[u8] = b"Nothing to see here.\n";

fn make_pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// The names of released copies.
fn released(place: &Workplace) -> Vec<String> {
    tree(&place.path("out")).keys().map(|path| path.display().to_string()).collect()
}

#[test]
fn an_input_that_turned_into_something_else_is_refused_and_the_run_goes_on() {
    type Turn = fn(&Path);
    let cases: [(&str, Turn); 6] = [
        ("gone", |_| ()),
        ("a link", |path| symlink("z.txt", path).unwrap()),
        ("a link to a device", |path| symlink("/dev/zero", path).unwrap()),
        ("a pipe", |path| make_pipe(path)),
        ("a socket", |path| drop(UnixListener::bind(path).unwrap())),
        ("a folder", |path| fs::create_dir(path).unwrap()),
    ];
    for (what, turn) in cases {
        let place = Workplace::with(&[("a.txt", TEXT), ("z.txt", TEXT)]);
        let path = place.path("in/a.txt");
        let ended = place.clean_after(|| {
            fs::remove_file(&path).unwrap();
            turn(&path);
        });
        assert_eq!(ended.unwrap().totals().outcomes.values().sum::<u64>(), 2, "{what}");
        assert_eq!(place.files()["a.txt"]["refusal"]["reason"], "unreadable", "{what}");
        assert_eq!(released(&place), ["z.txt"], "{what}");
    }
}

#[test]
fn what_is_no_regular_file_is_refused_and_never_opened() {
    let place = Workplace::with(&[("a.txt", TEXT)]);
    make_pipe(&place.path("in/pipe.txt")); // opening it would wait for ever
    let _socket = UnixListener::bind(place.path("in/socket.txt")).unwrap();
    symlink("loop.txt", place.path("in/loop.txt")).unwrap();
    symlink(".", place.path("in/folder-loop")).unwrap();
    symlink("/dev/zero", place.path("in/device.txt")).unwrap();
    assert_eq!(place.clean().0, 1);
    for name in ["pipe.txt", "socket.txt", "loop.txt", "folder-loop", "device.txt"] {
        assert_eq!(place.files()[name]["refusal"]["reason"], "unsupported", "{name}");
    }
    assert_eq!(released(&place), ["a.txt"]);
    for input in ["/dev/zero", "in/pipe.txt"] {
        assert_eq!(place.run(&["clean", input, "--output", "other"]).0, 1, "{input}");
        assert!(tree(&place.path("other")).is_empty(), "{input}");
    }
    assert_eq!(place.run(&["clean", "in/loop.txt", "--output", "other"]).0, 2, "it leads nowhere");
}

#[test]
fn a_link_that_is_named_as_input_stands_for_its_file() {
    let place = Workplace::with(&[("a.txt", TEXT)]);
    symlink("in/a.txt", place.path("named.txt")).unwrap();
    symlink("in", place.path("folder")).unwrap();
    assert_eq!(place.run(&["clean", "named.txt", "folder", "--output", "out"]).0, 0);
    assert_eq!(released(&place), ["a.txt", "named.txt"]);
}

#[test]
fn a_copy_of_a_hard_link_is_a_file_of_its_own() {
    let place = Workplace::with(&[("a.txt", TEXT)]);
    let (input, link) = (place.path("in/a.txt"), place.path("in/b.txt"));
    fs::hard_link(&input, &link).unwrap();
    fs::hard_link(&input, place.path("outside.txt")).unwrap();
    assert_eq!(place.clean().0, 0);
    assert_eq!(fs::metadata(&input).unwrap().nlink(), 3);
    for name in ["out/a.txt", "out/b.txt"] {
        assert_eq!(fs::metadata(place.path(name)).unwrap().nlink(), 1, "{name}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_and_a_file_that_may_not_be_read_are_refused() {
    let place = Workplace::with(&[("a.txt", TEXT), ("closed/b.txt", TEXT), ("secret.txt", TEXT)]);
    set_mode(&place.path("in/closed"), 0);
    set_mode(&place.path("in/secret.txt"), 0);
    let (code, _, err) = place.clean_without_privileges();
    set_mode(&place.path("in/closed"), 0o700);
    assert_eq!(code, 1, "{err}");
    for name in ["closed", "secret.txt"] {
        let refusal = &place.files()[name]["refusal"];
        assert_eq!(
            (&refusal["reason"], &refusal["detail"]),
            (&"unreadable".into(), &"permission denied".into()),
            "{name}"
        );
    }
    assert_eq!(released(&place), ["a.txt"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_release_folder_that_may_not_be_written_fails_the_run() {
    // The folder itself, the one that it lies in, and one that no folder can lie in.
    for closed in ["out", "."] {
        let place = Workplace::with(&[("a.txt", TEXT), ("b.txt", TEXT)]);
        for folder in ["out.review", if closed == "out" { "out" } else { "config" }] {
            fs::create_dir(place.path(folder)).unwrap();
        }
        set_mode(&place.path(closed), 0o555);
        let (code, out, err) = place.clean_without_privileges();
        set_mode(&place.path(closed), 0o755);
        assert_eq!(code, 2, "{out}{err}");
        assert!(err.contains(place.path("out").to_str().unwrap()), "{closed}: {err}");
        assert!(err.contains("Permission denied"), "{closed}: {err}");
        assert!(!place.path("out/a.txt").exists(), "{closed}");
        if closed == "out" {
            assert_eq!(place.log().pop().unwrap()["record"], "totals", "the log is closed");
        }
        assert_eq!(place.clean().0, 0, "{closed}: a rerun completes");
    }
    let place = Workplace::with(&[("a.txt", TEXT)]);
    fs::write(place.path("file"), "").unwrap();
    let (code, _, err) = place.run(&["clean", "in", "--output", "file/out"]);
    assert_eq!(code, 2);
    assert!(err.contains("file"), "{err}");
}

#[test]
fn a_release_folder_that_vanishes_fails_the_run() {
    let place = Workplace::with(&[]);
    for number in 0..300 {
        place.put(&format!("file{number}.txt"), format!("Page number {number}.\n").as_bytes());
    }
    let arguments = ["clean", "in", "--output", "out", "--quiet", "--jobs", "1"];
    let child = place.fieldstrip().args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let out = place.path("out");
    while !fs::read_dir(&out).is_ok_and(|mut folder| folder.next().is_some()) {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    fs::rename(&out, place.path("moved")).unwrap();
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains(out.to_str().unwrap()), "{err}");
    assert!(!out.exists(), "it is not made again");
    let totals = place.log().pop().unwrap();
    assert_eq!((&totals["record"], &totals["interrupted"]), (&"totals".into(), &true.into()));
    for (path, bytes) in tree(&place.path("moved")) {
        assert_eq!(bytes, fs::read(place.path("in").join(path)).unwrap());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_for_the_log_fails_the_run() {
    let place = Workplace::with(&[]);
    // More than what makes a batch: the second cannot be logged any more.
    const FILES: usize = 400;
    for number in 0..FILES {
        place.put(&format!("file{number:03}.txt"), TEXT);
    }
    // A limit on file size makes every larger write fail, as a full disk does.
    let program = place.fieldstrip().get_program().to_owned();
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" clean in --output out --jobs 1";
    let mut shell = Command::new("bash");
    shell.args(["-c", script]).arg(program).current_dir(place.dir.path()).env("XDG_CONFIG_HOME", place.path("config"));
    let output = shell.output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("the audit log") && err.contains("audit.jsonl"), "{err}");
    assert!(!place.path(".out.fieldstrip-staging").exists());
    let copies = released(&place).len();
    assert!(copies > 0 && copies < FILES, "{copies} copies");
    assert_eq!(place.clean().0, 0, "a rerun completes");
    assert_eq!(released(&place).len(), FILES);
}

#[test]
fn a_second_run_with_another_review_folder_is_turned_away_too() {
    let place = Workplace::with(&[("a.txt", TEXT)]);
    place.clean();
    let staging = place.path(".out.fieldstrip-staging");
    fs::create_dir(&staging).unwrap();
    fs::write(staging.join("copy"), "at work").unwrap();
    let lock = fs::File::open(place.path("out")).unwrap();
    lock.lock().unwrap();
    symlink("out", place.path("alias")).unwrap();
    for output in ["out", "alias"] {
        let (code, _, err) = place.run(&["clean", "in", "--output", output, "--review", "elsewhere"]);
        assert_eq!(code, 2, "{output}");
        assert!(err.contains("another run"), "{err}");
        assert!(staging.join("copy").exists() && place.path("out/a.txt").exists(), "{output}: nothing was touched");
    }
    drop(lock);
    assert_eq!(place.clean().0, 0);
}
