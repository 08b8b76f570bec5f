//! Puts what was read among the facts: turns ids into positions, checks references, duplicates and what the scope allows.
//!
//! All or nothing, at the cost of what is put: it waits until nothing can fail any more. Only new ids and roles, to which the rest
//! refers, are entered at once, and taken back after a fault.

use super::read::{Plan, RawHolding};
use super::*;
use crate::error::{Code, Error, concat, decimal, quote};
use crate::role::Level;
use crate::sort::ascending;

/// Who the facts are for: decides what they may contain.
#[derive(Clone, Copy)]
pub(crate) struct Audience {
    pub(crate) scope: Scope,
    /// The user of a member snapshot, in the text of the facts or of what is put.
    pub(crate) subject: Option<Span>,
}

type Resolved<T> = Result<T, Error>;

/// What is put, by position, and what is gone.
#[derive(Default)]
struct Staged {
    plan: Option<Plan>,
    roles: Vec<(Position, Role)>,
    users: Vec<(Position, User)>,
    /// With the users whose memberships these are all of; everybody's if absent.
    teams: Vec<(Position, Team, Option<Vec<u64>>)>,
    projects: Vec<(Position, Project)>,
    /// With the users whose grants these are all of; everybody's if absent.
    assistants: Vec<(Position, Assistant, Option<Vec<u64>>)>,
    gone: [Vec<Position>; LISTS.len()],
    /// Every `expires` of what is put.
    expiring: Vec<u64>,
}

impl Facts {
    /// The facts that were read as a whole. `seed` is something that whoever chooses ids does not know.
    pub(crate) fn resolve(raw: RawFacts, mut text: Text, audience: &Audience, seed: u64) -> Resolved<Facts> {
        let mut ids = LISTS.map(|_| Ids::new(seed));
        for (name, ..) in BUILT_IN {
            let name = text.push(name);
            ids[ROLES].claim(name, &text);
        }
        for (ids, count) in ids.iter_mut().zip(raw.counts()) {
            ids.reserve(count, &text);
        }
        let mut facts = Facts {
            text,
            id: raw.id().unwrap_or_default(),
            plan_name: None,
            withheld: CapabilitySet::NONE,
            ids,
            roles: BUILT_IN.iter().map(|(_, on, grants)| Role { on: *on, grants: *grants }).collect(),
            users: Vec::new(),
            teams: Vec::new(),
            projects: Vec::new(),
            assistants: Vec::new(),
            changes: Vec::new(),
        };
        facts.put(raw, audience)?;
        Ok(facts)
    }

    /// Where a text that is to be put starts.
    pub(crate) fn end(&self) -> u32 {
        self.text.len()
    }

    /// Puts changes read from `text`, which started to count at [`Facts::end`]. After a fault everything is as it was.
    pub(crate) fn put_changes(&mut self, raw: RawFacts, text: &Text, audience: &Audience) -> Resolved<()> {
        let end = self.text.len();
        self.text.append(text);
        self.put(raw, audience).inspect_err(|_| self.text.truncate(end))
    }

    fn put(&mut self, raw: RawFacts, audience: &Audience) -> Resolved<()> {
        let (roles, known) = (self.roles.len(), self.ids.each_ref().map(Ids::len));
        match self.stage(&raw, audience) {
            Ok(staged) => {
                drop(raw);
                self.commit(staged);
                Ok(())
            }
            Err(error) => {
                self.roles.truncate(roles);
                for (ids, len) in self.ids.iter_mut().zip(known) {
                    ids.truncate(len, &self.text);
                }
                Err(error)
            }
        }
    }

