//! The directory of an organization: its users, teams, projects, assistants and roles, and the history of every change.
//!
//! A [`Directory`] takes a [`Command`] from an [`Actor`]. It refuses the command with a reason, or makes an [`Event`]. The rules are those
//! that answer questions (`docs/rules.md`). The state is the result of applying all events in order. Deciding and applying are two steps, so
//! that a service can store the event in between:
//!
//! ```
//! use wicketgate::{Actor, Command, Directory, document::Organization};
//!
//! let founding = Organization::from_json(r#"{ "id": "acme", "users": [{ "id": "ana", "role": "global_admin" }] }"#)?;
//! let (mut directory, first) = Directory::found(&founding, 1_790_000_000)?;
//! assert_eq!((first.version, directory.version()), (1, 1));
//!
//! let ana = Actor::User("ana".to_owned());
//! let command = Command::from_json(r#"{ "type": "create_team", "id": "support", "name": "Support" }"#)?;
//! let entropy = [7; 32]; // In a service: from the operating system.
//! let decided = directory.decide(&ana, command, 1_790_000_060, &entropy)?;
//! directory.apply(&decided.event)?;
//! assert_eq!(directory.version(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod actor;
mod address;
mod api_keys;
mod checkpoint;
mod command;
mod decide;
mod documents;
mod dump;
mod endpoint;
mod event;
mod format;
mod founding;
mod issuing;
mod parts;
mod people;
mod preview;
mod reading;
mod recent;
mod reconcile;
mod refusal;
#[cfg(test)]
mod tests;
mod undo;
mod visible;
mod webhook_address;
mod webhooks;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use self::actor::Actor;
pub use self::address::{ReadAddress, normal_address, read_address};
pub use self::api_keys::{ApiKeyView, KeyRefusal, KeyRequest, KeyScope, RefusedKey, api_key_digest};
pub use self::command::{
    Command, CommandArea, CommandField, CommandResult, CommandRow, FieldKind, RoleSet, Secret, WebhookAddress, commands,
};
pub use self::decide::Decided;
pub use self::event::{Event, verify_chain};
pub use self::founding::Founding;
pub use self::parts::{PartsCursor, Restoring};
pub use self::preview::{Held, HoldingChange, Preview, VisitorChange};
pub use self::reading::{Access, DirectoryUser, DirectoryView, PendingInvitation};
pub use self::reconcile::{FactKind, NotReconciled, Pass, Reconciled, Reconciliation, Reconciling};
pub use self::refusal::{Refusal, RefusalCode};
pub use self::webhooks::{Paused, Webhook};

use self::checkpoint::Checkpoint;
use self::event::{ChainEnd, SealedContent, SealedText, base64url, tampered};
use self::people::People;
use self::recent::RecentEvents;
use crate::authority::issue::to_json;
use crate::document::{AssistantChange, Changes, Gone, Organization, TeamChange};
use crate::error::{Code, Error};
use crate::facts::{Facts, MAX_ISSUED_TIME};
use crate::rules::role::Level;
use crate::token::json::MAX_INTEGER;

/// The directory of one organization.
pub struct Directory {
    facts: Facts,
    people: People,
    /// Version, time and hash of the latest event.
    latest: ChainEnd,
    /// The present epoch.
    epoch: u64,
    recent: RecentEvents,
    /// The state to which it can go back.
    checkpoint: Option<Checkpoint>,
    /// Whether webhooks may be on the service's own machine.
    loopback: bool,
}

/// The content of an event that is applied.
struct Applied<'a> {
    sealed: SealedContent,
    /// The changes that undo it, as JSON. Used only while there is a checkpoint.
    before: &'a str,
    /// The changes that it makes, as JSON.
    after: String,
    /// The length of its sealed text.
    bytes: usize,
}

