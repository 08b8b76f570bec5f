//! Events that no command makes: each is refused, or can be undone exactly.

use super::adapter::Directory;
use super::commands::{self, Known, Step};
use super::model;
use super::sequences::config;
use crate::common::cases::encode;
use crate::common::world::NOW;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wicketgate::document::{Changes, Organization};
use wicketgate::{Code, Event, Issue, Projection, SigningKey};

const CASES: u32 = 60;

/// The event with another sealed text, and the right hash of it in its text.
fn resealed(event: &Event, sealed: &Value) -> Event {
    let sealed = sealed.to_string();
    let mut text: Value = serde_json::from_str(&event.text).unwrap();
    text["sealed"] = json!(encode(Sha256::digest(&sealed)));
    Event { version: event.version, text: text.to_string(), sealed }
}

fn sealed(event: &Event) -> Value {
    serde_json::from_str(&event.sealed).unwrap()
}

fn organization() -> Organization {
    let digest = encode([7; 32]);
    serde_json::from_value(json!({
        "id": "acme",
        "plan": { "name": "pro", "withholds": ["panel.analytics"] },
        "roles": [{ "id": "tester", "on": "assistant", "grants": ["assistant.view"] }, { "id": "crew", "on": "team", "grants": [] }],
        "users": [
            { "id": "ga", "role": "global_admin", "email": "ga@acme.example" },
            { "id": "us", "role": "user", "email": "us@acme.example" },
            { "id": "vi", "role": "user" },
        ],
        "teams": [
            { "id": "t", "name": "One", "creator": "us", "members": [{ "user": "us", "role": "owner" }, { "user": "vi", "role": "crew" }] },
            { "id": "u", "name": "Other" },
        ],
        "projects": [{ "id": "p", "name": "One", "team": "t", "creator": "us" }, { "id": "q", "team": "u" }],
        "assistants": [
            { "id": "a", "name": "One", "project": "p", "owner": "us", "accessibility": "public",
              "grants": [{ "user": "vi", "role": "tester" }], "links": [{ "id": "l", "level": "view", "digest": digest }],
              "embed": { "origins": ["https://a.example"] } },
            { "id": "b", "project": "q", "owner": "ga", "accessibility": "only_me" },
        ],
    }))
    .unwrap()
}

/// The event of a command with an edited sealed text: it is refused, and nothing changes.
fn refuses(command: Value, edit: impl FnOnce(&mut Value)) {
    let mut directory = Directory::found(&organization(), NOW);
    // One event that is kept, so that there is a delta.
    directory.execute(None, &json!({ "type": "edit_team", "team": "u", "name": "Again" }), NOW).unwrap();
    let (event, _) = directory.decide(None, &command, NOW).unwrap();
    let mut forged = sealed(&event);
    edit(&mut forged);
    let refused = |directory: &mut Directory, event: &Event| directory.0.apply(event).map_err(|error| error.code());
    let before = (directory.dump(), answers(&mut directory));
    assert_eq!(refused(&mut directory, &resealed(&event, &forged)), Err(Code::Tampered), "{command}: {forged}");
    assert_eq!((directory.dump(), answers(&mut directory)), before, "{command}: {forged}");
    assert_eq!(refused(&mut directory, &event), Ok(()), "{command}");
}

/// A token of every kind, and the delta from the first version.
fn answers(directory: &mut Directory) -> Vec<String> {
    let key = SigningKey::from_entropy(&[7; 32], None).unwrap();
    let issue = |scope| Issue { issued_at: NOW, expires_at: NOW + 60, scope, ..Issue::default() };
    let scopes = [Projection::Workspace, Projection::Member("us".to_owned()), Projection::Gate(vec!["a".to_owned()])];
    let tokens = scopes.into_iter().flat_map(|scope| {
        let delta = directory.0.delta(1, issue(scope.clone()), &key).unwrap();
        [directory.0.snapshot(issue(scope), &key).unwrap(), delta]
    });
    tokens.collect()
}

