//! `fieldstrip audit`: checking the log of an earlier run.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use fieldstrip::report::terminal::{printable, printable_json};
use fieldstrip::report::verify::verify;

use super::clean::Format;
use super::setup::release_beside;
use super::{ALL_WELL, LOOK};

/// What to do with the log.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Verify(VerifyArguments),
}

const AFTER_HELP: &str = "\
The hash chain shows every change of the log, as long as nobody rewrote it as a whole. \
To notice that too, keep the head hash that the run printed somewhere else and give it with --head.

Exit codes: 0 all is as the log says, 1 something differs, 2 the log cannot be read.";

/// Check that the log is intact and the copies are unchanged.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct VerifyArguments {
    /// The review folder of the run
    #[arg(value_name = "REVIEW_DIR")]
    review: PathBuf,
    /// The release folder [default: REVIEW_DIR without its `.review`]
    #[arg(long, value_name = "DIR")]
    release: Option<PathBuf>,
    /// The head hash that the run printed
    #[arg(long, value_name = "HASH")]
    head: Option<String>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(command: &Command) -> anyhow::Result<u8> {
    let Command::Verify(arguments) = command;
    let release = arguments.release.clone().or_else(|| release_beside(&arguments.review)).context(
        "the review folder's name does not end with `.review`; say with --release which release folder belongs to it",
    )?;
    let mut found = verify(&arguments.review, &release)
        .with_context(|| format!("the log in {} cannot be checked", arguments.review.display()))?;
    if let Some(head) = &arguments.head {
        found.expect_head(head);
    }
    let mut out = io::stdout().lock();
    match arguments.format {
        Format::Json => writeln!(out, "{}", printable_json(&found)?)?,
        Format::Text => {
            for problem in &found.problems {
                writeln!(out, "{}", printable(&problem.to_string()))?;
            }
            if found.problems.is_empty() {
                writeln!(out, "{} lines and {} copies are as the run left them", found.lines, found.copies)?;
            } else {
                writeln!(
                    out,
                    "problems: {}; lines: {}; unchanged copies: {}",
                    found.problems.len(),
                    found.lines,
                    found.copies
                )?;
            }
            writeln!(out, "log head  {}", printable(&found.head))?;
        }
    }
    Ok(if found.problems.is_empty() { ALL_WELL } else { LOOK })
}
