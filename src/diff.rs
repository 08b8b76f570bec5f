//! Who gained or lost what between two workspace snapshots of one organization.
//!
//! The cost is that of reading both sides once, of what changed, and of the answer; not users × targets. Where nothing changed
//! that decides, only users whose own role changed are asked about. Where something did, users without a relation of their own
//! to the target are judged by one of them for each organization role.

use serde::Serialize;

use crate::error::{Code, Error};
use crate::facts::{ABSENT, Assistant, Facts, Holding, Position, Project, Scope, Status, Team};
use crate::rules::capability::{CapabilitySet, Kind};
use crate::rules::{self, Identity, Place, Principal};
use crate::snapshot::Snapshot;
use crate::sort::ascending;

/// A user with no relation of their own to anything.
pub(crate) const ANYBODY: Position = ABSENT - 1;

/// What one user gained and lost on one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct Change {
    /// The user's id.
    pub user: String,
    /// What the target is.
    pub kind: Kind,
    /// The target's id; absent for the organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// What they may do now and could not before.
    #[cfg_attr(bindings, tsify(type = "Capability[]"))]
    pub gained: CapabilitySet,
    /// What they could do before and may not now.
    #[cfg_attr(bindings, tsify(type = "Capability[]"))]
    pub lost: CapabilitySet,
}

impl Snapshot {
    /// Who gained or lost what since `older`, by the facts alone: both are evaluated at `now` (Unix seconds), whether the
    /// snapshots are still valid or not. In the order of the ids, by target and then by user, what is
    /// gone last.
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

/// A user of either side: their position there, absent where they are not.
#[derive(Clone, Copy)]
struct Compared {
    before: Option<Position>,
    after: Option<Position>,
}

/// A combination of organization roles before and after, absent where not active, and the numbers of the users who hold it.
struct Class {
    before: Option<Position>,
    after: Option<Position>,
    users: Vec<u64>,
}

struct Diff<'a> {
    older: Side<'a>,
    newer: Side<'a>,
    now: u64,
    users: Vec<Compared>,
    classes: Vec<Class>,
    /// The users whose role or status changed: they are asked about everything, the others about what changed.
    moved: Vec<u64>,
    /// Whether the plan or what a role grants changed: then everything did.
    redefined: bool,
    /// Whether a team of the newer facts changed in what decides, so that what it contains did.
    team_changed: Vec<bool>,
    changes: Vec<Change>,
}

impl<'a> Diff<'a> {
    fn between(older: &'a Facts, newer: &'a Facts, now: u64) -> Vec<Change> {
        let side = |facts: &'a Facts| Side { facts, numbers: vec![ABSENT; facts.users().len()] };
        let definitions = |facts: &'a Facts| {
            let of = |role| (facts.role_id(role), facts.role(role).map(|role| (role.on, role.grants)));
            let roles = facts.custom_roles().map(of);
            (facts.withheld, roles.collect::<Vec<_>>())
        };
        let mut diff = Diff {
            older: side(older),
            newer: side(newer),
            now,
            users: Vec::new(),
            classes: Vec::new(),
            moved: Vec::new(),
            redefined: definitions(older) != definitions(newer),
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
                let decides = |facts: &'a Facts, team: &'a Team| (facts.user_id(team.creator), held_in(facts, &team.members));
                before.map(|team| decides(older, team)) != newer.team(after).map(|team| decides(newer, team))
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
        self.users.push(Compared { before, after });
        let (had, has) = (active_role(self.older.facts, before), active_role(self.newer.facts, after));
        let name = |facts: &'a Facts, role: Option<Position>| role.map(|role| facts.role_id(role));
        if name(self.older.facts, had) != name(self.newer.facts, has) {
            self.moved.push(u64::from(number));
        }
        match self.classes.iter_mut().find(|class| class.before == had && class.after == has) {
            Some(class) => class.users.push(u64::from(number)),
            None => self.classes.push(Class { before: had, after: has, users: vec![u64::from(number)] }),
        }
    }

    /// Whether what decides on a target changed, people's own roles and the definitions aside.
    fn changed(&self, before: Option<Place>, after: Option<Place>) -> bool {
        let (older, newer) = (self.older.facts, self.newer.facts);
        let team = |team: Position| self.team_changed.get(team as usize) != Some(&false);
        let project = |before: Option<&Project>, after: Option<&Project>| match (before, after) {
            (None, None) => false,
            (Some(old), Some(new)) => {
                let decides = |facts: &'a Facts, project: &Project| (facts.team_id(project.team), facts.user_id(project.creator));
                team(new.team) || decides(older, old) != decides(newer, new)
            }
            _ => true,
        };
        match (before, after) {
            (Some(Place::Organization), _) => false,
            (Some(Place::Team(_)), Some(Place::Team(after))) => team(after),
            (Some(Place::Project(before)), Some(Place::Project(after))) => project(older.project(before), newer.project(after)),
            (Some(Place::Assistant(before)), Some(Place::Assistant(after))) => {
                let (Some(old), Some(new)) = (older.assistant(before), newer.assistant(after)) else { return true };
                let decides = |facts: &'a Facts, assistant: &'a Assistant| {
                    let own = (facts.project_id(assistant.project), facts.user_id(assistant.owner), assistant.accessibility);
                    (own, held_in(facts, &assistant.grants))
                };
                project(older.project(old.project), newer.project(new.project)) || decides(older, old) != decides(newer, new)
            }
            _ => true,
        }
    }

    /// Compares on one target those for whom it may have changed.
    fn compare(&mut self, kind: Kind, target: &str, before: Option<Place>, after: Option<Place>) {
        let held = |side: &Side<'_>, user, role, place| held(side.facts, user, role, place, self.now);
        let mut numbers = self.moved.clone();
        if self.redefined || self.changed(before, after) {
            for (side, place) in [(&self.older, before), (&self.newer, after)] {
                let related = place.into_iter().flat_map(|place| relatives(side.facts, place));
                let numbered = related.filter_map(|position| side.numbers.get(position as usize));
                numbers.extend(numbered.map(|number| u64::from(*number)));
            }
            // One without a relation of their own stands for all of their class; most often nothing changed for them.
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

/// Holdings by the names of user and role, comparable between facts.
fn held_in<'a>(facts: &'a Facts, holdings: &'a [Holding]) -> Vec<(&'a str, &'a str, u64)> {
    holdings.iter().map(|holding| (facts.user_id(holding.user), facts.role_id(holding.role), holding.expires)).collect()
}

pub(crate) fn held(facts: &Facts, user: Position, role: Option<Position>, place: Option<Place>, now: u64) -> CapabilitySet {
    let (Some(role), Some(place)) = (role, place) else { return CapabilitySet::NONE };
    rules::held(facts, &Principal::of(Identity::User { user, role }), now, place)
}

pub(crate) fn active_role(facts: &Facts, user: Option<Position>) -> Option<Position> {
    let user = facts.user(user?)?;
    (user.status == Status::Active).then_some(user.role)
}

/// The users with a relation of their own to a target: every other user is judged by organization role alone.
pub(crate) fn relatives(facts: &Facts, place: Place) -> Vec<Position> {
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
    let grants = assistant.into_iter().flat_map(|assistant| &assistant.grants);
    let members = team.into_iter().flat_map(|team| &team.members);
    users.extend(grants.chain(members).map(|holding| holding.user));
    users
}
