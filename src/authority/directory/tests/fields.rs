//! Commands by themselves: their fields, names, ids and addresses.

use serde_json::{Value, json};

use super::{DAY, NOW, World};
use crate::authority::directory::{Command, RefusalCode};

#[test]
fn an_invalid_field_is_refused_with_its_path() {
    let mut world = World::new();
    let mut path = |command: Value| world.path("gina", command);
    assert_eq!(path(json!({ "type": "invite_user", "email": "no address" })), "email");
    assert_eq!(path(json!({ "type": "invite_user", "email": "a@b.c", "id": "a b" })), "id");
    assert_eq!(path(json!({ "type": "invite_user", "email": "a@b.c", "expires_in": 0 })), "expires_in");
    assert_eq!(path(json!({ "type": "invite_user", "email": "a@b.c", "expires_in": 30 * DAY + 1 })), "expires_in");
    assert_eq!(path(json!({ "type": "invite_user", "email": "a@b.c", "expires_in": "soon" })), "expires_in");
    assert_eq!(path(json!({ "type": "invite_user", "email": "a@b.c", "rolle": "user" })), "rolle");
    assert_eq!(path(json!({ "type": "invite_user", "email": "a@b.c", "role": null })), "role");
    assert_eq!(path(json!({ "type": "invite_user" })), "email");
    assert_eq!(path(json!({ "type": "found" })), "type");
    assert_eq!(path(json!({ "email": "a@b.c" })), "type");
    assert_eq!(path(json!({ "type": "create_team", "name": " " })), "name");
    assert_eq!(path(json!({ "type": "create_team", "name": "a\nb" })), "name");
    assert_eq!(path(json!({ "type": "create_team", "name": "a\u{2028}b" })), "name");
    assert_eq!(path(json!({ "type": "create_team", "name": "x".repeat(201) })), "name");
    let member =
        |expires: u64| json!({ "type": "add_member", "team": "sales", "user": "vic", "role": "viewer", "expires": expires });
    assert_eq!(path(member(NOW)), "expires");
    assert_eq!(path(member(NOW * 1000)), "expires");
    assert_eq!(
        path(json!({ "type": "set_embed", "assistant": "site", "origins": ["https://a.example", "a.example"] })),
        "origins[1]"
    );
    assert_eq!(path(json!({ "type": "set_embed", "assistant": "site", "origins": ["https://a.example", 7] })), "origins[1]");
    assert_eq!(path(json!({ "type": "set_embed", "assistant": "site" })), "origins");
    assert_eq!(path(json!({ "type": "set_accessibility", "assistant": "site", "accessibility": "everybody" })), "accessibility");
    assert_eq!(path(json!({ "type": "define_role", "id": "r", "on": "team", "grants": ["team.view", "fly"] })), "grants[1]");
    assert_eq!(path(json!({ "type": "define_role", "id": "r", "on": "team", "grants": ["team.view", "audit.view"] })), "grants[1]");
    assert_eq!(path(json!({ "type": "set_plan", "withholds": ["panel.analytcs"] })), "withholds[0]");
    assert_eq!(path(json!({ "type": "remove_user", "user": "vic", "successor": "vic" })), "successor");
    assert_eq!(path(json!({ "type": "remove_user", "user": "vic", "successors": { "helper": 7 } })), "successors.helper");
    let refused = |json: &str| Command::from_json(json).unwrap_err();
    // The longest pattern has the longest possible host.
    let embed =
        |host: &str| json!({ "type": "set_embed", "assistant": "site", "origins": ["*", format!("https://*.{host}:65535")] });
    let host = "x".repeat(246) + ".example";
    world.decide("gina", &embed(&host)).unwrap();
    assert_eq!(world.path("gina", embed(&format!("x{host}"))), "origins[1]");
    assert_eq!(refused(r#"{"type":"create_team","name":"a","name":"b"}"#).path.as_deref(), Some("name"));
    for text in ["", "null", "[]", "{", "7"] {
        assert_eq!(refused(text).code, RefusalCode::InvalidCommand, "{text}");
    }
    // A time in milliseconds would become the time of all later events.
    world.now = NOW * 1000;
    assert_eq!(world.path("gina", json!({ "type": "create_team", "name": "Late" })), "now");
}

/// Each command with a name, an id, an account or an address, and the names of these fields.
fn naming() -> Vec<(Value, &'static [&'static str])> {
    let account = |mut command: Value| {
        (command["issuer"], command["subject"], command["email"]) =
            (json!("https://id.example"), json!("1"), json!("new@acme.example"));
        command
    };
    vec![
        (json!({ "type": "create_team" }), &["name", "id"]),
        (json!({ "type": "edit_team", "team": "support" }), &["name"]),
        (json!({ "type": "create_project", "team": "support" }), &["name", "id"]),
        (json!({ "type": "edit_project", "project": "faq" }), &["name"]),
        (json!({ "type": "create_assistant", "project": "faq" }), &["name", "id"]),
        (json!({ "type": "edit_assistant", "assistant": "site" }), &["name"]),
        (json!({ "type": "create_link", "assistant": "site", "level": "view" }), &["id"]),
        (json!({ "type": "define_role", "on": "team", "grants": [] }), &["id"]),
        (json!({ "type": "invite_user", "email": "new@acme.example" }), &["id", "email"]),
        (json!({ "type": "set_plan", "withholds": [] }), &["name"]),
        (account(json!({ "type": "join" })), &["id", "email", "issuer", "subject"]),
        (account(json!({ "type": "accept_invitation", "token": "wi_none" })), &["email", "issuer", "subject"]),
        (json!({ "type": "link_account", "user": "vic", "issuer": "https://id.example", "subject": "1" }), &["issuer", "subject"]),
    ]
}

#[test]
fn names_ids_accounts_and_addresses_are_checked_in_every_command() {
    let mut world = World::new();
    let long = |length: usize| "x".repeat(length);
    for (command, fields) in naming() {
        let kind = command["type"].as_str().unwrap().to_owned();
        let actor = if fields.contains(&"subject") || kind == "set_plan" { "system" } else { "gina" };
        for field in fields {
            let (good, bad): (Vec<String>, Vec<String>) = match *field {
                "name" => (
                    vec!["x".to_owned(), long(200), "ö".repeat(200), "a b".to_owned()],
                    ["", " ", "a\nb", "a\u{2028}b", "a\u{2029}b", "a\u{7}b"]
                        .map(str::to_owned)
                        .into_iter()
                        .chain([long(201)])
                        .collect(),
                ),
                "id" => (
                    vec!["x".to_owned(), long(128), "a_b.c:d@e-f".to_owned(), "9".to_owned()],
                    ["", "a b", "a/b", "ö", "a\n", "`"].map(str::to_owned).into_iter().chain([long(129)]).collect(),
                ),
                "email" => (vec!["NEW@acme.example".to_owned()], ["", "a", "a@b", "a b@c.example"].map(str::to_owned).to_vec()),
                _ => (
                    vec!["x".to_owned(), long(255)],
                    ["", "a\nb", "a\u{2028}b"].map(str::to_owned).into_iter().chain([long(256)]).collect(),
                ),
            };
            let mut with = |value: &str| {
                let mut command = command.clone();
                if fields.contains(&"name") {
                    command["name"] = json!("Name");
                }
                if kind == "define_role" {
                    command["id"] = json!("fresh");
                }
                command[*field] = json!(value);
                world.decide(actor, &command)
            };
            for value in good {
                // With valid fields, the next refusal is the unknown invitation.
                let refused = with(&value).err().map(|refusal| refusal.code.name());
                assert_eq!(refused, (kind == "accept_invitation").then_some("invitation_invalid"), "{kind} {field} {value:?}");
            }
            for value in bad {
                let refusal = with(&value).err().unwrap_or_else(|| panic!("{kind} {field} {value:?}"));
                assert_eq!((refusal.code.name(), refusal.path.as_deref()), ("invalid_command", Some(*field)), "{kind} {value:?}");
            }
        }
    }
}

#[test]
fn a_capability_named_twice_is_one() {
    let mut world = World::new();
    let twice = json!(["team.view", "project.view", "team.view"]);
    world.accept("gina", json!({ "type": "define_role", "id": "fresh", "on": "team", "grants": twice }));
    let fresh = world.directory.facts.find_role("fresh").unwrap();
    assert_eq!(world.directory.facts.role_document(fresh).grants, ["team.view", "project.view"]);
    world.accept("system", json!({ "type": "set_plan", "withholds": twice }));
    assert_eq!(world.directory.facts.plan_now().withholds, ["team.view", "project.view"]);
}

#[test]
fn a_refusal_says_what_is_missing_and_where() {
    let mut world = World::new();
    let mut message = |command: Value| world.refuse("vic", command).message;
    assert_eq!(message(json!({ "type": "create_team", "name": "New" })), "team.create is denied: not_granted");
    assert_eq!(
        message(json!({ "type": "edit_team", "team": "support", "name": "New" })),
        "team.edit on team `support` is denied: not_granted"
    );
    assert_eq!(
        message(json!({ "type": "delete_project", "project": "deals" })),
        "project.delete on project `deals` is denied: unknown_target"
    );
    assert_eq!(
        message(json!({ "type": "edit_assistant", "assistant": "draft", "name": "New" })),
        "assistant.edit on assistant `draft` is denied: unknown_target"
    );
}

#[test]
fn an_embedding_has_a_limit_of_origins() {
    let mut world = World::new();
    let embed = |count: usize| {
        let origins: Vec<String> = (0..count).map(|n| format!("https://a{n}.example")).collect();
        json!({ "type": "set_embed", "assistant": "site", "origins": origins })
    };
    assert_eq!(world.path("gina", embed(257)), "origins");
    assert_eq!(world.path("gina", embed(5000)), "origins");
    world.accept("gina", embed(256));
    world.accept("gina", embed(0));
    world.accept("gina", json!({ "type": "set_embed", "assistant": "site", "origins": null }));
}
