//! The folders of a run: checked before the first file, emptied of an earlier run, locked against a second one.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Component, Path, PathBuf};

use walkdir::WalkDir;

use super::Options;
use super::places::Places;
use super::publish::settle_folders;
use crate::discover::logged_path;
use crate::report::audit::{FILE_NAME, Record};
use crate::report::html;
use crate::report::log::LogReader;
use crate::report::signature;

/// Why the folders of a run cannot be used. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum FoldersError {
    /// A folder cannot be made, listed or emptied.
    #[error("{path}: {error}", path = path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Output and input overlap.
    #[error("the {what} folder {folder} and the input {input} lie in one another; choose a folder beside the input",
        folder = folder.display(), input = input.display())]
    Overlap {
        /// `release` or `review`.
        what: &'static str,
        /// The folder.
        folder: PathBuf,
        /// The input.
        input: PathBuf,
    },
    /// The review folder lies in the release folder or the other way round.
    #[error("the review folder {review} and the release folder {output} lie in one another: the log would be published; choose another --review",
        review = review.display(), output = output.display())]
    ReviewInRelease {
        /// The review folder.
        review: PathBuf,
        /// The release folder.
        output: PathBuf,
    },
    /// The release folder holds files that no earlier run made.
    #[error("{folder} holds {file}, which no earlier run made; choose an empty folder or remove it",
        folder = folder.display())]
    Foreign {
        /// The release folder, or the folder of held copies.
        folder: PathBuf,
        /// The first such file.
        file: String,
    },
    /// The log of an earlier run is broken and cannot be continued.
    #[error("the audit log {path} cannot be continued ({what}); run without --resume to start anew", path = path.display())]
    Log {
        /// The log.
        path: PathBuf,
        /// What is wrong with which line.
        what: String,
    },
    /// Another run writes into the folder right now.
    #[error("another run is writing to {}; wait for it to end", .0.display())]
    Locked(PathBuf),
}

/// The folders of a run, all absolute.
#[derive(Debug)]
pub(super) struct Folders {
    pub(super) output: PathBuf,
    pub(super) review: PathBuf,
    pub(super) held: PathBuf,
    pub(super) staging: PathBuf,
    pub(super) held_staging: PathBuf,
    /// Held for the length of the run: one for the review folder, one for the release folder.
    _locks: [File; 2],
}

impl Folders {
    /// Checks that the folders are apart from one another and from the inputs, takes the locks, and makes sure that there is
    /// nothing but what an earlier run made.
    pub(super) fn open(options: &Options, places: &Places<'_>) -> Result<Self, FoldersError> {
        let output = absolute(&options.output)?;
        let review = absolute(&options.review)?;
        check_apart(&output, &review, &options.inputs)?;
        let held = review.join("held");
        let staging = staging_beside(&output);
        let held_staging = review.join(".staging");
        make_private(&review)?;
        make(&output)?;
        let locks = [lock_with(&review.join(".lock"), &review)?, lock(&output)?];
        let known = Known::read(&review, places).map_err(io_error(&review))?;
        make(&held)?;
        for folder in [&output, &held] {
            check_no_foreign(folder, &known)?;
        }
        Ok(Self { output, review, held, staging, held_staging, _locks: locks })
    }

    /// Removes what an earlier run released, except for what is kept (a run begins with an empty release folder), and its
    /// report, and makes the staging folders.
    pub(super) fn clear(&self, kept: &BTreeSet<&Path>) -> Result<(), FoldersError> {
        let report = self.review.join(html::FILE_NAME);
        match fs::remove_file(&report) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io_error(&report)(error)),
            _ => {}
        }
        for folder in [&self.output, &self.held] {
            empty(folder, kept)?;
        }
        for folder in [&self.staging, &self.held_staging] {
            remove_if_there(folder)?;
            make_private(folder)?;
        }
        Ok(())
    }

    /// Moves the log of an earlier run aside, with its signature, and creates a new one.
    #[allow(clippy::disallowed_methods)] // the log is no released file
    pub(super) fn create_log(&self, path: &Path) -> io::Result<File> {
        if path.exists() {
            let aside = (1_u32..).map(|number| self.review.join(format!("audit.{number}.jsonl")));
            if let Some(free) = aside.take(100_000).find(|aside| !aside.exists()) {
                let (signature, signed) =
                    (self.review.join(signature::FILE_NAME), free.with_extension("jsonl.minisig"));
                if signature.exists() {
                    fs::rename(signature, signed)?;
                }
                fs::rename(path, free)?;
            }
        }
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        options.open(path)
    }

    /// Removes the signature of an earlier log: it does not hold for what is written from now on.
    pub(super) fn remove_signature(&self) -> Result<(), FoldersError> {
        let path = self.review.join(signature::FILE_NAME);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error(&path)(error)),
            _ => Ok(()),
        }
    }

    /// Removes the staging folders and an empty `held`, and settles the time stamps of folders.
    pub(super) fn finish(&self) {
        for folder in [&self.staging, &self.held_staging] {
            // Leftovers lie outside of the release folder and are removed by the next run.
            let _ = fs::remove_dir_all(folder);
        }
        for folder in [&self.output, &self.held] {
            settle_folders(folder);
        }
        let _ = fs::remove_dir(&self.held); // fails, rightly, when there are held copies
    }
}

/// The hidden sibling of the release folder in which copies come into being.
fn staging_beside(output: &Path) -> PathBuf {
    hidden_beside(output, "staging")
}

fn hidden_beside(output: &Path, what: &str) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(output.file_name().unwrap_or_default());
    name.push(format!(".fieldstrip-{what}"));
    output.with_file_name(name)
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> FoldersError + use<> {
    let path = path.to_path_buf();
    move |error| FoldersError::Io { path, error }
}

