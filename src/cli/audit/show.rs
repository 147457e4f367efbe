//! `fieldstrip audit show`: what became of a file.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use fieldstrip::report::audit::FileRecord;
use fieldstrip::report::reading::Run;
use fieldstrip::report::show::render;
use fieldstrip::report::terminal::{printable, printable_json};
use serde_json::json;

use crate::cli::clean::Format;
use crate::cli::{ALL_WELL, LOOK};

/// Print what the log says of files: what was removed, found and proved.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 all files are in the log, 1 some are not, 2 the log cannot be read or was changed."
)]
pub(crate) struct Arguments {
    /// The review folder of the run
    #[arg(value_name = "REVIEW_DIR")]
    review: PathBuf,
    /// Paths of inputs or copies, as the log has them
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<String>,
    /// How to print them: text, or one JSON document `{"records": […], "unknown": […]}`
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let run = Run::read(&arguments.review)?;
    let records: Vec<&FileRecord> = arguments.paths.iter().flat_map(|path| run.of_path(path)).collect();
    let unknown: Vec<&String> = arguments.paths.iter().filter(|path| run.of_path(path).next().is_none()).collect();
    let mut out = io::stdout().lock();
    match arguments.format {
        Format::Json => {
            writeln!(out, "{}", printable_json(&json!({ "records": records, "unknown": unknown }))?)?;
        }
        Format::Text => {
            for record in records {
                writeln!(out, "{}", render(record))?;
            }
            for path in &unknown {
                writeln!(io::stderr(), "{}: the log does not know it", printable(path))?;
            }
        }
    }
    Ok(if unknown.is_empty() { ALL_WELL } else { LOOK })
}
