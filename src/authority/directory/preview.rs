//! What a command would change: who would gain or lose what, before it is given.
//!
//! The facts go forward for a moment, and back. Only what the command touches is looked at, for the people whom it may concern: those
//! with a relation of their own to it, and where it means something else to an organization role from then on, those who hold that.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde::Serialize;

use super::command::{Actor, Command};
use super::decide::Effect;

use super::undo::undoing;
use super::{Directory, Refusal};
use crate::authority::delta::{Transition, elsewhere};
use crate::authority::limits::MOST_CHANGES;
use crate::authority::projection::{Holders, View};
use crate::diff::{ANYBODY, Change, active_role, held, relatives};
use crate::document::{self, AssistantChange, Changes, Project, RoleDefinition, TeamChange, User};
use crate::facts::{Accessibility, Facts, Holding, LinkLevel, Position, live};
use crate::rules::capability::{Capability, CapabilitySet, Kind};
use crate::rules::role::{EDIT_LINK, Level, PUBLIC};
use crate::rules::{self, Identity, Place, Principal};

/// What a command would change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct Preview {
    /// What people would gain and lose whom the actor may know there; in the order of the ids, by target and then by user.
    pub changes: Vec<Change>,
    /// How many people besides would gain or lose something.
    pub others: usize,
    /// Which memberships and grants would become others, of people whom the actor may know there; by target and then by user.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(bindings, tsify(optional))]
    pub holdings: Vec<HoldingChange>,
    /// What visitors would gain and lose.
    pub visitors: VisitorChange,
    /// Those whose invitations would end with it: who had invited them could not any more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(bindings, tsify(optional))]
    pub ended: Vec<String>,
}

/// What somebody holds on one team or assistant and would hold there, as far as it is not the same: other roles, or another end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct HoldingChange {
    /// The user's id.
    pub user: String,
    /// A team or an assistant.
    #[cfg_attr(bindings, tsify(type = "\"team\" | \"assistant\""))]
    pub kind: Kind,
    /// Its id.
    pub target: String,
    /// Until now; what has lapsed too.
    pub before: Vec<Held>,
    /// From then on.
    pub after: Vec<Held>,
}

/// A role that is held until an end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct Held {
    /// Which.
    pub role: String,
    /// It counts while now is before this, Unix seconds; without end if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub expires: Option<u64>,
}

/// What visitors would gain and lose through links and embedding, on any assistant that the actor shares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct VisitorChange {
    /// What a link or a site would open.
    #[cfg_attr(bindings, tsify(type = "Capability[]"))]
    pub gained: CapabilitySet,
    /// What a link or a site would open no more.
    #[cfg_attr(bindings, tsify(type = "Capability[]"))]
    pub lost: CapabilitySet,
}

impl Directory {
    /// What a command would change if it were given now. Afterwards everything is as it was. What the command would make and gives no
    /// id has one here that it will not have.
    ///
    /// # Errors
    /// As [`Directory::decide`].
    pub fn preview(&mut self, actor: &Actor, mut command: Command, now: u64) -> Result<Preview, Refusal> {
        // What is made of it is used for nothing; and nobody can have taken the ids, for they change with every event.
        let entropy = self.latest.head;
        let (effect, now) = self.effect(actor, &mut command, now, &entropy)?;
        let reader = Reader::new(&self.facts, actor, now)?;
        let touched = Touched::by(&effect.before, &effect.after, &self.facts);
        let visited: Vec<String> = touched.visited(&self.facts).filter(|id| reader.shares(id)).map(str::to_owned).collect();
        let concerned = named(&command).into_iter().chain(former_owner(&command, &effect));
        let concerned = concerned.filter(|_| !reader.sees_people()).filter_map(|user| self.facts.find_user(user));
        let before = Before::of(&self.facts, TakenForActive(concerned.collect()), touched, visited, now);

        let step = Transition { before: &undoing(&self.facts, &effect.after), after: &effect.after };
        let (rows, visitors) = elsewhere(&mut self.facts, &[step], |facts| before.compare(facts, now))?;

        let holdings = holdings(&effect.before, &effect.after);
        let told = Reader::new(&self.facts, actor, now)?.told(rows, holdings, named(&command), visitors);
        self.compact();
        Ok(Preview { ended: effect.result.ended, ..told })
    }
}

/// Whom a command names whose relation to a team or an assistant it is about: who gives it knows them there.
fn named(command: &Command) -> Option<&str> {
    match command {
        Command::AddMember(command) => Some(&command.user),
        Command::SetMemberRole(command) => Some(&command.user),
        Command::RemoveMember(command) => Some(&command.user),
        Command::Grant(command) => Some(&command.user),
        Command::RevokeGrant(command) => Some(&command.user),
        Command::TransferAssistant(command) => Some(&command.user),
        _ => None,
    }
}

