//! The access of people and visitors before a command, and its comparison with their access after it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::VisitorChange;
use super::targets::Targets;
use crate::access::{active_role, held, named_users};
use crate::facts::{ANYBODY, Accessibility, Facts, Position, live};
use crate::rules::Place;
use crate::rules::capability::{CapabilitySet, Kind};
use crate::rules::decision::Relation;
use crate::rules::role::Level;

/// The users whom a command names, if the actor does not see people. Their changes are computed as if they were active, so that the preview
/// does not reveal their status.
pub(super) struct TreatedAsActive(pub(super) BTreeSet<Position>);

impl TreatedAsActive {
    fn role(&self, facts: &Facts, user: Position) -> Option<Position> {
        if self.0.contains(&user) { facts.user(user).map(|user| user.role) } else { active_role(facts, Some(user)) }
    }
}

/// The access to one target: of each user whom its deciding facts name, and of all others by organization role.
#[derive(Default)]
struct TargetAccess {
    named: BTreeMap<Position, CapabilitySet>,
    by_role: BTreeMap<Position, CapabilitySet>,
}

impl TargetAccess {
    fn of(facts: &Facts, treated: &TreatedAsActive, kind: Kind, id: &str, now: u64) -> TargetAccess {
        let Some(place) = facts.find_target(kind, id).map(|position| Place::new(kind, position)) else {
            return TargetAccess::default();
        };
        let of_user = |user| held(facts, user, treated.role(facts, user), Some(place), now);
        let named = named_users(facts, place).into_iter().filter(|user| facts.user(*user).is_some());
        let roles = (0..).map_while(|role| facts.role(role).map(|found| (role, found.on)));
        let roles = roles.filter(|(_, on)| *on == Level::Organization);
        TargetAccess {
            named: named.map(|user| (user, of_user(user))).collect(),
            by_role: roles.map(|(role, _)| (role, held(facts, ANYBODY, Some(role), Some(place), now))).collect(),
        }
    }

    fn of_user(&self, user: Position, role: Option<Position>) -> CapabilitySet {
        let by_role = || role.and_then(|role| self.by_role.get(&role));
        self.named.get(&user).or_else(by_role).copied().unwrap_or_default()
    }

    fn of_role(&self, role: Position) -> CapabilitySet {
        self.by_role.get(&role).copied().unwrap_or_default()
    }
}

/// The access of one user to every target on which they hold anything.
type UserAccess = BTreeMap<(Kind, String), CapabilitySet>;

fn user_access(facts: &Facts, user: &str, now: u64) -> UserAccess {
    let Some(user) = facts.find_user(user) else { return UserAccess::new() };
    let role = active_role(facts, Some(user));
    let mut access = UserAccess::new();
    if role.is_none() {
        return access;
    }
    for kind in [Kind::Organization, Kind::Team, Kind::Project, Kind::Assistant] {
        for &target in facts.targets(kind) {
            let held = held(facts, user, role, Some(Place::new(kind, target)), now);
            if !held.is_empty() {
                access.insert((kind, facts.target_id(kind, target).to_owned()), held);
            }
        }
    }
    access
}

/// The access of visitors to one assistant: by each link (`true` and its id) and from each origin (`false` and its pattern).
type VisitorAccess = BTreeMap<(bool, String), CapabilitySet>;

fn visitor_access(facts: &Facts, assistant: &str, now: u64) -> VisitorAccess {
    let assistant = facts.find_target(Kind::Assistant, assistant).and_then(|assistant| facts.assistant(assistant));
    let Some(assistant) = assistant.filter(|assistant| assistant.accessibility == Accessibility::Public) else {
        return VisitorAccess::new();
    };
    let entry = |is_link, text, gives: CapabilitySet| ((is_link, facts.text(text).to_owned()), gives.difference(facts.withheld));
    let links = assistant.links.iter().filter(|link| live(link.expires, now));
    let links = links.map(|link| entry(true, link.id, link.level.relation().grants()));
    links.chain(assistant.origins.iter().flatten().map(|origin| entry(false, *origin, Relation::Embed.grants()))).collect()
}

/// The access of one user to one target, before and after.
pub(super) struct AccessChange {
    pub(super) kind: Kind,
    pub(super) target: Rc<str>,
    pub(super) user: Rc<str>,
    pub(super) before: CapabilitySet,
    pub(super) after: CapabilitySet,
}

