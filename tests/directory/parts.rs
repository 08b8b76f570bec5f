//! States in parts, and organizations that are founded in several events.

use super::adapter::Directory;
use crate::common::world::NOW;
use serde_json::{Value, json};
use wicketgate::{Code, Directory as Core, Event, Facts};

/// An organization that takes several parts and events: a thousand people, two thousand assistants, names with accents, ends.
fn large() -> Value {
    let users = (0..1000).map(|n| {
        let status = if n % 50 == 7 { "suspended" } else { "active" };
        json!({ "id": format!("u_{n:04}"), "role": if n == 0 { "global_admin" } else { "crew" }, "status": status,
            "name": format!("Zoë Müller {n}"), "email": format!("Zoë.Müller.{n}@Acme.example") })
    });
    let teams = (0..40).map(|n| {
        let member = |m: usize| json!({ "user": format!("u_{m:04}"), "role": "viewer", "expires": NOW + n as u64 * 100 });
        json!({ "id": format!("t_{n}"), "name": format!("Größe {n}"), "creator": "u_0001", "members": (0..60).map(|m| member(n * 20 + m)).collect::<Vec<_>>() })
    });
    let projects = (0..200).map(|n| json!({ "id": format!("p_{n}"), "name": "Données", "team": format!("t_{}", n % 40) }));
    let assistants = (0..2000).map(|n| {
        json!({ "id": format!("a_{n:05}"), "name": format!("Übersicht – {n}"), "project": format!("p_{}", n % 200),
            "owner": format!("u_{:04}", n % 1000), "accessibility": (["only_me", "only_team", "public"][n % 3]),
            "grants": [{ "user": format!("u_{:04}", (n + 5) % 1000), "role": "editor", "expires": NOW + n as u64 }],
            "links": [{ "id": "l1", "level": "view", "digest": "A".repeat(43), "expires": NOW - 5 }],
            "embed": { "origins": ["https://*.acme.example"] } })
    });
    json!({
        "id": "acme",
        "plan": { "name": "pro", "withholds": ["conversations.takeover"] },
        "roles": [{ "id": "crew", "on": "organization", "grants": ["audit.view"] }],
        "users": users.collect::<Vec<_>>(),
        "teams": teams.collect::<Vec<_>>(),
        "projects": projects.collect::<Vec<_>>(),
        "assistants": assistants.collect::<Vec<_>>(),
    })
}

fn founded(organization: &Value) -> (Core, Vec<Event>) {
    let mut founding = Core::found_in_parts(Facts::from_json(organization.to_string()).unwrap(), NOW).unwrap();
    let mut events = Vec::new();
    while let Some(event) = founding.next_event().unwrap() {
        events.push(event);
    }
    (founding.finish().unwrap(), events)
}

fn parts(directory: &Core) -> Vec<String> {
    directory.parts().map(Result::unwrap).collect()
}

/// The organization with invitations and accounts, in several parts.
fn state() -> Vec<String> {
    let mut directory = Directory(founded(&large()).0);
    for n in 0..30 {
        let user = format!("u_{n:04}");
        let subject = format!("s{n}");
        let account = json!({ "type": "link_account", "user": user, "issuer": "https://id.example", "subject": subject });
        if n % 50 != 7 {
            directory.execute(None, &account, NOW).unwrap();
        }
        let email = format!("new{n}@acme.example");
        directory.execute(None, &json!({ "type": "invite_user", "email": email, "id": format!("n_{n}") }), NOW).unwrap();
    }
    parts(&directory.0)
}

#[test]
fn a_large_organization_is_founded_in_events_of_bounded_length() {
    let organization = large();
    let (directory, events) = founded(&organization);
    assert!(events.len() > 4, "{} events", events.len());
    assert!(events.iter().all(|event| event.sealed.len() < 300_000));
    assert_eq!((directory.version(), directory.epoch()), (events.len() as u64, 0));

    // The events alone make the same state.
    let mut replayed = Core::begin(&events[0]).unwrap();
    for event in &events[1..] {
        replayed.apply(event).unwrap();
    }
    assert_eq!((replayed.dump().unwrap(), replayed.head()), (directory.dump().unwrap(), directory.head()));

    // As one event, which earlier versions made of it, they make the same organization.
    let (whole, _) = Core::found(&serde_json::from_value(organization).unwrap(), NOW).unwrap();
    assert_eq!(whole.facts().workspace(), directory.facts().workspace());
}

#[test]
fn a_small_organization_is_founded_in_one_event() {
    let organization = json!({ "id": "acme", "users": [{ "id": "ana", "role": "global_admin", "email": "Ana@Acme.example" }] });
    let (directory, events) = founded(&organization);
    let (whole, event) = Core::found(&serde_json::from_value(organization).unwrap(), NOW).unwrap();
    assert_eq!(events, [event]);
    assert_eq!(directory.dump().unwrap(), whole.dump().unwrap());
    assert_eq!(directory.user_at("ana@acme.example"), Some("ana"));
}

