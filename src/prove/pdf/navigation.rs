//! Links and bookmarks: all that lead somewhere public or into the document must still be there.

use std::collections::{BTreeMap, BTreeSet};

use hayro_interpret::hayro_syntax::object::{
    Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, String as PdfString,
};

use super::Chosen;
use crate::formats::Report;
use crate::pdf_reading::Reading;
use crate::pdf_reading::annotation::{Annotation, annotations};
use crate::pdf_reading::walk::text_of;
use crate::policy::{Action, Class};
use crate::prove::Check;
use crate::refusal::Refusal;

/// Nodes of a name tree or outline that are looked at.
const MOST: usize = 1_000_000;

/// Where a link or bookmark leads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    /// A page of the document, counted from 0.
    Page(usize),
    /// An address.
    Address(String),
    /// Nowhere, or somewhere that is not kept.
    None,
}

/// Finds the pages that destinations name.
struct Destinations<'r, 'a> {
    reading: &'r Reading<'a>,
    pages: BTreeMap<ObjectIdentifier, usize>,
    named: BTreeMap<Vec<u8>, Object<'a>>,
}

impl<'r, 'a> Destinations<'r, 'a> {
    fn new(reading: &'r Reading<'a>) -> Self {
        // A page shown twice is reached where it is shown first.
        let mut pages = BTreeMap::new();
        for (index, page) in reading.pages().enumerate() {
            if let Some(id) = page.raw().obj_id() {
                pages.entry(id).or_insert(index);
            }
        }
        let mut named = BTreeMap::new();
        if let Some(catalog) = catalog(reading) {
            if let Some(old) = catalog.get::<Dict<'_>>(b"Dests") {
                named.extend(
                    old.keys().filter_map(|key| Some((key.as_ref().to_vec(), old.get::<Object<'_>>(key.as_ref())?))),
                );
            }
            let tree = catalog.get::<Dict<'_>>(b"Names").and_then(|names| names.get::<Dict<'_>>(b"Dests"));
            if let Some(tree) = tree {
                read_names(tree, &mut named);
            }
        }
        Self { reading, pages, named }
    }

    /// The page of a destination: an array that begins with a page, a dictionary around one, or a name. ISO 32000-2, 12.3.2.
    fn page(&self, destination: Object<'a>) -> Option<usize> {
        let mut destination = destination;
        // A name leads to a dictionary leads to an array.
        for _ in 0..4 {
            destination = match destination {
                Object::Array(array) => {
                    return match array.raw_iter().next()? {
                        MaybeRef::Ref(page) => self.pages.get(&page.into()).copied(),
                        // Some programs count instead.
                        MaybeRef::NotRef(Object::Number(number)) => {
                            usize::try_from(number.as_i64()).ok().filter(|index| *index < self.reading.pages().len())
                        }
                        MaybeRef::NotRef(_) => None,
                    };
                }
                Object::Dict(dict) => dict.get::<Object<'_>>(b"D")?,
                Object::Name(name) => self.named.get(name.as_ref())?.clone(),
                Object::String(name) => self.named.get(name.as_bytes())?.clone(),
                _ => return None,
            };
        }
        None
    }

    fn target(&self, dict: &Dict<'a>) -> Target {
        if let Some(destination) = dict.get::<Object<'_>>(b"Dest") {
            return self.page(destination).map_or(Target::None, Target::Page);
        }
        let Some(action) = dict.get::<Dict<'_>>(b"A") else { return Target::None };
        match action.get::<Name<'_>>(b"S").map(|name| name.as_ref().to_vec()).unwrap_or_default().as_slice() {
            b"GoTo" => {
                let destination = action.get::<Object<'_>>(b"D");
                destination.and_then(|to| self.page(to)).map_or(Target::None, Target::Page)
            }
            b"URI" => {
                action.get::<PdfString<'_>>(b"URI").map_or(Target::None, |uri| Target::Address(text_of(uri.as_bytes())))
            }
            _ => Target::None,
        }
    }
}

/// The catalog.
pub(super) fn catalog<'a>(reading: &Reading<'a>) -> Option<Dict<'a>> {
    reading.pdf.xref().get::<Dict<'a>>(reading.pdf.xref().root_id())
}

/// The entries of a name tree.
pub(super) fn read_names<'a>(root: Dict<'a>, named: &mut BTreeMap<Vec<u8>, Object<'a>>) {
    let mut open = vec![root];
    let mut seen: BTreeSet<ObjectIdentifier> = BTreeSet::new();
    let mut visited = 0_usize;
    while let Some(node) = open.pop() {
        visited = visited.saturating_add(1);
        if visited > MOST || named.len() > MOST || node.obj_id().is_some_and(|id| !seen.insert(id)) {
            continue;
        }
        if let Some(kids) = node.get::<Array<'_>>(b"Kids") {
            open.extend(kids.iter::<Dict<'_>>());
        }
        if let Some(pairs) = node.get::<Array<'_>>(b"Names") {
            let mut items = pairs.iter::<Object<'_>>();
            while let (Some(key), Some(value)) = (items.next(), items.next()) {
                if let Object::String(key) = key {
                    named.entry(key.as_bytes().to_vec()).or_insert(value);
                }
            }
        }
    }
}

