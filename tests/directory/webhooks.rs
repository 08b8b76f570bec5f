//! Webhooks: their bounds, what the history says of them, and who is told of them.

use super::adapter::Directory;
use crate::common::world::NOW;
use serde_json::{Value, json};
use wicketgate::document::Organization;
use wicketgate::{Actor, Code, Directory as Restored, Paused};

fn organization() -> Organization {
    serde_json::from_value(json!({
        "id": "acme",
        "roles": [
            { "id": "integrator", "on": "organization", "grants": ["integrations.manage", "audit.view"] },
            { "id": "auditor", "on": "organization", "grants": ["audit.view"] },
        ],
        "users": [
            { "id": "gina", "role": "global_admin", "email": "gina@acme.example" },
            { "id": "gert", "role": "global_admin", "status": "suspended", "email": "gert@acme.example" },
            { "id": "ines", "role": "integrator", "email": "inès@acme.example" },
            { "id": "iris", "role": "integrator" },
            { "id": "aude", "role": "auditor", "email": "aude@acme.example" },
        ],
    }))
    .unwrap()
}

fn create(id: &str, url: &str) -> Value {
    json!({ "type": "create_webhook", "id": id, "url": url })
}

const URL: &str = "https://hooks.acme.example/in?token=secret";

#[test]
fn the_history_has_the_origin_of_an_address_alone() {
    let mut directory = Directory::found(&organization(), NOW);
    let (event, _) = directory.execute(Some("gina"), &create("w", URL), NOW).unwrap();
    assert!(event.text.contains(r#""url":"https://hooks.acme.example""#) && !event.text.contains("secret"), "{}", event.text);
    let edit = json!({ "type": "edit_webhook", "webhook": "w", "url": "https://hooks.acme.example:8443/other/secret" });
    let (event, _) = directory.execute(Some("gina"), &edit, NOW).unwrap();
    assert!(event.text.contains(r#""url":"https://hooks.acme.example:8443""#) && !event.text.contains("secret"), "{}", event.text);
    // The state keeps the whole address.
    assert_eq!(directory.0.webhooks()[0].url, "https://hooks.acme.example:8443/other/secret");
}

#[test]
fn what_is_not_changed_stays() {
    let mut directory = Directory::found(&organization(), NOW);
    let made = json!({ "type": "create_webhook", "id": "w", "url": URL, "name": "Ticket system",
        "events": ["suspend_user", "create_team", "suspend_user"] });
    directory.execute(Some("ines"), &json!({ "type": "create_webhook", "url": URL }), NOW).unwrap();
    directory.execute(Some("gina"), &made, NOW).unwrap();
    let now = |directory: &Directory| directory.0.webhooks().into_iter().find(|webhook| webhook.id == "w").unwrap();
    assert_eq!(now(&directory).events.unwrap(), ["create_team", "suspend_user"]);
    directory.execute(Some("ines"), &json!({ "type": "edit_webhook", "webhook": "w", "name": "Tickets" }), NOW).unwrap();
    let webhook = now(&directory);
    assert_eq!(
        (webhook.name.as_deref(), webhook.url.as_str(), webhook.events.map(|all| all.len())),
        (Some("Tickets"), URL, Some(2))
    );
    directory.execute(Some("ines"), &json!({ "type": "edit_webhook", "webhook": "w", "events": null }), NOW).unwrap();
    assert_eq!(now(&directory).events, None);
    for (kind, paused) in [("disable_webhook", Some(Paused::Disabled)), ("enable_webhook", None)] {
        directory.execute(None, &json!({ "type": kind, "webhook": "w" }), NOW).unwrap();
        assert_eq!(now(&directory).paused, paused);
    }
}

#[test]
fn there_are_sixteen_at_most() {
    let mut directory = Directory::found(&organization(), NOW);
    for n in 0..16 {
        directory.execute(Some("gina"), &create(&format!("w{n}"), URL), NOW).unwrap();
    }
    assert_eq!(directory.decide(Some("gina"), &create("more", URL), NOW).unwrap_err().code, "too_many");
    assert_eq!(directory.decide(Some("gina"), &create("w0", URL), NOW).unwrap_err().code, "already_exists");
    directory.execute(Some("gina"), &json!({ "type": "delete_webhook", "webhook": "w3" }), NOW).unwrap();
    directory.execute(Some("gina"), &create("more", URL), NOW).unwrap();
    // Nor in a dump.
    let mut dump: Value = serde_json::from_str(&directory.dump()).unwrap();
    assert!(Restored::restore(&dump.to_string()).is_ok());
    dump["endpoints"].as_array_mut().unwrap().push(json!({ "id": "x", "url": URL }));
    assert_eq!(Restored::restore(&dump.to_string()).unwrap_err().code(), Code::InvalidFacts);
}

#[test]
fn a_dump_with_an_endpoint_that_no_command_makes_is_refused_with_the_path() {
    let mut directory = Directory::found(&organization(), NOW);
    directory.execute(Some("gina"), &create("w", URL), NOW).unwrap();
    directory.execute(Some("gina"), &create("x", URL), NOW).unwrap();
    let dump: Value = serde_json::from_str(&directory.dump()).unwrap();
    for (field, value) in [
        ("id", json!("no id")),
        ("id", json!("w")),
        ("url", json!("hooks.acme.example")),
        ("name", json!("two\nlines")),
        ("events", json!([])),
        ("events", json!(["suspend_user", "create_team"])),
    ] {
        let mut dump = dump.clone();
        dump["endpoints"][1][field] = value.clone();
        let error = Restored::restore(&dump.to_string()).unwrap_err();
        assert_eq!((error.code(), error.path()), (Code::InvalidFacts, Some(format!("endpoints[1].{field}").as_str())), "{value}");
    }
}

/// A service on this machine may call it; no other service may, and what was stored there waits.
#[test]
fn this_machine_is_for_a_service_on_it() {
    let local = create("w", "http://localhost:4000/in");
    let mut directory = Directory::found(&organization(), NOW);
    assert_eq!(directory.decide(Some("gina"), &local, NOW).unwrap_err().code, "invalid_command");
    directory.0.allow_loopback();
    directory.execute(Some("gina"), &local, NOW).unwrap();
    assert_eq!(directory.0.webhooks()[0].paused, None);
    let elsewhere = Restored::restore(&directory.dump()).unwrap();
    assert_eq!(elsewhere.webhooks()[0].paused, Some(Paused::Address));
}

#[test]
fn the_plan_pauses_them() {
    let mut directory = Directory::found(&organization(), NOW);
    directory.execute(Some("gina"), &create("w", URL), NOW).unwrap();
    for (withheld, paused) in
        [("audit.view", Some(Paused::Plan)), ("integrations.manage", Some(Paused::Plan)), ("panel.aliases", None)]
    {
        directory.execute(None, &json!({ "type": "set_plan", "withholds": [withheld] }), NOW).unwrap();
        assert_eq!(directory.0.webhooks()[0].paused, paused, "{withheld}");
        assert_eq!(directory.0.manages_webhooks(&Actor::User("gina".to_owned()), NOW), paused.is_none());
    }
}

#[test]
fn those_who_manage_them_see_them_and_are_told() {
    let mut directory = Directory::found(&organization(), NOW);
    directory.execute(Some("gina"), &create("w", URL), NOW).unwrap();
    let sees = |user: &str| directory.0.view(&Actor::User(user.to_owned()), NOW).unwrap().webhooks.len();
    assert_eq!(["gina", "ines", "aude"].map(sees), [1, 1, 0]);
    assert_eq!(directory.0.webhook_managers(9), ["gina@acme.example", "inès@acme.example"]);
    assert_eq!(directory.0.webhook_managers(1), ["gina@acme.example"]);
}
