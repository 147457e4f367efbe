//! `fieldstrip check`: are files already what their cleaned copies would be?

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use fieldstrip::Refusal;
use fieldstrip::discover::{DiscoverError, Entry, Task, discover};
use fieldstrip::finding::{Finding, Verdict};
use fieldstrip::formats::Hit;
use fieldstrip::job::{Executor, InProcess, Scanner, process_with};
use fieldstrip::pipeline::{self, Team, Timed};
use fieldstrip::report::terminal::{printable, printable_json};
use serde_json::json;

use super::clean::Format;
use super::lines::Lines;
use super::setup::{IsolationArgument, PolicyArgument, Tools};
use super::{ALL_WELL, LOOK};

const AFTER_HELP: &str = "\
Examples:
  fieldstrip check public/                       a folder that is about to be uploaded
  git diff --cached --name-only -z | xargs -0 fieldstrip check

A file passes when cleaning it would change no byte and nothing in it asks for a look. \
Text passes when nothing is found in it.

Exit codes: 0 every file passes, 1 some do not, 2 the command failed.";

/// Check that files are as cleaning would leave them. Writes nothing.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Files and folders to check
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    policy: PolicyArgument,
    #[command(flatten)]
    isolation: IsolationArgument,
    /// How to print: text, or one JSON object per file and line
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let tools = Tools::new(arguments.policy.load()?, pipeline::fingerprinter_without_writing()?)?;
    let scanner = tools.scanner();
    let launcher = arguments.isolation.launcher(scanner)?;
    let mut executor: Box<dyn Executor> = match &launcher {
        Some(launcher) => Box::new(Team::new(launcher)?),
        None => Box::new(InProcess::new(scanner)),
    };
    let mut out = io::stdout().lock();
    let (mut files, mut failing) = (0_u64, 0_u64);
    for (name, entry) in entries(&arguments.inputs)? {
        let checked = check(&name, &entry, executor.as_mut(), &scanner);
        files = files.saturating_add(1);
        failing = failing.saturating_add(u64::from(!checked.passes()));
        match arguments.format {
            _ if arguments.quiet => {}
            Format::Json => writeln!(out, "{}", printable_json(&checked.to_json())?)?,
            Format::Text => checked.print(&mut out)?,
        }
    }
    if !arguments.quiet && matches!(arguments.format, Format::Text) {
        writeln!(out, "{files} files checked, {failing} do not pass")?;
    }
    Ok(if failing == 0 { ALL_WELL } else { LOOK })
}

/// The entries under all inputs with the names to print. Unlike for a run, two of them may have the same base name.
fn entries(inputs: &[PathBuf]) -> Result<Vec<(String, Entry)>, DiscoverError> {
    let mut all = Vec::new();
    for input in inputs {
        for entry in discover(std::slice::from_ref(input))?.into_iter().filter(|entry| entry.task != Task::Skip) {
            let shown = if input.is_dir() { input.join(&entry.relative) } else { input.clone() };
            all.push((shown.display().to_string(), entry));
        }
    }
    Ok(all)
}

/// What there is to say of a file.
struct Checked {
    name: String,
    /// True when the cleaned copy is the file.
    is_clean: bool,
    /// What cleaning would remove.
    removals: Vec<Hit>,
    findings: Vec<Finding>,
    /// What the policy would make of it.
    verdict: Verdict,
    refusal: Option<Refusal>,
}

fn check(name: &str, entry: &Entry, executor: &mut dyn Executor, scanner: &Scanner<'_>) -> Checked {
    let mut checked = Checked {
        name: name.to_owned(),
        is_clean: false,
        removals: Vec::new(),
        findings: Vec::new(),
        verdict: Verdict::Note,
        refusal: None,
    };
    let bytes = match pipeline::read_entry(entry, scanner.policy().limits.input_bytes) {
        Ok(bytes) => bytes,
        Err(refusal) => return Checked { refusal: Some(refusal), ..checked },
    };
    let no_conversion = &mut |_, _| Err(Refusal::unsupported("it would have to be converted"));
    let processed = process_with(&bytes, &entry.name(), &mut Timed(executor), no_conversion);
    checked.findings = processed.findings;
    checked.verdict = processed.verdict;
    if entry.name_clash {
        let finding = scanner.name_clash_finding();
        checked.verdict = checked.verdict.max(finding.verdict);
        checked.findings.push(finding);
    }
    match processed.result {
        Ok(cleaned) => {
            checked.is_clean = cleaned.bytes == bytes;
            checked.removals = cleaned.report.all_hits();
        }
        Err(refusal) => checked.refusal = Some(refusal),
    }
    checked
}

impl Checked {
    fn passes(&self) -> bool {
        self.is_clean && self.verdict == Verdict::Note && self.refusal.is_none()
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let (lines, name) = (Lines::new(), printable(&self.name));
        if let Some(refusal) = &self.refusal {
            return lines.write(out, "refused    ", &format!("{name}: {}", printable(&refusal.to_string())));
        }
        if !self.is_clean {
            let mut classes: Vec<(&str, u64)> = Vec::new();
            for hit in self.removals.iter().filter(|hit| !hit.holds()) {
                match classes.iter_mut().find(|(class, _)| *class == hit.class.name()) {
                    Some((_, count)) => *count = count.saturating_add(hit.count),
                    None => classes.push((hit.class.name(), hit.count)),
                }
            }
            let classes: Vec<String> = classes.iter().map(|(class, count)| format!("{class} {count}")).collect();
            let what = if classes.is_empty() { "it is written in another way".to_owned() } else { classes.join(", ") };
            lines.write(out, "not clean  ", &format!("{name}: {what}"))?;
        }
        for held in self.removals.iter().filter(|hit| hit.holds()) {
            lines.write(out, "found      ", &format!("{name}: {} ({})", held.class.name(), printable(&held.item)))?;
        }
        for finding in self.findings.iter().filter(|finding| finding.verdict >= Verdict::Flag) {
            lines.write(out, "found      ", &format!("{name}: {}", printable(&finding.in_short())))?;
        }
        Ok(())
    }

    fn to_json(&self) -> serde_json::Value {
        json!({
            "path": self.name, "passes": self.passes(), "clean": self.is_clean, "removals": self.removals,
            "findings": self.findings, "refusal": self.refusal,
        })
    }
}
