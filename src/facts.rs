//! The facts of one organization (§4), validated and indexed. The rules are evaluated over them.
//!
//! Things refer to each other by position; ids are looked up once, when a question comes in. Facts come from JSON alone, through the
//! one validating reader: [`read`] reads a document, [`put`] resolves it. To build facts in Rust, fill in a
//! [`crate::document::Organization`]. Changes are applied in place: a position never gets another meaning, and a removed thing leaves
//! an empty row.

#[cfg(feature = "authority")]
mod compact;
mod ids;
mod put;
mod raw;
mod read;
#[cfg(test)]
#[cfg(feature = "authority")]
mod tests;

use serde::{Deserialize, Serialize};

use self::ids::Ids;
pub(crate) use self::put::Recipient;
pub(crate) use self::raw::RawFacts;
#[cfg(feature = "authority")]
pub(crate) use self::read::{MAX_ID, MAX_ISSUED_TIME, is_id, is_new_id};
use crate::rules::capability::{CapabilitySet, Kind};
use crate::rules::role::{BUILT_IN, Role};
use crate::token::json::{Span, Text};

/// A position among the things of one kind.
pub(crate) type Position = u32;
/// Where a reference is absent. No list is that long: documents are shorter than 2^29 bytes.
pub(crate) const ABSENT: Position = u32::MAX;
/// A user with no relation of their own to anything: stands for all users of an organization role.
pub(crate) const ANYBODY: Position = ABSENT - 1;
/// The lists of a document and the tables of the facts. Each refers only to those before it.
const LISTS: [&str; 5] = ["roles", "users", "teams", "projects", "assistants"];
const ROLES: usize = 0;
const USERS: usize = 1;
const TEAMS: usize = 2;
const PROJECTS: usize = 3;
const ASSISTANTS: usize = 4;
/// The `expires` of a thing without end.
pub(crate) const NEVER: u64 = u64::MAX;

/// Whether a thing with this `expires` counts at `now`.
pub(crate) fn live(expires: u64, now: u64) -> bool {
    expires == NEVER || now < expires
}

/// Whether a user can hold capabilities.
// Exhaustive, as every enum of the facts: the snapshot format fixes the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub enum Status {
    /// Holds what the rules grant.
    #[default]
    Active,
    /// Has not accepted the invitation: holds nothing.
    Invited,
    /// Holds nothing until reactivated.
    Suspended,
}

/// An assistant's ceiling: which relations count on it (§3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub enum Accessibility {
    /// Its owner and global admins.
    OnlyMe,
    /// The members of its team.
    OnlyTeam,
    /// Everybody inside; outside through links and embedding.
    Public,
}

/// The level of a share link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub enum LinkLevel {
    /// View and chat.
    View,
    /// View, chat, edit and read the knowledge base.
    Edit,
}

/// Which facts a snapshot carries, and so for whom it answers (§2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub enum Scope {
    /// Everything: answers for every user and visitor.
    Workspace,
    /// The facts that concern one user: answers for its subject.
    Member,
    /// Public assistants: answers for visitors.
    Gate,
}

impl Scope {
    pub(crate) const ALL: [Scope; 3] = [Scope::Workspace, Scope::Member, Scope::Gate];

    /// The name that stands in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Scope::Workspace => "workspace",
            Scope::Member => "member",
            Scope::Gate => "gate",
        }
    }

    /// The scope of that name.
    pub fn from_name(name: &str) -> Option<Scope> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

pub(crate) struct User {
    pub(crate) role: Position,
    pub(crate) status: Status,
    pub(crate) email: Option<Span>,
    #[cfg(feature = "authority")]
    pub(crate) name: Option<Span>,
}

pub(crate) struct Team {
    pub(crate) name: Option<Span>,
    pub(crate) creator: Position,
    /// Sorted by user, and those of one user by the roles' ids.
    pub(crate) members: Vec<Holding>,
    /// The projects in it, in no order.
    #[cfg(feature = "authority")]
    pub(crate) projects: Vec<Position>,
}

