//! Refusals and previews do not reveal whether a user or a thing exists that the actor does not see.

use std::collections::BTreeSet;

use super::adapter::Directory;
use serde_json::{Value, json};
use wicketgate::document::Organization;
use wicketgate::{Actor, Command, Facts};

const NOW: u64 = 1_790_000_000;

/// Users who could receive something. Only actors who see people learn the difference:
///
/// | | |
/// |---|---|
/// | nobody | there is no such user |
/// | sus, inv, pen | suspended, invited without a pending invitation, invited with one |
/// | out, boss | active: a user, a global admin; in no team |
/// | mem, msus, lap | members of `t`: active, suspended, lapsed |
/// | gra, gsus | granted `peek` on `o` and `b`: active, suspended |
const PEOPLE: [&str; 11] = ["nobody", "sus", "inv", "pen", "out", "boss", "mem", "msus", "lap", "gra", "gsus"];

/// Actors who may give roles on `t`, `o` and `b` and do not see people: an owner of the team, a custom team role, an owner of the assistants, a
/// custom organization role, and one that also invites.
const GIVERS: [&str; 5] = ["owner", "trainer", "maker", "keeper", "inviter"];

fn organization() -> Organization {
    let grants = json!([{ "user": "gra", "role": "peek" }, { "user": "gsus", "role": "peek" }]);
    let assistant =
        |id: &str, how: &str| json!({ "id": id, "project": "p", "owner": "maker", "accessibility": how, "grants": grants });
    let everything: Vec<&str> =
        crate::common::naive::every().filter(|name| !name.starts_with("panel.") && !name.starts_with("user.")).collect();
    let inviter: Vec<&str> = everything.iter().copied().chain(["user.invite"]).collect();
    let user = |id: &str, role: &str, status: &str| json!({ "id": id, "role": role, "status": status });
    serde_json::from_value(json!({
        "id": "acme",
        "roles": [
            { "id": "keeper", "on": "organization", "grants": everything },
            { "id": "inviter", "on": "organization", "grants": inviter },
            { "id": "remover", "on": "organization", "grants": ["user.remove"] },
            { "id": "trainer", "on": "team", "grants": ["team.view", "team.manage_members", "assistant.view", "assistant.share"] },
            { "id": "crew", "on": "team", "grants": ["team.view"] },
            { "id": "peek", "on": "assistant", "grants": ["assistant.view"] },
        ],
        "users": [
            user("root", "global_admin", "active"), user("boss", "global_admin", "active"), user("admin", "application_admin", "active"),
            user("owner", "user", "active"), user("trainer", "user", "active"), user("maker", "user", "active"),
            user("keeper", "keeper", "active"), user("inviter", "inviter", "active"), user("remover", "remover", "active"),
            user("sus", "user", "suspended"), user("inv", "user", "invited"), user("out", "user", "active"),
            user("mem", "user", "active"), user("msus", "user", "suspended"), user("lap", "user", "active"),
            user("gra", "user", "active"), user("gsus", "user", "suspended"), user("leaver", "user", "active"),
        ],
        "teams": [{ "id": "t", "members": [
            { "user": "owner", "role": "owner" }, { "user": "trainer", "role": "trainer" }, { "user": "mem", "role": "crew" },
            { "user": "msus", "role": "crew" }, { "user": "lap", "role": "crew", "expires": NOW - 1 }] }],
        "projects": [{ "id": "p", "team": "t" }],
        "assistants": [assistant("o", "only_team"), assistant("b", "public"), assistant("m", "only_me"),
            { "id": "left", "project": "p", "owner": "leaver", "accessibility": "only_me" }],
    }))
    .unwrap()
}

fn founded() -> Directory {
    let mut directory = Directory::found(&organization(), NOW);
    let invite = json!({ "type": "invite_user", "email": "pen@acme.example", "id": "pen" });
    directory.execute(Some("root"), &invite, NOW).unwrap();
    directory
}

/// All texts of a refusal, with the given id replaced.
fn answered(directory: &mut Directory, actor: &str, command: &Value, typed: &str) -> Result<(), String> {
    let by = Actor::User(actor.to_owned());
    let command = || Command::from_json(&command.to_string()).unwrap();
    let words = |refusal| serde_json::to_string(&refusal).unwrap().replace(&format!("`{typed}`"), "`…`");
    let decided = directory.0.decide(&by, command(), NOW, &[7; 32]).map(|_| ()).map_err(words);
    let foreseen = directory.0.preview(&by, command(), NOW).map(|_| ()).map_err(words);
    assert_eq!(decided, foreseen, "the preview tells more, or less: {actor}");
    decided
}

