//! Reads facts from JSON and validates them: ids, references, enumerations, roles, scopes.
//!
//! Two passes. Reading takes the document as it stands, fields in any order. Resolving, once the snapshot's claims are known,
//! turns ids into positions and checks what depends on the scope.

use base64ct::{Base64UrlUnpadded, Encoding};

use super::*;
use crate::capability::Capability;
use crate::error::{Code, Error, quote};
use crate::json::{Fault, Reader};
use crate::origin;
use crate::role::Level;

/// The latest time that is issued, the year 5138: milliseconds given for seconds would never expire.
pub(crate) const MAX_ISSUED_TIME: u64 = 100_000_000_000;
/// Longest id (§4).
const MAX_ID: usize = 128;

/// The document as it stands: references are ids still.
#[derive(Default)]
pub(crate) struct RawFacts {
    id: Option<Span>,
    plan_name: Option<Span>,
    withheld: CapabilitySet,
    roles: Vec<RawRole>,
    users: Vec<RawUser>,
    teams: Vec<RawTeam>,
    members: Vec<RawHolding>,
    projects: Vec<RawProject>,
    assistants: Vec<RawAssistant>,
    grants: Vec<RawHolding>,
    links: Vec<Link>,
    origins: Vec<Span>,
    /// What issuing refuses and opening passes over, the first of it: path and reason.
    unissuable: Option<(String, &'static str)>,
}

struct RawRole {
    id: Span,
    on: Level,
    grants: CapabilitySet,
}

struct RawUser {
    id: Span,
    role: Span,
    status: Status,
    email: Option<Span>,
}

struct RawTeam {
    id: Span,
    name: Option<Span>,
    creator: Option<Span>,
    members: Range<u32>,
}

struct RawProject {
    id: Span,
    name: Option<Span>,
    team: Span,
    creator: Option<Span>,
}

struct RawAssistant {
    id: Span,
    name: Option<Span>,
    project: Option<Span>,
    owner: Option<Span>,
    accessibility: Accessibility,
    grants: Range<u32>,
    links: Range<u32>,
    origins: Range<u32>,
    embeds: bool,
}

struct RawHolding {
    user: Span,
    role: Span,
    expires: u64,
}

type Read<T> = Result<T, Fault>;

/// Reads an object field by field: `read_object!(reader, { "name" => statement, … })`.
macro_rules! read_object {
    ($reader:expr, { $($name:literal => $read:expr,)* }) => {{
        const FIELDS: &[&str] = &[$($name),*];
        let mut object = $reader.object()?;
        while let Some(field) = $reader.field(&mut object, FIELDS)? {
            let mut choice = 0; // Counts to a constant at each field.
            $(
                if field == choice {
                    $read;
                }
                choice += 1;
            )*
            let _ = choice;
        }
    }};
}
pub(crate) use read_object;

impl RawFacts {
    /// Reads the value of `organization`.
    pub(crate) fn read(reader: &mut Reader) -> Read<RawFacts> {
        let mut raw = RawFacts::default();
        read_object!(reader, {
            "id" => raw.id = Some(id(reader)?),
            "plan" => read_object!(reader, {
                "name" => raw.plan_name = Some(reader.string()?),
                "withholds" => raw.withheld = raw.capabilities(reader)?,
            }),
            "roles" => items(reader, |reader| raw.role(reader))?,
            "users" => items(reader, |reader| raw.user(reader))?,
            "teams" => items(reader, |reader| raw.team(reader))?,
            "projects" => items(reader, |reader| raw.project(reader))?,
            "assistants" => items(reader, |reader| raw.assistant(reader))?,
        });
        required(raw.id, reader, "id")?;
        Ok(raw)
    }

    /// Reads only the organization's id, from facts that have a fault elsewhere.
    pub(crate) fn read_id(reader: &mut Reader) -> Read<Option<Span>> {
        let mut found = None;
        read_object!(reader, { "id" => found = Some(reader.string()?), });
        Ok(found)
    }

