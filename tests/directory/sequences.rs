//! Random sequences of commands: the directory is compared with the model, and its properties are checked after each command.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::adapter::Directory;
use super::commands::{self, Known, Step};
use super::model::{self, No, State, fold};
use crate::common::cases::encode;
use crate::common::world::NOW;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wicketgate::document::{Changes, Holding, Organization};
use wicketgate::{Code, Event, Facts, verify_chain};

const CASES: u32 = 300;
const LENGTH: std::ops::Range<usize> = 20..60;

/// The configuration for this number of cases; `PROPTEST_CASES` overrides it.
pub fn config(cases: u32) -> Config {
    let default = Config { source_file: Some("tests/directory.rs"), ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() { default } else { Config { cases, ..default } }
}

/// Whether `PROPTEST_CASES` is too low to reach every outcome.
pub fn few() -> bool {
    std::env::var_os("PROPTEST_CASES").is_some() && Config::default().cases < CASES
}

/// The number of outcomes of all sequences, by command and code.
type Tally = RefCell<BTreeMap<(String, String), usize>>;

#[test]
fn the_directory_does_as_the_model() {
    let tally = Tally::default();
    let mut runner = TestRunner::new(config(CASES));
    let worlds = (commands::founded(), commands::steps(LENGTH));
    let run = runner.run(&worlds, |(organization, steps)| follow(organization, &steps, &tally));
    if let Err(error) = run {
        panic!("{error}");
    }
    if few() {
        return;
    }
    // The sequences reach every command and every refusal.
    let tally = tally.into_inner();
    let count = |command: &str, outcome: &str| -> usize {
        tally.iter().filter(|((kind, code), _)| (command.is_empty() || kind == command) && code == outcome).map(|(_, n)| n).sum()
    };
    for command in model::types() {
        assert!(count(command, "accepted") > 0, "{command} was never accepted: {tally:?}");
    }
    for code in REFUSALS.split_whitespace() {
        assert!(count("", code) > 0, "nothing was refused as {code}: {tally:?}");
    }
}

const REFUSALS: &str = "invalid_command not_allowed beyond_own_role own_role last_global_admin unknown_user unknown_team unknown_project \
    unknown_assistant unknown_role unknown_link unknown_api_key unknown_webhook unknown_invitation already_exists in_use not_empty owns_assistants only_me only_team \
    inactive_user invitation_invalid invitation_expired wrong_address";

/// A history: the founding organization and the events.
pub struct History {
    pub organization: Organization,
    pub directory: Directory,
    pub events: Vec<Event>,
    pub now: u64,
}

fn follow(organization: Organization, steps: &[Step], tally: &Tally) -> Result<(), TestCaseError> {
    let mut now = NOW;
    let (mut directory, first) = Directory::begun(&organization, now);
    let mut state = State::new(organization.clone());
    let mut events = vec![first];
    let mut known = Known::default();
    let mut secrets: Vec<String> = Vec::new();
    same(&directory, &state)?;
    for step in steps {
        now = step.time(now);
        let (actor, command) = step.command(&known, now);
        let before = directory.dump();
        let decided = directory.decide(actor.as_deref(), &command, now);
        prop_assert_eq!(&directory.dump(), &before, "deciding changes nothing: {}", command);
        let nothing = Value::Null;
        let result = decided.as_ref().map_or(&nothing, |(_, result)| result);
        let expected = model::execute(&state, actor.as_deref(), &command, now, result);
        let kind = command["type"].as_str().unwrap_or_default().to_owned();
        let outcome = expected.as_ref().map_or_else(|no| no.code.clone(), |_| "accepted".to_owned());
        *tally.borrow_mut().entry((kind, outcome)).or_default() += 1;
        match (decided, expected) {
            (Ok((event, result)), Ok(next)) => {
                prop_assert_eq!(directory.0.version(), events.len() as u64);
                directory.0.apply(&event).unwrap();
                continues(events.last().unwrap(), &event, actor.as_deref(), &command, now)?;
                goes_back(&state.organization, &event, &next.organization)?;
                let ended = json!(model::ended(&state, &next));
                let told: Value = serde_json::from_str(&event.text).unwrap();
                for told in [&result["ended"], &told["command"]["ended"]] {
                    prop_assert_eq!(if told.is_null() { &json!([]) } else { told }, &ended, "{}", command);
                }
                state = next;
                same(&directory, &state)?;
                prop_assert!(state.admins() > 0);
                Facts::from_document(&directory.document()).unwrap();
                secrets.extend(["token", "key", "secret"].iter().filter_map(|field| result[*field].as_str().map(str::to_owned)));
                keeps_secrets(&secrets, &event, &directory.dump())?;
                known.learn(&command, &result);
                // An event cannot be applied twice.
                let after = directory.dump();
                prop_assert_eq!(directory.0.apply(&event).unwrap_err().code(), Code::Tampered);
                prop_assert_eq!(directory.dump(), after);
                events.push(event);
                prop_assert_eq!(directory.0.version(), events.len() as u64);
            }
            (Err(found), Err(expected)) => {
                // Ids are compared where the rules fix them.
                let expected = No { ids: if found.code == "in_use" { found.ids.clone() } else { expected.ids }, ..expected };
                let expected = if known_by_code(&command) { No { denied: found.denied.clone(), ..expected } } else { expected };
                prop_assert_eq!(found, expected, "{:?}: {}", actor, command);
            }
            (found, expected) => {
                let found = found.map(|_| "accepted");
                let expected = expected.map(|_| "accepted");
                prop_assert_eq!(found, expected, "{:?}: {} of {:#?}", actor, command, state);
            }
        }
    }
    replays(&History { organization, directory, events, now })
}

/// Commands that only the system may give: the reason of their refusal is not compared.
fn known_by_code(command: &Value) -> bool {
    command["type"].as_str().and_then(model::row).is_some_and(|row| row.needs.is_none())
}

/// The directory has the state of the model.
fn same(directory: &Directory, state: &State) -> Result<(), TestCaseError> {
    prop_assert_eq!(model::sorted(directory.document()), model::sorted(state.organization.clone()));
    let (mut invitations, mut accounts, mut keys) = (state.invitations.clone(), state.accounts.clone(), state.keys.clone());
    invitations.sort();
    accounts.sort();
    keys.sort();
    prop_assert_eq!(directory.people(), (invitations, accounts, keys));
    let mut endpoints = state.endpoints.clone();
    endpoints.sort();
    prop_assert_eq!(directory.endpoints(), endpoints);
    prop_assert_eq!(directory.0.epoch(), state.epoch);
    // Documents list things in the order of their ids: equal states have equal documents.
    let document = directory.document();
    prop_assert!(document.roles.is_sorted_by_key(|role| &role.id) && document.users.is_sorted_by_key(|user| &user.id));
    prop_assert!(document.teams.is_sorted_by_key(|team| &team.id) && document.projects.is_sorted_by_key(|project| &project.id));
    prop_assert!(document.assistants.is_sorted_by_key(|assistant| &assistant.id));
    let in_order = |held: &[Holding]| held.is_sorted_by_key(|holding| (holding.user.clone(), holding.role.clone()));
    prop_assert!(document.teams.iter().all(|team| in_order(&team.members)));
    prop_assert!(document.assistants.iter().all(|one| in_order(&one.grants) && one.links.is_sorted_by_key(|link| &link.id)));
    Ok(())
}

fn hash(text: &str) -> String {
    encode(Sha256::digest(text))
}

/// The event follows the one before, and has the command.
fn continues(before: &Event, event: &Event, actor: Option<&str>, command: &Value, now: u64) -> Result<(), TestCaseError> {
    let text: Value = serde_json::from_str(&event.text).unwrap();
    prop_assert_eq!(event.version, before.version + 1);
    prop_assert_eq!(text["version"].as_u64(), Some(event.version));
    prop_assert_eq!(text["at"].as_u64(), Some(now));
    prop_assert_eq!(&text["format"], &json!(1));
    let written = match (model::user_of(actor), model::via(actor)) {
        (Some(user), via) => (json!({ "user": user }), via),
        (None, Some(key)) => (json!({ "key": key }), None),
        (None, None) => (Value::Null, None),
    };
    prop_assert_eq!((text["actor"].clone(), text["via"].as_str()), written);
    prop_assert_eq!(&text["previous"], &json!(hash(&before.text)));
    prop_assert_eq!(&text["sealed"], &json!(hash(&event.sealed)));
    for (field, value) in command.as_object().unwrap() {
        match field.as_str() {
            "token" => prop_assert!(text["command"].get(field).is_none(), "{}", event.text),
            "email" if !value.is_null() => {
                let folded = fold(value.as_str().unwrap());
                prop_assert!(text["command"].get(field).is_none_or(|email| *email == folded), "{}", event.text);
            }
            // Its path may be secret.
            "url" => {
                let origin = value.as_str().unwrap().splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
                prop_assert_eq!(&text["command"][field], &json!(origin), "{}", event.text);
            }
            // Digests are not shown.
            "digest" => prop_assert!(text["command"].get(field).is_none(), "{}", event.text),
            // A set, in any order.
            "grants" | "withholds" | "scopes" | "addresses" if command["type"] != "set_grants" => {
                let set = |value: &Value| -> BTreeSet<String> { serde_json::from_value(value.clone()).unwrap() };
                prop_assert_eq!(set(&text["command"][field]), set(value), "{} in {}", field, event.text);
            }
            _ => prop_assert_eq!(&text["command"][field], value, "{} in {}", field, event.text),
        }
    }
    let makes = [
        "create_team",
        "create_project",
        "create_assistant",
        "create_link",
        "create_webhook",
        "create_api_key",
        "invite_user",
        "create_user",
        "join",
    ];
    if makes.iter().any(|kind| command["type"] == *kind) {
        prop_assert!(text["command"]["id"].is_string(), "ids are filled in: {}", event.text);
    }
    Ok(())
}

/// The sealed changes turn one state into the next, and back.
fn goes_back(before: &Organization, event: &Event, after: &Organization) -> Result<(), TestCaseError> {
    let sealed: Value = serde_json::from_str(&event.sealed).unwrap();
    let changes = |name: &str| -> Changes { serde_json::from_value(sealed[name].clone()).unwrap() };
    let (there, back) = (model::amend(before, &changes("after")), model::amend(after, &changes("before")));
    prop_assert_eq!(model::sorted(there), model::sorted(after.clone()));
    prop_assert_eq!(model::sorted(back), model::sorted(before.clone()));
    Ok(())
}

/// Keys and tokens are not stored, and the text for the audit has not even their digests.
fn keeps_secrets(secrets: &[String], event: &Event, dump: &str) -> Result<(), TestCaseError> {
    for secret in secrets {
        prop_assert!([&event.text, &event.sealed, dump].iter().all(|text| !text.contains(secret.as_str())), "{}", event.text);
        prop_assert!(!event.text.contains(&hash(secret)), "{}", event.text);
    }
    if let Some(last) = secrets.last() {
        prop_assert!(["wi_", "wk_", "wgk_"].iter().any(|prefix| last.starts_with(prefix)));
        prop_assert_eq!(last.len(), if last.starts_with("wgk_") { 53 } else { 46 });
        prop_assert_eq!(secrets.iter().filter(|secret| *secret == last).count(), 1, "given twice");
    }
    Ok(())
}

/// The state follows from the events, and any rewriting of an event is noticed.
fn replays(history: &History) -> Result<(), TestCaseError> {
    let History { organization, directory, events, now } = history;
    let dump = directory.dump();
    let (mut again, first) = Directory::begun(organization, NOW);
    prop_assert_eq!(&first, &events[0]);
    // An event that is missing or too early is refused and changes nothing.
    if let [_, _, skipping, ..] = events.as_slice() {
        let untouched = again.dump();
        prop_assert_eq!(again.0.apply(skipping).unwrap_err().code(), Code::Tampered);
        prop_assert_eq!(again.dump(), untouched);
    }
    for (n, event) in events[1..].iter().enumerate() {
        // A rewritten event is refused and changes nothing.
        let untouched = again.dump();
        let byte = (n * 31) % event.sealed.len();
        let mut rewritten = vec![Event { sealed: flip(&event.sealed, byte), ..event.clone() }];
        for name in ["version", "previous", "sealed"] {
            let mut text: Value = serde_json::from_str(&event.text).unwrap();
            text[name] = if name == "version" { json!(event.version + 1) } else { json!(hash(name)) };
            rewritten.push(Event { text: text.to_string(), ..event.clone() });
        }
        rewritten.push(Event { version: event.version + 1, ..event.clone() });
        for rewritten in rewritten {
            prop_assert_eq!(again.0.apply(&rewritten).unwrap_err().code(), Code::Tampered, "{:?}", rewritten);
        }
        prop_assert_eq!(again.dump(), untouched);
        again.0.apply(event).unwrap();
    }
    prop_assert_eq!(again.dump(), dump.clone());
    prop_assert_eq!(again.0.head(), directory.0.head());

    let restored = Directory(wicketgate::Directory::restore(&dump).unwrap());
    prop_assert_eq!(restored.dump(), dump.clone());
    let parts = directory.0.parts().map(Result::unwrap);
    prop_assert_eq!(wicketgate::Directory::restore_parts(parts).unwrap().dump().unwrap(), dump);
    prop_assert_eq!(restored.0.head(), directory.0.head());
    prop_assert_eq!(restored.0.version(), directory.0.version());
    prop_assert_eq!(restored.0.epoch(), directory.0.epoch());
    // The restored directory continues like the original.
    let command = json!({ "type": "create_team", "name": "Next" });
    prop_assert_eq!(restored.decide(None, &command, *now), directory.decide(None, &command, *now));

    let chain = |events: &[Event], from: Option<&str>| {
        verify_chain(events.iter().map(|event| (event.text.as_str(), Some(event.sealed.as_str()))), from)
    };
    prop_assert_eq!(chain(events, None).unwrap(), directory.0.head());
    let half = events.len() / 2;
    if half > 0 {
        let from = hash(&events[half - 1].text);
        prop_assert_eq!(chain(&events[half..], Some(&from)).unwrap(), directory.0.head());
        prop_assert!(chain(&events[half..], None).is_err());
        prop_assert!(chain(&events[half..], Some(&hash("another"))).is_err());
    }
    for at in 0..events.len() {
        // Some bytes of each event, spread over its texts.
        for part in 0..4 {
            for sealed in [false, true] {
                let mut rewritten: Vec<Event> = events.clone();
                let text = if sealed { &mut rewritten[at].sealed } else { &mut rewritten[at].text };
                let byte = (text.len() * part / 4 + at * 7) % text.len();
                *text = flip(text, byte);
                let found = chain(&rewritten, None);
                prop_assert!(found.is_err() || !sealed && at + 1 == events.len(), "{} of event {}", byte, at);
                prop_assert!(found.is_err() || found.unwrap() != directory.0.head());
            }
        }
    }
    Ok(())
}

/// The text with another character at this byte.
fn flip(text: &str, at: usize) -> String {
    let flipped = |(from, character): (usize, char)| match character {
        _ if !(from..from + character.len_utf8()).contains(&at) => character,
        '0' => '1',
        _ => '0',
    };
    text.char_indices().map(flipped).collect()
}
