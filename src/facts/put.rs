//! Puts what was read among the facts: turns ids into positions, checks references, duplicates and what the scope allows.
//!
//! All or nothing, at the cost of what is put. What is new goes behind the rest at once and is taken back after a fault; what
//! replaces something waits until nothing can fail any more.

use super::read::{Gone, Plan, RawHolding};
use super::*;
use crate::error::{Code, Error, quote};
use crate::role::Level;

/// Who the facts are for: decides what they may contain.
pub(crate) struct Audience<'a> {
    pub(crate) scope: Scope,
    /// The user of a member snapshot.
    pub(crate) subject: Option<&'a str>,
}

type Resolved<T> = Result<T, Error>;

/// What replaces something, by position, and what is gone.
#[derive(Default)]
struct Staged {
    plan: Option<Plan>,
    roles: Vec<(Position, Role)>,
    users: Vec<(Position, User)>,
    /// With the users whose memberships these are all of.
    teams: Vec<(Position, Team, Vec<u64>)>,
    projects: Vec<(Position, Project)>,
    /// With the users whose grants these are all of.
    assistants: Vec<(Position, Assistant, Vec<u64>)>,
    gone: [Vec<Position>; 5],
    /// Every `expires` of what is put.
    expiring: Vec<u64>,
}

impl Facts {
    /// Facts of nothing yet but the built-in roles. `seed` is something that whoever chooses ids does not know.
    pub(super) fn empty(id: Span, mut text: Text, seed: u64) -> Facts {
        let mut role_ids = Ids::new(seed);
        for (name, ..) in BUILT_IN {
            let name = text.push(name);
            role_ids.claim(name, &text);
        }
        Facts {
            text,
            id,
            plan_name: None,
            withheld: CapabilitySet::NONE,
            role_ids,
            roles: BUILT_IN.iter().map(|(_, on, grants)| Role { on: *on, grants: *grants }).collect(),
            user_ids: Ids::new(seed),
            users: Vec::new(),
            team_ids: Ids::new(seed),
            teams: Vec::new(),
            project_ids: Ids::new(seed),
            projects: Vec::new(),
            assistant_ids: Ids::new(seed),
            assistants: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// The facts that were read as a whole.
    pub(crate) fn resolve(raw: RawFacts, text: Text, audience: &Audience<'_>, seed: u64) -> Resolved<Facts> {
        let mut facts = Facts::empty(raw.id().unwrap_or_default(), text, seed);
        facts.user_ids.reserve(raw.users.len(), &facts.text);
        facts.users.reserve_exact(raw.users.len());
        facts.team_ids.reserve(raw.teams.len(), &facts.text);
        facts.teams.reserve_exact(raw.teams.len());
        facts.project_ids.reserve(raw.projects.len(), &facts.text);
        facts.projects.reserve_exact(raw.projects.len());
        facts.assistant_ids.reserve(raw.assistants.len(), &facts.text);
        facts.assistants.reserve_exact(raw.assistants.len());
        facts.put(raw, audience)?;
        Ok(facts)
    }

    /// Where a text that is to be put starts.
    pub(crate) fn end(&self) -> u32 {
        self.text.len()
    }

    /// Puts changes read from `text`, which started to count at [`Facts::end`]. After a fault everything is as it was.
    pub(crate) fn put_changes(&mut self, raw: RawFacts, text: &Text, audience: &Audience<'_>) -> Resolved<()> {
        let end = self.text.len();
        self.text.append(text);
        self.put(raw, audience).inspect_err(|_| self.text.truncate(end))
    }

    fn put(&mut self, raw: RawFacts, audience: &Audience<'_>) -> Resolved<()> {
        let known = [self.roles.len(), self.users.len(), self.teams.len(), self.projects.len(), self.assistants.len()];
        match self.stage(raw, audience, known) {
            Ok(staged) => {
                #[cfg(feature = "authority")]
                self.enter_new(known);
                self.commit(staged);
                Ok(())
            }
            Err(error) => {
                let [roles, users, teams, projects, assistants] = known;
                self.role_ids.truncate(roles, &self.text);
                self.roles.truncate(roles);
                self.user_ids.truncate(users, &self.text);
                self.users.truncate(users);
                self.team_ids.truncate(teams, &self.text);
                self.teams.truncate(teams);
                self.project_ids.truncate(projects, &self.text);
                self.projects.truncate(projects);
                self.assistant_ids.truncate(assistants, &self.text);
                self.assistants.truncate(assistants);
                Err(error)
            }
        }
    }

    fn stage(&mut self, raw: RawFacts, audience: &Audience<'_>, known: [usize; 5]) -> Resolved<Staged> {
        let mut staged = Staged { plan: raw.plan, ..Staged::default() };
        let [roles, users, teams, projects, assistants] = known;

        if audience.scope == Scope::Gate {
            let lists = [
                ("roles", raw.roles.is_empty()),
                ("users", raw.users.is_empty()),
                ("teams", raw.teams.is_empty()),
                ("projects", raw.projects.is_empty()),
            ];
            if let Some((list, _)) = lists.iter().find(|(_, empty)| !empty) {
                return Err(fault((*list).to_owned(), "a gate snapshot has none"));
            }
        }

        for (n, role) in raw.roles.iter().enumerate() {
            if let Some(excess) = role.grants.difference(role.on.grantable()).iter().next() {
                return Err(fault(format!("roles[{n}].grants"), &format!("a role held there cannot grant `{excess}`")));
            }
            let position = self.role_ids.claim(role.id, &self.text);
            let row = Role { on: role.on, grants: role.grants };
            let replaces = (BUILT_IN.len()..roles).contains(&(position as usize));
            if replaces && self.role(position).is_some_and(|old| old.on != row.on) {
                return Err(fault(format!("roles[{n}].on"), "a role stays what it is held on"));
            }
            if !replaces && (position as usize) < self.roles.len() {
                return Err(fault(format!("roles[{n}].id"), "duplicate id, or that of a built-in role"));
            }
            settle(&mut self.roles, &mut staged.roles, position, row);
        }
        distinct("roles", &staged.roles, |role| role.0)?;

        for (n, user) in raw.users.iter().enumerate() {
            let role = self.resolve_role(user.role, Level::Organization, || format!("users[{n}].role"))?;
            let position = self.user_ids.claim(user.id, &self.text);
            unclaimed("users", n, position, users, self.users.len())?;
            settle(&mut self.users, &mut staged.users, position, User { role, status: user.status, email: user.email });
        }
        distinct("users", &staged.users, |user| user.0)?;

        // A member snapshot says of other people no more than their role, status and, to a manager, membership.
        let subject = match audience.scope {
            Scope::Member => {
                let subject = audience.subject.and_then(|subject| self.find_user(subject));
                Some(subject.ok_or_else(|| fault("users".to_owned(), "the subject is missing"))?)
            }
            Scope::Workspace | Scope::Gate => None,
        };
        let only_subject = |user: Position, path: &dyn Fn() -> String| match subject {
            Some(subject) if user != ABSENT && user != subject => {
                Err(fault(path(), "a member snapshot names its subject alone here"))
            }
            _ => Ok(()),
        };
        for (n, user) in raw.users.iter().enumerate() {
            if user.email.is_some() {
                only_subject(self.find_user(self.text(user.id)).unwrap_or(ABSENT), &|| format!("users[{n}].email"))?;
            }
        }

        for (n, team) in raw.teams.iter().enumerate() {
            let creator = self.resolve_user(team.creator, || format!("teams[{n}].creator"))?;
            only_subject(creator, &|| format!("teams[{n}].creator"))?;
            // A member snapshot may list members it says nothing else about; they hold nothing there.
            let strangers = audience.scope == Scope::Member;
            let path = || format!("teams[{n}].members");
            let members = self.resolve_holdings(raw.members(team), Level::Team, strangers, &mut staged.expiring, path)?;
            let position = self.team_ids.claim(team.id, &self.text);
            unclaimed("teams", n, position, teams, self.teams.len())?;
            let whose = self.whose(&members, raw.without(&team.without));
            let row = Team {
                name: team.name,
                creator,
                members,
                #[cfg(feature = "authority")]
                projects: Vec::new(),
            };
            if position as usize == self.teams.len() {
                self.teams.push(row);
            } else {
                staged.teams.push((position, row, whose));
            }
        }
        distinct("teams", &staged.teams, |team| team.0)?;

        for (n, project) in raw.projects.iter().enumerate() {
            let team = self.find_target(Kind::Team, self.text(project.team));
            let team = team.ok_or_else(|| self.dangling(project.team, format!("projects[{n}].team")))?;
            let creator = self.resolve_user(project.creator, || format!("projects[{n}].creator"))?;
            only_subject(creator, &|| format!("projects[{n}].creator"))?;
            let position = self.project_ids.claim(project.id, &self.text);
            unclaimed("projects", n, position, projects, self.projects.len())?;
            let row = Project {
                name: project.name,
                team,
                creator,
                #[cfg(feature = "authority")]
                assistants: Vec::new(),
            };
            settle(&mut self.projects, &mut staged.projects, position, row);
        }
        distinct("projects", &staged.projects, |project| project.0)?;

        for (n, assistant) in raw.assistants.iter().enumerate() {
            let project = match assistant.project {
                None if audience.scope == Scope::Workspace => {
                    return Err(fault(format!("assistants[{n}]"), "missing `project`"));
                }
                None => ABSENT,
                Some(id) => {
                    let found = self.find_target(Kind::Project, self.text(id));
                    found.ok_or_else(|| self.dangling(id, format!("assistants[{n}].project")))?
                }
            };
            if audience.scope == Scope::Workspace && assistant.owner.is_none() {
                return Err(fault(format!("assistants[{n}]"), "missing `owner`"));
            }
            if audience.scope == Scope::Gate && assistant.accessibility != Accessibility::Public {
                return Err(fault(format!("assistants[{n}].accessibility"), "a gate snapshot has public assistants only"));
            }
            let owner = self.resolve_user(assistant.owner, || format!("assistants[{n}].owner"))?;
            only_subject(owner, &|| format!("assistants[{n}].owner"))?;
            let path = || format!("assistants[{n}].grants");
            let grants = self.resolve_holdings(raw.grants(assistant), Level::Assistant, false, &mut staged.expiring, path)?;
            for grant in &grants {
                only_subject(grant.user, &path)?;
            }
            let links = raw.links(assistant);
            self.check_links(n, links, audience.scope)?;
            staged.expiring.extend(links.iter().map(|link| link.expires).filter(|expires| *expires != NEVER));
            let position = self.assistant_ids.claim(assistant.id, &self.text);
            unclaimed("assistants", n, position, assistants, self.assistants.len())?;
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
            if position as usize == self.assistants.len() {
                self.assistants.push(row);
            } else {
                staged.assistants.push((position, row, whose));
            }
        }
        distinct("assistants", &staged.assistants, |assistant| assistant.0)?;

        let Gone { roles, users, teams, projects, assistants } = raw.gone;
        let lists = [
            ("roles", roles, &self.role_ids),
            ("users", users, &self.user_ids),
            ("teams", teams, &self.team_ids),
            ("projects", projects, &self.project_ids),
            ("assistants", assistants, &self.assistant_ids),
        ];
        for ((gone, (list, ids, known)), least) in staged.gone.iter_mut().zip(lists).zip([BUILT_IN.len(), 0, 0, 0, 0]) {
            for (n, id) in ids.into_iter().enumerate() {
                let found = known.find(self.text(id), &self.text).filter(|position| *position as usize >= least);
                let position = found.ok_or_else(|| self.dangling(id, format!("gone.{list}[{n}]")))?;
                if list == "users" && subject == Some(position) {
                    return Err(fault(format!("gone.{list}[{n}]"), "the subject stays"));
                }
                gone.push(position);
            }
        }
        Ok(staged)
    }

    /// Cannot fail.
    fn commit(&mut self, staged: Staged) {
        let mut over = Vec::new();
        if let Some(plan) = staged.plan {
            (self.plan_name, self.withheld) = (plan.name, plan.withheld);
        }
        replace(&mut self.roles, staged.roles);
        replace(&mut self.users, staged.users);
        for (position, row) in staged.projects {
            #[cfg(feature = "authority")]
            let row = self.inherit_project(position, row);
            if let Some(project) = self.projects.get_mut(position as usize) {
                *project = row;
            }
        }
        for (position, row, whose) in staged.teams {
            if let Some(team) = self.teams.get_mut(position as usize) {
                let old = std::mem::replace(team, row);
                merge(&mut team.members, old.members, &whose, &mut over);
                #[cfg(feature = "authority")]
                team.projects.extend(old.projects);
            }
        }
        for (position, row, whose) in staged.assistants {
            #[cfg(feature = "authority")]
            self.move_assistant(position, row.project);
            if let Some(assistant) = self.assistants.get_mut(position as usize) {
                let old = std::mem::replace(assistant, row);
                merge(&mut assistant.grants, old.grants, &whose, &mut over);
                over.extend(old.links.iter().map(|link| link.expires));
            }
        }

        // What is gone keeps its position and means nothing any more, should something still refer to it.
        let [roles, users, teams, projects, assistants] = staged.gone;
        for position in roles {
            self.role_ids.remove(position, &self.text);
            if let Some(role) = self.roles.get_mut(position as usize) {
                role.grants = CapabilitySet::NONE;
            }
        }
        for position in users {
            self.user_ids.remove(position, &self.text);
            if let Some(user) = self.users.get_mut(position as usize) {
                user.status = Status::Suspended;
            }
        }
        for position in teams {
            self.team_ids.remove(position, &self.text);
            if let Some(team) = self.teams.get_mut(position as usize) {
                over.extend(team.members.drain(..).map(|member| member.expires));
                team.creator = ABSENT;
            }
        }
        for position in projects {
            self.project_ids.remove(position, &self.text);
            #[cfg(feature = "authority")]
            self.move_project(position, ABSENT);
            if let Some(project) = self.projects.get_mut(position as usize) {
                (project.team, project.creator) = (ABSENT, ABSENT);
            }
        }
        for position in assistants {
            self.assistant_ids.remove(position, &self.text);
            #[cfg(feature = "authority")]
            self.move_assistant(position, ABSENT);
            if let Some(assistant) = self.assistants.get_mut(position as usize) {
                over.extend(assistant.grants.drain(..).map(|grant| grant.expires));
                over.extend(assistant.links.drain(..).map(|link| link.expires));
                (assistant.owner, assistant.project, assistant.accessibility) = (ABSENT, ABSENT, Accessibility::OnlyMe);
            }
        }

        for expires in over {
            if let Ok(place) = self.changes.binary_search(&expires) {
                self.changes.remove(place);
            }
        }
        if self.changes.is_empty() {
            self.changes = staged.expiring;
            self.changes.sort_unstable();
        } else {
            for expires in staged.expiring {
                let place = self.changes.partition_point(|change| *change <= expires);
                self.changes.insert(place, expires);
            }
        }
    }

    /// Enters what is new where it is contained.
    #[cfg(feature = "authority")]
    fn enter_new(&mut self, [_, _, _, projects, assistants]: [usize; 5]) {
        for (position, project) in (0..).zip(&self.projects).skip(projects) {
            if let Some(team) = self.teams.get_mut(project.team as usize) {
                team.projects.push(position);
            }
        }
        for (position, assistant) in (0..).zip(&self.assistants).skip(assistants) {
            if let Some(project) = self.projects.get_mut(assistant.project as usize) {
                project.assistants.push(position);
            }
        }
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
        expiring: &mut Vec<u64>,
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
        expiring.extend(held.iter().map(|holding| holding.expires).filter(|expires| *expires != NEVER));
        // Sorted by user, as one sort of plain integers.
        let mut order: Vec<u64> = (0..).zip(&held).map(|(n, holding): (u64, _)| (u64::from(holding.user) << 32) | n).collect();
        order.sort_unstable();
        Ok(order.iter().filter_map(|key| held.get(*key as u32 as usize).copied()).collect())
    }

    /// Those who hold these, and those who hold nothing any more: sorted positions.
    fn whose(&self, held: &[Holding], without: &[Span]) -> Vec<u64> {
        let mut whose: Vec<u64> = held.iter().map(|holding| u64::from(holding.user)).collect();
        whose.extend(without.iter().filter_map(|user| self.find_user(self.text(*user))).map(u64::from));
        whose.sort_unstable();
        whose
    }

    /// The ids of an assistant's links are unique; a member snapshot has no digests, any other has all.
    fn check_links(&self, n: usize, links: &[Link], scope: Scope) -> Resolved<()> {
        let mut ids = self.assistant_ids.like();
        for (position, link) in links.iter().enumerate() {
            if links.len() > 1 && ids.claim(link.id, &self.text) as usize != position {
                return Err(fault(format!("assistants[{n}].links[{position}].id"), "duplicate id"));
            }
            match (scope, link.digest) {
                (Scope::Member, Some(_)) => {
                    return Err(fault(format!("assistants[{n}].links"), "a member snapshot has no digests"));
                }
                (Scope::Workspace | Scope::Gate, None) => {
                    return Err(fault(format!("assistants[{n}].links[{position}]"), "missing `digest`"));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn fault(path: String, reason: &str) -> Error {
    Error::at(Code::InvalidFacts, path, reason)
}

fn duplicate(list: &str, n: usize) -> Error {
    fault(format!("{list}[{n}].id"), "duplicate id")
}

/// Refuses a position that was new in this very document.
fn unclaimed(list: &str, n: usize, position: Position, known: usize, so_far: usize) -> Resolved<()> {
    if (known..so_far).contains(&(position as usize)) { Err(duplicate(list, n)) } else { Ok(()) }
}

/// Refuses a document that replaces the same thing twice.
fn distinct<T>(list: &str, staged: &[T], position: impl Fn(&T) -> Position) -> Resolved<()> {
    let mut positions: Vec<u64> = (0..).zip(staged).map(|(n, row): (u64, _)| (u64::from(position(row)) << 32) | n).collect();
    positions.sort_unstable();
    let twice = positions.windows(2).find_map(|pair| match pair {
        [one, other] if one >> 32 == other >> 32 => Some(*other as u32 as usize),
        _ => None,
    });
    twice.map_or(Ok(()), |n| Err(duplicate(list, n)))
}

/// Appends what is new; what replaces something waits.
fn settle<T>(rows: &mut Vec<T>, staged: &mut Vec<(Position, T)>, position: Position, row: T) {
    if position as usize == rows.len() {
        rows.push(row);
    } else {
        staged.push((position, row));
    }
}

fn replace<T>(rows: &mut [T], staged: Vec<(Position, T)>) {
    for (position, row) in staged {
        if let Some(old) = rows.get_mut(position as usize) {
            *old = row;
        }
    }
}

/// Adds to new holdings the old ones of everybody but `whose`, and says which `expires` are over.
fn merge(held: &mut Vec<Holding>, mut old: Vec<Holding>, whose: &[u64], over: &mut Vec<u64>) {
    old.retain(|holding| {
        let keeps = whose.binary_search(&u64::from(holding.user)).is_err();
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
