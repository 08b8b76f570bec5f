//! The users and roles that a command names besides its target.

use super::{Decider, Outcome};
use crate::authority::directory::refusal::{Refusal, RefusalCode};
use crate::error::quote;
use crate::facts::Position;
use crate::rules::Identity;
use crate::rules::role::Level;

impl Decider<'_> {
    pub(super) fn user(&self, id: &str, path: &str) -> Outcome<Position> {
        self.facts.find_user(id).ok_or_else(|| Refusal::unknown(RefusalCode::UnknownUser, path, id))
    }

    /// Somebody to whom something is given. `fits` says why it cannot be given to them. Whoever is not shown people gets one refusal for all
    /// to whom they cannot give, so that it tells nobody's status, and not whether there is such a user: they give to active people, and
    /// to those whom they see `here` already. It is asked last, so that nothing is told where it could be given to nobody.
    pub(super) fn receiver(
        &self,
        path: &str,
        id: &str,
        here: impl Fn(Position) -> bool,
        fits: impl Fn(Position) -> Outcome<()>,
    ) -> Outcome<Position> {
        let found = self.facts.find_user(id);
        if found.map_or(self.sees_people(), |user| self.sees_user(user)) {
            let user = self.user(id, path)?;
            return fits(user).map(|()| user);
        }
        let can = |user: &Position| (here(*user) || self.active_user(*user, path).is_ok()) && fits(*user).is_ok();
        let nobody =
            || Refusal::at(RefusalCode::UnknownUser, path, &format!("there is nobody {} to whom it can be given", quote(id)));
        found.filter(can).ok_or_else(nobody)
    }

    pub(super) fn active_user(&self, user: Position, path: &str) -> Outcome<()> {
        let active = matches!(Identity::of(self.facts, Some(user)), Identity::User { .. });
        active.then_some(()).ok_or_else(|| Refusal::at(RefusalCode::InactiveUser, path, "is not active"))
    }

    pub(super) fn role(&self, id: &str, on: Level) -> Outcome<Position> {
        let role = self.facts.find_role(id).filter(|role| self.facts.role(*role).is_some_and(|role| role.on == on));
        role.ok_or_else(|| Refusal::unknown(RefusalCode::UnknownRole, "role", id))
    }
}
