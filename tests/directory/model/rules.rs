//! The rules of commands: who may give them, and about whom and what.

use std::collections::BTreeSet;

use super::{Account, Actor, No, State, blocked, fold, no, sides, user_of};
use crate::common::cases::Asker;
use crate::common::naive::{self, Verdict};
use serde_json::Value;
use wicketgate::document::{Assistant, Holding, Organization, Project, Team, User};
use wicketgate::{Level, Status};

impl State {
    pub fn new(organization: Organization) -> State {
        State { organization, invitations: Vec::new(), accounts: Vec::new(), endpoints: Vec::new(), keys: Vec::new(), epoch: 0 }
    }

    pub fn user(&self, id: &str) -> Option<&User> {
        self.organization.users.iter().find(|user| user.id == id)
    }

    pub(super) fn team(&self, id: &str) -> Option<&Team> {
        self.organization.teams.iter().find(|team| team.id == id)
    }

    pub(super) fn project(&self, id: &str) -> Option<&Project> {
        self.organization.projects.iter().find(|project| project.id == id)
    }

    pub(super) fn assistant(&self, id: &str) -> Option<&Assistant> {
        self.organization.assistants.iter().find(|assistant| assistant.id == id)
    }

    pub(super) fn team_mut(&mut self, id: &str) -> &mut Team {
        self.organization.teams.iter_mut().find(|team| team.id == id).unwrap()
    }

    pub(super) fn project_mut(&mut self, id: &str) -> &mut Project {
        self.organization.projects.iter_mut().find(|project| project.id == id).unwrap()
    }

    pub(super) fn assistant_mut(&mut self, id: &str) -> &mut Assistant {
        self.organization.assistants.iter_mut().find(|assistant| assistant.id == id).unwrap()
    }

    pub fn admins(&self) -> usize {
        self.organization.users.iter().filter(|user| is_active_admin(user)).count()
    }

    pub(super) fn level_of(&self, role: &str) -> Option<Level> {
        match role {
            "global_admin" | "application_admin" | "user" => Some(Level::Organization),
            "owner" | "viewer" => Some(Level::Team),
            "editor" => Some(Level::Assistant),
            custom => self.organization.roles.iter().find(|role| role.id == custom).map(|role| role.on),
        }
    }

