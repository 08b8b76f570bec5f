//! Documents (§4): the facts as they are written and signed. Only the validating reader reads them back into facts.

use serde::{Deserialize, Serialize};

use crate::facts::{Accessibility, LinkLevel, Scope, Status};
use crate::rules::role::Level;

/// Derives the traits of every document type. TypeScript has types of the same names.
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
        /// The plan.
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
        /// The names of the capabilities that it withholds from everybody, global admins included. Readers ignore unknown names.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub withholds: Vec<String>,
    }

    /// A custom role (§3.5).
    pub struct RoleDefinition {
        /// Its id, not that of a built-in role.
        pub id: String,
        /// The level on which it is held.
        pub on: Level,
        /// The names of the capabilities that it grants. Readers ignore unknown names.
        pub grants: Vec<String>,
    }

    /// A person.
    pub struct User {
        /// The user's id.
        pub id: String,
        /// The organization role: `global_admin`, `application_admin`, `user` or a custom one.
        pub role: String,
        /// Only an active user holds anything; `active` if absent.
        #[serde(default, skip_serializing_if = "is_default")]
        #[cfg_attr(bindings, tsify(optional))]
        pub status: Status,
        /// Their address. Member snapshots have only the subject's own address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub email: Option<String>,
        /// Their name, for people.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
    }

    /// A team.
    pub struct Team {
        /// The team's id.
        pub id: String,
        /// Its name, for people.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// The id of its creator, who acts as owner while their organization role grants `team.create`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub creator: Option<String>,
        /// The memberships, with the roles `owner`, `viewer` or custom team roles.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub members: Vec<Holding>,
    }

    /// A role held by a user on a team or an assistant.
    pub struct Holding {
        /// The id of the user who holds it.
        pub user: String,
        /// The id of the role.
        pub role: String,
        /// It counts before this time, Unix seconds; without end if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub expires: Option<u64>,
    }

    /// A project.
    pub struct Project {
        /// The project's id.
        pub id: String,
        /// Its name, for people.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// The id of its team.
        pub team: String,
        /// The id of its creator.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub creator: Option<String>,
    }

    /// An assistant.
    pub struct Assistant {
        /// The assistant's id.
        pub id: String,
        /// Its name, for people.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// The id of its project; required in a workspace.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub project: Option<String>,
        /// The id of its owner; required in a workspace.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub owner: Option<String>,
        /// Its accessibility.
        pub accessibility: Accessibility,
        /// The grants, with the role `editor` or custom assistant roles.
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
        /// The access that it gives.
        pub level: LinkLevel,
        /// SHA-256 of the key's ASCII text, base64url without padding; absent in a member snapshot.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub digest: Option<String>,
        /// It counts before this time, Unix seconds; without end if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub expires: Option<u64>,
    }

    /// Where an assistant may be embedded.
    pub struct Embed {
        /// `https://[*.]host[:port]`, `http://localhost[:port]`, or `*`. An empty list allows nobody.
        pub origins: Vec<String>,
    }

    /// The differences between two states of an organization's facts: new, replaced and removed things.
    #[derive(Default)]
    pub struct Changes {
        /// The new plan; an empty one for no plan. Unchanged if absent.
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
        /// The removed things.
        #[serde(default, skip_serializing_if = "Gone::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub gone: Gone,
    }

    /// A new or replaced team: all of its own fields, and the changed memberships.
    pub struct TeamChange {
        /// The team's id.
        pub id: String,
        /// Its name, for people.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// The id of its creator.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub creator: Option<String>,
        /// All that each user named here holds on it. Users who are not named keep what they hold.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub members: Vec<Holding>,
        /// Users who hold nothing on it any more.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(bindings, tsify(optional))]
        pub without: Vec<String>,
    }

    /// A new or replaced assistant: all of its own fields, links and embedding, and the changed grants.
    pub struct AssistantChange {
        /// The assistant's id.
        pub id: String,
        /// Its name, for people.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// The id of its project; required in a workspace.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub project: Option<String>,
        /// The id of its owner; required in a workspace.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub owner: Option<String>,
        /// Its accessibility.
        pub accessibility: Accessibility,
        /// All that each user named here holds on it. Users who are not named keep what they hold.
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

    /// The ids of the removed things.
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

/// The claims of a snapshot, with its facts; of a delta, with its [`Changes`]; of a head, without facts (§5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims<F = Organization> {
    /// Issuer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// Audience: one or several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aud: Option<Audience>,
    /// The user of a member snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// The id of the assistant of a head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assistant: Option<String>,
    /// When it was issued, Unix seconds.
    pub iat: u64,
    /// Not valid before this, Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<u64>,
    /// Not valid from this time on, Unix seconds. (Readers add a clock tolerance.)
    pub exp: u64,
    /// The id of the snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// The scope of its facts.
    pub scope: Scope,
    /// The epoch. Versions are compared within an epoch; a restore raises it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub epoch: u64,
    /// The version of the organization's facts, from 1.
    pub version: u64,
    /// The name of these exact facts, for deltas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The state from which a delta starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Base>,
    /// The facts.
    pub organization: F,
}

/// The state from which a delta starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// The version of the organization's facts.
    pub version: u64,
    /// The name of these exact facts.
    pub state: String,
}

/// One audience or several. Exhaustive: RFC 7519 §4.1.3 has these two forms.
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
