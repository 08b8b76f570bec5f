//! A second evaluator, slow and simple: the tables of docs/rules.md as text, searched word by word for each question. It shares no
//! code with the crate, so the same mistake in both is unlikely.

use super::cases::Asker;
use sha2::{Digest, Sha256};
use wicketgate::document::{Assistant, Holding, Organization, Project, Team, User};
use wicketgate::{Accessibility, Bound, LinkLevel, Status};

const ORGANIZATION: &str = "user.invite user.assign_role user.remove team.create panel.analytics panel.user_settings panel.aliases \
    panel.chatlogs panel.api_keys settings.manage integrations.manage role.define audit.view";
const TEAM: &str = "team.view project.create assistant.create team.edit team.delete team.manage_members";
const PROJECT: &str = "project.view project.edit project.delete";
const ASSISTANT: &str = "assistant.view assistant.chat assistant.edit corpus.view assistant.delete assistant.share corpus.manage \
    conversations.view conversations.takeover channels.deploy actions.manage analytics.view evaluation.run \
    responses.supporting_content responses.thought_process";

const APPLICATION_ADMIN: &str = "user.invite user.assign_role user.remove team.create panel.analytics panel.user_settings panel.aliases \
    settings.manage";
const TEAM_VIEWER: &str = "team.view project.create assistant.create project.view assistant.view assistant.chat";
const TEAM_OWNER: &str = "team.view project.create assistant.create team.edit team.delete team.manage_members project.view project.edit \
    project.delete assistant.view assistant.chat assistant.edit corpus.view assistant.delete assistant.share corpus.manage \
    conversations.view conversations.takeover channels.deploy actions.manage analytics.view";
const ASSISTANT_OWNER: &str = "assistant.view assistant.chat assistant.edit corpus.view assistant.delete assistant.share corpus.manage \
    conversations.view conversations.takeover channels.deploy actions.manage analytics.view";
const EDITOR: &str = "assistant.view assistant.chat assistant.edit corpus.view";
const EDIT_LINK: &str = "assistant.view assistant.chat assistant.edit corpus.view";
const PUBLIC: &str = "assistant.view assistant.chat";

/// A decision in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Each relation that grants it: its name, the role, the team.
    Allowed(Vec<(String, Option<String>, Option<String>)>),
    /// The name of the reason.
    Denied(String),
}

impl Verdict {
    pub fn allowed(&self) -> bool {
        matches!(self, Verdict::Allowed(_))
    }
}

fn says(list: &str, capability: &str) -> bool {
    list.split_whitespace().any(|word| word == capability)
}

pub fn kind(capability: &str) -> Option<&'static str> {
    [("organization", ORGANIZATION), ("team", TEAM), ("project", PROJECT), ("assistant", ASSISTANT)]
        .into_iter()
        .find(|(_, list)| says(list, capability))
        .map(|(kind, _)| kind)
}

/// All capabilities.
pub fn every() -> impl Iterator<Item = &'static str> {
    [ORGANIZATION, TEAM, PROJECT, ASSISTANT].into_iter().flat_map(str::split_whitespace)
}

/// The capabilities of a kind of target.
pub fn every_on(kind: &str) -> impl Iterator<Item = &'static str> {
    every().filter(move |capability| self::kind(capability) == Some(kind))
}

/// Whether a role of any level grants the capability to its holder.
pub fn role_grants(organization: &Organization, role: &str, capability: &str) -> bool {
    match role {
        "global_admin" => kind(capability).is_some(),
        "application_admin" => says(APPLICATION_ADMIN, capability),
        "user" => false,
        "owner" => says(TEAM_OWNER, capability),
        "viewer" => says(TEAM_VIEWER, capability),
        "editor" => says(EDITOR, capability),
        custom => organization.roles.iter().any(|role| role.id == custom && role.grants.iter().any(|grant| grant == capability)),
    }
}

pub fn live(expires: Option<u64>, now: u64) -> bool {
    expires.is_none_or(|expires| now < expires)
}

fn memberships<'a>(team: &'a Team, user: &'a User, now: u64) -> impl Iterator<Item = &'a str> {
    team.members.iter().filter(move |member| member.user == user.id && live(member.expires, now)).map(|member| member.role.as_str())
}

