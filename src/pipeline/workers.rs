//! The program's side of its workers ([`crate::worker`]): it starts them, hands them documents, and replaces those that fail.
//!
//! Each job of a run has a [`Team`]: one worker that makes drafts and one that proves them. The program itself never parses a
//! document. What a worker sends is read as data of a fixed form and length; a worker that sends anything else, takes too long
//! or dies costs the document that it had.

use std::io::{BufWriter, Read};
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, ChildStdin, ChildStdout, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::process::command;
use super::watch::{Overrun, Watch, Watched};
use crate::decisions::Subject;
use crate::finding::Finding;
use crate::identify::Identity;
use crate::job::certificate::Certificate;
use crate::job::{Certified, Draft, Drafted, Executor, Inspected, Looked, Scanner, fault};
use crate::limits::Limits;
use crate::preview::Preview;
use crate::refusal::{Reason, Refusal};
use crate::worker::protocol::{Blobs, ProtocolError, receive, send};
use crate::worker::{Attempt, COMMAND, Measure, Request, Response, Role, Start, wire};

/// What the last words of a worker may be long.
const LAST_WORDS: u64 = 4 << 10;
/// Bytes of a document that are on their way to or from a worker: what Linux grants to everybody.
#[cfg(target_os = "linux")]
const PIPE_SIZE: usize = 1 << 20;
/// What a worker gets of a machine that has less for each, so that it can do something.
const LEAST_MEMORY: u64 = 512 << 20;
/// Most memory that a worker may keep when it has done its document. The allocator does not give back all that lies between
/// small pieces still in use: of a large document, that can be hundreds of megabytes for the rest of the run.
const MOST_KEPT: u64 = 64 << 20;
/// Longest message of a worker: what fits into its memory, and some more for the form of it.
const LONGEST_HEAD: u64 = 1 << 30;
/// Longest message of one that draws: half of it is enough for all pixels of a preview.
const LONGEST_PREVIEW: u64 = 1 << 20;

/// A worker that could not be started.
#[derive(Debug, thiserror::Error)]
#[error("a worker process could not be started: {0}; --isolation=off does without, at the risk of the whole run")]
pub struct WorkerError(String);

/// Starts workers for one policy.
#[derive(Debug)]
pub struct Launcher<'a> {
    program: PathBuf,
    scanner: Scanner<'a>,
    memory: u64,
    watch: Watch,
}

impl<'a> Launcher<'a> {
    /// For `jobs` documents at once. `program` is one whose argument `worker` runs [`crate::worker::main`].
    ///
    /// # Errors
    /// When the thread that watches their time cannot be started.
    pub fn new(program: &Path, scanner: Scanner<'a>, jobs: usize) -> Result<Self, WorkerError> {
        let watch = Watch::new().map_err(|error| WorkerError(error.to_string()))?;
        let memory = scanner.policy().limits.worker_memory.min(memory_for_each(jobs).max(LEAST_MEMORY));
        Ok(Self { program: program.to_path_buf(), scanner, memory, watch })
    }

    fn limits(&self) -> &Limits {
        &self.scanner.policy().limits
    }

    fn start(&self, role: Role) -> Result<Process, WorkerError> {
        self.ready(self.begin(role)?)
    }

    /// Starts a worker without waiting until it is [`Self::ready`].
    fn begin(&self, role: Role) -> Result<Process, WorkerError> {
        let fail = |error: &dyn std::fmt::Display| WorkerError(error.to_string());
        let mut command = command(&self.program);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::arg0(&mut command, "fieldstrip"); // for those who look at lists of processes
        command.arg(COMMAND).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| fail(&error))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let watched = self.watch.over(child);
        let (Some(input), Some(output), Some(errors)) = pipes else { return Err(fail(&"it has no pipes")) };
        #[cfg(target_os = "linux")]
        for pipe in [std::os::fd::AsFd::as_fd(&input), std::os::fd::AsFd::as_fd(&output)] {
            // With less, both sides wait for each other at every turn. Where it is not granted, that is how it goes.
            let _ = rustix::pipe::fcntl_setpipe_size(pipe, PIPE_SIZE);
        }
        let last_words = LastWords::of(errors).map_err(|error| fail(&error))?;
        let input = BufWriter::with_capacity(1 << 16, input);
        let mut process = Process {
            role,
            watched,
            input,
            output,
            last_words: Some(last_words),
            measures: Vec::new(),
            asked: Instant::now(),
        };
        let start = Start { role, policy: self.scanner.policy().clone(), memory: self.memory };
        // Who only takes documents apart does not need the key.
        let key: &[u8] =
            if matches!(role, Role::Clean | Role::Draw) { &[] } else { self.scanner.fingerprinter().key() };
        // One that has ended by now says why when it is waited for.
        let _ = process.ask(&Request::Start(Box::new(start)), &[key], 0, self.limits());
        Ok(process)
    }

    /// Waits until a worker has given up what it does not need.
    fn ready(&self, mut process: Process) -> Result<Process, WorkerError> {
        match process.hear(self.longest(process.role)) {
            Ok((Response::Ready { measures }, _)) => process.measures = measures,
            Ok(_) => return Err(WorkerError("it did not begin as a worker does".to_owned())),
            Err(_) => {
                let why = process.end(self.memory).detail;
                return Err(WorkerError(format!("{why} (it has {} MiB of memory)", self.memory >> 20)));
            }
        }
        let (id, memory, measures) = (process.watched.id(), self.memory >> 20, process.measures.len());
        log::info!("worker started id={id} role={} memory-mib={memory} measures={measures}", process.role);
        Ok(process)
    }

    fn longest(&self, role: Role) -> u64 {
        match role {
            Role::Draw => LONGEST_PREVIEW,
            Role::Clean | Role::Prove | Role::Inspect => self.memory.saturating_add(LONGEST_HEAD),
        }
    }
}

