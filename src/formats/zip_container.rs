//! The ZIP container: checked before anything in it is trusted, read member by member, written anew.
//!
//! Two programs may read one ZIP file differently: by the directory or by the local headers, the first of two members with
//! one name or the last. Whatever is ambiguous is refused, because the cleaned copy and the original would not be the same
//! document to everybody. Sizes are counted on the stream as it inflates, never believed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};

use zip::read::ZipFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

use super::links::percent_decode;
use super::{Context, Report};
use crate::policy::Class;
use crate::refusal::{Reason, Refusal};

/// Flags of a member: it is encrypted; its checksum and sizes follow its data.
const ENCRYPTED: u16 = 1;
const DESCRIBED_BEHIND: u16 = 1 << 3;
/// Names that stand for devices on Windows, in any folder and with any extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
/// Devices that have a number from 1 to 9 too.
const NUMBERED_DEVICES: [&str; 2] = ["com", "lpt"];

/// Members above this size must not be packed tighter than the limit on ratios.
const RATIO_FROM: u64 = 1 << 20;

/// A member of the container.
struct Member {
    index: usize,
    name: String,
    size: u64,
    packed: u64,
}

/// An open package: its members by [`key`].
pub(super) struct Container<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    members: BTreeMap<String, Member>,
}

impl<'a> Container<'a> {
    /// Opens a package and reports what the container itself tells: time stamps, comments, extra fields.
    ///
    /// # Errors
    /// [`Reason::Damaged`] for a container that is broken or ambiguous, [`Reason::Encrypted`] for locked members,
    /// [`Reason::OverLimit`] for too many members.
    pub(super) fn open(bytes: &'a [u8], context: &Context<'_>, report: &mut Report) -> Result<Self, Refusal> {
        let broken = |_| Refusal::damaged("the ZIP container is broken");
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
        if archive.len() as u64 > context.limits.archive_members {
            return Err(Refusal::over_limit("archive-members", format!("{} members", archive.len())));
        }
        if archive.has_duplicate_names() {
            return Err(Refusal::damaged("two members of the ZIP container have the same name"));
        }
        if archive.has_overlapping_entries().map_err(broken)? {
            return Err(Refusal::damaged("members of the ZIP container overlap"));
        }
        let mut members = BTreeMap::new();
        let mut locals = BTreeSet::new();
        for index in 0..archive.len() {
            let file = archive.by_index_raw(index).map_err(broken)?;
            let local = Local::read(bytes, file.header_start())
                .ok_or_else(|| Refusal::damaged("a member of the ZIP container has no header"))?;
            if file.encrypted() || local.flags & ENCRYPTED != 0 {
                return Err(Refusal::encrypted("members of the ZIP container are encrypted"));
            }
            // Some old programs wrote Windows paths; every reader takes them as folders.
            let name = file.name().map_err(broken)?.replace('\\', "/");
            check_name(&name)?;
            local.check(&file)?;
            locals.insert(file.header_start());
            report_member(&file, report);
            let (size, packed) = (file.size(), file.compressed_size());
            if name.ends_with('/') {
                if size > 0 {
                    return Err(Refusal::damaged("a folder of the ZIP container has content"));
                }
                continue;
            }
            if members.insert(key(&name), Member { index, name, size, packed }).is_some() {
                return Err(Refusal::damaged("names of members differ in upper and lower case only"));
            }
        }
        let comment = archive.comment().len();
        if comment > 0 {
            report.removed_bytes(Class::MetadataContainer, "ZIP comment", "", comment);
        }
        if locals.first().is_some_and(|first| *first > 0) {
            report.removed(Class::ContentTrailingBytes, "bytes before the ZIP container", "");
        }
        Ok(Self { archive, members })
    }

    /// The name of a member as it is written in the container.
    pub(super) fn name(&self, key: &str) -> Option<&str> {
        self.members.get(key).map(|member| member.name.as_str())
    }

