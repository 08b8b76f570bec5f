//! Who gained or lost what between two workspace snapshots of one organization.
//!
//! [`crate::access`] says which facts decide. The cost is that of reading both sides once, of the changes, and of the answer; not
//! users × targets. On a target whose deciding facts are the same, only users whose own role changed are compared. On the others, one
//! unnamed user stands for all of an organization role.

use serde::Serialize;

use crate::access::{AssistantBasis, OrganizationBasis, ProjectBasis, TeamBasis, active_role, held, named_users};
use crate::error::{Code, Error};
use crate::facts::{ABSENT, ANYBODY, Facts, Position, Project, Scope};
use crate::rules::Place;
use crate::rules::capability::{CapabilitySet, Kind};
use crate::snapshot::Snapshot;
use crate::sort::ascending;

/// What one user gained and lost on one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct Change {
    /// The user's id.
    pub user: String,
    /// The kind of the target.
    pub kind: Kind,
    /// The target's id; absent for the organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The capabilities that they hold now and did not hold before.
    #[cfg_attr(bindings, tsify(type = "Capability[]"))]
    pub gained: CapabilitySet,
    /// The capabilities that they held before and do not hold now.
    #[cfg_attr(bindings, tsify(type = "Capability[]"))]
    pub lost: CapabilitySet,
}

impl Snapshot {
    /// Who gained or lost what since `older`. Both snapshots are evaluated at `now` (Unix seconds) by their facts only, even if they have
    /// expired. The changes are in the order of kinds, target ids and user ids; removed targets of a kind and removed users come last.
    ///
    /// # Errors
    /// [`Code::WrongScope`] unless both are workspace snapshots, [`Code::DifferentOrganizations`] unless of one organization.
    pub fn diff(&self, older: &Snapshot, now: u64) -> Result<Vec<Change>, Error> {
        if self.scope() != Scope::Workspace || older.scope() != Scope::Workspace {
            return Err(Error::new(Code::WrongScope, "only workspace snapshots can be compared"));
        }
        if self.organization() != older.organization() {
            return Err(Error::new(Code::DifferentOrganizations, "the snapshots are of different organizations"));
        }
        Ok(Diff::between(&older.facts, &self.facts, now))
    }
}

/// One of the two sides: its facts, and for each of its users the index in [`Diff::users`].
struct Side<'a> {
    facts: &'a Facts,
    numbers: Vec<u32>,
}

/// A user of either side: their positions, absent on a side that does not have them.
#[derive(Clone, Copy)]
struct UserPair {
    before: Option<Position>,
    after: Option<Position>,
}

/// The users with the same organization roles before and after, by index. A role is absent where they are not active.
struct Class {
    before: Option<Position>,
    after: Option<Position>,
    users: Vec<u64>,
}

struct Diff<'a> {
    older: Side<'a>,
    newer: Side<'a>,
    now: u64,
    users: Vec<UserPair>,
    classes: Vec<Class>,
    /// The users whose active role changed, by index: they are compared on every target, the others on changed targets.
    role_changed: Vec<u64>,
    /// Whether the deciding facts of the organization changed: then every target counts as changed.
    organization_changed: bool,
    /// For each team of the newer facts, by position, whether its deciding facts changed: then its contents count as changed.
    team_changed: Vec<bool>,
    changes: Vec<Change>,
}

impl<'a> Diff<'a> {
    fn between(older: &'a Facts, newer: &'a Facts, now: u64) -> Vec<Change> {
        let side = |facts: &'a Facts| Side { facts, numbers: vec![ABSENT; facts.users().len()] };
        let mut diff = Diff {
            older: side(older),
            newer: side(newer),
            now,
            users: Vec::new(),
            classes: Vec::new(),
            role_changed: Vec::new(),
            organization_changed: OrganizationBasis::of(older) != OrganizationBasis::of(newer),
            team_changed: Vec::new(),
            changes: Vec::new(),
        };
        for &after in newer.all_users() {
            diff.add(older.find_user(newer.user_id(after)), Some(after));
        }
        for &before in older.all_users() {
            if newer.find_user(older.user_id(before)).is_none() {
                diff.add(Some(before), None);
            }
        }
        diff.team_changed = (0..newer.extent(Kind::Team) as Position)
            .map(|after| {
                let before = older.find_target(Kind::Team, newer.team_id(after)).and_then(|before| older.team(before));
                before.map(|team| TeamBasis::of(older, team)) != newer.team(after).map(|team| TeamBasis::of(newer, team))
            })
            .collect();

        for kind in [Kind::Organization, Kind::Team, Kind::Project, Kind::Assistant] {
            for &after in newer.targets(kind) {
                let id = newer.target_id(kind, after);
                let before = older.find_target(kind, id).map(|before| Place::new(kind, before));
                diff.compare(kind, id, before, Some(Place::new(kind, after)));
            }
            for &before in older.targets(kind) {
                let id = older.target_id(kind, before);
                if newer.find_target(kind, id).is_none() {
                    diff.compare(kind, id, Some(Place::new(kind, before)), None);
                }
            }
        }
        diff.changes
    }

