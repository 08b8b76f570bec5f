//! Who gained or lost what between two workspace snapshots of one organization.
//!
//! The cost is that of the relations in the facts and of the answer, not users × targets: on a target, users without a relation of
//! their own to it differ by organization role alone, so asking for one of each role tells whether to ask for all.

use serde::Serialize;

use crate::capability::{CapabilitySet, Kind};
use crate::error::{Code, Error};
use crate::facts::{ABSENT, Facts, Position, Scope, Status};
use crate::rules::{self, Place, Principal, Who};
use crate::snapshot::Snapshot;

/// A user with no relation of their own to anything.
const ANYBODY: Position = ABSENT - 1;

/// What one user gained and lost on one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "bindings"), derive(tsify::Tsify))]
pub struct Change {
    /// The user's id.
    pub user: String,
    /// What the target is.
    pub kind: Kind,
    /// The target's id; absent for the organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// What they may do now and could not before.
    #[cfg_attr(all(target_arch = "wasm32", feature = "bindings"), tsify(type = "Capability[]"))]
    pub gained: CapabilitySet,
    /// What they could do before and may not now.
    #[cfg_attr(all(target_arch = "wasm32", feature = "bindings"), tsify(type = "Capability[]"))]
    pub lost: CapabilitySet,
}

impl Snapshot {
    /// Who gained or lost what since `older`, by the facts alone: both are evaluated at `now` (Unix seconds), whether the
    /// snapshots are still valid or not. In the order of the facts, by target and then by user, what is gone last.
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

/// One of the two sides: facts, and the number under which each of their users is compared.
struct Side<'a> {
    facts: &'a Facts,
    numbers: Vec<u32>,
}

/// A user of either side: their position there, and their roles as an index into [`Diff::roles`].
struct Compared {
    before: Position,
    after: Position,
    roles: usize,
}

struct Diff<'a> {
    older: Side<'a>,
    newer: Side<'a>,
    now: u64,
    users: Vec<Compared>,
    /// The organization roles that users hold before and after, each combination once; absent where they are not active.
    roles: Vec<(Option<Position>, Option<Position>)>,
    changes: Vec<Change>,
}

