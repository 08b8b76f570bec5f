//! Reads facts from JSON: the document as it stands, fields in any order. What its ids refer to is found out when it is put among
//! the facts, once the snapshot's claims are known.

use std::ops::Range;

use super::*;
use crate::error::{concat, decimal, quote};
use crate::rules::capability::Capability;
use crate::rules::origin;
use crate::rules::role::Level;
use crate::token::base64url;
use crate::token::json::{JsonReader, Read, items, one_of, read_object, required};

/// The latest time that is issued, the year 5138: milliseconds given for seconds would never expire.
pub(crate) const MAX_ISSUED_TIME: u64 = 100_000_000_000;
/// Longest id (§4).
pub(crate) const MAX_ID: usize = 128;

/// The document as it stands: references are ids still.
#[derive(Default)]
pub(crate) struct RawFacts {
    /// Whether these are changes: they may name no organization, and say what is gone.
    partial: bool,
    id: Option<Span>,
    pub(super) plan: Option<Plan>,
    /// Of what stands in each of [`LISTS`].
    pub(super) ids: [Vec<Span>; LISTS.len()],
    pub(super) roles: Vec<Role>,
    pub(super) users: Vec<RawUser>,
    pub(super) teams: Vec<RawTeam>,
    pub(super) projects: Vec<RawProject>,
    pub(super) assistants: Vec<RawAssistant>,
    pub(super) gone: [Vec<Span>; LISTS.len()],
    members: Vec<RawHolding>,
    grants: Vec<RawHolding>,
    without: Vec<Span>,
    links: Vec<Link>,
    origins: Vec<Span>,
    /// What issuing refuses and opening passes over, the first of it: path and reason.
    #[cfg(feature = "authority")]
    unissuable: Option<(String, &'static str)>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Plan {
    pub(super) name: Option<Span>,
    pub(super) withheld: CapabilitySet,
}

pub(super) struct RawUser {
    pub(super) role: Span,
    pub(super) status: Status,
    pub(super) email: Option<Span>,
}

pub(super) struct RawTeam {
    pub(super) name: Option<Span>,
    pub(super) creator: Option<Span>,
    pub(super) members: Range<u32>,
    pub(super) without: Range<u32>,
}

pub(super) struct RawProject {
    pub(super) name: Option<Span>,
    pub(super) team: Span,
    pub(super) creator: Option<Span>,
}

pub(super) struct RawAssistant {
    pub(super) name: Option<Span>,
    pub(super) project: Option<Span>,
    pub(super) owner: Option<Span>,
    pub(super) accessibility: Accessibility,
    pub(super) grants: Range<u32>,
    pub(super) without: Range<u32>,
    pub(super) links: Range<u32>,
    pub(super) origins: Option<Range<u32>>,
}

#[derive(Clone, Copy)]
pub(super) struct RawHolding {
    pub(super) user: Span,
    pub(super) role: Span,
    pub(super) expires: u64,
}

impl RawFacts {
    /// Reads the value of `organization`, or that of `changes`.
    pub(crate) fn read(reader: &mut JsonReader, partial: bool) -> Read<RawFacts> {
        let mut raw = RawFacts { partial, ..RawFacts::default() };
        read_object!(reader, {
            "id" => raw.id = Some(id(reader)?),
            "plan" => {
                let mut plan = Plan::default();
                read_object!(reader, {
                    "name" => plan.name = Some(reader.string()?),
                    "withholds" => plan.withheld = raw.capabilities(reader)?,
                });
                raw.plan = Some(plan);
            },
            "roles" => items(reader, &mut |reader| raw.role(reader))?,
            "users" => items(reader, &mut |reader| raw.user(reader))?,
            "teams" => items(reader, &mut |reader| raw.team(reader))?,
            "projects" => items(reader, &mut |reader| raw.project(reader))?,
            "assistants" => items(reader, &mut |reader| raw.assistant(reader))?,
            "gone" => if partial {
                let mut object = reader.object()?;
                while let Some(table) = reader.field(&mut object, &LISTS)? {
                    items(reader, &mut |reader| id(reader).map(|id| note(&mut raw.gone, table, id)))?;
                }
            } else {
                raw.skip_of_changes(reader)?;
            },
        });
        if !partial {
            required(raw.id, reader, "id")?;
        }
        Ok(raw)
    }

