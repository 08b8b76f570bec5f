//! List filters (§3.6): the condition under which a principal holds a capability, as data. It selects the rows of a table by columns that
//! the table has, so that a database filters them without a question for each row.
//!
//! Not here: queries. The package writes conditions as SQL and for query builders (`wicketgate/where`).

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::facts::{Accessibility, Facts, NEVER, Position, held_by};
use crate::rules::capability::{Capability, CapabilitySet, Kind};
use crate::rules::ceilings::{counts, held};
use crate::rules::decision::Relation;
use crate::rules::principal::{Identity, Principal};
use crate::rules::relations::{Related, Relations, is_embedded, may_own_by_creation, opened_links};
use crate::rules::target::Place;

/// The rows on which a principal holds a capability (§3.6). `until` is the moment, in Unix seconds, from which the question must be asked
/// again, because something expires; without it nothing that counts does.
// Exhaustive: every query must distinguish them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub enum Condition {
    /// No row.
    None {
        /// See [`Condition`].
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(bindings, tsify(optional))]
        until: Option<u64>,
    },
    /// Every row.
    All {
        /// See [`Condition`].
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(bindings, tsify(optional))]
        until: Option<u64>,
    },
    /// The rows that match an entry.
    Some {
        /// See [`Condition`].
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(bindings, tsify(optional))]
        until: Option<u64>,
        /// Never empty; sorted, and no entry selects only rows that another entry selects.
        any: Vec<ConditionEntry>,
    },
}

/// The rows that match every field which is there. A list is never empty; it matches if it contains the row's value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct ConditionEntry {
    /// The owner of the assistant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub owner: Option<String>,
    /// The creator of the team or project.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub creator: Option<String>,
    /// The team of the project or assistant: one of these, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(bindings, tsify(optional))]
    pub team: Vec<String>,
    /// The accessibility of the assistant: one of these, from narrow to wide.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(bindings, tsify(optional))]
    pub accessibility: Vec<Accessibility>,
    /// The row itself: one of these ids, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(bindings, tsify(optional))]
    pub id: Vec<String>,
}

impl Condition {
    /// The same rows, to be asked again at a moment at the latest. No rows stay no rows, because things only end.
    pub(crate) fn until_at_most(mut self, moment: u64) -> Condition {
        if let Condition::All { until } | Condition::Some { until, .. } = &mut self
            && moment != NEVER
        {
            *until = Some(until.map_or(moment, |until| until.min(moment)));
        }
        self
    }
}

/// The rows on which **every** one of the principals holds the capability at `now`.
pub(crate) fn condition(facts: &Facts, principals: &[Principal<'_>], now: u64, capability: Capability) -> Condition {
    let question = Question { facts, principals, capability, kind: capability.kind() };
    if question.kind == Kind::Organization || facts.withheld.contains(capability) {
        return Condition::None { until: None };
    }
    let own = question.own();
    let rows = question.rows(&own, now);
    // Relations only end, and rows only get fewer: once they differ, they differ for ever.
    let moments = own.moments(now);
    let same = moments.partition_point(|moment| question.rows(&own, *moment) == rows);
    let until = moments.get(same).copied();
    if rows.shapes.contains_key(&Shape::ANY) {
        return Condition::All { until };
    }
    let any = rows.entries(facts, question.kind);
    if any.is_empty() { Condition::None { until: None } } else { Condition::Some { until, any } }
}

/// A set of accessibilities: one bit each.
type Accessibilities = u8;
/// From narrow to wide.
const ACCESSIBILITIES: [Accessibility; 3] = [Accessibility::OnlyMe, Accessibility::OnlyTeam, Accessibility::Public];
const EVERY_ACCESSIBILITY: Accessibilities = 0b111;

/// The fields of an entry that have one value, or few.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Shape {
    owner: Option<Position>,
    creator: Option<Position>,
    accessibilities: Accessibilities,
    /// Whether the team counts.
    in_teams: bool,
}

