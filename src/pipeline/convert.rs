//! Conversion of legacy Office files with an installed LibreOffice, for policies with `legacy.mode = "convert"`.
//!
//! LibreOffice runs on bytes that nobody checked, so it gets as little as
//! possible: a private folder as home, profile and place for temporary files; an environment of its own; a profile in which
//! macros are off, links are never updated and the network leads nowhere; limits on time, memory and the size of files. What
//! comes out is an input like any other. Whether it shows what the old file showed, nobody can prove: the log says so.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::process::command;
use super::read;
use crate::kind::Kind;
use crate::limits::Limits;
use crate::refusal::Refusal;

/// The names under which LibreOffice is installed.
const PROGRAMS: [&str; 2] = ["soffice", "libreoffice"];
/// How often a running conversion is looked after.
const PAUSE: Duration = Duration::from_millis(20);
/// The memory of a conversion in KiB: LibreOffice reserves far more than it uses.
const MEMORY: u64 = 8 << 20;

/// Settings of the profile (`registrymodifications.xcu`): path, name, value.
const SETTINGS: &[(&str, &str, &str)] = &[
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Misc", "FirstRun", "false"),
    ("Writer/Content/Update", "Link", "2"),
    ("Writer/Content/Update", "Field", "false"),
    ("Calc/Content/Update", "Link", "2"),
];

/// A converted document.
#[derive(Debug)]
pub(super) struct Converted {
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// Name and version of the program.
    pub(super) converter: String,
}

/// LibreOffice, once it was looked for.
#[derive(Debug, Default)]
pub(super) struct Converter {
    found: OnceLock<Option<(PathBuf, String)>>,
}

impl Converter {
    /// Converts a document to `target`.
    ///
    /// # Errors
    /// A [`Refusal`] when there is no LibreOffice, when it takes too long, or when nothing comes out.
    pub(super) fn convert(&self, bytes: &[u8], from: Kind, to: Kind, limits: &Limits) -> Result<Converted, Refusal> {
        let Some((program, converter)) = self.found.get_or_init(|| find_told(limits)) else {
            return Err(Refusal::unsupported("the policy asks to convert this file, and no LibreOffice is installed")
                .with_hint(
                    "install LibreOffice so that `soffice` is found, or convert the file elsewhere and clean that",
                ));
        };
        let place = Place::new().map_err(|error| failed(&error))?;
        let extension = to.extensions().first().copied().unwrap_or_default();
        let input = place.path(&format!("input.{}", from.extensions().first().copied().unwrap_or_default()));
        write(&input, bytes).map_err(|error| failed(&error))?;
        let arguments = [
            "--convert-to".as_ref(),
            extension.as_ref(),
            "--outdir".as_ref(),
            place.path("output").as_os_str(),
            input.as_os_str(),
        ]
        .map(OsStr::to_owned);
        place.run(program, &arguments, Stdio::null(), limits)?;
        let output = place.path("output").join(format!("input.{extension}"));
        if !fs::symlink_metadata(&output).is_ok_and(|metadata| metadata.is_file()) {
            return Err(Refusal::damaged("LibreOffice could not convert this file"));
        }
        let bytes = read(&output, limits.input_bytes).map_err(|refusal| refusal.in_part("converted file"))?;
        Ok(Converted { bytes, converter: converter.clone() })
    }
}

fn failed(error: &io::Error) -> Refusal {
    Refusal::new(crate::Reason::Unreadable, format!("the conversion could not be run: {}", error.kind()))
        .with_hint("check that there is room for temporary files")
}

/// Looks for LibreOffice, and tells the log of the program.
fn find_told(limits: &Limits) -> Option<(PathBuf, String)> {
    let found = find(limits);
    match &found {
        Some((program, version)) => log::info!("converter program={} version={version}", program.display()),
        None => log::warn!("converter none: no LibreOffice is found"),
    }
    found
}

/// Looks for LibreOffice on the search path and asks it for its version.
fn find(limits: &Limits) -> Option<(PathBuf, String)> {
    if cfg!(not(unix)) {
        return None; // nothing there ends a process with all that it started
    }
    let folders = std::env::var_os("PATH")?;
    let program = PROGRAMS
        .iter()
        .flat_map(|name| std::env::split_paths(&folders).map(move |folder| folder.join(name)))
        .find(|path| path.is_absolute() && path.is_file())?;
    let place = Place::new().ok()?;
    let told = place.path("version");
    let file = create(&told).ok()?;
    place.run(&program, &["--version".into()], file.into(), limits).ok()?;
    let mut version = String::new();
    File::open(&told).ok()?.take(200).read_to_string(&mut version).ok()?;
    let version = version.lines().next().unwrap_or_default().trim();
    Some((program, if version.is_empty() { "LibreOffice".to_owned() } else { version.to_owned() }))
}

