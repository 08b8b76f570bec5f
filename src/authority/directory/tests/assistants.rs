//! Assistants, grants, links and embedding.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{DAY, NOW, World};
use crate::authority::directory::event::base64url;
use crate::facts::Accessibility;

#[test]
fn assistants_are_created_edited_and_transferred() {
    let mut world = World::new();
    let create = |project: &str| json!({ "type": "create_assistant", "project": project, "name": "New" });
    assert_eq!(world.denied("vic", create("deals")), "unknown_target");
    assert_eq!(world.denied("vic", create("nowhere")), "unknown_target");
    assert_eq!(world.code("system", create("nowhere")), "unknown_project");
    assert_eq!(world.code("system", create("faq")), "invalid_command");
    let id = world.accept("vic", create("faq")).result.assistant.unwrap();
    let new = world.directory.facts.workspace().assistants.into_iter().find(|assistant| assistant.id == id).unwrap();
    assert_eq!((new.owner.as_deref(), new.accessibility), (Some("vic"), Accessibility::OnlyMe));
    world.accept("vic", json!({ "type": "edit_assistant", "assistant": id, "name": "Newer" }));
    assert_eq!(world.denied("olga", json!({ "type": "edit_assistant", "assistant": id, "name": "Mine" })), "unknown_target");
    assert_eq!(world.denied("ed", json!({ "type": "transfer_assistant", "assistant": "site", "user": "ed" })), "not_granted");
    let transfer = |user: &str| json!({ "type": "transfer_assistant", "assistant": id, "user": user });
    assert_eq!((world.code("gina", transfer("sam")), world.code("gina", transfer("nobody"))), ("inactive_user", "unknown_user"));
    // An actor who does not see people does not learn the reason.
    assert_eq!((world.code("vic", transfer("sam")), world.code("vic", transfer("nobody"))), ("unknown_user", "unknown_user"));
    world.accept("vic", json!({ "type": "transfer_assistant", "assistant": id, "user": "ed" }));
    assert_eq!(world.denied("vic", json!({ "type": "delete_assistant", "assistant": id })), "unknown_target");
    world.accept("ed", json!({ "type": "delete_assistant", "assistant": id }));
}

#[test]
fn grants_that_would_not_count_are_refused() {
    let mut world = World::new();
    let grant =
        |assistant: &str, user: &str, role: &str| json!({ "type": "grant", "assistant": assistant, "user": user, "role": role });
    assert_eq!(world.code("olga", grant("draft", "ed", "editor")), "only_me");
    let refusal = world.refuse("gina", grant("helper", "ed", "editor"));
    assert_eq!((refusal.code.name(), refusal.path.as_deref()), ("only_team", Some("user")));
    assert_eq!(world.code("vic", grant("helper", "ed", "editor")), "unknown_user");
    world.accept("vic", grant("helper", "olga", "editor"));
    world.accept("vic", grant("helper", "gina", "editor"));
    assert_eq!(world.code("vic", grant("site", "dot", "tester")), "beyond_own_role");
    assert_eq!(world.code("vic", grant("site", "dot", "viewer")), "unknown_role");
    assert_eq!(world.denied("ed", grant("site", "dot", "editor")), "not_granted");
    assert_eq!(world.denied("ed", grant("helper", "dot", "editor")), "unknown_target");
    let held = |world: &World, user: &str| {
        let assistant = world.directory.facts.workspace().assistants.into_iter().find(|it| it.id == "site").unwrap();
        assistant.grants.into_iter().filter(|grant| grant.user == user).map(|grant| (grant.role, grant.expires)).collect::<Vec<_>>()
    };
    // Granting the same role again changes its end; the other grant stays.
    let mut again = grant("site", "ed", "editor");
    again["expires"] = json!(NOW + DAY);
    world.accept("vic", again);
    assert_eq!(held(&world, "ed"), [("editor".to_owned(), Some(NOW + DAY)), ("tester".to_owned(), None)]);
    let revoke = |user: &str, role: Value| json!({ "type": "revoke_grant", "assistant": "site", "user": user, "role": role });
    // An actor who has the role can revoke it.
    assert_eq!(world.code("vic", revoke("ed", json!("tester"))), "beyond_own_role");
    world.accept("gina", revoke("ed", json!("tester")));
    assert_eq!(world.code("vic", revoke("ed", json!("tester"))), "unknown_role");
    assert_eq!(world.code("vic", revoke("dot", json!("editor"))), "unknown_user");
    world.accept("vic", json!({ "type": "revoke_grant", "assistant": "site", "user": "ed" }));
    assert_eq!(held(&world, "ed"), []);
}

#[test]
fn links_and_embedding() {
    let mut world = World::new();
    let link = |assistant: &str| json!({ "type": "create_link", "assistant": assistant, "level": "edit", "expires": NOW + DAY });
    let named = || json!({ "type": "create_link", "assistant": "site", "level": "edit", "id": "l1", "expires": NOW + DAY });
    assert_eq!(world.code("olga", link("draft")), "only_me");
    assert_eq!(world.code("vic", link("helper")), "only_team");
    assert_eq!(world.denied("ed", link("site")), "not_granted");
    assert_eq!(world.code("vic", named()), "beyond_own_role");
    let decided = world.accept("gina", named());
    assert_eq!(world.code("gina", named()), "already_exists");
    let key = decided.result.key.unwrap().0;
    assert_eq!((key.len(), key.starts_with("wk_")), (46, true));
    assert_eq!((decided.result.link.as_deref(), decided.gates), (Some("l1"), vec!["site".to_owned()]));
    let digest = base64url(&Sha256::digest(&key));
    assert!(decided.event.sealed.contains(&digest));
    assert!(!decided.event.text.contains(&digest) && !decided.event.text.contains(&key) && !decided.event.sealed.contains(&key));
    assert_eq!(world.code("vic", json!({ "type": "revoke_link", "assistant": "site", "link": "l2" })), "unknown_link");
    world.accept("vic", json!({ "type": "revoke_link", "assistant": "site", "link": "l1" }));
    let embed = |origins: Value| json!({ "type": "set_embed", "assistant": "site", "origins": origins });
    let site = |world: &World| world.directory.facts.workspace().assistants.into_iter().find(|it| it.id == "site").unwrap().embed;
    world.accept("vic", embed(json!(["https://*.acme.example"])));
    assert_eq!(site(&world).unwrap().origins, ["https://*.acme.example"]);
    world.accept("vic", embed(json!([])));
    assert_eq!(site(&world).unwrap().origins, Vec::<String>::new());
    world.accept("vic", embed(Value::Null));
    assert_eq!(site(&world), None);
    // Opening and closing an assistant both concern its gate snapshot.
    let set = |to: &str| json!({ "type": "set_accessibility", "assistant": "site", "accessibility": to });
    assert_eq!(world.accept("vic", set("only_me")).gates, ["site"]);
    assert_eq!(world.accept("vic", set("only_team")).gates, Vec::<String>::new());
    assert_eq!(world.accept("vic", set("public")).gates, ["site"]);
    assert_eq!(world.directory.public_assistants(), ["site"]);
}
