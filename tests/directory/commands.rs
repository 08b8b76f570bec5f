//! Random commands: from any actor, on any target, existing or not.

use std::collections::BTreeMap;

use super::model;
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
    let rare =
        ["accept_invitation", "resend_invitation", "revoke_invitation", "grant", "revoke_grant", "set_member_role", "add_member"];
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
#[derive(Debug, Default)]
pub struct Known {
    /// Ids that the directory made, by kind.
    made: BTreeMap<String, Vec<String>>,
    /// Tokens, with the addresses that they were sent to.
    tokens: Vec<(String, String)>,
}

impl Known {
    pub fn learn(&mut self, command: &Value, result: &Value) {
        for (kind, id) in result.as_object().into_iter().flatten() {
            if ["user", "team", "project", "assistant", "link"].contains(&kind.as_str()) && command.get("id").is_none() {
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
        let p = self.picks;
        let user = |pick| known.id("user", 'u', 7, pick);
        let team = || known.id("team", 't', 3, p[0]);
        let project = || known.id("project", 'p', 4, p[0]);
        let assistant = || known.id("assistant", 'a', 6, p[0]);
        let name = format!("Name {}", p[5]);
        let mut fields = Map::new();
        let mut set = |field: &str, value: Value| fields.insert(field.to_owned(), value);
        set("type", json!(kind));
        let fresh = format!("n{}@acme.example", p[1] / 2 % 8);
        let email = if p[1].is_multiple_of(2) { fresh.as_str() } else { one(&EMAILS, p[1] / 2) };
        match kind {
            "invite_user" => {
                set("email", json!(email));
                if !p[2].is_multiple_of(4) {
                    set("role", json!(one(&ORGANIZATION_ROLES, p[2] / 4)));
                }
                if p[3].is_multiple_of(2) {
                    set("id", json!(user(p[4])));
                }
                if p[3].is_multiple_of(3) {
                    set("expires_in", json!([1, 3600, 30 * 86_400, 30 * 86_400 + 1, 0][p[3] / 3 % 5]));
                }
            }
            "resend_invitation" | "revoke_invitation" | "suspend_user" | "reactivate_user" | "sign_out_user" => {
                // Mostly users whose ids the directory made: invited users are among them.
                let made = if p[1].is_multiple_of(4) { 3 } else { 1 };
                set("user", json!(user(if kind.ends_with("invitation") { p[0] / 20 * 20 + made } else { p[0] })));
            }
            "accept_invitation" => {
                let sent = known.tokens.iter().rev().nth(p[0] % known.tokens.len().clamp(1, 4)).filter(|_| !p[1].is_multiple_of(8));
                let (token, address) = sent.cloned().unwrap_or((format!("wi_{}", "A".repeat(43)), email.to_owned()));
                set("token", json!(token));
                set("email", json!(if p[1] % 4 == 1 { email.to_owned() } else { address.to_uppercase() }));
            }
            "join" => {
                set("email", json!(email));
                if p[3].is_multiple_of(2) {
                    set("id", json!(user(p[4])));
                }
            }
            "link_account" => {
                set("user", json!(user(p[0])));
            }
            "assign_role" => {
                set("user", json!(user(p[0])));
                set("role", json!(one(&ORGANIZATION_ROLES, p[1])));
            }
            "remove_user" => {
                set("user", json!(user(p[0])));
                if !p[1].is_multiple_of(3) {
                    set("successor", json!(user(p[2])));
                }
                if p[1].is_multiple_of(4) {
                    set("successors", json!({ format!("a{}", p[3] % 7): user(p[4]) }));
                }
            }
            "edit_team" | "delete_team" => {
                set("team", json!(team()));
            }
            "add_member" | "set_member_role" | "remove_member" => {
                set("team", json!(team()));
                set("user", json!(user(p[1])));
                if kind != "remove_member" {
                    set("role", json!(one(&TEAM_ROLES, p[2])));
                }
            }
            "create_project" => {
                set("team", json!(team()));
            }
            "edit_project" | "delete_project" | "create_assistant" => {
                set("project", json!(project()));
            }
            "set_plan" => {
                let withholds = if p[0].is_multiple_of(3) { vec![] } else { capabilities(p[1], p[2]) };
                set("withholds", json!(withholds));
            }
            "define_role" => {
                let ids = ["auditor", "builder", "trainer", "agent", "agent_user", "fresh", "fresh2", "owner"];
                set("id", json!(one(&ids, p[0])));
                let on = match p[0] % ids.len() {
                    _ if p[1].is_multiple_of(4) => one(&["organization", "team", "assistant"], p[1] / 4),
                    0 | 1 => "organization",
                    2 => "team",
                    3 | 4 => "assistant",
                    _ => "organization",
                };
                set("on", json!(on));
                let level = |name: &&str| match on {
                    "organization" => true,
                    "team" => {
                        !["user", "panel", "settings", "integrations", "role", "audit"].contains(&name.split('.').next().unwrap())
                    }
                    _ => ["assistant", "corpus", "conversations", "evaluation"].contains(&name.split('.').next().unwrap()),
                };
                let grants = capabilities(p[2], p[3]);
                // Mostly capabilities of the level.
                let grants: Vec<&str> = if p[4].is_multiple_of(8) { grants } else { grants.into_iter().filter(level).collect() };
                set("grants", json!(grants));
            }
            "delete_role" => {
                set(
                    "role",
                    json!(one(&["fresh", "fresh2", "auditor", "builder", "trainer", "agent", "agent_user", "no_such"], p[0])),
                );
            }
            "apply_role_set" => {
                set("set", json!(one(&["assigned_agents", "built_in"], p[0])));
            }
            "create_team" => {}
            "begin_epoch" => {
                set("epoch", json!(p[0] % 6));
            }
            "complete_review" => {
                if p[0].is_multiple_of(2) {
                    set("note", json!(["Fine.", "Two\nlines", " ", &"x".repeat(500), &"x".repeat(501)][p[0] / 2 % 5]));
                }
            }
            on_assistant => {
                set("assistant", json!(assistant()));
                match on_assistant {
                    "transfer_assistant" | "grant" | "revoke_grant" => {
                        set("user", json!(user(p[1])));
                    }
                    "set_accessibility" => {
                        set("accessibility", json!(one(&["public", "only_team", "only_me", "public", "secret"], p[1])));
                    }
                    "create_link" => {
                        set("level", json!(one(&["view", "edit"], p[1])));
                    }
                    "revoke_link" => {
                        set("link", json!(known.id("link", 'l', 3, p[1])));
                    }
                    "set_embed" => {
                        let origins = match p[1] % 5 {
                            0 => Value::Null,
                            n => json!((1..n).map(|n| one(&ORIGINS, p[1] / 5 * n)).collect::<Vec<_>>()),
                        };
                        set("origins", origins);
                    }
                    _ => {}
                }
                if kind == "grant" || kind == "revoke_grant" && p[2].is_multiple_of(2) {
                    set("role", json!(one(&ASSISTANT_ROLES, p[2] / 2)));
                }
            }
        }
        if ["accept_invitation", "join", "link_account"].contains(&kind) {
            set("issuer", json!("https://id.example"));
            set("subject", json!(format!("subject-{}", p[5] % 30)));
        }
        if kind.starts_with("create_") && p[3].is_multiple_of(2) {
            let (letter, below) = match kind {
                "create_team" => ('t', 5),
                "create_project" => ('p', 7),
                "create_assistant" => ('a', 9),
                _ => ('l', 5),
            };
            set("id", json!(format!("{letter}{}", p[4] % below)));
        }
        if kind == "create_assistant" && !p[2].is_multiple_of(3) {
            set("accessibility", json!(one(&["public", "only_team", "only_me"], p[2] / 3)));
        }
        if kind.starts_with("edit_")
            || kind.starts_with("create_") && kind != "create_link"
            || kind == "set_plan" && p[3].is_multiple_of(2)
        {
            set("name", json!(name));
        }
        if ["add_member", "set_member_role", "grant", "create_link"].contains(&kind) && p[5].is_multiple_of(3) {
            let ends = [json!(now + 1), json!(now + 3600), json!(now + 1_000_000), json!(now), json!(NOW - 1), Value::Null];
            set("expires", ends[p[5] / 3 % ends.len()].clone());
        }
        if ["delete_team", "delete_project"].contains(&kind) && !p[5].is_multiple_of(3) {
            set("cascade", json!(p[5] % 3 == 1));
        }
        // An invalid command: an unknown field, a missing one, or one of a wrong type.
        match p[4] {
            990..994 => {
                set("more", json!(true));
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
        let system = ["accept_invitation", "join", "link_account", "begin_epoch", "set_plan"].contains(&kind);
        let actor = match self.actor {
            0..120 => None,
            120..900 if system => None,
            120..600 => Some("u0".to_owned()),
            600..800 => Some("u1".to_owned()),
            985.. => Some("nobody".to_owned()),
            _ => Some(user(self.actor)),
        };
        (actor, Value::Object(fields))
    }
}
