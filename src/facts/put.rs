//! Puts a document or changes into the facts, all or nothing, in two phases: [`stage`] validates and may fail; [`commit`] applies and
//! cannot. The cost is proportional to the change. Staging already enters new ids and new roles, because the rest refers to them;
//! after a fault they are removed again.

mod commit;
mod item_path;
mod stage;

use crate::error::Error;
use crate::facts::ids::Ids;
use crate::facts::{Facts, LISTS, ROLES, RawFacts, Scope};
use crate::rules::capability::CapabilitySet;
use crate::rules::role::{BUILT_IN, Role};
use crate::token::json::{Span, Text};

/// The recipient of the facts. It decides which facts are allowed.
#[derive(Clone, Copy)]
pub(crate) struct Recipient {
    pub(crate) scope: Scope,
    /// The user of a member snapshot, in the text of the facts or of the changes.
    pub(crate) subject: Option<Span>,
}

impl Facts {
    /// Facts from a whole document. `seed`: a number that the author of the ids cannot know (see [`Ids::new`]).
    pub(crate) fn resolve(raw: RawFacts, mut text: Text, recipient: &Recipient, seed: u64) -> Result<Facts, Error> {
        let mut ids = LISTS.map(|_| Ids::new(seed));
        for (name, ..) in BUILT_IN {
            let name = text.push(name);
            ids[ROLES].claim(name, &text);
        }
        for (ids, raw) in ids.iter_mut().zip(&raw.ids) {
            ids.reserve(raw.len(), &text);
        }
        let mut facts = Facts {
            text,
            id: raw.id().unwrap_or_default(),
            plan_name: None,
            withheld: CapabilitySet::NONE,
            ids,
            roles: BUILT_IN.iter().map(|(_, on, grants)| Role { on: *on, grants: *grants }).collect(),
            users: Vec::new(),
            teams: Vec::new(),
            projects: Vec::new(),
            assistants: Vec::new(),
            changes: Vec::new(),
        };
        facts.put(raw, recipient)?;
        Ok(facts)
    }

    /// The position of the next text, for [`JsonReader::behind`](crate::token::json::JsonReader::behind).
    pub(crate) fn end(&self) -> u32 {
        self.text.len()
    }

    /// Applies changes read from `text`, whose spans count from [`Facts::end`]. After a fault the facts are unchanged.
    pub(crate) fn put_changes(&mut self, raw: RawFacts, text: &Text, recipient: &Recipient) -> Result<(), Error> {
        let end = self.text.len();
        self.text.append(text);
        self.put(raw, recipient).inspect_err(|_| self.text.truncate(end))
    }

    fn put(&mut self, mut raw: RawFacts, recipient: &Recipient) -> Result<(), Error> {
        let (roles, known) = (self.roles.len(), self.ids.each_ref().map(Ids::len));
        match self.stage(&mut raw, recipient) {
            Ok(staged) => {
                drop(raw);
                self.commit(staged);
                Ok(())
            }
            Err(error) => {
                self.roles.truncate(roles);
                for (ids, len) in self.ids.iter_mut().zip(known) {
                    ids.truncate(len, &self.text);
                }
                Err(error)
            }
        }
    }
}
