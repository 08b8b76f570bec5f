//! Deltas that do not fit a snapshot, and deltas that leave references to removed things.

use super::following::{issue, issued};
use super::{delta, document, keys, opened, signer};
use crate::common::cases::encode;
use crate::common::world::NOW;
use crate::directory::adapter::Directory;
use serde_json::json;
use wicketgate::document::{Changes, Organization};
use wicketgate::{Capability, Code, Expect, Presented, Projection, Snapshot, Token};

/// A delta that leaves references to removed things, which no directory issues: it gives nobody anything, even after the id is taken again.
#[test]
fn what_refers_to_something_gone_grants_nothing() {
    let organization: Organization = serde_json::from_value(json!({
        "id": "acme",
        "roles": [{ "id": "viewer-of-all", "on": "organization", "grants": ["assistant.view", "audit.view"] }],
        "users": [{ "id": "us", "role": "viewer-of-all" }, { "id": "vi", "role": "user" }, { "id": "ow", "role": "user" }],
        "teams": [{ "id": "t", "creator": "ow", "members": [{ "user": "vi", "role": "owner" }] }],
        "projects": [{ "id": "p", "team": "t" }],
        "assistants": [{ "id": "a", "project": "p", "owner": "ow", "accessibility": "only_team" }],
    }))
    .unwrap();
    let gone: Changes = serde_json::from_value(json!({
        "gone": { "roles": ["viewer-of-all"], "users": ["ow"], "teams": ["t"] },
    }))
    .unwrap();
    let again: Changes = serde_json::from_value(json!({
        "roles": organization.roles, "users": [{ "id": "ow", "role": "user" }], "teams": [{ "id": "t" }],
    }))
    .unwrap();
    let at = |version| opened(&organization, Projection::Workspace, version, NOW);
    let mut snapshot = at(1);
    let may = |snapshot: &Snapshot, user: &str, capability: Capability, on: Option<&str>| {
        snapshot.session(Presented { user: Some(user), ..Presented::default() }).unwrap().can(capability, on, NOW)
    };
    let asked = [
        ("us", Capability::AuditView, None),
        ("us", Capability::AssistantView, Some("a")),
        ("vi", Capability::AssistantEdit, Some("a")),
        ("vi", Capability::ProjectEdit, Some("p")),
        ("ow", Capability::AssistantDelete, Some("a")),
    ];
    assert!(asked.iter().all(|(user, capability, on)| may(&snapshot, user, *capability, *on)));
    for (version, changes) in [(2, gone), (3, again)] {
        let token = delta(&snapshot, &at(version), &changes, NOW);
        snapshot.apply(token, &keys(), &Expect::default(), NOW).unwrap();
        for (user, capability, on) in asked {
            assert!(!may(&snapshot, user, capability, on), "{user} {capability} in version {version}");
        }
    }
}

/// The facts of two gates of one version differ: a delta of one gate must not hide a change of the other.
#[test]
fn no_delta_of_one_gate_fits_another() {
    let link = json!({ "id": "l", "level": "view", "digest": encode([7; 32]) });
    let assistant = |id: &str| json!({ "id": id, "project": "p", "owner": "ga", "accessibility": "public", "links": [link] });
    let organization: Organization = serde_json::from_value(json!({
        "id": "acme",
        "users": [{ "id": "ga", "role": "global_admin" }],
        "teams": [{ "id": "t" }],
        "projects": [{ "id": "p", "team": "t" }],
        "assistants": [assistant("a"), assistant("b")],
    }))
    .unwrap();
    let mut directory = Directory::found(&organization, NOW);
    let gate = |ids: &[&str]| Projection::Gate(ids.iter().map(|id| (*id).to_owned()).collect());
    let mut held = issued(&directory, &gate(&["a"]), NOW).unwrap();
    directory.execute(None, &json!({ "type": "revoke_link", "assistant": "a", "link": "l" }), NOW).unwrap();
    for other in [gate(&["b"]), gate(&["a", "b"]), gate(&[]), gate(&["ab"])] {
        let foreign = Token::Compact(directory.0.delta(1, issue(&other, NOW), &signer()).unwrap());
        assert_eq!(held.apply(foreign, &keys(), &Expect::default(), NOW).unwrap_err().code(), Code::WrongState, "{other:?}");
    }
    // The order and number of the requested ids do not matter.
    let own = Token::Compact(directory.0.delta(1, issue(&gate(&["a", "a"]), NOW), &signer()).unwrap());
    held.apply(own, &keys(), &Expect::default(), NOW).unwrap();
    assert!(document(&issued(&directory, &gate(&["a"]), NOW).unwrap()).assistants[0].links.is_empty());
    assert_eq!(held.state(), issued(&directory, &gate(&["a"]), NOW).unwrap().state());
}

