//! Epochs: tokens that a directory signs after it was restored to an earlier state.

use super::adapter::Directory;
use crate::common::world::NOW;
use serde_json::{Value, json};
use wicketgate::{Code, Event, Expect, Head, Issue, JwkSet, Projection, SigningKey, Snapshot, Token};

fn signer() -> SigningKey {
    SigningKey::from_entropy(&[7; 32], None).unwrap()
}

fn keys() -> JwkSet {
    JwkSet { keys: vec![signer().public_jwk()] }
}

fn issue(scope: Projection) -> Issue {
    Issue { issued_at: NOW, expires_at: NOW + 600, scope, ..Issue::default() }
}

fn directory() -> Directory {
    let organization = serde_json::from_value(json!({
        "id": "acme",
        "users": [{ "id": "ga", "role": "global_admin" }],
        "teams": [{ "id": "t" }],
        "projects": [{ "id": "p", "team": "t" }],
        "assistants": [
            { "id": "a", "project": "p", "owner": "ga", "accessibility": "public" },
            { "id": "b", "project": "p", "owner": "ga", "accessibility": "only_me" },
        ],
    }));
    Directory::found(&organization.unwrap(), NOW)
}

fn rename(name: &str) -> Value {
    json!({ "type": "edit_team", "team": "t", "name": name })
}

fn snapshot(directory: &Directory, expect: &Expect) -> Result<Snapshot, (Code, Option<String>)> {
    let token = directory.0.snapshot(issue(Projection::Workspace), &signer()).unwrap();
    Snapshot::open(Token::Compact(token), &keys(), expect, NOW).map_err(|error| (error.code(), error.path().map(str::to_owned)))
}

fn floor(epoch: u64, version: u64) -> Expect {
    Expect { min_epoch: Some(epoch), min_version: Some(version), ..Expect::default() }
}

/// A directory at version 5, and the same restored to version 2 in a new epoch.
fn put_back(epoch: u64) -> (Directory, Directory) {
    let mut lost = directory();
    lost.execute(None, &rename("One"), NOW).unwrap();
    let dump = lost.dump();
    for name in ["Two", "Three", "Four"] {
        lost.execute(None, &rename(name), NOW).unwrap();
    }
    let mut restored = Directory(wicketgate::Directory::restore(&dump).unwrap());
    restored.execute(None, &json!({ "type": "begin_epoch", "epoch": epoch }), NOW).unwrap();
    (lost, restored)
}

#[test]
fn a_later_epoch_is_later_whatever_the_version() {
    let (lost, mut restored) = put_back(NOW);
    assert_eq!((lost.0.epoch(), lost.0.version()), (0, 5));
    assert_eq!((restored.0.epoch(), restored.0.version()), (NOW, 3));
    // A reader who has seen version 5 accepts the new epoch.
    let held = snapshot(&restored, &floor(0, 5)).unwrap();
    assert_eq!((held.epoch(), held.version()), (NOW, 3));
    // From then on, tokens of the old epoch and older versions of the new epoch are refused.
    let older = |path: &str| (Code::RolledBack, Some(path.to_owned()));
    assert_eq!(snapshot(&lost, &floor(NOW, 3)).unwrap_err(), older("epoch"));
    assert_eq!(snapshot(&lost, &floor(NOW, 0)).unwrap_err(), older("epoch"));
    assert_eq!(snapshot(&restored, &floor(NOW, 4)).unwrap_err(), older("version"));
    assert_eq!(snapshot(&restored, &floor(NOW + 1, 0)).unwrap_err(), older("epoch"));
    assert_eq!(snapshot(&restored, &Expect { min_version: Some(5), ..Expect::default() }).unwrap().version(), 3);
    restored.execute(None, &rename("Other"), NOW).unwrap();
    assert!(snapshot(&restored, &floor(NOW, 4)).is_ok());
}