    pub(super) fn grants(&self, role: &str) -> BTreeSet<&'static str> {
        naive::every().filter(|capability| naive::role_grants(&self.organization, role, capability)).collect()
    }

    pub(super) fn decide(&self, actor: &str, now: u64, capability: &str, on: Option<&str>) -> Verdict {
        let decided = sides(actor).into_iter().map(|side| {
            let asker = Asker { user: Some(side.to_owned()), ..Asker::default() };
            naive::decide(&self.organization, &asker, now, capability, on)
        });
        let decided: Vec<Verdict> = decided.collect();
        let inactive = Verdict::Denied("inactive".into());
        let denied = decided.iter().find(|it| **it == inactive).or(decided.iter().find(|it| !it.allowed()));
        denied.unwrap_or(&decided[0]).clone()
    }

    /// Whether the actor holds anything on a target, and so may know that it exists.
    pub(super) fn knows(&self, actor: &str, now: u64, kind: &str, on: &str) -> bool {
        naive::every_on(kind).any(|capability| self.decide(actor, now, capability, Some(on)).allowed())
    }

    /// Refuses to delete a project with assistants that the actor may not delete.
    pub(super) fn deletes_all_in(&self, actor: Actor<'_>, now: u64, project: &str) -> Result<(), No> {
        let mut staying = self.assistants_of(project);
        staying.retain(|assistant| self.needs(actor, now, "assistant.delete", Some(("assistant", assistant))).is_err());
        if staying.is_empty() { Ok(()) } else { Err(blocked("not_empty", self.known_to(actor, now, "assistant", staying))) }
    }

    /// The things among these that the actor may know of.
    pub(super) fn known_to(&self, actor: Actor<'_>, now: u64, kind: &str, ids: Vec<String>) -> Vec<String> {
        ids.into_iter().filter(|id| actor.is_none_or(|actor| self.knows(actor, now, kind, id))).collect()
    }

    /// Refuses an actor without the capability on the target, or on its team.
    pub(super) fn needs(&self, actor: Actor<'_>, now: u64, capability: &str, named: Option<(&str, &str)>) -> Result<(), No> {
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
        if sides(actor).into_iter().any(|side| self.user(side).is_none_or(|user| user.status != Status::Active)) {
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
    pub(super) fn system_only(&self, actor: Actor<'_>) -> Result<(), No> {
        match actor {
            None => Ok(()),
            Some(_) => Err(no("not_allowed")),
        }
    }

    /// Refuses to give capabilities in the organization that the actor does not have.
    pub(super) fn bounded(&self, actor: Actor<'_>, capabilities: impl IntoIterator<Item = &'static str>) -> Result<(), No> {
        let Some(actor) = actor else { return Ok(()) };
        let own: Vec<_> = sides(actor).into_iter().map(|side| self.grants(&self.user(side).unwrap().role)).collect();
        let all_have = |capability: &str| own.iter().all(|own| own.contains(capability));
        if capabilities.into_iter().all(all_have) { Ok(()) } else { Err(no("beyond_own_role")) }
    }

    /// Whether the actor has all of these capabilities on a team or an assistant, in this organization or in a later state of it.
    pub(super) fn has_all(organization: &Organization, actor: &str, now: u64, on: (&str, &str), what: &[&str]) -> bool {
        sides(actor).into_iter().all(|side| {
            let user = organization.users.iter().find(|user| user.id == side).unwrap();
            what.iter().all(|capability| match on {
                ("team", team) => naive::team_power(organization, user, team, now, capability),
                (_, assistant) => naive::assistant_power(organization, user, assistant, now, capability),
            })
        })
    }

    /// Refuses to give capabilities that the actor does not have for as long. Without `expires` they are given without end.
    pub(super) fn gives(
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
    pub(super) fn takes(&self, actor: Actor<'_>, now: u64, on: (&str, &str), from: &str, roles: &[Holding]) -> Result<(), No> {
        let takers: Vec<&str> = actor.map(sides).unwrap_or_default().into_iter().filter(|side| *side != from).collect();
        let live = roles.iter().filter(|holding| holding.user == from && naive::live(holding.expires, now));
        let what: Vec<&str> = live.flat_map(|holding| self.grants(&holding.role)).collect();
        let have = takers.into_iter().all(|side| State::has_all(&self.organization, side, now, on, &what));
        if have { Ok(()) } else { Err(no("beyond_own_role")) }
    }

    /// Refuses another end of what a user holds, one role or all, unless the actor has it until then.
    pub(super) fn lasts(
        &self,
        actor: Actor<'_>,
        now: u64,
        on: (&str, &str),
        held: &[Holding],
        role: Option<&str>,
        expires: Option<u64>,
    ) -> Result<(), No> {
        if held.is_empty() {
            return Err(no("unknown_user"));
        }
        if let Some(role) = role {
            self.known_role(role, if on.0 == "team" { Level::Team } else { Level::Assistant })?;
        }
        let named: Vec<&Holding> = held.iter().filter(|one| role.is_none_or(|role| one.role == role)).collect();
        if named.is_empty() {
            return Err(no("unknown_role"));
        }
        let what: BTreeSet<&'static str> = named.iter().flat_map(|one| self.grants(&one.role)).collect();
        self.gives(actor, now, on, what, expires)
    }

    /// Refuses other holdings on a team or an assistant that the actor may not give or take.
    pub(super) fn replaces(
        &self,
        actor: Actor<'_>,
        now: u64,
        on: (&str, &str),
        present: &[Holding],
        wanted: &[Holding],
    ) -> Result<(), No> {
        let new: Vec<&Holding> = wanted.iter().filter(|one| !present.contains(one)).collect();
        for one in &new {
            if one.expires.is_some_and(|expires| expires <= now) {
                return Err(no("invalid_command"));
            }
            self.known_role(&one.role, if on.0 == "team" { Level::Team } else { Level::Assistant })?;
            self.gives(actor, now, on, self.grants(&one.role), one.expires)?;
        }
        for one in present.iter().filter(|one| !wanted.contains(one)) {
            self.takes(actor, now, on, &one.user, std::slice::from_ref(one))?;
        }
        for one in new {
            let here = present.iter().any(|other| other.user == one.user);
            self.receives(actor, now, &one.user, here, Ok(()))?;
        }
        Ok(())
    }

    /// Refuses to move something between two teams unless the actor has what is taken by it now, and what is given by it without end.
    pub(super) fn moves(
        &self,
        actor: Actor<'_>,
        now: u64,
        on: (&str, &str),
        (from, to): (&str, &str),
        within: impl Fn(&str) -> bool,
    ) -> Result<(), No> {
        let Some(actor) = actor.filter(|_| from != to) else { return Ok(()) };
        let held = |team: &str, except: Option<&str>| -> BTreeSet<&'static str> {
            let team = self.team(team).unwrap();
            let counting = team.members.iter().filter(|one| naive::live(one.expires, now) && Some(one.user.as_str()) != except);
            let roles = counting.map(|one| one.role.as_str());
            let creator = team.creator.as_deref().filter(|creator| Some(*creator) != except);
            let acts = creator.filter(|creator| self.grants(&self.user(creator).unwrap().role).contains("team.create"));
            let all = roles.chain(acts.map(|_| "owner")).flat_map(|role| self.grants(role));
            all.filter(|capability| within(naive::kind(capability).unwrap())).collect()
        };
        for side in sides(actor) {
            let taken: Vec<&str> = held(from, Some(side)).into_iter().collect();
            if !State::has_all(&self.organization, side, now, on, &taken) {
                return Err(no("beyond_own_role"));
            }
        }
        self.gives(Some(actor), now, on, held(to, None), None)
    }

    pub(super) fn known_user(&self, id: &str) -> Result<&User, No> {
        self.user(id).ok_or(no("unknown_user"))
    }

    pub(super) fn is_admin(&self, actor: Actor<'_>) -> bool {
        let admin = |side: &str| self.user(side).is_some_and(|user| user.role == "global_admin" && user.status == Status::Active);
        actor.is_none_or(|actor| sides(actor).into_iter().all(admin))
    }

    /// Refuses a chosen id, unless the actor sees everything.
    pub(super) fn may_choose_id(&self, actor: Actor<'_>, command: &Value) -> Result<(), No> {
        if command.get("id").is_none() || self.is_admin(actor) { Ok(()) } else { Err(no("beyond_own_role")) }
    }

    /// Whether the actor sees a user.
    pub(super) fn is_shown(&self, actor: Actor<'_>, now: u64, id: &str) -> bool {
        let may = |capability| self.needs(actor, now, capability, None).is_ok();
        let pending = self.user(id).is_some_and(|user| user.status == Status::Invited)
            && self.invitations.iter().any(|invitation| invitation.user == id);
        self.is_admin(actor) || may("panel.user_settings") || user_of(actor) == Some(id) || pending && may("user.invite")
    }

    /// The user who receives something. `here`: whether the actor sees the user on the target. `fault`: why the user cannot have it.
    pub(super) fn receives(&self, actor: Actor<'_>, now: u64, id: &str, here: bool, fault: Result<(), No>) -> Result<(), No> {
        if self.is_shown(actor, now, id) {
            return self.known_user(id).and(fault);
        }
        let active = self.user(id).is_some_and(|user| user.status == Status::Active);
        if fault.is_ok() && (active || here) { Ok(()) } else { Err(no("unknown_user")) }
    }

    pub(super) fn active(&self, id: &str) -> Result<(), No> {
        if self.user(id).is_some_and(|user| user.status == Status::Active) { Ok(()) } else { Err(no("inactive_user")) }
    }

    pub(super) fn known_role(&self, id: &str, on: Level) -> Result<(), No> {
        if self.level_of(id) == Some(on) { Ok(()) } else { Err(no("unknown_role")) }
    }

    /// Refuses to remove the last active global admin.
    pub(super) fn not_the_last(&self, user: &str) -> Result<(), No> {
        let user = self.user(user).unwrap();
        if is_active_admin(user) && self.admins() == 1 { Err(no("last_global_admin")) } else { Ok(()) }
    }

    pub(super) fn owned(&self, user: &str) -> Vec<String> {
        let owned = self.organization.assistants.iter().filter(|assistant| assistant.owner.as_deref() == Some(user));
        owned.map(|assistant| assistant.id.clone()).collect()
    }

    /// Removes a user from everything. Their assistants must have other owners already.
    pub(super) fn forget(&mut self, id: &str) {
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
        for key in &mut self.keys {
            key.created_by.take_if(|by| by == id);
        }
    }

    pub(super) fn delete_project(&mut self, id: &str) {
        self.organization.assistants.retain(|assistant| assistant.project.as_deref() != Some(id));
        self.organization.projects.retain(|project| project.id != id);
    }

    pub(super) fn projects_of(&self, team: &str) -> Vec<String> {
        self.organization.projects.iter().filter(|project| project.team == team).map(|project| project.id.clone()).collect()
    }

    pub(super) fn assistants_of(&self, project: &str) -> Vec<String> {
        let inside = |assistant: &&Assistant| assistant.project.as_deref() == Some(project);
        self.organization.assistants.iter().filter(inside).map(|assistant| assistant.id.clone()).collect()
    }

    pub(super) fn account(&self, issuer: &str, subject: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.issuer == issuer && account.subject == subject)
    }

    pub(super) fn user_mut(&mut self, id: &str) -> &mut User {
        self.organization.users.iter_mut().find(|user| user.id == id).unwrap()
    }

    /// The user with an address.
    pub(super) fn at(&self, email: &str) -> Option<&User> {
        self.organization.users.iter().find(|user| user.email.as_deref().is_some_and(|other| fold(other) == email))
    }

    /// An invited user whom the actor may invite.
    pub(super) fn invited(&self, actor: Actor<'_>, now: u64, id: &str) -> Result<&User, No> {
        let user = self.known_user(id)?;
        if !self.is_shown(actor, now, id) {
            return Err(no("unknown_user"));
        }
        self.bounded(actor, self.grants(&user.role))?;
        if user.status == Status::Invited { Ok(user) } else { Err(no("unknown_invitation")) }
    }
}

/// Keys do not count: they are no people.
fn is_active_admin(user: &User) -> bool {
    user.role == "global_admin" && user.status == Status::Active && !user.id.starts_with("key:")
}
