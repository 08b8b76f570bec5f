//! Deciding commands: who may give them, whether they make sense, and what they change.
//!
//! Each command has a function of [`Decider`]. It checks in this order, so that a refusal reveals nothing that the actor may not know:
//! 1. the command by itself (`fields`);
//! 2. the target and the actor's capability there (`access`);
//! 3. the users and roles that the command names besides (`people`);
//! 4. that the actor gives and takes nothing that they do not have (§3.4, `giving`);
//! 5. conditions of this command: ids that are taken, a team that is not empty.
//!
//! The function returns an [`Effect`]. It changes only the command, in which it fills in ids.

mod access;
mod api_keys;
mod assistants;
mod created;
mod effect;
mod epochs;
mod fields;
mod giving;
mod holdings;
mod invitations;
mod moves;
mod people;
mod profiles;
mod reviews;
mod roles;
mod teams;
mod users;
mod webhooks;

use serde::Serialize;

pub(super) use self::effect::Effect;

use super::actor::Actor;
use super::command::{Command, CommandResult};
use super::event::{ChainEnd, ChangePlaces, Event, SealedContent, SealedText};
use super::people::People;
use super::refusal::{Refusal, RefusalCode};
use super::{Applied, Directory};
use crate::document::AssistantChange;
use crate::facts::{Accessibility, Facts, MAX_ISSUED_TIME};
use crate::rules::Acting;
use crate::token::json::MAX_INTEGER;

/// An accepted command.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The event: to be stored, then applied.
    pub event: Event,
    /// The answer to the actor.
    pub result: CommandResult,
    /// The ids of the assistants whose gate snapshots may change.
    pub gates: Vec<String>,
    /// The ids of the users who are removed. Delete everything stored under them, because a later user may get the same id.
    pub gone: Vec<String>,
    /// The ids of the API keys that are revoked: as for users, a later key may get the same id.
    pub revoked: Vec<String>,
}

/// An accepted command, with the content of its event.
struct Written {
    decided: Decided,
    sealed: SealedContent,
    /// Where it is in the event's sealed text.
    places: ChangePlaces,
    /// The end of the history with it.
    latest: ChainEnd,
}

impl Directory {
    /// Decides a command: returns its event, or refuses it. Changes nothing. `now` is in Unix seconds; `entropy` comes from a
    /// cryptographically secure source and is used once.
    ///
    /// # Errors
    /// [`Refusal`] with the first reason.
    pub fn decide(&self, actor: &Actor, command: Command, now: u64, entropy: &[u8; 32]) -> Result<Decided, Refusal> {
        self.write(actor, command, now, entropy).map(|written| written.decided)
    }

    /// Decides a command and applies its event at once. This is faster than the two steps, because the event is not read again.
    ///
    /// # Errors
    /// As [`Directory::decide`].
    pub fn execute(&mut self, actor: &Actor, command: Command, now: u64, entropy: &[u8; 32]) -> Result<Decided, Refusal> {
        let Written { decided, sealed, places, latest } = self.write(actor, command, now, entropy)?;
        // Decisions undo exactly what they change: the tests hold them to it. Events from outside are always checked.
        if cfg!(debug_assertions) {
            self.check_undo(&sealed, latest)?;
        }
        let text = &decided.event.sealed;
        let (before, after) = (places.before(text), places.after(text).to_owned());
        self.apply_content(Applied { sealed, before, after, bytes: text.len() }, latest)?;
        Ok(decided)
    }

    fn write(&self, actor: &Actor, mut command: Command, now: u64, entropy: &[u8; 32]) -> Result<Written, Refusal> {
        let (effect, now) = self.effect(actor, &mut command, now, entropy)?;
        let Effect { before, after, people, epoch, result, user, was } = effect;
        let (gone, revoked) = (after.gone.users.clone(), people.gone.keys.clone());
        let sealed = SealedContent { before, after, people, epoch };
        let gates = self.gates(&sealed);
        let executed = Executed { command: &command, user, was, ended: &result.ended };
        let SealedText { text, places } = SealedText::write(&sealed)?;
        let (event, latest) = ChainEnd::write(Some(&self.latest), now, actor, &executed, text)?;
        Ok(Written { decided: Decided { event, result, gates, gone, revoked }, sealed, places, latest })
    }

    /// The effect of a command and its time, Unix seconds.
    pub(super) fn effect(
        &self,
        actor: &Actor,
        command: &mut Command,
        now: u64,
        entropy: &[u8; 32],
    ) -> Result<(Effect, u64), Refusal> {
        if now > MAX_ISSUED_TIME {
            return Err(Refusal::invalid("now", "expected Unix seconds; these look like milliseconds"));
        }
        if self.latest.version >= MAX_INTEGER {
            return Err(Refusal::new(RefusalCode::InvalidCommand, "the last possible version has been reached"));
        }
        // Where the clock has been set back, the time of the latest event counts.
        let now = now.max(self.latest.at);
        let facts = &self.facts;
        let acting = self.acting(actor, now);
        let decider =
            Decider { facts, people: &self.people, epoch: self.epoch, loopback: self.loopback, actor, acting, now, entropy };
        Ok((decider.effect(command)?, now))
    }

