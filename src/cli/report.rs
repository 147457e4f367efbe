//! `fieldstrip report`: the page about an earlier run, made anew.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use fieldstrip::pipeline::write_report;
use fieldstrip::report::html::FILE_NAME;
use fieldstrip::report::terminal::{printable_json, printable_path};
use serde_json::json;

use super::ALL_WELL;
use super::clean::Format;

const AFTER_HELP: &str = "\
The report is one page that loads nothing and says only what the audit log says: values are masked. \
A run writes it by itself; this command makes it from the log alone.";

/// Make the HTML report of an earlier run anew from its audit log.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The review folder of the run
    #[arg(value_name = "REVIEW_DIR")]
    review: PathBuf,
    /// Where to write the report [default: REVIEW_DIR/report.html]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How to print where it is
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let target = arguments.output.clone().unwrap_or_else(|| arguments.review.join(FILE_NAME));
    write_report(&arguments.review, &target)
        .with_context(|| format!("the report {} cannot be made", target.display()))?;
    let printed = match arguments.format {
        Format::Text => printable_path(&target),
        Format::Json => printable_json(&json!({ "report": target.to_string_lossy() }))?,
    };
    writeln!(io::stdout(), "{printed}")?;
    Ok(ALL_WELL)
}