#[test]
fn an_event_that_is_not_undone_exactly_is_refused() {
    let rename = || json!({ "type": "edit_team", "team": "t", "name": "New" });
    refuses(rename(), |it| it["before"] = json!({}));
    refuses(rename(), |it| it["before"]["teams"][0]["name"] = json!("Older"));
    refuses(rename(), |it| it["before"]["teams"][0]["creator"] = json!("ga"));
    refuses(rename(), |it| it["before"]["teams"][0]["id"] = json!("u"));
    refuses(rename(), |it| it["before"]["teams"][0]["members"] = json!([{ "user": "vi", "role": "owner" }]));
    refuses(rename(), |it| it["before"]["teams"][0]["members"] = json!([{ "user": "vi", "role": "crew" }]));
    refuses(rename(), |it| it["before"]["teams"][0]["without"] = json!(["us"]));
    refuses(rename(), |it| it["after"]["teams"][0]["without"] = json!(["us"]));
    refuses(rename(), |it| it["before"]["projects"] = json!([{ "id": "p", "team": "u" }]));
    refuses(rename(), |it| it["before"]["gone"] = json!({ "teams": ["u"] }));
    refuses(rename(), |it| it["before"]["gone"] = json!({ "teams": ["nowhere"] }));
    refuses(rename(), |it| it["before"]["plan"] = json!({}));
    refuses(rename(), |it| it["before"]["users"] = json!([{ "id": "us", "role": "nobody's" }]));
    refuses(rename(), |it| it["after"]["plan"] = json!({}));
    refuses(rename(), |it| it["after"]["assistants"] = it["before"]["assistants"].clone());

    let plan = || json!({ "type": "set_plan", "name": "max", "withholds": [] });
    refuses(plan(), |it| it["before"] = json!({}));
    refuses(plan(), |it| it["before"]["plan"] = json!({ "name": "pro" }));
    refuses(plan(), |it| it["before"]["plan"]["name"] = json!("free"));

    let role = || json!({ "type": "define_role", "id": "tester", "on": "assistant", "grants": [] });
    refuses(role(), |it| it["before"]["roles"][0]["grants"] = json!(["assistant.edit"]));
    refuses(role(), |it| it["before"]["roles"][0]["on"] = json!("team"));
    refuses(json!({ "type": "define_role", "id": "new", "on": "team", "grants": [] }), |it| it["before"] = json!({}));

    let assign = || json!({ "type": "assign_role", "user": "us", "role": "application_admin" });
    refuses(assign(), |it| it["before"]["users"][0]["role"] = json!("global_admin"));
    refuses(assign(), |it| it["before"]["users"][0]["status"] = json!("suspended"));
    refuses(assign(), |it| it["before"]["users"][0]["email"] = json!("other@acme.example"));
    refuses(assign(), |it| it["before"]["users"] = json!([]));

    let member = || json!({ "type": "set_member_role", "team": "t", "user": "vi", "role": "owner" });
    refuses(member(), |it| it["before"]["teams"][0]["members"] = json!([]));
    refuses(member(), |it| it["before"]["teams"][0]["members"][0]["role"] = json!("viewer"));
    refuses(member(), |it| it["before"]["teams"][0]["members"][0]["expires"] = json!(NOW + 9));
    let adds = || json!({ "type": "add_member", "team": "u", "user": "vi", "role": "crew" });
    refuses(adds(), |it| it["before"]["teams"][0]["without"] = json!([]));
    refuses(adds(), |it| it["before"]["teams"][0]["without"] = json!(["vi", "us"]));
    refuses(json!({ "type": "create_team", "id": "new", "name": "New" }), |it| it["before"] = json!({}));
    refuses(json!({ "type": "create_team", "id": "new", "name": "New" }), |it| {
        it["before"]["gone"]["teams"] = json!(["new", "new"])
    });

    let project = || json!({ "type": "edit_project", "project": "p", "name": "New" });
    refuses(project(), |it| it["before"]["projects"][0]["team"] = json!("u"));
    refuses(project(), |it| it["before"]["projects"][0]["creator"] = json!("vi"));
    let assistant = || json!({ "type": "edit_assistant", "assistant": "a", "name": "New" });
    refuses(assistant(), |it| it["before"]["assistants"][0]["owner"] = json!("ga"));
    refuses(assistant(), |it| it["before"]["assistants"][0]["accessibility"] = json!("only_me"));
    refuses(assistant(), |it| it["before"]["assistants"][0]["links"] = json!([]));
    refuses(assistant(), |it| it["before"]["assistants"][0]["links"][0]["level"] = json!("edit"));
    refuses(assistant(), |it| it["before"]["assistants"][0]["links"][0]["digest"] = json!(encode([8; 32])));
    refuses(assistant(), |it| it["before"]["assistants"][0]["embed"] = json!({ "origins": [] }));
    refuses(assistant(), |it| it["before"]["assistants"][0]["grants"] = json!([{ "user": "ga", "role": "tester" }]));
    let revoke = || json!({ "type": "revoke_grant", "assistant": "a", "user": "vi" });
    refuses(revoke(), |it| it["before"]["assistants"][0]["grants"] = json!([]));
    refuses(json!({ "type": "delete_assistant", "assistant": "a" }), |it| it["before"]["assistants"][0]["grants"] = json!([]));
    refuses(json!({ "type": "complete_review" }), |it| it["before"]["teams"] = json!([{ "id": "u" }]));
}

