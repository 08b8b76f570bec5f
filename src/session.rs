//! Questions to an opened snapshot: those of one principal's session, and those about everybody. The times of the snapshot are
//! checked here; [`crate::rules`] decides the rest.

use crate::error::{Code, Error};
use crate::facts::{Position, Scope};
use crate::rules::capability::{Capability, CapabilitySet, Kind};
#[cfg(lists)]
use crate::rules::condition::Condition;
use crate::rules::decision::{Decision, Denied};
use crate::rules::role::Level;
use crate::rules::target::Target;
use crate::rules::{self, Bound, Identity, LinkKey, Place, Principal};
use crate::snapshot::Snapshot;

/// The user, share-link key and origin that a caller presents. The default is a visitor without key and origin.
#[derive(Clone, Copy, Default)]
pub struct Presented<'a> {
    /// The id of a signed-in user.
    pub user: Option<&'a str>,
    /// A share-link key.
    pub link: Option<&'a str>,
    /// The origin of the page that embeds the widget. It counts for visitors only.
    pub origin: Option<&'a str>,
}

/// Does not show the key, which is a secret.
impl std::fmt::Debug for Presented<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let link = self.link.map(|_| "a key");
        f.debug_struct("Presented").field("user", &self.user).field("link", &link).field("origin", &self.origin).finish()
    }
}

/// The questions of one principal to an opened snapshot. Times are Unix seconds.
#[derive(Clone, Debug)]
pub struct Session<'a> {
    snapshot: &'a Snapshot,
    principal: Principal<'a>,
}

impl Snapshot {
    /// The session of a principal.
    ///
    /// # Errors
    /// [`Code::WrongScope`] for anybody but the subject in a member snapshot, and for users in a gate snapshot: their facts are not
    /// in it.
    pub fn session<'a>(&'a self, presented: Presented<'a>) -> Result<Session<'a>, Error> {
        Ok(Session { snapshot: self, principal: self.principal(presented)? })
    }

    pub(crate) fn principal<'a>(&self, presented: Presented<'a>) -> Result<Principal<'a>, Error> {
        let Presented { user, link, origin } = presented;
        match self.scope() {
            Scope::Member if user.is_none() || user != self.subject() || link.is_some() || origin.is_some() => {
                Err(Error::new(Code::WrongScope, "a member snapshot answers only for its subject"))
            }
            Scope::Member => Ok(Principal::of(self.identity(user))),
            Scope::Gate if user.is_some() => Err(Error::new(Code::WrongScope, "a gate snapshot answers only for visitors")),
            Scope::Gate | Scope::Workspace => Ok(Principal { identity: self.identity(user), link: link.map(LinkKey::of), origin }),
        }
    }

    fn identity(&self, user: Option<&str>) -> Identity {
        user.map_or(Identity::Visitor, |id| Identity::of(&self.facts, self.facts.find_user(id)))
    }

    /// The session of a principal whose key and origin were read before. The user is looked up again, because a delta may have
    /// changed them.
    #[cfg(all(bindings, not(feature = "authority")))]
    pub(crate) fn resume<'a>(&'a self, user: Option<&str>, principal: Principal<'a>) -> Session<'a> {
        let identity = self.identity(user);
        Session { snapshot: self, principal: Principal { identity, ..principal } }
    }

    /// The ids of the targets of a kind, sorted; for the organization, its own id.
    pub fn ids(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.facts.targets(kind).iter().map(move |position| self.facts.target_id(kind, *position))
    }

    /// The ids of all users who hold a capability on a target, sorted.
    ///
    /// # Errors
    /// [`Code::WrongScope`] unless this is a workspace snapshot.
    pub fn who_can(&self, capability: Capability, id: Option<&str>, now: u64) -> Result<Vec<&str>, Error> {
        if self.scope() != Scope::Workspace {
            return Err(Error::new(Code::WrongScope, "only a workspace snapshot can answer this"));
        }
        let place = Target::of(capability.kind(), id).and_then(|target| target.find(&self.facts));
        let (Some(place), true) = (place, self.is_valid(now)) else { return Ok(Vec::new()) };
        let holds = |user: &Position| {
            let principal = Principal::of(Identity::of(&self.facts, Some(*user)));
            rules::held(&self.facts, &principal, now, place).contains(capability)
        };
        Ok(self.facts.all_users().iter().filter(|user| holds(user)).map(|user| self.facts.user_id(*user)).collect())
    }
}

impl<'a> Session<'a> {
    /// Whether the principal may do this. `id` is that of the team, project or assistant, whichever the capability is for;
    /// organization capabilities take none.
    pub fn can(&self, capability: Capability, id: Option<&str>, now: u64) -> bool {
        Target::of(capability.kind(), id).is_some_and(|target| self.capabilities(target, now).contains(capability))
    }