/// A worker process.
#[derive(Debug)]
struct Process {
    role: Role,
    watched: Arc<Watched>,
    input: BufWriter<ChildStdin>,
    output: ChildStdout,
    last_words: Option<LastWords>,
    measures: Vec<Measure>,
    /// When the last request was sent.
    asked: Instant,
}

impl Process {
    /// Sends a request about a document of this size; its time begins.
    fn ask(&mut self, request: &Request, blobs: &[&[u8]], size: u64, limits: &Limits) -> Result<(), ProtocolError> {
        self.watched.begin(size, limits);
        self.asked = Instant::now();
        Ok(send(&mut self.input, request, blobs)?)
    }

    /// The answer; its time ends.
    fn hear(&mut self, longest: u64) -> Result<(Response, Blobs), ProtocolError> {
        let answer = receive(&mut self.output, longest).and_then(|message| message.ok_or(ProtocolError::Garbled));
        self.watched.end();
        let (id, ms, answered) = (self.watched.id(), self.asked.elapsed().as_millis(), answer.is_ok());
        log::trace!("worker asked id={id} role={} ms={ms} answered={answered}", self.role);
        answer
    }

    fn has_ended(&self) -> bool {
        !matches!(self.watched.child().try_wait(), Ok(None))
    }

    /// True when a new one would do with much less memory.
    fn is_swollen(&self) -> bool {
        let kept = self.watched.memory();
        let is_swollen = kept > MOST_KEPT;
        if is_swollen {
            log::info!("worker retired id={} role={} kept-mib={}", self.watched.id(), self.role, kept >> 20);
        }
        is_swollen
    }

    /// Ends the process and says why it had to be.
    fn end(self, memory: u64) -> Refusal {
        let (id, role) = (self.watched.id(), self.role);
        let why = self.end_for(memory);
        log::warn!("worker ended id={id} role={role} reason={}: {}", why.reason.name(), why.detail);
        why
    }

    fn end_for(mut self, memory: u64) -> Refusal {
        // It may be about to end by itself, which says more than that it was killed.
        let by_itself = (0..20).any(|_| {
            let ended = self.has_ended();
            if !ended {
                std::thread::sleep(Duration::from_millis(5));
            }
            ended
        });
        let mut child = self.watched.child();
        let _ = child.kill(); // an error means that it has ended
        let status = child.wait().ok().filter(|_| by_itself);
        drop(child);
        let last_words = self.last_words.take().map(LastWords::hear).unwrap_or_default();
        match self.watched.overrun() {
            Some(Overrun::Wall(most)) => over_time("wall-seconds", "on the clock", most),
            Some(Overrun::Cpu(most)) => over_time("cpu-seconds", "of processor time", most),
            None if last_words.contains("memory allocation of") => {
                Refusal::over_limit("worker-memory", format!("it takes more than {} MiB of memory", memory >> 20))
            }
            None if last_words.contains("has overflowed its stack") => {
                Refusal::new(Reason::Internal, "the worker ran out of stack: the file is nested too deeply")
            }
            None => Refusal::new(Reason::Internal, format!("the worker {}", how_it_ended(status))).with_hint(
                "clean the file again by itself; if it is refused again, do not publish it and report its kind",
            ),
        }
    }
}

impl Drop for Process {
    /// It has nothing to lose: whatever it was to send has been read.
    fn drop(&mut self) {
        let mut child = self.watched.child();
        let _ = child.kill(); // an error means that it has ended
        let _ = child.wait();
    }
}

fn over_time(limit: &str, of: &str, most: Duration) -> Refusal {
    Refusal::over_limit(limit, format!("it takes more than {} seconds {of}", most.as_secs()))
}