pub(crate) struct Project {
    pub(crate) name: Option<Span>,
    pub(crate) team: Position,
    pub(crate) creator: Position,
    /// The assistants in it, in no order.
    #[cfg(feature = "authority")]
    pub(crate) assistants: Vec<Position>,
}

pub(crate) struct Assistant {
    pub(crate) name: Option<Span>,
    pub(crate) project: Position,
    pub(crate) owner: Position,
    pub(crate) accessibility: Accessibility,
    /// Sorted as members are.
    pub(crate) grants: Vec<Holding>,
    pub(crate) links: Vec<Link>,
    /// Origin patterns of the pages that may embed it; absent without an `embed`.
    pub(crate) origins: Option<Vec<Span>>,
}

/// A role held by a user: a membership of a team or a grant on an assistant.
#[derive(Clone, Copy)]
pub(crate) struct Holding {
    pub(crate) user: Position,
    pub(crate) role: Position,
    pub(crate) expires: u64,
}

#[derive(Clone, Copy)]
pub(crate) struct Link {
    pub(crate) id: Span,
    pub(crate) level: LinkLevel,
    /// Absent only in a member snapshot, which cannot answer for visitors.
    pub(crate) digest: Option<[u8; 32]>,
    pub(crate) expires: u64,
}

/// The validated facts of one organization.
pub struct Facts {
    text: Text,
    id: Span,
    plan_name: Option<Span>,
    /// The capabilities that the plan denies to everybody.
    pub(crate) withheld: CapabilitySet,
    /// The ids of each of [`LISTS`].
    ids: [Ids; LISTS.len()],
    roles: Vec<Role>,
    users: Vec<User>,
    teams: Vec<Team>,
    projects: Vec<Project>,
    assistants: Vec<Assistant>,
    /// Every `expires`, sorted, equal ones as often as they occur: the moments at which answers may change.
    changes: Vec<u64>,
    /// The length of the text when the facts were whole or compacted last.
    #[cfg(feature = "authority")]
    settled: u32,
}

impl Facts {
    /// The organization's id.
    pub fn organization(&self) -> &str {
        self.text(self.id)
    }

    pub(crate) fn text(&self, span: Span) -> &str {
        self.text.get(span)
    }

    pub(crate) fn plan_name(&self) -> Option<&str> {
        self.plan_name.map(|name| self.text(name))
    }

    pub(crate) fn role(&self, position: Position) -> Option<&Role> {
        self.roles.get(position as usize)
    }

    pub(crate) fn role_id(&self, position: Position) -> &str {
        self.ids[ROLES].id(position, &self.text)
    }

    pub(crate) fn find_role(&self, id: &str) -> Option<Position> {
        self.ids[ROLES].find(id, &self.text)
    }

    /// The positions of the custom roles, in the order of their ids.
    pub(crate) fn custom_roles(&self) -> impl Iterator<Item = Position> {
        self.ids[ROLES].sorted(&self.text).iter().copied().filter(|role| *role as usize >= BUILT_IN.len())
    }

    /// The capabilities that a role grants, before any ceiling.
    pub(crate) fn grants_of(&self, role: Position) -> CapabilitySet {
        self.role(role).map_or(CapabilitySet::NONE, |role| role.grants)
    }

    pub(crate) fn user(&self, position: Position) -> Option<&User> {
        self.users.get(position as usize)
    }

    pub(crate) fn user_id(&self, position: Position) -> &str {
        self.ids[USERS].id(position, &self.text)
    }

    pub(crate) fn find_user(&self, id: &str) -> Option<Position> {
        self.ids[USERS].find(id, &self.text)
    }

    /// The positions of the users, in the order of their ids.
    pub(crate) fn all_users(&self) -> &[Position] {
        self.ids[USERS].sorted(&self.text)
    }

    /// The users by position. Removed users are not active.
    pub(crate) fn users(&self) -> &[User] {
        &self.users
    }