impl Shape {
    /// The shape that every row has.
    const ANY: Shape = Shape { owner: None, creator: None, accessibilities: EVERY_ACCESSIBILITY, in_teams: false };

    /// The rows on which a relation counts, as far as accessibility decides.
    fn under_ceiling(kind: Kind, relation: Relation) -> Shape {
        if kind != Kind::Assistant {
            return Shape::ANY;
        }
        let mask = |(bit, ceiling): (u8, &Accessibility)| u8::from(counts(relation, *ceiling, false)) << bit;
        Shape { accessibilities: (0..).zip(&ACCESSIBILITIES).map(mask).sum(), ..Shape::ANY }
    }

    /// The rows that have both shapes; none if no row can.
    fn and(self, other: Shape) -> Option<Shape> {
        let both = |one: Option<Position>, other: Option<Position>| match (one, other) {
            (Some(one), Some(other)) => (one == other).then_some(Some(one)),
            _ => Some(one.or(other)),
        };
        let shape = Shape {
            owner: both(self.owner, other.owner)?,
            creator: both(self.creator, other.creator)?,
            accessibilities: self.accessibilities & other.accessibilities,
            in_teams: self.in_teams || other.in_teams,
        };
        (shape.accessibilities != 0).then_some(shape)
    }

    /// Whether every row of this shape has the other, teams apart.
    fn is_within(self, other: Shape) -> bool {
        (other.owner.is_none() || other.owner == self.owner)
            && (other.creator.is_none() || other.creator == self.creator)
            && self.accessibilities & !other.accessibilities == 0
    }
}

type Teams = BTreeSet<Position>;

/// A set of rows: by shapes, and one by one.
#[derive(PartialEq, Eq)]
struct Rows {
    /// The rows of each shape; with their teams if these count.
    shapes: BTreeMap<Shape, Teams>,
    /// Targets that have none of the shapes.
    ids: BTreeSet<Position>,
}

/// The teams and assistants to which the principals have relations of their own, ended ones included: all that must be looked at.
struct Own {
    teams: Vec<Position>,
    /// Those with a grant, a link or an embedding for them: no column of a row says so.
    assistants: Vec<Position>,
    /// The moments at which something of it ends, sorted.
    ends: BTreeSet<u64>,
}

impl Own {
    fn moments(&self, now: u64) -> Vec<u64> {
        self.ends.iter().copied().filter(|end| *end > now && *end != NEVER).collect()
    }
}

struct Question<'a> {
    facts: &'a Facts,
    principals: &'a [Principal<'a>],
    capability: Capability,
    kind: Kind,
}

