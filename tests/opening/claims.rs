//! Steps 6a and 7 to 12: claims that cannot be read, and claims that do not hold.

use super::fixtures::Fixtures;
use super::tokens::{NOW, good, header, in_epoch, payload, remove, with_claims, with_payload};
use crate::common::cases::signed;
use serde_json::json;

pub fn add(all: &mut Fixtures) {
    let good = good();
    let payload = payload();

    // §5 step 6a: malformed, the claims of a token whose signature holds
    all.refused("malformed", "", "payload_not_utf8", signed(&header().to_string(), &[b'"', 0xff, b'"']));
    all.refused("malformed", "", "payload_not_json", with_payload("not json"));
    all.refused("malformed", "", "payload_not_an_object", with_payload("[]"));
    all.refused("malformed", "", "payload_empty", with_payload(""));
    all.refused("malformed", "", "payload_with_text_behind", with_payload(&format!("{payload}{{}}")));
    let duplicated = payload.replacen("\"exp\":", "\"exp\":1,\"exp\":", 1);
    all.refused("malformed", "exp", "claims_duplicate_key", with_payload(&duplicated));
    let nested = payload.replacen("\"jti\":\"1\"", &format!("\"x\":{}{}", "[".repeat(1000), "]".repeat(1000)), 1);
    let deep = format!("x{}", "[0]".repeat(31));
    all.refused("malformed", &deep, "nested_too_deeply", with_payload(&nested));
    for claim in ["exp", "iat", "nbf", "version"] {
        let values =
            [("string", json!("1790000000")), ("negative", json!(-1)), ("fraction", json!(1_790_000_600.5)), ("null", json!(null))];
        for (fault, value) in values {
            all.refused("malformed", claim, &format!("{claim}_{fault}"), with_claims(|claims| claims[claim] = value));
        }
        let huge = with_claims(|claims| claims[claim] = 9_007_199_254_740_992_u64.into());
        all.refused("malformed", claim, &format!("{claim}_huge"), huge);
    }
    for claim in ["exp", "scope", "version", "organization"] {
        let missing = with_claims(|claims| remove(claims, &format!("/{claim}")));
        all.refused("malformed", claim, &format!("{claim}_missing"), missing);
    }
    all.refused("malformed", "version", "version_zero", with_claims(|claims| claims["version"] = 0.into()));
    all.refused("malformed", "scope", "scope_unknown", with_claims(|claims| claims["scope"] = "everything".into()));
    all.refused("malformed", "iss", "iss_not_a_string", with_claims(|claims| claims["iss"] = 1.into()));
    all.refused("malformed", "aud[1]", "aud_not_strings", with_claims(|claims| claims["aud"] = json!(["edge", 1])));
    all.refused("malformed", "sub", "member_without_subject", with_claims(|claims| claims["scope"] = "member".into()));
    all.refused("malformed", "sub", "workspace_with_subject", with_claims(|claims| claims["sub"] = "vic".into()));

    // §5 steps 7 to 12: claims that do not hold
    for (fault, issuer) in
        [("issuer_other", json!("https://evil.example")), ("issuer_prefix", json!("https://authority.example.evil"))]
    {
        all.refused("wrong_issuer", "iss", fault, with_claims(|claims| claims["iss"] = issuer)).options =
            json!({ "issuer": "https://authority.example" });
    }
    all.refused("wrong_issuer", "iss", "issuer_absent", with_claims(|claims| remove(claims, "/iss"))).options =
        json!({ "issuer": "https://authority.example" });
    for (fault, audience) in [
        ("audience_other", json!("app")),
        ("audience_not_among_several", json!(["app", "edges"])),
        ("audience_of_nobody", json!([])),
    ] {
        all.refused("wrong_audience", "aud", fault, with_claims(|claims| claims["aud"] = audience)).options =
            json!({ "audience": "edge" });
    }
    all.refused("wrong_audience", "aud", "audience_absent", with_claims(|claims| remove(claims, "/aud"))).options =
        json!({ "audience": "edge" });
    all.refused("wrong_organization", "organization.id", "organization_other", good.token.clone()).options =
        json!({ "organization": "umbrella" });
    all.refused("not_yet_valid", "nbf", "nbf_one_second_ahead", with_claims(|claims| claims["nbf"] = (NOW + 1).into()));
    all.refused("not_yet_valid", "nbf", "nbf_beyond_tolerance", with_claims(|claims| claims["nbf"] = (NOW + 6).into())).options =
        json!({ "clockTolerance": 5 });
    all.refused("expired", "exp", "exp_equal_to_now", with_claims(|claims| claims["exp"] = NOW.into()));
    all.refused("expired", "exp", "exp_zero", with_claims(|claims| claims["exp"] = 0.into()));
    all.refused("expired", "exp", "exp_beyond_tolerance", with_claims(|claims| claims["exp"] = (NOW - 5).into())).options =
        json!({ "clockTolerance": 5 });
    all.refused("rolled_back", "version", "version_below_the_highest_seen", good.token.clone()).options =
        json!({ "minVersion": 8 });
    all.refused("rolled_back", "epoch", "epoch_below_the_latest_seen", in_epoch(3)).options =
        json!({ "minEpoch": 4, "minVersion": 1 });
    all.refused("rolled_back", "epoch", "epoch_absent_below_the_latest_seen", good.token.clone()).options =
        json!({ "minEpoch": 1 });
    all.refused("rolled_back", "version", "version_below_the_highest_seen_of_the_epoch", in_epoch(3)).options =
        json!({ "minEpoch": 3, "minVersion": 8 });
}
