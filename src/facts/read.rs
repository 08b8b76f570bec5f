//! Reads a document of facts from JSON, its fields in any order. Ids are not looked up here: [`super::put`] does that, once the
//! snapshot's claims are known.

use crate::error::{concat, decimal, quote};
use crate::facts::raw::{Plan, RawAssistant, RawFacts, RawHolding, RawProject, RawTeam, RawUser};
use crate::facts::{ASSISTANTS, Accessibility, LISTS, Link, LinkLevel, NEVER, PROJECTS, ROLES, Status, TEAMS, USERS};
use crate::rules::capability::{Capability, CapabilitySet};
use crate::rules::origin;
use crate::rules::role::{Level, Role};
use crate::token::base64url;
use crate::token::json::{JsonReader, Read, Span, items, one_of, read_object, required};

/// The latest time that is issued, the year 5138. Milliseconds given by mistake are later, and would never expire.
pub(crate) const MAX_ISSUED_TIME: u64 = 100_000_000_000;
/// Longest id (§4).
pub(crate) const MAX_ID: usize = 128;

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
                    items(reader, &mut |reader| id(reader).map(|id| push_to(&mut raw.gone, table, id)))?;
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

    /// Reads the organization's id alone, from facts with a fault elsewhere.
    pub(crate) fn read_id(reader: &mut JsonReader) -> Read<Option<Span>> {
        let mut found = None;
        read_object!(reader, { "id" => found = Some(reader.string()?), });
        Ok(found)
    }

    /// Reads the users who hold nothing any more, into one of the lists of them.
    fn read_without(&mut self, reader: &mut JsonReader, list: fn(&mut RawFacts) -> &mut Vec<Span>) -> Read<()> {
        if self.partial {
            items(reader, &mut |reader| id(reader).map(|user| list(self).push(user)))
        } else {
            self.skip_of_changes(reader)
        }
    }

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

    /// Adds the id of the item that was just read.
    fn push_id(&mut self, table: usize, id: Option<Span>, reader: &JsonReader) -> Read<()> {
        required(id, reader, "id").map(|id| push_to(&mut self.ids, table, id))
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
        self.push_id(ROLES, role_id, reader)
    }

    fn user(&mut self, reader: &mut JsonReader) -> Read<()> {
        let (mut user_id, mut role, mut status, mut email) = (None, None, Status::default(), None);
        macro_rules! read_user {
            ($($more:tt)*) => {
                read_object!(reader, {
                    "id" => user_id = Some(id(reader)?),
                    "role" => role = Some(id(reader)?),
                    "status" => status = one_of(reader, &[("active", Status::Active), ("invited", Status::Invited), ("suspended", Status::Suspended)])?,
                    "email" => email = Some(reader.string()?),
                    $($more)*
                })
            };
        }
        // No question is about names: only an authority keeps them.
        #[cfg(feature = "authority")]
        let mut name = None;
        #[cfg(feature = "authority")]
        read_user!("name" => name = Some(reader.string()?),);
        #[cfg(not(feature = "authority"))]
        read_user!();
        self.users.push(RawUser {
            role: required(role, reader, "role")?,
            status,
            email,
            #[cfg(feature = "authority")]
            name,
        });
        self.push_id(USERS, user_id, reader)
    }

    fn team(&mut self, reader: &mut JsonReader) -> Read<()> {
        let (mut team_id, mut name, mut creator) = (None, None, None);
        read_object!(reader, {
            "id" => team_id = Some(id(reader)?),
            "name" => name = Some(reader.string()?),
            "creator" => creator = Some(id(reader)?),
            "members" => items(reader, &mut |reader| {
                let member = self.holding(reader)?;
                self.members.push(member);
                Ok(())
            })?,
            "without" => self.read_without(reader, |raw| &mut raw.team_without)?,
        });
        self.teams.push(RawTeam { name, creator, members: self.members.len() as u32, without: self.team_without.len() as u32 });
        self.push_id(TEAMS, team_id, reader)
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
        self.push_id(PROJECTS, project_id, reader)
    }

    fn assistant(&mut self, reader: &mut JsonReader) -> Read<()> {
        let (mut assistant_id, mut name, mut project, mut owner, mut accessibility) = (None, None, None, None, None);
        let mut embeds = false;
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
            "without" => self.read_without(reader, |raw| &mut raw.assistant_without)?,
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
            embeds,
            grants: self.grants.len() as u32,
            without: self.assistant_without.len() as u32,
            links: self.links.len() as u32,
            origins: self.origins.len() as u32,
        });
        self.push_id(ASSISTANTS, assistant_id, reader)
    }
}

fn push_to(lists: &mut [Vec<Span>; LISTS.len()], table: usize, id: Span) {
    if let Some(list) = lists.get_mut(table) {
        list.push(id);
    }
}

/// Whether a text is an id (§4).
pub(crate) fn is_id(text: &str) -> bool {
    let known = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'@' | b'-'));
    known && (1..=MAX_ID).contains(&text.len())
}

/// Whether a text may be the id of a new thing. `.` and `..` may not: in an address they are steps of a path. Existing things keep
/// such ids.
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