/// Who owned what goes to somebody else.
fn former_owner<'a>(command: &Command, effect: &'a Effect) -> Option<&'a str> {
    if matches!(command, Command::TransferAssistant(_)) { effect.was.as_deref() } else { None }
}

/// Those whose relation to something a command is about, where the actor is not shown people. What they would gain and lose is told as of
/// somebody active, so that nobody's status is.
struct TakenForActive(BTreeSet<Position>);

impl TakenForActive {
    fn role(&self, facts: &Facts, user: Position) -> Option<Position> {
        if self.0.contains(&user) { facts.user(user).map(|user| user.role) } else { active_role(facts, Some(user)) }
    }
}

/// Which holdings are others from then on. On what is new or gone there is nothing to compare them with.
fn holdings(before: &Changes, after: &Changes) -> Vec<HoldingChange> {
    let teams = before.teams.iter().filter_map(|old| {
        let new = after.teams.iter().find(|new| new.id == old.id)?;
        Some((Kind::Team, &old.id, &old.members, &new.members))
    });
    let assistants = before.assistants.iter().filter_map(|old| {
        let new = after.assistants.iter().find(|new| new.id == old.id)?;
        Some((Kind::Assistant, &old.id, &old.grants, &new.grants))
    });
    let mut changes = Vec::new();
    for (kind, target, old, new) in teams.chain(assistants) {
        let users: BTreeSet<&String> = old.iter().chain(new).map(|holding| &holding.user).collect();
        for user in users {
            let only = |side: &[document::Holding], other: &[document::Holding]| -> Vec<Held> {
                let held = side.iter().filter(|holding| holding.user == *user && !other.contains(holding));
                held.map(|holding| Held { role: holding.role.clone(), expires: holding.expires }).collect()
            };
            let change =
                HoldingChange { user: user.clone(), kind, target: target.clone(), before: only(old, new), after: only(new, old) };
            if !change.before.is_empty() || !change.after.is_empty() {
                changes.push(change);
            }
        }
    }
    changes.sort_unstable_by(|one, other| (one.kind, &one.target, &one.user).cmp(&(other.kind, &other.target, &other.user)));
    changes
}

/// What a command touches, by id.
#[derive(Default)]
struct Touched {
    targets: BTreeSet<(Kind, String)>,
    /// The people whose role or status changes: they are asked about everything.
    moved: BTreeSet<String>,
    /// Whether what the plan withholds changes.
    plan: bool,
}

impl Touched {
    fn by(before: &Changes, after: &Changes, facts: &Facts) -> Touched {
        let mut touched = Touched { plan: after.plan.is_some(), ..Touched::default() };
        // A plan is compared where it is held, as roles are.
        if touched.plan {
            touched.everybody(facts);
        }
        // Each thing that one side puts is put or gone on the other.
        for (side, other) in [(before, after), (after, before)] {
            for role in &side.roles {
                if other.roles.iter().any(|other| other.id == role.id && other.grants != role.grants) {
                    touched.role(role, facts);
                }
            }
            for user in &side.users {
                let decides = |user: &User| (user.role.clone(), user.status);
                let is = |other: &&User| other.id == user.id;
                if other.users.iter().find(is).map(decides) != Some(decides(user)) {
                    touched.moved.insert(user.id.clone());
                }
            }
            for team in &side.teams {
                let decides = |team: &TeamChange| TeamChange { name: None, ..team.clone() };
                let is = |other: &&TeamChange| other.id == team.id;
                if other.teams.iter().find(is).map(decides) != Some(decides(team)) {
                    touched.team(&team.id, facts);
                }
            }
            for project in &side.projects {
                let decides = |project: &Project| Project { name: None, ..project.clone() };
                let is = |other: &&Project| other.id == project.id;
                if other.projects.iter().find(is).map(decides) != Some(decides(project)) {
                    touched.project(&project.id, facts);
                }
            }
            for assistant in &side.assistants {
                let decides = |assistant: &AssistantChange| AssistantChange { name: None, ..assistant.clone() };
                let is = |other: &&AssistantChange| other.id == assistant.id;
                if other.assistants.iter().find(is).map(decides) != Some(decides(assistant)) {
                    touched.targets.insert((Kind::Assistant, assistant.id.clone()));
                }
            }
        }
        touched
    }

    fn everybody(&mut self, facts: &Facts) {
        self.targets.insert((Kind::Organization, facts.organization().to_owned()));
    }

