//! `fieldstrip report`: the page about an earlier run, made anew.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use anyhow::Context as _;
use clap::Args;
use fieldstrip::Policy;
use fieldstrip::pipeline::{self, Previews, write_report};
use fieldstrip::report::html::FILE_NAME;
use fieldstrip::report::terminal::{printable_json, printable_path};
use serde_json::json;

use super::ALL_WELL;
use super::clean::Format;
use super::setup::{IsolationArgument, Tools, check_unpublished, jobs, release_of};

const AFTER_HELP: &str = "\
The report is one page that loads nothing and says only what the audit log says: values are masked. \
A run writes it by itself; this command makes it from the log alone.

With --previews it shows the copies besides, as long as they are those of the run: pictures, and of each PDF the page with \
the worst finding, boxes around what was found on it. Nothing is masked there: \
such a report is as confidential as the documents.";

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
    /// Show the copies in the report, as they are
    #[arg(long)]
    previews: bool,
    /// The release folder, for previews [default: REVIEW_DIR without its `.review`]
    #[arg(long, value_name = "DIR", requires = "previews")]
    release: Option<PathBuf>,
    #[command(flatten)]
    isolation: IsolationArgument,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let target = arguments.output.clone().unwrap_or_else(|| arguments.review.join(FILE_NAME));
    let failed = || format!("the report {} cannot be made", target.display());
    if arguments.previews {
        check_unpublished("report", &target, &arguments.review, arguments.release.as_deref())?;
        let release = release_of(arguments.release.as_deref(), &arguments.review)?;
        let tools = Tools::new(Policy::built_in("public-release")?, pipeline::fingerprinter_without_writing()?)?;
        let (worker, stop) = (arguments.isolation.worker()?, AtomicBool::new(false));
        let previews = Previews {
            release: &release,
            scanner: tools.scanner(),
            worker: worker.as_deref(),
            jobs: jobs(None),
            stop: &stop,
        };
        write_report(&arguments.review, &target, Some(&previews)).with_context(failed)?;
    } else {
        write_report(&arguments.review, &target, None).with_context(failed)?;
    }
    let printed = match arguments.format {
        Format::Text => printable_path(&target),
        Format::Json => printable_json(&json!({ "report": target.to_string_lossy() }))?,
    };
    writeln!(io::stdout(), "{printed}")?;
    Ok(ALL_WELL)
}
