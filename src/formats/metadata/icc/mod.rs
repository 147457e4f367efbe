//! ICC colour profiles: the colour stays, the text around it goes.
//!
//! A profile says how the numbers of a picture are meant, and no colour may change. But it also says who made it, when, with
//! what, for which device, and it has room for anything else. A profile that everybody has says nothing about anybody: those
//! of [`crate::standard_profiles`] stay as they are. Every other is written anew from the header fields and tags that colour
//! engines compute with ([`tags`]), each with no more bytes than its type needs ([`types`], [`lut`], [`elements`]), beside a
//! description and a copyright that say nothing ([`text`]). The specification is ICC.1:2022; its section numbers stand in the
//! comments. Version 2 is ICC.1:2001-04.

mod elements;
mod header;
mod listing;
mod lut;
mod tags;
mod text;
mod types;

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use self::header::Header;
use self::tags::Table;
use crate::formats::Report;
use crate::policy::{Action, Class, Policy};
use crate::standard_profiles;

/// The profile to write in the place of an embedded one; `None` when it goes, because the policy says so or because no
/// colour engine would take it. Everything that goes is reported, a kept profile too.
///
/// `bytes` begin with the profile; what follows its end goes. `carrier` names what it is embedded in, for example `iCCP`, and
/// `place` the part of the file.
pub(crate) fn clean<'a>(
    bytes: &'a [u8],
    carrier: &str,
    place: &str,
    policy: &Policy,
    report: &mut Report,
) -> Option<Cow<'a, [u8]>> {
    let action = policy.action(Class::ColourProfile);
    neutral(bytes, carrier, place, action, report).filter(|_| action == Action::Keep)
}

/// As [`clean`], for a profile that is part of what colours are, as in a PDF: it stays whatever the policy says.
pub(crate) fn keep<'a>(bytes: &'a [u8], carrier: &str, place: &str, report: &mut Report) -> Option<Cow<'a, [u8]>> {
    neutral(bytes, carrier, place, Action::Keep, report)
}

/// The neutral profile, reported under `action`.
fn neutral<'a>(
    bytes: &'a [u8],
    carrier: &str,
    place: &str,
    action: Action,
    report: &mut Report,
) -> Option<Cow<'a, [u8]>> {
    let Some(profile) = header::profile(bytes) else {
        report.removed_bytes(Class::ContentUnknown, format!("{carrier} (broken)"), place, bytes.len());
        return None;
    };
    let behind = bytes.len().saturating_sub(profile.len());
    if behind > 0 {
        report.removed_bytes(Class::ContentTrailingBytes, "bytes after the colour profile", place, behind);
    }
    let Some((header, table)) = parse(profile) else {
        let item = format!("{carrier} (no colour engine takes it)");
        report.removed_bytes(Class::ColourProfile, item, place, profile.len());
        return None;
    };
    let cleaned = if is_standard(profile) {
        Cow::Borrowed(profile)
    } else {
        let rebuilt = table.write(&header);
        if rebuilt != profile {
            listing::list(profile, &header, &table, place, report);
        }
        Cow::Owned(rebuilt)
    };
    report.hit(Class::ColourProfile, action, carrier, place, 1, profile.len() as u64);
    Some(cleaned)
}

/// Whether [`clean`] would find a profile in these bytes that a colour engine takes.
pub(crate) fn is_usable(bytes: &[u8]) -> bool {
    header::profile(bytes).and_then(parse).is_some()
}

fn parse(profile: &[u8]) -> Option<(Header, Table)> {
    let header = Header::parse(profile)?;
    let table = Table::parse(profile, &header)?;
    Some((header, table))
}

fn is_standard(profile: &[u8]) -> bool {
    standard_profiles::name(&Sha256::digest(profile).into()).is_some()
}
