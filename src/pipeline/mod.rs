//! The run over folders: many documents, one log.
//!
//! Jobs take the inputs one by one, have each carried through [`crate::job`] by worker processes of their own
//! ([`crate::worker`]), and publish the copy. Only the small
//! records travel on, over a bounded channel, to the one writer of the audit log, which puts them back into input order.
//! Memory is bounded by the number of workers, not by the number of files.
//!
//! This is the only module that writes files. A copy comes into being in a staging folder beside its destination, is
//! synced, and appears under its name by a rename: whatever kills the run, the release folder holds whole and proved files
//! only. The log follows: a file may be there without its line after a kill, never the other way round.

mod convert;
mod folders;
mod key;
mod look;
mod places;
mod private;
mod process;
mod publish;
mod reading;
mod report;
mod resume;
mod settling;
mod watch;
mod workers;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::SystemTime;

use crossbeam_channel::Sender;

pub use folders::FoldersError;
pub use key::{KeyError, fingerprinter, fingerprinter_without_writing};
pub use look::Look;
pub use private::write_private;
pub use reading::read;
pub use report::write_report;
pub use settling::Settling;
pub use workers::{Launcher, Team, WorkerError};

use crate::decisions::{FileId, Used};
use crate::discover::{Entry, Task, logged_path};
use crate::finding::Verdict;
use crate::job::{Cleaned, Executor, InProcess, Processed, Scanner, process_with};
use crate::kind::Kind;
use crate::report::audit::{
    AuditWriter, Conversion, Digested, EmbeddedRecord, FILE_NAME, FileRecord, Header, Isolation, Outcome, PackId,
    PolicyId, Record, SCHEMA, Totals,
};
use crate::report::html;
use crate::report::signature::{self, Signer};
use crate::report::summary::Summary;
use crate::report::verify::hash_file;
use convert::Converter;
use folders::Folders;
use places::Places;
use publish::{Destination, PublishError};
use resume::Earlier;

/// Stack of a job: without worker processes, parsers of nested formats go deep before their depth limits end it.
const WORKER_STACK_BYTES: usize = 64 << 20;

/// What a run needs to know.
#[derive(Debug)]
pub struct Options {
    /// Release folder.
    pub output: PathBuf,
    /// Review folder.
    pub review: PathBuf,
    /// The inputs, to check that no output lies in them.
    pub inputs: Vec<PathBuf>,
    /// How many documents are worked on at once, at least 1.
    pub jobs: usize,
    /// The program whose argument `worker` makes it a worker ([`this_program`]); `None` to parse documents in this process,
    /// where a fault that is no panic ends the run.
    pub worker: Option<PathBuf>,
    /// Goes on with the log of an earlier run, and does not do again what it did and what still holds.
    pub resume: bool,
    /// Signs the log at its end.
    pub signer: Option<Signer>,
    /// Who runs it, for the log.
    pub operator: Option<String>,
    /// The rule packs in use, for the log.
    pub packs: Vec<PackId>,
    /// Id of the fingerprint key, for the log.
    pub fingerprint_key: String,
}

/// A run that could not go on. Files that were released until then are whole and proved.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The folders cannot be used.
    #[error(transparent)]
    Folders(#[from] FoldersError),
    /// Documents cannot be parsed apart from the run.
    #[error(transparent)]
    Worker(#[from] WorkerError),
    /// Writing failed: a full disk, a vanished folder.
    #[error("{what}: {error}")]
    Write {
        /// What could not be written.
        what: String,
        /// What the system says.
        error: io::Error,
    },
}

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    /// The sums and the worst files.
    pub summary: Summary,
    /// Hash of the last line of the log.
    pub head: String,
}

impl Ended {
    /// The totals, as the last line of the log has them.
    #[must_use]
    pub fn totals(&self) -> &Totals {
        &self.summary.totals
    }
}

/// Watches a run, to show progress.
pub trait Watcher {
    /// A record is about to be written.
    fn file(&mut self, record: &FileRecord);

    /// Something that whoever started the run should know before it begins.
    fn note(&mut self, note: &str);
}

