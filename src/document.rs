//! The facts as a document (§4): what is written and signed. Reading goes through the validating reader alone.

use serde::{Deserialize, Serialize};

use crate::facts::{Accessibility, LinkLevel, Scope, Status};
use crate::rules::role::Level;

/// Derives what every document type needs; TypeScript sees the same names.
macro_rules! documents {
    ($($(#[$outer:meta])* pub struct $name:ident { $($(#[$inner:meta])* pub $field:ident: $type:ty,)* })*) => {$(
        $(#[$outer])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(bindings, derive(tsify::Tsify))]
        pub struct $name { $($(#[$inner])* pub $field: $type,)* }
    )*};
}

documents! {
    /// One organization.
    pub struct Organization {
        /// The organization's id.
        pub id: String,
        /// What it pays for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub plan: Option<Plan>,
        /// Custom roles.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub roles: Vec<RoleDefinition>,
        /// The people.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub users: Vec<User>,
        /// The teams.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub teams: Vec<Team>,
        /// The projects, each in one team.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub projects: Vec<Project>,
        /// The assistants, each in one project.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub assistants: Vec<Assistant>,
    }

    /// A plan: a ceiling above everybody.
    pub struct Plan {
        /// Its name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// The names of the capabilities it denies to everybody, global admins included. A reader passes over names it does not know.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub withholds: Vec<String>,
    }

    /// A custom role (§3.5).
    pub struct RoleDefinition {
        /// Its id, not that of a built-in role.
        pub id: String,
        /// What it is held on.
        pub on: Level,
        /// The names of the capabilities it grants. A reader passes over names it does not know.
        pub grants: Vec<String>,
    }

    /// A person.
    pub struct User {
        /// The user's id.
        pub id: String,
        /// The organization role: `global_admin`, `application_admin`, `user` or a custom one.
        pub role: String,
        /// Whether they hold anything; `active` if absent.
        #[serde(default, skip_serializing_if = "is_default")]
        #[cfg_attr(bindings, tsify(optional))]
        pub status: Status,
        /// Their address; other people's never leave the workspace.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub email: Option<String>,
    }

    /// A team.
    pub struct Team {
        /// The team's id.
        pub id: String,
        /// What people call it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Who created it; acts as owner while their organization role grants `team.create`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub creator: Option<String>,
        /// The members: `owner`, `viewer` or a custom team role.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub members: Vec<Holding>,
    }

    /// A role held by a user on a team or an assistant.
    pub struct Holding {
        /// Who holds it.
        pub user: String,
        /// The role.
        pub role: String,
        /// It counts while now is before this, Unix seconds; for ever if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub expires: Option<u64>,
    }

    /// A project.
    pub struct Project {
        /// The project's id.
        pub id: String,
        /// What people call it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Its team.
        pub team: String,
        /// Who created it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub creator: Option<String>,
    }

    /// An assistant.
    pub struct Assistant {
        /// The assistant's id.
        pub id: String,
        /// What people call it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Its project; required in a workspace.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub project: Option<String>,
        /// Its owner; required in a workspace.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub owner: Option<String>,
        /// Its ceiling.
        pub accessibility: Accessibility,
        /// Grants: `editor` or a custom assistant role.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub grants: Vec<Holding>,
        /// Share links.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub links: Vec<Link>,
        /// Where it may be embedded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub embed: Option<Embed>,
    }

    /// A share link.
    pub struct Link {
        /// The link's id, unique on its assistant.
        pub id: String,
        /// What it gives.
        pub level: LinkLevel,
        /// SHA-256 of the key's ASCII text, base64url without padding; absent in a member snapshot.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub digest: Option<String>,
        /// It counts while now is before this, Unix seconds; for ever if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub expires: Option<u64>,
    }

    /// Where an assistant may be embedded.
    pub struct Embed {
        /// `https://[*.]host[:port]`, `http://localhost[:port]`, or `*`. An empty list allows nobody.
        pub origins: Vec<String>,
    }

    /// What differs between two states of an organization's facts: what is new or replaced, and what is gone.
    #[derive(Default)]
    pub struct Changes {
        /// The plan, whole; empty for none. Unchanged if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub plan: Option<Plan>,
        /// Custom roles, new or replaced.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub roles: Vec<RoleDefinition>,
        /// People, new or replaced.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub users: Vec<User>,
        /// Teams, new or replaced.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub teams: Vec<TeamChange>,
        /// Projects, new or replaced.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub projects: Vec<Project>,
        /// Assistants, new or replaced.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub assistants: Vec<AssistantChange>,
        /// What is no longer there.
        #[serde(default, skip_serializing_if = "Gone::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub gone: Gone,
    }

    /// A team, new or replaced: its own fields whole, of its members those that changed.
    pub struct TeamChange {
        /// The team's id.
        pub id: String,
        /// What people call it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Who created it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub creator: Option<String>,
        /// For each user named here, all that they hold on it; whoever is not named keeps what they hold.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub members: Vec<Holding>,
        /// Users who hold nothing on it any more.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub without: Vec<String>,
    }

    /// An assistant, new or replaced: its own fields, links and embedding whole, of its grants those that changed.
    pub struct AssistantChange {
        /// The assistant's id.
        pub id: String,
        /// What people call it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Its project; required in a workspace.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub project: Option<String>,
        /// Its owner; required in a workspace.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub owner: Option<String>,
        /// Its ceiling.
        pub accessibility: Accessibility,
        /// For each user named here, all that they hold on it; whoever is not named keeps what they hold.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub grants: Vec<Holding>,
        /// Users who hold no grant on it any more.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub without: Vec<String>,
        /// Share links, all of them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub links: Vec<Link>,
        /// Where it may be embedded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub embed: Option<Embed>,
    }

    /// The ids of what is no longer there.
    #[derive(Default)]
    pub struct Gone {
        /// Custom roles.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub roles: Vec<String>,
        /// People.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub users: Vec<String>,
        /// Teams.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub teams: Vec<String>,
        /// Projects.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub projects: Vec<String>,
        /// Assistants.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub assistants: Vec<String>,
    }
}

impl Changes {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        *self == Changes::default()
    }
}

impl Gone {
    fn is_empty(&self) -> bool {
        *self == Gone::default()
    }
}

/// The claims of a snapshot, with the facts; of a delta, with their [`Changes`]; of a head, with none (§5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims<F = Organization> {
    /// Issuer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// Audience: one, or several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aud: Option<Audience>,
    /// The user of a member snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// The assistant that a head is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assistant: Option<String>,
    /// When it was issued, Unix seconds.
    pub iat: u64,
    /// Not valid before this, Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<u64>,
    /// Not valid from this on (clock tolerance aside), Unix seconds.
    pub exp: u64,
    /// The snapshot's own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// Which facts it carries.
    pub scope: Scope,
    /// Versions are compared within an epoch; raised by a restore.
    #[serde(default, skip_serializing_if = "is_default")]
    pub epoch: u64,
    /// The version of the organization's facts, from 1.
    pub version: u64,
    /// Names these exact facts, for deltas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Where a delta starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Base>,
    /// The facts.
    pub organization: F,
}

/// Where a delta starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// The version of the organization's facts.
    pub version: u64,
    /// Names these exact facts.
    pub state: String,
}

/// One audience or several (RFC 7519 §4.1.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub enum Audience {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
