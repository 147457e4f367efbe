//! What several commands need before they begin: policy, rules, fingerprint key.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use fieldstrip::Policy;
use fieldstrip::decisions::Decisions;
use fieldstrip::detect::{Engine, Fingerprinter, is_rule};
use fieldstrip::job::{Scanner, engine_for};
use fieldstrip::pipeline::{self, Launcher};
use fieldstrip::policy::BUILT_IN;
use fieldstrip::report::audit::PackId;
use fieldstrip::report::terminal::printable;

/// The policy as typed.
#[derive(Debug, Args)]
pub(crate) struct PolicyArgument {
    /// Policy to apply: the name of a built-in one or the path of a TOML file
    #[arg(long, value_name = "NAME|FILE", default_value = "public-release")]
    pub(crate) policy: String,
}

impl PolicyArgument {
    /// Loads the policy: a known name first, else a file. Says which of its allowances have ended.
    pub(crate) fn load(&self) -> anyhow::Result<Policy> {
        let mut policy = self.read()?;
        for ended in policy.on_day(&pipeline::today()) {
            let _ = writeln!(
                io::stderr(),
                "policy {}: an allowance has ended: {}",
                printable(&policy.name),
                printable(&ended)
            );
        }
        log::info!("policy name={} sha256={}", policy.name, policy.sha256);
        Ok(policy)
    }

    fn read(&self) -> anyhow::Result<Policy> {
        let known = BUILT_IN.iter().any(|(name, _)| *name == self.policy);
        let looks_like_file = self.policy.contains(['/', '\\', '.']);
        if known || !looks_like_file {
            return Ok(Policy::built_in(&self.policy)?);
        }
        let path = Path::new(&self.policy);
        let text = std::fs::read_to_string(path).with_context(|| format!("policy {}", self.policy))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let beside = |name: &str| std::fs::read_to_string(folder.join(name)).map_err(|error| error.to_string());
        Ok(Policy::from_toml_with(&text, &self.policy, &mut |name| beside(name))?)
    }
}

/// The decisions as typed.
#[derive(Debug, Args)]
pub(crate) struct DecisionsArgument {
    /// Decisions about findings of an earlier run, as `fieldstrip review` writes them
    #[arg(long, value_name = "FILE")]
    decisions: Option<PathBuf>,
}

impl DecisionsArgument {
    /// Loads them for a policy and the key with this id. Says which of them have ended.
    pub(crate) fn load(&self, policy: &Policy, key: &str) -> anyhow::Result<Decisions> {
        let decisions = self.read(policy, key)?;
        if let Some(id) = decisions.id() {
            log::info!("decisions count={} ended={} sha256={}", id.count, id.ended.len(), id.sha256);
        }
        for ended in decisions.ended() {
            let _ = writeln!(io::stderr(), "a decision has ended: {}", printable(&ended));
        }
        Ok(decisions)
    }

    /// Loads them, to go by today.
    pub(crate) fn read(&self, policy: &Policy, key: &str) -> anyhow::Result<Decisions> {
        let Some(path) = &self.decisions else { return Ok(Decisions::default()) };
        let text = std::fs::read_to_string(path).with_context(|| format!("decisions {}", path.display()))?;
        let mut decisions = Decisions::from_toml(&text, &path.display().to_string(), key, &|id| is_rule(id, policy))?;
        decisions.on_day(&pipeline::today());
        Ok(decisions)
    }
}

/// Where documents are parsed, as typed.
#[derive(Debug, Args)]
pub(crate) struct IsolationArgument {
    /// Parse documents in worker processes that can reach no file and no network
    #[arg(long, value_enum, default_value_t = Isolation::On, value_name = "WHETHER")]
    isolation: Isolation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Isolation {
    /// A fault, a bomb or an attack costs one file
    On,
    /// All in one process, for debugging: a fault may end the run
    Off,
}

impl IsolationArgument {
    /// The program to start as a worker, if there are to be workers.
    pub(crate) fn worker(&self) -> anyhow::Result<Option<PathBuf>> {
        match self.isolation {
            Isolation::On => Ok(Some(pipeline::this_program()?)),
            Isolation::Off => Ok(None),
        }
    }

