//! A second, slow and obvious directory: it searches lists from the start, decides commands as the table of `docs/authority.md` says, and
//! asks the naive evaluator. It shares no code with the crate.

use std::collections::BTreeSet;

use crate::common::cases::Asker;
use crate::common::naive::{self, Verdict, digest_of};
use serde_json::Value;
use wicketgate::document::*;
use wicketgate::{Accessibility, Level, LinkLevel, Status};

const DAY: u64 = 86_400;

/// The whole state of a directory.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub organization: Organization,
    pub invitations: Vec<Invitation>,
    pub accounts: Vec<Account>,
    pub epoch: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Invitation {
    pub user: String,
    pub email: String,
    pub role: String,
    pub digest: String,
    pub invited_by: Option<String>,
    pub invited_at: u64,
    pub expires: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account {
    pub user: String,
    pub issuer: String,
    pub subject: String,
}

/// The actor; none for the system.
pub type Actor<'a> = Option<&'a str>;

/// The parts of a refusal that the rules fix.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct No {
    pub code: String,
    pub capability: Option<String>,
    pub denied: Option<String>,
    /// The ids of the things that prevent the command, sorted.
    pub ids: Vec<String>,
    /// The latest `expires` that could be given.
    pub until: Option<u64>,
}

fn no(code: &str) -> No {
    No { code: code.to_owned(), ..No::default() }
}

fn blocked(code: &str, mut ids: Vec<String>) -> No {
    ids.sort();
    No { ids, ..no(code) }
}

/// Each command with its required and its optional fields.
pub const FIELDS: [(&str, &str, &str); 36] = [
    ("invite_user", "email", "role id expires_in"),
    ("resend_invitation", "user", ""),
    ("revoke_invitation", "user", ""),
    ("accept_invitation", "token issuer subject email", ""),
    ("join", "issuer subject email", "id"),
    ("link_account", "user issuer subject", ""),
    ("assign_role", "user role", ""),
    ("suspend_user", "user", ""),
    ("reactivate_user", "user", ""),
    ("sign_out_user", "user", ""),
    ("remove_user", "user", "successors successor"),
    ("create_team", "name", "id"),
    ("edit_team", "team name", ""),
    ("delete_team", "team", "cascade"),
    ("add_member", "team user role", "expires"),
    ("set_member_role", "team user role", "expires"),
    ("remove_member", "team user", ""),
    ("create_project", "team name", "id"),
    ("edit_project", "project name", ""),
    ("delete_project", "project", "cascade"),
    ("create_assistant", "project name", "id accessibility"),
    ("edit_assistant", "assistant name", ""),
    ("delete_assistant", "assistant", ""),
    ("transfer_assistant", "assistant user", ""),
    ("set_accessibility", "assistant accessibility", ""),
    ("grant", "assistant user role", "expires"),
    ("revoke_grant", "assistant user", "role"),
    ("create_link", "assistant level", "id expires"),
    ("revoke_link", "assistant link", ""),
    ("set_embed", "assistant origins", ""),
    ("define_role", "id on grants", ""),
    ("delete_role", "role", ""),
    ("set_plan", "withholds", "name"),
    ("apply_role_set", "set", ""),
    ("complete_review", "", "note"),
    ("begin_epoch", "epoch", ""),
];

pub fn types() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().map(|(name, ..)| *name)
}

/// The text in a field of a command.
fn text<'a>(command: &'a Value, field: &str) -> Option<&'a str> {
    command[field].as_str()
}

/// The text in a field that [`valid`] has checked.
fn must<'a>(command: &'a Value, field: &str) -> &'a str {
    text(command, field).unwrap()
}

fn id_is_valid(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || "_.:@-".contains(c))
}

/// URLs treat these as path steps.
fn new_id_is_valid(id: &str) -> bool {
    id_is_valid(id) && id != "." && id != ".."
}

/// Whether a text is an address: one `@`, no blanks, a possible domain, and none of the invisible or ambiguous characters that the tests use.
fn email_is_valid(email: &str) -> bool {
    let parts: Vec<&str> = email.split('@').collect();
    let blank = email.chars().any(|c| c.is_whitespace() || c.is_control() || "\u{200b}\u{ad}\u{212a}\u{130}".contains(c));
    parts.len() == 2
        && !blank
        && email.len() <= 254
        && !parts[0].is_empty()
        && parts[1].split('.').all(|label| !label.is_empty())
        && (parts[1].eq_ignore_ascii_case("localhost") || parts[1].contains('.'))
}

/// The normal form, for the letters and domains that the tests use.
pub fn fold(email: &str) -> String {
    email.to_lowercase().replace("e\u{301}", "é").replace("@münchen.example", "@xn--mnchen-3ya.example")
}

/// Whether a command is valid by itself.
fn valid(command: &Value, now: u64) -> bool {
    let Some((_, needed, optional)) = FIELDS.iter().find(|(name, ..)| Some(*name) == text(command, "type")) else {
        return false;
    };
    let named = |list: &str, field: &str| list.split_whitespace().any(|word| word == field);
    let fields: BTreeSet<&str> = command.as_object().unwrap().keys().map(String::as_str).filter(|field| *field != "type").collect();
    let shape = fields.iter().all(|field| named(needed, field) || named(optional, field))
        && needed.split_whitespace().all(|field| fields.contains(field));
    let levels = ["only_me", "only_team", "public"];
    let well_formed = |field: &&str| {
        let value = &command[*field];
        match *field {
            "email" => value.as_str().is_some_and(email_is_valid),
            "expires_in" => value.as_u64().is_some_and(|seconds| (1..=30 * DAY).contains(&seconds)),
            "expires" => value.is_null() || value.as_u64().is_some_and(|expires| expires > now),
            "cascade" => value.is_boolean(),
            "successors" => value.as_object().unwrap().values().all(|user| user.as_str().is_some_and(id_is_valid)),
            "accessibility" => value.as_str().is_some_and(|level| levels.contains(&level)),
            "level" => value.as_str().is_some_and(|level| ["view", "edit"].contains(&level)),
            "on" => value.as_str().is_some_and(|on| ["organization", "team", "assistant"].contains(&on)),
            "set" => value.as_str().is_some_and(|set| ["built_in", "assigned_agents"].contains(&set)),
            "epoch" => value.as_u64().is_some_and(|epoch| epoch < 1 << 53),
            "note" => value.as_str().is_some_and(|note| !note.trim().is_empty() && note.chars().count() <= 500),
            "origins" => {
                value.is_null()
                    || value.as_array().unwrap().iter().all(|origin| {
                        // For the patterns that the tests use.
                        !["http://docs.acme.example", "docs.acme.example", "https://a.example/path", "null", ""]
                            .contains(&origin.as_str().unwrap())
                    })
            }
            "withholds" => value.as_array().unwrap().iter().all(|name| naive::kind(name.as_str().unwrap()).is_some()),
            "grants" => value.as_array().unwrap().iter().all(|name| {
                let kind = naive::kind(name.as_str().unwrap());
                match text(command, "on").unwrap_or_default() {
                    "organization" => kind.is_some(),
                    "team" => kind.is_some_and(|kind| kind != "organization"),
                    _ => kind == Some("assistant"),
                }
            }),
            "id" => value.as_str().is_some_and(new_id_is_valid),
            "user" | "role" | "team" | "project" | "assistant" | "link" | "successor" => value.as_str().is_some_and(id_is_valid),
            _ => value.as_str().is_some_and(|text| !text.is_empty()),
        }
    };
    // The removed user cannot be a successor.
    let heirs = command["successors"].as_object().into_iter().flat_map(|heirs| heirs.values()).chain(command.get("successor"));
    let own_heir = heirs.into_iter().any(|heir| *heir == command["user"]);
    shape && fields.iter().all(well_formed) && !own_heir
}