/// The absolute path of a folder that need not exist yet, links in its existing part resolved.
fn absolute(path: &Path) -> Result<PathBuf, FoldersError> {
    let full = std::path::absolute(path).map_err(io_error(path))?;
    let mut existing = full.as_path();
    let mut rest = Vec::new();
    while !existing.exists() {
        let (Some(parent), Some(name)) = (existing.parent(), existing.file_name()) else { break };
        rest.push(name.to_owned());
        existing = parent;
    }
    let mut resolved = existing.canonicalize().map_err(io_error(existing))?;
    resolved.extend(rest.into_iter().rev());
    let wanted = resolved.components().any(|part| part == Component::ParentDir);
    if wanted || resolved.file_name().is_none() {
        let error = io::Error::new(io::ErrorKind::InvalidInput, "give the folder by its name");
        return Err(FoldersError::Io { path: path.to_path_buf(), error });
    }
    Ok(resolved)
}

fn check_apart(output: &Path, review: &Path, inputs: &[PathBuf]) -> Result<(), FoldersError> {
    let overlap = |a: &Path, b: &Path| a.starts_with(b) || b.starts_with(a);
    if overlap(output, review) {
        return Err(FoldersError::ReviewInRelease { review: review.to_path_buf(), output: output.to_path_buf() });
    }
    for input in inputs {
        let full = input.canonicalize().map_err(io_error(input))?;
        for (what, folder) in [("release", output), ("review", review)] {
            if overlap(folder, &full) {
                return Err(FoldersError::Overlap { what, folder: folder.to_path_buf(), input: input.clone() });
            }
        }
    }
    Ok(())
}

fn make(folder: &Path) -> Result<(), FoldersError> {
    fs::create_dir_all(folder).map_err(io_error(folder))
}

/// Makes a folder that only its owner can look into.
fn make_private(folder: &Path) -> Result<(), FoldersError> {
    make(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(io_error(folder))?;
    }
    Ok(())
}

/// Locks the release folder, under whichever name it is given. Where a folder itself cannot be locked, a file beside it stands
/// for it, and stays.
fn lock(output: &Path) -> Result<File, FoldersError> {
    if cfg!(unix) {
        let folder = File::open(output).map_err(io_error(output))?;
        match folder.try_lock() {
            Ok(()) => return Ok(folder),
            Err(fs::TryLockError::WouldBlock) => return Err(FoldersError::Locked(output.to_path_buf())),
            Err(fs::TryLockError::Error(_)) => {} // some network file systems lock nothing but files
        }
    }
    lock_with(&hidden_beside(output, "lock"), output)
}

/// Locks a folder by a file that stands for it.
fn lock_with(path: &Path, folder: &Path) -> Result<File, FoldersError> {
    let lock = File::options().create(true).truncate(false).write(true).open(path).map_err(io_error(path))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(fs::TryLockError::WouldBlock) => Err(FoldersError::Locked(folder.to_path_buf())),
        Err(fs::TryLockError::Error(error)) => Err(io_error(path)(error)),
    }
}

/// What an earlier run may have left: the files of its log, and those that a killed run of the same inputs published before
/// it could log them. Without a log nothing is known, and a release folder must be empty.
struct Known<'a> {
    /// Where the inputs of this run go; nothing without a log.
    places: Option<&'a Places<'a>>,
    /// Names in the log that are others.
    others: BTreeSet<String>,
}

impl<'a> Known<'a> {
    fn read(review: &Path, places: &'a Places<'a>) -> io::Result<Self> {
        let mut known = Self { places: None, others: BTreeSet::new() };
        let Ok(log) = File::open(review.join(FILE_NAME)) else { return Ok(known) };
        known.places = Some(places);
        let mut log = LogReader::new(BufReader::new(log));
        while let Some(line) = log.read()? {
            // A line that does not fit the chain (the torn last line of a killed run) says nothing.
            if let Ok(Record::File(file)) = line.record {
                let names = file.copy.into_iter().chain([file.path]);
                known.others.extend(names.filter(|name| !places.is_of_input(name)));
            }
        }
        Ok(known)
    }

    fn contains(&self, name: &str) -> bool {
        self.others.contains(name) || self.places.is_some_and(|places| places.is_of_input(name))
    }
}

fn check_no_foreign(folder: &Path, known: &Known<'_>) -> Result<(), FoldersError> {
    for entry in WalkDir::new(folder).min_depth(1).sort_by_file_name() {
        let entry = entry.map_err(|error| io_error(folder)(error.into()))?;
        if entry.file_type().is_dir() {
            continue;
        }
        let name = logged_path(entry.path().strip_prefix(folder).unwrap_or(entry.path()));
        if !known.contains(&name) {
            return Err(FoldersError::Foreign { folder: folder.to_path_buf(), file: name });
        }
    }
    Ok(())
}

/// Removes everything in a folder except for the files that are kept and the folders that they lie in.
fn empty(folder: &Path, kept: &BTreeSet<&Path>) -> Result<(), FoldersError> {
    // Sorted, so that a folder is listed to its end before anything is removed from it.
    for entry in WalkDir::new(folder).min_depth(1).contents_first(true).sort_by_file_name() {
        let entry = entry.map_err(|error| io_error(folder)(error.into()))?;
        let path = entry.path();
        if !entry.file_type().is_dir() && !kept.contains(path) {
            fs::remove_file(path).map_err(io_error(path))?;
        } else if entry.file_type().is_dir()
            && let Err(error) = fs::remove_dir(path)
            && error.kind() != io::ErrorKind::DirectoryNotEmpty
        {
            return Err(io_error(path)(error));
        }
    }
    Ok(())
}

fn remove_if_there(folder: &Path) -> Result<(), FoldersError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error(folder)(error)),
        _ => Ok(()),
    }
}
