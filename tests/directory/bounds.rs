//! Nobody gives or takes capabilities that they do not have, nor gives them for longer than they have them. Invitations end when their sender
//! loses the right to send them.

use super::adapter::Directory;
use super::model::{self, State};
use super::sequences::{config, few};
use crate::common::world::{self, NOW};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use wicketgate::document::Organization;
use wicketgate::{Accessibility, Command, Status};

/// One hour later.
const SOON: u64 = NOW + 3600;

/// `team` is owned by `olga` for another hour, `helper` by `omar`; `dana` has a grant on `helper` for another hour.
fn organization() -> Organization {
    serde_json::from_value(json!({
        "id": "acme",
        "roles": [
            { "id": "managing", "on": "team", "grants": ["team.view", "team.manage_members"] },
            { "id": "helpdesk", "on": "organization", "grants": ["user.invite", "user.remove"] },
            { "id": "guest", "on": "organization", "grants": [] },
            { "id": "opening", "on": "team", "grants": ["assistant.view", "assistant.chat", "assistant.share"] },
            { "id": "sharing", "on": "assistant", "grants": ["assistant.view", "assistant.share"] },
            { "id": "probing", "on": "assistant", "grants": ["evaluation.run"] },
        ],
        "users": [
            { "id": "gina", "role": "global_admin" }, { "id": "gert", "role": "global_admin" },
            { "id": "abe", "role": "application_admin" }, { "id": "hal", "role": "helpdesk" },
            { "id": "olga", "role": "user" }, { "id": "pete", "role": "user" }, { "id": "mia", "role": "user" },
            { "id": "omar", "role": "user" }, { "id": "dana", "role": "user" }, { "id": "max", "role": "user" },
            { "id": "ruth", "role": "user" },
        ],
        "teams": [{ "id": "team", "members": [
            { "user": "olga", "role": "owner", "expires": SOON }, { "user": "pete", "role": "owner" },
            { "user": "mia", "role": "managing" },
            { "user": "max", "role": "viewer", "expires": SOON }, { "user": "ruth", "role": "viewer", "expires": NOW },
        ] }],
        "projects": [{ "id": "project", "team": "team" }],
        "assistants": [
            { "id": "helper", "project": "project", "owner": "omar", "accessibility": "public", "grants": [
                { "user": "dana", "role": "sharing", "expires": SOON }, { "user": "dana", "role": "editor", "expires": SOON + 1 },
                { "user": "pete", "role": "probing" }, { "user": "max", "role": "editor", "expires": NOW },
            ] },
            { "id": "inside", "project": "project", "owner": "omar", "accessibility": "only_team", "grants": [
                { "user": "max", "role": "sharing" }, { "user": "max", "role": "editor" },
            ] },
        ],
    }))
    .unwrap()
}

/// The code of a refusal with its `until`, or `accepted`.
fn outcome(directory: &Directory, actor: &str, command: &Value) -> (String, Option<u64>) {
    match directory.decide(Some(actor), command, NOW) {
        Ok(_) => ("accepted".to_owned(), None),
        Err(no) => (no.code, no.until),
    }
}