/// Cleans all entries into the release folder. `stop` ends the run after the documents at hand.
///
/// # Errors
/// When the folders cannot be used, or when something cannot be written.
pub fn run(
    entries: &[Entry],
    options: &Options,
    scanner: &Scanner<'_>,
    stop: &AtomicBool,
    watcher: &mut dyn Watcher,
) -> Result<Ended, RunError> {
    // Whatever can fail before anything is changed comes first.
    let launcher =
        options.worker.as_deref().map(|program| Launcher::new(program, *scanner, options.jobs)).transpose()?;
    let mut first_team = launcher.as_ref().map(Team::new).transpose()?;
    let places = Places::new(entries);
    let folders = Folders::open(options, entries, &places)?;
    let log_path = folders.review.join(FILE_NAME);
    let log_error = |error| RunError::Write { what: format!("the audit log {}", log_path.display()), error };
    let mut header = header(entries, options, scanner, Isolation::of(first_team.as_ref()));
    let earlier = match options.resume {
        true => Earlier::find(&folders, entries, &places, &header, options.jobs)?,
        false => None,
    };
    folders.clear(&earlier.as_ref().map(Earlier::paths).unwrap_or_default())?;
    let mut audit = match &earlier {
        Some(earlier) => earlier.begin_segment(&mut header, watcher),
        None => folders.create_log(&log_path).map(|log| AuditWriter::new(BufWriter::new(log))),
    }
    .map_err(log_error)?;
    folders.remove_signature()?;
    audit.append(&Record::Header(header)).map_err(log_error)?;
    audit.get_mut().flush().map_err(log_error)?;

    let release = Destination { root: &folders.output, staging: &folders.staging };
    let held = Destination { root: &folders.held, staging: &folders.held_staging };
    let (next, converter) = (AtomicUsize::new(0), Converter::default());
    let work =
        Work { entries, earlier: earlier.as_ref(), places: &places, scanner, converter, release, held, next, stop };
    let mut summary = Summary::default();
    let mut used = Used::new(&scanner.policy().decisions);
    let mut failure = None;
    let (sender, receiver) = crossbeam_channel::bounded(options.jobs.saturating_mul(4));
    std::thread::scope(|scope| {
        for number in 0..options.jobs.max(1) {
            let (work, sender) = (&work, sender.clone());
            let (launcher, team) = (launcher.as_ref(), first_team.take());
            let builder = std::thread::Builder::new().name(format!("worker-{number}")).stack_size(WORKER_STACK_BYTES);
            if let Err(error) = builder.spawn_scoped(scope, move || work.begin(launcher, team, &sender)) {
                failure.get_or_insert(RunError::Write { what: "a worker could not be started".to_owned(), error });
            }
        }
        drop(sender);
        let mut waiting: BTreeMap<usize, FileRecord> = BTreeMap::new();
        let mut next = 0;
        for (index, result) in receiver {
            match result {
                Ok(record) => waiting.insert(index, record),
                Err(error) => {
                    stop.store(true, Ordering::Relaxed);
                    failure.get_or_insert(error);
                    continue;
                }
            };
            while let Some(record) = waiting.remove(&next) {
                next = next.saturating_add(1);
                used.add(&record);
                if let Err(error) = write_record(record, &mut audit, &mut summary, watcher) {
                    stop.store(true, Ordering::Relaxed);
                    failure.get_or_insert(log_error(error));
                }
            }
        }
        // After an interruption there may be gaps; what was done is logged all the same.
        for record in waiting.into_values() {
            if let Err(error) = write_record(record, &mut audit, &mut summary, watcher) {
                failure.get_or_insert(log_error(error));
            }
        }
    });
    let done: u64 = summary.totals.outcomes.values().sum();
    summary.finish(now());
    summary.totals.interrupted = done < entries.len() as u64;
    if !summary.totals.interrupted {
        summary.totals.stale_decisions = used.stale();
    }
    let closed = audit.append(&Record::Totals(summary.totals.clone())).and_then(|()| {
        audit.get_mut().flush()?;
        audit.get_mut().get_ref().sync_all()
    });
    let closed = closed.and_then(|()| match &options.signer {
        Some(signer) => sign(signer, &log_path, audit.head()),
        None => Ok(()),
    });
    let closed = closed.map_err(log_error).and_then(|()| {
        let report_path = folders.review.join(html::FILE_NAME);
        let written = report::write(&log_path, &folders.held_staging, &report_path, html::Place::BesideHeld);
        written.map_err(|error| RunError::Write { what: format!("the report {}", report_path.display()), error })
    });
    folders.finish();
    // What went wrong first is the cause of the rest.
    match failure.or(closed.err()) {
        Some(error) => Err(error),
        None => Ok(Ended { summary, head: audit.head().to_owned() }),
    }
}

