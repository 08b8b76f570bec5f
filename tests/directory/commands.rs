//! Random commands: from any actor, on any target, existing or not.

use std::collections::BTreeMap;

use super::model;
use crate::common::naive::digest_of;
use crate::common::world::{self, NOW};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use wicketgate::document::Organization;
use wicketgate::{Capability, Status};

/// A step of a sequence. Numbers choose the command and its fields, so that a failing sequence shrinks.
#[derive(Debug, Clone)]
pub struct Step {
    actor: usize,
    command: usize,
    picks: [usize; 6],
    /// The time that passes before it.
    later: usize,
}

pub fn steps(length: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Step>> {
    let number = 0..1000usize;
    let picks = [number.clone(), number.clone(), number.clone(), number.clone(), number.clone(), number.clone()];
    // Commands that need an earlier step to succeed are three times as frequent.
    let rare = [
        "accept_invitation",
        "resend_invitation",
        "revoke_invitation",
        "grant",
        "revoke_grant",
        "set_member_role",
        "add_member",
        "create_webhook",
        "edit_webhook",
        "delete_webhook",
        "enable_webhook",
        "disable_webhook",
        "create_api_key",
        "edit_api_key",
        "rotate_api_key",
        "revoke_api_key",
    ];
    let commands: Vec<usize> =
        model::types().enumerate().flat_map(|(n, name)| vec![n; 1 + 2 * usize::from(rare.contains(&name))]).collect();
    let step = (number.clone(), select(commands), picks, number).prop_map(|(actor, command, picks, later)| Step {
        actor,
        command,
        picks,
        later,
    });
    vec(step, length)
}

/// A random organization in which `u0` is an active global admin. Where there are three or more, `u1` is active too.
pub fn founded() -> impl Strategy<Value = Organization> {
    world::organization().prop_map(|mut organization| {
        organization.users[0].role = "global_admin".to_owned();
        organization.users[0].status = Status::Active;
        if let [_, one, _, ..] = organization.users.as_mut_slice() {
            one.status = Status::Active;
        }
        organization
    })
}

/// The ids and tokens that a sequence has got so far.
#[derive(Debug, Default, Clone)]
pub struct Known {
    /// Ids that the directory made, by kind.
    made: BTreeMap<String, Vec<String>>,
    /// Tokens, with the addresses that they were sent to.
    tokens: Vec<(String, String)>,
}

impl Known {
    pub fn learn(&mut self, command: &Value, result: &Value) {
        for (kind, id) in result.as_object().into_iter().flatten() {
            if ["user", "team", "project", "assistant", "link", "webhook", "api_key"].contains(&kind.as_str())
                && command.get("id").is_none()
            {
                self.made.entry(kind.clone()).or_default().push(id.as_str().unwrap().to_owned());
            }
        }
        if let Some(token) = result["token"].as_str() {
            self.tokens.push((token.to_owned(), result["email"].as_str().unwrap().to_owned()));
        }
    }

    /// `letter` and a number below `below`; sometimes an id that the directory made, or an unknown id.
    fn id(&self, kind: &str, letter: char, below: usize, pick: usize) -> String {
        match (pick % 20, self.made.get(kind)) {
            (0, _) => "nowhere".to_owned(),
            (1..=2, Some(made)) => made[pick / 20 % made.len()].clone(),
            // Half of the time one of the first few, which most organizations have.
            (3..=12, _) => format!("{letter}{}", pick / 20 % (below / 2)),
            _ => format!("{letter}{}", pick / 20 % below),
        }
    }
}

fn one<'a>(from: &[&'a str], pick: usize) -> &'a str {
    from[pick % from.len()]
}

const ORGANIZATION_ROLES: [&str; 8] =
    ["user", "application_admin", "global_admin", "auditor", "builder", "application_admin", "viewer", "no_such"];