    /// Reads only the organization's id, from facts that have a fault elsewhere.
    pub(crate) fn read_id(reader: &mut JsonReader) -> Read<Option<Span>> {
        let mut found = None;
        read_object!(reader, { "id" => found = Some(reader.string()?), });
        Ok(found)
    }

    pub(crate) fn id(&self) -> Option<Span> {
        self.id
    }

    /// Where the first id stands that nothing new may have.
    #[cfg(feature = "authority")]
    pub(crate) fn refused_id(&self, reader: &JsonReader) -> Option<String> {
        let refused = |id: &Span| !is_new_id(reader.get(*id));
        if self.id.as_ref().is_some_and(refused) {
            return Some("id".to_owned());
        }
        for (list, ids) in LISTS.iter().zip(&self.ids) {
            if let Some(n) = ids.iter().position(refused) {
                return Some(format!("{list}[{n}].id"));
            }
        }
        let link = |assistant| self.links(assistant).iter().position(|link| refused(&link.id));
        (0..)
            .zip(&self.assistants)
            .find_map(|(n, one): (usize, _)| link(one).map(|link| format!("assistants[{n}].links[{link}].id")))
    }

    pub(super) fn members(&self, team: &RawTeam) -> &[RawHolding] {
        slice(&self.members, &team.members)
    }

    pub(super) fn grants(&self, assistant: &RawAssistant) -> &[RawHolding] {
        slice(&self.grants, &assistant.grants)
    }

    pub(super) fn links(&self, assistant: &RawAssistant) -> &[Link] {
        slice(&self.links, &assistant.links)
    }

    pub(super) fn origins(&self, assistant: &RawAssistant) -> Option<&[Span]> {
        assistant.origins.as_ref().map(|origins| slice(&self.origins, origins))
    }

    /// Of a changed team or assistant, who holds nothing on it any more.
    pub(super) fn without(&self, range: &Range<u32>) -> &[Span] {
        slice(&self.without, range)
    }

    /// What issuing refuses and opening passes over, so that older cores read newer snapshots: path and reason.
    #[cfg(feature = "authority")]
    pub(crate) fn unissuable(&self) -> Option<&(String, &'static str)> {
        self.unissuable.as_ref()
    }

    fn read_without(&mut self, reader: &mut JsonReader) -> Read<()> {
        if self.partial {
            items(reader, &mut |reader| id(reader).map(|user| self.without.push(user)))
        } else {
            self.skip_of_changes(reader)
        }
    }

    #[cfg(feature = "authority")]
    fn refuse_to_issue(&mut self, reader: &JsonReader, reason: &'static str) {
        if self.unissuable.is_none() {
            self.unissuable = Some((reader.path(), reason));
        }
    }