fn created(organization: &Organization, team: &Team, user: &User) -> bool {
    team.creator.as_deref() == Some(&user.id) && role_grants(organization, &user.role, "team.create")
}

pub fn in_team(organization: &Organization, team: &Team, user: &User, now: u64) -> bool {
    created(organization, team, user) || memberships(team, user, now).next().is_some()
}

pub fn digest_of(key: &str) -> String {
    use base64ct::{Base64UrlUnpadded, Encoding};
    Base64UrlUnpadded::encode_string(&Sha256::digest(key))
}

/// Which pattern matches which origin: a table of all pairs in the random organizations and in the vectors, not an algorithm.
fn origin_matches(pattern: &str, origin: &str) -> bool {
    match pattern {
        "*" => origin != "null",
        "https://docs.acme.example" => ["https://docs.acme.example", "https://DOCS.acme.example:443"].contains(&origin),
        "https://*.acme.example" => {
            ["https://docs.acme.example", "https://DOCS.acme.example:443", "https://a.b.acme.example"].contains(&origin)
        }
        "https://*.shop.example" => origin == "https://x.shop.example",
        "https://acme.example:8443" => origin == "https://acme.example:8443",
        "http://localhost:3000" => origin == "http://localhost:3000",
        other => panic!("the table has no pattern `{other}`: add its row"),
    }
}

