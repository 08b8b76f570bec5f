//! Commands, one rule at a time. Random sequences of them against a model are in `tests/`.

mod patch;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use self::patch::patched;
use super::*;
use crate::Projection;
use crate::rules::role::{ASSIGNED_AGENTS, BUILT_IN};

const NOW: u64 = 1_790_000_000;
const DAY: u64 = 24 * 60 * 60;

/// A small organization: gina is the admin of everything, abe an admin who created the team sales, olga owns support, vic views it,
/// ed is outside with a grant, sam suspended, ivy invited.
fn acme() -> Organization {
    serde_json::from_value(json!({
        "id": "acme",
        "roles": [
            { "id": "auditor", "on": "organization", "grants": ["audit.view"] },
            { "id": "definer", "on": "organization", "grants": ["role.define", "user.invite", "user.assign_role"] },
            { "id": "trainer", "on": "team", "grants": ["team.view", "team.manage_members"] },
            { "id": "tester", "on": "assistant", "grants": ["assistant.view", "evaluation.run"] },
        ],
        "users": [
            { "id": "gina", "role": "global_admin", "email": "Gina@acme.example" },
            { "id": "abe", "role": "application_admin", "email": "abe@acme.example" },
            { "id": "olga", "role": "user", "email": "olga@acme.example" },
            { "id": "vic", "role": "user", "email": "vic@acme.example" },
            { "id": "ed", "role": "user", "email": "ed@acme.example" },
            { "id": "dot", "role": "definer", "email": "dot@acme.example" },
            { "id": "sam", "role": "global_admin", "status": "suspended", "email": "sam@acme.example" },
        ],
        "teams": [
            { "id": "support", "name": "Support", "creator": "gina", "members": [
                { "user": "olga", "role": "owner" },
                { "user": "vic", "role": "viewer" },
                { "user": "sam", "role": "trainer", "expires": NOW + 2 * DAY },
            ] },
            { "id": "sales", "name": "Sales", "creator": "abe" },
        ],
        "projects": [
            { "id": "faq", "team": "support", "creator": "vic", "name": "FAQ" },
            { "id": "deals", "team": "sales" },
        ],
        "assistants": [
            { "id": "draft", "project": "faq", "owner": "olga", "accessibility": "only_me" },
            { "id": "helper", "project": "faq", "owner": "vic", "name": "Helper", "accessibility": "only_team" },
            { "id": "site", "project": "faq", "owner": "vic", "accessibility": "public",
                "grants": [{ "user": "ed", "role": "editor" }, { "user": "ed", "role": "tester" }] },
            { "id": "pitch", "project": "deals", "owner": "abe", "accessibility": "only_team" },
        ],
    }))
    .unwrap()
}

/// A directory with its history. Each command is followed by what must hold after any command.
struct World {
    directory: Directory,
    events: Vec<Event>,
    now: u64,
    entropy: u8,
}

impl World {
    fn new() -> World {
        let (directory, first) = Directory::found(&acme(), NOW).unwrap();
        World { directory, events: vec![first], now: NOW, entropy: 0 }
    }

    fn actor(name: &str) -> Actor {
        if name == "system" { Actor::System } else { Actor::User(name.to_owned()) }
    }

    fn decide(&mut self, actor: &str, command: &Value) -> Result<Decided, Refusal> {
        self.entropy += 1;
        let command = Command::from_json(&command.to_string())?;
        self.directory.decide(&World::actor(actor), command, self.now, &[self.entropy; 32])
    }

    fn accept(&mut self, actor: &str, command: Value) -> Decided {
        let before = self.directory.facts.workspace();
        let version = self.directory.version();
        let decided = self.decide(actor, &command).unwrap_or_else(|refusal| panic!("{actor} {command}: {refusal:?}"));
        assert_eq!(self.directory.facts.workspace(), before, "deciding changes nothing");
        self.directory.apply(&decided.event).unwrap();
        let after = self.directory.facts.workspace();

        assert_eq!((self.directory.version(), decided.event.version), (version + 1, version + 1));
        let sealed: SealedContent = serde_json::from_str(&decided.event.sealed).unwrap();
        assert_eq!(patched(&before, &sealed.after), after, "{command}");
        assert_eq!(patched(&after, &sealed.before), before, "{command}: before does not undo after");
        assert_eq!(Facts::from_document(&after).unwrap().workspace(), after);
        let dump = self.directory.dump().unwrap();
        assert_eq!(Directory::restore(&dump).unwrap().dump().unwrap(), dump);
        self.events.push(decided.event.clone());
        decided
    }

    fn refuse(&mut self, actor: &str, command: Value) -> Refusal {
        let before = self.directory.dump().unwrap();
        let refusal = match self.decide(actor, &command) {
            Err(refusal) => refusal,
            Ok(decided) => panic!("{actor} {command}: accepted as {}", decided.event.text),
        };
        assert_eq!(self.directory.dump().unwrap(), before, "a refusal changes nothing");
        assert!(!refusal.message.is_empty() && !refusal.message.contains('\n'), "{refusal:?}");
        refusal
    }

    fn code(&mut self, actor: &str, command: Value) -> &'static str {
        self.refuse(actor, command).code.name()
    }

    /// The reason for a `not_allowed`.
    fn denied(&mut self, actor: &str, command: Value) -> &'static str {
        let refusal = self.refuse(actor, command);
        assert_eq!(refusal.code, RefusalCode::NotAllowed, "{refusal:?}");
        refusal.denied.unwrap().name()
    }

    fn path(&mut self, actor: &str, command: Value) -> String {
        let refusal = self.refuse(actor, command);
        assert_eq!(refusal.code, RefusalCode::InvalidCommand, "{refusal:?}");
        refusal.path.unwrap()
    }

    fn invite(&mut self, actor: &str, email: &str) -> (String, Secret) {
        let result = self.accept(actor, json!({ "type": "invite_user", "email": email })).result;
        (result.user.unwrap(), result.token.unwrap())
    }
}

fn accepting(token: &Secret, subject: &str, email: &str) -> Value {
    json!({ "type": "accept_invitation", "token": token.0, "issuer": "https://id.example", "subject": subject, "email": email })
}

#[test]
fn an_invitation_is_accepted_once() {
    let mut world = World::new();
    let command = json!({ "type": "invite_user", "email": "New@Acme.Example", "role": "application_admin", "id": "nia" });
    let result = world.accept("gina", command).result;
    let token = result.token.unwrap();
    assert_eq!((result.user.as_deref(), result.email.as_deref()), (Some("nia"), Some("new@acme.example")));
    assert_eq!((token.0.len(), token.0.starts_with("wi_")), (46, true));
    assert_eq!(world.directory.user("nia").unwrap().status, Status::Invited);
    let pending = world.directory.invitations();
    assert_eq!(pending[0].invited_by.as_deref(), Some("gina"));
    assert_eq!(pending[0].expires, NOW + 7 * DAY);
    assert_eq!(world.denied("nia", json!({ "type": "create_team", "name": "Hers" })), "inactive");

    assert_eq!(world.denied("gina", accepting(&token, "1", "new@acme.example")), "not_granted");
    assert_eq!(world.code("system", accepting(&token, "1", "other@acme.example")), "wrong_address");
    assert_eq!(world.code("system", accepting(&Secret("wi_none".to_owned()), "1", "new@acme.example")), "invitation_invalid");
    let accepted = world.accept("system", accepting(&token, "1", "NEW@acme.example"));
    assert_eq!(accepted.result.user.as_deref(), Some("nia"));
    assert_eq!(world.code("system", accepting(&token, "2", "new@acme.example")), "invitation_invalid");
    assert_eq!(world.directory.account("https://id.example", "1"), Some("nia"));
    assert!(world.directory.invitations().is_empty());
    world.accept("nia", json!({ "type": "create_team", "name": "Hers" }));
}

