//! A valid token, its parts, and ways to change them.

use crate::common::cases::{encode, key, public, signed};
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const NOW: u64 = 1_790_000_000;

/// The reader's JWK Set: `k1` signs everything, `k2` one token.
pub fn keys() -> Value {
    json!({ "keys": [public(&key(), "k1"), public(&SigningKey::from_bytes(&[8; 32]), "k2")] })
}

pub fn header() -> Value {
    json!({ "alg": "EdDSA", "typ": "wicketgate-snapshot+jwt", "kid": "k1" })
}

/// Facts that are valid in scope `workspace`.
pub fn facts() -> Value {
    json!({
        "id": "acme",
        "roles": [{ "id": "agent_user", "on": "assistant", "grants": ["assistant.view"] }],
        "users": [{ "id": "ana", "role": "global_admin", "email": "ana@acme.example" }, { "id": "vic", "role": "user" }],
        "teams": [{ "id": "support", "creator": "ana", "members": [{ "user": "vic", "role": "viewer" }] }],
        "projects": [{ "id": "faq", "team": "support", "creator": "vic" }],
        "assistants": [{
            "id": "helper", "project": "faq", "owner": "vic", "accessibility": "public",
            "grants": [{ "user": "ana", "role": "agent_user", "expires": 1_893_456_000 }],
            "links": [{ "id": "l1", "level": "view", "digest": encode(Sha256::digest("wk_key")) }],
            "embed": { "origins": ["https://docs.acme.example"] },
        }],
    })
}

/// Facts that are valid in scope `member`, of the user `vic`.
pub fn member_facts() -> Value {
    json!({
        "id": "acme",
        "users": [{ "id": "vic", "role": "user", "email": "vic@acme.example" }, { "id": "ana", "role": "global_admin" }],
        "teams": [{ "id": "support", "members": [{ "user": "vic", "role": "viewer" }, { "user": "someone_else", "role": "owner" }] }],
        "projects": [{ "id": "faq", "team": "support", "creator": "vic" }],
        "assistants": [{
            "id": "helper", "project": "faq", "owner": "vic", "accessibility": "public",
            "grants": [{ "user": "vic", "role": "editor" }],
            "links": [{ "id": "l1", "level": "view" }],
        }],
    })
}

/// Facts that are valid in scope `gate`.
pub fn gate_facts() -> Value {
    let links = json!([{ "id": "l1", "level": "view", "digest": encode(Sha256::digest("wk_key")) }]);
    json!({ "id": "acme", "assistants": [{ "id": "helper", "accessibility": "public", "links": links }] })
}

/// Claims that are valid at [`NOW`].
pub fn claims(scope: &str, organization: Value) -> Value {
    let mut claims = json!({
        "iss": "https://authority.example", "aud": ["console", "edge"], "iat": NOW - 60, "nbf": NOW - 60, "exp": NOW + 600,
        "jti": "1", "scope": scope, "version": 7, "state": "s7", "organization": organization,
    });
    if scope == "member" {
        claims["sub"] = "vic".into();
    }
    claims
}

/// The payload of the valid token.
pub fn payload() -> String {
    claims("workspace", facts()).to_string()
}

/// The valid token, and its three segments.
pub struct Good {
    pub token: String,
    pub head: String,
    pub body: String,
    pub tail: String,
}

pub fn good() -> Good {
    let token = with_payload(&payload());
    let [head, body, tail] = token.split('.').map(str::to_owned).collect::<Vec<_>>().try_into().unwrap();
    Good { token, head, body, tail }
}

impl Good {
    /// `header..signature`, of the detached form.
    pub fn detached_signature(&self) -> String {
        format!("{}..{}", self.head, self.tail)
    }
}

/// A signing input with a valid signature. Its segments may be faulty.
pub fn resigned(input: &str) -> String {
    format!("{input}.{}", encode(key().sign(input.as_bytes()).to_bytes()))
}

/// The valid token with changed claims.
pub fn with_claims(change: impl FnOnce(&mut Value)) -> String {
    let mut claims = claims("workspace", facts());
    change(&mut claims);
    signed(&header().to_string(), claims.to_string().as_bytes())
}

/// The valid token of an epoch.
pub fn in_epoch(epoch: u64) -> String {
    with_claims(|claims| claims["epoch"] = epoch.into())
}

/// The valid token with a changed header.
pub fn with_header(change: impl FnOnce(&mut Value)) -> String {
    let mut header = header();
    change(&mut header);
    signed(&header.to_string(), claims("workspace", facts()).to_string().as_bytes())
}

/// A valid header and signature around a payload, which need not be JSON.
pub fn with_payload(payload: &str) -> String {
    signed(&header().to_string(), payload.as_bytes())
}

/// JSON with a space after each colon and comma, as most libraries write it, and with `around` before and after each token that
/// is not a string.
pub fn spaced(json: &str, around: &str) -> String {
    let (mut spaced, mut in_string, mut escaped) = (String::new(), false, false);
    for character in json.chars() {
        match character {
            '{' | '}' | '[' | ']' | ':' | ',' if !in_string => {
                let behind = if matches!(character, ':' | ',') { " " } else { "" };
                spaced.extend([around, &character.to_string(), behind, around]);
            }
            _ => spaced.push(character),
        }
        in_string ^= character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
    }
    spaced
}

/// Sets the value at a JSON pointer (RFC 6901). `-` appends to an array.
pub fn set(value: &mut Value, pointer: &str, new: Value) {
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    match value.pointer_mut(parent).unwrap() {
        Value::Object(object) => drop(object.insert(last.to_owned(), new)),
        Value::Array(array) if last == "-" => array.push(new),
        Value::Array(array) => array[last.parse::<usize>().unwrap()] = new,
        other => panic!("nothing to set in {other}"),
    }
}

/// Removes the member at a JSON pointer.
pub fn remove(value: &mut Value, pointer: &str) {
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    value.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(last).unwrap();
}