    pub(crate) fn id(&self) -> Option<Span> {
        self.id
    }

    fn refuse_to_issue(&mut self, reader: &Reader, reason: &'static str) {
        if self.unissuable.is_none() {
            self.unissuable = Some((reader.path(), reason));
        }
    }

    fn expires(&mut self, reader: &mut Reader) -> Read<u64> {
        let expires = reader.integer()?;
        if expires > MAX_ISSUED_TIME {
            self.refuse_to_issue(reader, "expected Unix seconds; these look like milliseconds");
        }
        Ok(expires)
    }

    fn holding(&mut self, reader: &mut Reader) -> Read<RawHolding> {
        let (mut user, mut role, mut expires) = (None, None, NEVER);
        read_object!(reader, {
            "user" => user = Some(id(reader)?),
            "role" => role = Some(id(reader)?),
            "expires" => expires = self.expires(reader)?,
        });
        Ok(RawHolding { user: required(user, reader, "user")?, role: required(role, reader, "role")?, expires })
    }

    fn link(&mut self, reader: &mut Reader) -> Read<Link> {
        let (mut link_id, mut level, mut digest, mut expires) = (None, None, None, NEVER);
        read_object!(reader, {
            "id" => link_id = Some(id(reader)?),
            "level" => level = Some(one_of(reader, &[("view", LinkLevel::View), ("edit", LinkLevel::Edit)])?),
            "digest" => {
                let span = reader.string()?;
                let mut bytes = [0; 32];
                match Base64UrlUnpadded::decode(reader.get(span), &mut bytes) {
                    Ok(decoded) if decoded.len() == 32 => digest = Some(bytes),
                    _ => return Err(reader.fault("expected a SHA-256 digest in base64url without padding")),
                }
            },
            "expires" => expires = self.expires(reader)?,
        });
        Ok(Link { id: required(link_id, reader, "id")?, level: required(level, reader, "level")?, digest, expires })
    }

    fn capabilities(&mut self, reader: &mut Reader) -> Read<CapabilitySet> {
        let mut set = CapabilitySet::NONE;
        items(reader, |reader| {
            let name = reader.string()?;
            match Capability::from_name(reader.get(name)) {
                Some(capability) => set = set.union(CapabilitySet::of(&[capability])),
                None => self.refuse_to_issue(reader, "there is no such capability"),
            }
            Ok(())
        })?;
        Ok(set)
    }

    fn role(&mut self, reader: &mut Reader) -> Read<()> {
        let (mut role_id, mut on, mut grants) = (None, None, None);
        read_object!(reader, {
            "id" => role_id = Some(id(reader)?),
            "on" => on = Some(one_of(reader, &[("organization", Level::Organization), ("team", Level::Team), ("assistant", Level::Assistant)])?),
            "grants" => grants = Some(self.capabilities(reader)?),
        });
        let (id, on) = (required(role_id, reader, "id")?, required(on, reader, "on")?);
        let grants = required(grants, reader, "grants")?;
        self.roles.push(RawRole { id, on, grants });
        Ok(())
    }

    fn user(&mut self, reader: &mut Reader) -> Read<()> {
        let (mut user_id, mut role, mut status, mut email) = (None, None, Status::default(), None);
        read_object!(reader, {
            "id" => user_id = Some(id(reader)?),
            "role" => role = Some(id(reader)?),
            "status" => status = one_of(reader, &[("active", Status::Active), ("invited", Status::Invited), ("suspended", Status::Suspended)])?,
            "email" => email = Some(reader.string()?),
        });
        let (id, role) = (required(user_id, reader, "id")?, required(role, reader, "role")?);
        self.users.push(RawUser { id, role, status, email });
        Ok(())
    }

