//! The directory as users see it, and its signed tokens.

use serde_json::{Value, json};

use super::{DAY, NOW, World, acme};
use crate::authority::directory::{CommandResult, Directory};
use crate::authority::issue::{Issue, Projection, SigningKey};
use crate::document;
use crate::rules::capability::Capability;

#[test]
fn a_view_shows_addresses_to_those_who_administer_people() {
    let mut world = World::new();
    let (_, token) = world.invite("gina", "new@acme.example");
    world.accept("vic", json!({ "type": "create_link", "assistant": "site", "level": "view" }));
    let view = |actor: &str| world.directory.view(&World::actor(actor), NOW).unwrap();
    for administrator in ["gina", "abe", "system"] {
        let view = view(administrator);
        assert_eq!(view.organization.users.iter().filter(|user| user.email.is_some()).count(), 8, "{administrator}");
        assert_eq!(view.invitations.len(), 1);
        let text = serde_json::to_string(&view).unwrap();
        assert!(!text.contains("digest") && !text.contains(&token.0), "{text}");
    }
    let ed = view("ed");
    assert_eq!((ed.organization, ed.invitations), (world.directory.facts.member("ed", NOW).unwrap(), Vec::new()));
    let dot = view("dot");
    assert_eq!((dot.organization.users.len(), dot.invitations.len()), (1, 1));
    assert!(world.directory.view(&World::actor("nobody"), NOW).is_err());
    assert!(view("sam").invitations.is_empty());
}

#[test]
fn a_view_is_written_as_it_is() {
    let mut world = World::new();
    world.invite("gina", "inès.núñez@acme.example");
    world.accept("vic", json!({ "type": "create_link", "assistant": "site", "level": "view" }));
    world.accept(
        "gina",
        json!({ "type": "create_api_key", "name": "Nächtlicher Abgleich", "role": "user", "scopes": ["commands"] }),
    );
    for actor in ["gina", "abe", "olga", "vic", "ed", "dot", "sam", "system"] {
        let actor = &World::actor(actor);
        let view = world.directory.view(actor, NOW).unwrap();
        let written = world.directory.written_view(actor, NOW).unwrap();
        assert_eq!(serde_json::to_string(&written).unwrap(), serde_json::to_string(&view).unwrap(), "{actor:?}");
        let users: Vec<String> = view.organization.users.into_iter().map(|user| user.id).collect();
        assert_eq!(world.directory.users_in_view(actor, NOW).unwrap(), users, "{actor:?}");
    }
    assert!(world.directory.users_in_view(&World::actor("nobody"), NOW).is_err());
}

/// What it is made of may expire. What is of others does not matter.
#[test]
fn access_says_until_when() {
    let mut world = World::new();
    let access = |world: &World, now: u64| world.directory.access(&World::actor("dot"), "site", now).ok();
    assert_eq!(access(&world, NOW).and_then(|access| access.until), None);
    let grant = |user: &str, role: &str, expires: u64| json!({ "type": "grant", "assistant": "site", "user": user, "role": role, "expires": expires });
    world.accept("gina", grant("olga", "editor", NOW + 100));
    world.accept("gina", grant("dot", "tester", NOW + 2 * DAY));
    world.accept("gina", grant("dot", "editor", NOW + DAY));
    let until = |now: u64| access(&world, now).and_then(|access| access.until);
    assert_eq!(until(NOW), Some(NOW + DAY), "as an editor");
    assert_eq!(until(NOW + DAY - 1), Some(NOW + DAY));
    assert_eq!(until(NOW + DAY), Some(NOW + 2 * DAY), "as a tester");
    assert_eq!(until(NOW + 2 * DAY), None);
    let system = world.directory.access(&World::actor("system"), "site", NOW).unwrap();
    assert_eq!(system.until, None);
}

/// A plain member sees a custom organization role only if it is their own.
#[test]
fn a_member_is_told_of_the_roles_that_concern_them() {
    let world = World::new();
    let roles = |user: &str| {
        let shown = world.directory.facts.member(user, NOW).unwrap().roles;
        shown.into_iter().map(|role| role.id).collect::<Vec<_>>()
    };
    assert_eq!(roles("vic"), [""; 0]);
    assert_eq!(roles("olga"), ["trainer"], "of a member of her team");
    assert_eq!(roles("ed"), ["tester"], "granted to him");
    // Actors who may give roles see them: gina, dot, and abe, although he may not give these.
    assert_eq!(roles("dot"), ["auditor", "definer"]);
    assert_eq!(roles("abe"), ["auditor", "definer"]);
    assert_eq!(roles("gina"), ["auditor", "definer", "trainer"]);
    assert_eq!(roles("sam"), [""; 0], "suspended: holds nothing");
}

#[test]
fn a_view_shows_givers_the_present_grants_and_roles() {
    let world = World::new();
    let view = |actor: &str| world.directory.view(&World::actor(actor), NOW).unwrap().organization;
    let site = |actor: &str| view(actor).assistants.into_iter().find(|assistant| assistant.id == "site").unwrap();
    let holders = |actor: &str| site(actor).grants.into_iter().map(|grant| (grant.user, grant.role)).collect::<Vec<_>>();
    let roles = |actor: &str| view(actor).roles.into_iter().map(|role| role.id).collect::<Vec<_>>();
    let both = [("ed", "editor"), ("ed", "tester")].map(|(user, role)| (user.to_owned(), role.to_owned()));

    // Actors who may share the assistant: its owner, and the owner of its team.
    for sharer in ["vic", "olga", "gina"] {
        assert_eq!((site(sharer).owner.as_deref(), holders(sharer).as_slice()), (Some("vic"), &both[..]), "{sharer}");
        assert!(roles(sharer).contains(&"tester".to_owned()), "{sharer}");
    }
    assert_eq!((roles("vic").contains(&"trainer".to_owned()), roles("olga").contains(&"trainer".to_owned())), (false, true));
    // Actors who may not share it see only their own grants, and no owner.
    assert_eq!((site("ed").owner, holders("ed").as_slice()), (None, &both[..]));
    assert_eq!((site("dot").owner, holders("dot")), (None, Vec::new()));
}

