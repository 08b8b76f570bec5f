//! Webhooks: the endpoints to which a service sends the events of the history.

use super::Decider;
use super::effect::Effect;
use crate::authority::directory::command::{
    CommandResult, CreateWebhook, DeleteWebhook, DisableWebhook, EditWebhook, EnableWebhook, WebhookAddress,
};
use crate::authority::directory::endpoint::{Endpoint, kinds};
use crate::authority::directory::refusal::{Refusal, RefusalCode};
use crate::authority::directory::webhook_address;
use crate::authority::limits::MOST_WEBHOOKS;
use crate::rules::capability::Capability;
use crate::rules::target::Target;

impl Decider<'_> {
    pub(super) fn create_webhook(&self, command: &mut CreateWebhook) -> Result<Effect, Refusal> {
        self.check_webhook(Some(&command.url), command.name.as_deref())?;
        self.check_id(command.id.as_deref())?;
        let events = self.check_kinds(command.events.as_deref())?;
        self.allowed_webhooks()?;
        self.check_may_choose_id(command.id.as_deref())?;
        let id = self.new_id(&mut command.id, "w", |id| self.people.endpoint(id).is_some())?;
        if self.people.endpoints().count() >= MOST_WEBHOOKS {
            return Err(Refusal::new(RefusalCode::TooMany, format!("there are {MOST_WEBHOOKS} webhooks already")));
        }
        let WebhookAddress(url) = command.url.clone();
        let result = CommandResult { webhook: Some(id.clone()), ..CommandResult::default() };
        Ok(putting(Endpoint { id, url, name: command.name.clone(), events, disabled: false }, result))
    }

    pub(super) fn edit_webhook(&self, command: &EditWebhook) -> Result<Effect, Refusal> {
        self.check_webhook(command.url.as_ref(), command.name.as_deref())?;
        let events = command.events.as_ref().map(|events| self.check_kinds(events.as_deref())).transpose()?;
        let before = self.webhook(&command.webhook)?;
        let after = Endpoint {
            url: command.url.clone().map_or(before.url, |WebhookAddress(url)| url),
            name: command.name.clone().or(before.name),
            events: events.unwrap_or(before.events),
            ..before
        };
        Ok(putting(after, CommandResult::default()))
    }

    pub(super) fn enable_webhook(&self, command: &EnableWebhook) -> Result<Effect, Refusal> {
        let before = self.webhook(&command.webhook)?;
        Ok(putting(Endpoint { disabled: false, ..before }, CommandResult::default()))
    }

    pub(super) fn disable_webhook(&self, command: &DisableWebhook) -> Result<Effect, Refusal> {
        let before = self.webhook(&command.webhook)?;
        Ok(putting(Endpoint { disabled: true, ..before }, CommandResult::default()))
    }

    pub(super) fn delete_webhook(&self, command: &DeleteWebhook) -> Result<Effect, Refusal> {
        let before = self.webhook(&command.webhook)?;
        let mut effect = Effect::default();
        effect.people.gone.endpoints.push(before.id);
        Ok(effect)
    }

    /// An endpoint, if the actor manages webhooks.
    fn webhook(&self, id: &str) -> Result<Endpoint, Refusal> {
        self.allowed_webhooks()?;
        let unknown = || Refusal::unknown(RefusalCode::UnknownWebhook, "webhook", id);
        self.people.endpoint(id).cloned().ok_or_else(unknown)
    }

    /// An endpoint receives the history, and nobody gives what they do not have: so its manager must be able to read it.
    fn allowed_webhooks(&self) -> Result<(), Refusal> {
        self.allowed(Capability::IntegrationsManage, Target::Organization)?;
        self.allowed(Capability::AuditView, Target::Organization).map(|_| ())
    }

    fn check_webhook(&self, url: Option<&WebhookAddress>, name: Option<&str>) -> Result<(), Refusal> {
        if let Some(fault) = url.and_then(|WebhookAddress(url)| webhook_address::fault(url, self.loopback)) {
            return Err(Refusal::invalid("url", fault));
        }
        name.map_or(Ok(()), |name| self.check_name(name))
    }

    fn check_kinds(&self, events: Option<&[String]>) -> Result<Option<Vec<String>>, Refusal> {
        events.map(kinds).transpose().map_err(|(path, fault)| Refusal::invalid(&path, fault))
    }
}

fn putting(endpoint: Endpoint, result: CommandResult) -> Effect {
    let mut effect = Effect { result, ..Effect::default() };
    effect.people.endpoints.push(endpoint);
    effect
}