#[test]
fn nobody_gives_for_longer_than_they_have_it() {
    let directory = Directory::found(&organization(), NOW);
    let member = |kind: &str, user: &str, role: &str| json!({ "type": kind, "team": "team", "user": user, "role": role });
    let on = |kind: &str, assistant: &str, more: Value| {
        let mut command = json!({ "type": kind, "assistant": assistant });
        command.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        command
    };
    let grant = |assistant: &str, user: &str, role: &str| on("grant", assistant, json!({ "user": user, "role": role }));
    // The actor, the command, and the latest possible `expires`.
    let given = [
        // To herself, to a second owner who could give it back, and to any other user.
        ("olga", member("set_member_role", "olga", "owner"), SOON),
        ("olga", member("set_member_role", "olga", "viewer"), SOON),
        ("olga", member("set_member_role", "pete", "owner"), SOON),
        ("olga", member("add_member", "dana", "owner"), SOON),
        ("olga", member("add_member", "ruth", "viewer"), SOON),
        ("olga", grant("helper", "olga", "editor"), SOON),
        ("olga", grant("inside", "pete", "editor"), SOON),
        ("olga", on("create_link", "helper", json!({ "level": "edit" })), SOON),
        // Through several relations: until the first needed one ends.
        ("dana", grant("helper", "max", "sharing"), SOON),
        ("dana", grant("helper", "max", "editor"), SOON + 1),
        ("dana", on("create_link", "helper", json!({ "level": "edit" })), SOON + 1),
        // A grant without end counts on Only Team only while its holder is in the team.
        ("max", grant("inside", "max", "editor"), SOON),
        ("max", grant("inside", "pete", "sharing"), SOON),
    ];
    for (actor, command, until) in given {
        let expiring = |expires: Option<u64>| {
            let mut command = command.clone();
            command["expires"] = json!(expires);
            command
        };
        let refused = ("beyond_own_role".to_owned(), Some(until));
        assert_eq!(outcome(&directory, actor, &expiring(None)), refused, "{actor}: {command}");
        assert_eq!(outcome(&directory, actor, &expiring(Some(until + 1))), refused, "{actor}: {command}");
        assert_eq!(outcome(&directory, actor, &expiring(Some(until))).0, "accepted", "{actor}: {command}");
        // Without `expires`, the present end stays; a new role is without end.
        let kept = command["user"] == "olga" && command["type"] == "set_member_role";
        let unsaid = if kept { ("accepted".to_owned(), None) } else { refused };
        assert_eq!(outcome(&directory, actor, &command), unsaid, "{actor}: {command}");
    }
    // A transfer gives without end.
    let transfer = on("transfer_assistant", "helper", json!({ "user": "olga" }));
    assert_eq!(outcome(&directory, "olga", &transfer), ("beyond_own_role".to_owned(), Some(SOON)));
    for actor in ["omar", "pete", "gina"] {
        assert_eq!(outcome(&directory, actor, &transfer).0, "accepted", "{actor}");
    }
    // A capability that the actor lacks has no `until`; a capability that everybody has can be given without end.
    assert_eq!(outcome(&directory, "dana", &grant("helper", "max", "probing")), ("beyond_own_role".to_owned(), None));
    assert_eq!(outcome(&directory, "dana", &on("create_link", "helper", json!({ "level": "view" }))).0, "accepted");
    assert_eq!(outcome(&directory, "pete", &member("add_member", "dana", "owner")).0, "accepted");
}

