//! Kinds that no handler cleans: what to do with such a file instead.

use crate::kind::{Family, Kind};
use crate::refusal::{Reason, Refusal};

/// The refusal of a kind without a handler. `detail` is its more precise name, where there is one.
pub(crate) fn refusal(kind: Kind, detail: Option<&str>) -> Refusal {
    let named = detail.map_or_else(|| kind.described(), str::to_owned);
    let refusal = match kind {
        Kind::Empty => Refusal::new(Reason::Damaged, "the file is empty"),
        Kind::Unknown => Refusal::new(Reason::UnknownKind, "its bytes are of no kind that fieldstrip knows"),
        Kind::EncryptedOffice => Refusal::encrypted("this Office file is locked with a password or rights management"),
        _ => Refusal::unsupported(format!("this is {named}, which cannot be cleaned")),
    };
    match hint(kind) {
        Some(hint) => refusal.with_hint(hint),
        None => refusal,
    }
}

/// What a person can do with a file of this kind; `None` where the advice of the reason is the best one.
fn hint(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Empty => "nothing can be published from an empty file; leave it out",
        Kind::Psd => "flatten it, export it as PNG, TIFF or JPEG from your image editor and clean that",
        Kind::CameraRaw => "export it as JPEG, TIFF or PNG from your raw converter and clean that",
        Kind::PostScript => {
            "convert it to PDF, or export it as PNG or SVG from the program that made it, and clean that"
        }
        Kind::Metafile => "export it as SVG or PNG from the program that made it and clean that",
        Kind::Html => "print it to PDF from a browser and clean that",
        Kind::Xml => "publish its contents as text, CSV or JSON and clean that",
        Kind::Email | Kind::OutlookMessage => {
            "print the message to PDF, save its attachments as files of their own, and clean those"
        }
        Kind::Epub => "publish the document that the book was made from, or convert it to PDF, and clean that",
        Kind::Zip | Kind::Archive => "unpack it and clean the files inside",
        Kind::Media => "remove its metadata with an audio or video editor; fieldstrip cannot check the result",
        Kind::Executable => "leave programs out of what you publish here, or publish them on another way",
        Kind::Font => "leave fonts out, or embed them in a PDF and clean that",
        Kind::CompoundFile => "open it in its own program, export it to PDF or a current Office format and clean that",
        Kind::EncryptedOffice => return None,
        _ => match kind.family() {
            Family::Legacy => {
                "save it in a current Office format, for example with `soffice --headless --convert-to docx FILE` (xlsx, \
                 pptx), and clean that; a policy with `legacy.mode = \"convert\"` does both"
            }
            Family::Odf => "export it to PDF, or save it as docx, xlsx or pptx, and clean that",
            _ => return None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::handler_for;

    #[test]
    fn every_kind_without_a_handler_gets_advice_that_fits() {
        for kind in Kind::ALL.iter().copied().filter(|kind| handler_for(*kind).is_none()) {
            let refusal = refusal(kind, None);
            let fits = hint(kind).is_some() || matches!(kind, Kind::Unknown | Kind::EncryptedOffice);
            assert!(fits || kind.family() == Family::Ooxml, "{kind}: {}", refusal.hint);
        }
        let hint = |kind| refusal(kind, None).hint;
        assert!(hint(Kind::CameraRaw).contains("raw converter"));
        assert!(hint(Kind::Archive).starts_with("unpack it"));
        assert!(hint(Kind::EncryptedOffice).contains("password"));
        assert!(refusal(Kind::Archive, Some("7-Zip")).detail.contains("7-Zip"));
    }
}