    fn stage(&mut self, raw: &RawFacts, audience: &Audience) -> Resolved<Staged> {
        let mut staged = Staged { plan: raw.plan, ..Staged::default() };
        let known = self.roles.len();
        if audience.scope == Scope::Gate
            && let Some((list, _)) = LISTS.iter().zip(raw.counts()).take(ASSISTANTS).find(|(_, count)| *count > 0)
        {
            return Err(fault((*list).to_owned(), "a gate snapshot has none"));
        }

        for (n, role) in raw.roles.iter().enumerate() {
            if let Some(excess) = role.grants.difference(role.on.grantable()).iter().next() {
                return Err(at("roles", n, ".grants").fault(&concat(&["a role held there cannot grant `", excess.name(), "`"])));
            }
            let position = self.claim(ROLES, role.id);
            let row = Role { on: role.on, grants: role.grants };
            if (position as usize) < BUILT_IN.len() {
                return Err(at("roles", n, ".id").fault("the id of a built-in role"));
            }
            match self.role(position) {
                // What follows refers to new roles.
                None => self.roles.push(row),
                Some(old) if (position as usize) < known && old.on != row.on => {
                    return Err(at("roles", n, ".on").fault("a role stays what it is held on"));
                }
                Some(_) => {}
            }
            staged.roles.push((position, row));
        }
        distinct("roles", staged.roles.iter().map(|role| role.0).collect())?;

        for (n, user) in raw.users.iter().enumerate() {
            let role = self.resolve_role(user.role, Level::Organization, at("users", n, ".role"))?;
            let row = User { role, status: user.status, email: user.email };
            staged.users.push((self.claim(USERS, user.id), row));
        }
        distinct("users", staged.users.iter().map(|user| user.0).collect())?;

        // A member snapshot says of other people no more than their role, status and, to a manager, membership.
        let subject = match audience.scope {
            Scope::Member => {
                let subject = audience.subject.and_then(|subject| self.find_user(self.text(subject)));
                Some(subject.ok_or_else(|| fault("users".to_owned(), "the subject is missing"))?)
            }
            Scope::Workspace | Scope::Gate => None,
        };
        let only_subject = |user: Position, at: At| match subject {
            Some(subject) if user != ABSENT && user != subject => Err(at.fault("a member snapshot names its subject alone here")),
            _ => Ok(()),
        };
        for (n, (user, row)) in staged.users.iter().enumerate() {
            if row.email.is_some() {
                only_subject(*user, at("users", n, ".email"))?;
            }
        }

        for (n, team) in raw.teams.iter().enumerate() {
            let creator = self.resolve_user(team.creator, at("teams", n, ".creator"))?;
            only_subject(creator, at("teams", n, ".creator"))?;
            // A member snapshot may list members it says nothing else about; they hold nothing there.
            let strangers = audience.scope == Scope::Member;
            let members = raw.members(team);
            let members =
                self.resolve_holdings(members, Level::Team, strangers, &mut staged.expiring, at("teams", n, ".members"))?;
            let whose = self.whose(&members, raw.without(&team.without));
            let row = Team {
                name: team.name,
                creator,
                members,
                #[cfg(feature = "authority")]
                projects: Vec::new(),
            };
            staged.teams.push((self.claim(TEAMS, team.id), row, Some(whose)));
        }
        distinct("teams", staged.teams.iter().map(|team| team.0).collect())?;

        for (n, project) in raw.projects.iter().enumerate() {
            let team = self.find(TEAMS, project.team, at("projects", n, ".team"))?;
            let creator = self.resolve_user(project.creator, at("projects", n, ".creator"))?;
            only_subject(creator, at("projects", n, ".creator"))?;
            let row = Project {
                name: project.name,
                team,
                creator,
                #[cfg(feature = "authority")]
                assistants: Vec::new(),
            };
            staged.projects.push((self.claim(PROJECTS, project.id), row));
        }
        distinct("projects", staged.projects.iter().map(|project| project.0).collect())?;

        for (n, assistant) in raw.assistants.iter().enumerate() {
            let project = match assistant.project {
                None if audience.scope == Scope::Workspace => return Err(at("assistants", n, "").fault("missing `project`")),
                None => ABSENT,
                Some(id) => self.find(PROJECTS, id, at("assistants", n, ".project"))?,
            };
            if audience.scope == Scope::Workspace && assistant.owner.is_none() {
                return Err(at("assistants", n, "").fault("missing `owner`"));
            }
            if audience.scope == Scope::Gate && assistant.accessibility != Accessibility::Public {
                return Err(at("assistants", n, ".accessibility").fault("a gate snapshot has public assistants only"));
            }
            let owner = self.resolve_user(assistant.owner, at("assistants", n, ".owner"))?;
            only_subject(owner, at("assistants", n, ".owner"))?;
            let (grants, place) = (raw.grants(assistant), at("assistants", n, ".grants"));
            let grants = self.resolve_holdings(grants, Level::Assistant, false, &mut staged.expiring, place)?;
            for grant in &grants {
                only_subject(grant.user, place)?;
            }
            let links = raw.links(assistant);
            self.check_links(n, links, audience.scope)?;
            staged.expiring.extend(links.iter().map(|link| link.expires));
            let whose = self.whose(&grants, raw.without(&assistant.without));
            let row = Assistant {
                name: assistant.name,
                project,
                owner,
                accessibility: assistant.accessibility,
                grants,
                links: links.to_vec(),
                origins: raw.origins(assistant).map(<[Span]>::to_vec),
            };
            staged.assistants.push((self.claim(ASSISTANTS, assistant.id), row, Some(whose)));
        }
        distinct("assistants", staged.assistants.iter().map(|assistant| assistant.0).collect())?;

        self.stage_gone(raw, subject, &mut staged)?;
        Ok(staged)
    }

