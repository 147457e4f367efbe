#![no_main]

use fieldstrip::identify::identify;
use fieldstrip::kind::Family;
use libfuzzer_sys::fuzz_target;

// A name may tell kinds of text apart, nothing else.
fuzz_target!(|bytes: &[u8]| {
    let unnamed = identify(bytes, "");
    let named = identify(bytes, "letter.pdf");
    if unnamed.kind.family() != Family::Text {
        assert_eq!(unnamed.kind, named.kind);
    }
    assert_eq!(identify(bytes, "letter.pdf"), named);
});
