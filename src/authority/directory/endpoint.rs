//! Endpoints of webhooks: the addresses to which a service sends the events.

use serde::{Deserialize, Serialize};

use super::command::Command;
use super::visible::name_error;
use super::webhook_address;
use crate::facts::is_id;

/// An endpoint of a webhook, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Endpoint {
    pub(super) id: String,
    /// The whole address. The text of an event has its origin alone.
    pub(super) url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    /// The `type` of the commands whose events are sent, sorted; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) events: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) disabled: bool,
}

impl Endpoint {
    /// Why no command makes it: the field and the reason. A kind of event that a later version knows may be there.
    pub(super) fn find_error(&self) -> Option<(&'static str, &'static str)> {
        if !is_id(&self.id) {
            return Some(("id", "is not an id"));
        }
        // Whether the address may be called depends on where the service is; here only its form counts.
        if webhook_address::origin(&self.url).is_empty() {
            return Some(("url", "is not an address"));
        }
        if self.name.as_deref().is_some_and(|name| name_error(name).is_some()) {
            return Some(("name", "is not a name"));
        }
        let kinds = self.events.as_deref();
        kinds.is_some_and(|kinds| kinds.is_empty() || !kinds.is_sorted()).then_some(("events", "expected a sorted list of kinds"))
    }
}

/// The kinds of event that an endpoint gets, sorted, each once; or the path and the reason of the first fault.
pub(super) fn kinds(names: &[String]) -> Result<Vec<String>, (String, &'static str)> {
    if names.is_empty() {
        return Err(("events".to_owned(), "expected at least one kind of event"));
    }
    if let Some(at) = names.iter().position(|name| !Command::NAMES.contains(&name.as_str())) {
        return Err((format!("events[{at}]"), "there is no such command"));
    }
    let mut kinds = names.to_vec();
    kinds.sort_unstable();
    kinds.dedup();
    Ok(kinds)
}