/// A private folder, gone when it is dropped.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    /// With an empty output folder and a profile.
    fn new() -> io::Result<Self> {
        let place = Self { folder: tempfile::Builder::new().prefix("fieldstrip-").tempdir()? };
        fs::create_dir(place.path("output"))?;
        fs::create_dir_all(place.path("profile/user"))?;
        write(&place.path("profile/user/registrymodifications.xcu"), profile().as_bytes())?;
        Ok(place)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the program in it, and ends whatever it started.
    fn run(
        &self,
        program: &Path,
        arguments: &[std::ffi::OsString],
        output: Stdio,
        limits: &Limits,
    ) -> Result<(), Refusal> {
        let seconds = limits.conversion_seconds;
        // Limits that a process sets for itself hold for all that it starts; the shell is the safe way to set them.
        let blocks = limits.input_bytes.div_ceil(512);
        let script = format!(
            "ulimit -c 0; ulimit -t {seconds}; ulimit -f {blocks}; ulimit -v {MEMORY} 2>/dev/null; exec \"$@\""
        );
        let mut profile = std::ffi::OsString::from("-env:UserInstallation=file://");
        profile.push(self.path("profile"));
        let mut command = command("/bin/sh");
        command
            .args(["-c", &script, "sh"])
            .arg(program)
            .arg(profile)
            .args(["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"])
            .args(arguments)
            .current_dir(self.folder.path())
            .envs([("PATH", "/usr/bin:/bin"), ("LANG", "C.UTF-8"), ("SAL_USE_VCLPLUGIN", "svp")])
            .env("HOME", self.folder.path())
            .env("TMPDIR", self.folder.path())
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| failed(&error))?;
        let ended = wait(&mut child, Duration::from_secs(seconds));
        end_group(&child);
        let _ = child.wait();
        match ended {
            Ok(true) => Ok(()),
            Ok(false) => Err(Refusal::over_limit("conversion-seconds", format!("it took more than {seconds} seconds"))),
            Err(error) => Err(failed(&error)),
        }
    }
}

/// Waits for the end of a process; false when it takes longer. How it ended says nothing: LibreOffice reports success even
/// where it wrote nothing.
fn wait(child: &mut Child, most: Duration) -> io::Result<bool> {
    let begun = Instant::now();
    while begun.elapsed() < most {
        if child.try_wait()?.is_some() {
            return Ok(true);
        }
        std::thread::sleep(PAUSE);
    }
    Ok(false)
}

/// Kills a process with all that it started.
#[cfg(unix)]
fn end_group(child: &Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if let Some(group) = group {
        let _ = kill_process_group(group, Signal::KILL); // it is an error when nobody is left
    }
}

/// Nothing is converted on this system.
#[cfg(not(unix))]
fn end_group(_child: &Child) {}

/// The profile: macros off, links left alone, and a proxy that is not there in place of the network.
fn profile() -> String {
    let proxies = ["HTTP", "HTTPS"]
        .map(|scheme| [(format!("ooInet{scheme}ProxyName"), "127.0.0.1"), (format!("ooInet{scheme}ProxyPort"), "9")]);
    let mut items: Vec<(String, String, String)> = SETTINGS
        .iter()
        .map(|(path, name, value)| (format!("Office.{path}"), (*name).to_owned(), (*value).to_owned()))
        .collect();
    items.push(("Inet/Settings".to_owned(), "ooInetProxyType".to_owned(), "1".to_owned()));
    for (name, value) in proxies.into_iter().flatten() {
        items.push(("Inet/Settings".to_owned(), name, value.to_owned()));
    }
    let items: String = items
        .iter()
        .map(|(path, name, value)| {
            format!(
                "<item oor:path=\"/org.openoffice.{path}\"><prop oor:name=\"{name}\" oor:op=\"fuse\"><value>{value}\
                 </value></prop></item>"
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><oor:items xmlns:oor=\"http://openoffice.org/2001/registry\">{items}\
         </oor:items>"
    )
}

#[allow(clippy::disallowed_methods)] // in a private folder, which nothing is released from
fn create(path: &Path) -> io::Result<File> {
    File::create_new(path)
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    io::Write::write_all(&mut create(path)?, bytes)
}
