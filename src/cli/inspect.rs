//! `fieldstrip inspect`: what files give away, without writing anything.

use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use clap::{Args, ValueEnum};
use fieldstrip::Reason;
use fieldstrip::detect::mask;
use fieldstrip::discover::{Task, discover, logged_path};
use fieldstrip::finding::Verdict;
use fieldstrip::formats::{Hit, Report, size_title};
use fieldstrip::job::{Inspected, inspect};
use fieldstrip::pipeline::{self, Stage, Team};
use fieldstrip::report::sarif::{Sarif, Severity};
use fieldstrip::report::terminal::{printable, printable_json};
use serde_json::{Value, json};

use super::lines::Lines;
use super::setup::{IsolationArgument, PolicyArgument, Tools};
use super::{ALL_WELL, LOOK};

const AFTER_HELP: &str = "\
Examples:
  fieldstrip inspect photo.jpg
  fieldstrip inspect report/ --format json
  fieldstrip inspect contract.docx --show-values  mind who looks over your shoulder

Exit codes: 0 nothing asks for a look, 1 something does, 2 the command failed.";

/// List the metadata, hidden content and sensitive text of files. Writes nothing.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Files and folders to look into
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    policy: PolicyArgument,
    #[command(flatten)]
    isolation: IsolationArgument,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Print metadata values in full instead of masked
    #[arg(long)]
    show_values: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object per file and line
    Json,
    /// SARIF 2.1.0, for code-scanning viewers
    Sarif,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let policy = arguments.policy.load()?;
    let entries = discover(&arguments.inputs)?;
    let tools = Tools::new(policy, pipeline::fingerprinter_without_writing()?)?;
    let scanner = tools.scanner();
    let launcher = arguments.isolation.launcher(scanner)?;
    let mut team = launcher.as_ref().map(Team::inspecting).transpose()?;
    let mut out = io::stdout().lock();
    let mut code = ALL_WELL;
    let mut sarif = Sarif::new("");
    for entry in entries.iter().filter(|entry| entry.task != Task::Skip) {
        let name = entry.name();
        let mut inspected = match pipeline::read_entry(entry, tools.policy.limits.input_bytes) {
            Ok(bytes) => {
                let stage = Stage::begin("inspect", &name);
                let inspected = match &mut team {
                    Some(team) => team.inspect(&bytes, &name),
                    None => inspect(&bytes, &name, &scanner),
                };
                stage.end(bytes.len(), format_args!(" kind={}", inspected.identity.kind));
                inspected
            }
            Err(refusal) => Inspected::unread(refusal),
        };
        if entry.name_clash {
            inspected.findings.push(scanner.name_clash_finding());
        }
        if needs_look(&inspected) {
            code = LOOK;
        }
        match arguments.format {
            Format::Text => print_text(&mut out, &name, &inspected, arguments.show_values)?,
            Format::Sarif => add_to_sarif(&mut sarif, &as_typed(&entry.source, &name), &inspected),
            Format::Json => writeln!(out, "{}", printable_json(&to_json(&name, &inspected, arguments.show_values))?)?,
        }
    }
    if arguments.format == Format::Sarif {
        writeln!(out, "{}", printable_json(&sarif.of_inspection(&tools.policy.name))?)?;
    }
    Ok(code)
}

/// The path by which a viewer finds the file: as it was typed, if that leads downwards from where the program runs.
fn as_typed(source: &Path, name: &str) -> String {
    let parts: Vec<Component<'_>> = source.components().filter(|part| *part != Component::CurDir).collect();
    let is_below = parts.iter().all(|part| matches!(part, Component::Normal(_)));
    if is_below { logged_path(&parts.iter().collect::<PathBuf>()) } else { name.to_owned() }
}

fn add_to_sarif(sarif: &mut Sarif, path: &str, inspected: &Inspected) {
    sarif.artifact(path, None);
    let mut listed = Vec::new();
    items(&inspected.report, "", false, &mut listed);
    for Item { hit, part, .. } in &listed {
        sarif.hit(path, part, hit, Severity::Note);
    }
    for finding in &inspected.findings {
        sarif.finding(path, finding);
    }
    if let Some(refusal) = &inspected.refusal {
        sarif.refusal(path, refusal);
    }
}

