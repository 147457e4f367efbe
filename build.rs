//! Reads the rule packs when the program is built. TOML is for those who write rules; a program that starts for a single file
//! would spend more time on reading it than on the file. Each pack becomes JSON that says the same; `src/detect/pack.rs` reads it.

use std::env;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;

const PACKS: &str = "policies/packs";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={PACKS}");
    let out = env::var("OUT_DIR")?;
    let mut files = fs::read_dir(PACKS)?.collect::<Result<Vec<_>, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    let mut table = String::from("&[\n");
    for file in files {
        let path = file.path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let pack: toml::Table =
            toml::from_str(&fs::read_to_string(&path)?).map_err(|error| format!("{}: {error}", path.display()))?;
        write(&Path::new(&out).join(format!("{name}.json")), &serde_json::to_string(&pack)?)?;
        writeln!(
            table,
            "    BuiltIn {{ name: {name:?}, \
             toml: include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{PACKS}/{name}.toml\")), \
             json: include_str!(concat!(env!(\"OUT_DIR\"), \"/{name}.json\")) }},"
        )?;
    }
    table.push(']');
    Ok(write(&Path::new(&out).join("packs.rs"), &table)?)
}

#[allow(clippy::disallowed_methods)] // it writes what cargo asks it to, and no document
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    fs::write(path, text)
}
