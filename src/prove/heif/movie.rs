//! A reader of image sequences, of the prover's own: the tracks of the movie that are shown, and where their samples lie.

use std::ops::Range;

use super::properties::{is_alpha_name, looks, profile_in};
use super::units;
use super::walk::{Atom, Numbers, atoms, broken};
use crate::formats::Context;
use crate::prove::picture::EssenceHash;
use crate::prove::{Side, profile};
use crate::refusal::Refusal;

/// Boxes of a sample entry that a decoder or viewer acts on, beside its configuration.
pub(super) const ENTRY_LOOKS: [&[u8; 4]; 9] =
    [b"colr", b"pasp", b"clap", b"clli", b"mdcv", b"cclv", b"amve", b"ccst", b"auxi"];

/// A movie of which the shown tracks are known.
pub(super) struct Movie<'a> {
    bytes: &'a [u8],
    header: Atom,
    pub(super) tracks: Vec<Track>,
    /// How many tracks it has, those that are not shown too.
    pub(super) all_tracks: usize,
}

/// A track.
pub(super) struct Track {
    boxes: Vec<Atom>,
    media: Vec<Atom>,
    tables: Vec<Atom>,
    number: u64,
    enabled: bool,
    handler: [u8; 4],
    references: Vec<([u8; 4], Vec<u64>)>,
    pub(super) entries: Vec<Entry>,
    /// Where the samples lie, each with the number of its entry from 1.
    pub(super) samples: Vec<(Range<usize>, usize)>,
}

/// A sample entry.
pub(super) struct Entry {
    pub(super) kind: [u8; 4],
    pub(super) fields: Range<usize>,
    pub(super) boxes: Vec<Atom>,
}

fn find(boxes: &[Atom], name: &[u8; 4]) -> Option<Atom> {
    boxes.iter().find(|atom| &atom.name == name).cloned()
}

fn inside(bytes: &[u8], boxes: &[Atom], name: &[u8; 4]) -> Result<Vec<Atom>, Refusal> {
    let found = find(boxes, name).ok_or_else(broken)?;
    Ok(atoms(bytes, found.contents).0)
}

impl<'a> Movie<'a> {
    /// Reads `moov`.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when a table is broken.
    pub(super) fn read(bytes: &'a [u8], moov: &Atom) -> Result<Self, Refusal> {
        let (boxes, _) = atoms(bytes, moov.contents.clone());
        let header = find(&boxes, b"mvhd").ok_or_else(broken)?;
        let all = boxes.iter().filter(|atom| &atom.name == b"trak");
        let mut tracks = all.map(|track| Track::read(bytes, track)).collect::<Result<Vec<Track>, Refusal>>()?;
        let all_tracks = tracks.len();
        let sequences = || tracks.iter().filter(|track| track.is_sequence());
        let main = sequences().find(|track| track.enabled).or_else(|| sequences().next()).ok_or_else(broken)?.number;
        tracks.retain(|track| track.number == main || track.is_alpha_of(bytes, main));
        for track in &mut tracks {
            track.read_samples(bytes)?;
        }
        // The pictures first, whatever the order in the file.
        tracks.sort_by_key(|track| track.number != main);
        Ok(Self { bytes, header, tracks, all_tracks })
    }

    /// The numbers of a box, and whether its dates take eight bytes.
    fn dated(&self, atom: &Atom) -> Result<(Numbers<'a>, bool), Refusal> {
        let mut numbers = Numbers::of(self.bytes, atom);
        let long = numbers.next(1)? == 1;
        numbers.next(3)?;
        numbers.skip(if long { 16 } else { 8 })?;
        Ok((numbers, long))
    }

