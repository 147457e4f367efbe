//! The code of a colour profile, in which there may be no room for anything else.

use jxl_bitstream::Bitstream;
use jxl_oxide::ImageHeader;
use jxl_oxide_common::Bundle;

use crate::refusal::Refusal;

/// What the plain code takes beside eight bits per byte: the size, and how symbols are coded.
const MOST_BESIDE: usize = 100;

/// Checks that the codestream of a copy codes its profile in the plain way: the profile's header, its other bytes as they are,
/// and one command that says so.
///
/// # Errors
/// [`crate::Reason::Unprovable`] when there is more.
pub(super) fn check(codestream: &[u8], profile: &[u8]) -> Result<(), Refusal> {
    let unreadable = || Refusal::unprovable("the colour profile of the copy cannot be read");
    let mut stream = Bitstream::new(codestream);
    ImageHeader::parse(&mut stream, ()).map_err(|_| unreadable())?;
    let start = stream.num_read_bits();
    let coded = jxl_color::icc::read_icc(&mut stream).map_err(|_| unreadable())?;
    let bits = stream.num_read_bits().saturating_sub(start);
    let behind_header = profile.get(128..).unwrap_or_default();
    // The size of the profile, that of the commands, no list of tags, one command and how many bytes it is for.
    let commands = [groups(profile.len()), 1, 1, 1, groups(behind_header.len())].into_iter().sum::<usize>();
    let is_plain = coded.len() == commands.saturating_add(profile.len())
        && coded.ends_with(behind_header)
        && bits <= coded.len().saturating_mul(8).saturating_add(MOST_BESIDE);
    if is_plain { Ok(()) } else { Err(Refusal::unprovable("the code of the copy's colour profile is not plain")) }
}

/// Groups of seven bits that a number takes.
fn groups(number: usize) -> usize {
    number.checked_ilog(128).map_or(1, |places| places as usize + 1)
}
