//! A second, slow and obvious directory: it searches lists from the start, decides commands as the table of `docs/authority.md` says, and
//! asks the naive evaluator. It shares no code with the crate.

mod assistants;
mod documents;
mod keys;
mod roles;
mod rules;
mod table;
mod teams;
mod users;
mod valid;
mod webhooks;

pub use self::documents::{amend, difference, sorted};
pub use self::keys::{ApiKey, sides, user_of, via};
pub use self::table::{Row, TABLE, row, types};
pub use self::valid::fold;
pub use self::webhooks::Endpoint;

use self::valid::valid;
use crate::common::naive::{self, digest_of};
use serde_json::Value;
use std::collections::BTreeSet;
use wicketgate::Status;
use wicketgate::document::{Holding, Organization};

const DAY: u64 = 86_400;

/// The whole state of a directory.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub organization: Organization,
    pub invitations: Vec<Invitation>,
    pub accounts: Vec<Account>,
    pub endpoints: Vec<Endpoint>,
    pub keys: Vec<ApiKey>,
    pub epoch: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Invitation {
    pub user: String,
    pub email: String,
    pub role: String,
    pub digest: String,
    pub invited_by: Option<String>,
    pub invited_at: u64,
    pub expires: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account {
    pub user: String,
    pub issuer: String,
    pub subject: String,
}

/// The actor; none for the system. `u1` is a user, `key:k1` an API key, `u1 via key:k1` a key on behalf of a user.
pub type Actor<'a> = Option<&'a str>;

/// The parts of a refusal that the rules fix.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct No {
    pub code: String,
    pub capability: Option<String>,
    pub denied: Option<String>,
    /// The ids of the things that prevent the command, sorted.
    pub ids: Vec<String>,
    /// The latest `expires` that could be given.
    pub until: Option<u64>,
}

fn no(code: &str) -> No {
    No { code: code.to_owned(), ..No::default() }
}

fn blocked(code: &str, mut ids: Vec<String>) -> No {
    ids.sort();
    No { ids, ..no(code) }
}

/// The text in a field of a command.
fn text<'a>(command: &'a Value, field: &str) -> Option<&'a str> {
    command[field].as_str()
}

/// The text in a field that [`valid`] has checked.
fn must<'a>(command: &'a Value, field: &str) -> &'a str {
    text(command, field).unwrap()
}

/// The users whose invitations end between two states: their sender has changed, and may not invite them any more.
pub fn ended(before: &State, after: &State) -> Vec<String> {
    // The grants of the role of an active user; none for other users.
    let own = |state: &State, user: &str| match state.user(user) {
        Some(user) if user.status == Status::Active => state.grants(&user.role),
        _ => BTreeSet::new(),
    };
    let ends = |invitation: &&Invitation| {
        let Some(sender) = &invitation.invited_by else { return false };
        let (had, has) = (own(before, sender), own(after, sender));
        let offered = &before.user(&invitation.user).unwrap().role;
        let could = |state: &State, own: &BTreeSet<&str>| own.contains("user.invite") && state.grants(offered).is_subset(own);
        !had.is_subset(&has) && could(before, &had) && !could(after, &has)
    };
    let mut ended: Vec<String> = before.invitations.iter().filter(ends).map(|invitation| invitation.user.clone()).collect();
    ended.sort();
    ended
}

/// The state after a command. `result` is the answer of the directory: the model takes from it the ids, tokens and keys that the command
/// leaves open.
pub fn execute(before: &State, actor: Actor<'_>, command: &Value, now: u64, result: &Value) -> Result<State, No> {
    let mut after = done(before, actor, command, now, result)?;
    for user in ended(before, &after) {
        // An owner of assistants stays, without an invitation.
        if after.owned(&user).is_empty() {
            after.forget(&user);
        } else {
            after.invitations.retain(|invitation| invitation.user != user);
        }
    }
    Ok(after)
}

/// The state after a command, without the end of invitations.
fn done(before: &State, actor: Actor<'_>, command: &Value, now: u64, result: &Value) -> Result<State, No> {
    if !valid(command, now) {
        return Err(no("invalid_command"));
    }
    let mut state = before.clone();
    state.enter_keys(now);
    let (expires, requested) = (command["expires"].as_u64(), command.get("expires").is_some());
    let given = Given { actor, command, now, result, expires, requested };
    let known = users::execute(&mut state, &given)?
        || teams::execute(&mut state, &given)?
        || assistants::execute(&mut state, &given)?
        || roles::execute(&mut state, &given)?
        || webhooks::execute(&mut state, &given)?
        || keys::execute(&mut state, &given)?;
    assert!(known, "no command {command}");
    state.leave_keys();
    Ok(state)
}

/// A command with the answer of the directory.
#[derive(Clone, Copy)]
struct Given<'a> {
    actor: Actor<'a>,
    command: &'a Value,
    now: u64,
    result: &'a Value,
    /// The end in the command; none without end.
    expires: Option<u64>,
    /// Whether the command has `expires`.
    requested: bool,
}

impl<'a> Given<'a> {
    fn the(&self, field: &str) -> &'a str {
        must(self.command, field)
    }

    fn name(&self) -> Option<String> {
        text(self.command, "name").map(str::to_owned)
    }

    /// The id of a new thing: the command's, or that of the answer.
    fn new_id(&self, kind: &str) -> String {
        text(self.command, "id").or_else(|| self.result[kind].as_str()).unwrap_or("to-be-generated").to_owned()
    }

    /// The digest of a secret in the answer.
    fn secret(&self, field: &str) -> String {
        digest_of(self.result[field].as_str().unwrap_or_default())
    }
}

/// Holdings in a field of a command.
fn holdings(value: &Value) -> Vec<Holding> {
    serde_json::from_value(value.clone()).unwrap()
}

fn held_by(all: &[Holding], user: &str) -> Vec<Holding> {
    all.iter().filter(|holding| holding.user == user).cloned().collect()
}

/// The end that a replaced role passes on: the last end of the same role, otherwise the first end of the others.
fn kept_end(replaced: &[Holding], role: &str, now: u64) -> Option<u64> {
    let live: Vec<&Holding> = replaced.iter().filter(|holding| naive::live(holding.expires, now)).collect();
    let end = |holding: &&Holding| holding.expires.unwrap_or(u64::MAX);
    let same = live.iter().filter(|holding| holding.role == role).map(end).max();
    same.or(live.iter().map(end).min()).filter(|end| *end != u64::MAX)
}