fn needs_look(inspected: &Inspected) -> bool {
    inspected.refusal.is_some() || inspected.findings.iter().any(|finding| finding.verdict >= Verdict::Flag)
}

/// An item with its values, masked unless they are asked for.
struct Item<'a> {
    hit: Hit,
    values: Vec<String>,
    part: &'a str,
}

/// The items of a report and of everything embedded, with their values.
fn items<'a>(report: &'a Report, part: &'a str, show_values: bool, items: &mut Vec<Item<'a>>) {
    for hit in &report.hits {
        let values = report.values.iter().filter(|value| value.class == hit.class && value.item == hit.item);
        let shown = values
            .take(8)
            .map(|value| if show_values { value.value.trim().to_owned() } else { mask(value.value.trim(), "") });
        items.push(Item { hit: hit.clone(), values: shown.collect(), part });
    }
    for embedded in &report.embedded {
        self::items(&embedded.report, &embedded.part, show_values, items);
    }
}

fn print_text(out: &mut impl Write, name: &str, inspected: &Inspected, show_values: bool) -> io::Result<()> {
    let (lines, kind) = (Lines::new(), inspected.identity.kind);
    writeln!(out, "{}: {}", printable(name), printable(inspected.identity.detail.as_deref().unwrap_or(kind.title())))?;
    let mut listed = Vec::new();
    items(&inspected.report, "", show_values, &mut listed);
    for Item { hit, values, part } in &listed {
        let count = if hit.count > 1 { format!(" ×{}", hit.count) } else { String::new() };
        // Worth knowing of pictures and blobs; a trailer has its size in its name.
        let size = size_title(hit.bytes);
        let small = hit.bytes == 0 || (hit.bytes < 1_000 && !hit.class.name().starts_with("content."));
        let told = small || !values.is_empty() || hit.item.contains(&size);
        let size = if told { String::new() } else { format!(" ({size})") };
        let place = match (part.is_empty(), hit.place.is_empty()) {
            (true, true) => String::new(),
            (true, false) => format!("  in {}", hit.place),
            (false, true) => format!("  in {part}"),
            (false, false) => format!("  in {part} › {}", hit.place),
        };
        let values = if values.is_empty() { String::new() } else { format!(" = {}", printable(&values.join(" | "))) };
        let text = format!("{}{count}{size}{values}{}", printable(&hit.item), printable(&place));
        lines.write(out, &format!("  {:26} ", hit.class.name()), &text)?;
    }
    for finding in &inspected.findings {
        let value = if finding.masked.is_empty() { String::new() } else { format!(" {}", finding.masked) };
        let count = if finding.count > 1 { format!(" ×{}", finding.count) } else { String::new() };
        let text = format!(
            "{}{}{count} at {}{}",
            printable(&finding.rule),
            printable(&value),
            printable(&finding.place.to_string()),
            if finding.why.is_empty() { String::new() } else { format!(": {}", printable(&finding.why)) },
        );
        lines.write(out, &format!("  finding ({}) ", finding.severity.name()), &text)?;
    }
    if let Some(refusal) = &inspected.refusal {
        let what = if refusal.reason == Reason::Unreadable { "cannot be read" } else { "would be refused" };
        let text = format!("{}; {}", printable(&refusal.to_string()), printable(&refusal.hint));
        lines.write(out, &format!("  {what}: "), &text)?;
    } else if listed.is_empty() && inspected.findings.is_empty() {
        writeln!(out, "  nothing found")?;
    }
    Ok(())
}

fn to_json(name: &str, inspected: &Inspected, show_values: bool) -> Value {
    let mut listed = Vec::new();
    items(&inspected.report, "", show_values, &mut listed);
    let items: Vec<Value> = listed
        .iter()
        .map(|item| {
            json!({
                "class": item.hit.class, "item": item.hit.item, "part": item.part, "where": item.hit.place,
                "count": item.hit.count, "bytes": item.hit.bytes, "values": item.values,
            })
        })
        .collect();
    json!({
        "path": name,
        "kind": inspected.identity.kind,
        "detail": inspected.identity.detail,
        "name-says": inspected.identity.mismatch,
        "items": items,
        "findings": inspected.findings,
        "refusal": inspected.refusal,
    })
}
