//! Custom roles and the plan.

use super::Decider;
use super::effect::Effect;
use crate::authority::directory::api_keys::ApiKey;
use crate::authority::directory::command::{ApplyRoleSet, DefineRole, DeleteRole, RoleSet, SetPlan};
use crate::authority::directory::refusal::{Refusal, RefusalCode};
use crate::document::{Plan, RoleDefinition};
use crate::error::quote;
use crate::facts::Position;
use crate::rules::Place;
use crate::rules::capability::{Capability, CapabilitySet, Kind};
use crate::rules::role::{ASSIGNED_AGENTS, BUILT_IN, Level};
use crate::rules::target::Target;

impl RoleSet {
    /// The custom roles of the set: id, level, grants.
    pub(crate) const fn roles(self) -> &'static [(&'static str, Level, CapabilitySet)] {
        match self {
            RoleSet::BuiltIn => &[],
            RoleSet::AssignedAgents => &ASSIGNED_AGENTS,
        }
    }
}

impl Decider<'_> {
    pub(super) fn define_role(&self, command: &mut DefineRole) -> Result<Effect, Refusal> {
        self.check_id(Some(&command.id))?;
        let grants = self.check_capabilities(&command.grants, "grants")?;
        if let Some(excess) = grants.difference(command.on.grantable()).iter().next() {
            let at = command.grants.iter().position(|name| name == excess.name()).unwrap_or_default();
            return Err(Refusal::invalid(&format!("grants[{at}]"), &format!("a role on this level cannot grant {excess}")));
        }
        command.grants = grants.iter().map(|capability| capability.name().to_owned()).collect();
        self.allowed(Capability::RoleDefine, Target::Organization)?;
        let role = RoleDefinition { id: command.id.clone(), on: command.on, grants: command.grants.clone() };
        let effect = self.defining(Effect::default(), role, grants)?;
        Ok(self.ending_invitations(effect, self.invitations_lost_by_role(&command.id, grants)))
    }

    pub(super) fn delete_role(&self, command: &DeleteRole) -> Result<Effect, Refusal> {
        self.allowed(Capability::RoleDefine, Target::Organization)?;
        let unknown = || Refusal::unknown(RefusalCode::UnknownRole, "role", &command.role);
        let role = self.facts.find_role(&command.role).filter(|_| !is_built_in(&command.role)).ok_or_else(unknown)?;
        self.check_within(self.own_powers(), self.facts.grants_of(role), "takes")?;
        self.check_unheld(role)?;
        let mut effect = Effect::default();
        effect.before.roles.extend(self.facts.role_now(role));
        effect.after.gone.roles.push(command.role.clone());
        Ok(effect)
    }

    pub(super) fn set_plan(&self, command: &mut SetPlan) -> Result<Effect, Refusal> {
        if let Some(name) = &command.name {
            self.check_name(name)?;
        }
        let withheld = self.check_capabilities(&command.withholds, "withholds")?;
        command.withholds = withheld.iter().map(|capability| capability.name().to_owned()).collect();
        self.check_system()?;
        let mut effect = Effect::default();
        effect.before.plan = Some(self.facts.plan_now());
        effect.after.plan = Some(Plan { name: command.name.clone(), withholds: command.withholds.clone() });
        Ok(effect)
    }

    pub(super) fn apply_role_set(&self, command: &ApplyRoleSet) -> Result<Effect, Refusal> {
        self.allowed(Capability::RoleDefine, Target::Organization)?;
        let mut effect = Effect::default();
        for &(id, on, grants) in command.set.roles() {
            let present = self.facts.find_role(id).and_then(|role| self.facts.role(role));
            match present {
                Some(role) if role.on == on && role.grants == grants => {}
                Some(_) => {
                    let message = format!("there is another role {}", quote(id));
                    return Err(Refusal::new(RefusalCode::AlreadyExists, message).listing(vec![id.to_owned()]));
                }
                None => {
                    let names = grants.iter().map(|capability| capability.name().to_owned()).collect();
                    effect = self.defining(effect, RoleDefinition { id: id.to_owned(), on, grants: names }, grants)?;
                }
            }
        }
        Ok(effect)
    }

    /// Adds a new or replaced role to an effect.
    fn defining(&self, mut effect: Effect, role: RoleDefinition, grants: CapabilitySet) -> Result<Effect, Refusal> {
        if is_built_in(&role.id) {
            return Err(Refusal::at(RefusalCode::AlreadyExists, "id", "is the id of a built-in role"));
        }
        let present = self.facts.find_role(&role.id);
        let old = present.map_or(CapabilitySet::NONE, |present| self.facts.grants_of(present));
        self.check_gives(grants.union(old))?;
        match present.and_then(|present| Some((present, self.facts.role_now(present)?))) {
            Some((position, before)) => {
                if before.on != role.on {
                    self.check_unheld(position)?;
                    return Err(Refusal::at(RefusalCode::InUse, "on", "the level of a role cannot change: delete the role first"));
                }
                effect.before.roles.push(before);
            }
            None => effect.before.gone.roles.push(role.id.clone()),
        }
        effect.after.roles.push(role);
        Ok(effect)
    }

    /// Refuses if any user or API key holds the role. The refusal lists the holders whom the actor sees.
    fn check_unheld(&self, role: Position) -> Result<(), Refusal> {
        let facts = self.facts;
        let users = (0..).zip(facts.users()).filter(|(_, user)| user.role == role).map(|(position, _)| position);
        let teams = facts.targets(Kind::Team).iter().filter_map(|team| facts.team(*team));
        let assistants = facts.targets(Kind::Assistant).iter().filter_map(|assistant| facts.assistant(*assistant));
        let members = teams.flat_map(|team| &team.members);
        let grants = assistants.flat_map(|assistant| &assistant.grants);
        let holdings = members.chain(grants).filter(|holding| holding.role == role).map(|holding| holding.user);
        let holders: Vec<Position> = users.chain(holdings).collect();
        let keys: Vec<&ApiKey> = self.people.keys().filter(|key| key.role == facts.role_id(role)).collect();
        if holders.is_empty() && keys.is_empty() {
            return Ok(());
        }
        let shown = holders.into_iter().filter(|user| self.sees_user(*user)).map(|user| facts.user_id(user).to_owned());
        let sees_keys = self.holds(Capability::PanelApiKeys, Place::Organization);
        let ids = shown.chain(keys.into_iter().filter(|_| sees_keys).map(|key| key.id.clone())).collect();
        Err(Refusal::new(RefusalCode::InUse, "the role is held").listing(ids))
    }
}

fn is_built_in(role: &str) -> bool {
    BUILT_IN.iter().any(|(id, ..)| *id == role)
}
