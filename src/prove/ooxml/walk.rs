//! The walk over a package that makes its essence digest: from the document part along everything that it shows.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use super::active::macros_go;
use super::cells::SharedStrings;
use super::crops::Crops;
use super::hidden::HiddenStyles;
use super::objects::objects_go;
use super::package::{Package, Relationship, Target};
use super::seen::Seen;
use super::sheet_objects::Pictured;
use super::slides;
use super::story::{Note, Story};
use super::unseen_shapes::Show;
use super::visible::is_invisible_relation;
use super::vml;
use super::workbook::Removed;
use crate::formats::{Context, Surroundings};
use crate::identify::identify;
use crate::policy::{Action, Class};
use crate::prove::links::is_local;
use crate::prove::xml::stream::{Digest32, Stream};
use crate::prove::xml::{Element, decode};
use crate::prove::{Side, prover_for};
use crate::refusal::Refusal;

/// Parts that no attribute points to but that shape what is shown, by the relationship that leads to them.
const IMPLICIT: &[&str] = &[
    "styles",
    "numbering",
    "settings",
    "fontTable",
    "theme",
    "slideLayout",
    "slideMaster",
    "tableStyles",
    "pivotTable",
    "pages",
    "masters",
    "master",
];

/// A walk over one package.
pub(crate) struct Walk<'w> {
    pub(crate) package: &'w Package,
    pub(crate) context: &'w Context<'w>,
    pub(crate) side: Side,
    /// Slides that the policy takes out.
    left_out: HashMap<usize, String>,
    /// True when hidden slides are shown like the others.
    pub(crate) shows_all: bool,
    /// The styles that hide text, where the policy takes that out.
    pub(crate) hidden: Option<HiddenStyles>,
    /// What tells which shapes nobody sees, where the policy takes those out.
    pub(crate) show: Option<Show>,
    /// True when objects are no part of the essence, but the pictures of them.
    pub(crate) objects_go: bool,
    /// True when imported files are no part of the essence.
    pub(crate) imports_go: bool,
    /// The pictures that objects on sheets leave.
    pub(crate) pictured: Option<&'w Pictured>,
    /// True when calls of macros are no part of the essence.
    pub(crate) macros_go: bool,
    /// What the policy takes out of a workbook.
    pub(crate) removed: &'w Removed,
    /// Pictures that were cut.
    pub(crate) crops: Option<&'w Crops>,
    /// Shared formulas of the sheet at hand of which only the values count.
    pub(crate) frozen: HashSet<String>,
    /// What was seen so far.
    pub(crate) seen: Seen,
    done: HashMap<usize, Digest32>,
    open: Vec<usize>,
    notes: HashMap<usize, HashMap<String, Note>>,
    strings: Option<SharedStrings>,
    used_strings: HashSet<usize>,
}

impl<'w> Walk<'w> {
    pub(crate) fn new(package: &'w Package, side: Side, removed: &'w Removed, context: &'w Context<'w>) -> Self {
        Self {
            package,
            context,
            side,
            left_out: HashMap::new(),
            shows_all: slides::action(context) == Action::Unhide,
            hidden: None,
            show: None,
            objects_go: objects_go(context),
            imports_go: context.policy.action(Class::EmbeddedImports) == Action::Remove,
            pictured: None,
            macros_go: macros_go(context),
            removed,
            crops: None,
            frozen: HashSet::new(),
            seen: Seen::default(),
            done: HashMap::new(),
            open: Vec::new(),
            notes: HashMap::new(),
            strings: None,
            used_strings: HashSet::new(),
        }
    }

    /// The digest of the whole document.
    ///
    /// # Errors
    /// A [`Refusal`] when a part cannot be read.
    pub(crate) fn document(&mut self) -> Result<Digest32, Refusal> {
        let main = self.package.main()?;
        if self.side == Side::Input {
            self.hidden = HiddenStyles::of(self.package, self.context)?;
            self.show = Show::of(self.package, self.context)?;
        }
        if self.side == Side::Input && slides::action(self.context) == Action::Remove {
            self.left_out = slides::hidden(self.package, self.context)?;
        }
        let mut stream = Stream::default();
        if let Some(digest) = self.part(main)? {
            stream.mark("document", &digest);
        }
        Ok(stream.finish())
    }