#[test]
fn a_snapshot_says_version_and_state() {
    let world = World::new();
    let key = SigningKey::from_entropy(&[7; 32], None).unwrap();
    let issue = Issue { issued_at: NOW, expires_at: NOW + 60, version: 99, scope: Projection::Workspace, ..Issue::default() };
    let token = world.directory.snapshot(issue, &key).unwrap();
    let (payload, _) = crate::detach(&token).unwrap();
    let claims: Value = serde_json::from_str(&payload).unwrap();
    assert_eq!((claims["version"].as_u64(), claims["state"].as_str()), (Some(1), Some(world.directory.state(NOW).as_str())));
    assert_eq!(world.directory.state(NOW).len(), 22);
    assert_eq!(world.directory.state(NOW), world.directory.state(NOW + DAY));
    // The membership of sam has expired by then.
    assert_ne!(world.directory.state(NOW), world.directory.state(NOW + 2 * DAY));
}

/// A head is about the organization or an assistant, whatever the requested scope.
#[test]
fn a_head_is_for_everybody() {
    let world = World::new();
    let key = SigningKey::from_entropy(&[7; 32], None).unwrap();
    let keys = crate::JwkSet { keys: vec![key.public_jwk()] };
    for scope in [Projection::Workspace, Projection::Member("vic".to_owned()), Projection::Gate(vec!["site".to_owned()])] {
        let issue = || Issue { issued_at: NOW, expires_at: NOW + 60, scope: scope.clone(), ..Issue::default() };
        let open = |token| crate::Head::open(crate::Token::Compact(token), &keys, &crate::Expect::default(), NOW).unwrap();
        let head = open(world.directory.head_token(issue(), &key).unwrap());
        assert_eq!((head.assistant, head.version), (None, 1));
        let head = open(world.directory.assistant_head_token("site", 1, issue(), &key).unwrap());
        assert_eq!((head.assistant.as_deref(), head.version), (Some("site"), 1));
    }
}

#[test]
fn only_an_actor_who_sees_everything_completes_a_review() {
    let mut organization = acme();
    let names = Capability::ALL.iter().map(|capability| capability.name().to_owned()).collect();
    organization.roles.push(document::RoleDefinition { id: "deputy".to_owned(), on: crate::Level::Organization, grants: names });
    organization.users[1].role = "deputy".to_owned();
    let (directory, first) = Directory::found(&organization, NOW).unwrap();
    let mut world = World { directory, events: vec![first], now: NOW, entropy: 0 };
    let review = || json!({ "type": "complete_review", "note": "Two editors left.\nFine." });

    // A deputy holds everything except Only Me assistants of others, which a review would show.
    for (actor, code) in [("abe", "beyond_own_role"), ("vic", "not_allowed"), ("sam", "not_allowed"), ("nobody", "not_allowed")] {
        assert!(!world.directory.holds_everything(&World::actor(actor), NOW), "{actor}");
        assert_eq!(world.refuse(actor, review()).code.name(), code, "{actor}");
    }
    let before = world.directory.facts.workspace();
    for actor in ["gina", "system"] {
        assert!(world.directory.holds_everything(&World::actor(actor), NOW), "{actor}");
        let decided = world.accept(actor, review());
        assert_eq!((decided.result, decided.gates), (CommandResult::default(), Vec::new()));
        assert!(decided.event.text.contains(r#""command":{"type":"complete_review","note":"Two editors left.\nFine."}"#));
    }
    assert_eq!(world.directory.facts.workspace(), before);
    for note in [String::new(), " \n".to_owned(), "x".repeat(501), "a\tb".to_owned(), "a\u{7f}".to_owned()] {
        let refusal = world.refuse("gina", json!({ "type": "complete_review", "note": note }));
        assert_eq!((refusal.code.name(), refusal.path.as_deref()), ("invalid_command", Some("note")), "{note:?}");
    }
    world.accept("gina", json!({ "type": "complete_review", "note": "ö".repeat(500) }));
    world.accept("gina", json!({ "type": "complete_review" }));
    // The plan limits everybody; other withheld capabilities do not matter.
    world.accept("system", json!({ "type": "set_plan", "withholds": ["panel.analytics"] }));
    world.accept("gina", review());
    world.accept("system", json!({ "type": "set_plan", "withholds": ["audit.view"] }));
    assert_eq!(world.denied("gina", review()), "plan");
}

#[test]
fn an_overview_is_the_workspace_without_digests_and_has_a_state_of_its_own() {
    let mut world = World::new();
    world.accept("vic", json!({ "type": "create_link", "assistant": "site", "level": "view" }));
    let key = SigningKey::from_entropy(&[7; 32], None).unwrap();
    let claims = |scope: Projection| {
        let issue = Issue { issued_at: NOW, expires_at: NOW + 60, scope, ..Issue::default() };
        let (payload, _) = crate::detach(&world.directory.snapshot(issue, &key).unwrap()).unwrap();
        serde_json::from_str::<Value>(&payload).unwrap()
    };
    let (overview, mut workspace) = (claims(Projection::Overview), claims(Projection::Workspace));
    assert_ne!(overview["state"], workspace["state"]);
    workspace["state"] = overview["state"].clone();
    let link = workspace.pointer_mut("/organization/assistants/3/links/0").unwrap().as_object_mut().unwrap();
    assert!(link.remove("digest").is_some());
    assert_eq!(overview, workspace);
}
