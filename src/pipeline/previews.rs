//! Previews for the report, made when the run is over, or much later: of the copies that the log names, as long as they are
//! what it says.
//!
//! Copies are drawn by workers of their own, several at once; the report gets the previews in its order. What goes wrong with
//! one is told in its place.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Component, Path};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crossbeam_channel::{Receiver, Sender};

use super::reading::read;
use super::workers::{Launcher, Team};
use crate::job::executor::guarded;
use crate::job::{STACK_BYTES, Scanner};
use crate::policy::Policy;
use crate::preview::{Preview, is_drawn, not_drawn, preview};
use crate::refusal::{Reason, Refusal};
use crate::report::audit::{FileRecord, Outcome};
use crate::report::html::{self, Contents};
use crate::report::sha256;

/// What previews are made of, and by whom.
#[derive(Debug, Clone, Copy)]
pub struct Previews<'a> {
    /// The release folder.
    pub release: &'a Path,
    /// The policy; its budgets count, and some stricter ones.
    pub scanner: Scanner<'a>,
    /// The program whose argument `worker` makes it a worker; `None` to draw in this process.
    pub worker: Option<&'a Path>,
    /// How many copies are drawn at once, at least 1.
    pub jobs: usize,
    /// Ends the drawing after the copies at hand.
    pub stop: &'a AtomicBool,
}

impl Previews<'_> {
    /// Lets `work` have the previews of a report, one for each file in its order; of a file without a copy there is none.
    /// `log` is the log that it tells of, beside the held copies.
    pub(super) fn with<T>(
        &self,
        log: &Path,
        contents: &Contents,
        work: impl FnOnce(&mut html::Previews<'_>) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut policy = self.scanner.policy().clone();
        policy.limits = policy.limits.for_preview();
        let jobs = self.jobs.min(contents.files()).max(1);
        let launcher = self.worker.map(|program| Launcher::new(program, self.scanner.under(&policy), jobs));
        let launcher = launcher.transpose().map_err(io::Error::other)?;
        let drawing = Drawing { previews: self, log, contents, policy: &policy, next: AtomicUsize::new(0) };
        let (sender, receiver) = crossbeam_channel::bounded(jobs.saturating_mul(4));
        std::thread::scope(|scope| {
            for number in 0..jobs {
                let (drawing, launcher, sender) = (&drawing, launcher.as_ref(), sender.clone());
                let builder = std::thread::Builder::new().name(format!("artist-{number}")).stack_size(STACK_BYTES);
                builder.spawn_scoped(scope, move || drawing.until_done(launcher, &sender))?;
            }
            drop(sender);
            // When the receiver is gone, the threads end.
            work(&mut InOrder { receiver, waiting: BTreeMap::new(), next: 0 })
        })
    }

    /// The preview of the copy of a file.
    fn of(&self, record: &FileRecord, review: &Path, artist: &mut Artist<'_>) -> Option<Result<Preview, Refusal>> {
        let (kind, output) = (record.kind?, record.output.as_ref()?);
        let folder = match record.outcome {
            Outcome::Released => self.release.to_path_buf(),
            Outcome::Held => review.join("held"),
            Outcome::Refused | Outcome::Skipped => return None,
        };
        if !is_drawn(kind) {
            return Some(Err(not_drawn()));
        }
        if self.stop.load(Ordering::Relaxed) {
            return Some(Err(Refusal::new(Reason::Internal, "the run was stopped before it was made")));
        }
        Some(self.copy(&folder, record, &output.sha256).and_then(|bytes| artist.draw(&bytes, html::page(record))))
    }

    /// The copy that the record speaks of.
    fn copy(&self, folder: &Path, record: &FileRecord, expected: &str) -> Result<Vec<u8>, Refusal> {
        let place = Path::new(record.place());
        if !place.components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(Refusal::new(Reason::Unreadable, "the log names a copy outside of its folder"));
        }
        let bytes = read(&folder.join(place), self.scanner.policy().limits.input_bytes)?;
        match sha256(&bytes) == expected {
            true => Ok(bytes),
            false => Err(Refusal::new(Reason::Unreadable, "the copy was changed since")),
        }
    }
}

/// What the threads share.
struct Drawing<'a> {
    previews: &'a Previews<'a>,
    log: &'a Path,
    contents: &'a Contents,
    policy: &'a Policy,
    next: AtomicUsize,
}

/// The number of a file in the report, and its preview.
type Drawn = (usize, Option<Result<Preview, Refusal>>);

impl Drawing<'_> {
    fn until_done(&self, launcher: Option<&Launcher<'_>>, sender: &Sender<Drawn>) {
        // Who cannot read the log has nothing to draw; the report cannot be written then either.
        let Ok(log) = File::open(self.log) else { return };
        let mut log = BufReader::new(log);
        let review = self.log.parent().unwrap_or(Path::new("."));
        let mut artist = match launcher {
            Some(launcher) => Artist::Worker(Box::new(Team::idle(launcher))),
            None => Artist::InProcess(self.policy),
        };
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(record) = self.contents.record(&mut log, index) else { return };
            let drawn = record.ok().flatten().and_then(|record| self.previews.of(&record, review, &mut artist));
            if sender.send((index, drawn)).is_err() {
                return;
            }
        }
    }
}

/// Who draws.
enum Artist<'a> {
    Worker(Box<Team<'a>>),
    InProcess(&'a Policy),
}

impl Artist<'_> {
    fn draw(&mut self, bytes: &[u8], page: u32) -> Result<Preview, Refusal> {
        match self {
            Self::Worker(team) => team.draw(bytes, page),
            Self::InProcess(policy) => guarded(|| preview(bytes, page, policy)).flatten(),
        }
    }
}

/// Previews in the order of the report, whichever was finished first.
struct InOrder {
    receiver: Receiver<Drawn>,
    waiting: BTreeMap<usize, Option<Result<Preview, Refusal>>>,
    next: usize,
}

impl Iterator for InOrder {
    type Item = Option<Result<Preview, Refusal>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(drawn) = self.waiting.remove(&self.next) {
                self.next = self.next.saturating_add(1);
                return Some(drawn);
            }
            let (index, drawn) = self.receiver.recv().ok()?;
            self.waiting.insert(index, drawn);
        }
    }
}