    /// What is gone keeps its position and means nothing any more, should something still refer to it.
    fn stage_gone(&self, raw: &RawFacts, subject: Option<Position>, staged: &mut Staged) -> Resolved<()> {
        const GONE: [&str; LISTS.len()] = ["gone.roles", "gone.users", "gone.teams", "gone.projects", "gone.assistants"];
        let lists = GONE.into_iter().zip(&raw.gone).zip(&mut staged.gone);
        for (table, ((list, ids), gone)) in lists.enumerate() {
            for (n, id) in ids.iter().enumerate() {
                let place = at(list, n, "");
                let position = self.find(table, *id, place)?;
                if (table == USERS && subject == Some(position)) || (table == ROLES && (position as usize) < BUILT_IN.len()) {
                    return Err(place.fault("cannot be gone"));
                }
                gone.push(position);
            }
        }
        let [roles, users, teams, projects, assistants] = &staged.gone;
        let role = |role: &Position| (*role, Role { on: Level::Organization, grants: CapabilitySet::NONE });
        staged.roles.extend(roles.iter().map(role));
        let user = |user: &Position| (*user, User { role: ABSENT, status: Status::Suspended, email: None });
        staged.users.extend(users.iter().map(user));
        let team = |team: &Position| {
            let row = Team {
                name: None,
                creator: ABSENT,
                members: Vec::new(),
                #[cfg(feature = "authority")]
                projects: Vec::new(),
            };
            (*team, row, None)
        };
        staged.teams.extend(teams.iter().map(team));
        let project = |project: &Position| {
            let row = Project {
                name: None,
                team: ABSENT,
                creator: ABSENT,
                #[cfg(feature = "authority")]
                assistants: Vec::new(),
            };
            (*project, row)
        };
        staged.projects.extend(projects.iter().map(project));
        let assistant = |assistant: &Position| {
            let row = Assistant {
                name: None,
                project: ABSENT,
                owner: ABSENT,
                accessibility: Accessibility::OnlyMe,
                grants: Vec::new(),
                links: Vec::new(),
                origins: None,
            };
            (*assistant, row, None)
        };
        staged.assistants.extend(assistants.iter().map(assistant));
        Ok(())
    }