#[test]
fn facts_that_cannot_be_founded_are_refused_with_the_path() {
    let refused = |edit: fn(&mut Value)| {
        let mut organization = large();
        edit(&mut organization);
        let facts = Facts::from_json(organization.to_string()).unwrap();
        let Err(refusal) = Core::found_in_parts(facts, NOW) else { panic!("is founded") };
        (refusal.code.name(), refusal.path.unwrap_or_default())
    };
    let same = refused(|it| it["users"][999]["email"] = json!("zoë.müller.3@acme.example"));
    assert_eq!(same, ("already_exists", "users[999].email".to_owned()));
    assert_eq!(refused(|it| it["users"][70]["email"] = json!("none")), ("invalid_command", "users[70].email".to_owned()));
    assert_eq!(
        refused(|it| it["assistants"][5]["name"] = json!("a\u{200b}")),
        ("invalid_command", "assistants[5].name".to_owned())
    );
    assert_eq!(refused(|it| it["users"][9]["name"] = json!("")), ("invalid_command", "users[9].name".to_owned()));
    assert_eq!(refused(|it| it["teams"][3]["name"] = json!("")), ("invalid_command", "teams[3].name".to_owned()));
    assert_eq!(refused(|it| it["plan"]["name"] = json!("")), ("invalid_command", "plan.name".to_owned()));
}

#[test]
fn parts_restore_the_same_directory() {
    let parts = state();
    assert!(parts.len() > 6, "{} parts", parts.len());
    assert!(parts.iter().all(|part| part.len() < 300_000));
    let restored = Core::restore_parts(parts.clone()).unwrap();
    assert_eq!(self::parts(&restored), parts);
    let whole = Core::restore(&restored.dump().unwrap()).unwrap();
    assert_eq!(self::parts(&whole), parts);
    assert_eq!(restored.user_at("ZOË.müller.12@acme.example"), Some("u_0012"));
    assert_eq!(restored.account("https://id.example", "s3"), Some("u_0003"));
}

#[test]
fn parts_that_are_missing_moved_given_twice_or_changed_are_refused() {
    let parts = state();
    let refused = |parts: Vec<String>| Core::restore_parts(parts).unwrap_err().code();
    let codes = [Code::Malformed, Code::InvalidFacts];
    for n in 0..parts.len() {
        let mut missing = parts.clone();
        missing.remove(n);
        assert!(codes.contains(&refused(missing)), "without part {n}");
        let mut twice = parts.clone();
        twice.insert(n, parts[n].clone());
        assert!(codes.contains(&refused(twice)), "part {n} twice");
        let mut cut = parts.clone();
        cut[n].truncate(parts[n].len() - 1);
        assert_eq!(refused(cut), Code::Malformed, "part {n} cut");
        // Whatever begins with a part has no end.
        assert!(codes.contains(&refused(parts[..n].to_vec())), "up to part {n}");
    }
    let mut moved = parts.clone();
    moved.swap(1, 4);
    assert!(codes.contains(&refused(moved)));
    let changed = |from: &str, to: &str| {
        let edited: Vec<String> = parts.iter().map(|part| part.replacen(from, to, 1)).collect();
        assert_ne!(edited, parts, "{from}");
        Core::restore_parts(edited).unwrap_err().code()
    };
    assert_eq!(changed(r#""owner":"u_0000""#, r#""owner":"nobody""#), Code::InvalidFacts);
    assert_eq!(changed("zoë.müller.9@acme", "zoë.müller.8@acme"), Code::InvalidFacts);
    assert_eq!(changed(r#""subject":"s3""#, r#""subject":"s4""#), Code::InvalidFacts);
    let mut other = parts.clone();
    other[2] = parts[2].replacen(r#""id":"acme""#, r#""id":"other""#, 1);
    assert_eq!(refused(other), Code::InvalidFacts);
    assert_eq!(changed(r#""format":1"#, r#""format":2"#), Code::UnsupportedFormat);
    assert_eq!(refused(Vec::new()), Code::Malformed);
}

#[test]
fn a_directory_that_changes_has_no_further_parts() {
    let mut directory = Directory(founded(&large()).0);
    let mut cursor = wicketgate::PartsCursor::default();
    assert!(directory.0.next_part(&mut cursor).unwrap().is_some());
    directory.execute(None, &json!({ "type": "create_team", "name": "Later" }), NOW).unwrap();
    assert_eq!(directory.0.next_part(&mut cursor).unwrap_err().code(), Code::InvalidOptions);
}

/// What this format looked like when it was first written is read for ever.
#[test]
fn stored_parts_and_the_events_of_a_stored_export_make_the_same_directory() {
    let restored = Core::restore_parts(include_str!("../fixtures/formats/parts-1.ndjson").lines()).unwrap();
    let mut lines = include_str!("../fixtures/formats/export-1.ndjson").lines();
    let heading: Value = serde_json::from_str(lines.next().unwrap()).unwrap();
    let events: Vec<Event> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut replayed = Core::begin(&events[0]).unwrap();
    for event in &events[1..] {
        replayed.apply(event).unwrap();
    }
    assert_eq!(heading["format"], 1);
    assert_eq!((restored.head(), heading["head"].as_str().unwrap().to_owned()), (replayed.head(), replayed.head()));
    assert_eq!(restored.dump().unwrap(), replayed.dump().unwrap());
    assert_eq!(restored.account("https://id.example", "1"), Some("zoe"));
}
