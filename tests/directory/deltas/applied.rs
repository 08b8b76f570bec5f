//! Deltas between snapshots of random histories.

use std::cell::RefCell;

use super::{answer_alike, delta, document, keys, opened};
use crate::common::world::NOW;
use crate::directory::commands::{self, Known, Step};
use crate::directory::model::{self, State};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use wicketgate::document::{Changes, Organization};
use wicketgate::{Code, Expect, Projection, Snapshot};

pub(super) const CASES: u32 = 24;

/// The organization after each accepted command of a sequence, by the model, with the time.
pub(super) fn history(organization: Organization, steps: &[Step]) -> Vec<(Organization, u64)> {
    let mut state = State::new(organization.clone());
    let (mut known, mut now) = (Known::default(), NOW);
    let mut history = vec![(organization, now)];
    for (n, step) in steps.iter().enumerate() {
        now = step.time(now);
        let (actor, command) = step.command(&known, now);
        let result = made_up(&command, n);
        if let Ok(next) = model::execute(&state, actor.as_deref(), &command, now, &result) {
            state = next;
            known.learn(&command, &result);
            history.push((state.organization.clone(), now));
        }
    }
    history
}

/// An invented answer of a directory, for the model: ids and tokens.
fn made_up(command: &Value, n: usize) -> Value {
    let kind = command["type"].as_str().unwrap_or_default();
    let made = kind.strip_prefix("create_").or(["invite_user", "join"].contains(&kind).then_some("user"));
    let mut result = json!({});
    if let Some(made) = made.filter(|_| command.get("id").is_none()) {
        result[made] = json!(format!("made-{n}"));
    }
    if ["invite_user", "resend_invitation"].contains(&kind) {
        result["token"] = json!(format!("wi_{n}"));
        result["email"] = command.get("email").cloned().unwrap_or(json!("new@acme.example"));
    }
    result
}

#[test]
fn a_delta_applied_is_the_later_snapshot_opened() {
    let mut runner = TestRunner::new(crate::directory::sequences::config(CASES));
    let worlds = (commands::founded(), commands::steps(15..40));
    let run = runner.run(&worlds, |(organization, steps)| {
        let history = history(organization, &steps);
        let everybody: Vec<String> = (0..7).map(|n| format!("u{n}")).chain(["made-1".to_owned()]).collect();
        let scopes =
            everybody.into_iter().map(Projection::Member).chain([Projection::Workspace, Projection::Overview, gate(&history)]);
        for scope in scopes {
            follow(&history, &scope)?;
        }
        Ok(())
    });
    if let Err(error) = run {
        panic!("{error}");
    }
}

/// A gate for two of three assistants that ever existed.
pub(super) fn gate(history: &[(Organization, u64)]) -> Projection {
    let mut all: Vec<String> =
        history.iter().flat_map(|(organization, _)| organization.assistants.iter().map(|assistant| assistant.id.clone())).collect();
    all.sort();
    all.dedup();
    Projection::Gate(all.into_iter().enumerate().filter(|(n, _)| n % 3 != 2).map(|(_, id)| id).collect())
}

fn follow(history: &[(Organization, u64)], scope: &Projection) -> Result<(), TestCaseError> {
    // One snapshot follows every change, another one every fourth.
    let (every, some) = (RefCell::new(None), RefCell::new(None));
    for (n, (organization, now)) in history.iter().enumerate() {
        let (version, now) = (n as u64 + 1, *now);
        if let Projection::Member(subject) = scope
            && !organization.users.iter().any(|user| user.id == *subject)
        {
            // The reader does not exist or is removed: there is nothing to follow.
            every.take();
            some.take();
            continue;
        }
        let fresh = opened(organization, scope.clone(), version, now);
        for (held, follows) in [(&every, true), (&some, n % 4 == 0)] {
            let mut held = held.borrow_mut();
            let Some((snapshot, shown)) = held.as_mut().filter(|_| follows) else {
                if held.is_none() {
                    *held = Some((opened(organization, scope.clone(), version, now), document(&fresh)));
                }
                continue;
            };
            let snapshot: &mut Snapshot = snapshot;
            let changes = model::difference(shown, &document(&fresh));
            let applied = snapshot.apply(delta(snapshot, &fresh, &changes, now), &keys(), &Expect::default(), now);
            if rededicated(shown, &changes) {
                // A delta cannot express this: the snapshot stays, and the later one is opened in full.
                prop_assert_eq!(applied.unwrap_err().code(), Code::InvalidFacts);
                *snapshot = opened(organization, scope.clone(), version, now);
            } else {
                applied.map_err(|error| {
                    TestCaseError::fail(format!("{scope:?}: {error}: {}", serde_json::to_string(&changes).unwrap()))
                })?;
            }
            answer_alike(snapshot, &fresh, organization, now)?;
            *shown = document(&fresh);
        }
    }
    Ok(())
}

/// Whether a role was deleted and defined again on another level.
pub(super) fn rededicated(before: &Organization, changes: &Changes) -> bool {
    changes.roles.iter().any(|role| before.roles.iter().any(|old| old.id == role.id && old.on != role.on))
}
