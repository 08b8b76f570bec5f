//! Documents of facts: their order, changes of them, and their differences.

use std::collections::BTreeSet;

use wicketgate::document::{Assistant, AssistantChange, Changes, Gone, Holding, Organization, Plan, Team, TeamChange};

/// The document with its lists in the order of ids.
pub fn sorted(mut organization: Organization) -> Organization {
    let holdings = |holdings: &mut Vec<Holding>| {
        holdings.sort_by(|a, b| (&a.user, &a.role, a.expires).cmp(&(&b.user, &b.role, b.expires)));
    };
    organization.plan.take_if(|plan| plan.name.is_none() && plan.withholds.is_empty());
    organization.plan.iter_mut().for_each(|plan| sort_names(&mut plan.withholds));
    organization.roles.sort_by(|a, b| a.id.cmp(&b.id));
    organization.roles.iter_mut().for_each(|role| sort_names(&mut role.grants));
    organization.users.sort_by(|a, b| a.id.cmp(&b.id));
    organization.teams.sort_by(|a, b| a.id.cmp(&b.id));
    organization.projects.sort_by(|a, b| a.id.cmp(&b.id));
    organization.assistants.sort_by(|a, b| a.id.cmp(&b.id));
    organization.teams.iter_mut().for_each(|team| holdings(&mut team.members));
    for assistant in &mut organization.assistants {
        holdings(&mut assistant.grants);
        assistant.links.sort_by(|a, b| a.id.cmp(&b.id));
    }
    organization
}

/// Capabilities are a set: a document lists each once, in any order.
fn sort_names(names: &mut Vec<String>) {
    names.sort();
    names.dedup();
}

/// Applies changes as the snapshot format describes them.
pub fn amend(organization: &Organization, changes: &Changes) -> Organization {
    fn put<T: Clone>(all: &mut Vec<T>, new: &[T], id: impl Fn(&T) -> &String) {
        for new in new {
            match all.iter_mut().find(|old| id(old) == id(new)) {
                Some(old) => *old = new.clone(),
                None => all.push(new.clone()),
            }
        }
    }
    fn holdings(old: &[Holding], new: &[Holding], without: &[String]) -> Vec<Holding> {
        let named = |user: &String| new.iter().any(|holding| holding.user == *user) || without.contains(user);
        old.iter().filter(|holding| !named(&holding.user)).chain(new).cloned().collect()
    }
    let mut organization = organization.clone();
    if let Some(plan) = &changes.plan {
        organization.plan = Some(plan.clone());
    }
    organization.assistants.retain(|assistant| !changes.gone.assistants.contains(&assistant.id));
    organization.projects.retain(|project| !changes.gone.projects.contains(&project.id));
    organization.teams.retain(|team| !changes.gone.teams.contains(&team.id));
    organization.users.retain(|user| !changes.gone.users.contains(&user.id));
    organization.roles.retain(|role| !changes.gone.roles.contains(&role.id));
    put(&mut organization.roles, &changes.roles, |role| &role.id);
    put(&mut organization.users, &changes.users, |user| &user.id);
    put(&mut organization.projects, &changes.projects, |project| &project.id);
    for change in &changes.teams {
        let old = organization.teams.iter().find(|team| team.id == change.id).map(|team| team.members.clone()).unwrap_or_default();
        let members = holdings(&old, &change.members, &change.without);
        let team = Team { id: change.id.clone(), name: change.name.clone(), creator: change.creator.clone(), members };
        put(&mut organization.teams, &[team], |team| &team.id);
    }
    for change in &changes.assistants {
        let old = organization.assistants.iter().find(|assistant| assistant.id == change.id);
        let grants = holdings(&old.map(|old| old.grants.clone()).unwrap_or_default(), &change.grants, &change.without);
        let assistant = Assistant {
            id: change.id.clone(),
            name: change.name.clone(),
            project: change.project.clone(),
            owner: change.owner.clone(),
            accessibility: change.accessibility,
            grants,
            links: change.links.clone(),
            embed: change.embed.clone(),
        };
        put(&mut organization.assistants, &[assistant], |assistant| &assistant.id);
    }
    organization
}

/// The differences between two documents, as the snapshot format describes them.
pub fn difference(before: &Organization, after: &Organization) -> Changes {
    fn put<T: Clone + PartialEq>(before: &[T], after: &[T]) -> Vec<T> {
        after.iter().filter(|new| !before.contains(new)).cloned().collect()
    }
    fn gone<T>(before: &[T], after: &[T], id: impl Fn(&T) -> &String) -> Vec<String> {
        before.iter().map(&id).filter(|old| after.iter().all(|new| id(new) != *old)).cloned().collect()
    }
    /// The new holdings of users whose holdings changed, and the users who hold nothing any more.
    fn holdings(before: &[Holding], after: &[Holding]) -> (Vec<Holding>, Vec<String>) {
        let of = |all: &[Holding], user: &str| {
            let mut held: Vec<_> =
                all.iter().filter(|holding| holding.user == user).map(|holding| (holding.role.clone(), holding.expires)).collect();
            held.sort();
            held
        };
        let changed = after.iter().filter(|holding| of(before, &holding.user) != of(after, &holding.user)).cloned().collect();
        let without: BTreeSet<String> =
            before.iter().filter(|holding| of(after, &holding.user).is_empty()).map(|holding| holding.user.clone()).collect();
        (changed, without.into_iter().collect())
    }
    let none = Plan { name: None, withholds: Vec::new() };
    let mut changes = Changes {
        plan: (before.plan != after.plan).then(|| after.plan.clone().unwrap_or(none)),
        roles: put(&before.roles, &after.roles),
        users: put(&before.users, &after.users),
        projects: put(&before.projects, &after.projects),
        gone: Gone {
            roles: gone(&before.roles, &after.roles, |role| &role.id),
            users: gone(&before.users, &after.users, |user| &user.id),
            teams: gone(&before.teams, &after.teams, |team| &team.id),
            projects: gone(&before.projects, &after.projects, |project| &project.id),
            assistants: gone(&before.assistants, &after.assistants, |assistant| &assistant.id),
        },
        ..Changes::default()
    };
    for team in put(&before.teams, &after.teams) {
        let old = before.teams.iter().find(|old| old.id == team.id).map(|old| old.members.clone()).unwrap_or_default();
        let (members, without) = holdings(&old, &team.members);
        changes.teams.push(TeamChange { id: team.id, name: team.name, creator: team.creator, members, without });
    }
    for assistant in put(&before.assistants, &after.assistants) {
        let old = before.assistants.iter().find(|old| old.id == assistant.id).map(|old| old.grants.clone()).unwrap_or_default();
        let (grants, without) = holdings(&old, &assistant.grants);
        changes.assistants.push(AssistantChange {
            id: assistant.id,
            name: assistant.name,
            project: assistant.project,
            owner: assistant.owner,
            accessibility: assistant.accessibility,
            grants,
            without,
            links: assistant.links,
            embed: assistant.embed,
        });
    }
    changes
}
