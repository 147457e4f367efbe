//! Tracked changes, taken as accepted (ECMA-376 part 1, 17.13.5).
//!
//! Most of it is local: insertions lose their wrapper, deletions go, records of earlier properties go. The rest moves
//! structure: a deleted paragraph mark joins the paragraph with the next one, which keeps its properties; a deleted row or
//! cell leaves the table; a field whose ends were deleted leaves with its instruction. That needs a tree, so parts without
//! any tracked change never come here.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::formats::xml::Notes;
use crate::formats::xml::{self, Branch, Node, Ns, Token, Tokens};
use crate::limits::Limits;
use crate::policy::Class;
use crate::refusal::Refusal;

/// What the element of a change means for it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    /// The wrapper goes, the content stays.
    Inserted,
    /// It goes with its content.
    Deleted,
    /// It goes; around it something is deleted, which its parent looks after.
    Mark,
}

/// The elements of WordprocessingML that stand for changes.
const CHANGES: &[(&str, Change)] = &[
    ("ins", Change::Inserted),
    ("moveTo", Change::Inserted),
    ("del", Change::Deleted),
    ("moveFrom", Change::Deleted),
    ("delText", Change::Deleted),
    ("delInstrText", Change::Deleted),
    ("rPrChange", Change::Mark),
    ("pPrChange", Change::Mark),
    ("sectPrChange", Change::Mark),
    ("tblPrChange", Change::Mark),
    ("tblPrExChange", Change::Mark),
    ("tblGridChange", Change::Mark),
    ("trPrChange", Change::Mark),
    ("tcPrChange", Change::Mark),
    ("numberingChange", Change::Mark),
    ("cellIns", Change::Mark),
    ("cellDel", Change::Mark),
    ("cellMerge", Change::Mark),
    ("moveFromRangeStart", Change::Mark),
    ("moveFromRangeEnd", Change::Mark),
    ("moveToRangeStart", Change::Mark),
    ("moveToRangeEnd", Change::Mark),
    ("customXmlInsRangeStart", Change::Mark),
    ("customXmlInsRangeEnd", Change::Mark),
    ("customXmlDelRangeStart", Change::Mark),
    ("customXmlDelRangeEnd", Change::Mark),
    ("customXmlMoveFromRangeStart", Change::Mark),
    ("customXmlMoveFromRangeEnd", Change::Mark),
    ("customXmlMoveToRangeStart", Change::Mark),
    ("customXmlMoveToRangeEnd", Change::Mark),
];

fn change(local: &str) -> Option<Change> {
    CHANGES.iter().find(|(name, _)| *name == local).map(|(_, change)| *change)
}

/// Markers that stand between blocks or runs and show nothing themselves.
fn is_marker(branch: &Branch<'_>) -> bool {
    const MARKERS: &[&str] =
        &["bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd", "commentRangeStart", "commentRangeEnd"];
    branch.tag.ns == Ns::W && MARKERS.contains(&branch.tag.local)
}

/// The part with all changes accepted; `None` when it has none.
///
/// # Errors
/// As [`Tokens::next`].
pub(super) fn accept(text: &str, limits: &Limits, notes: &mut Notes<'_>) -> Result<Option<String>, Refusal> {
    if !has_changes(text, limits)? {
        return Ok(None);
    }
    let mut acceptance = Acceptance { notes, deleted_ranges: BTreeSet::new() };
    let nodes = acceptance.nodes(xml::read(text, limits)?);
    let mut fields = FieldEnds::default();
    fields.visit(&nodes);
    fields.orphans.extend(fields.open.drain(..).flat_map(|(begin, within)| within.into_iter().chain([begin])));
    let nodes = if fields.orphans.is_empty() { nodes } else { without(nodes, &fields.orphans) };
    Ok(Some(xml::written(&nodes, text)))
}

fn has_changes(text: &str, limits: &Limits) -> Result<bool, Refusal> {
    if !may_have_changes(text) {
        return Ok(false);
    }
    let mut tokens = Tokens::new(text, limits);
    while let Some(token) = tokens.next()? {
        if let Token::Start(element) = token
            && element.ns == Ns::W
            && change(element.local).is_some()
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// True when the name of a change stands in the text where names of elements stand. Names cannot be written in another way.
fn may_have_changes(text: &str) -> bool {
    static NAMES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let names = CHANGES.iter().map(|(name, _)| name);
        AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(names).ok()
    });
    let Some(names) = NAMES.as_ref() else { return true };
    let byte = |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at));
    names.find_iter(text).any(|found| {
        matches!(byte(found.start().checked_sub(1)), Some(b'<' | b':'))
            && byte(Some(found.end())).is_some_and(|next| next.is_ascii_whitespace() || matches!(next, b'/' | b'>'))
    })
}