impl Question<'_> {
    fn own(&self) -> Own {
        let mut own = Own { teams: Vec::new(), assistants: Vec::new(), ends: BTreeSet::new() };
        for principal in self.principals {
            if let Identity::User { user, .. } = principal.identity {
                for (position, team) in self.facts.targets(Kind::Team).iter().filter_map(|at| Some((*at, self.facts.team(*at)?))) {
                    let memberships = held_by(&team.members, user);
                    if team.creator == user || !memberships.is_empty() {
                        own.teams.push(position);
                        own.ends.extend(memberships.iter().map(|membership| membership.expires));
                    }
                }
            }
            if self.kind == Kind::Assistant {
                self.add_assistants(principal, &mut own);
            }
        }
        own
    }

    fn add_assistants(&self, principal: &Principal<'_>, own: &mut Own) {
        let facts = self.facts;
        for (position, assistant) in facts.targets(Kind::Assistant).iter().filter_map(|at| Some((*at, facts.assistant(*at)?))) {
            let mut ends: Vec<u64> = opened_links(principal, assistant).map(|link| link.1).collect();
            match principal.identity {
                Identity::User { user, .. } => ends.extend(held_by(&assistant.grants, user).iter().map(|grant| grant.expires)),
                Identity::Visitor if is_embedded(facts, principal, assistant) => ends.push(NEVER),
                _ => {}
            }
            if !ends.is_empty() {
                own.assistants.push(position);
                own.ends.extend(ends);
            }
        }
    }

    /// The rows on which every principal holds the capability at a time.
    fn rows(&self, own: &Own, now: u64) -> Rows {
        let mut all: Option<BTreeMap<Shape, Teams>> = None;
        for principal in self.principals {
            let shapes = self.shapes(principal, own, now);
            all = Some(match all {
                None => shapes,
                Some(others) => both(&shapes, &others),
            });
        }
        let mut rows = Rows { shapes: reduced(all.unwrap_or_default()), ids: BTreeSet::new() };
        let one_by_one = match self.kind {
            Kind::Team => &own.teams,
            Kind::Assistant => &own.assistants,
            Kind::Project | Kind::Organization => return rows,
        };
        let holds = |principal: &Principal<'_>, place| held(self.facts, principal, now, place).contains(self.capability);
        rows.ids = one_by_one
            .iter()
            .copied()
            .filter(|position| {
                let place = Place::new(self.kind, *position);
                self.principals.iter().all(|principal| holds(principal, place)) && !self.has_shape(&rows, place)
            })
            .collect();
        rows
    }

    /// The shapes of rows on which a principal holds the capability by a relation that the columns of a row tell.
    fn shapes(&self, principal: &Principal<'_>, own: &Own, now: u64) -> BTreeMap<Shape, Teams> {
        let mut shapes: BTreeMap<Shape, Teams> = BTreeMap::new();
        let grants = |grants: CapabilitySet| grants.contains(self.capability);
        let below = |relation| Shape::under_ceiling(self.kind, relation);
        let related = |place, found: &mut dyn FnMut(Related)| Relations::new(self.facts, principal, now, 0, place).each(found);

        // By the organization role: everywhere.
        related(Place::Organization, &mut |related| {
            if grants(related.grants) {
                shapes.entry(below(related.relation)).or_default();
            }
        });
        // A relation of every user, and of every key.
        if !matches!(principal.identity, Identity::Visitor | Identity::Inactive)
            && self.kind == Kind::Assistant
            && grants(Relation::Public.grants())
        {
            shapes.entry(below(Relation::Public)).or_default();
        }
        let Identity::User { user, role } = principal.identity else { return shapes };

        match self.kind {
            Kind::Team if may_own_by_creation(self.facts, role) && grants(Relation::TeamOwner.grants()) => {
                shapes.entry(Shape { creator: Some(user), ..Shape::ANY }).or_default();
            }
            Kind::Assistant if grants(Relation::AssistantOwner.grants()) => {
                shapes.entry(Shape { owner: Some(user), ..below(Relation::AssistantOwner) }).or_default();
            }
            _ => {}
        }
        // Teams are told one by one: no column of a row says who is in its team.
        if matches!(self.kind, Kind::Project | Kind::Assistant) {
            for team in &own.teams {
                let mut in_team = false;
                related(Place::Team(*team), &mut |related| {
                    if !matches!(related.relation, Relation::TeamOwner | Relation::TeamViewer | Relation::TeamRole) {
                        return;
                    }
                    in_team = true;
                    if grants(related.grants) {
                        shapes.entry(Shape { in_teams: true, ..below(related.relation) }).or_default().insert(*team);
                    }
                });
                if in_team && self.kind == Kind::Project && grants(Relation::ProjectCreator.grants()) {
                    let shape = Shape { creator: Some(user), in_teams: true, ..below(Relation::ProjectCreator) };
                    shapes.entry(shape).or_default().insert(*team);
                }
            }
        }
        shapes
    }

    /// Whether a target has one of the shapes.
    fn has_shape(&self, rows: &Rows, place: Place) -> bool {
        let (team, project, assistant) = match place {
            Place::Organization => return false,
            Place::Team(team) => (self.facts.team(team), None, None),
            Place::Project(project) => (None, self.facts.project(project), None),
            Place::Assistant(assistant) => (None, None, self.facts.assistant(assistant)),
        };
        let project = project.or_else(|| self.facts.project(assistant?.project));
        let creator = team.map(|team| team.creator).or(project.map(|project| project.creator));
        let accessibilities = assistant.map_or(EVERY_ACCESSIBILITY, |assistant| {
            (0..).zip(ACCESSIBILITIES).map(|(bit, one)| u8::from(one == assistant.accessibility) << bit).sum()
        });
        let own = Shape { owner: assistant.map(|assistant| assistant.owner), creator, accessibilities, in_teams: false };
        let in_one = |teams: &Teams| project.is_some_and(|project| teams.contains(&project.team));
        rows.shapes.iter().any(|(shape, teams)| own.is_within(*shape) && (!shape.in_teams || in_one(teams)))
    }
}

