//! A preview equals the later change, as far as its reader may know it; and it leaves no trace.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::adapter::Directory;
use super::commands::{self, Known, Step};
use super::model;
use super::sequences::{config, few};
use crate::common::issued::opened;
use crate::common::world::NOW;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use wicketgate::document::{Holding, Organization};
use wicketgate::{
    Accessibility, Capability, CapabilitySet, Change, Held, HoldingChange, Issue, Kind, LinkLevel, Presented, Preview, Projection,
    SigningKey, Status, VisitorChange,
};

const CASES: u32 = 40;
/// Repetitions of [`CASES`] until every outcome has occurred.
const ROUNDS: usize = 10;

/// The outcomes of the sequences.
type Tally = RefCell<BTreeMap<&'static str, usize>>;

#[test]
fn a_preview_is_what_then_happens() {
    let tally = Tally::default();
    let mut runner = TestRunner::new(config(CASES));
    let worlds = (commands::founded(), commands::steps(20..50));
    let outcomes =
        ["refused", "nothing", "everything", "in part", "others only", "another end or role", "visitors gain", "visitors lose"];
    // Some outcomes occur once in many sequences.
    for _ in 0..ROUNDS {
        if let Err(error) = runner.run(&worlds, |(organization, steps)| follow(&organization, &steps, &tally)) {
            panic!("{error}");
        }
        if few() || outcomes.iter().all(|outcome| tally.borrow().contains_key(outcome)) {
            return;
        }
    }
    panic!("not all outcomes came by: {:?}", tally.into_inner());
}

fn follow(organization: &Organization, steps: &[Step], tally: &Tally) -> Result<(), TestCaseError> {
    let mut now = NOW;
    let mut directory = Directory::found(organization, now);
    let mut known = Known::default();
    for step in steps {
        now = step.time(now);
        let (actor, command) = step.command(&known, now);
        // What is shown to a key is what its role shows; here people read.
        let actor = model::user_of(actor.as_deref()).map(str::to_owned);
        let before = directory.document();
        let state = state(&mut directory, now);
        // Another actor may give the same command.
        let others = before.users.iter().map(|user| Some(user.id.as_str())).filter(|user| *user != actor.as_deref());
        for by in others.chain([actor.as_deref()]) {
            let preview = directory.preview(by, &command, now);
            match (directory.decide(by, &command, now), preview) {
                (Ok((event, _)), Ok(preview)) => {
                    let mut copy = Directory(wicketgate::Directory::restore(&directory.dump()).unwrap());
                    copy.0.apply(&event).unwrap();
                    agrees([&before, &copy.document()], &preview, by, &command, now, tally)?;
                }
                (Err(expected), Err(found)) => {
                    prop_assert_eq!(found, expected, "{:?}: {}", by, command);
                    *tally.borrow_mut().entry("refused").or_default() += 1;
                }
                (decided, preview) => prop_assert_eq!(decided.map(|_| ()), preview.map(|_| ()), "{:?}: {}", by, command),
            }
        }
        prop_assert_eq!(&self::state(&mut directory, now), &state, "{}", command);
        if let Ok((_, result)) = directory.execute(actor.as_deref(), &command, now) {
            known.learn(&command, &result);
        }
    }
    Ok(())
}

/// Everything that a directory signs and writes.
fn state(directory: &mut Directory, now: u64) -> Vec<String> {
    let key = SigningKey::from_entropy(&[7; 32], None).unwrap();
    let issue = |scope| Issue { issued_at: now, expires_at: now + 60, scope, ..Issue::default() };
    let users: Vec<String> = directory.document().users.into_iter().map(|user| user.id).collect();
    let mut state = vec![directory.dump(), directory.0.state(now), directory.0.head()];
    let members = users.into_iter().map(Projection::Member);
    for scope in members.chain([Projection::Workspace, Projection::Gate(directory.0.public_assistants())]) {
        state.push(directory.0.snapshot(issue(scope.clone()), &key).unwrap());
        let version = directory.0.version();
        for from in version.saturating_sub(2)..=version {
            // A reader who did not exist then has no delta, before and after.
            let delta = directory.0.delta(from, issue(scope.clone()), &key);
            state.push(delta.unwrap_or_else(|error| error.to_string()));
        }
    }
    state
}

/// Who gained or lost what, by the snapshots. Changes of the plan and of roles are counted where these are held.
fn happened(before: &Organization, after: &Organization, command: &Value, now: u64) -> Vec<Change> {
    let [older, newer] = [before, after].map(|organization| opened(organization, Projection::Workspace, now));
    let mut changes = newer.diff(&older, now).unwrap();
    let only = match (command["type"].as_str().unwrap(), command["on"].as_str()) {
        ("set_plan", _) | ("define_role", Some("organization")) => Some(Kind::Organization),
        ("define_role", Some("team")) => Some(Kind::Team),
        ("define_role", Some("assistant")) => Some(Kind::Assistant),
        _ => None,
    };
    changes.retain(|change| only.is_none_or(|only| change.kind == only));
    changes
}

