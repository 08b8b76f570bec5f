//! Ids and secrets of the things that a command creates.

use sha2::{Digest, Sha256};

use super::Decider;
use crate::authority::directory::command::Secret;
use crate::authority::directory::event::base64url;
use crate::authority::directory::refusal::{Refusal, RefusalCode};
use crate::facts::Position;
use crate::rules::capability::Kind;

impl Decider<'_> {
    /// 256 bits for one purpose, derived from the entropy of the command.
    pub(super) fn derived(&self, purpose: &str) -> [u8; 32] {
        Sha256::new().chain_update(purpose).chain_update([0]).chain_update(self.entropy).finalize().into()
    }

    /// The id that the command gives, or a new one with this prefix. Refuses an id that is taken.
    pub(super) fn new_id(&self, id: &mut Option<String>, prefix: &str, taken: impl Fn(&str) -> bool) -> Result<String, Refusal> {
        let [random @ .., _, _, _, _] = self.derived("id");
        let random = random.get(..12).unwrap_or_default();
        let id = id.get_or_insert_with(|| format!("{prefix}_{}", base64url(random)));
        if taken(id) {
            return Err(Refusal::at(RefusalCode::AlreadyExists, "id", "is taken"));
        }
        Ok(id.clone())
    }

    /// A new secret with this prefix, and its digest.
    pub(super) fn secret(&self, prefix: &str) -> (Secret, String) {
        let secret = format!("{prefix}_{}", base64url(&self.derived(prefix)));
        let digest = digest(&secret);
        (Secret(secret), digest)
    }

    /// Things of a kind in the order of their ids, so that an event does not depend on their positions.
    pub(super) fn in_order(&self, kind: Kind, things: &[Position]) -> Vec<Position> {
        let mut sorted = things.to_vec();
        sorted.sort_unstable_by(|one, other| self.facts.target_id(kind, *one).cmp(self.facts.target_id(kind, *other)));
        sorted
    }

    /// Whether something of a kind has this id.
    pub(super) fn exists(&self, kind: Kind, id: &str) -> bool {
        self.facts.find_target(kind, id).is_some()
    }
}

pub(super) fn digest(secret: &str) -> String {
    base64url(&Sha256::digest(secret))
}
