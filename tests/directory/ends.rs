//! Ends of roles: without `expires` a command keeps the present end, and previews show changed ends.

use super::adapter::Directory;
use serde_json::{Value, json};
use wicketgate::document::Organization;
use wicketgate::{Kind, Preview};

const NOW: u64 = 1_790_000_000;
const DAY: u64 = 86_400;

/// `lena` is a viewer of `t` and an editor of `b` for three more days, `paul` was both until yesterday, `mia` is both without end.
fn organization() -> Organization {
    let all = |role: &str| {
        json!([
            { "user": "lena", "role": role, "expires": NOW + 3 * DAY },
            { "user": "mia", "role": role },
            { "user": "paul", "role": role, "expires": NOW - DAY },
        ])
    };
    serde_json::from_value(json!({
        "id": "acme",
        "users": [
            { "id": "gina", "role": "global_admin" }, { "id": "lena", "role": "user" }, { "id": "mia", "role": "user" },
            { "id": "paul", "role": "user" }, { "id": "new", "role": "user" },
        ],
        "teams": [{ "id": "t", "members": all("viewer") }],
        "projects": [{ "id": "p", "team": "t" }],
        "assistants": [{ "id": "b", "project": "p", "owner": "gina", "accessibility": "public", "grants": all("editor") }],
    }))
    .unwrap()
}

fn set(user: &str, role: &str) -> Value {
    json!({ "type": "set_member_role", "team": "t", "user": user, "role": role })
}

fn add(user: &str) -> Value {
    json!({ "type": "add_member", "team": "t", "user": user, "role": "viewer" })
}

fn grant(user: &str) -> Value {
    json!({ "type": "grant", "assistant": "b", "user": user, "role": "editor" })
}

fn until(mut command: Value, end: impl serde::Serialize) -> Value {
    command["expires"] = json!(end);
    command
}

/// The end of a holding after a command, and `expires` in the event.
fn after(command: &Value) -> (Option<u64>, Value) {
    let mut directory = Directory::found(&organization(), NOW);
    let (event, _) = directory.execute(Some("gina"), command, NOW).unwrap();
    let user = command["user"].as_str().unwrap();
    let document = directory.document();
    let holdings = if command.get("team").is_some() { &document.teams[0].members } else { &document.assistants[0].grants };
    let holding = holdings.iter().find(|holding| holding.user == user).unwrap();
    let text: Value = serde_json::from_str(&event.text).unwrap();
    (holding.expires, text["command"].get("expires").cloned().unwrap_or_default())
}

#[test]
fn an_end_is_kept_unless_it_is_changed_on_purpose() {
    let end = NOW + 3 * DAY;
    for command in [set("lena", "viewer"), set("lena", "owner"), grant("lena")] {
        assert_eq!(after(&command), (Some(end), json!(end)), "{command}");
        assert_eq!(after(&until(command.clone(), Value::Null)), (None, Value::Null), "{command}");
        assert_eq!(after(&until(command.clone(), end + 1)), (Some(end + 1), json!(end + 1)), "{command}");
    }
    // A holding without end, or no holding, has no end to keep.
    for command in [set("mia", "owner"), grant("mia"), add("new"), grant("new"), add("paul")] {
        assert_eq!(after(&command), (None, Value::Null), "{command}");
    }
}

/// A user may have several roles in one team, if the organization was founded so.
#[test]
fn of_several_ends_that_of_the_same_role_is_kept_or_else_the_first() {
    let mut organization = organization();
    organization.teams[0].members = serde_json::from_value(json!([
        { "user": "lena", "role": "viewer", "expires": NOW + 5 * DAY }, { "user": "lena", "role": "owner", "expires": NOW + DAY },
        { "user": "lena", "role": "crew", "expires": NOW - DAY },
    ]))
    .unwrap();
    organization.roles = serde_json::from_value(json!([{ "id": "crew", "on": "team", "grants": ["team.view"] }])).unwrap();
    for (role, end) in [("viewer", 5 * DAY), ("owner", DAY), ("crew", DAY)] {
        let mut directory = Directory::found(&organization, NOW);
        directory.execute(Some("gina"), &set("lena", role), NOW).unwrap();
        assert_eq!(directory.document().teams[0].members[0].expires, Some(NOW + end), "{role}");
    }
}

fn foreseen(command: &Value) -> Preview {
    Directory::found(&organization(), NOW).preview(Some("gina"), command, NOW).unwrap()
}

#[test]
fn previews_speak_of_time() {
    let ends = |command: Value| {
        let [change] = <[_; 1]>::try_from(foreseen(&command).holdings).unwrap();
        let held = |side: Vec<wicketgate::Held>| side.into_iter().map(|held| (held.role, held.expires)).collect::<Vec<_>>();
        assert_eq!(change.user, command["user"].as_str().unwrap());
        let target = if command.get("team").is_some() { (Kind::Team, "t") } else { (Kind::Assistant, "b") };
        assert_eq!((change.kind, change.target.as_str()), target);
        (held(change.before), held(change.after))
    };
    let end = NOW + 3 * DAY;
    let is = |role: &str, end: Option<u64>| vec![(role.to_owned(), end)];
    for (command, role) in [(set("lena", "viewer"), "viewer"), (grant("lena"), "editor")] {
        // The same command as the present state: nothing changes.
        assert_eq!(foreseen(&command), Preview::default());
        // Nobody gains or loses anything now, but the end changes.
        for said in [None, Some(end + DAY), Some(end - DAY)] {
            let other = until(command.clone(), said);
            assert_eq!(foreseen(&other).changes, [], "{other}");
            assert_eq!(ends(other), (is(role, Some(end)), is(role, said)));
        }
    }
    assert_eq!(ends(until(set("mia", "viewer"), end)), (is("viewer", None), is("viewer", Some(end))));
    assert_eq!(ends(set("lena", "owner")), (is("viewer", Some(end)), is("owner", Some(end))));
    // An expired role is given again.
    assert_eq!(ends(add("paul")), (is("viewer", Some(NOW - DAY)), is("viewer", None)));
    assert_eq!(ends(until(grant("paul"), end)), (is("editor", Some(NOW - DAY)), is("editor", Some(end))));
    assert_eq!(ends(add("new")), (Vec::new(), is("viewer", None)));
    let take = json!({ "type": "remove_member", "team": "t", "user": "lena" });
    assert_eq!(ends(take), (is("viewer", Some(end)), Vec::new()));
}
