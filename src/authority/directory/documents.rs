//! Things as they are, as one side of a change.

use std::collections::BTreeSet;

use crate::authority::projection::Whose;
use crate::document::{self, Assistant, AssistantChange, Holding, Team, TeamChange};
use crate::facts::{self, Facts, Position, held_by};

/// Nobody's holdings.
pub(super) fn nobodys() -> Whose {
    Whose::Of(BTreeSet::new())
}

/// One user's holdings.
pub(super) fn ones(user: &str) -> Whose {
    Whose::Of(BTreeSet::from([user.to_owned()]))
}

/// Those of the users who hold nothing.
fn without(whose: &Whose, held: &[Holding]) -> Vec<String> {
    match whose {
        Whose::All => Vec::new(),
        Whose::Of(users) => users.iter().filter(|user| held.iter().all(|holding| holding.user != **user)).cloned().collect(),
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
    /// What a user holds on a team.
    pub(super) fn memberships(&self, team: Position, user: Position) -> &[facts::Holding] {
        self.team(team).map(|team| held_by(&team.members, user)).unwrap_or_default()
    }

    /// What a user was granted on an assistant.
    pub(super) fn granted(&self, assistant: Position, user: Position) -> &[facts::Holding] {
        self.assistant(assistant).map(|assistant| held_by(&assistant.grants, user)).unwrap_or_default()
    }

    /// A user's address.
    pub(super) fn address(&self, user: Position) -> Option<&str> {
        self.user(user).and_then(|user| user.email).map(|email| self.text(email))
    }

    /// A user as they are.
    pub(super) fn user_now(&self, user: Position) -> Option<document::User> {
        self.seen_by_authority().user(user)
    }

    /// A team as it is, with these users' memberships.
    pub(super) fn team_now(&self, team: Position, whose: &Whose) -> Option<TeamChange> {
        let team = TeamChange::from(self.seen_by_authority().team(team, whose)?);
        Some(TeamChange { without: without(whose, &team.members), ..team })
    }

    /// A project as it is.
    pub(super) fn project_now(&self, project: Position) -> Option<document::Project> {
        self.seen_by_authority().project(project)
    }

    /// An assistant as it is, with these users' grants.
    pub(super) fn assistant_now(&self, assistant: Position, whose: &Whose) -> Option<AssistantChange> {
        let assistant = AssistantChange::from(self.seen_by_authority().assistant(assistant, whose)?);
        Some(AssistantChange { without: without(whose, &assistant.grants), ..assistant })
    }

    /// A custom role as it is.
    pub(super) fn role_now(&self, position: Position) -> Option<document::RoleDefinition> {
        self.role(position).map(|_| self.role_document(position))
    }

    /// The plan as it is, empty if there is none.
    pub(super) fn plan_now(&self) -> document::Plan {
        self.frame().plan.unwrap_or(document::Plan { name: None, withholds: Vec::new() })
    }
}
