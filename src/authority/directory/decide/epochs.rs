//! Epochs: an authority begins one after it was restored to an earlier state.

use super::Decider;
use super::effect::Effect;
use crate::authority::directory::command::BeginEpoch;
use crate::authority::directory::refusal::Refusal;

impl Decider<'_> {
    /// After a restore, versions are used a second time; the later epoch distinguishes them from the first use.
    pub(super) fn begin_epoch(&self, command: &BeginEpoch) -> Result<Effect, Refusal> {
        self.check_system()?;
        if command.epoch <= self.epoch {
            return Err(Refusal::invalid("epoch", &format!("expected more than the present one, {}", self.epoch)));
        }
        Ok(Effect { epoch: Some(command.epoch), ..Effect::default() })
    }
}