impl State {
    pub fn new(organization: Organization) -> State {
        State { organization, invitations: Vec::new(), accounts: Vec::new(), epoch: 0 }
    }

    pub fn user(&self, id: &str) -> Option<&User> {
        self.organization.users.iter().find(|user| user.id == id)
    }

    fn team(&self, id: &str) -> Option<&Team> {
        self.organization.teams.iter().find(|team| team.id == id)
    }

    fn project(&self, id: &str) -> Option<&Project> {
        self.organization.projects.iter().find(|project| project.id == id)
    }

    fn assistant(&self, id: &str) -> Option<&Assistant> {
        self.organization.assistants.iter().find(|assistant| assistant.id == id)
    }

    fn team_mut(&mut self, id: &str) -> &mut Team {
        self.organization.teams.iter_mut().find(|team| team.id == id).unwrap()
    }

    fn assistant_mut(&mut self, id: &str) -> &mut Assistant {
        self.organization.assistants.iter_mut().find(|assistant| assistant.id == id).unwrap()
    }

    pub fn admins(&self) -> usize {
        self.organization.users.iter().filter(|user| user.role == "global_admin" && user.status == Status::Active).count()
    }

    fn level_of(&self, role: &str) -> Option<Level> {
        match role {
            "global_admin" | "application_admin" | "user" => Some(Level::Organization),
            "owner" | "viewer" => Some(Level::Team),
            "editor" => Some(Level::Assistant),
            custom => self.organization.roles.iter().find(|role| role.id == custom).map(|role| role.on),
        }
    }

