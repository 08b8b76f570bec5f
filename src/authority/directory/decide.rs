//! Deciding commands: who may, whether it makes sense, and what changes.
//!
//! Each command is a function of [`Deciding`] that checks in this order, so that a refusal tells nobody what they may not know: the
//! command in itself; the target and the actor's capability there; what else it names; that the actor gives and takes nothing they
//! do not have (§3.4); what stands in its way. It returns an [`Effect`] and changes nothing but the command, in which it fills in ids.

mod assistants;
mod epochs;
mod invitations;
mod reviews;
mod roles;
mod teams;
mod users;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::command::{Actor, Command, CommandResult, Secret};
use super::documents::{nobodys, ones};
use super::event::{Event, PeopleChanges, Sealed, Tip, base64url};
use super::people::People;
use super::refusal::{Refusal, RefusalCode};
use super::visible::name_fault;
use super::{Directory, address};
use crate::authority::projection::Whose;
use crate::document::{AssistantChange, Changes, Holding, Project, TeamChange, User};
use crate::error::quote;
use crate::facts::{self, Accessibility, Facts, MAX_ID, MAX_ISSUED_TIME, NEVER, Position, is_new_id, live};
use crate::rules::capability::{Capability, CapabilitySet, Kind};
use crate::rules::decision::{Decision, Denied};
use crate::rules::role::Level;
use crate::rules::target::Target;
use crate::rules::{self, Identity, Place, Principal};
use crate::token::json::MAX_INTEGER;

/// An accepted command.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The event, to be written down and then applied.
    pub event: Event,
    /// What the actor is told.
    pub result: CommandResult,
    /// The assistants whose gate snapshots may say something else from now on.
    pub gates: Vec<String>,
    /// The users who are gone from then on: nothing that is remembered of them may be a later user's of the same id.
    pub gone: Vec<String>,
}

impl Directory {
    /// Decides a command: the event that it makes, or why it is refused. Changes nothing. `now` is in Unix seconds; `entropy`
    /// comes from a source fit for keys, and is used once.
    ///
    /// # Errors
    /// [`Refusal`], with the first reason.
    pub fn decide(&self, actor: &Actor, command: Command, now: u64, entropy: &[u8; 32]) -> Result<Decided, Refusal> {
        let mut command = command;
        let (effect, now) = self.effect(actor, &mut command, now, entropy)?;
        let Effect { before, after, people, epoch, result, user, was } = effect;
        let gone = after.gone.users.clone();
        let sealed = Sealed { before, after, people, epoch };
        let gates = self.gates(&sealed);
        let executed = Executed { command: &command, user, was, ended: &result.ended };
        let event = Tip::write(Some(&self.tip), now, actor, &executed, &sealed)?;
        Ok(Decided { event, result, gates, gone })
    }

    /// What a command does, and when.
    pub(super) fn effect(
        &self,
        actor: &Actor,
        command: &mut Command,
        now: u64,
        entropy: &[u8; 32],
    ) -> Result<(Effect, u64), Refusal> {
        if now > MAX_ISSUED_TIME {
            return Err(Refusal::invalid("now", "expected Unix seconds; these look like milliseconds"));
        }
        if self.tip.version >= MAX_INTEGER {
            return Err(Refusal::new(RefusalCode::InvalidCommand, "the last version there is has been reached"));
        }
        // Time does not run backwards within a history.
        let now = now.max(self.tip.at);
        let facts = &self.facts;
        let principal = match actor {
            Actor::User(user) => Some(Principal::of(Identity::of(facts, facts.find_user(user)))),
            Actor::System => None,
        };
        let deciding = Deciding { facts, people: &self.people, epoch: self.epoch, actor, principal, now, entropy };
        Ok((deciding.effect(command)?, now))
    }

    /// The assistants that are public before or after a change, and so have a gate snapshot that it may concern.
    fn gates(&self, Sealed { before, after, epoch, .. }: &Sealed) -> Vec<String> {
        if after.plan.is_some() || epoch.is_some() {
            return self.public_assistants();
        }
        let public = |assistant: &&AssistantChange| assistant.accessibility == Accessibility::Public;
        let sides = before.assistants.iter().chain(&after.assistants);
        let mut gates: Vec<String> = sides.filter(public).map(|assistant| assistant.id.clone()).collect();
        gates.sort_unstable();
        gates.dedup();
        gates
    }
}

