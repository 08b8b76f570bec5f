//! Random organizations: small, and full of edge cases.

use super::cases::Asker;
use super::naive::digest_of;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use wicketgate::document::*;
use wicketgate::{Accessibility, Capability, Kind, Level, LinkLevel, Status};

pub const NOW: u64 = 1_790_000_000;
/// Origins of embedding pages. The table in `naive` says which pattern matches which origin.
pub const ORIGINS: [&str; 7] = [
    "https://docs.acme.example",
    "https://DOCS.acme.example:443",
    "https://a.b.acme.example",
    "https://acme.example",
    "http://localhost:3000",
    "https://evil.example",
    "null",
];
const PATTERNS: [&str; 4] = ["*", "https://docs.acme.example", "https://*.acme.example", "http://localhost:3000"];

/// The share-link key of a number.
pub fn key(n: usize) -> String {
    format!("wk_{n:043}")
}

/// No expiry, or one around [`NOW`].
fn expiry() -> impl Strategy<Value = Option<u64>> {
    option::weighted(0.4, select(vec![1, NOW - 1, NOW, NOW + 1, NOW + 100_000]))
}

fn capabilities(kinds: &'static [Kind]) -> impl Strategy<Value = Vec<String>> {
    let names: Vec<String> = Capability::ALL
        .iter()
        .filter(|capability| kinds.contains(&capability.kind()))
        .map(|capability| capability.name().to_owned())
        .collect();
    let most = names.len().min(6);
    subsequence(names, 0..=most)
}

fn roles() -> impl Strategy<Value = Vec<RoleDefinition>> {
    use Kind::{Assistant, Organization, Project, Team};
    let role = |id: &'static str, on: Level, kinds| {
        capabilities(kinds).prop_map(move |grants| RoleDefinition { id: id.to_owned(), on, grants })
    };
    (
        role("auditor", Level::Organization, &[Organization, Team, Project, Assistant]),
        role("builder", Level::Organization, &[Organization]),
        role("trainer", Level::Team, &[Team, Project, Assistant]),
        role("coach", Level::Team, &[Team, Project, Assistant]),
        role("agent", Level::Assistant, &[Assistant]),
    )
        .prop_map(|(auditor, builder, trainer, coach, agent)| vec![auditor, builder, trainer, coach, agent])
}

fn holdings(users: usize, roles: &'static [&'static str]) -> impl Strategy<Value = Vec<Holding>> {
    let holding = (0..users, select(roles), expiry()).prop_map(|(user, role, expires)| Holding {
        user: format!("u{user}"),
        role: role.to_owned(),
        expires,
    });
    vec(holding, 0..4)
}

/// An assistant in one of the projects, owned by one of the users.
fn assistant(n: usize, users: usize, projects: usize) -> impl Strategy<Value = Assistant> {
    let level = select(vec![Accessibility::OnlyMe, Accessibility::OnlyTeam, Accessibility::Public, Accessibility::Public]);
    let link = (0..3usize, select(vec![LinkLevel::View, LinkLevel::Edit]), expiry());
    (
        (0..projects, 0..users, level),
        holdings(users, &["editor", "agent"]),
        vec(link, 0..3),
        option::of(subsequence(PATTERNS.to_vec(), 0..=2)),
    )
        .prop_map(move |((project, owner, accessibility), grants, links, origins)| Assistant {
            id: format!("a{n}"),
            name: Some(format!("Assistant {n}")),
            project: Some(format!("p{project}")),
            owner: Some(format!("u{owner}")),
            accessibility,
            grants,
            links: links
                .into_iter()
                .enumerate()
                .map(|(id, (number, level, expires))| Link {
                    id: format!("l{id}"),
                    level,
                    // There are three keys, so that several links and assistants share one.
                    digest: Some(digest_of(&key(number))),
                    expires,
                })
                .collect(),
            embed: origins.map(|origins| Embed { origins: origins.into_iter().map(str::to_owned).collect() }),
        })
}

