#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|text: &str| -> Corpus { fieldstrip_fuzz::load_policy(text) });
