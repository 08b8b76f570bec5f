//! The closed list of capabilities and sets of them.
//!
//! To add a capability: add its line to the table below (name, label, meaning), name the built-in roles that grant it in
//! [`crate::rules::role`], and run `make contract`.

use serde::{Serialize, Serializer};

/// The kind of target that a capability is for.
// Exhaustive: teams, projects and assistants are the whole containment (§2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub enum Kind {
    /// The organization itself. Its capabilities are asked without a target.
    Organization,
    /// A team.
    Team,
    /// A project.
    Project,
    /// An assistant.
    Assistant,
}

impl Kind {
    /// Every kind.
    #[cfg(feature = "authority")]
    pub(crate) const ALL: [Kind; 4] = [Kind::Organization, Kind::Team, Kind::Project, Kind::Assistant];

    /// The name that stands in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Organization => "organization",
            Kind::Team => "team",
            Kind::Project => "project",
            Kind::Assistant => "assistant",
        }
    }
}

/// Declares [`Capability`], its names and kinds, and the TypeScript union of each kind, from one table.
macro_rules! capabilities {
    ($($kind:ident: $($variant:ident $name:literal $label:literal $doc:literal,)+;)+) => {
        /// One thing that can be allowed, `area.verb`.
        // Not exhaustive: later versions may add capabilities.
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(bindings, derive(tsify::Tsify))]
        #[repr(u8)]
        pub enum Capability {
            $($(#[doc = $doc] #[cfg_attr(bindings, serde(rename = $name))] $variant,)+)+
        }

        impl Capability {
            /// Every capability, in the order of its number.
            pub const ALL: &[Capability] = &[$($(Capability::$variant,)+)+];

            /// The name used in documents: `area.verb`.
            pub const fn name(self) -> &'static str {
                match self { $($(Capability::$variant => $name,)+)+ }
            }

            /// Every capability with its English label and its meaning, a sentence.
            #[cfg(feature = "authority")]
            pub(crate) const MEANINGS: &[(Capability, &str, &str)] = &[$($((Capability::$variant, $label, $doc),)+)+];

            /// The kind of target that it is for.
            pub const fn kind(self) -> Kind {
                match self { $($(Capability::$variant)|+ => Kind::$kind,)+ }
            }
        }

        #[cfg(bindings)]
        mod typescript {
            use wasm_bindgen::prelude::wasm_bindgen;
            #[wasm_bindgen(typescript_custom_section)]
            const KINDS: &str = concat!(
                "/** The capabilities by the kind of target that they are for. */\nexport interface Capabilities {\n",
                $("    ", stringify!($kind), ": ", $("| \"", $name, "\" ",)+ ";\n",)+
                "}\n",
            );
        }
    };
}

capabilities! {
    Organization:
        UserInvite "user.invite" "Invite people" "Invite people by e-mail.",
        UserAssignRole "user.assign_role" "Assign roles" "Give people another organization role, within the giver's own powers.",
        UserRemove "user.remove" "Remove people" "Remove or suspend people, within the remover's own powers.",
        TeamCreate "team.create" "Create teams" "Create teams.",
        PanelAnalytics "panel.analytics" "Analytics panel" "See the organization's analytics.",
        PanelUserSettings "panel.user_settings" "User settings" "See everybody's role and status.",
        PanelAliases "panel.aliases" "Aliases" "See and edit aliases.",
        PanelChatlogs "panel.chatlogs" "Chat logs" "Read the organization's chat logs.",
        PanelApiKeys "panel.api_keys" "API keys" "Manage API keys.",
        SettingsManage "settings.manage" "Settings" "Change the organization's settings.",
        IntegrationsManage "integrations.manage" "Integrations" "Manage integrations.",
        RoleDefine "role.define" "Define roles" "Define custom roles.",
        AuditView "audit.view" "Audit log" "Read the audit log.",
    ;
    Team:
        TeamView "team.view" "View the team" "See the team.",
        TeamEdit "team.edit" "Rename the team" "Rename the team and change its settings.",
        TeamDelete "team.delete" "Delete the team" "Delete the team.",
        TeamManageMembers "team.manage_members" "Manage members" "Add and remove members and change their team role.",
        ProjectCreate "project.create" "Create projects" "Create projects in the team.",
        AssistantCreate "assistant.create" "Create assistants" "Create assistants in the team.",
    ;
    Project:
        ProjectView "project.view" "View the project" "See the project.",
        ProjectEdit "project.edit" "Rename the project" "Rename the project and change its settings.",
        ProjectDelete "project.delete" "Delete the project" "Delete the project.",
    ;
    Assistant:
        AssistantView "assistant.view" "View" "See the assistant.",
        AssistantChat "assistant.chat" "Chat" "Talk to the assistant.",
        AssistantEdit "assistant.edit" "Edit" "Change the assistant's configuration.",
        AssistantDelete "assistant.delete" "Delete" "Delete the assistant.",
        AssistantShare "assistant.share" "Share" "Change accessibility, grants, links, embedding and ownership.",
        CorpusView "corpus.view" "Knowledge base" "Read the knowledge base.",
        CorpusManage "corpus.manage" "Manage knowledge" "Change the knowledge base.",
        ConversationsView "conversations.view" "Conversations" "Read conversations.",
        ConversationsTakeover "conversations.takeover" "Take over" "Take a conversation over from the assistant.",
        ChannelsDeploy "channels.deploy" "Deploy" "Deploy to channels.",
        ActionsManage "actions.manage" "Actions" "Manage actions.",
        AnalyticsView "analytics.view" "Analytics" "See the assistant's analytics.",
        EvaluationRun "evaluation.run" "Evaluation" "Run evaluation and regression tests.",
        ResponsesSupportingContent "responses.supporting_content" "Supporting content" "See the content that supports a response.",
        ResponsesThoughtProcess "responses.thought_process" "Thought process" "See how a response came about.",
    ;
}