fn how_it_ended(status: Option<ExitStatus>) -> String {
    #[cfg(unix)]
    if let Some(signal) = status.and_then(|status| std::os::unix::process::ExitStatusExt::signal(&status)) {
        return format!("was ended by signal {signal}");
    }
    match status {
        Some(_) => "ended in the middle of its work".to_owned(),
        None => "did not answer as workers do".to_owned(),
    }
}

/// The end of what a worker writes to standard error: the runtime says there why it aborts.
#[derive(Debug)]
struct LastWords {
    reader: JoinHandle<Vec<u8>>,
}

impl LastWords {
    fn of(errors: ChildStderr) -> std::io::Result<Self> {
        let read = move || {
            let mut kept = Vec::new();
            let mut errors = errors;
            let _ = errors.by_ref().take(LAST_WORDS).read_to_end(&mut kept);
            let _ = std::io::copy(&mut errors, &mut std::io::sink()); // so that it never waits for a reader
            kept
        };
        std::thread::Builder::new().name("last words".to_owned()).spawn(read).map(|reader| Self { reader })
    }

    /// To be called when the worker has ended.
    fn hear(self) -> String {
        String::from_utf8_lossy(&self.reader.join().unwrap_or_default()).into_owned()
    }
}

/// The workers of one job.
#[derive(Debug)]
pub struct Team<'a> {
    launcher: &'a Launcher<'a>,
    cleaner: Option<Process>,
    prover: Option<Process>,
    inspector: Option<Process>,
    artist: Option<Process>,
}

impl<'a> Team<'a> {
    /// A worker that cleans and one that proves.
    ///
    /// # Errors
    /// When they cannot be started.
    pub fn new(launcher: &'a Launcher<'a>) -> Result<Self, WorkerError> {
        let (cleaner, prover) = (launcher.begin(Role::Clean)?, launcher.begin(Role::Prove)?);
        let (cleaner, prover) = (Some(launcher.ready(cleaner)?), Some(launcher.ready(prover)?));
        Ok(Self { cleaner, prover, ..Self::idle(launcher) })
    }

    /// A worker that looks into documents.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn inspecting(launcher: &'a Launcher<'a>) -> Result<Self, WorkerError> {
        let inspector = Some(launcher.start(Role::Inspect)?);
        Ok(Self { inspector, ..Self::idle(launcher) })
    }

    /// Workers that are started when they are first needed.
    pub(super) fn idle(launcher: &'a Launcher<'a>) -> Self {
        Self { launcher, cleaner: None, prover: None, inspector: None, artist: None }
    }

    /// What the workers gave up.
    #[must_use]
    pub fn measures(&self) -> &[Measure] {
        let any = self.cleaner.as_ref().or(self.inspector.as_ref());
        any.map(|process| process.measures.as_slice()).unwrap_or_default()
    }

    /// What a worker is able to do that it should not.
    ///
    /// # Errors
    /// When the worker fails.
    pub fn probe(&mut self) -> Result<Vec<Attempt>, Refusal> {
        self.ask(Role::Inspect, &Request::Probe, &[], 0, |response, _| match response {
            Response::Probed { attempts } => Some(attempts),
            _ => None,
        })
    }

    /// Lists what is in a document.
    #[must_use]
    pub fn inspect(&mut self, bytes: &[u8], path: &str) -> Inspected {
        let request = Request::Inspect { path: path.to_owned() };
        let size = bytes.len() as u64;
        let inspected = self.ask(Role::Inspect, &request, &[bytes], size, |response, _| match response {
            Response::Inspected(inspected) => inspected.into_inspected().ok(),
            _ => None,
        });
        inspected.unwrap_or_else(Inspected::unread)
    }

    /// Values in full; see [`crate::job::reveal`].
    ///
    /// # Errors
    /// When the worker fails.
    pub fn reveal(&mut self, bytes: &[u8], path: &str, subject: &Subject) -> Result<Vec<String>, Refusal> {
        let request = Request::Reveal { path: path.to_owned(), subject: subject.clone() };
        self.ask(Role::Inspect, &request, &[bytes], bytes.len() as u64, |response, _| match response {
            Response::Revealed { values } => Some(values),
            _ => None,
        })
    }

    /// Draws a copy, of a PDF the page with this number.
    pub(super) fn draw(&mut self, bytes: &[u8], page: u32) -> Result<Preview, Refusal> {
        let size = bytes.len() as u64;
        self.ask(Role::Draw, &Request::Draw { page }, &[bytes], size, |response, mut blobs| match response {
            Response::Drawn(Ok(preview)) => preview.into_preview(&mut blobs).ok().map(Ok),
            Response::Drawn(Err(refusal)) => Some(Err(refusal)),
            _ => None,
        })?
    }

    fn process(&mut self, role: Role) -> &mut Option<Process> {
        match role {
            Role::Clean => &mut self.cleaner,
            Role::Prove => &mut self.prover,
            Role::Inspect => &mut self.inspector,
            Role::Draw => &mut self.artist,
        }
    }

    /// Asks a worker; one that fails, or whose answer `understand` takes for none to the question, is gone afterwards. `size` is
    /// that of the document, for its budget.
    fn ask<T>(
        &mut self,
        role: Role,
        request: &Request,
        blobs: &[&[u8]],
        size: u64,
        understand: impl FnOnce(Response, Blobs) -> Option<T>,
    ) -> Result<T, Refusal> {
        let launcher = self.launcher;
        let slot = self.process(role);
        // One that ended while it had nothing to do is no fault of this document.
        let process = match slot.take().filter(|process| !process.has_ended() && !process.is_swollen()) {
            Some(process) => slot.insert(process),
            None => {
                log::info!("worker replaced role={role}");
                slot.insert(launcher.start(role).map_err(|error| Refusal::new(Reason::Internal, error.to_string()))?)
            }
        };
        let asked = process.ask(request, blobs, size, launcher.limits());
        match asked.and_then(|()| process.hear(launcher.longest(role))) {
            Ok((Response::Failed { at }, _)) => {
                log::warn!("worker met a fault role={role}");
                let _ = self.end(role);
                Err(fault(&at))
            }
            Ok((response, blobs)) => understand(response, blobs).ok_or_else(|| self.end(role)),
            Err(_) => Err(self.end(role)),
        }
    }

    fn end(&mut self, role: Role) -> Refusal {
        let memory = self.launcher.memory;
        self.process(role).take().map_or_else(|| fault(""), |process| process.end(memory))
    }
}

