//! Undoing a change. Deltas and previews go back and forward through changes: a change that is not undone exactly would lead them to other
//! facts.

use std::collections::{BTreeMap, BTreeSet};

use crate::authority::projection::Holders;
use crate::document::{AssistantChange, Changes, Holding, TeamChange};
use crate::facts::{self, Facts, Position};
use crate::rules::capability::Kind;

/// Why `before` does not undo `after` exactly, from these facts, if so. The cost is linear in the change; where users or roles are removed,
/// everything that could refer to them is searched too.
pub(super) fn find_error(facts: &Facts, before: &Changes, after: &Changes) -> Option<&'static str> {
    let named = Named::in_changes(after);
    if !named.once {
        return Some("changes a thing twice");
    }
    if named.refers_to_gone(after) || named.leaves_references(facts) {
        return Some("leaves a reference to something that it removes");
    }
    (sorted(undoing(facts, after)) != sorted(before.clone())).then_some("is not undone by its own `before`")
}

/// The changes that undo `after`: the present state of everything that it names.
pub(super) fn undoing(facts: &Facts, after: &Changes) -> Changes {
    /// The things that are present, and the ids of those that are not.
    fn now<'a, T>(
        put: impl Iterator<Item = (&'a String, Holders)>,
        gone: &'a [String],
        find: impl Fn(&str, &Holders) -> Option<T>,
    ) -> (Vec<T>, Vec<String>) {
        let (mut present, mut new) = (Vec::new(), Vec::new());
        for (id, holders) in put.chain(gone.iter().map(|id| (id, Holders::All))) {
            match find(id, &holders) {
                Some(thing) => present.push(thing),
                None => new.push(id.clone()),
            }
        }
        (present, new)
    }
    let mut before = Changes { plan: after.plan.as_ref().map(|_| facts.plan_now()), ..Changes::default() };
    let Changes { gone, .. } = after;
    let target = |kind, id: &str| facts.find_target(kind, id);
    let holders = |held: &[Holding], without: &[String]| Holders::Only(named_holders(held, without).map(str::to_owned).collect());

    let put = after.roles.iter().map(|role| (&role.id, Holders::none()));
    (before.roles, before.gone.roles) = now(put, &gone.roles, |id, _| facts.role_now(facts.find_role(id)?));
    let put = after.users.iter().map(|user| (&user.id, Holders::none()));
    (before.users, before.gone.users) = now(put, &gone.users, |id, _| facts.user_now(facts.find_user(id)?));
    let put = after.teams.iter().map(|team| (&team.id, holders(&team.members, &team.without)));
    (before.teams, before.gone.teams) = now(put, &gone.teams, |id, holders| facts.team_now(target(Kind::Team, id)?, holders));
    let put = after.projects.iter().map(|project| (&project.id, Holders::none()));
    (before.projects, before.gone.projects) = now(put, &gone.projects, |id, _| facts.project_now(target(Kind::Project, id)?));
    let put = after.assistants.iter().map(|assistant| (&assistant.id, holders(&assistant.grants, &assistant.without)));
    let assistant = |id: &str, holders: &Holders| facts.assistant_now(target(Kind::Assistant, id)?, holders);
    (before.assistants, before.gone.assistants) = now(put, &gone.assistants, assistant);
    before
}

/// The users whose holdings a change gives.
fn named_holders<'a>(held: &'a [Holding], without: &'a [String]) -> impl Iterator<Item = &'a str> {
    held.iter().map(|holding| &holding.user).chain(without).map(String::as_str)
}

/// The same changes with their lists sorted: the order of these lists has no meaning.
fn sorted(mut changes: Changes) -> Changes {
    let held = |holdings: &mut Vec<Holding>| {
        holdings.sort_unstable_by(|one, other| (&one.user, &one.role, one.expires).cmp(&(&other.user, &other.role, other.expires)));
    };
    if let Some(plan) = &mut changes.plan {
        plan.withholds.sort_unstable();
    }
    for role in &mut changes.roles {
        role.grants.sort_unstable();
    }
    for TeamChange { members, without, .. } in &mut changes.teams {
        held(members);
        without.sort_unstable();
    }
    for AssistantChange { grants, without, links, .. } in &mut changes.assistants {
        held(grants);
        without.sort_unstable();
        links.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    }
    changes.roles.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    changes.users.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    changes.teams.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    changes.projects.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    changes.assistants.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    let gone = &mut changes.gone;
    for list in [&mut gone.roles, &mut gone.users, &mut gone.teams, &mut gone.projects, &mut gone.assistants] {
        list.sort_unstable();
    }
    changes
}

/// The things of one kind that changes name, by id.
#[derive(Default)]
struct NamedThings<'a> {
    /// New or replaced things, each with the users whose holdings on it are given.
    put: BTreeMap<&'a str, BTreeSet<&'a str>>,
    gone: BTreeSet<&'a str>,
}

impl<'a> NamedThings<'a> {
    fn of(put: impl Iterator<Item = (&'a String, BTreeSet<&'a str>)>, gone: &'a [String]) -> NamedThings<'a> {
        NamedThings { put: put.map(|(id, users)| (id.as_str(), users)).collect(), gone: gone.iter().map(String::as_str).collect() }
    }

    /// The number of things.
    fn len(&self) -> usize {
        self.put.keys().filter(|id| !self.gone.contains(*id)).count() + self.gone.len()
    }

    /// Whether a thing is neither replaced nor removed.
    fn keeps(&self, id: &str) -> bool {
        !self.put.contains_key(id) && !self.gone.contains(id)
    }

    /// Whether a user's holdings on a thing stay the same.
    fn keeps_holdings(&self, id: &str, user: &str) -> bool {
        !self.gone.contains(id) && self.put.get(id).is_none_or(|users| !users.contains(user))
    }
}

/// The things that changes name.
struct Named<'a> {
    roles: NamedThings<'a>,
    users: NamedThings<'a>,
    teams: NamedThings<'a>,
    projects: NamedThings<'a>,
    assistants: NamedThings<'a>,
    /// Whether no thing is named twice.
    once: bool,
}

