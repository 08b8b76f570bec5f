//! The users and roles that a command names besides its target.

use super::Decider;
use crate::authority::directory::refusal::{Refusal, RefusalCode};
use crate::error::quote;
use crate::facts::Position;
use crate::rules::Identity;
use crate::rules::role::Level;

impl Decider<'_> {
    pub(super) fn user(&self, id: &str, path: &str) -> Result<Position, Refusal> {
        self.facts.find_user(id).ok_or_else(|| Refusal::unknown(RefusalCode::UnknownUser, path, id))
    }

    /// The user who receives something. `fits` refuses a user who cannot have it. An actor who does not see people may give to active users and
    /// to users whom they see on the target (`seen_there`). For all others they get one refusal, which reveals neither a user's status nor
    /// whether the user exists. This is the last check, so that a command that is refused for everybody reveals nothing about the user.
    pub(super) fn receiver(
        &self,
        path: &str,
        id: &str,
        seen_there: impl Fn(Position) -> bool,
        fits: impl Fn(Position) -> Result<(), Refusal>,
    ) -> Result<Position, Refusal> {
        let found = self.facts.find_user(id);
        if found.map_or(self.sees_people(), |user| self.sees_user(user)) {
            let user = self.user(id, path)?;
            return fits(user).map(|()| user);
        }
        let can = |user: &Position| (seen_there(*user) || self.active_user(*user, path).is_ok()) && fits(*user).is_ok();
        let nobody =
            || Refusal::at(RefusalCode::UnknownUser, path, &format!("there is nobody {} to whom it can be given", quote(id)));
        found.filter(can).ok_or_else(nobody)
    }

    pub(super) fn active_user(&self, user: Position, path: &str) -> Result<(), Refusal> {
        let active = matches!(Identity::of(self.facts, Some(user)), Identity::User { .. });
        active.then_some(()).ok_or_else(|| Refusal::at(RefusalCode::InactiveUser, path, "is not active"))
    }

    pub(super) fn role(&self, id: &str, on: Level) -> Result<Position, Refusal> {
        let role = self.facts.find_role(id).filter(|role| self.facts.role(*role).is_some_and(|role| role.on == on));
        role.ok_or_else(|| Refusal::unknown(RefusalCode::UnknownRole, "role", id))
    }
}
