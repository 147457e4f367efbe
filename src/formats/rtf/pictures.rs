//! Pictures (RTF 1.9.1, "Pictures"): each goes to the handler of its kind and comes back in the form that it had.

use std::borrow::Cow;

use super::cleaning::Cleaning;
use super::destinations::Words;
use super::state::State;
use super::tree::{Group, Node};
use crate::formats::Surroundings;
use crate::formats::bmp::dib::Dib;
use crate::identify::identify;
use crate::kind::Family;
use crate::policy::Class;
use crate::refusal::{Reason, Refusal};

/// Digits in a line of a picture that is written anew.
const LINE: usize = 128;
/// Bytes of the header that a bitmap has as a file of its own.
const FILE_HEADER: usize = 14;

impl Cleaning<'_> {
    /// The picture with clean data.
    pub(super) fn picture<'a>(&mut self, picture: Group<'a>) -> Result<Group<'a>, Refusal> {
        let size = picture.size() as u64;
        let mut picture = self.nodes(picture, State::default(), Words::Kept)?.group;
        self.pictures = self.pictures.saturating_add(1);
        let part = format!("picture {}", self.pictures);
        let coding = picture.nodes.iter().find_map(|node| match node {
            Node::Word(word)
                if matches!(
                    word.name,
                    "pngblip"
                        | "jpegblip"
                        | "emfblip"
                        | "wmetafile"
                        | "macpict"
                        | "pmmetafile"
                        | "dibitmap"
                        | "wbitmap"
                ) =>
            {
                Some(word.name)
            }
            _ => None,
        });
        let (data, is_binary) = data(&picture).map_err(|refusal| refusal.in_part(&part))?;
        if data.is_empty() {
            return Ok(picture);
        }
        self.context.charge_decompressed(data.len() as u64)?;
        let file = if coding == Some("dibitmap") { bitmap_file(&data) } else { Some(data.clone()) };
        let cleaned = match file {
            Some(file) if identify(&file, "").kind.family() == Family::Image => {
                let surroundings = Surroundings::Package;
                match self.context.clean_embedded(&part, &file, surroundings, self.report) {
                    Ok(cleaned) if coding == Some("dibitmap") => cleaned.get(FILE_HEADER..).map(<[u8]>::to_vec),
                    Ok(cleaned) => Some(cleaned),
                    Err(refusal) if matches!(refusal.reason, Reason::OverLimit | Reason::Policy | Reason::Internal) => {
                        return Err(refusal);
                    }
                    Err(_) => None,
                }
            }
            _ => None,
        };
        let Some(cleaned) = cleaned else {
            let class = Class::EmbeddedUnsupported;
            let item = coding.map_or_else(|| "picture".to_owned(), |coding| format!("\\{coding}"));
            self.report.hit(class, self.policy.action(class), item, part, 1, size);
            return Ok(picture);
        };
        if cleaned != data {
            picture.nodes.retain(|node| !matches!(node, Node::Text(_) | Node::Binary(_)));
            let data =
                if is_binary { Node::Binary(Cow::Owned(cleaned)) } else { Node::Text(Cow::Owned(hex(&cleaned))) };
            picture.nodes.push(data);
        }
        Ok(picture)
    }
}

/// The data of a picture, and whether it is written in binary.
fn data(picture: &Group<'_>) -> Result<(Vec<u8>, bool), Refusal> {
    let mut digits = Vec::new();
    let mut binary = Vec::new();
    for node in &picture.nodes {
        match node {
            Node::Text(text) => digits.extend_from_slice(text),
            Node::Binary(data) => binary.extend_from_slice(data),
            _ => {}
        }
    }
    let written = unhex(&digits).ok_or_else(|| Refusal::damaged("the data of the picture is not hexadecimal"))?;
    match (written.is_empty(), binary.is_empty()) {
        (_, true) => Ok((written, false)),
        (true, false) => Ok((binary, true)),
        (false, false) => Err(Refusal::damaged("the data of the picture is written in two ways")),
    }
}

/// Hexadecimal digits as bytes, white space left out; `None` for anything else. A digit without a second one is no byte.
pub(super) fn unhex(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut high = None;
    for byte in text.iter().filter(|byte| !byte.is_ascii_whitespace()) {
        let digit = u8::try_from(char::from(*byte).to_digit(16)?).ok()?;
        match high.take() {
            Some(high) => bytes.push(high << 4 | digit),
            None => high = Some(digit),
        }
    }
    Some(bytes)
}

/// Bytes as hexadecimal digits.
fn hex(bytes: &[u8]) -> Vec<u8> {
    let digits = crate::report::hex(bytes).into_bytes();
    let mut out = Vec::with_capacity(digits.len().saturating_add(digits.len() / 32));
    for line in digits.chunks(LINE) {
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(line);
    }
    out
}

/// The file that a bitmap without a file header would be.
fn bitmap_file(bitmap: &[u8]) -> Option<Vec<u8>> {
    let dib = Dib::parse(bitmap).ok()?;
    let palette = dib.palette_size(bitmap.len().saturating_sub(dib.palette_at()));
    let pixels_at = FILE_HEADER.saturating_add(dib.palette_at()).saturating_add(palette);
    let size = FILE_HEADER.saturating_add(bitmap.len());
    let mut file = b"BM".to_vec();
    file.extend_from_slice(&u32::try_from(size).ok()?.to_le_bytes());
    file.extend_from_slice(&[0; 4]);
    file.extend_from_slice(&u32::try_from(pixels_at).ok()?.to_le_bytes());
    file.extend_from_slice(bitmap);
    Some(file)
}