/// The capabilities that each link and each origin of an assistant gives.
fn doors(organization: &Organization, now: u64) -> BTreeMap<(&str, String), CapabilitySet> {
    let names = organization.plan.iter().flat_map(|plan| &plan.withholds);
    let withheld: CapabilitySet = names.filter_map(|name| Capability::from_name(name)).collect();
    let view = CapabilitySet::of(&[Capability::AssistantView, Capability::AssistantChat]);
    let edit = view.union(CapabilitySet::of(&[Capability::AssistantEdit, Capability::CorpusView]));
    let mut doors = BTreeMap::new();
    for assistant in organization.assistants.iter().filter(|assistant| assistant.accessibility == Accessibility::Public) {
        for link in assistant.links.iter().filter(|link| link.expires.is_none_or(|expires| now < expires)) {
            let opens = if link.level == LinkLevel::Edit { edit } else { view };
            doors.insert((assistant.id.as_str(), format!("link {}", link.id)), opens.difference(withheld));
        }
        for origin in assistant.embed.iter().flat_map(|embed| &embed.origins) {
            doors.insert((assistant.id.as_str(), format!("site {origin}")), view.difference(withheld));
        }
    }
    doors
}

fn visitors(before: &Organization, after: &Organization, now: u64, shared: impl Fn(&str) -> bool) -> VisitorChange {
    let (had, has) = (doors(before, now), doors(after, now));
    let mut visitors = VisitorChange::default();
    for door in had.keys().chain(has.keys()).filter(|(assistant, _)| shared(assistant)) {
        let [had, has] = [&had, &has].map(|doors| doors.get(door).copied().unwrap_or_default());
        visitors.gained = visitors.gained.union(has.difference(had));
        visitors.lost = visitors.lost.union(had.difference(has));
    }
    visitors
}

/// Changes in a comparable form: ids made by the directory differ each time.
fn comparable(changes: &[Change], before: &Organization) -> BTreeSet<(Kind, String, String, u64, u64)> {
    let known = |kind: Kind, id: &str| match kind {
        Kind::Organization => true,
        Kind::Team => before.teams.iter().any(|team| team.id == id),
        Kind::Project => before.projects.iter().any(|project| project.id == id),
        Kind::Assistant => before.assistants.iter().any(|assistant| assistant.id == id),
    };
    let comparable = |change: &Change| {
        let target = change.target.clone().unwrap_or_default();
        let target = if known(change.kind, &target) { target } else { "new".to_owned() };
        let there = before.users.iter().any(|user| user.id == change.user);
        let user = if there { change.user.clone() } else { "new".to_owned() };
        (change.kind, target, user, change.gained.bits(), change.lost.bits())
    };
    changes.iter().map(comparable).collect()
}

/// The preview lists the changes that its reader may know, and counts the other people.
fn agrees(
    [before, after]: [&Organization; 2],
    preview: &Preview,
    actor: Option<&str>,
    command: &Value,
    now: u64,
    tally: &Tally,
) -> Result<(), TestCaseError> {
    let is_admin = |id: &str| before.users.iter().any(|user| user.id == id && user.role == "global_admin");
    let reader = actor.filter(|actor| !is_admin(actor));
    let shown = reader.map(|reader| {
        let facts = wicketgate::Facts::from_document(before).unwrap();
        facts.member(reader, now).unwrap()
    });
    let workspace = opened(before, Projection::Workspace, now);
    let may = |capability, on: Option<&str>| {
        let presented = Presented { user: reader, ..Presented::default() };
        reader.is_none() || workspace.session(presented).unwrap().can(capability, on, now)
    };
    // To an actor who does not see people, the named user and the present owner count as active.
    let owner = |id: &Value| before.assistants.iter().find(|one| *id == one.id).and_then(|one| one.owner.clone());
    let former = owner(&command["assistant"]).filter(|_| command["type"] == "transfer_assistant");
    let taken = |mut organization: Organization| {
        for user in &mut organization.users {
            if names_somebody(command)
                && !may(Capability::PanelUserSettings, None)
                && (command["user"] == user.id || former.as_ref() == Some(&user.id))
            {
                user.status = Status::Active;
            }
        }
        organization
    };
    let changes = &happened(&taken(before.clone()), &taken(after.clone()), command, now);
    let may_know = |change: &&Change| shown.as_ref().is_none_or(|shown| knows(shown, reader, change, command));
    let expected: Vec<Change> = changes.iter().filter(may_know).cloned().collect();
    prop_assert_eq!(comparable(&preview.changes, before), comparable(&expected, before), "{:?}: {}", actor, command);
    prop_assert_eq!(preview.changes.len(), expected.len());
    let order = |change: &Change| (change.kind, change.target.clone(), change.user.clone());
    prop_assert!(preview.changes.is_sorted_by_key(order));
    let people = |changes: &[Change]| changes.iter().map(|change| change.user.clone()).collect::<BTreeSet<_>>().len();
    prop_assert_eq!(preview.others, people(changes) - people(&expected), "{:?}: {}", actor, command);

    let held = holdings(before, after).into_iter().filter(|change| {
        let seen = |shown| reader == Some(&change.user) || knows_there(shown, change, command);
        shown.as_ref().is_none_or(seen)
    });
    prop_assert_eq!(&preview.holdings, &held.collect::<Vec<_>>(), "{:?}: {}", actor, command);

    let shares = |assistant: &str| may(Capability::AssistantShare, Some(assistant));
    let visitors = visitors(before, after, now, shares);
    prop_assert_eq!(&preview.visitors, &visitors, "{:?}: {}", actor, command);

    let count = |outcome| *tally.borrow_mut().entry(outcome).or_default() += 1;
    match (expected.len(), preview.others) {
        (0, 0) => count("nothing"),
        (0, _) => count("others only"),
        (_, 0) => count("everything"),
        _ => count("in part"),
    }
    if preview.holdings.iter().any(|change| !change.before.is_empty() && !change.after.is_empty()) {
        count("another end or role");
    }
    if !visitors.gained.is_empty() {
        count("visitors gain");
    }
    if !visitors.lost.is_empty() {
        count("visitors lose");
    }
    Ok(())
}

