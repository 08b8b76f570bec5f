//! One fixture for each fault that opening must find, named after the fault. This is the generator of `tests/fixtures/opening.json`,
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

use base64ct::{Base64UrlUnpadded, Encoding};
use common::cases::{Fixture, encode, key, public, signed};
use curve25519_dalek::scalar::Scalar;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wicketgate::{Expect, JwkSet, Snapshot, Token};

const NOW: u64 = 1_790_000_000;

fn keys() -> Value {
    json!({ "keys": [public(&key(), "k1"), public(&SigningKey::from_bytes(&[8; 32]), "k2")] })
}

fn header() -> Value {
    json!({ "alg": "EdDSA", "typ": "wicketgate-snapshot+jwt", "kid": "k1" })
}

fn facts() -> Value {
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

fn member_facts() -> Value {
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

fn gate_facts() -> Value {
    let links = json!([{ "id": "l1", "level": "view", "digest": encode(Sha256::digest("wk_key")) }]);
    json!({ "id": "acme", "assistants": [{ "id": "helper", "accessibility": "public", "links": links }] })
}

fn claims(scope: &str, organization: Value) -> Value {
    let mut claims = json!({
        "iss": "https://authority.example", "aud": ["console", "edge"], "iat": NOW - 60, "nbf": NOW - 60, "exp": NOW + 600,
        "jti": "1", "scope": scope, "version": 7, "state": "s7", "organization": organization,
    });
    if scope == "member" {
        claims["sub"] = "vic".into();
    }
    claims
}

fn resigned(input: &str) -> String {
    format!("{input}.{}", encode(key().sign(input.as_bytes()).to_bytes()))
}

/// The token with one change of its claims.
fn with_claims(change: impl FnOnce(&mut Value)) -> String {
    let mut claims = claims("workspace", facts());
    change(&mut claims);
    signed(&header().to_string(), claims.to_string().as_bytes())
}

fn with_header(change: impl FnOnce(&mut Value)) -> String {
    let mut header = header();
    change(&mut header);
    signed(&header.to_string(), claims("workspace", facts()).to_string().as_bytes())
}

fn with_payload(payload: &str) -> String {
    signed(&header().to_string(), payload.as_bytes())
}

/// JSON as most libraries write it, with a space behind each colon and comma, and with `around` on both sides of every token that is not
/// a string.
fn spaced(json: &str, around: &str) -> String {
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

fn set(value: &mut Value, pointer: &str, new: Value) {
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    match value.pointer_mut(parent).unwrap() {
        Value::Object(object) => drop(object.insert(last.to_owned(), new)),
        Value::Array(array) if last == "-" => array.push(new),
        Value::Array(array) => array[last.parse::<usize>().unwrap()] = new,
        other => panic!("nothing to set in {other}"),
    }
}

fn remove(value: &mut Value, pointer: &str) {
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    value.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(last).unwrap();
}

#[derive(Default)]
struct Fixtures(Vec<Fixture>);

impl Fixtures {
    fn push(&mut self, name: &str, code: Option<&str>, path: &str, token: String) -> &mut Fixture {
        assert!(self.0.iter().all(|fixture| fixture.name != name), "two fixtures are called {name}");
        self.0.push(Fixture {
            name: name.to_owned(),
            code: code.map(str::to_owned),
            path: (!path.is_empty()).then(|| path.to_owned()),
            token,
            signature: None,
            keys: keys(),
            options: json!({}),
            now: NOW,
        });
        self.0.last_mut().unwrap()
    }

    fn opens(&mut self, name: &str, token: String) -> &mut Fixture {
        self.push(name, None, "", token)
    }

    fn refused(&mut self, code: &str, path: &str, name: &str, token: String) -> &mut Fixture {
        self.push(name, Some(code), path, token)
    }

    /// A fixture with faulty facts of a scope, which `change` makes.
    fn facts(&mut self, scope: &str, path: &str, name: &str, change: impl FnOnce(&mut Value)) {
        let mut facts = match scope {
            "workspace" => facts(),
            "member" => member_facts(),
            _ => gate_facts(),
        };
        change(&mut facts);
        let token = signed(&header().to_string(), claims(scope, facts).to_string().as_bytes());
        self.refused("invalid_facts", path, name, token);
    }
}

fn fixtures() -> Vec<Fixture> {
    let mut all = Fixtures::default();
    let good = with_claims(|_| {});
    let [head, body, tail] = good.split('.').collect::<Vec<_>>().try_into().unwrap();

    // Tokens that open; without them the refusals would prove nothing.
    all.opens("workspace", good.clone());
    all.opens("workspace_without_digests", {
        let mut overview = facts();
        remove(&mut overview, "/assistants/0/links/0/digest");
        signed(&header().to_string(), claims("workspace", overview).to_string().as_bytes())
    });
    all.opens("member", signed(&header().to_string(), claims("member", member_facts()).to_string().as_bytes()));
    all.opens("gate", signed(&header().to_string(), claims("gate", gate_facts()).to_string().as_bytes()));
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
    all.opens("escaped_strings", signed(&header().to_string(), escaped.as_bytes()));
    let payload = claims("workspace", facts()).to_string();
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
    all.opens("expectations_met", good.clone()).options = json!({ "issuer": "https://authority.example", "audience": "edge", "organization": "acme", "minVersion": 7, "maxBytes": good.len() });
    all.opens("exp_within_tolerance", with_claims(|claims| claims["exp"] = (NOW - 5).into())).options =
        json!({ "clockTolerance": 6 });
    all.opens("nbf_within_tolerance", with_claims(|claims| claims["nbf"] = (NOW + 5).into())).options =
        json!({ "clockTolerance": 5 });
    all.opens("version_largest", with_claims(|claims| claims["version"] = 9_007_199_254_740_991_u64.into()));
    let in_epoch = |epoch: u64| with_claims(|claims| claims["epoch"] = epoch.into());
    all.opens("epoch_zero_is_the_first", in_epoch(0)).options = json!({ "minEpoch": 0, "minVersion": 7 });
    all.opens("epoch_largest", in_epoch(9_007_199_254_740_991));
    all.opens("epoch_and_version_expected", in_epoch(3)).options = json!({ "minEpoch": 3, "minVersion": 7 });
    all.opens("later_epoch_of_a_lower_version", in_epoch(3)).options = json!({ "minEpoch": 2, "minVersion": 8 });
    all.opens("later_epoch_where_a_version_is_expected", in_epoch(1)).options = json!({ "minVersion": 8 });
    let payload = claims("workspace", facts()).to_string();
    let detached_signature = format!("{head}..{tail}");
    all.opens("detached", payload.clone()).signature = Some(detached_signature.clone());

    // §5 step 1: too_large
    all.refused("too_large", "", "oversize", good.clone()).options = json!({ "maxBytes": good.len() - 1 });
    let oversize = all.refused("too_large", "", "oversize_detached", payload.clone());
    oversize.signature = Some(detached_signature.clone());
    oversize.options = json!({ "maxBytes": payload.len() + detached_signature.len() - 1 });

    // §5 step 2: malformed, the envelope
    let flipped = |segment: &str| {
        // The last character's unused bits are set: another text for the same bytes.
        let (rest, last) = segment.split_at(segment.len() - 1);
        const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let index = ALPHABET.find(last).unwrap();
        format!("{rest}{}", &ALPHABET[index + 1..index + 2])
    };
    // Segments of a length that leaves bits unused.
    let ragged = |mut text: String| {
        while text.len().is_multiple_of(3) {
            text.push(' ');
        }
        text
    };
    let ragged_head = encode(ragged(header().to_string()));
    let ragged_body = encode(ragged(payload.clone()));
    all.refused("malformed", "", "empty", String::new());
    all.refused("malformed", "", "segments_missing", format!("{head}.{body}"));
    all.refused("malformed", "", "segments_extra", format!("{good}.{tail}"));
    all.refused("malformed", "", "header_padding", resigned(&format!("{ragged_head}=.{body}")));
    all.refused("malformed", "", "header_whitespace", resigned(&format!(" {head}.{body}")));
    all.refused("malformed", "", "header_trailing_bits", resigned(&format!("{}.{body}", flipped(&ragged_head))));
    all.refused("malformed", "", "payload_padding", resigned(&format!("{head}.{ragged_body}=")));
    all.refused("malformed", "", "payload_whitespace", resigned(&format!("{head}.{body}\n")));
    all.refused("malformed", "", "payload_trailing_bits", resigned(&format!("{head}.{}", flipped(&ragged_body))));
    all.refused("malformed", "", "payload_standard_base64", resigned(&format!("{head}.{}", body.replacen(&body[..1], "+", 1))));
    all.refused("malformed", "", "signature_padding", format!("{good}=="));
    all.refused("malformed", "", "signature_trailing_bits", format!("{head}.{body}.{}", flipped(tail)));
    all.refused("malformed", "", "signature_not_base64url", format!("{head}.{body}.{}", tail.replacen(&tail[..1], "/", 1)));
    all.refused("malformed", "", "header_not_json", signed("not json", payload.as_bytes()));
    all.refused("malformed", "", "header_not_an_object", signed("[]", payload.as_bytes()));
    all.refused("malformed", "", "header_not_utf8", resigned(&format!("{}.{body}", encode([0xff, 0xfe]))));
    all.refused("malformed", "", "header_too_long", with_header(|header| header["cty"] = "x".repeat(5000).into()));
    let duplicate_alg = r#"{"alg":"EdDSA","typ":"wicketgate-snapshot+jwt","kid":"k1","\u0061lg":"none"}"#;
    all.refused("malformed", "alg", "header_duplicate_key", signed(duplicate_alg, payload.as_bytes()));
    all.refused("malformed", "crit", "crit", with_header(|header| header["crit"] = json!(["exp"])));
    all.refused(
        "malformed",
        "crit",
        "crit_b64",
        with_header(|header| {
            header["b64"] = false.into();
            header["crit"] = json!(["b64"]);
        }),
    );
    all.refused("malformed", "alg", "alg_not_a_string", with_header(|header| header["alg"] = json!(["EdDSA"])));
    all.refused("malformed", "", "detached_with_a_payload", payload.clone()).signature = Some(good.clone());
    all.refused("malformed", "", "detached_with_one_dot", payload.clone()).signature = Some(format!("{head}.{tail}"));

    let forged_line = "{\"evil\\nINFO all is well\":{\"x\":1,\"x\":2}}";
    all.refused(
        "malformed",
        "evil\u{fffd}INFO all is well.x",
        "header_key_that_breaks_the_line",
        signed(forged_line, payload.as_bytes()),
    );

    all.refused(
        "malformed",
        "",
        "payload_of_an_impossible_length",
        resigned(&format!("{head}.{}", &encode(ragged("x".into()))[..1])),
    );

    // §5 step 3: wrong_type
    for (fault, typ) in [
        ("typ_jwt", "JWT"),
        ("typ_of_a_delta", "wicketgate-delta+jwt"),
        ("typ_upper_case", "WICKETGATE-SNAPSHOT+JWT"),
        ("typ_empty", ""),
    ] {
        all.refused("wrong_type", "typ", fault, with_header(|header| header["typ"] = typ.into()));
    }
    all.refused("wrong_type", "typ", "typ_absent", with_header(|header| remove(header, "/typ")));

    // §5 step 4: unsupported_algorithm
    for alg in ["none", "None", "NONE", "nOnE"] {
        let header = json!({ "alg": alg, "typ": "wicketgate-snapshot+jwt", "kid": "k1" }).to_string();
        all.refused("unsupported_algorithm", "alg", &format!("alg_{alg}"), format!("{}.{body}.", encode(&header)));
    }
    for alg in ["RS256", "ES256", "Ed448", "eddsa", "ED25519", "EdDSA ", ""] {
        let fault = format!("alg_is_{}", alg.replace(' ', "_"));
        all.refused("unsupported_algorithm", "alg", &fault, with_header(|header| header["alg"] = alg.into()));
    }
    all.refused("unsupported_algorithm", "alg", "alg_absent", with_header(|header| remove(header, "/alg")));
    all.refused("unsupported_algorithm", "alg", "alg_hs256_with_the_public_key", {
        let header = json!({ "alg": "HS256", "typ": "wicketgate-snapshot+jwt", "kid": "k1" }).to_string();
        let input = format!("{}.{body}", encode(header));
        let pad =
            |byte: u8| key().verifying_key().as_bytes().iter().copied().chain([0; 32]).map(|key| key ^ byte).collect::<Vec<u8>>();
        let inner = Sha256::new().chain_update(pad(0x36)).chain_update(&input).finalize();
        format!("{input}.{}", encode(Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize()))
    });

    // §5 step 5: unknown_key
    all.refused("unknown_key", "kid", "kid_absent", with_header(|header| remove(header, "/kid")));
    all.refused("unknown_key", "kid", "kid_unknown", with_header(|header| header["kid"] = "k3".into()));
    all.refused("unknown_key", "kid", "kid_empty", with_header(|header| header["kid"] = "".into()));
    all.refused("unknown_key", "kid", "kid_duplicate", good.clone()).keys =
        json!({ "keys": [public(&key(), "k1"), public(&key(), "k1")] });
    all.refused("unknown_key", "kid", "no_keys", good.clone()).keys = json!({ "keys": [] });
    for (fault, member, value) in [
        ("key_of_another_type", "kty", json!("EC")),
        ("key_of_another_curve", "crv", json!("X25519")),
        ("key_for_another_algorithm", "alg", json!("Ed448")),
        ("key_for_encryption", "use", json!("enc")),
        ("key_too_short", "x", json!("AAAA")),
        ("key_with_padding", "x", json!(format!("{}=", encode(key().verifying_key().as_bytes())))),
        ("key_not_a_string", "x", json!(7)),
        ("key_of_small_order", "x", json!(encode([&[1][..], &[0; 31]].concat()))),
        ("key_that_is_no_point", "x", json!(encode([&[2][..], &[0; 31]].concat()))),
    ] {
        let mut jwk = public(&key(), "k1");
        jwk[member] = value;
        all.refused("unknown_key", "kid", fault, good.clone()).keys = json!({ "keys": [jwk] });
    }
    let mut signing_only = public(&key(), "k1");
    signing_only["key_ops"] = json!(["sign"]);
    all.refused("unknown_key", "kid", "key_for_signing_only", good.clone()).keys = json!({ "keys": [signing_only] });
    let passed_over = json!([null, 7, { "kty": "RSA", "kid": "k1", "n": "AQAB" }, { "kty": "EC", "kid": 7 }, public(&key(), "k1")]);
    all.opens("keys_that_are_passed_over", good.clone()).keys = json!({ "keys": passed_over });
    for parameter in ["jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256"] {
        let value = if parameter == "jwk" { public(&key(), "k1") } else { json!("https://evil.example/keys") };
        all.refused(
            "unknown_key",
            parameter,
            &format!("{parameter}_in_the_header"),
            with_header(|header| header[parameter] = value),
        );
    }

    // §5 step 6: bad_signature
    let signature = Base64UrlUnpadded::decode_vec(tail).unwrap();
    let malleable = {
        let s: [u8; 32] = signature[32..].try_into().unwrap();
        let order = (-Scalar::ONE).to_bytes();
        let mut carry = 1_u16; // the order is (order − 1) + 1
        let sum: Vec<u8> = s
            .iter()
            .zip(order)
            .map(|(s, l)| {
                let digit = u16::from(*s) + u16::from(l) + carry;
                carry = digit >> 8;
                digit as u8
            })
            .collect();
        [&signature[..32], &sum].concat()
    };
    all.refused("bad_signature", "", "signature_of_another_key", {
        let input = format!("{head}.{body}");
        format!("{input}.{}", encode(SigningKey::from_bytes(&[8; 32]).sign(input.as_bytes()).to_bytes()))
    });
    all.refused("bad_signature", "", "signature_empty", format!("{head}.{body}."));
    all.refused("bad_signature", "", "signature_truncated", format!("{head}.{body}.{}", encode(&signature[..63])));
    all.refused("bad_signature", "", "signature_too_long", format!("{head}.{body}.{}", encode([&signature[..], &[0]].concat())));
    all.refused("bad_signature", "", "signature_malleable", format!("{head}.{body}.{}", encode(malleable)));
    all.refused("bad_signature", "", "signature_zero", format!("{head}.{body}.{}", encode([0; 64])));
    all.refused("bad_signature", "", "signature_r_of_small_order", {
        let input = format!("{head}.{body}");
        let r = [&[1][..], &[0; 31]].concat();
        let hash: [u8; 64] = sha2::Sha512::new()
            .chain_update(&r)
            .chain_update(key().verifying_key().as_bytes())
            .chain_update(&input)
            .finalize()
            .into();
        let s = Scalar::from_bytes_mod_order_wide(&hash) * key().to_scalar();
        format!("{input}.{}", encode([&r[..], &s.to_bytes()].concat()))
    });
    all.refused(
        "bad_signature",
        "",
        "payload_changed",
        format!("{head}.{}.{tail}", encode(payload.replace("\"version\":7", "\"version\":8"))),
    );
    all.refused(
        "bad_signature",
        "",
        "header_changed",
        format!("{}.{body}.{tail}", encode(header().to_string().replace(':', ": "))),
    );
    all.refused("bad_signature", "", "detached_payload_changed", format!("{payload} ")).signature =
        Some(detached_signature.clone());
    all.refused("bad_signature", "", "payload_that_is_no_json_unsigned", format!("{head}.{}.{tail}", encode("not json")));

    // §5 step 6a: malformed, claims that cannot be read
    all.refused("malformed", "", "payload_not_utf8", signed(&header().to_string(), &[b'"', 0xff, b'"']));
    all.refused("malformed", "", "payload_not_json", signed(&header().to_string(), b"not json"));
    all.refused("malformed", "", "payload_not_an_object", signed(&header().to_string(), b"[]"));
    all.refused("malformed", "", "payload_empty", signed(&header().to_string(), b""));
    all.refused("malformed", "", "payload_with_text_behind", signed(&header().to_string(), format!("{payload}{{}}").as_bytes()));
    let duplicated = payload.replacen("\"exp\":", "\"exp\":1,\"exp\":", 1);
    all.refused("malformed", "exp", "claims_duplicate_key", signed(&header().to_string(), duplicated.as_bytes()));
    let nested = payload.replacen("\"jti\":\"1\"", &format!("\"x\":{}{}", "[".repeat(1000), "]".repeat(1000)), 1);
    let deep = format!("x{}", "[0]".repeat(31));
    all.refused("malformed", &deep, "nested_too_deeply", signed(&header().to_string(), nested.as_bytes()));
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

    // §5 steps 7 to 12: claims that are not as expected
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
    all.refused("wrong_organization", "organization.id", "organization_other", good.clone()).options =
        json!({ "organization": "umbrella" });
    all.refused("not_yet_valid", "nbf", "nbf_one_second_ahead", with_claims(|claims| claims["nbf"] = (NOW + 1).into()));
    all.refused("not_yet_valid", "nbf", "nbf_beyond_tolerance", with_claims(|claims| claims["nbf"] = (NOW + 6).into())).options =
        json!({ "clockTolerance": 5 });
    all.refused("expired", "exp", "exp_equal_to_now", with_claims(|claims| claims["exp"] = NOW.into()));
    all.refused("expired", "exp", "exp_zero", with_claims(|claims| claims["exp"] = 0.into()));
    all.refused("expired", "exp", "exp_beyond_tolerance", with_claims(|claims| claims["exp"] = (NOW - 5).into())).options =
        json!({ "clockTolerance": 5 });
    all.refused("rolled_back", "version", "version_below_the_highest_seen", good.clone()).options = json!({ "minVersion": 8 });
    all.refused("rolled_back", "epoch", "epoch_below_the_latest_seen", in_epoch(3)).options =
        json!({ "minEpoch": 4, "minVersion": 1 });
    all.refused("rolled_back", "epoch", "epoch_absent_below_the_latest_seen", good.clone()).options = json!({ "minEpoch": 1 });
    all.refused("rolled_back", "version", "version_below_the_highest_seen_of_the_epoch", in_epoch(3)).options =
        json!({ "minEpoch": 3, "minVersion": 8 });

    // §5 step 13: invalid_facts
    let workspace = "workspace";
    for (path, fault, pointer, value) in [
        ("id", "organization_id_malformed", "/id", json!("a b")),
        ("users[0].id", "id_empty", "/users/0/id", json!("")),
        ("users[0].id", "id_too_long", "/users/0/id", json!("x".repeat(129))),
        ("users[0].id", "id_with_a_space", "/users/0/id", json!("ana ana")),
        ("users[0].id", "id_not_ascii", "/users/0/id", json!("änna")),
        ("users[0].id", "id_with_a_line_break", "/users/0/id", json!("ana\n")),
        ("users[0].id", "id_not_a_string", "/users/0/id", json!(7)),
        ("users[1].id", "user_duplicate", "/users/1/id", json!("ana")),
        ("users[2].id", "user_duplicate_apart", "/users/-", json!({ "id": "ana", "role": "user" })),
        ("users[1].role", "user_of_undefined_role", "/users/1/role", json!("king")),
        ("users[1].role", "user_of_a_role_held_elsewhere", "/users/1/role", json!("viewer")),
        ("users[1].status", "status_unknown", "/users/1/status", json!("Active")),
        ("users[1].email", "email_not_a_string", "/users/1/email", json!(null)),
        ("users", "users_not_an_array", "/users", json!({})),
        ("teams[1].id", "team_duplicate", "/teams/-", json!({ "id": "support" })),
        ("teams[0].creator", "creator_dangling", "/teams/0/creator", json!("nobody")),
        ("teams[0].members[0].user", "member_dangling", "/teams/0/members/0/user", json!("nobody")),
        ("teams[0].members[0].role", "member_of_undefined_role", "/teams/0/members/0/role", json!("editor")),
        ("teams[0].members[0].expires", "expires_negative", "/teams/0/members/0/expires", json!(-1)),
        ("teams[0].members[0].expires", "expires_not_a_number", "/teams/0/members/0/expires", json!("1893456000")),
        ("projects[1].id", "project_duplicate", "/projects/-", json!({ "id": "faq", "team": "support" })),
        ("projects[0].team", "project_of_no_team", "/projects/0/team", json!("sales")),
        ("projects[0].creator", "project_creator_dangling", "/projects/0/creator", json!("nobody")),
        (
            "assistants[1].id",
            "assistant_duplicate",
            "/assistants/-",
            json!({ "id": "helper", "project": "faq", "owner": "vic", "accessibility": "public" }),
        ),
        ("assistants[0].project", "assistant_of_no_project", "/assistants/0/project", json!("none")),
        ("assistants[0].owner", "owner_dangling", "/assistants/0/owner", json!("nobody")),
        ("assistants[0].accessibility", "accessibility_unknown", "/assistants/0/accessibility", json!("everybody")),
        ("assistants[0].grants[0].user", "grant_dangling", "/assistants/0/grants/0/user", json!("nobody")),
        ("assistants[0].grants[0].role", "grant_of_undefined_role", "/assistants/0/grants/0/role", json!("owner")),
        ("assistants[0].links[0].level", "link_level_unknown", "/assistants/0/links/0/level", json!("admin")),
        ("assistants[0].links[0].digest", "digest_too_short", "/assistants/0/links/0/digest", json!("AAAA")),
        (
            "assistants[0].links[0].digest",
            "digest_with_padding",
            "/assistants/0/links/0/digest",
            json!(format!("{}=", encode([0; 32]))),
        ),
        (
            "assistants[0].links[1].id",
            "link_duplicate",
            "/assistants/0/links/-",
            json!({ "id": "l1", "level": "edit", "digest": encode([0; 32]) }),
        ),
        ("assistants[0].embed.origins[0]", "origin_port_signed", "/assistants/0/embed/origins/0", json!("https://a.example:+443")),
        (
            "assistants[0].embed.origins[0]",
            "origin_address_without_colons",
            "/assistants/0/embed/origins/0",
            json!("https://[abc]"),
        ),
        ("assistants[0].embed.origins[0]", "origin_not_https", "/assistants/0/embed/origins/0", json!("http://docs.acme.example")),
        (
            "assistants[0].embed.origins[0]",
            "origin_with_a_path",
            "/assistants/0/embed/origins/0",
            json!("https://docs.acme.example/"),
        ),
        ("assistants[0].embed.origins[0]", "origin_null", "/assistants/0/embed/origins/0", json!("null")),
        ("assistants[0].embed", "embed_without_origins", "/assistants/0/embed", json!({})),
        ("roles[0].id", "role_that_redefines_a_built_in", "/roles/0/id", json!("editor")),
        ("roles[0].on", "role_on_nothing_known", "/roles/0/on", json!("project")),
        ("roles[0].grants", "role_that_grants_beyond_its_level", "/roles/0/grants/-", json!("team.edit")),
        ("roles[1].id", "role_duplicate", "/roles/-", json!({ "id": "agent_user", "on": "team", "grants": [] })),
        ("roles[0].grants[1]", "capability_not_a_string", "/roles/0/grants/-", json!(1)),
        ("plan.withholds", "plan_that_withholds_no_list", "/plan", json!({ "withholds": "assistant.view" })),
    ] {
        all.facts(workspace, path, fault, |facts| set(facts, pointer, value));
    }
    for (path, fault, pointer) in [
        ("", "organization_without_id", "/id"),
        ("users[0]", "user_without_role", "/users/0/role"),
        ("projects[0]", "project_without_team", "/projects/0/team"),
        ("assistants[0]", "assistant_without_accessibility", "/assistants/0/accessibility"),
        ("assistants[0]", "workspace_without_owner", "/assistants/0/owner"),
        ("assistants[0]", "workspace_without_project", "/assistants/0/project"),
        ("roles[0]", "role_without_grants", "/roles/0/grants"),
    ] {
        all.facts(workspace, path, fault, |facts| remove(facts, pointer));
    }
    let duplicate_key = payload.replacen("\"accessibility\":", "\"accessibility\":\"only_me\",\"accessibility\":", 1);
    all.refused(
        "invalid_facts",
        "assistants[0].accessibility",
        "facts_duplicate_key",
        signed(&header().to_string(), duplicate_key.as_bytes()),
    );
    let duplicate_unknown = payload.replacen("\"accessibility\":", "\"x\":{\"a\":1,\"\\u0061\":2},\"accessibility\":", 1);
    all.refused(
        "invalid_facts",
        "assistants[0].x.a",
        "facts_duplicate_key_in_an_unknown_field",
        signed(&header().to_string(), duplicate_unknown.as_bytes()),
    );
    all.refused("invalid_facts", "", "organization_not_an_object", with_claims(|claims| claims["organization"] = json!([])));

    // Facts of one scope under the name of another.
    all.facts("member", "users", "member_without_its_subject", |facts| {
        *facts = json!({ "id": "acme", "users": [{ "id": "ana", "role": "user" }] });
    });
    all.facts("member", "users[1].email", "member_with_anothers_address", |facts| {
        set(facts, "/users/1/email", "ana@acme.example".into())
    });
    all.facts("member", "teams[0].creator", "member_with_another_creator", |facts| set(facts, "/teams/0/creator", "ana".into()));
    all.facts("member", "projects[0].creator", "member_with_another_project_creator", |facts| {
        set(facts, "/projects/0/creator", "ana".into())
    });
    all.facts("member", "assistants[0].owner", "member_with_another_owner", |facts| {
        set(facts, "/assistants/0/owner", "ana".into())
    });
    all.facts("member", "assistants[0].grants", "member_with_anothers_grant", |facts| {
        set(facts, "/assistants/0/grants/0/user", "ana".into())
    });
    all.facts("member", "assistants[0].links", "member_with_a_digest", |facts| {
        set(facts, "/assistants/0/links/0/digest", encode([0; 32]).into())
    });
    all.facts("member", "users[1].role", "member_with_an_undefined_role", |facts| set(facts, "/users/1/role", "king".into()));
    all.facts("gate", "users", "gate_with_users", |facts| facts["users"] = json!([{ "id": "ana", "role": "user" }]));
    all.facts("gate", "teams", "gate_with_teams", |facts| facts["teams"] = json!([{ "id": "support" }]));
    all.facts("gate", "roles", "gate_with_roles", |facts| facts["roles"] = json!([{ "id": "r", "on": "team", "grants": [] }]));
    all.facts("gate", "assistants[0].owner", "gate_with_an_owner", |facts| set(facts, "/assistants/0/owner", "ana".into()));
    all.facts("gate", "assistants[0].project", "gate_with_a_project", |facts| set(facts, "/assistants/0/project", "faq".into()));
    all.facts("gate", "assistants[0].accessibility", "gate_with_a_hidden_assistant", |facts| {
        set(facts, "/assistants/0/accessibility", "only_team".into())
    });
    all.facts("gate", "assistants[0].links[0]", "gate_without_digest", |facts| remove(facts, "/assistants/0/links/0/digest"));
    let mislabelled = |scope: &str, facts: Value| signed(&header().to_string(), claims(scope, facts).to_string().as_bytes());
    all.refused("invalid_facts", "users[0].email", "workspace_facts_in_a_member_snapshot", mislabelled("member", facts()));
    all.refused("invalid_facts", "roles", "workspace_facts_in_a_gate_snapshot", mislabelled("gate", facts()));
    all.refused(
        "invalid_facts",
        "teams[0].members[1].user",
        "member_facts_in_a_workspace_snapshot",
        mislabelled("workspace", member_facts()),
    );
    all.refused("invalid_facts", "users", "member_facts_in_a_gate_snapshot", mislabelled("gate", member_facts()));
    all.refused("invalid_facts", "assistants[0]", "gate_facts_in_a_workspace_snapshot", mislabelled("workspace", gate_facts()));
    all.refused("invalid_facts", "users", "gate_facts_in_a_member_snapshot", mislabelled("member", gate_facts()));

    // The order of the steps: each fault together with the faults of all later steps.
    let everything = json!({ "issuer": "i", "audience": "a", "organization": "o", "minVersion": 9 });
    let ruined = |until: usize| {
        with_claims(|claims| {
            set(claims, "/organization/users/0/role", "king".into());
            let mends: [(&str, Value); 6] = [
                ("/iss", "i".into()),
                ("/aud", "a".into()),
                ("/organization/id", "o".into()),
                ("/nbf", 0.into()),
                ("/exp", (NOW + 1).into()),
                ("/version", 9.into()),
            ];
            set(claims, "/nbf", (NOW + 1).into());
            set(claims, "/exp", NOW.into());
            for (pointer, value) in mends.into_iter().take(until) {
                set(claims, pointer, value);
            }
        })
    };
    for (until, (code, path)) in [
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
        all.refused(code, path, &format!("order_{code}_first"), ruined(until)).options = everything.clone();
    }
    let order = |header: Value| {
        let input = format!("{}.{}", encode(header.to_string()), encode("not json"));
        format!("{input}.{}", encode([0; 64]))
    };
    all.refused("too_large", "", "order_too_large_first", "x".repeat(100)).options = json!({ "maxBytes": 99 });
    all.refused("malformed", "crit", "order_malformed_first", order(json!({ "crit": [], "jwk": 1, "alg": "none" })));
    all.refused("wrong_type", "typ", "order_wrong_type_first", order(json!({ "jwk": 1, "alg": "none" })));
    all.refused(
        "unsupported_algorithm",
        "alg",
        "order_unsupported_algorithm_first",
        order(json!({ "jwk": 1, "alg": "none", "typ": "wicketgate-snapshot+jwt" })),
    );
    all.refused(
        "unknown_key",
        "jwk",
        "order_unknown_key_first",
        order(json!({ "jwk": 1, "alg": "EdDSA", "typ": "wicketgate-snapshot+jwt" })),
    );
    all.refused("bad_signature", "", "order_bad_signature_first", order(header()));
    all.0
}

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

/// Byte for byte: one line for each fixture.
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

/// Keys and options may have spaces wherever other libraries write them.
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

/// A message names the value that was found and the expected one.
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

/// A token with any one bit changed is refused, and nothing panics.
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

/// Signed payloads that are cut, doubled or mangled: they are refused or read, and nothing panics.
#[test]
fn no_signed_nonsense_breaks_the_reader() {
    let keys = JwkSet::from_json(&keys().to_string()).unwrap();
    let payload = claims("workspace", facts()).to_string();
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
