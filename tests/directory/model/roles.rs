//! Custom roles, the plan, reviews and epochs.

use std::collections::BTreeSet;

use super::{Actor, Given, No, State, blocked, no};
use crate::common::naive;
use wicketgate::Level;
use wicketgate::document::{Plan, RoleDefinition};

/// Executes a command of this group; `false` for any other command.
pub(super) fn execute(state: &mut State, given: &Given<'_>) -> Result<bool, No> {
    let Given { actor, command, now, .. } = *given;
    match given.the("type") {
        "define_role" => {
            let on = match given.the("on") {
                "organization" => Level::Organization,
                "team" => Level::Team,
                _ => Level::Assistant,
            };
            let grants: Vec<String> =
                command["grants"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect();
            state.needs(actor, now, "role.define", None)?;
            define(state, actor, RoleDefinition { id: given.the("id").to_owned(), on, grants })?;
        }
        "delete_role" => {
            state.needs(actor, now, "role.define", None)?;
            if !state.organization.roles.iter().any(|role| role.id == given.the("role")) {
                return Err(no("unknown_role"));
            }
            state.bounded(actor, state.grants(given.the("role")))?;
            if held(state, given.the("role")) {
                return Err(no("in_use"));
            }
            state.organization.roles.retain(|role| role.id != given.the("role"));
        }
        "set_plan" => {
            state.system_only(actor)?;
            let withholds: Vec<String> =
                command["withholds"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect();
            let plan = Plan { name: given.name(), withholds };
            state.organization.plan = Some(plan).filter(|plan| plan.name.is_some() || !plan.withholds.is_empty());
        }
        "apply_role_set" => {
            state.needs(actor, now, "role.define", None)?;
            let set: &[(&str, &str)] = match given.the("set") {
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
                    None => define(state, actor, RoleDefinition { id: (*id).to_owned(), on: Level::Assistant, grants })?,
                }
            }
        }
        "complete_review" => {
            state.needs(actor, now, "audit.view", None)?;
            if !state.is_admin(actor) {
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
        _ => return Ok(false),
    }
    Ok(true)
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
