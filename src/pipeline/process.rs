//! The one place that starts processes: workers, and LibreOffice for conversions.

use std::ffi::OsStr;
use std::process::Command;

/// A command in a process group of its own, so that Ctrl-C reaches the program only and whatever the command starts can be
/// ended with it, and without the environment, which is nobody's business.
pub(super) fn command(program: impl AsRef<OsStr>) -> Command {
    #[allow(clippy::disallowed_methods)] // the one place that starts processes
    let mut command = Command::new(program);
    command.env_clear();
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}
