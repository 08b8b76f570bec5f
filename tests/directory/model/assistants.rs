//! Assistants, grants, links and embedding.

use super::{Given, No, State, held_by, holdings, kept_end, no, text, user_of};
use crate::common::naive;
use wicketgate::document::{Assistant, Embed, Holding, Link};
use wicketgate::{Accessibility, Level, LinkLevel};

/// Executes a command of this group; `false` for any other command.
pub(super) fn execute(state: &mut State, given: &Given<'_>) -> Result<bool, No> {
    let Given { actor, command, now, expires, requested, .. } = *given;
    match given.the("type") {
        "create_assistant" => {
            state.needs(actor, now, "assistant.create", Some(("project", given.the("project"))))?;
            state.may_choose_id(actor, command)?;
            // An assistant needs an owner.
            let Some(owner) = text(command, "owner").or(user_of(actor)) else { return Err(no("invalid_command")) };
            // An accessibility other than Only Me shares the assistant.
            let opened = text(command, "accessibility").is_some_and(|level| level != "only_me");
            let given_away = Some(owner) != user_of(actor);
            let withheld = actor.is_some()
                && state.organization.plan.iter().any(|plan| plan.withholds.iter().any(|one| one == "assistant.share"));
            if (opened || given_away) && withheld {
                return Err(No {
                    capability: Some("assistant.share".to_owned()),
                    denied: Some("plan".to_owned()),
                    ..no("not_allowed")
                });
            }
            let id = given.new_id("assistant");
            if state.assistant(&id).is_some() {
                return Err(no("already_exists"));
            }
            if given_away {
                state.receives(actor, now, owner, false, state.active(owner))?;
            }
            state.organization.assistants.push(Assistant {
                id,
                name: given.name(),
                project: Some(given.the("project").to_owned()),
                owner: Some(owner.to_owned()),
                accessibility: accessibility(text(command, "accessibility").unwrap_or("only_me")),
                grants: Vec::new(),
                links: Vec::new(),
                embed: None,
            });
        }
        "edit_assistant" => {
            state.needs(actor, now, "assistant.edit", Some(("assistant", given.the("assistant"))))?;
            state.assistant_mut(given.the("assistant")).name = given.name();
        }
        "delete_assistant" => {
            state.needs(actor, now, "assistant.delete", Some(("assistant", given.the("assistant"))))?;
            state.organization.assistants.retain(|assistant| assistant.id != given.the("assistant"));
        }
        "move_assistant" => {
            let (id, to) = (given.the("assistant"), given.the("project"));
            state.needs(actor, now, "assistant.share", Some(("assistant", id)))?;
            state.needs(actor, now, "assistant.create", Some(("project", to)))?;
            let team = |project: &str| state.project(project).unwrap().team.clone();
            let (from, into) = (team(state.assistant(id).unwrap().project.as_deref().unwrap()), team(to));
            state.moves(actor, now, ("assistant", id), (&from, &into), |kind| kind == "assistant")?;
            state.assistant_mut(id).project = Some(to.to_owned());
        }
        "transfer_assistant" => {
            state.needs(actor, now, "assistant.share", Some(("assistant", given.the("assistant"))))?;
            state.gives(actor, now, ("assistant", given.the("assistant")), naive::owner_holds(), None)?;
            state.receives(actor, now, given.the("user"), false, state.active(given.the("user")))?;
            state.assistant_mut(given.the("assistant")).owner = Some(given.the("user").to_owned());
        }
        "set_accessibility" => {
            state.needs(actor, now, "assistant.share", Some(("assistant", given.the("assistant"))))?;
            state.assistant_mut(given.the("assistant")).accessibility = accessibility(given.the("accessibility"));
        }
        "grant" => {
            let (id, user, role) = (given.the("assistant"), given.the("user"), given.the("role"));
            state.needs(actor, now, "assistant.share", Some(("assistant", id)))?;
            state.known_role(role, Level::Assistant)?;
            let assistant = state.assistant(id).unwrap();
            let granted = held_by(&assistant.grants, user);
            let same: Vec<Holding> = granted.iter().filter(|grant| grant.role == role).cloned().collect();
            let expires = if requested { expires } else { kept_end(&same, role, now) };
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
            state.needs(actor, now, "assistant.share", Some(("assistant", given.the("assistant"))))?;
            if let Some(role) = text(command, "role") {
                state.known_role(role, Level::Assistant)?;
            }
            let grants = &state.assistant(given.the("assistant")).unwrap().grants;
            if !grants.iter().any(|grant| grant.user == given.the("user")) {
                return Err(no("unknown_user"));
            }
            let of =
                |grant: &Holding| grant.user == given.the("user") && text(command, "role").is_none_or(|role| grant.role == role);
            let taken: Vec<Holding> = grants.iter().filter(|grant| of(grant)).cloned().collect();
            if taken.is_empty() {
                return Err(no("unknown_role"));
            }
            state.takes(actor, now, ("assistant", given.the("assistant")), given.the("user"), &taken)?;
            let grants = &mut state.assistant_mut(given.the("assistant")).grants;
            grants.retain(|grant| !of(grant));
        }
        "set_grants" => {
            let id = given.the("assistant");
            state.needs(actor, now, "assistant.share", Some(("assistant", id)))?;
            let present = state.assistant(id).unwrap().grants.clone();
            let wanted = holdings(&command["grants"]);
            state.replaces(actor, now, ("assistant", id), &present, &wanted)?;
            state.assistant_mut(id).grants = wanted;
        }
        "set_expiry" => {
            let named = ["team", "assistant", "user", "link"].map(|field| text(command, field));
            let role = text(command, "role");
            match named {
                [Some(team), None, Some(user), None] => {
                    state.needs(actor, now, "team.manage_members", Some(("team", team)))?;
                    let held = held_by(&state.team(team).unwrap().members, user);
                    state.lasts(actor, now, ("team", team), &held, role, expires)?;
                    set_ends(&mut state.team_mut(team).members, user, role, expires);
                }
                [None, Some(id), Some(user), None] => {
                    state.needs(actor, now, "assistant.share", Some(("assistant", id)))?;
                    let held = held_by(&state.assistant(id).unwrap().grants, user);
                    state.lasts(actor, now, ("assistant", id), &held, role, expires)?;
                    set_ends(&mut state.assistant_mut(id).grants, user, role, expires);
                }
                [None, Some(id), None, Some(link)] if role.is_none() => {
                    state.needs(actor, now, "assistant.share", Some(("assistant", id)))?;
                    let links = &state.assistant(id).unwrap().links;
                    let level = links.iter().find(|one| one.id == link).ok_or(no("unknown_link"))?.level;
                    state.gives(actor, now, ("assistant", id), naive::link_gives(level), expires)?;
                    state.assistant_mut(id).links.iter_mut().find(|one| one.id == link).unwrap().expires = expires;
                }
                _ => return Err(no("invalid_command")),
            }
        }
        "create_link" => {
            let id = given.the("assistant");
            state.needs(actor, now, "assistant.share", Some(("assistant", id)))?;
            state.may_choose_id(actor, command)?;
            let digest = text(command, "digest");
            if digest.is_some() && !state.is_admin(actor) {
                return Err(no("beyond_own_role"));
            }
            let level = if given.the("level") == "view" { LinkLevel::View } else { LinkLevel::Edit };
            state.gives(actor, now, ("assistant", id), naive::link_gives(level), expires)?;
            match state.assistant(id).unwrap().accessibility {
                _ if digest.is_some() => {}
                Accessibility::OnlyMe => return Err(no("only_me")),
                Accessibility::OnlyTeam => return Err(no("only_team")),
                Accessibility::Public => {}
            }
            let link = given.new_id("link");
            let links = &mut state.assistant_mut(id).links;
            if links.iter().any(|other| other.id == link) {
                return Err(no("already_exists"));
            }
            links.push(Link { id: link, level, digest: Some(digest.map_or_else(|| given.secret("key"), str::to_owned)), expires });
        }
        "revoke_link" => {
            state.needs(actor, now, "assistant.share", Some(("assistant", given.the("assistant"))))?;
            let links = &mut state.assistant_mut(given.the("assistant")).links;
            if !links.iter().any(|link| link.id == given.the("link")) {
                return Err(no("unknown_link"));
            }
            links.retain(|link| link.id != given.the("link"));
        }
        "set_embed" => {
            state.needs(actor, now, "assistant.share", Some(("assistant", given.the("assistant"))))?;
            let origins = command["origins"].as_array();
            let origins = origins.map(|origins| origins.iter().map(|origin| origin.as_str().unwrap().to_owned()).collect());
            state.assistant_mut(given.the("assistant")).embed = origins.map(|origins| Embed { origins });
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Gives another end to what a user holds: one role or all.
fn set_ends(held: &mut [Holding], user: &str, role: Option<&str>, expires: Option<u64>) {
    let named = held.iter_mut().filter(|one| one.user == user && role.is_none_or(|role| one.role == role));
    named.for_each(|one| one.expires = expires);
}

fn accessibility(level: &str) -> Accessibility {
    match level {
        "only_me" => Accessibility::OnlyMe,
        "only_team" => Accessibility::OnlyTeam,
        _ => Accessibility::Public,
    }
}
