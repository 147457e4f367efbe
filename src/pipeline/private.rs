//! Files about a run that only their owner may read: the report, a signature, decisions, what a user has exported.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::publish::sync_folder;

/// Writes such a file, whole or not at all, in place of one of the same name.
///
/// # Errors
/// When its folder cannot be written to; what was there before stays.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace(path, folder_of(path), |out| out.write_all(bytes))
}

/// As [`write_private`], with what `fill` writes. The file comes into being in `staging`, a folder on the same file system.
pub(super) fn replace(
    path: &Path,
    staging: &Path,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    // Temporary files are made with mode 0600.
    let mut out = BufWriter::new(tempfile::Builder::new().prefix(".fieldstrip-").tempfile_in(staging)?);
    fill(&mut out)?;
    let staged = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    staged.as_file().sync_all()?;
    staged.persist(path).map_err(|error| error.error)?;
    sync_folder(folder_of(path))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
