//! What a viewer is shown, as lists of positions: written one thing after another, so that no second copy of the organization is made.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::projection::{Holders, View};
use crate::document::{Assistant, Organization, Project, RoleDefinition, Team, User};
use crate::facts::Position;

/// Changes things before they are shown.
pub(crate) trait Edit {
    /// Changes the user at a position.
    fn user(&self, position: Position, shown: &mut User);
    /// Changes the assistant at a position.
    fn assistant(&self, position: Position, shown: &mut Assistant);
}

/// Everything that a viewer is shown.
pub(crate) struct Lists<'a> {
    pub(crate) view: View<'a>,
    /// The users whose memberships and grants are listed with teams and assistants.
    pub(crate) holders: Holders,
    pub(crate) roles: Vec<RoleDefinition>,
    pub(crate) users: Cow<'a, [Position]>,
    pub(crate) teams: Cow<'a, [Position]>,
    pub(crate) projects: Cow<'a, [Position]>,
    pub(crate) assistants: Cow<'a, [Position]>,
    /// How these are changed, if they are.
    pub(crate) edit: Option<Box<dyn Edit + 'a>>,
}

impl Lists<'_> {
    fn users(&self) -> impl Iterator<Item = User> {
        self.users.iter().filter_map(|position| {
            let mut user = self.view.user(*position)?;
            self.edit.iter().for_each(|edit| edit.user(*position, &mut user));
            Some(user)
        })
    }

    fn teams(&self) -> impl Iterator<Item = Team> {
        self.teams.iter().filter_map(|team| self.view.team(*team, &self.holders))
    }

    fn projects(&self) -> impl Iterator<Item = Project> {
        self.projects.iter().filter_map(|project| self.view.project(*project))
    }

    fn assistants(&self) -> impl Iterator<Item = Assistant> {
        self.assistants.iter().filter_map(|position| {
            let mut assistant = self.view.assistant(*position, &self.holders)?;
            self.edit.iter().for_each(|edit| edit.assistant(*position, &mut assistant));
            Some(assistant)
        })
    }

    /// All of it as one document.
    pub(crate) fn document(self) -> Organization {
        Organization {
            users: self.users().collect(),
            teams: self.teams().collect(),
            projects: self.projects().collect(),
            assistants: self.assistants().collect(),
            roles: self.roles,
            ..self.view.facts().frame()
        }
    }
}

/// Writes what [`Lists::document`] would write.
impl Serialize for Lists<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Organization { id, plan, .. } = self.view.facts().frame();
        let mut fields = serializer.serialize_struct("Organization", 7)?;
        fields.serialize_field("id", &id)?;
        if plan.is_some() {
            fields.serialize_field("plan", &plan)?;
        }
        if !self.roles.is_empty() {
            fields.serialize_field("roles", &self.roles)?;
        }
        if !self.users.is_empty() {
            fields.serialize_field("users", &Written(|| self.users()))?;
        }
        if !self.teams.is_empty() {
            fields.serialize_field("teams", &Written(|| self.teams()))?;
        }
        if !self.projects.is_empty() {
            fields.serialize_field("projects", &Written(|| self.projects()))?;
        }
        if !self.assistants.is_empty() {
            fields.serialize_field("assistants", &Written(|| self.assistants()))?;
        }
        fields.end()
    }
}

/// A list whose items are made while it is written.
struct Written<F>(F);

impl<I: Iterator<Item: Serialize>, F: Fn() -> I> Serialize for Written<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// The positions among these that are shown.
pub(crate) fn shown<'a>(positions: &'a [Position], everything: bool, shows: impl Fn(Position) -> bool) -> Cow<'a, [Position]> {
    if everything { Cow::Borrowed(positions) } else { positions.iter().copied().filter(|position| shows(*position)).collect() }
}
