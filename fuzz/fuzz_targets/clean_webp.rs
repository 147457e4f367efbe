#![no_main]

use fieldstrip::kind::Family;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    if bytes.get(8..12) != Some(b"WEBP") {
        return Corpus::Reject;
    }
    fieldstrip_fuzz::clean(Family::Image, bytes)
});
