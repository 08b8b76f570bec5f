//! A reader who follows a directory: applying a delta and checking the snapshot.

use super::applied::rededicated;
use super::{answer_alike, document, keys, signer};
use crate::common::cases::Asker;
use crate::common::world::{self, NOW};
use crate::directory::adapter::Directory;
use crate::directory::model;
use proptest::prelude::*;
use serde_json::Value;
use wicketgate::document::{Changes, Organization};
use wicketgate::{Code, Expect, Issue, Projection, Scope, Snapshot, Token};

/// A reader who follows a directory: their snapshot, its document, and the workspace at that time.
pub(super) struct Follower {
    pub(super) snapshot: Snapshot,
    pub(super) shown: Organization,
    pub(super) workspace: Organization,
    /// Whether the subject was removed since: a user with the same id is another person.
    pub(super) removed: bool,
}

/// A snapshot of the directory, issued and opened.
pub(super) fn issued(directory: &Directory, scope: &Projection, now: u64) -> Option<Snapshot> {
    let issue = issue(scope, now);
    match directory.0.snapshot(issue, &signer()) {
        Ok(token) => Some(Snapshot::open(Token::Compact(token), &keys(), &Expect::default(), now).unwrap()),
        Err(error) => {
            assert_eq!(error.code(), Code::UnknownUser);
            None
        }
    }
}

pub(super) fn issue(scope: &Projection, now: u64) -> Issue {
    Issue { issued_at: now, expires_at: now + 40 * 86_400, scope: scope.clone(), ..Issue::default() }
}

/// Whether any holding expired in between.
pub(super) fn expired(workspace: &Organization, from: u64, until: u64) -> bool {
    let members = workspace.teams.iter().flat_map(|team| team.members.iter().map(|member| member.expires));
    let grants = workspace.assistants.iter().flat_map(|assistant| assistant.grants.iter().map(|grant| grant.expires));
    let links = workspace.assistants.iter().flat_map(|assistant| assistant.links.iter().map(|link| link.expires));
    members.chain(grants).chain(links).flatten().any(|expires| (from + 1..=until).contains(&expires))
}

fn name(scope: &Projection) -> &'static str {
    match scope {
        Projection::Workspace => "workspace",
        Projection::Overview => "overview",
        Projection::Member(_) => "member",
        Projection::MemberAt { .. } => "member_at",
        Projection::Gate(_) => "gate",
    }
}

/// A reader with a snapshot, or without one, gets the delta to the present. Then their snapshot gives the same answers as a newly issued one
/// and as the workspace.
pub(super) fn catch_up(
    directory: &mut Directory,
    scope: &Projection,
    follower: Option<Follower>,
    now: u64,
    count: &mut dyn FnMut(&'static str, &'static str),
) -> Result<Option<Follower>, TestCaseError> {
    let Some(fresh) = issued(directory, scope, now) else {
        // Without a snapshot there is no delta either.
        if let Some(follower) = follower {
            let refused = directory.0.delta(follower.snapshot.version(), issue(scope, now), &signer());
            prop_assert_eq!(refused.unwrap_err().code(), Code::DeltaUnavailable);
            count(name(scope), "unavailable");
        }
        return Ok(None);
    };
    let workspace = directory.document();
    answers_as_the_workspace(directory, &fresh, &workspace, now)?;
    let shown = document(&fresh);
    let Some(Follower { mut snapshot, shown: old, workspace: held, removed }) = follower else {
        return Ok(Some(Follower { snapshot: fresh, shown, workspace, removed: false }));
    };
    let dump = directory.dump();
    let from = snapshot.version();
    let token = directory.0.delta(from, issue(scope, now), &signer());
    prop_assert_eq!(directory.dump(), dump, "making a delta changes nothing");
    let token = match token {
        // The user was removed and created again in the meantime, or the snapshot is of an earlier epoch.
        token if removed || snapshot.epoch() != fresh.epoch() => {
            prop_assert_eq!(token.unwrap_err().code(), Code::DeltaUnavailable);
            count(name(scope), "unavailable");
            return Ok(Some(Follower { snapshot: fresh, shown, workspace, removed: false }));
        }
        token => token.unwrap(),
    };
    let since = snapshot.issued_at().unwrap();
    let changes = changes(&token);
    match snapshot.apply(Token::Compact(token), &keys(), &Expect::default(), now) {
        Ok(()) => {
            answer_alike(&snapshot, &fresh, &workspace, now)?;
            names_no_more(&old, &shown, &changes)?;
            // The delta renews the times, also a second time.
            let later = now + 60;
            let renewal = directory.0.delta(snapshot.version(), issue(scope, later), &signer()).unwrap();
            if !expired(&workspace, now, later) {
                prop_assert!(self::changes(&renewal).is_empty());
                snapshot.apply(Token::Compact(renewal.clone()), &keys(), &Expect::default(), later).unwrap();
                prop_assert_eq!((snapshot.issued_at(), snapshot.version()), (Some(later), fresh.version()));
            }
            // A delta from another state changes nothing.
            if from != fresh.version() {
                let mut fresh = fresh;
                let foreign = directory.0.delta(from, issue(scope, now), &signer()).unwrap();
                prop_assert_eq!(
                    fresh.apply(Token::Compact(foreign), &keys(), &Expect::default(), now).unwrap_err().code(),
                    Code::WrongState
                );
                answer_alike(&fresh, &issued(directory, scope, now).unwrap(), &workspace, now)?;
            }
            count(name(scope), "applied");
            return Ok(Some(Follower { snapshot, shown, workspace, removed: false }));
        }
        // The state depends on expiries: after one, the later snapshot is opened in full.
        Err(error) if error.code() == Code::WrongState => {
            prop_assert!(expired(&held, since, now), "{:?}: {}", scope, error);
            count(name(scope), "wrong_state");
        }
        Err(error) if error.code() == Code::InvalidFacts => prop_assert!(rededicated(&old, &changes), "{:?}: {}", scope, error),
        Err(error) => return Err(TestCaseError::fail(format!("{scope:?}: {error}"))),
    }
    Ok(Some(Follower { snapshot: issued(directory, scope, now).unwrap(), shown, workspace, removed: false }))
}

