//! The changes between two states of the facts, as one reader may see them. The cost is linear in the change.
//!
//! A delta compares only the things that the change may concern: as they were, for which the facts go back for a moment, and as they are.
//! It never names a thing that the reader was not shown before and is not shown now.

use std::collections::{BTreeMap, BTreeSet};

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};

use crate::authority::affected::Affected;
use crate::authority::issue::{Projection, to_json};
use crate::authority::projection::{Holders, View};
use crate::document::{self, AssistantChange, Changes, Holding, Organization, TeamChange};
use crate::error::{Code, Error, quote};
use crate::facts::Facts;
use crate::rules::capability::Kind;

/// A change of the facts and its undoing.
#[derive(Clone, Copy)]
pub(crate) struct Transition<'a> {
    /// Undoes `after`.
    pub(crate) before: &'a Changes,
    pub(crate) after: &'a Changes,
}

/// The `state` claim: names what a projection shows of the facts at `now` (Unix seconds). `head` names the facts, and the time of the last
/// expiry names their view. Gate and overview states hash something extra (the assistant ids; one zero byte), because nothing else in
/// those snapshots distinguishes them.
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
        Projection::Workspace | Projection::Member(_) | Projection::MemberAt { .. } => {}
    }
    let digest = digest.finalize();
    // 128 bits are enough: only the issuer itself could make two states with one name, and gains nothing by it.
    Base64UrlUnpadded::encode_string(digest.first_chunk::<16>().map_or(&[], |half| half))
}

/// The changes of the last transitions for a reader at `now` (Unix seconds), and the [`state`] before them. `head` is the head of the
/// history before them.
///
/// # Errors
/// [`Code::UnknownUser`] unless the reader was a user all the time: a new user with the id of a removed user must not learn the facts
/// that the removed user was shown. [`Code::DeltaUnavailable`] for the facts about one assistant: such a snapshot is asked for again.
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
    let mut compared = Compared::of(transitions, scope);
    compared.add_contents(facts);
    let back: Vec<Transition<'_>> =
        transitions.iter().rev().map(|transition| Transition { before: transition.after, after: transition.before }).collect();
    let (old, from) = after_transitions(facts, &back, |facts| {
        compared.add_contents(facts);
        let old = view(facts, scope, now).map(|view| Shown::of(&view, &compared, None));
        (old, state(head, facts, scope, now))
    })?;

    // Without a view before, the reader has no snapshot from which a delta could start.
    let old = old?;
    let view = view(facts, scope, now)?;
    let new = Shown::of(&view, &compared, Some(&old));
    let mut changes = old.differences(&new);
    if matches!(scope, Projection::Member(_)) && !compared.everything && !changes.gone.roles.is_empty() {
        // A role that the compared things no longer name may still be named by others.
        let still_shown: BTreeSet<String> = view.document().roles.into_iter().map(|role| role.id).collect();
        changes.gone.roles.retain(|role| !still_shown.contains(role));
    }
    Ok((changes, from))
}

/// Makes the transitions, reads the facts, and undoes the transitions. Afterwards the facts are as before, even where a transition fails:
/// each `before` must undo its `after` exactly.
pub(crate) fn after_transitions<T>(
    facts: &mut Facts,
    transitions: &[Transition<'_>],
    read: impl FnOnce(&Facts) -> T,
) -> Result<T, Error> {
    let texts = |transition: &Transition<'_>| Ok((to_json(transition.after)?, to_json(transition.before)?));
    let mut made = Vec::new();
    let mut failure = None;
    for (forward, back) in transitions.iter().map(texts).collect::<Result<Vec<_>, Error>>()? {
        if let Err(error) = facts.amend(forward) {
            failure = Some(error);
            break;
        }
        made.push(back);
    }
    let result = failure.map_or_else(|| Ok(read(facts)), Err);
    for back in made.into_iter().rev() {
        facts.amend(back)?;
    }
    result
}

fn view<'a>(facts: &'a Facts, scope: &Projection, now: u64) -> Result<View<'a>, Error> {
    match scope {
        Projection::Workspace => Ok(facts.seen_by_authority()),
        Projection::Overview => Ok(facts.seen_in_overview()),
        Projection::Member(user) => facts.seen_by(user, now),
        Projection::MemberAt { .. } => Err(Error::new(Code::DeltaUnavailable, "there are no deltas about one assistant")),
        Projection::Gate(_) => Ok(facts.seen_by_gate()),
    }
}

/// The things that a delta compares, by id: everything that the changes name, and the contents of teams and projects where the reader's
/// own access changed.
#[derive(Default)]
struct Compared<'a> {
    is_member: bool,
    /// The assistants of a gate.
    gate: Option<BTreeSet<&'a str>>,
    /// Everything that the reader is shown: their access to anything may have changed.
    everything: bool,
    users: BTreeSet<String>,
    teams: BTreeMap<String, Holders>,
    /// The teams on which the reader's own access changed, and with it their access to the contents.
    contents_of_teams: BTreeSet<String>,
    projects: BTreeSet<String>,
    contents_of_projects: BTreeSet<String>,
    assistants: BTreeMap<String, Holders>,
}

