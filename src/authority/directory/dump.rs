//! Writing the whole state of a directory down, and reading it back.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Directory;
use super::api_keys::ApiKey;
use super::endpoint::Endpoint;
use super::event::{Account, ChainEnd, Invitation, PeopleChanges, hash_of};
use super::format::{self, FORMAT};
use super::people::People;
use crate::authority::issue::to_json;
use crate::document::{self, Organization};
use crate::error::{Code, Error};
use crate::facts::Facts;
use crate::token::json::MAX_INTEGER;

/// The whole state as it is written.
#[derive(Serialize)]
struct Dump<'a> {
    format: u64,
    #[serde(skip_serializing_if = "document::is_default")]
    epoch: u64,
    version: u64,
    at: u64,
    head: String,
    organization: Organization,
    invitations: Vec<&'a Invitation>,
    accounts: Vec<&'a Account>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    endpoints: Vec<&'a Endpoint>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keys: Vec<&'a ApiKey>,
}

/// The whole state as it is read.
#[derive(Deserialize)]
struct ReadDump {
    #[serde(default)]
    epoch: u64,
    version: u64,
    at: u64,
    head: String,
    organization: Box<RawValue>,
    invitations: Vec<Invitation>,
    accounts: Vec<Account>,
    #[serde(default)]
    endpoints: Vec<Endpoint>,
    #[serde(default)]
    keys: Vec<ApiKey>,
}

impl Directory {
    /// The whole state as JSON, for [`Directory::restore`].
    ///
    /// # Errors
    /// None that a directory can cause.
    pub fn dump(&self) -> Result<String, Error> {
        to_json(&Dump {
            format: FORMAT,
            epoch: self.epoch,
            version: self.latest.version,
            at: self.latest.at,
            head: self.head(),
            organization: self.facts.workspace(),
            invitations: self.people.invitations().collect(),
            accounts: self.people.accounts().collect(),
            endpoints: self.people.endpoints().collect(),
            keys: self.people.keys().collect(),
        })
    }

    /// Reads a directory from a dump. Deltas start from the dump's version: earlier events are not kept in it.
    ///
    /// # Errors
    /// [`Code::Malformed`] if the text is not a dump; [`Code::UnsupportedFormat`] if a later version wrote it; [`Code::InvalidFacts`] with
    /// the path of the first fault.
    pub fn restore(dump: &str) -> Result<Directory, Error> {
        #[derive(Deserialize)]
        struct Format {
            #[serde(default)]
            format: u64,
        }
        let malformed = || Error::new(Code::Malformed, "is not the dump of a directory");
        // First: a later format may have other fields.
        let Format { format } = serde_json::from_str(dump).map_err(|_| malformed())?;
        format::check(format, "the dump")?;
        let dump: ReadDump = serde_json::from_str(dump).map_err(|_| malformed())?;
        let facts = Facts::from_stored(dump.organization.get().to_owned())?;
        let head = hash_of(&dump.head).ok_or_else(malformed)?;
        let latest = ChainEnd { version: dump.version, at: dump.at, head }.in_range().ok_or_else(malformed)?;
        let epoch = Some(dump.epoch).filter(|epoch| *epoch <= MAX_INTEGER).ok_or_else(malformed)?;
        let ReadDump { invitations, accounts, endpoints, keys, .. } = dump;
        let changes = PeopleChanges { invitations, accounts, endpoints, keys, ..PeopleChanges::default() };
        let mut people = People::default();
        // In the order of the document, so that a path in an error message fits it: positions follow that order.
        let users: Vec<document::User> = (0..).map_while(|user| facts.user_now(user)).collect();
        if let Some((path, reason)) = people.find_error(&changes, &users, &[], |_| None, |role| facts.is_organization_role(role)) {
            return Err(Error::at(Code::InvalidFacts, path, reason));
        }
        people.apply(changes);
        for user in facts.all_users() {
            if let Some(address) = facts.address(*user) {
                people.add_address(address, facts.user_id(*user));
            }
        }
        Ok(Directory::at(facts, people, latest, epoch))
    }
}