    /// Cannot fail.
    fn commit(&mut self, staged: Staged) {
        let mut over = Vec::new();
        if let Some(plan) = staged.plan {
            (self.plan_name, self.withheld) = (plan.name, plan.withheld);
        }
        for (position, row) in staged.roles {
            settle(&mut self.roles, position, row);
        }
        self.users.reserve_exact(staged.users.len());
        for (position, row) in staged.users {
            settle(&mut self.users, position, row);
        }
        for (position, row, whose) in staged.teams {
            #[cfg(feature = "authority")]
            let row = self.inherit_team(position, row);
            let place = settle(&mut self.teams, position, row);
            if let Some((team, old)) = place {
                merge(&mut team.members, old.members, whose, &mut over);
            }
        }
        self.projects.reserve_exact(staged.projects.len());
        for (position, row) in staged.projects {
            #[cfg(feature = "authority")]
            let row = self.inherit_project(position, row);
            settle(&mut self.projects, position, row);
        }
        self.assistants.reserve_exact(staged.assistants.len());
        for (position, row, whose) in staged.assistants {
            #[cfg(feature = "authority")]
            self.move_assistant(position, row.project);
            if let Some((assistant, old)) = settle(&mut self.assistants, position, row) {
                merge(&mut assistant.grants, old.grants, whose, &mut over);
                over.extend(old.links.iter().map(|link| link.expires));
            }
        }
        for (ids, gone) in self.ids.iter_mut().zip(staged.gone) {
            for position in gone {
                ids.remove(position, &self.text);
            }
        }

        for expires in over {
            if let Ok(place) = self.changes.binary_search(&expires) {
                self.changes.remove(place);
            }
        }
        let mut expiring = staged.expiring;
        expiring.retain(|expires| *expires != NEVER);
        if self.changes.is_empty() {
            self.changes = expiring;
            ascending(&mut self.changes);
        } else {
            for expires in expiring {
                let place = self.changes.partition_point(|change| *change <= expires);
                self.changes.insert(place, expires);
            }
        }
    }

    fn claim(&mut self, table: usize, id: Span) -> Position {
        self.ids.get_mut(table).map_or(ABSENT, |ids| ids.claim(id, &self.text))
    }

    fn find(&self, table: usize, id: Span, at: At) -> Resolved<Position> {
        let found = self.ids.get(table).and_then(|ids| ids.find(self.text(id), &self.text));
        found.ok_or_else(|| at.fault(&concat(&["there is no ", &quote(self.text(id))])))
    }

    #[cfg(feature = "authority")]
    fn move_project(&mut self, position: Position, to: Position) {
        let from = self.project(position).map_or(ABSENT, |project| project.team);
        if from != to {
            if let Some(team) = self.teams.get_mut(from as usize) {
                team.projects.retain(|project| *project != position);
            }
            if let Some(team) = self.teams.get_mut(to as usize) {
                team.projects.push(position);
            }
        }
    }

    /// What replaces a team, with the projects of the old.
    #[cfg(feature = "authority")]
    fn inherit_team(&mut self, position: Position, mut row: Team) -> Team {
        if let Some(old) = self.teams.get_mut(position as usize) {
            row.projects = std::mem::take(&mut old.projects);
        }
        row
    }

    /// What replaces a project: in its team, with the assistants of the old.
    #[cfg(feature = "authority")]
    fn inherit_project(&mut self, position: Position, mut row: Project) -> Project {
        self.move_project(position, row.team);
        if let Some(old) = self.projects.get_mut(position as usize) {
            row.assistants = std::mem::take(&mut old.assistants);
        }
        row
    }

    #[cfg(feature = "authority")]
    fn move_assistant(&mut self, position: Position, to: Position) {
        let from = self.assistant(position).map_or(ABSENT, |assistant| assistant.project);
        if from != to {
            if let Some(project) = self.projects.get_mut(from as usize) {
                project.assistants.retain(|assistant| *assistant != position);
            }
            if let Some(project) = self.projects.get_mut(to as usize) {
                project.assistants.push(position);
            }
        }
    }

    fn resolve_user(&self, id: Option<Span>, at: At) -> Resolved<Position> {
        id.map_or(Ok(ABSENT), |id| self.find(USERS, id, at))
    }

    fn resolve_role(&self, id: Span, on: Level, at: At) -> Resolved<Position> {
        let position = self.find(ROLES, id, at)?;
        let held = self.role(position).is_some_and(|role| role.on == on);
        held.then_some(position).ok_or_else(|| at.fault(&concat(&[&quote(self.text(id)), " is not held there"])))
    }

    fn resolve_holdings(
        &self,
        raw: &[RawHolding],
        on: Level,
        strangers: bool,
        expiring: &mut Vec<u64>,
        at: At,
    ) -> Resolved<Vec<Holding>> {
        let mut held = Vec::with_capacity(raw.len());
        for (n, holding) in raw.iter().enumerate() {
            let role = self.resolve_role(holding.role, on, at.item(n, ".role"))?;
            match self.find(USERS, holding.user, at.item(n, ".user")) {
                Ok(user) => held.push(Holding { user, role, expires: holding.expires }),
                Err(_) if strangers => {}
                Err(error) => return Err(error),
            }
        }
        expiring.extend(held.iter().map(|holding| holding.expires));
        // Sorted by user, as one sort of plain integers.
        let mut order: Vec<u64> = (0..).zip(&held).map(|(n, holding): (u64, _)| (u64::from(holding.user) << 32) | n).collect();
        ascending(&mut order);
        Ok(order.iter().filter_map(|key| held.get(*key as u32 as usize).copied()).collect())
    }