impl Directory {
    /// Founds a directory with an organization as it is: version 1, and its first event. Addresses are stored in their normal form. `now`
    /// is in Unix seconds.
    ///
    /// # Errors
    /// [`RefusalCode::InvalidCommand`] with the path of a fact, name or address that is not valid; [`RefusalCode::AlreadyExists`] for an
    /// address that two users have.
    pub fn found(organization: &Organization, now: u64) -> Result<(Directory, Event), Refusal> {
        #[derive(Serialize)]
        struct Found<'a> {
            #[serde(rename = "type")]
            name: &'static str,
            organization: &'a str,
        }
        if now > MAX_ISSUED_TIME {
            return Err(Refusal::invalid("now", "expected Unix seconds; these look like milliseconds"));
        }
        Facts::from_document(organization)?;
        check_names(organization)?;
        let mut after = as_changes(organization);
        let mut addresses = BTreeSet::new();
        for (n, user) in after.users.iter_mut().enumerate() {
            if let Some(email) = &mut user.email {
                let path = format!("users[{n}].email");
                *email = address::read(email).map_err(|reason| Refusal::invalid(&path, &reason))?;
                if !addresses.insert(email.clone()) {
                    return Err(Refusal::at(RefusalCode::AlreadyExists, &path, "another user has this address"));
                }
            }
        }
        let sealed = SealedContent { after, ..SealedContent::default() };
        let command = Found { name: "found", organization: &organization.id };
        let (event, _) = ChainEnd::write(None, now, &Actor::System, &command, SealedText::write(&sealed)?.text)?;
        Ok((Directory::begin(&event)?, event))
    }

    /// The directory after its first event.
    ///
    /// # Errors
    /// [`Code::Tampered`] if the event is not the first one of a history; [`Code::UnsupportedFormat`] if a later version wrote it.
    pub fn begin(event: &Event) -> Result<Directory, Error> {
        #[derive(Deserialize)]
        struct Text {
            command: Found,
        }
        #[derive(Deserialize)]
        struct Found {
            organization: String,
        }
        let latest = ChainEnd::of(None, event)?;
        let text: Text = serde_json::from_str(&event.text).map_err(|_| unreadable(latest.version))?;
        let organization = Organization {
            id: text.command.organization,
            plan: None,
            roles: Vec::new(),
            users: Vec::new(),
            teams: Vec::new(),
            projects: Vec::new(),
            assistants: Vec::new(),
        };
        let facts = Facts::from_stored(to_json(&organization)?)?;
        let mut directory = Directory::at(facts, People::default(), latest, 0);
        let sealed = read_sealed(event)?;
        if !sealed.before.is_empty() {
            return Err(tampered(latest.version, "changes facts of an organization that does not exist yet"));
        }
        let after = to_json(&sealed.after)?;
        directory.change_state(sealed, latest, after)?;
        Ok(directory)
    }

    /// Applies an event: all of it or nothing.
    ///
    /// # Errors
    /// [`Code::Tampered`] if the event does not continue the chain, does not undo exactly what it changes, or makes a change that no
    /// command makes; [`Code::UnsupportedFormat`] if a later version wrote it.
    pub fn apply(&mut self, event: &Event) -> Result<(), Error> {
        let latest = ChainEnd::of(Some(&self.latest), event)?;
        let sealed = read_sealed(event)?;
        self.check_undo(&sealed, latest)?;
        let before = if self.can_undo() { to_json(&sealed.before)? } else { String::new() };
        let after = to_json(&sealed.after)?;
        self.apply_content(Applied { sealed, before: &before, after, bytes: event.sealed.len() }, latest)
    }

    /// Refuses an event that does not undo exactly what it changes.
    fn check_undo(&self, SealedContent { before, after, .. }: &SealedContent, latest: ChainEnd) -> Result<(), Error> {
        undo::find_error(&self.facts, before, after).map_or(Ok(()), |reason| Err(tampered(latest.version, reason)))
    }

    /// Applies the content of the event that ends the history at `latest`.
    fn apply_content(&mut self, Applied { sealed, before, after, bytes }: Applied<'_>, latest: ChainEnd) -> Result<(), Error> {
        let from = self.latest.head;
        let begins_epoch = sealed.epoch.is_some();
        self.note_undo(before, &sealed.people);
        let sealed = self.change_state(sealed, latest, after).inspect_err(|_| self.forget_undo())?;
        if begins_epoch {
            // No delta leads from one epoch to another.
            self.recent.clear();
        } else {
            self.recent.push(latest.version, from, sealed, bytes);
        }
        Ok(())
    }

    /// Applies the changes of an event to the state, and returns its content without the changes of people, which deltas do not need. `after`:
    /// the changes of the facts as JSON.
    fn change_state(&mut self, mut sealed: SealedContent, latest: ChainEnd, after: String) -> Result<SealedContent, Error> {
        let find = |user: &str| self.facts.user_now(self.facts.find_user(user)?);
        let Changes { roles, users, gone, .. } = &sealed.after;
        let role = |id: &str| {
            let put = roles.iter().find(|role| role.id == id).map(|role| role.on == Level::Organization);
            !gone.roles.iter().any(|gone| gone == id) && put.unwrap_or_else(|| self.facts.is_organization_role(id))
        };
        if let Some((path, reason)) = self.people.find_error(&sealed.people, users, &gone.users, find, role) {
            return Err(tampered(latest.version, &format!("has a fault: {path} {reason}")));
        }
        let epoch = sealed.epoch.unwrap_or(self.epoch);
        if sealed.epoch.is_some_and(|begun| begun <= self.epoch || begun > MAX_INTEGER) {
            return Err(tampered(latest.version, "begins an epoch that is not later than the present one"));
        }
        self.change_facts(&sealed.after, after).map_err(|error| tampered(latest.version, &format!("has a fault: {error}")))?;
        // Nothing fails from here on, so that an event is applied whole or not at all.
        self.people.apply(std::mem::take(&mut sealed.people));
        (self.latest, self.epoch) = (latest, epoch);
        Ok(sealed)
    }

    /// Changes the facts and the index of addresses: all of it or, after an error, nothing. `json`: the same changes.
    fn change_facts(&mut self, changes: &Changes, json: String) -> Result<(), Error> {
        let changed = changes.users.iter().map(|user| &user.id).chain(&changes.gone.users);
        let address = |id: &String| Some((self.facts.address(self.facts.find_user(id)?)?.to_owned(), id.clone()));
        let old_addresses: Vec<(String, String)> = changed.filter_map(address).collect();
        self.facts.amend(json)?;
        self.facts.compact_when_due();
        for (address, user) in &old_addresses {
            self.people.remove_address(address, user);
        }
        for user in &changes.users {
            if let Some(email) = &user.email {
                self.people.add_address(email, &user.id);
            }
        }
        Ok(())
    }

    /// A directory at an event, without recent events.
    fn at(facts: Facts, people: People, latest: ChainEnd, epoch: u64) -> Directory {
        Directory { facts, people, latest, epoch, recent: RecentEvents::default(), checkpoint: None, loopback: false }
    }

    /// The organization's id.
    pub fn organization(&self) -> &str {
        self.facts.organization()
    }

    /// The present facts.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The number of events so far. It is the version of every snapshot that is signed now.
    pub fn version(&self) -> u64 {
        self.latest.version
    }

    /// The epoch. A snapshot of a later epoch is newer than one of an earlier epoch, whatever their versions.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The hash of the latest event, base64url. It names the whole history.
    pub fn head(&self) -> String {
        base64url(&self.latest.head)
    }
}

