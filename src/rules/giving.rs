//! Nobody gives what they do not have (§3.4): who can give a person another organization role or take it away, and which capabilities a
//! principal can give on a target.

use crate::facts::{ABSENT, Facts, Position, Status, User};
use crate::rules::role::GLOBAL_ADMIN;

#[cfg(feature = "authority")]
use crate::rules::{
    capability::CapabilitySet,
    ceilings::count,
    principal::{Identity, Principal},
    relations::Relations,
    target::Place,
};

/// Why an organization role is not given or taken away: the first that applies.
// Exhaustive: the rules name these three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// It is the actor's own role.
    OwnRole,
    /// The present role, or the new one, grants a capability that the actor's role does not.
    BeyondOwnRole,
    /// The person is the last active global admin.
    LastGlobalAdmin,
}

/// The capabilities that a principal can give on a target until a time: the grants of all relations that count and last as long, of
/// every kind, withheld ones included. `until` is 0 for now, `NEVER` for without end.
#[cfg(feature = "authority")]
pub(crate) fn powers(facts: &Facts, principal: &Principal<'_>, now: u64, until: u64, place: Place) -> CapabilitySet {
    count(&Relations::new(facts, principal, now, until, place), CapabilitySet::NONE).grants
}

/// Whether somebody holds every capability everywhere, withheld ones included. Only a global admin does: a custom role that
/// grants everything does not count on other people's Only Me assistants.
#[cfg(feature = "authority")]
pub(crate) fn holds_everything(identity: &Identity) -> bool {
    matches!(identity, Identity::User { role: GLOBAL_ADMIN, .. } | Identity::Key { role: GLOBAL_ADMIN })
}

/// Whether a user of the organization role `own` may give or take away another one: it grants all that the other grants.
pub(crate) fn covers(facts: &Facts, own: Position, role: Position) -> bool {
    facts.grants_of(own).contains_all(facts.grants_of(role))
}

/// Whether a user is the only active global admin, who stays.
fn is_last_global_admin(facts: &Facts, user: Position) -> bool {
    let active_admin = |user: &User| user.role == GLOBAL_ADMIN && user.status == Status::Active;
    facts.user(user).is_some_and(active_admin) && facts.users().iter().filter(|user| active_admin(user)).nth(1).is_none()
}

/// Why the actor cannot give a user the organization role `role`; `None` if they can. `actor` is the position and organization role
/// of a user; without one it is the authority itself, which no role bounds.
pub(crate) fn assigning(facts: &Facts, actor: Option<(Position, Position)>, user: Position, role: Position) -> Option<Bound> {
    if actor.is_some_and(|(actor, _)| actor == user) {
        return Some(Bound::OwnRole);
    }
    let present = facts.user(user).map_or(ABSENT, |user| user.role);
    if actor.is_some_and(|(_, own)| !covers(facts, own, present) || !covers(facts, own, role)) {
        return Some(Bound::BeyondOwnRole);
    }
    (role != GLOBAL_ADMIN && is_last_global_admin(facts, user)).then_some(Bound::LastGlobalAdmin)
}

/// Why an actor of the organization role `own` cannot remove or suspend a user; `None` if they can. Without a role it is the
/// authority itself.
pub(crate) fn removing(facts: &Facts, own: Option<Position>, user: Position) -> Option<Bound> {
    let present = facts.user(user).map_or(ABSENT, |user| user.role);
    if own.is_some_and(|own| !covers(facts, own, present)) {
        return Some(Bound::BeyondOwnRole);
    }
    is_last_global_admin(facts, user).then_some(Bound::LastGlobalAdmin)
}
