//! Unknown fields. Facts that an author gives are refused with the field's path; facts that were stored by a later version are read,
//! and the field is ignored.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test may fail")]

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wicketgate::document::Organization;
use wicketgate::{Code, Directory, Error, Event, Facts};

/// An organization with one of everything.
fn organization() -> Value {
    json!({
        "id": "acme",
        "plan": { "name": "pro", "withholds": [] },
        "roles": [{ "id": "clerk", "on": "team", "grants": [] }],
        "users": [{ "id": "ana", "role": "global_admin" }, { "id": "bob", "role": "user", "email": "bob@acme.example" }],
        "teams": [{ "id": "support", "members": [{ "user": "ana", "role": "owner" }, { "user": "bob", "role": "clerk" }] }],
        "projects": [{ "id": "faq", "team": "support" }],
        "assistants": [{
            "id": "helper", "project": "faq", "owner": "ana", "accessibility": "public",
            "grants": [{ "user": "bob", "role": "editor" }],
            "links": [{ "id": "l1", "level": "view", "digest": "H8BKxHT5dUrByDtgBZXAoRCs_20ZtKo3I6TqrMQnEV8" }],
            "embed": { "origins": [] },
        }],
    })
}

/// The organization with a change of the object at a JSON pointer.
fn with(pointer: &str, change: impl Fn(&mut serde_json::Map<String, Value>)) -> String {
    let mut organization = organization();
    change(organization.pointer_mut(pointer).and_then(Value::as_object_mut).unwrap());
    organization.to_string()
}

fn refusal(given: String) -> Error {
    let refused = Facts::from_json(given.clone()).map(drop).unwrap_err();
    assert_eq!(Organization::from_json(&given).unwrap_err(), refused, "founding says the same as issuing");
    assert_eq!(refused.code(), Code::InvalidFacts);
    refused
}

/// Each kind of object in facts: its JSON pointer, its path in messages, one of its fields, and a misspelling of that field.
const OBJECTS: [(&str, &str, &str, &str); 11] = [
    ("", "", "assistants", "asistants"),
    ("/plan", "plan.", "withholds", "withold"),
    ("/roles/0", "roles[0].", "grants", "grant"),
    ("/users/1", "users[1].", "email", "emial"),
    ("/teams/0", "teams[0].", "members", "membres"),
    ("/teams/0/members/1", "teams[0].members[1].", "role", "rol"),
    ("/projects/0", "projects[0].", "team", "taem"),
    ("/assistants/0", "assistants[0].", "accessibility", "accessiblity"),
    ("/assistants/0/grants/0", "assistants[0].grants[0].", "expires", "expiry"),
    ("/assistants/0/links/0", "assistants[0].links[0].", "level", "levle"),
    ("/assistants/0/embed", "assistants[0].embed.", "origins", "origin"),
];

#[test]
fn a_misspelt_field_is_refused_with_its_path_and_what_was_meant() {
    assert!(Facts::from_json(organization().to_string()).is_ok());
    for (pointer, path, field, slip) in OBJECTS {
        let path = format!("{path}{slip}");
        let message = format!("{path}: there is no such field; did you mean `{field}`?");
        let added = refusal(with(pointer, |object| drop(object.insert(slip.to_owned(), json!(1)))));
        assert_eq!((added.path(), added.to_string()), (Some(&*path), message.clone()));
        // The message names the misspelling, even though the required field is missing too.
        let renamed = refusal(with(pointer, |object| {
            let value = object.remove(field).unwrap_or_default();
            object.insert(slip.to_owned(), value);
        }));
        assert_eq!((renamed.path(), renamed.to_string()), (Some(&*path), message));
    }
}

#[test]
fn a_field_like_no_other_is_refused_with_those_there_are() {
    for (pointer, path, ..) in OBJECTS {
        let refused = refusal(with(pointer, |object| drop(object.insert("policies".to_owned(), json!([{ "gone": 1 }])))));
        assert_eq!(refused.path(), Some(&*format!("{path}policies")));
    }
    let refused = refusal(with("/users/0", |user| drop(user.insert("policies".to_owned(), json!(1)))));
    assert_eq!(refused.to_string(), "users[0].policies: there is no such field; there are `id`, `role`, `status`, `email`, `name`");
    // Fields of changes (deltas) are unknown in whole facts, and are not suggested.
    for (pointer, field) in [("", "gone"), ("/teams/0", "without"), ("/assistants/0", "without")] {
        refusal(with(pointer, |object| drop(object.insert(field.to_owned(), json!({})))));
        let refused = refusal(with(pointer, |object| drop(object.insert("policies".to_owned(), json!(1)))));
        assert!(!refused.to_string().contains(field), "{refused}");
    }
}

#[test]
fn changes_that_somebody_gives_are_read_as_strictly() {
    let mut facts = Facts::from_json(organization().to_string()).unwrap();
    for (changes, path) in [
        (json!({ "gone": { "user": ["bob"] } }), "gone.user"),
        (json!({ "teams": [{ "id": "support", "witout": ["bob"] }] }), "teams[0].witout"),
        (json!({ "plan": { "withhold": [] } }), "plan.withhold"),
    ] {
        let refused = facts.amend(changes.to_string()).unwrap_err();
        assert_eq!((refused.code(), refused.path()), (Code::InvalidFacts, Some(path)));
        assert!(refused.to_string().contains("did you mean"), "{refused}");
    }
}

#[test]
fn what_was_written_down_by_a_later_version_is_read() {
    let founding = Organization::from_json(&organization().to_string()).unwrap();
    let (directory, event) = Directory::found(&founding, 1_790_000_000).unwrap();
    let mut dump: Value = serde_json::from_str(&directory.dump().unwrap()).unwrap();
    for (pointer, ..) in OBJECTS {
        let object = dump.pointer_mut(&format!("/organization{pointer}")).and_then(Value::as_object_mut).unwrap();
        object.insert("later".to_owned(), json!({ "more": [1] }));
    }
    let restored = Directory::restore(&dump.to_string()).unwrap();
    assert_eq!(restored.dump().unwrap(), directory.dump().unwrap());
    // An event has the hash of its sealed text. Both are written here as a later version would write them.
    let mut sealed: Value = serde_json::from_str(&event.sealed).unwrap();
    sealed["after"]["later"] = json!(1);
    sealed["after"]["users"][0]["later"] = json!({ "id": 1 });
    let mut text: Value = serde_json::from_str(&event.text).unwrap();
    text["sealed"] = json!(Base64UrlUnpadded::encode_string(&Sha256::digest(sealed.to_string())));
    let later = Event { version: 1, text: text.to_string(), sealed: sealed.to_string() };
    assert_eq!(Directory::begin(&later).unwrap().user("bob").unwrap().role, "user");
}
