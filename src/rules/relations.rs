//! Which relations a principal has to a target: the table of §3.2, row by row. Ceilings are not applied here.

use subtle::ConstantTimeEq;

#[cfg(feature = "authority")]
use crate::facts::ANYBODY;
use crate::facts::{ABSENT, Assistant, Facts, Holding, LinkLevel, Position, Project, Team, held_by, live};
use crate::rules::capability::{Capability, CapabilitySet};
use crate::rules::decision::Relation;
use crate::rules::origin;
use crate::rules::principal::{Identity, Principal};
use crate::rules::role::{GLOBAL_ADMIN, OWNER, VIEWER};
use crate::rules::target::Place;

/// A relation of a principal to a target, with its grants.
pub(super) struct Related {
    pub(super) relation: Relation,
    /// The role held, [`ABSENT`] where the relation has none.
    pub(super) role: Position,
    /// The team it is held in, [`ABSENT`] where the relation has none.
    pub(super) team: Position,
    pub(super) grants: CapabilitySet,
}

impl Related {
    /// A relation with its own grants.
    fn by(relation: Relation) -> Related {
        Related { relation, role: ABSENT, team: ABSENT, grants: relation.grants() }
    }

    fn by_role(relation: Relation, role: Position, facts: &Facts) -> Related {
        Related { relation, role, team: ABSENT, grants: facts.grants_of(role) }
    }
}

impl LinkLevel {
    /// The relation of a principal who presents the key of such a link.
    pub(crate) const fn relation(self) -> Relation {
        match self {
            LinkLevel::View => Relation::ViewLink,
            LinkLevel::Edit => Relation::EditLink,
        }
    }
}

/// The relations of a principal to a target at a time.
pub(super) struct Relations<'a> {
    facts: &'a Facts,
    principal: &'a Principal<'a>,
    now: u64,
    /// Relations that end before this time are left out: 0 for all that exist now, `NEVER` for those without end.
    until: u64,
    place: Place,
    pub(super) assistant: Option<&'a Assistant>,
    project: Option<&'a Project>,
    team: Position,
    /// The principal's memberships of the team, ended ones included.
    memberships: &'a [Holding],
    /// Whether the principal acts as owner of the team because they created it.
    created_team: bool,
    in_team: bool,
}

