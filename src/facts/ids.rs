//! A table of ids of one kind: from id to position and back, and the order of the ids.

use std::cell::OnceCell;
use std::hash::{DefaultHasher, Hasher};

use crate::facts::Position;
use crate::sort::sort;
use crate::token::json::{Span, Text};

/// An empty slot.
const FREE: Position = Position::MAX;

/// The ids of one kind by position, with a hash table over them: linear probing, at least a quarter of the slots empty.
///
/// INVARIANT: a position is never used again. A removed thing has the empty id, which is not a valid id, so that no search finds it.
#[derive(Default)]
pub(crate) struct Ids {
    ids: Vec<Span>,
    slots: Vec<Position>,
    /// How many slots are not free. Removed and truncated ids leave their slots behind, so there may be more of them than positions.
    taken: usize,
    seed: u64,
    /// The positions of existing things, sorted by id. Sorted at the first call of [`Ids::sorted`].
    sorted: OnceCell<Vec<Position>>,
}

impl Ids {
    /// `seed`: a number that the author of the ids cannot know, so that nobody can choose ids that collide.
    pub(crate) fn new(seed: u64) -> Ids {
        Ids { seed, ..Ids::default() }
    }

    /// An empty table with the same seed.
    pub(crate) fn like(&self) -> Ids {
        Ids::new(self.seed)
    }

