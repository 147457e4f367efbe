//! What a worker is able to do that it should not: it tries.
//!
//! `fieldstrip doctor` asks a worker for this, so that it says what holds on this machine, not what should.

use std::io;

use serde::{Deserialize, Serialize};

/// Something that a worker tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Attempt {
    /// What, for example `open a file`.
    pub what: String,
    /// True when the system did not let it.
    pub denied: bool,
    /// What the system said.
    pub answer: String,
}

/// What is tried, and how.
type Trial = (&'static str, fn() -> io::Result<()>);

/// Tries everything.
pub(super) fn all() -> Vec<Attempt> {
    let trials: [Trial; 7] = [
        ("open a file", || std::fs::File::open(file()).map(drop)),
        ("list a folder", || std::fs::read_dir(folder()).map(drop)),
        ("create a file", create),
        ("listen on a TCP port", || std::net::TcpListener::bind("127.0.0.1:0").map(drop)),
        ("open a UDP socket", || std::net::UdpSocket::bind("127.0.0.1:0").map(drop)),
        ("open a local socket", local_socket),
        ("start a program", start),
    ];
    let told = |(what, trial): Trial| {
        let result = trial();
        let denied = result.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied);
        let answer = result.map_or_else(|error| error.kind().to_string(), |()| "done".to_owned());
        Attempt { what: what.to_owned(), denied, answer }
    };
    trials.into_iter().map(told).collect()
}

/// A file that everybody may read.
fn file() -> &'static str {
    if cfg!(windows) { "C:\\Windows\\win.ini" } else { "/etc/passwd" }
}

/// A folder that everybody may list.
fn folder() -> &'static str {
    if cfg!(windows) { "C:\\Windows" } else { "/" }
}

fn create() -> io::Result<()> {
    let path = std::env::temp_dir().join(format!("fieldstrip-probe-{}", std::process::id()));
    std::fs::File::options().write(true).create_new(true).open(&path)?;
    std::fs::remove_file(path)
}

#[cfg(unix)]
fn local_socket() -> io::Result<()> {
    std::os::unix::net::UnixStream::pair().map(drop)
}

#[cfg(not(unix))]
fn local_socket() -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[allow(clippy::disallowed_methods)] // to show that it is not possible
fn start() -> io::Result<()> {
    let program = if cfg!(windows) { "C:\\Windows\\System32\\where.exe" } else { "/bin/true" };
    std::process::Command::new(program).status().map(drop)
}