    fn team(&mut self, reader: &mut Reader) -> Read<()> {
        let (mut team_id, mut name, mut creator) = (None, None, None);
        let from = self.members.len();
        read_object!(reader, {
            "id" => team_id = Some(id(reader)?),
            "name" => name = Some(reader.string()?),
            "creator" => creator = Some(id(reader)?),
            "members" => items(reader, |reader| {
                let member = self.holding(reader)?;
                self.members.push(member);
                Ok(())
            })?,
        });
        let id = required(team_id, reader, "id")?;
        self.teams.push(RawTeam { id, name, creator, members: from as u32..self.members.len() as u32 });
        Ok(())
    }

    fn project(&mut self, reader: &mut Reader) -> Read<()> {
        let (mut project_id, mut name, mut team, mut creator) = (None, None, None, None);
        read_object!(reader, {
            "id" => project_id = Some(id(reader)?),
            "name" => name = Some(reader.string()?),
            "team" => team = Some(id(reader)?),
            "creator" => creator = Some(id(reader)?),
        });
        let (id, team) = (required(project_id, reader, "id")?, required(team, reader, "team")?);
        self.projects.push(RawProject { id, name, team, creator });
        Ok(())
    }

    fn assistant(&mut self, reader: &mut Reader) -> Read<()> {
        let (mut assistant_id, mut name, mut project, mut owner, mut accessibility) = (None, None, None, None, None);
        let (grants, links, origins) = (self.grants.len() as u32, self.links.len() as u32, self.origins.len() as u32);
        let mut embeds = false;
        read_object!(reader, {
            "id" => assistant_id = Some(id(reader)?),
            "name" => name = Some(reader.string()?),
            "project" => project = Some(id(reader)?),
            "owner" => owner = Some(id(reader)?),
            "accessibility" => accessibility = Some(one_of(reader, &[
                ("only_me", Accessibility::OnlyMe), ("only_team", Accessibility::OnlyTeam), ("public", Accessibility::Public),
            ])?),
            "grants" => items(reader, |reader| {
                let grant = self.holding(reader)?;
                self.grants.push(grant);
                Ok(())
            })?,
            "links" => items(reader, |reader| {
                let link = self.link(reader)?;
                self.links.push(link);
                Ok(())
            })?,
            "embed" => {
                embeds = true;
                let mut listed = false;
                read_object!(reader, {
                    "origins" => {
                        listed = true;
                        items(reader, |reader| origin_pattern(reader).map(|origin| self.origins.push(origin)))?;
                    },
                });
                required(listed.then_some(()), reader, "origins")?;
            },
        });
        self.assistants.push(RawAssistant {
            id: required(assistant_id, reader, "id")?,
            name,
            project,
            owner,
            accessibility: required(accessibility, reader, "accessibility")?,
            grants: grants..self.grants.len() as u32,
            links: links..self.links.len() as u32,
            origins: origins..self.origins.len() as u32,
            embeds,
        });
        Ok(())
    }
}

fn items(reader: &mut Reader, mut read: impl FnMut(&mut Reader) -> Read<()>) -> Read<()> {
    let mut array = reader.array()?;
    while reader.item(&mut array)? {
        read(reader)?;
    }
    Ok(())
}

fn required<T>(value: Option<T>, reader: &Reader, name: &str) -> Read<T> {
    value.ok_or_else(|| reader.fault(format!("missing `{name}`")))
}

fn id(reader: &mut Reader) -> Read<Span> {
    let span = reader.string()?;
    let text = reader.get(span);
    let known = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'@' | b'-'));
    if known && (1..=MAX_ID).contains(&text.len()) {
        Ok(span)
    } else {
        Err(reader.fault(format!("{} is not an id: 1 to {MAX_ID} of A–Z a–z 0–9 _ . : @ -", quote(text))))
    }
}

