//! What must hold for any bytes at all. The fuzz targets only choose where to look.
//!
//! ```text
//! cargo fuzz run clean_pdf fuzz/corpus/clean_pdf samples -- -max_total_time=60
//! ```
//!
//! New inputs go to the first folder; the samples are read as further seeds.

use std::sync::LazyLock;

use fieldstrip::Policy;
use fieldstrip::identify::identify;
use fieldstrip::kind::Family;
use libfuzzer_sys::Corpus;

/// The default policy with budgets that a fuzzer can afford.
static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let mut policy = Policy::built_in("public-release").expect("the built-in policy loads");
    policy.limits.input_bytes = 1 << 20;
    policy.limits.decompressed_bytes = 16 << 20;
    policy.limits.image_pixels = 1 << 20;
    policy.limits.text_bytes = 1 << 20;
    policy
});

/// Cleans a document of a family and checks the promises: refused or proved, no panic, and cleaning the copy again
/// changes nothing. Documents of other families are turned down, so that the corpus stays of one kind.
pub fn clean(family: Family, bytes: &[u8]) -> Corpus {
    if identify(bytes, "").kind.family() != family {
        return Corpus::Reject;
    }
    let Ok(first) = fieldstrip::clean(bytes, "", &POLICY) else { return Corpus::Keep };
    let second = fieldstrip::clean(&first.bytes, "", &POLICY).expect("a cleaned copy can be cleaned");
    assert!(first.bytes == second.bytes, "cleaning a cleaned copy changes it");
    assert_eq!(first.proof.essence, second.proof.essence);
    Corpus::Keep
}
