//! Step 13: facts that break a rule of the format.

use super::fixtures::Fixtures;
use super::tokens::{claims, facts, gate_facts, member_facts, payload, remove, set, with_claims, with_payload};
use crate::common::cases::encode;
use serde_json::{Value, json};

pub fn add(all: &mut Fixtures) {
    let payload = payload();
    // §5 step 13: invalid_facts
    for (path, fault, pointer, value) in [
        ("id", "organization_id_malformed", "/id", json!("a b")),
        ("users[0].id", "id_empty", "/users/0/id", json!("")),
        ("users[0].id", "id_too_long", "/users/0/id", json!("x".repeat(129))),
        ("users[0].id", "id_with_a_space", "/users/0/id", json!("ana ana")),
        ("users[0].id", "id_not_ascii", "/users/0/id", json!("änna")),
        ("users[0].id", "id_with_a_line_break", "/users/0/id", json!("ana\n")),
        ("users[0].id", "id_not_a_string", "/users/0/id", json!(7)),
        ("users[1].id", "user_duplicate", "/users/1/id", json!("ana")),
        ("users[2].id", "user_duplicate_apart", "/users/-", json!({ "id": "ana", "role": "user" })),
        ("users[1].role", "user_of_undefined_role", "/users/1/role", json!("king")),
        ("users[1].role", "user_of_a_role_held_elsewhere", "/users/1/role", json!("viewer")),
        ("users[1].status", "status_unknown", "/users/1/status", json!("Active")),
        ("users[1].email", "email_not_a_string", "/users/1/email", json!(null)),
        ("users", "users_not_an_array", "/users", json!({})),
        ("teams[1].id", "team_duplicate", "/teams/-", json!({ "id": "support" })),
        ("teams[0].creator", "creator_dangling", "/teams/0/creator", json!("nobody")),
        ("teams[0].members[0].user", "member_dangling", "/teams/0/members/0/user", json!("nobody")),
        ("teams[0].members[0].role", "member_of_undefined_role", "/teams/0/members/0/role", json!("editor")),
        ("teams[0].members[0].expires", "expires_negative", "/teams/0/members/0/expires", json!(-1)),
        ("teams[0].members[0].expires", "expires_not_a_number", "/teams/0/members/0/expires", json!("1893456000")),
        ("projects[1].id", "project_duplicate", "/projects/-", json!({ "id": "faq", "team": "support" })),
        ("projects[0].team", "project_of_no_team", "/projects/0/team", json!("sales")),
        ("projects[0].creator", "project_creator_dangling", "/projects/0/creator", json!("nobody")),
        (
            "assistants[1].id",
            "assistant_duplicate",
            "/assistants/-",
            json!({ "id": "helper", "project": "faq", "owner": "vic", "accessibility": "public" }),
        ),
        ("assistants[0].project", "assistant_of_no_project", "/assistants/0/project", json!("none")),
        ("assistants[0].owner", "owner_dangling", "/assistants/0/owner", json!("nobody")),
        ("assistants[0].accessibility", "accessibility_unknown", "/assistants/0/accessibility", json!("everybody")),
        ("assistants[0].grants[0].user", "grant_dangling", "/assistants/0/grants/0/user", json!("nobody")),
        ("assistants[0].grants[0].role", "grant_of_undefined_role", "/assistants/0/grants/0/role", json!("owner")),
        ("assistants[0].links[0].level", "link_level_unknown", "/assistants/0/links/0/level", json!("admin")),
        ("assistants[0].links[0].digest", "digest_too_short", "/assistants/0/links/0/digest", json!("AAAA")),
        (
            "assistants[0].links[0].digest",
            "digest_with_padding",
            "/assistants/0/links/0/digest",
            json!(format!("{}=", encode([0; 32]))),
        ),
        (
            "assistants[0].links[1].id",
            "link_duplicate",
            "/assistants/0/links/-",
            json!({ "id": "l1", "level": "edit", "digest": encode([0; 32]) }),
        ),
        ("assistants[0].embed.origins[0]", "origin_port_signed", "/assistants/0/embed/origins/0", json!("https://a.example:+443")),
        (
            "assistants[0].embed.origins[0]",
            "origin_address_without_colons",
            "/assistants/0/embed/origins/0",
            json!("https://[abc]"),
        ),
        ("assistants[0].embed.origins[0]", "origin_not_https", "/assistants/0/embed/origins/0", json!("http://docs.acme.example")),
        (
            "assistants[0].embed.origins[0]",
            "origin_with_a_path",
            "/assistants/0/embed/origins/0",
            json!("https://docs.acme.example/"),
        ),
        ("assistants[0].embed.origins[0]", "origin_null", "/assistants/0/embed/origins/0", json!("null")),
        ("assistants[0].embed", "embed_without_origins", "/assistants/0/embed", json!({})),
        ("roles[0].id", "role_that_redefines_a_built_in", "/roles/0/id", json!("editor")),
        ("roles[0].on", "role_on_nothing_known", "/roles/0/on", json!("project")),
        ("roles[0].grants", "role_that_grants_beyond_its_level", "/roles/0/grants/-", json!("team.edit")),
        ("roles[1].id", "role_duplicate", "/roles/-", json!({ "id": "agent_user", "on": "team", "grants": [] })),
        ("roles[0].grants[1]", "capability_not_a_string", "/roles/0/grants/-", json!(1)),
        ("plan.withholds", "plan_that_withholds_no_list", "/plan", json!({ "withholds": "assistant.view" })),
    ] {
        all.facts("workspace", path, fault, |facts| set(facts, pointer, value));
    }
    for (path, fault, pointer) in [
        ("", "organization_without_id", "/id"),
        ("users[0]", "user_without_role", "/users/0/role"),
        ("projects[0]", "project_without_team", "/projects/0/team"),
        ("assistants[0]", "assistant_without_accessibility", "/assistants/0/accessibility"),
        ("assistants[0]", "workspace_without_owner", "/assistants/0/owner"),
        ("assistants[0]", "workspace_without_project", "/assistants/0/project"),
        ("roles[0]", "role_without_grants", "/roles/0/grants"),
    ] {
        all.facts("workspace", path, fault, |facts| remove(facts, pointer));
    }
    let duplicate_key = payload.replacen("\"accessibility\":", "\"accessibility\":\"only_me\",\"accessibility\":", 1);
    all.refused("invalid_facts", "assistants[0].accessibility", "facts_duplicate_key", with_payload(&duplicate_key));
    let duplicate_unknown = payload.replacen("\"accessibility\":", "\"x\":{\"a\":1,\"\\u0061\":2},\"accessibility\":", 1);
    all.refused("invalid_facts", "assistants[0].x.a", "facts_duplicate_key_in_an_unknown_field", with_payload(&duplicate_unknown));
    all.refused("invalid_facts", "", "organization_not_an_object", with_claims(|claims| claims["organization"] = json!([])));

    // Facts of one scope in a snapshot of another
    all.facts("member", "users", "member_without_its_subject", |facts| {
        *facts = json!({ "id": "acme", "users": [{ "id": "ana", "role": "user" }] });
    });
    all.facts("member", "users[1].email", "member_with_anothers_address", |facts| {
        set(facts, "/users/1/email", "ana@acme.example".into())
    });
    all.facts("member", "teams[0].creator", "member_with_another_creator", |facts| set(facts, "/teams/0/creator", "ana".into()));
    all.facts("member", "projects[0].creator", "member_with_another_project_creator", |facts| {
        set(facts, "/projects/0/creator", "ana".into())
    });
    all.facts("member", "assistants[0].owner", "member_with_another_owner", |facts| {
        set(facts, "/assistants/0/owner", "ana".into())
    });
    all.facts("member", "assistants[0].grants", "member_with_anothers_grant", |facts| {
        set(facts, "/assistants/0/grants/0/user", "ana".into())
    });
    all.facts("member", "assistants[0].links", "member_with_a_digest", |facts| {
        set(facts, "/assistants/0/links/0/digest", encode([0; 32]).into())
    });
    all.facts("member", "users[1].role", "member_with_an_undefined_role", |facts| set(facts, "/users/1/role", "king".into()));
    all.facts("gate", "users", "gate_with_users", |facts| facts["users"] = json!([{ "id": "ana", "role": "user" }]));
    all.facts("gate", "teams", "gate_with_teams", |facts| facts["teams"] = json!([{ "id": "support" }]));
    all.facts("gate", "roles", "gate_with_roles", |facts| facts["roles"] = json!([{ "id": "r", "on": "team", "grants": [] }]));
    all.facts("gate", "assistants[0].owner", "gate_with_an_owner", |facts| set(facts, "/assistants/0/owner", "ana".into()));
    all.facts("gate", "assistants[0].project", "gate_with_a_project", |facts| set(facts, "/assistants/0/project", "faq".into()));
    all.facts("gate", "assistants[0].accessibility", "gate_with_a_hidden_assistant", |facts| {
        set(facts, "/assistants/0/accessibility", "only_team".into())
    });
    all.facts("gate", "assistants[0].links[0]", "gate_without_digest", |facts| remove(facts, "/assistants/0/links/0/digest"));
    let mislabelled = |scope: &str, facts: Value| with_payload(&claims(scope, facts).to_string());
    all.refused("invalid_facts", "users[0].email", "workspace_facts_in_a_member_snapshot", mislabelled("member", facts()));
    all.refused("invalid_facts", "roles", "workspace_facts_in_a_gate_snapshot", mislabelled("gate", facts()));
    all.refused(
        "invalid_facts",
        "teams[0].members[1].user",
        "member_facts_in_a_workspace_snapshot",
        mislabelled("workspace", member_facts()),
    );
    all.refused("invalid_facts", "users", "member_facts_in_a_gate_snapshot", mislabelled("gate", member_facts()));
    all.refused("invalid_facts", "assistants[0]", "gate_facts_in_a_workspace_snapshot", mislabelled("workspace", gate_facts()));
    all.refused("invalid_facts", "users", "gate_facts_in_a_member_snapshot", mislabelled("member", gate_facts()));
}
