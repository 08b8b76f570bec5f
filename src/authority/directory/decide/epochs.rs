//! Epochs: what an authority begins that went back to an earlier state.

use super::effect::Effect;
use super::{Decider, Outcome};
use crate::authority::directory::command::BeginEpoch;
use crate::authority::directory::refusal::Refusal;

impl Decider<'_> {
    /// Versions are used a second time from now on: a later epoch tells them from those before.
    pub(super) fn begin_epoch(&self, command: &BeginEpoch) -> Outcome {
        self.system_only()?;
        if command.epoch <= self.epoch {
            return Err(Refusal::invalid("epoch", &format!("expected more than the present one, {}", self.epoch)));
        }
        Ok(Effect { epoch: Some(command.epoch), ..Effect::default() })
    }
}