impl Capability {
    /// The capability of a name, `None` for a name that is not in the list.
    pub fn from_name(name: &str) -> Option<Capability> {
        Self::ALL.iter().copied().find(|capability| capability.name() == name)
    }

    const fn bit(self) -> u64 {
        1 << self as u8
    }
}

impl Serialize for Capability {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl std::fmt::Display for Capability {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of capabilities: one bit each, numbered as in [`Capability::ALL`].
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct CapabilitySet(u64);

impl CapabilitySet {
    /// The empty set.
    pub const NONE: CapabilitySet = CapabilitySet(0);
    /// Every capability.
    pub const ALL: CapabilitySet = Self::of(Capability::ALL);

    /// The set of these capabilities.
    pub const fn of(capabilities: &[Capability]) -> CapabilitySet {
        let mut bits = 0;
        let mut rest = capabilities;
        while let [first, tail @ ..] = rest {
            bits |= first.bit();
            rest = tail;
        }
        CapabilitySet(bits)
    }

    /// The capabilities for targets of this kind.
    pub const fn of_kind(kind: Kind) -> CapabilitySet {
        let mut bits = 0;
        let mut rest = Capability::ALL;
        while let [first, tail @ ..] = rest {
            if first.kind() as u8 == kind as u8 {
                bits |= first.bit();
            }
            rest = tail;
        }
        CapabilitySet(bits)
    }

    /// Whether the capability is in the set.
    pub const fn contains(self, capability: Capability) -> bool {
        self.0 & capability.bit() != 0
    }

    /// Whether every capability of `other` is in this set.
    pub const fn contains_all(self, other: CapabilitySet) -> bool {
        other.0 & !self.0 == 0
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The capabilities that are in either set.
    #[must_use]
    pub const fn union(self, other: CapabilitySet) -> CapabilitySet {
        CapabilitySet(self.0 | other.0)
    }

    /// The capabilities that are in both sets.
    #[must_use]
    pub const fn intersection(self, other: CapabilitySet) -> CapabilitySet {
        CapabilitySet(self.0 & other.0)
    }

    /// The capabilities that are in this set and not in the other.
    #[must_use]
    pub const fn difference(self, other: CapabilitySet) -> CapabilitySet {
        CapabilitySet(self.0 & !other.0)
    }

    /// The set as bits: bit *n* is the capability at `ALL[n]`.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The members in order.
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL.iter().copied().filter(move |capability| self.contains(*capability))
    }
}

impl FromIterator<Capability> for CapabilitySet {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Self {
        CapabilitySet(capabilities.into_iter().fold(0, |bits, capability| bits | capability.bit()))
    }
}

impl std::fmt::Debug for CapabilitySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter().map(Capability::name)).finish()
    }
}

impl Serialize for CapabilitySet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}