    /// Nobody issues.
    #[cfg(not(feature = "authority"))]
    fn refuse_to_issue(&mut self, _: &JsonReader, _: &'static str) {}

    /// Passes over a field that only changes have.
    fn skip_of_changes(&mut self, reader: &mut JsonReader) -> Read<()> {
        self.refuse_to_issue(reader, "only changes have this field");
        reader.skip()
    }

    fn expires(&mut self, reader: &mut JsonReader) -> Read<u64> {
        let expires = reader.integer()?;
        if expires > MAX_ISSUED_TIME {
            self.refuse_to_issue(reader, "expected Unix seconds; these look like milliseconds");
        }
        Ok(expires)
    }

    fn holding(&mut self, reader: &mut JsonReader) -> Read<RawHolding> {
        let (mut user, mut role, mut expires) = (None, None, NEVER);
        read_object!(reader, {
            "user" => user = Some(id(reader)?),
            "role" => role = Some(id(reader)?),
            "expires" => expires = self.expires(reader)?,
        });
        Ok(RawHolding { user: required(user, reader, "user")?, role: required(role, reader, "role")?, expires })
    }

    fn link(&mut self, reader: &mut JsonReader) -> Read<Link> {
        let (mut link_id, mut level, mut digest, mut expires) = (None, None, None, NEVER);
        read_object!(reader, {
            "id" => link_id = Some(id(reader)?),
            "level" => level = Some(one_of(reader, &[("view", LinkLevel::View), ("edit", LinkLevel::Edit)])?),
            "digest" => {
                let span = reader.string()?;
                let bytes = base64url::decode_32(reader.get(span));
                let fault = || reader.fault("expected a SHA-256 digest in base64url without padding");
                digest = Some(bytes.ok_or_else(fault)?);
            },
            "expires" => expires = self.expires(reader)?,
        });
        if digest.is_none() {
            self.refuse_to_issue(reader, "missing `digest`");
        }
        Ok(Link { id: required(link_id, reader, "id")?, level: required(level, reader, "level")?, digest, expires })
    }

    fn capabilities(&mut self, reader: &mut JsonReader) -> Read<CapabilitySet> {
        let mut set = CapabilitySet::NONE;
        items(reader, &mut |reader| {
            let name = reader.string()?;
            match Capability::from_name(reader.get(name)) {
                Some(capability) => set = set.union(CapabilitySet::of(&[capability])),
                None => self.refuse_to_issue(reader, "there is no such capability"),
            }
            Ok(())
        })?;
        Ok(set)
    }

    /// Notes the id of what was read.
    fn named(&mut self, table: usize, id: Option<Span>, reader: &JsonReader) -> Read<()> {
        required(id, reader, "id").map(|id| note(&mut self.ids, table, id))
    }

    fn role(&mut self, reader: &mut JsonReader) -> Read<()> {
        let (mut role_id, mut on, mut grants) = (None, None, None);
        read_object!(reader, {
            "id" => role_id = Some(id(reader)?),
            "on" => on = Some(one_of(reader, &[("organization", Level::Organization), ("team", Level::Team), ("assistant", Level::Assistant)])?),
            "grants" => grants = Some(self.capabilities(reader)?),
        });
        let role = Role { on: required(on, reader, "on")?, grants: required(grants, reader, "grants")? };
        self.roles.push(role);
        self.named(ROLES, role_id, reader)
    }

    fn user(&mut self, reader: &mut JsonReader) -> Read<()> {
        let (mut user_id, mut role, mut status, mut email) = (None, None, Status::default(), None);
        read_object!(reader, {
            "id" => user_id = Some(id(reader)?),
            "role" => role = Some(id(reader)?),
            "status" => status = one_of(reader, &[("active", Status::Active), ("invited", Status::Invited), ("suspended", Status::Suspended)])?,
            "email" => email = Some(reader.string()?),
        });
        self.users.push(RawUser { role: required(role, reader, "role")?, status, email });
        self.named(USERS, user_id, reader)
    }

    fn team(&mut self, reader: &mut JsonReader) -> Read<()> {
        let (mut team_id, mut name, mut creator) = (None, None, None);
        let (members, without) = (self.members.len() as u32, self.without.len() as u32);
        read_object!(reader, {
            "id" => team_id = Some(id(reader)?),
            "name" => name = Some(reader.string()?),
            "creator" => creator = Some(id(reader)?),
            "members" => items(reader, &mut |reader| {
                let member = self.holding(reader)?;
                self.members.push(member);
                Ok(())
            })?,
            "without" => self.read_without(reader)?,
        });
        self.teams.push(RawTeam {
            name,
            creator,
            members: members..self.members.len() as u32,
            without: without..self.without.len() as u32,
        });
        self.named(TEAMS, team_id, reader)
    }

    fn project(&mut self, reader: &mut JsonReader) -> Read<()> {
        let (mut project_id, mut name, mut team, mut creator) = (None, None, None, None);
        read_object!(reader, {
            "id" => project_id = Some(id(reader)?),
            "name" => name = Some(reader.string()?),
            "team" => team = Some(id(reader)?),
            "creator" => creator = Some(id(reader)?),
        });
        self.projects.push(RawProject { name, team: required(team, reader, "team")?, creator });
        self.named(PROJECTS, project_id, reader)
    }

    fn assistant(&mut self, reader: &mut JsonReader) -> Read<()> {
        let (mut assistant_id, mut name, mut project, mut owner, mut accessibility) = (None, None, None, None, None);
        let (grants, links, origins) = (self.grants.len() as u32, self.links.len() as u32, self.origins.len() as u32);
        let (without, mut embeds) = (self.without.len() as u32, false);
        read_object!(reader, {
            "id" => assistant_id = Some(id(reader)?),
            "name" => name = Some(reader.string()?),
            "project" => project = Some(id(reader)?),
            "owner" => owner = Some(id(reader)?),
            "accessibility" => accessibility = Some(one_of(reader, &[
                ("only_me", Accessibility::OnlyMe), ("only_team", Accessibility::OnlyTeam), ("public", Accessibility::Public),
            ])?),
            "grants" => items(reader, &mut |reader| {
                let grant = self.holding(reader)?;
                self.grants.push(grant);
                Ok(())
            })?,
            "without" => self.read_without(reader)?,
            "links" => items(reader, &mut |reader| {
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
                        items(reader, &mut |reader| origin_pattern(reader).map(|origin| self.origins.push(origin)))?;
                    },
                });
                required(listed.then_some(()), reader, "origins")?;
            },
        });
        self.assistants.push(RawAssistant {
            name,
            project,
            owner,
            accessibility: required(accessibility, reader, "accessibility")?,
            grants: grants..self.grants.len() as u32,
            without: without..self.without.len() as u32,
            links: links..self.links.len() as u32,
            origins: embeds.then_some(origins..self.origins.len() as u32),
        });
        self.named(ASSISTANTS, assistant_id, reader)
    }
}

