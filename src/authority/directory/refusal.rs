//! Refusals of commands.

use serde::Serialize;

use super::command::FieldError;
use crate::error::{Error, named, quote};
use crate::rules::Bound;
use crate::rules::capability::Capability;
use crate::rules::decision::Denied;
use crate::rules::target::Target;

named! {
    /// The stable code of a refusal.
    #[non_exhaustive]
    RefusalCode:
    /// The command, or its field `path`, has the wrong form.
    InvalidCommand "invalid_command",
    /// The actor lacks `capability` on the target, for the reason `denied`. Without `capability`: only the system may send this
    /// command.
    NotAllowed "not_allowed",
    /// The command gives or takes more than the actor has. Or it gives for longer than the actor has it: then `path` is `expires` (also
    /// of a transfer) and `until` is the latest possible `expires` (Unix seconds). Or it chooses an id (`path` is `id`) without the right
    /// to.
    BeyondOwnRole "beyond_own_role",
    /// Nobody changes their own organization role.
    OwnRole "own_role",
    /// The last active global admin must stay one.
    LastGlobalAdmin "last_global_admin",
    /// The user does not exist or holds nothing there. Or the user cannot receive it, and the actor does not see people.
    UnknownUser "unknown_user",
    /// There is no such team.
    UnknownTeam "unknown_team",
    /// There is no such project.
    UnknownProject "unknown_project",
    /// There is no such assistant.
    UnknownAssistant "unknown_assistant",
    /// There is no such role, or it is not held there.
    UnknownRole "unknown_role",
    /// There is no such link on the assistant.
    UnknownLink "unknown_link",
    /// There is no such webhook.
    UnknownWebhook "unknown_webhook",
    /// There is no such API key.
    UnknownApiKey "unknown_api_key",
    /// The user has no invitation.
    UnknownInvitation "unknown_invitation",
    /// The id, the address, the account or the membership (`path`) is taken.
    AlreadyExists "already_exists",
    /// There are as many of them as there may be.
    TooMany "too_many",
    /// Somebody holds the role; `ids` are the holders whom the actor sees.
    InUse "in_use",
    /// It contains projects or assistants; `ids` are those that the actor may know.
    NotEmpty "not_empty",
    /// The assistants `ids` need new owners. The list is complete: it includes assistants that the actor cannot see.
    OwnsAssistants "owns_assistants",
    /// The grant or link would not count: the assistant is Only Me.
    OnlyMe "only_me",
    /// The grant or link would not count: the assistant is Only Team.
    OnlyTeam "only_team",
    /// The user (`path`) is not active. Or the user has not accepted the invitation yet, and so cannot be suspended or reactivated.
    InactiveUser "inactive_user",
    /// The token is unknown or used.
    InvitationInvalid "invitation_invalid",
    /// The invitation has expired.
    InvitationExpired "invitation_expired",
    /// The invitation is for another address than the account's.
    WrongAddress "wrong_address",
}

/// The refusal of a command, with its reason. A refused command has changed nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct Refusal {
    /// The stable code.
    pub code: RefusalCode,
    /// For people: one lowercase line.
    pub message: String,
    /// The field of the command that is at fault: `origins[1]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub path: Option<String>,
    /// The capability that the actor lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub capability: Option<Capability>,
    /// The reason why the actor lacks it. `unknown_target` both if the target does not exist and if they hold nothing on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub denied: Option<Denied>,
    /// The ids of the things that prevent the command.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(bindings, tsify(optional))]
    pub ids: Vec<String>,
    /// The latest `expires` that the actor may give, Unix seconds; present where they have the capability only for a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub until: Option<u64>,
}

impl Refusal {
    pub(super) fn new(code: RefusalCode, message: impl Into<String>) -> Refusal {
        Refusal { code, message: message.into(), path: None, capability: None, denied: None, ids: Vec::new(), until: None }
    }

    /// A refusal because of one field of the command. The message names the field.
    pub(super) fn at(code: RefusalCode, path: &str, reason: &str) -> Refusal {
        Refusal { path: Some(path.to_owned()), ..Refusal::new(code, format!("{path}: {reason}")) }
    }

    pub(super) fn invalid(path: &str, reason: &str) -> Refusal {
        Refusal::at(RefusalCode::InvalidCommand, path, reason)
    }

    /// A refusal because no thing has the id in a field of the command.
    pub(super) fn unknown(code: RefusalCode, path: &str, id: &str) -> Refusal {
        Refusal::at(code, path, &format!("there is no {}", quote(id)))
    }

    pub(super) fn not_allowed(capability: Capability, target: Target<'_>, denied: Denied) -> Refusal {
        let target = match target {
            Target::Organization => String::new(),
            Target::Team(id) => format!(" on team {}", quote(id)),
            Target::Project(id) => format!(" on project {}", quote(id)),
            Target::Assistant(id) => format!(" on assistant {}", quote(id)),
        };
        let message = format!("{capability}{target} is denied: {}", denied.name());
        Refusal { capability: Some(capability), denied: Some(denied), ..Refusal::new(RefusalCode::NotAllowed, message) }
    }

    /// The refusal to give a capability for longer than the actor has it.
    pub(super) fn not_for_as_long(given: Capability, until: u64) -> Refusal {
        let reason = format!("it gives {given}, which the actor has only until {until}");
        Refusal { until: Some(until), ..Refusal::at(RefusalCode::BeyondOwnRole, "expires", &reason) }
    }

    /// The refusal of a command that only the authority itself may give.
    pub(super) fn system_only(denied: Denied) -> Refusal {
        let message = "only the authority itself may give this command";
        Refusal { denied: Some(denied), ..Refusal::new(RefusalCode::NotAllowed, message) }
    }

    /// The refusal with its path behind another one: of a field in an item of a list.
    pub(super) fn within(self, parent: &str) -> Refusal {
        let path = self.path.map_or_else(|| parent.to_owned(), |path| format!("{parent}.{path}"));
        Refusal { path: Some(path), ..self }
    }

    pub(super) fn listing(self, mut ids: Vec<String>) -> Refusal {
        ids.sort_unstable();
        ids.dedup();
        Refusal { ids, ..self }
    }
}

impl From<Bound> for Refusal {
    fn from(bound: Bound) -> Refusal {
        let (code, message) = match bound {
            Bound::OwnRole => (RefusalCode::OwnRole, "nobody may change their own role"),
            Bound::BeyondOwnRole => (RefusalCode::BeyondOwnRole, "the role grants capabilities that the actor's own role does not"),
            Bound::LastGlobalAdmin => (RefusalCode::LastGlobalAdmin, "the last active global admin must stay one"),
        };
        Refusal::new(code, message)
    }
}

impl From<FieldError> for Refusal {
    fn from(error: FieldError) -> Refusal {
        if error.path.is_empty() {
            return Refusal::new(RefusalCode::InvalidCommand, error.reason);
        }
        Refusal::invalid(&error.path, &error.reason)
    }
}

/// A command that would make invalid facts is an invalid command.
impl From<Error> for Refusal {
    fn from(error: Error) -> Refusal {
        let refusal = Refusal::new(RefusalCode::InvalidCommand, error.to_string());
        Refusal { path: error.path().map(str::to_owned), ..refusal }
    }
}

/// One lowercase line; texts from the command in backticks.
impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}
