//! The report beside the log: written whole or not at all, for its owner only.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use super::private::replace;
use crate::report::audit::FILE_NAME;
use crate::report::html::{self, Place};

/// Makes the report of the log at `log` and puts it in the place of `target`. It comes into being in `staging`, a folder on the
/// same file system.
///
/// # Errors
/// When the log cannot be read, or the report cannot be written.
pub(super) fn write(log: &Path, staging: &Path, target: &Path, place: Place) -> io::Result<()> {
    let mut log = BufReader::new(File::open(log)?);
    replace(target, staging, |out| html::write(&mut log, place, out))
}

/// Makes the report of the log in the review folder of an earlier run anew and puts it in the place of `target`.
///
/// # Errors
/// When the log cannot be read, or the report cannot be written.
pub fn write_report(review: &Path, target: &Path) -> io::Result<()> {
    let target = std::path::absolute(target)?;
    let folder = target.parent().ok_or_else(|| io::Error::from(io::ErrorKind::IsADirectory))?;
    let is_beside = folder.canonicalize()? == review.canonicalize()?;
    let place = if is_beside { Place::BesideHeld } else { Place::Elsewhere };
    write(&review.join(FILE_NAME), folder, &target, place)
}