/// A removed thing that is put back could not be found from things that still refer to it.
#[test]
fn an_event_that_leaves_a_reference_to_what_is_gone_is_refused() {
    let delete = || json!({ "type": "delete_team", "team": "t", "cascade": true });
    let without = |list: &'static str| {
        move |it: &mut Value| {
            it["after"]["gone"].as_object_mut().unwrap().remove(list);
            it["before"].as_object_mut().unwrap().remove(list);
        }
    };
    refuses(delete(), without("assistants"));
    refuses(delete(), |it| {
        without("assistants")(it);
        without("projects")(it);
    });
    let remove = || json!({ "type": "remove_user", "user": "us", "successor": "ga" });
    for list in ["teams", "projects", "assistants"] {
        refuses(remove(), move |it| {
            it["after"].as_object_mut().unwrap().remove(list);
            it["before"].as_object_mut().unwrap().remove(list);
        });
    }
    refuses(remove(), |it| it["after"]["assistants"][0]["owner"] = json!("us"));
    refuses(remove(), |it| it["after"]["teams"][0]["creator"] = json!("us"));
    refuses(remove(), |it| it["after"]["teams"][0]["members"] = json!([{ "user": "us", "role": "owner" }]));
    let unused = json!({ "type": "edit_team", "team": "u", "name": "New" });
    for role in ["crew", "tester"] {
        refuses(unused.clone(), |it| {
            let roles: Vec<Value> = serde_json::from_value(json!(organization().roles)).unwrap();
            it["before"]["roles"] = json!([roles.into_iter().find(|it| it["id"] == role).unwrap()]);
            it["after"]["gone"] = json!({ "roles": [role] });
        });
    }
    // Replaced and removed at once, or removed twice.
    refuses(unused.clone(), |it| it["after"]["gone"] = json!({ "teams": ["u"] }));
    refuses(json!({ "type": "delete_assistant", "assistant": "b" }), |it| {
        it["after"]["gone"]["assistants"] = json!(["b", "b"]);
        let before = it["before"]["assistants"][0].clone();
        it["before"]["assistants"] = json!([before, before]);
    });
}