/// Commands that give something to one user.
fn gifts(user: &str) -> Vec<Value> {
    vec![
        json!({ "type": "add_member", "team": "t", "user": user, "role": "crew" }),
        json!({ "type": "add_member", "team": "t", "user": user, "role": "crew", "expires": NOW + 60 }),
        json!({ "type": "grant", "assistant": "b", "user": user, "role": "peek" }),
        json!({ "type": "grant", "assistant": "o", "user": user, "role": "peek" }),
        json!({ "type": "grant", "assistant": "m", "user": user, "role": "peek" }),
        json!({ "type": "transfer_assistant", "assistant": "b", "user": user }),
        json!({ "type": "transfer_assistant", "assistant": "o", "user": user }),
        // Nobody can be given these.
        json!({ "type": "add_member", "team": "t", "user": user, "role": "no_such" }),
        json!({ "type": "grant", "assistant": "b", "user": user, "role": "no_such" }),
        json!({ "type": "grant", "assistant": "b", "user": user, "role": "viewer" }),
    ]
}

/// Commands that take or change holdings of one user.
fn takings(user: &str) -> Vec<Value> {
    vec![
        json!({ "type": "set_member_role", "team": "t", "user": user, "role": "crew" }),
        json!({ "type": "set_member_role", "team": "t", "user": user, "role": "no_such" }),
        json!({ "type": "remove_member", "team": "t", "user": user }),
        json!({ "type": "revoke_grant", "assistant": "b", "user": user }),
        json!({ "type": "revoke_grant", "assistant": "b", "user": user, "role": "peek" }),
        json!({ "type": "revoke_grant", "assistant": "b", "user": user, "role": "no_such" }),
    ]
}

#[test]
fn one_refusal_for_all_that_cannot_be_given_to() {
    let mut directory = founded();
    for actor in GIVERS {
        for n in 0..gifts("").len() {
            let mut asked = |user: &str| answered(&mut directory, actor, &gifts(user)[n], user);
            let refused: BTreeSet<String> = ["nobody", "sus", "inv"].into_iter().map(|user| asked(user).unwrap_err()).collect();
            let command = gifts("…")[n].to_string();
            assert_eq!(refused.len(), 1, "{actor}: {command}: {refused:#?}");
            // All other users are refused in the same words, except those whom the actor sees there.
            for user in PEOPLE {
                let found = asked(user);
                let same = found.is_ok() || refused.contains(found.as_ref().unwrap_err());
                let member = ["mem", "msus", "lap"].contains(&user) && command.contains("add_member");
                let invited = user == "pen" && actor == "inviter";
                assert!(same || member || invited, "{actor}: {user}: {command}: {found:?}");
            }
        }
        // Taking from a user who has nothing there is refused in the same words for every user.
        for n in 0..takings("").len() {
            let refused: BTreeSet<String> = ["nobody", "sus", "inv", "out", "boss"]
                .into_iter()
                .map(|user| answered(&mut directory, actor, &takings(user)[n], user).unwrap_err())
                .collect();
            assert_eq!(refused.len(), 1, "{actor}: {}: {refused:#?}", takings("…")[n]);
        }
    }
}

/// Actors who see people learn the reason.
#[test]
fn whoever_is_shown_people_is_told_why() {
    let mut directory = founded();
    let mut code = |actor: &str, command: Value, user: &str| -> String {
        let refusal = answered(&mut directory, actor, &command, user).unwrap_err();
        serde_json::from_str::<Value>(&refusal).unwrap()["code"].as_str().unwrap().to_owned()
    };
    let transfer = |user: &str| json!({ "type": "transfer_assistant", "assistant": "o", "user": user });
    assert_eq!(code("root", transfer("nobody"), "nobody"), "unknown_user");
    assert_eq!(code("root", transfer("sus"), "sus"), "inactive_user");
    assert_eq!(code("root", transfer("pen"), "pen"), "inactive_user");
    let grant = |user: &str| json!({ "type": "grant", "assistant": "o", "user": user, "role": "peek" });
    assert_eq!(code("root", grant("out"), "out"), "only_team");
    // They may also give to invited users.
    for user in ["sus", "inv", "pen"] {
        let add = json!({ "type": "add_member", "team": "t", "user": user, "role": "crew" });
        assert!(directory.decide(Some("root"), &add, NOW).is_ok(), "{user}");
    }
}

