//! Files that only their owner may read, beside those of the run.

use std::io::{self, Write};
use std::path::Path;

use super::publish::sync_folder;

/// Writes a file that only its owner can read, whole or not at all, in place of one of the same name.
///
/// # Errors
/// When its folder cannot be written to; what was there before stays.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".fieldstrip-").tempfile_in(folder)?; // with mode 0600
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_folder(folder)
}
