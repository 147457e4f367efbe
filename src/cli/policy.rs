//! `fieldstrip policy`: what policies there are, what they say, whether their rules work.

use std::io::{self, Write};

use clap::{Args, Subcommand};
use fieldstrip::Policy;
use fieldstrip::detect::check::check_packs;
use fieldstrip::detect::{Engine, Pack, built_in_packs};
use fieldstrip::finding::Severity;
use fieldstrip::policy::{BUILT_IN, Class};
use fieldstrip::report::terminal::printable;

use super::setup::PolicyArgument;
use super::{ALL_WELL, FAILED};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the built-in policies, the classes of things with their actions, and the rule packs
    List,
    Show(ShowArguments),
    Check(CheckArguments),
}

/// Print what a policy does: the action for each class, the verdict for each severity, its limits and rules
#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    /// Name of a built-in policy, or path of a TOML file
    #[arg(value_name = "NAME|FILE")]
    policy: String,
}

/// Check a policy, and prove every rule on its own examples
#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// Name of a built-in policy, or path of a TOML file [default: all built-in policies]
    #[arg(value_name = "NAME|FILE")]
    policy: Option<String>,
}

/// Runs the command.
pub(crate) fn run(command: &Command) -> anyhow::Result<u8> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let code = match command {
        Command::List => list(&mut out),
        Command::Show(arguments) => show(&mut out, &arguments.policy),
        Command::Check(arguments) => check(&mut out, arguments.policy.as_deref()),
    }?;
    out.flush()?;
    Ok(code)
}

fn list(out: &mut dyn Write) -> anyhow::Result<u8> {
    writeln!(out, "Policies")?;
    for (name, _) in BUILT_IN {
        writeln!(out, "  {name:28} {}", Policy::built_in(name)?.description)?;
    }
    writeln!(out, "\nClasses of things, and the actions that each takes (the strictest first)")?;
    for class in Class::ALL {
        let actions: Vec<&str> = class.actions().iter().map(|action| action.name()).collect();
        writeln!(out, "  {:28} {:16} {}", class.name(), actions.join(", "), class.about())?;
    }
    writeln!(out, "\nRule packs")?;
    for pack in built_in_packs()? {
        writeln!(out, "  {:28} {:>3} rules        {}", pack.name, pack.rules.len(), pack.description)?;
    }
    Ok(ALL_WELL)
}

fn show(out: &mut dyn Write, name: &str) -> anyhow::Result<u8> {
    let policy = PolicyArgument { policy: name.to_owned() }.load()?;
    let engine = Engine::for_policy(&policy)?;
    writeln!(
        out,
        "{}: {}\nSHA-256 {}\n\nClasses",
        printable(&policy.name),
        printable(&policy.description),
        policy.sha256
    )?;
    for class in Class::ALL {
        writeln!(out, "  {:28} {}", class.name(), policy.action(*class))?;
    }
    writeln!(out, "\nWhat a finding means, by its severity")?;
    for severity in Severity::ALL.iter().rev() {
        let verdict = policy.text.severity.get(severity).copied();
        writeln!(out, "  {:28} {}", severity.name(), verdict.map_or("flag", verdict_name))?;
    }
    writeln!(out, "\nLimits for one document")?;
    for (name, value, about) in policy.limits.listed() {
        writeln!(out, "  {name:28} {value:>12}  {about}")?;
    }
    for pack in built_in_packs()?.iter().filter(|pack| engine.packs().iter().any(|used| used.name == pack.name)) {
        show_pack(out, &policy, pack)?;
    }
    Ok(ALL_WELL)
}

fn show_pack(out: &mut dyn Write, policy: &Policy, pack: &Pack) -> io::Result<()> {
    writeln!(out, "\nRules of the pack {}", pack.name)?;
    for rule in &pack.rules {
        let setting = policy.setting(&rule.id);
        let severity = policy.severity(&rule.id, rule.severity);
        let verdict = match setting.enabled {
            Some(false) => "off",
            _ => verdict_name(policy.verdict(&rule.id, severity)),
        };
        writeln!(out, "  {:36} {:7} {verdict:5} {}", rule.id, severity.name(), rule.name)?;
    }
    Ok(())
}

fn verdict_name(verdict: fieldstrip::finding::Verdict) -> &'static str {
    use fieldstrip::finding::Verdict;
    match verdict {
        Verdict::Note => "note",
        Verdict::Flag => "flag",
        Verdict::Hold => "hold",
    }
}

/// Policies first, then the rules; anything wrong is an error of the command, so that a CI job stops.
fn check(out: &mut dyn Write, name: Option<&str>) -> anyhow::Result<u8> {
    let names: Vec<&str> = match name {
        Some(name) => vec![name],
        None => BUILT_IN.iter().map(|(name, _)| *name).collect(),
    };
    for name in names {
        let policy = PolicyArgument { policy: name.to_owned() }.load()?;
        let engine = Engine::for_policy(&policy)?;
        writeln!(
            out,
            "policy {}: {} rules from {} packs",
            printable(&policy.name),
            engine.rule_count(),
            engine.packs().len()
        )?;
    }
    let report = check_packs(built_in_packs()?)?;
    for error in &report.errors {
        writeln!(out, "error: {error}")?;
    }
    for warning in &report.warnings {
        writeln!(out, "warning: {warning}")?;
    }
    writeln!(
        out,
        "{} packs, {} rules: {} examples and {} negative examples tried, {} errors, {} warnings",
        report.packs,
        report.rules,
        report.examples,
        report.negatives,
        report.errors.len(),
        report.warnings.len()
    )?;
    Ok(if report.passed() { ALL_WELL } else { FAILED })
}