    /// The size of a member as the container claims it.
    pub(super) fn claimed_size(&self, key: &str) -> usize {
        self.members.get(key).map_or(0, |member| usize::try_from(member.size).unwrap_or(usize::MAX))
    }

    /// The keys of all members, sorted.
    pub(super) fn keys(&self) -> Vec<String> {
        self.members.keys().cloned().collect()
    }

    /// Inflates a member, which is counted against the budget of the document.
    ///
    /// # Errors
    /// [`Reason::OverLimit`] when the budget or the ratio is exceeded, [`Reason::Damaged`] when the data is broken.
    pub(super) fn read(&mut self, key: &str, context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
        let member = self.members.get(key).ok_or_else(|| Refusal::damaged("a part is missing").in_part(key))?;
        let name = member.name.clone();
        let damaged = || Refusal::damaged("the compressed data is broken").in_part(name.clone());
        let (claimed, ratio) = (member.size, context.limits.compression_ratio);
        if claimed > member.packed.saturating_mul(ratio).max(RATIO_FROM) {
            let detail = format!("a member unpacks to over {ratio} times its size");
            return Err(Refusal::over_limit("compression-ratio", detail).in_part(name));
        }
        if is_xml(key) {
            context.limits.xml().check_size(self.claimed_size(key)).map_err(|refusal| refusal.in_part(name.clone()))?;
        }
        // The claim is held to the budget before anything is unpacked, and what is unpacked is held to the claim.
        context.charge_decompressed(claimed).map_err(|refusal| refusal.in_part(name.clone()))?;
        let file = self.archive.by_index(member.index).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(_) => {
                Refusal::unsupported("the ZIP container uses a compression that Office does not").in_part(name.clone())
            }
            _ => damaged(),
        })?;
        let mut bytes = Vec::with_capacity(usize::try_from(claimed).unwrap_or_default());
        file.take(claimed.saturating_add(1)).read_to_end(&mut bytes).map_err(|_| damaged())?;
        if bytes.len() as u64 != claimed {
            return Err(damaged());
        }
        Ok(bytes)
    }
}

/// True for names of XML parts.
fn is_xml(key: &str) -> bool {
    [".xml", ".rels", ".vml"].iter().any(|extension| key.ends_with(extension))
}

/// What a member tells besides its content.
fn report_member(file: &ZipFile<'_, impl Read>, report: &mut Report) {
    if file.last_modified().is_some_and(|time| time != DateTime::default() && time.is_valid()) {
        report.removed(Class::MetadataContainer, "ZIP time stamp", "");
    }
    if !file.comment_raw().is_empty() {
        report.removed(Class::MetadataContainer, "ZIP member comment", "");
    }
    if file.extra_data().is_some_and(|extra| !extra.is_empty()) {
        report.removed(Class::MetadataContainer, "ZIP extra field", "");
    }
}

/// Refuses names that could escape a folder or mean different things to different programs.
///
/// # Errors
/// [`crate::Reason::Damaged`].
fn check_name(name: &str) -> Result<(), Refusal> {
    let unsafe_name = name.is_empty()
        || name.starts_with('/')
        || name.chars().any(char::is_control)
        || name.split('/').any(|step| step == ".." || is_device(step))
        || name.contains(':');
    if unsafe_name { Err(Refusal::damaged("a member of the ZIP container has an unsafe name")) } else { Ok(()) }
}

/// What names are compared by: they are equal whatever their case and their percent-encoding.
pub(super) fn key(name: &str) -> String {
    percent_decode(name.trim_start_matches('/')).to_lowercase()
}

/// True for a step of a path that Windows takes for a device.
fn is_device(step: &str) -> bool {
    let stem = step.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let numbered = |device: &str| {
        stem.strip_prefix(device).is_some_and(|rest| rest.len() == 1 && matches!(rest.as_bytes(), [b'1'..=b'9']))
    };
    DEVICES.contains(&stem.as_str()) || NUMBERED_DEVICES.into_iter().any(numbered)
}

