//! The first phase: turns ids into positions; checks references, duplicates and the limits of the scope.

use super::Recipient;
use super::item_path::{ItemPath, fault};
use crate::error::{Error, concat, quote};
use crate::facts::raw::{Plan, RawFacts, RawHolding};
use crate::facts::{
    ABSENT, ASSISTANTS, Accessibility, Assistant, Facts, Holding, LISTS, Link, NEVER, PROJECTS, Position, Project, ROLES, Scope,
    Status, TEAMS, Team, USERS, User,
};
use crate::rules::capability::CapabilitySet;
use crate::rules::role::{BUILT_IN, Level, Role};
use crate::sort::{ascending, sort};
use crate::token::json::Span;

type Staged<T> = Result<T, Error>;

/// The users whose holdings on a team or assistant are replaced: sorted positions; `None` replaces everybody's.
pub(super) type Replaced = Option<Vec<u64>>;

/// Checked rows, ready to be applied.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) plan: Option<Plan>,
    /// The position of each row below. The last ones are those of removed things.
    pub(super) positions: [Vec<Position>; LISTS.len()],
    pub(super) roles: Vec<Role>,
    pub(super) users: Vec<User>,
    pub(super) teams: Vec<(Team, Replaced)>,
    pub(super) projects: Vec<Project>,
    pub(super) assistants: Vec<Assistant>,
    /// For each of the assistants of a change. A whole document replaces nothing.
    pub(super) replaced_grants: Vec<Replaced>,
    /// How many of the positions are those of removed things.
    pub(super) gone: [usize; LISTS.len()],
    /// The ends of the rows that end.
    pub(super) expiring: Vec<u64>,
}

impl Rows {
    /// Notes when rows end, if they do.
    fn expire(&mut self, expires: impl Iterator<Item = u64>) {
        self.expiring.extend(expires.filter(|expires| *expires != NEVER));
    }
}

// Placeholders at the positions of removed things.
const NO_ROLE: Role = Role { on: Level::Organization, grants: CapabilitySet::NONE };
const NO_USER: User = User {
    role: ABSENT,
    status: Status::Suspended,
    email: None,
    #[cfg(feature = "authority")]
    name: None,
};
const NO_TEAM: Team = Team {
    name: None,
    creator: ABSENT,
    members: Vec::new(),
    #[cfg(feature = "authority")]
    projects: Vec::new(),
};
const NO_PROJECT: Project = Project {
    name: None,
    team: ABSENT,
    creator: ABSENT,
    #[cfg(feature = "authority")]
    assistants: Vec::new(),
};
const NO_ASSISTANT: Assistant = Assistant {
    name: None,
    project: ABSENT,
    owner: ABSENT,
    accessibility: Accessibility::OnlyMe,
    grants: Vec::new(),
    links: Vec::new(),
    origins: None,
};

impl Facts {
    /// `raw` loses its lists of ids: they are entered first, and a workspace has a megabyte of them.
    pub(super) fn stage(&mut self, raw: &mut RawFacts, recipient: &Recipient) -> Staged<Rows> {
        let ids = std::mem::take(&mut raw.ids);
        let mut stage = Stage { facts: self, raw, scope: recipient.scope, subject: None, rows: Rows::default() };
        stage.rows.plan = raw.plan;
        stage.ids(&ids)?;
        drop(ids);
        stage.roles()?;
        stage.subject = stage.find_subject(recipient)?;
        stage.users()?;
        stage.teams()?;
        stage.projects()?;
        stage.assistants()?;
        stage.gone()?;
        Ok(stage.rows)
    }

    fn find(&self, table: usize, id: Span, path: &ItemPath, field: &str) -> Staged<Position> {
        let found = self.ids.get(table).and_then(|ids| ids.find(self.text(id), &self.text));
        found.ok_or_else(|| path.fault(field, &concat(&["there is no ", &quote(self.text(id))])))
    }

