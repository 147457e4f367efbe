//! The proof before copies that no cleaner made.

use std::cell::RefCell;

use fieldstrip::formats::{Context, Report};
use fieldstrip::identify::identify;
use fieldstrip::limits::Spent;
use fieldstrip::policy::Action;
use fieldstrip::prove::{prove as prove_copy, prover_for};
use fieldstrip::{Cleaned, Refusal};
use libfuzzer_sys::{Corpus, fuzzer_mutate};

use crate::edit::{Edit, HEAD};
use crate::{POLICY, mutate_package};

thread_local! {
    /// The last document and what its cleaner made of it: edits of one document come one after the other.
    static LAST: RefCell<Option<(Vec<u8>, Result<Cleaned, Refusal>)>> = const { RefCell::new(None) };
}

/// Edits the copy of a document, or takes the document for its own copy. What is proved all the same is clean: a cleaner that
/// takes it finds nothing to remove, change or hold that it did not find in the true copy.
pub fn prove(input: &[u8]) -> Corpus {
    let Some((edit, document)) = Edit::split(input) else { return Corpus::Reject };
    let kind = identify(document, "").kind;
    if prover_for(kind).is_none() {
        return Corpus::Reject;
    }
    let (true_copy, report) = match cleaned(document) {
        Ok(cleaned) if !edit.is_of_original() => (cleaned.bytes, cleaned.report),
        _ => (document.to_vec(), Report::default()),
    };
    let copy = edit.apply(&true_copy);
    if prove_copy(kind, document, &copy, &report, &Context::new(&POLICY, &Spent::default())).is_err() {
        return Corpus::Keep;
    }
    let Ok(again) = fieldstrip::clean(&copy, "", &POLICY) else { return Corpus::Keep };
    let known = if report.hits.is_empty() { Vec::new() } else { changes(&true_copy) };
    for (class, item) in changes_of(&again) {
        assert!(known.contains(&(class, item.clone())), "a copy is proved that has {item} in it");
    }
    Corpus::Keep
}

fn cleaned(document: &[u8]) -> Result<Cleaned, Refusal> {
    LAST.with_borrow_mut(|last| match last {
        Some((known, result)) if known == document => result.clone(),
        _ => {
            let result = fieldstrip::clean(document, "", &POLICY);
            *last = Some((document.to_vec(), result.clone()));
            result
        }
    })
}

fn changes(copy: &[u8]) -> Vec<(&'static str, String)> {
    fieldstrip::clean(copy, "", &POLICY).map(|cleaned| changes_of(&cleaned)).unwrap_or_default()
}

/// Everything that a cleaner did something about, without where it was.
fn changes_of(cleaned: &Cleaned) -> Vec<(&'static str, String)> {
    let hits = cleaned.report.all_hits().into_iter().filter(|hit| hit.action != Action::Keep);
    hits.map(|hit| (hit.class.name(), hit.item)).collect()
}

/// Mostly changes the edit, sometimes the document.
pub fn mutate_edit(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    match data.get(..size) {
        Some(_) if size > HEAD && seed % 4 == 0 => {
            HEAD + mutate_package(&mut data[HEAD..], size - HEAD, max_size - HEAD, seed / 4)
        }
        Some(_) if size > HEAD => {
            fuzzer_mutate(&mut data[..HEAD], HEAD, HEAD);
            // Most places of a copy are as good as any other.
            let spread = seed.wrapping_mul(0x9e37_79b9).to_le_bytes();
            if seed % 8 != 1 {
                data[2..6].copy_from_slice(&spread);
            }
            size
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
}
