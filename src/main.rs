//! The `fieldstrip` program: parses arguments, calls a command, maps the result to an exit code.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
