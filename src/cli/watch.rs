//! `fieldstrip watch`: a drop folder that is cleaned as documents arrive.
//!
//! Whenever the documents that nobody is writing to any more are others than before, all of them are cleaned as by
//! `clean --resume`: what was done and still holds is kept, so that each is worked on once, also over restarts, and every
//! promise of a run holds.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use clap::Args;
use fieldstrip::decisions::Decisions;
use fieldstrip::discover::{Entry, discover};
use fieldstrip::pipeline::{self, Ended, Look, Settling, Watcher};
use fieldstrip::report::audit::{FileRecord, Outcome, Record};
use fieldstrip::report::terminal::{printable, printable_json};
use serde::Serialize;
use serde_json::json;

use super::ALL_WELL;
use super::clean::Format;
use super::progress::line;
use super::setup::{
    DecisionsArgument, IsolationArgument, PolicyArgument, Tools, jobs, review_beside, stop_on_interrupt,
};
use super::sign::SignArguments;

/// How long it takes at most until an interrupt is noticed.
const NAP: Duration = Duration::from_millis(50);

const AFTER_HELP: &str = "\
Examples:
  fieldstrip watch drop/ --output public/
  fieldstrip watch drop/ --output public/ --settle 30s --decisions public.review/decisions.toml

The release folder follows DIR: what is taken out of DIR is taken out of it too, and a document that is changed is cleaned \
anew. While it is being written to, its copy is not there. Each change begins a new segment of the audit log. \
The file of decisions is read again when it is changed. Ctrl-C ends the program after the documents at hand; \
started again, it goes on.

Exit codes: 0 ended by Ctrl-C, 2 the program could not go on.";

/// Clean the documents in a folder as they arrive.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Folder to watch
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Release folder to write; empty, or made by an earlier run
    #[arg(long, short, value_name = "DIR")]
    output: PathBuf,
    #[command(flatten)]
    policy: PolicyArgument,
    #[command(flatten)]
    decisions: DecisionsArgument,
    /// Folder for the audit log and the held copies [default: OUTPUT.review]
    #[arg(long, value_name = "DIR")]
    review: Option<PathBuf>,
    /// How often to look into the folder
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = humantime::parse_duration)]
    interval: Duration,
    /// How long a document must not have changed before it is cleaned
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = humantime::parse_duration)]
    settle: Duration,
    /// How many documents to work on at once [default: one per processor]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    #[command(flatten)]
    isolation: IsolationArgument,
    #[command(flatten)]
    signing: SignArguments,
    /// Name to write into the audit log as the person who runs this
    #[arg(long, value_name = "NAME")]
    operator: Option<String>,
    /// How to print what is done: text, or one JSON object per line for each document and for the end of each batch
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// File with the secret key of fingerprints; made on first use [default: in the user's configuration folder]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    if !arguments.folder.is_dir() {
        anyhow::bail!("{} is no folder", arguments.folder.display());
    }
    let policy = arguments.policy.load()?;
    let fingerprinter = pipeline::fingerprinter(arguments.key.as_deref())?;
    let mut tools = Tools::new(policy, fingerprinter)?;
    let options = pipeline::Options {
        output: arguments.output.clone(),
        review: arguments.review.clone().unwrap_or_else(|| review_beside(&arguments.output)),
        inputs: vec![arguments.folder.clone()],
        jobs: jobs(arguments.jobs),
        worker: arguments.isolation.worker()?,
        resume: true,
        operator: arguments.operator.clone(),
        packs: tools.packs(),
        fingerprint_key: tools.fingerprinter.key_id(),
        signer: arguments.signing.signer()?,
        previews: false, // they would be made again for each document that arrives
    };
    let stop = stop_on_interrupt(false)?;
    let (begin, mut settling) = (Instant::now(), Settling::new(arguments.settle));
    let (mut done, mut lines) = (None, Lines::new(arguments.format));
    while !stop.load(Ordering::Relaxed) {
        let entries = discover(std::slice::from_ref(&arguments.folder))?;
        let documents = settling.settled(entries, begin.elapsed(), &|path| Look::at(path));
        let ended = tools.policy.on_day(&pipeline::today());
        match arguments.decisions.read(&tools.policy, &options.fingerprint_key) {
            // As long as nobody knows what was decided, nothing is released.
            Err(error) => lines.trouble(&format!("waiting: {error:#}")),
            Ok(decisions) => {
                lines.trouble.clear();
                let now = documents.map(|documents| State { documents, decisions, ended });
                if let Some(now) = now.filter(|now| done.as_ref() != Some(now)) {
                    log::info!("batch documents={} first={}", now.documents.len(), done.is_none());
                    tools.policy.decisions.clone_from(&now.decisions);
                    let entries: Vec<Entry> = now.documents.iter().map(|(entry, _)| entry.clone()).collect();
                    let ended = pipeline::run(&entries, &options, &tools.scanner(), &stop, &mut lines)?;
                    lines.batch(&ended);
                    done = Some(now);
                }
            }
        }
        let until = begin.elapsed().saturating_add(arguments.interval);
        while begin.elapsed() < until && !stop.load(Ordering::Relaxed) {
            std::thread::sleep(NAP.min(arguments.interval));
        }
    }
    Ok(ALL_WELL)
}

/// Everything that a batch goes by: where it is the same, there is nothing to do.
#[derive(PartialEq)]
struct State {
    documents: Vec<(Entry, Option<Look>)>,
    decisions: Decisions,
    /// The allowances that count no more today.
    ended: Vec<String>,
}

/// A line for each document that was worked on.
struct Lines {
    format: Format,
    /// What was said of documents without a copy, by their paths: each batch tries them again.
    told: BTreeMap<String, FileRecord>,
    trouble: String,
}

impl Lines {
    fn new(format: Format) -> Self {
        Self { format, told: BTreeMap::new(), trouble: String::new() }
    }

    /// Says that a batch is done. Nobody reads it: no reason to stop.
    fn batch(&self, ended: &Ended) {
        if self.format == Format::Json {
            print_json(&json!({ "record": "batch", "totals": ended.totals(), "head": ended.head }));
        }
        let _ = writeln!(io::stderr(), "log head  {}", ended.head);
    }

    /// Says what is wrong, once.
    fn trouble(&mut self, trouble: &str) {
        if self.trouble != trouble {
            trouble.clone_into(&mut self.trouble);
            self.note(trouble);
        }
    }
}

fn print_json(value: &impl Serialize) {
    if let Ok(line) = printable_json(value) {
        let _ = writeln!(io::stdout(), "{line}");
    }
}

impl Watcher for Lines {
    fn file(&mut self, record: &FileRecord) {
        if record.kept {
            return;
        }
        let again = self.told.get(&record.path) == Some(record);
        if matches!(record.outcome, Outcome::Refused | Outcome::Skipped) {
            self.told.insert(record.path.clone(), record.clone());
        } else {
            self.told.remove(&record.path);
        }
        if again {
            return;
        }
        match self.format {
            Format::Text => {
                let _ = writeln!(io::stdout(), "{}", line(record));
            }
            Format::Json => print_json(&Record::File(Box::new(record.clone()))), // as in the log
        }
    }

    fn note(&mut self, note: &str) {
        let _ = writeln!(io::stderr(), "{}", printable(note));
    }
}
