#![no_main]

use std::sync::LazyLock;

use fieldstrip::Policy;
use fieldstrip::detect::Engine;
use libfuzzer_sys::fuzz_target;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let policy = Policy::built_in("public-release").expect("the built-in policy loads");
    Engine::for_policy(&policy).expect("the built-in packs compile")
});

// Every match lies inside the text, on character boundaries, and they come in order.
fuzz_target!(|text: &str| {
    let mut last = 0;
    for found in ENGINE.scan(text) {
        assert!(text.get(found.start..found.end).is_some_and(|value| !value.is_empty()));
        assert!(found.start >= last);
        last = found.start;
    }
});
