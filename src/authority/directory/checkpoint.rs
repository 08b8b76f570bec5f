//! A checkpoint: a directory goes back to it after several events, to exactly the state that it had.

use serde::Deserialize;

use super::Directory;
use super::event::{ChainEnd, PeopleChanges};
use super::people::People;
use crate::document::Changes;
use crate::error::{Code, Error};

/// Changes of no facts, as JSON.
const NOTHING: &str = "{}";

/// The state at the checkpoint, and how the events since then are undone.
pub(super) struct Checkpoint {
    latest: ChainEnd,
    epoch: u64,
    undo: Vec<Undo>,
}

/// Undoes one event.
struct Undo {
    /// Changes of the facts, as JSON: an import has a hundred thousand of them, and their text takes the least room.
    facts: Option<Box<str>>,
    people: Option<Box<PeopleChanges>>,
}

impl Directory {
    /// Sets a checkpoint. From now on every event can be undone, until [`Directory::release`] or [`Directory::roll_back`].
    ///
    /// # Errors
    /// [`Code::InvalidOptions`] if there is a checkpoint already.
    pub fn set_checkpoint(&mut self) -> Result<(), Error> {
        if self.checkpoint.is_some() {
            return Err(Error::new(Code::InvalidOptions, "there is a checkpoint already"));
        }
        self.recent.keep_all();
        self.checkpoint = Some(Checkpoint { latest: self.latest, epoch: self.epoch, undo: Vec::new() });
        Ok(())
    }

    /// Removes the checkpoint and keeps everything that was applied since then. Without a checkpoint, nothing happens.
    pub fn release(&mut self) {
        self.checkpoint = None;
        self.recent.release();
    }

    /// Goes back to the checkpoint and removes it: facts, people, history and recent events are what they were. Without a checkpoint,
    /// nothing happens.
    ///
    /// # Errors
    /// None that a directory can cause. After an error the directory must not be used any more.
    pub fn roll_back(&mut self) -> Result<(), Error> {
        let Some(Checkpoint { latest, epoch, undo }) = self.checkpoint.take() else { return Ok(()) };
        for Undo { facts, people } in undo.into_iter().rev() {
            if let Some(facts) = facts {
                let read = Changes::deserialize(&mut serde_json::Deserializer::from_str(&facts));
                let changes = read.map_err(|error| Error::new(Code::Tampered, error.to_string()))?;
                self.change_facts(&changes, facts.into_string())?;
            }
            if let Some(people) = people {
                self.people.apply(*people);
            }
        }
        (self.latest, self.epoch) = (latest, epoch);
        self.recent.go_back();
        Ok(())
    }

    /// Whether events can be undone: there is a checkpoint.
    pub(super) fn can_undo(&self) -> bool {
        self.checkpoint.is_some()
    }

    /// Notes how the changes of an event are undone, if there is a checkpoint: those of the facts are JSON. To be called before the changes
    /// are made.
    pub(super) fn note_undo(&mut self, facts: &str, people: &PeopleChanges) {
        let Some(checkpoint) = &mut self.checkpoint else { return };
        let facts = (facts != NOTHING).then(|| facts.into());
        let people = self.people.inverse(people);
        checkpoint.undo.push(Undo { facts, people: (!people.is_empty()).then(|| Box::new(people)) });
    }

    /// Forgets what was noted last: the event was not applied.
    pub(super) fn forget_undo(&mut self) {
        if let Some(checkpoint) = &mut self.checkpoint {
            checkpoint.undo.pop();
        }
    }
}

impl People {
    /// The changes that undo these: the present invitations, accounts, endpoints and keys of everything that they name.
    fn inverse(&self, changes: &PeopleChanges) -> PeopleChanges {
        let PeopleChanges { invitations, accounts, endpoints, keys, gone } = changes;
        let mut inverse = PeopleChanges::default();
        let invited = invitations.iter().map(|invitation| &invitation.user);
        for user in invited.chain(&gone.invitations) {
            match self.invitation(user) {
                Some(present) => inverse.invitations.push(present.clone()),
                None => inverse.gone.invitations.push(user.clone()),
            }
        }
        let known = accounts.iter().map(|account| &account.user);
        for user in known.chain(&gone.accounts) {
            match self.account(user) {
                Some(present) => inverse.accounts.push(present.clone()),
                None => inverse.gone.accounts.push(user.clone()),
            }
        }
        let sending = endpoints.iter().map(|endpoint| &endpoint.id);
        for id in sending.chain(&gone.endpoints) {
            match self.endpoint(id) {
                Some(present) => inverse.endpoints.push(present.clone()),
                None => inverse.gone.endpoints.push(id.clone()),
            }
        }
        for key in keys.iter().map(|key| &key.id).chain(&gone.keys) {
            match self.key(key) {
                Some(present) => inverse.keys.push(present.clone()),
                None => inverse.gone.keys.push(key.clone()),
            }
        }
        inverse
    }
}
