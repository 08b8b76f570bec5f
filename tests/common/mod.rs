//! What several integration tests share: the vectors, and a key to sign with.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test may fail")]

pub mod naive;
pub mod world;

use serde::{Deserialize, Serialize};
use wicketgate::document::Organization;
use wicketgate::{Expect, Facts, Issue, JwkSet, Projection, SigningKey, Snapshot, Token};

#[derive(Deserialize)]
pub struct VectorFile {
    #[serde(skip)]
    pub name: String,
    pub now: u64,
    pub organization: Organization,
    pub cases: Vec<Case>,
}

#[derive(Deserialize)]
pub struct Case {
    #[serde(rename = "as")]
    pub principal: Asker,
    pub can: String,
    pub on: Option<String>,
    pub allowed: bool,
    pub because: Option<Vec<String>>,
    pub denied: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asker {
    pub user: Option<String>,
    pub link: Option<String>,
    pub origin: Option<String>,
}

pub fn vectors() -> Vec<VectorFile> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
        .iter()
        .map(|path| {
            let mut file: VectorFile = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
            file.name = path.file_stem().unwrap().to_string_lossy().into_owned();
            file
        })
        .collect()
}

pub fn key() -> SigningKey {
    SigningKey::from_entropy(&[7; 32], Some("test".to_owned()))
}

pub fn keys() -> JwkSet {
    JwkSet { keys: vec![key().public_jwk()] }
}

/// Signs a projection of the organization and opens it.
pub fn opened(organization: &Organization, scope: Projection, now: u64) -> Snapshot {
    let facts = Facts::from_document(organization).unwrap();
    opened_facts(&facts, scope, now)
}

pub fn opened_facts(facts: &Facts, scope: Projection, now: u64) -> Snapshot {
    let issue = Issue { issued_at: now, expires_at: now + 3600, version: 1, scope, ..Issue::default() };
    let token = issue.sign(facts, &key()).unwrap();
    Snapshot::open(Token::Compact(token), &keys(), &Expect::default(), now).unwrap()
}

/// The name that a relation, denial or code has in documents.
pub fn name(value: impl Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}
