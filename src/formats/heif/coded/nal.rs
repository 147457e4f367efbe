//! AVC and HEVC as their NAL units, and the supplemental enhancement information (SEI) among them
//! (ITU-T H.264 and H.265, sections 7.3 and 7.4, annexes D; ISO/IEC 14496-15, sections 5.3.3 and 8.3.3).

use std::borrow::Cow;

use super::super::pool::Edit;
use crate::formats::Report;
use crate::formats::bmff::{Fields, half};
use crate::formats::metadata::removed_text;
use crate::policy::Class;
use crate::refusal::Refusal;

/// A coding whose units are NAL units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Codec {
    Avc,
    Hevc,
}

/// What a NAL unit is good for.
enum Role {
    /// A decoder needs it.
    Picture,
    /// Supplemental enhancement information.
    Sei,
    /// Bytes without a meaning, to fill a channel.
    Filler,
    /// Reserved, or left to applications.
    Unknown(u8),
}

impl Codec {
    /// Size of the header of a unit.
    fn header(self) -> usize {
        match self {
            Self::Avc => 1,
            Self::Hevc => 2,
        }
    }

    fn role(self, nal: &[u8]) -> Option<Role> {
        let first = *nal.first().filter(|_| nal.len() >= self.header())?;
        Some(match self {
            Self::Avc => match first & 0x1f {
                1..=5 | 7..=11 | 13..=15 | 19..=21 => Role::Picture,
                6 => Role::Sei,
                12 => Role::Filler,
                other => Role::Unknown(other),
            },
            Self::Hevc => match (first >> 1) & 0x3f {
                0..=37 => Role::Picture,
                38 => Role::Filler,
                39 | 40 => Role::Sei,
                other => Role::Unknown(other),
            },
        })
    }
}

/// One message of a unit of supplemental enhancement information.
struct Message<'a> {
    kind: usize,
    /// With type and size.
    whole: &'a [u8],
    payload: &'a [u8],
}

fn broken() -> Refusal {
    Refusal::damaged("a coded picture is not made of whole NAL units")
}

/// Takes out the units that no decoder needs, and the messages that change no picture.
pub(super) fn edits(
    codec: Codec,
    size_of_size: usize,
    bytes: &[u8],
    report: &mut Report,
) -> Result<Vec<Edit>, Refusal> {
    let mut edits = Vec::new();
    let mut fields = Fields(bytes);
    while !fields.0.is_empty() {
        let start = bytes.len().saturating_sub(fields.0.len());
        let size = fields.small(size_of_size).ok().and_then(|size| usize::try_from(size).ok()).ok_or_else(broken)?;
        let nal = fields.take(size).map_err(|_| broken())?;
        let end = bytes.len().saturating_sub(fields.0.len());
        match cleaned(codec, nal, report)? {
            Some(Cow::Borrowed(_)) => {}
            Some(Cow::Owned(nal)) => {
                // It became shorter: the number of bytes fits.
                let size = (nal.len() as u64).to_be_bytes();
                let size = size.get(8_usize.saturating_sub(size_of_size)..).unwrap_or_default();
                edits.push(Edit { start, end, with: [size, &nal].concat() });
            }
            None => edits.push(Edit { start, end, with: Vec::new() }),
        }
    }
    Ok(edits)
}

/// What stays of a unit.
fn cleaned<'a>(codec: Codec, nal: &'a [u8], report: &mut Report) -> Result<Option<Cow<'a, [u8]>>, Refusal> {
    match codec.role(nal).ok_or_else(broken)? {
        Role::Picture => Ok(Some(Cow::Borrowed(nal))),
        Role::Sei => sei(codec, nal, report),
        Role::Filler => {
            report.removed_bytes(Class::ContentUnreferenced, "NAL unit of filler", "", nal.len());
            Ok(None)
        }
        Role::Unknown(kind) => {
            report.removed_bytes(Class::ContentUnknown, format!("NAL unit of type {kind}"), "", nal.len());
            Ok(None)
        }
    }
}

/// The messages of a unit that tell how the picture is to be shown.
fn sei<'a>(codec: Codec, nal: &'a [u8], report: &mut Report) -> Result<Option<Cow<'a, [u8]>>, Refusal> {
    let (header, escaped) = nal.split_at_checked(codec.header()).ok_or_else(broken)?;
    let payload = unescaped(escaped);
    let (mut stay, mut all) = (Vec::new(), true);
    for message in messages(&payload)? {
        match fate(codec, &message) {
            None => stay.push(message.whole),
            Some((class, item)) => {
                all = false;
                // Before the text stands the number of who wrote it.
                let text = if message.kind == 5 { message.payload.get(16..).unwrap_or_default() } else { &[] };
                match text.is_empty() {
                    true => report.removed_bytes(class, item, "", message.payload.len()),
                    false => removed_text(report, class, item, text),
                }
            }
        }
    }
    Ok(match (all, stay.is_empty()) {
        (true, _) => Some(Cow::Borrowed(nal)),
        (_, true) => None,
        _ => Some(Cow::Owned([header, &escape(&[stay.concat().as_slice(), &[0x80]].concat())].concat())),
    })
}

