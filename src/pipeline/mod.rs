//! The run over folders: many documents, one log.
//!
//! Jobs take the inputs one by one, have each carried through [`crate::job`] by worker processes of their own
//! ([`crate::worker`]), and stage the copy (`work`). Only the small records travel on, over a bounded channel, to the one who
//! publishes the copies (`batch`) and writes the audit log, which has them in input order. Memory is bounded by the number of
//! jobs, not by that of files.
//!
//! This is the only module that writes files. A copy comes into being in a staging folder beside its destination, is
//! synced, and appears under its name by a rename: whatever kills the run, the release folder holds whole and proved files
//! only. The log follows: a file may be there without its line after a kill, never the other way round.

mod batch;
mod convert;
mod folders;
mod key;
mod look;
mod places;
mod previews;
mod private;
mod process;
mod publish;
mod reading;
mod report;
mod resume;
mod settling;
mod stage;
mod waiting;
mod watch;
mod work;
mod workers;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::SystemTime;

pub use folders::FoldersError;
pub use key::{KeyError, fingerprinter, fingerprinter_without_writing};
pub use look::Look;
pub use previews::Previews;
pub use private::write_private;
pub use reading::{read, read_entry};
pub use report::write_report;
pub use settling::Settling;
pub use stage::{Stage, Timed};
pub use workers::{Launcher, Team, WorkerError};

use crate::decisions::Used;
use crate::discover::Entry;
use crate::job::{STACK_BYTES, Scanner};
use crate::report::audit::{
    AuditWriter, FILE_NAME, FileRecord, Header, Isolation, PackId, PolicyId, Record, SCHEMA, Totals,
};
use crate::report::html;
use crate::report::signature::{self, Signer};
use crate::report::summary::Summary;
use crate::report::verify::hash_file;
use batch::Done;
use convert::Converter;
use folders::Folders;
use places::Places;
use publish::Destination;
use resume::Earlier;
use waiting::Waiting;
use work::Work;

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
    /// Puts previews of the copies into the report.
    pub previews: bool,
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
    let mut program = ProgramHash::begin();
    // Whatever can fail before anything is changed comes first.
    let launcher =
        options.worker.as_deref().map(|program| Launcher::new(program, *scanner, options.jobs)).transpose()?;
    let mut first_team = launcher.as_ref().map(Team::new).transpose()?;
    let places = Places::new(entries);
    let folders = Folders::open(options, &places)?;
    let log_path = folders.review.join(FILE_NAME);
    let log_error = |error| RunError::Write { what: format!("the audit log {}", log_path.display()), error };
    log::info!("run files={} jobs={} workers={}", entries.len(), options.jobs, first_team.is_some());
    let mut header = header(entries, options, scanner, Isolation::of(first_team.as_ref()));
    let earlier = match options.resume {
        true => {
            program.await_into(&mut header);
            Earlier::find(&folders, &places, &header, options.jobs)?
        }
        false => None,
    };
    folders.clear(&earlier.as_ref().map(Earlier::paths).unwrap_or_default())?;
    let mut audit = match &earlier {
        Some(earlier) => earlier.begin_segment(&mut header, watcher),
        None => folders.create_log(&log_path).map(|log| AuditWriter::new(BufWriter::new(log))),
    }
    .map_err(log_error)?;
    folders.remove_signature()?;

    let release = Destination { root: &folders.output, staging: &folders.staging };
    let held = Destination { root: &folders.held, staging: &folders.held_staging };
    let (next, converter) = (AtomicUsize::new(0), Converter::default());
    let work =
        Work { entries, earlier: earlier.as_ref(), places: &places, scanner, converter, release, held, next, stop };
    let mut summary = Summary::default();
    let mut used = Used::new(&scanner.policy().decisions);
    let (mut failure, mut begun) = (None, Ok(()));
    let (sender, receiver) = crossbeam_channel::bounded::<Result<Done, RunError>>(batch::MOST);
    std::thread::scope(|scope| {
        for number in 0..options.jobs.max(1) {
            let (work, sender) = (&work, sender.clone());
            let (launcher, team) = (launcher.as_ref(), first_team.take());
            let builder = std::thread::Builder::new().name(format!("worker-{number}")).stack_size(STACK_BYTES);
            if let Err(error) = builder.spawn_scoped(scope, move || work.begin(launcher, team, &sender)) {
                failure.get_or_insert(RunError::Write { what: "a worker could not be started".to_owned(), error });
            }
        }
        drop(sender);
        // The program is hashed while the jobs stage their first copies; none is published before the header is written.
        program.await_into(&mut header);
        begun = audit.append(&Record::Header(header)).and_then(|()| audit.get_mut().flush());
        if begun.is_err() {
            stop.store(true, Ordering::Relaxed);
            drop(receiver); // so that no job waits to hand over what it has
            return;
        }
        let mut waiting = Waiting::new(&folders.held_staging);
        let mut write = |record: io::Result<FileRecord>| {
            let record = record?;
            used.add(&record);
            write_record(record, &mut audit, &mut summary, watcher)
        };
        let mut fail = |error| {
            stop.store(true, Ordering::Relaxed);
            failure.get_or_insert(error);
        };
        while let Some(gathered) = batch::gather(&receiver) {
            let mut batch = Vec::with_capacity(gathered.len());
            for done in gathered {
                match done {
                    Ok(done) => batch.push(done),
                    Err(error) => fail(error),
                }
            }
            for (number, record) in batch::release(batch).unwrap_or_else(|error| {
                fail(error);
                Vec::new()
            }) {
                waiting.put(number, record).unwrap_or_else(|error| fail(log_error(error)));
            }
            while let Some(record) = waiting.next() {
                write(record).unwrap_or_else(|error| fail(log_error(error)));
            }
        }
        // After an interruption there may be gaps; what was done is logged all the same.
        while let Some(record) = waiting.next_there() {
            write(record).unwrap_or_else(|error| fail(log_error(error)));
        }
    });
    begun.map_err(log_error)?;
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
        let (release, worker) = (folders.output.as_path(), options.worker.as_deref());
        let previews = Previews { release, scanner: *scanner, worker, jobs: options.jobs, stop };
        let previews = options.previews.then_some(&previews);
        let written = report::write(&log_path, &folders.held_staging, &report_path, html::Place::BesideHeld, previews);
        written.map_err(|error| RunError::Write { what: format!("the report {}", report_path.display()), error })
    });
    folders.finish();
    log::info!("run ended files={done} interrupted={}", summary.totals.interrupted);
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

/// The hash of the program file, which is made on the side.
struct ProgramHash(Option<JoinHandle<String>>);

impl ProgramHash {
    fn begin() -> Self {
        let hash = || this_program().and_then(|path| hash_file(&path)).unwrap_or_default();
        Self(std::thread::Builder::new().name("program hash".to_owned()).spawn(hash).ok())
    }

    /// Waits for it and writes it into the header, where it stays empty if it cannot be had.
    fn await_into(&mut self, header: &mut Header) {
        if let Some(hashing) = self.0.take() {
            header.tool_sha256 = hashing.join().unwrap_or_default();
        }
    }
}

fn header(entries: &[Entry], options: &Options, scanner: &Scanner<'_>, isolation: Isolation) -> Header {
    let names = options.inputs.iter().map(|input| {
        let full = input.canonicalize().unwrap_or_else(|_| input.clone());
        full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    });
    Header {
        schema: SCHEMA,
        tool: format!("fieldstrip {}", crate::VERSION),
        tool_sha256: String::new(),
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
