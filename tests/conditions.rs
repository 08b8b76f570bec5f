//! List filters of random organizations: a condition selects exactly the rows for which `can` says yes, for as long as it says, and has
//! nothing superfluous. `WORLDS` is the number of organizations (256 without it).
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may fail"
)]
#![allow(clippy::type_complexity, reason = "a tuple that is read where it is made")]

mod common;

use std::collections::BTreeSet;

use common::cases::{Asker, opened_as_written};
use common::naive::{self, digest_of};
use common::rows::{implies, matches, rows, selected, until, without_until};
use common::world::{self, NOW, organization, users, visitors};
use proptest::prelude::*;
use serde_json::{Value, json};
use wicketgate::document::Organization;
use wicketgate::{
    Actor, Capability, Command, Condition, Directory, Expect, Facts, Issue, JwkSet, Kind, Projection, SigningKey, Snapshot, Token,
};

/// The end of the snapshots: after every `expires` of a random organization.
const END: u64 = NOW + 200_000;

fn worlds() -> ProptestConfig {
    let cases = std::env::var("WORLDS").map_or(256, |count| count.parse().unwrap());
    ProptestConfig { cases, ..ProptestConfig::default() }
}

fn opened(organization: &Organization, scope: Projection) -> Snapshot {
    let key = SigningKey::from_entropy(&[7; 32], None).unwrap();
    let issue = Issue { issued_at: NOW, expires_at: END, version: 1, scope, ..Issue::default() };
    let token = issue.sign(&Facts::from_document(organization).unwrap(), &key).unwrap();
    Snapshot::open(Token::Compact(token), &JwkSet { keys: vec![key.public_jwk()] }, &Expect::default(), NOW).unwrap()
}

/// The capabilities that have a target.
fn with_target() -> impl Iterator<Item = Capability> {
    Capability::ALL.iter().copied().filter(|capability| capability.kind() != Kind::Organization)
}

/// Checks that lists are sorted, and that no entry or id is superfluous.
fn is_canonical(condition: &Value, rows: &[Value]) -> Result<(), TestCaseError> {
    let Some(any) = condition.get("any") else { return Ok(()) };
    let any = any.as_array().unwrap();
    prop_assert!(!any.is_empty(), "some rows, but no entry");
    for (at, entry) in any.iter().enumerate() {
        let fields = entry.as_object().unwrap();
        prop_assert!(!fields.is_empty(), "an entry without fields is `all`");
        for (field, value) in fields {
            let Some(list) = value.as_array() else { continue };
            let rank = |value: &Value| match (field.as_str(), value.as_str().unwrap()) {
                ("accessibility", name) => {
                    ["only_me", "only_team", "public"].iter().position(|one| *one == name).unwrap().to_string()
                }
                (_, id) => id.to_owned(),
            };
            prop_assert!(!list.is_empty() && list.is_sorted_by(|one, other| rank(one) < rank(other)), "{condition}");
            prop_assert!(field != "accessibility" || list.len() < 3, "{condition}");
        }
        let others = || any.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| other);
        prop_assert!(!others().any(|other| implies(entry, other)), "{condition}");
        for id in entry.get("id").map(|ids| ids.as_array().unwrap().as_slice()).unwrap_or_default() {
            let row = rows.iter().find(|row| row["id"] == *id).unwrap();
            prop_assert!(!others().any(|other| matches(other, row)), "{id} is superfluous in {condition}");
            prop_assert_eq!(fields.len(), 1);
        }
        for team in entry.get("team").map(|teams| teams.as_array().unwrap().as_slice()).unwrap_or_default() {
            let mut single = entry.clone();
            single["team"] = json!([team]);
            prop_assert!(!others().any(|other| implies(&single, other)), "{team} is superfluous in {condition}");
        }
    }
    Ok(())
}

/// Users, users with a key, visitors.
fn askers(organization: &Organization) -> Vec<Asker> {
    let with_links = users(organization).into_iter().map(|asker| Asker { link: Some(world::key(0)), ..asker });
    users(organization).into_iter().chain(with_links).chain(visitors()).collect()
}

