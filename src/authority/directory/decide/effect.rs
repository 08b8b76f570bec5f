//! The effect of a command.

use crate::authority::directory::command::CommandResult;
use crate::authority::directory::event::PeopleChanges;
use crate::document::{AssistantChange, Changes, Project, TeamChange, User};

/// The effect of a command.
#[derive(Default)]
pub(in crate::authority::directory) struct Effect {
    /// Undoes `after`.
    pub(in crate::authority::directory) before: Changes,
    /// The changes of the facts.
    pub(in crate::authority::directory) after: Changes,
    /// The changes of people besides the facts.
    pub(super) people: PeopleChanges,
    /// The epoch that begins.
    pub(super) epoch: Option<u64>,
    /// The answer to the actor.
    pub(in crate::authority::directory) result: CommandResult,
    /// The id of the user concerned, where the command does not name them.
    pub(super) user: Option<String>,
    /// The previous role or owner, where the command replaces it.
    pub(in crate::authority::directory) was: Option<String>,
}

impl Effect {
    /// Adds a new or replaced user.
    pub(super) fn user(mut self, before: Option<User>, after: User) -> Effect {
        match before {
            Some(before) => self.before.users.push(before),
            None => self.before.gone.users.push(after.id.clone()),
        }
        self.after.users.push(after);
        self
    }

    /// Adds a replaced team.
    pub(super) fn team(mut self, before: TeamChange, after: TeamChange) -> Effect {
        self.before.teams.push(before);
        self.after.teams.push(after);
        self
    }

    /// Adds a replaced project.
    pub(super) fn project(mut self, before: Project, after: Project) -> Effect {
        self.before.projects.push(before);
        self.after.projects.push(after);
        self
    }

    /// Adds a replaced assistant.
    pub(super) fn assistant(mut self, before: AssistantChange, after: AssistantChange) -> Effect {
        self.before.assistants.push(before);
        self.after.assistants.push(after);
        self
    }
}