    /// True when a relationship of a part leads to a slide that the policy takes out.
    pub(crate) fn leads_to_left_out(&self, from: usize, id: &str) -> bool {
        self.package.follow(from, id).is_some_and(|slide| self.left_out.contains_key(&slide))
    }

    /// The digest of what is left of a picture that was cut.
    fn cut(&self, picture: usize) -> Option<Digest32> {
        self.crops.and_then(|crops| crops.digest(self.side, picture))
    }

    /// True when a relationship of a part leads to a picture that was cut.
    pub(crate) fn leads_to_cut(&self, from: usize, id: &str) -> bool {
        self.package.follow(from, id).is_some_and(|picture| self.cut(picture).is_some())
    }

    /// The digest of what a relationship of a part shows, `None` when it shows nothing.
    pub(crate) fn shown(&mut self, from: usize, id: &str) -> Result<Option<Digest32>, Refusal> {
        let Some(relationship) = self.package.part(from)?.relationship(id) else { return Ok(None) };
        if is_invisible_relation(&relationship.kind) {
            return Ok(None);
        }
        match &relationship.target {
            Target::Part(at) => self.part(*at),
            Target::External(target) if is_local(target) => Ok(None),
            Target::External(target) => Ok(Some(Sha256::digest(target.as_bytes()).into())),
            Target::Missing(_) => Ok(None),
        }
    }

    /// The digest of the picture that an object on a slide names by its shape in a VML drawing (`spid`), without the id of a
    /// relationship.
    pub(crate) fn shape(&mut self, from: usize, shape: &str) -> Result<Option<Digest32>, Refusal> {
        let package = self.package;
        let number = shape.strip_prefix("_x0000_s").unwrap_or(shape);
        for drawing in package.part(from)?.related("vmlDrawing") {
            let Target::Part(drawing) = drawing.target else { continue };
            let drawing = package.part(drawing)?;
            let shapes = vml::shapes(&decode(&drawing.bytes)?);
            let shape = shapes.iter().find(|shape| shape.number == number);
            if let Some(picture) = shape.and_then(|shape| shape.image(drawing)) {
                return self.part(picture);
            }
        }
        Ok(None)
    }

    /// The digest of a part with all that it shows, `None` when it is of a kind that shows nothing by itself or when the
    /// walk is already within it.
    pub(crate) fn part(&mut self, at: usize) -> Result<Option<Digest32>, Refusal> {
        if self.open.contains(&at) {
            return Ok(None);
        }
        if let Some(digest) = self.done.get(&at) {
            return Ok(Some(*digest));
        }
        if self.open.len() as u64 >= self.context.limits.package_depth {
            return Err(Refusal::over_limit("package-depth", "parts lie too deep in parts"));
        }
        let part = self.package.part(at)?;
        self.open.push(at);
        let digest = if let Some(cut) = self.cut(at) {
            cut
        } else if part.is_xml() {
            self.xml(at).map_err(|refusal| name_part(refusal, &part.name))?
        } else if part.content_type.as_deref().is_some_and(is_medium) {
            self.medium(&part.name, &part.bytes)?
        } else {
            self.open.pop();
            return Ok(None);
        };
        self.open.pop();
        self.done.insert(at, digest);
        Ok(Some(digest))
    }

