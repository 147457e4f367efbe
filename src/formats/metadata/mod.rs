//! What metadata blocks hold, for every format that carries them: EXIF, XMP, Photoshop and IPTC, ICC.
//!
//! Handlers drop these blocks as a whole (the orientation and the colour profile stay); the readers here tell what was in
//! them, item by item. They take what they can from broken blocks, since what is dropped need not be well-formed.

pub(crate) mod exif;
pub(crate) mod icc;
pub(crate) mod photoshop;
pub(crate) mod xmp;

use super::report::{RemovedValue, Report};
use crate::policy::{Action, Class};

/// Bytes of one value that are kept for the echo search, which looks for beginnings only.
pub(crate) const MOST_TEXT: usize = 2_048;

/// Reports a value of unstated encoding as removed; its beginning goes to the echo search.
pub(crate) fn removed_text(report: &mut Report, class: Class, item: String, bytes: &[u8]) {
    let value = text_or_latin1(bytes);
    let class = class_of_text(class, &value);
    report.hit(class, Action::Remove, item.clone(), "", 1, bytes.len() as u64);
    if !value.trim().is_empty() {
        report.values.push(RemovedValue { class, item, value });
    }
}

/// The beginning of a text of unstated encoding: UTF-8 if it is that, else Latin-1, which every byte string is.
pub(crate) fn text_or_latin1(bytes: &[u8]) -> String {
    let bytes = bytes.get(..bytes.len().min(MOST_TEXT)).unwrap_or_default();
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        // The cut went through a character.
        Err(error) if error.error_len().is_none() => {
            String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default()).into_owned()
        }
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// The class of a text: comments and descriptions are where generators of pictures write their prompt and settings.
pub(crate) fn class_of_text(class: Class, text: &str) -> Class {
    // Each group is found together in what one family of programs writes.
    const MARKS: &[&[&str]] = &[
        &["Steps: ", "Sampler: "],
        &["Negative prompt: "],
        &["\"sampler\"", "\"steps\""],
        &["\"class_type\"", "\"inputs\""],
        &["\"AIGC\""],
    ];
    let generated = || MARKS.iter().any(|marks| marks.iter().all(|mark| text.contains(mark)));
    match class {
        Class::MetadataDescription | Class::MetadataOther if generated() => Class::MetadataProvenance,
        class => class,
    }
}

/// A name from a document that is safe to print.
pub(crate) fn tame(name: &str) -> String {
    name.chars()
        .take(64)
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '?' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_of_generators_are_provenance() {
        let described = Class::MetadataDescription;
        for (class, text, expected) in [
            (described, "a castle\nSteps: 20, Sampler: Euler a, Seed: 1", Class::MetadataProvenance),
            (described, "a castle\nNegative prompt: people", Class::MetadataProvenance),
            (described, r#"{"prompt": "a castle", "steps": 28, "sampler": "k_euler"}"#, Class::MetadataProvenance),
            (Class::MetadataOther, r#"{"3": {"class_type": "KSampler", "inputs": {}}}"#, Class::MetadataProvenance),
            (described, "Steps: up to the castle", described),
            (Class::MetadataAuthor, "Steps: 20, Sampler: Euler a", Class::MetadataAuthor),
        ] {
            assert_eq!(class_of_text(class, text), expected, "{text}");
        }
        let mut report = Report::default();
        removed_text(&mut report, described, "COM".to_owned(), b"Steps: 20, Sampler: Euler a");
        assert_eq!(report.hits.first().map(|hit| hit.class), Some(Class::MetadataProvenance));
    }

    #[test]
    fn names_are_tamed() {
        assert_eq!(tame("Image_UTC-1.0"), "Image_UTC-1.0");
        assert_eq!(tame("a\u{202e}b\n"), "a?b?");
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(text_or_latin1("Zürich".as_bytes()), "Zürich");
        assert_eq!(text_or_latin1(b"Z\xfcrich"), "Zürich");
        let long = "xü".repeat(MOST_TEXT);
        assert!(long.starts_with(&text_or_latin1(long.as_bytes())));
    }
}
