//! JSON Web Keys (RFC 7517): the Ed25519 public keys (RFC 8037) that snapshots are verified with.

use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};

use crate::error::{Code, Error};
use crate::facts::read_object;
use crate::json::{Fault, Reader};

/// A JSON Web Key, public or private. Members that are not named here are ignored.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "bindings"), derive(tsify::Tsify))]
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
    /// What the key is for: `sig`.
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
}

/// Shows everything but the private key.
impl std::fmt::Debug for Jwk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Jwk").field("kty", &self.kty).field("kid", &self.kid).field("x", &self.x).finish_non_exhaustive()
    }
}

/// A JWK Set (RFC 7517 §5). To rotate keys, keep two in it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "bindings"), derive(tsify::Tsify))]
pub struct JwkSet {
    /// The keys. Those of another type or use are passed over, as RFC 7517 §5 asks.
    pub keys: Vec<Jwk>,
}

/// Whether `alg` names Ed25519: `EdDSA` (RFC 8037 §3.1) or `Ed25519` (RFC 9864 §2.2).
pub(crate) fn is_ed25519(alg: &str) -> bool {
    alg == "EdDSA" || alg == "Ed25519"
}

impl Jwk {
    fn read(reader: &mut Reader) -> Result<Jwk, Fault> {
        let mut jwk = Jwk::default();
        let text = |reader: &mut Reader| -> Result<Option<String>, Fault> {
            if reader.at_string() {
                return reader.string().map(|span| Some(reader.get(span).to_owned()));
            }
            // No key has an empty member of these: the key matches nothing.
            reader.skip().map(|()| Some(String::new()))
        };
        read_object!(reader, {
            "kty" => jwk.kty = text(reader)?.unwrap_or_default(),
            "crv" => jwk.crv = text(reader)?,
            "x" => jwk.x = text(reader)?,
            "kid" => jwk.kid = text(reader)?,
            "alg" => jwk.alg = text(reader)?,
            "use" => jwk.usage = text(reader)?,
        });
        Ok(jwk)
    }

    /// The verifying key, if this is one: OKP, Ed25519, for signatures, a canonical point of large order.
    fn verifying_key(&self) -> Option<VerifyingKey> {
        let usable = self.kty == "OKP"
            && self.crv.as_deref() == Some("Ed25519")
            && self.alg.as_deref().is_none_or(is_ed25519)
            && self.usage.as_deref().is_none_or(|usage| usage == "sig");
        let mut bytes = [0; 32];
        let decoded = Base64UrlUnpadded::decode(self.x.as_deref()?, &mut bytes).ok()?;
        if !usable || decoded.len() != bytes.len() {
            return None;
        }
        VerifyingKey::from_bytes(&bytes).ok().filter(|key| !key.is_weak())
    }
}

impl JwkSet {
    /// Reads a JWK Set. A member that is no string, where a string is meant, makes its key one to pass over.
    ///
    /// # Errors
    /// [`Code::InvalidOptions`] if it is not JSON or has no `keys`.
    pub fn from_json(json: &str) -> Result<JwkSet, Error> {
        fn keys(reader: &mut Reader) -> Result<Option<Vec<Jwk>>, Fault> {
            let mut keys = None;
            read_object!(reader, {
                "keys" => {
                    let (list, mut array) = (keys.insert(Vec::new()), reader.array()?);
                    while reader.item(&mut array)? {
                        list.push(Jwk::read(reader)?);
                    }
                },
            });
            reader.finish()?;
            Ok(keys)
        }
        let fault = |path: &str, reason: &str| {
            Error::at(Code::InvalidOptions, if path.is_empty() { "keys".to_owned() } else { format!("keys.{path}") }, reason)
        };
        let mut reader = Reader::new(json.to_owned());
        match keys(&mut reader) {
            Ok(Some(keys)) => Ok(JwkSet { keys }),
            Ok(None) => Err(fault("", "expected a JWK Set, `{ \"keys\": [ … ] }`")),
            Err(error) => Err(fault(&error.path, &error.reason)),
        }
    }

    /// The one key of that `kid`. None if there are two: which one is meant would be a guess.
    pub(crate) fn find(&self, kid: &str) -> Option<VerifyingKey> {
        let mut named = self.keys.iter().filter(|key| key.kid.as_deref() == Some(kid));
        match (named.next(), named.next()) {
            (Some(key), None) => key.verifying_key(),
            _ => None,
        }
    }
}
