//! The decision with its reasons (§3.3): why allowed, and why denied.

use crate::facts::{ABSENT, Accessibility, Facts, Position, live};
use crate::rules::capability::{Capability, CapabilitySet};
use crate::rules::ceilings::{Counted, count};
use crate::rules::decision::{Because, Decision, Denied};
use crate::rules::principal::{Identity, Principal};
use crate::rules::relations::{Related, Relations, is_embedded, opened_links};
use crate::rules::target::Place;

/// The decision. `place` is absent where the target is not in the facts.
pub(crate) fn decide(facts: &Facts, principal: &Principal<'_>, now: u64, capability: Capability, place: Option<Place>) -> Decision {
    if matches!(principal.identity, Identity::Inactive) {
        return Decision::Denied(Denied::Inactive);
    }
    let Some(place) = place.filter(|place| place.kind() == capability.kind()) else {
        return Decision::Denied(Denied::UnknownTarget);
    };
    if facts.withheld.contains(capability) {
        return Decision::Denied(Denied::Plan);
    }
    let relations = Relations::new(facts, principal, now, 0, place);
    let Counted { because, hidden, .. } = count(&relations, CapabilitySet::of(&[capability]));
    if because.is_empty() {
        return Decision::Denied(why_denied(facts, principal, now, place, hidden));
    }
    let id = |position: Position, id: &str| (position != ABSENT).then(|| id.to_owned());
    let reason = |Related { relation, role, team, .. }| Because {
        relation,
        role: id(role, facts.role_id(role)),
        team: id(team, facts.team_id(team)),
    };
    Decision::Allowed(because.into_iter().map(reason).collect())
}

/// The first reason of the table from `only_me` on. `hidden`: a relation that does not count would grant the capability.
fn why_denied(facts: &Facts, principal: &Principal<'_>, now: u64, place: Place, hidden: bool) -> Denied {
    let Place::Assistant(assistant) = place else { return Denied::NotGranted };
    let Some(assistant) = facts.assistant(assistant) else { return Denied::UnknownTarget };
    match assistant.accessibility {
        Accessibility::OnlyMe if hidden => return Denied::OnlyMe,
        Accessibility::OnlyTeam if hidden => return Denied::OnlyTeam,
        Accessibility::OnlyMe | Accessibility::OnlyTeam => return Denied::NotGranted,
        Accessibility::Public => {}
    }
    if principal.link.is_some() {
        let mut expiries = opened_links(principal, assistant).map(|link| link.1).peekable();
        if expiries.peek().is_none() {
            return Denied::LinkInvalid;
        }
        if !expiries.any(|expires| live(expires, now)) {
            return Denied::LinkExpired;
        }
    }
    let visitor = matches!(principal.identity, Identity::Visitor);
    if visitor && principal.origin.is_some() && !is_embedded(facts, principal, assistant) {
        return Denied::OriginNotAllowed;
    }
    Denied::NotGranted
}
