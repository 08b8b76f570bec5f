//! Which relations count: the table of ceilings (§3.3), and the plan as a second ceiling above everybody.

use crate::facts::{Accessibility, Facts};
use crate::rules::capability::CapabilitySet;
use crate::rules::decision::Relation;
use crate::rules::principal::Principal;
use crate::rules::relations::{Related, Relations};
use crate::rules::target::Place;

/// Whether a relation counts on an assistant of this accessibility.
pub(super) fn counts(relation: Relation, ceiling: Accessibility, in_team: bool) -> bool {
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
pub(super) fn count(relations: &Relations<'_>, wanted: CapabilitySet) -> Counted {
    // Teams and projects have no ceiling.
    let ceiling = relations.assistant.map_or(Accessibility::Public, |assistant| assistant.accessibility);
    let mut counted = Counted::default();
    relations.each(|related| {
        let grants_wanted = !related.grants.intersection(wanted).is_empty();
        if counts(related.relation, ceiling, relations.counts_as_in_team()) {
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
    let counted = count(&Relations::new(facts, principal, now, 0, place), CapabilitySet::NONE);
    counted.grants.intersection(CapabilitySet::of_kind(place.kind())).difference(facts.withheld)
}

#[cfg(test)]
#[cfg(feature = "authority")]
mod tests {
    use super::{Accessibility, Relation, counts};

    const RULES: &str = include_str!("../../docs/rules.md");

    /// The rows of the table below a heading of the document, as cells.
    fn rows(heading: &str) -> Vec<Vec<&'static str>> {
        let (_, section) = RULES.split_once(&format!("\n## {heading}\n")).unwrap();
        let (section, _) = section.split_once("\n## ").unwrap();
        let rows = section.lines().filter(|line| line.starts_with("| `"));
        rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
    }

    #[test]
    fn the_document_has_the_same_table() {
        let mut found = Vec::new();
        for row in rows("Ceilings") {
            for name in row[0].split(", ") {
                let (relation, _) =
                    Relation::MEANINGS.iter().find(|(relation, _)| format!("`{}`", relation.name()) == name).unwrap();
                for (cell, ceiling) in [(1, Accessibility::OnlyMe), (2, Accessibility::OnlyTeam), (3, Accessibility::Public)] {
                    let (outside, inside) = match row[cell] {
                        "–" => (false, false),
                        "counts" => (true, true),
                        "counts if the user is in the assistant's team" => (false, true),
                        other => panic!("{other}"),
                    };
                    assert_eq!((counts(*relation, ceiling, false), counts(*relation, ceiling, true)), (outside, inside), "{name}");
                }
                found.push(*relation);
            }
        }
        // The remaining relation is on projects, which have no ceiling.
        found.push(Relation::ProjectCreator);
        assert_eq!(found.len(), Relation::MEANINGS.len());
    }

    #[test]
    fn the_document_has_the_relations_in_the_same_order() {
        let documented: Vec<&str> = rows("Relations").iter().map(|row| row[0].trim_matches('`')).collect();
        let declared: Vec<&str> = Relation::MEANINGS.iter().map(|(relation, _)| relation.name()).collect();
        assert_eq!(documented, declared);
    }
}
