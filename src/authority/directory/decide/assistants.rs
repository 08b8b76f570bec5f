//! Commands on assistants: create, edit, transfer, share, embed, delete.

use super::access::unknown_target;
use super::effect::Effect;
use super::{Decider, must_exist};
use crate::authority::directory::command::{
    CommandResult, CreateAssistant, CreateLink, DeleteAssistant, EditAssistant, Grant, RevokeGrant, RevokeLink, SetAccessibility,
    SetEmbed, TransferAssistant,
};
use crate::authority::directory::event::hash_of;
use crate::authority::directory::refusal::{Refusal, RefusalCode};
use crate::authority::limits::{LONGEST_ORIGIN, MOST_ORIGINS};
use crate::authority::projection::Holders;
use crate::document::{AssistantChange, Embed, Holding, Link};
use crate::error::quote;
use crate::facts::{self, ABSENT, Accessibility, Position};
use crate::rules::capability::{Capability, Kind};
use crate::rules::decision::{Denied, Relation};
use crate::rules::role::{GLOBAL_ADMIN, Level};
use crate::rules::target::Target;
use crate::rules::{self, Place, origin};

impl Decider<'_> {
    pub(super) fn create_assistant(&self, command: &mut CreateAssistant) -> Result<Effect, Refusal> {
        self.check_name(&command.name)?;
        self.check_id(command.id.as_deref())?;
        self.allowed_at(Capability::AssistantCreate, Target::Project(&command.project), |place| self.team_of(place))?;
        self.check_may_choose_id(command.id.as_deref())?;
        let owner = command.owner.clone().or_else(|| self.acting_user());
        let Some(owner) = owner else {
            return Err(Refusal::new(
                RefusalCode::InvalidCommand,
                "an assistant needs an owner: name one, or let a user create it",
            ));
        };
        let given = Some(&owner) != self.acting_user().as_ref();
        let accessibility = *command.accessibility.get_or_insert(Accessibility::OnlyMe);
        // An accessibility other than Only Me shares it, and so does another owner. Its owner may do that, unless the plan withholds sharing from
        // everybody.
        if (accessibility != Accessibility::OnlyMe || given)
            && self.acting.is_some()
            && self.facts.withheld.contains(Capability::AssistantShare)
        {
            return Err(Refusal::not_allowed(Capability::AssistantShare, Target::Project(&command.project), Denied::Plan));
        }
        let id = self.new_id(&mut command.id, "a", |id| self.exists(Kind::Assistant, id))?;
        if given {
            self.receiver("owner", &owner, |_| false, |user| self.active_user(user, "owner"))?;
        }
        let mut effect = Effect::default();
        effect.before.gone.assistants.push(id.clone());
        effect.result.assistant = Some(id.clone());
        effect.after.assistants.push(AssistantChange {
            id,
            name: Some(command.name.clone()),
            project: Some(command.project.clone()),
            owner: Some(owner),
            accessibility,
            grants: Vec::new(),
            without: Vec::new(),
            links: Vec::new(),
            embed: None,
        });
        Ok(effect)
    }

    pub(super) fn edit_assistant(&self, command: &EditAssistant) -> Result<Effect, Refusal> {
        self.check_name(&command.name)?;
        let (_, before) = self.assistant(Capability::AssistantEdit, &command.assistant)?;
        let after = AssistantChange { name: Some(command.name.clone()), ..before.clone() };
        Ok(Effect::default().assistant(before, after))
    }

    pub(super) fn delete_assistant(&self, command: &DeleteAssistant) -> Result<Effect, Refusal> {
        let (assistant, _) = self.assistant(Capability::AssistantDelete, &command.assistant)?;
        Ok(self.removing_assistant(Effect::default(), assistant))
    }

    pub(super) fn transfer_assistant(&self, command: &TransferAssistant) -> Result<Effect, Refusal> {
        let (assistant, before) = self.shareable(&command.assistant)?;
        self.check_gives_until(None, Place::Assistant(assistant), Relation::AssistantOwner.grants())?;
        self.receiver("user", &command.user, |_| false, |user| self.active_user(user, "user"))?;
        let was = before.owner.clone();
        let after = AssistantChange { owner: Some(command.user.clone()), ..before.clone() };
        Ok(Effect { was, ..Effect::default().assistant(before, after) })
    }

    pub(super) fn set_accessibility(&self, command: &SetAccessibility) -> Result<Effect, Refusal> {
        let (_, before) = self.shareable(&command.assistant)?;
        let after = AssistantChange { accessibility: command.accessibility, ..before.clone() };
        Ok(Effect::default().assistant(before, after))
    }

    pub(super) fn grant(&self, command: &mut Grant) -> Result<Effect, Refusal> {
        let Grant { assistant, user, role, expires } = command;
        self.check_expires(expires.flatten())?;
        let (position, before) = self.shareable(assistant)?;
        let role_position = self.role(role, Level::Assistant)?;
        let granted = |user| self.facts.granted(position, user);
        let present = self.facts.find_user(user).map(granted).unwrap_or_default();
        let same: Vec<_> = present.iter().filter(|grant| grant.role == role_position).copied().collect();
        let end = self.expiry(*expires, &same, role_position);
        self.check_gives_until(end, Place::Assistant(position), self.facts.grants_of(role_position))?;
        if before.accessibility == Accessibility::OnlyMe {
            return Err(only_me());
        }
        let team =
            self.facts.assistant(position).and_then(|assistant| self.facts.project(assistant.project)).map(|project| project.team);
        let manages = team.is_some_and(|team| self.holds(Capability::TeamManageMembers, Place::Team(team)));
        let seen_there = |user| {
            let member = || manages && team.is_some_and(|team| !self.facts.memberships(team, user).is_empty());
            !granted(user).is_empty() || member()
        };
        let would_count = |user| {
            let counts = before.accessibility == Accessibility::Public || team.is_some_and(|team| self.in_team(team, user));
            let outside = || Refusal::at(RefusalCode::OnlyTeam, "user", "is not in the team of the assistant, which is Only Team");
            counts.then_some(()).ok_or_else(outside)
        };
        self.receiver("user", user, seen_there, would_count)?;

        *expires = end.map(Some).or(*expires);
        let before = must_exist(self.facts.assistant_now(position, &Holders::one(user)))?;
        let mut grants: Vec<Holding> = before.grants.iter().filter(|grant| grant.role != *role).cloned().collect();
        grants.push(Holding { user: user.clone(), role: role.clone(), expires: end });
        let after = AssistantChange { grants, without: Vec::new(), ..before.clone() };
        Ok(Effect::default().assistant(before, after))
    }

    pub(super) fn revoke_grant(&self, command: &RevokeGrant) -> Result<Effect, Refusal> {
        let (position, _) = self.shareable(&command.assistant)?;
        let role = command.role.as_ref().map(|role| self.role(role, Level::Assistant)).transpose()?;
        let (user, granted) = self.grantee(position, &command.user)?;
        let before = must_exist(self.facts.assistant_now(position, &Holders::one(&command.user)))?;
        let stays = |grant: &&Holding| command.role.as_ref().is_some_and(|role| grant.role != *role);
        let grants: Vec<Holding> = before.grants.iter().filter(stays).cloned().collect();
        if grants.len() == before.grants.len() {
            return Err(Refusal::at(RefusalCode::UnknownRole, "role", "the user has no grant of this role there"));
        }
        self.check_takes(
            Place::Assistant(position),
            user,
            granted.iter().filter(|grant| role.is_none_or(|role| grant.role == role)),
        )?;
        let without = if grants.is_empty() { vec![command.user.clone()] } else { Vec::new() };
        let after = AssistantChange { grants, without, ..before.clone() };
        Ok(Effect::default().assistant(before, after))
    }

    pub(super) fn create_link(&self, command: &mut CreateLink) -> Result<Effect, Refusal> {
        self.check_id(command.id.as_deref())?;
        if command.digest.as_ref().is_some_and(|digest| hash_of(&digest.0).is_none()) {
            return Err(Refusal::invalid("digest", "expected a SHA-256 digest in base64url without padding"));
        }
        let expires = command.expires.flatten();
        self.check_expires(expires)?;
        let (assistant, before) = self.shareable(&command.assistant)?;
        self.check_may_choose_id(command.id.as_deref())?;
        if command.digest.is_some() && !self.sees_everything() {
            return Err(Refusal::at(RefusalCode::BeyondOwnRole, "digest", "only a global admin gives it: leave it out"));
        }
        let gives = command.level.relation().grants();
        self.check_gives_until(expires, Place::Assistant(assistant), gives)?;
        match before.accessibility {
            // A link that was made elsewhere may be hidden for now: it counts when the assistant is opened.
            _ if command.digest.is_some() => {}
            Accessibility::OnlyMe => return Err(only_me()),
            Accessibility::OnlyTeam => {
                return Err(Refusal::new(RefusalCode::OnlyTeam, "it would have no effect: the assistant is Only Team"));
            }
            Accessibility::Public => {}
        }
        let id = self.new_id(&mut command.id, "l", |id| before.links.iter().any(|link| link.id == id))?;
        let (key, digest) = match &command.digest {
            Some(digest) => (None, digest.0.clone()),
            None => {
                let (key, digest) = self.secret("wk");
                (Some(key), digest)
            }
        };
        let mut after = before.clone();
        after.links.push(Link { id: id.clone(), level: command.level, digest: Some(digest), expires });
        let result = CommandResult { link: Some(id), key, ..CommandResult::default() };
        Ok(Effect { result, ..Effect::default().assistant(before, after) })
    }

    pub(super) fn revoke_link(&self, command: &RevokeLink) -> Result<Effect, Refusal> {
        let (_, before) = self.shareable(&command.assistant)?;
        let mut after = before.clone();
        after.links.retain(|link| link.id != command.link);
        if after.links.len() == before.links.len() {
            return Err(Refusal::unknown(RefusalCode::UnknownLink, "link", &command.link));
        }
        Ok(Effect::default().assistant(before, after))
    }

    pub(super) fn set_embed(&self, command: &SetEmbed) -> Result<Effect, Refusal> {
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
        let (_, before) = self.shareable(&command.assistant)?;
        let embed = command.origins.clone().map(|origins| Embed { origins });
        let after = AssistantChange { embed, ..before.clone() };
        Ok(Effect::default().assistant(before, after))
    }

    /// The assistant without its grants, if the actor holds the capability on it.
    fn assistant(&self, capability: Capability, id: &str) -> Result<(Position, AssistantChange), Refusal> {
        match self.allowed(capability, Target::Assistant(id))? {
            Place::Assistant(assistant) => Ok((assistant, must_exist(self.facts.assistant_now(assistant, &Holders::none()))?)),
            _ => Err(unknown_target(Target::Assistant(id))),
        }
    }

    /// A user with their grants on the assistant, expired ones too. An actor who shares it sees them. For everybody else there is one refusal,
    /// which does not reveal whether the user exists.
    pub(super) fn grantee(&self, assistant: Position, id: &str) -> Result<(Position, &[facts::Holding]), Refusal> {
        let granted = |user| Some((user, self.facts.granted(assistant, user))).filter(|(_, granted)| !granted.is_empty());
        let no_grant = || Refusal::at(RefusalCode::UnknownUser, "user", &format!("{} has no grant there", quote(id)));
        self.facts.find_user(id).and_then(granted).ok_or_else(no_grant)
    }

    /// The assistant without its grants, if the actor may share it.
    pub(super) fn shareable(&self, id: &str) -> Result<(Position, AssistantChange), Refusal> {
        self.assistant(Capability::AssistantShare, id)
    }

    /// Whether a grant to the user counts on Only Team. A global admin acts as owner of every team.
    fn in_team(&self, team: Position, user: Position) -> bool {
        let role = self.facts.user(user).map_or(ABSENT, |user| user.role);
        let inside = |team| rules::in_team(self.facts, team, user, role, self.now);
        role == GLOBAL_ADMIN || self.facts.team(team).is_some_and(inside)
    }

    /// Adds the removal of an assistant to an effect.
    pub(super) fn removing_assistant(&self, mut effect: Effect, assistant: Position) -> Effect {
        effect.before.assistants.extend(self.facts.assistant_now(assistant, &Holders::All));
        effect.after.gone.assistants.push(self.facts.assistant_id(assistant).to_owned());
        effect
    }
}

fn only_me() -> Refusal {
    Refusal::new(RefusalCode::OnlyMe, "it would have no effect: the assistant is Only Me")
}
