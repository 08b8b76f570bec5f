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
    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Option<PublicKey> {
        VerifyingKey::from_bytes(bytes).ok().filter(|key| !key.is_weak()).map(PublicKey)
    }

    /// The encoding of the point.
    #[cfg(any(pending, test))]
    pub(crate) fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
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
    use crate::token::edge_cases::{edge_cases, wycheproof};

    #[test]
    fn verifies_exactly_the_cases_that_hold() {
        let verify = |key: &[u8], message: &[u8], signature: &[u8]| {
            let verifier = key.try_into().ok().and_then(PublicKey::from_bytes).and_then(|key| key.verifier(signature));
            verifier.is_some_and(|mut verifier| {
                message.chunks(7).for_each(|piece| verifier.update(piece));
                verifier.finalize_and_verify().is_ok()
            })
        };
        for case in wycheproof().into_iter().chain(edge_cases()) {
            assert_eq!(verify(&case.key, &case.message, &case.signature), case.holds, "{}", case.name);
        }
    }
}
