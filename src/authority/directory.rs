//! The directory of an organization: who is in it, what there is, and every change of that, decided by the same rules that answer
//! questions.
//!
//! A [`Directory`] takes a [`Command`] from an [`Actor`] and either refuses it, saying why, or makes an [`Event`]. Its state is the
//! fold of the events. Deciding and applying are two steps, so that a service can write the event down in between:
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
//! let entropy = [7; 32]; // The operating system's.
//! let decided = directory.decide(&ana, command, 1_790_000_060, &entropy)?;
//! directory.apply(&decided.event)?;
//! assert_eq!(directory.version(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod address;
mod command;
mod decide;
mod documents;
mod event;
mod people;
mod preview;
mod recent;
mod refusal;
#[cfg(test)]
mod tests;
mod undo;
mod visible;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

pub use self::address::{ReadAddress, normal_address, read_address};
pub use self::command::{Actor, Command, CommandField, CommandResult, CommandRow, FieldKind, RoleSet, Secret};
pub use self::decide::Decided;
pub use self::event::{Event, verify_chain};
pub use self::preview::{Held, HoldingChange, Preview, VisitorChange};
pub use self::refusal::{Refusal, RefusalCode};

use self::event::{Account, Invitation, PeopleChanges, Sealed, Tip, base64url, hash_of, tampered};
use self::people::People;
use self::recent::Recent;
use crate::authority::delta::{self, Step};
use crate::authority::issue::{Issue, Projection, SigningKey, to_json};
use crate::authority::projection::Whose;
use crate::document::{self, AssistantChange, Base, Changes, Gone, Organization, TeamChange};
use crate::error::{Code, Error, quote};
use crate::facts::{Accessibility, Facts, MAX_ISSUED_TIME, Position, Status};
use crate::rules::capability::{Capability, Kind};
use crate::rules::decision::{Decision, Denied};
use crate::rules::role::Level;
use crate::rules::target::Target;
use crate::rules::{self, Identity, Place, Principal};
use crate::token::json::MAX_INTEGER;

/// The commands, a struct each.
pub mod commands {
    pub use super::command::{
        AcceptInvitation, AddMember, ApplyRoleSet, AssignRole, BeginEpoch, CompleteReview, CreateAssistant, CreateLink,
        CreateProject, CreateTeam, DefineRole, DeleteAssistant, DeleteProject, DeleteRole, DeleteTeam, EditAssistant, EditProject,
        EditTeam, Grant, InviteUser, Join, LinkAccount, ReactivateUser, RemoveMember, RemoveUser, ResendInvitation, RevokeGrant,
        RevokeInvitation, RevokeLink, SetAccessibility, SetEmbed, SetMemberRole, SetPlan, SignOutUser, SuspendUser,
        TransferAssistant,
    };
}

/// The directory of one organization.
pub struct Directory {
    facts: Facts,
    people: People,
    /// Where the chain of events ends.
    tip: Tip,
    /// Which epoch it is.
    epoch: u64,
    recent: Recent,
}

/// The whole state, as it is kept.
#[derive(Serialize)]
struct Dump<'a> {
    #[serde(skip_serializing_if = "document::is_default")]
    epoch: u64,
    version: u64,
    at: u64,
    head: String,
    organization: Organization,
    invitations: Vec<&'a Invitation>,
    accounts: Vec<&'a Account>,
}

/// The same, read.
#[derive(Deserialize)]
struct Restored {
    #[serde(default)]
    epoch: u64,
    version: u64,
    at: u64,
    head: String,
    organization: Box<RawValue>,
    invitations: Vec<Invitation>,
    accounts: Vec<Account>,
}

/// What a user may see of the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct DirectoryView {
    /// The version of the organization.
    pub version: u64,
    /// What a member snapshot tells them; with addresses if they invite people or see user settings, and with the owner and everybody's
    /// grants of assistants that they may share, and the custom roles that they may give on teams and assistants; all custom roles if
    /// they define roles.
    pub organization: Organization,
    /// The invitations that were not accepted yet, for those.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(bindings, tsify(optional))]
    pub invitations: Vec<PendingInvitation>,
}

