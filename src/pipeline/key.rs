//! The secret key of fingerprints: a file that only its owner can read, outside of every release and review folder.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::detect::Fingerprinter;

/// Bytes of a new key.
const KEY_BYTES: usize = 32;

/// A key that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("fingerprint key {path}: {what}", path = path.display())]
pub struct KeyError {
    path: PathBuf,
    what: String,
}

/// The fingerprinter of a run. The key is read from `chosen`, or from the user's configuration folder; it is made on first
/// use. When no place for it exists the key lives as long as the run: fingerprints are then comparable within it only.
///
/// # Errors
/// When a key cannot be read, or a chosen one cannot be made.
pub fn fingerprinter(chosen: Option<&Path>) -> Result<Fingerprinter, KeyError> {
    let path = chosen.map(Path::to_path_buf).or_else(default_path);
    let error = |path: &Path, what: String| KeyError { path: path.to_path_buf(), what };
    let Some(path) = path else { return ephemeral() };
    if path.exists() {
        return read(&path).map_err(|e| error(&path, e.to_string()));
    }
    let key = random()?;
    match write(&path, &key) {
        Ok(()) => Ok(Fingerprinter::new(&key)),
        // Another run may have made it in the meantime.
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => read(&path).map_err(|e| error(&path, e.to_string())),
        Err(e) if chosen.is_some() => Err(error(&path, e.to_string())),
        Err(_) => ephemeral(),
    }
}

/// As [`fingerprinter`], for commands that promise to write nothing.
///
/// # Errors
/// When an existing key cannot be read.
pub fn fingerprinter_without_writing() -> Result<Fingerprinter, KeyError> {
    match default_path() {
        Some(path) if path.exists() => read(&path).map_err(|e| KeyError { path, what: e.to_string() }),
        _ => ephemeral(),
    }
}

fn read(path: &Path) -> io::Result<Fingerprinter> {
    let key = fs::read(path)?;
    if key.len() < KEY_BYTES {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("it has fewer than {KEY_BYTES} bytes")));
    }
    Ok(Fingerprinter::new(&key))
}

fn ephemeral() -> Result<Fingerprinter, KeyError> {
    Ok(Fingerprinter::new(&random()?))
}

fn random() -> Result<[u8; KEY_BYTES], KeyError> {
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key).map_err(|error| KeyError { path: PathBuf::new(), what: error.to_string() })?;
    Ok(key)
}

fn write(path: &Path, key: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(key)?;
    file.sync_all()
}

/// `fieldstrip/fingerprint.key` in the user's configuration folder.
fn default_path() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let configuration = if cfg!(windows) {
        folder("APPDATA")
    } else {
        folder("XDG_CONFIG_HOME").or_else(|| folder("HOME").map(|home| home.join(".config")))
    };
    Some(configuration?.join("fieldstrip").join("fingerprint.key"))
}
