//! The proof of a GIF: same screen, palettes, timing and colour indexes, same composed frames, no other block, one end.
//!
//! The colour indexes are hashed as a decoder unpacks them, so that the division into sub-blocks and what stands behind the
//! last pixel do not matter.

mod pixels;

use crate::formats::{Context, Report};
use crate::kind::Kind;
use crate::prove::picture::{self, EssenceHash};
use crate::prove::{Check, Essence, Prover, Side, profile};
use crate::refusal::Refusal;

/// Proves GIF files.
pub(super) struct GifProver;

impl Prover for GifProver {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Gif]
    }

    fn essence(&self, _kind: Kind, bytes: &[u8], side: Side, context: &Context<'_>) -> Result<Essence, Refusal> {
        let file = File::read(bytes)?;
        let mut hash = EssenceHash::default();
        hash.part("screen", file.screen);
        profile::add(file.profile().as_deref(), side, context, &mut hash);
        let mut control: &[u8] = &[];
        for part in &file.parts {
            match part {
                Part::Control { data, .. } => control = data.get(1..5).unwrap_or_default(),
                Part::Application { name, data } if is_repetitions(name) => {
                    if let Some(number) = repetitions(data) {
                        hash.part("repetitions", number);
                    }
                }
                Part::Picture { descriptor, bits, data } => {
                    hash.part("control", std::mem::take(&mut control));
                    hash.part("descriptor", descriptor);
                    let count = pixels::count(descriptor);
                    context.charge_decompressed(count)?;
                    hash.pieces("pixels", |take| pixels::decode(*bits, &joined(data), count, false, take).map(drop))?;
                }
                Part::Application { .. } | Part::Other(_) | Part::Zero => {}
            }
        }
        Ok(hash.finish())
    }

    fn verify(
        &self,
        kind: Kind,
        input: &[u8],
        output: &[u8],
        _report: &Report,
        context: &Context<'_>,
    ) -> Result<Vec<Check>, Refusal> {
        let (before, after) = (File::read(input)?, File::read(output)?);
        let mut checks = vec![after.check_leftovers(context)?, picture::compare(kind, input, output, context)?];
        let (before, after) = (before.profile(), after.profile());
        checks.extend(profile::verify(before.as_deref().as_slice(), after.as_deref().as_slice())?);
        Ok(checks)
    }

    fn payloads(
        &self,
        _kind: Kind,
        bytes: &[u8],
        _context: &Context<'_>,
        visit: &mut dyn FnMut(&str, &[u8]),
    ) -> Result<(), Refusal> {
        visit("", bytes);
        if let Some(profile) = File::read(bytes)?.profile() {
            visit("colour profile", &profile);
        }
        Ok(())
    }
}

/// A part of a file. Data stands with the sizes of its sub-blocks, the empty one at the end included.
enum Part<'a> {
    /// Graphic control extension.
    Control { data: &'a [u8] },
    /// Application extension without the sub-block that holds its name.
    Application { name: &'a [u8], data: &'a [u8] },
    /// Image descriptor with its palette, code size and compressed pixels.
    Picture { descriptor: &'a [u8], bits: u8, data: &'a [u8] },
    /// Another extension, by its label.
    Other(u8),
    /// A zero between parts.
    Zero,
}

/// A GIF up to its trailer.
struct File<'a> {
    /// Signature, screen descriptor, global palette.
    screen: &'a [u8],
    parts: Vec<Part<'a>>,
    /// Bytes behind the trailer.
    behind: usize,
}

fn cut_off() -> Refusal {
    Refusal::damaged("the file ends inside a block")
}

/// Splits off `size` bytes.
fn split(bytes: &[u8], size: usize) -> Result<(&[u8], &[u8]), Refusal> {
    bytes.split_at_checked(size).ok_or_else(cut_off)
}

/// Splits off sub-blocks with the empty one at their end.
fn split_data(bytes: &[u8]) -> Result<(&[u8], &[u8]), Refusal> {
    let mut end = 0_usize;
    loop {
        let size = usize::from(*bytes.get(end).ok_or_else(cut_off)?);
        end = end.saturating_add(1).saturating_add(size);
        if size == 0 {
            return split(bytes, end);
        }
    }
}

/// Colours of a palette, times three.
fn palette(flags: u8) -> usize {
    if flags < 0x80 { 0 } else { 6_usize << (flags & 7) }
}

