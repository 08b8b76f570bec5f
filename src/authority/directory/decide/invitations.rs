//! Invitations that end with another command: whoever had sent them could not send them any more.

use std::collections::BTreeSet;

use super::Decider;
use super::effect::Effect;
use crate::authority::directory::event::Invitation;
use crate::facts::Position;
use crate::rules::Identity;
use crate::rules::capability::{Capability, CapabilitySet, Kind};

impl Decider<'_> {
    /// The pending invitations of a user that they could send before, and could not once their organization role grants `left`.
    pub(super) fn invitations_lost_by(&self, user: Position, left: CapabilitySet) -> Vec<Position> {
        self.invitations_lost(|sender, _| sender == user, left, None)
    }

    /// The same of all who have a role that is about to grant `left`.
    pub(super) fn invitations_lost_by_role(&self, id: &str, left: CapabilitySet) -> Vec<Position> {
        let redefined = self.facts.find_role(id);
        redefined.map_or_else(Vec::new, |redefined| self.invitations_lost(|_, role| role == redefined, left, Some(redefined)))
    }

    /// The same of every sender, by user and organization role, who is meant. The plan is as it was.
    fn invitations_lost(
        &self,
        meant: impl Fn(Position, Position) -> bool,
        left: CapabilitySet,
        redefined: Option<Position>,
    ) -> Vec<Position> {
        let grants = |role| self.facts.grants_of(role);
        let ends = |invitation: &Invitation| {
            let sender = self.facts.find_user(invitation.invited_by.as_deref()?);
            let Identity::User { user: sender, role: own } = Identity::of(self.facts, sender) else { return None };
            let user = self.facts.find_user(&invitation.user).filter(|user| self.is_invited(*user).is_some())?;
            let offered = self.facts.user(user)?.role;
            let offered_then = if redefined == Some(offered) { left } else { grants(offered) };
            let ends = meant(sender, own) && invites(grants(own), grants(offered)) && !invites(left, offered_then);
            ends.then_some(user)
        };
        self.people.invitations().filter_map(ends).collect()
    }

    /// The invitations of these users end, too.
    pub(super) fn ending_invitations(&self, effect: Effect, invited: Vec<Position>) -> Effect {
        self.removing(effect, None, invited, |_| None)
    }

    /// A user is gone, and the invitations of others end, as if they were revoked. Whoever of these owns assistants stays, with no
    /// invitation to accept.
    pub(super) fn removing(
        &self,
        mut effect: Effect,
        removed: Option<Position>,
        invited: Vec<Position>,
        successor: impl Fn(&str) -> Option<String>,
    ) -> Effect {
        let mut users: BTreeSet<Position> = removed.into_iter().collect();
        if !invited.is_empty() {
            let assistants = self.facts.targets(Kind::Assistant).iter().filter_map(|assistant| self.facts.assistant(*assistant));
            let owners: BTreeSet<Position> = assistants.map(|assistant| assistant.owner).collect();
            let id = |user: &Position| self.facts.user_id(*user).to_owned();
            effect.result.ended = invited.iter().map(id).collect();
            let (staying, vanishing): (Vec<_>, Vec<_>) = invited.into_iter().partition(|user| owners.contains(user));
            effect.people.gone.invitations.extend(staying.iter().map(id));
            users.extend(vanishing);
        }
        self.removing_users(effect, &users, successor)
    }
}

/// Whether a role lets its holder invite to another one, by what both grant.
fn invites(own: CapabilitySet, offered: CapabilitySet) -> bool {
    own.contains(Capability::UserInvite) && own.contains_all(offered)
}
