#![no_main]

use fieldstrip::kind::Family;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus { fieldstrip_fuzz::clean(Family::Odf, bytes) });
