//! What Outlook messages tell: sender, recipients, the way they took, attachments ([MS-OXMSG], [MS-OXPROPS]).

use super::Listing;
use crate::legacy_reading::message::{Property, property};
use crate::legacy_reading::{Compound, Item, title};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Lists every property of message, recipients and attachments that is text, and the attachments themselves.
pub(super) fn list(compound: &mut Compound<'_, '_>, listing: &mut Listing<'_>) -> Result<(), Refusal> {
    for item in compound.items().to_vec() {
        let Some(property) = Property::of(&item) else { continue };
        let is_attached = item.parent().rsplit('/').next().is_some_and(|name| name.starts_with("__attach"));
        match property.id {
            property::ATTACHMENT if is_attached && item.is_stream => {
                let name = attachment_name(compound, &item)?;
                let bytes = compound.read(&item.path)?;
                listing.add_file(&name, bytes);
            }
            property::ATTACHMENT if is_attached => {
                listing.add(Class::EmbeddedFiles, "attached message or object", title(&item.path), 1, 0);
            }
            _ if item.is_stream => list_text(compound, &item, property, listing)?,
            _ => {}
        }
    }
    Ok(())
}

fn list_text(
    compound: &mut Compound<'_, '_>,
    item: &Item,
    property: Property,
    listing: &mut Listing<'_>,
) -> Result<(), Refusal> {
    let Some((name, class)) = named(property.id) else { return Ok(()) };
    let bytes = compound.read(&item.path)?;
    match property.text(&bytes) {
        Some(text) => listing.add_value(class, name, title(item.parent()), &text),
        None if property.kind == 0x102 && !bytes.is_empty() => {
            listing.add(class, name, title(item.parent()), 1, bytes.len() as u64);
        }
        None => {}
    }
    Ok(())
}

/// The file name of an attachment; the name of its storage where it has none.
fn attachment_name(compound: &mut Compound<'_, '_>, data: &Item) -> Result<String, Refusal> {
    for wanted in [property::ATTACHMENT_NAME, property::ATTACHMENT_SHORT_NAME] {
        let beside = compound.items().iter().filter(|item| item.parent() == data.parent());
        let found = beside.filter_map(|item| Some((item.path.clone(), Property::of(item)?)));
        let Some((path, property)) = found.into_iter().find(|(_, property)| property.id == wanted) else { continue };
        let bytes = compound.read(&path)?;
        if let Some(name) = property.text(&bytes) {
            return Ok(name);
        }
    }
    Ok(data.parent().to_owned())
}

/// The canonical name of a property that tells something, and its class.
fn named(id: u16) -> Option<(&'static str, Class)> {
    Some(match id {
        0x0037 | 0x0e1d => ("PidTagSubject", Class::MetadataDescription),
        0x0070 => ("PidTagConversationTopic", Class::MetadataDescription),
        0x0071 => ("PidTagConversationIndex", Class::MetadataIdentifiers),
        0x0042 | 0x0064 | 0x0065 | 0x5d02 => ("PidTagSentRepresenting", Class::MetadataPeople),
        0x0c1a | 0x0c1e | 0x0c1f | 0x5d01 => ("PidTagSender", Class::MetadataPeople),
        0x0040 | 0x0044 | 0x0075..=0x0078 | 0x5d07 | 0x5d08 => ("PidTagReceivedBy", Class::MetadataPeople),
        0x007d => ("PidTagTransportMessageHeaders", Class::MetadataProvenance),
        0x0e02 => ("PidTagDisplayBcc", Class::MetadataPeople),
        0x0e03 => ("PidTagDisplayCc", Class::MetadataPeople),
        0x0e04 => ("PidTagDisplayTo", Class::MetadataPeople),
        0x1035 | 0x1039 | 0x1042 => ("PidTagInternetMessageId", Class::MetadataIdentifiers),
        0x3001 | 0x3002 | 0x3003 | 0x39fe | 0x39ff | 0x5ff6 => ("recipient", Class::MetadataPeople),
        0x370d | 0x3708 => ("PidTagAttachLongPathname", Class::MetadataPaths),
        0x3ff8 | 0x3ffa | 0x4038 | 0x4039 => ("PidTagLastModifierName", Class::MetadataAuthor),
        0x003f | 0x0041 | 0x0043 | 0x0c19 => ("address entry id", Class::MetadataIdentifiers),
        _ => return None,
    })
}