fn one_of<T: Copy>(reader: &mut Reader, choices: &[(&str, T)]) -> Read<T> {
    let span = reader.string()?;
    let text = reader.get(span);
    choices.iter().find(|choice| choice.0 == text).map(|choice| choice.1).ok_or_else(|| {
        let names: Vec<&str> = choices.iter().map(|choice| choice.0).collect();
        reader.fault(format!("{} is none of {}", quote(text), names.join(", ")))
    })
}

fn origin_pattern(reader: &mut Reader) -> Read<Span> {
    let span = reader.string()?;
    match origin::pattern_fault(reader.get(span)) {
        Some(fault) => Err(reader.fault(fault)),
        None => Ok(span),
    }
}

/// Who the facts are for: decides what they may contain.
pub(crate) struct Audience<'a> {
    pub(crate) scope: Scope,
    /// The user of a member snapshot.
    pub(crate) subject: Option<&'a str>,
}

type Resolved<T> = Result<T, Error>;

impl RawFacts {
    /// What issuing refuses and opening passes over, so that older cores read newer snapshots: path and reason.
    pub(crate) fn unissuable(&self) -> Option<&(String, &'static str)> {
        self.unissuable.as_ref()
    }

    /// Turns ids into positions and checks references, duplicates and what the scope allows.
    /// `seed` is something that whoever chooses ids does not know.
    pub(crate) fn resolve(self, text: Text, audience: &Audience<'_>, seed: u64) -> Resolved<Facts> {
        let mut facts = Facts {
            text,
            id: self.id.unwrap_or_default(),
            plan_name: self.plan_name,
            withheld: self.withheld,
            roles: BUILT_IN.iter().map(|(id, on, grants)| Role { id: RoleId::BuiltIn(id), on: *on, grants: *grants }).collect(),
            users: Vec::with_capacity(self.users.len()),
            teams: Vec::with_capacity(self.teams.len()),
            members: Vec::with_capacity(self.members.len()),
            projects: Vec::with_capacity(self.projects.len()),
            assistants: Vec::with_capacity(self.assistants.len()),
            grants: Vec::with_capacity(self.grants.len()),
            links: Vec::new(),
            origins: self.origins,
            role_index: Index::default(),
            user_index: Index::default(),
            team_index: Index::default(),
            project_index: Index::default(),
            assistant_index: Index::default(),
            changes: Vec::new(),
        };

        for (n, role) in self.roles.into_iter().enumerate() {
            if let Some(excess) = role.grants.difference(role.on.grantable()).iter().next() {
                return Err(fault(format!("roles[{n}].grants"), &format!("a role held there cannot grant `{excess}`")));
            }
            facts.roles.push(Role { id: RoleId::Custom(role.id), on: role.on, grants: role.grants });
        }
        facts.role_index = Index::new(facts.roles.len(), seed, |n| facts.role_id(n)).map_err(|n| {
            let n = (n as usize).saturating_sub(BUILT_IN.len());
            fault(format!("roles[{n}].id"), "duplicate id, or that of a built-in role")
        })?;

        for (n, user) in self.users.iter().enumerate() {
            let role = facts.resolve_role(user.role, Level::Organization, || format!("users[{n}].role"))?;
            facts.users.push(User { id: user.id, role, status: user.status, email: user.email });
        }
        facts.user_index = Index::new(facts.users.len(), seed, |n| facts.user_id(n)).map_err(|n| duplicate("users", n))?;

        for (n, team) in self.teams.iter().enumerate() {
            let creator = facts.resolve_user(team.creator, || format!("teams[{n}].creator"))?;
            // A member snapshot may list members it says nothing else about; they hold nothing there.
            let strangers = audience.scope == Scope::Member;
            let path = || format!("teams[{n}].members");
            let members = facts.resolve_holdings(slice(&self.members, &team.members), Level::Team, strangers, path)?;
            let members = append(&mut facts.members, members);
            facts.teams.push(Team { id: team.id, name: team.name, creator, members });
        }
        facts.team_index = Index::new(facts.teams.len(), seed, |n| facts.team_id(n)).map_err(|n| duplicate("teams", n))?;

        for (n, project) in self.projects.iter().enumerate() {
            let team = facts.find_team(facts.text(project.team));
            let team = team.ok_or_else(|| facts.dangling(project.team, format!("projects[{n}].team")))?;
            let creator = facts.resolve_user(project.creator, || format!("projects[{n}].creator"))?;
            facts.projects.push(Project { id: project.id, name: project.name, team, creator });
        }
        facts.project_index =
            Index::new(facts.projects.len(), seed, |n| facts.project_id(n)).map_err(|n| duplicate("projects", n))?;

        for (n, assistant) in self.assistants.iter().enumerate() {
            let project = match assistant.project {
                None => ABSENT,
                Some(id) => {
                    facts.find_project(facts.text(id)).ok_or_else(|| facts.dangling(id, format!("assistants[{n}].project")))?
                }
            };
            let owner = facts.resolve_user(assistant.owner, || format!("assistants[{n}].owner"))?;
            let path = || format!("assistants[{n}].grants");
            let grants = facts.resolve_holdings(slice(&self.grants, &assistant.grants), Level::Assistant, false, path)?;
            let links = slice(&self.links, &assistant.links);
            if links.len() > 1 {
                let link_id = |n: u32| links.get(n as usize).map_or("", |link| facts.text(link.id));
                Index::new(links.len(), seed, link_id)
                    .map_err(|link| fault(format!("assistants[{n}].links[{link}].id"), "duplicate id"))?;
            }
            let grants = append(&mut facts.grants, grants);
            facts.assistants.push(Assistant {
                id: assistant.id,
                name: assistant.name,
                project,
                owner,
                accessibility: assistant.accessibility,
                grants,
                links: assistant.links.clone(),
                origins: assistant.origins.clone(),
                embeds: assistant.embeds,
            });
        }
        facts.links = self.links;
        facts.assistant_index =
            Index::new(facts.assistants.len(), seed, |n| facts.assistant_id(n)).map_err(|n| duplicate("assistants", n))?;

        let expiring = facts.members.iter().chain(&facts.grants).map(|holding| holding.expires);
        let mut changes: Vec<u64> = expiring.chain(facts.links.iter().map(|link| link.expires)).filter(|at| *at != NEVER).collect();
        changes.sort_unstable();
        changes.dedup();
        facts.changes = changes;

        match audience.scope {
            Scope::Workspace => facts.check_workspace()?,
            Scope::Member => facts.check_member(audience.subject.unwrap_or_default())?,
            Scope::Gate => facts.check_gate()?,
        }
        Ok(facts)
    }
}