/// A block while its container is put together.
enum Block<'x> {
    Node(Node<'x>),
    /// A paragraph whose mark is deleted.
    Joined(Branch<'x>),
}

struct Acceptance<'n, 'a> {
    notes: &'n mut Notes<'a>,
    deleted_ranges: BTreeSet<String>,
}

impl Acceptance<'_, '_> {
    /// Accepts the changes in a list of nodes.
    fn nodes<'x>(&mut self, nodes: Vec<Node<'x>>) -> Vec<Node<'x>> {
        let mut blocks = Vec::with_capacity(nodes.len());
        self.collect(nodes, &mut blocks);
        join(blocks)
    }

    fn collect<'x>(&mut self, nodes: Vec<Node<'x>>, out: &mut Vec<Block<'x>>) {
        for node in nodes {
            match node {
                Node::Element(branch) => self.branch(branch, out),
                other => out.push(Block::Node(other)),
            }
        }
    }

    fn branch<'x>(&mut self, branch: Branch<'x>, out: &mut Vec<Block<'x>>) {
        if branch.tag.ns == Ns::W
            && let Some(change) = change(branch.tag.local)
        {
            self.note(&branch);
            if change == Change::Inserted {
                self.collect(branch.into_children(), out);
            }
            return;
        }
        let deleted = match (branch.tag.ns, branch.tag.local) {
            (Ns::W, "tr") => branch.child(Ns::W, "trPr").is_some_and(is_deleted),
            (Ns::M, _) => branch.elements().any(|properties| {
                properties.tag.ns == Ns::M && properties.child(Ns::M, "ctrlPr").is_some_and(is_deleted)
            }),
            _ => false,
        };
        if deleted {
            self.notes.found(Class::ContentTrackedChanges, &format!("deleted {}", branch.tag.name()));
            return;
        }
        if branch.is(Ns::W, "sdt") && !self.deleted_ranges.is_empty() {
            for child in branch.into_children() {
                if let Node::Element(content) = child
                    && content.is(Ns::W, "sdtContent")
                {
                    self.collect(content.into_children(), out);
                }
            }
            return;
        }
        // A paragraph that was moved away as a whole leaves an empty one behind; only a deleted mark joins.
        let joined = branch.is(Ns::W, "p") && mark(&branch).is_some_and(|mark| mark.child(Ns::W, "del").is_some());
        let Some(branch) = self.inside(branch) else { return };
        out.push(if joined { Block::Joined(branch) } else { Block::Node(Node::Element(branch)) });
    }

    /// Accepts the changes inside of an element that stays; `None` when nothing of it is left.
    fn inside<'x>(&mut self, mut branch: Branch<'x>) -> Option<Branch<'x>> {
        let rows = |branch: &Branch<'_>| branch.elements().any(|child| !is_properties(child));
        let had_rows = rows(&branch);
        if branch.is(Ns::W, "tr") {
            delete_cells(&mut branch);
        }
        if let Some(properties) = branch.child_mut(Ns::W, "tcPr") {
            merge_cell(properties);
        }
        let was_empty = branch.tag.empty;
        branch.children = self.nodes(std::mem::take(&mut branch.children));
        if (branch.is(Ns::W, "tbl") || branch.is(Ns::W, "tr")) && had_rows && !rows(&branch) {
            return None;
        }
        if branch.tag.ns == Ns::W && !was_empty {
            complete(&mut branch);
        }
        Some(branch)
    }

    fn note(&mut self, branch: &Branch<'_>) {
        self.notes.found(Class::ContentTrackedChanges, branch.tag.name());
        if let Some(author) = branch.tag.own("author") {
            self.notes.value(Class::MetadataAuthor, "w:author", &author);
        }
        let id = || branch.tag.own("id").map(std::borrow::Cow::into_owned).unwrap_or_default();
        match branch.tag.local {
            "customXmlDelRangeStart" | "customXmlMoveFromRangeStart" => {
                self.deleted_ranges.insert(id());
            }
            "customXmlDelRangeEnd" | "customXmlMoveFromRangeEnd" => {
                self.deleted_ranges.remove(&id());
            }
            _ => {}
        }
    }
}

/// True for properties that mark their owner as deleted.
fn is_deleted(properties: &Branch<'_>) -> bool {
    properties.child(Ns::W, "del").is_some() || properties.child(Ns::W, "moveFrom").is_some()
}

