//! Tokens with several faults: the first step that fails gives the code.

use super::fixtures::Fixtures;
use super::tokens::{NOW, header, set, with_claims};
use crate::common::cases::encode;
use serde_json::{Value, json};

pub fn add(all: &mut Fixtures) {
    // Each fault of the claims together with all faults of later steps.
    let everything = json!({ "issuer": "i", "audience": "a", "organization": "o", "minVersion": 9 });
    let with_faults_after = |corrected: usize| {
        with_claims(|claims| {
            set(claims, "/organization/users/0/role", "king".into());
            let corrections: [(&str, Value); 6] = [
                ("/iss", "i".into()),
                ("/aud", "a".into()),
                ("/organization/id", "o".into()),
                ("/nbf", 0.into()),
                ("/exp", (NOW + 1).into()),
                ("/version", 9.into()),
            ];
            set(claims, "/nbf", (NOW + 1).into());
            set(claims, "/exp", NOW.into());
            for (pointer, value) in corrections.into_iter().take(corrected) {
                set(claims, pointer, value);
            }
        })
    };
    for (corrected, (code, path)) in [
        ("wrong_issuer", "iss"),
        ("wrong_audience", "aud"),
        ("wrong_organization", "organization.id"),
        ("not_yet_valid", "nbf"),
        ("expired", "exp"),
        ("rolled_back", "version"),
        ("invalid_facts", "users[0].role"),
    ]
    .into_iter()
    .enumerate()
    {
        all.refused(code, path, &format!("order_{code}_first"), with_faults_after(corrected)).options = everything.clone();
    }
    // The same for the header, before a signature and a payload that are both faulty.
    let with_header_alone = |header: Value| {
        let input = format!("{}.{}", encode(header.to_string()), encode("not json"));
        format!("{input}.{}", encode([0; 64]))
    };
    all.refused("too_large", "", "order_too_large_first", "x".repeat(100)).options = json!({ "maxBytes": 99 });
    all.refused("malformed", "crit", "order_malformed_first", with_header_alone(json!({ "crit": [], "jwk": 1, "alg": "none" })));
    all.refused("wrong_type", "typ", "order_wrong_type_first", with_header_alone(json!({ "jwk": 1, "alg": "none" })));
    all.refused(
        "unsupported_algorithm",
        "alg",
        "order_unsupported_algorithm_first",
        with_header_alone(json!({ "jwk": 1, "alg": "none", "typ": "wicketgate-snapshot+jwt" })),
    );
    all.refused(
        "unknown_key",
        "jwk",
        "order_unknown_key_first",
        with_header_alone(json!({ "jwk": 1, "alg": "EdDSA", "typ": "wicketgate-snapshot+jwt" })),
    );
    all.refused("bad_signature", "", "order_bad_signature_first", with_header_alone(header()));
}
