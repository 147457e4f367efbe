//! XML as it reads, for the echo search.

use super::namespace::Ns;
use super::{Token, XmlReader};

/// The text of a part by paragraphs, each attribute value on a line of its own. Text flows on across the elements that
/// `joins` names.
pub(crate) fn readable(mut reader: XmlReader<'_>, joins: fn(Ns, &str) -> bool) -> String {
    let (mut text, mut values) = (String::new(), String::new());
    while let Some(token) = reader.next() {
        match token {
            Token::Start(element) => {
                if !joins(element.ns, element.local) {
                    text.push('\n');
                }
                for attribute in element.attributes.iter() {
                    values.push_str(attribute.value);
                    values.push('\n');
                }
            }
            Token::Text(more) => text.push_str(more),
            Token::Aside(more) => {
                values.push_str(more);
                values.push('\n');
            }
            Token::End => {}
        }
    }
    text.push('\n');
    text.push_str(&values);
    text
}