impl<'a> Compared<'a> {
    fn of(transitions: &[Transition<'_>], scope: &'a Projection) -> Compared<'a> {
        let mut compared = Compared::default();
        let subject = if let Projection::Member(user) = scope { Some(user.as_str()) } else { None };
        compared.is_member = subject.is_some();
        if let Projection::Gate(assistants) = scope {
            compared.gate = Some(assistants.iter().map(String::as_str).collect());
        }
        for Transition { before, after } in transitions {
            // Each thing on one side is on the other side too, or is gone there.
            compared.add_named(before);
            compared.add_named(after);
            let affected = Affected::between(before, after, subject);
            compared.everything |= affected.plan || !affected.roles.is_empty();
            if compared.is_member {
                compared.everything |= !affected.users.is_empty();
                compared.contents_of_teams.extend(affected.teams.into_iter().map(str::to_owned));
                compared.contents_of_projects.extend(affected.projects.into_iter().map(str::to_owned));
            }
        }
        compared
    }

    /// Adds everything that one side of a transition names.
    fn add_named(&mut self, side: &Changes) {
        self.users.extend(side.users.iter().map(|user| user.id.clone()));
        for team in &side.teams {
            add(&mut self.teams, &team.id, holders(&team.members, &team.without));
        }
        for project in &side.projects {
            self.projects.insert(project.id.clone());
            add(&mut self.teams, &project.team, BTreeSet::new());
        }
        for assistant in &side.assistants {
            add(&mut self.assistants, &assistant.id, holders(&assistant.grants, &assistant.without));
            self.projects.extend(assistant.project.clone());
        }
    }

    /// Adds the contents of teams and projects, and the teams of projects, as they are in these facts.
    fn add_contents(&mut self, facts: &Facts) {
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
    let known = map.entry(id.to_owned()).or_insert_with(Holders::none);
    if let Holders::Only(named) = known {
        named.extend(users);
    }
}

/// The users whose holdings a change gives.
fn holders(holdings: &[Holding], without: &[String]) -> BTreeSet<String> {
    holdings.iter().map(|holding| &holding.user).chain(without).cloned().collect()
}

/// The compared things as a reader is shown them, by id.
struct Shown {
    plan: Option<document::Plan>,
    roles: BTreeMap<String, document::RoleDefinition>,
    users: BTreeMap<String, document::User>,
    teams: BTreeMap<String, document::Team>,
    projects: BTreeMap<String, document::Project>,
    assistants: BTreeMap<String, document::Assistant>,
}

impl Shown {
    /// The things as a view shows them. A team or an assistant that `old` does not have is shown with all its holdings.
    fn of(view: &View<'_>, compared: &Compared<'_>, old: Option<&Shown>) -> Shown {
        let facts = view.facts();
        let document = if compared.everything && compared.gate.is_none() {
            view.document()
        } else {
            let find = |kind, id: &str| facts.find_target(kind, id);
            let holders = |whole: bool, holders: &Holders| if whole { Holders::All } else { holders.clone() };
            let members = |(id, named): (&String, &Holders)| {
                let whole = compared.contents_of_teams.contains(id) || old.is_some_and(|old| !old.teams.contains_key(id));
                view.team(find(Kind::Team, id)?, &holders(whole, named))
            };
            let grants = |(id, named): (&str, &Holders)| {
                // A member is shown their own grants only.
                let whole = compared.is_member || old.is_some_and(|old| !old.assistants.contains_key(id));
                view.assistant(find(Kind::Assistant, id)?, &holders(whole, named))
            };
            let assistants = compared.assistants.iter().map(|(id, named)| (id.as_str(), named));
            let assistants = match &compared.gate {
                None => assistants.filter_map(grants).collect(),
                Some(gate) if compared.everything => gate.iter().map(|id| (*id, &Holders::All)).filter_map(grants).collect(),
                Some(gate) => assistants.filter(|(id, _)| gate.contains(id)).filter_map(grants).collect(),
            };
            let mut document = Organization {
                users: compared.users.iter().filter_map(|id| view.user(facts.find_user(id)?)).collect(),
                teams: compared.teams.iter().filter_map(members).collect(),
                projects: compared.projects.iter().filter_map(|id| view.project(find(Kind::Project, id)?)).collect(),
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
                let (members, without) = changed_holdings(before, &team.members);
                TeamChange { members, without, ..TeamChange::from(team) }
            })
            .collect();
        let (assistants, gone) = differing(&self.assistants, &new.assistants);
        changes.gone.assistants = gone;
        changes.assistants = assistants
            .into_iter()
            .map(|assistant| {
                let before = self.assistants.get(&assistant.id).map(|before| before.grants.as_slice()).unwrap_or_default();
                let (grants, without) = changed_holdings(before, &assistant.grants);
                AssistantChange { grants, without, ..AssistantChange::from(assistant) }
            })
            .collect();
        changes
    }
}

/// The things that are new or changed, and the ids of those that are gone.
fn differing<T: Clone + PartialEq>(old: &BTreeMap<String, T>, new: &BTreeMap<String, T>) -> (Vec<T>, Vec<String>) {
    let put = new.iter().filter(|(id, thing)| old.get(*id) != Some(thing)).map(|(_, thing)| thing.clone());
    let gone = old.keys().filter(|id| !new.contains_key(*id)).cloned();
    (put.collect(), gone.collect())
}

/// The holdings of the users who hold something else than before, and the users who hold nothing any more. Both lists are in the order of the
/// users.
fn changed_holdings(old: &[Holding], new: &[Holding]) -> (Vec<Holding>, Vec<String>) {
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
