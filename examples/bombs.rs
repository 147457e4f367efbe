//! Writes small files that ask for much into a folder: `cargo run --example bombs FOLDER`.

use std::path::PathBuf;

use anyhow::Context as _;

#[path = "../tests/bombs/builders/mod.rs"]
mod builders;

#[allow(clippy::disallowed_methods, clippy::print_stdout)] // a program of its own: it writes no released file
fn main() -> anyhow::Result<()> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from).context("which folder?")?;
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for bomb in builders::all() {
        let path = folder.join(bomb.name);
        std::fs::write(&path, (bomb.build)()).with_context(|| format!("cannot write {}", path.display()))?;
        println!("{}  {:?}", bomb.name, bomb.outcome);
    }
    Ok(())
}
