//! Events and their chain.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{NOW, World, accepting, acme};
use crate::authority::directory::event::{ChainEnd, SealedContent, SealedText, base64url};
use crate::authority::directory::{Command, Directory, Event, verify_chain};
use crate::document::Organization;
use crate::error::Code;

#[test]
fn the_history_is_a_chain() {
    let mut world = World::new();
    let (_, token) = world.invite("gina", "new@acme.example");
    world.now -= 100;
    world.accept("system", accepting(&token, "1", "new@acme.example"));
    world.accept("gina", json!({ "type": "create_team", "id": "new", "name": "New" }));
    let pairs = |events: &[Event]| events.iter().map(|event| (event.text.clone(), event.sealed.clone())).collect::<Vec<_>>();
    let verify = |events: &[(String, String)], previous: Option<&str>| {
        verify_chain(events.iter().map(|(text, sealed)| (text.as_str(), Some(sealed.as_str()))), previous)
    };
    let events = pairs(&world.events);
    assert_eq!(verify(&events, None).unwrap(), world.directory.head());
    let first = verify(&events[..2], None).unwrap();
    assert_eq!(verify(&events[2..], Some(&first)).unwrap(), world.directory.head());
    assert_eq!(verify(&[], Some(&first)).unwrap(), first);
    assert!(verify(&[], None).is_err());
    assert!(
        verify(&events[1..], None).is_err()
            && verify(&events, Some(&first)).is_err()
            && verify(&events[1..], Some(&first)).is_err()
    );
    // The time of an event is not earlier than the one before.
    let at = |event: &Event| serde_json::from_str::<Value>(&event.text).unwrap()["at"].as_u64().unwrap();
    assert!(world.events.iter().map(at).is_sorted());

    // Applying the events again gives the same directory.
    let mut replayed = Directory::begin(&world.events[0]).unwrap();
    for event in &world.events[1..] {
        assert!(replayed.apply(&world.events[0]).is_err());
        replayed.apply(event).unwrap();
        assert_eq!(replayed.apply(event).unwrap_err().code(), Code::Tampered);
    }
    assert_eq!(replayed.dump().unwrap(), world.directory.dump().unwrap());

    // Any changed byte is noticed, at the latest by the head.
    for n in 0..events.len() {
        for part in 0..2 {
            let text = if part == 0 { &events[n].0 } else { &events[n].1 };
            for at in 0..text.len() {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1;
                let Ok(changed) = String::from_utf8(bytes) else { continue };
                let mut forged = events.clone();
                if part == 0 {
                    forged[n].0 = changed
                } else {
                    forged[n].1 = changed
                }
                match verify(&forged, None) {
                    Ok(head) => assert_ne!(head, world.directory.head(), "event {n}, byte {at}"),
                    Err(error) => assert_eq!(error.code(), Code::Tampered),
                }
            }
        }
    }
}

#[test]
fn an_event_that_does_not_fit_changes_nothing() {
    let mut world = World::new();
    let decided = world.decide("gina", &json!({ "type": "create_team", "name": "New" })).unwrap();
    let other = world.accept("gina", json!({ "type": "create_team", "name": "Other" }));
    let dump = world.directory.dump().unwrap();
    let Event { version, text, sealed } = decided.event;
    for event in [
        Event { version, text: text.clone(), sealed: sealed.clone() },
        Event { version: 3, text: text.replace("\"version\":2", "\"version\":3"), sealed: sealed.clone() },
        Event { version, text: "{}".to_owned(), sealed: sealed.clone() },
        Event { version, text: String::new(), sealed: sealed.clone() },
        other.event,
    ] {
        assert_eq!(world.directory.apply(&event).unwrap_err().code(), Code::Tampered);
        assert_eq!(world.directory.dump().unwrap(), dump);
    }
    let mut next = world.decide("gina", &json!({ "type": "create_team", "name": "New" })).unwrap().event;
    next.sealed = sealed;
    assert_eq!(world.directory.apply(&next).unwrap_err().code(), Code::Tampered);
    let mut next = world.decide("gina", &json!({ "type": "create_team", "name": "New" })).unwrap().event;
    next.version += 1;
    assert_eq!(world.directory.apply(&next).unwrap_err().code(), Code::Tampered);
    assert_eq!(world.directory.dump().unwrap(), dump);
}

/// An event that is older than the one before it, and valid in everything else.
#[test]
fn an_event_is_not_dated_before_the_one_it_follows() {
    let mut world = World::new();
    world.now += 100;
    let last = world.accept("gina", json!({ "type": "create_team", "name": "New" })).event;
    let command = json!({ "type": "complete_review" });
    let dated = |at: u64| {
        let (latest, gina) = (&world.directory.latest, World::actor("gina"));
        ChainEnd::write(Some(latest), at, &gina, &command, SealedText::write(&SealedContent::default()).unwrap().text).unwrap().0
    };
    let before = world.directory.dump().unwrap();
    for at in [0, NOW, NOW + 99] {
        let event = dated(at);
        let mut directory = Directory::restore(&before).unwrap();
        assert_eq!(directory.apply(&event).unwrap_err().code(), Code::Tampered, "{at}");
        assert_eq!(directory.dump().unwrap(), before);
        let events = [&last, &event].map(|event| (event.text.as_str(), Some(event.sealed.as_str())));
        let previous: Value = serde_json::from_str(&last.text).unwrap();
        assert_eq!(verify_chain(events, previous["previous"].as_str()).unwrap_err().code(), Code::Tampered, "{at}");
    }
    for at in [NOW + 100, NOW + 101] {
        Directory::restore(&before).unwrap().apply(&dated(at)).unwrap();
    }
}

