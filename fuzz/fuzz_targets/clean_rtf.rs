#![no_main]

use fieldstrip::Kind;
use fieldstrip::identify::identify;
use fieldstrip::kind::Family;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    if identify(bytes, "").kind != Kind::Rtf {
        return Corpus::Reject;
    }
    fieldstrip_fuzz::clean(Family::Legacy, bytes)
});