impl<'a> Diff<'a> {
    fn between(older: &'a Facts, newer: &'a Facts, now: u64) -> Vec<Change> {
        let side = |facts: &'a Facts| Side { facts, numbers: vec![ABSENT; facts.users.len()] };
        let mut diff =
            Diff { older: side(older), newer: side(newer), now, users: Vec::new(), roles: Vec::new(), changes: Vec::new() };
        for after in 0..newer.users.len() as Position {
            diff.add(older.find_user(newer.user_id(after)).unwrap_or(ABSENT), after);
        }
        for before in 0..older.users.len() as Position {
            if newer.find_user(older.user_id(before)).is_none() {
                diff.add(before, ABSENT);
            }
        }

        diff.compare(Some(Place::Organization), Some(Place::Organization));
        type List<'a> = (Kind, fn(&Facts) -> usize, fn(&'a Facts, Position) -> &'a str, fn(&Facts, &str) -> Option<Position>);
        let lists: [List<'a>; 3] = [
            (Kind::Team, |facts| facts.teams.len(), Facts::team_id, Facts::find_team),
            (Kind::Project, |facts| facts.projects.len(), Facts::project_id, Facts::find_project),
            (Kind::Assistant, |facts| facts.assistants.len(), Facts::assistant_id, Facts::find_assistant),
        ];
        for (kind, count, id, find) in lists {
            for after in 0..count(newer) as Position {
                let before = find(older, id(newer, after));
                diff.compare(before.map(|before| Place::new(kind, before)), Some(Place::new(kind, after)));
            }
            for before in 0..count(older) as Position {
                if find(newer, id(older, before)).is_none() {
                    diff.compare(Some(Place::new(kind, before)), None);
                }
            }
        }
        diff.changes
    }

    fn add(&mut self, before: Position, after: Position) {
        let number = self.users.len() as u32;
        for (side, position) in [(&mut self.older, before), (&mut self.newer, after)] {
            if let Some(slot) = side.numbers.get_mut(position as usize) {
                *slot = number;
            }
        }
        let pair = (active_role(self.older.facts, before), active_role(self.newer.facts, after));
        let roles = self.roles.iter().position(|known| *known == pair).unwrap_or_else(|| {
            self.roles.push(pair);
            self.roles.len() - 1
        });
        self.users.push(Compared { before, after, roles });
    }

    /// Compares everybody on one target.
    fn compare(&mut self, before: Option<Place>, after: Option<Place>) {
        // What somebody without a relation of their own has here before and after, by roles; most often the same.
        let held = |side: &Side<'_>, user, role, place| held(side.facts, user, role, place, self.now);
        let common: Vec<(CapabilitySet, CapabilitySet)> = self
            .roles
            .iter()
            .map(|roles| (held(&self.older, ANYBODY, roles.0, before), held(&self.newer, ANYBODY, roles.1, after)))
            .collect();
        let mut related: Vec<u32> = Vec::new();
        for (side, place) in [(&self.older, before), (&self.newer, after)] {
            let positions = place.into_iter().flat_map(|place| relatives(side.facts, place));
            related.extend(positions.filter_map(|position| side.numbers.get(position as usize)));
        }
        let mut numbers: Vec<u64> = related.iter().map(|number| u64::from(*number)).collect();
        if common.iter().any(|(before, after)| before != after) {
            numbers.extend(0..self.users.len() as u64);
        }
        numbers.sort_unstable();
        numbers.dedup();

        for number in numbers {
            let Some(user) = self.users.get(number as usize) else { continue };
            let roles = self.roles.get(user.roles).copied().unwrap_or_default();
            // Those without a relation of their own get the common answer; asking for them in person gives the same.
            let had = held(&self.older, user.before, roles.0, before);
            let has = held(&self.newer, user.after, roles.1, after);
            if had == has {
                continue;
            }
            let (facts, position) =
                if user.after == ABSENT { (self.older.facts, user.before) } else { (self.newer.facts, user.after) };
            let (kind, target) = match (after, before) {
                (Some(place), _) => name(self.newer.facts, place),
                (None, Some(place)) => name(self.older.facts, place),
                (None, None) => continue,
            };
            self.changes.push(Change {
                user: facts.user_id(position).to_owned(),
                kind,
                target: target.map(str::to_owned),
                gained: has.difference(had),
                lost: had.difference(has),
            });
        }
    }
}

fn held(facts: &Facts, user: Position, role: Option<Position>, place: Option<Place>, now: u64) -> CapabilitySet {
    let (Some(role), Some(place)) = (role, place) else { return CapabilitySet::NONE };
    rules::held(facts, &Principal { who: Who::User { user, role }, link: None, origin: None }, now, place)
}

fn name(facts: &Facts, place: Place) -> (Kind, Option<&str>) {
    match place {
        Place::Organization => (Kind::Organization, None),
        Place::Team(team) => (Kind::Team, Some(facts.team_id(team))),
        Place::Project(project) => (Kind::Project, Some(facts.project_id(project))),
        Place::Assistant(assistant) => (Kind::Assistant, Some(facts.assistant_id(assistant))),
    }
}

fn active_role(facts: &Facts, user: Position) -> Option<Position> {
    let user = facts.user(user)?;
    (user.status == Status::Active).then_some(user.role)
}

/// The users with a relation of their own to a target: every other user is judged by organization role alone.
fn relatives(facts: &Facts, place: Place) -> Vec<Position> {
    let (mut team, mut project, mut assistant) = (None, None, None);
    match place {
        Place::Organization => {}
        Place::Team(position) => team = facts.team(position),
        Place::Project(position) => project = facts.project(position),
        Place::Assistant(position) => assistant = facts.assistant(position),
    }
    if let Some(assistant) = assistant {
        project = facts.project(assistant.project);
    }
    if let Some(project) = project {
        team = facts.team(project.team);
    }
    let mut users = Vec::new();
    users.extend(assistant.map(|assistant| assistant.owner));
    users.extend(project.map(|project| project.creator));
    users.extend(team.map(|team| team.creator));
    let grants = assistant.map(|assistant| facts.grants(assistant)).unwrap_or_default();
    let members = team.map(|team| facts.members(team)).unwrap_or_default();
    users.extend(grants.iter().chain(members).map(|holding| holding.user));
    users
}
