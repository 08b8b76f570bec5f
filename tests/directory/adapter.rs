//! The directory with commands, results and refusals as JSON, for the tests.

use std::collections::BTreeMap;

use super::model::{Account, Actor, ApiKey, Endpoint, Invitation, No, user_of, via};
use serde_json::Value;
use sha2::{Digest, Sha256};
use wicketgate::document::Organization;
use wicketgate::{Actor as By, Command, Decided, Event, Preview, Refusal};

/// The refusal when the system creates an assistant: an assistant needs an owner.
pub const NO_OWNER: &str = "invalid_command";

pub struct Directory(pub wicketgate::Directory);

impl Directory {
    pub fn found(organization: &Organization, now: u64) -> Directory {
        Directory::begun(organization, now).0
    }

    pub fn begun(organization: &Organization, now: u64) -> (Directory, Event) {
        let (directory, event) = wicketgate::Directory::found(organization, now).unwrap();
        (Directory(directory), event)
    }

    pub fn decide(&self, actor: Actor<'_>, command: &Value, now: u64) -> Result<(Event, Value), No> {
        self.decided(actor, command, now).map(|decided| (decided.event, serde_json::to_value(decided.result).unwrap()))
    }

    fn decided(&self, actor: Actor<'_>, command: &Value, now: u64) -> Result<Decided, No> {
        let by = by(actor);
        let entropy: [u8; 32] = Sha256::digest(format!("{command} {}", self.0.version())).into();
        let command = Command::from_json(&command.to_string()).map_err(refused)?;
        self.0.decide(&by, command, now, &entropy).map_err(refused)
    }

    pub fn preview(&mut self, actor: Actor<'_>, command: &Value, now: u64) -> Result<Preview, No> {
        let by = by(actor);
        let command = Command::from_json(&command.to_string()).map_err(refused)?;
        self.0.preview(&by, command, now).map_err(refused)
    }

    /// Executes a command and returns its gates too.
    pub fn change(&mut self, actor: Actor<'_>, command: &Value, now: u64) -> Result<(Event, Value, Vec<String>), No> {
        let decided = self.decided(actor, command, now)?;
        self.0.apply(&decided.event).unwrap();
        Ok((decided.event, serde_json::to_value(decided.result).unwrap(), decided.gates))
    }

    pub fn execute(&mut self, actor: Actor<'_>, command: &Value, now: u64) -> Result<(Event, Value), No> {
        let (event, result) = self.decide(actor, command, now)?;
        self.0.apply(&event).unwrap();
        Ok((event, result))
    }

    pub fn document(&self) -> Organization {
        self.0.facts().workspace()
    }

    pub fn dump(&self) -> String {
        self.0.dump().unwrap()
    }

    /// The endpoints of webhooks, from the dump.
    pub fn endpoints(&self) -> Vec<Endpoint> {
        let dump: Value = serde_json::from_str(&self.dump()).unwrap();
        let endpoint = |value: &Value| Endpoint {
            id: value["id"].as_str().unwrap().to_owned(),
            url: value["url"].as_str().unwrap().to_owned(),
            name: value["name"].as_str().map(str::to_owned),
            events: value.get("events").map(|events| serde_json::from_value(events.clone()).unwrap()),
            disabled: value["disabled"].as_bool().unwrap_or_default(),
        };
        dump["endpoints"].as_array().into_iter().flatten().map(endpoint).collect()
    }

    /// Invitations, accounts and API keys, from the dump.
    pub fn people(&self) -> (Vec<Invitation>, Vec<Account>, Vec<ApiKey>) {
        let dump: Value = serde_json::from_str(&self.dump()).unwrap();
        let all = |list: &str| dump[list].as_array().cloned().unwrap_or_default();
        let text = |value: &Value, field: &str| value[field].as_str().unwrap().to_owned();
        let invitation = |value: Value| Invitation {
            user: text(&value, "user"),
            email: text(&value, "email"),
            role: text(&value, "role"),
            digest: text(&value, "digest"),
            invited_by: value["invited_by"].as_str().map(str::to_owned),
            invited_at: value["invited_at"].as_u64().unwrap(),
            expires: value["expires"].as_u64().unwrap(),
        };
        let account =
            |value: Value| Account { user: text(&value, "user"), issuer: text(&value, "issuer"), subject: text(&value, "subject") };
        let texts = |value: &Value| serde_json::from_value(value.clone()).unwrap_or_default();
        let maybe = |value: &Value| value.as_str().map(str::to_owned);
        let key = |value: Value| ApiKey {
            id: text(&value, "id"),
            name: text(&value, "name"),
            role: text(&value, "role"),
            scopes: texts(&value["scopes"]),
            addresses: texts(&value["addresses"]),
            digest: text(&value, "digest"),
            previous: value["previous"]["expires"].as_u64().map(|until| (text(&value["previous"], "digest"), until)),
            created_by: maybe(&value["created_by"]),
            created_via: maybe(&value["created_via"]),
            created_at: value["created_at"].as_u64().unwrap(),
            expires: value["expires"].as_u64(),
        };
        fn read<T: Ord>(all: Vec<Value>, read: impl FnMut(Value) -> T) -> Vec<T> {
            let mut all: Vec<T> = all.into_iter().map(read).collect();
            all.sort();
            all
        }
        (read(all("invitations"), invitation), read(all("accounts"), account), read(all("keys"), key))
    }
}

/// The actor that a text of the model names.
pub fn by(actor: Actor<'_>) -> By {
    match (user_of(actor).map(str::to_owned), via(actor).map(str::to_owned)) {
        (Some(user), None) => By::User(user),
        (None, Some(key)) => By::Key(key),
        (Some(user), Some(key)) => By::OnBehalf { user, key },
        (None, None) => By::System,
    }
}

fn refused(refusal: Refusal) -> No {
    let message = refusal.to_string();
    assert!(!message.is_empty() && !message.contains('\n'), "{message}");
    assert!(message.chars().next().is_some_and(|first| !first.is_uppercase()), "{message}");
    let refusal: BTreeMap<String, Value> = serde_json::from_value(serde_json::to_value(refusal).unwrap()).unwrap();
    let text = |field: &str| refusal.get(field).map(|value| value.as_str().unwrap().to_owned());
    let mut ids: Vec<String> = refusal.get("ids").map(|ids| serde_json::from_value(ids.clone()).unwrap()).unwrap_or_default();
    ids.sort();
    let until = refusal.get("until").map(|until| until.as_u64().unwrap());
    // A refusal because of the duration alone has `until` and the field.
    let shown = until.map(|until| message.contains(&until.to_string()) && text("path").as_deref() == Some("expires"));
    assert!(shown != Some(false), "{message}");
    No { code: text("code").unwrap(), capability: text("capability"), denied: text("denied"), ids, until }
}
