//! Asking an opened snapshot: one principal's session, and questions about everybody.

use crate::error::{Code, Error};
use crate::facts::{Position, Scope};
use crate::rules::capability::{Capability, CapabilitySet, Kind};
use crate::rules::decision::{Decision, Denied};
use crate::rules::role::Level;
use crate::rules::target::Target;
use crate::rules::{self, Identity, LinkKey, Place, Principal};
use crate::snapshot::Snapshot;

/// What somebody presents themselves with. Empty: a visitor with nothing.
#[derive(Clone, Copy, Default)]
pub struct Presented<'a> {
    /// The id of a signed-in user.
    pub user: Option<&'a str>,
    /// A share-link key.
    pub link: Option<&'a str>,
    /// The origin of the page that embeds the widget; counts for visitors only.
    pub origin: Option<&'a str>,
}

/// Says nothing of the key: it is a secret.
impl std::fmt::Debug for Presented<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let link = self.link.map(|_| "a key");
        f.debug_struct("Presented").field("user", &self.user).field("link", &link).field("origin", &self.origin).finish()
    }
}

/// An opened snapshot, asked by one principal. Times are Unix seconds.
#[derive(Clone, Debug)]
pub struct Session<'a> {
    snapshot: &'a Snapshot,
    principal: Principal<'a>,
}

impl Snapshot {
    /// The session of somebody who presents this.
    ///
    /// # Errors
    /// [`Code::WrongScope`] for anybody but its subject in a member snapshot, and for users in a gate snapshot: what concerns
    /// them is not in it.
    pub fn session<'a>(&'a self, presented: Presented<'a>) -> Result<Session<'a>, Error> {
        Ok(Session { snapshot: self, principal: self.principal(presented)? })
    }

    pub(crate) fn principal<'a>(&self, presented: Presented<'a>) -> Result<Principal<'a>, Error> {
        let Presented { user, link, origin } = presented;
        match self.scope() {
            Scope::Member if user.is_none() || user != self.subject() || link.is_some() || origin.is_some() => {
                return Err(Error::new(Code::WrongScope, "a member snapshot answers for its subject alone"));
            }
            Scope::Gate if user.is_some() => {
                return Err(Error::new(Code::WrongScope, "a gate snapshot answers for visitors alone"));
            }
            _ => {}
        }
        Ok(Principal { identity: self.identity(user), link: link.map(LinkKey::of), origin })
    }

    fn identity(&self, user: Option<&str>) -> Identity {
        user.map_or(Identity::Visitor, |id| Identity::of(&self.facts, self.facts.find_user(id)))
    }

    /// Asks as a principal who was one of this snapshot's before: as the user of that id, who may have changed since.
    #[cfg(all(bindings, not(feature = "authority")))]
    pub(crate) fn resume<'a>(&'a self, user: Option<&str>, principal: Principal<'a>) -> Session<'a> {
        let identity = self.identity(user);
        Session { snapshot: self, principal: Principal { identity, ..principal } }
    }

    /// The ids of the targets of a kind, in their order; of the organization, its own.
    pub fn ids(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.facts.targets(kind).iter().map(move |position| self.facts.target_id(kind, *position))
    }

    /// Every user who holds a capability on a target, in the order of the ids.
    ///
    /// # Errors
    /// [`Code::WrongScope`] unless this is a workspace snapshot.
    pub fn who_can(&self, capability: Capability, id: Option<&str>, now: u64) -> Result<Vec<&str>, Error> {
        if self.scope() != Scope::Workspace {
            return Err(Error::new(Code::WrongScope, "only a workspace snapshot knows who can"));
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
    /// Whether the principal may do this. `id` names the team, project or assistant, as the capability wants; organization
    /// capabilities take none.
    pub fn can(&self, capability: Capability, id: Option<&str>, now: u64) -> bool {
        Target::of(capability.kind(), id).is_some_and(|target| self.capabilities(target, now).contains(capability))
    }

    /// The same with the reasons.
    pub fn check(&self, capability: Capability, id: Option<&str>, now: u64) -> Decision {
        let facts = &self.snapshot.facts;
        if !self.snapshot.is_valid(now) {
            return Decision::Denied(Denied::Expired);
        }
        let place = Target::of(capability.kind(), id).and_then(|target| target.find(facts));
        rules::decide(facts, &self.principal, now, capability, place)
    }

    /// The decision on a capability whose name this version may not know.
    pub fn check_name(&self, capability: &str, id: Option<&str>, now: u64) -> Decision {
        match Capability::from_name(capability) {
            Some(capability) => self.check(capability, id, now),
            None if !self.snapshot.is_valid(now) => Decision::Denied(Denied::Expired),
            None if matches!(self.principal.identity, Identity::Inactive) => Decision::Denied(Denied::Inactive),
            None => Decision::Denied(Denied::UnknownTarget),
        }
    }

    /// Everything the principal may do on a target.
    pub fn capabilities(&self, target: Target<'_>, now: u64) -> CapabilitySet {
        match target.find(&self.snapshot.facts) {
            Some(place) if self.snapshot.is_valid(now) => self.held(place, now),
            _ => CapabilitySet::NONE,
        }
    }

    fn held(&self, place: Place, now: u64) -> CapabilitySet {
        rules::held(&self.snapshot.facts, &self.principal, now, place)
    }

    /// The ids of the teams, projects or assistants on which the principal may do this, in their order.
    /// Empty for an organization capability: it has no targets.
    pub fn list(&self, capability: Capability, now: u64) -> Vec<&'a str> {
        if capability.kind() == Kind::Organization {
            return Vec::new();
        }
        let held = self.everywhere(capability.kind(), now);
        let ids = self.snapshot.ids(capability.kind());
        ids.zip(held).filter(|(_, held)| held.contains(capability)).map(|(id, _)| id).collect()
    }

    /// Everything the principal may do on each target of a kind, in the order of [`Snapshot::ids`].
    pub fn everywhere(&self, kind: Kind, now: u64) -> impl Iterator<Item = CapabilitySet> {
        let valid = self.snapshot.is_valid(now);
        let all = self.snapshot.facts.targets(kind).iter();
        all.map(move |&position| if valid { self.held(Place::new(kind, position), now) } else { CapabilitySet::NONE })
    }

    /// Whether the principal may give `user` the organization role `role` (§3.4): they may assign roles, their own role grants
    /// everything that the user's present role and the new one grant, it is not themselves, and an active global admin is left.
    pub fn can_assign_role(&self, user: &str, role: &str, now: u64) -> bool {
        let facts = &self.snapshot.facts;
        let Identity::User { user: actor, role: own } = self.principal.identity else { return false };
        let (Some(user), Some(role)) = (facts.find_user(user), facts.find_role(role)) else { return false };
        self.can(Capability::UserAssignRole, None, now)
            && facts.role(role).is_some_and(|role| role.on == Level::Organization)
            && rules::assigning(facts, Some((actor, own)), user, role).is_none()
    }
}
