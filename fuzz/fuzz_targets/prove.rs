#![no_main]

use fieldstrip_fuzz::mutate_edit;
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus { fieldstrip_fuzz::prove(bytes) });
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate_edit(data, size, max_size, seed) });