#[test]
fn an_invitation_expires_and_is_replaced() {
    let mut world = World::new();
    let (user, old) = world.invite("gina", "new@acme.example");
    assert_eq!(world.code("gina", json!({ "type": "invite_user", "email": "NEW@acme.example" })), "already_exists");
    assert_eq!(world.code("gina", json!({ "type": "invite_user", "email": "vic@acme.example" })), "already_exists");
    world.now += 7 * DAY;
    assert_eq!(world.code("system", accepting(&old, "1", "new@acme.example")), "invitation_expired");
    assert_eq!(world.code("gina", json!({ "type": "invite_user", "email": "new@acme.example", "id": "other" })), "already_exists");
    let (again, token) = world.invite("gina", "new@acme.example");
    assert_eq!(again, user);
    assert_eq!(world.code("system", accepting(&old, "1", "new@acme.example")), "invitation_invalid");
    world.accept("system", accepting(&token, "1", "new@acme.example"));
}

#[test]
fn resending_kills_the_old_token_and_revoking_the_user() {
    let mut world = World::new();
    let command = json!({ "type": "invite_user", "email": "new@acme.example", "expires_in": 60, "id": "nia" });
    let old = world.accept("gina", command).result.token.unwrap();
    world.accept("gina", json!({ "type": "add_member", "team": "support", "user": "nia", "role": "viewer" }));
    world.accept("gina", json!({ "type": "grant", "assistant": "site", "user": "nia", "role": "editor" }));
    world.now += 50;
    let new = world.accept("abe", json!({ "type": "resend_invitation", "user": "nia" })).result.token.unwrap();
    assert_eq!(world.directory.invitations()[0].expires, NOW + 110);
    assert_eq!(world.code("system", accepting(&old, "1", "new@acme.example")), "invitation_invalid");
    world.accept("abe", json!({ "type": "revoke_invitation", "user": "nia" }));
    assert_eq!(world.directory.user("nia"), None);
    assert_eq!(world.code("system", accepting(&new, "1", "new@acme.example")), "invitation_invalid");
    assert_eq!(world.code("abe", json!({ "type": "resend_invitation", "user": "vic" })), "unknown_invitation");
    assert_eq!(world.code("abe", json!({ "type": "revoke_invitation", "user": "nobody" })), "unknown_user");
    // The address is free again.
    world.invite("gina", "new@acme.example");
}

#[test]
fn inviting_is_bounded_by_the_inviters_own_role() {
    let mut world = World::new();
    let invite = |role: &str| json!({ "type": "invite_user", "email": "new@acme.example", "role": role });
    assert_eq!(world.code("abe", invite("global_admin")), "beyond_own_role");
    assert_eq!(world.code("abe", invite("auditor")), "beyond_own_role");
    assert_eq!(world.code("abe", invite("viewer")), "unknown_role");
    assert_eq!(world.denied("vic", invite("user")), "not_granted");
    assert_eq!(world.denied("sam", invite("user")), "inactive");
    assert_eq!(world.denied("nobody", invite("user")), "inactive");
    world.accept("abe", invite("application_admin"));
    // Nor may they touch an invitation to more.
    let command = json!({ "type": "invite_user", "email": "boss@acme.example", "role": "global_admin", "id": "boss" });
    world.accept("gina", command.clone());
    assert_eq!(world.code("abe", json!({ "type": "revoke_invitation", "user": "boss" })), "beyond_own_role");
    assert_eq!(world.code("abe", json!({ "type": "resend_invitation", "user": "boss" })), "beyond_own_role");
    world.now += 8 * DAY;
    assert_eq!(world.code("abe", json!({ "type": "invite_user", "email": "boss@acme.example" })), "beyond_own_role");
}

