//! A document of facts as it was read: references are still ids. [`super::read`] fills it in, [`super::put`] resolves it.

#[cfg(feature = "authority")]
use crate::facts::ids::Ids;
use crate::facts::{Accessibility, LISTS, Link, Status};
use crate::rules::capability::CapabilitySet;
use crate::rules::role::Role;
#[cfg(feature = "authority")]
use crate::token::json::Text;
use crate::token::json::{JsonReader, Span};

/// A document of facts, or of changes to facts.
#[derive(Default)]
pub(crate) struct RawFacts {
    /// Whether these are changes, which need no organization and have the fields `gone` and `without`.
    pub(super) partial: bool,
    pub(super) id: Option<Span>,
    pub(super) plan: Option<Plan>,
    /// The ids of the items of each of [`LISTS`].
    pub(super) ids: [Vec<Span>; LISTS.len()],
    pub(super) roles: Vec<Role>,
    pub(super) users: Vec<RawUser>,
    pub(super) teams: Vec<RawTeam>,
    pub(super) projects: Vec<RawProject>,
    pub(super) assistants: Vec<RawAssistant>,
    /// The ids of removed things, for each of [`LISTS`].
    pub(super) gone: [Vec<Span>; LISTS.len()],
    /// The holdings, links and origins of all teams and assistants, in their order. Each of these knows where its own end.
    pub(super) members: Vec<RawHolding>,
    pub(super) grants: Vec<RawHolding>,
    /// The users who hold nothing any more on the changed teams and assistants.
    pub(super) team_without: Vec<Span>,
    pub(super) assistant_without: Vec<Span>,
    pub(super) links: Vec<Link>,
    pub(super) origins: Vec<Span>,
    /// The first thing that issuing refuses and opening passes over: path and reason.
    #[cfg(feature = "authority")]
    pub(super) unissuable: Option<(String, &'static str)>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Plan {
    pub(super) name: Option<Span>,
    pub(super) withheld: CapabilitySet,
}

pub(super) struct RawUser {
    pub(super) role: Span,
    pub(super) status: Status,
    pub(super) email: Option<Span>,
    #[cfg(feature = "authority")]
    pub(super) name: Option<Span>,
}

pub(super) struct RawTeam {
    pub(super) name: Option<Span>,
    pub(super) creator: Option<Span>,
    /// Ends in the lists of [`RawFacts`]. Each begins where that of the team before ends.
    pub(super) members: u32,
    pub(super) without: u32,
}

pub(super) struct RawProject {
    pub(super) name: Option<Span>,
    pub(super) team: Span,
    pub(super) creator: Option<Span>,
}

pub(super) struct RawAssistant {
    pub(super) name: Option<Span>,
    pub(super) project: Option<Span>,
    pub(super) owner: Option<Span>,
    pub(super) accessibility: Accessibility,
    /// Whether it has an `embed`.
    pub(super) embeds: bool,
    /// Ends in the lists of [`RawFacts`]. Each begins where that of the assistant before ends.
    pub(super) grants: u32,
    pub(super) without: u32,
    pub(super) links: u32,
    pub(super) origins: u32,
}

#[derive(Clone, Copy)]
pub(super) struct RawHolding {
    pub(super) user: Span,
    pub(super) role: Span,
    pub(super) expires: u64,
}

impl RawFacts {
    pub(crate) fn id(&self) -> Option<Span> {
        self.id
    }

    /// The path of the first id that [is not allowed for new things](crate::facts::is_new_id).
    #[cfg(feature = "authority")]
    pub(crate) fn refused_id(&self, reader: &JsonReader) -> Option<String> {
        let refused = |id: &Span| !crate::facts::is_new_id(reader.get(*id));
        if self.id.as_ref().is_some_and(refused) {
            return Some("id".to_owned());
        }
        for (list, ids) in LISTS.iter().zip(&self.ids) {
            if let Some(n) = ids.iter().position(refused) {
                return Some(format!("{list}[{n}].id"));
            }
        }
        self.assistants().enumerate().find_map(|(n, (_, parts))| {
            let link = parts.links.iter().position(|link| refused(&link.id))?;
            Some(format!("assistants[{n}].links[{link}].id"))
        })
    }

