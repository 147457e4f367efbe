//! The proof of Rich Text: with tracked changes accepted, the same text with the same formatting in the same order; fields
//! and links but for those that the report tells of; every picture proved on its own; nothing left that may not remain.
//!
//! The reader, the roles of groups and the acceptance of changes are this proof's own; only the list of the words of the
//! format is the cleaner's too. A group without content shows nothing and is no part of the essence.

pub(crate) mod charsets;
pub(crate) mod frame;
mod look;
mod reader;
pub(crate) mod roles;
pub(crate) mod walk;

use self::charsets::Charsets;
use self::look::{Look, Picture};
use self::walk::{Item, Walk};
use super::links::names_local;
use super::{Check, Essence, Prover, Side, fewer, prove};
use crate::formats::{Context, Report, Surroundings};
use crate::identify::identify;
use crate::kind::{Family, Kind};
use crate::policy::{Action, Class};
use crate::refusal::Refusal;

/// Proves Rich Text.
pub(super) struct RichTextProver;

/// Fields that update themselves with names, dates or paths, or whose instruction tells of them.
#[rustfmt::skip]
const TELLING: &[&str] = &[
    "ADDIN", "AUTHOR", "AUTOTEXT", "AUTOTEXTLIST", "BIBLIOGRAPHY", "CITATION", "COMMENTS", "CREATEDATE", "DATABASE", "DDE",
    "DDEAUTO", "DOCPROPERTY", "DOCVARIABLE", "EDITTIME", "FILENAME", "GLOSSARY", "IMPORT", "INCLUDE", "INCLUDEPICTURE",
    "INCLUDETEXT", "INFO", "KEYWORDS", "LASTSAVEDBY", "LINK", "PRINTDATE", "RD", "REVNUM", "SAVEDATE", "SUBJECT", "TEMPLATE",
    "TITLE", "USERADDRESS", "USERINITIALS", "USERNAME",
];

impl Prover for RichTextProver {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Rtf]
    }

    fn essence(&self, _kind: Kind, bytes: &[u8], _side: Side, context: &Context<'_>) -> Result<Essence, Refusal> {
        context.charge_decompressed(bytes.len() as u64)?;
        Ok(Look::of(bytes, context.policy)?.essence())
    }

    fn verify(
        &self,
        _kind: Kind,
        input: &[u8],
        output: &[u8],
        report: &Report,
        context: &Context<'_>,
    ) -> Result<Vec<Check>, Refusal> {
        let (before, after) = (Look::of(input, context.policy)?, Look::of(output, context.policy)?);
        if let Some(what) = after.gone {
            return Err(Refusal::unprovable(format!("{what} remains in the copy")));
        }
        if after.behind > 0 {
            return Err(Refusal::unprovable("bytes remain behind the document"));
        }
        for (is_there, class) in
            [(after.has_hidden, Class::ContentHiddenText), (after.has_objects, Class::ActiveObjects)]
        {
            if is_there && !report.hits.iter().any(|hit| hit.class == class && hit.action != Action::Remove) {
                return Err(Refusal::unprovable(format!(
                    "the copy has content of the class {class}, and the report does not tell"
                )));
            }
        }
        if after.instructions.iter().any(|instruction| is_telling(instruction)) {
            return Err(Refusal::unprovable("a field that tells of names, dates or paths remains in the copy"));
        }
        let gone = |classes: &[Class], says: &dyn Fn(&str) -> bool| -> u64 {
            let hits = report.hits.iter().filter(|hit| classes.contains(&hit.class) && says(&hit.item));
            hits.map(|hit| hit.count).sum()
        };
        let fields = gone(&[Class::ContentFields, Class::LinksLocal], &|item| item.ends_with(" field"));
        fewer(&before.instructions, &after.instructions, fields, "fields")?;
        let paths = gone(&[Class::MetadataPaths, Class::LinksLocal], &|item| item.starts_with("\\sn "));
        fewer(&before.descriptions, &after.descriptions, paths, "descriptions of shapes")?;
        if before.fonts != after.fonts {
            return Err(Refusal::unprovable("the copy embeds other fonts than the original"));
        }
        let kept = format!("{} fields kept", after.instructions.len());
        let mut checks = vec![Check::new("nothing-left", "every group and word"), Check::new("fields", kept)];
        checks.extend(prove_pictures(&before.pictures, &after.pictures, report, context)?);
        Ok(checks)
    }

    fn payloads(
        &self,
        _kind: Kind,
        bytes: &[u8],
        context: &Context<'_>,
        visit: &mut dyn FnMut(&str, &[u8]),
    ) -> Result<(), Refusal> {
        let mut walk = Walk::over_everything(bytes, context.limits);
        let (mut charsets, mut text) = (Charsets::default(), String::new());
        while let Some(item) = walk.next()? {
            let Some(frame) = walk.frame() else { continue };
            match item {
                Item::Byte(_) | Item::Binary(_) if matches!(frame.name, "pict" | "objdata") => {}
                Item::Byte(byte) => charsets.byte(byte, frame.font, &mut text),
                Item::Unit(unit) => charsets.unit(unit, &mut text),
                Item::Word(name, number) => {
                    let in_fonts = walk.names().any(|name| name == "fonttbl");
                    charsets.word(name, number, in_fonts);
                    if matches!(name, "par" | "cell" | "row" | "sect" | "line" | "tab") {
                        charsets.flush(&mut text);
                        text.push(' ');
                    }
                }
                Item::Sign(b'~') => {
                    charsets.flush(&mut text);
                    text.push(' ');
                }
                _ => {}
            }
        }
        charsets.flush(&mut text);
        visit("", text.as_bytes());
        Ok(())
    }
}

