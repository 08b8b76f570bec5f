//! Moving projects and assistants, and other creators. All of these give and take access (§3.4).

use super::access::unknown_target;
use super::effect::Effect;
use super::{Decider, must_exist};
use crate::authority::directory::command::{MoveAssistant, MoveProject, SetCreator};
use crate::authority::directory::refusal::{Refusal, RefusalCode};
use crate::authority::projection::Holders;
use crate::document::{AssistantChange, Project, TeamChange};
use crate::facts::{ABSENT, Position, live};
use crate::rules::capability::{Capability, CapabilitySet, Kind};
use crate::rules::decision::Relation;
use crate::rules::role::Level;
use crate::rules::target::Target;
use crate::rules::{self, Place};

impl Decider<'_> {
    pub(super) fn move_assistant(&self, command: &MoveAssistant) -> Result<Effect, Refusal> {
        let target = Target::Assistant(&command.assistant);
        let Place::Assistant(assistant) = self.allowed(Capability::AssistantShare, target)? else {
            return Err(unknown_target(target));
        };
        let to = Target::Project(&command.project);
        let Place::Project(to) = self.allowed_at(Capability::AssistantCreate, to, |place| self.team_of(place))? else {
            return Err(unknown_target(to));
        };
        let from = self.facts.assistant(assistant).map_or(ABSENT, |assistant| assistant.project);
        let (from, to) = (self.team_of_project(from), self.team_of_project(to));
        self.check_moves(Place::Assistant(assistant), from, to, CapabilitySet::of_kind(Kind::Assistant))?;
        let before = must_exist(self.facts.assistant_now(assistant, &Holders::none()))?;
        let after = AssistantChange { project: Some(command.project.clone()), ..before.clone() };
        Ok(Effect { was: before.project.clone(), ..Effect::default().assistant(before, after) })
    }

    pub(super) fn move_project(&self, command: &MoveProject) -> Result<Effect, Refusal> {
        let target = Target::Project(&command.project);
        let Place::Project(project) = self.allowed(Capability::ProjectDelete, target)? else { return Err(unknown_target(target)) };
        let to = Target::Team(&command.team);
        let Place::Team(to) = self.allowed(Capability::ProjectCreate, to)? else { return Err(unknown_target(to)) };
        let mut staying = self.assistants_in(project);
        staying.retain(|assistant| !self.holds(Capability::AssistantShare, Place::Assistant(*assistant)));
        if !staying.is_empty() {
            return Err(self.not_empty("assistants that the actor may not share", Kind::Assistant, &staying));
        }
        let from = self.team_of_project(project);
        self.check_moves(Place::Team(from), from, to, Level::Team.grantable())?;
        let before = must_exist(self.facts.project_now(project))?;
        let after = Project { team: command.team.clone(), ..before.clone() };
        Ok(Effect { was: Some(before.team.clone()), ..Effect::default().project(before, after) })
    }

    pub(super) fn set_creator(&self, command: &SetCreator) -> Result<Effect, Refusal> {
        let target = match (&command.team, &command.project) {
            (Some(team), None) => Target::Team(team),
            (None, Some(project)) => Target::Project(project),
            _ => return Err(Refusal::new(RefusalCode::InvalidCommand, "expected either a `team` or a `project`")),
        };
        let place = self.allowed_at(Capability::TeamManageMembers, target, |place| self.team_of(place))?;
        let (team, present, grants) = match place {
            Place::Team(team) => {
                let present = self.facts.team(team).map_or(ABSENT, |team| team.creator);
                (team, present, Relation::TeamOwner.grants())
            }
            Place::Project(project) => {
                let (creator, team) = self.facts.project(project).map_or((ABSENT, ABSENT), |it| (it.creator, it.team));
                (team, creator, Relation::ProjectCreator.grants())
            }
            _ => return Err(unknown_target(target)),
        };
        let wanted = command.creator.as_deref();
        if (present == ABSENT && wanted.is_none()) || wanted.is_some_and(|wanted| self.facts.find_user(wanted) == Some(present)) {
            return self.creating(place, command.creator.clone());
        }
        if wanted.is_some() {
            self.check_gives_until(None, Place::Team(team), grants)?;
        }
        let counts = match place {
            Place::Team(team) => self.acting_creator(team).is_some(),
            _ => self.in_team_itself(team, present),
        };
        if counts {
            self.check_within(self.powers_over(Place::Team(team), present), grants, "takes")?;
        }
        if let Some(wanted) = wanted {
            let member = |user| !self.facts.memberships(team, user).is_empty();
            self.receiver("creator", wanted, member, |_| Ok(()))?;
        }
        self.creating(place, command.creator.clone())
    }

    /// The effect of another creator.
    fn creating(&self, place: Place, creator: Option<String>) -> Result<Effect, Refusal> {
        if let Place::Project(project) = place {
            let before = must_exist(self.facts.project_now(project))?;
            let after = Project { creator, ..before.clone() };
            return Ok(Effect { was: before.creator.clone(), ..Effect::default().project(before, after) });
        }
        let Place::Team(team) = place else { return must_exist(None) };
        let before = must_exist(self.facts.team_now(team, &Holders::none()))?;
        let after = TeamChange { creator, ..before.clone() };
        Ok(Effect { was: before.creator.clone(), ..Effect::default().team(before, after) })
    }

    /// The team of a project, as a place; every other place is itself.
    pub(super) fn team_of(&self, place: Place) -> Place {
        match place {
            Place::Project(project) => Place::Team(self.team_of_project(project)),
            place => place,
        }
    }

    fn team_of_project(&self, project: Position) -> Position {
        self.facts.project(project).map_or(ABSENT, |project| project.team)
    }

    /// Refuses to move something from one team to another unless the actor has what the old team loses by it at the moment, and without end
    /// what the new team gets: its owners may make others members, who then have it without end.
    fn check_moves(&self, place: Place, from: Position, to: Position, within: CapabilitySet) -> Result<(), Refusal> {
        if from == to {
            return Ok(());
        }
        let actor = self.acting.and_then(|acting| acting.user());
        let taken = self.held_in(from, actor).intersection(within);
        self.check_within(self.powers(0, place), taken, "takes")?;
        if let Some(actor) = actor {
            // A key takes from the user whom it acts for.
            let taken = self.held_in(from, None).intersection(within);
            self.check_within(self.powers_over(place, actor), taken, "takes")?;
        }
        self.check_gives_until(None, place, self.held_in(to, None).intersection(within))
    }

    /// The capabilities that anybody but `except` holds by a team: by memberships that count, and by having created it.
    fn held_in(&self, team: Position, except: Option<Position>) -> CapabilitySet {
        let Some(row) = self.facts.team(team) else { return CapabilitySet::NONE };
        let counting = row.members.iter().filter(|member| live(member.expires, self.now) && Some(member.user) != except);
        let held = counting.map(|member| self.facts.grants_of(member.role)).fold(CapabilitySet::NONE, CapabilitySet::union);
        let created = self.acting_creator(team).filter(|creator| Some(*creator) != except);
        if created.is_some() { held.union(Relation::TeamOwner.grants()) } else { held }
    }

    /// The creator of a team who acts as its owner.
    fn acting_creator(&self, team: Position) -> Option<Position> {
        let creator = self.facts.team(team)?.creator;
        let role = self.facts.user(creator)?.role;
        self.facts.grants_of(role).contains(Capability::TeamCreate).then_some(creator)
    }

    /// Whether a user is in a team, by a membership that counts or by having created it.
    fn in_team_itself(&self, team: Position, user: Position) -> bool {
        let role = self.facts.user(user).map_or(ABSENT, |user| user.role);
        self.facts.team(team).is_some_and(|row| rules::in_team(self.facts, row, user, role, self.now))
    }
}
