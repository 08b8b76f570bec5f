//! Compacting facts in place: the rows and strings of removed and replaced things are dropped. No second copy of the facts is made.

use super::{ABSENT, ASSISTANTS, Facts, Holding, PROJECTS, Position, ROLES, TEAMS, USERS};
use crate::token::json::{MIN_GROWTH, Span, Text};

impl Facts {
    /// Notes that the facts are whole: what is added from now on is a change.
    pub(crate) fn settle(&mut self) {
        self.settled = self.text.len();
    }

    /// Compacts once changes have added more text than was there. Positions change.
    pub(crate) fn compact_when_due(&mut self) {
        let settled = self.settled as usize;
        if self.text.len() as usize - settled > settled.max(MIN_GROWTH) {
            self.compact();
        }
    }

    /// The number of things, removed ones included.
    pub(crate) fn things(&self) -> usize {
        self.ids.iter().map(|ids| ids.len()).sum()
    }

    /// Replaces the address of a user.
    pub(crate) fn replace_address(&mut self, user: Position, address: &str) {
        let address = self.text.add(address);
        if let Some(user) = self.users.get_mut(user as usize) {
            user.email = Some(address);
        }
    }

    /// Drops what nothing needs any more.
    pub(super) fn compact(&mut self) {
        self.drop_removed();
        self.drop_replaced();
        self.settle();
    }

    /// Drops the rows of removed things and gives the others new positions, in the same order.
    fn drop_removed(&mut self) {
        let text = &self.text;
        let moves = self.ids.each_mut().map(|ids| ids.drop_removed(text));
        let [roles, users, teams, projects, assistants] =
            [ROLES, USERS, TEAMS, PROJECTS, ASSISTANTS].map(|table| moves.get(table).map(Vec::as_slice).unwrap_or_default());
        keep_present(&mut self.roles, roles);
        keep_present(&mut self.users, users);
        keep_present(&mut self.teams, teams);
        keep_present(&mut self.projects, projects);
        keep_present(&mut self.assistants, assistants);
        let held = |holdings: &mut Vec<Holding>| {
            for holding in holdings.iter_mut() {
                (holding.user, holding.role) = (moved(users, holding.user), moved(roles, holding.role));
            }
            holdings.retain(|holding| holding.user != ABSENT && holding.role != ABSENT);
        };
        for user in &mut self.users {
            user.role = moved(roles, user.role);
        }
        for team in &mut self.teams {
            team.creator = moved(users, team.creator);
            held(&mut team.members);
            move_all(&mut team.projects, projects);
        }
        for project in &mut self.projects {
            (project.team, project.creator) = (moved(teams, project.team), moved(users, project.creator));
            move_all(&mut project.assistants, assistants);
        }
        for assistant in &mut self.assistants {
            (assistant.project, assistant.owner) = (moved(projects, assistant.project), moved(users, assistant.owner));
            held(&mut assistant.grants);
        }
    }

    /// Drops the strings that nothing names any more.
    fn drop_replaced(&mut self) {
        let (mut kept, old) = (Text::default(), std::mem::take(&mut self.text));
        let mut keep = |span: &mut Span| *span = kept.add(old.get(*span));
        keep(&mut self.id);
        self.plan_name.iter_mut().for_each(&mut keep);
        self.ids.iter_mut().flat_map(|ids| ids.spans()).for_each(&mut keep);
        self.users.iter_mut().flat_map(|user| [&mut user.email, &mut user.name]).flatten().for_each(&mut keep);
        self.teams.iter_mut().filter_map(|team| team.name.as_mut()).for_each(&mut keep);
        self.projects.iter_mut().filter_map(|project| project.name.as_mut()).for_each(&mut keep);
        for assistant in &mut self.assistants {
            assistant.name.iter_mut().for_each(&mut keep);
            assistant.links.iter_mut().for_each(|link| keep(&mut link.id));
            assistant.origins.iter_mut().flatten().for_each(&mut keep);
        }
        self.text = kept;
    }
}

/// The new position of a thing.
fn moved(moves: &[Position], position: Position) -> Position {
    moves.get(position as usize).copied().unwrap_or(ABSENT)
}

fn move_all(positions: &mut Vec<Position>, moves: &[Position]) {
    for position in positions.iter_mut() {
        *position = moved(moves, *position);
    }
    positions.retain(|position| *position != ABSENT);
}

/// Drops the rows of removed things.
fn keep_present<T>(rows: &mut Vec<T>, moves: &[Position]) {
    let mut moves = moves.iter();
    rows.retain(|_| moves.next().is_some_and(|position| *position != ABSENT));
}
