//! Reading a directory for people: the console of a user, and the service that signs people in.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Directory;
use super::actor::Actor;
use super::address::normal_address;
use super::api_keys::ApiKeyView;
use super::event::Invitation;
use super::webhooks::Webhook;
use crate::authority::lists::{Edit, Lists};
use crate::authority::projection::Holders;
use crate::document::{self, Organization};
use crate::error::Error;
use crate::facts::{Accessibility, Facts, Position, Status};
use crate::rules::capability::{Capability, CapabilitySet, Kind};
use crate::rules::condition::Condition;
use crate::rules::decision::Denied;
use crate::rules::role::Level;
use crate::rules::target::Target;
use crate::rules::{Acting, Place};

/// The directory as one user may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct DirectoryView {
    /// The version of the organization.
    pub version: u64,
    /// The facts of their member snapshot, and besides: addresses, for users who invite people or see user settings; the owner and all
    /// grants of an assistant, for users who may share it; custom team and assistant roles, for users who may give them; all custom
    /// roles, for users who define roles.
    pub organization: Organization,
    /// The pending invitations, for users who invite people or see user settings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(bindings, tsify(optional))]
    pub invitations: Vec<PendingInvitation>,
    /// The webhooks, for users who manage them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(bindings, tsify(optional))]
    pub webhooks: Vec<Webhook>,
    /// The API keys, for users who manage them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(bindings, tsify(optional))]
    pub api_keys: Vec<ApiKeyView>,
}

/// A user, for the service that signs them in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct DirectoryUser {
    /// Their organization role.
    pub role: String,
    /// Only an active user holds anything.
    pub status: Status,
    /// Their address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub email: Option<String>,
    /// Their name, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub name: Option<String>,
}

/// An invitation that has not been accepted yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct PendingInvitation {
    /// The id of the invited user.
    pub user: String,
    /// The address that the mail went to.
    pub email: String,
    /// The organization role they will have.
    pub role: String,
    /// The id of the user who invited them; absent if the authority itself did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub invited_by: Option<String>,
    /// When they were invited, Unix seconds.
    pub invited_at: u64,
    /// It can be accepted before this time, Unix seconds.
    pub expires: u64,
}

impl From<&Invitation> for PendingInvitation {
    fn from(invitation: &Invitation) -> PendingInvitation {
        let Invitation { user, email, role, invited_by, invited_at, expires, digest: _ } = invitation.clone();
        PendingInvitation { user, email, role, invited_by, invited_at, expires }
    }
}

/// What somebody may do with an assistant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct Access {
    /// All capabilities on the assistant; at least one.
    #[cfg_attr(bindings, tsify(type = "Capability[]"))]
    pub capabilities: Vec<Capability>,
    /// The name of the assistant, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub name: Option<String>,
    /// When a grant or a membership that gives some of them expires, Unix seconds; never if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub until: Option<u64>,
}

impl Directory {
    /// The user who signs in with an account.
    pub fn account(&self, issuer: &str, subject: &str) -> Option<&str> {
        self.people.user_of_account(issuer, subject)
    }

    /// A user.
    pub fn user(&self, id: &str) -> Option<DirectoryUser> {
        let document::User { id: _, role, status, email, name } = self.facts.user_now(self.facts.find_user(id)?)?;
        Some(DirectoryUser { role, status, email, name })
    }

    /// The reason why an actor may not do this at `now` (Unix seconds); none if they may. The authority itself may do everything.
    pub fn denied(&self, actor: &Actor, capability: Capability, target: Option<&str>, now: u64) -> Option<Denied> {
        let place = Target::of(capability.kind(), target).and_then(|target| target.find(&self.facts));
        self.acting(actor, now)?.denied(&self.facts, now, capability, place)
    }

    /// What an actor may do with an assistant at `now` (Unix seconds).
    ///
    /// # Errors
    /// If that is nothing: the reason why the actor may not talk to it.
    pub fn access(&self, actor: &Actor, assistant: &str, now: u64) -> Result<Access, Denied> {
        let assistant = Target::Assistant(assistant);
        let place = assistant.find(&self.facts);
        let acting = self.acting(actor, now);
        let held_at = |time| {
            place.map_or(CapabilitySet::NONE, |place| match &acting {
                Some(acting) => acting.held(&self.facts, time, place),
                None => CapabilitySet::ALL,
            })
        };
        let held = held_at(now);
        let capabilities: Vec<Capability> = held.iter().filter(|capability| capability.kind() == Kind::Assistant).collect();
        if capabilities.is_empty() {
            let denied = acting.and_then(|acting| acting.denied(&self.facts, now, Capability::AssistantChat, place));
            return Err(denied.unwrap_or(Denied::UnknownTarget));
        }
        let position = place.and_then(|place| if let Place::Assistant(position) = place { Some(position) } else { None });
        let name = position.and_then(|position| self.facts.assistant(position)?.name);
        let until = self.facts.first_end(now, |time| held_at(time) == held);
        Ok(Access { capabilities, name: name.map(|name| self.facts.text(name).to_owned()), until })
    }

    /// The rows on which an actor may do this at `now` (Unix seconds), to filter lists in a database: every row for the authority itself. The
    /// end of a key counts as an end too.
    pub fn condition(&self, actor: &Actor, capability: Capability, now: u64) -> Condition {
        let Some(acting) = self.acting(actor, now) else { return Condition::All { until: None } };
        acting.condition(&self.facts, now, capability).until_at_most(self.key_end(actor))
    }