#[test]
fn nobody_takes_what_they_do_not_have() {
    let directory = Directory::found(&organization(), NOW);
    let remove = |user: &str| json!({ "type": "remove_member", "team": "team", "user": user });
    let set = |user: &str| json!({ "type": "set_member_role", "team": "team", "user": user, "role": "managing" });
    for owner in ["pete", "olga", "max"] {
        for command in [remove(owner), set(owner)] {
            assert_eq!(outcome(&directory, "mia", &command), ("beyond_own_role".to_owned(), None), "{command}");
            assert_eq!(outcome(&directory, "pete", &command).0, "accepted", "{command}");
        }
    }
    // Only present holdings of others were in the way: expired ones and one's own can be taken.
    for command in [remove("ruth"), set("ruth"), remove("mia"), set("mia")] {
        assert_eq!(outcome(&directory, "mia", &command).0, "accepted", "{command}");
    }
    // An owner for another hour is an owner now.
    assert_eq!(outcome(&directory, "olga", &remove("pete")).0, "accepted");

    let revoke = |assistant: &str, user: &str, role: Option<&str>| match role {
        Some(role) => json!({ "type": "revoke_grant", "assistant": assistant, "user": user, "role": role }),
        None => json!({ "type": "revoke_grant", "assistant": assistant, "user": user }),
    };
    assert_eq!(outcome(&directory, "omar", &revoke("helper", "pete", None)).0, "beyond_own_role");
    assert_eq!(outcome(&directory, "pete", &revoke("helper", "pete", None)).0, "accepted");
    assert_eq!(outcome(&directory, "gina", &revoke("helper", "pete", None)).0, "accepted");
    assert_eq!(outcome(&directory, "omar", &revoke("helper", "dana", None)).0, "accepted");
    assert_eq!(outcome(&directory, "omar", &revoke("helper", "max", None)).0, "accepted");
    // A grant that the ceiling hides is still their own.
    let mut closed = organization();
    closed.assistants[0].accessibility = Accessibility::OnlyMe;
    closed.assistants[0].grants[2].user = "omar".to_owned();
    assert_eq!(outcome(&Directory::found(&closed, NOW), "omar", &revoke("helper", "omar", None)).0, "accepted");

    let mut defining = organization();
    defining
        .roles
        .push(serde_json::from_value(json!({ "id": "definer", "on": "organization", "grants": ["role.define"] })).unwrap());
    defining.users[2].role = "definer".to_owned();
    let directory = Directory::found(&defining, NOW);
    let delete = |role: &str| json!({ "type": "delete_role", "role": role });
    for role in ["opening", "probing", "helpdesk"] {
        // Nor may they learn whether it is held.
        assert_eq!(outcome(&directory, "abe", &delete(role)).0, "beyond_own_role", "{role}");
    }
    assert_eq!(outcome(&directory, "abe", &delete("guest")).0, "accepted");
    assert_eq!(outcome(&directory, "gina", &delete("opening")).0, "accepted");
}

/// The directory can be dumped and restored.
fn survives(directory: &Directory) {
    let restored = Directory(wicketgate::Directory::restore(&directory.dump()).unwrap());
    assert_eq!(restored.dump(), directory.dump());
}

/// The directory with the invitations of `gina` and others, and the token of each invited user.
fn invited() -> (Directory, BTreeMap<&'static str, String>) {
    let mut directory = Directory::found(&organization(), NOW);
    let invitations = [
        ("abe", "ida", "application_admin"),
        ("abe", "ivo", "user"),
        ("abe", "ilse", "helpdesk"),
        ("hal", "ian", "helpdesk"),
        ("gina", "ines", "application_admin"),
        ("gert", "iris", "global_admin"),
    ];
    let mut tokens = BTreeMap::new();
    let mut made = Vec::new();
    for (by, user, role) in invitations {
        let email = format!("{user}@acme.example");
        let (_, result) =
            directory.execute(Some(by), &json!({ "type": "invite_user", "email": email, "role": role }), NOW).unwrap();
        tokens.insert(user, result["token"].as_str().unwrap().to_owned());
        made.push((result["user"].as_str().unwrap().to_owned(), user));
    }
    // The tests use readable ids in place of the made ones: most inviters may not choose ids.
    let dump = made.iter().fold(directory.dump(), |dump, (id, user)| dump.replace(id, user));
    let mut directory = Directory(wicketgate::Directory::restore(&dump).unwrap());
    let member = json!({ "type": "add_member", "team": "team", "user": "ida", "role": "viewer" });
    directory.execute(Some("gina"), &member, NOW).unwrap();
    directory
        .execute(Some("pete"), &json!({ "type": "add_member", "team": "team", "user": "abe", "role": "viewer" }), NOW)
        .unwrap();
    (directory, tokens)
}