    /// The number of things.
    #[cfg(feature = "authority")]
    pub(crate) fn things(&self) -> usize {
        self.ids.iter().map(Vec::len).sum()
    }

    /// Keeps the strings that the facts need of the passing text. Things that the facts have already keep their ids.
    #[cfg(feature = "authority")]
    pub(super) fn keep_strings(&mut self, known: &[Ids; LISTS.len()], text: &mut Text) {
        for (ids, known) in self.ids.iter_mut().zip(known) {
            for id in ids {
                *id = known.find(text.get(*id), text).map_or_else(|| text.keep(*id), |position| known.span(position));
            }
        }
        let plan = self.plan.iter_mut().filter_map(|plan| plan.name.as_mut());
        let users = self.users.iter_mut().flat_map(|user| [&mut user.email, &mut user.name]).flatten();
        let teams = self.teams.iter_mut().filter_map(|team| team.name.as_mut());
        let projects = self.projects.iter_mut().filter_map(|project| project.name.as_mut());
        let assistants = self.assistants.iter_mut().filter_map(|assistant| assistant.name.as_mut());
        let links = self.links.iter_mut().map(|link| &mut link.id);
        let names = plan.chain(users).chain(teams).chain(projects).chain(assistants);
        for span in names.chain(links).chain(&mut self.origins) {
            *span = text.keep(*span);
        }
    }

    /// The teams, each with its members and the users who hold nothing any more.
    pub(super) fn teams(&self) -> impl Iterator<Item = (&RawTeam, &[RawHolding], &[Span])> {
        let (mut members, mut without) = (Cut::new(&self.members), Cut::new(&self.team_without));
        self.teams.iter().map(move |team| (team, members.until(team.members), without.until(team.without)))
    }

    /// The assistants with their parts.
    pub(super) fn assistants(&self) -> impl Iterator<Item = (&RawAssistant, AssistantParts<'_>)> {
        let (mut grants, mut without) = (Cut::new(&self.grants), Cut::new(&self.assistant_without));
        let (mut links, mut origins) = (Cut::new(&self.links), Cut::new(&self.origins));
        self.assistants.iter().map(move |assistant| {
            let parts = AssistantParts {
                grants: grants.until(assistant.grants),
                without: without.until(assistant.without),
                links: links.until(assistant.links),
                origins: origins.until(assistant.origins),
            };
            (assistant, parts)
        })
    }

    /// The first thing that issuing refuses: path and reason. Opening passes over it, so that older cores read newer snapshots.
    #[cfg(feature = "authority")]
    pub(crate) fn unissuable(&self) -> Option<&(String, &'static str)> {
        self.unissuable.as_ref()
    }

    #[cfg(feature = "authority")]
    pub(super) fn refuse_to_issue(&mut self, reader: &JsonReader, reason: &'static str) {
        if self.unissuable.is_none() {
            self.unissuable = Some((reader.path(), reason));
        }
    }

    /// Without the feature nothing is issued.
    #[cfg(not(feature = "authority"))]
    pub(super) fn refuse_to_issue(&mut self, _: &JsonReader, _: &'static str) {}
}

/// What an assistant has in the lists of [`RawFacts`].
pub(super) struct AssistantParts<'a> {
    pub(super) grants: &'a [RawHolding],
    /// The users who hold nothing any more.
    pub(super) without: &'a [Span],
    pub(super) links: &'a [Link],
    pub(super) origins: &'a [Span],
}

/// A list from which one part after another is cut.
struct Cut<'a, T> {
    all: &'a [T],
    at: usize,
}

impl<'a, T> Cut<'a, T> {
    fn new(all: &'a [T]) -> Cut<'a, T> {
        Cut { all, at: 0 }
    }

    /// The next part, until `end`.
    fn until(&mut self, end: u32) -> &'a [T] {
        let from = std::mem::replace(&mut self.at, end as usize);
        self.all.get(from..self.at).unwrap_or_default()
    }
}
