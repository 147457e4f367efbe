//! Watching the time of workers, and what memory they have.
//!
//! Each document has a budget of time on the clock and one of processor time. One thread looks at all workers of a run some
//! times a second and kills those that are over. Whoever waits for the worker then finds its pipe closed, and here the reason.

use std::process::Child;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};

use crate::limits::Limits;

/// How often workers are looked at.
const PAUSE: Duration = Duration::from_millis(50);
const MEGABYTE: u64 = 1_000_000;

/// A budget of time, and its name in [`Limits`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overrun {
    /// `cpu-seconds`.
    Cpu(Duration),
    /// `wall-seconds`.
    Wall(Duration),
}

/// The time that a worker has for its document.
#[derive(Debug, Clone, Copy)]
struct Budget {
    began: Instant,
    wall: Duration,
    cpu: Duration,
    /// Processor time of the worker when it began.
    cpu_before: Duration,
}

/// A worker process under watch.
#[derive(Debug)]
pub(super) struct Watched {
    child: Mutex<Child>,
    id: u32,
    budget: Mutex<Option<Budget>>,
    overrun: Mutex<Option<Overrun>>,
}

impl Watched {
    /// The time for a document of `size` bytes begins.
    pub(super) fn begin(&self, size: u64, limits: &Limits) {
        let megabytes = size.div_ceil(MEGABYTE);
        let seconds = |base: u64, each: u64| Duration::from_secs(base.saturating_add(each.saturating_mul(megabytes)));
        let budget = Budget {
            began: Instant::now(),
            wall: seconds(limits.wall_seconds, limits.wall_seconds_per_megabyte),
            cpu: seconds(limits.cpu_seconds, limits.cpu_seconds_per_megabyte),
            cpu_before: cpu_time(self.id).unwrap_or_default(),
        };
        *lock(&self.budget) = Some(budget);
    }

    /// The document is done.
    pub(super) fn end(&self) {
        *lock(&self.budget) = None;
    }

    /// Bytes of memory that it has for itself; 0 where that is not known.
    pub(super) fn memory(&self) -> u64 {
        memory(self.id).unwrap_or_default()
    }

    /// Id of the process.
    pub(super) fn id(&self) -> u32 {
        self.id
    }

    /// The process, to end it or to ask how it ended.
    pub(super) fn child(&self) -> MutexGuard<'_, Child> {
        lock(&self.child)
    }

    /// Why it was killed, if it was.
    pub(super) fn overrun(&self) -> Option<Overrun> {
        *lock(&self.overrun)
    }

    fn check(&self) {
        let Some(budget) = *lock(&self.budget) else { return };
        let passed = budget.began.elapsed();
        let used = || cpu_time(self.id).unwrap_or_default().saturating_sub(budget.cpu_before);
        let overrun = if passed > budget.wall {
            Overrun::Wall(budget.wall)
        } else if used() > budget.cpu {
            Overrun::Cpu(budget.cpu)
        } else {
            return;
        };
        self.end();
        *lock(&self.overrun) = Some(overrun);
        let _ = self.child().kill(); // an error means that it has ended by itself
    }
}

/// The thread that watches; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Watch {
    workers: Arc<Mutex<Vec<Weak<Watched>>>>,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Starts the thread.
    pub(super) fn new() -> std::io::Result<Self> {
        let workers: Arc<Mutex<Vec<Weak<Watched>>>> = Arc::default();
        let (stop, stopped) = bounded(0);
        let watched = Arc::clone(&workers);
        let thread = std::thread::Builder::new().name("watch".to_owned()).spawn(move || {
            while stopped.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                let workers: Vec<Arc<Watched>> = lock(&watched).iter().filter_map(Weak::upgrade).collect();
                for worker in workers {
                    worker.check();
                }
            }
        })?;
        Ok(Self { workers, stop: Some(stop), thread: Some(thread) })
    }

    /// Watches a process as long as somebody holds on to what is returned.
    pub(super) fn over(&self, child: Child) -> Arc<Watched> {
        let id = child.id();
        let child = Mutex::new(child);
        let watched = Arc::new(Watched { child, id, budget: Mutex::default(), overrun: Mutex::default() });
        let mut workers = lock(&self.workers);
        workers.retain(|worker| worker.strong_count() > 0);
        workers.push(Arc::downgrade(&watched));
        watched
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Processor time that a process has used, `proc_pid_stat(5)`: fields 14 and 15, counted behind the name in parentheses.
#[cfg(target_os = "linux")]
fn cpu_time(id: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    let total = ticks()?.saturating_add(ticks()?);
    let per_second = rustix::param::clock_ticks_per_second().max(1);
    Some(Duration::from_millis(total.saturating_mul(1_000) / per_second))
}

/// Not known on this system: only the clock counts.
#[cfg(not(target_os = "linux"))]
fn cpu_time(_id: u32) -> Option<Duration> {
    None
}

/// Memory that a process has for itself, `proc_pid_statm(5)`: resident pages, the second field, without those that belong to
/// files, the third.
#[cfg(target_os = "linux")]
fn memory(id: u32) -> Option<u64> {
    let statm = std::fs::read_to_string(format!("/proc/{id}/statm")).ok()?;
    let mut fields = statm.split_ascii_whitespace().skip(1);
    let mut pages = || fields.next()?.parse::<u64>().ok();
    let own = pages()?.saturating_sub(pages()?);
    Some(own.saturating_mul(u64::try_from(rustix::param::page_size()).ok()?))
}

/// Not known on this system.
#[cfg(not(target_os = "linux"))]
fn memory(_id: u32) -> Option<u64> {
    None
}