    /// A role that grants something else from now on, where it is held.
    fn role(&mut self, role: &RoleDefinition, facts: &Facts) {
        let held = |holdings: &[Holding]| holdings.iter().any(|holding| facts.role_id(holding.role) == role.id);
        let (kind, is_held): (Kind, &dyn Fn(Position) -> bool) = match role.on {
            Level::Organization => return self.everybody(facts),
            Level::Team => (Kind::Team, &|team| facts.team(team).is_some_and(|team| held(&team.members))),
            Level::Assistant => {
                (Kind::Assistant, &|assistant| facts.assistant(assistant).is_some_and(|assistant| held(&assistant.grants)))
            }
        };
        let targets = facts.targets(kind).iter().filter(|target| is_held(**target));
        self.targets.extend(targets.map(|target| (kind, facts.target_id(kind, *target).to_owned())));
    }

    /// With what it contains.
    fn team(&mut self, id: &str, facts: &Facts) {
        self.targets.insert((Kind::Team, id.to_owned()));
        let team = facts.find_target(Kind::Team, id).and_then(|team| facts.team(team));
        for project in team.into_iter().flat_map(|team| &team.projects) {
            self.project(facts.project_id(*project), facts);
        }
    }

    fn project(&mut self, id: &str, facts: &Facts) {
        self.targets.insert((Kind::Project, id.to_owned()));
        let project = facts.find_target(Kind::Project, id).and_then(|project| facts.project(project));
        let assistants = project.into_iter().flat_map(|project| &project.assistants);
        self.targets.extend(assistants.map(|assistant| (Kind::Assistant, facts.assistant_id(*assistant).to_owned())));
    }

    /// The assistants on which visitors may gain or lose something.
    fn visited<'a>(&'a self, facts: &'a Facts) -> impl Iterator<Item = &'a str> {
        let all = if self.plan { facts.targets(Kind::Assistant) } else { &[] };
        let assistants = self.targets.iter().filter(|(kind, _)| !self.plan && *kind == Kind::Assistant);
        all.iter().map(|assistant| facts.assistant_id(*assistant)).chain(assistants.map(|(_, id)| id.as_str()))
    }
}

/// What is held on one target: by its relatives, and by everybody else by their organization role.
#[derive(Default)]
struct Answers {
    relatives: BTreeMap<Position, CapabilitySet>,
    roles: BTreeMap<Position, CapabilitySet>,
}

impl Answers {
    fn of(facts: &Facts, taken: &TakenForActive, kind: Kind, id: &str, now: u64) -> Answers {
        let Some(place) = facts.find_target(kind, id).map(|position| Place::new(kind, position)) else { return Answers::default() };
        let ask = |user| held(facts, user, taken.role(facts, user), Some(place), now);
        let related = relatives(facts, place).into_iter().filter(|user| facts.user(*user).is_some());
        let roles = (0..).map_while(|role| facts.role(role).map(|found| (role, found.on)));
        let roles = roles.filter(|(_, on)| *on == Level::Organization);
        Answers {
            relatives: related.map(|user| (user, ask(user))).collect(),
            roles: roles.map(|(role, _)| (role, held(facts, ANYBODY, Some(role), Some(place), now))).collect(),
        }
    }

    fn held(&self, user: Position, role: Option<Position>) -> CapabilitySet {
        let by_role = || role.and_then(|role| self.roles.get(&role));
        self.relatives.get(&user).or_else(by_role).copied().unwrap_or_default()
    }
}

/// What one person holds anywhere.
type Everywhere = BTreeMap<(Kind, String), CapabilitySet>;

fn everywhere(facts: &Facts, user: &str, now: u64) -> Everywhere {
    let Some(user) = facts.find_user(user) else { return Everywhere::new() };
    let role = active_role(facts, Some(user));
    let mut everywhere = Everywhere::new();
    if role.is_none() {
        return everywhere;
    }
    for kind in [Kind::Organization, Kind::Team, Kind::Project, Kind::Assistant] {
        for &target in facts.targets(kind) {
            let held = held(facts, user, role, Some(Place::new(kind, target)), now);
            if !held.is_empty() {
                everywhere.insert((kind, facts.target_id(kind, target).to_owned()), held);
            }
        }
    }
    everywhere
}

/// What each link of an assistant (`true`), and each origin that may embed it, opens for a visitor.
type Doors = BTreeMap<(bool, String), CapabilitySet>;