impl<'a> File<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let flags = *bytes.get(10).ok_or_else(cut_off)?;
        let (screen, mut rest) = split(bytes, 13_usize.saturating_add(palette(flags)))?;
        let mut parts = Vec::new();
        loop {
            let (first, after) = split(rest, 1)?;
            rest = match first {
                [0x3b] => return Ok(Self { screen, parts, behind: after.len() }),
                [0x00] => {
                    parts.push(Part::Zero);
                    after
                }
                [0x2c] => {
                    let flags = *after.get(8).ok_or_else(cut_off)?;
                    let (descriptor, after) = split(after, 9_usize.saturating_add(palette(flags)))?;
                    let (bits, after) = after.split_first().ok_or_else(cut_off)?;
                    let (data, after) = split_data(after)?;
                    parts.push(Part::Picture { descriptor, bits: *bits, data });
                    after
                }
                [0x21] => {
                    let (label, after) = after.split_first().ok_or_else(cut_off)?;
                    let (data, after) = split_data(after)?;
                    parts.push(match label {
                        0xf9 => Part::Control { data },
                        0xff => {
                            let size = usize::from(data.first().copied().unwrap_or_default());
                            let (name, data) = split(data.get(1..).unwrap_or_default(), size)?;
                            Part::Application { name, data }
                        }
                        label => Part::Other(*label),
                    });
                    after
                }
                _ => return Err(Refusal::damaged("no block begins where one should")),
            };
        }
    }

    /// The first colour profile that is one.
    fn profile(&self) -> Option<Vec<u8>> {
        self.parts.iter().find_map(|part| match part {
            Part::Application { name: b"ICCRGBG1012", data } => profile::usable(&joined(data)).map(<[u8]>::to_vec),
            _ => None,
        })
    }

    /// Checks that the copy holds nothing but what belongs there.
    fn check_leftovers(&self, context: &Context<'_>) -> Result<Check, Refusal> {
        let left = |what: &str| Err(Refusal::unprovable(format!("the copy still holds {what}")));
        if self.behind > 0 {
            return left("bytes behind its end");
        }
        let (mut frames, mut profiles, mut controlled) = (0_usize, 0_usize, false);
        for part in &self.parts {
            match part {
                Part::Control { data } => {
                    if data.len() != 6 || data.first() != Some(&4) || std::mem::replace(&mut controlled, true) {
                        return left("a graphic control that does not belong there");
                    }
                }
                Part::Application { name: b"ICCRGBG1012", data } => {
                    let data = joined(data);
                    profiles = profiles.saturating_add(1);
                    if profiles > 1 || !profile::is_whole(&data) {
                        return left("bytes beside a colour profile");
                    }
                }
                Part::Application { name, data } => {
                    if !is_repetitions(name) || !matches!(data, [3, 1, _, _, 0]) {
                        return left("an application extension");
                    }
                }
                Part::Picture { descriptor, bits, data } => {
                    frames = frames.saturating_add(1);
                    controlled = false;
                    let count = pixels::count(descriptor);
                    context.charge_decompressed(count)?;
                    if !pixels::decode(*bits, &joined(data), count, true, &mut |_| {})? {
                        return left("bytes behind a compressed picture");
                    }
                }
                Part::Other(label) => return left(&format!("an extension 0x{label:02X}")),
                Part::Zero => return left("zeros between its blocks"),
            }
        }
        if controlled {
            return left("a graphic control without a picture");
        }
        Ok(Check::new("nothing-left", format!("pictures: {frames}, one end, no metadata")))
    }
}

/// Whether an application extension states how often an animation is shown.
fn is_repetitions(name: &[u8]) -> bool {
    matches!(name, b"NETSCAPE2.0" | b"ANIMEXTS1.0")
}

/// The number in the first sub-block of three bytes that begins with 1.
fn repetitions(mut data: &[u8]) -> Option<&[u8]> {
    loop {
        let (size, rest) = data.split_first().filter(|(size, _)| **size > 0)?;
        let (part, rest) = rest.split_at_checked(usize::from(*size))?;
        if let [1, number @ ..] = part
            && number.len() == 2
        {
            return Some(number);
        }
        data = rest;
    }
}

/// The contents of sub-blocks without their sizes.
fn joined(mut data: &[u8]) -> Vec<u8> {
    let mut contents = Vec::with_capacity(data.len());
    while let Some((size, rest)) = data.split_first() {
        let (part, rest) = rest.split_at_checked(usize::from(*size)).unwrap_or((rest, &[]));
        contents.extend_from_slice(part);
        data = rest;
    }
    contents
}
