//! API keys. A key decides as a user of its role without memberships would: during a command, each key is such a user.

use super::{Actor, Given, No, State, no, text};
use serde_json::Value;
use wicketgate::document::User;
use wicketgate::{Level, Status};

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApiKey {
    pub id: String,
    pub name: String,
    pub role: String,
    pub scopes: Vec<String>,
    pub addresses: Vec<String>,
    pub digest: String,
    pub previous: Option<(String, u64)>,
    pub created_by: Option<String>,
    pub created_via: Option<String>,
    pub created_at: u64,
    pub expires: Option<u64>,
}

/// The scopes in their order.
const SCOPES: &[&str] = &["commands", "act_as", "read", "digests", "events", "passes", "provision"];

/// The user and the key of an actor: each must be allowed.
pub fn sides(actor: &str) -> Vec<&str> {
    actor.split(" via ").collect()
}

/// The id of the acting user.
pub fn user_of(actor: Actor<'_>) -> Option<&str> {
    actor.and_then(|actor| sides(actor).into_iter().find(|side| !side.starts_with("key:")))
}

/// The id of the acting key.
pub fn via(actor: Actor<'_>) -> Option<&str> {
    actor.and_then(|actor| sides(actor).into_iter().find_map(|side| side.strip_prefix("key:")))
}

impl State {
    /// Makes a user of each key.
    pub(super) fn enter_keys(&mut self, now: u64) {
        let withheld = self.organization.plan.iter().any(|plan| plan.withholds.iter().any(|one| one == "panel.api_keys"));
        for key in &self.keys {
            let counts = !withheld && key.expires.is_none_or(|expires| now < expires);
            let status = if counts { Status::Active } else { Status::Suspended };
            let user = User { id: format!("key:{}", key.id), role: key.role.clone(), status, email: None, name: None };
            self.organization.users.push(user);
        }
    }

    pub(super) fn leave_keys(&mut self) {
        self.organization.users.retain(|user| !user.id.starts_with("key:"));
    }

    /// A key whose role the actor's role covers.
    fn key(&self, given: &Given<'_>) -> Result<&ApiKey, No> {
        self.needs(given.actor, given.now, "panel.api_keys", None)?;
        let key = self.keys.iter().find(|key| key.id == given.the("key")).ok_or(no("unknown_api_key"))?;
        self.bounded(given.actor, self.grants(&key.role))?;
        Ok(key)
    }

    /// Refuses a key that may do more than the acting key.
    fn within(&self, actor: Actor<'_>, key: &ApiKey) -> Result<(), No> {
        let Some(own) = via(actor).and_then(|id| self.keys.iter().find(|key| key.id == id)) else { return Ok(()) };
        let more = key.scopes.iter().any(|scope| !own.scopes.contains(scope));
        let elsewhere = key.addresses.is_empty() || !key.addresses.iter().all(|it| own.addresses.iter().any(|own| inside(it, own)));
        if more || !own.addresses.is_empty() && elsewhere {
            return Err(no("beyond_own_role"));
        }
        let longer = own.expires.is_some_and(|until| key.expires.is_none_or(|expires| expires > until));
        if longer { Err(No { until: own.expires, ..no("beyond_own_role") }) } else { Ok(()) }
    }
}

/// Which of the networks of the tests is in which.
fn inside(network: &str, other: &str) -> bool {
    network == other
        || [("10.1.0.0/16", "10.0.0.0/8"), ("10.1.2.3", "10.0.0.0/8"), ("10.1.2.3", "10.1.0.0/16")].contains(&(network, other))
}

fn scopes(command: &Value) -> Option<Vec<String>> {
    let given = command["scopes"].as_array()?;
    Some(SCOPES.iter().filter(|scope| given.iter().any(|one| one == **scope)).map(|scope| (*scope).to_owned()).collect())
}

fn addresses(command: &Value) -> Option<Vec<String>> {
    let mut given: Vec<String> = command["addresses"].as_array()?.iter().map(|one| one.as_str().unwrap().to_owned()).collect();
    given.sort();
    given.dedup();
    Some(given)
}

/// Whether a list names scopes.
pub(super) fn are_scopes(value: &Value) -> bool {
    value.as_array().is_some_and(|all| !all.is_empty() && all.iter().all(|one| SCOPES.contains(&one.as_str().unwrap())))
}

/// Executes a command of this group; `false` for any other command.
pub(super) fn execute(state: &mut State, given: &Given<'_>) -> Result<bool, No> {
    let Given { actor, command, now, expires, requested, .. } = *given;
    match given.the("type") {
        "create_api_key" => {
            state.needs(actor, now, "panel.api_keys", None)?;
            state.may_choose_id(actor, command)?;
            state.known_role(given.the("role"), Level::Organization)?;
            state.bounded(actor, state.grants(given.the("role")))?;
            let key = ApiKey {
                id: given.new_id("api_key"),
                name: given.the("name").to_owned(),
                role: given.the("role").to_owned(),
                scopes: scopes(command).unwrap(),
                addresses: addresses(command).unwrap_or_default(),
                digest: given.secret("secret"),
                previous: None,
                created_by: user_of(actor).map(str::to_owned),
                created_via: via(actor).map(str::to_owned),
                created_at: now,
                expires,
            };
            state.within(actor, &key)?;
            if state.keys.iter().any(|other| other.id == key.id) {
                return Err(no("already_exists"));
            }
            state.keys.push(key);
        }
        "edit_api_key" => {
            let old = state.key(given)?.clone();
            let key = ApiKey {
                name: text(command, "name").map_or(old.name.clone(), str::to_owned),
                scopes: scopes(command).unwrap_or(old.scopes.clone()),
                addresses: addresses(command).unwrap_or(old.addresses.clone()),
                expires: if requested { expires } else { old.expires },
                ..old
            };
            state.within(actor, &key)?;
            state.put_key(key);
        }
        "rotate_api_key" => {
            let old = state.key(given)?.clone();
            state.within(actor, &old)?;
            let grace = command["grace"].as_u64().unwrap_or(0);
            let previous = (grace > 0).then(|| (old.digest.clone(), now + grace));
            state.put_key(ApiKey { digest: given.secret("secret"), previous, ..old });
        }
        "revoke_api_key" => {
            state.key(given)?;
            state.keys.retain(|key| key.id != given.the("key"));
        }
        _ => return Ok(false),
    }
    Ok(true)
}

impl State {
    fn put_key(&mut self, key: ApiKey) {
        self.keys.retain(|other| other.id != key.id);
        self.keys.push(key);
    }
}