impl Executor for Team<'_> {
    fn draft(&mut self, bytes: &[u8], path: &str) -> Drafted {
        let request = Request::Draft { path: path.to_owned() };
        let drafted =
            self.ask(Role::Clean, &request, &[bytes], bytes.len() as u64, |response, mut blobs| match response {
                Response::Drafted(drafted) => drafted.into_drafted(&mut blobs).ok(),
                _ => None,
            });
        drafted.unwrap_or_else(Drafted::refused)
    }

    fn certify(
        &mut self,
        bytes: &[u8],
        path: &str,
        identity: &Identity,
        draft: Draft,
        looked: Option<Looked>,
    ) -> Certified {
        let (wire, mut blobs) = wire::Draft::of(&draft);
        let looked = looked.as_ref().map(wire::Looked::of).map(Box::new);
        let request = Request::Certify { path: path.to_owned(), identity: identity.clone(), draft: wire, looked };
        blobs.push(bytes);
        let certificate = self.ask(Role::Prove, &request, &blobs, bytes.len() as u64, |response, _| match response {
            Response::Certified(certificate) => Some(certificate.into_certificate()),
            _ => None,
        });
        match certificate {
            Ok(Certificate { proved, findings, verdict, traces }) => {
                Certified { result: proved.map(|proved| draft.into_cleaned(proved)), findings, verdict, traces }
            }
            Err(refusal) => Certified::refused(refusal),
        }
    }

    fn name_findings(&mut self, path: &str, identity: &Identity) -> Vec<Finding> {
        let request = Request::NameFindings { path: path.to_owned(), identity: identity.clone() };
        let findings = self.ask(Role::Prove, &request, &[], 0, |response, _| match response {
            Response::NameFindings { findings } => Some(findings),
            _ => None,
        });
        findings.unwrap_or_default() // the file is refused in any case
    }
}

/// The address space that each worker can have so that all at work stay within the machine's memory, of which a fifth is left
/// to others. Of the two workers of a job one waits while the other works.
fn memory_for_each(jobs: usize) -> u64 {
    let jobs = u64::try_from(jobs.max(1)).unwrap_or(u64::MAX);
    machine_memory().map_or(u64::MAX, |all| all / 5 * 4 / jobs)
}

/// The memory of the machine or of the container, in bytes.
#[cfg(target_os = "linux")]
fn machine_memory() -> Option<u64> {
    let info = rustix::system::sysinfo();
    #[allow(clippy::useless_conversion)] // not on systems of 32 bits
    let machine = u64::from(info.totalram).saturating_mul(u64::from(info.mem_unit));
    let container = std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok().and_then(|most| most.trim().parse().ok());
    Some(machine.min(container.unwrap_or(u64::MAX)))
}

/// Not known on this system: the policy's budget counts.
#[cfg(not(target_os = "linux"))]
fn machine_memory() -> Option<u64> {
    None
}
