//! The part of a preview that its actor may learn: changes of people and things that they may know of before the command.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::comparison::AccessChange;
use super::{HoldingChange, Preview, VisitorChange};
use crate::authority::directory::{Actor, Refusal};
use crate::authority::limits::MOST_CHANGES;
use crate::authority::projection::{Holders, View};
use crate::diff::Change;
use crate::facts::Facts;
use crate::rules::capability::{Capability, Kind};
use crate::rules::{Acting, Place};

/// Selects the changes that an actor may learn.
pub(super) struct Disclosure<'a> {
    facts: &'a Facts,
    /// The actor, if they do not see everything.
    limited: Option<LimitedActor<'a>>,
    now: u64,
}

/// An actor who does not see everything.
struct LimitedActor<'a> {
    /// The acting user; none for a key that acts for itself.
    user: Option<&'a str>,
    acting: Acting,
    /// The facts that their member snapshot shows.
    view: View<'a>,
}

impl<'a> Disclosure<'a> {
    /// `acting` is the actor as the rules see it.
    pub(super) fn to(actor: &'a Actor, acting: Option<Acting>, facts: &'a Facts, now: u64) -> Result<Disclosure<'a>, Refusal> {
        let everything = Disclosure { facts, limited: None, now };
        let Some(acting) = acting.filter(|acting| !acting.holds_everything()) else { return Ok(everything) };
        let user = actor.user();
        let limited = LimitedActor { user, acting, view: facts.seen_by_actor(user, acting, now)? };
        Ok(Disclosure { limited: Some(limited), ..everything })
    }

    /// Whether the actor sees the links and the embedding of an assistant.
    pub(super) fn shares(&self, assistant: &str) -> bool {
        let place = || self.facts.find_target(Kind::Assistant, assistant).map(Place::Assistant);
        self.limited.is_none() || place().is_some_and(|place| self.holds(Capability::AssistantShare, place))
    }

    /// Whether the actor is shown everybody's role and status.
    pub(super) fn sees_people(&self) -> bool {
        self.holds(Capability::PanelUserSettings, Place::Organization)
    }

    fn holds(&self, capability: Capability, place: Place) -> bool {
        let held = |limited: &LimitedActor<'_>| limited.acting.held(self.facts, self.now, place).contains(capability);
        self.limited.as_ref().is_none_or(held)
    }

    /// The preview for the actor. `named` is the user whose relation to the target the command is about: the actor knows them there.
    pub(super) fn preview(
        &self,
        changes: Vec<AccessChange>,
        mut holdings: Vec<HoldingChange>,
        named: Option<&str>,
        visitors: VisitorChange,
    ) -> Preview {
        holdings.retain(|HoldingChange { user, kind, target, .. }| {
            self.limited.as_ref().is_none_or(|limited| {
                let knows = || named == Some(user) || self.shows_relation(limited, *kind, target, user);
                limited.user == Some(user) || (self.shows(limited, *kind, target) && knows())
            })
        });
        holdings.truncate(MOST_CHANGES);
        let (mut concerned, mut listed) = (BTreeSet::new(), BTreeSet::new());
        let mut told = Vec::new();
        // The changes of one target follow one another, so that its visibility is computed once.
        let mut last: Option<(Kind, Rc<str>, bool)> = None;
        for AccessChange { kind, target, user, before, after } in changes {
            let known = self.limited.as_ref().is_none_or(|limited| {
                let same = last.as_ref().filter(|(last, id, _)| *last == kind && *id == target).map(|(.., shown)| *shown);
                let shown = same.unwrap_or_else(|| self.shows(limited, kind, &target));
                last = Some((kind, Rc::clone(&target), shown));
                let knows = || named == Some(&*user) || self.shows_relation(limited, kind, &target, &user);
                limited.user == Some(&user) || (shown && knows())
            });
            if known && told.len() < MOST_CHANGES {
                told.push(Change {
                    user: user.to_string(),
                    kind,
                    target: (kind != Kind::Organization).then(|| target.to_string()),
                    gained: after.difference(before),
                    lost: before.difference(after),
                });
                listed.insert(Rc::clone(&user));
            }
            concerned.insert(user);
        }
        Preview { changes: told, others: concerned.len() - listed.len(), holdings, visitors, ended: Vec::new() }
    }

    /// Whether the actor is shown a target.
    fn shows(&self, limited: &LimitedActor<'_>, kind: Kind, id: &str) -> bool {
        let Some(position) = self.facts.find_target(kind, id) else { return false };
        match kind {
            Kind::Organization => true,
            Kind::Team => limited.view.team(position, &Holders::none()).is_some(),
            Kind::Project => limited.view.project(position).is_some(),
            Kind::Assistant => limited.view.assistant(position, &Holders::none()).is_some(),
        }
    }

    /// Whether the actor is shown the relation of a user to a target: their organization role, or their membership in the team. Nobody is
    /// shown grants of others by a member snapshot.
    fn shows_relation(&self, limited: &LimitedActor<'_>, kind: Kind, id: &str, user: &str) -> bool {
        let position = || self.facts.find_target(kind, id);
        let team = match kind {
            Kind::Organization => return self.facts.find_user(user).is_some_and(|user| limited.view.user(user).is_some()),
            Kind::Team => position(),
            Kind::Project => position().and_then(|project| self.facts.project(project)).map(|project| project.team),
            Kind::Assistant => None,
        };
        let team = team.and_then(|team| limited.view.team(team, &Holders::one(user)));
        team.is_some_and(|team| !team.members.is_empty())
    }
}
