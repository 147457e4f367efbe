//! What a worker gives up before it sees a document.
//!
//! On Linux: its address space, file sizes and core dumps are limited; it can gain no privileges, cannot be looked into by
//! others of the same user, and ends with its parent; Landlock takes away the file system and the network; a seccomp filter
//! leaves it the few system calls that memory, its two pipes and its end need. What a kernel lacks is left out and said.
//! Elsewhere a worker is a process of its own and nothing more.
//!
//! Sources: `landlock(7)`, `seccomp(2)`, `setrlimit(2)`, `prctl(2)`.

use std::fs::File;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that a worker gives up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Measure {
    /// Its name, for example `landlock`.
    pub name: String,
    /// True when the system put it into force.
    pub in_force: bool,
    /// What that means, or why it is not.
    pub detail: String,
}

impl Measure {
    fn new(name: &str, result: Result<String, String>) -> Self {
        let in_force = result.is_ok();
        Self { name: name.to_owned(), in_force, detail: result.unwrap_or_else(|why| why) }
    }
}

/// What is done for the process, before it has other threads.
#[cfg(target_os = "linux")]
pub(super) fn process(memory: u64) -> Vec<Measure> {
    linux::process(memory)
}

/// What is done for all threads, when they have begun. The two pipes stay open.
#[cfg(target_os = "linux")]
pub(super) fn all_threads(input: &File, output: &File) -> Vec<Measure> {
    vec![Measure::new("seccomp", linux::seccomp(input, output))]
}

/// Nothing is known to take away on this system.
#[cfg(not(target_os = "linux"))]
pub(super) fn process(_memory: u64) -> Vec<Measure> {
    let why = "this system has no way that fieldstrip knows; the worker is a process of its own and nothing more";
    vec![Measure::new("restrictions", Err(why.to_owned()))]
}

