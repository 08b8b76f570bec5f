//! Webhooks.

use super::{Actor, Given, No, State, no, text};
use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Endpoint {
    pub id: String,
    pub url: String,
    pub name: Option<String>,
    /// Sorted; none for all.
    pub events: Option<Vec<String>>,
    pub disabled: bool,
}

/// The most webhooks of an organization.
const MOST: usize = 16;

/// Executes a command of this group; `false` for any other command.
pub(super) fn execute(state: &mut State, given: &Given<'_>) -> Result<bool, No> {
    let Given { actor, command, now, .. } = *given;
    match given.the("type") {
        "create_webhook" => {
            manages(state, actor, now)?;
            state.may_choose_id(actor, command)?;
            let id = given.new_id("webhook");
            if state.endpoints.iter().any(|endpoint| endpoint.id == id) {
                return Err(no("already_exists"));
            }
            if state.endpoints.len() == MOST {
                return Err(no("too_many"));
            }
            let url = given.the("url").to_owned();
            state.endpoints.push(Endpoint { id, url, name: given.name(), events: kinds(&command["events"]), disabled: false });
        }
        "edit_webhook" => {
            let endpoint = known(state, given)?;
            if let Some(url) = text(command, "url") {
                url.clone_into(&mut endpoint.url);
            }
            endpoint.name = given.name().or(endpoint.name.take());
            if let Some(events) = command.get("events") {
                endpoint.events = kinds(events);
            }
        }
        "enable_webhook" => known(state, given)?.disabled = false,
        "disable_webhook" => known(state, given)?.disabled = true,
        "delete_webhook" => {
            let id = known(state, given)?.id.clone();
            state.endpoints.retain(|endpoint| endpoint.id != id);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn manages(state: &State, actor: Actor<'_>, now: u64) -> Result<(), No> {
    state.needs(actor, now, "integrations.manage", None)?;
    state.needs(actor, now, "audit.view", None)
}

fn known<'a>(state: &'a mut State, given: &Given<'_>) -> Result<&'a mut Endpoint, No> {
    manages(state, given.actor, given.now)?;
    state.endpoints.iter_mut().find(|endpoint| endpoint.id == given.the("webhook")).ok_or(no("unknown_webhook"))
}

fn kinds(events: &Value) -> Option<Vec<String>> {
    let mut kinds: Vec<String> = serde_json::from_value(events.clone()).unwrap_or_default();
    kinds.sort();
    kinds.dedup();
    Some(kinds).filter(|kinds| !kinds.is_empty())
}
