//! The commands that lead to one thing from what is there.

use super::fact::Fact;
use super::{FactKind, NotReconciled, Pass, Reconciliation, Reconciling, fault};
use crate::authority::directory::Actor;
use crate::authority::directory::command::{
    AssignRole, Command, CreateAssistant, CreateLink, CreateProject, CreateTeam, CreateUser, DefineRole, DeleteAssistant,
    DeleteProject, DeleteRole, DeleteTeam, EditAssistant, EditProject, EditTeam, EditUser, MoveAssistant, MoveProject,
    ReactivateUser, RemoveUser, RevokeInvitation, RevokeLink, Secret, SetAccessibility, SetCreator, SetEmbed, SetExpiry, SetGrants,
    SetMembers, SuspendUser, TransferAssistant,
};
use crate::authority::directory::{Directory, address};
use crate::authority::projection::Holders;
use crate::document::{Assistant, Holding, Link, Project, RoleDefinition, Team, User};
use crate::facts::{Position, Status};
use crate::rules::capability::Kind;

/// The id of the role that the organization cannot be without.
const GLOBAL_ADMIN: &str = "global_admin";

/// The command that removes a thing.
pub(super) fn removal(kind: FactKind, id: String, successor: Option<&String>) -> Command {
    match kind {
        FactKind::Roles => DeleteRole { role: id }.into(),
        FactKind::Users => {
            let successor = successor.filter(|successor| **successor != id).cloned();
            RemoveUser { user: id, successors: None, successor }.into()
        }
        FactKind::Teams => DeleteTeam { team: id, cascade: None }.into(),
        FactKind::Projects => DeleteProject { project: id, cascade: None }.into(),
        FactKind::Assistants => DeleteAssistant { assistant: id }.into(),
    }
}

impl Directory {
    pub(super) fn commands_to(
        &self,
        all: &Reconciliation,
        fact: &Fact,
        pass: Pass,
        with: &Reconciling<'_>,
    ) -> Result<Vec<Command>, NotReconciled> {
        let now = with.now.max(self.latest.at);
        match fact {
            Fact::User(user) if pass == Pass::Late => Ok(self.losses_of(user)),
            _ if pass == Pass::Late => Ok(Vec::new()),
            Fact::Role(role) => self.commands_to_role(role),
            Fact::User(user) => self.commands_to_user(all, user),
            Fact::Team(team) => self.commands_to_team(team, with.actor, now),
            Fact::Project(project) => self.commands_to_project(project, with.actor),
            Fact::Assistant(assistant) => self.commands_to_assistant(assistant, now),
        }
    }

    fn commands_to_role(&self, role: &RoleDefinition) -> Result<Vec<Command>, NotReconciled> {
        let present = self.facts.find_role(&role.id).and_then(|present| self.facts.role_now(present));
        let sorted = |grants: &[String]| {
            let mut grants = grants.to_vec();
            grants.sort_unstable();
            grants.dedup();
            grants
        };
        match present {
            Some(present) if present.on != role.on => Err(fault("on", "the level of a role cannot change: use another id")),
            Some(present) if sorted(&present.grants) == sorted(&role.grants) => Ok(Vec::new()),
            _ => Ok(vec![DefineRole { id: role.id.clone(), on: role.on, grants: role.grants.clone() }.into()]),
        }
    }

    /// Everything but what the person loses.
    fn commands_to_user(&self, all: &Reconciliation, user: &User) -> Result<Vec<Command>, NotReconciled> {
        let mut commands = Vec::new();
        let present = self.facts.find_user(&user.id).and_then(|present| self.facts.user_now(present));
        let wanted = user.email.as_ref().map(|email| address::key(email).into_owned());
        let has = present.as_ref().and_then(|present| present.email.as_ref()).map(|email| address::key(email).into_owned());
        if let Some(email) = wanted.as_ref().filter(|_| wanted != has) {
            commands.extend(self.freeing(all, email, &user.id));
        }
        match present {
            None if user.status == Status::Invited => {
                return Err(fault(
                    "status",
                    "nobody is invited by facts: use `invite_user`, or `active` for a person who signs in later",
                ));
            }
            Some(present) if present.status == Status::Invited && user.status == Status::Invited => {
                if wanted != has {
                    return Err(fault("email", "is that of the invitation: revoke it first"));
                }
                commands.extend(renaming(&present, user, false));
                commands.extend(self.role_change(&present, user));
            }
            Some(present) if present.status != Status::Invited && user.status == Status::Invited => {
                return Err(fault("status", "has accepted the invitation already"));
            }
            Some(present) if present.status != Status::Invited => {
                commands.extend(renaming(&present, user, wanted != has));
                if present.status == Status::Suspended && user.status == Status::Active {
                    commands.push(ReactivateUser { user: user.id.clone() }.into());
                }
                // The global admin's role is taken late.
                if present.role != GLOBAL_ADMIN {
                    commands.extend(self.role_change(&present, user));
                }
            }
            // New, or invited and now without an invitation.
            invited => {
                let email = user.email.clone().ok_or_else(|| fault("email", "missing: a new person signs in with it"))?;
                if invited.is_some() && wanted != has {
                    return Err(fault("email", "is not that of the invitation: revoke it first"));
                }
                let (role, id) = (Some(user.role.clone()), Some(user.id.clone()));
                commands.push(CreateUser { email, role, id, name: user.name.clone() }.into());
                if let Some(present) = invited.filter(|present| present.name.is_some() && user.name.is_none()) {
                    commands.push(EditUser { user: present.id, name: Some(None), email: None }.into());
                }
            }
        }
        Ok(commands)
    }

