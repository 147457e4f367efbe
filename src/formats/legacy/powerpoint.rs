//! What PowerPoint presentations tell besides their slides ([MS-PPT]).

use super::Listing;
use crate::legacy_reading::powerpoint::{current_user, record, walk};
use crate::legacy_reading::{Bytes, Compound};
use crate::policy::Class;
use crate::refusal::Refusal;

const DOCUMENT: &str = "PowerPoint Document";
const CURRENT_USER: &str = "Current User";

/// Lists who used it, and the records of comments, notes, hidden slides, objects, macros and earlier states.
pub(super) fn list(compound: &mut Compound<'_, '_>, listing: &mut Listing<'_>) -> Result<(), Refusal> {
    if compound.has(CURRENT_USER) {
        let stream = compound.read(CURRENT_USER)?;
        if let Some(user) = current_user(&stream) {
            if user.is_encrypted {
                return Err(Refusal::encrypted("this PowerPoint presentation is locked with a password"));
            }
            listing.add_value(Class::MetadataAuthor, "CurrentUserAtom: user", CURRENT_USER, &user.name);
        }
    }
    let stream = compound.read(DOCUMENT)?;
    let mut saves = 0_u64;
    walk(&stream, &mut |found| {
        let size = found.data.len() as u64;
        let mut add = |class, item| listing.add(class, item, DOCUMENT, 1, size);
        match found.kind {
            record::NOTES => add(Class::ContentSpeakerNotes, "notes page"),
            record::COMMENT => add(Class::ContentComments, "Comment10"),
            record::EMBEDDED_OBJECT => add(Class::ActiveObjects, "ExOleEmbed"),
            record::LINKED_OBJECT => add(Class::LinksExternalContent, "ExOleLink"),
            // A reference to the project, then whether there are macros in it.
            record::VBA_INFO_ATOM if Bytes::at(found.data, 4_usize).long().is_some_and(|macros| macros != 0) => {
                add(Class::ActiveMacros, "VBAInfoAtom");
            }
            record::PROG_TAGS => add(Class::ContentCustomXml, "ProgTags"),
            record::USER_EDIT => saves = saves.saturating_add(1),
            // Its flags stand behind two numbers and two bytes.
            record::SLIDE_SHOW_INFO if Bytes::at(found.data, 10_usize).short().is_some_and(|flags| flags & 4 != 0) => {
                add(Class::ContentHiddenSlides, "hidden slide");
            }
            record::C_STRING if found.lies_in(record::COMMENT) && found.instance != 1 => {
                let name = found.text().unwrap_or_default();
                listing.add_value(Class::ContentComments, "Comment10: author", DOCUMENT, &name);
            }
            record::C_STRING if found.lies_in(record::LINKED_OBJECT) || found.lies_in(record::EMBEDDED_OBJECT) => {
                let name = found.text().unwrap_or_default();
                listing.add_value(Class::ActiveObjects, "name of an object", DOCUMENT, &name);
            }
            record::C_STRING if found.lies_in(record::HYPERLINK) => {
                let target = found.text().unwrap_or_default();
                listing.add_value(Class::LinksLocal, "ExHyperlink", DOCUMENT, &target);
            }
            _ => {}
        }
    });
    if saves > 1 {
        let earlier = saves.saturating_sub(1);
        listing.add(Class::ContentOldRevisions, "earlier state (UserEditAtom)", DOCUMENT, earlier, 0);
    }
    Ok(())
}