#[test]
fn what_a_command_says_is_checked_with_the_path() {
    let mut world = World::new();
    let mut path = |command: Value| world.path("gina", command);
    assert_eq!(path(json!({ "type": "invite_user", "email": "no address" })), "email");
    assert_eq!(path(json!({ "type": "invite_user", "email": "a@b.c", "id": "a b" })), "id");
    assert_eq!(path(json!({ "type": "invite_user", "email": "a@b.c", "expires_in": 0 })), "expires_in");
    assert_eq!(path(json!({ "type": "invite_user", "email": "a@b.c", "expires_in": 30 * DAY + 1 })), "expires_in");
    assert_eq!(path(json!({ "type": "invite_user", "email": "a@b.c", "expires_in": "soon" })), "expires_in");
    assert_eq!(path(json!({ "type": "invite_user", "email": "a@b.c", "rolle": "user" })), "rolle");
    assert_eq!(path(json!({ "type": "invite_user", "email": "a@b.c", "role": null })), "role");
    assert_eq!(path(json!({ "type": "invite_user" })), "email");
    assert_eq!(path(json!({ "type": "found" })), "type");
    assert_eq!(path(json!({ "email": "a@b.c" })), "type");
    assert_eq!(path(json!({ "type": "create_team", "name": " " })), "name");
    assert_eq!(path(json!({ "type": "create_team", "name": "a\nb" })), "name");
    assert_eq!(path(json!({ "type": "create_team", "name": "a\u{2028}b" })), "name");
    assert_eq!(path(json!({ "type": "create_team", "name": "x".repeat(201) })), "name");
    let member =
        |expires: u64| json!({ "type": "add_member", "team": "sales", "user": "vic", "role": "viewer", "expires": expires });
    assert_eq!(path(member(NOW)), "expires");
    assert_eq!(path(member(NOW * 1000)), "expires");
    assert_eq!(
        path(json!({ "type": "set_embed", "assistant": "site", "origins": ["https://a.example", "a.example"] })),
        "origins[1]"
    );
    assert_eq!(path(json!({ "type": "set_embed", "assistant": "site", "origins": ["https://a.example", 7] })), "origins[1]");
    assert_eq!(path(json!({ "type": "set_embed", "assistant": "site" })), "origins");
    assert_eq!(path(json!({ "type": "set_accessibility", "assistant": "site", "accessibility": "everybody" })), "accessibility");
    assert_eq!(path(json!({ "type": "define_role", "id": "r", "on": "team", "grants": ["team.view", "fly"] })), "grants[1]");
    assert_eq!(path(json!({ "type": "define_role", "id": "r", "on": "team", "grants": ["team.view", "audit.view"] })), "grants[1]");
    assert_eq!(path(json!({ "type": "set_plan", "withholds": ["panel.analytcs"] })), "withholds[0]");
    assert_eq!(path(json!({ "type": "remove_user", "user": "vic", "successor": "vic" })), "successor");
    assert_eq!(path(json!({ "type": "remove_user", "user": "vic", "successors": { "helper": 7 } })), "successors.helper");
    let refused = |json: &str| Command::from_json(json).unwrap_err();
    // The longest pattern is of a host that there can be.
    let embed =
        |host: &str| json!({ "type": "set_embed", "assistant": "site", "origins": ["*", format!("https://*.{host}:65535")] });
    let host = "x".repeat(246) + ".example";
    world.decide("gina", &embed(&host)).unwrap();
    assert_eq!(world.path("gina", embed(&format!("x{host}"))), "origins[1]");
    assert_eq!(refused(r#"{"type":"create_team","name":"a","name":"b"}"#).path.as_deref(), Some("name"));
    for text in ["", "null", "[]", "{", "7"] {
        assert_eq!(refused(text).code, RefusalCode::InvalidCommand, "{text}");
    }
    // A time in milliseconds would be the time of every event from then on.
    world.now = NOW * 1000;
    assert_eq!(world.path("gina", json!({ "type": "create_team", "name": "Late" })), "now");
}

/// Each command that has a name, an id, an account or an address in it, and what else it takes.
fn naming() -> Vec<(Value, &'static [&'static str])> {
    let account = |mut command: Value| {
        (command["issuer"], command["subject"], command["email"]) =
            (json!("https://id.example"), json!("1"), json!("new@acme.example"));
        command
    };
    vec![
        (json!({ "type": "create_team" }), &["name", "id"]),
        (json!({ "type": "edit_team", "team": "support" }), &["name"]),
        (json!({ "type": "create_project", "team": "support" }), &["name", "id"]),
        (json!({ "type": "edit_project", "project": "faq" }), &["name"]),
        (json!({ "type": "create_assistant", "project": "faq" }), &["name", "id"]),
        (json!({ "type": "edit_assistant", "assistant": "site" }), &["name"]),
        (json!({ "type": "create_link", "assistant": "site", "level": "view" }), &["id"]),
        (json!({ "type": "define_role", "on": "team", "grants": [] }), &["id"]),
        (json!({ "type": "invite_user", "email": "new@acme.example" }), &["id", "email"]),
        (json!({ "type": "set_plan", "withholds": [] }), &["name"]),
        (account(json!({ "type": "join" })), &["id", "email", "issuer", "subject"]),
        (account(json!({ "type": "accept_invitation", "token": "wi_none" })), &["email", "issuer", "subject"]),
        (json!({ "type": "link_account", "user": "vic", "issuer": "https://id.example", "subject": "1" }), &["issuer", "subject"]),
    ]
}

#[test]
fn names_ids_accounts_and_addresses_are_checked_in_every_command() {
    let mut world = World::new();
    let long = |length: usize| "x".repeat(length);
    for (command, fields) in naming() {
        let kind = command["type"].as_str().unwrap().to_owned();
        let actor = if fields.contains(&"subject") || kind == "set_plan" { "system" } else { "gina" };
        for field in fields {
            let (good, bad): (Vec<String>, Vec<String>) = match *field {
                "name" => (
                    vec!["x".to_owned(), long(200), "ö".repeat(200), "a b".to_owned()],
                    ["", " ", "a\nb", "a\u{2028}b", "a\u{2029}b", "a\u{7}b"]
                        .map(str::to_owned)
                        .into_iter()
                        .chain([long(201)])
                        .collect(),
                ),
                "id" => (
                    vec!["x".to_owned(), long(128), "a_b.c:d@e-f".to_owned(), "9".to_owned()],
                    ["", "a b", "a/b", "ö", "a\n", "`"].map(str::to_owned).into_iter().chain([long(129)]).collect(),
                ),
                "email" => (vec!["NEW@acme.example".to_owned()], ["", "a", "a@b", "a b@c.example"].map(str::to_owned).to_vec()),
                _ => (
                    vec!["x".to_owned(), long(255)],
                    ["", "a\nb", "a\u{2028}b"].map(str::to_owned).into_iter().chain([long(256)]).collect(),
                ),
            };
            let mut with = |value: &str| {
                let mut command = command.clone();
                if fields.contains(&"name") {
                    command["name"] = json!("Name");
                }
                if kind == "define_role" {
                    command["id"] = json!("fresh");
                }
                command[*field] = json!(value);
                world.decide(actor, &command)
            };
            for value in good {
                // An invitation that there is not is the next thing in the way.
                let refused = with(&value).err().map(|refusal| refusal.code.name());
                assert_eq!(refused, (kind == "accept_invitation").then_some("invitation_invalid"), "{kind} {field} {value:?}");
            }
            for value in bad {
                let refusal = with(&value).err().unwrap_or_else(|| panic!("{kind} {field} {value:?}"));
                assert_eq!((refusal.code.name(), refusal.path.as_deref()), ("invalid_command", Some(*field)), "{kind} {value:?}");
            }
        }
    }
}

#[test]
fn a_capability_named_twice_is_one() {
    let mut world = World::new();
    let twice = json!(["team.view", "project.view", "team.view"]);
    world.accept("gina", json!({ "type": "define_role", "id": "fresh", "on": "team", "grants": twice }));
    let fresh = world.directory.facts.find_role("fresh").unwrap();
    assert_eq!(world.directory.facts.role_document(fresh).grants, ["team.view", "project.view"]);
    world.accept("system", json!({ "type": "set_plan", "withholds": twice }));
    assert_eq!(world.directory.facts.plan_now().withholds, ["team.view", "project.view"]);
}

#[test]
fn a_refusal_says_what_is_missing_and_where() {
    let mut world = World::new();
    let mut message = |command: Value| world.refuse("vic", command).message;
    assert_eq!(message(json!({ "type": "create_team", "name": "New" })), "team.create is denied: not_granted");
    assert_eq!(
        message(json!({ "type": "edit_team", "team": "support", "name": "New" })),
        "team.edit on team `support` is denied: not_granted"
    );
    assert_eq!(
        message(json!({ "type": "delete_project", "project": "deals" })),
        "project.delete on project `deals` is denied: unknown_target"
    );
    assert_eq!(
        message(json!({ "type": "edit_assistant", "assistant": "draft", "name": "New" })),
        "assistant.edit on assistant `draft` is denied: unknown_target"
    );
}

#[test]
fn so_many_origins_and_no_more() {
    let mut world = World::new();
    let embed = |count: usize| {
        let origins: Vec<String> = (0..count).map(|n| format!("https://a{n}.example")).collect();
        json!({ "type": "set_embed", "assistant": "site", "origins": origins })
    };
    assert_eq!(world.path("gina", embed(257)), "origins");
    assert_eq!(world.path("gina", embed(5000)), "origins");
    world.accept("gina", embed(256));
    world.accept("gina", embed(0));
    world.accept("gina", json!({ "type": "set_embed", "assistant": "site", "origins": null }));
}

#[test]
fn a_first_sign_in_makes_a_user() {
    let mut world = World::new();
    let join =
        |subject: &str, email: &str| json!({ "type": "join", "issuer": "https://id.example", "subject": subject, "email": email });
    let user = world.accept("system", join("1", "New@acme.example")).result.user.unwrap();
    let joined = world.directory.user(&user).unwrap();
    assert_eq!((joined.role.as_str(), joined.status, joined.email.as_deref()), ("user", Status::Active, Some("new@acme.example")));
    assert_eq!(world.directory.user_at("NEW@acme.example"), Some(user.as_str()));
    assert_eq!(world.code("system", join("1", "new2@acme.example")), "already_exists");
    assert_eq!(world.code("system", join("2", "VIC@acme.example")), "already_exists");
    world.invite("gina", "later@acme.example");
    let refusal = world.refuse("system", join("3", "later@acme.example"));
    assert_eq!((refusal.code.name(), refusal.message.contains("invited")), ("already_exists", true));
    assert_eq!(world.denied("gina", join("4", "x@acme.example")), "not_granted");
    assert_eq!(world.denied("sam", join("4", "x@acme.example")), "inactive");
}

#[test]
fn an_account_is_one_users() {
    let mut world = World::new();
    let link = |user: &str, subject: &str| json!({ "type": "link_account", "user": user, "issuer": "https://id.example", "subject": subject });
    world.accept("system", link("vic", "1"));
    assert_eq!(world.directory.account("https://id.example", "1"), Some("vic"));
    assert_eq!(world.code("system", link("ed", "1")), "already_exists");
    assert_eq!(world.code("system", link("sam", "2")), "inactive_user");
    assert_eq!(world.code("system", link("nobody", "2")), "unknown_user");
    assert_eq!(world.denied("gina", link("ed", "2")), "not_granted");
    // Another account takes the place of the first.
    world.accept("system", link("vic", "2"));
    assert_eq!(world.directory.account("https://id.example", "1"), None);
}

#[test]
fn roles_are_given_within_ones_own() {
    let mut world = World::new();
    let assign = |user: &str, role: &str| json!({ "type": "assign_role", "user": user, "role": role });
    assert_eq!(world.code("gina", assign("gina", "user")), "own_role");
    assert_eq!(world.code("abe", assign("abe", "user")), "own_role");
    assert_eq!(world.code("abe", assign("vic", "global_admin")), "beyond_own_role");
    assert_eq!(world.code("abe", assign("gina", "user")), "beyond_own_role");
    assert_eq!(world.code("abe", assign("dot", "user")), "beyond_own_role");
    assert_eq!(world.code("abe", assign("vic", "owner")), "unknown_role");
    assert_eq!(world.code("abe", assign("nobody", "user")), "unknown_user");
    assert_eq!(world.denied("vic", assign("ed", "user")), "not_granted");
    assert_eq!(world.code("system", assign("gina", "user")), "last_global_admin");
    let event = world.accept("abe", assign("vic", "application_admin")).event;
    let text: Value = serde_json::from_str(&event.text).unwrap();
    assert_eq!(text["command"], json!({ "type": "assign_role", "user": "vic", "role": "application_admin", "was": "user" }));
    world.accept("gina", assign("vic", "global_admin"));
    world.accept("vic", assign("gina", "user"));
    // An invitation gives the role that its user has by now.
    let (nia, _) = world.invite("vic", "nia@acme.example");
    world.accept("vic", assign(&nia, "application_admin"));
    assert_eq!(world.directory.invitations()[0].role, "application_admin");
}

#[test]
fn the_last_active_global_admin_stays() {
    let mut world = World::new();
    for command in ["suspend_user", "remove_user"] {
        assert_eq!(world.code("gina", json!({ "type": command, "user": "gina" })), "last_global_admin");
        assert_eq!(world.code("system", json!({ "type": command, "user": "gina" })), "last_global_admin");
        assert_eq!(world.code("abe", json!({ "type": command, "user": "gina" })), "beyond_own_role");
        assert_eq!(world.denied("vic", json!({ "type": command, "user": "ed" })), "not_granted");
        assert_eq!(world.code("abe", json!({ "type": command, "user": "nobody" })), "unknown_user");
    }
    world.accept("gina", json!({ "type": "reactivate_user", "user": "gina" }));
    world.accept("gina", json!({ "type": "reactivate_user", "user": "sam" }));
    world.accept("gina", json!({ "type": "suspend_user", "user": "gina" }));
    assert_eq!(world.denied("gina", json!({ "type": "create_team", "name": "No" })), "inactive");
    let (nia, _) = world.invite("sam", "nia@acme.example");
    assert_eq!(world.code("sam", json!({ "type": "suspend_user", "user": nia })), "inactive_user");
    assert_eq!(world.code("sam", json!({ "type": "reactivate_user", "user": nia })), "inactive_user");
}

#[test]
fn whoever_is_removed_leaves_nothing_behind() {
    let mut world = World::new();
    world.accept("system", json!({ "type": "link_account", "user": "vic", "issuer": "https://id.example", "subject": "1" }));
    world.accept("gina", json!({ "type": "grant", "assistant": "site", "user": "vic", "role": "tester" }));
    let remove = |more: Value| {
        let mut command = json!({ "type": "remove_user", "user": "vic" });
        command.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        command
    };
    let refusal = world.refuse("abe", remove(json!({})));
    assert_eq!((refusal.code.name(), refusal.ids), ("owns_assistants", vec!["helper".to_owned(), "site".to_owned()]));
    let refusal = world.refuse("abe", remove(json!({ "successors": { "site": "olga" } })));
    assert_eq!(refusal.ids, ["helper"]);
    assert_eq!(world.code("abe", remove(json!({ "successors": { "draft": "olga" }, "successor": "ed" }))), "unknown_assistant");
    assert_eq!(world.code("abe", remove(json!({ "successor": "nobody" }))), "unknown_user");
    assert_eq!(world.code("abe", remove(json!({ "successor": "sam" }))), "inactive_user");
    let decided = world.accept("abe", remove(json!({ "successors": { "site": "olga" }, "successor": "ed" })));
    assert_eq!(decided.gates, ["site"]);
    let dump = world.directory.dump().unwrap();
    assert!(!dump.contains("vic"), "{dump}");
    let owner = |id: &str| world.directory.facts.workspace().assistants.iter().find(|it| it.id == id).unwrap().owner.clone();
    assert_eq!((owner("site").as_deref(), owner("helper").as_deref()), (Some("olga"), Some("ed")));
    // The creator of a team that stays.
    world.accept("gina", json!({ "type": "remove_user", "user": "abe", "successor": "gina" }));
    assert!(!world.directory.dump().unwrap().contains("abe"));
}

#[test]
fn teams_and_projects_are_created_renamed_and_deleted() {
    let mut world = World::new();
    assert_eq!(world.denied("vic", json!({ "type": "create_team", "name": "New" })), "not_granted");
    assert_eq!(world.code("gina", json!({ "type": "create_team", "name": "New", "id": "sales" })), "already_exists");
    let team = world.accept("abe", json!({ "type": "create_team", "name": "New" })).result.team.unwrap();
    // Its creator acts as its owner.
    world.accept("abe", json!({ "type": "edit_team", "team": team, "name": "Newer" }));
    world.accept("abe", json!({ "type": "add_member", "team": team, "user": "vic", "role": "viewer" }));
    assert_eq!(world.denied("vic", json!({ "type": "edit_team", "team": team, "name": "Mine" })), "not_granted");
    assert_eq!(world.denied("ed", json!({ "type": "edit_team", "team": team, "name": "Mine" })), "unknown_target");
    assert_eq!(world.denied("ed", json!({ "type": "edit_team", "team": "nowhere", "name": "Mine" })), "unknown_target");
    assert_eq!(world.denied("gina", json!({ "type": "edit_team", "team": "nowhere", "name": "Mine" })), "unknown_target");
    assert_eq!(world.code("system", json!({ "type": "edit_team", "team": "nowhere", "name": "Mine" })), "unknown_team");
    let project = world.accept("vic", json!({ "type": "create_project", "team": team, "name": "One" })).result.project.unwrap();
    world.accept("vic", json!({ "type": "edit_project", "project": project, "name": "Two" }));
    assert_eq!(world.code("gina", json!({ "type": "create_project", "team": team, "name": "One", "id": "faq" })), "already_exists");
    assert_eq!(world.denied("ed", json!({ "type": "create_project", "team": team, "name": "One" })), "unknown_target");
    let assistant =
        world.accept("vic", json!({ "type": "create_assistant", "project": project, "name": "A" })).result.assistant.unwrap();
    let refusal = world.refuse("abe", json!({ "type": "delete_team", "team": team }));
    assert_eq!((refusal.code.name(), refusal.ids), ("not_empty", vec![project.clone()]));
    // The assistant is Only Me: not for the team's owner to know.
    let refusal = world.refuse("abe", json!({ "type": "delete_project", "project": project }));
    assert_eq!((refusal.code.name(), refusal.ids), ("not_empty", vec![]));
    let refusal = world.refuse("vic", json!({ "type": "delete_project", "project": project }));
    assert_eq!(refusal.ids, [assistant]);
    world.accept("vic", json!({ "type": "delete_project", "project": project, "cascade": true }));
    world.accept("abe", json!({ "type": "delete_team", "team": team }));
    let decided = world.accept("olga", json!({ "type": "delete_team", "team": "support", "cascade": true }));
    assert_eq!(decided.gates, ["site"]);
    assert_eq!(world.directory.facts.workspace().assistants.len(), 1);
}

#[test]
fn memberships_are_given_within_ones_powers_there() {
    let mut world = World::new();
    let member = |command: &str, user: &str, role: &str| json!({ "type": command, "team": "support", "user": user, "role": role });
    world.accept("olga", member("add_member", "ed", "viewer"));
    assert_eq!(world.code("olga", member("add_member", "ed", "owner")), "already_exists");
    assert_eq!(world.denied("vic", member("add_member", "dot", "viewer")), "not_granted");
    assert_eq!(world.code("olga", member("add_member", "dot", "editor")), "unknown_role");
    assert_eq!(world.code("olga", member("add_member", "nobody", "viewer")), "unknown_user");
    assert_eq!(world.code("olga", member("set_member_role", "dot", "viewer")), "unknown_user");
    let event = world.accept("olga", member("set_member_role", "ed", "owner")).event;
    assert!(event.text.contains(r#""was":"viewer""#), "{}", event.text);
    // A trainer for two days manages members and can give no more than that, and for no longer.
    world.accept("gina", json!({ "type": "reactivate_user", "user": "sam" }));
    world.accept("gina", json!({ "type": "assign_role", "user": "sam", "role": "user" }));
    assert_eq!(world.code("sam", member("add_member", "dot", "viewer")), "beyond_own_role");
    let refusal = world.refuse("sam", member("add_member", "dot", "trainer"));
    assert_eq!(
        (refusal.code.name(), refusal.path.as_deref(), refusal.until),
        ("beyond_own_role", Some("expires"), Some(NOW + 2 * DAY))
    );
    let mut ending = member("add_member", "dot", "trainer");
    ending["expires"] = json!(NOW + 2 * DAY);
    world.accept("sam", ending);
    // Nor take more.
    assert_eq!(world.code("sam", json!({ "type": "remove_member", "team": "support", "user": "olga" })), "beyond_own_role");
    world.accept("sam", json!({ "type": "remove_member", "team": "support", "user": "dot" }));
    assert_eq!(world.code("sam", json!({ "type": "remove_member", "team": "support", "user": "dot" })), "unknown_user");
    world.accept("ed", json!({ "type": "remove_member", "team": "support", "user": "olga" }));
    // What has lapsed gives nothing, and is replaced.
    world.now += 2 * DAY;
    assert_eq!(world.denied("sam", member("add_member", "olga", "trainer")), "unknown_target");
    world.accept("ed", member("add_member", "sam", "viewer"));
    let team = world.directory.facts.workspace().teams.into_iter().find(|team| team.id == "support").unwrap();
    assert_eq!(team.members.iter().filter(|member| member.user == "sam").count(), 1);
}

#[test]
fn assistants_are_created_edited_and_transferred() {
    let mut world = World::new();
    let create = |project: &str| json!({ "type": "create_assistant", "project": project, "name": "New" });
    assert_eq!(world.denied("vic", create("deals")), "unknown_target");
    assert_eq!(world.denied("vic", create("nowhere")), "unknown_target");
    assert_eq!(world.code("system", create("nowhere")), "unknown_project");
    assert_eq!(world.code("system", create("faq")), "invalid_command");
    let id = world.accept("vic", create("faq")).result.assistant.unwrap();
    let new = world.directory.facts.workspace().assistants.into_iter().find(|assistant| assistant.id == id).unwrap();
    assert_eq!((new.owner.as_deref(), new.accessibility), (Some("vic"), Accessibility::OnlyMe));
    world.accept("vic", json!({ "type": "edit_assistant", "assistant": id, "name": "Newer" }));
    assert_eq!(world.denied("olga", json!({ "type": "edit_assistant", "assistant": id, "name": "Mine" })), "unknown_target");
    assert_eq!(world.denied("ed", json!({ "type": "transfer_assistant", "assistant": "site", "user": "ed" })), "not_granted");
    let transfer = |user: &str| json!({ "type": "transfer_assistant", "assistant": id, "user": user });
    assert_eq!((world.code("gina", transfer("sam")), world.code("gina", transfer("nobody"))), ("inactive_user", "unknown_user"));
    // Whoever is not shown people is not told which.
    assert_eq!((world.code("vic", transfer("sam")), world.code("vic", transfer("nobody"))), ("unknown_user", "unknown_user"));
    world.accept("vic", json!({ "type": "transfer_assistant", "assistant": id, "user": "ed" }));
    assert_eq!(world.denied("vic", json!({ "type": "delete_assistant", "assistant": id })), "unknown_target");
    world.accept("ed", json!({ "type": "delete_assistant", "assistant": id }));
}

#[test]
fn grants_that_would_not_count_are_refused() {
    let mut world = World::new();
    let grant =
        |assistant: &str, user: &str, role: &str| json!({ "type": "grant", "assistant": assistant, "user": user, "role": role });
    assert_eq!(world.code("olga", grant("draft", "ed", "editor")), "only_me");
    let refusal = world.refuse("gina", grant("helper", "ed", "editor"));
    assert_eq!((refusal.code.name(), refusal.path.as_deref()), ("only_team", Some("user")));
    assert_eq!(world.code("vic", grant("helper", "ed", "editor")), "unknown_user");
    world.accept("vic", grant("helper", "olga", "editor"));
    world.accept("vic", grant("helper", "gina", "editor"));
    assert_eq!(world.code("vic", grant("site", "dot", "tester")), "beyond_own_role");
    assert_eq!(world.code("vic", grant("site", "dot", "viewer")), "unknown_role");
    assert_eq!(world.denied("ed", grant("site", "dot", "editor")), "not_granted");
    assert_eq!(world.denied("ed", grant("helper", "dot", "editor")), "unknown_target");
    let held = |world: &World, user: &str| {
        let assistant = world.directory.facts.workspace().assistants.into_iter().find(|it| it.id == "site").unwrap();
        assistant.grants.into_iter().filter(|grant| grant.user == user).map(|grant| (grant.role, grant.expires)).collect::<Vec<_>>()
    };
    // The same role again sets its expiry, the other stays.
    let mut again = grant("site", "ed", "editor");
    again["expires"] = json!(NOW + DAY);
    world.accept("vic", again);
    assert_eq!(held(&world, "ed"), [("editor".to_owned(), Some(NOW + DAY)), ("tester".to_owned(), None)]);
    let revoke = |user: &str, role: Value| json!({ "type": "revoke_grant", "assistant": "site", "user": user, "role": role });
    // Somebody who had it gave it; they take it.
    assert_eq!(world.code("vic", revoke("ed", json!("tester"))), "beyond_own_role");
    world.accept("gina", revoke("ed", json!("tester")));
    assert_eq!(world.code("vic", revoke("ed", json!("tester"))), "unknown_role");
    assert_eq!(world.code("vic", revoke("dot", json!("editor"))), "unknown_user");
    world.accept("vic", json!({ "type": "revoke_grant", "assistant": "site", "user": "ed" }));
    assert_eq!(held(&world, "ed"), []);
}

#[test]
fn links_and_embedding() {
    let mut world = World::new();
    let link = |assistant: &str| json!({ "type": "create_link", "assistant": assistant, "level": "edit", "expires": NOW + DAY });
    let named = || json!({ "type": "create_link", "assistant": "site", "level": "edit", "id": "l1", "expires": NOW + DAY });
    assert_eq!(world.code("olga", link("draft")), "only_me");
    assert_eq!(world.code("vic", link("helper")), "only_team");
    assert_eq!(world.denied("ed", link("site")), "not_granted");
    assert_eq!(world.code("vic", named()), "beyond_own_role");
    let decided = world.accept("gina", named());
    assert_eq!(world.code("gina", named()), "already_exists");
    let key = decided.result.key.unwrap().0;
    assert_eq!((key.len(), key.starts_with("wk_")), (46, true));
    assert_eq!((decided.result.link.as_deref(), decided.gates), (Some("l1"), vec!["site".to_owned()]));
    let digest = base64url(&Sha256::digest(&key));
    assert!(decided.event.sealed.contains(&digest));
    assert!(!decided.event.text.contains(&digest) && !decided.event.text.contains(&key) && !decided.event.sealed.contains(&key));
    assert_eq!(world.code("vic", json!({ "type": "revoke_link", "assistant": "site", "link": "l2" })), "unknown_link");
    world.accept("vic", json!({ "type": "revoke_link", "assistant": "site", "link": "l1" }));
    let embed = |origins: Value| json!({ "type": "set_embed", "assistant": "site", "origins": origins });
    let site = |world: &World| world.directory.facts.workspace().assistants.into_iter().find(|it| it.id == "site").unwrap().embed;
    world.accept("vic", embed(json!(["https://*.acme.example"])));
    assert_eq!(site(&world).unwrap().origins, ["https://*.acme.example"]);
    world.accept("vic", embed(json!([])));
    assert_eq!(site(&world).unwrap().origins, Vec::<String>::new());
    world.accept("vic", embed(Value::Null));
    assert_eq!(site(&world), None);
    // Opening and closing concerns the gate, before as after.
    let set = |to: &str| json!({ "type": "set_accessibility", "assistant": "site", "accessibility": to });
    assert_eq!(world.accept("vic", set("only_me")).gates, ["site"]);
    assert_eq!(world.accept("vic", set("only_team")).gates, Vec::<String>::new());
    assert_eq!(world.accept("vic", set("public")).gates, ["site"]);
    assert_eq!(world.directory.public_assistants(), ["site"]);
}

#[test]
fn custom_roles_are_defined_within_ones_own() {
    let mut world = World::new();
    let define = |id: &str, on: &str, grants: Value| json!({ "type": "define_role", "id": id, "on": on, "grants": grants });
    assert_eq!(world.denied("abe", define("new", "team", json!([]))), "not_granted");
    assert_eq!(world.code("dot", define("new", "organization", json!(["audit.view"]))), "beyond_own_role");
    assert_eq!(world.code("dot", define("auditor", "organization", json!([]))), "beyond_own_role");
    world.accept("dot", define("new", "organization", json!(["user.invite"])));
    for (built_in, on, _) in BUILT_IN {
        let on = serde_json::to_value(on).unwrap();
        assert_eq!(world.code("gina", define(built_in, on.as_str().unwrap(), json!([]))), "already_exists");
        assert_eq!(world.code("gina", json!({ "type": "delete_role", "role": built_in })), "unknown_role");
    }
    world.accept("gina", define("new", "organization", json!(["user.invite", "audit.view"])));
    let refusal = world.refuse("gina", define("tester", "team", json!([])));
    assert_eq!((refusal.code.name(), refusal.ids), ("in_use", vec!["ed".to_owned()]));
    for (role, holder) in [("tester", "ed"), ("trainer", "sam"), ("definer", "dot")] {
        let refusal = world.refuse("gina", json!({ "type": "delete_role", "role": role }));
        assert_eq!((refusal.code.name(), refusal.ids), ("in_use", vec![holder.to_owned()]));
    }
    world.accept("gina", json!({ "type": "delete_role", "role": "auditor" }));
    assert_eq!(world.code("gina", json!({ "type": "delete_role", "role": "auditor" })), "unknown_role");
    world.accept("gina", define("auditor", "assistant", json!(["assistant.view"])));
}

#[test]
fn role_sets_are_applied_without_replacing_anything() {
    let mut world = World::new();
    let apply = |set: &str| json!({ "type": "apply_role_set", "set": set });
    world.accept("gina", apply("built_in"));
    assert_eq!(world.denied("abe", apply("assigned_agents")), "not_granted");
    assert_eq!(world.code("dot", apply("assigned_agents")), "beyond_own_role");
    world.accept("gina", apply("assigned_agents"));
    for (id, on, grants) in ASSIGNED_AGENTS {
        let role = world.directory.facts.role(world.directory.facts.find_role(id).unwrap()).unwrap();
        assert_eq!((role.on, role.grants), (on, grants));
    }
    world.accept("gina", apply("assigned_agents"));
    world.accept("gina", json!({ "type": "define_role", "id": "agent_user", "on": "assistant", "grants": [] }));
    let refusal = world.refuse("gina", apply("assigned_agents"));
    assert_eq!((refusal.code.name(), refusal.ids), ("already_exists", vec!["agent_user".to_owned()]));
}

#[test]
fn a_plan_withholds_from_everybody() {
    let mut world = World::new();
    let plan = |withholds: Value| json!({ "type": "set_plan", "name": "free", "withholds": withholds });
    for actor in ["gina", "abe", "vic"] {
        assert_eq!(world.denied(actor, plan(json!([]))), "not_granted");
    }
    assert_eq!(world.accept("system", plan(json!(["assistant.share", "team.create"]))).gates, ["site"]);
    assert_eq!(world.denied("gina", json!({ "type": "create_team", "name": "New" })), "plan");
    assert_eq!(
        world.denied("vic", json!({ "type": "set_accessibility", "assistant": "site", "accessibility": "only_me" })),
        "plan"
    );
    // Nor is a new one open from the start.
    let open = |how: &str| json!({ "type": "create_assistant", "project": "faq", "name": "New", "accessibility": how });
    assert_eq!((world.denied("vic", open("public")), world.denied("gina", open("only_team"))), ("plan", "plan"));
    world.accept("vic", open("only_me"));
    // Whoever holds nothing on it learns nothing of it.
    let hidden = json!({ "type": "set_accessibility", "assistant": "helper", "accessibility": "only_me" });
    assert_eq!(world.denied("ed", hidden), "unknown_target");
    world.accept("system", json!({ "type": "create_team", "name": "New" }));
    // What it takes to change it cannot be withheld from whoever sold it.
    world.accept("system", plan(json!(["settings.manage", "user.invite"])));
    world.accept("system", json!({ "type": "set_plan", "withholds": [] }));
    assert_eq!(world.directory.facts.workspace().plan, None);
}

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
    // Time does not run backwards.
    let at = |event: &Event| serde_json::from_str::<Value>(&event.text).unwrap()["at"].as_u64().unwrap();
    assert!(world.events.iter().map(at).is_sorted());

    // Replayed, the events give the same directory.
    let mut replayed = Directory::begin(&world.events[0]).unwrap();
    for event in &world.events[1..] {
        assert!(replayed.apply(&world.events[0]).is_err());
        replayed.apply(event).unwrap();
        assert_eq!(replayed.apply(event).unwrap_err().code(), Code::Tampered);
    }
    assert_eq!(replayed.dump().unwrap(), world.directory.dump().unwrap());

    // Any byte that changes is found, at the latest by the head.
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

/// An event of a time before that of the one it follows, well made in all else.
#[test]
fn an_event_is_not_dated_before_the_one_it_follows() {
    let mut world = World::new();
    world.now += 100;
    let last = world.accept("gina", json!({ "type": "create_team", "name": "New" })).event;
    let command = json!({ "type": "complete_review" });
    let dated = |at: u64| {
        ChainEnd::write(Some(&world.directory.tip), at, &World::actor("gina"), &command, &SealedContent::default()).unwrap()
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

/// Versions and times that no directory gives would run over.
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

/// Restored or not, a directory decides the same, down to the text of the event.
#[test]
fn what_a_membership_was_does_not_depend_on_the_order_it_was_read_in() {
    let mut organization = acme();
    let both = ["viewer", "trainer"].map(|role| document::Holding { user: "ed".to_owned(), role: role.to_owned(), expires: None });
    organization.teams[0].members.extend(both);
    let (directory, _) = Directory::found(&organization, NOW).unwrap();
    let restored = Directory::restore(&directory.dump().unwrap()).unwrap();
    let decided = [directory, restored].map(|directory| {
        let command = json!({ "type": "set_member_role", "team": "support", "user": "ed", "role": "owner" });
        directory.decide(&World::actor("olga"), Command::from_json(&command.to_string()).unwrap(), NOW, &[0; 32]).unwrap().event
    });
    assert_eq!(decided[0], decided[1]);
    assert!(decided[0].text.contains(r#""was":"trainer""#), "{}", decided[0].text);
}

#[test]
fn founding_refuses_addresses_that_are_none_or_twice() {
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

#[test]
fn a_view_shows_addresses_to_those_who_administer_people() {
    let mut world = World::new();
    let (_, token) = world.invite("gina", "new@acme.example");
    world.accept("vic", json!({ "type": "create_link", "assistant": "site", "level": "view" }));
    let view = |actor: &str| world.directory.view(&World::actor(actor), NOW).unwrap();
    for administrator in ["gina", "abe", "system"] {
        let view = view(administrator);
        assert_eq!(view.organization.users.iter().filter(|user| user.email.is_some()).count(), 8, "{administrator}");
        assert_eq!(view.invitations.len(), 1);
        let text = serde_json::to_string(&view).unwrap();
        assert!(!text.contains("digest") && !text.contains(&token.0), "{text}");
    }
    let ed = view("ed");
    assert_eq!((ed.organization, ed.invitations), (world.directory.facts.member("ed", NOW).unwrap(), Vec::new()));
    let dot = view("dot");
    assert_eq!((dot.organization.users.len(), dot.invitations.len()), (1, 1));
    assert!(world.directory.view(&World::actor("nobody"), NOW).is_err());
    assert!(view("sam").invitations.is_empty());
}

/// A custom organization role is no plain member's business, unless it is theirs.
#[test]
fn a_member_is_told_of_the_roles_that_concern_them() {
    let world = World::new();
    let roles = |user: &str| {
        let shown = world.directory.facts.member(user, NOW).unwrap().roles;
        shown.into_iter().map(|role| role.id).collect::<Vec<_>>()
    };
    assert_eq!(roles("vic"), [""; 0]);
    assert_eq!(roles("olga"), ["trainer"], "of a member of her team");
    assert_eq!(roles("ed"), ["tester"], "granted to him");
    // Who may give them: gina and dot do, and abe, though he may not give these.
    assert_eq!(roles("dot"), ["auditor", "definer"]);
    assert_eq!(roles("abe"), ["auditor", "definer"]);
    assert_eq!(roles("gina"), ["auditor", "definer", "trainer"]);
    assert_eq!(roles("sam"), [""; 0], "suspended: holds nothing");
}

#[test]
fn a_view_shows_those_who_give_roles_whose_there_are() {
    let world = World::new();
    let view = |actor: &str| world.directory.view(&World::actor(actor), NOW).unwrap().organization;
    let site = |actor: &str| view(actor).assistants.into_iter().find(|assistant| assistant.id == "site").unwrap();
    let holders = |actor: &str| site(actor).grants.into_iter().map(|grant| (grant.user, grant.role)).collect::<Vec<_>>();
    let roles = |actor: &str| view(actor).roles.into_iter().map(|role| role.id).collect::<Vec<_>>();
    let both = [("ed", "editor"), ("ed", "tester")].map(|(user, role)| (user.to_owned(), role.to_owned()));

    // Who may share it: its owner, its team's owner.
    for sharer in ["vic", "olga", "gina"] {
        assert_eq!((site(sharer).owner.as_deref(), holders(sharer).as_slice()), (Some("vic"), &both[..]), "{sharer}");
        assert!(roles(sharer).contains(&"tester".to_owned()), "{sharer}");
    }
    assert_eq!((roles("vic").contains(&"trainer".to_owned()), roles("olga").contains(&"trainer".to_owned())), (false, true));
    // Who may not: nobody's grants but their own, and no owner.
    assert_eq!((site("ed").owner, holders("ed").as_slice()), (None, &both[..]));
    assert_eq!((site("dot").owner, holders("dot")), (None, Vec::new()));
}

#[test]
fn a_snapshot_says_version_and_state() {
    let world = World::new();
    let key = SigningKey::from_entropy(&[7; 32], None).unwrap();
    let issue = Issue { issued_at: NOW, expires_at: NOW + 60, version: 99, scope: Projection::Workspace, ..Issue::default() };
    let token = world.directory.snapshot(issue, &key).unwrap();
    let (payload, _) = crate::detach(&token).unwrap();
    let claims: Value = serde_json::from_str(&payload).unwrap();
    assert_eq!((claims["version"].as_u64(), claims["state"].as_str()), (Some(1), Some(world.directory.state(NOW).as_str())));
    assert_eq!(world.directory.state(NOW).len(), 22);
    assert_eq!(world.directory.state(NOW), world.directory.state(NOW + DAY));
    // sam's membership has lapsed by then.
    assert_ne!(world.directory.state(NOW), world.directory.state(NOW + 2 * DAY));
}

/// A head is of the organization or of an assistant, whatever scope it is asked with.
#[test]
fn a_head_is_for_everybody() {
    let world = World::new();
    let key = SigningKey::from_entropy(&[7; 32], None).unwrap();
    let keys = crate::JwkSet { keys: vec![key.public_jwk()] };
    for scope in [Projection::Workspace, Projection::Member("vic".to_owned()), Projection::Gate(vec!["site".to_owned()])] {
        let issue = || Issue { issued_at: NOW, expires_at: NOW + 60, scope: scope.clone(), ..Issue::default() };
        let open = |token| crate::Head::open(crate::Token::Compact(token), &keys, &crate::Expect::default(), NOW).unwrap();
        let head = open(world.directory.head_token(issue(), &key).unwrap());
        assert_eq!((head.assistant, head.version), (None, 1));
        let head = open(world.directory.assistant_head_token("site", 1, issue(), &key).unwrap());
        assert_eq!((head.assistant.as_deref(), head.version), (Some("site"), 1));
    }
}

/// What an event seals is what changed, and no empty lists beside it.
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
fn who_holds_everything_reviews_and_nothing_changes() {
    let mut organization = acme();
    let names = Capability::ALL.iter().map(|capability| capability.name().to_owned()).collect();
    organization.roles.push(document::RoleDefinition { id: "deputy".to_owned(), on: crate::Level::Organization, grants: names });
    organization.users[1].role = "deputy".to_owned();
    let (directory, first) = Directory::found(&organization, NOW).unwrap();
    let mut world = World { directory, events: vec![first], now: NOW, entropy: 0 };
    let review = || json!({ "type": "complete_review", "note": "Two editors left.\nFine." });

    // A deputy may do everything but what is somebody's own: Only Me hides it, and a review would show it.
    for (actor, code) in [("abe", "beyond_own_role"), ("vic", "not_allowed"), ("sam", "not_allowed"), ("nobody", "not_allowed")] {
        assert!(!world.directory.holds_everything(&World::actor(actor)), "{actor}");
        assert_eq!(world.refuse(actor, review()).code.name(), code, "{actor}");
    }
    let before = world.directory.facts.workspace();
    for actor in ["gina", "system"] {
        assert!(world.directory.holds_everything(&World::actor(actor)), "{actor}");
        let decided = world.accept(actor, review());
        assert_eq!((decided.result, decided.gates), (CommandResult::default(), Vec::new()));
        assert!(decided.event.text.contains(r#""command":{"type":"complete_review","note":"Two editors left.\nFine."}"#));
    }
    assert_eq!(world.directory.facts.workspace(), before);
    for note in [String::new(), " \n".to_owned(), "x".repeat(501), "a\tb".to_owned(), "a\u{7f}".to_owned()] {
        let refusal = world.refuse("gina", json!({ "type": "complete_review", "note": note }));
        assert_eq!((refusal.code.name(), refusal.path.as_deref()), ("invalid_command", Some("note")), "{note:?}");
    }
    world.accept("gina", json!({ "type": "complete_review", "note": "ö".repeat(500) }));
    world.accept("gina", json!({ "type": "complete_review" }));
    // The plan is above everybody; what else it withholds is no matter.
    world.accept("system", json!({ "type": "set_plan", "withholds": ["panel.analytics"] }));
    world.accept("gina", review());
    world.accept("system", json!({ "type": "set_plan", "withholds": ["audit.view"] }));
    assert_eq!(world.denied("gina", review()), "plan");
}

#[test]
fn an_overview_is_the_workspace_without_digests_and_has_a_state_of_its_own() {
    let mut world = World::new();
    world.accept("vic", json!({ "type": "create_link", "assistant": "site", "level": "view" }));
    let key = SigningKey::from_entropy(&[7; 32], None).unwrap();
    let claims = |scope: Projection| {
        let issue = Issue { issued_at: NOW, expires_at: NOW + 60, scope, ..Issue::default() };
        let (payload, _) = crate::detach(&world.directory.snapshot(issue, &key).unwrap()).unwrap();
        serde_json::from_str::<Value>(&payload).unwrap()
    };
    let (overview, mut workspace) = (claims(Projection::Overview), claims(Projection::Workspace));
    assert_ne!(overview["state"], workspace["state"]);
    workspace["state"] = overview["state"].clone();
    let link = workspace.pointer_mut("/organization/assistants/3/links/0").unwrap().as_object_mut().unwrap();
    assert!(link.remove("digest").is_some());
    assert_eq!(overview, workspace);
}

/// Whichever of the steps cannot be taken, those before it are taken back.
#[test]
fn going_elsewhere_and_back_changes_nothing() {
    let mut facts = Facts::from_document(&acme()).unwrap();
    let there = facts.workspace();
    let changes = |changes: Value| serde_json::from_value::<Changes>(changes).unwrap();
    let team = |name: &str| json!({ "id": "support", "name": name, "creator": "gina" });
    let (support, renamed, again) = (
        changes(json!({ "teams": [team("Support")] })),
        changes(json!({ "teams": [team("Helpers")] })),
        changes(json!({ "teams": [team("Others")], "users": [{ "id": "new", "role": "user" }] })),
    );
    let back_to_renamed = changes(json!({ "teams": [team("Helpers")], "gone": { "users": ["new"] } }));
    let impossible = changes(json!({ "teams": [{ "id": "support", "creator": "nobody" }] }));
    let steps = [Step { before: &support, after: &renamed }, Step { before: &back_to_renamed, after: &again }];
    let name = |facts: &Facts| facts.workspace().teams.iter().find(|team| team.id == "support").unwrap().name.clone();
    assert_eq!(delta::elsewhere(&mut facts, &steps, name).unwrap().as_deref(), Some("Others"));
    assert_eq!(facts.workspace(), there);
    for failing in 0..=steps.len() {
        let mut steps = steps.to_vec();
        steps.insert(failing, Step { before: &support, after: &impossible });
        let error = delta::elsewhere(&mut facts, &steps, |_| panic!("nothing is there to look at")).unwrap_err();
        assert_eq!(error.code(), Code::InvalidFacts);
        assert_eq!(facts.workspace(), there, "{failing}");
    }
}

#[test]
fn what_is_secret_is_in_no_text_and_no_message() {
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
fn the_same_entropy_makes_the_same_and_other_entropy_another() {
    let world = World::new();
    let decide = |entropy: u8| {
        let command = Command::from_json(r#"{ "type": "invite_user", "email": "new@acme.example" }"#).unwrap();
        world.directory.decide(&World::actor("gina"), command, NOW, &[entropy; 32]).unwrap()
    };
    assert_eq!((decide(1).event, decide(1).result), (decide(1).event, decide(1).result));
    assert_ne!(decide(1).result.user, decide(2).result.user);
    assert_ne!(decide(1).result.token, decide(2).result.token);
}

/// Roles are compared where they are held, and whoever is shown people is told who they are.
#[test]
fn a_preview_names_those_whom_it_concerns() {
    let mut world = World::new();
    world.accept("gina", json!({ "type": "add_member", "team": "sales", "user": "vic", "role": "trainer" }));
    world.accept("gina", json!({ "type": "grant", "assistant": "helper", "user": "olga", "role": "tester" }));
    world.accept("gina", json!({ "type": "assign_role", "user": "ed", "role": "application_admin" }));
    let mut preview = |actor: &str, command: Value| {
        let command = Command::from_json(&command.to_string()).unwrap();
        let preview = world.directory.preview(&World::actor(actor), command, NOW).unwrap();
        let changes = preview.changes.into_iter().map(|change| (change.user, change.target.unwrap_or_default()));
        (changes.collect::<Vec<_>>(), preview.others)
    };
    let all = |people: &[(&str, &str)]| {
        (people.iter().map(|(user, target)| ((*user).to_owned(), (*target).to_owned())).collect::<Vec<_>>(), 0)
    };
    // Nobody in sales holds another role, and nobody was granted another one on helper.
    let trainer = json!({ "type": "define_role", "id": "trainer", "on": "team", "grants": ["team.view"] });
    assert_eq!(preview("gina", trainer), all(&[("vic", "sales")]));
    let tester = json!({ "type": "define_role", "id": "tester", "on": "assistant", "grants": ["assistant.view"] });
    assert_eq!(preview("gina", tester), all(&[("olga", "helper"), ("ed", "site")]));
    // An application admin does not hold everything, and is shown people.
    let (changes, others) = preview("abe", json!({ "type": "suspend_user", "user": "ed" }));
    assert!(changes.contains(&("ed".to_owned(), String::new())), "{changes:?}");
    assert_eq!(others, 0);
}
