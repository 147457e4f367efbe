//! Changing a file of decisions in place: what people wrote into it, comments included, stays.

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::{Decision, Subject};

/// What a new file begins with.
const BEGINNING: &str = "\
# Decisions about findings and held items: `fieldstrip review` writes them, `fieldstrip clean --decisions` goes by them.
# verdict is \"accept\" or \"hold\"; what is accepted needs a reason; expires = 2027-12-31 names a last day.
";

/// The text of a file of decisions that is being changed.
#[derive(Debug, Clone)]
pub struct Editor {
    document: DocumentMut,
}

impl Editor {
    /// Goes on with a text that [`super::Decisions::from_toml`] accepts; `None` when it is no TOML.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        Some(Self { document: text.parse().ok()? })
    }

    /// Begins a file about fingerprints of the key with this id.
    #[must_use]
    pub fn new(key: &str) -> Self {
        let mut document = DocumentMut::new();
        document.insert("schema", value(1));
        document.insert("key", value(key));
        document.decor_mut().set_prefix(BEGINNING);
        Self { document }
    }

    /// Writes a decision, in place of the one about the same subject if there is one.
    pub fn set(&mut self, decision: &Decision) {
        let entry = self.document.entry("decision").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
        let Some(tables) = entry.as_array_of_tables_mut() else { return }; // the loader accepts nothing else
        let known = tables.iter().position(|table| is_about(table, &decision.subject));
        match known.and_then(|index| tables.get_mut(index)) {
            Some(table) => write(table, decision),
            None => {
                let mut table = Table::new();
                write(&mut table, decision);
                tables.push(table);
            }
        }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> String {
        self.document.to_string()
    }
}

fn is_about(table: &Table, subject: &Subject) -> bool {
    let wanted = subject.entries();
    let all = ["rule", "fingerprint", "class", "item", "path", "input-sha256"];
    all.iter().all(|name| {
        let wanted = wanted.iter().find(|(known, _)| known == name).map(|(_, value)| *value);
        let is_hash = matches!(*name, "fingerprint" | "input-sha256");
        match (table.get(name).and_then(Item::as_str), wanted) {
            (Some(written), Some(wanted)) if is_hash => written.eq_ignore_ascii_case(wanted),
            (written, wanted) => written == wanted,
        }
    })
}

fn write(table: &mut Table, decision: &Decision) {
    for (name, text) in decision.subject.entries() {
        set(table, name, value(text));
    }
    set(table, "verdict", value(decision.ruling.name()));
    set(table, "reason", value(&decision.reason));
    set(table, "who", value(&decision.who));
    let when = decision.when.parse::<toml_edit::Datetime>();
    set(table, "when", when.map_or_else(|_| value(&decision.when), value));
}

/// Sets an entry; what stands around its old value, such as a comment, stays.
fn set(table: &mut Table, name: &str, mut item: Item) {
    if let (Some(old), Some(new)) = (table.get(name).and_then(Item::as_value), item.as_value_mut()) {
        *new.decor_mut() = old.decor().clone();
    }
    table.insert(name, item);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Policy;
    use crate::decisions::{Decisions, FileId, Ruling};
    use crate::policy::Class;

    fn decision(subject: Subject, ruling: Ruling, reason: &str) -> Decision {
        Decision::new(subject, ruling, reason, "J. Doe", "2026-11-26T01:02:03Z")
    }

    #[test]
    fn what_is_written_reads_as_itself_and_comments_stay() {
        let value = Subject::Finding { rule: "secret.github".to_owned(), fingerprint: "a".repeat(32), file: None };
        let file = FileId { path: "a \"b\".xlsx".to_owned(), sha256: "0".repeat(64) };
        let name =
            Subject::Finding { rule: "file.mismatch".to_owned(), fingerprint: String::new(), file: Some(file.clone()) };
        let hit = Subject::Hit { class: Class::ContentHiddenSheets, item: "hidden sheet".to_owned(), file };
        let mut editor = Editor::new("01234567");
        for subject in [&value, &name, &hit] {
            editor.set(&decision(subject.clone(), Ruling::Accept, "it's \"fine\""));
        }
        let by_hand = editor.text().replacen("[[decision]]", "# ask J. again in spring\n[[decision]]", 1).replacen(
            "verdict = \"accept\"",
            "verdict = \"accept\" # for now",
            1,
        );
        let mut editor = Editor::of(&by_hand).unwrap();
        editor.set(&decision(value.clone(), Ruling::Hold, ""));
        let text = editor.text();
        for kept in ["# Decisions about", "# ask J. again in spring\n[[decision]]", "verdict = \"hold\" # for now"] {
            assert!(text.contains(kept), "{text}");
        }
        let policy = Policy::built_in("public-release").unwrap();
        let read = Decisions::from_toml(&text, "d", "01234567", &|id| crate::detect::is_rule(id, &policy)).unwrap();
        assert_eq!(read.id().unwrap().count, 3);
        let told =
            |subject| read.about(subject).map(|found| (found.ruling, found.reason.as_str(), found.when.as_str()));
        assert_eq!(told(&value), Some((Ruling::Hold, "", "2026-11-26T01:02:03Z")));
        for subject in [&name, &hit] {
            assert_eq!(told(subject), Some((Ruling::Accept, "it's \"fine\"", "2026-11-26T01:02:03Z")));
        }
    }
}
