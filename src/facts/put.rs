//! Puts what was read among the facts: turns ids into positions, checks references, duplicates and what the scope allows.
//!
//! All or nothing, at the cost of what is put: it waits until nothing can fail any more. Only new ids and roles, to which the rest
//! refers, are entered at once, and taken back after a fault.

use super::read::{Plan, RawHolding};
use super::*;
use crate::error::{Code, Error, concat, decimal, quote};
use crate::rules::role::Level;
use crate::sort::{ascending, sort};

/// Who the facts are for: decides what they may contain.
#[derive(Clone, Copy)]
pub(crate) struct Recipient {
    pub(crate) scope: Scope,
    /// The user of a member snapshot, in the text of the facts or of what is put.
    pub(crate) subject: Option<Span>,
}

type Resolved<T> = Result<T, Error>;

/// What is put, and what is gone.
#[derive(Default)]
struct Staged {
    plan: Option<Plan>,
    /// Where each of the rows below belongs. Behind them stands what is gone.
    positions: [Vec<Position>; LISTS.len()],
    roles: Vec<Role>,
    users: Vec<User>,
    /// With the users whose memberships these are all of; everybody's if absent.
    teams: Vec<(Team, Option<Vec<u64>>)>,
    projects: Vec<Project>,
    /// With the users whose grants these are all of; everybody's if absent.
    assistants: Vec<(Assistant, Option<Vec<u64>>)>,
    /// How many of the positions are those of what is gone.
    gone: [usize; LISTS.len()],
    /// Every `expires` of what is put.
    expiring: Vec<u64>,
}