/// The properties of a paragraph's mark.
fn mark<'b, 'x>(paragraph: &'b Branch<'x>) -> Option<&'b Branch<'x>> {
    paragraph.child(Ns::W, "pPr")?.child(Ns::W, "rPr")
}

/// Table and row properties, and markers: what is left of a table without rows.
fn is_properties(branch: &Branch<'_>) -> bool {
    matches!(branch.tag.local, "tblPr" | "tblGrid" | "tblPrEx" | "trPr")
        || is_marker(branch)
        || change(branch.tag.local).is_some()
}

/// Joins paragraphs whose marks are deleted with what follows.
fn join(blocks: Vec<Block<'_>>) -> Vec<Node<'_>> {
    let mut out = Vec::with_capacity(blocks.len());
    let mut carried: Option<Branch<'_>> = None;
    for block in blocks {
        match block {
            Block::Joined(paragraph) => carried = Some(prepend(carried.take(), paragraph)),
            Block::Node(Node::Element(paragraph)) if paragraph.is(Ns::W, "p") => {
                out.push(Node::Element(prepend(carried.take(), paragraph)));
            }
            Block::Node(node) => {
                let passes = node.element().is_none_or(is_marker);
                if !passes {
                    leave(carried.take(), &mut out);
                }
                out.push(node);
            }
        }
    }
    leave(carried, &mut out);
    out
}

/// Puts the content of a carried paragraph in front of the next one, which keeps its own properties.
fn prepend<'x>(carried: Option<Branch<'x>>, mut next: Branch<'x>) -> Branch<'x> {
    let Some(carried) = carried else { return next };
    let is_properties = |node: &Node<'_>| node.element().is_some_and(|branch| branch.is(Ns::W, "pPr"));
    let mut content: Vec<Node<'x>> = carried.into_children().into_iter().filter(|node| !is_properties(node)).collect();
    if content.is_empty() {
        return next;
    }
    let (properties, rest): (Vec<_>, Vec<_>) = next.children.into_iter().partition(is_properties);
    next.children = properties;
    next.children.append(&mut content);
    next.children.extend(rest);
    next.tag.open();
    next
}

/// Ends a carried paragraph that nothing follows: it stays if it shows something.
fn leave<'x>(carried: Option<Branch<'x>>, out: &mut Vec<Node<'x>>) {
    let Some(paragraph) = carried else { return };
    if paragraph.elements().any(shows) {
        out.push(Node::Element(paragraph));
    } else {
        out.extend(paragraph.into_children().into_iter().filter(|node| node.element().is_some_and(is_marker)));
    }
}

fn shows(branch: &Branch<'_>) -> bool {
    if branch.is(Ns::W, "r") {
        return branch.elements().any(|child| !child.is(Ns::W, "rPr"));
    }
    !branch.is(Ns::W, "pPr") && !is_marker(branch) && change(branch.tag.local).is_none()
}

/// Takes deleted cells out of a row; the cell before takes over their columns.
fn delete_cells(row: &mut Branch<'_>) {
    let is_cell_deleted = |node: &Node<'_>| {
        let cell = node.element().filter(|branch| branch.is(Ns::W, "tc"))?;
        cell.child(Ns::W, "tcPr")?.child(Ns::W, "cellDel").map(|_| span(cell))
    };
    if !row.children.iter().any(|node| is_cell_deleted(node).is_some()) {
        return;
    }
    let mut kept: Vec<Node<'_>> = Vec::with_capacity(row.children.len());
    // The cell that takes over, by its place in `kept`, and the columns it gets.
    let mut heir: Option<(usize, u32)> = None;
    for node in std::mem::take(&mut row.children) {
        match is_cell_deleted(&node) {
            Some(freed) => heir = heir.map(|(index, more)| (index, more.saturating_add(freed))),
            None => {
                if node.element().is_some_and(|branch| branch.is(Ns::W, "tc")) {
                    let before = heir.replace((kept.len(), 0));
                    widen(&mut kept, before);
                }
                kept.push(node);
            }
        }
    }
    widen(&mut kept, heir);
    row.children = kept;
}

/// The columns that a cell covers.
fn span(cell: &Branch<'_>) -> u32 {
    let span = cell.child(Ns::W, "tcPr").and_then(|properties| properties.child(Ns::W, "gridSpan"));
    span.and_then(|span| span.tag.own("val").and_then(|value| value.parse::<u32>().ok())).unwrap_or(1)
}

