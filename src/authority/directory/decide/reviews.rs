//! Access reviews.

use super::Decider;
use super::effect::Effect;
use crate::authority::directory::command::CompleteReview;
use crate::authority::directory::refusal::{Refusal, RefusalCode};
use crate::authority::limits::LONGEST_NOTE;
use crate::rules::capability::Capability;
use crate::rules::target::Target;

impl Decider<'_> {
    /// A review covers everything, so only an actor who sees everything may complete it.
    pub(super) fn complete_review(&self, command: &CompleteReview) -> Result<Effect, Refusal> {
        if let Some(note) = &command.note {
            let known = !note.trim().is_empty()
                && note.chars().count() <= LONGEST_NOTE
                && note.chars().all(|character| character == '\n' || !character.is_control());
            let fault = || Refusal::invalid("note", &format!("expected 1 to {LONGEST_NOTE} characters"));
            known.then_some(()).ok_or_else(fault)?;
        }
        self.allowed(Capability::AuditView, Target::Organization)?;
        let beyond =
            || Refusal::new(RefusalCode::BeyondOwnRole, "a review covers everything, and only a global admin sees everything");
        self.sees_everything().then(Effect::default).ok_or_else(beyond)
    }
}