    fn role_change(&self, present: &User, user: &User) -> Option<Command> {
        (present.role != user.role).then(|| AssignRole { user: user.id.clone(), role: user.role.clone() }.into())
    }

    /// What a person loses.
    fn losses_of(&self, user: &User) -> Vec<Command> {
        let present = self.facts.find_user(&user.id).and_then(|present| self.facts.user_now(present));
        let Some(present) = present else { return Vec::new() };
        let mut commands: Vec<Command> = self.role_change(&present, user).into_iter().collect();
        if present.status == Status::Active && user.status == Status::Suspended {
            commands.push(SuspendUser { user: user.id.clone() }.into());
        }
        commands
    }

    /// The command that takes an address from somebody who will not have it: it is given to another person, and nobody has it twice.
    fn freeing(&self, all: &Reconciliation, email: &str, to: &str) -> Option<Command> {
        let holder = self.people.user_at(email).filter(|holder| *holder != to)?;
        let named = all.names(FactKind::Users, holder);
        if !named && !all.owns(FactKind::Users) {
            return None;
        }
        let invited = self.facts.user(self.facts.find_user(holder)?)?.status == Status::Invited;
        let user = holder.to_owned();
        Some(if invited && !named {
            RevokeInvitation { user }.into()
        } else {
            EditUser { user, name: None, email: Some(None) }.into()
        })
    }

    fn commands_to_team(&self, team: &Team, actor: &Actor, now: u64) -> Result<Vec<Command>, NotReconciled> {
        let id = || team.id.clone();
        let position = self.facts.find_target(Kind::Team, &team.id);
        let present = position.and_then(|position| self.facts.team_now(position, &Holders::All));
        let mut commands = Vec::new();
        let (name, creator, members) = match present {
            Some(present) => (present.name, present.creator, present.members),
            None => {
                let name = named(team.name.as_ref())?;
                commands.push(CreateTeam { name: name.clone(), id: Some(id()) }.into());
                (Some(name), acting(actor), Vec::new())
            }
        };
        if name != team.name {
            commands.push(EditTeam { team: id(), name: named(team.name.as_ref())? }.into());
        }
        if creator != team.creator {
            commands.push(SetCreator { creator: team.creator.clone(), team: Some(id()), project: None }.into());
        }
        let wanted = holdings(&team.members, &members, now);
        if !same(&wanted, &members) {
            commands.push(SetMembers { team: id(), members: wanted }.into());
        }
        Ok(commands)
    }

    fn commands_to_project(&self, project: &Project, actor: &Actor) -> Result<Vec<Command>, NotReconciled> {
        let id = || project.id.clone();
        let position = self.facts.find_target(Kind::Project, &project.id);
        let mut commands = Vec::new();
        let present = match position.and_then(|position| self.facts.project_now(position)) {
            Some(present) => present,
            None => {
                let name = named(project.name.as_ref())?;
                commands.push(CreateProject { team: project.team.clone(), name, id: Some(id()) }.into());
                Project { creator: acting(actor), ..project.clone() }
            }
        };
        if present.team != project.team {
            commands.push(MoveProject { project: id(), team: project.team.clone() }.into());
        }
        if present.name != project.name {
            commands.push(EditProject { project: id(), name: named(project.name.as_ref())? }.into());
        }
        if present.creator != project.creator {
            commands.push(SetCreator { creator: project.creator.clone(), team: None, project: Some(id()) }.into());
        }
        Ok(commands)
    }