const TEAM_ROLES: [&str; 6] = ["viewer", "owner", "trainer", "viewer", "editor", "no_such"];
const ASSISTANT_ROLES: [&str; 6] = ["editor", "agent", "agent_user", "editor", "viewer", "no_such"];
const CUSTOM_ROLES: [&str; 8] = ["fresh", "fresh2", "auditor", "builder", "trainer", "agent", "agent_user", "no_such"];
const DEFINED_ROLES: [&str; 8] = ["auditor", "builder", "trainer", "agent", "agent_user", "fresh", "fresh2", "owner"];
const EMAILS: [&str; 17] = [
    "new@acme.example",
    "émilie@acme.example",
    "E\u{301}MILIE@acme.example",
    "ana@münchen.example",
    "ana@xn--mnchen-3ya.example",
    "ne\u{200b}w@acme.example",
    "new@\u{212a}acme.example",
    "\u{130}nes@acme.example",
    "New@Acme.example",
    "other@acme.example",
    "third@acme.example",
    "fourth@localhost",
    "u1@acme.example",
    "U4@ACME.example",
    "no-at.example",
    "two@at@acme.example",
    "blank @acme.example",
];
const ORIGINS: [&str; 7] = [
    "*",
    "https://docs.acme.example",
    "https://*.acme.example",
    "http://localhost:3000",
    "http://docs.acme.example",
    "https://a.example/path",
    "null",
];

const URLS: [&str; 6] = [
    "https://hooks.acme.example/in?token=secret",
    "https://hooks.acme.example:8443/in",
    "https://HOOKS.acme.example",
    "https://10.0.0.1/in",
    "http://hooks.acme.example/in",
    "https://localhost/in",
];

/// One to four capabilities, sometimes an unknown one.
fn capabilities(pick: usize, more: usize) -> Vec<&'static str> {
    if pick.is_multiple_of(40) {
        return vec!["corpus.burn"];
    }
    (0..more % 4 + 1).map(|n| Capability::ALL[(pick + n * (more / 4 + 1)) % Capability::ALL.len()].name()).collect()
}

impl Step {
    /// The time of the step, from the time of the step before.
    pub fn time(&self, now: u64) -> u64 {
        match self.later {
            0..600 => now,
            600..900 => now + (self.later % 3) as u64,
            900..980 => now + 3600,
            _ => now + 6 * 86_400,
        }
    }

    /// The actor and the command.
    pub fn command(&self, known: &Known, now: u64) -> (Option<String>, Value) {
        let kind = match model::types().nth(self.command).unwrap() {
            // Accepting needs an invitation first.
            "accept_invitation" if known.tokens.is_empty() => "invite_user",
            kind => kind,
        };
        let row = model::row(kind).unwrap();
        let p = self.picks;
        let mut fields = Map::from_iter([("type".to_owned(), json!(kind))]);
        for field in row.required.iter().chain(row.optional) {
            if row.required.contains(field) || self.has(field) {
                fields.insert((*field).to_owned(), self.value(row, field, known, now));
            }
        }
        if kind == "accept_invitation" {
            self.accept(&mut fields, known);
        }
        // An invalid command: an unknown field, a missing one, or one of a wrong type.
        match p[4] {
            990..994 => {
                fields.insert("more".to_owned(), json!(true));
            }
            994..997 => {
                fields
                    .retain(|field, _| !["user", "team", "project", "assistant", "role", "email", "set"].contains(&field.as_str()));
            }
            997.. => {
                fields.insert("type".to_owned(), json!(["no_such", "", "found"][p[4] % 3]));
            }
            _ => {}
        }
        let system = row.needs.is_none();
        let actor = match self.actor {
            0..120 => None,
            120..900 if system => None,
            120..600 => Some("u0".to_owned()),
            600..700 => Some("u1".to_owned()),
            700..800 => {
                let key = format!("key:{}", known.id("api_key", 'k', 3, p[5]));
                let user = ["u0", "u0", "u1", "u2"][self.actor % 4];
                Some(if self.actor < 750 { key } else { format!("{user} via {key}") })
            }
            985.. => Some("nobody".to_owned()),
            _ => Some(known.id("user", 'u', 7, self.actor)),
        };
        (actor, Value::Object(fields))
    }

    /// Whether the command has this optional field.
    fn has(&self, field: &str) -> bool {
        let p = self.picks;
        match field {
            "role" => matches!(p[2] % 4, 1 | 2),
            "id" | "name" => p[3].is_multiple_of(2),
            "expires_in" => p[3].is_multiple_of(3),
            "successor" => !p[1].is_multiple_of(3),
            "successors" => p[1].is_multiple_of(4),
            "accessibility" => !p[2].is_multiple_of(3),
            "expires" => p[5].is_multiple_of(3),
            "cascade" => !p[5].is_multiple_of(3),
            "owner" | "digest" => p[4].is_multiple_of(2),
            // One of two targets, mostly.
            "team" => p[2].is_multiple_of(2),
            "project" | "assistant" => !p[2].is_multiple_of(2) || p[2] % 50 == 2,
            "user" | "link" => (field == "user") == (p[2] % 4 < 3),
            _ => p[0].is_multiple_of(2),
        }
    }