    fn contents(&self, atom: &Atom) -> &'a [u8] {
        self.bytes.get(atom.contents.clone()).unwrap_or_default()
    }

    /// Adds timing, looks and samples to an essence.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when a table is broken or samples are not made of whole units.
    pub(super) fn add(&self, side: Side, context: &Context<'_>, hash: &mut EssenceHash) -> Result<(), Refusal> {
        let (mut numbers, long) = self.dated(&self.header)?;
        for (name, size) in [("time scale", 4), ("duration", if long { 8 } else { 4 }), ("rate, volume", 6)] {
            hash.part(name, &numbers.next(size)?.to_be_bytes());
        }
        numbers.skip(10)?;
        hash.part("matrix", numbers.skip(36)?);
        let shown: Vec<u64> = self.tracks.iter().map(|track| track.number).collect();
        for track in &self.tracks {
            self.add_track(track, &shown, hash)?;
            for entry in &track.entries {
                self.add_entry(entry, side, context, hash)?;
            }
        }
        Ok(())
    }

    fn add_track(&self, track: &Track, shown: &[u64], hash: &mut EssenceHash) -> Result<(), Refusal> {
        let header = find(&track.boxes, b"tkhd").ok_or_else(broken)?;
        let (mut numbers, long) = self.dated(&header)?;
        let width = if long { 8 } else { 4 };
        hash.part("track", &numbers.next(4)?.to_be_bytes());
        hash.part("handler", &track.handler);
        hash.part("flags", &[self.contents(&header).get(3).copied().unwrap_or_default() & 15]);
        numbers.skip(4)?;
        hash.part("duration", &numbers.next(width)?.to_be_bytes());
        numbers.skip(8)?;
        hash.part("layer", numbers.skip(2)?);
        numbers.skip(2)?;
        hash.part("volume", numbers.skip(2)?);
        numbers.skip(2)?;
        hash.part("matrix, width, height", numbers.skip(44)?);
        let (mut numbers, long) = self.dated(&find(&track.media, b"mdhd").ok_or_else(broken)?)?;
        hash.part("time scale", &numbers.next(4)?.to_be_bytes());
        hash.part("duration", &numbers.next(if long { 8 } else { 4 })?.to_be_bytes());
        let list = find(&track.boxes, b"edts").and_then(|edits| find(&atoms(self.bytes, edits.contents).0, b"elst"));
        hash.part("edit list", list.map(|list| self.contents(&list)).unwrap_or_default());
        for (kind, to) in track.references.iter().filter(|(kind, _)| matches!(kind, b"auxl" | b"prem")) {
            let to: Vec<u64> = to.iter().copied().filter(|number| shown.contains(number)).collect();
            if !to.is_empty() {
                hash.part("reference", kind);
                hash.part("to", &to.iter().flat_map(|number| number.to_be_bytes()).collect::<Vec<u8>>());
            }
        }
        for table in [b"stts", b"ctts", b"stss"] {
            let found = find(&track.tables, table);
            hash.part("table", found.map(|found| self.contents(&found)).unwrap_or_default());
        }
        for (place, entry) in &track.samples {
            hash.part("described by", &(*entry as u64).to_be_bytes());
            hash.pieces("sample", |take| self.sample(track, place, *entry, take).map(|_| ()))?;
        }
        Ok(())
    }

    /// Hands over what a decoder takes from a sample; returns how many bytes it ignores.
    pub(super) fn sample(
        &self,
        track: &Track,
        place: &Range<usize>,
        entry: usize,
        take: &mut units::Take<'_>,
    ) -> Result<usize, Refusal> {
        let entry = entry.checked_sub(1).and_then(|entry| track.entries.get(entry)).ok_or_else(broken)?;
        let config = entry.config().map(|atom| self.contents(atom)).ok_or_else(broken)?;
        let bytes = self.bytes.get(place.clone()).ok_or_else(broken)?;
        units::picture(entry.kind, config, bytes, take)
    }

    /// The colour profiles of its sample entries.
    pub(super) fn profiles(&self) -> impl Iterator<Item = &'a [u8]> {
        let boxes = self.tracks.iter().flat_map(|track| &track.entries).flat_map(|entry| &entry.boxes);
        boxes.filter_map(|atom| profile_in(atom.name, self.contents(atom)))
    }

    fn add_entry(
        &self,
        entry: &Entry,
        side: Side,
        context: &Context<'_>,
        hash: &mut EssenceHash,
    ) -> Result<(), Refusal> {
        hash.part("entry", &entry.kind);
        let fields = self.bytes.get(entry.fields.clone()).unwrap_or_default();
        for part in [24..36, 40..42, 74..76] {
            hash.part("sides, density, frames, depth", fields.get(part).ok_or_else(broken)?);
        }
        for atom in &entry.boxes {
            let contents = self.contents(atom);
            if Some(&atom.name) == units::config_of(entry.kind) {
                hash.pieces("config", |take| units::config(atom.name, contents, take).map(|_| ()))?;
            } else if let Some(found) = profile_in(atom.name, contents) {
                profile::add(Some(found), side, context, hash);
            } else if ENTRY_LOOKS.contains(&&atom.name)
                && let Some(contents) = looks(atom.name, contents)
            {
                hash.part("look", &atom.name);
                hash.part("contents", contents);
            }
        }
        Ok(())
    }
}

impl Entry {
    /// The box that sets up its decoder.
    pub(super) fn config(&self) -> Option<&Atom> {
        let name = units::config_of(self.kind)?;
        self.boxes.iter().find(|atom| &atom.name == name)
    }

    /// Whether it says that its samples are transparency.
    fn is_alpha(&self, bytes: &[u8]) -> bool {
        self.boxes.iter().filter(|atom| &atom.name == b"auxi").any(|atom| {
            let name = bytes.get(atom.contents.clone()).and_then(|contents| contents.get(4..)).unwrap_or_default();
            is_alpha_name(name.split(|byte| *byte == 0).next().unwrap_or_default())
        })
    }
}

