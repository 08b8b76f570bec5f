//! The commands: their table, and reading one from JSON.
//!
//! To add a command: add it to the table below, its decision to `decide`, its row to `docs/authority.md`, and its place in the tests'
//! model (`tests/directory/model.rs`).

mod fields;
mod result;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

pub use self::fields::{CommandField, CommandRow, FieldKind};
pub use self::result::{CommandResult, Secret};

pub(super) use self::fields::FieldError;

use self::fields::{Field, Fields};
use super::refusal::Refusal;
use crate::error::{harmless, named, quote};
use crate::facts::{Accessibility, LinkLevel};
use crate::rules::role::Level;
use crate::token::json::Reader;

/// Who gives a command. Exhaustive: a command comes from a user or from the authority, and every service must tell them apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub enum Actor {
    /// A user.
    User(String),
    /// The authority itself: lets people in, sets an organization up. Holds everything.
    System,
}

/// Declares the commands from one table: for each a struct, its required fields first, then the optional ones, and its name. Attributes
/// of a field follow `where`.
macro_rules! commands {
    ($(
        $(#[doc = $doc:literal])+
        $command:ident $name:literal
            { $($(#[doc = $field_doc:literal])+ $field:ident: $type:ty $(where $(#[$meta:meta])+)?,)* }
            { $($(#[doc = $optional_doc:literal])+ $optional:ident: $optional_type:ty $(where $(#[$optional_meta:meta])+)?,)* }
    )+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
            #[cfg_attr(bindings, derive(tsify::Tsify))]
            pub struct $command {
                $($(#[doc = $field_doc])+ $($(#[$meta])+)? pub $field: $type,)*
                $(
                    $(#[doc = $optional_doc])+
                    $($(#[$optional_meta])+)?
                    #[serde(skip_serializing_if = "Option::is_none")]
                    #[cfg_attr(bindings, tsify(optional))]
                    pub $optional: Option<$optional_type>,
                )*
            }
        )+

        /// One change that somebody asks for.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[serde(tag = "type")]
        #[cfg_attr(bindings, derive(tsify::Tsify))]
        #[non_exhaustive]
        pub enum Command {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $command($command),)+
        }

        $(
            impl From<$command> for Command {
                fn from(command: $command) -> Command {
                    Command::$command(command)
                }
            }
        )+

        impl Command {
            /// The `type` of every command.
            pub const NAMES: &[&str] = &[$($name,)+];

            /// Every command with its fields, in the order of [`Command::NAMES`]. Documents and types in other languages are made from
            /// it.
            pub const TABLE: &[CommandRow] = &[$(CommandRow {
                name: $name,
                doc: concat!($($doc),+).trim_ascii(),
                required: &[$(CommandField {
                    name: stringify!($field),
                    doc: concat!($($field_doc),+).trim_ascii(),
                    kind: <$type as Field>::KIND,
                },)*],
                optional: &[$(CommandField {
                    name: stringify!($optional),
                    doc: concat!($($optional_doc),+).trim_ascii(),
                    kind: <$optional_type as Field>::KIND,
                },)*],
            },)+];

            fn read(name: &str, fields: &mut Fields) -> Result<Command, FieldError> {
                match name {
                    $($name => Ok(Command::$command($command {
                        $($field: fields.required(stringify!($field))?,)*
                        $($optional: fields.optional(stringify!($optional))?,)*
                    })),)+
                    _ => Err(FieldError::at("type", format!("there is no command {}", quote(name)))),
                }
            }
        }
    };
}

impl Command {
    /// Reads a command from JSON, strictly: a field that it does not have is refused.
    ///
    /// # Errors
    /// [`super::RefusalCode::InvalidCommand`] with the path of the first fault.
    pub fn from_json(json: &str) -> Result<Command, Refusal> {
        // The strict reader refuses duplicate keys and deep nesting, which the lenient one behind it lets pass.
        let mut reader = Reader::new(json.to_owned());
        let read = reader.skip().and_then(|()| reader.finish());
        read.map_err(|fault| FieldError::at(fault.path.clone(), fault.reason.clone()))?;
        let Ok(Value::Object(values)) = serde_json::from_str(json) else {
            return Err(FieldError::at("", "expected a command, an object").into());
        };
        let mut fields = Fields(values);
        let name: String = fields.required("type")?;
        let command = Command::read(&name, &mut fields)?;
        match fields.0.keys().next() {
            Some(unknown) => Err(FieldError::at(harmless(unknown), format!("{name} has no such field")).into()),
            None => Ok(command),
        }
    }
}

named! {
    /// A role set to start from.
    #[non_exhaustive]
    RoleSet:
    /// The built-in roles alone.
    BuiltIn "built_in",
    /// Single assistants are given to people: the assistant roles `agent_admin` and `agent_user`.
    AssignedAgents "assigned_agents",
}

commands! {
    /// Invites somebody by e-mail: from now on they are a user, `invited` until they accept. Replaces an invitation that has expired.
    InviteUser "invite_user" {
        /// Where to; kept in lower case.
        email: String,
    } {
        /// Their organization role; `user` by default.
        role: String,
        /// The user's id, or one is made.
        id: String,
        /// Seconds until the invitation expires, up to 30 days; 7 days by default.
        expires_in: u64,
    }
    /// Makes a new token for an invited user, for as long as the old one, which dies.
    ResendInvitation "resend_invitation" {
        /// Whom.
        user: String,
    } {}
    /// Takes an invitation back: the invited user is gone, with all that they would have held.
    RevokeInvitation "revoke_invitation" {
        /// The invited user.
        user: String,
    } {}
    /// Somebody signed in accepts an invitation. The authority's own command.
    AcceptInvitation "accept_invitation" {
        /// What the invitation was sent with.
        token: Secret where
            #[serde(skip_serializing_if = "Secret::stays_unwritten")]
            #[cfg_attr(bindings, tsify(type = "string"))],
        /// The issuer of the account (OpenID Connect).
        issuer: String,
        /// The account's name at its issuer.
        subject: String,
        /// The account's address, which must be the one invited.
        email: String,
    } {}
    /// A first sign-in without an invitation makes a `user`. The authority's own command.
    Join "join" {
        /// The issuer of the account (OpenID Connect).
        issuer: String,
        /// The account's name at its issuer.
        subject: String,
        /// The account's address.
        email: String,
    } {
        /// The user's id, or one is made.
        id: String,
    }
    /// Connects an active user with the account they sign in with. The authority's own command.
    LinkAccount "link_account" {
        /// Whom.
        user: String,
        /// The issuer of the account (OpenID Connect).
        issuer: String,
        /// The account's name at its issuer.
        subject: String,
    } {}
    /// Gives a user another organization role.
    AssignRole "assign_role" {
        /// Whom.
        user: String,
        /// Which.
        role: String,
    } {}
    /// Suspends a user: they hold nothing until reactivated.
    SuspendUser "suspend_user" {
        /// Whom.
        user: String,
    } {}
    /// Ends a suspension.
    ReactivateUser "reactivate_user" {
        /// Whom.
        user: String,
    } {}
    /// Ends all sessions of a user, who stays what they are. Changes nothing.
    SignOutUser "sign_out_user" {
        /// Whom.
        user: String,
    } {}
    /// Removes a user, with everything they hold; somebody takes over each assistant they own.
    RemoveUser "remove_user" {
        /// Whom.
        user: String,
    } {
        /// Who takes over which assistant: from assistant to user.
        successors: BTreeMap<String, String> where #[cfg_attr(bindings, tsify(type = "Record<string, string>"))],
        /// Who takes over the others.
        successor: String,
    }
    /// Creates a team; the actor is its creator.
    CreateTeam "create_team" {
        /// What people call it.
        name: String,
    } {
        /// Its id, or one is made.
        id: String,
    }
    /// Renames a team.
    EditTeam "edit_team" {
        /// Which.
        team: String,
        /// What people call it from now on.
        name: String,
    } {}
    /// Deletes a team.
    DeleteTeam "delete_team" {
        /// Which.
        team: String,
    } {
        /// With its projects and their assistants; otherwise a team with projects stays.
        cascade: bool,
    }
    /// Adds a member to a team.
    AddMember "add_member" {
        /// Where.
        team: String,
        /// Whom.
        user: String,
        /// The team role.
        role: String,
    } {
        /// It counts while now is before this, Unix seconds; without end if `null` or absent.
        expires: Option<u64> where #[cfg_attr(bindings, tsify(type = "number | null"))],
    }
    /// Gives a member another team role, instead of all that they hold there.
    SetMemberRole "set_member_role" {
        /// Where.
        team: String,
        /// Whom.
        user: String,
        /// The team role.
        role: String,
    } {
        /// It counts while now is before this, Unix seconds; without end if `null`. If absent, their membership keeps the end it has.
        expires: Option<u64> where #[cfg_attr(bindings, tsify(type = "number | null"))],
    }
    /// Removes a member from a team.
    RemoveMember "remove_member" {
        /// Where.
        team: String,
        /// Whom.
        user: String,
    } {}
    /// Creates a project; the actor is its creator.
    CreateProject "create_project" {
        /// In which team.
        team: String,
        /// What people call it.
        name: String,
    } {
        /// Its id, or one is made.
        id: String,
    }
    /// Renames a project.
    EditProject "edit_project" {
        /// Which.
        project: String,
        /// What people call it from now on.
        name: String,
    } {}
    /// Deletes a project.
    DeleteProject "delete_project" {
        /// Which.
        project: String,
    } {
        /// With its assistants; otherwise a project with assistants stays.
        cascade: bool,
    }
    /// Creates an assistant; the actor is its owner.
    CreateAssistant "create_assistant" {
        /// In which project.
        project: String,
        /// What people call it.
        name: String,
    } {
        /// Its id, or one is made.
        id: String,
        /// Its ceiling; `only_me` by default.
        accessibility: Accessibility,
    }
    /// Renames an assistant.
    EditAssistant "edit_assistant" {
        /// Which.
        assistant: String,
        /// What people call it from now on.
        name: String,
    } {}
    /// Deletes an assistant.
    DeleteAssistant "delete_assistant" {
        /// Which.
        assistant: String,
    } {}
    /// Makes somebody else the owner.
    TransferAssistant "transfer_assistant" {
        /// Which.
        assistant: String,
        /// The new owner.
        user: String,
    } {}
    /// Opens or closes an assistant.
    SetAccessibility "set_accessibility" {
        /// Which.
        assistant: String,
        /// Its ceiling.
        accessibility: Accessibility,
    } {}
    /// Gives somebody a role on an assistant. The same role again sets its end, where `expires` says one.
    Grant "grant" {
        /// Where.
        assistant: String,
        /// Whom.
        user: String,
        /// The assistant role.
        role: String,
    } {
        /// It counts while now is before this, Unix seconds; without end if `null`. If absent, a grant that they have of this role keeps
        /// its end, and another one is without end.
        expires: Option<u64> where #[cfg_attr(bindings, tsify(type = "number | null"))],
    }
    /// Takes a role on an assistant away.
    RevokeGrant "revoke_grant" {
        /// Where.
        assistant: String,
        /// From whom.
        user: String,
    } {
        /// Which; all that they were granted there if absent.
        role: String,
    }
    /// Makes a share link. Its key is in the result, this once.
    CreateLink "create_link" {
        /// To which assistant.
        assistant: String,
        /// What it gives.
        level: LinkLevel,
    } {
        /// Its id, or one is made.
        id: String,
        /// It counts while now is before this, Unix seconds; without end if `null` or absent.
        expires: Option<u64> where #[cfg_attr(bindings, tsify(type = "number | null"))],
    }
    /// Takes a share link away.
    RevokeLink "revoke_link" {
        /// From which assistant.
        assistant: String,
        /// Which.
        link: String,
    } {}
    /// Says where an assistant may be embedded.
    SetEmbed "set_embed" {
        /// Which.
        assistant: String,
        /// `https://[*.]host[:port]`, `http://localhost[:port]`, or `*`. An empty list allows nobody, `null` takes the embedding away.
        origins: Option<Vec<String>> where #[cfg_attr(bindings, tsify(type = "string[] | null"))],
    } {}
    /// Defines a custom role, or redefines it.
    DefineRole "define_role" {
        /// Its id, not that of a built-in role.
        id: String,
        /// What it is held on.
        on: Level,
        /// The capabilities it grants.
        grants: Vec<String>,
    } {}
    /// Deletes a custom role that nobody holds.
    DeleteRole "delete_role" {
        /// Which.
        role: String,
    } {}
    /// Sets what the plan withholds from everybody. Without a name and with nothing withheld there is no plan. The authority's own
    /// command.
    SetPlan "set_plan" {
        /// Capabilities.
        withholds: Vec<String>,
    } {
        /// What it is called.
        name: String,
    }
    /// Defines the roles of a set that ships, those that are not there yet.
    ApplyRoleSet "apply_role_set" {
        /// Which.
        set: RoleSet,
    } {}
    /// Notes that somebody has looked at who may do what. Changes nothing.
    CompleteReview "complete_review" {} {
        /// What they found, for whoever reads the history.
        note: String,
    }
    /// Begins an epoch, once the history was put back to an earlier state: what was signed before is older, whatever its version. The
    /// authority's own command.
    BeginEpoch "begin_epoch" {
        /// Which; later than the present one.
        epoch: u64,
    } {}
}