    /// Whether an actor may see everything at `now` (Unix seconds): the authority itself, active global admins and keys with their role may,
    /// even where the plan withholds capabilities.
    pub fn holds_everything(&self, actor: &Actor, now: u64) -> bool {
        self.acting(actor, now).is_none_or(|acting| acting.holds_everything())
    }

    /// The user who has an address or was invited at it.
    pub fn user_at(&self, email: &str) -> Option<&str> {
        self.people.user_at(&normal_address(email)?)
    }

    /// The pending invitations, expired ones too, in the order of the users' ids.
    pub fn invitations(&self) -> Vec<PendingInvitation> {
        self.people.invitations().map(PendingInvitation::from).collect()
    }

    /// The ids of the public assistants. Each has a gate snapshot.
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

    /// The directory as an actor may see it at `now` (Unix seconds): on behalf of a user, what both the user and the key may see. The
    /// authority itself sees everything except digests.
    ///
    /// # Errors
    /// [`crate::Code::UnknownUser`] if there is no such user.
    pub fn view(&self, actor: &Actor, now: u64) -> Result<DirectoryView, Error> {
        let WrittenView { version, organization, invitations, webhooks, api_keys } = self.written_view(actor, now)?;
        Ok(DirectoryView { version, organization: organization.document(), invitations, webhooks, api_keys })
    }

    /// The ids of the users in the view of an actor at `now` (Unix seconds), in their order.
    ///
    /// # Errors
    /// As [`Directory::view`].
    pub fn users_in_view(&self, actor: &Actor, now: u64) -> Result<Vec<String>, Error> {
        let users = self.written_view(actor, now)?.organization.users;
        Ok(users.iter().map(|user| self.facts.user_id(*user).to_owned()).collect())
    }

    /// As [`Directory::view`], to be written.
    pub(crate) fn written_view(&self, actor: &Actor, now: u64) -> Result<WrittenView<'_>, Error> {
        let acting = self.acting(actor, now);
        let held = acting.map(|acting| acting.held(&self.facts, now, Place::Organization)).unwrap_or(CapabilitySet::ALL);
        let administers = held.contains(Capability::UserInvite) || held.contains(Capability::PanelUserSettings);
        let shown = Shown { facts: &self.facts, acting, now, addresses: administers };
        let mut organization = match acting {
            None => self.facts.seen_by_authority().lists(),
            Some(acting) => self.facts.seen_by_actor(actor.user(), acting, now)?.lists(),
        };
        shown.add_roles(&mut organization);
        organization.edit = Some(Box::new(shown));
        let invitations = if administers { self.invitations() } else { Vec::new() };
        let webhooks = if self.manages_webhooks(actor, now) { self.webhooks() } else { Vec::new() };
        let api_keys = if held.contains(Capability::PanelApiKeys) { self.api_keys() } else { Vec::new() };
        Ok(WrittenView { version: self.latest.version, organization, invitations, webhooks, api_keys })
    }
}

/// Writes what [`DirectoryView`] would write, one thing after another: so no second copy of the organization is made.
#[derive(Serialize)]
pub(crate) struct WrittenView<'a> {
    version: u64,
    organization: Lists<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    invitations: Vec<PendingInvitation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    webhooks: Vec<Webhook>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    api_keys: Vec<ApiKeyView>,
}

/// What a view has besides a member snapshot.
struct Shown<'a> {
    facts: &'a Facts,
    /// None for the authority itself.
    acting: Option<Acting>,
    now: u64,
    /// Whether addresses are shown.
    addresses: bool,
}

impl Shown<'_> {
    /// Whether the user holds a capability at a place. The authority itself is shown everything anyway.
    fn may(&self, place: Place, capability: Capability) -> bool {
        self.acting.is_some_and(|acting| acting.held(self.facts, self.now, place).contains(capability))
    }

    fn shares(&self, assistant: Position) -> bool {
        self.may(Place::Assistant(assistant), Capability::AssistantShare)
    }

    /// Adds the custom roles that a user may give. Users who define roles are shown all custom roles.
    fn add_roles(&self, lists: &mut Lists<'_>) {
        let mut levels = Vec::new();
        // Defining a role says whether its name is taken, so these users learn all names anyway.
        if self.may(Place::Organization, Capability::RoleDefine) {
            levels.extend([Level::Organization, Level::Team, Level::Assistant]);
        }
        if lists.teams.iter().any(|team| self.may(Place::Team(*team), Capability::TeamManageMembers)) {
            levels.push(Level::Team);
        }
        if lists.assistants.iter().any(|assistant| self.shares(*assistant)) {
            levels.push(Level::Assistant);
        }
        let known: BTreeSet<String> = lists.roles.drain(..).map(|role| role.id).collect();
        let roles = self.facts.custom_roles().map(|role| self.facts.role_document(role));
        lists.roles = roles.filter(|role| known.contains(&role.id) || levels.contains(&role.on)).collect();
    }
}

impl Edit for Shown<'_> {
    fn user(&self, position: Position, shown: &mut document::User) {
        if self.addresses {
            shown.email = self.facts.address(position).map(str::to_owned);
        }
    }

    /// Whoever may share an assistant is shown its owner and all grants.
    fn assistant(&self, position: Position, shown: &mut document::Assistant) {
        if self.shares(position)
            && let Some(whole) = self.facts.seen_by_authority().assistant(position, &Holders::All)
        {
            (shown.owner, shown.grants) = (whole.owner, whole.grants);
        }
        for link in &mut shown.links {
            link.digest = None;
        }
    }
}
