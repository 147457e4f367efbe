//! Makes the documents in `samples/`: `cargo run --example make_samples [FOLDER]`.
//!
//! The same bytes come out on every run and every machine: there is no clock and no randomness in here. A test compares
//! the committed files with what this program makes.

use std::path::PathBuf;

use anyhow::Context as _;

mod samples;

#[allow(clippy::disallowed_methods, clippy::print_stdout)] // a program of its own: it writes no released file
fn main() -> anyhow::Result<()> {
    let folder = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("samples"), PathBuf::from);
    for sample in samples::all()? {
        let path = folder.join(sample.path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&path, &sample.bytes).with_context(|| format!("cannot write {}", path.display()))?;
        println!("{:>7} {}", sample.bytes.len(), path.display());
    }
    Ok(())
}