    /// Those who hold these, and those who hold nothing any more: sorted positions.
    fn whose(&self, held: &[Holding], without: &[Span]) -> Vec<u64> {
        let mut whose: Vec<u64> = held.iter().map(|holding| u64::from(holding.user)).collect();
        whose.extend(without.iter().filter_map(|user| self.find_user(self.text(*user))).map(u64::from));
        ascending(&mut whose);
        whose
    }

    /// The ids of an assistant's links are unique; a member snapshot has no digests, any other has all.
    fn check_links(&self, n: usize, links: &[Link], scope: Scope) -> Resolved<()> {
        let mut ids = self.ids[ASSISTANTS].like();
        for (position, link) in links.iter().enumerate() {
            if links.len() > 1 && ids.claim(link.id, &self.text) as usize != position {
                return Err(at("assistants", n, ".links").item(position, ".id").fault("duplicate id"));
            }
            match (scope, link.digest) {
                (Scope::Member, Some(_)) => {
                    return Err(at("assistants", n, ".links").fault("a member snapshot has no digests"));
                }
                (Scope::Workspace | Scope::Gate, None) => {
                    return Err(at("assistants", n, ".links").item(position, "").fault("missing `digest`"));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// A place in the document: a field of an item of a list, and perhaps of an item of a list in that field.
#[derive(Clone, Copy)]
struct At {
    list: &'static str,
    n: usize,
    field: &'static str,
    inner: Option<(usize, &'static str)>,
}

/// The place `list[n]field`.
fn at(list: &'static str, n: usize, field: &'static str) -> At {
    At { list, n, field, inner: None }
}

impl At {
    fn item(self, n: usize, field: &'static str) -> At {
        At { inner: Some((n, field)), ..self }
    }

    fn fault(self, reason: &str) -> Error {
        let At { list, n, field, inner } = self;
        let item = |(n, field): (usize, &str)| concat(&["[", &decimal(n as u64), "]", field]);
        fault(concat(&[list, &item((n, field)), &inner.map(item).unwrap_or_default()]), reason)
    }
}

fn fault(path: String, reason: &str) -> Error {
    Error::at(Code::InvalidFacts, path, reason)
}

/// Refuses a document that has the same thing twice.
fn distinct(list: &'static str, positions: Vec<Position>) -> Resolved<()> {
    let mut order: Vec<u64> = (0..).zip(positions).map(|(n, position): (u64, _)| (u64::from(position) << 32) | n).collect();
    ascending(&mut order);
    for pair in order.windows(2) {
        if let [one, other] = pair
            && one >> 32 == other >> 32
        {
            return Err(at(list, *other as u32 as usize, ".id").fault("duplicate id"));
        }
    }
    Ok(())
}

/// Appends what is new, or replaces what it was: the new and the old.
fn settle<T>(rows: &mut Vec<T>, position: Position, row: T) -> Option<(&mut T, T)> {
    if position as usize >= rows.len() {
        rows.push(row);
        return None;
    }
    let place = rows.get_mut(position as usize)?;
    let old = std::mem::replace(place, row);
    Some((place, old))
}

/// Adds to new holdings the old ones of everybody but `whose`, and says which `expires` are over.
fn merge(held: &mut Vec<Holding>, mut old: Vec<Holding>, whose: Option<Vec<u64>>, over: &mut Vec<u64>) {
    old.retain(|holding| {
        let keeps = whose.as_ref().is_some_and(|whose| whose.binary_search(&u64::from(holding.user)).is_err());
        if !keeps {
            over.push(holding.expires);
        }
        keeps
    });
    for holding in held.drain(..) {
        let place = old.partition_point(|other| other.user <= holding.user);
        old.insert(place, holding);
    }
    *held = old;
}
