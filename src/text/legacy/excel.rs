//! The text of Excel workbooks: cells with their references, comments and text boxes, headers, names, links.

use std::collections::BTreeSet;

use super::super::{Extraction, Place, Scope};
use crate::legacy_reading::excel::{Coding, Record, STREAMS, record, records, shared_strings};
use crate::legacy_reading::{Bytes, Compound, utf16};
use crate::refusal::Refusal;

/// `most` is how many bytes of text cells may show by repeating strings.
pub(super) fn extract(compound: &mut Compound<'_, '_>, most: u64, out: &mut Extraction) -> Result<(), Refusal> {
    for part in STREAMS {
        if compound.has(part) {
            let stream = compound.read(part)?;
            read(&stream, part, most, out)?;
        }
    }
    Ok(())
}

fn read(stream: &[u8], part: &str, most: u64, out: &mut Extraction) -> Result<(), Refusal> {
    let records = records(stream);
    let place = Place::Part { part: part.to_owned() };
    if records.iter().any(|record| record.kind == record::FILE_PASS) {
        out.unread(place, "it is locked with a password", false);
        return Ok(());
    }
    let coding = Coding::of(&records);
    let table = records.iter().find(|record| record.kind == record::SHARED_STRINGS).map(shared_strings);
    let (shared, is_whole) = table.unwrap_or((Vec::new(), true));
    if !is_whole {
        out.unread(place.clone(), "the shared strings cannot be read to their end", false);
    }
    let shown = BTreeSet::new();
    let (names, current) = (Vec::new(), part.to_owned());
    let mut sheets = Sheets { names, current, cell: None, shared: &shared, shown, left: most, coding, out };
    // Each sheet begins where its entry in the first part says; the entries are in the order of the sheets as a rule.
    let mut begun = 0_usize;
    for record in &records {
        if record.kind == record::BOF && Bytes::at(record.data(), 2_usize).short() == Some(0x10) {
            let name = sheets.names.get(begun).filter(|name| !name.is_empty());
            sheets.current = name.cloned().unwrap_or_else(|| format!("sheet {begun}"));
            begun = begun.saturating_add(1);
        }
        sheets.record(record, &place)?;
    }
    // What no cell shows any more is still there.
    for (_, text) in shared.iter().enumerate().filter(|(at, _)| !sheets.shown.contains(at)) {
        sheets.out.span(text, place.clone(), Scope::Hidden);
    }
    Ok(())
}

struct Sheets<'o> {
    names: Vec<String>,
    current: String,
    /// The cell of the last formula, whose text follows in a record of its own.
    cell: Option<Place>,
    shared: &'o [String],
    /// The shared strings that a cell shows.
    shown: BTreeSet<usize>,
    /// How many bytes of text may still come of them.
    left: u64,
    coding: Coding,
    out: &'o mut Extraction,
}

