//! Step 6 with the platform's Ed25519: the core checks the strict conditions, and the platform computes the equation.

use crate::error::Error;
use crate::token::envelope::{Token, Unverified, Verified, bad_signature};
use crate::token::jwk::PublicKey;

/// A token that has passed steps 1 to 5, and of step 6 everything but the equation of the signature.
pub(crate) struct Pending(Unverified);

impl Pending {
    /// Checks the strict conditions.
    pub(crate) fn new(token: Unverified) -> Result<Pending, Error> {
        if is_strict(&token.key, &token.signature) { Ok(Pending(token)) } else { Err(bad_signature()) }
    }

    /// What the platform needs: the public key (32 bytes), the signature (64 bytes), and the signed bytes.
    pub(crate) fn question(&self) -> Vec<u8> {
        let length = match &self.0.token {
            Token::Compact(compact) => compact.len(),
            Token::Detached { payload, signature } => payload.len().div_ceil(3) * 4 + signature.len(),
        };
        // The token has the signature as 86 characters: ten more are enough for its bytes and the key's.
        let mut question = Vec::with_capacity(length + 10);
        question.extend(self.0.key.to_bytes());
        question.extend(&self.0.signature);
        self.0.for_each_piece(|piece| question.extend(piece));
        question
    }

    /// Takes the rest of step 6. `holds`: the platform says that the equation of [`Pending::question`] holds. Otherwise it is computed
    /// here, so that a platform without Ed25519, or a stricter one, refuses nothing.
    pub(crate) fn finish(self, holds: bool) -> Result<Verified, Error> {
        if holds { self.0.verified() } else { self.0.verify() }
    }
}

/// Whether a signature fulfils the conditions in which platforms differ: canonical S, no small-order points, and the canonical encoding of
/// each point. With another encoding of R the equation, which is about bytes, holds for no message; nobody has the private half of a key
/// with another encoding.
fn is_strict(key: &PublicKey, signature: &[u8]) -> bool {
    let points = [signature.first_chunk(), Some(&key.to_bytes())];
    points.into_iter().flatten().all(is_canonical) && key.verifier(signature).is_some()
}

/// Whether the y of an encoded point is below p = 2^255 − 19. Some points have a second encoding, with y + p.
fn is_canonical(bytes: &[u8; 32]) -> bool {
    let [low, middle @ .., high] = bytes;
    high | 0x80 != 0xff || *low < 0xed || middle.iter().any(|byte| *byte != 0xff)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Pending, is_strict};
    use crate::token::edge_cases::{Case, edge_cases, probes, wycheproof};
    use crate::token::envelope::{SNAPSHOT, Token, read};
    use crate::token::jwk::{Jwk, JwkSet, PublicKey};
    use crate::{Code, Expect};
    use base64ct::{Base64, Base64UrlUnpadded, Encoding};
    use ed25519_dalek::{Signer, SigningKey};

    const ROOT: &str = env!("CARGO_MANIFEST_DIR");

    fn strict(case: &Case) -> bool {
        let key = case.key.as_slice().try_into().ok().and_then(PublicKey::from_bytes);
        key.is_some_and(|key| is_strict(&key, &case.signature))
    }

    /// With a platform that has no conditions of its own and multiplies by the cofactor, nothing else may hold than with the core, apart
    /// from points with a part of small order: those need the private key, and the package's probe tells such a platform.
    #[test]
    fn the_conditions_refuse_what_a_careless_platform_accepts() {
        for case in edge_cases() {
            let about = ["plain", "low order residue", "mixed order A"].iter().any(|name| case.name.starts_with(name));
            assert_eq!(strict(&case), about, "{}", case.name);
        }
        for case in wycheproof() {
            assert!(strict(&case) || !case.holds, "{}", case.name);
        }
    }

    /// The platform is asked about the bytes that are read afterwards, and `false` leaves the equation to the core.
    #[test]
    fn the_question_has_the_key_the_signature_and_the_signed_bytes() {
        let text = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
        let key = SigningKey::from_bytes(&[7; 32]);
        let x = Some(text(key.verifying_key().as_bytes()));
        let (kty, crv, kid) = ("OKP".to_owned(), Some("Ed25519".to_owned()), Some("k1".to_owned()));
        let keys = JwkSet { keys: vec![Jwk { kty, crv, x, kid, ..Jwk::default() }] };
        let header = text(br#"{"alg":"EdDSA","typ":"wicketgate-snapshot+jwt","kid":"k1"}"#);
        for length in [0, 1, 2, 3, 6143, 6144, 6145, 20_000] {
            let payload = "é".repeat(length / 2) + &"x".repeat(length % 2);
            let signed = format!("{header}.{}", text(payload.as_bytes()));
            let signature = key.sign(signed.as_bytes()).to_bytes();
            let other = key.sign(b"another message").to_bytes();
            for (signature, holds) in [(signature, true), (other, false)] {
                let forms = [
                    Token::Compact(format!("{signed}.{}", text(&signature))),
                    Token::Detached { payload: payload.clone(), signature: format!("{header}..{}", text(&signature)) },
                ];
                for form in forms {
                    let pending = || {
                        let token = match &form {
                            Token::Compact(token) => Token::Compact(token.clone()),
                            Token::Detached { payload, signature } => {
                                Token::Detached { payload: payload.clone(), signature: signature.clone() }
                            }
                        };
                        Pending::new(read(token, SNAPSHOT, &keys, &Expect::default()).unwrap()).unwrap()
                    };
                    let question = [&key.verifying_key().to_bytes()[..], &signature, signed.as_bytes()].concat();
                    assert!(pending().question() == question, "{length} bytes");
                    assert!(pending().finish(true).unwrap().payload == payload, "{length} bytes");
                    let finished = pending().finish(false).map(|verified| verified.payload).map_err(|error| error.code());
                    assert!(finished == if holds { Ok(payload.clone()) } else { Err(Code::BadSignature) }, "{length} bytes");
                }
            }
        }
    }

    /// The file is the generator's text, byte for byte: one line for each case that a platform is asked about.
    #[test]
    fn the_cases_for_platforms_are_these() {
        let path = format!("{ROOT}/tests/fixtures/ed25519.json");
        let cases = wycheproof().into_iter().chain(edge_cases()).filter(strict);
        let text = |bytes: &[u8]| Base64::encode_string(bytes);
        let lines = cases.map(|Case { name, key, message, signature, holds }| {
            let question = text(&[key, signature, message].concat());
            serde_json::json!({ "name": name, "question": question, "holds": holds }).to_string()
        });
        let written = format!("[\n{}\n]\n", lines.collect::<Vec<_>>().join(",\n"));
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            std::fs::write(&path, &written).unwrap();
        }
        assert!(std::fs::read_to_string(&path).unwrap() == written, "tests/fixtures/ed25519.json is stale: run `make fixtures`");
    }

    #[test]
    fn the_package_has_these_probes() {
        let source = std::fs::read_to_string(format!("{ROOT}/pkg/src/gate/platform.ts")).unwrap();
        for case in probes() {
            assert!(strict(&case));
            let question = Base64::encode_string(&[&*case.key, &*case.signature, &*case.message].concat());
            assert!(source.contains(&format!("\"{question}\"")), "{}: {question}", case.name);
        }
    }
}
