#![no_main]

use fieldstrip::kind::Family;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    if !bytes.get(4..).is_some_and(|rest| rest.starts_with(b"ftyp")) {
        return Corpus::Reject;
    }
    fieldstrip_fuzz::clean(Family::Image, bytes)
});
