//! `fieldstrip audit`: the log of an earlier run, one file per command.

mod diff;
mod export;
mod show;
mod verify;

use clap::Subcommand;

/// What to do with the log.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Verify(verify::Arguments),
    Show(show::Arguments),
    Diff(diff::Arguments),
    Export(export::Arguments),
}

/// Runs the command.
pub(crate) fn run(command: &Command) -> anyhow::Result<u8> {
    match command {
        Command::Verify(arguments) => verify::run(arguments),
        Command::Show(arguments) => show::run(arguments),
        Command::Diff(arguments) => diff::run(arguments),
        Command::Export(arguments) => export::run(arguments),
    }
}