/// Signs the whole log, which ends with this head.
fn sign(signer: &Signer, log: &Path, head: &str) -> io::Result<()> {
    let signature = signer.sign(File::open(log)?, head).map_err(io::Error::other)?;
    write_private(&log.with_file_name(signature::FILE_NAME), signature.as_bytes())
}

fn write_record(
    record: FileRecord,
    audit: &mut AuditWriter<BufWriter<File>>,
    summary: &mut Summary,
    watcher: &mut dyn Watcher,
) -> io::Result<()> {
    watcher.file(&record);
    summary.add(&record);
    audit.append(&Record::File(Box::new(record)))?;
    audit.get_mut().flush()
}

fn header(entries: &[Entry], options: &Options, scanner: &Scanner<'_>, isolation: Isolation) -> Header {
    let names = options.inputs.iter().map(|input| {
        let full = input.canonicalize().unwrap_or_else(|_| input.clone());
        full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    });
    Header {
        schema: SCHEMA,
        tool: format!("fieldstrip {}", crate::VERSION),
        tool_sha256: std::env::current_exe().and_then(|path| hash_file(&path)).unwrap_or_default(),
        started: now(),
        operator: options.operator.clone(),
        policy: PolicyId {
            name: scanner.policy().name.clone(),
            sha256: scanner.policy().sha256.clone(),
            ended: scanner.policy().ended_allowances(),
        },
        decisions: scanner.policy().decisions.id().map(Box::new),
        segment: 1,
        torn: None,
        changed_copies: Vec::new(),
        packs: options.packs.clone(),
        fingerprint_key: options.fingerprint_key.clone(),
        isolation,
        inputs: names.collect(),
        files: entries.len() as u64,
    }
}

/// The time for logs and decisions, UTC in whole seconds, RFC 3339. It is no part of any released byte.
#[allow(clippy::disallowed_methods)] // the one place that reads the clock
#[must_use]
pub fn now() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string()
}

/// This program, to start it again as a worker: where it can be had, the very file that runs, even if another one has taken
/// its name since.
///
/// # Errors
/// When the system does not tell.
pub fn this_program() -> io::Result<PathBuf> {
    let running = Path::new("/proc/self/exe");
    if cfg!(target_os = "linux") && running.exists() { Ok(running.to_path_buf()) } else { std::env::current_exe() }
}

/// The day in UTC, `YYYY-MM-DD`: allowances of a policy may end.
#[must_use]
pub fn today() -> String {
    now().chars().take(10).collect()
}

/// The record of the entry with this number, or why the run cannot go on.
type Done = (usize, Result<FileRecord, RunError>);

/// What the workers share.
struct Work<'a> {
    entries: &'a [Entry],
    earlier: Option<&'a Earlier>,
    places: &'a Places,
    scanner: &'a Scanner<'a>,
    converter: Converter,
    release: Destination<'a>,
    held: Destination<'a>,
    next: AtomicUsize,
    stop: &'a AtomicBool,
}

