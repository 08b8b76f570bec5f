//! What several test files share.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may fail"
)]
#![allow(clippy::type_complexity, reason = "a tuple that is read where it is made")]

pub mod cases;
#[cfg(feature = "authority")]
pub mod issued;
#[cfg(feature = "authority")]
pub mod naive;
#[cfg(feature = "authority")]
pub mod world;
