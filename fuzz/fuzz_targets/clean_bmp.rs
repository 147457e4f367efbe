#![no_main]

use fieldstrip::kind::Family;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    if ![b"BM".as_slice(), b"\0\0\x01\0", b"\0\0\x02\0"].iter().any(|magic| bytes.starts_with(magic)) {
        return Corpus::Reject;
    }
    fieldstrip_fuzz::clean(Family::Image, bytes)
});
