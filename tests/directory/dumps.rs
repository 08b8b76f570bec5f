//! Dumps: a state that commands cannot reach is not restored.

use super::adapter::Directory;
use crate::common::cases::encode;
use crate::common::world::NOW;
use serde_json::{Value, json};
use wicketgate::{Code, Directory as Restored};

const DAY: u64 = 86_400;

/// A dump with two invitations (`pa`, `pb`) and two accounts.
fn dump() -> Value {
    let organization = serde_json::from_value(json!({
        "id": "acme",
        "users": [
            { "id": "ga", "role": "global_admin", "email": "ga@acme.example" },
            { "id": "us", "role": "user", "email": "us@acme.example" },
        ],
        "roles": [{ "id": "crew", "on": "team", "grants": [] }],
    }))
    .unwrap();
    let mut directory = Directory::found(&organization, NOW);
    for command in [
        json!({ "type": "invite_user", "email": "pa@acme.example", "id": "pa" }),
        json!({ "type": "invite_user", "email": "pb@acme.example", "id": "pb", "role": "application_admin" }),
        json!({ "type": "link_account", "user": "ga", "issuer": "https://id.example", "subject": "1" }),
        json!({ "type": "link_account", "user": "us", "issuer": "https://id.example", "subject": "2" }),
    ] {
        directory.execute(None, &command, NOW).unwrap();
    }
    serde_json::from_str(&directory.dump()).unwrap()
}

fn refused(edit: impl FnOnce(&mut Value)) -> (Code, Option<String>) {
    let mut dump = dump();
    edit(&mut dump);
    let error = Restored::restore(&dump.to_string()).unwrap_err();
    (error.code(), error.path().map(str::to_owned))
}

#[test]
fn a_dump_that_no_commands_lead_to_is_refused_with_the_path() {
    assert!(Restored::restore(&dump().to_string()).is_ok());
    let invitation = |field: &'static str, value: Value| {
        let found = refused(|dump| dump["invitations"][0][field] = value.clone());
        let where_to = format!("invitations[0].{field}");
        assert_eq!(found, (Code::InvalidFacts, Some(where_to)), "{value}");
    };
    // Of an unknown user, of an active user, and of another user.
    for user in ["nobody", "us"] {
        invitation("user", json!(user));
    }
    for email in ["us@acme.example", "PA@acme.example", "none"] {
        invitation("email", json!(email));
    }
    for role in ["no_such", "crew", "owner", "global_admin"] {
        invitation("role", json!(role));
    }
    for digest in ["", "none", &"A".repeat(44), &format!("{}B", "A".repeat(42))] {
        invitation("digest", json!(digest));
    }
    invitation("invited_by", json!("no id"));
    for invited_at in [NOW * 1000, u64::MAX] {
        invitation("invited_at", json!(invited_at));
    }
    for expires in [0, NOW - 1, NOW + 31 * DAY, NOW * 1000, u64::MAX - 1, u64::MAX] {
        invitation("expires", json!(expires));
    }
    let account = |field: &'static str, value: Value| {
        let found = refused(|dump| dump["accounts"][1][field] = value.clone());
        let where_to = format!("accounts[1].{field}");
        assert_eq!(found, (Code::InvalidFacts, Some(where_to)), "{value}");
    };
    for user in ["nobody", "pa", "ga"] {
        account("user", json!(user));
    }
    for name in ["", "two\nlines", &"x".repeat(256)] {
        account("issuer", json!(name));
        account("subject", json!(name));
    }
    account("subject", json!("1"));
    let twice = |list: &'static str, field: &'static str, path: &str| {
        let found = refused(|dump| {
            let one = dump[list][0][field].clone();
            dump[list][1][field] = one;
        });
        assert_eq!(found, (Code::InvalidFacts, Some(path.to_owned())));
    };
    twice("invitations", "digest", "invitations[1].digest");
    let found = refused(|dump| {
        let one = dump["invitations"][0].clone();
        dump["invitations"].as_array_mut().unwrap().push(one);
    });
    assert_eq!(found, (Code::InvalidFacts, Some("invitations[2].user".to_owned())));

    // A document may have any order: the path fits the given order.
    let address = |email: &str| {
        let found = refused(|dump| {
            dump["organization"]["users"].as_array_mut().unwrap().reverse();
            let last = dump["organization"]["users"].as_array().unwrap().len() - 1;
            dump["organization"]["users"][last]["email"] = json!(email);
        });
        assert_eq!(found, (Code::InvalidFacts, Some("users[3].email".to_owned())), "{email}");
    };
    for email in ["us@acme.example", "none", "GA@acme.example", ""] {
        address(email);
    }
    let malformed = refused(|dump| dump["epoch"] = json!(1u64 << 53));
    assert_eq!(malformed.0, Code::Malformed);
}

/// No restored number overflows.
#[test]
fn a_resent_invitation_is_good_for_thirty_days_at_most() {
    let mut dump = dump();
    dump["invitations"][0]["expires"] = json!(NOW + 30 * DAY);
    let directory = Directory(Restored::restore(&dump.to_string()).unwrap());
    let (event, _) = directory.decide(None, &json!({ "type": "resend_invitation", "user": "pa" }), NOW + DAY).unwrap();
    assert!(event.sealed.contains(&format!(r#""expires":{}"#, NOW + 31 * DAY)), "{}", event.sealed);
    // At the largest possible time.
    let last = 100_000_000_000;
    let mut directory = directory;
    let (event, _) = directory.execute(None, &json!({ "type": "resend_invitation", "user": "pa" }), last).unwrap();
    assert!(event.sealed.contains(&format!(r#""expires":{last}"#)), "{}", event.sealed);
    assert_eq!(Restored::restore(&directory.dump()).unwrap().dump().unwrap(), directory.dump());
}

/// A digest must have 32 bytes.
#[test]
fn a_dump_as_it_was_written_is_restored() {
    let mut dump = dump();
    dump["invitations"][0]["digest"] = json!(encode([9; 32]));
    let restored = Restored::restore(&dump.to_string()).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&restored.dump().unwrap()).unwrap(), dump);
}