impl Track {
    fn read(bytes: &[u8], atom: &Atom) -> Result<Self, Refusal> {
        let (boxes, _) = atoms(bytes, atom.contents.clone());
        let media = inside(bytes, &boxes, b"mdia")?;
        let tables = inside(bytes, &inside(bytes, &media, b"minf")?, b"stbl")?;
        let mut numbers = Numbers::of(bytes, &find(&boxes, b"tkhd").ok_or_else(broken)?);
        let long = numbers.next(1)? == 1;
        let enabled = numbers.next(3)? & 1 == 1;
        numbers.skip(if long { 16 } else { 8 })?;
        let number = numbers.next(4)?;
        let mut numbers = Numbers::of(bytes, &find(&media, b"hdlr").ok_or_else(broken)?);
        numbers.skip(8)?;
        let handler = *numbers.skip(4)?.first_chunk::<4>().ok_or_else(broken)?;
        let mut references = Vec::new();
        for kind in find(&boxes, b"tref").map(|found| atoms(bytes, found.contents).0).unwrap_or_default() {
            let (to, _) = bytes.get(kind.contents).unwrap_or_default().as_chunks::<4>();
            references.push((kind.name, to.iter().map(|to| u64::from(u32::from_be_bytes(*to))).collect()));
        }
        let mut track = Self {
            boxes,
            media,
            tables,
            number,
            enabled,
            handler,
            references,
            entries: Vec::new(),
            samples: Vec::new(),
        };
        if matches!(&handler, b"pict" | b"auxv") {
            track.read_entries(bytes)?;
        }
        Ok(track)
    }

    fn refers(&self, kind: &[u8; 4]) -> bool {
        self.references.iter().any(|(found, _)| found == kind)
    }

    fn is_sequence(&self) -> bool {
        &self.handler == b"pict" && !self.refers(b"thmb") && !self.refers(b"auxl")
    }

    fn is_alpha_of(&self, bytes: &[u8], main: u64) -> bool {
        let auxiliary = self.references.iter().any(|(kind, to)| kind == b"auxl" && to.contains(&main));
        &self.handler == b"auxv" && auxiliary && self.entries.iter().all(|entry| entry.is_alpha(bytes))
    }

    fn read_entries(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let table = find(&self.tables, b"stsd").ok_or_else(broken)?.contents;
        let first = table.start.checked_add(8).ok_or_else(broken)?;
        for atom in atoms(bytes, first..table.end).0 {
            let fields = atom.contents.start..atom.contents.start.checked_add(78).ok_or_else(broken)?;
            let boxes = atoms(bytes, fields.end..atom.contents.end).0;
            self.entries.push(Entry { kind: atom.name, fields, boxes });
        }
        Ok(())
    }

    fn read_samples(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let table = |name: &[u8; 4], skip: usize| -> Option<Numbers<'_>> {
            let mut numbers = Numbers::of(bytes, &find(&self.tables, name)?);
            numbers.skip(skip.checked_add(4)?).ok()?;
            Some(numbers)
        };
        let mut sizes = Sizes::new(table(b"stsz", 0), table(b"stz2", 0))?;
        let (mut places, width) = match table(b"stco", 0) {
            Some(places) => (places, 4),
            None => (table(b"co64", 0).ok_or_else(broken)?, 8),
        };
        let mut runs = table(b"stsc", 4).ok_or_else(broken)?;
        let mut run = (0, 0);
        let mut next = runs.next(4).ok();
        for chunk in 1..=places.next(4)? {
            if next == Some(chunk) {
                run = (runs.next(4)?, usize::try_from(runs.next(4)?).map_err(|_| broken())?);
                next = runs.next(4).ok();
            }
            let mut at = usize::try_from(places.next(width)?).map_err(|_| broken())?;
            let (count, entry) = run;
            for _ in 0..count {
                let end = at.checked_add(sizes.next()?).filter(|end| *end <= bytes.len()).ok_or_else(broken)?;
                self.samples.push((at..end, entry));
                at = end;
            }
        }
        Ok(())
    }
}

/// The sizes of samples, one by one.
struct Sizes<'a> {
    rows: Numbers<'a>,
    /// That of all samples, when it is not 0.
    all: u64,
    /// Of a row.
    bits: u64,
    left: u64,
    half: Option<u64>,
}

impl<'a> Sizes<'a> {
    fn new(plain: Option<Numbers<'a>>, compact: Option<Numbers<'a>>) -> Result<Self, Refusal> {
        let is_compact = plain.is_none();
        let mut rows = plain.or(compact).ok_or_else(broken)?;
        let word = rows.next(4)?;
        let left = rows.next(4)?;
        let (all, bits) = if is_compact { (0, word) } else { (word, 32) };
        Ok(Self { rows, all, bits, left, half: None })
    }

    fn next(&mut self) -> Result<usize, Refusal> {
        self.left = self.left.checked_sub(1).ok_or_else(broken)?;
        let size = match (self.all, self.bits, self.half.take()) {
            (0, 4, Some(low)) => low,
            (0, 4, None) => {
                let two = self.rows.next(1)?;
                self.half = Some(two & 15);
                two >> 4
            }
            (0, bits, _) => self.rows.next(usize::try_from(bits / 8).map_err(|_| broken())?.min(8))?,
            (all, ..) => all,
        };
        // No sample is empty, so that there are no more of them than bytes.
        usize::try_from(size).ok().filter(|size| *size > 0).ok_or_else(broken)
    }
}
