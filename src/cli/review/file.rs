//! The file of decisions on the disk: where it may lie, and how a decision gets into it.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use fieldstrip::Policy;
use fieldstrip::decisions::{Decision, Decisions, Editor};
use fieldstrip::detect::is_rule;
use fieldstrip::pipeline;

/// The file of decisions as it is on the disk.
pub(super) struct DecisionsFile {
    pub(super) path: PathBuf,
    key: String,
    /// `None` as long as there is none.
    pub(super) text: Option<String>,
    pub(super) decisions: Decisions,
}

impl DecisionsFile {
    pub(super) fn open(path: PathBuf, key: &str) -> anyhow::Result<Self> {
        let text = Self::read(&path)?;
        let mut file = Self { path, key: key.to_owned(), text: None, decisions: Decisions::default() };
        if let Some(text) = text {
            file.take(text)?;
        }
        Ok(file)
    }

    fn read(path: &Path) -> anyhow::Result<Option<String>> {
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("decisions {}", path.display())),
        }
    }

    fn take(&mut self, text: String) -> anyhow::Result<()> {
        // Which lexicons there are, the policy of the run knows.
        let policy = Policy::built_in("public-release")?;
        let known = |id: &str| id.starts_with("lexicon.") || is_rule(id, &policy);
        self.decisions = Decisions::from_toml(&text, &self.path.display().to_string(), &self.key, &known)?;
        self.text = Some(text);
        Ok(())
    }

    /// Adds a decision or changes one, on the disk too.
    pub(super) fn save(&mut self, decision: &Decision) -> anyhow::Result<()> {
        if Self::read(&self.path)? != self.text {
            anyhow::bail!("{} was changed meanwhile; begin again, to see what it says now", self.path.display());
        }
        let before = self.text.as_deref().map(|text| Editor::of(text).context("the decisions are no TOML"));
        let mut editor = before.transpose()?.unwrap_or_else(|| Editor::new(&self.key));
        editor.set(decision);
        let text = editor.text();
        pipeline::write_private(&self.path, text.as_bytes())
            .with_context(|| format!("decisions {}", self.path.display()))?;
        self.take(text)
    }
}
