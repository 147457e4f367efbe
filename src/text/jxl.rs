//! JPEG XL: no text, but what cannot be taken out of its codestream without coding the pixels anew.
//!
//! The texts of a colour profile are given to the rules. Layers that others cover and extra channels that viewers do not
//! show are listed as unread, so that a person looks at them.

use jxl_oxide::ExtraChannelType;

use super::{Extraction, Extractor, Place, Scope, TextSpan, Unread};
use crate::formats::Context;
use crate::kind::Kind;
use crate::prove::jxl::read;
use crate::refusal::Refusal;

/// Characters that stand together before they are taken for a text.
const SHORTEST_TEXT: usize = 6;

/// Reads JPEG XL pictures.
pub(super) struct JpegXlText;

impl Extractor for JpegXlText {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::JpegXl]
    }

    fn extract(&self, kind: Kind, bytes: &[u8], context: &Context<'_>) -> Result<Extraction, Refusal> {
        let image = read(bytes, context)?;
        let place = || Place::Metadata { item: "ICC".to_owned() };
        let texts = texts(image.original_icc().unwrap_or_default());
        let spans = texts.into_iter().map(|text| TextSpan::new(text, place(), Scope::Metadata)).collect();
        let why = format!("no text is read from {}", kind.described());
        let mut found = vec![Unread { place: Place::File, why, expected: true }];
        let mut show = |part: String, why: String| {
            found.push(Unread { place: Place::Part { part }, why, expected: false });
        };
        let layers = (0..image.num_loaded_frames()).filter_map(|index| image.frame(index)).any(|frame| {
            let header = frame.header();
            header.frame_type.is_normal_frame() && !header.is_keyframe()
        });
        if layers {
            show("layers".to_owned(), "what a layer covers is still in the file".to_owned());
        }
        for (number, channel) in (1_usize..).zip(&image.image_header().metadata.ec_info) {
            let name = match channel.ty {
                ExtraChannelType::Alpha { .. } | ExtraChannelType::Black | ExtraChannelType::SpotColour { .. } => {
                    continue;
                }
                ExtraChannelType::Depth => "of depth",
                ExtraChannelType::SelectionMask => "with a selection mask",
                ExtraChannelType::Thermal => "of temperatures",
                _ => "for programs",
            };
            show(format!("extra channel {number}"), format!("a channel {name} is not shown, but in the file"));
        }
        Ok(Extraction { spans, unread: found, ..Extraction::default() })
    }
}

/// Everything in a colour profile that looks like text, in whichever tag: Latin letters as one byte or as UTF-16.
fn texts(profile: &[u8]) -> Vec<String> {
    let is_text = |character: &char| {
        character.is_ascii_graphic() || *character == ' ' || (character.is_alphabetic() && *character < '\u{250}')
    };
    let bytes = profile.iter().map(|byte| Some(char::from(*byte)).filter(char::is_ascii).filter(is_text));
    let pairs = |start: usize| {
        let units = profile.get(start..).unwrap_or_default().as_chunks::<2>().0;
        units.iter().map(move |unit| char::from_u32(u32::from(u16::from_be_bytes(*unit))).filter(is_text))
    };
    [runs(bytes), runs(pairs(0)), runs(pairs(1))].concat()
}

/// Stretches of characters that are long enough.
fn runs(characters: impl Iterator<Item = Option<char>>) -> Vec<String> {
    let (mut found, mut run) = (Vec::new(), String::new());
    for character in characters.chain([None]) {
        match character {
            Some(character) => run.push(character),
            None if run.chars().count() >= SHORTEST_TEXT => found.push(std::mem::take(&mut run)),
            None => run.clear(),
        }
    }
    found
}