    fn add(&mut self, before: Option<Position>, after: Option<Position>) {
        let number = self.users.len() as u32;
        for (side, position) in [(&mut self.older, before), (&mut self.newer, after)] {
            if let Some(slot) = side.numbers.get_mut(position.unwrap_or(ABSENT) as usize) {
                *slot = number;
            }
        }
        self.users.push(UserPair { before, after });
        let (had, has) = (active_role(self.older.facts, before), active_role(self.newer.facts, after));
        let name = |facts: &'a Facts, role: Option<Position>| role.map(|role| facts.role_id(role));
        if name(self.older.facts, had) != name(self.newer.facts, has) {
            self.role_changed.push(u64::from(number));
        }
        match self.classes.iter_mut().find(|class| class.before == had && class.after == has) {
            Some(class) => class.users.push(u64::from(number)),
            None => self.classes.push(Class { before: had, after: has, users: vec![u64::from(number)] }),
        }
    }

    /// Whether the deciding facts of a target changed, apart from those of users and of the organization.
    fn changed(&self, before: Option<Place>, after: Option<Place>) -> bool {
        let (older, newer) = (self.older.facts, self.newer.facts);
        let team = |team: Position| self.team_changed.get(team as usize) != Some(&false);
        let project = |before: Option<&Project>, after: Option<&Project>| match (before, after) {
            (None, None) => false,
            (Some(old), Some(new)) => team(new.team) || ProjectBasis::of(older, old) != ProjectBasis::of(newer, new),
            _ => true,
        };
        match (before, after) {
            (Some(Place::Organization), _) => false,
            (Some(Place::Team(_)), Some(Place::Team(after))) => team(after),
            (Some(Place::Project(before)), Some(Place::Project(after))) => project(older.project(before), newer.project(after)),
            (Some(Place::Assistant(before)), Some(Place::Assistant(after))) => {
                let (Some(old), Some(new)) = (older.assistant(before), newer.assistant(after)) else { return true };
                project(older.project(old.project), newer.project(new.project))
                    || AssistantBasis::of(older, old) != AssistantBasis::of(newer, new)
            }
            _ => true,
        }
    }

    /// Compares the users whose access to one target may have changed.
    fn compare(&mut self, kind: Kind, target: &str, before: Option<Place>, after: Option<Place>) {
        let held = |side: &Side<'_>, user, role, place| held(side.facts, user, role, place, self.now);
        let mut numbers = self.role_changed.clone();
        if self.organization_changed || self.changed(before, after) {
            for (side, place) in [(&self.older, before), (&self.newer, after)] {
                let named = place.into_iter().flat_map(|place| named_users(side.facts, place));
                let numbered = named.filter_map(|position| side.numbers.get(position as usize));
                numbers.extend(numbered.map(|number| u64::from(*number)));
            }
            // One unnamed user stands for a whole class: most often nothing changed for them.
            for class in &self.classes {
                if held(&self.older, ANYBODY, class.before, before) != held(&self.newer, ANYBODY, class.after, after) {
                    numbers.extend(&class.users);
                }
            }
        }
        ascending(&mut numbers);
        numbers.dedup();

        for number in numbers {
            let Some(&user) = self.users.get(number as usize) else { continue };
            let of = |side: &Side<'_>, user: Option<Position>, place| {
                held(side, user.unwrap_or(ABSENT), active_role(side.facts, user), place)
            };
            let (had, has) = (of(&self.older, user.before, before), of(&self.newer, user.after, after));
            if had == has {
                continue;
            }
            let id = match (user.after, user.before) {
                (Some(user), _) => self.newer.facts.user_id(user),
                (None, user) => self.older.facts.user_id(user.unwrap_or(ABSENT)),
            };
            self.changes.push(Change {
                user: id.to_owned(),
                kind,
                target: (kind != Kind::Organization).then(|| target.to_owned()),
                gained: has.difference(had),
                lost: had.difference(has),
            });
        }
    }
}
