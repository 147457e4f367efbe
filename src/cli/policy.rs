//! `fieldstrip policy`: what policies there are, what they say, whether their rules work.

use std::collections::BTreeMap;
use std::io::{self, Write};

use clap::{Args, Subcommand};
use fieldstrip::Policy;
use fieldstrip::detect::check::{CheckReport, check_packs};
use fieldstrip::detect::{Engine, built_in_packs};
use fieldstrip::finding::{Severity, Verdict};
use fieldstrip::policy::{Action, BUILT_IN, Class};
use fieldstrip::report::terminal::{printable, printable_json};
use serde::Serialize;

use super::clean::Format;
use super::lines::Lines;
use super::setup::PolicyArgument;
use super::{ALL_WELL, FAILED};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    List(ListArguments),
    Show(ShowArguments),
    Check(CheckArguments),
}

/// List the built-in policies, the classes of things with their actions, and the rule packs
#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// How to print the lists
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Print what a policy does: the action for each class, the verdict for each severity, its limits and rules
#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    /// Name of a built-in policy, or path of a TOML file
    #[arg(value_name = "NAME|FILE")]
    policy: String,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Check a policy, and prove every rule on its own examples
#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// Name of a built-in policy, or path of a TOML file [default: all built-in policies]
    #[arg(value_name = "NAME|FILE")]
    policy: Option<String>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(command: &Command) -> anyhow::Result<u8> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let code = match command {
        Command::List(arguments) => {
            print(&mut out, arguments.format, &Listed::new()?)?;
            ALL_WELL
        }
        Command::Show(arguments) => {
            print(&mut out, arguments.format, &Shown::of(&arguments.policy)?)?;
            ALL_WELL
        }
        // Anything wrong is an error of the command, so that a CI job stops.
        Command::Check(arguments) => {
            let checked = Checked::of(arguments.policy.as_deref())?;
            print(&mut out, arguments.format, &checked)?;
            if checked.report.passed() { ALL_WELL } else { FAILED }
        }
    };
    out.flush()?;
    Ok(code)
}

/// Something to print for people or, as it is, for programs.
trait Printed: Serialize {
    fn text(&self, out: &mut dyn Write) -> io::Result<()>;
}

fn print(out: &mut dyn Write, format: Format, printed: &impl Printed) -> anyhow::Result<()> {
    match format {
        Format::Text => printed.text(out)?,
        Format::Json => writeln!(out, "{}", printable_json(printed)?)?,
    }
    Ok(())
}

/// What `policy list` prints.
#[derive(Serialize)]
struct Listed {
    policies: Vec<ListedPolicy>,
    classes: Vec<ListedClass>,
    packs: Vec<ListedPack>,
}

#[derive(Serialize)]
struct ListedPolicy {
    name: String,
    description: String,
    sha256: String,
}

#[derive(Serialize)]
struct ListedClass {
    class: Class,
    /// The strictest first.
    actions: &'static [Action],
    about: &'static str,
}

#[derive(Serialize)]
struct ListedPack {
    name: &'static str,
    rules: usize,
    description: &'static str,
    sha256: &'static str,
}

impl Listed {
    fn new() -> anyhow::Result<Self> {
        let policy = |name: &str| {
            let Policy { name, description, sha256, .. } = Policy::built_in(name)?;
            Ok(ListedPolicy { name, description, sha256 })
        };
        let classes = Class::ALL.iter();
        let classes =
            classes.map(|class| ListedClass { class: *class, actions: class.actions(), about: class.about() });
        let packs = built_in_packs()?.iter().map(|pack| ListedPack {
            name: &pack.name,
            rules: pack.rules.len(),
            description: &pack.description,
            sha256: &pack.sha256,
        });
        Ok(Self {
            policies: BUILT_IN.iter().map(|(name, _)| policy(name)).collect::<anyhow::Result<_>>()?,
            classes: classes.collect(),
            packs: packs.collect(),
        })
    }
}

impl Printed for Listed {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let lines = Lines::new();
        writeln!(out, "Policies")?;
        for policy in &self.policies {
            lines.write(out, &format!("  {:28} ", policy.name), &policy.description)?;
        }
        writeln!(out, "\nClasses of things, and the actions that each takes (the strictest first)")?;
        let actions = |class: &ListedClass| {
            let names: Vec<&str> = class.actions.iter().map(|action| action.name()).collect();
            names.join(", ")
        };
        let longest = self.classes.iter().map(|class| actions(class).len()).max().unwrap_or_default();
        for class in &self.classes {
            let lead = format!("  {:28} {:longest$} ", class.class.name(), actions(class));
            lines.write(out, &lead, class.about)?;
        }
        writeln!(out, "\nRule packs")?;
        for pack in &self.packs {
            lines.write(out, &format!("  {:28} {:>3} rules  ", pack.name, pack.rules), pack.description)?;
        }
        Ok(())
    }
}

