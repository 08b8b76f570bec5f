//! Invitations, first sign-ins and accounts.

use serde_json::json;

use super::{DAY, NOW, World, accepting};
use crate::authority::directory::Secret;
use crate::facts::Status;

#[test]
fn an_invitation_is_accepted_once() {
    let mut world = World::new();
    let command = json!({ "type": "invite_user", "email": "New@Acme.Example", "role": "application_admin", "id": "nia" });
    let result = world.accept("gina", command).result;
    let token = result.token.unwrap();
    assert_eq!((result.user.as_deref(), result.email.as_deref()), (Some("nia"), Some("new@acme.example")));
    assert_eq!((token.0.len(), token.0.starts_with("wi_")), (46, true));
    assert_eq!(world.directory.user("nia").unwrap().status, Status::Invited);
    let pending = world.directory.invitations();
    assert_eq!(pending[0].invited_by.as_deref(), Some("gina"));
    assert_eq!(pending[0].expires, NOW + 7 * DAY);
    assert_eq!(world.denied("nia", json!({ "type": "create_team", "name": "Hers" })), "inactive");

    assert_eq!(world.denied("gina", accepting(&token, "1", "new@acme.example")), "not_granted");
    assert_eq!(world.code("system", accepting(&token, "1", "other@acme.example")), "wrong_address");
    assert_eq!(world.code("system", accepting(&Secret("wi_none".to_owned()), "1", "new@acme.example")), "invitation_invalid");
    let accepted = world.accept("system", accepting(&token, "1", "NEW@acme.example"));
    assert_eq!(accepted.result.user.as_deref(), Some("nia"));
    assert_eq!(world.code("system", accepting(&token, "2", "new@acme.example")), "invitation_invalid");
    assert_eq!(world.directory.account("https://id.example", "1"), Some("nia"));
    assert!(world.directory.invitations().is_empty());
    world.accept("nia", json!({ "type": "create_team", "name": "Hers" }));
}

#[test]
fn an_invitation_expires_and_is_replaced() {
    let mut world = World::new();
    let (user, old) = world.invite("gina", "new@acme.example");
    assert_eq!(world.code("gina", json!({ "type": "invite_user", "email": "NEW@acme.example" })), "already_exists");
    assert_eq!(world.code("gina", json!({ "type": "invite_user", "email": "vic@acme.example" })), "already_exists");
    world.now += 7 * DAY;
    assert_eq!(world.code("system", accepting(&old, "1", "new@acme.example")), "invitation_expired");
    assert_eq!(world.code("gina", json!({ "type": "invite_user", "email": "new@acme.example", "id": "other" })), "already_exists");
    let (again, token) = world.invite("gina", "new@acme.example");
    assert_eq!(again, user);
    assert_eq!(world.code("system", accepting(&old, "1", "new@acme.example")), "invitation_invalid");
    world.accept("system", accepting(&token, "1", "new@acme.example"));
}

#[test]
fn resending_kills_the_old_token_and_revoking_the_user() {
    let mut world = World::new();
    let command = json!({ "type": "invite_user", "email": "new@acme.example", "expires_in": 60, "id": "nia" });
    let old = world.accept("gina", command).result.token.unwrap();
    world.accept("gina", json!({ "type": "add_member", "team": "support", "user": "nia", "role": "viewer" }));
    world.accept("gina", json!({ "type": "grant", "assistant": "site", "user": "nia", "role": "editor" }));
    world.now += 50;
    let new = world.accept("abe", json!({ "type": "resend_invitation", "user": "nia" })).result.token.unwrap();
    assert_eq!(world.directory.invitations()[0].expires, NOW + 110);
    assert_eq!(world.code("system", accepting(&old, "1", "new@acme.example")), "invitation_invalid");
    world.accept("abe", json!({ "type": "revoke_invitation", "user": "nia" }));
    assert_eq!(world.directory.user("nia"), None);
    assert_eq!(world.code("system", accepting(&new, "1", "new@acme.example")), "invitation_invalid");
    assert_eq!(world.code("abe", json!({ "type": "resend_invitation", "user": "vic" })), "unknown_invitation");
    assert_eq!(world.code("abe", json!({ "type": "revoke_invitation", "user": "nobody" })), "unknown_user");
    // The address is free again.
    world.invite("gina", "new@acme.example");
}

#[test]
fn inviting_is_bounded_by_the_inviters_own_role() {
    let mut world = World::new();
    let invite = |role: &str| json!({ "type": "invite_user", "email": "new@acme.example", "role": role });
    assert_eq!(world.code("abe", invite("global_admin")), "beyond_own_role");
    assert_eq!(world.code("abe", invite("auditor")), "beyond_own_role");
    assert_eq!(world.code("abe", invite("viewer")), "unknown_role");
    assert_eq!(world.denied("vic", invite("user")), "not_granted");
    assert_eq!(world.denied("sam", invite("user")), "inactive");
    assert_eq!(world.denied("nobody", invite("user")), "inactive");
    world.accept("abe", invite("application_admin"));
    // Nor may they change an invitation to a higher role.
    let command = json!({ "type": "invite_user", "email": "boss@acme.example", "role": "global_admin", "id": "boss" });
    world.accept("gina", command.clone());
    assert_eq!(world.code("abe", json!({ "type": "revoke_invitation", "user": "boss" })), "beyond_own_role");
    assert_eq!(world.code("abe", json!({ "type": "resend_invitation", "user": "boss" })), "beyond_own_role");
    world.now += 8 * DAY;
    assert_eq!(world.code("abe", json!({ "type": "invite_user", "email": "boss@acme.example" })), "beyond_own_role");
}

#[test]
fn a_first_sign_in_makes_a_user() {
    let mut world = World::new();
    let join =
        |subject: &str, email: &str| json!({ "type": "join", "issuer": "https://id.example", "subject": subject, "email": email });
    let user = world.accept("system", join("1", "New@acme.example")).result.user.unwrap();
    let joined = world.directory.user(&user).unwrap();
    assert_eq!((joined.role.as_str(), joined.status, joined.email.as_deref()), ("user", Status::Active, Some("new@acme.example")));
    assert_eq!(world.directory.user_at("NEW@acme.example"), Some(user.as_str()));
    assert_eq!(world.code("system", join("1", "new2@acme.example")), "already_exists");
    assert_eq!(world.code("system", join("2", "VIC@acme.example")), "already_exists");
    world.invite("gina", "later@acme.example");
    let refusal = world.refuse("system", join("3", "later@acme.example"));
    assert_eq!((refusal.code.name(), refusal.message.contains("invited")), ("already_exists", true));
    assert_eq!(world.denied("gina", join("4", "x@acme.example")), "not_granted");
    assert_eq!(world.denied("sam", join("4", "x@acme.example")), "inactive");
}

#[test]
fn an_account_belongs_to_one_user() {
    let mut world = World::new();
    let link = |user: &str, subject: &str| json!({ "type": "link_account", "user": user, "issuer": "https://id.example", "subject": subject });
    world.accept("system", link("vic", "1"));
    assert_eq!(world.directory.account("https://id.example", "1"), Some("vic"));
    assert_eq!(world.code("system", link("ed", "1")), "already_exists");
    assert_eq!(world.code("system", link("sam", "2")), "inactive_user");
    assert_eq!(world.code("system", link("nobody", "2")), "unknown_user");
    assert_eq!(world.denied("gina", link("ed", "2")), "not_granted");
    // Another account takes the place of the first.
    world.accept("system", link("vic", "2"));
    assert_eq!(world.directory.account("https://id.example", "1"), None);
}