/// The command as it stands in the event: ids filled in, no secrets, and what is worth knowing besides.
#[derive(Serialize)]
struct Executed<'a> {
    #[serde(flatten)]
    command: &'a Command,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<String>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    ended: &'a [String],
}

/// What a command does.
#[derive(Default)]
pub(super) struct Effect {
    /// How the facts go back.
    pub(super) before: Changes,
    /// What changes of the facts.
    pub(super) after: Changes,
    /// What changes of the people besides.
    people: PeopleChanges,
    /// The epoch that begins.
    epoch: Option<u64>,
    /// What the actor is told.
    pub(super) result: CommandResult,
    /// Whom it concerns, where the command does not say it.
    user: Option<String>,
    /// The role held or the owner until now, where another takes its place.
    pub(super) was: Option<String>,
}

impl Effect {
    /// A user who is new, or replaced.
    fn user(mut self, before: Option<User>, after: User) -> Effect {
        match before {
            Some(before) => self.before.users.push(before),
            None => self.before.gone.users.push(after.id.clone()),
        }
        self.after.users.push(after);
        self
    }

    /// A team that is replaced.
    fn team(mut self, before: TeamChange, after: TeamChange) -> Effect {
        self.before.teams.push(before);
        self.after.teams.push(after);
        self
    }

    /// A project that is replaced.
    fn project(mut self, before: Project, after: Project) -> Effect {
        self.before.projects.push(before);
        self.after.projects.push(after);
        self
    }

    /// An assistant that is replaced.
    fn assistant(mut self, before: AssistantChange, after: AssistantChange) -> Effect {
        self.before.assistants.push(before);
        self.after.assistants.push(after);
        self
    }
}

/// What a decision is made from.
struct Deciding<'a> {
    facts: &'a Facts,
    people: &'a People,
    epoch: u64,
    actor: &'a Actor,
    /// The actor as the rules know them; none is the authority itself.
    principal: Option<Principal<'a>>,
    now: u64,
    entropy: &'a [u8; 32],
}

type Decide<T = Effect> = Result<T, Refusal>;

/// The positions found by a look-up are there: this refuses what the types do not know to be impossible.
fn there<T>(thing: Option<T>) -> Decide<T> {
    thing.ok_or_else(|| Refusal::new(RefusalCode::InvalidCommand, "it is no longer there"))
}

