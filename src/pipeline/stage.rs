//! The stages of the work on a document, each with the time that it takes, for whoever listens to the `log`. What stands in
//! the document is never told.

use std::time::Instant;

use crate::finding::Finding;
use crate::identify::Identity;
use crate::job::{Certified, Draft, Drafted, Executor, Looked};

/// A stage that has begun.
#[derive(Debug)]
pub struct Stage<'a> {
    name: &'static str,
    path: &'a str,
    begun: Instant,
}

impl<'a> Stage<'a> {
    /// The work on the document with this path begins.
    #[must_use]
    pub fn begin(name: &'static str, path: &'a str) -> Self {
        Self { name, path, begun: Instant::now() }
    }

    /// It was done on so many bytes; `told` is what else there is to say, each ` key=value`.
    pub fn end(self, bytes: usize, told: std::fmt::Arguments<'_>) {
        let (name, path, ms) = (self.name, self.path, self.milliseconds());
        log::debug!("stage={name} ms={ms} bytes={bytes}{told} path={path}");
    }

    /// How long ago it began.
    #[must_use]
    pub fn milliseconds(&self) -> u128 {
        self.begun.elapsed().as_millis()
    }
}

/// Does the work as another executor does, and says how long it took.
#[derive(Debug)]
pub struct Timed<'a, E: ?Sized>(pub &'a mut E);

impl<E: Executor + ?Sized> Executor for Timed<'_, E> {
    fn draft(&mut self, bytes: &[u8], path: &str) -> Drafted {
        let stage = Stage::begin("clean", path);
        let drafted = self.0.draft(bytes, path);
        stage.end(bytes.len(), format_args!(" kind={}", drafted.identity.kind));
        drafted
    }

    fn certify(
        &mut self,
        bytes: &[u8],
        path: &str,
        identity: &Identity,
        draft: Draft,
        looked: Option<Looked>,
    ) -> Certified {
        let stage = Stage::begin("prove", path);
        let certified = self.0.certify(bytes, path, identity, draft, looked);
        stage.end(bytes.len(), format_args!(" kind={} proved={}", identity.kind, certified.result.is_ok()));
        certified
    }

    fn name_findings(&mut self, path: &str, identity: &Identity) -> Vec<Finding> {
        self.0.name_findings(path, identity)
    }
}