/// Why a message goes, with its name; `None` when it stays (ITU-T H.265, table D.1).
fn fate(codec: Codec, message: &Message<'_>) -> Option<(Class, String)> {
    match message.kind {
        // The picture timing of AVC holds the time of day.
        1 if codec == Codec::Avc => Some((Class::MetadataDates, "SEI picture timing".to_owned())),
        4 if is_hdr10_plus(message.payload) => None,
        // Buffering, timing, recovery point, tone mapping, frame packing, orientation, parameter sets, decoding units, hash.
        0 | 1 | 6 | 23 | 45 | 47 | 129 | 130 | 132 => None,
        // Mastering display, colour remapping, light level, transfer, ambience, content volume, projections, alpha.
        137 | 142 | 144 | 147..=151 | 154 | 155 | 165 => None,
        4 => Some((Class::MetadataOther, "SEI user data ITU-T T.35".to_owned())),
        5 => Some((Class::MetadataSoftware, "SEI user data".to_owned())),
        136 => Some((Class::MetadataDates, "SEI time code".to_owned())),
        kind => Some((Class::MetadataOther, format!("SEI message of type {kind}"))),
    }
}

/// Whether data of ITU-T T.35 is the dynamic tone mapping of SMPTE ST 2094-40, which decides how bright a picture looks:
/// United States, Samsung, the application's code and number.
pub(super) fn is_hdr10_plus(data: &[u8]) -> bool {
    data.starts_with(&[0xb5, 0x00, 0x3c, 0x00, 0x01, 0x04])
}

/// The messages of a unit; behind them stands one bit.
fn messages(payload: &[u8]) -> Result<Vec<Message<'_>>, Refusal> {
    let mut messages = Vec::new();
    let mut fields = Fields(payload);
    while !matches!(fields.0, [0x80, rest @ ..] if rest.iter().all(|byte| *byte == 0)) {
        let before = fields.0;
        let kind = number(&mut fields)?;
        let size = number(&mut fields)?;
        let payload = fields.take(size).map_err(|_| broken())?;
        let whole = before.get(..before.len().saturating_sub(fields.0.len())).unwrap_or_default();
        messages.push(Message { kind, whole, payload });
    }
    Ok(messages)
}

/// Type or size of a message: 255 for every byte but the last.
fn number(fields: &mut Fields<'_>) -> Result<usize, Refusal> {
    let mut value = 0_usize;
    loop {
        let byte = fields.take(1).map_err(|_| broken())?.first().copied().unwrap_or_default();
        value = value.saturating_add(usize::from(byte));
        if byte != 0xff {
            return Ok(value);
        }
    }
}

/// Without the bytes that keep start codes from occurring in a unit.
fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut zeros = 0_usize;
    for byte in bytes {
        if zeros >= 2 && *byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if *byte == 0 { zeros.saturating_add(1) } else { 0 };
        plain.push(*byte);
    }
    plain
}

fn escape(plain: &[u8]) -> Vec<u8> {
    let mut escaped = Vec::with_capacity(plain.len());
    let mut zeros = 0_usize;
    for byte in plain {
        if zeros >= 2 && *byte <= 3 {
            escaped.push(3);
            zeros = 0;
        }
        zeros = if *byte == 0 { zeros.saturating_add(1) } else { 0 };
        escaped.push(*byte);
    }
    escaped
}

/// The contents of `hvcC`: 22 bytes and lists of units.
pub(super) fn hevc_config(data: &[u8], report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let mut fields = Fields(data);
    let mut cleaned_config = fields.take(22)?.to_vec();
    let mut lists: Vec<Vec<u8>> = Vec::new();
    for _ in 0..fields.small(1)? {
        let kind = fields.take(1)?;
        let mut units: Vec<Vec<u8>> = Vec::new();
        for _ in 0..fields.small(2)? {
            if let Some(nal) = cleaned(Codec::Hevc, sized(&mut fields)?, report)? {
                units.push([&half(nal.len())?, nal.as_ref()].concat());
            }
        }
        if !units.is_empty() {
            lists.push([kind, &half(units.len())?, &units.concat()].concat());
        }
    }
    cleaned_config.push(u8::try_from(lists.len()).unwrap_or(u8::MAX));
    cleaned_config.extend(lists.concat());
    report_rest(fields.0, "bytes behind hvcC", report);
    Ok(cleaned_config)
}

/// The contents of `avcC`: six bytes and lists of parameter sets, with four bytes and one more list for high profiles.
pub(super) fn avc_config(data: &[u8], report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let mut fields = Fields(data);
    fields.take(5)?;
    let count = fields.small(1)? & 0x1f;
    parameters(&mut fields, count)?;
    let count = fields.small(1)?;
    parameters(&mut fields, count)?;
    if matches!(data.get(1), Some(100 | 110 | 122 | 144)) && fields.0.len() >= 4 {
        fields.take(3)?;
        let count = fields.small(1)?;
        parameters(&mut fields, count)?;
    }
    report_rest(fields.0, "bytes behind avcC", report);
    Ok(data.get(..data.len().saturating_sub(fields.0.len())).unwrap_or_default().to_vec())
}

/// Goes past a list of parameter sets of AVC.
fn parameters(fields: &mut Fields<'_>, count: u32) -> Result<(), Refusal> {
    for _ in 0..count {
        if !matches!(Codec::Avc.role(sized(fields)?), Some(Role::Picture)) {
            return Err(broken());
        }
    }
    Ok(())
}

/// The next unit, behind its size in two bytes.
fn sized<'a>(fields: &mut Fields<'a>) -> Result<&'a [u8], Refusal> {
    let size = fields.small(2)?;
    fields.take(usize::try_from(size).unwrap_or(usize::MAX))
}

fn report_rest(rest: &[u8], item: &str, report: &mut Report) {
    if !rest.is_empty() {
        report.removed_bytes(Class::ContentTrailingBytes, item, "", rest.len());
    }
}
