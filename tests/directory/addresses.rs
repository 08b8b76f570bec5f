//! Addresses in a directory: one mailbox is one person in every spelling, also where an earlier version stored another form.

use serde_json::{Value, json};
use wicketgate::document::Organization;
use wicketgate::{Actor, Command, Decided, Directory, Refusal};

const NOW: u64 = 1_790_000_000;
const ENTROPY: [u8; 32] = [7; 32];

fn organization(value: Value) -> Organization {
    serde_json::from_value(value).unwrap()
}

fn founded(users: Value) -> Directory {
    Directory::found(&organization(json!({ "id": "acme", "users": users })), NOW).unwrap().0
}

/// A directory restored from a dump with addresses as an earlier version stored them.
fn kept(addresses: &[(&str, &str)]) -> Directory {
    let users: Vec<Value> =
        addresses.iter().map(|(id, _)| json!({ "id": id, "role": "user", "email": format!("{id}@acme.example") })).collect();
    let mut dump = founded(json!(users)).dump().unwrap();
    for (id, address) in addresses {
        dump = dump.replace(&format!("{id}@acme.example"), address);
    }
    Directory::restore(&dump).unwrap()
}

fn execute(directory: &mut Directory, command: Value) -> Result<Decided, Refusal> {
    directory.execute(&Actor::System, Command::from_json(&command.to_string())?, NOW, &ENTROPY)
}

fn join(subject: &str, email: &str) -> Value {
    json!({ "type": "join", "issuer": "https://id.example", "subject": subject, "email": email })
}

/// The code and the path of a refusal.
fn refused(result: Result<Decided, Refusal>) -> (String, Option<String>) {
    let refusal = result.map(drop).unwrap_err();
    (refusal.code.name().to_owned(), refusal.path)
}

fn of_the_address(code: &str) -> (String, Option<String>) {
    (code.to_owned(), Some("email".to_owned()))
}

#[test]
fn whoever_was_invited_is_who_arrives() {
    for (invited, arrives) in [
        ("e\u{301}milie@acme.example", "émilie@acme.example"),
        ("ÉMILIE@acme.example", "émilie@acme.example"),
        ("ana@münchen.example", "ana@xn--mnchen-3ya.example"),
        ("ana@xn--mnchen-3ya.example", "Ana@MÜNCHEN.example"),
    ] {
        let mut directory = founded(json!([]));
        let invite = json!({ "type": "invite_user", "email": invited, "role": "application_admin", "id": "nia" });
        let token = execute(&mut directory, invite).unwrap().result.token.unwrap().0;
        assert_eq!(directory.user_at(arrives), Some("nia"), "{arrives}");
        assert_eq!(refused(execute(&mut directory, join("1", arrives))), of_the_address("already_exists"));
        let accept = json!({ "type": "accept_invitation", "token": token, "issuer": "https://id.example", "subject": "1", "email": arrives });
        execute(&mut directory, accept).unwrap();
        assert_eq!(directory.account("https://id.example", "1"), Some("nia"));
    }
}

#[test]
fn what_could_be_taken_for_another_address_is_refused() {
    for email in [
        "boss\u{200b}@acme.example",
        "bo\u{ad}ss@acme.example",
        "\u{feff}boss@acme.example",
        "\u{202e}boss@acme.example",
        "\u{212a}im@acme.example",
        "boſs@acme.example",
    ] {
        let mut directory = founded(json!([{ "id": "kim", "role": "user", "email": "kim@acme.example" }]));
        assert_eq!(
            refused(execute(&mut directory, json!({ "type": "invite_user", "email": email }))),
            of_the_address("invalid_command"),
            "{email:?}"
        );
        assert_eq!(refused(execute(&mut directory, join("1", email))), of_the_address("invalid_command"), "{email:?}");
        assert_eq!(directory.user_at(email), None);
        let given = organization(json!({ "id": "acme", "users": [{ "id": "kim", "role": "user", "email": email }] }));
        assert_eq!(Directory::found(&given, NOW).unwrap_err().path.as_deref(), Some("users[0].email"));
    }
}

#[test]
fn an_address_in_an_earlier_form_is_still_its_owners() {
    let directory = kept(&[("ana", "ana@münchen.example"), ("eve", "e\u{301}milie@acme.example"), ("ivo", "Éric@acme.example")]);
    for (address, user) in [("ana@xn--mnchen-3ya.example", "ana"), ("Émilie@acme.example", "eve"), ("éric@acme.example", "ivo")] {
        assert_eq!(directory.user_at(address), Some(user), "{address}");
    }
    let restored = Directory::restore(&directory.dump().unwrap()).unwrap();
    assert_eq!(restored.user_at("éric@acme.example"), Some("ivo"));
}

