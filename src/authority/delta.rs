//! What changed for a reader between two states of the facts, at the cost of the change.
//!
//! Only what the changes may have touched for the reader is looked at: once as it was, for which the facts go back for a moment, and
//! once as it is. What they were not shown before or are not shown now is never named.

use std::collections::{BTreeMap, BTreeSet};

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};

use crate::authority::issue::{Projection, to_json};
use crate::authority::projection::{Holders, View};
use crate::document::{self, AssistantChange, Changes, Holding, Organization, TeamChange};
use crate::error::{Code, Error, quote};
use crate::facts::Facts;
use crate::rules::capability::Kind;

/// One transition of the facts: there and back.
#[derive(Clone, Copy)]
pub(crate) struct Transition<'a> {
    /// Undoes `after`.
    pub(crate) before: &'a Changes,
    pub(crate) after: &'a Changes,
}

/// Names what a scope has of the facts at a time: `head` names the facts, and views of them change when something expires. A
/// member snapshot says whose it is; which assistants a gate is for nothing else says, and nothing else tells an overview from the
/// workspace.
pub(crate) fn state(head: &[u8; 32], facts: &Facts, scope: &Projection, now: u64) -> String {
    let mut digest = Sha256::new().chain_update(head).chain_update(facts.last_change(now).to_le_bytes());
    match scope {
        Projection::Gate(assistants) => {
            for id in assistants.iter().collect::<BTreeSet<_>>() {
                digest.update((id.len() as u64).to_le_bytes());
                digest.update(id);
            }
        }
        Projection::Overview => digest.update([0]),
        Projection::Workspace | Projection::Member(_) => {}
    }
    let digest = digest.finalize();
    // 128 bits: nobody gains by two states of one name, which an issuer alone could make.
    Base64UrlUnpadded::encode_string(digest.first_chunk::<16>().map_or(&[], |half| half))
}

/// What the last transitions changed for a reader at `now`, and the [`state`] before them, which `head` names. [`Code::UnknownUser`]
/// unless the reader was there all the time: whoever has the id of somebody removed is not told what that one was shown.
pub(crate) fn between(
    facts: &mut Facts,
    transitions: &[Transition<'_>],
    head: &[u8; 32],
    scope: &Projection,
    now: u64,
) -> Result<(Changes, String), Error> {
    if let Projection::Member(user) = scope
        && transitions.iter().any(|transition| transition.after.gone.users.contains(user))
    {
        return Err(Error::new(Code::UnknownUser, format!("there is no user {}", quote(user))));
    }
    let mut touched = Touched::by(transitions, scope);
    touched.complete(facts);
    let back: Vec<Transition<'_>> =
        transitions.iter().rev().map(|transition| Transition { before: transition.after, after: transition.before }).collect();
    let (seen, from) = elsewhere(facts, &back, |facts| {
        touched.complete(facts);
        let seen = view(facts, scope, now).map(|view| Shown::of(&view, &touched, None));
        (seen, state(head, facts, scope, now))
    })?;

    // A reader who was not there before has nothing that a delta could start from.
    let old = seen?;
    let now_shown = view(facts, scope, now)?;
    let new = Shown::of(&now_shown, &touched, Some(&old));
    let mut changes = old.differences(&new);
    if matches!(scope, Projection::Member(_)) && !touched.everything && !changes.gone.roles.is_empty() {
        // A role that is no longer named here may still be named elsewhere: what was looked at is not everything.
        let still: BTreeSet<String> = now_shown.document().roles.into_iter().map(|role| role.id).collect();
        changes.gone.roles.retain(|role| !still.contains(role));
    }
    Ok((changes, from))
}

/// Takes the transitions, looks, and takes them back. Whether or not they can all be taken, the facts are afterwards what they were: each
/// transition's `before` must undo its `after` exactly.
pub(crate) fn elsewhere<T>(facts: &mut Facts, transitions: &[Transition<'_>], look: impl FnOnce(&Facts) -> T) -> Result<T, Error> {
    let texts = |transition: &Transition<'_>| Ok((to_json(transition.after)?, to_json(transition.before)?));
    let mut returns = Vec::new();
    let mut failure = None;
    for (there, back) in transitions.iter().map(texts).collect::<Result<Vec<_>, Error>>()? {
        if let Err(error) = facts.amend(there) {
            failure = Some(error);
            break;
        }
        returns.push(back);
    }
    let looked = failure.map_or_else(|| Ok(look(facts)), Err);
    for back in returns.into_iter().rev() {
        facts.amend(back)?;
    }
    looked
}

fn view<'a>(facts: &'a Facts, scope: &Projection, now: u64) -> Result<View<'a>, Error> {
    match scope {
        Projection::Workspace => Ok(facts.seen_by_authority()),
        Projection::Overview => Ok(facts.seen_in_overview()),
        Projection::Member(user) => facts.seen_by(user, now),
        Projection::Gate(_) => Ok(facts.seen_by_gate()),
    }
}