    pub(crate) fn team(&self, position: Position) -> Option<&Team> {
        self.teams.get(position as usize)
    }

    pub(crate) fn team_id(&self, position: Position) -> &str {
        self.ids[TEAMS].id(position, &self.text)
    }

    pub(crate) fn project(&self, position: Position) -> Option<&Project> {
        self.projects.get(position as usize)
    }

    pub(crate) fn project_id(&self, position: Position) -> &str {
        self.ids[PROJECTS].id(position, &self.text)
    }

    pub(crate) fn assistant(&self, position: Position) -> Option<&Assistant> {
        self.assistants.get(position as usize)
    }

    pub(crate) fn assistant_id(&self, position: Position) -> &str {
        self.ids[ASSISTANTS].id(position, &self.text)
    }

    fn target_ids(&self, kind: Kind) -> Option<&Ids> {
        match kind {
            Kind::Organization => None,
            Kind::Team => Some(&self.ids[TEAMS]),
            Kind::Project => Some(&self.ids[PROJECTS]),
            Kind::Assistant => Some(&self.ids[ASSISTANTS]),
        }
    }

    /// The positions of the targets of a kind, in the order of their ids; of the organization, 0.
    pub(crate) fn targets(&self, kind: Kind) -> &[Position] {
        self.target_ids(kind).map_or(&[0], |ids| ids.sorted(&self.text))
    }

    /// The number of positions of a kind, removed targets included.
    pub(crate) fn extent(&self, kind: Kind) -> usize {
        self.target_ids(kind).map_or(1, Ids::len)
    }

    /// The id of a target.
    pub(crate) fn target_id(&self, kind: Kind, position: Position) -> &str {
        self.target_ids(kind).map_or(self.organization(), |ids| ids.id(position, &self.text))
    }

    /// The position of the target of an id.
    pub(crate) fn find_target(&self, kind: Kind, id: &str) -> Option<Position> {
        match self.target_ids(kind) {
            Some(ids) => ids.find(id, &self.text),
            None => (id == self.organization()).then_some(0),
        }
    }

    /// Whether changes have outgrown the document that was read first. Replaced texts keep their room.
    pub(crate) fn outgrown(&self) -> bool {
        self.text.outgrown()
    }

    /// The first moment after `now` at which a grant, link or membership expires.
    pub(crate) fn next_change(&self, now: u64) -> u64 {
        let next = self.changes.partition_point(|change| *change <= now);
        self.changes.get(next).copied().unwrap_or(NEVER)
    }

    /// The last moment after `now` at which one expires and `holds` is still true. `holds` must stay false once it is false.
    #[cfg(feature = "authority")]
    pub(crate) fn last_expiry(&self, now: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
        let later = self.changes.get(self.changes.partition_point(|change| *change <= now)..)?;
        let held = later.get(..later.partition_point(|change| holds(*change)))?;
        held.last().copied()
    }

    /// The first moment after `now` at which one expires and `holds` is no longer true. `holds` must stay false once it is false.
    #[cfg(feature = "authority")]
    pub(crate) fn first_end(&self, now: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
        let later = self.changes.get(self.changes.partition_point(|change| *change <= now)..)?;
        later.get(later.partition_point(|change| holds(*change))).copied()
    }

    /// The last moment up to `now` at which one expired; 0 if none has.
    pub(crate) fn last_change(&self, now: u64) -> u64 {
        let next = self.changes.partition_point(|change| *change <= now);
        next.checked_sub(1).and_then(|last| self.changes.get(last)).copied().unwrap_or(0)
    }
}

/// The holdings of one user among holdings sorted by user.
pub(crate) fn held_by(holdings: &[Holding], user: Position) -> &[Holding] {
    let from = holdings.partition_point(|holding| holding.user < user);
    let rest = holdings.get(from..).unwrap_or_default();
    let count = rest.iter().take_while(|holding| holding.user == user).count();
    rest.get(..count).unwrap_or_default()
}
