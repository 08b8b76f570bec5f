//! What is in what: the projects of a team, the assistants of a project.

use std::collections::{BTreeMap, BTreeSet};

/// Ids by the id of what contains them.
#[derive(Default)]
pub(super) struct Contents(BTreeMap<String, BTreeSet<String>>);

impl Contents {
    pub(super) fn of(&self, container: &str) -> impl Iterator<Item = &str> {
        self.0.get(container).into_iter().flatten().map(String::as_str)
    }

    pub(super) fn put(&mut self, container: &str, id: &str) {
        self.0.entry(container.to_owned()).or_default().insert(id.to_owned());
    }

    pub(super) fn take(&mut self, container: &str, id: &str) {
        if let Some(ids) = self.0.get_mut(container) {
            ids.remove(id);
            if ids.is_empty() {
                self.0.remove(container);
            }
        }
    }
}