    fn email(&self) -> String {
        let pick = self.picks[1];
        if pick.is_multiple_of(2) { format!("n{}@acme.example", pick / 2 % 8) } else { one(&EMAILS, pick / 2).to_owned() }
    }

    /// A token that was sent, mostly, and the address that it was sent to, mostly.
    fn accept(&self, fields: &mut Map<String, Value>, known: &Known) {
        let p = self.picks;
        let sent = known.tokens.iter().rev().nth(p[0] % known.tokens.len().clamp(1, 4)).filter(|_| !p[1].is_multiple_of(8));
        let (token, address) = sent.cloned().unwrap_or((format!("wi_{}", "A".repeat(43)), self.email()));
        fields.insert("token".to_owned(), json!(token));
        fields.insert("email".to_owned(), json!(if p[1] % 4 == 1 { self.email() } else { address.to_uppercase() }));
    }

    /// A value of a field, valid or not.
    fn value(&self, row: &model::Row, field: &str, known: &Known, now: u64) -> Value {
        let p = self.picks;
        let kind = row.name;
        let user = |pick| known.id("user", 'u', 7, pick);
        let has = |field| row.required.contains(&field);
        match field {
            "email" if kind == "edit_user" && p[4].is_multiple_of(5) => Value::Null,
            "name" if kind == "edit_user" && p[4].is_multiple_of(3) => Value::Null,
            "email" => json!(self.email()),
            "creator" => {
                if p[1].is_multiple_of(5) {
                    Value::Null
                } else {
                    json!(user(p[1]))
                }
            }
            "owner" => json!(user(p[4])),
            "members" => self.holdings(&TEAM_ROLES, known, now),
            "grants" if kind == "set_grants" => self.holdings(&ASSISTANT_ROLES, known, now),
            "digest" => json!([digest_of("elsewhere"), digest_of("else"), "none".to_owned()][p[4] % 3]),
            // `accept` sets it.
            "token" => Value::Null,
            "issuer" => json!("https://id.example"),
            "subject" => json!(format!("subject-{}", p[5] % 30)),
            "expires_in" => json!([1, 3600, 30 * 86_400, 30 * 86_400 + 1, 0][p[3] / 3 % 5]),
            "user" if has("team") || has("assistant") => json!(user(p[1])),
            // Mostly users whose ids the directory made: invited users are among them.
            "user" if kind.ends_with("invitation") => json!(user(p[0] / 20 * 20 + if p[1].is_multiple_of(4) { 3 } else { 1 })),
            "user" => json!(user(p[0])),
            "successor" => json!(user(p[2])),
            "successors" => json!({ format!("a{}", p[3] % 7): user(p[4]) }),
            "role" if has("team") => json!(one(&TEAM_ROLES, p[2])),
            "role" if has("assistant") => json!(one(&ASSISTANT_ROLES, p[2] / 2)),
            "role" if kind == "delete_role" => json!(one(&CUSTOM_ROLES, p[0])),
            "role" if kind == "create_api_key" => {
                json!(one(&["global_admin", "global_admin", "user", "application_admin", "builder", "viewer"], p[2]))
            }
            "role" if has("user") => json!(one(&ORGANIZATION_ROLES, p[1])),
            "role" => json!(one(&ORGANIZATION_ROLES, p[2] / 4)),
            "team" => json!(known.id("team", 't', 3, p[0])),
            "key" => json!(known.id("api_key", 'k', 3, p[0])),
            "scopes" => {
                let all = ["commands", "act_as", "read", "digests", "events", "passes", "provision"];
                let some: Vec<_> = all.iter().filter(|scope| !(p[1] + scope.len()).is_multiple_of(3)).collect();
                if p[1].is_multiple_of(30) { json!([&["sudo"][..], &[]][p[1] / 30 % 2]) } else { json!(some) }
            }
            "addresses" => {
                let all = [&["10.0.0.0/8"][..], &[], &["10.1.2.3", "2001:db8::/32"], &["10.1.0.0/16"], &["10.0.0.1/8"], &["none"]];
                json!(all[p[5] / 3 % all.len()])
            }
            "grace" => json!([0, 3600, 7 * 86_400, 7 * 86_400 + 1][p[5] % 4]),
            "project" => json!(known.id("project", 'p', 4, p[0])),
            "assistant" => json!(known.id("assistant", 'a', 6, p[0])),
            "link" => json!(known.id("link", 'l', 3, p[1])),
            "webhook" => json!(known.id("webhook", 'w', 4, p[0])),
            "url" => json!(one(&URLS, p[1])),
            "events" => match p[2] % 4 {
                0 => Value::Null,
                1 => json!(["no_such"]),
                n => json!((1..n).map(|n| model::types().nth(p[2] / 4 * n % model::TABLE.len())).collect::<Vec<_>>()),
            },
            "name" => json!(format!("Name {}", p[5])),
            "id" if kind == "define_role" => json!(one(&DEFINED_ROLES, p[0])),
            "id" => match kind {
                "create_team" => json!(format!("t{}", p[4] % 5)),
                "create_project" => json!(format!("p{}", p[4] % 7)),
                "create_assistant" => json!(format!("a{}", p[4] % 9)),
                "create_link" => json!(format!("l{}", p[4] % 5)),
                "create_webhook" => json!(format!("w{}", p[4] % 4)),
                "create_api_key" => json!(format!("k{}", p[4] % 4)),
                _ => json!(user(p[4])),
            },
            "on" => json!(self.level()),
            "grants" => json!(self.grants()),
            "withholds" => json!(if p[0].is_multiple_of(3) { vec![] } else { capabilities(p[1], p[2]) }),
            "set" => json!(one(&["assigned_agents", "built_in"], p[0])),
            "epoch" => json!(p[0] % 6),
            "note" => json!(["Fine.", "Two\nlines", " ", &"x".repeat(500), &"x".repeat(501)][p[0] / 2 % 5]),
            "accessibility" if kind == "create_assistant" => json!(one(&["public", "only_team", "only_me"], p[2] / 3)),
            "accessibility" => json!(one(&["public", "only_team", "only_me", "public", "secret"], p[1])),
            "level" => json!(one(&["view", "edit"], p[1])),
            "origins" => match p[1] % 5 {
                0 => Value::Null,
                n => json!((1..n).map(|n| one(&ORIGINS, p[1] / 5 * n)).collect::<Vec<_>>()),
            },
            "expires" => {
                let ends = [json!(now + 1), json!(now + 3600), json!(now + 1_000_000), json!(now), json!(NOW - 1), Value::Null];
                ends[p[5] / 3 % ends.len()].clone()
            }
            "cascade" => json!(p[5] % 3 == 1),
            _ => panic!("say which values the field `{field}` of {kind} takes"),
        }
    }

