//! The committed samples are what `cargo run --example make_samples` makes, no more and no less.

use std::collections::BTreeSet;
use std::path::Path;

#[path = "../../examples/make_samples/samples/mod.rs"]
mod samples;

#[test]
fn committed_samples_are_what_the_example_makes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    for sample in samples::all().unwrap() {
        let committed = std::fs::read(folder.join(sample.path)).unwrap_or_default();
        assert!(committed == sample.bytes, "{}: run `cargo run --example make_samples` and commit", sample.path);
    }
}

#[test]
fn every_file_in_the_folder_is_made_by_the_example() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let made: BTreeSet<_> = samples::all().unwrap().iter().map(|sample| folder.join(sample.path)).collect();
    let present: BTreeSet<_> = walkdir::WalkDir::new(&folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect();
    assert_eq!(present, made);
}
