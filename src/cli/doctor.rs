//! `fieldstrip doctor`: what protects a run on this machine.

use std::io::{self, Write};

use clap::Args;
use fieldstrip::Policy;
use fieldstrip::job::Scanner;
use fieldstrip::pipeline::{self, Launcher, Team};
use fieldstrip::worker::{Attempt, Measure};
use serde_json::json;

use super::clean::Format;
use super::lines::Lines;
use super::setup::Tools;
use super::{ALL_WELL, LOOK};

const AFTER_HELP: &str = "\
Starts a worker as a run does, lists what it gave up, and has it try what it must not be able to do: \
what is printed is what happened, not what should.

Exit codes: 0 a worker can do nothing that it should not, 1 it can, 2 the command failed.";

/// Say how well documents are kept apart from this machine.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let tools = Tools::new(Policy::built_in("public-release")?, pipeline::fingerprinter_without_writing()?)?;
    let scanner: Scanner<'_> = tools.scanner();
    let launcher = Launcher::new(&pipeline::this_program()?, scanner, 1)?;
    let mut team = Team::inspecting(&launcher)?;
    let measures = team.measures().to_vec();
    let attempts = team.probe()?;
    let mut out = io::stdout().lock();
    match arguments.format {
        Format::Text => print_text(&mut out, &measures, &attempts)?,
        Format::Json => {
            let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
            let document = json!({
                "version": fieldstrip::VERSION, "system": system, "measures": measures, "attempts": attempts,
            });
            writeln!(out, "{document}")?;
        }
    }
    let is_sound = attempts.iter().all(|attempt| attempt.denied) && measures.iter().all(|measure| measure.in_force);
    Ok(if is_sound { ALL_WELL } else { LOOK })
}

fn print_text(out: &mut impl Write, measures: &[Measure], attempts: &[Attempt]) -> io::Result<()> {
    let lines = Lines::new();
    writeln!(
        out,
        "fieldstrip {} on {} {}\n\nA worker gave up:",
        fieldstrip::VERSION,
        std::env::consts::OS,
        std::env::consts::ARCH
    )?;
    for measure in measures {
        let state = if measure.in_force { "yes" } else { "NO" };
        lines.write(out, &format!("  {state:4} {:18} ", measure.name), &measure.detail)?;
    }
    writeln!(out, "\nA worker tried to")?;
    for attempt in attempts {
        let state = if attempt.denied { "denied" } else { "NOT DENIED" };
        lines.write(out, &format!("  {:22} {state}: ", attempt.what), &attempt.answer)?;
    }
    Ok(())
}