/// The access before a command. Positions in it stay valid after the command.
pub(super) struct Baseline {
    treated: TreatedAsActive,
    targets: Vec<(Kind, String, TargetAccess)>,
    users: Vec<(String, Option<Position>, UserAccess)>,
    visited: Vec<(String, VisitorAccess)>,
}

impl Baseline {
    pub(super) fn of(facts: &Facts, treated: TreatedAsActive, targets: Targets, now: u64) -> Baseline {
        let target = |(kind, id): (Kind, String)| {
            let access = TargetAccess::of(facts, &treated, kind, &id, now);
            (kind, id, access)
        };
        let user = |id: String| {
            let (position, access) = (facts.find_user(&id), user_access(facts, &id, now));
            (id, position, access)
        };
        let assistant = |id: String| {
            let access = visitor_access(facts, &id, now);
            (id, access)
        };
        Baseline {
            targets: targets.targets.into_iter().map(target).collect(),
            users: targets.users.into_iter().map(user).collect(),
            visited: targets.visited.into_iter().map(assistant).collect(),
            treated,
        }
    }

    /// The differences to the access after the command: of people, by target and then by user; and of visitors.
    pub(super) fn compare(&self, facts: &Facts, now: u64) -> (Vec<AccessChange>, VisitorChange) {
        let mut changes = self.compare_targets(facts, now);
        for (id, _, before) in &self.users {
            let (user, after): (Rc<str>, _) = (id.as_str().into(), user_access(facts, id, now));
            for (kind, target) in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
                let held = |side: &UserAccess| side.get(&(*kind, target.clone())).copied().unwrap_or_default();
                let (before, after) = (held(before), held(&after));
                if before != after {
                    changes.push(AccessChange {
                        kind: *kind,
                        target: target.as_str().into(),
                        user: Rc::clone(&user),
                        before,
                        after,
                    });
                }
            }
        }
        changes.sort_unstable_by(|one, other| (one.kind, &one.target, &one.user).cmp(&(other.kind, &other.target, &other.user)));
        (changes, self.compare_visitors(facts, now))
    }

    /// Compares on each target everybody whose active role stays the same.
    fn compare_targets(&self, facts: &Facts, now: u64) -> Vec<AccessChange> {
        let mut changes = Vec::new();
        let mut ids: BTreeMap<Position, Rc<str>> = BTreeMap::new();
        let positions = self.users.iter().flat_map(|(id, before, _)| before.iter().copied().chain(facts.find_user(id)));
        let role_changed: BTreeSet<Position> = positions.collect();
        for (kind, id, before) in &self.targets {
            let after = TargetAccess::of(facts, &self.treated, *kind, id, now);
            let mut users: BTreeSet<Position> = before.named.keys().chain(after.named.keys()).copied().collect();
            // One comparison stands for all unnamed users of an organization role.
            let differs = |role: &Position| before.of_role(*role) != after.of_role(*role);
            let roles: BTreeSet<Position> = before.by_role.keys().chain(after.by_role.keys()).copied().filter(differs).collect();
            if !roles.is_empty() {
                let has_role = |user: &Position| active_role(facts, Some(*user)).is_some_and(|role| roles.contains(&role));
                users.extend((0..facts.users().len() as Position).filter(has_role));
            }
            let target: Rc<str> = id.as_str().into();
            for user in users.difference(&role_changed) {
                let role = self.treated.role(facts, *user);
                let (before, after) = (before.of_user(*user, role), after.of_user(*user, role));
                if before != after {
                    let user = Rc::clone(ids.entry(*user).or_insert_with(|| facts.user_id(*user).into()));
                    changes.push(AccessChange { kind: *kind, target: Rc::clone(&target), user, before, after });
                }
            }
        }
        changes
    }

    fn compare_visitors(&self, facts: &Facts, now: u64) -> VisitorChange {
        let mut visitors = VisitorChange::default();
        for (id, before) in &self.visited {
            let after = visitor_access(facts, id, now);
            for entry in before.keys().chain(after.keys()) {
                let gives = |side: &VisitorAccess| side.get(entry).copied().unwrap_or_default();
                let (before, after) = (gives(before), gives(&after));
                visitors.gained = visitors.gained.union(after.difference(before));
                visitors.lost = visitors.lost.union(before.difference(after));
            }
        }
        visitors
    }
}
