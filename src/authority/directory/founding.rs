//! Founding an organization of any size: its facts are built once, and written down in events of bounded length.

use serde::Serialize;

use super::actor::Actor;
use super::event::{ChainEnd, Event, SealedContent, SealedText};
use super::people::People;
use super::refusal::{Refusal, RefusalCode};
use super::{Directory, address, visible};
use crate::authority::issue::to_json;
use crate::authority::projection::Holders;
use crate::document::{AssistantChange, Changes, TeamChange};
use crate::error::Error;
use crate::facts::{Facts, MAX_ISSUED_TIME, Position};
use crate::rules::capability::Kind;

/// The length in bytes of an event's changes from which on it takes nothing more.
const LONG_ENOUGH: usize = 192 * 1024;

/// A directory of which some founding events have been written.
pub struct Founding {
    facts: Facts,
    people: People,
    /// Unix seconds.
    now: u64,
    latest: Option<ChainEnd>,
    /// The list whose things come next, and how many of them are written.
    list: usize,
    written: usize,
}

/// The command in the text of a founding event.
#[derive(Serialize)]
struct Found<'a> {
    #[serde(rename = "type")]
    name: &'static str,
    organization: &'a str,
    /// From the second event on, the number of the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<u64>,
}

impl Directory {
    /// Begins to found a directory with the facts of an organization as they are. They are written in as many events as they need; addresses
    /// are stored in their normal form. `now` is in Unix seconds.
    ///
    /// # Errors
    /// As [`Directory::found`].
    pub fn found_in_parts(facts: Facts, now: u64) -> Result<Founding, Refusal> {
        if now > MAX_ISSUED_TIME {
            return Err(Refusal::invalid("now", "expected Unix seconds; these look like milliseconds"));
        }
        let mut facts = facts;
        check_names(&facts)?;
        let mut people = People::default();
        for user in 0..facts.users().len() as Position {
            let Some(given) = facts.address(user) else { continue };
            let path = format!("users[{user}].email");
            let normal = address::read(given).map_err(|reason| Refusal::invalid(&path, &reason))?;
            if people.user_at(&normal).is_some() {
                return Err(Refusal::at(RefusalCode::AlreadyExists, &path, "another user has this address"));
            }
            people.add_address(&normal, facts.user_id(user));
            if given != normal {
                facts.replace_address(user, &normal);
            }
        }
        Ok(Founding { facts, people, now, latest: None, list: 0, written: 0 })
    }
}

/// Refuses names that people cannot read in a list. Positions are those of the document.
fn check_names(facts: &Facts) -> Result<(), Refusal> {
    let named = |list: &'static str, names: &mut dyn Iterator<Item = Option<&str>>| {
        let wrong = |(n, name): (usize, Option<&str>)| Some((n, name.and_then(visible::name_error)?));
        names.enumerate().find_map(wrong).map_or(Ok(()), |(n, reason)| Err(Refusal::invalid(&format!("{list}[{n}].name"), &reason)))
    };
    if let Some(reason) = facts.plan_name().and_then(visible::name_error) {
        return Err(Refusal::invalid("plan.name", &reason));
    }
    let text = |name: Option<_>| name.map(|name| facts.text(name));
    named("users", &mut facts.users().iter().map(|user| text(user.name)))?;
    named("teams", &mut (0..).map_while(|team| facts.team(team)).map(|team| text(team.name)))?;
    named("projects", &mut (0..).map_while(|project| facts.project(project)).map(|project| text(project.name)))?;
    named("assistants", &mut (0..).map_while(|assistant| facts.assistant(assistant)).map(|assistant| text(assistant.name)))
}

impl Founding {
    /// The organization's id.
    pub fn organization(&self) -> &str {
        self.facts.organization()
    }

    /// The next event; none after the last one.
    ///
    /// # Errors
    /// None that an organization can cause.
    pub fn next_event(&mut self) -> Result<Option<Event>, Error> {
        let first = self.latest.is_none();
        let mut after = Changes::default();
        if first {
            after.plan = self.facts.frame().plan;
        }
        let facts = &self.facts;
        let seen = facts.seen_by_authority();
        let of = |kind| facts.targets(kind).iter().copied();
        let mut filling = Filling { length: 0, written: self.written };
        loop {
            let ended = match self.list {
                0 => filling.fill(&mut after.roles, facts.custom_roles(), |role| Some(facts.role_document(role))),
                1 => filling.fill(&mut after.users, facts.all_users().iter().copied(), |user| seen.user(user)),
                2 => filling.fill(&mut after.teams, of(Kind::Team), |team| seen.team(team, &Holders::All).map(TeamChange::from)),
                3 => filling.fill(&mut after.projects, of(Kind::Project), |project| seen.project(project)),
                4 => filling.fill(&mut after.assistants, of(Kind::Assistant), |assistant| {
                    seen.assistant(assistant, &Holders::All).map(AssistantChange::from)
                }),
                _ => break,
            }?;
            if !ended {
                break;
            }
            (self.list, filling.written) = (self.list + 1, 0);
        }
        self.written = filling.written;
        if !first && after.is_empty() {
            return Ok(None);
        }
        let before = if first { Changes::default() } else { removal(&after) };
        let part = self.latest.map(|latest| latest.version + 1);
        let command = Found { name: "found", organization: self.facts.organization(), part };
        let sealed = SealedContent { before, after, ..SealedContent::default() };
        let (event, latest) =
            ChainEnd::write(self.latest.as_ref(), self.now, &Actor::System, &command, SealedText::write(&sealed)?.text)?;
        self.latest = Some(latest);
        Ok(Some(event))
    }

    /// The directory, after the last event; none before it.
    pub fn finish(mut self) -> Option<Directory> {
        let latest = self.latest.filter(|_| self.list > 4)?;
        self.facts.settle();
        Some(Directory::at(self.facts, self.people, latest, 0))
    }
}

/// Fills the changes of one event.
struct Filling {
    /// Bytes so far.
    length: usize,
    /// How many things of the present list are written, in earlier events too.
    written: usize,
}

impl Filling {
    /// Adds things of a list, until it ends or the event is long enough. Says whether the list has ended.
    fn fill<T: Serialize>(
        &mut self,
        list: &mut Vec<T>,
        positions: impl Iterator<Item = Position>,
        make: impl Fn(Position) -> Option<T>,
    ) -> Result<bool, Error> {
        let mut positions = positions.skip(self.written).peekable();
        while let Some(position) = positions.next_if(|_| self.length < LONG_ENOUGH) {
            self.written += 1;
            if let Some(thing) = make(position) {
                self.length += to_json(&thing)?.len();
                list.push(thing);
            }
        }
        Ok(positions.peek().is_none())
    }
}

/// The changes that remove everything that is new in others.
fn removal(new: &Changes) -> Changes {
    let mut changes = Changes::default();
    changes.gone.roles = new.roles.iter().map(|role| role.id.clone()).collect();
    changes.gone.users = new.users.iter().map(|user| user.id.clone()).collect();
    changes.gone.teams = new.teams.iter().map(|team| team.id.clone()).collect();
    changes.gone.projects = new.projects.iter().map(|project| project.id.clone()).collect();
    changes.gone.assistants = new.assistants.iter().map(|assistant| assistant.id.clone()).collect();
    changes
}
