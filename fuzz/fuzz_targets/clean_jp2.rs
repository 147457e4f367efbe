#![no_main]

use fieldstrip::identify::identify;
use fieldstrip::kind::{Family, Kind};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    if identify(bytes, "").kind != Kind::Jpeg2000 {
        return Corpus::Reject;
    }
    fieldstrip_fuzz::clean(Family::Image, bytes)
});
