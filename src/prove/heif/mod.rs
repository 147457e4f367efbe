//! The proof of a HEIF or AVIF picture: the primary item and all that it is made of have the same types, properties, order
//! and coded bytes in original and copy, and the copy holds no byte that does not belong to them.
//!
//! There is no maintained decoder for HEVC and AV1 pictures in pure Rust, so pixels are not compared: the decoder gets the
//! same bytes and the same properties, which is what the essence says.

mod leftovers;
mod movie;
mod properties;
mod units;
mod walk;

use std::collections::BTreeSet;
use std::io::Cursor;

use self::properties::{LOOKS, is_alpha_name, looks, profile_in};
use self::walk::{File, Item};
use crate::formats::{Context, Report, Surroundings};
use crate::identify::identify;
use crate::kind::Kind;
use crate::prove::picture::EssenceHash;
use crate::prove::{Check, Essence, Prover, Side, profile, prover_for};
use crate::refusal::Refusal;

/// Proves HEIF and AVIF files.
pub(super) struct HeifProver;

impl Prover for HeifProver {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Heif, Kind::Avif]
    }

    fn essence(&self, _kind: Kind, bytes: &[u8], side: Side, context: &Context<'_>) -> Result<Essence, Refusal> {
        let file = File::read(bytes)?;
        let shown = shown(&file)?;
        let mut hash = EssenceHash::default();
        hash.part("primary", &file.primary.unwrap_or_default().to_be_bytes());
        for id in &shown {
            let Some(item) = file.items.get(id) else { continue };
            hash.part("item", &[&id.to_be_bytes()[..], &item.kind, &[u8::from(item.flags & 1 == 1)]].concat());
            for (essential, property) in file.properties_of(item) {
                let kind = if essential { "essential" } else { "property" };
                if Some(&property.name) == units::config_of(item.kind) {
                    hash.part(kind, &property.name);
                    let contents = file.contents(property);
                    hash.pieces("config", |take| units::config(property.name, contents, take).map(|_| ()))?;
                } else if let Some(found) = profile_in(property.name, file.contents(property)) {
                    profile::add(Some(found), side, context, &mut hash);
                } else if LOOKS.contains(&&property.name)
                    && let Some(contents) = looks(property.name, file.contents(property))
                {
                    hash.part(kind, &property.name);
                    hash.part("contents", contents);
                }
            }
            match &item.kind {
                b"jpeg" | b"j2k1" => hash.part("picture", &embedded(&file, item, side, context)?.0),
                _ => hash.pieces("coded", |take| file.coded(item, take).map(|_| ()))?,
            }
            hash.part("extents", &(item.extents.len() as u64).to_be_bytes());
        }
        for (kind, from, to) in &file.references {
            let to: Vec<u64> = to.iter().copied().filter(|id| shown.contains(id)).collect();
            let relevant = match kind {
                b"auxl" | b"prem" => true,
                b"dimg" => file.items.get(from).is_some_and(|item| matches!(&item.kind, b"grid" | b"iovl" | b"iden")),
                _ => false,
            };
            if relevant && shown.contains(from) && !to.is_empty() {
                hash.part(&String::from_utf8_lossy(kind), &from.to_be_bytes());
                hash.part("to", &to.iter().flat_map(|id| id.to_be_bytes()).collect::<Vec<u8>>());
            }
        }
        if let Some(movie) = &file.movie {
            movie.add(side, context, &mut hash)?;
        }
        Ok(hash.finish())
    }

    fn verify(
        &self,
        _kind: Kind,
        input: &[u8],
        output: &[u8],
        report: &Report,
        context: &Context<'_>,
    ) -> Result<Vec<Check>, Refusal> {
        let file = File::read(output)?;
        leftovers::check(&file)?;
        if exif::Reader::new().read_from_container(&mut Cursor::new(output)).is_ok() {
            return Err(Refusal::unprovable("the copy still holds EXIF"));
        }
        let samples: usize = file.movie.iter().flat_map(|movie| &movie.tracks).map(|track| track.samples.len()).sum();
        let detail = format!("{} items, {samples} samples, no metadata, no byte of neither", file.items.len());
        let mut checks = vec![Check::new("nothing-left", detail)];
        let before = File::read(input)?;
        for (id, item) in file.items.iter().filter(|(_, item)| matches!(&item.kind, b"jpeg" | b"j2k1")) {
            let was = before.items.get(id).ok_or_else(|| Refusal::unprovable("a picture was not there before"))?;
            checks.extend(verify_embedded([&before, &file], [was, item], report, context)?);
        }
        checks.extend(profile::verify(&profiles(&before)?, &profiles(&file)?)?);
        if file.movie.is_some() || file.items.values().any(|item| units::config_of(item.kind).is_some()) {
            let detail = "there is no decoder for this coding; the essence alone is proved";
            checks.push(Check::new("pixels-not-decoded", detail));
        }
        Ok(checks)
    }
}

