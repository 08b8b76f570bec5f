//! All members of a team or all grants on an assistant at once, and other ends.

use std::collections::{BTreeMap, BTreeSet};

use super::effect::Effect;
use super::{Decider, must_exist};
use crate::authority::directory::command::{SetExpiry, SetGrants, SetMembers};
use crate::authority::directory::refusal::{Refusal, RefusalCode};
use crate::authority::projection::Holders;
use crate::document::{AssistantChange, Holding, TeamChange};
use crate::facts::{self, MAX_ISSUED_TIME, NEVER, Position};
use crate::rules::Place;
use crate::rules::capability::{Capability, CapabilitySet};
use crate::rules::role::Level;

/// The changes of what users hold: all that the changed users hold afterwards.
struct Changed {
    /// The users with other holdings than before.
    users: BTreeSet<String>,
    held: Vec<Holding>,
    /// Those of them who hold nothing any more.
    without: Vec<String>,
}

/// What a user holds, by role and end. An old organization may have the same holding twice.
type HeldByUser<'a> = BTreeMap<&'a str, Vec<(&'a str, u64)>>;

impl Decider<'_> {
    pub(super) fn set_members(&self, command: &SetMembers) -> Result<Effect, Refusal> {
        check_named_once(&command.members, "members")?;
        let team = self.team(Capability::TeamManageMembers, &command.team)?;
        let present = self.facts.team(team).map(|team| team.members.as_slice()).unwrap_or_default();
        let changed = self.replacing(Place::Team(team), Level::Team, present, &command.members, "members")?;
        let before = must_exist(self.facts.team_now(team, &Holders::Only(changed.users)))?;
        let after = TeamChange { members: changed.held, without: changed.without, ..before.clone() };
        Ok(Effect::default().team(before, after))
    }

    /// A grant that a ceiling hides now may be among them: it counts again when the assistant is opened.
    pub(super) fn set_grants(&self, command: &SetGrants) -> Result<Effect, Refusal> {
        check_named_once(&command.grants, "grants")?;
        let (assistant, _) = self.shareable(&command.assistant)?;
        let present = self.facts.assistant(assistant).map(|assistant| assistant.grants.as_slice()).unwrap_or_default();
        let changed = self.replacing(Place::Assistant(assistant), Level::Assistant, present, &command.grants, "grants")?;
        let before = must_exist(self.facts.assistant_now(assistant, &Holders::Only(changed.users)))?;
        let after = AssistantChange { grants: changed.held, without: changed.without, ..before.clone() };
        Ok(Effect::default().assistant(before, after))
    }

    pub(super) fn set_expiry(&self, command: &SetExpiry) -> Result<Effect, Refusal> {
        let SetExpiry { expires, team, assistant, user, role, link } = command;
        self.check_expires(*expires)?;
        match (team, assistant, user, link) {
            (Some(team), None, Some(user), None) => self.set_end_of_membership(team, user, role.as_deref(), *expires),
            (None, Some(assistant), Some(user), None) => self.set_end_of_grant(assistant, user, role.as_deref(), *expires),
            (None, Some(assistant), None, Some(link)) if role.is_none() => self.set_end_of_link(assistant, link, *expires),
            _ => {
                let expected = "expected a `team` and a `user`, or an `assistant` and either a `user` or a `link`";
                Err(Refusal::new(RefusalCode::InvalidCommand, expected))
            }
        }
    }

    fn set_end_of_membership(&self, id: &str, user: &str, role: Option<&str>, end: Option<u64>) -> Result<Effect, Refusal> {
        let team = self.team(Capability::TeamManageMembers, id)?;
        let (_, held) = self.member(team, user)?;
        self.check_gives_again(Place::Team(team), held, role, Level::Team, end)?;
        let before = must_exist(self.facts.team_now(team, &Holders::one(user)))?;
        let after = TeamChange { members: ending(&before.members, role, end), ..before.clone() };
        Ok(Effect::default().team(before, after))
    }

    fn set_end_of_grant(&self, id: &str, user: &str, role: Option<&str>, end: Option<u64>) -> Result<Effect, Refusal> {
        let (assistant, _) = self.shareable(id)?;
        let held = self.grantee(assistant, user)?.1;
        self.check_gives_again(Place::Assistant(assistant), held, role, Level::Assistant, end)?;
        let before = must_exist(self.facts.assistant_now(assistant, &Holders::one(user)))?;
        let after = AssistantChange { grants: ending(&before.grants, role, end), ..before.clone() };
        Ok(Effect::default().assistant(before, after))
    }

    fn set_end_of_link(&self, id: &str, link: &str, end: Option<u64>) -> Result<Effect, Refusal> {
        let (assistant, before) = self.shareable(id)?;
        let mut after = before.clone();
        let found = after.links.iter_mut().find(|present| present.id == link);
        let found = found.ok_or_else(|| Refusal::unknown(RefusalCode::UnknownLink, "link", link))?;
        self.check_gives_until(end, Place::Assistant(assistant), found.level.relation().grants())?;
        found.expires = end;
        Ok(Effect::default().assistant(before, after))
    }

    /// Refuses to give a user until another end what they hold: these roles, or one of them.
    fn check_gives_again(
        &self,
        place: Place,
        held: &[facts::Holding],
        role: Option<&str>,
        level: Level,
        end: Option<u64>,
    ) -> Result<(), Refusal> {
        let role = role.map(|role| self.role(role, level)).transpose()?;
        let mut given = held.iter().filter(|holding| role.is_none_or(|role| holding.role == role)).peekable();
        if given.peek().is_none() {
            return Err(Refusal::at(RefusalCode::UnknownRole, "role", "the user does not hold this role there"));
        }
        let grants = given.map(|holding| self.facts.grants_of(holding.role)).fold(CapabilitySet::NONE, CapabilitySet::union);
        self.check_gives_until(end, place, grants)
    }

    /// What changes when `wanted` takes the place of everything that is held on a team or an assistant. Holdings that are the same stay as they
    /// are, also those that have ended. New ones are given, missing ones taken.
    fn replacing(
        &self,
        place: Place,
        level: Level,
        present: &[facts::Holding],
        wanted: &[Holding],
        field: &str,
    ) -> Result<Changed, Refusal> {
        let mut had = HeldByUser::new();
        for holding in present {
            let held = had.entry(self.facts.user_id(holding.user)).or_default();
            held.push((self.facts.role_id(holding.role), holding.expires));
        }
        let mut has = HeldByUser::new();
        let mut given = Vec::new();
        for (n, holding) in wanted.iter().enumerate() {
            let end = holding.expires.unwrap_or(NEVER);
            has.entry(&holding.user).or_default().push((&holding.role, end));
            if !had.get(holding.user.as_str()).is_some_and(|held| held.contains(&(holding.role.as_str(), end))) {
                given.push((n, holding));
            }
        }
        had.values_mut().chain(has.values_mut()).for_each(|held| held.sort_unstable());
        for (n, Holding { role, expires, .. }) in &given {
            let path = format!("{field}[{n}]");
            self.check_expires(*expires).map_err(|refusal| refusal.within(&path))?;
            let grants = self.role(role, level).map(|role| self.facts.grants_of(role)).map_err(|refusal| refusal.within(&path))?;
            self.check_gives_until(*expires, place, grants)?;
        }
        let stays = |holding: &&facts::Holding| {
            let held = has.get(self.facts.user_id(holding.user));
            held.is_some_and(|held| held.contains(&(self.facts.role_id(holding.role), holding.expires)))
        };
        for holding in present.iter().filter(|holding| !stays(holding)) {
            self.check_takes(place, holding.user, [holding])?;
        }
        let seen_there = |user: Position| present.iter().any(|holding| holding.user == user);
        for (n, Holding { user, .. }) in &given {
            self.receiver(&format!("{field}[{n}].user"), user, seen_there, |_| Ok(()))?;
        }
        let users: BTreeSet<&str> = had.keys().chain(has.keys()).copied().filter(|user| had.get(user) != has.get(user)).collect();
        let without = users.iter().filter(|user| !has.contains_key(*user)).map(|user| (*user).to_owned()).collect();
        let mut held: Vec<Holding> = wanted.iter().filter(|holding| users.contains(holding.user.as_str())).cloned().collect();
        held.sort_unstable_by(|one, other| (&one.user, &one.role).cmp(&(&other.user, &other.role)));
        Ok(Changed { users: users.into_iter().map(str::to_owned).collect(), held, without })
    }
}

/// Refuses holdings that name a role of a user twice, and ends that are no times.
fn check_named_once(holdings: &[Holding], field: &str) -> Result<(), Refusal> {
    let mut named = BTreeSet::new();
    for (n, Holding { user, role, expires }) in holdings.iter().enumerate() {
        if !named.insert((user, role)) {
            return Err(Refusal::invalid(&format!("{field}[{n}]"), "names a role of a user a second time"));
        }
        if expires.is_some_and(|expires| expires > MAX_ISSUED_TIME) {
            let reason = "expected Unix seconds; these look like milliseconds";
            return Err(Refusal::invalid(&format!("{field}[{n}].expires"), reason));
        }
    }
    Ok(())
}

/// The holdings, those of one role or all of them with another end.
fn ending(held: &[Holding], role: Option<&str>, end: Option<u64>) -> Vec<Holding> {
    let changed = |holding: &Holding| match role {
        Some(role) if holding.role != role => holding.clone(),
        _ => Holding { expires: end, ..holding.clone() },
    };
    held.iter().map(changed).collect()
}
