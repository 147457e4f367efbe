//! `fieldstrip audit export`: the run in the forms of other programs.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use fieldstrip::pipeline::write_private;
use fieldstrip::report::export::{csv, sarif};
use fieldstrip::report::reading::Run;
use fieldstrip::report::terminal::printable_json;

use crate::cli::ALL_WELL;

/// Write the last run of a log as a table, as SARIF for code-scanning viewers, or as one JSON document.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 done, 2 the log cannot be read or was changed.")]
pub(crate) struct Arguments {
    /// The review folder of the run
    #[arg(value_name = "REVIEW_DIR")]
    review: PathBuf,
    /// The form
    #[arg(long, value_enum)]
    format: Form,
    /// File to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// SARIF: the folder of the inputs, relative to the root that the viewer knows
    #[arg(long, value_name = "DIR", default_value = "")]
    base: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A row for each finding, hidden item and refusal
    Csv,
    /// SARIF 2.1.0
    Sarif,
    /// Header, records and totals in one document
    Json,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let run = Run::read(&arguments.review)?;
    let mut document = Vec::new();
    match arguments.format {
        Form::Csv => csv(&run, &mut document)?,
        Form::Sarif => writeln!(document, "{}", printable_json(&sarif(&run, &arguments.base))?)?,
        Form::Json => writeln!(document, "{}", printable_json(&run)?)?,
    }
    match &arguments.output {
        Some(path) => write_private(path, &document).with_context(|| path.display().to_string())?,
        None => io::stdout().write_all(&document)?,
    }
    Ok(ALL_WELL)
}