#[test]
fn an_event_with_people_that_no_command_makes_is_refused() {
    let invite = || json!({ "type": "invite_user", "email": "new@acme.example", "id": "new" });
    let change = |field: &'static str, value: Value| refuses(invite(), move |it| it["directory"]["invitations"][0][field] = value);
    change("user", json!("nobody"));
    change("user", json!("us"));
    change("email", json!("other@acme.example"));
    change("role", json!("crew"));
    change("role", json!("global_admin"));
    change("digest", json!("none"));
    change("invited_by", json!("no id"));
    change("invited_at", json!(NOW * 1000));
    change("expires", json!(NOW - 1));
    change("expires", json!(u64::MAX));
    change("expires", json!(NOW + 31 * 86_400));
    refuses(invite(), |it| {
        let one = it["directory"]["invitations"][0].clone();
        it["directory"]["invitations"] = json!([one, one]);
    });
    refuses(invite(), |it| it["after"]["users"][0]["email"] = json!("us@acme.example"));
    refuses(invite(), |it| {
        it["after"]["users"][0]["email"] = json!("New@acme.example");
        it["directory"]["invitations"][0]["email"] = json!("New@acme.example");
    });
    refuses(invite(), |it| {
        it["after"]["users"][0]["email"] = json!("none");
        it["directory"]["invitations"][0]["email"] = json!("none");
    });
    let link = || json!({ "type": "link_account", "user": "us", "issuer": "https://id.example", "subject": "1" });
    let change = |field: &'static str, value: Value| refuses(link(), move |it| it["directory"]["accounts"][0][field] = value);
    change("user", json!("nobody"));
    change("issuer", json!(""));
    change("subject", json!("two\nlines"));
    change("subject", json!("x".repeat(256)));

    // The things that stay must fit the later state.
    let mut directory = Directory::found(&organization(), NOW);
    directory.execute(None, &invite(), NOW).unwrap();
    directory.execute(None, &link(), NOW).unwrap();
    let mut forges = |command: Value, edit: &dyn Fn(&mut Value)| {
        let (event, _) = directory.decide(None, &command, NOW).unwrap();
        let mut forged = sealed(&event);
        edit(&mut forged);
        let dump = directory.dump();
        assert_eq!(directory.0.apply(&resealed(&event, &forged)).unwrap_err().code(), Code::Tampered, "{forged}");
        assert_eq!(directory.dump(), dump);
    };
    forges(json!({ "type": "remove_user", "user": "us", "successor": "ga" }), &|it| it["directory"] = json!({}));
    forges(json!({ "type": "revoke_invitation", "user": "new" }), &|it| it["directory"] = json!({}));
    forges(json!({ "type": "assign_role", "user": "new", "role": "application_admin" }), &|it| it["directory"] = json!({}));
    forges(json!({ "type": "invite_user", "email": "two@acme.example", "id": "two" }), &|it| {
        it["directory"]["accounts"] = json!([{ "user": "two", "issuer": "https://id.example", "subject": "2" }]);
    });
    forges(json!({ "type": "link_account", "user": "vi", "issuer": "https://id.example", "subject": "2" }), &|it| {
        it["directory"]["accounts"][0]["subject"] = json!("1");
    });
}

/// The founding event replaces nothing.
#[test]
fn a_first_event_with_something_before_it_is_refused() {
    let (_, event) = Directory::begun(&organization(), NOW);
    let mut forged = sealed(&event);
    forged["before"]["gone"] = json!({ "teams": ["t"] });
    assert_eq!(wicketgate::Directory::begin(&resealed(&event, &forged)).unwrap_err().code(), Code::Tampered);
}

/// Events of random histories with random edits: refused without any change, or accepted because they can be undone exactly.
#[test]
fn an_event_edited_at_random_is_refused_or_undone_exactly() {
    let mut runner = TestRunner::new(config(CASES));
    let edits = proptest::collection::vec((0..1000usize, 0..1000usize), 8);
    let worlds = (commands::founded(), commands::steps(15..40), edits);
    if let Err(error) = runner.run(&worlds, |(organization, steps, edits)| follow(&organization, &steps, &edits)) {
        panic!("{error}");
    }
}

