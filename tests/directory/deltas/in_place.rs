//! Facts that are changed in place.

use super::applied::{CASES, history};
use crate::common::world::NOW;
use crate::directory::commands;
use crate::directory::model;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use wicketgate::document::Organization;
use wicketgate::{Code, Facts};

/// Facts that are changed in place equal the later facts read as a whole.
#[test]
fn facts_changed_in_place_are_the_later_ones() {
    let mut runner = TestRunner::new(crate::directory::sequences::config(CASES * 4));
    let worlds = (commands::founded(), commands::steps(20..60));
    let run = runner.run(&worlds, |(organization, steps)| {
        let history = history(organization, &steps);
        let mut facts = Facts::from_document(&history[0].0).unwrap();
        for pair in history.windows(2) {
            let [(before, _), (after, _)] = pair else { continue };
            for to in [after, before, after] {
                let changes = model::difference(&facts.workspace(), &ordered(to));
                facts.amend(serde_json::to_string(&changes).unwrap()).map_err(|error| TestCaseError::fail(error.to_string()))?;
                prop_assert_eq!(facts.workspace(), ordered(to));
                // Contradicting changes change nothing.
                for broken in broken(to) {
                    let Err(error) = facts.amend(broken.to_string()) else {
                        return Err(TestCaseError::fail(format!("accepted: {broken}")));
                    };
                    prop_assert!([Code::InvalidFacts, Code::Malformed].contains(&error.code()), "{}", broken);
                    prop_assert_eq!(facts.workspace(), ordered(to));
                }
            }
        }
        Ok(())
    });
    if let Err(error) = run {
        panic!("{error}");
    }
}

/// The document in the form that the core writes.
fn ordered(organization: &Organization) -> Organization {
    Facts::from_document(organization).unwrap().workspace()
}

/// Changes that no facts can have, each after some possible ones.
fn broken(organization: &Organization) -> Vec<Value> {
    let team = json!({ "id": "new-team", "members": [{ "user": "u0", "role": "viewer", "expires": NOW + 5 }] });
    let user = json!({ "id": "new-user", "role": "user" });
    let mut broken = vec![
        json!({ "users": [user, { "id": "u0", "role": "no_such" }] }),
        json!({ "users": [user, user] }),
        json!({ "users": [user], "teams": [team, { "id": "other", "creator": "no-such" }] }),
        json!({ "users": [user], "teams": [team], "projects": [{ "id": "new-project", "team": "no-such" }] }),
        json!({ "teams": [team], "projects": [{ "id": "new-project", "team": "new-team" }, { "id": "new-project", "team": "new-team" }] }),
        json!({ "teams": [team], "projects": [{ "id": "new-project", "team": "new-team" }],
            "assistants": [{ "id": "new", "project": "new-project", "owner": "no-such", "accessibility": "public" }] }),
        json!({ "users": [user], "gone": { "teams": ["no-such"] } }),
        json!({ "roles": [{ "id": "viewer", "on": "team", "grants": [] }], "users": [user] }),
        json!({ "users": [user], "roles": [{ "id": "new-role", "on": "assistant", "grants": ["team.view"] }] }),
        json!({ "plan": { "withholds": ["no.such"] }, "users": [user] }),
    ];
    if let Some(assistant) = organization.assistants.first() {
        let link = json!({ "id": "l", "level": "view", "digest": "A".repeat(43) });
        broken.push(json!({ "assistants": [{ "id": assistant.id, "project": assistant.project, "owner": assistant.owner,
            "accessibility": "only_me", "links": [link, link] }] }));
    }
    broken
}