#[test]
fn invitations_end_with_the_power_behind_them() {
    let suspend = |user: &str| json!({ "type": "suspend_user", "user": user });
    let remove = |user: &str| json!({ "type": "remove_user", "user": user });
    let assign = |user: &str, role: &str| json!({ "type": "assign_role", "user": user, "role": role });
    let define = |grants: &[&str]| json!({ "type": "define_role", "id": "helpdesk", "on": "organization", "grants": grants });
    let cases: [(Value, &[&str]); 11] = [
        (remove("abe"), &["ida", "ilse", "ivo"]),
        (suspend("abe"), &["ida", "ilse", "ivo"]),
        (assign("abe", "user"), &["ida", "ilse", "ivo"]),
        // Invitations that they may still send stay.
        (assign("abe", "helpdesk"), &["ida"]),
        (assign("abe", "global_admin"), &[]),
        (define(&["user.remove"]), &["ian"]),
        (define(&["user.invite"]), &[]),
        (define(&["user.invite", "user.remove", "audit.view"]), &[]),
        (remove("gert"), &["iris"]),
        (assign("gert", "application_admin"), &["iris"]),
        // `max` has sent no invitation.
        (remove("max"), &[]),
    ];
    for (command, expected) in cases {
        let (mut directory, tokens) = invited();
        let preview = directory.preview(Some("gina"), &command, NOW).unwrap();
        assert_eq!(preview.ended, expected, "{command}");
        let (event, result) = directory.execute(Some("gina"), &command, NOW).unwrap();
        let none = json!([]);
        assert_eq!(if expected.is_empty() { &none } else { &result["ended"] }, &json!(expected), "{command}");
        let text: Value = serde_json::from_str(&event.text).unwrap();
        assert_eq!(text["command"].get("ended"), result.get("ended"), "{command}");
        let document = directory.document();
        for (user, token) in &tokens {
            let accept = json!({ "type": "accept_invitation", "token": token, "issuer": "https://id.example",
                "subject": "1", "email": format!("{user}@acme.example") });
            let code = directory.decide(None, &accept, NOW).map_or_else(|no| no.code, |_| "accepted".to_owned());
            let ended = expected.contains(user);
            assert_eq!(code, if ended { "invitation_invalid" } else { "accepted" }, "{command}: {user}");
            assert_eq!(document.users.iter().all(|there| there.id != *user), ended, "{command}: {user}");
        }
        let holds = |user: &str| document.teams[0].members.iter().any(|member| member.user == user);
        assert_eq!(holds("ida"), !expected.contains(&"ida"), "{command}");
        survives(&directory);
    }
}

/// An invitation that another user has resent is that user's; so is one to a role that only others may give now.
#[test]
fn an_invitation_stays_with_whoever_stands_behind_it() {
    let (mut directory, _) = invited();
    directory.execute(Some("gina"), &json!({ "type": "resend_invitation", "user": "ida" }), NOW).unwrap();
    directory.execute(Some("gina"), &json!({ "type": "assign_role", "user": "ivo", "role": "global_admin" }), NOW).unwrap();
    let (_, result) = directory.execute(Some("gina"), &json!({ "type": "remove_user", "user": "abe" }), NOW).unwrap();
    assert_eq!(result["ended"], json!(["ilse"]));
    let pending: Vec<String> = directory.0.invitations().into_iter().map(|invitation| invitation.user).collect();
    assert_eq!(pending, ["ian", "ida", "ines", "iris", "ivo"]);
    survives(&directory);
}

/// An invited owner of assistants is not removed: their invitation ends, and they can be invited again.
#[test]
fn the_invitation_of_an_owner_ends_without_them() {
    let mut organization = organization();
    organization.users.push(
        serde_json::from_value(json!({ "id": "ina", "role": "user", "status": "invited", "email": "ina@acme.example" })).unwrap(),
    );
    organization.assistants[1].owner = Some("ina".to_owned());
    let mut directory = Directory::found(&organization, NOW);
    let resend = json!({ "type": "resend_invitation", "user": "ina" });
    let (_, sent) = directory.execute(Some("abe"), &resend, NOW).unwrap();
    let (_, result) = directory.execute(Some("gina"), &json!({ "type": "suspend_user", "user": "abe" }), NOW).unwrap();
    assert_eq!(result["ended"], json!(["ina"]));
    let accept = json!({ "type": "accept_invitation", "token": sent["token"], "issuer": "https://id.example", "subject": "1", "email": "ina@acme.example" });
    assert_eq!(directory.decide(None, &accept, NOW).unwrap_err().code, "invitation_invalid");
    assert_eq!(directory.document().assistants.iter().find(|one| one.id == "inside").unwrap().owner.as_deref(), Some("ina"));
    survives(&directory);
    directory.execute(Some("gina"), &resend, NOW).unwrap();
}

