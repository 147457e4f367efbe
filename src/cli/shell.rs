//! `fieldstrip completions` and `fieldstrip man`.

use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::ALL_WELL;

/// Print a completion script for a shell.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fieldstrip completions bash > /etc/bash_completion.d/fieldstrip")]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Print the manual page, with all commands.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fieldstrip man > /usr/local/share/man/man1/fieldstrip.1")]
pub(crate) struct ManArguments {}

/// Prints the completion script.
pub(crate) fn completions(arguments: &CompletionsArguments) -> anyhow::Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Arguments::command(), "fieldstrip", &mut script);
    io::stdout().write_all(&script)?;
    Ok(ALL_WELL)
}

/// Prints the manual page: the program first, then each command as a page of its own.
pub(crate) fn man(_arguments: &ManArguments) -> anyhow::Result<u8> {
    let mut command = super::Arguments::command();
    command.build();
    let mut page = Vec::new();
    render(&command, &mut page)?;
    io::stdout().write_all(&page)?;
    Ok(ALL_WELL)
}

fn render(command: &clap::Command, page: &mut Vec<u8>) -> io::Result<()> {
    clap_mangen::Man::new(command.clone()).render(page)?;
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help") {
        render(sub, page)?;
    }
    Ok(())
}