fn fault(path: String, reason: &str) -> Error {
    Error::at(Code::InvalidFacts, path, reason)
}

fn duplicate(list: &str, position: Position) -> Error {
    fault(format!("{list}[{position}].id"), "duplicate id")
}

fn append<T>(all: &mut Vec<T>, some: Vec<T>) -> Range<u32> {
    let from = all.len() as u32;
    all.extend(some);
    from..all.len() as u32
}

impl Facts {
    fn dangling(&self, id: Span, path: String) -> Error {
        fault(path, &format!("there is no {}", quote(self.text(id))))
    }

    fn resolve_user(&self, id: Option<Span>, path: impl Fn() -> String) -> Resolved<Position> {
        match id {
            None => Ok(ABSENT),
            Some(id) => self.find_user(self.text(id)).ok_or_else(|| self.dangling(id, path())),
        }
    }

    fn resolve_role(&self, id: Span, on: Level, path: impl Fn() -> String) -> Resolved<Position> {
        let found = self.find_role(self.text(id)).filter(|role| self.role(*role).is_some_and(|role| role.on == on));
        found.ok_or_else(|| self.dangling(id, path()))
    }

    fn resolve_holdings(
        &self,
        raw: &[RawHolding],
        on: Level,
        strangers: bool,
        path: impl Fn() -> String,
    ) -> Resolved<Vec<Holding>> {
        let mut held = Vec::with_capacity(raw.len());
        for (n, holding) in raw.iter().enumerate() {
            let role = self.resolve_role(holding.role, on, || format!("{}[{n}].role", path()))?;
            match self.find_user(self.text(holding.user)) {
                Some(user) => held.push(Holding { user, role, expires: holding.expires }),
                None if strangers => {}
                None => return Err(self.dangling(holding.user, format!("{}[{n}].user", path()))),
            }
        }
        // Sorted by user, as one sort of plain integers: it is the only one compiled.
        let mut order: Vec<u64> = (0..).zip(&held).map(|(n, holding): (u64, _)| (u64::from(holding.user) << 32) | n).collect();
        order.sort_unstable();
        Ok(order.iter().filter_map(|key| held.get(*key as u32 as usize).copied()).collect())
    }