    /// The number of positions, those of removed things included.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The id at a position; empty for a removed thing.
    pub(crate) fn id<'a>(&self, position: Position, text: &'a Text) -> &'a str {
        text.get(self.ids.get(position as usize).copied().unwrap_or_default())
    }

    /// Where the id at a position stands in the text.
    #[cfg(feature = "authority")]
    pub(crate) fn span(&self, position: Position) -> Span {
        self.ids.get(position as usize).copied().unwrap_or_default()
    }

    /// The position of an id.
    pub(crate) fn find(&self, wanted: &str, text: &Text) -> Option<Position> {
        // Removed things have the empty id.
        Some(self.slot(wanted, text).1).filter(|position| *position != FREE && !wanted.is_empty())
    }

    /// The positions of existing things, in the order of their ids.
    pub(crate) fn sorted(&self, text: &Text) -> &[Position] {
        self.sorted.get_or_init(|| {
            let existing = (0..).zip(&self.ids).filter(|(_, id)| !id.is_empty()).map(|(position, _)| position);
            let mut sorted: Vec<u64> = existing.collect();
            let id = |position| self.id(position as Position, text);
            sort(&mut sorted, &|one, other| id(one).cmp(id(other)));
            sorted.into_iter().map(|position| position as Position).collect()
        })
    }

    /// Makes room for `count` more ids.
    pub(crate) fn reserve(&mut self, count: usize, text: &Text) {
        self.ids.reserve(count);
        if (self.taken + count) * 4 > self.slots.len() * 3 {
            self.fill_slots(count, text);
        }
    }

    /// Makes the slots afresh, with room for `count` more ids.
    fn fill_slots(&mut self, count: usize, text: &Text) {
        self.slots = vec![FREE; ((self.ids.len() + count) * 2).next_power_of_two()];
        self.taken = 0;
        for position in 0..self.ids.len() as Position {
            self.insert_slot(position, text);
        }
    }

    /// The position of an id; a new id gets the next position.
    pub(crate) fn claim(&mut self, id: Span, text: &Text) -> Position {
        self.reserve(1, text);
        let (slot, position) = self.slot(text.get(id), text);
        if position != FREE {
            return position;
        }
        let position = self.ids.len() as Position;
        self.ids.push(id);
        if let Some(free) = self.slots.get_mut(slot) {
            *free = position;
            self.taken += 1;
        }
        let rank = self.rank(position, text);
        if let Some(sorted) = self.sorted.get_mut() {
            sorted.insert(rank, position);
        }
        position
    }

    /// Removes the id at a position.
    pub(crate) fn remove(&mut self, position: Position, text: &Text) {
        let rank = self.rank(position, text);
        if let Some(sorted) = self.sorted.get_mut()
            && sorted.get(rank) == Some(&position)
        {
            sorted.remove(rank);
        }
        if let Some(id) = self.ids.get_mut(position as usize) {
            *id = Span::default();
        }
    }

    /// Removes the positions from `len` on, which are then given again.
    pub(crate) fn truncate(&mut self, len: usize, text: &Text) {
        for position in len..self.ids.len() {
            self.remove(position as Position, text);
        }
        // Old slots may still name these positions. The next id with such a position is found by its own slot.
        self.ids.truncate(len);
    }

    /// Drops the positions of removed things: the others move together. Returns the new position of each old one, [`FREE`] for none.
    #[cfg(feature = "authority")]
    pub(crate) fn drop_removed(&mut self, text: &Text) -> Vec<Position> {
        let mut positions = 0..;
        let mut moved = |id: &Span| if id.is_empty() { None } else { positions.next() };
        let moves: Vec<Position> = self.ids.iter().map(|id| moved(id).unwrap_or(FREE)).collect();
        self.ids.retain(|id| !id.is_empty());
        if self.ids.len() == moves.len() {
            return moves;
        }
        self.fill_slots(1, text);
        for sorted in self.sorted.get_mut().into_iter().flatten() {
            *sorted = moves.get(*sorted as usize).copied().unwrap_or(FREE);
        }
        moves
    }

    /// Where each id stands in the text.
    #[cfg(feature = "authority")]
    pub(crate) fn spans(&mut self) -> impl Iterator<Item = &mut Span> {
        self.ids.iter_mut()
    }

    /// The index of a position in the sorted ones, or the index at which to insert it.
    fn rank(&self, position: Position, text: &Text) -> usize {
        let id = self.id(position, text);
        self.sorted.get().map_or(0, |sorted| sorted.partition_point(|other| self.id(*other, text) < id))
    }

    fn insert_slot(&mut self, position: Position, text: &Text) {
        let (slot, _) = self.slot(self.id(position, text), text);
        if let Some(slot) = self.slots.get_mut(slot) {
            self.taken += usize::from(*slot == FREE);
            *slot = position;
        }
    }

    /// The slot of an id, or the slot where it belongs, and the position in that slot.
    fn slot(&self, wanted: &str, text: &Text) -> (usize, Position) {
        let mut hasher = DefaultHasher::new();
        hasher.write_u64(self.seed);
        hasher.write(wanted.as_bytes());
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = hasher.finish() as usize & mask;
        loop {
            match self.slots.get(slot) {
                Some(&position) if position != FREE && self.id(position, text) != wanted => slot = (slot + 1) & mask,
                Some(&position) => return (slot, position),
                None => return (slot, FREE),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ids;
    use crate::token::json::Text;

    fn filled(names: &[String]) -> (Ids, Text) {
        let (mut ids, mut text) = (Ids::new(7), Text::default());
        for name in names {
            let span = text.push(name);
            ids.claim(span, &text);
        }
        (ids, text)
    }

    #[test]
    fn finds_existing_ids_and_no_others() {
        let names: Vec<String> = (0..1000).map(|n| format!("id-{n}")).collect();
        let (ids, text) = filled(&names);
        for (n, name) in (0..).zip(&names) {
            assert_eq!(ids.find(name, &text), Some(n));
            assert_eq!(ids.id(n, &text), name);
        }
        assert_eq!(ids.find("id-1000", &text), None);
        assert_eq!(ids.find("", &text), None);
        assert_eq!(Ids::default().find("a", &text), None);
    }

    #[test]
    fn forgets_removed_ids_and_keeps_the_order() {
        let names: Vec<String> = (0..100).map(|n| format!("id-{n:03}")).rev().collect();
        let (mut ids, mut text) = filled(&names);
        let name =
            |ids: &Ids, text: &Text| ids.sorted(text).iter().map(|position| ids.id(*position, text).to_owned()).collect::<Vec<_>>();
        assert!(name(&ids, &text).is_sorted());
        for n in (0..100).step_by(3) {
            ids.remove(n, &text);
            assert_eq!(ids.find(&names[n as usize], &text), None);
            assert_eq!(ids.find("", &text), None);
        }
        assert_eq!(name(&ids, &text).len(), 66);
        assert!(name(&ids, &text).is_sorted());
        let again = text.push("id-099");
        assert_eq!(ids.claim(again, &text), 100);
        assert_eq!(name(&ids, &text).last().map(String::as_str), Some("id-099"));
        ids.truncate(100, &text);
        assert_eq!(ids.find("id-099", &text), None);
        assert_eq!(ids.find("id-098", &text), Some(1));
        let other = text.push("other");
        assert_eq!(ids.claim(other, &text), 100);
        assert_eq!(ids.find("other", &text), Some(100));
        assert_eq!(ids.find("id-099", &text), None);
    }

    /// Slots that were left behind do not fill the table.
    #[test]
    fn truncates_any_number_of_times() {
        let (mut ids, mut text) = filled(&["one".to_owned(), "two".to_owned()]);
        for n in 0..1000 {
            let refused = text.push(&format!("refused-{n}"));
            assert_eq!(ids.claim(refused, &text), 2);
            ids.truncate(2, &text);
        }
        assert_eq!((ids.find("one", &text), ids.find("two", &text)), (Some(0), Some(1)));
        assert_eq!(ids.find("refused-7", &text), None);
        let three = text.push("three");
        assert_eq!(ids.claim(three, &text), 2);
        assert_eq!(ids.find("three", &text), Some(2));
    }
}