/// Gives the cell at a place more columns.
fn widen(cells: &mut [Node<'_>], heir: Option<(usize, u32)>) {
    let Some((index, more)) = heir.filter(|(_, more)| *more > 0) else { return };
    if let Some(Node::Element(cell)) = cells.get_mut(index) {
        let wide = span(cell).saturating_add(more);
        let prefix = prefix(cell.tag.name()).to_owned();
        set_property(cell, "gridSpan", format!("<{prefix}gridSpan {prefix}val=\"{wide}\"/>"));
    }
}

/// Turns a tracked merge of cells into a merge.
fn merge_cell(properties: &mut Branch<'_>) {
    let merged =
        properties.child(Ns::W, "cellMerge").and_then(|merge| merge.tag.own("vMerge").map(|value| value.into_owned()));
    let Some(merged) = merged else { return };
    let prefix = prefix(properties.tag.name()).to_owned();
    let value = if merged == "rest" { "restart" } else { "continue" };
    place(properties, "vMerge", format!("<{prefix}vMerge {prefix}val=\"{value}\"/>"));
}

/// Gives a cell a property.
fn set_property(cell: &mut Branch<'_>, local: &str, markup: String) {
    if let Some(properties) = cell.child_mut(Ns::W, "tcPr") {
        place(properties, local, markup);
    } else {
        let prefix = prefix(cell.tag.name()).to_owned();
        cell.children.insert(0, Node::New(format!("<{prefix}tcPr>{markup}</{prefix}tcPr>")));
    }
}

/// Puts a property of a cell where the schema wants it (`CT_TcPr`), in place of one that is there.
fn place(properties: &mut Branch<'_>, local: &str, markup: String) {
    const BEFORE: &[&str] = &["cnfStyle", "tcW", "gridSpan", "hMerge"];
    let earlier: &[&str] = if local == "gridSpan" { BEFORE.get(..2).unwrap_or_default() } else { BEFORE };
    properties.children.retain(|node| !node.element().is_some_and(|branch| branch.is(Ns::W, local)));
    let at = properties.children.iter().rposition(|node| {
        node.element().is_some_and(|branch| branch.tag.ns == Ns::W && earlier.contains(&branch.tag.local))
    });
    let at = at.map_or(0, |index| index.saturating_add(1));
    properties.children.insert(at, Node::New(markup));
    properties.tag.open();
}

/// Containers of blocks must not end up empty, and a cell must end with a paragraph.
fn complete(branch: &mut Branch<'_>) {
    let last = branch.elements().filter(|child| !is_marker(child)).last();
    let missing = match branch.tag.local {
        "tc" => !last.is_some_and(|last| last.is(Ns::W, "p")),
        "hdr" | "ftr" | "footnote" | "endnote" | "txbxContent" => last.is_none(),
        _ => false,
    };
    if missing {
        let prefix = prefix(branch.tag.name()).to_owned();
        branch.children.push(Node::New(format!("<{prefix}p/>")));
    }
}

/// The prefix of a name with its colon.
fn prefix(name: &str) -> &str {
    name.rfind(':').and_then(|colon| name.get(..=colon)).unwrap_or_default()
}

/// Finds what is left of fields that lost their begin or end.
#[derive(Default)]
struct FieldEnds {
    open: Vec<(usize, Vec<usize>)>,
    orphans: BTreeSet<usize>,
}

impl FieldEnds {
    fn visit(&mut self, nodes: &[Node<'_>]) {
        for branch in nodes.iter().filter_map(Node::element) {
            if branch.is(Ns::W, "fldChar") {
                self.character(branch);
            } else if branch.is(Ns::W, "instrText") {
                self.part(branch.tag.offset);
            }
            self.visit(&branch.children);
        }
    }

    fn character(&mut self, branch: &Branch<'_>) {
        let offset = branch.tag.offset;
        match branch.tag.own("fldCharType").as_deref() {
            Some("begin") => self.open.push((offset, Vec::new())),
            Some("end") => {
                if self.open.pop().is_none() {
                    self.orphans.insert(offset);
                }
            }
            _ => self.part(offset),
        }
    }

    /// An instruction or separator belongs to the innermost open field.
    fn part(&mut self, offset: usize) {
        match self.open.last_mut() {
            Some((_, within)) => within.push(offset),
            None => {
                self.orphans.insert(offset);
            }
        }
    }
}

/// The tree without the elements at these offsets.
fn without<'x>(nodes: Vec<Node<'x>>, offsets: &BTreeSet<usize>) -> Vec<Node<'x>> {
    let mut out = Vec::with_capacity(nodes.len());
    for node in nodes {
        match node {
            Node::Element(branch) if offsets.contains(&branch.tag.offset) => {}
            Node::Element(mut branch) => {
                branch.children = without(branch.children, offsets);
                out.push(Node::Element(branch));
            }
            other => out.push(other),
        }
    }
    out
}