    /// A workspace leaves nothing out.
    fn check_workspace(&self) -> Resolved<()> {
        for (n, assistant) in self.assistants.iter().enumerate() {
            if assistant.project == ABSENT {
                return Err(fault(format!("assistants[{n}]"), "missing `project`"));
            }
            if assistant.owner == ABSENT {
                return Err(fault(format!("assistants[{n}]"), "missing `owner`"));
            }
            self.check_digests(n, assistant)?;
        }
        Ok(())
    }

    fn check_digests(&self, n: usize, assistant: &Assistant) -> Resolved<()> {
        match self.links(assistant).iter().position(|link| link.digest.is_none()) {
            Some(link) => Err(fault(format!("assistants[{n}].links[{link}]"), "missing `digest`")),
            None => Ok(()),
        }
    }

    /// A member snapshot says of other people no more than their role, status and, to a manager, membership.
    fn check_member(&self, subject: &str) -> Resolved<()> {
        let subject = self.find_user(subject).ok_or_else(|| fault("users".to_owned(), "the subject is missing"))?;
        let stranger = |user: Position| user != ABSENT && user != subject;
        let only = |path: String| Err(fault(path, "a member snapshot names its subject alone here"));
        for (n, user) in self.users.iter().enumerate() {
            if user.email.is_some() && stranger(n as Position) {
                return only(format!("users[{n}].email"));
            }
        }
        for (n, team) in self.teams.iter().enumerate() {
            if stranger(team.creator) {
                return only(format!("teams[{n}].creator"));
            }
        }
        for (n, project) in self.projects.iter().enumerate() {
            if stranger(project.creator) {
                return only(format!("projects[{n}].creator"));
            }
        }
        for (n, assistant) in self.assistants.iter().enumerate() {
            if stranger(assistant.owner) {
                return only(format!("assistants[{n}].owner"));
            }
            if self.grants(assistant).iter().any(|grant| stranger(grant.user)) {
                return only(format!("assistants[{n}].grants"));
            }
            if self.links(assistant).iter().any(|link| link.digest.is_some()) {
                return Err(fault(format!("assistants[{n}].links"), "a member snapshot has no digests"));
            }
        }
        Ok(())
    }

    /// A gate snapshot is about public assistants and nobody.
    fn check_gate(&self) -> Resolved<()> {
        let lists = [
            ("roles", self.custom_roles().next().is_none()),
            ("users", self.users.is_empty()),
            ("teams", self.teams.is_empty()),
            ("projects", self.projects.is_empty()),
        ];
        if let Some((list, _)) = lists.iter().find(|(_, empty)| !empty) {
            return Err(fault((*list).to_owned(), "a gate snapshot has none"));
        }
        for (n, assistant) in self.assistants.iter().enumerate() {
            if assistant.accessibility != Accessibility::Public {
                return Err(fault(format!("assistants[{n}].accessibility"), "a gate snapshot has public assistants only"));
            }
            self.check_digests(n, assistant)?;
        }
        Ok(())
    }
}