/// The colour profiles of what is shown.
fn profiles<'a>(file: &File<'a>) -> Result<Vec<&'a [u8]>, Refusal> {
    let shown = shown(file)?;
    let items = file.items.iter().filter(|(id, _)| shown.contains(id));
    let properties = items.flat_map(|(_, item)| file.properties_of(item));
    let found = properties.filter_map(|(_, property)| profile_in(property.name, file.contents(property)));
    Ok(found.chain(file.movie.iter().flat_map(|movie| movie.profiles())).collect())
}

/// The primary item and everything that it is shown with.
fn shown(file: &File<'_>) -> Result<BTreeSet<u64>, Refusal> {
    if file.primary.is_none() && file.movie.is_some() {
        return Ok(BTreeSet::new());
    }
    let primary = file.primary.ok_or_else(|| Refusal::damaged("no primary item"))?;
    let mut shown = BTreeSet::from([primary]);
    // Every round adds an item or is the last.
    loop {
        let mut added: Vec<u64> = Vec::new();
        for (kind, from, to) in &file.references {
            match kind {
                b"dimg" if shown.contains(from) => added.extend(to),
                b"auxl" if to.iter().any(|id| shown.contains(id)) && is_alpha(file, *from) => added.push(*from),
                _ => {}
            }
        }
        let before = shown.len();
        shown.extend(added);
        if shown.len() == before {
            return Ok(shown);
        }
    }
}

fn is_alpha(file: &File<'_>, id: u64) -> bool {
    let item = file.items.get(&id);
    item.is_some_and(|item| {
        file.properties_of(item).any(|(_, property)| {
            let contents = file.contents(property).get(4..).unwrap_or_default();
            let urn = contents.split(|byte| *byte == 0).next().unwrap_or_default();
            &property.name == b"auxC" && is_alpha_name(urn)
        })
    })
}

/// The essence of an item that is a file of its own.
fn embedded(file: &File<'_>, item: &Item, side: Side, context: &Context<'_>) -> Result<Essence, Refusal> {
    let bytes = file.item_bytes(item)?;
    let kind = if &item.kind == b"jpeg" { Kind::Jpeg } else { Kind::Jpeg2000 };
    let prover = prover_for(kind).filter(|_| identify(&bytes, "").kind == kind);
    let prover = prover.ok_or_else(|| Refusal::unprovable("there is no proof for a picture in the file"))?;
    prover.essence(kind, &bytes, side, &context.inside(Surroundings::Pdf)?)
}

/// Proves an item that is a file of its own.
fn verify_embedded(
    [before, after]: [&File<'_>; 2],
    [was, item]: [&Item; 2],
    report: &Report,
    context: &Context<'_>,
) -> Result<Vec<Check>, Refusal> {
    let (was, bytes) = (before.item_bytes(was)?, after.item_bytes(item)?);
    let kind = identify(&bytes, "").kind;
    let prover = prover_for(kind).ok_or_else(|| Refusal::unprovable("there is no proof for a picture in the file"))?;
    prover.verify(kind, &was, &bytes, report, &context.inside(Surroundings::Pdf)?)
}
