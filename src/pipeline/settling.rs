//! Which files of a drop folder nobody is writing to any more.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::look::Look;
use crate::discover::{Entry, Task};

/// Watches files until they have been the same for a while.
#[derive(Debug)]
pub struct Settling {
    time: Duration,
    begun: Option<Duration>,
    seen: BTreeMap<PathBuf, (Look, Duration)>,
}

impl Settling {
    /// A file has settled when it has not changed for this long.
    #[must_use]
    pub fn new(time: Duration) -> Self {
        Self { time, begun: None, seen: BTreeMap::new() }
    }

    /// The entries that have settled, with what they look like; those that are no files need not. `now` is the time since any
    /// moment, `look` looks at a file. `None` as long as no file can have settled: one that was done long ago is not yet told
    /// from one that is being written.
    pub fn settled(
        &mut self,
        entries: Vec<Entry>,
        now: Duration,
        look: &dyn Fn(&Path) -> Option<Look>,
    ) -> Option<Vec<(Entry, Option<Look>)>> {
        let begun = *self.begun.get_or_insert(now);
        let mut seen = BTreeMap::new();
        let mut settled = Vec::new();
        for entry in entries {
            if entry.task != Task::Clean {
                settled.push((entry, None));
                continue;
            }
            let Some(look) = look(&entry.source) else {
                log::debug!("settling gone path={}", entry.name());
                continue;
            };
            let before = self.seen.remove(&entry.source).filter(|(before, _)| *before == look);
            let since = before.map_or(now, |(_, since)| since);
            seen.insert(entry.source.clone(), (look.clone(), since));
            let same = now.saturating_sub(since);
            if same >= self.time {
                log::trace!("settled path={}", entry.name());
                settled.push((entry, Some(look)));
            } else {
                log::debug!(
                    "settling same-ms={} of-ms={} path={}",
                    same.as_millis(),
                    self.time.as_millis(),
                    entry.name()
                );
            }
        }
        self.seen = seen;
        (now.saturating_sub(begun) >= self.time).then_some(settled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, task: Task) -> Entry {
        Entry { source: name.into(), relative: name.into(), task, name_clash: false }
    }

    fn look(bytes: u64) -> Option<Look> {
        Some(Look { bytes, modified: None, changed: (0, 0, 0) })
    }

    #[test]
    fn a_file_is_taken_when_it_has_been_the_same_for_long_enough() {
        let mut settling = Settling::new(Duration::from_secs(5));
        let mut at = |seconds: u64, bytes: Option<u64>| {
            let entries = vec![entry("a", Task::Clean), entry(".DS_Store", Task::Skip)];
            let settled = settling.settled(entries, Duration::from_secs(seconds), &|_| bytes.and_then(look));
            settled.map(|settled| settled.len())
        };
        for (seconds, bytes, taken) in [
            (0, Some(1), None),
            (4, Some(1), None),
            (5, Some(1), Some(2)),
            (6, Some(2), Some(1)), // it grows
            (10, Some(2), Some(1)),
            (11, Some(2), Some(2)),
            (12, None, Some(1)), // it is gone
            (13, Some(2), Some(1)),
            (18, Some(2), Some(2)),
        ] {
            assert_eq!(at(seconds, bytes), taken, "after {seconds} s");
        }
    }
}
