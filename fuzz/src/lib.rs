//! What must hold for any bytes at all. The fuzz targets only choose where to look.
//!
//! ```text
//! cargo fuzz run clean_pdf fuzz/corpus/clean_pdf samples -- -max_total_time=60
//! ```
//!
//! New inputs go to the first folder; the samples are read as further seeds.

mod audit;
mod edit;
mod package;
mod protocol;
mod prove;
mod rules;
mod text;

use std::sync::LazyLock;

use fieldstrip::detect::{Engine, Fingerprinter};
use fieldstrip::formats::{Context, Report, handler_for, inspector_for};
use fieldstrip::identify::identify;
use fieldstrip::job::Scanner;
use fieldstrip::kind::{Family, Kind};
use fieldstrip::limits::Spent;
use fieldstrip::prove::{Side, prover_for};
use fieldstrip::{Policy, Reason};
use libfuzzer_sys::Corpus;

pub use audit::read_log;
pub use package::mutate as mutate_package;
pub use protocol::read_answers;
pub use prove::{mutate_edit, prove};
pub use rules::{load_pack, load_policy};
pub use text::read_text;

/// The default policy with budgets that a fuzzer can afford.
///
/// The hook of the fuzzer ends the process at every panic, those too that fieldstrip catches because a library fails on some
/// input; without it only panics end the process that nobody catches.
static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    drop(std::panic::take_hook());
    let mut policy = Policy::built_in("public-release").expect("the built-in policy loads");
    policy.limits.input_bytes = 1 << 20;
    policy.limits.decompressed_bytes = 16 << 20;
    policy.limits.image_pixels = 1 << 20;
    policy.limits.text_bytes = 1 << 20;
    policy
});

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::for_policy(&POLICY).expect("the built-in packs compile"));

/// Cleans a document of a family and checks the promises: refused or proved, no panic, and cleaning the copy again
/// changes nothing. Documents of other families are turned down, so that the corpus stays of one kind.
pub fn clean(family: Family, bytes: &[u8]) -> Corpus {
    clean_if(|kind| kind.family() == family, bytes)
}

/// As [`clean`], for documents whose kind is one of a few.
pub fn clean_kinds(kinds: &[Kind], bytes: &[u8]) -> Corpus {
    clean_if(|kind| kinds.contains(&kind), bytes)
}

fn clean_if(wanted: impl Fn(Kind) -> bool, bytes: &[u8]) -> Corpus {
    if !wanted(identify(bytes, "").kind) {
        return Corpus::Reject;
    }
    let Ok(first) = fieldstrip::clean(bytes, "", &POLICY) else { return Corpus::Keep };
    let second = fieldstrip::clean(&first.bytes, "", &POLICY).expect("a cleaned copy can be cleaned");
    // The essences may differ: what was drawn into a page for a form is no part of the first one.
    assert!(first.bytes == second.bytes, "cleaning a cleaned copy changes it");
    Corpus::Keep
}

/// Reads a document in every way in which a copy is read, although no cleaner has seen it: its text with all that is hidden,
/// its essence, what rules and echoes are looked for in, and its pages drawn beside themselves. Each ends, with whatever
/// outcome, and the text and the essence are those of another reading.
pub fn read(family: Family, bytes: &[u8]) -> Corpus {
    let kind = identify(bytes, "").kind;
    if kind.family() != family {
        return Corpus::Reject;
    }
    let _ = text::same_text(kind, bytes);
    let Some(prover) = prover_for(kind) else { return Corpus::Keep };
    let spent = Spent::default();
    let context = Context::new(&POLICY, &spent);
    let essence = |side| prover.essence(kind, bytes, side, &context);
    assert_eq!(essence(Side::Output).ok(), essence(Side::Output).ok());
    let _ = essence(Side::Input);
    let _ = prover.payloads(kind, bytes, &context, &mut |_, _| {});
    let _ = prover.verify(kind, bytes, bytes, &Report::default(), &context);
    Corpus::Keep
}

/// Looks into a document of any kind that can be looked into, the old ones included, without a panic, those included that are
/// caught.
pub fn inspect(bytes: &[u8]) -> Corpus {
    let kind = identify(bytes, "").kind;
    if handler_for(kind).is_none() && inspector_for(kind).is_none() {
        return Corpus::Reject;
    }
    let fingerprinter = Fingerprinter::new(b"fuzz");
    let inspected = fieldstrip::inspect(bytes, "", &Scanner::new(&POLICY, &ENGINE, &fingerprinter));
    assert!(inspected.refusal.is_none_or(|refusal| refusal.reason != Reason::Internal), "a panic was caught");
    Corpus::Keep
}
