//! Commands, one rule at a time. `tests/directory` has random sequences of commands, compared with a model.

mod assistants;
mod fields;
mod history;
mod invitations;
mod patch;
mod previews;
mod reading;
mod roles;
mod teams;
mod users;

use serde_json::{Value, json};

use self::patch::patched;
use crate::authority::directory::event::SealedContent;
use crate::authority::directory::{Actor, Command, Decided, Directory, Event, Refusal, RefusalCode, Secret};
use crate::document::Organization;
use crate::facts::Facts;

const NOW: u64 = 1_790_000_000;
const DAY: u64 = 24 * 60 * 60;

/// A small organization: gina is a global admin, abe an application admin who created the team sales, olga owns the team support, vic views
/// it, ed is outside it with a grant, dot defines roles, sam is suspended.
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

/// A directory with its history. After each command it checks the properties that hold after every command.
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
