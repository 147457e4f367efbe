//! `fieldstrip detect`: what the rules find in text from standard input.

use std::io::{self, BufReader};

use clap::Args;
use fieldstrip::detect::Engine;
use fieldstrip::detect::stream::{Mode, scan_stream};

use super::clean::Format;
use super::lines::Lines;
use super::setup::PolicyArgument;
use super::{ALL_WELL, LOOK};

const AFTER_HELP: &str = "\
Examples:
  pdftotext report.pdf - | fieldstrip detect
  fieldstrip detect --format json < letter.txt
  fieldstrip detect --jsonl < texts.jsonl

With --jsonl, each line {\"text\": \"...\"} gives a line {\"findings\": [...]}.

Offsets are bytes of the UTF-8 text, from 0. Values are masked.

Exit codes: 0 nothing was found, 1 something was, 2 the command failed.";

/// Scan text from standard input with the rules of a policy.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    policy: PolicyArgument,
    /// How to print findings
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Read one JSON object with a `text` per line, and write one with its `findings` per line
    #[arg(long, conflicts_with = "format")]
    jsonl: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let policy = arguments.policy.load()?;
    let engine = Engine::for_policy(&policy)?;
    let mode = match (arguments.jsonl, arguments.format) {
        (true, _) => Mode::JsonLines,
        (false, Format::Json) => Mode::Json,
        (false, Format::Text) => Mode::Text,
    };
    let mut input = BufReader::with_capacity(64 << 10, io::stdin().lock());
    let mut out = io::BufWriter::new(io::stdout().lock());
    let result = match mode {
        Mode::Text => {
            let mut text = Vec::new();
            let result = scan_stream(&engine, &mut input, &mut text, mode, policy.limits.text_bytes);
            for line in String::from_utf8_lossy(&text).lines() {
                let (place, finding) = line.split_once(": ").unwrap_or(("", line));
                Lines::new().write(&mut out, &format!("{place}: "), finding)?;
            }
            result
        }
        Mode::Json | Mode::JsonLines => scan_stream(&engine, &mut input, &mut out, mode, policy.limits.text_bytes),
    };
    // What was found before an error is worth having.
    io::Write::flush(&mut out)?;
    Ok(if result? == 0 { ALL_WELL } else { LOOK })
}