    fn grants(&self, role: &str) -> BTreeSet<&'static str> {
        naive::every().filter(|capability| naive::role_grants(&self.organization, role, capability)).collect()
    }

    fn decide(&self, actor: &str, now: u64, capability: &str, on: Option<&str>) -> Verdict {
        let asker = Asker { user: Some(actor.to_owned()), ..Asker::default() };
        naive::decide(&self.organization, &asker, now, capability, on)
    }

    /// Whether the actor holds anything on a target, and so may know that it exists.
    fn knows(&self, actor: &str, now: u64, kind: &str, on: &str) -> bool {
        naive::every_on(kind).any(|capability| self.decide(actor, now, capability, Some(on)).allowed())
    }

    /// Refuses to delete a project with assistants that the actor may not delete.
    fn deletes_all_in(&self, actor: Actor<'_>, now: u64, project: &str) -> Result<(), No> {
        let mut staying = self.assistants_of(project);
        staying.retain(|assistant| self.needs(actor, now, "assistant.delete", Some(("assistant", assistant))).is_err());
        if staying.is_empty() { Ok(()) } else { Err(blocked("not_empty", self.known_to(actor, now, "assistant", staying))) }
    }

    /// The things among these that the actor may know of.
    fn known_to(&self, actor: Actor<'_>, now: u64, kind: &str, ids: Vec<String>) -> Vec<String> {
        ids.into_iter().filter(|id| actor.is_none_or(|actor| self.knows(actor, now, kind, id))).collect()
    }

    /// Refuses an actor without the capability on the target, or on its team.
    fn needs(&self, actor: Actor<'_>, now: u64, capability: &str, named: Option<(&str, &str)>) -> Result<(), No> {
        let exists = match named {
            None => true,
            Some(("team", id)) => self.team(id).is_some(),
            Some(("project", id)) => self.project(id).is_some(),
            Some((_, id)) => self.assistant(id).is_some(),
        };
        let Some(actor) = actor else {
            return if exists { Ok(()) } else { Err(no(&format!("unknown_{}", named.unwrap().0))) };
        };
        let refused =
            |denied: &str| No { capability: Some(capability.to_owned()), denied: Some(denied.to_owned()), ..no("not_allowed") };
        if self.user(actor).is_none_or(|user| user.status != Status::Active) {
            return Err(refused("inactive"));
        }
        if !exists {
            return Err(refused("unknown_target"));
        }
        let on = match named {
            // Creating in a project needs the capability on its team.
            Some(("project", id)) if naive::kind(capability) == Some("team") => Some(self.project(id).unwrap().team.as_str()),
            Some((_, id)) => Some(id),
            None => None,
        };
        if named.is_some_and(|(kind, id)| !self.knows(actor, now, kind, id)) {
            return Err(refused("unknown_target"));
        }
        match self.decide(actor, now, capability, on) {
            Verdict::Allowed(_) => Ok(()),
            Verdict::Denied(reason) => Err(refused(&reason)),
        }
    }

    /// Refuses every actor except the system.
    fn system_only(&self, actor: Actor<'_>) -> Result<(), No> {
        match actor {
            None => Ok(()),
            Some(_) => Err(no("not_allowed")),
        }
    }

    /// Refuses to give capabilities in the organization that the actor does not have.
    fn bounded(&self, actor: Actor<'_>, capabilities: impl IntoIterator<Item = &'static str>) -> Result<(), No> {
        let own = match actor {
            None => return Ok(()),
            Some(actor) => self.grants(&self.user(actor).unwrap().role),
        };
        if capabilities.into_iter().all(|capability| own.contains(capability)) { Ok(()) } else { Err(no("beyond_own_role")) }
    }

    /// Whether the actor has all of these capabilities on a team or an assistant, in this organization or in a later state of it.
    fn has_all(organization: &Organization, actor: &str, now: u64, on: (&str, &str), what: &[&str]) -> bool {
        let user = organization.users.iter().find(|user| user.id == actor).unwrap();
        what.iter().all(|capability| match on {
            ("team", team) => naive::team_power(organization, user, team, now, capability),
            (_, assistant) => naive::assistant_power(organization, user, assistant, now, capability),
        })
    }

    /// Refuses to give capabilities that the actor does not have for as long. Without `expires` they are given without end.
    fn gives(
        &self,
        actor: Actor<'_>,
        now: u64,
        on: (&str, &str),
        what: impl IntoIterator<Item = &'static str>,
        expires: Option<u64>,
    ) -> Result<(), No> {
        let Some(actor) = actor else { return Ok(()) };
        let what: Vec<&str> = what.into_iter().collect();
        if !State::has_all(&self.organization, actor, now, on, &what) {
            return Err(no("beyond_own_role"));
        }
        let for_as_long = |until: Option<u64>| State::has_all(&naive::lasting(&self.organization, until), actor, now, on, &what);
        if for_as_long(expires) {
            return Ok(());
        }
        let members = self.organization.teams.iter().flat_map(|team| &team.members);
        let grants = self.organization.assistants.iter().flat_map(|assistant| &assistant.grants);
        let ends = members.chain(grants).filter_map(|holding| holding.expires);
        let until = ends.filter(|end| now < *end && for_as_long(Some(*end))).max();
        Err(No { until, ..no("beyond_own_role") })
    }

    /// Refuses to take capabilities from another user that the actor does not have.
    fn takes(&self, actor: Actor<'_>, now: u64, on: (&str, &str), from: &str, roles: &[Holding]) -> Result<(), No> {
        let Some(actor) = actor.filter(|actor| *actor != from) else { return Ok(()) };
        let live = roles.iter().filter(|holding| holding.user == from && naive::live(holding.expires, now));
        let what: Vec<&str> = live.flat_map(|holding| self.grants(&holding.role)).collect();
        if State::has_all(&self.organization, actor, now, on, &what) { Ok(()) } else { Err(no("beyond_own_role")) }
    }

    fn known_user(&self, id: &str) -> Result<&User, No> {
        self.user(id).ok_or(no("unknown_user"))
    }

    fn is_admin(&self, actor: Actor<'_>) -> bool {
        actor.is_none_or(|actor| self.user(actor).is_some_and(|user| user.role == "global_admin" && user.status == Status::Active))
    }

    /// Refuses a chosen id, unless the actor sees everything.
    fn may_choose_id(&self, actor: Actor<'_>, command: &Value) -> Result<(), No> {
        if command.get("id").is_none() || self.is_admin(actor) { Ok(()) } else { Err(no("beyond_own_role")) }
    }

    /// Whether the actor sees a user.
    fn is_shown(&self, actor: Actor<'_>, now: u64, id: &str) -> bool {
        let may = |capability| self.needs(actor, now, capability, None).is_ok();
        let pending = self.user(id).is_some_and(|user| user.status == Status::Invited)
            && self.invitations.iter().any(|invitation| invitation.user == id);
        self.is_admin(actor) || may("panel.user_settings") || actor == Some(id) || pending && may("user.invite")
    }

    /// The user who receives something. `here`: whether the actor sees the user on the target. `fault`: why the user cannot have it.
    fn receives(&self, actor: Actor<'_>, now: u64, id: &str, here: bool, fault: Result<(), No>) -> Result<(), No> {
        if self.is_shown(actor, now, id) {
            return self.known_user(id).and(fault);
        }
        let active = self.user(id).is_some_and(|user| user.status == Status::Active);
        if fault.is_ok() && (active || here) { Ok(()) } else { Err(no("unknown_user")) }
    }

    fn active(&self, id: &str) -> Result<(), No> {
        if self.user(id).is_some_and(|user| user.status == Status::Active) { Ok(()) } else { Err(no("inactive_user")) }
    }

    fn known_role(&self, id: &str, on: Level) -> Result<(), No> {
        if self.level_of(id) == Some(on) { Ok(()) } else { Err(no("unknown_role")) }
    }

    /// Refuses to remove the last active global admin.
    fn not_the_last(&self, user: &str) -> Result<(), No> {
        let user = self.user(user).unwrap();
        let is_admin = user.role == "global_admin" && user.status == Status::Active;
        if is_admin && self.admins() == 1 { Err(no("last_global_admin")) } else { Ok(()) }
    }

    fn owned(&self, user: &str) -> Vec<String> {
        let owned = self.organization.assistants.iter().filter(|assistant| assistant.owner.as_deref() == Some(user));
        owned.map(|assistant| assistant.id.clone()).collect()
    }

    /// Removes a user from everything. Their assistants must have other owners already.
    fn forget(&mut self, id: &str) {
        self.organization.users.retain(|user| user.id != id);
        for team in &mut self.organization.teams {
            team.members.retain(|member| member.user != id);
            team.creator.take_if(|creator| creator == id);
        }
        for project in &mut self.organization.projects {
            project.creator.take_if(|creator| creator == id);
        }
        for assistant in &mut self.organization.assistants {
            assistant.grants.retain(|grant| grant.user != id);
        }
        self.invitations.retain(|invitation| invitation.user != id);
        self.accounts.retain(|account| account.user != id);
    }

    fn delete_project(&mut self, id: &str) {
        self.organization.assistants.retain(|assistant| assistant.project.as_deref() != Some(id));
        self.organization.projects.retain(|project| project.id != id);
    }

    fn projects_of(&self, team: &str) -> Vec<String> {
        self.organization.projects.iter().filter(|project| project.team == team).map(|project| project.id.clone()).collect()
    }

    fn assistants_of(&self, project: &str) -> Vec<String> {
        let inside = |assistant: &&Assistant| assistant.project.as_deref() == Some(project);
        self.organization.assistants.iter().filter(inside).map(|assistant| assistant.id.clone()).collect()
    }

    fn account(&self, issuer: &str, subject: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.issuer == issuer && account.subject == subject)
    }

    fn user_mut(&mut self, id: &str) -> &mut User {
        self.organization.users.iter_mut().find(|user| user.id == id).unwrap()
    }

    /// The user with an address.
    fn at(&self, email: &str) -> Option<&User> {
        self.organization.users.iter().find(|user| user.email.as_deref().is_some_and(|other| fold(other) == email))
    }

    /// An invited user whom the actor may invite.
    fn invited(&self, actor: Actor<'_>, now: u64, id: &str) -> Result<&User, No> {
        let user = self.known_user(id)?;
        if !self.is_shown(actor, now, id) {
            return Err(no("unknown_user"));
        }
        self.bounded(actor, self.grants(&user.role))?;
        if user.status == Status::Invited { Ok(user) } else { Err(no("unknown_invitation")) }
    }
}

