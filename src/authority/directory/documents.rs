//! The present facts as documents: one side of a change.

use crate::authority::projection::Holders;
use crate::document::{self, Assistant, AssistantChange, Holding, Team, TeamChange};
use crate::facts::{self, Facts, Position, held_by};
use crate::rules::role::Level;

/// The users among `holders` who hold nothing.
fn without(holders: &Holders, held: &[Holding]) -> Vec<String> {
    match holders {
        Holders::All => Vec::new(),
        Holders::Only(users) => users.iter().filter(|user| held.iter().all(|holding| holding.user != **user)).cloned().collect(),
    }
}

impl From<Team> for TeamChange {
    fn from(Team { id, name, creator, members }: Team) -> TeamChange {
        TeamChange { id, name, creator, members, without: Vec::new() }
    }
}

impl From<Assistant> for AssistantChange {
    fn from(assistant: Assistant) -> AssistantChange {
        let Assistant { id, name, project, owner, accessibility, grants, links, embed } = assistant;
        AssistantChange { id, name, project, owner, accessibility, grants, without: Vec::new(), links, embed }
    }
}

impl Facts {
    /// The memberships of a user in a team.
    pub(super) fn memberships(&self, team: Position, user: Position) -> &[facts::Holding] {
        self.team(team).map(|team| held_by(&team.members, user)).unwrap_or_default()
    }

    /// The grants of a user on an assistant.
    pub(super) fn granted(&self, assistant: Position, user: Position) -> &[facts::Holding] {
        self.assistant(assistant).map(|assistant| held_by(&assistant.grants, user)).unwrap_or_default()
    }

    /// Whether there is an organization role of this id.
    pub(super) fn is_organization_role(&self, id: &str) -> bool {
        self.find_role(id).and_then(|role| self.role(role)).is_some_and(|role| role.on == Level::Organization)
    }

    pub(super) fn address(&self, user: Position) -> Option<&str> {
        self.user(user).and_then(|user| user.email).map(|email| self.text(email))
    }

    pub(super) fn user_now(&self, user: Position) -> Option<document::User> {
        self.seen_by_authority().user(user)
    }

    /// A team with the memberships of some users.
    pub(super) fn team_now(&self, team: Position, holders: &Holders) -> Option<TeamChange> {
        let team = TeamChange::from(self.seen_by_authority().team(team, holders)?);
        Some(TeamChange { without: without(holders, &team.members), ..team })
    }

    pub(super) fn project_now(&self, project: Position) -> Option<document::Project> {
        self.seen_by_authority().project(project)
    }

    /// An assistant with the grants of some users.
    pub(super) fn assistant_now(&self, assistant: Position, holders: &Holders) -> Option<AssistantChange> {
        let assistant = AssistantChange::from(self.seen_by_authority().assistant(assistant, holders)?);
        Some(AssistantChange { without: without(holders, &assistant.grants), ..assistant })
    }

    pub(super) fn role_now(&self, position: Position) -> Option<document::RoleDefinition> {
        self.role(position).map(|_| self.role_document(position))
    }

    /// The plan; an empty one if there is none.
    pub(super) fn plan_now(&self) -> document::Plan {
        self.frame().plan.unwrap_or(document::Plan { name: None, withholds: Vec::new() })
    }
}