proptest! {
    #![proptest_config(worlds())]

    #[test]
    fn a_condition_selects_the_rows_for_which_can_says_yes(organization in organization()) {
        let snapshot = opened(&organization, Projection::Workspace);
        let tables = [Kind::Team, Kind::Project, Kind::Assistant].map(|kind| (kind, rows(&organization, kind)));
        for asker in askers(&organization) {
            let session = snapshot.session(asker.presented()).unwrap();
            for capability in with_target() {
                let (_, rows) = tables.iter().find(|(kind, _)| *kind == capability.kind()).unwrap();
                let condition = session.condition(capability, NOW);
                let written = without_until(&condition);
                let expected: Vec<&str> = rows
                    .iter()
                    .map(|row| row["id"].as_str().unwrap())
                    .filter(|id| naive::decide(&organization, &asker, NOW, capability.name(), Some(id)).allowed())
                    .collect();
                prop_assert_eq!(selected(&written, rows), expected, "{:?} {} {}", asker, capability, written);
                is_canonical(&written, rows)?;
            }
        }
    }

    /// Until `until` the condition is the same; at `until` it is another one. Without `until` it stays.
    #[test]
    fn a_condition_says_when_to_ask_again(organization in organization()) {
        let snapshot = opened(&organization, Projection::Workspace);
        for asker in users(&organization).into_iter().chain(visitors().into_iter().take(10)) {
            let session = snapshot.session(asker.presented()).unwrap();
            for capability in with_target() {
                let condition = session.condition(capability, NOW);
                let at = |now| without_until(&session.condition(capability, now));
                let now = without_until(&condition);
                let Some(until) = until(&condition) else {
                    prop_assert_eq!(&now, &json!({ "kind": "none" }), "the snapshot has an end");
                    prop_assert_eq!(at(NOW + 100_000), now);
                    continue;
                };
                prop_assert!(NOW < until && until <= END);
                prop_assert_eq!(at(until - 1), now.clone());
                prop_assert_ne!(at(until), now, "{:?} {} {:?}", asker, capability, condition);
            }
        }
    }

    /// The facts of a member snapshot are enough, as are those of a gate.
    #[test]
    fn a_condition_is_the_same_from_every_snapshot_that_answers(organization in organization()) {
        let workspace = opened(&organization, Projection::Workspace);
        for asker in users(&organization).into_iter().filter(|asker| asker.user.as_deref() != Some("nobody")) {
            let member = opened(&organization, Projection::Member(asker.user.clone().unwrap()));
            for capability in with_target() {
                let expected = workspace.session(asker.presented()).unwrap().condition(capability, NOW);
                prop_assert_eq!(member.session(asker.presented()).unwrap().condition(capability, NOW), expected);
            }
        }
        let all = organization.assistants.iter().map(|assistant| assistant.id.clone()).collect();
        let gate = opened(&organization, Projection::Gate(all));
        for visitor in visitors() {
            for capability in with_target() {
                let expected = workspace.session(visitor.presented()).unwrap().condition(capability, NOW);
                prop_assert_eq!(gate.session(visitor.presented()).unwrap().condition(capability, NOW), expected);
            }
        }
    }

    /// Users, API keys, and keys on behalf of users, in a directory.
    #[test]
    fn a_directory_selects_what_its_actors_may(organization in organization(), ends in any::<bool>()) {
        let (mut directory, _) = Directory::found(&organization, NOW).unwrap();
        let keys = ["global_admin", "application_admin", "user", "auditor", "builder"];
        let end = NOW + 500;
        for (at, role) in keys.iter().enumerate() {
            let mut command = json!({ "type": "create_api_key", "id": format!("k_{role}"), "name": role, "role": role, "scopes": ["read"] });
            if ends {
                command["expires"] = json!(end);
            }
            let command = Command::from_json(&command.to_string()).unwrap();
            directory.execute(&Actor::System, command, NOW, &[at as u8; 32]).unwrap();
        }
        let keys: Vec<String> = keys.iter().map(|role| format!("k_{role}")).chain(["k_none".to_owned()]).collect();
        let people: Vec<String> = users(&organization).into_iter().filter_map(|asker| asker.user).collect();
        let on_behalf = people.iter().flat_map(|user| keys.iter().map(|key| Actor::OnBehalf { user: user.clone(), key: key.clone() }));
        let actors: Vec<Actor> = people.iter().cloned().map(Actor::User).chain(keys.iter().cloned().map(Actor::Key)).chain(on_behalf).collect();
        for actor in actors.iter().chain([&Actor::System]) {
            for capability in with_target() {
                let rows = rows(&organization, capability.kind());
                let condition = directory.condition(actor, capability, NOW);
                let written = without_until(&condition);
                let may = |id: &&str, now| directory.denied(actor, capability, Some(id), now).is_none();
                let ids = || rows.iter().map(|row| row["id"].as_str().unwrap());
                let expected: Vec<&str> = ids().filter(|id| may(id, NOW)).collect();
                prop_assert_eq!(selected(&written, &rows), expected, "{:?} {} {}", actor, capability, written);
                is_canonical(&written, &rows)?;
                let later = |now| without_until(&directory.condition(actor, capability, now));
                match until(&condition) {
                    None => prop_assert_eq!(later(NOW + 1_000_000), written),
                    Some(until) => {
                        prop_assert_eq!(later(until - 1), written.clone());
                        prop_assert_ne!(later(until), written);
                    }
                }
            }
        }
    }
}

