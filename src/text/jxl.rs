//! JPEG XL: no text, but what cannot be taken out of its codestream without coding the pixels anew.
//!
//! Layers that others cover and extra channels that viewers do not show are listed as unread, so that a person looks at them.

use jxl_oxide::ExtraChannelType;

use super::{Extraction, Extractor, Place, Unread};
use crate::formats::Context;
use crate::kind::Kind;
use crate::prove::jxl::read;
use crate::refusal::Refusal;

/// Reads JPEG XL pictures.
pub(super) struct JpegXlText;

impl Extractor for JpegXlText {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::JpegXl]
    }

    fn extract(&self, kind: Kind, bytes: &[u8], context: &Context<'_>) -> Result<Extraction, Refusal> {
        let image = read(bytes, context)?;
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
        Ok(Extraction { unread: found, ..Extraction::default() })
    }
}