    /// Up to four holdings of users.
    fn holdings(&self, roles: &[&str], known: &Known, now: u64) -> Value {
        let p = self.picks;
        let ends = [None, None, Some(now + 1), Some(now + 3600), Some(now), Some(NOW - 1)];
        let holding = |n: usize| {
            let pick = p[1] + n * (p[3] / 7 + 20);
            let mut holding =
                json!({ "user": known.id("user", 'u', 7, pick / 20 * 20 + pick % 12 + 1), "role": one(roles, pick / 3) });
            if let Some(end) = ends[(p[5] + n) % ends.len()] {
                holding["expires"] = json!(end);
            }
            holding
        };
        Value::Array((0..p[2] % 5).map(holding).collect())
    }

    /// The level of a defined role, mostly that of its id.
    fn level(&self) -> &'static str {
        let p = self.picks;
        match p[0] % DEFINED_ROLES.len() {
            _ if p[1].is_multiple_of(4) => one(&["organization", "team", "assistant"], p[1] / 4),
            2 => "team",
            3 | 4 => "assistant",
            _ => "organization",
        }
    }

    /// What a defined role grants, mostly capabilities of its level.
    fn grants(&self) -> Vec<&'static str> {
        let p = self.picks;
        let all = capabilities(p[2], p[3]);
        if p[4].is_multiple_of(8) {
            return all;
        }
        let of_level = |name: &&str| {
            let area = name.split('.').next().unwrap();
            match self.level() {
                "organization" => true,
                "team" => !["user", "panel", "settings", "integrations", "role", "audit"].contains(&area),
                _ => ["assistant", "corpus", "conversations", "evaluation"].contains(&area),
            }
        };
        all.into_iter().filter(of_level).collect()
    }
}
