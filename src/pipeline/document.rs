//! Documents about a run, at places that the user names.

use std::io::{self, Write};
use std::path::Path;

use super::publish::sync_folder;

/// Writes a document that only its owner can read, whole or not at all. A document of this name is replaced.
///
/// # Errors
/// When it cannot be written.
pub fn write_document(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut staged = tempfile::Builder::new().prefix(".fieldstrip-").tempfile_in(folder)?;
    staged.write_all(bytes)?;
    staged.as_file().sync_all()?;
    staged.persist(path).map_err(|error| error.error)?;
    sync_folder(folder)
}
