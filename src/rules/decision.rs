//! Decisions and their reasons.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::error::named;

named! {
    /// Why a principal holds capabilities on a target (§3.2).
    // Exhaustive: the rules are fixed.
    Relation:
    /// The user's organization role is `global_admin`.
    GlobalAdmin "global_admin",
    /// Membership with role `owner`, or the team's creator who may still create teams.
    TeamOwner "team_owner",
    /// Membership with role `viewer`.
    TeamViewer "team_viewer",
    /// Membership with a custom team role.
    TeamRole "team_role",
    /// The project's creator, while in its team.
    ProjectCreator "project_creator",
    /// The assistant's owner.
    AssistantOwner "assistant_owner",
    /// A grant on this assistant.
    AssistantGrant "assistant_grant",
    /// The organization role itself.
    OrganizationRole "organization_role",
    /// The assistant is public and the user active.
    Public "public",
    /// The key of a view link.
    ViewLink "view_link",
    /// The key of an edit link.
    EditLink "edit_link",
    /// A visitor from an origin that the assistant's embedding allows.
    Embed "embed",
}

/// A relation that counts and grants the capability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct Because {
    /// The relation.
    pub relation: Relation,
    /// The role held, where the relation has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The team it is held in, where the relation has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
}

named! {
    /// Why a capability is denied: the first reason that applies (§3.3).
    // Exhaustive: the rules are fixed.
    Denied:
    /// The snapshot is not valid at this time.
    Expired "expired",
    /// The user is unknown, invited or suspended.
    Inactive "inactive",
    /// The target or capability is unknown, missing or superfluous.
    UnknownTarget "unknown_target",
    /// The organization's plan withholds the capability.
    Plan "plan",
    /// The assistant is Only Me; a relation that would grant it is hidden.
    OnlyMe "only_me",
    /// The assistant is Only Team; a relation that would grant it is hidden.
    OnlyTeam "only_team",
    /// The key presented is on none of the assistant's links.
    LinkInvalid "link_invalid",
    /// The key's link has expired.
    LinkExpired "link_expired",
    /// The assistant's embedding does not allow the origin.
    OriginNotAllowed "origin_not_allowed",
    /// Nothing grants it.
    NotGranted "not_granted",
}

/// The answer to "may this principal do this to that target?", with its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Allowed, by each of these relations; never empty.
    Allowed(Vec<Because>),
    /// Denied, for this reason.
    Denied(Denied),
}

impl Serialize for Decision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("allowed", &self.allowed())?;
        match self {
            Decision::Allowed(because) => map.serialize_entry("because", because)?,
            Decision::Denied(denied) => map.serialize_entry("denied", denied)?,
        }
        map.end()
    }
}

impl Decision {
    /// Whether it is allowed.
    pub fn allowed(&self) -> bool {
        matches!(self, Decision::Allowed(_))
    }
}
