//! API keys: create, edit, rotate, revoke.

use super::Decider;
use super::effect::Effect;
use crate::authority::directory::actor::Actor;
use crate::authority::directory::api_keys::{ApiKey, KeyScope, Network, PreviousSecret, new_secret};
use crate::authority::directory::command::{CommandResult, CreateApiKey, EditApiKey, RevokeApiKey, RotateApiKey};
use crate::authority::directory::refusal::{Refusal, RefusalCode};
use crate::authority::limits::{LONGEST_GRACE, MOST_NETWORKS};
use crate::facts::{MAX_ISSUED_TIME, NEVER};
use crate::rules::capability::{Capability, CapabilitySet};
use crate::rules::role::Level;
use crate::rules::target::Target;

impl Decider<'_> {
    pub(super) fn create_api_key(&self, command: &mut CreateApiKey) -> Result<Effect, Refusal> {
        self.check_name(&command.name)?;
        check_scopes(&mut command.scopes)?;
        self.check_id(command.id.as_deref())?;
        self.check_expires(command.expires.flatten())?;
        if let Some(addresses) = &mut command.addresses {
            check_addresses(addresses)?;
        }
        self.allowed(Capability::PanelApiKeys, Target::Organization)?;
        self.check_may_choose_id(command.id.as_deref())?;
        self.check_gives(self.facts.grants_of(self.role(&command.role, Level::Organization)?))?;

        let (secret, digest) = new_secret(&self.derived("wgk"));
        let mut key = ApiKey {
            id: String::new(),
            name: command.name.clone(),
            role: command.role.clone(),
            scopes: command.scopes.clone(),
            addresses: command.addresses.clone().unwrap_or_default(),
            digest,
            previous: None,
            created_by: self.acting_user(),
            created_via: self.acting_key().map(|key| key.id.clone()),
            created_at: self.now,
            expires: command.expires.flatten(),
        };
        self.check_within_acting_key(&key)?;
        key.id = self.new_id(&mut command.id, "k", |id| self.people.key(id).is_some())?;
        Ok(with_secret(key, secret))
    }

    pub(super) fn edit_api_key(&self, command: &mut EditApiKey) -> Result<Effect, Refusal> {
        if let Some(name) = &command.name {
            self.check_name(name)?;
        }
        if let Some(scopes) = &mut command.scopes {
            check_scopes(scopes)?;
        }
        self.check_expires(command.expires.flatten())?;
        if let Some(addresses) = &mut command.addresses {
            check_addresses(addresses)?;
        }
        let EditApiKey { key, name, scopes, expires, addresses } = command;
        if name.is_none() && scopes.is_none() && expires.is_none() && addresses.is_none() {
            return Err(Refusal::new(RefusalCode::InvalidCommand, "expected a field to change"));
        }
        let old = self.giveable_key(key)?;
        let key = ApiKey {
            name: name.clone().unwrap_or_else(|| old.name.clone()),
            scopes: scopes.clone().unwrap_or_else(|| old.scopes.clone()),
            expires: expires.unwrap_or(old.expires),
            addresses: addresses.clone().unwrap_or_else(|| old.addresses.clone()),
            ..old.clone()
        };
        self.check_within_acting_key(&key)?;
        Ok(changing(key))
    }

    pub(super) fn rotate_api_key(&self, command: &RotateApiKey) -> Result<Effect, Refusal> {
        let grace = command.grace.unwrap_or_default();
        if grace > LONGEST_GRACE {
            return Err(Refusal::invalid("grace", &format!("expected at most {LONGEST_GRACE} seconds")));
        }
        let old = self.giveable_key(&command.key)?;
        self.check_within_acting_key(old)?;
        let (secret, digest) = new_secret(&self.derived("wgk"));
        let expires = (self.now + grace).min(MAX_ISSUED_TIME);
        let previous = (grace > 0).then(|| PreviousSecret { digest: old.digest.clone(), expires });
        Ok(with_secret(ApiKey { digest, previous, ..old.clone() }, secret))
    }

    pub(super) fn revoke_api_key(&self, command: &RevokeApiKey) -> Result<Effect, Refusal> {
        let (key, grants) = self.managed_key(&command.key)?;
        self.check_within(self.own_powers(), grants, "takes")?;
        let mut effect = Effect::default();
        effect.people.gone.keys.push(key.id.clone());
        Ok(effect)
    }

    /// A key that the actor manages, and the grants of its role.
    fn managed_key(&self, id: &str) -> Result<(&ApiKey, CapabilitySet), Refusal> {
        self.allowed(Capability::PanelApiKeys, Target::Organization)?;
        let key = self.people.key(id).ok_or_else(|| Refusal::unknown(RefusalCode::UnknownApiKey, "key", id))?;
        let role = self.facts.find_role(&key.role);
        Ok((key, role.map_or(CapabilitySet::NONE, |role| self.facts.grants_of(role))))
    }

    /// A key that the actor manages, whose power the actor may give: its secret, or more scopes.
    fn giveable_key(&self, id: &str) -> Result<&ApiKey, Refusal> {
        let (key, grants) = self.managed_key(id)?;
        self.check_gives(grants).map(|()| key)
    }

    /// The key that gives the command, for itself or on behalf of a user.
    fn acting_key(&self) -> Option<&ApiKey> {
        match self.actor {
            Actor::Key(key) | Actor::OnBehalf { key, .. } => self.people.key(key),
            Actor::User(_) | Actor::System => None,
        }
    }

    /// Refuses a key that may be used for more, from more addresses or for longer than the key that gives the command.
    fn check_within_acting_key(&self, given: &ApiKey) -> Result<(), Refusal> {
        let Some(own) = self.acting_key() else { return Ok(()) };
        if let Some(scope) = given.scopes.iter().find(|scope| !own.scopes.contains(scope)) {
            let reason = format!("it gives the scope {}, which the acting key does not have", scope.name());
            return Err(Refusal::at(RefusalCode::BeyondOwnRole, "scopes", &reason));
        }
        let networks = |key: &ApiKey| -> Vec<Network> { key.addresses.iter().filter_map(|it| Network::read(it).ok()).collect() };
        let (within, wanted) = (networks(own), networks(given));
        let inside = |network: &Network| within.iter().any(|own| own.contains_all(*network));
        if !within.is_empty() && (wanted.is_empty() || !wanted.iter().all(inside)) {
            let reason = "it is accepted from addresses from which the acting key is not";
            return Err(Refusal::at(RefusalCode::BeyondOwnRole, "addresses", reason));
        }
        let until = own.expires.unwrap_or(NEVER);
        if given.expires.unwrap_or(NEVER) > until {
            let reason = format!("the acting key counts only until {until}");
            return Err(Refusal { until: Some(until), ..Refusal::at(RefusalCode::BeyondOwnRole, "expires", &reason) });
        }
        Ok(())
    }
}