/// Shows the organization and the version.
impl std::fmt::Debug for Directory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Directory")
            .field("organization", &self.organization())
            .field("version", &self.latest.version)
            .finish_non_exhaustive()
    }
}

/// Refuses names that people cannot read in a list.
fn check_names(organization: &Organization) -> Result<(), Refusal> {
    let Organization { id: _, plan, roles: _, users, teams, projects, assistants } = organization;
    let plan = plan.iter().map(|plan| ("plan.name".to_owned(), &plan.name));
    let users = (0..).zip(users).map(|(n, user): (usize, _)| (format!("users[{n}].name"), &user.name));
    let teams = (0..).zip(teams).map(|(n, team): (usize, _)| (format!("teams[{n}].name"), &team.name));
    let projects = (0..).zip(projects).map(|(n, project): (usize, _)| (format!("projects[{n}].name"), &project.name));
    let assistants = (0..).zip(assistants).map(|(n, assistant): (usize, _)| (format!("assistants[{n}].name"), &assistant.name));
    for (path, name) in plan.chain(users).chain(teams).chain(projects).chain(assistants) {
        if let Some(reason) = name.as_ref().and_then(|name| visible::name_error(name)) {
            return Err(Refusal::invalid(&path, &reason));
        }
    }
    Ok(())
}

/// The changes that make an empty organization this one.
fn as_changes(organization: &Organization) -> Changes {
    let Organization { id: _, plan, roles, users, teams, projects, assistants } = organization.clone();
    let teams = teams.into_iter().map(TeamChange::from).collect();
    let assistants = assistants.into_iter().map(AssistantChange::from).collect();
    Changes { plan, roles, users, teams, projects, assistants, gone: Gone::default() }
}

fn read_sealed(event: &Event) -> Result<SealedContent, Error> {
    serde_json::from_str(&event.sealed).map_err(|_| unreadable(event.version))
}

fn unreadable(version: u64) -> Error {
    Error::new(Code::Tampered, format!("the event of version {version} cannot be read"))
}