/// The decision on one question, with the reasons: the rules from top to bottom.
pub fn decide(organization: &Organization, asker: &Asker, now: u64, capability: &str, on: Option<&str>) -> Verdict {
    let user = asker.user.as_ref().map(|id| organization.users.iter().find(|user| user.id == *id && user.status == Status::Active));
    if user == Some(None) {
        return Verdict::Denied("inactive".into());
    }
    let user: Option<&User> = user.flatten();

    // The target and its containers: a project's team, an assistant's project and team.
    let (mut team, mut project, mut assistant): (Option<&Team>, Option<&Project>, Option<&Assistant>) = (None, None, None);
    let known = match (kind(capability), on) {
        (Some("organization"), None) => true,
        (Some("team"), Some(id)) => {
            team = organization.teams.iter().find(|team| team.id == id);
            team.is_some()
        }
        (Some("project"), Some(id)) => {
            project = organization.projects.iter().find(|project| project.id == id);
            project.is_some()
        }
        (Some("assistant"), Some(id)) => {
            assistant = organization.assistants.iter().find(|assistant| assistant.id == id);
            assistant.is_some()
        }
        _ => false,
    };
    if !known {
        return Verdict::Denied("unknown_target".into());
    }
    if organization.plan.as_ref().is_some_and(|plan| plan.withholds.iter().any(|withheld| withheld == capability)) {
        return Verdict::Denied("plan".into());
    }
    let asked_project = project.is_some();
    if let Some(assistant) = assistant {
        project = organization.projects.iter().find(|project| Some(&project.id) == assistant.project.as_ref());
    }
    if let Some(project) = project {
        team = organization.teams.iter().find(|team| team.id == project.team);
    }
    let level = assistant.map(|assistant| assistant.accessibility);
    let public = level == Some(Accessibility::Public);

    // (relation, role, team, whether it grants the capability, whether it counts under the ceiling)
    let mut relations: Vec<(&str, Option<&str>, Option<&str>, bool, bool)> = Vec::new();
    if let Some(user) = user {
        let global = user.role == "global_admin";
        if global {
            relations.push(("global_admin", None, None, true, true));
        }
        let below_only_me = level != Some(Accessibility::OnlyMe);
        if let Some(team) = team {
            let id = Some(team.id.as_str());
            if created(organization, team, user) || memberships(team, user, now).any(|role| role == "owner") {
                relations.push(("team_owner", Some("owner"), id, says(TEAM_OWNER, capability), below_only_me));
            }
            let mut others: Vec<&str> = memberships(team, user, now).filter(|role| *role != "owner").collect();
            others.sort_by_key(|role| (*role != "viewer", *role));
            for role in others {
                let relation = if role == "viewer" { "team_viewer" } else { "team_role" };
                relations.push((relation, Some(role), id, role_grants(organization, role, capability), below_only_me));
            }
            if let Some(project) = project
                && asked_project
                && project.creator.as_deref() == Some(&user.id)
                && in_team(organization, team, user, now)
            {
                relations.push(("project_creator", None, None, says(PROJECT, capability), true));
            }
        }
        if let Some(assistant) = assistant {
            if assistant.owner.as_deref() == Some(&user.id) {
                relations.push(("assistant_owner", None, None, says(ASSISTANT_OWNER, capability), true));
            }
            let mut grants: Vec<_> =
                assistant.grants.iter().filter(|grant| grant.user == user.id && live(grant.expires, now)).collect();
            grants.sort_by_key(|grant| &grant.role);
            for grant in grants {
                let inside = global || team.is_some_and(|team| in_team(organization, team, user, now));
                let counts = public || (level == Some(Accessibility::OnlyTeam) && inside);
                relations.push((
                    "assistant_grant",
                    Some(&grant.role),
                    None,
                    role_grants(organization, &grant.role, capability),
                    counts,
                ));
            }
        }
        if !global {
            let grants = role_grants(organization, &user.role, capability);
            relations.push(("organization_role", Some(&user.role), None, grants, below_only_me));
        }
        if assistant.is_some() {
            relations.push(("public", None, None, says(PUBLIC, capability), public));
        }
    }
    let (mut link_found, mut link_live, mut origin_allowed) = (false, false, false);
    if let Some(assistant) = assistant {
        for (level, relation, list) in [(LinkLevel::View, "view_link", PUBLIC), (LinkLevel::Edit, "edit_link", EDIT_LINK)] {
            let matching = |link: &&wicketgate::document::Link| {
                asker.link.as_ref().is_some_and(|key| link.digest.as_ref() == Some(&digest_of(key)))
            };
            let found: Vec<_> = assistant.links.iter().filter(matching).collect();
            link_found |= !found.is_empty();
            link_live |= found.iter().any(|link| live(link.expires, now));
            if found.iter().any(|link| link.level == level && live(link.expires, now)) {
                relations.push((relation, None, None, says(list, capability), public));
            }
        }
        origin_allowed = asker.origin.as_ref().is_some_and(|origin| {
            let allowed = |embed: &wicketgate::document::Embed| embed.origins.iter().any(|pattern| origin_matches(pattern, origin));
            assistant.embed.as_ref().is_some_and(allowed)
        });
        if user.is_none() && origin_allowed {
            relations.push(("embed", None, None, says(PUBLIC, capability), public));
        }
    }

    let because: Vec<_> = relations
        .iter()
        .filter(|(.., grants, counts)| *grants && *counts)
        .map(|(relation, role, team, ..)| ((*relation).into(), role.map(str::to_owned), team.map(str::to_owned)))
        .collect();
    if !because.is_empty() {
        return Verdict::Allowed(because);
    }
    let hidden = relations.iter().any(|(.., grants, counts)| *grants && !*counts);
    let reason = match level {
        Some(Accessibility::OnlyMe) if hidden => "only_me",
        Some(Accessibility::OnlyTeam) if hidden => "only_team",
        _ if public && asker.link.is_some() && !link_found => "link_invalid",
        _ if public && asker.link.is_some() && !link_live => "link_expired",
        _ if public && user.is_none() && asker.origin.is_some() && !origin_allowed => "origin_not_allowed",
        _ => "not_granted",
    };
    Verdict::Denied(reason.into())
}

/// Whether the actor may give the user an organization role (rules, section "Nobody gives what they do not have").
pub fn can_assign_role(organization: &Organization, actor: &str, user: &str, role: &str, now: u64) -> bool {
    let asker = Asker { user: Some(actor.to_owned()), ..Asker::default() };
    if !decide(organization, &asker, now, "user.assign_role", None).allowed() || actor == user {
        return false;
    }
    let find = |id: &str| organization.users.iter().find(|user| user.id == id);
    let (Some(actor), Some(user)) = (find(actor), find(user)) else { return false };
    let organization_role = ["global_admin", "application_admin", "user"].contains(&role)
        || organization.roles.iter().any(|custom| custom.id == role && custom.on == wicketgate::Level::Organization);
    let bounded = |given: &str| {
        every()
            .all(|capability| !role_grants(organization, given, capability) || role_grants(organization, &actor.role, capability))
    };
    let is_admin = |user: &&User| user.role == "global_admin" && user.status == Status::Active;
    let last = is_admin(&user) && role != "global_admin" && organization.users.iter().filter(is_admin).count() == 1;
    organization_role && bounded(&user.role) && bounded(role) && !last
}