impl Deciding<'_> {
    fn effect(&self, command: &mut Command) -> Decide {
        match command {
            Command::InviteUser(command) => self.invite_user(command),
            Command::ResendInvitation(command) => self.resend_invitation(command),
            Command::RevokeInvitation(command) => self.revoke_invitation(command),
            Command::AcceptInvitation(command) => self.accept_invitation(command),
            Command::Join(command) => self.join(command),
            Command::LinkAccount(command) => self.link_account(command),
            Command::AssignRole(command) => self.assign_role(command),
            Command::SuspendUser(command) => self.suspend_user(command),
            Command::ReactivateUser(command) => self.reactivate_user(command),
            Command::SignOutUser(command) => self.sign_out_user(command),
            Command::RemoveUser(command) => self.remove_user(command),
            Command::CreateTeam(command) => self.create_team(command),
            Command::EditTeam(command) => self.edit_team(command),
            Command::DeleteTeam(command) => self.delete_team(command),
            Command::AddMember(command) => self.add_member(command),
            Command::SetMemberRole(command) => self.set_member_role(command),
            Command::RemoveMember(command) => self.remove_member(command),
            Command::CreateProject(command) => self.create_project(command),
            Command::EditProject(command) => self.edit_project(command),
            Command::DeleteProject(command) => self.delete_project(command),
            Command::CreateAssistant(command) => self.create_assistant(command),
            Command::EditAssistant(command) => self.edit_assistant(command),
            Command::DeleteAssistant(command) => self.delete_assistant(command),
            Command::TransferAssistant(command) => self.transfer_assistant(command),
            Command::SetAccessibility(command) => self.set_accessibility(command),
            Command::Grant(command) => self.grant(command),
            Command::RevokeGrant(command) => self.revoke_grant(command),
            Command::CreateLink(command) => self.create_link(command),
            Command::RevokeLink(command) => self.revoke_link(command),
            Command::SetEmbed(command) => self.set_embed(command),
            Command::DefineRole(command) => self.define_role(command),
            Command::DeleteRole(command) => self.delete_role(command),
            Command::SetPlan(command) => self.set_plan(command),
            Command::ApplyRoleSet(command) => self.apply_role_set(command),
            Command::CompleteReview(command) => self.complete_review(command),
            Command::BeginEpoch(command) => self.begin_epoch(command),
        }
    }

    // The command in itself.

    /// A name that people can read in a list.
    fn check_name(&self, name: &str) -> Decide<()> {
        name_fault(name).map_or(Ok(()), |fault| Err(Refusal::invalid("name", &fault)))
    }

    fn check_id(&self, id: Option<&str>) -> Decide<()> {
        let fault =
            || Refusal::invalid("id", &format!("is not an id: 1 to {MAX_ID} of A–Z a–z 0–9 _ . : @ -, and not `.` or `..`"));
        id.is_none_or(is_new_id).then_some(()).ok_or_else(fault)
    }

    fn check_expires(&self, expires: Option<u64>) -> Decide<()> {
        match expires {
            Some(expires) if expires <= self.now => Err(Refusal::invalid("expires", "expected a time in the future")),
            Some(expires) if expires > MAX_ISSUED_TIME => {
                Err(Refusal::invalid("expires", "expected Unix seconds; these look like milliseconds"))
            }
            _ => Ok(()),
        }
    }

    fn check_address(&self, email: &str) -> Decide<String> {
        address::read(email).map_err(|fault| Refusal::invalid("email", &fault))
    }

    /// Capabilities by their names.
    fn check_capabilities(&self, names: &[String], path: &str) -> Decide<CapabilitySet> {
        let capability = |(n, name): (usize, &String)| {
            Capability::from_name(name).ok_or_else(|| Refusal::invalid(&format!("{path}[{n}]"), "there is no such capability"))
        };
        (0..).zip(names).map(capability).collect()
    }

    // The target, and who may.

    /// The target, if the actor holds the capability on it.
    fn allowed(&self, capability: Capability, target: Target<'_>) -> Decide<Place> {
        self.allowed_at(capability, target, |place| place)
    }

    /// The same where the capability is asked of something that contains the target.
    fn allowed_at(&self, capability: Capability, target: Target<'_>, container: impl Fn(Place) -> Place) -> Decide<Place> {
        let place = target.find(self.facts);
        let Some(principal) = &self.principal else { return place.ok_or_else(|| unknown_target(target)) };
        let denied = |denied| Err(Refusal::not_allowed(capability, target, denied));
        match rules::decide(self.facts, principal, self.now, capability, place.map(container)) {
            Decision::Denied(Denied::Inactive) => denied(Denied::Inactive),
            // Whoever holds nothing on it is not told that it exists.
            _ if !place.is_some_and(|place| self.sees(place)) => denied(Denied::UnknownTarget),
            Decision::Denied(reason) => denied(reason),
            Decision::Allowed(_) => place.ok_or_else(|| unknown_target(target)),
        }
    }

    /// Whether the actor may know of something. Everybody knows of the organization.
    fn sees(&self, place: Place) -> bool {
        let held = |principal: &Principal<'_>| !rules::held(self.facts, principal, self.now, place).is_empty();
        place == Place::Organization || self.principal.as_ref().is_none_or(held)
    }

    /// Whether the actor holds a capability somewhere.
    fn holds(&self, capability: Capability, place: Place) -> bool {
        let held = |principal: &Principal<'_>| rules::held(self.facts, principal, self.now, place).contains(capability);
        self.principal.as_ref().is_none_or(held)
    }

    /// Whether the actor is shown everything: the authority itself, and a global admin.
    fn sees_everything(&self) -> bool {
        self.principal.as_ref().is_none_or(|principal| rules::holds_everything(&principal.identity))
    }

    /// Only whoever sees everything chooses an id: others would learn from it whether something hidden has it. So it is asked before
    /// anything is looked up by that id.
    fn may_choose(&self, id: Option<&str>) -> Decide<()> {
        let beyond = || Refusal::at(RefusalCode::BeyondOwnRole, "id", "only a global admin chooses it: leave it out");
        (id.is_none() || self.sees_everything()).then_some(()).ok_or_else(beyond)
    }

    /// Whether the actor is shown everybody's role and status.
    fn sees_people(&self) -> bool {
        self.sees_everything() || self.holds(Capability::PanelUserSettings, Place::Organization)
    }

    /// Whether the actor is shown this user. Whoever invites sees who is invited.
    fn sees_user(&self, user: Position) -> bool {
        let invited = || self.is_invited(user).flatten().is_some() && self.holds(Capability::UserInvite, Place::Organization);
        self.sees_people() || self.own().is_some_and(|(own, _)| own == user) || invited()
    }

    /// Refuses everybody but the authority itself.
    fn system_only(&self) -> Decide<()> {
        match self.principal.as_ref().map(|principal| &principal.identity) {
            None => Ok(()),
            Some(Identity::User { .. }) => Err(Refusal::system_only(Denied::NotGranted)),
            Some(Identity::Visitor | Identity::Inactive) => Err(Refusal::system_only(Denied::Inactive)),
        }
    }

    /// The user who acts; none for the authority itself.
    fn acting(&self) -> Option<String> {
        if let Actor::User(user) = self.actor { Some(user.clone()) } else { None }
    }

    /// The user who acts and their organization role.
    fn own(&self) -> Option<(Position, Position)> {
        match self.principal.as_ref()?.identity {
            Identity::User { user, role } => Some((user, role)),
            Identity::Visitor | Identity::Inactive => None,
        }
    }

    // What else the command names.

    fn user(&self, id: &str, path: &str) -> Decide<Position> {
        self.facts.find_user(id).ok_or_else(|| Refusal::unknown(RefusalCode::UnknownUser, path, id))
    }

    /// Somebody to whom something is given. `fits` says why it cannot be given to them. Whoever is not shown people gets one refusal for all
    /// to whom they cannot give, so that it tells nobody's status, and not whether there is such a user: they give to active people, and
    /// to those whom they see `here` already. It is asked last, so that nothing is told where it could be given to nobody.
    fn receiver(
        &self,
        path: &str,
        id: &str,
        here: impl Fn(Position) -> bool,
        fits: impl Fn(Position) -> Decide<()>,
    ) -> Decide<Position> {
        let found = self.facts.find_user(id);
        if found.map_or(self.sees_people(), |user| self.sees_user(user)) {
            let user = self.user(id, path)?;
            return fits(user).map(|()| user);
        }
        let can = |user: &Position| (here(*user) || self.active_user(*user, path).is_ok()) && fits(*user).is_ok();
        let nobody =
            || Refusal::at(RefusalCode::UnknownUser, path, &format!("there is nobody {} to whom it can be given", quote(id)));
        found.filter(can).ok_or_else(nobody)
    }

    /// When something given ends: as the command says. Where that leaves it unsaid, what takes the place of something else ends as that
    /// does, so that nothing becomes endless without a word: as the same role, or else as the first of the others.
    fn end(&self, said: Option<Option<u64>>, replaced: &[facts::Holding], role: Position) -> Option<u64> {
        let live = || replaced.iter().filter(|holding| live(holding.expires, self.now));
        let same = || live().filter(|holding| holding.role == role).map(|holding| holding.expires).max();
        let others = || live().map(|holding| holding.expires).min();
        said.unwrap_or_else(|| same().or_else(others).filter(|end| *end != NEVER))
    }

    fn active_user(&self, user: Position, path: &str) -> Decide<()> {
        let active = matches!(Identity::of(self.facts, Some(user)), Identity::User { .. });
        active.then_some(()).ok_or_else(|| Refusal::at(RefusalCode::InactiveUser, path, "is not active"))
    }

    fn role(&self, id: &str, on: Level) -> Decide<Position> {
        let role = self.facts.find_role(id).filter(|role| self.facts.role(*role).is_some_and(|role| role.on == on));
        role.ok_or_else(|| Refusal::unknown(RefusalCode::UnknownRole, "role", id))
    }

    // §3.4: nobody gives what they do not have, nor for longer than they have it; nobody takes it.

    fn within(&self, powers: CapabilitySet, wanted: CapabilitySet, does: &str) -> Decide<()> {
        let excess = wanted.difference(powers).iter().next();
        excess.map_or(Ok(()), |excess| {
            Err(Refusal::new(RefusalCode::BeyondOwnRole, format!("it {does} {excess}, which the actor does not have")))
        })
    }

    /// Refuses to give in the organization, where nothing ends, what the actor does not have.
    fn gives(&self, given: CapabilitySet) -> Decide<()> {
        self.within(self.own_powers(), given, "gives")
    }

    /// Refuses to give on a team or an assistant, until it expires or without end, what the actor does not have there for as long.
    fn gives_until(&self, expires: Option<u64>, place: Place, given: CapabilitySet) -> Decide<()> {
        self.within(self.powers(0, place), given, "gives")?;
        let lacks = |until| given.difference(self.powers(until, place)).iter().next();
        let Some(excess) = lacks(expires.unwrap_or(NEVER)) else { return Ok(()) };
        let until = self.facts.last_expiry(self.now, |until| lacks(until).is_none()).unwrap_or(self.now);
        Err(Refusal::not_for_as_long(excess, until))
    }

    /// Refuses to take from somebody what counts of these holdings of theirs and the actor does not have there. Everybody may give
    /// up what is their own.
    fn takes<'h>(&self, place: Place, user: Position, held: impl IntoIterator<Item = &'h facts::Holding>) -> Decide<()> {
        if self.own().is_some_and(|(actor, _)| actor == user) {
            return Ok(());
        }
        let counting = held.into_iter().filter(|holding| live(holding.expires, self.now));
        let grants = counting.map(|holding| self.facts.grants_of(holding.role));
        self.within(self.powers(0, place), grants.fold(CapabilitySet::NONE, CapabilitySet::union), "takes")
    }

    /// What the actor has on a team or an assistant until a time.
    fn powers(&self, until: u64, place: Place) -> CapabilitySet {
        let powers = |principal: &Principal<'_>| rules::powers(self.facts, principal, self.now, until, place);
        self.principal.as_ref().map_or(CapabilitySet::ALL, powers)
    }

    /// What the actor has by their organization role.
    fn own_powers(&self) -> CapabilitySet {
        match self.principal {
            None => CapabilitySet::ALL,
            Some(_) => self.own().map_or(CapabilitySet::NONE, |(_, role)| self.facts.grants_of(role)),
        }
    }

    // What is made.

    /// 256 bits for one purpose, from the entropy of the command.
    fn derived(&self, purpose: &str) -> [u8; 32] {
        Sha256::new().chain_update(purpose).chain_update([0]).chain_update(self.entropy).finalize().into()
    }

    /// An id given or made, which must be free.
    fn new_id(&self, id: &mut Option<String>, prefix: &str, taken: impl Fn(&str) -> bool) -> Decide<String> {
        let [random @ .., _, _, _, _] = self.derived("id");
        let random = random.get(..12).unwrap_or_default();
        let id = id.get_or_insert_with(|| format!("{prefix}_{}", base64url(random)));
        if taken(id) {
            return Err(Refusal::at(RefusalCode::AlreadyExists, "id", "is taken"));
        }
        Ok(id.clone())
    }

    /// A secret that begins like this, and its digest.
    fn secret(&self, prefix: &str) -> (Secret, String) {
        let secret = format!("{prefix}_{}", base64url(&self.derived(prefix)));
        let digest = digest(&secret);
        (Secret(secret), digest)
    }

    /// Things of a kind in the order of their ids, so that nothing depends on how they got here.
    fn in_order(&self, kind: Kind, things: &[Position]) -> Vec<Position> {
        let mut sorted = things.to_vec();
        sorted.sort_unstable_by(|one, other| self.facts.target_id(kind, *one).cmp(self.facts.target_id(kind, *other)));
        sorted
    }

    /// Whether something of a kind has this id.
    fn exists(&self, kind: Kind, id: &str) -> bool {
        self.facts.find_target(kind, id).is_some()
    }
}

fn digest(secret: &str) -> String {
    base64url(&Sha256::digest(secret))
}

/// The refusal of a target that the authority itself names.
fn unknown_target(target: Target<'_>) -> Refusal {
    match target {
        Target::Organization => Refusal::new(RefusalCode::InvalidCommand, "there is no organization"),
        Target::Team(id) => Refusal::unknown(RefusalCode::UnknownTeam, "team", id),
        Target::Project(id) => Refusal::unknown(RefusalCode::UnknownProject, "project", id),
        Target::Assistant(id) => Refusal::unknown(RefusalCode::UnknownAssistant, "assistant", id),
    }
}
