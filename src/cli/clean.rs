//! `fieldstrip clean`: the main job.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use fieldstrip::discover::discover;
use fieldstrip::pipeline::{self, Ended};
use fieldstrip::report::audit::{FILE_NAME, Outcome};
use fieldstrip::report::html;
use fieldstrip::report::terminal::{printable, printable_json, printable_path};
use serde_json::json;

use super::lines::text_width;
use super::progress::Progress;
use super::setup::{
    DecisionsArgument, IsolationArgument, PolicyArgument, Tools, jobs, review_beside, stop_on_interrupt,
};
use super::sign::SignArguments;
use super::{ALL_WELL, LOOK};

const AFTER_HELP: &str = "\
Examples:
  fieldstrip clean report/ --output public/
  fieldstrip clean report/ --output public/ --policy strict.toml --operator 'J. Doe'
  fieldstrip clean report/ --output public/ --fail-on held,refused
  fieldstrip clean report/ --output public/ --resume
  fieldstrip clean report/ --output public/ --decisions public.review/decisions.toml

The release folder mirrors the input and holds cleaned and proved copies only. \
The review folder holds the report, the audit log and, under held/, the copies that wait for a decision. \
A release folder of an earlier run is emptied first; \
with --resume, copies stay whose input, policy, decisions, rules, key and program are still the same.";

/// Clean files and folders into a release folder, with an audit log.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Files and folders to clean
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Release folder to write; empty, or made by an earlier run
    #[arg(long, short, value_name = "DIR")]
    output: PathBuf,
    #[command(flatten)]
    policy: PolicyArgument,
    #[command(flatten)]
    decisions: DecisionsArgument,
    /// Folder for the report, the audit log and the held copies [default: OUTPUT.review]
    #[arg(long, value_name = "DIR")]
    review: Option<PathBuf>,
    /// How many documents to work on at once [default: one per processor]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    #[command(flatten)]
    isolation: IsolationArgument,
    /// Go on with an earlier run, finished or not: do only what is new or changed since
    #[arg(long)]
    resume: bool,
    /// Show the copies in the report: pictures, and a page of each PDF with boxes around what was found.
    /// Nothing is masked there: the report becomes as confidential as the documents
    #[arg(long)]
    previews: bool,
    #[command(flatten)]
    signing: SignArguments,
    /// Name to write into the audit log as the person who ran this
    #[arg(long, value_name = "NAME")]
    operator: Option<String>,
    /// File with the secret key of fingerprints; made on first use [default: in the user's configuration folder]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// What makes the exit code 1
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "flagged,held,refused")]
    fail_on: Vec<FailOn>,
    /// How to print the summary
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Released files with something to look at
    Flagged,
    /// Files that wait for a decision
    Held,
    /// Files without a copy
    Refused,
    /// Nothing
    Never,
}

/// The form of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    // Everything that can be wrong with the call is found out before the first file.
    let review = arguments.review.clone().unwrap_or_else(|| review_beside(&arguments.output));
    let mut policy = arguments.policy.load()?;
    let signer = arguments.signing.signer()?;
    let entries = discover(&arguments.inputs)?;
    let fingerprinter = pipeline::fingerprinter(arguments.key.as_deref())?;
    policy.decisions = arguments.decisions.load(&policy, &fingerprinter.key_id())?;
    let tools = Tools::new(policy, fingerprinter)?;
    let options = pipeline::Options {
        output: arguments.output.clone(),
        review: review.clone(),
        inputs: arguments.inputs.clone(),
        // No more than there is work for: each has workers to start.
        jobs: jobs(arguments.jobs).min(entries.len()).max(1),
        worker: arguments.isolation.worker()?,
        resume: arguments.resume,
        signer,
        previews: arguments.previews,
        operator: arguments.operator.clone(),
        packs: tools.packs(),
        fingerprint_key: tools.fingerprinter.key_id(),
    };
    let stop = stop_on_interrupt(arguments.quiet)?;
    let mut progress = Progress::new(entries.len(), arguments.quiet);
    let ended = pipeline::run(&entries, &options, &tools.scanner(), &stop, &mut progress);
    progress.finish();
    let ended = ended?;
    if !arguments.quiet {
        for stale in &ended.totals().stale_decisions {
            let _ = writeln!(io::stderr(), "stale decision, nothing in this run is about it: {}", printable(stale));
        }
        let mut out = io::stdout().lock();
        match arguments.format {
            Format::Text => print_text(&mut out, arguments, &review, &ended)?,
            Format::Json => {
                let document = json!({
                    "release": arguments.output.to_string_lossy(), "review": review.to_string_lossy(),
                    "totals": ended.totals(), "head": ended.head,
                });
                writeln!(out, "{}", printable_json(&document)?)?;
            }
        }
    }
    if ended.totals().interrupted {
        anyhow::bail!("interrupted; what was released until then is whole and proved, and stands in the log");
    }
    Ok(exit_code(&arguments.fail_on, &ended))
}

fn print_text(out: &mut impl Write, arguments: &Arguments, review: &std::path::Path, ended: &Ended) -> io::Result<()> {
    write!(out, "{}", ended.summary.render(text_width()))?;
    writeln!(out)?;
    writeln!(out, "release folder  {}", printable_path(&arguments.output))?;
    if ended.summary.outcome(Outcome::Held) > 0 {
        writeln!(out, "held copies     {}", printable_path(&review.join("held")))?;
    }
    writeln!(out, "report          {}", printable_path(&review.join(html::FILE_NAME)))?;
    writeln!(out, "audit log       {}", printable_path(&review.join(FILE_NAME)))?;
    writeln!(out, "log head        {}  (keep it elsewhere: it shows a log that was rewritten)", ended.head)
}

fn exit_code(fail_on: &[FailOn], ended: &Ended) -> u8 {
    let happened = |what: &FailOn| match what {
        FailOn::Flagged => ended.totals().flagged > 0,
        FailOn::Held => ended.summary.outcome(Outcome::Held) > 0,
        FailOn::Refused => ended.summary.outcome(Outcome::Refused) > 0,
        FailOn::Never => false,
    };
    if fail_on.iter().any(happened) { LOOK } else { ALL_WELL }
}
