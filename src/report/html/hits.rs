//! What was done with the things that hid in a file, by class and in plain words.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::markup::Markup;
use super::{number, words};
use crate::formats::{Hit, size_title};
use crate::policy::{Action, Class};

/// How many kinds of things of one class, names of items and places are shown; the log has more.
const MOST_GROUPS: usize = 48;
const MOST_ITEMS: usize = 12;
const MOST_PLACES: usize = 3;

/// Hits that mean the same to a person.
#[derive(Debug, Default)]
struct Group<'a> {
    count: u64,
    bytes: u64,
    items: BTreeMap<&'a str, u64>,
    places: BTreeSet<&'a str>,
}

/// A row for each class, action and decision about it.
pub(super) fn hits(page: &mut Markup<'_>, hits: &[Hit]) -> io::Result<()> {
    let mut classes: BTreeMap<(Class, Action, Option<&str>), BTreeMap<String, Group<'_>>> = BTreeMap::new();
    for hit in hits {
        // Words for one: the number is known when all are together.
        let words = words::item(hit.class, &hit.item, 1).unwrap_or_else(|| hit.item.clone());
        let row = classes.entry((hit.class, hit.action, hit.allowed.as_deref())).or_default();
        let group = row.entry(words).or_default();
        group.count = group.count.saturating_add(hit.count);
        group.bytes = group.bytes.saturating_add(hit.bytes);
        let of_item = group.items.entry(&hit.item).or_default();
        *of_item = of_item.saturating_add(hit.count);
        if !hit.place.is_empty() {
            group.places.insert(&hit.place);
        }
    }
    if classes.is_empty() {
        return Ok(());
    }
    page.within("dl", &[("class", "hits")], |page| {
        for ((class, action, allowed), groups) in &classes {
            page.within("dt", &[("title", class.about())], |page| {
                page.text(words::title(*class))?;
                let (class_name, done) = match allowed {
                    Some(_) => (Action::Accept.name(), "accepted"),
                    None => (action.name(), done(*action)),
                };
                page.element("small", &[("class", class_name)], &format!("{class} · {done}"))?;
                allowed.map_or(Ok(()), |decision| page.element("small", &[], decision))
            })?;
            page.within("dd", &[], |page| {
                page.within("ul", &[], |page| {
                    for (words, group) in groups.iter().take(MOST_GROUPS) {
                        page.within("li", &[], |page| self::group(page, *class, words, group))?;
                    }
                    match groups.len().saturating_sub(MOST_GROUPS) {
                        0 => Ok(()),
                        more => page.element("li", &[], &format!("… and {more} more")),
                    }
                })
            })?;
        }
        Ok(())
    })
}

fn done(action: Action) -> &'static str {
    match action {
        Action::Keep => "kept",
        Action::Remove => "removed",
        Action::Hold => "held for a decision",
        Action::Unhide => "made visible",
        Action::Flatten => "drawn into the page",
        Action::Accept => "accepted",
        Action::Refuse => "refused",
    }
}

fn group(page: &mut Markup<'_>, class: Class, words: &str, group: &Group<'_>) -> io::Result<()> {
    let plain = group.items.keys().next().and_then(|item| words::item(class, item, group.count));
    match plain {
        Some(plain) => {
            page.text(&plain)?;
            page.element("small", &[], &listed(&group.items))?;
        }
        None => {
            page.element("code", &[], words)?;
            if group.count > 1 {
                page.text(&format!(" ×{}", number(group.count)))?;
            }
        }
    }
    let mut rest = Vec::new();
    if !group.places.is_empty() {
        let shown: Vec<&str> = group.places.iter().take(MOST_PLACES).copied().collect();
        let more = group.places.len().saturating_sub(shown.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        rest.push(format!("in {}{more}", shown.join(", ")));
    }
    if group.bytes >= 1000 {
        rest.push(size_title(group.bytes));
    }
    if rest.is_empty() { Ok(()) } else { page.element("small", &[], &rest.join(" · ")) }
}

/// Names of items with their numbers.
fn listed(items: &BTreeMap<&str, u64>) -> String {
    let named = items.iter().take(MOST_ITEMS).map(|(item, count)| match count {
        1 => (*item).to_owned(),
        _ => format!("{item} ×{}", number(*count)),
    });
    let mut named: Vec<String> = named.collect();
    let more = items.len().saturating_sub(named.len());
    if more > 0 {
        named.push(format!("{more} more"));
    }
    named.join(", ")
}
