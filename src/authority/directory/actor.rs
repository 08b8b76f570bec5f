//! The giver of a command: a user, an API key, a key on behalf of a user, or the authority itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Directory;
use crate::facts::NEVER;
use crate::rules::{Acting, Identity};

/// The giver of a command. As JSON: `{ "user": id }`, `{ "key": id }`, `{ "user": id, "via": id }`, `"system"`. Exhaustive: every service
/// must distinguish them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "ActorDocument", try_from = "ActorDocument")]
pub enum Actor {
    /// A user, by id.
    User(String),
    /// An API key for itself, by id.
    Key(String),
    /// An API key on behalf of a user: what both may do.
    OnBehalf {
        /// The user's id.
        user: String,
        /// The key's id.
        key: String,
    },
    /// The authority itself: it lets people in and sets organizations up. It holds every capability.
    System,
}

/// An actor as JSON: an object of ids, or a name. A map and no struct, which would be read from an array too.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum ActorDocument {
    Named(BTreeMap<String, String>),
    System(SystemName),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SystemName {
    System,
}

impl From<Actor> for ActorDocument {
    fn from(actor: Actor) -> ActorDocument {
        let named = |fields: &[(&str, String)]| fields.iter().map(|(name, id)| ((*name).to_owned(), id.clone())).collect();
        ActorDocument::Named(match actor {
            Actor::User(user) => named(&[("user", user)]),
            Actor::Key(key) => named(&[("key", key)]),
            Actor::OnBehalf { user, key } => named(&[("user", user), ("via", key)]),
            Actor::System => return ActorDocument::System(SystemName::System),
        })
    }
}

impl TryFrom<ActorDocument> for Actor {
    type Error = &'static str;

    fn try_from(document: ActorDocument) -> Result<Actor, &'static str> {
        let mut fields = match document {
            ActorDocument::System(SystemName::System) => return Ok(Actor::System),
            ActorDocument::Named(fields) => fields,
        };
        let [user, key, via] = ["user", "key", "via"].map(|name| fields.remove(name));
        match (user, key, via) {
            (Some(user), None, None) if fields.is_empty() => Ok(Actor::User(user)),
            (None, Some(key), None) if fields.is_empty() => Ok(Actor::Key(key)),
            (Some(user), None, Some(key)) if fields.is_empty() => Ok(Actor::OnBehalf { user, key }),
            _ => Err("an actor is a user, a key, or a user via a key"),
        }
    }
}

impl Actor {
    /// The id of the acting user; none for the authority itself, and for a key that acts for itself.
    pub fn user(&self) -> Option<&str> {
        match self {
            Actor::User(user) | Actor::OnBehalf { user, .. } => Some(user),
            Actor::Key(_) | Actor::System => None,
        }
    }
}

impl Directory {
    /// The actor as the rules see it at `now` (Unix seconds); none for the authority itself, which no rule bounds.
    pub(super) fn acting(&self, actor: &Actor, now: u64) -> Option<Acting> {
        let user = |id: &str| Identity::of(&self.facts, self.facts.find_user(id));
        match actor {
            Actor::User(id) => Some(Acting::alone(user(id))),
            Actor::Key(id) => Some(Acting::alone(self.key_identity(id, now))),
            Actor::OnBehalf { user: id, key } => Some(Acting::on_behalf(user(id), self.key_identity(key, now))),
            Actor::System => None,
        }
    }

    /// The moment at which the actor's key ends; [`NEVER`] without a key, and for one without end.
    pub(super) fn key_end(&self, actor: &Actor) -> u64 {
        match actor {
            Actor::Key(key) | Actor::OnBehalf { key, .. } => self.people.key(key).and_then(|key| key.expires).unwrap_or(NEVER),
            Actor::User(_) | Actor::System => NEVER,
        }
    }
}