/// Memberships, grants and links, by actors who are not administrators.
#[test]
fn everybody_is_bounded_as_in_the_model() {
    let tally = RefCell::new(BTreeMap::<(&str, &str), usize>::new());
    let kinds = ["add_member", "set_member_role", "remove_member", "grant", "revoke_grant", "create_link", "transfer_assistant"];
    let expires = prop::option::of(select(vec![NOW + 1, NOW + 2, NOW + 100_000, NOW + 100_001]));
    let command =
        (select(kinds.to_vec()), 0..6usize, 0..3usize, 0..3usize, expires).prop_map(|(kind, user, place, role, expires)| {
            let user = format!("u{user}");
            let mut command = match kind {
                "add_member" | "set_member_role" => {
                    json!({ "team": format!("t{place}"), "user": user, "role": (["owner", "trainer", "coach"][role]) })
                }
                "remove_member" => json!({ "team": format!("t{place}"), "user": user }),
                "grant" => json!({ "assistant": format!("a{place}"), "user": user, "role": (["editor", "agent", "editor"][role]) }),
                "revoke_grant" => json!({ "assistant": format!("a{place}"), "user": user }),
                "create_link" => json!({ "assistant": format!("a{place}"), "level": (["view", "edit", "edit"][role]) }),
                _ => json!({ "assistant": format!("a{place}"), "user": user }),
            };
            command["type"] = json!(kind);
            if let Some(expires) = expires.filter(|_| ["add_member", "set_member_role", "grant", "create_link"].contains(&kind)) {
                command["expires"] = json!(expires);
            }
            command
        });
    // Nobody is an administrator, everybody is active, and the custom roles allow giving.
    let worlds = world::organization().prop_map(|mut organization| {
        organization.plan = None;
        for user in &mut organization.users {
            (user.role, user.status) = ("user".to_owned(), Status::Active);
        }
        for role in &mut organization.roles {
            role.grants.push(if role.id == "agent" { "assistant.share" } else { "team.manage_members" }.to_owned());
            if role.id == "coach" {
                role.grants.push("assistant.share".to_owned());
            }
        }
        organization
    });
    let mut runner = TestRunner::new(config(400));
    let run = runner.run(&(worlds, prop::collection::vec(command, 24)), |(organization, commands)| {
        let directory = Directory::found(&organization, NOW);
        let state = State::new(organization.clone());
        for command in &commands {
            for user in &organization.users {
                let decided = directory.decide(Some(&user.id), command, NOW);
                let result = decided.as_ref().map_or(Value::Null, |(_, result)| result.clone());
                let expected = model::execute(&state, Some(&user.id), command, NOW, &result).map(|_| ());
                let outcome = match &expected {
                    Ok(()) => "accepted",
                    Err(no) if no.until.is_some() => "for a time",
                    Err(no) if no.code == "beyond_own_role" => "beyond",
                    Err(_) => "refused",
                };
                let kind = kinds.into_iter().find(|kind| command["type"] == **kind).unwrap();
                *tally.borrow_mut().entry((kind, outcome)).or_default() += 1;
                prop_assert_eq!(decided.map(|_| ()), expected, "{}: {}", user.id, command);
            }
        }
        Ok(())
    });
    if let Err(error) = run {
        panic!("{error}");
    }
    let tally = tally.into_inner();
    for kind in kinds {
        let gives = !["remove_member", "revoke_grant"].contains(&kind);
        for outcome in ["accepted", "beyond", "for a time"].into_iter().filter(|outcome| gives || *outcome != "for a time") {
            assert!(few() || tally.get(&(kind, outcome)) > Some(&0), "{kind}: {outcome}: {tally:?}");
        }
    }
}