/// True for addresses that must stay; anything else may go.
fn must_stay(address: &str) -> bool {
    let Some((scheme, rest)) = address.trim().split_once(':') else { return false };
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => {
            let host = rest.trim_start_matches('/').split(['/', '?', '#', ':']).next().unwrap_or_default();
            // A name with a dot and a top-level domain that could be public; addresses in numbers may be private ones.
            host.rsplit_once('.').is_some_and(|(_, top)| top.len() > 1 && top.chars().all(char::is_alphabetic))
        }
        "mailto" => true,
        _ => false,
    }
}

type Links = BTreeMap<(usize, Target), u64>;

fn links(reading: &Reading<'_>, counts: &dyn Fn(&Annotation<'_>) -> bool) -> Links {
    let destinations = Destinations::new(reading);
    let mut links = Links::new();
    for (index, page) in reading.pages().enumerate() {
        for annotation in annotations(page).iter().filter(|one| is_link(one) && counts(one)) {
            let target = destinations.target(&annotation.dict);
            let count = links.entry((index, target)).or_default();
            *count = count.saturating_add(1);
        }
    }
    links
}

fn is_link(annotation: &Annotation<'_>) -> bool {
    annotation.kind == "Link" && !annotation.is_hidden()
}

/// Every link into the document and to a public address is still on its page, apart from as many as the report says were
/// removed as local ones; and no link leads where none led before.
pub(super) fn compare_links(
    before: &Reading<'_>,
    after: &Reading<'_>,
    shown: &Chosen<'_>,
    report: &Report,
) -> Result<Check, Refusal> {
    let old = links(before, &|link| !shown.is_in_hidden_layer(link));
    let new = links(after, &|_| true);
    let mut missing = 0_u64;
    let mut kept = 0_u64;
    for ((page, target), count) in &old {
        let found = new.get(&(*page, target.clone())).copied().unwrap_or(0);
        kept = kept.saturating_add(found.min(*count));
        let lost = count.saturating_sub(found);
        match target {
            Target::Page(_) if lost > 0 => {
                return Err(Refusal::unprovable("a link into the document is missing or leads elsewhere")
                    .in_part(format!("page {}", page.saturating_add(1))));
            }
            Target::Address(address) if must_stay(address) => missing = missing.saturating_add(lost),
            _ => {}
        }
    }
    let added = new.iter().any(|((page, target), count)| {
        *target != Target::None && old.get(&(*page, target.clone())).copied().unwrap_or(0) < *count
    });
    if added {
        return Err(Refusal::unprovable("the copy has a link that the original has not"));
    }
    let explained = report
        .hits
        .iter()
        .filter(|hit| hit.class == Class::LinksLocal && hit.action == Action::Remove)
        .fold(0_u64, |sum, hit| sum.saturating_add(hit.count));
    if missing > explained {
        return Err(Refusal::unprovable(format!("{missing} links to public addresses are missing")));
    }
    Ok(Check::new("links-kept", format!("{kept} links")))
}

/// A bookmark: how deep it lies, its title, and the page that it leads to.
type Bookmark = (usize, String, Target);

fn bookmarks(reading: &Reading<'_>) -> Vec<Bookmark> {
    let destinations = Destinations::new(reading);
    let mut found = Vec::new();
    let mut seen: BTreeSet<ObjectIdentifier> = BTreeSet::new();
    let outlines = catalog(reading).and_then(|catalog| catalog.get::<Dict<'_>>(b"Outlines"));
    let mut open: Vec<(usize, Dict<'_>)> = Vec::new();
    open.extend(outlines.and_then(|root| root.get::<Dict<'_>>(b"First")).map(|first| (0, first)));
    while let Some((depth, entry)) = open.pop() {
        if found.len() > MOST || entry.obj_id().is_some_and(|id| !seen.insert(id)) {
            continue;
        }
        let title = entry.get::<PdfString<'_>>(b"Title").map(|title| text_of(title.as_bytes())).unwrap_or_default();
        open.extend(entry.get::<Dict<'_>>(b"Next").map(|next| (depth, next)));
        open.extend(entry.get::<Dict<'_>>(b"First").map(|first| (depth.saturating_add(1), first)));
        found.push((depth, title, destinations.target(&entry)));
    }
    found
}

/// The bookmarks are the same, in the same order, and those into the document lead to the same pages.
pub(super) fn compare_bookmarks(before: &Reading<'_>, after: &Reading<'_>) -> Result<Check, Refusal> {
    let (old, new) = (bookmarks(before), bookmarks(after));
    let same = |(old, new): (&Bookmark, &Bookmark)| {
        let target = match &old.2 {
            Target::Page(_) => old.2 == new.2,
            Target::Address(_) => old.2 == new.2 || new.2 == Target::None,
            Target::None => new.2 == Target::None,
        };
        old.0 == new.0 && old.1 == new.1 && target
    };
    if old.len() != new.len() || !old.iter().zip(&new).all(same) {
        return Err(Refusal::unprovable("the bookmarks of the copy differ from the original"));
    }
    Ok(Check::new("bookmarks-kept", format!("{} bookmarks", new.len())))
}

#[cfg(test)]
mod tests {
    use super::must_stay;

    #[test]
    fn public_addresses_must_stay() {
        for (address, stays) in [
            ("https://example.org/a?b#c", true),
            ("HTTP://www.example.com:8080", true),
            ("mailto:office@example.org", true),
            ("http://intranet/page", false),
            ("http://10.0.0.7/page", false),
            ("file:///home/ada/x.pdf", false),
            ("no address", false),
        ] {
            assert_eq!(must_stay(address), stays, "{address}");
        }
    }
}