    /// Starts workers for one document at a time, if there are to be any.
    pub(crate) fn launcher<'a>(&self, scanner: Scanner<'a>) -> anyhow::Result<Option<Launcher<'a>>> {
        Ok(self.worker()?.map(|program| Launcher::new(&program, scanner, 1)).transpose()?)
    }
}

/// How many documents to work on at once: as typed, or one for each processor.
pub(crate) fn jobs(typed: Option<u16>) -> usize {
    let processors = || std::thread::available_parallelism().ok().map(usize::from);
    typed.map(usize::from).or_else(processors).unwrap_or(1)
}

/// Policy, compiled rules and key, owned.
pub(crate) struct Tools {
    pub(crate) policy: Policy,
    pub(crate) engine: Engine,
    pub(crate) fingerprinter: Fingerprinter,
}

impl Tools {
    /// Brings them together; `fingerprinter` says where the key comes from.
    pub(crate) fn new(policy: Policy, fingerprinter: Fingerprinter) -> anyhow::Result<Self> {
        let engine = engine_for(&policy)?;
        Ok(Self { policy, engine, fingerprinter })
    }

    /// The rule packs in use, for the log.
    pub(crate) fn packs(&self) -> Vec<PackId> {
        let used = self.engine.packs().iter();
        used.map(|pack| PackId { name: pack.name.clone(), sha256: pack.sha256.clone(), rules: pack.rules as u64 })
            .collect()
    }

    /// The scanner over them.
    pub(crate) fn scanner(&self) -> Scanner<'_> {
        Scanner::new(&self.policy, &self.engine, &self.fingerprinter)
    }
}

/// `OUT.review` beside `OUT`.
pub(crate) fn review_beside(output: &Path) -> PathBuf {
    let mut name = output.file_name().unwrap_or_default().to_owned();
    name.push(".review");
    output.with_file_name(name)
}

/// The release folder that belongs to a review folder: as typed, or the one beside it where the name is the default.
pub(crate) fn release_of(typed: Option<&Path>, review: &Path) -> anyhow::Result<PathBuf> {
    let beside = || Some(review.with_file_name(review.file_name()?.to_str()?.strip_suffix(".review")?));
    typed.map(Path::to_path_buf).or_else(beside).context(
        "the review folder's name does not end with `.review`; say with --release which release folder belongs to it",
    )
}

/// Refuses a place among the released files for something that says what is in the documents, and is called `what`.
pub(crate) fn check_unpublished(what: &str, path: &Path, review: &Path, release: Option<&Path>) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().with_context(|| format!("{what} {}", path.display()))?;
    if folder == review.canonicalize()? {
        return Ok(()); // a run sees to it that this one is apart from the release folder
    }
    if release_of(release, review)?.canonicalize().is_ok_and(|release| folder.starts_with(release)) {
        anyhow::bail!("{} lies in the release folder and would be published; choose another place", path.display());
    }
    Ok(())
}

/// A flag that Ctrl-C sets: the documents at hand are finished, the log is closed. That may take a while, so it is said, unless the
/// program is to be quiet.
pub(crate) fn stop_on_interrupt(quiet: bool) -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let handler = move || {
        let again = flag.swap(true, Ordering::Relaxed);
        if !quiet && !again {
            // A terminal shows `^C` where the cursor is.
            let beginning = if io::stderr().is_terminal() { "\n" } else { "" };
            let _ = writeln!(io::stderr(), "{beginning}stopping: the documents at hand are finished first");
        }
    };
    ctrlc::set_handler(handler).context("Ctrl-C cannot be caught")?;
    Ok(stop)
}