#[test]
fn no_delta_leads_from_one_epoch_to_another() {
    let (lost, mut restored) = put_back(7);
    let delta =
        |directory: &mut Directory, from| directory.0.delta(from, issue(Projection::Workspace), &signer()).map(Token::Compact);
    for from in [1, 2] {
        assert_eq!(delta(&mut restored, from).err().map(|error| error.code()), Some(Code::DeltaUnavailable), "{from}");
    }
    restored.execute(None, &rename("Other"), NOW).unwrap();
    let mut lost_at_3 = directory();
    for name in ["One", "Two"] {
        lost_at_3.execute(None, &rename(name), NOW).unwrap();
    }
    let mut old = snapshot(&lost_at_3, &Expect::default()).unwrap();
    let token = delta(&mut restored, 3).unwrap();
    let refused = old.apply(token, &keys(), &Expect::default(), NOW).unwrap_err();
    assert_eq!((refused.code(), refused.path()), (Code::WrongState, Some("epoch")));
    assert_eq!((old.epoch(), old.version()), (0, 3));
    // Nor to the earlier epoch.
    let mut new = snapshot(&restored, &Expect::default()).unwrap();
    let mut lost = lost;
    let refused = new.apply(delta(&mut lost, 4).unwrap(), &keys(), &Expect::default(), NOW).unwrap_err();
    assert_eq!((refused.code(), refused.path()), (Code::RolledBack, Some("epoch")));
    // Within an epoch there are deltas.
    restored.execute(None, &rename("Another"), NOW).unwrap();
    new.apply(delta(&mut restored, 4).unwrap(), &keys(), &floor(7, 5), NOW).unwrap();
    assert_eq!((new.epoch(), new.version()), (7, 5));
}

#[test]
fn heads_say_the_epoch() {
    let (_, restored) = put_back(7);
    let open =
        |token: String, expect: &Expect| Head::open(Token::Compact(token), &keys(), expect, NOW).map_err(|error| error.code());
    let head = || restored.0.head_token(issue(Projection::Workspace), &signer()).unwrap();
    let about = || restored.0.assistant_head_token("a", 3, issue(Projection::Workspace), &signer()).unwrap();
    for token in [&head, &about] as [&dyn Fn() -> String; 2] {
        let opened = open(token(), &floor(0, 9)).unwrap();
        assert_eq!((opened.epoch, opened.version), (7, 3));
        assert_eq!(open(token(), &floor(7, 4)).unwrap_err(), Code::RolledBack);
        assert_eq!(open(token(), &floor(8, 0)).unwrap_err(), Code::RolledBack);
    }
}

#[test]
fn an_epoch_is_begun_by_the_authority_and_kept() {
    let mut directory = directory();
    let begin = |epoch: u64| json!({ "type": "begin_epoch", "epoch": epoch });
    assert_eq!(directory.decide(Some("ga"), &begin(5), NOW).unwrap_err().code, "not_allowed");
    let (event, result, gates) = directory.change(None, &begin(5), NOW).unwrap();
    let text: Value = serde_json::from_str(&event.text).unwrap();
    assert_eq!((&text["command"], result), (&begin(5), json!({})));
    // The epoch of every gate snapshot changes.
    assert_eq!(gates, ["a"]);
    for epoch in [0, 4, 5] {
        assert_eq!(directory.decide(None, &begin(epoch), NOW).unwrap_err().code, "invalid_command");
    }
    let restored = wicketgate::Directory::restore(&directory.dump()).unwrap();
    assert_eq!((restored.epoch(), restored.version()), (5, 2));
    assert_eq!(restored.dump().unwrap(), directory.dump());

    // Applying the events again gives the same; and no event begins an epoch that is not later.
    let (next, _) = directory.decide(None, &begin(6), NOW).unwrap();
    let event = |epoch: u64| {
        let sealed = next.sealed.replace("\"epoch\":6", &format!("\"epoch\":{epoch}"));
        let mut text: Value = serde_json::from_str(&next.text).unwrap();
        text["sealed"] = json!(crate::common::cases::encode(<sha2::Sha256 as sha2::Digest>::digest(&sealed)));
        Event { text: text.to_string(), sealed, ..next.clone() }
    };
    for epoch in [0, 5, 1 << 53, u64::MAX] {
        assert_eq!(directory.0.apply(&event(epoch)).unwrap_err().code(), Code::Tampered, "{epoch}");
        assert_eq!(directory.0.epoch(), 5);
    }
    directory.0.apply(&next).unwrap();
    assert_eq!(directory.0.epoch(), 6);
}

/// Without an epoch, tokens and dumps are as before epochs existed.
#[test]
fn the_first_epoch_is_not_written() {
    let directory = directory();
    assert!(!directory.dump().contains("epoch"));
    let token = directory.0.snapshot(issue(Projection::Workspace), &signer()).unwrap();
    let (payload, _) = wicketgate::detach(&token).unwrap();
    assert!(!payload.contains("epoch"), "{payload}");
    let refused = Issue { version: 1, epoch: 1 << 53, ..issue(Projection::Workspace) }.sign(directory.0.facts(), &signer());
    let refused = refused.unwrap_err();
    assert_eq!((refused.code(), refused.path()), (Code::InvalidOptions, Some("epoch")));
}
