//! What every handler of pictures must stand, for the tests of each format.
//!
//! A test crate that uses this module has the module `metadata` too, with the marker that fixtures plant.

#![allow(dead_code, clippy::panic)] // each test crate uses its part; a failed helper is a failed test

use fieldstrip::policy::Action;
use fieldstrip::{Cleaned, Policy, clean};

use crate::metadata::holds_marker;

/// Flipped bits behind the head of a file.
const FLIPS: usize = 200;

/// Cleans a fixture and checks that no marker is left in the copy, that cleaning it again changes nothing, and that nothing is
/// found in it that does not stay.
pub(crate) fn tidied(name: &str, hint: &str, bytes: &[u8]) -> Cleaned {
    let copy = clean(bytes, hint, Policy::strictest()).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    assert!(!holds_marker(&copy.bytes), "{name}: a marker is left");
    let again = clean(&copy.bytes, hint, Policy::strictest()).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    assert_eq!(again.bytes, copy.bytes, "{name}: cleaning again changes nothing");
    let hits = again.report.all_hits();
    assert!(hits.iter().all(|hit| hit.action == Action::Keep), "{name}: {hits:?}");
    copy
}

/// Whatever the bytes are: a refusal, or a proved copy that cleans to itself.
pub(crate) fn refused_or_proved(name: &str, hint: &str, bytes: &[u8]) {
    let mut policy = Policy::strictest().clone();
    policy.limits.image_pixels = 1 << 16; // large pictures take long
    if let Ok(copy) = clean(bytes, hint, &policy) {
        let again = clean(&copy.bytes, hint, &policy).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        assert_eq!(again.bytes, copy.bytes, "{name}: cleaning again changes nothing");
    }
}

/// The fixture cut off at every 64th part, and with single bits flipped: every one of the first `head` bytes, and some of
/// the rest.
pub(crate) fn cut_and_flipped(name: &str, hint: &str, bytes: &[u8], head: usize) {
    for part in 0..64 {
        refused_or_proved(&format!("{name}, {part}/64"), hint, &bytes[..bytes.len() * part / 64]);
    }
    let step = (bytes.len() * 8 / FLIPS).max(1) | 1;
    for bit in (0..bytes.len() * 8).filter(|bit| *bit < 8 * head || bit % step == 0) {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        refused_or_proved(&format!("{name}, bit {bit}"), hint, &flipped);
    }
}
