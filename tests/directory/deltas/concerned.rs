//! Each change reaches every reader whom it concerns.

use super::following::{issue, issued, names_no_more};
use super::{answer_alike, document, keys, signer};
use crate::common::cases::encode;
use crate::common::world::NOW;
use crate::directory::adapter::Directory;
use serde_json::{Value, json};
use wicketgate::document::Organization;
use wicketgate::{Expect, Projection, Snapshot, Token};

/// Two teams with contents, and people in every relation to them: `tc` created the first team, `to` owns it, `tv` views it, `tr` has a custom
/// role there, `pc` created a project, `ao` owns the assistants, `gr` has grants, `aa` and `cu` administer, `us` has nothing.
fn everybody() -> Organization {
    let assistant = |id: &str, project: &str, accessibility: &str| {
        json!({ "id": id, "project": project, "owner": "ao", "accessibility": accessibility,
            "grants": [{ "user": "gr", "role": "tester" }, { "user": "tv", "role": "editor" }],
            "links": [{ "id": "l", "level": "view", "digest": encode([7; 32]) }], "embed": { "origins": ["*"] } })
    };
    serde_json::from_value(json!({
        "id": "acme",
        "roles": [
            { "id": "custom", "on": "organization", "grants": ["user.invite", "team.view"] },
            { "id": "spare", "on": "organization", "grants": ["panel.user_settings", "project.view"] },
            { "id": "runner", "on": "team", "grants": ["evaluation.run"] },
            { "id": "tester", "on": "assistant", "grants": ["assistant.view"] },
        ],
        "users": [
            { "id": "ga", "role": "global_admin", "email": "ga@acme.example" }, { "id": "aa", "role": "application_admin" },
            { "id": "cu", "role": "custom" }, { "id": "tc", "role": "application_admin" }, { "id": "to", "role": "user" },
            { "id": "tv", "role": "user" }, { "id": "tr", "role": "user" }, { "id": "pc", "role": "user" }, { "id": "ao", "role": "user" },
            { "id": "gr", "role": "user" }, { "id": "us", "role": "user" },
        ],
        "teams": [
            { "id": "t", "creator": "tc", "members": [{ "user": "to", "role": "owner" }, { "user": "tv", "role": "viewer" },
                { "user": "tr", "role": "runner" }, { "user": "pc", "role": "viewer" }, { "user": "ao", "role": "runner" }] },
            { "id": "u", "members": [{ "user": "tv", "role": "owner" }] },
        ],
        "projects": [{ "id": "p", "team": "t", "creator": "pc" }, { "id": "q", "team": "t" }, { "id": "r", "team": "u" }],
        "assistants": [assistant("m", "p", "only_me"), assistant("o", "p", "only_team"), assistant("b", "q", "public"),
            assistant("c", "r", "only_team")],
    }))
    .unwrap()
}

