//! Who may give which command: every command from every kind of actor, compared with a table written by hand from the rules.

use std::collections::{BTreeMap, BTreeSet};

use super::adapter::{self, Directory};
use super::model::{self, No, State};
use crate::common::naive::digest_of;
use serde_json::{Value, json};
use wicketgate::document::Organization;

const NOW: u64 = 1_790_000_000;

/// The actors of the table.
///
/// | | organization role | on team `t`, its projects, and the assistants `m` (only me), `o` (only team), `b` (public) of project `p` |
/// |---|---|---|
/// | ga, aa, us | global_admin, application_admin, user | |
/// | hd, kp, df, st | helpdesk, keeper, definer, settler: see `organization` | |
/// | to, tv, tt, tl | user | owner for another second, viewer, trainer of `t`, lapsed owner of `t` |
/// | tx | user | owner of another team |
/// | tc, td | application_admin, user | created `t`, created `d` |
/// | pc, po | user | viewer of `t` who created `p`, outsider who created `q` |
/// | ao, ed, sh, el | user | outsiders: owner, editor, sharer, lapsed editor of `m`, `o` and `b` |
/// | et, si | user | viewers of `t`: editor, sharer for another second of `m`, `o` and `b` |
/// | ke | keeper | outsider: editor of `m`, `o` and `b` |
/// | iv, sp | global_admin | invited, suspended |
const EVERYBODY: &str = "system ga aa us hd kp df st to tv tt tl tx tc td pc po ao ed sh el et si ke iv sp nobody";
/// Actors who hold nothing anywhere.
const INACTIVE: &str = "iv sp nobody";
/// Actors who hold nothing on `t`, `p` and `q`.
const OUTSIDE: &str = "aa hd df st us tl tx td po ao ed sh el";
/// Actors who hold nothing on `o`. Its owner holds something, although an outsider.
const OUTSIDE_O: &str = "aa hd df st us tl tx td po ed sh el";
/// Actors who hold nothing on `m`.
const OUTSIDE_M: &str = "aa us hd kp df st to tv tt tl tx tc td pc po ed sh el et si ke";
/// Actors who hold nothing on `d`. Its creator is among them, who is a `user` now.
const OUTSIDE_D: &str = "aa us hd df st to tv tt tl tx tc td pc po ao ed sh el et si";
/// Actors other than the system.
const PEOPLE: &str = "ga aa us hd kp df st to tv tt tl tx tc td pc po ao ed sh el et si ke iv sp nobody";

fn organization() -> Organization {
    let grants = json!([
        { "user": "ed", "role": "editor" },
        { "user": "et", "role": "editor" },
        { "user": "ke", "role": "editor" },
        { "user": "el", "role": "editor", "expires": NOW },
        { "user": "sh", "role": "sharer" },
        { "user": "si", "role": "sharer", "expires": NOW + 1 },
    ]);
    let assistant = |id: &str, accessibility: &str| {
        let links = json!([{ "id": "l1", "level": "view", "digest": digest_of("key") }]);
        json!({ "id": id, "project": "p", "owner": "ao", "accessibility": accessibility, "grants": grants, "links": links })
    };
    serde_json::from_value(json!({
        "id": "acme",
        "roles": [
            { "id": "helpdesk", "on": "organization", "grants": ["user.invite", "user.assign_role", "user.remove"] },
            { "id": "keeper", "on": "organization", "grants": [
                "team.view", "team.edit", "team.manage_members", "project.view", "project.edit", "assistant.view", "assistant.share"] },
            { "id": "definer", "on": "organization", "grants": ["role.define", "audit.view"] },
            { "id": "settler", "on": "organization", "grants": ["settings.manage"] },
            { "id": "spare", "on": "organization", "grants": ["assistant.view"] },
            { "id": "trainer", "on": "team", "grants": [
                "team.view", "team.manage_members", "project.create", "project.view", "project.edit", "assistant.edit"] },
            { "id": "crew", "on": "team", "grants": ["team.view"] },
            { "id": "idle", "on": "team", "grants": [] },
            { "id": "runner", "on": "team", "grants": ["evaluation.run"] },
            { "id": "sharer", "on": "assistant", "grants": ["assistant.view", "assistant.share"] },
            { "id": "peek", "on": "assistant", "grants": ["assistant.view"] },
            { "id": "prober", "on": "assistant", "grants": ["evaluation.run"] },
        ],
        "users": [
            { "id": "ga", "role": "global_admin" }, { "id": "gb", "role": "global_admin" },
            { "id": "aa", "role": "application_admin" }, { "id": "us", "role": "user" },
            { "id": "hd", "role": "helpdesk" }, { "id": "kp", "role": "keeper" }, { "id": "df", "role": "definer" },
            { "id": "st", "role": "settler" },
            { "id": "to", "role": "user" }, { "id": "tv", "role": "user" }, { "id": "tt", "role": "user" }, { "id": "tl", "role": "user" },
            { "id": "tx", "role": "user" }, { "id": "tc", "role": "application_admin" }, { "id": "td", "role": "user" },
            { "id": "pc", "role": "user" }, { "id": "po", "role": "user" },
            { "id": "ao", "role": "user" }, { "id": "ed", "role": "user" }, { "id": "sh", "role": "user" }, { "id": "el", "role": "user" },
            { "id": "et", "role": "user" }, { "id": "si", "role": "user" }, { "id": "ke", "role": "keeper" },
            { "id": "iv", "role": "global_admin", "status": "invited" }, { "id": "sp", "role": "global_admin", "status": "suspended" },
            { "id": "su", "role": "user", "status": "suspended" },
        ],
        "teams": [
            { "id": "t", "creator": "tc", "members": [
                { "user": "to", "role": "owner", "expires": NOW + 1 }, { "user": "tv", "role": "viewer" }, { "user": "tt", "role": "trainer" },
                { "user": "tl", "role": "owner", "expires": NOW }, { "user": "pc", "role": "viewer" }, { "user": "et", "role": "viewer" },
                { "user": "si", "role": "viewer" }, { "user": "sp", "role": "owner" }, { "user": "iv", "role": "owner" }] },
            { "id": "d", "creator": "td" },
            { "id": "x", "members": [{ "user": "tx", "role": "owner" }] },
        ],
        "projects": [
            { "id": "p", "team": "t", "creator": "pc" },
            { "id": "q", "team": "t", "creator": "po" },
        ],
        "assistants": [assistant("m", "only_me"), assistant("o", "only_team"), assistant("b", "public")],
    }))
    .unwrap()
}

