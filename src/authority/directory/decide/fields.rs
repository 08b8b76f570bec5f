//! Checks of a command by itself, before anything is looked up: names, ids, times, addresses, capabilities.

use super::Decider;
use crate::authority::directory::address;
use crate::authority::directory::refusal::Refusal;
use crate::authority::directory::visible::name_error;
use crate::facts::{MAX_ID, MAX_ISSUED_TIME, is_new_id};
use crate::rules::capability::{Capability, CapabilitySet};

impl Decider<'_> {
    /// Refuses a name that people cannot read in a list.
    pub(super) fn check_name(&self, name: &str) -> Result<(), Refusal> {
        name_error(name).map_or(Ok(()), |fault| Err(Refusal::invalid("name", &fault)))
    }

    pub(super) fn check_id(&self, id: Option<&str>) -> Result<(), Refusal> {
        let fault =
            || Refusal::invalid("id", &format!("is not an id: 1 to {MAX_ID} of A–Z a–z 0–9 _ . : @ -, and not `.` or `..`"));
        id.is_none_or(is_new_id).then_some(()).ok_or_else(fault)
    }

    pub(super) fn check_expires(&self, expires: Option<u64>) -> Result<(), Refusal> {
        match expires {
            Some(expires) if expires <= self.now => Err(Refusal::invalid("expires", "expected a time in the future")),
            Some(expires) if expires > MAX_ISSUED_TIME => {
                Err(Refusal::invalid("expires", "expected Unix seconds; these look like milliseconds"))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn check_address(&self, email: &str) -> Result<String, Refusal> {
        address::read(email).map_err(|fault| Refusal::invalid("email", &fault))
    }

    /// The capabilities with these names.
    pub(super) fn check_capabilities(&self, names: &[String], path: &str) -> Result<CapabilitySet, Refusal> {
        let capability = |(n, name): (usize, &String)| {
            Capability::from_name(name).ok_or_else(|| Refusal::invalid(&format!("{path}[{n}]"), "there is no such capability"))
        };
        (0..).zip(names).map(capability).collect()
    }
}
