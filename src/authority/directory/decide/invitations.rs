//! Invitations that end with another command, because the user who sent them loses the right to send them.

use std::collections::BTreeSet;

use super::Decider;
use super::effect::Effect;
use crate::authority::directory::event::Invitation;
use crate::facts::Position;
use crate::rules::Identity;
use crate::rules::capability::{Capability, CapabilitySet, Kind};

impl Decider<'_> {
    /// The invited users whose invitations a sender could send before, and cannot send once their organization role grants only `left`.
    pub(super) fn invitations_lost_by(&self, user: Position, left: CapabilitySet) -> Vec<Position> {
        self.invitations_lost(|sender, _| sender == user, left, None)
    }

    /// The same for all senders with a role that will grant only `left`.
    pub(super) fn invitations_lost_by_role(&self, id: &str, left: CapabilitySet) -> Vec<Position> {
        let redefined = self.facts.find_role(id);
        redefined.map_or_else(Vec::new, |redefined| self.invitations_lost(|_, role| role == redefined, left, Some(redefined)))
    }

    /// The same for all senders that `is_sender` accepts by user and organization role. The plan does not count.
    fn invitations_lost(
        &self,
        is_sender: impl Fn(Position, Position) -> bool,
        left: CapabilitySet,
        redefined: Option<Position>,
    ) -> Vec<Position> {
        let grants = |role| self.facts.grants_of(role);
        let ends = |invitation: &Invitation| {
            let sender = self.facts.find_user(invitation.invited_by.as_deref()?);
            let Identity::User { user: sender, role: own } = Identity::of(self.facts, sender) else { return None };
            let user = self.facts.find_user(&invitation.user).filter(|user| self.invitation_if_invited(*user).is_some())?;
            let offered = self.facts.user(user)?.role;
            let offered_then = if redefined == Some(offered) { left } else { grants(offered) };
            let ends = is_sender(sender, own) && invites(grants(own), grants(offered)) && !invites(left, offered_then);
            ends.then_some(user)
        };
        self.people.invitations().filter_map(ends).collect()
    }

    /// Adds the end of invitations to an effect.
    pub(super) fn ending_invitations(&self, effect: Effect, invited: Vec<Position>) -> Effect {
        self.removing(effect, None, invited, |_| None)
    }

    /// Adds to an effect the removal of a user and the end of the invitations of others. An invited user who owns assistants stays, without an
    /// invitation; the others are removed, as by `revoke_invitation`.
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

/// Whether the holder of a role may invite users to another role, by the grants of both.
fn invites(own: CapabilitySet, offered: CapabilitySet) -> bool {
    own.contains(Capability::UserInvite) && own.contains_all(offered)
}