/// Whether a command gives something to one user, or takes it from them.
fn names_somebody(command: &Value) -> bool {
    let about = ["add_member", "set_member_role", "remove_member", "grant", "revoke_grant", "transfer_assistant"];
    about.iter().any(|kind| command["type"] == *kind)
}

/// The changed holdings on teams and assistants that exist before and after: another role, or another end.
fn holdings(before: &Organization, after: &Organization) -> Vec<HoldingChange> {
    let of = |organization: &Organization| -> BTreeMap<(Kind, String), Vec<Holding>> {
        let teams = organization.teams.iter().map(|team| ((Kind::Team, team.id.clone()), team.members.clone()));
        let assistants = organization.assistants.iter().map(|one| ((Kind::Assistant, one.id.clone()), one.grants.clone()));
        teams.chain(assistants).collect()
    };
    let (old, new) = (of(before), of(after));
    let mut changes = Vec::new();
    for ((kind, target), had) in &old {
        let Some(has) = new.get(&(*kind, target.clone())) else { continue };
        let users: BTreeSet<&String> = had.iter().chain(has).map(|holding| &holding.user).collect();
        for user in users {
            let only = |side: &[Holding], other: &[Holding]| -> Vec<Held> {
                let other: Vec<&Holding> = other.iter().collect();
                let held = side.iter().filter(|holding| holding.user == *user && !other.contains(holding));
                held.map(|holding| Held { role: holding.role.clone(), expires: holding.expires }).collect()
            };
            let (before, after) = (only(had, has), only(has, had));
            if !before.is_empty() || !after.is_empty() {
                changes.push(HoldingChange { user: user.clone(), kind: *kind, target: target.clone(), before, after });
            }
        }
    }
    changes
}

/// Whether a member's snapshot shows the holdings of a user on a target, or the command names them.
fn knows_there(shown: &Organization, change: &HoldingChange, command: &Value) -> bool {
    let named = names_somebody(command) && command["user"] == json!(change.user);
    match change.kind {
        Kind::Team => shown
            .teams
            .iter()
            .any(|team| team.id == change.target && (named || team.members.iter().any(|member| member.user == change.user))),
        _ => named && shown.assistants.iter().any(|assistant| assistant.id == change.target),
    }
}

/// Whether a member's snapshot shows the relation of a user to a target, or the command names it.
fn knows(shown: &Organization, reader: Option<&str>, change: &Change, command: &Value) -> bool {
    let named = names_somebody(command) && command["user"] == json!(change.user);
    let target = change.target.as_deref();
    let member = |team: Option<&str>| {
        let team = shown.teams.iter().find(|one| Some(one.id.as_str()) == team);
        team.is_some_and(|team| team.members.iter().any(|member| member.user == change.user))
    };
    if reader == Some(&change.user) {
        return true;
    }
    match change.kind {
        Kind::Organization => shown.users.iter().any(|user| user.id == change.user),
        Kind::Team => shown.teams.iter().any(|team| Some(team.id.as_str()) == target) && (named || member(target)),
        Kind::Project => {
            let project = shown.projects.iter().find(|project| Some(project.id.as_str()) == target);
            project.is_some_and(|project| named || member(Some(&project.team)))
        }
        Kind::Assistant => named && shown.assistants.iter().any(|assistant| Some(assistant.id.as_str()) == target),
    }
}