fn is_telling(instruction: &str) -> bool {
    let name = instruction.split(' ').next().unwrap_or_default().to_ascii_uppercase();
    TELLING.contains(&name.as_str()) || names_local(instruction)
}

/// Proves every picture against the one of the original in its place.
fn prove_pictures(
    before: &[Picture],
    after: &[Picture],
    report: &Report,
    context: &Context<'_>,
) -> Result<Option<Check>, Refusal> {
    if before.len() != after.len() {
        return Err(Refusal::unprovable("the copy has other pictures than the original"));
    }
    let inner = context.inside(Surroundings::Package)?;
    let hits = report.of_embedded();
    let told = report.hits.iter().any(|hit| hit.class == Class::EmbeddedUnsupported);
    for (before, after) in before.iter().zip(after) {
        let (original, copy) = (before.file(), after.file());
        let kind = identify(&copy, "").kind;
        let proved = kind.family() == Family::Image
            && identify(&original, "").kind == kind
            && prove(kind, &original, &copy, &hits, &inner).is_ok();
        let unchanged = before.data == after.data && (told || after.data.is_empty());
        if before.coding != after.coding || !(proved || unchanged) {
            return Err(Refusal::unprovable("a picture of the copy is not that of the original"));
        }
    }
    Ok((!after.is_empty()).then(|| Check::new("pictures-proved", format!("{} pictures", after.len()))))
}

impl Picture {
    /// The picture as a file of its own: a bitmap has no file header here.
    fn file(&self) -> Vec<u8> {
        if self.coding != "dibitmap" {
            return self.data.clone();
        }
        let long = |at: usize| -> Option<u32> {
            let bytes = self.data.get(at..at.checked_add(4)?)?;
            Some(u32::from_le_bytes(bytes.try_into().ok()?))
        };
        let depth = long(12).map_or(0, |planes_and_depth| planes_and_depth >> 16);
        let colours = match (depth, long(32).unwrap_or(0)) {
            (9.., _) => 0,
            (depth, 0) => 1_u32.checked_shl(depth).unwrap_or(0),
            (_, used) => used,
        };
        let masks = if long(0) == Some(40) && long(16) == Some(3) { 12 } else { 0 };
        let pixels_at = long(0).unwrap_or(0).saturating_add(colours.saturating_mul(4)).saturating_add(masks);
        let header = [
            &b"BM"[..],
            &u32::try_from(self.data.len().saturating_add(14)).unwrap_or(0).to_le_bytes(),
            &[0; 4],
            &pixels_at.saturating_add(14).to_le_bytes(),
        ];
        [&header.concat(), self.data.as_slice()].concat()
    }
}
