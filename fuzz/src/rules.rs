//! Rule packs and policies from anybody.

use fieldstrip::Policy;
use fieldstrip::detect::check::check_packs;
use fieldstrip::detect::{Engine, Pack};
use libfuzzer_sys::Corpus;

/// A rule pack loads and can be tried on its own examples, or the error says where it is wrong.
pub fn load_pack(text: &str) -> Corpus {
    let pack = match Pack::from_toml(text, "fuzzed") {
        Ok(pack) => pack,
        Err(error) => {
            assert!(has_position(&error.to_string(), "fuzzed.toml:", text), "{error}");
            return Corpus::Keep;
        }
    };
    let pack = Box::into_raw(Box::new([pack]));
    // SAFETY: rules live as long as the program, so that engines can borrow them. Here, nothing that borrows them is left
    // when the check ends: its report owns all that it says. Without this, every input would cost memory for good.
    let report = unsafe { check_packs(&*pack) };
    drop(unsafe { Box::from_raw(pack) });
    if let Ok(report) = report {
        assert!(report.errors.iter().chain(&report.warnings).all(|error| error.starts_with("fuzzed")), "{report:?}");
    }
    Corpus::Keep
}

/// A policy loads, with what stands behind a line of hyphens as the file of its lexicons, or the error says where it is wrong.
/// What is loaded can be compiled and run, or the error says why not.
pub fn load_policy(text: &str) -> Corpus {
    let (text, listed) = text.split_once("\n---\n").unwrap_or((text, ""));
    let mut asked = 0;
    let mut read = |_: &str| {
        asked += 1;
        if asked % 2 == 1 { Ok(listed.to_owned()) } else { Err("it cannot be read".to_owned()) }
    };
    let mut policy = match Policy::from_toml_with(text, "fuzzed.toml", &mut read) {
        Ok(policy) => policy,
        Err(error) => {
            assert!(has_position(&error.to_string(), "fuzzed.toml:", text), "{error}");
            return Corpus::Keep;
        }
    };
    assert_eq!(policy.sha256.len(), 64);
    policy.on_day("2030-01-01");
    let _ = policy.allowed("personal.email", "a@b.example", "letters/a.txt");
    // The packs are not the policy's, and take their time.
    policy.text.packs.truncate(1);
    if !policy.text.packs.is_empty() && policy.text.packs != ["network"] {
        return Corpus::Keep;
    }
    if let Ok(engine) = Engine::for_policy(&policy) {
        for found in engine.scan(listed) {
            assert!(listed.get(found.start..found.end).is_some_and(|value| !value.is_empty()));
        }
    }
    Corpus::Keep
}

/// True for `PREFIX:LINE:COLUMN:` with a position that the text has.
fn has_position(error: &str, prefix: &str, text: &str) -> bool {
    let mut numbers = error.strip_prefix(prefix).unwrap_or_default().split(':').map(str::parse::<usize>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(line)), Some(Ok(column))) => {
            (1..=text.matches('\n').count() + 1).contains(&line) && (1..=text.chars().count() + 1).contains(&column)
        }
        _ => false,
    }
}
