//! What the program does, step by step, on standard error: `-v` and `RUST_LOG`.
//!
//! Only lines of fieldstrip itself are written, and these never tell what stands in a document. Libraries that parse documents
//! quote them in what they log: their lines are not let through, whatever is asked for. Workers have no log.

use std::io::{self, Write};
use std::time::Instant;

use env_filter::{Builder, Filter};
use fieldstrip::report::terminal::printable;
use log::{LevelFilter, Log, Metadata, Record};

/// The variable with a filter such as `debug` or `fieldstrip::pipeline=trace`.
const VARIABLE: &str = "RUST_LOG";
/// What the targets of the program's own lines begin with: the name of the library and of the program.
const OURS: &str = "fieldstrip";

/// Writes a line for each event that the filter lets through.
struct Logger {
    filter: Filter,
    begun: Instant,
}

/// Begins to log what the variable asks for, or as much as so many `-v` do; what is typed counts more. A filter that is none
/// is no reason to stop: the variable may be meant for other programs.
pub(crate) fn begin(verbose: u8) {
    let wanted = std::env::var(VARIABLE).unwrap_or_default();
    let mut builder = Builder::new();
    let mut is_wanted = !wanted.trim().is_empty();
    if is_wanted && let Err(error) = builder.try_parse(&wanted) {
        let _ = writeln!(io::stderr(), "fieldstrip: {VARIABLE} is ignored: {}", printable(&error.to_string()));
        builder = Builder::new();
        is_wanted = false;
    }
    let typed = match verbose {
        0 => None,
        1 => Some(LevelFilter::Info),
        2 => Some(LevelFilter::Debug),
        _ => Some(LevelFilter::Trace),
    };
    if let Some(level) = typed {
        builder.filter_module(OURS, level);
    }
    if is_wanted || typed.is_some() {
        let filter = builder.build();
        log::set_max_level(filter.filter());
        let _ = log::set_boxed_logger(Box::new(Logger { filter, begun: Instant::now() })); // it is the first one
    }
}

/// True when something may be logged.
pub(crate) fn is_on() -> bool {
    log::max_level() > LevelFilter::Off
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().split("::").next() == Some(OURS) && self.filter.enabled(metadata)
    }

    /// Seconds since the program began, level, and what happened: in one piece, as several threads may write.
    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) && self.filter.matches(record) {
            let seconds = self.begun.elapsed().as_secs_f64();
            let level = record.level().as_str().to_ascii_lowercase();
            let line = format!("{seconds:9.3} {level:5} {}\n", printable(&record.args().to_string()));
            let _ = io::stderr().lock().write_all(line.as_bytes()); // nobody reads it: no reason to stop
        }
    }

    fn flush(&self) {}
}
