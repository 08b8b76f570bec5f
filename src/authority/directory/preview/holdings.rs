//! The memberships and grants that a command would change.

use std::collections::BTreeSet;

use super::{Held, HoldingChange};
use crate::document::{Changes, Holding};
use crate::rules::capability::Kind;

/// The changed memberships and grants, by target and then by user. Those on new or removed targets are left out: there is nothing to
/// compare them with.
pub(super) fn holding_changes(before: &Changes, after: &Changes) -> Vec<HoldingChange> {
    let teams = before.teams.iter().filter_map(|old| {
        let new = after.teams.iter().find(|new| new.id == old.id)?;
        Some((Kind::Team, &old.id, &old.members, &new.members))
    });
    let assistants = before.assistants.iter().filter_map(|old| {
        let new = after.assistants.iter().find(|new| new.id == old.id)?;
        Some((Kind::Assistant, &old.id, &old.grants, &new.grants))
    });
    let mut changes = Vec::new();
    for (kind, target, old, new) in teams.chain(assistants) {
        let users: BTreeSet<&String> = old.iter().chain(new).map(|holding| &holding.user).collect();
        for user in users {
            let only = |side: &[Holding], other: &[Holding]| -> Vec<Held> {
                let held = side.iter().filter(|holding| holding.user == *user && !other.contains(holding));
                held.map(|holding| Held { role: holding.role.clone(), expires: holding.expires }).collect()
            };
            let change =
                HoldingChange { user: user.clone(), kind, target: target.clone(), before: only(old, new), after: only(new, old) };
            if !change.before.is_empty() || !change.after.is_empty() {
                changes.push(change);
            }
        }
    }
    changes.sort_unstable_by(|one, other| (one.kind, &one.target, &one.user).cmp(&(other.kind, &other.target, &other.user)));
    changes
}
