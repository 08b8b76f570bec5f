//! What must hold for every input: the targets of `make fuzz`, each a function of bytes that panics where something does not.
//!
//! In all of them nothing panics or runs over, and an input of 64 KB takes less than a second. Beyond that, whatever is refused
//! changes nothing, and whatever is accepted answers the same after it was issued and opened again.
//!
//! Signatures keep a fuzzer out, so the targets sign: what the fuzzer changes is what is signed.

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

/// A time at which what the inputs say is valid.
const NOW: u64 = 1_790_000_000;
/// Longest input, so that one that takes a second is a fault.
pub const LONGEST: usize = 64 << 10;
/// Of the processor's time, whatever else the machine is doing.
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

/// The parts of an input, which stand on lines of their own.
fn lines(input: &[u8]) -> Option<impl Iterator<Item = &str>> {
    std::str::from_utf8(input).ok().map(|text| text.split('\n'))
}
