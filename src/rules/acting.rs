//! The giver of a command as the rules see it: a user, an API key, or a key on behalf of a user (§2). On behalf of a user, everything is
//! decided for both, and the lesser counts (§3.4).

use super::capability::{Capability, CapabilitySet};
use super::condition::{Condition, condition};
use super::decision::{Decision, Denied};
use super::giving::{self, Bound, holds_everything};
use super::principal::{Identity, Principal};
use super::target::Place;
use super::{ceilings, reasons, relations};
use crate::facts::{ANYBODY, Facts, Position};

/// One identity; or a user and a key, of which each must be allowed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Acting {
    /// The user; the key where it acts for itself.
    first: Identity,
    /// The key that acts on behalf of the user.
    key: Option<Identity>,
}

impl Acting {
    /// A user or a key for itself.
    pub(crate) fn alone(identity: Identity) -> Acting {
        Acting { first: identity, key: None }
    }

    /// A key on behalf of a user.
    pub(crate) fn on_behalf(user: Identity, key: Identity) -> Acting {
        Acting { first: user, key: Some(key) }
    }

    fn identities(&self) -> impl Iterator<Item = Identity> + use<> {
        std::iter::once(self.first).chain(self.key)
    }

    /// The intersection of a set over all identities.
    fn common(&self, set: impl FnMut(Identity) -> CapabilitySet) -> CapabilitySet {
        self.identities().map(set).fold(CapabilitySet::ALL, CapabilitySet::intersection)
    }

    /// The acting user, if they are active.
    pub(crate) fn user(&self) -> Option<Position> {
        if let Identity::User { user, .. } = self.first { Some(user) } else { None }
    }

    /// Whether every identity can hold anything.
    pub(crate) fn is_active(&self) -> bool {
        self.identities().all(|identity| matches!(identity, Identity::User { .. } | Identity::Key { .. }))
    }

    /// The capabilities held on a target.
    pub(crate) fn held(&self, facts: &Facts, now: u64, place: Place) -> CapabilitySet {
        self.common(|identity| ceilings::held(facts, &Principal::of(identity), now, place))
    }

    /// The rows on which a capability is held.
    pub(crate) fn condition(&self, facts: &Facts, now: u64, capability: Capability) -> Condition {
        let principals: Vec<Principal<'_>> = self.identities().map(Principal::of).collect();
        condition(facts, &principals, now, capability)
    }

    /// Whether the user is in a team. A key on their behalf reaches it if it holds anything on it.
    pub(crate) fn in_team(&self, facts: &Facts, now: u64, team: Position) -> bool {
        let Identity::User { user, role } = self.first else { return false };
        let reached = |key| !ceilings::held(facts, &Principal::of(key), now, Place::Team(team)).is_empty();
        facts.team(team).is_some_and(|row| relations::in_team(facts, row, user, role, now)) && self.key.is_none_or(reached)
    }

    /// The reason why this may not be done; none if it may. `place` is absent where the target is not in the facts.
    pub(crate) fn denied(&self, facts: &Facts, now: u64, capability: Capability, place: Option<Place>) -> Option<Denied> {
        if !self.is_active() {
            return Some(Denied::Inactive);
        }
        self.identities().find_map(|identity| match reasons::decide(facts, &Principal::of(identity), now, capability, place) {
            Decision::Allowed(_) => None,
            Decision::Denied(denied) => Some(denied),
        })
    }

    /// The capabilities that can be given on a target until a time, as [`giving::powers`].
    pub(crate) fn powers(&self, facts: &Facts, now: u64, until: u64, place: Place) -> CapabilitySet {
        self.common(|identity| giving::powers(facts, &Principal::of(identity), now, until, place))
    }

    /// The capabilities that can be taken from a user on a target now: everything from oneself.
    pub(crate) fn powers_over(&self, facts: &Facts, now: u64, place: Place, from: Position) -> CapabilitySet {
        self.common(|identity| match identity {
            Identity::User { user, .. } if user == from => CapabilitySet::ALL,
            identity => giving::powers(facts, &Principal::of(identity), now, 0, place),
        })
    }

    /// The capabilities of the organization role.
    pub(crate) fn own_grants(&self, facts: &Facts) -> CapabilitySet {
        self.common(|identity| own_role(identity).map_or(CapabilitySet::NONE, |(_, role)| facts.grants_of(role)))
    }

    /// Whether every capability is held everywhere, withheld ones included.
    pub(crate) fn holds_everything(&self) -> bool {
        self.identities().all(|identity| holds_everything(&identity))
    }

    /// Why a user is not given the organization role `role`; `None` if they can be.
    pub(crate) fn assigning(&self, facts: &Facts, user: Position, role: Position) -> Option<Bound> {
        self.bound(|actor| giving::assigning(facts, Some(actor), user, role))
    }

    /// Why a user is not removed or suspended; `None` if they can be.
    pub(crate) fn removing(&self, facts: &Facts, user: Position) -> Option<Bound> {
        self.bound(|(_, own)| giving::removing(facts, Some(own), user))
    }

    /// The first bound of all identities, given the user and the organization role of each. The bound that does not depend on the actor
    /// comes last.
    fn bound(&self, of: impl Fn((Position, Position)) -> Option<Bound>) -> Option<Bound> {
        let bounds = || self.identities().filter_map(|identity| own_role(identity).map_or(Some(Bound::BeyondOwnRole), &of));
        bounds().find(|bound| *bound != Bound::LastGlobalAdmin).or_else(|| bounds().next())
    }
}

/// The user and the organization role of an identity; [`ANYBODY`] for a key.
fn own_role(identity: Identity) -> Option<(Position, Position)> {
    match identity {
        Identity::User { user, role } => Some((user, role)),
        Identity::Key { role } => Some((ANYBODY, role)),
        Identity::Visitor | Identity::Inactive => None,
    }
}
