#![no_main]

use fieldstrip_fuzz::mutate_package;
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus { fieldstrip_fuzz::read_text(bytes) });
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate_package(data, size, max_size, seed)
});
