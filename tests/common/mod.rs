//! Code shared by several test files.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]

pub mod cases;
#[cfg(feature = "authority")]
pub mod generator;
#[cfg(feature = "authority")]
pub mod issued;
#[cfg(feature = "authority")]
pub mod member;
#[cfg(feature = "authority")]
pub mod naive;
#[cfg(feature = "authority")]
pub mod rows;
#[cfg(feature = "authority")]
pub mod world;
