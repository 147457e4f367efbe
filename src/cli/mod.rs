//! The command line: one file per command.
//!
//! Arguments as typed (the structs that `clap` fills) become options as meant inside each command. Only this module prints:
//! results go to standard output, progress and errors to standard error.

mod audit;
mod check;
mod clean;
mod detect;
mod doctor;
mod formats;
mod inspect;
mod lines;
mod logging;
mod policy;
mod progress;
mod report;
mod review;
mod schema;
mod setup;
mod shell;
mod sign;
mod watch;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{ArgAction, Parser, Subcommand};
use fieldstrip::job::STACK_BYTES;
use fieldstrip::report::terminal::{printable, printable_lines};
use lines::Lines;

/// Everything was released and nothing asks for a look.
pub(crate) const ALL_WELL: u8 = 0;
/// The command did its work, and somebody should look at the result.
pub(crate) const LOOK: u8 = 1;
/// The command itself failed.
pub(crate) const FAILED: u8 = 2;

const AFTER_HELP: &str = "\
Examples:
  fieldstrip clean report/ --output public/       clean a folder for publication
  fieldstrip clean a.pdf b.docx --output public/  clean single files
  fieldstrip inspect photo.jpg                    see what a file gives away
  fieldstrip audit verify public.review           check the log and the copies
  pdftotext a.pdf - | fieldstrip detect           look for what is not for all

Exit codes:
  0  all files were released and nothing was flagged
  1  done, and somebody should look: files were flagged, held or refused
  2  the run itself failed: usage, policy, input or output";

/// Makes a folder of documents safe to publish: strips metadata and hidden content, flags sensitive text, proves every copy.
#[derive(Debug, Parser)]
#[command(name = "fieldstrip", version, after_help = AFTER_HELP, max_term_width = 100)]
struct Arguments {
    /// Log to standard error what is done; twice: each stage of each document; three times: all there is to say
    #[arg(long, short, global = true, action = ArgAction::Count, display_order = 900)]
    verbose: u8,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Clean(clean::Arguments),
    Inspect(inspect::Arguments),
    Check(check::Arguments),
    /// Check, show, compare and export the audit log of an earlier run.
    #[command(subcommand)]
    Audit(audit::Command),
    /// List, show and check policies and their rules.
    #[command(subcommand)]
    Policy(policy::Command),
    Watch(watch::Arguments),
    Review(review::Arguments),
    Report(report::Arguments),
    Detect(detect::Arguments),
    Formats(formats::Arguments),
    Doctor(doctor::Arguments),
    Schema(schema::Arguments),
    Completions(shell::CompletionsArguments),
    Man(shell::ManArguments),
    /// Parse documents for a run; started by the program itself.
    #[command(hide = true)]
    Worker,
}

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    // A fault in a parser costs one document and is reported as its refusal. The message of the fault could hold text of the
    // document, so it is not printed.
    std::panic::set_hook(Box::new(|_| {}));
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return misused(&error),
    };
    if matches!(arguments.command, Command::Worker) {
        return fieldstrip::worker::main(); // on this thread: others must not begin before it is restricted
    }
    logging::begin(arguments.verbose);
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || dispatch(arguments.command));
    let result = match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(anyhow::anyhow!("a fault occurred; please report what you did")),
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = Lines::of_errors().write(&mut io::stderr(), "fieldstrip: ", &printable(&format!("{error:#}")));
            ExitCode::from(FAILED)
        }
    }
}

/// Prints help or what is wrong with the arguments. They may be names of files, which a shell put there for `*`.
fn misused(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    let harmless = printable_lines(&text);
    if text == harmless {
        error.exit();
    }
    let _ = write!(io::stderr(), "{harmless}");
    ExitCode::from(FAILED)
}

fn dispatch(command: Command) -> anyhow::Result<u8> {
    match command {
        Command::Clean(arguments) => clean::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Audit(command) => audit::run(&command),
        Command::Policy(command) => policy::run(&command),
        Command::Watch(arguments) => watch::run(&arguments),
        Command::Review(arguments) => review::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::Detect(arguments) => detect::run(&arguments),
        Command::Formats(arguments) => formats::run(&arguments),
        Command::Completions(arguments) => shell::completions(&arguments),
        Command::Man(arguments) => shell::man(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Worker => anyhow::bail!("a worker is not started from a command"),
    }
}

/// The reader of the output went away, as `head` does: nothing is wrong.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}