/// A delta of another organization does not fit either, whatever the reader expects and although the rest fits.
#[test]
fn no_delta_of_one_organization_fits_another() {
    let organization = |id: &str| -> Organization {
        serde_json::from_value(json!({ "id": id, "users": [{ "id": "ga", "role": "global_admin" }] })).unwrap()
    };
    let at = |id: &str, version| opened(&organization(id), Projection::Workspace, version, NOW);
    let mut held = at("acme", 1);
    let changes: Changes = serde_json::from_value(json!({ "users": [{ "id": "eve", "role": "global_admin" }] })).unwrap();
    let expecting = Expect { organization: Some("acme".to_owned()), ..Expect::default() };
    for expect in [Expect::default(), expecting] {
        for other in ["other", "acm", "ACME"] {
            let foreign = delta(&held, &at(other, 2), &changes, NOW);
            assert_eq!(held.apply(foreign, &keys(), &expect, NOW).unwrap_err().code(), Code::WrongOrganization, "{other}");
            assert_eq!(held.version(), 1);
        }
        assert!(
            held.session(Presented { user: Some("eve"), ..Presented::default() })
                .unwrap()
                .list(Capability::TeamView, NOW)
                .is_empty()
        );
        let own = delta(&held, &at("acme", 2), &changes, NOW);
        at("acme", 1).apply(own, &keys(), &expect, NOW).unwrap();
    }
}

/// A delta of another reader does not fit either.
#[test]
fn no_delta_of_one_reader_fits_another() {
    let organization: Organization = serde_json::from_value(json!({
        "id": "acme", "users": [{ "id": "ga", "role": "global_admin" }, { "id": "us", "role": "user" }],
    }))
    .unwrap();
    let scopes = ["ga", "us"].map(|user| Projection::Member(user.to_owned())).into_iter();
    let scopes: Vec<Projection> = scopes.chain([Projection::Workspace, Projection::Gate(Vec::new())]).collect();
    for (one, scope) in scopes.iter().enumerate() {
        for (two, other) in scopes.iter().enumerate() {
            let mut held = opened(&organization, scope.clone(), 1, NOW);
            let next = opened(&organization, other.clone(), 2, NOW);
            let applied = held.apply(delta(&held, &next, &Changes::default(), NOW), &keys(), &Expect::default(), NOW);
            assert_eq!(applied.err().map(|error| error.code()), (one != two).then_some(Code::WrongState), "{scope:?} {other:?}");
        }
    }
}

/// The state of a gate depends on each assistant id, and not only on their joined letters.
#[test]
fn gates_of_other_assistants_have_other_states() {
    let organization: Organization =
        serde_json::from_value(json!({ "id": "acme", "users": [{ "id": "ga", "role": "global_admin" }] })).unwrap();
    let directory = Directory::found(&organization, NOW);
    let gates: [&[&str]; 9] =
        [&[], &["abc"], &["a", "bc"], &["ab", "c"], &["a", "b", "c"], &["b", "ca"], &["a"], &["a", "a.b"], &["a.", "ab"]];
    let state = |ids: &[&str]| {
        let gate = Projection::Gate(ids.iter().map(|id| (*id).to_owned()).collect());
        issued(&directory, &gate, NOW).unwrap().state().unwrap().to_owned()
    };
    let states: std::collections::BTreeSet<String> = gates.iter().map(|ids| state(ids)).collect();
    assert_eq!(states.len(), gates.len());
}