pub fn organization() -> impl Strategy<Value = Organization> {
    (1..7usize, 1..4usize, 1..5usize, 0..6usize).prop_flat_map(|(users, teams, projects, assistants)| {
        let user = |n: usize| {
            let role = select(vec!["global_admin", "application_admin", "user", "user", "auditor", "builder"]);
            let status = select(vec![Status::Active, Status::Active, Status::Active, Status::Invited, Status::Suspended]);
            let name = option::of(select(vec!["Ana María", "Łukasz"]));
            (role, status, name).prop_map(move |(role, status, name)| User {
                name: name.map(str::to_owned),
                id: format!("u{n}"),
                role: role.to_owned(),
                status,
                email: Some(format!("u{n}@acme.example")),
            })
        };
        let team = move |n: usize| {
            (option::of(0..users), holdings(users, &["owner", "viewer", "trainer", "coach"])).prop_map(move |(creator, members)| {
                Team { id: format!("t{n}"), name: None, creator: creator.map(|user| format!("u{user}")), members }
            })
        };
        let project = move |n: usize| {
            (0..teams, option::of(0..users)).prop_map(move |(team, creator)| Project {
                id: format!("p{n}"),
                name: None,
                team: format!("t{team}"),
                creator: creator.map(|user| format!("u{user}")),
            })
        };
        // The plan withholds a few capabilities, or all capabilities of teams and projects.
        let all: Vec<String> = Capability::ALL
            .iter()
            .filter(|capability| matches!(capability.kind(), Kind::Team | Kind::Project))
            .map(|capability| capability.name().to_owned())
            .collect();
        let few = capabilities(&[Kind::Organization, Kind::Team, Kind::Project, Kind::Assistant]);
        let plan = option::of(prop_oneof![4 => few, 1 => Just(all)]);
        (
            plan,
            roles(),
            (0..users).map(user).collect::<Vec<_>>(),
            (0..teams).map(team).collect::<Vec<_>>(),
            (0..projects).map(project).collect::<Vec<_>>(),
            (0..assistants).map(move |n| assistant(n, users, projects)).collect::<Vec<_>>(),
        )
            .prop_map(|(plan, roles, users, teams, projects, assistants)| Organization {
                id: "acme".to_owned(),
                plan: plan.map(|withholds| Plan { name: Some("pro".to_owned()), withholds }),
                roles,
                users,
                teams,
                projects,
                assistants,
            })
    })
}

/// Each capability with each target of its kind, with no target and with an unknown one.
pub fn questions(organization: &Organization) -> Vec<(Capability, Option<String>)> {
    let ids = |kind: Kind| -> Vec<Option<String>> {
        let mut ids: Vec<Option<String>> = match kind {
            Kind::Organization => return vec![None, Some("t0".to_owned())],
            Kind::Team => organization.teams.iter().map(|team| Some(team.id.clone())).collect(),
            Kind::Project => organization.projects.iter().map(|project| Some(project.id.clone())).collect(),
            Kind::Assistant => organization.assistants.iter().map(|assistant| Some(assistant.id.clone())).collect(),
        };
        ids.extend([None, Some("nowhere".to_owned())]);
        ids
    };
    Capability::ALL.iter().flat_map(|capability| ids(capability.kind()).into_iter().map(|id| (*capability, id))).collect()
}

/// Each user and an unknown one.
pub fn users(organization: &Organization) -> Vec<Asker> {
    let ids = organization.users.iter().map(|user| user.id.clone()).chain(["nobody".to_owned()]);
    ids.map(|id| Asker { user: Some(id), ..Asker::default() }).collect()
}

/// Visitors with each origin and without one, each with no key, a known, an unknown and a malformed key.
pub fn visitors() -> Vec<Asker> {
    let links = [None, Some(key(0)), Some(key(1)), Some(key(9)), Some("wk_short".to_owned())];
    let origins = std::iter::once(None).chain(ORIGINS.map(|origin| Some(origin.to_owned())));
    origins.flat_map(|origin| links.clone().map(|link| Asker { user: None, link, origin: origin.clone() })).collect()
}
