//! Epochs: what an authority begins that went back to an earlier state.

use super::*;
use crate::authority::directory::command::BeginEpoch;

impl Deciding<'_> {
    /// Versions are used a second time from now on: a later epoch tells them from those before.
    pub(super) fn begin_epoch(&self, command: &BeginEpoch) -> Decide {
        self.system_only()?;
        if command.epoch <= self.epoch {
            return Err(Refusal::invalid("epoch", &format!("expected more than the present one, {}", self.epoch)));
        }
        Ok(Effect { epoch: Some(command.epoch), ..Effect::default() })
    }
}