    /// The assistants whose gate snapshots a change may concern: those that are public before or after it.
    fn gates(&self, SealedContent { before, after, epoch, .. }: &SealedContent) -> Vec<String> {
        if after.plan.is_some() || epoch.is_some() {
            return self.public_assistants();
        }
        let public = |assistant: &&AssistantChange| assistant.accessibility == Accessibility::Public;
        let sides = before.assistants.iter().chain(&after.assistants);
        let mut gates: Vec<String> = sides.filter(public).map(|assistant| assistant.id.clone()).collect();
        gates.sort_unstable();
        gates.dedup();
        gates
    }
}

/// The command in the text of an event: with ids filled in, without secrets, and with facts for readers of the history.
#[derive(Serialize)]
struct Executed<'a> {
    #[serde(flatten)]
    command: &'a Command,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<String>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    ended: &'a [String],
}

/// The input of a decision.
struct Decider<'a> {
    facts: &'a Facts,
    people: &'a People,
    epoch: u64,
    /// Whether webhooks may be on the service's own machine.
    loopback: bool,
    actor: &'a Actor,
    /// The actor as the rules see it; none for the authority itself.
    acting: Option<Acting>,
    now: u64,
    entropy: &'a [u8; 32],
}

/// A position returned by a lookup always exists; this turns the impossible `None` into a refusal.
fn must_exist<T>(thing: Option<T>) -> Result<T, Refusal> {
    thing.ok_or_else(|| Refusal::new(RefusalCode::InvalidCommand, "it no longer exists"))
}

impl Decider<'_> {
    fn effect(&self, command: &mut Command) -> Result<Effect, Refusal> {
        match command {
            Command::InviteUser(command) => self.invite_user(command),
            Command::ResendInvitation(command) => self.resend_invitation(command),
            Command::RevokeInvitation(command) => self.revoke_invitation(command),
            Command::AcceptInvitation(command) => self.accept_invitation(command),
            Command::Join(command) => self.join(command),
            Command::LinkAccount(command) => self.link_account(command),
            Command::CreateUser(command) => self.create_user(command),
            Command::EditUser(command) => self.edit_user(command),
            Command::AssignRole(command) => self.assign_role(command),
            Command::SuspendUser(command) => self.suspend_user(command),
            Command::ReactivateUser(command) => self.reactivate_user(command),
            Command::SignOutUser(command) => self.sign_out_user(command),
            Command::RemoveUser(command) => self.remove_user(command),
            Command::CreateTeam(command) => self.create_team(command),
            Command::EditTeam(command) => self.edit_team(command),
            Command::DeleteTeam(command) => self.delete_team(command),
            Command::AddMember(command) => self.add_member(command),
            Command::SetMemberRole(command) => self.set_member_role(command),
            Command::RemoveMember(command) => self.remove_member(command),
            Command::SetMembers(command) => self.set_members(command),
            Command::SetCreator(command) => self.set_creator(command),
            Command::CreateProject(command) => self.create_project(command),
            Command::EditProject(command) => self.edit_project(command),
            Command::DeleteProject(command) => self.delete_project(command),
            Command::MoveProject(command) => self.move_project(command),
            Command::CreateAssistant(command) => self.create_assistant(command),
            Command::EditAssistant(command) => self.edit_assistant(command),
            Command::DeleteAssistant(command) => self.delete_assistant(command),
            Command::MoveAssistant(command) => self.move_assistant(command),
            Command::TransferAssistant(command) => self.transfer_assistant(command),
            Command::SetAccessibility(command) => self.set_accessibility(command),
            Command::Grant(command) => self.grant(command),
            Command::RevokeGrant(command) => self.revoke_grant(command),
            Command::SetGrants(command) => self.set_grants(command),
            Command::SetExpiry(command) => self.set_expiry(command),
            Command::CreateLink(command) => self.create_link(command),
            Command::RevokeLink(command) => self.revoke_link(command),
            Command::SetEmbed(command) => self.set_embed(command),
            Command::DefineRole(command) => self.define_role(command),
            Command::DeleteRole(command) => self.delete_role(command),
            Command::SetPlan(command) => self.set_plan(command),
            Command::ApplyRoleSet(command) => self.apply_role_set(command),
            Command::CreateWebhook(command) => self.create_webhook(command),
            Command::EditWebhook(command) => self.edit_webhook(command),
            Command::EnableWebhook(command) => self.enable_webhook(command),
            Command::DisableWebhook(command) => self.disable_webhook(command),
            Command::DeleteWebhook(command) => self.delete_webhook(command),
            Command::CreateApiKey(command) => self.create_api_key(command),
            Command::EditApiKey(command) => self.edit_api_key(command),
            Command::RotateApiKey(command) => self.rotate_api_key(command),
            Command::RevokeApiKey(command) => self.revoke_api_key(command),
            Command::CompleteReview(command) => self.complete_review(command),
            Command::BeginEpoch(command) => self.begin_epoch(command),
        }
    }
}
