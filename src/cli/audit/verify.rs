//! `fieldstrip audit verify`: is everything as the run left it?

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use fieldstrip::report::terminal::{printable, printable_json};
use fieldstrip::report::verify::{Verification, verify};

use crate::cli::clean::Format;
use crate::cli::lines::Lines;
use crate::cli::setup::release_of;
use crate::cli::{ALL_WELL, LOOK};

const AFTER_HELP: &str = "\
The hash chain shows every change of the log, as long as nobody rewrote it as a whole or cut off a whole run at its end. \
To notice that too, keep the head hash that the run printed somewhere else and give it with --head, or sign the log.

Exit codes: 0 all is as the log says, 1 something differs, 2 the log cannot be read.";

/// Check that the log is intact and the copies are unchanged.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The review folder of the run
    #[arg(value_name = "REVIEW_DIR")]
    review: PathBuf,
    /// The release folder [default: REVIEW_DIR without its `.review`]
    #[arg(long, value_name = "DIR")]
    release: Option<PathBuf>,
    /// The head hash that the run printed
    #[arg(long, value_name = "HASH")]
    head: Option<String>,
    /// Check the signature of the log too: a minisign public key, or a file with one
    #[arg(long, value_name = "FILE|KEY")]
    public_key: Option<String>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let release = release_of(arguments.release.as_deref(), &arguments.review)?;
    let key = arguments.public_key.as_deref().map(public_key).transpose()?;
    let mut found = verify(&arguments.review, &release)
        .with_context(|| format!("the log in {} cannot be checked", arguments.review.display()))?;
    if let Some(head) = &arguments.head {
        found.expect_head(head);
    }
    if let Some(key) = key {
        found.expect_signature(&arguments.review, &key)?;
    }
    let mut out = io::stdout().lock();
    match arguments.format {
        Format::Json => writeln!(out, "{}", printable_json(&found)?)?,
        Format::Text => print_text(&mut out, &found)?,
    }
    Ok(if found.problems.is_empty() { ALL_WELL } else { LOOK })
}

/// The key as typed, or what stands in the file of that name.
fn public_key(typed: &str) -> anyhow::Result<String> {
    let is_key = typed.starts_with("RW") && typed.len() == 56; // the algorithm, and 42 bytes as Base64
    if is_key && !Path::new(typed).exists() {
        return Ok(typed.to_owned());
    }
    fs::read_to_string(typed).with_context(|| format!("public key {typed}"))
}

fn print_text(out: &mut impl Write, found: &Verification) -> io::Result<()> {
    for problem in &found.problems {
        Lines::new().write(out, "", &printable(&problem.to_string()))?;
    }
    if found.problems.is_empty() {
        writeln!(out, "{} lines and {} copies are as the run left them", found.lines, found.copies)?;
    } else {
        let number = found.problems.len();
        writeln!(out, "problems: {number}; lines: {}; unchanged copies: {}", found.lines, found.copies)?;
    }
    writeln!(out, "log head  {}", printable(&found.head))?;
    if found.signed {
        writeln!(out, "the signature holds")?;
    }
    Ok(())
}