// What stands where something is gone.
const NO_ROLE: Role = Role { on: Level::Organization, grants: CapabilitySet::NONE };
const NO_USER: User = User { role: ABSENT, status: Status::Suspended, email: None };
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
    /// The facts that were read as a whole. `seed` is something that whoever chooses ids does not know.
    pub(crate) fn resolve(raw: RawFacts, mut text: Text, recipient: &Recipient, seed: u64) -> Resolved<Facts> {
        let mut ids = LISTS.map(|_| Ids::new(seed));
        for (name, ..) in BUILT_IN {
            let name = text.push(name);
            ids[ROLES].claim(name, &text);
        }
        for (ids, raw) in ids.iter_mut().zip(&raw.ids) {
            ids.reserve(raw.len(), &text);
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
        facts.put(raw, recipient)?;
        Ok(facts)
    }

    /// Where a text that is to be put starts.
    pub(crate) fn end(&self) -> u32 {
        self.text.len()
    }

    /// Puts changes read from `text`, which started to count at [`Facts::end`]. After a fault everything is as it was.
    pub(crate) fn put_changes(&mut self, raw: RawFacts, text: &Text, recipient: &Recipient) -> Resolved<()> {
        let end = self.text.len();
        self.text.append(text);
        self.put(raw, recipient).inspect_err(|_| self.text.truncate(end))
    }

    fn put(&mut self, raw: RawFacts, recipient: &Recipient) -> Resolved<()> {
        let (roles, known) = (self.roles.len(), self.ids.each_ref().map(Ids::len));
        match self.stage(&raw, recipient) {
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

    fn stage(&mut self, raw: &RawFacts, recipient: &Recipient) -> Resolved<Staged> {
        let mut staged = Staged { plan: raw.plan, ..Staged::default() };
        let known = self.roles.len();
        let lists = LISTS.into_iter().zip(&raw.ids).zip(&mut self.ids).zip(&mut staged.positions);
        for (table, (((list, ids), known), positions)) in lists.enumerate() {
            if recipient.scope == Scope::Gate && table != ASSISTANTS && !ids.is_empty() {
                return Err(fault(list, "a gate snapshot has none"));
            }
            positions.extend(ids.iter().map(|id| known.claim(*id, &self.text)));
            distinct(list, positions)?;
        }

        for (n, (role, &position)) in raw.roles.iter().zip(&staged.positions[ROLES]).enumerate() {
            let at = at(LISTS[ROLES], n);
            if let Some(excess) = role.grants.difference(role.on.grantable()).iter().next() {
                return Err(at.fault(".grants", &concat(&["a role held there cannot grant `", excess.name(), "`"])));
            }
            if (position as usize) < BUILT_IN.len() {
                return Err(at.fault(".id", "the id of a built-in role"));
            }
            match self.role(position) {
                // What follows refers to new roles.
                None => self.roles.push(*role),
                Some(old) if (position as usize) < known && old.on != role.on => {
                    return Err(at.fault(".on", "a role stays what it is held on"));
                }
                Some(_) => {}
            }
            staged.roles.push(*role);
        }

        // A member snapshot says of other people no more than their role, status and, to a manager, membership.
        let subject = match recipient.scope {
            Scope::Member => {
                let subject = recipient.subject.and_then(|subject| self.find_user(self.text(subject)));
                Some(subject.ok_or_else(|| fault(LISTS[USERS], "the subject is missing"))?)
            }
            Scope::Workspace | Scope::Gate => None,
        };
        let only_subject = |user: Position, at: &At, field| match subject {
            Some(subject) if user != ABSENT && user != subject => {
                Err(at.fault(field, "a member snapshot names its subject alone here"))
            }
            _ => Ok(()),
        };
        let resolve_user = |facts: &Facts, id: Option<Span>, at: &At, field| {
            let user = id.map_or(Ok(ABSENT), |id| facts.find(USERS, id, at, field))?;
            only_subject(user, at, field).map(|()| user)
        };

        for (n, (user, &position)) in raw.users.iter().zip(&staged.positions[USERS]).enumerate() {
            let at = at(LISTS[USERS], n);
            let role = self.resolve_role(user.role, Level::Organization, &at, ".role")?;
            if user.email.is_some() {
                only_subject(position, &at, ".email")?;
            }
            staged.users.push(User { role, status: user.status, email: user.email });
        }

        for (n, team) in raw.teams.iter().enumerate() {
            let at = at(LISTS[TEAMS], n);
            let creator = resolve_user(self, team.creator, &at, ".creator")?;
            // A member snapshot may list members it says nothing else about; they hold nothing there.
            let strangers = recipient.scope == Scope::Member;
            let expiring = &mut staged.expiring;
            let members = self.resolve_holdings(raw.members(team), Level::Team, strangers, expiring, &at, ".members")?;
            let whose = self.whose(&members, raw.without(&team.without));
            let mut row = (NO_TEAM, Some(whose));
            (row.0.name, row.0.creator, row.0.members) = (team.name, creator, members);
            staged.teams.push(row);
        }

        for (n, project) in raw.projects.iter().enumerate() {
            let at = at(LISTS[PROJECTS], n);
            let team = self.find(TEAMS, project.team, &at, ".team")?;
            let creator = resolve_user(self, project.creator, &at, ".creator")?;
            let mut row = NO_PROJECT;
            (row.name, row.team, row.creator) = (project.name, team, creator);
            staged.projects.push(row);
        }

        for (n, assistant) in raw.assistants.iter().enumerate() {
            let at = at(LISTS[ASSISTANTS], n);
            let missing = match (assistant.project, assistant.owner) {
                (None, _) => Some("missing `project`"),
                (_, None) => Some("missing `owner`"),
                _ => None,
            };
            if let (Scope::Workspace, Some(reason)) = (recipient.scope, missing) {
                return Err(at.fault("", reason));
            }
            if recipient.scope == Scope::Gate && assistant.accessibility != Accessibility::Public {
                return Err(at.fault(".accessibility", "a gate snapshot has public assistants only"));
            }
            let project = assistant.project.map_or(Ok(ABSENT), |id| self.find(PROJECTS, id, &at, ".project"))?;
            let owner = resolve_user(self, assistant.owner, &at, ".owner")?;
            let expiring = &mut staged.expiring;
            let grants = self.resolve_holdings(raw.grants(assistant), Level::Assistant, false, expiring, &at, ".grants")?;
            for grant in &grants {
                only_subject(grant.user, &at, ".grants")?;
            }
            let links = raw.links(assistant);
            self.check_links(links, recipient.scope, &at)?;
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
            staged.assistants.push((row, Some(whose)));
        }

        self.stage_gone(raw, subject, &mut staged)?;
        Ok(staged)
    }

    /// What is gone keeps its position and means nothing any more, should something still refer to it.
    fn stage_gone(&self, raw: &RawFacts, subject: Option<Position>, staged: &mut Staged) -> Resolved<()> {
        const GONE: [&str; LISTS.len()] = ["gone.roles", "gone.users", "gone.teams", "gone.projects", "gone.assistants"];
        let lists = GONE.into_iter().zip(&raw.gone).zip(staged.positions.iter_mut().zip(&mut staged.gone));
        for (table, ((list, ids), (positions, gone))) in lists.enumerate() {
            *gone = ids.len();
            for (n, id) in ids.iter().enumerate() {
                let at = at(list, n);
                let position = self.find(table, *id, &at, "")?;
                if (table == USERS && subject == Some(position)) || (table == ROLES && (position as usize) < BUILT_IN.len()) {
                    return Err(at.fault("", "cannot be gone"));
                }
                positions.push(position);
            }
        }
        let [roles, users, teams, projects, assistants] = staged.positions.each_ref().map(Vec::len);
        staged.roles.resize_with(roles, || NO_ROLE);
        staged.users.resize_with(users, || NO_USER);
        staged.teams.resize_with(teams, || (NO_TEAM, None));
        staged.projects.resize_with(projects, || NO_PROJECT);
        staged.assistants.resize_with(assistants, || (NO_ASSISTANT, None));
        Ok(())
    }

    /// Cannot fail.
    fn commit(&mut self, staged: Staged) {
        let mut over = Vec::new();
        if let Some(plan) = staged.plan {
            (self.plan_name, self.withheld) = (plan.name, plan.withheld);
        }
        let [roles, users, teams, projects, assistants] = &staged.positions;
        for (position, row) in roles.iter().zip(staged.roles) {
            settle(&mut self.roles, *position, row);
        }
        self.users.reserve_exact(staged.users.len());
        for (position, row) in users.iter().zip(staged.users) {
            settle(&mut self.users, *position, row);
        }
        for (position, (row, whose)) in teams.iter().zip(staged.teams) {
            #[cfg(feature = "authority")]
            let row = self.inherit_team(*position, row);
            if let Some((team, old)) = settle(&mut self.teams, *position, row) {
                merge(&mut team.members, old.members, whose, &mut over);
            }
        }
        self.projects.reserve_exact(staged.projects.len());
        for (position, row) in projects.iter().zip(staged.projects) {
            #[cfg(feature = "authority")]
            let row = self.inherit_project(*position, row);
            settle(&mut self.projects, *position, row);
        }
        self.assistants.reserve_exact(staged.assistants.len());
        for (position, (row, whose)) in assistants.iter().zip(staged.assistants) {
            #[cfg(feature = "authority")]
            self.move_assistant(*position, row.project);
            if let Some((assistant, old)) = settle(&mut self.assistants, *position, row) {
                merge(&mut assistant.grants, old.grants, whose, &mut over);
                over.extend(old.links.iter().map(|link| link.expires));
            }
        }
        for (ids, (positions, gone)) in self.ids.iter_mut().zip(staged.positions.iter().zip(staged.gone)) {
            for position in positions.iter().rev().take(gone) {
                ids.remove(*position, &self.text);
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

    fn find(&self, table: usize, id: Span, at: &At, field: &str) -> Resolved<Position> {
        let found = self.ids.get(table).and_then(|ids| ids.find(self.text(id), &self.text));
        found.ok_or_else(|| at.fault(field, &concat(&["there is no ", &quote(self.text(id))])))
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

    fn resolve_role(&self, id: Span, on: Level, at: &At, field: &str) -> Resolved<Position> {
        let position = self.find(ROLES, id, at, field)?;
        let held = self.role(position).is_some_and(|role| role.on == on);
        held.then_some(position).ok_or_else(|| at.fault(field, &concat(&[&quote(self.text(id)), " is not held there"])))
    }

    fn resolve_holdings(
        &self,
        raw: &[RawHolding],
        on: Level,
        strangers: bool,
        expiring: &mut Vec<u64>,
        at: &At,
        field: &'static str,
    ) -> Resolved<Vec<Holding>> {
        let mut held = Vec::with_capacity(raw.len());
        for (n, holding) in raw.iter().enumerate() {
            let at = at.item(field, n);
            let role = self.resolve_role(holding.role, on, &at, ".role")?;
            match self.find(USERS, holding.user, &at, ".user") {
                Ok(user) => held.push(Holding { user, role, expires: holding.expires }),
                Err(_) if strangers => {}
                Err(error) => return Err(error),
            }
        }
        expiring.extend(held.iter().map(|holding| holding.expires));
        // By user as plain integers. What one user holds stands by the roles' ids, whatever the order of the document.
        let mut order = keyed(held.iter().map(|holding| holding.user));
        let role = |key: u64| held.get(key as u32 as usize).map(|holding| self.role_id(holding.role));
        sort(&mut order, &|one, other| (one >> 32).cmp(&(other >> 32)).then_with(|| role(one).cmp(&role(other))));
        Ok(order.iter().filter_map(|key| held.get(*key as u32 as usize).copied()).collect())
    }

    /// Those who hold these, and those who hold nothing any more: sorted positions.
    fn whose(&self, held: &[Holding], without: &[Span]) -> Vec<u64> {
        let mut whose: Vec<u64> = held.iter().map(|holding| u64::from(holding.user)).collect();
        whose.extend(without.iter().filter_map(|user| self.find_user(self.text(*user))).map(u64::from));
        ascending(&mut whose);
        whose
    }

    /// The ids of an assistant's links are unique. A gate snapshot has all digests, a member snapshot none; a workspace that is for
    /// people to look at may go without.
    fn check_links(&self, links: &[Link], scope: Scope, at: &At) -> Resolved<()> {
        let mut ids = self.ids[ASSISTANTS].like();
        for (n, link) in links.iter().enumerate() {
            if links.len() > 1 && ids.claim(link.id, &self.text) as usize != n {
                return Err(at.item(".links", n).fault(".id", "duplicate id"));
            }
            match (scope, link.digest) {
                (Scope::Member, Some(_)) => return Err(at.fault(".links", "a member snapshot has no digests")),
                (Scope::Gate, None) => return Err(at.item(".links", n).fault("", "missing `digest`")),
                _ => {}
            }
        }
        Ok(())
    }
}

/// A place in the document: an item of a list, or an item of a list in a field of it.
#[derive(Clone, Copy)]
struct At {
    list: &'static str,
    n: usize,
    within: Option<(&'static str, usize)>,
}

/// The place `list[n]`.
fn at(list: &'static str, n: usize) -> At {
    At { list, n, within: None }
}

impl At {
    /// The place `list[…]field[n]`.
    fn item(&self, field: &'static str, n: usize) -> At {
        At { within: Some((field, n)), ..*self }
    }

    fn fault(&self, field: &str, reason: &str) -> Error {
        let item = |(list, n): (&str, usize)| concat(&[list, "[", &decimal(n as u64), "]"]);
        fault(&concat(&[&item((self.list, self.n)), &self.within.map(item).unwrap_or_default(), field]), reason)
    }
}

fn fault(path: &str, reason: &str) -> Error {
    Error::at(Code::InvalidFacts, path, reason)
}

/// Keys that sort by position, and among equal ones as they stand; the lower half of each says where it stood.
fn keyed(positions: impl Iterator<Item = Position>) -> Vec<u64> {
    (0..).zip(positions).map(|(n, position): (u64, _)| (u64::from(position) << 32) | n).collect()
}

/// Refuses a document that has the same thing twice.
fn distinct(list: &'static str, positions: &[Position]) -> Resolved<()> {
    let mut order = keyed(positions.iter().copied());
    ascending(&mut order);
    for pair in order.windows(2) {
        if let [one, other] = pair
            && one >> 32 == other >> 32
        {
            return Err(at(list, *other as u32 as usize).fault(".id", "duplicate id"));
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
    // Both are sorted by user.
    let mut merged = Vec::with_capacity(old.len() + held.len());
    let mut new = held.as_slice();
    for holding in old {
        while let [first, others @ ..] = new
            && first.user < holding.user
        {
            merged.push(*first);
            new = others;
        }
        merged.push(holding);
    }
    merged.extend_from_slice(new);
    *held = merged;
}
