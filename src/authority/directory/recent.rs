//! The last events, from which deltas are made.

use std::collections::VecDeque;

use super::event::{Hash, Sealed};
use crate::authority::limits::{RECENT_BYTES, RECENT_EVENTS};
use crate::document::Changes;

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

#[cfg(test)]
mod tests {
    use super::{RECENT_BYTES, RECENT_EVENTS, Recent, Sealed};

    fn kept(recent: &Recent, version: u64) -> Option<usize> {
        recent.since(version).map(Iterator::count)
    }

    #[test]
    fn keeps_the_last_events_without_a_gap() {
        let mut recent = Recent::default();
        let last = RECENT_EVENTS as u64 + 10;
        for version in 2..=last {
            recent.push(version, [0; 32], Sealed::default(), 1);
        }
        assert_eq!(kept(&recent, last - 1), Some(1));
        assert_eq!(kept(&recent, last - RECENT_EVENTS as u64), Some(RECENT_EVENTS));
        for version in [0, 1, last - RECENT_EVENTS as u64 - 1, last, u64::MAX] {
            assert_eq!(kept(&recent, version), None, "{version}");
        }
    }

    #[test]
    fn keeps_no_more_than_it_has_room_for() {
        let mut recent = Recent::default();
        for version in 2..10 {
            recent.push(version, [0; 32], Sealed::default(), RECENT_BYTES / 3);
        }
        assert_eq!((kept(&recent, 6), kept(&recent, 5)), (Some(3), None));
        recent.push(10, [0; 32], Sealed::default(), RECENT_BYTES + 1);
        assert_eq!(kept(&recent, 9), None);
        recent.push(11, [0; 32], Sealed::default(), 1);
        assert_eq!((kept(&recent, 10), kept(&recent, 9)), (Some(1), None));
    }
}