    fn find_role_on(&self, level: Level, id: Span, path: &ItemPath, field: &str) -> Staged<Position> {
        let position = self.find(ROLES, id, path, field)?;
        let held = self.role(position).is_some_and(|role| role.on == level);
        held.then_some(position).ok_or_else(|| path.fault(field, &concat(&[&quote(self.text(id)), " is a role of another level"])))
    }
}

/// Staging, list by list.
struct Stage<'a> {
    facts: &'a mut Facts,
    raw: &'a RawFacts,
    scope: Scope,
    /// The user of a member snapshot. It says of other people no more than their role, status and, to a manager, membership.
    subject: Option<Position>,
    rows: Rows,
}

impl Stage<'_> {
    /// Enters the ids of every list.
    fn ids(&mut self, ids: &[Vec<Span>; LISTS.len()]) -> Staged<()> {
        let lists = LISTS.into_iter().zip(ids).zip(&mut self.facts.ids).zip(&mut self.rows.positions);
        for (table, (((list, ids), known), positions)) in lists.enumerate() {
            if self.scope == Scope::Gate && table != ASSISTANTS && !ids.is_empty() {
                return Err(fault(list, "must be empty in a gate snapshot"));
            }
            positions.extend(ids.iter().map(|id| known.claim(*id, &self.facts.text)));
            distinct(list, positions)?;
        }
        Ok(())
    }

    fn roles(&mut self) -> Staged<()> {
        let known = self.facts.roles.len();
        for (n, (role, &position)) in self.raw.roles.iter().zip(&self.rows.positions[ROLES]).enumerate() {
            let path = ItemPath::new(LISTS[ROLES], n);
            if let Some(excess) = role.grants.difference(role.on.grantable()).iter().next() {
                return Err(path.fault(".grants", &concat(&["a role of this level cannot grant `", excess.name(), "`"])));
            }
            if (position as usize) < BUILT_IN.len() {
                return Err(path.fault(".id", "a built-in role has this id"));
            }
            match self.facts.role(position) {
                // The other lists refer to new roles.
                None => self.facts.roles.push(*role),
                Some(old) if (position as usize) < known && old.on != role.on => {
                    return Err(path.fault(".on", "the level of a role cannot change"));
                }
                Some(_) => {}
            }
            self.rows.roles.push(*role);
        }
        Ok(())
    }

    fn find_subject(&self, recipient: &Recipient) -> Staged<Option<Position>> {
        if self.scope != Scope::Member {
            return Ok(None);
        }
        let subject = recipient.subject.and_then(|subject| self.facts.find_user(self.facts.text(subject)));
        subject.map(Some).ok_or_else(|| fault(LISTS[USERS], "the subject is missing"))
    }

    fn users(&mut self) -> Staged<()> {
        self.rows.users.reserve_exact(self.raw.users.len());
        for (n, (user, &position)) in self.raw.users.iter().zip(&self.rows.positions[USERS]).enumerate() {
            let path = ItemPath::new(LISTS[USERS], n);
            let role = self.facts.find_role_on(Level::Organization, user.role, &path, ".role")?;
            if user.email.is_some() {
                self.only_subject(position, &path, ".email")?;
            }
            self.rows.users.push(User {
                role,
                status: user.status,
                email: user.email,
                #[cfg(feature = "authority")]
                name: user.name,
            });
        }
        Ok(())
    }

    fn teams(&mut self) -> Staged<()> {
        for (n, (team, members, without)) in self.raw.teams().enumerate() {
            let path = ItemPath::new(LISTS[TEAMS], n);
            let creator = self.person(team.creator, &path, ".creator")?;
            // A member snapshot may name members who are not in its users. They hold nothing there.
            let skip_unknown = self.scope == Scope::Member;
            let members = self.holdings(members, Level::Team, skip_unknown, &path, ".members")?;
            let replaced = self.replaced(&members, without);
            let mut row = NO_TEAM;
            (row.name, row.creator, row.members) = (team.name, creator, members);
            self.rows.teams.push((row, replaced));
        }
        Ok(())
    }

    fn projects(&mut self) -> Staged<()> {
        for (n, project) in self.raw.projects.iter().enumerate() {
            let path = ItemPath::new(LISTS[PROJECTS], n);
            let team = self.facts.find(TEAMS, project.team, &path, ".team")?;
            let creator = self.person(project.creator, &path, ".creator")?;
            let mut row = NO_PROJECT;
            (row.name, row.team, row.creator) = (project.name, team, creator);
            self.rows.projects.push(row);
        }
        Ok(())
    }

    fn assistants(&mut self) -> Staged<()> {
        self.rows.assistants.reserve_exact(self.raw.assistants.len());
        for (n, (assistant, parts)) in self.raw.assistants().enumerate() {
            let path = ItemPath::new(LISTS[ASSISTANTS], n);
            let missing = match (assistant.project, assistant.owner) {
                (None, _) => Some("missing `project`"),
                (_, None) => Some("missing `owner`"),
                _ => None,
            };
            if let (Scope::Workspace, Some(reason)) = (self.scope, missing) {
                return Err(path.fault("", reason));
            }
            if self.scope == Scope::Gate && assistant.accessibility != Accessibility::Public {
                return Err(path.fault(".accessibility", "a gate snapshot has public assistants only"));
            }
            let project = assistant.project.map_or(Ok(ABSENT), |id| self.facts.find(PROJECTS, id, &path, ".project"))?;
            let owner = self.person(assistant.owner, &path, ".owner")?;
            let grants = self.holdings(parts.grants, Level::Assistant, false, &path, ".grants")?;
            for grant in &grants {
                self.only_subject(grant.user, &path, ".grants")?;
            }
            self.check_links(parts.links, &path)?;
            self.rows.expire(parts.links.iter().map(|link| link.expires));
            if self.raw.partial {
                let replaced = self.replaced(&grants, parts.without);
                self.rows.replaced_grants.push(replaced);
            }
            self.rows.assistants.push(Assistant {
                name: assistant.name,
                project,
                owner,
                accessibility: assistant.accessibility,
                grants,
                links: parts.links.to_vec(),
                origins: assistant.embeds.then(|| parts.origins.to_vec()),
            });
        }
        Ok(())
    }

    /// Adds a placeholder for each removed thing. It keeps its position, because something may still refer to it.
    fn gone(&mut self) -> Staged<()> {
        const GONE: [&str; LISTS.len()] = ["gone.roles", "gone.users", "gone.teams", "gone.projects", "gone.assistants"];
        let lists = GONE.into_iter().zip(&self.raw.gone).zip(self.rows.positions.iter_mut().zip(&mut self.rows.gone));
        for (table, ((list, ids), (positions, gone))) in lists.enumerate() {
            *gone = ids.len();
            for (n, id) in ids.iter().enumerate() {
                let path = ItemPath::new(list, n);
                let position = self.facts.find(table, *id, &path, "")?;
                if (table == USERS && self.subject == Some(position)) || (table == ROLES && (position as usize) < BUILT_IN.len()) {
                    return Err(path.fault("", "cannot be removed"));
                }
                positions.push(position);
            }
        }
        let [roles, users, teams, projects, assistants] = self.rows.positions.each_ref().map(Vec::len);
        self.rows.roles.resize_with(roles, || NO_ROLE);
        self.rows.users.resize_with(users, || NO_USER);
        self.rows.teams.resize_with(teams, || (NO_TEAM, None));
        self.rows.projects.resize_with(projects, || NO_PROJECT);
        self.rows.assistants.resize_with(assistants, || NO_ASSISTANT);
        Ok(())
    }

    /// The position of a creator or owner, [`ABSENT`] without an id.
    fn person(&self, id: Option<Span>, path: &ItemPath, field: &str) -> Staged<Position> {
        let user = id.map_or(Ok(ABSENT), |id| self.facts.find(USERS, id, path, field))?;
        self.only_subject(user, path, field).map(|()| user)
    }

    /// Refuses another user than the subject, in a member snapshot.
    fn only_subject(&self, user: Position, path: &ItemPath, field: &str) -> Staged<()> {
        match self.subject {
            Some(subject) if user != ABSENT && user != subject => {
                Err(path.fault(field, "a member snapshot may name only its subject here"))
            }
            _ => Ok(()),
        }
    }

    /// Holdings sorted by user, and those of one user by the roles' ids. Their order in the document does not matter.
    fn holdings(
        &mut self,
        raw: &[RawHolding],
        on: Level,
        skip_unknown: bool,
        path: &ItemPath,
        field: &'static str,
    ) -> Staged<Vec<Holding>> {
        let facts = &*self.facts;
        let mut holdings = Vec::with_capacity(raw.len());
        for (n, holding) in raw.iter().enumerate() {
            let path = path.item(field, n);
            let role = facts.find_role_on(on, holding.role, &path, ".role")?;
            match facts.find(USERS, holding.user, &path, ".user") {
                Ok(user) => holdings.push(Holding { user, role, expires: holding.expires }),
                Err(_) if skip_unknown => {}
                Err(error) => return Err(error),
            }
        }
        self.rows.expire(holdings.iter().map(|holding| holding.expires));
        let mut order = keyed(holdings.iter().map(|holding| holding.user));
        let role = |key: u64| holdings.get(key as u32 as usize).map(|holding| facts.role_id(holding.role));
        sort(&mut order, &|one, other| (one >> 32).cmp(&(other >> 32)).then_with(|| role(one).cmp(&role(other))));
        Ok(order.iter().filter_map(|key| holdings.get(*key as u32 as usize).copied()).collect())
    }

    /// The users who hold these, and those who hold nothing any more: sorted positions. A whole document replaces nothing.
    fn replaced(&self, holdings: &[Holding], without: &[Span]) -> Replaced {
        if !self.raw.partial {
            return None;
        }
        let mut users: Vec<u64> = holdings.iter().map(|holding| u64::from(holding.user)).collect();
        users.extend(without.iter().filter_map(|user| self.facts.find_user(self.facts.text(*user))).map(u64::from));
        ascending(&mut users);
        Some(users)
    }

    /// The ids of an assistant's links are unique. A gate snapshot has all digests, a member snapshot none. In a workspace they may
    /// be missing: an overview for people has none.
    fn check_links(&self, links: &[Link], path: &ItemPath) -> Staged<()> {
        let mut ids = self.facts.ids[ASSISTANTS].like();
        for (n, link) in links.iter().enumerate() {
            if links.len() > 1 && ids.claim(link.id, &self.facts.text) as usize != n {
                return Err(path.item(".links", n).fault(".id", "duplicate id"));
            }
            match (self.scope, link.digest) {
                (Scope::Member, Some(_)) => return Err(path.fault(".links", "a member snapshot has no digests")),
                (Scope::Gate, None) => return Err(path.item(".links", n).fault("", "missing `digest`")),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Sort keys of positions. The lower half of each is its index, so that equal positions keep their order.
fn keyed(positions: impl Iterator<Item = Position>) -> Vec<u64> {
    (0..).zip(positions).map(|(n, position): (u64, _)| (u64::from(position) << 32) | n).collect()
}

/// Refuses a list that names one thing twice.
fn distinct(list: &'static str, positions: &[Position]) -> Staged<()> {
    let mut order = keyed(positions.iter().copied());
    ascending(&mut order);
    for pair in order.windows(2) {
        if let [one, other] = pair
            && one >> 32 == other >> 32
        {
            return Err(ItemPath::new(list, *other as u32 as usize).fault(".id", "duplicate id"));
        }
    }
    Ok(())
}
