//! Tokens that open. Without them a reader that refuses everything would pass.

use super::fixtures::Fixtures;
use super::tokens::{
    Good, NOW, claims, facts, gate_facts, good, header, in_epoch, member_facts, payload, remove, set, spaced, with_claims,
    with_header, with_payload,
};
use crate::common::cases::{encode, signed};
use ed25519_dalek::{Signer, SigningKey};
use serde_json::json;

pub fn add(all: &mut Fixtures) {
    let good = good();
    let Good { body, .. } = &good;
    let payload = payload();
    all.opens("workspace", good.token.clone());
    all.opens("workspace_without_digests", {
        let mut overview = facts();
        remove(&mut overview, "/assistants/0/links/0/digest");
        with_payload(&claims("workspace", overview).to_string())
    });
    all.opens("member", with_payload(&claims("member", member_facts()).to_string()));
    all.opens("gate", with_payload(&claims("gate", gate_facts()).to_string()));
    all.opens("alg_ed25519", with_header(|header| header["alg"] = "Ed25519".into()));
    all.opens("kid_of_the_second_key", {
        let input =
            format!("{}.{body}", encode(json!({ "alg": "EdDSA", "typ": "wicketgate-snapshot+jwt", "kid": "k2" }).to_string()));
        format!("{input}.{}", encode(SigningKey::from_bytes(&[8; 32]).sign(input.as_bytes()).to_bytes()))
    });
    all.opens("header_of_unknown_parameters", with_header(|header| header["cty"] = json!({ "a": [1, 2.5e3, null, true] })));
    all.opens(
        "unknown_claims_and_fields",
        with_claims(|claims| {
            claims["extra"] = json!({ "a": [1.5, "é", {}] });
            set(claims, "/organization/users/0/nickname", json!(["x"]));
            set(claims, "/organization/roles/0/grants/-", "assistant.fly".into());
        }),
    );
    all.opens(
        "only_what_is_required",
        with_claims(|claims| {
            for claim in ["iss", "aud", "iat", "nbf", "jti", "state"] {
                remove(claims, &format!("/{claim}"));
            }
            claims["organization"] = json!({ "id": "acme" });
        }),
    );
    let escaped =
        claims("workspace", facts()).to_string().replace("\"helper\"", "\"\\u0068elper\"").replace("\"users\"", "\"us\\u0065rs\"");
    all.opens("escaped_strings", with_payload(&escaped));
    all.opens("spaces_as_other_libraries_write_them", signed(&spaced(&header().to_string(), ""), spaced(&payload, "").as_bytes()));
    all.opens("spaces_everywhere", signed(&spaced(&header().to_string(), "\t\r\n "), spaced(&payload, "\t\r\n ").as_bytes()));
    let one_audience = payload.replacen(r#"["console","edge"]"#, r#""edge""#, 1);
    all.opens("spaces_before_one_audience", with_payload(&spaced(&one_audience, ""))).options = json!({ "audience": "edge" });
    all.opens(
        "spaces_in_what_is_passed_over",
        with_payload(&payload.replacen('{', r#"{"extra" : [ { "a" : [ ] , "b" : { } } , 1 , "x" , null ] ,"#, 1)),
    );
    all.opens("nbf_equal_to_now", with_claims(|claims| claims["nbf"] = NOW.into()));
    all.opens("exp_one_second_ahead", with_claims(|claims| claims["exp"] = (NOW + 1).into()));
    all.opens("expectations_met", good.token.clone()).options = json!({ "issuer": "https://authority.example", "audience": "edge", "organization": "acme", "minVersion": 7, "maxBytes": good.token.len() });
    all.opens("exp_within_tolerance", with_claims(|claims| claims["exp"] = (NOW - 5).into())).options =
        json!({ "clockTolerance": 6 });
    all.opens("nbf_within_tolerance", with_claims(|claims| claims["nbf"] = (NOW + 5).into())).options =
        json!({ "clockTolerance": 5 });
    all.opens("version_largest", with_claims(|claims| claims["version"] = 9_007_199_254_740_991_u64.into()));
    all.opens("epoch_zero_is_the_first", in_epoch(0)).options = json!({ "minEpoch": 0, "minVersion": 7 });
    all.opens("epoch_largest", in_epoch(9_007_199_254_740_991));
    all.opens("epoch_and_version_expected", in_epoch(3)).options = json!({ "minEpoch": 3, "minVersion": 7 });
    all.opens("later_epoch_of_a_lower_version", in_epoch(3)).options = json!({ "minEpoch": 2, "minVersion": 8 });
    all.opens("later_epoch_where_a_version_is_expected", in_epoch(1)).options = json!({ "minVersion": 8 });
    all.opens("detached", payload.clone()).signature = Some(good.detached_signature());
}
