//! The report beside the log: written whole or not at all, for its owner only.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use super::previews::Previews;
use super::private::replace;
use crate::report::audit::FILE_NAME;
use crate::report::html::{Contents, Place};

/// Makes the report of the log at `log` and puts it in the place of `target`. It comes into being in `staging`, a folder on the
/// same file system.
///
/// # Errors
/// When the log cannot be read, or the report cannot be written.
pub(super) fn write(
    log: &Path,
    staging: &Path,
    target: &Path,
    place: Place,
    previews: Option<&Previews<'_>>,
) -> io::Result<()> {
    let mut reader = BufReader::new(File::open(log)?);
    let contents = Contents::read(&mut reader)?;
    replace(target, staging, |out| match previews {
        None => contents.write(&mut reader, place, None, out),
        Some(previews) => previews.with(log, &contents, |made| contents.write(&mut reader, place, Some(made), out)),
    })
}

/// Makes the report of the log in the review folder of an earlier run anew and puts it in the place of `target`.
///
/// # Errors
/// When the log cannot be read, or the report cannot be written. A preview that cannot be made is told in the report.
pub fn write_report(review: &Path, target: &Path, previews: Option<&Previews<'_>>) -> io::Result<()> {
    let target = std::path::absolute(target)?;
    let folder = target.parent().ok_or_else(|| io::Error::from(io::ErrorKind::IsADirectory))?;
    let is_beside = folder.canonicalize()? == review.canonicalize()?;
    let place = if is_beside { Place::BesideHeld } else { Place::Elsewhere };
    write(&review.join(FILE_NAME), folder, &target, place, previews)
}
