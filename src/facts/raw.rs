//! A document of facts as it was read: references are still ids. [`super::read`] fills it in, [`super::put`] resolves it.

use std::ops::Range;

use crate::facts::{Accessibility, LISTS, Link, Status};
use crate::rules::capability::CapabilitySet;
use crate::rules::role::Role;
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
    /// The holdings, links and origins of all teams and assistants, which refer to them by ranges.
    pub(super) members: Vec<RawHolding>,
    pub(super) grants: Vec<RawHolding>,
    pub(super) without: Vec<Span>,
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
}

pub(super) struct RawTeam {
    pub(super) name: Option<Span>,
    pub(super) creator: Option<Span>,
    pub(super) members: Range<u32>,
    pub(super) without: Range<u32>,
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
    pub(super) grants: Range<u32>,
    pub(super) without: Range<u32>,
    pub(super) links: Range<u32>,
    pub(super) origins: Option<Range<u32>>,
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
        let link = |assistant| self.links(assistant).iter().position(|link| refused(&link.id));
        (0..)
            .zip(&self.assistants)
            .find_map(|(n, assistant): (usize, _)| link(assistant).map(|link| format!("assistants[{n}].links[{link}].id")))
    }

    pub(super) fn members(&self, team: &RawTeam) -> &[RawHolding] {
        slice(&self.members, &team.members)
    }

    pub(super) fn grants(&self, assistant: &RawAssistant) -> &[RawHolding] {
        slice(&self.grants, &assistant.grants)
    }

    pub(super) fn links(&self, assistant: &RawAssistant) -> &[Link] {
        slice(&self.links, &assistant.links)
    }

    pub(super) fn origins(&self, assistant: &RawAssistant) -> Option<&[Span]> {
        assistant.origins.as_ref().map(|origins| slice(&self.origins, origins))
    }

    /// The users who hold nothing any more on a changed team or assistant.
    pub(super) fn without(&self, range: &Range<u32>) -> &[Span] {
        slice(&self.without, range)
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

fn slice<'a, T>(all: &'a [T], range: &Range<u32>) -> &'a [T] {
    all.get(range.start as usize..range.end as usize).unwrap_or_default()
}
