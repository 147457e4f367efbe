#![no_main]

use fieldstrip::kind::Family;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    if !bytes.starts_with(b"\xff\x0a") && bytes.get(4..8) != Some(b"JXL ") {
        return Corpus::Reject;
    }
    fieldstrip_fuzz::clean(Family::Image, bytes)
});
