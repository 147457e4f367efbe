//! Values in full, for a person who asks: the copies are scanned again, in a worker.

use std::path::{Component, Path, PathBuf};

use anyhow::Context as _;
use fieldstrip::decisions::{PlaceInFile, Question, Subject};
use fieldstrip::pipeline::{self, Launcher, Team};

use crate::cli::setup::{PolicyArgument, Tools};

/// Where the values stand that a run found.
pub(super) struct Values {
    /// The run's policy.
    pub(super) policy: PolicyArgument,
    /// Id of the run's key.
    pub(super) key: String,
    pub(super) review: PathBuf,
    /// Unknown when the review folder has a name of its own and nobody said which release folder belongs to it.
    pub(super) release: Option<PathBuf>,
}

impl Values {
    /// What a question is about, as it stands in the first of its copies that still has it.
    ///
    /// # Errors
    /// When no copy can be scanned, or when it is not found in them.
    pub(super) fn of(&self, question: &Question) -> anyhow::Result<Vec<String>> {
        if matches!(&question.subject, Subject::Finding { fingerprint, .. } if fingerprint.is_empty()) {
            anyhow::bail!("this is about the file as a whole and has no value; r says where to look");
        }
        let fingerprinter = pipeline::fingerprinter_without_writing()?;
        if fingerprinter.key_id() != self.key {
            anyhow::bail!(
                "the run used the key {}, and this account has the key {}: values cannot be recognised",
                self.key,
                fingerprinter.key_id()
            );
        }
        let tools = Tools::new(self.policy.load()?, fingerprinter)?;
        let launcher = Launcher::new(&pipeline::this_program()?, tools.scanner(), 1)?;
        let mut team = Team::inspecting(&launcher)?;
        let mut problem = None;
        for place in &question.places {
            let found = self.copy(place).and_then(|copy| {
                let bytes = pipeline::read(&copy, tools.policy.limits.input_bytes)
                    .map_err(|refusal| anyhow::anyhow!("{}: {}", copy.display(), refusal.detail))?;
                Ok(team.reveal(&bytes, &place.path, &question.subject)?)
            });
            match found {
                Ok(values) if !values.is_empty() => return Ok(values),
                Ok(_) => {}
                Err(error) => problem = Some(error),
            }
        }
        Err(problem.unwrap_or_else(|| {
            anyhow::anyhow!(
                "the policy {} does not find it in the copies; give the policy of the run with --policy, or look at the copy (r)",
                tools.policy.name
            )
        }))
    }

    /// The path of a copy, which the log says. A log that leads out of the folders of the run is not followed.
    fn copy(&self, place: &PlaceInFile) -> anyhow::Result<PathBuf> {
        let folder = match place.held {
            true => self.review.join("held"),
            false => self.release.clone().context("say with --release where the released copies are")?,
        };
        let relative = Path::new(&place.copy);
        let is_plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
        anyhow::ensure!(is_plain, "the log names a copy outside of its folder");
        Ok(folder.join(relative))
    }
}
