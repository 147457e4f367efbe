//! Progress on standard error: a bar on a terminal, a line per file elsewhere and beside a log.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use fieldstrip::pipeline::Watcher;
use fieldstrip::report::audit::FileRecord;
use fieldstrip::report::summary::{Standing, why};
use fieldstrip::report::terminal::printable;
use indicatif::{ProgressBar, ProgressStyle};

use super::logging;

/// How often the bar is drawn when nothing happens.
const TICK: Duration = Duration::from_secs(1);

/// Shows records as they are written.
pub(crate) struct Progress {
    quiet: bool,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Progress over `files` files.
    pub(crate) fn new(files: usize, quiet: bool) -> Self {
        // A bar and a log would write over one another.
        let has_bar = !quiet && io::stderr().is_terminal() && !logging::is_on();
        let bar = has_bar.then(|| {
            let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {elapsed} {wide_msg}");
            let bar = ProgressBar::new(files as u64);
            let bar = style.map_or(bar.clone(), |style| bar.with_style(style));
            bar.enable_steady_tick(TICK); // the time goes on while a document takes long
            bar
        });
        Self { quiet, bar }
    }

    /// Takes the bar off the screen.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Watcher for Progress {
    fn file(&mut self, record: &FileRecord) {
        if let Some(bar) = &self.bar {
            bar.set_message(printable(&record.path));
            bar.inc(1);
        } else if !self.quiet {
            let _ = writeln!(io::stderr(), "{}", line(record)); // nobody reads it: no reason to stop
        }
    }
    fn note(&mut self, note: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "{}", printable(note));
        }
    }
}

/// What became of a file, in a line.
pub(crate) fn line(record: &FileRecord) -> String {
    let path = printable(&record.path);
    let (standing, why) = (Standing::of(record), printable(&why(record)));
    match standing {
        Standing::Refused => {
            let hint = record.refusal.as_ref().map(|refusal| refusal.hint.as_str()).unwrap_or_default();
            format!("refused   {path}: {why}; {}", printable(hint))
        }
        Standing::Held | Standing::Flagged => format!("{:8}  {path}: {why}", standing.name()),
        Standing::Released if record.kept => format!("kept      {path}"),
        Standing::Released | Standing::Skipped => format!("{:8}  {path}", standing.name()),
    }
}
