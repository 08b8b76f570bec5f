//! Teams with their members, and projects.

use super::access::unknown_target;
use super::effect::Effect;
use super::{Decider, must_exist};
use crate::authority::directory::command::{
    AddMember, CreateProject, CreateTeam, DeleteProject, DeleteTeam, EditProject, EditTeam, RemoveMember, SetMemberRole,
};
use crate::authority::directory::refusal::{Refusal, RefusalCode};
use crate::authority::projection::Holders;
use crate::document::{Holding, Project, TeamChange};
use crate::error::quote;
use crate::facts::{self, Position, live};
use crate::rules::Place;
use crate::rules::capability::{Capability, Kind};
use crate::rules::role::Level;
use crate::rules::target::Target;

impl Decider<'_> {
    pub(super) fn create_team(&self, command: &mut CreateTeam) -> Result<Effect, Refusal> {
        self.check_name(&command.name)?;
        self.check_id(command.id.as_deref())?;
        self.allowed(Capability::TeamCreate, Target::Organization)?;
        self.check_may_choose_id(command.id.as_deref())?;
        let id = self.new_id(&mut command.id, "t", |id| self.exists(Kind::Team, id))?;
        let mut effect = Effect::default();
        effect.before.gone.teams.push(id.clone());
        effect.result.team = Some(id.clone());
        let name = Some(command.name.clone());
        let team = TeamChange { id, name, creator: self.acting_user(), members: Vec::new(), without: Vec::new() };
        effect.after.teams.push(team);
        Ok(effect)
    }

    pub(super) fn edit_team(&self, command: &EditTeam) -> Result<Effect, Refusal> {
        self.check_name(&command.name)?;
        let team = self.team(Capability::TeamEdit, &command.team)?;
        let before = must_exist(self.facts.team_now(team, &Holders::none()))?;
        let after = TeamChange { name: Some(command.name.clone()), ..before.clone() };
        Ok(Effect::default().team(before, after))
    }

    pub(super) fn delete_team(&self, command: &DeleteTeam) -> Result<Effect, Refusal> {
        let team = self.team(Capability::TeamDelete, &command.team)?;
        let projects = self.facts.team(team).map(|team| self.in_order(Kind::Project, &team.projects)).unwrap_or_default();
        if !projects.is_empty() && command.cascade != Some(true) {
            return Err(self.not_empty("projects", Kind::Project, &projects));
        }
        for project in &projects {
            self.check_may_empty(*project)?;
            if !self.holds(Capability::ProjectDelete, Place::Project(*project)) {
                return Err(self.not_empty("projects that the actor may not delete", Kind::Project, &[*project]));
            }
        }
        let mut effect = Effect::default();
        effect.before.teams.extend(self.facts.team_now(team, &Holders::All));
        effect.after.gone.teams.push(command.team.clone());
        for project in projects {
            effect = self.removing_project(effect, project);
        }
        Ok(effect)
    }

    pub(super) fn add_member(&self, command: &AddMember) -> Result<Effect, Refusal> {
        let AddMember { team, user, role, expires } = command;
        let expires = expires.flatten();
        self.check_expires(expires)?;
        let team = self.team(Capability::TeamManageMembers, team)?;
        self.check_gives_until(expires, Place::Team(team), self.facts.grants_of(self.role(role, Level::Team)?))?;
        let memberships = |user| self.facts.memberships(team, user);
        if self.facts.find_user(user).is_some_and(|user| memberships(user).iter().any(|one| live(one.expires, self.now))) {
            return Err(Refusal::at(RefusalCode::AlreadyExists, "user", "is a member already"));
        }
        // An expired membership is replaced.
        self.receiver("user", user, |user| !memberships(user).is_empty(), |_| Ok(()))?;
        self.replacing_membership(team, user, role, expires)
    }

    pub(super) fn set_member_role(&self, command: &mut SetMemberRole) -> Result<Effect, Refusal> {
        let SetMemberRole { team, user, role, expires } = command;
        self.check_expires(expires.flatten())?;
        let team = self.team(Capability::TeamManageMembers, team)?;
        let (member, memberships) = self.member(team, user)?;
        let role_position = self.role(role, Level::Team)?;
        let end = self.expiry(*expires, memberships, role_position);
        self.check_gives_until(end, Place::Team(team), self.facts.grants_of(role_position))?;
        self.check_takes(Place::Team(team), member, memberships)?;
        *expires = end.map(Some).or(*expires);
        let effect = self.replacing_membership(team, user, role, end)?;
        let mut held = effect.before.teams.iter().flat_map(|team| &team.members);
        let was = held.next().map(|membership| membership.role.clone());
        Ok(Effect { was, ..effect })
    }

    pub(super) fn remove_member(&self, command: &RemoveMember) -> Result<Effect, Refusal> {
        let team = self.team(Capability::TeamManageMembers, &command.team)?;
        let (member, memberships) = self.member(team, &command.user)?;
        self.check_takes(Place::Team(team), member, memberships)?;
        let before = must_exist(self.facts.team_now(team, &Holders::one(&command.user)))?;
        let after = TeamChange { members: Vec::new(), without: vec![command.user.clone()], ..before.clone() };
        Ok(Effect::default().team(before, after))
    }

    pub(super) fn create_project(&self, command: &mut CreateProject) -> Result<Effect, Refusal> {
        self.check_name(&command.name)?;
        self.check_id(command.id.as_deref())?;
        self.team(Capability::ProjectCreate, &command.team)?;
        self.check_may_choose_id(command.id.as_deref())?;
        let id = self.new_id(&mut command.id, "p", |id| self.exists(Kind::Project, id))?;
        let mut effect = Effect::default();
        effect.before.gone.projects.push(id.clone());
        effect.result.project = Some(id.clone());
        let (name, team) = (Some(command.name.clone()), command.team.clone());
        effect.after.projects.push(Project { id, name, team, creator: self.acting_user() });
        Ok(effect)
    }

    pub(super) fn edit_project(&self, command: &EditProject) -> Result<Effect, Refusal> {
        self.check_name(&command.name)?;
        let project = self.project(Capability::ProjectEdit, &command.project)?;
        let before = must_exist(self.facts.project_now(project))?;
        let after = Project { name: Some(command.name.clone()), ..before.clone() };
        Ok(Effect::default().project(before, after))
    }

    pub(super) fn delete_project(&self, command: &DeleteProject) -> Result<Effect, Refusal> {
        let project = self.project(Capability::ProjectDelete, &command.project)?;
        let assistants = self.assistants_in(project);
        if !assistants.is_empty() && command.cascade != Some(true) {
            return Err(self.not_empty("assistants", Kind::Assistant, &assistants));
        }
        self.check_may_empty(project)?;
        Ok(self.removing_project(Effect::default(), project))
    }

    /// The team, if the actor holds the capability on it.
    pub(super) fn team(&self, capability: Capability, id: &str) -> Result<Position, Refusal> {
        match self.allowed(capability, Target::Team(id))? {
            Place::Team(team) => Ok(team),
            _ => Err(unknown_target(Target::Team(id))),
        }
    }

    fn project(&self, capability: Capability, id: &str) -> Result<Position, Refusal> {
        match self.allowed(capability, Target::Project(id))? {
            Place::Project(project) => Ok(project),
            _ => Err(unknown_target(Target::Project(id))),
        }
    }

    /// A member of the team with their memberships, expired ones too. An actor who manages the team sees them. For everybody else there is one
    /// refusal, which does not reveal whether the user exists.
    pub(super) fn member(&self, team: Position, id: &str) -> Result<(Position, &[facts::Holding]), Refusal> {
        let member = |user| Some((user, self.facts.memberships(team, user))).filter(|(_, memberships)| !memberships.is_empty());
        let no_member = || Refusal::at(RefusalCode::UnknownUser, "user", &format!("{} is not a member", quote(id)));
        self.facts.find_user(id).and_then(member).ok_or_else(no_member)
    }

    /// Gives a user one membership in place of all that they hold on the team.
    fn replacing_membership(&self, team: Position, user: &str, role: &str, expires: Option<u64>) -> Result<Effect, Refusal> {
        let before = must_exist(self.facts.team_now(team, &Holders::one(user)))?;
        let members = vec![Holding { user: user.to_owned(), role: role.to_owned(), expires }];
        let after = TeamChange { members, without: Vec::new(), ..before.clone() };
        Ok(Effect::default().team(before, after))
    }

    pub(super) fn assistants_in(&self, project: Position) -> Vec<Position> {
        self.facts.project(project).map(|project| self.in_order(Kind::Assistant, &project.assistants)).unwrap_or_default()
    }

    /// Refuses to delete a project with assistants that the actor may not delete: Only Me assistants of others, for instance.
    fn check_may_empty(&self, project: Position) -> Result<(), Refusal> {
        let mut staying = self.assistants_in(project);
        staying.retain(|assistant| !self.holds(Capability::AssistantDelete, Place::Assistant(*assistant)));
        if staying.is_empty() {
            return Ok(());
        }
        Err(self.not_empty("assistants that the actor may not delete", Kind::Assistant, &staying))
    }

    /// Adds the removal of a project and its assistants to an effect.
    fn removing_project(&self, mut effect: Effect, project: Position) -> Effect {
        effect.before.projects.extend(self.facts.project_now(project));
        effect.after.gone.projects.push(self.facts.project_id(project).to_owned());
        for assistant in self.assistants_in(project) {
            effect = self.removing_assistant(effect, assistant);
        }
        effect
    }

    /// The refusal to delete something that is not empty. It lists the contents that the actor may know of.
    pub(super) fn not_empty(&self, what: &str, kind: Kind, inside: &[Position]) -> Refusal {
        let seen = inside.iter().filter(|position| self.sees(Place::new(kind, **position)));
        let ids = seen.map(|position| self.facts.target_id(kind, *position).to_owned()).collect();
        Refusal::new(RefusalCode::NotEmpty, format!("there are {what} in it")).listing(ids)
    }
}