impl Sheets<'_> {
    fn record(&mut self, record: &Record<'_>, part: &Place) -> Result<(), Refusal> {
        let mut bytes = Bytes(record.data());
        match record.kind {
            record::SHEET => {
                bytes.take(6_usize);
                let name = self.coding.short_string(&mut bytes).unwrap_or_default();
                self.out.span(&name, part.clone(), Scope::Bookmark);
                self.names.push(name);
            }
            record::LABEL_SHARED | record::LABEL | record::NUMBER | record::RK | record::FORMULA => {
                let place = self.cell(&mut bytes);
                bytes.short();
                let text = match record.kind {
                    record::LABEL_SHARED => {
                        let at = bytes.long().and_then(|at| usize::try_from(at).ok());
                        self.shown.extend(at);
                        let text = at.and_then(|at| self.shared.get(at));
                        let size = text.map_or(0, |text| text.len() as u64);
                        self.left = self.left.checked_sub(size).ok_or_else(|| {
                            let detail = "the cells show more text than that, because many show the same";
                            Refusal::over_limit("text-bytes", detail)
                        })?;
                        text.cloned()
                    }
                    record::LABEL => self.coding.string(&mut bytes),
                    record::RK => bytes.long().map(rk),
                    _ => bytes.double().map(f64::from_bits).filter(|number| number.is_finite()).map(|n| n.to_string()),
                };
                if let (Some(text), Some(place)) = (text, &place) {
                    self.out.span(&text, place.clone(), Scope::Body);
                }
                self.cell = place;
            }
            record::MANY_RK => {
                let (Some(row), Some(first)) = (bytes.short(), bytes.short()) else { return Ok(()) };
                for column in first..=first.saturating_add(255) {
                    let Some(number) = bytes.take(6_usize).and_then(|cell| Bytes::at(cell, 2_usize).long()) else {
                        break;
                    };
                    self.out.span(&rk(number), self.at(row, column), Scope::Body);
                }
            }
            record::STRING => {
                let text = self.coding.string(&mut bytes).unwrap_or_default();
                let place = self.cell.clone().unwrap_or_else(|| part.clone());
                self.out.span(&text, place, Scope::Body);
            }
            record::TEXT_OBJECT => {
                // The text is the first continuation ([MS-XLS] 2.4.329).
                let mut bytes = Bytes(record.parts.get(1).copied().unwrap_or_default());
                let is_wide = bytes.byte().unwrap_or_default() & 1 != 0;
                let text = if is_wide { utf16(bytes.0) } else { bytes.0.iter().copied().map(char::from).collect() };
                self.out.span(&text, self.sheet(), Scope::Comment);
            }
            record::NOTE => {
                bytes.take(8_usize);
                let author = self.coding.string(&mut bytes).unwrap_or_default();
                self.out.span(&author, self.sheet(), Scope::Comment);
            }
            record::HEADER | record::FOOTER => {
                let text = self.coding.string(&mut bytes).unwrap_or_default();
                self.out.span(&text, self.sheet(), Scope::HeaderFooter);
            }
            record::NAME => {
                let length = Bytes::at(record.data(), 3_usize).byte().map_or(0, u16::from);
                let mut bytes = Bytes::at(record.data(), 14_usize);
                let name = self.coding.characters(&mut bytes, length).unwrap_or_default();
                self.out.span(&name, part.clone(), Scope::Field);
            }
            record::EXTERN_NAME => {
                let mut bytes = Bytes::at(record.data(), 6_usize);
                let name = self.coding.short_string(&mut bytes).unwrap_or_default();
                self.out.span(&name, part.clone(), Scope::Field);
            }
            record::EXTERNAL_BOOK => {
                bytes.short();
                let path = self.coding.string(&mut bytes).unwrap_or_default();
                self.out.span(&path.replace('\0', " "), part.clone(), Scope::LinkTarget);
            }
            record::HYPERLINK => {
                // Names and targets are Unicode between numbers; odd signs are left out.
                let text: String = utf16(record.data()).chars().map(|c| if is_of_link(c) { c } else { ' ' }).collect();
                self.out.span(&text, self.sheet(), Scope::LinkTarget);
                let text: String =
                    record.data().iter().map(|b| char::from(*b)).map(|c| if is_of_link(c) { c } else { ' ' }).collect();
                self.out.span(&text, self.sheet(), Scope::LinkTarget);
            }
            _ => {}
        }
        Ok(())
    }

    fn sheet(&self) -> Place {
        Place::Part { part: self.current.clone() }
    }

    fn cell(&self, bytes: &mut Bytes<'_>) -> Option<Place> {
        Some(self.at(bytes.short()?, bytes.short()?))
    }

    fn at(&self, row: u16, column: u16) -> Place {
        let mut letters = String::new();
        let mut rest = u32::from(column).saturating_add(1);
        while let Some(left) = rest.checked_sub(1) {
            letters.insert(0, char::from(b'A'.saturating_add(u8::try_from(left % 26).unwrap_or_default())));
            rest = left / 26;
        }
        Place::Cell { sheet: self.current.clone(), cell: format!("{letters}{}", u32::from(row).saturating_add(1)) }
    }
}

fn is_of_link(sign: char) -> bool {
    sign.is_ascii_graphic() || sign.is_alphanumeric() || sign == ' '
}

/// A number in 32 bits ([MS-XLS] 2.5.217).
fn rk(coded: u32) -> String {
    let value = if coded & 2 == 0 {
        f64::from_bits(u64::from(coded & 0xffff_fffc) << 32)
    } else {
        f64::from(coded.cast_signed() >> 2)
    };
    if coded & 1 == 0 { value.to_string() } else { (value / 100.0).to_string() }
}