/// Versions and times beyond those of a directory would overflow.
#[test]
fn a_chain_ends_where_numbers_do() {
    let text = |version: u64, at: u64, previous: &str| {
        json!({ "version": version, "at": at, "previous": previous, "sealed": base64url(&[0; 32]) }).to_string()
    };
    let zero = base64url(&[0; 32]);
    for (version, at) in [(u64::MAX, NOW), (crate::token::json::MAX_INTEGER + 1, NOW), (0, NOW), (7, u64::MAX), (7, NOW * 1000)] {
        let first = text(version, at, &zero);
        let next = text(version.wrapping_add(1), at, &base64url(&Sha256::digest(&first)));
        let events = [(first.as_str(), None), (next.as_str(), None)];
        assert_eq!(verify_chain(events, Some(&zero)).unwrap_err().code(), Code::Tampered, "{version} at {at}");
    }
    assert!(verify_chain([(text(7, NOW, &zero).as_str(), None)], Some(&zero)).is_ok());

    let world = World::new();
    let dump: Value = serde_json::from_str(&world.directory.dump().unwrap()).unwrap();
    for (field, value) in [("version", u64::MAX), ("version", 0), ("at", u64::MAX), ("at", NOW * 1000)] {
        let mut dump = dump.clone();
        dump[field] = json!(value);
        assert_eq!(Directory::restore(&dump.to_string()).unwrap_err().code(), Code::Malformed, "{field} {value}");
    }
    let first = Event { version: 2, ..world.events[0].clone() };
    assert_eq!(Directory::begin(&first).unwrap_err().code(), Code::Tampered);
}

#[test]
fn founding_refuses_invalid_and_duplicate_addresses() {
    let refused = |edit: fn(&mut Organization)| {
        let mut organization = acme();
        edit(&mut organization);
        let refusal = Directory::found(&organization, NOW).unwrap_err();
        (refusal.code.name(), refusal.path.unwrap())
    };
    assert_eq!(refused(|it| it.users[1].email = Some("abe".to_owned())), ("invalid_command", "users[1].email".to_owned()));
    let twice = refused(|it| it.users[2].email = Some("GINA@acme.example".to_owned()));
    assert_eq!(twice, ("already_exists", "users[2].email".to_owned()));
    assert_eq!(refused(|it| it.users[1].role = "boss".to_owned()), ("invalid_command", "users[1].role".to_owned()));
    assert!(Directory::found(&acme(), NOW * 1000).is_err());
}

/// The sealed text has the changes only, without empty lists.
#[test]
fn an_event_seals_no_more_than_what_changed() {
    let mut world = World::new();
    let event = world.accept("gina", json!({ "type": "complete_review" })).event;
    assert_eq!(event.sealed, r#"{"before":{},"after":{}}"#);
    let (user, _) = world.invite("gina", "new@acme.example");
    let sealed: Value = serde_json::from_str(&world.events.last().unwrap().sealed).unwrap();
    assert_eq!(sealed["directory"].as_object().unwrap().keys().collect::<Vec<_>>(), ["invitations"]);
    let event = world.accept("gina", json!({ "type": "revoke_invitation", "user": user })).event;
    let sealed: Value = serde_json::from_str(&event.sealed).unwrap();
    assert_eq!(sealed["directory"], json!({ "gone": { "invitations": [user] } }));
}

#[test]
fn secrets_are_in_no_text_and_no_message() {
    let mut world = World::new();
    let (_, token) = world.invite("gina", "new@acme.example");
    let command = Command::from_json(&accepting(&token, "1", "new@acme.example").to_string()).unwrap();
    assert!(!format!("{command:?}").contains(&token.0));
    let accepted = world.accept("system", accepting(&token, "1", "new@acme.example"));
    assert!(!format!("{accepted:?}").contains(&token.0));
    let digest = base64url(&Sha256::digest(&token.0));
    for event in &world.events {
        assert!(!event.text.contains(&token.0) && !event.sealed.contains(&token.0) && !event.text.contains(&digest));
    }
    assert!(!world.directory.dump().unwrap().contains(&digest));
}

#[test]
fn ids_and_secrets_depend_on_the_entropy() {
    let world = World::new();
    let decide = |entropy: u8| {
        let command = Command::from_json(r#"{ "type": "invite_user", "email": "new@acme.example" }"#).unwrap();
        world.directory.decide(&World::actor("gina"), command, NOW, &[entropy; 32]).unwrap()
    };
    assert_eq!((decide(1).event, decide(1).result), (decide(1).event, decide(1).result));
    assert_ne!(decide(1).result.user, decide(2).result.user);
    assert_ne!(decide(1).result.token, decide(2).result.token);
}