/// A user, as the service that lets them in wants to know them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct DirectoryUser {
    /// Their organization role.
    pub role: String,
    /// Whether they hold anything.
    pub status: Status,
    /// Their address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub email: Option<String>,
}

/// An invitation that was not accepted yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct PendingInvitation {
    /// Who is invited.
    pub user: String,
    /// Where the mail went.
    pub email: String,
    /// The organization role they will have.
    pub role: String,
    /// Who invited them; absent if the authority itself did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub invited_by: Option<String>,
    /// When, Unix seconds.
    pub invited_at: u64,
    /// Until when it can be accepted, Unix seconds.
    pub expires: u64,
}

impl From<&Invitation> for PendingInvitation {
    fn from(invitation: &Invitation) -> PendingInvitation {
        let Invitation { user, email, role, invited_by, invited_at, expires, digest: _ } = invitation.clone();
        PendingInvitation { user, email, role, invited_by, invited_at, expires }
    }
}

impl Directory {
    /// Founds a directory with an organization as it stands: version 1, and the event that says so. Addresses are kept in
    /// their normal form.
    ///
    /// # Errors
    /// [`RefusalCode::InvalidCommand`] for facts, names and addresses that are not valid, with the path; [`RefusalCode::AlreadyExists`]
    /// for an address that two users have.
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
        let mut after = everything(organization);
        let mut addresses = std::collections::BTreeSet::new();
        for (n, user) in after.users.iter_mut().enumerate() {
            if let Some(email) = &mut user.email {
                let path = format!("users[{n}].email");
                *email = address::read(email).map_err(|fault| Refusal::invalid(&path, &fault))?;
                if !addresses.insert(email.clone()) {
                    return Err(Refusal::at(RefusalCode::AlreadyExists, &path, "is another user's already"));
                }
            }
        }
        let sealed = Sealed { after, ..Sealed::default() };
        let command = Found { name: "found", organization: &organization.id };
        let event = Tip::write(None, now, &Actor::System, &command, &sealed)?;
        Ok((Directory::begin(&event)?, event))
    }

    /// Begins the fold: the directory after its first event.
    ///
    /// # Errors
    /// [`Code::Tampered`] if it is not the first event of a chain.
    pub fn begin(event: &Event) -> Result<Directory, Error> {
        #[derive(Deserialize)]
        struct Text {
            command: Found,
        }
        #[derive(Deserialize)]
        struct Found {
            organization: String,
        }
        let tip = Tip::of(None, event)?;
        let text: Text = serde_json::from_str(&event.text).map_err(|_| unreadable(tip.version))?;
        let organization = Organization {
            id: text.command.organization,
            plan: None,
            roles: Vec::new(),
            users: Vec::new(),
            teams: Vec::new(),
            projects: Vec::new(),
            assistants: Vec::new(),
        };
        let facts = Facts::kept(to_json(&organization)?)?;
        let mut directory = Directory { facts, people: People::default(), tip, epoch: 0, recent: Recent::default() };
        let sealed = read_sealed(event)?;
        if !sealed.before.is_empty() {
            return Err(tampered(tip.version, "says that there was something before"));
        }
        directory.fold(sealed, tip)?;
        Ok(directory)
    }

    /// Applies an event: all of it or nothing.
    ///
    /// # Errors
    /// [`Code::Tampered`] if it does not continue the chain, or changes something that it does not say how to undo, or that no command
    /// changes so.
    pub fn apply(&mut self, event: &Event) -> Result<(), Error> {
        let tip = Tip::of(Some(&self.tip), event)?;
        let from = self.tip.head;
        let sealed = read_sealed(event)?;
        if let Some(fault) = undo::fault(&self.facts, &sealed.before, &sealed.after) {
            return Err(tampered(tip.version, fault));
        }
        let begins = sealed.epoch.is_some();
        let sealed = self.fold(sealed, tip)?;
        if begins {
            // No delta leads from one epoch to another.
            self.recent = Recent::default();
        } else {
            self.recent.push(tip.version, from, sealed, event.sealed.len());
        }
        Ok(())
    }

    /// Decides a command and applies its event.
    ///
    /// # Errors
    /// As [`Directory::decide`].
    pub fn execute(&mut self, actor: &Actor, command: Command, now: u64, entropy: &[u8; 32]) -> Result<Decided, Refusal> {
        let decided = self.decide(actor, command, now, entropy)?;
        self.apply(&decided.event)?;
        Ok(decided)
    }

    /// Puts what an event changes into the state, and gives back what is left of it.
    fn fold(&mut self, mut sealed: Sealed, tip: Tip) -> Result<Sealed, Error> {
        let find = |user: &str| self.facts.user_now(self.facts.find_user(user)?);
        if let Some((place, reason)) = self.people.fault(&sealed.people, &sealed.after.users, &sealed.after.gone.users, find) {
            return Err(tampered(tip.version, &format!("has a fault: {place} {reason}")));
        }
        let epoch = sealed.epoch.unwrap_or(self.epoch);
        if sealed.epoch.is_some_and(|begun| begun <= self.epoch || begun > MAX_INTEGER) {
            return Err(tampered(tip.version, "begins an epoch that is no later one"));
        }
        let changed = sealed.after.users.iter().map(|user| &user.id).chain(&sealed.after.gone.users);
        let address = |id: &String| Some((self.facts.address(self.facts.find_user(id)?)?.to_owned(), id.clone()));
        let left: Vec<(String, String)> = changed.filter_map(address).collect();
        let untrue = |error: Error| tampered(tip.version, &format!("has a fault: {error}"));
        self.facts.amend(to_json(&sealed.after)?).map_err(untrue)?;
        // Nothing fails from here on.
        self.compact();
        for (address, user) in &left {
            self.people.leaves(address, user);
        }
        for user in &sealed.after.users {
            if let Some(email) = &user.email {
                self.people.arrives(email, &user.id);
            }
        }
        self.people.apply(std::mem::take(&mut sealed.people));
        (self.tip, self.epoch) = (tip, epoch);
        Ok(sealed)
    }

    /// The whole state as JSON, for [`Directory::restore`].
    ///
    /// # Errors
    /// None that a directory can cause.
    pub fn dump(&self) -> Result<String, Error> {
        to_json(&Dump {
            epoch: self.epoch,
            version: self.tip.version,
            at: self.tip.at,
            head: self.head(),
            organization: self.facts.workspace(),
            invitations: self.people.invitations().collect(),
            accounts: self.people.accounts().collect(),
        })
    }

    /// The directory of a dump. Deltas begin with the events that are applied from now on.
    ///
    /// # Errors
    /// [`Code::Malformed`] if it is no dump, [`Code::InvalidFacts`] with the path.
    pub fn restore(dump: &str) -> Result<Directory, Error> {
        let malformed = || Error::new(Code::Malformed, "is not the dump of a directory");
        let dump: Restored = serde_json::from_str(dump).map_err(|_| malformed())?;
        let facts = Facts::kept(dump.organization.get().to_owned())?;
        let head = hash_of(&dump.head).ok_or_else(malformed)?;
        let tip = Tip { version: dump.version, at: dump.at, head }.in_range().ok_or_else(malformed)?;
        let epoch = Some(dump.epoch).filter(|epoch| *epoch <= MAX_INTEGER).ok_or_else(malformed)?;
        let known = PeopleChanges { invitations: dump.invitations, accounts: dump.accounts, ..PeopleChanges::default() };
        let mut people = People::default();
        // In the order of the document, which is that of the positions.
        let users: Vec<document::User> = (0..).map_while(|user| facts.user_now(user)).collect();
        if let Some((place, reason)) = people.fault(&known, &users, &[], |_| None) {
            return Err(Error::at(Code::InvalidFacts, place, reason));
        }
        people.apply(known);
        for user in facts.all_users() {
            if let Some(address) = facts.address(*user) {
                people.arrives(address, facts.user_id(*user));
            }
        }
        Ok(Directory { facts, people, tip, epoch, recent: Recent::default() })
    }

    /// The organization's id.
    pub fn organization(&self) -> &str {
        self.facts.organization()
    }

    /// The facts as they are now.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// How many events there were; the version of every snapshot.
    pub fn version(&self) -> u64 {
        self.tip.version
    }

    /// The epoch: later versions than this one may have been used in an earlier epoch, and are older.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The hash of the last event, base64url: names the whole history.
    pub fn head(&self) -> String {
        base64url(&self.tip.head)
    }

    /// Names the exact facts at a time: the history, and which expiries have passed. The state of a workspace or member snapshot
    /// that is issued then; that of a gate names its assistants too.
    pub fn state(&self, now: u64) -> String {
        delta::state(&self.tip.head, &self.facts, &Projection::Workspace, now)
    }

    /// Epoch, version and state are the directory's.
    fn current(&self, issue: Issue) -> Issue {
        let state = delta::state(&self.tip.head, &self.facts, &issue.scope, issue.issued_at);
        Issue { epoch: self.epoch, version: self.tip.version, state: Some(state), ..issue }
    }

    /// Signs a snapshot of the facts as they are now. Epoch, version and state are the directory's.
    ///
    /// # Errors
    /// As [`Issue::sign`].
    pub fn snapshot(&self, issue: Issue, key: &SigningKey) -> Result<String, Error> {
        self.current(issue).sign(&self.facts, key)
    }

    /// Signs what turns a snapshot of version `from` and the same scope into that of now. From the present version, it renews the
    /// times.
    ///
    /// # Errors
    /// [`Code::DeltaUnavailable`] if the steps from there are not kept, or the reader was not there; otherwise as [`Issue::sign`].
    pub fn delta(&mut self, from: u64, issue: Issue, key: &SigningKey) -> Result<String, Error> {
        let unavailable = || Error::new(Code::DeltaUnavailable, format!("there is no delta from version {from}"));
        let kept: Vec<&recent::Step> =
            if from == self.tip.version { Vec::new() } else { self.recent.since(from).ok_or_else(unavailable)?.collect() };
        let head = kept.first().map_or(self.tip.head, |step| step.from);
        let steps: Vec<Step<'_>> = kept.iter().map(|step| Step { before: &step.before, after: &step.after }).collect();
        let between = delta::between(&mut self.facts, &steps, &head, &issue.scope, issue.issued_at);
        self.compact();
        let (changes, state) = between.map_err(|error| if error.code() == Code::UnknownUser { unavailable() } else { error })?;
        self.current(issue).sign_delta(Base { version: from, state }, changes, &self.facts, key)
    }

    /// Signs a head: which version is current.
    ///
    /// # Errors
    /// As [`Issue::sign`].
    pub fn head_token(&self, issue: Issue, key: &SigningKey) -> Result<String, Error> {
        self.current(Issue { scope: Projection::Workspace, ..issue }).sign_head(None, &self.facts, key)
    }

    /// Signs a head about an assistant: `version` is that of the last event that concerned its gate snapshot, which the service knows
    /// that wrote down what [`Decided::gates`] said.
    ///
    /// # Errors
    /// As [`Issue::sign`]; [`Code::InvalidOptions`] for a version that is yet to come, or an assistant that is not public.
    pub fn assistant_head_token(&self, assistant: &str, version: u64, issue: Issue, key: &SigningKey) -> Result<String, Error> {
        if !self.is_public(assistant) {
            return Err(Error::at(Code::InvalidOptions, "assistant.id", "no public assistant has this id"));
        }
        if version > self.tip.version {
            return Err(Error::at(Code::InvalidOptions, "assistant.version", "is later than the directory's"));
        }
        let issue = self.current(Issue { scope: Projection::Workspace, ..issue });
        Issue { version, state: None, ..issue }.sign_head(Some(assistant.to_owned()), &self.facts, key)
    }

    /// Reads the facts afresh once what was replaced in them takes as much room as they do.
    fn compact(&mut self) {
        if self.facts.outgrown()
            && let Ok(facts) = to_json(&self.facts.workspace()).and_then(Facts::kept)
        {
            self.facts = facts;
        }
    }

    /// Whose account it is.
    pub fn account(&self, issuer: &str, subject: &str) -> Option<&str> {
        self.people.signs_in(issuer, subject)
    }

    /// A user.
    pub fn user(&self, id: &str) -> Option<DirectoryUser> {
        let document::User { id: _, role, status, email } = self.facts.user_now(self.facts.find_user(id)?)?;
        Some(DirectoryUser { role, status, email })
    }

    /// Why an actor may not do this now, if they may not. The authority itself may do everything.
    pub fn denied(&self, actor: &Actor, capability: Capability, target: Option<&str>, now: u64) -> Option<Denied> {
        let Actor::User(user) = actor else { return None };
        let identity = Identity::of(&self.facts, self.facts.find_user(user));
        let place = Target::of(capability.kind(), target).and_then(|target| target.find(&self.facts));
        match rules::decide(&self.facts, &Principal::of(identity), now, capability, place) {
            Decision::Allowed(_) => None,
            Decision::Denied(denied) => Some(denied),
        }
    }

    /// Whether an actor holds everything there is, whatever the plan withholds, and so may see all of it: an active global admin does.
    pub fn holds_everything(&self, actor: &Actor) -> bool {
        match actor {
            Actor::System => true,
            Actor::User(user) => rules::holds_everything(&Identity::of(&self.facts, self.facts.find_user(user))),
        }
    }

    /// The user who has, or was invited at, an address.
    pub fn user_at(&self, email: &str) -> Option<&str> {
        self.people.at(&normal_address(email)?)
    }

    /// The invitations that were not accepted yet, those that have expired too, in the order of the users' ids.
    pub fn invitations(&self) -> Vec<PendingInvitation> {
        self.people.invitations().map(PendingInvitation::from).collect()
    }

    /// The ids of the public assistants: those that have a gate snapshot.
    pub fn public_assistants(&self) -> Vec<String> {
        let assistants = self.facts.targets(Kind::Assistant).iter();
        let public = assistants.filter(|assistant| self.has_gate(**assistant));
        public.map(|assistant| self.facts.assistant_id(*assistant).to_owned()).collect()
    }

    /// Whether an assistant is public, and so has a gate snapshot.
    pub fn is_public(&self, assistant: &str) -> bool {
        self.facts.find_target(Kind::Assistant, assistant).is_some_and(|assistant| self.has_gate(assistant))
    }

    fn has_gate(&self, assistant: Position) -> bool {
        self.facts.assistant(assistant).is_some_and(|assistant| assistant.accessibility == Accessibility::Public)
    }

    /// What an actor may see. The authority itself sees everything but digests.
    ///
    /// # Errors
    /// [`Code::UnknownUser`] if there is no such user.
    pub fn view(&self, actor: &Actor, now: u64) -> Result<DirectoryView, Error> {
        let (mut organization, administers) = match actor {
            Actor::System => (self.facts.workspace(), true),
            Actor::User(user) => {
                let position = self.facts.find_user(user);
                let unknown = || Error::new(Code::UnknownUser, format!("there is no user {}", quote(user)));
                position.ok_or_else(unknown)?;
                let identity = Identity::of(&self.facts, position);
                let active = matches!(identity, Identity::User { .. });
                let held = rules::held(&self.facts, &Principal::of(identity), now, Place::Organization);
                let administers = held.contains(Capability::UserInvite) || held.contains(Capability::PanelUserSettings);
                let mut organization = self.facts.member(user, now)?;
                self.show_givers(&mut organization, &Principal::of(identity), now);
                (organization, active && administers)
            }
        };
        for link in organization.assistants.iter_mut().flat_map(|assistant| &mut assistant.links) {
            link.digest = None;
        }
        if administers {
            for user in &mut organization.users {
                let address = self.facts.find_user(&user.id).and_then(|user| self.facts.address(user));
                user.email = address.map(str::to_owned);
            }
        }
        let invitations = if administers { self.invitations() } else { Vec::new() };
        Ok(DirectoryView { version: self.tip.version, organization, invitations })
    }

    /// Shows those who give roles on a team or an assistant what they need for it: the owner and everybody's grants of the assistants
    /// that they may share, and the custom roles that there are to give. Whoever defines roles is shown them all.
    fn show_givers(&self, organization: &mut Organization, principal: &Principal<'_>, now: u64) {
        let may = |kind, id: &str, capability| {
            let place = self.facts.find_target(kind, id).map(|position| Place::new(kind, position));
            place.is_some_and(|place| rules::held(&self.facts, principal, now, place).contains(capability))
        };
        let all = self.facts.seen_by_authority();
        let mut levels = Vec::new();
        // A name that is taken is told when a role is defined.
        if rules::held(&self.facts, principal, now, Place::Organization).contains(Capability::RoleDefine) {
            levels.extend([Level::Organization, Level::Team, Level::Assistant]);
        }
        if organization.teams.iter().any(|team| may(Kind::Team, &team.id, Capability::TeamManageMembers)) {
            levels.push(Level::Team);
        }
        for shown in &mut organization.assistants {
            if !may(Kind::Assistant, &shown.id, Capability::AssistantShare) {
                continue;
            }
            levels.push(Level::Assistant);
            let position = self.facts.find_target(Kind::Assistant, &shown.id);
            if let Some(whole) = position.and_then(|assistant| all.assistant(assistant, &Whose::All)) {
                (shown.owner, shown.grants) = (whole.owner, whole.grants);
            }
        }
        let known: BTreeSet<String> = organization.roles.drain(..).map(|role| role.id).collect();
        let roles = self.facts.custom_roles().map(|role| self.facts.role_document(role));
        organization.roles = roles.filter(|role| known.contains(&role.id) || levels.contains(&role.on)).collect();
    }
}