#[test]
fn an_address_that_is_none_any_more_is_shown_and_can_go() {
    let mut directory = kept(&[("kim", "\u{212a}im@acme.example"), ("zoe", "zo\u{200b}e@acme.example")]);
    assert_eq!(directory.user_at("kim@acme.example"), None);
    assert_eq!(directory.user_at("zoe@acme.example"), None);
    let shown = directory.view(&Actor::System, NOW).unwrap().organization;
    assert_eq!(
        shown.users.iter().filter_map(|user| user.email.as_deref()).collect::<Vec<_>>(),
        ["\u{212a}im@acme.example", "zo\u{200b}e@acme.example"]
    );
    execute(&mut directory, json!({ "type": "suspend_user", "user": "kim" })).unwrap();
    for user in ["kim", "zoe"] {
        execute(&mut directory, json!({ "type": "remove_user", "user": user })).unwrap();
    }
    assert_eq!(directory.view(&Actor::System, NOW).unwrap().organization.users, []);
    // The plain address is another person's.
    execute(&mut directory, join("1", "kim@acme.example")).unwrap();
}

#[test]
fn two_addresses_that_are_one_by_now_stay_two_people() {
    let two = [("ana", "émilie@acme.example"), ("bob", "e\u{301}milie@acme.example")];
    for mut directory in [kept(&two), kept(&[two[1], two[0]])] {
        assert_eq!(directory.user_at("Émilie@acme.example"), Some("ana"));
        assert_eq!(refused(execute(&mut directory, join("1", "émilie@acme.example"))), of_the_address("already_exists"));
        // Commands on the second user do not change the first.
        for command in ["suspend_user", "reactivate_user", "remove_user"] {
            execute(&mut directory, json!({ "type": command, "user": "bob" })).unwrap();
            assert_eq!(directory.user_at("émilie@acme.example"), Some("ana"), "{command}");
        }
        execute(&mut directory, json!({ "type": "remove_user", "user": "ana" })).unwrap();
        assert_eq!(directory.user_at("émilie@acme.example"), None);
    }
    let mut directory = kept(&two);
    execute(&mut directory, json!({ "type": "remove_user", "user": "ana" })).unwrap();
    assert_eq!(directory.user_at("émilie@acme.example"), Some("bob"), "the address is theirs, too");
}

#[test]
fn names_are_ones_that_can_be_seen() {
    let mut directory = founded(json!([]));
    for name in ["Sup\u{200b}port", "\u{202e}troppuS", "Sup\u{200d}port", "\u{3164}", "\u{2800}"] {
        for command in
            [json!({ "type": "create_team", "name": name }), json!({ "type": "set_plan", "withholds": [], "name": name })]
        {
            let refusal = execute(&mut directory, command).unwrap_err();
            assert_eq!((refusal.code.name(), refusal.path.as_deref()), ("invalid_command", Some("name")), "{name:?}");
        }
        let given = json!({
            "id": "acme", "plan": { "name": "pro" }, "users": [{ "id": "ana", "role": "user" }], "teams": [{ "id": "t", "name": "T" }],
            "projects": [{ "id": "p", "team": "t", "name": "P" }],
            "assistants": [{ "id": "a", "project": "p", "owner": "ana", "accessibility": "public", "name": "A" }],
        });
        for (pointer, path) in [
            ("/plan", "plan.name"),
            ("/teams/0", "teams[0].name"),
            ("/projects/0", "projects[0].name"),
            ("/assistants/0", "assistants[0].name"),
        ] {
            let mut given = given.clone();
            given.pointer_mut(pointer).unwrap()["name"] = json!(name);
            let refusal = Directory::found(&organization(given), NOW).unwrap_err();
            assert_eq!((refusal.code.name(), refusal.path.as_deref()), ("invalid_command", Some(path)), "{name:?}");
        }
    }
    for (id, name) in [("t1", "می\u{200c}خواهم"), ("t2", "👩\u{200d}👩\u{200d}👧"), ("t3", "🏳\u{fe0f}\u{200d}🌈")]
    {
        execute(&mut directory, json!({ "type": "create_team", "id": id, "name": name })).unwrap();
    }
}
