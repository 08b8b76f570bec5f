//! Teams with their members, and projects.

use super::{Given, No, State, blocked, held_by, holdings, kept_end, no, sides, text, user_of};
use crate::common::naive;
use wicketgate::Level;
use wicketgate::document::{Holding, Project, Team};

/// Executes a command of this group; `false` for any other command.
pub(super) fn execute(state: &mut State, given: &Given<'_>) -> Result<bool, No> {
    let Given { actor, command, now, expires, requested, .. } = *given;
    match given.the("type") {
        "create_team" => {
            state.needs(actor, now, "team.create", None)?;
            state.may_choose_id(actor, command)?;
            let id = given.new_id("team");
            if state.team(&id).is_some() {
                return Err(no("already_exists"));
            }
            state.organization.teams.push(Team {
                id,
                name: given.name(),
                creator: user_of(actor).map(str::to_owned),
                members: Vec::new(),
            });
        }
        "edit_team" => {
            state.needs(actor, now, "team.edit", Some(("team", given.the("team"))))?;
            state.team_mut(given.the("team")).name = given.name();
        }
        "delete_team" => {
            state.needs(actor, now, "team.delete", Some(("team", given.the("team"))))?;
            let mut projects = state.projects_of(given.the("team"));
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
            state.organization.teams.retain(|team| team.id != given.the("team"));
        }
        "add_member" => {
            let (team, user, role) = (given.the("team"), given.the("user"), given.the("role"));
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
            let (team, user, role) = (given.the("team"), given.the("user"), given.the("role"));
            state.needs(actor, now, "team.manage_members", Some(("team", team)))?;
            let held: Vec<Holding> = held_by(&state.team(team).unwrap().members, user);
            if held.is_empty() {
                return Err(no("unknown_user"));
            }
            state.known_role(role, Level::Team)?;
            let expires = if requested { expires } else { kept_end(&held, role, now) };
            state.gives(actor, now, ("team", team), state.grants(role), expires)?;
            state.takes(actor, now, ("team", team), user, &held)?;
            let members = &mut state.team_mut(team).members;
            members.retain(|member| member.user != user);
            members.push(Holding { user: user.to_owned(), role: role.to_owned(), expires });
        }
        "remove_member" => {
            state.needs(actor, now, "team.manage_members", Some(("team", given.the("team"))))?;
            let members = &state.team(given.the("team")).unwrap().members;
            if !members.iter().any(|member| member.user == given.the("user")) {
                return Err(no("unknown_user"));
            }
            state.takes(actor, now, ("team", given.the("team")), given.the("user"), members)?;
            let members = &mut state.team_mut(given.the("team")).members;
            members.retain(|member| member.user != given.the("user"));
        }
        "set_members" => {
            let id = given.the("team");
            state.needs(actor, now, "team.manage_members", Some(("team", id)))?;
            let present = state.team(id).unwrap().members.clone();
            let wanted = holdings(&command["members"]);
            state.replaces(actor, now, ("team", id), &present, &wanted)?;
            state.team_mut(id).members = wanted;
        }
        "set_creator" => {
            let team = match (text(command, "team"), text(command, "project")) {
                (Some(team), None) => {
                    state.needs(actor, now, "team.manage_members", Some(("team", team)))?;
                    team.to_owned()
                }
                (None, Some(project)) => {
                    state.needs(actor, now, "team.manage_members", Some(("project", project)))?;
                    state.project(project).unwrap().team.clone()
                }
                _ => return Err(no("invalid_command")),
            };
            let (present, what) = match text(command, "project") {
                Some(project) => {
                    (state.project(project).unwrap().creator.clone(), vec!["project.view", "project.edit", "project.delete"])
                }
                None => (state.team(&team).unwrap().creator.clone(), state.grants("owner").into_iter().collect()),
            };
            let wanted = text(command, "creator");
            if present.as_deref() != wanted {
                if wanted.is_some() {
                    state.gives(actor, now, ("team", &team), what.iter().copied(), None)?;
                }
                let counts = present.as_ref().is_some_and(|present| {
                    let (user, row) = (state.user(present).unwrap(), state.team(&team).unwrap());
                    let creates = state.grants(&user.role).contains("team.create");
                    let acts = row.creator.as_ref() == Some(present) && creates;
                    acts || text(command, "project").is_some()
                        && held_by(&row.members, present).iter().any(|member| naive::live(member.expires, now))
                });
                let mut takers = actor.map(sides).unwrap_or_default();
                takers.retain(|side| counts && present.as_deref() != Some(side));
                if !takers.into_iter().all(|side| State::has_all(&state.organization, side, now, ("team", &team), &what)) {
                    return Err(no("beyond_own_role"));
                }
                if let Some(wanted) = wanted {
                    let member = !held_by(&state.team(&team).unwrap().members, wanted).is_empty();
                    state.receives(actor, now, wanted, member, Ok(()))?;
                }
            }
            match text(command, "project") {
                Some(project) => state.project_mut(project).creator = wanted.map(str::to_owned),
                None => state.team_mut(&team).creator = wanted.map(str::to_owned),
            }
        }
        "create_project" => {
            state.needs(actor, now, "project.create", Some(("team", given.the("team"))))?;
            state.may_choose_id(actor, command)?;
            let id = given.new_id("project");
            if state.project(&id).is_some() {
                return Err(no("already_exists"));
            }
            let project =
                Project { id, name: given.name(), team: given.the("team").to_owned(), creator: user_of(actor).map(str::to_owned) };
            state.organization.projects.push(project);
        }
        "edit_project" => {
            state.needs(actor, now, "project.edit", Some(("project", given.the("project"))))?;
            state.organization.projects.iter_mut().find(|project| project.id == given.the("project")).unwrap().name = given.name();
        }
        "delete_project" => {
            state.needs(actor, now, "project.delete", Some(("project", given.the("project"))))?;
            let assistants = state.assistants_of(given.the("project"));
            if !assistants.is_empty() && command["cascade"] != true {
                return Err(blocked("not_empty", state.known_to(actor, now, "assistant", assistants)));
            }
            state.deletes_all_in(actor, now, given.the("project"))?;
            state.delete_project(given.the("project"));
        }
        "move_project" => {
            let (id, to) = (given.the("project"), given.the("team"));
            state.needs(actor, now, "project.delete", Some(("project", id)))?;
            state.needs(actor, now, "project.create", Some(("team", to)))?;
            let mut staying = state.assistants_of(id);
            staying.retain(|assistant| state.needs(actor, now, "assistant.share", Some(("assistant", assistant))).is_err());
            // The plan does not keep the contents from the system.
            if actor.is_some() && !staying.is_empty() {
                return Err(blocked("not_empty", state.known_to(actor, now, "assistant", staying)));
            }
            let from = state.project(id).unwrap().team.clone();
            state.moves(actor, now, ("team", &from), (&from, to), |kind| kind != "organization")?;
            state.project_mut(id).team = to.to_owned();
        }
        _ => return Ok(false),
    }
    Ok(true)
}
