//! Which relations count: the table of ceilings (§3.3), and the plan as a second ceiling above everybody.

use crate::facts::{Accessibility, Facts};
use crate::rules::capability::CapabilitySet;
use crate::rules::decision::Relation;
use crate::rules::principal::Principal;
use crate::rules::relations::{Pair, Related};
use crate::rules::target::Place;

/// Whether a relation counts on an assistant of this accessibility.
fn counts(relation: Relation, ceiling: Accessibility, in_team: bool) -> bool {
    let [only_me, only_team, public] = match relation {
        Relation::GlobalAdmin | Relation::AssistantOwner => [true, true, true],
        Relation::TeamOwner | Relation::TeamViewer | Relation::TeamRole | Relation::OrganizationRole => [false, true, true],
        Relation::AssistantGrant => [false, in_team, true],
        Relation::Public | Relation::ViewLink | Relation::EditLink | Relation::Embed => [false, false, true],
        // On projects alone, which have no ceiling.
        Relation::ProjectCreator => [true, true, true],
    };
    match ceiling {
        Accessibility::OnlyMe => only_me,
        Accessibility::OnlyTeam => only_team,
        Accessibility::Public => public,
    }
}

/// The relations of a principal to a target under its ceiling.
#[derive(Default)]
pub(super) struct Counted {
    /// Union of the grants of every relation that counts.
    pub(super) grants: CapabilitySet,
    /// The relations that count and grant the wanted capability, in the order of the table.
    pub(super) because: Vec<Related>,
    /// Whether a relation that does not count grants it.
    pub(super) hidden: bool,
}

/// Applies the ceiling. `wanted` is the capability of a decision with reasons, empty where only the grants matter: then nothing is
/// allocated.
pub(super) fn count(pair: &Pair<'_>, wanted: CapabilitySet) -> Counted {
    // Teams and projects have no ceiling.
    let ceiling = pair.assistant.map_or(Accessibility::Public, |assistant| assistant.accessibility);
    let mut counted = Counted::default();
    pair.relations(|related| {
        let grants_wanted = !related.grants.intersection(wanted).is_empty();
        if counts(related.relation, ceiling, pair.counts_as_in_team()) {
            counted.grants = counted.grants.union(related.grants);
            if grants_wanted {
                counted.because.push(related);
            }
        } else {
            counted.hidden |= grants_wanted;
        }
    });
    counted
}

/// Every capability the principal holds on the target: the grants of the relations that count, without what the plan withholds.
pub(crate) fn held(facts: &Facts, principal: &Principal<'_>, now: u64, place: Place) -> CapabilitySet {
    let counted = count(&Pair::new(facts, principal, now, 0, place), CapabilitySet::NONE);
    counted.grants.intersection(CapabilitySet::of_kind(place.kind())).difference(facts.withheld)
}