/// The effect of a new or replaced key.
fn changing(key: ApiKey) -> Effect {
    let result = CommandResult { api_key: Some(key.id.clone()), ..CommandResult::default() };
    let mut effect = Effect { result, ..Effect::default() };
    effect.people.keys.push(key);
    effect
}

/// The same with the secret in the answer.
fn with_secret(key: ApiKey, secret: crate::authority::directory::command::Secret) -> Effect {
    let mut effect = changing(key);
    effect.result.secret = Some(secret);
    effect
}

/// Refuses no scopes, and puts them in their order.
fn check_scopes(scopes: &mut Vec<KeyScope>) -> Result<(), Refusal> {
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() { Err(Refusal::invalid("scopes", "expected at least one")) } else { Ok(()) }
}

/// Refuses texts that are no networks, and puts the others into their written form.
fn check_addresses(addresses: &mut Vec<String>) -> Result<(), Refusal> {
    if addresses.len() > MOST_NETWORKS {
        return Err(Refusal::invalid("addresses", &format!("expected at most {MOST_NETWORKS}")));
    }
    for (n, address) in addresses.iter_mut().enumerate() {
        let network = Network::read(address.trim());
        *address = network.map_err(|reason| Refusal::invalid(&format!("addresses[{n}]"), &reason))?.to_string();
    }
    addresses.sort_unstable();
    addresses.dedup();
    Ok(())
}
