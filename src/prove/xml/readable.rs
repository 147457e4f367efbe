//! XML as it reads, for the echo search.

use super::namespace::Ns;
use super::{Token, XmlReader, decode};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// The text of a part by paragraphs, each attribute value on a line of its own. Text flows on across the elements that
/// `joins` names.
///
/// # Errors
/// As [`decode`] and [`XmlReader::next`].
pub(crate) fn readable(bytes: &[u8], limits: &Limits, joins: fn(Ns, &str) -> bool) -> Result<String, Refusal> {
    let xml = decode(bytes)?;
    let mut reader = XmlReader::new(&xml, limits);
    let (mut text, mut values) = (String::new(), String::new());
    while let Some(token) = reader.next()? {
        match token {
            Token::Start(element) => {
                if !joins(element.ns, element.local) {
                    text.push('\n');
                }
                for attribute in &element.attributes {
                    values.push_str(&attribute.value);
                    values.push('\n');
                }
            }
            Token::Text(more) => text.push_str(&more),
            Token::Aside(more) => {
                values.push_str(&more);
                values.push('\n');
            }
            Token::End => {}
        }
    }
    text.push('\n');
    text.push_str(&values);
    Ok(text)
}
