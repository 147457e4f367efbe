//! The `moov` box of the copy, with the places that its samples have there.

use super::super::pool::Pool;
use super::{Movie, Track};
use crate::formats::bmff::{make, word};
use crate::refusal::Refusal;

/// The box. `pool` holds the bytes of the samples, which begin at `media` in the copy.
///
/// # Errors
/// [`crate::Reason::Damaged`] when nothing is left of a sample, [`crate::Reason::Unsupported`] when a number gets too large.
pub(in super::super) fn movie(movie: &Movie<'_>, pool: &Pool<'_>, media: usize) -> Result<Vec<u8>, Refusal> {
    let ids: Vec<u32> = movie.tracks.iter().map(|track| track.id).collect();
    let next = ids.iter().max().copied().unwrap_or_default().saturating_add(1);
    let mut header = movie.header.clone();
    header.last_chunk_mut::<4>().into_iter().for_each(|number| *number = next.to_be_bytes());
    let mut boxes = make(b"mvhd", &[&header])?;
    for made in movie.tracks.iter().map(|made| track(made, &ids, pool, media)) {
        boxes.extend(made?);
    }
    make(b"moov", &[&boxes])
}

fn track(track: &Track<'_>, ids: &[u32], pool: &Pool<'_>, media: usize) -> Result<Vec<u8>, Refusal> {
    let edits = match track.edit_list {
        Some(list) => make(b"edts", &[&make(b"elst", &[list])?])?,
        None => Vec::new(),
    };
    let mut references = Vec::new();
    for (kind, to) in &track.references {
        let to: Vec<u32> = to.iter().copied().filter(|id| ids.contains(id)).collect();
        if matches!(kind, b"auxl" | b"prem") && !to.is_empty() {
            references.extend(make(kind, &[&to.iter().flat_map(|id| id.to_be_bytes()).collect::<Vec<u8>>()])?);
        }
    }
    if !references.is_empty() {
        references = make(b"tref", &[&references])?;
    }
    let data = make(b"dref", &[&[0; 4], &word(1)?, &make(b"url ", &[&[0, 0, 0, 1]])?])?;
    let information = [
        make(b"vmhd", &[&[0, 0, 0, 1], &[0; 8]])?,
        make(b"dinf", &[&data])?,
        make(b"stbl", &[&tables(track, pool, media)?])?,
    ];
    let media = [
        make(b"mdhd", &[&track.media_header])?,
        make(b"hdlr", &[&[0; 8], &track.handler, &[0; 13]])?,
        make(b"minf", &[&information.concat()])?,
    ];
    let parts = [make(b"tkhd", &[&track.header])?, edits, references, make(b"mdia", &[&media.concat()])?];
    make(b"trak", &[&parts.concat()])
}

fn tables(track: &Track<'_>, pool: &Pool<'_>, media: usize) -> Result<Vec<u8>, Refusal> {
    let samples = &track.samples;
    let gone = || Refusal::damaged("nothing is left of a sample, or it lies in another one");
    let (mut sizes, mut places) = (Vec::new(), Vec::new());
    let mut count = 0_usize;
    for chunk in &samples.chunks {
        let mut end = None;
        for sample in chunk {
            let (place, size) = pool.place(sample.start, sample.size).ok_or_else(gone)?;
            match end {
                None => places.extend(word(media.saturating_add(place))?),
                Some(end) if end == place => {}
                Some(_) => return Err(gone()),
            }
            end = place.checked_add(size);
            sizes.extend(word(size)?);
            count = count.saturating_add(1);
        }
    }
    let entries: Vec<&[u8]> = track.entries.iter().map(|entry| entry.written.as_slice()).collect();
    let mut made = vec![
        make(b"stsd", &[&[0; 4], &word(entries.len())?, &entries.concat()])?,
        make(b"stts", &[samples.durations])?,
    ];
    for (name, table) in [(b"ctts", samples.compositions), (b"stss", samples.sync)] {
        made.extend(table.map(|table| make(name, &[table])).transpose()?);
    }
    made.push(make(b"stsc", &[samples.runs])?);
    made.push(make(b"stsz", &[&[0; 8], &word(count)?, &sizes])?);
    made.push(make(b"stco", &[&[0; 4], &word(samples.chunks.len())?, &places])?);
    Ok(made.concat())
}
