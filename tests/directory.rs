//! The directory: random histories against a model, and who may do what.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may fail"
)]
#![allow(clippy::type_complexity, reason = "a tuple that is read where it is made")]

mod common;

mod directory {
    #![allow(unreachable_pub, reason = "these are no library")]

    mod adapter;
    mod addresses;
    mod bounds;
    mod checkpoints;
    mod commands;
    mod deltas;
    mod dumps;
    mod ends;
    mod epochs;
    mod forged;
    mod formats;
    mod model;
    mod parts;
    mod previews;
    mod privilege;
    mod reconcile;
    mod sequences;
    mod table;
    mod untold;
    mod webhooks;
}