fn doors(facts: &Facts, assistant: &str, now: u64) -> Doors {
    let assistant = facts.find_target(Kind::Assistant, assistant).and_then(|assistant| facts.assistant(assistant));
    let Some(assistant) = assistant.filter(|assistant| assistant.accessibility == Accessibility::Public) else {
        return Doors::new();
    };
    let door = |link, name, opens: CapabilitySet| ((link, facts.text(name).to_owned()), opens.difference(facts.withheld));
    let links = assistant.links.iter().filter(|link| live(link.expires, now));
    let links = links.map(|link| door(true, link.id, if link.level == LinkLevel::Edit { EDIT_LINK } else { PUBLIC }));
    links.chain(assistant.origins.iter().flatten().map(|origin| door(false, *origin, PUBLIC))).collect()
}

/// What one person has and would have on one target.
struct Row {
    kind: Kind,
    target: Rc<str>,
    user: Rc<str>,
    had: CapabilitySet,
    has: CapabilitySet,
}

/// What was asked before. A position stays what it is while the facts go forward.
struct Before {
    taken: TakenForActive,
    targets: Vec<(Kind, String, Answers)>,
    moved: Vec<(String, Option<Position>, Everywhere)>,
    visited: Vec<(String, Doors)>,
}

impl Before {
    fn of(facts: &Facts, taken: TakenForActive, touched: Touched, visited: Vec<String>, now: u64) -> Before {
        let answers = |(kind, id): (Kind, String)| {
            let answers = Answers::of(facts, &taken, kind, &id, now);
            (kind, id, answers)
        };
        let person = |id: String| {
            let (position, everywhere) = (facts.find_user(&id), everywhere(facts, &id, now));
            (id, position, everywhere)
        };
        let visit = |id: String| {
            let doors = doors(facts, &id, now);
            (id, doors)
        };
        Before {
            targets: touched.targets.into_iter().map(answers).collect(),
            moved: touched.moved.into_iter().map(person).collect(),
            visited: visited.into_iter().map(visit).collect(),
            taken,
        }
    }

    /// What is different from then on, for people and for visitors.
    fn compare(&self, facts: &Facts, now: u64) -> (Vec<Row>, VisitorChange) {
        let mut rows = Vec::new();
        let mut names: BTreeMap<Position, Rc<str>> = BTreeMap::new();
        let moved: BTreeSet<Position> =
            self.moved.iter().flat_map(|(id, before, _)| before.iter().copied().chain(facts.find_user(id))).collect();
        for (kind, id, before) in &self.targets {
            let after = Answers::of(facts, &self.taken, *kind, id, now);
            let mut users: BTreeSet<Position> = before.relatives.keys().chain(after.relatives.keys()).copied().collect();
            // To whom else it may mean something else, one of their organization role says for all.
            let of = |answers: &Answers, role| answers.roles.get(&role).copied().unwrap_or_default();
            let differs = |role: &Position| of(before, *role) != of(&after, *role);
            let roles: BTreeSet<Position> = before.roles.keys().chain(after.roles.keys()).copied().filter(differs).collect();
            if !roles.is_empty() {
                let active = |user: &Position| active_role(facts, Some(*user)).is_some_and(|role| roles.contains(&role));
                users.extend((0..facts.users().len() as Position).filter(active));
            }
            let target: Rc<str> = id.as_str().into();
            for user in users.difference(&moved) {
                let role = self.taken.role(facts, *user);
                let (had, has) = (before.held(*user, role), after.held(*user, role));
                if had != has {
                    let user = Rc::clone(names.entry(*user).or_insert_with(|| facts.user_id(*user).into()));
                    rows.push(Row { kind: *kind, target: Rc::clone(&target), user, had, has });
                }
            }
        }
        for (id, _, before) in &self.moved {
            let (user, after): (Rc<str>, _) = (id.as_str().into(), everywhere(facts, id, now));
            for (kind, target) in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
                let held = |side: &Everywhere| side.get(&(*kind, target.clone())).copied().unwrap_or_default();
                let (had, has) = (held(before), held(&after));
                if had != has {
                    rows.push(Row { kind: *kind, target: target.as_str().into(), user: Rc::clone(&user), had, has });
                }
            }
        }
        rows.sort_unstable_by(|one, other| (one.kind, &one.target, &one.user).cmp(&(other.kind, &other.target, &other.user)));

        let mut visitors = VisitorChange::default();
        for (id, before) in &self.visited {
            let after = doors(facts, id, now);
            for door in before.keys().chain(after.keys()) {
                let opens = |side: &Doors| side.get(door).copied().unwrap_or_default();
                let (had, has) = (opens(before), opens(&after));
                visitors.gained = visitors.gained.union(has.difference(had));
                visitors.lost = visitors.lost.union(had.difference(has));
            }
        }
        (rows, visitors)
    }
}