/// Invitations of many senders, who then lose their rights.
#[test]
fn what_ends_is_what_the_model_says() {
    let ended = RefCell::new(BTreeMap::<String, usize>::new());
    let roles = ["user", "application_admin", "auditor", "builder", "global_admin"];
    let invitation = (1..6usize, select(roles.to_vec()));
    let command = prop_oneof![
        (1..6usize, select(roles.to_vec()))
            .prop_map(|(user, role)| json!({ "type": "assign_role", "user": format!("u{user}"), "role": role })),
        (1..6usize).prop_map(|user| json!({ "type": "suspend_user", "user": format!("u{user}") })),
        (1..6usize).prop_map(|user| json!({ "type": "remove_user", "user": format!("u{user}"), "successor": "u0" })),
        (select(vec!["auditor", "builder"]), any::<bool>()).prop_map(|(role, invites)| {
            let grants = if invites { json!(["user.invite"]) } else { json!(["team.create"]) };
            json!({ "type": "define_role", "id": role, "on": "organization", "grants": grants })
        }),
    ];
    let worlds = (world::organization(), prop::collection::vec(invitation, 4..12), prop::collection::vec(command, 6));
    let run = TestRunner::new(config(200)).run(&worlds, |(mut organization, invitations, commands)| {
        organization.plan = None;
        organization.users[0].role = "global_admin".to_owned();
        organization.users.iter_mut().for_each(|user| user.status = Status::Active);
        for role in organization.roles.iter_mut().filter(|role| ["auditor", "builder"].contains(&role.id.as_str())) {
            role.grants = vec!["user.invite".to_owned(), "user.remove".to_owned()];
        }
        let mut directory = Directory::found(&organization, NOW);
        let mut state = State::new(organization);
        let inviting = invitations.iter().zip(0..).map(|((by, role), n)| {
            (format!("u{by}"), json!({ "type": "invite_user", "email": format!("n{n}@acme.example"), "role": role }))
        });
        for (actor, command) in inviting.chain(commands.into_iter().map(|command| ("u0".to_owned(), command))) {
            let decided = directory.decide(Some(&actor), &command, NOW);
            let result = decided.as_ref().map_or(Value::Null, |(_, result)| result.clone());
            let expected = model::execute(&state, Some(&actor), &command, NOW, &result);
            let preview = directory.preview(Some(&actor), &command, NOW);
            match (decided, expected) {
                (Ok((event, _)), Ok(next)) => {
                    let over = model::ended(&state, &next);
                    prop_assert_eq!(preview.unwrap().ended, over.clone(), "{}", command);
                    *ended.borrow_mut().entry(command["type"].as_str().unwrap().to_owned()).or_default() += over.len();
                    directory.0.apply(&event).unwrap();
                    prop_assert_eq!(model::sorted(directory.document()), model::sorted(next.organization.clone()), "{}", command);
                    let mut left = next.invitations.clone();
                    left.sort();
                    prop_assert_eq!(directory.people().0, left, "{}", command);
                    state = next;
                }
                (decided, expected) => prop_assert_eq!(decided.map(|_| ()), expected.map(|_| ()), "{}", command),
            }
        }
        Ok(())
    });
    if let Err(error) = run {
        panic!("{error}");
    }
    for command in ["assign_role", "suspend_user", "remove_user", "define_role"] {
        assert!(few() || ended.borrow().get(command) > Some(&0), "{command}: {ended:?}");
    }
}

/// `ended` is not a field of any command.
#[test]
fn no_command_says_what_ends() {
    let command = json!({ "type": "suspend_user", "user": "max", "ended": ["ida"] });
    assert!(Command::from_json(&command.to_string()).is_err());
}
