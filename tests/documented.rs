//! The Rust example of docs/package.md. The lines between the two marks are compiled, run, and compared with the document.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test may fail")]

const BEGIN: &str = "    // the document's example begins\n";
const END: &str = "    // the document's example ends\n";

fn example(entropy: [u8; 32], json: String, now: u64) -> Result<(), Box<dyn std::error::Error>> {
    // the document's example begins
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
    // the document's example ends
    Ok(())
}

#[test]
fn the_example_runs() {
    let facts = r#"{ "id": "acme", "users": [{ "id": "vic", "role": "user" }], "teams": [{ "id": "support" }],
        "projects": [{ "id": "faq", "team": "support" }],
        "assistants": [{ "id": "helper", "project": "faq", "owner": "vic", "accessibility": "only_me" }] }"#;
    example([7; 32], facts.to_owned(), 1_790_000_000).unwrap();
}

#[test]
fn the_document_prints_the_same_example() {
    let (_, rest) = include_str!("../docs/package.md").split_once("```rust\n").expect("a block of Rust");
    let (printed, others) = rest.split_once("```").expect("its end");
    assert!(!others.contains("```rust"), "there is another one");
    let (_, rest) = include_str!("documented.rs").split_once(BEGIN).expect("the beginning");
    let (run, _) = rest.split_once(END).expect("the end");
    let run: String = run.lines().map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line))).collect();
    assert_eq!(run, printed);
}
