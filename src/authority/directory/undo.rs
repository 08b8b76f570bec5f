//! What undoes a change. A step that is not undone exactly would lead a directory that goes back, and forth again, somewhere else.

use std::collections::{BTreeMap, BTreeSet};

use super::documents::nobodys;
use crate::authority::projection::Whose;
use crate::document::{AssistantChange, Changes, Holding, TeamChange};
use crate::facts::{self, Facts, Position};
use crate::rules::capability::Kind;

/// What is wrong with a step from these facts, unless `before` undoes `after` exactly. The cost is that of the change; where people
/// or roles are gone, everything that could refer to them is looked at as well.
pub(super) fn fault(facts: &Facts, before: &Changes, after: &Changes) -> Option<&'static str> {
    let touched = Touched::by(after);
    if !touched.once {
        return Some("changes a thing twice");
    }
    if touched.refers_to_gone(after) || touched.leaves_references(facts) {
        return Some("leaves a reference to what is gone");
    }
    (sorted(undoing(facts, after)) != sorted(before.clone())).then_some("is not undone by what it says was before")
}

/// For everything that the changes touch, what it is now.
pub(super) fn undoing(facts: &Facts, after: &Changes) -> Changes {
    fn now<'a, T>(
        put: impl Iterator<Item = (&'a String, Whose)>,
        gone: &'a [String],
        find: impl Fn(&str, &Whose) -> Option<T>,
    ) -> (Vec<T>, Vec<String>) {
        let (mut there, mut new) = (Vec::new(), Vec::new());
        for (id, whose) in put.chain(gone.iter().map(|id| (id, Whose::All))) {
            match find(id, &whose) {
                Some(thing) => there.push(thing),
                None => new.push(id.clone()),
            }
        }
        (there, new)
    }
    let mut before = Changes { plan: after.plan.as_ref().map(|_| facts.plan_now()), ..Changes::default() };
    let Changes { gone, .. } = after;
    let target = |kind, id: &str| facts.find_target(kind, id);
    let whose = |held: &[Holding], without: &[String]| Whose::Of(named(held, without).map(str::to_owned).collect());

    let put = after.roles.iter().map(|role| (&role.id, nobodys()));
    (before.roles, before.gone.roles) = now(put, &gone.roles, |id, _| facts.role_now(facts.find_role(id)?));
    let put = after.users.iter().map(|user| (&user.id, nobodys()));
    (before.users, before.gone.users) = now(put, &gone.users, |id, _| facts.user_now(facts.find_user(id)?));
    let put = after.teams.iter().map(|team| (&team.id, whose(&team.members, &team.without)));
    (before.teams, before.gone.teams) = now(put, &gone.teams, |id, whose| facts.team_now(target(Kind::Team, id)?, whose));
    let put = after.projects.iter().map(|project| (&project.id, nobodys()));
    (before.projects, before.gone.projects) = now(put, &gone.projects, |id, _| facts.project_now(target(Kind::Project, id)?));
    let put = after.assistants.iter().map(|assistant| (&assistant.id, whose(&assistant.grants, &assistant.without)));
    let assistant = |id: &str, whose: &Whose| facts.assistant_now(target(Kind::Assistant, id)?, whose);
    (before.assistants, before.gone.assistants) = now(put, &gone.assistants, assistant);
    before
}

/// The users of whom a change says what they hold.
fn named<'a>(held: &'a [Holding], without: &'a [String]) -> impl Iterator<Item = &'a str> {
    held.iter().map(|holding| &holding.user).chain(without).map(String::as_str)
}

/// The same changes, with what has no order in one.
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

/// What changes say of the things of one kind, by id.
#[derive(Default)]
struct Said<'a> {
    /// What is put, and of whom it is said what they hold there.
    put: BTreeMap<&'a str, BTreeSet<&'a str>>,
    gone: BTreeSet<&'a str>,
}

impl<'a> Said<'a> {
    fn of(put: impl Iterator<Item = (&'a String, BTreeSet<&'a str>)>, gone: &'a [String]) -> Said<'a> {
        Said { put: put.map(|(id, named)| (id.as_str(), named)).collect(), gone: gone.iter().map(String::as_str).collect() }
    }

    /// How many things.
    fn len(&self) -> usize {
        self.put.keys().filter(|id| !self.gone.contains(*id)).count() + self.gone.len()
    }

    /// Whether a thing stays as it is.
    fn leaves(&self, id: &str) -> bool {
        !self.put.contains_key(id) && !self.gone.contains(id)
    }

    /// Whether a user keeps what they hold on a thing.
    fn leaves_held(&self, id: &str, user: &str) -> bool {
        !self.gone.contains(id) && self.put.get(id).is_none_or(|named| !named.contains(user))
    }
}

/// What changes touch.
struct Touched<'a> {
    roles: Said<'a>,
    users: Said<'a>,
    teams: Said<'a>,
    projects: Said<'a>,
    assistants: Said<'a>,
    /// Whether each thing is put or gone once.
    once: bool,
}