    /// The decision with its reasons.
    pub fn check(&self, capability: Capability, id: Option<&str>, now: u64) -> Decision {
        let facts = &self.snapshot.facts;
        if !self.snapshot.is_valid(now) {
            return Decision::Denied(Denied::Expired);
        }
        let place = Target::of(capability.kind(), id).and_then(|target| target.find(facts));
        rules::decide(facts, &self.principal, now, capability, place)
    }

    /// The decision on a capability by name. A name that this version does not know is denied.
    pub fn check_name(&self, capability: &str, id: Option<&str>, now: u64) -> Decision {
        match Capability::from_name(capability) {
            Some(capability) => self.check(capability, id, now),
            None if !self.snapshot.is_valid(now) => Decision::Denied(Denied::Expired),
            None if matches!(self.principal.identity, Identity::Inactive) => Decision::Denied(Denied::Inactive),
            None => Decision::Denied(Denied::UnknownTarget),
        }
    }

    /// Every capability that the principal holds on a target.
    pub fn capabilities(&self, target: Target<'_>, now: u64) -> CapabilitySet {
        match target.find(&self.snapshot.facts) {
            Some(place) if self.snapshot.is_valid(now) => self.held(place, now),
            _ => CapabilitySet::NONE,
        }
    }

    fn held(&self, place: Place, now: u64) -> CapabilitySet {
        rules::held(&self.snapshot.facts, &self.principal, now, place)
    }

    /// The ids of the teams, projects or assistants on which the principal may do this, sorted.
    /// Empty for an organization capability, which has no targets.
    pub fn list(&self, capability: Capability, now: u64) -> Vec<&'a str> {
        if capability.kind() == Kind::Organization {
            return Vec::new();
        }
        let held = self.everywhere(capability.kind(), now);
        let ids = self.snapshot.ids(capability.kind());
        ids.zip(held).filter(|(_, held)| held.contains(capability)).map(|(id, _)| id).collect()
    }

    /// The rows on which the principal may do this (§3.6), to filter lists in a database. None for an organization capability, which has no
    /// targets. The end of the snapshot counts as an end too.
    #[cfg(lists)]
    pub fn condition(&self, capability: Capability, now: u64) -> Condition {
        let (from, until) = self.snapshot.validity();
        let at = |now| rules::condition(&self.snapshot.facts, std::slice::from_ref(&self.principal), now, capability);
        match now {
            now if now >= until => Condition::None { until: None },
            now if now >= from => at(now).until_at_most(until),
            _ if matches!(at(from), Condition::None { .. }) => Condition::None { until: None },
            _ => Condition::None { until: Some(from) },
        }
    }

    /// The capabilities that the principal holds on each target of a kind, in the order of [`Snapshot::ids`].
    pub fn everywhere(&self, kind: Kind, now: u64) -> impl Iterator<Item = CapabilitySet> {
        let valid = self.snapshot.is_valid(now);
        let all = self.snapshot.facts.targets(kind).iter();
        all.map(move |&position| if valid { self.held(Place::new(kind, position), now) } else { CapabilitySet::NONE })
    }

    /// Whether the principal may give `user` the organization role `role` (§3.4): they hold `user.assign_role`, and no
    /// [`Session::role_bound`] stands in the way.
    pub fn can_assign_role(&self, user: &str, role: &str, now: u64) -> bool {
        self.can(Capability::UserAssignRole, None, now) && self.role_bound(Some(user), Some(role)).is_none()
    }

    /// What stands in the way of giving a user another organization role (§3.4), whatever capabilities the principal holds: with `user`
    /// and `role`, of giving that user that role; with `user` alone, of removing or suspending them; with `role` alone, of inviting
    /// people with it. Unknown users and roles, roles of another level, and principals without a role are [`Bound::BeyondOwnRole`].
    pub fn role_bound(&self, user: Option<&str>, role: Option<&str>) -> Option<Bound> {
        let facts = &self.snapshot.facts;
        let Identity::User { user: actor, role: own } = self.principal.identity else { return Some(Bound::BeyondOwnRole) };
        let on_organization = |role: &Position| facts.role(*role).is_some_and(|role| role.on == Level::Organization);
        let person = user.map(|user| facts.find_user(user));
        let role = role.map(|role| facts.find_role(role).filter(on_organization));
        match (person, role) {
            (Some(Some(user)), Some(Some(role))) => rules::assigning(facts, Some((actor, own)), user, role),
            (Some(Some(user)), None) => rules::removing(facts, Some(own), user),
            (None, Some(Some(role))) => (!rules::covers(facts, own, role)).then_some(Bound::BeyondOwnRole),
            _ => Some(Bound::BeyondOwnRole),
        }
    }
}
