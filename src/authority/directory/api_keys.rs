//! API keys: what a directory keeps of each, and who presents one.
//!
//! A key is a principal with an organization role. Its secret is given out once; the directory keeps the digest.

mod network;
mod secret;

use serde::{Deserialize, Serialize};

pub(super) use self::network::Network;
pub use self::secret::api_key_digest;
pub(super) use self::secret::new_secret;

use super::Directory;
use super::event::hash_of;
use super::visible::name_error;
use crate::authority::limits::MOST_NETWORKS;
use crate::error::named;
use crate::facts::{MAX_ISSUED_TIME, is_id};
use crate::rules::Identity;
use crate::rules::capability::Capability;

named! {
    /// What an API key may be used for. Its role bounds all of it.
    #[derive(PartialOrd, Ord, Deserialize)]
    #[non_exhaustive]
    KeyScope:
    /// Gives commands and previews.
    Commands "commands",
    /// Acts on behalf of a user whom the request names: by the rights of both, whichever are less.
    ActAs "act_as",
    /// Reads the directory, snapshots, deltas and updates, without the digests of links.
    Read "read",
    /// Reads the digests of links too.
    Digests "digests",
    /// Reads the audit log.
    Events "events",
    /// Makes passes for people whom the platform has signed in.
    Passes "passes",
    /// Provisions people and teams (SCIM).
    Provision "provision",
}

impl KeyScope {
    /// The scope of a name.
    pub(super) fn from_name(name: &str) -> Option<KeyScope> {
        Self::MEANINGS.iter().map(|(scope, _)| *scope).find(|scope| scope.name() == name)
    }
}

/// An API key as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ApiKey {
    pub(super) id: String,
    /// Its name, for people.
    pub(super) name: String,
    /// Its organization role.
    pub(super) role: String,
    /// Sorted, each once.
    pub(super) scopes: Vec<KeyScope>,
    /// The networks from which it is accepted, in their written form; from everywhere if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) addresses: Vec<String>,
    /// SHA-256 of the secret, base64url.
    pub(super) digest: String,
    /// The secret that it had before, where that is still accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) previous: Option<PreviousSecret>,
    /// The user who created it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) created_by: Option<String>,
    /// The key by which it was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) created_via: Option<String>,
    /// Unix seconds.
    pub(super) created_at: u64,
    /// It counts before this time, Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) expires: Option<u64>,
}

/// A secret that was replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PreviousSecret {
    /// SHA-256 of the secret, base64url.
    pub(super) digest: String,
    /// It is accepted before this time, Unix seconds.
    pub(super) expires: u64,
}

impl ApiKey {
    /// Whether it counts at `now`, Unix seconds.
    pub(super) fn is_live(&self, now: u64) -> bool {
        self.expires.is_none_or(|expires| now < expires)
    }

    /// The digests of its secrets.
    pub(super) fn digests(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.digest).chain(self.previous.as_ref().map(|previous| &previous.digest))
    }

    /// Whether a secret of this digest, one of its own, is accepted at `now`.
    fn accepts(&self, digest: &str, now: u64) -> bool {
        let previous = || self.previous.as_ref().is_some_and(|previous| previous.digest == digest && now < previous.expires);
        self.is_live(now) && (self.digest == digest || previous())
    }

    /// Why no command makes it, if so: the field and the reason. Whether its role exists is checked elsewhere.
    pub(super) fn find_error(&self) -> Option<(&'static str, &'static str)> {
        if !is_id(&self.id) {
            return Some(("id", "is not an id"));
        }
        if name_error(&self.name).is_some() {
            return Some(("name", "is not a name"));
        }
        if self.scopes.is_empty() || !self.scopes.is_sorted_by(|one, other| one < other) {
            return Some(("scopes", "expected scopes in their order"));
        }
        let written = |address: &String| Network::read(address).is_ok_and(|network| network.to_string() == *address);
        if self.addresses.len() > MOST_NETWORKS || !self.addresses.iter().all(written) {
            return Some(("addresses", "expected networks in their written form"));
        }
        if self.digests().any(|digest| hash_of(digest).is_none()) {
            return Some(("digest", "expected a SHA-256 digest in base64url without padding"));
        }
        if [&self.created_by, &self.created_via].into_iter().flatten().any(|id| !is_id(id)) {
            return Some(("created_by", "is not an id"));
        }
        let previous = self.previous.as_ref().map(|previous| previous.expires);
        if [Some(self.created_at), self.expires, previous].into_iter().flatten().any(|time| time > MAX_ISSUED_TIME) {
            return Some(("expires", "expected Unix seconds; these look like milliseconds"));
        }
        None
    }
}