/// Who is told, by what they may know before the command.
struct Reader<'a> {
    facts: &'a Facts,
    /// The actor's own snapshot; none for whoever sees everything.
    view: Option<View<'a>>,
    user: Option<&'a str>,
    /// What the actor is, to the rules.
    principal: Option<Principal<'a>>,
    now: u64,
}

impl<'a> Reader<'a> {
    fn new(facts: &'a Facts, actor: &'a Actor, now: u64) -> Result<Reader<'a>, Refusal> {
        let everything = Reader { facts, view: None, user: None, principal: None, now };
        let Actor::User(user) = actor else { return Ok(everything) };
        let identity = Identity::of(facts, facts.find_user(user));
        if rules::holds_everything(&identity) {
            return Ok(everything);
        }
        let principal = Principal::of(identity);
        Ok(Reader { view: Some(facts.seen_by(user, now)?), user: Some(user), principal: Some(principal), ..everything })
    }

    /// Whether the actor sees the links and the embedding of an assistant.
    fn shares(&self, assistant: &str) -> bool {
        let Some(principal) = &self.principal else { return true };
        let place = self.facts.find_target(Kind::Assistant, assistant).map(Place::Assistant);
        place.is_some_and(|place| rules::held(self.facts, principal, self.now, place).contains(Capability::AssistantShare))
    }

    /// Whether the actor's snapshot shows a target.
    fn sees(&self, view: &View<'_>, kind: Kind, id: &str) -> bool {
        let Some(position) = self.facts.find_target(kind, id) else { return false };
        match kind {
            Kind::Organization => true,
            Kind::Team => view.team(position, &Holders::none()).is_some(),
            Kind::Project => view.project(position).is_some(),
            Kind::Assistant => view.assistant(position, &Holders::none()).is_some(),
        }
    }

    /// Whether the actor's snapshot shows what a person is there: in the organization, or in the team. What somebody else was granted
    /// on an assistant it shows to nobody.
    fn shows(&self, view: &View<'_>, kind: Kind, id: &str, user: &str) -> bool {
        let position = || self.facts.find_target(kind, id);
        let team = match kind {
            Kind::Organization => return self.facts.find_user(user).is_some_and(|user| view.user(user).is_some()),
            Kind::Team => position(),
            Kind::Project => position().and_then(|project| self.facts.project(project)).map(|project| project.team),
            Kind::Assistant => None,
        };
        let team = team.and_then(|team| view.team(team, &Holders::one(user)));
        team.is_some_and(|team| !team.members.is_empty())
    }

    /// Whether the actor is shown everybody's role and status.
    fn sees_people(&self) -> bool {
        let held = |principal: &Principal<'_>| rules::held(self.facts, principal, self.now, Place::Organization);
        self.principal.as_ref().is_none_or(|principal| held(principal).contains(Capability::PanelUserSettings))
    }

    fn told(&self, rows: Vec<Row>, mut holdings: Vec<HoldingChange>, named: Option<&str>, visitors: VisitorChange) -> Preview {
        let is_own = |user: &str| self.user == Some(user);
        holdings.retain(|HoldingChange { user, kind, target, .. }| {
            let known = |view| self.sees(view, *kind, target) && (named == Some(user) || self.shows(view, *kind, target, user));
            is_own(user) || self.view.as_ref().is_none_or(known)
        });
        holdings.truncate(MOST_CHANGES);
        let (mut concerned, mut listed) = (BTreeSet::new(), BTreeSet::new());
        let mut changes = Vec::new();
        // The rows of a target stand together.
        let mut seen: Option<(Kind, Rc<str>, bool)> = None;
        for Row { kind, target, user, had, has } in rows {
            let known = self.view.as_ref().is_none_or(|view| {
                let known = seen.as_ref().filter(|(of, id, _)| *of == kind && *id == target).map(|(.., seen)| *seen);
                let sees = known.unwrap_or_else(|| self.sees(view, kind, &target));
                seen = Some((kind, Rc::clone(&target), sees));
                is_own(&user) || (sees && (named == Some(&*user) || self.shows(view, kind, &target, &user)))
            });
            if known && changes.len() < MOST_CHANGES {
                changes.push(Change {
                    user: user.to_string(),
                    kind,
                    target: (kind != Kind::Organization).then(|| target.to_string()),
                    gained: has.difference(had),
                    lost: had.difference(has),
                });
                listed.insert(Rc::clone(&user));
            }
            concerned.insert(user);
        }
        Preview { changes, others: concerned.len() - listed.len(), holdings, visitors, ended: Vec::new() }
    }
}
