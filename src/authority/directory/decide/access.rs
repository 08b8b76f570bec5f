//! Access of the actor: to the target of a command, and to the people and things that they may know of.

use super::Decider;
use crate::authority::directory::refusal::{Refusal, RefusalCode};
use crate::facts::Position;
use crate::rules::capability::Capability;
use crate::rules::decision::Denied;
use crate::rules::target::Target;
use crate::rules::{Acting, Place};

impl Decider<'_> {
    /// The target, if the actor holds the capability on it.
    pub(super) fn allowed(&self, capability: Capability, target: Target<'_>) -> Result<Place, Refusal> {
        self.allowed_at(capability, target, |place| place)
    }

    /// Like [`Decider::allowed`], where the capability is needed on the container of the target.
    pub(super) fn allowed_at(
        &self,
        capability: Capability,
        target: Target<'_>,
        container: impl Fn(Place) -> Place,
    ) -> Result<Place, Refusal> {
        let place = target.find(self.facts);
        let Some(acting) = &self.acting else { return place.ok_or_else(|| unknown_target(target)) };
        let denied = |denied| Err(Refusal::not_allowed(capability, target, denied));
        match acting.denied(self.facts, self.now, capability, place.map(container)) {
            Some(Denied::Inactive) => denied(Denied::Inactive),
            // An actor who holds nothing on the target must not learn that it exists.
            _ if !place.is_some_and(|place| self.sees(place)) => denied(Denied::UnknownTarget),
            Some(reason) => denied(reason),
            None => place.ok_or_else(|| unknown_target(target)),
        }
    }

    /// Whether the actor may know that a target exists. Everybody knows of the organization.
    pub(super) fn sees(&self, place: Place) -> bool {
        let held = |acting: &Acting| !acting.held(self.facts, self.now, place).is_empty();
        place == Place::Organization || self.acting.as_ref().is_none_or(held)
    }

    /// Whether the actor holds a capability on a target.
    pub(super) fn holds(&self, capability: Capability, place: Place) -> bool {
        let held = |acting: &Acting| acting.held(self.facts, self.now, place).contains(capability);
        self.acting.as_ref().is_none_or(held)
    }

    /// Whether the actor sees everything: the authority itself and global admins do.
    pub(super) fn sees_everything(&self) -> bool {
        self.acting.as_ref().is_none_or(Acting::holds_everything)
    }

    /// Refuses an id chosen by an actor who does not see everything: they would learn whether a hidden thing has this id. For the same reason
    /// this check comes before any lookup of the id.
    pub(super) fn check_may_choose_id(&self, id: Option<&str>) -> Result<(), Refusal> {
        let beyond = || Refusal::at(RefusalCode::BeyondOwnRole, "id", "only a global admin chooses it: leave it out");
        (id.is_none() || self.sees_everything()).then_some(()).ok_or_else(beyond)
    }

    /// Whether the actor sees everybody's role and status.
    pub(super) fn sees_people(&self) -> bool {
        self.sees_everything() || self.holds(Capability::PanelUserSettings, Place::Organization)
    }

    /// Whether the actor sees this user. Actors who may invite see invited users.
    pub(super) fn sees_user(&self, user: Position) -> bool {
        let invited =
            || self.invitation_if_invited(user).flatten().is_some() && self.holds(Capability::UserInvite, Place::Organization);
        self.sees_people() || self.acting.is_some_and(|acting| acting.user() == Some(user)) || invited()
    }

    /// Refuses every actor except the authority itself.
    pub(super) fn check_system(&self) -> Result<(), Refusal> {
        match &self.acting {
            None => Ok(()),
            Some(acting) if acting.is_active() => Err(Refusal::system_only(Denied::NotGranted)),
            Some(_) => Err(Refusal::system_only(Denied::Inactive)),
        }
    }

    /// The id of the acting user; none for the authority itself, and for a key that acts for itself.
    pub(super) fn acting_user(&self) -> Option<String> {
        self.actor.user().map(str::to_owned)
    }
}

/// The refusal of an unknown target, for the authority itself.
pub(super) fn unknown_target(target: Target<'_>) -> Refusal {
    match target {
        Target::Organization => Refusal::new(RefusalCode::InvalidCommand, "there is no organization"),
        Target::Team(id) => Refusal::unknown(RefusalCode::UnknownTeam, "team", id),
        Target::Project(id) => Refusal::unknown(RefusalCode::UnknownProject, "project", id),
        Target::Assistant(id) => Refusal::unknown(RefusalCode::UnknownAssistant, "assistant", id),
    }
}
