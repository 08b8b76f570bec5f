//! The effect of a command.

use crate::authority::directory::command::CommandResult;
use crate::authority::directory::event::PeopleChanges;
use crate::document::{AssistantChange, Changes, Project, TeamChange, User};

/// What a command does.
#[derive(Default)]
pub(in crate::authority::directory) struct Effect {
    /// How the facts go back.
    pub(in crate::authority::directory) before: Changes,
    /// What changes of the facts.
    pub(in crate::authority::directory) after: Changes,
    /// What changes of the people besides.
    pub(super) people: PeopleChanges,
    /// The epoch that begins.
    pub(super) epoch: Option<u64>,
    /// What the actor is told.
    pub(in crate::authority::directory) result: CommandResult,
    /// Whom it concerns, where the command does not say it.
    pub(super) user: Option<String>,
    /// The role held or the owner until now, where another takes its place.
    pub(in crate::authority::directory) was: Option<String>,
}

impl Effect {
    /// A user who is new, or replaced.
    pub(super) fn user(mut self, before: Option<User>, after: User) -> Effect {
        match before {
            Some(before) => self.before.users.push(before),
            None => self.before.gone.users.push(after.id.clone()),
        }
        self.after.users.push(after);
        self
    }

    /// A team that is replaced.
    pub(super) fn team(mut self, before: TeamChange, after: TeamChange) -> Effect {
        self.before.teams.push(before);
        self.after.teams.push(after);
        self
    }

    /// A project that is replaced.
    pub(super) fn project(mut self, before: Project, after: Project) -> Effect {
        self.before.projects.push(before);
        self.after.projects.push(after);
        self
    }

    /// An assistant that is replaced.
    pub(super) fn assistant(mut self, before: AssistantChange, after: AssistantChange) -> Effect {
        self.before.assistants.push(before);
        self.after.assistants.push(after);
        self
    }
}
