//! Every decision of `tests/vectors`, with its reasons; and the generator of these files.
//!
//! A file's questions and its organization are its source. The generator answers them with the second evaluator
//! (`common::naive`), which shares no code with the crate, and writes the file in its one layout:
//! `UPDATE_FIXTURES=1 cargo test --features authority --test vectors`, or `make fixtures`.
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

use std::path::PathBuf;

fn files() -> impl Iterator<Item = PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "json"))
}

#[test]
fn every_vector_is_decided_as_written() {
    let asked: usize = files()
        .map(|path| common::cases::decide_as_written(&path.display().to_string(), &std::fs::read_to_string(&path).unwrap()))
        .sum();
    assert_eq!(asked, 12_549, "cases were added or lost");
}

#[cfg(feature = "authority")]
#[test]
fn every_file_is_what_the_generator_writes() {
    for path in files() {
        let source = std::fs::read_to_string(&path).unwrap();
        let written = common::generator::answered(&source);
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            std::fs::write(&path, written).unwrap();
        } else {
            assert!(source == written, "{} is stale: run `make fixtures`", path.display());
        }
    }
}

/// `cargo run --features authority --example random_vectors` writes such files.
#[cfg(feature = "authority")]
#[test]
fn a_random_file_is_decided_as_written_and_depends_on_its_seed_alone() {
    for seed in 1..=20 {
        let file = common::generator::random(seed);
        assert_eq!(common::cases::decide_as_written(&format!("seed {seed}"), &file), 600);
        assert!(file == common::generator::random(seed) && file != common::generator::random(seed + 1), "seed {seed}");
        assert!(common::generator::answered(&file) == file, "seed {seed}");
    }
}

#[cfg(feature = "authority")]
#[test]
fn the_generator_answers_and_arranges_a_question_written_by_hand() {
    let by_hand = r#"{"about": "two questions", "now": 1790000000, "organization": {"users": [{"id": "gina", "role": "global_admin"}], "id": "acme"},
        "cases": [
            {"can": "team.create", "as": {"user": "gina"}},
            {"on": "nowhere", "can": "team.view", "as": {"user": "gina"}, "allowed": true, "rule": "no team, no view"}
        ]}"#;
    assert_eq!(
        common::generator::answered(by_hand),
        r#"{
 "about": "two questions",
 "now": 1790000000,
 "organization": {"users":[{"id":"gina","role":"global_admin"}],"id":"acme"},
 "cases": [
  {"as":{"user":"gina"},"can":"team.create","allowed":true,"because":["global_admin"]},
  {"rule":"no team, no view","as":{"user":"gina"},"can":"team.view","on":"nowhere","allowed":false,"denied":"unknown_target"}
 ]
}
"#
    );
}