impl<'a> Relations<'a> {
    pub(super) fn new(facts: &'a Facts, principal: &'a Principal<'a>, now: u64, until: u64, place: Place) -> Relations<'a> {
        let assistant = if let Place::Assistant(assistant) = place { facts.assistant(assistant) } else { None };
        let project = match place {
            Place::Project(project) => facts.project(project),
            _ => assistant.and_then(|assistant| facts.project(assistant.project)),
        };
        let team = if let Place::Team(team) = place { team } else { project.map_or(ABSENT, |project| project.team) };
        let mut relations = Relations {
            facts,
            principal,
            now,
            until,
            place,
            assistant,
            project,
            team,
            memberships: &[],
            created_team: false,
            in_team: false,
        };
        if let (Identity::User { user, role }, Some(team)) = (principal.identity, facts.team(team)) {
            relations.memberships = held_by(&team.members, user);
            relations.created_team = owns_by_creation(facts, team, user, role);
            relations.in_team = relations.created_team || relations.memberships().next().is_some();
        }
        relations
    }

    /// Whether the principal is in the target's team for the sake of a ceiling (§3.3): a global admin is in every team.
    pub(super) fn counts_as_in_team(&self) -> bool {
        self.in_team || matches!(self.principal.identity, Identity::User { role: GLOBAL_ADMIN, .. })
    }

    /// Calls `found` with every relation, in the order of the table.
    pub(super) fn each(&self, mut found: impl FnMut(Related)) {
        if let Identity::User { user, role } = self.principal.identity {
            self.of_user(user, role, &mut found);
        }
        #[cfg(feature = "authority")]
        if let Identity::Key { role } = self.principal.identity {
            self.of_user(ANYBODY, role, &mut found);
        }
        if let Some(assistant) = self.assistant
            && !matches!(self.principal.identity, Identity::Inactive)
        {
            self.of_presented(assistant, &mut found);
        }
    }

    /// The relations `global_admin` to `public`.
    fn of_user(&self, user: Position, role: Position, found: &mut impl FnMut(Related)) {
        if role == GLOBAL_ADMIN {
            found(Related::by(Relation::GlobalAdmin));
        }

        if self.created_team || self.memberships().any(|membership| membership.role == OWNER) {
            found(Related { role: OWNER, team: self.team, ..Related::by(Relation::TeamOwner) });
        }
        for _ in self.memberships().filter(|membership| membership.role == VIEWER) {
            found(Related { role: VIEWER, team: self.team, ..Related::by(Relation::TeamViewer) });
        }
        for custom in self.memberships().filter(|membership| !matches!(membership.role, OWNER | VIEWER)) {
            found(Related { team: self.team, ..Related::by_role(Relation::TeamRole, custom.role, self.facts) });
        }

        if let (Place::Project(_), Some(project)) = (self.place, self.project)
            && project.creator == user
            && self.in_team
        {
            found(Related::by(Relation::ProjectCreator));
        }

        if let Some(assistant) = self.assistant {
            if assistant.owner == user {
                found(Related::by(Relation::AssistantOwner));
            }
            for grant in held_by(&assistant.grants, user).iter().filter(|grant| self.lasts(grant.expires)) {
                found(Related::by_role(Relation::AssistantGrant, grant.role, self.facts));
            }
        }

        if role != GLOBAL_ADMIN {
            found(Related::by_role(Relation::OrganizationRole, role, self.facts));
        }
        // Under another accessibility than public it does not count (see `ceilings`).
        if self.assistant.is_some() {
            found(Related::by(Relation::Public));
        }
    }

    /// The relations `view_link` to `embed`.
    fn of_presented(&self, assistant: &Assistant, found: &mut impl FnMut(Related)) {
        for level in [LinkLevel::View, LinkLevel::Edit] {
            if opened_links(self.principal, assistant).any(|link| link.0 == level && self.lasts(link.1)) {
                found(Related::by(level.relation()));
            }
        }
        if matches!(self.principal.identity, Identity::Visitor) && is_embedded(self.facts, self.principal, assistant) {
            found(Related::by(Relation::Embed));
        }
    }

    fn memberships(&self) -> impl Iterator<Item = &Holding> {
        self.memberships.iter().filter(|membership| self.lasts(membership.expires))
    }

    fn lasts(&self, expires: u64) -> bool {
        live(expires, self.now) && expires >= self.until
    }
}

/// Whether users of this organization role act as owners of the teams that they created.
pub(super) fn may_own_by_creation(facts: &Facts, role: Position) -> bool {
    facts.grants_of(role).contains(Capability::TeamCreate)
}

/// Whether a user of this organization role acts as owner of a team because they created it.
fn owns_by_creation(facts: &Facts, team: &Team, user: Position, role: Position) -> bool {
    team.creator == user && may_own_by_creation(facts, role)
}

/// Whether a user of this organization role is in a team: a member, or its owner by creation.
#[cfg(feature = "authority")]
pub(crate) fn in_team(facts: &Facts, team: &Team, user: Position, role: Position, now: u64) -> bool {
    owns_by_creation(facts, team, user, role) || held_by(&team.members, user).iter().any(|membership| live(membership.expires, now))
}

/// Level and expiry of the links of an assistant that the presented key opens. Digests are compared in constant time.
pub(super) fn opened_links(principal: &Principal<'_>, assistant: &Assistant) -> impl Iterator<Item = (LinkLevel, u64)> {
    let presented = principal.link.and_then(|key| key.0);
    assistant.links.iter().filter_map(move |link| {
        let (digest, presented) = (link.digest?, presented?);
        bool::from(digest.ct_eq(&presented)).then_some((link.level, link.expires))
    })
}

/// Whether the assistant's embedding allows the presented origin.
pub(super) fn is_embedded(facts: &Facts, principal: &Principal<'_>, assistant: &Assistant) -> bool {
    let patterns = || assistant.origins.iter().flatten().map(|origin| facts.text(*origin));
    principal.origin.is_some_and(|origin| patterns().any(|pattern| origin::allows(pattern, origin)))
}
