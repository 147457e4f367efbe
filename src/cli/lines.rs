//! Lines on standard output and of errors. On a terminal, one that is too long goes on below, under its last column; elsewhere it stays whole,
//! for programs that go by lines.

use std::io::{self, IsTerminal, Write};

use fieldstrip::report::terminal::wrapped;

/// What a table has room for where there is no terminal.
const DEFAULT_WIDTH: u16 = 100;
/// Fewer columns are not worth a layout.
const LEAST_WIDTH: u16 = 40;

/// Writes lines.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lines {
    width: Option<u16>,
}

impl Lines {
    /// For standard output as it is.
    pub(crate) fn new() -> Self {
        let width = columns().or_else(|| if io::stdout().is_terminal() { terminal() } else { None });
        Self { width: width.filter(|width| *width >= LEAST_WIDTH) }
    }

    /// For standard error.
    pub(crate) fn of_errors() -> Self {
        let width = if io::stderr().is_terminal() { terminal() } else { None };
        Self { width: width.filter(|width| *width >= LEAST_WIDTH) }
    }

    /// Writes a line: its leading columns, and text that may go on below.
    pub(crate) fn write<W: Write + ?Sized>(self, out: &mut W, lead: &str, text: &str) -> io::Result<()> {
        match self.width {
            None => writeln!(out, "{lead}{text}"),
            Some(width) => writeln!(out, "{}", wrapped(lead, text, usize::from(width))),
        }
    }
}

/// How wide a table may be: the terminal's columns, or 100 when there is no terminal.
pub(crate) fn text_width() -> u16 {
    columns().or_else(terminal).filter(|width| *width >= LEAST_WIDTH).unwrap_or(DEFAULT_WIDTH)
}

/// What the environment says.
fn columns() -> Option<u16> {
    std::env::var("COLUMNS").ok()?.parse().ok()
}

fn terminal() -> Option<u16> {
    terminal_size::terminal_size().map(|(width, _)| width.0)
}
