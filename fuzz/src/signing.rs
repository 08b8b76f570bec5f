//! Signs the inputs of the fuzzer, so that they pass the check of the signature.

use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::Signer;
use serde_json::json;
use wicketgate::{JwkSet, SigningKey, Token};

const ENTROPY: [u8; 32] = [7; 32];

pub(crate) fn key() -> SigningKey {
    SigningKey::from_entropy(&ENTROPY, Some("k1".to_owned())).unwrap()
}

pub(crate) fn keys() -> JwkSet {
    JwkSet { keys: vec![key().public_jwk()] }
}

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    Base64UrlUnpadded::encode_string(bytes.as_ref())
}

/// A compact token of this header and payload.
pub(crate) fn signed(header: &[u8], payload: &[u8]) -> String {
    let input = format!("{}.{}", encode(header), encode(payload));
    let signature = ed25519_dalek::SigningKey::from_bytes(&ENTROPY).sign(input.as_bytes());
    format!("{input}.{}", encode(signature.to_bytes()))
}

/// A token with the right header.
pub(crate) fn token(kind: &str, payload: &[u8]) -> Token {
    let header = json!({ "alg": "EdDSA", "typ": format!("wicketgate-{kind}+jwt"), "kid": "k1" });
    Token::Compact(signed(header.to_string().as_bytes(), payload))
}
