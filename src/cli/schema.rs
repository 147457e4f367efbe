//! `fieldstrip schema`: what logs and policies look like, for programs.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use fieldstrip::{policy, report};

use super::ALL_WELL;

/// Print the JSON Schema of the audit log or of policies.
#[derive(Debug, Args)]
#[command(after_help = "\
The schema of the log holds for each line of it. That of policies holds for a policy file as a value: editors use it for TOML too.

Example:
  fieldstrip schema policy > policy.schema.json")]
pub(crate) struct Arguments {
    /// Of what
    #[arg(value_enum)]
    of: Of,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Of {
    /// A line of the audit log
    Log,
    /// A policy file
    Policy,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let schema = match arguments.of {
        Of::Log => report::schema::log(),
        Of::Policy => policy::schema::policy(),
    };
    writeln!(io::stdout().lock(), "{}", serde_json::to_string_pretty(&schema)?)?;
    Ok(ALL_WELL)
}