    fn commands_to_assistant(&self, wanted: &Assistant, now: u64) -> Result<Vec<Command>, NotReconciled> {
        let id = || wanted.id.clone();
        let (project, owner) = (wanted.project.clone().unwrap_or_default(), wanted.owner.clone().unwrap_or_default());
        let accessibility = wanted.accessibility;
        let position = self.facts.find_target(Kind::Assistant, &wanted.id);
        let mut commands = Vec::new();
        let present = match position.and_then(|position: Position| self.facts.assistant_now(position, &Holders::All)) {
            Some(present) => present,
            None => {
                let (name, accessibility) = (named(wanted.name.as_ref())?, Some(accessibility));
                commands.push(CreateAssistant { project, name, id: Some(id()), accessibility, owner: Some(owner) }.into());
                Assistant { grants: Vec::new(), links: Vec::new(), embed: None, ..wanted.clone() }.into()
            }
        };
        if present.name != wanted.name {
            commands.push(EditAssistant { assistant: id(), name: named(wanted.name.as_ref())? }.into());
        }
        if present.project != wanted.project {
            let project = wanted.project.clone().unwrap_or_default();
            commands.push(MoveAssistant { assistant: id(), project }.into());
        }
        if present.owner != wanted.owner {
            let user = wanted.owner.clone().unwrap_or_default();
            commands.push(TransferAssistant { assistant: id(), user }.into());
        }
        if present.accessibility != accessibility {
            commands.push(SetAccessibility { assistant: id(), accessibility }.into());
        }
        let grants = holdings(&wanted.grants, &present.grants, now);
        if !same(&grants, &present.grants) {
            commands.push(SetGrants { assistant: id(), grants }.into());
        }
        commands_to_links(&wanted.id, &wanted.links, &present.links, now, &mut commands)?;
        if present.embed != wanted.embed {
            let origins = wanted.embed.clone().map(|embed| embed.origins);
            commands.push(SetEmbed { assistant: id(), origins }.into());
        }
        Ok(commands)
    }
}

/// A link whose end has passed and that is not there is passed over: it would give nothing.
fn commands_to_links(
    assistant: &str,
    wanted: &[Link],
    present: &[Link],
    now: u64,
    commands: &mut Vec<Command>,
) -> Result<(), NotReconciled> {
    let id = || assistant.to_owned();
    let alike = |one: &Link, other: &Link| one.level == other.level && (one.digest.is_none() || one.digest == other.digest);
    let ended = |link: &Link| link.expires.is_some_and(|end| end <= now);
    for link in present {
        let stays = wanted
            .iter()
            .find(|one| one.id == link.id)
            .is_some_and(|one| alike(one, link) && (one.expires == link.expires || !ended(one)));
        if !stays {
            commands.push(RevokeLink { assistant: id(), link: link.id.clone() }.into());
        }
    }
    for (n, link) in wanted.iter().enumerate() {
        if wanted.iter().take(n).any(|other| other.id == link.id) {
            return Err(fault(&format!("links[{n}].id"), "another link has the same id"));
        }
        match present.iter().find(|one| one.id == link.id && alike(link, one)) {
            Some(one) if one.expires == link.expires => {}
            _ if ended(link) => {}
            Some(_) => commands.push(
                SetExpiry {
                    expires: link.expires,
                    team: None,
                    assistant: Some(id()),
                    user: None,
                    role: None,
                    link: Some(link.id.clone()),
                }
                .into(),
            ),
            None => {
                let missing = || fault(&format!("links[{n}].digest"), "missing: only the digest of a key makes a link");
                let digest = Secret(link.digest.clone().ok_or_else(missing)?);
                commands.push(
                    CreateLink {
                        assistant: id(),
                        level: link.level,
                        id: Some(link.id.clone()),
                        expires: Some(link.expires),
                        digest: Some(digest),
                    }
                    .into(),
                );
            }
        }
    }
    Ok(())
}

/// The name that a command needs.
fn named(name: Option<&String>) -> Result<String, NotReconciled> {
    name.cloned().ok_or_else(|| fault("name", "missing"))
}

/// The creator of what an actor creates.
fn acting(actor: &Actor) -> Option<String> {
    actor.user().map(str::to_owned)
}

/// Another name and, if it changes, another address.
fn renaming(present: &User, user: &User, moves: bool) -> Option<Command> {
    let name = (present.name != user.name).then(|| user.name.clone());
    let email = moves.then(|| user.email.clone());
    (name.is_some() || email.is_some()).then(|| EditUser { user: user.id.clone(), name, email }.into())
}

/// The desired holdings without those that have ended and are not there: they would give nothing.
fn holdings(wanted: &[Holding], present: &[Holding], now: u64) -> Vec<Holding> {
    let counts = |holding: &&Holding| holding.expires.is_none_or(|end| end > now) || present.contains(holding);
    wanted.iter().filter(counts).cloned().collect()
}

/// Whether two lists have the same holdings, in any order.
fn same(one: &[Holding], other: &[Holding]) -> bool {
    let sorted = |holdings: &[Holding]| {
        let mut sorted: Vec<(String, String, Option<u64>)> =
            holdings.iter().map(|holding| (holding.user.clone(), holding.role.clone(), holding.expires)).collect();
        sorted.sort_unstable();
        sorted
    };
    one.len() == other.len() && sorted(one) == sorted(other)
}
