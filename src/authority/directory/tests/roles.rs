//! Custom roles, role sets and the plan.

use serde_json::{Value, json};

use super::World;
use crate::rules::role::{ASSIGNED_AGENTS, BUILT_IN};

#[test]
fn custom_roles_are_defined_within_ones_own() {
    let mut world = World::new();
    let define = |id: &str, on: &str, grants: Value| json!({ "type": "define_role", "id": id, "on": on, "grants": grants });
    assert_eq!(world.denied("abe", define("new", "team", json!([]))), "not_granted");
    assert_eq!(world.code("dot", define("new", "organization", json!(["audit.view"]))), "beyond_own_role");
    assert_eq!(world.code("dot", define("auditor", "organization", json!([]))), "beyond_own_role");
    world.accept("dot", define("new", "organization", json!(["user.invite"])));
    for (built_in, on, _) in BUILT_IN {
        let on = serde_json::to_value(on).unwrap();
        assert_eq!(world.code("gina", define(built_in, on.as_str().unwrap(), json!([]))), "already_exists");
        assert_eq!(world.code("gina", json!({ "type": "delete_role", "role": built_in })), "unknown_role");
    }
    world.accept("gina", define("new", "organization", json!(["user.invite", "audit.view"])));
    let refusal = world.refuse("gina", define("tester", "team", json!([])));
    assert_eq!((refusal.code.name(), refusal.ids), ("in_use", vec!["ed".to_owned()]));
    for (role, holder) in [("tester", "ed"), ("trainer", "sam"), ("definer", "dot")] {
        let refusal = world.refuse("gina", json!({ "type": "delete_role", "role": role }));
        assert_eq!((refusal.code.name(), refusal.ids), ("in_use", vec![holder.to_owned()]));
    }
    world.accept("gina", json!({ "type": "delete_role", "role": "auditor" }));
    assert_eq!(world.code("gina", json!({ "type": "delete_role", "role": "auditor" })), "unknown_role");
    world.accept("gina", define("auditor", "assistant", json!(["assistant.view"])));
}

#[test]
fn role_sets_are_applied_without_replacing_anything() {
    let mut world = World::new();
    let apply = |set: &str| json!({ "type": "apply_role_set", "set": set });
    world.accept("gina", apply("built_in"));
    assert_eq!(world.denied("abe", apply("assigned_agents")), "not_granted");
    assert_eq!(world.code("dot", apply("assigned_agents")), "beyond_own_role");
    world.accept("gina", apply("assigned_agents"));
    for (id, on, grants) in ASSIGNED_AGENTS {
        let role = world.directory.facts.role(world.directory.facts.find_role(id).unwrap()).unwrap();
        assert_eq!((role.on, role.grants), (on, grants));
    }
    world.accept("gina", apply("assigned_agents"));
    world.accept("gina", json!({ "type": "define_role", "id": "agent_user", "on": "assistant", "grants": [] }));
    let refusal = world.refuse("gina", apply("assigned_agents"));
    assert_eq!((refusal.code.name(), refusal.ids), ("already_exists", vec!["agent_user".to_owned()]));
}

#[test]
fn a_plan_withholds_from_everybody() {
    let mut world = World::new();
    let plan = |withholds: Value| json!({ "type": "set_plan", "name": "free", "withholds": withholds });
    for actor in ["gina", "abe", "vic"] {
        assert_eq!(world.denied(actor, plan(json!([]))), "not_granted");
    }
    assert_eq!(world.accept("system", plan(json!(["assistant.share", "team.create"]))).gates, ["site"]);
    assert_eq!(world.denied("gina", json!({ "type": "create_team", "name": "New" })), "plan");
    assert_eq!(
        world.denied("vic", json!({ "type": "set_accessibility", "assistant": "site", "accessibility": "only_me" })),
        "plan"
    );
    // Nor can a new assistant be open from the start.
    let open = |how: &str| json!({ "type": "create_assistant", "project": "faq", "name": "New", "accessibility": how });
    assert_eq!((world.denied("vic", open("public")), world.denied("gina", open("only_team"))), ("plan", "plan"));
    world.accept("vic", open("only_me"));
    // An actor who holds nothing on it learns nothing of it.
    let hidden = json!({ "type": "set_accessibility", "assistant": "helper", "accessibility": "only_me" });
    assert_eq!(world.denied("ed", hidden), "unknown_target");
    world.accept("system", json!({ "type": "create_team", "name": "New" }));
    // The plan cannot prevent the system from changing it.
    world.accept("system", plan(json!(["settings.manage", "user.invite"])));
    world.accept("system", json!({ "type": "set_plan", "withholds": [] }));
    assert_eq!(world.directory.facts.workspace().plan, None);
}
