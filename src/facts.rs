//! The facts of one organization (§4), validated and indexed: what the rules are evaluated over.
//!
//! Everything refers to everything else by position; ids are looked up once, when a question comes in. Facts are read from JSON
//! only, by the one validating reader in `read`; to build them in Rust, fill in a [`crate::document::Organization`].

mod read;

use std::ops::Range;

use serde::{Deserialize, Serialize};

#[cfg(feature = "authority")]
pub(crate) use self::read::MAX_ISSUED_TIME;
pub(crate) use self::read::{Audience, RawFacts, read_object};
use crate::capability::{CapabilitySet, Kind};
use crate::index::Index;
use crate::json::{Span, Text};
use crate::role::{BUILT_IN, Role, RoleId};

/// A position among the things of one kind.
pub(crate) type Position = u32;
/// Where a reference is absent. No list is that long: documents are shorter than 2^31 bytes.
pub(crate) const ABSENT: Position = u32::MAX;
/// An `expires` that never comes.
pub(crate) const NEVER: u64 = u64::MAX;

/// The positions of a list.
pub(crate) fn positions<T>(list: &[T]) -> Range<Position> {
    0..list.len() as Position
}

/// Whether what has this `expires` counts.
pub(crate) fn live(expires: u64, now: u64) -> bool {
    expires == NEVER || now < expires
}

/// Whether a user can hold anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(all(target_arch = "wasm32", feature = "bindings"), derive(tsify::Tsify))]
pub enum Status {
    /// Holds what the rules give.
    #[default]
    Active,
    /// Has not accepted the invitation yet: holds nothing.
    Invited,
    /// Holds nothing until reactivated.
    Suspended,
}

/// An assistant's ceiling: which relations count on it (§3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(all(target_arch = "wasm32", feature = "bindings"), derive(tsify::Tsify))]
pub enum Accessibility {
    /// Its owner and global admins.
    OnlyMe,
    /// The members of its team.
    OnlyTeam,
    /// Everybody inside; outside through links and embedding.
    Public,
}

/// What a share link gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(all(target_arch = "wasm32", feature = "bindings"), derive(tsify::Tsify))]
pub enum LinkLevel {
    /// View and chat.
    View,
    /// View, chat, edit and read the knowledge base.
    Edit,
}

/// Which facts a snapshot carries, and so who can be asked about (§2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(all(target_arch = "wasm32", feature = "bindings"), derive(tsify::Tsify))]
pub enum Scope {
    /// Everything: answers for every user and visitor.
    Workspace,
    /// What concerns one user: answers for its subject.
    Member,
    /// Public assistants: answers for visitors.
    Gate,
}

impl Scope {
    const ALL: [Scope; 3] = [Scope::Workspace, Scope::Member, Scope::Gate];

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
    pub(crate) id: Span,
    pub(crate) role: Position,
    pub(crate) status: Status,
    pub(crate) email: Option<Span>,
}

pub(crate) struct Team {
    pub(crate) id: Span,
    pub(crate) name: Option<Span>,
    pub(crate) creator: Position,
    members: Range<u32>,
}

pub(crate) struct Project {
    pub(crate) id: Span,
    pub(crate) name: Option<Span>,
    pub(crate) team: Position,
    pub(crate) creator: Position,
}

pub(crate) struct Assistant {
    pub(crate) id: Span,
    pub(crate) name: Option<Span>,
    pub(crate) project: Position,
    pub(crate) owner: Position,
    pub(crate) accessibility: Accessibility,
    grants: Range<u32>,
    links: Range<u32>,
    origins: Range<u32>,
    pub(crate) embeds: bool,
}

