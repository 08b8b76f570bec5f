//! Paths of faults in a document's lists.

use crate::error::{Code, Error, concat, decimal};

/// The path of an item of a list, `teams[2]`, or of an item in a field of it, `teams[2].members[0]`.
#[derive(Clone, Copy)]
pub(super) struct ItemPath {
    list: &'static str,
    index: usize,
    within: Option<(&'static str, usize)>,
}

impl ItemPath {
    /// The path `list[index]`.
    pub(super) fn new(list: &'static str, index: usize) -> ItemPath {
        ItemPath { list, index, within: None }
    }

    /// The path `list[…]field[index]`; `field` begins with a dot.
    pub(super) fn item(&self, field: &'static str, index: usize) -> ItemPath {
        ItemPath { within: Some((field, index)), ..*self }
    }

    /// A fault at a field of the item, `.role`, or with an empty `field` at the item itself.
    pub(super) fn fault(&self, field: &str, reason: &str) -> Error {
        let item = |(list, index): (&str, usize)| concat(&[list, "[", &decimal(index as u64), "]"]);
        fault(&concat(&[&item((self.list, self.index)), &self.within.map(item).unwrap_or_default(), field]), reason)
    }
}

pub(super) fn fault(path: &str, reason: &str) -> Error {
    Error::at(Code::InvalidFacts, path, reason)
}