    /// The digest of a footnote or endnote.
    pub(crate) fn note(&mut self, from: usize, kind: &str, id: &str) -> Result<Option<Digest32>, Refusal> {
        let Some(at) = self.package.first(from, kind) else { return Ok(None) };
        if !self.notes.contains_key(&at) {
            if self.open.contains(&at) || self.open.len() as u64 >= self.context.limits.package_depth {
                return Ok(None);
            }
            let part = self.package.part(at)?;
            self.open.push(at);
            let read = part
                .xml(self.context.limits)
                .and_then(|xml| Story::new(self, at, xml).notes())
                .map_err(|refusal| name_part(refusal, &part.name));
            self.open.pop();
            self.notes.insert(at, read?);
        }
        let Some(note) = self.notes.get_mut(&at).and_then(|notes| notes.get_mut(id)) else { return Ok(None) };
        if let Some(seen) = note.seen.take() {
            self.seen = self.seen.plus(seen);
        }
        Ok(Some(note.digest))
    }

    /// Of a cell's formula that refers to what the policy takes out, only the value counts. The copy has none such.
    pub(crate) fn freezes(&mut self, element: &Element<'_>, formula: &str) -> Result<bool, Refusal> {
        let shared = element.plain("si").filter(|_| element.plain("t") == Some("shared"));
        let follows = formula.is_empty() && shared.is_some_and(|index| self.frozen.contains(index));
        if !follows && !self.removed.freezes(formula) {
            return Ok(false);
        }
        if self.side == Side::Output {
            return Err(Refusal::unprovable("a formula of the copy refers to what was removed"));
        }
        self.frozen.extend(shared.map(str::to_owned));
        Ok(true)
    }

    /// The digest of a shared string.
    pub(crate) fn string(&mut self, index: &str) -> Result<Option<Digest32>, Refusal> {
        self.used_strings.extend(index.trim().parse::<usize>());
        Ok(self.strings()?.get(index))
    }

    /// To be asked after the walk: there is nothing in the strings that no cell shows.
    ///
    /// # Errors
    /// [`crate::Reason::Unprovable`] when there is.
    pub(crate) fn check_strings(&mut self) -> Result<(), Refusal> {
        let used = std::mem::take(&mut self.used_strings);
        if self.strings()?.only(&used) {
            return Ok(());
        }
        Err(Refusal::unprovable("a shared string that no cell shows remains in the copy"))
    }

    fn strings(&mut self) -> Result<&SharedStrings, Refusal> {
        if self.strings.is_none() {
            let table = self.package.first(self.package.main()?, "sharedStrings");
            self.strings = Some(match table {
                Some(at) => {
                    let part = self.package.part(at)?;
                    let xml = part.xml(self.context.limits).map_err(|refusal| name_part(refusal, &part.name))?;
                    SharedStrings::read(xml.reader())
                }
                None => SharedStrings::default(),
            });
        }
        Ok(self.strings.get_or_insert_default())
    }

    fn xml(&mut self, at: usize) -> Result<Digest32, Refusal> {
        let package = self.package;
        let part = package.part(at)?;
        let mut stream = Story::new(self, at, part.xml(self.context.limits)?).read()?;
        for kind in IMPLICIT.iter().filter(|kind| **kind != "pivotTable" || !self.removed.targets.cached) {
            for relationship in part.related(kind) {
                if let Relationship { target: Target::Part(to), .. } = relationship
                    && let Some(digest) = self.part(*to)?
                {
                    stream.mark(kind, &digest);
                }
            }
        }
        Ok(stream.finish())
    }

    /// Pictures, sound and film: by the proof of their own kind where there is one, else byte for byte.
    fn medium(&mut self, name: &str, bytes: &[u8]) -> Result<Digest32, Refusal> {
        let kind = identify(bytes, name).kind;
        match prover_for(kind) {
            Some(prover) => {
                let inside = self.context.inside(Surroundings::Package)?;
                let essence = prover.essence(kind, bytes, self.side, &inside);
                Ok(essence.map_err(|refusal| refusal.in_part(name))?.0)
            }
            None => Ok(Sha256::digest(bytes).into()),
        }
    }
}

fn is_medium(content_type: &str) -> bool {
    ["image/", "audio/", "video/"].iter().any(|start| content_type.starts_with(start))
}

/// Names the part of a refusal, unless an inner part is named already.
fn name_part(refusal: Refusal, part: &str) -> Refusal {
    if refusal.part.is_empty() { refusal.in_part(part) } else { refusal }
}
