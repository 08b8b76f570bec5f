//! Users: invitations, accounts, roles, suspension, removal.

use super::{Account, DAY, Given, Invitation, No, State, blocked, fold, no, text, user_of};
use crate::common::naive::digest_of;
use serde_json::Value;
use wicketgate::document::User;
use wicketgate::{Level, Status};

/// Executes a command of this group; `false` for any other command.
pub(super) fn execute(state: &mut State, given: &Given<'_>) -> Result<bool, No> {
    let Given { actor, command, now, .. } = *given;
    match given.the("type") {
        "invite_user" => {
            let (email, role) = (fold(given.the("email")), text(command, "role").unwrap_or("user"));
            state.needs(actor, now, "user.invite", None)?;
            state.may_choose_id(actor, command)?;
            state.known_role(role, Level::Organization)?;
            state.bounded(actor, state.grants(role))?;
            let expires = now + command["expires_in"].as_u64().unwrap_or(7 * DAY);
            let id = match state.at(&email) {
                // A user whose invitation has expired is invited again, as the same user.
                Some(user) => {
                    let live = state.invitations.iter().any(|invitation| invitation.user == user.id && now < invitation.expires);
                    if user.status != Status::Invited || live {
                        return Err(no("already_exists"));
                    }
                    state.bounded(actor, state.grants(&user.role))?;
                    let id = user.id.clone();
                    if text(command, "id").is_some_and(|given| given != id) {
                        return Err(no("already_exists"));
                    }
                    state.invitations.retain(|invitation| invitation.user != id);
                    state.user_mut(&id).role = role.to_owned();
                    id
                }
                None => {
                    let id = given.new_id("user");
                    if state.user(&id).is_some() {
                        return Err(no("already_exists"));
                    }
                    let email = Some(email.clone());
                    state.organization.users.push(User {
                        id: id.clone(),
                        role: role.to_owned(),
                        status: Status::Invited,
                        email,
                        name: None,
                    });
                    id
                }
            };
            let digest = given.secret("token");
            let (role, invited_by) = (role.to_owned(), user_of(actor).map(str::to_owned));
            state.invitations.push(Invitation { user: id, email, role, digest, invited_by, invited_at: now, expires });
        }
        "resend_invitation" => {
            state.needs(actor, now, "user.invite", None)?;
            let user = state.invited(actor, now, given.the("user"))?.clone();
            let old =
                state.invitations.iter().position(|invitation| invitation.user == user.id).map(|at| state.invitations.remove(at));
            // The life of the invitation stays the same.
            let expires = now + old.map_or(7 * DAY, |old| old.expires - old.invited_at);
            let (email, digest) = (user.email.ok_or(no("unknown_invitation"))?, given.secret("token"));
            let (user, role, invited_by) = (user.id, user.role, user_of(actor).map(str::to_owned));
            state.invitations.push(Invitation { user, email, role, digest, invited_by, invited_at: now, expires });
        }
        "revoke_invitation" => {
            state.needs(actor, now, "user.invite", None)?;
            state.invited(actor, now, given.the("user"))?;
            let owned = state.owned(given.the("user"));
            if !owned.is_empty() {
                return Err(blocked("owns_assistants", owned));
            }
            state.forget(given.the("user"));
        }
        "accept_invitation" => {
            state.system_only(actor)?;
            let digest = digest_of(given.the("token"));
            let Some(at) = state.invitations.iter().position(|invitation| invitation.digest == digest) else {
                return Err(no("invitation_invalid"));
            };
            let invitation = state.invitations[at].clone();
            if now >= invitation.expires {
                return Err(no("invitation_expired"));
            }
            if fold(given.the("email")) != invitation.email {
                return Err(no("wrong_address"));
            }
            if state.account(given.the("issuer"), given.the("subject")).is_some() {
                return Err(no("already_exists"));
            }
            state.invitations.remove(at);
            state.user_mut(&invitation.user).status = Status::Active;
            let (issuer, subject) = (given.the("issuer").to_owned(), given.the("subject").to_owned());
            state.accounts.push(Account { user: invitation.user, issuer, subject });
        }
        "join" => {
            state.system_only(actor)?;
            if state.account(given.the("issuer"), given.the("subject")).is_some() {
                return Err(no("already_exists"));
            }
            if state.at(&fold(given.the("email"))).is_some() {
                return Err(no("already_exists"));
            }
            let id = given.new_id("user");
            if state.user(&id).is_some() {
                return Err(no("already_exists"));
            }
            let user = User {
                id: id.clone(),
                role: "user".to_owned(),
                status: Status::Active,
                email: Some(fold(given.the("email"))),
                name: None,
            };
            state.organization.users.push(user);
            state.accounts.push(Account {
                user: id,
                issuer: given.the("issuer").to_owned(),
                subject: given.the("subject").to_owned(),
            });
        }
        "link_account" => {
            state.system_only(actor)?;
            let user = state.known_user(given.the("user"))?;
            if user.status != Status::Active {
                return Err(no("inactive_user"));
            }
            if state.account(given.the("issuer"), given.the("subject")).is_some() {
                return Err(no("already_exists"));
            }
            // A user has one account.
            state.accounts.retain(|account| account.user != given.the("user"));
            state.accounts.push(Account {
                user: given.the("user").to_owned(),
                issuer: given.the("issuer").to_owned(),
                subject: given.the("subject").to_owned(),
            });
        }
        "create_user" => {
            let (email, role) = (fold(given.the("email")), text(command, "role").unwrap_or("user"));
            state.needs(actor, now, "user.invite", None)?;
            state.may_choose_id(actor, command)?;
            state.known_role(role, Level::Organization)?;
            state.bounded(actor, state.grants(role))?;
            let present = state.at(&email).cloned();
            if let Some(user) = &present {
                if user.status != Status::Invited {
                    return Err(no("already_exists"));
                }
                state.bounded(actor, state.grants(&user.role))?;
                if text(command, "id").is_some_and(|given| given != user.id) {
                    return Err(no("already_exists"));
                }
            }
            let id = present.as_ref().map_or_else(|| given.new_id("user"), |user| user.id.clone());
            if present.is_none() && state.user(&id).is_some() {
                return Err(no("already_exists"));
            }
            let name = given.name().or(present.and_then(|user| user.name));
            state.invitations.retain(|invitation| invitation.user != id);
            state.organization.users.retain(|user| user.id != id);
            state.organization.users.push(User { id, role: role.to_owned(), status: Status::Active, email: Some(email), name });
        }
        "edit_user" => {
            state.needs(actor, now, "user.remove", None)?;
            let user = state.known_user(given.the("user"))?.clone();
            state.bounded(actor, state.grants(&user.role))?;
            let email = command.get("email").map(|email| email.as_str().map(fold));
            if email.is_some() && user.status == Status::Invited {
                return Err(no("inactive_user"));
            }
            if let Some(Some(email)) = &email
                && state.at(email).is_some_and(|other| other.id != user.id)
            {
                return Err(no("already_exists"));
            }
            let changed = state.user_mut(&user.id);
            changed.email = email.unwrap_or(user.email);
            changed.name = command.get("name").map_or(user.name, |name| name.as_str().map(str::to_owned));
        }
        "assign_role" => {
            state.needs(actor, now, "user.assign_role", None)?;
            let present = state.known_user(given.the("user"))?.role.clone();
            state.known_role(given.the("role"), Level::Organization)?;
            if user_of(actor) == Some(given.the("user")) {
                return Err(no("own_role"));
            }
            state.bounded(actor, state.grants(&present).union(&state.grants(given.the("role"))).copied())?;
            if given.the("role") != "global_admin" {
                state.not_the_last(given.the("user"))?;
            }
            state.user_mut(given.the("user")).role = given.the("role").to_owned();
            for invitation in state.invitations.iter_mut().filter(|invitation| invitation.user == given.the("user")) {
                invitation.role = given.the("role").to_owned();
            }
        }
        kind @ ("suspend_user" | "reactivate_user") => {
            state.needs(actor, now, "user.remove", None)?;
            let user = state.known_user(given.the("user"))?;
            let (role, invited) = (user.role.clone(), user.status == Status::Invited);
            state.bounded(actor, state.grants(&role))?;
            if kind == "suspend_user" {
                state.not_the_last(given.the("user"))?;
            }
            // An invited user can be neither suspended nor reactivated.
            if invited {
                return Err(no("inactive_user"));
            }
            state.user_mut(given.the("user")).status = if kind == "suspend_user" { Status::Suspended } else { Status::Active };
        }
        "sign_out_user" => {
            state.needs(actor, now, "user.remove", None)?;
            let user = state.known_user(given.the("user"))?;
            let (role, invited) = (user.role.clone(), user.status == Status::Invited);
            state.bounded(actor, state.grants(&role))?;
            if invited {
                return Err(no("inactive_user"));
            }
        }
        "remove_user" => {
            state.needs(actor, now, "user.remove", None)?;
            let role = state.known_user(given.the("user"))?.role.clone();
            let owned = state.owned(given.the("user"));
            let nobody = serde_json::Map::new();
            let successors = command["successors"].as_object().unwrap_or(&nobody);
            if successors.keys().any(|assistant| !owned.contains(assistant)) {
                return Err(no("unknown_assistant"));
            }
            let rest = text(command, "successor");
            let heirs: Vec<&str> = successors.values().filter_map(Value::as_str).chain(rest).collect();
            state.bounded(actor, state.grants(&role))?;
            state.not_the_last(given.the("user"))?;
            let heir = |assistant: &String| successors.get(assistant).and_then(Value::as_str).or(rest);
            let left: Vec<String> = owned.iter().filter(|assistant| heir(assistant).is_none()).cloned().collect();
            if !left.is_empty() {
                return Err(blocked("owns_assistants", left));
            }
            for heir in &heirs {
                state.receives(actor, now, heir, false, state.active(heir))?;
            }
            for assistant in owned {
                state.assistant_mut(&assistant).owner = heir(&assistant).map(str::to_owned);
            }
            state.forget(given.the("user"));
        }
        _ => return Ok(false),
    }
    Ok(true)
}