/// An organization with an invited user `pa` and an API key `k`, each with the role `user`, and a webhook.
fn founded_from(organization: &Organization) -> Directory {
    let mut directory = Directory::found(organization, NOW);
    directory.execute(None, &json!({ "type": "invite_user", "email": "pa@acme.example", "id": "pa" }), NOW).unwrap();
    directory.execute(None, &webhook(), NOW).unwrap();
    directory.execute(None, &key_of_user(), NOW).unwrap();
    directory
}

fn key_of_user() -> Value {
    json!({ "type": "create_api_key", "name": "Sync", "role": "user", "scopes": ["read"], "id": "k" })
}

/// The organization with another invited user: `pb` as a global admin.
fn founded() -> (Directory, String) {
    let mut directory = founded_from(&organization());
    let command = json!({ "type": "invite_user", "email": "pb@acme.example", "id": "pb", "role": "global_admin" });
    let token = directory.execute(None, &command, NOW).unwrap().1["token"].as_str().unwrap().to_owned();
    (directory, token)
}

/// A command and its outcomes: actors who may give it; actors who are refused, by code; actors who are not allowed, by reason.
/// All other actors are denied as `not_granted`; inactive ones as `inactive`.
struct Row(Value, &'static str, &'static [(&'static str, &'static str)], &'static [(&'static str, &'static str)]);

fn table(token: &str) -> Vec<Row> {
    const BEYOND: &str = "beyond_own_role";
    const UNSEEN: &str = "unknown_target";
    let row = Row;
    let invite = |role: &str| json!({ "type": "invite_user", "email": "new@acme.example", "role": role });
    let assign = |user: &str, role: &str| json!({ "type": "assign_role", "user": user, "role": role });
    let user = |kind: &str, user: &str| json!({ "type": kind, "user": user });
    let define = |id: &str, on: &str, grants: &[&str]| json!({ "type": "define_role", "id": id, "on": on, "grants": grants });
    let member = |kind: &str, user: &str, role: &str| json!({ "type": kind, "team": "t", "user": user, "role": role });
    let on = |kind: &str, assistant: &str| json!({ "type": kind, "assistant": assistant });
    let with = |mut command: Value, more: Value| {
        command.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        command
    };
    let for_ = |command, seconds: u64| with(command, json!({ "expires": NOW + seconds }));
    let remove_member = |user: &str| json!({ "type": "remove_member", "team": "t", "user": user });
    let edit = |assistant| with(on("edit_assistant", assistant), json!({ "name": "New" }));
    let transfer = |assistant| with(on("transfer_assistant", assistant), json!({ "user": "us" }));
    let open = |assistant| with(on("set_accessibility", assistant), json!({ "accessibility": "only_team" }));
    let embed = |assistant| with(on("set_embed", assistant), json!({ "origins": ["https://docs.acme.example"] }));
    let grant = |assistant, user: &str, role: &str| with(on("grant", assistant), json!({ "user": user, "role": role }));
    let revoke = |assistant, user: &str| with(on("revoke_grant", assistant), json!({ "user": user }));
    let link = |assistant, level: &str| with(on("create_link", assistant), json!({ "level": level }));
    let unlink = |assistant| with(on("revoke_link", assistant), json!({ "link": "l1" }));
    let account = |kind: &str, more: Value| with(json!({ "type": kind, "issuer": "https://id.example", "subject": "1" }), more);
    vec![
        // People. Application admins act on people within their own powers; `tc` is one.
        row(invite("user"), "system ga aa tc hd", &[], &[]),
        row(json!({ "type": "invite_user", "email": "new@acme.example" }), "system ga aa tc hd", &[], &[]),
        row(invite("application_admin"), "system ga aa tc", &[(BEYOND, "hd")], &[]),
        row(invite("global_admin"), "system ga", &[(BEYOND, "aa tc hd")], &[]),
        row(invite("helpdesk"), "system ga aa tc hd", &[], &[]),
        row(invite("keeper"), "system ga", &[(BEYOND, "aa tc hd")], &[]),
        row(user("resend_invitation", "pa"), "system ga aa tc hd", &[], &[]),
        row(user("resend_invitation", "pb"), "system ga", &[(BEYOND, "aa tc hd")], &[]),
        row(user("revoke_invitation", "pa"), "system ga aa tc hd", &[], &[]),
        row(user("revoke_invitation", "pb"), "system ga", &[(BEYOND, "aa tc hd")], &[]),
        row(
            account("accept_invitation", json!({ "token": token, "email": "pb@acme.example" })),
            "system",
            &[("not_allowed", PEOPLE)],
            &[],
        ),
        row(account("join", json!({ "email": "new@acme.example" })), "system", &[("not_allowed", PEOPLE)], &[]),
        row(account("link_account", json!({ "user": "us" })), "system", &[("not_allowed", PEOPLE)], &[]),
        row(json!({ "type": "begin_epoch", "epoch": 1 }), "system", &[("not_allowed", PEOPLE)], &[]),
        row(assign("us", "user"), "system ga aa tc hd", &[], &[]),
        row(assign("us", "application_admin"), "system ga aa tc", &[(BEYOND, "hd")], &[]),
        row(assign("us", "global_admin"), "system ga", &[(BEYOND, "aa tc hd")], &[]),
        row(assign("us", "helpdesk"), "system ga aa tc hd", &[], &[]),
        row(assign("us", "keeper"), "system ga", &[(BEYOND, "aa tc hd")], &[]),
        row(assign("aa", "user"), "system ga tc", &[("own_role", "aa"), (BEYOND, "hd")], &[]),
        row(assign("hd", "user"), "system ga aa tc", &[("own_role", "hd")], &[]),
        row(assign("kp", "user"), "system ga", &[(BEYOND, "aa tc hd")], &[]),
        row(assign("ga", "user"), "system", &[("own_role", "ga"), (BEYOND, "aa tc hd")], &[]),
        row(assign("gb", "user"), "system ga", &[(BEYOND, "aa tc hd")], &[]),
        row(assign("iv", "user"), "system ga", &[(BEYOND, "aa tc hd")], &[]),
        row(user("suspend_user", "us"), "system ga aa tc hd", &[], &[]),
        row(user("suspend_user", "aa"), "system ga aa tc", &[(BEYOND, "hd")], &[]),
        row(user("suspend_user", "gb"), "system ga", &[(BEYOND, "aa tc hd")], &[]),
        row(user("reactivate_user", "su"), "system ga aa tc hd", &[], &[]),
        row(user("reactivate_user", "sp"), "system ga", &[(BEYOND, "aa tc hd")], &[]),
        row(user("sign_out_user", "us"), "system ga aa tc hd", &[], &[]),
        row(user("sign_out_user", "aa"), "system ga aa tc", &[(BEYOND, "hd")], &[]),
        row(user("sign_out_user", "gb"), "system ga", &[(BEYOND, "aa tc hd")], &[]),
        row(user("remove_user", "us"), "system ga aa tc hd", &[], &[]),
        row(user("remove_user", "st"), "system ga aa tc", &[(BEYOND, "hd")], &[]),
        row(user("remove_user", "kp"), "system ga", &[(BEYOND, "aa tc hd")], &[]),
        row(user("remove_user", "gb"), "system ga", &[(BEYOND, "aa tc hd")], &[]),
        row(user("remove_user", "ao"), "", &[("owns_assistants", "system ga aa tc hd")], &[]),
        row(with(user("remove_user", "ao"), json!({ "successor": "us" })), "system ga aa tc hd", &[], &[]),
        // Roles and plan.
        row(define("new", "assistant", &["assistant.view"]), "system ga", &[(BEYOND, "df")], &[]),
        row(define("new", "organization", &["audit.view"]), "system ga df", &[], &[]),
        row(define("new", "team", &[]), "system ga df", &[], &[]),
        row(define("peek", "assistant", &[]), "system ga", &[(BEYOND, "df")], &[]),
        row(json!({ "type": "delete_role", "role": "spare" }), "system ga", &[(BEYOND, "df")], &[]),
        row(json!({ "type": "delete_role", "role": "idle" }), "system ga df", &[], &[]),
        // An actor without the role must not learn who holds it.
        row(json!({ "type": "delete_role", "role": "sharer" }), "", &[("in_use", "system ga"), (BEYOND, "df")], &[]),
        row(json!({ "type": "apply_role_set", "set": "assigned_agents" }), "system ga", &[(BEYOND, "df")], &[]),
        row(json!({ "type": "apply_role_set", "set": "built_in" }), "system ga df", &[], &[]),
        // The plan is what the organization bought: no user changes it.
        row(json!({ "type": "set_plan", "withholds": ["analytics.view"] }), "system", &[("not_allowed", PEOPLE)], &[]),
        // A review needs an actor who sees everything.
        row(json!({ "type": "complete_review", "note": "Fine." }), "system ga", &[(BEYOND, "df")], &[]),
        // Teams.
        row(json!({ "type": "create_team", "name": "New" }), "system ga aa tc", &[], &[]),
        row(json!({ "type": "edit_team", "team": "t", "name": "New" }), "system ga kp ke to tc", &[], &[(UNSEEN, OUTSIDE)]),
        row(json!({ "type": "edit_team", "team": "d", "name": "New" }), "system ga kp ke", &[], &[(UNSEEN, OUTSIDE_D)]),
        row(
            json!({ "type": "delete_team", "team": "t", "cascade": true }),
            "system ga",
            &[("not_empty", "to tc")],
            &[(UNSEEN, OUTSIDE)],
        ),
        row(json!({ "type": "delete_team", "team": "t" }), "", &[("not_empty", "system ga to tc")], &[(UNSEEN, OUTSIDE)]),
        row(json!({ "type": "delete_team", "team": "d" }), "system ga", &[], &[(UNSEEN, OUTSIDE_D)]),
        // Nobody gives a role for longer than they have it: `to` has it for another second.
        row(member("add_member", "us", "viewer"), "system ga tc", &[(BEYOND, "to kp ke tt")], &[(UNSEEN, OUTSIDE)]),
        row(member("add_member", "us", "owner"), "system ga tc", &[(BEYOND, "to kp ke tt")], &[(UNSEEN, OUTSIDE)]),
        row(for_(member("add_member", "us", "owner"), 1), "system ga to tc", &[(BEYOND, "kp ke tt")], &[(UNSEEN, OUTSIDE)]),
        row(for_(member("add_member", "us", "owner"), 2), "system ga tc", &[(BEYOND, "to kp ke tt")], &[(UNSEEN, OUTSIDE)]),
        row(member("add_member", "us", "crew"), "system ga tc kp ke tt", &[(BEYOND, "to")], &[(UNSEEN, OUTSIDE)]),
        row(for_(member("add_member", "us", "crew"), 1), "system ga to tc kp ke tt", &[], &[(UNSEEN, OUTSIDE)]),
        row(member("add_member", "us", "trainer"), "system ga tc tt", &[(BEYOND, "to kp ke")], &[(UNSEEN, OUTSIDE)]),
        row(member("add_member", "us", "runner"), "system ga", &[(BEYOND, "to tc kp ke tt")], &[(UNSEEN, OUTSIDE)]),
        row(member("set_member_role", "tv", "owner"), "system ga tc", &[(BEYOND, "to kp ke tt")], &[(UNSEEN, OUTSIDE)]),
        row(for_(member("set_member_role", "tv", "owner"), 1), "system ga to tc", &[(BEYOND, "kp ke tt")], &[(UNSEEN, OUTSIDE)]),
        // Nobody takes capabilities that they do not have, except their own. An expired role grants nothing.
        row(member("set_member_role", "tv", "crew"), "system ga tc", &[(BEYOND, "to kp ke tt")], &[(UNSEEN, OUTSIDE)]),
        row(for_(member("set_member_role", "tv", "crew"), 1), "system ga to tc", &[(BEYOND, "kp ke tt")], &[(UNSEEN, OUTSIDE)]),
        row(member("set_member_role", "tt", "crew"), "system ga tc tt", &[(BEYOND, "to kp ke")], &[(UNSEEN, OUTSIDE)]),
        row(member("set_member_role", "tl", "crew"), "system ga tc kp ke tt", &[(BEYOND, "to")], &[(UNSEEN, OUTSIDE)]),
        row(member("set_member_role", "sp", "crew"), "system ga tc", &[(BEYOND, "to kp ke tt")], &[(UNSEEN, OUTSIDE)]),
        row(member("set_member_role", "tv", "runner"), "system ga", &[(BEYOND, "to tc kp ke tt")], &[(UNSEEN, OUTSIDE)]),
        row(remove_member("to"), "system ga to tc", &[(BEYOND, "kp ke tt")], &[(UNSEEN, OUTSIDE)]),
        row(remove_member("tv"), "system ga to tc", &[(BEYOND, "kp ke tt")], &[(UNSEEN, OUTSIDE)]),
        row(remove_member("tt"), "system ga to tc tt", &[(BEYOND, "kp ke")], &[(UNSEEN, OUTSIDE)]),
        row(remove_member("tl"), "system ga to tc kp ke tt", &[], &[(UNSEEN, OUTSIDE)]),
        row(remove_member("sp"), "system ga to tc", &[(BEYOND, "kp ke tt")], &[(UNSEEN, OUTSIDE)]),
        // Projects.
        row(
            json!({ "type": "create_project", "team": "t", "name": "New" }),
            "system ga to tc tv tt pc et si",
            &[],
            &[(UNSEEN, OUTSIDE)],
        ),
        row(
            json!({ "type": "edit_project", "project": "p", "name": "New" }),
            "system ga kp ke to tc tt pc",
            &[],
            &[(UNSEEN, OUTSIDE)],
        ),
        row(
            json!({ "type": "edit_project", "project": "q", "name": "New" }),
            "system ga kp ke to tc tt",
            &[],
            &[(UNSEEN, OUTSIDE)],
        ),
        row(
            json!({ "type": "delete_project", "project": "p", "cascade": true }),
            "system ga",
            &[("not_empty", "to tc pc")],
            &[(UNSEEN, OUTSIDE)],
        ),
        row(json!({ "type": "delete_project", "project": "p" }), "", &[("not_empty", "system ga to tc pc")], &[(UNSEEN, OUTSIDE)]),
        row(json!({ "type": "delete_project", "project": "q" }), "system ga to tc", &[], &[(UNSEEN, OUTSIDE)]),
        // An assistant needs an owner; the system cannot be one.
        row(
            json!({ "type": "create_assistant", "project": "p", "name": "New" }),
            "ga to tc tv pc et si",
            &[(adapter::NO_OWNER, "system")],
            &[(UNSEEN, OUTSIDE)],
        ),
        // Assistants. Only the owner and global admins hold anything on an `only_me` one.
        row(edit("m"), "system ga ao", &[], &[(UNSEEN, OUTSIDE_M)]),
        row(edit("o"), "system ga to tc tt ao et", &[], &[(UNSEEN, OUTSIDE_O), ("only_team", "ke")]),
        row(edit("b"), "system ga to tc tt ao ed et ke", &[], &[]),
        row(on("delete_assistant", "m"), "system ga ao", &[], &[(UNSEEN, OUTSIDE_M)]),
        row(on("delete_assistant", "o"), "system ga to tc ao", &[], &[(UNSEEN, OUTSIDE_O)]),
        row(on("delete_assistant", "b"), "system ga to tc ao", &[], &[]),
        row(transfer("m"), "system ga ao", &[], &[(UNSEEN, OUTSIDE_M)]),
        row(transfer("o"), "system ga tc ao", &[(BEYOND, "to kp ke si")], &[(UNSEEN, OUTSIDE_O)]),
        row(transfer("b"), "system ga tc ao", &[(BEYOND, "to kp ke sh si")], &[]),
        row(open("m"), "system ga ao", &[], &[(UNSEEN, OUTSIDE_M)]),
        row(open("o"), "system ga to tc ao kp ke si", &[], &[(UNSEEN, OUTSIDE_O)]),
        row(open("b"), "system ga to tc ao kp ke sh si", &[], &[]),
        row(embed("m"), "system ga ao", &[], &[(UNSEEN, OUTSIDE_M)]),
        row(embed("o"), "system ga to tc ao kp ke si", &[], &[(UNSEEN, OUTSIDE_O)]),
        row(embed("b"), "system ga to tc ao kp ke sh si", &[], &[]),
        row(revoke("m", "ed"), "system ga ao", &[], &[(UNSEEN, OUTSIDE_M)]),
        row(revoke("o", "ed"), "system ga to tc ao", &[(BEYOND, "kp ke si")], &[(UNSEEN, OUTSIDE_O)]),
        row(revoke("b", "ed"), "system ga to tc ao ke", &[(BEYOND, "kp sh si")], &[]),
        row(revoke("o", "ke"), "system ga to tc ao ke", &[(BEYOND, "kp si")], &[(UNSEEN, OUTSIDE_O)]),
        row(revoke("o", "el"), "system ga to tc ao kp ke si", &[], &[(UNSEEN, OUTSIDE_O)]),
        row(revoke("b", "sh"), "system ga to tc ao kp ke sh si", &[], &[]),
        row(unlink("m"), "system ga ao", &[], &[(UNSEEN, OUTSIDE_M)]),
        row(unlink("o"), "system ga to tc ao kp ke si", &[], &[(UNSEEN, OUTSIDE_O)]),
        row(unlink("b"), "system ga to tc ao kp ke sh si", &[], &[]),
        // Nobody gives capabilities that they do not have, nor grants that would not count.
        row(grant("m", "tv", "editor"), "", &[("only_me", "system ga ao")], &[(UNSEEN, OUTSIDE_M)]),
        row(grant("o", "tv", "editor"), "system ga tc ao", &[(BEYOND, "to kp ke si")], &[(UNSEEN, OUTSIDE_O)]),
        row(for_(grant("o", "tv", "editor"), 1), "system ga to tc ao", &[(BEYOND, "kp ke si")], &[(UNSEEN, OUTSIDE_O)]),
        row(grant("o", "gb", "editor"), "system ga tc ao", &[(BEYOND, "to kp ke si")], &[(UNSEEN, OUTSIDE_O)]),
        row(grant("o", "tc", "editor"), "system ga tc ao", &[(BEYOND, "to kp ke si")], &[(UNSEEN, OUTSIDE_O)]),
        // Only actors who see people learn that a user is not in the team.
        row(
            grant("o", "us", "editor"),
            "",
            &[("only_team", "system ga tc"), ("unknown_user", "ao"), (BEYOND, "to kp ke si")],
            &[(UNSEEN, OUTSIDE_O)],
        ),
        row(
            grant("o", "tl", "peek"),
            "",
            &[("only_team", "system ga tc"), ("unknown_user", "ao kp ke si"), (BEYOND, "to")],
            &[(UNSEEN, OUTSIDE_O)],
        ),
        row(grant("o", "tv", "peek"), "system ga tc ao kp ke si", &[(BEYOND, "to")], &[(UNSEEN, OUTSIDE_O)]),
        row(grant("o", "tv", "prober"), "system ga", &[(BEYOND, "to tc ao kp ke si")], &[(UNSEEN, OUTSIDE_O)]),
        row(grant("b", "us", "editor"), "system ga tc ao ke", &[(BEYOND, "to kp sh si")], &[]),
        row(for_(grant("b", "us", "editor"), 2), "system ga tc ao ke", &[(BEYOND, "to kp sh si")], &[]),
        row(grant("b", "us", "sharer"), "system ga tc ao ke kp sh", &[(BEYOND, "to si")], &[]),
        row(for_(grant("b", "us", "sharer"), 1), "system ga to tc ao ke kp sh si", &[], &[]),
        row(grant("b", "us", "prober"), "system ga", &[(BEYOND, "to tc ao kp ke sh si")], &[]),
        row(link("m", "view"), "", &[("only_me", "system ga ao")], &[(UNSEEN, OUTSIDE_M)]),
        row(link("o", "view"), "", &[("only_team", "system ga tc ao si"), (BEYOND, "to kp ke")], &[(UNSEEN, OUTSIDE_O)]),
        row(link("o", "edit"), "", &[("only_team", "system ga tc ao"), (BEYOND, "to kp ke si")], &[(UNSEEN, OUTSIDE_O)]),
        // On a public assistant everybody may view and chat.
        row(link("b", "view"), "system ga to tc ao kp ke sh si", &[], &[]),
        row(link("b", "edit"), "system ga tc ao ke", &[(BEYOND, "to kp sh si")], &[]),
        row(for_(link("b", "edit"), 1), "system ga to tc ao ke", &[(BEYOND, "kp sh si")], &[]),
        // A target that does not exist is refused like a hidden one.
        row(json!({ "type": "edit_team", "team": "none", "name": "New" }), "", &[("unknown_team", "system")], &[(UNSEEN, PEOPLE)]),
        row(
            json!({ "type": "edit_project", "project": "none", "name": "New" }),
            "",
            &[("unknown_project", "system")],
            &[(UNSEEN, PEOPLE)],
        ),
        row(edit("none"), "", &[("unknown_assistant", "system")], &[(UNSEEN, PEOPLE)]),
    ]
}

fn words(text: &str) -> BTreeSet<&str> {
    text.split_whitespace().collect()
}

#[test]
fn everybody_does_exactly_what_the_rules_let_them() {
    let (directory, token) = founded();
    let table = table(&token);
    let mut faults = Vec::new();
    for Row(command, allowed, refused, denied) in &table {
        let mut expected: BTreeMap<&str, String> =
            words(EVERYBODY).into_iter().map(|who| (who, "denied not_granted".to_owned())).collect();
        let mut named = BTreeSet::new();
        let lists = [("allowed", *allowed)].into_iter().chain(refused.iter().copied());
        let denied = denied.iter().map(|(reason, who)| (format!("denied {reason}"), *who));
        for (outcome, who) in lists.map(|(outcome, who)| (outcome.to_owned(), who)).chain(denied) {
            for who in words(who) {
                assert!(named.insert(who) && expected.contains_key(who), "{command}: {who}");
                expected.insert(who, outcome.clone());
            }
        }
        let only_code = refused.iter().any(|(code, _)| *code == "not_allowed");
        for who in words(INACTIVE).into_iter().filter(|_| !only_code) {
            expected.insert(who, "denied inactive".to_owned());
        }
        for (who, expected) in expected {
            let actor = Some(who).filter(|who| *who != "system");
            let found = match directory.decide(actor, command, NOW) {
                Ok(_) => "allowed".to_owned(),
                Err(No { code, denied: Some(reason), .. }) if code == "not_allowed" && !only_code => format!("denied {reason}"),
                Err(No { code, .. }) => code,
            };
            if found != expected {
                faults.push(format!("{who}: {command}: {found}, expected {expected}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The webhook of the examples.
fn webhook() -> Value {
    json!({ "type": "create_webhook", "id": "w", "url": "https://hooks.acme.example" })
}

/// The example of a command.
fn example(row: &model::Row, token: &str) -> Value {
    let mut command: Value = serde_json::from_str(&row.example.replace("THE TOKEN", token)).unwrap();
    command["type"] = json!(row.name);
    command
}

/// Who may give the example of a command is written in the model's table; how the others are refused, the model decides.
#[test]
fn everybody_gives_the_examples_that_the_model_lets_them() {
    let mut directory = Directory::found(&organization(), NOW);
    let mut state = State::new(organization());
    let mut token = String::new();
    for (id, role) in [("pa", "user"), ("pb", "global_admin")] {
        let command = json!({ "type": "invite_user", "email": format!("{id}@acme.example"), "id": id, "role": role });
        let result = directory.execute(None, &command, NOW).unwrap().1;
        state = model::execute(&state, None, &command, NOW, &result).unwrap();
        result["token"].as_str().unwrap().clone_into(&mut token);
    }
    let result = directory.execute(None, &webhook(), NOW).unwrap().1;
    state = model::execute(&state, None, &webhook(), NOW, &result).unwrap();
    let result = directory.execute(None, &key_of_user(), NOW).unwrap().1;
    state = model::execute(&state, None, &key_of_user(), NOW, &result).unwrap();
    let mut faults = Vec::new();
    for row in model::TABLE {
        let command = example(row, &token);
        for who in words(EVERYBODY) {
            let actor = Some(who).filter(|who| *who != "system");
            let found = directory.decide(actor, &command, NOW);
            let result = found.as_ref().map_or(&Value::Null, |(_, result)| result);
            let expected = model::execute(&state, actor, &command, NOW, result).map(|_| ());
            if found.is_ok() != words(row.allowed).contains(who) {
                faults.push(format!("{who}: {command}: {:?}", found.map(|_| ())));
            } else if let (Err(found), Err(expected)) = (found, expected) {
                // The reason is not fixed where only the system may give the command.
                let reasons = if row.needs.is_some() { (found.denied, expected.denied) } else { (None, None) };
                assert_eq!((found.code, reasons.0), (expected.code, reasons.1), "{who}: {command}");
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The commands that users can give, with the capability that each needs and the kind of its target.
fn needs() -> impl Iterator<Item = (&'static model::Row, &'static str, &'static str)> {
    model::TABLE.iter().filter_map(|row| row.needs.map(|(capability, target)| (row, capability, target)))
}

/// The holder of a custom role that grants exactly the needed capability may give the command; the holder of a role that grants everything
/// else may not. Tested for roles on the organization, on the team and on the assistant.
#[test]
fn a_custom_role_lets_its_holder_do_exactly_what_it_grants() {
    let every: Vec<&str> = crate::common::naive::every().collect();
    for (row, needed, target) in needs() {
        let kind = row.name;
        let levels: &[&str] = match target {
            "organization" => &["organization"],
            "team" => &["organization", "team"],
            _ => &["organization", "team", "assistant"],
        };
        for level in levels {
            let grantable = |capability: &&&str| match *level {
                "organization" => true,
                "team" => crate::common::naive::kind(capability) != Some("organization"),
                _ => crate::common::naive::kind(capability) == Some("assistant"),
            };
            let but: Vec<&str> = every.iter().filter(grantable).copied().filter(|capability| *capability != needed).collect();
            for (grants, enough) in [(vec![needed], true), (but, false)] {
                let mut organization = serde_json::to_value(organization()).unwrap();
                let list = |value: &mut Value, new: Value| value.as_array_mut().unwrap().push(new);
                list(&mut organization["roles"], json!({ "id": "custom", "on": level, "grants": grants }));
                list(
                    &mut organization["users"],
                    json!({ "id": "me", "role": if *level == "organization" { "custom" } else { "user" } }),
                );
                match *level {
                    "team" => list(&mut organization["teams"][0]["members"], json!({ "user": "me", "role": "custom" })),
                    "assistant" => list(&mut organization["assistants"][2]["grants"], json!({ "user": "me", "role": "custom" })),
                    _ => {}
                }
                let directory = founded_from(&serde_json::from_value(organization).unwrap());
                let found = directory.decide(Some("me"), &example(row, ""), NOW).map(|_| ());
                let found = found.map_err(|no| if no.code == "not_empty" { No { ids: Vec::new(), ..no } } else { no });
                // An owner holds more than sharing. An actor who holds nothing on a project cannot create in it: it is hidden.
                let expected = match (enough, kind) {
                    (true, "move_assistant" | "move_project") => Err(No {
                        code: "not_allowed".to_owned(),
                        capability: Some(if kind == "move_assistant" { "assistant.create" } else { "project.create" }.to_owned()),
                        denied: Some("unknown_target".to_owned()),
                        ..No::default()
                    }),
                    (true, "create_assistant") => Err(No {
                        code: "not_allowed".to_owned(),
                        capability: Some(needed.to_owned()),
                        denied: Some("unknown_target".to_owned()),
                        ..No::default()
                    }),
                    // Deleting the contents needs a capability there.
                    (true, "delete_team" | "delete_project") => Err(No { code: "not_empty".to_owned(), ..No::default() }),
                    // A review covers everything.
                    (true, "transfer_assistant" | "complete_review") => {
                        Err(No { code: "beyond_own_role".to_owned(), ..No::default() })
                    }
                    // A webhook gives the audit log away.
                    (true, _) if needed == "integrations.manage" => Err(No {
                        code: "not_allowed".to_owned(),
                        capability: Some("audit.view".to_owned()),
                        denied: Some("not_granted".to_owned()),
                        ..No::default()
                    }),
                    (true, _) => Ok(()),
                    (false, _) => Err(No {
                        code: "not_allowed".to_owned(),
                        capability: Some(needed.to_owned()),
                        denied: Some("not_granted".to_owned()),
                        ..No::default()
                    }),
                };
                assert_eq!(found, expected, "{kind}: custom role on {level}, enough: {enough}");
            }
        }
    }
}

/// The plan limits everybody except the system.
#[test]
fn what_the_plan_withholds_nobody_does() {
    for (row, needed, _) in needs() {
        let kind = row.name;
        let mut organization = organization();
        organization.plan = Some(wicketgate::document::Plan { name: None, withholds: vec![needed.to_owned()] });
        let command = example(row, "");
        let directory = founded_from(&organization);
        let refused = directory.decide(Some("ga"), &command, NOW).unwrap_err();
        assert_eq!((refused.code.as_str(), refused.denied.as_deref()), ("not_allowed", Some("plan")), "{kind}");
        assert_eq!(refused.capability.as_deref(), Some(needed), "{kind}");
        if kind != "create_assistant" {
            assert!(directory.decide(None, &command, NOW).is_ok(), "{kind}");
        }
    }
}

#[test]
fn the_last_active_global_admin_stays() {
    let (mut directory, _) = founded();
    let act = |directory: &mut Directory, actor, command: Value| {
        directory.execute(actor, &command, NOW).map(|_| ()).map_err(|no| no.code)
    };
    act(&mut directory, Some("ga"), json!({ "type": "remove_user", "user": "gb" })).unwrap();
    // One admin is invited, one suspended: neither counts.
    let last = Err("last_global_admin".to_owned());
    for (actor, kind) in [(None, "suspend_user"), (Some("ga"), "suspend_user"), (None, "remove_user"), (Some("ga"), "remove_user")]
    {
        assert_eq!(act(&mut directory, actor, json!({ "type": kind, "user": "ga" })), last, "{actor:?} {kind}");
    }
    for role in ["user", "application_admin", "helpdesk"] {
        assert_eq!(act(&mut directory, None, json!({ "type": "assign_role", "user": "ga", "role": role })), last);
    }
    act(&mut directory, None, json!({ "type": "assign_role", "user": "ga", "role": "global_admin" })).unwrap();
    act(&mut directory, Some("ga"), json!({ "type": "reactivate_user", "user": "sp" })).unwrap();
    act(&mut directory, Some("sp"), json!({ "type": "remove_user", "user": "ga" })).unwrap();
    assert_eq!(act(&mut directory, None, json!({ "type": "suspend_user", "user": "sp" })), last);
}

/// Inviting a user again after their invitation expired changes their role: nobody may do so beyond their own role.
#[test]
fn an_expired_invitation_is_replaced_within_the_bounds() {
    let (directory, _) = founded();
    let late = NOW + 8 * 86_400;
    let invite = |email: &str| json!({ "type": "invite_user", "email": email });
    let decide = |actor, command: &Value, now| directory.decide(actor, command, now).map(|_| ()).map_err(|no| no.code);
    let refused = |code: &str| Err(code.to_owned());
    for actor in [None, Some("ga"), Some("aa"), Some("hd")] {
        for email in ["pa@acme.example", "PB@acme.example"] {
            assert_eq!(decide(actor, &invite(email), NOW), refused("already_exists"), "{actor:?} {email}");
        }
        assert_eq!(decide(actor, &invite("pa@acme.example"), late), Ok(()), "{actor:?}");
        let elsewhere = json!({ "type": "invite_user", "email": "pa@acme.example", "id": "other" });
        let code = if [None, Some("ga")].contains(&actor) { "already_exists" } else { "beyond_own_role" };
        assert_eq!(decide(actor, &elsewhere, late), refused(code), "{actor:?}");
    }
    // Invited as a global admin.
    assert_eq!(decide(Some("ga"), &invite("pb@acme.example"), late), Ok(()));
    assert_eq!(decide(Some("aa"), &invite("pb@acme.example"), late), refused("beyond_own_role"));
    assert_eq!(decide(Some("hd"), &invite("pb@acme.example"), late), refused("beyond_own_role"));
}

/// A token works once, before it expires, and for the invited address; a new token replaces it.
#[test]
fn a_token_lets_one_person_in_once() {
    let (mut directory, token) = founded();
    let accept = |token: &str, email: &str| json!({ "type": "accept_invitation", "token": token, "issuer": "https://id.example", "subject": "1", "email": email });
    let right = accept(&token, "PB@acme.example");
    let code = |directory: &Directory, command: &Value, now| directory.decide(None, command, now).map(|_| ()).map_err(|no| no.code);
    let refused = |code: &str| Err(code.to_owned());
    assert_eq!(code(&directory, &accept("wi_", "pb@acme.example"), NOW), refused("invitation_invalid"));
    assert_eq!(code(&directory, &accept(&token, "pa@acme.example"), NOW), refused("wrong_address"));
    assert_eq!(code(&directory, &right, NOW + 7 * 86_400 - 1), Ok(()));
    assert_eq!(code(&directory, &right, NOW + 7 * 86_400), refused("invitation_expired"));
    let resent = directory.execute(Some("ga"), &json!({ "type": "resend_invitation", "user": "pb" }), NOW).unwrap().1;
    assert_eq!(code(&directory, &right, NOW), refused("invitation_invalid"));
    let right = accept(resent["token"].as_str().unwrap(), "pb@acme.example");
    directory.execute(None, &right, NOW).unwrap();
    assert_eq!(code(&directory, &right, NOW), refused("invitation_invalid"));
    assert_eq!(code(&directory, &json!({ "type": "resend_invitation", "user": "pb" }), NOW), refused("unknown_invitation"));
    assert_eq!(directory.0.account("https://id.example", "1"), Some("pb"));
}
