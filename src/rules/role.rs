//! The built-in roles and the grants of each relation: the tables of the rules (§3.1) as data.

use crate::rules::capability::{Capability, CapabilitySet, Kind};
use crate::rules::decision::Relation;

/// A column of the table: the capabilities with a tick, after those of another column.
macro_rules! grants {
    ($($base:ident +)? [$($capability:ident),* $(,)?]) => {
        CapabilitySet::of(&[$(Capability::$capability),*])$(.union($base))?
    };
}

// Organization roles. A global admin holds every capability on every target.
const APPLICATION_ADMIN: CapabilitySet =
    grants!([UserInvite, UserAssignRole, UserRemove, TeamCreate, PanelAnalytics, PanelUserSettings, PanelAliases, SettingsManage,]);

// Team roles. They reach the team, its projects and, under the ceiling, its assistants.
/// The capabilities of a team's viewer on the team, its projects and its assistants.
const TEAM_VIEWER: CapabilitySet = grants!([TeamView, ProjectCreate, AssistantCreate, ProjectView, AssistantView, AssistantChat]);
/// The capabilities of a team's owner on the team, its projects and its assistants.
const TEAM_OWNER: CapabilitySet =
    grants!(TEAM_VIEWER + [TeamEdit, TeamDelete, TeamManageMembers, ProjectEdit, ProjectDelete]).union(ASSISTANT_OWNER);

// Relations on one project or assistant.
/// The capabilities of a project's creator on the project.
const PROJECT_CREATOR: CapabilitySet = grants!([ProjectView, ProjectEdit, ProjectDelete]);
/// The capabilities of every active user on a public assistant, and those of a view link and an allowed origin.
const PUBLIC: CapabilitySet = grants!([AssistantView, AssistantChat]);
/// The capabilities of an edit link.
const EDIT_LINK: CapabilitySet = grants!(PUBLIC + [AssistantEdit, CorpusView]);
const EDITOR: CapabilitySet = EDIT_LINK;
/// The capabilities of an assistant's owner on the assistant.
const ASSISTANT_OWNER: CapabilitySet = grants!(
    EDITOR
        + [
            AssistantDelete,
            AssistantShare,
            CorpusManage,
            ConversationsView,
            ConversationsTakeover,
            ChannelsDeploy,
            ActionsManage,
            AnalyticsView,
        ]
);

impl Relation {
    /// The capabilities that the relation grants by itself: none where a role of the organization has them.
    pub(crate) const fn grants(self) -> CapabilitySet {
        match self {
            Relation::GlobalAdmin => CapabilitySet::ALL,
            Relation::TeamOwner => TEAM_OWNER,
            Relation::TeamViewer => TEAM_VIEWER,
            Relation::ProjectCreator => PROJECT_CREATOR,
            Relation::AssistantOwner => ASSISTANT_OWNER,
            Relation::Public | Relation::ViewLink | Relation::Embed => PUBLIC,
            Relation::EditLink => EDIT_LINK,
            Relation::TeamRole | Relation::AssistantGrant | Relation::OrganizationRole => CapabilitySet::NONE,
        }
    }
}

/// Where a role is held. It limits the capabilities that the role may grant (§3.5).
// Exhaustive: the snapshot format fixes the levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub enum Level {
    /// Held by a user in the organization.
    Organization,
    /// Held by a member of a team.
    Team,
    /// Held by a grant on one assistant.
    Assistant,
}

impl Level {
    /// Every level.
    #[cfg(feature = "authority")]
    pub(crate) const ALL: [Level; 3] = [Level::Organization, Level::Team, Level::Assistant];

    /// The name that stands in documents.
    #[cfg(feature = "authority")]
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Level::Organization => "organization",
            Level::Team => "team",
            Level::Assistant => "assistant",
        }
    }

    /// The capabilities that a role of this level may grant.
    pub const fn grantable(self) -> CapabilitySet {
        let assistant = CapabilitySet::of_kind(Kind::Assistant);
        match self {
            Level::Organization => CapabilitySet::ALL,
            Level::Team => assistant.union(CapabilitySet::of_kind(Kind::Project)).union(CapabilitySet::of_kind(Kind::Team)),
            Level::Assistant => assistant,
        }
    }
}

/// The built-in roles. A custom role cannot take their ids. The order is that of their positions.
pub(crate) const BUILT_IN: [(&str, Level, CapabilitySet); 6] = [
    ("global_admin", Level::Organization, CapabilitySet::ALL),
    ("application_admin", Level::Organization, APPLICATION_ADMIN),
    ("user", Level::Organization, CapabilitySet::NONE),
    ("owner", Level::Team, TEAM_OWNER),
    ("viewer", Level::Team, TEAM_VIEWER),
    ("editor", Level::Assistant, EDITOR),
];
/// The default role.
#[cfg(feature = "authority")]
pub(crate) const USER: &str = "user";

/// A role set that is shipped: people are assigned to single assistants.
#[cfg(feature = "authority")]
pub(crate) const ASSIGNED_AGENTS: [(&str, Level, CapabilitySet); 2] = [
    (
        "agent_admin",
        Level::Assistant,
        grants!([
            AssistantView,
            AssistantChat,
            AssistantEdit,
            CorpusView,
            CorpusManage,
            ChannelsDeploy,
            ConversationsView,
            AnalyticsView,
            ActionsManage,
        ]),
    ),
    ("agent_user", Level::Assistant, grants!([AssistantView, AssistantChat, ConversationsView, ConversationsTakeover])),
];

/// Index of `global_admin` in [`BUILT_IN`].
pub(crate) const GLOBAL_ADMIN: u32 = 0;
/// Index of the team role `owner` in [`BUILT_IN`].
pub(crate) const OWNER: u32 = 3;
/// Index of the team role `viewer` in [`BUILT_IN`].
pub(crate) const VIEWER: u32 = 4;

/// A role as the rules use it. Built-in roles come first, in the order of [`BUILT_IN`].
#[derive(Clone, Copy)]
pub(crate) struct Role {
    pub(crate) on: Level,
    pub(crate) grants: CapabilitySet,
}