/// An actor who removes a user names successors, and learns nothing about users who cannot be one.
#[test]
fn successors_that_cannot_take_over_are_all_the_same() {
    let mut directory = founded();
    let remove = |heir: &str| json!({ "type": "remove_user", "user": "leaver", "successor": heir });
    let named = |heir: &str| json!({ "type": "remove_user", "user": "leaver", "successors": { "left": heir } });
    for command in [&remove as &dyn Fn(&str) -> Value, &named] {
        let mut refused = |actor: &str| -> BTreeSet<String> {
            let heirs = ["nobody", "sus", "inv", "pen", "msus"];
            heirs.into_iter().map(|heir| answered(&mut directory, actor, &command(heir), heir).unwrap_err()).collect()
        };
        assert_eq!(refused("remover").len(), 1);
        assert!(refused("admin").len() > 1);
    }
    assert!(directory.decide(Some("remover"), &remove("out"), NOW).is_ok());
}

/// A suspended user gains and loses nothing, but a preview does not reveal that.
#[test]
fn a_preview_does_not_tell_who_is_suspended() {
    let mut directory = founded();
    let mut told = |actor: &str, command: Value, user: &str| -> Value {
        let by = Actor::User(actor.to_owned());
        let Ok(preview) = directory.0.preview(&by, Command::from_json(&command.to_string()).unwrap(), NOW) else {
            return Value::Null;
        };
        serde_json::from_str(&serde_json::to_string(&preview).unwrap().replace(&format!("\"{user}\""), "\"…\"")).unwrap()
    };
    for actor in GIVERS {
        // A role that they have already and are given again.
        for (n, active, suspended) in [(3, "mem", "msus"), (2, "gra", "gsus")] {
            // An actor who manages the team sees its members.
            if actor == "maker" && n == 3 {
                continue;
            }
            let of = |user: &str| gifts(user)[n].clone();
            assert_eq!(told(actor, of(active), active), told(actor, of(suspended), suspended), "{actor}");
        }
        for n in [0, 2] {
            let of = |user: &str| takings(user)[n].clone();
            assert_eq!(told(actor, of("mem"), "mem"), told(actor, of("msus"), "msus"), "{actor}");
        }
        let revoke = |user: &str| takings(user)[3].clone();
        assert_eq!(told(actor, revoke("gra"), "gra"), told(actor, revoke("gsus"), "gsus"), "{actor}");
    }
}

/// Choosing an id reveals whether it is taken.
#[test]
fn an_id_is_chosen_only_by_those_who_see_everything() {
    let mut directory = founded();
    let commands = |id: &str| {
        [
            json!({ "type": "create_team", "name": "New", "id": id }),
            json!({ "type": "create_project", "team": "t", "name": "New", "id": id }),
            json!({ "type": "create_assistant", "project": "p", "name": "New", "id": id }),
            json!({ "type": "create_link", "assistant": "b", "level": "view", "id": id }),
            json!({ "type": "invite_user", "email": "new@acme.example", "id": id }),
            json!({ "type": "invite_user", "email": "out@acme.example", "id": id }),
        ]
    };
    let taken = ["t", "p", "m", "left", "sus", "nothing-there"];
    for actor in ["admin", "owner", "trainer", "maker", "keeper", "inviter"] {
        for n in 0..commands("").len() {
            let answers: BTreeSet<Result<(), String>> =
                taken.iter().map(|id| answered(&mut directory, actor, &commands(id)[n], "")).collect();
            assert_eq!(answers.len(), 1, "{actor}: {answers:#?}");
            let refusal: Value = serde_json::from_str(answers.first().unwrap().as_ref().unwrap_err()).unwrap();
            let (code, path) = (refusal["code"].as_str().unwrap(), refusal["path"].as_str());
            assert!(code == "not_allowed" || (code, path) == ("beyond_own_role", Some("id")), "{actor}: {refusal}");
        }
    }
    for command in commands("nothing-there") {
        assert!(directory.decide(Some("root"), &command, NOW).is_ok(), "{command}");
    }
}