fn note(lists: &mut [Vec<Span>; LISTS.len()], table: usize, id: Span) {
    if let Some(list) = lists.get_mut(table) {
        list.push(id);
    }
}

fn slice<'a, T>(all: &'a [T], range: &Range<u32>) -> &'a [T] {
    all.get(range.start as usize..range.end as usize).unwrap_or_default()
}

/// Whether a text is an id (§4).
pub(crate) fn is_id(text: &str) -> bool {
    let known = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'@' | b'-'));
    known && (1..=MAX_ID).contains(&text.len())
}

/// Whether something new may have a text as its id. An address takes `.` and `..` for steps of a path, whatever stands around them;
/// what has such an id already keeps it.
#[cfg(feature = "authority")]
pub(crate) fn is_new_id(text: &str) -> bool {
    is_id(text) && !matches!(text, "." | "..")
}

fn id(reader: &mut JsonReader) -> Read<Span> {
    let span = reader.string()?;
    let text = reader.get(span);
    if is_id(text) {
        Ok(span)
    } else {
        Err(reader.fault(concat(&[&quote(text), " is not an id: 1 to ", &decimal(MAX_ID as u64), " of A–Z a–z 0–9 _ . : @ -"])))
    }
}

fn origin_pattern(reader: &mut JsonReader) -> Read<Span> {
    let span = reader.string()?;
    match origin::pattern_fault(reader.get(span)) {
        Some(fault) => Err(reader.fault(fault)),
        None => Ok(span),
    }
}