/// A role held by a user: a membership of a team or a grant on an assistant.
#[derive(Clone, Copy)]
pub(crate) struct Holding {
    pub(crate) user: Position,
    pub(crate) role: Position,
    pub(crate) expires: u64,
}

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
    /// What the plan denies to everybody.
    pub(crate) withheld: CapabilitySet,
    pub(crate) roles: Vec<Role>,
    pub(crate) users: Vec<User>,
    pub(crate) teams: Vec<Team>,
    members: Vec<Holding>,
    pub(crate) projects: Vec<Project>,
    pub(crate) assistants: Vec<Assistant>,
    grants: Vec<Holding>,
    links: Vec<Link>,
    origins: Vec<Span>,
    role_index: Index,
    user_index: Index,
    team_index: Index,
    project_index: Index,
    assistant_index: Index,
    /// Every `expires` there is, sorted: the moments at which answers may change.
    changes: Vec<u64>,
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
        match self.role(position).map(|role| &role.id) {
            Some(RoleId::BuiltIn(id)) => id,
            Some(RoleId::Custom(id)) => self.text(*id),
            None => "",
        }
    }

    pub(crate) fn custom_roles(&self) -> impl Iterator<Item = (Position, &Role)> {
        (0..).zip(&self.roles).skip(BUILT_IN.len())
    }

    /// What holding a role gives, before any ceiling.
    pub(crate) fn grants_of(&self, role: Position) -> CapabilitySet {
        self.role(role).map_or(CapabilitySet::NONE, |role| role.grants)
    }

    pub(crate) fn user(&self, position: Position) -> Option<&User> {
        self.users.get(position as usize)
    }

    pub(crate) fn user_id(&self, position: Position) -> &str {
        self.user(position).map_or("", |user| self.text(user.id))
    }

    pub(crate) fn team(&self, position: Position) -> Option<&Team> {
        self.teams.get(position as usize)
    }

    pub(crate) fn team_id(&self, position: Position) -> &str {
        self.team(position).map_or("", |team| self.text(team.id))
    }

    pub(crate) fn project(&self, position: Position) -> Option<&Project> {
        self.projects.get(position as usize)
    }

    pub(crate) fn project_id(&self, position: Position) -> &str {
        self.project(position).map_or("", |project| self.text(project.id))
    }

    pub(crate) fn assistant(&self, position: Position) -> Option<&Assistant> {
        self.assistants.get(position as usize)
    }

    pub(crate) fn assistant_id(&self, position: Position) -> &str {
        self.assistant(position).map_or("", |assistant| self.text(assistant.id))
    }

    /// How many targets of a kind there are.
    pub(crate) fn count(&self, kind: Kind) -> usize {
        match kind {
            Kind::Organization => 1,
            Kind::Team => self.teams.len(),
            Kind::Project => self.projects.len(),
            Kind::Assistant => self.assistants.len(),
        }
    }

    /// The id of a target.
    pub(crate) fn target_id(&self, kind: Kind, position: Position) -> &str {
        match kind {
            Kind::Organization => self.organization(),
            Kind::Team => self.team_id(position),
            Kind::Project => self.project_id(position),
            Kind::Assistant => self.assistant_id(position),
        }
    }

    /// Where a target of this id stands.
    pub(crate) fn find_target(&self, kind: Kind, id: &str) -> Option<Position> {
        match kind {
            Kind::Organization => (id == self.organization()).then_some(0),
            Kind::Team => self.find_team(id),
            Kind::Project => self.find_project(id),
            Kind::Assistant => self.find_assistant(id),
        }
    }

    pub(crate) fn find_role(&self, id: &str) -> Option<Position> {
        self.role_index.get(id, |position| self.role_id(position))
    }

    pub(crate) fn find_user(&self, id: &str) -> Option<Position> {
        self.user_index.get(id, |position| self.user_id(position))
    }

    pub(crate) fn find_team(&self, id: &str) -> Option<Position> {
        self.team_index.get(id, |position| self.team_id(position))
    }

    pub(crate) fn find_project(&self, id: &str) -> Option<Position> {
        self.project_index.get(id, |position| self.project_id(position))
    }

    pub(crate) fn find_assistant(&self, id: &str) -> Option<Position> {
        self.assistant_index.get(id, |position| self.assistant_id(position))
    }

    /// The memberships of a team, sorted by user.
    pub(crate) fn members(&self, team: &Team) -> &[Holding] {
        slice(&self.members, &team.members)
    }

    /// The grants on an assistant, sorted by user.
    pub(crate) fn grants(&self, assistant: &Assistant) -> &[Holding] {
        slice(&self.grants, &assistant.grants)
    }

    pub(crate) fn links(&self, assistant: &Assistant) -> &[Link] {
        slice(&self.links, &assistant.links)
    }

    pub(crate) fn origins(&self, assistant: &Assistant) -> impl Iterator<Item = &str> {
        slice(&self.origins, &assistant.origins).iter().map(|origin| self.text(*origin))
    }

    /// The first moment after `now` at which a grant, link or membership expires.
    pub(crate) fn next_change(&self, now: u64) -> u64 {
        let next = self.changes.partition_point(|change| *change <= now);
        self.changes.get(next).copied().unwrap_or(NEVER)
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

fn slice<'a, T>(all: &'a [T], range: &Range<u32>) -> &'a [T] {
    all.get(range.start as usize..range.end as usize).unwrap_or_default()
}
