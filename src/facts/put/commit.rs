//! The second phase: applies checked rows. Nothing in it can fail.

use super::stage::{Replaced, Rows};
#[cfg(feature = "authority")]
use crate::facts::{ABSENT, Project, Team};
use crate::facts::{ASSISTANTS, Facts, Holding, Position};
use crate::sort::ascending;

/// The most moments that are inserted one by one.
#[cfg(feature = "authority")]
const MOST_INSERTED: usize = 16;

impl Facts {
    pub(super) fn commit(&mut self, rows: Rows) {
        let mut ended = Vec::new();
        if let Some(plan) = rows.plan {
            (self.plan_name, self.withheld) = (plan.name, plan.withheld);
        }
        let [roles, users, teams, projects, assistants] = &rows.positions;
        for (position, row) in roles.iter().zip(rows.roles) {
            place_row(&mut self.roles, *position, row);
        }
        self.users.reserve_exact(rows.users.len());
        for (position, row) in users.iter().zip(rows.users) {
            place_row(&mut self.users, *position, row);
        }
        for (position, (row, replaced)) in teams.iter().zip(rows.teams) {
            #[cfg(feature = "authority")]
            let row = self.inherit_team(*position, row);
            if let Some((team, old)) = place_row(&mut self.teams, *position, row) {
                merge(&mut team.members, old.members, replaced, &mut ended);
            }
        }
        self.projects.reserve_exact(rows.projects.len());
        for (position, row) in projects.iter().zip(rows.projects) {
            #[cfg(feature = "authority")]
            let row = self.inherit_project(*position, row);
            place_row(&mut self.projects, *position, row);
        }
        if self.assistants.is_empty() && rows.gone[ASSISTANTS] == 0 {
            #[cfg(feature = "authority")]
            for (position, row) in assistants.iter().zip(&rows.assistants) {
                self.move_assistant(*position, row.project);
            }
            // The list of a whole document is taken as it is: two of them would be the most memory that opening needs.
            self.assistants = rows.assistants;
        } else {
            // Removed assistants come last and have no entry: nobody keeps a grant on them.
            let replaced = rows.replaced_grants.into_iter().chain(std::iter::repeat_with(|| None));
            for ((position, row), replaced) in assistants.iter().zip(rows.assistants).zip(replaced) {
                #[cfg(feature = "authority")]
                self.move_assistant(*position, row.project);
                if let Some((assistant, old)) = place_row(&mut self.assistants, *position, row) {
                    merge(&mut assistant.grants, old.grants, replaced, &mut ended);
                    ended.extend(old.links.iter().map(|link| link.expires));
                }
            }
        }
        for (ids, (positions, gone)) in self.ids.iter_mut().zip(rows.positions.iter().zip(rows.gone)) {
            for position in positions.iter().rev().take(gone) {
                ids.remove(*position, &self.text);
            }
        }
        self.update_changes(&ended, rows.expiring);
    }

    /// Removes and adds moments at which answers may change.
    fn update_changes(&mut self, ended: &[u64], expiring: Vec<u64>) {
        for expires in ended {
            if let Ok(index) = self.changes.binary_search(expires) {
                self.changes.remove(index);
            }
        }
        // Inserting moves everything behind, so many of them are sorted in.
        #[cfg(feature = "authority")]
        if expiring.len() > MOST_INSERTED && !self.changes.is_empty() {
            self.changes.extend(expiring);
            ascending(&mut self.changes);
            return;
        }
        if self.changes.is_empty() {
            self.changes = expiring;
            ascending(&mut self.changes);
        } else {
            for expires in expiring {
                let index = self.changes.partition_point(|change| *change <= expires);
                self.changes.insert(index, expires);
            }
        }
    }

    /// Moves a project from the list of its old team to that of its new one.
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

    /// A replacing team with the projects of the replaced one.
    #[cfg(feature = "authority")]
    fn inherit_team(&mut self, position: Position, mut row: Team) -> Team {
        if let Some(old) = self.teams.get_mut(position as usize) {
            row.projects = std::mem::take(&mut old.projects);
        }
        row
    }

    /// A replacing project, entered in its team, with the assistants of the replaced one.
    #[cfg(feature = "authority")]
    fn inherit_project(&mut self, position: Position, mut row: Project) -> Project {
        self.move_project(position, row.team);
        if let Some(old) = self.projects.get_mut(position as usize) {
            row.assistants = std::mem::take(&mut old.assistants);
        }
        row
    }

    /// Moves an assistant from the list of its old project to that of its new one.
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
}

/// Appends a new row, or replaces the row of a known position: then returns the new row and the replaced one.
fn place_row<T>(rows: &mut Vec<T>, position: Position, row: T) -> Option<(&mut T, T)> {
    if position as usize >= rows.len() {
        rows.push(row);
        return None;
    }
    let slot = rows.get_mut(position as usize)?;
    let old = std::mem::replace(slot, row);
    Some((slot, old))
}

/// Adds to new holdings the old ones of every user who is not replaced. The `expires` of the others are added to `ended`.
fn merge(holdings: &mut Vec<Holding>, mut old: Vec<Holding>, replaced: Replaced, ended: &mut Vec<u64>) {
    old.retain(|holding| {
        let keeps = replaced.as_ref().is_some_and(|users| users.binary_search(&u64::from(holding.user)).is_err());
        if !keeps {
            ended.push(holding.expires);
        }
        keeps
    });
    // Both are sorted by user.
    let mut merged = Vec::with_capacity(old.len() + holdings.len());
    let mut new = holdings.as_slice();
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
    *holdings = merged;
}