impl<'a> Touched<'a> {
    fn by(changes: &'a Changes) -> Touched<'a> {
        let Changes { plan: _, roles, users, teams, projects, assistants, gone } = changes;
        let nobody = BTreeSet::new;
        let holders = |held: &'a [Holding], without: &'a [String]| named(held, without).collect();
        let mut touched = Touched {
            roles: Said::of(roles.iter().map(|role| (&role.id, nobody())), &gone.roles),
            users: Said::of(users.iter().map(|user| (&user.id, nobody())), &gone.users),
            teams: Said::of(teams.iter().map(|it| (&it.id, holders(&it.members, &it.without))), &gone.teams),
            projects: Said::of(projects.iter().map(|project| (&project.id, nobody())), &gone.projects),
            assistants: Said::of(assistants.iter().map(|it| (&it.id, holders(&it.grants, &it.without))), &gone.assistants),
            once: false,
        };
        touched.once = touched.roles.len() == roles.len() + gone.roles.len()
            && touched.users.len() == users.len() + gone.users.len()
            && touched.teams.len() == teams.len() + gone.teams.len()
            && touched.projects.len() == projects.len() + gone.projects.len()
            && touched.assistants.len() == assistants.len() + gone.assistants.len();
        touched
    }

    /// Whether something that is put refers to something that is gone.
    fn refers_to_gone(&self, after: &Changes) -> bool {
        let is_gone = |said: &Said<'_>, id: Option<&String>| id.is_some_and(|id| said.gone.contains(id.as_str()));
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

    /// Whether something that stays as it is refers to something that is gone. Put back, what is gone would stand elsewhere, and not
    /// be found from there.
    fn leaves_references(&self, facts: &'a Facts) -> bool {
        let project_left = |project: &Position| self.projects.leaves(facts.project_id(*project));
        let assistant_left = |assistant: &Position| self.assistants.leaves(facts.assistant_id(*assistant));
        let of = |kind, said: &Said<'_>| said.gone.iter().filter_map(|id| facts.find_target(kind, id)).collect::<Vec<_>>();
        let teams = of(Kind::Team, &self.teams).into_iter().filter_map(|team| facts.team(team));
        let projects = of(Kind::Project, &self.projects).into_iter().filter_map(|project| facts.project(project));
        if teams.flat_map(|team| &team.projects).any(project_left)
            || projects.flat_map(|project| &project.assistants).any(assistant_left)
        {
            return true;
        }

        let positions = |said: &Said<'_>, find: &dyn Fn(&str) -> Option<Position>| {
            let mut positions: Vec<Position> = said.gone.iter().filter_map(|id| find(id)).collect();
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
        let is_held = |said: &Said<'_>, id: &dyn Fn() -> &'a str, held: &[facts::Holding]| {
            let mut gone = held.iter().filter(|holding| user_gone(&holding.user) || role_gone(&holding.role));
            gone.any(|holding| said.leaves_held(id(), facts.user_id(holding.user)))
        };
        // All rows, as they lie in memory; an id is looked up where something is found.
        let mut people = (0..).zip(facts.users());
        let mut teams = (0..).map_while(|team| Some((team, facts.team(team)?)));
        let mut projects = (0..).map_while(|project| Some((project, facts.project(project)?)));
        let mut assistants = (0..).map_while(|assistant| Some((assistant, facts.assistant(assistant)?)));
        people.any(|(user, row)| role_gone(&row.role) && self.users.leaves(facts.user_id(user)))
            || teams.any(|(team, row)| {
                let id = || facts.team_id(team);
                (user_gone(&row.creator) && self.teams.leaves(id())) || is_held(&self.teams, &id, &row.members)
            })
            || projects.any(|(project, row)| user_gone(&row.creator) && project_left(&project))
            || assistants.any(|(assistant, row)| {
                let id = || facts.assistant_id(assistant);
                (user_gone(&row.owner) && self.assistants.leaves(id())) || is_held(&self.assistants, &id, &row.grants)
            })
    }
}
