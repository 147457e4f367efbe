#![no_main]

use fieldstrip::Policy;
use libfuzzer_sys::fuzz_target;

// A policy loads, or the error says where it is wrong.
fuzz_target!(|text: &str| {
    if let Err(error) = Policy::from_toml(text, "fuzzed.toml") {
        assert!(error.to_string().starts_with("fuzzed.toml"));
    }
});