/// An organization with one case of each rule, with ids as they are made.
fn acme() -> Organization {
    serde_json::from_value(json!({
        "id": "acme",
        "roles": [{ "id": "supervisor", "on": "organization", "grants": ["conversations.view", "project.view"] }],
        "users": [
            { "id": "uma", "role": "user", "name": "Uma Ñúñez" }, { "id": "ada", "role": "application_admin" },
            { "id": "gus", "role": "global_admin" }, { "id": "sue", "role": "supervisor" }, { "id": "sam", "role": "user", "status": "suspended" },
        ],
        "teams": [
            { "id": "t_8f2k", "members": [{ "user": "uma", "role": "viewer", "expires": NOW + 60 }, { "user": "sam", "role": "owner" }] },
            { "id": "t_1a9c", "members": [{ "user": "uma", "role": "owner" }] },
            { "id": "t_4qqz", "creator": "ada" },
            { "id": "t_0far" },
        ],
        "projects": [
            { "id": "p_1", "team": "t_8f2k", "creator": "uma" }, { "id": "p_2", "team": "t_1a9c", "creator": "uma" },
            { "id": "p_3", "team": "t_4qqz", "creator": "uma" }, { "id": "p_4", "team": "t_0far" },
        ],
        "assistants": [
            { "id": "helper", "project": "p_4", "owner": "ada", "accessibility": "public",
              "grants": [{ "user": "uma", "role": "editor", "expires": NOW + 30 }],
              "links": [{ "id": "l", "level": "edit", "digest": digest_of(&world::key(0)), "expires": NOW + 90 }],
              "embed": { "origins": ["*"] } },
            { "id": "faq", "project": "p_1", "owner": "ada", "accessibility": "only_team", "grants": [{ "user": "uma", "role": "editor" }] },
            { "id": "notes", "project": "p_2", "owner": "gus", "accessibility": "only_me", "grants": [{ "user": "uma", "role": "editor" }] },
        ],
    }))
    .unwrap()
}

/// The forms that are documented, as JSON, with their order.
#[test]
fn conditions_have_the_documented_form() {
    let snapshot = opened_as_written(&serde_json::to_value(acme()).unwrap(), NOW);
    let end = NOW + 3600;
    let user = |id: &str| Asker { user: Some(id.to_owned()), ..Asker::default() };
    let link = Asker { link: Some(world::key(0)), ..Asker::default() };
    let origin = Asker { origin: Some("https://shop.example".to_owned()), ..Asker::default() };
    for (asker, capability, expected) in [
        (
            user("uma"),
            "conversations.view",
            json!({ "kind": "some", "until": end, "any": [
            { "owner": "uma" }, { "team": ["t_1a9c"], "accessibility": ["only_team", "public"] } ] }),
        ),
        (
            user("uma"),
            "assistant.view",
            json!({ "kind": "some", "until": NOW + 60, "any": [
            { "owner": "uma" }, { "team": ["t_1a9c", "t_8f2k"], "accessibility": ["only_team", "public"] }, { "accessibility": ["public"] } ] }),
        ),
        // `faq` is lost with the membership of its team, because it is Only Team.
        (
            user("uma"),
            "assistant.edit",
            json!({ "kind": "some", "until": NOW + 30, "any": [
            { "owner": "uma" }, { "team": ["t_1a9c"], "accessibility": ["only_team", "public"] }, { "id": ["faq", "helper"] } ] }),
        ),
        (user("uma"), "project.view", json!({ "kind": "some", "until": NOW + 60, "any": [{ "team": ["t_1a9c", "t_8f2k"] }] })),
        (
            user("uma"),
            "project.edit",
            json!({ "kind": "some", "until": NOW + 60, "any": [
            { "creator": "uma", "team": ["t_8f2k"] }, { "team": ["t_1a9c"] } ] }),
        ),
        (user("uma"), "team.view", json!({ "kind": "some", "until": NOW + 60, "any": [{ "id": ["t_1a9c", "t_8f2k"] }] })),
        (user("ada"), "team.edit", json!({ "kind": "some", "until": end, "any": [{ "creator": "ada" }] })),
        (user("ada"), "project.edit", json!({ "kind": "some", "until": end, "any": [{ "team": ["t_4qqz"] }] })),
        (
            user("sue"),
            "conversations.view",
            json!({ "kind": "some", "until": end, "any": [
            { "owner": "sue" }, { "accessibility": ["only_team", "public"] } ] }),
        ),
        (user("sue"), "project.view", json!({ "kind": "all", "until": end })),
        (user("gus"), "evaluation.run", json!({ "kind": "all", "until": end })),
        (user("sam"), "assistant.view", json!({ "kind": "none" })),
        (user("uma"), "evaluation.run", json!({ "kind": "none" })),
        (user("gus"), "team.create", json!({ "kind": "none" })),
        (link.clone(), "assistant.edit", json!({ "kind": "some", "until": NOW + 90, "any": [{ "id": ["helper"] }] })),
        (link, "assistant.delete", json!({ "kind": "none" })),
        (origin, "assistant.chat", json!({ "kind": "some", "until": end, "any": [{ "id": ["helper"] }] })),
        (Asker::default(), "assistant.view", json!({ "kind": "none" })),
    ] {
        let session = snapshot.session(asker.presented()).unwrap();
        let condition = session.condition(Capability::from_name(capability).unwrap(), NOW);
        assert_eq!(serde_json::to_string(&condition).unwrap(), expected_text(&expected), "{asker:?} {capability}");
    }
}