/// URLs treat these ids as path steps.
#[test]
fn nothing_new_is_called_by_dots_alone() {
    let directory = founded();
    let commands = |id: &str| {
        [
            json!({ "type": "create_team", "name": "New", "id": id }),
            json!({ "type": "create_project", "team": "t", "name": "New", "id": id }),
            json!({ "type": "create_assistant", "project": "p", "name": "New", "id": id }),
            json!({ "type": "create_link", "assistant": "b", "level": "view", "id": id }),
            json!({ "type": "invite_user", "email": "new@acme.example", "id": id }),
            json!({ "type": "define_role", "id": id, "on": "team", "grants": [] }),
        ]
    };
    for id in [".", ".."] {
        for command in commands(id) {
            assert_eq!(directory.decide(Some("root"), &command, NOW).unwrap_err().code, "invalid_command", "{command}");
        }
        let join = json!({ "type": "join", "id": id, "issuer": "https://id.example", "subject": "1", "email": "new@acme.example" });
        assert_eq!(directory.decide(None, &join, NOW).unwrap_err().code, "invalid_command");

        // Nor in given facts.
        let link = json!({ "id": id, "level": "view", "digest": crate::common::naive::digest_of("key") });
        let given = [
            ("id", json!({ "id": id })),
            ("roles[0].id", json!({ "id": "acme", "roles": [{ "id": id, "on": "team", "grants": [] }] })),
            ("users[0].id", json!({ "id": "acme", "users": [{ "id": id, "role": "user" }] })),
            ("teams[1].id", json!({ "id": "acme", "teams": [{ "id": "t" }, { "id": id }] })),
            ("projects[0].id", json!({ "id": "acme", "teams": [{ "id": "t" }], "projects": [{ "id": id, "team": "t" }] })),
            (
                "assistants[0].links[0].id",
                json!({
                    "id": "acme", "users": [{ "id": "u", "role": "user" }], "teams": [{ "id": "t" }], "projects": [{ "id": "p", "team": "t" }],
                    "assistants": [{ "id": "a", "project": "p", "owner": "u", "accessibility": "public", "links": [link] }],
                }),
            ),
        ];
        for (path, facts) in given {
            let fault = Facts::from_json(facts.to_string()).err().unwrap();
            assert_eq!((fault.code().name(), fault.path()), ("invalid_facts", Some(path)), "{facts}");
            let organization: Organization = serde_json::from_value(facts).unwrap();
            let refusal = wicketgate::Directory::found(&organization, NOW).unwrap_err();
            assert_eq!(refusal.path.as_deref(), Some(path));
        }
    }
    for command in commands("...") {
        assert!(directory.decide(Some("root"), &command, NOW).is_ok(), "{command}");
    }
}

/// A thing with such an id from an earlier version keeps it, and can be renamed and deleted.
#[test]
fn what_is_called_by_dots_already_stays() {
    let dump: Value = serde_json::from_str(&founded().dump()).unwrap();
    let mut old = dump.clone();
    old["organization"]["teams"].as_array_mut().unwrap().push(json!({ "id": ".", "name": "Old" }));
    let mut directory = Directory(wicketgate::Directory::restore(&old.to_string()).unwrap());
    directory.execute(Some("root"), &json!({ "type": "edit_team", "team": ".", "name": "Older" }), NOW).unwrap();
    let restored = wicketgate::Directory::restore(&directory.dump()).unwrap();
    assert_eq!(restored.dump().unwrap(), directory.dump());
    directory.execute(Some("root"), &json!({ "type": "delete_team", "team": "." }), NOW).unwrap();
}

/// Roles are given by their ids: an actor who defines roles sees all of them, and learns nothing by trying an id.
#[test]
fn whoever_defines_roles_is_shown_them() {
    let directory = founded();
    let view = |user: &str| directory.0.view(&Actor::User(user.to_owned()), NOW).unwrap();
    let roles = |user: &str| view(user).organization.roles.into_iter().map(|role| role.id).collect::<Vec<_>>();
    assert_eq!(roles("keeper"), ["crew", "inviter", "keeper", "peek", "remover", "trainer"]);
    assert_eq!(roles("out"), Vec::<String>::new());
    // Only actors who see people learn who holds a role.
    let delete = json!({ "type": "delete_role", "role": "crew" });
    assert_eq!(directory.decide(Some("root"), &delete, NOW).unwrap_err().ids, ["lap", "mem", "msus"]);
    let hidden = directory.decide(Some("keeper"), &delete, NOW).unwrap_err();
    assert_eq!((hidden.code.as_str(), hidden.ids.as_slice()), ("in_use", [].as_slice()));
}

/// No user of the organization can change the plan.
#[test]
fn nobody_in_the_organization_sets_the_plan() {
    let mut directory = founded();
    let withholding = |names: &[&str]| json!({ "type": "set_plan", "withholds": names });
    for actor in ["root", "admin", "keeper", "owner", "sus", "nobody"] {
        for command in [withholding(&["team.create"]), withholding(&[])] {
            let refusal = answered(&mut directory, actor, &command, actor).unwrap_err();
            assert_eq!(serde_json::from_str::<Value>(&refusal).unwrap()["code"], "not_allowed", "{actor}");
        }
    }
    // The operator can lift every plan, whatever it withholds.
    let everything: Vec<&str> = crate::common::naive::every().collect();
    directory.execute(None, &withholding(&everything), NOW).unwrap();
    directory.execute(None, &withholding(&[]), NOW).unwrap();
    directory.execute(Some("root"), &json!({ "type": "create_team", "name": "New" }), NOW).unwrap();
}