/// The rows that are in both.
fn both(one: &BTreeMap<Shape, Teams>, other: &BTreeMap<Shape, Teams>) -> BTreeMap<Shape, Teams> {
    let mut found: BTreeMap<Shape, Teams> = BTreeMap::new();
    for (shape, teams) in one {
        for (other_shape, other_teams) in other {
            let Some(both) = shape.and(*other_shape) else { continue };
            let common: Teams = match (shape.in_teams, other_shape.in_teams) {
                (true, true) => teams.intersection(other_teams).copied().collect(),
                (true, false) => teams.clone(),
                (false, _) => other_teams.clone(),
            };
            if !both.in_teams || !common.is_empty() {
                found.entry(both).or_default().extend(common);
            }
        }
    }
    found
}

/// The same rows without what another shape has too.
fn reduced(shapes: BTreeMap<Shape, Teams>) -> BTreeMap<Shape, Teams> {
    let rest = |(shape, teams): (&Shape, &Teams)| {
        let wider = |(other, _): &(&Shape, &Teams)| *other != shape && shape.is_within(**other);
        let mut remaining = teams.clone();
        for (other, others) in shapes.iter().filter(wider) {
            if !other.in_teams {
                return None;
            }
            remaining.retain(|team| !others.contains(team));
        }
        (!shape.in_teams || !remaining.is_empty()).then_some((*shape, remaining))
    };
    shapes.iter().filter_map(rest).collect()
}

impl Rows {
    fn entries(&self, facts: &Facts, kind: Kind) -> Vec<ConditionEntry> {
        let sorted = |kind, positions: &BTreeSet<Position>| {
            let mut ids: Vec<String> = positions.iter().map(|position| facts.target_id(kind, *position).to_owned()).collect();
            ids.sort_unstable();
            ids
        };
        let user = |user: Option<Position>| user.map(|user| facts.user_id(user).to_owned());
        let among = |bits: Accessibilities| {
            let chosen = |(bit, _): &(u8, Accessibility)| bits != EVERY_ACCESSIBILITY && bits >> bit & 1 == 1;
            (0..).zip(ACCESSIBILITIES).filter(chosen).map(|(_, accessibility)| accessibility).collect()
        };
        let mut entries: Vec<ConditionEntry> = self
            .shapes
            .iter()
            .map(|(shape, teams)| ConditionEntry {
                owner: user(shape.owner),
                creator: user(shape.creator),
                team: sorted(Kind::Team, teams),
                accessibility: among(shape.accessibilities),
                id: Vec::new(),
            })
            .collect();
        entries.extend((!self.ids.is_empty()).then(|| ConditionEntry { id: sorted(kind, &self.ids), ..ConditionEntry::default() }));
        entries.sort_by_key(|entry| (entry.owner.is_none(), entry.creator.is_none(), entry.team.is_empty(), !entry.id.is_empty()));
        entries
    }
}
