//! What a directory knows of people besides the facts: invitations, accounts, and whose an address is.

use std::collections::{BTreeMap, BTreeSet};

use super::address;
use super::event::{Account, Invitation, PeopleChanges};

/// Invitations and accounts by user, and the ways to find them.
#[derive(Default)]
pub(super) struct People {
    invitations: BTreeMap<String, Invitation>,
    accounts: BTreeMap<String, Account>,
    /// Users by the digest of their invitation's token. Whoever looks one up brings a token, and cannot choose its digest: how long
    /// the search takes tells nothing.
    by_digest: BTreeMap<String, String>,
    /// Users by issuer and subject.
    by_account: BTreeMap<(String, String), String>,
    /// Users by the normal form of their address. Several only where their addresses were kept before that form was, and told apart.
    by_address: BTreeMap<String, BTreeSet<String>>,
}

impl People {
    pub(super) fn invitation(&self, user: &str) -> Option<&Invitation> {
        self.invitations.get(user)
    }

    pub(super) fn invitations(&self) -> impl Iterator<Item = &Invitation> {
        self.invitations.values()
    }

    /// The invitation whose token has this digest.
    pub(super) fn invited(&self, digest: &str) -> Option<&Invitation> {
        self.by_digest.get(digest).and_then(|user| self.invitations.get(user))
    }

    pub(super) fn account(&self, user: &str) -> Option<&Account> {
        self.accounts.get(user)
    }

    pub(super) fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.accounts.values()
    }

    /// Whose account it is.
    pub(super) fn signs_in(&self, issuer: &str, subject: &str) -> Option<&str> {
        self.by_account.get(&(issuer.to_owned(), subject.to_owned())).map(String::as_str)
    }

    /// Whose address it is, in its normal form. Of several, the first by id, so that the answer does not depend on how they came.
    pub(super) fn at(&self, address: &str) -> Option<&str> {
        self.by_address.get(address)?.first().map(String::as_str)
    }

    /// Forgets an address of a user.
    pub(super) fn leaves(&mut self, address: &str, user: &str) {
        let address = address::key(address);
        if let Some(users) = self.by_address.get_mut(&*address) {
            users.remove(user);
            if users.is_empty() {
                self.by_address.remove(&*address);
            }
        }
    }

    pub(super) fn arrives(&mut self, address: &str, user: &str) {
        self.by_address.entry(address::key(address).into_owned()).or_default().insert(user.to_owned());
    }

    pub(super) fn apply(&mut self, changes: PeopleChanges) {
        for user in &changes.gone.invitations {
            self.forget_invitation(user);
        }
        for user in &changes.gone.accounts {
            self.forget_account(user);
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

    fn forget_account(&mut self, user: &str) {
        if let Some(Account { issuer, subject, .. }) = self.accounts.remove(user) {
            self.by_account.remove(&(issuer, subject));
        }
    }
}
