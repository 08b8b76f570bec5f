//! Changes applied to a document: the expected result of changing facts in place.

use crate::document::{Assistant, AssistantChange, Changes, Holding, Organization, Team, TeamChange};

/// The document with the changes, in the order of documents: by id, holdings by user and role.
pub(super) fn patched(organization: &Organization, changes: &Changes) -> Organization {
    let mut organization = organization.clone();
    patch(&mut organization, changes);
    organization.roles.sort_by(|one, other| one.id.cmp(&other.id));
    organization.users.sort_by(|one, other| one.id.cmp(&other.id));
    organization.teams.sort_by(|one, other| one.id.cmp(&other.id));
    organization.projects.sort_by(|one, other| one.id.cmp(&other.id));
    organization.assistants.sort_by(|one, other| one.id.cmp(&other.id));
    for team in &mut organization.teams {
        team.members.sort_by(by_user_and_role);
    }
    for assistant in &mut organization.assistants {
        assistant.grants.sort_by(by_user_and_role);
        assistant.links.sort_by(|one, other| one.id.cmp(&other.id));
    }
    organization
}

fn by_user_and_role(one: &Holding, other: &Holding) -> std::cmp::Ordering {
    (&one.user, &one.role).cmp(&(&other.user, &other.role))
}

fn patch(organization: &mut Organization, changes: &Changes) {
    if let Some(plan) = &changes.plan {
        organization.plan = (plan.name.is_some() || !plan.withholds.is_empty()).then(|| plan.clone());
    }
    let gone = &changes.gone;
    organization.assistants.retain(|assistant| !gone.assistants.contains(&assistant.id));
    organization.projects.retain(|project| !gone.projects.contains(&project.id));
    organization.teams.retain(|team| !gone.teams.contains(&team.id));
    organization.users.retain(|user| !gone.users.contains(&user.id));
    organization.roles.retain(|role| !gone.roles.contains(&role.id));
    for role in &changes.roles {
        put(&mut organization.roles, role.clone(), |role| &role.id);
    }
    for user in &changes.users {
        put(&mut organization.users, user.clone(), |user| &user.id);
    }
    for TeamChange { id, name, creator, members, without } in &changes.teams {
        let old = organization.teams.iter().find(|team| team.id == *id).map(|team| team.members.as_slice());
        let members = holdings(old.unwrap_or_default(), members, without);
        let team = Team { id: id.clone(), name: name.clone(), creator: creator.clone(), members };
        put(&mut organization.teams, team, |team| &team.id);
    }
    for project in &changes.projects {
        put(&mut organization.projects, project.clone(), |project| &project.id);
    }
    for AssistantChange { id, name, project, owner, accessibility, grants, without, links, embed } in &changes.assistants {
        let old = organization.assistants.iter().find(|assistant| assistant.id == *id).map(|assistant| assistant.grants.as_slice());
        let assistant = Assistant {
            id: id.clone(),
            name: name.clone(),
            project: project.clone(),
            owner: owner.clone(),
            accessibility: *accessibility,
            grants: holdings(old.unwrap_or_default(), grants, without),
            links: links.clone(),
            embed: embed.clone(),
        };
        put(&mut organization.assistants, assistant, |assistant| &assistant.id);
    }
}

fn put<T>(list: &mut Vec<T>, item: T, id: impl Fn(&T) -> &String) {
    match list.iter_mut().find(|old| id(old) == id(&item)) {
        Some(old) => *old = item,
        None => list.push(item),
    }
}

fn holdings(old: &[Holding], new: &[Holding], without: &[String]) -> Vec<Holding> {
    let named = |user: &String| without.contains(user) || new.iter().any(|holding| holding.user == *user);
    let kept = old.iter().filter(|holding| !named(&holding.user));
    kept.chain(new).cloned().collect()
}