/// The users whose invitations end between two states: their sender has changed, and may not invite them any more.
pub fn ended(before: &State, after: &State) -> Vec<String> {
    // The grants of the role of an active user; none for other users.
    let own = |state: &State, user: &str| match state.user(user) {
        Some(user) if user.status == Status::Active => state.grants(&user.role),
        _ => BTreeSet::new(),
    };
    let ends = |invitation: &&Invitation| {
        let Some(sender) = &invitation.invited_by else { return false };
        let (had, has) = (own(before, sender), own(after, sender));
        let offered = &before.user(&invitation.user).unwrap().role;
        let could = |state: &State, own: &BTreeSet<&str>| own.contains("user.invite") && state.grants(offered).is_subset(own);
        !had.is_subset(&has) && could(before, &had) && !could(after, &has)
    };
    let mut ended: Vec<String> = before.invitations.iter().filter(ends).map(|invitation| invitation.user.clone()).collect();
    ended.sort();
    ended
}

/// The state after a command. `result` is the answer of the directory: the model takes from it the ids, tokens and keys that the command
/// leaves open.
pub fn execute(before: &State, actor: Actor<'_>, command: &Value, now: u64, result: &Value) -> Result<State, No> {
    let mut after = done(before, actor, command, now, result)?;
    for user in ended(before, &after) {
        // An owner of assistants stays, without an invitation.
        if after.owned(&user).is_empty() {
            after.forget(&user);
        } else {
            after.invitations.retain(|invitation| invitation.user != user);
        }
    }
    Ok(after)
}

