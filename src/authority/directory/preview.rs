//! Previews: who would gain or lose what by a command, before it is given.
//!
//! The facts go forward for a moment, and back. Only the targets whose deciding facts ([`crate::access`]) the command changes are compared:
//! for the users whom those facts name, and for all others by organization role.

mod comparison;
mod disclosure;
mod holdings;
mod targets;

use serde::Serialize;

use self::comparison::{Baseline, TreatedAsActive};
use self::disclosure::Disclosure;
use self::holdings::holding_changes;
use self::targets::Targets;
use super::actor::Actor;
use super::command::Command;
use super::decide::Effect;
use super::undo::undoing;
use super::{Directory, Refusal};
use crate::authority::affected::Affected;
use crate::authority::delta::{Transition, after_transitions};
use crate::diff::Change;
use crate::rules::capability::{CapabilitySet, Kind};

/// The changes that a command would make.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct Preview {
    /// The gains and losses of people whom the actor may know there; in the order of kinds, target ids and user ids. At most 10,000.
    pub changes: Vec<Change>,
    /// The number of other people who would gain or lose something.
    pub others: usize,
    /// The memberships and grants that would change, of people whom the actor may know there; in the same order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(bindings, tsify(optional))]
    pub holdings: Vec<HoldingChange>,
    /// The gains and losses of visitors.
    pub visitors: VisitorChange,
    /// The ids of invited users whose invitations would end: the user who invited them would lose the right to invite them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(bindings, tsify(optional))]
    pub ended: Vec<String>,
}

/// The roles of one user on one team or assistant that would change: other roles, or another end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct HoldingChange {
    /// The user's id.
    pub user: String,
    /// The kind of the target: a team or an assistant.
    #[cfg_attr(bindings, tsify(type = "\"team\" | \"assistant\""))]
    pub kind: Kind,
    /// The id of the target.
    pub target: String,
    /// The present roles that would go or get another end, expired ones too.
    pub before: Vec<Held>,
    /// The roles that would take their place.
    pub after: Vec<Held>,
}

/// A role that is held until an end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct Held {
    /// The id of the role.
    pub role: String,
    /// It counts while now is before this, Unix seconds; without end if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub expires: Option<u64>,
}

/// The gains and losses of visitors through links and embedding, on all assistants that the actor shares together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct VisitorChange {
    /// Capabilities that a link or a site would newly give.
    #[cfg_attr(bindings, tsify(type = "Capability[]"))]
    pub gained: CapabilitySet,
    /// Capabilities that a link or a site would no longer give.
    #[cfg_attr(bindings, tsify(type = "Capability[]"))]
    pub lost: CapabilitySet,
}

impl Directory {
    /// The changes that a command would make if it were given at `now` (Unix seconds). The directory is the same afterwards. If the command
    /// creates something without an `id`, the preview invents one; the real id will differ.
    ///
    /// # Errors
    /// As [`Directory::decide`].
    pub fn preview(&mut self, actor: &Actor, mut command: Command, now: u64) -> Result<Preview, Refusal> {
        // The ids and secrets made of it are never used. It changes with every event, so that no present thing has such an id.
        let entropy = self.latest.head;
        let (effect, now) = self.effect(actor, &mut command, now, &entropy)?;
        let disclosure = Disclosure::to(actor, self.acting(actor, now), &self.facts, now)?;
        let mut targets = Targets::of(&Affected::between(&effect.before, &effect.after, None), &self.facts);
        targets.visited.retain(|assistant| disclosure.shares(assistant));
        let users = named(&command).into_iter().chain(former_owner(&command, &effect));
        let users = users.filter(|_| !disclosure.sees_people()).filter_map(|user| self.facts.find_user(user));
        let baseline = Baseline::of(&self.facts, TreatedAsActive(users.collect()), targets, now);

        let transition = Transition { before: &undoing(&self.facts, &effect.after), after: &effect.after };
        let (changes, visitors) = after_transitions(&mut self.facts, &[transition], |facts| baseline.compare(facts, now))?;

        let holdings = holding_changes(&effect.before, &effect.after);
        let disclosure = Disclosure::to(actor, self.acting(actor, now), &self.facts, now)?;
        let preview = disclosure.preview(changes, holdings, named(&command), visitors);
        self.facts.compact_when_due();
        Ok(Preview { ended: effect.result.ended, ..preview })
    }
}

/// The user whose relation to a team or an assistant the command is about: the actor knows them there.
fn named(command: &Command) -> Option<&str> {
    match command {
        Command::AddMember(command) => Some(&command.user),
        Command::SetMemberRole(command) => Some(&command.user),
        Command::RemoveMember(command) => Some(&command.user),
        Command::Grant(command) => Some(&command.user),
        Command::RevokeGrant(command) => Some(&command.user),
        Command::TransferAssistant(command) => Some(&command.user),
        _ => None,
    }
}

/// The present owner of an assistant that the command transfers.
fn former_owner<'a>(command: &Command, effect: &'a Effect) -> Option<&'a str> {
    if matches!(command, Command::TransferAssistant(_)) { effect.was.as_deref() } else { None }
}
