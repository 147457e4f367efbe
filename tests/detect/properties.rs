//! What holds for any text.

use fieldstrip::detect::{Fingerprinter, built_in_packs, mask};
use proptest::prelude::*;

use super::ENGINE;

const CATEGORIES: &[&str] = &["marking", "position", "operation", "secret", "personal", "network", ""];

/// Text that comes close to the rules: their examples, whole or cut, between arbitrary characters.
fn near_misses() -> impl Strategy<Value = String> {
    let examples: Vec<String> =
        built_in_packs().unwrap().iter().flat_map(|pack| &pack.rules).flat_map(|rule| rule.examples.clone()).collect();
    let piece =
        (prop::sample::select(examples), any::<prop::sample::Index>(), "\\PC{0,6}|[ \n\u{ad}\u{200b}\u{301}０°]{0,3}")
            .prop_map(|(example, cut, noise)| {
                let characters: Vec<char> = example.chars().collect();
                let at = cut.index(characters.len() + 1);
                let (head, tail) = characters.split_at(at);
                head.iter().chain(noise.chars().collect::<Vec<_>>().iter()).chain(tail).collect::<String>()
            });
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.join(" "))
}

fn places_are_sound(text: &str) -> Result<(), TestCaseError> {
    let hits = ENGINE.scan(text);
    let mut last = 0;
    for hit in &hits {
        prop_assert!(hit.start < hit.end && hit.end <= text.len());
        let value = text.get(hit.start..hit.end);
        prop_assert!(value.is_some(), "{} cuts a character", hit.rule);
        prop_assert!(hit.start >= last);
        last = hit.start;
        let value = value.unwrap();
        // A value without a digit may be the keyword itself.
        let telling = value.len() > 11 && value.contains(|c: char| c.is_ascii_digit());
        prop_assert!(!telling || !hit.why.contains(value), "{} shows its value", hit.rule);
    }
    prop_assert_eq!(hits, ENGINE.scan(text), "the same text gives the same matches");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_scanned(text in "\\PC{0,400}|[\u{0}-\u{7f}]{0,400}") {
        places_are_sound(&text)?;
    }

    #[test]
    fn near_misses_are_scanned(text in near_misses()) {
        places_are_sound(&text)?;
    }

    #[test]
    fn a_mask_never_shows_the_value(value in "\\PC{0,60}|[a-zA-Z0-9@.: -]{1,40}|[\u{0}-\u{ff}]{0,30}", category in prop::sample::select(CATEGORIES)) {
        let masked = mask(&value, category);
        let telling = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        prop_assert!(telling(&masked) * 3 <= telling(&value), "{masked}");
        prop_assert!(telling(&value) == 0 || masked != value.trim());
        prop_assert!(telling(&value) >= 6 || telling(&masked) == 0);
        prop_assert!(!masked.chars().any(char::is_control));
        prop_assert!(masked.chars().all(|c| c == '•' || c.is_alphanumeric() || c.is_ascii_graphic()));
    }

    #[test]
    fn fingerprints_are_stable_and_say_nothing(value in "\\PC{1,40}", key in prop::collection::vec(any::<u8>(), 0..64)) {
        let one = Fingerprinter::new(&key);
        let print = one.fingerprint(&value);
        prop_assert_eq!(&print, &Fingerprinter::new(&key).fingerprint(&format!(" {value} ")));
        prop_assert!(value.trim().is_empty() || print.len() == 32);
        prop_assert!(print.chars().all(|c| c.is_ascii_hexdigit()));
    }
}
