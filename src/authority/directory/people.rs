//! What a directory knows besides the facts: invitations, accounts, which user has an address, the endpoints of webhooks, and API keys.

use std::collections::{BTreeMap, BTreeSet};

use super::address;
use super::api_keys::ApiKey;
use super::endpoint::Endpoint;
use super::event::{Account, Invitation, PeopleChanges, hash_of};
use super::visible::breaks_line;
use crate::authority::limits::{LONGEST_INVITATION, MOST_WEBHOOKS};
use crate::document::User;
use crate::error::quote;
use crate::facts::{MAX_ISSUED_TIME, Status, is_id};

/// The longest issuer or subject of an account, in bytes: the longest `sub` of OpenID Connect (Core 1.0 §2), and room for an issuer's URL.
pub(super) const LONGEST_ACCOUNT: usize = 255;

/// Whether a text may be an account's issuer or subject.
pub(super) fn is_account_name(name: &str) -> bool {
    (1..=LONGEST_ACCOUNT).contains(&name.len()) && !name.chars().any(breaks_line)
}

/// Why a change of people is not one that a command makes: the path of the fault, and the reason.
pub(super) type PeopleError = (String, &'static str);

/// Invitations and accounts by user, endpoints of webhooks and API keys by id, with their indexes.
#[derive(Default)]
pub(super) struct People {
    invitations: BTreeMap<String, Invitation>,
    accounts: BTreeMap<String, Account>,
    /// API keys by their id.
    keys: BTreeMap<String, ApiKey>,
    /// Users by the digest of their invitation's token. A caller brings a token and cannot choose its digest, so the time of a lookup
    /// reveals nothing.
    by_digest: BTreeMap<String, String>,
    /// API keys by the digests of their secrets. As for tokens, the time of a lookup reveals nothing.
    by_key_digest: BTreeMap<String, String>,
    /// Users by issuer and subject.
    by_account: BTreeMap<(String, String), String>,
    /// Users by the normal form of their address. Several users only where their addresses were stored before this normal form existed.
    by_address: BTreeMap<String, BTreeSet<String>>,
    endpoints: BTreeMap<String, Endpoint>,
}

impl People {
    pub(super) fn invitation(&self, user: &str) -> Option<&Invitation> {
        self.invitations.get(user)
    }

    pub(super) fn invitations(&self) -> impl Iterator<Item = &Invitation> {
        self.invitations.values()
    }

    /// The invitation with a token of this digest.
    pub(super) fn invitation_by_digest(&self, digest: &str) -> Option<&Invitation> {
        self.by_digest.get(digest).and_then(|user| self.invitations.get(user))
    }

    pub(super) fn account(&self, user: &str) -> Option<&Account> {
        self.accounts.get(user)
    }

    pub(super) fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.accounts.values()
    }

    pub(super) fn endpoint(&self, id: &str) -> Option<&Endpoint> {
        self.endpoints.get(id)
    }

    pub(super) fn endpoints(&self) -> impl Iterator<Item = &Endpoint> {
        self.endpoints.values()
    }

    /// Whether something that changes give is there already.
    pub(super) fn has_any_of(&self, changes: &PeopleChanges) -> bool {
        let PeopleChanges { invitations, accounts, endpoints, keys, gone: _ } = changes;
        invitations.iter().any(|given| self.invitations.contains_key(&given.user))
            || accounts.iter().any(|given| self.accounts.contains_key(&given.user))
            || endpoints.iter().any(|given| self.endpoints.contains_key(&given.id))
            || keys.iter().any(|given| self.keys.contains_key(&given.id))
    }

    /// The user who signs in with an account.
    pub(super) fn user_of_account(&self, issuer: &str, subject: &str) -> Option<&str> {
        self.by_account.get(&(issuer.to_owned(), subject.to_owned())).map(String::as_str)
    }

    /// The user with this address, given in its normal form. Of several, the first by id, so that the answer does not depend on their order.
    pub(super) fn user_at(&self, address: &str) -> Option<&str> {
        self.by_address.get(address)?.first().map(String::as_str)
    }

    pub(super) fn key(&self, id: &str) -> Option<&ApiKey> {
        self.keys.get(id)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &ApiKey> {
        self.keys.values()
    }

    /// The API key with a secret of this digest, also one that was replaced.
    pub(super) fn key_by_digest(&self, digest: &str) -> Option<&ApiKey> {
        self.keys.get(self.by_key_digest.get(digest)?)
    }

    pub(super) fn remove_address(&mut self, address: &str, user: &str) {
        let address = address::key(address);
        if let Some(users) = self.by_address.get_mut(&*address) {
            users.remove(user);
            if users.is_empty() {
                self.by_address.remove(&*address);
            }
        }
    }

    pub(super) fn add_address(&mut self, address: &str, user: &str) {
        self.by_address.entry(address::key(address).into_owned()).or_default().insert(user.to_owned());
    }

    /// Why no command makes these changes, if so. `users` are new or replaced by the same event, `gone` are removed by it; `find` finds
    /// the users that the event leaves as they are; `is_role` says whether there is an organization role of an id after the event.
    pub(super) fn find_error(
        &self,
        changes: &PeopleChanges,
        users: &[User],
        gone: &[String],
        find: impl Fn(&str) -> Option<User>,
        is_role: impl Fn(&str) -> bool,
    ) -> Option<PeopleError> {
        let put: BTreeMap<&str, &User> = users.iter().map(|user| (user.id.as_str(), user)).collect();
        let gone: BTreeSet<&str> = gone.iter().map(String::as_str).collect();
        let stays = |user: &str| !put.contains_key(user) && !gone.contains(user);
        let find = |user: &str| if stays(user) { find(user) } else { put.get(user).copied().cloned() };
        let at = |list: &str, n: usize, (field, reason): (&str, &'static str)| (format!("{list}[{n}].{field}"), reason);

        let mut addresses = BTreeSet::new();
        for (n, user) in users.iter().enumerate() {
            let Some(email) = &user.email else { continue };
            if !address::is_kept(email) {
                return Some(at("users", n, ("email", "is not a stored form of an e-mail address")));
            }
            // Compared as it is stored: addresses stored before the normal form existed may differ although their normal forms do not.
            let has_address = |other: &String| stays(other) && find(other).is_some_and(|other| other.email.as_ref() == Some(email));
            let others = self.by_address.get(&*address::key(email));
            if !addresses.insert(email) || others.into_iter().flatten().any(has_address) {
                return Some(at("users", n, ("email", "another user has this address")));
            }
        }
        let (mut invited, mut digests) = (BTreeSet::new(), BTreeSet::new());
        for (n, invitation) in changes.invitations.iter().enumerate() {
            let Invitation { user, digest, .. } = invitation;
            let taken = self.by_digest.get(digest).is_some_and(|other| other != user);
            let error = match invitation.find_error(find(user)) {
                None if !invited.insert(user.as_str()) => Some(("user", "has another invitation already")),
                None if taken || !digests.insert(digest) => Some(("digest", "is another invitation's already")),
                error => error,
            };
            if let Some(error) = error {
                return Some(at("invitations", n, error));
            }
        }
        let (mut known, mut accounts) = (BTreeSet::new(), BTreeSet::new());
        for (n, account) in changes.accounts.iter().enumerate() {
            let Account { user, issuer, subject } = account;
            let taken = self.user_of_account(issuer, subject).is_some_and(|other| other != user);
            let error = match account.find_error(find(user)) {
                None if !known.insert(user.as_str()) => Some(("user", "has another account already")),
                None if taken || !accounts.insert((issuer, subject)) => Some(("subject", "is another user's account already")),
                error => error,
            };
            if let Some(error) = error {
                return Some(at("accounts", n, error));
            }
        }
        let (mut kept, removed) = (BTreeSet::new(), &changes.gone.endpoints);
        for (n, endpoint) in changes.endpoints.iter().enumerate() {
            let error = endpoint.find_error();
            if let Some(error) = error.or_else(|| (!kept.insert(&endpoint.id)).then_some(("id", "is another endpoint's already"))) {
                return Some(at("endpoints", n, error));
            }
        }
        kept.extend(self.endpoints.keys().filter(|id| !removed.contains(id)));
        if kept.len() > MOST_WEBHOOKS {
            return Some(("endpoints".to_owned(), "are more than there may be"));
        }
        let mut gone_keys: BTreeSet<&str> = changes.gone.keys.iter().map(String::as_str).collect();
        let mut secrets = BTreeSet::new();
        for (n, key) in changes.keys.iter().enumerate() {
            let taken = |digest: &String| self.by_key_digest.get(digest).is_some_and(|other| *other != key.id);
            let error = match key.find_error() {
                None if !gone_keys.insert(&key.id) => Some(("id", "is another key's already")),
                None if !is_role(&key.role) => Some(("role", "is no organization role")),
                None if key.digests().any(|digest| taken(digest) || !secrets.insert(digest)) => {
                    Some(("digest", "is another key's already"))
                }
                error => error,
            };
            if let Some(error) = error {
                return Some(at("keys", n, error));
            }
        }
        // A key that stays needs its role.
        if let Some(key) = self.keys.values().find(|key| !gone_keys.contains(&*key.id) && !is_role(&key.role)) {
            return Some((format!("keys {}", quote(&key.id)), "has a role that is removed"));
        }
        // An invitation or account that a changed user keeps must still fit the user.
        invited.extend(changes.gone.invitations.iter().map(String::as_str));
        known.extend(changes.gone.accounts.iter().map(String::as_str));
        for user in put.keys().chain(&gone) {
            let invitation = self.invitations.get(*user).filter(|_| !invited.contains(user));
            let account = self.accounts.get(*user).filter(|_| !known.contains(user));
            let error = invitation.and_then(|invitation| invitation.find_error(find(user)));
            if let Some((_, reason)) = error.or_else(|| account.and_then(|account| account.find_error(find(user)))) {
                return Some((format!("users {}", quote(user)), reason));
            }
        }
        None
    }

    pub(super) fn apply(&mut self, changes: PeopleChanges) {
        for user in &changes.gone.invitations {
            self.forget_invitation(user);
        }
        for user in &changes.gone.accounts {
            self.forget_account(user);
        }
        for id in &changes.gone.endpoints {
            self.endpoints.remove(id);
        }
        self.endpoints.extend(changes.endpoints.into_iter().map(|endpoint| (endpoint.id.clone(), endpoint)));
        for key in &changes.gone.keys {
            self.forget_key(key);
        }
        for key in changes.keys {
            self.forget_key(&key.id);
            self.by_key_digest.extend(key.digests().map(|digest| (digest.clone(), key.id.clone())));
            self.keys.insert(key.id.clone(), key);
        }
        for invitation in changes.invitations {
            self.forget_invitation(&invitation.user);
            self.by_digest.insert(invitation.digest.clone(), invitation.user.clone());
            self.invitations.insert(invitation.user.clone(), invitation);
        }
        for account in changes.accounts {
            self.forget_account(&account.user);
            self.by_account.insert((account.issuer.clone(), account.subject.clone()), account.user.clone());
            self.accounts.insert(account.user.clone(), account);
        }
    }

    fn forget_invitation(&mut self, user: &str) {
        if let Some(invitation) = self.invitations.remove(user) {
            self.by_digest.remove(&invitation.digest);
        }
    }

    fn forget_key(&mut self, id: &str) {
        if let Some(key) = self.keys.remove(id) {
            for digest in key.digests() {
                self.by_key_digest.remove(digest);
            }
        }
    }

    fn forget_account(&mut self, user: &str) {
        if let Some(Account { issuer, subject, .. }) = self.accounts.remove(user) {
            self.by_account.remove(&(issuer, subject));
        }
    }
}

impl Invitation {
    /// Why the user cannot have it: the field and the reason.
    fn find_error(&self, user: Option<User>) -> Option<(&'static str, &'static str)> {
        let Some(user) = user else { return Some(("user", "there is no such user")) };
        if user.status != Status::Invited {
            return Some(("user", "is not invited"));
        }
        if user.email.as_ref() != Some(&self.email) {
            return Some(("email", "is not the user's"));
        }
        if user.role != self.role {
            return Some(("role", "is not the user's"));
        }
        if hash_of(&self.digest).is_none() {
            return Some(("digest", "expected a SHA-256 digest in base64url without padding"));
        }
        if self.invited_by.as_deref().is_some_and(|by| !is_id(by)) {
            return Some(("invited_by", "is not an id"));
        }
        if self.invited_at > MAX_ISSUED_TIME {
            return Some(("invited_at", "expected Unix seconds; these look like milliseconds"));
        }
        let last = (self.invited_at + LONGEST_INVITATION).min(MAX_ISSUED_TIME);
        (!(self.invited_at..=last).contains(&self.expires)).then_some(("expires", "expected up to 30 days after the invitation"))
    }
}

impl Account {
    /// Why the user cannot have it: the field and the reason.
    fn find_error(&self, user: Option<User>) -> Option<(&'static str, &'static str)> {
        let Some(user) = user else { return Some(("user", "there is no such user")) };
        if user.status == Status::Invited {
            return Some(("user", "has not accepted the invitation yet"));
        }
        let names = [("issuer", &self.issuer), ("subject", &self.subject)];
        let wrong = names.into_iter().find(|(_, name)| !is_account_name(name));
        wrong.map(|(path, _)| (path, "expected 1 to 255 characters on one line"))
    }
}
