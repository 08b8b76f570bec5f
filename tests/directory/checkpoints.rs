//! Checkpoints: a directory that went back is one that never went there.

use super::adapter::Directory;
use super::commands::{self, Known, Step};
use super::sequences::config;
use crate::common::world::NOW;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use wicketgate::document::Organization;
use wicketgate::{Code, Issue, Projection, SigningKey};

const CASES: u32 = 150;

/// Commands with what they answered, as far as two directories can be compared.
fn run(directory: &mut Directory, steps: &[Step], known: &mut Known, now: &mut u64) -> Vec<String> {
    let mut outcomes = Vec::new();
    for step in steps {
        *now = step.time(*now);
        let (actor, command) = step.command(known, *now);
        let outcome = directory.execute(actor.as_deref(), &command, *now);
        if let Ok((_, result)) = &outcome {
            known.learn(&command, result);
        }
        outcomes.push(format!("{command} {outcome:?}"));
    }
    outcomes
}

/// Everything that a directory says to the outside.
fn told(directory: &mut Directory, now: u64) -> Vec<String> {
    let key = SigningKey::from_entropy(&[1; 32], None).unwrap();
    let version = directory.0.version();
    let mut told = vec![directory.dump(), directory.0.head(), directory.0.state(now), format!("{version} {}", directory.0.epoch())];
    for scope in [Projection::Workspace, Projection::Member("u0".to_owned()), Projection::Member("u1".to_owned())] {
        for from in 1..=version {
            let issue = Issue { issued_at: now, expires_at: now + 60, scope: scope.clone(), ..Issue::default() };
            told.push(directory.0.delta(from, issue, &key).unwrap_or_else(|error| error.to_string()));
        }
    }
    for user in ["u0", "u1", "u2", "u3"] {
        let email = directory.0.user(user).and_then(|user| user.email);
        told.push(format!("{user} {:?}", email.and_then(|email| directory.0.user_at(&email).map(str::to_owned))));
    }
    told
}

fn goes_back(organization: &Organization, before: &[Step], detour: &[Step], after: &[Step]) -> Result<(), TestCaseError> {
    let mut one = Directory::found(organization, NOW);
    let mut other = Directory::found(organization, NOW);
    let (mut known, mut now) = (Known::default(), NOW);
    run(&mut one, before, &mut known, &mut now);
    let (mut known, mut now) = (Known::default(), NOW);
    run(&mut other, before, &mut known, &mut now);

    one.0.set_checkpoint().unwrap();
    run(&mut one, detour, &mut known.clone(), &mut now.clone());
    one.0.roll_back().unwrap();
    prop_assert_eq!(told(&mut one, now), told(&mut other, now));

    // What follows is decided alike, event by event, also after a second checkpoint that is kept.
    one.0.set_checkpoint().unwrap();
    let found = run(&mut one, after, &mut known.clone(), &mut now.clone());
    one.0.release();
    let expected = run(&mut other, after, &mut known, &mut now);
    prop_assert_eq!(found, expected);
    prop_assert_eq!(told(&mut one, now), told(&mut other, now));
    Ok(())
}

#[test]
fn a_directory_that_went_back_is_one_that_never_went_there() {
    let mut runner = TestRunner::new(config(CASES));
    let worlds = (commands::founded(), commands::steps(0..20), commands::steps(1..40), commands::steps(1..20));
    let run = runner.run(&worlds, |(organization, before, detour, after)| goes_back(&organization, &before, &detour, &after));
    if let Err(error) = run {
        panic!("{error}");
    }
}

fn small() -> Directory {
    let organization = json!({ "id": "acme", "users": [{ "id": "u0", "role": "global_admin", "email": "u0@acme.example" }] });
    Directory::found(&serde_json::from_value(organization).unwrap(), NOW)
}

/// More events than are kept for deltas drive the older ones out: these come back too.
#[test]
fn brings_driven_out_events_back() {
    let (mut one, mut other) = (small(), small());
    let team = |n: usize| json!({ "type": "create_team", "id": format!("t{n}"), "name": "Élysée".repeat(20) });
    for directory in [&mut one, &mut other] {
        for n in 0..10 {
            directory.execute(None, &team(n), NOW).unwrap();
        }
    }
    one.0.set_checkpoint().unwrap();
    for n in 10..1200 {
        one.execute(None, &team(n), NOW).unwrap();
    }
    one.execute(None, &json!({ "type": "begin_epoch", "epoch": 7 }), NOW).unwrap();
    one.execute(None, &team(2000), NOW).unwrap();
    one.0.roll_back().unwrap();
    assert_eq!(told(&mut one, NOW), told(&mut other, NOW));
}

#[test]
fn there_is_one_checkpoint_at_a_time() {
    let mut directory = small();
    let dump = directory.dump();
    directory.0.roll_back().unwrap();
    directory.0.set_checkpoint().unwrap();
    assert_eq!(directory.0.set_checkpoint().unwrap_err().code(), Code::InvalidOptions);
    let invite = json!({ "type": "invite_user", "email": "new@acme.example" });
    let (_, Value::Object(result)) = directory.execute(None, &invite, NOW).unwrap() else { panic!("an object") };
    directory.0.roll_back().unwrap();
    assert_eq!(directory.dump(), dump);
    // Without a checkpoint nothing is undone.
    directory.execute(None, &invite, NOW).unwrap();
    directory.0.release();
    directory.0.roll_back().unwrap();
    assert_eq!(directory.0.user_at("new@acme.example").is_some(), result.contains_key("user"));
}