/// See [`process`].
#[cfg(not(target_os = "linux"))]
pub(super) fn all_threads(_input: &File, _output: &File) -> Vec<Measure> {
    Vec::new()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;
    use std::fs::File;
    use std::os::fd::AsRawFd;

    use landlock::{
        ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetStatus, Scope,
    };
    use rustix::process::{DumpableBehavior, Resource, Rlimit, Signal};
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen as Width, SeccompCmpOp as Op, SeccompCondition, SeccompFilter,
        SeccompRule, TargetArch,
    };

    use super::Measure;

    pub(super) fn process(memory: u64) -> Vec<Measure> {
        vec![
            Measure::new(
                "memory-limit",
                limit(Resource::As, memory, &format!("{} MiB of address space", memory >> 20)),
            ),
            Measure::new("file-size-limit", limit(Resource::Fsize, 0, "no file can grow")),
            Measure::new("no-core-dump", limit(Resource::Core, 0, "no memory is written out after a crash")),
            Measure::new(
                "not-dumpable",
                done(
                    rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable),
                    "others cannot look into it",
                ),
            ),
            Measure::new(
                "ends-with-parent",
                done(
                    rustix::process::set_parent_process_death_signal(Some(Signal::KILL)),
                    "it does not outlive the run",
                ),
            ),
            Measure::new("no-new-privileges", done(rustix::thread::set_no_new_privs(true), "no program can raise it")),
            Measure::new("landlock", landlock()),
        ]
    }

    fn done(result: rustix::io::Result<()>, what: &str) -> Result<String, String> {
        result.map(|()| what.to_owned()).map_err(|error| error.to_string())
    }

    fn limit(resource: Resource, most: u64, what: &str) -> Result<String, String> {
        let limit = Rlimit { current: Some(most), maximum: Some(most) };
        done(rustix::process::setrlimit(resource, limit), what)
    }

    /// No access to files, TCP ports, abstract sockets and other processes: rules that allow something are not added.
    fn landlock() -> Result<String, String> {
        let newest = ABI::V6;
        let restricted = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(newest))
            .and_then(|ruleset| ruleset.handle_access(AccessNet::from_all(newest)))
            .and_then(|ruleset| ruleset.scope(Scope::from_all(newest)))
            .and_then(Ruleset::create)
            .and_then(|ruleset| ruleset.set_compatibility(CompatLevel::BestEffort).restrict_self())
            .map_err(|error| error.to_string())?;
        match restricted.ruleset {
            RulesetStatus::FullyEnforced => Ok("no files, no network, no signals".to_owned()),
            RulesetStatus::PartiallyEnforced => {
                Ok("no files; this kernel is too old for the network and signals".to_owned())
            }
            RulesetStatus::NotEnforced => Err("this kernel has no Landlock, or it is switched off".to_owned()),
        }
    }

    /// Leaves the worker the system calls that it needs; all others fail with `EPERM`.
    pub(super) fn seccomp(input: &File, output: &File) -> Result<String, String> {
        let rules = rules(input.as_raw_fd(), output.as_raw_fd()).map_err(|error| error.to_string())?;
        // Its flags lie in memory, where a filter cannot see them. Without it, the C library takes the older call.
        let hidden_flags = [(libc::SYS_clone3, Vec::new())].into_iter().collect();
        apply(hidden_flags, SeccompAction::Allow, SeccompAction::Errno(libc::ENOSYS.unsigned_abs()))?;
        apply(rules, SeccompAction::Errno(libc::EPERM.unsigned_abs()), SeccompAction::Allow)?;
        Ok("memory, threads, two pipes and an end: no file, network, program or process".to_owned())
    }

    /// Puts a filter into force, for calls that it does not list and for those that it does.
    fn apply(rules: Rules, others: SeccompAction, listed: SeccompAction) -> Result<(), String> {
        let architecture =
            TargetArch::try_from(std::env::consts::ARCH).map_err(|_| "not for this processor".to_owned())?;
        let filter = SeccompFilter::new(rules, others, listed, architecture);
        let program: BpfProgram = filter.and_then(TryInto::try_into).map_err(|error| error.to_string())?;
        seccompiler::apply_filter_all_threads(&program).map_err(|error| error.to_string())
    }

    type Rules = BTreeMap<i64, Vec<SeccompRule>>;

    fn rules(input: i32, output: i32) -> Result<Rules, seccompiler::BackendError> {
        let is = |argument, value: u64| SeccompCondition::new(argument, Width::Dword, Op::Eq, value);
        let without = |argument, bits: i32| {
            SeccompCondition::new(argument, Width::Dword, Op::MaskedEq(u64::from(bits.unsigned_abs())), 0)
        };
        let anonymous = u64::from(libc::MAP_ANONYMOUS.unsigned_abs());
        let is_anonymous = SeccompCondition::new(3, Width::Dword, Op::MaskedEq(anonymous), anonymous)?;
        let own_pid = u64::from(std::process::id());
        let descriptor = |number: i32| u64::from(number.unsigned_abs());
        let mut rules: Rules = [
            libc::SYS_brk,
            libc::SYS_clock_gettime,
            libc::SYS_clone3,
            libc::SYS_close,
            libc::SYS_exit,
            libc::SYS_exit_group,
            libc::SYS_futex,
            libc::SYS_getpid,
            libc::SYS_getrandom,
            libc::SYS_gettid,
            libc::SYS_madvise,
            libc::SYS_mremap,
            libc::SYS_munmap,
            libc::SYS_rseq,
            libc::SYS_rt_sigaction,
            libc::SYS_rt_sigprocmask,
            libc::SYS_rt_sigreturn,
            libc::SYS_sched_yield,
            libc::SYS_set_robust_list,
            libc::SYS_sigaltstack,
        ]
        .into_iter()
        .map(|call| (call, Vec::new()))
        .collect();
        rules.insert(libc::SYS_read, vec![SeccompRule::new(vec![is(0, descriptor(input))?])?]);
        let writing = [output, libc::STDERR_FILENO].map(|number| SeccompRule::new(vec![is(0, descriptor(number))?]));
        rules.insert(libc::SYS_write, writing.into_iter().collect::<Result<_, _>>()?);
        // Memory that belongs to no file and holds no code.
        rules.insert(libc::SYS_mmap, vec![SeccompRule::new(vec![is_anonymous, without(2, libc::PROT_EXEC)?])?]);
        rules.insert(libc::SYS_mprotect, vec![SeccompRule::new(vec![without(2, libc::PROT_EXEC)?])?]);
        // A thread of this process, as decoders start them, and no process.
        let thread = u64::from(libc::CLONE_THREAD.unsigned_abs());
        let is_thread = SeccompCondition::new(0, Width::Dword, Op::MaskedEq(thread), thread)?;
        rules.insert(libc::SYS_clone, vec![SeccompRule::new(vec![is_thread])?]);
        rules.insert(
            libc::SYS_prctl,
            vec![SeccompRule::new(vec![is(0, u64::from(libc::PR_SET_NAME.unsigned_abs()))?])?],
        );
        // A process that aborts sends itself a signal.
        rules.insert(libc::SYS_tgkill, vec![SeccompRule::new(vec![is(0, own_pid)?])?]);
        Ok(rules)
    }
}
