//! Commands on users: invite, sign in for the first time, give roles, suspend, remove.

use std::collections::BTreeSet;

use super::created::digest;
use super::effect::Effect;
use super::{Decider, must_exist};
use crate::authority::directory::address;
use crate::authority::directory::api_keys::ApiKey;
use crate::authority::directory::command::{
    AcceptInvitation, AssignRole, CommandResult, InviteUser, Join, LinkAccount, ReactivateUser, RemoveUser, ResendInvitation,
    RevokeInvitation, SignOutUser, SuspendUser,
};
use crate::authority::directory::event::{Account, Invitation};
use crate::authority::directory::people::{LONGEST_ACCOUNT, is_account_name};
use crate::authority::directory::refusal::{Refusal, RefusalCode};
use crate::authority::limits::{INVITATION_LIFE, LONGEST_INVITATION};
use crate::authority::projection::Holders;
use crate::document::{AssistantChange, Project, TeamChange, User};
use crate::error::{harmless, quote};
use crate::facts::{self, MAX_ISSUED_TIME, Position, Status};
use crate::rules;
use crate::rules::capability::{Capability, CapabilitySet, Kind};
use crate::rules::role::{Level, USER};
use crate::rules::target::Target;

impl Decider<'_> {
    pub(super) fn invite_user(&self, command: &mut InviteUser) -> Result<Effect, Refusal> {
        let email = self.check_address(&command.email)?;
        self.check_id(command.id.as_deref())?;
        let life = command.expires_in.unwrap_or(INVITATION_LIFE);
        if !(1..=LONGEST_INVITATION).contains(&life) {
            return Err(Refusal::invalid("expires_in", &format!("expected 1 to {LONGEST_INVITATION} seconds")));
        }
        self.allowed(Capability::UserInvite, Target::Organization)?;
        self.check_may_choose_id(command.id.as_deref())?;
        let role_id = command.role.get_or_insert_with(|| USER.to_owned()).clone();
        let role = self.role(&role_id, Level::Organization)?;
        self.check_gives(self.facts.grants_of(role))?;

        // A user whose invitation has expired is invited again, as the same user.
        let replaces = |invitation: Option<&Invitation>| invitation.is_none_or(|invitation| invitation.expires <= self.now);
        let taken = "another user has this address, or was invited at it";
        let (before, id) = self.user_at_address(&email, &mut command.id, taken, replaces)?;
        command.email.clone_from(&email);
        command.expires_in = Some(life);
        let name = before.as_ref().and_then(|before| before.name.clone());
        let user = User { id: id.clone(), role: role_id.clone(), status: Status::Invited, email: Some(email.clone()), name };
        Ok(self.inviting(Effect::default().user(before, user), &id, email, role_id, life))
    }

    /// The user at an address before the command, if it `replaces` their invitation, and the id of the user after it. An address of any
    /// other user is `taken`.
    pub(super) fn user_at_address(
        &self,
        email: &str,
        id: &mut Option<String>,
        taken: &str,
        replaces: impl Fn(Option<&Invitation>) -> bool,
    ) -> Result<(Option<User>, String), Refusal> {
        let taken = || Refusal::at(RefusalCode::AlreadyExists, "email", taken);
        let Some(user) = self.people.user_at(email) else {
            return Ok((None, self.new_id(id, "u", |id| self.facts.find_user(id).is_some())?));
        };
        let user = self.user(user, "email")?;
        if !self.invitation_if_invited(user).is_some_and(replaces) {
            return Err(taken());
        }
        self.check_gives(self.role_grants(user))?;
        let before = must_exist(self.facts.user_now(user))?;
        if id.as_ref().is_some_and(|given| *given != before.id) {
            return Err(taken());
        }
        let kept = id.insert(before.id.clone()).clone();
        Ok((Some(before), kept))
    }

    pub(super) fn resend_invitation(&self, command: &ResendInvitation) -> Result<Effect, Refusal> {
        self.allowed(Capability::UserInvite, Target::Organization)?;
        let (user, old) = self.invited_user(&command.user)?;
        let user = must_exist(self.facts.user_now(user))?;
        let email = user.email.ok_or_else(|| Refusal::unknown(RefusalCode::UnknownInvitation, "user", &command.user))?;
        let life = old.map_or(INVITATION_LIFE, |old| old.expires.saturating_sub(old.invited_at).min(LONGEST_INVITATION));
        Ok(self.inviting(Effect::default(), &user.id, email, user.role, life))
    }

    pub(super) fn revoke_invitation(&self, command: &RevokeInvitation) -> Result<Effect, Refusal> {
        self.allowed(Capability::UserInvite, Target::Organization)?;
        let (user, _) = self.invited_user(&command.user)?;
        // An invited user owns assistants only if the organization was founded so.
        let owned = self.owned_by(user);
        if !owned.is_empty() {
            return Err(self.owns_assistants(&owned));
        }
        Ok(self.removing(Effect::default(), Some(user), Vec::new(), |_| None))
    }

    pub(super) fn accept_invitation(&self, command: &mut AcceptInvitation) -> Result<Effect, Refusal> {
        let email = self.check_account(&command.issuer, &command.subject, &command.email)?;
        self.check_system()?;
        let invalid = || Refusal::new(RefusalCode::InvitationInvalid, "the invitation is unknown or was used");
        let invitation = self.people.invitation_by_digest(&digest(&command.token.0)).ok_or_else(invalid)?;
        let user = self.user(&invitation.user, "token")?;
        if self.invitation_if_invited(user).is_none() {
            return Err(invalid());
        }
        if self.now >= invitation.expires {
            return Err(Refusal::new(RefusalCode::InvitationExpired, "the invitation has expired"));
        }
        if email != address::key(&invitation.email) {
            return Err(Refusal::new(RefusalCode::WrongAddress, "the invitation was sent to another address"));
        }
        self.check_free_account(&command.issuer, &command.subject)?;
        command.email = email;
        let before = must_exist(self.facts.user_now(user))?;
        let after = User { status: Status::Active, ..before.clone() };
        let mut effect = Effect::default().user(Some(before), after);
        effect.people.gone.invitations.push(invitation.user.clone());
        effect.people.accounts.push(account(&invitation.user, &command.issuer, &command.subject));
        effect.result.user = Some(invitation.user.clone());
        effect.user = Some(invitation.user.clone());
        Ok(effect)
    }

    pub(super) fn join(&self, command: &mut Join) -> Result<Effect, Refusal> {
        let email = self.check_account(&command.issuer, &command.subject, &command.email)?;
        self.check_id(command.id.as_deref())?;
        self.check_system()?;
        self.check_free_account(&command.issuer, &command.subject)?;
        if let Some(user) = self.people.user_at(&email) {
            let invited = self.facts.find_user(user).is_some_and(|user| self.invitation_if_invited(user).is_some());
            let reason = if invited { "was invited: open the link in the mail" } else { "another user has this address" };
            return Err(Refusal::at(RefusalCode::AlreadyExists, "email", reason));
        }
        let id = self.new_id(&mut command.id, "u", |id| self.facts.find_user(id).is_some())?;
        command.email.clone_from(&email);
        let user = User { id: id.clone(), role: USER.to_owned(), status: Status::Active, email: Some(email), name: None };
        let mut effect = Effect::default().user(None, user);
        effect.people.accounts.push(account(&id, &command.issuer, &command.subject));
        effect.result.user = Some(id);
        Ok(effect)
    }

    pub(super) fn link_account(&self, command: &LinkAccount) -> Result<Effect, Refusal> {
        check_account_names(&command.issuer, &command.subject)?;
        self.check_system()?;
        let user = self.user(&command.user, "user")?;
        self.active_user(user, "user")?;
        self.check_free_account(&command.issuer, &command.subject)?;
        let mut effect = Effect::default();
        effect.people.accounts.push(account(&command.user, &command.issuer, &command.subject));
        Ok(effect)
    }

    pub(super) fn assign_role(&self, command: &AssignRole) -> Result<Effect, Refusal> {
        self.allowed(Capability::UserAssignRole, Target::Organization)?;
        let user = self.user(&command.user, "user")?;
        let role = self.role(&command.role, Level::Organization)?;
        let bound = match &self.acting {
            Some(acting) => acting.assigning(self.facts, user, role),
            None => rules::assigning(self.facts, None, user, role),
        };
        if let Some(bound) = bound {
            return Err(bound.into());
        }
        let before = must_exist(self.facts.user_now(user))?;
        let was = before.role.clone();
        let after = User { role: command.role.clone(), ..before.clone() };
        let mut effect = Effect { was: Some(was), ..Effect::default().user(Some(before), after) };
        effect = self.ending_invitations(effect, self.invitations_lost_by(user, self.facts.grants_of(role)));
        let invitation = self.people.invitation(&command.user);
        effect.people.invitations.extend(invitation.map(|old| Invitation { role: command.role.clone(), ..old.clone() }));
        Ok(effect)
    }

    pub(super) fn suspend_user(&self, command: &SuspendUser) -> Result<Effect, Refusal> {
        self.set_status(&command.user, Status::Suspended)
    }

    pub(super) fn reactivate_user(&self, command: &ReactivateUser) -> Result<Effect, Refusal> {
        self.set_status(&command.user, Status::Active)
    }

    pub(super) fn sign_out_user(&self, command: &SignOutUser) -> Result<Effect, Refusal> {
        self.managed_user(&command.user, false).map(|_| Effect::default())
    }

    /// Suspends or reactivates a user.
    fn set_status(&self, user: &str, status: Status) -> Result<Effect, Refusal> {
        let user = self.managed_user(user, status == Status::Suspended)?;
        let before = must_exist(self.facts.user_now(user))?;
        let after = User { status, ..before.clone() };
        let effect = Effect::default().user(Some(before), after);
        let left = if status == Status::Active { self.role_grants(user) } else { CapabilitySet::NONE };
        Ok(self.ending_invitations(effect, self.invitations_lost_by(user, left)))
    }

    /// A user whom the actor may suspend, reactivate or sign out. Not an invited user: their invitation can be revoked instead. `loses` says
    /// that the organization loses the user, who therefore must not be the last global admin.
    fn managed_user(&self, user: &str, loses: bool) -> Result<Position, Refusal> {
        self.allowed(Capability::UserRemove, Target::Organization)?;
        let user = self.user(user, "user")?;
        let counts = |bound: &rules::Bound| loses || *bound != rules::Bound::LastGlobalAdmin;
        if let Some(bound) = self.removal_bound(user).filter(counts) {
            return Err(bound.into());
        }
        match self.invitation_if_invited(user) {
            Some(_) => Err(Refusal::at(RefusalCode::InactiveUser, "user", "has not accepted the invitation yet")),
            None => Ok(user),
        }
    }

    /// What bounds the actor in removing or suspending a user.
    pub(super) fn removal_bound(&self, user: Position) -> Option<rules::Bound> {
        match &self.acting {
            Some(acting) => acting.removing(self.facts, user),
            None => rules::removing(self.facts, None, user),
        }
    }

    pub(super) fn remove_user(&self, command: &RemoveUser) -> Result<Effect, Refusal> {
        let named = command.successors.iter().flatten();
        let named = named.map(|(assistant, user)| (format!("successors.{}", harmless(assistant)), user));
        let successors: Vec<(String, &String)> =
            named.chain(command.successor.as_ref().map(|user| ("successor".to_owned(), user))).collect();
        if let Some((path, _)) = successors.iter().find(|(_, user)| **user == command.user) {
            return Err(Refusal::invalid(path, "is the user who is removed"));
        }
        self.allowed(Capability::UserRemove, Target::Organization)?;
        let user = self.user(&command.user, "user")?;
        let owned = self.owned_by(user);
        for assistant in command.successors.iter().flat_map(|successors| successors.keys()) {
            if !self.facts.find_target(Kind::Assistant, assistant).is_some_and(|assistant| owned.contains(&assistant)) {
                let path = format!("successors.{}", harmless(assistant));
                return Err(Refusal::at(RefusalCode::UnknownAssistant, &path, "the user does not own this assistant"));
            }
        }
        if let Some(bound) = self.removal_bound(user) {
            return Err(bound.into());
        }
        let successor = |assistant: &str| {
            let named = command.successors.as_ref().and_then(|successors| successors.get(assistant));
            named.or(command.successor.as_ref()).cloned()
        };
        let left: Vec<Position> =
            owned.into_iter().filter(|assistant| successor(self.facts.assistant_id(*assistant)).is_none()).collect();
        if !left.is_empty() {
            return Err(self.owns_assistants(&left));
        }
        for (path, user) in &successors {
            self.receiver(path, user, |_| false, |user| self.active_user(user, path))?;
        }
        Ok(self.removing(Effect::default(), Some(user), self.invitations_lost_by(user, CapabilitySet::NONE), successor))
    }

    /// Adds a new invitation of a user to an effect.
    fn inviting(&self, mut effect: Effect, user: &str, email: String, role: String, life: u64) -> Effect {
        let (token, digest) = self.secret("wi");
        effect.people.invitations.push(Invitation {
            user: user.to_owned(),
            email: email.clone(),
            role,
            digest,
            invited_by: self.acting_user(),
            invited_at: self.now,
            expires: (self.now + life).min(MAX_ISSUED_TIME),
        });
        effect.result = CommandResult { user: Some(user.to_owned()), email: Some(email), token: Some(token), ..effect.result };
        effect
    }

    /// An invited user whom the actor may invite, with the invitation if there is one.
    fn invited_user(&self, id: &str) -> Result<(Position, Option<&Invitation>), Refusal> {
        let user = match self.facts.find_user(id) {
            // An actor who does not see people sees invited users only.
            Some(user) if !self.sees_user(user) => Err(Refusal::unknown(RefusalCode::UnknownUser, "user", id)),
            _ => self.user(id, "user"),
        }?;
        self.check_gives(self.role_grants(user))?;
        let missing = || Refusal::at(RefusalCode::UnknownInvitation, "user", "has no invitation to accept");
        Ok((user, self.invitation_if_invited(user).ok_or_else(missing)?))
    }

    /// For an invited user, their invitation if there is one; the outer `None` for every other user.
    pub(super) fn invitation_if_invited(&self, user: Position) -> Option<Option<&Invitation>> {
        let invited = self.facts.user(user).is_some_and(|user| user.status == Status::Invited);
        invited.then(|| self.people.invitation(self.facts.user_id(user)))
    }

    /// The capabilities of a user's present role.
    pub(super) fn role_grants(&self, user: Position) -> CapabilitySet {
        self.facts.user(user).map_or(CapabilitySet::NONE, |user| self.facts.grants_of(user.role))
    }

    fn check_account(&self, issuer: &str, subject: &str, email: &str) -> Result<String, Refusal> {
        check_account_names(issuer, subject)?;
        self.check_address(email)
    }

    fn check_free_account(&self, issuer: &str, subject: &str) -> Result<(), Refusal> {
        match self.people.user_of_account(issuer, subject) {
            Some(_) => Err(Refusal::at(RefusalCode::AlreadyExists, "subject", "another user has this account")),
            None => Ok(()),
        }
    }

    fn owned_by(&self, user: Position) -> Vec<Position> {
        let owns = |assistant: &Position| self.facts.assistant(*assistant).is_some_and(|assistant| assistant.owner == user);
        self.facts.targets(Kind::Assistant).iter().copied().filter(owns).collect()
    }

    fn owns_assistants(&self, owned: &[Position]) -> Refusal {
        let ids: Vec<String> = owned.iter().map(|assistant| self.facts.assistant_id(*assistant).to_owned()).collect();
        let message = format!("name a successor for the {} assistants that the user owns", ids.len());
        Refusal::new(RefusalCode::OwnsAssistants, message).listing(ids)
    }

    /// Adds to an effect the removal of users and of everything that refers to them. `successor` names the new owner of each assistant that they
    /// own.
    pub(super) fn removing_users(
        &self,
        mut effect: Effect,
        users: &BTreeSet<Position>,
        successor: impl Fn(&str) -> Option<String>,
    ) -> Effect {
        if users.is_empty() {
            return effect;
        }
        let facts = self.facts;
        let id = |user: Position| facts.user_id(user).to_owned();
        let among = |holdings: &[facts::Holding]| -> BTreeSet<String> {
            holdings.iter().filter(|holding| users.contains(&holding.user)).map(|holding| id(holding.user)).collect()
        };
        for position in facts.targets(Kind::Team) {
            let Some(team) = facts.team(*position) else { continue };
            let (created, holders) = (users.contains(&team.creator), among(&team.members));
            if (created || !holders.is_empty())
                && let Some(before) = facts.team_now(*position, &Holders::Only(holders.clone()))
            {
                let creator = before.creator.clone().filter(|_| !created);
                let without = holders.into_iter().collect();
                let after = TeamChange { creator, members: Vec::new(), without, ..before.clone() };
                effect = effect.team(before, after);
            }
        }
        for project in facts.targets(Kind::Project) {
            if facts.project(*project).is_some_and(|project| users.contains(&project.creator))
                && let Some(before) = facts.project_now(*project)
            {
                effect = effect.project(before.clone(), Project { creator: None, ..before });
            }
        }
        for position in facts.targets(Kind::Assistant) {
            let Some(assistant) = facts.assistant(*position) else { continue };
            let (owned, holders) = (users.contains(&assistant.owner), among(&assistant.grants));
            if (owned || !holders.is_empty())
                && let Some(before) = facts.assistant_now(*position, &Holders::Only(holders.clone()))
            {
                let owner = if owned { successor(&before.id) } else { before.owner.clone() };
                let without = holders.into_iter().collect();
                let after = AssistantChange { owner, grants: Vec::new(), without, ..before.clone() };
                effect = effect.assistant(before, after);
            }
        }
        // By id, so that an event does not depend on positions.
        let mut by_id: Vec<(String, Position)> = users.iter().map(|user| (id(*user), *user)).collect();
        by_id.sort_unstable();
        for (id, user) in &by_id {
            effect.before.users.extend(facts.user_now(*user));
            effect.after.gone.users.push(id.clone());
            effect.people.gone.invitations.extend(self.people.invitation(id).map(|_| id.clone()));
            effect.people.gone.accounts.extend(self.people.account(id).map(|_| id.clone()));
            // A later user may get the same id.
            let created = self.people.keys().filter(|key| key.created_by.as_ref() == Some(id));
            effect.people.keys.extend(created.map(|key| ApiKey { created_by: None, ..key.clone() }));
        }
        effect
    }
}

fn account(user: &str, issuer: &str, subject: &str) -> Account {
    Account { user: user.to_owned(), issuer: issuer.to_owned(), subject: subject.to_owned() }
}

fn check_account_names(issuer: &str, subject: &str) -> Result<(), Refusal> {
    for (path, name) in [("issuer", issuer), ("subject", subject)] {
        if !is_account_name(name) {
            let reason = format!("{} is not 1 to {LONGEST_ACCOUNT} characters on one line", quote(name));
            return Err(Refusal::invalid(path, &reason));
        }
    }
    Ok(())
}
