//! The commands: their table, and reading one from JSON.
//!
//! To add a command: add it to the table below, its decision to `decide`, and its row to the tests' model (`tests/directory/model`).
//! `make contract` writes its types, its row in `docs/authority.md` and its sentence in the console's audit log.

mod fields;
mod result;
mod row;
mod webhook_address;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

pub use self::fields::FieldKind;
pub use self::result::{CommandResult, Secret};
pub use self::row::{CommandArea, CommandField, CommandRow};
pub use self::webhook_address::WebhookAddress;

pub(super) use self::fields::{FieldError, Fields, read_object, read_object_at, read_objects};

use self::fields::Field;
use super::api_keys::KeyScope;
use super::refusal::Refusal;
use crate::document::Holding;
use crate::error::{harmless, named, quote};
use crate::facts::{Accessibility, LinkLevel};
use crate::rules::role::Level;
use crate::token::json::JsonReader;

/// Declares the commands from one table: for each a struct, its required fields first, then the optional ones, its name, and the texts
/// of its [`CommandRow`]. Attributes of a field follow `where`.
macro_rules! commands {
    ($(
        $(#[doc = $doc:literal])+
        $command:ident $name:literal in $area:ident
            needs $needs:literal
            refuses $refusals:literal
            logs $label:literal as $sentence:literal
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

        /// A command: a change that an actor asks for.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[serde(tag = "type")]
        #[cfg_attr(bindings, derive(tsify::Tsify))]
        #[non_exhaustive]
        pub enum Command {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $command($command),)+
        }

        /// The commands: one struct for each.
        pub mod commands {
            $(pub use super::$command;)+
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
                area: CommandArea::$area,
                needs: $needs,
                refusals: $refusals,
                label: $label,
                sentence: $sentence,
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
        let mut reader = JsonReader::new(json.to_owned());
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
    /// The built-in roles only.
    BuiltIn "built_in",
    /// For organizations that give people single assistants: the assistant roles `agent_admin` and `agent_user`.
    AssignedAgents "assigned_agents",
}

commands! {
    /// Invites a person by e-mail. From now on they are a user of status `invited`, until they accept. Replaces an expired invitation.
    InviteUser "invite_user" in Invitations
        needs "`user.invite`; own role covers the role"
        refuses "`unknown_role`, `beyond_own_role`, `already_exists`"
        logs "invited" as "invited {person id/email} as [{role role}|User]"
    {
        /// The address to invite; stored in its normal form.
        email: String,
    } {
        /// Their organization role; `user` by default.
        role: String,
        /// The user's id; made if absent.
        id: String,
        /// Seconds until the invitation expires: 1 to 2,592,000 (30 days); 604,800 (7 days) by default.
        expires_in: u64,
    }
    /// Makes a new token for an invited user, with the same life as the old token. The old token stops working.
    ResendInvitation "resend_invitation" in Invitations
        needs "`user.invite`; own role covers the user's role"
        refuses "`unknown_user`, `beyond_own_role`, `unknown_invitation`"
        logs "sent again" as "sent {person user} the invitation again"
    {
        /// The id of the invited user.
        user: String,
    } {}
    /// Revokes an invitation: removes the invited user with everything they would have held.
    RevokeInvitation "revoke_invitation" in Invitations
        needs "`user.invite`; own role covers the user's role"
        refuses "`unknown_user`, `beyond_own_role`, `unknown_invitation`"
        logs "withdrawn" as "withdrew the invitation of {person user}"
    {
        /// The id of the invited user.
        user: String,
    } {}
    /// Accepts an invitation, for a person who has signed in. Only the authority itself gives this command.
    AcceptInvitation "accept_invitation" in Invitations
        needs "system"
        refuses "`invitation_invalid`, `invitation_expired`, `wrong_address`, `already_exists` (the account)"
        logs "accepted" as "added {person user/email}, who accepted the invitation"
    {
        /// The token of the invitation, from the mail.
        token: Secret where
            #[serde(skip_serializing_if = "Secret::stays_unwritten")]
            #[cfg_attr(bindings, tsify(type = "string"))],
        /// The issuer of the account (OpenID Connect).
        issuer: String,
        /// The subject of the account: its id at its issuer.
        subject: String,
        /// The address of the account; it must be the invited address.
        email: String,
    } {}
    /// Creates an active person without a mail: they sign in later, with an account of this address. A person who was invited at the address
    /// becomes active, and their invitation ends.
    CreateUser "create_user" in People
        needs "`user.invite`; own role covers the role, and that of an invited person"
        refuses "`unknown_role`, `beyond_own_role`, `already_exists`"
        logs "added" as "added {person id/email} as [{role role}|User]"
    {
        /// Their address; stored in its normal form.
        email: String,
    } {
        /// Their organization role; `user` by default.
        role: String,
        /// The user's id; made if absent.
        id: String,
        /// Their name, for people.
        name: String,
    }
    /// Changes a person's name or address. The account with which they sign in stays.
    EditUser "edit_user" in People
        needs "`user.remove`; own role covers the user's role"
        refuses "`unknown_user`, `beyond_own_role`, `inactive_user` (the address of an invited person), `already_exists` (the address)"
        logs "changed" as "changed {person user}[: the name is “{text name}”][: the address is {text email}]"
    {
        /// The user's id.
        user: String,
    } {
        /// Their new name, for people; `null` removes it.
        name: Option<String> where #[cfg_attr(bindings, tsify(type = "string | null"))],
        /// Their new address; stored in its normal form. `null` removes it: then they sign in only with an account that they have used.
        email: Option<String> where #[cfg_attr(bindings, tsify(type = "string | null"))],
    }
    /// Gives a user another organization role.
    AssignRole "assign_role" in People
        needs "`user.assign_role`; own role covers the present and the new role; not oneself"
        refuses "`unknown_user`, `unknown_role`, `own_role`, `beyond_own_role`, `last_global_admin`"
        logs "role changed" as "made {person user} {role role}[, previously {role was}]"
    {
        /// The user's id.
        user: String,
        /// The new organization role.
        role: String,
    } {}
    /// Suspends a user: they hold nothing until they are reactivated.
    SuspendUser "suspend_user" in People
        needs "`user.remove`; own role covers the user's role"
        refuses "`unknown_user`, `beyond_own_role`, `last_global_admin`, `inactive_user`"
        logs "suspended" as "suspended {person user}"
    {
        /// The user's id.
        user: String,
    } {}
    /// Ends a suspension.
    ReactivateUser "reactivate_user" in People
        needs "`user.remove`; own role covers the user's role"
        refuses "`unknown_user`, `beyond_own_role`, `inactive_user`"
        logs "reactivated" as "reactivated {person user}"
    {
        /// The user's id.
        user: String,
    } {}
    /// Ends all sessions of a user. Changes nothing in the directory.
    SignOutUser "sign_out_user" in People
        needs "`user.remove`; own role covers the user's role"
        refuses "`unknown_user`, `beyond_own_role`, `inactive_user` (who was invited)"
        logs "signed out" as "signed {person user} out everywhere"
    {
        /// The user's id.
        user: String,
    } {}
    /// Removes a user with everything they hold. Other users take over the assistants that they own.
    RemoveUser "remove_user" in People
        needs "`user.remove`; own role covers the user's role"
        refuses "`unknown_user`, `unknown_assistant`, `beyond_own_role`, `last_global_admin`, `owns_assistants`, `inactive_user`"
        logs "removed" as "removed {person user}[{successors successors}; {person successor} takes over the other assistants|{successors successors}|; {person successor} takes over their assistants]"
    {
        /// The user's id.
        user: String,
    } {
        /// The new owners of single assistants: from assistant id to user id.
        successors: BTreeMap<String, String> where #[cfg_attr(bindings, tsify(type = "Record<string, string>"))],
        /// The new owner of all other assistants: a user id.
        successor: String,
    }
    /// Creates a user at the first sign-in of a person without an invitation, with the role `user`. Only the authority itself gives this
    /// command.
    Join "join" in People
        needs "system"
        refuses "`already_exists` (the account, the address, the id)"
        logs "joined" as "added {person id/email}, who signed in for the first time"
    {
        /// The issuer of the account (OpenID Connect).
        issuer: String,
        /// The subject of the account: its id at its issuer.
        subject: String,
        /// The address of the account.
        email: String,
    } {
        /// The user's id; made if absent.
        id: String,
    }
    /// Connects an active user with the account that they sign in with. Only the authority itself gives this command.
    LinkAccount "link_account" in People
        needs "system"
        refuses "`unknown_user`, `inactive_user`, `already_exists`"
        logs "account connected" as "connected {person user} with their sign-in account at {text issuer}"
    {
        /// The user's id.
        user: String,
        /// The issuer of the account (OpenID Connect).
        issuer: String,
        /// The subject of the account: its id at its issuer.
        subject: String,
    } {}
    /// Creates a team. The actor is its creator.
    CreateTeam "create_team" in TeamsAndProjects
        needs "`team.create`"
        refuses "`already_exists`"
        logs "team created" as "created the team {team id/name}"
    {
        /// Its name, for people.
        name: String,
    } {
        /// Its id; made if absent.
        id: String,
    }
    /// Renames a team.
    EditTeam "edit_team" in TeamsAndProjects
        needs "`team.edit`"
        refuses ""
        logs "team renamed" as "renamed the team {team team} to “{text name}”"
    {
        /// The id of the team.
        team: String,
        /// Its new name, for people.
        name: String,
    } {}
    /// Deletes a team.
    DeleteTeam "delete_team" in TeamsAndProjects
        needs "`team.delete`"
        refuses "`not_empty`"
        logs "team deleted" as "deleted the team {team team}[{if cascade} with its projects and assistants]"
    {
        /// The id of the team.
        team: String,
    } {
        /// Whether its projects and their assistants are deleted too. If not, a team with projects is not deleted.
        cascade: bool,
    }
    /// Adds a member to a team.
    AddMember "add_member" in TeamsAndProjects
        needs "`team.manage_members`; powers cover the role"
        refuses "`unknown_role`, `beyond_own_role`, `already_exists`, `unknown_user`"
        logs "member added" as "added {person user} to the team {team team} as {role role}[, until {time expires}]"
    {
        /// The id of the team.
        team: String,
        /// The user's id.
        user: String,
        /// The id of the team role.
        role: String,
    } {
        /// The role counts before this time, Unix seconds; without end if `null` or absent.
        expires: Option<u64> where #[cfg_attr(bindings, tsify(type = "number | null"))],
    }
    /// Gives a member a team role in place of all team roles that they hold there.
    SetMemberRole "set_member_role" in TeamsAndProjects
        needs "`team.manage_members`; powers cover the role; powers cover the user's roles there, except for oneself"
        refuses "`unknown_user`, `unknown_role`, `beyond_own_role`"
        logs "member’s role changed" as "made {person user} {role role} of the team {team team}[, previously {role was}][, until {time expires}]"
    {
        /// The id of the team.
        team: String,
        /// The user's id.
        user: String,
        /// The id of the team role.
        role: String,
    } {
        /// The role counts before this time, Unix seconds; without end if `null`. If absent, the membership keeps its end.
        expires: Option<u64> where #[cfg_attr(bindings, tsify(type = "number | null"))],
    }
    /// Removes a member from a team.
    RemoveMember "remove_member" in TeamsAndProjects
        needs "`team.manage_members`; powers cover the user's roles there, except for oneself"
        refuses "`unknown_user`, `beyond_own_role`"
        logs "member removed" as "removed {person user} from the team {team team}"
    {
        /// The id of the team.
        team: String,
        /// The user's id.
        user: String,
    } {}
    /// Sets all members of a team at once. Memberships that are the same stay as they are; the others are given and taken.
    SetMembers "set_members" in TeamsAndProjects
        needs "`team.manage_members`; powers cover the new roles, and the taken ones, except for oneself"
        refuses "`unknown_role`, `beyond_own_role`, `unknown_user`"
        logs "members set" as "set the members of the team {team team}"
    {
        /// The id of the team.
        team: String,
        /// All memberships: `user`, `role` and, if it ends, `expires` (Unix seconds).
        members: Vec<Holding> where #[cfg_attr(bindings, tsify(type = "Holding[]"))],
    } {}
    /// Sets the creator of a team or of a project.
    SetCreator "set_creator" in TeamsAndProjects
        needs "`team.manage_members` on the team; powers cover what a creator has there, and what the present one loses, except for oneself"
        refuses "`beyond_own_role`, `unknown_user`"
        logs "creator" as "[made {person creator} the creator of|removed the creator of] [the team {team team}|the project {project project}][, previously {person was}]"
    {
        /// The id of the new creator; none if `null`.
        creator: Option<String> where #[cfg_attr(bindings, tsify(type = "string | null"))],
    } {
        /// The id of the team.
        team: String,
        /// The id of the project.
        project: String,
    }
    /// Creates a project. The actor is its creator.
    CreateProject "create_project" in TeamsAndProjects
        needs "`project.create`"
        refuses "`already_exists`"
        logs "project created" as "created the project {project id/name} in the team {team team}"
    {
        /// The id of its team.
        team: String,
        /// Its name, for people.
        name: String,
    } {
        /// Its id; made if absent.
        id: String,
    }
    /// Renames a project.
    EditProject "edit_project" in TeamsAndProjects
        needs "`project.edit`"
        refuses ""
        logs "project renamed" as "renamed the project {project project} to “{text name}”"
    {
        /// The id of the project.
        project: String,
        /// Its new name, for people.
        name: String,
    } {}
    /// Deletes a project.
    DeleteProject "delete_project" in TeamsAndProjects
        needs "`project.delete`"
        refuses "`not_empty`"
        logs "project deleted" as "deleted the project {project project}[{if cascade} with its assistants]"
    {
        /// The id of the project.
        project: String,
    } {
        /// Whether its assistants are deleted too. If not, a project with assistants is not deleted.
        cascade: bool,
    }
    /// Moves a project with its assistants to another team.
    MoveProject "move_project" in TeamsAndProjects
        needs "`project.delete`; `project.create` on the new team; `assistant.share` on its assistants; powers on the old team cover what both teams give"
        refuses "`not_empty` (assistants that the actor may not share), `beyond_own_role`"
        logs "project moved" as "moved the project {project project} to the team {team team}[, previously {team was}]"
    {
        /// The id of the project.
        project: String,
        /// The id of its new team.
        team: String,
    } {}
    /// Creates an assistant. The actor is its owner, unless another one is named.
    CreateAssistant "create_assistant" in Assistants
        needs "`assistant.create` on its team; an owner; for other accessibilities than `only_me` and for another owner, a plan with `assistant.share`"
        refuses "`already_exists`, `unknown_user`, `inactive_user`"
        logs "created" as "created the assistant {assistant id/name} in the project {project project}[ for {person owner}][, open to: {accessibility accessibility}]"
    {
        /// The id of its project.
        project: String,
        /// Its name, for people.
        name: String,
    } {
        /// Its id; made if absent.
        id: String,
        /// Its accessibility; `only_me` by default.
        accessibility: Accessibility,
        /// The id of its owner; the actor by default.
        owner: String,
    }
    /// Renames an assistant.
    EditAssistant "edit_assistant" in Assistants
        needs "`assistant.edit`"
        refuses ""
        logs "renamed" as "renamed the assistant {assistant assistant} to “{text name}”"
    {
        /// The id of the assistant.
        assistant: String,
        /// Its new name, for people.
        name: String,
    } {}
    /// Deletes an assistant.
    DeleteAssistant "delete_assistant" in Assistants
        needs "`assistant.delete`"
        refuses ""
        logs "deleted" as "deleted the assistant {assistant assistant}"
    {
        /// The id of the assistant.
        assistant: String,
    } {}
    /// Moves an assistant to another project.
    MoveAssistant "move_assistant" in Assistants
        needs "`assistant.share`; `assistant.create` on the team of the new project; for another team, powers cover what both teams give on it"
        refuses "`beyond_own_role`"
        logs "moved" as "moved {assistant assistant} to the project {project project}[, previously {project was}]"
    {
        /// The id of the assistant.
        assistant: String,
        /// The id of its new project.
        project: String,
    } {}
    /// Gives an assistant another owner.
    TransferAssistant "transfer_assistant" in Assistants
        needs "`assistant.share`; powers cover an owner's capabilities"
        refuses "`beyond_own_role`, `unknown_user`, `inactive_user`"
        logs "new owner" as "made {person user} the owner of {assistant assistant}[, previously {person was}]"
    {
        /// The id of the assistant.
        assistant: String,
        /// The id of the new owner.
        user: String,
    } {}
    /// Sets the accessibility of an assistant.
    SetAccessibility "set_accessibility" in Sharing
        needs "`assistant.share`"
        refuses ""
        logs "accessibility" as "changed who {assistant assistant} is open to: {accessibility accessibility}"
    {
        /// The id of the assistant.
        assistant: String,
        /// Its new accessibility.
        accessibility: Accessibility,
    } {}
    /// Grants a user a role on an assistant. Granting the same role again changes its end, if `expires` is given.
    Grant "grant" in Sharing
        needs "`assistant.share`; powers cover the role"
        refuses "`unknown_role`, `beyond_own_role`, `only_me`, `unknown_user`, `only_team`"
        logs "role given" as "made {person user} {role role} of {assistant assistant}[, until {time expires}]"
    {
        /// The id of the assistant.
        assistant: String,
        /// The user's id.
        user: String,
        /// The id of the assistant role.
        role: String,
    } {
        /// The role counts before this time, Unix seconds; without end if `null`. If absent, a grant of the same role keeps its end, and a
        /// new grant is without end.
        expires: Option<u64> where #[cfg_attr(bindings, tsify(type = "number | null"))],
    }
    /// Revokes a role on an assistant.
    RevokeGrant "revoke_grant" in Sharing
        needs "`assistant.share`; powers cover the revoked roles, except for oneself"
        refuses "`unknown_role`, `unknown_user`, `beyond_own_role`"
        logs "role removed" as "removed [the role {role role}|every role] on {assistant assistant} from {person user}"
    {
        /// The id of the assistant.
        assistant: String,
        /// The user's id.
        user: String,
    } {
        /// The id of the role; all their grants there if absent.
        role: String,
    }
    /// Sets all grants on an assistant at once. Grants that are the same stay as they are; the others are given and taken. They may be hidden by
    /// the accessibility of the assistant.
    SetGrants "set_grants" in Sharing
        needs "`assistant.share`; powers cover the new roles, and the taken ones, except for oneself"
        refuses "`unknown_role`, `beyond_own_role`, `unknown_user`"
        logs "roles set" as "set who has roles on {assistant assistant}"
    {
        /// The id of the assistant.
        assistant: String,
        /// All grants: `user`, `role` and, if it ends, `expires` (Unix seconds).
        grants: Vec<Holding> where #[cfg_attr(bindings, tsify(type = "Holding[]"))],
    } {}
    /// Changes the end of a membership (`team`, `user`), of a grant (`assistant`, `user`) or of a share link (`assistant`, `link`).
    SetExpiry "set_expiry" in Sharing
        needs "`team.manage_members` or `assistant.share`; powers cover, until the new end, what then lasts as long"
        refuses "`unknown_user`, `unknown_role`, `unknown_link`, `beyond_own_role`"
        logs "end changed" as "changed the end of [the link {text link}|what {person user} holds] [in the team {team team}|on {assistant assistant}][: {time expires}|: none]"
    {
        /// It counts before this time, Unix seconds; without end if `null`.
        expires: Option<u64> where #[cfg_attr(bindings, tsify(type = "number | null"))],
    } {
        /// The id of the team.
        team: String,
        /// The id of the assistant.
        assistant: String,
        /// The user's id.
        user: String,
        /// The id of the role; all that the user holds there if absent.
        role: String,
        /// The id of the link.
        link: String,
    }
    /// Creates a share link. The result has its key, this once.
    CreateLink "create_link" in Sharing
        needs "`assistant.share`; powers cover the link's capabilities"
        refuses "`beyond_own_role`, `only_me`, `only_team`, `already_exists`"
        logs "link created" as "created a link to {text level} {assistant assistant}[ ({text id})][, until {time expires}]"
    {
        /// The id of the assistant.
        assistant: String,
        /// The access that it gives.
        level: LinkLevel,
    } {
        /// Its id; made if absent.
        id: String,
        /// The role counts before this time, Unix seconds; without end if `null` or absent.
        expires: Option<u64> where #[cfg_attr(bindings, tsify(type = "number | null"))],
        /// The digest of a key that was made elsewhere: SHA-256 of its text, base64url. Then the result has no key. Only global admins and
        /// machines give it.
        digest: Secret where #[serde(skip_serializing)] #[cfg_attr(bindings, tsify(type = "string"))],
    }
    /// Revokes a share link.
    RevokeLink "revoke_link" in Sharing
        needs "`assistant.share`"
        refuses "`unknown_link`"
        logs "link revoked" as "revoked the link {text link} to {assistant assistant}"
    {
        /// The id of the assistant.
        assistant: String,
        /// The id of the link.
        link: String,
    } {}
    /// Sets the sites that may embed an assistant.
    SetEmbed "set_embed" in Sharing
        needs "`assistant.share`"
        refuses ""
        logs "embedding" as "[allowed to embed {assistant assistant}: {origins origins}|{if origins}removed all websites that may embed {assistant assistant}|ended the embedding of {assistant assistant}]"
    {
        /// The id of the assistant.
        assistant: String,
        /// Patterns: `https://[*.]host[:port]`, `http://localhost[:port]`, or `*`. An empty list allows no site; `null` removes the embedding.
        origins: Option<Vec<String>> where #[cfg_attr(bindings, tsify(type = "string[] | null"))],
    } {}
    /// Defines a custom role, or redefines it.
    DefineRole "define_role" in RolesAndPlan
        needs "`role.define`; own role covers the old and the new grants"
        refuses "`already_exists` (a built-in id), `beyond_own_role`, `in_use`"
        logs "role defined" as "defined the role {role id} on {level on}: [{capabilities grants}|nothing]"
    {
        /// Its id, not that of a built-in role.
        id: String,
        /// The level on which it is held.
        on: Level,
        /// The names of the capabilities that it grants.
        grants: Vec<String>,
    } {}
    /// Deletes a custom role that nobody holds.
    DeleteRole "delete_role" in RolesAndPlan
        needs "`role.define`; own role covers the grants"
        refuses "`unknown_role`, `beyond_own_role`, `in_use`"
        logs "role deleted" as "deleted the role {role role}"
    {
        /// The id of the role.
        role: String,
    } {}
    /// Defines the roles of a role set, except those that exist already.
    ApplyRoleSet "apply_role_set" in RolesAndPlan
        needs "`role.define`; own role covers the grants"
        refuses "`already_exists` (another role of that id, `ids`), `beyond_own_role`"
        logs "role set added" as "added the {role_set set}"
    {
        /// The role set.
        set: RoleSet,
    } {}
    /// Sets the capabilities that the plan withholds from everybody. Without a name and without capabilities there is no plan. Only the
    /// authority itself gives this command.
    SetPlan "set_plan" in RolesAndPlan
        needs "system"
        refuses ""
        logs "plan changed" as "set the plan[ “{text name}”], which [withholds: {capabilities withholds}|withholds nothing]"
    {
        /// The names of the withheld capabilities.
        withholds: Vec<String>,
    } {
        /// The name of the plan, for people.
        name: String,
    }
    /// Creates a webhook: each later event is sent to its address, in order.
    CreateWebhook "create_webhook" in Webhooks
        needs "`integrations.manage`; `audit.view`"
        refuses "`already_exists`, `too_many`"
        logs "webhook created" as "created the webhook [“{text name}”|{text id}] to {text url}[, for {kinds events}]"
    {
        /// The address to send to: `https`, on the internet. The log has it without its path and query.
        url: WebhookAddress where #[cfg_attr(bindings, tsify(type = "string"))],
    } {
        /// Its name, for people.
        name: String,
        /// The events to send, by the `type` of their commands; all if absent.
        events: Vec<String>,
        /// Its id; made if absent.
        id: String,
    }
    /// Changes a webhook. What is absent stays as it is.
    EditWebhook "edit_webhook" in Webhooks
        needs "`integrations.manage`; `audit.view`"
        refuses "`unknown_webhook`"
        logs "webhook changed" as "changed the webhook {text webhook}[; its address: {text url}][; its name: “{text name}”][; its events: {kinds events}|{if events}|]"
    {
        /// The id of the webhook.
        webhook: String,
    } {
        /// The new address to send to: `https`, on the internet. The log has it without its path and query.
        url: WebhookAddress where #[cfg_attr(bindings, tsify(type = "string"))],
        /// Its new name, for people.
        name: String,
        /// The events to send, by the `type` of their commands; all if `null`.
        events: Option<Vec<String>> where #[cfg_attr(bindings, tsify(type = "string[] | null"))],
    }
    /// Switches a webhook on. It goes on after the last event that it has received.
    EnableWebhook "enable_webhook" in Webhooks
        needs "`integrations.manage`; `audit.view`"
        refuses "`unknown_webhook`"
        logs "webhook switched on" as "switched the webhook {text webhook} on"
    {
        /// The id of the webhook.
        webhook: String,
    } {}
    /// Switches a webhook off: nothing is sent until it is switched on.
    DisableWebhook "disable_webhook" in Webhooks
        needs "`integrations.manage`; `audit.view`"
        refuses "`unknown_webhook`"
        logs "webhook switched off" as "switched the webhook {text webhook} off"
    {
        /// The id of the webhook.
        webhook: String,
    } {}
    /// Deletes a webhook.
    DeleteWebhook "delete_webhook" in Webhooks
        needs "`integrations.manage`; `audit.view`"
        refuses "`unknown_webhook`"
        logs "webhook deleted" as "deleted the webhook {text webhook}"
    {
        /// The id of the webhook.
        webhook: String,
    } {}
    /// Creates an API key. The result has its secret, this once. A key that creates another one gives no scope, address or time that it
    /// lacks itself.
    CreateApiKey "create_api_key" in ApiKeys
        needs "`panel.api_keys`; own role covers the role"
        refuses "`unknown_role`, `beyond_own_role`, `already_exists`"
        logs "key created" as "created the API key “{api_key id/name}” as {role role}, for: {scopes scopes}[, until {time expires}][, accepted from: {texts addresses}]"
    {
        /// Its name, for people.
        name: String,
        /// Its organization role.
        role: String,
        /// What it may be used for; at least one.
        scopes: Vec<KeyScope> where #[cfg_attr(bindings, tsify(type = "KeyScope[]"))],
    } {
        /// Its id; made if absent.
        id: String,
        /// It counts before this time, Unix seconds; without end if `null` or absent.
        expires: Option<u64> where #[cfg_attr(bindings, tsify(type = "number | null"))],
        /// The IP addresses and networks (CIDR) from which it is accepted, at most 64; from everywhere if empty or absent.
        addresses: Vec<String>,
    }
    /// Changes an API key: what is absent stays. Its secret and its role stay.
    EditApiKey "edit_api_key" in ApiKeys
        needs "`panel.api_keys`; own role covers the key's role"
        refuses "`unknown_api_key`, `beyond_own_role`"
        logs "key changed" as "changed the API key “{api_key key}”[; its name: “{text name}”][; for: {scopes scopes}][; its end: {end expires}][; accepted from: {networks addresses}]"
    {
        /// The id of the key.
        key: String,
    } {
        /// Its new name, for people.
        name: String,
        /// What it may be used for from now on; at least one.
        scopes: Vec<KeyScope> where #[cfg_attr(bindings, tsify(type = "KeyScope[]"))],
        /// It counts before this time, Unix seconds; without end if `null`.
        expires: Option<u64> where #[cfg_attr(bindings, tsify(type = "number | null"))],
        /// The IP addresses and networks (CIDR) from which it is accepted, at most 64; from everywhere if empty.
        addresses: Vec<String>,
    }
    /// Gives an API key a new secret. The result has it, this once. The old secret stops working, at once or after `grace`.
    RotateApiKey "rotate_api_key" in ApiKeys
        needs "`panel.api_keys`; own role covers the key's role"
        refuses "`unknown_api_key`, `beyond_own_role`"
        logs "key rotated" as "gave the API key “{api_key key}” a new secret[; the one before is accepted for {span grace}]"
    {
        /// The id of the key.
        key: String,
    } {
        /// Seconds for which the old secret is still accepted: at most 604,800 (7 days); 0 by default.
        grace: u64,
    }
    /// Revokes an API key: it stops working at once.
    RevokeApiKey "revoke_api_key" in ApiKeys
        needs "`panel.api_keys`; own role covers the key's role"
        refuses "`unknown_api_key`, `beyond_own_role`"
        logs "key revoked" as "revoked the API key “{api_key key}”"
    {
        /// The id of the key.
        key: String,
    } {}
    /// Records an access review. Changes nothing else.
    CompleteReview "complete_review" in ReviewsAndHistory
        needs "`audit.view`; the global admin's role"
        refuses "`beyond_own_role`"
        logs "review completed" as "completed an access review[: “{text note}”]"
    {} {
        /// The findings, for readers of the history: 1 to 500 characters, also on several lines.
        note: String,
    }
    /// Begins an epoch, after the history was restored to an earlier state: everything signed before counts as older, whatever its version.
    /// Only the authority itself gives this command.
    BeginEpoch "begin_epoch" in ReviewsAndHistory
        needs "system"
        refuses "`invalid_command`"
        logs "history restored" as "went back to the entry before this one: later changes are not in this history"
    {
        /// The new epoch; higher than the present one.
        epoch: u64,
    } {}
}
