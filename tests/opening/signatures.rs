//! Steps 5 and 6: the key and the signature.

use super::fixtures::Fixtures;
use super::tokens::{Good, good, header, payload, remove, with_header};
use crate::common::cases::{encode, key, public};
use base64ct::{Base64UrlUnpadded, Encoding};
use curve25519_dalek::scalar::Scalar;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::json;
use sha2::{Digest, Sha512};

pub fn add(all: &mut Fixtures) {
    let good = good();
    let Good { head, body, tail, .. } = &good;
    let payload = payload();

    // §5 step 5: unknown_key
    all.refused("unknown_key", "kid", "kid_absent", with_header(|header| remove(header, "/kid")));
    all.refused("unknown_key", "kid", "kid_unknown", with_header(|header| header["kid"] = "k3".into()));
    all.refused("unknown_key", "kid", "kid_empty", with_header(|header| header["kid"] = "".into()));
    all.refused("unknown_key", "kid", "kid_duplicate", good.token.clone()).keys =
        json!({ "keys": [public(&key(), "k1"), public(&key(), "k1")] });
    all.refused("unknown_key", "kid", "no_keys", good.token.clone()).keys = json!({ "keys": [] });
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
        all.refused("unknown_key", "kid", fault, good.token.clone()).keys = json!({ "keys": [jwk] });
    }
    let mut signing_only = public(&key(), "k1");
    signing_only["key_ops"] = json!(["sign"]);
    all.refused("unknown_key", "kid", "key_for_signing_only", good.token.clone()).keys = json!({ "keys": [signing_only] });
    let passed_over = json!([null, 7, { "kty": "RSA", "kid": "k1", "n": "AQAB" }, { "kty": "EC", "kid": 7 }, public(&key(), "k1")]);
    all.opens("keys_that_are_passed_over", good.token.clone()).keys = json!({ "keys": passed_over });
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
    // S plus the group's order: the same point, not canonical (RFC 8032, section 5.1.7).
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
        let hash: [u8; 64] =
            Sha512::new().chain_update(&r).chain_update(key().verifying_key().as_bytes()).chain_update(&input).finalize().into();
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
    all.refused("bad_signature", "", "detached_payload_changed", format!("{payload} ")).signature = Some(good.detached_signature());
    all.refused("bad_signature", "", "payload_that_is_no_json_unsigned", format!("{head}.{}.{tail}", encode("not json")));
}