/// What changes may have touched for a reader, by id.
#[derive(Default)]
struct Touched<'a> {
    subject: Option<&'a str>,
    /// All that a gate is for.
    gate: Option<BTreeSet<&'a str>>,
    everything: bool,
    users: BTreeSet<String>,
    teams: BTreeMap<String, Holders>,
    /// Teams in which the reader's own place changed, and with it what they hold on all that the team contains.
    contents_of_teams: BTreeSet<String>,
    projects: BTreeSet<String>,
    contents_of_projects: BTreeSet<String>,
    assistants: BTreeMap<String, Holders>,
}

impl<'a> Touched<'a> {
    fn by(transitions: &[Transition<'_>], scope: &'a Projection) -> Touched<'a> {
        let mut touched = Touched::default();
        match scope {
            Projection::Workspace | Projection::Overview => {}
            Projection::Member(user) => touched.subject = Some(user),
            Projection::Gate(assistants) => touched.gate = Some(assistants.iter().map(String::as_str).collect()),
        }
        for transition in transitions {
            touched.one_way(transition.before, transition.after);
            touched.one_way(transition.after, transition.before);
        }
        touched
    }

    fn is_subject(&self, user: Option<&str>) -> bool {
        user.is_some() && user == self.subject
    }

    /// What one side of a transition touches; each thing it puts is put or gone on the other side.
    fn one_way(&mut self, side: &Changes, other: &Changes) {
        let redefined = |role: &document::RoleDefinition| other.roles.iter().any(|other| other.id == role.id);
        self.everything |= side.plan.is_some() || side.roles.iter().any(redefined);
        for user in &side.users {
            let decides = |user: &document::User| (user.role.clone(), user.status);
            let before = other.users.iter().find(|other| other.id == user.id);
            self.everything |= self.is_subject(Some(&user.id)) && before.map(decides) != Some(decides(user));
            self.users.insert(user.id.clone());
        }
        for team in &side.teams {
            let named: BTreeSet<String> = users_of(&team.members, &team.without);
            let before = other.teams.iter().find(|other| other.id == team.id).and_then(|team| team.creator.as_deref());
            let created = before != team.creator.as_deref() && self.is_subject(team.creator.as_deref());
            if created || self.subject.is_some_and(|subject| named.contains(subject)) {
                self.contents_of_teams.insert(team.id.clone());
            }
            add(&mut self.teams, &team.id, named);
        }
        for project in &side.projects {
            let before = other.projects.iter().find(|other| other.id == project.id).and_then(|project| project.creator.as_deref());
            if before != project.creator.as_deref() && self.is_subject(project.creator.as_deref()) {
                self.contents_of_projects.insert(project.id.clone());
            }
            self.projects.insert(project.id.clone());
            add(&mut self.teams, &project.team, BTreeSet::new());
        }
        for assistant in &side.assistants {
            add(&mut self.assistants, &assistant.id, users_of(&assistant.grants, &assistant.without));
            self.projects.extend(assistant.project.clone());
        }
    }

    /// Adds what the facts contain of it, as they are now.
    fn complete(&mut self, facts: &Facts) {
        for team in &self.contents_of_teams {
            let team = facts.find_target(Kind::Team, team).and_then(|team| facts.team(team));
            let projects = team.into_iter().flat_map(|team| &team.projects);
            self.contents_of_projects.extend(projects.map(|project| facts.project_id(*project).to_owned()));
        }
        for project in &self.contents_of_projects {
            self.projects.insert(project.clone());
            let project = facts.find_target(Kind::Project, project).and_then(|project| facts.project(project));
            for assistant in project.into_iter().flat_map(|project| &project.assistants) {
                add(&mut self.assistants, facts.assistant_id(*assistant), BTreeSet::new());
            }
        }
        for project in &self.projects {
            if let Some(project) = facts.find_target(Kind::Project, project).and_then(|project| facts.project(project)) {
                add(&mut self.teams, facts.team_id(project.team), BTreeSet::new());
            }
        }
    }
}

fn add(map: &mut BTreeMap<String, Holders>, id: &str, users: BTreeSet<String>) {
    let known = map.entry(id.to_owned()).or_insert_with(|| Holders::Only(BTreeSet::new()));
    if let Holders::Only(named) = known {
        named.extend(users);
    }
}

fn users_of(holdings: &[Holding], without: &[String]) -> BTreeSet<String> {
    holdings.iter().map(|holding| &holding.user).chain(without).cloned().collect()
}

/// What is shown of what was touched, by id.
struct Shown {
    plan: Option<document::Plan>,
    roles: BTreeMap<String, document::RoleDefinition>,
    users: BTreeMap<String, document::User>,
    teams: BTreeMap<String, document::Team>,
    projects: BTreeMap<String, document::Project>,
    assistants: BTreeMap<String, document::Assistant>,
}

