//! Deltas that a directory issues, for readers who follow it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::applied::CASES;
use super::following::{Follower, catch_up, gates_are_named, issue, issued, public};
use super::{keys, signer};
use crate::common::world::NOW;
use crate::directory::adapter::Directory;
use crate::directory::commands::{self, Known};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::json;
use wicketgate::document::Organization;
use wicketgate::{Code, Expect, Head, Projection, Token};

#[test]
fn a_directory_issues_deltas_that_lead_to_its_snapshots() {
    let tally: RefCell<BTreeMap<(&str, &str), usize>> = RefCell::default();
    let mut runner = TestRunner::new(crate::directory::sequences::config(CASES));
    let worlds = (commands::founded(), commands::steps(15..40));
    let run = runner.run(&worlds, |(organization, steps)| {
        let mut directory = Directory::found(&organization, NOW);
        let (mut known, mut now) = (Known::default(), NOW);
        let mut scopes: Vec<Projection> = (0..6).map(|n| Projection::Member(format!("u{n}"))).collect();
        scopes.extend([Projection::Workspace, Projection::Overview]);
        scopes.push(Projection::Gate(["a0", "a1", "a3", "a4", "a7", "nowhere"].map(str::to_owned).to_vec()));
        // Some readers follow every change, some every fourth.
        let mut followers: Vec<(Projection, u64, Option<Follower>)> =
            scopes.into_iter().flat_map(|scope| [(scope.clone(), 1, None), (scope, 4, None)]).collect();
        for step in &steps {
            now = step.time(now);
            let (actor, command) = step.command(&known, now);
            let before = public(&directory);
            let Ok((event, result, gates)) = directory.change(actor.as_deref(), &command, now) else { continue };
            known.learn(&command, &result);
            gates_are_named(&before, &public(&directory), &gates)?;
            for (scope, _, follower) in &mut followers {
                if let (Projection::Member(subject), Some(follower)) = (scope, follower) {
                    follower.removed |= directory.0.user(subject).is_none();
                }
            }
            let turn = |every: u64| event.version.is_multiple_of(every);
            for (scope, _, follower) in followers.iter_mut().filter(|(_, every, _)| turn(*every)) {
                let mut count = |scope, outcome| *tally.borrow_mut().entry((scope, outcome)).or_default() += 1;
                *follower = catch_up(&mut directory, scope, follower.take(), now, &mut count)?;
            }
            let head = directory.0.head_token(issue(&Projection::Workspace, now), &signer()).unwrap();
            let head = Head::open(Token::Compact(head), &keys(), &Expect::default(), now).unwrap();
            prop_assert_eq!((head.organization.as_str(), head.epoch, head.version), ("acme", directory.0.epoch(), event.version));
        }
        Ok(())
    });
    if let Err(error) = run {
        panic!("{error}");
    }
    let tally = tally.into_inner();
    let all = ["workspace", "overview", "member", "gate"].map(|scope| (scope, "applied"));
    assert!(crate::directory::sequences::few() || all.iter().all(|outcome| tally.contains_key(outcome)), "{tally:?}");
}

/// A delta cannot start from a time before an expiry, from an unknown version, or for a reader who was not a user then.
#[test]
fn where_no_delta_leads_the_snapshot_is_issued_in_full() {
    let organization: Organization = serde_json::from_value(json!({
        "id": "acme",
        "users": [{ "id": "ga", "role": "global_admin" }, { "id": "us", "role": "user" }],
        "teams": [{ "id": "t", "members": [{ "user": "us", "role": "viewer", "expires": NOW + 10 }] }],
    }))
    .unwrap();
    let mut directory = Directory::found(&organization, NOW);
    let member = Projection::Member("us".to_owned());
    let mut held = issued(&directory, &member, NOW).unwrap();
    directory.execute(None, &json!({ "type": "edit_team", "team": "t", "name": "New" }), NOW).unwrap();
    let delta = |directory: &mut Directory, from: u64, now: u64| {
        directory.0.delta(from, issue(&member, now), &signer()).map(Token::Compact).map_err(|error| error.code())
    };
    let unavailable = Some(Code::DeltaUnavailable);

    let late = delta(&mut directory, 1, NOW + 10).unwrap();
    assert_eq!(held.apply(late, &keys(), &Expect::default(), NOW + 10).unwrap_err().code(), Code::WrongState);
    assert_eq!(held.version(), 1);
    let early = delta(&mut directory, 1, NOW + 9).unwrap();
    held.apply(early, &keys(), &Expect::default(), NOW + 9).unwrap();
    assert_eq!(held.version(), 2);
    assert_eq!(delta(&mut directory, 0, NOW).err(), unavailable);
    assert_eq!(delta(&mut directory, 3, NOW).err(), unavailable);

    // A removed user and a new one with the same id: no delta leads from one to the other.
    directory.execute(None, &json!({ "type": "remove_user", "user": "us" }), NOW).unwrap();
    assert_eq!(delta(&mut directory, 2, NOW).err(), unavailable);
    let joins = json!({ "type": "join", "id": "us", "issuer": "https://id.example", "subject": "1", "email": "us@acme.example" });
    directory.execute(None, &joins, NOW).unwrap();
    assert_eq!(delta(&mut directory, 3, NOW).err(), unavailable);
    // Nor from before: it would reveal to one what the other was shown.
    assert_eq!(delta(&mut directory, 2, NOW).err(), unavailable);
    assert!(delta(&mut directory, 4, NOW).is_ok());

    // A restored directory has no earlier events.
    let mut restored = Directory(wicketgate::Directory::restore(&directory.dump()).unwrap());
    assert_eq!(delta(&mut restored, 2, NOW).err(), unavailable);
    assert!(delta(&mut restored, 4, NOW).is_ok());
}
