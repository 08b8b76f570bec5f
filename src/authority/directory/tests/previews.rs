//! Previews, and transitions of the facts that are undone again.

use serde_json::{Value, json};

use super::{NOW, World, acme};
use crate::authority::delta::{Transition, after_transitions};
use crate::authority::directory::Command;
use crate::document::Changes;
use crate::error::Code;
use crate::facts::Facts;

/// If one of the transitions fails, those before it are undone.
#[test]
fn transitions_are_undone() {
    let mut facts = Facts::from_document(&acme()).unwrap();
    let original = facts.workspace();
    let changes = |changes: Value| serde_json::from_value::<Changes>(changes).unwrap();
    let team = |name: &str| json!({ "id": "support", "name": name, "creator": "gina" });
    let (support, renamed, again) = (
        changes(json!({ "teams": [team("Support")] })),
        changes(json!({ "teams": [team("Helpers")] })),
        changes(json!({ "teams": [team("Others")], "users": [{ "id": "new", "role": "user" }] })),
    );
    let back_to_renamed = changes(json!({ "teams": [team("Helpers")], "gone": { "users": ["new"] } }));
    let impossible = changes(json!({ "teams": [{ "id": "support", "creator": "nobody" }] }));
    let steps = [Transition { before: &support, after: &renamed }, Transition { before: &back_to_renamed, after: &again }];
    let name = |facts: &Facts| facts.workspace().teams.iter().find(|team| team.id == "support").unwrap().name.clone();
    assert_eq!(after_transitions(&mut facts, &steps, name).unwrap().as_deref(), Some("Others"));
    assert_eq!(facts.workspace(), original);
    for failing in 0..=steps.len() {
        let mut steps = steps.to_vec();
        steps.insert(failing, Transition { before: &support, after: &impossible });
        let error = after_transitions(&mut facts, &steps, |_| panic!("a failed transition must not be read")).unwrap_err();
        assert_eq!(error.code(), Code::InvalidFacts);
        assert_eq!(facts.workspace(), original, "{failing}");
    }
}

/// Roles are compared where they are held, and an actor who sees people learns who holds them.
#[test]
fn a_preview_names_those_whom_it_concerns() {
    let mut world = World::new();
    world.accept("gina", json!({ "type": "add_member", "team": "sales", "user": "vic", "role": "trainer" }));
    world.accept("gina", json!({ "type": "grant", "assistant": "helper", "user": "olga", "role": "tester" }));
    world.accept("gina", json!({ "type": "assign_role", "user": "ed", "role": "application_admin" }));
    let mut preview = |actor: &str, command: Value| {
        let command = Command::from_json(&command.to_string()).unwrap();
        let preview = world.directory.preview(&World::actor(actor), command, NOW).unwrap();
        let changes = preview.changes.into_iter().map(|change| (change.user, change.target.unwrap_or_default()));
        (changes.collect::<Vec<_>>(), preview.others)
    };
    let all = |people: &[(&str, &str)]| {
        (people.iter().map(|(user, target)| ((*user).to_owned(), (*target).to_owned())).collect::<Vec<_>>(), 0)
    };
    // Nobody in sales holds the role, and it is not granted on helper.
    let trainer = json!({ "type": "define_role", "id": "trainer", "on": "team", "grants": ["team.view"] });
    assert_eq!(preview("gina", trainer), all(&[("vic", "sales")]));
    let tester = json!({ "type": "define_role", "id": "tester", "on": "assistant", "grants": ["assistant.view"] });
    assert_eq!(preview("gina", tester), all(&[("olga", "helper"), ("ed", "site")]));
    // An application admin does not see everything, but sees people.
    let (changes, others) = preview("abe", json!({ "type": "suspend_user", "user": "ed" }));
    assert!(changes.contains(&("ed".to_owned(), String::new())), "{changes:?}");
    assert_eq!(others, 0);
}
