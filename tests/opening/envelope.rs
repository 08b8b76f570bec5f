//! Steps 1 to 4: the size, the envelope, the type and the algorithm.

use super::fixtures::Fixtures;
use super::tokens::{Good, good, header, payload, remove, resigned, with_header};
use crate::common::cases::{encode, key, signed};
use serde_json::json;
use sha2::{Digest, Sha256};

pub fn add(all: &mut Fixtures) {
    let good = good();
    let Good { head, body, tail, .. } = &good;
    let payload = payload();

    // §5 step 1: too_large
    all.refused("too_large", "", "oversize", good.token.clone()).options = json!({ "maxBytes": good.token.len() - 1 });
    let oversize = all.refused("too_large", "", "oversize_detached", payload.clone());
    oversize.signature = Some(good.detached_signature());
    oversize.options = json!({ "maxBytes": payload.len() + good.detached_signature().len() - 1 });

    // §5 step 2: malformed, the envelope
    // The same bytes as another text: an unused bit of the last character is set.
    let flipped = |segment: &str| {
        let (rest, last) = segment.split_at(segment.len() - 1);
        const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let index = ALPHABET.find(last).unwrap();
        format!("{rest}{}", &ALPHABET[index + 1..index + 2])
    };
    // Pads a text so that its last base64url character has unused bits.
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
    all.refused("malformed", "", "segments_extra", format!("{}.{tail}", good.token));
    all.refused("malformed", "", "header_padding", resigned(&format!("{ragged_head}=.{body}")));
    all.refused("malformed", "", "header_whitespace", resigned(&format!(" {head}.{body}")));
    all.refused("malformed", "", "header_trailing_bits", resigned(&format!("{}.{body}", flipped(&ragged_head))));
    all.refused("malformed", "", "payload_padding", resigned(&format!("{head}.{ragged_body}=")));
    all.refused("malformed", "", "payload_whitespace", resigned(&format!("{head}.{body}\n")));
    all.refused("malformed", "", "payload_trailing_bits", resigned(&format!("{head}.{}", flipped(&ragged_body))));
    all.refused("malformed", "", "payload_standard_base64", resigned(&format!("{head}.{}", body.replacen(&body[..1], "+", 1))));
    all.refused("malformed", "", "signature_padding", format!("{}==", good.token));
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
    all.refused("malformed", "", "detached_with_a_payload", payload.clone()).signature = Some(good.token.clone());
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
}