/// The header in front of the data of a member (APPNOTE 4.3.7).
struct Local<'b> {
    flags: u16,
    method: u16,
    checksum: u32,
    packed: u32,
    size: u32,
    name: &'b [u8],
}

impl<'b> Local<'b> {
    /// The header at `start`.
    fn read(bytes: &'b [u8], start: u64) -> Option<Self> {
        let (head, rest) = bytes.get(usize::try_from(start).ok()?..)?.split_first_chunk::<30>()?;
        let short = |at: usize| Some(u16::from_le_bytes([*head.get(at)?, *head.get(at.checked_add(1)?)?]));
        let long = |at: usize| Some(u32::from(short(at)?) | u32::from(short(at.checked_add(2)?)?) << 16);
        Some(Self {
            flags: short(6)?,
            method: short(8)?,
            checksum: long(14)?,
            packed: long(18)?,
            size: long(22)?,
            name: rest.get(..usize::from(short(26)?))?,
        })
    }

    /// Refuses a member of which the directory says something else: programs that read the one or the other would not see
    /// the same document.
    ///
    /// # Errors
    /// [`Reason::Damaged`].
    fn check(&self, file: &ZipFile<'_, impl Read>) -> Result<(), Refusal> {
        if self.name != file.name_raw() {
            return Err(Refusal::damaged("a member of the ZIP container has two names"));
        }
        let same_method = match file.compression() {
            CompressionMethod::Stored => self.method == 0,
            CompressionMethod::Deflated => self.method == 8,
            _ => true, // refused where the member is read
        };
        // Sizes of ZIP64 stand elsewhere.
        let same = |local: u32, size: u64| local == u32::MAX || u64::from(local) == size;
        let described = self.flags & DESCRIBED_BEHIND != 0
            || (self.checksum == file.crc32()
                && same(self.packed, file.compressed_size())
                && same(self.size, file.size()));
        if same_method && described {
            return Ok(());
        }
        Err(Refusal::damaged("the two headers of a member of the ZIP container differ"))
    }
}

/// How a container is laid out.
pub(super) struct Layout {
    /// The members that come first, in this order; the others follow, sorted by name.
    pub(super) leading: &'static [&'static str],
    /// The member that is stored, because programs look for its text at a fixed place.
    pub(super) stored: Option<&'static str>,
}

/// Writes a container: always in one order, with one date, one host and one set of permissions.
///
/// # Errors
/// [`Reason::Internal`] when writing to memory fails.
pub(super) fn write(members: &BTreeMap<String, Vec<u8>>, layout: &Layout, out: &mut dyn Write) -> Result<(), Refusal> {
    let failed = |_| Refusal::new(Reason::Internal, "the copy could not be written");
    let options = SimpleFileOptions::default()
        .last_modified_time(DateTime::default())
        .system(System::Unix)
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let rank = |name: &str| layout.leading.iter().position(|leading| *leading == name).unwrap_or(usize::MAX);
    let mut sorted: Vec<(&String, &Vec<u8>)> = members.iter().collect();
    sorted.sort_by_key(|(name, _)| (rank(name), *name));
    for (name, bytes) in sorted {
        let stored = layout.stored == Some(name.as_str());
        let method = if stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        writer.start_file(name.as_str(), options.compression_method(method)).map_err(failed)?;
        writer.write_all(bytes).map_err(|_| Refusal::new(Reason::Internal, "the copy could not be written"))?;
    }
    let packed = writer.finish().map_err(failed)?.into_inner();
    out.write_all(&packed).map_err(|_| Refusal::new(Reason::Internal, "the copy could not be written"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_names_are_refused() {
        for name in ["", "/a", "a/../b", "..", "C:/a", "a\nb", "a/NUL", "con.xml", "a/Com1.b/c", "aux .png", "a.xml:b"]
        {
            assert!(check_name(name).is_err(), "{name:?}");
        }
        for name in ["word/media/..image.png", "word/console.xml", "com10", "a/nul1"] {
            assert!(check_name(name).is_ok(), "{name:?}");
        }
    }
}
