//! The webhooks of a directory, for the service that sends them and for those who manage them.

use serde::Serialize;

use super::actor::Actor;
use super::endpoint::Endpoint;
use super::{Directory, webhook_address};
use crate::facts::{Position, Status};
use crate::rules::capability::{Capability, CapabilitySet};

/// What managing webhooks needs.
const MANAGING: [Capability; 2] = [Capability::IntegrationsManage, Capability::AuditView];

/// A webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct Webhook {
    /// Its id.
    pub id: String,
    /// The address that it sends to.
    pub url: String,
    /// Its name, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub name: Option<String>,
    /// The `type` of the commands whose events it sends; all if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub events: Option<Vec<String>>,
    /// Why it sends nothing; absent if it sends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub paused: Option<Paused>,
}

/// Why a webhook sends nothing at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(bindings, derive(tsify::Tsify))]
#[non_exhaustive]
pub enum Paused {
    /// It is switched off.
    Disabled,
    /// The plan withholds `integrations.manage` or `audit.view`.
    Plan,
    /// Its address may not be called.
    Address,
}

impl Directory {
    /// Allows webhooks on the loopback addresses, without encryption too: for a service that is itself on this machine. It is no part of
    /// the state.
    pub fn allow_loopback(&mut self) {
        self.loopback = true;
    }

    /// The webhooks, in the order of their ids.
    pub fn webhooks(&self) -> Vec<Webhook> {
        let withheld = MANAGING.iter().any(|capability| self.facts.withheld.contains(*capability));
        let webhook = |endpoint: &Endpoint| {
            let Endpoint { id, url, name, events, disabled } = endpoint.clone();
            let paused = match webhook_address::fault(&url, self.loopback) {
                _ if disabled => Some(Paused::Disabled),
                _ if withheld => Some(Paused::Plan),
                Some(_) => Some(Paused::Address),
                None => None,
            };
            Webhook { id, url, name, events, paused }
        };
        self.people.endpoints().map(webhook).collect()
    }

    /// Whether an actor manages webhooks at `now` (Unix seconds).
    pub fn manages_webhooks(&self, actor: &Actor, now: u64) -> bool {
        MANAGING.iter().all(|capability| self.denied(actor, *capability, None, now).is_none())
    }

    /// The addresses of the active users whose role manages webhooks, whatever the plan withholds: at most `most`, by user id.
    pub fn webhook_managers(&self, most: usize) -> Vec<String> {
        let wanted = CapabilitySet::of(&MANAGING);
        let manages = |position: Position| {
            let user = self.facts.user(position)?;
            let may = user.status == Status::Active && self.facts.grants_of(user.role).contains_all(wanted);
            may.then(|| self.facts.address(position).map(str::to_owned)).flatten()
        };
        self.facts.all_users().iter().filter_map(|user| manages(*user)).take(most).collect()
    }
}