/// Like [`execute`], without the invitations that end with the command.
fn done(before: &State, actor: Actor<'_>, command: &Value, now: u64, result: &Value) -> Result<State, No> {
    if !valid(command, now) {
        return Err(no("invalid_command"));
    }
    let mut state = before.clone();
    let the = |field: &str| must(command, field);
    let name = || text(command, "name").map(str::to_owned);
    let expires = command["expires"].as_u64();
    let said = command.get("expires").is_some();
    let new_id = |kind: &str| text(command, "id").or_else(|| result[kind].as_str()).unwrap_or("to-be-generated").to_owned();
    let secret = |field: &str| digest_of(result[field].as_str().unwrap_or_default());
    let accessibility = |level: &str| match level {
        "only_me" => Accessibility::OnlyMe,
        "only_team" => Accessibility::OnlyTeam,
        _ => Accessibility::Public,
    };
    match must(command, "type") {
        "invite_user" => {
            let (email, role) = (fold(the("email")), text(command, "role").unwrap_or("user"));
            state.needs(actor, now, "user.invite", None)?;
            state.may_choose_id(actor, command)?;
            state.known_role(role, Level::Organization)?;
            state.bounded(actor, state.grants(role))?;
            let expires = now + command["expires_in"].as_u64().unwrap_or(7 * DAY);
            let id = match state.at(&email) {
                // A user whose invitation has expired is invited again, as the same user.
                Some(user) => {
                    let live = state.invitations.iter().any(|invitation| invitation.user == user.id && now < invitation.expires);
                    if user.status != Status::Invited || live {
                        return Err(no("already_exists"));
                    }
                    state.bounded(actor, state.grants(&user.role))?;
                    let id = user.id.clone();
                    if text(command, "id").is_some_and(|given| given != id) {
                        return Err(no("already_exists"));
                    }
                    state.invitations.retain(|invitation| invitation.user != id);
                    state.user_mut(&id).role = role.to_owned();
                    id
                }
                None => {
                    let id = new_id("user");
                    if state.user(&id).is_some() {
                        return Err(no("already_exists"));
                    }
                    let email = Some(email.clone());
                    state.organization.users.push(User { id: id.clone(), role: role.to_owned(), status: Status::Invited, email });
                    id
                }
            };
            let digest = secret("token");
            let (role, invited_by) = (role.to_owned(), actor.map(str::to_owned));
            state.invitations.push(Invitation { user: id, email, role, digest, invited_by, invited_at: now, expires });
        }
        "resend_invitation" => {
            state.needs(actor, now, "user.invite", None)?;
            let user = state.invited(actor, now, the("user"))?.clone();
            let old =
                state.invitations.iter().position(|invitation| invitation.user == user.id).map(|at| state.invitations.remove(at));
            // The life of the invitation stays the same.
            let expires = now + old.map_or(7 * DAY, |old| old.expires - old.invited_at);
            let (email, digest) = (user.email.ok_or(no("unknown_invitation"))?, secret("token"));
            let (user, role, invited_by) = (user.id, user.role, actor.map(str::to_owned));
            state.invitations.push(Invitation { user, email, role, digest, invited_by, invited_at: now, expires });
        }
        "revoke_invitation" => {
            state.needs(actor, now, "user.invite", None)?;
            state.invited(actor, now, the("user"))?;
            let owned = state.owned(the("user"));
            if !owned.is_empty() {
                return Err(blocked("owns_assistants", owned));
            }
            state.forget(the("user"));
        }
        "accept_invitation" => {
            state.system_only(actor)?;
            let digest = digest_of(the("token"));
            let Some(at) = state.invitations.iter().position(|invitation| invitation.digest == digest) else {
                return Err(no("invitation_invalid"));
            };
            let invitation = state.invitations[at].clone();
            if now >= invitation.expires {
                return Err(no("invitation_expired"));
            }
            if fold(the("email")) != invitation.email {
                return Err(no("wrong_address"));
            }
            if state.account(the("issuer"), the("subject")).is_some() {
                return Err(no("already_exists"));
            }
            state.invitations.remove(at);
            state.user_mut(&invitation.user).status = Status::Active;
            let (issuer, subject) = (the("issuer").to_owned(), the("subject").to_owned());
            state.accounts.push(Account { user: invitation.user, issuer, subject });
        }
        "join" => {
            state.system_only(actor)?;
            if state.account(the("issuer"), the("subject")).is_some() {
                return Err(no("already_exists"));
            }
            if state.at(&fold(the("email"))).is_some() {
                return Err(no("already_exists"));
            }
            let id = new_id("user");
            if state.user(&id).is_some() {
                return Err(no("already_exists"));
            }
            let user = User { id: id.clone(), role: "user".to_owned(), status: Status::Active, email: Some(fold(the("email"))) };
            state.organization.users.push(user);
            state.accounts.push(Account { user: id, issuer: the("issuer").to_owned(), subject: the("subject").to_owned() });
        }
        "link_account" => {
            state.system_only(actor)?;
            let user = state.known_user(the("user"))?;
            if user.status != Status::Active {
                return Err(no("inactive_user"));
            }
            if state.account(the("issuer"), the("subject")).is_some() {
                return Err(no("already_exists"));
            }
            // A user has one account.
            state.accounts.retain(|account| account.user != the("user"));
            state.accounts.push(Account {
                user: the("user").to_owned(),
                issuer: the("issuer").to_owned(),
                subject: the("subject").to_owned(),
            });
        }
        "assign_role" => {
            state.needs(actor, now, "user.assign_role", None)?;
            let present = state.known_user(the("user"))?.role.clone();
            state.known_role(the("role"), Level::Organization)?;
            if actor == Some(the("user")) {
                return Err(no("own_role"));
            }
            state.bounded(actor, state.grants(&present).union(&state.grants(the("role"))).copied())?;
            if the("role") != "global_admin" {
                state.not_the_last(the("user"))?;
            }
            state.user_mut(the("user")).role = the("role").to_owned();
            for invitation in state.invitations.iter_mut().filter(|invitation| invitation.user == the("user")) {
                invitation.role = the("role").to_owned();
            }
        }
        kind @ ("suspend_user" | "reactivate_user") => {
            state.needs(actor, now, "user.remove", None)?;
            let user = state.known_user(the("user"))?;
            let (role, invited) = (user.role.clone(), user.status == Status::Invited);
            state.bounded(actor, state.grants(&role))?;
            if kind == "suspend_user" {
                state.not_the_last(the("user"))?;
            }
            // An invited user can be neither suspended nor reactivated.
            if invited {
                return Err(no("inactive_user"));
            }
            state.user_mut(the("user")).status = if kind == "suspend_user" { Status::Suspended } else { Status::Active };
        }
        "sign_out_user" => {
            state.needs(actor, now, "user.remove", None)?;
            let user = state.known_user(the("user"))?;
            let (role, invited) = (user.role.clone(), user.status == Status::Invited);
            state.bounded(actor, state.grants(&role))?;
            if invited {
                return Err(no("inactive_user"));
            }
        }
        "remove_user" => {
            state.needs(actor, now, "user.remove", None)?;
            let role = state.known_user(the("user"))?.role.clone();
            let owned = state.owned(the("user"));
            let nobody = serde_json::Map::new();
            let successors = command["successors"].as_object().unwrap_or(&nobody);
            if successors.keys().any(|assistant| !owned.contains(assistant)) {
                return Err(no("unknown_assistant"));
            }
            let rest = text(command, "successor");
            let heirs: Vec<&str> = successors.values().filter_map(Value::as_str).chain(rest).collect();
            state.bounded(actor, state.grants(&role))?;
            state.not_the_last(the("user"))?;
            let heir = |assistant: &String| successors.get(assistant).and_then(Value::as_str).or(rest);
            let left: Vec<String> = owned.iter().filter(|assistant| heir(assistant).is_none()).cloned().collect();
            if !left.is_empty() {
                return Err(blocked("owns_assistants", left));
            }
            for heir in &heirs {
                state.receives(actor, now, heir, false, state.active(heir))?;
            }
            for assistant in owned {
                state.assistant_mut(&assistant).owner = heir(&assistant).map(str::to_owned);
            }
            state.forget(the("user"));
        }
        "create_team" => {
            state.needs(actor, now, "team.create", None)?;
            state.may_choose_id(actor, command)?;
            let id = new_id("team");
            if state.team(&id).is_some() {
                return Err(no("already_exists"));
            }
            state.organization.teams.push(Team { id, name: name(), creator: actor.map(str::to_owned), members: Vec::new() });
        }
        "edit_team" => {
            state.needs(actor, now, "team.edit", Some(("team", the("team"))))?;
            state.team_mut(the("team")).name = name();
        }
        "delete_team" => {
            state.needs(actor, now, "team.delete", Some(("team", the("team"))))?;
            let mut projects = state.projects_of(the("team"));
            projects.sort();
            if !projects.is_empty() && command["cascade"] != true {
                return Err(blocked("not_empty", state.known_to(actor, now, "project", projects)));
            }
            for project in &projects {
                state.deletes_all_in(actor, now, project)?;
                if state.needs(actor, now, "project.delete", Some(("project", project))).is_err() {
                    return Err(blocked("not_empty", state.known_to(actor, now, "project", vec![project.clone()])));
                }
            }
            for project in projects {
                state.delete_project(&project);
            }
            state.organization.teams.retain(|team| team.id != the("team"));
        }
        "add_member" => {
            let (team, user, role) = (the("team"), the("user"), the("role"));
            state.needs(actor, now, "team.manage_members", Some(("team", team)))?;
            state.known_role(role, Level::Team)?;
            state.gives(actor, now, ("team", team), state.grants(role), expires)?;
            let held: Vec<Holding> = held_by(&state.team(team).unwrap().members, user);
            if held.iter().any(|member| naive::live(member.expires, now)) {
                return Err(no("already_exists"));
            }
            state.receives(actor, now, user, !held.is_empty(), Ok(()))?;
            let members = &mut state.team_mut(team).members;
            members.retain(|member| member.user != user);
            members.push(Holding { user: user.to_owned(), role: role.to_owned(), expires });
        }
        "set_member_role" => {
            let (team, user, role) = (the("team"), the("user"), the("role"));
            state.needs(actor, now, "team.manage_members", Some(("team", team)))?;
            let held: Vec<Holding> = held_by(&state.team(team).unwrap().members, user);
            if held.is_empty() {
                return Err(no("unknown_user"));
            }
            state.known_role(role, Level::Team)?;
            let expires = if said { expires } else { kept_end(&held, role, now) };
            state.gives(actor, now, ("team", team), state.grants(role), expires)?;
            state.takes(actor, now, ("team", team), user, &held)?;
            let members = &mut state.team_mut(team).members;
            members.retain(|member| member.user != user);
            members.push(Holding { user: user.to_owned(), role: role.to_owned(), expires });
        }
        "remove_member" => {
            state.needs(actor, now, "team.manage_members", Some(("team", the("team"))))?;
            let members = &state.team(the("team")).unwrap().members;
            if !members.iter().any(|member| member.user == the("user")) {
                return Err(no("unknown_user"));
            }
            state.takes(actor, now, ("team", the("team")), the("user"), members)?;
            let members = &mut state.team_mut(the("team")).members;
            members.retain(|member| member.user != the("user"));
        }
        "create_project" => {
            state.needs(actor, now, "project.create", Some(("team", the("team"))))?;
            state.may_choose_id(actor, command)?;
            let id = new_id("project");
            if state.project(&id).is_some() {
                return Err(no("already_exists"));
            }
            let project = Project { id, name: name(), team: the("team").to_owned(), creator: actor.map(str::to_owned) };
            state.organization.projects.push(project);
        }
        "edit_project" => {
            state.needs(actor, now, "project.edit", Some(("project", the("project"))))?;
            state.organization.projects.iter_mut().find(|project| project.id == the("project")).unwrap().name = name();
        }
        "delete_project" => {
            state.needs(actor, now, "project.delete", Some(("project", the("project"))))?;
            let assistants = state.assistants_of(the("project"));
            if !assistants.is_empty() && command["cascade"] != true {
                return Err(blocked("not_empty", state.known_to(actor, now, "assistant", assistants)));
            }
            state.deletes_all_in(actor, now, the("project"))?;
            state.delete_project(the("project"));
        }
        "create_assistant" => {
            state.needs(actor, now, "assistant.create", Some(("project", the("project"))))?;
            state.may_choose_id(actor, command)?;
            // An assistant needs an owner.
            let Some(owner) = actor else { return Err(no("invalid_command")) };
            // An accessibility other than Only Me shares the assistant.
            let opened = text(command, "accessibility").is_some_and(|level| level != "only_me");
            if opened && state.organization.plan.iter().any(|plan| plan.withholds.iter().any(|one| one == "assistant.share")) {
                return Err(No {
                    capability: Some("assistant.share".to_owned()),
                    denied: Some("plan".to_owned()),
                    ..no("not_allowed")
                });
            }
            let id = new_id("assistant");
            if state.assistant(&id).is_some() {
                return Err(no("already_exists"));
            }
            state.organization.assistants.push(Assistant {
                id,
                name: name(),
                project: Some(the("project").to_owned()),
                owner: Some(owner.to_owned()),
                accessibility: accessibility(text(command, "accessibility").unwrap_or("only_me")),
                grants: Vec::new(),
                links: Vec::new(),
                embed: None,
            });
        }
        "edit_assistant" => {
            state.needs(actor, now, "assistant.edit", Some(("assistant", the("assistant"))))?;
            state.assistant_mut(the("assistant")).name = name();
        }
        "delete_assistant" => {
            state.needs(actor, now, "assistant.delete", Some(("assistant", the("assistant"))))?;
            state.organization.assistants.retain(|assistant| assistant.id != the("assistant"));
        }
        "transfer_assistant" => {
            state.needs(actor, now, "assistant.share", Some(("assistant", the("assistant"))))?;
            state.gives(actor, now, ("assistant", the("assistant")), naive::owner_holds(), None)?;
            state.receives(actor, now, the("user"), false, state.active(the("user")))?;
            state.assistant_mut(the("assistant")).owner = Some(the("user").to_owned());
        }
        "set_accessibility" => {
            state.needs(actor, now, "assistant.share", Some(("assistant", the("assistant"))))?;
            state.assistant_mut(the("assistant")).accessibility = accessibility(the("accessibility"));
        }
        "grant" => {
            let (id, user, role) = (the("assistant"), the("user"), the("role"));
            state.needs(actor, now, "assistant.share", Some(("assistant", id)))?;
            state.known_role(role, Level::Assistant)?;
            let assistant = state.assistant(id).unwrap();
            let granted = held_by(&assistant.grants, user);
            let same: Vec<Holding> = granted.iter().filter(|grant| grant.role == role).cloned().collect();
            let expires = if said { expires } else { kept_end(&same, role, now) };
            state.gives(actor, now, ("assistant", id), state.grants(role), expires)?;
            if assistant.accessibility == Accessibility::OnlyMe {
                return Err(no("only_me"));
            }
            let team = state.team(&state.project(assistant.project.as_deref().unwrap()).unwrap().team).unwrap();
            let inside = state
                .user(user)
                .is_some_and(|user| naive::in_team(&state.organization, team, user, now) || user.role == "global_admin");
            let counts = assistant.accessibility == Accessibility::Public || inside;
            // An actor who manages the team sees its members.
            let manages = state.needs(actor, now, "team.manage_members", Some(("team", &team.id))).is_ok();
            let here = !granted.is_empty() || manages && !held_by(&team.members, user).is_empty();
            state.receives(actor, now, user, here, if counts { Ok(()) } else { Err(no("only_team")) })?;
            let grants = &mut state.assistant_mut(id).grants;
            grants.retain(|grant| grant.user != user || grant.role != role);
            grants.push(Holding { user: user.to_owned(), role: role.to_owned(), expires });
        }
        "revoke_grant" => {
            state.needs(actor, now, "assistant.share", Some(("assistant", the("assistant"))))?;
            if let Some(role) = text(command, "role") {
                state.known_role(role, Level::Assistant)?;
            }
            let grants = &state.assistant(the("assistant")).unwrap().grants;
            if !grants.iter().any(|grant| grant.user == the("user")) {
                return Err(no("unknown_user"));
            }
            let of = |grant: &Holding| grant.user == the("user") && text(command, "role").is_none_or(|role| grant.role == role);
            let taken: Vec<Holding> = grants.iter().filter(|grant| of(grant)).cloned().collect();
            if taken.is_empty() {
                return Err(no("unknown_role"));
            }
            state.takes(actor, now, ("assistant", the("assistant")), the("user"), &taken)?;
            let grants = &mut state.assistant_mut(the("assistant")).grants;
            grants.retain(|grant| !of(grant));
        }
        "create_link" => {
            let id = the("assistant");
            state.needs(actor, now, "assistant.share", Some(("assistant", id)))?;
            state.may_choose_id(actor, command)?;
            let level = if the("level") == "view" { LinkLevel::View } else { LinkLevel::Edit };
            state.gives(actor, now, ("assistant", id), naive::link_gives(level), expires)?;
            match state.assistant(id).unwrap().accessibility {
                Accessibility::OnlyMe => return Err(no("only_me")),
                Accessibility::OnlyTeam => return Err(no("only_team")),
                Accessibility::Public => {}
            }
            let link = new_id("link");
            let links = &mut state.assistant_mut(id).links;
            if links.iter().any(|other| other.id == link) {
                return Err(no("already_exists"));
            }
            links.push(Link { id: link, level, digest: Some(secret("key")), expires });
        }
        "revoke_link" => {
            state.needs(actor, now, "assistant.share", Some(("assistant", the("assistant"))))?;
            let links = &mut state.assistant_mut(the("assistant")).links;
            if !links.iter().any(|link| link.id == the("link")) {
                return Err(no("unknown_link"));
            }
            links.retain(|link| link.id != the("link"));
        }
        "set_embed" => {
            state.needs(actor, now, "assistant.share", Some(("assistant", the("assistant"))))?;
            let origins = command["origins"].as_array();
            let origins = origins.map(|origins| origins.iter().map(|origin| origin.as_str().unwrap().to_owned()).collect());
            state.assistant_mut(the("assistant")).embed = origins.map(|origins| Embed { origins });
        }
        "define_role" => {
            let on = match the("on") {
                "organization" => Level::Organization,
                "team" => Level::Team,
                _ => Level::Assistant,
            };
            let grants: Vec<String> =
                command["grants"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect();
            state.needs(actor, now, "role.define", None)?;
            define(&mut state, actor, RoleDefinition { id: the("id").to_owned(), on, grants })?;
        }
        "delete_role" => {
            state.needs(actor, now, "role.define", None)?;
            if !state.organization.roles.iter().any(|role| role.id == the("role")) {
                return Err(no("unknown_role"));
            }
            state.bounded(actor, state.grants(the("role")))?;
            if held(&state, the("role")) {
                return Err(no("in_use"));
            }
            state.organization.roles.retain(|role| role.id != the("role"));
        }
        "set_plan" => {
            state.system_only(actor)?;
            let withholds: Vec<String> =
                command["withholds"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect();
            let plan = Plan { name: name(), withholds };
            state.organization.plan = Some(plan).filter(|plan| plan.name.is_some() || !plan.withholds.is_empty());
        }
        "apply_role_set" => {
            state.needs(actor, now, "role.define", None)?;
            let set: &[(&str, &str)] = match the("set") {
                "built_in" => &[],
                _ => &[
                    (
                        "agent_admin",
                        "assistant.view assistant.chat assistant.edit corpus.view corpus.manage channels.deploy conversations.view \
                         analytics.view actions.manage",
                    ),
                    ("agent_user", "assistant.view assistant.chat conversations.view conversations.takeover"),
                ],
            };
            for (id, grants) in set {
                let grants: Vec<String> = grants.split_whitespace().map(str::to_owned).collect();
                let same = |role: &RoleDefinition| {
                    role.on == Level::Assistant && role.grants.iter().collect::<BTreeSet<_>>() == grants.iter().collect()
                };
                match state.organization.roles.iter().find(|role| role.id == *id) {
                    Some(role) if same(role) => {}
                    Some(_) => return Err(blocked("already_exists", vec![(*id).to_owned()])),
                    None => define(&mut state, actor, RoleDefinition { id: (*id).to_owned(), on: Level::Assistant, grants })?,
                }
            }
        }
        "complete_review" => {
            state.needs(actor, now, "audit.view", None)?;
            if actor.is_some_and(|actor| state.user(actor).unwrap().role != "global_admin") {
                return Err(no("beyond_own_role"));
            }
        }
        "begin_epoch" => {
            state.system_only(actor)?;
            let epoch = command["epoch"].as_u64().unwrap();
            if epoch <= state.epoch {
                return Err(no("invalid_command"));
            }
            state.epoch = epoch;
        }
        other => panic!("no command {other}"),
    }
    Ok(state)
}

fn held_by(all: &[Holding], user: &str) -> Vec<Holding> {
    all.iter().filter(|holding| holding.user == user).cloned().collect()
}

/// The end that a replaced role passes on: the last end of the same role, otherwise the first end of the others.
fn kept_end(replaced: &[Holding], role: &str, now: u64) -> Option<u64> {
    let live: Vec<&Holding> = replaced.iter().filter(|holding| naive::live(holding.expires, now)).collect();
    let end = |holding: &&Holding| holding.expires.unwrap_or(u64::MAX);
    let same = live.iter().filter(|holding| holding.role == role).map(end).max();
    same.or(live.iter().map(end).min()).filter(|end| *end != u64::MAX)
}

fn define(state: &mut State, actor: Actor<'_>, role: RoleDefinition) -> Result<(), No> {
    if ["global_admin", "application_admin", "user", "owner", "viewer", "editor"].contains(&role.id.as_str()) {
        return Err(no("already_exists"));
    }
    let old = state.organization.roles.iter().position(|other| other.id == role.id);
    let given = naive::every().filter(|capability| role.grants.iter().any(|grant| grant == capability));
    state.bounded(actor, given.chain(state.grants(&role.id)).collect::<Vec<_>>())?;
    match old {
        Some(at) => {
            // The level of a role cannot change, whether it is held or not.
            if state.organization.roles[at].on != role.on {
                return Err(no("in_use"));
            }
            state.organization.roles[at] = role;
        }
        None => state.organization.roles.push(role),
    }
    Ok(())
}

fn held(state: &State, role: &str) -> bool {
    let organization = &state.organization;
    organization.users.iter().any(|user| user.role == role)
        || organization.teams.iter().any(|team| team.members.iter().any(|member| member.role == role))
        || organization.assistants.iter().any(|assistant| assistant.grants.iter().any(|grant| grant.role == role))
}

/// The document with its lists in the order of ids.
pub fn sorted(mut organization: Organization) -> Organization {
    let holdings = |holdings: &mut Vec<Holding>| {
        holdings.sort_by(|a, b| (&a.user, &a.role, a.expires).cmp(&(&b.user, &b.role, b.expires)));
    };
    organization.plan.take_if(|plan| plan.name.is_none() && plan.withholds.is_empty());
    organization.plan.iter_mut().for_each(|plan| sort_names(&mut plan.withholds));
    organization.roles.sort_by(|a, b| a.id.cmp(&b.id));
    organization.roles.iter_mut().for_each(|role| sort_names(&mut role.grants));
    organization.users.sort_by(|a, b| a.id.cmp(&b.id));
    organization.teams.sort_by(|a, b| a.id.cmp(&b.id));
    organization.projects.sort_by(|a, b| a.id.cmp(&b.id));
    organization.assistants.sort_by(|a, b| a.id.cmp(&b.id));
    organization.teams.iter_mut().for_each(|team| holdings(&mut team.members));
    for assistant in &mut organization.assistants {
        holdings(&mut assistant.grants);
        assistant.links.sort_by(|a, b| a.id.cmp(&b.id));
    }
    organization
}

/// Capabilities are a set: a document lists each once, in any order.
fn sort_names(names: &mut Vec<String>) {
    names.sort();
    names.dedup();
}

/// Applies changes as the snapshot format describes them.
pub fn amend(organization: &Organization, changes: &Changes) -> Organization {
    fn put<T: Clone>(all: &mut Vec<T>, new: &[T], id: impl Fn(&T) -> &String) {
        for new in new {
            match all.iter_mut().find(|old| id(old) == id(new)) {
                Some(old) => *old = new.clone(),
                None => all.push(new.clone()),
            }
        }
    }
    fn holdings(old: &[Holding], new: &[Holding], without: &[String]) -> Vec<Holding> {
        let named = |user: &String| new.iter().any(|holding| holding.user == *user) || without.contains(user);
        old.iter().filter(|holding| !named(&holding.user)).chain(new).cloned().collect()
    }
    let mut organization = organization.clone();
    if let Some(plan) = &changes.plan {
        organization.plan = Some(plan.clone());
    }
    organization.assistants.retain(|assistant| !changes.gone.assistants.contains(&assistant.id));
    organization.projects.retain(|project| !changes.gone.projects.contains(&project.id));
    organization.teams.retain(|team| !changes.gone.teams.contains(&team.id));
    organization.users.retain(|user| !changes.gone.users.contains(&user.id));
    organization.roles.retain(|role| !changes.gone.roles.contains(&role.id));
    put(&mut organization.roles, &changes.roles, |role| &role.id);
    put(&mut organization.users, &changes.users, |user| &user.id);
    put(&mut organization.projects, &changes.projects, |project| &project.id);
    for change in &changes.teams {
        let old = organization.teams.iter().find(|team| team.id == change.id).map(|team| team.members.clone()).unwrap_or_default();
        let members = holdings(&old, &change.members, &change.without);
        let team = Team { id: change.id.clone(), name: change.name.clone(), creator: change.creator.clone(), members };
        put(&mut organization.teams, &[team], |team| &team.id);
    }
    for change in &changes.assistants {
        let old = organization.assistants.iter().find(|assistant| assistant.id == change.id);
        let grants = holdings(&old.map(|old| old.grants.clone()).unwrap_or_default(), &change.grants, &change.without);
        let assistant = Assistant {
            id: change.id.clone(),
            name: change.name.clone(),
            project: change.project.clone(),
            owner: change.owner.clone(),
            accessibility: change.accessibility,
            grants,
            links: change.links.clone(),
            embed: change.embed.clone(),
        };
        put(&mut organization.assistants, &[assistant], |assistant| &assistant.id);
    }
    organization
}

/// The differences between two documents, as the snapshot format describes them.
pub fn difference(before: &Organization, after: &Organization) -> Changes {
    fn put<T: Clone + PartialEq>(before: &[T], after: &[T]) -> Vec<T> {
        after.iter().filter(|new| !before.contains(new)).cloned().collect()
    }
    fn gone<T>(before: &[T], after: &[T], id: impl Fn(&T) -> &String) -> Vec<String> {
        before.iter().map(&id).filter(|old| after.iter().all(|new| id(new) != *old)).cloned().collect()
    }
    /// The new holdings of users whose holdings changed, and the users who hold nothing any more.
    fn holdings(before: &[Holding], after: &[Holding]) -> (Vec<Holding>, Vec<String>) {
        let of = |all: &[Holding], user: &str| {
            let mut held: Vec<_> =
                all.iter().filter(|holding| holding.user == user).map(|holding| (holding.role.clone(), holding.expires)).collect();
            held.sort();
            held
        };
        let changed = after.iter().filter(|holding| of(before, &holding.user) != of(after, &holding.user)).cloned().collect();
        let without: BTreeSet<String> =
            before.iter().filter(|holding| of(after, &holding.user).is_empty()).map(|holding| holding.user.clone()).collect();
        (changed, without.into_iter().collect())
    }
    let none = Plan { name: None, withholds: Vec::new() };
    let mut changes = Changes {
        plan: (before.plan != after.plan).then(|| after.plan.clone().unwrap_or(none)),
        roles: put(&before.roles, &after.roles),
        users: put(&before.users, &after.users),
        projects: put(&before.projects, &after.projects),
        gone: Gone {
            roles: gone(&before.roles, &after.roles, |role| &role.id),
            users: gone(&before.users, &after.users, |user| &user.id),
            teams: gone(&before.teams, &after.teams, |team| &team.id),
            projects: gone(&before.projects, &after.projects, |project| &project.id),
            assistants: gone(&before.assistants, &after.assistants, |assistant| &assistant.id),
        },
        ..Changes::default()
    };
    for team in put(&before.teams, &after.teams) {
        let old = before.teams.iter().find(|old| old.id == team.id).map(|old| old.members.clone()).unwrap_or_default();
        let (members, without) = holdings(&old, &team.members);
        changes.teams.push(TeamChange { id: team.id, name: team.name, creator: team.creator, members, without });
    }
    for assistant in put(&before.assistants, &after.assistants) {
        let old = before.assistants.iter().find(|old| old.id == assistant.id).map(|old| old.grants.clone()).unwrap_or_default();
        let (grants, without) = holdings(&old, &assistant.grants);
        changes.assistants.push(AssistantChange {
            id: assistant.id,
            name: assistant.name,
            project: assistant.project,
            owner: assistant.owner,
            accessibility: assistant.accessibility,
            grants,
            without,
            links: assistant.links,
            embed: assistant.embed,
        });
    }
    changes
}
