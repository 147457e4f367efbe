//! `fieldstrip formats`: what is cleaned, what is only looked into, and what is refused.

use std::io::{self, Write};

use clap::Args;
use fieldstrip::Kind;
use fieldstrip::formats::{handler_for, inspector_for};
use serde_json::json;

use super::ALL_WELL;
use super::clean::Format;
use super::lines::Lines;

/// List the formats that are cleaned, those that are only inspected, and those that are known and refused.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// How to print the list
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let mut out = io::stdout().lock();
    let (cleaned, others): (Vec<Kind>, Vec<Kind>) = Kind::ALL.iter().partition(|kind| handler_for(**kind).is_some());
    let (inspected, refused): (Vec<Kind>, Vec<Kind>) = others.iter().partition(|kind| inspector_for(**kind).is_some());
    match arguments.format {
        Format::Json => {
            let list = Kind::ALL.iter().map(|kind| {
                json!({
                    "kind": kind, "title": kind.title(), "extensions": kind.extensions(),
                    "cleaned": handler_for(*kind).is_some(),
                    "inspected": handler_for(*kind).is_some() || inspector_for(*kind).is_some(),
                })
            });
            writeln!(out, "{}", serde_json::Value::from_iter(list))?;
        }
        Format::Text => {
            let longest = Kind::ALL.iter().map(|kind| kind.title().len()).max().unwrap_or_default();
            for (heading, kinds) in [
                ("Cleaned and proved", cleaned),
                ("Inspected, and refused with a hint", inspected),
                ("Known and refused with a hint", refused),
            ] {
                writeln!(out, "{heading}")?;
                for kind in kinds {
                    let lead = format!("  {:18} {:longest$} ", kind.name(), kind.title());
                    Lines::new().write(&mut out, &lead, &kind.extensions().join(" "))?;
                }
            }
            writeln!(out, "Everything else is refused as unknown.")?;
        }
    }
    Ok(ALL_WELL)
}
