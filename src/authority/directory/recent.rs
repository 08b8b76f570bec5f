//! The last events: deltas are made from them.

use std::collections::VecDeque;

use super::event::{Hash, SealedContent};
use crate::authority::limits::{RECENT_BYTES, RECENT_EVENTS};
use crate::document::Changes;

/// The changes of one event, forward and back.
pub(super) struct RecentEvent {
    /// The version after the event.
    pub(super) version: u64,
    /// The head of the history before the event.
    pub(super) from: Hash,
    /// Undoes `after`.
    pub(super) before: Changes,
    pub(super) after: Changes,
    bytes: usize,
}

/// The last events, oldest first, without a gap.
#[derive(Default)]
pub(super) struct RecentEvents {
    events: VecDeque<RecentEvent>,
    bytes: usize,
    /// The events before a checkpoint, while there is one.
    kept: Option<Kept>,
}

/// The events before a checkpoint.
#[derive(Default)]
struct Kept {
    /// How many of them are still the first ones of the recent events.
    present: usize,
    /// Those that newer ones have driven out, oldest first.
    driven_out: Vec<RecentEvent>,
}

impl RecentEvents {
    pub(super) fn push(&mut self, version: u64, from: Hash, sealed: SealedContent, bytes: usize) {
        self.events.push_back(RecentEvent { version, from, before: sealed.before, after: sealed.after, bytes });
        self.bytes += bytes;
        while self.events.len() > RECENT_EVENTS || self.bytes > RECENT_BYTES {
            if !self.drop_oldest() {
                break;
            }
        }
    }

    /// Drops all of them.
    pub(super) fn clear(&mut self) {
        while self.drop_oldest() {}
    }

    /// Keeps the present events, so that [`RecentEvents::go_back`] brings them back.
    pub(super) fn keep_all(&mut self) {
        self.kept = Some(Kept { present: self.events.len(), ..Kept::default() });
    }

    /// Ends what [`RecentEvents::keep_all`] began.
    pub(super) fn release(&mut self) {
        self.kept = None;
    }

    /// Brings back the events of [`RecentEvents::keep_all`], and only these.
    pub(super) fn go_back(&mut self) {
        let Some(Kept { present, driven_out }) = self.kept.take() else { return };
        self.events.truncate(present);
        for event in driven_out.into_iter().rev() {
            self.events.push_front(event);
        }
        self.bytes = self.events.iter().map(|event| event.bytes).sum();
    }

    /// Whether there was one.
    fn drop_oldest(&mut self) -> bool {
        let Some(oldest) = self.events.pop_front() else { return false };
        self.bytes -= oldest.bytes;
        if let Some(kept) = self.kept.as_mut().filter(|kept| kept.present > 0) {
            kept.present -= 1;
            kept.driven_out.push(oldest);
        }
        true
    }

    /// The events after a version, oldest first; none if some of them are no longer kept.
    pub(super) fn since(&self, version: u64) -> Option<impl DoubleEndedIterator<Item = &RecentEvent>> {
        let first = self.events.iter().position(|event| event.version.checked_sub(1) == Some(version))?;
        Some(self.events.range(first..))
    }
}

#[cfg(test)]
mod tests {
    use super::{RECENT_BYTES, RECENT_EVENTS, RecentEvents, SealedContent};

    fn kept(recent: &RecentEvents, version: u64) -> Option<usize> {
        recent.since(version).map(Iterator::count)
    }

    #[test]
    fn keeps_the_last_events_without_a_gap() {
        let mut recent = RecentEvents::default();
        let last = RECENT_EVENTS as u64 + 10;
        for version in 2..=last {
            recent.push(version, [0; 32], SealedContent::default(), 1);
        }
        assert_eq!(kept(&recent, last - 1), Some(1));
        assert_eq!(kept(&recent, last - RECENT_EVENTS as u64), Some(RECENT_EVENTS));
        for version in [0, 1, last - RECENT_EVENTS as u64 - 1, last, u64::MAX] {
            assert_eq!(kept(&recent, version), None, "{version}");
        }
    }

    #[test]
    fn keeps_no_more_than_it_has_room_for() {
        let mut recent = RecentEvents::default();
        for version in 2..10 {
            recent.push(version, [0; 32], SealedContent::default(), RECENT_BYTES / 3);
        }
        assert_eq!((kept(&recent, 6), kept(&recent, 5)), (Some(3), None));
        recent.push(10, [0; 32], SealedContent::default(), RECENT_BYTES + 1);
        assert_eq!(kept(&recent, 9), None);
        recent.push(11, [0; 32], SealedContent::default(), 1);
        assert_eq!((kept(&recent, 10), kept(&recent, 9)), (Some(1), None));
    }
}
