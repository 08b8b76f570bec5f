//! Snapshots that are issued as the authority issues them.

use wicketgate::document::Organization;
use wicketgate::{Expect, Facts, Issue, JwkSet, Projection, SigningKey, Snapshot, Token};

/// Signs a projection of the organization, and opens it.
pub fn opened(organization: &Organization, scope: Projection, now: u64) -> Snapshot {
    let key = SigningKey::from_entropy(&[7; 32], None).unwrap();
    let keys = JwkSet { keys: vec![key.public_jwk()] };
    let issue = Issue { issued_at: now, expires_at: now + 3600, version: 1, scope, ..Issue::default() };
    let token = issue.sign(&Facts::from_document(organization).unwrap(), &key).unwrap();
    Snapshot::open(Token::Compact(token), &keys, &Expect::default(), now).unwrap()
}
