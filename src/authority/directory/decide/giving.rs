//! Giving and taking (§3.4): nobody gives capabilities that they do not have, nor for longer than they have them, and nobody takes them.

use super::Decider;
use crate::authority::directory::refusal::{Refusal, RefusalCode};
use crate::facts::{self, NEVER, Position, live};
use crate::rules::capability::CapabilitySet;
use crate::rules::{Acting, Place};

impl Decider<'_> {
    pub(super) fn check_within(&self, powers: CapabilitySet, wanted: CapabilitySet, verb: &str) -> Result<(), Refusal> {
        let excess = wanted.difference(powers).iter().next();
        excess.map_or(Ok(()), |excess| {
            Err(Refusal::new(RefusalCode::BeyondOwnRole, format!("it {verb} {excess}, which the actor does not have")))
        })
    }

    /// Refuses to give capabilities in the organization, where roles have no end, that the actor does not have.
    pub(super) fn check_gives(&self, given: CapabilitySet) -> Result<(), Refusal> {
        self.check_within(self.own_powers(), given, "gives")
    }

    /// Refuses to give capabilities on a team or an assistant, until `expires` or without end, that the actor does not have there for as long.
    pub(super) fn check_gives_until(&self, expires: Option<u64>, place: Place, given: CapabilitySet) -> Result<(), Refusal> {
        self.check_within(self.powers(0, place), given, "gives")?;
        let lacks = |until| given.difference(self.powers(until, place)).iter().next();
        let Some(excess) = lacks(expires.unwrap_or(NEVER)) else { return Ok(()) };
        let until = self.facts.last_expiry(self.now, |until| lacks(until).is_none()).unwrap_or(self.now);
        Err(Refusal::not_for_as_long(excess, until))
    }

    /// Refuses to take holdings of a user that count now and grant capabilities that the actor does not have there. Everybody may give up
    /// their own holdings.
    pub(super) fn check_takes<'h>(
        &self,
        place: Place,
        user: Position,
        held: impl IntoIterator<Item = &'h facts::Holding>,
    ) -> Result<(), Refusal> {
        let counting = held.into_iter().filter(|holding| live(holding.expires, self.now));
        let grants = counting.map(|holding| self.facts.grants_of(holding.role));
        self.check_within(self.powers_over(place, user), grants.fold(CapabilitySet::NONE, CapabilitySet::union), "takes")
    }

    /// The capabilities that the actor can take from a user on a team or an assistant now.
    pub(super) fn powers_over(&self, place: Place, from: Position) -> CapabilitySet {
        self.acting.as_ref().map_or(CapabilitySet::ALL, |acting| acting.powers_over(self.facts, self.now, place, from))
    }

    /// The capabilities that the actor has on a team or an assistant until a time (Unix seconds).
    pub(super) fn powers(&self, until: u64, place: Place) -> CapabilitySet {
        let powers = |acting: &Acting| acting.powers(self.facts, self.now, until, place);
        self.acting.as_ref().map_or(CapabilitySet::ALL, powers)
    }

    /// The capabilities of the actor's organization role.
    pub(super) fn own_powers(&self) -> CapabilitySet {
        self.acting.as_ref().map_or(CapabilitySet::ALL, |acting| acting.own_grants(self.facts))
    }

    /// The end of a given role. `requested` is the command's `expires`. If it is absent, a role that replaces others keeps their end, so that no
    /// role becomes endless unnoticed: the last end of the same role, otherwise the first end of the others.
    pub(super) fn expiry(&self, requested: Option<Option<u64>>, replaced: &[facts::Holding], role: Position) -> Option<u64> {
        let live = || replaced.iter().filter(|holding| live(holding.expires, self.now));
        let same = || live().filter(|holding| holding.role == role).map(|holding| holding.expires).max();
        let others = || live().map(|holding| holding.expires).min();
        requested.unwrap_or_else(|| same().or_else(others).filter(|end| *end != NEVER))
    }
}