/// What stands in the way of giving the user another organization role, removing them, or inviting people with the role (the same
/// section), whatever capabilities the actor holds.
pub fn role_bound(organization: &Organization, actor: &str, user: Option<&str>, role: Option<&str>) -> Option<Bound> {
    let find = |id: &str| organization.users.iter().find(|user| user.id == id);
    let Some(own) = find(actor).filter(|actor| actor.status == Status::Active) else { return Some(Bound::BeyondOwnRole) };
    let person = match user {
        Some(id) => match find(id) {
            Some(person) => Some(person),
            None => return Some(Bound::BeyondOwnRole),
        },
        None => None,
    };
    let is_organization_role = |role: &str| {
        ["global_admin", "application_admin", "user"].contains(&role)
            || organization.roles.iter().any(|custom| custom.id == role && custom.on == wicketgate::Level::Organization)
    };
    if person.is_none() && role.is_none() || role.is_some_and(|role| !is_organization_role(role)) {
        return Some(Bound::BeyondOwnRole);
    }
    if role.is_some() && user == Some(actor) {
        return Some(Bound::OwnRole);
    }
    for given in person.map(|person| person.role.as_str()).into_iter().chain(role) {
        if every().any(|one| role_grants(organization, given, one) && !role_grants(organization, &own.role, one)) {
            return Some(Bound::BeyondOwnRole);
        }
    }
    let is_admin = |user: &&User| user.role == "global_admin" && user.status == Status::Active;
    let stays = role == Some("global_admin");
    let last = person.is_some_and(|person| is_admin(&person)) && organization.users.iter().filter(is_admin).count() == 1;
    (last && !stays).then_some(Bound::LastGlobalAdmin)
}

/// The organization without the memberships and grants that end before `until`. `None`: without all that ever end.
pub fn lasting(organization: &Organization, until: Option<u64>) -> Organization {
    let lasts = |holding: &Holding| holding.expires.is_none_or(|expires| until.is_some_and(|until| until <= expires));
    let mut remaining = organization.clone();
    remaining.teams.iter_mut().for_each(|team| team.members.retain(lasts));
    remaining.assistants.iter_mut().for_each(|assistant| assistant.grants.retain(lasts));
    remaining
}

/// Whether a relation of the user to the team grants the capability, which may be of any kind. The plan is ignored.
pub fn team_power(organization: &Organization, user: &User, team: &str, now: u64, capability: &str) -> bool {
    let team = organization.teams.iter().find(|one| one.id == team).unwrap();
    created(organization, team, user) && says(TEAM_OWNER, capability)
        || memberships(team, user, now).any(|role| role_grants(organization, role, capability))
        || role_grants(organization, &user.role, capability)
}

/// Whether a relation of the user to the assistant grants the capability and counts under the ceiling. The plan is ignored.
pub fn assistant_power(organization: &Organization, user: &User, assistant: &str, now: u64, capability: &str) -> bool {
    let without_plan = Organization { plan: None, ..organization.clone() };
    let asker = Asker { user: Some(user.id.clone()), ..Asker::default() };
    decide(&without_plan, &asker, now, capability, Some(assistant)).allowed()
}

/// The capabilities of an assistant's owner.
pub fn owner_holds() -> impl Iterator<Item = &'static str> {
    ASSISTANT_OWNER.split_whitespace()
}

/// The capabilities that a link grants.
pub fn link_gives(level: LinkLevel) -> impl Iterator<Item = &'static str> {
    match level {
        LinkLevel::View => PUBLIC,
        LinkLevel::Edit => EDIT_LINK,
    }
    .split_whitespace()
}
