//! Assistants: what they are, whose, and who else gets at them.

use super::*;
use crate::authority::directory::command::{
    CreateAssistant, CreateLink, DeleteAssistant, EditAssistant, Grant, RevokeGrant, RevokeLink, SetAccessibility, SetEmbed,
    TransferAssistant,
};
use crate::authority::limits::{LONGEST_ORIGIN, MOST_ORIGINS};
use crate::document::{Embed, Link};
use crate::facts::{ABSENT, LinkLevel};
use crate::rules::origin;
use crate::rules::role::{ASSISTANT_OWNER, EDIT_LINK, GLOBAL_ADMIN, PUBLIC};

impl Deciding<'_> {
    pub(super) fn create_assistant(&self, command: &mut CreateAssistant) -> Decide {
        self.check_name(&command.name)?;
        self.check_id(command.id.as_deref())?;
        let team_of = |place| match place {
            Place::Project(project) => Place::Team(self.facts.project(project).map_or(ABSENT, |project| project.team)),
            place => place,
        };
        self.allowed_at(Capability::AssistantCreate, Target::Project(&command.project), team_of)?;
        self.may_choose(command.id.as_deref())?;
        let owner = self.acting();
        if owner.is_none() {
            return Err(Refusal::new(RefusalCode::InvalidCommand, "an assistant needs an owner: a user creates it"));
        }
        let accessibility = *command.accessibility.get_or_insert(Accessibility::OnlyMe);
        // To open it is to share it: its owner may, unless the plan lets nobody.
        if accessibility != Accessibility::OnlyMe && self.facts.withheld.contains(Capability::AssistantShare) {
            return Err(Refusal::not_allowed(Capability::AssistantShare, Target::Project(&command.project), Denied::Plan));
        }
        let id = self.new_id(&mut command.id, "a", |id| self.exists(Kind::Assistant, id))?;
        let mut effect = Effect::default();
        effect.before.gone.assistants.push(id.clone());
        effect.result.assistant = Some(id.clone());
        effect.after.assistants.push(AssistantChange {
            id,
            name: Some(command.name.clone()),
            project: Some(command.project.clone()),
            owner,
            accessibility,
            grants: Vec::new(),
            without: Vec::new(),
            links: Vec::new(),
            embed: None,
        });
        Ok(effect)
    }

    pub(super) fn edit_assistant(&self, command: &EditAssistant) -> Decide {
        self.check_name(&command.name)?;
        let (_, before) = self.assistant(Capability::AssistantEdit, &command.assistant)?;
        let after = AssistantChange { name: Some(command.name.clone()), ..before.clone() };
        Ok(Effect::default().assistant(before, after))
    }

    pub(super) fn delete_assistant(&self, command: &DeleteAssistant) -> Decide {
        let (assistant, _) = self.assistant(Capability::AssistantDelete, &command.assistant)?;
        Ok(self.without_assistant(Effect::default(), assistant))
    }

    pub(super) fn transfer_assistant(&self, command: &TransferAssistant) -> Decide {
        let (assistant, before) = self.shared(&command.assistant)?;
        self.gives_until(None, Place::Assistant(assistant), ASSISTANT_OWNER)?;
        self.receiver("user", &command.user, |_| false, |user| self.active_user(user, "user"))?;
        let was = before.owner.clone();
        let after = AssistantChange { owner: Some(command.user.clone()), ..before.clone() };
        Ok(Effect { was, ..Effect::default().assistant(before, after) })
    }

    pub(super) fn set_accessibility(&self, command: &SetAccessibility) -> Decide {
        let (_, before) = self.shared(&command.assistant)?;
        let after = AssistantChange { accessibility: command.accessibility, ..before.clone() };
        Ok(Effect::default().assistant(before, after))
    }

    pub(super) fn grant(&self, command: &mut Grant) -> Decide {
        let Grant { assistant, user, role, expires } = command;
        self.check_expires(expires.flatten())?;
        let (position, before) = self.shared(assistant)?;
        let role_position = self.role(role, Level::Assistant)?;
        let granted = |user| self.facts.granted(position, user);
        let present = self.facts.find_user(user).map(granted).unwrap_or_default();
        let same: Vec<_> = present.iter().filter(|grant| grant.role == role_position).copied().collect();
        let end = self.end(*expires, &same, role_position);
        self.gives_until(end, Place::Assistant(position), self.facts.grants_of(role_position))?;
        if before.accessibility == Accessibility::OnlyMe {
            return Err(only_me());
        }
        let team =
            self.facts.assistant(position).and_then(|assistant| self.facts.project(assistant.project)).map(|project| project.team);
        let manages = team.is_some_and(|team| self.holds(Capability::TeamManageMembers, Place::Team(team)));
        let here = |user| {
            let member = || manages && team.is_some_and(|team| !self.facts.memberships(team, user).is_empty());
            !granted(user).is_empty() || member()
        };
        let would_count = |user| {
            let counts = before.accessibility == Accessibility::Public || team.is_some_and(|team| self.in_team(team, user));
            let outside = || Refusal::at(RefusalCode::OnlyTeam, "user", "is not in the assistant's team, and it is Only Team");
            counts.then_some(()).ok_or_else(outside)
        };
        self.receiver("user", user, here, would_count)?;

        *expires = end.map(Some).or(*expires);
        let before = there(self.facts.assistant_now(position, &ones(user)))?;
        let mut grants: Vec<Holding> = before.grants.iter().filter(|grant| grant.role != *role).cloned().collect();
        grants.push(Holding { user: user.clone(), role: role.clone(), expires: end });
        let after = AssistantChange { grants, without: Vec::new(), ..before.clone() };
        Ok(Effect::default().assistant(before, after))
    }

    pub(super) fn revoke_grant(&self, command: &RevokeGrant) -> Decide {
        let (position, _) = self.shared(&command.assistant)?;
        let role = command.role.as_ref().map(|role| self.role(role, Level::Assistant)).transpose()?;
        // Whoever shares it is shown what everybody was granted: one refusal for all others.
        let granted = |user: Position| Some((user, self.facts.granted(position, user))).filter(|(_, granted)| !granted.is_empty());
        let Some((user, granted)) = self.facts.find_user(&command.user).and_then(granted) else {
            let reason = format!("{} was granted nothing there", quote(&command.user));
            return Err(Refusal::at(RefusalCode::UnknownUser, "user", &reason));
        };
        let before = there(self.facts.assistant_now(position, &ones(&command.user)))?;
        let stays = |grant: &&Holding| command.role.as_ref().is_some_and(|role| grant.role != *role);
        let grants: Vec<Holding> = before.grants.iter().filter(stays).cloned().collect();
        if grants.len() == before.grants.len() {
            return Err(Refusal::at(RefusalCode::UnknownRole, "role", "was not granted there"));
        }
        self.takes(Place::Assistant(position), user, granted.iter().filter(|grant| role.is_none_or(|role| grant.role == role)))?;
        let without = if grants.is_empty() { vec![command.user.clone()] } else { Vec::new() };
        let after = AssistantChange { grants, without, ..before.clone() };
        Ok(Effect::default().assistant(before, after))
    }

    pub(super) fn create_link(&self, command: &mut CreateLink) -> Decide {
        self.check_id(command.id.as_deref())?;
        let expires = command.expires.flatten();
        self.check_expires(expires)?;
        let (assistant, before) = self.shared(&command.assistant)?;
        self.may_choose(command.id.as_deref())?;
        let gives = if command.level == LinkLevel::Edit { EDIT_LINK } else { PUBLIC };
        self.gives_until(expires, Place::Assistant(assistant), gives)?;
        match before.accessibility {
            Accessibility::OnlyMe => return Err(only_me()),
            Accessibility::OnlyTeam => {
                return Err(Refusal::new(RefusalCode::OnlyTeam, "it would not count: the assistant is Only Team"));
            }
            Accessibility::Public => {}
        }
        let id = self.new_id(&mut command.id, "l", |id| before.links.iter().any(|link| link.id == id))?;
        let (key, digest) = self.secret("wk");
        let mut after = before.clone();
        after.links.push(Link { id: id.clone(), level: command.level, digest: Some(digest), expires });
        let result = CommandResult { link: Some(id), key: Some(key), ..CommandResult::default() };
        Ok(Effect { result, ..Effect::default().assistant(before, after) })
    }

    pub(super) fn revoke_link(&self, command: &RevokeLink) -> Decide {
        let (_, before) = self.shared(&command.assistant)?;
        let mut after = before.clone();
        after.links.retain(|link| link.id != command.link);
        if after.links.len() == before.links.len() {
            return Err(Refusal::unknown(RefusalCode::UnknownLink, "link", &command.link));
        }
        Ok(Effect::default().assistant(before, after))
    }

    pub(super) fn set_embed(&self, command: &SetEmbed) -> Decide {
        let origins = command.origins.as_deref().unwrap_or_default();
        if origins.len() > MOST_ORIGINS {
            return Err(Refusal::invalid("origins", &format!("expected at most {MOST_ORIGINS}")));
        }
        for (n, pattern) in origins.iter().enumerate() {
            let too_long = (pattern.len() > LONGEST_ORIGIN).then_some("is longer than an origin can be");
            if let Some(fault) = too_long.or_else(|| origin::pattern_fault(pattern)) {
                return Err(Refusal::invalid(&format!("origins[{n}]"), fault));
            }
        }
        let (_, before) = self.shared(&command.assistant)?;
        let embed = command.origins.clone().map(|origins| Embed { origins });
        let after = AssistantChange { embed, ..before.clone() };
        Ok(Effect::default().assistant(before, after))
    }

    /// The assistant as it is but for its grants, if the actor holds the capability on it.
    fn assistant(&self, capability: Capability, id: &str) -> Decide<(Position, AssistantChange)> {
        match self.allowed(capability, Target::Assistant(id))? {
            Place::Assistant(assistant) => Ok((assistant, there(self.facts.assistant_now(assistant, &nobodys()))?)),
            _ => Err(unknown_target(Target::Assistant(id))),
        }
    }

    /// The same for what sharing covers.
    fn shared(&self, id: &str) -> Decide<(Position, AssistantChange)> {
        self.assistant(Capability::AssistantShare, id)
    }

    /// Whether a grant to the user counts on Only Team. A global admin acts as owner of every team.
    fn in_team(&self, team: Position, user: Position) -> bool {
        let role = self.facts.user(user).map_or(ABSENT, |user| user.role);
        let inside = |team| rules::in_team(self.facts, team, user, role, self.now);
        role == GLOBAL_ADMIN || self.facts.team(team).is_some_and(inside)
    }

    /// An assistant is gone.
    pub(super) fn without_assistant(&self, mut effect: Effect, assistant: Position) -> Effect {
        effect.before.assistants.extend(self.facts.assistant_now(assistant, &Whose::All));
        effect.after.gone.assistants.push(self.facts.assistant_id(assistant).to_owned());
        effect
    }
}

fn only_me() -> Refusal {
    Refusal::new(RefusalCode::OnlyMe, "it would not count: the assistant is Only Me")
}