/// The changes in a delta.
pub(super) fn changes(token: &str) -> Changes {
    let (payload, _) = wicketgate::detach(token).unwrap();
    let payload: Value = serde_json::from_str(&payload).unwrap();
    let mut changes = payload["organization"].clone();
    changes.as_object_mut().unwrap().remove("id");
    serde_json::from_value(changes).unwrap()
}

/// A delta turns one document into the other, and names nothing that neither of them has.
pub(super) fn names_no_more(old: &Organization, new: &Organization, changes: &Changes) -> Result<(), TestCaseError> {
    let led = model::amend(old, changes);
    prop_assert_eq!(model::sorted(led), model::sorted(new.clone()), "{:?}", changes);
    let known = |ids: Vec<&String>, gone: &[String]| gone.iter().all(|id| ids.contains(&id));
    prop_assert!(known(old.users.iter().map(|user| &user.id).collect(), &changes.gone.users), "{:?}", changes.gone);
    prop_assert!(known(old.roles.iter().map(|role| &role.id).collect(), &changes.gone.roles), "{:?}", changes.gone);
    prop_assert!(known(old.teams.iter().map(|team| &team.id).collect(), &changes.gone.teams), "{:?}", changes.gone);
    prop_assert!(known(old.projects.iter().map(|project| &project.id).collect(), &changes.gone.projects), "{:?}", changes.gone);
    prop_assert!(known(old.assistants.iter().map(|one| &one.id).collect(), &changes.gone.assistants), "{:?}", changes.gone);
    for team in &changes.teams {
        let members =
            old.teams.iter().filter(|other| other.id == team.id).flat_map(|team| team.members.iter().map(|one| &one.user));
        prop_assert!(known(members.collect(), &team.without), "{:?}", team);
    }
    for assistant in &changes.assistants {
        let before = old.assistants.iter().filter(|other| other.id == assistant.id);
        let grants = before.flat_map(|one| one.grants.iter().map(|grant| &grant.user));
        prop_assert!(known(grants.collect(), &assistant.without), "{:?}", assistant);
    }
    Ok(())
}

/// A projection allows exactly what the workspace allows.
fn answers_as_the_workspace(
    directory: &Directory,
    projected: &Snapshot,
    organization: &Organization,
    now: u64,
) -> Result<(), TestCaseError> {
    let full = issued(directory, &Projection::Workspace, now).unwrap();
    let askers = match projected.scope() {
        // An overview has all people. Keys are not compared: no link of an overview opens anything.
        Scope::Workspace => world::users(organization),
        Scope::Member => vec![Asker { user: projected.subject().map(str::to_owned), ..Asker::default() }],
        Scope::Gate => world::visitors(),
    };
    let at_the_gate = document(projected).assistants;
    for asker in &askers {
        let (full, own) = (full.session(asker.presented()).unwrap(), projected.session(asker.presented()).unwrap());
        for (capability, on) in world::questions(organization) {
            let on = on.as_deref();
            let not_there = projected.scope() == Scope::Gate && at_the_gate.iter().all(|one| Some(one.id.as_str()) != on);
            let expected = full.can(capability, on, now) && !not_there;
            prop_assert_eq!(own.can(capability, on, now), expected, "{:?} {} {:?}", asker, capability, on);
        }
    }
    Ok(())
}

type Public = (Option<wicketgate::document::Plan>, Vec<wicketgate::document::Assistant>);

/// The document of a gate for all assistants.
pub(super) fn public(directory: &Directory) -> Public {
    let workspace = directory.document();
    let all = workspace.assistants.into_iter().map(|assistant| assistant.id).collect();
    let shown = document(&issued(directory, &Projection::Gate(all), NOW).unwrap());
    (shown.plan, shown.assistants)
}

/// The directory names the assistants whose gate snapshots change.
pub(super) fn gates_are_named(before: &Public, after: &Public, gates: &[String]) -> Result<(), TestCaseError> {
    let there = before.1.iter().chain(&after.1);
    for assistant in there {
        let of = |public: &Public| public.1.iter().find(|other| other.id == assistant.id).cloned();
        let changed = of(before) != of(after) || before.0 != after.0;
        prop_assert!(!changed || gates.contains(&assistant.id), "{}: {:?}", assistant.id, gates);
    }
    Ok(())
}
