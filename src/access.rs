//! Which facts decide over whose access.
//!
//! Three answers to "what changed for whom" rest on this table: [`crate::diff`] between two snapshots, the authority's previews of
//! commands, and its deltas.
//!
//! | facts | decide over access to | of |
//! | --- | --- | --- |
//! | the capabilities that the plan withholds | everything | everybody |
//! | level and grants of a custom role | everything on which it is held | its holders |
//! | the organization role of a user, while active | everything | that user |
//! | creator and members of a team | the team, its projects and their assistants | the users named |
//! | team and creator of a project | the project and its assistants | the users named, there and on the team |
//! | project, owner, accessibility and grants of an assistant | the assistant | the users named, there, on the project and on the team |
//! | accessibility, links and embedding of an assistant | the assistant | visitors |
//!
//! A user whom none of these facts name has access by organization role alone. Names for people and addresses decide nothing.

use crate::facts::{Accessibility, Assistant, Facts, Holding, Position, Project, Status, Team};
use crate::rules::capability::CapabilitySet;
use crate::rules::role::Level;
use crate::rules::{self, Identity, Place, Principal};

/// A role that a user holds until a time: ids of user and role, Unix seconds. Comparable between two states of the facts.
pub(crate) type HeldRole<'a> = (&'a str, &'a str, u64);

/// The deciding facts of the organization: what the plan withholds, and the custom roles.
#[derive(PartialEq)]
pub(crate) struct OrganizationBasis<'a> {
    withheld: CapabilitySet,
    roles: Vec<(&'a str, Option<(Level, CapabilitySet)>)>,
}

/// The deciding facts of a team. An absent creator is the empty id.
#[derive(PartialEq)]
pub(crate) struct TeamBasis<'a> {
    pub(crate) creator: &'a str,
    pub(crate) members: Vec<HeldRole<'a>>,
}

/// The deciding facts of a project. An absent creator is the empty id.
#[derive(PartialEq)]
pub(crate) struct ProjectBasis<'a> {
    pub(crate) team: &'a str,
    pub(crate) creator: &'a str,
}

/// The deciding facts of an assistant, for users.
#[derive(PartialEq)]
pub(crate) struct AssistantBasis<'a> {
    pub(crate) project: &'a str,
    pub(crate) owner: &'a str,
    pub(crate) accessibility: Accessibility,
    pub(crate) grants: Vec<HeldRole<'a>>,
}

impl<'a> OrganizationBasis<'a> {
    pub(crate) fn of(facts: &'a Facts) -> OrganizationBasis<'a> {
        let role = |role| (facts.role_id(role), facts.role(role).map(|role| (role.on, role.grants)));
        OrganizationBasis { withheld: facts.withheld, roles: facts.custom_roles().map(role).collect() }
    }
}

impl<'a> TeamBasis<'a> {
    pub(crate) fn of(facts: &'a Facts, team: &Team) -> TeamBasis<'a> {
        TeamBasis { creator: facts.user_id(team.creator), members: held_roles(facts, &team.members) }
    }
}

impl<'a> ProjectBasis<'a> {
    pub(crate) fn of(facts: &'a Facts, project: &Project) -> ProjectBasis<'a> {
        ProjectBasis { team: facts.team_id(project.team), creator: facts.user_id(project.creator) }
    }
}

impl<'a> AssistantBasis<'a> {
    pub(crate) fn of(facts: &'a Facts, assistant: &Assistant) -> AssistantBasis<'a> {
        AssistantBasis {
            project: facts.project_id(assistant.project),
            owner: facts.user_id(assistant.owner),
            accessibility: assistant.accessibility,
            grants: held_roles(facts, &assistant.grants),
        }
    }
}

fn held_roles<'a>(facts: &'a Facts, holdings: &[Holding]) -> Vec<HeldRole<'a>> {
    holdings.iter().map(|holding| (facts.user_id(holding.user), facts.role_id(holding.role), holding.expires)).collect()
}

/// The organization role of a user, if there is such a user and they are active.
pub(crate) fn active_role(facts: &Facts, user: Option<Position>) -> Option<Position> {
    let user = facts.user(user?)?;
    (user.status == Status::Active).then_some(user.role)
}

/// The capabilities that a user of an organization role holds on a target at `now` (Unix seconds); none without a role or a target.
pub(crate) fn held(facts: &Facts, user: Position, role: Option<Position>, place: Option<Place>, now: u64) -> CapabilitySet {
    let (Some(role), Some(place)) = (role, place) else { return CapabilitySet::NONE };
    rules::held(facts, &Principal::of(Identity::User { user, role }), now, place)
}

/// The users whom the deciding facts of a target name: every other user has access by organization role alone.
pub(crate) fn named_users(facts: &Facts, place: Place) -> Vec<Position> {
    let (mut team, mut project, mut assistant) = (None, None, None);
    match place {
        Place::Organization => {}
        Place::Team(position) => team = facts.team(position),
        Place::Project(position) => project = facts.project(position),
        Place::Assistant(position) => assistant = facts.assistant(position),
    }
    if let Some(assistant) = assistant {
        project = facts.project(assistant.project);
    }
    if let Some(project) = project {
        team = facts.team(project.team);
    }
    let mut users = Vec::new();
    users.extend(assistant.map(|assistant| assistant.owner));
    users.extend(project.map(|project| project.creator));
    users.extend(team.map(|team| team.creator));
    let grants = assistant.into_iter().flat_map(|assistant| &assistant.grants);
    let members = team.into_iter().flat_map(|team| &team.members);
    users.extend(grants.chain(members).map(|holding| holding.user));
    users
}
