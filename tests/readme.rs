//! The Rust code of the README, as printed there: what stands between the marks is compiled, run, and compared with it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test may fail")]

const BEGIN: &str = "    // The README's, from here\n";
const END: &str = "    // to here.\n";

fn example(entropy: [u8; 32], json: String, now: u64) -> Result<(), Box<dyn std::error::Error>> {
    // The README's, from here
    use wicketgate::{Capability, Expect, Facts, Issue, JwkSet, Presented, SigningKey, Snapshot, Token};

    // The authority signs what it knows. The 32 bytes come from the operating system.
    let key = SigningKey::from_entropy(&entropy, None)?;
    let facts = Facts::from_json(json)?;
    let issue = Issue { issued_at: now, expires_at: now + 900, version: 1, ..Issue::default() };
    let token = issue.sign(&facts, &key)?;

    // Anybody with the public key verifies, then asks.
    let keys = JwkSet { keys: vec![key.public_jwk()] };
    let snapshot = Snapshot::open(Token::Compact(token), &keys, &Expect::default(), now)?;
    let vic = snapshot.session(Presented { user: Some("vic"), ..Presented::default() })?;
    assert!(vic.can(Capability::AssistantEdit, Some("helper"), now));
    // to here.
    Ok(())
}

#[test]
fn the_readme_s_example_runs() {
    let facts = r#"{ "id": "acme", "users": [{ "id": "vic", "role": "user" }], "teams": [{ "id": "support" }],
        "projects": [{ "id": "faq", "team": "support" }],
        "assistants": [{ "id": "helper", "project": "faq", "owner": "vic", "accessibility": "only_me" }] }"#;
    example([7; 32], facts.to_owned(), 1_790_000_000).unwrap();
}

#[test]
fn the_example_is_the_readme_s() {
    let (_, rest) = include_str!("../README.md").split_once("```rust\n").expect("a block of Rust");
    let (printed, others) = rest.split_once("```").expect("its end");
    assert!(!others.contains("```rust"), "there is another one");
    let (_, rest) = include_str!("readme.rs").split_once(BEGIN).expect("the beginning");
    let (run, _) = rest.split_once(END).expect("the end");
    let run: String = run.lines().map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line))).collect();
    assert_eq!(run, printed);
}