/// An API key, for people who manage keys and for the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct ApiKeyView {
    /// Its id.
    pub id: String,
    /// Its name, for people.
    pub name: String,
    /// Its organization role.
    pub role: String,
    /// What it may be used for.
    pub scopes: Vec<KeyScope>,
    /// The networks from which it is accepted; from everywhere if absent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(bindings, tsify(optional))]
    pub addresses: Vec<String>,
    /// The id of the user who created it; absent if a key did so for itself, or if the user was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub created_by: Option<String>,
    /// The id of the key by which it was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub created_via: Option<String>,
    /// When it was created, Unix seconds.
    pub created_at: u64,
    /// It counts before this time, Unix seconds; without end if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub expires: Option<u64>,
    /// The secret before the last rotation is accepted before this time, Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub previous_until: Option<u64>,
}

impl From<&ApiKey> for ApiKeyView {
    fn from(key: &ApiKey) -> ApiKeyView {
        let ApiKey { id, name, role, scopes, addresses, digest: _, previous, created_by, created_via, created_at, expires } =
            key.clone();
        let previous_until = previous.map(|previous| previous.expires);
        ApiKeyView { id, name, role, scopes, addresses, created_by, created_via, created_at, expires, previous_until }
    }
}

named! {
    /// Why a request with an API key is refused.
    #[non_exhaustive]
    KeyRefusal:
    /// The key is unknown, expired or revoked, or the plan has no API keys.
    InvalidApiKey "invalid_api_key",
    /// The key is not accepted from this address.
    AddressNotAllowed "address_not_allowed",
    /// The key lacks the scope.
    MissingScope "missing_scope",
}

/// A refused request with an API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusedKey<'a> {
    /// The first reason.
    pub refusal: KeyRefusal,
    /// The id of the key, if the secret is good.
    pub key: Option<&'a str>,
}

/// A request that presents an API key.
#[derive(Clone, Copy, Debug)]
pub struct KeyRequest<'a> {
    /// The digest of the secret ([`api_key_digest`]).
    pub digest: &'a str,
    /// The address that it comes from, if that is known: IPv4 or IPv6.
    pub address: Option<&'a str>,
    /// The scopes that it needs.
    pub scopes: &'a [KeyScope],
}

impl Directory {
    /// The id of the key that a request presents, if the key is good for it at `now` (Unix seconds).
    ///
    /// # Errors
    /// The first reason why it is not.
    pub fn admit_key(&self, request: KeyRequest<'_>, now: u64) -> Result<&str, RefusedKey<'_>> {
        let key = self.people.key_by_digest(request.digest).filter(|key| key.accepts(request.digest, now));
        let invalid = RefusedKey { refusal: KeyRefusal::InvalidApiKey, key: None };
        let key = key.filter(|_| self.plan_has_keys()).ok_or(invalid)?;
        let refused = |refusal| Err(RefusedKey { refusal, key: Some(&key.id) });
        let address = request.address.and_then(|address| address.parse().ok());
        let inside = |network: &String| Network::read(network).ok().zip(address).is_some_and(|(it, address)| it.contains(address));
        if !key.addresses.is_empty() && !key.addresses.iter().any(inside) {
            return refused(KeyRefusal::AddressNotAllowed);
        }
        let has = |scope| key.scopes.contains(scope);
        if request.scopes.iter().all(has) { Ok(&key.id) } else { refused(KeyRefusal::MissingScope) }
    }

    /// All API keys, in the order of their ids.
    pub fn api_keys(&self) -> Vec<ApiKeyView> {
        self.people.keys().map(ApiKeyView::from).collect()
    }

    /// A key as a principal: inactive if it is unknown, has expired, or the plan has no keys.
    pub(super) fn key_identity(&self, id: &str, now: u64) -> Identity {
        let key = self.people.key(id).filter(|key| key.is_live(now) && self.plan_has_keys());
        let role = key.and_then(|key| self.facts.find_role(&key.role));
        role.map_or(Identity::Inactive, |role| Identity::Key { role })
    }

    /// Keys end with the plan's `panel.api_keys`: where nobody could revoke a key, none may be good.
    fn plan_has_keys(&self) -> bool {
        !self.facts.withheld.contains(Capability::PanelApiKeys)
    }
}
