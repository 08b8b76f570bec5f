//! One fixture for each fault that opening must find, named after the fault. `opening/` has them by step: the generator of `tests/fixtures/opening.json`,
//! which other runtimes and other languages read: `UPDATE_FIXTURES=1 cargo test --test opening`, or `make fixtures`.
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

mod opening {
    #![allow(unreachable_pub, reason = "a test is no library")]

    mod claims;
    mod envelope;
    mod facts;
    pub mod fixtures;
    mod opens;
    mod order;
    mod signatures;
    pub mod tokens;
}

use common::cases::{Fixture, signed};
use opening::fixtures::fixtures;
use opening::tokens::{NOW, header, keys, payload, remove, set, spaced, with_claims, with_header};
use serde_json::json;
use wicketgate::{Expect, JwkSet, Snapshot, Token};

#[test]
fn every_fault_is_refused_with_its_own_code_and_path() {
    fixtures().iter().for_each(Fixture::open_as_named);
}

#[test]
fn every_step_has_a_fixture() {
    let fixtures = fixtures();
    for code in [
        "too_large",
        "malformed",
        "wrong_type",
        "unsupported_algorithm",
        "unknown_key",
        "bad_signature",
        "wrong_issuer",
        "wrong_audience",
        "wrong_organization",
        "not_yet_valid",
        "expired",
        "rolled_back",
        "invalid_facts",
    ] {
        assert!(fixtures.iter().any(|fixture| fixture.code.as_deref() == Some(code)), "{code}");
    }
}

/// The file is the generator's text, byte for byte: one line for each fixture.
#[test]
fn the_fixtures_for_other_runtimes_are_these() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/opening.json");
    let lines: Vec<String> = fixtures().iter().map(|fixture| serde_json::to_string(fixture).unwrap()).collect();
    let written = format!("[\n{}\n]\n", lines.join(",\n"));
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        std::fs::write(path, &written).unwrap();
    }
    assert!(std::fs::read_to_string(path).unwrap() == written, "tests/fixtures/opening.json is stale: run `make fixtures`");
}

/// Keys and options are JSON texts. Other libraries write spaces in them.
#[test]
fn keys_and_options_are_read_as_other_libraries_write_them() {
    let good = with_claims(|_| {});
    let mut keys = keys();
    keys["keys"][0]["key_ops"] = json!(["sign", "verify"]);
    let options = json!({ "issuer": "https://authority.example", "audience": "edge", "minVersion": 7 });
    for around in ["", " ", "\t\r\n "] {
        let read = JwkSet::from_json(&spaced(&keys.to_string(), around)).unwrap();
        let expect = Expect::from_json(&spaced(&options.to_string(), around)).unwrap();
        assert_eq!((read.keys.len(), expect.min_version), (2, Some(7)));
        Snapshot::open(Token::Compact(good.clone()), &read, &expect, NOW).unwrap();
    }
}

/// The message of a refusal has the value that was found and the expected one.
#[test]
fn a_refusal_says_what_was_found() {
    let keys = JwkSet::from_json(&keys().to_string()).unwrap();
    let message =
        |token: String, expect: &Expect| Snapshot::open(Token::Compact(token), &keys, expect, NOW).unwrap_err().to_string();
    let expect = Expect { issuer: Some("i".to_owned()), ..Expect::default() };
    assert_eq!(message(with_claims(|_| {}), &expect), "iss: `https://authority.example`, expected `i`");
    assert_eq!(message(with_claims(|claims| remove(claims, "/iss")), &expect), "iss: absent, expected `i`");
    let typ = message(with_header(|header| remove(header, "/typ")), &expect);
    assert_eq!(typ, "typ: absent, expected `wicketgate-snapshot+jwt`");
}

/// A token with one changed bit is refused, and nothing panics.
#[test]
fn no_changed_bit_goes_unnoticed() {
    let good = with_claims(|_| {});
    let keys = JwkSet::from_json(&keys().to_string()).unwrap();
    for at in 0..good.len() {
        for bit in 0..7 {
            let mut bytes = good.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            let changed = String::from_utf8(bytes).unwrap();
            let opened = Snapshot::open(Token::Compact(changed), &keys, &Expect::default(), NOW);
            assert!(opened.is_err(), "bit {bit} of byte {at}");
        }
    }
}

/// A signed payload that was cut, doubled or changed at random is refused or read, and nothing panics.
#[test]
fn no_signed_nonsense_breaks_the_reader() {
    let keys = JwkSet::from_json(&keys().to_string()).unwrap();
    let payload = payload();
    let mut state = 7_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut refused = 0;
    for _ in 0..3000 {
        let mut bytes = payload.clone().into_bytes();
        for _ in 0..=random(3) {
            let (at, other) = (random(bytes.len()), random(bytes.len()));
            match random(4) {
                0 => bytes.truncate(at.max(1)),
                1 => bytes[at] = b"{}[]\",:\\0-9u \xff"[random(14)],
                2 => bytes.swap(at, other),
                _ => drop(bytes.splice(at..at, payload.as_bytes()[at.min(other).min(payload.len() - 9)..][..9].iter().copied())),
            }
        }
        let token = signed(&header().to_string(), &bytes);
        refused += usize::from(Snapshot::open(Token::Compact(token), &keys, &Expect::default(), NOW).is_err());
    }
    assert!(refused > 2000, "only {refused} were refused");
}

#[test]
fn grants_memberships_and_snapshots_expire_by_themselves() {
    let token = with_claims(|claims| {
        claims["exp"] = (NOW + 30).into();
        set(claims, "/organization/assistants/0/accessibility", "only_team".into());
        set(claims, "/organization/teams/0/members/-", json!({ "user": "eve", "role": "viewer", "expires": NOW + 10 }));
        set(claims, "/organization/users/-", json!({ "id": "eve", "role": "user" }));
        set(claims, "/organization/assistants/0/grants/-", json!({ "user": "eve", "role": "editor", "expires": NOW + 5 }));
    });
    let fixture = Fixture { token, ..fixtures().remove(0) };
    let snapshot = fixture.open().unwrap();
    let eve = snapshot.session(wicketgate::Presented { user: Some("eve"), ..Default::default() }).unwrap();
    let can = |capability, now| eve.can(capability, Some("helper"), now);
    use wicketgate::Capability::{AssistantEdit, AssistantView};
    assert!(can(AssistantEdit, NOW + 4) && !can(AssistantEdit, NOW + 5), "the grant");
    assert!(can(AssistantView, NOW + 9) && !can(AssistantView, NOW + 10), "the membership");
    let ana = snapshot.session(wicketgate::Presented { user: Some("ana"), ..Default::default() }).unwrap();
    assert!(ana.can(AssistantEdit, Some("helper"), NOW + 29) && !ana.can(AssistantEdit, Some("helper"), NOW + 30), "the snapshot");
    assert_eq!(snapshot.steady(NOW), (NOW - 60, NOW + 5));
    assert_eq!(snapshot.steady(NOW + 5), (NOW + 5, NOW + 10));
    assert_eq!(snapshot.steady(NOW + 10), (NOW + 10, NOW + 30));
    assert_eq!(snapshot.steady(NOW - 61), (0, NOW - 60));
}
