//! People without a mail: creating them, and changing their names and addresses.

use super::effect::Effect;
use super::{Decider, must_exist};
use crate::authority::directory::command::{CreateUser, EditUser};
use crate::authority::directory::refusal::{Refusal, RefusalCode};
use crate::document::User;
use crate::facts::Status;
use crate::rules;
use crate::rules::capability::Capability;
use crate::rules::role::{Level, USER};
use crate::rules::target::Target;

impl Decider<'_> {
    /// A person who was invited at the address becomes active as the same user: their invitation ends.
    pub(super) fn create_user(&self, command: &mut CreateUser) -> Result<Effect, Refusal> {
        let email = self.check_address(&command.email)?;
        self.check_id(command.id.as_deref())?;
        command.name.as_deref().map_or(Ok(()), |name| self.check_name(name))?;
        self.allowed(Capability::UserInvite, Target::Organization)?;
        self.check_may_choose_id(command.id.as_deref())?;
        let role_id = command.role.get_or_insert_with(|| USER.to_owned()).clone();
        self.check_gives(self.facts.grants_of(self.role(&role_id, Level::Organization)?))?;

        let (before, id) = self.user_at_address(&email, &mut command.id, "another user has this address", |_| true)?;
        command.email.clone_from(&email);
        let name = command.name.clone().or_else(|| before.as_ref().and_then(|before| before.name.clone()));
        let user = User { id: id.clone(), role: role_id, status: Status::Active, email: Some(email), name };
        let mut effect = Effect::default().user(before, user);
        effect.people.gone.invitations.extend(self.people.invitation(&id).map(|_| id.clone()));
        effect.result.user = Some(id);
        Ok(effect)
    }

    /// The account with which the person signs in stays. The address of an invited person is that of their invitation.
    pub(super) fn edit_user(&self, command: &mut EditUser) -> Result<Effect, Refusal> {
        if command.name.is_none() && command.email.is_none() {
            return Err(Refusal::new(RefusalCode::InvalidCommand, "there is neither a `name` nor an `email`"));
        }
        command.name.iter().flatten().try_for_each(|name| self.check_name(name))?;
        if let Some(Some(email)) = &mut command.email {
            *email = self.check_address(email)?;
        }
        self.allowed(Capability::UserRemove, Target::Organization)?;
        let user = self.user(&command.user, "user")?;
        if let Some(bound @ rules::Bound::BeyondOwnRole) = self.removal_bound(user) {
            return Err(bound.into());
        }
        let before = must_exist(self.facts.user_now(user))?;
        if command.email.is_some() && before.status == Status::Invited {
            return Err(Refusal::at(RefusalCode::InactiveUser, "user", "has not accepted the invitation yet"));
        }
        let other = |email: &String| self.people.user_at(email).is_some_and(|other| other != command.user);
        if command.email.iter().flatten().any(other) {
            return Err(Refusal::at(RefusalCode::AlreadyExists, "email", "another user has this address"));
        }
        let mut after = before.clone();
        if let Some(name) = &command.name {
            after.name.clone_from(name);
        }
        if let Some(email) = &command.email {
            after.email.clone_from(email);
        }
        Ok(Effect::default().user(Some(before), after))
    }
}
