//! Rows of paragraphs: the body, and each place beside it where text stands.

use crate::prove::rtf::walk::Walk;
use crate::text::{Place, Scope, TextSpan};

/// A row of paragraphs that is being read.
#[derive(Debug)]
pub(super) struct Flow {
    naming: Naming,
    scope: Scope,
    shown: String,
    hidden: String,
    paragraphs: u32,
}

/// How the places in a flow are named.
#[derive(Debug)]
enum Naming {
    Paragraphs(&'static str),
    Part(&'static str),
    Metadata(String),
    /// Nobody asks for the text.
    Nothing,
}

/// The flow that a group of this name begins; `None` for groups whose text belongs to the flow around them.
pub(super) fn flow(name: &str, walk: &Walk<'_>) -> Option<Flow> {
    use Naming::{Metadata, Nothing, Paragraphs, Part};
    let within = |outer: &str| walk.names().any(|name| name == outer);
    let (naming, scope) =
        match name {
            "rtf" => (Paragraphs("document"), Scope::Body),
            "header" | "headerl" | "headerr" | "headerf" => (Paragraphs("header"), Scope::HeaderFooter),
            "footer" | "footerl" | "footerr" | "footerf" => (Paragraphs("footer"), Scope::HeaderFooter),
            "footnote" => (Paragraphs("note"), Scope::Footnote),
            "annotation" => (Paragraphs("comment"), Scope::Comment),
            "shptxt" | "dptxbxtext" => (Paragraphs("text box"), Scope::Body),
            "atnauthor" | "atnid" => (Part("author of a comment"), Scope::Comment),
            "fldinst" => (Part("field"), Scope::Field),
            "xe" | "txe" | "rxe" | "tc" => (Part("entry of an index"), Scope::Hidden),
            "bkmkstart" => (Part("bookmark"), Scope::Bookmark),
            "sv" => (Part("shape"), Scope::AltText),
            "hlloc" | "hlsrc" | "hlfr" => (Part("link of a shape"), Scope::LinkTarget),
            "ffname" | "ffdeftext" | "ffl" | "ffhelptext" | "ffstattext" => (Part("form field"), Scope::FormField),
            "stylesheet" => (Part("styles"), Scope::Bookmark),
            "listname" | "liststylename" => (Part("lists"), Scope::Bookmark),
            "objclass" | "objname" => (Part("object"), Scope::Metadata),
            "bkmkend" | "sn" | "fonttbl" | "colortbl" | "leveltext" | "levelnumbers" | "pict" | "objdata"
            | "oleclsid" | "blipuid" | "datafield" | "datastore" | "themedata" | "colorschememapping"
            | "latentstyles" | "nonshppict" | "shprslt" | "mmathPict" | "fontemb" | "panose" | "passwordhash"
            | "fchars" | "lchars" => (Nothing, Scope::Body),
            _ if within("info") && name != "info" && !name.is_empty() => {
                (Metadata(format!("\\info \\{name}")), Scope::Metadata)
            }
            "info" | "userprops" => (Nothing, Scope::Metadata),
            "propname" | "staticval" | "linkval" => (Metadata("\\*\\userprops".to_owned()), Scope::Metadata),
            "generator" | "revtbl" | "template" | "docvar" | "filetbl" | "mailmerge" | "protusertbl"
            | "windowcaption" => (Metadata(format!("\\*\\{name}")), Scope::Metadata),
            _ => return None,
        };
    Some(Flow { naming, scope, shown: String::new(), hidden: String::new(), paragraphs: 0 })
}

impl Flow {
    /// Adds text to the paragraph.
    pub(super) fn add(&mut self, text: &str, hidden: bool) {
        if hidden { &mut self.hidden } else { &mut self.shown }.push_str(text);
    }

    /// Ends the paragraph and writes what it says.
    pub(super) fn end_paragraph(&mut self, spans: &mut Vec<TextSpan>) {
        let (shown, hidden) = (std::mem::take(&mut self.shown), std::mem::take(&mut self.hidden));
        if shown.is_empty() && hidden.is_empty() {
            return;
        }
        self.paragraphs = self.paragraphs.saturating_add(1);
        let place = match &self.naming {
            Naming::Paragraphs(part) => Place::Paragraph { part: (*part).to_owned(), paragraph: self.paragraphs },
            Naming::Part(part) => Place::Part { part: (*part).to_owned() },
            Naming::Metadata(item) => Place::Metadata { item: item.clone() },
            Naming::Nothing => return,
        };
        for (text, scope) in [(shown, self.scope), (hidden, Scope::Hidden)] {
            if !text.trim().is_empty() {
                spans.push(TextSpan::new(text, place.clone(), scope));
            }
        }
    }
}