/// What `policy show` prints.
#[derive(Serialize)]
struct Shown {
    name: String,
    description: String,
    sha256: String,
    classes: BTreeMap<Class, Action>,
    /// What a finding means, by its severity.
    severities: BTreeMap<Severity, Verdict>,
    limits: Vec<ShownLimit>,
    rules: Vec<ShownRule>,
}

#[derive(Serialize)]
struct ShownLimit {
    name: String,
    value: u64,
    about: &'static str,
}

#[derive(Serialize)]
struct ShownRule {
    rule: &'static str,
    pack: &'static str,
    name: &'static str,
    severity: Severity,
    /// Absent for a rule that is switched off.
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<Verdict>,
}

impl Shown {
    fn of(name: &str) -> anyhow::Result<Self> {
        let policy = PolicyArgument { policy: name.to_owned() }.load()?;
        let engine = Engine::for_policy(&policy)?;
        let mut rules = Vec::new();
        for pack in built_in_packs()?.iter().filter(|pack| engine.packs().iter().any(|used| used.name == pack.name)) {
            rules.extend(pack.rules.iter().map(|rule| {
                let severity = policy.severity(&rule.id, rule.severity);
                let is_on = policy.setting(&rule.id).enabled != Some(false);
                let verdict = is_on.then(|| policy.verdict(&rule.id, severity));
                ShownRule { rule: &rule.id, pack: &pack.name, name: &rule.name, severity, verdict }
            }));
        }
        let verdict = |severity| policy.text.severity.get(severity).copied().unwrap_or(Verdict::Flag);
        let limits = policy.limits.listed().into_iter();
        Ok(Self {
            classes: Class::ALL.iter().map(|class| (*class, policy.action(*class))).collect(),
            severities: Severity::ALL.iter().map(|severity| (*severity, verdict(severity))).collect(),
            limits: limits.map(|(name, value, about)| ShownLimit { name, value, about }).collect(),
            rules,
            name: policy.name,
            description: policy.description,
            sha256: policy.sha256,
        })
    }
}

impl Printed for Shown {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let lines = Lines::new();
        lines.write(out, &format!("{}: ", printable(&self.name)), &printable(&self.description))?;
        writeln!(out, "SHA-256 {}\n\nClasses", self.sha256)?;
        for class in Class::ALL {
            writeln!(out, "  {:28} {}", class.name(), self.classes.get(class).map_or("", |action| action.name()))?;
        }
        writeln!(out, "\nWhat a finding means, by its severity")?;
        for (severity, verdict) in self.severities.iter().rev() {
            writeln!(out, "  {:28} {}", severity.name(), verdict.name())?;
        }
        writeln!(out, "\nLimits for one document")?;
        for ShownLimit { name, value, about } in &self.limits {
            lines.write(out, &format!("  {name:28} {value:>12}  "), about)?;
        }
        let mut pack = "";
        for rule in &self.rules {
            if rule.pack != pack {
                pack = rule.pack;
                writeln!(out, "\nRules of the pack {pack}")?;
            }
            let verdict = rule.verdict.map_or("off", Verdict::name);
            lines.write(out, &format!("  {:36} {:7} {verdict:5} ", rule.rule, rule.severity.name()), rule.name)?;
        }
        Ok(())
    }
}

/// What `policy check` prints: the policies that can be loaded with their rules, and how the rules did on their examples.
#[derive(Serialize)]
struct Checked {
    passed: bool,
    policies: Vec<CheckedPolicy>,
    #[serde(flatten)]
    report: CheckReport,
}

#[derive(Serialize)]
struct CheckedPolicy {
    name: String,
    rules: usize,
    packs: usize,
}

impl Checked {
    fn of(name: Option<&str>) -> anyhow::Result<Self> {
        let names: Vec<&str> = match name {
            Some(name) => vec![name],
            None => BUILT_IN.iter().map(|(name, _)| *name).collect(),
        };
        let policy = |name: &str| {
            let policy = PolicyArgument { policy: name.to_owned() }.load()?;
            let engine = Engine::for_policy(&policy)?;
            Ok(CheckedPolicy { name: policy.name, rules: engine.rule_count(), packs: engine.packs().len() })
        };
        let policies = names.into_iter().map(policy).collect::<anyhow::Result<_>>()?;
        let report = check_packs(built_in_packs()?)?;
        Ok(Self { passed: report.passed(), policies, report })
    }
}

impl Printed for Checked {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        for CheckedPolicy { name, rules, packs } in &self.policies {
            writeln!(out, "policy {}: {rules} rules from {packs} packs", printable(name))?;
        }
        let CheckReport { packs, rules, examples, negatives, errors, warnings } = &self.report;
        for error in errors {
            writeln!(out, "error: {error}")?;
        }
        for warning in warnings {
            writeln!(out, "warning: {warning}")?;
        }
        writeln!(
            out,
            "{packs} packs, {rules} rules: {examples} examples and {negatives} negative examples tried, {} errors, {} warnings",
            errors.len(),
            warnings.len()
        )
    }
}
