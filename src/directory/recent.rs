//! The last events, from which deltas are made.

use std::collections::VecDeque;

use super::event::{Hash, Sealed};
use crate::document::Changes;

/// How many events are kept: somebody who missed more gets the full snapshot. Several hours of an organization that is busy.
const RECENT_EVENTS: usize = 1024;
/// How large they may be together, as text: events that touch much must not hold a service's memory. A full snapshot of five
/// thousand assistants is as large.
const RECENT_BYTES: usize = 1 << 20;

/// One event as the steps there and back.
pub(super) struct Step {
    /// The version that it leads to.
    pub(super) version: u64,
    /// The head of the chain before it.
    pub(super) from: Hash,
    /// Undoes `after`.
    pub(super) before: Changes,
    pub(super) after: Changes,
    bytes: usize,
}

/// The last events, oldest first, without a gap.
#[derive(Default)]
pub(super) struct Recent {
    steps: VecDeque<Step>,
    bytes: usize,
}

impl Recent {
    pub(super) fn push(&mut self, version: u64, from: Hash, sealed: Sealed, bytes: usize) {
        self.steps.push_back(Step { version, from, before: sealed.before, after: sealed.after, bytes });
        self.bytes += bytes;
        while self.steps.len() > RECENT_EVENTS || self.bytes > RECENT_BYTES {
            let Some(oldest) = self.steps.pop_front() else { break };
            self.bytes -= oldest.bytes;
        }
    }

    /// The steps that lead on from a version, oldest first; none if they are not all there.
    pub(super) fn since(&self, version: u64) -> Option<impl DoubleEndedIterator<Item = &Step>> {
        let first = self.steps.iter().position(|step| step.version.checked_sub(1) == Some(version))?;
        Some(self.steps.range(first..))
    }
}
