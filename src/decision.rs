//! Decisions and their reasons.

use serde::Serialize;

/// Why a principal holds capabilities on a target (§3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(all(target_arch = "wasm32", feature = "bindings"), derive(tsify::Tsify))]
pub enum Relation {
    /// The user's organization role is `global_admin`.
    GlobalAdmin,
    /// Membership with role `owner`, or the team's creator who may still create teams.
    TeamOwner,
    /// Membership with role `viewer`.
    TeamViewer,
    /// Membership with a custom team role.
    TeamRole,
    /// The project's creator, while in its team.
    ProjectCreator,
    /// The assistant's owner.
    AssistantOwner,
    /// A grant on this assistant.
    AssistantGrant,
    /// The organization role itself.
    OrganizationRole,
    /// The assistant is public and the user active.
    Public,
    /// The key of a view link.
    ViewLink,
    /// The key of an edit link.
    EditLink,
    /// A visitor from an origin that the assistant's embedding allows.
    Embed,
}

/// One counting relation that grants a capability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "bindings"), derive(tsify::Tsify))]
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

/// Why not: the first that applies (§3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(all(target_arch = "wasm32", feature = "bindings"), derive(tsify::Tsify))]
pub enum Denied {
    /// The snapshot is not valid at this time.
    Expired,
    /// The user is unknown, invited or suspended.
    Inactive,
    /// The target or capability is unknown, missing or superfluous.
    UnknownTarget,
    /// The organization's plan withholds the capability.
    Plan,
    /// The assistant is Only Me; a relation that would grant it is hidden.
    OnlyMe,
    /// The assistant is Only Team; a relation that would grant it is hidden.
    OnlyTeam,
    /// The key presented is on none of the assistant's links.
    LinkInvalid,
    /// The key's link has expired.
    LinkExpired,
    /// The assistant's embedding does not allow the origin.
    OriginNotAllowed,
    /// Nothing grants it.
    NotGranted,
}

/// The answer to "may this principal do this to that?", with its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Allowed, by each of these; never empty.
    Allowed(Vec<Because>),
    /// Denied, for this.
    Denied(Denied),
}

impl Decision {
    /// Whether it is allowed.
    pub fn allowed(&self) -> bool {
        matches!(self, Decision::Allowed(_))
    }
}
