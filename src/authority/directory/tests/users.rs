//! Roles, suspension and removal of users.

use serde_json::{Value, json};

use super::World;

#[test]
fn roles_are_given_within_ones_own() {
    let mut world = World::new();
    let assign = |user: &str, role: &str| json!({ "type": "assign_role", "user": user, "role": role });
    assert_eq!(world.code("gina", assign("gina", "user")), "own_role");
    assert_eq!(world.code("abe", assign("abe", "user")), "own_role");
    assert_eq!(world.code("abe", assign("vic", "global_admin")), "beyond_own_role");
    assert_eq!(world.code("abe", assign("gina", "user")), "beyond_own_role");
    assert_eq!(world.code("abe", assign("dot", "user")), "beyond_own_role");
    assert_eq!(world.code("abe", assign("vic", "owner")), "unknown_role");
    assert_eq!(world.code("abe", assign("nobody", "user")), "unknown_user");
    assert_eq!(world.denied("vic", assign("ed", "user")), "not_granted");
    assert_eq!(world.code("system", assign("gina", "user")), "last_global_admin");
    let event = world.accept("abe", assign("vic", "application_admin")).event;
    let text: Value = serde_json::from_str(&event.text).unwrap();
    assert_eq!(text["command"], json!({ "type": "assign_role", "user": "vic", "role": "application_admin", "was": "user" }));
    world.accept("gina", assign("vic", "global_admin"));
    world.accept("vic", assign("gina", "user"));
    // An accepted invitation gives the role that the user has by then.
    let (nia, _) = world.invite("vic", "nia@acme.example");
    world.accept("vic", assign(&nia, "application_admin"));
    assert_eq!(world.directory.invitations()[0].role, "application_admin");
}

#[test]
fn the_last_active_global_admin_stays() {
    let mut world = World::new();
    for command in ["suspend_user", "remove_user"] {
        assert_eq!(world.code("gina", json!({ "type": command, "user": "gina" })), "last_global_admin");
        assert_eq!(world.code("system", json!({ "type": command, "user": "gina" })), "last_global_admin");
        assert_eq!(world.code("abe", json!({ "type": command, "user": "gina" })), "beyond_own_role");
        assert_eq!(world.denied("vic", json!({ "type": command, "user": "ed" })), "not_granted");
        assert_eq!(world.code("abe", json!({ "type": command, "user": "nobody" })), "unknown_user");
    }
    world.accept("gina", json!({ "type": "reactivate_user", "user": "gina" }));
    world.accept("gina", json!({ "type": "reactivate_user", "user": "sam" }));
    world.accept("gina", json!({ "type": "suspend_user", "user": "gina" }));
    assert_eq!(world.denied("gina", json!({ "type": "create_team", "name": "No" })), "inactive");
    let (nia, _) = world.invite("sam", "nia@acme.example");
    assert_eq!(world.code("sam", json!({ "type": "suspend_user", "user": nia })), "inactive_user");
    assert_eq!(world.code("sam", json!({ "type": "reactivate_user", "user": nia })), "inactive_user");
}

#[test]
fn a_removed_user_leaves_nothing_behind() {
    let mut world = World::new();
    world.accept("system", json!({ "type": "link_account", "user": "vic", "issuer": "https://id.example", "subject": "1" }));
    world.accept("gina", json!({ "type": "grant", "assistant": "site", "user": "vic", "role": "tester" }));
    let remove = |more: Value| {
        let mut command = json!({ "type": "remove_user", "user": "vic" });
        command.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        command
    };
    let refusal = world.refuse("abe", remove(json!({})));
    assert_eq!((refusal.code.name(), refusal.ids), ("owns_assistants", vec!["helper".to_owned(), "site".to_owned()]));
    let refusal = world.refuse("abe", remove(json!({ "successors": { "site": "olga" } })));
    assert_eq!(refusal.ids, ["helper"]);
    assert_eq!(world.code("abe", remove(json!({ "successors": { "draft": "olga" }, "successor": "ed" }))), "unknown_assistant");
    assert_eq!(world.code("abe", remove(json!({ "successor": "nobody" }))), "unknown_user");
    assert_eq!(world.code("abe", remove(json!({ "successor": "sam" }))), "inactive_user");
    let decided = world.accept("abe", remove(json!({ "successors": { "site": "olga" }, "successor": "ed" })));
    assert_eq!(decided.gates, ["site"]);
    let dump = world.directory.dump().unwrap();
    assert!(!dump.contains("vic"), "{dump}");
    let owner = |id: &str| world.directory.facts.workspace().assistants.iter().find(|it| it.id == id).unwrap().owner.clone();
    assert_eq!((owner("site").as_deref(), owner("helper").as_deref()), (Some("olga"), Some("ed")));
    // A team that stays loses its creator.
    world.accept("gina", json!({ "type": "remove_user", "user": "abe", "successor": "gina" }));
    assert!(!world.directory.dump().unwrap().contains("abe"));
}