impl<'a> Named<'a> {
    fn in_changes(changes: &'a Changes) -> Named<'a> {
        let Changes { plan: _, roles, users, teams, projects, assistants, gone } = changes;
        let nobody = BTreeSet::new;
        let holders = |held: &'a [Holding], without: &'a [String]| named_holders(held, without).collect();
        let mut named = Named {
            roles: NamedThings::of(roles.iter().map(|role| (&role.id, nobody())), &gone.roles),
            users: NamedThings::of(users.iter().map(|user| (&user.id, nobody())), &gone.users),
            teams: NamedThings::of(teams.iter().map(|it| (&it.id, holders(&it.members, &it.without))), &gone.teams),
            projects: NamedThings::of(projects.iter().map(|project| (&project.id, nobody())), &gone.projects),
            assistants: NamedThings::of(assistants.iter().map(|it| (&it.id, holders(&it.grants, &it.without))), &gone.assistants),
            once: false,
        };
        named.once = named.roles.len() == roles.len() + gone.roles.len()
            && named.users.len() == users.len() + gone.users.len()
            && named.teams.len() == teams.len() + gone.teams.len()
            && named.projects.len() == projects.len() + gone.projects.len()
            && named.assistants.len() == assistants.len() + gone.assistants.len();
        named
    }

    /// Whether something new or replaced refers to something that is removed.
    fn refers_to_gone(&self, after: &Changes) -> bool {
        let is_gone = |named: &NamedThings<'_>, id: Option<&String>| id.is_some_and(|id| named.gone.contains(id.as_str()));
        let is_held = |held: &[Holding]| {
            held.iter().any(|holding| is_gone(&self.users, Some(&holding.user)) || is_gone(&self.roles, Some(&holding.role)))
        };
        after.users.iter().any(|user| is_gone(&self.roles, Some(&user.role)))
            || after.teams.iter().any(|team| is_gone(&self.users, team.creator.as_ref()) || is_held(&team.members))
            || after.projects.iter().any(|it| is_gone(&self.teams, Some(&it.team)) || is_gone(&self.users, it.creator.as_ref()))
            || after.assistants.iter().any(|assistant| {
                is_gone(&self.projects, assistant.project.as_ref())
                    || is_gone(&self.users, assistant.owner.as_ref())
                    || is_held(&assistant.grants)
            })
    }

    /// Whether something that the changes keep refers to something that they remove. A thing that is removed and put back has another
    /// position, at which such a reference would not find it.
    fn leaves_references(&self, facts: &'a Facts) -> bool {
        let keeps_project = |project: &Position| self.projects.keeps(facts.project_id(*project));
        let keeps_assistant = |assistant: &Position| self.assistants.keeps(facts.assistant_id(*assistant));
        let of = |kind, named: &NamedThings<'_>| named.gone.iter().filter_map(|id| facts.find_target(kind, id)).collect::<Vec<_>>();
        let teams = of(Kind::Team, &self.teams).into_iter().filter_map(|team| facts.team(team));
        let projects = of(Kind::Project, &self.projects).into_iter().filter_map(|project| facts.project(project));
        if teams.flat_map(|team| &team.projects).any(keeps_project)
            || projects.flat_map(|project| &project.assistants).any(keeps_assistant)
        {
            return true;
        }

        let positions = |named: &NamedThings<'_>, find: &dyn Fn(&str) -> Option<Position>| {
            let mut positions: Vec<Position> = named.gone.iter().filter_map(|id| find(id)).collect();
            positions.sort_unstable();
            positions
        };
        let users = positions(&self.users, &|id| facts.find_user(id));
        let roles = positions(&self.roles, &|id| facts.find_role(id));
        if users.is_empty() && roles.is_empty() {
            return false;
        }
        let user_gone = |user: &Position| users.binary_search(user).is_ok();
        let role_gone = |role: &Position| roles.binary_search(role).is_ok();
        let is_held = |named: &NamedThings<'_>, id: &dyn Fn() -> &'a str, held: &[facts::Holding]| {
            let mut gone = held.iter().filter(|holding| user_gone(&holding.user) || role_gone(&holding.role));
            gone.any(|holding| named.keeps_holdings(id(), facts.user_id(holding.user)))
        };
        // All rows, as they lie in memory; an id is looked up where something is found.
        let mut people = (0..).zip(facts.users());
        let mut teams = (0..).map_while(|team| Some((team, facts.team(team)?)));
        let mut projects = (0..).map_while(|project| Some((project, facts.project(project)?)));
        let mut assistants = (0..).map_while(|assistant| Some((assistant, facts.assistant(assistant)?)));
        people.any(|(user, row)| role_gone(&row.role) && self.users.keeps(facts.user_id(user)))
            || teams.any(|(team, row)| {
                let id = || facts.team_id(team);
                (user_gone(&row.creator) && self.teams.keeps(id())) || is_held(&self.teams, &id, &row.members)
            })
            || projects.any(|(project, row)| user_gone(&row.creator) && keeps_project(&project))
            || assistants.any(|(assistant, row)| {
                let id = || facts.assistant_id(assistant);
                (user_gone(&row.owner) && self.assistants.keeps(id())) || is_held(&self.assistants, &id, &row.grants)
            })
    }
}