/// Each change reaches every reader whom it concerns, alone and together with other changes, and reveals to nobody what they are not shown.
#[test]
fn every_change_reaches_everybody_whom_it_concerns() {
    let member = |kind: &str, user: &str, role: &str| json!({ "type": kind, "team": "t", "user": user, "role": role });
    let user = |kind: &str, user: &str| json!({ "type": kind, "user": user });
    let on = |kind: &str, assistant: &str, more: Value| {
        let mut command = more;
        (command["type"], command["assistant"]) = (json!(kind), json!(assistant));
        command
    };
    let role = |id: &str, on: &str, grants: &[&str]| json!({ "type": "define_role", "id": id, "on": on, "grants": grants });
    let changes: Vec<(&str, Value)> = vec![
        ("ga", member("add_member", "us", "viewer")),
        ("ga", member("add_member", "gr", "owner")),
        ("ga", member("add_member", "us", "runner")),
        ("ga", member("set_member_role", "tv", "owner")),
        ("ga", member("set_member_role", "to", "runner")),
        ("ga", json!({ "type": "remove_member", "team": "t", "user": "tv" })),
        ("ga", json!({ "type": "remove_member", "team": "t", "user": "pc" })),
        ("ga", json!({ "type": "remove_member", "team": "u", "user": "tv" })),
        ("ga", json!({ "type": "assign_role", "user": "us", "role": "spare" })),
        ("ga", json!({ "type": "assign_role", "user": "us", "role": "global_admin" })),
        ("ga", json!({ "type": "assign_role", "user": "aa", "role": "user" })),
        ("ga", json!({ "type": "assign_role", "user": "tc", "role": "user" })),
        ("ga", json!({ "type": "assign_role", "user": "cu", "role": "spare" })),
        ("ga", user("suspend_user", "to")),
        ("ga", user("suspend_user", "aa")),
        ("ga", user("remove_user", "gr")),
        ("ga", user("remove_user", "tc")),
        ("ga", user("remove_user", "pc")),
        ("ga", json!({ "type": "remove_user", "user": "ao", "successor": "us" })),
        ("ga", json!({ "type": "invite_user", "email": "new@acme.example", "id": "new" })),
        ("aa", json!({ "type": "create_team", "name": "New" })),
        ("to", json!({ "type": "edit_team", "team": "t", "name": "Named" })),
        ("ga", json!({ "type": "delete_team", "team": "u", "cascade": true })),
        ("tv", json!({ "type": "create_project", "team": "t", "name": "New" })),
        ("pc", json!({ "type": "edit_project", "project": "p", "name": "Named" })),
        ("ga", json!({ "type": "delete_project", "project": "p", "cascade": true })),
        ("tv", json!({ "type": "create_assistant", "project": "p", "name": "New", "accessibility": "only_team" })),
        ("ga", json!({ "type": "delete_assistant", "assistant": "o" })),
        ("ga", on("transfer_assistant", "m", json!({ "user": "us" }))),
        ("ga", on("transfer_assistant", "b", json!({ "user": "gr" }))),
        ("ga", on("set_accessibility", "m", json!({ "accessibility": "only_team" }))),
        ("ga", on("set_accessibility", "o", json!({ "accessibility": "public" }))),
        ("ga", on("set_accessibility", "b", json!({ "accessibility": "only_me" }))),
        ("ga", on("grant", "b", json!({ "user": "us", "role": "editor" }))),
        ("ga", on("grant", "c", json!({ "user": "tv", "role": "tester" }))),
        ("ga", on("revoke_grant", "b", json!({ "user": "gr" }))),
        ("ga", on("revoke_grant", "c", json!({ "user": "tv" }))),
        ("ga", on("create_link", "b", json!({ "level": "edit", "id": "new" }))),
        ("ga", on("revoke_link", "b", json!({ "link": "l" }))),
        ("ga", on("set_embed", "b", json!({ "origins": [] }))),
        ("ga", on("edit_assistant", "b", json!({ "name": "Named" }))),
        ("ga", role("runner", "team", &["team.view", "project.view"])),
        ("ga", role("tester", "assistant", &["assistant.share", "assistant.view"])),
        ("ga", role("custom", "organization", &["panel.user_settings"])),
        ("ga", role("new", "organization", &["team.create"])),
        ("ga", json!({ "type": "delete_role", "role": "spare" })),
        ("system", json!({ "type": "set_plan", "withholds": ["assistant.view", "team.view"], "name": "Small" })),
        ("ga", json!({ "type": "complete_review" })),
    ];
    let organization = everybody();
    let people = organization.users.iter().map(|user| Projection::Member(user.id.clone()));
    let gates =
        [&["b"][..], &["b", "o", "new"], &["m"]].map(|ids| Projection::Gate(ids.iter().map(|id| (*id).to_owned()).collect()));
    let scopes: Vec<Projection> = people.chain(gates).chain([Projection::Workspace, Projection::Overview]).collect();

    for n in 0..changes.len() {
        // Alone; and together with the next two, if these can follow.
        for length in [1, 3] {
            let mut directory = Directory::found(&organization, NOW);
            let held: Vec<Snapshot> = scopes.iter().map(|scope| issued(&directory, scope, NOW).unwrap()).collect();
            for step in 0..length {
                let (actor, command) = &changes[(n + step * 7) % changes.len()];
                let actor = (*actor != "system").then_some(*actor);
                let made = directory.execute(actor, command, NOW);
                assert!(step > 0 || made.is_ok(), "{command}: {made:?}");
            }
            let now = directory.document();
            for (scope, mut snapshot) in scopes.iter().zip(held) {
                let old = document(&snapshot);
                let Some(fresh) = issued(&directory, scope, NOW) else { continue };
                let token = directory.0.delta(1, issue(scope, NOW), &signer()).unwrap();
                let context = format!("{scope:?} after {} ({length})", changes[n].1);
                snapshot
                    .apply(Token::Compact(token.clone()), &keys(), &Expect::default(), NOW)
                    .unwrap_or_else(|error| panic!("{context}: {error}"));
                answer_alike(&snapshot, &fresh, &now, NOW).unwrap_or_else(|error| panic!("{context}: {error}"));
                names_no_more(&old, &document(&fresh), &super::following::changes(&token))
                    .unwrap_or_else(|error| panic!("{context}: {error}"));
            }
        }
    }
}

/// A custom team role that shows neither team nor project: the delta adds both.
#[test]
fn a_delta_brings_along_where_an_assistant_is() {
    let organization: Organization = serde_json::from_value(json!({
        "id": "acme",
        "roles": [{ "id": "runner", "on": "team", "grants": ["evaluation.run"] }],
        "users": [{ "id": "ga", "role": "global_admin" }, { "id": "us", "role": "user" }, { "id": "out", "role": "user" }],
        "teams": [{ "id": "t", "members": [{ "user": "us", "role": "runner" }] }],
        "projects": [{ "id": "p", "team": "t" }, { "id": "q", "team": "t" }],
        "assistants": [{ "id": "a", "project": "p", "owner": "ga", "accessibility": "only_me" },
            { "id": "b", "project": "q", "owner": "ga", "accessibility": "only_me" }],
    }))
    .unwrap();
    for scope in ["us", "out", "ga"].map(|user| Projection::Member(user.to_owned())) {
        let mut directory = Directory::found(&organization, NOW);
        let mut held = issued(&directory, &scope, NOW).unwrap();
        for accessibility in ["only_team", "public", "only_team", "only_me"] {
            let command = json!({ "type": "set_accessibility", "assistant": "a", "accessibility": accessibility });
            directory.execute(Some("ga"), &command, NOW).unwrap();
            let token = Token::Compact(directory.0.delta(held.version(), issue(&scope, NOW), &signer()).unwrap());
            held.apply(token, &keys(), &Expect::default(), NOW)
                .unwrap_or_else(|error| panic!("{scope:?} {accessibility}: {error}"));
            answer_alike(&held, &issued(&directory, &scope, NOW).unwrap(), &directory.document(), NOW).unwrap();
        }
    }
}
