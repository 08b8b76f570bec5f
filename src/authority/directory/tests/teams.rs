//! Teams, memberships and projects.

use serde_json::json;

use super::{DAY, NOW, World, acme};
use crate::authority::directory::{Command, Directory};
use crate::document;

#[test]
fn teams_and_projects_are_created_renamed_and_deleted() {
    let mut world = World::new();
    assert_eq!(world.denied("vic", json!({ "type": "create_team", "name": "New" })), "not_granted");
    assert_eq!(world.code("gina", json!({ "type": "create_team", "name": "New", "id": "sales" })), "already_exists");
    let team = world.accept("abe", json!({ "type": "create_team", "name": "New" })).result.team.unwrap();
    // The creator acts as owner.
    world.accept("abe", json!({ "type": "edit_team", "team": team, "name": "Newer" }));
    world.accept("abe", json!({ "type": "add_member", "team": team, "user": "vic", "role": "viewer" }));
    assert_eq!(world.denied("vic", json!({ "type": "edit_team", "team": team, "name": "Mine" })), "not_granted");
    assert_eq!(world.denied("ed", json!({ "type": "edit_team", "team": team, "name": "Mine" })), "unknown_target");
    assert_eq!(world.denied("ed", json!({ "type": "edit_team", "team": "nowhere", "name": "Mine" })), "unknown_target");
    assert_eq!(world.denied("gina", json!({ "type": "edit_team", "team": "nowhere", "name": "Mine" })), "unknown_target");
    assert_eq!(world.code("system", json!({ "type": "edit_team", "team": "nowhere", "name": "Mine" })), "unknown_team");
    let project = world.accept("vic", json!({ "type": "create_project", "team": team, "name": "One" })).result.project.unwrap();
    world.accept("vic", json!({ "type": "edit_project", "project": project, "name": "Two" }));
    assert_eq!(world.code("gina", json!({ "type": "create_project", "team": team, "name": "One", "id": "faq" })), "already_exists");
    assert_eq!(world.denied("ed", json!({ "type": "create_project", "team": team, "name": "One" })), "unknown_target");
    let assistant =
        world.accept("vic", json!({ "type": "create_assistant", "project": project, "name": "A" })).result.assistant.unwrap();
    let refusal = world.refuse("abe", json!({ "type": "delete_team", "team": team }));
    assert_eq!((refusal.code.name(), refusal.ids), ("not_empty", vec![project.clone()]));
    // The assistant is Only Me: the owner of the team does not see it.
    let refusal = world.refuse("abe", json!({ "type": "delete_project", "project": project }));
    assert_eq!((refusal.code.name(), refusal.ids), ("not_empty", vec![]));
    let refusal = world.refuse("vic", json!({ "type": "delete_project", "project": project }));
    assert_eq!(refusal.ids, [assistant]);
    world.accept("vic", json!({ "type": "delete_project", "project": project, "cascade": true }));
    world.accept("abe", json!({ "type": "delete_team", "team": team }));
    let decided = world.accept("olga", json!({ "type": "delete_team", "team": "support", "cascade": true }));
    assert_eq!(decided.gates, ["site"]);
    assert_eq!(world.directory.facts.workspace().assistants.len(), 1);
}

#[test]
fn memberships_are_given_within_ones_powers_there() {
    let mut world = World::new();
    let member = |command: &str, user: &str, role: &str| json!({ "type": command, "team": "support", "user": user, "role": role });
    world.accept("olga", member("add_member", "ed", "viewer"));
    assert_eq!(world.code("olga", member("add_member", "ed", "owner")), "already_exists");
    assert_eq!(world.denied("vic", member("add_member", "dot", "viewer")), "not_granted");
    assert_eq!(world.code("olga", member("add_member", "dot", "editor")), "unknown_role");
    assert_eq!(world.code("olga", member("add_member", "nobody", "viewer")), "unknown_user");
    assert_eq!(world.code("olga", member("set_member_role", "dot", "viewer")), "unknown_user");
    let event = world.accept("olga", member("set_member_role", "ed", "owner")).event;
    assert!(event.text.contains(r#""was":"viewer""#), "{}", event.text);
    // A trainer for two days may give no more than a trainer has, and for no longer.
    world.accept("gina", json!({ "type": "reactivate_user", "user": "sam" }));
    world.accept("gina", json!({ "type": "assign_role", "user": "sam", "role": "user" }));
    assert_eq!(world.code("sam", member("add_member", "dot", "viewer")), "beyond_own_role");
    let refusal = world.refuse("sam", member("add_member", "dot", "trainer"));
    assert_eq!(
        (refusal.code.name(), refusal.path.as_deref(), refusal.until),
        ("beyond_own_role", Some("expires"), Some(NOW + 2 * DAY))
    );
    let mut ending = member("add_member", "dot", "trainer");
    ending["expires"] = json!(NOW + 2 * DAY);
    world.accept("sam", ending);
    // Nor may they take more.
    assert_eq!(world.code("sam", json!({ "type": "remove_member", "team": "support", "user": "olga" })), "beyond_own_role");
    world.accept("sam", json!({ "type": "remove_member", "team": "support", "user": "dot" }));
    assert_eq!(world.code("sam", json!({ "type": "remove_member", "team": "support", "user": "dot" })), "unknown_user");
    world.accept("ed", json!({ "type": "remove_member", "team": "support", "user": "olga" }));
    // An expired membership grants nothing, and is replaced.
    world.now += 2 * DAY;
    assert_eq!(world.denied("sam", member("add_member", "olga", "trainer")), "unknown_target");
    world.accept("ed", member("add_member", "sam", "viewer"));
    let team = world.directory.facts.workspace().teams.into_iter().find(|team| team.id == "support").unwrap();
    assert_eq!(team.members.iter().filter(|member| member.user == "sam").count(), 1);
}

/// A restored directory makes the same event as the original, to the byte.
#[test]
fn the_previous_membership_does_not_depend_on_the_order_of_reading() {
    let mut organization = acme();
    let both = ["viewer", "trainer"].map(|role| document::Holding { user: "ed".to_owned(), role: role.to_owned(), expires: None });
    organization.teams[0].members.extend(both);
    let (directory, _) = Directory::found(&organization, NOW).unwrap();
    let restored = Directory::restore(&directory.dump().unwrap()).unwrap();
    let decided = [directory, restored].map(|directory| {
        let command = json!({ "type": "set_member_role", "team": "support", "user": "ed", "role": "owner" });
        directory.decide(&World::actor("olga"), Command::from_json(&command.to_string()).unwrap(), NOW, &[0; 32]).unwrap().event
    });
    assert_eq!(decided[0], decided[1]);
    assert!(decided[0].text.contains(r#""was":"trainer""#), "{}", decided[0].text);
}
