//! The targets and people whose access a command may change.

use std::collections::BTreeSet;

use crate::authority::affected::Affected;
use crate::document::RoleDefinition;
use crate::facts::{Facts, Holding, Position};
use crate::rules::capability::Kind;
use crate::rules::role::Level;

/// The targets and people that a preview compares, by id.
#[derive(Default)]
pub(super) struct Targets {
    /// Targets on which the access of anybody may change.
    pub(super) targets: BTreeSet<(Kind, String)>,
    /// Users whose active role changes: their access is compared on every target.
    pub(super) users: BTreeSet<String>,
    /// Assistants to which the access of visitors may change.
    pub(super) visited: BTreeSet<String>,
}

impl Targets {
    pub(super) fn of(affected: &Affected<'_>, facts: &Facts) -> Targets {
        let owned = |ids: &BTreeSet<&str>| ids.iter().map(|id| (*id).to_owned()).collect();
        let mut targets = Targets { users: owned(&affected.users), visited: owned(&affected.visited), ..Targets::default() };
        if affected.plan {
            // For users, the plan is compared on the organization, where everybody has access by role.
            targets.add_organization(facts);
            targets.visited = facts.targets(Kind::Assistant).iter().map(|id| facts.assistant_id(*id).to_owned()).collect();
        }
        for role in &affected.roles {
            targets.add_targets_of_role(role, facts);
        }
        for team in &affected.teams {
            targets.add_team(team, facts);
        }
        for project in &affected.projects {
            targets.add_project(project, facts);
        }
        targets.targets.extend(affected.assistants.iter().map(|assistant| (Kind::Assistant, (*assistant).to_owned())));
        targets
    }

    fn add_organization(&mut self, facts: &Facts) {
        self.targets.insert((Kind::Organization, facts.organization().to_owned()));
    }

    /// The targets on which a role is held.
    fn add_targets_of_role(&mut self, role: &RoleDefinition, facts: &Facts) {
        let held = |holdings: &[Holding]| holdings.iter().any(|holding| facts.role_id(holding.role) == role.id);
        let (kind, is_held): (Kind, &dyn Fn(Position) -> bool) = match role.on {
            Level::Organization => return self.add_organization(facts),
            Level::Team => (Kind::Team, &|team| facts.team(team).is_some_and(|team| held(&team.members))),
            Level::Assistant => {
                (Kind::Assistant, &|assistant| facts.assistant(assistant).is_some_and(|assistant| held(&assistant.grants)))
            }
        };
        let targets = facts.targets(kind).iter().filter(|target| is_held(**target));
        self.targets.extend(targets.map(|target| (kind, facts.target_id(kind, *target).to_owned())));
    }

    /// A team with its contents.
    fn add_team(&mut self, id: &str, facts: &Facts) {
        self.targets.insert((Kind::Team, id.to_owned()));
        let team = facts.find_target(Kind::Team, id).and_then(|team| facts.team(team));
        for project in team.into_iter().flat_map(|team| &team.projects) {
            self.add_project(facts.project_id(*project), facts);
        }
    }

    /// A project with its contents.
    fn add_project(&mut self, id: &str, facts: &Facts) {
        self.targets.insert((Kind::Project, id.to_owned()));
        let project = facts.find_target(Kind::Project, id).and_then(|project| facts.project(project));
        let assistants = project.into_iter().flat_map(|project| &project.assistants);
        self.targets.extend(assistants.map(|assistant| (Kind::Assistant, facts.assistant_id(*assistant).to_owned())));
    }
}
