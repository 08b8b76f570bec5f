//! Which deciding facts ([`crate::access`]) a change changes, for everybody or for one user.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{AssistantBasis, HeldRole, ProjectBasis, TeamBasis};
use crate::document::{AssistantChange, Changes, Holding, Plan, Project, RoleDefinition, TeamChange, User};
use crate::facts::{NEVER, Status};

/// The things whose deciding facts differ between the two sides of a change, by id. A team or a project stands for its contents too.
#[derive(Default)]
pub(crate) struct Affected<'a> {
    /// Whether the plan withholds other capabilities.
    pub(crate) plan: bool,
    /// The custom roles that grant other capabilities, as they are on one side. A new role is not among them: nobody holds it yet.
    pub(crate) roles: Vec<&'a RoleDefinition>,
    /// The users with another active role.
    pub(crate) users: BTreeSet<&'a str>,
    pub(crate) teams: BTreeSet<&'a str>,
    pub(crate) projects: BTreeSet<&'a str>,
    pub(crate) assistants: BTreeSet<&'a str>,
    /// The assistants to which visitors may have another access.
    pub(crate) visited: BTreeSet<&'a str>,
}

impl<'a> Affected<'a> {
    /// The changes for everybody; or for one user, for whom facts that name others do not count. `before` undoes `after`: each thing on
    /// one side of a change is on the other side too, or is gone there.
    pub(crate) fn between(before: &'a Changes, after: &'a Changes, user: Option<&str>) -> Affected<'a> {
        let counts = |id: &str| user.is_none_or(|user| user == id);
        let only = |id: &'a Option<String>| id.as_deref().filter(|id| counts(id)).unwrap_or_default();
        let held = |holdings: &'a [Holding]| -> Vec<HeldRole<'a>> {
            let counting = holdings.iter().filter(|holding| counts(&holding.user));
            counting.map(|holding| (&*holding.user, &*holding.role, holding.expires.unwrap_or(NEVER))).collect()
        };
        let team = |team: &'a TeamChange| TeamBasis { creator: only(&team.creator), members: held(&team.members) };
        let project = |project: &'a Project| ProjectBasis { team: &project.team, creator: only(&project.creator) };
        let assistant = |assistant: &'a AssistantChange| AssistantBasis {
            project: assistant.project.as_deref().unwrap_or_default(),
            owner: only(&assistant.owner),
            accessibility: assistant.accessibility,
            grants: held(&assistant.grants),
        };
        let roles =
            pairs(&before.roles, &after.roles, |role| &role.id).into_values().filter_map(|pair| pair.before.zip(pair.after));
        let redefined = roles.filter(|(old, new)| (old.on, &old.grants) != (new.on, &new.grants));
        Affected {
            plan: withheld(before.plan.as_ref()) != withheld(after.plan.as_ref()),
            roles: redefined.map(|(old, _)| old).collect(),
            users: differing(&before.users, &after.users, |user| &user.id, active_role).filter(|id| counts(id)).collect(),
            teams: differing(&before.teams, &after.teams, |team| &team.id, team).collect(),
            projects: differing(&before.projects, &after.projects, |project| &project.id, project).collect(),
            assistants: differing(&before.assistants, &after.assistants, |assistant| &assistant.id, assistant).collect(),
            visited: differing(&before.assistants, &after.assistants, |assistant| &assistant.id, visitors).collect(),
        }
    }
}

/// A thing on both sides of a change; absent on a side where it does not exist.
struct Pair<'a, T> {
    before: Option<&'a T>,
    after: Option<&'a T>,
}

fn pairs<'a, T>(before: &'a [T], after: &'a [T], id: impl Fn(&'a T) -> &'a String) -> BTreeMap<&'a str, Pair<'a, T>> {
    let mut pairs: BTreeMap<&str, Pair<'a, T>> = BTreeMap::new();
    for thing in before {
        pairs.insert(id(thing), Pair { before: Some(thing), after: None });
    }
    for thing in after {
        pairs.entry(id(thing)).or_insert(Pair { before: None, after: None }).after = Some(thing);
    }
    pairs
}

/// The ids of the things whose deciding facts are not the same on both sides.
fn differing<'a, T, B: PartialEq>(
    before: &'a [T],
    after: &'a [T],
    id: impl Fn(&'a T) -> &'a String,
    basis: impl Fn(&'a T) -> B,
) -> impl Iterator<Item = &'a str> {
    let differs = move |pair: &Pair<'a, T>| pair.before.map(&basis) != pair.after.map(&basis);
    pairs(before, after, id).into_iter().filter(move |(_, pair)| differs(pair)).map(|(id, _)| id)
}

fn withheld(plan: Option<&Plan>) -> BTreeSet<&str> {
    plan.iter().flat_map(|plan| &plan.withholds).map(String::as_str).collect()
}

fn active_role(user: &User) -> Option<&str> {
    (user.status == Status::Active).then_some(user.role.as_str())
}

/// The deciding facts of an assistant for visitors.
fn visitors(assistant: &AssistantChange) -> impl PartialEq + use<'_> {
    let links: Vec<_> = assistant.links.iter().map(|link| (link.id.as_str(), link.level, link.expires)).collect();
    (assistant.accessibility, links, assistant.embed.as_ref().map(|embed| embed.origins.as_slice()))
}
