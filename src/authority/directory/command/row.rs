//! The rows of the table of commands.

use super::FieldKind;

/// One command of [`Command::TABLE`](super::Command::TABLE).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandRow {
    /// Its `type`.
    pub name: &'static str,
    /// Its meaning: sentences, Markdown.
    pub doc: &'static str,
    /// What it is about.
    pub area: CommandArea,
    /// What the actor needs, Markdown: a capability on the target, then further conditions. `system`: only the authority itself gives it.
    pub needs: &'static str,
    /// The codes of its refusals, without those of the actor, the target and the form: Markdown, with notes in parentheses.
    pub refusals: &'static str,
    /// What an audit log calls it, in English: a word or two beside the area.
    pub label: &'static str,
    /// What an audit log says of it after the name of the actor, in English.
    ///
    /// `{person user}` stands for the field `user` in the form `person`; `{team id/name}` for the first of two fields that the command
    /// has, and the second is the name that readers see. A part in brackets is left out if it has a field without a value; `[one|other]`
    /// is the first part whose fields have values. `{if field}` shows nothing, and has a value unless the field is absent, `null` or
    /// `false`. Beside the fields of the command there are those that the event adds (`was`, `user`).
    pub sentence: &'static str,
    /// The fields that it must have.
    pub required: &'static [CommandField],
    /// The fields that may be absent.
    pub optional: &'static [CommandField],
}

/// One field of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandField {
    /// Its name in JSON.
    pub name: &'static str,
    /// Its meaning: sentences, Markdown.
    pub doc: &'static str,
    /// The values that it takes.
    pub kind: FieldKind,
}

/// What commands are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CommandArea {
    /// Users of the organization.
    People,
    /// Invitations of people who are not in the organization yet.
    Invitations,
    /// Teams, their members and their projects.
    TeamsAndProjects,
    /// Assistants and their owners.
    Assistants,
    /// Who can reach an assistant.
    Sharing,
    /// Custom roles, and what the organization has bought.
    RolesAndPlan,
    /// Webhooks, which send the history to other services.
    Webhooks,
    /// Machines that call.
    ApiKeys,
    /// The history itself.
    ReviewsAndHistory,
}

impl CommandArea {
    /// Every area, in the order in which they are shown.
    pub const ALL: [CommandArea; 9] = [
        CommandArea::People,
        CommandArea::Invitations,
        CommandArea::TeamsAndProjects,
        CommandArea::Assistants,
        CommandArea::Sharing,
        CommandArea::RolesAndPlan,
        CommandArea::Webhooks,
        CommandArea::ApiKeys,
        CommandArea::ReviewsAndHistory,
    ];

    /// What it is called in English.
    pub const fn label(self) -> &'static str {
        match self {
            CommandArea::People => "People",
            CommandArea::Invitations => "Invitations",
            CommandArea::TeamsAndProjects => "Teams and projects",
            CommandArea::Assistants => "Assistants",
            CommandArea::Sharing => "Sharing",
            CommandArea::RolesAndPlan => "Roles and plan",
            CommandArea::Webhooks => "Webhooks",
            CommandArea::ApiKeys => "API keys",
            CommandArea::ReviewsAndHistory => "Reviews and history",
        }
    }
}
