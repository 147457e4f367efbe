//! Styles that hide text (`w:vanish`), with those that they are based on.

use std::collections::{HashMap, HashSet};

use crate::limits::Limits;
use crate::prove::ooxml::package::Part;
use crate::prove::xml::Token;
use crate::prove::xml::namespace::Ns;
use crate::refusal::Refusal;

/// Styles are based on styles; more steps than this no real document has.
const STEPS: usize = 32;

/// The ids of styles whose text is hidden.
#[derive(Debug, Default)]
pub(super) struct HiddenStyles(HashSet<String>);

impl HiddenStyles {
    pub(super) fn read(part: &Part, limits: &Limits) -> Result<Self, Refusal> {
        let xml = part.xml(limits)?;
        if !xml.text().contains("vanish") {
            return Ok(Self::default());
        }
        let mut reader = xml.reader();
        let mut styles: HashMap<String, (Option<bool>, Option<String>)> = HashMap::new();
        let mut current = String::new();
        while let Some(token) = reader.next() {
            let Token::Start(element) = token else { continue };
            if element.ns != Ns::Word {
                continue;
            }
            match element.local {
                "style" => current = element.own("styleId").unwrap_or_default().to_owned(),
                "vanish" => styles.entry(current.clone()).or_default().0 = Some(element.is_on()),
                "basedOn" => styles.entry(current.clone()).or_default().1 = element.val().map(str::to_owned),
                _ => {}
            }
        }
        let hides = |id: &String| {
            let mut at = id;
            for _ in 0..STEPS {
                match styles.get(at) {
                    Some((Some(vanish), _)) => return *vanish,
                    Some((None, Some(base))) => at = base,
                    _ => return false,
                }
            }
            false
        };
        Ok(Self(styles.keys().filter(|id| hides(id)).cloned().collect()))
    }

    pub(super) fn contains(&self, id: &str) -> bool {
        self.0.contains(id)
    }
}