impl Shown {
    /// As a view shows it. What was not there in `old` is shown with all its holdings.
    fn of(view: &View<'_>, touched: &Touched<'_>, old: Option<&Shown>) -> Shown {
        let facts = view.facts();
        let document = if touched.everything && touched.gate.is_none() {
            view.document()
        } else {
            let find = |kind, id: &str| facts.find_target(kind, id);
            let holders = |whole: bool, holders: &Holders| if whole { Holders::All } else { holders.clone() };
            let members = |(id, named): (&String, &Holders)| {
                let whole = touched.contents_of_teams.contains(id) || old.is_some_and(|old| !old.teams.contains_key(id));
                view.team(find(Kind::Team, id)?, &holders(whole, named))
            };
            let grants = |(id, named): (&str, &Holders)| {
                // Of others' grants a member sees none.
                let whole = touched.subject.is_some() || old.is_some_and(|old| !old.assistants.contains_key(id));
                view.assistant(find(Kind::Assistant, id)?, &holders(whole, named))
            };
            let assistants = touched.assistants.iter().map(|(id, named)| (id.as_str(), named));
            let assistants = match &touched.gate {
                None => assistants.filter_map(grants).collect(),
                Some(gate) if touched.everything => gate.iter().map(|id| (*id, &Holders::All)).filter_map(grants).collect(),
                Some(gate) => assistants.filter(|(id, _)| gate.contains(id)).filter_map(grants).collect(),
            };
            let mut document = Organization {
                users: touched.users.iter().filter_map(|id| view.user(facts.find_user(id)?)).collect(),
                teams: touched.teams.iter().filter_map(members).collect(),
                projects: touched.projects.iter().filter_map(|id| view.project(find(Kind::Project, id)?)).collect(),
                assistants,
                ..facts.frame()
            };
            document.roles = view.roles(&document);
            document
        };
        Shown {
            plan: document.plan,
            roles: document.roles.into_iter().map(|role| (role.id.clone(), role)).collect(),
            users: document.users.into_iter().map(|user| (user.id.clone(), user)).collect(),
            teams: document.teams.into_iter().map(|team| (team.id.clone(), team)).collect(),
            projects: document.projects.into_iter().map(|project| (project.id.clone(), project)).collect(),
            assistants: document.assistants.into_iter().map(|assistant| (assistant.id.clone(), assistant)).collect(),
        }
    }

    fn differences(&self, new: &Shown) -> Changes {
        let mut changes = Changes::default();
        if self.plan != new.plan {
            changes.plan = Some(new.plan.clone().unwrap_or(document::Plan { name: None, withholds: Vec::new() }));
        }
        (changes.roles, changes.gone.roles) = differing(&self.roles, &new.roles);
        (changes.users, changes.gone.users) = differing(&self.users, &new.users);
        (changes.projects, changes.gone.projects) = differing(&self.projects, &new.projects);
        let (teams, gone) = differing(&self.teams, &new.teams);
        changes.gone.teams = gone;
        changes.teams = teams
            .into_iter()
            .map(|team| {
                let before = self.teams.get(&team.id).map(|before| before.members.as_slice()).unwrap_or_default();
                let (members, without) = moved(before, &team.members);
                TeamChange { members, without, ..TeamChange::from(team) }
            })
            .collect();
        let (assistants, gone) = differing(&self.assistants, &new.assistants);
        changes.gone.assistants = gone;
        changes.assistants = assistants
            .into_iter()
            .map(|assistant| {
                let before = self.assistants.get(&assistant.id).map(|before| before.grants.as_slice()).unwrap_or_default();
                let (grants, without) = moved(before, &assistant.grants);
                AssistantChange { grants, without, ..AssistantChange::from(assistant) }
            })
            .collect();
        changes
    }
}

/// What is new or another, and the ids of what is gone.
fn differing<T: Clone + PartialEq>(old: &BTreeMap<String, T>, new: &BTreeMap<String, T>) -> (Vec<T>, Vec<String>) {
    let put = new.iter().filter(|(id, thing)| old.get(*id) != Some(thing)).map(|(_, thing)| thing.clone());
    let gone = old.keys().filter(|id| !new.contains_key(*id)).cloned();
    (put.collect(), gone.collect())
}

/// The holdings of those who hold something else than before, and those who hold nothing any more. Both lists are sorted by user.
fn moved(old: &[Holding], new: &[Holding]) -> (Vec<Holding>, Vec<String>) {
    let by_user = |holdings: &[Holding]| {
        let mut by_user: BTreeMap<String, Vec<Holding>> = BTreeMap::new();
        for holding in holdings {
            by_user.entry(holding.user.clone()).or_default().push(holding.clone());
        }
        by_user
    };
    let (old, new) = (by_user(old), by_user(new));
    let (put, without) = differing(&old, &new);
    (put.into_iter().flatten().collect(), without)
}