/// JSON in the order of the fields: `kind`, `until`, `any`, and in an entry `owner`, `creator`, `team`, `accessibility`, `id`.
fn expected_text(expected: &Value) -> String {
    let written = |value: &Value, names: &[&str]| {
        let fields: Vec<String> = names.iter().filter_map(|name| Some(format!("\"{name}\":{}", value.get(name)?))).collect();
        assert_eq!(fields.len(), value.as_object().unwrap().len());
        format!("{{{}}}", fields.join(","))
    };
    let entry = |entry| written(entry, &["owner", "creator", "team", "accessibility", "id"]);
    let mut parts: Vec<String> =
        ["kind", "until"].iter().filter_map(|name| Some(format!("\"{name}\":{}", expected.get(name)?))).collect();
    if let Some(any) = expected.get("any") {
        let entries: Vec<String> = any.as_array().unwrap().iter().map(entry).collect();
        parts.push(format!("\"any\":[{}]", entries.join(",")));
    }
    format!("{{{}}}", parts.join(","))
}

/// Outside of its time a snapshot selects nothing; before it, the moment to ask again is its beginning.
#[test]
fn a_snapshot_selects_nothing_outside_of_its_time() {
    let key = SigningKey::from_entropy(&[7; 32], None).unwrap();
    let issue = Issue { issued_at: NOW, not_before: Some(NOW), expires_at: END, version: 1, ..Issue::default() };
    let token = issue.sign(&Facts::from_document(&acme()).unwrap(), &key).unwrap();
    let snapshot =
        Snapshot::open(Token::Compact(token), &JwkSet { keys: vec![key.public_jwk()] }, &Expect::default(), NOW).unwrap();
    let asker = Asker { user: Some("gus".to_owned()), ..Asker::default() };
    let session = snapshot.session(asker.presented()).unwrap();
    let at = |capability, now| session.condition(capability, now);
    assert_eq!(at(Capability::TeamView, NOW), Condition::All { until: Some(END) });
    assert_eq!(at(Capability::TeamView, END - 1), Condition::All { until: Some(END) });
    assert_eq!(at(Capability::TeamView, END), Condition::None { until: None });
    assert_eq!(at(Capability::TeamView, NOW - 1), Condition::None { until: Some(NOW) });
    assert_eq!(at(Capability::TeamCreate, NOW - 1), Condition::None { until: None });
}

/// The size does not grow with what an organization has, only with a person's teams and grants.
#[test]
fn a_condition_stays_small_in_a_large_organization() {
    let mut large = acme();
    let (team, project, assistant) = (large.teams[3].clone(), large.projects[3].clone(), large.assistants[0].clone());
    for n in 0..5_000 {
        let (t, p) = (format!("t_{n:05}"), format!("p_{n:05}"));
        large.teams.push(wicketgate::document::Team { id: t.clone(), ..team.clone() });
        large.projects.push(wicketgate::document::Project { id: p.clone(), team: t, ..project.clone() });
        let mut other = wicketgate::document::Assistant { id: format!("a_{n:05}"), project: Some(p), ..assistant.clone() };
        (other.grants, other.links, other.embed) = (Vec::new(), Vec::new(), None);
        large.assistants.push(other);
    }
    let (small, large) = (opened(&acme(), Projection::Workspace), opened(&large, Projection::Workspace));
    let mut capabilities = BTreeSet::new();
    for capability in with_target() {
        let asker = Asker { user: Some("uma".to_owned()), ..Asker::default() };
        let of = |snapshot: &Snapshot| snapshot.session(asker.presented()).unwrap().condition(capability, NOW);
        assert_eq!(of(&large), of(&small), "{capability}");
        capabilities.insert(capability);
    }
    assert_eq!(capabilities.len(), 24);
}