fn follow(organization: &Organization, steps: &[Step], edits: &[(usize, usize)]) -> Result<(), TestCaseError> {
    let mut directory = Directory::found(organization, NOW);
    let (mut known, mut now) = (Known::default(), NOW);
    for step in steps {
        now = step.time(now);
        let (actor, command) = step.command(&known, now);
        let Ok((event, result)) = directory.decide(actor.as_deref(), &command, now) else { continue };
        let (dump, before) = (directory.dump(), directory.document());
        for (place, how) in edits {
            let mut forged = sealed(&event);
            let mut places = 0;
            count(&forged, &mut places);
            edit(&mut forged, &mut (place % places.max(1)), *how);
            let forged = resealed(&event, &forged);
            let mut copy = Directory(wicketgate::Directory::restore(&dump).unwrap());
            if let Err(error) = copy.0.apply(&forged) {
                prop_assert_eq!(error.code(), Code::Tampered, "{}", forged.sealed);
                prop_assert_eq!(copy.dump(), dump.clone(), "{}", forged.sealed);
                copy.0.apply(&event).unwrap();
                continue;
            }
            let sealed = sealed(&forged);
            let changes = |name: &str| -> Changes { serde_json::from_value(sealed[name].clone()).unwrap() };
            let there = model::sorted(model::amend(&before, &changes("after")));
            prop_assert_eq!(model::sorted(copy.document()), there.clone(), "{}", forged.sealed);
            let back = model::sorted(model::amend(&there, &changes("before")));
            prop_assert_eq!(back, model::sorted(before.clone()), "{}", forged.sealed);
            // Making a delta goes back and forward through the event.
            let after = copy.dump();
            let key = SigningKey::from_entropy(&[7; 32], None).unwrap();
            let issue = Issue { issued_at: now, expires_at: now + 60, ..Issue::default() };
            let made = copy.0.delta(event.version - 1, issue, &key);
            prop_assert!(made.is_ok() || sealed.get("epoch").is_some(), "{:?}: {}", made, forged.sealed);
            prop_assert_eq!(copy.dump(), after, "{}", forged.sealed);
        }
        directory.0.apply(&event).unwrap();
        known.learn(&command, &result);
    }
    Ok(())
}

/// The number of values inside a value.
fn count(value: &Value, places: &mut usize) {
    let inside: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        _ => return,
    };
    *places += inside.len();
    inside.into_iter().for_each(|value| count(value, places));
}

/// Edits the value with this number, in the order of [`count`].
fn edit(value: &mut Value, place: &mut usize, how: usize) -> bool {
    const TEXTS: [&str; 12] =
        ["u0", "u1", "u2", "t0", "p0", "a0", "owner", "viewer", "user", "global_admin", "only_team", "https://a.example"];
    match value {
        Value::Array(items) => {
            if *place < items.len() {
                let at = *place;
                match how % 3 {
                    0 => drop(items.remove(at)),
                    1 => items.push(items[at].clone()),
                    _ => items[at] = json!(TEXTS[how % TEXTS.len()]),
                }
                return true;
            }
            *place -= items.len();
            items.iter_mut().any(|item| edit(item, place, how))
        }
        Value::Object(fields) => {
            if *place < fields.len() {
                let name = fields.keys().nth(*place).unwrap().clone();
                let replaced = match &fields[&name] {
                    Value::Number(number) => json!(number.as_u64().unwrap_or(0) + 1),
                    Value::String(_) => json!(TEXTS[how % TEXTS.len()]),
                    Value::Array(_) => json!([]),
                    _ => json!({}),
                };
                if how.is_multiple_of(4) {
                    fields.remove(&name);
                } else {
                    fields.insert(name, replaced);
                }
                return true;
            }
            *place -= fields.len();
            fields.values_mut().any(|field| edit(field, place, how))
        }
        _ => false,
    }
}