impl Work<'_> {
    /// Works with a team of workers of its own, the given one or a new one, or without where the run has none.
    fn begin(&self, launcher: Option<&Launcher<'_>>, team: Option<Team<'_>>, sender: &Sender<Done>) {
        match launcher.map(|launcher| team.map_or_else(|| Team::new(launcher), Ok)) {
            None => self.until_done(&mut InProcess::new(*self.scanner), sender),
            Some(Ok(mut team)) => self.until_done(&mut team, sender),
            Some(Err(error)) => {
                let _ = sender.send((usize::MAX, Err(error.into()))); // nobody listens any more: the run has ended
            }
        }
    }

    /// Takes entries until there are none, the run is stopped or the log has no reader any more.
    fn until_done(&self, executor: &mut dyn Executor, sender: &Sender<Done>) {
        while !self.stop.load(Ordering::Relaxed) {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(entry) = self.entries.get(index) else { return };
            let done = match self.kept(entry) {
                Ok(None) => self.one(entry, executor),
                Ok(Some(kept)) => Ok(kept),
                Err(error) => Err(error),
            };
            if sender.send((index, done)).is_err() {
                return;
            }
        }
    }

    /// The record of a file that an earlier run did and that need not be done again.
    fn kept(&self, entry: &Entry) -> Result<Option<FileRecord>, RunError> {
        let Some(earlier) = self.earlier else { return Ok(None) };
        let kept = earlier.kept(entry, self.scanner.policy().limits.input_bytes);
        kept.map_err(|(path, error)| RunError::Write { what: format!("the earlier copy {}", path.display()), error })
    }

    fn one(&self, entry: &Entry, executor: &mut dyn Executor) -> Result<FileRecord, RunError> {
        let path = entry.name();
        let refusal = match &entry.task {
            Task::Skip => return Ok(empty_record(path, Outcome::Skipped)),
            Task::Refuse(refusal) => Some(refusal.clone()),
            Task::Clean => None,
        };
        let read = refusal.map_or_else(|| read(&entry.source, self.scanner.policy().limits.input_bytes), Err);
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(refusal) => {
                return Ok(FileRecord { refusal: Some(refusal), ..empty_record(path, Outcome::Refused) });
            }
        };
        let mut conversion = None;
        let processed = process_with(&bytes, &path, executor, &mut |from, to| {
            let converted = self.converter.convert(&bytes, from, to, &self.scanner.policy().limits)?;
            let (converter, digested) = (converted.converter, Digested::of(&converted.bytes));
            conversion = Some(Conversion { kind: to, converter, converted: digested, proved: false });
            Ok(converted.bytes)
        });
        let Processed { identity, mut verdict, mut result, mut findings, traces, inspected } = processed;
        let input = Digested::of(&bytes);
        let (decisions, file) = (&self.scanner.policy().decisions, FileId { path, sha256: input.sha256.clone() });
        if let Ok(cleaned) = &mut result {
            decisions.apply_to_hits(&mut cleaned.report, &file); // as the verdict did, where the report did not come from
        }
        if entry.name_clash {
            let mut finding = self.scanner.name_clash_finding();
            decisions.apply(std::slice::from_mut(&mut finding), &file);
            verdict = verdict.max(finding.verdict);
            findings.push(finding);
        }
        let mut record = FileRecord {
            kind: (identity.kind != Kind::Unknown).then_some(identity.kind),
            conversion,
            input: Some(input),
            findings,
            traces,
            inspected,
            ..empty_record(file.path, Outcome::Refused)
        };
        drop(bytes);
        match result {
            Ok(cleaned) => self.publish(entry, cleaned, verdict, &mut record)?,
            Err(refusal) => record.refusal = Some(refusal),
        }
        Ok(record)
    }

    fn publish(
        &self,
        entry: &Entry,
        cleaned: Cleaned,
        verdict: Verdict,
        record: &mut FileRecord,
    ) -> Result<(), RunError> {
        let (outcome, destination) = match verdict {
            Verdict::Hold => (Outcome::Held, &self.held),
            Verdict::Note | Verdict::Flag => (Outcome::Released, &self.release),
        };
        let place = match record.kind {
            Some(kind) if kind != cleaned.kind => self.places.of_copy(&entry.relative, kind, cleaned.kind),
            _ => entry.relative.clone(),
        };
        match destination.publish(&cleaned.bytes, &place) {
            Ok(()) => {}
            Err(PublishError::Name(refusal)) => {
                record.refusal = Some(refusal);
                return Ok(());
            }
            Err(PublishError::Folder(error)) => {
                let what = format!("the copy of {} in {}", record.path, destination.root.display());
                return Err(RunError::Write { what, error });
            }
        }
        record.outcome = outcome;
        record.copy = (place != entry.relative).then(|| logged_path(&place));
        record.output = Some(Digested::of(&cleaned.bytes));
        record.embedded = EmbeddedRecord::all_of(&cleaned.report);
        record.removals = cleaned.report.hits;
        record.proof = Some(cleaned.proof);
        Ok(())
    }
}

fn empty_record(path: String, outcome: Outcome) -> FileRecord {
    FileRecord {
        path,
        copy: None,
        outcome,
        kept: false,
        kind: None,
        conversion: None,
        input: None,
        output: None,
        refusal: None,
        removals: Vec::new(),
        inspected: Vec::new(),
        findings: Vec::new(),
        traces: Vec::new(),
        embedded: Vec::new(),
        proof: None,
    }
}
