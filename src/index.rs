//! Finds the position of an id among the things of one kind.

use std::hash::{DefaultHasher, Hasher};

/// Marks a slot that no position has.
const FREE: u32 = u32::MAX;

/// From id to position: a hash table with linear probing, half empty at least. It keeps positions only; the caller says which id
/// stands at a position. Never grown: facts are complete when they are indexed.
#[derive(Default)]
pub(crate) struct Index {
    slots: Vec<u32>,
    seed: u64,
}

impl Index {
    /// An index of the ids at `0..count`, or the first position whose id stands at an earlier one too.
    ///
    /// `seed` should be unknown to whoever chooses ids, so that nobody can choose ones that collide.
    pub(crate) fn new<'a>(count: usize, seed: u64, id: impl Fn(u32) -> &'a str) -> Result<Index, u32> {
        let mut index = Index { slots: vec![FREE; (count * 2).next_power_of_two()], seed };
        for position in 0..count as u32 {
            let (slot, taken) = index.slot(id(position), &id);
            match index.slots.get_mut(slot) {
                Some(free) if taken == FREE => *free = position,
                _ => return Err(position),
            }
        }
        Ok(index)
    }

    /// The position of an id.
    pub(crate) fn get<'a>(&self, wanted: &str, id: impl Fn(u32) -> &'a str) -> Option<u32> {
        Some(self.slot(wanted, &id).1).filter(|position| *position != FREE)
    }

    /// The slot where an id stands or would stand, and the position in it.
    fn slot<'a>(&self, wanted: &str, id: &impl Fn(u32) -> &'a str) -> (usize, u32) {
        let mut hasher = DefaultHasher::new();
        hasher.write_u64(self.seed);
        hasher.write(wanted.as_bytes());
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = hasher.finish() as usize & mask;
        loop {
            match self.slots.get(slot) {
                Some(&position) if position != FREE && id(position) != wanted => slot = (slot + 1) & mask,
                Some(&position) => return (slot, position),
                None => return (slot, FREE),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Index;

    #[test]
    fn finds_what_is_there_and_nothing_else() {
        let ids: Vec<String> = (0..1000).map(|n| format!("id-{n}")).collect();
        let index = Index::new(ids.len(), 7, |n| ids[n as usize].as_str()).unwrap();
        for (n, id) in (0..).zip(&ids) {
            assert_eq!(index.get(id, |n| ids[n as usize].as_str()), Some(n));
        }
        assert_eq!(index.get("id-1000", |n| ids[n as usize].as_str()), None);
        assert_eq!(Index::new(0, 7, |_| "").unwrap().get("", |_| ""), None);
        assert_eq!(Index::default().get("a", |_| ""), None);
    }

    #[test]
    fn names_the_first_duplicate() {
        let ids = ["a", "b", "c", "b", "a"];
        assert_eq!(Index::new(ids.len(), 7, |n| ids[n as usize]).err(), Some(3));
    }
}
