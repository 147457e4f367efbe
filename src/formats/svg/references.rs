//! What a drawing refers to: parts of itself, files in `data:` URIs, links, content from elsewhere.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use crate::formats::links::{is_local, is_script, percent_decode_bytes};
use crate::formats::{Context, Report, Surroundings};
use crate::identify::identify;
use crate::kind::{Family, Kind};
use crate::policy::{Action, Class, Policy};
use crate::refusal::Refusal;

/// Writes with padding and reads with or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// What a reference is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// A picture that is drawn.
    Picture,
    /// Something in a style: a paint, a filter, a font.
    Style,
    /// Another element.
    Element,
}

/// Judges references, one document long.
pub(super) struct References<'r> {
    context: &'r Context<'r>,
    policy: &'r Policy,
    report: &'r mut Report,
    /// How many files in `data:` URIs there were.
    files: u32,
}

impl<'r> References<'r> {
    pub(super) fn new(context: &'r Context<'r>, policy: &'r Policy, report: &'r mut Report) -> Self {
        Self { context, policy, report, files: 0 }
    }

    pub(super) fn report(&mut self) -> &mut Report {
        self.report
    }

    /// A style sheet from elsewhere. It goes always, since nobody knows what is in it; a person has to see what it
    /// changed.
    pub(super) fn import(&mut self) {
        let class = Class::LinksExternalContent;
        self.report.hit(class, self.policy.action(class), "CSS @import (taken out)", "", 1, 0);
    }

    /// The target of an `<a>`, if it may stay.
    pub(super) fn link(&mut self, target: &str) -> Option<String> {
        if is_script(&squeezed(target)) {
            self.report.removed(Class::ActiveJavascript, "link that runs a script", "");
            return None;
        }
        if is_local(target) {
            self.report.removed_value(Class::LinksLocal, "link", "", target.trim());
            return None;
        }
        Some(target.to_owned())
    }

    /// The target of a reference that is followed when the drawing is shown, if it may stay.
    ///
    /// # Errors
    /// What a picture in a `data:` URI is refused for.
    pub(super) fn resource(&mut self, target: &str, used: Use) -> Result<Option<String>, Refusal> {
        let trimmed = target.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            return Ok(Some(trimmed.to_owned()));
        }
        if trimmed.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:")) {
            return self.file(trimmed.get(5..).unwrap_or_default(), used);
        }
        if is_script(&squeezed(trimmed)) {
            self.report.removed(Class::ActiveJavascript, "reference that runs a script", "");
            return Ok(None);
        }
        if is_local(trimmed) {
            self.report.removed_value(Class::LinksLocal, "reference to a file", "", trimmed);
            return Ok(None);
        }
        let class = Class::LinksExternalContent;
        let item = match used {
            Use::Picture => "picture from elsewhere",
            Use::Style => "style from elsewhere",
            Use::Element => "element from elsewhere",
        };
        self.report.hit(class, self.policy.action(class), item, "", 1, 0);
        Ok(Some(trimmed.to_owned()))
    }

    /// The file in a `data:` URI (RFC 2397), behind the scheme.
    fn file(&mut self, uri: &str, used: Use) -> Result<Option<String>, Refusal> {
        self.files = self.files.saturating_add(1);
        let part = format!("data URI {}", self.files);
        let (header, data) =
            uri.split_once(',').ok_or_else(|| Refusal::damaged("a data URI is broken").in_part(&part))?;
        let coded = header.rsplit(';').next().is_some_and(|last| last.trim().eq_ignore_ascii_case("base64"));
        self.context.charge_decompressed(data.len() as u64)?;
        let bytes = if coded {
            let text: Vec<u8> = percent_decode_bytes(data).into_iter().filter(|b| !b.is_ascii_whitespace()).collect();
            BASE64.decode(text).map_err(|_| Refusal::damaged("a data URI is broken").in_part(&part))?
        } else {
            percent_decode_bytes(data)
        };
        let kind = identify(&bytes, "").kind;
        match (used, kind.media_type()) {
            (Use::Picture | Use::Style, Some(media_type)) if kind.family() == Family::Image => {
                let copy = self.context.clean_embedded(&part, &bytes, Surroundings::Standalone, self.report)?;
                Ok(Some(format!("data:{media_type};base64,{}", BASE64.encode(copy))))
            }
            (Use::Style | Use::Element, Some(media_type)) if kind == Kind::Font => {
                let size = bytes.len() as u64;
                self.report.hit(Class::MetadataOther, Action::Keep, "font with its names", part, 1, size);
                Ok(Some(format!("data:{media_type};base64,{}", BASE64.encode(bytes))))
            }
            _ if kind.family() == Family::Image && used != Use::Element => {
                Err(Refusal::unsupported(format!("a data URI holds {}, which cannot be cleaned", kind.described()))
                    .in_part(&part))
            }
            _ => {
                let item = format!("data URI: {}", kind.title());
                self.report.removed_bytes(Class::EmbeddedFiles, item, part, bytes.len());
                Ok(None)
            }
        }
    }
}

/// Browsers read `java&#10;script:` as a scheme all the same (URL Standard, 4.4).
fn squeezed(target: &str) -> String {
    target.chars().filter(|c| !c.is_ascii_control() && *c != ' ').collect()
}
