//! The targets of `make fuzz`: each is a function of bytes that panics if a property does not hold.
//!
//! Properties of all targets: the core does not panic or overflow, and an input of 64 KB takes less than a second. Refused input changes
//! nothing. Accepted input gives the same answers after it is issued and opened again.
//!
//! A fuzzer cannot make valid signatures. So the targets sign: the fuzzer changes the signed content.

mod answers;
mod applying;
mod commands;
mod keys;
mod opening;
mod options;
mod origins;
mod replaying;
mod restoring;
mod signing;

use std::time::Duration;

use cpu_time::ThreadTime;

/// A time at which the inputs are valid, Unix seconds.
const NOW: u64 = 1_790_000_000;
/// The longest input, in bytes. An input up to this length that takes a second is a fault.
pub const LONGEST: usize = 64 << 10;
/// The longest time for one input: processor time, so that other load does not matter.
const LONGEST_TIME: Duration = Duration::from_secs(1);

/// The targets by name.
pub const TARGETS: [(&str, fn(&[u8])); 8] = [
    ("opening", opening::run),
    ("applying", applying::run),
    ("keys", keys::run),
    ("options", options::run),
    ("origins", origins::run),
    ("commands", commands::run),
    ("replaying", replaying::run),
    ("restoring", restoring::run),
];

/// Runs a target on an input.
pub fn run(target: &str, input: &[u8]) {
    let Some((_, run)) = TARGETS.iter().find(|(name, _)| *name == target) else { panic!("there is no target {target}") };
    if input.len() > LONGEST {
        return;
    }
    let started = ThreadTime::now();
    run(input);
    let took = started.elapsed();
    assert!(took < LONGEST_TIME, "{target} took {took:?} for {} bytes", input.len());
}

/// The lines of an input; none if it is not UTF-8.
fn lines(input: &[u8]) -> Option<impl Iterator<Item = &str>> {
    std::str::from_utf8(input).ok().map(|text| text.split('\n'))
}
