//! The vectors and the opening fixtures in a browser: `wasm-pack test --headless --chrome`.
#![cfg(target_arch = "wasm32")]
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

use common::cases::{Fixture, decide_as_written};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

macro_rules! vectors {
    ($($name:literal)+) => { [$(($name, include_str!(concat!("vectors/", $name, ".json")))),+] };
}

#[wasm_bindgen_test]
fn every_vector_is_decided_as_written() {
    let files = vectors!["seed" "random-1" "random-2" "random-3" "random-4" "random-5" "random-6" "random-7" "random-8" "random-9"
        "random-10" "random-11" "random-12" "random-13" "random-14" "random-15" "random-16" "random-17" "random-18" "random-19"
        "random-20"];
    let asked: usize = files.iter().map(|(name, json)| decide_as_written(name, json)).sum();
    assert_eq!(asked, 12_549, "cases were added or lost");
}

#[wasm_bindgen_test]
fn every_fault_is_refused_with_its_own_code_and_path() {
    let fixtures: Vec<Fixture> = serde_json::from_str(include_str!("fixtures/opening.json")).unwrap();
    assert!(fixtures.len() > 200);
    fixtures.iter().for_each(Fixture::open_as_named);
}
