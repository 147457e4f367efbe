//! A part as a tree, for the few changes that look ahead: accepting tracked changes moves whole paragraphs.

use super::element::{Attribute, Element};
use super::names::Ns;
use super::tokens::{Token, Tokens};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// A node of the tree.
#[derive(Debug, Clone)]
pub(in crate::formats) enum Node<'x> {
    /// An element with its content.
    Element(Branch<'x>),
    /// Text, references, CDATA and the declaration, as written.
    Raw(&'x str),
    /// Markup that a change put in.
    New(String),
}

/// An element with its content.
#[derive(Debug, Clone)]
pub(in crate::formats) struct Branch<'x> {
    /// The start tag.
    pub(in crate::formats) tag: Element<'x>,
    /// The content.
    pub(in crate::formats) children: Vec<Node<'x>>,
}

impl<'x> Branch<'x> {
    /// True for an element of this name.
    pub(in crate::formats) fn is(&self, ns: Ns, local: &str) -> bool {
        self.tag.is(ns, local)
    }

    /// The child elements.
    pub(in crate::formats) fn elements(&self) -> impl Iterator<Item = &Branch<'x>> {
        self.children.iter().filter_map(Node::element)
    }

    /// The first child element of this name.
    pub(in crate::formats) fn child(&self, ns: Ns, local: &str) -> Option<&Branch<'x>> {
        self.elements().find(|branch| branch.is(ns, local))
    }

    /// The first child element of this name, to be changed.
    pub(in crate::formats) fn child_mut(&mut self, ns: Ns, local: &str) -> Option<&mut Branch<'x>> {
        self.children.iter_mut().find_map(|node| match node {
            Node::Element(branch) if branch.is(ns, local) => Some(branch),
            _ => None,
        })
    }

    /// The content of an element that goes, its namespace declarations handed down.
    pub(in crate::formats) fn into_children(self) -> Vec<Node<'x>> {
        let declarations: Vec<Attribute<'x>> = self.tag.declarations().cloned().collect();
        let mut children = self.children;
        if !declarations.is_empty() {
            for node in &mut children {
                if let Node::Element(branch) = node {
                    branch.tag.inherit(&declarations);
                }
            }
        }
        children
    }
}

impl<'x> Node<'x> {
    /// The element, if it is one.
    pub(in crate::formats) fn element(&self) -> Option<&Branch<'x>> {
        match self {
            Self::Element(branch) => Some(branch),
            _ => None,
        }
    }

    /// The element, to be changed.
    pub(in crate::formats) fn element_mut(&mut self) -> Option<&mut Branch<'x>> {
        match self {
            Self::Element(branch) => Some(branch),
            _ => None,
        }
    }
}

/// Reads a part into a tree. Comments and processing instructions are left out.
///
/// # Errors
/// As [`Tokens::next`].
pub(in crate::formats) fn read<'x>(source: &'x str, limits: &Limits) -> Result<Vec<Node<'x>>, Refusal> {
    let mut tokens = Tokens::new(source, limits);
    let mut nodes = Vec::new();
    let mut count = 0_usize;
    while let Some(token) = tokens.next()? {
        match token {
            Token::Start(tag) => nodes.push(Node::Element(read_branch(tag, &mut tokens, &mut count)?)),
            Token::Text(raw) | Token::CData(raw) | Token::Declaration(raw) => nodes.push(Node::Raw(raw)),
            Token::End(_) | Token::Comment | Token::Instruction => {}
        }
    }
    Ok(nodes)
}

/// Reads the rest of the element that begins with `tag`. `count` goes on counting what it has read.
///
/// # Errors
/// As [`Tokens::next`].
pub(in crate::formats) fn read_branch<'x>(
    tag: Element<'x>,
    tokens: &mut Tokens<'x>,
    count: &mut usize,
) -> Result<Branch<'x>, Refusal> {
    let mut open: Vec<Branch<'x>> = Vec::new();
    let mut branch = Branch { tag, children: Vec::new() };
    if branch.tag.empty {
        return Ok(branch);
    }
    while let Some(token) = tokens.next()? {
        *count = count.saturating_add(1);
        tokens.limits().check_nodes(*count)?;
        let node = match token {
            Token::Start(tag) if !tag.empty => {
                open.push(std::mem::replace(&mut branch, Branch { tag, children: Vec::new() }));
                continue;
            }
            Token::Start(tag) => Node::Element(Branch { tag, children: Vec::new() }),
            Token::End(_) => match open.pop() {
                Some(around) => Node::Element(std::mem::replace(&mut branch, around)),
                None => break,
            },
            Token::Text(raw) | Token::CData(raw) | Token::Declaration(raw) => Node::Raw(raw),
            Token::Comment | Token::Instruction => continue,
        };
        branch.children.push(node);
    }
    Ok(branch)
}

/// The text of nodes, which is about as long as it was `before`.
pub(in crate::formats) fn written(nodes: &[Node<'_>], before: &str) -> String {
    let mut out = String::with_capacity(before.len());
    write(nodes, &mut out);
    out
}

/// Writes a tree. The depth of the recursion is that of the XML, which [`read`] has limited.
pub(in crate::formats) fn write(nodes: &[Node<'_>], out: &mut String) {
    for node in nodes {
        match node {
            Node::Raw(text) => out.push_str(text),
            Node::New(text) => out.push_str(text),
            Node::Element(branch) => {
                branch.tag.write(out);
                if !branch.tag.empty {
                    write(&branch.children, out);
                    out.push_str("</");
                    out.push_str(branch.tag.name());
                    out.push('>');
                }
            }
        }
    }
}
