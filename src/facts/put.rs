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
    pub(crate) fn resolve(raw: RawFacts, text: Text, recipient: &Recipient, seed: u64) -> Result<Facts, Error> {
        let mut facts = Facts::empty(raw.id().unwrap_or_default(), text, seed);
        facts.reserve_ids(&raw);
        facts.put(raw, recipient)?;
        Ok(facts)
    }

    /// Facts from a whole document whose spans count from [`PASSING`](crate::token::json::PASSING). The document is not kept, only the
    /// strings in it.
    #[cfg(feature = "authority")]
    pub(crate) fn gather(raw: RawFacts, text: Text, recipient: &Recipient, seed: u64) -> Result<Facts, Error> {
        let mut facts = Facts::empty(Span::default(), Text::default(), seed);
        facts.id = facts.text.add(raw.id().map(|id| text.get(id)).unwrap_or_default());
        facts.reserve_ids(&raw);
        facts.put_passing(raw, text, recipient)?;
        facts.settle();
        Ok(facts)
    }

    fn reserve_ids(&mut self, raw: &RawFacts) {
        for (ids, raw) in self.ids.iter_mut().zip(&raw.ids) {
            ids.reserve(raw.len(), &self.text);
        }
    }

    /// Facts without anything but built-in roles.
    fn empty(id: Span, mut text: Text, seed: u64) -> Facts {
        let mut ids = LISTS.map(|_| Ids::new(seed));
        for (name, ..) in BUILT_IN {
            let name = text.push(name);
            ids[ROLES].claim(name, &text);
        }
        Facts {
            text,
            id,
            plan_name: None,
            withheld: CapabilitySet::NONE,
            ids,
            roles: BUILT_IN.iter().map(|(_, on, grants)| Role { on: *on, grants: *grants }).collect(),
            users: Vec::new(),
            teams: Vec::new(),
            projects: Vec::new(),
            assistants: Vec::new(),
            changes: Vec::new(),
            #[cfg(feature = "authority")]
            settled: 0,
        }
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

    /// Applies a document or changes whose spans count from [`PASSING`](crate::token::json::PASSING), and keeps only the strings that the
    /// facts need. After a fault the facts are unchanged.
    #[cfg(feature = "authority")]
    pub(crate) fn put_passing(&mut self, mut raw: RawFacts, text: Text, recipient: &Recipient) -> Result<(), Error> {
        let end = self.text.len();
        self.text.pass(text);
        raw.keep_strings(&self.ids, &mut self.text);
        let put = self.put(raw, recipient);
        self.text.drop_passing();
        put.inspect_err(|_| self.text.truncate(end))
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