/// Says how far it is.
impl std::fmt::Debug for Directory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Directory")
            .field("organization", &self.organization())
            .field("version", &self.tip.version)
            .finish_non_exhaustive()
    }
}

/// Names are what people can read in a list.
fn check_names(organization: &Organization) -> Result<(), Refusal> {
    let Organization { id: _, plan, roles: _, users: _, teams, projects, assistants } = organization;
    let plan = plan.iter().map(|plan| ("plan.name".to_owned(), &plan.name));
    let teams = (0..).zip(teams).map(|(n, team): (usize, _)| (format!("teams[{n}].name"), &team.name));
    let projects = (0..).zip(projects).map(|(n, project): (usize, _)| (format!("projects[{n}].name"), &project.name));
    let assistants = (0..).zip(assistants).map(|(n, assistant): (usize, _)| (format!("assistants[{n}].name"), &assistant.name));
    for (path, name) in plan.chain(teams).chain(projects).chain(assistants) {
        if let Some(fault) = name.as_ref().and_then(|name| visible::name_fault(name)) {
            return Err(Refusal::invalid(&path, &fault));
        }
    }
    Ok(())
}

/// An organization as what is new in an empty one.
fn everything(organization: &Organization) -> Changes {
    let Organization { id: _, plan, roles, users, teams, projects, assistants } = organization.clone();
    let teams = teams.into_iter().map(TeamChange::from).collect();
    let assistants = assistants.into_iter().map(AssistantChange::from).collect();
    Changes { plan, roles, users, teams, projects, assistants, gone: Gone::default() }
}

fn read_sealed(event: &Event) -> Result<Sealed, Error> {
    serde_json::from_str(&event.sealed).map_err(|_| unreadable(event.version))
}

fn unreadable(version: u64) -> Error {
    Error::new(Code::Tampered, format!("the event of version {version} cannot be read"))
}
