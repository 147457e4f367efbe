//! `clean --sign` and `audit verify --public-key`.

use std::fs;

use minisign::KeyPair;

use crate::support::Workplace;

/// A place with two files, a key without a password and one with `secret`.
fn place() -> Workplace {
    let place = Workplace::with(&[("a.txt", b"one\n"), ("b.txt", b"two\n")]);
    let open = KeyPair::generate_unencrypted_keypair().unwrap();
    let locked = KeyPair::generate_encrypted_keypair(Some("secret".to_owned())).unwrap();
    for (name, pair) in [("open", open), ("locked", locked)] {
        fs::write(place.path(&format!("{name}.key")), pair.sk.to_box(None).unwrap().into_string()).unwrap();
        fs::write(place.path(&format!("{name}.pub")), pair.pk.to_box().unwrap().into_string()).unwrap();
    }
    place
}

fn verify(place: &Workplace, key: &str) -> (i32, String) {
    let (code, out, errors) = place.run(&["audit", "verify", "out.review", "--public-key", key]);
    (code, out + &errors)
}

#[test]
fn a_signed_log_holds_and_a_rewritten_one_does_not() {
    let place = place();
    assert_eq!(place.run(&["clean", "in", "--output", "out", "--sign", "open.key"]).0, 0);
    let (code, out) = verify(&place, "open.pub");
    assert!(code == 0 && out.contains("the signature holds"), "{out}");
    let key = fs::read_to_string(place.path("open.pub")).unwrap().lines().nth(1).unwrap().to_owned();
    assert_eq!(verify(&place, &key).0, 0, "the key itself instead of its file");
    assert_eq!(verify(&place, "locked.pub").0, 1, "another key");
    assert_eq!(verify(&place, "a.txt").0, 2, "no key");
    let signature = fs::read_to_string(place.path("out.review/audit.jsonl.minisig")).unwrap();
    let head = place.log().pop().unwrap()["hash"].as_str().unwrap().to_owned();
    assert!(signature.contains(&format!("trusted comment: fieldstrip log head {head}")), "{signature}");
    // A new chain over other records: only the signature tells.
    place.rewrite_log(|record| {
        if let fieldstrip::report::audit::Record::Header(header) = record {
            header.operator = Some("somebody else".to_owned());
        }
    });
    assert_eq!(place.verify().0, 0);
    let (code, out) = verify(&place, "open.pub");
    assert!(code == 1 && out.contains("signature"), "{out}");
}

#[test]
fn a_resumed_run_is_signed_anew_and_an_unsigned_one_has_no_signature() {
    let place = place();
    let path = place.path("out.review/audit.jsonl.minisig");
    assert_eq!(place.run(&["clean", "in", "--output", "out", "--sign", "open.key"]).0, 0);
    let first = fs::read_to_string(&path).unwrap();
    place.put("c.txt", b"three\n");
    assert_eq!(place.run(&["clean", "in", "--output", "out", "--sign", "open.key", "--resume"]).0, 0);
    assert_ne!(fs::read_to_string(&path).unwrap(), first);
    assert_eq!(verify(&place, "open.pub").0, 0);
    assert_eq!(place.run(&["clean", "in", "--output", "out", "--resume"]).0, 0);
    assert!(!path.exists());
    let (code, out) = verify(&place, "open.pub");
    assert!(code == 1 && out.contains("audit.jsonl.minisig"), "{out}");
    assert_eq!(place.run(&["clean", "in", "--output", "out", "--sign", "open.key"]).0, 0);
    assert_eq!(place.run(&["clean", "in", "--output", "out"]).0, 0);
    assert!(!path.exists());
    assert!(place.path("out.review/audit.2.jsonl.minisig").exists(), "an old log keeps its signature");
}

#[test]
fn passwords_come_from_a_file_or_the_environment() {
    let place = place();
    fs::write(place.path("password"), "secret\n").unwrap();
    fs::write(place.path("other"), "guess\n").unwrap();
    let clean = ["clean", "in", "--output", "out", "--sign", "locked.key"];
    assert_eq!(place.run(&[&clean[..], &["--sign-password", "password"]].concat()).0, 0);
    assert_eq!(verify(&place, "locked.pub").0, 0);
    let by_environment = place.fieldstrip().args(clean).env("FIELDSTRIP_SIGN_PASSWORD", "secret").status().unwrap();
    assert_eq!(by_environment.code(), Some(0));
    let before = fs::read(place.path("out.review/audit.jsonl")).unwrap();
    for arguments in [
        &[&clean[..], &["--sign-password", "other"]].concat()[..],
        &clean[..],
        &["clean", "in", "--output", "out", "--sign", "nothing.key"],
        &["clean", "in", "--output", "out", "--sign", "in/a.txt"],
    ] {
        let (code, out, errors) = place.run(arguments);
        assert_eq!((code, &*out), (2, ""), "{arguments:?}: {errors}");
        assert!(errors.contains("key") && !errors.contains("guess"), "{errors}");
    }
    assert_eq!(fs::read(place.path("out.review/audit.jsonl")).unwrap(), before, "nothing was begun");
}
