//! Every decision of `tests/vectors`, with its reasons.
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

#[test]
fn every_vector_is_decided_as_written() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let asked: usize = files
        .map(|path| common::cases::decide_as_written(&path.display().to_string(), &std::fs::read_to_string(&path).unwrap()))
        .sum();
    assert_eq!(asked, 12_549, "cases were added or lost");
}
