//! `fieldstrip audit diff`: what is newly flagged, what changed.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use fieldstrip::finding::Finding;
use fieldstrip::report::difference::{Change, Difference, FileChange};
use fieldstrip::report::reading::Run;
use fieldstrip::report::terminal::{printable, printable_json};

use crate::cli::clean::Format;
use crate::cli::lines::Lines;
use crate::cli::{ALL_WELL, LOOK};

/// Compare two runs file by file.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 nothing differs, 1 something does, 2 a log cannot be read or was changed.")]
pub(crate) struct Arguments {
    /// The review folder of the first run
    #[arg(value_name = "REVIEW_DIR_A")]
    a: PathBuf,
    /// The review folder of the second run
    #[arg(value_name = "REVIEW_DIR_B")]
    b: PathBuf,
    /// How to print the differences
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let difference = Difference::between(&Run::read(&arguments.a)?, &Run::read(&arguments.b)?);
    let mut out = io::BufWriter::new(io::stdout().lock());
    match arguments.format {
        Format::Json => writeln!(out, "{}", printable_json(&difference)?)?,
        Format::Text => print_text(&mut out, &difference)?,
    }
    out.flush()?;
    Ok(if difference.is_empty() { ALL_WELL } else { LOOK })
}

fn print_text(out: &mut impl Write, difference: &Difference) -> io::Result<()> {
    for change in &difference.header {
        let (a, b) = (change.a.to_string(), change.b.to_string());
        let change = format!("header{}: {} → {}", printable(&change.member), printable(&a), printable(&b));
        Lines::new().write(out, "", &change)?;
    }
    for (what, paths) in [("only in the first run", &difference.only_a), ("only in the second run", &difference.only_b)]
    {
        for path in paths {
            writeln!(out, "{}: {what}", printable(path))?;
        }
    }
    for file in &difference.files {
        print_file(out, file)?;
    }
    if difference.is_empty() {
        writeln!(out, "nothing differs")?;
    }
    Ok(())
}

fn print_file(out: &mut impl Write, file: &FileChange) -> io::Result<()> {
    writeln!(out, "{}", printable(&file.path))?;
    if let Some(Change { a, b }) = file.outcome {
        writeln!(out, "  outcome  {} → {}", a.name(), b.name())?;
    }
    for (what, change) in [("input", &file.input), ("copy", &file.output)] {
        if let Some(Change { a, b }) = change {
            let shown = |sha256: &Option<String>| printable(sha256.as_deref().unwrap_or("none"));
            Lines::new().write(out, &format!("  {what:7}  "), &format!("{} → {}", shown(a), shown(b)))?;
        }
    }
    let findings =
        |sign, of: &[Finding]| -> Vec<(char, String)> { of.iter().map(|finding| (sign, finding.in_short())).collect() };
    for (sign, text) in [findings('+', &file.newly_flagged), findings('-', &file.no_longer_flagged)].concat() {
        Lines::new().write(out, &format!("  {sign} "), &printable(&text))?;
    }
    Ok(())
}
